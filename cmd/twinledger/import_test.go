package main

import (
	"bytes"
	"strings"
	"testing"

	"twinledger/adapters/httpapi"
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
