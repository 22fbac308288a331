package duplicate

import (
	"cmp"
	"fmt"
	"slices"
)

// An Index finds the likely duplicates of a statement among those that were added. A
// statement is compared only with those of the same matter that share a school, and,
// when it names people, a person or name nobody. One without a day is compared only with
// those that may be part of it, or it of them, and tell all else alike. So the work grows
// with the number of statements and not with its square. How a subject is written plays
// no part in it.
type Index struct {
	all   []Statement
	heads map[address][]int // by school and person: places in all
}

// An address is where a statement is looked for. Of a record without schools the
// community stands for the school. A person of everybody means all at the school,
// and nobody those that name no person.
type address struct{ matter, likeness, school, person string }

const everybody, nobody = "everybody", ""

// Add adds a statement to be found.
func (x *Index) Add(s Statement) {
	if x.heads == nil {
		x.heads = map[address][]int{}
	}
	people := append([]string{everybody}, s.People...)
	if len(s.People) == 0 {
		people = append(people, nobody)
	}
	for _, at := range s.addresses(people, s.Numbered) {
		x.heads[at] = append(x.heads[at], len(x.all))
	}
	x.all = append(x.all, s)
}

// addresses returns the addresses of a statement for the people given. Statements with a
// number and those without stand apart where they have no day.
func (s Statement) addresses(people []string, numbered bool) []address {
	schools, likeness := s.Schools, ""
	if !s.When.Dated() { // the likeness tells the schools of both sides
		schools, likeness = []string{""}, fmt.Sprint(numbered, s.likeness())
	} else if len(schools) == 0 {
		schools = []string{s.Community}
	}
	var out []address
	for _, school := range schools {
		for _, person := range people {
			out = append(out, address{s.Matter(), likeness, school, person})
		}
	}
	return out
}

// likeness joins what two statements without a day must tell alike.
func (s Statement) likeness() string {
	return fmt.Sprintf("%q", []any{s.Community, s.Kinds, s.Mode, s.From, s.To, s.Content["title"]})
}

// Like returns likely duplicates of a statement among those that were added, in the
// order in which they were added, at most limit of them; 0 means all.
func (x *Index) Like(s Statement, limit int) []Statement {
	return x.find(s, limit, func(Statement) bool { return true })
}

// find returns likely duplicates that are wanted.
func (x *Index) find(s Statement, limit int, wanted func(Statement) bool) []Statement {
	people := append([]string{nobody}, s.People...)
	if len(s.People) == 0 {
		people = []string{everybody}
	}
	var found []int
	// What stands at one address is of one matter and, without a day, of one likeness.
	for _, at := range s.addresses(people, !s.Numbered) {
		here := 0
		for _, i := range x.heads[at] {
			if limit > 0 && here == limit {
				break
			}
			if compareDetails(x.all[i], s) == None && wanted(x.all[i]) {
				found, here = append(found, i), here+1
			}
		}
	}
	slices.Sort(found)
	found = slices.Compact(found)
	if limit > 0 {
		found = found[:min(limit, len(found))]
	}
	out := make([]Statement, len(found))
	for n, i := range found {
		out[n] = x.all[i]
	}
	return out
}

// A Pair is the keys of two records, sorted.
type Pair [2]string

// PairOf returns the pair of two records.
func PairOf(one, other string) Pair {
	return Pair{min(one, other), max(one, other)}
}

// A Likely is two records that are likely duplicates and about which nobody decided.
// Second is the one that perhaps tells what First told: the one without a number where
// the other has one (see [PartOf]), otherwise the one that entered the ledger later.
type Likely struct{ First, Second Statement }

func (l Likely) order() uint64 { return max(l.First.Order, l.Second.Order) }

// A Resolution is which records count, by what was decided, and about which somebody
// has to decide.
type Resolution struct {
	Undecided []Likely          // in the order in which the later of the two entered the ledger
	StandsFor map[string]string // told twice → the record that counts in its place
	Holds     map[Pair]bool     // decisions that hold, because their records still agree as they did
	Contrary  map[Pair]bool     // of these, the two were called different and are the same by other decisions: one counts
}

