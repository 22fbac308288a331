package reading_test

import (
	"testing"

	"twinledger/domain/intake/reading"
	"twinledger/domain/intake/reading/readingtest"
)

// TestHeadingMergedDownIntoTheLowerLine: a heading that stands in the upper line only is read with
// those of the lower line, and rows keep the identity that the lower line alone gave them.
func TestHeadingMergedDownIntoTheLowerLine(t *testing.T) {
	tables, problems := reading.Tables(workbook(readingtest.Sheet(0, "", "听课记录表", "日期|授课教师||听课情况||", "|姓名|学校|听课人|节次|评语", "2018-03-05|王老师|明德小学|李老师|第2节|好")))
	if len(problems) > 0 || len(tables) != 1 || len(tables[0].Rows) != 1 {
		t.Fatalf("%d tables, %v", len(tables), problems)
	}
	want := [][2]string{{"日期", "A列"}, {"授课教师/姓名", "姓名"}, {"授课教师/学校", "学校"}, {"听课情况/听课人", "听课人"}, {"听课情况/节次", "节次"}, {"听课情况/评语", "评语"}}
	for i, c := range tables[0].Columns {
		if c.Heading != want[i][0] || c.Identity() != want[i][1] {
			t.Errorf("column %d is %q, in the identity %q; want %v", i, c.Heading, c.Identity(), want[i])
		}
	}
	if tables[0].Columns[0].Name != reading.ColumnDate {
		t.Errorf("the date is read as %q", tables[0].Columns[0].Name)
	}
}
