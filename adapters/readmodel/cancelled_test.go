package readmodel_test

import (
	"context"
	"errors"
	"testing"

	"twinledger/adapters/readmodel"
	"twinledger/domain/event"
	"twinledger/projections"
	"twinledger/projections/records"
)

// TestABuildIsPausedWheneverItIsStopped stops a build in the middle of a page and between
// two pages: it goes on behind the page that was begun.
func TestABuildIsPausedWheneverItIsStopped(t *testing.T) {
	ctx, stop := context.WithCancel(t.Context())
	model := records.Model
	model.Fold = func(row records.Row, a projections.Applied) records.Row {
		if a.Ordinal == 2 {
			stop()
		}
		return records.Model.Fold(row, a)
	}
	config, log := configOf(t.TempDir()), ledger(t, given...)
	config.Models = []readmodel.Model{readmodel.Of(model)}
	m := open(t, config, readmodel.Writing)
	b := begin(t, m)
	if err := b.Apply(ctx, batch(t, log, event.Position{}, 3)); err != nil {
		t.Errorf("the page that was begun: %v", err)
	}
	at, err := b.Checkpoint(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	want(t, "the build holds", uint64(3), at.Ordinal)
	if err := b.Apply(ctx, batch(t, log, at, 3)); !errors.Is(err, context.Canceled) {
		t.Errorf("the page behind it: %v", err)
	}
	if err := b.Pause(); err != nil {
		t.Fatal(err)
	}
	shut(t, m)

	m = open(t, config, readmodel.Writing)
	defer func() { shut(t, m) }()
	again := begin(t, m)
	at, err = again.Checkpoint(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	want(t, "gone on with, the build holds", uint64(3), at.Ordinal)
	follow(t, again, log, all)
	if err := m.Serve(finish(t, again)); err != nil {
		t.Fatal(err)
	}
	sameAs(t, m, built(t, configOf(t.TempDir()), log, len(given), 2))
}

// sameAs compares what two read models hold.
func sameAs(t *testing.T, got, want *readmodel.ReadModels) {
	t.Helper()
	defer shut(t, want)
	compared, err := readmodel.Compare(t.Context(), want.Served(), got.Served(), checkpoint(t, want.Served()).Ordinal, nil)
	if err != nil || !compared.Equal() {
		t.Errorf("they differ: %v\n%+v", err, compared)
	}
}
