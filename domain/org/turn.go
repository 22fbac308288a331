package org

import (
	"context"
	"slices"

	"twinledger/domain/calendar"
	"twinledger/domain/command"
	"twinledger/domain/event"
	"twinledger/domain/fault"
	"twinledger/domain/record"
	"twinledger/domain/seal"
)

// What is said of a school, community or person after it first came up. Each is
// voided by its id like any other event.
type (
	// Confirmed says that the clerk knows it: it is no longer provisional.
	Confirmed[F any] struct{}
	// Identified says that it is the same one as another: a typing error or an
	// alias made two of one. It has no day, for there never were two; a school
	// that ends by joining another has merged.
	Identified[F any] struct {
		As string `json:"as"` // key of the other
	}
	// Aliased gives another way in which its name is written. A person's is
	// sealed like the name.
	Aliased[F any] struct {
		Alias seal.Text `json:"alias" lines:"any"`
	}
)

// A Sort is what a [Turn] says; it is the verb of the event.
type Sort string

// The sorts of turns. Only schools take those that have a day.
const (
	SortConfirmed   Sort = "confirmed"
	SortIdentified  Sort = "identified"
	SortAliased     Sort = "aliased"
	SortRenamed     Sort = "renamed"
	SortMerged      Sort = "merged"
	SortSplit       Sort = "split"
	SortPlacedUnder Sort = "placed_under"
)

// A Turn is one thing that was said of a school, community or person after it
// first came up, and stands.
type Turn struct {
	ID          string       `json:"id"` // of the event that said it first; a correction keeps it
	Sort        Sort         `json:"sort"`
	On          calendar.Day `json:"on,omitempty"`          // from which day it holds; "" of what has no day
	Name        string       `json:"name,omitempty"`        // renamed, aliased: the name in clear
	Keys        []string     `json:"keys,omitempty"`        // identified: the other; merged, split: who follows; placed_under: the parent
	Memberships bool         `json:"memberships,omitempty"` // merged: they pass to the successor
}

// A turning event makes a turn.
type turning interface{ turn() Turn }

func (Confirmed[F]) turn() Turn    { return Turn{Sort: SortConfirmed} }
func (i Identified[F]) turn() Turn { return Turn{Sort: SortIdentified, Keys: []string{i.As}} }
func (a Aliased[F]) turn() Turn    { return Turn{Sort: SortAliased, Name: a.Alias.Clear} }

// References returns the other one.
func (i Identified[F]) References() []string { return []string{i.As} }

// SealTexts gives the alias the form in which names are stored, and seals a
// person's under the person's own key.
func (a Aliased[F]) SealTexts(ctx context.Context, s seal.Sealer) (any, error) {
	var err error
	a.Alias.Clear = NormalName(a.Alias.Clear)
	if event.StreamKind(s.Stream) == "person" {
		a.Alias, err = s.Under(ctx, AliasField, a.Alias, s.Stream)
	}
	return a, err
}

// AliasField is the place within a person's stream for which an alias is sealed.
const AliasField = "alias"

// A State is what the events so far say about one school, community or person.
type State[F any] struct {
	record.State[F]
	Turns []Turn `json:"turns,omitempty"` // that stand, in the order in which they were first said
}

// Fold returns the state after e; an event that is none of the kind's leaves it
// as it is.
func Fold[F any](s State[F], e event.Event) State[F] {
	switch d := e.Fact.(type) {
	case turning:
		turn := d.turn()
		turn.ID = e.ID
		if turn.Sort.dated() {
			turn.On = dayOf(e.Occurred)
		}
		s.Turns = append(slices.Clip(s.Turns), turn)
	case ChangeCorrected:
		s.Turns = slices.Clone(s.Turns)
		if i := s.find(d.Target); i >= 0 {
			s.Turns[i] = d.apply(s.Turns[i], dayOf(e.Occurred))
		}
	case record.Voided[F]:
		if i := s.find(d.Target); i >= 0 {
			s.Turns = slices.Delete(slices.Clone(s.Turns), i, i+1)
			return s
		}
		s.State = record.Fold(s.State, e)
	default:
		s.State = record.Fold(s.State, e)
	}
	return s
}

