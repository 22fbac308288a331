package intake

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"twinledger/domain/calendar"
	"twinledger/domain/command"
	"twinledger/domain/event"
	"twinledger/domain/fault"
	"twinledger/domain/intake/reading"
	"twinledger/domain/org"
	"twinledger/domain/tabular"
)

// note opens the stream key with facts unless it is there; it returns what the stream's opening
// recorded.
func (run *run) note(ctx context.Context, report *Report, key string, facts any, occurred calendar.Occurred) ([]event.Event, error) {
	if run.known[key] {
		return nil, nil
	}
	history, err := run.Handler.Load(ctx, key)
	if err == nil && len(history) == 0 {
		var done command.Outcome
		definition := run.definition(event.StreamKind(key), "note")
		done, err = run.do(ctx, report, run.id("note", key), command.Request{Name: definition.Name, Occurred: occurred, Body: reportBody(definition, facts)})
		history = done.Events
	} else if voiding := undoneBy(history); err == nil && voiding != "" {
		err = run.voidEvent(ctx, report, key, voiding, run.id("note again", report.Import, key), reasonNamedAgain)
	}
	if err != nil {
		return nil, err
	}
	run.known[key] = true
	return history, nil
}

func (run *run) noteSchool(ctx context.Context, report *Report, name string) error {
	_, err := run.note(ctx, report, run.keys().School(name), org.School{District: run.District, Name: name, Provisional: true}, "")
	return err
}

func (run *run) noteCommunity(ctx context.Context, report *Report, name string) error {
	_, err := run.note(ctx, report, run.keys().Community(name), org.Community{District: run.District, Name: name, Provisional: true}, "")
	return err
}

// noteAllNames notes the names of all rows before the first is recorded, so that a title is
// sealed whose person only a later row lists.
func (run *run) noteAllNames(ctx context.Context, report *Report) error {
	for i := range report.Lines {
		line := &report.Lines[i]
		if line.Outcome != Pending || !line.wanted || line.Plan.Outcome == Held {
			continue
		}
		err := run.noteNames(ctx, report, line.Plan)
		if refused, ok := fault.As(err); ok && (refused.Kind == fault.Invalid || refused.Kind == fault.Refused) {
			if err := run.holdWritten(ctx, &line.Plan, refused); err != nil { // a school that was voided meanwhile, say
				return err
			}
		} else if err != nil {
			return fmt.Errorf("row %d: %w", line.Plan.Row.Number, err)
		}
	}
	return nil
}

// noteNames notes the schools and people that the ledger does not know yet.
func (run *run) noteNames(ctx context.Context, report *Report, p RowPlan) error {
	if p.Row.Community != "" && !reading.IsKey(p.Row.Community, "community") {
		if err := run.noteCommunity(ctx, report, p.Row.Community); err != nil {
			return err
		}
	}
	for _, name := range p.names.schools {
		if err := run.noteSchool(ctx, report, name); err != nil {
			return err
		}
	}
	if p.isParty() {
		return nil
	}
	for _, person := range p.names.people {
		facts := org.Person{District: run.District, Name: clearText(person.name), Provisional: true}
		if person.school != "" {
			facts.School = run.keys().School(person.school)
		}
		events, err := run.note(ctx, report, run.keys().Person(person.name, person.school), facts, "")
		if err != nil {
			return err
		}
		if err := run.learn(ctx, events); err != nil {
			return err
		}
	}
	return nil
}

// learn takes names in that events tell.
func (run *run) learn(ctx context.Context, events []event.Event) error {
	var errs []error
	for _, e := range events {
		errs = append(errs, run.Names.Learn(ctx, e, run.Handler.Vault))
	}
	return errors.Join(errs...)
}

// noteParties notes the schools, communities and people that the file describes with what it
// says of them, before anything names them.
func (run *run) noteParties(ctx context.Context, report *Report) error {
	for _, kind := range []string{"school", "community", "person"} {
		for i := range report.Lines {
			line := &report.Lines[i]
			if line.Plan.register() != kind || line.Outcome != Pending || !line.wanted || line.Plan.Outcome == Held {
				continue
			}
			err := run.noteParty(ctx, report, line)
			if refused, ok := fault.As(err); ok && holdable(refused) {
				line.Plan.hold(refused, "")
			} else if err != nil {
				return err
			}
		}
	}
	return nil
}

