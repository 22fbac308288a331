package reading

import (
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"twinledger/domain/fault"
	"twinledger/domain/org"
	"twinledger/domain/record"
)

// What a cell that lists several names is met with where it cannot be told apart.
var (
	ErrSeveralPeople = fault.New(fault.Invalid, "intake.several-people",
		"一格里像是写了几个人，分不清，人员按未知处理，原文保留；请回答问题，或用；分隔。",
		"The cell seems to name several people and cannot be told apart, so the people stay unknown and the cell is kept as it is written; answer the question, or separate them with ；.")
	ErrSeveralUnits = fault.New(fault.Invalid, "intake.several-units",
		"一格里像是写了几所学校，分不清，按未知处理，原文保留；请回答问题，或用；分隔。",
		"The cell seems to name several schools and cannot be told apart, so they stay unknown and the cell is kept as it is written; answer the question, or separate them with ；.")
	ErrGroupOfSchools = fault.New(fault.Invalid, "intake.group-of-schools",
		"此格写的是几所学校的统称，不知道是哪几所，按未知处理，原文保留；请回答问题，或逐一写明学校。",
		"The cell names several schools together and not which; they stay unknown and the cell is kept as it is written. Answer the question, or name the schools one by one.")
	ErrGroupOfPeople = fault.New(fault.Invalid, "intake.group-of-people",
		"此格没有逐一写出姓名，未写出的人员按未知处理，原文保留。",
		"The cell does not name each person; those not named stay unknown, and the cell is kept as it is written.")
)

// Known tells which names somebody has already, in the ledger or in the file.
type Known interface {
	School(name string) bool
	Person(name string) bool
	Community(name string) bool
}

// A list is what a cell that lists things says.
type list struct {
	names   []string // in the order of the cell, each once
	members bool     // the members of the community are named together
	whole   bool     // names and members are all whom the cell names
	more    bool     // the cell says more of them: what somebody did, which subject
	problem *fault.Error
	ask     *listQuestion // what would make it whole; nil when nothing would
}

// A listQuestion is what is asked of a cell that may list several.
type listQuestion struct {
	code  string
	parts []string // the names that it may list; none of a group
	more  bool     // the cell says more than these names
}

// certainly parts what is separated by signs that stand inside no name.
func certainly(cell string) []string {
	return fieldsBy(cell, func(r rune) bool { return r == ';' || r == '；' || r == '\n' || r == '\r' })
}

// joiners are signs that people write between names and that occur inside names too.
const joiners = "、，,/／&＋+|"

// probably parts what is separated by any sign that people write between names.
func probably(cell string) []string {
	return fieldsBy(cell, func(r rune) bool { return strings.ContainsRune(joiners, r) })
}

func fieldsBy(cell string, separates func(rune) bool) []string {
	var parts []string
	for _, part := range strings.FieldsFunc(cell, separates) {
		if part = strings.TrimSpace(part); part != "" {
			parts = append(parts, part)
		}
	}
	return parts
}

// spaced parts a text at its white space.
var spaced = regexp.MustCompile(`\s+|　+`)

// readSubjects parts a cell of subjects: 语文、数学, 语文/数学 and 数学 语文 are two. What is
// not wholly made of known subjects stays one subject, as written.
func readSubjects(cell string) []string {
	var out []string
	for _, part := range certainly(cell) {
		out = append(out, partSubjects(part)...)
	}
	return once(out)
}

func partSubjects(part string) []string {
	if record.IsSubject(compact(part)) {
		return []string{compact(part)}
	}
	for _, parts := range [][]string{probably(part), spaced.Split(part, -1), probably(spaced.ReplaceAllString(part, "、")), splitWord(part, "和"), splitWord(part, "与")} {
		if len(parts) > 1 && !slices.ContainsFunc(parts, func(p string) bool { return !record.IsSubject(compact(p)) && !shortSubject(p) }) {
			return parts
		}
	}
	return []string{part}
}

// shortSubject matches subjects of one character, as they are written where several
// stand together: 语、数、英.
func shortSubject(part string) bool {
	return strings.Contains("语数英物化生史地政音体美科", part) && len([]rune(part)) == 1
}

func splitWord(text, word string) []string {
	return slices.DeleteFunc(strings.Split(text, word), func(s string) bool { return strings.TrimSpace(s) == "" })
}

// once returns the texts without repetition.
func once(texts []string) []string {
	var out []string
	for _, text := range texts {
		if !slices.Contains(out, text) {
			out = append(out, text)
		}
	}
	return out
}

// readSchools parts a cell of schools. known tells which names are those of schools.
func readSchools(cell string, known func(string) bool) list {
	isName := func(name string) bool { return known(org.NormalName(name)) || looksLikeSchool(org.NormalName(name)) }
	out := list{whole: true}
	for _, part := range certainly(cell) {
		out.addSchools(part, isName, known)
	}
	out.names = once(out.names)
	return out
}

