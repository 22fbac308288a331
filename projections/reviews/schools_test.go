package reviews_test

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"twinledger/domain/calendar"
	"twinledger/domain/lesson"
	"twinledger/domain/org"
	"twinledger/domain/pairing"
	"twinledger/domain/programme"
	"twinledger/domain/record"
	"twinledger/domain/review"
	"twinledger/projections/projectiontest"
	"twinledger/projections/reviews"
)

var second, outsider = key("school", 3), key("school", 4)

// twoMembers are a community of a core and two members, with a published
// calendar whose winter holiday lies in February.
var twoMembers = []said{
	say(district, "", record.Reported[org.District]{Facts: org.District{Name: "清涧县"}}),
	noted(1, "清涧县第二小学共同体"),
	notedSchool(core, "第二小学"), notedSchool(member, "甲小学"), notedSchool(second, "乙小学"), notedSchool(outsider, "丙小学"),
	say(key("calendar", 1), "", record.Reported[org.CalendarYear]{Facts: org.CalendarYear{District: district, Year: calendar.Year{
		SchoolYear: "2017-2018", Period: calendar.Period{First: "2017-09-01", Last: "2018-08-31"},
		Terms: [2]calendar.Period{{First: "2017-09-01", Last: "2018-02-02"}, {First: "2018-03-01", Last: "2018-07-13"}},
	}}}),
	say(key("pairing", 1), "day:2015-09-01", pairing.Founded{Facts: pairing.Facts{Facts: common("pairing"), Basis: pairing.Founding,
		Sides: []pairing.Side{{School: core, Role: pairing.Core}, {School: member, Role: pairing.Member}, {School: second, Role: pairing.Member}}}}),
}

func notedSchool(key, name string) said {
	return say(key, "", record.Reported[org.School]{Facts: org.School{District: district, Name: name}})
}

// taught is one lesson by the core at a school.
func taught(n int, at string, when calendar.Occurred) said {
	f := lesson.Facts{Facts: common("outreach_lesson")}
	f.From, f.To = []record.Unit{{School: core}}, []record.Unit{{School: at}}
	f.Quantity = record.Quantity{Text: "1", Number: "1", Bound: record.Exact, Measure: record.MeasureOf("节")}
	return say(key("lesson", n), when, record.Reported[lesson.Facts]{Facts: f})
}

// lessons are two in the first term, one at each member, and four in the second:
// the last at the member that is to merge, written so by habit.
var lessons = []said{
	taught(1, member, "day:2017-10-10"), taught(2, second, "day:2017-11-10"),
	taught(3, member, "day:2018-03-20"), taught(4, second, "day:2018-03-21"), taught(5, second, "day:2018-05-10"), taught(6, member, "day:2018-05-11"),
}

func merged(into string, day string, memberships bool) said {
	return say(member, calendar.Occurred("day:"+day), org.Merged{Into: into, Memberships: memberships})
}

// A tally is what a review says of one member.
type tally struct {
	School   string
	Achieved int
	Status   review.Status
	Because  []review.Reason
}

var oneEach = programme.Programme{Format: programme.Format, Code: "each", Obligations: []programme.Obligation{{ID: "each-1", Strength: programme.Hard,
	Count: programme.Count{AtLeast: 1, Kinds: []record.Kind{"outreach_lesson"}, Per: programme.PerMemberSchool, Window: programme.Term, Direction: programme.CoreToMember}}}}

// reviewed returns the review of a term and what it says of each member.
func reviewed(t *testing.T, number int, given ...said) (review.Review, []tally) {
	t.Helper()
	in, err := reader(given...).Input(t.Context(), reviews.Question{Community: community, Term: calendar.Term{Year: "2017-2018", Number: number}, Programme: &oneEach})
	if err != nil {
		t.Fatal(err)
	}
	in.Recorded = projectiontest.Applied(given...)[0].Recorded
	r := review.Compute(in)
	var out []tally
	for _, result := range r.Obligations[0].Results {
		out = append(out, tally{result.School.Name, result.Achieved, result.Status, result.Because})
	}
	return r, out
}

func members(r review.Review) []string {
	var names []string
	for _, p := range r.Parties {
		if p.Role == pairing.Member {
			names = append(names, p.School.Name)
		}
	}
	return names
}

