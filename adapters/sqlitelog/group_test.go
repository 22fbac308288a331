package sqlitelog

import (
	"context"
	"database/sql"
	"errors"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"twinledger/domain/event"
	"twinledger/domain/event/logtest"
	"twinledger/domain/fault"
)

// idle returns a log whose writer serves only what a test hands it, so that a
// test decides what stands in a group.
func idle(t *testing.T) *Log {
	t.Helper()
	path := filepath.Join(t.TempDir(), "log.db")
	l, err := Create(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	if l, err = OpenReadOnly(path); err != nil {
		t.Fatal(err)
	}
	if l.writer, err = newWriter(path, l.reader, l.closing); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		close(l.writer.done)
		if err := l.Close(); err != nil {
			t.Errorf("close: %v", err)
		}
	})
	return l
}

func batch(stream string, expected int64, command string, n int) *request {
	return newRequest(context.Background(), stream, expected, logtest.Batch(stream, expected, command, n))
}

func all(t *testing.T, l *Log) []event.Record {
	t.Helper()
	page, err := l.Page(t.Context(), event.Position{}, 1000)
	if err != nil {
		t.Fatal(err)
	}
	return page.Records
}

func TestGroup(t *testing.T) {
	l := idle(t)
	s, other, third := logtest.Stream(logtest.Ledger, "s"), logtest.Stream(logtest.Ledger, "other"), logtest.Stream(logtest.Ledger, "third")
	gone, leave := context.WithCancel(t.Context())
	leave()

	first := batch(s, event.NoStream, "first", 2)
	rival := batch(s, event.NoStream, "rival", 2)
	repetition := batch(s, event.NoStream, "first", 2)
	for i := range repetition.records {
		repetition.records[i].Bytes = []byte("other bytes of the same event")
	}
	follower := batch(s, 1, "follower", 1)
	overlap := newRequest(t.Context(), s, 1, append(logtest.Batch(s, 1, "follower", 1), logtest.Batch(s, 2, "new", 1)...))
	abandoned := newRequest(gone, third, event.NoStream, logtest.Batch(third, event.NoStream, "gone", 1))
	tooHigh := batch(third, 3, "too high", 1)
	elsewhere := batch(other, event.NoStream, "elsewhere", 3)
	late := batch(s, event.NoStream, "first", 1)

	l.writer.serve([]*request{first, rival, repetition, follower, overlap, abandoned, tooHigh, elsewhere, late})
	for _, c := range []struct {
		situation string
		request   *request
		want      []event.Record
		token     event.Token
		err       error
	}{
		{"first", first, first.records, "s:2", nil},
		{"rival of one before it", rival, nil, "", event.ErrConflict},
		{"repetition of one before it", repetition, first.records, "s:2", nil},
		{"follower of one before it", follower, follower.records, "s:3", nil},
		{"overlap with one before it", overlap, nil, "", event.ErrConflict},
		{"caller gone", abandoned, nil, "", context.Canceled},
		{"revision too high", tooHigh, nil, "", event.ErrConflict},
		{"another stream", elsewhere, elsewhere.records, "s:6", nil},
		{"repetition of a beginning", late, first.records[:1], "s:1", nil},
	} {
		<-c.request.done
		if !errors.Is(c.request.err, c.err) || c.err == nil && c.request.err != nil {
			t.Errorf("%s: got error %v, want %v", c.situation, c.request.err, c.err)
		}
		if d := cmp.Diff(event.Appended{Records: c.want, Token: c.token}, c.request.answer); d != "" {
			t.Errorf("%s: answer differs (-want +got):\n%s", c.situation, d)
		}
	}
	want := append(append(append([]event.Record(nil), first.records...), follower.records...), elsewhere.records...)
	if d := cmp.Diff(want, all(t, l)); d != "" {
		t.Errorf("log differs (-want +got):\n%s", d)
	}
}

// TestGroupWithBrokenDisk lets the insert of one record fail, which stands for
// any I/O error within the transaction.
func TestGroupWithBrokenDisk(t *testing.T) {
	l := idle(t)
	s, other := logtest.Stream(logtest.Ledger, "s"), logtest.Stream(logtest.Ledger, "other")
	held := batch(s, event.NoStream, "held", 1)
	l.writer.serve([]*request{held})

	group := func() []*request {
		return []*request{
			batch(s, 0, "sound", 2),
			batch(s, event.NoStream, "rival", 1),
			batch(s, event.NoStream, "held", 1),
			batch(other, event.NoStream, "unlucky", 2),
			batch(s, 2, "behind", 1),
		}
	}
	run(t, l, `CREATE TRIGGER broken BEFORE INSERT ON records WHEN new.revision = 1 AND new.ordinal = 5
		BEGIN SELECT raise(ABORT, 'the disk is broken'); END`)
	for range 2 {
		requests := group()
		l.writer.serve(requests)
		for i, q := range requests {
			<-q.done
			if _, known := fault.As(q.err); q.err == nil || known {
				t.Errorf("request %d: got %v, want an error that leaves the outcome open", i, q.err)
			}
			if len(q.answer.Records) > 0 {
				t.Errorf("request %d is answered with %d records", i, len(q.answer.Records))
			}
		}
		if d := cmp.Diff(held.records, all(t, l)); d != "" {
			t.Errorf("log differs (-want +got):\n%s", d)
		}
	}

	run(t, l, "DROP TRIGGER broken")
	requests := group()
	l.writer.serve(requests)
	for i, q := range requests {
		if got, want := q.err != nil, i == 1; got != want {
			t.Errorf("request %d on the mended disk: %v", i, q.err)
		}
	}
	if n := len(all(t, l)); n != 6 {
		t.Errorf("the log holds %d records, want 6", n)
	}
}

// run runs SQL on a connection of its own, past the log.
func run(t *testing.T, l *Log, statements string) {
	t.Helper()
	var path string
	if err := l.reader.db.QueryRow("SELECT file FROM pragma_database_list WHERE name = 'main'").Scan(&path); err != nil {
		t.Fatal(err)
	}
	db, err := sql.Open("sqlite", source(path, writing))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if _, err := db.Exec(statements); err != nil {
		t.Fatal(err)
	}
}

func TestGroupIsBounded(t *testing.T) {
	l := idle(t)
	s := logtest.Stream(logtest.Ledger, "s")
	stop := make(chan struct{})
	var senders []<-chan struct{}
	for range 2 * groupRequests {
		done := make(chan struct{})
		senders = append(senders, done)
		go func() {
			defer close(done)
			select {
			case l.writer.queue <- batch(s, event.NoStream, "flood", 1):
			case <-stop:
			}
		}()
	}
	if n := len(l.writer.gather(<-l.writer.queue)); n < 1 || n > groupRequests {
		t.Errorf("a group of %d, want %d at most", n, groupRequests)
	}
	big := batch(s, event.NoStream, "big", 1)
	big.size = groupBytes
	if n := len(l.writer.gather(big)); n != 1 {
		t.Errorf("a group of %d behind a request of %d bytes, want it alone", n, big.size)
	}
	close(stop)
	for _, done := range senders {
		<-done
	}
}
