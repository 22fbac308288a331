package reading_test

import (
	"slices"
	"testing"

	"twinledger/domain/calendar"
	"twinledger/domain/intake/reading"
	"twinledger/domain/intake/reading/readingtest"
)

// TestALostZeroIsAskedOnce: 4.2 is 2 or 20 April, as a text and as a number. The clerk says which,
// or has the rows held that rest on it.
func TestALostZeroIsAskedOnce(t *testing.T) {
	book := workbook(readingtest.Sheet(0, "", "2017—2018学年第二学期送课台账", "日期|类别|内容", "4.2|送课|一", "4.18|送课|二", "5.3|送课|三"))
	book.Sheets[0].Rows[2].Cells[0].Number = "4.2"
	book.Sheets[0].Rows[4].Cells[0].Number = "5.3"
	for answer, want := range map[string][]calendar.Occurred{
		"yes":        {"day:2018-04-02", "day:2018-04-18", "day:2018-05-03"},
		reading.None: {"day:2018-04-20", "day:2018-04-18", "day:2018-05-30"},
		"hold":       {"held", "day:2018-04-18", "held"},
		"":           {"held", "day:2018-04-18", "held"},
	} {
		file, err := reading.Read(book, reading.Settings{Answers: reading.Answers{Choices: map[string]string{"date/day-point-one": answer}}})
		if err != nil || len(file.Questions) != 1 || file.Questions[0].Count != 2 {
			t.Fatalf("asked %+v, %v", file.Questions, err)
		}
		var got []calendar.Occurred
		for _, row := range file.Rows {
			if row.Held {
				row.Occurred = "held"
			}
			got = append(got, row.Occurred)
		}
		if !slices.Equal(got, want) {
			t.Errorf("answered %q, the rows are of %v, want %v", answer, got, want)
		}
		if _, err := file.Questions[0].Chosen("c"); err != nil {
			t.Errorf("the question has no third choice: %v", err)
		}
	}
}

// TestADateInColumnsOfItsOwn reads dates whose parts stand in columns of their own.
func TestADateInColumnsOfItsOwn(t *testing.T) {
	for _, tt := range []struct{ title, heading, cells, want string }{
		{"台账", "年|月|日", "2018|4|18", "day:2018-04-18"},
		{"台账", "年份|月份", "2018年|4月份", "month:2018-04"},
		{"台账", "年份|月份|日", "2018|四月|18日", "day:2018-04-18"},
		{"台账", "年|月", "2018|4-6", "months:2018-04/2018-06"},
		{"台账", "年|月|日", "2018|4|18-20", "span:2018-04-18/2018-04-20"},
		{"台账", "年|月|日", "/|/|/", "unknown"},
		{"台账", "年|月|日", "2018|2|30", "held"},
		{"台账", "年|月|日", "2018||18", "held"},
		{"2017-2018学年第二学期台账", "月|日", "4|18", "day:2018-04-18"},
		{"2018年4月台账", "日|学科", "18|数学", "day:2018-04-18"},
		{"台账", "月/日|年", "4/18|2018", "day:2018-04-18"},
		{"台账", "学年|学期", "2017-2018|第二学期", "term:2017-2018/2"},
		{"台账", "学年度|所属学期", "2017|一", "term:2017-2018/1"},
		{"台账", "学年|学期", "|2017-2018学年第二学期", "term:2017-2018/2"},
		{"台账", "年份|学期", "2018|春季", "term:2017-2018/2"},
		{"台账", "年份|学期", "2018|上", "held"}, // of one of two school years: it is asked
		{"台账", "学年|学期|月|日", "2017-2018|下|4|18", "day:2018-04-18"},
		{"台账", "日期|学年|学期", "2018-04-18|2017-2018|第二学期", "day:2018-04-18"},
		{"台账", "日期|学年|学期", "2018-02-26|2017-2018|第二学期", "day:2018-02-26"}, // a term may begin early
		{"台账", "日期|学年|学期", "2018-04-18|2017-2018|第一学期", "held"},
		{"台账", "日期|学年", "2018-10-18|2017-2018", "held"},
		{"台账", "日期|年份", "2018-10-18|2017", "held"},
		{"台账", "日期|年份", "2018-10-18|2018", "day:2018-10-18"},
		{"台账", "日期|年度", "2018-04-18|2017", "day:2018-04-18"}, // 年度 may be a school year
		{"台账", "日期|月份", "2018-10-18|9月", "held"},
		{"台账", "日期|月份", "2018-10-18|10", "day:2018-10-18"},
		{"台账", "日期|年|月", "18日|2018|4", "day:2018-04-18"},
		{"2017-2018学年台账", "学期|学科", "下学期|数学", "term:2017-2018/2"},
		{"2017-2018学年第二学期台账", "学科|人员", "数学|王老师", "term:2017-2018/2"},
		{"2017-2018学年第二学期台账", "日期|学科", "|数学", "unknown"}, // a cell that is left empty says nothing
		{"台账", "日期|参加工作年份", "2018-04-18|1999", "day:2018-04-18"},
	} {
		lines := []string{tt.title, tt.heading + "|类别|内容|派出单位", tt.cells + "|送课|一|甲"}
		file, err := reading.Read(workbook(readingtest.Sheet(0, "", lines...)), reading.Settings{})
		if err != nil || len(file.Rows) != 1 {
			t.Errorf("%s under %s: %d rows, %v", tt.heading, tt.title, len(file.Rows), err)
			continue
		}
		got := string(file.Rows[0].Occurred)
		if file.Rows[0].Held {
			got = "held"
		}
		if got != tt.want {
			t.Errorf("%s of %s under %s is %s, want %s (%v)", tt.cells, tt.heading, tt.title, got, tt.want, file.Rows[0].Problems)
		}
	}
}

