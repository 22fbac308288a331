package reading

import (
	"regexp"
	"slices"
	"strings"

	"twinledger/domain/fault"
	"twinledger/domain/org"
	"twinledger/domain/record"
	"twinledger/domain/seal"
)

func clearText(text string) seal.Text { return seal.Text{Clear: text} }

// units returns the schools that a cell names, and whether they are all that it says.
func (x *rowReader) units(column string) []record.Unit {
	text := x.value(column)
	if text == "" {
		return nil
	}
	found := x.list(column, text, readSchools(text, x.known.School))
	var out []record.Unit
	for _, name := range found.names {
		out = append(out, record.Unit{School: name})
	}
	if found.members {
		out = append(out, record.Unit{Group: record.Members})
	}
	return out
}

// people returns the people that a cell names.
func (x *rowReader) people() []string {
	text := x.value(ColumnPeople)
	if text == "" {
		return nil
	}
	return x.list(ColumnPeople, text, readPeople(text, x.known.Person)).names
}

// list lays the clerk's answer over what was read from a cell that lists names. What stays
// open is kept as it is written.
func (x *rowReader) list(column, text string, found list) list {
	names := found.names
	found.names = nil
	for _, name := range names {
		x.addMeant(column, x.explained(column, name), &found)
	}
	if found.ask != nil && !found.whole && x.answerList(column, text, &found) {
		found.whole, found.more = true, found.more || found.ask.more
	}
	if found.whole {
		if found.more {
			x.keep(column)
			x.open[len(x.open)-1].Complete = true
		}
		return found
	}
	if found.problem != nil {
		x.problem(found.problem, column)
	}
	x.keep(column)
	return found
}

// addMeant adds a name that a cell or an answer gives. A person is no school.
func (x *rowReader) addMeant(column, name string, found *list) {
	switch {
	case isMembers(name):
		found.members = true
	case column != ColumnPeople && isPersonAsUnit(name, x.known.School):
		found.leaveOpen(ErrPersonAsUnit, nil)
	default:
		found.names = append(found.names, name)
	}
}

// answerList asks what a cell means that may list several names, and tells whether the
// answer leaves nothing open.
func (x *rowReader) answerList(column, text string, found *list) bool {
	answer := x.questions.ask(listed(column, text, *found.ask), x.at())
	if answer == "" || answer == None {
		return false
	}
	if name, one := strings.CutPrefix(answer, "="); one {
		found.names = once(append(found.names, name))
		return true
	}
	answered := list{whole: true, names: found.names, members: found.members}
	for _, name := range certainly(answer) {
		x.addMeant(column, org.NormalName(name), &answered)
	}
	found.names, found.members = once(answered.names), answered.members
	if !answered.whole {
		found.problem = answered.problem
	}
	return answered.whole
}

// listed returns the question what a cell means that may list several names.
func listed(column, text string, ask listQuestion) Question {
	q := Question{Key: ask.code + "/" + column + "/" + compact(text), Code: ask.code, Column: column, Written: text, Free: true}
	written := "“" + column + "”里写的“" + text + "”"
	switch {
	case ask.code == askPersonAsUnit:
		q.ZH = written + "是学校还是人？"
		q.EN = "Is “" + text + "” under " + column + " a school or a person?"
		q.Choices = []Choice{{Value: None, ZH: "是人，不是学校，原文保留（封存）", EN: "a person and no school; keep it as it is written, sealed"}, {Value: "=" + org.NormalName(text), ZH: "是学校的名称", EN: "the name of a school"}}
		q.Suggested = "a"
	case len(ask.parts) > 0:
		joined := strings.Join(ask.parts, "；")
		q.ZH, q.EN = written+"是几个名称？", "How many names are “"+text+"” under "+column+"?"
		several := Choice{Value: joined, ZH: "几个：" + joined, EN: "several: " + joined}
		if column == ColumnPeople {
			q.ZH, q.EN = written+"是哪几个人？（也可直接写姓名，用；分隔）", "Which people are “"+text+"” under "+column+"? (Their names may be given too, separated by ；.)"
			several.ZH, several.EN = "是："+joined, "these: "+joined
		}
		q.Choices = []Choice{several, {Value: "=" + org.NormalName(text), ZH: "一个名称", EN: "one name"}, {Value: None, ZH: "都不是，原文保留", EN: "neither; keep it as it is written"}}
		q.Suggested = "a"
	case column == ColumnPeople:
		q.ZH = written + "是谁？（可直接写姓名，用；分隔）"
		q.EN = "Who is “" + text + "” under " + column + "? (Their names may be given, separated by ；.)"
		q.Choices = []Choice{{Value: None, ZH: "不是姓名，或说不清，原文保留", EN: "no name, or not known; keep it as it is written"}}
	default:
		q.ZH = written + "指哪些学校？（也可直接写校名，用；分隔）"
		q.EN = "Which schools are “" + text + "” under " + column + "? (Their names may be given too, separated by ；.)"
		q.Choices = []Choice{{Value: "成员学校", ZH: "本共同体的全体成员学校", EN: "all members of the community"}, {Value: None, ZH: "说不清，原文保留", EN: "not known; keep it as it is written"}}
	}
	return q
}

// community returns the name of the row's community.
func (x *rowReader) community() string {
	name := org.NormalName(x.value(ColumnCommunity))
	if x.known.Community(name) {
		return name
	}
	if community := withoutContact(name, communityWord.MatchString); community != name {
		x.keep(ColumnCommunity)
		x.open[len(x.open)-1].Complete = true
		name = community
	}
	several := strings.ContainsAny(name, "；;") || len(probably(name)) > 1 && !slices.ContainsFunc(probably(name), func(p string) bool { return !communityWord.MatchString(p) })
	if several || looksLikePerson(name) || manyWords.MatchString(name) {
		x.problem(ErrSeveralCommunities, ColumnCommunity)
		x.keep(ColumnCommunity)
		return ""
	}
	return name
}

// communityWord matches the end of a community's name.
var communityWord = regexp.MustCompile(`(?:共同体|教共体|学共体|集团|联盟|片区|学区)$`)

// ErrSeveralCommunities marks a cell that names several communities, or none.
var ErrSeveralCommunities = fault.New(fault.Invalid, "intake.several-communities",
	"“共同体”里写的不是一个共同体的名称（是几个、统称或人员），按未知处理，原文保留；请写一个名称，几个共同体各写一行。",
	"The cell under 共同体 is not the name of one community: it names several, all of them, or a person. The community stays unknown and the cell is kept as it is written. Write one name, and give each community a row of its own.")

// longestName is how many characters a name has at most.
const longestName = 200
