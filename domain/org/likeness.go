package org

import (
	"cmp"
	"slices"
	"strings"
)

// A Candidate is a school, community or person among which look-alikes are
// sought. Its texts have the form in which the ledger compares names.
type Candidate struct {
	Key      string
	Name     string
	Aliases  []string // other names, former ones too
	District string   // key
	Area     string   // name of the district, which names often begin with
	School   string   // of a person: key of the school, "" when it is not known
}

// NewCandidate returns the candidate of a key who has these names, the first of them now, in the
// form that normal gives them.
func NewCandidate(key, district string, names []string, normal func(string) string) Candidate {
	c := Candidate{Key: key, Name: normal(names[0]), District: district}
	for _, name := range names[1:] {
		if name = normal(name); name != c.Name && !slices.Contains(c.Aliases, name) {
			c.Aliases = append(c.Aliases, name)
		}
	}
	return c
}

// A Likeness is why two may be the same.
type Likeness string

// The likenesses, best first.
const (
	SameName       Likeness = "same_name"           // the names differ at most in how they are typed
	KnownAlias     Likeness = "known_alias"         // one has the other's name as an alias, or had it
	Abbreviation   Likeness = "abbreviation"        // one name is short for the other: 一小, 第一小学, 某县第一小学
	SamePersonName Likeness = "same_name_elsewhere" // people of one name at schools that differ or are not known
	TypingError    Likeness = "typing_error"        // the names differ in one or two characters
)

var likenesses = []Likeness{SameName, KnownAlias, Abbreviation, SamePersonName, TypingError}

// A Match is one that may be the same as another.
type Match struct {
	Key      string
	Likeness Likeness
	Distance int // of a typing error: how many characters differ
}

// Matches returns who among all may be the same as one, best first: by likeness,
// then by distance, then by key. Likeness is mutual, and nobody is like himself.
// Those of another district or kind are like nobody here. A match is a
// suggestion and decides nothing.
func Matches(one Candidate, all []Candidate) []Match {
	var out []Match
	for _, other := range all {
		if other.Key == one.Key || other.District != one.District || kindOf(other.Key) != kindOf(one.Key) {
			continue
		}
		if likeness, distance := alike(one, other); likeness != "" {
			out = append(out, Match{other.Key, likeness, distance})
		}
	}
	slices.SortFunc(out, func(a, b Match) int {
		return cmp.Or(slices.Index(likenesses, a.Likeness)-slices.Index(likenesses, b.Likeness), a.Distance-b.Distance, strings.Compare(a.Key, b.Key))
	})
	return out
}

func kindOf(key string) string {
	kind, _, _ := strings.Cut(key, "-")
	return kind
}

// alike returns the best likeness of two, "" when there is none.
func alike(a, b Candidate) (Likeness, int) {
	if a.Name == "" || b.Name == "" {
		return "", 0
	}
	person := kindOf(a.Key) == "person"
	switch {
	case a.Name == b.Name && person && (a.School == "" || a.School != b.School):
		return SamePersonName, 0
	case a.Name == b.Name:
		return SameName, 0
	case slices.Contains(a.Aliases, b.Name), slices.Contains(b.Aliases, a.Name),
		slices.ContainsFunc(a.Aliases, func(alias string) bool { return slices.Contains(b.Aliases, alias) }):
		return KnownAlias, 0
	case person:
		return alikeTyped(a, b)
	case shortFor(plain(a), plain(b)), shortFor(plain(b), plain(a)):
		return Abbreviation, 0
	}
	if d := distance([]rune(a.Name), []rune(b.Name)); typed(a.Name, b.Name, d) && telling(a.Name) == telling(b.Name) {
		return TypingError, d
	}
	return "", 0
}

// alikeTyped finds typing errors in people's names: at one school, with the same
// surname. Short names differ in a character far too often for more.
func alikeTyped(a, b Candidate) (Likeness, int) {
	x, y := []rune(a.Name), []rune(b.Name)
	if a.School != b.School || x[0] != y[0] {
		return "", 0
	}
	if d := distance(x, y); d == 1 && min(len(x), len(y)) >= 3 {
		return TypingError, d
	}
	return "", 0
}

