package intake_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"twinledger/domain/fault"
	"twinledger/domain/intake"
)

// mappedHeading names date, sender and content as some schools do.
const mappedHeading = "编号|活动日期|共同体|类别|形式|活 动 主题|学科|派出学校|接收单位|人员|数量|单位|佐证材料|备注"

var mappedColumns = map[string]string{"编号": "序号", "活动日期": "日期", "活动主题": "内容", "派出学校": "派出单位"}

// TestAMappingIsRemembered: the source's next file needs no mapping, and rows do
// not depend on how their headings are written.
func TestAMappingIsRemembered(t *testing.T) {
	o := newTestLedger(t)
	plain := o.imports(t, "乙校", table("零", numbered(1, lessons(2)...)...))
	mapped := func(name string, rows ...string) intake.Workbook {
		return read(name, sheet(0, "", append([]string{mappedHeading}, rows...)...))
	}
	_, err := o.given(t, mapped("一", numbered(1, lessons(2)...)...), intake.Options{})
	if !errors.Is(err, intake.ErrNoTable) {
		t.Fatalf("without a mapping: %v", err)
	}
	if f, _ := fault.As(err); !strings.Contains(f.Message(), "--map 活动日期=日期") || !strings.Contains(f.Message(), "--map 派出学校=派出单位") {
		t.Errorf("nothing likely is said: %s", f.Message())
	}
	report, err := o.given(t, mapped("一", numbered(1, lessons(3)...)...), intake.Options{Columns: mappedColumns})
	if err != nil || report.Added != 1 || report.Count(intake.Already) != 2 || report.Lines[0].Plan.Key != plain.Lines[0].Plan.Key {
		t.Fatalf("mapped: %v, %v", outcomes(report), err)
	}
	report, err = o.given(t, mapped("二", numbered(1, lessons(4)...)...), intake.Options{DryRun: true})
	if err != nil || report.Added != 1 || len(report.Columns) != 4 || !report.Columns[0].Remembered {
		t.Errorf("remembered: %+v, %d added, %v", report.Columns, report.Added, err)
	}
	want := []intake.MappedColumn{{Heading: "活动主题", Column: "内容"}, {Heading: "活动日期", Column: "日期"}, {Heading: "派出学校", Column: "派出单位"}, {Heading: "编号", Column: "序号"}}
	if diff := cmp.Diff([]intake.SourceMapped{{Columns: want}}, facts[intake.SourceMapped](t, o)); diff != "" {
		t.Errorf("remembered (-want +got):\n%s", diff)
	}
}

// TestAColumnMappedLater: a file imported with a column unread, and again with
// that column read, is one file: its records are corrected.
func TestAColumnMappedLater(t *testing.T) {
	o := newTestLedger(t)
	book := read("一", sheet(0, "", "序号|日期|类别|活动主题|派出单位|接收单位", "1|2018-04-01|会议|甲会|甲|乙", "2|2018-04-02|会议|乙会|甲|乙"))
	first := o.imports(t, "甲校", book)
	if len(first.Warnings) != 1 || !errors.Is(first.Warnings[0], intake.ErrLikelyColumn) {
		t.Errorf("warned of %v", first.Warnings)
	}
	before := len(o.records(t))
	report, err := o.given(t, book, intake.Options{Columns: map[string]string{"活动主题": "内容"}})
	if err != nil || report.Corrected != 2 || report.Added != 0 {
		t.Fatalf("corrected %d, added %d, %v", report.Corrected, report.Added, err)
	}
	if got := types(t, o, before); got["meeting.corrected"] != 2 || got["meeting.reported"] != 0 {
		t.Errorf("events %v", got)
	}
	if again := o.imports(t, "甲校", book); again.Corrected+again.Added+again.Removed != 0 {
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
		{"no such column", mappedHeading, map[string]string{"活动日期": "何时"}, intake.ErrUnknownColumn, "活动日期"},
		{"two headings for one column", mappedHeading, map[string]string{"活动日期": "日期", "编号": "日期"}, intake.ErrMappedTwice, "编号"},
		{"a heading that the file has not", mappedHeading, map[string]string{"活动日期": "日期", "时间": "序号"}, intake.ErrNoSuchHeading, "时间"},
		{"beside the column itself", "序号|活动日期|日期|类别|内容", map[string]string{"活动日期": "日期"}, intake.ErrMappedTwice, "日期"},
		{"a heading that the file has twice", "序号|活动日期|活动日期|类别|内容", map[string]string{"活动日期": "日期"}, intake.ErrMappedTwice, "日期"},
		{"an empty heading", mappedHeading, map[string]string{" ": "日期"}, intake.ErrUnknownColumn, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			o := newTestLedger(t)
			before := len(o.records(t))
			_, err := o.given(t, read("一", sheet(0, "", tt.heading, "1|2018-04-01|会议|会议|会议|会议")), intake.Options{Columns: tt.columns})
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
	_, err := o.given(t, read("二", sheet(0, "", "序号|欧阳海燕的日期|类别|内容", "1|2018-04-01|会议|会")), intake.Options{Columns: map[string]string{"欧阳海燕的日期": "日期"}})
	if !errors.Is(err, intake.ErrNameInHeading) {
		t.Errorf("refused with %v", err)
	}
}

// FuzzImport reads any file with any choices: it is answered with a report or with
// faults that say where, and never crashes.
func FuzzImport(f *testing.F) {
	f.Add("日期|类别|内容\n2018-04-01|会议|会", "日期|类别|内容\n2018-04-02|会议|会", "活动日期", "日期", "2-3", "2", "2", "会")
	f.Add(fullHeading+"\n1|2018-04-18|甲|示范课||课||甲|乙||1|节", fullHeading+"\n2|2018-04-19|甲|示范课||课||甲|乙||1|节", "课", "备注", "1-", "2!2", "表!2", "=")
	f.Add("学校|学段\n甲|小学\n合计|1", "学校|身份\n甲|核心校", "学段", "身份", "", "row-", "", "")
	f.Fuzz(func(t *testing.T, first, second, heading, column, rows, old, now, key string) {
		o := newTestLedger(t)
		if len(first)+len(second) > 5000 {
			return
		}
		one := sheet(0, "", strings.Split(first, "\n")...)
		two := sheet(0, key, strings.Split(second, "\n")...)
		for _, attempt := range []struct {
			book    intake.Workbook
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
