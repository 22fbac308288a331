package reading

import (
	"regexp"
	"slices"
	"strings"

	"twinledger/domain/chinese"
	"twinledger/domain/org"
	"twinledger/domain/record"
	"twinledger/domain/seal"
)

// readPeople parts a cell of people. known tells which names are those of people.
func readPeople(cell string, known func(string) bool) list {
	out := list{whole: true}
	for _, part := range certainly(cell) {
		out.addPeople(part, known)
	}
	out.names = once(out.names)
	return out
}

// roleBehind matches a person with what the person does in brackets behind the name: 王小明（主讲）.
var roleBehind = regexp.MustCompile(`^\p{Han}{2,4}\((?:主讲|主持|授课|执教|上课|听课|评课|负责|负责人|组长|领队|带队|指导|语文|数学|英语)[^()]{0,4}\)$`)

// oneself matches what the writer of a file is called in it: nobody knows who that is.
var oneself = regexp.MustCompile(`^(?:本人|我|自己|自己本人|我本人)$`)

func (l *list) addPeople(part string, known func(string) bool) {
	isName := func(text string) bool { name, _ := onePerson(text, known); return name != "" }
	name := chinese.Narrow(org.NormalName(part))
	one, more := onePerson(part, known)
	switch {
	case name == "":
	case known(org.NormalName(part)):
		l.names = append(l.names, org.NormalName(part))
	case oneself.MatchString(name), isGroupOfPeople(name) && !strings.ContainsAny(name, joiners):
		l.leaveOpen(ErrGroupOfPeople, nil)
	case andOthers.MatchString(name):
		if rest := strings.TrimSpace(andOthers.ReplaceAllString(part, "")); rest != "" && !isGroupOfPeople(rest) {
			l.addPeople(rest, known)
		}
		l.leaveOpen(ErrGroupOfPeople, nil)
	case roleOfList.MatchString(name) && strings.ContainsAny(name, joiners): // 主讲：王芳、李强
		l.more = true
		l.addPeople(roleOfList.FindStringSubmatch(name)[1], known)
	case one != "" && more:
		l.names, l.more = append(l.names, one), true
	case bySurnames.MatchString(name):
		l.leaveOpen(ErrSeveralPeople, &listQuestion{code: "list-of-people", parts: peopleBySurnames(name)})
	case namesWithNotes.MatchString(name): // 王芳（数学）李强（语文）
		for _, named := range nameWithNote.FindAllString(name, -1) {
			l.addPeople(named, known)
		}
	case severalBehind.MatchString(name): // 王芳、李强两位老师
		l.more = true
		l.addPeople(severalBehind.FindStringSubmatch(name)[1], known)
	case twoNames(name, known):
		l.leaveOpen(ErrSeveralPeople, &listQuestion{code: "list-of-people", parts: fieldsBy(name, isBracket)})
	case onlyPosts(part), roleAlone.MatchString(behindSchool(name)):
		l.leaveOpen(ErrGroupOfPeople, nil)
	default:
		l.addJoinedPeople(part, isName, known)
	}
}

// addJoinedPeople adds the people of a text in which signs may stand between names.
func (l *list) addJoinedPeople(part string, isName, known func(string) bool) {
	before := l.ask
	l.addJoined(part, isName, "list-of-people", ErrSeveralPeople, func(text string) {
		one, more := onePerson(text, known)
		if one == "" {
			one = text
		}
		l.names, l.more = append(l.names, one), l.more || more
	}, func(string) bool { return false })
	if l.ask == nil || l.ask == before {
		return
	}
	var people []string
	for _, word := range l.ask.parts {
		if one, _ := onePerson(word, known); one != "" {
			people = append(people, one)
		} else if !besideNames(word) {
			return
		}
	}
	if len(people) > 0 { // 王芳 语文 李强 数学: the subjects are kept as they are written
		l.ask.more = len(people) < len(l.ask.parts)
		l.ask.parts = people
	}
}

// besideNames tells whether a word stands beside names and is none.
func besideNames(word string) bool {
	return record.IsSubject(word) || seal.HasPersonalNumber(word) || roleAlone.MatchString(word) || oneself.MatchString(word) || isGroupOfPeople(word)
}

// bySurnames matches people who are named together by their family names: 刘、张两位老师.
var bySurnames = regexp.MustCompile(`^(\p{Han}(?:[、，,和及与]\p{Han})+)(?:[两二三四五六2-6](?:位|名|个))?(老师|教师|校长|副校长|主任|书记|教研员|同志)$`)

// peopleBySurnames returns 刘老师 and 张老师 of 刘、张两位老师.
func peopleBySurnames(text string) []string {
	found := bySurnames.FindStringSubmatch(text)
	var people []string
	for _, surname := range strings.FieldsFunc(found[1], func(r rune) bool { return strings.ContainsRune("、，,和及与", r) }) {
		people = append(people, surname+found[2])
	}
	return people
}

var (
	nameWithNote   = regexp.MustCompile(`\p{Han}{2,4}\([^()]+\)`)
	namesWithNotes = regexp.MustCompile(`^(?:\p{Han}{2,4}\([^()]+\)){2,}$`)
	severalBehind  = regexp.MustCompile(`^(\p{Han}{2,4}(?:[、，,和及与]\p{Han}{2,4})+?)(?:[两二三四五六七八九十]|\d+)(?:位|名|人)(?:老师|教师|同志|校长)?$`)
)

// twoNames tells whether a text is a name and another one in brackets behind it: 王芳（李强）.
func twoNames(text string, known func(string) bool) bool {
	parts := fieldsBy(text, isBracket)
	return len(parts) == 2 && !slices.ContainsFunc(parts, func(p string) bool { one, _ := onePerson(p, known); return one == "" })
}

func isBracket(r rune) bool { return r == '(' || r == ')' }

// onlyPosts tells whether a text lists posts and no names: 校长、教导主任.
func onlyPosts(text string) bool {
	return !slices.ContainsFunc(probably(text), func(p string) bool { return !roleAlone.MatchString(p) && !groupOfPosts.MatchString(p) })
}
