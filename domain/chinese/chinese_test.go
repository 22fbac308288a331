package chinese_test

import (
	"testing"
	"unicode/utf8"

	"twinledger/domain/chinese"
)

func TestWord(t *testing.T) {
	for written, want := range map[string]string{
		"聽評課":         "听评课",
		"送課下鄉":        "送课下乡",
		"同步課堂":        "同步课堂",
		"備註":          "备注",
		"  示 范\n课　":   "示范课",
		"送教下乡。":       "送教下乡",
		"“示范课”":       "示范课",
		"《示范课》：":      "示范课",
		"示\u200b范课":   "示范课",
		"\ufeff示范课":   "示范课",
		"数量（节）":       "数量(节)",
		"示范课（送课）":     "示范课(送课)",
		"ＤＥＭＯ＿Lesson": "demo_lesson",
		"-":           "",
		"":            "",
	} {
		if got := chinese.Word(written); got != want {
			t.Errorf("Word(%q) is %q, want %q", written, got, want)
		}
	}
}

func TestSimplified(t *testing.T) {
	for written, want := range map[string]string{
		"學年第一學期": "学年第一学期", "數學": "数学", "二〇一八年": "二〇一八年", "已经是简体": "已经是简体", "plain": "plain",
		"乾": "干", "後": "后", "於": "于", "週": "周", "餘": "余",
	} {
		if got := chinese.Simplified(written); got != want {
			t.Errorf("Simplified(%q) is %q, want %q", written, got, want)
		}
	}
}

func TestNarrow(t *testing.T) {
	for written, want := range map[string]string{
		"２０１８．４．１８": "2018.4.18", "（１）": "(1)", "３－５": "3-5", "一、二": "一、二", "a\tb\u00a0c": "a\tb c", "王\u200e老师": "王老师", "\x00": "",
	} {
		if got := chinese.Narrow(written); got != want {
			t.Errorf("Narrow(%q) is %q, want %q", written, got, want)
		}
	}
}

// FuzzWord holds that a form is final: what was folded once folds to itself.
func FuzzWord(f *testing.F) {
	for _, seed := range []string{"聽評課", "（１）、", "\u200b乾乾", "İ", "ẞ", " . a . "} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if !utf8.ValidString(s) {
			return
		}
		for name, fold := range map[string]func(string) string{"Word": chinese.Word, "Simplified": chinese.Simplified, "Narrow": chinese.Narrow} {
			once := fold(s)
			if twice := fold(once); twice != once {
				t.Errorf("%s(%q) is %q, and of that %q", name, s, once, twice)
			}
		}
	})
}
