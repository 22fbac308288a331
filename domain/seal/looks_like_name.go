package seal

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// LooksLikeName reports whether a text looks as if it named a person: a family name with
// a post (王老师, 张校长), a whole name with a post (李明校长, 校长李明), a name after a
// cue (执教：王芳) or in brackets (（王芳）), a name with which a title or a file's name
// begins (王小明示范课), or a list of names and nothing else (王芳、李小明). The function
// knows nobody: people of the ledger are found by [Names].
//
// Words of ordinary use, subjects, grades, places and people of school books name nobody.
// nobody gives further words that are known to name nobody, such as the names of schools.
// A text in doubt looks like a name, because a title sealed without need can still be
// opened by everybody who may see names, while a name in clear stays in the log for ever.
func LooksLikeName(text string, nobody ...string) bool {
	t := search(text, nobody)
	return t.postAfterName() || t.nameAfterCue() || t.nameBeforeDoing() || t.nameInBrackets() || t.listOfNames() || t.nameElement()
}

// IsLikeName reports whether a text looks like the name of one person and nothing else
// (王小明, 欧阳修, 张　伟), or looks like a name to [LooksLikeName]. It is meant for short
// fields in which no name may stand, such as an office. A title may not be asked so: 黄河
// and many other titles have the form of a name.
func IsLikeName(text string, nobody ...string) bool {
	if LooksLikeName(text, nobody...) {
		return true
	}
	t := search(strings.Join(strings.Fields(text), ""), nobody)
	last := len(t.raw) - 1
	return last > 0 && !strings.ContainsRune(officeEndings, t.raw[last]) && t.nameBetween(0, len(t.raw))
}

// A searched is a text in the form in which names are searched for. runes is raw with a
// gap in place of every character that is known to name nobody.
type searched struct{ raw, runes []rune }

// gap stands in place of a character that belongs to no name.
const gap = '\x00'

// search prepares a text: without characters of no width, without spaces within a name,
// and with posts and cues in simplified writing.
func search(text string, nobody []string) searched {
	text = simplified.Replace(withoutSpaces(text))
	t := searched{raw: []rune(text)}
	nobody = byLength(nobody)
	for len(text) > 0 {
		word := wordAt(text, nobody)
		if word == "" {
			r, size := utf8.DecodeRuneInString(text)
			t.runes, text = append(t.runes, r), text[size:]
			continue
		}
		for range word {
			t.runes = append(t.runes, gap)
		}
		text = text[len(word):]
	}
	return t
}

// withoutSpaces returns text without characters of no width, with one space for white
// space, and with none where it stands between single Chinese characters, as in 李 明.
func withoutSpaces(text string) string {
	var out []rune
	for _, r := range text {
		switch {
		case unicode.Is(unicode.Cf, r):
			continue
		case unicode.IsSpace(r):
			r = ' '
		}
		if n := len(out); n >= 2 && out[n-1] == ' ' && isHan(r) && strings.ContainsRune(surnames, out[n-2]) && (n == 2 || !isHan(out[n-3])) {
			out = out[:n-1]
		}
		out = append(out, r)
	}
	return string(out)
}

// wordAt returns the longest word that names nobody and with which text begins, or "".
func wordAt(text string, nobody []string) string {
	for _, word := range nobody {
		if word != "" && strings.HasPrefix(text, word) {
			return word
		}
	}
	for _, word := range ordinaryByFirst[firstOf(text)] {
		if strings.HasPrefix(text, word) && !cutsPost(word, text) {
			return word
		}
	}
	for _, person := range peopleOfBooks {
		if rest, is := strings.CutPrefix(text, person); is && !beginsWithOne(rest, posts[:bookPosts]) {
			return person
		}
	}
	return ""
}

// cutsPost reports whether a post begins within the word and ends behind it: the text
// 王学校长 holds the post 校长 and not the word 学校.
func cutsPost(word, text string) bool {
	for i := range word {
		for _, post := range posts {
			if i > 0 && i+len(post) > len(word) && strings.HasPrefix(text[i:], post) {
				return true
			}
		}
	}
	return false
}

var ordinaryByFirst = func() map[rune][]string {
	m := map[rune][]string{}
	for _, word := range ordinaryWords {
		m[firstOf(word)] = append(m[firstOf(word)], word)
	}
	return m
}()

func firstOf(text string) rune {
	r, _ := utf8.DecodeRuneInString(text)
	return r
}

func beginsWithOne(text string, words []string) bool {
	return slices.ContainsFunc(words, func(word string) bool { return strings.HasPrefix(text, word) })
}

func isHan(r rune) bool { return unicode.Is(unicode.Han, r) }

// begins reports whether a part of the text begins at index: no Chinese character that
// may belong to a name stands before it.
func (t searched) begins(index int) bool { return index == 0 || !isHan(t.runes[index-1]) }

// has reports whether the word stands at index.
func (t searched) has(index int, word string) bool {
	for _, r := range word {
		if index >= len(t.raw) || t.raw[index] != r {
			return false
		}
		index++
	}
	return true
}

// oneAt returns the length of the longest of the words that stands at index, or 0.
func (t searched) oneAt(index int, words []string) int {
	longest := 0
	for _, word := range words {
		if n := utf8.RuneCountInString(word); n > longest && t.has(index, word) {
			longest = n
		}
	}
	return longest
}

// surnameAt returns the lengths that a family name at index may have.
func (t searched) surnameAt(index int) []int {
	var lengths []int
	if index+2 <= len(t.runes) && slices.Contains(compoundSurnames, string(t.runes[index:index+2])) {
		lengths = append(lengths, 2)
	}
	if r := t.runes[index]; strings.ContainsRune(surnames, r) && (t.begins(index) || !strings.ContainsRune(wordlikeSurnames, r)) {
		lengths = append(lengths, 1)
	}
	return lengths
}

