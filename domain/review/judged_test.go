package review_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"twinledger/domain/calendar"
	"twinledger/domain/org"
	"twinledger/domain/pairing"
	"twinledger/domain/programme"
	"twinledger/domain/record"
	"twinledger/domain/review"
)

func judgedOn(day calendar.Day, in review.Input) review.Input {
	in.JudgedOn = day
	return in
}

func lasting(start, end calendar.Occurred) func(*review.Fact) {
	return func(f *review.Fact) { f.Start, f.End = start, end }
}

// TestJudgedOn: what lies after the day judged on counts nowhere and is listed; what
// began before it and ends after it counts by what is certain. Two are owed.
func TestJudgedOn(t *testing.T) {
	posting := func(start, end calendar.Occurred) review.Fact {
		return fact(2, "exchange", kinds("outreach_lesson"), times("2", "次"), on(start), lasting(start, end))
	}
	type outcome struct {
		Achieved             int
		Status               review.Status
		Because              []review.Reason
		Ahead, Place, Beyond bool // listed as ahead; listed as perhaps ahead; counted, its dates reach beyond the day
	}
	because := func(r ...review.Reason) []review.Reason { return append([]review.Reason{}, r...) }
	tests := []struct {
		name string
		on   calendar.Day
		of   review.Fact // recorded on 2018-07-03 unless it says otherwise
		want outcome
	}{
		{"the day before", "2018-04-17", lesson(2, times("2", "节")), outcome{Status: review.Due, Because: because(), Ahead: true}},
		{"the same day", "2018-04-18", lesson(2, times("2", "节")), outcome{Achieved: 2, Status: review.Met, Because: because()}},
		{"long after the term", "2019-01-15", lesson(2, times("1", "节")), outcome{Achieved: 1, Status: review.Short, Because: because()}},
		{"the term's last day", "2018-08-31", lesson(2, times("1", "节")), outcome{Achieved: 1, Status: review.Due, Because: because()}},
		{"a day after the review's", "2018-07-03", lesson(2, times("2", "节"), on("day:2018-07-20")), outcome{Status: review.Due, Because: because(), Ahead: true}},
		{"a span that began", "2018-04-19", lesson(2, times("2", "节"), on("span:2018-04-18/2018-04-20")),
			outcome{Achieved: 1, Status: review.CannotJudge, Because: because(review.ReachesBeyond), Beyond: true}},
		{"a span that did not", "2018-04-17", lesson(2, times("2", "节"), on("span:2018-04-18/2018-04-20")), outcome{Status: review.Due, Because: because(), Ahead: true}},
		{"a span that is over", "2018-04-20", lesson(2, times("2", "节"), on("span:2018-04-18/2018-04-20")), outcome{Achieved: 2, Status: review.Met, Because: because()}},
		{"a month reported before the day", "2018-07-10", lesson(2, times("2", "节"), on("month:2018-07")), outcome{Achieved: 2, Status: review.Met, Because: because(), Beyond: true}},
		{"a month reported after the day", "2018-07-02", lesson(2, times("2", "节"), on("month:2018-07")),
			outcome{Status: review.CannotJudge, Because: because(review.PerhapsAhead), Place: true}},
		{"a month to come", "2018-06-30", lesson(2, times("2", "节"), on("month:2018-07")), outcome{Status: review.Due, Because: because(), Ahead: true}},
		{"the term itself, reported within it", "2018-07-04", lesson(2, times("2", "节"), on("term:2017-2018/2")), outcome{Achieved: 2, Status: review.Met, Because: because(), Beyond: true}},
		{"the term itself, reported later", "2018-07-02", lesson(2, times("2", "节"), on("term:2017-2018/2")),
			outcome{Status: review.CannotJudge, Because: because(review.PerhapsAhead), Place: true}},
		{"the term itself, corrected later", "2018-07-04", lesson(2, times("2", "节"), on("term:2017-2018/2"), func(f *review.Fact) {
			f.Amendments = []review.Amendment{{Trace: review.Trace{Ordinal: 50, Recorded: recordedOn("2018-08-01")}}}
		}), outcome{Status: review.CannotJudge, Because: because(review.PerhapsAhead), Place: true}},
		{"a term that has not begun", "2018-02-28", lesson(2, times("2", "节"), on("term:2017-2018/2")), outcome{Status: review.Due, Because: because(), Ahead: true}},
		{"a year, in a term that has not begun", "2018-02-28", lesson(2, times("2", "节"), on("year:2018")), outcome{Status: review.Due, Because: because()}},
		{"a posting under way", "2018-04-19", posting("day:2018-03-05", "day:2018-07-06"), outcome{Achieved: 2, Status: review.Met, Because: because(), Beyond: true}},
		{"a posting that did not begin", "2018-03-04", posting("day:2018-03-05", "day:2018-07-06"), outcome{Status: review.Due, Because: because(), Ahead: true}},
		{"a posting from some day of the month, told later", "2018-04-19", posting("month:2018-04", "day:2018-07-06"),
			outcome{Status: review.CannotJudge, Because: because(review.PerhapsAhead), Place: true}},
		{"a document about the term, filed", "2018-07-03", fact(2, "filing", times("2", "次"), on("day:2018-07-01"), func(f *review.Fact) { f.About = "term:2017-2018/2" }),
			outcome{Achieved: 2, Status: review.Met, Because: because()}},
		{"a document about the term, to be filed", "2018-06-30", fact(2, "filing", times("2", "次"), on("day:2018-07-01"), func(f *review.Fact) { f.About = "term:2017-2018/2" }),
			outcome{Status: review.Due, Because: because(), Ahead: true}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			in := judgedOn(tt.on, input(tt.of))
			in.Programme = plan(owed(2))
			r := review.Compute(in)
			result := r.Obligations[0].Results[0]
			got := outcome{Achieved: result.Achieved, Status: result.Status, Because: result.Because}
			got.Ahead = len(r.NotTakenPlace) == 1 && r.NotTakenPlace[0].Ahead
			got.Place = len(r.Unplaced) == 1 && r.Unplaced[0].Place == review.PlacePerhapsAhead
			got.Beyond = len(result.Counted) == 1 && result.Counted[0].ReachesBeyond
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			if got.Ahead && len(r.Counts)+len(r.Unevidenced)+len(r.Unplaced)+len(entriesOf(r, tt.of.Kind)) != 0 {
				t.Errorf("what lies ahead counts somewhere: %+v, %+v", r.Counts, r.Unevidenced)
			}
			if r.JudgedOn != tt.on {
				t.Errorf("the review says that it is judged on %s", r.JudgedOn)
			}
		})
	}
}

