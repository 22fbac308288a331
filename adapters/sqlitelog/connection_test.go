package sqlitelog

import "testing"

// TestPragmas asks the connections themselves: SQLite takes a pragma that it
// does not know, or cannot follow, without a word.
func TestPragmas(t *testing.T) {
	l := idle(t)
	for _, c := range []struct {
		pragma        string
		write, read   string
		whyItsThatWay string
	}{
		{"journal_mode", "wal", "wal", "readers and the writer do not wait for each other"},
		{"synchronous", "2", "", "an answered append outlives a power cut"},
		{"wal_autocheckpoint", "20000", "", "few appends meet a checkpoint"},
		{"busy_timeout", "10000", "10000", "somebody with a shell is waited for"},
		{"query_only", "0", "1", "reading connections cannot write"},
	} {
		var write, read string
		if err := l.writer.conn.QueryRowContext(t.Context(), "PRAGMA "+c.pragma).Scan(&write); err != nil {
			t.Fatal(err)
		}
		if err := l.reader.db.QueryRow("PRAGMA " + c.pragma).Scan(&read); err != nil {
			t.Fatal(err)
		}
		if write != c.write || c.read != "" && read != c.read {
			t.Errorf("%s is %s for writing and %s for reading, want %s and %s, so that %s",
				c.pragma, write, read, c.write, c.read, c.whyItsThatWay)
		}
	}
	if _, err := l.reader.db.Exec("DELETE FROM records"); err == nil {
		t.Error("a reading connection takes a DELETE")
	}
}
