package mentorship_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"twinledger/domain/calendar"
	"twinledger/domain/event"
	"twinledger/domain/mentorship"
	"twinledger/domain/record"
	"twinledger/domain/record/recordtest"
)

// mentee is a second person of the ledger.
const mentee = `"` + record.ExampleMentee + `"`

func newDesk() *recordtest.CommandRunner {
	return recordtest.NewCommandRunner(mentorship.Register, mentorship.Commands(), append([]string{record.ExampleMentee}, recordtest.ExampleKeys...)...)
}

func line(order string, when calendar.Occurred, data, code string) recordtest.ScriptedCommand {
	return recordtest.ScriptedCommand{Command: "mentorship." + order, Occurred: when, Data: data, Code: code}
}

// The examples begin on 5 March 2018 and name no end.
var (
	reports = line("report", "term:2017-2018/2", "", "")
	begins  = line("begin", "day:2018-03-05", "", "")
	meets   = line("meet", "day:2018-04-02", `{"what":[{"text":"听课"}]}`, "")
	ends    = line("end", "day:2018-06-30", "", "")
)

func TestCourses(t *testing.T) {
	tests := []struct {
		name  string
		lines []recordtest.ScriptedCommand
	}{
		{"begun, met, judged and ended", []recordtest.ScriptedCommand{begins, meets, line("assess", "day:2018-06-20", "", ""), ends}},
		{"reported, with a meeting of no known day", []recordtest.ScriptedCommand{reports, line("meet", "unknown", "", "")}},
		{"begun without its mentee", []recordtest.ScriptedCommand{line("begin", "day:2018-03-05", `{"mentee":""}`, "mentorship.begin-incomplete")}},
		{"begun on no known day", []recordtest.ScriptedCommand{line("begin", "day:2018-03-05", `{"start":"month:2018-03"}`, "mentorship.begin-incomplete")}},
		{"reported without anybody", []recordtest.ScriptedCommand{line("report", "unknown", `{"mentor":"","mentee":"","people":null,"start":"unknown"}`, "")}},
		{"corrected to begin on no known day", []recordtest.ScriptedCommand{begins, line("correct", "day:2018-03-05", correction(`"start":"unknown"`), "mentorship.begin-incomplete")}},
		{"one's own mentor", []recordtest.ScriptedCommand{line("report", "unknown", `{"mentor":`+mentee+`}`, "mentorship.bad-person")}},
		{"a school for a mentor", []recordtest.ScriptedCommand{line("report", "unknown", `{"mentor":"`+record.ExampleCore+`"}`, "mentorship.bad-person")}},
		{"of the kind of another record", []recordtest.ScriptedCommand{line("report", "unknown", `{"kinds":["demo_lesson"]}`, "record.bad-kind")}},
		{"said to end before it starts", []recordtest.ScriptedCommand{line("report", "unknown", `{"end":"day:2018-03-04"}`, "mentorship.ends-before-start")}},
		{"said to end on the day on which it starts", []recordtest.ScriptedCommand{line("report", "unknown", `{"end":"day:2018-03-05"}`, "")}},
		{"an end that is no date", []recordtest.ScriptedCommand{line("report", "unknown", `{"end":"soon"}`, "calendar.bad-occurred")}},
		{"ended before it starts", []recordtest.ScriptedCommand{begins, line("end", "day:2018-03-04", "", "mentorship.too-early")}},
		{"ended where the report began later than its start", []recordtest.ScriptedCommand{reports, line("end", "day:2018-03-04", "", "mentorship.ends-before-start")}},
		{"ended on no known day", []recordtest.ScriptedCommand{begins, line("end", "month:2018-06", "", "record.step-incomplete")}},
		{"ended twice", []recordtest.ScriptedCommand{begins, ends, line("end", "day:2018-07-01", "", "mentorship.out-of-order")}},
		{"ended again after the first end was voided", []recordtest.ScriptedCommand{begins, ends, line("void", "", `{"target":"@2"}`, ""), line("end", "day:2018-07-01", "", "")}},
		{"ended on another day than the record says", []recordtest.ScriptedCommand{line("report", "unknown", `{"end":"day:2018-07-01"}`, ""), line("end", "day:2018-06-30", "", "mentorship.two-ends")}},
		{"ended on the day that the record says", []recordtest.ScriptedCommand{line("report", "unknown", `{"end":"day:2018-06-30"}`, ""), ends}},
		{"met before it starts", []recordtest.ScriptedCommand{begins, line("meet", "day:2018-03-04", "", "mentorship.outside")}},
		{"met for no purpose", []recordtest.ScriptedCommand{begins, line("meet", "day:2018-04-02", `{"what":null}`, "record.step-incomplete")}},
		{"a meeting told of after the end", []recordtest.ScriptedCommand{begins, ends, meets}},
		{"met after the end", []recordtest.ScriptedCommand{begins, ends, line("meet", "day:2018-07-01", "", "mentorship.outside")}},
		{"judged after the end", []recordtest.ScriptedCommand{begins, ends, line("assess", "day:2018-09-01", "", "")}},
		{"ended before a meeting", []recordtest.ScriptedCommand{begins, meets, line("end", "day:2018-04-01", "", "mentorship.outside")}},
		{"the end corrected to lie before a meeting", []recordtest.ScriptedCommand{begins, meets, ends,
			line("end", "day:2018-04-01", `{"corrects":"@3","reason":"写错"}`, "mentorship.outside")}},
		{"a meeting corrected", []recordtest.ScriptedCommand{begins, meets, line("meet", "day:2018-04-03", `{"corrects":"@2","reason":"写错"}`, "")}},
		{"a meeting corrected without a reason", []recordtest.ScriptedCommand{begins, meets, line("meet", "day:2018-04-03", `{"corrects":"@2"}`, "record.no-reason")}},
		{"corrected to start after a meeting", []recordtest.ScriptedCommand{begins, meets, line("correct", "day:2018-03-05", correction(`"start":"day:2018-04-03"`), "mentorship.outside")}},
		{"met where it is void", []recordtest.ScriptedCommand{begins, line("void", "", "", ""), line("meet", "day:2018-04-02", "", "mentorship.voided")}},
		{"told of a course of another kind", []recordtest.ScriptedCommand{line("report", "unknown", `{"course":[{"verb":"observed","occurred":"unknown"}]}`, "record.unknown-step")}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) { newDesk().RunScript(t, tt.lines...) })
	}
}

