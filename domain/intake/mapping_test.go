package intake_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"twinledger/domain/fault"
	"twinledger/domain/intake"
	"twinledger/domain/intake/reading"
	"twinledger/domain/intake/reading/readingtest"
)

// ownHeading names date, sender and content as some schools do.
const ownHeading = "序号|上课时间|共同体|类别|形式|主 要 内容|学科|送教学校|接收单位|人员|数量|单位|佐证材料|备注"

var ownColumns = map[string]string{"上课时间": "日期", "主要内容": "内容", "送教学校": "派出单位"}

// mappedHeading has headings that can stand for one column only.
const mappedHeading = "编号|活动日期|共同体|类别|形式|活 动 主题|学科|派出学校|接收单位|人员|数量|单位|佐证材料|备注"

// TestAMappingIsRemembered: a file with headings of its own is asked about once; the source's
// next file needs no mapping.
func TestAMappingIsRemembered(t *testing.T) {
	o := newTestLedger(t)
	mapped := func(name string, rows ...string) reading.Workbook {
		return read(name, readingtest.Sheet(0, "", append([]string{ownHeading}, rows...)...))
	}
	report, err := o.given(t, mapped("一", numbered(1, lessons(2)...)...), intake.Options{})
	if !errors.Is(err, reading.ErrOpenQuestions) || len(o.records(t)) != 1 {
		t.Fatalf("without a mapping: %v", err)
	}
	if len(report.Questions) != 1 || !report.Questions[0].Stops || report.Questions[0].Written != "上课时间→日期，送教学校→派出单位" {
		t.Errorf("asked %+v", report.Questions)
	}
	report, err = o.given(t, mapped("一", numbered(1, lessons(3)...)...), intake.Options{Columns: ownColumns})
	if err != nil || report.Added != 3 || report.Count(intake.Recorded) != 3 {
		t.Fatalf("mapped: %v, %v", outcomes(report), err)
	}
	report, err = o.given(t, mapped("二", numbered(1, lessons(4)...)...), intake.Options{DryRun: true})
	if err != nil || report.Added != 1 || len(report.Columns) != 3 || !report.Columns[0].Remembered {
		t.Errorf("remembered: %+v, %d added, %v", report.Columns, report.Added, err)
	}
	want := []intake.MappedColumn{{Heading: "上课时间", Column: "日期"}, {Heading: "主要内容", Column: "内容"}, {Heading: "送教学校", Column: "派出单位"}}
	if got := facts[intake.SourceMapped](t, o); len(got) != 1 || !cmp.Equal(want, got[0].Columns) {
		t.Errorf("remembered (-want +got):\n%s", cmp.Diff(want, got))
	}
}

// TestAHeadingThatIsMappedOtherwise: a row is known by what the sender wrote under its
// headings, so that the same file with a column read otherwise is the same rows, corrected.
func TestAHeadingThatIsMappedOtherwise(t *testing.T) {
	o := newTestLedger(t)
	book := read("一", readingtest.Sheet(0, "", "序号|日期|类别|课题|派出单位|接收单位", "1|2018-04-01|会议|甲会|甲|乙", "2|2018-04-02|会议|乙会|甲|乙"))
	_, err := o.given(t, book, intake.Options{})
	if !errors.Is(err, reading.ErrOpenQuestions) {
		t.Fatalf("not asked: %v", err)
	}
	first, err := o.given(t, book, intake.Options{Answers: map[string]string{"1": "b"}})
	if err != nil || first.Added != 2 {
		t.Fatalf("kept with the rows only: %v, %v", outcomes(first), err)
	}
	before := len(o.records(t))
	report, err := o.given(t, book, intake.Options{Columns: map[string]string{"课题": "内容"}})
	if err != nil || report.Corrected != 2 || report.Added != 0 || report.Lines[0].Plan.Key != first.Lines[0].Plan.Key {
		t.Fatalf("corrected %d, added %d, %v", report.Corrected, report.Added, err)
	}
	if got := types(t, o, before); got["meeting.corrected"] != 2 || got["meeting.reported"] != 0 {
		t.Errorf("events %v", got)
	}
	after := len(o.records(t))
	if again := o.imports(t, "甲校", book); again.Corrected+again.Added+again.Removed != 0 || len(o.records(t)) != after {
		t.Error("again adds something")
	}
}

