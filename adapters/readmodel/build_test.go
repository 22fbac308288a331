package readmodel_test

import (
	"database/sql"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
	_ "modernc.org/sqlite"

	"twinledger/adapters/readmodel"
	"twinledger/domain/event"
	"twinledger/projections"
	"twinledger/projections/records"
)

// files returns the names of everything in a folder but SQLite's side files.
func files(t *testing.T, folder string) []string {
	t.Helper()
	entries, err := os.ReadDir(folder)
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, e := range entries {
		switch filepath.Ext(e.Name()) {
		case ".sqlite-wal", ".sqlite-shm":
		default:
			out = append(out, e.Name())
		}
	}
	return out
}

func fileSize(t *testing.T, folder, name string) int64 {
	t.Helper()
	info, err := os.Stat(filepath.Join(folder, name))
	if err != nil {
		t.Fatal(err)
	}
	return info.Size()
}

func want(t *testing.T, what string, want, got any) {
	t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", what, diff)
	}
}

func TestNothingIsServedAtFirst(t *testing.T) {
	config := configOf(t.TempDir())
	m := open(t, config, readmodel.Writing)
	defer shut(t, m)
	if m.Served() != nil {
		t.Error("something is served")
	}
	if _, err := rowsOf(m).Select(t.Context(), projections.Query{}); !errors.Is(err, readmodel.ErrMissing) {
		t.Errorf("asked with %v, want ErrMissing", err)
	}
	if _, err := readmodel.Open(config, readmodel.ReadOnly); !errors.Is(err, readmodel.ErrMissing) {
		t.Errorf("opened to read with %v, want ErrMissing", err)
	}
}

func TestReopening(t *testing.T) {
	config, log := configOf(t.TempDir()), ledger(t, given...)
	m := built(t, config, log, 4, 2)
	shut(t, m)
	again := open(t, config, readmodel.Writing)
	defer shut(t, again)
	follow(t, again.Served(), log, all)
	want(t, "rows", []string{key("lesson", 1), key("lesson", 2), key("lesson", 3)}, answers(t, rowsOf(again), projections.Query{}))
	want(t, "checkpoint", batch(t, log, event.Position{}, 6).After, checkpoint(t, again.Served()))
	want(t, "files", []string{"generation-000001.sqlite", "served"}, files(t, config.Folder))
}

// TestSwapGoBackRelease follows one generation that takes the place of another.
func TestSwapGoBackRelease(t *testing.T) {
	config, log := configOf(t.TempDir()), ledger(t, given...)
	m := built(t, config, log, 2, 2)
	defer func() { shut(t, m) }()
	first := m.Served()
	b := begin(t, m)
	follow(t, b, log, all)
	want(t, "before the swap", uint64(2), checkpoint(t, m.Served()).Ordinal)
	second := finish(t, b)
	if err := m.Serve(second); err != nil {
		t.Fatal(err)
	}
	want(t, "after the swap", uint64(6), checkpoint(t, m.Served()).Ordinal)
	if m.Former() != first {
		t.Error("the former generation is gone")
	}
	follow(t, m.Former(), log, all) // it follows until it is released
	if err := m.GoBack(); err != nil {
		t.Fatal(err)
	}
	if m.Served() != first || m.Former() != second {
		t.Error("going back did not swap the two")
	}
	shut(t, m)
	m = open(t, config, readmodel.Writing)
	want(t, "served after a restart", first.Name(), m.Served().Name())
	if err := m.Release(); err != nil {
		t.Fatal(err)
	}
	if err := m.GoBack(); !errors.Is(err, readmodel.ErrNoFormer) {
		t.Errorf("went back with %v", err)
	}
	want(t, "files", []string{"generation-000001.sqlite", "served"}, files(t, config.Folder))
}

