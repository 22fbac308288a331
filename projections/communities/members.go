package communities

import (
	"cmp"
	"context"
	"slices"

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
	districts := reader.Districts(q.AsOf)
	for key, b := range boards {
		if len(pairings[key]) == 0 {
			continue
		}
		district, err := districts.Of(ctx, b.District)
		if err != nil {
			return err
		}
		b.takeMembers(pairings[key], district, q)
	}
	return nil
}

// takeMembers adds the members of the board's pairings, of the day that is asked for
// where one is.
func (b *Board) takeMembers(pairings []review.Fact, in registers.District, q Question) {
	until := cmp.Or(q.ValidAt, q.JudgedOn, registers.LastDay)
	for _, m := range review.MembersOverTime(pairings, in.Ceased, in.Calendar, until) {
		member := Member{Membership: m.Membership, Question: m.Question}
		if q.ValidAt != "" {
			member.Valid = registers.MemberOn(m.Membership, q.ValidAt, in.Calendar)
			if member.Valid == records.Certainly && m.Question != "" {
				member.Valid = records.Possibly
			}
		}
		b.Members = append(b.Members, member)
	}
	b.Members = slices.DeleteFunc(b.Members, func(m Member) bool { return m.Valid == records.No })
}
