package communities

import (
	"cmp"
	"context"
	"slices"

	"twinledger/domain/calendar"
	"twinledger/domain/org"
	"twinledger/domain/pairing"
	"twinledger/domain/review"
	"twinledger/projections"
	"twinledger/projections/records"
	"twinledger/projections/registers"
)

// A Member is one school's time in a community. The time of a school that merged ends
// with it. Its successor is a member when the merger says so, and else stands here with
// the question whether it is.
type Member struct {
	pairing.Membership
	Question review.Question  `json:"question,omitempty"`
	Valid    records.Validity `json:"valid,omitempty"` // on the day asked for; "" when none was
}

// Present returns how many schools certainly belong to the community: on the day asked
// for, else now.
func (b Board) Present() int {
	n := 0
	for _, m := range b.Members {
		if m.Question == "" && (m.Valid != "" || m.Until == "") {
			n++
		}
	}
	return n
}

// A districtOver is what the members of its communities are told by.
type districtOver struct {
	calendar calendar.Calendar
	schools  org.SchoolsByKey // those that ceased or are said to be another one
}

// lastDay stands for no day at all: everything that is said has happened by then.
const lastDay calendar.Day = "9999-12-31"

// addMembers adds the members of the boards' communities, with what happened to schools
// until the day that is asked for: the day of q.ValidAt, else the one judged on.
func addMembers(ctx context.Context, reader registers.Reader, q Question, recorded projections.Query, boards map[string]*Board, stands func(string) string) error {
	recorded.Kind = "pairing"
	rows, err := reader.Rows.Select(ctx, recorded)
	if err != nil {
		return err
	}
	pairings := map[string][]review.Fact{} // by community
	for _, row := range rows {
		key := stands(row.Facts.Community)
		pairings[key] = append(pairings[key], row.Fact())
	}
	districts := map[string]districtOver{}
	for key, b := range boards {
		over, read := districts[b.District]
		if !read && len(pairings[key]) > 0 {
			if over, err = overDistrict(ctx, reader, b.District, q.AsOf); err != nil {
				return err
			}
			districts[b.District] = over
		}
		b.takeMembers(pairings[key], over, q)
	}
	return nil
}

// overDistrict reads a district's calendar, and those of its schools that ceased or are
// said to be another one.
func overDistrict(ctx context.Context, reader registers.Reader, district string, asOf uint64) (districtOver, error) {
	known, err := reader.Calendar(ctx, district, asOf)
	over := districtOver{known, org.SchoolsByKey{}}
	for _, which := range []projections.Condition{
		projections.NotMore(records.ByLast, records.Number(lastDay)-1), projections.Has(records.ByMarks, records.MarkIdentified),
	} {
		rows, selectErr := reader.Rows.Select(ctx, projections.Query{AsOf: asOf, Kind: "school", Where: []projections.Condition{
			projections.Is(records.ByDistrict, district), projections.Has(records.ByMarks, records.MarkStanding), which}})
		err = cmp.Or(err, selectErr)
		for _, row := range rows {
			over.schools[row.Key] = org.SchoolState{State: records.StateOf[org.School](row)}
		}
	}
	return over, err
}

// takeMembers adds the members of the board's pairings, of the day that is asked for
// where one is.
func (b *Board) takeMembers(pairings []review.Fact, over districtOver, q Question) {
	until := cmp.Or(q.ValidAt, q.JudgedOn, lastDay)
	for _, m := range review.MembersOverTime(pairings, over.schools, over.calendar, until) {
		member := Member{Membership: m.Membership, Question: m.Question}
		if q.ValidAt != "" {
			member.Valid = validOn(m.Membership, q.ValidAt, over.calendar)
			if member.Valid == records.Certainly && m.Question != "" {
				member.Valid = records.Possibly
			}
		}
		b.Members = append(b.Members, member)
	}
	b.Members = slices.DeleteFunc(b.Members, func(m Member) bool { return m.Valid == records.No })
}

// validOn tells whether a school was a member on a day. A roster says so of its
// own time, and leaves every other open until the school left.
func validOn(m pairing.Membership, day calendar.Day, known calendar.Calendar) records.Validity {
	if m.Basis != pairing.Roster {
		return records.Row{From: m.Since, Until: m.Until}.ValidOn(day, known)
	}
	if seen, ok := known.Extent(m.Since); ok && seen.First <= day && day <= seen.Last {
		return records.Certainly
	}
	if (records.Row{From: calendar.Unknown, Until: m.Until}).ValidOn(day, known) == records.No {
		return records.No
	}
	return records.Possibly
}
