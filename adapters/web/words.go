package web

import (
	"fmt"
	"html/template"
	"regexp"
	"strings"

	"twinledger/domain"
	"twinledger/domain/calendar"
	"twinledger/domain/fault"
	"twinledger/domain/pairing"
	"twinledger/domain/programme"
	"twinledger/domain/record"
	"twinledger/domain/register"
	"twinledger/domain/review"
)

// A phrase is the same in Chinese and English. What needs no translation, such
// as a number, has no English. A code without words has only its code.
type phrase struct {
	zh, en, code string
	days         bool // the Chinese holds days, which are not broken across lines
}

// IsZero tells whether there is nothing to say.
func (p phrase) IsZero() bool { return p == phrase{} }

// say returns a phrase as a page shows it: Chinese, then English in smaller type.
func say(zh, en string) template.HTML { return both(phrase{zh: zh, en: en}) }

// sayOf is say with a value in the place of %v.
func sayOf(zh, en string, value any) template.HTML {
	with := strings.NewReplacer("%v", fmt.Sprint(value))
	return both(phrase{zh: with.Replace(zh), en: with.Replace(en)})
}

var dayForm = regexp.MustCompile(`\d{4}-\d{2}-\d{2}`)

func both(p phrase) template.HTML {
	out := template.HTMLEscapeString(p.zh)
	if p.days {
		out = dayForm.ReplaceAllString(out, `<span class="day">$0</span>`)
	}
	if p.en != "" && p.en != p.zh {
		out += ` <span class="en" lang="en">` + template.HTMLEscapeString(p.en) + `</span>`
	}
	if p.zh == "" && p.en == "" && p.code != "" {
		out = `<code class="unworded">` + template.HTMLEscapeString(p.code) + `</code>`
	}
	return template.HTML(out) //nolint:gosec // every part is escaped above
}

// zh returns the Chinese alone, for lists where English would drown it; a code
// without words stays visible as such.
func zh(p phrase) template.HTML {
	p.en = ""
	return both(p)
}

// plain returns a phrase without markup, for attributes.
func plain(p phrase) string {
	switch {
	case p.zh == "":
		return p.code
	case p.en == "":
		return p.zh
	}
	return p.zh + " " + p.en
}

func fromWords(w programme.Words) phrase {
	if w.ZH == "" {
		return phrase{zh: w.EN}
	}
	return phrase{zh: w.ZH, en: w.EN}
}

func fromAllWords(list []programme.Words) []phrase {
	var out []phrase
	for _, w := range list {
		out = append(out, fromWords(w))
	}
	return out
}

// worded returns the words of a code, or the code when it has none.
func worded[K ~string](words map[K]phrase, code K) phrase {
	p := words[code]
	p.code = string(code)
	return p
}

// inWords returns the words that a code has beside its type.
func inWords[K interface {
	~string
	Words() (zh, en string)
}](code K) phrase {
	zh, en := code.Words()
	return phrase{zh: zh, en: en, code: string(code)}
}

func kindWords(k review.KindWords) phrase {
	return phrase{zh: k.ZH, en: k.EN, code: string(k.Code)}
}

// statusMarks stand beside the words, so that a verdict can be found by eye
// where there is no colour.
var statusMarks = map[review.Status]string{review.Met: "✓", review.Short: "✕", review.Due: "○", review.CannotJudge: "？"}

// statuses are in the order in which they are shown.
var statuses = []review.Status{review.Met, review.Short, review.CannotJudge, review.Due}

var strengthWords = map[programme.Strength]phrase{
	programme.Hard:     {zh: "必须做到", en: "duty"},
	programme.Soft:     {zh: "鼓励", en: "encouraged"},
	programme.Practice: {zh: "他处做法", en: "practice elsewhere"},
}

var scopeWords = map[programme.Scope]phrase{
	programme.PerCommunity:    {zh: "每个共同体", en: "per community"},
	programme.PerMemberSchool: {zh: "每所成员校", en: "per member school"},
}

var boundWords = map[record.Bound]phrase{
	record.Exact:   {},
	record.AtLeast: {zh: "至少 ", en: "at least"},
	record.About:   {zh: "约 ", en: "about"},
}

