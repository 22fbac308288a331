package intake_test

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"twinledger/domain/event"
	"twinledger/domain/intake"
	"twinledger/domain/intake/reading"
	"twinledger/domain/lesson"
	"twinledger/domain/record"
	"twinledger/domain/seal"
)

// TestARowTooLargeIsHeld: one row beyond the limits bars neither its file nor
// the file's next import.
func TestARowTooLargeIsHeld(t *testing.T) {
	row := func(community, content, subject, to, people, remark string) string {
		return "1|2018-04-18|" + community + "|示范课||" + content + "|" + subject + "|甲|" + to + "|" + people + "|1|节||" + remark
	}
	many := func(n int) string {
		var names []string
		for i := range n {
			names = append(names, fmt.Sprintf("第%d小", i))
		}
		return strings.Join(names, ";")
	}
	tests := []struct{ name, row, column string }{
		{"a remark", row("甲共同体", "课", "语文", "乙", "李老师", strings.Repeat("备", 400_000)), ""},
		{"a content", row("甲共同体", strings.Repeat("课", 330_000), "语文", "乙", "李老师", ""), ""},
		{"a content just beyond", row("甲共同体", strings.Repeat("课", 33_300), "语文", "乙", "李老师", ""), ""},
		{"what takes more room when stored", row("甲共同体", strings.Repeat("\x01", 90_000), "语文", "乙", "李老师", ""), ""},
		{"people", row("甲共同体", "课", "语文", "乙", many(201), ""), reading.ColumnPeople},
		{"schools", row("甲共同体", "课", "语文", many(201), "李老师", ""), reading.ColumnTo},
		{"subjects", row("甲共同体", "课", many(20_000), "乙", "李老师", ""), reading.ColumnSubject},
		{"a name", row("甲共同体", "课", "语文", "乙", strings.Repeat("李", 300), ""), reading.ColumnPeople},
		{"a community", row(strings.Repeat("共", 300), "课", "语文", "乙", "", ""), reading.ColumnCommunity},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			o := newTestLedger(t)
			book := table("一", tt.row, "2|"+rowA)
			said, err := o.importer(t, o.log).Import(t.Context(), book, intake.Options{Source: "甲校", DryRun: true})
			if err != nil {
				t.Fatal(err)
			}
			done := o.imports(t, "甲校", book)
			want := []string{"held day:2018-04-18 !intake.row-too-large@" + tt.column, "recorded lesson.report day:2018-04-18"}
			for _, report := range []intake.Report{said, done} {
				if diff := cmp.Diff(want, outcomes(report)); diff != "" {
					t.Errorf("rows became (-want +got):\n%s", diff)
				}
			}
			again := o.imports(t, "甲校", book)
			if again.Added != 0 || again.Count(intake.Already) != 2 {
				t.Errorf("again adds %d rows", again.Added)
			}
			checkCut(t, o, again) // the cells of a row that was taken just now are forgotten
		})
	}
}

// checkCut opens the sealed copy of a report's first row.
func checkCut(t *testing.T, o *testLedger, done intake.Report) {
	t.Helper()
	var kept map[string]string
	text, err := o.vault.Open(t.Context(), *facts[intake.RowTaken](t, o)[0].Cells.Sealed, seal.Place(done.Lines[0].Plan.Key, intake.CellsField))
	if err == nil {
		err = json.Unmarshal([]byte(text), &kept)
	}
	if err != nil || kept[reading.ColumnCategory] != "示范课" || len(text) > 40_000 {
		t.Fatalf("%d bytes are kept: %v", len(text), err)
	}
	whole := map[string]string{}
	for column, text := range done.Lines[0].Plan.Table.Written(done.Lines[0].Plan.Row.TableRow) {
		whole[column] = text
		if n := len([]rune(kept[column])); n > 501 {
			t.Errorf("%d characters of %s are kept", n, column)
		}
	}
	cells, err := event.Marshal(whole)
	if hash := sha256.Sum256(cells); err != nil || kept["全文 SHA-256"] != hex.EncodeToString(hash[:]) {
		t.Errorf("the hash %q is not that of the whole cells, %v", kept["全文 SHA-256"], err)
	}
}

// crowd is a ledger in which very many people bear one name.
type crowd struct{ seal.Names }

func (c crowd) In(text string) []string {
	keys := c.Names.In(text)
	for i := range 25_000 {
		if strings.Contains(text, "李老师") {
			keys = append(keys, fmt.Sprintf("person-%08d-0000-8000-8000-000000000000", i))
		}
	}
	return keys
}

// TestARowThatNamesACrowdIsHeld: what must be sealed under too many keys does
// not bar its file either.
func TestARowThatNamesACrowdIsHeld(t *testing.T) {
	o := newTestLedger(t)
	im := o.importer(t, o.log)
	im.Handler.Names = crowd{im.Handler.Names}
	report, err := im.Import(t.Context(), table("一", "1|2018-04-18|甲共同体|示范课||李老师的课|语文|甲|乙||1|节", "2|"+rowA), intake.Options{Source: "甲校"})
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"held lesson.report day:2018-04-18 !intake.row-too-large@", "recorded lesson.report day:2018-04-18"}
	if diff := cmp.Diff(want, outcomes(report)); diff != "" {
		t.Errorf("rows became (-want +got):\n%s", diff)
	}
	if keys := facts[intake.RowTaken](t, o)[0].Cells.Sealed.Keys; len(keys) != 1 {
		t.Errorf("the sealed copy stands under %d keys", len(keys))
	}
}

func TestARowWithinTheLimitsIsRecorded(t *testing.T) {
	o := newTestLedger(t)
	report := o.imports(t, "甲校", table("一", "1|2018-04-18|甲共同体|物资捐赠||"+strings.Repeat("李老师", 10_500)+"||甲|乙|李老师|1|台"))
	if diff := cmp.Diff([]string{"recorded donation.report day:2018-04-18"}, outcomes(report)); diff != "" {
		t.Errorf("the row became (-want +got):\n%s", diff)
	}
}

// TestMergedCells: a cell that is merged over several rows says the same for each of them.
func TestMergedCells(t *testing.T) {
	o := newTestLedger(t)
	book := table("一", "1|"+rowA, "||甲共同体|示范课|送课|课|语文|甲|乙||2|节", "3|"+rowC)
	book.Sheets[0].Rows[2].Cells[0].Merged = true
	book.Sheets[0].Rows[2].Cells[1].Merged = true
	want := []string{"recorded lesson.report day:2018-04-18", "recorded lesson.report day:2018-04-18", "recorded lesson.report day:2018-04-20"}
	if diff := cmp.Diff(want, outcomes(o.imports(t, "甲校", book))); diff != "" {
		t.Errorf("rows became (-want +got):\n%s", diff)
	}
	if got := facts[record.Reported[lesson.Facts]](t, o); len(got) != 3 || got[1].Facts.Quantity.Number != "2" {
		t.Errorf("lessons %+v", got)
	}
}
