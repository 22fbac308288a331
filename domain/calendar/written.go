package calendar

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"twinledger/domain/fault"
)

// What [ParseWritten] refuses with, besides [ErrNoSuchDay].
var (
	ErrUnreadableDate = fault.New(fault.Invalid, "calendar.unreadable-date",
		"看不懂这个日期；请写作 2018-04-18、2018年4月18日至20日、2018年4月、2017-2018学年第二学期、2017-2018学年或 2015年；不知道就留空。",
		"This date cannot be read; write 2018-04-18, 2018年4月18日至20日, 2018年4月, 2017-2018学年第二学期, 2017-2018学年 or 2015年, and leave it empty when it is not known.")
	ErrAmbiguousMonth = fault.New(fault.Invalid, "calendar.ambiguous-month",
		"表格程序会把 2018.10 存成 2018.1，分不清是一月还是十月；请写作 2018年1月或 2018年10月。",
		"Spreadsheet programs turn 2018.10 into 2018.1, so this may be January or October; write 2018年1月 or 2018年10月.")
	ErrSpanBackwards = fault.New(fault.Invalid, "calendar.span-ends-before-start",
		"结束日期早于开始日期；请核对，跨年的请写全两个年份。",
		"The span ends before it begins; check it, and write both years when it crosses one.")
)

// The years that a school may write. Anything else is a slip of the pen.
const (
	firstPlausibleYear = 1949
	lastPlausibleYear  = 2099
)

// ParseWritten reads a date as schools write it and returns it no more
// precisely than it was written: a day, a span of days, a month, a term, a
// school year or a year. White space and a time of day, 上午 or a weekday that
// agrees behind a day are let pass. An empty text is [Unknown].
//
// Nothing is guessed. A day that does not exist is [ErrNoSuchDay], a span that
// ends before it begins [ErrSpanBackwards], 2018.1 [ErrAmbiguousMonth], and
// everything else that has not one reading is [ErrUnreadableDate]; 2018年上学期
// is such a case, since some counties mean spring by it and others autumn.
// Whatever is returned without an error passes [Parse].
func ParseWritten(s string) (Occurred, error) {
	text := uniform(s)
	if text == "" {
		return Unknown, nil
	}
	for _, read := range []func(string) (Occurred, bool, error){
		writtenTerm, writtenSchoolYear, writtenSeason, writtenYear, writtenMonth, writtenDays,
	} {
		if o, ok, err := read(text); ok || err != nil {
			if f, isFault := fault.As(err); isFault {
				return "", f.At(fault.Place{Value: s})
			}
			return o, err
		}
	}
	return "", ErrUnreadableDate.At(fault.Place{Value: s})
}

var (
	// oneSign folds the signs that mean one thing: hyphens are - and everything
	// that stands between two dates or years is ~.
	oneSign = strings.NewReplacer(
		"‐", "-", "‑", "-", "−", "-", "－", "-", "﹣", "-",
		"‒", "~", "–", "~", "—", "~", "―", "~", "─", "~", "～", "~", "〜", "~", "∼", "~", "至", "~", "到", "~",
		"．", ".", "。", ".", "／", "/", "（", "(", "）", ")", "：", ":", "号", "日", "號", "日", "學", "学",
	)
	twice      = regexp.MustCompile(`年年+|月月+|日日+|--+|~~+`)
	spokenYear = regexp.MustCompile(`[〇零○一二三四五六七八九]{4}`)
	spokenPart = regexp.MustCompile(`[一二三四五六七八九十]+[月日]`)
	yearDigits = strings.NewReplacer("〇", "0", "零", "0", "○", "0", "一", "1", "二", "2", "三", "3", "四", "4",
		"五", "5", "六", "6", "七", "7", "八", "8", "九", "9")
)

