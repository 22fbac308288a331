package seal_test

import (
	"context"
	"encoding/json"
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"twinledger/domain/seal"
	"twinledger/domain/seal/sealtest"
)

// errNotJSON stands for what encoding/json refuses by itself.
var errNotJSON = errors.New("not JSON")

func TestReadingTexts(t *testing.T) {
	sealed := seal.Sealed{Form: 1, Keys: []string{"person-1"}, Box: "AA=="}
	tests := []struct {
		name string
		raw  string
		want seal.Text
		err  error
	}{
		{"a string", `"送课"`, seal.Text{Clear: "送课"}, nil},
		{"an empty string", `""`, seal.Text{}, nil},
		{"in clear", `{"clear":"送课"}`, seal.Text{Clear: "送课"}, nil},
		{"sealed", `{"sealed":{"form":1,"keys":["person-1"],"box":"AA=="}}`, seal.Text{Sealed: &sealed}, nil},
		{"sealed under two keys", `{"sealed":{"form":1,"keys":["person-1","source-2"],"box":"AA=="}}`, seal.Text{Sealed: &seal.Sealed{Form: 1, Keys: []string{"person-1", "source-2"}, Box: "AA=="}}, nil},
		{"sealed, with an escape", `{"sealed":{"form":1,"keys":["person\u002d1"],"box":"AA=="}}`, seal.Text{Sealed: &sealed}, nil},
		{"sealed, with white space", `{"sealed": {"form":1,"keys":["person-1"],"box":"AA=="}}`, seal.Text{Sealed: &sealed}, nil},
		{"sealed, and something else", `{"sealed":{"form":1,"keys":["person-1"],"box":"AA==","more":"AA=="}}`, seal.Text{}, seal.ErrBadText},
		{"sealed, and not whole", `{"sealed":{"form":1,"keys":["person-1],"box":"AA=="}}`, seal.Text{}, errNotJSON},
		{"nothing", `{}`, seal.Text{}, nil},
		{"null", `null`, seal.Text{}, nil},
		{"a misspelt field", `{"claer":"送课"}`, seal.Text{}, seal.ErrBadText},
		{"a misspelt field of the seal", `{"sealed":{"form":1,"key":"person-1"}}`, seal.Text{}, seal.ErrBadText},
		{"a number", `5`, seal.Text{}, seal.ErrBadText},
		{"a list", `["送课"]`, seal.Text{}, seal.ErrBadText},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := seal.Text{Clear: "former"}
			err := json.Unmarshal([]byte(tt.raw), &got)
			if syntax := new(json.SyntaxError); errors.As(err, &syntax) {
				err = errNotJSON
			}
			if !errors.Is(err, tt.err) {
				t.Fatalf("read with %v, want %v", err, tt.err)
			}
			if diff := cmp.Diff(tt.want, got); err == nil && diff != "" {
				t.Errorf("read (-want +got):\n%s", diff)
			}
		})
	}
}

func TestSealer(t *testing.T) {
	vault := &sealtest.Vault{}
	s := seal.Sealer{Vault: vault, Names: sealtest.Names{"李老师": "person-2", "张老师": "person-1"}, Stream: "lesson-1", Fallback: "source-1"}
	former := seal.Text{Sealed: &seal.Sealed{Form: 1, Keys: []string{"person-9"}, Box: "AA=="}}
	topic, prose := s.Topic, s.Prose
	under := func(ctx context.Context, field string, text seal.Text) (seal.Text, error) {
		return s.Under(ctx, field, text, "person-7")
	}
	tests := []struct {
		name string
		how  func(context.Context, string, seal.Text) (seal.Text, error)
		text seal.Text
		keys []string // nil: the text stays as it is
	}{
		{"a topic that names nobody", topic, seal.Text{Clear: "送课"}, nil},
		{"a topic that names two", topic, seal.Text{Clear: "李老师、张老师送课"}, []string{"person-1", "person-2"}},
		{"a topic that looks as if it named somebody", topic, seal.Text{Clear: "周老师示范课"}, []string{"source-1"}},
		{"a topic of a school book", topic, seal.Text{Clear: "怀念鲁迅先生"}, nil},
		{"no topic", topic, seal.Text{}, nil},
		{"a sealed topic", topic, former, nil},
		{"prose that names nobody", prose, seal.Text{Clear: "很好"}, []string{"source-1"}},
		{"prose that names one", prose, seal.Text{Clear: "李老师很好"}, []string{"person-2", "source-1"}},
		{"no prose", prose, seal.Text{}, nil},
		{"sealed prose", prose, former, nil},
		{"a name under its own key", under, seal.Text{Clear: "王老师"}, []string{"person-7"}},
		{"a sealed name", under, former, nil},
	}
	for name, how := range map[string]func(context.Context, string, seal.Text) (seal.Text, error){"topic": topic, "prose": prose, "under": under} {
		t.Run("white space as "+name, func(t *testing.T) {
			blank := seal.Text{Clear: " \u3000\n"}
			if got, err := how(t.Context(), "field", blank); err != nil || got != (seal.Text{}) || !blank.IsZero() {
				t.Errorf("sealed to %+v, %v; want no text", got, err)
			}
		})
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := tt.how(t.Context(), "field", tt.text)
			if err != nil {
				t.Fatal(err)
			}
			if tt.keys == nil {
				if diff := cmp.Diff(tt.text, got); diff != "" {
					t.Errorf("changed (-want +got):\n%s", diff)
				}
				return
			}
			if got.Clear != "" || got.Sealed == nil {
				t.Fatalf("not sealed: %+v", got)
			}
			if diff := cmp.Diff(tt.keys, got.Sealed.Keys); diff != "" {
				t.Errorf("keys (-want +got):\n%s", diff)
			}
			if text, err := vault.Open(t.Context(), *got.Sealed, seal.Place("lesson-1", "field")); err != nil || text != tt.text.Clear {
				t.Errorf("opens to %q, %v", text, err)
			}
		})
	}
}

func TestInClear(t *testing.T) {
	s := seal.Sealer{Vault: &sealtest.Vault{}, Names: sealtest.Names{"海燕": "person-1"}, Stream: "lesson-1", Fallback: "source-1"}
	tests := []struct {
		word          string
		words, office bool
	}{
		{"海燕组", true, true}, {"王老师组", true, true}, {"王小明", true, true}, {"语文", false, false}, {"县教育局", false, false}, {"关工委", false, false}, {"", false, false},
	}
	for _, tt := range tests {
		if got := s.InClear("语文", tt.word); got != tt.words {
			t.Errorf("InClear(%q) = %v, want %v", tt.word, got, tt.words)
		}
		if got := s.OfficesInClear("教研室", tt.word); got != tt.office {
			t.Errorf("OfficesInClear(%q) = %v, want %v", tt.word, got, tt.office)
		}
	}
}
