package seal

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// LooksLikeName reports whether a text looks as if it named a person: a family name with
// a post (王老师, 张校长), a whole name with a post (高峰老师, 校长李明), a name after a
// cue (执教：王芳), before what people do (王小明示范课, 由陆小曼讲授), or alone between
// signs (陆小曼《春》, 圆的面积—陆小曼). A telephone number or the number of an identity
// card stands for a person as well. The function knows nobody: people of the ledger are
// found by [Names].
//
// Words of the language, titles of lessons and people of school books name nobody, except
// where a post shows that somebody bears the word as a name. nobody gives further words
// that are known to name nobody, such as the names of schools.
// A text in doubt looks like a name, because a title sealed without need can still be
// opened by everybody who may see names, while a name in clear stays in the log for ever.
func LooksLikeName(text string, nobody ...string) bool {
	t := search(text, nobody)
	return t.postAfterName() || t.nameAfterCue() || t.nameAfterCaller() || t.nameBeforeDoing() || t.nameAlone() || t.nameElement() || surnamesWithPost(text) ||
		strings.ContainsAny(text, "MDP外") && latinName.MatchString(text) || HasPersonalNumber(text)
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
	return last > 0 && !strings.ContainsRune(officeEndings, t.raw[last]) && t.nameBetween(0, len(t.raw), nameless)
}

// HasNameForm reports whether a text has the form of a whole name: a family name and a given
// name of one or two characters, whatever the word means. It is meant for texts of which is
// known that they name somebody, such as what stands behind 主讲：.
func HasNameForm(text string) bool {
	t := search(text, nil)
	return !slices.Contains(compoundSurnames, string(t.raw)) && t.nameBetween(0, len(t.raw), nobodyBeforePosts)
}

// A searched is a text in the form in which names are searched for. plain is raw with a
// gap in place of every character of what the caller knows to name nobody, runes with a gap
// in place of every ordinary word as well; starts marks where a word or a character outside
// of words begins.
type searched struct {
	raw, plain, runes []rune
	starts            []bool
}

// gap stands in place of a character that belongs to no name.
const gap = '\x00'

// search prepares a text: without characters of no width, without spaces within a name,
// and with posts and cues in simplified writing.
func search(text string, nobody []string) searched {
	text = simplified.Replace(withoutSpaces(text))
	t := searched{raw: []rune(text)}
	nobody = byLength(nobody)
	for len(text) > 0 {
		word, given := wordAt(text, nobody)
		if word == "" {
			r, size := utf8.DecodeRuneInString(text)
			t.runes, t.plain, t.starts, text = append(t.runes, r), append(t.plain, r), append(t.starts, true), text[size:]
			continue
		}
		for i, r := range word {
			if given {
				r = gap
			}
			t.runes, t.plain, t.starts = append(t.runes, gap), append(t.plain, r), append(t.starts, i == 0)
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

// wordAt returns the longest word that names nobody and with which text begins, or "", and
// whether the caller gave it.
func wordAt(text string, nobody []string) (word string, given bool) {
	for _, word := range nobody {
		if word != "" && strings.HasPrefix(text, word) {
			return word, true
		}
	}
	for _, word := range ordinaryByFirst[firstOf(text)] {
		if strings.HasPrefix(text, word) && !cutsPost(word, text) {
			return word, false
		}
	}
	for _, person := range bookPeopleByFirst[firstOf(text)] {
		if rest, is := strings.CutPrefix(text, person); is && !beginsWithOne(rest, postWordsAtSchools) {
			return person, false
		}
	}
	return "", false
}

// cutsPost reports whether a post begins within the word and ends behind it: the text
// 王学校长 holds the post 校长 and not the word 学校.
func cutsPost(word, text string) bool {
	for i := range word {
		for _, post := range postWords {
			if i > 0 && i+len(post) > len(word) && strings.HasPrefix(text[i:], post) {
				return true
			}
		}
	}
	return false
}

var ordinaryByFirst, bookPeopleByFirst = byFirst(ordinaryWords), byFirst(peopleOfBooks)

// byFirst returns words by their first characters, in their order.
func byFirst(words []string) map[rune][]string {
	m := map[rune][]string{}
	for _, word := range words {
		m[firstOf(word)] = append(m[firstOf(word)], word)
	}
	return m
}

func firstOf(text string) rune {
	r, _ := utf8.DecodeRuneInString(text)
	return r
}

func beginsWithOne(text string, words []string) bool {
	return slices.ContainsFunc(words, func(word string) bool { return strings.HasPrefix(text, word) })
}
