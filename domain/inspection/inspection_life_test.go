package inspection_test

import (
	"math/rand/v2"
	"slices"
	"testing"

	"twinledger/domain/calendar"
	"twinledger/domain/command/commandtest"
	"twinledger/domain/event"
	"twinledger/domain/inspection"
	"twinledger/domain/record"
	"twinledger/domain/record/recordtest"
	"twinledger/domain/seal"
	"twinledger/domain/seal/sealtest"
)

const (
	wang = "person-0198c000-0000-7000-8000-000000000031"
	li   = "person-0198c000-0000-7000-8000-000000000032"
)

func newRunner() *recordtest.CommandRunner {
	return recordtest.NewCommandRunner(inspection.Register, inspection.Commands(), append([]string{wang, li}, recordtest.ExampleKeys...)...)
}

// line returns a command on a day; data as [recordtest.ScriptedCommand] says.
func line(command string, day calendar.Day, data string) recordtest.ScriptedCommand {
	return recordtest.ScriptedCommand{Command: "inspection." + command, Occurred: calendar.OnDay(day), Data: data}
}

// refused returns the line with the refusal expected.
func refused(l recordtest.ScriptedCommand, code string) recordtest.ScriptedCommand {
	l.Code = code
	return l
}

func people(keys ...string) string {
	list := ""
	for i, key := range keys {
		if i > 0 {
			list += ","
		}
		list += `"` + key + `"`
	}
	return `"people":[` + list + `]`
}

// The lines of which stories are told; each works where it may come.
var (
	announce  = line("announce", "2018-04-20", "")
	team      = line("team", "2018-04-25", `{`+people(wang, li)+`}`)
	recuse    = line("recuse", "2018-04-26", `{`+people(li)+`,"note":"曾在该校任教"}`)
	visit     = line("visit", "2018-05-09", `{`+people(wang)+`}`)
	find      = line("find", "2018-05-09", `{"what":[{"text":"队伍建设"}],"note":"按计划落实","grade":"良好"}`)
	score     = line("score", "2018-05-10", `{"what":[{"text":"队伍建设"}],"score":"86.5"}`)
	total     = line("score", "2018-05-10", `{"score":"86.5"}`)
	conclude  = line("conclude", "2018-05-12", `{"grade":"良好"}`)
	publish   = line("publish", "2018-05-20", `{"document":"教督〔2018〕5号","from":"day:2018-05-21"}`)
	interview = line("interview", "2018-05-25", "")
	cancel    = line("cancel", "2018-05-01", "")
	report    = line("report", "2018-05-09", "")
)

