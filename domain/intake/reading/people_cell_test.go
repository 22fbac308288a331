package reading_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"twinledger/domain/intake/reading"
	"twinledger/domain/intake/reading/readingtest"
	"twinledger/domain/record"
)

// TestACellOfPeople: a role, a school, a number or 老师 beside a whole name is no part of it, what
// speaks of several is a group, and the question about people speaks of people.
func TestACellOfPeople(t *testing.T) {
	kept := func(cell string, names ...string) listed { return listed{Names: names, Kept: cell} }
	group := func(cell string, names ...string) listed {
		return listed{names, "intake.group-of-people", "", cell}
	}
	asked := func(cell string) listed { return listed{nil, "intake.several-people", "list-of-people", cell} }
	tests := []struct {
		cell string
		want listed
	}{
		{"主讲:冯涛", kept("主讲:冯涛", "冯涛")},
		{"主讲：高峰", kept("主讲：高峰", "高峰")},
		{"主讲：冯涛；评课：陈晨", kept("主讲：冯涛；评课：陈晨", "冯涛", "陈晨")},
		{"主讲：冯涛、陈晨", kept("主讲：冯涛、陈晨", "冯涛", "陈晨")},
		{"授课教师 王芳", kept("授课教师 王芳", "王芳")},
		{"校长王芳", kept("校长王芳", "王芳")},
		{"教导主任李建国", kept("教导主任李建国", "李建国")},
		{"校长王芳、主任李强", kept("校长王芳、主任李强", "王芳", "李强")},
		{"张湾小学王芳", kept("张湾小学王芳", "王芳")},
		{"张湾小学王芳（青山中心小学）", kept("张湾小学王芳（青山中心小学）", "王芳")},
		{"王芳（语文）、李强（数学）", kept("王芳（语文）、李强（数学）", "王芳", "李强")},
		{"王小明老师", kept("王小明老师", "王小明")},
		{"王明老师", kept("王明老师", "王明")},
		{"高峰老师", kept("高峰老师", "高峰")},
		{"欧阳晓峰校长", kept("欧阳晓峰校长", "欧阳晓峰")},
		{"王老师", listed{Names: []string{"王老师"}}},
		{"欧阳老师", listed{Names: []string{"欧阳老师"}}},
		{"司马校长", listed{Names: []string{"司马校长"}}},
		{"周晓燕(13912345678)", kept("周晓燕(13912345678)", "周晓燕")},
		{"周晓燕13912345678", kept("周晓燕13912345678", "周晓燕")},
		{"张（副校长）", kept("张（副校长）", "张副校长")},
		{"王芳（数学）李强（语文）", kept("王芳（数学）李强（语文）", "王芳", "李强")},
		{"王芳、李强两位老师", kept("王芳、李强两位老师", "王芳", "李强")},
		{"校长（王芳）", kept("校长（王芳）", "王芳")},
		{"学生张小明", kept("学生张小明", "张小明")},
		{"张湾小学校长", group("张湾小学校长")},
		{"王芳1人", kept("王芳1人", "王芳")},
		{"四校校长", group("四校校长")},
		{"三校教导主任", group("三校教导主任")},
		{"各校校长", group("各校校长")},
		{"校长12人", group("校长12人")},
		{"校长、教导主任", group("校长、教导主任")},
		{"全体班主任", group("全体班主任")},
		{"王校长等人", group("王校长等人", "王校长")},
		{"张三、李四等5人", group("张三、李四等5人", "张三", "李四")},
		{"本人", group("本人")},
		{"610829198001011234", asked("610829198001011234")},
		{"刘、张两位老师", asked("刘、张两位老师")},
		{"王芳 语文 李强 数学", asked("王芳 语文 李强 数学")},
		{"王芳（李强）", asked("王芳（李强）")},
	}
	for _, tt := range tests {
		t.Run(tt.cell, func(t *testing.T) {
			_, got := readOne(t, reading.ColumnPeople, tt.cell, reading.Settings{})
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("became (-want +got):\n%s", diff)
			}
		})
	}
}

// TestPeopleAreOffered: what is offered are people, and what the cell says beside them is kept.
func TestPeopleAreOffered(t *testing.T) {
	tests := []struct {
		cell, offers string // the value of the first choice
		names        []string
		kept         string
	}{
		{"刘、张两位老师", "刘老师；张老师", []string{"刘老师", "张老师"}, ""},
		{"李、赵、孙三位校长", "李校长；赵校长；孙校长", []string{"李校长", "赵校长", "孙校长"}, ""},
		{"王芳 语文 李强 数学", "王芳；李强", []string{"王芳", "李强"}, "王芳 语文 李强 数学"},
		{"王芳 13912345678", "王芳", []string{"王芳"}, "王芳 13912345678"},
		{"610829198001011234", reading.None, nil, "610829198001011234"},
	}
	for _, tt := range tests {
		t.Run(tt.cell, func(t *testing.T) {
			file, _ := readOne(t, reading.ColumnPeople, tt.cell, reading.Settings{})
			if len(file.Questions) != 1 || file.Questions[0].Choices[0].Value != tt.offers {
				t.Fatalf("asks %+v, want the first choice %s", file.Questions, tt.offers)
			}
			for _, choice := range file.Questions[0].Choices {
				if choice.Value == "成员学校" {
					t.Error("offers schools for people")
				}
			}
			choices, _, err := reading.Answered(file.Questions, map[string]string{"1": "a"})
			if err != nil {
				t.Fatal(err)
			}
			_, got := readOne(t, reading.ColumnPeople, tt.cell, reading.Settings{Answers: reading.Answers{Choices: choices}})
			if diff := cmp.Diff(tt.names, got.Names); diff != "" || got.Kept != tt.kept {
				t.Errorf("answered: kept %q, want %q; names (-want +got):\n%s", got.Kept, tt.kept, diff)
			}
		})
	}
}