// TestPinnedQuestions are answered by one generation, whatever takes its place.
func TestPinnedQuestions(t *testing.T) {
	config, log := configOf(t.TempDir()), ledger(t, given...)
	m := built(t, config, log, 1, 1)
	defer func() { shut(t, m) }()
	ctx, release := m.Pin(t.Context())
	b := begin(t, m)
	follow(t, b, log, all)
	if err := m.Serve(finish(t, b)); err != nil {
		t.Fatal(err)
	}
	pinned, err := rowsOf(m).Select(ctx, projections.Query{})
	if err != nil || len(pinned) != 1 {
		t.Errorf("pinned: %d rows, error %v", len(pinned), err)
	}
	want(t, "not pinned", 3, len(answers(t, rowsOf(m), projections.Query{})))
	released := make(chan error, 1)
	go func() { released <- m.Release() }()
	if _, err := rowsOf(m).Select(ctx, projections.Query{}); err != nil {
		t.Errorf("while it is released a pinned question fails: %v", err)
	}
	release()
	if err := <-released; err != nil {
		t.Fatal(err)
	}
}

// TestABuildThatIsPaused goes on from where it was, and holds the same as one that was
// not.
func TestABuildThatIsPaused(t *testing.T) {
	for paused := range 7 {
		config, log := configOf(t.TempDir()), ledger(t, given...)
		m := built(t, config, log, 6, 6)
		b := begin(t, m)
		if paused > 0 {
			apply(t, b, batch(t, log, event.Position{}, paused))
		}
		if err := b.Pause(); err != nil {
			t.Fatal(err)
		}
		shut(t, m)
		m = open(t, config, readmodel.Writing) // a restart keeps it
		again := begin(t, m)
		want(t, "goes on behind", uint64(paused), checkpoint(t, again).Ordinal)
		follow(t, again, log, func() int { return 2 })
		g := finish(t, again)
		if diff := differences(t, m.Served(), g); diff != "" {
			t.Errorf("paused at %d:\n%s", paused, diff)
		}
		if err := m.Serve(g); err != nil {
			t.Fatal(err)
		}
		shut(t, m)
	}
}

func TestABuildBegunAnew(t *testing.T) {
	config, log := configOf(t.TempDir()), ledger(t, given...)
	m := built(t, config, log, 6, 6)
	defer shut(t, m)
	b := begin(t, m)
	apply(t, b, batch(t, log, event.Position{}, 2))
	if err := b.Pause(); err != nil {
		t.Fatal(err)
	}
	anew, err := m.Build(true)
	if err != nil {
		t.Fatal(err)
	}
	want(t, "begins at", uint64(0), checkpoint(t, anew).Ordinal)
	if err := anew.Discard(); err != nil {
		t.Fatal(err)
	}
	want(t, "files", []string{"generation-000001.sqlite", "served"}, files(t, config.Folder))
}

// TestABuildThatWasKilled leaves a file that is removed at the next start; beside a
// reader it is left alone.
func TestABuildThatWasKilled(t *testing.T) {
	config, log := configOf(t.TempDir()), ledger(t, given...)
	m := built(t, config, log, 6, 6)
	b := begin(t, m)
	apply(t, b, batch(t, log, event.Position{}, 4))
	defer b.Discard() //nolint:errcheck // it is what a killed process never does
	shut(t, m)
	reader := open(t, config, readmodel.ReadOnly)
	want(t, "beside a reader", []string{"generation-000001.sqlite", "generation-000002.sqlite", "served"}, files(t, config.Folder))
	shut(t, reader)
	again := open(t, config, readmodel.Writing)
	defer shut(t, again)
	want(t, "after a start", []string{"generation-000001.sqlite", "served"}, files(t, config.Folder))
	want(t, "served", uint64(6), checkpoint(t, again.Served()).Ordinal)
}

// TestAnotherVersionOfTheModel is built beside the former one, which is not served.
func TestAnotherVersionOfTheModel(t *testing.T) {
	folder, log := t.TempDir(), ledger(t, given...)
	shut(t, built(t, configOf(folder), log, 6, 6))
	raised := records.Model
	raised.Version++
	raised.Columns = append(raised.Columns[:len(raised.Columns):len(raised.Columns)], projections.TextColumn("itself", func(r records.Row) string { return r.Key }))
	m := open(t, configOf(folder, readmodel.Of(raised)), readmodel.Writing)
	defer func() { shut(t, m) }()
	if m.Served() != nil {
		t.Fatal("the former version is served")
	}
	b := begin(t, m)
	follow(t, b, log, all)
	if err := m.Serve(finish(t, b)); err != nil {
		t.Fatal(err)
	}
	rows := readmodel.Rows(m, raised)
	want(t, "by the new column", []string{key("lesson", 2)}, answers(t, rows, projections.Query{Where: []projections.Condition{projections.Is("itself", key("lesson", 2))}}))
}

