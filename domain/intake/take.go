package intake

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"twinledger/domain/command"
	"twinledger/domain/event"
	"twinledger/domain/fault"
	"twinledger/domain/intake/reading"
	"twinledger/domain/record"
	"twinledger/domain/rectification"
	"twinledger/domain/tabular"
)

// takeAll takes the rows that are wanted and, once all of the file are taken, voids what it
// leaves out.
func (run *run) takeAll(ctx context.Context, report *Report) error {
	if err := run.settleReferences(ctx, report); err != nil {
		return err
	}
	if err := run.noteParties(ctx, report); err != nil {
		return err
	}
	if err := run.noteAllNames(ctx, report); err != nil {
		return err
	}
	whole, order := true, run.inOrder(report)
	run.leaveForLater(report, order)
	for n, i := range order {
		line := &report.Lines[i]
		if line.Outcome == Pending && line.wanted {
			if err := run.take(ctx, report, i); err != nil {
				return fmt.Errorf("row %d: %w", line.Plan.Row.Number, err)
			}
			if len(line.later) == 0 {
				line.Plan.forget()
			}
		}
		whole = whole && line.Outcome != Pending
		if run.Progress != nil {
			run.Progress(n+1, len(report.Lines))
		}
	}
	if err := run.referBack(ctx, report, whole); err != nil || !whole {
		return err
	}
	if err := run.removeGone(ctx, report); err != nil {
		return err
	}
	return run.finish(ctx, report)
}

// take records one row, whose names are noted: its record, then the row itself, then what it
// did to the former row in whose place it stands.
func (run *run) take(ctx context.Context, report *Report, i int) error {
	line := &report.Lines[i]
	p := &line.Plan
	from, changes := report.corrections.changed[p.Key]
	done := line.First != nil && line.First.Import == report.Import // the import was broken off right behind the row
	if !done && (p.Outcome != Held || changes && from.effect != Holds) {
		err := run.put(ctx, report, line, from)
		if errors.Is(err, event.ErrTooLarge) {
			err = reading.ErrRowTooLarge
		}
		if refused, ok := fault.As(err); ok && holdable(refused) {
			if err := run.holdWritten(ctx, p, refused); err != nil {
				return err
			}
			line.Record, from.effect = "", Holds
		} else if err != nil {
			return err
		}
	}
	if line.First != nil && !from.anew {
		line.Outcome = line.before
	} else if err := errors.Join(run.settleHeld(ctx, report, *p), run.takeRow(ctx, report, line, from)); err != nil {
		return err
	}
	if !changes || from.effect == Records {
		report.Added++
	} else {
		report.Corrected++
	}
	if !changes || from.anew {
		return nil
	}
	return run.supersede(ctx, report, from.former, p.Key, run.changedReason(*p))
}

// settleHeld settles the held row beside which an equal one is now recorded after all.
func (run *run) settleHeld(ctx context.Context, report *Report, p RowPlan) error {
	if p.Again == "" {
		return nil
	}
	state, err := run.rowState(ctx, p.Again)
	if err != nil || state.outcome != Held || state.void {
		return err
	}
	return run.withdraw(ctx, report, p.Again, run.id("settle", report.Import, p.Again), run.changedReason(p))
}

// takeRow says in the row's own stream what became of it.
func (run *run) takeRow(ctx context.Context, report *Report, line *Line, from correction) error {
	p := &line.Plan
	cells, err := sealedCopy(*p, run.writer.Names)
	if err != nil {
		return err
	}
	taken := takeRow{RowTaken: RowTaken{District: run.District, Source: *run.source(report, *p), Outcome: p.Outcome, Record: line.Record,
		Community: run.keys().Community(p.Row.Community), Unknowns: p.Unknowns, Problems: p.problemCodes(), Cells: clearText(cells),
		Corrects: from.corrects(), Kept: from.effect == Keeps || from.effect == StaysVoid, Again: p.Again,
		Form: p.class(), Meaning: run.meaning(*p), Answers: run.answersMark()}}
	if line.settles {
		taken.Settles = clearText(run.changedReason(*p))
	}
	if p.Row.Community != "" {
		if err := run.noteCommunity(ctx, report, p.Row.Community); err != nil {
			return err
		}
	}
	id := run.id("take", p.Key)
	if line.settles || from.anew || line.again {
		id = run.id("take", p.Key, report.Import)
	}
	_, err = run.do(ctx, report, id, command.Request{Name: "row.take", Stream: p.Key, Occurred: p.Row.Occurred, Body: taken})
	if err == nil {
		line.Outcome = p.Outcome
	}
	return err
}

// source returns where the row is read.
func (run *run) source(report *Report, p RowPlan) *record.Source {
	return &record.Source{Import: report.Import, Sheet: p.Table.Sheet, Row: p.Row.Number}
}

// put records what a row says: anew or, of one in the place of a former row, as that one's
// record needs it.
func (run *run) put(ctx context.Context, report *Report, line *Line, from correction) error {
	reason := run.changedReason(line.Plan)
	switch from.effect {
	case Keeps, StaysVoid:
		line.Record = from.former.record
		return nil
	case Corrects:
		if err := run.describeSchool(ctx, report, line); err != nil {
			return err
		}
		line.Record = from.former.record
		_, err := run.do(ctx, report, run.id("correct", report.Import, line.Plan.Key), run.correction(report, line, line.later, reason))
		return err
	case Merges:
		return run.void(ctx, report, from.former, reason)
	case Withdraws:
		line.Record = ""
		return run.void(ctx, report, from.former, reason)
	case Renews:
		if err := run.record(ctx, report, line); err != nil {
			return err
		}
		return run.void(ctx, report, from.former, reason)
	}
	return run.record(ctx, report, line)
}

