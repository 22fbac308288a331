package review

import (
	"encoding/hex"
	"slices"
	"sort"
	"strings"

	"twinledger/domain/calendar"
	"twinledger/domain/org"
	"twinledger/domain/pairing"
	"twinledger/domain/programme"
	"twinledger/domain/record"
	"twinledger/domain/register"
)

// Compute computes the review of the input, by the current evaluator and template.
func Compute(in Input) Review {
	c := newComputation(in)
	r := Review{
		Form: "twinledger-term-review", Evaluator: Evaluator, Template: Template,
		Ledger: in.Ledger, District: in.District, Community: in.Community,
		AsOf:      AsOf{in.Ordinal, hex.EncodeToString(in.Hash[:]), in.Recorded},
		JudgedOn:  c.in.JudgedOn,
		Term:      c.term(),
		Programme: inForce(in.Programme),
		Parties:   c.parties(), Counts: c.counts(), Registers: c.registers(),
		Incomplete: c.incomplete(), Undecided: c.undecided(), Unplaced: c.unplaced(),
		Unevidenced: c.unevidenced(), Held: c.held(), Unassigned: c.unassigned(), Corrections: c.corrections(),
	}
	r.WithoutCommunity = c.withoutCommunity()
	r.Obligations = c.obligations()
	r.Shared = shared(r.Obligations)
	r.SchoolChanges = c.schoolChanges()
	r.NotTakenPlace = c.notTakenPlace()
	r.ToldTwice = c.toldTwice()
	return r
}

// A computation holds what the parts of one review share.
type computation struct {
	in      Input
	window  calendar.Period
	dated   bool             // the district's calendar has the term
	bounds  calendar.Period  // days within which the term certainly lies
	schools org.SchoolsByKey // the schools over time
	said    map[string]Fact  // as recorded, by key, where another school carried what is recorded
	roles   roles            // who is what in the community, and when
	parts   []membership     // that do not certainly lie outside the term
	inside  []Fact           // records of the term, in their order
	others  []placed         // standing records that may lie in the term
	own     []Fact           // records of the term between the community's own schools that name no community

	overlaps []PostingOverlap // of the postings of one person
	twice    twice            // records that tell of the same thing
}

type placed struct {
	Fact
	place calendar.Place
}

func newComputation(in Input) *computation {
	facts := slices.Clone(in.Facts)
	sort.Slice(facts, func(i, j int) bool { return facts[i].order() < facts[j].order() })
	in.Facts = facts
	held := slices.Clone(in.Held)
	sort.Slice(held, func(i, j int) bool { return held[i].Trace[0].Ordinal < held[j].Trace[0].Ordinal })
	in.Held = held
	if in.JudgedOn == "" {
		in.JudgedOn = calendar.DayOf(in.Recorded.Time)
	}
	c := &computation{in: in, said: map[string]Fact{}, schools: schoolsOn(in.JudgedOn, in.Schools), twice: twiceOf(in)}
	c.window, _, c.dated = in.Calendar.Window(in.Term)
	c.bounds = boundsOf(in.Term, c.window, c.dated)
	c.roles = rolesOf(in, c.schools, c.bounds.Last)
	c.parts = c.roles.during(c.bounds)
	for i := range facts {
		facts[i] = c.carried(facts[i])
	}
	for _, f := range facts {
		if f.Void || f.NotTakenPlace || f.Kind == "pairing" || c.twice.StandsFor[f.Key] != "" {
			continue
		}
		c.place(f)
	}
	c.findOwn()
	c.findOverlaps()
	return c
}

// place puts a record that stands where the review counts or lists it. One that lies
// ahead has not taken place.
func (c *computation) place(f Fact) {
	when, place := c.timing(f), f.Standing().PlaceIn(c.in.Calendar, c.in.Term)
	switch {
	case when == ahead, place == calendar.Outside:
	case place != calendar.Inside:
		c.others = append(c.others, placed{f, place})
	case when == perhapsAhead:
		c.others = append(c.others, placed{f, PlacePerhapsAhead})
	default:
		c.inside = append(c.inside, f)
	}
}

