package readmodel_test

import (
	"context"
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"twinledger/adapters/readmodel"
	"twinledger/domain/command/commandtest"
	"twinledger/domain/event"
	"twinledger/projections"
	"twinledger/projections/projectiontest"
	"twinledger/projections/records"
)

func TestApply(t *testing.T) {
	log := ledger(t, given...)
	start := batch(t, log, event.Position{}, 3)
	rest := batch(t, log, start.After, 3)
	whole := batch(t, log, event.Position{}, 6)
	forged := func(p projections.Batch, alter func(*projections.Batch)) projections.Batch {
		alter(&p)
		return p
	}
	other := batch(t, ledger(t, reported(1, "数学"), reported(2, "数学"), corrected(1, "国学")), event.Position{}, 3)
	tests := []struct {
		name    string
		applied []projections.Batch
		batch   projections.Batch
		err     error
		want    uint64 // the checkpoint's ordinal then
	}{
		{"the first page", nil, start, nil, 3},
		{"the page that follows", []projections.Batch{start}, rest, nil, 6},
		{"a page already applied", []projections.Batch{start}, start, nil, 3},
		{"a page applied long ago", []projections.Batch{start, rest}, start, nil, 6},
		{"a page that begins inside what is applied", []projections.Batch{start}, whole, nil, 6},
		{"an empty page", []projections.Batch{start, rest}, batch(t, log, whole.After, 3), nil, 6},
		{"a page that leaves a gap", nil, rest, projections.ErrGap, 0},
		{"a page of another ledger behind", []projections.Batch{other}, rest, projections.ErrGap, 3},
		{"a page of another ledger that begins inside", []projections.Batch{other}, whole, projections.ErrGap, 3},
		{"a page whose beginning is forged", nil, forged(start, func(p *projections.Batch) { p.Before.Hash[0] ^= 1 }), projections.ErrGap, 0},
		{"a page whose end is forged", nil, forged(start, func(p *projections.Batch) { p.After.Hash[0] ^= 1 }), projections.ErrGap, 0},
		{"a page with a record too few", nil, forged(start, func(p *projections.Batch) { p.Records = p.Records[:2] }), projections.ErrGap, 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			m := built(t, configOf(t.TempDir()), log, 0, 1)
			defer shut(t, m)
			for _, b := range tt.applied {
				apply(t, m.Served(), b)
			}
			before := answers(t, rowsOf(m), projections.Query{})
			if err := m.Served().Apply(t.Context(), tt.batch); !errors.Is(err, tt.err) {
				t.Fatalf("applied with %v, want %v", err, tt.err)
			}
			if got := checkpoint(t, m.Served()).Ordinal; got != tt.want {
				t.Errorf("the checkpoint is %d, want %d", got, tt.want)
			}
			if tt.err != nil && cmp.Diff(before, answers(t, rowsOf(m), projections.Query{})) != "" {
				t.Error("a refused page left rows")
			}
		})
	}
}