// uniform writes s with ASCII digits and one sign for each meaning, without the
// white space that carries no meaning. White space between two digits stays,
// for "2018 0703" is not surely a day.
func uniform(s string) string {
	s = strings.Map(func(r rune) rune {
		switch {
		case r >= '０' && r <= '９':
			return r - '０' + '0'
		case r == '\ufeff' || r >= '\u200b' && r <= '\u200d' || r == '\u2060':
			return -1
		}
		return r
	}, s)
	s = oneSign.Replace(withoutSpace(s))
	s = twice.ReplaceAllStringFunc(s, func(same string) string { return string([]rune(same)[:1]) })
	s = spokenYear.ReplaceAllStringFunc(s, yearDigits.Replace)
	return spokenPart.ReplaceAllStringFunc(s, spokenNumber)
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

var (
	termText = regexp.MustCompile(`^(\d{4})(?:[-~](\d{4}|\d{2}))?学年度?[,、]?\(?(第?[一1]学期|上学期|上|秋季?学期|秋季?|第?[二2]学期|下学期|下|春季?学期|春季?)\)?$`)
	// Without 学年 both years must be there and the term must be numbered.
	shortTermText  = regexp.MustCompile(`^(\d{4})[-~](\d{4})(?:第([一1二2])学期|/([12]))$`)
	schoolYearText = regexp.MustCompile(`^(\d{4})(?:[-~](\d{4}|\d{2}))?学年度?$`)
	seasonText     = regexp.MustCompile(`^(\d{4})年?(秋|春)季?(?:学期)?$`)
	yearText       = regexp.MustCompile(`^(\d{4})(?:年度?)?$`)
	monthText      = regexp.MustCompile(`^(\d{4})(?:年(\d{1,2})月(?:份|上旬|中旬|下旬|初|底|末)?|-(\d{1,2})|/(\d{1,2})|\.(\d{1,2}))$`)
)

func writtenTerm(s string) (Occurred, bool, error) {
	m := termText.FindStringSubmatch(s)
	if m == nil {
		if m = shortTermText.FindStringSubmatch(s); m == nil {
			return "", false, nil
		}
		m[3] += m[4]
	}
	year, err := schoolYear(m[1], m[2])
	if err != nil {
		return "", false, err
	}
	number := 1
	if strings.ContainsAny(m[3], "二2下春") {
		number = 2
	}
	return InTerm(Term{year, number}), true, nil
}

func writtenSchoolYear(s string) (Occurred, bool, error) {
	m := schoolYearText.FindStringSubmatch(s)
	if m == nil {
		return "", false, nil
	}
	year, err := schoolYear(m[1], m[2])
	if err != nil {
		return "", false, err
	}
	return Occurred(string(PrecisionSchoolYear) + ":" + string(year)), true, nil
}

// schoolYear reads 2017 and 2018, 2017 and 18, or 2017 alone.
func schoolYear(first, second string) (SchoolYear, error) {
	begins, err := plausibleYear(first)
	if err != nil {
		return "", err
	}
	year := SchoolYearFrom(begins)
	if !strings.HasSuffix(string(year), second) {
		return "", ErrUnreadableDate.With("schoolyear", first+"-"+second)
	}
	return year, nil
}

func writtenSeason(s string) (Occurred, bool, error) {
	m := seasonText.FindStringSubmatch(s)
	if m == nil {
		return "", false, nil
	}
	year, err := plausibleYear(m[1])
	if err != nil {
		return "", false, err
	}
	if m[2] == "秋" {
		return InTerm(Term{SchoolYearFrom(year), 1}), true, nil
	}
	return InTerm(Term{SchoolYearFrom(year - 1), 2}), true, nil
}

func writtenYear(s string) (Occurred, bool, error) {
	m := yearText.FindStringSubmatch(s)
	if m == nil {
		return "", false, nil
	}
	_, err := plausibleYear(m[1])
	return Occurred(string(PrecisionYear) + ":" + m[1]), err == nil, err
}

func writtenMonth(s string) (Occurred, bool, error) {
	m := monthText.FindStringSubmatch(s)
	if m == nil {
		return "", false, nil
	}
	if m[5] == "1" {
		return "", false, ErrAmbiguousMonth
	}
	year, err := plausibleYear(m[1])
	month, _ := strconv.Atoi(m[2] + m[3] + m[4] + m[5])
	if err != nil || month < 1 || month > 12 {
		return "", false, ErrUnreadableDate
	}
	return Occurred(fmt.Sprintf("%s:%04d-%02d", PrecisionMonth, year, month)), true, nil
}

func plausibleYear(s string) (int, error) {
	year, err := strconv.Atoi(s)
	if err != nil || year < firstPlausibleYear || year > lastPlausibleYear {
		return 0, ErrUnreadableDate.With("year", s)
	}
	return year, nil
}
