package intake_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"twinledger/domain/command"
	"twinledger/domain/command/commandtest"
	"twinledger/domain/intake"
	"twinledger/domain/lesson"
	"twinledger/domain/org"
	"twinledger/domain/record"
	"twinledger/domain/seal"
)

// inClear tells which of the texts stand in the log as they are.
func (o *testLedger) inClear(t *testing.T, texts ...string) []string {
	t.Helper()
	stored := ""
	for _, r := range o.records(t) {
		stored += string(r.Bytes)
	}
	var found []string
	for _, text := range texts {
		if strings.Contains(stored, text) {
			found = append(found, text)
		}
	}
	return found
}

// TestNamesOfTheWholeFile: a title is sealed for whomever the file names,
// wherever, known by id or not.
func TestNamesOfTheWholeFile(t *testing.T) {
	tests := []struct {
		name string
		rows []string
		keys string // the kinds of key that the first lesson's title is sealed under
	}{
		{"of a later row", []string{"1|2018-04-18|甲共同体|示范课||欧阳海燕的课|语文|甲|乙||1|节|欧阳海燕照片", "2|2018-04-18|甲共同体|示范课||课|语文|甲|乙|欧阳海燕|1|节"}, "person"},
		{"joined in its own row", []string{"1|2018-04-18|甲共同体|示范课||欧阳海燕的课|语文|甲|乙|司马、欧阳海燕|1|节|欧阳海燕照片|欧阳海燕主讲"}, "person"},
		{"joined in its own row with what is no name", []string{"1|2018-04-18|甲共同体|示范课||欧阳海燕的课|语文|甲|乙|一年级、欧阳海燕|1|节|欧阳海燕照片|欧阳海燕主讲"}, "source"},
		{"joined in another row", []string{"1|2018-04-18|甲共同体|示范课||欧阳海燕的课|语文|甲|乙||1|节", "2|2018-04-18|甲共同体|会议||会||甲|乙|司马,欧阳海燕|1|次"}, "person"},
		{"joined in another row with what is no name", []string{"1|2018-04-18|甲共同体|示范课||欧阳海燕的课|语文|甲|乙||1|节", "2|2018-04-18|甲共同体|会议||会||甲|乙|一年级,欧阳海燕|1|次"}, "source"},
		{"of a held row", []string{"1|2018-04-18|甲共同体|示范课||欧阳海燕的课|语文|甲|乙||1|节", "2|2018年2月30日|甲共同体|示范课||课|语文|甲|乙|欧阳海燕|1|节"}, "source"},
		{"joined in a held row", []string{"1|2018-04-18|甲共同体|示范课||欧阳海燕的课|语文|甲|乙||1|节", "2|2018-04-18|甲共同体|||欧阳海燕||甲|乙|司马/欧阳海燕|1|节"}, "source"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			o := newTestLedger(t)
			o.imports(t, "甲校", table("一", tt.rows...))
			if found := o.inClear(t, "欧阳海燕", "司马"); found != nil {
				t.Errorf("%v stand in clear", found)
			}
			reported := facts[record.Reported[lesson.Facts]](t, o)
			if len(reported) == 0 || reported[0].Facts.Title.Sealed == nil {
				t.Fatalf("reported %+v", reported)
			}
			for _, key := range reported[0].Facts.Title.Sealed.Keys {
				if !strings.HasPrefix(key, tt.keys+"-") {
					t.Errorf("the title is sealed under %s, want a %s's key", key, tt.keys)
				}
			}
			taken := facts[intake.RowTaken](t, o)[0].Cells.Sealed.Keys
			for i, key := range taken {
				for _, other := range taken[:i] {
					if key == other {
						t.Errorf("the cells are sealed twice under %s", key)
					}
				}
			}
		})
	}
}

// TestAWrittenFormIsSealedToo: full-width signs are kept as written, and a name
// is found in them all the same.
func TestAWrittenFormIsSealedToo(t *testing.T) {
	o := newTestLedger(t)
	book := table("一", "1|2018-04-18|甲共同体|示范课||ABC的课|语文|甲|乙|ABC、李老师|1|节")
	book.Sheets[0].Rows[1].Cells[5].Raw = "ＡＢＣ的课"
	o.imports(t, "甲校", book)
	if found := o.inClear(t, "ＡＢＣ"); found != nil {
		t.Errorf("%v stand in clear", found)
	}
}

