package projections

import (
	"context"

	"twinledger/domain/event"
)

// A Model is the pure part of a read model: how the events of one key fold into
// one row. A key is what nothing else shares a row with; joins across keys happen
// when somebody asks.
//
// Every row is kept in all its versions: a version is valid from the ordinal of
// the event that made it to that of the event that replaced it, so that what was
// known on any day is a condition on two columns and never a replay.
type Model[S any] struct {
	Name    string // names files and metrics; lower case
	Version int    // raised when rows of the same log would come out differently
	// Key returns the key of the row that a belongs to, "" when it belongs to none.
	Key func(a Applied) string
	// Fold returns the row after a. The row before is the zero value at first.
	// It is pure and cannot fail.
	Fold func(row S, a Applied) S
	// Columns are what rows can be found by.
	Columns []Column[S]
}

// Applied is an event at its place in the ledger.
type Applied struct {
	event.Event
	Ordinal uint64
	Hash    [32]byte // running hash up to and including it
}

// A Column is one value of a row that queries may name.
type Column[S any] struct {
	Name  string             // lower case
	Value func(row S) string // several values are joined by spaces, with one at each end; see [Words]
}

// Words joins values so that a query for one of them finds the row.
func Words(values ...string) string {
	out := " "
	for _, v := range values {
		if v != "" {
			out += v + " "
		}
	}
	return out
}

// A Query asks for rows as they were known at an ordinal.
type Query struct {
	AsOf   uint64      // the ordinal; 0 means the newest
	Where  []Condition // all must hold
	After  string      // only rows behind this key, in the order asked for; for paging
	Limit  int         // at most so many rows; 0 means all
	Newest bool        // the greatest key first
}

// A Condition compares a column with a value.
type Condition struct {
	Column string
	Test   Test
	Value  string
}

// A Test is how a condition compares.
type Test int

// The tests.
const (
	Equals        Test = iota // the column is the value
	Contains                  // the value is among the column's words
	Above                     // the column is greater, compared as text
	NotBelow                  // the column is the value or greater
	NotAbove                  // the column is the value or less
	EqualsOneOf               // the column is one of the value's words
	ContainsOneOf             // one of the value's words is among the column's words
)

// Is returns the condition that column has value.
func Is(column, value string) Condition { return Condition{column, Equals, value} }

// Among returns the condition that value is among the words of column.
func Among(column, value string) Condition { return Condition{column, Contains, value} }

// OneOf returns the condition that column is one of the values, which stand in
// one text, parted by spaces.
func OneOf(column, values string) Condition { return Condition{column, EqualsOneOf, values} }

// AmongAny returns the condition that one of the values, parted by spaces, is
// among the words of column.
func AmongAny(column, values string) Condition { return Condition{column, ContainsOneOf, values} }

// Greater returns the condition that column is greater than value.
func Greater(column, value string) Condition { return Condition{column, Above, value} }

// AtLeast returns the condition that column is value or greater.
func AtLeast(column, value string) Condition { return Condition{column, NotBelow, value} }

// AtMost returns the condition that column is value or less.
func AtMost(column, value string) Condition { return Condition{column, NotAbove, value} }

// Rows answers queries about one model, rows ordered by key.
type Rows[S any] interface {
	Select(ctx context.Context, q Query) ([]S, error)
}

// Replay folds events as a rebuild would and returns the newest rows by key;
// for tests and for proofs.
func (m Model[S]) Replay(events ...Applied) map[string]S {
	rows := map[string]S{}
	for _, a := range events {
		if key := m.Key(a); key != "" {
			rows[key] = m.Fold(rows[key], a)
		}
	}
	return rows
}
