// Package heading knows under which words schools write the columns of their
// tables: 活动时间 is the column 日期, 节数 the column 数量 with the unit 节. The words
// are the lines of headings.csv; a new one is added there.
package heading

import (
	_ "embed" // the list of headings
	"encoding/csv"
	"fmt"
	"slices"
	"strings"
	"sync"

	"twinledger/domain/chinese"
	"twinledger/domain/record"
)

// A Table is a kind of table in which a heading stands. The same word may mean
// different columns in different tables: 交流形式 is the 类别 of a posting in a roster
// of posted teachers, and the 形式 of an activity elsewhere.
type Table string

// The kinds of tables.
const (
	Activity Table = "activity" // a register of activities (活动台账)
	Lessons  Table = "lessons"  // a register of lessons or of observed lessons (听课记录)
	Exchange Table = "exchange" // a roster of posted teachers (交流轮岗花名册)
	Schools  Table = "schools"  // a roster of the schools of a community
)

// A Meaning is a column that a heading may name.
type Meaning struct {
	Column  string         // the column's own name, as 日期; "" when the heading names none of ours
	Measure record.Measure // the unit that the heading gives to 数量, or none
	Certain bool           // the heading names the column; otherwise it is likely and must be asked
	Tables  []Table        // the kinds of tables in which it has this meaning
}

// In tells whether the heading has the meaning in tables of a kind.
func (m Meaning) In(t Table) bool { return slices.Contains(m.Tables, t) }

//go:embed headings.csv
var list string

// A line is one line of the list.
type line struct {
	meaning Meaning
	words   []string
}

// lines are the lines of the list. It is part of the program, so a malformed one
// stops it at once.
var lines = sync.OnceValue(func() []line {
	rows, err := csv.NewReader(strings.NewReader(list)).ReadAll()
	if err != nil {
		panic(fmt.Sprintf("heading: the list cannot be read: %v", err))
	}
	var out []line
	for _, row := range rows[1:] {
		m := Meaning{Column: row[0], Certain: row[2] == "yes", Tables: tablesOf(row[3])}
		if row[1] != "" {
			m.Measure = record.MeasureOf(row[1])
		}
		out = append(out, line{m, strings.Split(row[4], "、")})
	}
	return out
})

// meanings maps the form of a heading in which words are compared to what it means.
var meanings = sync.OnceValue(func() map[string][]Meaning {
	known := map[string][]Meaning{}
	for _, l := range lines() {
		for _, word := range l.words {
			form := chinese.Word(word)
			known[form] = append(known[form], l.meaning)
		}
	}
	return known
})

// tablesOf reads the cell of the tables: all, records for all but that of schools,
// or their names.
func tablesOf(cell string) []Table {
	switch cell {
	case "all":
		return []Table{Activity, Lessons, Exchange, Schools}
	case "records":
		return []Table{Activity, Lessons, Exchange}
	}
	var out []Table
	for name := range strings.SplitSeq(cell, "、") {
		out = append(out, Table(name))
	}
	return out
}

// Of returns what a heading may mean, certain meanings before likely ones; none
// when it looks like nothing known. White space, traditional characters, signs
// around the word and a number before it make no difference. What stands in
// brackets or behind a stroke is read as a unit (数量（节）, 人数/人), passed over when
// it only says how to fill in the column (时间（年月日）), and otherwise makes the
// meaning likely instead of certain.
func Of(heading string) []Meaning {
	word := withoutNumber(chinese.Word(heading))
	if found := known(word); found != nil {
		return found
	}
	// 主讲（负责）教师 is a word of its own; 时间（年月日） is 时间 with a hint, and 教师（学校） is 教师.
	base, inside := withoutBrackets(word)
	if found := known(signs.Replace(word)); found != nil && !slices.Contains(inside, "学校") && !slices.Contains(inside, "单位") {
		return found
	}
	if found := known(base); found != nil {
		return ordered(annotated(found, inside))
	}
	return likely(base)
}

// Listed tells whether the list has a heading as a whole, and not only its end or its beginning.
func Listed(heading string) bool { return known(withoutNumber(chinese.Word(heading))) != nil }

var signs = strings.NewReplacer("(", "", ")", "", "[", "", "]", "", "{", "", "}", "", "〔", "", "〕", "", "【", "", "】", "")

// known returns what a word of the list means. Behind the word for a thing, 名称
// adds nothing.
func known(word string) []Meaning {
	found := meanings()[word]
	if bare, named := strings.CutSuffix(word, "名称"); len(found) == 0 && named {
		found = meanings()[bare]
	}
	if len(found) == 0 {
		return nil
	}
	return ordered(found)
}

// OfIn returns what a heading may mean in tables of one kind, as [Of] does.
func OfIn(heading string, t Table) []Meaning {
	return slices.DeleteFunc(Of(heading), func(m Meaning) bool { return !m.In(t) })
}

// ordered returns a copy of the meanings, those that are certain first.
func ordered(found []Meaning) []Meaning {
	out := slices.Clone(found)
	slices.SortStableFunc(out, func(a, b Meaning) int {
		switch {
		case a.Certain == b.Certain:
			return 0
		case a.Certain:
			return -1
		}
		return 1
	})
	return out
}

