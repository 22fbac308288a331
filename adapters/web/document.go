package web

import (
	"twinledger/domain/calendar"
	"twinledger/domain/pairing"
	"twinledger/domain/review"
)

// A document is a review as the page shows it: everything in words, every
// record with its place on the page.
type document struct {
	frame
	Review        review.Review
	SHA256        string
	Recorded      string // the instant of as_of, at +08:00
	Calendar      *link  // of the term; nil without one
	Duties        []tally
	Wishes        []tally // verdicts on rules that cannot be failed
	Attention     []notice
	Parties       []party
	Changes       []schoolChange
	Obligations   []obligation
	Silences      []phrase
	Counts        []count
	Registers     []termRegister
	Incomplete    []link
	Held          []heldRow
	Duplicates    []undecidedDuplicate
	Unplaced      []entry
	NotTakenPlace []entry
	ToldTwice     []entry
	Unevidenced   []link
	Unassigned    []link
	Own           []entry // records between the community's schools that name no community
	Corrections   []correction
	Shared        []shared
	Bundles       []*bundle
	Ask           *ask // nil on a page that is not served
}

// A notice is something that somebody should look at.
type notice struct {
	Href  string
	Words phrase
	N     int
}

// A party is a school of the community.
type party struct {
	School, Word phrase
	Role         string
	Since, Until phrase
	Basis        phrase
	Record       link
}

// A schoolChange is what happened to a school.
type schoolChange struct {
	School, Change, On phrase
	Others             []phrase // the new name, or other schools
	Question, Ahead    phrase
	Record             link
}

// A heldRow is a row that could not be counted.
type heldRow struct {
	Key      string
	ID       string
	Record   link
	When     phrase
	Problems []problem
	Place    *place
}

// A problem is what is wrong with a row.
type problem struct {
	Code, Column string
	Words        phrase
}

// A correction is a change of a record.
type correction struct {
	Record   link
	Event    eventLine
	Target   *eventLine // the event that was corrected or voided; nil when the page does not show it
	TargetID string
	Reason   text
}

// A shared record counts towards several obligations.
type shared struct {
	Record      link
	Obligations []obligation
}

// compose turns a review into its page.
func compose(r review.Review, sha256 string, laid laidOver) document {
	t := newTrail(r, laid)
	d := document{
		frame: frame{Title: r.Community.Name + " " + r.Term.ZH + " 学期审查"}, Review: r, SHA256: sha256, Recorded: moment(r.AsOf.Recorded),
		Duties: tallies(r.Obligations, true), Wishes: tallies(r.Obligations, false),
		Parties: t.parties(r.Parties), Changes: t.changes(r.SchoolChanges), Obligations: t.obligations(r.Obligations), Counts: t.counts(r.Counts),
		Registers: t.registers(r.Registers), Held: t.held(r.Held), Unplaced: t.unplaced(r.Unplaced), NotTakenPlace: t.notTakenPlace(r.NotTakenPlace),
		ToldTwice:   t.toldTwice(r.ToldTwice),
		Corrections: t.corrections(r.Corrections), Bundles: t.inOrder(),
	}
	if r.Term.Calendar != nil {
		l := t.link(r.Term.Calendar.Record)
		d.Calendar = &l
	}
	if r.Programme != nil {
		d.Silences = fromAllWords(r.Programme.Silences)
	}
	for _, lacking := range r.Incomplete {
		l := t.link(lacking.Record)
		for _, u := range lacking.Unknowns {
			l.Reasons = append(l.Reasons, inWords(u))
		}
		d.Incomplete = append(d.Incomplete, l)
	}
	for _, one := range r.Undecided {
		d.Duplicates = append(d.Duplicates, t.undecided(one))
	}
	for _, ref := range r.Unevidenced {
		d.Unevidenced = append(d.Unevidenced, t.link(ref.Record))
	}
	for _, ref := range r.Unassigned {
		d.Unassigned = append(d.Unassigned, t.link(ref.Record))
	}
	for _, e := range r.WithoutCommunity {
		d.Own = append(d.Own, t.entry(e))
	}
	d.Shared = t.shared(r.Shared, d.Obligations)
	d.Attention = attention(r)
	return d
}