func TestMappingsRefused(t *testing.T) {
	tests := []struct {
		name    string
		heading string
		columns map[string]string
		err     error
		column  string
	}{
		{"no such column", mappedHeading, map[string]string{"活动日期": "何时"}, reading.ErrUnknownColumn, "活动日期"},
		{"two headings for one column", mappedHeading, map[string]string{"活动日期": "日期", "编号": "日期"}, reading.ErrMappedTwice, "编号"},
		{"a heading that the file has not", mappedHeading, map[string]string{"活动日期": "日期", "时间": "序号"}, reading.ErrNoSuchHeading, "时间"},
		{"beside the column itself", "序号|活动日期|日期|类别|内容", map[string]string{"活动日期": "日期"}, reading.ErrMappedTwice, "日期"},
		{"an empty heading", mappedHeading, map[string]string{" ": "日期"}, reading.ErrUnknownColumn, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			o := newTestLedger(t)
			before := len(o.records(t))
			_, err := o.given(t, read("一", readingtest.Sheet(0, "", tt.heading, "1|2018-04-01|会议|会议|会议|会议")), intake.Options{Columns: tt.columns})
			f, ok := fault.As(err)
			if !errors.Is(err, tt.err) || !ok || f.Place.Column != tt.column {
				t.Errorf("refused with %v", err)
			}
			if len(o.records(t)) != before {
				t.Error("something was written")
			}
		})
	}
}

// TestAMappingThatNamesSomebody would stand in clear.
func TestAMappingThatNamesSomebody(t *testing.T) {
	o := newTestLedger(t)
	o.imports(t, "甲校", table("一", "1|2018-04-18|甲共同体|会议||会||甲|乙|欧阳海燕|1|次"))
	_, err := o.given(t, read("二", readingtest.Sheet(0, "", "序号|欧阳海燕的日期|类别|内容", "1|2018-04-01|会议|会")), intake.Options{Columns: map[string]string{"欧阳海燕的日期": "日期"}})
	if !errors.Is(err, reading.ErrNameInHeading) {
		t.Errorf("refused with %v", err)
	}
}

// FuzzImport reads any file with any choices: it is answered with a report or with
// faults that say where, and never crashes.
func FuzzImport(f *testing.F) {
	f.Add("日期|类别|内容\n2018-04-01|会议|会", "日期|类别|内容\n2018-04-02|会议|会", "活动日期", "日期", "2-3", "2", "2", "会")
	f.Add(readingtest.Heading+"\n1|2018-04-18|甲|示范课||课||甲|乙||1|节", readingtest.Heading+"\n2|2018-04-19|甲|示范课||课||甲|乙||1|节", "课", "备注", "1-", "2!2", "表!2", "=")
	f.Add("学校|学段\n甲|小学\n合计|1", "学校|身份\n甲|核心校", "学段", "身份", "", "row-", "", "")
	f.Fuzz(func(t *testing.T, first, second, heading, column, rows, old, now, key string) {
		o := newTestLedger(t)
		if len(first)+len(second) > 5000 {
			return
		}
		one := readingtest.Sheet(0, "", strings.Split(first, "\n")...)
		two := readingtest.Sheet(0, key, strings.Split(second, "\n")...)
		for _, attempt := range []struct {
			book    reading.Workbook
			options intake.Options
		}{
			{read("一", one), intake.Options{Source: "甲校"}},
			{read("二", two), intake.Options{Source: "甲校", DryRun: true, Columns: map[string]string{heading: column}}},
			{read("二", two), intake.Options{Source: "甲校", Rows: rows, Sheet: key, Hold: []string{now}, Again: []string{old}}},
			{read("二", two), intake.Options{Source: "甲校", Decisions: intake.Decisions{Pairs: []intake.Pair{{Old: old, New: now}}, Removed: []string{now}, Keep: []string{key}}}},
			{read("三", two, one), intake.Options{Source: "甲校", Columns: map[string]string{heading: column}}},
		} {
			report, err := o.importer(t, o.log).Import(t.Context(), attempt.book, attempt.options)
			if err == nil {
				continue
			}
			if len(report.Lines) > 0 {
				t.Errorf("a report of %d lines beside %v", len(report.Lines), err)
			}
			if refused, ok := fault.As(err); !ok || refused.Kind == fault.Internal || refused.Code == "" {
				t.Errorf("answered with %v", err)
			}
		}
	})
}
