package calendar

import (
	"regexp"
	"strconv"
	"strings"
)

var (
	// oneSign folds the signs that mean one thing. Hyphens become -, all that
	// stands between a beginning and an end becomes ~, and all that stands between
	// the items of a list becomes 、.
	oneSign = strings.NewReplacer(
		"‐", "-", "‑", "-", "−", "-", "﹣", "-", "‒", "~", "–", "~", "—", "~", "―", "~", "─", "~", "〜", "~", "∼", "~", "至", "~", "到", "~",
		"。", ".", "·", ".", "•", ".", "・", ".", "﹒", ".", "∕", "/",
		",", "、", ";", "、", "&", "、", "+", "、", "和", "、", "及", "、", "与", "、", "與", "、",
		"号", "日", "號", "日", "⽇", "日", "⽉", "月", "學", "学", "週", "周", "禮", "礼", "時", "时", "間", "间", "點", "点", "個", "个", "兩", "两",
		"從", "从", "開", "开", "後", "后", "來", "来", "現", "现", "節", "节", "課", "课", "應", "应", "元月", "1月",
		"翌年", "次年", "第二年", "次年", "来年", "次年", "當年", "", "当年", "", "同年", "",
	)
	twice      = regexp.MustCompile(`年年+|月月+|日日+|--+|~~+|\.\.+|//+|、、+`)
	spokenYear = regexp.MustCompile(`[〇零○一二三四五六七八九]{4}|[〇零○一二三四五六七八九]{2}年`)
	spokenPart = regexp.MustCompile(`[一二三四五六七八九十]+[月日~、-]`)
	dayThenDay = regexp.MustCompile(`日(\d{1,2}[月日]|\d{4}[-年./])`)
	yearDigits = strings.NewReplacer("〇", "0", "零", "0", "○", "0", "一", "1", "二", "2", "三", "3", "四", "4",
		"五", "5", "六", "6", "七", "7", "八", "8", "九", "9")
)

// uniform writes s with ASCII digits and one sign for each meaning, without the
// white space that carries no meaning. White space between two digits stays,
// because "2018 0703" is not surely a day.
func uniform(s string) string {
	s = strings.Map(func(r rune) rune {
		switch {
		case r >= '！' && r <= '～':
			return r - '！' + '!'
		case r == '\ufeff' || r >= '\u200b' && r <= '\u200f' || r == '\u2060':
			return -1
		}
		return r
	}, s)
	s = oneSign.Replace(withoutSpace(s))
	s = twice.ReplaceAllStringFunc(s, func(same string) string { return string([]rune(same)[:1]) })
	s = spokenYear.ReplaceAllStringFunc(s, yearDigits.Replace)
	s = spokenPart.ReplaceAllStringFunc(s, spokenNumber)
	return dayThenDay.ReplaceAllString(s, "日、$1")
}

var (
	labelled = regexp.MustCompile(`^(?:活动|上课|开始)?(?:时间|日期):`)
	bounds   = regexp.MustCompile(`^[自从由](.+~.+)$`)
)

// trimmed takes off a uniform text what surrounds a date without adding to it:
// brackets, a label, an apostrophe, a sign at the end, and the words 自 … 起至 … 止.
func trimmed(s string) string {
	s = labelled.ReplaceAllString(strings.Trim(s, "'’‘`"), "")
	if inner, ok := strings.CutPrefix(s, "("); ok && strings.Count(s, "(") == 1 && strings.HasSuffix(inner, ")") {
		s = strings.TrimSuffix(inner, ")")
	}
	s = strings.TrimPrefix(strings.TrimRight(s, ".、"), "于")
	s = strings.Replace(s, "起~", "~", 1)
	s = bounds.ReplaceAllString(s, "$1")
	if strings.Contains(s, "~") {
		s = strings.TrimSuffix(s, "止")
	}
	return s
}

// withoutSpace leaves one space between two digits and no other.
func withoutSpace(s string) string {
	digit := func(b byte) bool { return b >= '0' && b <= '9' }
	words := strings.Fields(s)
	var b strings.Builder
	for i, word := range words {
		if i > 0 && digit(word[0]) {
			if before := words[i-1]; digit(before[len(before)-1]) {
				b.WriteByte(' ')
			}
		}
		b.WriteString(word)
	}
	return b.String()
}

// spokenNumber turns 十二月 into 12月, and leaves what is no number below 100.
func spokenNumber(part string) string {
	runes := []rune(part)
	unit, digits := string(runes[len(runes)-1]), string(runes[:len(runes)-1])
	tens, ones, hasTen := strings.Cut(digits, "十")
	if !hasTen {
		tens, ones = "", digits
	}
	value := func(one string, absent int) int {
		if one == "" {
			return absent
		}
		place := strings.Index("一二三四五六七八九", one)
		if place < 0 || len([]rune(one)) != 1 {
			return -1
		}
		return place/len("一") + 1
	}
	ten, rest := 0, value(ones, 0)
	if hasTen {
		ten = value(tens, 1)
	}
	if ten < 0 || rest < 0 {
		return part
	}
	return strconv.Itoa(10*ten+rest) + unit
}
