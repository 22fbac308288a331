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

// TestLabelsAmongRows: a row of labels speaks of the rows below it, is no record, and may as well stand
// in the frame below the last one; who filled in the table is not told.
func TestLabelsAmongRows(t *testing.T) {
	tables, problems := reading.Tables(workbook(readingtest.Sheet(0, "", "序号|日期|类别|内容|接收单位", "1|2018-03-05|送课|荷花|石桥小学",
		"填报单位：张湾小学|||填表人：周平", "2|2018-03-06|送课|燕子|石桥小学", "填报单位：张湾小学|||审核人：刘志强", "本表一式两份")))
	if len(problems) > 0 || len(tables) != 1 || len(tables[0].Rows) != 2 {
		t.Fatalf("%d tables, %v", len(tables), problems)
	}
	if first, second := tables[0].Rows[0].Section, tables[0].Rows[1].Section; first != nil || second == nil || second.School() != "张湾小学" {
		t.Errorf("the first row is of %+v, the second of %+v", first, second)
	}
	told := ""
	for _, frame := range tables[0].Frames {
		told += frame.What + " " + frame.Text + "; "
	}
	if told != "labels 填报单位:张湾小学; labels 填报单位:张湾小学; note 本表一式两份; " {
		t.Errorf("told: %s", told)
	}
}

// TestMonthAboveDays: a month alone in a row gives it to days below, and says nothing of whole dates.
func TestMonthAboveDays(t *testing.T) {
	file, err := reading.Read(workbook(readingtest.Sheet(0, "", "2018年送课", "日期|类别|内容", "3月||", "5日|送课|荷花", "2018-04-06|送课|燕子", "四月份||", "7|送课|松鼠")), reading.Settings{})
	if err != nil || len(file.Rows) != 3 {
		t.Fatalf("%d rows, %v", len(file.Rows), err)
	}
	for i, want := range []string{"day:2018-03-05", "day:2018-04-06", "day:2018-04-07"} {
		if got := string(file.Rows[i].Occurred); got != want || (len(file.Rows[i].Set) > 0) != (i != 1) {
			t.Errorf("row %d took place on %s, with %v from outside; want %s", i, got, file.Rows[i].Set, want)
		}
	}
}
