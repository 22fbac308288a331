package intake_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"twinledger/domain"
	"twinledger/domain/activity"
	"twinledger/domain/calendar"
	"twinledger/domain/fault"
	"twinledger/domain/indicator"
	"twinledger/domain/intake"
	"twinledger/domain/intake/reading"
	"twinledger/domain/intake/reading/readingtest"
	"twinledger/domain/lesson"
	"twinledger/domain/org"
	"twinledger/domain/recognition"
	"twinledger/domain/record"
	"twinledger/domain/rectification"
)

// registerNames are what the registers of these tests are called.
var registerNames = map[string]string{"lesson": "课例登记", "recognition": "证书与认定登记", "school": "学校", "person": "人员"}

// registers imports a file whose tables are those of registers.
func (o *testLedger) registers(t *testing.T, w reading.Workbook) (intake.Report, error) {
	t.Helper()
	im := o.importer(t, o.log)
	for kind, name := range registerNames {
		im.Forms = append(im.Forms, reading.RegisterForm{Form: domain.Forms()[kind], Name: name})
	}
	return im.Import(t.Context(), w, intake.Options{Source: "另一台账"})
}

const (
	lessonHeading      = "序号|记录编号|日期|共同体|类别|内容|派出单位|接收单位|人员|数量|单位|阶段"
	recognitionHeading = "序号|记录编号|日期|共同体|类别|内容|人员|相关记录|作废"
	schoolHeading      = "序号|记录编号|名称|学段|变更"
)

func rowsOf(heading string, rows ...string) []string { return append([]string{heading}, rows...) }

// TestARegisterNamesAColumnOnce: of two columns of a register under one heading nobody could tell
// which is meant.
func TestARegisterNamesAColumnOnce(t *testing.T) {
	_, err := newTestLedger(t).registers(t, read("county", readingtest.Sheet(0, "课例登记", rowsOf("序号|记录编号|日期|共同体|类别|内容|派出单位|派出单位", "1|甲1|2018-04-18|一小共同体|示范课|课|实验小学|二小")...)))
	if f, is := fault.As(err); !errors.Is(err, reading.ErrDuplicateColumn) || !is || f.Place.Column != "派出单位" || f.Place.Row != 1 {
		t.Errorf("refused with %v", err)
	}
}

// TestARowComesAfterThoseThatItRefersTo takes rows in the order of what they say
// of each other, whatever the order of the file.
func TestARowComesAfterThoseThatItRefersTo(t *testing.T) {
	o := newTestLedger(t)
	report, err := o.registers(t, read("county",
		readingtest.Sheet(0, "证书与认定登记", rowsOf(recognitionHeading, "1|甲2|2018-05-02|一小共同体|证书|证书|李老师（实验小学）|甲1|", "2|甲3|2018-05-02|一小共同体|证书|证书|李老师（实验小学）||是")...),
		readingtest.Sheet(1, "课例登记", rowsOf(lessonHeading, "1|甲1|2018-04-18|一小共同体|示范课|课|实验小学|二小|李老师（实验小学）|2|节|completed")...),
		readingtest.Sheet(2, "学校", rowsOf(schoolHeading, "1|乙1|第一小学|小学|变动=更名；日期=2018-01-01；名称=实验小学")...)))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{
		"incomplete recognition.report day:2018-05-02 -from", "incomplete lesson.report day:2018-04-18 -subject", "recorded school.note unknown",
	}, outcomes(report)); diff != "" {
		t.Errorf("outcomes (-want +got):\n%s", diff)
	}
	given, taught := facts[record.Reported[recognition.Facts]](t, o), facts[record.Reported[lesson.Facts]](t, o)
	if len(given) != 1 || len(taught) != 1 || !slices.Equal(given[0].Facts.Related, []string{report.Lines[1].Record}) {
		t.Errorf("related %v, want %s", given, report.Lines[1].Record)
	}
	school := org.SchoolKey(ledger, district, "第一小学")
	if taught[0].Facts.From[0].School != school || report.Lines[2].Record != school {
		t.Errorf("the lesson is of %v, the school is %s", taught[0].Facts.From, report.Lines[2].Record)
	}
	if noted := facts[record.Reported[org.School]](t, o); noted[0].Facts.Provisional || noted[0].Facts.Stage != "小学" || !noted[1].Facts.Provisional {
		t.Errorf("noted %+v", noted)
	}
	if len(facts[org.Renamed](t, o)) != 1 {
		t.Error("the school was not renamed")
	}
	if len(report.Warnings) != 1 || !errors.Is(report.Warnings[0], reading.ErrVoidRows) {
		t.Errorf("warned of %v", report.Warnings)
	}
}

