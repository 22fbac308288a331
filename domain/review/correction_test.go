package review_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"twinledger/domain/calendar"
	"twinledger/domain/programme"
	"twinledger/domain/review"
	"twinledger/domain/seal"
)

const elsewhere = "community-0198c000-0000-7000-8000-000000000022"

// stood adds a former place to a record.
func stood(of string, when calendar.Occurred) func(*review.Fact) {
	return func(f *review.Fact) { f.Former = append(f.Former, review.Standing{Community: of, Occurred: when}) }
}

func now(of string) func(*review.Fact) { return func(f *review.Fact) { f.Facts.Community = of } }

// corrections returns the changes that a review lists: record and ordinal.
func corrections(r review.Review) []string {
	var out []string
	for _, c := range r.Corrections {
		out = append(out, c.Record[:4]+" "+c.Type)
	}
	return out
}

func TestAChangeIsListedWhereTheRecordStoodAndStands(t *testing.T) {
	corrected := changed(20, "corrected")
	shown := []string{"less lesson.corrected"}
	tests := []struct {
		name string
		fact review.Fact
		left bool
		want []string
	}{
		{"in the term", lesson(2, corrected), false, shown},
		{"in another term, always", lesson(2, corrected, on("day:2017-11-02")), false, nil},
		{"moved out of the term", lesson(2, corrected, on("day:2017-11-02"), stood(community, "day:2018-04-18")), false, shown},
		{"moved into the term", lesson(2, corrected, stood(community, "day:2017-11-02")), false, shown},
		{"moved to another community", lesson(2, corrected, now(elsewhere), stood(community, "day:2018-04-18")), true, shown},
		{"moved to no community", lesson(2, corrected, now(""), stood(community, "day:2018-04-18")), true, shown},
		{"of another term, moved to another community", lesson(2, corrected, now(elsewhere), stood(community, "day:2017-11-02")), true, nil},
		{"of another term here, of this term elsewhere", lesson(2, corrected, on("day:2017-11-02"), stood(elsewhere, "day:2018-04-18")), false, nil},
		{"a posting that once ended in the term", fact(2, "exchange", corrected, func(f *review.Fact) {
			f.Occurred, f.Start, f.End = "day:2019-03-05", "day:2019-03-05", "day:2019-03-06"
			f.Former = []review.Standing{{Community: community, Occurred: "day:2018-03-05", Start: "day:2018-03-05", End: "day:2018-07-06"}}
		}), false, []string{"exch exchange.corrected"}},
		{"a pairing of another community now", fact(2, "pairing", corrected, on("year:2010"), now(elsewhere), stood(community, "year:2010")), true, []string{"pair pairing.corrected"}},
		{"a pairing of long ago", fact(2, "pairing", corrected, on("year:2010")), false, []string{"pair pairing.corrected"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			in := input()
			if tt.left {
				in.Left = []review.Fact{tt.fact}
			} else {
				in.Facts = append(in.Facts, tt.fact)
			}
			r := review.Compute(in)
			if diff := cmp.Diff(tt.want, corrections(r)); diff != "" {
				t.Errorf("corrections (-want +got):\n%s", diff)
			}
			for _, c := range r.Corrections {
				if c.Record != tt.fact.Key || len(c.Events) != 2 {
					t.Errorf("it opens to %+v", c.Ref)
				}
			}
		})
	}
}

// TestWhatLeftCountsInNothing: it is another community's now.
func TestWhatLeftCountsInNothing(t *testing.T) {
	in := input()
	in.Left = []review.Fact{lesson(2, now(elsewhere), changed(20, "corrected"), stood(community, "day:2018-04-18"))}
	if got := judged(in, owed(1))[""]; got.Achieved != 0 || got.Status != review.Short || len(got.Not) != 0 {
		t.Errorf("verdict %+v", got)
	}
	if r := review.Compute(in); len(entriesOf(r, "lesson"))+len(r.Counts)+len(r.Unplaced)+len(r.Incomplete) != 0 {
		t.Errorf("a record of another community is listed: %+v", r)
	}
}

func TestAVoidedRowIsSettled(t *testing.T) {
	voided := func(when calendar.Occurred) review.HeldRow {
		h := held(17, when)
		h.Void = true
		h.Trace = append(h.Trace, trace(20, "row.voided"))
		h.Amendments = []review.Amendment{{Trace: trace(20, "row.voided"), Target: id(17), Reason: seal.Text{Clear: "已另行登记"}}}
		return h
	}
	for when, want := range map[calendar.Occurred][]string{"day:2018-04-18": {"row- row.voided"}, "unknown": {"row- row.voided"}, "day:2016-04-18": nil} {
		in := input()
		in.Held = []review.HeldRow{voided(when)}
		r := review.Compute(in)
		if diff := cmp.Diff(want, corrections(r)); diff != "" || len(r.Held) != 0 {
			t.Errorf("%s: held %+v, corrections (-want +got):\n%s", when, r.Held, diff)
		}
	}
}

