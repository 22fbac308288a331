package intake

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"twinledger/domain/event"
	"twinledger/domain/intake/comparing"
	"twinledger/domain/intake/reading"
)

// A view is one comparison as it is being made.
type view struct {
	run         *run
	report      *Report
	former      []formerRow
	before, now []reading.RowAt // where the rows of both files stand
	matcher     *comparing.Matcher
}

// formerRows returns the former rows as they are compared.
func (v view) formerRows() []comparing.Row {
	out := make([]comparing.Row, len(v.former))
	for i, row := range v.former {
		out[i] = comparing.Row{Key: row.Row, Class: row.state.facts.Form, Number: row.Number, Group: row.group, Stands: row.record != ""}
		if row.cells != nil {
			out[i].Cells = v.run.compared(row.cells)
		}
	}
	return out
}

// rows returns the file's rows as they are compared.
func (v view) rows() []comparing.Row {
	out := make([]comparing.Row, len(v.report.Lines))
	for i, line := range v.report.Lines {
		out[i] = comparing.Row{Key: line.Plan.Key, Class: line.Plan.class(), Number: line.number, Group: line.group, Behind: line.Since != nil,
			Cells: v.run.compared(line.Plan.cells())}
	}
	return out
}

// cells returns what the row's cells say, by column, as they are written.
func (p RowPlan) cells() map[string]string {
	out := make(map[string]string, len(p.Row.Cells))
	for _, cell := range p.Row.Cells {
		c := p.Table.Columns[cell.Column]
		out[cmp.Or(c.Name, c.Heading)] = cell.Written()
	}
	return out
}

// compared returns cells in the form in which they are compared, those that tell a row from
// others of its table left out.
func (run *run) compared(cells map[string]string) map[string]string {
	out := make(map[string]string, len(cells))
	for column, text := range cells {
		if column != reading.ColumnNumber {
			out[column] = run.cellMark(text)
		}
	}
	return out
}

// cellMark returns what is equal for two writings of one cell.
func (run *run) cellMark(text string) string {
	return identityText(reading.Cell{Text: run.Names.Normal(text)})
}

// match compares the files with the clerk's decisions, of rows that are not unchanged.
func (v view) match(present map[string]*Line) (comparing.Found, error) {
	before := map[string]bool{}
	var gone, come []int
	for i, row := range v.former {
		before[row.Row] = true
		if present[row.Row] == nil {
			gone = append(gone, i)
		}
	}
	for j, line := range v.report.Lines {
		if !before[line.Plan.Key] {
			come = append(come, j)
		}
	}
	decided, err := v.run.options.Decisions.resolve(v.before, v.now, gone, come)
	if err != nil {
		return comparing.Found{}, err
	}
	found := v.matcher.Match(decided)
	return found, v.checkRecords(found)
}

// checkRecords refuses a decision about a record that the file does not ask about.
func (v view) checkRecords(found comparing.Found) error {
	asked := map[string]bool{}
	for _, i := range found.Removed {
		asked[v.former[i].record] = v.former[i].askReason != ""
	}
	for _, p := range found.Changed {
		asked[v.former[p[0]].record] = v.former[p[0]].askReason != ""
	}
	for _, key := range slices.Concat(v.run.options.Overwrite, v.run.options.Keep) {
		if !asked[key] && len(found.Undecided) == 0 {
			return ErrNotAsked.With("record", key)
		}
	}
	return nil
}

// stored returns what was found when the import was begun.
func (v view) stored(compared Compared) comparing.Found {
	former, rows := map[string]int{}, map[string]int{}
	for i, row := range v.former {
		former[row.Row] = i
	}
	var out comparing.Found
	for j, line := range v.report.Lines {
		rows[line.Plan.Key] = j
		if _, ok := former[line.Plan.Key]; ok {
			out.Unchanged++
		}
	}
	for _, c := range compared.Changed {
		i, ok := former[c.From]
		if j, there := rows[c.To]; ok && there {
			if c.From == c.To {
				out.Unchanged--
			}
			v.former[i].keep(c.Kept)
			out.Changed = append(out.Changed, [2]int{i, j})
		}
	}
	for _, r := range compared.Removed {
		if i, ok := former[r.Row]; ok {
			v.former[i].keep(r.Kept)
			out.Removed = append(out.Removed, i)
		}
	}
	return out
}

// keep settles what was asked about the row's record.
func (r *formerRow) keep(kept bool) { r.askReason, r.kept = "", kept }

