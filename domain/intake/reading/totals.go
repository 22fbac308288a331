package reading

import (
	"math/big"
	"regexp"
	"strings"

	"twinledger/domain/chinese"
	"twinledger/domain/fault"
)

// What Table.checkTotals warns of.
var (
	ErrTotalDiffers = fault.New(fault.Invalid, "intake.total-differs",
		"合计行的数量与上面各行之和不符；记录照各行，请核对是漏了行还是合计写错。",
		"The total differs from the sum of the rows above; the rows are recorded as they stand, so check whether a row is missing or the total is wrong.")
	ErrTotalUnreadable = fault.New(fault.Invalid, "intake.total-unreadable",
		"合计行的数量看不懂，未能核对；请只写一个数。",
		"The number of the total row cannot be read and was not checked; write one number.")
)

// checkTotals compares the 数量 of every total row with the sum of the readable
// numbers above it, all of them or those since the total before it, or with the sum of all rows
// where the total stands above them, and returns a warning with its place for each that is
// neither. Rows without a readable number add nothing to the sum and are counted in the warning,
// and a row that may itself be a total adds nothing. A total row without a number says nothing and
// is not checked.
func (t *Table) checkTotals() []error {
	var warnings []error
	all, since, unread, next := new(big.Rat), new(big.Rat), 0, 0
	for _, total := range t.Totals {
		for ; next < len(t.Rows) && t.Rows[next].Number < total.Number; next++ {
			if t.doubtful[t.Rows[next].Number] != "" {
				continue
			}
			n, ok := t.number(t.Rows[next])
			if !ok {
				unread++
				continue
			}
			all.Add(all, n)
			since.Add(since, n)
		}
		rowsOfTotal := all
		if next == 0 {
			rowsOfTotal = t.sum() // the total stands above its rows
		}
		cell, _ := t.named(total, ColumnQuantity)
		place := fault.Place{File: t.File, Sheet: t.SheetName, Row: total.Number, Line: total.Line, Column: ColumnQuantity, Value: cell.Text}
		written, ok := t.number(total)
		switch {
		case cell.Text == "":
		case !ok:
			warnings = append(warnings, ErrTotalUnreadable.At(place))
		case written.Cmp(rowsOfTotal) != 0 && written.Cmp(since) != 0:
			warnings = append(warnings, ErrTotalDiffers.At(place).With("sum", decimalText(rowsOfTotal)).With("rows_without_number", unread))
		}
		since = new(big.Rat)
	}
	return warnings
}

// sum returns the sum of the readable numbers of all rows.
func (t *Table) sum() *big.Rat {
	sum := new(big.Rat)
	for _, row := range t.Rows {
		if n, ok := t.number(row); ok && t.doubtful[row.Number] == "" {
			sum.Add(sum, n)
		}
	}
	return sum
}

// labelOfNumber matches what a total writes around its number: 合计:5节, 5节(小计).
var labelOfNumber = regexp.MustCompile(`\(?` + totalWord + `\)?[:：]?`)

// number returns the row's 数量 as a number.
func (t *Table) number(row TableRow) (*big.Rat, bool) {
	cell, _ := t.named(row, ColumnQuantity)
	text := cell.Number
	if text == "" && !isPlaceholder(ColumnQuantity, cell.Text) {
		q, err := readQuantity(labelOfNumber.ReplaceAllString(chinese.Narrow(chinese.Simplified(cell.Text)), ""), "")
		if err != nil {
			return nil, false
		}
		text = q.Number
	}
	return new(big.Rat).SetString(text)
}

func decimalText(sum *big.Rat) string {
	text := sum.FloatString(20)
	return strings.TrimRight(strings.TrimRight(text, "0"), ".")
}

// warnings returns what is odd about the table and holds up no row.
func (t *Table) warnings() []error {
	var out []error
	if t.Form == Activity || t.Form == Roster {
		out = append(out, t.checkTotals()...)
	}
	if len(t.Void) > 0 {
		out = append(out, ErrVoidRows.At(t.at(t.Void[0], ColumnVoid)).With("rows", len(t.Void)))
	}
	hidden := 0
	for _, row := range t.Rows {
		if row.Hidden || t.Hidden {
			hidden++
		}
	}
	if hidden > 0 {
		out = append(out, ErrHiddenRows.At(t.at(0, "")).With("rows", hidden))
	}
	return out
}

// ErrHiddenRows says that rows were read that a spreadsheet program does not show.
var ErrHiddenRows = fault.New(fault.Invalid, "intake.hidden-rows",
	"有被隐藏或筛选掉的行（或整个工作表隐藏），也照常读入；如不应导入，请从文件中删去。",
	"Rows that are hidden or filtered out, or stand on a hidden sheet, were read like all others; delete them from the file if they are not meant.")
