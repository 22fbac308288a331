package seal

import (
	"slices"
	"strings"
	"unicode"
)

// begins reports whether a part of the text begins at index: no Chinese character that
// may belong to a name stands before it.
func (t searched) begins(index int) bool {
	return t.startsPart(index) || t.runes[index-1] == gap && t.starts[index]
}

// startsPart reports whether a sign, or the beginning of the text, stands before index. Behind
// a number, 余, 周 and the like count: 20余人, 第5周周三.
func (t searched) startsPart(index int) bool {
	return index == 0 || !isHan(t.raw[index-1]) && (!unicode.IsDigit(t.raw[index-1]) || !strings.ContainsRune("余周段项单时", t.raw[index]))
}

// endsPart reports whether a sign, or the end of the text, stands at index.
func (t searched) endsPart(index int) bool { return index == len(t.raw) || !isHan(t.raw[index]) }

// has reports whether the word stands at index.
func (t searched) has(index int, word []rune) bool {
	return index >= 0 && index+len(word) <= len(t.raw) && slices.Equal(t.raw[index:index+len(word)], word)
}

// oneAt returns the length of the longest of the words that stands at index, or 0.
func (t searched) oneAt(index int, words wordIndex) int {
	longest := 0
	if index < len(t.raw) {
		for _, word := range words.byFirst[t.raw[index]] {
			if len(word) > longest && t.has(index, word) {
				longest = len(word)
			}
		}
	}
	return longest
}

// oneBefore reports whether one of the words stands directly before index.
func (t searched) oneBefore(index int, words wordIndex) bool {
	return index > 0 && slices.ContainsFunc(words.byLast[t.raw[index-1]], func(word []rune) bool { return t.has(index-len(word), word) })
}

// surnameAt returns the lengths that a family name at index of letters may have.
func (t searched) surnameAt(index int, letters []rune) []int {
	var lengths []int
	if index+2 <= len(letters) && slices.Contains(compoundSurnames, string(letters[index:index+2])) {
		lengths = append(lengths, 2)
	}
	if r := letters[index]; strings.ContainsRune(surnames, r) && (!strings.ContainsRune(wordlikeSurnames, r) || t.begins(index) || strings.ContainsRune(surnamesBehindCues, r) && (t.oneBefore(index, cues) || t.oneBefore(index, callers))) {
		lengths = append(lengths, 1)
	}
	return lengths
}

// nameBetween reports whether the characters from one index up to another are a family
// name and one or two characters of a given name, and none of the words that name nobody.
func (t searched) nameBetween(from, to int, nobody map[string]bool) bool {
	if from >= to || to > len(t.plain) || nobody[string(t.raw[from:to])] {
		return false
	}
	return slices.ContainsFunc(t.surnameAt(from, t.plain), func(length int) bool {
		given := to - from - length
		return (given == 1 || given == 2) && isGiven(t.plain[from+length:to])
	})
}

func isGiven(runes []rune) bool {
	if string(runes) == "和平" {
		return true
	}
	if len(runes) == 2 && strings.ContainsRune(firstOfTwo, runes[0]) {
		runes = runes[1:]
	}
	return !slices.ContainsFunc(runes, func(r rune) bool { return !isHan(r) || strings.ContainsRune(neverGiven, r) })
}

func isHan(r rune) bool { return unicode.Is(unicode.Han, r) }

// behindSigns returns the first index from the given one on where no sign stands that
// separates a cue, a name or what is done.
func (t searched) behindSigns(index int) int {
	for index < len(t.raw) && strings.ContainsRune(" :：-—－_(（", t.raw[index]) {
		index++
	}
	return index
}
