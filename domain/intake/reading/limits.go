package reading

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"twinledger/domain/event"
	"twinledger/domain/fault"
)

// The limits of one row. Sealing makes a third more of a text and adds some 90 bytes for
// each person that it names; within these limits the row and its record each stay well
// below what one append may hold, and its record can be exported into one row again.
const (
	mostCellBytes     = 100_000 // of the cells' stored form together
	mostRegisterBytes = 500_000 // of a register's row: what a record can say at all
	mostListed        = 200     // names in a cell that lists
)

// ErrRowTooLarge holds a row that is beyond the limits of one row.
var ErrRowTooLarge = fault.New(fault.Invalid, "intake.row-too-large",
	"此行内容过多，此行暂挂：各格合计至多 100 kB，每个名单至多 200 项，每个名称至多 200 字；请把长文另存为附件、在表中只写摘要，名单过长则拆成几行，再导入。封存副本每格至多保留 500 字，并附全文的 SHA-256。",
	"The row holds too much and is held: its cells may have 100 kB together, a list 200 entries and a name 200 characters. Keep long texts in a file of their own and write a summary, or split a long list over several rows, and import again. The sealed copy keeps at most 500 characters of each cell, and the SHA-256 of the whole.")

// nameColumns are the columns that hold one name or a list.
var nameColumns = []string{ColumnCommunity, ColumnForm, ColumnSubject, ColumnFrom, ColumnTo, ColumnPeople, ColumnSchool}

// oversized holds a row that is beyond the limits.
func (x *rowReader) oversized() bool {
	for _, column := range nameColumns {
		text := x.row.Values[column].Text
		// Whether an unsplit list is one name is asked later; here only what is surely one counts.
		shortest := fieldsBy(text, func(r rune) bool { return strings.ContainsRune(joiners+";；", r) || unicode.IsSpace(r) })
		if len(certainly(text)) > mostListed || len(probably(text)) > 2*mostListed ||
			slices.ContainsFunc(shortest, func(name string) bool { return utf8.RuneCountInString(name) > longestName }) {
			x.hold(ErrRowTooLarge, column)
			return true
		}
	}
	cells, err := event.Marshal(x.written())
	if err != nil || len(cells) > mostCellBytes {
		x.hold(ErrRowTooLarge, "")
		return true
	}
	return false
}

// tooLarge holds a register's row that is beyond what a record can say.
func (x *rowReader) tooLarge(cells map[string]string) bool {
	stored, err := event.Marshal(cells)
	if err != nil || len(stored) > mostRegisterBytes {
		x.hold(ErrRowTooLarge, "")
		return true
	}
	return false
}

// written returns the row's cells as they are written, by heading.
func (x *rowReader) written() map[string]string { return x.table.Written(x.row.TableRow) }

// Written returns a row's cells as they are written, by heading.
func (t *Table) Written(row TableRow) map[string]string {
	cells := make(map[string]string, len(row.Cells))
	for _, cell := range row.Cells {
		cells[t.Columns[cell.Column].Heading] = cell.Written()
	}
	return cells
}
