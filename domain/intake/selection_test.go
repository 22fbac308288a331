package intake_test

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"twinledger/domain/command/commandtest"
	"twinledger/domain/intake"
	"twinledger/domain/intake/reading/readingtest"
	"twinledger/domain/lesson"
	"twinledger/domain/record"
)

// TestRowsAreTakenInParts: the rows that are not named wait, and a later run takes
// them.
func TestRowsAreTakenInParts(t *testing.T) {
	o := newTestLedger(t)
	book := table("一", numbered(1, lessons(6)...)...)
	said, err := o.given(t, book, intake.Options{Rows: "3-4,6", DryRun: true})
	if err != nil || said.Added != 3 || said.Count(intake.Pending) != 3 {
		t.Fatalf("said %v, %v", outcomes(said), err)
	}
	part, err := o.given(t, book, intake.Options{Rows: "3-4,6"})
	if err != nil || part.Added != 3 || part.Count(intake.Pending) != 3 || len(facts[intake.Completed](t, o)) != 0 {
		t.Fatalf("took %v, %v", outcomes(part), err)
	}
	if diff := cmp.Diff(outcomes(said), outcomes(part)); diff != "" {
		t.Errorf("said otherwise than done (-said +done):\n%s", diff)
	}
	if again, err := o.given(t, book, intake.Options{Rows: "3-4,6"}); err != nil || again.Added != 0 {
		t.Errorf("again took %d, %v", again.Added, err)
	}
	whole := o.imports(t, "甲校", book)
	if whole.Added != 3 || len(facts[intake.Completed](t, o)) != 1 || len(facts[record.Reported[lesson.Facts]](t, o)) != 6 {
		t.Errorf("then took %v", outcomes(whole))
	}
}

// TestACorrectedFileInParts: what the file leaves out is voided once all of its
// rows are taken.
func TestACorrectedFileInParts(t *testing.T) {
	former, now := changedLessons()
	o := newTestLedger(t)
	o.imports(t, "甲校", table("一", numbered(1, former...)...))
	book := table("二", numbered(11, now...)...)
	decisions := intake.Decisions{Pairs: []intake.Pair{{Old: "3", New: "3"}, {Old: "5", New: "5"}, {Old: "8", New: "7"}}, Removed: []string{"6"}}
	before := len(o.records(t))
	part, err := o.given(t, book, intake.Options{Rows: "3,9", Decisions: decisions})
	if err != nil || part.Corrected != 1 || part.Added != 1 || part.Removed != 0 {
		t.Fatalf("corrected %d, added %d, removed %d, %v", part.Corrected, part.Added, part.Removed, err)
	}
	rest, err := o.given(t, book, intake.Options{})
	if err != nil || rest.Corrected != 2 || rest.Added != 1 || rest.Removed != 1 {
		t.Fatalf("then corrected %d, added %d, removed %d, %v", rest.Corrected, rest.Added, rest.Removed, err)
	}
	if got := types(t, o, before); got["lesson.corrected"] != 3 || got["lesson.voided"] != 1 {
		t.Errorf("events %v", got)
	}
	// The former file was accepted before this one, so nothing of it can come back.
	if report := o.imports(t, "甲校", table("一", numbered(1, lessons(8)...)...)); report.Added != 0 {
		t.Errorf("the former file adds %d", report.Added)
	}
}

// TestAPartOfAnOlderFile is not taken up again behind a later one.
func TestAPartOfAnOlderFile(t *testing.T) {
	o := newTestLedger(t)
	old := table("一", numbered(1, lessons(4)...)...)
	if _, err := o.given(t, old, intake.Options{Rows: "2-3"}); err != nil {
		t.Fatal(err)
	}
	o.imports(t, "甲校", table("二", numbered(1, append(lessons(2), rowB)...)...))
	before := len(o.records(t))
	_, err := o.given(t, old, intake.Options{})
	commandtest.Refused(t, err, intake.ErrOlderFile)
	if len(o.records(t)) != before {
		t.Error("something was written")
	}
}

func TestHoldAndAgain(t *testing.T) {
	o := newTestLedger(t)
	book := table("一", numbered(1, lessons(3)...)...)
	hold := intake.Options{Hold: []string{"3"}}
	for range 2 {
		report, err := o.given(t, book, hold)
		if err != nil || report.Lines[1].Record != "" {
			t.Fatalf("held: %v, %v", outcomes(report), err)
		}
	}
	again := intake.Options{Again: []string{"2", "3"}}
	if report, err := o.given(t, book, again); err != nil || report.Added != 2 {
		t.Fatalf("again added %d, %v", report.Added, err)
	}
	if got := facts[intake.RowVoided](t, o); len(got) != 1 {
		t.Errorf("%d held rows are settled, want the one that was recorded again", len(got))
	}
	if report, err := o.given(t, book, again); err != nil || report.Added != 0 {
		t.Errorf("again twice added %d, %v", report.Added, err)
	}
	if report := o.imports(t, "甲校", book); report.Added != 0 {
		t.Errorf("without a choice added %d", report.Added)
	}
	if report := o.imports(t, "甲校", table("二", numbered(7, lessons(3)...)...)); report.Added+report.Corrected+report.Removed != 0 {
		t.Errorf("saved again and renumbered: added %d, corrected %d, removed %d", report.Added, report.Corrected, report.Removed)
	}
	if got := len(facts[record.Reported[lesson.Facts]](t, o)); got != 4 {
		t.Errorf("%d lessons, want 4: two at first, one beside an equal one, one that was held", got)
	}
	_, err := o.given(t, book, intake.Options{Hold: []string{"2"}})
	commandtest.Refused(t, err, intake.ErrTakenBefore)
}

