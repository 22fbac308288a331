package review

import (
	"slices"
	"sort"

	"twinledger/domain/calendar"
	"twinledger/domain/org"
	"twinledger/domain/pairing"
	"twinledger/domain/programme"
	"twinledger/domain/record"
)

// A membership is a school's time in the community with the record that says so.
type membership struct {
	pairing.Membership
	record Ref
}

// roles are the times of all schools in the community. Which part a school has
// is looked up at the date of what is judged, for parts change.
type roles struct {
	calendar calendar.Calendar
	schools  org.SchoolsByKey
	end      calendar.Day // of the term: what happens to schools afterwards is not looked at
	times    []membership
}

// rolesOf reads the pairings; those who lead come first, then by their names at
// the end of the term.
func rolesOf(in Input, roll org.SchoolsByKey, end calendar.Day) roles {
	r := timesOf(in, roll, end)
	all := r.all()
	sort.SliceStable(r.times, func(i, j int) bool {
		a, b := r.times[i], r.times[j]
		if aLeads, bLeads := a.Role.LeadsAmong(all), b.Role.LeadsAmong(all); aLeads != bLeads {
			return aLeads
		}
		return roll.NameOn(a.School, end) < roll.NameOn(b.School, end)
	})
	return r
}

// timesOf reads the pairings, in their order.
func timesOf(in Input, roll org.SchoolsByKey, end calendar.Day) roles {
	r := roles{calendar: in.Calendar, schools: roll, end: end}
	var passed []membership
	for _, f := range in.Facts {
		if f.Kind != "pairing" || f.Void {
			continue
		}
		for _, m := range f.Memberships {
			if in.Calendar.Bounds(m.Since).First > in.JudgedOn {
				continue // it has not begun
			}
			own, next := r.passing(membership{m, ref(f)})
			if !r.has(own) { // two of its schools may be one
				r.times = append(r.times, own)
			}
			passed = append(passed, next...)
		}
	}
	r.takeOver(passed)
	return r
}

// all returns the roles of all times.
func (r roles) all() []pairing.Role {
	var out []pairing.Role
	for _, m := range r.times {
		out = append(out, m.Role)
	}
	return out
}

// during returns the times that do not certainly lie outside p.
func (r roles) during(p calendar.Period) []membership {
	var out []membership
	for _, m := range r.times {
		if _, touches := r.days(m, p); touches {
			out = append(out, m)
		}
	}
	return out
}

// days returns the days of p on which a membership is taken to hold; ok is false
// when it certainly holds on none. One that is not known to the day holds unless
// it certainly begins later or ended before; a roster tells of its own time and,
// as nobody said otherwise, of every other.
func (r roles) days(m membership, p calendar.Period) (days calendar.Period, ok bool) {
	if since, bounded := r.calendar.Extent(m.Since); bounded && m.Basis == pairing.Founding {
		if since.First > p.Last {
			return days, false
		}
		if m.Since.Precision() == calendar.PrecisionDay {
			p.First = max(p.First, since.First)
		}
	}
	if m.Until == "" {
		return p, true
	}
	until, bounded := r.calendar.Extent(m.Until)
	if bounded && until.Last < p.First {
		return days, false
	}
	if m.Until.Precision() == calendar.PrecisionDay {
		p.Last = min(p.Last, until.Last)
	}
	return p, true
}

// A part is what a school is in the community throughout some days.
type part int

const (
	unclear part = iota // nobody says, or it changes within the days
	outside             // it certainly has none
	leading
	following
	beside // it supports a community that another school leads, and is no member
)

// partOf returns the part that a membership is throughout days. A supporting school
// leads on the days on which no school leads by its own role.
func (r roles) partOf(m membership, days calendar.Period) part {
	switch {
	case m.Role.Leads():
		return leading
	case !m.Role.LeadsAmong(nil):
		return following
	}
	var led []calendar.Period
	for _, other := range r.times {
		if within, ok := r.days(other, days); ok && other.Role.Leads() {
			led = append(led, within)
		}
	}
	switch {
	case len(led) == 0:
		return leading
	case cover(led, days):
		return beside
	}
	return unclear
}

