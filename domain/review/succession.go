package review

import (
	"slices"

	"twinledger/domain/calendar"
	"twinledger/domain/org"
	"twinledger/domain/pairing"
	"twinledger/domain/record"
)

// A SchoolChange is something that was said of a school and bears on what the
// review shows: under which name a school is listed, and for which school a
// record counts.
type SchoolChange struct {
	Ref
	School   NamedKey       `json:"school"`
	Change   org.ChangeKind `json:"change"`           // renamed, merged, split, placed_under, identified
	On       calendar.Day   `json:"on,omitempty"`     // left out of an identification: there never were two
	Name     string         `json:"name,omitempty"`   // of a renaming: the new name
	Others   []NamedKey     `json:"others,omitempty"` // of a merger the successor, of a split those that followed, of a placement the parent
	Question Question       `json:"question,omitempty"`
	Ahead    bool           `json:"ahead,omitempty"` // it happens after the day judged on and changes nothing yet
}

// A Question is what the records leave open about a school's place in the
// community; the office answers it by an event.
type Question string

// The questions.
const (
	// A member merged into a school that is no member, and nothing says that
	// its membership passed on. Who owes what it owed is not known.
	SuccessorNotMember Question = "successor_not_member"
	// A member was split, and none of those that followed is a member.
	NoneOfSplitMember Question = "none_of_split_member"
)

// school returns the school with the name in force at the end of the term.
func (c *computation) school(key string) NamedKey {
	named := NamedKey{Key: key, Name: c.schools.NameOn(key, c.bounds.Last)}
	if former := c.schools.NameOn(key, c.bounds.First); former != named.Name {
		named.Formerly = former
	}
	return named
}

// carried returns the record with the schools that carried it: what is said of
// a school that is another, or that merged before the record's own date, counts
// for that other. A record whose days reach over a merger, or that lies behind a
// split, names what it named, and who carried it is looked up by the day.
func (c *computation) carried(f Fact) Fact {
	if f.Kind == "pairing" {
		return f
	}
	said, days := f, c.days(f)
	f.Facts.From, f.Facts.To = c.carriers(f.Facts.From, days), c.carriers(f.Facts.To, days)
	if !slices.Equal(f.Facts.From, said.Facts.From) || !slices.Equal(f.Facts.To, said.Facts.To) {
		c.said[f.Key] = said
	}
	return f
}

// carriers returns units with the schools that carried on in p, each once.
func (c *computation) carriers(units []record.Unit, p calendar.Period) []record.Unit {
	var out []record.Unit
	for _, u := range units {
		carrier := u
		if u.School != "" {
			carrier.School, _ = c.schools.CarrierIn(u.School, p)
		}
		if carrier == u || !slices.Contains(out, carrier) {
			out = append(out, carrier)
		}
	}
	return out
}

// asRecorded returns the record with the schools that it names itself.
func (c *computation) asRecorded(f Fact) Fact {
	if said, differs := c.said[f.Key]; differs {
		return said
	}
	return f
}

// units returns both sides of a record, each school with the one that it is
// recorded as.
func (c *computation) units(f Fact) (from, to []Unit) {
	said, days := c.asRecorded(f), c.days(f)
	list := func(units []record.Unit) []Unit {
		out := []Unit{}
		for _, u := range units {
			if u.Group != "" {
				out = append(out, Unit{Group: u.Group})
				continue
			}
			carrier, _ := c.schools.CarrierIn(u.School, days)
			named := c.school(carrier)
			unit := Unit{School: &named}
			if carrier != u.School {
				recorded := c.school(u.School)
				unit.RecordedAs = &recorded
			}
			out = append(out, unit)
		}
		return out
	}
	return list(said.Facts.From), list(said.Facts.To)
}

// passing returns the time of a membership as the school itself had it, and
// those that passed to its successors. A school's time ends with the school,
// whoever wrote what; one that begins after its end is the successor's.
func (r roles) passing(m membership) (own membership, passed []membership) {
	m.School = r.schools.Same(m.School)
	if since, bounded := r.calendar.Extent(m.Since); bounded {
		if carriers := r.schools.CarriersOn(m.School, since.First); len(carriers) == 1 {
			m.School = carriers[0]
		}
	}
	own = m
	for seen := []string{m.School}; ; seen = append(seen, m.School) {
		change, ceased := r.schools.Ceased(m.School)
		if until, bounded := r.calendar.Extent(m.Until); !ceased || change.On > r.end || bounded && until.Last < change.On {
			return own, passed
		}
		end := calendar.OnDay(change.On.Add(-1))
		if len(passed) == 0 {
			own.Until = end
		} else {
			passed[len(passed)-1].Until = end
		}
		if change.Kind != org.ChangeMerged || !change.Memberships {
			return own, passed
		}
		m.School, m.Since, m.Basis = r.schools.Same(change.Keys[0]), calendar.OnDay(change.On), pairing.Founding
		if slices.Contains(seen, m.School) {
			return own, passed
		}
		passed = append(passed, m)
	}
}

// has tells whether a record says the very same already.
func (r roles) has(m membership) bool {
	return slices.ContainsFunc(r.times, func(o membership) bool { return o.Membership == m.Membership && o.record.Record == m.record.Record })
}