// TestTwoSchoolsMerge: the term before prints two, the term after one, and the
// sums of both agree with the journal.
func TestTwoSchoolsMerge(t *testing.T) {
	none := []review.Reason{}
	before := []tally{{"乙小学", 1, review.Met, none}, {"甲小学", 1, review.Met, none}}
	tests := []struct {
		name    string
		given   said
		members []string // in the second term
		want    []tally  // in the second term
	}{
		{"between the terms", merged(second, "2018-02-10", false), []string{"乙小学"}, []tally{{"乙小学", 4, review.Met, none}}},
		{"in the middle of a term", merged(second, "2018-04-10", false), []string{"乙小学", "甲小学"},
			[]tally{{"乙小学", 3, review.Met, none}, {"甲小学", 1, review.Met, none}}},
		{"into a school that takes its place", merged(outsider, "2018-02-10", true), []string{"丙小学", "乙小学"},
			[]tally{{"丙小学", 2, review.Met, none}, {"乙小学", 2, review.Met, none}}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			given := slices.Concat(twoMembers, lessons, []said{tt.given})
			first, got := reviewed(t, 1, given...)
			if diff := cmp.Diff(before, got); diff != "" {
				t.Errorf("the term before (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff([]string{"乙小学", "甲小学"}, members(first)); diff != "" || first.SchoolChanges != nil {
				t.Errorf("members of the term before (-want +got):\n%s\nchanges %+v", diff, first.SchoolChanges)
			}
			after, got := reviewed(t, 2, given...)
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("the term after (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(tt.members, members(after)); diff != "" {
				t.Errorf("members of the term after (-want +got):\n%s", diff)
			}
			if len(after.SchoolChanges) != 1 || after.SchoolChanges[0].Change != org.ChangeMerged || after.SchoolChanges[0].Question != "" || len(after.SchoolChanges[0].Events) != 1 {
				t.Errorf("changes %+v", after.SchoolChanges)
			}
			sum, recorded := 0, 0
			for _, r := range []review.Review{first, after} {
				for _, result := range r.Obligations[0].Results {
					sum += result.Achieved
				}
			}
			for _, e := range projectiontest.Applied(given...) {
				if e.Type == "lesson.reported" {
					recorded++
				}
			}
			if sum != recorded {
				t.Errorf("both terms count %d lessons, the journal has %d", sum, recorded)
			}
			habit := entriesOf(after, "lesson")[3].To[0] // the lesson of 11 May
			if habit.RecordedAs == nil || habit.RecordedAs.Key != member || habit.School.Key == member {
				t.Errorf("the lesson at the school that had merged is shown as %+v", habit)
			}
		})
	}
}

