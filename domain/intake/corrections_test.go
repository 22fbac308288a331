package intake_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"twinledger/domain"
	"twinledger/domain/calendar"
	"twinledger/domain/command"
	"twinledger/domain/command/commandtest"
	"twinledger/domain/event"
	"twinledger/domain/intake"
	"twinledger/domain/intake/reading"
	"twinledger/domain/lesson"
	"twinledger/domain/record"
	"twinledger/domain/seal"
)

// given imports a file with options.
func (o *testLedger) given(t *testing.T, w reading.Workbook, options intake.Options) (intake.Report, error) {
	t.Helper()
	if options.Source == "" {
		options.Source = "甲校"
	}
	return o.importer(t, o.log).Import(t.Context(), w, options)
}

// lessons are so many rows of lessons, each on a day of its own.
func lessons(n int) []string {
	rows := make([]string, n)
	for i := range rows {
		rows[i] = fmt.Sprintf("2018-04-%02d|甲共同体|示范课|送课|第%d课|语文|甲|乙|李老师|%d|节||备注%d", i+1, i+1, i+1, i+1)
	}
	return rows
}

// changedLessons are eight lessons of which three are changed, one is gone and
// two are new.
func changedLessons() (former, now []string) {
	former = lessons(8)
	now = lessons(8)
	now[1] = strings.Replace(now[1], "语文", "数学", 1)
	now[3] = strings.Replace(now[3], "|4|节", "|9|节", 1)
	now[6] = strings.Replace(now[6], "04-07", "04-17", 1)
	now = append(now[:4], now[5:]...)
	return former, append(now, "2018-05-02|甲共同体|会议|线下|新会议||甲|乙||1|次", "2018-05-03|甲共同体|互访|线下|新互访||甲|乙||20|人次")
}

// types counts the events of each type from a place in the log on.
func types(t *testing.T, o *testLedger, from int) map[string]int {
	t.Helper()
	count := map[string]int{}
	for _, r := range o.records(t)[from:] {
		count[r.Envelope.Type]++
	}
	return count
}

// standing returns the facts of the records that stand, as they are now, without
// where they were read and with sealed texts opened.
func (o *testLedger) standing(t *testing.T) []string {
	t.Helper()
	registry := domain.Events(nil)
	type now struct {
		occurred calendar.Occurred
		facts    any
	}
	records, order := map[string]*now{}, []string{}
	for _, r := range o.records(t) {
		e, err := registry.Decode(r.Envelope)
		if err != nil {
			t.Fatal(err)
		}
		switch d := e.Fact.(type) {
		case record.Replacement:
			_, _, facts := d.Replaces()
			records[e.Key()] = &now{e.Occurred, facts}
		case record.Voiding:
			delete(records, e.Key())
		case record.Founder:
			switch event.StreamKind(e.Key()) {
			case "district", "school", "community", "person":
				continue
			}
			records[e.Key()] = &now{e.Occurred, d.Founds()}
			order = append(order, e.Key())
		}
	}
	var out []string
	for _, key := range order {
		if records[key] != nil {
			out = append(out, fmt.Sprintf("%s %s %s", event.StreamKind(key), records[key].occurred, o.opened(t, key, records[key].facts)))
		}
	}
	return sorted(out)
}

