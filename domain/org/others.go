package org

import (
	"context"
	"strings"

	"twinledger/domain/calendar"
	"twinledger/domain/command"
	"twinledger/domain/event"
	"twinledger/domain/fault"
	"twinledger/domain/record"
)

// relatedStates holds, by key, the entities that a decision about a school, community
// or person depends on: those that the command names, and those that these lead to by
// identification, merger, split or placement. The entity decided about is left out.
//
// Two commands that are decided at the same moment do not see each other, and
// voiding an identification does not look at what was said before it; so a circle
// may be stored nevertheless. Nor is anybody looked for who named this one: a school
// may cease on a day before another one merged into it. Whoever reads resolves both:
// see [Follow] and [SchoolsByKey.CarriersOn].
type relatedStates[F any] map[string]State[F]

// loadOthers is the [command.RelatedLoader] of the commands that name other entities
// of the kind.
func (k kind[F]) loadOthers(ctx context.Context, load command.Load, self string, body any) (any, error) {
	found := relatedStates[F]{}
	named, _ := body.(command.Referring)
	if named == nil {
		return found, nil
	}
	for open := named.References(); len(open) > 0; open = open[1:] {
		key := open[0]
		if _, known := found[key]; known || key == self || event.StreamKind(key) != k.recordType.Kind {
			continue
		}
		history, err := load(ctx, key)
		if err != nil {
			return nil, err
		}
		found[key] = k.decider.Fold(history)
		for _, t := range found[key].Changes {
			open = append(open, t.Keys...)
		}
	}
	return found, nil
}

// othersOf returns what [kind.loadOthers] found for a decision.
func othersOf[F any](meta command.Meta) relatedStates[F] {
	known, _ := meta.Related.(relatedStates[F])
	return known
}

// replacedBy returns the change that points to other entities in place of this one:
// its identification with another, or its merger or split. A void one has none.
func (s State[F]) replacedBy() (Change, bool) {
	if s.Phase != record.Standing {
		return Change{}, false
	}
	if t, identified := s.last(ChangeIdentified); identified {
		return t, true
	}
	return s.mergerOrSplit()
}

// circle refuses an identification, merger or split that leads back to self,
// whatever its day: of mergers in a circle the last would be into one that is gone.
// What stands together in one ledger holds no circle in any order, so that a file
// may tell it in its own.
func (k kind[F]) circle(self string, change Change, known relatedStates[F]) error {
	seen := map[string]bool{}
	for open := change.Keys; len(open) > 0; open = open[1:] {
		key := open[0]
		back, leads := known[key].replacedBy()
		if seen[key] || !leads {
			continue
		}
		seen[key] = true
		for _, next := range back.Keys {
			if next == self {
				return k.inCircle().With("through", key).With("change", back.Kind).With("event", back.ID)
			}
			open = append(open, next)
		}
	}
	return nil
}

func (k kind[F]) inCircle() *fault.Error {
	zh, name := k.recordType.ZH, k.recordType.Kind
	return fault.New(fault.Refused, name+".circle",
		"所写的"+zh+"按已登记的合并、分设或认定，最后又回到此"+zh+"自己；请核对编号，或先用 void（through 所示编号）--event（event 所示编号）作废那一项。",
		"By what is recorded of mergers, splits and identifications, the "+name+" that is given leads back to this one; check its id, or first void what leads back, with void and the id under through, and --event with the id under event.")
}

// ErrGone refuses to say that a school carries on, or that another belongs to it,
// from a day on which it was no more.
var ErrGone = fault.New(fault.Refused, "school.gone",
	"所写的学校在这一天已不在：它已并入他校、分设，或已认定为另一所学校；请改写 went 所示的去向，或核对日期。",
	"The school that is given is not there on that day: it merged, was split, or is said to be another one; give the one shown under went, or check the day.")

// ErrParentCircle refuses to place a school under one that belongs to it.
var ErrParentCircle = fault.New(fault.Refused, "school.parent-circle",
	"所写的上级学校在这一天（或其后）又隶属此校；请核对编号和日期，或先更正、作废另一项隶属。",
	"From that day, or a later one, the school that is given would itself belong to this one; check ids and day, or correct or void the other placement first.")

// refuseGone refuses a change that names a school which no longer exists on the
// change's day.
func refuseGone(change Change, known relatedStates[School]) error {
	for _, key := range change.Keys {
		s := SchoolState{known[key]}
		went, leads := s.replacedBy()
		if !leads || went.Kind.dated() && went.On > change.On {
			continue
		}
		gone := ErrGone.With("school", key).With("name", s.NameOn(change.On)).With("change", went.Kind)
		if went.On != "" {
			gone = gone.With("since", went.On)
		}
		var names []string
		for _, next := range went.Keys {
			names = append(names, SchoolState{known[next]}.NameOn(change.On))
		}
		return gone.With("went", strings.Join(went.Keys, " ")).With("went_name", strings.Join(names, " "))
	}
	return nil
}

// parentCircle refuses a placement by which a school would come to lie under
// itself on a day from which it holds. after is the school with it.
func parentCircle(self string, change Change, after SchoolState, known relatedStates[School]) error {
	days := []calendar.Day{change.On}
	for _, s := range known {
		for _, t := range s.Changes {
			if t.Kind == ChangePlacedUnder && t.On > change.On {
				days = append(days, t.On)
			}
		}
	}
	for _, day := range days {
		seen := map[string]bool{}
		for key := after.ParentOn(day); key != "" && !seen[key]; key = (SchoolState{known[key]}).ParentOn(day) {
			if key == self {
				return ErrParentCircle.With("parent", change.Keys[0]).With("on", day)
			}
			seen[key] = true
		}
	}
	return nil
}
