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

// The events that may follow the one that first recorded a school, community or
// person. Each can be voided by its id, like any other event.
type (
	// Confirmed ends the provisional state: a clerk knows this entity.
	Confirmed[F any] struct{}
	// Identified declares the entity to be the same as another one: a typing error
	// or an alias had made two entities out of one. It has no day, because there
	// never were two. A school that ends by joining another school is merged.
	Identified[F any] struct {
		As string `json:"as"` // key of the other
	}
	// Aliased adds another spelling of the name. A person's alias is sealed, like
	// the name.
	Aliased[F any] struct {
		Alias seal.Text `json:"alias" lines:"any"`
	}
)

// A ChangeKind tells what a [Change] is about. It is the verb of the event's type.
type ChangeKind string

// The kinds of changes. The dated ones (renamed, merged, split, placed under)
// exist for schools only.
const (
	ChangeConfirmed   ChangeKind = "confirmed"
	ChangeIdentified  ChangeKind = "identified"
	ChangeAliased     ChangeKind = "aliased"
	ChangeRenamed     ChangeKind = "renamed"
	ChangeMerged      ChangeKind = "merged"
	ChangeSplit       ChangeKind = "split"
	ChangePlacedUnder ChangeKind = "placed_under"
)

// changeWords are the words for the kinds of changes, as they stand before a name or
// the others.
var changeWords = map[ChangeKind][2]string{
	ChangeConfirmed: {"确认", "confirmed"}, ChangeIdentified: {"认定为", "the same as"}, ChangeAliased: {"又名", "also called"},
	ChangeRenamed: {"更名为", "renamed"}, ChangeMerged: {"并入", "merged into"}, ChangeSplit: {"分设为", "split into"},
	ChangePlacedUnder: {"隶属", "placed under"},
}

// Words returns the kind in Chinese and English.
func (k ChangeKind) Words() (zh, en string) {
	words := changeWords[k]
	return words[0], words[1]
}

// A Change is one thing that happened to, or was stated about, a school, community
// or person after it was first recorded. Voided changes are dropped.
type Change struct {
	ID          string       `json:"id"` // of the event that first recorded it; a correction keeps it
	Kind        ChangeKind   `json:"sort"`
	On          calendar.Day `json:"on,omitempty"`          // from which day it holds; "" when its kind has no day
	Name        string       `json:"name,omitempty"`        // renamed, aliased: the name, not sealed
	Keys        []string     `json:"keys,omitempty"`        // identified: the other; merged, split: who follows; placed_under: the parent
	Memberships bool         `json:"memberships,omitempty"` // merged: they pass to the successor
}

// A changeEvent is an event that adds a [Change].
type changeEvent interface{ asChange() Change }

func (Confirmed[F]) asChange() Change    { return Change{Kind: ChangeConfirmed} }
func (i Identified[F]) asChange() Change { return Change{Kind: ChangeIdentified, Keys: []string{i.As}} }
func (a Aliased[F]) asChange() Change    { return Change{Kind: ChangeAliased, Name: a.Alias.Clear} }

// References returns the key of the other entity.
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
	Changes []Change `json:"turns,omitempty"` // in the order in which they were first recorded
}

