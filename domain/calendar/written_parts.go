package calendar

import (
	"regexp"
	"strconv"
	"strings"
)

// A part is one date as it is written, not yet known to exist. What is not written
// is empty.
type part struct {
	year, month, day string
	alone            string // a number without a unit: a day or a month, by its neighbours
	cut              bool   // 2018年4: the month's unit is left out
	next             bool   // 次年: the year after the one before
	sign             string // what stands between its numbers: 年, 月, -, ., / or nothing
	weekday          string // 一 … 六 or 日
	mixed            bool   // two different signs stand between its numbers
	monthFirst       bool   // 4/18/2018
}

func (p part) isDay() bool   { return p.day != "" }
func (p part) isMonth() bool { return p.month != "" && p.day == "" && !p.cut }

// A style is one way of writing a date: the beginning of a text, and what its
// groups are. ok is false where the numbers do not fit.
type style struct {
	form *regexp.Regexp
	part func(m []string) (p part, ok bool)
}

const monthTail = `(?:份|上旬|中旬|下旬|初|中|底|末|第[一二三四五1-5]周)?`

var styles = []style{
	{regexp.MustCompile(`^(\d{4}|\d{2})年(\d{1,2})月(\d{1,2})日?`), func(m []string) (part, bool) {
		return part{year: m[1], month: m[2], day: m[3], sign: "年"}, true
	}},
	{regexp.MustCompile(`^(\d{4}|\d{2})([-./])(\d{1,2})([-./])(\d{1,2})日?`), func(m []string) (part, bool) {
		p := part{year: m[1], month: m[3], day: m[5], sign: m[2], mixed: m[2] != m[4]}
		return p, !p.mixed || len(m[1]) == 4 && !maySpanMonths(m[3], m[4], m[5])
	}},
	{regexp.MustCompile(`^(\d{4})年(\d{1,2})([-./])(\d{1,2})日?`), func(m []string) (part, bool) {
		return part{year: m[1], month: m[2], day: m[4], sign: "年", mixed: true}, !maySpanMonths(m[2], m[3], m[4])
	}},
	{regexp.MustCompile(`^(\d{4})([-./])(\d{1,2})月(\d{1,2})日?`), func(m []string) (part, bool) {
		return part{year: m[1], month: m[3], day: m[4], sign: m[2]}, true
	}},
	{regexp.MustCompile(`^(\d{4})([、 ])(\d{1,2})([、 ])(\d{1,2})日?`), func(m []string) (part, bool) {
		return part{year: m[1], month: m[3], day: m[5]}, m[2] == m[4]
	}},
	{regexp.MustCompile(`^(\d{4})(\d{2})(\d{2})`), func(m []string) (part, bool) {
		return part{year: m[1], month: m[2], day: m[3]}, number(m[1]) >= firstPlausibleYear && number(m[1]) <= lastPlausibleYear
	}},
	{regexp.MustCompile(`^(\d{1,2})/(\d{1,2})/(\d{4})`), func(m []string) (part, bool) {
		return part{year: m[3], month: m[1], day: m[2], monthFirst: true}, true
	}},
	{regexp.MustCompile(`^(\d{1,2})-([A-Za-z]{3})-(\d{4}|\d{2})`), func(m []string) (part, bool) {
		place := strings.Index("janfebmaraprmayjunjulaugsepoctnovdec", strings.ToLower(m[2]))
		return part{year: m[3], month: strconv.Itoa(place/3 + 1), day: m[1]}, place >= 0 && place%3 == 0
	}},
	{regexp.MustCompile(`^(\d{4}|\d{2})年(\d{1,2})月` + monthTail), func(m []string) (part, bool) {
		return part{year: m[1], month: m[2], sign: "年"}, true
	}},
	{regexp.MustCompile(`^(\d{4}|\d{2})([-./])(\d{1,2})月` + monthTail), func(m []string) (part, bool) {
		return part{year: m[1], month: m[3], sign: m[2]}, len(m[1]) == 4 || number(m[1]) > 12
	}},
	{regexp.MustCompile(`^(\d{4})([-./])(\d{1,2})`), func(m []string) (part, bool) {
		return part{year: m[1], month: m[3], sign: m[2]}, true
	}},
	{regexp.MustCompile(`^(次年)?(\d{1,2})月(\d{1,2})日?`), func(m []string) (part, bool) {
		return part{month: m[2], day: m[3], sign: "月", next: m[1] != ""}, true
	}},
	{regexp.MustCompile(`^(次年)?(\d{1,2})月` + monthTail), func(m []string) (part, bool) {
		return part{month: m[2], sign: "月", next: m[1] != ""}, true
	}},
	{regexp.MustCompile(`^(\d{1,2})([-./])(\d{1,2})日?`), func(m []string) (part, bool) {
		if number(m[1]) > 12 && len(m[1]) == 2 && !strings.HasSuffix(m[0], "日") { // 18.4
			return part{year: m[1], month: m[3], sign: m[2]}, number(m[3]) >= 1 && number(m[3]) <= 12
		}
		return part{month: m[1], day: m[3], sign: m[2]}, number(m[1]) >= 1 && number(m[1]) <= 12 && number(m[3]) >= 1 && number(m[3]) <= 31
	}},
	{regexp.MustCompile(`^(\d{1,2})日`), func(m []string) (part, bool) { return part{day: m[1]}, true }},
	{regexp.MustCompile(`^(\d{4}|\d{2})年(\d{1,2})$`), func(m []string) (part, bool) {
		return part{year: m[1], month: m[2], cut: true}, true
	}},
	{regexp.MustCompile(`^(\d{1,2})$`), func(m []string) (part, bool) { return part{alone: m[1]}, true }},
}