func TestACorrectedFileAddsTheDifference(t *testing.T) {
	former, now := changedLessons()
	decisions := intake.Decisions{Removed: []string{"6"}, Added: []string{"9", "10"}}
	kept := numbered(1, append([]string(nil), now...)...)
	for i := 4; i < 7; i++ { // rows behind the removed one keep their number
		kept[i] = strings.Replace(kept[i], fmt.Sprintf("%d|", i+1), fmt.Sprintf("%d|", i+2), 1)
	}
	kept[7], kept[8] = strings.Replace(kept[7], "8|", "9|", 1), strings.Replace(kept[8], "9|", "10|", 1)
	tests := []struct {
		name      string
		rows      []string
		asks      int
		decisions intake.Decisions
	}{
		{"all renumbered", numbered(101, append([]string(nil), now...)...), 1, decisions},
		{"numbered anew from one", numbered(1, append([]string(nil), now...)...), 1, decisions},
		{"with the numbers kept", kept, 0, intake.Decisions{}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			o := newTestLedger(t)
			original := table("一", numbered(1, append([]string(nil), former...)...)...)
			o.imports(t, "甲校", original)
			before := len(o.records(t))
			book := table("二", tt.rows...)
			asked, err := o.given(t, book, intake.Options{})
			if (tt.asks > 0) != errors.Is(err, intake.ErrUndecided) {
				t.Fatalf("asked with %v", err)
			}
			if tt.asks > 0 {
				if n := len(asked.Comparison.Undecided); n != tt.asks || len(o.records(t)) != before {
					t.Fatalf("%d rows undecided, want %d; %d records written", n, tt.asks, len(o.records(t))-before)
				}
				said, err := o.given(t, book, intake.Options{DryRun: true, Decisions: tt.decisions})
				if err != nil {
					t.Fatal(err)
				}
				done, err := o.given(t, book, intake.Options{Decisions: tt.decisions})
				if err != nil {
					t.Fatal(err)
				}
				if diff := cmp.Diff(said.Comparison, done.Comparison); diff != "" {
					t.Errorf("compared otherwise than said (-said +done):\n%s", diff)
				}
				if said.Corrected != 3 || said.Added != 2 || said.Removed != 1 || done.Corrected != 3 || done.Added != 2 || done.Removed != 1 {
					t.Errorf("said %d %d %d, done %d %d %d", said.Corrected, said.Added, said.Removed, done.Corrected, done.Added, done.Removed)
				}
			}
			got := types(t, o, before)
			for _, noise := range []string{"source.imported", "import.started", "import.compared", "import.rows_listed", "import.completed", "school.noted", "person.noted"} {
				delete(got, noise)
			}
			want := map[string]int{"lesson.corrected": 3, "lesson.voided": 1, "meeting.reported": 1, "visit.reported": 1, "row.taken": 5, "row.superseded": 4}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("events (-want +got):\n%s", diff)
			}
			fresh := newTestLedger(t)
			fresh.imports(t, "甲校", book)
			if diff := cmp.Diff(fresh.standing(t), o.standing(t)); diff != "" {
				t.Errorf("records stand otherwise than those of the file alone (-alone +corrected):\n%s", diff)
			}
			after := len(o.records(t))
			if again := o.imports(t, "甲校", book); again.Added+again.Corrected+again.Removed != 0 {
				t.Errorf("again adds %d, corrects %d", again.Added, again.Corrected)
			}
			restored := o.imports(t, "甲校", original)
			if len(o.records(t)) != after {
				t.Errorf("%d records more", len(o.records(t))-after)
			}
			since := 0
			for _, line := range restored.Lines {
				if line.Since != nil {
					since++
				}
			}
			if since != 4 {
				t.Errorf("%d rows of the original are said to be superseded, want 4", since)
			}
		})
	}
}

// opened writes facts with their texts in clear and without their source.
func (o *testLedger) opened(t *testing.T, key string, facts any) string {
	t.Helper()
	return factText(t, o.vault, key, facts)
}

// correct corrects a lesson by hand.
func (o *testLedger) correct(t *testing.T, key string) {
	t.Helper()
	history, err := o.importer(t, o.log).Handler.Load(t.Context(), key)
	if err != nil {
		t.Fatal(err)
	}
	facts := history[0].Fact.(record.Reported[lesson.Facts]).Facts
	facts.Quantity.Text, facts.Quantity.Number = "77", "77"
	o.handle(t, command.Request{Name: "lesson.correct", Stream: key, Occurred: history[0].Occurred,
		Body: record.Correct[lesson.Facts]{Reason: seal.Text{Clear: "数错了"}, Facts: facts}})
}

// handle carries out a command as the clerk would.
func (o *testLedger) handle(t *testing.T, req command.Request) {
	t.Helper()
	o.commands++
	req.ID, req.Actor = commandtest.ID(700+o.commands), "clerk"
	if _, err := o.importer(t, o.log).Handler.Handle(t.Context(), req); err != nil {
		t.Fatal(err)
	}
}