func TestCourseOfAnInspection(t *testing.T) {
	tests := []struct {
		name  string
		lines []recordtest.ScriptedCommand
	}{
		{"from the notice to the interview", []recordtest.ScriptedCommand{announce, team, recuse, visit, find, score, total, conclude, publish, interview}},
		{"visited on two days", []recordtest.ScriptedCommand{announce, team, visit, line("visit", "2018-05-11", visit.Data), find, conclude}},
		{"interviewed before publication", []recordtest.ScriptedCommand{announce, team, visit, conclude, interview, line("publish", "2018-05-26", publish.Data)}},
		{"reported, published and followed by an interview", []recordtest.ScriptedCommand{report, publish, interview}},
		{"cancelled", []recordtest.ScriptedCommand{announce, team, cancel, refused(visit, "inspection.out-of-order")}},
		{"announced by nobody", []recordtest.ScriptedCommand{refused(line("announce", "2018-04-20", `{"from":null,"organisers":null}`), "inspection.no-inspector")}},
		{"announced by schools", []recordtest.ScriptedCommand{line("announce", "2018-04-20", `{"organisers":null}`)}},
		{"announced to nobody", []recordtest.ScriptedCommand{refused(line("announce", "2018-04-20", `{"to":null}`), "inspection.no-school")}},
		{"announced for no time", []recordtest.ScriptedCommand{refused(line("announce", "2018-04-20", `{"planned":null}`), "inspection.no-planned-day")}},
		{"announced for an unknown time", []recordtest.ScriptedCommand{refused(line("announce", "2018-04-20", `{"planned":"unknown"}`), "inspection.no-planned-day")}},
		{"announced for a time that is none", []recordtest.ScriptedCommand{refused(line("announce", "2018-04-20", `{"planned":"May"}`), "calendar.bad-occurred")}},
		{"announced with a dimension without name", []recordtest.ScriptedCommand{refused(line("announce", "2018-04-20", `{"dimensions":[{"text":""}]}`), "inspection.empty-finding")}},
		{"announced with what will be found", []recordtest.ScriptedCommand{refused(line("announce", "2018-04-20", `{"findings":[{"dimension":{"text":"队伍建设"},"text":"好"}]}`), "inspection.findings-ahead")}},
		{"visited without a team", []recordtest.ScriptedCommand{announce, refused(visit, "inspection.out-of-order")}},
		{"visited by nobody", []recordtest.ScriptedCommand{announce, team, refused(line("visit", "2018-05-09", `{"people":null}`), "record.step-incomplete")}},
		{"visited by somebody outside the team", []recordtest.ScriptedCommand{announce, line("team", "2018-04-25", `{`+people(wang)+`}`), refused(line("visit", "2018-05-09", `{`+people(li)+`}`), "inspection.not-of-team")}},
		{"visited by somebody named to the team later", []recordtest.ScriptedCommand{announce, team, recuse, line("team", "2018-04-27", `{`+people(record.ExamplePerson, wang)+`}`),
			line("visit", "2018-05-09", `{`+people(wang, record.ExamplePerson)+`}`)}},
		{"visited by somebody who was recused", []recordtest.ScriptedCommand{announce, team, recuse, refused(line("visit", "2018-05-09", `{`+people(wang, li)+`}`), "inspection.recused")}},
		{"visited by somebody recused before the team was named", []recordtest.ScriptedCommand{announce, recuse, refused(line("team", "2018-04-27", `{`+people(wang, li)+`}`), "inspection.recused")}},
		{"recused after a visit", []recordtest.ScriptedCommand{announce, team, line("visit", "2018-05-09", `{`+people(wang, li)+`}`), line("recuse", "2018-05-09", recuse.Data),
			refused(line("find", "2018-05-09", `{`+people(li)+`,"what":[{"text":"队伍建设"}],"note":"好"}`), "inspection.recused")}},
		{"the recusal voided", []recordtest.ScriptedCommand{announce, team, recuse, line("void", "2018-04-27", `{"target":"@3"}`), line("visit", "2018-05-09", `{`+people(li)+`}`)}},
		{"the team voided after the visit", []recordtest.ScriptedCommand{announce, team, line("team", "2018-04-26", `{`+people(wang)+`}`), line("visit", "2018-05-09", `{`+people(li)+`}`),
			refused(line("void", "2018-05-10", `{"target":"@2"}`), "inspection.not-of-team")}},
		{"recused without a reason", []recordtest.ScriptedCommand{announce, team, refused(line("recuse", "2018-04-26", `{`+people(li)+`,"note":null}`), "record.step-incomplete")}},
		{"found before the visit", []recordtest.ScriptedCommand{announce, team, refused(find, "inspection.out-of-order")}},
		{"found after the conclusion", []recordtest.ScriptedCommand{announce, team, visit, conclude, refused(find, "inspection.out-of-order")}},
		{"found under no dimension", []recordtest.ScriptedCommand{announce, team, visit, refused(line("find", "2018-05-09", `{"what":null}`), "record.step-incomplete")}},
		{"a dimension scored twice", []recordtest.ScriptedCommand{announce, team, visit, score, total, refused(line("score", "2018-05-10", `{"what":[{"text":" 队伍建设 "}],"score":"80"}`), "inspection.scored-twice")}},
		{"two totals", []recordtest.ScriptedCommand{announce, team, visit, total, refused(line("score", "2018-05-10", `{"score":"80"}`), "inspection.scored-twice")}},
		{"a score corrected", []recordtest.ScriptedCommand{announce, team, visit, score, line("score", "2018-05-10", `{"what":[{"text":"队伍建设"}],"score":"80","corrects":"@4","reason":"算错"}`), conclude}},
		{"a score that is no number", []recordtest.ScriptedCommand{announce, team, visit, refused(line("score", "2018-05-10", `{"score":"080"}`), "record.bad-score")}},
		{"concluded without a grade", []recordtest.ScriptedCommand{announce, team, visit, refused(line("conclude", "2018-05-12", `{"grade":null}`), "record.step-incomplete")}},
		{"published before it was concluded", []recordtest.ScriptedCommand{announce, team, visit, refused(publish, "inspection.out-of-order")}},
		{"published without a document", []recordtest.ScriptedCommand{report, refused(line("publish", "2018-05-20", `{"document":null}`), "record.step-incomplete")}},
		{"visited before it was announced", []recordtest.ScriptedCommand{announce, refused(line("team", "2018-04-19", team.Data), "inspection.too-early")}},
		{"cancelled after the visit", []recordtest.ScriptedCommand{announce, team, visit, refused(line("cancel", "2018-05-10", ""), "inspection.out-of-order")}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) { newRunner().RunScript(t, tt.lines...) })
	}
}

