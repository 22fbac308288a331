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
		case unicode.Is(unicode.Cc, r), unicode.Is(unicode.Cf, r):
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