// TestAReferenceThatLeadsNowhere holds the row and names the column.
func TestAReferenceThatLeadsNowhere(t *testing.T) {
	lost := "school-0198c1f3-7c10-7000-8000-00000000000a"
	for name, test := range map[string]struct {
		rows []string
		want error
		at   string
	}{
		"to no row of the file":         {[]string{"1|甲1|2018-05-02|一小共同体|证书|证书|李老师（一小）|甲9|"}, intake.ErrMissingRecord, "相关记录"},
		"to a school of another ledger": {[]string{"1|甲1|2018-05-02|一小共同体|证书|证书|李老师（" + lost + "）||"}, intake.ErrMissingParty, "学校"},
	} {
		t.Run(name, func(t *testing.T) {
			o := newTestLedger(t)
			report, err := o.registers(t, read("county", readingtest.Sheet(0, "证书与认定登记", rowsOf(recognitionHeading, test.rows...)...)))
			if err != nil || report.Count(intake.Held) != len(test.rows) {
				t.Fatalf("%v, %v", outcomes(report), err)
			}
			for _, line := range report.Lines {
				refused, ok := fault.As(line.Plan.Problems[0])
				if !ok || !errors.Is(refused, test.want) || refused.Place.Column != test.at || refused.Place.Row == 0 {
					t.Errorf("held for %v", line.Plan.Problems)
				}
			}
		})
	}
	o := newTestLedger(t)
	row := "甲1|2018-05-02|一小共同体|证书|证书|李老师（一小）||"
	report, err := o.registers(t, read("county", readingtest.Sheet(0, "证书与认定登记", rowsOf(recognitionHeading, "1|"+row, "2|"+row)...)))
	if err != nil || report.Count(intake.Held) != 1 || !errors.Is(report.Lines[1].Plan.Problems[0], intake.ErrSameRecord) {
		t.Errorf("pasted twice: %v, %v", outcomes(report), err)
	}
}

// TestALaterExportCorrects takes a later export of the same ledger: the row with
// the same 记录编号 corrects its record.
func TestALaterExportCorrects(t *testing.T) {
	o := newTestLedger(t)
	book := func(number string) reading.Workbook {
		return read("county", readingtest.Sheet(0, "课例登记", rowsOf(lessonHeading, "1|甲1|2018-04-18|一小共同体|示范课|课|一小|二小|李老师（一小）|"+number+"|节|reported",
			"2|甲2|2018-04-19|一小共同体|示范课|课|一小|二小|李老师（一小）|1|节|reported")...))
	}
	first, err := o.registers(t, book("2"))
	if err != nil || first.Added != 2 {
		t.Fatalf("%v, %v", outcomes(first), err)
	}
	second, err := o.registers(t, book("3"))
	if err != nil || second.Corrected != 1 || second.Added != 0 || second.Lines[0].Record != first.Lines[0].Record {
		t.Fatalf("corrected %d, added %d: %v, %v", second.Corrected, second.Added, outcomes(second), err)
	}
	if corrected := facts[record.Corrected[lesson.Facts]](t, o); len(corrected) != 1 || corrected[0].Facts.Quantity.Number != "3" {
		t.Errorf("corrected to %+v", corrected)
	}
}

