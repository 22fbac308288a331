package intake_test

import (
	"testing"

	"twinledger/domain/intake"
	"twinledger/domain/intake/reading"
	"twinledger/domain/intake/reading/readingtest"
	"twinledger/domain/record"
)

// TestWhatStandsOutsideARowTellsItFromOthers imports two files of two sources whose rows are
// written alike: they are other rows where title, sheet or an answer says something else of
// them, and the same rows where it does not.
func TestWhatStandsOutsideARowTellsItFromOthers(t *testing.T) {
	const noYear, noMonth = "1|3月5日|送课|第一课|甲|乙|1|节", "1|5日|送课|第一课|甲|乙|1|节"
	const heading = "序号|日期|类别|内容|派出单位|接收单位|数量|单位"
	year := func(y string) intake.Options { return intake.Options{Answers: map[string]string{"date/year": y}} }
	for name, test := range map[string]struct {
		first, second []string // title and row
		sheets        [2]string
		options       [2]intake.Options
		added         int // by the second file
	}{
		"the term of the title":         {first: []string{"2017—2018学年第二学期送课台账", heading, noYear}, second: []string{"2018—2019学年第二学期送课台账", heading, noYear}, added: 1},
		"another word of the title":     {first: []string{"2018年春季学期送课台账", heading, noYear}, second: []string{"2018年春季学期送课情况", heading, noYear}},
		"the month of the title":        {first: []string{"2018年3月送课台账", heading, noMonth}, second: []string{"2018年4月送课台账", heading, noMonth}, added: 1},
		"a title over dates of its own": {first: []string{"2018年3月送课台账", heading, "1|2018-03-05|送课|第一课|甲|乙|1|节"}, second: []string{"2018年4月送课台账", heading, "1|2018.3.5|送课|第一课|甲|乙|1|节"}},
		"a whole day without signs":     {first: []string{"送课台账", heading, "1|20180305|送课|第一课|甲|乙|1|节"}, second: []string{"送课台账", heading, "1|2018.3.5日|送课|第一课|甲|乙|1|节"}},
		"the year that was answered":    {first: []string{"送课台账", heading, noYear}, second: []string{"送课台账", heading, noYear}, options: [2]intake.Options{year("2018"), year("2019")}, added: 1},
		"no year at all": {first: []string{"2018年春季学期总结", "序号|类别|内容|派出单位|数量|单位", "1|总结|学期总结|甲|1|份"}, second: []string{"2018年秋季学期总结", "序号|类别|内容|派出单位|数量|单位", "1|总结|学期总结|甲|1|份"},
			added: 1},
		"the school of the sheet": {first: []string{"日期|类别|内容|派出单位|数量|单位", "2018-03-05|送课|第一课|明德小学|1|节"}, second: []string{"日期|类别|内容|派出单位|数量|单位", "2018-03-05|送课|第一课|明德小学|1|节"},
			sheets: [2]string{"张湾小学", "石桥小学"}, options: [2]intake.Options{{Answers: map[string]string{"outside/sheet/派出单位、接收单位": "a"}}, {Answers: map[string]string{"outside/sheet/派出单位、接收单位": "a"}}}, added: 1},
	} {
		t.Run(name, func(t *testing.T) {
			o := newTestLedger(t)
			var report intake.Report
			for i, lines := range [][]string{test.first, test.second} {
				options := test.options[i]
				options.Source = []string{"甲校", "乙校"}[i]
				var err error
				if report, err = o.given(t, read(options.Source, readingtest.Sheet(0, test.sheets[i], lines...)), options); err != nil {
					t.Fatal(err)
				}
			}
			if report.Added != test.added || len(report.Lines) != 1 {
				t.Errorf("the second file adds %d, want %d: %v", report.Added, test.added, outcomes(report))
			}
		})
	}
}

// TestANumberInAMergedCellCountsOnce: three rows share one merged number, which is asked about;
// until then it counts in the first row only, and as a sum the other rows add none to it.
func TestANumberInAMergedCellCountsOnce(t *testing.T) {
	book := read("甲", readingtest.Sheet(0, "", "日期|类别|内容|派出单位|接收单位|数量|单位", "2018-03-05|送课|一|甲|乙|6|节", "2018-03-06|送课|二|甲|乙||节", "2018-03-07|送课|三|甲|乙||节"))
	for _, row := range book.Sheets[0].Rows[2:] {
		row.Cells[5].Merged = true
	}
	for answer, want := range map[string][]string{"": {"6", "", ""}, "sum": {"6", "0", "0"}, "each": {"6", "6", "6"}} {
		t.Run(answer, func(t *testing.T) {
			settings := reading.Settings{}
			if answer != "" {
				settings.Answers.Choices = map[string]string{"merged/数量": answer}
			}
			file, err := reading.Read(book, settings)
			if err != nil {
				t.Fatal(err)
			}
			for i, row := range file.Rows {
				facts := row.Statements[0].Facts.(interface{ Common() record.Facts }).Common()
				if facts.Quantity.Number != want[i] {
					t.Errorf("row %d has %q, want %q", row.Number, facts.Quantity.Number, want[i])
				}
			}
			if len(file.Questions) != 1 || file.Questions[0].Count != 2 {
				t.Errorf("asked %+v", file.Questions)
			}
		})
	}
}
