package lesson_test

import (
	"math/rand/v2"
	"testing"

	"twinledger/domain/calendar"
	"twinledger/domain/command/commandtest"
	"twinledger/domain/event"
	"twinledger/domain/lesson"
	"twinledger/domain/record"
	"twinledger/domain/record/recordtest"
	"twinledger/domain/seal"
	"twinledger/domain/seal/sealtest"
)

func newRunner() *recordtest.CommandRunner {
	return recordtest.NewCommandRunner(lesson.Register, lesson.Commands(), recordtest.ExampleKeys...)
}

func line(command string, occurred calendar.Occurred, data, code string) recordtest.ScriptedCommand {
	return recordtest.ScriptedCommand{Command: "lesson." + command, Occurred: occurred, Data: data, Code: code}
}

func TestCourseOfALesson(t *testing.T) {
	given := line("report", "day:2018-04-18", "", "")
	tests := []struct {
		name  string
		lines []recordtest.ScriptedCommand
	}{
		{"confirmed, observed twice, critiqued and evaluated", []recordtest.ScriptedCommand{given, line("confirm", "day:2018-04-19", "", ""), line("observe", "day:2018-04-18", "", ""),
			line("observe", "day:2018-04-18", "", ""), line("critique", "day:2018-04-18", "", ""), line("evaluate", "day:2018-04-20", "", "")}},
		{"observed by nobody", []recordtest.ScriptedCommand{given, line("observe", "day:2018-04-18", `{"by":null,"office":null}`, "record.step-incomplete")}},
		{"evaluated without a grade", []recordtest.ScriptedCommand{given, line("evaluate", "day:2018-04-20", `{"grade":null}`, "record.step-incomplete")}},
		{"confirmed when it is void", []recordtest.ScriptedCommand{given, line("void", "day:2018-04-19", "", ""), line("confirm", "day:2018-04-19", "", "lesson.voided")}},
		{"recorded for others to use", []recordtest.ScriptedCommand{line("report", "term:2017-2018/2", `{"kinds":["dedicated_delivery_class"],"class":null,"usage":{"number":"30","bound":"exact","measure":{"text":"次"}}}`, "")}},
		{"a micro-lesson", []recordtest.ScriptedCommand{line("report", "term:2017-2018/2", `{"kinds":["micro_lesson"]}`, "")}},
		{"an extension course", []recordtest.ScriptedCommand{line("report", "term:2017-2018/2", `{"kinds":["extension_course"]}`, "")}},
		{"the same lesson in different designs", []recordtest.ScriptedCommand{line("report", "term:2017-2018/2", `{"kinds":["hetero_design_lesson"]}`, "")}},
		{"polishing is research", []recordtest.ScriptedCommand{line("report", "term:2017-2018/2", `{"kinds":["lesson_polishing"]}`, "record.bad-kind")}},
		{"used a number of times that is none", []recordtest.ScriptedCommand{line("report", "term:2017-2018/2", `{"usage":{"number":"many","bound":"about","measure":{"text":"次"}}}`, "record.bad-quantity")}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) { newRunner().RunScript(t, tt.lines...) })
	}
}

func TestWhatStandsInClearNamesNobody(t *testing.T) {
	s := seal.Sealer{Vault: &sealtest.Vault{}, Names: sealtest.Names{"李老师": "person-1"}, Stream: "lesson-1", Fallback: "source-1"}
	for _, f := range []lesson.Facts{{Class: "李老师班"}, {Platform: "李老师空间"}, {Series: "李老师讲语文"}, {Usage: record.Quantity{Text: "李老师 3 次"}}} {
		_, err := f.SealBody(t.Context(), s)
		commandtest.Refused(t, err, record.ErrNameInClear)
	}
}

func TestRandomLessons(t *testing.T) {
	reportedOnly := recordtest.Transition{From: []string{"reported"}}
	order := recordtest.Transitions{"confirmed": reportedOnly, "observed": reportedOnly, "critiqued": reportedOnly, "evaluated": reportedOnly}
	d := newRunner()
	for seed := range uint64(40) {
		draw := d.Drawing(rand.New(rand.NewPCG(seed, 0)).IntN,
			line("report", "", "", ""), line("confirm", "", "", ""), line("observe", "", "", ""), line("critique", "", "", ""), line("evaluate", "", "", ""),
			line("observe", "", `{"corrects":"@","reason":"写错"}`, ""), line("correct", "", "", ""), line("void", "", `{"target":"@"}`, ""))
		wrong := recordtest.RunRandom(d, 40, order, draw, func(history []event.Event) string {
			return recordtest.ProgressMismatch(lesson.RecordType.Decider.Fold(history).Progress, history)
		})
		if wrong != "" {
			t.Fatalf("walk %d: %s", seed, wrong)
		}
	}
}
