package main

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/rogpeppe/go-internal/txtar"
)

// An intakeCase is one case of testdata/intake: files as offices keep them, and
// what a clerk expects of them. README.md in that folder describes the form.
type intakeCase struct {
	name  string
	seals []string // what the log must not hold in clear
	clear []string // what it holds in clear, so that seals are looked for rightly
	files []intakeFile
	steps []intakeStep
}

// An intakeFile is one input of a case, written out as the reader will get it.
type intakeFile struct {
	name    string
	content []byte
	rows    map[string]bool // every row that is not empty, named as in expectations
}

// An intakeStep is one command line of a case with what it must lead to.
type intakeStep struct {
	args    []string
	exit    int
	rows    []expectedRow
	anyRows bool     // the step says nothing of the rows
	others  []string // rows that are no records
	asks    []expectedQuestion
	accepts int      // how many further questions are allowed; the clerk takes what each suggests
	says    []string // each is alternatives, separated by " or "
	never   []string
	counts  map[string]int
}

// An expectedRow is what must become of one row. A column that is "*" is not
// looked at, and one that is "-" must be empty.
type expectedRow struct {
	row     string            // its number, after the sheet's name and "!" when the file has several
	outcome string            // as the report has it; "taken" is recorded or incomplete, "*" any
	columns map[string]string // by name, of expectedColumns
}

// expectedColumns are the columns of an expected row after its outcome.
var expectedColumns = []string{"date", "kinds", "community", "from", "to", "people", "subjects", "quantity", "evidence", "unknowns"}

// An expectedQuestion is a question that an import must ask once for the file.
type expectedQuestion struct {
	column  string
	written []string
	rows    []string
	choices []string // what choices lead to, each alternatives
	answer  string   // the choice that the clerk takes; "" when she does not answer
}

// relativeYears replaces the years of cases that speak of the future, which must
// stay the future whenever the test runs.
var relativeYears = strings.NewReplacer("«今年»", strconv.Itoa(time.Now().Year()), "«明年»", strconv.Itoa(time.Now().Year()+1))

// readIntakeCase reads one case file.
func readIntakeCase(path string) (intakeCase, error) {
	c := intakeCase{name: strings.TrimSuffix(filepath.Base(path), ".txt")}
	content, err := os.ReadFile(path)
	if err != nil {
		return c, err
	}
	archive := txtar.Parse([]byte(relativeYears.Replace(string(content))))
	for line := range strings.Lines(string(archive.Comment)) {
		word, rest, _ := strings.Cut(line, ":")
		rest = strings.TrimSpace(rest)
		switch word {
		case "sealed":
			c.seals = append(c.seals, rest)
		case "clear":
			c.clear = append(c.clear, rest)
		}
	}
	for _, section := range archive.Files {
		kind, rest, _ := strings.Cut(section.Name, " ")
		switch kind {
		case "xlsx", "csv", "copy":
			file, err := readIntakeFile(kind, strings.Fields(rest), string(section.Data))
			if err != nil {
				return c, fmt.Errorf("%s: %s: %w", c.name, section.Name, err)
			}
			c.files = append(c.files, file)
		case "import", "run":
			args := strings.Fields(section.Name)
			if kind == "run" {
				args = args[1:]
			}
			step, err := readIntakeStep(args, string(section.Data))
			if err != nil {
				return c, fmt.Errorf("%s: %s: %w", c.name, section.Name, err)
			}
			c.steps = append(c.steps, step)
		default:
			return c, fmt.Errorf("%s: unknown section %q", c.name, section.Name)
		}
	}
	if len(c.files) == 0 || len(c.steps) == 0 {
		return c, fmt.Errorf("%s: a case has at least one file and one step", c.name)
	}
	return c, c.check()
}

// check refuses a case that leaves a row of an imported file unmentioned, mentions
// one that the file does not have, or looks for what its own command line says. So
// no case can overlook a row or hold by chance.
func (c intakeCase) check() error {
	for _, step := range c.steps {
		for _, wanted := range step.says {
			if containsAny(strings.Join(step.args, " "), wanted) {
				return fmt.Errorf("%s: %v names %q itself, so what is printed says nothing", c.name, step.args, wanted)
			}
		}
		if step.args[0] != "import" || step.anyRows {
			continue
		}
		file, ok := c.file(step.args)
		if !ok {
			return fmt.Errorf("%s: %v imports no file of the case", c.name, step.args)
		}
		mentioned := slices.Clone(step.others)
		for _, row := range step.rows {
			mentioned = append(mentioned, row.row)
		}
		for i, row := range mentioned {
			if !file.rows[row] {
				return fmt.Errorf("%s: %v expects something of row %s, which %s does not have", c.name, step.args, row, file.name)
			}
			if slices.Contains(mentioned[:i], row) {
				return fmt.Errorf("%s: %v mentions row %s twice", c.name, step.args, row)
			}
		}
		for row := range file.rows {
			if !slices.Contains(mentioned, row) {
				return fmt.Errorf("%s: %v does not say what becomes of row %s of %s", c.name, step.args, row, file.name)
			}
		}
	}
	return nil
}

