package tabular

import "strings"

// formulaSigns are what spreadsheet programs take for the beginning of a formula.
const formulaSigns = "=+-@\t\r'"

// Quoted returns text as it may stand in a CSV that a spreadsheet program opens.
func Quoted(text string) string {
	if text != "" && strings.ContainsRune(formulaSigns, rune(text[0])) {
		return "'" + text
	}
	return text
}

// Unquoted undoes [Quoted].
func Unquoted(text string) string {
	if len(text) > 1 && text[0] == '\'' && strings.ContainsRune(formulaSigns, rune(text[1])) {
		return text[1:]
	}
	return text
}
