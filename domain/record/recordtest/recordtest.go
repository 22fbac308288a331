// Package recordtest holds what the tests of the kinds of records share: a runner
// that executes a kind's commands over a log in memory, and the rules that every
// record's history obeys, written a second time without the code under test.
package recordtest

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"twinledger/domain/calendar"
	"twinledger/domain/command"
	"twinledger/domain/command/commandtest"
	"twinledger/domain/event"
	"twinledger/domain/event/memlog"
	"twinledger/domain/fault"
	"twinledger/domain/record"
	"twinledger/domain/seal/sealtest"
)

// Ledger is the ledger of every [CommandRunner].
const Ledger = "k3m7q2xw5a"

// A CommandRunner executes the commands of one package over a log in memory.
type CommandRunner struct {
	*command.Handler
	sent int
}

// knownStream opens the streams of whatever commands may name.
type knownStream struct{}

// NewCommandRunner returns a runner over an empty log, for the events and commands of a
// package. Commands may name the streams with these keys. It panics when a key
// is malformed.
func NewCommandRunner(register func(*event.Registry), definitions []command.Definition, keys ...string) *CommandRunner {
	registry := event.NewRegistry(nil)
	register(registry)
	event.Define[knownStream](registry, "test.known")
	byName := map[string]command.Definition{}
	for _, d := range definitions {
		byName[d.Name] = d
	}
	d := &CommandRunner{Handler: &command.Handler{Ledger: Ledger, Log: memlog.New(), Registry: registry, Definitions: byName,
		Clock: commandtest.ClockAt("2018-07-03T08:00:00.000Z"), Vault: &sealtest.Vault{}, Names: sealtest.Names{}}}
	for i, key := range keys {
		if err := d.open(i, key); err != nil {
			panic(err)
		}
	}
	return d
}

func (d *CommandRunner) open(i int, key string) error {
	id := commandtest.ID(1_000_000 + i)
	r, err := event.Encode(event.Envelope{ID: id, Stream: event.StreamName(Ledger, key), Type: "test.known", Version: 1,
		Occurred: calendar.Unknown, Recorded: event.InstantOf(d.Clock.Now()), Actor: "clerk", Command: id, Data: []byte("{}")})
	if err == nil {
		_, err = d.Log.Append(context.Background(), r.Envelope.Stream, event.NoStream, r)
	}
	return err
}

// Do carries out one command under an id of its own; stream is a key, empty for
// a command that opens one. Its answer names the stream.
func (d *CommandRunner) Do(name, stream string, occurred calendar.Occurred, body any) (command.Outcome, error) {
	d.sent++
	return d.Handle(context.Background(), command.Request{ID: commandtest.ID(d.sent), Name: name, Stream: stream,
		Occurred: occurred, Actor: "clerk", Body: body})
}

// Body returns a command's body as its JSON form is read: data is anything that
// encodes to it, such as a [record.Step]. It panics when it cannot be read.
func (d *CommandRunner) Body(name string, data any) any {
	raw, err := event.Marshal(data)
	if err == nil {
		var req command.Request
		if req, err = command.ParseRequest([]byte(`{"command":"`+name+`","data":`+string(raw)+`}`), d.Definitions); err == nil {
			return req.Body
		}
	}
	panic(err)
}

// History returns the events of a stream, by key.
func (d *CommandRunner) History(stream string) []event.Event {
	history, err := d.Load(context.Background(), stream)
	if err != nil {
		panic(err)
	}
	return history
}

// A Transition is what a test expects of one step: in which stages it may be taken,
// and the stage that it leads to, "" for none.
type Transition struct {
	From []string
	To   string
	Once bool
}

// Transitions holds the transitions of a kind, by verb. The first stage is the verb of
// the founding.
type Transitions map[string]Transition

// A StandingStep is a step that is valid after all corrections and voidings.
type StandingStep struct {
	ID       string // of the event that took it
	Verb     string
	Occurred calendar.Occurred
	Fact     any // as corrected last
}

// Verb returns what an event says happened.
func Verb(e event.Event) string { return e.Type[strings.LastIndexByte(e.Type, '.')+1:] }

