package sqlitelog_test

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/hex"
	"errors"
	"flag"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"twinledger/adapters/sqlitelog"
	"twinledger/domain/event"
	"twinledger/domain/event/logtest"
	"twinledger/domain/fault"
)

var update = flag.Bool("update", false, "write testdata/format1.db anew; only before format 1 is released")

// shell runs SQL on a file as somebody with a SQLite shell would.
func shell(t *testing.T, path, statements string) {
	t.Helper()
	must(t, tryShell(t, path, statements))
}

func tryShell(t *testing.T, path, statements string) error {
	t.Helper()
	db, err := sql.Open("sqlite", (&url.URL{Scheme: "file", Path: path, RawQuery: "_pragma=busy_timeout(10000)"}).String())
	must(t, err)
	defer db.Close()
	_, err = db.Exec(statements)
	return err
}

func TestOpenRefuses(t *testing.T) {
	for _, c := range []struct {
		situation string
		prepare   func(t *testing.T, path string)
		want      *fault.Error
		kind      fault.Kind
	}{
		{"no file", func(*testing.T, string) {}, sqlitelog.ErrNoLog, fault.NotFound},
		{"a folder", func(t *testing.T, path string) { must(t, os.Mkdir(path, 0o700)) }, sqlitelog.ErrNotLog, fault.Invalid},
		{"an empty file", func(t *testing.T, path string) { must(t, os.WriteFile(path, nil, 0o600)) }, sqlitelog.ErrNotLog, fault.Invalid},
		{"a text", func(t *testing.T, path string) {
			must(t, os.WriteFile(path, bytes.Repeat([]byte("结对台账\n"), 1000), 0o600))
		}, sqlitelog.ErrNotLog, fault.Invalid},
		{"another program's database", func(t *testing.T, path string) {
			shell(t, path, "CREATE TABLE records (ordinal INTEGER PRIMARY KEY); PRAGMA user_version = 1")
		}, sqlitelog.ErrNotLog, fault.Invalid},
		{"a later format", func(t *testing.T, path string) {
			must(t, create(t, path).Close())
			shell(t, path, "PRAGMA user_version = 2")
		}, sqlitelog.ErrNewerFormat, fault.Refused},
	} {
		t.Run(c.situation, func(t *testing.T) {
			path := file(t)
			c.prepare(t, path)
			before := folder(t, path)
			for name, open := range map[string]func(string) (*sqlitelog.Log, error){
				"open": sqlitelog.Open, "open read-only": sqlitelog.OpenReadOnly,
			} {
				_, err := open(path)
				if !errors.Is(err, c.want) || fault.KindOf(err) != c.kind {
					t.Errorf("%s: got %v, want %v", name, err, c.want)
				}
			}
			if d := cmp.Diff(before[filepath.Base(path)], folder(t, path)[filepath.Base(path)]); d != "" {
				t.Errorf("the file changed (-before +after):\n%s", d)
			}
		})
	}
	if !strings.Contains(sqlitelog.ErrNoLog.ZH, "twinledger init") || !strings.Contains(sqlitelog.ErrNoLog.EN, "twinledger init") {
		t.Error("the refusal does not say how to create a log")
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// folder returns what stands in the folder of path.
func folder(t *testing.T, path string) map[string]string {
	t.Helper()
	entries, err := os.ReadDir(filepath.Dir(path))
	must(t, err)
	files := map[string]string{}
	for _, e := range entries {
		content, err := os.ReadFile(filepath.Join(filepath.Dir(path), e.Name()))
		if e.IsDir() {
			err = nil
		}
		must(t, err)
		files[e.Name()] = string(content)
	}
	return files
}

func TestCreateRefusesAnExistingFile(t *testing.T) {
	for _, content := range []string{"", "somebody's work"} {
		path := file(t)
		must(t, os.WriteFile(path, []byte(content), 0o600))
		if _, err := sqlitelog.Create(path); !errors.Is(err, sqlitelog.ErrExists) {
			t.Errorf("create over %q: got %v, want %v", content, err, sqlitelog.ErrExists)
		}
		if d := cmp.Diff(map[string]string{filepath.Base(path): content}, folder(t, path)); d != "" {
			t.Errorf("the folder changed (-want +got):\n%s", d)
		}
	}
	missing := filepath.Join(t.TempDir(), "missing", "log.db")
	if _, err := sqlitelog.Create(missing); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("create in a missing folder: got %v, want %v", err, fs.ErrNotExist)
	}
}

func TestClose(t *testing.T) {
	path := file(t)
	l := create(t, path)
	s := logtest.Stream(logtest.Ledger, "s")
	records := logtest.Batch(s, event.NoStream, "first", 3)
	a, err := l.Append(t.Context(), s, event.NoStream, records...)
	must(t, err)
	waiting := make(chan error, 1)
	go func() { waiting <- l.Wait(context.WithoutCancel(t.Context()), a.Token) }()
	must(t, l.Close())
	must(t, l.Close())

	_, appended := l.Append(t.Context(), s, 2, logtest.Batch(s, 2, "late", 1)...)
	_, paged := l.Page(t.Context(), event.Position{}, 1)
	_, _, _, last := l.Last(t.Context())
	_, head := l.Head(t.Context())
	var streamed error
	for _, streamed = range l.Stream(t.Context(), s) {
		continue
	}
	for name, err := range map[string]error{
		"append": appended, "page": paged, "last": last, "head": head, "stream": streamed,
		"wait": l.Wait(t.Context(), ""), "wait begun before": <-waiting,
	} {
		if !errors.Is(err, sqlitelog.ErrClosed) {
			t.Errorf("%s after Close: got %v, want %v", name, err, sqlitelog.ErrClosed)
		}
	}
	if files := folder(t, path); len(files) != 1 {
		t.Errorf("the closed log is more than one file: %d", len(files))
	}
	if got := read(t, open(t, path)); !cmp.Equal(records, got) {
		t.Errorf("log differs (-want +got):\n%s", cmp.Diff(records, got))
	}
}

func read(t *testing.T, l event.Log) []event.Record {
	t.Helper()
	page, err := l.Page(t.Context(), event.Position{}, 10_000)
	must(t, err)
	return page.Records
}

func TestOpenReadOnly(t *testing.T) {
	path := file(t)
	writer := create(t, path)
	reader := closing(t)(sqlitelog.OpenReadOnly(path))
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	s := logtest.Stream(logtest.Ledger, "s")
	var after event.Token
	for i := range int64(3) {
		records := logtest.Batch(s, i-1, "written elsewhere", 1)
		if _, err := reader.Append(ctx, s, i-1, records...); !errors.Is(err, sqlitelog.ErrReadOnly) {
			t.Fatalf("append: got %v, want %v", err, sqlitelog.ErrReadOnly)
		}
		waiting := make(chan error, 1)
		go func() { waiting <- reader.Wait(ctx, after) }()
		_, err := writer.Append(ctx, s, i-1, records...)
		must(t, err)
		if err := <-waiting; err != nil {
			t.Fatalf("wait for another's record: %v", err)
		}
		if d := cmp.Diff(read(t, writer), read(t, reader)); d != "" {
			t.Fatalf("readers differ (-writing +reading):\n%s", d)
		}
		head, err := reader.Head(ctx)
		if err != nil || head != uint64(i)+1 {
			t.Fatalf("head is %d (error %v), want %d", head, err, i+1)
		}
		_, after, _, err = reader.Last(ctx)
		must(t, err)
	}
	must(t, reader.Close())
	must(t, writer.Close())

	alone := closing(t)(sqlitelog.OpenReadOnly(path))
	if n := len(read(t, alone)); n != 3 {
		t.Errorf("alone, the reader finds %d records, want 3", n)
	}
	stopped, stop := context.WithCancel(ctx)
	waiting := make(chan error, 1)
	go func() { waiting <- alone.Wait(stopped, after) }()
	stop()
	if err := <-waiting; !errors.Is(err, context.Canceled) {
		t.Errorf("wait: got %v, want %v", err, context.Canceled)
	}
}

// TestTwoWriters opens a file twice for writing, which nobody should: whoever
// comes second is refused as any other rival, and nothing is lost.
func TestTwoWriters(t *testing.T) {
	path := file(t)
	writers := []*sqlitelog.Log{create(t, path), open(t, path)}
	s := logtest.Stream(logtest.Ledger, "s")
	var want []event.Record
	for i := range int64(20) {
		mine, theirs := writers[i%2], writers[(i+i/3)%2]
		records := logtest.Batch(s, i-1, "mine", 1)
		_, err := mine.Append(t.Context(), s, i-1, records...)
		must(t, err)
		want = append(want, records...)
		if _, err := theirs.Append(t.Context(), s, i-1, logtest.Batch(s, i-1, "theirs", 1)...); !errors.Is(err, event.ErrConflict) {
			t.Fatalf("rival: got %v, want %v", err, event.ErrConflict)
		}
	}
	for _, l := range writers {
		if d := cmp.Diff(want, read(t, l)); d != "" {
			t.Errorf("log differs (-want +got):\n%s", d)
		}
	}
}

// TestInterruptedTransaction ends an append's context while its transaction
// waits for a lock that somebody with a shell holds.
func TestInterruptedTransaction(t *testing.T) {
	path := file(t)
	l := create(t, path)
	db, err := sql.Open("sqlite", (&url.URL{Scheme: "file", Path: path, RawQuery: "_txlock=immediate"}).String())
	must(t, err)
	defer db.Close()
	lock, err := db.Begin()
	must(t, err)

	s := logtest.Stream(logtest.Ledger, "s")
	records := logtest.Batch(s, event.NoStream, "interrupted", 2)
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	_, err = l.Append(ctx, s, event.NoStream, records...)
	if _, known := fault.As(err); known || !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("append: got %v, want the context's own error", err)
	}
	must(t, lock.Rollback())

	a, err := l.Append(t.Context(), s, event.NoStream, records...)
	must(t, err)
	if d := cmp.Diff(records, a.Records); d != "" {
		t.Errorf("answer differs (-want +got):\n%s", d)
	}
	if d := cmp.Diff(records, read(t, l)); d != "" {
		t.Errorf("log differs (-want +got):\n%s", d)
	}
}

