package review

import "twinledger/domain/calendar"

// A Standing is where a record stands: in which community and when.
type Standing struct {
	Community string            `json:"community"`
	Occurred  calendar.Occurred `json:"occurred"`
	Start     calendar.Occurred `json:"start,omitempty"` // of an exchange
	End       calendar.Occurred `json:"end,omitempty"`
}

// The first and the last day of what nothing bounds.
const (
	firstDay calendar.Day = "0001-01-01"
	lastDay  calendar.Day = "9999-12-31"
)

// Standing returns where the record stands now.
// A document counts in the period that it is about, whenever it was filed.
func (f Fact) Standing() Standing {
	when := f.Occurred
	if known(f.About) {
		when = f.About
	}
	return Standing{f.Facts.Community, when, f.Start, f.End}
}

// PlaceIn tells how the record lies to a term. An exchange of which start or end
// is known lies there with its whole extent, and without a known end it may go on
// for ever; any other record lies where it occurred.
func (s Standing) PlaceIn(c calendar.Calendar, t calendar.Term) calendar.Place {
	if o, one := s.one(); one {
		return c.PlaceIn(t, o)
	}
	extent, bounded := s.extent(c)
	if !bounded {
		return calendar.TermUnknown
	}
	return c.PlaceOf(t, extent)
}

// certainlyIn tells whether the record certainly went on on a day of the term,
// whatever lies beyond it. One of which only one end is known went on then.
func (s Standing) certainlyIn(c calendar.Calendar, t calendar.Term) bool {
	window, _, dated := c.Window(t)
	if !dated {
		return false
	}
	place, several := c.PlaceIn(t, s.Occurred), s.Occurred.Precision() == calendar.PrecisionDays
	if known(s.Occurred) && (place == calendar.Inside || several && place == calendar.Overlapping) {
		return true // of several days that overlap a term, one lies in it
	}
	start, started := c.Extent(s.Start)
	end, ended := c.Extent(s.End)
	switch {
	case started && ended:
		sure := calendar.Period{First: start.Last, Last: end.First}
		return sure.First <= sure.Last && window.Overlaps(sure)
	case started:
		return window.Contains(start)
	}
	return ended && window.Contains(end)
}

// Terms returns the terms in which the record lies or may lie by the calendar, in
// no order.
func (s Standing) Terms(c calendar.Calendar) []calendar.Term {
	if o, one := s.one(); one {
		return c.Touched(o)
	}
	var out []calendar.Term
	for year := range c {
		for n := 1; n <= 2; n++ {
			t := calendar.Term{Year: year, Number: n}
			if place := s.PlaceIn(c, t); place == calendar.Inside || place == calendar.Overlapping {
				out = append(out, t)
			}
		}
	}
	return out
}

// one returns the one date that says when the record took place, where one does.
func (s Standing) one() (calendar.Occurred, bool) {
	switch {
	case !known(s.Start) && !known(s.End):
		return s.Occurred, true
	case s.Start == s.End:
		return s.Start, true
	}
	return "", false
}

func known(o calendar.Occurred) bool { return o != "" && o != calendar.Unknown }

// extent returns the days from the earliest start to the latest end. ok is false
// when nothing bounds them, or the calendar lacks what would.
func (s Standing) extent(c calendar.Calendar) (p calendar.Period, ok bool) {
	if o, one := s.one(); one {
		return c.Extent(o)
	}
	p, ok = calendar.Period{First: firstDay, Last: lastDay}, true
	if known(s.Start) {
		var start calendar.Period
		start, ok = c.Extent(s.Start)
		p.First = start.First
	} else if occurred, bounded := c.Extent(s.Occurred); bounded {
		p.First = occurred.First
	}
	if known(s.End) {
		end, bounded := c.Extent(s.End)
		p.Last, ok = end.Last, ok && bounded
	} else if occurred, bounded := c.Extent(s.Occurred); bounded && !s.Occurred.Dated() {
		p.Last = max(p.First, occurred.Last) // somebody said that it lay in that term or month
	}
	p.First = min(p.First, p.Last)
	return p, ok
}

// dated tells whether a day is known on which the record certainly took place.
func (s Standing) dated() bool {
	return s.Occurred.Dated() || s.Start.Precision() == calendar.PrecisionDay
}