// correction returns the body of a correction to the example, altered.
func correction(field string) string {
	return `{"facts":{"district":"` + record.ExampleDistrict + `","kinds":["mentoring"],"mentor":"` + record.ExamplePerson + `","mentee":` + mentee + `,` + field + `}}`
}

func TestBothPeopleAreThePeopleOfTheRecord(t *testing.T) {
	d := newDesk()
	s := mentorship.RecordType.Decider.Fold(d.History(d.RunScript(t, line("report", "unknown", `{"people":null}`, ""))))
	if diff := cmp.Diff([]string{record.ExamplePerson, record.ExampleMentee}, s.Facts.People); diff != "" {
		t.Error(diff)
	}
}

func TestWhenItEnds(t *testing.T) {
	tests := []struct {
		name  string
		lines []recordtest.ScriptedCommand
		want  calendar.Occurred
	}{
		{"nobody said", []recordtest.ScriptedCommand{reports}, calendar.Unknown},
		{"the record says", []recordtest.ScriptedCommand{line("report", "unknown", `{"end":"day:2018-07-01"}`, "")}, "day:2018-07-01"},
		{"it was ended", []recordtest.ScriptedCommand{begins, ends}, "day:2018-06-30"},
		{"its ending was voided", []recordtest.ScriptedCommand{begins, ends, line("void", "", `{"target":"@2"}`, "")}, calendar.Unknown},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			d := newDesk()
			s := mentorship.RecordType.Decider.Fold(d.History(d.RunScript(t, tt.lines...)))
			if got := mentorship.EndOf(s.Facts, s.Progress); got != tt.want {
				t.Errorf("it ends %s, want %s", got, tt.want)
			}
		})
	}
}

