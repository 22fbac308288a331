package logtest

import (
	"context"
	"errors"
	"fmt"

	"twinledger/domain/event"
)

// fill appends to several streams in turn, one to three records at a time, and
// returns all in log order.
func fill(tr *trial, appends int) []event.Record {
	tr.Helper()
	var all []event.Record
	ends := map[string]int64{}
	for i := range appends {
		s := tr.stream(fmt.Sprint("stream", i*i%7))
		end, known := ends[s]
		if !known {
			end = event.NoStream
		}
		records := Batch(s, end, fmt.Sprint("command", i), 1+i%3)
		tr.add(s, end, records...)
		ends[s] = end + int64(len(records))
		all = append(all, records...)
	}
	return all
}

func pagesInOrder(tr *trial) {
	if page := tr.page(event.Position{}, 10); len(page.Records) != 0 {
		tr.Fatalf("the empty log has a page of %d records", len(page.Records))
	}
	all := fill(tr, 30)
	var end event.Position
	for _, limit := range []int{1, 2, 3, 7, len(all) - 1, len(all), len(all) + 1, 10_000} {
		records, positions := tr.walk(event.Position{}, limit)
		tr.same(fmt.Sprint("pages of ", limit), all, records)
		end = positions[len(positions)-1]
	}
	if end.Ordinal != uint64(len(all)) {
		tr.Errorf("the log ends at ordinal %d, want %d", end.Ordinal, len(all))
	}
	if page := tr.page(end, 10); len(page.Records) != 0 {
		tr.Errorf("the page at the end has %d records", len(page.Records))
	}
	if page := tr.page(event.Position{}, 1); len(page.Records) != 1 {
		tr.Errorf("a page of one has %d records", len(page.Records))
	}
	if page, err := tr.log.Page(tr.ctx, event.Position{}, 0); err != nil || len(page.Records) != 1 {
		tr.Errorf("a page of none has %d records (error %v), want one", len(page.Records), err)
	}
}

func resumesAnywhere(tr *trial) {
	all := fill(tr, 12)
	_, positions := tr.walk(event.Position{}, 1)
	for i, from := range positions {
		for _, limit := range []int{2, 5} {
			rest, _ := tr.walk(from, limit)
			tr.same(fmt.Sprintf("pages of %d after %s", limit, from), all[i+1:], rest)
		}
	}
	end := positions[len(positions)-1]
	s := tr.stream("later")
	more := tr.addNew(s, "later", 2)
	rest, _ := tr.walk(end, 10)
	tr.same("what followed the end", more, rest)
}

func resumesBehindAppend(tr *trial) {
	s := tr.stream("resumed")
	var at event.Position
	for i := range int64(10) {
		records := Batch(s, 2*i-1, fmt.Sprint("command", i), 2)
		a := tr.add(s, 2*i-1, records...)
		for _, r := range records {
			at = at.Next(r, a.Token)
		}
		if page := tr.page(at, 10); len(page.Records) != 0 {
			tr.Errorf("behind append %d are %d records", i, len(page.Records))
		}
		last, token, ok, err := tr.log.Last(tr.ctx)
		if err != nil || !ok {
			tr.Fatalf("last: ok %v, error %v", ok, err)
		}
		tr.same("last", records[1:], []event.Record{last})
		next := tr.stream(fmt.Sprint("next", i))
		following := tr.addNew(next, "next", 1)
		rest, behind := tr.walk(at, 10)
		tr.same("behind the append's token", following, rest)
		rest, _ = tr.walk(event.Position{Ordinal: at.Ordinal, Hash: at.Hash, Token: token}, 10)
		tr.same("behind the last record's token", following, rest)
		at = behind[0]
	}
}

func refusesForeignToken(tr *trial) {
	tr.addNew(tr.stream("own"), "own", 1)
	for _, token := range []event.Token{"?", "x:1", "s:", "m:-1", "s:01", "m:99999999999999999999", "一"} {
		if _, err := tr.log.Page(tr.ctx, event.Position{Ordinal: 1, Token: token}, 1); !errors.Is(err, event.ErrBadToken) {
			tr.Errorf("page after %q: got %v, want %v", token, err, event.ErrBadToken)
		}
		if err := tr.end(tr.begin(tr.ctx, token)); !errors.Is(err, event.ErrBadToken) {
			tr.Errorf("wait behind %q: got %v, want %v", token, err, event.ErrBadToken)
		}
	}
}

