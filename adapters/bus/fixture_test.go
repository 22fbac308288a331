package bus_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"twinledger/domain/calendar"
	"twinledger/domain/event"
	"twinledger/domain/event/memlog"
	"twinledger/projections"
)

const ledger = "k3m5aaaaaa"

var errDisk = errors.New("disk is away")

// A lesson is what the records of a test say: their number.
type lesson struct {
	N int `json:"n"`
}

// registry decodes the records of a test.
var registry = func() *event.Registry {
	r := event.NewRegistry(nil)
	event.Define[lesson](r, "lesson.reported")
	return r
}()

// encode returns the n-th record of a test, the first of a stream of its own.
func encode(n int, data string) (event.Record, error) {
	command := fmt.Sprintf("command-%d", n)
	stream := event.StreamOf(ledger, command, "lesson")
	return event.Encode(event.Envelope{
		ID: event.IDOf(ledger, command, stream, 0), Stream: stream, Type: "lesson.reported", Version: 1,
		Occurred: calendar.Unknown, Recorded: event.InstantOf(time.Date(2018, 4, 18, 8, 0, 0, 0, time.UTC)),
		Actor: "a-1", Command: command, Data: []byte(data),
	})
}

// grow appends the records numbered from … to, both included.
func grow(t testing.TB, log event.Log, from, to int) {
	t.Helper()
	for n := from; n <= to; n++ {
		r, err := encode(n, fmt.Sprintf(`{"n":%d}`, n))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := log.Append(context.Background(), r.Envelope.Stream, event.NoStream, r); err != nil {
			t.Fatal(err)
		}
	}
}

// logOf returns a log of the records 1 … n.
func logOf(t testing.TB, n int) event.Log {
	t.Helper()
	log := memlog.New()
	grow(t, log, 1, n)
	return log
}

// positionAt returns the position behind the log's first n records.
func positionAt(t testing.TB, log event.Feed, n int) event.Position {
	t.Helper()
	if n == 0 {
		return event.Position{}
	}
	page, err := log.Page(context.Background(), event.Position{}, n)
	if err != nil || len(page.Records) != n {
		t.Fatalf("first %d records: %d, %v", n, len(page.Records), err)
	}
	return page.After
}

func idsOf(records []event.Record) []string {
	ids := make([]string, len(records))
	for i, r := range records {
		ids[i] = r.Envelope.ID
	}
	return ids
}

// idsFrom returns the ids of the records numbered from … to.
func idsFrom(from, to int) []string {
	var ids []string
	for n := from; n <= to; n++ {
		command := fmt.Sprintf("command-%d", n)
		ids = append(ids, event.IDOf(ledger, command, event.StreamOf(ledger, command, "lesson"), 0))
	}
	return ids
}

// A faultyLog fails to read a page or to wait when page or wait says so; nil
// means never. It insists on what a log may insist on.
type faultyLog struct {
	event.Log
	page, wait func() error
}

func (l *faultyLog) Page(ctx context.Context, after event.Position, limit int) (event.Page, error) {
	if limit < 1 {
		panic("a page of no records is asked for")
	}
	if l.page != nil {
		if err := l.page(); err != nil {
			return event.Page{}, err
		}
	}
	return l.Log.Page(ctx, after, limit)
}

func (l *faultyLog) Wait(ctx context.Context, after event.Token) error {
	if l.wait != nil {
		if err := l.wait(); err != nil {
			return err
		}
	}
	return l.Log.Wait(ctx, after)
}

// failures returns a function that fails with err the first n times.
func failures(n int, err error) func() error {
	var mu sync.Mutex
	return func() error {
		mu.Lock()
		defer mu.Unlock()
		if n--; n >= 0 {
			return err
		}
		return nil
	}
}

// A model is a projector that remembers the ids it was given. It refuses what
// does not join, so a test that ends with all ids has seen all pages join.
type model struct {
	name       string
	checkpoint func() error                                         // may fail; nil means never
	before     func(ctx context.Context, b projections.Batch) error // runs first in Apply; nil means nothing

	mu    sync.Mutex
	at    event.Position
	ids   []string
	sizes []int // of the pages applied
	tries int
}

func (m *model) Name() string { return m.name }

func (m *model) Checkpoint(context.Context) (event.Position, error) {
	if m.checkpoint != nil {
		if err := m.checkpoint(); err != nil {
			return event.Position{}, err
		}
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.at, nil
}

func (m *model) Apply(ctx context.Context, batch projections.Batch) error {
	m.mu.Lock()
	m.tries++
	m.mu.Unlock()
	if m.before != nil {
		if err := m.before(ctx, batch); err != nil {
			return err
		}
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if batch.Before != m.at {
		return fmt.Errorf("batch begins at %s and the model is at %s", batch.Before, m.at)
	}
	m.at = batch.After
	m.ids = append(m.ids, idsOf(batch.Records)...)
	m.sizes = append(m.sizes, len(batch.Records))
	return nil
}

// A snapshot is what a model holds at one moment.
type snapshot struct {
	At    event.Position
	IDs   []string
	Sizes []int
	Tries int
}

func (m *model) holds() snapshot {
	m.mu.Lock()
	defer m.mu.Unlock()
	return snapshot{m.at, slices.Clone(m.ids), slices.Clone(m.sizes), m.tries}
}
