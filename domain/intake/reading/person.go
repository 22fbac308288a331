package reading

import (
	_ "embed" // the list of roles
	"regexp"
	"slices"
	"strings"

	"twinledger/domain/chinese"
	"twinledger/domain/org"
	"twinledger/domain/record"
	"twinledger/domain/seal"
)

// looksLikePerson tells whether a text is written as people's names are and nothing else: a
// surname with a post (王老师, 李副校长), or a name. What speaks of several people is none, and
// what holds a number says more than a name.
func looksLikePerson(text string) bool {
	text = strings.TrimSpace(text)
	return seal.IsLikeName(text) && !strings.ContainsAny(text, "0123456789") && !manyWords.MatchString(text) && !record.IsSubject(text) && !isGroupOfPeople(text)
}

//go:embed person_roles.txt
var personRoleList string

// personRoles are the words of the list of roles, longest first.
var personRoles = func() []string {
	_, words, _ := strings.Cut(personRoleList, "\n")
	roles := strings.Fields(words)
	slices.SortStableFunc(roles, func(a, b string) int { return len(b) - len(a) })
	return roles
}()

var (
	anyRole            = "(?:" + strings.Join(personRoles, "|") + ")"
	roleInFront        = regexp.MustCompile(`^` + anyRole + `[\s:：、]*(.+)$`)
	roleBeforeBrackets = regexp.MustCompile(`^` + anyRole + `\(([^()]+)\)$`)
	roleOfList         = regexp.MustCompile(`^` + anyRole + `[:：](.+)$`)
	roleAlone          = regexp.MustCompile(`^` + anyRole + `$`)
	postBehind         = regexp.MustCompile(`^(.+?)(?:(?:教导|教务|总务|政教|德育|班|副)?主任|副?校长|副?园长|副?书记|老师|教师|同志|先生|女士|教研员)$`)
	noteBehind         = regexp.MustCompile(`^(.+?)(?:\(([^()]+)\)|[*#※])$`)
	numberBehind       = regexp.MustCompile(`^(\p{Han}+)[:：]?(\d{11}|\d{17}[\dXx])$`)
	// postInBrackets matches 张（副校长）.
	postInBrackets = regexp.MustCompile(`^(\p{Han})\((` + anyRole + `)\)$`)
	oneBehind      = regexp.MustCompile(`^(\p{Han}{2,4})\(?[1一]人\)?$`)
)

// onePerson returns the name of the person of whom a text speaks, "" where it speaks of nobody
// or of several. A role, a school, a number or 老师 beside a whole name is no part of the name;
// more tells that the text says more than the name.
func onePerson(text string, known func(string) bool) (name string, more bool) {
	if name = org.NormalName(text); known(name) {
		return name, false
	}
	name = chinese.Narrow(name)
	if found := postInBrackets.FindStringSubmatch(name); found != nil && looksLikePerson(found[1]+found[2]) {
		return found[1] + found[2], true
	}
	for _, within := range []string{behindRole(name), behindSchool(name), beforeNote(name), beforePost(name)} {
		if within == "" {
			continue
		}
		if inner, _ := onePerson(within, known); inner != "" {
			return inner, true
		}
	}
	if seal.HasNameForm(name) || looksLikePerson(name) && !strings.ContainsAny(name, joiners+"()") {
		return name, false
	}
	return "", false
}

// behindRole returns what stands behind a role: 王芳 in 校长王芳 and 主讲：王芳.
func behindRole(name string) string {
	if found := roleBeforeBrackets.FindStringSubmatch(name); found != nil {
		return found[1]
	}
	if found := roleInFront.FindStringSubmatch(name); found != nil && !roleAlone.MatchString(found[1]) {
		return found[1]
	}
	return ""
}

// behindSchool returns what stands behind the name of a school: 王芳 in 张湾小学王芳.
func behindSchool(name string) string {
	runes := []rune(name)
	for end := len(runes) - 2; end > 3; end-- {
		if looksLikeSchool(string(runes[:end])) {
			return string(runes[end:])
		}
	}
	return ""
}

// beforeNote returns what stands before a mark, a number or what brackets say of somebody: 王芳
// in 王芳（语文）, 王芳(13912345678) and 王芳1人.
func beforeNote(name string) string {
	if found := numberBehind.FindStringSubmatch(name); found != nil {
		return found[1]
	}
	if found := oneBehind.FindStringSubmatch(name); found != nil {
		return found[1]
	}
	found := noteBehind.FindStringSubmatch(name)
	if found == nil {
		return ""
	}
	note := found[2]
	says := note == "" || roleAlone.MatchString(note) || roleBehind.MatchString(name) || record.IsSubject(note) || seal.HasPersonalNumber(note) || looksLikeSchool(note)
	if !says {
		return ""
	}
	return found[1]
}

// beforePost returns the whole name before 老师 or a post: 王小明 in 王小明老师. A family name
// alone belongs to the post: 王老师.
func beforePost(name string) string {
	if found := postBehind.FindStringSubmatch(name); found != nil && seal.HasNameForm(found[1]) {
		return found[1]
	}
	return ""
}
