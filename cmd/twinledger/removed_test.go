package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"twinledger/cmd/twinledger/internal/datafolder"
)

// TestReadModelsRemovedUnderServe takes the read models away from a running serve, in
// every way in which that comes about. Where the opened file stays, every answer is
// right all along; where it is destroyed, there is the right answer or the word that it
// is damaged. Within seconds they are there again, with what was recorded meanwhile.
func TestReadModelsRemovedUnderServe(t *testing.T) {
	t.Parallel()
	county := sampleCounty(t)
	older := filepath.Join(t.TempDir(), "older.sqlite")
	putFile(t, generationIn(t, county), older)
	noteSchools(t, county, "新小学1")
	garbage := filepath.Join(t.TempDir(), "garbage")
	if err := os.WriteFile(garbage, bytes.Repeat([]byte("序号,日期,共同体,类别\n"), 100_000), 0o600); err != nil {
		t.Fatal(err)
	}
	moved := func(t *testing.T, from, to string) {
		t.Helper()
		beside := filepath.Join(t.TempDir(), "beside")
		putFile(t, from, beside)
		if err := os.Rename(beside, to); err != nil {
			t.Fatal(err)
		}
	}
	for situation, test := range map[string]struct {
		takeAway func(t *testing.T, folder, served string)
		destroys bool // what serve has open
		older    bool // what stands there then
	}{
		"the served file": {func(t *testing.T, _, served string) { removeFiles(t, served) }, false, false},
		"every file":      {func(t *testing.T, folder, _ string) { removeFiles(t, filepath.Join(datafolder.ModelPath(folder), "*")) }, false, false},
		"the folder": {func(t *testing.T, folder, _ string) {
			if err := os.RemoveAll(datafolder.ModelPath(folder)); err != nil {
				t.Fatal(err)
			}
		}, false, false},
		"an empty file in its place":        {func(t *testing.T, _, served string) { moved(t, os.DevNull, served) }, false, false},
		"another file in its place":         {func(t *testing.T, _, served string) { moved(t, garbage, served) }, false, false},
		"an older file in its place":        {func(t *testing.T, _, served string) { moved(t, older, served) }, false, true},
		"emptied":                           {func(t *testing.T, _, served string) { putFile(t, os.DevNull, served) }, true, false},
		"overwritten":                       {func(t *testing.T, _, served string) { putFile(t, garbage, served) }, true, false},
		"overwritten by an older one":       {func(t *testing.T, _, served string) { putFile(t, older, served) }, true, true},
		"overwritten behind its first page": {func(t *testing.T, _, served string) { overwriteBehind(t, served, 4096) }, true, false},
	} {
		t.Run(situation, func(t *testing.T) {
			t.Parallel()
			folder := filepath.Join(t.TempDir(), "county")
			copyFolder(t, county, folder)
			address, serve := startServe(t, folder)
			waitReady(t, address)
			_, _, want := get(t, address+"/api/v1/schools")
			answers := askAll(t, address, "/api/v1/schools", want, test.destroys)
			time.Sleep(50 * time.Millisecond)
			was := generationIn(t, folder)
			listed, _, _ := runHere(t, "", "-d", folder, "list", "schools")
			begun := time.Now()
			test.takeAway(t, folder, was)
			if !test.older { // who reads the older file has an older answer, and no wrong one
				if out, told, code := runHere(t, "", "-d", folder, "list", "schools"); code != exitDone || !bytes.Equal(out, listed) {
					t.Errorf("beside serve: %d %s%s", code, out, told)
				}
			}
			soon(t, "another file is served", func() (bool, string) {
				r := rebuildOf(t, address)
				return r.Phase == "served" && r.Served != filepath.Base(was), fmt.Sprintf("%+v", r)
			})
			took := time.Since(begun)
			time.Sleep(50 * time.Millisecond)
			t.Logf("served anew after %s; %s", took.Round(time.Millisecond), answers())
			if took > 20*time.Second {
				t.Errorf("they were there again after %s only", took)
			}
			soon(t, "readyz 200", func() (bool, string) {
				code, _, body := get(t, address+"/readyz")
				return code == http.StatusOK, string(body)
			})
			if code, _, body := get(t, address+"/api/v1/schools"); code != http.StatusOK || !bytes.Equal(body, want) {
				t.Errorf("afterwards: %d %s", code, body)
			}
			noteSchools(t, folder, "新小学5") // through serve
			registerSays(t, folder)
			stopServe(t, serve)
			for name, content := range contentOf(t, datafolder.ModelPath(folder)) {
				if content == "" || strings.HasPrefix(name, "/"+filepath.Base(was)) {
					t.Errorf("%s is left behind with %d bytes", name, len(content))
				}
			}
			healthy(t, folder)
		})
	}
}