func TestWhatAMentorshipLeavesUnknown(t *testing.T) {
	full := mentorship.Facts{Facts: record.ExampleFacts("师徒", "1", "对", "mentoring"), Mentor: record.ExamplePerson, Mentee: record.ExampleMentee, Start: "day:2018-03-05", End: calendar.Unknown}
	without := func(alter func(*mentorship.Facts)) mentorship.Facts {
		f := full
		alter(&f)
		return f
	}
	tests := []struct {
		name     string
		occurred calendar.Occurred
		facts    mentorship.Facts
		want     []record.Unknown
	}{
		{"all is said, and it goes on", "day:2018-03-05", full, nil},
		{"its first day says when", calendar.Unknown, full, nil},
		{"no mentee", "day:2018-03-05", without(func(f *mentorship.Facts) { f.Mentee = "" }), []record.Unknown{record.UnknownPeople}},
		{"no start", "day:2018-03-05", without(func(f *mentorship.Facts) { f.Start = calendar.Unknown }), []record.Unknown{record.UnknownStart}},
		{"no subject", "day:2018-03-05", without(func(f *mentorship.Facts) { f.Subjects = nil }), []record.Unknown{record.UnknownSubject}},
		{"known to the school year", "schoolyear:2017-2018", full, []record.Unknown{record.UnknownTerm}},
		{"nothing is said", calendar.Unknown, mentorship.Facts{}, []record.Unknown{record.UnknownCommunity, record.UnknownTerm, record.UnknownStart,
			record.UnknownPeople, record.UnknownSubject, record.UnknownFrom, record.UnknownTo}},
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
	f := mentorship.Facts{Start: "day:2018-03-05", End: calendar.Unknown}
	if from, until := f.Lasts(); from != f.Start || until != "" {
		t.Errorf("lasts from %q until %q", from, until)
	}
	f.End = "day:2018-06-30"
	if _, until := f.Lasts(); until != f.End {
		t.Errorf("lasts until %q", until)
	}
}

var order = recordtest.Transitions{
	"met":      {From: []string{"reported", "begun", "ended"}},
	"assessed": {From: []string{"reported", "begun", "ended"}},
	"ended":    {From: []string{"reported", "begun"}, To: "ended", Once: true},
}

func TestNoWalkLeadsToAnIllegalState(t *testing.T) {
	lines := []recordtest.ScriptedCommand{reports, begins, meets, ends, line("assess", "", "", ""), line("void", "", "", ""), line("void", "", `{"target":"@"}`, ""),
		line("void", "", `{"target":"@"}`, ""), line("correct", "", correction(`"start":"day:2018-03-01"`), ""),
		line("correct", "", correction(`"start":"day:2018-05-03","end":"day:2018-06-04"`), ""), line("correct", "", correction(`"start":"unknown"`), "")}
	for _, step := range []string{"meet", "assess", "end"} {
		lines = append(lines, line(step, "", `{"corrects":"@","reason":"写错"}`, ""))
	}
	rapid.Check(t, func(t *rapid.T) {
		d := newDesk()
		draw := d.Drawing(func(n int) int { return rapid.IntRange(0, n-1).Draw(t, "choice") }, lines...)
		if wrong := recordtest.RunRandom(d, 40, order, draw, wrongState); wrong != "" {
			t.Fatal(wrong)
		}
	})
}

// wrongState returns what no mentorship may be, or "".
func wrongState(past []event.Event) string {
	s := mentorship.RecordType.Decider.Fold(past)
	if wrong := recordtest.ProgressMismatch(s.Progress, past); wrong != "" || s.Phase == record.Void {
		return wrong
	}
	end := s.Facts.End
	for _, step := range s.Steps {
		if step.Verb == "ended" {
			end = step.Occurred
		}
	}
	day := func(o calendar.Occurred) string {
		if !o.Dated() {
			return ""
		}
		return o.Value()
	}
	if day(end) != "" && day(end) < day(s.Facts.Start) {
		return "it ends before it starts"
	}
	for _, step := range s.Steps {
		met := day(step.Occurred)
		if step.Verb == "met" && met != "" && (met < day(s.Facts.Start) || day(end) != "" && met > day(end)) {
			return "they met outside its time"
		}
	}
	return ""
}