var groupWords = map[record.Group]phrase{
	record.Members: {zh: "成员学校（未逐一列出）", en: "the members as a group"},
}

var basisWords = map[pairing.Basis]phrase{
	pairing.Founding: {zh: "结对时起", en: "since the pairing"},
	pairing.Roster:   {zh: "据名册，起始时间不详", en: "from a roster; since when is unknown"},
}

// partlyWords stand in place of a place's own.
var partlyWords = phrase{zh: "本学期内有，跨学期或止期不详", en: "in the term and beyond it, or until nobody says when"}

var placeWords = map[calendar.Place]phrase{
	calendar.Inside:      {zh: "在本学期", en: "in the term"},
	calendar.Overlapping: {zh: "可能在本学期", en: "may lie in the term"},
	calendar.Outside:     {zh: "不在本学期", en: "not in the term"},
	calendar.TermUnknown: {zh: "所属学期不详", en: "term unknown"},

	review.PlacePerhapsAhead: {zh: "不能确定在判定日之前", en: "perhaps after the day judged on"},
}

// streamWords name what is in streams of a kind that a page can lead to.
func streamWords(kind string) phrase {
	if kind == "calendar" {
		return phrase{zh: "校历", en: "calendars", code: kind}
	}
	of, _ := register.Of(kind)
	return phrase{zh: of.ThingsZH, en: of.ThingsEN, code: kind}
}

// eventPhrase names what an event of a type did.
func eventPhrase(eventType string) phrase {
	zh, en := domain.EventWords(eventType)
	return phrase{zh: zh, en: en, code: eventType}
}

// sideWords name the two sides of a record, by its kind of stream. A side
// without words is not shown while nobody stands on it.
var sideWords = map[string][2]phrase{
	"lesson":        {{zh: "授课", en: "taught by"}, {zh: "在（听课）", en: "at"}},
	"exchange":      {{zh: "派出", en: "from"}, {zh: "接收", en: "to"}},
	"mentorship":    {{zh: "师傅一方", en: "mentor of"}, {zh: "徒弟一方", en: "mentee of"}},
	"visit":         {{zh: "来访", en: "visitors"}, {zh: "受访", en: "visited"}},
	"meeting":       {{zh: "召集", en: "called by"}, {zh: "参加", en: "attended"}},
	"research":      {{zh: "组织", en: "held by"}, {zh: "参加", en: "took part"}},
	"activity":      {{zh: "组织", en: "held by"}, {zh: "参加", en: "took part"}},
	"donation":      {{zh: "捐赠", en: "giver"}, {zh: "受赠", en: "receiver"}},
	"filing":        {{zh: "报送", en: "filed by"}, {}},
	"inspection":    {{}, {zh: "受检", en: "inspected"}},
	"rectification": {{}, {zh: "整改", en: "to put right"}},
	"recognition":   {{}, {zh: "获得", en: "held by"}},
	"indicator":     {{}, {zh: "学校", en: "school"}},
}

// generalSides are the words for sides that have none of their own.
var generalSides = [2]phrase{{zh: "派出", en: "from"}, {zh: "接收", en: "to"}}

// sidesOf returns the sides of a record that are shown.
func sidesOf(kind string, from, to []phrase) []side {
	words, known := sideWords[kind]
	var out []side
	for i, units := range [2][]phrase{from, to} {
		switch {
		case known && words[i].IsZero() && len(units) == 0:
			continue
		case words[i].IsZero():
			words[i] = generalSides[i]
		}
		out = append(out, side{words[i], units})
	}
	return out
}

// roleWords are the glossary's words for a school's part; a plan may have its own.
func roleWords(r pairing.Role) phrase {
	zh, en := r.Names()
	return phrase{zh: zh, en: en, code: string(r)}
}

// problemPhrase says what a row was held for; a code that this version does not
// know has no words.
func problemPhrase(code string) phrase {
	if f, known := fault.Lookup(code); known {
		return phrase{zh: f.ZH, en: f.EN}
	}
	return phrase{}
}
