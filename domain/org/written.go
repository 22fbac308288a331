package org

import (
	"strings"
	"unicode"
)

// NormalName returns a name as it is stored and as keys follow from it, so that
// what nobody can see makes no second school, community or person: without white
// space around it, without control characters and characters of no width, and
// with one space for any white space within. Between two Chinese characters there
// is none at all: it only lines names up (李　明). What names a district, school,
// community or person takes this form before it is stored, whether a command or a
// file brings it. NormalName(NormalName(s)) is NormalName(s).
func NormalName(name string) string {
	var out strings.Builder
	var last rune
	gap := false
	for _, r := range name {
		switch {
		case unicode.IsSpace(r):
			gap = true
			continue
		case unseen(r):
			continue
		}
		if gap && out.Len() > 0 && !(unicode.Is(unicode.Han, last) && unicode.Is(unicode.Han, r)) {
			out.WriteByte(' ')
		}
		out.WriteRune(r)
		last, gap = r, false
	}
	return out.String()
}

// unseen reports whether a character cannot be seen: control characters, those of no
// width (U+200B), marks of direction (U+202E), soft hyphens (U+00AD), variation selectors
// and blank letters. Two names that differ in such characters look the same.
func unseen(r rune) bool {
	return unicode.In(r, unicode.Cc, unicode.Cf, unicode.Variation_Selector) || strings.ContainsRune(blankLetters, r)
}

// blankLetters are letters and signs that have no form of their own.
const blankLetters = "\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0"
