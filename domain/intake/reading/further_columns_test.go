package reading_test

import (
	"slices"
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"twinledger/domain/heading"
	"twinledger/domain/intake/reading"
	"twinledger/domain/intake/reading/readingtest"
	"twinledger/domain/mentorship"
	"twinledger/domain/record"
	"twinledger/domain/tabular"
)

// readTable reads a table with one row under answers, and returns its file.
func readTable(t *testing.T, headings, cells string, answers map[string]string) reading.File {
	t.Helper()
	file, err := reading.Read(workbook(readingtest.Sheet(0, "", headings, cells)), reading.Settings{Answers: reading.Answers{Choices: answers}})
	if err != nil || len(file.Rows) != 1 || len(file.Rows[0].Statements) != 1 {
		t.Fatalf("%s: read %+v, %v", headings, file.Rows, err)
	}
	return file
}

// common returns the facts of the one row of a file.
func common(file reading.File) record.Facts {
	return file.Rows[0].Statements[0].Facts.(interface{ Common() record.Facts }).Common()
}

// kept returns the cells that a record keeps as they are written.
func kept(f record.Facts) string {
	var out []string
	for _, cell := range f.AsWritten {
		out = append(out, cell.Column+"="+cell.Text.Clear)
	}
	return strings.Join(out, " ")
}

// TestColumnsOfNumbers: lessons, sessions and times are the number, people attend, and every other
// column is asked about once or kept as it is written.
func TestColumnsOfNumbers(t *testing.T) {
	for _, tt := range []struct {
		headings, cells              string
		answers                      map[string]string
		number, attended, kept, asks string
	}{
		{"节数|人次", "2|36", nil, "2节", "36人次", "", ""},
		{"人次|节数", "36|2", nil, "2节", "36人次", "", ""},
		{"听课人数/人|数量（节）", "约30|2", nil, "2节", "30人", "", ""},
		{"数量|单位|参加人数", "2|节|36", nil, "2节", "36人", "", ""},
		{"参加人数|场次", "36人|1", nil, "1场", "36人", "", ""},
		{"场次|参加人数", "1|36人次", nil, "1场", "", "数量=参加人数：36人次", ""},
		{"节数|参加人数", "2|若干", nil, "2节", "", "数量=参加人数：若干", ""},
		{"节数|参加人数", "2|/", nil, "2节", "", "", ""},
		{"节数|实到人数|人次", "2|30|36", nil, "2节", "", "数量=实到人数：30 数量=人次：36", "further/数量/实到人数 further/数量/人次"},
		{"节数|受益人数", "2|300", nil, "2节", "", "数量=受益人数：300", "further/数量/受益人数"},
		{"节数|受益人数", "2|300", map[string]string{"further/数量/受益人数": "use"}, "2节", "300人", "", "further/数量/受益人数"},
		{"节数|受益人数", "2|300", map[string]string{"further/数量/受益人数": "-"}, "2节", "", "", "further/数量/受益人数"},
		{"节数|受益人数", "2|300", map[string]string{"further/数量/受益人数": "keep"}, "2节", "", "数量=受益人数：300", "further/数量/受益人数"},
		{"课时|节数", "4|2", nil, "2节", "", "数量=课时：4", "further/数量/课时"},
		{"数量|单位|课时", "2|节|4", nil, "2节", "", "数量=课时：4", "further/数量/课时"},
		{"课时|人次", "4|36", nil, "4课时", "36人次", "", "measure/课时"},
		{"课时|人次", "4|36", map[string]string{"measure/课时": "lesson"}, "4节", "36人次", "", "measure/课时"},
		{"次数|节数", "1|3", nil, "3节", "", "数量=次数：1", "number/次数、节数 further/数量/次数"},
		{"次数|节数", "1|3", map[string]string{"number/次数、节数": "次数"}, "1次", "", "数量=节数：3", "number/次数、节数 further/数量/节数"},
		{"数量|单位|节数", "1|次|3", nil, "3节", "", "数量=数量：1 次", "number/数量、节数 further/数量/数量"},
	} {
		file := readTable(t, "日期|类别|"+tt.headings, "2018-04-18|送课|"+tt.cells, tt.answers)
		f := common(file)
		var asked []string
		for _, q := range file.Questions {
			asked = append(asked, q.Key)
		}
		if got := f.Quantity.Number + f.Quantity.Measure.Text; got != tt.number {
			t.Errorf("%s of %s: number %s, want %s", tt.cells, tt.headings, got, tt.number)
		}
		if got := f.Attendance.Number + f.Attendance.Measure.Text; got != tt.attended {
			t.Errorf("%s of %s: attended %s, want %s", tt.cells, tt.headings, got, tt.attended)
		}
		if got := kept(f); got != tt.kept {
			t.Errorf("%s of %s: kept %s, want %s", tt.cells, tt.headings, got, tt.kept)
		}
		if got := strings.Join(asked, " "); got != tt.asks {
			t.Errorf("%s of %s: asked %s, want %s", tt.cells, tt.headings, got, tt.asks)
		}
		for _, q := range file.Questions {
			if tt.answers[q.Key] == "" && strings.HasPrefix(q.Key, "further/") && len(file.Rows[0].Problems) == 0 {
				t.Errorf("%s of %s: the row does not say that a column was not understood", tt.cells, tt.headings)
			}
		}
	}
}

