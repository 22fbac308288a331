package duty_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"twinledger/domain/calendar"
	"twinledger/domain/duty"
	"twinledger/domain/record"
)

// owing are facts that owe something by a day and tell of steps.
type owing struct {
	due  calendar.Occurred
	told []record.ReportedStep
}

func (o owing) DueBy() calendar.Occurred { return o.due }
func (o owing) Common() record.Facts     { return record.Facts{Course: o.told} }

var course = duty.Verbs{Done: []string{"reported", "done"}, Again: []string{"again"}, Released: []string{"waived"}}

// standing returns the progress of what was founded by verb on the first of March.
func standing(verb string, steps ...record.TakenStep) record.Progress {
	return record.Progress{Phase: record.Standing, Founded: verb, Occurred: "day:2018-03-01", Steps: steps}
}

func took(verb string, when, due calendar.Occurred) record.TakenStep {
	return record.TakenStep{Verb: verb, Occurred: when, Step: record.Step{Due: due}}
}

func TestRounds(t *testing.T) {
	tests := []struct {
		name     string
		facts    owing
		progress record.Progress
		want     []duty.Round
	}{
		{"void", owing{due: "day:2018-04-01"}, record.Progress{Phase: record.Void}, nil},
		{"owed", owing{due: "day:2018-04-01"}, standing("expected"), []duty.Round{{Due: "day:2018-04-01"}}},
		{"done", owing{due: "day:2018-04-01"}, standing("expected", took("done", "day:2018-03-09", "")), []duty.Round{{Due: "day:2018-04-01", Done: "day:2018-03-09"}}},
		{"done nobody knows when", owing{}, standing("expected", took("done", "", "")), []duty.Round{{Done: calendar.Unknown}}},
		{"done by being reported", owing{}, standing("reported"), []duty.Round{{Done: "day:2018-03-01"}}},
		{"owed again, by another day and by the same", owing{due: "day:2018-04-01"},
			standing("reported", took("again", "", "day:2018-05-01"), took("done", "day:2018-04-30", ""), took("again", "", "")),
			[]duty.Round{{Due: "day:2018-04-01", Done: "day:2018-03-01"}, {Due: "day:2018-05-01", Done: "day:2018-04-30"}, {Due: "day:2018-05-01"}}},
		{"waived", owing{due: "day:2018-04-01"}, standing("expected", took("waived", "day:2018-03-09", "")), []duty.Round{{Due: "day:2018-04-01", Released: true}}},
		{"told of, then done", owing{due: "day:2018-04-01", told: []record.ReportedStep{{Verb: "done", Occurred: "day:2018-03-02"}, {Verb: "again", Occurred: "day:2018-03-03"}}},
			standing("expected", took("done", "day:2018-03-09", "")), []duty.Round{{Due: "day:2018-04-01", Done: "day:2018-03-02"}, {Due: "day:2018-04-01", Done: "day:2018-03-09"}}},
		{"steps that do not bear on it", owing{due: "day:2018-04-01"}, standing("expected", took("observed", "day:2018-03-09", "day:2018-09-09")), []duty.Round{{Due: "day:2018-04-01"}}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if diff := cmp.Diff(tt.want, course.Rounds(tt.facts, tt.progress)); diff != "" {
				t.Errorf("rounds (-want +got):\n%s", diff)
			}
		})
	}
}

func TestRoundsOn(t *testing.T) {
	twice := standing("expected", took("done", "day:2018-03-09", ""), took("again", "day:2018-03-12", "day:2018-03-20"), took("done", "day:2018-03-22", ""))
	told := owing{due: "day:2018-04-01", told: []record.ReportedStep{{Verb: "done", Occurred: "day:2018-03-09"}}}
	tests := []struct {
		name     string
		facts    owing
		progress record.Progress
		day      calendar.Day
		want     []duty.Round
	}{
		{"before it was owed", owing{due: "day:2018-03-10"}, twice, "2018-02-28", nil},
		{"before it was done", owing{due: "day:2018-03-10"}, twice, "2018-03-08", []duty.Round{{Due: "day:2018-03-10"}}},
		{"on the day on which it was done", owing{due: "day:2018-03-10"}, twice, "2018-03-09", []duty.Round{{Due: "day:2018-03-10", Done: "day:2018-03-09"}}},
		{"owed again", owing{due: "day:2018-03-10"}, twice, "2018-03-21", []duty.Round{{Due: "day:2018-03-10", Done: "day:2018-03-09"}, {Due: "day:2018-03-20"}}},
		{"done again", owing{due: "day:2018-03-10"}, twice, "2018-03-22", []duty.Round{{Due: "day:2018-03-10", Done: "day:2018-03-09"}, {Due: "day:2018-03-20", Done: "day:2018-03-22"}}},
		{"told of later than the day", told, standing("expected"), "2018-03-08", []duty.Round{{Due: "day:2018-04-01"}}},
		{"reported later than the day", owing{due: "day:2018-02-10"}, standing("reported"), "2018-02-11", []duty.Round{{Due: "day:2018-02-10"}}},
		{"reported later than the day, without due", owing{}, standing("reported"), "2018-02-11", nil},
		{"a month that reaches beyond the day", owing{due: "day:2018-03-10"}, standing("expected", took("done", "month:2018-03", "")), "2018-03-15", []duty.Round{{Due: "day:2018-03-10", Done: "month:2018-03"}}},
		{"void", owing{due: "day:2018-03-10"}, record.Progress{Phase: record.Void}, "2018-03-15", nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if diff := cmp.Diff(tt.want, course.RoundsOn(tt.facts, tt.progress, tt.day)); diff != "" {
				t.Errorf("rounds (-want +got):\n%s", diff)
			}
		})
	}
}

func TestLateness(t *testing.T) {
	tests := []struct {
		name    string
		round   duty.Round
		overdue bool // on the first of April
		late    int
	}{
		{"open, due that day", duty.Round{Due: "day:2018-04-01"}, false, 0},
		{"open, due the day before", duty.Round{Due: "day:2018-03-31"}, true, 0},
		{"open, due nobody knows when", duty.Round{}, false, 0},
		{"released", duty.Round{Due: "day:2018-03-31", Released: true}, false, 0},
		{"done in time", duty.Round{Due: "day:2018-03-31", Done: "day:2018-03-31"}, false, 0},
		{"done a day late", duty.Round{Due: "day:2018-02-28", Done: "day:2018-03-01"}, false, 1},
		{"done over the end of a leap year's February", duty.Round{Due: "day:2016-02-28", Done: "day:2016-03-01"}, false, 2},
		{"done in the month in which it was due", duty.Round{Due: "day:2018-03-10", Done: "month:2018-03"}, false, 0},
		{"done in a later month", duty.Round{Due: "day:2018-03-10", Done: "month:2018-04"}, false, 22},
		{"done nobody knows when", duty.Round{Due: "day:2018-03-10", Done: calendar.Unknown}, false, 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if overdue := tt.round.OverdueOn("2018-04-01"); overdue != tt.overdue {
				t.Errorf("overdue: %v, want %v", overdue, tt.overdue)
			}
			if late := tt.round.LateBy(); late != tt.late {
				t.Errorf("%d days late, want %d", late, tt.late)
			}
		})
	}
}
