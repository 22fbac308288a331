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

// SchoolsByKey holds the schools of a district, by key, with the state folded from
// their events. It answers which school stands for, or carries on, another one.
type SchoolsByKey map[string]SchoolState

// Same returns the school that a key stands for: the key itself, or the school
// that it is said to be. A void school stands for itself only.
func (r SchoolsByKey) Same(key string) string {
	return Follow(key, func(k string) string { return r[k].IdentifiedAs() })
}

// NameOn returns the name of a school on a day, "" for one that is not known.
func (r SchoolsByKey) NameOn(key string, day calendar.Day) string { return r[key].NameOn(day) }

// A CarrierPeriod is a period in which the same schools, the carriers, may have
// carried on what one school did.
type CarrierPeriod struct {
	calendar.Period
	Carriers []string // keys; one unless a split leaves open which of several
}

// CarrierPeriods divides p, in order, by who carried on what the school key did: the
// school itself until it ceased, from that day its successor, and after a split any
// of the schools that followed. Mergers in a circle are as harmless as identifications
// in a circle: the school that the chain comes back to carries on.
func (r SchoolsByKey) CarrierPeriods(key string, p calendar.Period) []CarrierPeriod {
	cuts := []calendar.Day{p.First}
	for _, day := range r.endDays(r.Same(key), nil) {
		if p.First < day && day <= p.Last && !slices.Contains(cuts, day) {
			cuts = append(cuts, day)
		}
	}
	slices.Sort(cuts)
	var out []CarrierPeriod
	for i, first := range cuts {
		last := p.Last
		if i+1 < len(cuts) {
			last = cuts[i+1].Add(-1)
		}
		out = append(out, CarrierPeriod{calendar.Period{First: first, Last: last}, r.CarriersOn(key, first)})
	}
	return out
}

// endDays returns the days on which the school key, or a school that carried on for
// it, ceased.
func (r SchoolsByKey) endDays(key string, seen []string) []calendar.Day {
	change, ceased := r.mergerOrSplit(key)
	if !ceased || slices.Contains(seen, key) {
		return nil
	}
	days := []calendar.Day{change.On}
	for _, next := range change.Keys {
		days = append(days, r.endDays(r.Same(next), append(seen, key))...)
	}
	return days
}

// CarriersOn returns the schools that may carry on a day what the school key
// does: one, or after a split those that followed, sorted. Where what it merged
// into had ceased before, that school's successors carry on.
func (r SchoolsByKey) CarriersOn(key string, day calendar.Day) []string {
	found := r.carriersOn(r.Same(key), day, nil)
	slices.Sort(found)
	return slices.Compact(found)
}

func (r SchoolsByKey) carriersOn(key string, day calendar.Day, path []string) []string {
	if i := slices.Index(path, key); i >= 0 {
		return []string{slices.Min(path[i:])}
	}
	change, ceased := r.mergerOrSplit(key)
	if !ceased || change.On > day {
		return []string{key}
	}
	var out []string
	for _, next := range change.Keys {
		out = append(out, r.carriersOn(r.Same(next), day, append(slices.Clip(path), key))...)
	}
	return out
}

// CarrierIn returns the school that carried what the school key did throughout
// p, and whether there is one: not when it ceased within p, or was split. Then it
// returns the school that the key stands for.
func (r SchoolsByKey) CarrierIn(key string, p calendar.Period) (string, bool) {
	carrier := ""
	for _, stage := range r.CarrierPeriods(key, p) {
		if len(stage.Carriers) != 1 || carrier != "" && carrier != stage.Carriers[0] {
			return r.Same(key), false
		}
		carrier = stage.Carriers[0]
	}
	return carrier, true
}

// MayCarry tells whether a school may have carried what the school key did on
// some day of p.
func (r SchoolsByKey) MayCarry(school, key string, p calendar.Period) bool {
	return slices.ContainsFunc(r.CarrierPeriods(key, p), func(s CarrierPeriod) bool { return slices.Contains(s.Carriers, school) })
}

// Ceased returns the merger or split by which a school that stands ceased, and
// whether there is one. What leads back to the school itself, because the school
// that it merged into is said to be the same, ends nothing.
func (r SchoolsByKey) Ceased(key string) (Change, bool) {
	change, ceased := r.mergerOrSplit(key)
	if ceased && slices.Equal(r.CarriersOn(key, change.On), []string{key}) {
		return Change{}, false
	}
	return change, ceased
}

func (r SchoolsByKey) mergerOrSplit(key string) (Change, bool) {
	s := r[key]
	if s.Phase != record.Standing {
		return Change{}, false
	}
	return s.mergerOrSplit()
}
