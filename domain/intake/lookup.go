package intake

import (
	"cmp"
	"context"
	"slices"

	"twinledger/domain/event"
	"twinledger/domain/fault"
	"twinledger/domain/intake/reading"
)

// lookUp tells whether the row was taken before. One that was held and can be recorded now is
// to be taken, unless the clerk had it held.
func (run *run) lookUp(ctx context.Context, p RowPlan) (Line, error) {
	line := Line{Plan: p, Outcome: p.Outcome}
	history, err := run.Handler.Load(ctx, p.Key)
	if err != nil {
		return line, err
	}
	state := rowDecider.Fold(history)
	line.again = state.again
	if state.taken == "" {
		return line, nil
	}
	if run.sameAs != "" && state.since != nil {
		by, err := run.startedOf(ctx, state.since.Import)
		own, problem := run.startedOf(ctx, run.sameAs)
		if err = cmp.Or(err, problem); err != nil {
			return line, err
		}
		if by.Source == own.Source && by.Fingerprint == own.Fingerprint { // the file was answered otherwise meanwhile, and is answered so again
			line.again = true
			return line, nil
		}
	}
	waits := state.outcome == Held && !state.void && state.since == nil
	if waits && p.Outcome != Held && !state.facts.heldByClerk() {
		line.settles = true
		return line, nil
	}
	first := state.facts.Source
	line.Outcome, line.Taken, line.Record, line.First, line.Since, line.Waits = Already, state.facts.Outcome, state.facts.Record, &first, state.since, waits
	return line, nil
}

// heldByClerk tells whether a row was held because the clerk said so.
func (t RowTaken) heldByClerk() bool {
	return slices.ContainsFunc(t.Problems, func(p Problem) bool { return p.Code == ErrHeldByClerk.Code })
}

// lookUpAll looks up which rows were taken before. A row that was added again beside an equal
// one is known by the key that it was given then.
func (run *run) lookUpAll(ctx context.Context, report *Report, plans []RowPlan, groups []string, former []formerRow, state importState) error {
	rows, o := places(plans), run.options
	wanted, err := o.selected(rows)
	if err != nil {
		return err
	}
	held, err := run.chosen(rows, o.Hold)
	if err != nil {
		return err
	}
	as, listed := map[string]string{}, map[string]bool{}
	for _, row := range former {
		if equal := row.state.facts.Again; equal != "" {
			as[equal] = row.Row
		}
	}
	for _, row := range state.listed { // an import that is continued, or done, goes on as it began
		listed[row.Row] = true
	}
	report.Lines = make([]Line, 0, len(plans))
	for i, p := range plans {
		if key := run.keyAgain(report.Import, p); listed[key] {
			as[p.Key] = key
		}
		line, err := run.lookUp(ctx, p)
		if err == nil && line.Outcome == Already && (as[p.Key] != "" || run.again[i]) {
			line, err = run.lookUpAgain(ctx, p, as[p.Key], report.Import)
		}
		if err != nil {
			return err
		}
		at := fault.Place{File: p.Table.File, Sheet: p.Table.SheetName, Row: p.Row.Number}
		switch {
		case held[i] && line.Outcome == Already && line.Taken != Held:
			return ErrTakenBefore.At(at)
		case run.again[i] && line.Outcome != Already && line.Plan.Again == "":
			return ErrNotTakenBefore.At(at) // else the same order given twice would record the row twice
		}
		line.number, line.group, line.wanted = run.numberMark(p.numbered()), groups[i], wanted[i]
		report.Lines = append(report.Lines, line)
	}
	return nil
}

// lookUpAgain looks up a row that is to be recorded beside an equal one, under the key that it
// has, or is given once for its file.
func (run *run) lookUpAgain(ctx context.Context, p RowPlan, key, of string) (Line, error) {
	if key == "" {
		key = run.keyAgain(of, p)
	}
	p.Again, p.Key = p.Key, key
	return run.lookUp(ctx, p)
}

// keyAgain returns the key of a row that an import records beside an equal one.
func (run *run) keyAgain(of string, p RowPlan) string {
	return "row-" + event.UUIDv8(run.Handler.Vault.MAC("row again v1", of, p.Key)).String()
}

// numbered returns what tells the row from others of its table: its 序号, or in a register's
// table the key of its record.
func (p RowPlan) numbered() string {
	if p.register() != "" && p.Row.Former != "" {
		return p.Row.Former
	}
	return p.Row.Value(reading.ColumnNumber).Text
}