// TestJoinedNamesMakeNobody: neither a person nor a school is made of what may
// be several, and subjects that people are described by hold up no row.
func TestJoinedNamesMakeNobody(t *testing.T) {
	o := newTestLedger(t)
	report := o.imports(t, "甲校", table("一",
		"1|2018-04-18|甲共同体|示范课||课|语文|甲、丁|乙|语文、数学教师|1|节",
		"2|2015-09-01|甲共同体|结对||结成||甲,丁|"))
	if report.Count(intake.Incomplete) != 1 || report.Count(intake.Held) != 1 {
		t.Errorf("rows became %v", outcomes(report))
	}
	if got := facts[record.Reported[org.School]](t, o); len(got) != 1 || got[0].Facts.Name != "乙" {
		t.Errorf("schools %+v", got)
	}
	if got := facts[record.Reported[org.Person]](t, o); len(got) != 0 {
		t.Errorf("people %+v", got)
	}
}

// TestTheDryRunSaysWhatIsHeld, with the names of the file and of the ledger.
func TestTheDryRunSaysWhatIsHeld(t *testing.T) {
	tests := []struct {
		name, row, want string
	}{
		{"a name of its own in a subject", "1|2018-04-18|甲共同体|示范课||课|语文(王老师)|甲|乙|王老师|1|节", "held lesson.report day:2018-04-18 !record.name-in-clear@学科"},
		{"a name of the ledger in a measure", "1|2018-04-18|甲共同体|示范课||课|语文|甲|乙||1|节(李老师)", "held lesson.report day:2018-04-18 -number !record.name-in-clear@单位"},
		{"a joined name in a number", "1|2018-04-18|甲共同体|示范课||课|语文|甲|乙|王老师、张老师|张老师1|节", "held lesson.report day:2018-04-18 -number !quantity.unreadable@数量 !record.name-in-clear@数量"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			o := newTestLedger(t)
			o.imports(t, "乙校", table("零", "1|2018-01-18|甲共同体|示范课||课|语文|甲|乙|李老师|1|节"))
			said, err := o.importer(t, o.log).Import(t.Context(), table("一", tt.row), intake.Options{Source: "甲校", DryRun: true})
			if err != nil {
				t.Fatal(err)
			}
			done := o.imports(t, "甲校", table("一", tt.row))
			if diff := cmp.Diff([]string{tt.want}, outcomes(said)); diff != "" {
				t.Errorf("said (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(outcomes(done), outcomes(said)); diff != "" {
				t.Errorf("said otherwise than it is done (-done +said):\n%s", diff)
			}
		})
	}
}

// TestTheReportOfABrokenOffImport counts as taken only what was taken.
func TestTheReportOfABrokenOffImport(t *testing.T) {
	book := table("一", numbered(1, rowA, rowB, rowC)...)
	whole := newTestLedger(t)
	whole.imports(t, "甲校", book)
	for n := 1; n < len(whole.records(t))-1; n++ {
		o := newTestLedger(t)
		report, err := o.importer(t, &failingLog{o.log, n, false}).Import(t.Context(), book, intake.Options{Source: "甲校"})
		if !errors.Is(err, errFull) {
			t.Fatalf("broken off at append %d with %v", n, err)
		}
		taken := len(facts[intake.RowTaken](t, o))
		if report.Added != taken || report.Count(intake.Recorded) != taken || report.Count(intake.Pending) != 3-taken {
			t.Errorf("broken off at append %d after %d rows: %v, added %d", n, taken, outcomes(report), report.Added)
		}
	}
	o := newTestLedger(t)
	ctx, cancel := context.WithCancel(t.Context())
	im := o.importer(t, o.log)
	im.Progress = func(done, _ int) {
		if done == 2 {
			cancel()
		}
	}
	report, err := im.Import(ctx, book, intake.Options{Source: "甲校"})
	if !errors.Is(err, context.Canceled) || report.Count(intake.Recorded) != 2 || report.Count(intake.Pending) != 1 {
		t.Errorf("interrupted: %v, %v", outcomes(report), err)
	}
}

