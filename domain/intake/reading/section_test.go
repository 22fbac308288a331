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

// TestRowWithOneText: a text alone heads the rows below it, or is a row that waits to be filled in, or
// a record with one thing in it, by what it says and the column it stands in.
func TestRowWithOneText(t *testing.T) {
	cases := []struct{ name, headings, row, what, school, title string }{
		{"a numbered title", "序号|日期|类别|内容", "一、送课情况|||", "section", "", "一、送课情况"},
		{"a number that was printed in advance", "序号|日期|类别|内容", "一、|||", "empty", "", ""},
		{"a school under 序号", "序号|日期|类别|内容", "张湾小学|||", "section", "张湾小学", ""},
		{"a text under 序号 that nobody knows", "序号|日期|类别|内容", "东片|||", "section", "", ""},
		{"a school under 日期", "日期|类别|内容", "张湾小学||", "section", "张湾小学", ""},
		{"a school under 月份", "月份|类别|内容", "张湾小学||", "section", "张湾小学", ""},
		{"a school under 开始日期", "开始日期|结束日期|类别|内容", "张湾小学|||", "section", "张湾小学", ""},
		{"a school in the column of schools", "日期|类别|内容|派出单位", "|||张湾小学", "", "", ""},
		{"a date", "日期|类别|内容", "4月5日||", "", "", ""},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			tables, problems := reading.Tables(workbook(readingtest.Sheet(0, "", c.headings, c.row, "2018-03-05|2018-03-05|送课|数学")))
			if len(problems) > 0 || len(tables) != 1 {
				t.Fatalf("%d tables, %v", len(tables), problems)
			}
			what := ""
			for _, frame := range tables[0].Frames {
				what = frame.What
			}
			below := reading.Section{}
			if found := tables[0].Rows[len(tables[0].Rows)-1].Section; found != nil {
				below = *found
			}
			if what != c.what || below.School() != c.school || below.Title != c.title {
				t.Errorf("the row is %q and the one below belongs to %+v; want %q, %q, %q", what, below, c.what, c.school, c.title)
			}
		})
	}
}
