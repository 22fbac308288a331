package reading_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"twinledger/domain/fault"
	"twinledger/domain/intake/reading"
	"twinledger/domain/intake/reading/readingtest"
)

// said is a table as a test states it: cells as column=text.
type said struct {
	Form      reading.Form
	Sheet     string
	Title     string
	Heading   int
	Rows      map[int]string
	Totals    map[int]string
	Extra     []string
	Frames    map[int]string
	FirstLine int
}

// byColumn returns the cells of a row by the column that is meant, or by heading.
func byColumn(t reading.Table, row reading.TableRow) map[string]reading.Cell {
	out := map[string]reading.Cell{}
	for _, cell := range row.Cells {
		column := t.Columns[cell.Column]
		if column.Name != "" {
			out[column.Name] = cell.Cell
		} else {
			out[column.Heading] = cell.Cell
		}
	}
	return out
}

func say(t reading.Table) said {
	rows := func(rows []reading.TableRow) map[int]string {
		var out map[int]string
		for _, row := range rows {
			if out == nil {
				out = map[int]string{}
			}
			var cells []string
			by := byColumn(t, row)
			for _, name := range append(append(reading.Columns(reading.Activity), reading.Columns(reading.Roster)[2:6]...), t.Extra()...) {
				if cell, ok := by[name]; ok {
					cells = append(cells, name+"="+cell.Text)
				}
			}
			if len(cells) != len(row.Cells) {
				cells = append(cells, "and cells of unlisted columns")
			}
			out[row.Number] = strings.Join(cells, " ")
		}
		return out
	}
	s := said{Form: t.Form, Sheet: t.SheetName, Title: t.Title, Heading: t.Heading, Rows: rows(t.Rows), Totals: rows(t.Totals), Extra: t.Extra()}
	for _, frame := range t.Frames {
		if s.Frames == nil {
			s.Frames = map[int]string{}
		}
		s.Frames[frame.Number] = frame.What
	}
	if len(t.Rows) > 0 {
		s.FirstLine = t.Rows[0].Line
	}
	return s
}