func TestPositionThatIsNotTheLogs(t *testing.T) {
	l := create(t, file(t))
	s := logtest.Stream(logtest.Ledger, "s")
	_, err := l.Append(t.Context(), s, event.NoStream, logtest.Batch(s, event.NoStream, "s", 5)...)
	must(t, err)
	for _, c := range []struct {
		situation string
		after     event.Position
	}{
		{"ordinal without a token", event.Position{Ordinal: 2}},
		{"token without an ordinal", event.Position{Token: "s:2"}},
		{"ordinal of another token", event.Position{Ordinal: 3, Token: "s:2"}},
		{"behind the end, as after a restore of an older copy", event.Position{Ordinal: 6, Token: "s:6"}},
	} {
		if _, err := l.Page(t.Context(), c.after, 1); !errors.Is(err, event.ErrDamaged) {
			t.Errorf("%s: got %v, want %v", c.situation, err, event.ErrDamaged)
		}
	}
}

// TestFormat1 opens a file as the first release wrote it.
func TestFormat1(t *testing.T) {
	sample := filepath.Join("testdata", "format1.db")
	s, other := logtest.Stream(logtest.Ledger, "s"), logtest.Stream(logtest.Ledger, "other")
	if *update {
		must(t, os.RemoveAll(sample))
		l := create(t, sample)
		for _, stream := range []string{s, other} {
			_, err := l.Append(t.Context(), stream, event.NoStream, logtest.Batch(stream, event.NoStream, "sample", 3)...)
			must(t, err)
		}
		must(t, l.Close())
	}
	content, err := os.ReadFile(sample)
	must(t, err)
	path := file(t)
	must(t, os.WriteFile(path, content, 0o600))

	l := open(t, path)
	page, err := l.Page(t.Context(), event.Position{}, 100)
	must(t, err)
	const hash = "3467aecd06761d1491b85796a0b3991af92eaf37c23fad572eac064ce7200e77"
	if got := hex.EncodeToString(page.After.Hash[:]); page.After.Ordinal != 6 || got != hash {
		t.Errorf("the log ends at %d/%s, want 6/%s", page.After.Ordinal, got, hash)
	}
	_, err = l.Append(t.Context(), s, 2, logtest.Batch(s, 2, "later", 1)...)
	must(t, err)
	if n := len(read(t, l)); n != 7 {
		t.Errorf("the log holds %d records, want 7", n)
	}
}
