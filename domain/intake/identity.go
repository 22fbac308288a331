package intake

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"twinledger/domain/calendar"
	"twinledger/domain/event"
	"twinledger/domain/intake/reading"
	"twinledger/domain/seal"
)

// Row identity, version 1: the HMAC, under the installation's secret, of the district, of
// what the sender wrote, and of k for the k-th equal row of its file. So the same file saved
// again and renumbered adds nothing, and two equal rows of a file are two records.
//
// What the sender wrote is a list of [heading, text], by heading, for every cell that is not
// empty but 序号; and what was said outside the row: what the clerk set or answered for the file
// where the row says nothing, and, of a row that names no year itself, the year or term that
// title, sheet and file name, with the month where the row's date leaves that open too. A text is compared without white space; a whole date in digits
// and a plain number have one form however they are written.
//
// Nothing here may depend on how a cell is understood: words, columns, lists and dates are read
// better from one version of the program to the next, and a row must stay the same row. That
// is why the forms below are this file's own, and frozen with the version.
const identityPurpose = "row v1"

var (
	plainNumber = regexp.MustCompile(`^\d{1,12}(\.\d{1,6})?$`)
	wholeDay    = regexp.MustCompile(`^(\d{4})(?:-(\d{1,2})-(\d{1,2})|\.(\d{1,2})\.(\d{1,2})|/(\d{1,2})/(\d{1,2})|年(\d{1,2})月(\d{1,2}))[日号]?(?:\((?:星期|周)[一二三四五六日天]\))?$`)
	compactDay  = regexp.MustCompile(`^((?:19|20)\d\d)(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])$`)
	wholeMonth  = regexp.MustCompile(`^(\d{4})(?:-(\d{1,2})|年(\d{1,2})月)$`)
	monthLess   = regexp.MustCompile(`^\d{1,2}(?:[日号]?[-~—–至到、，,]\d{1,2})*[日号]$`)
	yearIn      = regexp.MustCompile(`(?:19|20)\d\d|[〇零○一二三四五六七八九]{4}`)
)

// written returns what the sender wrote as it enters the identity of a row.
func written(t *reading.Table, row reading.Row) [][2]string {
	var out [][2]string
	namesYear, monthOpen := false, false
	for _, cell := range row.Cells {
		column := t.Columns[cell.Column]
		if column.Name == reading.ColumnNumber {
			continue
		}
		text := identityText(cell.Cell)
		namesYear = namesYear || cell.Date != "" || yearIn.MatchString(text)
		monthOpen = monthOpen || monthLess.MatchString(text)
		out = append(out, [2]string{column.Identity(), text})
	}
	slices.SortFunc(out, func(a, b [2]string) int { return cmp.Or(cmp.Compare(a[0], b[0]), cmp.Compare(a[1], b[1])) })
	for _, said := range row.Set {
		out = append(out, [2]string{"--set " + said.Column, compact(said.Value)})
	}
	if around := t.Around(); !namesYear && around != (calendar.Surroundings{}) {
		outside := fmt.Sprint(around.SchoolYear, "/", around.Half, " ", around.Year)
		if monthOpen {
			outside += fmt.Sprint("-", around.Month)
		}
		out = append(out, [2]string{"time outside", outside})
	}
	if t.Register != "" {
		out = append(out, [2]string{"register", t.Register})
	}
	return out
}

// identityText returns the text of a cell as it enters the identity: without white space,
// whole dates and plain numbers in one form.
func identityText(cell reading.Cell) string {
	text := compact(cell.Text)
	if m := compactDay.FindStringSubmatch(text); m != nil && cell.Date == "" {
		return strings.Join(m[1:], "-")
	}
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
