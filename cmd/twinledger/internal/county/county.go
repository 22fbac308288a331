// Package county makes up a county: its schools, communities and people, and what
// they did in some terms, as the commands that a clerk would have sent. It is
// pure: the same settings and the same ledger give the same orders, one after
// the other, and every order keeps the rules of the kind that it is for. So a run
// that was broken off is finished by sending all of its orders again.
//
// One file each: the schools and their people, pairings, and what schools do in a
// term, by kind of record. A world walks from section to section: the founding
// of the county, then in every term each community.
package county

import (
	"crypto/sha256"
	"fmt"
	"iter"
	"math/rand/v2"
	"strings"

	"twinledger/domain/calendar"
	"twinledger/domain/event"
	"twinledger/domain/fault"
	"twinledger/domain/programme"
	"twinledger/domain/record"
	"twinledger/domain/seal"
)

// Settings say which county is made up.
type Settings struct {
	District string // its name
	Schools  int    // how many schools it has at first: 4 to 20,000
	Terms    int    // how many terms are told of, one after the other: 1 to 60
	From     calendar.Term
	Seed     uint64 // another seed is another county
}

// A Site is the ledger for which the orders are.
type Site struct {
	Ledger   string     // its id
	District string     // key of the district
	Vault    seal.Vault // people's keys follow from its secret
}

// A Plan is the programme that is put in force, with the file that it was read
// from.
type Plan struct {
	Programme programme.Programme
	File      string
}

// An Order is one command as somebody sends it.
type Order struct {
	ID       string // follows from the settings and the order's number
	Number   int    // from 1
	Command  string
	Stream   string // key of the stream addressed; "" when it opens one
	Occurred calendar.Occurred
	Unit     string // key of the school on whose behalf, or ""
	Data     any    // the body, in its JSON form
}

// What settings are refused with.
var (
	ErrBadSchools = fault.New(fault.Invalid, "generate.bad-schools",
		"--schools 应为 4 至 20000。", "Give --schools from 4 to 20000.")
	ErrBadTerms = fault.New(fault.Invalid, "generate.bad-terms",
		"--terms 应为 1 至 60。", "Give --terms from 1 to 60.")
)

// Check refuses settings of which no county can be made.
func (s Settings) Check() error {
	switch {
	case s.Schools < 4 || s.Schools > 20000:
		return ErrBadSchools.With("schools", s.Schools)
	case s.Terms < 1 || s.Terms > 60:
		return ErrBadTerms.With("terms", s.Terms)
	}
	return nil
}

// First returns the id of the first order: whether a ledger holds it tells
// whether it is of this run.
func (s Settings) First() string { return s.id(1) }

// id returns the id of the n-th order.
func (s Settings) id(n int) string {
	of := fmt.Sprintf("generate v1\n%s\n%d\n%d\n%s\n%d\n%d", s.District, s.Schools, s.Terms, s.From, s.Seed, n)
	return event.UUIDv8(sha256.Sum256([]byte(of))).String()
}

// Orders returns the county as orders, to be carried out in this order.
func Orders(s Settings, at Site, plan Plan) iter.Seq[Order] {
	return func(yield func(Order) bool) {
		w := &world{Settings: s, Site: at, named: map[string]bool{}}
		for section := range w.sections(plan) {
			w.rand = rand.New(rand.NewPCG(s.Seed, uint64(w.sent))) //nolint:gosec // nothing here is secret
			section()
			for _, o := range w.orders {
				if !yield(o) {
					return
				}
			}
			w.orders = w.orders[:0]
		}
	}
}

// A world is a county as far as it was told.
type world struct {
	Settings
	Site
	rand   *rand.Rand
	orders []Order // of the section under way
	sent   int

	named       map[string]bool // names of schools that are taken
	direct      int             // how many schools are of the county itself
	schools     []*school
	outsiders   []*school // in no community
	communities []*community
	inspectors  []string // keys of people of the office
	term        term     // that is being told of
}

