package calendar

import (
	"regexp"
	"slices"
	"strings"
	"time"

	"twinledger/domain/fault"
)

// Errors of the parsers of stored forms.
var (
	ErrNoSuchDay = fault.New(fault.Invalid, "calendar.no-such-day",
		"没有这一天；请核对日期，写作 2018-04-18。", "There is no such day; check the date and write it as 2018-04-18.")
	ErrBadOccurred = fault.New(fault.Invalid, "calendar.bad-occurred",
		"时间应写作 day:2018-04-18、days:2018-04-18,2018-04-25、span:2018-04-18/2018-04-20、month:2018-04、months:2018-09/2019-07、term:2017-2018/2、schoolyear:2017-2018、year:2015 或 unknown。",
		"Write the time as day:2018-04-18, days:2018-04-18,2018-04-25, span:2018-04-18/2018-04-20, month:2018-04, months:2018-09/2019-07, term:2017-2018/2, schoolyear:2017-2018, year:2015 or unknown.")
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
	PrecisionMonths     Precision = "months" // a span of months
	PrecisionMonth      Precision = "month"
	PrecisionSpan       Precision = "span" // a span of days
	PrecisionDays       Precision = "days" // several days, not a span
	PrecisionDay        Precision = "day"
)

var yearForm = regexp.MustCompile(`^\d{4}$`)

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
		ok = isMonth(value)
	case PrecisionMonths:
		from, to, _ := strings.Cut(value, "/")
		ok = isMonth(from) && isMonth(to) && from < to
	case PrecisionDays:
		ok = isAscendingDays(strings.Split(value, ","))
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

// MaxDays is the greatest number of days that the form days: holds.
const MaxDays = 100

func isMonth(s string) bool {
	_, err := time.Parse("2006-01", s)
	return err == nil
}

// isAscendingDays tells whether days are two or more existing days, each later
// than the one before it.
func isAscendingDays(days []string) bool {
	for i, day := range days {
		if _, err := ParseDay(day); err != nil || i > 0 && day <= days[i-1] {
			return false
		}
	}
	return len(days) >= 2 && len(days) <= MaxDays
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

// OnDays returns the Occurred of several days, in any order; [OnDay] when they
// are one day. ok is false when there are none or more than [MaxDays].
func OnDays(days ...Day) (o Occurred, ok bool) {
	different := slices.Compact(slices.Sorted(slices.Values(days)))
	switch {
	case len(different) == 0 || len(different) > MaxDays:
		return "", false
	case len(different) == 1:
		return OnDay(different[0]), true
	}
	var written []string
	for _, day := range different {
		written = append(written, string(day))
	}
	return Occurred("days:" + strings.Join(written, ",")), true
}

// InMonths returns the Occurred of the months from … to, both included and
// written 2006-01; one month when they are equal.
func InMonths(from, to string) Occurred {
	if from == to {
		return Occurred("month:" + from)
	}
	return Occurred("months:" + from + "/" + to)
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
	switch o.Precision() {
	case PrecisionDay, PrecisionSpan, PrecisionDays:
		return true
	}
	return false
}

// Days returns the days that o names one by one: the day of day:, the days of
// days:. It returns none for every other form, spans included.
func (o Occurred) Days() []Day {
	switch o.Precision() {
	case PrecisionDay, PrecisionDays:
	default:
		return nil
	}
	var out []Day
	for _, day := range strings.Split(o.Value(), ",") {
		out = append(out, Day(day))
	}
	return out
}

// Months returns the first and the last month, written 2006-01, of a month or a
// span of months. ok is false for every other form.
func (o Occurred) Months() (first, last string, ok bool) {
	switch o.Precision() {
	case PrecisionMonth:
		return o.Value(), o.Value(), true
	case PrecisionMonths:
		first, last, _ = strings.Cut(o.Value(), "/")
		return first, last, true
	}
	return "", "", false
}

// EndsBefore tells whether all of o certainly lies before all of p, by what is
// known without a district's calendar: a term or school year bounds nothing.
func (o Occurred) EndsBefore(p Occurred) bool {
	first, bounded := Calendar{}.Extent(o)
	second, also := Calendar{}.Extent(p)
	return bounded && also && first.Last < second.First
}
