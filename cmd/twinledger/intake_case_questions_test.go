package main

import (
	"encoding/json"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// An askedQuestion is a question of an import. What it is about is looked for in
// its whole text, so that cases do not depend on how questions are worded.
type askedQuestion struct {
	Number    int               `json:"number"`
	Key       string            `json:"key"`
	Answer    string            `json:"answer"` // "" while it is open
	Suggested string            `json:"suggested"`
	Where     json.RawMessage   `json:"where"`
	Rows      json.RawMessage   `json:"rows"`
	Choices   []json.RawMessage `json:"choices"`

	text string // the question as JSON
}

// UnmarshalJSON reads a question and keeps its text.
func (q *askedQuestion) UnmarshalJSON(raw []byte) error {
	type plain askedQuestion
	err := json.Unmarshal(raw, (*plain)(q))
	q.text = string(raw)
	return err
}

// name is the same whenever the question is asked.
func (q askedQuestion) name() string {
	if q.Key != "" {
		return q.Key
	}
	return strconv.Itoa(q.Number)
}

// letter returns the letter of the first choice that leads to what is meant, ""
// when none does.
func (q askedQuestion) letter(meant string) string {
	for _, choice := range q.Choices {
		var lettered struct {
			Letter string `json:"letter"`
		}
		if err := json.Unmarshal(choice, &lettered); err == nil && containsAny(string(choice), meant) {
			return lettered.Letter
		}
	}
	return ""
}

// open returns the questions that were not answered yet.
func (f importedFile) open() []askedQuestion {
	return slices.DeleteFunc(slices.Clone(f.Questions), func(q askedQuestion) bool { return q.Answer != "" })
}

// matches tells whether q asks what is expected: about the column, with one of
// the written values, in all the rows, and with all the choices.
func (e expectedQuestion) matches(q askedQuestion) bool {
	if e.column != "*" && !containsAny(q.text, e.column) {
		return false
	}
	if len(e.written) > 0 && !slices.ContainsFunc(e.written, func(written string) bool { return containsAny(q.text, written) }) {
		return false
	}
	for _, row := range e.rows {
		number := row[strings.LastIndex(row, "!")+1:]
		if !namesNumber(string(q.Where)+" "+string(q.Rows), number) {
			return false
		}
	}
	wanted := slices.Clone(e.choices)
	if e.answer != "" {
		wanted = append(wanted, e.answer)
	}
	return !slices.ContainsFunc(wanted, func(choice string) bool { return q.letter(choice) == "" })
}

var numbersOrSpans = regexp.MustCompile(`(\d+)(?:[-–—](\d+))?`)

// namesNumber tells whether a text names a number by itself or within a span, as
// 3-5 names 4; 45 does not name 4.
func namesNumber(text, number string) bool {
	wanted, err := strconv.Atoi(number)
	if err != nil {
		return false
	}
	return slices.ContainsFunc(numbersOrSpans.FindAllStringSubmatch(text, -1), func(m []string) bool {
		from, errFrom := strconv.Atoi(m[1])
		to, errTo := from, error(nil)
		if m[2] != "" {
			to, errTo = strconv.Atoi(m[2])
		}
		return errFrom == nil && errTo == nil && from <= wanted && wanted <= to
	})
}

// A givenAnswer is a question with the letter of the choice that the clerk takes.
type givenAnswer struct {
	question askedQuestion
	letter   string
}

// mostRounds is how often a file may ask further questions after answers: the
// columns must be known before a cell can be asked about.
const mostRounds = 3

// answerQuestions looks at the file, compares what it asks with what it should
// ask, and returns the flags that answer it and how many questions stay open.
func (r *caseRun) answerQuestions(step intakeStep) (flags []string, open int) {
	var given []givenAnswer
	expected, further, known := slices.Clone(step.asks), 0, map[string]bool{}
	text := ""
	for round := range mostRounds {
		var looked importedFile
		looked, text, _ = r.imported(append(append(slices.Clone(step.args), "--dry-run"), flags...))
		before := len(given)
		for _, q := range looked.open() {
			if known[q.name()] {
				continue
			}
			known[q.name()] = true
			letter := q.Suggested
			if i := slices.IndexFunc(expected, func(e expectedQuestion) bool { return e.matches(q) }); i >= 0 {
				letter = ""
				if expected[i].answer != "" {
					letter = q.letter(expected[i].answer)
				}
				expected = slices.Delete(expected, i, i+1)
			} else if further++; further > step.accepts {
				r.problem("%v: should not ask: %s", step.args, q.text)
				continue
			}
			if letter == "" {
				open++
				continue
			}
			given = append(given, givenAnswer{q, letter})
		}
		if len(given) == before {
			break
		}
		flags = answerFlags(given, round > 0)
	}
	for _, e := range expected {
		r.problem("%v: nothing asks about %s %v in rows %v with choices %v:\n%s", step.args, e.column, e.written, e.rows, e.choices, text)
	}
	return flags, open
}

// answerFlags writes answers as flags. Later rounds name questions by their keys,
// because further questions may have changed the numbers.
func answerFlags(given []givenAnswer, byKey bool) []string {
	var flags []string
	for _, g := range given {
		name := strconv.Itoa(g.question.Number)
		if byKey && g.question.Key != "" {
			name = g.question.Key
		}
		flags = append(flags, "--answer", name+"="+g.letter)
	}
	return flags
}
