package sqlitelog_test

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"twinledger/adapters/sqlitelog"
	"twinledger/domain/event"
	"twinledger/domain/fault"
)

func TestCopy(t *testing.T) {
	path := filled(t)
	l := open(t, path) // a writer holds it meanwhile
	to := filepath.Join(t.TempDir(), "副本 100%?a=b#c&d.db")
	must(t, sqlitelog.Copy(t.Context(), path, to, nil))
	if entries, err := os.ReadDir(filepath.Dir(to)); err != nil || len(entries) != 1 {
		t.Errorf("a copy stands alone, not as %v, %v", entries, err)
	}
	end, err := sqlitelog.Verify(t.Context(), to, nil)
	must(t, err)
	want, err := sqlitelog.Verify(t.Context(), path, nil)
	must(t, err)
	if d := cmp.Diff(want, end); d != "" || end.Ordinal != 12 {
		t.Errorf("the copy ends elsewhere (-log +copy):\n%s", d)
	}
	if d := cmp.Diff(read(t, l), read(t, open(t, to))); d != "" {
		t.Errorf("the copy differs (-log +copy):\n%s", d)
	}
	// The copy is a log like any other: guarded, and open to appends.
	if err := tryShell(t, to, `DELETE FROM records`); err == nil {
		t.Error("a copy's records can be deleted")
	}
}

func TestCopyRefuses(t *testing.T) {
	path := filled(t)
	foreign := file(t)
	must(t, os.WriteFile(foreign, []byte(strings.Repeat("no database ", 100)), 0o600))
	for _, c := range []struct {
		situation, from, to string
		want                *fault.Error
	}{
		{"nothing to copy", path + "x", file(t), sqlitelog.ErrNoLog},
		{"another program's file", foreign, file(t), sqlitelog.ErrNotLog},
		{"something in the copy's place", path, foreign, sqlitelog.ErrExists},
	} {
		before, _ := os.ReadFile(c.to)
		if err := sqlitelog.Copy(t.Context(), c.from, c.to, nil); !errors.Is(err, c.want) {
			t.Errorf("%s: got %v, want %v", c.situation, err, c.want)
		}
		if after, _ := os.ReadFile(c.to); !bytes.Equal(before, after) {
			t.Errorf("%s: what was there is altered", c.situation)
		}
	}
	ended, end := context.WithCancel(t.Context())
	end()
	to := file(t)
	if err := sqlitelog.Copy(ended, path, to, nil); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: got %v", err)
	}
	if _, err := os.Stat(to); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("cancelled: something is left: %v", err)
	}
}

// TestCopyWhileAppending copies a log again and again while several writers
// append batches: every copy is a prefix of the log and ends with a whole batch.
func TestCopyWhileAppending(t *testing.T) {
	path := file(t)
	l := create(t, path)
	const batches = 100 // of each writer
	var group sync.WaitGroup
	for w := range crashWriters {
		group.Go(func() {
			expected := event.NoStream
			for range batches {
				if _, err := l.Append(t.Context(), crashed(w), expected, crashRecords(w, expected)...); err != nil {
					t.Errorf("append beside a copy: %v", err)
					return
				}
				expected += crashBatch
			}
		})
	}
	ended := make(chan struct{})
	go func() { group.Wait(); close(ended) }()
	var copies []string
	for going := true; going; {
		select {
		case <-ended:
			going = false // one more, of the whole log
		default:
		}
		copies = append(copies, file(t))
		must(t, sqlitelog.Copy(t.Context(), path, copies[len(copies)-1], nil))
	}
	var ends []event.Position
	for _, to := range copies {
		end, err := sqlitelog.Verify(t.Context(), to, nil)
		must(t, err)
		if end.Ordinal%crashBatch != 0 {
			t.Errorf("a copy ends within a batch: %d", end.Ordinal)
		}
		ends = append(ends, end)
	}
	hashes := map[uint64][32]byte{}
	for at := (event.Position{}); ; {
		page, err := l.Page(t.Context(), at, 1000)
		must(t, err)
		if len(page.Records) == 0 {
			break
		}
		for i, r := range page.Records {
			at = at.Next(r, "")
			hashes[page.Ordinal(i)] = at.Hash
		}
		at = page.After
	}
	for _, end := range ends {
		if end.Ordinal > 0 && hashes[end.Ordinal] != end.Hash {
			t.Errorf("the copy up to %d is no prefix of the log", end.Ordinal)
		}
	}
	t.Logf("%d copies, the first up to %d of %d", len(ends), ends[0].Ordinal, len(hashes))
}

func TestVerify(t *testing.T) {
	// Stream 1 has the ordinals 2, 5, 8 and 11.
	for _, c := range []struct{ situation, damage string }{
		{"a letter changed in the envelope", `UPDATE records SET bytes = CAST(replace(CAST(bytes AS TEXT), '"type":"lesson', '"type":"Lesson') AS BLOB) WHERE ordinal = 5`},
		{"a stream gone", `DELETE FROM streams WHERE number = 2`},
		{"a record gone", `DELETE FROM records WHERE ordinal = 5`},
		{"the records of a stream exchanged", `
			UPDATE records SET ordinal = 100 WHERE ordinal = 5; UPDATE records SET ordinal = 5 WHERE ordinal = 8; UPDATE records SET ordinal = 8 WHERE ordinal = 100`},
		{"an index that is not the table's", `
			PRAGMA writable_schema = ON;
			UPDATE sqlite_schema SET rootpage = (SELECT rootpage FROM sqlite_schema WHERE name = 'sqlite_autoindex_streams_1') WHERE name = 'sqlite_autoindex_records_1'`},
	} {
		path := filled(t)
		unguarded(t, path, c.damage)
		if _, err := sqlitelog.Verify(t.Context(), path, nil); !errors.Is(err, event.ErrDamaged) {
			t.Errorf("%s: got %v, want %v", c.situation, err, event.ErrDamaged)
		}
	}
	stop := errors.New("seen enough")
	var told []uint64
	_, err := sqlitelog.Verify(t.Context(), filled(t), func(at event.Position, head uint64) error {
		told = append(told, at.Ordinal, head)
		return stop
	})
	if !errors.Is(err, stop) || cmp.Diff([]uint64{12, 12}, told) != "" {
		t.Errorf("told of %v, then %v", told, err)
	}
}
