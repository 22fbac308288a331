package main

import (
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"twinledger/cmd/twinledger/internal/datafolder"

	_ "modernc.org/sqlite" // the driver "sqlite"
)

// alter runs SQL on a data folder's log, as somebody with a SQLite tool could.
func alter(t *testing.T, folder string, statements ...string) {
	t.Helper()
	db, err := sql.Open("sqlite", "file:"+datafolder.LogPath(folder))
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range statements {
		if _, err := db.ExecContext(t.Context(), s); err != nil {
			t.Fatalf("%s: %v", s, err)
		}
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
}

// TestAlteredHistoryIsNotLaundered alters a number in a stored record and cuts
// the last records off: neither becomes the new truth without a word.
func TestAlteredHistoryIsNotLaundered(t *testing.T) {
	t.Parallel()
	folder := filepath.Join(t.TempDir(), "county")
	mustRun(t, nil, "-d", folder, "init", "--district", "样例县", "--assume", "2009-2019")
	mustRun(t, nil, "-d", folder, "import", "sample/records/qingjian-2018-spring.csv")
	dropTriggers := triggers(t, folder)

	changed := filepath.Join(t.TempDir(), "changed")
	copyFolder(t, folder, changed)
	alter(t, changed, append(dropTriggers, `UPDATE records SET bytes = CAST(replace(CAST(bytes AS TEXT), '"number":"10"', '"number":"99"') AS BLOB)`)...)
	out, err := twinledgerProcess(t, "-d", changed, "rebuild").CombinedOutput()
	if err == nil || !strings.Contains(string(out), "rebuild.history-changed") {
		t.Errorf("a rebuild of an altered log: %v\n%s", err, out)
	}

	// One model deleted, the others vouch; and a model built anew from the altered
	// log does not stand beside those that knew it before.
	for _, lost := range []string{"registers", "facts"} {
		removeAll(t, filepath.Join(changed, "read", lost+"-*"))
		for _, command := range [][]string{{"rebuild"}, {"review", "清涧", "2017-2018/2"}} {
			out, err := twinledgerProcess(t, append([]string{"-d", changed}, command...)...).CombinedOutput()
			if err == nil || !strings.Contains(string(out), "rebuild.history-changed") {
				t.Errorf("%v without %s: %v\n%s", command, lost, err, out)
			}
		}
	}

	cut := filepath.Join(t.TempDir(), "cut")
	copyFolder(t, folder, cut)
	alter(t, cut, append(dropTriggers, `DELETE FROM records WHERE ordinal > 20`)...)
	out, err = twinledgerProcess(t, "-d", cut, "status").CombinedOutput()
	if err == nil || !strings.Contains(string(out), "folder.log-shrank") {
		t.Errorf("the status of a cut log: %v\n%s", err, out)
	}
}

func removeAll(t *testing.T, pattern string) {
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

// triggers returns what takes away whatever protects the log's rows.
func triggers(t *testing.T, folder string) []string {
	t.Helper()
	db, err := sql.Open("sqlite", "file:"+datafolder.LogPath(folder))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close() //nolint:errcheck // only read
	rows, err := db.QueryContext(t.Context(), `SELECT name FROM sqlite_master WHERE type = 'trigger'`)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close() //nolint:errcheck // its error is that of rows.Err
	var drop []string
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			t.Fatal(err)
		}
		drop = append(drop, "DROP TRIGGER "+name)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return drop
}

// TestThePrintedHashIsTheFiles lets an auditor check a review with sha256sum.
func TestThePrintedHashIsTheFiles(t *testing.T) {
	t.Parallel()
	folder := filepath.Join(t.TempDir(), "county")
	mustRun(t, nil, "-d", folder, "init", "--district", "样例县", "--assume", "2009-2019")
	mustRun(t, nil, "-d", folder, "import", "sample/records/qingjian-2018-spring.csv")
	file := filepath.Join(t.TempDir(), "review.json")
	out := mustRun(t, nil, "-d", folder, "review", "清涧", "2017-2018/2", "--format", "json", "-o", file)
	content, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	sum := sha256.Sum256(content)
	if !strings.Contains(out, hex.EncodeToString(sum[:])) {
		t.Errorf("the file's sha256 is %x, the command says:\n%s", sum, out)
	}
}
