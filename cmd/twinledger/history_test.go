package main

import (
	"bytes"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"twinledger/cmd/twinledger/internal/datafolder"
)

// schoolFile writes a command that notes a school, and returns the file.
func schoolFile(t *testing.T, folder, name string) string {
	t.Helper()
	var district string
	for _, r := range recordsOf(t, folder) {
		if _, after, found := strings.Cut(r, `.district-`); found && district == "" {
			district = "district-" + after[:strings.IndexByte(after, '"')]
		}
	}
	file := filepath.Join(t.TempDir(), "school.json")
	if err := os.WriteFile(file, []byte(`{"command": "school.note", "data": {"district": "`+district+`", "name": "`+name+`"}}`), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

// noteSchools records schools.
func noteSchools(t *testing.T, folder string, names ...string) {
	t.Helper()
	for _, name := range names {
		if _, told, code := runHere(t, "", "-d", folder, "record", schoolFile(t, folder, name)); code != exitDone {
			t.Fatalf("record %s: %s", name, told)
		}
	}
}

// putLog puts another log in place of a folder's, as one copies a file: nothing that
// SQLite keeps beside it is of any use then.
func putLog(t *testing.T, folder, log string) {
	t.Helper()
	loseBeside(t, datafolder.LogPath(folder))
	putFile(t, log, datafolder.LogPath(folder))
}

// loseBeside removes what SQLite keeps beside a file.
func loseBeside(t *testing.T, file string) {
	t.Helper()
	for _, suffix := range []string{"-wal", "-shm"} {
		if err := os.Remove(file + suffix); err != nil && !errors.Is(err, os.ErrNotExist) {
			t.Fatal(err)
		}
	}
}

func putFile(t *testing.T, from, to string) {
	t.Helper()
	content, err := os.ReadFile(from)
	if err == nil {
		err = os.WriteFile(to, content, 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
}

// contentOf returns what stands in the files of a folder, but for those that SQLite
// keeps beside them for whoever has them open.
func contentOf(t *testing.T, folder string) map[string]string {
	t.Helper()
	files := map[string]string{}
	err := filepath.WalkDir(folder, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || strings.HasSuffix(path, "-shm") {
			return err
		}
		content, err := os.ReadFile(path)
		if len(content) > 0 || !strings.HasSuffix(path, "-wal") {
			files[strings.TrimPrefix(path, folder)] = string(content)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// allCommands returns every command that opens a folder, in a form that is carried out
// when nothing is wrong.
func allCommands(t *testing.T, folder string) [][]string {
	t.Helper()
	record := schoolFile(t, folder, "再记小学")
	facts := filepath.Join(t.TempDir(), "facts.json")
	if err := os.WriteFile(facts, []byte(`{"occurred": "unknown", "facts": {}}`), 0o600); err != nil {
		t.Fatal(err)
	}
	const lesson = "lesson-00000000-0000-0000-0000-000000000000"
	out := t.TempDir()
	return [][]string{
		{"record", record}, {"void", lesson, "--reason", "重复"}, {"correct", lesson, facts, "--reason", "改"}, {"correct", lesson, "--show"},
		{"import", "sample/records/hanting-2013.csv"}, {"import", "--dry-run", "sample/records/hanting-2013.csv"},
		{"schools", "list"}, {"schools", "confirm", "清涧县第二小学"}, {"schools", "rename", "甲小学", "乙小学", "--on", "2018-03-01"}, {"communities", "list"}, {"people", "list"},
		{"programme", "publish", "county-1plusn", "--from", "2017-09-01"}, {"programme", "list"},
		{"review", "清涧", "2017-2018/2"}, {"review", "清涧", "2017-2018/2", "--format", "json", "-o", filepath.Join(out, "review.json")},
		{"list", "schools"}, {"list", "lessons", "--csv"}, {"export", filepath.Join(out, "export.xlsx")}, {"sheet", "清涧县第二小学"}, {"journal"}, {"status"},
		{"backup", filepath.Join(out, "ledger.zip")},
		{"verify"}, {"rebuild"}, {"rebuild", "--anew"}, {"rebuild", "--back"}, {"rebuild", "--release"}, {"serve", "--listen", "127.0.0.1:0"},
		{"--json", "list", "schools"}, {"--json", "status"}, {"--json", "rebuild"}, {"--json", "verify"},
	}
}

// refusesEverything runs every command in a folder: each is refused with a code, says
// what mends it, shows nothing and leaves the folder as it is.
func refusesEverything(t *testing.T, folder, code string) {
	t.Helper()
	before := contentOf(t, folder)
	for _, command := range allCommands(t, folder) {
		out, told, exit := runHere(t, "", append([]string{"-d", folder}, command...)...)
		if exit != exitRefused || !bytes.Contains(told, []byte(code)) || !bytes.Contains(told, []byte("twinledger rebuild --accept-log")) {
			t.Errorf("%v is not refused with %s: %d\n%s", command, code, exit, told)
		}
		if len(out) > 0 {
			t.Errorf("%v shows\n%s", command, out)
		}
	}
	after := contentOf(t, folder)
	for name := range after {
		if before[name] != after[name] {
			t.Errorf("%s was changed", name)
		}
		delete(before, name)
	}
	for name := range before {
		t.Errorf("%s is gone", name)
	}
}

// registerSays compares the register of schools with the log.
func registerSays(t *testing.T, folder string) {
	t.Helper()
	out, told, code := runHere(t, "", "-d", folder, "list", "schools")
	if code != exitDone {
		t.Fatalf("list: %s", told)
	}
	log := strings.Join(recordsOf(t, folder), "\n")
	for _, name := range []string{"丢失小学1", "丢失小学2", "丢失小学3", "新小学1", "新小学5"} {
		if strings.Contains(log, name) != bytes.Contains(out, []byte(name)) {
			t.Errorf("%s: in the log %t, in the register %t", name, strings.Contains(log, name), bytes.Contains(out, []byte(name)))
		}
	}
}

// acceptLog takes the log as it is.
func acceptLog(t *testing.T, folder string) {
	t.Helper()
	log := recordsOf(t, folder)
	if _, told, code := runHere(t, "", "-d", folder, "rebuild", "--accept-log"); code != exitDone {
		t.Fatalf("rebuild --accept-log: %s", told)
	}
	if !slices.Equal(log, recordsOf(t, folder)) {
		t.Error("rebuild --accept-log changed the log")
	}
	registerSays(t, folder)
	healthy(t, folder)
}

// healthy tells whether everything works in a folder, with serve and without.
func healthy(t *testing.T, folder string) {
	t.Helper()
	for _, command := range [][]string{{"list", "schools"}, {"status"}, {"verify"}, {"journal"}} {
		out, told, code := runHere(t, "", append([]string{"-d", folder}, command...)...)
		if code != exitDone || len(told) > 0 || bytes.Contains(out, []byte("stopped")) || bytes.Contains(out, []byte("差异 differences")) {
			t.Errorf("%v: %d\n%s%s", command, code, out, told)
		}
	}
	address, serve := startServe(t, folder)
	soon(t, "readyz 200", func() (bool, string) {
		code, _, body := get(t, address+"/readyz")
		return code == http.StatusOK, string(body)
	})
	if _, _, body := get(t, address+"/api/v1/status"); !bytes.Contains(body, []byte(`"stopped":""`)) || !bytes.Contains(body, []byte(`"lag":0`)) {
		t.Errorf("status: %s", body)
	}
	stopServe(t, serve)
}

// TestALogThatLostItsTailIsRefused puts an older log under newer read models, in every
// way in which that comes about; and the right one back.
func TestALogThatLostItsTailIsRefused(t *testing.T) {
	t.Parallel()
	county := sampleCounty(t)
	older := filepath.Join(t.TempDir(), "older.sqlite")
	putFile(t, datafolder.LogPath(county), older)
	forked := filepath.Join(t.TempDir(), "forked")
	copyFolder(t, county, forked)
	noteSchools(t, county, "丢失小学1", "丢失小学2", "丢失小学3")
	noteSchools(t, forked, "新小学1", "新小学2", "新小学3", "新小学4", "新小学5")

	right := filepath.Join(t.TempDir(), "right.sqlite")
	putFile(t, datafolder.LogPath(county), right)
	for situation, test := range map[string]struct{ log, code string }{
		"an older file":                       {older, "history.short-log"},
		"an older file that grew otherwise":   {datafolder.LogPath(forked), "history.altered-log"},
		"no longer than the read models know": {cutAt(t, datafolder.LogPath(forked), len(recordsOf(t, county))), "history.altered-log"},
	} {
		t.Run(situation, func(t *testing.T) {
			t.Parallel()
			folder := filepath.Join(t.TempDir(), "county")
			copyFolder(t, county, folder)
			putLog(t, folder, test.log)
			refusesEverything(t, folder, test.code)
			mended := filepath.Join(t.TempDir(), "county")
			copyFolder(t, folder, mended)
			acceptLog(t, mended)

			putLog(t, folder, right)
			registerSays(t, folder)
			healthy(t, folder)
		})
	}
}

// checkpoint moves into a file of SQLite what stands beside it.
func checkpoint(t *testing.T, file string) {
	t.Helper()
	db, err := sql.Open("sqlite", "file:"+file)
	if err == nil {
		_, err = db.ExecContext(t.Context(), `PRAGMA wal_checkpoint(TRUNCATE)`)
	}
	if err := errors.Join(err, db.Close()); err != nil {
		t.Fatal(err)
	}
}

// cutAt returns a copy of a log without what follows an ordinal.
func cutAt(t *testing.T, log string, ordinal int) string {
	t.Helper()
	folder := t.TempDir()
	putFile(t, log, datafolder.LogPath(folder))
	alter(t, folder, append(triggers(t, folder), fmt.Sprintf(`DELETE FROM records WHERE ordinal > %d`, ordinal))...)
	return datafolder.LogPath(folder)
}

// TestALostWALIsNoticed kills serve behind the last checkpoint of its log and loses
// what SQLite had not moved into the log's file yet.
func TestALostWALIsNoticed(t *testing.T) {
	t.Parallel()
	folder := sampleCounty(t)
	address, serve := startServe(t, folder)
	waitReady(t, address)
	for _, name := range []string{"丢失小学1", "丢失小学2", "丢失小学3"} {
		content, err := os.ReadFile(schoolFile(t, folder, name))
		if err != nil {
			t.Fatal(err)
		}
		code, body := post(t, noteOf(t, folder), name, string(content))
		var done struct{ Token string }
		if err := json.Unmarshal([]byte(body), &done); err != nil || code != http.StatusCreated {
			t.Fatalf("%d %s", code, body)
		}
		if code, _, body := get(t, address+"/api/v1/schools?min_position="+done.Token); code != http.StatusOK {
			t.Fatalf("%d %s", code, body)
		}
	}
	if err := serve.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = serve.Wait()
	whole := filepath.Join(t.TempDir(), "county")
	copyFolder(t, folder, whole)
	head := len(recordsOf(t, whole))
	checkpoint(t, generationIn(t, folder))
	loseBeside(t, datafolder.LogPath(folder))
	if lost := head - len(recordsOf(t, folder)); lost != 3 {
		t.Fatalf("%d records are lost with the -wal, of %d", lost, head)
	}
	refusesEverything(t, folder, "history.short-log")
	acceptLog(t, folder)
	registerSays(t, whole)
	healthy(t, whole)
}

// TestAnotherLedgersFilesAreRefused puts log and keys of another ledger, shorter or
// longer, under the read models of this one; and the right ones back.
func TestAnotherLedgersFilesAreRefused(t *testing.T) {
	t.Parallel()
	county, short, long := sampleCounty(t), filepath.Join(t.TempDir(), "short"), filepath.Join(t.TempDir(), "long")
	mustRun(t, nil, "-d", short, "init", "--district", "别县")
	mustRun(t, nil, "-d", long, "init", "--district", "又县", "--assume", "2009-2019")
	mustRun(t, nil, "-d", long, "import", "-q", "sample/records/zhengmu-2011-autumn.gb18030.csv", "sample/records/hanting-2013.csv", "sample/records/qingjian-2018-spring.csv")
	if len(recordsOf(t, long)) <= len(recordsOf(t, county)) {
		t.Fatal("the long ledger is not longer")
	}
	for situation, other := range map[string]string{"shorter": short, "longer": long} {
		for files, paths := range map[string][]func(string) string{"with its keys": {datafolder.LogPath, datafolder.VaultPath}, "without its keys": {datafolder.LogPath}} {
			t.Run(situation+" "+files, func(t *testing.T) {
				t.Parallel()
				folder := filepath.Join(t.TempDir(), "county")
				copyFolder(t, county, folder)
				for _, path := range paths {
					putFile(t, path(other), path(folder))
				}
				refusesEverything(t, folder, "history.foreign-log")
				if len(paths) == 2 {
					mended := filepath.Join(t.TempDir(), "county")
					copyFolder(t, folder, mended)
					acceptLog(t, mended)
				}
				for _, path := range paths {
					putFile(t, path(county), path(folder))
				}
				healthy(t, folder)
			})
		}
	}
}

// TestAnAlteredRecordIsRefused alters one record in the middle of the log.
func TestAnAlteredRecordIsRefused(t *testing.T) {
	t.Parallel()
	folder := sampleCounty(t)
	alter(t, folder, append(triggers(t, folder), `UPDATE records SET bytes = CAST(replace(CAST(bytes AS TEXT), '"number":"10"', '"number":"99"') AS BLOB)`)...)
	refusesEverything(t, folder, "history.altered-log")
	acceptLog(t, folder)
}

// TestAcceptingALogWithoutRoomHarmsNothing takes another log as it is where the disk has
// no room for its read models: the former ones must stay, because the former log may come
// back. The log seems larger than the disk, as it ends in bytes that take no room.
func TestAcceptingALogWithoutRoomHarmsNothing(t *testing.T) {
	t.Parallel()
	folder, other := sampleCounty(t), filepath.Join(t.TempDir(), "other")
	mustRun(t, nil, "-d", other, "init", "--district", "别县")
	kept := filepath.Join(t.TempDir(), "kept")
	copyFolder(t, folder, kept)
	for _, path := range []func(string) string{datafolder.LogPath, datafolder.VaultPath} {
		putFile(t, path(other), path(folder))
	}
	if err := os.Truncate(datafolder.LogPath(folder), 4<<40); err != nil {
		t.Fatal(err)
	}
	served := fileOf(t, generationIn(t, folder))
	out, told, code := runHere(t, "", "-d", folder, "rebuild", "--accept-log")
	if code == exitDone || !bytes.Contains(told, []byte("readmodel.no-space")) {
		t.Fatalf("rebuild --accept-log: %d\n%s%s", code, out, told)
	}
	if !bytes.Equal(fileOf(t, generationIn(t, folder)), served) {
		t.Error("the read models were changed")
	}
	for _, path := range []func(string) string{datafolder.LogPath, datafolder.VaultPath} {
		putFile(t, path(kept), path(folder))
	}
	healthy(t, folder)
}

// fileOf returns what a file holds.
func fileOf(t *testing.T, path string) []byte {
	t.Helper()
	content, err := os.ReadFile(path) //nolint:gosec // a test's own file
	if err != nil {
		t.Fatal(err)
	}
	return content
}

// TestReadModelsThatAreBehindCatchUp puts an older file of the read models back, and
// one beside it: they catch up without a word.
func TestReadModelsThatAreBehindCatchUp(t *testing.T) {
	t.Parallel()
	county := sampleCounty(t)
	older := filepath.Join(t.TempDir(), "older.sqlite")
	putFile(t, generationIn(t, county), older)
	noteSchools(t, county, "新小学1", "新小学5")
	want, _, _ := runHere(t, "", "-d", county, "list", "schools")
	for situation, put := range map[string]func(folder string){
		"the served file": func(folder string) { putFile(t, older, generationIn(t, folder)) },
		"beside another one": func(folder string) {
			mustRun(t, nil, "-d", folder, "rebuild")
			putFile(t, older, filepath.Join(datafolder.ModelPath(folder), "generation-000001.sqlite"))
		},
	} {
		t.Run(situation, func(t *testing.T) {
			folder := filepath.Join(t.TempDir(), "county")
			copyFolder(t, county, folder)
			put(folder)
			got, told, code := runHere(t, "", "-d", folder, "list", "schools")
			if code != exitDone || len(told) > 0 || !bytes.Equal(got, want) {
				t.Errorf("list: %d %s\n%s\nwant\n%s", code, told, got, want)
			}
			registerSays(t, folder)
			put(folder)
			healthy(t, folder)
		})
	}
}