// TestJudgedOnTheDayOfTheLedger: a review that is not told its day takes that of the
// last record that it knows.
func TestJudgedOnTheDayOfTheLedger(t *testing.T) {
	if r := review.Compute(input()); r.JudgedOn != "2019-01-15" {
		t.Errorf("judged on %q", r.JudgedOn)
	}
}

// TestAheadWithoutACalendar: a record's own date says that it lies ahead.
func TestAheadWithoutACalendar(t *testing.T) {
	in := judgedOn("2018-04-17", input(lesson(2)))
	in.Calendar = nil
	if r := review.Compute(in); len(r.NotTakenPlace) != 1 || len(r.Unplaced) != 0 {
		t.Errorf("ahead %+v, unplaced %+v", r.NotTakenPlace, r.Unplaced)
	}
}

// TestPartiesToCome: a membership and a merger that lie after the day have not
// happened, and are listed.
func TestPartiesToCome(t *testing.T) {
	pair := fact(3, "pairing", func(f *review.Fact) {
		f.Occurred, f.Facts.Kinds = "day:2018-06-01", []record.Kind{"pairing"}
		f.Memberships = []pairing.Membership{{Side: pairing.Side{School: stranger, Role: pairing.Member}, Basis: pairing.Founding, Since: "day:2018-06-01", Entry: id(3)}}
	})
	for _, tt := range []struct {
		on      calendar.Day
		parties []string
		ahead   bool
	}{
		{"2018-05-31", []string{"清涧县第二小学", "双庙中心小学", "郝家也中心小学"}, true},
		{"2018-06-01", []string{"清涧县第二小学", "双庙中心小学", "外校", "郝家也中心小学"}, false},
	} {
		in := judgedOn(tt.on, input(pair, lesson(2, to(second))))
		in.Schools[member] = called("郝家也中心小学", org.Change{ID: id(60), Kind: org.ChangeMerged, On: "2018-06-01", Keys: []string{second}})
		in.Programme = plan(owed(1, perMember))
		r := review.Compute(in)
		var parties []string
		for _, p := range r.Parties {
			parties = append(parties, p.School.Name)
		}
		if diff := cmp.Diff(tt.parties, parties); diff != "" {
			t.Errorf("%s: parties (-want +got):\n%s", tt.on, diff)
		}
		if len(r.SchoolChanges) != 1 || r.SchoolChanges[0].Ahead != tt.ahead || (len(r.NotTakenPlace) == 1) != tt.ahead {
			t.Errorf("%s: changes %+v, ahead %+v", tt.on, r.SchoolChanges, r.NotTakenPlace)
		}
		for _, result := range r.Obligations[0].Results {
			if result.School.Key == member && (result.Status == review.Due) != tt.ahead {
				t.Errorf("%s: the school that merges is judged %s because %v", tt.on, result.Status, result.Because)
			}
		}
	}
}

// TestSharesOfASpan: what began counts at least once, whatever the plan asks of it.
func TestSharesOfASpan(t *testing.T) {
	in := judgedOn("2018-04-19", input(lesson(2, times("6", "节"), on("span:2018-04-18/2018-04-20"))))
	in.Programme = plan(owed(1), owed(6), owed(7), owed(1, func(c *programme.Count) { c.Direction = programme.MemberToCore }))
	want := []review.Status{review.Met, review.CannotJudge, review.Due, review.Due}
	for i, o := range review.Compute(in).Obligations {
		if got := o.Results[0].Status; got != want[i] {
			t.Errorf("%s: %s, want %s", o.ID, got, want[i])
		}
	}
}