// TestAnEventThatCannotBeApplied is of a type that a later program wrote: nothing of
// its page is stored, and what comes before it can still be applied.
func TestAnEventThatCannotBeApplied(t *testing.T) {
	log := ledger(t, given[:2]...)
	later, _, _, err := log.Last(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	e := later.Envelope
	e.ID, e.Revision, e.Type = commandtest.ID(3), 1, "lesson.praised"
	strange, err := event.Encode(e)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := log.Append(t.Context(), e.Stream, 0, strange); err != nil {
		t.Fatal(err)
	}
	m := built(t, configOf(t.TempDir()), log, 0, 1)
	defer shut(t, m)
	err = m.Served().Apply(t.Context(), batch(t, log, event.Position{}, 3))
	if !errors.Is(err, projections.ErrCannotApply) || !errors.Is(err, event.ErrUnknownType) {
		t.Errorf("refused with %v, want why it cannot be applied", err)
	}
	if got := answers(t, rowsOf(m), projections.Query{}); got != nil || checkpoint(t, m.Served()) != (event.Position{}) {
		t.Errorf("the events before it were stored: %v", got)
	}
	apply(t, m.Served(), batch(t, log, event.Position{}, 2))
	if got := checkpoint(t, m.Served()).Ordinal; got != 2 {
		t.Errorf("the checkpoint is %d, want that before the event", got)
	}
}

// TestPagesDoNotMatter builds one generation from a whole log and lets another one
// follow it from some point on, in pages drawn at random, closing and opening the
// read models on the way: both hold the same.
func TestPagesDoNotMatter(t *testing.T) {
	dirs := folders{root: t.TempDir()}
	rapid.Check(t, func(t *rapid.T) {
		given := history(t)
		log := ledger(t, given...)
		one := built(t, configOf(dirs.next()), log, len(given), 1000)
		defer shut(t, one)

		config := configOf(dirs.next())
		many := built(t, config, log, rapid.IntRange(0, len(given)).Draw(t, "built"), rapid.IntRange(1, 4).Draw(t, "size"))
		defer func() { shut(t, many) }()
		for checkpoint(t, many.Served()).Ordinal < uint64(len(given)) {
			if rapid.IntRange(0, 3).Draw(t, "reopen") == 0 {
				shut(t, many)
				many = open(t, config, readmodel.Writing)
			}
			apply(t, many.Served(), batch(t, log, checkpoint(t, many.Served()), rapid.IntRange(1, 4).Draw(t, "page")))
		}
		if diff := differences(t, one.Served(), many.Served()); diff != "" {
			t.Fatalf("built and followed differ:\n%s", diff)
		}
		if checkpoint(t, one.Served()) != checkpoint(t, many.Served()) {
			t.Fatalf("checkpoints %v and %v", checkpoint(t, one.Served()), checkpoint(t, many.Served()))
		}
	})
}

// TestAMessageThatEndsMeanwhile ends the message's context while its page is stored:
// between two records the page is given up whole, at its last record it is committed
// all the same.
func TestAMessageThatEndsMeanwhile(t *testing.T) {
	for _, tt := range []struct {
		name string
		at   string // the subject at which the context ends
		err  error
		want uint64 // the checkpoint then
	}{
		{"between two records", "数学", context.Canceled, 0},
		{"at the last record", "国学", nil, 3},
	} {
		t.Run(tt.name, func(t *testing.T) {
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			model := records.Model
			model.Fold = func(r records.Row, a projections.Applied) records.Row {
				r = records.Model.Fold(r, a)
				if r.Facts.Subjects[0].Text == tt.at {
					cancel()
				}
				return r
			}
			log := ledger(t, given[:3]...)
			m := built(t, configOf(t.TempDir(), readmodel.Of(model)), log, 0, 1)
			defer shut(t, m)
			if err := m.Served().Apply(ctx, batch(t, log, event.Position{}, 3)); !errors.Is(err, tt.err) {
				t.Errorf("applied with %v, want %v", err, tt.err)
			}
			if got := checkpoint(t, m.Served()).Ordinal; got != tt.want {
				t.Errorf("the checkpoint is %d, want %d", got, tt.want)
			}
		})
	}
}

// TestAPanicLeavesNothing: what was kept in memory for a page that failed is dropped,
// and the page can be applied afterwards.
func TestAPanicLeavesNothing(t *testing.T) {
	model, armed := records.Model, true
	model.Fold = func(r records.Row, a projections.Applied) records.Row {
		if armed && a.Ordinal == 3 {
			panic("planted")
		}
		return records.Model.Fold(r, a)
	}
	log := ledger(t, given...)
	m := built(t, configOf(t.TempDir(), readmodel.Of(model)), log, 1, 1)
	defer shut(t, m)
	func() {
		defer func() {
			if recover() == nil {
				t.Error("the panic was swallowed")
			}
		}()
		_ = m.Served().Apply(t.Context(), batch(t, log, checkpoint(t, m.Served()), 5))
	}()
	armed = false
	follow(t, m.Served(), log, all)
	right := built(t, configOf(t.TempDir()), log, len(given), 100)
	defer shut(t, right)
	if diff := differences(t, right.Served(), m.Served()); diff != "" {
		t.Errorf("after a panic rows differ:\n%s", diff)
	}
}

// TestALongStream costs in proportion to its events: twice as many take twice the
// space, not four times.
func TestALongStream(t *testing.T) {
	size := func(events int) int64 {
		said := []projectiontest.Said{reported(1, "语文")}
		for i := range events {
			said = append(said, corrected(1, []string{"数学", "国学"}[i%2]))
		}
		folder := t.TempDir()
		m := built(t, configOf(folder), ledger(t, said...), len(said), 100)
		shut(t, m)
		return fileSize(t, folder, "generation-000001.sqlite")
	}
	small, large := size(2000), size(4000)
	if ratio := float64(large) / float64(small); ratio > 2.2 {
		t.Errorf("twice as many events take %.2f times the space (%d and %d bytes)", ratio, small, large)
	}
}