// sections returns the parts of which the county is told, in order. Each leaves
// its orders behind.
func (w *world) sections(plan Plan) iter.Seq[func()] {
	return func(yield func(func()) bool) {
		terms := w.terms()
		w.term = terms[0]
		if !yield(func() { w.found(terms, plan) }) {
			return
		}
		for _, c := range w.communities {
			if !yield(func() { w.settle(c) }) {
				return
			}
		}
		for _, w.term = range terms {
			if !yield(w.turns) {
				return
			}
			for _, c := range w.communities {
				if !yield(func() { w.live(c) }) {
					return
				}
			}
		}
	}
}

// live tells what a community did in the term.
func (w *world) live(c *community) {
	w.relate(c)
	for _, part := range []func(*community){
		w.lessons, w.gatherings, w.postings, w.mentorships, w.filings, w.inspections, w.donations, w.recognitions, w.indicators,
	} {
		part(c)
	}
}

// open orders a command that opens a stream and returns the stream's key.
func (w *world) open(command string, occurred calendar.Occurred, data any) string {
	kind, _, _ := strings.Cut(command, ".")
	o := w.order(Order{Command: command, Occurred: occurred, Data: data})
	return event.StreamKey(event.StreamOf(w.Ledger, o.ID, kind))
}

// note orders a command whose stream follows from its body.
func (w *world) note(command string, data any) { w.noteOn(command, calendar.Unknown, data) }

// noteOn does so for a day.
func (w *world) noteOn(command string, occurred calendar.Occurred, data any) {
	w.order(Order{Command: command, Occurred: occurred, Data: data})
}

// step orders a command on a stream and returns the id of the event that it will
// make.
func (w *world) step(command, stream string, occurred calendar.Occurred, data any) string {
	o := w.order(Order{Command: command, Stream: stream, Occurred: occurred, Data: data})
	return event.IDOf(w.Ledger, o.ID, event.StreamName(w.Ledger, stream), 0)
}

func (w *world) order(o Order) Order {
	w.sent++
	o.Number, o.ID, o.Unit = w.sent, w.id(w.sent), sender(o.Data)
	w.orders = append(w.orders, o)
	return o
}

// sender returns the school on whose behalf something is said: the one that acted.
func sender(data any) string {
	var acting []record.Unit
	switch said := data.(type) {
	case record.Step:
		acting = said.By
	case interface{ Common() record.Facts }:
		acting = said.Common().From
	}
	if len(acting) == 0 {
		return ""
	}
	return acting[0].School
}

// below returns a number from 0 to n-1.
func (w *world) below(n int) int { return w.rand.IntN(n) }

// between returns a number from low to high, both included.
func (w *world) between(low, high int) int { return low + w.rand.IntN(high-low+1) }

// oneIn tells, once in n times on the average, true.
func (w *world) oneIn(n int) bool { return w.rand.IntN(n) == 0 }

// often tells true in percent of the cases.
func (w *world) often(percent int) bool { return w.rand.IntN(100) < percent }

// pick returns one of several.
func pick[E any](w *world, of []E) E { return of[w.rand.IntN(len(of))] }

// text returns a text in clear, to be sealed where it must be.
func text(s string) seal.Text { return seal.Text{Clear: s} }

// words returns words without code.
func words(texts ...string) []record.Word {
	var out []record.Word
	for _, t := range texts {
		out = append(out, record.Word{Text: t})
	}
	return out
}

// unit returns a school as a side of a record.
func unit(s *school) []record.Unit { return []record.Unit{{School: s.key}} }

// number returns a quantity of n.
func number(n int, measure string) record.Quantity {
	return record.Quantity{Text: fmt.Sprint(n), Number: fmt.Sprint(n), Bound: record.Exact, Measure: record.MeasureOf(measure)}
}

// office returns a step that an office takes, with what it says of it.
func office(name, note string) record.Step { return record.Step{Office: name, Note: text(note)} }

// by returns a step that a school takes.
func by(s *school) record.Step { return record.Step{By: unit(s)} }

// facts returns what every record of a community says.
func (w *world) facts(c *community, title string, kinds ...record.Kind) record.Facts {
	return record.Facts{District: w.Site.District, Community: c.key, Kinds: record.SortKinds(kinds), Mode: record.Offline, Title: text(title)}
}

// anyMode returns how people met: mostly in person.
func (w *world) anyMode() record.Mode {
	switch w.below(12) {
	case 0:
		return record.Online
	case 1:
		return record.Mixed
	case 2:
		return record.ModeUnknown
	}
	return record.Offline
}