// TestARecordSomebodyElseHadASayIn: a corrected file never overwrites silently
// what somebody corrected, and restores nothing that somebody voided.
func TestARecordSomebodyElseHadASayIn(t *testing.T) {
	former := lessons(4)
	changed := lessons(4)
	changed[1] = strings.Replace(changed[1], "语文", "数学", 1)
	removed := append(lessons(1), lessons(4)[2:]...)
	withNumbers := func(rows []string, numbers ...int) []string {
		for i := range rows {
			rows[i] = fmt.Sprintf("%d|%s", numbers[i], rows[i])
		}
		return rows
	}
	tests := []struct {
		name      string
		meanwhile func(o *testLedger, t *testing.T, key string)
		rows      []string
		decide    func(key string) intake.Decisions
		bar       intake.AskReason
		want      map[string]int
		effect    intake.Effect
	}{
		{"changed, corrected by hand, overwritten", (*testLedger).correct, withNumbers(changed, 1, 2, 3, 4),
			func(key string) intake.Decisions { return intake.Decisions{Overwrite: []string{key}} }, intake.ByHand, map[string]int{"lesson.corrected": 1}, intake.Corrects},
		{"changed, corrected by hand, kept", (*testLedger).correct, withNumbers(append([]string(nil), lessons(4)[0], "2018-04-02|甲共同体|示范课|送课|第2课|英语|甲|乙|李老师|2|节||备注2", lessons(4)[2], lessons(4)[3]), 1, 2, 3, 4),
			func(key string) intake.Decisions { return intake.Decisions{Keep: []string{key}} }, intake.ByHand, map[string]int{}, intake.Keeps},
		{"removed, corrected by hand, voided", (*testLedger).correct, withNumbers(append([]string(nil), removed...), 1, 3, 4),
			func(key string) intake.Decisions { return intake.Decisions{Overwrite: []string{key}} }, intake.ByHand, map[string]int{"lesson.voided": 1}, intake.Voids},
		{"removed, corrected by hand, kept", (*testLedger).correct, withNumbers(append([]string(nil), removed...), 1, 3, 4),
			func(key string) intake.Decisions { return intake.Decisions{Keep: []string{key}} }, intake.ByHand, map[string]int{}, intake.Keeps},
		{"changed, voided meanwhile", func(o *testLedger, t *testing.T, key string) {
			o.handle(t, command.Request{Name: "lesson.void", Stream: key, Body: record.Withdraw[lesson.Facts]{Reason: seal.Text{Clear: "没有上"}}})
		}, changed, nil, "", map[string]int{}, intake.StaysVoid},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			o := newTestLedger(t)
			first := o.imports(t, "甲校", table("一", numbered(1, append([]string(nil), former...)...)...))
			key := first.Lines[1].Record
			tt.meanwhile(o, t, key)
			before := len(o.records(t))
			options := intake.Options{}
			if tt.decide != nil {
				report, err := o.given(t, table("二", tt.rows...), options)
				if !errors.Is(err, intake.ErrUndecided) || len(o.records(t)) != before {
					t.Fatalf("not asked: %v", err)
				}
				if got := askReasonOf(report.Comparison); got != tt.bar {
					t.Errorf("asked for %q, want %q", got, tt.bar)
				}
				options.Decisions = tt.decide(key)
			}
			report, err := o.given(t, table("二", tt.rows...), options)
			if err != nil {
				t.Fatal(err)
			}
			got := types(t, o, before)
			for name := range got {
				if !strings.HasPrefix(name, "lesson.") {
					delete(got, name)
				}
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("events (-want +got):\n%s", diff)
			}
			if got := effectOf(report.Comparison); got != tt.effect {
				t.Errorf("effect %q, want %q", got, tt.effect)
			}
			if again := o.imports(t, "甲校", table("二", tt.rows...)); again.Added+again.Corrected+again.Removed != 0 {
				t.Error("the same file again adds something")
			}
		})
	}
}

func askReasonOf(c *intake.Comparison) intake.AskReason {
	for _, change := range c.Changed {
		return change.AskReason
	}
	for _, removal := range c.Removed {
		return removal.AskReason
	}
	return ""
}

func effectOf(c *intake.Comparison) intake.Effect {
	for _, change := range c.Changed {
		return change.Effect
	}
	for _, removal := range c.Removed {
		return removal.Effect
	}
	return ""
}
