package exchange_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"twinledger/domain/calendar"
	"twinledger/domain/command/commandtest"
	"twinledger/domain/exchange"
	"twinledger/domain/record"
)

// Steps as they stand in a stream.
var (
	office      = record.Step{Office: "县教育局"}
	applied     = exchange.Applied{Reported: record.Reported[exchange.Facts]{Facts: facts(lasting("", ""))}}
	recommended = exchange.Recommended{Step: office}
	approved    = exchange.Approved{Step: office}
	refused     = exchange.Refused{Step: office}
	assessed    = exchange.Assessed{Step: record.Step{Grade: "优秀"}}
)

func on(day string, fact record.StepEvent) commandtest.Dated { return commandtest.On(day, fact) }

// TestTheCourse tells whole courses step by step: each but the last stands, and
// the last is taken or refused.
func TestTheCourse(t *testing.T) {
	begun := []any{applied, approved, on("2018-03-01", exchange.Started{})}
	away := append(begun[:3:3], on("2018-04-10", exchange.Interrupted{}))
	tests := []struct {
		name  string
		given []any
		move  move
		code  string
		phase record.Stage
	}{
		{"recommended", []any{applied}, move{"", recommended}, "", exchange.StageRecommended},
		{"approved without a recommendation", []any{applied}, move{"", approved}, "", exchange.StageApproved},
		{"approved on a recommendation", []any{applied, recommended}, move{"", approved}, "", exchange.StageApproved},
		{"approved by nobody", []any{applied}, move{"", exchange.Approved{}}, "record.step-incomplete", ""},
		{"recommended twice", []any{applied, recommended}, move{"", recommended}, "exchange.out-of-order", ""},
		{"refused", []any{applied}, move{"", refused}, "", exchange.StageRefused},
		{"refused on a recommendation", []any{applied, recommended}, move{"", refused}, "", exchange.StageRefused},
		{"refused after it was approved", []any{applied, approved}, move{"", refused}, "exchange.out-of-order", ""},
		{"approved after it was refused", []any{applied, refused}, move{"", approved}, "exchange.out-of-order", ""},
		{"withdrawn by the applicant", []any{applied, recommended}, move{"", exchange.Withdrawn{}}, "", exchange.StageWithdrawn},
		{"withdrawn after the approval", []any{applied, approved}, move{"", exchange.Withdrawn{}}, "exchange.out-of-order", ""},
		{"cancelled after the approval", []any{applied, approved}, move{"", exchange.Cancelled{}}, "", exchange.StageCancelled},
		{"cancelled before the approval", []any{applied}, move{"", exchange.Cancelled{}}, "exchange.out-of-order", ""},
		{"cancelled after it started", begun, move{"", exchange.Cancelled{}}, "exchange.out-of-order", ""},
		{"interrupted", begun, move{"day:2018-04-10", exchange.Interrupted{}}, "", exchange.StageInterrupted},
		{"interrupted before it started", begun, move{"day:2018-02-10", exchange.Interrupted{}}, "exchange.too-early", ""},
		{"interrupted in a month", begun, move{"month:2018-04", exchange.Interrupted{}}, "record.step-incomplete", ""},
		{"interrupted twice", away, move{"day:2018-04-11", exchange.Interrupted{}}, "exchange.out-of-order", ""},
		{"resumed", away, move{"day:2018-05-02", exchange.Resumed{}}, "", exchange.StageStarted},
		{"resumed before it was interrupted", away, move{"day:2018-04-02", exchange.Resumed{}}, "exchange.too-early", ""},
		{"interrupted again", append(away[:4:4], on("2018-05-02", exchange.Resumed{})), move{"day:2018-06-01", exchange.Interrupted{}}, "", exchange.StageInterrupted},
		{"completed while away", away, move{"day:2018-07-06", exchange.Completed{}}, "", exchange.StageCompleted},
		{"assessed before it ended", begun, move{"", assessed}, "exchange.out-of-order", ""},
		{"assessed", append(begun[:3:3], completed), move{"", assessed}, "", exchange.StageCompleted},
		{"assessed without a grade", append(begun[:3:3], completed), move{"", exchange.Assessed{Step: office}}, "record.step-incomplete", ""},
		{"assessed though only reported", []any{reported}, move{"", assessed}, "", exchange.StageReported},
		{"approved though only reported", []any{reported}, move{"", approved}, "exchange.out-of-order", ""},
		{"the start's day corrected", begun, move{"day:2018-03-05", exchange.Started{Step: record.Step{Corrects: commandtest.ID(3), Reason: reason}}}, "", exchange.StageStarted},
		{"the start's day corrected past the interruption", away, move{"day:2018-04-15", exchange.Started{Step: record.Step{Corrects: commandtest.ID(3), Reason: reason}}}, "exchange.too-early", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := decide(history(tt.given...), tt.move)
			if commandtest.Refused(t, err, code(tt.code)) {
				return
			}
			when := calendar.Occurred(tt.move.day)
			if when == "" {
				when = calendar.Unknown
			}
			s := exchange.Decider.Fold(history(append(tt.given[:len(tt.given):len(tt.given)], commandtest.Dated{When: when, Fact: tt.move.fact})...))
			if s.Phase != tt.phase {
				t.Errorf("phase %q, want %q", s.Phase, tt.phase)
			}
		})
	}
}

// TestTheDaysOfAPosting looks at what readers show as its first and last day.
func TestTheDaysOfAPosting(t *testing.T) {
	planned := facts(lasting("day:2018-03-05", "day:2018-07-01"))
	asked := exchange.Applied{Reported: record.Reported[exchange.Facts]{Facts: planned}}
	begun := []any{asked, approved, on("2018-03-01", exchange.Started{})}
	ended := append(begun[:3:3], completed)
	tests := []struct {
		name       string
		given      []any
		start, end calendar.Occurred
	}{
		{"as planned", []any{asked, approved}, "day:2018-03-05", "day:2018-07-01"},
		{"as it started", begun, "day:2018-03-01", "day:2018-07-01"},
		{"as it was completed", ended, "day:2018-03-01", "day:2018-07-06"},
		{"its completion voided", append(ended[:4:4], voided(commandtest.ID(4))), "day:2018-03-01", "day:2018-07-01"},
		{"both corrected", append(ended[:4:4], corrected(facts(lasting("day:2018-03-02", "day:2018-07-05")))), "day:2018-03-02", "day:2018-07-05"},
		{"corrected without days", append(ended[:4:4], corrected(facts(lasting("unknown", "unknown")))), "day:2018-03-01", "day:2018-07-06"},
		{"started at once, the completion voided", []any{started, completed, voided(commandtest.ID(2))}, "day:2018-03-01", "unknown"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := exchange.Decider.Fold(history(tt.given...))
			if diff := cmp.Diff([2]calendar.Occurred{tt.start, tt.end}, [2]calendar.Occurred{s.Facts.Start, s.Facts.End}); diff != "" {
				t.Errorf("first and last day (-want +got):\n%s", diff)
			}
		})
	}
}
