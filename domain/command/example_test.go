package command_test

import (
	"context"
	"encoding/json"
	"iter"
	"reflect"
	"strings"
	"testing"

	"twinledger/domain"
	"twinledger/domain/command"
	"twinledger/domain/command/commandtest"
	"twinledger/domain/event"
	"twinledger/domain/fault"
	"twinledger/domain/seal"
	"twinledger/domain/seal/sealtest"
)

// notWritten are the fields that no example shows, and why.
var notWritten = map[string]string{
	"source":      "only an import says where it read something",
	"provisional": "only an import notes what nobody confirmed",
	"group":       "it stands in the place of school",
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
		for _, one := range list {
			missing(t, shape.Elem(), one, path+"[]")
		}
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
			if !there && notWritten[name] == "" {
				t.Errorf("%s lacks %s", path, name)
			}
			if there {
				missing(t, field.Type, value, path+"."+name)
			}
		}
	}
}

// eachExample runs a subtest for every command that a person may send.
func eachExample(t *testing.T, test func(*testing.T, command.Definition, []byte)) {
	t.Helper()
	for name, d := range domain.Commands() {
		if d.Inner {
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
		if !reason.IsValid() || d.Inner {
			continue
		}
		t.Run(name, func(t *testing.T) {
			for text, want := range map[string]bool{"写错": true, " \u3000": false} {
				body := reflect.New(reflect.TypeOf(d.Example())).Elem()
				body.Set(reflect.ValueOf(d.Example()))
				body.FieldByName("Reason").Set(reflect.ValueOf(seal.Text{Clear: text}))
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
	any event.Record
}

func (l trustingLog) Stream(ctx context.Context, name string) iter.Seq2[event.Record, error] {
	if strings.Contains(name, "-00000000-0000-0000-0000-") {
		return func(yield func(event.Record, error) bool) { yield(l.any, nil) }
	}
	return l.Log.Stream(ctx, name)
}

// TestExamplesAreWellFormed sends every example: to a stream of its own, or to
// one that an example opened. One that opens a stream is accepted, and no other
// is refused as malformed.
func TestExamplesAreWellFormed(t *testing.T) {
	eachExample(t, func(t *testing.T, d command.Definition, body []byte) {
		if d.Opens() {
			newTrustingDesk(t).example(t, 2, d, body, "")
			return
		}
		accepted, openings := false, 0
		for _, opening := range domain.Commands() {
			if opening.Kind != d.Kind || !opening.Opens() || opening.Inner {
				continue
			}
			openings++
			desk := newTrustingDesk(t)
			first, err := event.Marshal(opening.Example())
			if err != nil {
				t.Fatal(err)
			}
			stream := desk.example(t, 2, opening, first, "")
			_, err = desk.Handle(t.Context(), parsed(t, 3, d, body, stream))
			accepted = accepted || err == nil
			if err != nil && fault.KindOf(err) != fault.Refused {
				t.Errorf("after %s: %v", opening.Name, err)
			}
		}
		// Which publication is withdrawn an example cannot know; a row is taken by
		// the program itself only.
		if !accepted && d.Name != "programme.withdraw" && d.Kind != "row" {
			t.Errorf("accepted after none of %d openings", openings)
		}
	})
}

func newTrustingDesk(t *testing.T) *desk {
	t.Helper()
	d := newDesk(t)
	d.Log = trustingLog{d.log, d.records(t)[0]}
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
