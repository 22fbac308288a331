package main

import (
	"bytes"
	"database/sql"
	"encoding/json"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"twinledger/cmd/twinledger/internal/datafolder"
	"twinledger/domain/event"
	"twinledger/projections"
	"twinledger/projections/journal"
	"twinledger/projections/records"
)

// TestKilledAtAnyMoment kills real processes with SIGKILL at 180 random moments, while
// they import, correct, undo, append, follow, build and swap read models; lets the same command finish,
// and finds log and read models as if nothing had happened, recorded times and
// ciphertext left out, and nothing left behind. All runs of a kind start from copies of
// one ledger, so that ids can be compared as they are. Backup and restore are killed 40
// times more in [TestBackupKilledAtAnyMoment].
func TestKilledAtAnyMoment(t *testing.T) {
	t.Parallel()
	works := worksToKill(t)
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	random := rand.New(rand.NewPCG(seed, 1)) //nolint:gosec // moments need no secrecy
	var found tally
	t.Run("moments", func(t *testing.T) {
		for _, w := range works {
			for i := range w.times {
				moment := random.Float64()
				t.Run(fmt.Sprintf("%s %d", w.name, i), func(t *testing.T) {
					t.Parallel()
					folder, after := killedAt(t, w, moment)
					at := w.name + ": " + builtIn(t, folder)
					t.Logf("killed after %s, %s", after.Round(time.Millisecond), at)
					found.add(at)
					if w.done == nil || !w.done(t, folder) {
						mustRun(t, nil, append([]string{"-d", folder}, w.args...)...)
					}
					checkNothingLeft(t, folder)
					if diff := cmp.Diff(w.want, canonicalDump(t, folder)); diff != "" {
						t.Errorf("after being killed and continued (-undisturbed +continued):\n%s", diff)
					}
				})
			}
		}
	})
	t.Logf("the read models were found so:\n%s", &found)
}

// A work is a command that is killed.
type work struct {
	name   string
	times  int
	from   string // the folder in which it begins
	args   []string
	says   string                                 // an undisturbed run prints it among other things
	begins func(folder string) bool               // when its length is counted from; nil means from its start
	done   func(t *testing.T, folder string) bool // whether it is refused the second time because it is done; nil means never
	length time.Duration                          // of an undisturbed run, from there
	want   []string                               // the dump behind one
}

