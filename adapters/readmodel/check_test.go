package readmodel_test

import (
	"context"
	"database/sql"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"twinledger/adapters/readmodel"
	"twinledger/domain/fault"
	"twinledger/projections"
	"twinledger/projections/records"
)

// emptyIndex overwrites the root page of an index with an empty leaf.
func emptyIndex(t *testing.T, folder, index string) {
	t.Helper()
	file := filepath.Join(folder, "generation-000001.sqlite")
	db, err := sql.Open("sqlite", file)
	if err != nil {
		t.Fatal(err)
	}
	var page, size int64
	err = errors.Join(
		db.QueryRowContext(t.Context(), `SELECT rootpage FROM sqlite_master WHERE name = ?`, index).Scan(&page),
		db.QueryRowContext(t.Context(), `PRAGMA page_size`).Scan(&size), db.Close())
	if err != nil {
		t.Fatal(err)
	}
	leaf := make([]byte, size)
	// A leaf of an index, no cell, the content begins at the end of the page.
	leaf[0], leaf[5], leaf[6] = 0x0a, byte(size>>8), byte(size)
	f, err := os.OpenFile(file, os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	_, err = f.WriteAt(leaf, (page-1)*size)
	if err := errors.Join(err, f.Close()); err != nil {
		t.Fatal(err)
	}
}

// TestCheckFindsWhatCompareCannot plants damage of which Compare says nothing.
func TestCheckFindsWhatCompareCannot(t *testing.T) {
	log := ledger(t, given...)
	right := built(t, configOf(t.TempDir()), log, 6, 6)
	defer shut(t, right)
	school := `(SELECT number FROM texts WHERE text = '` + key("school", 1) + `')`
	tests := []struct {
		name   string
		index  string   // that is emptied
		file   []string // or what is done to the file
		says   string
		detail string
	}{
		{name: "an index is empty", index: "model_records_by_key", says: "in index model_records_by_key"},
		{name: "an index of the journal is empty", index: "events_by_stream", says: "in index events_by_stream"},
		{name: "an index is missing", file: []string{`DROP INDEX model_records_by_key`}, says: "index model_records_by_key is missing"},
		{name: "an index is another one", file: []string{`DROP INDEX events_by_stream`, `CREATE INDEX events_by_stream ON events (type)`}, says: "index events_by_stream is defined otherwise"},
		{name: "an index is not unique", file: []string{`DROP INDEX texts_by_text`, `CREATE INDEX texts_by_text ON texts (text)`}, says: "index texts_by_text is defined otherwise"},
		{name: "a trigger", file: []string{`CREATE TRIGGER harm AFTER INSERT ON events BEGIN DELETE FROM data; END`}, says: "trigger harm does not belong there"},
		{name: "a table", file: []string{`CREATE TABLE more (one INTEGER)`}, says: "table more does not belong there"},
		{name: "a version beyond the checkpoint", file: []string{`INSERT INTO model_records (ordinal, key) SELECT 7, key FROM model_records WHERE ordinal = 1`}, says: "beyond", detail: "records 7"},
		{name: "a version ends beyond it", file: []string{`UPDATE model_records SET ended = 900 WHERE ordinal = 6`}, says: "beyond", detail: "records 900"},
		{name: "an event beyond it", file: []string{`INSERT INTO events SELECT 7, stream, revision, type, version, occurred, recorded, latest, actor, unit, id, command, cause, correlation, hash FROM events WHERE ordinal = 6`}, says: "beyond", detail: "events 7"},
		{name: "data beyond it", file: []string{`INSERT INTO data SELECT 8, data FROM data WHERE ordinal = 6`}, says: "beyond", detail: "data 8"},
		{name: "a row of names beyond it", file: []string{`INSERT INTO names SELECT key, 9, rest FROM names WHERE key = ` + school}, says: "beyond", detail: "names "},
		{name: "a name that ends beyond it", file: []string{`UPDATE names SET rest = CAST(rest || x'20' AS BLOB) WHERE key = ` + school}, says: "beyond", detail: "names 36"},
		{name: "a name that breaks off", file: []string{`UPDATE names SET rest = CAST(rest || x'80' AS BLOB) WHERE key = ` + school}, says: "decoded", detail: "names 4"},
		{name: "a name of no text", file: []string{`INSERT INTO names VALUES (100000, 3, x'')`}, says: "without a text", detail: "names 3"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			config := configOf(t.TempDir())
			m := built(t, config, log, 6, 2)
			if err := m.Served().Check(t.Context()); err != nil {
				t.Fatalf("before: %v", err)
			}
			shut(t, m)
			if tt.index != "" {
				emptyIndex(t, config.Folder, tt.index)
			}
			for _, statement := range tt.file {
				change(t, config.Folder, statement)
			}
			m = open(t, config, readmodel.ReadOnly)
			defer shut(t, m)
			g := m.Served()
			if diff := differences(t, g, right.Served()); diff != "" && !strings.HasPrefix(tt.detail, "names") {
				t.Errorf("Compare sees it, so it is planted wrongly:\n%s", diff)
			}
			err := g.Check(t.Context())
			if !errors.Is(err, readmodel.ErrDamaged) || !g.Damaged() {
				t.Fatalf("found %v, damaged %v", err, g.Damaged())
			}
			details := detailsOf(t, err)
			if details["file"] != g.Name() || !strings.Contains(details["wrong"], tt.says) || !strings.HasPrefix(details["table"]+" "+details["ordinal"], tt.detail) {
				t.Errorf("it says %v, want %q and %q", details, tt.says, tt.detail)
			}
		})
	}
}

