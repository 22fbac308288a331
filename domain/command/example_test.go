package command_test

import (
	"bytes"
	"context"
	"encoding/json"
	"iter"
	"maps"
	"reflect"
	"slices"
	"strings"
	"testing"

	"twinledger/domain"
	"twinledger/domain/command"
	"twinledger/domain/command/commandtest"
	"twinledger/domain/event"
	"twinledger/domain/fault"
	"twinledger/domain/lesson"
	"twinledger/domain/org"
	"twinledger/domain/record"
	"twinledger/domain/seal"
	"twinledger/domain/seal/sealtest"
)

// notWritten are the fields that no example shows, and why.
var notWritten = map[string]string{
	"source":                "only an import says where it read something",
	"provisional":           "only an import notes what nobody confirmed",
	"group":                 "it stands in the place of school",
	"related":               "the help of record tells of it: it names a record that is there already",
	"recognition.subjects":  "few are for a subject",
	"recognition.from":      "the office that gives it stands under issuer",
	"indicator.subjects":    "few are of a subject",
	"indicator.from":        "the office that gives it stands under authority",
	"indicator.people":      "a figure is of nobody",
	"inspection.findings":   "nothing is found before the visit; a report shows them",
	"rectification.finding": "it names an event of an inspection that is there already",
	"course":                "the help of record tells of it: a past course is rarely told",
}

// TestExamplesShowEveryField finds a field that whoever fills an example in
// would never learn of.
func TestExamplesShowEveryField(t *testing.T) {
	eachExample(t, func(t *testing.T, d command.Definition, body []byte) {
		var shown any
		if err := json.Unmarshal(body, &shown); err != nil {
			t.Fatal(err)
		}
		shape := reflect.TypeOf(d.Example())
		if step, ok := shape.FieldByName("Step"); ok && step.Tag.Get("json") == "" {
			return // a step shows what it must say; the help of record tells of the rest
		}
		if facts, ok := shape.FieldByName("Facts"); ok && facts.Tag.Get("json") == "" {
			shape = facts.Type // a report's body is its facts
		}
		missing(t, shape, shown, d.Name)
	})
}

// missing reports the fields of shape that shown, its decoded JSON, lacks.
func missing(t *testing.T, shape reflect.Type, shown any, path string) {
	t.Helper()
	switch {
	case shape == reflect.TypeFor[seal.Text](): // in clear or sealed, never both
		if clear, _ := shown.(map[string]any)["clear"].(string); clear == "" {
			t.Errorf("%s has no text", path)
		}
	case shape.Kind() == reflect.Slice || shape.Kind() == reflect.Array:
		list, _ := shown.([]any)
		if len(list) == 0 {
			t.Errorf("%s is empty", path)
		}
		missing(t, shape.Elem(), united(list), path+"[]")
	case shape.Kind() == reflect.Struct:
		object, _ := shown.(map[string]any)
		for i := range shape.NumField() {
			field := shape.Field(i)
			name, _, _ := strings.Cut(field.Tag.Get("json"), ",")
			if name == "" && field.Anonymous {
				missing(t, field.Type, shown, path)
				continue
			}
			value, there := object[name]
			if !there && notWritten[name] == "" && notWritten[kindOf(path)+"."+name] == "" {
				t.Errorf("%s lacks %s", path, name)
			}
			if there {
				missing(t, field.Type, value, path+"."+name)
			}
		}
	}
}

// kindOf returns the kind of stream that a path in an example begins with.
func kindOf(path string) string {
	kind, _, _ := strings.Cut(path, ".")
	return kind
}

// united returns what the objects of a list show between them, or its first
// value: of two fields that exclude each other, two objects show one each.
func united(list []any) any {
	all := map[string]any{}
	for _, one := range list {
		object, is := one.(map[string]any)
		if !is {
			return one
		}
		maps.Copy(all, object)
	}
	return all
}

// eachExample runs a subtest for every command that a person may send.
func eachExample(t *testing.T, test func(*testing.T, command.Definition, []byte)) {
	t.Helper()
	for name, d := range domain.Commands() {
		if d.Internal {
			continue
		}
		t.Run(name, func(t *testing.T) {
			body, err := event.Marshal(d.Example())
			if err != nil {
				t.Fatal(err)
			}
			test(t, d, body)
		})
	}
}

// TestReasonsAreSealed: a reason is prose and may name people whom the ledger
// does not know, so it is never stored in clear; white space is no reason.
func TestReasonsAreSealed(t *testing.T) {
	sealer := seal.Sealer{Vault: &sealtest.Vault{}, Names: sealtest.Names{}, Stream: "lesson-1", Fallback: "source-1"}
	for name, d := range domain.Commands() {
		reason := reflect.ValueOf(d.Example()).FieldByName("Reason")
		if !reason.IsValid() || d.Internal {
			continue
		}
		t.Run(name, func(t *testing.T) {
			for text, want := range map[string]bool{"写错": true, " \u3000": false} {
				body := reflect.New(reflect.TypeOf(d.Example())).Elem()
				body.Set(reflect.ValueOf(d.Example()))
				body.FieldByName("Reason").Set(reflect.ValueOf(seal.Text{Clear: text}))
				if said, err := event.Marshal(body.Interface()); err != nil || !bytes.Contains(said, []byte(text)) {
					continue // as the example stands, the command says nothing of a reason
				}
				sealed, err := body.Interface().(command.Sealable).SealTexts(t.Context(), sealer)
				if err != nil {
					t.Fatal(err)
				}
				got := reflect.ValueOf(sealed).FieldByName("Reason").Interface().(seal.Text)
				if got.Clear != "" || (got.Sealed != nil) != want {
					t.Errorf("the reason %q becomes %+v", text, got)
				}
			}
		})
	}
}