func TestAChangedCalendarIsVisible(t *testing.T) {
	in := input()
	if r := review.Compute(in); r.Term.Calendar != nil {
		t.Errorf("without a record of it the calendar is %+v", r.Term.Calendar)
	}
	in.Published = &review.PublishedCalendar{Key: "calendar-1", Trace: []review.Trace{trace(3, "calendar.published"), trace(20, "calendar.corrected")},
		Amendments: []review.Amendment{{Trace: trace(20, "calendar.corrected"), Target: id(3)}}}
	r := review.Compute(in)
	if r.Term.Calendar == nil || r.Term.Calendar.Record != "calendar-1" || len(r.Term.Calendar.Events) != 2 {
		t.Errorf("the term's calendar is %+v", r.Term.Calendar)
	}
	if diff := cmp.Diff([]string{"cale calendar.corrected"}, corrections(r)); diff != "" {
		t.Errorf("corrections (-want +got):\n%s", diff)
	}
	in.Published.Void = true
	if r := review.Compute(in); r.Term.Calendar != nil || len(r.Corrections) != 1 {
		t.Errorf("voided: calendar %+v, corrections %+v", r.Term.Calendar, r.Corrections)
	}
}

func TestSeveralSubjectsOrSchoolsAreNotDivided(t *testing.T) {
	maths := func(c *programme.Count) { c.Subjects = []string{"数学"} }
	both := func(c *programme.Count) { c.Subjects = []string{"数学", "语文"} }
	one := func(status review.Status, shortBy int, why ...review.Reason) verdict {
		v := verdict{Status: status, Achieved: 1, AtLeast: true, ShortBy: shortBy, Open: reasons{2: why}}
		if status == review.CannotJudge {
			v.Because = because(why...)
		}
		return v
	}
	mixed := subjects("语文", "数学")
	tests := []struct {
		name string
		owed programme.Count
		fact review.Fact
		of   string // a school, or "" the community
		want verdict
	}{
		{"ten in two subjects, of one of which two are owed", owed(2, maths), lesson(2, mixed, times("10", "节")), "", one(review.CannotJudge, 1, review.SeveralSubjects)},
		{"of which one is owed", owed(1, maths), lesson(2, mixed, times("10", "节")), "", one(review.Met, 0, review.SeveralSubjects)},
		{"of which ten are owed", owed(10, maths), lesson(2, mixed, times("10", "节")), "", one(review.CannotJudge, 9, review.SeveralSubjects)},
		{"of which more are owed than there can be", owed(11, maths), lesson(2, mixed, times("10", "节")), "", one(review.Short, 10, review.SeveralSubjects)},
		{"in subjects of which every one is owed", owed(2, both), lesson(2, mixed, times("10", "节")), "", verdict{Status: review.Met, Achieved: 10, Excess: 8}},
		{"at least ten in two subjects", owed(20, maths), lesson(2, mixed, times("10余", "节")), "", verdict{Status: review.CannotJudge, Achieved: 1, AtLeast: true, ShortBy: 19,
			Because: because(review.PerhapsMore, review.SeveralSubjects), Open: reasons{2: {review.SeveralSubjects, review.PerhapsMore}}}},
		{"one in two subjects", owed(1, maths), lesson(2, mixed), "", verdict{Status: review.Met, Achieved: 1}},
		{"ten at two schools", owed(2, perMember), lesson(2, to(member, second), times("10", "节")), member, one(review.CannotJudge, 1, review.SeveralSchools)},
		{"about ten at two schools", owed(1, perMember), lesson(2, to(member, second), times("约10", "节")), member, verdict{Status: review.CannotJudge, Achieved: 1, AtLeast: true,
			Because: because(review.Approximate, review.SeveralSchools), Open: reasons{2: {review.SeveralSchools, review.Approximate}}}},
		{"ten at one school", owed(2, perMember), lesson(2, to(member), times("10", "节")), member, verdict{Status: review.Met, Achieved: 10, Excess: 8}},
		{"ten at a school and the others as a group", owed(2, perMember), lesson(2, to(member, "members"), times("10", "节")), member, one(review.CannotJudge, 1, review.SeveralSchools)},
		{"ten at two schools, by a side that has one", owed(2, perMember, towards(programme.ByMember)), lesson(2, from(member), to(core, second), times("10", "节")), member,
			verdict{Status: review.Met, Achieved: 10, Excess: 8}},
		{"one at two schools", owed(1, perMember), lesson(2, to(member, second)), member, verdict{Status: review.Met, Achieved: 1}},
		{"on a day, not numbered, at two schools", owed(1, perMember), lesson(2, to(member, second), times("", "节")), member, verdict{Status: review.Met, Achieved: 1, AtLeast: true,
			Open: reasons{2: {review.Unnumbered}}}},
		{"two subjects at two schools", owed(1, perMember, maths), lesson(2, mixed, to(member, second), times("2", "节")), member, verdict{Status: review.CannotJudge, ShortBy: 1,
			Because: because(review.SeveralSchools, review.SeveralSubjects), Open: reasons{2: {review.SeveralSubjects, review.SeveralSchools}}}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if diff := cmp.Diff(tt.want, judged(input(tt.fact), tt.owed)[tt.of]); diff != "" {
				t.Errorf("verdict (-want +got):\n%s", diff)
			}
		})
	}
}
