package record_test

import (
	"testing"

	"pgregory.net/rapid"

	"twinledger/domain/record"
)

func TestSubjectForm(t *testing.T) {
	for _, tt := range []struct{ text, want string }{
		{"数学", "mathematics"},
		{"數學", "mathematics"},
		{" 数 学 ", "mathematics"},
		{"mathematics", "mathematics"},
		{"数学课", "mathematics"},
		{"语文学科", "chinese"},
		{"小学数学", "primary_school/mathematics"},
		{"小学部数学", "primary_school/mathematics"},
		{"小学-数学", "primary_school/mathematics"},
		{"数学（小学）", "primary_school/mathematics"},
		{"小学数学课", "primary_school/mathematics"},
		{"小学三年级语文", "year_3/chinese"},
		{"七年级语文", "year_7/chinese"},
		{"高中思想政治", "senior_secondary/politics"},
		{"道法", "morality_and_law"},
		{"小学编程", "primary_school/编程"},
		{"编程", "编程"},
		{"小学", "小学"},
		{"小学部", "小学部"},
		{"语文/数学", "语文/数学"},
		{"", ""},
	} {
		if got := record.SubjectForm(tt.text); got != tt.want {
			t.Errorf("the form of %q is %q, want %q", tt.text, got, tt.want)
		}
	}
}

// TestSubjectsAgree: subjects that are written in several ways, and those that are two.
func TestSubjectsAgree(t *testing.T) {
	for _, tt := range []struct {
		one, other string
		want       bool
	}{
		{"小学数学", "数学", true},
		{"初中语文", "语文", true},
		{"高中物理", "物理", true},
		{"幼儿园语言", "语言", true},
		{"小学数学", "初中数学", false},
		{"中学数学", "初中数学", true},
		{"中学数学", "小学数学", false},
		{"初中数学", "高中数学", false},
		{"三年级数学", "小学数学", true},
		{"三年级数学", "四年级数学", false},
		{"七年级数学", "中学数学", true},
		{"七年级数学", "小学数学", false},
		{"小学数学", "小学语文", false},
		{"小学数学", "语文", false},
		{"道德与法治", "道法", true},
		{"道德与法治", "品德与社会", true},
		{"初中政治", "道德与法治", true},
		{"信息", "信息技术", true},
		{"信息技术", "信息科技", true},
		{"小学信息技术", "信息", true},
		{"信息技术", "通用技术", false},
		{"生物", "生物学", true},
		{"体育", "体育与健康", true},
		{"心理", "心理健康", true},
		{"综合实践", "综合实践活动", true},
		{"劳动", "劳动技术", true},
		{"外语", "英语", true},
		{"艺术", "美术", true},
		{"音乐", "美术", false},
		{"科学", "科技", true},
		{"科学", "物理", false},
		{"小学编程", "编程", true},
		{"小学编程", "小学数学", false},
		{"历史", "历史与社会", false},
	} {
		one, other := record.SubjectForm(tt.one), record.SubjectForm(tt.other)
		if record.SubjectsAgree(one, other) != tt.want || record.SubjectsAgree(other, one) != tt.want {
			t.Errorf("%s and %s agree: %v and %v the other way round, want %v", tt.one, tt.other,
				record.SubjectsAgree(one, other), record.SubjectsAgree(other, one), tt.want)
		}
	}
}

// TestTheFormOfAFormIsTheForm: what a decision kept is read again by the list of today.
func TestTheFormOfAFormIsTheForm(t *testing.T) {
	part := rapid.SampledFrom([]string{"小学", "初中部", "三年级", "数学", "道法", "课", "编程", "（小学）", "/", "·", "语", "Art", "  "})
	rapid.Check(t, func(t *rapid.T) {
		text := ""
		for _, one := range rapid.SliceOfN(part, 0, 4).Draw(t, "parts") {
			text += one
		}
		form := record.SubjectForm(text)
		if again := record.SubjectForm(form); again != form {
			t.Fatalf("the form of %q is %q, and the form of that is %q", text, form, again)
		}
	})
}

func TestIsSubject(t *testing.T) {
	for text, want := range map[string]bool{"语文": true, "小学语文": true, "高中 物理": true, "语": false, "小学语": false, "小学": false, "张老师": false, "": false} {
		if record.IsSubject(text) != want {
			t.Errorf("%q is a subject: %v, want %v", text, !want, want)
		}
	}
}
