package intake

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"twinledger/domain/command"
	"twinledger/domain/event"
	"twinledger/domain/fault"
	"twinledger/domain/seal"
)

// A correction is what a file does to one row of the former file.
type correction struct {
	former formerRow
	effect Effect
	done   bool
}

// corrections are what a file does to the former file of its source.
type corrections struct {
	changed map[string]correction // by key of the row in the former one's place
	removed []correction
}

// base returns the import that the file is compared with, and its rows: of a file
// that was begun before, the one that it was compared with then.
func (im *Importer) base(ctx context.Context, source sourceState, state importState, self string) (string, []formerRow, error) {
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
	former, err := im.importState(ctx, base)
	if err != nil {
		return "", nil, err
	}
	rows, err := im.formerRows(ctx, former)
	return base, rows, err
}

// compare says what the file changes of the former one.
func (im *Importer) compare(ctx context.Context, report *Report, o Options, base string, former []formerRow, used map[int]mapping, state importState) error {
	report.corrections.changed = map[string]correction{}
	if base == "" || base == report.Import || state.done {
		return nil
	}
	im.group(report, former)
	present := map[string]bool{}
	for _, line := range report.Lines {
		present[line.Plan.Key] = true
	}
	err := im.readFormer(ctx, former, base, report.Source, func(r formerRow) bool { return !present[r.Row] })
	if err != nil {
		return err
	}
	m := &matcher{former: former, rows: im.newRows(report, used), mark: im.cellMark}
	v := view{im, report, m, o.Decisions, im.formerPlaces(ctx, base, former), linePlaces(report)}
	var found matching
	if state.compared != nil {
		found = v.stored(*state.compared)
	} else if found, err = v.match(present); err != nil {
		return err
	}
	report.Comparison = v.comparison(base, found)
	report.Comparison.File = im.label(ctx, base).File
	return nil
}

// group names, of the former rows, those that are equal to rows of the file,
// beyond the number of those that it still has too.
func (im *Importer) group(report *Report, former []formerRow) {
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
			i, ok := at[identity(im.Handler.Vault, im.District, line.group, k)]
			if !ok {
				break
			}
			former[i].group = line.group
		}
	}
}

// newRows returns the file's rows as the matcher sees them.
func (im *Importer) newRows(report *Report, used map[int]mapping) []newRow {
	var written []TableRow
	for _, line := range report.Lines {
		written = append(written, asWritten(line.Plan.Row, used[line.Plan.Table.Sheet]))
	}
	keys, _, err := identities(im.Handler.Vault, im.District, written)
	out := make([]newRow, len(report.Lines))
	for i, line := range report.Lines {
		out[i] = newRow{key: line.Plan.Key, written: line.Plan.Key, group: line.group, form: line.Plan.Table.Form, number: line.number,
			cells: line.Plan.Row.Cells, former: line.Since != nil}
		if err == nil && len(used) > 0 {
			out[i].written = keys[i]
		}
	}
	return out
}

// cellMark returns what is equal for two writings of one cell.
func (im *Importer) cellMark(column, text string) string {
	value := canonicalValue(column, Cell{Text: im.Names.Normal(text)})
	if list, ok := value.([]string); ok {
		return strings.Join(list, "\n")
	}
	return fmt.Sprint(value)
}

// label returns the names of an import's file and sheets, none when they cannot
// be read.
func (im *Importer) label(ctx context.Context, key string) (label Label) {
	state, err := im.importState(ctx, key)
	if err != nil || state.started.Label.Sealed == nil {
		return label
	}
	text, err := im.Handler.Vault.Open(ctx, *state.started.Label.Sealed, seal.Place(key, LabelField))
	if err != nil || json.Unmarshal([]byte(text), &label) != nil {
		return Label{}
	}
	return label
}

func (im *Importer) formerPlaces(ctx context.Context, base string, former []formerRow) []RowAt {
	label := im.label(ctx, base)
	out := make([]RowAt, len(former))
	for i, row := range former {
		out[i] = RowAt{Key: row.Row, Sheet: row.Sheet, At: row.At}
		if row.Sheet < len(label.Sheets) {
			out[i].SheetName = label.Sheets[row.Sheet]
		}
	}
	return out
}

func linePlaces(report *Report) []RowAt {
	plans := make([]RowPlan, len(report.Lines))
	for i, line := range report.Lines {
		plans[i] = line.Plan
	}
	return places(plans)
}

// A view is one comparison as it is being made.
type view struct {
	im        *Importer
	report    *Report
	m         *matcher
	decisions Decisions
	former    []RowAt
	rows      []RowAt
}

// match compares the files with the clerk's decisions, of rows that are not
// unchanged.
func (v view) match(present map[string]bool) (matching, error) {
	before := map[string]bool{}
	var gone, come []int
	for i, row := range v.m.former {
		before[row.Row] = true
		if !present[row.Row] {
			gone = append(gone, i)
		}
	}
	for j, row := range v.m.rows {
		if !before[row.key] {
			come = append(come, j)
		}
	}
	pairs, removed, added, err := v.decisions.resolve(v.former, v.rows, gone, come)
	if err != nil {
		return matching{}, err
	}
	found := v.m.match(pairs, removed, added)
	return found, v.checkRecords(found)
}

