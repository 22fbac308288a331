package sqlitelog_test

import (
	"path/filepath"
	"testing"

	"twinledger/adapters/sqlitelog"
	"twinledger/domain/event"
	"twinledger/domain/event/logtest"
)

func TestLog(t *testing.T) {
	logtest.Test(t, func(t *testing.T) event.Log { return create(t, file(t)) })
}

func TestDurableLog(t *testing.T) {
	logtest.TestDurable(t, func(t *testing.T, dir string) event.Log {
		path := filepath.Join(dir, "log.db")
		if l, err := sqlitelog.Create(path); err == nil {
			return l
		}
		return open(t, path)
	})
}

// file returns a path whose characters mean something in a source name.
func file(t *testing.T) string {
	t.Helper()
	return filepath.Join(t.TempDir(), "台账 100%?a=b#c&d.db")
}

func create(t *testing.T, path string) *sqlitelog.Log {
	t.Helper()
	return closing(t)(sqlitelog.Create(path))
}

func open(t *testing.T, path string) *sqlitelog.Log {
	t.Helper()
	return closing(t)(sqlitelog.Open(path))
}

// closing takes a log that a test has opened and closes it when the test ends.
func closing(t *testing.T) func(*sqlitelog.Log, error) *sqlitelog.Log {
	return func(l *sqlitelog.Log, err error) *sqlitelog.Log {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() {
			if err := l.Close(); err != nil {
				t.Errorf("close: %v", err)
			}
		})
		return l
	}
}
