package review

import (
	"slices"
	"sort"

	"twinledger/domain/calendar"
	"twinledger/domain/record"
)

// findOwn collects the records that name no community, lie between schools of this one
// and may lie in the term. They count in no number, for nobody said that they are this
// community's; but one of them may close a shortfall, which then cannot be judged.
func (c *computation) findOwn() {
	for _, f := range c.in.WithoutCommunity {
		if f.Kind == "pairing" || f.Void || f.NotTakenPlace || c.twice.StandsFor[f.Key] != "" {
			continue
		}
		f = c.carried(f)
		if place := f.Standing().PlaceIn(c.in.Calendar, c.in.Term); place == calendar.Outside || c.timing(f) == ahead {
			continue
		}
		if c.betweenOwn(f) {
			c.own = append(c.own, f)
		}
	}
	sort.Slice(c.own, func(i, j int) bool { return c.own[i].order() < c.own[j].order() })
}

// betweenOwn tells whether a record names at least two schools of the community, or
// one of them and the members as a group. What a school does by itself is not the
// community's.
func (c *computation) betweenOwn(f Fact) bool {
	units, days := slices.Concat(f.Facts.From, f.Facts.To), c.days(f)
	var own []string
	for _, school := range record.Schools(units) {
		for _, carrier := range c.schools.CarriersOn(school, days.Last) {
			if !slices.Contains(own, carrier) && c.roles.belongs(carrier, days) {
				own = append(own, carrier)
			}
		}
	}
	return len(own) > 1 || len(own) == 1 && record.HasGroup(units)
}

// belongs tells whether a school has, or may have, a part in the community on one of
// the days.
func (r roles) belongs(school string, days calendar.Period) bool {
	return slices.ContainsFunc(r.times, func(m membership) bool {
		_, holds := r.days(m, days)
		return holds && m.School == school
	})
}

// withoutCommunity lists these records.
func (c *computation) withoutCommunity() []Entry {
	out := []Entry{}
	for _, f := range c.own {
		out = append(out, c.entry(f))
	}
	return out
}

// unassigned lists what the district knows and cannot give to any community.
func (c *computation) unassigned() []Ref {
	out := slices.Clone(c.in.Unassigned)
	for _, f := range c.in.WithoutCommunity {
		out = append(out, ref(f))
	}
	sort.Slice(out, func(i, j int) bool { return out[i].Events[0].Ordinal < out[j].Events[0].Ordinal })
	return list(out)
}