// TestAMappedColumnIsTheNumber: what the clerk maps to 数量 is the number, whatever else would be.
func TestAMappedColumnIsTheNumber(t *testing.T) {
	settings := reading.Settings{Answers: reading.Answers{Columns: map[string]string{"人次": reading.ColumnQuantity}}}
	file, err := reading.Read(workbook(readingtest.Sheet(0, "", "日期|类别|节数|人次", "2018-04-18|送课|2|36")), settings)
	if err != nil || len(file.Rows) != 1 {
		t.Fatalf("read %+v, %v", file.Rows, err)
	}
	if f := common(file); f.Quantity.Number != "36" || f.Quantity.Measure.Text != "人次" || kept(f) != "数量=节数：2" {
		t.Errorf("read %+v", f)
	}
}

// TestAUnitThatContradictsAnyHeading: whatever unit a heading names, a row that names another in
// 单位 or beside the number has no number, says where, and keeps what is written.
func TestAUnitThatContradictsAnyHeading(t *testing.T) {
	checked := 0
	for _, word := range append(heading.Words(reading.ColumnQuantity, heading.Activity), "数量（件）", "数量(万元)", "数量（课次）", "数量/台") {
		measure := ""
		if found := heading.Of(word); len(found) > 0 {
			measure = found[0].Measure.Text
		}
		if measure == "" {
			continue
		}
		other, known := "张", map[string]string{"columns/" + word + "→数量": "yes"} // 走教次数 makes a table of posted teachers
		for _, cells := range []string{"2|" + other, "2" + other + "|", "2" + other + "|" + measure} {
			file := readTable(t, "日期|类别|"+word+"|单位", "2018-04-18|送课|"+cells, known)
			f := common(file)
			if f.Quantity.Number != "" || kept(f) == "" || !slices.Contains(codes(file.Rows[0].Problems), "quantity.two-measures") {
				t.Errorf("%s under %s became %+v, %v", cells, word, f.Quantity, file.Rows[0].Problems)
			}
			checked++
		}
		if f := common(readTable(t, "日期|类别|"+word+"|单位", "2018-04-18|送课|2|"+measure, known)); f.Quantity.Number != "2" {
			t.Errorf("2 %s under %s became %+v", measure, word, f.Quantity)
		}
	}
	if checked < 60 {
		t.Errorf("only %d units were tried", checked)
	}
}

// TestColumnsOfPeople: people of a further column are people of the record once the clerk says so,
// and until then kept as they are written.
func TestColumnsOfPeople(t *testing.T) {
	for _, tt := range []struct {
		answer, people, kept string
		problems             int
	}{
		{"", "王老师", "人员=听课教师：李老师、赵老师", 1},
		{"use", "王老师 李老师 赵老师", "", 0},
		{"keep", "王老师", "人员=听课教师：李老师、赵老师", 0},
		{"-", "王老师", "", 0},
	} {
		file := readTable(t, "日期|类别|人员|听课教师", "2018-04-18|送课|王老师|李老师、赵老师", map[string]string{"further/人员/听课教师": tt.answer})
		f := common(file)
		var names []string
		for _, person := range f.People {
			_, name := tabular.PersonNamed(person)
			names = append(names, name)
		}
		if got := strings.Join(names, " "); got != tt.people || kept(f) != tt.kept || len(file.Rows[0].Problems) != tt.problems || len(file.Questions) != 1 {
			t.Errorf("answered %q: people %q, kept %s, problems %v, asked %d", tt.answer, got, kept(f), file.Rows[0].Problems, len(file.Questions))
		}
	}
}