func TestTables(t *testing.T) {
	tests := []struct {
		name   string
		sheets []reading.Sheet
		want   []said
	}{
		{"the fourteen columns", []reading.Sheet{readingtest.Sheet(0, "", readingtest.Heading, "1|2015|甲共同体|结对||结成||甲|乙；丙||5|所||")}, []said{{
			Form: reading.Activity, Heading: 1, FirstLine: 12,
			Rows: map[int]string{2: "序号=1 日期=2015 共同体=甲共同体 类别=结对 内容=结成 派出单位=甲 接收单位=乙；丙 数量=5 单位=所"},
		}}},
		{"three columns in another order", []reading.Sheet{readingtest.Sheet(0, "台账", "类别|内容|日期", "会议|例会|2015")}, []said{{
			Form: reading.Activity, Sheet: "台账", Heading: 1, FirstLine: 12, Rows: map[int]string{2: "日期=2015 类别=会议 内容=例会"},
		}}},
		{"a heading without rows", []reading.Sheet{readingtest.Sheet(0, "台账", "类别|内容|日期")}, []said{{Form: reading.Activity, Sheet: "台账", Heading: 1}}},
		{"white space in the headings", []reading.Sheet{readingtest.Sheet(0, "", "日 期|类　别|派出\n单位", "2015|会议|甲")}, []said{{
			Form: reading.Activity, Heading: 1, FirstLine: 12, Rows: map[int]string{2: "日期=2015 类别=会议 派出单位=甲"},
		}}},
		{"a title, a blank row and a group heading that repeats a column's name", []reading.Sheet{readingtest.Sheet(0, "活动台账",
			"夹河小学—东楼小学共同体 台账", "", "|||||||单位", readingtest.Heading, "1|2018|夹河|互访")}, []said{{
			Form: reading.Activity, Sheet: "活动台账", Title: "夹河小学—东楼小学共同体 台账", Heading: 4, FirstLine: 15,
			Rows: map[int]string{5: "序号=1 日期=2018 共同体=夹河 类别=互访"},
		}}},
		{"titles in several cells", []reading.Sheet{readingtest.Sheet(0, "", "台账||2018年春", "填表人：张老师", "日期|类别|内容")}, []said{{
			Form: reading.Activity, Title: "台账 2018年春 填表人：张老师", Heading: 3,
		}}},
		{"a lesser heading just above", []reading.Sheet{readingtest.Sheet(0, "", "日期|类别|备注", "日期|类别|内容|备注", "2015|会议|例会|无")}, []said{{
			Form: reading.Activity, Heading: 2, FirstLine: 13, Rows: map[int]string{3: "日期=2015 类别=会议 内容=例会 备注=无"},
		}}},
		{"a heading in two lines", []reading.Sheet{readingtest.Sheet(0, "", "日期|类别|单位||数量|单位", "||派出单位|接收单位", "2015|互访|甲|乙|1|次")}, []said{{
			Form: reading.Activity, Heading: 1, FirstLine: 13, Rows: map[int]string{3: "日期=2015 类别=互访 派出单位=甲 接收单位=乙 数量=1 单位=次"},
		}}},
		{"a heading in two lines under a group of its own name", []reading.Sheet{readingtest.Sheet(0, "", "日期|类别|内容|学校情况|", "|||派出单位|接收单位", "2015|互访|参观|甲|乙")}, []said{{
			Form: reading.Activity, Heading: 1, FirstLine: 13, Rows: map[int]string{3: "日期=2015 类别=互访 内容=参观 派出单位=甲 接收单位=乙"},
		}}},
		{"a first row of names that is a record", []reading.Sheet{readingtest.Sheet(0, "", "日期|类别|内容", "||备注")}, []said{{
			Form: reading.Activity, Heading: 1, FirstLine: 12, Rows: map[int]string{2: "内容=备注"},
		}}},
		{"columns that nobody knows", []reading.Sheet{readingtest.Sheet(0, "", "日期|年级|类别|内容|审核人", "2015|2|会议|例会|李老师", "2016||会议|例会")}, []said{{
			Form: reading.Activity, Heading: 1, FirstLine: 12, Extra: []string{"年级", "审核人"},
			Rows: map[int]string{2: "日期=2015 类别=会议 内容=例会 年级=2 审核人=李老师", 3: "日期=2016 类别=会议 内容=例会"},
		}}},
		{"cells without a heading", []reading.Sheet{readingtest.Sheet(0, "", "日期||类别|内容", "2015|x|会议|例会||y")}, []said{{
			Form: reading.Activity, Heading: 1, FirstLine: 12, Extra: []string{"B列", "F列"},
			Rows: map[int]string{2: "日期=2015 类别=会议 内容=例会 B列=x F列=y"},
		}}},
		{"signatures, notes, page lines and the day it was filled in", []reading.Sheet{readingtest.Sheet(0, "", "日期|类别|内容", "2015|会议|甲", "第1页共2页", "2016|会议|乙", "填表人:张三||审核人:李四", "注:1.本表一式两份", "2.报教育股", "2016年1月5日")}, []said{{
			Form: reading.Activity, Heading: 1, FirstLine: 12, Rows: map[int]string{2: "日期=2015 类别=会议 内容=甲", 4: "日期=2016 类别=会议 内容=乙"},
			Frames: map[int]string{3: "page", 5: "signature", 6: "note", 7: "note", 8: "date"},
		}}},
		{"totals", []reading.Sheet{readingtest.Sheet(0, "", "序号|日期|类别|数量", "1|2015|会议|3", "小 计|||3", "2|2016|会议|4", "|合计：||7")}, []said{{
			Form: reading.Activity, Heading: 1, FirstLine: 12,
			Rows:   map[int]string{2: "序号=1 日期=2015 类别=会议 数量=3", 4: "序号=2 日期=2016 类别=会议 数量=4"},
			Totals: map[int]string{3: "序号=小 计 数量=3", 5: "日期=合计： 数量=7"},
		}}},
		{"a total that stands under 序号 further right", []reading.Sheet{readingtest.Sheet(0, "", "备注|日期|类别|序号|数量", "见上|||总计|3")}, []said{{
			Form: reading.Activity, Heading: 1, Totals: map[int]string{2: "序号=总计 数量=3 备注=见上"},
		}}},
		{"heading and title printed again", []reading.Sheet{readingtest.Sheet(0, "", "台账", "日期|类别|内容", "2015|会议|甲", "台账", "日 期|类别|内容", "2016|会议|乙")}, []said{{
			Form: reading.Activity, Title: "台账", Heading: 2, FirstLine: 13, Frames: map[int]string{4: "repeated heading", 5: "repeated heading"},
			Rows: map[int]string{3: "日期=2015 类别=会议 内容=甲", 6: "日期=2016 类别=会议 内容=乙"},
		}}},
		{"another layout further down", []reading.Sheet{readingtest.Sheet(0, "", "日期|类别|内容", "2015|会议|甲", "类别|日期|备注", "会议|2016|乙")}, []said{
			{Form: reading.Activity, Heading: 1, FirstLine: 12, Rows: map[int]string{2: "日期=2015 类别=会议 内容=甲"}},
			{Form: reading.Activity, Heading: 3, FirstLine: 14, Rows: map[int]string{4: "日期=2016 类别=会议 备注=乙"}},
		}},
		{"a roster on the second sheet", []reading.Sheet{
			readingtest.Sheet(0, "活动", "日期|类别|内容", "2015|会议|甲"), readingtest.Sheet(1, "名册", "学校名册", "学校|学段|城乡|身份|电话", "夹河|小学||核心校|5"),
		}, []said{
			{Form: reading.Activity, Sheet: "活动", Heading: 1, FirstLine: 12, Rows: map[int]string{2: "日期=2015 类别=会议 内容=甲"}},
			{Form: reading.Roster, Sheet: "名册", Title: "学校名册", Heading: 2, FirstLine: 13, Extra: []string{"电话"}, Rows: map[int]string{3: "学校=夹河 学段=小学 身份=核心校 电话=5"}},
		}},
		{"a roster alone", []reading.Sheet{readingtest.Sheet(0, "", "身份|学校", "成员校|东楼")}, []said{
			{Form: reading.Roster, Heading: 1, FirstLine: 12, Rows: map[int]string{2: "学校=东楼 身份=成员校"}},
		}},
		{"a roster below the activities", []reading.Sheet{readingtest.Sheet(0, "", "日期|类别|内容", "2015|会议|甲", "学校|学段", "夹河|小学")}, []said{
			{Form: reading.Activity, Heading: 1, FirstLine: 12, Rows: map[int]string{2: "日期=2015 类别=会议 内容=甲"}},
			{Form: reading.Roster, Heading: 3, FirstLine: 14, Rows: map[int]string{4: "学校=夹河 学段=小学"}},
		}},
		{"an unfamiliar sheet before a good one, and an empty one", []reading.Sheet{
			readingtest.Sheet(0, "说明", "填写说明|请逐行填写", "第二行"), readingtest.Sheet(1, "空"), readingtest.Sheet(2, "活动", "日期|类别|内容"),
		}, []said{
			{Form: reading.Unfamiliar, Sheet: "说明", Title: "填写说明 请逐行填写"},
			{Form: reading.Activity, Sheet: "活动", Heading: 1},
		}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			tables, errs := reading.Tables(workbook(tt.sheets...))
			if len(errs) > 0 {
				t.Fatalf("faults: %v", errs)
			}
			var got []said
			for _, table := range tables {
				if table.File != "台账.xlsx" || tt.sheets[table.Sheet].Name != table.SheetName {
					t.Errorf("the table says it is from %s, sheet %d %s", table.File, table.Sheet, table.SheetName)
				}
				got = append(got, say(table))
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("tables differ (-want +got):\n%s", diff)
			}
		})
	}
}

