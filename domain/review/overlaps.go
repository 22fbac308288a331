package review

import (
	"slices"
	"sort"

	"twinledger/domain/calendar"
	"twinledger/domain/exchange"
)

// A Posting is an exchange of somebody whom a posting of the community names, in
// whatever community it was.
type Posting struct {
	Fact  Fact
	State exchange.State
}

// A PostingOverlap says that two postings of one person take, or may take, the same
// days of the person's whole time. Each of them counts, for nobody said which is wrong.
type PostingOverlap struct {
	Person   string       `json:"person"` // key
	Postings [2]Ref       `json:"postings"`
	Certain  bool         `json:"certain"` // both certainly take all of the days; else they may
	From     calendar.Day `json:"from"`    // the first days in question; "" where they are open
	Until    calendar.Day `json:"until"`
}

// findOverlaps collects the overlaps that touch the term, by person and then by the
// order of the postings.
func (c *computation) findOverlaps() {
	by := map[string][]Posting{}
	for _, p := range c.in.Postings {
		if p.Fact.Void || p.Fact.NotTakenPlace || c.timing(p.Fact) == ahead {
			continue
		}
		for _, person := range p.Fact.Facts.People {
			by[person] = append(by[person], p)
		}
	}
	var people []string
	for person := range by {
		people = append(people, person)
	}
	slices.Sort(people)
	for _, person := range people {
		postings := by[person]
		sort.Slice(postings, func(i, j int) bool { return postings[i].Fact.order() < postings[j].Fact.order() })
		c.overlaps = append(c.overlaps, c.overlapsOf(person, postings)...)
	}
}

func (c *computation) overlapsOf(person string, postings []Posting) []PostingOverlap {
	var states []exchange.Posting
	refs := map[string]Ref{}
	for _, p := range postings {
		states = append(states, exchange.Posting{Exchange: p.Fact.Key, State: p.State})
		refs[p.Fact.Key] = ref(p.Fact)
	}
	var out []PostingOverlap
	for _, o := range exchange.Overlaps(c.in.Calendar, states) {
		if o.Days.First > c.bounds.Last || o.Days.Last != "" && o.Days.Last < c.bounds.First {
			continue
		}
		out = append(out, PostingOverlap{person, [2]Ref{refs[o.Exchanges[0]], refs[o.Exchanges[1]]}, o.Certain, o.Days.First, o.Days.Last})
	}
	return out
}

// overlapsAmong returns the overlaps that concern one of the records of a number.
func (c *computation) overlapsAmong(keys []string) []PostingOverlap {
	var out []PostingOverlap
	for _, o := range c.overlaps {
		if slices.Contains(keys, o.Postings[0].Record) || slices.Contains(keys, o.Postings[1].Record) {
			out = append(out, o)
		}
	}
	return out
}

// counted returns the keys of the records that a result counts.
func (r Result) counted() []string {
	var keys []string
	for _, counted := range r.Counted {
		keys = append(keys, counted.Record)
	}
	return keys
}

// records returns the keys of the records of a total.
func (c Count) records() []string {
	var keys []string
	for _, of := range slices.Concat(c.Counted, c.Listed) {
		keys = append(keys, of.Record)
	}
	return keys
}
