package intake_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"twinledger/domain/intake"
)

// TestRowsThatChangeWhatTheyAre: a row may become another kind of record, be held
// from now on, or no longer be.
func TestRowsThatChangeWhatTheyAre(t *testing.T) {
	row := func(date, category, rest string) string {
		return date + "|甲共同体|" + category + "|线下|第一次|" + rest
	}
	const rest = "|甲|乙||1|次||无"
	steps := []struct {
		name string
		row  string
		want map[string]int
	}{
		{"at first", row("2018-04-18", "会议", rest), map[string]int{"meeting.reported": 1}},
		{"another kind", row("2018-04-18", "互访", rest), map[string]int{"visit.reported": 1, "meeting.voided": 1}},
		{"a day that does not exist", row("2018年2月30日", "互访", rest), map[string]int{}},
		{"mended", row("2018-04-20", "互访", rest), map[string]int{"visit.corrected": 1, "row.voided": 1}},
		{"another day", row("2018-04-21", "互访", rest), map[string]int{"visit.corrected": 1}},
		{"held again", row("2018-04-31", "互访", rest), map[string]int{}},
	}
	o := newTestLedger(t)
	others := lessons(2)
	for i, s := range steps {
		before := len(o.records(t))
		book := table(fmt.Sprint(i), "1|"+others[0], "2|"+others[1], "3|"+s.row)
		o.imports(t, "甲校", book)
		got := types(t, o, before)
		for name := range got {
			if !strings.HasPrefix(name, "meeting.") && !strings.HasPrefix(name, "visit.") && name != "row.voided" {
				delete(got, name)
			}
		}
		if diff := cmp.Diff(s.want, got); diff != "" {
			t.Errorf("%s: events (-want +got):\n%s", s.name, diff)
		}
	}
	before := len(o.records(t))
	o.imports(t, "甲校", table("末", "1|"+others[0], "2|"+others[1]))
	if got := types(t, o, before); got["visit.voided"] != 1 || got["row.voided"] != 1 {
		t.Errorf("a held row in the place of a record was removed: %v", got)
	}
}

// TestAnOlderFileRestoresNothing: the original saved again, under another
// fingerprint, is asked about and writes nothing by itself.
func TestAnOlderFileRestoresNothing(t *testing.T) {
	former, now := lessons(5), lessons(5)
	now[2] = strings.Replace(now[2], "语文", "数学", 1)
	o := newTestLedger(t)
	original := numbered(1, former...)
	o.imports(t, "甲校", table("一", original...))
	o.imports(t, "甲校", table("二", numbered(1, now...)...))
	before := len(o.records(t))
	report, err := o.given(t, table("三", append([]string{"|||||", "||"}, original...)...), intake.Options{})
	if !errors.Is(err, intake.ErrUndecided) || !report.Comparison.Older || len(o.records(t)) != before {
		t.Fatalf("%v; %+v; %d records", err, report.Comparison, len(o.records(t))-before)
	}
	back := intake.Options{Decisions: intake.Decisions{Pairs: []intake.Pair{{Old: "4", New: "6"}}}}
	if _, err := o.given(t, table("三", append([]string{"|||||", "||"}, original...)...), back); err != nil {
		t.Fatal(err)
	}
	fresh := newTestLedger(t)
	fresh.imports(t, "甲校", table("一", original...))
	if diff := cmp.Diff(fresh.standing(t), o.standing(t)); diff != "" {
		t.Errorf("taken back by decision (-original +now):\n%s", diff)
	}
}

// TestAnotherSourcesRecord is not changed without a word.
func TestAnotherSourcesRecord(t *testing.T) {
	rows := lessons(3)
	o := newTestLedger(t)
	first := o.imports(t, "甲校", table("一", numbered(1, append([]string(nil), rows...)...)...))
	other := intake.Options{Source: "乙校"}
	if _, err := o.given(t, table("二", numbered(1, append([]string(nil), rows...)...)...), other); err != nil {
		t.Fatal(err)
	}
	o.given(t, table("二甲", numbered(1, append(append([]string(nil), rows...), rowC)...)...), other)
	shorter := table("三", "1|"+rows[0], "3|"+rows[2], "4|"+rowC)
	report, err := o.given(t, shorter, other)
	if !errors.Is(err, intake.ErrUndecided) || askReasonOf(report.Comparison) != intake.OtherSource {
		t.Fatalf("%v; %+v", err, report.Comparison)
	}
	other.Keep = []string{first.Lines[1].Record}
	before := len(o.records(t))
	if _, err := o.given(t, shorter, other); err != nil {
		t.Fatal(err)
	}
	if got := types(t, o, before); got["lesson.voided"] != 0 || got["row.superseded"] != 1 {
		t.Errorf("events %v", got)
	}
}

// TestABrokenOffCorrectionIsContinued breaks the import of a corrected file off
// at every append and continues it without repeating the decisions once they are
// recorded.
func TestABrokenOffCorrectionIsContinued(t *testing.T) {
	former, now := changedLessons()
	now[6] = strings.Replace(now[6], "示范课", "公开课", 1)
	original := table("一", numbered(1, former...)...)
	book := table("二", numbered(11, now...)...)
	options := intake.Options{Source: "甲校", Decisions: intake.Decisions{
		Pairs:   []intake.Pair{{Old: "3", New: "3"}, {Old: "5", New: "5"}, {Old: "8", New: "7"}, {Old: "9", New: "8"}},
		Removed: []string{"6"}}}
	whole := newTestLedger(t)
	whole.imports(t, "甲校", original)
	start := len(whole.records(t))
	if _, err := whole.given(t, book, options); err != nil {
		t.Fatal(err)
	}
	want := whole.content(t)
	for n := 1; n <= len(want)-start; n++ {
		for _, store := range []bool{false, true} {
			o := newTestLedger(t)
			o.imports(t, "甲校", original)
			if _, err := o.importer(t, &failingLog{o.log, n, store}).Import(t.Context(), book, options); !errors.Is(err, errFull) {
				t.Fatalf("broken off at append %d with %v", n, err)
			}
			again := options
			if types(t, o, start)["import.compared"] > 0 {
				again.Decisions = intake.Decisions{}
			}
			if _, err := o.given(t, book, again); err != nil {
				t.Fatalf("continued after append %d: %v", n, err)
			}
			if diff := cmp.Diff(want, o.content(t)); diff != "" {
				t.Fatalf("broken off at append %d, stored %v (-whole +continued):\n%s", n, store, diff)
			}
		}
	}
}
