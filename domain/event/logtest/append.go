package logtest

import (
	"bytes"
	"context"
	"errors"
	"fmt"

	"twinledger/domain/event"
)

func returnsEveryField(tr *trial) {
	s := tr.stream("fields")
	records := tr.addNew(s, "开课", 3)
	tr.holds(records...)
	tr.streamHolds(s, records...)
	last, _, ok, err := tr.log.Last(tr.ctx)
	if err != nil || !ok {
		tr.Fatalf("last: ok %v, error %v", ok, err)
	}
	tr.same("last", records[2:], []event.Record{last})
}

func returnsBigData(tr *trial) {
	s := tr.stream("big")
	big := sized(s, event.NoStream, "big", event.MaxAppend)
	tr.add(s, event.NoStream, big)
	half := []event.Record{sized(s, 0, "half", event.MaxAppend/2), sized(s, 1, "other half", event.MaxAppend/2)}
	tr.add(s, 0, half...)
	want := append([]event.Record{big}, half...)
	tr.holds(want...)
	tr.streamHolds(s, want...)
}

func takesTheExpectedRevision(tr *trial) {
	s, other := tr.stream("a"), tr.stream("b")
	first := tr.addNew(s, "one", 1)
	foreign := tr.addNew(other, "two", 2)
	second := Batch(s, 0, "three", 2)
	tr.add(s, 0, second...)
	third := Batch(s, 2, "four", 1)
	tr.add(s, 2, third...)
	tr.streamHolds(s, first[0], second[0], second[1], third[0])
	tr.streamHolds(other, foreign...)
	tr.holds(first[0], foreign[0], foreign[1], second[0], second[1], third[0])
}

func refusesOtherRevisions(tr *trial) {
	s := tr.stream("held")
	held := tr.addNew(s, "held", 3)
	for _, c := range []struct {
		situation string
		stream    string
		expected  int64
	}{
		{"no stream expected of one that exists", s, event.NoStream},
		{"revision stale by two", s, 0},
		{"revision stale by one", s, 1},
		{"revision one too high", s, 3},
		{"revision far too high", s, 1000},
		{"first revision expected of no stream", tr.stream("none"), 0},
		{"later revision expected of no stream", tr.stream("none"), 5},
	} {
		for _, n := range []int{1, 2, 5} {
			records := Batch(c.stream, c.expected, fmt.Sprint(c.situation, n), n)
			tr.refused(event.ErrConflict, c.stream, c.expected, records...)
		}
	}
	tr.streamHolds(tr.stream("none"))
	tr.streamHolds(s, held...)
	tr.holds(held...)
}

func answersRepetition(tr *trial) {
	s := tr.stream("repeated")
	held := tr.addNew(s, "first", 2)
	second := Batch(s, 1, "second", 3)
	token := tr.add(s, 1, second...).Token
	repeat := func(expected int64, again, stored []event.Record) event.Token {
		tr.Helper()
		a, err := tr.log.Append(tr.ctx, s, expected, again...)
		if err != nil {
			tr.Fatalf("repetition behind %d: %v", expected, err)
		}
		tr.same("answer of the repetition", stored, a.Records)
		return a.Token
	}
	everything := append(append([]event.Record(nil), held...), second...)
	for range 2 {
		repeat(event.NoStream, held, held)
		repeat(event.NoStream, later(held), held)
		repeat(1, altered(second, func(e *event.Envelope) {
			e.Version, e.Actor, e.Data = 9, "another", []byte(`{"other":1}`)
		}), second)
		repeat(event.NoStream, later(held[:1]), held[:1]) // the beginning of what is stored is stored, too
		if again := repeat(1, later(second), second); again != token {
			tr.Errorf("a repetition answers with token %q, the first append with %q", again, token)
		}
		tr.holds(everything...)

		for range 40 {
			n := int64(len(everything)) - 1
			more := Batch(s, n, fmt.Sprint("more", n), 1)
			tr.add(s, n, more...)
			everything = append(everything, more...)
		}
	}
}

func refusesPartialOverlap(tr *trial) {
	s := tr.stream("overlapped")
	held := tr.addNew(s, "held", 4)
	at := func(revision int64, r event.Record) event.Record {
		r.Envelope.Revision = revision
		return encode(r.Envelope)
	}
	stranger := func(revision int64) event.Record { return Batch(s, revision-1, "stranger", 1)[0] }
	for _, c := range []struct {
		situation string
		expected  int64
		records   []event.Record
	}{
		{"all that is stored and one more", event.NoStream, append(held[:4:4], stranger(4))},
		{"the end of what is stored and one more", 2, []event.Record{held[3], stranger(4)}},
		{"a stranger first", event.NoStream, []event.Record{stranger(0), held[1]}},
		{"a stranger last", event.NoStream, []event.Record{held[0], stranger(1)}},
		{"a stranger between", event.NoStream, []event.Record{held[0], stranger(1), held[2]}},
		{"the same in another order", event.NoStream, []event.Record{at(0, held[1]), at(1, held[0])}},
		{"the same one place later", 0, []event.Record{at(1, held[0]), at(2, held[1])}},
		{"the same one place earlier", event.NoStream, []event.Record{at(0, held[1]), at(1, held[2])}},
		{"one at a wrong place", 1, []event.Record{at(2, held[3])}},
		{"the last again, behind one that is not there", 4, []event.Record{at(5, held[3])}},
	} {
		if _, err := tr.log.Append(tr.ctx, s, c.expected, c.records...); !errors.Is(err, event.ErrConflict) {
			tr.Errorf("%s: got %v, want %v", c.situation, err, event.ErrConflict)
		}
	}
	tr.streamHolds(s, held...)
	tr.holds(held...)
}