// boundsOf returns the term's days or, where no calendar says, the two calendar
// years over which its school year runs.
func boundsOf(t calendar.Term, window calendar.Period, known bool) calendar.Period {
	if known {
		return window
	}
	years := strings.SplitN(string(t.Year), "-", 2)
	return calendar.Period{First: calendar.Day(years[0] + "-01-01"), Last: calendar.Day(years[len(years)-1] + "-12-31")}
}

// order puts records in the order in which they entered the ledger.
func (f Fact) order() uint64 { return f.Trace[0].Ordinal }

func (c *computation) term() Term {
	_, assumed, _ := c.in.Calendar.Window(c.in.Term)
	t := Term{c.in.Term.String(), c.in.Term.Chinese(), c.window.First, c.window.Last, assumed, nil}
	if p := c.in.Published; p != nil && !p.Void {
		t.Calendar = &Ref{Record: p.Key, Events: p.Trace}
	}
	return t
}

func inForce(g *GoverningProgramme) *ProgrammeInForce {
	if g == nil {
		return nil
	}
	p := g.Programme
	return &ProgrammeInForce{p.Code, p.Title, p.Source, g.Version, g.Event, p.Digest(), g.From, g.To, g.WhatIf, list(p.Silences)}
}

// ref opens a record.
func ref(f Fact) Ref { return Ref{f.Key, f.Trace, f.Facts.Source} }

// list returns s, or an empty list in place of null.
func list[T any](s []T) []T {
	if s == nil {
		return []T{}
	}
	return s
}

func kindWords(kinds []record.Kind) []KindWords {
	out := []KindWords{}
	for _, k := range kinds {
		entry, _ := record.Lookup(k)
		out = append(out, KindWords{k, entry.ZH, entry.EN})
	}
	return out
}

// registers lists the records of the term, register by register. Pairings are of
// every term and stand among the parties.
func (c *computation) registers() []Register {
	out := []Register{}
	for _, known := range register.All() {
		if !known.Records || known.Kind == "pairing" {
			continue
		}
		of := Register{Kind: known.Kind, ZH: known.ZH, EN: known.EN, Entries: []Entry{}}
		for _, f := range c.inside {
			if f.Kind == known.Kind {
				of.Entries = append(of.Entries, c.entry(f))
			}
		}
		out = append(out, of)
	}
	return out
}

func (c *computation) entry(f Fact) Entry {
	from, to := c.units(f)
	e := Entry{
		Ref: ref(f), Occurred: f.Occurred, Workflow: f.Workflow, Kinds: kindWords(f.Facts.Kinds), Mode: f.Facts.Mode,
		Title: f.Facts.Title, Item: f.Item, Subjects: texts(f.Facts.Subjects), From: from, To: to,
		People: list(f.Facts.People), Quantity: f.Facts.Quantity, Start: f.Start, End: f.End, Findings: f.Findings,
		Evidence: list(f.Facts.Evidence), Unknowns: list(f.Unknowns), Particulars: f.Particulars,
	}
	for _, change := range f.Amendments {
		e.Corrected = e.Corrected || change.Type != f.Kind+".voided"
	}
	e.ReachesBeyond = !f.Void && !f.NotTakenPlace && c.timing(f) == reaching
	e.Late = c.dated && calendar.DayOf(f.Trace[0].Recorded.Time) > c.window.Last
	return e
}

func texts(words []record.Word) []string {
	out := []string{}
	for _, w := range words {
		out = append(out, w.Text)
	}
	return out
}

func (c *computation) incomplete() []IncompleteRecord {
	out := []IncompleteRecord{}
	for _, f := range c.inside {
		if len(f.Unknowns) > 0 {
			out = append(out, IncompleteRecord{ref(f), f.Unknowns})
		}
	}
	for _, f := range c.in.Facts {
		if f.Kind == "pairing" && !f.Void && len(f.Unknowns) > 0 {
			out = append(out, IncompleteRecord{ref(f), f.Unknowns})
		}
	}
	return out
}

func (c *computation) unplaced() []UnplacedRecord {
	out := []UnplacedRecord{}
	for _, f := range c.others {
		out = append(out, UnplacedRecord{c.entry(f.Fact), f.place, f.Standing().certainlyIn(c.in.Calendar, c.in.Term)})
	}
	return out
}

