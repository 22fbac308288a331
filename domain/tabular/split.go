package tabular

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// join writes parts into one text, so that split gives them back: sep and \
// within a part have \ in front.
func join(parts []string, sep string) string {
	marked := make([]string, len(parts))
	for i, p := range parts {
		marked[i] = strings.ReplaceAll(strings.ReplaceAll(p, `\`, `\\`), sep, `\`+sep)
	}
	text := strings.Join(marked, sep)
	if len(parts) == 1 && text == "" {
		return `\` // one empty part is not none
	}
	return text
}

// split undoes join. A text that nobody joined is cut at every sep that has no \
// in front.
func split(text, sep string) []string {
	if text == "" {
		return nil
	}
	if text == `\` {
		return []string{""}
	}
	var parts []string
	var part strings.Builder
	for rest := text; rest != ""; {
		switch {
		case strings.HasPrefix(rest, `\`+sep):
			part.WriteString(sep)
			rest = rest[1+len(sep):]
		case strings.HasPrefix(rest, `\\`):
			part.WriteByte('\\')
			rest = rest[2:]
		case strings.HasPrefix(rest, sep):
			parts = append(parts, part.String())
			part.Reset()
			rest = rest[len(sep):]
		default:
			part.WriteByte(rest[0])
			rest = rest[1:]
		}
	}
	return append(parts, part.String())
}

// guard marks a cell that spreadsheet programs and readers would change: white
// space and marks of no width at either end are dropped, line ends rewritten, and
// control characters cannot stand in a workbook at all. Those are written as
// \u{…}.
func guard(cell string) string {
	if kept(cell) {
		return cell
	}
	var b strings.Builder
	b.WriteString(`\|`)
	for i, r := range cell {
		if fragile(r) || r == '\\' && strings.HasPrefix(cell[i:], `\u{`) {
			fmt.Fprintf(&b, `\u{%x}`, r)
		} else {
			b.WriteRune(r)
		}
	}
	return b.String() + `|\`
}

func kept(cell string) bool {
	return strings.TrimFunc(cell, dropped) == cell && !strings.HasPrefix(cell, `\|`) && !strings.ContainsFunc(cell, fragile)
}

// dropped tells whether readers drop a sign at the end of a cell.
func dropped(r rune) bool {
	return unicode.IsSpace(r) || r >= '\u200b' && r <= '\u200f' || r == '\u2060' || r == '\ufeff' || r == '\u180e'
}

// fragile tells whether a sign changes on its way through a file.
func fragile(r rune) bool {
	return unicode.IsControl(r) && r != '\n' && r != '\t' || r == '\ufffe' || r == '\uffff' || r == '\u2028' || r == '\u2029'
}

var escaped = regexp.MustCompile(`\\u\{[0-9a-f]{1,6}\}`)

// bare undoes guard.
func bare(cell string) string {
	inner, opened := strings.CutPrefix(cell, `\|`)
	inner, closed := strings.CutSuffix(inner, `|\`)
	if !opened || !closed {
		return strings.TrimFunc(cell, dropped)
	}
	return escaped.ReplaceAllStringFunc(inner, func(sign string) string {
		code, err := strconv.ParseUint(sign[len(`\u{`):len(sign)-1], 16, 32)
		if err != nil || code > unicode.MaxRune {
			return sign
		}
		return string(rune(code))
	})
}

// splitPerson cuts 姓名（学校） before the bracket that closes at its end. Brackets
// of half width are read too: input methods change them without being asked.
func splitPerson(text string) (name, school string) {
	depth := 0
	for rest := text; rest != ""; {
		inside := rest
		r, size := utf8.DecodeLastRuneInString(rest)
		rest = rest[:len(rest)-size]
		switch r {
		case '）', ')':
			depth++
		case '（', '(':
			depth--
		}
		switch {
		case depth > 0:
		case inside == text || depth < 0:
			return text, "" // no bracket closes at the end
		default:
			_, last := utf8.DecodeLastRuneInString(text)
			return rest, text[len(rest)+size : len(text)-last]
		}
	}
	return text, ""
}