// TestCheckOfAPreviousVersion finds a version that follows one beyond the checkpoint.
func TestCheckOfAPreviousVersion(t *testing.T) {
	config, log := configOf(t.TempDir()), ledger(t, given...)
	shut(t, built(t, config, log, 6, 6))
	change(t, config.Folder, `UPDATE model_records SET previous = 70 WHERE ordinal = 6`)
	m := open(t, config, readmodel.ReadOnly)
	defer shut(t, m)
	details := detailsOf(t, m.Served().Check(t.Context()))
	want(t, "found at", "records 70", details["table"]+" "+details["ordinal"])
}

// TestCheckOfWhatIsRight passes generations that were built, that follow, and that are
// empty, also when they have columns with indexes of their own and many names.
func TestCheckOfWhatIsRight(t *testing.T) {
	var many []said
	for n := range 700 {
		many = append(many, reported(n+1, "语文"))
	}
	log := ledger(t, many...)
	for _, n := range []int{0, 1, 300, 700} {
		m := built(t, configOf(t.TempDir(), readmodel.Of(records.Model), readmodel.Of(counter)), log, n, 100)
		for range 2 {
			if err := m.Served().Check(t.Context()); err != nil {
				t.Errorf("of %d: %v", n, err)
			}
			follow(t, m.Served(), log, func() int { return 50 })
		}
		shut(t, m)
	}
}

