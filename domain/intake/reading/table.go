package reading

import (
	"cmp"
	"slices"
	"strings"

	"twinledger/domain/calendar"
	"twinledger/domain/fault"
	"twinledger/domain/heading"
)

// A Table is one table of a sheet. A sheet with two headings of different layout holds two.
type Table struct {
	Form       Form
	File       string // the workbook's, for messages
	Sheet      int    // from 0
	SheetName  string
	Hidden     bool                   // the sheet is hidden
	Title      string                 // what stands above the heading, joined; of an unfamiliar sheet its first row
	Heading    int                    // number of the heading row; 0 when unfamiliar
	Columns    []Column               // from left to right
	Rows       []TableRow             // the records; none when unfamiliar
	Totals     []TableRow             // rows of totals, see separateTotals: a cross-check, never records
	Frames     []Frame                // rows that are no records: signatures, notes, page lines, repeated headings
	Register   string                 // kind of stream of the register that the table holds; "" of another form
	Void       []int                  // numbers of rows that a register's table marks as void; they are no records
	kind       heading.Table          // what it holds, as kindOfTable tells it; "" before somebody asks
	former     bool                   // a column says at which school somebody was before
	above      []string               // the titles of the first table of the sheet
	titles     []string               // the texts above the heading, row by row
	outside    []outsideName          // what stands outside its rows and may be said of each; nil before somebody asks
	wordings   map[string]kindWording // by the title of a section, what says the kind of its rows
	doubtful   map[int]string         // by row, the column that makes it look like a total while nobody said that it is one
	asked      map[string]bool        // columns that an open question would find
	pair       mentorPair             // the columns of mentor and mentee
	attendance int                    // index of the column that says how many attended beside the 数量; -1 when there is none
	around     calendar.Surroundings  // what title, sheet and file say of the time
}

// A Column is one column of a table.
type Column struct {
	Heading string // as it is written, without white space; a letter where there is none
	Name    string // the column that it means; "" of one that is kept with the row only
	Measure string // the unit that the heading names: 节 of 数量（节）
	Beside  string // of a column without a name: the column that tells a thing of the same sort, 数量 of 人次
	Mapped  bool   // the clerk said so, now or before
	settled bool   // a question about its heading says what it means, or that it is kept with the row only
	joined  string // of a column without a name: the column under the same heading of which it says more, 备注 of 备注(2)
	former  string // the heading as it enters the identity of rows, where that is another
}

// Identity returns the heading as it enters the identity of rows. It differs from the heading where
// a former reader took the lower line of a heading in two lines for the whole.
func (c Column) Identity() string { return cmp.Or(c.former, c.Heading) }

// A TableRow is one row of a table.
type TableRow struct {
	Number  int         // as in PhysicalRow
	Line    int         // as in PhysicalRow
	Hidden  bool        // as in PhysicalRow
	Section *Section    // what rows with a single text above say of it; nil when there are none
	Cells   []TableCell // from left to right, empty ones left out
}

// A TableCell is a cell of a table's row.
type TableCell struct {
	Column int // index of the table's column
	Cell
	Above bool // what it says stands in a merged cell that begins in a row above
}

// A Frame is a row of a sheet that is no record.
type Frame struct {
	Number int    `json:"row" doc:"Physical row, from 1." example:"9"`
	What   string `json:"what" doc:"What it is: repeated heading, signature, note, page, date, title, labels, section, empty, total, total without a label, part of a total, average." example:"signature"`
	Text   string `json:"text" doc:"How it begins." example:"注:1.本表一式两份"`
}

// What finding the tables of a workbook can end with.
var (
	ErrNoTable = fault.New(fault.Invalid, "intake.no-table",
		"没有找到活动台账；请在一行里写出表头，至少要有“日期”“类别”和另外一栏，栏名见 columns。",
		"No activity table was found; write the headings in one row, at least 日期, 类别 and one more of the columns named.")
	ErrDuplicateColumn = fault.New(fault.Invalid, "intake.duplicate-column",
		"登记册的表头里有两个同名的栏，分不清哪个是哪个，此表未读；请照模板改正表头。",
		"Two columns of a register have the same heading, so nobody can tell them apart and the table was not read; put the headings right as the template has them.")
	ErrSideBySide = fault.New(fault.Invalid, "intake.side-by-side",
		"同一行里并排放着两张表，一行会是两条记录，此表未读；请把右边的表移到左边那张的下面，或放到另一张工作表。",
		"Two tables stand side by side, so that a row would be two records, and they were not read; move the one on the right below the other, or to a sheet of its own.")
)

// Around returns what title, sheet and file say of the time of the table's rows.
func (t *Table) Around() calendar.Surroundings { return t.around }

// named returns the row's cell of a column, by the column's name.
func (t *Table) named(row TableRow, column string) (TableCell, bool) {
	for _, cell := range row.Cells {
		if t.Columns[cell.Column].Name == column {
			return cell, true
		}
	}
	return TableCell{}, false
}

// has tells whether the table has a column.
func (t *Table) has(column string) bool {
	for _, c := range t.Columns {
		if c.Name == column {
			return true
		}
	}
	return false
}

// Extra returns the headings of columns that are kept with the rows only.
func (t *Table) Extra() []string {
	var out []string
	for i, c := range t.Columns {
		if c.Name == "" && i != t.attendance && c.joined == "" && c.Heading != "" && t.Form != WholeRegister && t.Form != Unfamiliar {
			out = append(out, c.Heading)
		}
	}
	return out
}

// PassedOver returns all rows of the table that are no records, by row: the frame and the
// totals.
func (t *Table) PassedOver() []Frame {
	out := slices.Clone(t.Frames)
	for _, total := range t.Totals {
		what, text := t.saidOfTotal(total)
		out = append(out, Frame{total.Number, what, cut(text, frameRunes)})
	}
	slices.SortFunc(out, func(a, b Frame) int { return a.Number - b.Number })
	return out
}

// frameRunes is how many characters of a row that is no record are told.
const frameRunes = 40

// at returns a place in the table for a message.
func (t *Table) at(row int, column string) fault.Place {
	return fault.Place{File: t.File, Sheet: t.SheetName, Row: row, Column: column}
}

// columnLetters returns A for 0, Z for 25, AA for 26.
func columnLetters(column int) string {
	letters := ""
	for column++; column > 0; column = (column - 1) / 26 {
		letters = string(rune('A'+(column-1)%26)) + letters
	}
	return letters
}

// headingText returns a text as the name of a column: 日 期 and a name broken over two
// lines are the names without white space.
func headingText(text string) string { return strings.Join(strings.Fields(text), "") }

func headingTexts(row PhysicalRow) []string {
	names := make([]string, len(row.Cells))
	for i, cell := range row.Cells {
		names[i] = headingText(cell.Text)
	}
	return names
}
