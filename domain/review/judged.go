package review

import (
	"slices"

	"twinledger/domain/calendar"
	"twinledger/domain/org"
)

// A timing tells how a record lies to the day that a review is judged on. It is the
// only way in which a review knows what day it is.
type timing int

const (
	past         timing = iota // it has taken place, or nothing says that it has not
	reaching                   // it has taken place, and its dates reach beyond the day
	perhapsAhead               // nobody can tell whether it lies before or after the day
	ahead                      // all of it lies after the day: it has not taken place
)

// PlacePerhapsAhead is the place of an [UnplacedRecord] that lies in the term, and of
// which nobody can tell whether it lies before or after the day judged on.
const PlacePerhapsAhead calendar.Place = "perhaps-ahead"

// timingOn returns how a record lies to a day, by what is certain. What begins after
// the day lies ahead. What takes several days has taken place once its first day has
// come. What is only known to a month, term or year that the day does not end was said
// to have taken place when it was recorded: it has, when that was by the day; when it
// was recorded later, nobody can tell. A document has taken place when it was filed,
// whatever period it is about.
func (f Fact) timingOn(day calendar.Day, c calendar.Calendar) timing {
	began, over := Began(f.Start, f.Occurred), f.End
	if !known(f.Start) {
		over = f.Occurred
	}
	if !known(began) {
		return past
	}
	first := c.Bounds(began)
	hasBegun := first.Last <= day || began.Dated() || f.saidOn() <= day
	switch {
	case first.First > day:
		return ahead
	case !hasBegun:
		return perhapsAhead
	case first.Last > day, known(over) && c.Bounds(over).Last > day:
		return reaching
	}
	return past
}

// Began returns when what a record tells of began to take place: on its first day,
// where it has one, else when it occurred.
func Began(start, occurred calendar.Occurred) calendar.Occurred {
	if known(start) {
		return start
	}
	return occurred
}

// saidOn returns the day on which what the record says was recorded: that of its last
// correction, else that of its first event.
func (f Fact) saidOn() calendar.Day {
	if n := len(f.Amendments); n > 0 {
		return calendar.DayOf(f.Amendments[n-1].Recorded.Time)
	}
	return calendar.DayOf(f.Trace[0].Recorded.Time)
}

// timing returns how a record lies to the day judged on.
func (c *computation) timing(f Fact) timing { return f.timingOn(c.in.JudgedOn, c.in.Calendar) }

// notTakenPlace lists the community's records of what has not taken place, where that
// was to be in the term or nobody says when: what was only applied for, planned or
// due, and what is dated after the day judged on.
func (c *computation) notTakenPlace() []NotTakenPlaceEntry {
	var out []NotTakenPlaceEntry
	for _, f := range c.in.Facts {
		when := f.Standing()
		switch {
		case !f.NotTakenPlace:
		case known(f.Due):
			when = Standing{Occurred: f.Due}
		case known(f.Planned):
			when = Standing{Occurred: f.Planned}
		}
		isAhead := !f.NotTakenPlace && c.timing(f) == ahead
		if (f.NotTakenPlace || isAhead) && !f.Void && when.PlaceIn(c.in.Calendar, c.in.Term) != calendar.Outside {
			out = append(out, NotTakenPlaceEntry{c.entry(f), f.Kind, f.Stage, f.Due, isAhead})
		}
	}
	return out
}

// schoolsOn returns the schools over time, without the changes that lie after a day:
// these have not happened.
func schoolsOn(day calendar.Day, schools map[string]School) org.SchoolsByKey {
	roll := org.SchoolsByKey{}
	for key, s := range schools {
		state := s.SchoolState
		state.Changes = slices.DeleteFunc(slices.Clone(state.Changes), func(change org.Change) bool { return change.On > day })
		roll[key] = state
	}
	return roll
}