func TestTablesRefuses(t *testing.T) {
	tests := []struct {
		name   string
		sheets []reading.Sheet
		tables []string // the sheets of the tables that are read all the same
		want   *fault.Error
		place  fault.Place
	}{
		{"no sheet", nil, nil, reading.ErrNoTable, fault.Place{File: "台账.xlsx"}},
		{"empty sheets", []reading.Sheet{readingtest.Sheet(0, "甲"), readingtest.Sheet(1, "乙")}, nil, reading.ErrNoTable, fault.Place{File: "台账.xlsx"}},
		{"no heading", []reading.Sheet{readingtest.Sheet(0, "甲", "随便|写写")}, nil, reading.ErrNoTable, fault.Place{File: "台账.xlsx", Sheet: "甲"}},
		{"a heading of neither date, person nor sender", []reading.Sheet{readingtest.Sheet(0, "甲", "台账", "形式|学科|数量|备注")}, nil, reading.ErrNoTable, fault.Place{File: "台账.xlsx", Sheet: "甲", Row: 2}},
		{"only 日期 and 类别", []reading.Sheet{readingtest.Sheet(0, "甲", "日期|类别")}, nil, reading.ErrNoTable, fault.Place{File: "台账.xlsx", Sheet: "甲", Row: 1}},
		{"an unfamiliar sheet beside a roster", []reading.Sheet{readingtest.Sheet(0, "甲", "学校|学段"), readingtest.Sheet(1, "乙", "x")}, []string{"甲"}, reading.ErrNoTable, fault.Place{File: "台账.xlsx", Sheet: "乙"}},
		{"two tables side by side", []reading.Sheet{readingtest.Sheet(0, "甲", "台账", "日期|类别|内容||日期|类别|内容", "2015|会议|甲||2016|会议|乙")}, nil,
			reading.ErrSideBySide, fault.Place{File: "台账.xlsx", Sheet: "甲", Row: 2, Column: "日期"}},
		{"two tables side by side beside a good sheet", []reading.Sheet{readingtest.Sheet(0, "甲", "日期|类别|内容|日期|类别|内容"), readingtest.Sheet(1, "乙", "日期|类别|内容"), readingtest.Sheet(2, "丙", "x")}, []string{"乙", "丙"},
			reading.ErrSideBySide, fault.Place{File: "台账.xlsx", Sheet: "甲", Row: 1, Column: "日期"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			tables, errs := reading.Tables(workbook(tt.sheets...))
			var sheets []string
			for _, table := range tables {
				sheets = append(sheets, table.SheetName)
			}
			if diff := cmp.Diff(tt.tables, sheets); diff != "" {
				t.Errorf("tables differ (-want +got):\n%s", diff)
			}
			if len(errs) != 1 || !errors.Is(errs[0], tt.want) {
				t.Fatalf("faults %v, want one %s", errs, tt.want.Code)
			}
			f, _ := fault.As(errs[0])
			if diff := cmp.Diff(tt.place, f.Place); diff != "" {
				t.Errorf("place differs (-want +got):\n%s", diff)
			}
		})
	}
}

