package indicator_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"twinledger/domain/calendar"
	"twinledger/domain/event"
	"twinledger/domain/indicator"
	"twinledger/domain/record"
	"twinledger/domain/record/recordtest"
)

func newDesk() *recordtest.CommandRunner {
	return recordtest.NewCommandRunner(indicator.Register, indicator.Commands(), recordtest.ExampleKeys...)
}

func line(order string, data, code string) recordtest.ScriptedCommand {
	return recordtest.ScriptedCommand{Command: "indicator." + order, Occurred: "day:2018-03-01", Data: data, Code: code}
}

func TestCourses(t *testing.T) {
	rate := func(value, unit string) string {
		return `{"kinds":["excellent_rate"],"what":{"text":"优课率"},"population":null,"value":"` + value + `","unit":"` + unit + `"}`
	}
	of := func(kind, rest string) string { return `{"kinds":["` + kind + `"],"population":null,` + rest + `}` }
	tests := []struct {
		name  string
		lines []recordtest.ScriptedCommand
	}{
		{"a rank", []recordtest.ScriptedCommand{line("report", "", "")}},
		{"the last of all", []recordtest.ScriptedCommand{line("report", `{"value":"23"}`, "")}},
		{"a rank of nobody knows how many", []recordtest.ScriptedCommand{line("report", `{"population":null}`, "")}},
		{"a rank beyond those ranked", []recordtest.ScriptedCommand{line("report", `{"value":"24"}`, "indicator.bad-rank")}},
		{"a rank of nought", []recordtest.ScriptedCommand{line("report", `{"value":"0"}`, "indicator.bad-rank")}},
		{"half a rank", []recordtest.ScriptedCommand{line("report", `{"value":"7.5"}`, "indicator.bad-rank")}},
		{"a negative number of those ranked", []recordtest.ScriptedCommand{line("report", `{"population":-1}`, "indicator.bad-rank")}},
		{"a rate among those ranked", []recordtest.ScriptedCommand{line("report", `{"kinds":["pass_rate"],"unit":"%"}`, "indicator.bad-rank")}},
		{"a rate", []recordtest.ScriptedCommand{line("report", rate("96.5", "%"), "")}},
		{"all of them", []recordtest.ScriptedCommand{line("report", rate("100", "%"), "")}},
		{"none of them", []recordtest.ScriptedCommand{line("report", rate("0", "%"), "")}},
		{"more than all", []recordtest.ScriptedCommand{line("report", rate("100.000001", "%"), "indicator.bad-rate")}},
		{"a rate in thousandths", []recordtest.ScriptedCommand{line("report", rate("965", "‰"), "")}},
		{"more than all, in thousandths", []recordtest.ScriptedCommand{line("report", rate("1000.5", "‰"), "indicator.bad-rate")}},
		{"a rate without its unit", []recordtest.ScriptedCommand{line("report", rate("96.5", ""), "indicator.bad-rate")}},
		{"a rate that nobody could read", []recordtest.ScriptedCommand{line("report", rate("", ""), "")}},
		{"a negative rate", []recordtest.ScriptedCommand{line("report", rate("-1", "%"), "indicator.bad-value")}},
		{"a number with a superfluous zero", []recordtest.ScriptedCommand{line("report", rate("96.50", "%"), "indicator.bad-value")}},
		{"a number in words", []recordtest.ScriptedCommand{line("report", rate("九成", "%"), "indicator.bad-value")}},
		{"a number of people", []recordtest.ScriptedCommand{line("report", of("staff_number", `"value":"58","unit":"人"`), "")}},
		{"half a person", []recordtest.ScriptedCommand{line("report", of("student_number", `"value":"0.5","unit":"人"`), "indicator.bad-count")}},
		{"a score", []recordtest.ScriptedCommand{line("report", of("assessment_score", `"value":"86.5","unit":"分"`), "")}},
		{"what was gained", []recordtest.ScriptedCommand{line("report", of("value_added", `"value":"-2.5","unit":"分"`), "")}},
		{"minus nought", []recordtest.ScriptedCommand{line("report", of("value_added", `"value":"-0"`), "indicator.bad-value")}},
		{"named by its kind only", []recordtest.ScriptedCommand{line("report", `{"what":null}`, "")}},
		{"of two kinds at once", []recordtest.ScriptedCommand{line("report", `{"kinds":["ranking","pass_rate"]}`, "record.bad-kind")}},
		{"of the kind of another record", []recordtest.ScriptedCommand{line("report", `{"kinds":["visit"]}`, "record.bad-kind")}},
		{"of a community", []recordtest.ScriptedCommand{line("report", `{"to":null}`, "")}},
		{"of two schools", []recordtest.ScriptedCommand{line("report", `{"to":[{"school":"`+record.ExampleCore+`"},{"school":"`+record.ExampleMember+`"}]}`, "indicator.one-school")}},
		{"of the members as a group", []recordtest.ScriptedCommand{line("report", `{"to":[{"group":"members"}]}`, "indicator.one-school")}},
		{"as of a month", []recordtest.ScriptedCommand{line("report", `{"as_of":"month:2018-02"}`, "indicator.bad-day")}},
		{"as of nobody knows when, about nobody knows what", []recordtest.ScriptedCommand{line("report", `{"as_of":null,"about":null}`, "")}},
		{"about what is no date", []recordtest.ScriptedCommand{line("report", `{"about":"lately"}`, "calendar.bad-occurred")}},
		{"told of a course", []recordtest.ScriptedCommand{line("report", `{"course":[{"verb":"observed","occurred":"unknown"}]}`, "record.unknown-step")}},

		{"corrected", []recordtest.ScriptedCommand{line("report", "", ""), line("correct", "", "")}},
		{"corrected without a reason", []recordtest.ScriptedCommand{line("report", "", ""), line("correct", `{"reason":""}`, "record.no-reason")}},
		{"voided", []recordtest.ScriptedCommand{line("report", "", ""), line("void", "", "")}},
		{"voided twice", []recordtest.ScriptedCommand{line("report", "", ""), line("void", "", ""), line("void", "", "indicator.voided")}},
		{"corrected when void", []recordtest.ScriptedCommand{line("report", "", ""), line("void", "", ""), line("correct", "", "indicator.voided")}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) { newDesk().RunScript(t, tt.lines...) })
	}
}

