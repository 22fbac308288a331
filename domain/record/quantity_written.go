package record

import (
	_ "embed" // the list of measures
	"regexp"
	"strconv"
	"strings"

	"twinledger/domain/chinese"
	"twinledger/domain/fault"
	"twinledger/domain/vocabulary"
)

// What [ParseQuantity] refuses with.
var (
	ErrUnreadableQuantity = fault.New(fault.Invalid, "quantity.unreadable",
		"看不懂这个数量；请只写一个不小于零的数，如 10、0.5、约30、30余、三十多，单位写在“单位”栏；不知道就留空。",
		"This number cannot be read; write one number that is not negative, such as 10, 0.5, 约30, 30余 or 三十多, with its unit in the column 单位, and leave it empty when it is not known.")
	ErrTwoMeasures = fault.New(fault.Invalid, "quantity.two-measures",
		"数量栏里写的单位与“单位”栏不同；请核对，只留一个。",
		"The unit written beside the number differs from the column 单位; check which is meant and keep one.")
)

// measures are the units of measure, those with a code and further words that may
// stand behind a number in its own cell. The list is closed: 30以内 and 一千克 must
// not become thirty and a thousand of something.
var (
	//go:embed measures.csv
	measureList string

	measures = vocabulary.NewList(vocabulary.ReadTerms(measureList))
)

// MeasureOf returns the measure written as text, with its code where the list of
// measures has one. White space around it is dropped.
func MeasureOf(text string) Measure {
	m := Measure{Text: strings.TrimSpace(text)}
	if codes, known := measures.Written(text); known {
		m.Code = codes[0]
	}
	return m
}

// KnownMeasure tells whether a text is a unit of measure, with a code or without.
func KnownMeasure(text string) bool {
	_, known := measures.Written(text)
	return known
}

// NearestMeasures returns up to n measures that somebody may have meant who wrote
// text, the likeliest first; none when nothing is near.
func NearestMeasures(text string, n int) []Measure {
	var out []Measure
	for _, code := range measures.Nearest(text, n) {
		term, _ := measures.Term(code)
		out = append(out, Measure{Text: term.ZH, Code: code})
	}
	return out
}

var quantityText = regexp.MustCompile(`^(?:一共|总共|共计|合计|共|计)?(大约|大概|约为|约|将近|近)?(不少于|不低于|至少|超过|多于|逾)?` +
	`(\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?|[零〇一二两三四五六七八九十百千]+)` +
	`(余|多|\+)?(来)?([^\d.,+\-%/]*?)(左右|上下)?((?:及)?以上)?$`)

// ParseQuantity reads the cells 数量 and 单位 of a row. A blank number is no
// number and no error. A unit written beside the number is taken when the cell
// 单位 is empty; when it says something else, that is [ErrTwoMeasures]. A text
// that is not one number, or a negative one, is [ErrUnreadableQuantity]. With
// an error the quantity has its text and measure, and no number.
//
// 约, 近 and 左右 make the number [About]; 余, 多, 至少, 不少于 and 以上 make it
// [AtLeast]; both together are About, which claims less.
func ParseQuantity(number, measure string) (Quantity, error) {
	q := Quantity{Text: strings.TrimSpace(number), Measure: MeasureOf(measure)}
	text := plain(number)
	if text == "" {
		return q, nil
	}
	unreadable := ErrUnreadableQuantity.At(fault.Place{Value: q.Text})
	m := quantityText.FindStringSubmatch(text)
	if m == nil {
		return q, unreadable
	}
	decimal, ok := canonical(m[3])
	if !ok {
		return q, unreadable
	}
	if beside := m[6]; beside != "" {
		inside := MeasureOf(beside)
		known := KnownMeasure(beside)
		switch {
		case q.Measure.Text == "" && known:
			q.Measure = inside
		case q.Measure.Text == beside, q.Measure.Code != "" && q.Measure.Code == inside.Code:
		case known:
			return q, ErrTwoMeasures.At(fault.Place{Value: q.Text}).With("单位", q.Measure.Text)
		default:
			return q, unreadable
		}
	}
	q.Number, q.Bound = decimal, Exact
	switch {
	case m[1] != "" || m[5] != "" || m[7] != "":
		q.Bound = About
	case m[2] != "" || m[4] != "" || m[8] != "":
		q.Bound = AtLeast
	}
	return q, nil
}