func dayOf(o calendar.Occurred) calendar.Day {
	if o.Precision() != calendar.PrecisionDay {
		return ""
	}
	return calendar.Day(o.Value())
}

// Known tells whether s is one of the sorts of turns.
func (s Sort) Known() bool {
	switch s {
	case SortConfirmed, SortIdentified, SortAliased:
		return true
	}
	return s.dated()
}

func (s Sort) dated() bool {
	switch s {
	case SortRenamed, SortMerged, SortSplit, SortPlacedUnder:
		return true
	}
	return false
}

func (s Sort) ceases() bool { return s == SortMerged || s == SortSplit }

// ceasing returns the merger or split by which a school ceases; others never do.
func (s State[F]) ceasing() (Turn, bool) {
	for _, t := range s.Turns {
		if t.Sort.ceases() {
			return t, true
		}
	}
	return Turn{}, false
}

// find returns the place of the turn that an event made, or -1.
func (s State[F]) find(id string) int {
	return slices.IndexFunc(s.Turns, func(t Turn) bool { return id != "" && t.ID == id })
}

// Made tells whether the event with this id made a turn that stands.
func (s State[F]) Made(id string) bool { return s.find(id) >= 0 }

// last returns the turn of a sort that was said last.
func (s State[F]) last(sort Sort) (Turn, bool) {
	for _, t := range slices.Backward(s.Turns) {
		if t.Sort == sort {
			return t, true
		}
	}
	return Turn{}, false
}

// provisional tells the same as [Provisional]; facts is what the facts say of it.
func (s State[F]) provisional(facts bool) bool {
	_, confirmed := s.last(SortConfirmed)
	return facts && !confirmed && s.As() == ""
}

// As returns the key of the one that it is said to be, "" when it is itself or
// void.
func (s State[F]) As() string {
	if t, identified := s.last(SortIdentified); identified && s.Phase != record.Void {
		return t.Keys[0]
	}
	return ""
}

// Aliases returns the other ways in which its name is written, as far as they
// stand in clear.
func (s State[F]) Aliases() []string {
	var out []string
	for _, t := range s.Turns {
		if t.Sort == SortAliased && t.Name != "" {
			out = append(out, t.Name)
		}
	}
	return out
}

// Provisional tells whether a school, community or person only came up in a
// file: nobody confirmed it, nor said that it is another one.
func Provisional[F School | Community | Person](s State[F]) bool {
	switch facts := any(s.Facts).(type) {
	case School:
		return s.provisional(facts.Provisional)
	case Community:
		return s.provisional(facts.Provisional)
	case Person:
		return s.provisional(facts.Provisional)
	}
	return false
}

// A kind is the names and rules of what is confirmed, identified and aliased.
type kind[F record.Body[F]] struct {
	book    record.Book[F]
	decider command.Decider[State[F]]
	other   string // an example's key of another one
	alias   string // an example's alias
	legal   func(State[F]) error
}

// register declares the kind's events and, as its book does, its refusals.
func (k kind[F]) register(r *event.Registry) {
	k.book.Register(r)
	for _, refusal := range []func() *fault.Error{k.isAnother, k.notAnother, k.inCircle} {
		refusal()
	}
	event.Define[Confirmed[F]](r, k.book.Kind+".confirmed")
	event.Define[Identified[F]](r, k.book.Kind+".identified")
	event.Define[Aliased[F]](r, k.book.Kind+".aliased")
}