func TestWhatTheKindNames(t *testing.T) {
	d := newDesk()
	s := indicator.RecordType.Decider.Fold(d.History(d.RunScript(t, line("report", `{"what":null}`, ""))))
	if s.Facts.What.Text != "名次" {
		t.Errorf("it is called %q", s.Facts.What.Text)
	}
}

func TestWhatAnIndicatorLeavesUnknown(t *testing.T) {
	full := indicator.Facts{Facts: record.Facts{Kinds: []record.Kind{"ranking"}}, Value: "7", Population: 23, About: "year:2017", Authority: "县教育局"}
	without := func(alter func(*indicator.Facts)) indicator.Facts {
		f := full
		alter(&f)
		return f
	}
	tests := []struct {
		name  string
		facts indicator.Facts
		want  []record.Unknown
	}{
		{"all is said", full, nil},
		{"no figure", without(func(f *indicator.Facts) { f.Value = "" }), []record.Unknown{record.UnknownNumber}},
		{"about nobody knows when", without(func(f *indicator.Facts) { f.About = calendar.Unknown }), []record.Unknown{record.UnknownTerm}},
		{"a rank of nobody knows how many", without(func(f *indicator.Facts) { f.Population = 0 }), []record.Unknown{record.UnknownPopulation}},
		{"a rate has no number of those ranked", without(func(f *indicator.Facts) { f.Kinds, f.Population = []record.Kind{"pass_rate"}, 0 }), nil},
		{"from a document only", without(func(f *indicator.Facts) { f.Authority, f.Document = "", "教督〔2018〕2号" }), nil},
		{"from nowhere", without(func(f *indicator.Facts) { f.Authority = "" }), []record.Unknown{record.UnknownAuthority}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if diff := cmp.Diff(tt.want, tt.facts.Unknowns("day:2018-03-01")); diff != "" {
				t.Error(diff)
			}
			for _, u := range tt.want {
				if zh, en := u.Words(); zh == "" || en == "" {
					t.Errorf("%s has no words", u)
				}
			}
		})
	}
}

func TestNoWalkLeadsToAnIllegalState(t *testing.T) {
	lines := []recordtest.ScriptedCommand{line("report", "", ""), line("report", `{"value":"24"}`, ""), line("void", `{"target":"@"}`, ""), line("correct", "", ""), line("correct", `{"target":"@"}`, "")}
	rapid.Check(t, func(t *rapid.T) {
		d := newDesk()
		draw := d.Drawing(func(n int) int { return rapid.IntRange(0, n-1).Draw(t, "choice") }, lines...)
		follows := func(past []event.Event) string {
			return recordtest.ProgressMismatch(indicator.RecordType.Decider.Fold(past).Progress, past)
		}
		if wrong := recordtest.RunRandom(d, 40, recordtest.Transitions{}, draw, follows); wrong != "" {
			t.Fatal(wrong)
		}
	})
}