// TestAListOfPairsIsOfNoTerm: a list of a term names pairs that may be older, so its title says no
// date of theirs.
func TestAListOfPairsIsOfNoTerm(t *testing.T) {
	for kind, want := range map[string]calendar.Occurred{"结对": calendar.Unknown, "师徒结对": calendar.Unknown, "送课": "term:2017-2018/2"} {
		file, err := reading.Read(workbook(readingtest.Sheet(0, "", "2017-2018学年第二学期名单", "类别|内容|派出单位|接收单位", kind+"|一|甲小学|乙小学")), reading.Settings{})
		if err != nil || len(file.Rows) != 1 || file.Rows[0].Occurred != want {
			t.Errorf("%s is %+v, want %s (%v)", kind, file.Rows, want, err)
		}
	}
}

// TestOneAnswerForDaysAndTerms: days and terms without a year are asked about apart, but a school
// year that was answered for the days is that of the terms.
func TestOneAnswerForDaysAndTerms(t *testing.T) {
	book := workbook(readingtest.Sheet(0, "", "日期|类别|内容", "4月18日|送课|一", "上学期|送课|二", "春季学期|送课|三"))
	for answer, asked := range map[string]int{"2017-2018学年": 1, "2018": 2, "": 2} {
		file, err := reading.Read(book, reading.Settings{Answers: reading.Answers{Choices: map[string]string{"date/year": answer}}})
		if err != nil || len(file.Questions) != asked {
			t.Errorf("answered %q, %d questions: %+v, %v", answer, len(file.Questions), file.Questions, err)
		}
		if o := file.Rows[2].Occurred; answer != "" && o != "term:2017-2018/2" {
			t.Errorf("answered %q, spring is %s", answer, o)
		}
	}
}

// TestAFormToSignIsNoHeading: 年, 月 and 日 in a line to be signed are no heading of a table, and
// those of another time are no date of the row.
func TestAFormToSignIsNoHeading(t *testing.T) {
	file, err := reading.Read(workbook(readingtest.Sheet(0, "", "填报日期:||年|月|日", "日期|类别|内容|毕业时间|", "|||年|月", "2018-04-18|送课|一|1999|7")), reading.Settings{})
	if err != nil || len(file.Tables) != 1 || file.Tables[0].Heading != 2 || len(file.Rows) != 1 || file.Rows[0].Occurred != "day:2018-04-18" {
		t.Fatalf("read %+v, %v", file.Tables, err)
	}
	for _, c := range file.Tables[0].Columns[3:] {
		if c.Name != "" {
			t.Errorf("%s was read as %s", c.Heading, c.Name)
		}
	}
}
