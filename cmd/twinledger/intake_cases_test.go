package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
)

// TestIntakeCases imports every case of testdata/intake as a clerk would and
// compares what became of it with what she expects. A case that is marked as
// known must fail; when it passes, the mark has to go.
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
			problems := strings.Join(r.problems, "\n")
			switch {
			case c.known == "" && problems != "":
				t.Error(problems)
			case c.known != "" && problems == "":
				t.Errorf("the case passes: remove its line \"known: %s\"", c.known)
			case c.known != "":
				t.Skipf("known: %s\n%s", c.known, problems)
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

// An importedFile is what "import --json" prints, as far as cases look at it.
type importedFile struct {
	Rows []struct {
		SheetName string   `json:"sheet_name"`
		Row       int      `json:"row"`
		Outcome   string   `json:"outcome"`
		Record    string   `json:"record"`
		Occurred  string   `json:"occurred"`
		Unknowns  []string `json:"unknowns"`
	} `json:"rows"`
	Questions []askedQuestion `json:"questions"`
	Counts    map[string]int  `json:"counts"`
}

// An askedQuestion is a question of an import. Where it asks, what is written
// there and what the choices lead to is looked for as text.
type askedQuestion struct {
	Number  int             `json:"number"`
	Where   json.RawMessage `json:"where"`
	Written json.RawMessage `json:"written"`
	Choices []struct {
		Letter  string          `json:"letter"`
		Meaning json.RawMessage `json:"meaning"`
	} `json:"choices"`
	Suggested string `json:"suggested"` // the letter of a choice
}

// importFile looks at a file first, compares and answers the questions, and then
// imports it.
func (r *caseRun) importFile(step intakeStep) {
	looked, text, _ := r.imported(append(slices.Clone(step.args), "--dry-run"))
	answers := r.compareQuestions(step, looked.Questions, text)
	taken, text, code := r.imported(append(slices.Clone(step.args), answers...))
	r.said(step, code, text)
	if len(answers) > 0 && len(taken.Questions) > len(looked.Questions)-len(answers)/2 {
		r.problem("%v: asks again after the answers:\n%s", step.args, text)
	}
	for name, count := range step.counts {
		if taken.Counts[name] != count {
			r.problem("%v: %d %s, want %d", step.args, taken.Counts[name], name, count)
		}
	}
	if step.anyRows || code != exitDone && step.exit == exitDone {
		return
	}
	lines := r.linesOf(taken)
	for _, row := range step.rows {
		r.compareRow(step, row, taken, lines)
	}
	for _, row := range taken.Rows {
		name := r.nameOf(step, row.SheetName, row.Row)
		if !slices.ContainsFunc(step.rows, func(e expectedRow) bool { return e.row == name }) {
			r.problem("%v: row %s is a record (%s) and should be none", step.args, name, row.Outcome)
		}
	}
}

// imported runs an import and reads its report; what it printed is returned too.
func (r *caseRun) imported(args []string) (importedFile, string, int) {
	out, told, code := r.twinledger(append([]string{"--json"}, args...)...)
	var report importedFile
	if line, _, _ := bytes.Cut(out, []byte("\n")); len(line) > 0 {
		if err := json.Unmarshal(line, &report); err != nil {
			r.problem("%v: %v in %s", args, err, line)
		}
	}
	return report, string(out) + string(told), code
}

// nameOf names a row of the report as the case does.
func (r *caseRun) nameOf(step intakeStep, sheet string, number int) string {
	file, _ := r.file(step.args)
	if file.rows[rowName("", number)] || !file.rows[rowName(sheet, number)] {
		return rowName("", number)
	}
	return rowName(sheet, number)
}

// compareQuestions compares what is asked with what should be asked, and returns
// the flags that answer it.
func (r *caseRun) compareQuestions(step intakeStep, asked []askedQuestion, text string) []string {
	if n := len(asked) - len(step.asks); n < 0 || n > step.accepts {
		r.problem("%v: %d questions, want %d and at most %d more:\n%s", step.args, len(asked), len(step.asks), step.accepts, text)
	}
	var answers []string
	left := slices.Clone(asked)
	for _, want := range step.asks {
		i := slices.IndexFunc(left, want.matches)
		if i < 0 {
			r.problem("%v: nothing asks about %s %v in rows %v with choices %v:\n%s", step.args, want.column, want.written, want.rows, want.choices, text)
			continue
		}
		q := left[i]
		left = slices.Delete(left, i, i+1)
		if want.answer == "" {
			continue
		}
		for _, choice := range q.Choices {
			if containsAny(string(choice.Meaning), want.answer) {
				answers = append(answers, "--answer", strconv.Itoa(q.Number)+"="+choice.Letter)
				break
			}
		}
	}
	for _, q := range left {
		if step.accepts > 0 && q.Suggested != "" {
			answers = append(answers, "--answer", strconv.Itoa(q.Number)+"="+q.Suggested)
		}
	}
	return answers
}

// matches tells whether q asks what is expected.
func (e expectedQuestion) matches(q askedQuestion) bool {
	if e.column != "*" && !containsAny(string(q.Where), e.column) {
		return false
	}
	for _, written := range e.written {
		if !containsAny(string(q.Written), written) {
			return false
		}
	}
	for _, row := range e.rows {
		_, number, ok := strings.Cut(row, "!")
		if !ok {
			number = row
		}
		if !wholeNumber(string(q.Where), number) {
			return false
		}
	}
	for _, choice := range append(slices.Clone(e.choices), e.answer) {
		if choice != "" && !slices.ContainsFunc(q.Choices, func(c struct {
			Letter  string          `json:"letter"`
			Meaning json.RawMessage `json:"meaning"`
		}) bool {
			return containsAny(string(c.Meaning), choice)
		}) {
			return false
		}
	}
	return true
}

// wholeNumber tells whether a text names a number that is no part of a longer one;
// a span 3-5 names 4 too.
func wholeNumber(text, number string) bool {
	wanted, err := strconv.Atoi(number)
	if err != nil {
		return false
	}
	for _, m := range numbersOrSpans.FindAllStringSubmatch(text, -1) {
		from, _ := strconv.Atoi(m[1]) // the expression takes digits only
		to := from
		if m[2] != "" {
			to, _ = strconv.Atoi(m[2])
		}
		if from <= wanted && wanted <= to {
			return true
		}
	}
	return false
}