// commands returns the book's commands, with a voiding that reaches turns too,
// and those of this file.
func (k kind[F]) commands() []command.Definition {
	name, zh := k.book.Kind, k.book.ZH
	var all []command.Definition
	for _, d := range k.book.Commands() {
		if d.Name == name+".void" {
			d = command.Define(d.Name, k.decider, k.void, command.Describe("作废"+zh+"或其中一项", "void a "+name+", or one thing said of it"),
				command.Example(record.Withdraw[F]{Reason: record.ExampleReason}))
		}
		all = append(all, d)
	}
	return append(all,
		command.Define(name+".confirm", k.decider, k.confirm, command.Describe("确认"+zh, "confirm a provisional "+name), command.Example(Confirmed[F]{})),
		command.Define(name+".identify", k.decider, k.identify, command.Describe("认定为同一"+zh, "say that a "+name+" is the same as another"),
			command.Example(Identified[F]{As: k.other}), command.Beside(k.look)),
		command.Define(name+".alias", k.decider, k.addAlias, command.Describe("登记"+zh+"的别名", "add another way of writing the name of a "+name),
			command.Example(Aliased[F]{Alias: seal.Text{Clear: k.alias}})),
	)
}

func (k kind[F]) confirm(s State[F], _ command.Meta, c Confirmed[F]) ([]any, error) {
	if err := k.open(s); err != nil {
		return nil, err
	}
	if _, confirmed := s.last(SortConfirmed); confirmed {
		return nil, nil
	}
	if as := s.As(); as != "" {
		return nil, k.isAnother().With("as", as)
	}
	return []any{c}, nil
}

func (k kind[F]) identify(s State[F], meta command.Meta, c Identified[F]) ([]any, error) {
	if err := k.open(s); err != nil {
		return nil, err
	}
	switch as := s.As(); {
	case c.As == as:
		return nil, nil
	case as != "":
		return nil, k.isAnother().With("as", as)
	case event.StreamKind(c.As) != k.book.Kind || c.As == meta.Stream:
		return nil, k.notAnother().With("as", c.As)
	}
	if err := k.circle(meta.Stream, c.turn(), beside[F](meta)); err != nil {
		return nil, err
	}
	return []any{c}, nil
}

func (k kind[F]) addAlias(s State[F], _ command.Meta, c Aliased[F]) ([]any, error) {
	if err := k.open(s); err != nil {
		return nil, err
	}
	if c.Alias.IsZero() {
		return nil, ErrNoName
	}
	if c.Alias.Clear != "" && slices.Contains(s.Aliases(), c.Alias.Clear) {
		return nil, nil
	}
	return []any{c}, nil
}

// void decides whether the whole, or one turn, may be voided: a turn only when
// the others may stand without it.
func (k kind[F]) void(s State[F], meta command.Meta, c record.Withdraw[F]) ([]any, error) {
	if c.Target == "" || s.find(c.Target) < 0 {
		return k.book.Void(s.State, meta, c)
	}
	if err := k.open(s); err != nil {
		return nil, err
	}
	if c.Reason.IsZero() {
		return nil, record.ErrNoReason
	}
	return k.take(s, meta, record.Voided[F](c))
}

// take returns the fact unless it would make what may not be.
func (k kind[F]) take(s State[F], meta command.Meta, fact any) ([]any, error) {
	if k.legal != nil {
		if err := k.legal(k.after(s, meta, fact)); err != nil {
			return nil, err
		}
	}
	return []any{fact}, nil
}

// after returns the state after a fact that is not stored yet.
func (k kind[F]) after(s State[F], meta command.Meta, fact any) State[F] {
	return k.decider.Apply(s, event.Event{Envelope: event.Envelope{ID: meta.Command, Occurred: meta.Occurred}, Fact: fact})
}

func (k kind[F]) open(s State[F]) error {
	switch s.Phase {
	case record.Absent:
		return record.NotReported(k.book.Kind, k.book.ZH)
	case record.Void:
		return record.AlreadyVoid(k.book.Kind, k.book.ZH)
	}
	return nil
}

func (k kind[F]) isAnother() *fault.Error {
	return fault.New(fault.Refused, k.book.Kind+".is-another",
		"此"+k.book.ZH+"已认定为另一"+k.book.ZH+"；如认定有误，请先用 void --event 作废该认定。",
		"This "+k.book.Kind+" is said to be another one; if that is wrong, void it first with void --event.")
}

func (k kind[F]) notAnother() *fault.Error {
	return fault.New(fault.Invalid, k.book.Kind+".not-another",
		"须写明另一"+k.book.ZH+"的编号，不能是它自己。", "Give the id of another "+k.book.Kind+", not its own.")
}
