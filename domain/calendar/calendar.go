// Package calendar holds time as the plans and the schools speak of it: days,
// terms, school years, and dates that are known only so far.
//
// An [Occurred] never says more than its source said. What a term or a school
// year means in days is the district's own published calendar; without one, a
// day belongs to no known term.
package calendar

import (
	"fmt"
	"strings"
	"time"
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

// Extent returns the days within which o lies: for a day that day, for several
// days those from the first to the last, for a term the term's days by this
// calendar. ok is false when nothing bounds it, or the
// calendar lacks the term or year.
func (c Calendar) Extent(o Occurred) (p Period, ok bool) {
	v := o.Value()
	switch o.Precision() {
	case PrecisionDay:
		return Period{Day(v), Day(v)}, true
	case PrecisionSpan:
		from, to, _ := strings.Cut(v, "/")
		return Period{Day(from), Day(to)}, true
	case PrecisionDays:
		days := o.Days()
		return Period{days[0], days[len(days)-1]}, true
	case PrecisionMonth, PrecisionMonths:
		first, last, _ := o.Months()
		end, err := time.Parse("2006-01", last)
		if err != nil {
			return Period{}, false
		}
		return Period{Day(first + "-01"), Day(end.AddDate(0, 1, -1).Format(time.DateOnly))}, true
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
	case PrecisionDays:
		return c.placeOfDays(t, o.Days())
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

// placeOfDays tells how several days lie to the term t by this calendar. Days
// of which none lies in the term are outside it, even where the first lies before
// the term and the last behind it.
func (c Calendar) placeOfDays(t Term, days []Day) Place {
	place := TermUnknown
	for i, day := range days {
		switch one := c.PlaceOf(t, Period{day, day}); {
		case i == 0:
			place = one
		case one != place:
			return Overlapping
		}
	}
	return place
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
