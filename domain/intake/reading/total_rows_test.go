package reading_test

import (
	"strings"
	"testing"

	"twinledger/domain/intake/reading"
	"twinledger/domain/intake/reading/readingtest"
	"twinledger/domain/record"
)

const totalHeading = "序号|日期|共同体|类别|内容|学科|派出单位|接收单位|人员|数量|单位|备注"

// outcome tells what became of the one row under a heading: what it is called as no record,
// "asked", or "activity".
func outcome(t *testing.T, row string, answer string) string {
	t.Helper()
	file, err := reading.Read(workbook(readingtest.Sheet(0, "", totalHeading, row)), reading.Settings{Answers: reading.Answers{Choices: map[string]string{"total": answer}}})
	if err != nil {
		t.Fatal(err)
	}
	if passed := file.Tables[0].PassedOver(); len(passed) > 0 {
		if len(file.Rows) > 0 {
			t.Errorf("%s is both a row and %v", row, passed)
		}
		return passed[0].What
	}
	if strings.Contains(strings.Join(codes(file.Rows[0].Problems), " "), "intake.perhaps-total") {
		if !file.Rows[0].Held || len(file.Rows[0].Statements) > 0 || len(file.Questions) != 1 || file.Questions[0].Key != "total" || file.Questions[0].Count != 1 {
			t.Errorf("%s: held %v, asked %+v", row, file.Rows[0].Held, file.Questions)
		}
		return "asked"
	}
	return "activity"
}

// TestTotalsWhereverTheyAreLabelled: a row is one of totals by its label in any column, if it says
// nothing of an activity of its own.
func TestTotalsWhereverTheyAreLabelled(t *testing.T) {
	for row, want := range map[string]string{
		// the label in each column, the others filled in as by merged cells
		"小计|2018年3月|青山教共体|送课|||青山中心小学|||5|节|": "total",
		"|2018年3月合计|青山教共体|送课|||青山中心小学|||5|节|": "total",
		"|本学期共计|青山教共体|送课|||青山中心小学|张湾小学||5|节|": "total",
		"|总计|||共2次|||||5|节|":                     "total",
		"|2018年3月|青山教共体合计|送课|||青山中心小学|||5|节|":    "total",
		"|2018年3月|青山教共体|送课小计|||青山中心小学|||5|节|":    "total",
		"|2018年3月|青山教共体|送课|3月合计||青山中心小学|||5|节|":  "total",
		"|2018年3月|青山教共体|送课|小計||青山中心小学|||5|节|":    "total",
		"|2018年3月|青山教共体|送课|共计2次||青山中心小学|||5|节|":  "total",
		"|2018年3月|青山教共体|送课|其中：语文||青山中心小学|||3|节|": "part of a total",
		"|2018年3月|青山教共体|送课||小计|青山中心小学|||5|节|":    "total",
		"|2018年3月|青山教共体|送课|||青山中心小学小计|||5|节|":    "total",
		"|2018年3月|青山教共体|送课|||青山中心小学|合 计||5|节|":   "total",
		"|2018年3月|青山教共体|送课|||青山中心小学||（小计）|5|节|":  "total",
		"|2018年3月|青山教共体|送课|||青山中心小学|||合计：5节||":   "total",
		"|2018年3月|青山教共体|送课|||青山中心小学|||5|节（小计）|":  "total",
		"|2018年3月|青山教共体|送课|||青山中心小学|||5|节|3月小计":  "total",
		"|2018年3月|青山教共体|送课|||青山中心小学|||5|节|语文合计":  "total",
		"|2018-03-15|青山教共体|送课|||青山中心小学|||5|节|累计": "total",
		"其中：语文|||||||||3|节|":                     "part of a total",
		"|平均||||||||4|节|":                        "average",
		"|||||||||20|节|":                         "total without a label",

		// what may be an activity as well
		"|2018年3月|青山教共体|送课|春||青山中心小学|||5|节|小计":            "asked",
		"|2018-03-15|青山教共体|送课|小计||青山中心小学|张湾小学||5|节|":      "asked",
		"|2018年3月|青山教共体|送课|期末合计||青山中心小学|||5|节|":           "asked",
		"|2018年3月|青山教共体|送课|共2次||青山中心小学|||2|次|":            "asked",
		"|2018年3月|青山教共体|送课|语文||青山中心小学|合计||5|节|":           "asked",
		"|2018-03-15|青山教共体|送课|||青山中心小学|张湾小学|王老师|5|节|3月小计": "asked",

		// activities, whatever words they hold
		"|2018-03-15|青山教共体|会议|期末合计质量分析会||青山中心小学|张湾小学||1|次|":      "activity",
		"|2018年3月|青山教共体|教研活动|总计划研讨||青山中心小学|||1|次|":               "activity",
		"|2018-03-15|青山教共体|送课|认识小计|数学|青山中心小学|张湾小学|王老师|1|节|":      "activity",
		"|2018-03-15|青山教共体|送课|平均数|数学|青山中心小学|张湾小学|王老师|1|节|":       "activity",
		"|2018-03-15|青山教共体|送课|春|语文|青山中心小学|张湾小学|王老师|2|节|共计2节":     "activity",
		"|2018-03-15|青山教共体|送课|春|语文|青山中心小学|张湾小学|王老师|2|节|其中：语文1节":  "activity",
		"|2018-03-15|青山教共体|送课|春|语文|青山中心小学|张湾小学|共3人|共2节||":        "activity",
		"|2018-03-15|青山教共体|送课|春|语文|青山中心小学|张湾小学|王老师|2|节|与统计表合计一致": "activity",
		"|2018-03-15|青山教共体|教研活动|统计与总计|数学|青山中心小学|张湾小学|王老师|1|次|":   "activity",
	} {
		if got := outcome(t, row, ""); got != want {
			t.Errorf("%s is %q, want %q", row, got, want)
		}
		if want == "asked" {
			if got := outcome(t, row, "total"); got != "total" {
				t.Errorf("%s, said to be a total, is %q", row, got)
			}
			if got := outcome(t, row, "activity"); got != "activity" {
				t.Errorf("%s, said to be an activity, is %q", row, got)
			}
		}
	}
}

