package intake

import (
	"context"
	"fmt"

	"twinledger/domain/command"
	"twinledger/domain/event"
	"twinledger/domain/fault"
	"twinledger/domain/record"
	"twinledger/domain/seal"
)

// holdRepeated holds the rows whose record stands in a row before.
func holdRepeated(plans []RowPlan) {
	first := map[string]int{}
	for i := range plans {
		r := plans[i].register
		if r == nil || r.former == "" || plans[i].Outcome == Held {
			continue
		}
		if j, again := first[r.former]; again {
			plans[i].hold(ErrSameRecord.With("other_row", plans[j].at()), ColumnRecord)
			continue
		}
		first[r.former] = i
	}
}

// refuseOwn refuses a file with records that this very ledger has.
func (im *Importer) refuseOwn(ctx context.Context, plans []RowPlan) error {
	for _, p := range plans {
		r := p.register
		if r == nil || r.isParty() || p.Outcome == Held {
			continue
		}
		own, err := im.holds(ctx, r.former)
		if err != nil {
			return err
		}
		if own {
			return ErrOwnRecord.At(p.placeOf(ColumnRecord))
		}
	}
	return nil
}

// holdUnreferred holds the rows that refer to what is not there, until all others
// refer to rows that are not held. wanted are the rows that the clerk wants
// recorded though they were held before.
func (im *Importer) holdUnreferred(ctx context.Context, plans []RowPlan, wanted map[int]bool) error {
	for more := true; more; {
		more = false
		for i := range plans {
			held, err := im.holdMissing(ctx, plans, i, wanted)
			if err != nil {
				return err
			}
			more = more || held
		}
	}
	return nil
}

// staysHeld tells whether a row was held before for what it says itself, so that
// only the clerk's word has it recorded.
func (im *Importer) staysHeld(ctx context.Context, p RowPlan) (bool, error) {
	if stays, asked := im.waits[p.Key]; asked {
		return stays, nil
	}
	line, err := im.lookUp(ctx, p)
	im.waits[p.Key] = line.Waits && !line.forOthers
	return im.waits[p.Key], err
}

// columnRelated is the column that refers to other records.
const columnRelated = "相关记录"

// holdMissing holds the row when it refers to what is neither in the file nor in
// the ledger, and tells whether it did.
func (im *Importer) holdMissing(ctx context.Context, plans []RowPlan, i int, wanted map[int]bool) (bool, error) {
	r := plans[i].register
	if r == nil || plans[i].Outcome == Held {
		return false, nil
	}
	for _, party := range r.parties {
		if im.file.key(party.key) != "" {
			continue
		}
		if own, err := im.holds(ctx, party.key); own || err != nil {
			if err != nil {
				return false, err
			}
			continue
		}
		plans[i].hold(ErrMissingParty.With("id", party.key), party.column)
		return true, nil
	}
	for _, former := range r.related {
		if j, there := im.file.rows[former]; there {
			stays, err := im.staysHeld(ctx, plans[j])
			if err != nil {
				return false, err
			}
			if plans[j].Outcome != Held && (!stays || wanted[j]) {
				continue
			}
			line, err := im.lookUp(ctx, plans[j])
			if err != nil {
				return false, err
			}
			if line.Record != "" { // recorded before, when nothing spoke against it
				im.file.keys[former] = line.Record
				continue
			}
		}
		own, err := im.holds(ctx, former)
		if err != nil {
			return false, err
		}
		if !own {
			plans[i].hold(ErrMissingRecord.With("id", former), columnRelated)
			return true, nil
		}
		im.file.keys[former] = former
	}
	return false, nil
}

// holds tells whether the ledger has a stream with a key.
func (im *Importer) holds(ctx context.Context, key string) (bool, error) {
	kind := event.StreamKind(key)
	if kind == "" || !isKey(key, kind) {
		return false, nil
	}
	if has, asked := im.there[key]; asked {
		return has, nil
	}
	history, err := im.Handler.Load(ctx, key)
	im.there[key] = len(history) > 0
	return len(history) > 0, err
}

// settleReferences says, for what the file's rows refer to, which records are meant
// here: those that are there, or that the rows will make.
func (im *Importer) settleReferences(ctx context.Context, report *Report) error {
	for former, i := range im.file.rows {
		line := report.Lines[i]
		kind := line.Plan.register.kind.form.Kind
		if isParty(kind) {
			continue
		}
		id := im.recordingID(report, line)
		stream := event.StreamOf(im.Handler.Ledger, id, kind)
		switch from := report.corrections.changed[line.Plan.Key]; {
		case from.effect == Corrects:
			im.file.keys[former] = from.former.record
		case line.Record == "" || from.effect == Renews || from.effect == Records && report.knewBefore(line):
			im.file.keys[former] = event.StreamKey(stream)
		default:
			im.file.keys[former] = line.Record
		}
		if kind != "inspection" {
			continue
		}
		history, err := im.Handler.Load(ctx, im.file.keys[former])
		if err != nil {
			return err
		}
		im.file.founding[former] = event.IDOf(im.Handler.Ledger, id, stream, 0)
		if len(history) > 0 {
			im.file.founding[former] = history[0].ID
		}
	}
	return nil
}

