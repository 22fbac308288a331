package filing_test

import (
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"twinledger/domain/calendar"
	"twinledger/domain/duty"
	"twinledger/domain/event"
	"twinledger/domain/filing"
	"twinledger/domain/record"
	"twinledger/domain/record/recordtest"
	"twinledger/domain/seal"
	"twinledger/domain/seal/sealtest"
)

func newRunner() *recordtest.CommandRunner {
	return recordtest.NewCommandRunner(filing.Register, filing.Commands(), recordtest.ExampleKeys...)
}

// The lines of which stories are told; each works where it may come.
var (
	expect   = recordtest.ScriptedCommand{Command: "filing.expect", Occurred: "day:2018-03-01"}
	file     = recordtest.ScriptedCommand{Command: "filing.file", Occurred: "day:2018-07-09"}
	giveBack = recordtest.ScriptedCommand{Command: "filing.return", Occurred: "day:2018-07-12", Data: `{"due":"day:2018-07-16"}`}
	refile   = recordtest.ScriptedCommand{Command: "filing.file", Occurred: "day:2018-07-18"}
	accept   = recordtest.ScriptedCommand{Command: "filing.accept", Occurred: "day:2018-07-20"}
	waive    = recordtest.ScriptedCommand{Command: "filing.waive", Occurred: "day:2018-07-05"}
	report   = recordtest.ScriptedCommand{Command: "filing.report", Occurred: "day:2018-07-14"}
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

func TestCourseOfAFiling(t *testing.T) {
	tests := []struct {
		name  string
		lines []recordtest.ScriptedCommand
	}{
		{"filed and accepted", []recordtest.ScriptedCommand{expect, file, accept}},
		{"returned, filed again and accepted", []recordtest.ScriptedCommand{expect, file, giveBack, refile, accept}},
		{"reported, returned and filed", []recordtest.ScriptedCommand{report, on(giveBack, "day:2018-07-15", ""), refile}},
		{"reported and accepted", []recordtest.ScriptedCommand{report, accept}},
		{"waived", []recordtest.ScriptedCommand{expect, waive, but(file, "", "filing.out-of-order")}},
		{"waived after it was returned", []recordtest.ScriptedCommand{expect, file, giveBack, on(waive, "day:2018-07-13", "")}},
		{"owed by nobody", []recordtest.ScriptedCommand{but(expect, `{"from":null,"organisers":null}`, "filing.no-filer")}},
		{"owed by an office", []recordtest.ScriptedCommand{but(expect, `{"from":null,"organisers":[{"office":"县教研室","part":"host"}]}`, "")}},
		{"owed by no day", []recordtest.ScriptedCommand{but(expect, `{"due":null}`, "filing.no-due")}},
		{"owed by a month", []recordtest.ScriptedCommand{but(expect, `{"due":"month:2018-07"}`, "filing.bad-due")}},
		{"owed by what is no day", []recordtest.ScriptedCommand{but(expect, `{"due":"day:2018-02-30"}`, "filing.bad-due")}},
		{"about what is no period", []recordtest.ScriptedCommand{but(expect, `{"about":"spring"}`, "calendar.bad-occurred")}},
		{"to an office without a name", []recordtest.ScriptedCommand{but(expect, `{"offices":[" "]}`, "filing.bad-office")}},
		{"a lesson", []recordtest.ScriptedCommand{but(expect, `{"kinds":["demo_lesson"]}`, "record.bad-kind")}},
		{"reported without due and period", []recordtest.ScriptedCommand{but(report, `{"due":null,"about":null,"offices":null}`, "")}},
		{"filed on no known day", []recordtest.ScriptedCommand{expect, on(file, "month:2018-07", "record.step-incomplete")}},
		{"returned without a reason", []recordtest.ScriptedCommand{expect, file, but(giveBack, `{"note":null}`, "record.step-incomplete")}},
		{"returned until a month", []recordtest.ScriptedCommand{expect, file, but(giveBack, `{"due":"month:2018-07"}`, "filing.bad-due")}},
		{"accepted before it is filed", []recordtest.ScriptedCommand{expect, but(accept, "", "filing.out-of-order")}},
		{"filed twice", []recordtest.ScriptedCommand{expect, file, but(refile, "", "filing.out-of-order")}},
		{"returned when it was accepted", []recordtest.ScriptedCommand{expect, file, accept, on(giveBack, "day:2018-07-21", "filing.out-of-order")}},
		{"returned before it was filed, by the days", []recordtest.ScriptedCommand{expect, file, on(giveBack, "day:2018-07-08", "filing.too-early")}},
		{"corrected to be owed by no day", []recordtest.ScriptedCommand{expect, {Command: "filing.correct", Data: `{"facts":{"district":"` + record.ExampleDistrict + `","kinds":["plan"],"from":[{"school":"` + record.ExampleCore + `"}]}}`, Code: "filing.no-due"}}},
		{"the filing corrected", []recordtest.ScriptedCommand{expect, file, {Command: "filing.file", Occurred: "day:2018-07-08", Data: `{"corrects":"@2","reason":"日期写错"}`}, accept}},
		{"a step voided that another follows", []recordtest.ScriptedCommand{expect, file, accept, {Command: "filing.void", Data: `{"target":"@2"}`, Code: "filing.out-of-order"}}},
		{"the acceptance voided, then returned", []recordtest.ScriptedCommand{expect, file, accept, {Command: "filing.void", Data: `{"target":"@3"}`}, giveBack}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) { newRunner().RunScript(t, tt.lines...) })
	}
}

