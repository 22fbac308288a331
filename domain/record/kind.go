package record

import (
	_ "embed" // the lists of kinds
	"sort"

	"twinledger/domain/vocabulary"
)

// A Kind is the glossary's code for what took place. Codes are stored, so a
// code never changes once it is used.
type Kind string

// An Entry is one kind of the glossary.
type Entry struct {
	Kind   Kind
	Parent Kind // the wider kind that it is one of; "" for the widest
	ZH, EN string
}

// The lists of kinds. The first has each kind with the wider kind that it is one of
// and the words that mean the same; the second has words that stand for several
// kinds, or for one of several. A near-synonym is a kind of its own, never a
// further word.
var (
	//go:embed kinds.csv
	kindList string
	//go:embed kind_phrases.csv
	kindPhrases string

	kinds = vocabulary.NewList(vocabulary.ReadTerms(kindList), vocabulary.ReadPhrases(kindPhrases)...)
)

// glossary holds the kinds of records in the order of the list.
var glossary = func() []Entry {
	var out []Entry
	for _, term := range kinds.Terms() {
		out = append(out, Entry{Kind(term.Code), Kind(term.Fields["parent"]), term.ZH, term.EN})
	}
	return out
}()

var entries = func() map[Kind]Entry {
	m := make(map[Kind]Entry, len(glossary))
	for _, e := range glossary {
		m[e.Kind] = e
	}
	return m
}()

// Glossary returns every kind, in the glossary's order.
func Glossary() []Entry { return append([]Entry(nil), glossary...) }

// Lookup returns the entry of k.
func Lookup(k Kind) (Entry, bool) {
	e, ok := entries[k]
	return e, ok
}

// Within tells whether k is wider or one of wider: a demo_lesson is an
// open_lesson.
func (k Kind) Within(wider Kind) bool {
	for ; k != ""; k = entries[k].Parent {
		if k == wider {
			return true
		}
	}
	return false
}

// SortKinds returns kinds sorted and without repetition, the form in which a
// set of kinds is stored.
func SortKinds(kinds []Kind) []Kind {
	seen := map[Kind]bool{}
	var out []Kind
	for _, k := range kinds {
		if k != "" && !seen[k] {
			seen[k] = true
			out = append(out, k)
		}
	}
	sort.Slice(out, func(i, j int) bool { return out[i] < out[j] })
	return out
}
