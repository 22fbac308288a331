// Package calendar holds time as the plans and the schools speak of it: days,
// terms, school years, and dates that are known only so far.
//
// An [Occurred] never says more than its source said. What a term or a school
// year means in days is the district's own published calendar; without one, a
// day belongs to no known term.
package calendar

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"

	"twinledger/domain/fault"
)

// Zone is the zone in which instants become days: +08:00, whatever zone the
// process runs in.
var Zone = time.FixedZone("+08:00", 8*60*60)

// A Day is a calendar day written 2006-01-02. The zero value "" is an unknown
// day. Days compare as strings.
type Day string

// DayOf returns the day of an instant at +08:00.
func DayOf(t time.Time) Day { return Day(t.In(Zone).Format(time.DateOnly)) }

// ParseDay reads 2006-01-02 and refuses a day that does not exist.
func ParseDay(s string) (Day, error) {
	if _, err := time.Parse(time.DateOnly, s); err != nil {
		return "", ErrNoSuchDay.With("day", s)
	}
	return Day(s), nil
}

// Add returns the day n days later.
func (d Day) Add(n int) Day {
	t, err := time.Parse(time.DateOnly, string(d))
	if err != nil {
		return ""
	}
	return Day(t.AddDate(0, 0, n).Format(time.DateOnly))
}

// End returns the instant at which the day ends at +08:00.
func (d Day) End() time.Time {
	t, err := time.ParseInLocation(time.DateOnly, string(d), Zone)
	if err != nil {
		return time.Time{}
	}
	return t.AddDate(0, 0, 1)
}

// What the parsers of this package refuse with.
var (
	ErrNoSuchDay = fault.New(fault.Invalid, "calendar.no-such-day",
		"没有这一天；请核对日期，写作 2018-04-18。", "There is no such day; check the date and write it as 2018-04-18.")
	ErrBadOccurred = fault.New(fault.Invalid, "calendar.bad-occurred",
		"时间应写作 day:2018-04-18、span:2018-04-18/2018-04-20、month:2018-04、term:2017-2018/2、schoolyear:2017-2018、year:2015 或 unknown。",
		"Write the time as day:2018-04-18, span:2018-04-18/2018-04-20, month:2018-04, term:2017-2018/2, schoolyear:2017-2018, year:2015 or unknown.")
	ErrBadTerm = fault.New(fault.Invalid, "calendar.bad-term",
		"学期应写作 2017-2018/2（前为学年，后为第一或第二学期）或 2017—2018学年第二学期。",
		"Write a term as 2017-2018/2, the school year and then 1 or 2, or as 2017—2018学年第二学期.")
)

// An Occurred is a date as precise as it is known, in its stored form.
type Occurred string

// Unknown is the date of which nothing is known.
const Unknown Occurred = "unknown"

// A Precision says how much of a date is known.
type Precision string

// The precisions of an Occurred.
const (
	PrecisionUnknown    Precision = "unknown"
	PrecisionYear       Precision = "year"
	PrecisionSchoolYear Precision = "schoolyear"
	PrecisionTerm       Precision = "term"
	PrecisionMonth      Precision = "month"
	PrecisionSpan       Precision = "span"
	PrecisionDay        Precision = "day"
)

var (
	yearForm       = regexp.MustCompile(`^\d{4}$`)
	schoolYearForm = regexp.MustCompile(`^(\d{4})-(\d{4})$`)
	termForm       = regexp.MustCompile(`^(\d{4}-\d{4})/([12])$`)
)

// Parse reads a stored form and no other.
func Parse(s string) (Occurred, error) {
	precision, value, _ := strings.Cut(s, ":")
	ok := false
	switch Precision(precision) {
	case PrecisionUnknown:
		ok = s == string(Unknown)
	case PrecisionYear:
		ok = yearForm.MatchString(value)
	case PrecisionSchoolYear:
		_, err := ParseSchoolYear(value)
		ok = err == nil
	case PrecisionTerm:
		_, err := ParseTerm(value)
		ok = err == nil
	case PrecisionMonth:
		_, err := time.Parse("2006-01", value)
		ok = err == nil
	case PrecisionSpan:
		from, to, _ := strings.Cut(value, "/")
		_, err1 := ParseDay(from)
		_, err2 := ParseDay(to)
		ok = err1 == nil && err2 == nil && from < to
	case PrecisionDay:
		_, err := ParseDay(value)
		ok = err == nil
	}
	if !ok {
		return "", ErrBadOccurred.With("value", s)
	}
	return Occurred(s), nil
}

