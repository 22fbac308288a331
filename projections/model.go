package projections

import (
	"context"
	"strings"

	"twinledger/domain/event"
)

// A Model is the pure part of a read model: how the events of one key fold into
// one row. A key is what nothing else shares a row with; joins across keys happen
// when somebody asks.
//
// Of a row only its columns are stored, in a version for every event of the key: a
// version holds from the ordinal of the event that made it to that of the event
// that made the next one, so that what was known on any day is a condition on two
// columns. The rest of a row is folded again from the events of its key, which are
// stored once, when the row is shown. So a key costs in proportion to its events.
type Model[S any] struct {
	Name    string // names the model's table: lower case, no spaces
	Version int    // raised when rows of the same log would come out differently
	// Key returns the key of the row that e belongs to, "" when it belongs to none.
	Key func(e event.Event) string
	// Fold returns the row after a. The row before is the zero value at first.
	// It is pure, cannot fail, and leaves the row before as it is. It may append to
	// a slice of the row before: a row is folded on once only.
	Fold func(row S, a Applied) S
	// Columns are what rows can be found and counted by; those named in Indexed are
	// found without reading other rows.
	Columns []Column[S]
	Indexed []string
}

// Applied is an event at its place in the ledger.
type Applied struct {
	event.Event // as the log holds it, but without its digest
	Ordinal     uint64
}

// A Column is one value of a row that queries may name.
type Column[S any] struct {
	Name  string // lower case
	Type  ColumnType
	Value func(row S) Value
}

// A ColumnType says what a column holds.
type ColumnType int

// The types of columns.
const (
	Text   ColumnType = iota // one text
	Words                    // a set of texts
	Number                   // a whole number
)

// A Value is the value of a column. The zero Value says that nothing is known.
type Value struct {
	Text   string // of a column of texts or words; words are joined by [Joined]
	Number int64
	Known  bool // of a number: it is given
}

// TextColumn returns a column of one text; "" says that nothing is known.
func TextColumn[S any](name string, of func(S) string) Column[S] {
	return Column[S]{name, Text, func(row S) Value { return Value{Text: of(row)} }}
}

// WordsColumn returns a column of a set of words. No word contains a line break.
func WordsColumn[S any](name string, of func(S) []string) Column[S] {
	return Column[S]{name, Words, func(row S) Value { return Value{Text: Joined(of(row)...)} }}
}

// NumberColumn returns a column of a whole number, which may be unknown.
func NumberColumn[S any](name string, of func(S) (n int64, known bool)) Column[S] {
	return Column[S]{name, Number, func(row S) Value {
		n, known := of(row)
		return Value{Number: n, Known: known}
	}}
}

// Joined returns words as one text, with a line break before and behind each of them,
// so that a word is found in it as a whole; "" when there are none.
func Joined(words ...string) string {
	var b strings.Builder
	for _, w := range words {
		if w == "" {
			continue
		}
		if b.Len() == 0 {
			b.WriteByte('\n')
		}
		b.WriteString(w)
		b.WriteByte('\n')
	}
	return b.String()
}

// Split returns the words of a text that Joined made.
func Split(joined string) []string { return strings.Split(strings.Trim(joined, "\n"), "\n") }

// A Query asks for rows as they were known at an ordinal.
type Query struct {
	AsOf   uint64      // the ordinal; 0 means the newest
	Where  []Condition // all must hold
	Kind   string      // only keys of this kind of stream; "" means all
	Keys   []string    // only rows of these keys; nil means all
	Naming []string    // only rows that an event behind them connects with one of these keys: it names the key, or is of its stream; nil means all
	After  string      // only rows behind this key; for paging
	Limit  int         // at most so many rows; 0 means all
}

// A Condition compares a column with values.
type Condition struct {
	Column string
	Test   Test
	Texts  []string // what texts and words are compared with
	Number int64    // what numbers are compared with
}

// A Test is how a condition compares.
type Test int

// The tests. What is not known meets Empty and no other.
const (
	Equals   Test = iota // the text is one of Texts
	Contains             // one of Texts is among the words
	AtLeast              // the number is Number or greater
	AtMost               // the number is Number or less
	Empty                // the text or number is not known, there are no words
	NotEmpty
)

// Is returns the condition that a text is one of those given, or, of "", that it
// is not known.
func Is(column string, texts ...string) Condition {
	if len(texts) == 1 && texts[0] == "" {
		return Condition{Column: column, Test: Empty}
	}
	return Condition{Column: column, Test: Equals, Texts: texts}
}

// Has returns the condition that one of the words given is among a column's.
func Has(column string, words ...string) Condition {
	return Condition{Column: column, Test: Contains, Texts: words}
}

// NotLess returns the condition that a number is n or greater.
func NotLess(column string, n int64) Condition {
	return Condition{Column: column, Test: AtLeast, Number: n}
}

// NotMore returns the condition that a number is n or less.
func NotMore(column string, n int64) Condition {
	return Condition{Column: column, Test: AtMost, Number: n}
}

// Known returns the condition that a column says something.
func Known(column string) Condition { return Condition{Column: column, Test: NotEmpty} }

// Rows answers queries about one model.
type Rows[S any] interface {
	// Select returns the rows asked for, ordered by key.
	Select(ctx context.Context, q Query) ([]S, error)

	// Count counts the rows asked for in groups whose columns by are alike, and
	// adds up their column sum, if one is given. Groups come ordered by their
	// values. After and Limit must not be given.
	Count(ctx context.Context, q Query, by []string, sum string) ([]Group, error)
}

// A Group is some rows that are alike.
type Group struct {
	Values []string // of the columns asked for; a number in decimal, "" when it is not known
	Rows   int
	Sum    int64 // of those rows whose number is known
}