func TestNoTableNamesTheColumns(t *testing.T) {
	_, errs := reading.Tables(workbook(readingtest.Sheet(0, "甲", "形式|学科|备注")))
	message := errs[0].(*fault.Error).Message()
	for _, want := range []string{"佐证材料", "found=形式、学科、备注", "台账.xlsx", "甲"} {
		if !strings.Contains(message, want) {
			t.Errorf("the message lacks %s: %s", want, message)
		}
	}
}

func TestCheckTotals(t *testing.T) {
	heading := "序号|日期|类别|数量|单位"
	tests := []struct {
		name  string
		lines []string
		want  map[int]string // row → code
		sum   string
	}{
		{"no total", []string{"1|2015|会议|3|次"}, nil, ""},
		{"a total that agrees", []string{"1|2015|会议|3|次", "2|2015|会议|0.5|次", "合计|||3.5"}, nil, ""},
		{"blank and unreadable numbers add nothing", []string{"1|2015|会议||次", "2|2015|会议|若干|次", "3|2015|总结|1|份", "合计|||1"}, nil, ""},
		{"a total without a number", []string{"1|2015|会议|3|次", "合计"}, nil, ""},
		{"a total that differs", []string{"1|2015|会议|3|次", "2|2015|会议||次", "合计|||4"}, map[int]string{4: "intake.total-differs"}, "3"},
		{"subtotals and the total of all", []string{"1|2015|会议|3|次", "小计|||3", "2|2015|会议|4|次", "小计|||4", "总计|||7"}, nil, ""},
		{"a subtotal that differs", []string{"1|2015|会议|3|次", "小计|||3", "2|2015|会议|4|次", "小计|||5", "总计|||7"}, map[int]string{5: "intake.total-differs"}, "7"},
		{"numbers in words", []string{"1|2015|会议|三|次", "2|2015|会议|10节|", "合计|||13节"}, nil, ""},
		{"a total that nobody can read", []string{"1|2015|会议|3|次", "合计|||3次1份"}, map[int]string{3: "intake.total-unreadable"}, ""},
		{"nothing above", []string{"合计|||0"}, nil, ""},
		{"decimals add exactly", []string{"1|2015|会议|0.1|次", "2|2015|会议|0.2|次", "合计|||0.3"}, nil, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var got map[int]string
			for _, err := range totalWarnings(t, readingtest.Sheet(0, "甲", append([]string{heading}, tt.lines...)...)) {
				f, ok := fault.As(err)
				if !ok || f.Place.Column != reading.ColumnQuantity || f.Place.Sheet != "甲" || f.Place.File == "" || f.Place.Value == "" {
					t.Fatalf("a warning without its place: %v", err)
				}
				if got == nil {
					got = map[int]string{}
				}
				got[f.Place.Row] = f.Code
				if tt.sum != "" && !strings.Contains(f.Message(), "sum="+tt.sum) {
					t.Errorf("the warning does not say the sum %s: %s", tt.sum, f.Message())
				}
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("warnings differ (-want +got):\n%s", diff)
			}
		})
	}
}