// worksToKill prepares the commands that are killed.
func worksToKill(t *testing.T) []work {
	t.Helper()
	files, err := filepath.Glob("sample/records/*")
	if err != nil || len(files) == 0 {
		t.Fatalf("records: %v, %v", files, err)
	}
	folder := func(name string) string { return filepath.Join(t.TempDir(), name) }
	opened, imported := folder("opened"), folder("imported")
	mustRun(t, nil, "-d", opened, "init", "--district", "样例县", "--assume", "2009-2019")
	importing := append([]string{"import"}, files...)
	copyFolder(t, opened, imported)
	mustRun(t, nil, append([]string{"-d", imported}, importing...)...)
	report := filepath.Join(t.TempDir(), "once.json")
	if err := os.WriteFile(report, []byte(`{"id": "01980a6e-7c10-7000-8000-000000000001", "command": "district.register", "data": {"name": "乙县"}}`), 0o600); err != nil {
		t.Fatal(err)
	}
	behind, without, forked := folder("behind"), folder("without"), folder("forked")
	copyFolder(t, imported, behind)
	putFile(t, generationIn(t, opened), generationIn(t, behind))
	copyFolder(t, imported, without)
	removeFiles(t, filepath.Join(datafolder.ModelPath(without), "*"))
	copyFolder(t, imported, forked)
	mustRun(t, nil, "-d", forked, "record", report)
	putLog(t, forked, datafolder.LogPath(imported))
	first, second := correctedFile(t)
	uncorrected, corrected := folder("uncorrected"), folder("corrected")
	copyFolder(t, opened, uncorrected)
	mustRun(t, nil, "-d", uncorrected, "import", "--source", "甲校", first)
	correcting := []string{"import", "--source", "甲校", second}
	copyFolder(t, uncorrected, corrected)
	mustRun(t, nil, append([]string{"-d", corrected}, correcting...)...)
	twice := folder("twice")
	copyFolder(t, imported, twice)
	mustRun(t, nil, "-d", twice, "rebuild")

	appears := func(generation string) func(string) bool {
		return func(folder string) bool {
			_, err := os.Stat(filepath.Join(datafolder.ModelPath(folder), generation))
			return err == nil
		}
	}
	works := []work{
		{name: "import", times: 30, from: opened, args: importing},
		{name: "record", times: 30, from: imported, args: []string{"record", report}},
		{name: "follow", times: 15, from: behind, args: []string{"list", "lessons"}},
		{name: "build", times: 15, from: without, args: []string{"list", "lessons"}},
		{name: "rebuild", times: 15, from: imported, args: []string{"rebuild"}},
		{name: "rebuild from when it builds", times: 25, from: imported, args: []string{"rebuild"}, begins: appears("generation-000002.sqlite")},
		{name: "rebuild of three", times: 20, from: twice, args: []string{"rebuild"}, begins: appears("generation-000003.sqlite")},
		{name: "import of a corrected file", times: 10, from: uncorrected, args: correcting, says: "新增 added 5，更正 corrected 15，删除 removed 6"},
		{name: "undo", times: 10, from: corrected, args: []string{"imports", "undo", newestImport(t, corrected), "--reason", "选错了文件"}, done: isUndone},
		{name: "rebuild of another history", times: 10, from: forked, args: []string{"rebuild", "--accept-log"}},
	}
	for i := range works {
		w := &works[i]
		undisturbed := folder("undisturbed")
		copyFolder(t, w.from, undisturbed)
		cmd := twinledgerProcess(t, append([]string{"-d", undisturbed}, w.args...)...)
		var out strings.Builder
		cmd.Stdout = &out
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		start := time.Now()
		ended := make(chan error, 1)
		go func() { ended <- cmd.Wait() }()
		w.await(undisturbed, ended)
		begun := time.Now()
		if err := <-ended; err != nil {
			t.Fatalf("%s: %v", w.name, err)
		}
		if !strings.Contains(out.String(), w.says) {
			t.Fatalf("%s: %q is missing:\n%s", w.name, w.says, out.String())
		}
		if w.length = time.Since(start); w.begins != nil {
			w.length = time.Since(begun)
		}
		w.want = canonicalDump(t, undisturbed)
	}
	return works
}

// correctedFile writes a file of 60 lessons and the same file corrected, and returns where.
func correctedFile(t *testing.T) (first, second string) {
	t.Helper()
	folder := t.TempDir()
	first, second = filepath.Join(folder, "first.csv"), filepath.Join(folder, "second.csv")
	former, now := recordLines(60)
	writeLines(t, first, former)
	writeLines(t, second, now)
	return first, second
}

// recordLines returns a file of n lessons, and the same with every fourth one
// changed, every tenth one gone and five new ones; the others keep their number.
func recordLines(n int) (former, now []string) {
	heading := "序号,日期,共同体,类别,形式,内容,学科,派出单位,接收单位,人员,数量,单位,佐证材料,备注"
	former, now = append(former, heading), append(now, heading)
	row := func(i int, subject string) string {
		return fmt.Sprintf("%d,2018-%02d-%02d,某共同体,示范课,送课,第%d课,%s,甲校,乙校,李老师,%d,节,,", i, 3+i/25, 1+i%25, i, subject, i)
	}
	for i := range n {
		former = append(former, row(i, "语文"))
		switch {
		case i%10 == 5:
		case i%4 == 0:
			now = append(now, row(i, "数学"))
		default:
			now = append(now, row(i, "语文"))
		}
	}
	for i := range 5 {
		now = append(now, row(n+i, "音乐"))
	}
	return former, now
}

