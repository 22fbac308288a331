package logtest

import (
	"fmt"

	"twinledger/domain/event"
)

// keepsEverything fills a log and opens it again and again, each time adding a
// little.
func keepsEverything(tr *trial, reopen func(*trial) *trial) {
	want := fill(tr, 30)
	s := tr.stream("kept")
	first := tr.addNew(s, "kept", 3)
	big := sized(s, 2, "big", event.MaxAppend)
	token := tr.add(s, 2, big).Token
	want = append(append(want, first...), big)
	_, positions := tr.walk(event.Position{}, 7)
	end := positions[len(positions)-1]

	for i := range int64(3) {
		tr = reopen(tr)
		tr.holds(want...)
		last, _, ok, err := tr.log.Last(tr.ctx)
		if err != nil || !ok {
			tr.Fatalf("last: ok %v, error %v", ok, err)
		}
		tr.same("last", want[len(want)-1:], []event.Record{last})
		rest, _ := tr.walk(end, 100)
		tr.same("behind a position of the first opening", want[end.Ordinal:], rest)

		again, err := tr.log.Append(tr.ctx, s, event.NoStream, later(first)...)
		if err != nil {
			tr.Fatalf("repetition of an append of the first opening: %v", err)
		}
		tr.same("answer of the repetition", first, again.Records)
		rival := Batch(s, 2, fmt.Sprint("rival", i), 1)
		tr.refused(event.ErrConflict, s, 2, rival...)

		more := Batch(s, 3+i, fmt.Sprint("more", i), 1)
		tr.add(s, 3+i, more...)
		want = append(want, more...)
		tr.holds(want...)
		if err := tr.end(tr.begin(tr.ctx, token)); err != nil {
			tr.Errorf("Wait behind a token of the first opening: %v", err)
		}
	}
	tr = reopen(tr)
	tr.holds(want...)
}
