package review_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"twinledger/domain/org"
	"twinledger/domain/programme"
	"twinledger/domain/review"
)

func nowhere(f *review.Fact) { f.Facts.Community = "" }

// TestWithoutACommunity: a record that names no community and lies between schools of
// this one may close a shortfall. One lesson from the core to a member is owed twice.
func TestWithoutACommunity(t *testing.T) {
	gap := []review.Reason{review.NoCommunity}
	tests := []struct {
		name   string
		of     review.Fact
		listed bool
		owed   int
		status review.Status
		why    []review.Reason
	}{
		{"between core and member", lesson(3, nowhere), true, 2, review.CannotJudge, gap},
		{"it would not suffice", lesson(3, nowhere), true, 3, review.Short, nil},
		{"nothing is short", lesson(3, nowhere), true, 1, review.Met, nil},
		{"several lessons", lesson(3, nowhere, times("2", "节")), true, 3, review.CannotJudge, gap},
		{"without a number", lesson(3, nowhere, times("", "节"), on("month:2018-04")), true, 3, review.CannotJudge, []review.Reason{review.NoCommunity, review.Unnumbered}},
		{"from the core to its members as a group", lesson(3, nowhere, to("members")), true, 2, review.CannotJudge, gap},
		{"a stranger beside the member", lesson(3, nowhere, to(stranger, member)), true, 2, review.CannotJudge, gap},
		{"undated", lesson(3, nowhere, on("unknown")), true, 2, review.CannotJudge, []review.Reason{review.NoCommunity, review.Undated}},
		{"of another kind", lesson(3, nowhere, kinds("demo_lesson")), true, 2, review.Short, nil},
		{"in the other direction", lesson(3, nowhere, from(member), to(core)), true, 2, review.Short, nil},
		{"to a stranger", lesson(3, nowhere, to(stranger)), false, 2, review.Short, nil},
		{"between strangers", lesson(3, nowhere, from(stranger), to()), false, 2, review.Short, nil},
		{"of the core alone", lesson(3, nowhere, to()), false, 2, review.Short, nil},
		{"of the core at itself", lesson(3, nowhere, to(core)), false, 2, review.Short, nil},
		{"of another term", lesson(3, nowhere, on("day:2017-11-02")), false, 2, review.Short, nil},
		{"ahead of the day", lesson(3, nowhere, on("day:2018-08-31")), false, 2, review.Due, nil},
		{"void", lesson(3, nowhere, changed(20, "voided")), false, 2, review.Short, nil},
		{"not taken place", lesson(3, nowhere, func(f *review.Fact) { f.NotTakenPlace = true }), false, 2, review.Short, nil},
		{"a pairing", fact(3, "pairing", nowhere), false, 2, review.Short, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			in := input(lesson(2))
			in.WithoutCommunity = []review.Fact{tt.of}
			if tt.status == review.Due {
				in.JudgedOn = "2018-08-30"
			}
			in.Programme = plan(owed(tt.owed, towards(programme.CoreToMember)))
			r := review.Compute(in)
			result := r.Obligations[0].Results[0]
			if result.Achieved != 1 || result.Status != tt.status || len(r.WithoutCommunity) == 1 != tt.listed || len(r.Unassigned) != 1 {
				t.Errorf("achieved %d, %s, listed %+v, unassigned %+v", result.Achieved, result.Status, r.WithoutCommunity, r.Unassigned)
			}
			if diff := cmp.Diff(append([]review.Reason{}, tt.why...), result.Because); diff != "" {
				t.Errorf("because (-want +got):\n%s", diff)
			}
			if len(r.Counts) != 1 || r.Counts[0].Total != "1" || len(entriesOf(r, "lesson")) != 1 {
				t.Errorf("it counts: %+v", r.Counts)
			}
		})
	}
}

// TestWithoutACommunityBetweenWhomThen: whose schools they are is asked of the day of
// the record, and a school that merged is its successor.
func TestWithoutACommunityBetweenWhomThen(t *testing.T) {
	in := input()
	in.WithoutCommunity = []review.Fact{lesson(3, nowhere, to(stranger))}
	in.Schools[stranger] = called("外校", org.Change{ID: id(60), Kind: org.ChangeMerged, On: "2018-04-01", Keys: []string{member}})
	if r := review.Compute(in); len(r.WithoutCommunity) != 1 {
		t.Errorf("a school that merged into a member: %+v", r.WithoutCommunity)
	}
	in.WithoutCommunity = []review.Fact{lesson(3, nowhere, to(stranger), on("day:2018-03-20"))}
	if r := review.Compute(in); len(r.WithoutCommunity) != 0 {
		t.Errorf("before it merged: %+v", r.WithoutCommunity)
	}
}
