package intake

import (
	"context"

	"twinledger/domain/event"
)

// holdUnreferred holds the rows that refer to what is not there. It refuses a file
// with records that this very ledger has.
func (im *Importer) holdUnreferred(ctx context.Context, plans []RowPlan) error {
	at := map[string]int{}
	for i := range plans {
		r := plans[i].register
		if r == nil || r.former == "" || plans[i].Outcome == Held {
			continue
		}
		if _, twice := at[r.former]; twice {
			plans[i].hold(ErrSameRecord, ColumnRecord)
			continue
		}
		own, err := im.holds(ctx, r.former)
		if err != nil {
			return err
		}
		if own && !r.isParty() {
			return ErrOwnRecord.At(plans[i].placeOf(ColumnRecord))
		}
		at[r.former] = i
	}
	for again := true; again; {
		again = false
		for i := range plans {
			held, err := im.holdMissing(ctx, plans, i, at)
			if err != nil {
				return err
			}
			again = again || held
		}
	}
	for _, i := range circular(plans, at) {
		plans[i].hold(ErrCircular, columnRelated)
	}
	return nil
}

// columnRelated is the column that refers to other records.
const columnRelated = "相关记录"

// holdMissing holds the row when it refers to what is neither in the file nor in
// the ledger, and tells whether it did.
func (im *Importer) holdMissing(ctx context.Context, plans []RowPlan, i int, at map[string]int) (bool, error) {
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
		if j, there := at[former]; there && plans[j].Outcome != Held {
			continue
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

// circular returns the rows that refer to each other in a circle.
func circular(plans []RowPlan, at map[string]int) []int {
	waits := make([]int, len(plans)) // for how many rows
	waited := map[int][]int{}
	var ready, out []int
	for i, p := range plans {
		if p.register == nil || p.Outcome == Held {
			continue
		}
		for _, former := range p.register.related {
			if j, there := at[former]; there {
				waits[i]++
				waited[j] = append(waited[j], i)
			}
		}
		if waits[i] == 0 {
			ready = append(ready, i)
		}
	}
	for len(ready) > 0 {
		last := ready[len(ready)-1]
		ready = ready[:len(ready)-1]
		for _, i := range waited[last] {
			if waits[i]--; waits[i] == 0 {
				ready = append(ready, i)
			}
		}
	}
	for i := range plans {
		if waits[i] > 0 {
			out = append(out, i)
		}
	}
	return out
}

// settleReferences replaces the keys that records would have by those of the
// records that are there.
func (im *Importer) settleReferences(ctx context.Context, report *Report) error {
	for _, line := range report.Lines {
		r := line.Plan.register
		if r == nil || r.former == "" || r.isParty() {
			continue
		}
		switch from, changes := report.corrections.changed[line.Plan.Key]; {
		case changes && from.effect == Corrects:
			im.file.keys[r.former] = from.former.record
		case line.Record != "":
			im.file.keys[r.former] = line.Record
		case line.First != nil:
			im.file.keys[r.former] = event.StreamKey(event.StreamOf(im.Handler.Ledger, im.id("renew", report.Import, line.Plan.Key), r.kind.form.Kind))
		}
		if r.kind.form.Kind == "inspection" && im.file.keys[r.former] != im.recordKey(line.Plan) {
			history, err := im.Handler.Load(ctx, im.file.keys[r.former])
			if err != nil {
				return err
			}
			if len(history) > 0 {
				im.file.founding[r.former] = history[0].ID
			}
		}
	}
	return nil
}

// inOrder returns the rows as they are taken: as they stand, but each after those
// that it refers to, and what is said of schools, communities and people last,
// for it changes what their names mean.
func (r *Report) inOrder() []int {
	at := map[string]int{}
	for i, line := range r.Lines {
		if row := line.Plan.register; row != nil && row.former != "" {
			at[row.former] = i
		}
	}
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
				if j, there := at[former]; there {
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
