package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"twinledger/adapters/httpapi"
	"twinledger/adapters/sheet"
	"twinledger/domain/intake"
	"twinledger/domain/intake/reading"
)

// TestPrintOfABrokenOffImport says of no row that it was recorded when it was
// not, and how to go on.
func TestPrintOfABrokenOffImport(t *testing.T) {
	t.Parallel()
	line := func(row int, outcome intake.Outcome, record string) intake.Line {
		plan := intake.RowPlan{Table: &reading.Table{}, Row: reading.Row{TableRow: reading.TableRow{Number: row}, Occurred: "day:2018-04-18"},
			Outcome: intake.Recorded, Statements: []reading.Statement{{Kind: "lesson"}}}
		return intake.Line{Plan: plan, Outcome: outcome, Record: record}
	}
	report := intake.Report{Added: 1, Tables: []reading.Table{{Form: reading.Activity, Columns: []reading.Column{{Heading: "其他"}}}},
		Lines: []intake.Line{line(2, intake.Recorded, "lesson-1"), line(3, intake.Pending, ""), line(4, intake.Pending, "")}}
	for quiet, want := range map[bool][]string{
		false: {"第 2 行 row 2：已入账 recorded → lesson-1", "第 3 行 row 3：未写入 not written\n", "已入账 recorded 1，", "新增 added 1", "1 of 3 rows taken; import again to continue"},
		true:  {"新增 added 1", "1 of 3 rows taken"},
	} {
		var out bytes.Buffer
		(&importCommand{Quiet: quiet}).print(&out, httpapi.ReportOf(httpapi.ImportOrder{File: "甲.csv"}, report, nil))
		for _, text := range want {
			if !strings.Contains(out.String(), text) {
				t.Errorf("quiet %v: %q is missing:\n%s", quiet, text, out.String())
			}
		}
		if strings.Contains(out.String(), "sheet") || quiet && strings.Contains(out.String(), "row 3") {
			t.Errorf("quiet %v:\n%s", quiet, out.String())
		}
	}
}

// TestAFileOfTooManyRowsIsRefused says how many rows one import takes and what to do, and writes
// nothing. The file next to it is imported.
func TestAFileOfTooManyRowsIsRefused(t *testing.T) {
	t.Parallel()
	folder := filepath.Join(t.TempDir(), "county")
	large := filepath.Join(t.TempDir(), "large.csv")
	mustRun(t, nil, "-d", folder, "init", "--district", "样例县")
	if err := os.WriteFile(large, []byte("日期,类别,内容\n"+strings.Repeat("2018-04-18,示范课,课\n", sheet.MaxRows)), 0o600); err != nil {
		t.Fatal(err)
	}
	cmd := twinledgerProcess(t, "-d", folder, "import", large, "sample/records/hanting-2013.csv")
	out, err := cmd.CombinedOutput()
	for _, want := range []string{"一次导入至多 20000 行", "按学期、学校或登记册", "backup", "large.csv", "行 line 20001", "合计 total 4 行"} {
		if !strings.Contains(string(out), want) {
			t.Errorf("%q is not said (%v):\n%s", want, err, out)
		}
	}
	if code := cmd.ProcessState.ExitCode(); code == exitDone {
		t.Errorf("it ended with %d", code)
	}
	if journal := mustRun(t, nil, "-d", folder, "journal"); strings.Count(journal, "import.started") != 1 {
		t.Errorf("the journal has not one import:\n%s", journal)
	}
}