// TestALabelIsNoSchool: a row that the clerk says is an activity does not make a school of 合计.
func TestALabelIsNoSchool(t *testing.T) {
	row := "|2018-03-15|青山教共体|送课|语文||青山中心小学|合计||5|节|"
	file, err := reading.Read(workbook(readingtest.Sheet(0, "", totalHeading, row)), reading.Settings{Answers: reading.Answers{Choices: map[string]string{"total": "activity"}}})
	if err != nil || len(file.Rows) != 1 || len(file.Rows[0].Statements) != 1 {
		t.Fatalf("read %+v, %v", file.Rows, err)
	}
	if common := file.Rows[0].Statements[0].Facts.(interface{ Common() record.Facts }).Common(); len(common.To) != 0 || len(common.From) != 1 {
		t.Errorf("the row became %+v", common)
	}
}

// TestTotalsOfAllLabelsAreChecked: a total is compared with its rows wherever its label stands, and
// a row that may be a total adds nothing.
func TestTotalsOfAllLabelsAreChecked(t *testing.T) {
	one, two := "|2018-03-15|青山教共体|送课|春||青山中心小学|张湾小学||2|节|", "|2018-03-16|青山教共体|送课|夏||青山中心小学|张湾小学||3|节|"
	for name, tt := range map[string]struct {
		rows   []string
		differ int
	}{
		"in the remark":            {[]string{one, two, "|2018年3月|青山教共体|送课|||青山中心小学|||5|节|小计"}, 0},
		"in the remark, wrong":     {[]string{one, two, "|2018年3月|青山教共体|送课|||青山中心小学|||6|节|小计"}, 1},
		"within the number":        {[]string{one, two, "|2018年3月|青山教共体|送课|||青山中心小学|||合计：5节||"}, 0},
		"within the number, wrong": {[]string{one, two, "|2018年3月|青山教共体|送课|||青山中心小学|||合计：4节||"}, 1},
		"above its rows":           {[]string{"|本学期合计||||||||5|节|", one, two}, 0},
		"above its rows, wrong":    {[]string{"|本学期合计||||||||7|节|", one, two}, 1},
		"behind a doubtful row":    {[]string{one, two, "|2018年3月|青山教共体|送课|春||青山中心小学|||5|节|小计", "合计|||||||||5|节|"}, 0},
		"a part is not checked":    {[]string{one, two, "合计|||||||||5|节|", "其中：语文|||||||||1|节|"}, 0},
	} {
		file, err := reading.Read(workbook(readingtest.Sheet(0, "", append([]string{totalHeading}, tt.rows...)...)), reading.Settings{})
		if err != nil {
			t.Fatal(err)
		}
		if found := strings.Count(strings.Join(codes(file.Warnings), " "), "intake.total-differs"); found != tt.differ {
			t.Errorf("%s: %d totals differ, want %d", name, found, tt.differ)
		}
	}
}
