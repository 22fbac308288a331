// Package memlog is the reference [event.Log]: all records in one slice under
// one lock. It forgets everything when the process ends. Tests run on it, and
// it settles what a log means where a durable one is in doubt.
package memlog

import (
	"bytes"
	"context"
	"fmt"
	"iter"
	"strconv"
	"strings"
	"sync"

	"twinledger/domain/event"
)

// A Log is an event.Log in memory. Use New.
type Log struct {
	mu      sync.Mutex
	records []event.Record   // in log order
	streams map[string][]int // by stream and revision: the place in records
	grown   chan struct{}    // closed as soon as records is longer, then replaced
}

var _ event.Log = (*Log)(nil)

// New returns an empty log.
func New() *Log {
	return &Log{streams: map[string][]int{}, grown: make(chan struct{})}
}

// Append stores records as event.Log says.
func (l *Log) Append(ctx context.Context, stream string, expected int64, records ...event.Record) (event.Appended, error) {
	if err := event.CheckAppend(stream, expected, records); err != nil {
		return event.Appended{}, err
	}
	decoded := make([]event.Record, len(records))
	for i, r := range records {
		var err error
		if decoded[i], err = event.Decode(bytes.Clone(r.Bytes)); err != nil {
			return event.Appended{}, event.ErrMalformed.With("stream", stream).Because(err)
		}
	}
	if err := ctx.Err(); err != nil {
		return event.Appended{}, err
	}

	l.mu.Lock()
	defer l.mu.Unlock()
	places := l.streams[stream]
	switch last := int64(len(places)) - 1; {
	case expected > last:
		return event.Appended{}, event.ErrConflict.With("stream", stream).With("revision", last)
	case expected < last:
		if !l.repeats(places[expected+1:], records) {
			return event.Appended{}, event.ErrConflict.With("stream", stream).With("revision", last)
		}
		return l.answer(places[expected+1:][:len(records)]), nil
	}
	for i := range decoded {
		places = append(places, len(l.records)+i)
	}
	l.records = append(l.records, decoded...)
	l.streams[stream] = places
	close(l.grown)
	l.grown = make(chan struct{})
	return l.answer(places[expected+1:]), nil
}

// repeats tells whether the records at places begin with exactly these ids.
func (l *Log) repeats(places []int, records []event.Record) bool {
	if len(places) < len(records) {
		return false
	}
	for i, r := range records {
		if l.records[places[i]].Envelope.ID != r.Envelope.ID {
			return false
		}
	}
	return true
}

func (l *Log) answer(places []int) event.Appended {
	var a event.Appended
	for _, place := range places {
		a.Records = append(a.Records, clone(l.records[place]))
		a.Token = tokenAfter(place + 1)
	}
	return a
}

// Stream yields the records of one stream as event.Log says.
func (l *Log) Stream(ctx context.Context, stream string) iter.Seq2[event.Record, error] {
	return func(yield func(event.Record, error) bool) {
		for revision := 0; ; revision++ {
			if err := ctx.Err(); err != nil {
				yield(event.Record{}, err)
				return
			}
			r, ok := l.at(stream, revision)
			if !ok || !yield(r, nil) {
				return
			}
		}
	}
}

func (l *Log) at(stream string, revision int) (event.Record, bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	places := l.streams[stream]
	if revision >= len(places) {
		return event.Record{}, false
	}
	return clone(l.records[places[revision]]), true
}

// Page returns the records behind after as event.Log says.
func (l *Log) Page(ctx context.Context, after event.Position, limit int) (event.Page, error) {
	if err := ctx.Err(); err != nil {
		return event.Page{}, err
	}
	n, err := count(after.Token)
	if err != nil {
		return event.Page{}, err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if uint64(n) != after.Ordinal || n > len(l.records) {
		return event.Page{}, event.ErrDamaged.With("ordinal", after.Ordinal).With("token", after.Token).With("records", len(l.records))
	}
	page := event.Page{Before: after, After: after}
	for _, r := range l.records[n:min(len(l.records), n+max(limit, 1))] {
		page.Add(clone(r), tokenAfter(int(page.After.Ordinal)+1))
	}
	return page, nil
}

// Wait returns when a record follows after, as event.Log says.
func (l *Log) Wait(ctx context.Context, after event.Token) error {
	n, err := count(after)
	if err != nil {
		return err
	}
	for {
		if err := ctx.Err(); err != nil {
			return err
		}
		l.mu.Lock()
		follows, grown := len(l.records) > n, l.grown
		l.mu.Unlock()
		if follows {
			return nil
		}
		select {
		case <-grown:
		case <-ctx.Done():
		}
	}
}

// Last returns the newest record as event.Log says.
func (l *Log) Last(ctx context.Context) (event.Record, event.Token, bool, error) {
	if err := ctx.Err(); err != nil {
		return event.Record{}, "", false, err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	n := len(l.records)
	if n == 0 {
		return event.Record{}, "", false, nil
	}
	return clone(l.records[n-1]), tokenAfter(n), true, nil
}

// clone keeps callers and the log from sharing memory.
func clone(r event.Record) event.Record {
	r.Bytes, r.Envelope.Data = bytes.Clone(r.Bytes), bytes.Clone(r.Envelope.Data)
	return r
}

func tokenAfter(n int) event.Token { return event.Token(fmt.Sprintf("m:%d", n)) }

// count returns how many records lie before a token.
func count(t event.Token) (int, error) {
	if t == "" {
		return 0, nil
	}
	digits, _ := strings.CutPrefix(string(t), "m:")
	n, err := strconv.Atoi(digits)
	if err != nil || n < 0 || tokenAfter(n) != t {
		return 0, event.ErrBadToken.With("token", t)
	}
	return n, nil
}
