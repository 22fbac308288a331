package org

import (
	"slices"

	"twinledger/domain/calendar"
	"twinledger/domain/record"
)

// Follow follows who is said to be whom, from a key to the one that stands for
// it: the last of the chain. as returns the next key, "" at the end. In a circle all
// are the same and the least key stands for them, so that it does not matter
// where one begins; a chain that leads into a circle ends there too.
func Follow(key string, as func(string) string) string {
	path := []string{key}
	for {
		next := as(key)
		if next == "" {
			return key
		}
		if i := slices.Index(path, next); i >= 0 {
			return slices.Min(path[i:])
		}
		path = append(path, next)
		key = next
	}
}

// A Roll is the schools of a district by key, as their events tell.
type Roll map[string]SchoolState

// Same returns the school that a key stands for: the key itself, or the school
// that it is said to be. A void school stands for itself only.
func (r Roll) Same(key string) string {
	return Follow(key, func(k string) string { return r[k].As() })
}

// NameOn returns the name of a school on a day, "" for one that is not known.
func (r Roll) NameOn(key string, day calendar.Day) string { return r[key].NameOn(day) }

// A Stage is some days throughout which the same schools may have carried what a
// school did.
type Stage struct {
	calendar.Period
	Carriers []string // keys; one unless a split leaves open which of several
}

// Stages tells who carried what the school key did in the days of p, in order:
// the school itself until it ceased, its successor from that day, and of a split
// any of those that followed. Mergers in a circle are as harmless as an
// identification in a circle: the school that a chain comes back to carries on.
func (r Roll) Stages(key string, p calendar.Period) []Stage {
	cuts := []calendar.Day{p.First}
	for _, day := range r.ceasings(r.Same(key), nil) {
		if p.First < day && day <= p.Last && !slices.Contains(cuts, day) {
			cuts = append(cuts, day)
		}
	}
	slices.Sort(cuts)
	var out []Stage
	for i, first := range cuts {
		last := p.Last
		if i+1 < len(cuts) {
			last = cuts[i+1].Add(-1)
		}
		out = append(out, Stage{calendar.Period{First: first, Last: last}, r.CarriersOn(key, first)})
	}
	return out
}

// ceasings returns the days on which key, or somebody who carries on for it,
// ceased.
func (r Roll) ceasings(key string, seen []string) []calendar.Day {
	turn, ceased := r.ceasing(key)
	if !ceased || slices.Contains(seen, key) {
		return nil
	}
	days := []calendar.Day{turn.On}
	for _, next := range turn.Keys {
		days = append(days, r.ceasings(r.Same(next), append(seen, key))...)
	}
	return days
}

// CarriersOn returns the schools that may carry on a day what the school key
// does: one, or after a split those that followed, sorted. Where what it merged
// into had ceased before, that school's successors carry on.
func (r Roll) CarriersOn(key string, day calendar.Day) []string {
	found := r.carriersOn(r.Same(key), day, nil)
	slices.Sort(found)
	return slices.Compact(found)
}

func (r Roll) carriersOn(key string, day calendar.Day, path []string) []string {
	if i := slices.Index(path, key); i >= 0 {
		return []string{slices.Min(path[i:])}
	}
	turn, ceased := r.ceasing(key)
	if !ceased || turn.On > day {
		return []string{key}
	}
	var out []string
	for _, next := range turn.Keys {
		out = append(out, r.carriersOn(r.Same(next), day, append(slices.Clip(path), key))...)
	}
	return out
}

// CarrierIn returns the school that carried what the school key did throughout
// p, and whether there is one: not when it ceased within p, or was split. Then it
// returns the school that the key stands for.
func (r Roll) CarrierIn(key string, p calendar.Period) (string, bool) {
	carrier := ""
	for _, stage := range r.Stages(key, p) {
		if len(stage.Carriers) != 1 || carrier != "" && carrier != stage.Carriers[0] {
			return r.Same(key), false
		}
		carrier = stage.Carriers[0]
	}
	return carrier, true
}

// MayCarry tells whether a school may have carried what the school key did on
// some day of p.
func (r Roll) MayCarry(school, key string, p calendar.Period) bool {
	return slices.ContainsFunc(r.Stages(key, p), func(s Stage) bool { return slices.Contains(s.Carriers, school) })
}

// Ceased returns the merger or split by which a school that stands ceased, and
// whether there is one. What leads back to the school itself, because the school
// that it merged into is said to be the same, ends nothing.
func (r Roll) Ceased(key string) (Turn, bool) {
	turn, ceased := r.ceasing(key)
	if ceased && slices.Equal(r.CarriersOn(key, turn.On), []string{key}) {
		return Turn{}, false
	}
	return turn, ceased
}

func (r Roll) ceasing(key string) (Turn, bool) {
	s := r[key]
	if s.Phase != record.Standing {
		return Turn{}, false
	}
	return s.ceasing()
}
