package reading_test

import (
	"testing"

	"twinledger/domain/calendar"
	"twinledger/domain/exchange"
	"twinledger/domain/intake/reading"
	"twinledger/domain/intake/reading/readingtest"
	"twinledger/domain/record"
)

// lesson returns what a table of lessons with one row says of it: its facts, and the codes of
// its problems. Cells stand in the order of the heading.
func lesson(t *testing.T, heading, cells string) (record.Facts, []string) {
	t.Helper()
	file, err := reading.Read(workbook(readingtest.Sheet(0, "", heading, cells)), reading.Settings{})
	if err != nil || len(file.Rows) != 1 || len(file.Rows[0].Statements) != 1 {
		t.Fatalf("read %+v, %v", file.Rows, err)
	}
	said := file.Rows[0].Statements[0].Facts.(interface{ Common() record.Facts })
	return said.Common(), codes(file.Rows[0].Problems)
}

// TestWordsForNoEvidence are empty under 佐证材料; whatever may be evidence is not.
func TestWordsForNoEvidence(t *testing.T) {
	for _, none := range []string{"无", "否", "/", "—", "0", "零", "0份", "0张", "没有照片", "无照片", "无资料", "没拍", "丢失", "未留存", "尚未上传", "待上传", "不需要", "无需", "N", "no", "☐", "?", "【无】", "“无”", "(无)"} {
		if facts, _ := lesson(t, "日期|类别|佐证材料", "2018-04-18|送课|"+none); len(facts.Evidence) != 0 {
			t.Errorf("%s is %q", none, facts.Evidence[0].Clear)
		}
	}
	for _, some := range []string{"照片", "照片5张", "√", "有", "1", "无锡之行照片", "待改进意见表", "见附件"} {
		if facts, _ := lesson(t, "日期|类别|佐证材料", "2018-04-18|送课|"+some); len(facts.Evidence) != 1 {
			t.Errorf("%s is none", some)
		}
	}
}

// TestWhatIsNoCommunity leaves the community unknown and keeps the cell.
func TestWhatIsNoCommunity(t *testing.T) {
	for cell, want := range map[string]string{
		"青山教共体": "青山教共体", "青山教共体、白石教共体": "", "青山教共体/白石教共体": "", "青山教共体；白石教共体": "", "各共同体": "", "王老师": "", "寒亭—仓上互助共同体": "寒亭—仓上互助共同体",
	} {
		facts, _ := lesson(t, "日期|共同体|类别", "2018-04-18|"+cell+"|送课")
		if facts.Community != want || (want == "") != (len(facts.AsWritten) == 1) {
			t.Errorf("%s became %q, kept %v", cell, facts.Community, facts.AsWritten)
		}
	}
}

// TestAUnitThatContradictsTheHeading leaves the number unknown.
func TestAUnitThatContradictsTheHeading(t *testing.T) {
	facts, problems := lesson(t, "日期|类别|数量(人次)|单位", "2018-04-18|送课|2|节")
	if facts.Quantity.Number != "" || len(problems) != 1 || problems[0] != "quantity.two-measures" {
		t.Errorf("read %+v, %v", facts.Quantity, problems)
	}
}

// TestRowsThatAreNoRecordsAreTold: totals are told as the frame is, and a row with all that a
// record says is a record whatever its first text is.
func TestRowsThatAreNoRecordsAreTold(t *testing.T) {
	file, err := reading.Read(workbook(readingtest.Sheet(0, "", "日期|类别|内容|派出单位|数量|单位", "2018-04-18|送课|第一课|甲|1|节", "合计||||1|节", "合计1节", "2018-04-19|送课|合计|甲|1|节", "填表人：王老师")),
		reading.Settings{})
	if err != nil || len(file.Rows) != 2 {
		t.Fatalf("%d rows, %v", len(file.Rows), err)
	}
	var told []int
	for _, frame := range file.Tables[0].PassedOver() {
		told = append(told, frame.Number)
	}
	if len(told) != 3 || told[0] != 3 || told[1] != 4 || told[2] != 6 {
		t.Errorf("told %v", told)
	}
}

// TestTwoRowsOfHeadingsUnderGroups: 学校 under 派出方 sends, 学校 under 接收方 receives.
func TestTwoRowsOfHeadingsUnderGroups(t *testing.T) {
	file, err := reading.Read(workbook(readingtest.Sheet(0, "", "日期|类别|派出方||接收方", "||学校|教师|学校|班级", "2018-04-18|送课|明德小学|王老师|张湾小学|三(2)班")), reading.Settings{})
	if err != nil {
		t.Fatal(err)
	}
	columns := map[string]string{}
	for _, c := range file.Tables[0].Columns {
		columns[c.Name] = c.Heading
	}
	if columns[reading.ColumnFrom] != "派出方/学校" || columns[reading.ColumnTo] != "接收方/学校" {
		t.Errorf("read %+v", file.Tables[0].Columns)
	}
}

// TestStartAndEndAreADate: the first and the last day in columns of their own are one date.
func TestStartAndEndAreADate(t *testing.T) {
	for cells, want := range map[string]string{"2018-09-01|2019-07-10": "span:2018-09-01/2019-07-10", "2018年9月|2019年7月": "months:2018-09/2019-07", "2018-09-01|2018-09-01": "day:2018-09-01"} {
		file, err := reading.Read(workbook(readingtest.Sheet(0, "", "类别|开始日期|结束日期|派出单位", "支教|"+cells+"|甲")), reading.Settings{})
		if err != nil || len(file.Rows) != 1 || string(file.Rows[0].Occurred) != want {
			t.Errorf("%s became %+v, want %s (%v)", cells, file.Rows, want, err)
		}
	}
	file, err := reading.Read(workbook(readingtest.Sheet(0, "", "类别|开始日期|结束日期|派出单位", "支教|2018-09-01||甲")), reading.Settings{})
	if err != nil {
		t.Fatal(err)
	}
	posting, is := file.Rows[0].Statements[0].Facts.(exchange.Facts)
	if !is || posting.Start != "day:2018-09-01" || posting.End != calendar.Unknown {
		t.Errorf("a beginning alone became %+v", posting)
	}
}

// TestWhatDidNotTakePlaceIsHeld: a row that says so is held until the clerk says otherwise, and
// that is asked once for the file and each sort of saying.
func TestWhatDidNotTakePlaceIsHeld(t *testing.T) {
	book := workbook(readingtest.Sheet(0, "", "日期|类别|内容|状态|备注", "2018-04-18|送课|一|已完成|", "2018-04-19|送课|二|已取消|", "2018-04-20|送课|三|已完成|因疫情取消", "2018-04-21|送课|四|计划|"))
	for answer, held := range map[string]int{"": 3, "held": 3, "took-place": 1} {
		file, err := reading.Read(book, reading.Settings{Answers: reading.Answers{Choices: map[string]string{"cancelled": answer}}})
		if err != nil || len(file.Questions) != 2 || file.Questions[0].Count != 2 || file.Questions[1].Key != "planned" || file.Questions[1].Count != 1 {
			t.Fatalf("asked %+v, %v", file.Questions, err)
		}
		found := 0
		for _, row := range file.Rows {
			if row.Held {
				found++
			}
		}
		if found != held {
			t.Errorf("answered %q, %d rows are held, want %d", answer, found, held)
		}
	}
}