// TestWhatExcelMadeOfACell reads real dates and numbers in a register's table.
func TestWhatExcelMadeOfACell(t *testing.T) {
	o := newTestLedger(t)
	s := readingtest.Sheet(0, "课例登记", rowsOf("记录编号|日期|共同体|类别|内容|派出单位|接收单位|人员|数量|单位", "||一小共同体|示范课|课|一小|二小|李老师（一小）||节")...)
	s.Rows[1].Cells[1] = reading.Cell{Text: "2018-04", Date: "month:2018-04"}
	s.Rows[1].Cells[8] = reading.Cell{Text: "1,200", Number: "1200"}
	report, err := o.registers(t, read("filled", s))
	if err != nil || len(report.Lines) != 1 || report.Lines[0].Plan.Occurred() != "month:2018-04" {
		t.Fatalf("%v, %v", outcomes(report), err)
	}
	if got := facts[record.Reported[lesson.Facts]](t, o); len(got) != 1 || got[0].Facts.Quantity.Number != "1200" {
		t.Errorf("recorded %+v", got)
	}
}

// TestAnotherTableWithRecordNumbers is nobody's register, and read as before.
func TestAnotherTableWithRecordNumbers(t *testing.T) {
	o := newTestLedger(t)
	book := read("own", readingtest.Sheet(0, "一月", "记录编号|日期|类别|内容", "7|2018-04-18|会议|会"), readingtest.Sheet(1, "钥匙", "记录编号|柜号|钥匙", "1|2|3"))
	asked, err := o.county(t, book, intake.Options{})
	if !errors.Is(err, reading.ErrOpenQuestions) || len(asked.Questions) != 1 || asked.Questions[0].Written != "记录编号→序号" {
		t.Fatalf("asked %+v, %v", asked.Questions, err)
	}
	report, err := o.county(t, book, intake.Options{Answers: map[string]string{"1": "b"}})
	if err != nil || len(report.Lines) != 1 || report.Lines[0].Plan.Command() != "meeting.report" {
		t.Fatalf("%v, %v", outcomes(report), err)
	}
}

// TestTheWiderCategories records what the activity form can say of every kind.
func TestTheWiderCategories(t *testing.T) {
	o := newTestLedger(t)
	report := o.imports(t, "甲校", table("一",
		"1|2018-04-18|甲共同体|讲座||讲座一||甲|乙||1|场", "2|2018-04-18|甲共同体|联考||期中联考||甲|乙||1|次", "3|2018-04-18|甲共同体|校园节||艺术节||甲|乙||1|次",
		"4|2018-04-18|甲共同体|微课||分数||甲|乙|李老师|1|节", "5|2018-04-18|甲共同体|限期整改||补齐台账||甲|乙||1|项", "6|2018-04-18|甲共同体|证书||证书||甲|乙|李老师|1|份",
		"7|2018-04-18|甲共同体|证书||无人||甲|||1|份", "8|2018-04-18|甲共同体|师徒结对||青蓝工程||甲|乙|李老师|1|对", "9|2018-04-18|甲共同体|合格率||语文合格率|||乙||96.5|%",
		"10|2018-04-18|甲共同体|合格率||语文合格率|||乙||196.5|%"))
	var got []string
	for _, line := range report.Lines {
		got = append(got, string(line.Outcome)+" "+line.Plan.Command())
	}
	if diff := cmp.Diff([]string{
		"recorded activity.report", "recorded activity.report", "recorded activity.report", "incomplete lesson.report", "recorded rectification.report",
		"recorded recognition.report", "held recognition.report", "incomplete mentorship.report", "incomplete indicator.report", "held indicator.report",
	}, got); diff != "" {
		t.Errorf("outcomes (-want +got):\n%s", diff)
	}
	if held := facts[record.Reported[activity.Activity]](t, o); len(held) != 3 || held[2].Facts.Kinds[0] != "festival" {
		t.Errorf("activities %+v", held)
	}
	if orders := facts[record.Reported[rectification.Facts]](t, o); len(orders) != 1 || orders[0].Facts.Task.IsZero() {
		t.Errorf("orders %+v", orders)
	}
	figures := facts[record.Reported[indicator.Facts]](t, o)
	if len(figures) != 1 || figures[0].Facts.Value != "96.5" || figures[0].Facts.Unit != "%" || figures[0].Facts.Quantity != (record.Quantity{}) ||
		figures[0].Facts.About != calendar.Unknown {
		t.Errorf("figures %+v", figures)
	}
}