// unevidenced lists the records of the term that name no evidence.
func (c *computation) unevidenced() []Ref {
	out := []Ref{}
	for _, f := range c.inside {
		if len(f.Facts.Evidence) == 0 {
			out = append(out, ref(f))
		}
	}
	return out
}

// held lists the community's held rows that may concern the term: those whose
// date is not known, and those that do not certainly lie outside.
func (c *computation) held() []Held {
	out := []Held{}
	for _, h := range c.in.Held {
		if h.Void || c.in.Calendar.PlaceIn(c.in.Term, h.When) == calendar.Outside {
			continue
		}
		line := Held{Ref: h.ref(), When: h.When, Problems: []HeldProblem{}}
		for _, p := range h.Taken.Problems {
			line.Problems = append(line.Problems, HeldProblem(p))
		}
		out = append(out, line)
	}
	return out
}

func (h HeldRow) ref() Ref {
	source := h.Taken.Source
	return Ref{h.Key, h.Trace, &source}
}

// corrections lists every change of what lies, or may lie, in the term, of what
// did before a change moved it away, and of the calendar that bounds the term.
func (c *computation) corrections() []Correction {
	out := []Correction{}
	add := func(of Ref, changes []Amendment) {
		for _, change := range changes {
			out = append(out, Correction{change, of})
		}
	}
	for _, f := range slices.Concat(c.in.Facts, c.in.Left) {
		if c.everHere(f) {
			add(ref(f), f.Amendments)
		}
	}
	for _, h := range c.in.Held {
		if c.in.Calendar.PlaceIn(c.in.Term, h.When) != calendar.Outside {
			add(h.ref(), h.Amendments)
		}
	}
	for _, key := range c.concerned() {
		if school := c.in.Schools[key]; len(school.Amendments) > 0 {
			add(Ref{Record: key, Events: school.Trace}, school.Amendments)
		}
	}
	if p := c.in.Published; p != nil {
		add(Ref{Record: p.Key, Events: p.Trace}, p.Amendments)
	}
	sort.SliceStable(out, func(i, j int) bool { return out[i].Ordinal < out[j].Ordinal })
	return out
}

// everHere tells whether a record stands, or once stood, in the community and
// not certainly outside the term. A pairing is of every term.
func (c *computation) everHere(f Fact) bool {
	return slices.ContainsFunc(append([]Standing{f.Standing()}, f.Former...), func(s Standing) bool {
		return s.Community == c.in.Community.Key && (f.Kind == "pairing" || s.PlaceIn(c.in.Calendar, c.in.Term) != calendar.Outside)
	})
}

// parties lists the schools of the community whose time in it does not
// certainly lie outside the term.
func (c *computation) parties() []Party {
	out := []Party{}
	for _, m := range c.parts {
		out = append(out, Party{c.school(m.School), m.Role, c.word(m), m.Basis, m.Since, m.Until, m.record})
	}
	return out
}

// word returns the plan's own word for a role, else the glossary's. A core school is
// called what the plan calls the school that leads.
func (c *computation) word(m membership) programme.Words {
	if c.in.Programme != nil {
		parties := c.in.Programme.Programme.Parties
		var all []pairing.Role
		for _, p := range parties {
			all = append(all, p.Role)
		}
		for _, p := range parties {
			if p.Role == m.Role || m.Role == pairing.Core && p.Role.LeadsAmong(all) {
				return p.Name
			}
		}
	}
	zh, en := m.Role.Names()
	return programme.Words{ZH: zh, EN: en}
}

// shared lists records that count towards more than one obligation.
func shared(obligations []Obligation) []SharedRecord {
	by := map[string][]string{}
	var order []string
	for _, o := range obligations {
		for _, result := range o.Results {
			for _, counted := range result.Counted {
				if len(by[counted.Record]) == 0 {
					order = append(order, counted.Record)
				}
				if !slices.Contains(by[counted.Record], o.ID) {
					by[counted.Record] = append(by[counted.Record], o.ID)
				}
			}
		}
	}
	out := []SharedRecord{}
	for _, key := range order {
		if len(by[key]) > 1 {
			out = append(out, SharedRecord{key, by[key]})
		}
	}
	return out
}
