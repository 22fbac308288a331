package intake

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"slices"
	"unicode/utf8"

	"twinledger/domain/event"
	"twinledger/domain/fault"
	"twinledger/domain/seal"
)

// The limits of one row. Sealing makes a third more of a text and adds some 90
// bytes for each person that it names; within these limits the row and its
// record each stay well below what one append may hold.
const (
	mostCellBytes = 100_000 // of the cells' stored form together
	mostListed    = 200     // names in a cell that lists
	longestName   = 200     // runes of a name
	mostKeys      = 2_000   // people that the cells of a row may be sealed under
)

// The limits of the sealed copy of a row that is too large.
const (
	keptRunes = 500    // of each cell
	keptBytes = 30_000 // of all cells together
)

// ErrRowTooLarge holds a row that is beyond the limits of one row.
var ErrRowTooLarge = fault.New(fault.Invalid, "intake.row-too-large",
	"此行内容过多，此行暂挂：各格合计至多 100 kB，每个名单至多 200 项，每个名称至多 200 字；请把长文另存为附件、在表中只写摘要，名单过长则拆成几行，再导入。封存副本每格至多保留 500 字，并附全文的 SHA-256。",
	"The row holds too much and is held: its cells may have 100 kB together, a list 200 entries and a name 200 characters. Keep long texts in a file of their own and write a summary, or split a long list over several rows, and import again. The sealed copy keeps at most 500 characters of each cell, and the SHA-256 of the whole.")

// hashHeading stands in a cut copy where a heading stands otherwise, before the
// SHA-256 of the stored form of the whole cells.
const hashHeading = "全文 SHA-256"

// nameColumns are the columns that hold one name or a list.
var nameColumns = []string{ColumnCommunity, ColumnForm, ColumnSubject, ColumnFrom, ColumnTo, ColumnPeople, ColumnSchool}

// oversized tells whether the row is beyond the limits, and by which column
// where it is one column's doing.
func (r TableRow) oversized() (column string, over bool) {
	for _, column := range nameColumns {
		list := Split(r.Cells[column].Text)
		long := func(name string) bool { return utf8.RuneCountInString(name) > longestName }
		if len(list) > mostListed || slices.ContainsFunc(list, long) {
			return column, true
		}
	}
	cells, err := event.Marshal(cellsAsRead(r))
	return "", err != nil || len(cells) > mostCellBytes
}

// holdOversized holds a row that is beyond the limits, with what little of it is
// short enough to be kept.
func (p *RowPlan) holdOversized() bool {
	column, over := p.Row.oversized()
	if !over {
		return false
	}
	p.problem(ErrRowTooLarge, column)
	p.Outcome = Held
	if utf8.RuneCountInString(p.Community) > longestName {
		p.Community = ""
	}
	if utf8.RuneCountInString(p.Row.Cells[ColumnDate].Text) <= longestName {
		p.readWhen()
	}
	return true
}

// tooLarge tells whether the row is held for its size.
func (p RowPlan) tooLarge() bool {
	return slices.ContainsFunc(p.Problems, func(err error) bool { return errors.Is(err, ErrRowTooLarge) })
}

// cellsAsRead returns the cells as they were written, by heading, for the sealed
// copy.
func cellsAsRead(row TableRow) map[string]string {
	cells := make(map[string]string, len(row.Cells))
	for column, cell := range row.Cells {
		cells[column] = cell.Written()
	}
	return cells
}

// sealedCopy returns the cells in the form in which they are sealed: cut when
// the row is too large or names more people than one text can be sealed under.
func sealedCopy(p RowPlan, names seal.Names) (string, error) {
	whole, err := event.Marshal(cellsAsRead(p.Row))
	if err != nil || !p.tooLarge() && len(names.In(string(whole))) <= mostKeys {
		return string(whole), err
	}
	hash := sha256.Sum256(whole)
	kept := cutCells(p.Row)
	kept[hashHeading] = hex.EncodeToString(hash[:])
	short, err := event.Marshal(kept)
	if err == nil && len(names.In(string(short))) > mostKeys {
		short, err = event.Marshal(map[string]string{hashHeading: kept[hashHeading]})
	}
	return string(short), err
}

// cutCells returns the beginning of every cell, in the order of the identity,
// until enough is kept.
func cutCells(row TableRow) map[string]string {
	kept, left := map[string]string{}, keptBytes
	for _, column := range columnsInOrder(row) {
		text := cut(row.Cells[column].Written(), keptRunes)
		if left -= len(column) + len(text); left < 0 {
			break
		}
		kept[column] = text
	}
	return kept
}

// cut returns the first runes of a text, and … where more follow.
func cut(text string, runes int) string {
	n := 0
	for i := range text {
		if n++; n > runes {
			return text[:i] + "…"
		}
	}
	return text
}
