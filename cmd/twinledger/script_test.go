package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

// TestMain lets the many processes that the tests run end at once: with the race
// detector, each would sleep for a second before it exits.
func TestMain(m *testing.M) {
	if os.Getenv(raceOptions) == "" {
		if err := os.Setenv(raceOptions, "atexit_sleep_ms=20"); err != nil {
			panic(err)
		}
	}
	testscript.Main(m, map[string]func(){"twinledger": main})
}

// raceOptions is the environment variable from which the race detector takes its
// options.
const raceOptions = "GORACE"

// setUp gives a script the sample's record files and the race detector's options.
func setUp(env *testscript.Env) error {
	records, err := filepath.Abs("sample/records")
	env.Setenv("RECORDS", records)
	env.Setenv(raceOptions, os.Getenv(raceOptions))
	return err
}

// TestScripts runs the command line as a person would; every script is a story.
func TestScripts(t *testing.T) {
	t.Parallel()
	testscript.Run(t, testscript.Params{
		Dir:   "testdata/script",
		Cmds:  map[string]func(*testscript.TestScript, bool, []string){"jsonok": jsonOK},
		Setup: setUp,
	})
}

// jsonOK is the script command "jsonok FILE [COUNT]": FILE, which may be stdout
// or stderr, holds JSON documents, one a line, and COUNT of them where that is
// said; at least one otherwise. Their fields have snake_case names.
func jsonOK(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 1 || len(args) > 2 {
		ts.Fatalf("usage: jsonok FILE [COUNT]")
	}
	content := ts.ReadFile(args[0])
	count := 0
	for line := range strings.Lines(content) {
		var document any
		if err := json.Unmarshal([]byte(line), &document); err != nil {
			ts.Fatalf("line %d of %s is no JSON document: %v\n%s", count+1, args[0], err, line)
		}
		eachField(document, func(name string) {
			if !snakeCase.MatchString(name) {
				ts.Fatalf("%s has a field %q, which is no snake_case", args[0], name)
			}
		})
		count++
	}
	if count == 0 || len(args) == 2 && fmt.Sprint(count) != args[1] {
		ts.Fatalf("%s has %d documents\n%s", args[0], count, content)
	}
}

var snakeCase = regexp.MustCompile(`^[a-z][a-z0-9]*(_[a-z0-9]+)*$`)

// eachField visits the name of every field within decoded JSON.
func eachField(document any, visit func(name string)) {
	switch d := document.(type) {
	case []any:
		for _, one := range d {
			eachField(one, visit)
		}
	case map[string]any:
		for name, value := range d {
			visit(name)
			eachField(value, visit)
		}
	}
}