func TestWhatStandsInClearNamesNobody(t *testing.T) {
	s := seal.Sealer{Vault: &sealtest.Vault{}, Names: sealtest.Names{"李老师": "person-1"}, Stream: "inspection-1", Fallback: "source-1"}
	for _, f := range []inspection.Facts{{Document: "李老师〔2018〕1号"}, {Dimensions: []record.Word{{Text: "李老师的课"}}}} {
		_, err := f.SealBody(t.Context(), s)
		commandtest.Refused(t, err, record.ErrNameInClear)
	}
}

// order says which step may follow which, written apart from the record type.
var order = recordtest.Transitions{
	"teamed":      {From: []string{"announced", "teamed"}, To: "teamed"},
	"recused":     {From: []string{"announced", "teamed", "visited"}},
	"visited":     {From: []string{"teamed", "visited"}, To: "visited"},
	"found":       {From: []string{"visited"}},
	"scored":      {From: []string{"visited"}},
	"concluded":   {From: []string{"visited"}, To: "concluded"},
	"published":   {From: []string{"concluded", "reported"}, To: "published"},
	"interviewed": {From: []string{"concluded", "published", "reported"}},
	"cancelled":   {From: []string{"announced", "teamed"}, To: "cancelled"},
}

func TestRandomInspections(t *testing.T) {
	d := newRunner()
	seen := map[string]bool{}
	for seed := range uint64(40) {
		draw := d.Drawing(rand.New(rand.NewPCG(seed, 0)).IntN,
			announce, announce, report, team, team, line("team", "2018-01-01", `{`+people(wang)+`}`), recuse, visit, visit, line("visit", "2018-01-01", `{`+people(li)+`}`),
			find, line("find", "2018-01-01", `{`+people(li)+`,"what":[{"text":"办学条件"}]}`), score, total, line("score", "2018-01-01", `{"score":"80","corrects":"@","reason":"算错"}`),
			line("team", "2018-01-01", `{`+people(li)+`,"corrects":"@","reason":"写错"}`), conclude, publish, interview, cancel,
			line("correct", "2018-01-01", ""), line("void", "2018-01-01", `{"target":"@"}`))
		wrong := recordtest.RunRandom(d, 80, order, draw, func(history []event.Event) string {
			seen[recordtest.Verb(history[len(history)-1])] = true
			return inspectedByTheWrongPeople(history)
		})
		if wrong != "" {
			t.Fatalf("walk %d: %s", seed, wrong)
		}
	}
	for _, verb := range []string{"announced", "reported", "teamed", "recused", "visited", "found", "scored", "concluded", "published", "interviewed", "cancelled", "corrected", "voided"} {
		if !seen[verb] {
			t.Errorf("no walk came to %s", verb)
		}
	}
}

// inspectedByTheWrongPeople says, without the package's own bookkeeping, that
// whoever acts was named before and not recused before, and that nothing is
// scored twice.
func inspectedByTheWrongPeople(history []event.Event) string {
	steps, _ := recordtest.Standing(history)
	scored := map[string]bool{}
	for i, s := range steps {
		step := s.Fact.(record.StepEvent).StepBody()
		named := func(person, verb string) bool {
			return slices.ContainsFunc(steps[:i], func(before recordtest.StandingStep) bool {
				return before.Verb == verb && slices.Contains(before.Fact.(record.StepEvent).StepBody().People, person)
			})
		}
		for _, person := range step.People {
			acts := slices.Contains([]string{"visited", "found", "scored", "concluded"}, s.Verb)
			if (acts || s.Verb == "teamed") && named(person, "recused") || acts && !named(person, "teamed") {
				return s.Verb + " names somebody who was recused or is not of the team"
			}
		}
		if s.Verb == "scored" {
			dimension := "the whole"
			if len(step.What) > 0 {
				dimension = step.What[0].Text
			}
			if scored[dimension] {
				return "scored twice: " + dimension
			}
			scored[dimension] = true
		}
	}
	return ""
}

func TestWhetherAnInspectionTookPlace(t *testing.T) {
	tests := []struct {
		name  string
		lines []recordtest.ScriptedCommand
		want  calendar.Occurred
	}{
		{"announced", []recordtest.ScriptedCommand{announce, team}, ""},
		{"visited", []recordtest.ScriptedCommand{announce, team, visit, find, conclude, publish}, "day:2018-05-09"},
		{"cancelled", []recordtest.ScriptedCommand{announce, cancel}, ""},
		{"reported", []recordtest.ScriptedCommand{report, publish}, "day:2018-05-09"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			d := newRunner()
			s := inspection.RecordType.Decider.Fold(d.History(d.RunScript(t, tt.lines...)))
			if when, did := inspection.RecordType.Workflow.TookPlace(s.Progress); did != (tt.want != "") || did && when != tt.want {
				t.Errorf("took place %v, %q; want %q", did, when, tt.want)
			}
		})
	}
}
