package reading

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"twinledger/domain/calendar"
	"twinledger/domain/chinese"
)

// The columns in which tables of activities write a date in parts: in the place of 日期, or
// beside one that leaves them out.
const (
	ColumnSchoolYear = "学年"
	ColumnTerm       = "学期"
	ColumnYear       = "年"
	ColumnMonth      = "月"
	ColumnDay        = "日"
)

var dateParts = []string{ColumnSchoolYear, ColumnTerm, ColumnYear, ColumnMonth, ColumnDay}

// dateColumns are all columns that say when something was.
var dateColumns = append([]string{ColumnDate, ColumnStart, ColumnEnd}, dateParts...)

// dateUnits matches a heading that shows how a date is written in its one column.
var dateUnits = regexp.MustCompile(`^(?:年/月/日|年/月|月/日)$`)

// isDatePart tells whether a column holds a part of a date.
func isDatePart(column string) bool { return slices.Contains(dateParts, column) }

// countedAs returns the column as which a heading counts when a row of headings is looked for:
// the parts of a date are one column together, since a form to be signed has 年, 月 and 日 too.
func countedAs(column string) string {
	if isDatePart(column) {
		return ColumnDate
	}
	return column
}

// isDated tells whether the table has a column that says when something was.
func (t *Table) isDated() bool { return slices.ContainsFunc(dateColumns, t.has) }

// dates tells whether the table has no need of a column that probably says when something was,
// because it has others that say so: 参加工作年份 beside 日期, 星期 beside 月 and 日.
func (t *Table) dates(column string) bool {
	if isDatePart(column) {
		return t.has(ColumnDate) || t.has(ColumnStart) || t.has(ColumnEnd)
	}
	return column == ColumnDate && (t.has(ColumnMonth) || t.has(ColumnDay) || t.has(ColumnStart))
}

// dateInParts is what the parts of a row's date say, each as a date is written; "" where the row
// does not say it.
type dateInParts struct{ schoolYear, term, year, month, day string }

// dateParts reads the columns of the parts of a date.
func (x *rowReader) dateParts() dateInParts {
	if !slices.ContainsFunc(dateParts, func(column string) bool { return x.row.Values[column].Text != "" || x.last[column] != "" }) {
		return dateInParts{} // as nearly all rows
	}
	p := dateInParts{
		schoolYear: withUnit(x.value(ColumnSchoolYear), "学年"), term: termWord(x.value(ColumnTerm)),
		year: withUnit(x.value(ColumnYear), "年"), month: withUnit(x.value(ColumnMonth), "月"), day: withUnit(x.value(ColumnDay), "日"),
	}
	p.month = strings.TrimSuffix(p.month, "份")
	if p.year != "" {
		x.yearAbove = p.year
	}
	return p
}

// withUnit returns a text with its unit behind it: 4月 of 4. A text that has the unit in it, as
// 18日-20日, and an empty one stay as they are.
func withUnit(text, unit string) string {
	if text = compact(text); text == "" || strings.Contains(text, unit) {
		return text
	}
	return text + unit
}

var (
	numberOfTerm = regexp.MustCompile(`^第?([一二12])$`)
	halfOfYear   = regexp.MustCompile(`^([上下])(?:半)?(?:学年)?$`)
	seasonOfTerm = regexp.MustCompile(`^([春秋])季?$`)
)

// termWord returns what stands under 学期 as a term is written: 第二学期 of 2, 上学期 of 上.
func termWord(text string) string {
	text = compact(text)
	text = numberOfTerm.ReplaceAllString(text, "第${1}学期")
	text = halfOfYear.ReplaceAllString(text, "${1}学期")
	return seasonOfTerm.ReplaceAllString(text, "${1}季学期")
}

// around returns what the parts say of the time of the row, and what title, sheet and file say
// where the parts leave it open.
func (p dateInParts) around(outside calendar.Surroundings) calendar.Surroundings {
	if p == (dateInParts{}) {
		return outside
	}
	return calendar.SurroundingsIn(p.schoolYear + p.term + " " + p.year + p.month).Or(outside)
}

// text returns the date that the parts make together, as dates are written: 2018年4月18日, 4月18日,
// 2017-2018学年第二学期.
func (p dateInParts) text() string {
	if p.month != "" || p.day != "" || p.year != "" && p.term == "" {
		return p.year + p.month + p.day
	}
	if _, err := calendar.ReadAlone(p.term); err == nil && p.term != "" {
		return p.term // it names its school year itself
	}
	return p.schoolYear + p.term
}

// whenColumn returns the column to which a message about the row's date belongs.
func (x *rowReader) whenColumn() string {
	for _, column := range dateColumns {
		if x.row.Values[column].Text != "" {
			return column
		}
	}
	return ColumnDate
}

var (
	// daysAlone matches days of which the surroundings have to say the month, without their unit.
	daysAlone = regexp.MustCompile(`^\d{1,2}(?:[、，,;；和及与\s]+\d{1,2})*$`)
	dayAlone  = regexp.MustCompile(`\d{1,2}`)
)

// daysOfMonth returns days that are written as numbers alone, 5 or 19、26, as days are written, where
// title, sheet or the row's other columns name the month in which they lie. The same day of another
// month is another row.
func (x *rowReader) daysOfMonth(text string, around calendar.Surroundings) string {
	text = chinese.Narrow(text)
	if around.Month == 0 || !daysAlone.MatchString(strings.TrimSpace(text)) {
		return text
	}
	days := dayAlone.FindAllString(text, -1)
	for i, day := range days {
		if n, err := strconv.Atoi(day); err != nil || n < 1 || n > 31 {
			return text
		}
		days[i] = day + "日"
	}
	x.row.Set = append(x.row.Set, Said{"month", strconv.Itoa(around.Month)})
	return strings.Join(days, "、")
}
