package intake

import (
	"context"
	"errors"
	"slices"

	"twinledger/domain/calendar"
	"twinledger/domain/command"
	"twinledger/domain/event"
	"twinledger/domain/fault"
	"twinledger/domain/org"
	"twinledger/domain/record"
)

// isParty tells whether a kind is none of records but of who takes part.
func isParty(kind string) bool {
	return kind == "school" || kind == "community" || kind == "person"
}

// names returns every name that a school's row gives it.
func (r *registerRow) names() []string {
	names := []string{r.school.Name}
	for _, t := range r.changes {
		if t.Kind == org.ChangeRenamed {
			names = append(names, t.Name)
		}
	}
	return names
}

// anotherThan tells whether two rows that lead to one key here describe two in the
// ledger that wrote them, of whom nobody said that they are the same.
func (r *registerRow) anotherThan(other *registerRow) bool {
	return r.former != "" && other.former != "" && r.former != other.former && !r.identified() && !other.identified()
}

// identified tells whether somebody said that the row's school, community or person
// is another one.
func (r *registerRow) identified() bool {
	return slices.ContainsFunc(r.changes, func(t org.Change) bool { return t.Kind == org.ChangeIdentified })
}

// party returns the key of the school, community or person that the row
// describes.
func (p RowPlan) party(b builder) string {
	body := p.body.report(b)
	stated, ok := body.(interface{ Stated() (any, error) })
	if !ok {
		return ""
	}
	facts, _ := stated.Stated()
	switch f := facts.(type) {
	case org.School:
		return b.noted(f.Name)
	case org.Community:
		return b.community(f.Name)
	case org.Person:
		if b.directory != nil {
			return b.directory.Person(b.vault, b.names, b.district, f.School, f.Name.Clear)
		}
		return org.PersonKey(b.vault, b.district, f.School, f.Name.Clear)
	}
	return ""
}

// noteParties notes the schools, communities and people that the file describes
// with what it says of them, before anything names them.
func (im *Importer) noteParties(ctx context.Context, report *Report) error {
	for _, kind := range []string{"school", "community", "person"} {
		for i := range report.Lines {
			line := &report.Lines[i]
			r := line.Plan.register
			if r == nil || r.kind.form.Kind != kind || line.Outcome != Pending || !line.wanted || line.Plan.Outcome == Held {
				continue
			}
			err := im.noteParty(ctx, report, line)
			if refused, ok := fault.As(err); ok && holdable(refused) {
				line.Plan.hold(refused, "")
			} else if err != nil {
				return err
			}
		}
	}
	return nil
}

// holdable tells whether a row is held that is refused so: all else ends the
// import.
func holdable(refused *fault.Error) bool {
	return refused.Kind == fault.Invalid || refused.Kind == fault.Refused || errors.Is(refused, command.ErrUnknownReference)
}

func (im *Importer) noteParty(ctx context.Context, report *Report, line *Line) error {
	b := im.builder(nil)
	key := line.Plan.party(b)
	for _, name := range line.Plan.Schools {
		if school := b.school(name); line.Plan.register.kind.form.Kind == "person" && !im.known[school] {
			body := record.Report[org.School]{Facts: org.School{District: im.District, Name: name, Provisional: true}}
			if _, err := im.note(ctx, report, school, command.Request{Name: "school.note", Body: body}); err != nil {
				return err
			}
		}
	}
	events, err := im.note(ctx, report, key, command.Request{Name: line.Plan.Command, Occurred: line.Plan.Occurred, Body: line.Plan.body.report(b)})
	for _, e := range events {
		err = errors.Join(err, im.Names.Learn(ctx, e, im.Handler.Vault))
	}
	return err
}