// at returns the part of a school throughout p.
func (r roles) at(school string, p calendar.Period) part {
	named := false
	held := map[part][]calendar.Period{}
	for _, m := range r.times {
		if m.School != school {
			continue
		}
		named = true
		if days, ok := r.days(m, p); ok {
			which := r.partOf(m, days)
			held[which] = append(held[which], days)
		}
	}
	switch {
	case !named || len(held) > 1:
		return unclear
	case len(held) == 0:
		return outside
	}
	for which, days := range held {
		if cover(days, p) {
			return which
		}
	}
	return unclear
}

// cover tells whether every day of p is among days.
func cover(days []calendar.Period, p calendar.Period) bool {
	for day := p.First; ; {
		reached := calendar.Day("")
		for _, d := range days {
			if d.First <= day && day <= d.Last {
				reached = max(reached, d.Last)
			}
		}
		switch {
		case reached == "":
			return false
		case reached >= p.Last:
			return true
		}
		day = reached.Add(1)
	}
}

// A certainty is yes, no or, with the reason, maybe.
type certainty struct {
	yes   bool
	maybe Reason // set when it cannot be told
}

var sure = certainty{yes: true}

// sideLeads tells whether a leading school is among units throughout p.
func (r roles) sideLeads(units []record.Unit, p calendar.Period) certainty {
	return r.side(units, leading, p)
}

// sideFollows tells whether a member is among units throughout p, or the members
// as a group.
func (r roles) sideFollows(units []record.Unit, p calendar.Period) certainty {
	if record.HasGroup(units) {
		return sure
	}
	return r.side(units, following, p)
}

func (r roles) side(units []record.Unit, wanted part, p calendar.Period) certainty {
	maybe := len(units) == 0
	for _, school := range record.Schools(units) {
		switch r.through(school, p) {
		case wanted:
			return sure
		case unclear:
			maybe = true
		}
	}
	if maybe {
		return certainty{maybe: DirectionUnknown}
	}
	return certainty{}
}

// direction tells whether a record that took place in p goes in a direction.
func (r roles) direction(d programme.Direction, f record.Facts, p calendar.Period) certainty {
	both := func(a, b certainty) certainty {
		switch {
		case a.yes && b.yes:
			return sure
		case !a.yes && a.maybe == "" || !b.yes && b.maybe == "":
			return certainty{}
		}
		return certainty{maybe: DirectionUnknown}
	}
	switch d {
	case programme.CoreToMember:
		return both(r.sideLeads(f.From, p), r.sideFollows(f.To, p))
	case programme.MemberToCore:
		return both(r.sideFollows(f.From, p), r.sideLeads(f.To, p))
	case programme.ByCore:
		return r.sideLeads(f.From, p)
	case programme.ByMember:
		return r.sideFollows(f.From, p)
	}
	return sure
}

// memberSide returns the units among which a member school counts: those on the
// side on which members stand by the direction; without one, the side on which
// the school is named, else both.
func memberSide(f record.Facts, d programme.Direction, school string) []record.Unit {
	switch d {
	case programme.CoreToMember, programme.ByCore:
		return f.To
	case programme.MemberToCore, programme.ByMember:
		return f.From
	}
	for _, side := range [][]record.Unit{f.From, f.To} {
		if slices.Contains(record.Schools(side), school) {
			return side
		}
	}
	return slices.Concat(f.From, f.To)
}

// concerns tells whether a record counts for a school that is to be a member
// throughout p; if it certainly does not, why. The members as a group count for
// the community and for no one school, so it cannot be told.
func (r roles) concerns(units []record.Unit, school string, p calendar.Period) (is certainty, why Reason) {
	is = certainty{maybe: SchoolUnknown}
	switch {
	case slices.ContainsFunc(record.Schools(units), func(key string) bool { carrier, one := r.schools.CarrierIn(key, p); return one && carrier == school }):
		is = sure
	case record.HasGroup(units):
		is = certainty{maybe: AsGroup}
	case slices.ContainsFunc(record.Schools(units), func(key string) bool { return r.schools.MayCarry(school, key, p) }):
	case len(units) > 0:
		return certainty{}, OtherSchool
	}
	switch r.at(school, p) {
	case leading, outside, beside:
		return certainty{}, NotMember
	case unclear:
		return certainty{maybe: DirectionUnknown}, ""
	}
	return is, ""
}