// TestALongRowOfARegister takes what a record can say, which is more than a row of
// activities may hold.
func TestALongRowOfARegister(t *testing.T) {
	o := newTestLedger(t)
	var people []string
	for i := range 300 {
		people = append(people, fmt.Sprintf("教师%d（一小）", i))
	}
	report, err := o.registers(t, read("county", readingtest.Sheet(0, "课例登记", rowsOf(lessonHeading,
		"1|甲1|2018-04-18|一小共同体|示范课|"+strings.Repeat("长", 60_000)+"|一小|二小|"+strings.Join(people, "、")+"|2|节|",
		"2|甲2|2018-04-18|一小共同体|示范课|"+strings.Repeat("长", 200_000)+"|一小|二小||2|节|")...)))
	if err != nil || report.Lines[0].Outcome == intake.Held || !errors.Is(report.Lines[1].Plan.Problems[0], reading.ErrRowTooLarge) {
		t.Fatalf("%v, %v", outcomes(report), err)
	}
	if got := facts[record.Reported[lesson.Facts]](t, o); len(got) != 1 || len(got[0].Facts.People) != 300 {
		t.Errorf("%d lessons", len(got))
	}
}

// TestWhatAClerkWritesIntoATemplate reads a cell as it is meant: a date where none
// is meant stays what is shown, brackets may be of half width, and a row of which
// the clerk says that it is not void is taken.
func TestWhatAClerkWritesIntoATemplate(t *testing.T) {
	o := newTestLedger(t)
	s := readingtest.Sheet(0, "课例登记", rowsOf("记录编号|日期|共同体|类别|内容|派出单位|接收单位|人员|数量|单位|班级|作废",
		"|2018-04-18|一小共同体|示范课|课|一小|二小|李老师(一小)、王老师（一小）|2|节||否")...)
	s.Rows[1].Cells[10] = reading.Cell{Text: "3月1日", Date: "day:2026-03-01"}
	report, err := o.registers(t, read("filled", s))
	if err != nil || len(report.Lines) != 1 {
		t.Fatalf("%v, %v", outcomes(report), err)
	}
	got := facts[record.Reported[lesson.Facts]](t, o)
	if len(got) != 1 || got[0].Facts.Class != "3月1日" {
		t.Errorf("recorded %+v", got)
	}
	school := org.SchoolKey(ledger, district, "一小")
	for _, person := range facts[record.Reported[org.Person]](t, o) {
		if person.Facts.School != school {
			t.Errorf("noted %+v", person.Facts)
		}
	}
}

// TestTwoOfOneNameAreNotMadeOne: two people of a school are called the same, as
// their ids in the ledger that exported them say.
func TestTwoOfOneNameAreNotMadeOne(t *testing.T) {
	const one, two = "person-0198c1f3-7c10-7000-8000-000000000001", "person-0198c1f3-7c10-7000-8000-000000000002"
	people := func(turn string) reading.Sheet {
		return readingtest.Sheet(1, "人员", rowsOf("序号|记录编号|学校|名称|变更", "1|"+one+"|一小|李老师|", "2|"+two+"|一小|李老师|"+turn)...)
	}
	taught := readingtest.Sheet(0, "课例登记", rowsOf(lessonHeading, "1|甲1|2018-04-18|一小共同体|示范课|课|一小|二小|"+one+"|2|节|", "2|甲2|2018-04-19|一小共同体|示范课|课|一小|二小|"+two+"|2|节|")...)
	o := newTestLedger(t)
	report, err := o.registers(t, read("county", taught, people("")))
	if err != nil || report.Count(intake.Held) != 2 || report.Lines[1].Outcome != intake.Held || !errors.Is(report.Lines[3].Plan.Problems[0], intake.ErrSameName) {
		t.Fatalf("%v, %v", outcomes(report), err)
	}
	if got := facts[record.Reported[lesson.Facts]](t, o); len(got) != 1 {
		t.Errorf("%d lessons of one person", len(got))
	}
	again, err := o.registers(t, read("county again", taught, people("")))
	if err != nil || again.Added != 0 {
		t.Errorf("again: %v, %v", outcomes(again), err)
	}
}

