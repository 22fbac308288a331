package activity_test

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"twinledger/domain/activity"
	"twinledger/domain/calendar"
	"twinledger/domain/event"
	"twinledger/domain/record/recordtest"
	"twinledger/domain/seal"
	"twinledger/domain/seal/sealtest"
)

func newRunner() *recordtest.CommandRunner {
	return recordtest.NewCommandRunner(activity.Register, activity.Commands(), recordtest.ExampleKeys...)
}

// line returns a command of the kind that the test is about, on a day.
func line(command string, day calendar.Day, data string) recordtest.ScriptedCommand {
	return recordtest.ScriptedCommand{Command: command, Occurred: calendar.OnDay(day), Data: data}
}

func refused(l recordtest.ScriptedCommand, code string) recordtest.ScriptedCommand {
	l.Code = code
	return l
}

func part(name string) string { return `{"what":[{"text":"` + name + `"}]}` }

// The lines of which stories are told; each works where it may come.
var (
	report    = line("report", "2018-06-12", "")
	plan      = line("plan", "2018-03-05", "")
	request   = line("request", "2018-03-05", "")
	diagnose  = line("diagnose", "2018-03-12", "")
	design    = line("design", "2018-03-20", "")
	review    = line("appraise", "2018-03-28", part("审阅"))
	opinion   = line("appraise", "2018-03-28", part("形成意见"))
	revise    = line("revise", "2018-04-02", "")
	document  = line("document", "2018-04-08", `{"document":"教研〔2018〕4号"}`)
	train     = line("train", "2018-04-12", "")
	prepare   = line("prepare", "2018-04-18", part("团队研读"))
	polish    = line("prepare", "2018-04-25", `{"what":[{"text":"集体打磨"}],"document":"第三稿"}`)
	talk      = line("show", "2018-05-16", part("说课"))
	teach     = line("show", "2018-05-16", part("上课"))
	deliver   = line("deliver", "2018-05-23", "")
	hold      = line("hold", "2018-05-16", "")
	summarise = line("summarise", "2018-06-01", "")
	cancel    = line("cancel", "2018-05-02", "")
	confirm   = line("confirm", "2018-06-02", "")
)

var stories = []struct {
	name  string
	lines []recordtest.ScriptedCommand
}{
	{"the whole booking", []recordtest.ScriptedCommand{request, diagnose, design, review, opinion, revise, document, train, prepare, polish, talk, teach, deliver, summarise, confirm}},
	{"the booking without what may be left out", []recordtest.ScriptedCommand{request, opinion, document, train, prepare, talk, summarise}},
	{"planned, held and summarised", []recordtest.ScriptedCommand{plan, hold, summarise, confirm}},
	{"planned, prepared in a cycle and held", []recordtest.ScriptedCommand{plan, prepare, polish, prepareAgain, hold}},
	{"planned and shown", []recordtest.ScriptedCommand{plan, talk, teach, deliver, summarise}},
	{"planned and cancelled", []recordtest.ScriptedCommand{plan, cancel, refused(hold, "out-of-order")}},
	{"requested and cancelled on the way", []recordtest.ScriptedCommand{request, design, opinion, cancel, refused(document, "out-of-order")}},
	{"reported and confirmed", []recordtest.ScriptedCommand{report, line("confirm", "2018-06-20", "")}},
	{"reported and summarised", []recordtest.ScriptedCommand{report, line("summarise", "2018-06-20", ""), line("confirm", "2018-06-21", "")}},
	{"planned for no time", []recordtest.ScriptedCommand{refused(line("plan", "2018-03-05", `{"planned":null}`), "activity.no-planned-time")}},
	{"planned for an unknown time", []recordtest.ScriptedCommand{refused(line("plan", "2018-03-05", `{"planned":"unknown"}`), "activity.no-planned-time")}},
	{"planned for a time that is none", []recordtest.ScriptedCommand{refused(line("plan", "2018-03-05", `{"planned":"May"}`), "calendar.bad-occurred")}},
	{"planned for a month", []recordtest.ScriptedCommand{line("plan", "2018-03-05", `{"planned":"month:2018-05"}`)}},
	{"requested by nobody", []recordtest.ScriptedCommand{refused(line("request", "2018-03-05", `{"from":null}`), "activity.no-requester")}},
	{"appraised without naming the part", []recordtest.ScriptedCommand{request, refused(line("appraise", "2018-03-28", `{"what":null}`), "record.step-incomplete")}},
	{"revised before the appraisal", []recordtest.ScriptedCommand{request, design, refused(revise, "out-of-order")}},
	{"documented before the appraisal", []recordtest.ScriptedCommand{request, design, refused(document, "out-of-order")}},
	{"documented without a number", []recordtest.ScriptedCommand{request, opinion, refused(line("document", "2018-04-08", `{"document":null}`), "record.step-incomplete")}},
	{"prepared without training", []recordtest.ScriptedCommand{request, opinion, document, refused(prepare, "out-of-order")}},
	{"shown without preparation", []recordtest.ScriptedCommand{request, opinion, document, train, refused(talk, "out-of-order")}},
	{"delivered before the showcase", []recordtest.ScriptedCommand{request, opinion, document, train, prepare, refused(deliver, "out-of-order")}},
	{"trained before the document, by the days", []recordtest.ScriptedCommand{request, opinion, document, refused(line("train", "2018-04-07", ""), "too-early")}},
	{"held without a plan", []recordtest.ScriptedCommand{request, refused(hold, "out-of-order")}},
	{"summarised before it was held", []recordtest.ScriptedCommand{plan, refused(summarise, "out-of-order")}},
	{"summarised without saying anything", []recordtest.ScriptedCommand{plan, hold, refused(line("summarise", "2018-06-01", `{"note":null}`), "record.step-incomplete")}},
	{"cancelled when it was held", []recordtest.ScriptedCommand{plan, hold, refused(line("cancel", "2018-05-20", ""), "out-of-order")}},
	{"cancelled without a reason", []recordtest.ScriptedCommand{plan, refused(line("cancel", "2018-05-02", `{"note":null}`), "record.step-incomplete")}},
	{"confirmed before it was held", []recordtest.ScriptedCommand{plan, refused(confirm, "out-of-order")}},
	{"confirmed by nobody", []recordtest.ScriptedCommand{report, refused(line("confirm", "2018-06-20", `{"by":null,"office":null}`), "record.step-incomplete")}},
	{"the document voided that the training follows", []recordtest.ScriptedCommand{request, opinion, document, train, refused(line("void", "2018-04-20", `{"target":"@3"}`), "out-of-order")}},
	{"a part of the showcase corrected", []recordtest.ScriptedCommand{plan, talk, line("show", "2018-05-17", `{"what":[{"text":"辩课"}],"corrects":"@2","reason":"写错"}`), summarise}},
	{"reported with a step of another kind told", []recordtest.ScriptedCommand{refused(line("report", "2018-06-12", `{"course":[{"verb":"observed","occurred":"unknown"}]}`), "record.unknown-step")}},
	{"reported with its course told", []recordtest.ScriptedCommand{line("report", "2018-06-12", `{"course":[{"verb":"prepared","occurred":"day:2018-06-01"},{"verb":"summarised","occurred":"unknown"}]}`)}},
}

