package intake

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"twinledger/domain/calendar"
	"twinledger/domain/event"
	"twinledger/domain/seal"
)

// Row identity, version 1: the HMAC, under the installation's secret, of the
// district, the row's parsed cells without 序号, and k for the k-th equal row of
// its file. So the same file saved again and renumbered adds nothing, and two
// equal rows of a file are two records.
//
// The cells are a JSON list of [heading, value] in a fixed order, empty cells
// left out: dates in their stored form, plain numbers as decimals, lists as
// lists, all else as text; a 数量 that is no plain number is its text without any
// white space (约 30 is 约30). What is read here, and how, is frozen with the
// version: another reading of dates or numbers makes another identity and would
// import every former row again.
const identityPurpose = "row v1"

// identityOrder are the columns in the order in which they enter the identity;
// others follow by name.
var identityOrder = []string{
	ColumnDate, ColumnCommunity, ColumnCategory, ColumnForm, ColumnContent, ColumnSubject, ColumnFrom, ColumnTo,
	ColumnPeople, ColumnQuantity, ColumnMeasure, ColumnEvidence, ColumnRemark,
	ColumnSchool, ColumnStage, ColumnSetting, ColumnRole,
}

var plainNumber = regexp.MustCompile(`^\d{1,12}(\.\d{1,6})?$`)

// canonical returns a row's cells as they enter its identity.
func canonical(row TableRow) [][2]any {
	var out [][2]any
	for _, column := range columnsInOrder(row) {
		if cell := row.Cells[column]; cell.Text != "" {
			out = append(out, [2]any{column, canonicalValue(column, cell)})
		}
	}
	return out
}

// columnsInOrder returns the row's columns but 序号 in the identity's order.
func columnsInOrder(row TableRow) []string {
	var columns, others []string
	for _, column := range identityOrder {
		if _, ok := row.Cells[column]; ok {
			columns = append(columns, column)
		}
	}
	for column := range row.Cells {
		if column != ColumnNumber && !slices.Contains(identityOrder, column) {
			others = append(others, column)
		}
	}
	slices.Sort(others)
	return append(columns, others...)
}

func canonicalValue(column string, cell Cell) any {
	switch column {
	case ColumnDate:
		if occurred, err := readDate(cell); err == nil {
			return string(occurred)
		}
	case ColumnQuantity:
		if cell.Number != "" {
			return cell.Number
		}
		if plainNumber.MatchString(cell.Text) {
			return decimal(cell.Text)
		}
		return strings.Join(strings.Fields(cell.Text), "")
	case ColumnSubject, ColumnFrom, ColumnTo, ColumnPeople:
		return Split(cell.Text)
	}
	return cell.Text
}

// readDate returns what a date cell says.
func readDate(cell Cell) (calendar.Occurred, error) {
	if cell.Date != "" {
		return cell.Date, nil
	}
	return calendar.ParseWritten(cell.Text)
}

// decimal returns a plain number without leading or trailing zeros.
func decimal(s string) string {
	whole, fraction, _ := strings.Cut(s, ".")
	whole = strings.TrimLeft(whole, "0")
	if whole == "" {
		whole = "0"
	}
	if fraction = strings.TrimRight(fraction, "0"); fraction == "" {
		return whole
	}
	return whole + "." + fraction
}

// identities returns the key of every row, given in the order of their file, and
// for each a name that it shares with the rows that are equal to it.
func identities(vault seal.Vault, district string, rows []TableRow) (keys, groups []string, err error) {
	equal := map[string]int{}
	for _, row := range rows {
		cells, err := event.Marshal(canonical(row))
		if err != nil {
			return nil, nil, err
		}
		equal[string(cells)]++
		keys, groups = append(keys, identity(vault, district, string(cells), equal[string(cells)])), append(groups, string(cells))
	}
	return keys, groups, nil
}

// identity returns the key of the k-th row of a file with these cells.
func identity(vault seal.Vault, district, cells string, k int) string {
	return "row-" + event.UUIDv8(vault.MAC(identityPurpose, district, cells, strconv.Itoa(k))).String()
}
