package sqlitelog_test

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"twinledger/adapters/sqlitelog"
	"twinledger/domain/event"
	"twinledger/domain/event/logtest"
)

const (
	crashPath    = "SQLITELOG_CRASH_PATH" // makes this binary the process that is killed
	crashWriters = 8
	crashBatch   = 3
)

func TestMain(m *testing.M) {
	if path := os.Getenv(crashPath); path != "" {
		if err := appendForever(path); err != nil {
			fmt.Fprintln(os.Stderr, err)
		}
		os.Exit(1)
	}
	os.Exit(m.Run())
}

func crashed(writer int) string { return stream(writer) }

// appendForever appends to one stream per writer and prints writer and revision
// of what was acknowledged.
func appendForever(path string) error {
	ctx := context.Background()
	l, err := sqlitelog.Open(path)
	if err != nil {
		return err
	}
	var group sync.WaitGroup
	for w := range crashWriters {
		expected := event.NoStream
		for r, err := range l.Stream(ctx, crashed(w)) {
			if err != nil {
				return err
			}
			expected = r.Envelope.Revision
		}
		group.Go(func() {
			for ; ; expected += crashBatch {
				if _, err := l.Append(ctx, crashed(w), expected, crashRecords(w, expected)...); err != nil {
					fmt.Fprintln(os.Stderr, err)
					return
				}
				fmt.Println(w, expected+crashBatch)
			}
		})
	}
	group.Wait()
	return nil
}

func crashRecords(writer int, expected int64) []event.Record {
	return logtest.Batch(crashed(writer), expected, fmt.Sprint("command", expected), crashBatch)
}

// TestKilledWriter kills a writing process again and again. What it had
// acknowledged is there, and nothing is there by halves.
func TestKilledWriter(t *testing.T) {
	path := file(t)
	must(t, create(t, path).Close())
	for range 3 {
		acknowledged := killAfter(t, path, 200)
		l := open(t, path)
		must(t, walk(t, l))
		for w := range crashWriters {
			var got, want []string
			for r, err := range l.Stream(t.Context(), crashed(w)) {
				must(t, err)
				got = append(got, string(r.Bytes))
			}
			for expected := event.NoStream; expected < int64(len(got))-1; expected += crashBatch {
				for _, r := range crashRecords(w, expected) {
					want = append(want, string(r.Bytes))
				}
			}
			if d := cmp.Diff(want, got); d != "" {
				t.Errorf("stream %d differs (-want +got):\n%.2000s", w, d)
			}
			if last := int64(len(got)) - 1; last < acknowledged[w] {
				t.Errorf("stream %d ends at %d, %d was acknowledged", w, last, acknowledged[w])
			}
		}
		must(t, l.Close())
	}
}

// killAfter lets another process append until it has acknowledged so many
// appends, kills it, and returns the last revision acknowledged per writer.
func killAfter(t *testing.T, path string, appends int) map[int]int64 {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), os.Args[0])
	cmd.Env = append(os.Environ(), crashPath+"="+path)
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	must(t, err)
	must(t, cmd.Start())
	acknowledged := map[int]int64{}
	lines := bufio.NewScanner(out)
	for n := 0; lines.Scan(); n++ {
		var w int
		var revision int64
		if _, err := fmt.Sscan(lines.Text(), &w, &revision); err != nil {
			break // the line that the kill cut off
		}
		acknowledged[w] = revision
		if n == appends {
			must(t, cmd.Process.Kill())
		}
	}
	_ = cmd.Wait() // killed, as intended
	if len(acknowledged) == 0 {
		t.Fatal("the process acknowledged nothing")
	}
	return acknowledged
}
