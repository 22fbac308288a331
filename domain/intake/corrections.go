package intake

import (
	"context"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"

	"twinledger/domain/command"
	"twinledger/domain/event"
	"twinledger/domain/fault"
	"twinledger/domain/intake/comparing"
	"twinledger/domain/intake/reading"
	"twinledger/domain/seal"
)

// A correction is what a file does to one row of the former file.
type correction struct {
	former formerRow
	effect Effect
	done   bool
	anew   bool // the row is the same and is read to say something else
}

// corrects returns the key of the former row that a row replaces, "" when it replaces none.
func (c correction) corrects() string {
	if c.anew || c.effect == Withdraws {
		return ""
	}
	return c.former.Row
}

// corrections are what a file does to the former file of its source.
type corrections struct {
	changed map[string]correction // by key of the row in the former one's place
	removed []correction
}

// base returns the import that the file is compared with, and its rows: of a file
// that was begun before, the one that it was compared with then.
func (run *run) base(ctx context.Context, source sourceState, state importState, self string) (string, []formerRow, error) {
	base := source.last
	if state.open {
		base = state.started.ComparedWith
	}
	if base == "" && source.imports[self] {
		base = self
	}
	if base == "" {
		return "", nil, nil
	}
	former, err := run.importState(ctx, base)
	if err != nil {
		return "", nil, err
	}
	rows, err := run.formerRows(ctx, former)
	return base, rows, err
}

// compare says what the file changes of the former one.
func (run *run) compare(ctx context.Context, report *Report, base string, former []formerRow, state importState) error {
	report.corrections.changed = map[string]correction{}
	if base == "" || base == report.Import || state.done {
		return nil
	}
	run.group(report, former)
	present := map[string]*Line{}
	for i := range report.Lines {
		present[report.Lines[i].Plan.Key] = &report.Lines[i]
	}
	otherwise := run.readOtherwise(former, present)
	needed := func(r formerRow) bool { return present[r.Row] == nil || otherwise[r.Row] }
	if err := run.readFormer(ctx, former, report.Source, needed); err != nil {
		return err
	}
	told, err := run.toldElsewhere(ctx, former, report.Source, needed)
	if err != nil {
		return err
	}
	for i := range former {
		if r := &former[i]; told[r.Row] && r.askReason == "" && r.record != "" && !r.void {
			r.askReason = AlsoTold
		}
	}
	v := view{run: run, report: report, former: former, before: run.formerPlaces(ctx, base, former), now: linePlaces(report)}
	v.matcher = comparing.New(v.formerRows(), v.rows())
	var found comparing.Found
	if state.compared != nil {
		found = v.stored(*state.compared)
	} else if found, err = v.match(present); err != nil {
		return err
	}
	if state.compared == nil {
		at := map[string]int{}
		for j, line := range report.Lines {
			at[line.Plan.Key] = j
		}
		for i, row := range former {
			if otherwise[row.Row] {
				found.Unchanged--
				found.Changed = append(found.Changed, [2]int{i, at[row.Row]})
			}
		}
	}
	report.Comparison = v.comparison(base, found)
	report.Comparison.File = run.label(ctx, base).File
	return nil
}

// readOtherwise returns the keys of recorded rows that are the same as before but are read to
// say something else, or held, because the clerk answers otherwise: their records are corrected
// or voided.
func (run *run) readOtherwise(former []formerRow, present map[string]*Line) map[string]bool {
	out := map[string]bool{}
	for _, row := range former {
		line := present[row.Row]
		taken := row.state.facts
		if line == nil || row.state.outcome == Held || row.state.since != nil || line.Plan.Outcome == Held && !line.Plan.Row.Held {
			continue
		}
		out[row.Row] = taken.Answers != run.answersMark() && taken.Meaning != run.meaning(line.Plan)
	}
	return out
}

// answersMark returns a mark of what the clerk said, the same for the same answers.
func (run *run) answersMark() string {
	mac := run.Handler.Vault.MAC("answers v1", append([]string{run.District}, list(run.answers)...)...)
	return hex.EncodeToString(mac[:8])
}

// meaning returns a mark of what a row was read to say, the same for the same facts.
func (run *run) meaning(p RowPlan) string {
	parts := []string{run.District, string(p.Row.Occurred)}
	for _, s := range p.Statements {
		facts, err := event.Marshal(s.Facts)
		if err != nil {
			return ""
		}
		parts = append(parts, s.Kind, string(facts))
	}
	mac := run.Handler.Vault.MAC("meaning v1", parts...)
	return hex.EncodeToString(mac[:8])
}

// class tells which rows may be the same: those of one form, and of one register.
func (p RowPlan) class() string {
	if p.register() != "" {
		return "register/" + p.register()
	}
	return string(p.Table.Form)
}

