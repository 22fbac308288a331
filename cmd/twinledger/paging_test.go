package main

import (
	"database/sql"
	"encoding/json"
	"net/http"
	"net/url"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// TestPagesGoOnBeforeOtherModels: the next page is of the state of the page before,
// also while another read model has not reached it; what needs that one is refused
// for a while only.
func TestPagesGoOnBeforeOtherModels(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "county")
	mustRun(t, nil, "-d", folder, "init", "--district", "某县")
	address, serve := startServe(t, folder)
	release := holdUp(t, folder, "facts")
	code, body := post(t, noteOf(t, folder), "乙县", `{"command": "district.register", "data": {"name": "乙县"}}`)
	var done struct{ Token string }
	if err := json.Unmarshal([]byte(body), &done); err != nil || code != http.StatusCreated {
		t.Fatalf("%d %s", code, body)
	}
	_, header, body1 := get(t, address+"/api/v1/journal?limit=1&min_position="+done.Token)
	next := regexp.MustCompile(`^<([^>]+)>`).FindStringSubmatch(header.Get("Link"))
	if next == nil {
		t.Fatalf("there is no next page: %s", body1)
	}
	next[1] = strings.Replace(next[1], "limit=1", "limit=100", 1)
	if code, _, body := get(t, address+next[1]); code != http.StatusOK || !strings.Contains(string(body), "district.registered") {
		t.Errorf("%s: %d %s", next[1], code, body)
	}
	reached := "&as_of=" + header.Get("Twinledger-As-Of-Ordinal")
	question := "/api/v1/reviews?term=2017-2018/2&community=" + url.QueryEscape("某共同体")
	if code, _, body := get(t, address+question+reached); code != http.StatusServiceUnavailable {
		t.Errorf("a review as of what the facts have not reached: %d %s", code, body)
	}
	if code, _, body := get(t, address+question+"&as_of=999"); code != http.StatusNotFound {
		t.Errorf("a review as of what the ledger has not: %d %s", code, body)
	}
	release()
	stopServe(t, serve)
}

// holdUp keeps a read model from going on, as a slow disk would, until it is
// released.
func holdUp(t *testing.T, folder, model string) (release func()) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(folder, "read", model+"-*.sqlite"))
	if err != nil || len(files) != 1 {
		t.Fatalf("files of the read model %s: %v, %v", model, files, err)
	}
	db, err := sql.Open("sqlite", "file:"+files[0]+"?_txlock=immediate")
	if err != nil {
		t.Fatal(err)
	}
	held, err := db.Begin() //nolint:noctx // until it is released
	if err != nil {
		t.Fatal(err)
	}
	return func() {
		if err := held.Rollback(); err != nil {
			t.Error(err)
		}
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	}
}
