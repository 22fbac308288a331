package records_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"twinledger/domain/calendar"
	"twinledger/domain/donation"
	"twinledger/domain/exchange"
	"twinledger/domain/inspection"
	"twinledger/domain/intake"
	"twinledger/domain/lesson"
	"twinledger/domain/org"
	"twinledger/domain/pairing"
	"twinledger/domain/record"
	"twinledger/domain/review"
	"twinledger/domain/seal"
	"twinledger/projections/projectiontest"
	"twinledger/projections/records"
)

// A line is a record's row as tables state it.
type line struct {
	Kind     string
	Occurred calendar.Occurred
	Title    string
	Void     bool
	Workflow bool
	Unknowns []record.Unknown
	Start    calendar.Occurred
	End      calendar.Occurred
	Item     string
	Findings int
	Members  int
	Trace    []uint64
	Changes  []string // type and target
}

func lineOf(f review.Fact) line {
	l := line{Kind: f.Kind, Occurred: f.Occurred, Title: f.Facts.Title.Clear, Void: f.Void, Workflow: f.Workflow, Unknowns: f.Unknowns,
		Start: f.Start, End: f.End, Item: f.Item.Clear, Findings: len(f.Findings), Members: len(f.Memberships)}
	for _, t := range f.Trace {
		l.Trace = append(l.Trace, t.Ordinal)
	}
	for _, c := range f.Amendments {
		l.Changes = append(l.Changes, c.Type+" "+c.Target+" "+c.Reason.Clear)
	}
	return l
}

func TestRecords(t *testing.T) {
	retitled := lesson.Facts{Facts: common("outreach_lesson")}
	retitled.Title.Clear = "更正后"
	posting := exchange.Facts{Facts: common("support_teaching"), Start: "day:2018-03-01", End: calendar.Unknown}
	started := say(key("exchange", 1), "day:2018-03-01", exchange.Started{Facts: posting})
	completed := say(key("exchange", 1), "day:2018-07-06", exchange.Completed{})
	lessonUnknowns := []record.Unknown{record.UnknownNumber, record.UnknownSubject, record.UnknownFrom, record.UnknownTo}
	postingUnknowns := []record.Unknown{record.UnknownEnd, record.UnknownPeople, record.UnknownFrom, record.UnknownTo}
	given := donation.Facts{Facts: common("donation"), Item: seal.Text{Clear: "电脑"}}
	found := inspection.Facts{Facts: common("supervision"), Findings: []inspection.Finding{{Dimension: record.Word{Text: "师资"}}}}
	tests := []struct {
		name  string
		given []said
		want  line
	}{
		{"reported", []said{reportedLesson(1, "课")}, line{Kind: "lesson", Occurred: "day:2018-04-18", Title: "课", Unknowns: lessonUnknowns, Trace: []uint64{1}}},
		{"corrected", []said{reportedLesson(1, "课"), say(key("lesson", 1), "day:2018-04-19", record.Corrected[lesson.Facts]{Target: id(1), Reason: reason, Facts: retitled})},
			line{Kind: "lesson", Occurred: "day:2018-04-19", Title: "更正后", Unknowns: lessonUnknowns, Trace: []uint64{1, 2}, Changes: []string{"lesson.corrected " + id(1) + " 写错"}}},
		{"voided", []said{reportedLesson(1, "课"), say(key("lesson", 1), "", record.Voided[lesson.Facts]{Target: id(1), Reason: reason})},
			line{Kind: "lesson", Occurred: "day:2018-04-18", Title: "课", Void: true, Unknowns: lessonUnknowns, Trace: []uint64{1, 2}, Changes: []string{"lesson.voided " + id(1) + " 写错"}}},
		{"an exchange under way", []said{started}, line{Kind: "exchange", Occurred: "day:2018-03-01", Workflow: true, Unknowns: postingUnknowns,
			Start: "day:2018-03-01", End: calendar.Unknown, Trace: []uint64{1}}},
		{"an exchange completed", []said{started, completed}, line{Kind: "exchange", Occurred: "day:2018-03-01", Workflow: true, Unknowns: postingUnknowns[1:],
			Start: "day:2018-03-01", End: "day:2018-07-06", Trace: []uint64{1, 2}}},
		{"a completion voided", []said{started, completed, say(key("exchange", 1), "", record.Voided[exchange.Facts]{Target: id(2), Reason: reason})},
			line{Kind: "exchange", Occurred: "day:2018-03-01", Workflow: true, Unknowns: postingUnknowns, Start: "day:2018-03-01", End: calendar.Unknown,
				Trace: []uint64{1, 2, 3}, Changes: []string{"exchange.voided " + id(2) + " 写错"}}},
		{"a school joined a pairing", []said{founded, say(key("pairing", 1), "day:2016-09-01", pairing.Joined{Side: pairing.Side{School: key("school", 3), Role: pairing.Member}})},
			line{Kind: "pairing", Occurred: "day:2015-09-01", Workflow: true, Members: 3, Trace: []uint64{1, 2}}},
		{"its joining voided", []said{founded, say(key("pairing", 1), "day:2016-09-01", pairing.Joined{Side: pairing.Side{School: key("school", 3), Role: pairing.Member}}),
			say(key("pairing", 1), "", record.Voided[pairing.Facts]{Target: id(2), Reason: reason})},
			line{Kind: "pairing", Occurred: "day:2015-09-01", Workflow: true, Members: 2, Trace: []uint64{1, 2, 3}, Changes: []string{"pairing.voided " + id(2) + " 写错"}}},
		{"a donation's item", []said{say(key("donation", 1), "day:2018-04-18", record.Reported[donation.Facts]{Facts: given})},
			line{Kind: "donation", Occurred: "day:2018-04-18", Item: "电脑", Unknowns: []record.Unknown{record.UnknownNumber, record.UnknownFrom, record.UnknownTo}, Trace: []uint64{1}}},
		{"an inspection's findings", []said{say(key("inspection", 1), "day:2018-04-18", record.Reported[inspection.Facts]{Facts: found})},
			line{Kind: "inspection", Occurred: "day:2018-04-18", Findings: 1, Unknowns: []record.Unknown{record.UnknownTo}, Trace: []uint64{1}}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			rows := projectiontest.Replay(records.Model, projectiontest.Applied(tt.given...)...)
			row := rows[tt.given[0].Stream]
			if len(rows) != 1 || row.Key != tt.given[0].Stream || row.Fact().Key != row.Key {
				t.Fatalf("rows %+v", rows)
			}
			if diff := cmp.Diff(tt.want, lineOf(row.Fact())); diff != "" {
				t.Errorf("record (-want +got):\n%s", diff)
			}
		})
	}
}

