package logtest

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"

	"twinledger/domain/event"
)

func oneWriterWins(tr *trial) {
	const writers, revisions = 8, 20
	s := tr.stream("raced")
	var want []event.Record
	for revision := range int64(revisions) {
		var batches [writers][]event.Record
		var errs [writers]error
		var run []func()
		for i := range writers {
			batches[i] = Batch(s, revision-1, fmt.Sprint("writer", i, "of", revision), 1)
			run = append(run, func() { _, errs[i] = tr.log.Append(tr.ctx, s, revision-1, batches[i]...) })
		}
		tr.together(run...)
		won := 0
		for i, err := range errs {
			switch {
			case err == nil:
				won++
				want = append(want, batches[i]...)
			case !errors.Is(err, event.ErrConflict):
				tr.Fatalf("a loser got %v, want %v", err, event.ErrConflict)
			}
		}
		if won != 1 {
			tr.Fatalf("%d writers won revision %d, want 1", won, revision)
		}
	}
	tr.streamHolds(s, want...)
	tr.holds(want...)
}

// failsAlone sends appends at once that a log may store as one group: two that
// exclude each other, a repetition, a malformed one and sound ones elsewhere.
func failsAlone(tr *trial) {
	var want []event.Record // every record that was acknowledged, in no order
	for round := range 60 {
		name := func(text string) string { return fmt.Sprint(text, " ", round) }
		contested, free, fresh := tr.stream(name("contested")), tr.stream(name("free")), tr.stream(name("fresh"))
		held := tr.addNew(contested, name("held"), 2)
		tries := []*try{
			{stream: contested, expected: 1, records: Batch(contested, 1, name("rival"), 2)},
			{stream: contested, expected: 1, records: Batch(contested, 1, name("other rival"), 3)},
			{stream: contested, expected: event.NoStream, records: later(held)},
			{stream: contested, expected: 0, records: append(held[1:2:2], Batch(contested, 1, name("overlap"), 1)...)},
			{stream: contested, expected: 1, records: Batch(contested, 2, name("gap"), 1)},
			{stream: free, expected: event.NoStream, records: Batch(free, event.NoStream, name("free"), 2)},
			{stream: fresh, expected: event.NoStream, records: Batch(fresh, event.NoStream, name("fresh"), 1)},
			{stream: fresh, expected: 4, records: Batch(fresh, 4, name("too high"), 1)},
		}
		var run []func()
		for _, t := range tries {
			run = append(run, func() { t.answer, t.err = tr.log.Append(tr.ctx, t.stream, t.expected, t.records...) })
		}
		tr.together(run...)

		winner, loser := tries[0], tries[1]
		if winner.err != nil {
			winner, loser = loser, winner
		}
		if !errors.Is(loser.err, event.ErrConflict) {
			tr.Fatalf("of two rivals the second got %v, want %v", loser.err, event.ErrConflict)
		}
		for i, wanted := range map[int]error{3: event.ErrConflict, 4: event.ErrMalformed, 7: event.ErrConflict} {
			if !errors.Is(tries[i].err, wanted) {
				tr.Fatalf("try %d got %v, want %v", i, tries[i].err, wanted)
			}
		}
		for _, t := range []*try{winner, tries[2], tries[5], tries[6]} {
			if t.err != nil {
				tr.Fatalf("append behind %d of round %d: %v", t.expected, round, t.err)
			}
		}
		tr.same("answer to the winner", winner.records, winner.answer.Records)
		tr.same("answer to the repetition", held, tries[2].answer.Records)
		tr.streamHolds(contested, append(held, winner.records...)...)
		tr.streamHolds(free, tries[5].records...)
		tr.streamHolds(fresh, tries[6].records...)
		want = append(append(append(append(want, held...), winner.records...), tries[5].records...), tries[6].records...)
	}
	if all, _ := tr.walk(event.Position{}, 100); len(all) != len(want) {
		tr.Errorf("the log holds %d records, %d were acknowledged", len(all), len(want))
	}
}

// A try is one append and its answer.
type try struct {
	stream   string
	expected int64
	records  []event.Record
	answer   event.Appended
	err      error
}

func takesInterruptedAgain(tr *trial) {
	s := tr.stream("interrupted")
	var want []event.Record
	for i := range int64(100) {
		records := Batch(s, 2*i-1, fmt.Sprint("interrupted", i), 2)
		ctx, cancel := context.WithCancel(tr.ctx)
		var err error
		tr.together(cancel, func() { _, err = tr.log.Append(ctx, s, 2*i-1, records...) })
		if err != nil && (!errors.Is(err, context.Canceled) || isFault(err)) {
			tr.Fatalf("interrupted append: got %v, want the context's own error", err)
		}
		tr.add(s, 2*i-1, records...)
		want = append(want, records...)
	}
	tr.streamHolds(s, want...)
	tr.holds(want...)
}

// showsWholeAppends reads while several write. What a reader has seen stays
// where it is; of an append it sees all or nothing; and it sees everything that
// was acknowledged before it began to read.
func showsWholeAppends(tr *trial) {
	const writers, appends, size = 4, 25, 3
	var acknowledged, running atomic.Int64
	running.Store(writers)
	failed := make([]error, writers)
	var run []func()
	for w := range writers {
		s := tr.stream(fmt.Sprint("writer", w))
		run = append(run, func() {
			defer running.Add(-1)
			for i := range int64(appends) {
				_, err := tr.log.Append(tr.ctx, s, size*i-1, Batch(s, size*i-1, fmt.Sprint("append", i), size)...)
				if err != nil {
					failed[w] = err
					return
				}
				acknowledged.Add(size)
			}
		})
	}

	written := launch(run...)
	var seen []event.Record
	for last := false; !last && tr.ctx.Err() == nil; {
		last = running.Load() == 0
		before := acknowledged.Load()
		records, _ := tr.walk(event.Position{}, 7)
		if int64(len(records)) < before || len(records)%size != 0 || len(records) < len(seen) {
			tr.Fatalf("the log shows %d records after %d were acknowledged and %d were seen", len(records), before, len(seen))
		}
		tr.same("what was seen before", seen, records[:len(seen)])
		seen = records
		if n := len(tr.read(tr.stream("writer0"))); n%size != 0 {
			tr.Fatalf("a stream of appends of %d shows %d records", size, n)
		}
	}
	tr.join(written)
	if err := errors.Join(failed...); err != nil {
		tr.Fatalf("write: %v", err)
	}
	if len(seen) != writers*appends*size {
		tr.Errorf("the log shows %d records, %d were written", len(seen), writers*appends*size)
	}
}
