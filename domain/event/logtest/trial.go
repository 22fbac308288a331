package logtest

import (
	"context"
	"crypto/sha256"
	"errors"
	"sync"

	"twinledger/domain/event"
	"twinledger/domain/fault"
)

// A reporter is what the clauses need of *testing.T, so that they can also be
// run against logs that must fail them.
type reporter interface {
	Helper()
	Errorf(format string, args ...any)
	Fatalf(format string, args ...any)
}

// A trial is one clause's run against one log.
type trial struct {
	reporter
	ctx    context.Context
	log    event.Log
	ledger string
}

func newTrial(ctx context.Context, r reporter, log event.Log) *trial {
	ledger := Ledger
	if named, ok := log.(interface{ Ledger() string }); ok {
		ledger = named.Ledger()
	}
	return &trial{r, ctx, log, ledger}
}

func (tr *trial) stream(text string) string { return Stream(tr.ledger, text) }

// add appends records, which must be stored as they are.
func (tr *trial) add(stream string, expected int64, records ...event.Record) event.Appended {
	tr.Helper()
	a, err := tr.log.Append(tr.ctx, stream, expected, records...)
	if err != nil {
		tr.Fatalf("append %d records behind %d: %v", len(records), expected, err)
	}
	tr.same("answer of Append", records, a.Records)
	return a
}

// addNew appends n records of command to a stream that does not exist yet.
func (tr *trial) addNew(stream, command string, n int) []event.Record {
	tr.Helper()
	records := Batch(stream, event.NoStream, command, n)
	tr.add(stream, event.NoStream, records...)
	return records
}

// refused appends records, which must be refused with want.
func (tr *trial) refused(want error, stream string, expected int64, records ...event.Record) {
	tr.Helper()
	if _, err := tr.log.Append(tr.ctx, stream, expected, records...); !errors.Is(err, want) {
		tr.Errorf("append of %d records behind %d: got %v, want %v", len(records), expected, err, want)
	}
}

// same compares two lists of records.
func (tr *trial) same(what string, want, got []event.Record) {
	tr.Helper()
	if len(got) != len(want) {
		tr.Fatalf("%s: got %d records, want %d", what, len(got), len(want))
	}
	for i := range want {
		if d := difference(want[i], got[i]); d != "" {
			tr.Errorf("%s: record %d differs: %s", what, i, d)
		}
	}
}

// holds compares the whole log with want, in order.
func (tr *trial) holds(want ...event.Record) {
	tr.Helper()
	got, _ := tr.walk(event.Position{}, 100)
	tr.same("log", want, got)
}

// streamHolds compares a stream with want.
func (tr *trial) streamHolds(stream string, want ...event.Record) {
	tr.Helper()
	tr.same("stream", want, tr.read(stream))
}

// read returns all records of a stream.
func (tr *trial) read(stream string) []event.Record {
	tr.Helper()
	var records []event.Record
	for r, err := range tr.log.Stream(tr.ctx, stream) {
		if err != nil {
			tr.Fatalf("read stream: %v", err)
		}
		records = append(records, r)
	}
	return records
}

// walk pages from a position to the log's end. It returns the records and the
// position behind each, and checks every page against the chain it folds itself.
func (tr *trial) walk(from event.Position, limit int) ([]event.Record, []event.Position) {
	tr.Helper()
	var records []event.Record
	var positions []event.Position
	for at := from; ; {
		page := tr.page(at, limit)
		if len(page.Records) == 0 {
			return records, positions
		}
		for i, r := range page.Records {
			leaf := sha256.Sum256(append([]byte{0}, r.Bytes...))
			at.Ordinal++
			at.Hash = sha256.Sum256(append(at.Hash[:], leaf[:]...))
			at.Token = ""
			if page.Ordinal(i) != at.Ordinal {
				tr.Fatalf("record %d of the page has ordinal %d, want %d", i, page.Ordinal(i), at.Ordinal)
			}
			if len(page.Hashes) != len(page.Records) || page.Hashes[i] != at.Hash {
				tr.Fatalf("the page gives another running hash behind ordinal %d than its records", at.Ordinal)
			}
			records, positions = append(records, r), append(positions, at)
		}
		if page.After.Ordinal != at.Ordinal || page.After.Hash != at.Hash {
			tr.Fatalf("the page ends at %s, its records at %s", page.After, at)
		}
		at = page.After
		positions[len(positions)-1] = at
	}
}

// page reads one page and checks that it begins where it was asked to.
func (tr *trial) page(after event.Position, limit int) event.Page {
	tr.Helper()
	page, err := tr.log.Page(tr.ctx, after, limit)
	switch {
	case err != nil:
		tr.Fatalf("page of %d after %s: %v", limit, after, err)
	case page.Before.Ordinal != after.Ordinal || page.Before.Hash != after.Hash:
		tr.Fatalf("the page after %s begins at %s", after, page.Before)
	case len(page.Records) > limit:
		tr.Fatalf("the page has %d records, the limit is %d", len(page.Records), limit)
	case len(page.Records) == 0 && (page.After.Ordinal != after.Ordinal || page.After.Hash != after.Hash):
		tr.Fatalf("the empty page after %s ends at %s", after, page.After)
	}
	return page
}

// together runs all functions at once and waits for them.
func (tr *trial) together(run ...func()) {
	tr.Helper()
	tr.join(launch(run...))
}

// launch runs all functions at once; done is closed when all have returned.
func launch(run ...func()) (done <-chan struct{}) {
	start, ended := make(chan struct{}), make(chan struct{})
	var group sync.WaitGroup
	for _, f := range run {
		group.Go(func() {
			<-start
			f()
		})
	}
	close(start)
	go func() {
		group.Wait()
		close(ended)
	}()
	return ended
}

func (tr *trial) join(done <-chan struct{}) {
	tr.Helper()
	select {
	case <-done:
	case <-tr.ctx.Done():
		tr.Fatalf("still running: %v", tr.ctx.Err())
	}
}

// begin runs Wait in the background.
func (tr *trial) begin(ctx context.Context, after event.Token) <-chan error {
	done := make(chan error, 1)
	go func() { done <- tr.log.Wait(ctx, after) }()
	return done
}

// end returns what a Wait in the background returned.
func (tr *trial) end(done <-chan error) error {
	tr.Helper()
	select {
	case err := <-done:
		return err
	case <-tr.ctx.Done():
		tr.Fatalf("Wait has not returned: %v", tr.ctx.Err())
		return nil
	}
}

// isFault tells whether err is something a log refused with, as opposed to an
// outcome that nobody knows.
func isFault(err error) bool {
	_, ok := fault.As(err)
	return ok
}
