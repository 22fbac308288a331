package intake

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"twinledger/domain/chinese"
	"twinledger/domain/event"
	"twinledger/domain/fault"
	"twinledger/domain/intake/reading"
	"twinledger/domain/record"
	"twinledger/domain/seal"
)

func clearText(text string) seal.Text { return seal.Text{Clear: text} }

// said returns what the clerk said with this import, checked.
func (run *run) said() (reading.Answers, error) {
	o := run.options
	a := reading.Answers{Columns: map[string]string{}, Words: map[string]string{}, Values: map[string]string{}, Choices: map[string]string{}}
	by := map[string]string{}
	for _, given := range slices.Sorted(maps.Keys(o.Columns)) {
		heading, column := compact(narrow(given)), compact(o.Columns[given])
		at := fault.Place{Column: heading, Value: column}
		switch {
		case heading == "" || column != reading.None && !reading.IsColumn(column):
			return a, reading.ErrUnknownColumn.At(at).With("columns", strings.Join(reading.Columns(reading.Activity), "、"))
		case a.Columns[heading] != "" && a.Columns[heading] != column, column != reading.None && by[column] != "" && by[column] != heading:
			return a, reading.ErrMappedTwice.At(at).With("headings", by[column]+"、"+heading)
		case run.namesSomebody(heading):
			return a, reading.ErrNameInHeading
		}
		a.Columns[heading], by[column] = column, heading
	}
	for given, value := range o.Values {
		column := compact(given)
		if !reading.IsColumn(column) || strings.TrimSpace(value) == "" {
			return a, reading.ErrUnknownColumn.At(fault.Place{Column: column, Value: value}).With("columns", strings.Join(reading.Columns(reading.Activity), "、"))
		}
		if reading.StaysInClear(column) && (run.namesSomebody(value) || seal.IsLikeName(value)) {
			return a, record.ErrNameInClear.At(fault.Place{Column: column})
		}
		a.Values[column] = strings.TrimSpace(value)
	}
	for word, meant := range o.Words {
		a.Words[compact(word)] = strings.TrimSpace(meant)
	}
	return a, nil
}

// namesSomebody tells whether a text names somebody whom the ledger knows, or looks as if it
// named a person.
func (run *run) namesSomebody(text string) bool {
	return len(run.Names.In(text)) > 0 || seal.LooksLikeName(text)
}

// together returns what was said before with what is said now in front of it: a column that is
// mapped anew loses its former heading.
func together(before, now reading.Answers) reading.Answers {
	taken := map[string]bool{}
	for _, column := range now.Columns {
		taken[column] = true
	}
	out := reading.Answers{Columns: maps.Clone(now.Columns), Words: maps.Clone(before.Words), Values: maps.Clone(before.Values), Choices: maps.Clone(before.Choices)}
	for heading, column := range before.Columns {
		if out.Columns[heading] == "" && !taken[column] {
			out.Columns[heading] = column
		}
	}
	maps.Copy(out.Words, now.Words)
	maps.Copy(out.Values, now.Values)
	return out
}

// A memory is what a source is remembered to answer.
type memory struct {
	Columns []MappedColumn    `json:"columns,omitempty"`
	Words   map[string]string `json:"words,omitempty"`
	Values  map[string]string `json:"values,omitempty"`
	Choices map[string]string `json:"choices,omitempty"` // by the keys of questions
}

// memorise notes what the source is remembered to answer from now on, and which headings of
// the file were read as columns of another name.
func (run *run) memorise(report *Report, file *reading.File, all, said reading.Answers, source sourceState) {
	before := source.memory.answers()
	for _, c := range columnsOf(file.Tables) {
		report.Columns = append(report.Columns, ReadColumn{c, said.Columns[c.Heading] == "" && before.Columns[c.Heading] != ""})
	}
	report.memory = memory{Words: all.Words, Values: all.Values, Choices: all.Choices}
	for _, heading := range slices.Sorted(maps.Keys(all.Columns)) {
		report.memory.Columns = append(report.memory.Columns, MappedColumn{heading, all.Columns[heading]})
	}
	report.remember = !slices.Equal(list(all), list(before))
}

// answers returns the memory as reading takes it.
func (m memory) answers() reading.Answers {
	a := reading.Answers{Columns: map[string]string{}, Words: filled(m.Words), Values: filled(m.Values), Choices: filled(m.Choices)}
	for _, c := range m.Columns {
		a.Columns[c.Heading] = c.Column
	}
	return a
}

func filled(m map[string]string) map[string]string {
	if m == nil {
		return map[string]string{}
	}
	return maps.Clone(m)
}

// list returns answers in one order, so that they can be compared and enter a key.
func list(a reading.Answers) []string {
	var out []string
	for _, part := range []map[string]string{a.Columns, a.Words, a.Values, a.Choices} {
		for _, key := range slices.Sorted(maps.Keys(part)) {
			out = append(out, key, part[key])
		}
		out = append(out, "")
	}
	return out
}

// stored returns the memory as it is stored: what was answered may name people and is sealed.
func (m memory) stored() (SourceMapped, error) {
	text, err := event.Marshal(memory{Words: m.Words, Values: m.Values, Choices: m.Choices})
	return SourceMapped{Columns: m.Columns, Answers: clearText(string(text))}, err
}

// recalled returns what a stored memory says. Answers whose key is gone are forgotten.
func (im *Importer) recalled(ctx context.Context, source string, stored SourceMapped) (memory, error) {
	m := memory{}
	if stored.Answers.Sealed != nil {
		text, err := im.Handler.Vault.Open(ctx, *stored.Answers.Sealed, seal.Place(source, AnswersField))
		if err != nil && !errors.Is(err, seal.ErrNoKey) {
			return m, err
		}
		if err == nil {
			if err := json.Unmarshal([]byte(text), &m); err != nil {
				return m, fmt.Errorf("read answers of %s: %w", source, err)
			}
		}
	}
	m.Columns = stored.Columns
	return m, nil
}

// narrow returns a heading as a file's text is read: full-width signs as plain ones.
func narrow(text string) string { return chinese.Narrow(text) }
