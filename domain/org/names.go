package org

import (
	"context"
	"errors"
	"maps"
	"slices"
	"sort"
	"strings"
	"sync"

	"twinledger/domain/event"
	"twinledger/domain/record"
	"twinledger/domain/seal"
)

// Names is the index of people's names, in memory only. It is safe for
// concurrent use.
type Names struct {
	normal  func(string) string
	mu      sync.RWMutex
	byName  map[string]map[string]bool // name to keys
	byKey   map[string]string
	longest int // runes of the longest name
}

// NewNames returns an empty index. normal gives two ways of writing the same
// text one form, such as NFKC; nil leaves texts as they are.
func NewNames(normal func(string) string) *Names {
	if normal == nil {
		normal = func(s string) string { return s }
	}
	return &Names{normal: normal, byName: map[string]map[string]bool{}, byKey: map[string]string{}}
}

// Clone returns an index that knows what n knows now and learns by itself.
func (n *Names) Clone() *Names {
	n.mu.RLock()
	defer n.mu.RUnlock()
	byName := make(map[string]map[string]bool, len(n.byName))
	for name, keys := range n.byName {
		byName[name] = maps.Clone(keys)
	}
	return &Names{normal: n.normal, byName: byName, byKey: maps.Clone(n.byKey), longest: n.longest}
}

// LearnRecord takes in a record of the log; one that names nobody, or whose key is
// gone, has no effect.
func (n *Names) LearnRecord(ctx context.Context, r event.Record, registry *event.Registry, vault seal.Vault) error {
	if r.Envelope.Kind() != "person" {
		return nil
	}
	e, err := registry.Decode(r.Envelope)
	if err != nil {
		return err
	}
	return n.Learn(ctx, e, vault)
}

// Learn takes in an event; one that names nobody has no effect.
func (n *Names) Learn(ctx context.Context, e event.Event, vault seal.Vault) error {
	var sealed *seal.Sealed
	field := NameField
	switch d := e.Fact.(type) {
	case record.Reported[Person]:
		sealed = d.Facts.Name.Sealed
	case record.Corrected[Person]:
		sealed = d.Facts.Name.Sealed
	case Aliased[Person]:
		sealed, field = d.Alias.Sealed, AliasField
	}
	if sealed == nil {
		return nil
	}
	name, err := vault.Open(ctx, *sealed, seal.Place(e.Key(), field))
	if errors.Is(err, seal.ErrNoKey) {
		return nil
	}
	if err != nil {
		return err
	}
	n.add(e.Key(), name, field == NameField)
	return nil
}

// add takes in a way in which a person's name is written; the current one is
// what the person is called.
func (n *Names) add(key, name string, current bool) {
	n.mu.Lock()
	defer n.mu.Unlock()
	same := n.normal(name)
	if n.byName[same] == nil {
		n.byName[same] = map[string]bool{}
	}
	n.byName[same][key] = true
	if current {
		n.byKey[key] = name
	}
	n.longest = max(n.longest, len([]rune(same)))
}

// Normal returns the form in which the index compares texts.
func (n *Names) Normal(text string) string { return n.normal(text) }

// Knows tells whether somebody has, or had, exactly this name.
func (n *Names) Knows(name string) bool {
	n.mu.RLock()
	defer n.mu.RUnlock()
	return len(n.byName[n.normal(name)]) > 0
}

// Called returns the keys of the people who have, or had, exactly this name or
// alias, sorted.
func (n *Names) Called(name string) []string {
	n.mu.RLock()
	defer n.mu.RUnlock()
	return slices.Sorted(maps.Keys(n.byName[n.normal(name)]))
}

// Written returns every way in which a person's name is or was written, in the
// form in which the index compares them, sorted.
func (n *Names) Written(key string) []string {
	n.mu.RLock()
	defer n.mu.RUnlock()
	var out []string
	for name, keys := range n.byName {
		if keys[key] {
			out = append(out, name)
		}
	}
	slices.Sort(out)
	return out
}

// Of returns the current name of a person, "" when it is not known.
func (n *Names) Of(key string) string {
	n.mu.RLock()
	defer n.mu.RUnlock()
	return n.byKey[key]
}

// Masked stands in place of a name that may not be shown.
const Masked = "〔姓名〕"

// Mask returns text with [Masked] in place of every name of a person that occurs in it.
// It is for text that was stored in clear before anybody knew the person. Where a name is
// only found after the text is brought to the form in which the index compares, for
// example across a space, all of the text is masked.
func (n *Names) Mask(text string) string {
	if len(n.In(text)) == 0 {
		return text
	}
	n.mu.RLock()
	runes, out := []rune(text), strings.Builder{}
	for from := 0; from < len(runes); {
		length := n.nameAt(runes[from:])
		if length > 0 {
			out.WriteString(Masked)
			from += length
			continue
		}
		out.WriteRune(runes[from])
		from++
	}
	n.mu.RUnlock()
	if masked := out.String(); len(n.In(masked)) == 0 {
		return masked
	}
	return Masked
}

// nameAt returns the length of the longest name with which runes begin, 0 when there is
// none. Names of a single character are not looked for.
func (n *Names) nameAt(runes []rune) int {
	for length := min(n.longest, len(runes)); length >= 2; length-- {
		if len(n.byName[n.normal(string(runes[:length]))]) > 0 {
			return length
		}
	}
	return 0
}

// In returns the keys of the people whose names occur in text, sorted. Former
// names count; names of a single character are not looked for.
func (n *Names) In(text string) []string {
	n.mu.RLock()
	defer n.mu.RUnlock()
	found := map[string]bool{}
	runes := []rune(n.normal(text))
	for from := range runes {
		for to := from + 2; to <= len(runes) && to-from <= n.longest; to++ {
			for key := range n.byName[string(runes[from:to])] {
				found[key] = true
			}
		}
	}
	keys := make([]string, 0, len(found))
	for key := range found {
		keys = append(keys, key)
	}
	sort.Strings(keys)
	return keys
}
