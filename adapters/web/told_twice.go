package web

import (
	"fmt"

	"twinledger/domain/review"
)

// doubtful says how many records of a figure may be the same as another one, and what
// the figure is without them; nothing when there are none.
func doubtful(perhaps []review.PerhapsTwice, without string) phrase {
	n := len(perhaps)
	if n == 0 {
		return phrase{}
	}
	return phrase{zh: fmt.Sprintf("其中 %d 条可能与另一条是同一件事，不计则为 %s", n, without),
		en: fmt.Sprintf("of which %d may be the same as another: %s without", n, without)}
}

// A perhapsTwice is two records that may be the same thing.
type perhapsTwice struct{ Record, Other link }

func (t trail) perhapsTwice(list []review.PerhapsTwice) []perhapsTwice {
	var out []perhapsTwice
	for _, p := range list {
		out = append(out, perhapsTwice{t.link(p.Record), t.link(p.Other)})
	}
	return out
}

// toldTwice lists the records that count nowhere, each with the one that stands for it.
func (t trail) toldTwice(list []review.ToldTwiceEntry) []entry {
	var out []entry
	for _, e := range list {
		view := t.entry(e.Entry)
		other := t.link(e.Stands).Number
		view.Place = phrase{zh: "以 " + other + " 为准", en: other + " stands for it"}
		out = append(out, view)
	}
	return out
}