// withoutNumber drops a number before a heading: 1.日期, (2)地点, 三、内容.
func withoutNumber(word string) string {
	rest := strings.TrimLeft(word, "0123456789")
	if after, found := strings.CutPrefix(rest, "."); found && rest != word && after != "" {
		return after
	}
	if number, after, found := strings.Cut(word, "、"); found && after != "" && strings.Trim(number, "0123456789一二三四五六七八九十") == "" {
		return after
	}
	if after, found := strings.CutPrefix(word, "("); found {
		if number, rest, closed := strings.Cut(after, ")"); closed && rest != "" && strings.Trim(number, "0123456789一二三四五六七八九十") == "" {
			return rest
		}
	}
	return word
}

var brackets = map[rune]rune{'(': ')', '[': ']', '〔': '〕', '{': '}', '【': '】'}

// withoutBrackets returns a word without what stands in brackets or behind a
// stroke, and these parts.
func withoutBrackets(word string) (base string, inside []string) {
	var out, part strings.Builder
	end := rune(0)
	for _, r := range word {
		switch {
		case end != 0 && r == end:
			inside, end = append(inside, part.String()), 0
			part.Reset()
		case end != 0:
			part.WriteRune(r)
		case brackets[r] != 0:
			end = brackets[r]
		default:
			out.WriteRune(r)
		}
	}
	if end != 0 {
		inside = append(inside, part.String())
	}
	base = out.String()
	if before, after, found := strings.Cut(base, "/"); found && before != "" {
		base, inside = before, append(inside, after)
	}
	return base, inside
}

// hints are words in brackets that only say how a column is to be filled in.
var hints = []string{"年", "月", "日", "填", "写", "盖章", "公章", "签字", "签名", "注明", "全称", "简称", "如", "例", "格式", "可", "请", "精确", "打√", "√", "是/否", "有/无", "具体", "线上", "名称", "选择", "下拉"}

// annotated returns the meanings of a heading with what its brackets say.
func annotated(found []Meaning, inside []string) []Meaning {
	out := slices.Clone(found)
	for i := range out {
		for _, said := range inside {
			said = strings.TrimPrefix(strings.TrimPrefix(said, "单位:"), "单位")
			measure, isMeasure := measureIn(said)
			switch {
			case out[i].Column == "数量" && isMeasure:
				out[i].Measure = measure
			case (out[i].Column == "单位" || out[i].Column == "数量") && severalMeasures(said), saysHow(said), sameColumn(out[i].Column, said):
			default:
				out[i].Certain = false
			}
		}
	}
	return out
}

// measureIn returns the unit that a text is.
func measureIn(text string) (record.Measure, bool) {
	if strings.ContainsAny(text, "/、,或") && !record.KnownMeasure(text) {
		return record.Measure{}, false
	}
	return record.MeasureOf(text), record.KnownMeasure(text)
}

// severalMeasures tells whether a text lists units: 节/次/人.
func severalMeasures(text string) bool {
	parts := strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune("/、,或", r) })
	return len(parts) > 0 && !slices.ContainsFunc(parts, func(p string) bool { return !record.KnownMeasure(p) && p != "等" })
}

func saysHow(text string) bool {
	return text == "" || slices.ContainsFunc(hints, func(hint string) bool { return strings.Contains(text, hint) })
}

// sameColumn tells whether a text in brackets is another word for the column.
func sameColumn(column, text string) bool {
	return slices.ContainsFunc(meanings()[text], func(m Meaning) bool { return m.Column == column })
}

// What is compared by its parts has from shortest to longest characters. Less tells
// nothing, and more is a sentence.
const shortest, longest = 2, 30

// likely returns what a heading may mean by its end, where the noun stands (首席导师姓名
// is a 姓名), or else by its beginning. The longest part that is known decides;
// nothing that follows is certain.
func likely(word string) []Meaning {
	runes := []rune(word)
	if len(runes) > longest {
		return nil
	}
	for length := len(runes) - 1; length >= shortest; length-- {
		if found := known(string(runes[len(runes)-length:])); found != nil {
			// 受送单位 is no unit of measure, as 单位 alone may be.
			return uncertain(slices.DeleteFunc(found, func(m Meaning) bool { return m.Column == "单位" }))
		}
	}
	for length := len(runes) - 1; length >= shortest; length-- {
		if found := known(string(runes[:length])); found != nil {
			return uncertain(found)
		}
	}
	return nil
}

func uncertain(found []Meaning) []Meaning {
	for i := range found {
		found[i].Certain = false
	}
	return found
}

// Words returns the words under which a column is certainly written in tables of
// a kind, in the order of the list: what a guide or a message shows.
func Words(column string, t Table) []string {
	var out []string
	for _, l := range lines() {
		if l.meaning.Column == column && l.meaning.Certain && l.meaning.In(t) {
			out = append(out, l.words...)
		}
	}
	return out
}