// Fold returns the state after e; an event that is none of the kind's leaves it
// as it is.
func Fold[F any](s State[F], e event.Event) State[F] {
	switch d := e.Fact.(type) {
	case changeEvent:
		change := d.asChange()
		change.ID = e.ID
		if change.Kind.dated() {
			change.On = dayOf(e.Occurred)
		}
		s.Changes = append(slices.Clip(s.Changes), change)
	case ChangeCorrected:
		s.Changes = slices.Clone(s.Changes)
		if i := s.find(d.Target); i >= 0 {
			s.Changes[i] = d.apply(s.Changes[i], dayOf(e.Occurred))
		}
	case record.Voided[F]:
		if i := s.find(d.Target); i >= 0 {
			s.Changes = slices.Delete(slices.Clone(s.Changes), i, i+1)
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

// Known tells whether k is one of the kinds of changes.
func (k ChangeKind) Known() bool {
	switch k {
	case ChangeConfirmed, ChangeIdentified, ChangeAliased:
		return true
	}
	return k.dated()
}

func (k ChangeKind) dated() bool {
	switch k {
	case ChangeRenamed, ChangeMerged, ChangeSplit, ChangePlacedUnder:
		return true
	}
	return false
}

func (s ChangeKind) endsSchool() bool { return s == ChangeMerged || s == ChangeSplit }

// mergerOrSplit returns the change by which a school ends. Communities and people
// never have one.
func (s State[F]) mergerOrSplit() (Change, bool) {
	for _, t := range s.Changes {
		if t.Kind.endsSchool() {
			return t, true
		}
	}
	return Change{}, false
}

// find returns the index of the change that the event with this id added, or -1.
func (s State[F]) find(id string) int {
	return slices.IndexFunc(s.Changes, func(t Change) bool { return id != "" && t.ID == id })
}

// HasChange tells whether the event with this id added a change that is not void.
func (s State[F]) HasChange(id string) bool { return s.find(id) >= 0 }

// last returns the change of a kind that was recorded last.
func (s State[F]) last(kind ChangeKind) (Change, bool) {
	for _, t := range slices.Backward(s.Changes) {
		if t.Kind == kind {
			return t, true
		}
	}
	return Change{}, false
}

// provisional does the work of [Provisional]; facts is the flag in the facts.
func (s State[F]) provisional(facts bool) bool {
	_, confirmed := s.last(ChangeConfirmed)
	return facts && !confirmed && s.IdentifiedAs() == ""
}

// IdentifiedAs returns the key of the entity that this one was identified with. It
// is "" when there is none, or when this one is void.
func (s State[F]) IdentifiedAs() string {
	if t, identified := s.last(ChangeIdentified); identified && s.Phase != record.Void {
		return t.Keys[0]
	}
	return ""
}

// Aliases returns the other ways in which its name is written, as far as they
// stand in clear.
func (s State[F]) Aliases() []string {
	var out []string
	for _, t := range s.Changes {
		if t.Kind == ChangeAliased && t.Name != "" {
			out = append(out, t.Name)
		}
	}
	return out
}

// Provisional tells whether a school, community or person is known only because a
// file mentioned it: nobody confirmed it or identified it with another one.
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
	recordType record.Type[F]
	decider    command.Decider[State[F]]
	other      string // an example's key of another one
	alias      string // an example's alias
	legal      func(State[F]) error
}

// register declares the events of the kind and, like its record type, its refusals.
func (k kind[F]) register(r *event.Registry) {
	k.recordType.Register(r)
	for _, refusal := range []func() *fault.Error{k.isAnother, k.notAnother, k.inCircle} {
		refusal()
	}
	event.Define[Confirmed[F]](r, k.recordType.Kind+".confirmed")
	event.Define[Identified[F]](r, k.recordType.Kind+".identified")
	event.Define[Aliased[F]](r, k.recordType.Kind+".aliased")
}

// commands returns the commands of the record type and those of this file. Its void command
// can void a single change too.
func (k kind[F]) commands() []command.Definition {
	name, zh := k.recordType.Kind, k.recordType.ZH
	var all []command.Definition
	for _, d := range k.recordType.Commands() {
		if d.Name == name+".void" {
			d = command.Define(d.Name, k.decider, k.void, command.Describe("作废"+zh+"或其中一项", "void a "+name+", or one thing said of it"),
				command.Example(record.Withdraw[F]{Reason: record.ExampleReason}))
		}
		all = append(all, d)
	}
	return append(all,
		command.Define(name+".confirm", k.decider, k.confirm, command.Describe("确认"+zh, "confirm a provisional "+name), command.Example(Confirmed[F]{})),
		command.Define(name+".identify", k.decider, k.identify, command.Describe("认定为同一"+zh, "say that a "+name+" is the same as another"),
			command.Example(Identified[F]{As: k.other}), command.WithRelated(k.loadOthers)),
		command.Define(name+".alias", k.decider, k.addAlias, command.Describe("登记"+zh+"的别名", "add another way of writing the name of a "+name),
			command.Example(Aliased[F]{Alias: seal.Text{Clear: k.alias}})),
	)
}

func (k kind[F]) confirm(s State[F], _ command.Meta, c Confirmed[F]) ([]any, error) {
	if err := k.open(s); err != nil {
		return nil, err
	}
	if _, confirmed := s.last(ChangeConfirmed); confirmed {
		return nil, nil
	}
	if as := s.IdentifiedAs(); as != "" {
		return nil, k.isAnother().With("as", as)
	}
	return []any{c}, nil
}

func (k kind[F]) identify(s State[F], meta command.Meta, c Identified[F]) ([]any, error) {
	if err := k.open(s); err != nil {
		return nil, err
	}
	switch as := s.IdentifiedAs(); {
	case c.As == as:
		return nil, nil
	case as != "":
		return nil, k.isAnother().With("as", as)
	case event.StreamKind(c.As) != k.recordType.Kind || c.As == meta.Stream:
		return nil, k.notAnother().With("as", c.As)
	}
	if err := k.circle(meta.Stream, c.asChange(), othersOf[F](meta)); err != nil {
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

// void decides whether the entity, or one of its changes, may be voided. A change
// may be voided only when the remaining changes are still legal without it.
func (k kind[F]) void(s State[F], meta command.Meta, c record.Withdraw[F]) ([]any, error) {
	if c.Target == "" || s.find(c.Target) < 0 {
		return k.recordType.Void(s.State, meta, c)
	}
	if err := k.open(s); err != nil {
		return nil, err
	}
	if c.Reason.IsZero() {
		return nil, record.ErrNoReason
	}
	return k.accept(s, meta, record.Voided[F](c))
}

// accept returns the fact, or refuses it when the state after it would be illegal.
func (k kind[F]) accept(s State[F], meta command.Meta, fact any) ([]any, error) {
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
		return record.NotReported(k.recordType.Kind, k.recordType.ZH)
	case record.Void:
		return record.AlreadyVoid(k.recordType.Kind, k.recordType.ZH)
	}
	return nil
}

func (k kind[F]) isAnother() *fault.Error {
	return fault.New(fault.Refused, k.recordType.Kind+".is-another",
		"此"+k.recordType.ZH+"已认定为另一"+k.recordType.ZH+"；如认定有误，请先用 void --event 作废该认定。",
		"This "+k.recordType.Kind+" is said to be another one; if that is wrong, void it first with void --event.")
}

func (k kind[F]) notAnother() *fault.Error {
	return fault.New(fault.Invalid, k.recordType.Kind+".not-another",
		"须写明另一"+k.recordType.ZH+"的编号，不能是它自己。", "Give the id of another "+k.recordType.Kind+", not its own.")
}
