package web

import (
	"twinledger/domain/calendar"
	"twinledger/domain/review"
)

// An overlap is two postings of one person that take, or may take, the same days.
type overlap struct {
	Person   person
	Postings [2]link
	How      phrase // whether they do or may
	Days     phrase
}

func (t trail) overlaps(list []review.PostingOverlap) []overlap {
	var out []overlap
	for _, o := range list {
		view := overlap{
			Person: person{t.laid.person(o.Person), shortKey(o.Person)}, Postings: [2]link{t.link(o.Postings[0].Record), t.link(o.Postings[1].Record)},
			How: phrase{zh: "可能重叠", en: "may overlap"}, Days: overlapDays(o.From, o.Until),
		}
		if o.Certain {
			view.How = phrase{zh: "重叠", en: "overlap"}
		}
		out = append(out, view)
	}
	return out
}

// overlapDays says from when to when; an open end is said to be open.
func overlapDays(from, until calendar.Day) phrase {
	switch {
	case from == "" && until == "":
		return phrase{zh: "起止日期不详", en: "from when to when is not known"}
	case from == "":
		return phrase{zh: "至 " + string(until), en: "until " + string(until)}
	case until == "":
		return phrase{zh: "自 " + string(from), en: "from " + string(from)}
	}
	return writtenOccurred(calendar.OverSpan(from, until))
}