// totalWarnings returns what reading a sheet warns of its totals.
func totalWarnings(t *testing.T, s reading.Sheet) []error {
	t.Helper()
	file, err := reading.Read(workbook(s), reading.Settings{})
	if err != nil || len(file.Tables) != 1 {
		t.Fatalf("%d tables, %v", len(file.Tables), err)
	}
	return slices.DeleteFunc(file.Warnings, func(err error) bool {
		return !errors.Is(err, reading.ErrTotalDiffers) && !errors.Is(err, reading.ErrTotalUnreadable)
	})
}

func TestCheckTotalsPrefersTheCellsOwnNumber(t *testing.T) {
	s := readingtest.Sheet(0, "甲", "日期|类别|数量", "2015|会议|30人次", "合计||30人次")
	for i, number := range map[int]string{1: "30", 2: "31"} {
		s.Rows[i].Cells[2].Number = number
	}
	if warnings := totalWarnings(t, s); len(warnings) != 1 || !errors.Is(warnings[0], reading.ErrTotalDiffers) {
		t.Errorf("warnings %v, want that the total differs", warnings)
	}
}

// However the columns are ordered, the rows are the same.
func TestTablesDoNotDependOnTheOrderOfColumns(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		columns := append(reading.Columns(reading.Activity), "审核人", "年级")
		order := rapid.Permutation(columns).Draw(t, "order")
		word := rapid.StringMatching(`[甲乙丙丁0-9]{0,3}`)
		one, other := reading.Sheet{Name: "甲"}, reading.Sheet{Name: "甲"}
		for number := range rapid.IntRange(1, 5).Draw(t, "rows") + 1 {
			cells := map[string]reading.Cell{}
			for _, column := range columns {
				cells[column] = reading.Cell{Text: column}
				if number > 0 {
					cells[column] = reading.Cell{Text: word.Draw(t, "cell")}
				}
			}
			a, b := reading.PhysicalRow{Number: number + 1}, reading.PhysicalRow{Number: number + 1}
			for i := range columns {
				a.Cells = append(a.Cells, cells[columns[i]])
				b.Cells = append(b.Cells, cells[order[i]])
			}
			one.Rows, other.Rows = append(one.Rows, a), append(other.Rows, b)
		}
		want, errs1 := reading.Tables(workbook(one))
		got, errs2 := reading.Tables(workbook(other))
		if len(errs1)+len(errs2) > 0 {
			t.Fatalf("faults %v %v", errs1, errs2)
		}
		if diff := cmp.Diff(cellsOf(want[0]), cellsOf(got[0])); diff != "" {
			t.Fatalf("rows differ (-want +got):\n%s", diff)
		}
	})
}

