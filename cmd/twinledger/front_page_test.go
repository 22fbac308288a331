package main

import (
	"encoding/json"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestFrontPageFollowsTheLedger: the page keeps what it computed last, and still
// shows what was written since and, as of then, what was known before.
func TestFrontPageFollowsTheLedger(t *testing.T) {
	t.Parallel()
	folder := filepath.Join(t.TempDir(), "county")
	mustRun(t, nil, "-d", folder, "init", "--district", "某县")
	var registered struct{ Stream string }
	if err := json.Unmarshal([]byte(mustRun(t, nil, "-d", folder, "--json", "journal", "--type", "district.registered")), &registered); err != nil {
		t.Fatal(err)
	}
	address, serve := startServe(t, folder)
	page := func(query string) string {
		code, _, body := get(t, address+"/"+query)
		if code != http.StatusOK {
			t.Fatalf("/%s: %d %s", query, code, body)
		}
		return string(body)
	}
	for i, name := range []string{"城关共同体", "河西共同体"} {
		if i > 0 && strings.Contains(page(""), name) {
			t.Errorf("%s is there before it is", name)
		}
		file := filepath.Join(t.TempDir(), "community.json")
		note := `{"command": "community.note", "data": {"district": "` + registered.Stream + `", "name": "` + name + `"}}`
		if err := os.WriteFile(file, []byte(note), 0o600); err != nil {
			t.Fatal(err)
		}
		mustRun(t, nil, "-d", folder, "record", file)
		for range 2 {
			if !strings.Contains(page(""), name) {
				t.Errorf("%s is not on the page", name)
			}
		}
	}
	if then := page("?as_of=3"); !strings.Contains(then, "城关共同体") || strings.Contains(then, "河西共同体") {
		t.Errorf("as of the first community:\n%s", then)
	}
	stopServe(t, serve)
}
