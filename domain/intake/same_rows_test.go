package intake_test

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"testing"

	"github.com/google/go-cmp/cmp"

	"twinledger/domain/command"
	"twinledger/domain/command/commandtest"
	"twinledger/domain/event"
	"twinledger/domain/fault"
	"twinledger/domain/intake"
	"twinledger/domain/intake/reading"
	"twinledger/domain/intake/reading/readingtest"
	"twinledger/domain/lesson"
	"twinledger/domain/record"
)

// numbered returns the rows with 序号 from first on.
func numbered(first int, rows ...string) []string {
	for i := range rows {
		rows[i] = fmt.Sprintf("%d|%s", first+i, rows[i])
	}
	return rows
}

func TestTheSameRowsAgain(t *testing.T) {
	tests := []struct {
		name      string
		source    string
		rows      []string
		added     int
		corrected int
		written   bool
		firstRows []int // where the first place of a row that is already recorded lies; 0 of a new one
		err       error
	}{
		{"the same file", "甲校", numbered(1, rowA, rowB), 0, 0, false, []int{2, 3}, nil},
		{"renumbered", "甲校", numbered(7, rowA, rowB), 0, 0, false, []int{2, 3}, nil},
		{"in another order", "甲校", numbered(1, rowB, rowA), 0, 0, false, []int{3, 2}, nil},
		{"with a row more", "甲校", numbered(1, rowA, rowC, rowB), 1, 0, true, []int{2, 0, 3}, nil},
		{"with a row twice", "甲校", numbered(1, rowA, rowB, rowB), 1, 0, true, []int{2, 3, 0}, nil},
		{"by another source", "乙校", numbered(1, rowB), 0, 0, false, []int{3}, nil},
		{"by another source, with a row of its own", "乙校", numbered(1, rowC, rowB), 1, 0, true, []int{0, 3}, nil},
		{"all renumbered, with a row changed a little", "甲校", numbered(2, rowA, rowC), 0, 1, true, []int{2, 0}, nil},
		{"all renumbered, with another row in the place of one", "甲校", numbered(2, rowA, rowD), 0, 0, false, nil, intake.ErrUndecided},
		{"with no row left", "甲校", numbered(1, rowC), 0, 0, false, nil, intake.ErrUndecided},
		{"without a source", "", numbered(1, rowA), 0, 0, false, nil, intake.ErrNoSource},
		{"without rows", "甲校", nil, 0, 0, false, nil, intake.ErrNoRows},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			o := newTestLedger(t)
			first := o.imports(t, "甲校", table("一", numbered(1, rowA, rowB)...))
			before := o.records(t)
			report, err := o.importer(t, o.log).Import(t.Context(), table("二", tt.rows...), intake.Options{Source: tt.source})
			commandtest.Refused(t, err, tt.err)
			if wrote := len(o.records(t)) > len(before); wrote != tt.written {
				t.Errorf("wrote: %v, want %v", wrote, tt.written)
			}
			if tt.err != nil {
				return
			}
			news := tt.added + tt.corrected
			if report.Added != tt.added || report.Corrected != tt.corrected || report.Count(intake.Already) != len(tt.rows)-news {
				t.Errorf("%d rows added, %d corrected and %d already recorded, want %d and %d of %d", report.Added, report.Corrected, report.Count(intake.Already), tt.added, tt.corrected, len(tt.rows))
			}
			if done := facts[intake.Completed](t, o); tt.written && done[1] != (intake.Completed{Recorded: news, Already: len(tt.rows) - news}) {
				t.Errorf("completed with %+v", done[1])
			}
			for i, row := range tt.firstRows {
				switch at := report.Lines[i].First; {
				case row == 0 && at != nil:
					t.Errorf("line %d was first read at %+v, want new", i+1, at)
				case row > 0 && (at == nil || at.Row != row || at.Import != first.Import):
					t.Errorf("line %d was first read at %+v, want row %d of %s", i+1, at, row, first.Import)
				}
			}
		})
	}
}

func TestEqualRowsAreTwoRecords(t *testing.T) {
	o := newTestLedger(t)
	report := o.imports(t, "甲校", table("一", numbered(1, rowA, rowA)...))
	if a, b := report.Lines[0], report.Lines[1]; a.Record == b.Record || a.Plan.Key == b.Plan.Key {
		t.Errorf("both rows became %s", a.Record)
	}
	if got := len(facts[record.Reported[lesson.Facts]](t, o)); got != 2 {
		t.Errorf("%d lessons, want 2", got)
	}
}