// TestWhatAMergerLeavesOpen is listed, not guessed.
func TestWhatAMergerLeavesOpen(t *testing.T) {
	split := say(member, "day:2018-02-10", org.Split{Into: []string{second, outsider}})
	tests := []struct {
		name  string
		given []said
		want  review.Question
		tally []tally
	}{
		{"into a school that is no member", []said{merged(outsider, "2018-02-10", false)}, review.SuccessorNotMember, []tally{{"乙小学", 2, review.Met, []review.Reason{}}}},
		{"short when it ceased", []said{merged(outsider, "2018-03-02", false)}, review.SuccessorNotMember,
			[]tally{{"乙小学", 2, review.Met, []review.Reason{}}, {"甲小学", 0, review.CannotJudge, []review.Reason{review.SchoolCeased}}}},
		{"split, and one of them is a member", []said{split}, "", []tally{{"乙小学", 2, review.Met, []review.Reason{}}}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r, got := reviewed(t, 2, slices.Concat(twoMembers, lessons, tt.given)...)
			if len(r.SchoolChanges) != 1 || r.SchoolChanges[0].Question != tt.want {
				t.Errorf("changes %+v", r.SchoolChanges)
			}
			if diff := cmp.Diff(tt.tally, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// TestAMemberWithoutLessons: the record of a term as a whole may have been on
// either side of a merger, so neither school is short for want of it.
func TestARecordOnEitherSide(t *testing.T) {
	given := slices.Concat(twoMembers, []said{taught(1, member, "term:2017-2018/2"), merged(second, "2018-04-10", false)})
	_, got := reviewed(t, 2, given...)
	want := []tally{{"乙小学", 0, review.CannotJudge, []review.Reason{review.SchoolUnknown}},
		{"甲小学", 0, review.CannotJudge, []review.Reason{review.DirectionUnknown, review.SchoolCeased}}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// TestNamesInForce: the old term shows the old name, the new one the new, and a
// term within which it changed both.
func TestNamesInForce(t *testing.T) {
	given := slices.Concat(twoMembers, lessons, []said{say(second, "day:2018-04-01", org.Renamed{Name: "丁小学"})})
	for number, want := range map[int]review.NamedKey{1: {Key: second, Name: "乙小学"}, 2: {Key: second, Name: "丁小学", Formerly: "乙小学"}} {
		r, _ := reviewed(t, number, given...)
		i := slices.IndexFunc(r.Parties, func(p review.Party) bool { return p.School.Key == second })
		if diff := cmp.Diff(want, r.Parties[i].School); diff != "" {
			t.Errorf("term %d (-want +got):\n%s", number, diff)
		}
	}
}

// TestWhoeverIsTheSame: what is written of a typing error counts for the school
// that it is, under whichever of two communities that are one, and no more once
// the identification is void.
func TestWhoeverIsTheSame(t *testing.T) {
	elsewhere := taught(7, outsider, "day:2018-05-12")
	f := elsewhere.Fact.(record.Reported[lesson.Facts])
	f.Facts.Community, f.Facts.People = other, []string{key("person", 2)}
	elsewhere.Fact = f
	given := slices.Concat(twoMembers, lessons, []said{elsewhere, noted(2, "二小共同体"),
		say(outsider, "", org.Identified[org.School]{As: second}),
		say(other, "", org.Identified[org.Community]{As: community}),
		say(key("person", 2), "", org.Identified[org.Person]{As: key("person", 1)})})
	r, got := reviewed(t, 2, given...)
	want := []tally{{"乙小学", 3, review.Met, []review.Reason{}}, {"甲小学", 2, review.Met, []review.Reason{}}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	last := entriesOf(r, "lesson")[4]
	if last.To[0].RecordedAs == nil || last.To[0].RecordedAs.Name != "丙小学" || !slices.Equal(last.People, []string{key("person", 1)}) {
		t.Errorf("its line is %+v", last)
	}
	if byOther, err := reader(given...).Input(t.Context(), question(called("二小共同体"))); err != nil || byOther.Community.Key != community {
		t.Errorf("asked by the other name: %+v, %v", byOther.Community, err)
	}
	terms, err := reader(given...).Terms(t.Context(), 0)
	if err != nil || len(terms) != 1 || len(terms[community]) != 2 {
		t.Errorf("terms %v, %v", terms, err)
	}
	void := say(outsider, "", record.Voided[org.School]{Target: id(len(given) - 2), Reason: reason})
	r, got = reviewed(t, 2, append(given, void)...)
	if want[0].Achieved = 2; cmp.Diff(want, got) != "" {
		t.Errorf("after the identification is void: %+v", got)
	}
	if len(r.Corrections) != 1 || r.Corrections[0].Record != outsider {
		t.Errorf("corrections %+v", r.Corrections)
	}
}

// TestChangesToldAnew: a merger that is corrected to another day moves what it
// carried.
func TestChangesToldAnew(t *testing.T) {
	given := slices.Concat(twoMembers, lessons, []said{merged(second, "2018-02-10", false)})
	corrected := say(member, "day:2018-04-10", org.ChangeCorrected{Target: id(len(given)), Reason: reason, ChangeDetails: org.ChangeDetails{Into: []string{second}}})
	r, got := reviewed(t, 2, append(given, corrected)...)
	want := []tally{{"乙小学", 3, review.Met, []review.Reason{}}, {"甲小学", 1, review.Met, []review.Reason{}}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if len(r.Corrections) != 1 || len(r.SchoolChanges) != 1 || len(r.SchoolChanges[0].Events) != 2 {
		t.Errorf("corrections %+v, changes %+v", r.Corrections, r.SchoolChanges)
	}
}

// entriesOf returns what a review's register of a kind lists.
func entriesOf(r review.Review, kind string) []review.Entry {
	for _, register := range r.Registers {
		if register.Kind == kind {
			return register.Entries
		}
	}
	return nil
}