// Standing returns the steps that stand at the end of a history, in the order in
// which they were taken; void tells whether the record is void. A record stands again, with
// the steps that it had, when what voided it is void.
func Standing(history []event.Event) (steps []StandingStep, void bool) {
	owner := map[string]string{} // by the id of a correction: the event that it corrects
	at := func(id string) int {
		if first, corrected := owner[id]; corrected {
			id = first
		}
		return slices.IndexFunc(steps, func(s StandingStep) bool { return s.ID == id })
	}
	voiding := "" // id of the event that voids the whole
	for _, e := range history[1:] {
		switch d := e.Fact.(type) {
		case record.Voiding:
			target, _ := d.Voids()
			if target == history[0].ID {
				voiding = e.ID
			} else if target == voiding {
				voiding = ""
			} else if i := at(target); i >= 0 {
				steps = slices.Delete(steps, i, i+1)
			}
		case record.StepEvent:
			step := StandingStep{e.ID, Verb(e), e.Occurred, e.Fact}
			corrects := d.StepBody().Corrects
			if corrects == "" {
				steps = append(steps, step)
				continue
			}
			i := at(corrects)
			step.ID = steps[i].ID
			owner[e.ID], steps[i] = step.ID, step
		}
	}
	if voiding != "" {
		return nil, true
	}
	return steps, false
}

// Violation returns the first broken rule of a history, or "": a stage that does not
// follow, a step twice that is taken once, days that run backwards, anything
// behind the voiding of the whole, a correction or voiding of what does not
// stand or without a reason.
func Violation(order Transitions, history []event.Event) string {
	if len(history) == 0 {
		return ""
	}
	for i := 1; i < len(history); i++ {
		if wrong := wrongEvent(history[:i], history[i]); wrong != "" {
			return fmt.Sprintf("event %d, %s: %s", i, history[i].Type, wrong)
		}
	}
	steps, void := Standing(history)
	if void {
		return ""
	}
	return wrongOrder(order, history, steps)
}

func wrongEvent(before []event.Event, e event.Event) string {
	steps, void := Standing(before)
	if void {
		if d, voids := e.Fact.(record.Voiding); voids {
			if target, reason := d.Voids(); target == voidingOf(before) && !reason.IsZero() {
				return ""
			}
		}
		return "it follows the voiding of the whole"
	}
	stands := func(id, verb string) bool {
		named := func(s StandingStep) bool { return verb == "" || s.Verb == verb }
		return slices.ContainsFunc(steps, func(s StandingStep) bool { return s.ID == id && named(s) }) || corrects(before, id, steps, verb)
	}
	switch d := e.Fact.(type) {
	case record.Voiding:
		target, reason := d.Voids()
		if reason.IsZero() || target != before[0].ID && !stands(target, "") {
			return "it voids what does not stand, or without a reason"
		}
	case record.Replacement:
		target, reason, _ := d.Replaces()
		if reason.IsZero() || target != before[0].ID {
			return "it corrects something else than the founding, or without a reason"
		}
	case record.StepEvent:
		if c := d.StepBody().Corrects; c != "" && (d.StepBody().Reason.IsZero() || !stands(c, Verb(e))) {
			return "it corrects a step that does not stand, or without a reason"
		}
	}
	return ""
}

// voidingOf returns the id of the last event that voided the whole.
func voidingOf(history []event.Event) string {
	for _, e := range slices.Backward(history) {
		if d, voids := e.Fact.(record.Voiding); voids {
			if target, _ := d.Voids(); target == history[0].ID {
				return e.ID
			}
		}
	}
	return ""
}

// corrects tells whether id is a correction of one of the steps.
func corrects(history []event.Event, id string, steps []StandingStep, verb string) bool {
	for range history {
		i := slices.IndexFunc(history, func(e event.Event) bool { return e.ID == id })
		if i < 0 {
			return false
		}
		stepping, ok := history[i].Fact.(record.StepEvent)
		if !ok {
			return false
		}
		if slices.ContainsFunc(steps, func(s StandingStep) bool { return s.ID == id && (verb == "" || s.Verb == verb) }) {
			return true
		}
		id = stepping.StepBody().Corrects
	}
	return false
}