// checkRecords refuses a decision about a record that the file does not ask about.
func (v view) checkRecords(found matching) error {
	asked := map[string]bool{}
	for _, i := range found.removed {
		asked[v.m.former[i].record] = v.m.former[i].askReason != ""
	}
	for _, p := range found.changed {
		asked[v.m.former[p[0]].record] = v.m.former[p[0]].askReason != ""
	}
	for _, key := range slices.Concat(v.decisions.Overwrite, v.decisions.Keep) {
		if !asked[key] && len(found.undecided) == 0 {
			return ErrNotAsked.With("record", key)
		}
	}
	return nil
}

// stored returns the matching that was found when the import was begun.
func (v view) stored(compared Compared) matching {
	former, rows := map[string]int{}, map[string]int{}
	for i, row := range v.m.former {
		former[row.Row] = i
	}
	var out matching
	for j, row := range v.m.rows {
		rows[row.key] = j
		if _, ok := former[row.key]; ok {
			out.unchanged++
		}
	}
	for _, c := range compared.Changed {
		i, ok := former[c.From]
		if j, there := rows[c.To]; ok && there {
			v.m.former[i].keep(c.Kept)
			out.changed = append(out.changed, [2]int{i, j})
		}
	}
	for _, r := range compared.Removed {
		if i, ok := former[r.Row]; ok {
			v.m.former[i].keep(r.Kept)
			out.removed = append(out.removed, i)
		}
	}
	return out
}

// keep settles what was asked about the row's record.
func (r *formerRow) keep(kept bool) { r.askReason, r.kept = "", kept }

// comparison says what the matching means, and for each row what is to be done.
func (v view) comparison(base string, found matching) *Comparison {
	out := &Comparison{With: base, Older: found.older, Unchanged: found.unchanged}
	waiting := map[string]bool{}
	for _, p := range found.changed {
		c := v.changed(p[0], p[1])
		line := &v.report.Lines[p[1]]
		line.Corrects = c.former.Row
		waiting[line.Plan.Key] = true
		v.report.corrections.changed[line.Plan.Key] = c
		out.Changed = append(out.Changed, Change{From: v.former[p[0]], To: v.rows[p[1]], Record: c.former.record, Effect: c.effect,
			AskReason: c.former.askReason, Cells: v.cells(p[0], p[1])})
	}
	for _, i := range found.removed {
		c := v.removed(i)
		v.report.corrections.removed = append(v.report.corrections.removed, c)
		out.Removed = append(out.Removed, Removal{v.former[i], c.former.record, c.effect, c.former.askReason})
	}
	for _, j := range found.open {
		waiting[v.m.rows[j].key] = true
	}
	for _, i := range found.undecided {
		q := Question{Row: v.former[i], Record: v.m.former[i].record}
		for _, j := range v.m.candidates(i) {
			q.Candidates = append(q.Candidates, Candidate{v.rows[j], v.cells(i, j)})
		}
		out.Undecided = append(out.Undecided, q)
	}
	for j, line := range v.report.Lines {
		if line.Outcome != Already && !waiting[line.Plan.Key] {
			out.Added = append(out.Added, v.rows[j])
		}
	}
	return out
}

// changed says what a changed row does to the record of the former one.
func (v view) changed(i, j int) correction {
	c := v.decided(i)
	line := v.report.Lines[j]
	p, row := line.Plan, &c.former
	kind := event.StreamKind(row.record)
	same := kind != "" && strings.HasPrefix(p.Command, kind+".")
	switch {
	case row.kept:
		c.effect = Keeps
	case row.void:
		c.effect = StaysVoid
	case p.Outcome == Held:
		c.effect = Holds
	case row.record == "":
		c.effect = Records
	case kind == "school" && p.Command == "", p.register != nil && p.register.isParty():
		c.effect = Describes
	case kind == "school":
		c.effect = Records
	case row.askReason != "":
		c.effect = Ask
	case line.First != nil && line.Since == nil && line.Record != row.record:
		c.effect = Merges
	case same:
		c.effect = Corrects
	default:
		c.effect = Renews
	}
	return c
}

// removed says what becomes of the record of a row that is gone.
func (v view) removed(i int) correction {
	c := v.decided(i)
	switch row := &c.former; {
	case row.record == "":
		c.effect = Settles
	case row.kept:
		c.effect = Keeps
	case row.void:
		c.effect = StaysVoid
	case isParty(event.StreamKind(row.record)):
		c.effect = Leaves
	case row.askReason != "":
		c.effect = Ask
	default:
		c.effect = Voids
	}
	return c
}

// decided returns the former row with the clerk's word about its record, and
// whether it is dealt with.
func (v view) decided(i int) correction {
	row := v.m.former[i]
	if row.askReason != "" {
		row.askReason, row.kept = v.decisions.askReason(row.record, row.askReason)
	}
	return correction{former: row, done: row.state.since != nil && row.state.since.Import == v.report.Import}
}

