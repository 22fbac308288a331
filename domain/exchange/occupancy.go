package exchange

import (
	"slices"

	"twinledger/domain/calendar"
)

// A postedPeriod is a stretch of a posting without interruption. Days "" are open.
type postedPeriod struct {
	certain  calendar.Period // days that it certainly takes
	known    bool            // whether there are any
	possible calendar.Period // days outside of which it takes none
}

// between returns the period that begins on a day of start and ends on one of end,
// the last day included, by a calendar. What is unbounded is open.
func between(c calendar.Calendar, start, end calendar.Occurred) postedPeriod {
	first, startKnown := c.Extent(start)
	last, endKnown := c.Extent(end)
	s := postedPeriod{certain: calendar.Period{First: first.Last, Last: last.First}}
	if startKnown {
		s.possible.First = first.First
	}
	if endKnown {
		s.possible.Last = last.Last
	}
	oneDay := startKnown && first.First == first.Last
	if oneDay && (!endKnown || s.certain.Last < s.certain.First) {
		s.certain.Last = first.First // it took its first day at least
	}
	s.known = startKnown && (endKnown || oneDay) && s.certain.First <= s.certain.Last
	return s
}

// postedPeriods returns the periods in which a posting took or takes place; none for
// one that did not begin. What is reported of a time without its first and last
// day lies within that time.
func (s State) postedPeriods(c calendar.Calendar) []postedPeriod {
	start, end := s.Facts.Start, s.Facts.End
	switch s.Phase {
	case StageReported:
		if start == calendar.Unknown && end == calendar.Unknown {
			within, _ := c.Extent(s.Occurred)
			return []postedPeriod{{possible: within}}
		}
		return []postedPeriod{between(c, start, end)}
	case StageStarted, StageInterrupted, StageCompleted:
	default:
		return nil
	}
	var out []postedPeriod
	away := false
	for _, t := range s.Record.Steps {
		switch t.Verb {
		case "interrupted":
			if before := dayBefore(t.Occurred); certainlyIn(start, before) {
				out = append(out, between(c, start, before))
			}
			away = true
		case "resumed":
			start, away = t.Occurred, false
		}
	}
	if !away {
		out = append(out, between(c, start, end))
	}
	return out
}

// dayBefore returns the last day before an interruption.
func dayBefore(o calendar.Occurred) calendar.Occurred {
	return calendar.OnDay(calendar.Day(o.Value()).Add(-1))
}

// certainlyIn tells whether a period from start to end, a day, takes any day.
func certainlyIn(start, end calendar.Occurred) bool {
	return calendar.Day(start.Value()) <= calendar.Day(end.Value())
}

// occupiedDays returns the days that the posting certainly takes of its people's whole
// time, as far as it is followed as it happens: those that must be claimed.
func (s State) occupiedDays() []calendar.Period {
	if s.Phase == StageReported || s.Facts.Share() != Full {
		return nil
	}
	var out []calendar.Period
	for _, stay := range s.postedPeriods(nil) {
		if stay.known {
			out = append(out, stay.certain)
		}
	}
	return out
}

// Served returns on how many days, weekends included, the posting certainly took
// place until asOf, that day included; "" means to its end. exact is false when
// it may have been more: days are not known, or it has not ended.
func (s State) Served(asOf calendar.Day) (days int, exact bool) {
	stays := s.postedPeriods(nil)
	exact = len(stays) > 0 && (s.Phase != StageStarted || asOf != "")
	for _, stay := range stays {
		served := stay.certain
		cut := asOf != "" && asOf < served.Last
		if cut {
			served.Last = asOf
		}
		exact = exact && stay.known && stay.possible.First == stay.certain.First && (cut || stay.possible.Last == stay.certain.Last)
		for day := served.First; stay.known && day <= served.Last; day = day.Add(1) {
			days++
		}
	}
	return days, exact
}

// A Posting is one exchange of a person.
type Posting struct {
	Exchange string // key
	State    State
}

// An Overlap says that two postings of one person take, or may take, the same
// days of the person's whole time.
type Overlap struct {
	Exchanges [2]string       // keys, in the order given
	Certain   bool            // both certainly take all of Days in full
	Days      calendar.Period // the first days in question; "" where they are open
}

// Overlaps lists which of one person's postings overlap or may overlap, reported
// ones included, by the district's calendar: for each two at most one, the
// certain before the possible. Postings that are void or did not begin, and those
// that leave time for another, overlap with none.
func Overlaps(c calendar.Calendar, postings []Posting) []Overlap {
	var out []Overlap
	for i, a := range postings {
		for _, b := range postings[i+1:] {
			if days, certain, any := overlap(c, a.State, b.State); any {
				out = append(out, Overlap{[2]string{a.Exchange, b.Exchange}, certain, days})
			}
		}
	}
	return out
}

func overlap(c calendar.Calendar, a, b State) (days calendar.Period, certain, any bool) {
	if a.Facts.Share() == Part || b.Facts.Share() == Part {
		return calendar.Period{}, false, false
	}
	full := a.Facts.Share() == Full && b.Facts.Share() == Full
	for _, x := range a.postedPeriods(c) {
		for _, y := range b.postedPeriods(c) {
			if full && x.known && y.known && x.certain.Overlaps(y.certain) {
				return shared(x.certain, y.certain), true, true
			}
			if both := shared(x.possible, y.possible); !any && (both.First == "" || both.Last == "" || both.First <= both.Last) {
				days, any = both, true
			}
		}
	}
	return days, false, any
}

// shared returns the days that both hold; "" is open.
func shared(a, b calendar.Period) calendar.Period {
	out := calendar.Period{First: max(a.First, b.First), Last: b.Last}
	if a.Last != "" && (b.Last == "" || a.Last < b.Last) {
		out.Last = a.Last
	}
	return out
}

// meet returns the first days that two lists of days share.
func meet(a, b []calendar.Period) (calendar.Period, bool) {
	for _, x := range a {
		for _, y := range b {
			if x.Overlaps(y) {
				return shared(x, y), true
			}
		}
	}
	return calendar.Period{}, false
}

// covers tells whether every one of the days lies within one of those held.
func covers(held, days []calendar.Period) bool {
	for _, d := range days {
		if !slices.ContainsFunc(held, func(h calendar.Period) bool { return h.Contains(d) }) {
			return false
		}
	}
	return true
}