func wrongOrder(order Transitions, history []event.Event, steps []StandingStep) string {
	stage, last := Verb(history[0]), day(history[0].Occurred)
	for _, e := range history {
		if _, replaced := e.Fact.(record.Replacement); replaced {
			last = day(e.Occurred)
		}
	}
	taken := map[string]bool{}
	for _, s := range steps {
		transition, known := order[s.Verb]
		switch {
		case !known:
			return s.Verb + " is no step of this kind"
		case !slices.Contains(transition.From, stage):
			return s.Verb + " was taken in the stage " + stage
		case transition.Once && taken[s.Verb]:
			return s.Verb + " was taken twice"
		case transition.To != "" && day(s.Occurred) != "" && day(s.Occurred) < last:
			return s.Verb + " lies before the step that it follows"
		}
		taken[s.Verb] = true
		if transition.To != "" {
			stage = transition.To
			if day(s.Occurred) != "" {
				last = day(s.Occurred)
			}
		}
	}
	return ""
}

// day returns the day of what is known to the day, else "".
func day(o calendar.Occurred) string {
	if o.Precision() != calendar.PrecisionDay {
		return ""
	}
	return o.Value()
}

// History returns facts as the events of one stream, each of its own type by
// register; see [commandtest.History]. What is of no type stays without one.
func History(register func(*event.Registry), facts ...any) []event.Event {
	registry := event.NewRegistry(nil)
	register(registry)
	history := commandtest.History(facts...)
	for i := range history {
		if kind, _, err := registry.Encode(history[i].Fact); err == nil {
			history[i].Type = kind.Type
		}
	}
	return history
}

// An Attempt is one command of [RunRandom]; it may be refused.
type Attempt struct {
	Name     string // of the command
	Occurred calendar.Occurred
	Data     any // its body, as [CommandRunner.Body] takes it
}

// RunRandom carries out commands drawn at random, all that do not open a stream in
// the first that was opened, and returns what went wrong, or "": a command that
// fails instead of being refused, a history that [Violation] finds fault with, or
// one of which own says what is wrong. draw gets the ids of the events so far.
func RunRandom(d *CommandRunner, commands int, order Transitions, draw func(ids []string) Attempt, own func(history []event.Event) string) string {
	stream, ids := "", []string{}
	for range commands {
		try := draw(ids)
		addressed := stream
		if d.Definitions[try.Name].Opens() {
			addressed = ""
		}
		done, err := d.Do(try.Name, addressed, try.Occurred, d.Body(try.Name, try.Data))
		if kind := fault.KindOf(err); err != nil && kind != fault.Refused && kind != fault.Invalid && kind != fault.NotFound {
			return fmt.Sprintf("%s fails with %v", try.Name, err)
		}
		if stream == "" && err == nil {
			stream = done.Stream
		}
		if err != nil || done.Stream != stream {
			continue
		}
		for _, e := range done.Events {
			ids = append(ids, e.ID)
		}
		history := d.History(stream)
		wrong := Violation(order, history)
		if wrong == "" {
			wrong = own(history)
		}
		if wrong != "" {
			return fmt.Sprintf("after %s: %s", try.Name, wrong)
		}
	}
	return ""
}

// ProgressMismatch returns how a progress differs from what follows from its
// history, or "": it stands or is void, and has the steps that stand.
func ProgressMismatch(p record.Progress, history []event.Event) string {
	steps, void := Standing(history)
	switch {
	case void != (p.Phase == record.Void):
		return "it is void and stands, or the other way round"
	case void:
		return ""
	case len(p.Steps) != len(steps):
		return fmt.Sprintf("%d steps stand, want %d", len(p.Steps), len(steps))
	}
	for i, want := range steps {
		if got := p.Steps[i]; got.ID != want.ID || got.Verb != want.Verb || got.Occurred != want.Occurred {
			return fmt.Sprintf("step %d is %s of %s on %s, want %s of %s on %s", i, got.Verb, got.ID, got.Occurred, want.Verb, want.ID, want.Occurred)
		}
	}
	return ""
}