// cells returns where two rows differ, in the order of the columns. What a former
// cell says is not shown where it was sealed for a name.
func (v view) cells(i, j int) []CellChange {
	old, row := v.m.former[i].cells, v.report.Lines[j].Plan.Row
	if old == nil {
		return nil
	}
	all := TableRow{Cells: maps.Clone(row.Cells)}
	for column := range old {
		if _, ok := all.Cells[column]; !ok {
			all.Cells[column] = Cell{}
		}
	}
	var out []CellChange
	for _, column := range columnsInOrder(all) {
		cell := row.Cells[column]
		if column == columnRegister || v.im.cellMark(column, old[column]) == v.im.cellMark(column, cell.Text) {
			continue
		}
		change := CellChange{Column: column, Old: cut(old[column], longestName), New: cut(cell.Written(), longestName)}
		if old[column] != "" && (column == ColumnPeople || column == ColumnRemark || row.Cells[columnRegister].Text != "" && !knownColumn(column) || len(v.im.writer.Names.In(old[column])) > 0) {
			change.Old, change.Sealed = "", true
		}
		out = append(out, change)
	}
	return out
}

// comparedSteps records what the comparison found.
func (im *Importer) comparedSteps(report Report) []step {
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
		steps = append(steps, step{im.id("compare", report.Import, fmt.Sprint(n)),
			command.Request{Name: "import.compare", Stream: report.Import, Body: compareFiles{one}}})
		n++
	}
	return steps
}

// put records what a row says: anew or, of one in the place of a former row, as
// that one's record needs it.
func (im *Importer) put(ctx context.Context, report *Report, line *Line, from correction, b builder) error {
	reason := im.changedReason(line.Plan)
	switch from.effect {
	case Keeps, StaysVoid:
		line.Record = from.former.record
		return nil
	case Corrects:
		line.Record = from.former.record
		if err := im.describe(ctx, report, line, b); err != nil {
			return err
		}
		line.Record = from.former.record
		kind := event.StreamKind(line.Record)
		_, err := im.do(ctx, report, im.id("correct", report.Import, line.Plan.Key), command.Request{Name: kind + ".correct",
			Stream: line.Record, Occurred: line.Plan.Occurred, Body: line.Plan.body.amend(b, seal.Text{Clear: reason})})
		return err
	case Merges:
		return im.void(ctx, report, from.former, reason)
	case Renews:
		if err := im.record(ctx, report, line, b); err != nil {
			return err
		}
		return im.void(ctx, report, from.former, reason)
	}
	return im.record(ctx, report, line, b)
}

// void voids the record of a former row.
func (im *Importer) void(ctx context.Context, report *Report, row formerRow, reason string) error {
	return im.withdraw(ctx, report, row.record, im.id("void", report.Import, row.Row), reason)
}

// withdraw carries out the void command of a stream's kind.
func (im *Importer) withdraw(ctx context.Context, report *Report, stream, id, reason string) error {
	text, err := event.Marshal(map[string]any{"command": event.StreamKind(stream) + ".void", "stream": stream, "data": map[string]string{"reason": reason}})
	if err != nil {
		return err
	}
	req, err := command.ParseRequest(text, im.Handler.Definitions)
	if err == nil {
		_, err = im.do(ctx, report, id, req)
	}
	return err
}

// supersede says in a former row's stream what the file did to it. One that was
// held is settled.
func (im *Importer) supersede(ctx context.Context, report *Report, row formerRow, by, reason string) error {
	if row.state.outcome == Held && !row.state.void {
		if err := im.withdraw(ctx, report, row.Row, im.id("settle", report.Import, row.Row), reason); err != nil {
			return err
		}
	}
	_, err := im.do(ctx, report, im.id("supersede", report.Import, row.Row), command.Request{Name: "row.supersede", Stream: row.Row,
		Body: supersedeRow{RowSuperseded{report.Import, by}}})
	return err
}

// removeGone voids the records of the rows that the file leaves out. One that the
// ledger does not let go stays, with a warning.
func (im *Importer) removeGone(ctx context.Context, report *Report) error {
	for _, c := range report.corrections.removed {
		if c.done {
			continue
		}
		reason := im.removedReason(report, c.former)
		if c.effect == Voids {
			err := im.void(ctx, report, c.former, reason)
			if refused, ok := fault.As(err); ok && (refused.Kind == fault.Invalid || refused.Kind == fault.Refused) {
				report.Warnings = append(report.Warnings, refused.With("record", c.former.record))
			} else if err != nil {
				return err
			}
		}
		if err := im.supersede(ctx, report, c.former, "", reason); err != nil {
			return err
		}
		report.Removed++
	}
	return nil
}

// changedReason says why a record is corrected.
func (im *Importer) changedReason(p RowPlan) string {
	at := p.at()
	return fmt.Sprintf("更正文件 %s，行 %s / corrected file %s, row %s", p.Table.File, at, p.Table.File, at)
}

// removedReason says why a record is voided.
func (im *Importer) removedReason(report *Report, row formerRow) string {
	file := fileOf(report.Tables)
	return fmt.Sprintf("更正文件 %s 中已无此行（原第 %d 行）/ corrected file %s no longer has the row (formerly row %d)", file, row.At, file, row.At)
}
