package reading

import (
	"slices"
	"strings"

	"twinledger/domain/calendar"
	"twinledger/domain/fault"
	"twinledger/domain/record"
	"twinledger/domain/seal"
	"twinledger/domain/tabular"
)

// ErrGroupAsSide marks a pairing that does not name its schools.
var ErrGroupAsSide = fault.New(fault.Invalid, "intake.group-as-side",
	"结对须逐一写明学校，不能写“成员学校”。", "A pairing names its schools one by one, not 成员学校.")

// readActivity reads one row of a table of activities.
func (x *rowReader) readActivity() {
	if x.holdPerhapsTotal() {
		return
	}
	x.row.Occurred = x.when()
	if x.oversized() {
		return
	}
	x.holdCancelled()
	kinds, mode := x.kinds()
	if x.ofTitle && len(kinds) > 0 && slices.Contains([]string{"pairing", "mentorship"}, streamOf(kinds[0])) {
		x.row.Occurred = calendar.Unknown // a list of a term names pairs that may be older
	}
	x.row.Community = x.community()
	x.row.Ahead = x.today != "" && x.row.Occurred.After(x.today)
	quantity, attendance := x.lessonsOf(x.quantity(), kinds), x.attendance()
	from, to := x.units(ColumnFrom), x.units(ColumnTo)
	people, further := x.people(), x.furtherPeople(kinds)
	title, remark, evidence := x.text(ColumnContent), x.text(ColumnRemark), x.text(ColumnEvidence)
	words := readSubjects(x.value(ColumnSubject))
	if x.row.Held || len(kinds) == 0 {
		return
	}
	if x.start != "" && streamOf(kinds[0]) != "exchange" {
		x.hold(calendar.ErrOpenEnded, ColumnDate)
		return
	}
	school := ""
	if schools := record.Schools(from); teaches(kinds[0]) && len(schools) == 1 && len(from) == 1 {
		school = schools[0]
	}
	common := record.Facts{
		Community: x.row.Community, Kinds: record.SortKinds(kinds), Mode: mode, Title: clearText(title), From: from, To: to, Quantity: quantity, Attendance: attendance,
		Remark: clearText(remark), AsWritten: x.open,
	}
	for _, name := range people {
		common.People = append(common.People, tabular.Person(school, name))
	}
	common.People = append(append(common.People, further...), x.outsidePeople...)
	for _, word := range words {
		common.Subjects = append(common.Subjects, record.Word{Text: word})
	}
	if evidence != "" {
		common.Evidence = []seal.Text{clearText(evidence)}
	}
	if statement := x.statement(common); !x.row.Held {
		x.row.Statements = []Statement{statement}
	}
}

// text returns what a cell of prose says, as it is written.
func (x *rowReader) text(column string) string {
	text := x.value(column)
	if text != "" && text == x.row.Values[column].Text {
		text = x.row.Values[column].Written()
	}
	return x.joinRepeated(column, text)
}

// warnOfYears returns a warning for each row whose year lies far from those of nearly all
// other rows of the file: a slip of the pen, mostly.
func warnOfYears(f *File) []error {
	var years []int
	yearOf := func(row Row) (int, bool) {
		if len(row.Statements) > 0 && row.Statements[0].Kind == "pairing" {
			return 0, false // a community may be older than all that its members do in a term
		}
		extent, bounded := usualYears.Extent(row.Occurred)
		if !bounded {
			return 0, false
		}
		return yearIn(string(extent.First)), true
	}
	for _, row := range f.Rows {
		if year, known := yearOf(row); known && f.Tables[row.Table].Form == Activity {
			years = append(years, year)
		}
	}
	if len(years) < leastForYears {
		return nil
	}
	slices.Sort(years)
	middle := years[len(years)/2]
	var out []error
	for _, row := range f.Rows {
		year, known := yearOf(row)
		if known && f.Tables[row.Table].Form == Activity && (year < middle-farYears || year > middle+farYears) {
			t := f.Tables[row.Table]
			place := t.at(row.Number, ColumnDate)
			place.Value = row.Value(ColumnDate).Written()
			out = append(out, ErrFarYear.At(place).With("usual", middle))
		}
	}
	return out
}

// warnOfAhead returns a warning where rows tell of days that have not come.
func warnOfAhead(f *File) []error {
	var first *Row
	ahead := 0
	for i := range f.Rows {
		if f.Rows[i].Ahead {
			if ahead++; first == nil {
				first = &f.Rows[i]
			}
		}
	}
	if first == nil {
		return nil
	}
	return []error{ErrAhead.At(f.Tables[first.Table].at(first.Number, ColumnDate)).With("rows", ahead)}
}

// ErrAhead says that rows tell of days that have not come.
var ErrAhead = fault.New(fault.Invalid, "intake.ahead",
	"有的日期晚于今天：这些活动尚未发生，到期前列为“尚未到期”，不计入任何数；如是笔误，请改正后再导入。",
	"Some dates lie after today: those activities have not taken place, are listed as ahead and count nowhere until their day has come; if a date is a slip of the pen, put it right and import again.")

// ErrFarYear warns of a year that is probably a slip of the pen.
var ErrFarYear = fault.New(fault.Invalid, "intake.far-year",
	"这一年与文件中其他行相差很远，可能是笔误；请核对。", "The year lies far from those of the file's other rows and may be a slip of the pen; check it.")

const (
	leastForYears = 4 // dated rows, below which nobody can tell what is usual
	farYears      = 2 // years beyond which one is far
)

func yearIn(day string) int {
	year := 0
	for _, r := range strings.SplitN(day, "-", 2)[0] {
		year = 10*year + int(r-'0')
	}
	return year
}
