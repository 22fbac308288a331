package reading_test

import (
	"testing"

	"twinledger/domain/intake/reading"
	"twinledger/domain/intake/reading/readingtest"
	"twinledger/domain/record"
)

// TestASumInAMergedCellIsCountedOnce: the first row has the number, and the others add none to it,
// not even the one at least that a dated record without a number is.
func TestASumInAMergedCellIsCountedOnce(t *testing.T) {
	sheet := readingtest.Sheet(0, "", "日期|类别|数量|单位", "2018-03-05|送课|3|节", "2018-03-06|送课||节", "2018-03-07|送课||节")
	sheet.Rows[2].Cells[2].Merged, sheet.Rows[3].Cells[2].Merged = true, true
	for answer, want := range map[string][]record.Quantity{
		"sum":  {{Text: "3", Number: "3", Bound: record.Exact}, {Text: "3（各行合计，记在第 2 行）", Number: "0", Bound: record.Exact}, {Text: "3（各行合计，记在第 2 行）", Number: "0", Bound: record.Exact}},
		"each": {{Text: "3", Number: "3", Bound: record.Exact}, {Text: "3", Number: "3", Bound: record.Exact}, {Text: "3", Number: "3", Bound: record.Exact}},
		"":     {{Text: "3", Number: "3", Bound: record.Exact}, {}, {}},
	} {
		file, err := reading.Read(workbook(sheet), reading.Settings{Answers: reading.Answers{Choices: map[string]string{"merged/数量": answer}}})
		if err != nil || len(file.Rows) != 3 {
			t.Fatalf("read %+v, %v", file.Rows, err)
		}
		for i, row := range file.Rows {
			got := row.Statements[0].Facts.(interface{ Common() record.Facts }).Common().Quantity
			if got.Measure.Code != "lesson" {
				t.Errorf("answered %q, row %d counts %+v", answer, i, got)
			}
			if got.Measure = (record.Measure{}); got != want[i] {
				t.Errorf("answered %q, row %d says %+v, want %+v", answer, i, got, want[i])
			}
			if open := len(row.Problems) > 0; open != (answer == "" && i > 0) {
				t.Errorf("answered %q, row %d has %v", answer, i, codes(row.Problems))
			}
		}
	}
}
