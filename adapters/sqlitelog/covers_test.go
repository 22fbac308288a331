package sqlitelog_test

import (
	"errors"
	"path/filepath"
	"testing"

	"twinledger/adapters/sqlitelog"
	"twinledger/domain/event"
)

func TestCovers(t *testing.T) {
	log, err := sqlitelog.Create(filepath.Join(t.TempDir(), "ledger.sqlite"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = log.Close() })
	for _, test := range []struct {
		situation  string
		at, wanted event.Token
		covers     bool
		err        error
	}{
		{"nothing is covered by the beginning", "", "", true, nil},
		{"a token that the log has not given", "", "s:1", false, event.ErrBadToken},
		{"a token of another log", "", "p:1", false, event.ErrBadToken},
		{"a position of another log", "p:1", "", false, event.ErrBadToken},
		{"an earlier record", "s:2", "s:1", true, nil},
		{"the last record", "s:2", "s:2", true, nil},
	} {
		covers, err := log.Covers(t.Context(), test.at, test.wanted)
		if covers != test.covers || !errors.Is(err, test.err) {
			t.Errorf("%s: %v, %v", test.situation, covers, err)
		}
	}
}

func TestAtATokenThatWasNotGiven(t *testing.T) {
	log, err := sqlitelog.Create(filepath.Join(t.TempDir(), "ledger.sqlite"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = log.Close() })
	for situation, token := range map[string]event.Token{"the beginning": "", "behind the newest": "s:1", "of another log": "p:1"} {
		if _, err := log.At(t.Context(), token); !errors.Is(err, event.ErrBadToken) {
			t.Errorf("%s: %v", situation, err)
		}
	}
}
