package reading

import (
	"regexp"
	"slices"

	"twinledger/domain/calendar"
	"twinledger/domain/fault"
)

// ErrPerhapsTotal holds a row of which nobody can tell whether it is one of totals.
var ErrPerhapsTotal = fault.New(fault.Invalid, "intake.perhaps-total",
	"此行写着合计、小计一类的字（见所示的栏），又像一次活动，分不清，此行暂挂，不计数；请回答问题。",
	"The row says in the column shown that it is a total, and looks like an activity too; nobody can tell, so it is held and counts nowhere. Answer the question.")

// keyTotal is the key of the question whether rows that look like totals are totals.
const keyTotal = "total"

// separateTotals takes the rows of totals out of the rows of a table whose columns are named, and
// those that tell a part or an average of them. A row that may be an activity as well is asked
// about, once for the file, and stays a row that is held.
func (r *reader) separateTotals(t *Table) {
	t.Rows = slices.DeleteFunc(t.Rows, func(row TableRow) bool {
		if t.isPageNumber(row) {
			t.Frames = append(t.Frames, Frame{row.Number, "page", row.Cells[0].Text})
			return true
		}
		found := r.totalIn(t, row)
		if found.form == noLabel || found.unsure && !r.saidTotal(t, row, found) {
			return false
		}
		switch found.form {
		case partLabel:
			t.Frames = append(t.Frames, Frame{row.Number, "part of a total", cut(found.text, frameRunes)})
		case averageLabel:
			t.Frames = append(t.Frames, Frame{row.Number, "average", cut(found.text, frameRunes)})
		default:
			t.Totals = append(t.Totals, row)
		}
		return true
	})
	slices.SortStableFunc(t.Totals, func(a, b TableRow) int { return a.Number - b.Number })
}

// A foundTotal is what says that a row is one of totals.
type foundTotal struct {
	form   labelForm
	column string // as a message names it
	text   string
	unsure bool // the row may be an activity as well
}

// totalIn tells whether a row is one of totals.
func (r *reader) totalIn(t *Table, row TableRow) foundTotal {
	best := foundTotal{}
	for _, cell := range row.Cells {
		c := t.Columns[cell.Column]
		form := labelUnder(c.Name, cell.Text)
		if form == noLabel {
			continue
		}
		if own := r.contentOf(t, row); !own.excludes(form, c.Name) {
			found := foundTotal{form, c.named(), cell.Text, own.doubts(form, c.Name)}
			if best.form == noLabel || best.unsure && !found.unsure {
				best = found
			}
		}
	}
	if best.form == noLabel {
		return t.numberAlone(row)
	}
	return best
}

// named returns the column as a message names it.
func (c Column) named() string {
	if c.Name != "" {
		return c.Name
	}
	return c.Heading
}

// An ownContent is what a row says of an activity of its own, labels of totals and what stands in
// merged cells from above left out.
type ownContent struct {
	title, people, receivers, day bool
	roster                        bool
}

func (r *reader) contentOf(t *Table, row TableRow) ownContent {
	own := ownContent{roster: t.Form == Roster}
	for _, cell := range row.Cells {
		c := t.Columns[cell.Column]
		if cell.Above || isPlaceholder(c.Name, cell.Text) || labelUnder(c.Name, cell.Text) != noLabel {
			continue
		}
		switch c.Name {
		case ColumnContent, ColumnSchool:
			own.title = true
		case ColumnPeople:
			own.people = true
		case ColumnTo:
			own.receivers = true
		case ColumnDate, ColumnDay:
			own.day = own.day || namesDay(cell.Cell, t.around)
		case "":
			if found := r.meaningsIn(t, c.Heading); len(found) > 0 && found[0].column == ColumnContent {
				own.title = true
			}
		}
	}
	return own
}

// namesDay tells whether a cell names a day, or several.
func namesDay(cell Cell, around calendar.Surroundings) bool {
	if o, is := cell.date(); is {
		return o.Precision() == calendar.PrecisionDay
	}
	around.Year = max(around.Year, 2018) // the day is looked for, not its year
	found, err := calendar.ReadWritten(cell.Text, around)
	return err == nil && slices.Contains([]calendar.Precision{calendar.PrecisionDay, calendar.PrecisionDays, calendar.PrecisionSpan}, found.Occurred.Precision())
}