// A trustingLog holds, for every key of an example, some record.
type trustingLog struct {
	command.Log
	any    event.Record
	lesson event.Record // of every lesson: what is decided of two records depends on what they say
}

func (l trustingLog) Stream(ctx context.Context, name string) iter.Seq2[event.Record, error] {
	if strings.Contains(name, ".lesson-00000000-0000-0000-0000-") {
		return func(yield func(event.Record, error) bool) { yield(l.lesson, nil) }
	}
	if strings.Contains(name, "-00000000-0000-0000-0000-") && !strings.Contains(name, ".placement-") {
		return func(yield func(event.Record, error) bool) { yield(l.any, nil) }
	}
	return l.Log.Stream(ctx, name)
}

// TestExamplesAreWellFormed sends every example: to a stream of its own, or to
// one that examples opened and brought to a stage in which it may come. One that
// opens a stream is accepted, and no other is refused as malformed.
func TestExamplesAreWellFormed(t *testing.T) {
	eachExample(t, func(t *testing.T, d command.Definition, body []byte) {
		if d.Opens() {
			newTrustingDesk(t).example(t, 2, d, body, "")
			return
		}
		accepted, openings := false, 0
		for _, opening := range domain.Commands() {
			if opening.Kind != d.Kind || !opening.Opens() || opening.Internal {
				continue
			}
			openings++
			desk := newTrustingDesk(t)
			first, err := event.Marshal(opening.Example())
			if err != nil {
				t.Fatal(err)
			}
			stream := desk.example(t, 2, opening, first, "")
			history, err := desk.Load(t.Context(), stream)
			if err != nil {
				t.Fatal(err)
			}
			_, founded, _ := strings.Cut(history[0].Type, ".")
			for i, order := range append(ordersBefore(record.Stage(founded), d), spokenOf[d.Name]...) {
				step, err := event.Marshal(domain.Commands()[order].Example())
				if err != nil {
					t.Fatal(err)
				}
				if order == "exchange.start" { // its example opens a stream; as a step it needs to say nothing
					step = []byte(`{}`)
				}
				desk.example(t, 4+i, domain.Commands()[order], step, stream)
			}
			_, err = desk.Handle(t.Context(), parsed(t, 3, d, body, stream))
			accepted = accepted || err == nil
			if err != nil && fault.KindOf(err) != fault.Refused {
				t.Errorf("after %s: %v", opening.Name, err)
			}
		}
		// Which publication is withdrawn, or change corrected, an example cannot
		// know; a row is taken by the program itself only.
		if !accepted && d.Name != "programme.withdraw" && d.Name != "school.correct_change" && d.Kind != "row" {
			t.Errorf("accepted after none of %d openings", openings)
		}
	})
}

// spokenOf are the steps that must be there for another to speak of.
var spokenOf = map[string][]string{
	"pairing.review": {"pairing.sign"}, "pairing.assess_person": {"pairing.admit_person"}, "pairing.eliminate_person": {"pairing.admit_person"},
}

// ordersBefore returns the fewest steps that lead from the founding to a stage in
// which d may come; none when it may come at once, or never.
func ordersBefore(founded record.Stage, d command.Definition) []string {
	way := domain.Workflows()[d.Kind]
	var wanted record.Rule
	for _, r := range way.Rules {
		if d.Name == d.Kind+"."+r.Command {
			wanted = r
		}
	}
	for paths := [][]record.Rule{nil}; len(paths) > 0; paths = paths[1:] {
		path := paths[0]
		stage := founded
		if len(path) > 0 {
			stage = path[len(path)-1].To
		}
		if slices.Contains(wanted.From, stage) {
			var orders []string
			for _, r := range path {
				orders = append(orders, d.Kind+"."+r.Command)
			}
			return orders
		}
		for _, r := range way.Rules {
			passed := slices.ContainsFunc(path, func(before record.Rule) bool { return before.To == r.To })
			if r.To != "" && !passed && slices.Contains(r.From, stage) {
				paths = append(paths, append(slices.Clip(path), r))
			}
		}
	}
	return nil
}

func newTrustingDesk(t *testing.T) *desk {
	t.Helper()
	d := newDesk(t)
	given := newDesk(t)
	school := given.must(t, command.Request{ID: commandtest.ID(901), Name: "school.note", Body: record.Report[org.School]{Facts: org.School{District: district, Name: "明德小学"}}}).Stream
	given.must(t, reporting(900, func(f *lesson.Facts) { f.From = []record.Unit{{School: school}} }))
	reported := given.records(t)
	d.Log = trustingLog{d.log, d.records(t)[0], reported[len(reported)-1]}
	return d
}

// example sends the example of an opening command, which must be accepted.
func (d *desk) example(t *testing.T, n int, def command.Definition, body []byte, stream string) string {
	t.Helper()
	return d.must(t, parsed(t, n, def, body, stream)).Stream
}

// parsed reads the example as the file that help prints.
func parsed(t *testing.T, n int, d command.Definition, body []byte, stream string) command.Request {
	t.Helper()
	file, err := event.Marshal(map[string]any{"id": commandtest.ID(n), "command": d.Name, "stream": stream,
		"occurred": "day:2018-04-20", "data": json.RawMessage(body)})
	if err != nil {
		t.Fatal(err)
	}
	req, err := command.ParseRequest(file, domain.Commands())
	if err != nil {
		t.Fatalf("%s: %v", body, err)
	}
	return req
}
