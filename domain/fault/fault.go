// Package fault holds the one error type of Twinledger.
//
// A fault is something a person can be told: a stable code for machines and
// tests, a message in Chinese and English that says what to do next, and where
// the bad input stands. Any other error is Internal: our bug or a broken disk,
// written to the operator's log and never shown.
package fault

import (
	"errors"
	"fmt"
	"strings"
	"sync"
)

// A Kind says what the caller may do about a fault. The set is closed;
// adapters switch over it exhaustively. Add only at the end.
type Kind uint8

const (
	Internal    Kind = iota // our bug or a broken disk; the zero value on purpose
	Invalid                 // the input can never succeed as written
	NotFound                // the thing named does not exist
	Conflict                // somebody else got there first; load again and retry
	Refused                 // well-formed, but the state or a rule says no
	Unavailable             // cannot be answered at the moment; try later
)

// String returns the kind's name in lower case.
func (k Kind) String() string {
	names := [...]string{"internal", "invalid", "not-found", "conflict", "refused", "unavailable"}
	if int(k) < len(names) {
		return names[k]
	}
	return "internal"
}

// A Place says where in the user's input a fault lies. Zero fields are unknown.
type Place struct {
	File   string `json:"file,omitempty"`
	Sheet  string `json:"sheet,omitempty"`
	Row    int    `json:"row,omitempty"`    // physical row, from 1
	Column string `json:"column,omitempty"` // the column's heading, or a line's column number
	Line   int    `json:"line,omitempty"`   // from 1
	Value  string `json:"value,omitempty"`  // as written
}

// String returns the place in words, Chinese first, or "" when nothing is known.
func (p Place) String() string {
	var parts []string
	add := func(ok bool, format string, value any) {
		if ok {
			parts = append(parts, fmt.Sprintf(format, value))
		}
	}
	add(p.File != "", "文件 file %s", p.File)
	add(p.Sheet != "", "工作表 sheet %s", p.Sheet)
	add(p.Row > 0, "行 row %d", p.Row)
	add(p.Line > 0, "行 line %d", p.Line)
	add(p.Column != "", "列 column %s", p.Column)
	add(p.Value != "", "值 value “%s”", p.Value)
	return strings.Join(parts, "，")
}

// A Detail is one named value that a message speaks of.
type Detail struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

// An Error is a fault.
type Error struct {
	Kind    Kind
	Code    string // e.g. "lesson.voided"; never reworded once released
	ZH, EN  string // what is wrong and what to do next, safe to show
	Details []Detail
	Place   Place
	Cause   error // for the operator's log; never shown
}

// made holds what New made, by code: stored codes are put into words by it.
var made sync.Map

// New returns a fault without details or place. zh and en say what is wrong and
// what to do next.
func New(kind Kind, code, zh, en string) *Error {
	f := &Error{Kind: kind, Code: code, ZH: zh, EN: en}
	made.Store(code, f)
	return f
}

// Lookup returns the fault that was made with a code, without details or place.
// It knows those of the packages that the program holds.
func Lookup(code string) (*Error, bool) {
	f, known := made.Load(code)
	if !known {
		return nil, false
	}
	return f.(*Error), true //nolint:forcetypeassert // New stores nothing else
}

// With returns a copy of e that carries one more named value.
func (e *Error) With(name string, value any) *Error {
	c := *e
	c.Details = append(append([]Detail(nil), e.Details...), Detail{name, fmt.Sprint(value)})
	return &c
}

// At returns a copy of e that names the place of the bad input.
func (e *Error) At(p Place) *Error {
	c := *e
	c.Place = p
	return &c
}

// Because returns a copy of e that wraps cause.
func (e *Error) Because(cause error) *Error {
	c := *e
	c.Cause = cause
	return &c
}

// Message returns Chinese, English, details and place in one text, without the
// cause.
func (e *Error) Message() string {
	var b strings.Builder
	b.WriteString(e.ZH)
	b.WriteString(" / ")
	b.WriteString(e.EN)
	if len(e.Details) > 0 {
		b.WriteString(" (")
		for i, d := range e.Details {
			if i > 0 {
				b.WriteString(", ")
			}
			b.WriteString(d.Name + "=" + d.Value)
		}
		b.WriteString(")")
	}
	if place := e.Place.String(); place != "" {
		b.WriteString(" [" + place + "]")
	}
	return b.String()
}

// Error returns the code, the message and the cause.
func (e *Error) Error() string {
	if e.Cause != nil {
		return e.Code + ": " + e.Message() + ": " + e.Cause.Error()
	}
	return e.Code + ": " + e.Message()
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Cause }

// Is matches on the code, so that a fault without details serves as a sentinel.
func (e *Error) Is(target error) bool {
	t, ok := target.(*Error)
	return ok && t.Code == e.Code
}

// As returns the first fault in err's tree.
func As(err error) (*Error, bool) { return errors.AsType[*Error](err) }

// KindOf returns the kind of the first fault in err's tree; every other error
// is Internal.
func KindOf(err error) Kind {
	if f, ok := As(err); ok {
		return f.Kind
	}
	return Internal
}
