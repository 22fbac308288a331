package intake_test

import (
	"testing"

	"twinledger/domain/intake"
	"twinledger/domain/intake/reading/readingtest"
)

// TestReadingColumnsBetterMakesNoRowNew imports a file as a reader does that does not know some of
// its columns, and then as one that knows them or was told what they are: it is the same row, and
// what it says is corrected.
func TestReadingColumnsBetterMakesNoRowNew(t *testing.T) {
	none := func(headings ...string) intake.Options {
		o := intake.Options{Columns: map[string]string{}}
		for _, heading := range headings {
			o.Columns[heading] = "-"
		}
		return o
	}
	as := func(columns ...string) intake.Options {
		o := intake.Options{Columns: map[string]string{}}
		for i := 0; i < len(columns); i += 2 {
			o.Columns[columns[i]] = columns[i+1]
		}
		return o
	}
	answered := func(key, answer string) intake.Options {
		return intake.Options{Answers: map[string]string{key: answer}}
	}
	for name, test := range map[string]struct {
		heading, row string
		before, now  intake.Options
	}{
		"year, month and day":      {"年|月|日|类别|内容|派出单位", "2018|4|18|送课|第一课|甲", none("年", "月", "日"), as("年", "年", "月", "月", "日", "日")},
		"school year and term":     {"学年|学期|类别|内容|派出单位", "2017-2018|第二学期|送课|第一课|甲", none("学年", "学期"), as("学年", "学年", "学期", "学期")},
		"the number of another":    {"日期|类别|内容|人次|节数", "2018-04-18|送课|第一课|36|2", as("人次", "数量"), as("节数", "数量")},
		"people who were answered": {"日期|类别|内容|人员|听课教师", "2018-04-18|送课|第一课|王老师|李老师", intake.Options{}, answered("further/人员/听课教师", "use")},
		"a number that was kept":   {"日期|类别|内容|节数|课时", "2018-04-18|送课|第一课|2|4", intake.Options{}, answered("further/数量/课时", "-")},
		"lessons in 课时":            {"日期|类别|内容|课时", "2018-04-18|送课|第一课|2", intake.Options{}, answered("measure/课时", "lesson")},
	} {
		t.Run(name, func(t *testing.T) {
			o := newTestLedger(t)
			var report intake.Report
			for _, options := range []intake.Options{test.before, test.now} {
				options.Source = "甲校"
				var err error
				if report, err = o.given(t, read("一", readingtest.Sheet(0, "", test.heading, test.row)), options); err != nil {
					t.Fatal(err)
				}
			}
			if report.Added != 0 || report.Corrected != 1 {
				t.Errorf("added %d, corrected %d: %v", report.Added, report.Corrected, outcomes(report))
			}
		})
	}
}
