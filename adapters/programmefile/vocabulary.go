package programmefile

import (
	"slices"
	"strings"

	"twinledger/domain/pairing"
	"twinledger/domain/programme"
	"twinledger/domain/record"
	terms "twinledger/domain/vocabulary"
)

// A word is one that a plan may use, with what it means in Chinese.
type word struct{ code, zh string }

func (w word) String() string { return w.code + "（" + w.zh + "）" }

// A vocabulary is the words that may stand in one place.
type vocabulary struct {
	words []word
	shown []word                               // what is listed when nothing near is known; nil means words
	more  hint                                 // what to say after that list
	near  func(written string, n int) []string // codes of the nearest; nil means by the words alone
}

func (v vocabulary) has(code string) bool {
	return slices.ContainsFunc(v.words, func(w word) bool { return w.code == code })
}

// suggest says what was probably meant or, when nothing is near, what may be
// written.
func (v vocabulary) suggest(written string) hint {
	near := v.nearest(written)
	if len(near) == 0 {
		return v.list()
	}
	zh, en := joined(near, "或 ", " or ")
	return hint{"您是不是想写 " + zh + "？", "Did you mean " + en + "?"}
}

func (v vocabulary) list() hint {
	words := v.shown
	if words == nil {
		words = v.words
	}
	zh, en := joined(words, "、", ", ")
	return hint{"可写：" + zh + "。", "Allowed: " + en + "."}.and(v.more)
}

func joined(words []word, zhSeparator, enSeparator string) (zh, en string) {
	var both, codes []string
	for _, w := range words {
		both, codes = append(both, w.String()), append(codes, w.code)
	}
	return strings.Join(both, zhSeparator), strings.Join(codes, enSeparator)
}

// mostNear is how many words a message offers in place of a wrong one.
const mostNear = 3

// nearest returns up to three words that a person who wrote something else may
// have meant, the nearest first; one that means exactly what is written is alone.
func (v vocabulary) nearest(written string) []word {
	near := v.near
	if near == nil {
		var all []terms.Term
		for _, w := range v.words {
			all = append(all, terms.Term{Code: w.code, ZH: w.zh})
		}
		near = terms.NewList(all).Nearest
	}
	var out []word
	for _, code := range near(written, mostNear) {
		if i := slices.IndexFunc(v.words, func(w word) bool { return w.code == code }); i >= 0 {
			out = append(out, v.words[i])
		}
	}
	return out
}

// codes returns a search for codes of its own type as one for texts.
func codes[C ~string](near func(string, int) []C) func(string, int) []string {
	return func(written string, n int) []string {
		var out []string
		for _, code := range near(written, n) {
			out = append(out, string(code))
		}
		return out
	}
}

// The vocabularies. Codes are the domain's; the Chinese is the glossary's.
var (
	strengths = vocabulary{words: []word{
		{string(programme.Hard), "必须做到"}, {string(programme.Soft), "鼓励"}, {string(programme.Practice), "他处做法"},
	}}
	scopes = vocabulary{words: []word{
		{string(programme.PerCommunity), "每个共同体"}, {string(programme.PerMemberSchool), "每所成员校"},
	}}
	windows    = vocabulary{words: []word{{string(programme.Term), "学期"}}}
	directions = vocabulary{
		words: []word{
			{string(programme.CoreToMember), "核心校对成员校"}, {string(programme.MemberToCore), "成员校对核心校"},
			{string(programme.ByCore), "核心校承担"}, {string(programme.ByMember), "成员校承担"},
		},
		more: hint{"不论方向就删去这一行。", "Remove the line if any direction counts."},
	}
	modes = vocabulary{words: modeWords(), near: codes(record.NearestModes)}
	roles = vocabulary{words: roleWords(), near: codes(pairing.NearestRoles)}
	kinds = glossary()
)

func modeWords() []word {
	var words []word
	for _, mode := range record.Modes() {
		zh, _ := mode.Words()
		words = append(words, word{string(mode), zh})
	}
	return words
}

func roleWords() []word {
	var words []word
	for _, role := range pairing.Roles() {
		zh, _ := role.Names()
		words = append(words, word{string(role), zh})
	}
	return words
}

func glossary() vocabulary {
	v := vocabulary{near: codes(record.NearestKinds), more: hint{"以上是大类，更细的种类见术语表。", "These are the widest kinds; narrower ones stand in the glossary."}}
	for _, e := range record.Glossary() {
		v.words = append(v.words, word{string(e.Kind), e.ZH})
		if e.Parent == "" {
			v.shown = append(v.shown, word{string(e.Kind), e.ZH})
		}
	}
	return v
}