func yieldsStream(tr *trial) {
	all := fill(tr, 40)
	byStream := map[string][]event.Record{}
	for _, r := range all {
		byStream[r.Envelope.Stream] = append(byStream[r.Envelope.Stream], r)
	}
	for s, want := range byStream {
		tr.streamHolds(s, want...)
		var some []event.Record
		for r, err := range tr.log.Stream(tr.ctx, s) {
			if err != nil {
				tr.Fatalf("read stream: %v", err)
			}
			if some = append(some, r); len(some) == 2 {
				break
			}
		}
		tr.same("beginning of a stream", want[:2], some)
		tr.streamHolds(s, want...)
	}
	for _, unknown := range []string{tr.stream("unknown"), "lesson", ""} {
		tr.streamHolds(unknown)
	}

	long := tr.stream("long")
	var want []event.Record
	for i := range int64(7) {
		records := Batch(long, 100*i-1, fmt.Sprint("long", i), 100)
		tr.add(long, 100*i-1, records...)
		want = append(want, records...)
	}
	tr.streamHolds(long, want...)
}

func appendsWhileIterating(tr *trial) {
	s, journal := tr.stream("read"), tr.stream("journal")
	records := tr.addNew(s, "read", 20)
	var want []event.Record
	for r, err := range tr.log.Stream(tr.ctx, s) {
		if err != nil {
			tr.Fatalf("read stream: %v", err)
		}
		note := Batch(journal, r.Envelope.Revision-1, fmt.Sprint("note", r.Envelope.Revision), 1)
		tr.add(journal, r.Envelope.Revision-1, note...)
		want = append(want, note...)
		tr.streamHolds(journal, want...)
	}
	tr.streamHolds(s, records...)
	tr.streamHolds(journal, want...)

	// Iterators inside one another must not use up what a log has of readers.
	depth := 0
	var nest func()
	nest = func() {
		for _, err := range tr.log.Stream(tr.ctx, s) {
			if err != nil {
				tr.Fatalf("read stream at depth %d: %v", depth, err)
			}
			if depth++; depth < 40 {
				nest()
			}
			return
		}
	}
	nest()
}

func knowsLast(tr *trial) {
	if r, token, ok, err := tr.log.Last(tr.ctx); ok || err != nil {
		tr.Fatalf("the empty log's last record is %s at %q, error %v", r.Bytes, token, err)
	}
	for i := range 10 {
		records := tr.addNew(tr.stream(fmt.Sprint(9-i)), "last", 1+i%3)
		r, _, ok, err := tr.log.Last(tr.ctx)
		if err != nil || !ok {
			tr.Fatalf("last: ok %v, error %v", ok, err)
		}
		tr.same("last", records[len(records)-1:], []event.Record{r})
	}
}

func waitsForAppends(tr *trial) {
	s := tr.stream("awaited")
	var after event.Token // of the empty log
	for i := range int64(20) {
		var waiting []<-chan error
		for range 4 {
			waiting = append(waiting, tr.begin(tr.ctx, after))
		}
		for _, done := range waiting {
			select {
			case err := <-done:
				tr.Fatalf("Wait returned (error %v) although nothing follows", err)
			default:
			}
		}
		a := tr.add(s, i-1, Batch(s, i-1, fmt.Sprint("awaited", i), 1)...)
		for _, done := range append(waiting, tr.begin(tr.ctx, after), tr.begin(tr.ctx, "")) {
			if err := tr.end(done); err != nil {
				tr.Fatalf("Wait for record %d: %v", i, err)
			}
		}
		after = a.Token
	}
}

func wakesFollower(tr *trial) {
	const appends = 100
	s := tr.stream("followed")
	var want []event.Record
	for i := range int64(appends) {
		want = append(want, Batch(s, i-1, fmt.Sprint("followed", i), 1)...)
	}
	var followed []event.Record
	var failed [2]error
	tr.together(
		func() {
			for i := range want {
				if _, failed[0] = tr.log.Append(tr.ctx, s, int64(i)-1, want[i]); failed[0] != nil {
					return
				}
			}
		},
		func() {
			var at event.Position
			for len(followed) < appends {
				if failed[1] = tr.log.Wait(tr.ctx, at.Token); failed[1] != nil {
					return
				}
				page, err := tr.log.Page(tr.ctx, at, 10)
				if err == nil && len(page.Records) == 0 {
					err = errors.New("nothing follows although Wait returned")
				}
				if failed[1] = err; err != nil {
					return
				}
				followed, at = append(followed, page.Records...), page.After
			}
		},
	)
	if err := errors.Join(failed[:]...); err != nil {
		tr.Fatalf("write and follow: %v", err)
	}
	tr.same("followed", want, followed)
}

func stopsWaiting(tr *trial) {
	tr.addNew(tr.stream("some"), "some", 1)
	end := tr.page(event.Position{}, 10).After.Token
	ctx, cancel := context.WithCancel(tr.ctx)
	waiting := []<-chan error{tr.begin(ctx, end), tr.begin(ctx, end)}
	cancel()
	for _, done := range waiting {
		if err := tr.end(done); !errors.Is(err, context.Canceled) {
			tr.Errorf("Wait returned %v, want %v", err, context.Canceled)
		}
	}
	if err := tr.end(tr.begin(tr.ctx, "")); err != nil {
		tr.Errorf("Wait after another was cancelled: %v", err)
	}
}