// TestCheckOfWhatWasAlteredMeanwhile: what is altered while it is
// open is looked for in the file, not in what is remembered of it.
func TestCheckOfWhatWasAlteredMeanwhile(t *testing.T) {
	config, log := configOf(t.TempDir()), ledger(t, given...)
	shut(t, built(t, config, log, 6, 6)) // closed, all is in the file
	m := open(t, config, readmodel.Writing)
	defer shut(t, m)
	for range 5 {
		want(t, "rows", 3, len(answers(t, rowsOf(m), projections.Query{})))
		if err := m.Served().Check(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	emptyIndex(t, config.Folder, "model_records_by_key")
	if err := m.Served().Check(t.Context()); !errors.Is(err, readmodel.ErrDamaged) {
		t.Errorf("found %v", err)
	}
}

// TestNothingKnownIsNotTheEmptyText compares NULL with an empty text, and bytes with a
// text.
func TestNothingKnownIsNotTheEmptyText(t *testing.T) {
	log := ledger(t, given...)
	right := built(t, configOf(t.TempDir()), log, 6, 6)
	defer shut(t, right)
	for set, says := range map[string]string{
		`cause = ''`:          `cause="" → cause=NULL`,
		`id = lower(hex(id))`: `events 4`,
	} {
		config := configOf(t.TempDir())
		shut(t, built(t, config, log, 6, 6))
		alter(t, config.Folder, "generation-000001.sqlite", `UPDATE events SET `+set+` WHERE ordinal = 4`)
		m := open(t, config, readmodel.ReadOnly)
		if diff := differences(t, m.Served(), right.Served()); !strings.Contains(diff, says) {
			t.Errorf("%s: %q", set, diff)
		}
		shut(t, m)
	}
}

// change executes a statement on a generation's file, also one that alters no row.
func change(t *testing.T, folder, statement string) {
	t.Helper()
	db, err := sql.Open("sqlite", filepath.Join(folder, "generation-000001.sqlite"))
	if err != nil {
		t.Fatal(err)
	}
	_, err = db.ExecContext(t.Context(), statement)
	if err := errors.Join(err, db.Close()); err != nil {
		t.Fatal(err)
	}
}

// detailsOf returns the details of a refusal.
func detailsOf(t *testing.T, err error) map[string]string {
	t.Helper()
	e, is := fault.As(err)
	if !is {
		t.Fatalf("%v is no refusal", err)
	}
	out := map[string]string{}
	for _, d := range e.Details {
		out[d.Name] = d.Value
	}
	return out
}

// TestKilledAtEveryStep stands in for kills at every step of a rebuild, of
// going back, of releasing and of forgetting: the folder is copied as it is then, and
// opened.
func TestKilledAtEveryStep(t *testing.T) {
	const first, second, third, fourth = "generation-000001.sqlite", "generation-000002.sqlite", "generation-000003.sqlite", "generation-000004.sqlite"
	config, log := configOf(t.TempDir()), ledger(t, given...)
	m := built(t, config, log, 2, 2)
	defer func() { shut(t, m) }()
	rebuilt := func() *readmodel.Generation {
		b := begin(t, m)
		follow(t, b, log, all)
		return finish(t, b)
	}
	// killed opens a copy of the folder, in which alter has done a part of a step.
	killed := func(step string, alter func(folder string), served, former string) {
		t.Helper()
		folder := filepath.Join(t.TempDir(), "copy")
		if err := os.CopyFS(folder, os.DirFS(config.Folder)); err != nil {
			t.Fatal(err)
		}
		if alter != nil {
			alter(folder)
		}
		for _, mode := range []readmodel.Mode{readmodel.ReadOnly, readmodel.Writing, readmodel.Writing, readmodel.Mending} {
			copied := config
			copied.Folder = folder
			again, err := readmodel.Open(copied, mode)
			if served == "" && errors.Is(err, readmodel.ErrMissing) {
				continue
			}
			if err != nil {
				t.Fatalf("%s: %v", step, err)
			}
			want(t, step+": served and former", []string{served, former}, []string{nameOf(again.Served()), nameOf(again.Former())})
			shut(t, again)
			if mode == readmodel.ReadOnly {
				continue
			}
			var kept []string
			for _, name := range files(t, folder) {
				if name != "served" {
					kept = append(kept, name)
				}
			}
			var stand []string
			for _, name := range []string{min(served, former), max(served, former)} {
				if name != "" {
					stand = append(stand, name)
				}
			}
			want(t, step+": files", stand, kept)
		}
	}
	write := func(name, text string) func(string) {
		return func(folder string) {
			if err := os.WriteFile(filepath.Join(folder, name), []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
		}
	}
	remove := func(names ...string) func(string) {
		return func(folder string) {
			for _, name := range names {
				if err := os.Remove(filepath.Join(folder, name)); err != nil {
					t.Fatal(err)
				}
			}
		}
	}

	killed("nothing happens", nil, first, "")
	b := begin(t, m)
	killed("a build begins", nil, first, "")
	follow(t, b, log, all)
	g := finish(t, b)
	killed("finished beside one", nil, first, "")
	if err := m.Serve(g); err != nil {
		t.Fatal(err)
	}
	killed("served", nil, second, first)

	g = rebuilt()
	follow(t, g, log, all)
	killed("finished beside two", nil, second, first)
	killed("the choice is begun", write("served.new", "3"), second, first)
	killed("the choice is written", write("served.new", "3 2\n"), second, first)
	killed("it is chosen", write("served", "3 2\n"), third, second)
	killed("it is chosen, the oldest is half removed", func(folder string) {
		write("served", "3 2\n")(folder)
		remove(first)(folder)
	}, third, second)
	if err := m.Serve(g); err != nil {
		t.Fatal(err)
	}
	killed("served beside one", nil, third, second)

	killed("going back is chosen", write("served", "2 3\n"), second, third)
	if err := m.GoBack(); err != nil {
		t.Fatal(err)
	}
	killed("gone back", nil, second, third)
	g = rebuilt()
	killed("finished after going back", nil, second, third)
	if err := m.Dispose(g); err != nil {
		t.Fatal(err)
	}
	killed("not served after all", nil, second, third)
	killed("half released", remove(third), second, "")
	if err := m.Release(); err != nil {
		t.Fatal(err)
	}
	killed("released", nil, second, "")
	g = rebuilt() // has another number than the one that was released
	want(t, "number", fourth, g.Name())
	killed("finished after a release", nil, second, "")
	if err := m.Serve(g); err != nil {
		t.Fatal(err)
	}
	killed("served after a release", nil, fourth, second)
	killed("the served file is lost", remove(fourth), second, "")
	if err := m.KeepServed(); err != nil {
		t.Fatal(err)
	}
	killed("only the served one kept", nil, fourth, "")
}

// TestAChoiceThatCannotBeRead damages the file that names the generations: the newest is
// served, the one before it is the former one, and from the next start on both are named.
func TestAChoiceThatCannotBeRead(t *testing.T) {
	for _, text := range []string{"2\n", "damaged", ""} {
		config, log := configOf(t.TempDir()), ledger(t, given...)
		m := built(t, config, log, 2, 2)
		b := begin(t, m)
		follow(t, b, log, all)
		if err := m.Serve(finish(t, b)); err != nil {
			t.Fatal(err)
		}
		shut(t, m)
		choice := filepath.Join(config.Folder, "served")
		if err := os.WriteFile(choice, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		m = open(t, config, readmodel.Writing)
		want(t, "opened", []string{"generation-000002.sqlite", "generation-000001.sqlite"}, []string{nameOf(m.Served()), nameOf(m.Former())})
		shut(t, m)
		named, err := os.ReadFile(choice)
		if err != nil {
			t.Fatal(err)
		}
		want(t, "named", "2 1\n", string(named))
	}
}

func nameOf(g *readmodel.Generation) string {
	if g == nil {
		return ""
	}
	return g.Name()
}

// TestNothingWaitsForARemoval asks, goes back and builds while a generation that is
// being removed waits for its last question.
func TestNothingWaitsForARemoval(t *testing.T) {
	for name, begun := range map[string]func(*readmodel.ReadModels) error{
		"release": (*readmodel.ReadModels).Release, "keep served": (*readmodel.ReadModels).KeepServed, "close": (*readmodel.ReadModels).Close,
	} {
		t.Run(name, func(t *testing.T) {
			config, log := configOf(t.TempDir()), ledger(t, given...)
			m := built(t, config, log, 2, 2)
			b := begin(t, m)
			follow(t, b, log, all)
			if err := m.Serve(finish(t, b)); err != nil {
				t.Fatal(err)
			}
			_, release := m.Hold()
			done := make(chan error, 1)
			go func() { done <- begun(m) }()
			for m.Former() != nil {
				time.Sleep(time.Millisecond)
			}
			others := make(chan error, 1)
			go func() {
				m.Served()
				_, unpin := m.Pin(context.Background())
				unpin()
				if err := m.GoBack(); !errors.Is(err, readmodel.ErrNoFormer) {
					others <- err
					return
				}
				others <- nil
			}()
			select {
			case err := <-others:
				if err != nil {
					t.Error(err)
				}
			case <-time.After(5 * time.Second):
				t.Error("they wait")
			}
			release()
			if err := <-done; err != nil {
				t.Error(err)
			}
			shut(t, m)
		})
	}
}
