package reading_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"twinledger/domain/fault"
	"twinledger/domain/intake/reading"
	"twinledger/domain/intake/reading/readingtest"
	"twinledger/domain/record"
	"twinledger/domain/tabular"
)

// known is a ledger that has these names.
type known struct{ schools, people []string }

func (k known) School(name string) bool { return slices.Contains(k.schools, name) }
func (k known) Person(name string) bool { return slices.Contains(k.people, name) }
func (known) Community(string) bool     { return false }

// A listed is what a cell that lists things became.
type listed struct {
	Names   []string
	Problem string // code
	Asks    string // code of the question
	Kept    string // the cell as the record keeps it
}

// readOne reads a file of one lesson with a cell.
func readOne(t interface {
	Helper()
	Fatal(args ...any)
}, column, cell string, s reading.Settings) (reading.File, listed) {
	t.Helper()
	w := workbook(readingtest.Sheet(0, "", "日期|共同体|类别|"+column))
	row := reading.PhysicalRow{Number: 2, Cells: []reading.Cell{{Text: "2018-04-18"}, {Text: "甲共同体"}, {Text: "示范课"}, {Text: cell}}}
	w.Sheets[0].Rows = append(w.Sheets[0].Rows, row)
	file, err := reading.Read(w, s)
	if err != nil || len(file.Rows) != 1 || len(file.Rows[0].Statements) != 1 {
		t.Fatal(file.Rows, err)
	}
	facts := file.Rows[0].Statements[0].Facts.(interface{ Common() record.Facts }).Common() //nolint:forcetypeassert // all are
	var got listed
	switch column {
	case reading.ColumnSubject:
		for _, word := range facts.Subjects {
			got.Names = append(got.Names, word.Text)
		}
	case reading.ColumnPeople:
		for _, person := range facts.People {
			_, name := tabular.PersonNamed(person)
			got.Names = append(got.Names, name)
		}
	default:
		for _, unit := range facts.From {
			got.Names = append(got.Names, unit.School+string(unit.Group))
		}
	}
	for _, problem := range file.Rows[0].Problems {
		if f, ok := fault.As(problem); ok {
			got.Problem += f.Code
		}
	}
	for _, q := range file.Questions {
		got.Asks += q.Code
	}
	for _, cell := range facts.AsWritten {
		got.Kept += cell.Text.Clear
	}
	return file, got
}

// TestACellThatListsThings is parted where it is certain; else it is kept as it is written,
// and what may be several names is asked.
func TestACellThatListsThings(t *testing.T) {
	const schools, people, subjects = reading.ColumnFrom, reading.ColumnPeople, reading.ColumnSubject
	ledger := known{[]string{"夹河", "东楼", "一小、二小联盟"}, []string{"东方不败", "甲和乙"}}
	whole := func(names ...string) listed { return listed{Names: names} }
	tests := []struct {
		name, column, cell string
		want               listed
	}{
		{"one school", schools, "夹河小学", whole("夹河小学")},
		{"the full-width sign", schools, "甲；乙；丙", whole("甲", "乙", "丙")},
		{"the normalised sign, spaces and empty parts", schools, " 甲; 乙 ;;", whole("甲", "乙")},
		{"lines", schools, "甲\n乙\r\n丙", whole("甲", "乙", "丙")},
		{"twice the same", schools, "甲；乙；甲", whole("甲", "乙")},
		{"schools by their words", schools, "城关小学、夹河中学", whole("城关小学", "夹河中学")},
		{"schools by any sign", schools, "城关小学/夹河中学，东楼幼儿园", whole("城关小学", "夹河中学", "东楼幼儿园")},
		{"schools parted by spaces", schools, "城关小学 夹河中学", whole("城关小学", "夹河中学")},
		{"schools joined by a word", schools, "城关小学和夹河中学", whole("城关小学", "夹河中学")},
		{"schools that the ledger knows", schools, "夹河、东楼", whole("夹河", "东楼")},
		{"a known name with a sign in it", schools, "一小、二小联盟", whole("一小、二小联盟")},
		{"a school and what may be anything", schools, "城关小学、甲", listed{nil, "intake.several-units", "list-of-schools", "城关小学、甲"}},
		{"beside a certain one", schools, "乙;丙,丁", listed{[]string{"乙"}, "intake.several-units", "list-of-schools", "乙;丙,丁"}},
		{"the members", schools, "成员学校", whole("members")},
		{"the members and a school", schools, "各成员校；乙", whole("乙", "members")},
		{"a group", schools, "各校", listed{nil, "intake.group-of-schools", "group-of-schools", "各校"}},
		{"so many schools", schools, "四校", listed{nil, "intake.group-of-schools", "group-of-schools", "四校"}},
		{"a school and others", schools, "城关小学等3所学校", listed{[]string{"城关小学"}, "intake.group-of-schools", "", "城关小学等3所学校"}},
		{"two by their posts", people, "王老师、李老师", whole("王老师", "李老师")},
		{"two by their surnames", people, "王小明,李华", whole("王小明", "李华")},
		{"two parted by a space", people, "王老师 李老师", whole("王老师", "李老师")},
		{"two that the ledger knows", people, "东方不败/王老师", whole("东方不败", "王老师")},
		{"a known name with a word in it", people, "甲和乙", whole("甲和乙")},
		{"one who may be two", people, "东方不败 西门吹雪", listed{nil, "intake.several-people", "list-of-people", "东方不败 西门吹雪"}},
		{"a name that is lined up", people, "李　华", whole("李华")},
		{"two of whom one is lined up", people, "王小明 李 华", listed{nil, "intake.several-people", "list-of-people", "王小明 李 华"}},
		{"what somebody does", people, "王小明(主讲)", listed{Names: []string{"王小明"}, Kept: "王小明(主讲)"}},
		{"a mark", people, "王小明*", listed{Names: []string{"王小明"}, Kept: "王小明*"}},
		{"a telephone", people, "王小明 15911112222", listed{nil, "intake.several-people", "list-of-people", "王小明 15911112222"}},
		{"a number", people, "5", listed{nil, "intake.several-people", "list-of-people", "5"}},
		{"a place and a school", schools, "某县 第二小学", whole("某县第二小学")},
		{"two schools of which one is short", schools, "明德小学 石桥", listed{nil, "intake.several-units", "list-of-schools", "明德小学 石桥"}},
		{"a name with 和 in it", schools, "城关小学和平校区", whole("城关小学和平校区")},
		{"a sign at the end", schools, "张湾小学、", whole("张湾小学")},
		{"a way to meet", schools, "腾讯会议", listed{nil, "intake.several-units", "list-of-schools", "腾讯会议"}},
		{"a class", schools, "三年级", listed{nil, "intake.several-units", "list-of-schools", "三年级"}},
		{"several of whom one is no name", people, "语文、数学教师", listed{nil, "intake.several-people", "list-of-people", "语文、数学教师"}},
		{"somebody and others", people, "王老师等5人", listed{[]string{"王老师"}, "intake.group-of-people", "", "王老师等5人"}},
		{"those of a sort", people, "高级教师", listed{nil, "intake.group-of-people", "", "高级教师"}},
		{"nobody by name", people, "全体教师", listed{nil, "intake.group-of-people", "", "全体教师"}},
		{"two subjects", subjects, "语文、数学", whole("语文", "数学")},
		{"three subjects by any sign", subjects, "语文/数学 英语", whole("语文", "数学", "英语")},
		{"subjects in short", subjects, "语、数、英", whole("语", "数", "英")},
		{"a subject of its own", subjects, "写字、算术启蒙", whole("写字、算术启蒙")},
		{"nothing", people, "", listed{}},
		{"a placeholder", people, "无", listed{}},
		{"a sign alone", schools, "——", listed{}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, got := readOne(t, tt.column, tt.cell, reading.Settings{Known: ledger})
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("%s became (-want +got):\n%s", tt.cell, diff)
			}
		})
	}
}

