// Package commandtest holds what tests of the write side share: a clock that
// stands still until it is moved, and a shorthand for decision tables.
package commandtest

import (
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"twinledger/domain/calendar"
	"twinledger/domain/event"
)

// A Clock is moved by hand; it is safe for concurrent use.
type Clock struct {
	mu  sync.Mutex
	now time.Time
}

// ClockAt returns a clock that stands at an instant, written as
// [event.Instant] is; it panics when it is written otherwise.
func ClockAt(instant string) *Clock {
	at, err := event.ParseInstant(instant)
	if err != nil {
		panic(err)
	}
	return &Clock{now: at.Time}
}

// Now returns where the clock stands.
func (c *Clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

// Move moves the clock, backwards when d is negative.
func (c *Clock) Move(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

// A Dated fact happened when it says; in a history a fact that is not Dated
// happened nobody knows when.
type Dated struct {
	When calendar.Occurred
	Fact any
}

// On returns fact as it happened on a day, written 2018-04-18.
func On(day string, fact any) Dated { return Dated{calendar.Occurred("day:" + day), fact} }

// ID returns the id of the n-th event of a History, from 1.
func ID(n int) string { return fmt.Sprintf("0198e000-0000-7000-8000-%012d", n) }

// History returns facts as the events of one stream.
func History(facts ...any) []event.Event {
	var out []event.Event
	for i, fact := range facts {
		e := event.Event{Envelope: event.Envelope{ID: ID(i + 1), Revision: int64(i), Occurred: calendar.Unknown}, Fact: fact}
		if dated, ok := fact.(Dated); ok {
			e.Occurred, e.Fact = dated.When, dated.Fact
		}
		out = append(out, e)
	}
	return out
}

// Refused fails the test unless err is exactly the refusal wanted; without one
// err must be nil. It tells whether the decision was to be a refusal.
func Refused(t *testing.T, err, want error) bool {
	t.Helper()
	if !errors.Is(err, want) {
		t.Fatalf("refused with %v, want %v", err, want)
	}
	return want != nil
}