// TestClassHoursSayWhyTheyDoNotCount: a number in 课时 that counts as no lesson and no session says so.
func TestClassHoursSayWhyTheyDoNotCount(t *testing.T) {
	for kind, want := range map[string]string{"送课": "intake.class-hours", "教研活动": "intake.length-of-time", "会议": "intake.length-of-time", "交流轮岗": ""} {
		file := readTable(t, "日期|类别|数量|单位", "2018-04-18|"+kind+"|4|课时", nil)
		if got := strings.Join(codes(file.Rows[0].Problems), " "); got != want || common(file).Quantity.Number != "4" {
			t.Errorf("%s: %s, %+v", kind, got, common(file).Quantity)
		}
	}
}

// TestTheUsualWordIsTheColumn: of two headings that may be 人员, the usual word for it is asked as
// such, wherever it stands, and the other beside it.
func TestTheUsualWordIsTheColumn(t *testing.T) {
	for headings, want := range map[string]string{"负责人|授课教师": "授课教师→人员", "授课教师|负责人": "授课教师→人员", "接收教师|执教人": "执教人→人员"} {
		file, err := reading.Read(workbook(readingtest.Sheet(0, "", "日期|类别|"+headings, "2018-04-18|送课|王老师|李老师")), reading.Settings{})
		if err != nil || len(file.Questions) != 1 || file.Questions[0].Written != want {
			t.Errorf("%s: asked %+v, %v", headings, file.Questions, err)
		}
	}
}

// TestMentorAndMentee: the two columns are roles in a record of mentor and mentee, and in any
// other kind of record people who are asked about.
func TestMentorAndMentee(t *testing.T) {
	for _, headings := range []string{"师傅|徒弟", "导师姓名|学员姓名", "指导教师|青年教师", "徒弟|师傅"} {
		cells := "王老师|李老师"
		if headings == "徒弟|师傅" {
			cells = "李老师|王老师"
		}
		file := readTable(t, "日期|类别|派出单位|接收单位|"+headings, "2018-04-18|师徒结对|甲|乙|"+cells, nil)
		f, is := file.Rows[0].Statements[0].Facts.(mentorship.Facts)
		if !is || !strings.HasPrefix(f.Mentor, "甲") || !strings.HasSuffix(f.Mentor, "王老师") || !strings.HasPrefix(f.Mentee, "乙") || !strings.HasSuffix(f.Mentee, "李老师") || len(file.Questions) > 0 {
			t.Errorf("%s: %+v, asked %v", headings, f, file.Questions)
		}
	}
	same, err := reading.Read(workbook(readingtest.Sheet(0, "", "日期|类别|师傅|徒弟", "2018-04-18|师徒结对|王老师|王老师")), reading.Settings{})
	if err != nil || !same.Rows[0].Held {
		t.Errorf("somebody is the own mentor: %+v, %v", same.Rows, err)
	}
	file := readTable(t, "日期|类别|人员|指导教师|徒弟", "2018-04-18|送课|王老师|李老师|赵老师", nil)
	if got := kept(common(file)); got != "人员=指导教师：李老师 人员=徒弟：赵老师" || len(file.Questions) != 2 {
		t.Errorf("kept %s, asked %d", got, len(file.Questions))
	}
}

