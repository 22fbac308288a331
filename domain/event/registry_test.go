package event_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"twinledger/domain/event"
)

// given is a demo lesson in its third version.
type given struct {
	Teacher string   `json:"teacher"`
	Year    int      `json:"year"`
	Kinds   []string `json:"kinds"`
}

type cancelled struct {
	Reason string `json:"reason"`
}

// yearAsNumber reads version 1, which kept the year as a text.
func yearAsNumber(raw json.RawMessage) (json.RawMessage, error) {
	var v1 struct {
		Teacher string `json:"teacher"`
		Year    string `json:"year"`
	}
	if err := json.Unmarshal(raw, &v1); err != nil {
		return nil, err
	}
	var year int
	if _, err := fmt.Sscanf(v1.Year, "%d", &year); err != nil {
		return nil, fmt.Errorf("year %q: %w", v1.Year, err)
	}
	return json.Marshal(map[string]any{"teacher": v1.Teacher, "year": year})
}

// oneKind reads version 2, when every lesson was a demo lesson.
func oneKind(raw json.RawMessage) (json.RawMessage, error) {
	var v2 map[string]any
	if err := json.Unmarshal(raw, &v2); err != nil {
		return nil, err
	}
	v2["kinds"] = []string{"demo_lesson"}
	return json.Marshal(v2)
}

func registry() *event.Registry {
	r := event.NewRegistry(nil)
	event.Define[given](r, "lesson.given", yearAsNumber, oneKind)
	event.Define[cancelled](r, "lesson.cancelled")
	return r
}

func TestRegistryDecode(t *testing.T) {
	for _, c := range []struct {
		situation string
		name      string
		version   int
		data      string
		want      any
		err       error
	}{
		{"current version", "lesson.given", 3, `{"teacher":"张老师","year":7,"kinds":["demo_lesson","outreach_lesson"]}`, given{"张老师", 7, []string{"demo_lesson", "outreach_lesson"}}, nil},
		{"version before", "lesson.given", 2, `{"teacher":"李老师","year":8}`, given{"李老师", 8, []string{"demo_lesson"}}, nil},
		{"first version", "lesson.given", 1, `{"teacher":"王老师","year":"9"}`, given{"王老师", 9, []string{"demo_lesson"}}, nil},
		{"type without former versions", "lesson.cancelled", 1, `{"reason":"下雪"}`, cancelled{"下雪"}, nil},
		{"unknown type", "lesson.sung", 1, `{}`, nil, event.ErrUnknownType},
		{"later version", "lesson.given", 4, `{}`, nil, event.ErrUnknownVersion},
		{"later version of another type", "lesson.cancelled", 2, `{}`, nil, event.ErrUnknownVersion},
		{"version zero", "lesson.given", 0, `{}`, nil, event.ErrBadData},
		{"data that cannot be lifted", "lesson.given", 1, `{"year":"seventh"}`, nil, event.ErrBadData},
		{"data of another shape", "lesson.given", 3, `{"year":"7"}`, nil, event.ErrBadData},
	} {
		e := sample()
		e.Type, e.Version, e.Data = c.name, c.version, json.RawMessage(c.data)
		got, err := registry().Decode(e)
		if !errors.Is(err, c.err) {
			t.Errorf("%s: got error %v, want %v", c.situation, err, c.err)
			continue
		}
		if d := cmp.Diff(c.want, got.Fact); d != "" {
			t.Errorf("%s: fact differs (-want +got):\n%s", c.situation, d)
		}
		if d := cmp.Diff(e, got.Envelope); c.err == nil && d != "" {
			t.Errorf("%s: envelope differs (-want +got):\n%s", c.situation, d)
		}
	}
}

func TestRegistryEncode(t *testing.T) {
	r := registry()
	name, data, err := r.Encode(given{"张<老师>", 7, nil})
	if err != nil {
		t.Fatal(err)
	}
	if want := (event.TypeVersion{Type: "lesson.given", Version: 3}); name != want {
		t.Errorf("type is %v, want %v", name, want)
	}
	if want := `{"teacher":"张<老师>","year":7,"kinds":null}`; string(data) != want {
		t.Errorf("data is %s, want %s", data, want)
	}
	for _, unknown := range []any{nil, &given{}, struct{}{}, "lesson.given"} {
		if _, _, err := r.Encode(unknown); err == nil {
			t.Errorf("%T is encoded although it is not registered", unknown)
		}
	}
	want := []event.TypeVersion{{Type: "lesson.cancelled", Version: 1}, {Type: "lesson.given", Version: 3}}
	if d := cmp.Diff(want, r.Names()); d != "" {
		t.Errorf("names differ (-want +got):\n%s", d)
	}
}

func TestRegistryUsesItsDecoder(t *testing.T) {
	broken := errors.New("broken decoder")
	r := event.NewRegistry(func([]byte, any) error { return broken })
	event.Define[cancelled](r, "lesson.cancelled")
	e := sample()
	e.Type, e.Version = "lesson.cancelled", 1
	if _, err := r.Decode(e); !errors.Is(err, broken) || !errors.Is(err, event.ErrBadData) {
		t.Errorf("got %v, want the decoder's own error within %v", err, event.ErrBadData)
	}
}

func TestDefinePanics(t *testing.T) {
	for situation, define := range map[string]func(*event.Registry){
		"name twice":        func(r *event.Registry) { event.Define[struct{ A int }](r, "lesson.given") },
		"type twice":        func(r *event.Registry) { event.Define[given](r, "lesson.given_again") },
		"Go name":           func(r *event.Registry) { event.Define[struct{ A int }](r, "LessonGiven") },
		"not a struct":      func(r *event.Registry) { event.Define[string](r, "lesson.text") },
		"pointer to struct": func(r *event.Registry) { event.Define[*struct{ A int }](r, "lesson.pointer") },
	} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%s: no panic", situation)
				}
			}()
			define(registry())
		}()
	}
}