// takeOver adds the times that passed to successors. One that belongs to the
// community by itself keeps its own part.
func (r *roles) takeOver(passed []membership) {
	own := slices.Clone(r.times)
	for _, m := range passed {
		since, _ := r.calendar.Extent(m.Since)
		belongs := slices.ContainsFunc(own, func(o membership) bool {
			until, bounded := r.calendar.Extent(o.Until)
			return o.School == m.School && !(bounded && until.Last < since.First)
		})
		if !belongs && !r.has(m) {
			r.times = append(r.times, m)
		}
	}
}

// through returns the part that a school, and whoever carries on for it, has
// throughout p.
func (r roles) through(school string, p calendar.Period) part {
	found, any := unclear, false
	for _, stage := range r.schools.CarrierPeriods(school, p) {
		for _, carrier := range stage.Carriers {
			which := r.at(carrier, stage.Period)
			if which == unclear || any && which != found {
				return unclear
			}
			found, any = which, true
		}
	}
	return found
}

// ceasedWithin returns the verdict on a school, which cannot be judged short when
// it ceased within the term.
func (c *computation) ceasedWithin(school string, r Result) Result {
	change, ceased := c.schools.Ceased(school)
	if !ceased || change.On > c.bounds.Last || r.Status == Met {
		return r
	}
	r.Status, r.Because = CannotJudge, append(r.Because, SchoolCeased)
	slices.Sort(r.Because)
	return r
}

// concerned returns the keys of the schools that the community's pairings and the
// records of the term name, as recorded and as carried, in the order of their
// first mention.
func (c *computation) concerned() []string {
	var keys []string
	add := func(list ...string) {
		for _, key := range list {
			for _, k := range []string{key, c.schools.Same(key)} {
				if !slices.Contains(keys, k) {
					keys = append(keys, k)
				}
			}
		}
	}
	for _, f := range c.in.Facts {
		for _, m := range f.Memberships {
			add(m.School)
		}
	}
	for _, f := range c.placed() {
		for _, one := range []Fact{c.asRecorded(f), f} {
			add(record.Schools(one.Facts.From)...)
			add(record.Schools(one.Facts.To)...)
		}
	}
	return keys
}

// placed returns the records that lie, or may lie, in the term.
func (c *computation) placed() []Fact {
	out := slices.Clone(c.inside)
	for _, f := range c.others {
		out = append(out, f.Fact)
	}
	return out
}

// schoolChanges lists what was said of the schools concerned and bears on the
// review: what happened within the term, or before it in the same school year;
// and, whenever it was, why a record of the term counts for another school.
func (c *computation) schoolChanges() []SchoolChange {
	var out []SchoolChange
	for _, key := range c.concerned() {
		for _, t := range c.in.Schools[key].Changes {
			if c.isRelevant(key, t) {
				out = append(out, c.schoolChange(key, t))
			}
		}
	}
	slices.SortStableFunc(out, func(a, b SchoolChange) int { return int(a.Events[0].Ordinal) - int(b.Events[0].Ordinal) })
	return out
}

func (c *computation) isRelevant(key string, t org.Change) bool {
	first := c.bounds.First
	if year, known := c.in.Calendar[c.in.Term.Year]; known {
		first = min(first, year.First)
	}
	switch t.Kind {
	case org.ChangeIdentified:
		return true
	case org.ChangeMerged, org.ChangeSplit:
		if t.On < first {
			return c.recordedAs(key)
		}
	case org.ChangeRenamed:
	case org.ChangePlacedUnder:
		// A parent changes nothing about whom a record counts for, so only that of a
		// member is worth a line.
		if !slices.ContainsFunc(c.parts, func(m membership) bool { return m.School == key }) {
			return false
		}
	default:
		return false
	}
	return first <= t.On && t.On <= c.bounds.Last
}

// recordedAs tells whether a record of the term names the school itself.
func (c *computation) recordedAs(key string) bool {
	return slices.ContainsFunc(c.placed(), func(f Fact) bool {
		said := c.asRecorded(f)
		return slices.Contains(record.Schools(said.Facts.From), key) || slices.Contains(record.Schools(said.Facts.To), key)
	})
}

func (c *computation) schoolChange(key string, t org.Change) SchoolChange {
	school := c.in.Schools[key]
	change := SchoolChange{Ref: Ref{Record: key}, School: c.school(key), Change: t.Kind, On: t.On, Name: t.Name, Ahead: t.On > c.in.JudgedOn}
	if t.Kind == org.ChangeRenamed {
		change.School = NamedKey{Key: key, Name: school.NameOn(t.On.Add(-1))} // what it was called until then
	}
	for _, trace := range school.Trace {
		if trace.ID == t.ID {
			change.Events = append(change.Events, trace)
		}
	}
	for _, corrected := range school.Amendments {
		if corrected.Target == t.ID {
			change.Events = append(change.Events, corrected.Trace)
		}
	}
	for _, other := range t.Keys {
		change.Others = append(change.Others, c.school(other))
	}
	change.Question = c.question(key, t)
	return change
}

// question returns what a merger or split leaves open about the membership that
// ended with the school.
func (c *computation) question(key string, t org.Change) Question {
	ended := func(m membership) bool { return m.School == key && m.Until == calendar.OnDay(t.On.Add(-1)) }
	if t.Kind != org.ChangeMerged && t.Kind != org.ChangeSplit || !slices.ContainsFunc(c.roles.times, ended) {
		return ""
	}
	return c.roles.openAfter(key, t)
}