func (run *run) noteParty(ctx context.Context, report *Report, line *Line) error {
	p := line.Plan
	if p.register() == "person" {
		for _, name := range p.names.schools {
			if err := run.noteSchool(ctx, report, name); err != nil {
				return err
			}
		}
	}
	s, _ := p.statement()
	events, err := run.note(ctx, report, run.party(p), s.Facts, p.Row.Occurred)
	return errors.Join(err, run.learn(ctx, events))
}

// describeSchool adds to a school what a roster's row says of it.
func (run *run) describeSchool(ctx context.Context, report *Report, line *Line) error {
	said, describes := line.Plan.describes()
	if !describes {
		return nil
	}
	school, id := run.keys().School(said.Name), run.id("describe", line.Plan.Key)
	if line.again {
		id = run.id("describe", line.Plan.Key, report.Import)
	}
	_, err := run.do(ctx, report, id, command.Request{Name: "school.describe", Stream: school, Occurred: line.Plan.Row.Occurred,
		Body: org.Described{Stage: said.Stage, Setting: said.Setting, Source: run.source(report, line.Plan)}})
	if err == nil {
		line.Record = school
	}
	return err
}

// recordChanges records the changes of a school, community or person that the file lists and
// the ledger does not have yet.
func (run *run) recordChanges(ctx context.Context, report *Report, line *Line) error {
	p := line.Plan
	kind, key := p.register(), run.party(p)
	var requests []command.Request
	if kind == "school" {
		s, _ := p.statement()
		described, err := run.describedAnew(ctx, s.Facts, key)
		if err != nil {
			return err
		}
		requests = append(requests, described...)
	}
	known := run.knownChanges(key)
	for _, change := range p.Row.Changes {
		change = run.resolvedChange(kind, change)
		if !slices.ContainsFunc(known, func(k org.Change) bool { return sameChange(k, change) }) {
			requests = append(requests, org.ChangeRequest(kind, change))
		}
	}
	for _, req := range requests {
		body, err := event.Marshal(req.Body)
		if err != nil {
			return err
		}
		req.Stream = key
		done, err := run.do(ctx, report, run.id("turn", p.Key, report.Import, req.Name, string(req.Occurred), string(body)), req)
		if err != nil {
			return err
		}
		if err := run.learn(ctx, done.Events); err != nil {
			return err
		}
	}
	line.Record = key
	return nil
}

// resolvedChange returns a change with keys in the place of names.
func (run *run) resolvedChange(kind string, change org.Change) org.Change {
	change.Keys = slices.Clone(change.Keys)
	for i, name := range change.Keys {
		switch kind {
		case "school":
			change.Keys[i] = run.keys().School(name)
		case "community":
			change.Keys[i] = run.keys().Community(name)
		default:
			change.Keys[i] = run.keys().Person(personIn(name))
		}
	}
	return change
}

// knownChanges returns the changes that the ledger had of a school, community or person before
// the import.
func (run *run) knownChanges(key string) []org.Change {
	switch d := run.Directory; {
	case d == nil:
		return nil
	case reading.IsKey(key, "school"):
		return d.Schools[key].Changes
	case reading.IsKey(key, "community"):
		return d.Communities[key].Changes
	default:
		return d.People[key].Changes
	}
}

func sameChange(a, b org.Change) bool {
	return a.Kind == b.Kind && a.On == b.On && a.Name == b.Name && a.Memberships == b.Memberships && slices.Equal(a.Keys, b.Keys)
}

// describedAnew returns what adds stage and setting to a school that is there without them or
// with others.
func (run *run) describedAnew(ctx context.Context, facts any, key string) ([]command.Request, error) {
	said, _ := facts.(org.School)
	history, err := run.Handler.Load(ctx, key)
	var known org.State[org.School]
	for _, e := range history {
		known = org.FoldSchool(known, e)
	}
	news := func(said, known string) bool { return said != "" && said != known }
	if err != nil || !news(said.Stage, known.Facts.Stage) && !news(said.Setting, known.Facts.Setting) {
		return nil, err
	}
	return []command.Request{{Name: "school.describe", Occurred: calendar.Unknown, Body: org.Described{Stage: said.Stage, Setting: said.Setting}}}, nil
}

// personIn returns the names that stand for a person in a change: name and school.
func personIn(text string) (name, school string) {
	school, name = tabular.PersonNamed(text)
	return name, school
}
