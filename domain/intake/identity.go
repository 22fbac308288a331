package intake

import (
	"cmp"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"twinledger/domain/event"
	"twinledger/domain/intake/reading"
	"twinledger/domain/seal"
)

// Row identity, version 1: the HMAC, under the installation's secret, of the district, of
// what the sender wrote, and of k for the k-th equal row of its file. So the same file saved
// again and renumbered adds nothing, and two equal rows of a file are two records.
//
// What the sender wrote is a list of [heading, text], by heading, for every cell that is not
// empty but 序号; and what was said outside the row: the values that the clerk set for the file
// and, of a row with a date that leaves the year open, the signs of the year and the term in the
// title and the sheet's name. A text is compared without white space; a whole date in digits
// and a plain number have one form however they are written.
//
// Nothing here may depend on how a cell is understood: words, columns, lists and dates are read
// better from one version of the program to the next, and a row must stay the same row. That
// is why the forms below are this file's own, and frozen with the version.
const identityPurpose = "row v1"

var (
	plainNumber = regexp.MustCompile(`^\d{1,12}(\.\d{1,6})?$`)
	wholeDay    = regexp.MustCompile(`^(\d{4})(?:-(\d{1,2})-(\d{1,2})|\.(\d{1,2})\.(\d{1,2})|/(\d{1,2})/(\d{1,2})|年(\d{1,2})月(\d{1,2})日?)$`)
	wholeMonth  = regexp.MustCompile(`^(\d{4})(?:-(\d{1,2})|年(\d{1,2})月)$`)
	yearLess    = regexp.MustCompile(`^[(（']?(?:\d{1,2}|[一二三四五六七八九十]{1,3})(?:月|[./年-]\d)|^(?:本|上|下|第[一二12])学[期年]`)
	yearIn      = regexp.MustCompile(`(?:19|20)\d\d|[〇零○一二三四五六七八九]{4}`)
	ofNumbers   = regexp.MustCompile(`[数量分率值额]`)
	yearSigns   = regexp.MustCompile(`[\d〇零一二三四五六七八九十]+|[年月学期春秋上下第]`)
)

// written returns what the sender wrote as it enters the identity of a row.
func written(t *reading.Table, row reading.Row) [][2]string {
	var out [][2]string
	yearOpen := false
	for _, cell := range row.Cells {
		column := t.Columns[cell.Column]
		if column.Name == reading.ColumnNumber {
			continue
		}
		text := identityText(cell.Cell)
		yearOpen = yearOpen || leavesYearOpen(column.Heading, text)
		out = append(out, [2]string{column.Heading, text})
	}
	slices.SortFunc(out, func(a, b [2]string) int { return cmp.Or(cmp.Compare(a[0], b[0]), cmp.Compare(a[1], b[1])) })
	for _, said := range row.Set {
		out = append(out, [2]string{"--set " + said.Column, compact(said.Value)})
	}
	if yearOpen {
		out = append(out, [2]string{"year outside", strings.Join(yearSigns.FindAllString(t.Title+" "+t.SheetName, -1), " ")})
	}
	if t.Register != "" {
		out = append(out, [2]string{"register", t.Register})
	}
	return out
}

// leavesYearOpen tells whether a text may be a date that leaves the year open. 1.5 may be one
// too, but not under a heading of numbers, such as 数量 and 节数.
func leavesYearOpen(heading, text string) bool {
	return yearLess.MatchString(text) && !yearIn.MatchString(text) && !(plainNumber.MatchString(text) && ofNumbers.MatchString(heading))
}

// identityText returns the text of a cell as it enters the identity: without white space,
// whole dates and plain numbers in one form.
func identityText(cell reading.Cell) string {
	text := compact(cell.Text)
	switch {
	case cell.Date != "":
		return cell.Date.Value()
	case cell.Number != "" && strings.Trim(text, "0123456789.,-") == "":
		return cell.Number
	case plainNumber.MatchString(text):
		return decimal(text)
	}
	for _, form := range []*regexp.Regexp{wholeDay, wholeMonth} {
		if m := form.FindStringSubmatch(text); m != nil {
			parts := slices.DeleteFunc(m[1:], func(s string) bool { return s == "" })
			for i := 1; i < len(parts); i++ {
				parts[i] = strings.Repeat("0", 2-len(parts[i])) + parts[i]
			}
			return strings.Join(parts, "-")
		}
	}
	return text
}

// compact returns a text without white space.
func compact(text string) string { return strings.Join(strings.Fields(text), "") }

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

// identities returns the key of every row, given in the order of their file, and for each a
// name that it shares with the rows that are equal to it.
func identities(vault seal.Vault, district string, f reading.File) (keys, groups []string, err error) {
	equal := map[string]int{}
	for _, row := range f.Rows {
		cells, err := event.Marshal(written(&f.Tables[row.Table], row))
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