// TestNoNumberAndNobodyIsLost: whatever columns of numbers and people a table has, each of their
// cells is in the record, as it is read or as it is written.
func TestNoNumberAndNobodyIsLost(t *testing.T) {
	headings := []string{"数量", "节数", "次数", "场次", "人次", "参加人数", "受益人数", "课时", "天数", "数量（台）", "金额", "人员", "授课教师", "听课教师", "派出教师", "接收教师", "指导教师", "徒弟", "负责人", "记录人"}
	rapid.Check(t, func(t *rapid.T) {
		chosen := rapid.SliceOfNDistinct(rapid.SampledFrom(headings), 1, 6, rapid.ID).Draw(t, "headings")
		kind := rapid.SampledFrom([]string{"送课", "支教", "师徒结对", "会议"}).Draw(t, "kind")
		top, row := []string{"日期", "类别", "内容", "派出单位"}, []string{"2018-04-18", kind, "一", "甲小学"}
		for i, text := range chosen {
			cell := rapid.SampledFrom([]string{strconv.Itoa(70 + i), strconv.Itoa(70+i) + "多", string([]rune("赵钱孙李周吴")[i]) + "老师"}).Draw(t, "cell")
			top, row = append(top, text), append(row, cell)
		}
		book := workbook(readingtest.Sheet(0, "", strings.Join(top, "|"), strings.Join(row, "|")))
		answers := map[string]string{}
		file, err := reading.Read(book, reading.Settings{Answers: reading.Answers{Choices: answers}})
		for range 3 { // what the columns are is asked first, and nothing is imported before it is answered
			for _, q := range file.Questions {
				if q.Stops {
					answers[q.Key] = q.Choices[0].Value
				}
			}
			file, err = reading.Read(book, reading.Settings{Answers: reading.Answers{Choices: answers}})
		}
		if err != nil || len(file.Rows) != 1 || len(file.Rows[0].Statements) != 1 {
			t.Fatalf("read %+v, %v", file.Rows, err)
		}
		said := common(file)
		text := strings.Join(append(said.People, said.Quantity.Text, said.Attendance.Text, kept(said)), " ")
		if pair, is := file.Rows[0].Statements[0].Facts.(mentorship.Facts); is {
			text += pair.Mentor + pair.Mentee
		}
		for i, cell := range row[4:] {
			if !strings.Contains(text, cell) {
				t.Fatalf("%s under %s is lost: %s", cell, chosen[i], text)
			}
		}
	})
}

// TestColumnsUnderOneHeading: prose under one heading is joined, and what was meant to be one thing
// is asked about.
func TestColumnsUnderOneHeading(t *testing.T) {
	const headings = "日期|类别|派出单位|内容|内容|备注|备注"
	facts := common(readTable(t, headings, "2018-04-18|送课|甲校|第一课|第二课||雨天", nil))
	if facts.Title.Clear != "第一课；第二课" || facts.Remark.Clear != "雨天" || kept(facts) != "" {
		t.Errorf("title %q, remark %q, kept %q", facts.Title.Clear, facts.Remark.Clear, kept(facts))
	}
	for answer, want := range map[string]string{"": "甲校>乙校", "1派出单位/2接收单位": "甲校>乙校", "1接收单位/2派出单位": "乙校>甲校", "2派出单位": "乙校", reading.None: ""} {
		file := readTable(t, "日期|类别|学校|学校|内容", "2018-04-18|送课|甲校|乙校|课", map[string]string{"repeated/学校": answer})
		facts, got := common(file), ""
		for _, unit := range facts.From {
			got += unit.School
		}
		for _, unit := range facts.To {
			got += ">" + unit.School
		}
		if got != want || len(file.Questions) != 1 || !file.Questions[0].Stops {
			t.Errorf("answered %q: %q, want %q; asked %d", answer, got, want, len(file.Questions))
		}
	}
}

// TestHowManyAttendedIsNoNumber: 参加人数 is no 数量, be there another number or not.
func TestHowManyAttendedIsNoNumber(t *testing.T) {
	for _, heading := range []string{"参加人数", "听课人数", "参与人数", "实到人数"} {
		file := readTable(t, "日期|类别|派出单位|内容|"+heading, "2018-04-18|教研活动|甲校|备课|36", nil)
		facts := common(file)
		if facts.Attendance.Number != "36" || facts.Quantity.Number != "" || len(file.Questions) != 0 {
			t.Errorf("%s: attended %q, number %q, asked %d", heading, facts.Attendance.Number, facts.Quantity.Number, len(file.Questions))
		}
	}
}