// TestAddedAgainAndRemoved: a record beside an equal one of another source goes
// with the file that brought it.
func TestAddedAgainAndRemoved(t *testing.T) {
	o := newTestLedger(t)
	o.imports(t, "乙校", table("零", numbered(1, lessons(1)...)...))
	report, err := o.given(t, table("一", numbered(1, lessons(2)...)...), intake.Options{Again: []string{"2"}})
	if err != nil || report.Added != 2 {
		t.Fatalf("added %d, %v", report.Added, err)
	}
	before := len(o.records(t))
	if shorter := o.imports(t, "甲校", table("二", "2|"+lessons(2)[1])); shorter.Removed != 1 {
		t.Errorf("removed %d", shorter.Removed)
	}
	if got := types(t, o, before); got["lesson.voided"] != 1 {
		t.Errorf("events %v", got)
	}
}

func TestChoicesRefused(t *testing.T) {
	two := read("一", readingtest.Sheet(0, "甲表", append([]string{readingtest.Heading}, numbered(1, lessons(2)...)...)...), readingtest.Sheet(1, "乙表", append([]string{readingtest.Heading}, numbered(1, "2018-05-01|甲共同体|会议|线下|会||甲|乙||1|次")...)...))
	tests := []struct {
		name    string
		options intake.Options
		err     error
	}{
		{"rows of several sheets", intake.Options{Rows: "2"}, intake.ErrWhichSheet},
		{"no such sheet", intake.Options{Sheet: "丙表", Rows: "2"}, intake.ErrNoSuchSheet},
		{"no numbers", intake.Options{Sheet: "甲表", Rows: "二"}, intake.ErrBadRows},
		{"backwards", intake.Options{Sheet: "甲表", Rows: "4-2"}, intake.ErrBadRows},
		{"nothing but commas", intake.Options{Sheet: "甲表", Rows: ",,"}, intake.ErrBadRows},
		{"rows that are not there", intake.Options{Sheet: "乙表", Rows: "3-9"}, intake.ErrNoSuchRow},
		{"a row that is not there", intake.Options{Hold: []string{"9"}}, intake.ErrNoSuchRow},
		{"a row of two sheets", intake.Options{Hold: []string{"2"}}, intake.ErrAmbiguousRow},
		{"again what was never taken", intake.Options{Again: []string{"乙表!2"}}, intake.ErrNotTakenBefore},
		{"a row of a sheet", intake.Options{Hold: []string{"乙表!2"}}, nil},
		{"a row of the named sheet", intake.Options{Sheet: "乙表", Hold: []string{"2"}}, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			o := newTestLedger(t)
			_, err := o.given(t, two, tt.options)
			commandtest.Refused(t, err, tt.err)
		})
	}
}

// TestDecisionsRefused: what names no open row, or one twice, is refused.
func TestDecisionsRefused(t *testing.T) {
	former, now := changedLessons()
	tests := []struct {
		name string
		d    intake.Decisions
		err  error
	}{
		{"an unchanged former row", intake.Decisions{Removed: []string{"2"}}, intake.ErrNoSuchRow},
		{"an unchanged new row", intake.Decisions{Pairs: []intake.Pair{{Old: "3", New: "2"}}}, intake.ErrNoSuchRow},
		{"a former row twice", intake.Decisions{Removed: []string{"3", "3"}}, intake.ErrDecidedTwice},
		{"a new row twice", intake.Decisions{Pairs: []intake.Pair{{Old: "3", New: "3"}}, Added: []string{"3"}}, intake.ErrDecidedTwice},
		{"not all", intake.Decisions{Removed: []string{"3"}}, intake.ErrUndecided},
		{"a record that is not asked about", intake.Decisions{Removed: []string{"3", "5", "6", "8"}, Keep: []string{"lesson-"}}, intake.ErrNotAsked},
		{"all removed", intake.Decisions{Removed: []string{"3", "5", "6", "8"}}, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			o := newTestLedger(t)
			o.imports(t, "甲校", table("一", numbered(1, append([]string(nil), former...)...)...))
			before := len(o.records(t))
			_, err := o.given(t, table("二", numbered(11, append([]string(nil), now...)...)...), intake.Options{Decisions: tt.d})
			if !errors.Is(err, tt.err) {
				t.Errorf("answered with %v", err)
			}
			if tt.err != nil && len(o.records(t)) != before {
				t.Error("something was written")
			}
		})
	}
}