// inOrder returns the rows as they are taken: as they stand, but each after those
// that it refers to, and what is said of schools, communities and people last,
// for it changes what their names mean. Where rows refer to each other in a circle,
// one of them comes before one that it refers to.
func (im *Importer) inOrder(r *Report) []int {
	var order, last []int
	placed := make([]bool, len(r.Lines))
	var place func(i int)
	place = func(i int) {
		row := r.Lines[i].Plan.register
		if placed[i] {
			return
		}
		placed[i] = true
		if row != nil {
			for _, former := range row.related {
				if j, there := im.file.rows[former]; there {
					place(j)
				}
			}
			if row.isParty() {
				last = append(last, i)
				return
			}
		}
		order = append(order, i)
	}
	for i := range r.Lines {
		place(i)
	}
	return append(order, last...)
}

// leaveForLater notes of each row what it refers to that is there only after it:
// where rows that are new refer to each other in a circle, or one to itself.
func (im *Importer) leaveForLater(report *Report, order []int) {
	at := make([]int, len(order))
	for n, i := range order {
		at[i] = n
	}
	for i := range report.Lines {
		line := &report.Lines[i]
		line.later = nil
		if line.Plan.register == nil {
			continue
		}
		for _, former := range line.Plan.register.related {
			j, there := im.file.rows[former]
			if !there || at[j] < at[i] {
				continue
			}
			if report.recordsAnew(report.Lines[j]) {
				line.later = append(line.later, former)
			}
		}
	}
}

// recordsAnew tells whether the row makes a record of its own, rather than stand for
// one that was there before the import.
func (r *Report) recordsAnew(line Line) bool {
	switch r.corrections.changed[line.Plan.Key].effect {
	case Corrects:
		return false
	case Renews, Records:
		return true
	}
	return !r.knewBefore(line)
}

// referBack corrects the records that this import made without what their rows
// refer to, now that it is there. What is still not there is warned of once every
// row is taken.
func (im *Importer) referBack(ctx context.Context, report *Report, whole bool) error {
	for i := range report.Lines {
		line := &report.Lines[i]
		if len(line.later) == 0 || line.Record == "" {
			continue
		}
		history, err := im.Handler.Load(ctx, line.Record)
		if err != nil {
			return err
		}
		if isVoid(history) || lastSaidBy(history) != event.StreamKey(report.Import) {
			continue
		}
		missing, err := im.missing(ctx, line.later)
		if err == nil && len(missing) < len(line.later) {
			err = im.completeRecord(ctx, report, line, missing)
		}
		if refused, ok := fault.As(err); ok && holdable(refused) {
			missing = line.later
		} else if err != nil {
			return err
		}
		if len(missing) > 0 && whole {
			report.Warnings = append(report.Warnings, ErrLeftOut.At(line.Plan.placeOf(columnRelated)).With("record", line.Record))
		}
	}
	return nil
}

// missing returns those of the records that have no stream here.
func (im *Importer) missing(ctx context.Context, formers []string) ([]string, error) {
	var out []string
	for _, former := range formers {
		history, err := im.Handler.Load(ctx, im.file.key(former))
		if err != nil {
			return nil, err
		}
		if len(history) == 0 {
			out = append(out, former)
		}
	}
	return out, nil
}

// completeRecord says of a record all that its row says, but for what it refers to
// that is missing.
func (im *Importer) completeRecord(ctx context.Context, report *Report, line *Line, missing []string) error {
	p := line.Plan
	b := im.builder(&record.Source{Import: report.Import, Sheet: p.Table.Sheet, Row: p.Row.Number})
	b.without = missing
	reason := fmt.Sprintf("补上行 %s 引用的、在它之后入账的记录 / row %s refers to records that came after it", p.at(), p.at())
	_, err := im.do(ctx, report, im.id(append([]string{"complete", report.Import, p.Key}, missing...)...), command.Request{
		Name: event.StreamKind(line.Record) + ".correct", Stream: line.Record, Occurred: p.Occurred, Body: p.body.amend(b, seal.Text{Clear: reason})})
	return err
}
