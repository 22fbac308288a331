package httpapi_test

import (
	"encoding/json"
	"net/http"
	"slices"
	"testing"

	"twinledger/adapters/httpapi"
	"twinledger/domain/calendar"
	"twinledger/domain/intake"
	"twinledger/projections/imports"
)

// The imports of the sample, in the order in which they began.
var importOne, importTwo = "import-" + id("a1"), "import-" + id("a2")

// imported is the sample with two imports of one source: the second is undone.
func imported() httpapi.Config {
	h := &recorder{events: history()}
	source := "source-" + id("a3")
	for _, key := range []string{importOne, importTwo} {
		h.add(key, "import.started", calendar.Unknown, intake.Started{District: county, Source: source, Rows: 4})
		h.add(key, "import.completed", calendar.Unknown, intake.Completed{Recorded: 2, Incomplete: 1, Held: 1})
	}
	h.add(importTwo, "import.undone", calendar.Unknown, intake.Undone{Reason: sealed(source)})
	h.add(source, "source.undone", calendar.Unknown, intake.SourceUndone{Import: importTwo})
	config := sample()
	config.Status, config.Imports = reached(28, 28), remember(imports.Model, h.events)
	return config
}

func TestImports(t *testing.T) {
	h := handler(t, imported())
	for _, tt := range []struct {
		query string
		want  []string // the stages, behind the keys' last characters
		next  bool
	}{
		{"", []string{"a2 undone", "a1 done"}, false},
		{"?as_of=27", []string{"a2 undoing", "a1 done"}, false},
		{"?as_of=25", []string{"a2 begun", "a1 done"}, false},
		{"?as_of=22", nil, false},
		{"?limit=1", []string{"a2 undone"}, true},
		{"?limit=1&after=25", []string{"a1 done"}, false},
		{"?stage=done&district=" + county, []string{"a1 done"}, false},
		{"?source=source-" + id("ff"), nil, false},
	} {
		t.Run(tt.query, func(t *testing.T) {
			w := ask(h, "GET", "/api/v1/imports"+tt.query)
			var answer struct {
				Items []struct{ Key, Stage string }
				Next  string
			}
			if err := json.Unmarshal(w.Body.Bytes(), &answer); err != nil || w.Code != http.StatusOK {
				t.Fatalf("%d %s: %v", w.Code, w.Body, err)
			}
			var got []string
			for _, item := range answer.Items {
				got = append(got, item.Key[len(item.Key)-2:]+" "+item.Stage)
			}
			if !slices.Equal(got, tt.want) || (answer.Next != "") != tt.next {
				t.Errorf("%v, next %q, want %v", got, answer.Next, tt.want)
			}
		})
	}
	w := ask(h, "GET", "/api/v1/imports")
	served(t, h).check(t, "/api/v1/imports", w)
	golden(t, "imports.json", w.Body.Bytes())
}