func refusesMalformed(tr *trial) {
	s, other := tr.stream("sound"), tr.stream("other")
	held := tr.addNew(s, "held", 1)
	two := Batch(s, 0, "two", 2)
	foreign := Batch(other, 0, "foreign", 1)
	mixed := two[0]
	mixed.Bytes = two[1].Bytes
	empty := two[0]
	empty.Bytes = nil
	below := two[0]
	below.Envelope.Revision = -1
	below.Bytes = bytes.Replace(below.Bytes, []byte(`"revision":1`), []byte(`"revision":-1`), 1)
	for _, c := range []struct {
		situation string
		stream    string
		expected  int64
		records   []event.Record
	}{
		{"nothing", s, 0, nil},
		{"below no stream", s, event.NoStream - 1, []event.Record{below}},
		{"a name that is not a stream's", "lesson", event.NoStream, two[:1]},
		{"another stream's record", s, 0, foreign},
		{"another stream's record behind a good one", s, 0, []event.Record{two[0], Batch(other, 1, "x", 1)[0]}},
		{"a gap before", s, 0, two[1:]},
		{"a gap between", s, 0, []event.Record{two[0], Batch(s, 2, "gap", 1)[0]}},
		{"the same revision twice", s, 0, []event.Record{two[0], Batch(s, 0, "again", 1)[0]}},
		{"backwards", s, 0, []event.Record{two[1], two[0]}},
		{"one id twice", s, 0, []event.Record{two[0], altered(two[1:], func(e *event.Envelope) { e.ID = two[0].Envelope.ID })[0]}},
		{"bytes of another event", s, 0, []event.Record{mixed}},
		{"no bytes", s, 0, []event.Record{empty}},
	} {
		if _, err := tr.log.Append(tr.ctx, c.stream, c.expected, c.records...); !errors.Is(err, event.ErrMalformed) {
			tr.Errorf("%s: got %v, want %v", c.situation, err, event.ErrMalformed)
		}
	}
	tr.streamHolds(other)
	tr.holds(held...)
}

func refusesTooLarge(tr *trial) {
	s := tr.stream("large")
	tr.refused(event.ErrTooLarge, s, event.NoStream, sized(s, event.NoStream, "one", event.MaxAppend+1))
	tr.refused(event.ErrTooLarge, s, event.NoStream,
		sized(s, event.NoStream, "half", event.MaxAppend/2), sized(s, 0, "other half", event.MaxAppend/2+1))
	tr.streamHolds(s)
	tr.holds()
}

func sharesNoMemory(tr *trial) {
	s := tr.stream("alone")
	want := Batch(s, event.NoStream, "alone", 3)
	given := Batch(s, event.NoStream, "alone", 3) // equal, in other memory
	spoil := func(records ...event.Record) {
		for _, r := range records {
			copy(r.Bytes, bytes.Repeat([]byte{'!'}, len(r.Bytes)))
			copy(r.Envelope.Data, bytes.Repeat([]byte{'!'}, len(r.Envelope.Data)))
		}
	}
	answer := tr.add(s, event.NoStream, given...)
	spoil(given...)
	tr.holds(want...)
	tr.streamHolds(s, want...)

	spoil(answer.Records...)
	again, err := tr.log.Append(tr.ctx, s, event.NoStream, later(want)...)
	if err != nil {
		tr.Fatalf("repetition: %v", err)
	}
	tr.same("answer of the repetition", want, again.Records)
	spoil(again.Records...)
	for range 2 { // the second time finds what the first spoilt
		last, _, _, err := tr.log.Last(tr.ctx)
		if err != nil {
			tr.Fatalf("last: %v", err)
		}
		paged, read := tr.page(event.Position{}, 3).Records, tr.read(s)
		tr.same("last", want[2:], []event.Record{last})
		tr.same("page", want[:len(paged)], paged)
		tr.same("stream", want, read)
		spoil(last)
		spoil(paged...)
		spoil(read...)
	}
}

func givesUp(tr *trial) {
	s := tr.stream("ended")
	held := tr.addNew(s, "held", 2)
	ctx, cancel := context.WithCancel(tr.ctx)
	cancel()
	check := func(what string, err error) {
		tr.Helper()
		if !errors.Is(err, context.Canceled) || isFault(err) {
			tr.Errorf("%s: got %v, want the context's own error", what, err)
		}
	}
	more := Batch(s, 1, "more", 2)
	_, err := tr.log.Append(ctx, s, 1, more...)
	check("append", err)
	_, err = tr.log.Page(ctx, event.Position{}, 10)
	check("page", err)
	_, _, _, err = tr.log.Last(ctx)
	check("last", err)
	check("wait", tr.end(tr.begin(ctx, tr.page(event.Position{}, 100).After.Token)))
	err = nil
	for _, err = range tr.log.Stream(ctx, s) {
		if err != nil {
			break
		}
	}
	check("stream", err)

	// Whether the append was stored is unknown, and sending it again settles it.
	tr.add(s, 1, more...)
	tr.holds(append(held, more...)...)
}
