package seal

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// nameLengths are how many characters a name has.
var nameLengths = []int{2, 3, 4}

// postAfterName finds 王老师, 高峰校长, 方向东老师, Wang老师.
func (t searched) postAfterName() bool {
	for i := 1; i < len(t.raw); i++ {
		if post := t.oneAt(i, posts); post > 0 && !t.continues(i, post) && (t.surnameEndsAt(i) || t.nameEndsAt(i, post) || t.latinEndsAt(i)) {
			return true
		}
		if post := t.oneAt(i, wholeNamePosts); post > 0 && t.nameEndsAt(i, post) {
			return true
		}
	}
	return false
}

// continues reports whether the post at index is the beginning of another word: 校长期.
func (t searched) continues(index, length int) bool {
	next := index + length
	return next < len(t.raw) && strings.ContainsRune(postEndings[string(t.raw[index:next])], t.raw[next])
}

func (t searched) surnameEndsAt(index int) bool {
	for _, length := range []int{1, 2} {
		if from := index - length; from >= 0 && slices.Contains(t.surnameAt(from, t.runes), length) {
			return true
		}
	}
	return false
}

// nameEndsAt reports whether a name ends where a post of the given length begins. Ordinary
// words are names there (高峰老师), other than those to which the post belongs (高级教师),
// and people of school books before what is said of them too (雷锋同志).
func (t searched) nameEndsAt(index, post int) bool {
	return slices.ContainsFunc(nameLengths, func(length int) bool {
		from := index - length
		if from < 0 || !t.startsPart(from) && t.oneBefore(index, fieldsAndSchools) {
			return false
		}
		if t.begins(from) && ordinaryNames[string(t.raw[from:index])] {
			return true
		}
		if !t.nameBetween(from, index, nobodyBeforePosts) || nobodyBeforePosts[string(t.raw[from:index+post])] {
			return false
		}
		return t.oneAt(index, postsAtSchools) > 0 || !slices.Contains(peopleOfBooks, string(t.raw[from:index]))
	})
}

// surnamesWithPost finds 刘、张两位老师.
func surnamesWithPost(text string) bool {
	found := severalWithPost.FindStringSubmatch(text)
	return found != nil && strings.ContainsAny(surnames, found[1]) && strings.ContainsAny(surnames, found[2])
}

var severalWithPost = regexp.MustCompile(`(\p{Han})[、，,和](\p{Han})[两二三四五六2-6](?:位|名|个)(?:老师|教师|校长|主任|书记|同志)`)

// latinEndsAt finds a word such as Wang, which is no abbreviation such as PPT.
func (t searched) latinEndsAt(index int) bool {
	from := index
	for from > 0 && t.raw[from-1] < unicode.MaxLatin1 && unicode.IsLetter(t.raw[from-1]) {
		from--
	}
	return index-from >= 2 && unicode.IsUpper(t.raw[from]) && unicode.IsLower(t.raw[index-1])
}

// nameAfterCue finds 执教：王芳, 校长李明 and 副校长陆小曼带队. A sign behind the cue, or
// what people do behind the name, makes a name of an ordinary word too.
func (t searched) nameAfterCue() bool {
	for i := range t.raw {
		n := t.oneAt(i, cues)
		if n == 0 {
			continue
		}
		from := t.behindSigns(i + n)
		parted := from > i+n
		for _, length := range nameLengths {
			end := from + length
			switch {
			case end > len(t.raw):
			case t.endsPart(end) && !parted:
				if t.nameBetween(from, end, nameless) {
					return true
				}
			case t.endsPart(end) || t.oneAt(end, doings) > 0 || t.oneAt(end, afterPosts) > 0 && t.oneAt(i, posts) > 0:
				if t.nameBetween(from, end, dictionaryWords) {
					return true
				}
			}
		}
	}
	return false
}

// nameAfterCaller finds 由陆小曼讲授 and 聘陆小曼为导师.
func (t searched) nameAfterCaller() bool {
	for i := range t.raw {
		n := t.oneAt(i, callers)
		if n == 0 {
			continue
		}
		for _, length := range nameLengths {
			end := i + n + length
			if end < len(t.raw) && t.nameBetween(i+n, end, nameless) && (t.oneAt(end, doings) > 0 || t.oneAt(end, afterPosts) > 0) {
				return true
			}
		}
	}
	return false
}

// nameBeforeDoing finds 王小明示范课, 20180420李明听课记录 and 三年级陆小曼执教.
func (t searched) nameBeforeDoing() bool {
	for i := range t.raw {
		if !t.begins(i) && !t.oneBefore(i, beforeNames) {
			continue
		}
		for _, length := range nameLengths {
			end := i + length
			if t.nameBetween(i, end, nameless) && t.oneAt(t.behindSigns(end), doings) > 0 {
				return true
			}
		}
	}
	return false
}

// nameAlone finds a name between signs, also behind a place or a class: 陆小曼《春》,
// （王芳）, 王芳、李小明, 圆的面积(三年级陆小曼). What stands between 《 and 》 is a title.
func (t searched) nameAlone() bool {
	for i := range t.raw {
		if !t.startsPart(i) && !t.oneBefore(i, beforeNames) {
			continue
		}
		for _, length := range nameLengths {
			end := i + length
			if end > len(t.raw) || !t.endsPart(end) || !t.nameBetween(i, end, nameless) || t.derived(i, end) {
				continue
			}
			if i == 0 || end == len(t.raw) || t.raw[i-1] != '《' || t.raw[end] != '》' {
				return true
			}
		}
	}
	return false
}

// derived reports whether three characters are a word and one more, where the word begins
// with what is a family name only now and then: 成员数, 师生比.
func (t searched) derived(from, to int) bool {
	return to-from == 3 && strings.ContainsRune(wordlikeSurnames, t.raw[from]) && strings.ContainsRune(derivedEndings, t.raw[to-1]) && nameless[string(t.raw[from:from+2])]
}

// derivedEndings are characters that make another word of a word.
const derivedEndings = "数比性度感界区法史图表线面点机器部人物者化词"

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

// latinName matches what a person is called in English: Mr. Smith, Miss Li, 外教Tom.
var latinName = regexp.MustCompile(`\b(?:M(?:r|rs|s|iss)|MR|MRS|Dr|Prof)\b\.?\s*(?:[A-Z][a-z]+|\p{Han}{2})|外教(?:教师|老师)?[\s:：]*[A-Z][a-z]+`)

// HasPersonalNumber reports whether a text holds the number of a mobile telephone or of an
// identity card: it stands for a person as well as a name does.
func HasPersonalNumber(text string) bool {
	digits := strings.Map(func(r rune) rune {
		if r >= '０' && r <= '９' {
			return r - '０' + '0'
		}
		return r
	}, text)
	if strings.Count(digits, "1") == 0 || len(digits) < 11 {
		return false
	}
	for _, found := range personalNumber.FindAllStringIndex(digits, -1) {
		before, _ := utf8.DecodeLastRuneInString(digits[:found[0]])
		after, _ := utf8.DecodeRuneInString(digits[found[1]:])
		if !unicode.IsDigit(before) && !unicode.IsDigit(after) {
			return true
		}
	}
	return false
}

// personalNumber matches a mobile number, also in groups, and the number of an identity card.
var personalNumber = regexp.MustCompile(`(?:\+?86[ -]?)?1[3-9]\d(?:\d{8}|[ -]\d{4}[ -]\d{4})|[1-9]\d{5}(?:18|19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dXx]`)
