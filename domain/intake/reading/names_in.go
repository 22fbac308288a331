package reading

import (
	"strings"
	"unicode"

	"twinledger/domain/record"
)

// looseJoiners are signs that, beside white space and the joiners, may stand between two
// names or between a name and what is said of it.
const looseJoiners = joiners + "、和与()（）[]【】〔〕"

// NamesIn returns the names of people that a cell may hold, for finding them in other texts.
// loose also returns the parts of what may be one name, and takes every sign that may stand
// between two.
func NamesIn(cell string, loose bool) []string {
	var names []string
	for _, part := range certainly(cell) {
		joined := probably(part)
		for _, name := range joined {
			if len(joined) == 1 || !record.IsSubject(name) {
				names = append(names, name)
			}
		}
	}
	for i, name := range names {
		if one, _ := onePerson(name, isNoName); one != "" && !loose {
			names[i] = one
		} else if one != "" && one != name {
			names = append(names, one)
		}
	}
	if !loose {
		return names
	}
	for _, name := range names {
		parts := strings.FieldsFunc(name, func(r rune) bool { return unicode.IsSpace(r) || strings.ContainsRune(looseJoiners, r) })
		for _, part := range parts {
			if part != name && !record.IsSubject(part) {
				names = append(names, part)
			}
		}
	}
	return names
}
