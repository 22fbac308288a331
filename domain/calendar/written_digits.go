package calendar

import (
	"regexp"
	"strconv"
	"strings"
)

var (
	serialText = regexp.MustCompile(`^(\d{5})(?:\.\d+)?$`)
	sixDigits  = regexp.MustCompile(`^(\d{2})(\d{2})(\d{2})$`)
)

// Spreadsheet programs number the days from this one on, in the years that a file
// of records may be about.
const (
	serialOrigin = Day("1899-12-30")
	firstSerial  = 32874 // 1990-01-01
	lastSerial   = 54788 // 2049-12-31
)

// digits reads the number of a day in a spreadsheet, 201804 and 180418.
func (r *reader) digits(s string) (Occurred, bool, error) {
	if m := serialText.FindStringSubmatch(s); m != nil {
		n, _ := strconv.Atoi(m[1])
		if n < firstSerial || n > lastSerial {
			return "", false, nil
		}
		r.assume(SpreadsheetSerial, "")
		return OnDay(serialOrigin.Add(n)), true, nil
	}
	m := sixDigits.FindStringSubmatch(s)
	if m == nil {
		return "", false, nil
	}
	day := OnDay(Day("20" + strings.Join(m[1:], "-")))
	_, noDay := Parse(string(day))
	year, month := number(m[1]+m[2]), number(m[3])
	switch {
	case year >= firstPlausibleYear && year <= lastPlausibleYear && month >= 1 && month <= 12:
		instead := day
		if noDay != nil {
			instead = ""
		}
		r.assume(CompactMonth, instead)
		return Occurred("month:" + monthOf(year, month)), true, nil
	case noDay == nil:
		r.assume(TwoDigitYear, "")
		return day, true, nil
	}
	return "", false, nil
}