// OnDay returns the Occurred of one day.
func OnDay(d Day) Occurred { return Occurred("day:" + string(d)) }

// OverSpan returns the Occurred of the days from … to, both included; one day
// when they are equal.
func OverSpan(from, to Day) Occurred {
	if from == to {
		return OnDay(from)
	}
	return Occurred("span:" + string(from) + "/" + string(to))
}

// InTerm returns the Occurred of a term.
func InTerm(t Term) Occurred { return Occurred("term:" + t.String()) }

// Precision returns how much is known.
func (o Occurred) Precision() Precision {
	p, _, _ := strings.Cut(string(o), ":")
	return Precision(p)
}

// Value returns the part behind the colon.
func (o Occurred) Value() string {
	_, v, _ := strings.Cut(string(o), ":")
	return v
}

// Dated tells whether the day or days are known.
func (o Occurred) Dated() bool {
	return o.Precision() == PrecisionDay || o.Precision() == PrecisionSpan
}

// EndsBefore tells whether all of o certainly lies before all of p, by what is
// known without a district's calendar: a term or school year bounds nothing.
func (o Occurred) EndsBefore(p Occurred) bool {
	first, bounded := Calendar{}.Extent(o)
	second, also := Calendar{}.Extent(p)
	return bounded && also && first.Last < second.First
}

// A SchoolYear is two calendar years that follow one another: "2017-2018".
type SchoolYear string

// ParseSchoolYear reads "2017-2018".
func ParseSchoolYear(s string) (SchoolYear, error) {
	m := schoolYearForm.FindStringSubmatch(s)
	if m != nil {
		first, _ := strconv.Atoi(m[1])
		second, _ := strconv.Atoi(m[2])
		if second == first+1 {
			return SchoolYear(s), nil
		}
	}
	return "", ErrBadOccurred.With("schoolyear", s)
}

// SchoolYearFrom returns the school year that begins in the calendar year first.
func SchoolYearFrom(first int) SchoolYear {
	return SchoolYear(fmt.Sprintf("%04d-%04d", first, first+1))
}

// First returns the calendar year in which y begins.
func (y SchoolYear) First() int {
	first, _ := strconv.Atoi(string(y)[:4])
	return first
}

// A Term is the first (autumn) or second (spring) half of a school year.
type Term struct {
	Year   SchoolYear
	Number int // 1 or 2
}

// ParseTerm reads "2017-2018/2".
func ParseTerm(s string) (Term, error) {
	m := termForm.FindStringSubmatch(s)
	if m == nil {
		return Term{}, ErrBadTerm.With("term", s)
	}
	year, err := ParseSchoolYear(m[1])
	if err != nil {
		return Term{}, ErrBadTerm.With("term", s)
	}
	return Term{year, int(m[2][0] - '0')}, nil
}

// String returns "2017-2018/2".
func (t Term) String() string { return string(t.Year) + "/" + strconv.Itoa(t.Number) }

// Chinese returns "2017—2018学年第二学期".
func (t Term) Chinese() string {
	return strings.Replace(string(t.Year), "-", "—", 1) + "学年第" + [3]string{"", "一", "二"}[t.Number] + "学期"
}

// A Period is the days from First to Last, both included.
type Period struct {
	First Day `json:"from"`
	Last  Day `json:"to"`
}

// Contains tells whether q lies wholly inside p.
func (p Period) Contains(q Period) bool { return p.First <= q.First && q.Last <= p.Last }

// Overlaps tells whether p and q share a day.
func (p Period) Overlaps(q Period) bool { return p.First <= q.Last && q.First <= p.Last }

// A Year is one school year of a district's calendar.
type Year struct {
	SchoolYear SchoolYear `json:"school_year"`
	Period
	Terms   [2]Period `json:"terms"`   // first and second term
	Assumed bool      `json:"assumed"` // nobody published it; the usual dates are taken
}

