// Package duty follows what somebody owes by a day: whether it is still owed,
// whether it is overdue, and how late it was done. None of this is stored; it
// follows from the day by which it is due, the steps taken, and the day of the
// question.
package duty

import (
	"slices"
	"time"

	"twinledger/domain/calendar"
	"twinledger/domain/record"
)

// Verbs names, by verb, the steps that change what is owed. The verb of the
// founding may be among them: a filing that is reported was filed.
type Verbs struct {
	Owed     []string // it is owed; as the first reported step it means that the report does not say that it was done
	Done     []string // it was done, as far as the one who owes it can say
	Again    []string // it is owed again, by the step's own due if it gives one
	Released []string // nothing more is owed
}

// Facts are those of a record of which something is owed.
type Facts interface {
	record.Owing
	Common() record.Facts
}

// A Round is one time that something was owed.
type Round struct {
	Due      calendar.Occurred // the last day; "" when none is known
	Done     calendar.Occurred // when it was done; "" while it is not
	Released bool              // it need not be done any more
}

// Rounds returns, in order, each time that something was owed in a standing
// record: reported steps come before those taken since. A record
// that does not stand owes nothing.
func (c Verbs) Rounds(facts Facts, p record.Progress) []Round {
	if p.Phase != record.Standing {
		return nil
	}
	first := Round{Due: facts.DueBy()}
	told := facts.Common().Course
	if slices.Contains(c.Done, p.Founded) && (len(told) == 0 || !slices.Contains(c.Owed, told[0].Verb)) {
		first.Done = known(p.Occurred)
	}
	rounds := []Round{first}
	for _, t := range told {
		rounds = c.follow(rounds, record.TakenStep{Verb: t.Verb, Occurred: t.Occurred, Step: t.Step})
	}
	for _, taken := range p.Steps {
		rounds = c.follow(rounds, taken)
	}
	return rounds
}

// follow returns the rounds after one more step.
func (c Verbs) follow(rounds []Round, t record.TakenStep) []Round {
	last := &rounds[len(rounds)-1]
	switch {
	case slices.Contains(c.Done, t.Verb):
		last.Done = known(t.Occurred)
	case slices.Contains(c.Released, t.Verb):
		last.Released = true
	case slices.Contains(c.Again, t.Verb):
		again := Round{Due: last.Due}
		if t.Step.Due != "" {
			again.Due = t.Step.Due
		}
		return append(rounds, again)
	}
	return rounds
}

// RoundsOn returns, of the rounds of a record, those that there were at the end of
// a day, as they stood then: what is certainly later than the day is left out of
// account. What is reported as done was owed before it was, if it had a day to be
// done by.
func (c Verbs) RoundsOn(facts Facts, p record.Progress, day calendar.Day) []Round {
	if later(p.Occurred, day) {
		if p.Phase == record.Standing && slices.Contains(c.Done, p.Founded) && facts.DueBy() != "" {
			return []Round{{Due: facts.DueBy()}}
		}
		return nil
	}
	p.Steps = slices.DeleteFunc(slices.Clone(p.Steps), func(t record.TakenStep) bool { return later(t.Occurred, day) })
	return c.Rounds(reportedUntil{facts, day}, p)
}

// reportedUntil are facts without the reported steps that are later than a day.
type reportedUntil struct {
	Facts
	day calendar.Day
}

// Common returns the facts with the earlier steps only.
func (t reportedUntil) Common() record.Facts {
	common := t.Facts.Common()
	common.Course = slices.DeleteFunc(slices.Clone(common.Course), func(s record.ReportedStep) bool { return later(s.Occurred, t.day) })
	return common
}

// Open tells whether it is still owed.
func (r Round) Open() bool { return r.Done == "" && !r.Released }

// OverdueOn tells whether on a day it is still owed though it was due before:
// the day that it is due by is its last good one.
func (r Round) OverdueOn(day calendar.Day) bool {
	due, known := (calendar.Calendar{}).Extent(r.Due)
	return r.Open() && known && day > due.Last
}

// LateBy returns by how many days it was certainly done after the day it was
// due; 0 when it was in time, when that is not known, and while it is not done.
func (r Round) LateBy() int {
	due, dueKnown := (calendar.Calendar{}).Extent(r.Due)
	done, doneKnown := (calendar.Calendar{}).Extent(r.Done)
	if !dueKnown || !doneKnown || done.First <= due.Last {
		return 0
	}
	return int(done.First.End().Sub(due.Last.End()) / (24 * time.Hour))
}

// known returns a date that is not empty: what was done nobody knows when was
// done.
func known(o calendar.Occurred) calendar.Occurred {
	if o == "" {
		return calendar.Unknown
	}
	return o
}

// later tells whether all of o lies after a day.
func later(o calendar.Occurred, day calendar.Day) bool {
	extent, known := (calendar.Calendar{}).Extent(o)
	return known && extent.First > day
}