var prepareAgain = line("prepare", "2018-05-02", part("团队研读"))

// of returns the line as a command of one kind, its refusal too.
func of(kind string, l recordtest.ScriptedCommand) recordtest.ScriptedCommand {
	l.Command = kind + "." + l.Command
	if l.Code == "out-of-order" || l.Code == "too-early" {
		l.Code = kind + "." + l.Code
	}
	return l
}

var everyKind = []string{"visit", "meeting", "research", "activity"}

func TestCourse(t *testing.T) {
	for _, kind := range everyKind {
		d := newRunner()
		for _, tt := range stories {
			t.Run(kind+" "+tt.name, func(t *testing.T) {
				var lines []recordtest.ScriptedCommand
				for _, l := range tt.lines {
					lines = append(lines, of(kind, l))
				}
				d.RunScript(t, lines...)
			})
		}
	}
}

func TestWhetherItTookPlace(t *testing.T) {
	tests := []struct {
		name  string
		lines []recordtest.ScriptedCommand
		want  calendar.Occurred
	}{
		{"reported", []recordtest.ScriptedCommand{report, line("summarise", "2018-06-20", "")}, "day:2018-06-12"},
		{"planned", []recordtest.ScriptedCommand{plan, prepare}, ""},
		{"planned and held", []recordtest.ScriptedCommand{plan, hold, summarise}, "day:2018-05-16"},
		{"held, and that voided", []recordtest.ScriptedCommand{plan, hold, line("void", "2018-06-30", `{"target":"@2"}`)}, ""},
		{"requested, shown on two days, delivered", []recordtest.ScriptedCommand{request, opinion, document, train, prepare, talk, line("show", "2018-05-17", part("议课")), deliver}, "day:2018-05-16"},
		{"cancelled", []recordtest.ScriptedCommand{plan, cancel}, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			d := newRunner()
			var lines []recordtest.ScriptedCommand
			for _, l := range tt.lines {
				lines = append(lines, of("activity", l))
			}
			s := activity.Activities.Decider.Fold(d.History(d.RunScript(t, lines...)))
			if when, did := activity.Activities.Workflow.TookPlace(s.Progress); did != (tt.want != "") || did && when != tt.want {
				t.Errorf("took place %v, %q; want %q", did, when, tt.want)
			}
		})
	}
}

func TestKindsOfActivities(t *testing.T) {
	d := newRunner()
	for kind, code := range map[string]string{"festival": "", "home_school_lecture": "", "school_based_training": "", "joint_exam": "",
		"demo_lesson": "record.bad-kind", "visit": "record.bad-kind", "meeting": "record.bad-kind", "collective_prep": "record.bad-kind"} {
		t.Run(kind, func(t *testing.T) {
			d.RunScript(t, refused(line("activity.report", "2018-06-12", `{"kinds":["`+kind+`"]}`), code))
		})
	}
}