// excludes tells whether a row is an activity although a cell of it looks like a label.
func (own ownContent) excludes(form labelForm, column string) bool {
	activity := own.day && (own.people || own.receivers)
	switch {
	case isFixed(column):
		return false
	case own.roster:
		return own.title
	case form == numberOfTotal:
		return own.title || own.people || activity
	case column == ColumnContent:
		return activity && (form == unknownLabel || form == countLabel || form == looseCount)
	case isOfNames(column):
		return false
	case form == looseCount, form == countLabel:
		return own.title || own.people || own.receivers
	case form == unknownLabel, form == partLabel:
		return own.title || own.people || own.receivers || own.day
	}
	return false
}

// doubts tells whether a row that a cell labels as a total may be an activity as well.
func (own ownContent) doubts(form labelForm, column string) bool {
	switch {
	case isFixed(column), own.roster, form == numberOfTotal:
		return false
	case form == unknownLabel, form == looseCount:
		return true
	case column == ColumnContent:
		return own.day || own.people || form == countLabel && own.receivers
	case isOfNames(column):
		return own.title
	case form == totalLabel:
		return own.title || own.day && (own.people || own.receivers)
	}
	return true
}

// saidTotal asks whether the row is one of totals, and notes it where that is not answered.
func (r *reader) saidTotal(t *Table, row TableRow, found foundTotal) bool {
	answer := r.questions.ask(Question{
		Key: keyTotal, Code: "total", Column: found.column, Written: found.text, Suggested: "a",
		ZH:      "有的行像合计、小计，又像活动（如“" + found.column + "：" + found.text + "”），是合计行吗？",
		EN:      "Some rows look like totals and like activities too, such as “" + found.column + ": " + found.text + "”; are they totals?",
		Choices: []Choice{{Value: "total", ZH: "是合计，不入账", EN: "totals: no records"}, {Value: "activity", ZH: "是活动，照常入账", EN: "activities: record them"}},
	}, RowAt{Sheet: t.Sheet, SheetName: t.SheetName, At: row.Number})
	if answer == "" {
		if t.doubtful == nil {
			t.doubtful = map[int]string{}
		}
		t.doubtful[row.Number] = found.column
	}
	return answer == "total"
}

// holdPerhapsTotal holds a row of which it is not known whether it is one of totals, and tells
// whether it did.
func (x *rowReader) holdPerhapsTotal() bool {
	column, is := x.table.doubtful[x.row.Number]
	if is {
		x.asked = keyTotal
		x.hold(ErrPerhapsTotal, column)
	}
	return is
}

var numberOnlyRow = regexp.MustCompile(`^\d+(?:\.\d+)?\p{Han}{0,2}$`)

// numberAlone finds a row that says a number in the column of the numbers and nothing else: a total
// whose label was left out. Where merged cells from above say more, it may be an activity as well.
func (t *Table) numberAlone(row TableRow) foundTotal {
	found, above := foundTotal{}, false
	for _, cell := range row.Cells {
		c := t.Columns[cell.Column]
		switch {
		case cell.Above:
			above = true
			if slices.Contains([]string{ColumnContent, ColumnTo, ColumnPeople, ColumnQuantity}, c.Name) {
				return foundTotal{}
			}
		case c.Name == ColumnMeasure:
		case found.form != noLabel, c.Name != ColumnQuantity, !numberOnlyRow.MatchString(compact(cell.Text)):
			return foundTotal{}
		default:
			found = foundTotal{form: totalLabel, column: c.Name, text: cell.Text}
		}
	}
	found.unsure = above
	return found
}

// saidOfTotal returns what a row of totals is called, and the text that says so.
func (t *Table) saidOfTotal(row TableRow) (what, text string) {
	for _, cell := range row.Cells {
		name := ""
		if cell.Column < len(t.Columns) {
			name = t.Columns[cell.Column].Name
		}
		if labelUnder(name, cell.Text) != noLabel {
			return "total", cell.Text
		}
	}
	return "total without a label", row.Cells[len(row.Cells)-1].Text
}