// TestADryRunForesees what a register's record is refused for, before or only while
// it is recorded, and what then refers to a record that is not there.
func TestADryRunForesees(t *testing.T) {
	const recognised = "|2018-05-02|一小共同体|证书|证书|李小明（一小）|"
	tests := []struct {
		name string
		book reading.Workbook
		want []string
	}{
		{"a name in clear", read("county",
			readingtest.Sheet(0, "课例登记", rowsOf(lessonHeading, "1|甲1|2018-04-18|一小共同体|示范课|课|一小|二小|李小明（一小）|2|李小明|")...),
			readingtest.Sheet(1, "证书与认定登记", rowsOf(recognitionHeading, "1|甲2"+recognised+"甲1|")...)), []string{
			"held lesson.report day:2018-04-18 -number -subject !record.name-in-clear@", "held recognition.report day:2018-05-02 -from !intake.missing-record@相关记录",
		}},
		{"a course that the record refuses", read("county",
			readingtest.Sheet(0, "证书与认定登记", rowsOf(recognitionHeading, "1|甲2"+recognised+"甲1|", "2|甲3"+recognised+"甲2|", "3|甲4"+recognised+"|")...),
			readingtest.Sheet(1, "交流轮岗", rowsOf("记录编号|日期|共同体|类别|内容|派出单位|接收单位|人员|经过", "甲1|2018-04-18|一小共同体|支教|教|一小|二小|李小明（一小）|步骤=推荐交流轮岗人选\n步骤=申请交流轮岗")...)), []string{
			"held recognition.report day:2018-05-02 -from !intake.missing-record@相关记录", "held recognition.report day:2018-05-02 -from !intake.missing-record@相关记录",
			"incomplete recognition.report day:2018-05-02 -from", "held exchange.report day:2018-04-18 -start -end !record.unknown-step@",
		}},
		{"a row pasted twice, to which another refers", read("county",
			readingtest.Sheet(0, "证书与认定登记", rowsOf(recognitionHeading, "1|甲1"+recognised+"|", "2|甲1"+recognised+"|", "3|甲2"+recognised+"甲1|")...)), []string{
			"incomplete recognition.report day:2018-05-02 -from", "held recognition.report day:2018-05-02 !intake.same-record@记录编号",
			"incomplete recognition.report day:2018-05-02 -from",
		}},
		{"a community that merges", read("county",
			readingtest.Sheet(0, "共同体", rowsOf("记录编号|名称|变更", "乙1|一小共同体|变动=并入；日期=2018-01-01；对象=二小共同体")...)), []string{
			"held unknown !tabular.unknown-word@变更",
		}},
	}
	for _, tt := range tests {
		for name, dry := range map[string]bool{"dry": true, "real": false} {
			t.Run(tt.name+", "+name, func(t *testing.T) {
				report, err := newTestLedger(t).county(t, tt.book, intake.Options{DryRun: dry})
				if err != nil {
					t.Fatal(err)
				}
				if diff := cmp.Diff(tt.want, outcomes(report)); diff != "" {
					t.Errorf("outcomes (-want +got):\n%s", diff)
				}
			})
		}
	}
}

