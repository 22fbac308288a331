package calendar

import (
	"fmt"
	"regexp"
	"strings"
	"time"
)

// A settledDate is a date of which the year is settled.
type settledDate struct {
	year, month, day int  // day 0: a month
	yearWritten      bool // the text says the year, here or before
}

func (d settledDate) Day() Day      { return Day(fmt.Sprintf("%04d-%02d-%02d", d.year, d.month, d.day)) }
func (d settledDate) Month() string { return monthOf(d.year, d.month) }

// before tells whether d lies before other, both being days or both months.
func (d settledDate) before(other settledDate) bool { return d.Day() < other.Day() }

// days reads days, months, spans of them and lists of them.
func (r *reader) days(s string) (Occurred, bool, error) {
	list, ok := rangesIn(s)
	if !ok {
		return "", false, nil
	}
	if len(list) > 1 {
		o, err := r.list(list)
		return o, err == nil, err
	}
	var o Occurred
	var err error
	if one := list[0]; one.to == nil {
		o, err = r.one(s, one.from)
	} else {
		var from, to settledDate
		if from, to, err = r.span(one, nil); err == nil {
			o = spanOf(from, to)
		}
	}
	return o, err == nil, err
}

func spanOf(from, to settledDate) Occurred {
	if from.day == 0 {
		return InMonths(from.Month(), to.Month())
	}
	return OverSpan(from.Day(), to.Day())
}

// one reads a single date; s is its text.
func (r *reader) one(s string, p part) (Occurred, error) {
	if p.alone != "" || p.cut {
		return "", ErrUnreadableDate
	}
	if o, ok, err := r.lostZero(s, p); ok || err != nil {
		return o, err
	}
	d, err := r.settle(p, nil)
	if err != nil {
		return "", err
	}
	o := spanOf(d, d)
	switch {
	case p.mixed:
		r.assume(MixedSigns, "")
	case p.monthFirst && d.day <= 12 && d.day != d.month:
		r.assume(MonthDayYear, swapped(d))
	case hyphenDay.MatchString(s) && d.month < d.day && d.day <= 12:
		r.assume(HyphenDay, InMonths(monthOf(d.year, d.month), monthOf(d.year, d.day)))
	}
	return o, nil
}

func swapped(d settledDate) Occurred {
	d.month, d.day = d.day, d.month
	return OnDay(d.Day())
}

var (
	pointOneMonth = regexp.MustCompile(`^(?:\d{4}|\d{2})\.1$`)
	pointDay      = regexp.MustCompile(`^\d{1,2}\.[123]$`)
	hyphenDay     = regexp.MustCompile(`^\d{1,2}-\d{1,2}$`)
)

// lostZero reads what a spreadsheet program may have taken for a number, so that a
// zero at its end is lost: 2018.1 may be January or October, 4.2 may be the second
// or the twentieth. The surroundings may leave only one of the months.
func (r *reader) lostZero(s string, p part) (Occurred, bool, error) {
	switch {
	case p.isMonth() && pointOneMonth.MatchString(s):
		year, err := r.fullYear(p.year, func(year int) bool { return r.around.holds(year, 1) || r.around.holds(year, 10) })
		if err != nil {
			return "", false, err
		}
		january, october := Occurred("month:"+monthOf(year, 1)), Occurred("month:"+monthOf(year, 10))
		switch first, tenth := r.around.holds(year, 1), r.around.holds(year, 10); {
		case first && !tenth:
			r.leaned = true
			return january, true, nil
		case tenth && !first:
			r.leaned = true
			return october, true, nil
		}
		r.assume(MonthPointOne, october)
		return january, true, nil
	case p.isDay() && p.year == "" && pointDay.MatchString(s):
		d, err := r.settle(p, nil)
		if err != nil {
			return "", false, err
		}
		tens := d
		tens.day *= 10
		if _, err := ParseDay(string(tens.Day())); err == nil {
			r.assume(DayPointOne, OnDay(tens.Day()))
		}
		return OnDay(d.Day()), true, nil
	}
	return "", false, nil
}

// settle gives a date its year and month, where it does not say them by the date
// before it or by the surroundings, and checks that it exists.
func (r *reader) settle(p part, before *settledDate) (settledDate, error) {
	d := settledDate{month: number(p.month), day: number(p.day), yearWritten: p.year != ""}
	switch {
	case p.month != "":
	case before != nil:
		d.month = before.month
	case r.around.Month != 0:
		d.month, r.leaned = r.around.Month, true
	default:
		return d, ErrNoMonth
	}
	if d.month < 1 || d.month > 12 {
		if p.isDay() {
			return d, ErrNoSuchDay.With("month", d.month)
		}
		return d, ErrUnreadableDate.With("month", d.month)
	}
	if err := r.settleYear(&d, p, before); err != nil {
		return d, err
	}
	if !p.isDay() {
		return d, nil
	}
	if _, err := ParseDay(string(d.Day())); err != nil {
		return d, err
	}
	if named := weekday(d.Day()); p.weekday != "" && p.weekday != named {
		return d, ErrUnreadableDate.With("weekday", named)
	}
	return d, nil
}

func (r *reader) settleYear(d *settledDate, p part, before *settledDate) (err error) {
	switch {
	case p.year != "":
		d.year, err = r.fullYear(p.year, func(year int) bool { return r.around.holds(year, d.month) })
		return err
	case p.next && before == nil:
		return ErrNoYear
	case p.next:
		d.year, d.yearWritten = before.year+1, true
		return nil
	case before != nil && (before.yearWritten || p.month == ""):
		d.year, d.yearWritten = before.year, before.yearWritten
		return nil
	}
	year, other, decided, known := r.around.yearOf(d.month)
	if !known {
		return ErrNoYear
	}
	d.year, r.leaned = year, true
	if !decided {
		instead := *d
		instead.year = other
		r.assume(YearOfTitle, existing(instead))
	}
	return nil
}

// existing returns the date d when it has a year and exists, else nothing.
func existing(d settledDate) Occurred {
	o := spanOf(d, d)
	if _, err := Parse(string(o)); d.year == 0 || err != nil {
		return ""
	}
	return o
}

// span settles the beginning and the end of a span; before is the date in front of
// it in a list.
func (r *reader) span(span dateRange, before *settledDate) (from, to settledDate, err error) {
	if from, err = r.settle(span.from, before); err != nil {
		return from, to, err
	}
	if to, err = r.settle(*span.to, &from); err != nil {
		return from, to, err
	}
	if span.monthsSupposed {
		r.assume(SpanOfMonths, "")
	}
	if span.from.mixed || span.to.mixed {
		r.assume(MixedSigns, "")
	}
	if r.passesNewYear(from, to) {
		to.year++
		r.assume(YearOfTitle, "")
	}
	if _, err := Parse(string(spanOf(to, to))); err != nil || to.before(from) {
		return from, to, ErrSpanBackwards
	}
	r.instead = "" // what it would be for one end is not what it would be for both
	return from, to, nil
}

// passesNewYear tells whether the later of two dates lies, by its month, in the
// year behind that of the earlier, and nothing but one calendar year of the
// surroundings says otherwise: 12月30日—1月2日 under 2018年.
func (r *reader) passesNewYear(from, to settledDate) bool {
	return to.before(from) && to.month < from.month && !to.yearWritten && r.around.SchoolYear == ""
}

// weekday returns 一 … 六 or 日 of a day that exists.
func weekday(d Day) string {
	t, err := time.Parse(time.DateOnly, string(d))
	if err != nil {
		return ""
	}
	return strings.Split("日一二三四五六", "")[int(t.Weekday())]
}