// comparison says what was found, and for each row what is to be done.
func (v view) comparison(base string, found comparing.Found) *Comparison {
	out := &Comparison{With: base, Older: found.Older, Unchanged: found.Unchanged, Unrelated: found.Unrelated}
	waiting := map[string]bool{}
	for _, p := range found.Changed {
		c := v.changed(p[0], p[1])
		line := &v.report.Lines[p[1]]
		line.Corrects = c.former.Row
		waiting[line.Plan.Key] = true
		v.report.corrections.changed[line.Plan.Key] = c
		out.Changed = append(out.Changed, Change{From: v.before[p[0]], To: v.now[p[1]], Record: c.former.record, Effect: c.effect,
			AskReason: c.former.askReason, Cells: v.cells(p[0], p[1])})
	}
	for _, i := range found.Removed {
		c := v.removed(i)
		v.report.corrections.removed = append(v.report.corrections.removed, c)
		out.Removed = append(out.Removed, Removal{v.before[i], c.former.record, c.effect, c.former.askReason})
	}
	for _, j := range found.Open {
		waiting[v.report.Lines[j].Plan.Key] = true
	}
	for _, i := range found.Undecided {
		q := UndecidedRow{Row: v.before[i], Record: v.former[i].record}
		if !found.Unrelated { // else every row is as likely as any other
			for _, j := range v.matcher.Candidates(i) {
				q.Candidates = append(q.Candidates, Candidate{v.now[j], v.cells(i, j)})
			}
		}
		out.Undecided = append(out.Undecided, q)
	}
	for j, line := range v.report.Lines {
		if line.Outcome == Already || waiting[line.Plan.Key] {
			continue
		}
		out.Added = append(out.Added, v.now[j])
		if slices.ContainsFunc(v.former, func(r formerRow) bool { return r.Row == line.Plan.Key }) {
			out.Unchanged-- // it was held, and is taken now
		}
	}
	return out
}

// changed says what a changed row does to the record of the former one.
func (v view) changed(i, j int) correction {
	c := v.decided(i)
	line := v.report.Lines[j]
	p, row := line.Plan, &c.former
	c.anew = p.Key == row.Row
	if c.anew {
		c.done = row.state.facts.Meaning == v.run.meaning(p)
	}
	kind := event.StreamKind(row.record)
	same := kind != "" && strings.HasPrefix(p.Command(), kind+".")
	switch {
	case row.kept:
		c.effect = Keeps
	case row.void:
		c.effect = StaysVoid
	case p.Outcome == Held && !v.answeredOtherwise(i, j):
		c.effect = Holds
	case p.Outcome == Held && row.askReason != "":
		c.effect = Ask
	case p.Outcome == Held:
		c.effect = Withdraws
	case row.record == "":
		c.effect = Records
	case kind == "school" && p.Command() == "", p.isParty():
		c.effect = Describes
	case kind == "school":
		c.effect = Records
	case row.askReason != "":
		c.effect = Ask
	case !c.anew && line.First != nil && line.Since == nil && line.Record != row.record:
		c.effect = Merges
	case same:
		c.effect = Corrects
	default:
		c.effect = Renews
	}
	return c
}

// answeredOtherwise tells whether a row that made a record says what it said then, and only the
// clerk answers otherwise.
func (v view) answeredOtherwise(i, j int) bool {
	row := v.former[i]
	return v.report.Lines[j].Plan.Row.Held && row.cells != nil && row.record != "" && !reading.IsParty(event.StreamKind(row.record)) &&
		row.state.facts.Answers != v.run.answersMark() && len(v.cells(i, j)) == 0
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
	case reading.IsParty(event.StreamKind(row.record)):
		c.effect = Leaves
	case row.askReason != "":
		c.effect = Ask
	default:
		c.effect = Voids
	}
	return c
}

// decided returns the former row with the clerk's word about its record, and whether it is
// dealt with.
func (v view) decided(i int) correction {
	row := v.former[i]
	if row.askReason != "" {
		row.askReason, row.kept = v.run.options.Decisions.askReason(row.record, row.askReason)
	}
	return correction{former: row, done: row.state.since != nil && row.state.since.Import == v.report.Import}
}

// cells returns where two rows differ, in the order of the file's columns. What a former cell
// says is not shown where it was sealed for a name.
func (v view) cells(i, j int) []CellChange {
	old, p := v.former[i].cells, v.report.Lines[j].Plan
	if old == nil {
		return nil
	}
	cells := p.cells()
	var columns []string
	ofPeople := map[string]bool{reading.ColumnPeople: true}
	for _, c := range p.Table.Columns {
		ofPeople[c.Heading] = ofPeople[c.Heading] || c.Beside == reading.ColumnPeople
		if name := cmp.Or(c.Name, c.Heading); cells[name] != "" || old[name] != "" {
			columns = append(columns, name)
		}
	}
	for _, column := range slices.Sorted(maps.Keys(old)) {
		if !slices.Contains(columns, column) {
			columns = append(columns, column)
		}
	}
	var out []CellChange
	for _, column := range columns {
		if column == reading.ColumnNumber || v.run.cellMark(old[column]) == v.run.cellMark(cells[column]) {
			continue
		}
		change := CellChange{Column: column, Old: cut(old[column], longestName), New: cut(cells[column], longestName)}
		personal := ofPeople[column] || column == reading.ColumnRemark || p.register() != "" && !reading.IsColumn(column)
		if old[column] != "" && (personal || len(v.run.writer.Names.In(old[column])) > 0) {
			change.Old, change.Sealed = "", true
		}
		out = append(out, change)
	}
	return out
}
