package pairing

import (
	"slices"

	"twinledger/domain/calendar"
	"twinledger/domain/fault"
	"twinledger/domain/record"
)

// A membershipPeriod is one period in which a school or person is in a pairing.
type membershipPeriod struct {
	who          string // key
	role         Role   // of a school
	basis        Basis
	since, until calendar.Occurred // until is "" while it lasts
	entry, exit  string            // ids of the events; exit is "" while it lasts
}

// mayHoldOn tells whether the period may include a day: unless it certainly begins
// later or ended before. A roster counts for its own time and, as nothing else is
// known, for every other time.
func (s membershipPeriod) mayHoldOn(day calendar.Day) bool {
	return (s.basis == Roster || !calendar.OnDay(day).EndsBefore(s.since)) && !s.until.EndsBefore(calendar.OnDay(day))
}

// A membershipHistory lists who was in a pairing and when, according to its events,
// and the contradictions found in them.
type membershipHistory struct {
	periods []membershipPeriod
	faults  []error
	twice   *fault.Error // refuses one who would be in it twice at once
	absent  *fault.Error // refuses that one leaves who is not in it
}

// firstFault returns the first contradiction, nil when there is none.
func (r membershipHistory) firstFault() error {
	if len(r.faults) > 0 {
		return r.faults[0]
	}
	return nil
}

func (r *membershipHistory) enter(s membershipPeriod) {
	for _, former := range r.periods {
		if former.who == s.who && (former.exit == "" || s.since.EndsBefore(former.until)) {
			r.faults = append(r.faults, r.twice.With("who", s.who))
		}
	}
	r.periods = append(r.periods, s)
}

// leave ends the current membership of who. For one without a membership it records a
// fault.
func (r *membershipHistory) leave(who string, day calendar.Occurred, exit string) {
	i := slices.IndexFunc(r.periods, func(s membershipPeriod) bool { return s.who == who && s.exit == "" })
	if i < 0 {
		r.faults = append(r.faults, r.absent.With("who", who).With("step", exit))
		return
	}
	r.end(&r.periods[i], day, exit)
}

func (r *membershipHistory) end(s *membershipPeriod, day calendar.Occurred, exit string) {
	s.until, s.exit = day, exit
	if s.until.EndsBefore(s.since) {
		r.faults = append(r.faults, ErrLeavesBeforeJoining.With("joined", s.since).With("leaves", s.until))
	}
}

// endAll ends all that lasts.
func (r *membershipHistory) endAll(t record.TakenStep) {
	for i := range r.periods {
		if r.periods[i].exit == "" {
			r.end(&r.periods[i], t.Occurred, t.ID)
		}
	}
}

// schools returns the schools of the pairing. Those of an application are in it
// once it was matched.
func (s State) schools() membershipHistory {
	r, start := membershipHistory{twice: ErrTwice, absent: ErrNotMember}, s.Occurred
	application := s.Founded == string(applied)
	if !application {
		r.found(s.Facts, s.Occurred, s.Founding)
	}
	for _, t := range s.course() {
		switch t.Verb {
		case "matched":
			if start = begins(t); application && t.ID != s.Founding {
				r.found(s.Facts, start, t.ID)
				r.enterAll(t, helping, start)
			}
		case "joined":
			if s.Facts.Basis == Founding && t.Occurred.EndsBefore(start) {
				r.faults = append(r.faults, ErrJoinsBeforeFounding.With("joined", t.Occurred).With("founded", start))
			}
			r.enterAll(t, "", t.Occurred)
		case "left":
			for _, school := range record.Schools(t.Step.By) {
				r.leave(school, t.Occurred, t.ID)
			}
		case "ended":
			r.endAll(t)
		}
	}
	return r
}

// found enters the sides that the facts name.
func (r *membershipHistory) found(f Facts, since calendar.Occurred, entry string) {
	for _, side := range f.Sides {
		r.enter(membershipPeriod{who: side.School, role: side.Role, basis: f.Basis, since: since, entry: entry})
	}
}

// enterAll enters the schools of a step in the role that it gives, or in
// another.
func (r *membershipHistory) enterAll(t record.TakenStep, otherwise Role, since calendar.Occurred) {
	role := Role(t.Step.Role)
	if role == "" {
		role = otherwise
	}
	if !role.known() {
		r.faults = append(r.faults, badRole(role))
	}
	for _, school := range record.Schools(t.Step.By) {
		r.enter(membershipPeriod{who: school, role: role, basis: Founding, since: since, entry: t.ID})
	}
}

// memberships returns the periods in the form in which they are shown; never nil.
func (r membershipHistory) memberships() []Membership {
	var out []Membership
	for _, s := range r.periods {
		out = append(out, Membership{Side{s.who, s.role}, s.basis, s.since, s.until, s.entry, s.exit})
	}
	return out
}

// people returns the people of the pairing: whom the facts of a group of people
// name, whoever was admitted, and until when.
func (s State) people() membershipHistory {
	r := membershipHistory{twice: ErrStranger, absent: ErrStranger}
	if s.Facts.ofPeople() {
		for _, person := range s.Facts.People {
			r.enter(membershipPeriod{who: person, basis: s.Facts.Basis, since: s.Occurred, entry: s.Founding})
		}
	}
	for _, t := range s.course() {
		for _, person := range t.Step.People {
			switch t.Verb {
			case "person_admitted":
				r.enter(membershipPeriod{who: person, basis: Founding, since: begins(t), entry: t.ID})
			case "person_eliminated":
				r.leave(person, begins(t), t.ID)
			case "person_assessed":
				if !slices.ContainsFunc(r.periods, func(s membershipPeriod) bool { return s.who == person }) {
					r.faults = append(r.faults, ErrStranger.With("who", person).With("step", t.ID))
				}
			}
		}
		if t.Verb == "ended" {
			r.endAll(t)
		}
	}
	return r
}