// typed tells whether names that differ in d characters may be the same typed
// wrongly: one character from three on, two from six on, and something before the
// common ending must be the same.
func typed(a, b string, d int) bool {
	x, y := []rune(a), []rune(b)
	shorter := min(len(x), len(y))
	if !(d == 1 && shorter >= 3 || d == 2 && shorter >= 6) {
		return false
	}
	// Two villages share 中心小学 and nothing before it.
	for len(x) > 0 && len(y) > 0 && x[len(x)-1] == y[len(y)-1] {
		x, y = x[:len(x)-1], y[:len(y)-1]
	}
	return max(len(x), len(y)) > d
}

// distinguishing are the characters in which names differ on purpose: the second
// school is no typing error for the third, nor a primary school for a secondary.
const distinguishing = "〇零一二三四五六七八九十0123456789东南西北小中高初幼"

// telling returns the distinguishing characters of a name in their order.
func telling(name string) string {
	return strings.Map(func(r rune) rune {
		if strings.ContainsRune(distinguishing, r) {
			return r
		}
		return -1
	}, name)
}

// plain returns a name without what may be left out anywhere: the district in
// front, 第 before a number, and the common endings in their short form.
func plain(c Candidate) string {
	name := c.Name
	for _, area := range []string{c.Area, strings.TrimRight(c.Area, "县区市旗")} {
		if rest, found := strings.CutPrefix(name, area); found && area != "" && rest != "" {
			name = strings.TrimLeft(rest, "县区市旗")
			break
		}
	}
	return strings.NewReplacer("第", "", "九年制", "", "教育共同体", "共同体", "教共体", "共同体", "小学", "小", "初级中学", "初中", "高级中学", "高中", "中学", "中").Replace(name)
}

// shortFor tells whether short is a shorter way of writing long, or both come to
// the same: it leaves out characters from within and keeps the first and the
// last, and every distinguishing one; or it leaves out a place in front.
func shortFor(short, long string) bool {
	if short == long {
		return short != ""
	}
	x, y := []rune(short), []rune(long)
	if len(x) < 2 || len(x) >= len(y) {
		return false
	}
	if front, found := strings.CutSuffix(long, short); found && len(x) >= 3 && telling(front) == "" {
		return true
	}
	return x[0] == y[0] && x[len(x)-1] == y[len(y)-1] && within(x, y) && len(x) <= (len(y)+1)/2 && numbers(short) == numbers(long)
}

// numbers returns the numerals of a name.
func numbers(name string) string {
	return strings.Map(func(r rune) rune {
		if strings.ContainsRune("〇零一二三四五六七八九十0123456789", r) {
			return r
		}
		return -1
	}, name)
}

// within tells whether the characters of x occur in y in their order.
func within(x, y []rune) bool {
	for _, r := range y {
		if len(x) > 0 && x[0] == r {
			x = x[1:]
		}
	}
	return len(x) == 0
}

// distance returns in how many characters two texts differ: put in, left out,
// another in place, or two neighbours exchanged. More than two counts as three.
func distance(a, b []rune) int {
	const many = 3
	if len(a)-len(b) >= many || len(b)-len(a) >= many {
		return many
	}
	rows := make([][]int, len(a)+1)
	for i := range rows {
		rows[i] = make([]int, len(b)+1)
		rows[i][0] = i
	}
	for j := range rows[0] {
		rows[0][j] = j
	}
	for i := 1; i <= len(a); i++ {
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			rows[i][j] = min(rows[i-1][j]+1, rows[i][j-1]+1, rows[i-1][j-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				rows[i][j] = min(rows[i][j], rows[i-2][j-2]+1)
			}
		}
	}
	return min(rows[len(a)][len(b)], many)
}