// recordChanges records the changes of a school, community or person that the file
// lists and the ledger does not have yet.
func (im *Importer) recordChanges(ctx context.Context, report *Report, line *Line, b builder) error {
	p := line.Plan
	r, kind := p.register, p.register.kind.form.Kind
	key := p.party(b)
	changes, err := r.readChanges(fileKeys{b})
	if err != nil {
		return err
	}
	var steps []changeCommand
	if kind == "school" {
		if steps, err = im.described(ctx, r.school, key); err != nil {
			return err
		}
	}
	known := im.knownChanges(key)
	for _, t := range changes {
		if !slices.ContainsFunc(known, func(k org.Change) bool { return sameChange(k, t) }) {
			steps = append(steps, commandFor(kind, t))
		}
	}
	for _, s := range steps {
		raw, err := event.Marshal(s.body)
		if err != nil {
			return err
		}
		body, err := im.Handler.Definitions[s.command].Body(raw)
		if err != nil {
			return err
		}
		req := command.Request{Name: s.command, Stream: key, Occurred: s.occurred, Body: body}
		done, err := im.do(ctx, report, im.id("turn", p.Key, report.Import, s.command, string(s.occurred), string(raw)), req)
		if err != nil {
			return err
		}
		for _, e := range done.Events {
			if err := im.Names.Learn(ctx, e, im.Handler.Vault); err != nil {
				return err
			}
		}
	}
	line.Record = key
	return nil
}

// knownChanges returns the changes that the ledger had of a school, community or person before
// the import.
func (im *Importer) knownChanges(key string) []org.Change {
	switch d := im.Directory; {
	case d == nil:
		return nil
	case isKey(key, "school"):
		return d.Schools[key].Changes
	case isKey(key, "community"):
		return d.Communities[key].Changes
	default:
		return d.People[key].Changes
	}
}

func sameChange(a, b org.Change) bool {
	return a.Kind == b.Kind && a.On == b.On && a.Name == b.Name && a.Memberships == b.Memberships && slices.Equal(a.Keys, b.Keys)
}

// A changeCommand is a command that records a change of a school, community or person.
type changeCommand struct {
	command  string
	occurred calendar.Occurred
	body     map[string]any
}

// described returns what adds stage and setting to a school that is there without
// them or with others.
func (im *Importer) described(ctx context.Context, said org.School, key string) ([]changeCommand, error) {
	history, err := im.Handler.Load(ctx, key)
	var known org.State[org.School]
	for _, e := range history {
		known = org.FoldSchool(known, e)
	}
	news := func(said, known string) bool { return said != "" && said != known }
	if err != nil || !news(said.Stage, known.Facts.Stage) && !news(said.Setting, known.Facts.Setting) {
		return nil, err
	}
	return []changeCommand{{"school.describe", calendar.Unknown, map[string]any{"stage": said.Stage, "setting": said.Setting}}}, nil
}

// commandFor returns the command that records a change.
func commandFor(kind string, t org.Change) changeCommand {
	occurred := calendar.Unknown
	if t.On != "" {
		occurred = calendar.OnDay(t.On)
	}
	one := ""
	if len(t.Keys) > 0 {
		one = t.Keys[0]
	}
	switch t.Kind {
	case org.ChangeIdentified:
		return changeCommand{kind + ".identify", occurred, map[string]any{"as": one}}
	case org.ChangeAliased:
		return changeCommand{kind + ".alias", occurred, map[string]any{"alias": t.Name}}
	case org.ChangeRenamed:
		return changeCommand{kind + ".rename", occurred, map[string]any{"name": t.Name}}
	case org.ChangeMerged:
		return changeCommand{kind + ".merge", occurred, map[string]any{"into": one, "memberships": t.Memberships}}
	case org.ChangeSplit:
		return changeCommand{kind + ".split", occurred, map[string]any{"into": t.Keys}}
	case org.ChangePlacedUnder:
		return changeCommand{kind + ".place_under", occurred, map[string]any{"parent": one}}
	}
	return changeCommand{kind + ".confirm", occurred, map[string]any{}}
}
