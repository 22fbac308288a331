package rectification_test

import (
	"math/rand/v2"
	"testing"

	"twinledger/domain/calendar"
	"twinledger/domain/duty"
	"twinledger/domain/event"
	"twinledger/domain/record"
	"twinledger/domain/record/recordtest"
	"twinledger/domain/rectification"
	"twinledger/domain/seal"
	"twinledger/domain/seal/sealtest"
)

const inspected = "inspection-0198c000-0000-7000-8000-000000000051"

func newRunner() *recordtest.CommandRunner {
	return recordtest.NewCommandRunner(rectification.Register, rectification.Commands(), append([]string{inspected}, recordtest.ExampleKeys...)...)
}

// The lines of which stories are told; each works where it may come.
var (
	order    = recordtest.ScriptedCommand{Command: "rectification.order", Occurred: "day:2018-05-20"}
	answer   = recordtest.ScriptedCommand{Command: "rectification.answer", Occurred: "day:2018-06-20", Data: `{"by":[{"school":"` + record.ExampleCore + `"}]}`}
	sendBack = recordtest.ScriptedCommand{Command: "rectification.send_back", Occurred: "day:2018-06-25", Data: `{"due":"day:2018-07-05"}`}
	again    = recordtest.ScriptedCommand{Command: "rectification.answer", Occurred: "day:2018-07-07", Data: answer.Data}
	accept   = recordtest.ScriptedCommand{Command: "rectification.accept", Occurred: "day:2018-07-10"}
	closing  = recordtest.ScriptedCommand{Command: "rectification.close", Occurred: "day:2018-07-11"}
	report   = recordtest.ScriptedCommand{Command: "rectification.report", Occurred: "day:2018-05-20"}
)

// but returns the line with other data and the refusal expected.
func but(l recordtest.ScriptedCommand, data, code string) recordtest.ScriptedCommand {
	l.Data, l.Code = data, code
	return l
}

func on(l recordtest.ScriptedCommand, when calendar.Occurred, code string) recordtest.ScriptedCommand {
	l.Occurred, l.Code = when, code
	return l
}

