package org

import (
	"fmt"
	"slices"
	"strings"

	"twinledger/domain/fault"
)

// A NamedParty is a school, community or person that a search by name can find.
type NamedParty struct {
	Key          string
	Name         string   // as it is shown; "" of one whose name cannot be
	Names        []string // every way of writing its name, in the form in which names are compared
	IdentifiedAs string   // key of the one that it is said to be, or ""
	Void         bool
}

// A Search leads from what a user writes to the one that is meant.
type Search struct {
	Among   []NamedParty
	Normal  func(string) string // gives what is written the form of Names; nil leaves it as it is
	Parts   bool                // a part of a name will do where it fits one only
	None    *fault.Error        // refuses what nobody is called; the nearest names are added
	Several *fault.Error        // refuses what several are called; they are added
}

// Key returns the key of the one whose key or whole name is wanted or, where parts
// will do and nobody has that name, whose present name has it as a part. Of several
// that are said to be the same one it is that one. What is void is found by its key
// only, and what is said to be another one not by a part.
func (s Search) Key(wanted string) (string, error) {
	if slices.ContainsFunc(s.Among, func(b NamedParty) bool { return b.Key == wanted }) {
		return wanted, nil
	}
	name := s.normal(wanted)
	found := s.those(func(b NamedParty) bool { return slices.Contains(b.Names, name) })
	if len(found) == 0 && s.Parts && name != "" {
		found = s.those(func(b NamedParty) bool { return b.IdentifiedAs == "" && strings.Contains(s.normal(b.Name), name) })
	}
	switch {
	case len(found) == 0:
		return "", s.none(wanted)
	case len(found) == 1:
		return found[0].Key, nil
	}
	one := s.follow(found[0].Key)
	if slices.ContainsFunc(found, func(b NamedParty) bool { return s.follow(b.Key) != one }) {
		return "", s.Several.With("name", wanted).With("fits", listMatches(found))
	}
	return one, nil
}

func (s Search) normal(name string) string {
	if s.Normal == nil {
		return name
	}
	return s.Normal(name)
}

// those returns the bearers that stand and fit, by key.
func (s Search) those(fit func(NamedParty) bool) []NamedParty {
	var out []NamedParty
	for _, b := range s.Among {
		if !b.Void && fit(b) {
			out = append(out, b)
		}
	}
	slices.SortFunc(out, func(a, b NamedParty) int { return strings.Compare(a.Key, b.Key) })
	return out
}

func (s Search) follow(key string) string {
	return Follow(key, func(k string) string {
		if i := slices.IndexFunc(s.Among, func(b NamedParty) bool { return b.Key == k }); i >= 0 {
			return s.Among[i].IdentifiedAs
		}
		return ""
	})
}

// none refuses what nobody is called.
func (s Search) none(wanted string) error {
	var names []string
	for _, b := range s.those(func(b NamedParty) bool { return b.IdentifiedAs == "" && b.Name != "" }) {
		names = append(names, b.Name)
	}
	slices.Sort(names)
	refused := s.None.With("name", wanted)
	if near := fault.Nearest(wanted, slices.Compact(names)); near != "" {
		return refused.With("nearest", near)
	}
	return refused
}

// mostListed is how many matches a refusal lists at most.
const mostListed = 10

// listMatches lists parties by name, with their keys where names alone do not tell them
// apart.
func listMatches(found []NamedParty) string {
	var names []string
	for _, b := range found {
		names = append(names, b.Name)
	}
	slices.Sort(names)
	if len(slices.Compact(slices.Clone(names))) < len(names) {
		names = nil
		for _, b := range found {
			names = append(names, strings.TrimSpace(b.Name+" "+b.Key))
		}
	}
	if more := len(names) - mostListed; more > 0 {
		names = append(names[:mostListed], fmt.Sprintf("… (+%d)", more))
	}
	return strings.Join(names, "、")
}
