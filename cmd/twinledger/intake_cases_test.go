package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// TestIntakeCases imports every case of testdata/intake as a clerk would and
// compares what became of it with what she expects.
func TestIntakeCases(t *testing.T) {
	t.Parallel()
	paths, err := filepath.Glob(filepath.Join(intakeFolder, "*.txt"))
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range paths {
		c, err := readIntakeCase(path)
		if err != nil {
			t.Error(err)
			continue
		}
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			r := &caseRun{t: t, folder: t.TempDir(), intakeCase: c}
			r.run()
			if len(r.problems) > 0 {
				t.Error(strings.Join(r.problems, "\n"))
			}
		})
	}
}

// A caseRun carries out one case in a ledger of its own.
type caseRun struct {
	intakeCase
	t        *testing.T
	folder   string
	problems []string
}

func (r *caseRun) problem(format string, values ...any) {
	r.problems = append(r.problems, fmt.Sprintf(format, values...))
}

// run makes the ledger and takes one step after the other.
func (r *caseRun) run() {
	for _, file := range r.files {
		if err := os.WriteFile(filepath.Join(r.folder, file.name), file.content, 0o600); err != nil {
			r.t.Fatal(err)
		}
	}
	if _, told, code := r.twinledger("init", "--district", "某县", "--assume", fmt.Sprintf("2015-%d", time.Now().Year()+2)); code != exitDone {
		r.t.Fatalf("init: %s", told)
	}
	for _, step := range r.steps {
		if step.args[0] == "import" {
			r.importFile(step)
		} else {
			r.command(step)
		}
	}
	r.searchLog()
}

// searchLog looks for texts in the file of the log: names must not stand there,
// and other texts must, or looking for names would prove nothing.
func (r *caseRun) searchLog() {
	var log []byte
	for _, name := range []string{"ledger.sqlite", "ledger.sqlite-wal"} {
		content, err := os.ReadFile(filepath.Join(r.folder, "ledger", name))
		if err != nil && !os.IsNotExist(err) {
			r.t.Fatal(err)
		}
		log = append(log, content...)
	}
	for _, text := range r.seals {
		if bytes.Contains(log, []byte(text)) {
			r.problem("the log holds %q in clear", text)
		}
	}
	for _, text := range r.clear {
		if !bytes.Contains(log, []byte(text)) {
			r.problem("the log does not hold %q", text)
		}
	}
}

// twinledger runs one command line on the case's ledger; names of the case's
// files stand for the files.
func (r *caseRun) twinledger(args ...string) (out, told []byte, code int) {
	line := []string{"-d", filepath.Join(r.folder, "ledger")}
	for _, arg := range args {
		if slices.ContainsFunc(r.files, func(f intakeFile) bool { return f.name == arg }) {
			arg = filepath.Join(r.folder, arg)
		}
		line = append(line, arg)
	}
	return runHere(r.t, "", line...)
}

// command runs a step that is no import.
func (r *caseRun) command(step intakeStep) {
	out, told, code := r.twinledger(step.args...)
	r.said(step, code, string(out)+string(told))
}

// said compares an exit code and what was printed.
func (r *caseRun) said(step intakeStep, code int, text string) {
	if code != step.exit {
		r.problem("%v: exit code %d, want %d:\n%s", step.args, code, step.exit, text)
	}
	for _, wanted := range step.says {
		if !containsAny(text, wanted) {
			r.problem("%v: does not say %q:\n%s", step.args, wanted, text)
		}
	}
	for _, unwanted := range step.never {
		if containsAny(text, unwanted) {
			r.problem("%v: says %q:\n%s", step.args, unwanted, text)
		}
	}
}

func containsAny(text, alternatives string) bool {
	return slices.ContainsFunc(strings.Split(alternatives, " or "), func(one string) bool { return strings.Contains(text, one) })
}
