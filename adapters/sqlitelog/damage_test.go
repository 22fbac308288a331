package sqlitelog_test

import (
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"

	"twinledger/adapters/sqlitelog"
	"twinledger/domain/event"
	"twinledger/domain/event/logtest"
)

// filled makes a closed log of three streams with four records each, taking
// turns, and returns its path.
func filled(t *testing.T) string {
	t.Helper()
	path := file(t)
	l := create(t, path)
	for revision := range int64(4) {
		for i := range 3 {
			s := stream(i)
			_, err := l.Append(t.Context(), s, revision-1, logtest.Batch(s, revision-1, fmt.Sprint("command", revision), 1)...)
			must(t, err)
		}
	}
	must(t, l.Close())
	return path
}

func stream(i int) string { return logtest.Stream(logtest.Ledger, fmt.Sprint("stream", i)) }

func TestDamage(t *testing.T) {
	// Stream 1 has the ordinals 2, 5, 8 and 11.
	for _, c := range []struct {
		situation string
		damage    string
		unseen    bool // by a reader of stream 1
	}{
		{"a letter changed in the envelope", `UPDATE records SET bytes = CAST(replace(CAST(bytes AS TEXT), '"type":"lesson', '"type":"Lesson') AS BLOB) WHERE ordinal = 5`, false},
		{"bytes cut short", `UPDATE records SET bytes = substr(bytes, 1, length(bytes) - 1) WHERE ordinal = 5`, false},
		{"bytes gone", `UPDATE records SET bytes = x'' WHERE ordinal = 5`, false},
		{"something behind the bytes", `UPDATE records SET bytes = CAST(CAST(bytes AS TEXT) || '}' AS BLOB) WHERE ordinal = 5`, false},
		{"another record's bytes", `UPDATE records SET bytes = (SELECT bytes FROM records WHERE ordinal = 6) WHERE ordinal = 5`, false},
		{"bytes of another place in the stream", `UPDATE records SET bytes = (SELECT bytes FROM records WHERE ordinal = 2) WHERE ordinal = 5`, false},
		{"another id", `UPDATE records SET id = (SELECT id FROM records WHERE ordinal = 6) WHERE ordinal = 5`, false},
		{"another revision", `UPDATE records SET revision = 9 WHERE ordinal = 11`, false},
		{"another stream", `UPDATE records SET stream = 3, revision = 4 WHERE ordinal = 5`, false},
		{"a stream renamed", `UPDATE streams SET name = name || 'x' WHERE number = 2`, true},
		{"a stream gone", `DELETE FROM streams WHERE number = 2`, true},
		{"a record gone", `DELETE FROM records WHERE ordinal = 5`, false},
		{"the first record gone", `DELETE FROM records WHERE ordinal = 1`, true},
		{"two records exchanged", `UPDATE records SET ordinal = 100 WHERE ordinal = 5; UPDATE records SET ordinal = 5 WHERE ordinal = 6; UPDATE records SET ordinal = 6 WHERE ordinal = 100; DELETE FROM records WHERE ordinal = 8`, false},
	} {
		t.Run(c.situation, func(t *testing.T) {
			path := filled(t)
			unguarded(t, path, c.damage)
			l := open(t, path)
			if err := walk(t, l); !errors.Is(err, event.ErrDamaged) {
				t.Errorf("page: got %v, want %v", err, event.ErrDamaged)
			}
			var err error
			for _, err = range l.Stream(t.Context(), stream(1)) {
				if err != nil {
					break
				}
			}
			if !c.unseen && !errors.Is(err, event.ErrDamaged) {
				t.Errorf("stream: got %v, want %v", err, event.ErrDamaged)
			}
		})
	}
}

// walk pages through the log, three records at a time, until an error or the
// end.
func walk(t *testing.T, l event.Log) error {
	t.Helper()
	for at := (event.Position{}); ; {
		page, err := l.Page(t.Context(), at, 3)
		if err != nil || len(page.Records) == 0 {
			return err
		}
		at = page.After
	}
}

func everyStream(t *testing.T, l event.Log) error {
	t.Helper()
	for i := range 3 {
		for _, err := range l.Stream(t.Context(), stream(i)) {
			if err != nil {
				return err
			}
		}
	}
	return nil
}

// unguarded runs SQL without the triggers that forbid changes.
func unguarded(t *testing.T, path, statements string) {
	t.Helper()
	shell(t, path, `DROP TRIGGER records_are_never_changed; DROP TRIGGER records_are_never_deleted;
		DROP TRIGGER streams_are_never_renamed; DROP TRIGGER streams_are_never_deleted;`+statements)
}

func TestRepetitionOfADamagedRecord(t *testing.T) {
	path := filled(t)
	unguarded(t, path, `UPDATE records SET bytes = x'7b7d' WHERE ordinal = 5`)
	l := open(t, path)
	s := stream(1)
	if _, err := l.Append(t.Context(), s, 0, logtest.Batch(s, 0, "command1", 1)...); !errors.Is(err, event.ErrDamaged) {
		t.Errorf("repetition: got %v, want %v", err, event.ErrDamaged)
	}
	_, err := l.Append(t.Context(), s, 3, logtest.Batch(s, 3, "next", 1)...)
	must(t, err)
}

// TestBrokenPages overwrites the file's pages, one at a time, as a failing disk
// does. Whatever is hit, nothing wrong is shown as right.
func TestBrokenPages(t *testing.T) {
	path := filled(t)
	sound := read(t, open(t, path))
	content, err := os.ReadFile(path)
	must(t, err)
	const pageSize = 4096
	noticed := 0
	for at := pageSize; at < len(content); at += pageSize {
		broken := append([]byte(nil), content...)
		copy(broken[at:at+pageSize], strings.Repeat("\xa5", pageSize))
		path := file(t)
		must(t, os.WriteFile(path, broken, 0o600))
		l, err := sqlitelog.Open(path)
		if err == nil {
			err = errors.Join(walk(t, l), everyStream(t, l), l.Close())
		}
		switch {
		case errors.Is(err, event.ErrDamaged):
			noticed++
		case err != nil:
			t.Errorf("page %d: got %v, want %v", at/pageSize, err, event.ErrDamaged)
		default:
			if n := len(read(t, open(t, path))); n != len(sound) {
				t.Errorf("page %d: the log shows %d records of %d", at/pageSize, n, len(sound))
			}
		}
	}
	if noticed == 0 {
		t.Error("no broken page was noticed")
	}
}

func TestShellCannotRewriteHistory(t *testing.T) {
	path := filled(t)
	sound := read(t, open(t, path))
	for _, statement := range []string{
		"UPDATE records SET bytes = x'00' WHERE ordinal = 1",
		"DELETE FROM records",
		"UPDATE streams SET name = ''",
		"DELETE FROM streams",
	} {
		if err := tryShell(t, path, statement); err == nil {
			t.Errorf("%s: not refused", statement)
		}
	}
	if n := len(read(t, open(t, path))); n != len(sound) {
		t.Errorf("the log holds %d records, want %d", n, len(sound))
	}
}