func TestDryRunWritesNothing(t *testing.T) {
	o := newTestLedger(t)
	before := len(o.records(t))
	report, err := o.importer(t, o.log).Import(t.Context(), file("qingjian"), intake.Options{Source: "清涧二小", DryRun: true})
	if err != nil || len(o.records(t)) != before {
		t.Fatalf("wrote %d records, %v", len(o.records(t))-before, err)
	}
	if o.vault.Sealed(report.Source) != 0 {
		t.Error("something was sealed, which makes keys")
	}
	wet := o.imports(t, "清涧二小", file("qingjian"))
	if diff := cmp.Diff(outcomes(wet), outcomes(report)); diff != "" {
		t.Errorf("said otherwise than it is done (-done +said):\n%s", diff)
	}
}

func TestProgressCountsRows(t *testing.T) {
	o := newTestLedger(t)
	im := o.importer(t, o.log)
	var got []string
	im.Progress = func(done, total int) { got = append(got, fmt.Sprint(done, "/", total)) }
	if _, err := im.Import(t.Context(), table("一", numbered(1, rowA, rowB)...), intake.Options{Source: "甲校"}); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"1/2", "2/2"}, got); diff != "" {
		t.Errorf("progress (-want +got):\n%s", diff)
	}
}

// A failingLog takes so many appends and then none; the last one is stored or
// not, either way its caller learns of a failure.
type failingLog struct {
	command.Log
	left  int
	store bool
}

var errFull = fault.New(fault.Unavailable, "test.disk-full", "磁盘已满", "the disk is full")

func (l *failingLog) Append(ctx context.Context, stream string, expected int64, records ...event.Record) (event.Appended, error) {
	l.left--
	switch {
	case l.left > 0 || l.left == 0 && l.store:
		stored, err := l.Log.Append(ctx, stream, expected, records...)
		if l.left > 0 || err != nil {
			return stored, err
		}
	}
	return event.Appended{}, errFull
}

// content returns what the ledger holds, without when it was recorded and the
// ciphertexts, which differ from one import to another.
func (o *testLedger) content(t *testing.T) []string {
	t.Helper()
	var out []string
	for _, r := range o.records(t) {
		out = append(out, volatile.ReplaceAllString(string(r.Bytes), "$1:…"))
	}
	return out
}

var volatile = regexp.MustCompile(`("recorded"|"box"):"[^"]*"`)

// TestABrokenOffImportIsContinued breaks an import off at every append, before
// and after it is stored, starts the program anew and imports the file again.
func TestABrokenOffImportIsContinued(t *testing.T) {
	files := map[string]reading.Workbook{"every outcome": table("一",
		"1|2018-04-18|甲共同体|示范课||李老师的课|语文|甲|乙|李老师|1|节",
		"2|2018-04-18|甲共同体|示范课||课|语文(李老师)|甲|乙|李老师|1|节",
		"3|2018年2月30日|乙共同体|会议||会||甲|乙",
		"4|2018-04-19|甲共同体|会议||李老师主持||甲|乙||1|次||李老师、王老师到会",
		"5|2018-04-19|甲共同体|会议||李老师主持||甲|乙||1|次||李老师、王老师到会",
		"6|2018-04-20|甲共同体|示范课||王老师的课|语文|甲|乙|王老师|1|节")}
	for name := range recordFiles {
		files[name] = file(name)
	}
	for name, book := range files {
		t.Run(name, func(t *testing.T) {
			whole := newTestLedger(t)
			whole.imports(t, name, book)
			want := whole.content(t)
			for n := 1; n < len(want); n++ {
				for _, store := range []bool{false, true} {
					o := newTestLedger(t)
					_, err := o.importer(t, &failingLog{o.log, n, store}).Import(t.Context(), book, intake.Options{Source: name})
					if !errors.Is(err, errFull) {
						t.Fatalf("broken off at append %d with %v", n, err)
					}
					o.clock.Move(1)
					o.imports(t, name, book)
					if diff := cmp.Diff(want, o.content(t)); diff != "" {
						t.Fatalf("broken off at append %d, stored %v (-whole +continued):\n%s", n, store, diff)
					}
				}
			}
		})
	}
}

