package heading_test

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"twinledger/domain/heading"
	"twinledger/domain/intake/reading"
)

// A reading is what a test expects: a column, ? behind it when it is only likely,
// and the unit that the heading gives in brackets.
func read(found []heading.Meaning) string {
	if len(found) == 0 {
		return "nothing"
	}
	m := found[0]
	said := m.Column
	if said == "" {
		said = "none"
	}
	if m.Measure.Text != "" {
		said += "(" + m.Measure.Text + ")"
	}
	if !m.Certain {
		said += "?"
	}
	return said
}

func TestHeadings(t *testing.T) {
	for _, tt := range []struct {
		table    heading.Table
		readings map[string]string
	}{
		{heading.Activity, map[string]string{
			"序号": "序号", "活动时间": "日期", "起止时间": "日期", "授课时间": "日期", "所属教共体": "共同体", "活动类型": "类别", "类型": "类别", "活动形式": "形式", "活动主题": "内容", "课题": "内容",
			"任教学科": "学科", "派出学校": "派出单位", "送教单位": "派出单位", "受援学校": "接收单位", "主讲（负责）教师": "人员", "授课教师": "人员", "参加人员": "人员", "姓名": "人员",
			"佐证": "佐证材料", "附件": "佐证材料", "图片": "佐证材料", "说明": "备注", "单位": "单位", "计量单位": "单位",
			// The heading gives the unit.
			"节数": "数量(节)", "数量（节）": "数量(节)", "数量(单位：节)": "数量(节)", "数量〔人次〕": "数量(人次)", "人数": "数量(人)", "人数/人": "数量(人)", "人数（人）": "数量(人)", "人次": "数量(人次)",
			"课时数": "数量(课时)", "送课节数": "数量(节)", "场次": "数量(场)", "数量（台）": "数量(台)", "数量": "数量", "数量（节/次）": "数量", "参加人数": "数量(人)?", "捐赠金额（万元）": "数量(万元)?",
			// Brackets that say how to fill it in, and others.
			"时间（年月日）": "日期", "日期(必填)": "日期", "日期（格式：2018-04-18）": "日期", "单位（节/次/人）": "单位", "人员（姓名）": "人员", "单位（盖章）": "none",
			"人员（学生）": "人员?", "时间/地点": "日期?", "日期/时间": "日期",
			// However they are typed.
			"日　期": "日期", "日\n期": "日期", "活動時間": "日期", "備註": "备注", "*日期": "日期", "日期：": "日期", "1.日期": "日期", "（二）活动内容": "内容", "三、活动主题": "内容", "受援学校名称": "接收单位",
			// Likely only.
			"活动地点": "none", "负责人": "人员?", "主办单位": "派出单位?", "学校": "nothing", "首席导师姓名": "人员?", "本次活动时间": "日期?", "新闻链接": "佐证材料?", "集团": "共同体?",
			"交流形式": "形式?",
			// What is no column of ours, and what is nothing known.
			"身份证号": "none", "联系电话": "none", "班级": "none", "填报单位": "none", "教师职称": "none?", "天干地支": "nothing", "": "nothing", "（）": "nothing", "#": "nothing",
		}},
		{heading.Lessons, map[string]string{
			"听课时间": "日期", "授课教师": "人员", "课题": "内容", "听课人": "人员?", "评课意见": "备注?", "节次": "none", "听课节数": "数量(节)", "听课学校": "接收单位", "授课学校": "派出单位",
			"授课教师所在学校": "派出单位", "学科": "学科",
		}},
		{heading.Exchange, map[string]string{
			"姓名": "人员", "现工作单位": "派出单位", "支教教师所在学校": "派出单位", "原任教学校": "派出单位", "交流单位": "接收单位", "支教学校": "接收单位", "拟交流学校": "接收单位", "交流起止时间": "日期",
			"支教期限": "日期", "交流形式": "类别", "任教学科": "学科", "性别": "none", "职称": "none", "出生年月": "none", "备注": "备注", "单位": "派出单位?", "工作单位（全称）": "派出单位", "年限": "数量(年)?",
		}},
		{heading.Schools, map[string]string{
			"学校名称": "学校", "单位": "学校", "学段": "学段", "办学层次": "学段", "城乡类型": "城乡", "角色": "身份", "学校角色": "身份", "教共体": "共同体", "性质": "身份?", "班级数": "none",
		}},
	} {
		for text, want := range tt.readings {
			if got := read(heading.OfIn(text, tt.table)); got != want {
				t.Errorf("in a table of %s, %q is %s, want %s", tt.table, text, got, want)
			}
		}
	}
}

// TestColumnsAreThoseOfTheForms: every column that a heading means is one that the
// forms have, is found under its own name, and no word certainly means two columns
// of one table.
func TestColumnsAreThoseOfTheForms(t *testing.T) {
	forms := map[heading.Table][]string{heading.Schools: reading.Columns(reading.Roster)}
	for _, table := range []heading.Table{heading.Activity, heading.Lessons, heading.Exchange} {
		forms[table] = reading.Columns(reading.Activity)
	}
	for table, columns := range forms {
		for _, column := range columns {
			words := heading.Words(column, table)
			if len(words) == 0 && !(table == heading.Exchange && slices.Contains([]string{"形式", "内容", "单位"}, column)) {
				t.Errorf("no heading of a table of %s certainly is %s", table, column)
			}
			for _, word := range words {
				certain := map[string]bool{}
				for _, m := range heading.OfIn(word, table) {
					if m.Certain {
						certain[m.Column] = true
					}
					if m.Column != "" && !slices.Contains(columns, m.Column) {
						t.Errorf("%s in a table of %s is %s, which it does not have", word, table, m.Column)
					}
				}
				if len(certain) != 1 || !certain[column] {
					t.Errorf("%s in a table of %s certainly is %v, want %s", word, table, certain, column)
				}
			}
		}
	}
}

// FuzzOf: whatever a heading says, what it means does not hang on white space,
// and a unit belongs to 数量 alone.
func FuzzOf(f *testing.F) {
	for _, seed := range []string{"数量（节）", "1.日期", "主讲（负责）教师", "人数/人", "((", "一、", "单位（节/次）", "时间（"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if !utf8.ValidString(text) {
			return
		}
		found := heading.Of(text)
		for _, m := range found {
			if m.Measure.Text != "" && m.Column != "数量" || len(m.Tables) == 0 {
				t.Errorf("%q is %+v", text, m)
			}
		}
		if spaced := heading.Of(" " + strings.Join(strings.Split(text, ""), " ") + "\n"); read(spaced) != read(found) {
			t.Errorf("%q is %s, with spaces %s", text, read(found), read(spaced))
		}
	})
}