// Occurrences returns how often something took place by this quantity, to be
// read with its Bound. Lessons (节), times (次) and sessions (场) are counts of
// things that happened; people, attendances, schools, machines and the like say
// how many took part or were given, so ok is false for them, as it is for a
// fraction, for a measure without a code and where there is no number.
func (q Quantity) Occurrences() (n int, ok bool) {
	switch q.Measure.Code {
	case "lesson", "time", "session":
		n, err := strconv.Atoi(q.Number)
		return n, err == nil && n >= 0
	}
	return 0, false
}

// plain writes s with ASCII digits and signs and simplified characters, without
// white space except between two digits, where it would join two numbers.
func plain(s string) string {
	s = chinese.Simplified(chinese.Narrow(s))
	digit := func(b byte) bool { return b >= '0' && b <= '9' }
	words := strings.Fields(s)
	for i := 1; i < len(words); i++ {
		if before := words[i-1]; digit(before[len(before)-1]) && digit(words[i][0]) {
			words[i] = " " + words[i]
		}
	}
	return strings.Join(words, "")
}

// longestWhole keeps numbers within what any machine's int and any sum of them
// can hold.
const longestWhole = 12

// canonical returns the decimal without leading or trailing zeros.
func canonical(number string) (decimal string, ok bool) {
	if number[0] > '9' {
		n, ok := chineseNumber(number)
		return strconv.Itoa(n), ok
	}
	whole, fraction, _ := strings.Cut(strings.ReplaceAll(number, ",", ""), ".")
	whole = strings.TrimLeft(whole, "0")
	fraction = strings.TrimRight(fraction, "0")
	if len(whole) > longestWhole || len(fraction) > longestWhole+3 {
		return "", false
	}
	if whole == "" {
		whole = "0"
	}
	if fraction == "" {
		return whole, true
	}
	return whole + "." + fraction, true
}

const chineseDigits = "零一二三四五六七八九"

// chineseNumber reads 零 to 九千九百九十九. It reads loosely and then asks how
// the number it found is said, so that 三百五 is refused: it may be 350 or a
// slip for 305. 两 stands for 二 except behind another number, where it is a
// weight.
func chineseNumber(text string) (n int, ok bool) {
	if text != "两" && strings.HasSuffix(text, "两") {
		return 0, false
	}
	text = strings.NewReplacer("〇", "零", "两", "二").Replace(text)
	digit := 0
	for _, r := range text {
		switch r {
		case '千', '百', '十':
			n += max(digit, 1) * map[rune]int{'千': 1000, '百': 100, '十': 10}[r]
			digit = 0
		default:
			digit = strings.IndexRune(chineseDigits, r) / len("零")
		}
	}
	n += digit
	return n, n <= 9999 && (text == spoken(n, false) || text == spoken(n, true))
}

// spoken returns how n below ten thousand is said. short leaves out the 一
// before 十, as everybody does below twenty and some do in 一百十二.
func spoken(n int, short bool) string {
	digits := strings.Split(chineseDigits, "")
	if n == 0 {
		return digits[0]
	}
	var b strings.Builder
	gap := false
	for place, power := range []int{1000, 100, 10, 1} {
		digit := n / power % 10
		if digit == 0 {
			gap = b.Len() > 0
			continue
		}
		if gap {
			b.WriteString(digits[0])
			gap = false
		}
		if !(short && power == 10 && digit == 1) {
			b.WriteString(digits[digit])
		}
		b.WriteString([]string{"千", "百", "十", ""}[place])
	}
	return b.String()
}