// maySpanMonths tells whether 4-6 between a year and the end may mean April to June.
func maySpanMonths(first, sign, second string) bool {
	return sign == "-" && number(first) < number(second) && number(second) <= 12
}

func number(digits string) int {
	n, _ := strconv.Atoi(digits)
	return n
}

const (
	dayPart = `(?:凌晨|清晨|早晨|早上|上午|中午|下午|傍晚|晚上|夜间|全天|整天|早|午|晚)`
	clock   = `\d{1,2}(?::\d{2}(?::\d{2}(?:\.\d+)?)?|[时点](?:\d{1,2}分?|半|整)?)`
	lessons = `第?[一二三四五六七八九\d](?:[、~-]第?[一二三四五六七八九\d])*节课?`
)

// behindDay is what may stand behind a day: its weekday, the time, the lesson of
// the day.
var behindDay = regexp.MustCompile(`^、?\(?(?:(?:星期|周|礼拜)([一二三四五六日天1-6]))?\)?、?\(?` + dayPart + `*\)?` +
	`(?:[ T]?` + clock + `(?:[~-]` + dayPart + `?` + clock + `)?)?\(?(?:` + lessons + `)?\)?$`)

// partIn reads a text that is one date and nothing else.
func partIn(s string) (part, bool) {
	s = strings.TrimSuffix(s, ".")
	for _, style := range styles {
		m := style.form.FindStringSubmatch(s)
		if m == nil {
			continue
		}
		p, ok := style.part(m)
		rest := s[len(m[0]):]
		switch {
		case !ok, rest != "" && !p.isDay():
			continue
		case rest == "":
			return p, true
		case !strings.HasSuffix(m[0], "日") && rest[0] >= '0' && rest[0] <= '9':
			continue
		}
		if behind := behindDay.FindStringSubmatch(rest); behind != nil {
			p.weekday = spokenWeekday.Replace(behind[1])
			return p, true
		}
	}
	return part{}, false
}

var spokenWeekday = strings.NewReplacer("天", "日", "1", "一", "2", "二", "3", "三", "4", "四", "5", "五", "6", "六")