// cellsOf returns the rows of a table by number and column.
func cellsOf(t reading.Table) map[int]map[string]reading.Cell {
	out := map[int]map[string]reading.Cell{}
	for _, row := range t.Rows {
		out[row.Number] = byColumn(t, row)
	}
	return out
}

// Nothing that stands below a heading is dropped: a row that says no word of a heading is a
// record, a total or part of the frame, and the first two have all that was written.
func TestTablesDropNothing(t *testing.T) {
	headings := []string{"日期", "类别", "内容", "单位", "学校", "学段"}
	rapid.Check(t, func(t *rapid.T) {
		texts := rapid.SampledFrom(append([]string{"", "合计", "甲", "1", "台账", "填表人:", "注:一式两份"}, headings...))
		s := reading.Sheet{Name: "甲"}
		for number := range rapid.IntRange(0, 12).Draw(t, "rows") {
			row := reading.PhysicalRow{Number: number + 1}
			for range rapid.IntRange(1, 5).Draw(t, "cells") {
				row.Cells = append(row.Cells, reading.Cell{Text: texts.Draw(t, "text")})
			}
			s.Rows = append(s.Rows, row)
		}
		tables, errs := reading.Tables(workbook(s))
		if len(tables) == 0 && len(errs) == 0 {
			t.Fatal("neither a table nor a fault")
		}
		where, first := map[int]int{}, len(s.Rows)+1
		for _, table := range tables {
			if table.Form == reading.Unfamiliar {
				continue
			}
			first = min(first, table.Heading)
			for _, frame := range table.Frames {
				where[frame.Number]++
			}
			for _, row := range append(slices.Clone(table.Rows), table.Totals...) {
				where[row.Number]++
				written := 0
				for _, cell := range s.Rows[row.Number-1].Cells {
					if cell.Text != "" {
						written++
					}
				}
				if written != len(row.Cells) {
					t.Fatalf("row %d has %d cells of %d", row.Number, len(row.Cells), written)
				}
			}
		}
		for _, row := range s.Rows {
			says, plain := false, true
			for _, cell := range row.Cells {
				says = says || cell.Text != ""
				plain = plain && !slices.Contains(headings, cell.Text)
			}
			if where[row.Number] > 1 || says && plain && len(errs) == 0 && row.Number > first && where[row.Number] == 0 {
				t.Fatalf("row %d is in %d places", row.Number, where[row.Number])
			}
		}
	})
}
