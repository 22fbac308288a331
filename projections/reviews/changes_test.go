package reviews_test

import (
	"slices"
	"testing"

	"twinledger/domain/calendar"
	"twinledger/domain/exchange"
	"twinledger/domain/intake"
	"twinledger/domain/lesson"
	"twinledger/domain/org"
	"twinledger/domain/record"
	"twinledger/domain/review"
)

// moved corrects the first lesson, which is the event 6, into a community and a
// time.
func moved(of string, when calendar.Occurred) said {
	f := lesson.Facts{Facts: common("demo_lesson")}
	f.Community = of
	return say(key("lesson", 1), when, record.Corrected[lesson.Facts]{Target: id(6), Reason: reason, Facts: f})
}

var other = key("community", 2)

// TestACorrectionLeavesATrace: the review that a record left shows why.
func TestACorrectionLeavesATrace(t *testing.T) {
	for name, to := range map[string]said{
		"another term": moved(community, "day:2017-11-02"), "another community": moved(other, "day:2018-04-18"), "no community": moved("", "day:2018-04-18"),
	} {
		t.Run(name, func(t *testing.T) {
			r := reader(after(surroundings, reportedLesson(1, "课"), noted(2, "乙"), to)...)
			in, err := r.Input(t.Context(), question())
			if err != nil {
				t.Fatal(err)
			}
			got := review.Compute(in)
			if len(got.Corrections) != 1 || got.Corrections[0].Record != key("lesson", 1) || len(got.Counts) != 0 {
				t.Errorf("corrections %+v, counts %+v", got.Corrections, got.Counts)
			}
			before, err := r.Input(t.Context(), question(asOf(6)))
			if err != nil || len(before.Facts) != 1 || len(before.Left) != 0 {
				t.Errorf("before it: %d records, %d left, %v", len(before.Facts), len(before.Left), err)
			}
		})
	}
}

func TestOnlyWhatNowBelongsCounts(t *testing.T) {
	r := reader(after(surroundings, reportedLesson(1, "课"), noted(2, "乙"), moved(other, "day:2018-04-18"))...)
	for name, want := range map[string][2]int{community: {0, 1}, other: {1, 0}} {
		in, err := r.Input(t.Context(), question(called(name)))
		if err != nil || len(in.Facts) != want[0] || len(in.Left) != want[1] {
			t.Errorf("%s: %d records, %d left, %v; want %v", name, len(in.Facts), len(in.Left), err, want)
		}
	}
}

func rowVoided(n int, target int) said {
	return say(key("row", n), "", intake.RowVoided{Target: id(target), Reason: reason})
}

func TestAHeldRowIsVoided(t *testing.T) {
	r := reader(after(surroundings, held(1, community), held(2, ""), rowVoided(1, 6), rowVoided(2, 7))...)
	in, err := r.Input(t.Context(), question())
	if err != nil {
		t.Fatal(err)
	}
	if len(in.Held) != 1 || !in.Held[0].Void || len(in.Held[0].Trace) != 2 || len(in.Unassigned) != 0 {
		t.Fatalf("held %+v, unassigned %+v", in.Held, in.Unassigned)
	}
	got := review.Compute(in)
	if len(got.Held) != 0 || len(got.Corrections) != 1 || got.Corrections[0].Target != id(6) || got.Corrections[0].Reason != reason || got.Corrections[0].Type != "row.voided" {
		t.Errorf("held %+v, corrections %+v", got.Held, got.Corrections)
	}
	before, err := r.Input(t.Context(), question(asOf(7)))
	if err != nil || len(before.Unassigned) != 1 || len(review.Compute(before).Held) != 1 {
		t.Errorf("before it: unassigned %+v, %v", before.Unassigned, err)
	}
}

func TestTheTermOpensToItsCalendar(t *testing.T) {
	later := calendar.AssumedYear("2017-2018")
	later.Terms[1].First = "2018-03-05"
	corrected := say(key("calendar", 1), "", record.Corrected[org.CalendarYear]{Target: id(5), Reason: reason, Facts: org.CalendarYear{District: district, Year: later}})
	nextYear := say(key("calendar", 2), "", record.Reported[org.CalendarYear]{Facts: org.CalendarYear{District: district, Year: calendar.AssumedYear("2018-2019")}})
	voided := say(key("calendar", 1), "", record.Voided[org.CalendarYear]{Target: id(5), Reason: reason})
	r := reader(after(surroundings, nextYear, corrected, voided)...)
	tests := []struct {
		asOf    uint64
		events  int // behind the term's calendar; 0 without one
		changes int
	}{{4, 0, 0}, {6, 1, 0}, {7, 2, 1}, {8, 0, 2}}
	for _, tt := range tests {
		in, err := r.Input(t.Context(), question(asOf(tt.asOf)))
		if err != nil {
			t.Fatal(err)
		}
		got := review.Compute(in)
		events := 0
		if got.Term.Calendar != nil {
			events = len(got.Term.Calendar.Events)
		}
		if events != tt.events || len(got.Corrections) != tt.changes {
			t.Errorf("as of %d: calendar %+v, corrections %+v", tt.asOf, got.Term.Calendar, got.Corrections)
		}
	}
}

func TestTerms(t *testing.T) {
	posting := exchange.Facts{Facts: common("support_teaching"), Start: "day:2018-03-05", End: calendar.Unknown}
	nextYear := say(key("calendar", 2), "", record.Reported[org.CalendarYear]{Facts: org.CalendarYear{District: district, Year: calendar.AssumedYear("2018-2019")}})
	tests := []struct {
		name  string
		given []said
		of    string
		want  []string
	}{
		{"a lesson", []said{reportedLesson(1, "课")}, community, []string{"2017-2018/2"}},
		{"a lesson moved to another term", []said{reportedLesson(1, "课"), moved(community, "day:2017-11-02")}, community, []string{"2017-2018/2", "2017-2018/1"}},
		{"a lesson moved to another community", []said{reportedLesson(1, "课"), moved(other, "day:2018-04-18")}, other, []string{"2017-2018/2"}},
		{"the community that it left", []said{reportedLesson(1, "课"), moved(other, "day:2018-04-18")}, community, []string{"2017-2018/2"}},
		{"a posting that has not ended", []said{nextYear, say(key("exchange", 1), "day:2018-03-05", exchange.Started{Facts: posting})}, community,
			[]string{"2018-2019/2", "2018-2019/1", "2017-2018/2"}},
		{"a lesson of no community", []said{reportedLesson(1, "课"), moved("", "day:2018-04-18")}, "", nil},
		{"a pairing", []said{founded}, community, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			terms, err := reader(after(surroundings, tt.given...)...).Terms(t.Context(), 0)
			var got []string
			for _, term := range terms[tt.of] {
				got = append(got, term.String())
			}
			if err != nil || !slices.Equal(got, tt.want) {
				t.Errorf("terms %v, %v; want %v", got, err, tt.want)
			}
		})
	}
}
