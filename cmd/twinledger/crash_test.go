package main

import (
	"bytes"
	"database/sql"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"twinledger/cmd/twinledger/internal/datafolder"
	"twinledger/domain/event"
	"twinledger/projections"
	"twinledger/projections/journal"
	"twinledger/projections/records"
)

// moments is at how many random moments the program is killed.
const moments = 50

// TestKilledAtAnyMoment kills real processes with SIGKILL while they import or
// project, lets the same command finish, and finds log and read models as if
// nothing had happened, recorded times and ciphertext left out. All runs start
// from copies of one ledger, so that ids can be compared as they are.
func TestKilledAtAnyMoment(t *testing.T) {
	t.Parallel()
	records, err := filepath.Glob("sample/records/*")
	if err != nil || len(records) == 0 {
		t.Fatalf("records: %v, %v", records, err)
	}
	opened := filepath.Join(t.TempDir(), "opened")
	mustRun(t, nil, "-d", opened, "init", "--district", "样例县", "--assume", "2009-2019")
	importing := append([]string{"import"}, records...)

	imported := filepath.Join(t.TempDir(), "imported")
	copyFolder(t, opened, imported)
	start := time.Now()
	mustRun(t, nil, append([]string{"-d", imported}, importing...)...)
	length := time.Since(start)
	want := canonicalDump(t, imported)

	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d, an undisturbed import took %s", seed, length)
	random := rand.New(rand.NewPCG(seed, 1)) //nolint:gosec // moments need no secrecy
	t.Run("moments", func(t *testing.T) {
		for i := range moments {
			from, args := opened, importing
			if i%5 == 4 { // every fifth while a rebuild projects
				from, args = imported, []string{"rebuild"}
			}
			moment := random.Float64()
			t.Run(fmt.Sprintf("%d %s", i, args[0]), func(t *testing.T) {
				t.Parallel()
				folder, after := killedAt(t, moment, length, from, args)
				t.Logf("killed after %s", after.Round(time.Millisecond))
				mustRun(t, nil, append([]string{"-d", folder}, args...)...)
				if diff := cmp.Diff(want, canonicalDump(t, folder)); diff != "" {
					t.Errorf("after being killed and continued (-undisturbed +continued):\n%s", diff)
				}
			})
		}
	})
}

// killedAt kills a run on a fresh copy of a folder at a moment between 0 and 1
// of its length. The machine's speed drifts: a run that ends before its moment
// tells how long one takes now, and another is tried.
func killedAt(t *testing.T, moment float64, length time.Duration, from string, args []string) (folder string, after time.Duration) {
	t.Helper()
	for range 20 {
		folder = filepath.Join(t.TempDir(), "county")
		copyFolder(t, from, folder)
		after = time.Duration(moment * float64(length))
		start := time.Now()
		if kill(t, after, append([]string{"-d", folder}, args...)...) {
			return folder, after
		}
		length = min(length*9/10, time.Since(start))
	}
	t.Fatal("every run ended before it could be killed")
	return "", 0
}

// twinledgerProcess returns this test binary as the program.
func twinledgerProcess(t *testing.T, args ...string) *exec.Cmd {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(self, args...)
	cmd.Args[0] = "twinledger"
	return cmd
}

func mustRun(t *testing.T, in io.Reader, args ...string) string {
	t.Helper()
	cmd := twinledgerProcess(t, args...)
	cmd.Stdin = in
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("twinledger %v: %v\n%s", args, err, out)
	}
	return string(out)
}

// kill starts the program and kills it after a while; false when it ended
// before.
func kill(t *testing.T, after time.Duration, args ...string) bool {
	t.Helper()
	cmd := twinledgerProcess(t, args...)
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	timer := time.AfterFunc(after, func() { _ = cmd.Process.Kill() })
	defer timer.Stop()
	err := cmd.Wait()
	return err != nil && cmd.ProcessState.ExitCode() == -1 // ended by a signal
}

