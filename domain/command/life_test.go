package command_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"twinledger/domain"
	"twinledger/domain/calendar"
	"twinledger/domain/event"
	"twinledger/domain/record"
)

// aLife is a record of one kind on which the examples of commands are carried out
// one after the other: on the one day that help prints, or each on the next day.
type aLife struct {
	desk   *desk
	stream string
	taken  []string
	daily  bool
}

// next carries out the example of a command as help prints it; it must be accepted.
func (l *aLife) next(t *testing.T, name string) {
	t.Helper()
	d := domain.Commands()[name]
	body, err := event.Marshal(d.Example())
	if err != nil {
		t.Fatal(err)
	}
	if name == "exchange.start" && l.stream != "" { // its example opens a stream; as a step it needs to say nothing
		body = json.RawMessage(`{}`)
	}
	req := parsed(t, 2+len(l.taken), d, body, l.stream)
	if l.daily {
		req.Occurred = calendar.OnDay(calendar.Day(req.Occurred.Value()).Add(len(l.taken)))
	}
	done, err := l.desk.Handle(t.Context(), req)
	if err != nil || len(done.Events) == 0 {
		t.Fatalf("%s after %s: %d events, %v", name, strings.Join(l.taken, ", "), len(done.Events), err)
	}
	l.stream, l.taken = done.Stream, append(l.taken, name)
}

// A passage is the steps that lead from the opening of a record to a stage.
type passage struct {
	stage record.Stage
	steps []record.Rule
}

// TestExamplesInTheOrderOfALife opens a record with the example of every opening,
// takes at every stage all the steps that may be taken there and then every one
// that leads on, and voids it.
func TestExamplesInTheOrderOfALife(t *testing.T) {
	sent := map[string]bool{}
	for kind, way := range domain.Workflows() {
		for name, opening := range domain.Commands() {
			if opening.Kind != kind || !opening.Opens() || opening.Internal {
				continue
			}
			t.Run(name, func(t *testing.T) {
				var seen []record.Stage
				for open := []passage{{}}; len(open) > 0; open = open[1:] {
					life, stage := lived(t, way, name, open[0])
					for _, taken := range life.taken {
						sent[taken] = true
					}
					if slices.Contains(seen, stage) {
						continue
					}
					seen = append(seen, stage)
					for _, r := range way.Rules {
						if r.To != "" && slices.Contains(r.From, stage) {
							open = append(open, passage{r.To, append(slices.Clip(open[0].steps), r)})
						}
					}
				}
			})
		}
	}
	for _, life := range parties {
		t.Run(life, func(t *testing.T) {
			l := &aLife{desk: newTrustingDesk(t), daily: true}
			for _, order := range strings.Fields(life) {
				l.next(t, order)
				sent[order] = true
			}
		})
	}
	for name, d := range domain.Commands() {
		// Which publication is withdrawn, or change corrected, an example cannot know.
		if !sent[name] && !d.Internal && !slices.Contains([]string{"programme.withdraw", "school.correct_change", "ledger.open", "row.void"}, name) {
			t.Errorf("%s came in no life", name)
		}
	}
}

// parties are the lives of what takes no steps.
var parties = []string{
	"district.register district.correct district.void",
	"calendar.publish calendar.correct calendar.void",
	"programme.publish",
	"school.note school.correct school.describe school.confirm school.alias school.rename school.place_under school.merge school.void",
	"school.note school.split", "school.note school.identify",
	"community.note community.correct community.confirm community.alias community.identify community.void",
	"person.note person.correct person.confirm person.alias person.identify person.void",
	"duplicate.decide duplicate.void",
}

// lived returns a record that went through a passage, and its stage; at every
// stage it took the steps that change none.
func lived(t *testing.T, way record.Workflow, opening string, p passage) (*aLife, record.Stage) {
	t.Helper()
	l := &aLife{desk: newTrustingDesk(t)}
	l.next(t, opening)
	if opening == way.Kind+".report" { // the example of a correction is a report's
		l.next(t, way.Kind+".correct")
	}
	stage := record.Stage(strings.TrimPrefix(history(t, l)[0].Type, way.Kind+"."))
	l.stay(t, way, stage)
	for _, r := range p.steps {
		l.next(t, way.Kind+"."+r.Command)
		if r.To != stage {
			stage = r.To
			l.stay(t, way, stage)
		}
	}
	l.next(t, way.Kind+".void")
	return l, stage
}

// stay takes every step that may be taken in a stage and leads to no other. The
// engine does not know the orders by which a school joins and leaves a pairing.
func (l *aLife) stay(t *testing.T, way record.Workflow, stage record.Stage) {
	t.Helper()
	may := func(verb string) bool {
		r, known := way.Rule(verb)
		return known && slices.Contains(r.From, stage)
	}
	if may("joined") && !slices.Contains(l.taken, "pairing.match") { // with the school that would join
		l.next(t, "pairing.join")
	}
	for _, r := range way.Rules {
		name := way.Kind + "." + r.Command
		if r.Command != "" && r.To == "" && may(r.Verb) && !(r.Once && slices.Contains(l.taken, name)) {
			l.next(t, name)
		}
	}
	if may("left") {
		l.next(t, "pairing.leave")
	}
}

func history(t *testing.T, l *aLife) []event.Event {
	t.Helper()
	all, err := l.desk.Load(t.Context(), l.stream)
	if err != nil {
		t.Fatal(err)
	}
	return all
}