func writeLines(t *testing.T, path string, lines []string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(strings.Join(lines, "\n")+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
}

// await returns when a work begins, or has ended, whose end it leaves in the channel.
func (w work) await(folder string, ended chan error) {
	for w.begins != nil && !w.begins(folder) && len(ended) == 0 {
		time.Sleep(200 * time.Microsecond)
	}
}

// killedAt kills a run on a fresh copy of a folder at a moment between 0 and 1
// of its length. The machine's speed drifts: a run that ends before its moment
// tells how long one takes now, and another is tried.
func killedAt(t *testing.T, w work, moment float64) (folder string, after time.Duration) {
	t.Helper()
	for range 20 {
		folder = filepath.Join(t.TempDir(), "county")
		copyFolder(t, w.from, folder)
		after = time.Duration(moment * float64(w.length))
		cmd := twinledgerProcess(t, append([]string{"-d", folder}, w.args...)...)
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		ended := make(chan error, 1)
		go func() { ended <- cmd.Wait() }()
		w.await(folder, ended)
		begun := time.Now()
		timer := time.AfterFunc(after, func() { _ = cmd.Process.Kill() })
		err := <-ended
		timer.Stop()
		if err != nil && cmd.ProcessState.ExitCode() == -1 { // ended by a signal
			return folder, after
		}
		w.length = min(w.length*9/10, time.Since(begun))
	}
	t.Fatal("every run ended before it could be killed")
	return "", 0
}

// builtIn describes the read models in a folder as a killed process left them.
func builtIn(t *testing.T, folder string) string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(datafolder.ModelPath(folder), "generation-*.sqlite"))
	if err != nil {
		t.Fatal(err)
	}
	var states []string
	for _, file := range files {
		copied := filepath.Join(t.TempDir(), "copy.sqlite") // to look changes nothing
		putFile(t, file, copied)
		for _, beside := range []string{"-wal", "-journal"} {
			if _, err := os.Stat(file + beside); err == nil {
				putFile(t, file+beside, copied+beside)
			}
		}
		state := "none yet"
		db, err := sql.Open("sqlite", "file:"+copied)
		if err == nil {
			_ = db.QueryRowContext(t.Context(), `SELECT state FROM generation`).Scan(&state)
			err = db.Close()
		}
		if err != nil {
			t.Fatal(err)
		}
		states = append(states, state)
	}
	chosen, err := os.ReadFile(filepath.Join(datafolder.ModelPath(folder), "served"))
	if err != nil {
		chosen = []byte("none")
	}
	return fmt.Sprintf("%v, chosen %s", states, bytes.TrimSpace(chosen))
}

// A tally counts what was found how often.
type tally struct {
	mu    sync.Mutex
	count map[string]int
}

func (c *tally) add(what string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.count == nil {
		c.count = map[string]int{}
	}
	c.count[what]++
}

// String lists what was counted.
func (c *tally) String() string {
	c.mu.Lock()
	defer c.mu.Unlock()
	var b strings.Builder
	for _, what := range slices.Sorted(maps.Keys(c.count)) {
		fmt.Fprintf(&b, "%4d  %s\n", c.count[what], what)
	}
	return b.String()
}

// belongs are the files of a folder that nobody has open.
var belongs = regexp.MustCompile(`^(ledger\.sqlite|keys\.sqlite|lock|read/generation-[0-9]{6}\.sqlite|read/served)$`)

// checkNothingLeft tells of files in a folder that a killed process left behind.
func checkNothingLeft(t *testing.T, folder string) {
	t.Helper()
	generations := 0
	err := filepath.WalkDir(folder, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		name, err := filepath.Rel(folder, path)
		if !belongs.MatchString(filepath.ToSlash(name)) {
			t.Errorf("%s is left behind", name)
		}
		if strings.Contains(name, "generation-") {
			generations++
		}
		return err
	})
	if err != nil || generations < 1 || generations > 2 {
		t.Errorf("%d generations of the read models: %v", generations, err)
	}
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