// TestAListIsAnswered: each choice of the question leaves the cell told apart, or kept.
func TestAListIsAnswered(t *testing.T) {
	tests := []struct {
		name, column, cell, answer string
		want                       listed
	}{
		{"several", reading.ColumnFrom, "甲、丁", "a", listed{Names: []string{"甲", "丁"}}},
		{"one", reading.ColumnFrom, "甲、丁", "b", listed{Names: []string{"甲、丁"}}},
		{"neither", reading.ColumnFrom, "甲、丁", "c", listed{nil, "intake.several-units", "", "甲、丁"}},
		{"in words of one's own", reading.ColumnPeople, "语文、数学教师", "王老师；李老师", listed{Names: []string{"王老师", "李老师"}}},
		{"the members", reading.ColumnFrom, "四校", "a", listed{Names: []string{"members"}}},
		{"these schools", reading.ColumnFrom, "四校", "城关小学；夹河", listed{Names: []string{"城关小学", "夹河"}}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			file, _ := readOne(t, tt.column, tt.cell, reading.Settings{})
			choices, _, err := reading.Answered(file.Questions, map[string]string{"1": tt.answer})
			if err != nil {
				t.Fatal(err)
			}
			file, got := readOne(t, tt.column, tt.cell, reading.Settings{Answers: reading.Answers{Choices: choices}})
			if len(file.Questions) != 1 || file.Questions[0].Open() {
				t.Errorf("asked %+v", file.Questions)
			}
			got.Asks = ""
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("%s answered with %s became (-want +got):\n%s", tt.cell, tt.answer, diff)
			}
		})
	}
}

// TestAListLosesNothing: whatever a cell of people or schools says, each sign that is not
// told as a name is kept with the cell.
func TestAListLosesNothing(t *testing.T) {
	words := rapid.SampledFrom([]string{"王老师", "李华", "城关小学", "甲", "成员学校", "等3人", "等5所学校", "各校", "全体教师", "语文", "无", "和", "、", "，", "/", " ", "；", "\n", "(", ")", "四", "校"})
	rapid.Check(t, func(t *rapid.T) {
		cell := strings.TrimSpace(strings.Join(rapid.SliceOfN(words, 1, 7).Draw(t, "cell"), ""))
		column := rapid.SampledFrom([]string{reading.ColumnFrom, reading.ColumnPeople}).Draw(t, "column")
		_, got := readOne(t, column, cell, reading.Settings{})
		if got.Kept != "" && got.Kept != cell {
			t.Fatalf("%q is kept as %q", cell, got.Kept)
		}
		if got.Problem != "" && got.Kept == "" {
			t.Fatalf("%q has the problem %q and is not kept", cell, got.Problem)
		}
		for _, word := range []string{"王老师", "李华", "城关小学"} {
			if strings.Contains(cell, word) && got.Kept == "" && !strings.Contains(strings.Join(got.Names, "\n"), word) {
				t.Fatalf("%q became %q without %s", cell, got.Names, word)
			}
		}
	})
}
