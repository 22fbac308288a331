package county

import (
	"time"

	"twinledger/domain/calendar"
)

// A term is one term of the county's published calendar.
type term struct {
	calendar.Term
	calendar.Period
	index int // from 0
}

// year returns the school year y of the calendar: from 1 September, with a winter
// and a summer holiday.
func year(y calendar.SchoolYear) calendar.Year {
	out := calendar.AssumedYear(y)
	out.Assumed = false
	autumn, spring := out.Terms[0].First, out.Terms[1].First
	// The spring term begins near the Lantern Festival, a few days off from year to year.
	shift := y.First() % 5
	out.Terms = [2]calendar.Period{
		{First: autumn, Last: autumn.Add(138 + shift)},
		{First: spring.Add(-5 + shift), Last: spring.Add(122 + shift)},
	}
	return out
}

// terms returns the terms that are told of.
func (s Settings) terms() []term {
	var out []term
	of := s.From
	for i := range s.Terms {
		out = append(out, term{of, year(of.Year).Terms[of.Number-1], i})
		if of.Number++; of.Number > 2 {
			of = calendar.Term{Year: calendar.SchoolYearFrom(of.Year.First() + 1), Number: 1}
		}
	}
	return out
}

// schoolYear returns the days of the term's school year.
func (t term) schoolYear() calendar.Period { return year(t.Year).Period }

// occurred returns the term itself as a date.
func (t term) occurred() calendar.Occurred { return calendar.InTerm(t.Term) }

// days returns how many days the term has.
func (t term) days() int {
	first, _ := time.Parse(time.DateOnly, string(t.First))
	last, _ := time.Parse(time.DateOnly, string(t.Last))
	return int(last.Sub(first)/(24*time.Hour)) + 1
}

// dayBetween returns a working day of the term between two parts of a hundred of
// it.
func (w *world) dayBetween(from, to int) calendar.Day {
	n := w.term.days()
	return w.working(w.term.First.Add(w.between(n*from/100, (n-1)*to/100)))
}

// anyDay returns a working day of the term.
func (w *world) anyDay() calendar.Day { return w.dayBetween(2, 95) }

// later returns a working day of the term some days behind another one, but the
// term's last day where it would lie behind that.
func (w *world) later(day calendar.Day, low, high int) calendar.Day {
	return w.working(day.Add(w.between(low, high)))
}

// working returns the day, or the Monday behind it at a weekend, within the
// term. Of two days it leaves the earlier one the earlier.
func (w *world) working(day calendar.Day) calendar.Day {
	if t, err := time.Parse(time.DateOnly, string(day)); err == nil {
		switch t.Weekday() {
		case time.Saturday:
			day = day.Add(2)
		case time.Sunday:
			day = day.Add(1)
		}
	}
	return min(day, w.term.Last)
}

// told returns a day as somebody remembers it: mostly the day itself, else only
// its month, its term or its school year.
func (w *world) told(day calendar.Day) calendar.Occurred {
	switch n := w.below(100); {
	case n < 80:
		return calendar.OnDay(day)
	case n < 88:
		return calendar.Occurred("month:" + string(day[:7]))
	case n < 96:
		return w.term.occurred()
	case n < 98:
		return calendar.OverSpan(day, min(day.Add(1), w.term.Last))
	}
	return calendar.Occurred("schoolyear:" + string(w.term.Year))
}
