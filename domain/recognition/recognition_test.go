package recognition_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"twinledger/domain/calendar"
	"twinledger/domain/event"
	"twinledger/domain/recognition"
	"twinledger/domain/record"
	"twinledger/domain/record/recordtest"
)

func newDesk() *recordtest.CommandRunner {
	return recordtest.NewCommandRunner(recognition.Register, recognition.Commands(), recordtest.ExampleKeys...)
}

func line(order string, when calendar.Occurred, data, code string) recordtest.ScriptedCommand {
	return recordtest.ScriptedCommand{Command: "recognition." + order, Occurred: when, Data: data, Code: code}
}

var reports = line("report", "day:2018-07-10", "", "")

func TestCourses(t *testing.T) {
	revokes := line("revoke", "day:2019-03-01", "", "")
	tests := []struct {
		name  string
		lines []recordtest.ScriptedCommand
	}{
		{"support experience", []recordtest.ScriptedCommand{reports}},
		{"a certificate of a school", []recordtest.ScriptedCommand{line("report", "day:2018-07-10", `{"kinds":["certificate"],"people":null,"issuer":"市教育局"}`, "")}},
		{"a subsidy to a person", []recordtest.ScriptedCommand{line("report", "month:2018-07", `{"kinds":["travel_subsidy"],"to":null,"quantity":{"number":"600","bound":"exact","measure":{"text":"元"}}}`, "")}},
		{"a prize in a contest of one's record", []recordtest.ScriptedCommand{line("report", "day:2018-07-10", `{"kinds":["award"],"grade":"一等奖","related":["`+record.ExampleCore+`"]}`, "")}},
		{"held by nobody", []recordtest.ScriptedCommand{line("report", "unknown", `{"people":null,"to":null}`, "recognition.no-holder")}},
		{"of the kind of another record", []recordtest.ScriptedCommand{line("report", "unknown", `{"kinds":["visit"]}`, "record.bad-kind")}},
		{"valid until before it is", []recordtest.ScriptedCommand{line("report", "unknown", `{"valid_until":"day:2017-08-31"}`, "recognition.bad-period")}},
		{"valid until the year before", []recordtest.ScriptedCommand{line("report", "unknown", `{"valid_until":"year:2016"}`, "recognition.bad-period")}},
		{"valid for one day", []recordtest.ScriptedCommand{line("report", "unknown", `{"valid_until":"day:2017-09-01"}`, "")}},
		{"valid since nobody knows when", []recordtest.ScriptedCommand{line("report", "unknown", `{"valid_from":null,"valid_until":null}`, "")}},
		{"valid until what is no date", []recordtest.ScriptedCommand{line("report", "unknown", `{"valid_until":"for ever"}`, "calendar.bad-occurred")}},

		{"revoked", []recordtest.ScriptedCommand{reports, revokes}},
		{"revoked twice", []recordtest.ScriptedCommand{reports, revokes, line("revoke", "day:2019-03-02", "", "recognition.out-of-order")}},
		{"revoked before it was given", []recordtest.ScriptedCommand{reports, line("revoke", "day:2018-07-09", "", "recognition.too-early")}},
		{"revoked for no reason", []recordtest.ScriptedCommand{reports, line("revoke", "day:2019-03-01", `{"note":null}`, "record.step-incomplete")}},
		{"revoked by nobody", []recordtest.ScriptedCommand{reports, line("revoke", "day:2019-03-01", `{"by":null,"office":null}`, "record.step-incomplete")}},
		{"a revoking voided and done again", []recordtest.ScriptedCommand{reports, revokes, line("void", "", `{"target":"@2"}`, ""), line("revoke", "day:2019-04-01", "", "")}},
		{"a revoking corrected", []recordtest.ScriptedCommand{reports, revokes, line("revoke", "day:2019-03-02", `{"corrects":"@2","reason":"写错"}`, "")}},
		{"revoked where it is void", []recordtest.ScriptedCommand{reports, line("void", "", "", ""), line("revoke", "day:2019-03-01", "", "recognition.voided")}},
		{"corrected to be given after it was revoked", []recordtest.ScriptedCommand{reports, revokes, line("correct", "day:2019-03-02", "", "recognition.too-early")}},
		{"told to have been revoked", []recordtest.ScriptedCommand{line("report", "year:2017", `{"course":[{"verb":"revoked","occurred":"year:2018"}]}`, "")}},
		{"told of a course of another kind", []recordtest.ScriptedCommand{line("report", "unknown", `{"course":[{"verb":"observed","occurred":"unknown"}]}`, "record.unknown-step")}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) { newDesk().RunScript(t, tt.lines...) })
	}
}