// A Calendar is what a district has published, by school year.
type Calendar map[SchoolYear]Year

// AssumedYear returns the sample's school year: autumn from 1 September, spring
// from 1 March, until 31 August.
func AssumedYear(y SchoolYear) Year {
	first := y.First()
	day := func(year int, rest string) Day { return Day(fmt.Sprintf("%04d-%s", year, rest)) }
	spring := day(first+1, "03-01")
	return Year{
		SchoolYear: y,
		Period:     Period{day(first, "09-01"), day(first+1, "08-31")},
		Terms:      [2]Period{{day(first, "09-01"), spring.Add(-1)}, {spring, day(first+1, "08-31")}},
		Assumed:    true,
	}
}

// Window returns the days of a term; ok is false when the calendar lacks it.
func (c Calendar) Window(t Term) (p Period, assumed, ok bool) {
	y, ok := c[t.Year]
	if !ok {
		return Period{}, false, false
	}
	return y.Terms[t.Number-1], y.Assumed, true
}

// Extent returns the days within which o lies: for a day that day, for a term
// the term's days by this calendar. ok is false when nothing bounds it, or the
// calendar lacks the term or year.
func (c Calendar) Extent(o Occurred) (p Period, ok bool) {
	v := o.Value()
	switch o.Precision() {
	case PrecisionDay:
		return Period{Day(v), Day(v)}, true
	case PrecisionSpan:
		from, to, _ := strings.Cut(v, "/")
		return Period{Day(from), Day(to)}, true
	case PrecisionMonth:
		first := Day(v + "-01")
		t, err := time.Parse(time.DateOnly, string(first))
		if err != nil {
			return Period{}, false
		}
		return Period{first, Day(t.AddDate(0, 1, -1).Format(time.DateOnly))}, true
	case PrecisionTerm:
		t, err := ParseTerm(v)
		if err != nil {
			return Period{}, false
		}
		p, _, ok := c.Window(t)
		return p, ok
	case PrecisionSchoolYear:
		y, ok := c[SchoolYear(v)]
		return y.Period, ok
	case PrecisionYear:
		return Period{Day(v + "-01-01"), Day(v + "-12-31")}, true
	}
	return Period{}, false
}

// A Place says how a date lies to a term.
type Place string

// The places of a date. Only Inside counts.
const (
	Inside      Place = "inside"       // its whole extent lies in the term
	Overlapping Place = "overlapping"  // it may lie in the term; nobody said so
	Outside     Place = "outside"      // it certainly does not
	TermUnknown Place = "term-unknown" // nothing, or no calendar, says where it lies
)

// PlaceIn tells how o lies to the term t by this calendar. What is said to have
// happened in that very term needs no calendar to count.
func (c Calendar) PlaceIn(t Term, o Occurred) Place {
	switch o.Precision() {
	case PrecisionTerm:
		if o.Value() == t.String() {
			return Inside
		}
		return Outside
	case PrecisionSchoolYear:
		if o.Value() == string(t.Year) {
			return Overlapping
		}
		return Outside
	}
	extent, bounded := c.Extent(o)
	if !bounded {
		return TermUnknown
	}
	return c.PlaceOf(t, extent)
}

// PlaceOf tells how what took all the days of p lies to the term t by this
// calendar.
func (c Calendar) PlaceOf(t Term, p Period) Place {
	window, _, known := c.Window(t)
	switch {
	case !known:
		return TermUnknown
	case window.Contains(p):
		return Inside
	case window.Overlaps(p):
		return Overlapping
	}
	return Outside
}

// Touched returns the terms of this calendar in which o lies or may lie, in no
// order, and the term itself that o names. What may lie anywhere touches none.
func (c Calendar) Touched(o Occurred) []Term {
	if o.Precision() == PrecisionTerm {
		if t, err := ParseTerm(o.Value()); err == nil {
			return []Term{t}
		}
	}
	var out []Term
	for year := range c {
		for n := 1; n <= 2; n++ {
			t := Term{year, n}
			if place := c.PlaceIn(t, o); place == Inside || place == Overlapping {
				out = append(out, t)
			}
		}
	}
	return out
}
