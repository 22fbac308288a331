package programmefile

import (
	"cmp"
	"slices"
	"strings"

	"twinledger/domain/pairing"
	"twinledger/domain/programme"
	"twinledger/domain/record"
)

// A word is one that a plan may use, with what it means in Chinese.
type word struct{ code, zh string }

func (w word) String() string { return w.code + "（" + w.zh + "）" }

// A vocabulary is the words that may stand in one place.
type vocabulary struct {
	words []word
	shown []word // what is listed when nothing near is known; nil means words
	more  hint   // what to say after that list
}

func (v vocabulary) has(code string) bool {
	return slices.ContainsFunc(v.words, func(w word) bool { return w.code == code })
}

// suggest says what was probably meant or, when nothing is near, what may be
// written.
func (v vocabulary) suggest(written string) hint {
	near := nearest(written, v.words)
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

// nearest returns up to three of words that a person who wrote something else
// may have meant, the nearest first: the same word in Chinese, a word of which
// it is a part, or one that differs by few letters.
func nearest(written string, words []word) []word {
	const most, longest = 3, 64
	w := strings.NewReplacer("-", "_", " ", "_").Replace(strings.ToLower(strings.TrimSpace(written)))
	length := len([]rune(w))
	if w == "" || length > longest {
		return nil
	}
	type scored struct {
		word
		distance int
	}
	var near []scored
	for _, candidate := range words {
		d := distance(w, candidate.code)
		switch {
		case w == candidate.zh:
			d = 0
		case strings.Contains("_"+candidate.code+"_", "_"+w+"_"), strings.Contains(w, candidate.zh):
			d = min(d, 1)
		case length > 1 && strings.Contains(candidate.zh, w):
			d = min(d, 2)
		case d > max(1, length/3):
			continue
		}
		near = append(near, scored{candidate, d})
	}
	slices.SortStableFunc(near, func(a, b scored) int { return cmp.Compare(a.distance, b.distance) })
	var out []word
	for _, s := range near[:min(most, len(near))] {
		if s.distance == 0 || near[0].distance > 0 { // the word itself leaves no doubt
			out = append(out, s.word)
		}
	}
	return out
}

// distance returns how many letters must be added, removed, replaced or swapped
// with their neighbour to make a into b.
func distance(a, b string) int {
	s, t := []rune(a), []rune(b)
	rows := make([][]int, len(s)+1)
	for i := range rows {
		rows[i] = make([]int, len(t)+1)
		rows[i][0] = i
	}
	for j := range t {
		rows[0][j+1] = j + 1
	}
	for i := range s {
		for j := range t {
			cost := 1
			if s[i] == t[j] {
				cost = 0
			}
			d := min(rows[i][j]+cost, rows[i][j+1]+1, rows[i+1][j]+1)
			if i > 0 && j > 0 && s[i] == t[j-1] && s[i-1] == t[j] {
				d = min(d, rows[i-1][j-1]+1)
			}
			rows[i+1][j+1] = d
		}
	}
	return rows[len(s)][len(t)]
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
	modes = vocabulary{words: []word{
		{string(record.Online), "线上"}, {string(record.Offline), "线下"}, {string(record.Mixed), "线上线下结合"},
	}}
	roles = vocabulary{words: roleWords()}
	kinds = glossary()
)

func roleWords() []word {
	var words []word
	for _, role := range pairing.Roles() {
		zh, _ := role.Names()
		words = append(words, word{string(role), zh})
	}
	return words
}

func glossary() vocabulary {
	v := vocabulary{more: hint{"以上是大类，更细的种类见术语表。", "These are the widest kinds; narrower ones stand in the glossary."}}
	for _, e := range record.Glossary() {
		v.words = append(v.words, word{string(e.Kind), e.ZH})
		if e.Parent == "" {
			v.shown = append(v.shown, word{string(e.Kind), e.ZH})
		}
	}
	return v
}
