package sheet

import (
	"strings"

	"github.com/xuri/excelize/v2"
)

// A precision says what a number format shows of a number.
type precision uint8

const (
	showsGeneral precision = iota // its digits
	showsNumber                   // its digits, in a way of its own
	showsYear
	showsMonth
	showsDay
	showsTime // a time of day and no date
)

// builtIn holds the formats that a workbook names by number only: those of all
// languages, and 27 to 36 and 50 to 58 as Chinese (zh-cn) programs mean them
// (ECMA-376, part 1, 18.8.30). m"月"d"日" shows no year, but the cell holds a
// whole date that somebody entered.
var builtIn = map[int]precision{
	1: showsNumber, 2: showsNumber, 3: showsNumber, 4: showsNumber,
	14: showsDay, 15: showsDay, 16: showsDay, 17: showsMonth, 18: showsTime, 19: showsTime, 20: showsTime, 21: showsTime, 22: showsDay,
	27: showsMonth, 28: showsDay, 29: showsDay, 30: showsDay, 31: showsDay, 32: showsTime, 33: showsTime, 34: showsTime, 35: showsTime, 36: showsMonth,
	45: showsTime, 46: showsTime, 47: showsTime,
	50: showsMonth, 51: showsDay, 52: showsMonth, 53: showsDay, 54: showsDay, 55: showsTime, 56: showsTime, 57: showsMonth, 58: showsDay,
}

// formatsOf returns what each cell style of the workbook shows. A code that the
// workbook gives itself goes before the built-in meaning of its number.
func formatsOf(f *excelize.File) []precision {
	if f.Styles == nil || f.Styles.CellXfs == nil {
		return nil
	}
	codes := map[int]string{}
	if f.Styles.NumFmts != nil {
		for _, format := range f.Styles.NumFmts.NumFmt {
			if format != nil {
				codes[format.NumFmtID] = format.FormatCode
			}
		}
	}
	formats := make([]precision, len(f.Styles.CellXfs.Xf))
	for i, xf := range f.Styles.CellXfs.Xf {
		if xf.NumFmtID == nil {
			continue
		}
		if code, ok := codes[*xf.NumFmtID]; ok {
			formats[i] = precisionOf(code)
		} else {
			formats[i] = builtIn[*xf.NumFmtID]
		}
	}
	return formats
}

func (b *book) precision(style int) precision {
	if style < 0 || style >= len(b.formats) {
		return showsGeneral
	}
	return b.formats[style]
}

// precisionOf returns what a format code shows, by the letters that stand in it
// for parts of a date.
func precisionOf(code string) precision {
	letters := dateLetters(code)
	has := func(letter byte) bool { return strings.IndexByte(letters, letter) >= 0 }
	month := false
	for i := range len(letters) {
		// An m beside hours or seconds is minutes.
		minutes := i > 0 && letters[i-1] == 'h' || i+1 < len(letters) && letters[i+1] == 's'
		month = month || letters[i] == 'm' && !minutes || letters[i] == 'M'
	}
	switch {
	case has('d'):
		return showsDay
	case month:
		return showsMonth
	case has('y'):
		return showsYear
	case letters != "":
		return showsTime
	case strings.EqualFold(code, "General"):
		return showsGeneral
	}
	return showsNumber
}

// dateLetters returns one letter for each run in the first section of a code: y,
// m, d, h or s, and M for a month that is written as a word. Quoted and escaped
// text, colours, conditions and locales are passed over; [h] counts hours.
func dateLetters(code string) string {
	code = strings.ToLower(code)
	var letters []byte
	for i := 0; i < len(code); {
		rest := code[i:]
		switch c := code[i]; {
		case c == ';':
			return string(letters)
		case c == '"':
			i += 2 + lengthBefore(rest[1:], '"')
		case c == '\\' || c == '_' || c == '*':
			i += 1 + firstRune(rest[1:])
		case c == '[':
			inside := rest[1 : 1+lengthBefore(rest[1:], ']')]
			if inside != "" && strings.Trim(inside, inside[:1]) == "" && strings.Contains("hms", inside[:1]) {
				letters = append(letters, map[byte]byte{'h': 'h', 'm': 'h', 's': 's'}[inside[0]])
			}
			i += 2 + len(inside)
		case strings.HasPrefix(rest, "general"):
			i += len("general")
		case strings.HasPrefix(rest, "am/pm"):
			letters = append(letters, 'h')
			i += len("am/pm")
		case strings.HasPrefix(rest, "a/p"):
			letters = append(letters, 'h')
			i += len("a/p")
		case strings.HasPrefix(rest, "e+") || strings.HasPrefix(rest, "e-"):
			i += 2 // an exponent
		case strings.IndexByte("ymdhsea", c) >= 0:
			run := len(rest) - len(strings.TrimLeft(rest, string(c)))
			if letter := dateLetter(c, run); letter != 0 {
				letters = append(letters, letter)
			}
			i += run
		default:
			i++
		}
	}
	return string(letters)
}

// dateLetter returns what a run of a letter stands for, 0 for nothing. e is a
// year of an era, aaa a weekday in Chinese.
func dateLetter(c byte, run int) byte {
	switch {
	case c == 'e':
		return 'y'
	case c == 'a' && run >= 3:
		return 'd'
	case c == 'a':
		return 0
	case c == 'm' && run >= 3:
		return 'M'
	}
	return c
}

// lengthBefore returns how much of s stands before the end sign, all of it when
// there is none.
func lengthBefore(s string, end byte) int {
	if i := strings.IndexByte(s, end); i >= 0 {
		return i
	}
	return len(s)
}

func firstRune(s string) int {
	for _, r := range s {
		return len(string(r))
	}
	return 0
}