func TestTheReportOfARefusedFile(t *testing.T) {
	o := newTestLedger(t)
	o.imports(t, "甲校", table("一", numbered(1, rowA, rowB)...))
	for dry, lines := range map[bool]int{true: 2, false: 0} {
		report, err := o.importer(t, o.log).Import(t.Context(), table("二", numbered(2, rowA, rowD)...), intake.Options{Source: "甲校", DryRun: dry})
		if !dry {
			commandtest.Refused(t, err, intake.ErrUndecided)
		}
		if len(report.Lines) != lines || len(report.Comparison.Undecided) != 1 || report.Comparison.Unanswered() == nil {
			t.Errorf("dry %v: the report has %d lines, want %d, and asks %+v", dry, len(report.Lines), lines, report.Comparison)
		}
	}
}

// TestAHeldRowPutRight: the file that corrects a held row is let in.
func TestAHeldRowPutRight(t *testing.T) {
	o := newTestLedger(t)
	held := "2018-04-31|甲共同体|示范课|送课|课|语文|甲|乙||2|节"
	o.imports(t, "甲校", table("一", numbered(1, rowA, held)...))
	if report := o.imports(t, "甲校", table("二", numbered(1, rowA, rowB)...)); report.Added != 1 {
		t.Errorf("the corrected file became %v", outcomes(report))
	}
	if voided := facts[intake.RowVoided](t, o); len(voided) != 1 {
		t.Errorf("%d held rows are settled, want 1", len(voided))
	}
}

func TestVoidAHeldRow(t *testing.T) {
	o := newTestLedger(t)
	book := table("一", "1|"+rowA, "2|2018-04-31|甲共同体|示范课||课|语文|甲|乙||2|节")
	lines := o.imports(t, "甲校", book).Lines
	recorded, held := lines[0].Plan.Key, lines[1].Plan.Key
	h := o.importer(t, o.log).Handler
	n := 100
	void := func(key, body string) error {
		n++
		req, err := command.ParseRequest([]byte(`{"id":"`+commandtest.ID(n)+`","command":"row.void","stream":"`+key+`","data":`+body+`}`), h.Definitions)
		if err == nil {
			_, err = h.Handle(t.Context(), req)
		}
		return err
	}
	history, err := h.Load(t.Context(), held)
	if err != nil {
		t.Fatal(err)
	}
	commandtest.Refused(t, void(recorded, `{"reason":"写错"}`), intake.ErrRowNotHeld)
	commandtest.Refused(t, void("row-"+commandtest.ID(9), `{"reason":"写错"}`), command.ErrNoStream)
	commandtest.Refused(t, void(held, `{"reason":" \n"}`), record.ErrNoReason)
	commandtest.Refused(t, void(held, `{}`), record.ErrNoReason)
	commandtest.Refused(t, void(held, `{"target":"`+commandtest.ID(7)+`","reason":"写错"}`), intake.ErrRowTarget)
	if err := void(held, `{"reason":"司马老师已另报"}`); err != nil {
		t.Fatal(err)
	}
	commandtest.Refused(t, void(held, `{"target":"`+history[0].ID+`","reason":"写错"}`), intake.ErrRowVoided)
	got := facts[intake.RowVoided](t, o)
	if len(got) != 1 || got[0].Target != history[0].ID {
		t.Fatalf("voided %+v", got)
	}
	reason, err := o.vault.Open(t.Context(), *got[0].Reason.Sealed, seal.Place(held, "reason"))
	if err != nil || reason != "司马老师已另报" || o.inClear(t, "司马") != nil {
		t.Errorf("the reason is %q, %v", reason, err)
	}
	if again := o.imports(t, "甲校", book); again.Count(intake.Already) != 2 || len(facts[intake.RowTaken](t, o)) != 2 {
		t.Errorf("the identical file again became %v", outcomes(again))
	}
}
