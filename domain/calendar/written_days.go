package calendar

import (
	"regexp"
	"strings"
	"time"
)

// A style is one way of writing a whole day, and what may stand behind the sign
// of a span that begins with such a day.
type style struct {
	day     *regexp.Regexp // at the beginning of a text: year, month, day
	partial *regexp.Regexp // a whole text: month, day; nil when none is clear
	// bare tells whether 2018.4.18-20 is clear: a lone number behind a hyphen is
	// not where the day itself is written with hyphens or without signs.
	bare bool
}

var styles = []style{
	{regexp.MustCompile(`^(\d{4})年(\d{1,2})月(\d{1,2})日?`), regexp.MustCompile(`^(\d{1,2})月(\d{1,2})日?$`), true},
	{regexp.MustCompile(`^(\d{4})-(\d{1,2})-(\d{1,2})`), regexp.MustCompile(`^(\d{1,2})-(\d{1,2})$`), false},
	{regexp.MustCompile(`^(\d{4})\.(\d{1,2})\.(\d{1,2})`), regexp.MustCompile(`^(\d{1,2})\.(\d{1,2})$`), true},
	{regexp.MustCompile(`^(\d{4})/(\d{1,2})/(\d{1,2})`), regexp.MustCompile(`^(\d{1,2})/(\d{1,2})$`), true},
	{regexp.MustCompile(`^(\d{4})(\d{2})(\d{2})`), nil, false},
}

var (
	dayAlone    = regexp.MustCompile(`^(\d{1,2})日$`)
	numberAlone = regexp.MustCompile(`^(\d{1,2})$`)
	behindDay   = regexp.MustCompile(`^(?:\((?:星期|周|礼拜)([一二三四五六日天])\)|(?:星期|周|礼拜)([一二三四五六日天]))?(?:上午|中午|下午|晚上|晚)?(?:[ T]?\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?)?$`)
)

// A whole is a day written out, not yet known to exist.
type whole struct {
	style
	year, month, day string
	rest             string // what stands behind it
}

// wholeDay reads a day written out at the beginning of s.
func wholeDay(s string) (whole, bool) {
	for _, style := range styles {
		m := style.day.FindStringSubmatch(s)
		if m == nil {
			continue
		}
		rest := s[len(m[0]):]
		if !strings.HasSuffix(m[0], "日") && rest != "" && rest[0] >= '0' && rest[0] <= '9' {
			return whole{}, false
		}
		return whole{style, m[1], m[2], m[3], rest}, true
	}
	return whole{}, false
}

func writtenDays(s string) (Occurred, bool, error) {
	first, ok := wholeDay(s)
	if !ok {
		return "", false, nil
	}
	from, err := existingDay(first.year, first.month, first.day)
	if err != nil {
		return "", false, err
	}
	if m := behindDay.FindStringSubmatch(first.rest); m != nil {
		named := strings.Replace(m[1]+m[2], "天", "日", 1)
		if named != "" && named != weekday(from) {
			return "", false, ErrUnreadableDate.With("weekday", weekday(from))
		}
		return OnDay(from), true, nil
	}
	sign, end := first.rest[:1], first.rest[1:]
	if sign != "~" && sign != "-" {
		return "", false, nil
	}
	to, ok, err := first.lastDay(end, sign)
	switch {
	case err != nil || !ok:
		return "", false, err
	case to < from:
		return "", false, ErrSpanBackwards
	}
	return OverSpan(from, to), true, nil
}

// lastDay reads the end of a span that begins with w. What the end leaves out,
// the beginning has said.
func (w whole) lastDay(end, sign string) (Day, bool, error) {
	if last, ok := wholeDay(end); ok {
		if last.rest != "" {
			return "", false, nil
		}
		day, err := existingDay(last.year, last.month, last.day)
		return day, err == nil, err
	}
	year, month, number := w.year, w.month, ""
	if m := dayAlone.FindStringSubmatch(end); m != nil {
		number = m[1]
	} else if m := numberAlone.FindStringSubmatch(end); m != nil && (w.bare || sign == "~") {
		number = m[1]
	} else if w.partial != nil {
		if m := w.partial.FindStringSubmatch(end); m != nil {
			month, number = m[1], m[2]
		}
	}
	if number == "" {
		return "", false, nil
	}
	day, err := existingDay(year, month, number)
	return day, err == nil, err
}

func existingDay(year, month, day string) (Day, error) {
	if _, err := plausibleYear(year); err != nil {
		return "", err
	}
	two := func(s string) string { return strings.Repeat("0", 2-len(s)) + s }
	return ParseDay(year + "-" + two(month) + "-" + two(day))
}

// weekday returns 一 … 六 or 日 of a day that exists.
func weekday(d Day) string {
	t, err := time.Parse(time.DateOnly, string(d))
	if err != nil {
		return ""
	}
	return strings.Split("日一二三四五六", "")[int(t.Weekday())]
}