// attention lists what the clerk can still do something about.
func attention(r review.Review) []notice {
	all := []notice{
		{"#incomplete", phrase{zh: "缺项记录", en: "incomplete records"}, len(r.Incomplete)},
		{"#no-evidence", phrase{zh: "无佐证", en: "no evidence named"}, len(r.Unevidenced)},
		{"#held", phrase{zh: "暂挂行", en: "held rows"}, len(r.Held)},
		{"#unassigned", phrase{zh: "未写明共同体", en: "no community named"}, len(r.Unassigned)},
		{"#own", phrase{zh: "其中在本共同体校际", en: "between its schools"}, len(r.WithoutCommunity)},
		{"#duplicates", phrase{zh: "可能重复、待判定", en: "undecided duplicates"}, len(r.Undecided)},
		{"#unplaced", phrase{zh: "不归一个学期", en: "not of one term"}, len(r.Unplaced)},
		{"#not-taken-place", phrase{zh: "尚未发生", en: "not taken place"}, len(r.NotTakenPlace)},
		{"#told-twice", phrase{zh: "重复上报", en: "told twice"}, len(r.ToldTwice)},
		{"#corrections", phrase{zh: "更正与作废", en: "corrections and voidings"}, len(r.Corrections)},
		{"#shared", phrase{zh: "计入多项", en: "counted more than once"}, len(r.Shared)},
	}
	var out []notice
	for _, n := range all {
		if n.N > 0 {
			out = append(out, n)
		}
	}
	return out
}

func (t trail) parties(list []review.Party) []party {
	var out []party
	for _, p := range list {
		view := party{
			School: named(p.School), Word: fromWords(p.Word), Role: string(p.Role), Basis: worded(basisWords, p.Basis),
			Since: known(p.Since), Until: phrase{zh: "至今", en: "to date"}, Record: t.link(p.Record.Record),
		}
		if p.Until != "" {
			view.Until = writtenOccurred(p.Until)
		}
		if p.Basis == pairing.Roster && p.Since != calendar.Unknown {
			view.Since.zh += "在册"
		}
		out = append(out, view)
	}
	return out
}

func (t trail) changes(list []review.SchoolChange) []schoolChange {
	var out []schoolChange
	for _, c := range list {
		view := schoolChange{School: named(c.School), Change: inWords(c.Change), Record: t.link(c.Record)}
		if c.On != "" {
			view.On = writtenOccurred(calendar.OnDay(c.On))
		}
		if c.Name != "" {
			view.Others = append(view.Others, phrase{zh: c.Name})
		}
		for _, other := range c.Others {
			view.Others = append(view.Others, named(other))
		}
		if c.Question != "" {
			view.Question = inWords(c.Question)
		}
		if c.Ahead {
			view.Ahead = inWords(review.Ahead)
		}
		out = append(out, view)
	}
	return out
}

func (t trail) held(list []review.Held) []heldRow {
	var out []heldRow
	for _, h := range list {
		view := heldRow{ID: "h-" + h.Record, Key: h.Record, Record: t.link(h.Record), When: known(h.When), Place: t.bundles[h.Record].Place}
		for _, p := range h.Problems {
			view.Problems = append(view.Problems, problem{p.Code, p.Column, problemPhrase(p.Code)})
		}
		out = append(out, view)
	}
	return out
}

func (t trail) corrections(list []review.Correction) []correction {
	var out []correction
	for _, c := range list {
		view := correction{
			Record: t.link(c.Record), Target: t.event(c.Record, c.Target), TargetID: c.Target,
			Reason: t.laid.text(c.Reason, c.Record, reasonField),
		}
		if made := t.event(c.Record, c.ID); made != nil {
			view.Event = *made
		}
		out = append(out, view)
	}
	return out
}

func (t trail) shared(list []review.SharedRecord, obligations []obligation) []shared {
	var out []shared
	for _, s := range list {
		view := shared{Record: t.link(s.Record)}
		for _, id := range s.Obligations {
			for _, o := range obligations {
				if o.ID == id {
					view.Obligations = append(view.Obligations, o)
				}
			}
		}
		out = append(out, view)
	}
	return out
}