// group names, of the former rows, those that are equal to rows of the file, beyond the number
// of those that it still has too.
func (run *run) group(report *Report, former []formerRow) {
	at := map[string]int{}
	for i, row := range former {
		at[row.Row] = i
	}
	seen := map[string]bool{}
	for _, line := range report.Lines {
		if i, ok := at[line.Plan.Key]; ok {
			former[i].group = line.group
		}
		if seen[line.group] {
			continue
		}
		seen[line.group] = true
		for k := 1; ; k++ {
			i, ok := at[identity(run.Handler.Vault, run.District, line.group, k)]
			if !ok {
				break
			}
			former[i].group = line.group
		}
	}
}

// label returns the names of an import's file and sheets, none when they cannot
// be read.
func (run *run) label(ctx context.Context, key string) (label Label) {
	started, err := run.startedOf(ctx, key)
	if err != nil || started.Label.Sealed == nil {
		return label
	}
	text, err := run.Handler.Vault.Open(ctx, *started.Label.Sealed, seal.Place(key, LabelField))
	if err != nil || json.Unmarshal([]byte(text), &label) != nil {
		return Label{}
	}
	return label
}

func (run *run) formerPlaces(ctx context.Context, base string, former []formerRow) []reading.RowAt {
	label := run.label(ctx, base)
	out := make([]reading.RowAt, len(former))
	for i, row := range former {
		out[i] = reading.RowAt{Key: row.Row, Sheet: row.Sheet, At: row.At}
		if row.Sheet < len(label.Sheets) {
			out[i].SheetName = label.Sheets[row.Sheet]
		}
	}
	return out
}

func linePlaces(report *Report) []reading.RowAt {
	out := make([]reading.RowAt, len(report.Lines))
	for i, line := range report.Lines {
		out[i] = line.Plan.at()
	}
	return out
}

// comparedSteps records what the comparison found.
func (run *run) comparedSteps(report Report) []step {
	if report.Comparison == nil {
		return nil
	}
	var all []Compared
	for _, line := range report.Lines {
		if c, ok := report.corrections.changed[line.Plan.Key]; ok {
			all = append(all, Compared{Changed: []ChangedRow{{c.former.Row, line.Plan.Key, c.former.kept}}})
		}
	}
	for _, c := range report.corrections.removed {
		all = append(all, Compared{Removed: []RemovedRow{{c.former.Row, c.former.kept}}})
	}
	var steps []step
	n := 0
	for chunk := range slices.Chunk(all, listedAtOnce) {
		var one Compared
		for _, c := range chunk {
			one.Changed, one.Removed = append(one.Changed, c.Changed...), append(one.Removed, c.Removed...)
		}
		steps = append(steps, step{run.id("compare", report.Import, fmt.Sprint(n)),
			command.Request{Name: "import.compare", Stream: report.Import, Body: compareFiles{one}}})
		n++
	}
	return steps
}

// void voids the record of a former row.
func (run *run) void(ctx context.Context, report *Report, row formerRow, reason string) error {
	return run.withdraw(ctx, report, row.record, run.id("void", report.Import, row.Row), reason)
}

// withdraw carries out the void command of a stream's kind.
func (run *run) withdraw(ctx context.Context, report *Report, stream, id, reason string) error {
	_, err := run.do(ctx, report, id, run.voiding(stream, "", reason))
	return err
}

// supersede says in a former row's stream what the file did to it. One that was
// held is settled.
func (run *run) supersede(ctx context.Context, report *Report, row formerRow, by, reason string) error {
	if row.state.outcome == Held && !row.state.void {
		if err := run.withdraw(ctx, report, row.Row, run.id("settle", report.Import, row.Row), reason); err != nil {
			return err
		}
	}
	_, err := run.do(ctx, report, run.id("supersede", report.Import, row.Row), command.Request{Name: "row.supersede", Stream: row.Row,
		Body: supersedeRow{RowSuperseded{report.Import, by}}})
	return err
}

// removeGone voids the records of the rows that the file leaves out. One that the
// ledger does not let go stays, with a warning.
func (run *run) removeGone(ctx context.Context, report *Report) error {
	for _, c := range report.corrections.removed {
		if c.done {
			continue
		}
		reason := run.removedReason(report, c.former)
		if c.effect == Voids {
			err := run.void(ctx, report, c.former, reason)
			if refused, ok := fault.As(err); ok && (refused.Kind == fault.Invalid || refused.Kind == fault.Refused) {
				report.Warnings = append(report.Warnings, refused.With("record", c.former.record))
			} else if err != nil {
				return err
			}
		}
		if err := run.supersede(ctx, report, c.former, "", reason); err != nil {
			return err
		}
		report.Removed++
	}
	return nil
}

// changedReason says why a record is corrected.
func (run *run) changedReason(p RowPlan) string {
	at := p.at()
	return fmt.Sprintf("更正文件 %s，行 %s / corrected file %s, row %s", p.Table.File, at, p.Table.File, at)
}

// removedReason says why a record is voided.
func (run *run) removedReason(report *Report, row formerRow) string {
	file := fileOf(report.Tables)
	return fmt.Sprintf("更正文件 %s 中已无此行（原第 %d 行）/ corrected file %s no longer has the row (formerly row %d)", file, row.At, file, row.At)
}

func fileOf(tables []reading.Table) string {
	if len(tables) == 0 {
		return ""
	}
	return tables[0].File
}