func TestCourseOfAnOrder(t *testing.T) {
	byMember := `{"by":[{"school":"` + record.ExampleMember + `"}]}`
	tests := []struct {
		name  string
		lines []recordtest.ScriptedCommand
	}{
		{"answered, accepted, closed", []recordtest.ScriptedCommand{order, answer, accept, closing}},
		{"sent back and answered again", []recordtest.ScriptedCommand{order, answer, sendBack, again, accept, closing}},
		{"reported afterwards and answered", []recordtest.ScriptedCommand{report, answer, accept}},
		{"reported with little known", []recordtest.ScriptedCommand{but(report, `{"due":null,"task":null,"document":null,"to":null}`, "")}},
		{"to no school", []recordtest.ScriptedCommand{but(order, `{"to":null}`, "rectification.no-school")}},
		{"to the members as a group", []recordtest.ScriptedCommand{but(order, `{"to":[{"group":"members"}]}`, "rectification.no-school")}},
		{"about nothing", []recordtest.ScriptedCommand{but(order, `{"task":" "}`, "rectification.no-task")}},
		{"by no day", []recordtest.ScriptedCommand{but(order, `{"due":null}`, "rectification.no-due")}},
		{"by a month", []recordtest.ScriptedCommand{but(order, `{"due":"month:2018-06"}`, "rectification.bad-due")}},
		{"due before it was given", []recordtest.ScriptedCommand{but(order, `{"due":"day:2018-05-19"}`, "rectification.bad-due")}},
		{"due on the day on which it was given", []recordtest.ScriptedCommand{but(order, `{"due":"day:2018-05-20"}`, "")}},
		{"from a finding of no inspection", []recordtest.ScriptedCommand{but(order, `{"finding":"0198e000-0000-7000-8000-000000000002"}`, "rectification.bad-finding")}},
		{"from a finding that is no event", []recordtest.ScriptedCommand{but(order, `{"related":["`+inspected+`"],"finding":"second"}`, "rectification.bad-finding")}},
		{"from a finding of an inspection", []recordtest.ScriptedCommand{but(order, `{"related":["`+inspected+`"],"finding":"0198e000-0000-7000-8000-000000000002"}`, "")}},
		{"from an inspection that is not there", []recordtest.ScriptedCommand{but(order, `{"related":["inspection-0198c000-0000-7000-8000-000000000099"]}`, "command.unknown-reference")}},
		{"of another kind", []recordtest.ScriptedCommand{but(order, `{"kinds":["supervision"]}`, "record.bad-kind")}},
		{"answered by a school that was ordered nothing", []recordtest.ScriptedCommand{order, but(answer, byMember, "rectification.not-addressed")}},
		{"answered by an office", []recordtest.ScriptedCommand{order, but(answer, `{"by":null,"office":"县教育局"}`, "rectification.not-addressed")}},
		{"answered without saying what was done", []recordtest.ScriptedCommand{order, but(answer, `{"note":null}`, "record.step-incomplete")}},
		{"answered before it was ordered", []recordtest.ScriptedCommand{order, on(answer, "day:2018-05-19", "rectification.too-early")}},
		{"sent back without a new day", []recordtest.ScriptedCommand{order, answer, but(sendBack, `{"due":null}`, "record.step-incomplete")}},
		{"sent back by a day that is over", []recordtest.ScriptedCommand{order, answer, but(sendBack, `{"due":"day:2018-06-24"}`, "rectification.bad-due")}},
		{"accepted before it is answered", []recordtest.ScriptedCommand{order, but(accept, "", "rectification.out-of-order")}},
		{"closed before it is accepted", []recordtest.ScriptedCommand{order, answer, but(closing, "", "rectification.out-of-order")}},
		{"answered when it was closed", []recordtest.ScriptedCommand{order, answer, accept, closing, on(answer, "day:2018-07-12", "rectification.out-of-order")}},
		{"the answer corrected", []recordtest.ScriptedCommand{order, answer, {Command: "rectification.answer", Occurred: "day:2018-06-19",
			Data: `{"by":[{"school":"` + record.ExampleCore + `"}],"corrects":"@2","reason":"日期写错"}`}, accept}},
		{"the order corrected to another school", []recordtest.ScriptedCommand{order, answer, {Command: "rectification.correct", Occurred: "day:2018-05-20",
			Data: `{"facts":{"district":"` + record.ExampleDistrict + `","kinds":["rectification_order"],"to":[{"school":"` + record.ExampleThird + `"}],"task":"补齐","due":"day:2018-06-30"}}`,
			Code: "rectification.not-addressed"}}},
		{"the answer voided after it was accepted", []recordtest.ScriptedCommand{order, answer, accept, {Command: "rectification.void", Data: `{"target":"@2"}`, Code: "rectification.out-of-order"}}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) { newRunner().RunScript(t, tt.lines...) })
	}
}

func TestWhetherAnOrderIsOverdue(t *testing.T) {
	tests := []struct {
		name    string
		lines   []recordtest.ScriptedCommand
		day     calendar.Day
		overdue bool
		late    int
	}{
		{"on the last day", []recordtest.ScriptedCommand{order}, "2018-06-30", false, 0},
		{"the day after", []recordtest.ScriptedCommand{order}, "2018-07-01", true, 0},
		{"answered in time", []recordtest.ScriptedCommand{order, answer}, "2018-07-01", false, 0},
		{"answered late", []recordtest.ScriptedCommand{order, again}, "2018-07-08", false, 7},
		{"not yet answered on that day", []recordtest.ScriptedCommand{order, again}, "2018-07-06", true, 7},
		{"sent back, within the new days", []recordtest.ScriptedCommand{order, answer, sendBack}, "2018-07-05", false, 0},
		{"sent back, after them", []recordtest.ScriptedCommand{order, answer, sendBack}, "2018-07-06", true, 0},
		{"answered again, late", []recordtest.ScriptedCommand{order, answer, sendBack, again}, "2018-07-08", false, 2},
		{"closed", []recordtest.ScriptedCommand{order, answer, sendBack, again, accept, closing}, "2019-01-01", false, 2},
		{"reported without a day", []recordtest.ScriptedCommand{but(report, `{"due":null}`, "")}, "2019-01-01", false, 0},
		{"void", []recordtest.ScriptedCommand{order, {Command: "rectification.void"}}, "2019-01-01", false, 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			d := newRunner()
			s := rectification.RecordType.Decider.Fold(d.History(d.RunScript(t, tt.lines...)))
			if overdue := last(rectification.RoundsOn(s.Facts, s.Progress, tt.day)).OverdueOn(tt.day); overdue != tt.overdue {
				t.Errorf("overdue on %s: %v, want %v", tt.day, overdue, tt.overdue)
			}
			if late := last(rectification.Rounds(s.Facts, s.Progress)).LateBy(); late != tt.late {
				t.Errorf("%d days late, want %d", late, tt.late)
			}
		})
	}
}