func TestADamagedFile(t *testing.T) {
	config, log := configOf(t.TempDir()), ledger(t, given...)
	shut(t, built(t, config, log, 6, 6))
	if err := os.WriteFile(filepath.Join(config.Folder, "generation-000001.sqlite"), []byte("this is no database, and it is long enough to be seen as none"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, mode := range []readmodel.Mode{readmodel.ReadOnly, readmodel.Writing} {
		if _, err := readmodel.Open(config, mode); !errors.Is(err, readmodel.ErrDamaged) {
			t.Errorf("opened with %v, want ErrDamaged", err)
		}
	}
	m := open(t, config, readmodel.Mending)
	defer shut(t, m)
	b := begin(t, m)
	follow(t, b, log, all)
	if err := m.Serve(finish(t, b)); err != nil {
		t.Fatal(err)
	}
	want(t, "files", []string{"generation-000002.sqlite", "served"}, files(t, config.Folder))
}

// TestAFileThatAKilledProcessBegan is no database yet and was never chosen: it is passed over,
// and removed by whoever writes.
func TestAFileThatAKilledProcessBegan(t *testing.T) {
	config := configOf(t.TempDir())
	begun := filepath.Join(config.Folder, "generation-000001.sqlite")
	if err := os.MkdirAll(config.Folder, 0o750); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(begun, []byte("this is no database, and it is long enough to be seen as none"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := readmodel.Open(config, readmodel.ReadOnly); !errors.Is(err, readmodel.ErrMissing) {
		t.Errorf("read: opened with %v, want ErrMissing", err)
	}
	m := open(t, config, readmodel.Writing)
	defer shut(t, m)
	if m.Served() != nil || len(files(t, config.Folder)) != 0 {
		t.Errorf("served %v, files %v", m.Served(), files(t, config.Folder))
	}
}

// TestAFileRemovedMeanwhile is answered from until it is closed, and seen to be gone.
func TestAFileRemovedMeanwhile(t *testing.T) {
	config, log := configOf(t.TempDir()), ledger(t, given...)
	m := built(t, config, log, 6, 6)
	defer shut(t, m)
	if !m.Served().InPlace() {
		t.Error("the file is not seen")
	}
	if err := os.RemoveAll(config.Folder); err != nil {
		t.Fatal(err)
	}
	if m.Served().InPlace() {
		t.Error("the file is still seen")
	}
	for range 10 {
		want(t, "rows", 3, len(answers(t, rowsOf(m), projections.Query{})))
	}
	if _, err := os.Stat(config.Folder); !errors.Is(err, os.ErrNotExist) {
		t.Error("something was made in its place")
	}
	b := begin(t, m)
	follow(t, b, log, all)
	if err := m.Serve(finish(t, b)); err != nil {
		t.Fatal(err)
	}
	if !m.Served().InPlace() {
		t.Error("the new file is not seen")
	}
}

func TestReadingBesideAnotherProcess(t *testing.T) {
	config, log := configOf(t.TempDir()), ledger(t, given...)
	writer := built(t, config, log, 2, 2)
	defer shut(t, writer)
	reader := open(t, config, readmodel.ReadOnly)
	defer shut(t, reader)
	if err := reader.Served().Apply(t.Context(), batch(t, log, checkpoint(t, reader.Served()), 1)); !errors.Is(err, readmodel.ErrReadOnly) {
		t.Errorf("applied with %v", err)
	}
	follow(t, writer.Served(), log, all)
	want(t, "reader", uint64(6), checkpoint(t, reader.Served()).Ordinal)
	want(t, "rows", answers(t, rowsOf(writer), projections.Query{}), answers(t, rowsOf(reader), projections.Query{}))
}

// alter executes a statement on a generation's file.
func alter(t *testing.T, folder, file, statement string) {
	t.Helper()
	db, err := sql.Open("sqlite", filepath.Join(folder, file))
	if err != nil {
		t.Fatal(err)
	}
	done, err := db.ExecContext(t.Context(), statement)
	if err != nil {
		t.Fatal(err)
	}
	if n, _ := done.RowsAffected(); n == 0 {
		t.Fatalf("%s altered nothing", statement)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
}
