package calendar

import "fmt"

// lastDay stands for an end that nothing bounds.
const lastDay Day = "9999-12-31"

// After reports whether all of o certainly lies after the day, by whatever calendar:
// what o dates has then not taken place on that day. A day, a span and a month say so
// themselves; a term or school year does when even its earliest possible day lies
// after. A date that is not known never does.
func (o Occurred) After(day Day) bool { return o.Widest().First > day }

// Widest returns the days within which o lies by any calendar; First is "" when
// nothing bounds its beginning. A school year begins after June and is over by the end
// of the next August; its first term is over by the end of March, and its second does
// not begin before January.
func (o Occurred) Widest() Period {
	if p, ok := (Calendar{}).Extent(o); ok {
		return p
	}
	switch o.Precision() {
	case PrecisionTerm:
		t, err := ParseTerm(o.Value())
		switch {
		case err != nil:
		case t.Number == 1:
			return Period{dayIn(t.Year.First(), "07-01"), dayIn(t.Year.First()+1, "03-31")}
		default:
			return Period{dayIn(t.Year.First()+1, "01-01"), dayIn(t.Year.First()+1, "08-31")}
		}
	case PrecisionSchoolYear:
		if y, err := ParseSchoolYear(o.Value()); err == nil {
			return Period{dayIn(y.First(), "07-01"), dayIn(y.First()+1, "08-31")}
		}
	}
	return Period{Last: lastDay}
}

func dayIn(year int, rest string) Day { return Day(fmt.Sprintf("%04d-%s", year, rest)) }

// Bounds returns the days within which o lies: by this calendar where it says so, else
// by any calendar.
func (c Calendar) Bounds(o Occurred) Period {
	if p, ok := c.Extent(o); ok {
		return p
	}
	return o.Widest()
}
