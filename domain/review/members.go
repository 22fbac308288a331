package review

import (
	"slices"

	"twinledger/domain/calendar"
	"twinledger/domain/org"
	"twinledger/domain/pairing"
)

// A MemberOverTime is a school's time in a community. A school that carries on for a
// member that ceased, while nobody said that it took over the membership, has a
// question.
type MemberOverTime struct {
	pairing.Membership
	Question Question
}

// MembersOverTime returns the times of all schools in the community of the pairings, in
// their order, with what happened to schools until a day: the time of a school that
// merged ends with it, and its successor's begins.
func MembersOverTime(pairings []Fact, schools org.SchoolsByKey, c calendar.Calendar, until calendar.Day) []MemberOverTime {
	r := timesOf(Input{Facts: pairings, Calendar: c, JudgedOn: lastDay}, schools, until)
	var out []MemberOverTime
	for _, m := range r.times {
		out = append(out, MemberOverTime{m.Membership, ""})
	}
	for _, m := range r.times {
		for _, open := range r.successors(m) {
			if !slices.ContainsFunc(out, func(o MemberOverTime) bool { return o.School == open.School && o.Question != "" }) {
				out = append(out, open)
			}
		}
	}
	return out
}

// successors returns the schools that carry on for a member whose time ended with it,
// where none of them is known to be a member.
func (r roles) successors(m membership) []MemberOverTime {
	change, ceased := r.schools.Ceased(m.School)
	if !ceased || change.On > r.end || m.Until != calendar.OnDay(change.On.Add(-1)) {
		return nil
	}
	question := r.openAfter(m.School, change)
	if question == "" {
		return nil
	}
	var out []MemberOverTime
	for _, carrier := range r.schools.CarriersOn(m.School, change.On) {
		side := m.Side
		side.School = carrier
		out = append(out, MemberOverTime{pairing.Membership{Side: side, Basis: pairing.Founding, Since: calendar.OnDay(change.On), Entry: m.Entry}, question})
	}
	return out
}

// openAfter returns what a merger or split of a member leaves open: nothing when one
// of the schools that carry on is a member.
func (r roles) openAfter(school string, change org.Change) Question {
	day := calendar.Period{First: change.On, Last: change.On}
	for _, carrier := range r.schools.CarriersOn(school, change.On) {
		if which := r.at(carrier, day); which == leading || which == following {
			return ""
		}
	}
	if change.Kind == org.ChangeSplit {
		return NoneOfSplitMember
	}
	return SuccessorNotMember
}