// correction returns the command that makes a row's record say what the row says.
func (run *run) correction(report *Report, line *Line, without []string, reason string) command.Request {
	s, _ := line.Plan.statement()
	definition := run.definition(s.Kind, "correct")
	return command.Request{Name: definition.Name, Stream: line.Record, Occurred: line.Plan.Row.Occurred,
		Body: correctBody(definition, run.here(report, line.Plan, s.Facts, without), clearText(reason))}
}

// here returns a row's facts as they are recorded: with the records of this ledger for those
// that it refers to, without those that are not there yet, and with the place where it was
// read.
func (run *run) here(report *Report, p RowPlan, facts any, without []string) any {
	facts = tabular.Resolve(facts, records{run, without})
	if order, is := facts.(rectification.Facts); is && order.Finding != "" {
		facts = run.found(p, order, without)
	}
	return from(facts, run.source(report, p))
}

// found leads an order's finding, which another ledger's table gives by the event that found
// it, to the event that stands for it here: the report of the inspection.
func (run *run) found(p RowPlan, order rectification.Facts, without []string) rectification.Facts {
	for _, former := range p.Row.Related {
		if id := run.described.founding[former]; id != "" {
			order.Finding = id
			if slices.Contains(without, former) {
				order.Finding = ""
			}
			return order
		}
	}
	return order
}

// record reports what the row tells of, under ids that follow from the row. A row that was
// taken before is recorded once more for this file.
func (run *run) record(ctx context.Context, report *Report, line *Line) error {
	p := line.Plan
	if p.isParty() {
		return run.recordChanges(ctx, report, line)
	}
	if err := run.describeSchool(ctx, report, line); err != nil || p.Command() == "" {
		return err
	}
	s, _ := p.statement()
	definition := run.definition(s.Kind, "report")
	done, err := run.do(ctx, report, run.recordingID(report, *line), command.Request{Name: definition.Name, Occurred: p.Row.Occurred,
		Body: reportBody(definition, run.here(report, p, s.Facts, line.later))})
	if err == nil {
		line.Record = done.Stream
	}
	return err
}

// recordingID returns the id of the command that records a row.
func (run *run) recordingID(report *Report, line Line) string {
	if report.knewBefore(line) || report.corrections.changed[line.Plan.Key].anew || line.again {
		return run.id("renew", report.Import, line.Plan.Key)
	}
	return line.Plan.Key[len("row-"):]
}

// recordOf returns the record that a row stands for or will make, and of an inspection the event
// that reports it.
func (run *run) recordOf(ctx context.Context, report *Report, line Line) (key, founding string, err error) {
	id, kind := run.recordingID(report, line), line.Plan.register()
	stream := event.StreamOf(run.Handler.Ledger, id, kind)
	switch from := report.corrections.changed[line.Plan.Key]; {
	case from.effect == Corrects:
		key = from.former.record
	case line.Record == "" || from.effect == Renews || from.effect == Records && report.knewBefore(line):
		key = event.StreamKey(stream)
	default:
		key = line.Record
	}
	if kind != "inspection" {
		return key, "", nil
	}
	history, err := run.Handler.Load(ctx, key)
	if err != nil || len(history) == 0 {
		return key, event.IDOf(run.Handler.Ledger, id, stream, 0), err
	}
	return key, history[0].ID, nil
}

// referBack corrects the records that this import made without what their rows refer to, now
// that it is there. What is still not there is warned of once every row is taken.
func (run *run) referBack(ctx context.Context, report *Report, whole bool) error {
	for i := range report.Lines {
		line := &report.Lines[i]
		if len(line.later) == 0 || line.Record == "" {
			continue
		}
		history, err := run.Handler.Load(ctx, line.Record)
		if err != nil {
			return err
		}
		if command.IsVoid(history) || lastSaidBy(history) != event.StreamKey(report.Import) {
			continue
		}
		missing, err := run.missing(ctx, line.later)
		if err == nil && len(missing) < len(line.later) {
			at := line.Plan.at()
			reason := fmt.Sprintf("补上行 %s 引用的、在它之后入账的记录 / row %s refers to records that came after it", at, at)
			_, err = run.do(ctx, report, run.id(append([]string{"complete", report.Import, line.Plan.Key}, missing...)...), run.correction(report, line, missing, reason))
		}
		if refused, ok := fault.As(err); ok && holdable(refused) {
			missing = line.later
		} else if err != nil {
			return err
		}
		if len(missing) > 0 && whole {
			report.Warnings = append(report.Warnings, ErrLeftOut.At(line.Plan.place(columnRelated)).With("record", line.Record))
		}
	}
	return nil
}

// missing returns those of the records that have no stream here.
func (run *run) missing(ctx context.Context, formers []string) ([]string, error) {
	var out []string
	for _, former := range formers {
		history, err := run.Handler.Load(ctx, run.described.keys[former])
		if err != nil {
			return nil, err
		}
		if len(history) == 0 {
			out = append(out, former)
		}
	}
	return out, nil
}
