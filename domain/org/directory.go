package org

import (
	"slices"
	"strings"

	"twinledger/domain/event"
	"twinledger/domain/record"
	"twinledger/domain/seal"
)

// A Directory knows every school, community and person of a ledger and leads
// from a written name to the one that is meant. It is folded from the events;
// the zero value is not usable. It is not safe for concurrent use.
type Directory struct {
	Schools     SchoolsByKey
	Communities map[string]State[Community]
	People      map[string]State[Person]

	ledger string
	normal func(string) string
	named  map[string][]string // kind, district and normal name → keys; nil after something was learned
}

// NewDirectory returns the empty directory of a ledger. normal gives two ways of
// writing the same name one form, as that of [NewNames]; nil leaves names as
// they are.
func NewDirectory(ledger string, normal func(string) string) *Directory {
	if normal == nil {
		normal = func(s string) string { return s }
	}
	return &Directory{Schools: SchoolsByKey{}, Communities: map[string]State[Community]{}, People: map[string]State[Person]{}, ledger: ledger, normal: normal}
}

// LearnRecord takes in a record of the log; one of another kind of stream has no
// effect.
func (d *Directory) LearnRecord(r event.Record, registry *event.Registry) error {
	switch r.Envelope.Kind() {
	case "school", "community", "person":
	default:
		return nil
	}
	e, err := registry.Decode(r.Envelope)
	if err == nil {
		d.Learn(e)
	}
	return err
}

// Learn takes in an event; one of another kind of stream has no effect.
func (d *Directory) Learn(e event.Event) {
	switch key := e.Key(); e.Kind() {
	case "school":
		d.Schools[key] = SchoolState{FoldSchool(d.Schools[key].State, e)}
	case "community":
		d.Communities[key] = Fold(d.Communities[key], e)
	case "person":
		d.People[key] = Fold(d.People[key], e)
	}
	d.named = nil
}

// Same returns the school, community or person that a key stands for: the key
// itself, or the one that it is said to be.
func (d *Directory) Same(key string) string {
	switch event.StreamKind(key) {
	case "school":
		return d.Schools.Same(key)
	case "community":
		return Follow(key, func(k string) string { return d.Communities[k].IdentifiedAs() })
	case "person":
		return Follow(key, func(k string) string { return d.People[k].IdentifiedAs() })
	}
	return key
}

// School returns the key of the school that is written name in a district: the
// one that was noted under that very name, followed through what it is said to
// be; else the only one that has, had or is given it as an alias; else the key
// under which it would be noted. A merger is not followed: what a file says of a
// school that merged is recorded with that school, and counts for its successor
// by its own date.
func (d *Directory) School(district, name string) string {
	return d.find("school", district, name, SchoolKey(d.ledger, district, name))
}

// Community returns the key of the community that is written name in a district,
// found as [Directory.School] does.
func (d *Directory) Community(district, name string) string {
	return d.find("community", district, name, CommunityKey(d.ledger, district, name))
}

// Person returns the key of the person who is written name at a school, whose key
// is "" when it is not known: the one noted so; else the only one with that name
// or alias at a school that is the same; else the key under which the person
// would be noted.
func (d *Directory) Person(vault seal.Vault, names *Names, district, school, name string) string {
	derived := PersonKey(vault, district, school, name)
	if d.Stands(derived) {
		return d.Same(derived)
	}
	var found []string
	for _, key := range names.Called(name) {
		p := d.People[key]
		if p.Phase == record.Standing && p.Facts.District == district && d.Same(p.Facts.School) == d.Same(school) {
			found = append(found, d.Same(key))
		}
	}
	return only(found, derived)
}

func (d *Directory) find(kind, district, name, derived string) string {
	if d.Stands(derived) {
		return d.Same(derived)
	}
	if d.named == nil {
		d.index()
	}
	var found []string
	for _, key := range d.named[place(kind, district, d.normal(name))] {
		found = append(found, d.Same(key))
	}
	return only(found, derived)
}

// only returns the one key in found, or otherwise when there are none or several.
func only(found []string, otherwise string) string {
	slices.Sort(found)
	if found = slices.Compact(found); len(found) == 1 {
		return found[0]
	}
	return otherwise
}

// Candidates returns the schools and communities that stand and are not said to be others, in
// the order of their keys.
func (d *Directory) Candidates() []Candidate {
	var out []Candidate
	for key, s := range d.Schools {
		if s.Phase == record.Standing && s.IdentifiedAs() == "" {
			out = append(out, NewCandidate(key, s.Facts.District, s.Names(), d.normal))
		}
	}
	for key, c := range d.Communities {
		if c.Phase == record.Standing && c.IdentifiedAs() == "" {
			out = append(out, NewCandidate(key, c.Facts.District, append([]string{c.Facts.Name}, c.Aliases()...), d.normal))
		}
	}
	slices.SortFunc(out, func(a, b Candidate) int { return strings.Compare(a.Key, b.Key) })
	return out
}

// Stands tells whether the directory has a school, community or person that is not void.
func (d *Directory) Stands(key string) bool {
	switch event.StreamKind(key) {
	case "school":
		return d.Schools[key].Phase == record.Standing
	case "community":
		return d.Communities[key].Phase == record.Standing
	}
	return d.People[key].Phase == record.Standing
}

// index finds schools and communities by all of their names.
func (d *Directory) index() {
	d.named = map[string][]string{}
	add := func(kind, district, key string, names []string) {
		for _, name := range names {
			at := place(kind, district, d.normal(name))
			d.named[at] = append(d.named[at], key)
		}
	}
	for key, s := range d.Schools {
		if d.Stands(key) {
			add("school", s.Facts.District, key, s.Names())
		}
	}
	for key, c := range d.Communities {
		if d.Stands(key) {
			add("community", c.Facts.District, key, append([]string{c.Facts.Name}, c.Aliases()...))
		}
	}
}

func place(kind, district, name string) string { return kind + "\x00" + district + "\x00" + name }
