package main

import (
	"path/filepath"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"twinledger": main})
}

// TestScripts runs the command line as a person would; every script is a story.
func TestScripts(t *testing.T) {
	records, err := filepath.Abs("sample/records")
	if err != nil {
		t.Fatal(err)
	}
	testscript.Run(t, testscript.Params{
		Dir: "testdata/script",
		Setup: func(env *testscript.Env) error {
			env.Setenv("RECORDS", records)
			return nil
		},
	})
}