// TestRowIdentity freezes version 1: the cells as they were written, by heading, as they enter
// the identity, and the key that follows from them under the test's fixed secret. Another result
// would import every row of every former file again.
func TestRowIdentity(t *testing.T) {
	tests := []struct {
		name  string
		book  reading.Workbook
		line  int
		cells string
		k     string
		key   string
	}{
		{"a CSV row", file("qingjian"), 4, `[["共同体","清涧县第二小学共同体"],["内容","送课活动"],["单位","节"],["学科","语文;英语;数学;科技;音乐;国学"],["形式","送课"],["接收单位","成员学校"],["数量","10"],["日期","2017-2018学年第二学期"],["派出单位","清涧县第二小学"],["类别","示范课"]]`, "1", "row-e5274e58-db0d-8ae4-a022-11f3d99c7bfd"},
		{"a row of typed cells", file("jiahe"), 0, `[["佐证材料","照片"],["共同体","夹河—东楼共同体"],["内容","校长带队,行政和骨干教师学习交流"],["备注","上午"],["形式","线下"],["接收单位","东楼小学"],["日期","2018-04-18"],["派出单位","夹河小学"],["类别","互访"]]`, "1", "row-49e90fb2-4ee6-80ed-87cb-5b8233c5c557"},
		{"a row of a roster", file("jiahe"), 4, `[["城乡","乡村"],["学校","夹河小学"],["学段","小学"],["身份","成员校"]]`, "1", "row-db91a221-cb09-8916-a20f-9eb24d0ed4c5"},
		{"the second of two equal rows", table("一", numbered(1, rowA, rowA)...), 1, `[["共同体","甲共同体"],["内容","课"],["单位","节"],["学科","语文"],["形式","送课"],["接收单位","乙"],["数量","1"],["日期","2018-04-18"],["派出单位","甲"],["类别","示范课"]]`, "2", "row-c1bed76b-5251-86f1-896a-b18e3e193d54"},
		{"numbers and dates in any writing", table("一", "1|2018.4.18|甲共同体|示范课||课||甲;乙|丙||01.50|节"), 0, `[["共同体","甲共同体"],["内容","课"],["单位","节"],["接收单位","丙"],["数量","1.5"],["日期","2018-04-18"],["派出单位","甲;乙"],["类别","示范课"]]`, "1", "row-06fc68d8-6fc1-8e09-89d0-73bd639a3e55"},
		{"a number in words with white space in it", table("一", "1|2018-04-18|甲共同体|示范课||课 一||甲|丙||约 30|节"), 0, `[["共同体","甲共同体"],["内容","课一"],["单位","节"],["接收单位","丙"],["数量","约30"],["日期","2018-04-18"],["派出单位","甲"],["类别","示范课"]]`, "1", "row-57e11082-bf2a-82b0-a049-428e0d9da063"},
		{"what cannot be read stands as it is", table("一", "1|2018年2月30日|甲共同体|示范课||<课>&||甲|丙||约30|节"), 0, `[["共同体","甲共同体"],["内容","<课>&"],["单位","节"],["接收单位","丙"],["数量","约30"],["日期","2018-02-30"],["派出单位","甲"],["类别","示范课"]]`, "1", "row-2b341261-ed27-8de2-9362-bfefcdd0735f"},
		{"columns of its own, by name", read("一", readingtest.Sheet(0, "", "类别|乙栏|内容|日期|甲栏", "会议|二|例会|2015|一")), 0, `[["乙栏","二"],["内容","例会"],["日期","2015"],["甲栏","一"],["类别","会议"]]`, "1", "row-10348b3d-838a-8bf6-a1f4-881f384752d2"},
	}
	o := newTestLedger(t)
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			report, err := o.importer(t, o.log).Import(t.Context(), tt.book, intake.Options{Source: "甲校", DryRun: true})
			if err != nil {
				t.Fatal(err)
			}
			got := report.Lines[tt.line].Plan.Key
			if want := "row-" + event.UUIDv8(o.vault.MAC("row v1", district, tt.cells, tt.k)).String(); got != want {
				t.Errorf("the key is not that of the cells %s", tt.cells)
			}
			if got != tt.key {
				t.Errorf("the key is %s, want %s", got, tt.key)
			}
		})
	}
}
