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
	for _, command := range [][]string{{"rebuild"}, {"rebuild", "--anew"}, {"review", "清涧", "2017-2018/2"}} {
		refusedWith(t, "history.altered-log", append([]string{"-d", changed}, command...)...)
	}

	// Read models that were built anew from the altered log do not stand beside those
	// that knew it before.
	two := filepath.Join(t.TempDir(), "two")
	copyFolder(t, folder, two)
	mustRun(t, nil, "-d", two, "rebuild")
	for _, lost := range []string{"generation-000001.sqlite", "generation-000002.sqlite"} {
		one := filepath.Join(t.TempDir(), "one")
		copyFolder(t, two, one)
		alter(t, one, append(dropTriggers, `UPDATE records SET bytes = CAST(replace(CAST(bytes AS TEXT), '"number":"10"', '"number":"99"') AS BLOB)`)...)
		if err := os.Remove(filepath.Join(datafolder.ModelPath(one), lost)); err != nil {
			t.Fatal(err)
		}
		for _, command := range [][]string{{"rebuild"}, {"review", "清涧", "2017-2018/2"}} {
			refusedWith(t, "history.altered-log", append([]string{"-d", one}, command...)...)
		}
	}

	cut := filepath.Join(t.TempDir(), "cut")
	copyFolder(t, folder, cut)
	alter(t, cut, append(dropTriggers, `DELETE FROM records WHERE ordinal > 20`)...)
	refusedWith(t, "history.short-log", "-d", cut, "status")
}

// refusedWith runs the program, which must refuse with a code.
func refusedWith(t *testing.T, code string, args ...string) string {
	t.Helper()
	cmd := twinledgerProcess(t, args...)
	out, err := cmd.CombinedOutput()
	if err == nil || cmd.ProcessState.ExitCode() != exitRefused || !strings.Contains(string(out), "["+code+"]") {
		t.Errorf("%v: not refused with %s: %v\n%s", args, code, err, out)
	}
	return string(out)
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