// Resolve tells which of the records count and which pairs are undecided. The statements
// must be resolved by same; decisions are those of any pairs.
//
// Every record is asked about once: together with the earliest likely duplicate that
// counts and is not said to be different. Of three reports of one lesson two pairs are
// asked, and whoever calls both the same is done. A record without a number is asked
// about last, so that each is asked about that may be part of one with a number.
func Resolve(statements []Statement, decisions []State, same Identity) Resolution {
	r := Resolution{StandsFor: map[string]string{}, Holds: map[Pair]bool{}, Contrary: map[Pair]bool{}}
	statements = slices.Clone(statements)
	slices.SortFunc(statements, func(a, b Statement) int { return cmp.Or(cmp.Compare(a.Order, b.Order), cmp.Compare(a.Key, b.Key)) })
	byKey := map[string]Statement{}
	for _, s := range statements {
		byKey[s.Key] = s
	}
	different := map[Pair]bool{}
	stands := map[string][]string{} // told twice → those that stand for it
	decisions = slices.Clone(decisions)
	slices.SortFunc(decisions, func(a, b State) int {
		return cmp.Or(cmp.Compare(b.Order, a.Order), slices.Compare(b.Pair[:], a.Pair[:]))
	})
	for _, d := range decisions { // the newest first
		one, other := byKey[d.Pair[0]], byKey[d.Pair[1]]
		if !d.Decided() || one.Key == "" || other.Key == "" || Compare(one, other) != None ||
			!d.Decision.Agreed.Resolved(same).Equal(AgreementOf(one, other)) {
			continue
		}
		r.Holds[d.Pair] = true
		if d.Decision.Answer == Different {
			different[d.Pair] = true
			continue
		}
		told := d.Pair[0]
		if told == d.Decision.Stands {
			told = d.Pair[1]
		}
		// Where decisions go round in a circle, the oldest is passed over, so that one counts.
		if !leads(stands, d.Decision.Stands, told) {
			stands[told] = append(stands[told], d.Decision.Stands)
		}
	}
	for told := range stands {
		end := told
		for len(stands[end]) > 0 {
			end = stands[end][0]
		}
		r.StandsFor[told] = end
	}
	for pair := range different {
		if cmp.Or(r.StandsFor[pair[0]], pair[0]) == cmp.Or(r.StandsFor[pair[1]], pair[1]) {
			r.Contrary[pair] = true
		}
	}
	slices.SortStableFunc(statements, NumberedFirst)
	var index Index
	for _, s := range statements {
		if r.StandsFor[s.Key] != "" {
			continue
		}
		open := func(earlier Statement) bool { return !different[PairOf(earlier.Key, s.Key)] }
		if earlier := index.find(s, 1, open); len(earlier) > 0 {
			r.Undecided = append(r.Undecided, Likely{earlier[0], s})
		}
		index.Add(s)
	}
	slices.SortStableFunc(r.Undecided, func(a, b Likely) int { return cmp.Compare(a.order(), b.order()) })
	return r
}

// NumberedFirst compares statements for an order in which those with a number stand before
// those without, which may be part of them.
func NumberedFirst(a, b Statement) int {
	switch {
	case PartOf(b, a):
		return -1
	case PartOf(a, b):
		return 1
	}
	return 0
}

// leads tells whether one leads from a record to another by who stands for whom.
func leads(stands map[string][]string, from, to string) bool {
	seen, reached := map[string]bool{from: true}, []string{from}
	for len(reached) > 0 {
		if reached[0] == to {
			return true
		}
		for _, next := range stands[reached[0]] {
			if !seen[next] {
				seen[next], reached = true, append(reached, next)
			}
		}
		reached = reached[1:]
	}
	return false
}