func TestWhatARecognitionLeavesUnknown(t *testing.T) {
	full := recognition.Facts{Facts: record.ExampleFacts("支教经历", "1", "年", "support_experience"), Issuer: "县教育局"}
	without := func(alter func(*recognition.Facts)) recognition.Facts {
		f := full
		alter(&f)
		return f
	}
	tests := []struct {
		name     string
		occurred calendar.Occurred
		facts    recognition.Facts
		want     []record.Unknown
	}{
		{"all is said", "day:2018-07-10", full, nil},
		{"no community", "day:2018-07-10", without(func(f *recognition.Facts) { f.Community = "" }), nil},
		{"known to the month", "month:2018-07", full, []record.Unknown{record.UnknownDay}},
		{"known to the year", "year:2018", full, []record.Unknown{record.UnknownTerm}},
		{"given by a school", "day:2018-07-10", without(func(f *recognition.Facts) { f.Issuer = "" }), nil},
		{"given by nobody", "day:2018-07-10", without(func(f *recognition.Facts) { f.Issuer, f.From = "", nil }), []record.Unknown{record.UnknownFrom}},
		{"experience of no known length", "day:2018-07-10", without(func(f *recognition.Facts) { f.Quantity = record.Quantity{} }), []record.Unknown{record.UnknownNumber}},
		{"an award of no number", "day:2018-07-10", without(func(f *recognition.Facts) { f.Kinds, f.Quantity = []record.Kind{"award"}, record.Quantity{} }), nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if diff := cmp.Diff(tt.want, tt.facts.Unknowns(tt.occurred)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestHowLongItLasts(t *testing.T) {
	f := recognition.Facts{ValidFrom: "day:2017-09-01", ValidUntil: calendar.Unknown}
	if from, until := f.Lasts(); from != f.ValidFrom || until != "" {
		t.Errorf("lasts from %q until %q", from, until)
	}
	f.ValidUntil = "day:2018-07-06"
	if _, until := f.Lasts(); until != f.ValidUntil {
		t.Errorf("lasts until %q", until)
	}
}

func TestNoWalkLeadsToAnIllegalState(t *testing.T) {
	lines := []recordtest.ScriptedCommand{reports, line("revoke", "", "", ""), line("revoke", "", `{"corrects":"@","reason":"写错"}`, ""), line("void", "", `{"target":"@"}`, ""),
		line("void", "", `{"target":"@"}`, ""), line("correct", "", "", ""), line("correct", "", `{"target":"@"}`, "")}
	order := recordtest.Transitions{"revoked": {From: []string{"reported"}, To: "revoked", Once: true}}
	rapid.Check(t, func(t *rapid.T) {
		d := newDesk()
		draw := d.Drawing(func(n int) int { return rapid.IntRange(0, n-1).Draw(t, "choice") }, lines...)
		follows := func(past []event.Event) string {
			return recordtest.ProgressMismatch(recognition.RecordType.Decider.Fold(past).Progress, past)
		}
		if wrong := recordtest.RunRandom(d, 40, order, draw, follows); wrong != "" {
			t.Fatal(wrong)
		}
	})
}