func (l *list) addSchools(part string, isName, known func(string) bool) {
	name := org.NormalName(part)
	switch {
	case name == "":
	case known(name):
		l.names = append(l.names, name)
	case withoutContact(name, looksLikeSchool) != name:
		l.more = true
		l.addSchools(withoutContact(name, looksLikeSchool), isName, known)
	case isPersonAsUnit(name, known):
		l.leaveOpen(ErrPersonAsUnit, &listQuestion{code: askPersonAsUnit})
	case isMembers(name):
		l.members = true
	case andOthers.MatchString(name) && len(andOthers.ReplaceAllString(name, "")) > 0 && !isGroupOfSchools(andOthers.ReplaceAllString(name, "")):
		rest := andOthers.ReplaceAllString(part, "")
		l.addSchools(rest, isName, known)
		l.leaveOpen(ErrGroupOfSchools, nil)
	case isGroupOfSchools(name):
		l.leaveOpen(ErrGroupOfSchools, &listQuestion{code: "group-of-schools"})
	default:
		l.addJoined(part, isName, "list-of-schools", ErrSeveralUnits, func(one string) {
			if isMembers(one) {
				l.members = true
				return
			}
			if name := withoutContact(one, looksLikeSchool); name != one {
				one, l.more = name, true
			}
			l.names = append(l.names, one)
		}, isMembers)
	}
}

// addJoined parts a text at the signs that may separate names. It is parted for certain
// where each part is a name; it is one name where no sign stands in it; else it is asked.
func (l *list) addJoined(part string, isName func(string) bool, code string, problem *fault.Error, add func(string), also func(string) bool) {
	all := func(parts []string) bool {
		return len(parts) > 1 && !slices.ContainsFunc(parts, func(p string) bool { return !isName(p) && !also(org.NormalName(p)) })
	}
	var best []string
	for _, parts := range [][]string{probably(part), fieldsBy(part, func(r rune) bool { return strings.ContainsRune(joiners+" \t　", r) }), splitAnd(part)} {
		if all(parts) {
			for _, p := range parts {
				add(org.NormalName(p))
			}
			return
		}
		if len(parts) > len(best) && len(parts) > 1 {
			best = parts
		}
	}
	if len(probably(part)) == 1 {
		if one := org.NormalName(probably(part)[0]); isOneName(probably(part)[0], one) {
			add(one) // white space and 和 stand inside many names
			return
		}
	}
	for i := range best {
		best[i] = org.NormalName(best[i])
	}
	l.leaveOpen(problem, &listQuestion{code: code, parts: best})
}

// isOneName tells whether a text without a sign between names is one name. White space stands in
// one where it only lines up its characters (李　华) or parts a place from a school (某县 第二小学).
// A text that is surely no name, such as a class, a number or a way to meet, is none.
func isOneName(text, name string) bool {
	if noName.MatchString(name) {
		return false
	}
	words := spaced.Split(strings.TrimSpace(text), -1)
	if len(words) == 1 || placeWord.MatchString(words[0]) {
		return true
	}
	return !slices.ContainsFunc(words, func(w string) bool { return utf8.RuneCountInString(w) > 1 }) || !hanOnly.MatchString(name)
}

var (
	noName    = regexp.MustCompile(`^[\d.,:：()、]+$|^第?[\d一二三四五六七八九十]+(?:年级|班|组|届|期)|(?:年级|[班组])$|^(?:线上|线下|网上|网络|腾讯会议|钉钉|同左|同右|本校|校内|校外|校长|男|女)$|\d{6,}|男.*\d.*女.*\d|\d+(?:节|次|人|课时)$`)
	placeWord = regexp.MustCompile(`(?:省|市|县|区|镇|乡|街道|村)$`)
	hanOnly   = regexp.MustCompile(`^\p{Han}+$`)
)

// splitAnd parts a text at every sign and word that may stand between names, where each part is
// more than a word's beginning: 城关小学和平校区 is one school.
func splitAnd(part string) []string {
	for _, word := range []string{"以及", "和", "与", "及"} {
		part = strings.ReplaceAll(part, word, "、")
	}
	parts := probably(part)
	if slices.ContainsFunc(parts, func(p string) bool { return utf8.RuneCountInString(p) < 4 && !looksLikePerson(p) }) {
		return nil
	}
	return parts
}

// leaveOpen says that names are not all that the cell says.
func (l *list) leaveOpen(problem *fault.Error, ask *listQuestion) {
	l.whole = false
	if l.problem == nil {
		l.problem = problem
	}
	if l.ask == nil {
		l.ask = ask
	}
}