// TestAPersonIsNoSchool: a contact behind a school is no part of its name, and a person alone
// is no school.
func TestAPersonIsNoSchool(t *testing.T) {
	kept := func(cell string, names ...string) listed { return listed{Names: names, Kept: cell} }
	person := func(cell string, names ...string) listed {
		return listed{names, "intake.person-as-unit", "person-as-unit", cell}
	}
	tests := []struct {
		cell string
		want listed
	}{
		{"张湾小学(联系人康丽萍)", kept("张湾小学(联系人康丽萍)", "张湾小学")},
		{"张湾小学（联系人：康丽萍 13912345678）", kept("张湾小学（联系人：康丽萍 13912345678）", "张湾小学")},
		{"李庄小学（贺敏）", kept("李庄小学（贺敏）", "李庄小学")},
		{"李庄小学(高峰)", kept("李庄小学(高峰)", "李庄小学")},
		{"张湾小学联系人白洁", kept("张湾小学联系人白洁", "张湾小学")},
		{"张湾小学王校长", kept("张湾小学王校长", "张湾小学")},
		{"张湾小学（13912345678）", kept("张湾小学（13912345678）", "张湾小学")},
		{"张湾小学(贺敏)、李庄小学", kept("张湾小学(贺敏)、李庄小学", "张湾小学", "李庄小学")},
		{"县教育局贺敏", kept("县教育局贺敏", "县教育局")},
		{"贺敏", person("贺敏")},
		{"张湾小学；贺敏", person("张湾小学；贺敏", "张湾小学")},
		{"王老师", person("王老师")},
		{"欧阳晓峰", person("欧阳晓峰")},
		{"张庙", listed{Names: []string{"张庙"}}},
		{"张湾", listed{Names: []string{"张湾"}}},
		{"李庄", listed{Names: []string{"李庄"}}},
		{"张湾小学(东校区)", listed{Names: []string{"张湾小学(东校区)"}}},
		{"石桥教学点（一至三年级）", listed{Names: []string{"石桥教学点（一至三年级）"}}},
	}
	for _, tt := range tests {
		t.Run(tt.cell, func(t *testing.T) {
			_, got := readOne(t, reading.ColumnFrom, tt.cell, reading.Settings{})
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("became (-want +got):\n%s", diff)
			}
		})
	}
	t.Run("known to the ledger", func(t *testing.T) {
		_, got := readOne(t, reading.ColumnFrom, "贺敏", reading.Settings{Known: known{schools: []string{"贺敏"}}})
		if diff := cmp.Diff(listed{Names: []string{"贺敏"}}, got); diff != "" {
			t.Errorf("became (-want +got):\n%s", diff)
		}
	})
}

// TestAPersonIsNoCommunity: who leads a community is no part of its name.
func TestAPersonIsNoCommunity(t *testing.T) {
	tests := []struct {
		cell, community string
		complete        bool // what is kept beside the community leaves nothing open
	}{
		{"青山教共体(牵头人：彭万里)", "青山教共体", true},
		{"青山教共体（彭万里）", "青山教共体", true},
		{"青山教共体牵头人彭万里", "青山教共体", true},
		{"彭万里", "", false},
	}
	for _, tt := range tests {
		t.Run(tt.cell, func(t *testing.T) {
			file := readRow(t, tt.cell)
			facts := file.Rows[0].Statements[0].Facts.(interface{ Common() record.Facts }).Common() //nolint:forcetypeassert // all are
			if facts.Community != tt.community || len(facts.AsWritten) != 1 || facts.AsWritten[0].Text.Clear != tt.cell || facts.AsWritten[0].Complete != tt.complete {
				t.Errorf("community %q, kept %+v; want %q, complete %v", facts.Community, facts.AsWritten, tt.community, tt.complete)
			}
		})
	}
}

// readRow reads a file of one lesson in a community.
func readRow(t *testing.T, community string) reading.File {
	t.Helper()
	w := workbook(readingtest.Sheet(0, "", "日期|共同体|类别"))
	w.Sheets[0].Rows = append(w.Sheets[0].Rows, reading.PhysicalRow{Number: 2, Cells: []reading.Cell{{Text: "2018-04-18"}, {Text: community}, {Text: "示范课"}}})
	file, err := reading.Read(w, reading.Settings{})
	if err != nil || len(file.Rows) != 1 || len(file.Rows[0].Statements) != 1 {
		t.Fatal(file.Rows, err)
	}
	return file
}