// TestWhatCannotBeSeenMakesNoSecondSchool: white space and marks of no width around
// a name, and a line broken within, make no other name; the row's identity is that
// of what is written.
func TestWhatCannotBeSeenMakesNoSecondSchool(t *testing.T) {
	o := newTestLedger(t)
	s := readingtest.Sheet(0, "课例登记", rowsOf(lessonHeading,
		"1||2018-04-18|一小共同体|示范课|课|第一小学|二小|李老师（第一小学）|2|节|", "2||2018-04-18|一小共同体\u200b|示范课|课|第一小学\u3000、二小 |二小|李老师（第一小学\u200b）|2|节|",
		"3||2018-04-18|一小共同体|示范课|课|第一\n小学|成员学校\u3000|李老师\u3000（第一小学）|2|节|")...)
	if report, err := o.county(t, read("county", s), intake.Options{}); err != nil || report.Count(intake.Held) > 0 {
		t.Fatal(outcomes(report), err)
	}
	o.imports(t, "甲校", table("一", "1|2018-04-18|一小共同体\u200b|示范课||课|语文|第一小学\u2060;二小|成员学校\u3000|李老师\u200b|1|节"))
	var names []string
	for _, school := range facts[record.Reported[org.School]](t, o) {
		names = append(names, school.Facts.Name)
	}
	if diff := cmp.Diff([]string{"第一小学", "二小"}, names); diff != "" {
		t.Errorf("schools (-want +got):\n%s", diff)
	}
	if got := len(facts[record.Reported[org.Community]](t, o)); got != 1 {
		t.Errorf("%d communities, want 1", got)
	}
	// One of 第一小学, and in the file of activities one whose school nobody knows.
	if got := len(facts[record.Reported[org.Person]](t, o)); got != 2 {
		t.Errorf("%d people, want 2", got)
	}
}

// TestTwoRowsOfOneSchool: what one leaves open the other adds; where they contradict
// each other the later one is held, and both places are named.
func TestTwoRowsOfOneSchool(t *testing.T) {
	roster := func(rows ...string) reading.Workbook {
		return read("名册", readingtest.Sheet(0, "台账", readingtest.Heading, "1|2018-04-18|甲共同体|会议|线下|会||甲|乙||1|次"),
			readingtest.Sheet(1, "名册", append([]string{"序号|学校|学段|城乡|身份|共同体"}, rows...)...))
	}
	register := func(rows ...string) reading.Workbook {
		return read("county", readingtest.Sheet(0, "学校", rowsOf(schoolHeading, rows...)...))
	}
	tests := []struct {
		name   string
		book   reading.Workbook
		column string // of the contradiction; "" when there is none
		other  string
	}{
		{"a register that agrees", register("1||甲|小学|", "2||甲|小学|"), "", ""},
		{"a register of which one leaves it open", register("1||甲||", "2||甲|小学|"), "", ""},
		{"a register that contradicts itself", register("1||甲|小学|", "2||甲|初中|"), "学段", "学校!2"},
		{"a roster that contradicts itself", roster("1|甲|小学|县城|核心校", "2|甲|初中|县城|"), "学段", "名册!2"},
		{"a roster with two roles in one community", roster("1|甲|小学|县城|核心校", "2|甲|小学|县城|成员校"), "身份", "名册!2"},
		{"a roster with a role in each of two communities", roster("1|甲|小学|县城|核心校|子", "2|甲|小学|县城|成员校|丑"), "", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			o := newTestLedger(t)
			report, err := o.county(t, tt.book, intake.Options{})
			if err != nil {
				t.Fatal(err)
			}
			last := report.Lines[len(report.Lines)-1]
			if held := last.Outcome == intake.Held; held != (tt.column != "") || report.Count(intake.Held) > 1 {
				t.Fatalf("rows became %v", outcomes(report))
			}
			if tt.column != "" {
				f, _ := fault.As(last.Plan.Problems[0])
				if !errors.Is(f, intake.ErrContradicts) || f.Place.Column != tt.column || f.Details[0].Value != tt.other || f.Place.Row != last.Plan.Row.Number {
					t.Errorf("held for %v", f)
				}
			}
			key := org.SchoolKey(ledger, district, "甲")
			if known := o.countyImporter(t).Directory.Schools[key]; known.Facts.Stage != "小学" {
				t.Errorf("the school is %+v", known.Facts)
			}
		})
	}
}
