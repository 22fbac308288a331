package communities_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"twinledger/domain/calendar"
	"twinledger/domain/lesson"
	"twinledger/domain/org"
	"twinledger/domain/pairing"
	"twinledger/domain/record"
	"twinledger/domain/review"
	"twinledger/projections/communities"
	"twinledger/projections/records"
)

func school(n int) said {
	return say(key("school", n), "", record.Reported[org.School]{Facts: org.School{District: district, Name: "学校"}})
}

// TestMembersAfterAMerger: a school that merged leaves the board on the day of the
// merger, and its successor is shown: as a member when the membership passed to it,
// else with the question whether it is one.
func TestMembersAfterAMerger(t *testing.T) {
	sides := func(n ...int) said {
		f := pairing.Facts{Basis: pairing.Founding, Facts: record.Facts{District: district, Community: key("community", 1), Kinds: []record.Kind{"pairing"}, Mode: record.ModeUnknown}}
		for i, school := range n {
			role := pairing.Member
			if i == 0 {
				role = pairing.Core
			}
			f.Sides = append(f.Sides, pairing.Side{School: key("school", school), Role: role})
		}
		return say(key("pairing", 1), "day:2015-09-01", record.Reported[pairing.Facts]{Facts: f})
	}
	merger := func(passes bool) said {
		return say(key("school", 2), "day:2018-02-10", org.Merged{Into: key("school", 3), Memberships: passes})
	}
	split := say(key("school", 2), "day:2018-02-10", org.Split{Into: []string{key("school", 3), key("school", 4)}})
	identified := say(key("school", 2), "", org.Identified[org.School]{As: key("school", 5)})
	type shown struct {
		School   string
		Question review.Question
		Valid    records.Validity
	}
	member := func(n int) shown { return shown{key("school", n), "", records.Certainly} }
	asks := func(n int, q review.Question) shown { return shown{key("school", n), q, records.Possibly} }
	tests := []struct {
		name  string
		given []said
		day   calendar.Day
		want  []shown
	}{
		{"the day before", []said{sides(1, 2), merger(true)}, "2018-02-09", []shown{member(1), member(2)}},
		{"the day of the merger", []said{sides(1, 2), merger(true)}, "2018-02-10", []shown{member(1), member(3)}},
		{"without the memberships", []said{sides(1, 2), merger(false)}, "2018-02-10", []shown{member(1), asks(3, review.SuccessorNotMember)}},
		{"without the memberships, the day before", []said{sides(1, 2), merger(false)}, "2018-02-09", []shown{member(1), member(2)}},
		{"into a member", []said{sides(1, 2, 3), merger(false)}, "2018-02-10", []shown{member(1), member(3)}},
		{"into a member, with the memberships", []said{sides(1, 2, 3), merger(true)}, "2018-02-10", []shown{member(1), member(3)}},
		{"of the school that leads", []said{sides(2, 1), merger(true)}, "2018-02-10", []shown{member(1), member(3)}},
		{"split", []said{sides(1, 2), split}, "2018-02-10", []shown{member(1), asks(3, review.NoneOfSplitMember), asks(4, review.NoneOfSplitMember)}},
		{"said to be another", []said{sides(1, 2), identified}, "2018-02-10", []shown{member(1), member(5)}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			given := append([]said{noted(1, "甲"), school(1), school(2), school(3), school(4), school(5)}, tt.given...)
			got, err := communities.Boards(t.Context(), reader(given), communities.Question{ValidAt: tt.day, JudgedOn: "2026-11-29"})
			if err != nil || len(got) != 1 {
				t.Fatalf("%d boards, %v", len(got), err)
			}
			var members []shown
			for _, m := range got[0].Members {
				members = append(members, shown{m.School, m.Question, m.Valid})
			}
			if diff := cmp.Diff(tt.want, members); diff != "" {
				t.Errorf("members (-want +got):\n%s", diff)
			}
		})
	}

	now := append([]said{noted(1, "甲"), school(1), school(2), school(3)}, sides(1, 2), merger(true))
	for day, until := range map[calendar.Day]calendar.Occurred{"2018-02-09": "", "2018-02-10": "day:2018-02-09"} {
		got, err := communities.Boards(t.Context(), reader(now), communities.Question{JudgedOn: day})
		if err != nil || got[0].Members[1].Until != until || got[0].Present() != 2 {
			t.Errorf("judged on %s: %+v, %d present, %v", day, got[0].Members, got[0].Present(), err)
		}
	}
}

// TestWhatLiesAhead: what is dated after the day is not counted with what took place.
func TestWhatLiesAhead(t *testing.T) {
	on := func(n int, when calendar.Occurred) said {
		return say(key("lesson", n), when, record.Reported[lesson.Facts]{Facts: facts(1, "2")})
	}
	given := []said{noted(1, "甲"), held(1, 1), on(1, "day:2018-04-18"), on(2, "day:2018-04-20"), on(3, "month:2018-04"), on(4, "month:2018-05"),
		on(5, "unknown"), on(6, "term:2017-2018/2"), on(7, "term:2018-2019/1"), on(8, "span:2018-04-19/2018-04-21")}
	for _, tt := range []struct {
		day           calendar.Day
		counts, ahead int
	}{{"2018-04-19", 5, 3}, {"2018-04-17", 3, 5}, {"2018-05-01", 7, 1}, {"2019-09-01", 8, 0}, {"", 8, 0}} {
		got, err := communities.Boards(t.Context(), reader(given), communities.Question{JudgedOn: tt.day})
		if err != nil || len(got) != 1 {
			t.Fatalf("%d boards, %v", len(got), err)
		}
		want := []communities.Total{{Kind: "lesson", Records: tt.counts, Occurrences: 2 * tt.counts}}
		if diff := cmp.Diff(want, got[0].Totals); diff != "" || got[0].NotTakenPlace != tt.ahead || got[0].Held != 1 {
			t.Errorf("judged on %s: %d ahead, %d held (-want +got):\n%s", tt.day, got[0].NotTakenPlace, got[0].Held, diff)
		}
	}
}
