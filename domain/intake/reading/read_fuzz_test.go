package reading_test

import (
	"slices"
	"strings"
	"testing"

	"twinledger/domain/calendar"
	"twinledger/domain/intake/reading"
	"twinledger/domain/intake/reading/readingtest"
)

// FuzzRead reads a sheet of any rows, with any answers: each row below a heading comes out once,
// as a record, a total or a part of the frame; each record says what it is or why it is held;
// each question has a key of its own and words. So it is too when a question is answered, by
// each of its choices.
func FuzzRead(f *testing.F) {
	f.Add("青山教共体2018年春季学期台账", readingtest.Heading, "1|3月5日|青山教共体|示范课|送课|荷花|语文、数学|明德小学/石桥小学|张湾小学等3所学校|王小明（主讲） 李老师|约30|节|照片|无\n合计|||||||||||30|")
	f.Add("", "日期|类别|活动名称|学校|授课教师|听课教师|节数|人次", "4.2|送教下乡|课|明德|王老师|李老师等5人|2-3节|十余\n同上|〃|同上|同上|#N/A|=A1|半天|1.8e+01")
	f.Add("二〇一七—二〇一八学年", "年|月|日|学期|类别|内容", "18|4|2|第二学期|听课|课\n||5|下|走访|访\n\n制表人:|王某")
	f.Add("", "学校|学段|身份", "明德小学|小学|核心校\n张湾小学|小学|成员校")
	f.Add("结对一览", "日期|类别|派出方||接收方\n||学校|教师|学校", "2018-03-01|结对|明德小学|王老师|张湾小学")
	f.Fuzz(func(t *testing.T, title, heading, rows string) {
		if len(title)+len(heading)+len(rows) > 3000 {
			return
		}
		sheet := readingtest.Sheet(0, "春", strings.Split(title+"\n"+heading+"\n"+rows, "\n")...)
		book := reading.Workbook{File: "台账.xlsx", Form: "xlsx", Sheets: []reading.Sheet{sheet}}
		settings := reading.Settings{Known: known{[]string{"明德小学"}, []string{"王老师"}}, Today: calendar.Day("2018-07-01")}
		file, err := reading.Read(book, settings)
		if err != nil {
			return
		}
		readOnce(t, sheet, file)
		for _, q := range file.Questions {
			for _, choice := range q.Choices {
				answered := settings
				answered.Answers.Choices = map[string]string{q.Key: choice.Value}
				again, err := reading.Read(book, answered)
				if err != nil {
					t.Fatalf("%s answered by %q: %v", q.Key, choice.Value, err)
				}
				readOnce(t, sheet, again)
			}
		}
	})
}

// readOnce checks what was read of a sheet.
func readOnce(t *testing.T, sheet reading.Sheet, file reading.File) {
	t.Helper()
	where := map[int]int{}
	for _, row := range file.Rows {
		where[row.Number]++
		if len(row.Statements) == 0 && !row.Held && len(row.Problems) == 0 {
			t.Errorf("row %d says nothing, and not why", row.Number)
		}
	}
	heading := len(sheet.Rows) + 10
	for _, table := range file.Tables {
		if table.Form == reading.Unfamiliar {
			continue
		}
		heading = min(heading, table.Heading)
		for _, passed := range table.PassedOver() {
			where[passed.Number]++
		}
	}
	for _, row := range sheet.Rows {
		says := slices.ContainsFunc(row.Cells, func(c reading.Cell) bool { return c.Text != "" })
		if n := where[row.Number]; n > 1 || n == 0 && says && row.Number > heading+1 && !anotherHeading(file, row.Number) {
			t.Errorf("row %d comes out %d times", row.Number, n)
		}
	}
	keys := map[string]bool{}
	for _, q := range file.Questions {
		if keys[q.Key] || q.Key == "" || q.ZH == "" || q.EN == "" {
			t.Errorf("a question without a key or words of its own: %+v", q)
		}
		keys[q.Key] = true
	}
}

// anotherHeading tells whether a row is the heading of a table, or the second row of one.
func anotherHeading(file reading.File, number int) bool {
	return slices.ContainsFunc(file.Tables, func(t reading.Table) bool { return number == t.Heading || number == t.Heading+1 })
}
