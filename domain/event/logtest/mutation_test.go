package logtest

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"iter"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"twinledger/domain/event"
	"twinledger/domain/event/memlog"
)

// A recorder takes a clause's failures, so that a test can expect them.
type recorder struct {
	mu       sync.Mutex
	failures []string
}

func (r *recorder) Helper() {}

func (r *recorder) Errorf(format string, args ...any) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.failures = append(r.failures, fmt.Sprintf(format, args...))
}

func (r *recorder) Fatalf(format string, args ...any) {
	r.Errorf(format, args...)
	runtime.Goexit()
}

// failuresOf runs a clause on a log and returns what it complained about. A
// clause that does not come back although its context ended has failed, too.
func failuresOf(t *testing.T, run func(*trial), log event.Log, patience time.Duration) []string {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	var r recorder
	done := make(chan struct{})
	go func() {
		defer close(done)
		run(newTrial(ctx, &r, log))
	}()
	select {
	case <-done:
	case <-ctx.Done():
		select {
		case <-done:
		case <-time.After(time.Second):
			r.Errorf("the clause hangs")
		}
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Clone(r.failures)
}

// durability is the clause of TestDurable, reopened by reopen.
func durability(reopen func(event.Log) event.Log) func(*trial) {
	return func(tr *trial) {
		keepsEverything(tr, func(tr *trial) *trial { return newTrial(tr.ctx, tr.reporter, reopen(tr.log)) })
	}
}

func TestSuitePassesTheReferenceLog(t *testing.T) {
	for _, c := range clauses() {
		if failures := failuresOf(t, c.run, memlog.New(), patience); len(failures) > 0 {
			t.Errorf("%s: %s", c.name, failures[0])
		}
	}
	same := func(l event.Log) event.Log { return l }
	if failures := failuresOf(t, durability(same), memlog.New(), patience); len(failures) > 0 {
		t.Errorf("durable: %s", failures[0])
	}
}

// TestSuiteCatchesPlantedFaults runs the suite on logs with one fault each. The
// clause named with the fault must fail, and every clause must have a fault
// that it is there to catch.
func TestSuiteCatchesPlantedFaults(t *testing.T) {
	byName, needed := map[string]clause{}, map[string]bool{}
	for _, c := range clauses() {
		byName[c.name], needed[c.name] = c, true
	}
	for _, m := range mutants() {
		c, known := byName[m.caught]
		if !known {
			t.Fatalf("%s: no clause %q", m.fault, m.caught)
		}
		delete(needed, m.caught)
		t.Run(m.fault, func(t *testing.T) {
			t.Parallel()
			within := patience
			if m.hangs {
				within = time.Second
			}
			failures := failuresOf(t, c.run, m.plant(memlog.New()), within)
			if len(failures) == 0 {
				t.Fatalf("%q does not notice", m.caught)
			}
			t.Logf("%.300s", failures[0])
		})
	}
	for name := range needed {
		t.Errorf("no planted fault shows that %q can fail", name)
	}
}

func TestDurableCatchesPlantedFaults(t *testing.T) {
	for _, m := range []struct {
		fault  string
		reopen func(*testing.T, event.Log) event.Log
	}{
		{"forgets everything", func(*testing.T, event.Log) event.Log { return memlog.New() }},
		{"forgets the last record", func(t *testing.T, l event.Log) event.Log { return copied(t, l, 1, nil) }},
		{"cuts recorded to the second", func(t *testing.T, l event.Log) event.Log {
			return copied(t, l, 0, cutToSecond)
		}},
	} {
		t.Run(m.fault, func(t *testing.T) {
			reopen := func(l event.Log) event.Log { return m.reopen(t, l) }
			if failures := failuresOf(t, durability(reopen), memlog.New(), patience); len(failures) == 0 {
				t.Error("the durable clause does not notice")
			}
		})
	}
}

// copied returns a log with the records of l but the last few, each changed.
func copied(t *testing.T, l event.Log, without int, change func(*event.Envelope)) event.Log {
	t.Helper()
	page, err := l.Page(t.Context(), event.Position{}, 1000)
	if err != nil {
		t.Fatal(err)
	}
	out := memlog.New()
	for _, r := range page.Records[:len(page.Records)-without] {
		if change != nil {
			r = altered([]event.Record{r}, change)[0]
		}
		if _, err := out.Append(t.Context(), r.Envelope.Stream, r.Envelope.Revision-1, r); err != nil {
			t.Fatal(err)
		}
	}
	return out
}

func dropVersion(e *event.Envelope) { e.Version = 1 }

func cutToSecond(e *event.Envelope) {
	e.Recorded = event.Instant{Time: e.Recorded.Truncate(time.Second)}
}

// A mutant is a log with one fault, planted into the reference log.
type mutant struct {
	fault  string
	caught string // by this clause
	hangs  bool   // the fault shows only when the clause's patience ends
	plant  func(event.Log) event.Log
}

type (
	appendFunc = func(ctx context.Context, stream string, expected int64, records ...event.Record) (event.Appended, error)
	pageFunc   = func(ctx context.Context, after event.Position, limit int) (event.Page, error)
	streamFunc = func(ctx context.Context, stream string) iter.Seq2[event.Record, error]
	waitFunc   = func(ctx context.Context, after event.Token) error
	lastFunc   = func(ctx context.Context) (event.Record, event.Token, bool, error)
)

// A faulty log does what its fields say and otherwise what the sound log does.
type faulty struct {
	event.Log
	append appendFunc
	page   pageFunc
	stream streamFunc
	wait   waitFunc
	last   lastFunc
}

func sound(l event.Log) *faulty {
	return &faulty{l, l.Append, l.Page, l.Stream, l.Wait, l.Last}
}

func (f *faulty) Append(ctx context.Context, stream string, expected int64, records ...event.Record) (event.Appended, error) {
	return f.append(ctx, stream, expected, records...)
}

func (f *faulty) Page(ctx context.Context, after event.Position, limit int) (event.Page, error) {
	return f.page(ctx, after, limit)
}

func (f *faulty) Stream(ctx context.Context, stream string) iter.Seq2[event.Record, error] {
	return f.stream(ctx, stream)
}

func (f *faulty) Wait(ctx context.Context, after event.Token) error { return f.wait(ctx, after) }

func (f *faulty) Last(ctx context.Context) (event.Record, event.Token, bool, error) {
	return f.last(ctx)
}

// Ways to plant a fault.

func onAppend(plant func(l event.Log) appendFunc) func(event.Log) event.Log {
	return func(l event.Log) event.Log {
		f := sound(l)
		f.append = plant(l)
		return f
	}
}

func onPage(plant func(l event.Log) pageFunc) func(event.Log) event.Log {
	return func(l event.Log) event.Log {
		f := sound(l)
		f.page = plant(l)
		return f
	}
}

func onStream(plant func(l event.Log) streamFunc) func(event.Log) event.Log {
	return func(l event.Log) event.Log {
		f := sound(l)
		f.stream = plant(l)
		return f
	}
}

func onWait(plant func(l event.Log) waitFunc) func(event.Log) event.Log {
	return func(l event.Log) event.Log {
		f := sound(l)
		f.wait = plant(l)
		return f
	}
}

func onLast(plant func(l event.Log) lastFunc) func(event.Log) event.Log {
	return func(l event.Log) event.Log {
		f := sound(l)
		f.last = plant(l)
		return f
	}
}

// stores alters what is stored.
func stores(change func(*event.Envelope)) func(event.Log) event.Log {
	return onAppend(func(l event.Log) appendFunc {
		return func(ctx context.Context, stream string, expected int64, records ...event.Record) (event.Appended, error) {
			if event.CheckAppend(stream, expected, records) == nil {
				records = altered(records, change)
			}
			return l.Append(ctx, stream, expected, records...)
		}
	})
}

// shows alters what Page shows and leaves its positions.
func shows(change func(*event.Record)) func(event.Log) event.Log {
	return onPage(func(l event.Log) pageFunc {
		return func(ctx context.Context, after event.Position, limit int) (event.Page, error) {
			page, err := l.Page(ctx, after, limit)
			for i := range page.Records {
				change(&page.Records[i])
			}
			return page, err
		}
	})
}

// alterPages alters the pages.
func alterPages(change func(page *event.Page, limit int)) func(event.Log) event.Log {
	return onPage(func(l event.Log) pageFunc {
		return func(ctx context.Context, after event.Position, limit int) (event.Page, error) {
			page, err := l.Page(ctx, after, limit)
			if err == nil {
				change(&page, limit)
			}
			return page, err
		}
	})
}

// forgives answers some refusals of want in its own way: accept gets what the
// stream holds and decides what comes back.
func forgives(want error, accept func(l event.Log, held []event.Record, expected int64, records []event.Record) (event.Appended, error)) func(event.Log) event.Log {
	return onAppend(func(l event.Log) appendFunc {
		return func(ctx context.Context, stream string, expected int64, records ...event.Record) (event.Appended, error) {
			a, err := l.Append(ctx, stream, expected, records...)
			if !errors.Is(err, want) {
				return a, err
			}
			return accept(l, held(l, stream), expected, records)
		}
	})
}

func held(l event.Log, stream string) []event.Record {
	var records []event.Record
	for r := range l.Stream(context.Background(), stream) {
		records = append(records, r)
	}
	return records
}

// storeBehind stores records at the end of their stream, wherever they belong.
func storeBehind(l event.Log, held []event.Record, records []event.Record) (event.Appended, error) {
	last := int64(len(held)) - 1
	moved := make([]event.Record, len(records))
	for i, r := range records {
		r.Envelope.Revision = last + 1 + int64(i)
		moved[i] = encode(r.Envelope)
	}
	return l.Append(context.Background(), records[0].Envelope.Stream, last, moved...)
}

func claim(records []event.Record) (event.Appended, error) {
	return event.Appended{Records: records, Token: "m:1"}, nil
}

func ids(records []event.Record) []string {
	var out []string
	for _, r := range records {
		out = append(out, r.Envelope.ID)
	}
	return out
}

func mutants() []mutant {
	return slices.Concat(storingMutants(), conflictMutants(), repetitionMutants(), pageMutants(),
		streamMutants(), waitMutants(), memoryMutants(), concurrencyMutants())
}

func storingMutants() []mutant {
	const fields = "returns every field as written"
	return []mutant{
		{fault: "stores version 1 whatever was written", caught: fields, plant: stores(dropVersion)},
		{fault: "stores recorded to the second", caught: fields, plant: stores(cutToSecond)},
		{fault: "stores no cause", caught: fields, plant: stores(func(e *event.Envelope) { e.Cause = "" })},
		{fault: "shows version 1 beside the right bytes", caught: fields,
			plant: shows(func(r *event.Record) { r.Envelope.Version = 1 })},
		{fault: "shows bytes with other escapes", caught: fields,
			plant: shows(func(r *event.Record) { r.Bytes = bytes.ReplaceAll(r.Bytes, []byte("<"), []byte(`\u003c`)) })},
		{fault: "cuts long data", caught: "returns big data as written", plant: shows(func(r *event.Record) {
			r.Bytes = r.Bytes[:min(len(r.Bytes), 65535)]
		})},
		{fault: "loses the last record of an append of several", caught: fields, plant: onAppend(func(l event.Log) appendFunc {
			return func(ctx context.Context, stream string, expected int64, records ...event.Record) (event.Appended, error) {
				a, err := l.Append(ctx, stream, expected, records[:max(1, len(records)-1)]...)
				a.Records = records
				return a, err
			}
		})},
	}
}

func conflictMutants() []mutant {
	const others = "refuses every other expected revision"
	behind := func(l event.Log, held []event.Record, _ int64, records []event.Record) (event.Appended, error) {
		return storeBehind(l, held, records)
	}
	return []mutant{
		{fault: "does not check the expected revision", caught: others, plant: forgives(event.ErrConflict, behind)},
		{fault: "takes a revision that is too high", caught: others, plant: forgives(event.ErrConflict,
			func(l event.Log, held []event.Record, expected int64, records []event.Record) (event.Appended, error) {
				if expected >= int64(len(held)) {
					return storeBehind(l, held, records)
				}
				return event.Appended{}, event.ErrConflict
			})},
		{fault: "stores what it refuses", caught: others, plant: forgives(event.ErrConflict,
			func(l event.Log, held []event.Record, _ int64, records []event.Record) (event.Appended, error) {
				_, _ = storeBehind(l, held, records)
				return event.Appended{}, event.ErrConflict
			})},
		{fault: "refuses a stream's second append", caught: "takes exactly the expected revision",
			plant: onAppend(func(l event.Log) appendFunc {
				return func(ctx context.Context, stream string, expected int64, records ...event.Record) (event.Appended, error) {
					if expected >= 0 {
						return event.Appended{}, event.ErrConflict
					}
					return l.Append(ctx, stream, expected, records...)
				}
			})},
		{fault: "takes malformed appends", caught: "refuses malformed appends", plant: forgives(event.ErrMalformed,
			func(_ event.Log, _ []event.Record, _ int64, records []event.Record) (event.Appended, error) {
				return claim(records)
			})},
		{fault: "knows no largest append", caught: "refuses an append that is too large", plant: forgives(event.ErrTooLarge,
			func(_ event.Log, _ []event.Record, _ int64, records []event.Record) (event.Appended, error) {
				return claim(records)
			})},
		{fault: "takes any token", caught: "refuses a token that is not its own", plant: onPage(func(l event.Log) pageFunc {
			return func(ctx context.Context, after event.Position, limit int) (event.Page, error) {
				page, err := l.Page(ctx, after, limit)
				if errors.Is(err, event.ErrBadToken) {
					return l.Page(ctx, event.Position{}, limit)
				}
				return page, err
			}
		})},
	}
}

func repetitionMutants() []mutant {
	const repeats, overlap = "answers a repetition with what is stored first", "refuses a partial overlap"
	// asRepetition answers a conflict with what is stored when same says so.
	asRepetition := func(same func(held, records []event.Record, from int64) bool) func(event.Log) event.Log {
		return forgives(event.ErrConflict, func(_ event.Log, held []event.Record, expected int64, records []event.Record) (event.Appended, error) {
			if expected+1 < int64(len(held)) && same(held, records, expected+1) {
				return claim(held[expected+1 : min(len(held), int(expected)+1+len(records))])
			}
			return event.Appended{}, event.ErrConflict
		})
	}
	return []mutant{
		{fault: "takes other ids for a repetition", caught: "refuses every other expected revision",
			plant: asRepetition(func(_, _ []event.Record, _ int64) bool { return true })},
		{fault: "takes the first id for all", caught: overlap,
			plant: asRepetition(func(held, records []event.Record, from int64) bool {
				return held[from].Envelope.ID == records[0].Envelope.ID
			})},
		{fault: "takes any known id for a repetition", caught: overlap,
			plant: asRepetition(func(held, records []event.Record, _ int64) bool {
				return slices.ContainsFunc(ids(records), func(id string) bool { return slices.Contains(ids(held), id) })
			})},
		{fault: "compares ids as a set", caught: overlap,
			plant: asRepetition(func(held, records []event.Record, from int64) bool {
				rest := ids(held[from:])
				return !slices.ContainsFunc(ids(records), func(id string) bool { return !slices.Contains(rest, id) })
			})},
		{fault: "answers a repetition with the repeated bytes", caught: repeats,
			plant: onAppend(func(l event.Log) appendFunc {
				return func(ctx context.Context, stream string, expected int64, records ...event.Record) (event.Appended, error) {
					a, err := l.Append(ctx, stream, expected, records...)
					if err == nil {
						a.Records = records
					}
					return a, err
				}
			})},
		{fault: "knows a repetition only while nothing follows", caught: repeats,
			plant: onAppend(func(l event.Log) appendFunc {
				return func(ctx context.Context, stream string, expected int64, records ...event.Record) (event.Appended, error) {
					if last := int64(len(held(l, stream))) - 1; expected+int64(len(records)) < last {
						return event.Appended{}, event.ErrConflict
					}
					return l.Append(ctx, stream, expected, records...)
				}
			})},
		{fault: "stores a repetition again", caught: repeats,
			plant: onAppend(func(l event.Log) appendFunc {
				return func(ctx context.Context, stream string, expected int64, records ...event.Record) (event.Appended, error) {
					before := held(l, stream)
					a, err := l.Append(ctx, stream, expected, records...)
					if err == nil && len(before) == len(held(l, stream)) {
						_, _ = storeBehind(l, before, records)
					}
					return a, err
				}
			})},
	}
}

func pageMutants() []mutant {
	const order, resume = "pages through all records in log order", "resumes from any position"
	fold := func(page *event.Page, hash [32]byte, leaf func(event.Record) [32]byte) {
		for _, r := range page.Records {
			l := leaf(r)
			hash = sha256.Sum256(append(hash[:], l[:]...))
		}
		page.After.Hash = hash
	}
	return []mutant{
		{fault: "hashes bare bytes", caught: order, plant: alterPages(func(page *event.Page, _ int) {
			fold(page, page.Before.Hash, func(r event.Record) [32]byte { return sha256.Sum256(r.Bytes) })
		})},
		{fault: "begins the running hash anew on every page", caught: order, plant: alterPages(func(page *event.Page, _ int) {
			fold(page, [32]byte{}, event.Record.Leaf)
		})},
		{fault: "does not hash at all", caught: order, plant: alterPages(func(page *event.Page, _ int) { page.After.Hash = page.Before.Hash })},
		{fault: "counts ordinals from another place", caught: order, plant: alterPages(func(page *event.Page, _ int) { page.After.Ordinal++ })},
		{fault: "skips the record behind a full page", caught: order, plant: alterPages(func(page *event.Page, limit int) {
			if len(page.Records) == limit && limit > 1 {
				page.Records = page.Records[:limit-1]
			}
		})},
		{fault: "shows records out of order", caught: order, plant: alterPages(func(page *event.Page, _ int) { slices.Reverse(page.Records) })},
		{fault: "knows no limit", caught: order, plant: onPage(func(l event.Log) pageFunc {
			return func(ctx context.Context, after event.Position, limit int) (event.Page, error) {
				return l.Page(ctx, after, limit+1)
			}
		})},
		{fault: "begins anew when nothing follows", caught: resume, plant: onPage(func(l event.Log) pageFunc {
			return func(ctx context.Context, after event.Position, limit int) (event.Page, error) {
				page, err := l.Page(ctx, after, limit)
				if err == nil && len(page.Records) == 0 && after.Ordinal > 0 {
					return l.Page(ctx, event.Position{}, limit)
				}
				return page, err
			}
		})},
		{fault: "answers an append with the token before it", caught: "resumes behind an append",
			plant: onAppend(func(l event.Log) appendFunc {
				return func(ctx context.Context, stream string, expected int64, records ...event.Record) (event.Appended, error) {
					a, err := l.Append(ctx, stream, expected, records...)
					a.Token = ""
					return a, err
				}
			})},
		{fault: "knows the first record as the last", caught: "knows its last record", plant: onLast(func(l event.Log) lastFunc {
			return func(ctx context.Context) (event.Record, event.Token, bool, error) {
				r, t, ok, err := l.Last(ctx)
				if page, _ := l.Page(ctx, event.Position{}, 1); ok {
					r = page.Records[0]
				}
				return r, t, ok, err
			}
		})},
		{fault: "has a last record from the beginning", caught: "knows its last record", plant: onLast(func(l event.Log) lastFunc {
			return func(ctx context.Context) (event.Record, event.Token, bool, error) {
				r, t, _, err := l.Last(ctx)
				return r, t, true, err
			}
		})},
	}
}

func streamMutants() []mutant {
	const yields = "yields a stream by revision"
	// rearranges alters the list of a stream's records.
	rearranges := func(change func([]event.Record) []event.Record) func(event.Log) event.Log {
		return onStream(func(l event.Log) streamFunc {
			return func(ctx context.Context, stream string) iter.Seq2[event.Record, error] {
				return func(yield func(event.Record, error) bool) {
					for _, r := range change(held(l, stream)) {
						if !yield(r, nil) {
							return
						}
					}
				}
			}
		})
	}
	return []mutant{
		{fault: "yields the newest first", caught: yields, plant: rearranges(func(records []event.Record) []event.Record {
			slices.Reverse(records)
			return records
		})},
		{fault: "yields no more than 500", caught: yields, plant: rearranges(func(records []event.Record) []event.Record {
			return records[:min(len(records), 500)]
		})},
		{fault: "yields version 1", caught: "returns every field as written", plant: rearranges(func(records []event.Record) []event.Record {
			return altered(records, dropVersion)
		})},
		{fault: "does not know an unknown stream", caught: yields, plant: onStream(func(l event.Log) streamFunc {
			return func(ctx context.Context, stream string) iter.Seq2[event.Record, error] {
				if len(held(l, stream)) > 0 {
					return l.Stream(ctx, stream)
				}
				return func(yield func(event.Record, error) bool) { yield(event.Record{}, errors.New("no such stream")) }
			}
		})},
		{fault: "locks the log while a reader iterates", caught: "lets a reader append while it iterates", hangs: true,
			plant: func(l event.Log) event.Log {
				var mu sync.Mutex
				f := sound(l)
				f.stream = func(ctx context.Context, stream string) iter.Seq2[event.Record, error] {
					return func(yield func(event.Record, error) bool) {
						mu.Lock()
						defer mu.Unlock()
						l.Stream(ctx, stream)(yield)
					}
				}
				f.append = func(ctx context.Context, stream string, expected int64, records ...event.Record) (event.Appended, error) {
					mu.Lock()
					defer mu.Unlock()
					return l.Append(ctx, stream, expected, records...)
				}
				return f
			}},
	}
}

func waitMutants() []mutant {
	const waits, wakes, stops = "waits no longer than needed", "wakes a follower for every record", "stops waiting when told"
	return []mutant{
		{fault: "wakes a few times only", caught: wakes, hangs: true, plant: onWait(func(l event.Log) waitFunc {
			var woken atomic.Int64
			return func(ctx context.Context, after event.Token) error {
				if woken.Add(1) > 9 {
					<-ctx.Done()
				}
				return l.Wait(ctx, after)
			}
		})},
		{fault: "does not wait", caught: stops, plant: onWait(func(event.Log) waitFunc {
			return func(context.Context, event.Token) error { return nil }
		})},
		{fault: "never wakes", caught: waits, hangs: true, plant: onWait(func(event.Log) waitFunc {
			return func(ctx context.Context, _ event.Token) error {
				<-ctx.Done()
				return ctx.Err()
			}
		})},
		{fault: "wakes only for what is appended later", caught: waits, hangs: true, plant: onWait(func(l event.Log) waitFunc {
			return func(ctx context.Context, _ event.Token) error {
				_, newest, _, err := l.Last(ctx)
				return errors.Join(err, l.Wait(ctx, newest))
			}
		})},
		{fault: "wakes one waiter at a time", caught: waits, hangs: true, plant: onWait(func(l event.Log) waitFunc {
			one := make(chan struct{}, 1)
			return func(ctx context.Context, after event.Token) error {
				one <- struct{}{}
				return l.Wait(ctx, after)
			}
		})},
		{fault: "waits on although told to stop", caught: stops, hangs: true, plant: onWait(func(l event.Log) waitFunc {
			return func(ctx context.Context, after event.Token) error { return l.Wait(context.WithoutCancel(ctx), after) }
		})},
		{fault: "stops waiting without an error", caught: stops, plant: onWait(func(l event.Log) waitFunc {
			return func(ctx context.Context, after event.Token) error {
				_ = l.Wait(ctx, after)
				return nil
			}
		})},
	}
}

func memoryMutants() []mutant {
	const shared, ended = "shares no memory with its callers", "gives up when the context has ended"
	return []mutant{
		{fault: "shows what the caller still holds", caught: shared, plant: func(l event.Log) event.Log {
			f := sound(l)
			given := map[string]event.Record{}
			f.append = func(ctx context.Context, stream string, expected int64, records ...event.Record) (event.Appended, error) {
				a, err := l.Append(ctx, stream, expected, records...)
				for _, r := range records {
					given[r.Envelope.ID] = r
				}
				return a, err
			}
			f.page = func(ctx context.Context, after event.Position, limit int) (event.Page, error) {
				page, err := l.Page(ctx, after, limit)
				for i, r := range page.Records {
					page.Records[i] = given[r.Envelope.ID]
				}
				return page, err
			}
			return f
		}},
		{fault: "hands out the same page twice", caught: shared, plant: onPage(func(l event.Log) pageFunc {
			kept := map[event.Position]event.Page{}
			return func(ctx context.Context, after event.Position, limit int) (event.Page, error) {
				if page, ok := kept[after]; ok && len(page.Records) == limit {
					return page, nil
				}
				page, err := l.Page(ctx, after, limit)
				kept[after] = page
				return page, err
			}
		})},
		{fault: "hands out the same last record twice", caught: shared, plant: onLast(func(l event.Log) lastFunc {
			var kept event.Record
			return func(ctx context.Context) (event.Record, event.Token, bool, error) {
				r, token, ok, err := l.Last(ctx)
				if kept.Bytes == nil {
					kept = r
				}
				return kept, token, ok, err
			}
		})},
		{fault: "hands out the same stream twice", caught: shared, plant: onStream(func(l event.Log) streamFunc {
			kept := map[string][]event.Record{}
			return func(_ context.Context, stream string) iter.Seq2[event.Record, error] {
				return func(yield func(event.Record, error) bool) {
					if len(kept[stream]) == 0 {
						kept[stream] = held(l, stream)
					}
					for _, r := range kept[stream] {
						if !yield(r, nil) {
							return
						}
					}
				}
			}
		})},
		{fault: "appends although the context has ended", caught: ended, plant: onAppend(func(l event.Log) appendFunc {
			return func(ctx context.Context, stream string, expected int64, records ...event.Record) (event.Appended, error) {
				return l.Append(context.WithoutCancel(ctx), stream, expected, records...)
			}
		})},
		{fault: "pages although the context has ended", caught: ended, plant: onPage(func(l event.Log) pageFunc {
			return func(ctx context.Context, after event.Position, limit int) (event.Page, error) {
				return l.Page(context.WithoutCancel(ctx), after, limit)
			}
		})},
		{fault: "calls an unknown outcome a conflict", caught: ended, plant: onAppend(func(l event.Log) appendFunc {
			return func(ctx context.Context, stream string, expected int64, records ...event.Record) (event.Appended, error) {
				if err := ctx.Err(); err != nil {
					return event.Appended{}, event.ErrConflict.Because(err)
				}
				return l.Append(ctx, stream, expected, records...)
			}
		})},
	}
}

func concurrencyMutants() []mutant {
	const alone, whole = "fails alone in a group", "shows nothing by halves and takes nothing back"
	return []mutant{
		{fault: "stores half of an interrupted append", caught: "takes an interrupted append again",
			plant: onAppend(func(l event.Log) appendFunc {
				return func(ctx context.Context, stream string, expected int64, records ...event.Record) (event.Appended, error) {
					a, err := l.Append(ctx, stream, expected, records...)
					if errors.Is(err, context.Canceled) {
						_, _ = l.Append(context.WithoutCancel(ctx), stream, expected, records[0])
					}
					return a, err
				}
			})},
		{fault: "lets the loser of a race believe it won", caught: "lets exactly one of many racing writers win",
			plant: forgives(event.ErrConflict, func(_ event.Log, held []event.Record, expected int64, records []event.Record) (event.Appended, error) {
				if expected == int64(len(held))-2 {
					return claim(records)
				}
				return event.Appended{}, event.ErrConflict
			})},
		{fault: "lets the append behind a failing one fail with it", caught: alone, plant: onAppend(func(l event.Log) appendFunc {
			var failing atomic.Pointer[error]
			return func(ctx context.Context, stream string, expected int64, records ...event.Record) (event.Appended, error) {
				if err := failing.Swap(nil); err != nil {
					return event.Appended{}, *err
				}
				a, err := l.Append(ctx, stream, expected, records...)
				if err != nil {
					failing.Store(&err)
				}
				return a, err
			}
		})},
		{fault: "leaves a failing append's first record behind", caught: alone, plant: forgives(event.ErrConflict,
			func(l event.Log, held []event.Record, _ int64, records []event.Record) (event.Appended, error) {
				if len(held) > 2 {
					_, _ = storeBehind(l, held, records[:1])
				}
				return event.Appended{}, event.ErrConflict
			})},
		{fault: "shows an append before all of it is stored", caught: whole, plant: func(l event.Log) event.Log {
			f, looked := sound(l), make(chan struct{})
			f.append = func(ctx context.Context, stream string, expected int64, records ...event.Record) (event.Appended, error) {
				var a event.Appended
				for i, r := range records {
					one, err := l.Append(ctx, stream, expected+int64(i), r)
					if err != nil {
						return a, err
					}
					a.Records, a.Token = append(a.Records, one.Records...), one.Token
					select {
					case <-looked:
					case <-ctx.Done():
					}
				}
				return a, nil
			}
			f.page = func(ctx context.Context, after event.Position, limit int) (event.Page, error) {
				page, err := l.Page(ctx, after, limit)
				select {
				case looked <- struct{}{}:
				default:
				}
				return page, err
			}
			return f
		}},
		{fault: "shows now and then nothing at all", caught: whole, plant: onPage(func(l event.Log) pageFunc {
			var calls atomic.Int64
			return func(ctx context.Context, after event.Position, limit int) (event.Page, error) {
				if calls.Add(1)%5 == 0 {
					return event.Page{Before: after, After: after}, nil
				}
				return l.Page(ctx, after, limit)
			}
		})},
		{fault: "answers without storing anything", caught: whole, plant: onAppend(func(event.Log) appendFunc {
			return func(_ context.Context, _ string, _ int64, records ...event.Record) (event.Appended, error) {
				return claim(records)
			}
		})},
	}
}
