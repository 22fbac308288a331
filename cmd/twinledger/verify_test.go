package main

import (
	"bytes"
	"database/sql"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"twinledger/cmd/twinledger/internal/datafolder"
)

// generationSQL changes a file of read models by SQL.
func generationSQL(t *testing.T, file string, statements ...string) {
	t.Helper()
	db, err := sql.Open("sqlite", "file:"+file)
	if err != nil {
		t.Fatal(err)
	}
	for _, statement := range statements {
		if _, err := db.Exec(statement); err != nil {
			t.Fatalf("%s: %v", statement, err)
		}
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
}

// TestVerifyBesideAWriter verifies again and again while serve takes records: nothing
// differs.
func TestVerifyBesideAWriter(t *testing.T) {
	t.Parallel()
	folder := sampleCounty(t)
	address, serve := startServe(t, folder)
	waitReady(t, address)
	stop, stopped := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(stopped)
		for i := 0; ; i++ {
			select {
			case <-stop:
				return
			default:
				_, _, _ = runHere(t, "", "-d", folder, "record", schoolFile(t, folder, "新小学"+strings.Repeat("甲", i+1)))
			}
		}
	}()
	for range 5 {
		if out, told, code := runHere(t, "", "-d", folder, "verify"); code != exitDone {
			t.Errorf("verify beside a writer: %d %s\n%s", code, told, out)
		}
	}
	close(stop)
	<-stopped
	_ = serve.Process.Kill() // nothing more is asked of it
	_ = serve.Wait()
}

// TestAFormerGenerationThatCannotFollow spoils the former read models only: every
// command goes on, and they are removed.
func TestAFormerGenerationThatCannotFollow(t *testing.T) {
	t.Parallel()
	folder := sampleCounty(t)
	mustRun(t, nil, "-d", folder, "rebuild")
	former := filepath.Join(datafolder.ModelPath(folder), "generation-000001.sqlite")
	generationSQL(t, former, `UPDATE generation SET ordinal = ordinal - 1, hash = (SELECT hash FROM events WHERE events.ordinal = generation.ordinal - 1)`)
	noteSchools(t, folder, "新小学1")
	if out := mustRun(t, nil, "-d", folder, "list", "schools"); !strings.Contains(out, "新小学1") {
		t.Errorf("list:\n%s", out)
	}
	if _, err := os.Stat(former); err == nil {
		t.Error("the former read models, which cannot follow, are still there")
	}
	healthy(t, folder)
}

// TestHistoryKnownToAnotherVersion puts an older log under read models that another
// version of the program built, and beside a former file that is damaged: it is refused
// all the same.
func TestHistoryKnownToAnotherVersion(t *testing.T) {
	t.Parallel()
	for situation, spoil := range map[string]func(t *testing.T, folder string){
		"of another version": func(t *testing.T, folder string) {
			generationSQL(t, generationIn(t, folder), `UPDATE generation SET models = 'others'`)
		},
		"beside a damaged former one": func(t *testing.T, folder string) {
			mustRun(t, nil, "-d", folder, "rebuild")
			if err := os.WriteFile(filepath.Join(datafolder.ModelPath(folder), "generation-000001.sqlite"), []byte("damaged"), 0o600); err != nil {
				t.Fatal(err)
			}
		},
	} {
		t.Run(situation, func(t *testing.T) {
			t.Parallel()
			folder := sampleCounty(t)
			older := filepath.Join(t.TempDir(), "older.sqlite")
			putFile(t, datafolder.LogPath(folder), older)
			noteSchools(t, folder, "丢失小学")
			spoil(t, folder)
			putLog(t, folder, older)
			for _, args := range [][]string{{"list", "schools"}, {"backup", filepath.Join(t.TempDir(), "ledger.zip")}} {
				out, told, code := runHere(t, "", append([]string{"-d", folder}, args...)...)
				if code == exitDone || len(out) > 0 || !bytes.Contains(told, []byte("history.short-log")) && !bytes.Contains(told, []byte("readmodel.damaged")) {
					t.Errorf("%v: %d %s\n%s", args, code, told, out)
				}
			}
		})
	}
}