func removeFiles(t *testing.T, pattern string) {
	t.Helper()
	paths, err := filepath.Glob(pattern)
	if err != nil || len(paths) == 0 {
		t.Fatalf("%s: %v, %v", pattern, paths, err)
	}
	for _, path := range paths {
		if err := os.Remove(path); err != nil {
			t.Fatal(err)
		}
	}
}

// overwriteBehind overwrites all of a file behind its first bytes.
func overwriteBehind(t *testing.T, path string, first int) {
	t.Helper()
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for i := first; i < len(content); i++ {
		content[i] = 0x5a
	}
	if err := os.WriteFile(path, content, 0o600); err != nil {
		t.Fatal(err)
	}
}

// A rebuildState is what the endpoint says of rebuilds.
type rebuildState struct {
	Phase, Served, Former, Why string
	Done, Total                int
	Compared                   bool
	Differences                []struct{ Missing, Added, Changed int }
}

func rebuildOf(t *testing.T, address string) rebuildState {
	t.Helper()
	var r rebuildState
	code, _, body := get(t, address+"/api/v1/rebuild")
	if err := json.Unmarshal(body, &r); err != nil || code != http.StatusOK {
		t.Fatalf("%d %v %s", code, err, body)
	}
	return r
}

// ask asks a question from a goroutine that is not the test's.
func ask(url string) (code int, body []byte, err error) {
	answer, err := http.Get(url) //nolint:gosec,noctx // a loopback address of this test
	if err != nil {
		return 0, nil, err
	}
	body, err = io.ReadAll(answer.Body)
	return answer.StatusCode, body, errors.Join(err, answer.Body.Close())
}

// askAll asks a question again and again from several sides, until the returned function
// is called: every answer is the one that is wanted, or, where that is all right, the
// word that the read models are damaged. It returns how often there was which.
func askAll(t *testing.T, address, question string, want []byte, mayBeDamaged bool) (answers func() string) {
	t.Helper()
	var right, damaged, wrong atomic.Int64
	stop := make(chan struct{})
	var asking sync.WaitGroup
	for range 8 {
		asking.Go(func() {
			for {
				select {
				case <-stop:
					return
				default:
				}
				code, body, err := ask(address + question)
				switch {
				case err != nil:
					wrong.Add(1)
					t.Error(err)
					return
				case code == http.StatusOK && bytes.Equal(body, want):
					right.Add(1)
				case mayBeDamaged && code == http.StatusServiceUnavailable && bytes.Contains(body, []byte("readmodel.damaged")):
					damaged.Add(1)
				case wrong.Add(1) < 4:
					t.Errorf("%d %s", code, body)
				}
				time.Sleep(time.Millisecond)
			}
		})
	}
	end := sync.OnceFunc(func() {
		close(stop)
		asking.Wait()
	})
	t.Cleanup(end)
	return func() string {
		end()
		return fmt.Sprintf("%d right answers, %d that they are damaged, %d others", right.Load(), damaged.Load(), wrong.Load())
	}
}