// state folds what a story left in its stream.
func state(t *testing.T, lines ...recordtest.ScriptedCommand) record.State[filing.Facts] {
	t.Helper()
	d := newRunner()
	return filing.RecordType.Decider.Fold(d.History(d.RunScript(t, lines...)))
}

func TestWhetherAFilingIsOwed(t *testing.T) {
	tests := []struct {
		name    string
		lines   []recordtest.ScriptedCommand
		day     calendar.Day
		owed    bool
		overdue bool
		late    int // of the last filing, whatever the day
	}{
		{"before anybody expected it", []recordtest.ScriptedCommand{expect}, "2018-02-28", false, false, 0},
		{"on the day that it is due", []recordtest.ScriptedCommand{expect}, "2018-07-10", true, false, 0},
		{"the day after", []recordtest.ScriptedCommand{expect}, "2018-07-11", true, true, 0},
		{"filed a day before it was due", []recordtest.ScriptedCommand{expect, file}, "2018-08-01", false, false, 0},
		{"filed on the day", []recordtest.ScriptedCommand{expect, on(file, "day:2018-07-10", "")}, "2018-08-01", false, false, 0},
		{"filed four days late", []recordtest.ScriptedCommand{expect, on(file, "day:2018-07-14", "")}, "2018-08-01", false, false, 4},
		{"the day before the late filing", []recordtest.ScriptedCommand{expect, on(file, "day:2018-07-14", "")}, "2018-07-13", true, true, 4},
		{"returned, before the new day", []recordtest.ScriptedCommand{expect, file, giveBack}, "2018-07-16", true, false, 0},
		{"returned, after the new day", []recordtest.ScriptedCommand{expect, file, giveBack}, "2018-07-17", true, true, 0},
		{"returned, looked at from before that", []recordtest.ScriptedCommand{expect, file, giveBack}, "2018-07-11", false, false, 0},
		{"filed again, late", []recordtest.ScriptedCommand{expect, file, giveBack, refile}, "2018-08-01", false, false, 2},
		{"returned without a new day and filed again", []recordtest.ScriptedCommand{expect, file, but(giveBack, "", ""), refile}, "2018-08-01", false, false, 8},
		{"waived", []recordtest.ScriptedCommand{expect, waive}, "2018-08-01", false, false, 0},
		{"looked at from before the waiver", []recordtest.ScriptedCommand{expect, waive}, "2018-07-04", true, false, 0},
		{"reported late", []recordtest.ScriptedCommand{report}, "2018-08-01", false, false, 4},
		{"looked at from before it was reported filed", []recordtest.ScriptedCommand{report}, "2018-07-12", true, true, 4},
		{"reported without due", []recordtest.ScriptedCommand{but(report, `{"due":null}`, "")}, "2018-07-12", false, false, 0},
		{"void", []recordtest.ScriptedCommand{expect, {Command: "filing.void"}}, "2018-08-01", false, false, 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := state(t, tt.lines...)
			then := last(filing.RoundsOn(s.Facts, s.Progress, tt.day))
			if then.Open() != tt.owed || then.OverdueOn(tt.day) != tt.overdue {
				t.Errorf("owed %v, overdue %v, want %v, %v", then.Open(), then.OverdueOn(tt.day), tt.owed, tt.overdue)
			}
			if late := last(filing.Rounds(s.Facts, s.Progress)).LateBy(); late != tt.late {
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

func TestStepsThatAReportTellsOfCount(t *testing.T) {
	told := but(report, `{"course":[{"verb":"returned","occurred":"day:2018-07-15","due":"day:2018-07-18"},{"verb":"filed","occurred":"day:2018-07-20"}]}`, "")
	s := state(t, told)
	want := []duty.Round{{Due: "day:2018-07-10", Done: "day:2018-07-14"}, {Due: "day:2018-07-18", Done: "day:2018-07-20"}}
	if diff := cmp.Diff(want, filing.Rounds(s.Facts, s.Progress)); diff != "" {
		t.Errorf("rounds (-want +got):\n%s", diff)
	}
}

func TestOfficesNameNobody(t *testing.T) {
	s := seal.Sealer{Vault: &sealtest.Vault{}, Names: sealtest.Names{"李老师": "person-1"}, Stream: "filing-1", Fallback: "source-1"}
	if _, err := (filing.Facts{Offices: []string{"教育股", "李老师"}}).SealBody(t.Context(), s); err == nil {
		t.Error("an office that names somebody stands in clear")
	}
}

// order says which step may follow which, written apart from the record type.
var order = recordtest.Transitions{
	"filed":    {From: []string{"due", "returned"}, To: "filed"},
	"returned": {From: []string{"filed", "reported"}, To: "returned"},
	"accepted": {From: []string{"filed", "reported"}, To: "accepted"},
	"waived":   {From: []string{"due", "returned"}, To: "waived"},
}

func TestRandomFilings(t *testing.T) {
	d := newRunner()
	seen := map[string]bool{}
	for seed := range uint64(40) {
		draw := d.Drawing(rand.New(rand.NewPCG(seed, 0)).IntN, []recordtest.ScriptedCommand{{Command: "filing.expect"}, {Command: "filing.report"}, {Command: "filing.file"}, {Command: "filing.file", Data: `{"corrects":"@","reason":"写错"}`},
			{Command: "filing.return"}, {Command: "filing.return", Data: `{"due":"day:2018-06-01"}`}, {Command: "filing.accept"}, {Command: "filing.waive"},
			{Command: "filing.correct"}, {Command: "filing.void", Data: `{"target":"@"}`}}...)
		wrong := recordtest.RunRandom(d, 60, order, draw, func(history []event.Event) string {
			seen[recordtest.Verb(history[len(history)-1])] = true
			return neverOwedAndDone(history)
		})
		if wrong != "" {
			t.Fatalf("walk %d: %s", seed, wrong)
		}
	}
	for _, verb := range []string{"due", "reported", "filed", "returned", "accepted", "waived", "corrected", "voided"} {
		if !seen[verb] {
			t.Errorf("no walk came to %s", verb)
		}
	}
}

// neverOwedAndDone holds that what is owed now follows from the last step alone.
func neverOwedAndDone(history []event.Event) string {
	s := filing.RecordType.Decider.Fold(history)
	steps, void := recordtest.Standing(history)
	verb := recordtest.Verb(history[0])
	if len(steps) > 0 {
		verb = steps[len(steps)-1].Verb
	}
	owed := last(filing.RoundsOn(s.Facts, s.Progress, "2019-01-01")).Open()
	if want := !void && slices.Contains([]string{"due", "returned"}, verb); want != owed {
		return "owed is not what the last step says: " + verb
	}
	return ""
}

func TestWhetherItWasFiled(t *testing.T) {
	tests := []struct {
		name  string
		lines []recordtest.ScriptedCommand
		want  calendar.Occurred
	}{
		{"due", []recordtest.ScriptedCommand{expect}, ""},
		{"filed", []recordtest.ScriptedCommand{expect, file, on(accept, "day:2018-07-20", "")}, "day:2018-07-09"},
		{"returned", []recordtest.ScriptedCommand{expect, file, giveBack}, ""},
		{"filed again", []recordtest.ScriptedCommand{expect, file, giveBack, refile}, "day:2018-07-18"},
		{"waived", []recordtest.ScriptedCommand{expect, waive}, ""},
		{"reported", []recordtest.ScriptedCommand{report}, "day:2018-07-14"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			when, filed := filing.RecordType.Workflow.TookPlace(state(t, tt.lines...).Progress)
			if filed != (tt.want != "") || filed && when != tt.want {
				t.Errorf("filed %v, %q; want %q", filed, when, tt.want)
			}
		})
	}
}
