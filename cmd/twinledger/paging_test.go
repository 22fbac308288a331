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
	"time"

	"twinledger/cmd/twinledger/internal/datafolder"
)

// TestPagesGoOnWhileReadModelsAreHeldUp: while the read models cannot be written, the
// next page is of the state of the page before; what was recorded since is refused for a
// while only, and is there as soon as they can be written again.
func TestPagesGoOnWhileReadModelsAreHeldUp(t *testing.T) {
	t.Parallel()
	folder := filepath.Join(t.TempDir(), "county")
	mustRun(t, nil, "-d", folder, "init", "--district", "某县")
	address, serve := startServe(t, folder)
	release := holdUp(t, folder)
	code, body := post(t, noteOf(t, folder), "乙县", `{"command": "district.register", "data": {"name": "乙县"}}`)
	var done struct{ Stream, Token string }
	if err := json.Unmarshal([]byte(body), &done); err != nil || code != http.StatusCreated {
		t.Fatalf("%d %s", code, body)
	}
	_, header, first := get(t, address+"/api/v1/journal?limit=1")
	next := regexp.MustCompile(`^<([^>]+)>`).FindStringSubmatch(header.Get("Link"))
	if next == nil {
		t.Fatalf("there is no next page: %s", first)
	}
	next[1] = strings.Replace(next[1], "limit=1", "limit=100", 1)
	if code, _, body := get(t, address+next[1]); code != http.StatusOK || !strings.Contains(string(body), "district.registered") || strings.Contains(string(body), done.Stream) {
		t.Errorf("%s: %d %s", next[1], code, body)
	}
	question := "/api/v1/reviews?term=2017-2018/2&community=" + url.QueryEscape("某共同体")
	for situation, ask := range map[string]struct {
		question, says string
		code           int
	}{
		"a review as of what the read models have not reached": {question + "&as_of=3", "serve.not-ready", http.StatusServiceUnavailable},
		"a review as of what the ledger has not":               {question + "&as_of=999", "review.beyond-newest", http.StatusNotFound},
		"what was just recorded":                               {"/api/v1/journal?min_position=" + done.Token, "query.position-not-reached", http.StatusServiceUnavailable},
	} {
		if code, _, body := get(t, address+ask.question); code != ask.code || !strings.Contains(string(body), ask.says) {
			t.Errorf("%s: %d %s", situation, code, body)
		}
	}
	release()
	soon(t, "what was recorded is there", func() (bool, string) {
		code, _, body := get(t, address+"/api/v1/journal?min_position="+done.Token)
		return code == http.StatusOK && strings.Contains(string(body), done.Stream), string(body)
	})
	stopServe(t, serve)
}

// soon returns when something is true, which tells what it found instead.
func soon(t *testing.T, what string, is func() (bool, string)) {
	t.Helper()
	deadline := time.Now().Add(time.Minute)
	for {
		done, found := is()
		if done {
			return
		}
		if time.Now().After(deadline) {
			t.Fatalf("not within a minute: %s; but %s", what, found)
		}
		time.Sleep(20 * time.Millisecond)
	}
}

// holdUp keeps the read models from going on, as a slow disk or another program would,
// until they are released.
func holdUp(t *testing.T, folder string) (release func()) {
	t.Helper()
	db, err := sql.Open("sqlite", "file:"+generationIn(t, folder)+"?_txlock=immediate")
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

// generationIn returns the file of the only generation of a folder's read models.
func generationIn(t *testing.T, folder string) string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(datafolder.ModelPath(folder), "generation-*.sqlite"))
	if err != nil || len(files) != 1 {
		t.Fatalf("generations of the read models: %v, %v", files, err)
	}
	return files[0]
}