func TestOtherRows(t *testing.T) {
	rows := projectiontest.Replay(records.Model, projectiontest.Applied(after(surroundings, held(1, community),
		say(key("row", 2), "", intake.RowTaken{District: district, Outcome: intake.Recorded}),
		say(member, "", org.Described{Stage: "小学"}), published("zhaike", "2017-09-01", ""),
		say(key("person", 1), "", record.Reported[org.Person]{Facts: org.Person{District: district}}), say(key("source", 1), "", intake.SourceImported{}),
		say(key("import", 1), "", intake.Completed{}))...)...)
	if !rows[key("row", 1)].Held() || rows[key("row", 2)].Held() {
		t.Errorf("held rows: %+v, %+v; want the first only", rows[key("row", 1)], rows[key("row", 2)])
	}
	if got := records.StateOf[org.School](rows[member]); got.Facts.Stage != "小学" {
		t.Errorf("the described school is %+v", got)
	}
	if got := rows[key("programme", 6)]; len(got.Programme.Publications) != 1 || len(got.Published) != 1 || got.Published[0] != 9 {
		t.Errorf("the programme is %+v", got)
	}
	// A row that was counted stands in its record.
	for _, stream := range []string{key("source", 1), key("import", 1), key("row", 2)} {
		if _, there := rows[stream]; there {
			t.Errorf("%s has a row", stream)
		}
	}
	columns := func(key string) [4]string {
		var out [4]string
		for i, column := range []string{records.ByKind, records.ByDistrict, records.ByCommunity, records.ByLeft} {
			out[i] = valueOf(t, rows[key], column).Text
		}
		return out
	}
	for stream, want := range map[string][4]string{
		district: {"district", district, "", ""}, community: {"community", district, community, ""}, member: {"school", district, "", ""},
		key("calendar", 1): {"calendar", district, "", ""}, key("programme", 6): {"programme", district, "", ""},
		key("row", 1): {"row", district, community, ""}, key("person", 1): {"person", district, "", ""},
	} {
		if got := columns(stream); got != want {
			t.Errorf("%s is found by %v, want %v", stream, got, want)
		}
	}
}

// TestNothing: the model of an empty ledger is empty.
func TestNothing(t *testing.T) {
	if rows := projectiontest.Replay(records.Model); len(rows) != 0 {
		t.Errorf("rows %+v", rows)
	}
}