// nameBetween reports whether the characters from one index up to another are a family
// name and one or two characters of a given name.
func (t searched) nameBetween(from, to int) bool {
	if from >= to {
		return false
	}
	return slices.ContainsFunc(t.surnameAt(from), func(length int) bool {
		given := to - from - length
		return (given == 1 || given == 2) && isGiven(t.runes[from+length:to])
	})
}

func isGiven(runes []rune) bool {
	return !slices.ContainsFunc(runes, func(r rune) bool { return !isHan(r) || strings.ContainsRune(neverGiven, r) })
}

// postAfterName finds 王老师, 李明校长, Wang老师.
func (t searched) postAfterName() bool {
	for i := 1; i < len(t.raw); i++ {
		post := t.oneAt(i, posts)
		if post > 0 && !t.continues(i, post) && (t.surnameEndsAt(i) || t.nameEndsAt(i) || t.latinEndsAt(i)) {
			return true
		}
		if t.oneAt(i, wholeNamePosts) > 0 && t.nameEndsAt(i) {
			return true
		}
	}
	return false
}

// continues reports whether the post at index is the beginning of another word: 校长期.
func (t searched) continues(index, length int) bool {
	next := index + length
	return next < len(t.raw) && strings.ContainsRune(afterPosts[string(t.raw[index:next])], t.raw[next])
}

func (t searched) surnameEndsAt(index int) bool {
	for _, length := range []int{1, 2} {
		if from := index - length; from >= 0 && slices.Contains(t.surnameAt(from), length) {
			return true
		}
	}
	return false
}

func (t searched) nameEndsAt(index int) bool {
	for _, length := range []int{2, 3, 4} {
		if from := index - length; from >= 0 && t.nameBetween(from, index) {
			return true
		}
	}
	return false
}

// latinEndsAt finds a word such as Wang, which is no abbreviation such as PPT.
func (t searched) latinEndsAt(index int) bool {
	from := index
	for from > 0 && t.raw[from-1] < unicode.MaxLatin1 && unicode.IsLetter(t.raw[from-1]) {
		from--
	}
	return index-from >= 2 && unicode.IsUpper(t.raw[from]) && unicode.IsLower(t.raw[index-1])
}

// nameAfterCue finds 执教：王芳, and 校长李明 where nothing follows that makes it doubtful.
func (t searched) nameAfterCue() bool {
	for i := range t.raw {
		n := t.oneAt(i, cues)
		if n == 0 {
			continue
		}
		if name := t.behindSigns(i + n); name < len(t.raw) && t.nameBeginsAt(name) {
			return true
		}
	}
	return false
}

// behindSigns returns the first index from the given one on where no sign stands that
// separates a cue, a name or what is done.
func (t searched) behindSigns(index int) int {
	for index < len(t.raw) && strings.ContainsRune(" :：-—－_", t.raw[index]) {
		index++
	}
	return index
}

// nameBeginsAt finds a name behind which the text ends, a sign stands, or something that
// people do.
func (t searched) nameBeginsAt(index int) bool {
	for _, length := range []int{2, 3, 4} {
		end := index + length
		if end <= len(t.raw) && t.nameBetween(index, end) && (end == len(t.raw) || !isHan(t.raw[end]) || t.oneAt(end, doings) > 0) {
			return true
		}
	}
	return false
}

// nameBeforeDoing finds 王小明示范课 and 20180420李明听课记录.
func (t searched) nameBeforeDoing() bool {
	for i := range t.raw {
		if !t.begins(i) {
			continue
		}
		for _, length := range []int{2, 3, 4} {
			end := i + length
			if end > len(t.raw) || !t.nameBetween(i, end) {
				continue
			}
			if end = t.behindSigns(end); end < len(t.raw) && t.oneAt(end, doings) > 0 {
				return true
			}
		}
	}
	return false
}

// nameInBrackets finds 《背影》（王芳）.
func (t searched) nameInBrackets() bool {
	for i, r := range t.raw {
		if !strings.ContainsRune("(（[【〔", r) {
			continue
		}
		for _, length := range []int{2, 3, 4} {
			end := i + 1 + length
			if end < len(t.raw) && strings.ContainsRune(")）]】〕、，, ", t.raw[end]) && t.nameBetween(i+1, end) {
				return true
			}
		}
	}
	return false
}

// listOfNames finds 王芳、李小明: two names at least, and nothing else.
func (t searched) listOfNames() bool {
	names, from := 0, 0
	for i := 0; i <= len(t.raw); i++ {
		if i < len(t.raw) && !strings.ContainsRune("、，,;；/／ ", t.raw[i]) {
			continue
		}
		if i > from {
			if !t.nameBetween(from, i) {
				return false
			}
			names++
		}
		from = i + 1
	}
	return names >= 2
}

// nameElement finds names without a Chinese family name: 古丽老师, 阿不都·买买提.
func (t searched) nameElement() bool {
	for i := range t.raw {
		if t.oneAt(i, nameElements) > 0 {
			return true
		}
		if t.raw[i] == '·' && i > 1 && i+2 < len(t.raw) && isHan(t.raw[i-1]) && isHan(t.raw[i+1]) && t.postBehind(i) {
			return true
		}
	}
	return false
}

// postBehind reports whether a post stands within six characters of index.
func (t searched) postBehind(index int) bool {
	for i := index + 1; i < min(index+7, len(t.raw)); i++ {
		if t.oneAt(i, posts) > 0 {
			return true
		}
	}
	return false
}
