package main

import (
	"net/http"
	"path/filepath"
	"strings"
	"testing"
)

// TestATokenFromBeforeARestoreIsRefused: a ledger that was restored to what it was
// before and grew otherwise has another record at the token's place, and does not
// say that it holds the one that was lost.
func TestATokenFromBeforeARestoreIsRefused(t *testing.T) {
	t.Parallel()
	folder := filepath.Join(t.TempDir(), "county")
	mustRun(t, nil, "-d", folder, "init", "--district", "某县")
	kept := recordedToken(t, folder, "甲县")
	backup, keys := filepath.Join(t.TempDir(), "ledger.zip"), filepath.Join(t.TempDir(), "keys.zip")
	mustRun(t, nil, "-d", folder, "backup", backup)
	mustRun(t, nil, "-d", folder, "backup", "--keys", keys)
	lost := recordedToken(t, folder, "乙县")

	restored := filepath.Join(t.TempDir(), "county")
	mustRun(t, nil, "-d", restored, "restore", backup, "--keys", keys)
	recordedToken(t, restored, "丙县")
	last := recordedToken(t, restored, "丁县")
	address, serve := startServe(t, restored)
	for _, test := range []struct {
		situation, token string
		code             int
		says             string
	}{
		{"from before, of a record that was restored", kept, http.StatusOK, "district.registered"},
		{"from before, of a record that was lost", lost, http.StatusBadRequest, "event.bad-token"},
		{"from after", last, http.StatusOK, "district.registered"},
	} {
		if code, _, body := get(t, address+"/api/v1/journal?min_position="+test.token); code != test.code || !strings.Contains(string(body), test.says) {
			t.Errorf("a token %s: %d %s", test.situation, code, body)
		}
	}
	stopServe(t, serve)
}