func TestWhatStandsInClearNamesNobody(t *testing.T) {
	s := seal.Sealer{Vault: &sealtest.Vault{}, Names: sealtest.Names{"李老师": "person-1"}, Stream: "visit-1", Fallback: "source-1"}
	if _, err := (activity.Visit{Role: "李老师"}).SealBody(t.Context(), s); err == nil {
		t.Error("a role that names somebody stands in clear")
	}
	if _, err := (activity.Activity{Division: "李老师组"}).SealBody(t.Context(), s); err == nil {
		t.Error("a division that names somebody stands in clear")
	}
}

func TestAChairIsAPersonWhoIsKnown(t *testing.T) {
	newRunner().RunScript(t, refused(line("meeting.report", "2018-06-12", `{"chair":"`+recordtest.ExampleKeys[2]+`"}`), "meeting.bad-chair"))
	newRunner().RunScript(t, refused(line("meeting.report", "2018-06-12", `{"chair":"person-0198c000-0000-7000-8000-000000000099"}`), "command.unknown-reference"))
}

// order says which step may follow which, written apart from the record type.
var order = recordtest.Transitions{
	"diagnosed":  {From: []string{"requested"}, To: "diagnosed"},
	"designed":   {From: []string{"requested", "diagnosed"}, To: "designed"},
	"appraised":  {From: []string{"requested", "diagnosed", "designed", "appraised"}, To: "appraised"},
	"revised":    {From: []string{"appraised"}, To: "revised"},
	"documented": {From: []string{"appraised", "revised"}, To: "documented"},
	"trained":    {From: []string{"documented", "trained"}, To: "trained"},
	"prepared":   {From: []string{"planned", "trained", "prepared"}, To: "prepared"},
	"shown":      {From: []string{"planned", "prepared", "shown"}, To: "shown"},
	"delivered":  {From: []string{"shown", "delivered"}, To: "delivered"},
	"held":       {From: []string{"planned", "prepared"}, To: "held"},
	"summarised": {From: []string{"held", "shown", "delivered", "reported"}, To: "summarised"},
	"cancelled":  {From: []string{"requested", "planned", "diagnosed", "designed", "appraised", "revised", "documented", "trained", "prepared"}, To: "cancelled"},
	"confirmed":  {From: []string{"held", "shown", "delivered", "summarised", "reported"}},
}

func TestRandomActivities(t *testing.T) {
	all := []recordtest.ScriptedCommand{request, request, request, plan, report, diagnose, design, review, opinion, revise, document, document, train, train, prepare, polish, talk, teach, deliver,
		hold, summarise, cancel, confirm, line("show", "2018-01-01", `{"corrects":"@","reason":"写错"}`), line("prepare", "2018-01-01", `{"corrects":"@","reason":"写错"}`),
		line("correct", "2018-01-01", ""), line("void", "2018-01-01", `{"target":"@"}`)}
	for _, kind := range everyKind {
		t.Run(kind, func(t *testing.T) {
			d := newRunner()
			seen := map[string]bool{}
			var lines []recordtest.ScriptedCommand
			for _, l := range all {
				lines = append(lines, of(kind, l))
			}
			for seed := range uint64(30) {
				draw := d.Drawing(rand.New(rand.NewPCG(seed, 0)).IntN, lines...)
				wrong := recordtest.RunRandom(d, 80, order, draw, func(history []event.Event) string {
					seen[recordtest.Verb(history[len(history)-1])] = true
					return leftOut(history)
				})
				if wrong != "" {
					t.Fatalf("walk %d: %s", seed, wrong)
				}
			}
			for _, verb := range []string{"reported", "requested", "planned", "appraised", "documented", "prepared", "held", "shown", "cancelled", "confirmed", "corrected", "voided"} {
				if !seen[verb] {
					t.Errorf("no walk came to %s", verb)
				}
			}
		})
	}
}

// leftOut holds that what a request leads to was appraised, documented, trained
// for and prepared, in this order, and that nothing happens that was cancelled.
func leftOut(history []event.Event) string {
	steps, _ := recordtest.Standing(history)
	var verbs []string
	for _, s := range steps {
		verbs = append(verbs, s.Verb)
	}
	if i := slices.Index(verbs, "cancelled"); i >= 0 && i < len(verbs)-1 {
		return "something follows a cancellation"
	}
	i := slices.Index(verbs, "shown")
	if recordtest.Verb(history[0]) != "requested" || i < 0 {
		return ""
	}
	must := []string{"appraised", "documented", "trained", "prepared"}
	before := slices.DeleteFunc(slices.Clone(verbs[:i]), func(v string) bool { return !slices.Contains(must, v) })
	if got := strings.Join(slices.Compact(before), " "); got != strings.Join(must, " ") {
		return "shown after " + got
	}
	return ""
}
