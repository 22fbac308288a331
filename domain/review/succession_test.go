package review_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"twinledger/domain/calendar"
	"twinledger/domain/org"
	"twinledger/domain/pairing"
	"twinledger/domain/programme"
	"twinledger/domain/review"
)

// withSchoolChanges returns the input with things that happened to the member.
func withSchoolChanges(in review.Input, changes ...org.Change) review.Input {
	in.Schools[member] = called("郝家也中心小学", changes...)
	return in
}

func mergedOn(day calendar.Day, into string) org.Change {
	return org.Change{ID: id(300), Kind: org.ChangeMerged, On: day, Keys: []string{into}}
}

func takingOver(t org.Change) org.Change {
	t.Memberships = true
	return t
}

func splitOn(day calendar.Day, into ...string) org.Change {
	return org.Change{ID: id(301), Kind: org.ChangeSplit, On: day, Keys: into}
}

// TestWhoStoodWhere looks at one lesson by the core at the member on 18 April:
// for the community in the direction from the core to its members, and for each
// member.
func TestWhoStoodWhere(t *testing.T) {
	type verdict struct {
		School   string
		Achieved int
		Status   review.Status
	}
	whole, eachSchool := owed(1, towards(programme.CoreToMember)), owed(1, perMember)
	const first, other = "郝家也中心小学", "双庙中心小学"
	tests := []struct {
		name     string
		changes  []org.Change
		record   []func(*review.Fact)
		want     []verdict // the community's, then the members'
		question review.Question
	}{
		{"nothing happened", nil, nil, []verdict{{"", 1, review.Met}, {other, 0, review.Short}, {first, 1, review.Met}}, ""},
		{"merged into the other member before", []org.Change{mergedOn("2018-02-10", second)}, nil, []verdict{{"", 1, review.Met}, {other, 1, review.Met}}, ""},
		{"merged into a stranger before", []org.Change{mergedOn("2018-02-10", stranger)}, nil,
			[]verdict{{"", 0, review.CannotJudge}, {other, 0, review.Short}}, review.SuccessorNotMember},
		{"merged into a stranger who takes its place", []org.Change{takingOver(mergedOn("2018-02-10", stranger))}, nil,
			[]verdict{{"", 1, review.Met}, {other, 0, review.Short}, {"外校", 1, review.Met}}, ""},
		{"merged into the core, which keeps its part", []org.Change{takingOver(mergedOn("2018-02-10", core))}, nil,
			[]verdict{{"", 0, review.Short}, {other, 0, review.Short}}, ""},
		{"split into strangers before", []org.Change{splitOn("2018-02-10", stranger, "school-5")}, nil,
			[]verdict{{"", 0, review.CannotJudge}, {other, 0, review.Short}}, review.NoneOfSplitMember},
		{"split into a member and a stranger before", []org.Change{splitOn("2018-02-10", second, stranger)}, nil,
			[]verdict{{"", 0, review.CannotJudge}, {other, 0, review.CannotJudge}}, ""},
		{"merged on the very day", []org.Change{mergedOn("2018-04-18", second)}, nil, []verdict{{"", 1, review.Met}, {other, 1, review.Met}, {first, 0, review.CannotJudge}}, ""},
		{"merged the day after", []org.Change{mergedOn("2018-04-19", second)}, nil, []verdict{{"", 1, review.Met}, {other, 0, review.Short}, {first, 1, review.Met}}, ""},
		{"some day of the month in which it merged", []org.Change{mergedOn("2018-04-10", second)}, []func(*review.Fact){on("month:2018-04")},
			[]verdict{{"", 1, review.Met}, {other, 0, review.CannotJudge}, {first, 0, review.CannotJudge}}, ""},
		{"merged into one that is the member", []org.Change{mergedOn("2018-02-10", "school-6")}, nil, []verdict{{"", 1, review.Met}, {other, 1, review.Met}}, ""},
		{"is the other member", []org.Change{{ID: id(302), Kind: org.ChangeIdentified, Keys: []string{second}}}, nil, []verdict{{"", 1, review.Met}, {other, 1, review.Met}}, ""},
		{"merged into itself", []org.Change{mergedOn("2018-02-10", member)}, nil, []verdict{{"", 1, review.Met}, {other, 0, review.Short}, {first, 1, review.Met}}, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			in := withSchoolChanges(input(lesson(2, tt.record...)), tt.changes...)
			in.Schools["school-6"] = called("乙", org.Change{ID: id(303), Kind: org.ChangeIdentified, Keys: []string{second}})
			in.Programme = plan(whole, eachSchool)
			r := review.Compute(in)
			var got []verdict
			for _, o := range r.Obligations {
				for _, result := range o.Results {
					v := verdict{"", result.Achieved, result.Status}
					if result.School != nil {
						v.School = result.School.Name
					}
					got = append(got, v)
				}
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			var question review.Question
			for _, c := range r.SchoolChanges {
				question = c.Question
			}
			if question != tt.question {
				t.Errorf("it leaves open %q, want %q", question, tt.question)
			}
		})
	}
}

// TestAMembershipToldLate: what a roster says of a school that had merged is
// true of its successor.
func TestAMembershipToldLate(t *testing.T) {
	in := withSchoolChanges(input(), mergedOn("2018-02-10", stranger))
	roster := fact(2, "pairing")
	roster.Memberships = []pairing.Membership{{Side: pairing.Side{School: member, Role: pairing.Member}, Basis: pairing.Roster, Since: "term:2017-2018/2", Entry: id(2)}}
	in.Facts = append(in.Facts, roster)
	var got []string
	for _, p := range review.Compute(in).Parties {
		got = append(got, p.School.Name)
	}
	if diff := cmp.Diff([]string{"清涧县第二小学", "双庙中心小学", "外校"}, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// TestChangesThatDoNotBear leave no trace: later ones, those of schools that
// nobody names, and confirmations.
func TestChangesThatDoNotBear(t *testing.T) {
	in := withSchoolChanges(input(lesson(2)), mergedOn("2018-09-01", second), org.Change{ID: id(310), Kind: org.ChangeConfirmed}, org.Change{ID: id(311), Kind: org.ChangeAliased, Name: "郝小"},
		org.Change{ID: id(312), Kind: org.ChangeRenamed, On: "2016-09-01", Name: "郝家也中心小学"})
	in.Schools[stranger] = called("外校", mergedOn("2018-04-10", second))
	before, _, err := review.Compute(input(lesson(2))).Bytes()
	if err != nil {
		t.Fatal(err)
	}
	after, _, err := review.Compute(in).Bytes()
	if err != nil || string(before) != string(after) {
		t.Errorf("%v (-before +after):\n%s", err, cmp.Diff(string(before), string(after)))
	}
}
