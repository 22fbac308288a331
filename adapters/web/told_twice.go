package web

import "twinledger/domain/review"

// doubtful says how many records of a figure may be the same as another one, and what
// the figure is without them; nothing when there are none.
func doubtful(perhaps []review.PerhapsTwice, without string) phrase {
	zh, en := review.InDoubt(perhaps, without)
	return phrase{zh: zh, en: en}
}

// An undecidedDuplicate is a record that may tell of the same thing as another one.
type undecidedDuplicate struct {
	Record, Other link
	How           phrase // what the record may be to the other one
}

func (t trail) undecided(one review.UndecidedDuplicate) undecidedDuplicate {
	how := phrase{zh: "可能与这一条是同一件事", en: "may be the same as"}
	if one.Part {
		how = phrase{zh: "没有数量，可能已包含在这一条之中", en: "has no number and may be contained in"}
	}
	return undecidedDuplicate{t.link(one.Record), t.link(one.Other), how}
}

func (t trail) perhapsTwice(list []review.PerhapsTwice) []undecidedDuplicate {
	var out []undecidedDuplicate
	for _, p := range list {
		out = append(out, t.undecided(p.UndecidedDuplicate))
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
