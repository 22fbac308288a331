package review_test

import (
	"testing"

	"twinledger/domain/calendar"
	"twinledger/domain/pairing"
	"twinledger/domain/programme"
	"twinledger/domain/review"
)

// TestSupportingSchool: of a pair of a supporting and a supported school the first
// leads. Beside a leading school it neither leads nor is a member. While that is
// not the same on all days of the term, nothing is judged by guessing.
func TestSupportingSchool(t *testing.T) {
	type side struct {
		school string
		role   pairing.Role
		since  calendar.Occurred
	}
	tests := []struct {
		name      string
		sides     []side
		community review.Status // for the community
		members   int           // schools that are judged by themselves
	}{
		{"a pair", []side{{core, "supporting_school", "year:2015"}, {member, "supported_school", "year:2015"}}, review.Met, 1},
		{"a core and a member", []side{{core, pairing.Core, "year:2015"}, {member, pairing.Member, "year:2015"}}, review.Met, 1},
		{"beside the leading school", []side{{second, "lead_unit", "year:2015"}, {core, "supporting_school", "year:2015"}, {member, pairing.Member, "year:2015"}}, review.Short, 1},
		{"beside one that leads only later", []side{{second, "lead_unit", "day:2018-09-01"}, {core, "supporting_school", "year:2015"}, {member, pairing.Member, "year:2015"}}, review.Met, 1},
		{"beside one that leads after the lesson", []side{{second, "lead_unit", "day:2018-06-01"}, {core, "supporting_school", "year:2015"}, {member, pairing.Member, "year:2015"}}, review.Met, 2},
		{"beside one that leads before the lesson", []side{{second, "lead_unit", "day:2018-04-01"}, {core, "supporting_school", "year:2015"}, {member, pairing.Member, "year:2015"}}, review.Short, 2},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			in := input(lesson(10, times("5", "节")))
			in.Facts[0].Memberships = nil
			for _, s := range tt.sides {
				in.Facts[0].Memberships = append(in.Facts[0].Memberships,
					pairing.Membership{Side: pairing.Side{School: s.school, Role: s.role}, Basis: pairing.Founding, Since: s.since, Entry: id(1)})
			}
			in.Programme = plan(owed(2, towards(programme.CoreToMember)))
			results := review.Compute(in).Obligations[0].Results
			if len(results) != 1 || results[0].Status != tt.community {
				t.Errorf("for the community: %+v, want %s", results, tt.community)
			}
			in.Programme = plan(owed(2, towards(programme.CoreToMember), perMember))
			if judged := review.Compute(in).Obligations[0].Results; len(judged) != tt.members {
				t.Errorf("%d schools are judged, want %d: %+v", len(judged), tt.members, judged)
			}
		})
	}
}
