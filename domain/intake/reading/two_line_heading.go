package reading

import (
	"slices"
	"strings"
	"unicode/utf8"

	"twinledger/domain/seal"
)

// continuedBy tells whether row is the lower line of a heading in two lines, whose upper line the
// open table has: each of its texts stands under an empty place or a group's name of the upper
// line, and either all of them are headings, or all other places continue merged cells of the
// upper line.
func (s *sheetReader) continuedBy(row PhysicalRow) bool {
	t := s.open
	for len(t.names) < len(row.Cells) {
		t.names = append(t.names, "") // the last group's heading has empty places right of it too
	}
	texts, headings, merged, short := 0, 0, 0, 0
	for i, name := range headingTexts(row) {
		if row.Cells[i].Merged {
			merged++
		}
		if name == "" {
			continue
		}
		if texts++; saysTotal(name) || signature.MatchString(name) {
			return false // a table may begin with its totals, and an empty one with its frame
		}
		upper := t.name(i)
		if bracketed := strings.HasPrefix(name, "(") && strings.HasSuffix(name, ")"); bracketed && upper != "" {
			headings++
			continue
		}
		if s.isHeading(name) {
			headings++
		} else if isShortWord(name) && !seal.IsLikeName(name) {
			short++
		}
		own := upper != "" && s.certain(upper) && !t.spans(i)
		if own || slices.Contains(t.names, name) && upper != name || row.Cells[i].Number != "" || row.Cells[i].Date != "" {
			return false
		}
	}
	// Beside two headings that are known, a word that nobody knows may be a third: 岗位.
	return texts > 0 && (headings == texts || merged >= 2 || headings >= 2 && headings+short == texts && short < headings)
}

// longestGroupWord is how many characters the heading of a group has at most that nobody knows.
const longestGroupWord = 8

// isShortWord tells whether a text may be a heading that nobody knows: a short one without digits.
func isShortWord(text string) bool {
	return utf8.RuneCountInString(text) <= longestGroupWord && !strings.ContainsAny(text, "0123456789:：")
}

// spans tells whether the heading of a column is a group's: it stands above several
// columns, as the places right of it are empty, or the same heading stands there again.
func (t *openTable) spans(i int) bool {
	name := t.names[i]
	return t.name(i+1) == "" && i+1 < len(t.names) || slices.Index(t.names, name) != lastIndex(t.names, name)
}

func (t *openTable) continueWith(row PhysicalRow) {
	t.printed = append(t.printed, row)
	groups := t.groups()
	for i, name := range headingTexts(row) {
		switch {
		case name == "":
		case strings.HasPrefix(name, "("):
			t.rename(i, t.name(i)+name)
		case i < len(groups) && groups[i] != "" && groups[i] != name:
			t.rename(i, groups[i]+groupSign+name)
		case t.name(i) != "" && t.name(i) != name: // a group of one column
			t.rename(i, t.name(i)+groupSign+name)
		default:
			t.rename(i, name)
		}
	}
}

// groups returns, by column, the heading of the group that the column lies in, "" where there
// is none: a group's heading stands above its first column, and the places right of it are
// empty.
func (t *openTable) groups() []string {
	out := make([]string, len(t.names)+1)
	group := ""
	for i := range t.names {
		if t.names[i] != "" {
			group = ""
			if t.spans(i) {
				group = t.names[i]
			}
		}
		out[i] = group
	}
	out[len(t.names)] = group
	return out
}

// twoLines returns the heading that two rows make together, as one row, where neither need be a
// heading alone: 日期, 授课教师, 听课人 above 姓名, 学校. The upper row must have a heading that goes on
// into the lower one, so that a title above a heading is none.
func (s *sheetReader) twoLines(upper, lower PhysicalRow) (PhysicalRow, bool) {
	names := headingTexts(upper)
	headings, texts, through, groups := 0, 0, 0, 0
	lowerTexts := headingTexts(lower)
	for i, name := range names {
		if name == "" {
			continue
		}
		texts++
		if upper.Cells[i].Number != "" || upper.Cells[i].Date != "" || strings.ContainsAny(name, ":：0123456789") || !isShortWord(name) && !s.isHeading(name) {
			return PhysicalRow{}, false
		}
		if s.isHeading(name) {
			headings++
		}
		switch {
		case i >= len(lowerTexts) || lowerTexts[i] == "":
			through++
		default:
			groups++
		}
	}
	repeated := false
	for i, name := range lowerTexts {
		repeated = repeated || name != "" && slices.Contains(lowerTexts[:i], name)
	}
	if texts < 2 || 2*headings < texts || groups == 0 || through == 0 && !repeated {
		return PhysicalRow{}, false
	}
	both := sheetReader{reader: s.reader, open: &openTable{names: names}}
	if !both.continuedBy(lower) {
		return PhysicalRow{}, false
	}
	both.open.continueWith(lower)
	out := PhysicalRow{Number: lower.Number, Line: lower.Line}
	for _, name := range both.open.names {
		out.Cells = append(out.Cells, Cell{Text: name})
	}
	return out, true
}

// formerHeading returns the heading under which a former reader knew a column, that of the lower
// line alone; "" where it is the same.
func (t *openTable) formerHeading(i int) string {
	switch {
	case t.lower == nil:
		return ""
	case i < len(t.lower) && t.lower[i] != "":
		return t.lower[i]
	}
	return columnLetters(i) + "列"
}

func lastIndex(names []string, name string) int {
	for i := len(names) - 1; i >= 0; i-- {
		if names[i] == name {
			return i
		}
	}
	return -1
}

func (t *openTable) name(column int) string {
	if column < len(t.names) {
		return t.names[column]
	}
	return ""
}

func (t *openTable) rename(column int, name string) {
	for len(t.names) <= column {
		t.names = append(t.names, "")
	}
	t.names[column] = name
}