// file returns the file of the case that a command line names.
func (c intakeCase) file(args []string) (intakeFile, bool) {
	for _, file := range c.files {
		if slices.Contains(args, file.name) {
			return file, true
		}
	}
	return intakeFile{}, false
}

// readIntakeStep reads what a step must lead to.
func readIntakeStep(args []string, text string) (intakeStep, error) {
	s := intakeStep{args: args, counts: map[string]int{}}
	number := 0
	for line := range strings.Lines(text) {
		number++
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		if err := s.readLine(line); err != nil {
			return s, fmt.Errorf("line %d: %q: %w", number, line, err)
		}
	}
	s.anyRows = s.anyRows || s.exit != exitDone && len(s.rows) == 0
	return s, nil
}

func (s *intakeStep) readLine(line string) error {
	word, rest, _ := strings.Cut(line, " ")
	rest = strings.TrimSpace(rest)
	switch word {
	case "exit":
		code, err := strconv.Atoi(rest)
		s.exit = code
		return err
	case "rows":
		s.anyRows = rest == "any"
		if !s.anyRows {
			return fmt.Errorf("only \"rows any\" may be said")
		}
	case "says":
		s.says = append(s.says, rest)
	case "never":
		s.never = append(s.never, rest)
	case "count":
		for _, field := range strings.Fields(rest) {
			name, value, _ := strings.Cut(field, "=")
			count, err := strconv.Atoi(value)
			if err != nil {
				return err
			}
			s.counts[name] = count
		}
	case "other":
		rows, _, _ := strings.Cut(rest, "#")
		others, err := rowNames(rows)
		s.others = append(s.others, others...)
		return err
	case "accept":
		most, err := strconv.Atoi(rest)
		s.accepts = most
		return err
	case "ask":
		q, err := readQuestion(rest)
		s.asks = append(s.asks, q)
		return err
	default:
		row, err := readExpectedRow(line)
		s.rows = append(s.rows, row)
		return err
	}
	return nil
}

func readQuestion(text string) (expectedQuestion, error) {
	cells := cut(text, "|")
	if len(cells) < 4 || len(cells) > 5 {
		return expectedQuestion{}, fmt.Errorf("write: ask COLUMN | WRITTEN | ROWS | CHOICES | ANSWER")
	}
	q := expectedQuestion{column: cells[0]}
	if cells[1] != "*" {
		q.written = cut(cells[1], ";")
	}
	if cells[2] != "*" {
		rows, err := rowNames(cells[2])
		if err != nil {
			return q, err
		}
		q.rows = rows
	}
	if cells[3] != "*" {
		q.choices = cut(cells[3], ";")
	}
	if len(cells) == 5 {
		q.answer = cells[4]
	}
	return q, nil
}

func readExpectedRow(text string) (expectedRow, error) {
	cells := cut(text, "|")
	if len(cells) < 2 || len(cells) > 2+len(expectedColumns) {
		return expectedRow{}, fmt.Errorf("write: ROW | OUTCOME | %s", strings.Join(expectedColumns, " | "))
	}
	outcomes := []string{"recorded", "incomplete", "held", "already", "taken", "*"}
	row := expectedRow{row: cells[0], outcome: cells[1], columns: map[string]string{}}
	if !slices.Contains(outcomes, row.outcome) {
		return row, fmt.Errorf("the outcome is one of %v", outcomes)
	}
	for i, cell := range cells[2:] {
		row.columns[expectedColumns[i]] = cell
	}
	return row, nil
}

var rowRange = regexp.MustCompile(`^(?:(.+)!)?(\d+)(?:-(\d+))?$`)

// rowNames returns the rows of a list such as "2-4,7" or "4月!3".
func rowNames(text string) ([]string, error) {
	var names []string
	for _, part := range cut(text, ",") {
		m := rowRange.FindStringSubmatch(part)
		if m == nil {
			return nil, fmt.Errorf("%q names no rows", part)
		}
		from, err := strconv.Atoi(m[2])
		if err != nil {
			return nil, err
		}
		to := from
		if m[3] != "" {
			if to, err = strconv.Atoi(m[3]); err != nil {
				return nil, err
			}
		}
		for n := from; n <= to; n++ {
			names = append(names, rowName(m[1], n))
		}
	}
	return names, nil
}

// rowName names a row; sheet is "" where the file has only one.
func rowName(sheet string, number int) string {
	if sheet == "" {
		return strconv.Itoa(number)
	}
	return sheet + "!" + strconv.Itoa(number)
}

// cut returns the parts of a text between separators, trimmed.
func cut(text, separator string) []string {
	var parts []string
	for part := range strings.SplitSeq(text, separator) {
		parts = append(parts, strings.TrimSpace(part))
	}
	return parts
}
