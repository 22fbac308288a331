// Package chinese gives different ways of writing the same Chinese word one
// form, so that headings, words and dates can be recognised: traditional
// characters, full-width letters and digits, characters that nobody can see.
// These forms are used to compare. What is stored is what was written.
package chinese

import (
	_ "embed" // the table of traditional characters
	"strings"
	"sync"
	"unicode"
)

//go:embed traditional.txt
var traditional string

// simplifiedOf maps each traditional character to its simplified form.
var simplifiedOf = sync.OnceValue(func() map[rune]rune {
	table := map[rune]rune{}
	for line := range strings.Lines(traditional) {
		pair := []rune(strings.TrimSpace(line))
		if len(pair) == 2 {
			table[pair[0]] = pair[1]
		}
	}
	return table
})

// Simplified returns s with every traditional character in its simplified form.
// It looks at one character at a time and never at the words around it, so 乾 is
// always 干. Simplified(Simplified(s)) is Simplified(s).
func Simplified(s string) string {
	for i := 0; i < len(s); i++ {
		if s[i] >= 0x80 {
			return replaced(s)
		}
	}
	return s
}

func replaced(s string) string {
	table := simplifiedOf()
	return strings.Map(func(r rune) rune {
		if simple, ok := table[r]; ok {
			return simple
		}
		return r
	}, s)
}

// Narrow returns s with full-width letters, digits and signs as their ASCII
// forms (１（节） is 1(节)), wide spaces as plain ones, and without the characters
// that nobody can see: control characters other than white space, and characters
// of no width. The comma 、 and the full stop 。 have no ASCII form and stay.
func Narrow(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r >= '！' && r <= '～':
			return r - '！' + '!'
		case r == '\u3000' || r == '\u00a0':
			return ' '
		case unicode.IsSpace(r):
			return r
		case unicode.Is(unicode.Cc, r), unicode.Is(unicode.Cf, r):
			return -1
		}
		return r
	}, s)
}

// around are the signs that may stand before or behind a word without being part
// of it. Brackets are not among them: what they hold may be a second word.
const around = "。.,、;:!?·•*※#-—_~/\\|\"'`“”‘’「」『』《》〈〉<>【】"

// Word returns the form in which two ways of writing one word are equal: narrow,
// simplified, in small letters, without white space anywhere and without signs
// around it. Word(Word(s)) is Word(s).
func Word(s string) string {
	s = strings.ToLower(Simplified(Narrow(s)))
	return strings.Trim(strings.Join(strings.Fields(s), ""), around)
}
