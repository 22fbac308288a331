package reading

import (
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
	var names []string
	for _, name := range found.names {
		meant := x.explained(column, name)
		if isMembers(meant) {
			found.members = true
		} else {
			names = append(names, meant)
		}
	}
	found.names = names
	if found.whole {
		return found
	}
	if found.ask != nil && x.answerList(column, text, &found) {
		return found
	}
	if found.problem != nil {
		x.problem(found.problem, column)
	}
	x.keep(column)
	return found
}

// answerList asks what a cell means that may list several names, and tells whether the
// answer leaves nothing open.
func (x *rowReader) answerList(column, text string, found *list) bool {
	q := Question{Key: found.ask.code + "/" + column + "/" + compact(text), Code: found.ask.code, Column: column, Written: text, Free: true}
	if len(found.ask.parts) > 0 {
		joined := strings.Join(found.ask.parts, "；")
		q.ZH = "“" + column + "”里写的“" + text + "”是几个名称？"
		q.EN = "How many names are “" + text + "” under " + column + "?"
		q.Choices = []Choice{
			{Value: joined, ZH: "几个：" + joined, EN: "several: " + joined}, {Value: "=" + org.NormalName(text), ZH: "一个名称", EN: "one name"},
			{Value: None, ZH: "都不是，原文保留", EN: "neither; keep it as it is written"},
		}
		q.Suggested = "a"
	} else {
		q.ZH = "“" + column + "”里写的“" + text + "”指哪些学校？（也可直接写校名，用；分隔）"
		q.EN = "Which schools are “" + text + "” under " + column + "? (Their names may be given too, separated by ；.)"
		q.Choices = []Choice{{Value: "成员学校", ZH: "本共同体的全体成员学校", EN: "all members of the community"}, {Value: None, ZH: "说不清，原文保留", EN: "not known; keep it as it is written"}}
	}
	switch answer := x.questions.ask(q, x.at()); {
	case answer == "":
		return false
	case answer == None:
		return false
	case strings.HasPrefix(answer, "="):
		found.names = append(found.names, strings.TrimPrefix(answer, "="))
	default:
		for _, name := range certainly(answer) {
			if isMembers(name) {
				found.members = true
			} else {
				found.names = append(found.names, org.NormalName(name))
			}
		}
	}
	found.names = once(found.names)
	return true
}

// community returns the name of the row's community.
func (x *rowReader) community() string {
	name := org.NormalName(x.value(ColumnCommunity))
	if strings.ContainsAny(name, "；;") && !x.known.Community(name) {
		x.problem(ErrSeveralCommunities, ColumnCommunity)
		x.keep(ColumnCommunity)
		return ""
	}
	return name
}

// ErrSeveralCommunities refuses two communities in one cell.
var ErrSeveralCommunities = fault.New(fault.Invalid, "intake.several-communities",
	"一格里写了几个共同体，按未知处理，原文保留；请每个共同体各写一行。",
	"The cell names several communities; the community stays unknown and the cell is kept as it is written. Give each a row of its own.")

// longestName is how many characters a name has at most.
const longestName = 200
