package domain_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"twinledger/domain"
	"twinledger/domain/command"
	"twinledger/domain/event"
	"twinledger/domain/event/eventtest"
)

// TestEveryEventHasItsSamples finds the type whose package forgot them: the
// sample of every version lies in one domain package, which checks its samples.
func TestEveryEventHasItsSamples(t *testing.T) {
	for _, name := range domain.Events(nil).Names() {
		for version := 1; version <= name.Version; version++ {
			path := eventtest.Path(event.TypeVersion{Type: name.Type, Version: version})
			found, err := filepath.Glob(filepath.Join("*", path))
			if err != nil {
				t.Fatal(err)
			}
			if len(found) != 1 {
				t.Errorf("%s lies in %d packages of domain, want 1: %v", path, len(found), found)
				continue
			}
			folder, _, _ := strings.Cut(found[0], string(filepath.Separator))
			if !mentions(t, folder, "eventtest.Samples(") {
				t.Errorf("domain/%s has samples but no test that checks them; call eventtest.Samples", folder)
			}
		}
	}
}

// mentions tells whether a test file of folder contains text.
func mentions(t *testing.T, folder, text string) bool {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(folder, "*_test.go"))
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		b, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(string(b), text) {
			return true
		}
	}
	return false
}

// TestCommandsAreNamedOnce holds the catalogue: no command hides another, every
// one that a person may send says in both languages what it does, and its name
// begins with the kind of stream that it addresses.
func TestCommandsAreNamedOnce(t *testing.T) {
	for name, d := range domain.Commands() {
		kind, _, _ := strings.Cut(name, ".")
		if d.Name != name || d.Kind != kind {
			t.Errorf("command %s is called %s and addresses %s", name, d.Name, d.Kind)
		}
		if !d.Internal && (d.ZH == "" || d.EN == "") {
			t.Errorf("command %s does not say what it does", name)
		}
	}
}

// TestExamplesCanBeSent keeps the help honest: the example body of every
// command is one that the parser reads.
func TestExamplesCanBeSent(t *testing.T) {
	commands := domain.Commands()
	for name, d := range commands {
		if d.Internal {
			continue
		}
		t.Run(name, func(t *testing.T) {
			body, err := event.Marshal(d.Example())
			if err != nil {
				t.Fatal(err)
			}
			if _, err := command.ParseRequest([]byte(`{"command":"`+name+`","data":`+string(body)+`}`), commands); err != nil {
				t.Errorf("%s: %v", body, err)
			}
		})
	}
}
