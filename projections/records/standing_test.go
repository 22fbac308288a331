package records_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"twinledger/domain/calendar"
	"twinledger/domain/exchange"
	"twinledger/domain/intake"
	"twinledger/domain/lesson"
	"twinledger/domain/record"
	"twinledger/domain/review"
	"twinledger/projections"
	"twinledger/projections/projectiontest"
	"twinledger/projections/records"
)

// moved corrects the first lesson, which is the event 6, into a community and a
// time.
func moved(of string, when calendar.Occurred) said {
	f := lesson.Facts{Facts: common("demo_lesson")}
	f.Community = of
	return say(key("lesson", 1), when, record.Corrected[lesson.Facts]{Target: id(6), Reason: reason, Facts: f})
}

var other = key("community", 2)

func TestWhereARecordStood(t *testing.T) {
	here := review.Standing{Community: community, Occurred: "day:2018-04-18"}
	posting := func(start, end calendar.Occurred) exchange.Facts {
		return exchange.Facts{Facts: common("support_teaching"), Start: start, End: end}
	}
	started := say(key("exchange", 1), "day:2018-03-01", exchange.Started{Facts: posting("day:2018-03-01", calendar.Unknown)})
	completed := say(key("exchange", 1), "day:2018-07-06", exchange.Completed{})
	tests := []struct {
		name  string
		given []said
		want  []review.Standing
	}{
		{"never corrected", []said{reportedLesson(1, "课")}, nil},
		{"corrected in place", []said{reportedLesson(1, "课"), moved(community, "day:2018-04-18")}, nil},
		{"to another day", []said{reportedLesson(1, "课"), moved(community, "day:2017-11-02")}, []review.Standing{here}},
		{"to another community and back", []said{reportedLesson(1, "课"), moved(other, "day:2018-04-18"), moved(community, "day:2018-04-18")},
			[]review.Standing{here, {Community: other, Occurred: "day:2018-04-18"}}},
		{"voided", []said{reportedLesson(1, "课"), say(key("lesson", 1), "", record.Voided[lesson.Facts]{Target: id(1), Reason: reason})}, nil},
		{"a posting completed", []said{started, completed}, nil},
		{"its completion voided", []said{started, completed, say(key("exchange", 1), "", record.Voided[exchange.Facts]{Target: id(2), Reason: reason})},
			[]review.Standing{{Community: community, Occurred: "day:2018-03-01", Start: "day:2018-03-01", End: "day:2018-07-06"}}},
		{"its days corrected", []said{started, say(key("exchange", 1), "day:2018-03-01", record.Corrected[exchange.Facts]{Target: id(1), Reason: reason, Facts: posting("day:2018-09-01", calendar.Unknown)})},
			[]review.Standing{{Community: community, Occurred: "day:2018-03-01", Start: "day:2018-03-01", End: calendar.Unknown}}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			rows := projectiontest.Replay(records.Model, projectiontest.Applied(tt.given...)...)
			if diff := cmp.Diff(tt.want, rows[tt.given[0].Stream].Former); diff != "" {
				t.Errorf("former places (-want +got):\n%s", diff)
			}
		})
	}
}

// TestByWhatLeftRecordsAreFound: by every community but the one that they are in.
func TestByWhatLeftRecordsAreFound(t *testing.T) {
	given := []said{reportedLesson(1, "课")}
	for _, step := range []struct {
		name string
		to   said
		want []string
	}{
		{"another day", moved(community, "day:2018-04-19"), nil}, {"another community", moved(other, "day:2018-04-19"), []string{community}},
		{"none", moved("", "day:2018-04-19"), []string{community, other}}, {"back", moved(community, "day:2018-04-19"), []string{other}},
	} {
		given = append(given, step.to)
		row := projectiontest.Replay(records.Model, projectiontest.Applied(given...)...)[key("lesson", 1)]
		if got := valueOf(t, row, records.ByLeft).Text; got != projections.Joined(step.want...) {
			t.Errorf("moved to %s: found by %q, want %q", step.name, got, step.want)
		}
	}
}

// TestARowThatIsRecordedIsNotHeld though it were voided.
func TestARowThatIsRecordedIsNotHeld(t *testing.T) {
	rows := projectiontest.Replay(records.Model, projectiontest.Applied(say(key("row", 1), "", intake.RowTaken{District: district, Outcome: intake.Recorded}),
		say(key("row", 1), "", intake.RowVoided{Target: id(1), Reason: reason}))...)
	if got := rows[key("row", 1)]; got.Held() || got.Is(records.MarkHeld) {
		t.Errorf("held %+v", got.Stated)
	}
}

// TestStandings: what the column of standings says reads back as where the record
// stands and stood, each place once.
func TestStandings(t *testing.T) {
	here := review.Standing{Community: community, Occurred: "day:2018-04-18"}
	there := review.Standing{Community: other, Occurred: "term:2017-2018/2"}
	posted := review.Standing{Community: community, Occurred: "day:2018-03-01", Start: "day:2018-03-01", End: calendar.Unknown}
	nowhere := review.Standing{Occurred: calendar.Unknown}
	row := func(kind string, now review.Standing, former ...review.Standing) records.Row {
		r := records.Row{Kind: kind, Occurred: now.Occurred, Start: now.Start, End: now.End, Former: former}
		r.Facts.Community = now.Community
		return r
	}
	for _, tt := range []struct {
		name string
		row  records.Row
		want []review.Standing
	}{
		{"one place", row("lesson", here), []review.Standing{here}},
		{"without a community", row("lesson", nowhere), []review.Standing{nowhere}},
		{"with its days", row("exchange", posted), []review.Standing{posted}},
		{"of which nothing is known", row("lesson", review.Standing{}), []review.Standing{{}}},
		{"moved", row("lesson", there, here, nowhere), []review.Standing{here, there, nowhere}},
		{"moved and moved back", row("lesson", here, here, there), []review.Standing{here, there}},
		{"a pairing", row("pairing", here, there), nil},
		{"a school", row("school", here), nil},
		{"a held row", row("row", here), nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			said := valueOf(t, tt.row, records.ByStandings).Text
			got := records.Standings(said)
			byText := func(a, b review.Standing) int {
				return strings.Compare(a.Community+string(a.Occurred), b.Community+string(b.Occurred))
			}
			slices.SortFunc(got, byText)
			slices.SortFunc(tt.want, byText)
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("%q (-want +got):\n%s", said, diff)
			}
		})
	}
	for _, said := range []string{"", "\n", "no standing", projections.Joined("a|b|c", "a")} {
		if got := records.Standings(said); got != nil {
			t.Errorf("%q reads as %+v", said, got)
		}
	}
}
