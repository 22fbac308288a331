package web

import (
	"slices"
	"strconv"

	"twinledger/domain/programme"
	"twinledger/domain/review"
)

// A badge is a verdict as a page shows it: mark and words, and a colour that
// only repeats them.
type badge struct {
	Class, Mark string
	Words       phrase
	Times       int // how many schools; 0 for the community's own
}

// An obligation is one rule with its verdicts.
type obligation struct {
	Anchor, ID, Section string
	Text                phrase
	Strength, Per       phrase
	Binding             bool // stated as duty: only such a rule can be failed
	AtLeast             int
	Kinds               []phrase
	Notes               []phrase
	Results             []result
	Badges              []badge // of its results, in short
}

// A result is the verdict for the community or for one school.
type result struct {
	Whom       phrase // the community, or one school
	Badge      badge
	Done       phrase
	Doubt      phrase               // what is done without the records that may be told twice; zero when there are none
	Perhaps    []undecidedDuplicate // those records
	Excess     int
	Lacks      phrase // of a verdict that is not final: what is lacking
	LacksBy    int
	Because    []phrase
	Counted    []link
	Open       []link
	NotCounted []lookedAt
	Overlaps   []overlap
}

// A lookedAt is the records that were not counted for the same reasons.
type lookedAt struct {
	Reasons []phrase
	Links   []link
}

// A tally is how many verdicts have one status.
type tally struct {
	Badge badge
	N     int
}

func badgeOf(status review.Status, shortBy int, binding bool) badge {
	b := badge{Class: "badge " + string(status), Mark: statusMarks[status], Words: inWords(status)}
	if status == review.Short && shortBy > 0 {
		n := strconv.Itoa(shortBy)
		b.Words = phrase{zh: "差" + n, en: "short by " + n, code: b.Words.code}
	}
	if !binding {
		b.Class += " soft"
	}
	return b
}

func (t trail) obligations(list []review.Obligation) []obligation {
	var out []obligation
	for _, o := range list {
		view := obligation{
			Anchor: obligationAnchor(o.ID), ID: o.ID, Section: o.Section, Text: fromWords(o.Text),
			Strength: worded(strengthWords, o.Strength), Per: worded(scopeWords, o.Per), Binding: o.Strength == programme.Hard,
			AtLeast: o.AtLeast, Notes: fromAllWords(o.Notes),
		}
		for _, k := range o.Kinds {
			view.Kinds = append(view.Kinds, kindWords(k))
		}
		for _, r := range o.Results {
			view.Results = append(view.Results, t.result(r, o))
		}
		view.Badges = inShort(o.Results, view.Binding)
		out = append(out, view)
	}
	return out
}

func obligationAnchor(id string) string { return "o-" + id }

func (t trail) result(r review.Result, of review.Obligation) result {
	view := result{
		Whom: whom(r, of), Badge: badgeOf(r.Status, r.ShortBy, of.Strength == programme.Hard),
		Done: atLeast(r.Achieved, r.AtLeast), Excess: r.Excess, LacksBy: r.ShortBy,
	}
	if r.WithoutThem != nil {
		view.Doubt, view.Perhaps = doubtful(r.PerhapsTwice, strconv.Itoa(*r.WithoutThem)), t.perhapsTwice(r.PerhapsTwice)
	}
	switch r.Status {
	case review.Due:
		view.Lacks = phrase{zh: "尚差", en: "still owed"}
	case review.CannotJudge:
		view.Lacks = phrase{zh: "只按能确定的计，差", en: "by what is certain, short by"}
	}
	for _, reason := range r.Because {
		view.Because = append(view.Because, inWords(reason))
	}
	for _, c := range r.Counted {
		l := t.link(c.Record)
		l.Figure = atLeast(c.Number, c.AtLeast)
		if c.ReachesBeyond {
			l.Reasons = reasons([]review.Reason{review.ReachesBeyond})
		}
		view.Counted = append(view.Counted, l)
	}
	for _, looked := range r.Open {
		l := t.link(looked.Record)
		l.Reasons = reasons(looked.Reasons)
		view.Open = append(view.Open, l)
	}
	view.NotCounted = t.notCounted(r.NotCounted)
	view.Overlaps = t.overlaps(r.Overlaps)
	return view
}

// whom says for whom something is owed. A rule for each member school has one
// verdict without a school where no member is known.
func whom(r review.Result, of review.Obligation) phrase {
	switch {
	case r.School != nil:
		return named(*r.School)
	case of.Per == programme.PerMemberSchool:
		return phrase{zh: "各成员校", en: "each member school"}
	}
	return phrase{zh: "全共同体", en: "the community"}
}

// notCounted groups records by their reasons: there may be hundreds of other
// terms, which one reason and their numbers tell.
func (t trail) notCounted(list []review.ConsideredRecord) []lookedAt {
	var groups []lookedAt
	var keys [][]review.Reason
	for _, looked := range list {
		i := slices.IndexFunc(keys, func(k []review.Reason) bool { return slices.Equal(k, looked.Reasons) })
		if i < 0 {
			i = len(groups)
			keys = append(keys, looked.Reasons)
			groups = append(groups, lookedAt{Reasons: reasons(looked.Reasons)})
		}
		groups[i].Links = append(groups[i].Links, t.link(looked.Record))
	}
	return groups
}

func reasons(list []review.Reason) []phrase {
	var out []phrase
	for _, r := range list {
		out = append(out, inWords(r))
	}
	return out
}

// inShort returns the one verdict on the community, or how many schools have
// each.
func inShort(results []review.Result, binding bool) []badge {
	if len(results) == 1 && results[0].School == nil {
		return []badge{badgeOf(results[0].Status, results[0].ShortBy, binding)}
	}
	var out []badge
	for _, status := range statuses {
		b := badgeOf(status, 0, binding)
		for _, r := range results {
			if r.Status == status {
				b.Times++
			}
		}
		if b.Times > 0 {
			out = append(out, b)
		}
	}
	return out
}

// tallies counts the verdicts on rules that are, or are not, stated as duty.
func tallies(list []review.Obligation, binding bool) []tally {
	var out []tally
	for _, status := range statuses {
		line := tally{Badge: badgeOf(status, 0, binding)}
		for _, o := range list {
			for _, r := range o.Results {
				if r.Status == status && (o.Strength == programme.Hard) == binding {
					line.N++
				}
			}
		}
		out = append(out, line)
	}
	return out
}

func total(list []tally) int {
	n := 0
	for _, line := range list {
		n += line.N
	}
	return n
}

// named returns a name, or a shortened key where there is none.
func named(n review.NamedKey) phrase {
	if n.Name == "" {
		return phrase{zh: "学校 " + shortKey(n.Key), en: "name unknown"}
	}
	if n.Formerly != "" {
		return phrase{zh: n.Name + "（原" + n.Formerly + "）"}
	}
	return phrase{zh: n.Name}
}