func copyFolder(t *testing.T, from, to string) {
	t.Helper()
	if err := os.CopyFS(to, os.DirFS(from)); err != nil {
		t.Fatal(err)
	}
}

// variable is what differs between two runs that record the same: the time of
// recording, ciphertext, and hashes over either.
var variable = regexp.MustCompile(`"(recorded|box|running_hash)":"[^"]*"`)

// canonicalDump returns every record of the log, every line of the journal and every
// version of every row, without what may differ. The read models must be what the log
// says, too.
func canonicalDump(t *testing.T, folder string) []string {
	t.Helper()
	ctx := t.Context()
	p := &program{now: time.Now, data: folder, out: io.Discard, err: io.Discard}
	o, err := p.openToRead(ctx)
	if err != nil {
		t.Fatal(err)
	}
	defer closeFolder(t, o)
	var dump bytes.Buffer
	err = event.Walk(ctx, o.Log, func(r event.Record) error {
		dump.Write(r.Bytes)
		return dump.WriteByte('\n')
	})
	if err != nil {
		t.Fatal(err)
	}
	dumpModels(t, o, &dump)
	verified, err := o.Verify(ctx, nil)
	if err != nil || len(verified) == 0 {
		t.Errorf("the read models cannot be verified: %v", err)
	}
	for _, v := range verified {
		if !v.Equal() {
			t.Errorf("the read models are not what the log says: %+v", v)
		}
	}
	var lines []string
	for line := range bytes.Lines(dump.Bytes()) {
		lines = append(lines, string(variable.ReplaceAll(line, []byte(`"$1":"…"`))))
	}
	return lines
}

// dumpModels writes the journal, the rows as they are and all their versions.
func dumpModels(t *testing.T, o *datafolder.Folder, to io.Writer) {
	t.Helper()
	journaled, err := o.Journal().Events(t.Context(), journal.Question{})
	if err != nil {
		t.Fatal(err)
	}
	rows, err := o.Records().Select(t.Context(), projections.Query{})
	if err != nil {
		t.Fatal(err)
	}
	out := json.NewEncoder(to)
	for _, j := range journaled {
		if err := out.Encode(j); err != nil {
			t.Fatal(err)
		}
	}
	for _, row := range rows {
		if err := out.Encode(row); err != nil {
			t.Fatal(err)
		}
	}
	for _, version := range versionsIn(t, filepath.Join(datafolder.ModelPath(o.Path), o.Models.Served().Name())) {
		if err := out.Encode(version); err != nil {
			t.Fatal(err)
		}
	}
}

// versionsIn returns the versions of the rows in a file of read models, with texts in
// place of their numbers.
func versionsIn(t *testing.T, file string) [][]any {
	t.Helper()
	query := `SELECT v.ordinal, v.ended, v.previous, (SELECT text FROM texts WHERE number = v.key)`
	for _, c := range records.Model.Columns {
		switch column := "v.c_" + c.Name; c.Type {
		case projections.Number:
			query += ", " + column
		case projections.Words:
			query += ", (SELECT text FROM sets WHERE number = " + column + ")"
		case projections.Text:
			query += ", (SELECT text FROM texts WHERE number = " + column + ")"
		}
	}
	db, err := sql.Open("sqlite", "file:"+file+"?mode=ro")
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close() //nolint:errcheck // only read
	rows, err := db.QueryContext(t.Context(), query+` FROM model_records v ORDER BY v.ordinal`)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close() //nolint:errcheck // its error is that of rows.Err
	var out [][]any
	for rows.Next() {
		version := make([]any, 4+len(records.Model.Columns))
		into := make([]any, len(version))
		for i := range into {
			into[i] = &version[i]
		}
		if err := rows.Scan(into...); err != nil {
			t.Fatal(err)
		}
		out = append(out, version)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return out
}

func closeFolder(t *testing.T, o *datafolder.Folder) {
	t.Helper()
	if err := o.Close(); err != nil {
		t.Error(err)
	}
}
