package reading

import (
	"fmt"

	"twinledger/domain/calendar"
	"twinledger/domain/fault"
	"twinledger/domain/record"
	"twinledger/domain/seal"
)

// A RowAt is a row and its place in its file.
type RowAt struct {
	Key       string `json:"key" doc:"Key of the row: its identity." example:"row-01980a6e-7c10-8000-8000-000000000007"`
	Sheet     int    `json:"sheet" doc:"Index of the sheet, from 0." example:"0"`
	SheetName string `json:"sheet_name,omitempty" doc:"Name of the sheet; left out of a CSV file, or when it cannot be shown." example:"送课"`
	At        int    `json:"at" doc:"Physical row, from 1." example:"7"`
}

// String returns the row as the clerk names it: 14, or 学校名册!14.
func (r RowAt) String() string {
	if r.SheetName == "" {
		return fmt.Sprint(r.At)
	}
	return fmt.Sprintf("%s!%d", r.SheetName, r.At)
}

// A Row is one row of a table and what it means as far as the file and the answers tell.
// It holds names, not keys.
type Row struct {
	Table      int    // index of its table in [File.Tables]
	TableRow          // what was written
	Set        []Said // what the clerk said for the whole file and the row does not say itself
	Occurred   calendar.Occurred
	Community  string // name as written, "" when not stated
	Statements []Statement
	Held       bool     // it makes no record as it stands
	Ahead      bool     // it tells of a day that has not come
	Problems   []error  // faults with their place, in the order of the columns
	Former     string   // of a register's table: key of the record in the ledger that wrote it
	Related    []string // of a register's table: keys there that it refers to
	Parties    []Party  // of a register's table: schools, communities and people given by their keys there
	Changes    Changes  // of a register's table: what was said of a school, community or person since

	columns []Column        // its table's
	other   map[string]Cell // by column, what [Row.Value] returns that no cell of the row says
}

// Value returns what the row says in the column that is meant, as written; what the clerk set
// for the file included.
func (r Row) Value(column string) Cell {
	if cell, is := r.other[column]; is {
		return cell
	}
	return r.lastNamed(column)
}

// lastNamed returns the last cell of the row in a column of that name.
func (r Row) lastNamed(column string) Cell {
	for i := len(r.Cells) - 1; i >= 0; i-- {
		if r.columns[r.Cells[i].Column].Name == column {
			return r.Cells[i].Cell
		}
	}
	return Cell{}
}

// An openRow is a row that is being read.
type openRow struct {
	Row
	Values map[string]Cell // by column, what [Row.Value] is to return; used for each row of the table again
}

// close returns the row. Of its values it keeps those that differ from its cells: the rows of a
// file are many.
func (r *openRow) close() Row {
	for column, value := range r.Values {
		if value == r.lastNamed(column) {
			continue
		}
		if r.other == nil {
			r.other = map[string]Cell{}
		}
		r.other[column] = value
	}
	return r.Row
}

// A Said is what the clerk said for every row of a file.
type Said struct{ Column, Value string }

// A Statement is what a row says of one thing: facts of one kind of stream in which names
// stand for keys. A person's name stands behind that of the
// person's school, see [tabular.Person].
type Statement struct {
	Kind  string // kind of stream, e.g. "lesson"
	Facts any    // a value of the kind's type of facts
}

// A rowReader reads the meaning of one row.
type rowReader struct {
	*reader
	table   *Table
	row     *openRow
	asked   string               // key of the open question that holds the row
	open    []record.WrittenCell // cells that could not be told apart
	ofTitle bool                 // title, sheet or file say the date of the row, and the row nothing
	// outsidePeople stand outside the rows, beside those that the row names.
	outsidePeople []string
	start         calendar.Occurred // of a date that says a beginning and no end
}

// place returns where a cell of the row stands.
func (x *rowReader) place(column string) fault.Place {
	p := x.table.at(x.row.Number, column)
	p.Value = cut(x.row.Values[column].Written(), longestName)
	return p
}

// problem notes what could not be read, and where.
func (x *rowReader) problem(f *fault.Error, column string) {
	x.row.Problems = append(x.row.Problems, f.At(x.place(column)))
}

// hold notes why the row makes no record.
func (x *rowReader) hold(f *fault.Error, column string) {
	x.problem(f, column)
	x.row.Held = true
}

// at returns the row's place for a question.
func (x *rowReader) at() RowAt {
	return RowAt{Sheet: x.table.Sheet, SheetName: x.table.SheetName, At: x.row.Number}
}

// value returns what a cell says, "" where it says nothing: an empty one, one with a
// placeholder, one with an error of a formula. What the clerk set for the file stands where
// the row has nothing, and a word that the clerk explained is replaced.
func (x *rowReader) value(column string) string {
	cell, text := x.row.Values[column], ""
	switch f := cellFault(cell); {
	case f != nil:
		x.problem(f, column)
		x.keep(column)
	case sameAsAbove.MatchString(compact(cell.Text)):
		text = x.above(column)
	case !isPlaceholder(column, cell.Text):
		text = cell.Text
	}
	x.reader.last[column] = text
	return x.explained(column, text)
}

// explained returns a text or, where the clerk said what it means, that. A word that stays in
// clear may not mean a person.
func (x *rowReader) explained(column, text string) string {
	meant, said := x.answers.Words[compact(text)]
	switch {
	case !said || text == "":
		return text
	case StaysInClear(column) && seal.IsLikeName(meant):
		if !x.row.Held {
			x.hold(record.ErrNameInClear, column)
		}
		return text
	}
	return meant
}

// above returns what the cell above says, once the clerk has answered that this is meant.
func (x *rowReader) above(column string) string {
	before := x.reader.last[column]
	answer := x.questions.ask(Question{
		Key: "above", Code: "same-as-above", Suggested: "a",
		Written: "同上、〃", ZH: "格里写的“同上”“〃”，是不是指同一栏上一行的内容？", EN: "Does “同上” or “〃” in a cell stand for what the row above says in the same column?",
		Choices: []Choice{{Value: "yes", ZH: "是，照上一行", EN: "yes, as the row above"}, {Value: None, ZH: "不是，按未知", EN: "no, it is unknown"}},
	}, x.at())
	if answer == "yes" {
		return before
	}
	x.problem(ErrSameAsAbove, column)
	return ""
}

// keep notes that a cell could not be told apart, and that the record keeps it as it is
// written.
func (x *rowReader) keep(column string) {
	x.open = append(x.open, record.WrittenCell{Column: column, Text: clearText(x.row.Values[column].Written())})
}
