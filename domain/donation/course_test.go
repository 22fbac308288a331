package donation_test

import (
	"math/rand/v2"
	"testing"

	"twinledger/domain/calendar"
	"twinledger/domain/donation"
	"twinledger/domain/event"
	"twinledger/domain/record"
	"twinledger/domain/record/recordtest"
)

func newRunner() *recordtest.CommandRunner {
	return recordtest.NewCommandRunner(donation.Register, donation.Commands(), recordtest.ExampleKeys...)
}

func line(command string, occurred calendar.Occurred, data, code string) recordtest.ScriptedCommand {
	return recordtest.ScriptedCommand{Command: "donation." + command, Occurred: occurred, Data: data, Code: code}
}

const (
	byReceiver = `{"by":[{"school":"` + record.ExampleCore + `"}]}`
	byThird    = `{"by":[{"school":"` + record.ExampleThird + `"}]}`
	byGiver    = `{"by":[{"school":"` + record.ExampleMember + `"}]}`
	toOne      = `{"to":[{"school":"` + record.ExampleCore + `"}]}`
	toBoth     = `{"to":[{"school":"` + record.ExampleCore + `"},{"school":"` + record.ExampleThird + `"}]}`
	toGroup    = `{"to":[{"group":"members"}]}`
)

func TestCourseOfADonation(t *testing.T) {
	given := line("report", "day:2018-04-18", toOne, "")
	tests := []struct {
		name  string
		lines []recordtest.ScriptedCommand
	}{
		{"received and confirmed", []recordtest.ScriptedCommand{given, line("receive", "day:2018-04-20", byReceiver, ""), line("confirm", "day:2018-04-21", byReceiver, "")}},
		{"confirmed before it is said to have come", []recordtest.ScriptedCommand{given, line("confirm", "day:2018-04-21", byReceiver, ""), line("receive", "day:2018-04-20", byReceiver, "")}},
		{"two receivers", []recordtest.ScriptedCommand{line("report", "day:2018-04-18", toBoth, ""), line("receive", "day:2018-04-25", byReceiver, ""), line("receive", "day:2018-04-20", byThird, "")}},
		{"received by one of the members as a group", []recordtest.ScriptedCommand{line("report", "day:2018-04-18", toGroup, ""), line("receive", "day:2018-04-20", byThird, "")}},
		{"received by nobody knows whom", []recordtest.ScriptedCommand{line("report", "day:2018-04-18", `{"to":null}`, ""), line("confirm", "day:2018-04-20", byThird, "")}},
		{"received on no known day", []recordtest.ScriptedCommand{given, line("receive", "month:2018-04", byReceiver, "record.step-incomplete")}},
		{"received by another school", []recordtest.ScriptedCommand{given, line("receive", "day:2018-04-20", byThird, "donation.not-receiver")}},
		{"confirmed by the giver", []recordtest.ScriptedCommand{line("report", "day:2018-04-18", toGroup, ""), line("confirm", "day:2018-04-20", byGiver, "donation.not-receiver")}},
		{"confirmed by an office", []recordtest.ScriptedCommand{given, line("confirm", "day:2018-04-20", `{"by":null,"office":"县教育局"}`, "donation.not-receiver")}},
		{"received before it was given", []recordtest.ScriptedCommand{given, line("receive", "day:2018-04-17", byReceiver, "donation.before-given")}},
		{"given in the month in which it came", []recordtest.ScriptedCommand{line("report", "month:2018-04", "", ""), line("receive", "day:2018-04-01", byReceiver, "")}},
		{"the day corrected to one after it came", []recordtest.ScriptedCommand{given, line("receive", "day:2018-04-20", byReceiver, ""), line("correct", "day:2018-04-21", "", "donation.before-given")}},
		{"the receiver's word voided", []recordtest.ScriptedCommand{given, line("receive", "day:2018-04-20", byReceiver, ""), line("void", "day:2018-04-22", `{"target":"@2"}`, ""), line("correct", "day:2018-04-21", "", "")}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) { newRunner().RunScript(t, tt.lines...) })
	}
}

func TestRandomDonations(t *testing.T) {
	order := recordtest.Transitions{"received": {From: []string{"reported"}}, "confirmed": {From: []string{"reported"}}}
	d := newRunner()
	for seed := range uint64(40) {
		draw := d.Drawing(rand.New(rand.NewPCG(seed, 0)).IntN,
			line("report", "", "", ""), line("receive", "", byReceiver, ""), line("receive", "", byThird, ""), line("confirm", "", byReceiver, ""), line("confirm", "", byGiver, ""),
			line("receive", "", `{"by":[{"school":"`+record.ExampleCore+`"}],"corrects":"@","reason":"写错"}`, ""), line("correct", "", "", ""), line("void", "", `{"target":"@"}`, ""))
		if wrong := recordtest.RunRandom(d, 40, order, draw, byOthers); wrong != "" {
			t.Fatalf("walk %d: %s", seed, wrong)
		}
	}
}

// byOthers holds that only the receiver speaks, and of no day before the gift.
func byOthers(history []event.Event) string {
	given := history[0].Occurred
	for _, e := range history {
		if _, corrected := e.Fact.(record.Corrected[donation.Facts]); corrected {
			given = e.Occurred
		}
	}
	steps, _ := recordtest.Standing(history)
	for _, s := range steps {
		by := s.Fact.(record.StepEvent).StepBody().By
		if len(by) != 1 || by[0].School == record.ExampleMember {
			return s.Verb + " by another than the receiver"
		}
		if s.Occurred.Precision() == calendar.PrecisionDay && given.Precision() == calendar.PrecisionDay && s.Occurred < given {
			return s.Verb + " before it was given"
		}
	}
	return ""
}