// last returns the last round, one in which nothing is owed where there is none.
func last(rounds []duty.Round) duty.Round {
	if len(rounds) == 0 {
		return duty.Round{Released: true}
	}
	return rounds[len(rounds)-1]
}

func TestWhatIsOrderedIsSealed(t *testing.T) {
	s := seal.Sealer{Vault: &sealtest.Vault{}, Names: sealtest.Names{"李老师": "person-1"}, Stream: "rectification-1", Fallback: "source-1"}
	got, err := rectification.Facts{Task: seal.Text{Clear: "补齐听课记录"}, Document: "教督〔2018〕3号"}.SealBody(t.Context(), s)
	if err != nil || got.Task.Sealed == nil {
		t.Errorf("the task became %+v, %v", got.Task, err)
	}
	if _, err := (rectification.Facts{Document: "李老师〔2018〕3号"}).SealBody(t.Context(), s); err == nil {
		t.Error("a number that names somebody stands in clear")
	}
}

func TestWhatAnOrderLeavesUnknown(t *testing.T) {
	for name, tt := range map[string]struct {
		occurred calendar.Occurred
		want     int
	}{"nothing is said": {calendar.Unknown, 3}, "known to the month": {"month:2018-05", 3}, "known to the day": {"day:2018-05-20", 2}} {
		if got := (rectification.Facts{}).Unknowns(tt.occurred); len(got) != tt.want {
			t.Errorf("%s: %v, want %d of them", name, got, tt.want)
		}
	}
}

// transitions says which step may follow which, written apart from the record type.
var transitions = recordtest.Transitions{
	"answered":  {From: []string{"ordered", "reported", "sent_back"}, To: "answered"},
	"sent_back": {From: []string{"answered"}, To: "sent_back"},
	"accepted":  {From: []string{"answered"}, To: "accepted"},
	"closed":    {From: []string{"accepted"}, To: "closed"},
}

func TestRandomOrders(t *testing.T) {
	d := newRunner()
	seen := map[string]bool{}
	for seed := range uint64(40) {
		draw := d.Drawing(rand.New(rand.NewPCG(seed, 0)).IntN, []recordtest.ScriptedCommand{{Command: "rectification.order"}, {Command: "rectification.report"}, {Command: "rectification.answer"}, answer, {Command: "rectification.answer", Data: `{"by":[{"school":"` + record.ExampleMember + `"}]}`},
			{Command: "rectification.answer", Data: `{"by":[{"school":"` + record.ExampleCore + `"}],"corrects":"@","reason":"写错"}`},
			{Command: "rectification.send_back"}, {Command: "rectification.send_back"}, {Command: "rectification.accept"}, {Command: "rectification.close"},
			{Command: "rectification.correct"}, {Command: "rectification.void", Data: `{"target":"@"}`}}...)
		wrong := recordtest.RunRandom(d, 60, transitions, draw, func(history []event.Event) string {
			seen[recordtest.Verb(history[len(history)-1])] = true
			return answeredByOthers(history)
		})
		if wrong != "" {
			t.Fatalf("walk %d: %s", seed, wrong)
		}
	}
	for _, verb := range []string{"ordered", "reported", "answered", "sent_back", "accepted", "closed", "corrected", "voided"} {
		if !seen[verb] {
			t.Errorf("no walk came to %s", verb)
		}
	}
}

// answeredByOthers holds that only the school addressed answers, and that
// whatever was closed is never overdue.
func answeredByOthers(history []event.Event) string {
	steps, void := recordtest.Standing(history)
	for _, s := range steps {
		step := s.Fact.(record.StepEvent).StepBody()
		if s.Verb == "answered" && (len(step.By) != 1 || step.By[0].School == record.ExampleMember) {
			return "answered by another school"
		}
	}
	s := rectification.RecordType.Decider.Fold(history)
	overdue := last(rectification.RoundsOn(s.Facts, s.Progress, "2030-01-01")).OverdueOn("2030-01-01")
	owed := !void && (len(steps) == 0 || steps[len(steps)-1].Verb == "sent_back")
	if overdue != owed {
		return "overdue is not what the last step says"
	}
	return ""
}
