package main

import (
	"archive/zip"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"twinledger/adapters/sqlitelog"
	"twinledger/cmd/twinledger/internal/archive"
	"twinledger/cmd/twinledger/internal/datafolder"
	"twinledger/domain/event"
)

// sampleCounty makes a ledger of one record file and returns its folder.
func sampleCounty(t *testing.T) string {
	t.Helper()
	folder := filepath.Join(t.TempDir(), "county")
	mustRun(t, nil, "-d", folder, "init", "--district", "样例县", "--assume", "2009-2019")
	mustRun(t, nil, "-d", folder, "import", "-q", "sample/records/qingjian-2018-spring.csv")
	return folder
}

// backUp backs up ledger and keys of a folder.
func backUp(t *testing.T, folder string) (log, keys string) {
	t.Helper()
	log, keys = filepath.Join(t.TempDir(), "ledger.zip"), filepath.Join(t.TempDir(), "keys.zip")
	mustRun(t, nil, "-d", folder, "backup", log)
	mustRun(t, nil, "-d", folder, "backup", "--keys", keys)
	return log, keys
}

// TestRestoredIsTheSame backs a ledger up and restores it: the same records, read
// models, running hash and review bytes, for its owner's eyes only, and the
// secret in one of the two backups only.
func TestRestoredIsTheSame(t *testing.T) {
	t.Parallel()
	folder := sampleCounty(t)
	log, keys := backUp(t, folder)
	restored := filepath.Join(t.TempDir(), "county")
	mustRun(t, nil, "-d", restored, "restore", log, "--keys", keys)
	if diff := cmp.Diff(canonicalDump(t, folder), canonicalDump(t, restored)); diff != "" {
		t.Errorf("after backup and restore (-original +restored):\n%s", diff)
	}
	want, err := sqlitelog.Verify(t.Context(), datafolder.LogPath(folder), nil)
	if err != nil {
		t.Fatal(err)
	}
	got, err := sqlitelog.Verify(t.Context(), datafolder.LogPath(restored), nil)
	if err != nil || got != want {
		t.Errorf("the restored log ends at %v, the original at %v: %v", got, want, err)
	}
	review := []string{"review", "清涧", "2017-2018/2", "--programme", "zhaike", "--format", "json"}
	if a, b := mustRun(t, nil, append([]string{"-d", folder}, review...)...), mustRun(t, nil, append([]string{"-d", restored}, review...)...); a != b {
		t.Errorf("the reviews differ:\n%s", cmp.Diff(a, b))
	}
	for _, path := range []string{log, keys, datafolder.VaultPath(restored), datafolder.LogPath(restored)} {
		if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("%s may be read by others: %v, %v", path, info, err)
		}
	}
	content, err := os.ReadFile(log)
	if err != nil {
		t.Fatal(err)
	}
	for name := range unpacked(t, content) {
		if name != "ledger.sqlite" && name != archive.ManifestName {
			t.Errorf("the ledger's backup holds %s", name)
		}
	}
}

// unpacked returns the files of a ZIP archive.
func unpacked(t *testing.T, content []byte) map[string][]byte {
	t.Helper()
	opened, err := zip.NewReader(bytes.NewReader(content), int64(len(content)))
	if err != nil {
		t.Fatal(err)
	}
	files := map[string][]byte{}
	for _, f := range opened.File {
		in, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		if files[f.Name], err = io.ReadAll(in); err != nil {
			t.Fatal(err)
		}
	}
	return files
}

// packed makes a ZIP archive of files.
func packed(t *testing.T, files map[string][]byte) []byte {
	t.Helper()
	var out bytes.Buffer
	writer := zip.NewWriter(&out)
	for name, content := range files {
		w, err := writer.Create(name)
		if err == nil {
			_, err = w.Write(content)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := writer.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// repacked changes the log in a backup by SQL and lets the manifest agree with
// the changed file, as somebody would who knows the form.
func repacked(t *testing.T, backup []byte, change func(m *archive.Manifest), statements ...string) []byte {
	t.Helper()
	files := unpacked(t, backup)
	folder := t.TempDir()
	if err := os.WriteFile(datafolder.LogPath(folder), files["ledger.sqlite"], 0o600); err != nil {
		t.Fatal(err)
	}
	alter(t, folder, append(triggers(t, folder), statements...)...)
	content, err := os.ReadFile(datafolder.LogPath(folder))
	if err != nil {
		t.Fatal(err)
	}
	var m archive.Manifest
	if err := json.Unmarshal(files[archive.ManifestName], &m); err != nil {
		t.Fatal(err)
	}
	sum := sha256.Sum256(content)
	m.Content.Bytes, m.Content.SHA256 = int64(len(content)), hex.EncodeToString(sum[:])
	if change != nil {
		change(&m)
	}
	described, err := json.Marshal(m)
	if err != nil {
		t.Fatal(err)
	}
	return packed(t, map[string][]byte{"ledger.sqlite": content, archive.ManifestName: described})
}

// TestAlteredBackupIsRefused alters a backup in every way and restores it: the
// refusal names the file and the part, and nothing is put in place.
func TestAlteredBackupIsRefused(t *testing.T) {
	t.Parallel()
	log, keys := backUp(t, sampleCounty(t))
	whole, err := os.ReadFile(log)
	if err != nil {
		t.Fatal(err)
	}
	vault, err := os.ReadFile(keys)
	if err != nil {
		t.Fatal(err)
	}
	number := `UPDATE records SET bytes = CAST(replace(CAST(bytes AS TEXT), '"number":"10"', '"number":"99"') AS BLOB)`
	flipped := flippedBit(t, whole)
	files := unpacked(t, whole)
	rezipped := bytes.Replace(files["ledger.sqlite"], []byte(`"number":"10"`), []byte(`"number":"99"`), 1)
	keyFiles := unpacked(t, vault)
	keyFiles["keys.sqlite"] = keyFiles["keys.sqlite"][:4096]
	for _, c := range []struct {
		situation string
		log, keys []byte
		want      []string
	}{
		{"a bit flipped", flipped, vault, []string{"backup.damaged", "altered.zip", "part=ledger.sqlite", "byte="}},
		{"a number changed in the archived file", packed(t, map[string][]byte{"ledger.sqlite": rezipped, archive.ManifestName: files[archive.ManifestName]}), vault,
			[]string{"backup.damaged", "altered.zip", "part=ledger.sqlite", "ordinals="}},
		{"a number changed, the manifest mended", repacked(t, whole, nil, number), vault, []string{"backup.damaged", "part=ledger.sqlite", "ordinals=1–"}},
		{"the last records cut off", repacked(t, whole, nil, `DELETE FROM records WHERE ordinal > 20`), vault, []string{"backup.damaged", "last_ordinal=20"}},
		{"a record taken out", repacked(t, whole, nil, `DELETE FROM records WHERE ordinal = 7`), vault, []string{"backup.damaged", "ordinal=7"}},
		{"a record's stream changed", repacked(t, whole, nil, `UPDATE records SET revision = 9 WHERE ordinal = 9`), vault, []string{"backup.damaged"}},
		{"another ledger's id", repacked(t, whole, func(m *archive.Manifest) { m.Ledger = "aaaaaaaaaa" }), vault, []string{"backup.damaged", "part=manifest.json"}},
		{"a later version", repacked(t, whole, func(m *archive.Manifest) { m.Version = 2 }), vault, []string{"backup.newer-format"}},
		{"no manifest", packed(t, map[string][]byte{"ledger.sqlite": files["ledger.sqlite"]}), vault, []string{"backup.not-whole"}},
		{"no log", packed(t, map[string][]byte{archive.ManifestName: files[archive.ManifestName]}), vault, []string{"backup.damaged", "part=ledger.sqlite"}},
		{"a manifest that is no JSON", packed(t, map[string][]byte{archive.ManifestName: []byte("{")}), vault, []string{"backup.damaged", "part=manifest.json"}},
		{"cut short in the content", whole[:len(whole)/2], vault, []string{"backup.not-whole", "altered.zip"}},
		{"the last byte missing", whole[:len(whole)-1], vault, []string{"backup.not-whole", "altered.zip"}},
		{"nothing in it", nil, vault, []string{"backup.not-whole"}},
		{"the keys cut short", whole, vault[:len(vault)/2], []string{"backup.not-whole", "keys.zip"}},
		{"the archived keys cut short", whole, packed(t, keyFiles), []string{"backup.damaged", "part=keys.sqlite"}},
	} {
		t.Run(c.situation, func(t *testing.T) {
			place := t.TempDir()
			altered, keys, folder := filepath.Join(place, "altered.zip"), filepath.Join(place, "keys.zip"), filepath.Join(place, "county")
			if err := errors.Join(os.WriteFile(altered, c.log, 0o600), os.WriteFile(keys, c.keys, 0o600)); err != nil {
				t.Fatal(err)
			}
			out, err := twinledgerProcess(t, "-d", folder, "restore", altered, "--keys", keys).CombinedOutput()
			if err == nil {
				t.Fatal("it was restored")
			}
			for _, want := range c.want {
				if !strings.Contains(string(out), want) {
					t.Errorf("the refusal does not name %s:\n%s", want, out)
				}
			}
			if entries, err := os.ReadDir(place); err != nil || len(entries) != 2 {
				t.Errorf("left behind: %v, %v", entries, err)
			}
		})
	}
}

// flippedBit returns an archive with one bit of the packed log flipped. A bit that only fills up
// a block of the packed form changes nothing that is in the archive, so that the first bit is
// taken behind a third of the archive that does.
func flippedBit(t *testing.T, whole []byte) []byte {
	t.Helper()
	content := unpacked(t, whole)["ledger.sqlite"]
	for at := len(whole) / 3; at < len(whole); at++ {
		flipped := bytes.Clone(whole)
		flipped[at] ^= 0x10
		found, err := packedLog(flipped)
		if err != nil || !bytes.Equal(found, content) {
			return flipped
		}
	}
	t.Fatal("no bit matters")
	return nil
}

// packedLog returns the log in an archive.
func packedLog(whole []byte) ([]byte, error) {
	reader, err := zip.NewReader(bytes.NewReader(whole), int64(len(whole)))
	if err != nil {
		return nil, err
	}
	file, err := reader.Open("ledger.sqlite")
	if err != nil {
		return nil, err
	}
	content, err := io.ReadAll(file)
	return content, errors.Join(err, file.Close())
}

// longLedger makes a ledger that a later program wrote on in: behind its own
// records follow 2500 that this one does not know.
func longLedger(t *testing.T) string {
	t.Helper()
	folder := sampleCounty(t)
	p := &program{now: time.Now, data: folder, out: io.Discard, err: io.Discard}
	o, err := p.openHolding(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer closeFolder(t, o)
	stream := event.StreamName(o.Ledger, "lesson-"+event.UUIDv5(o.Ledger, "unknown").String())
	for revision := int64(0); revision < 2500; revision += 500 {
		var batch []event.Record
		for i := revision; i < revision+500; i++ {
			r, err := event.Encode(event.Envelope{
				ID: event.UUIDv5(o.Ledger, fmt.Sprint("event", i)).String(), Stream: stream, Revision: i, Type: "lesson.dreamt", Version: 1, Occurred: "unknown",
				Recorded: event.InstantOf(time.Now()), Command: event.UUIDv5(o.Ledger, fmt.Sprint("command", revision)).String(), Data: json.RawMessage(`{"colour":"red"}`),
			})
			if err != nil {
				t.Fatal(err)
			}
			batch = append(batch, r)
		}
		if _, err := o.Log.Append(t.Context(), stream, revision-1, batch...); err != nil {
			t.Fatal(err)
		}
	}
	return folder
}

// TestRestoreNamesTheThousand changes one letter in a long backup: the refusal
// says between which records it stands.
func TestRestoreNamesTheThousand(t *testing.T) {
	t.Parallel()
	log, _ := backUp(t, longLedger(t))
	whole, err := os.ReadFile(log)
	if err != nil {
		t.Fatal(err)
	}
	altered := repacked(t, whole, nil, `UPDATE records SET bytes = CAST(replace(CAST(bytes AS TEXT), '"red"', '"rad"') AS BLOB) WHERE ordinal = 1500`)
	if err := os.WriteFile(log, altered, 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := twinledgerProcess(t, "-d", filepath.Join(t.TempDir(), "county"), "restore", log).CombinedOutput()
	if err == nil || !strings.Contains(string(out), "ordinals=1001–2000") {
		t.Errorf("%v\n%s", err, out)
	}
}

// TestRestoreOfWhatCannotBeProjected restores a log with events that this program
// does not know: it is whole, and is there; the command says what stopped.
func TestRestoreOfWhatCannotBeProjected(t *testing.T) {
	t.Parallel()
	folder := longLedger(t)
	log, keys := backUp(t, folder)
	restored := filepath.Join(t.TempDir(), "county")
	out, err := twinledgerProcess(t, "-d", restored, "restore", log, "--keys", keys).CombinedOutput()
	if err == nil || !strings.Contains(string(out), "projection.cannot-apply") {
		t.Errorf("restore: %v\n%s", err, out)
	}
	if diff := cmp.Diff(recordsOf(t, folder), recordsOf(t, restored)); diff != "" {
		t.Errorf("the restored log differs (-original +restored):\n%s", diff)
	}
	stands := fmt.Sprintf("served       序号 ordinal %d，落后 behind 2500，已停止 stopped: ", len(recordsOf(t, folder))-2500)
	if status := mustRun(t, nil, "-d", restored, "status"); !strings.Contains(status, stands) || !strings.Contains(status, "projection.cannot-apply") {
		t.Errorf("status does not show it:\n%s", status)
	}

	// serve answers from what it knows, and says where it ends.
	address, serve := startServe(t, restored)
	if code, _, body := get(t, address+"/api/v1/schools"); code != http.StatusOK || !bytes.Contains(body, []byte("清涧县第二小学")) {
		t.Errorf("schools: %d %s", code, body)
	}
	soon(t, "readyz says why not", func() (bool, string) {
		code, _, body := get(t, address+"/readyz")
		return code == http.StatusServiceUnavailable && bytes.Contains(body, []byte("projection.cannot-apply")), string(body)
	})
	if status := mustRun(t, nil, "-d", restored, "status"); !strings.Contains(status, stands) || !strings.Contains(status, "projection.cannot-apply") {
		t.Errorf("status beside serve does not show it:\n%s", status)
	}
	if err := serve.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	if err := serve.Wait(); err == nil {
		t.Error("serve ends as if nothing had stopped")
	}
}

// TestBackupForm1 restores a backup that the first version made. The files stay
// as they are; a later form gets its own beside them.
func TestBackupForm1(t *testing.T) {
	t.Parallel()
	restored := filepath.Join(t.TempDir(), "county")
	out := mustRun(t, nil, "-d", restored, "restore", "testdata/backup1/ledger.zip", "--keys", "testdata/backup1/keys.zip")
	for _, want := range []string{"oqnnjw7hmv", "序号 ordinal 31", "ec29752165c4321c5a3c85b183247fcd3767a172e59003fdcf8c93650af9a447"} {
		if !strings.Contains(out, want) {
			t.Errorf("it does not say %s:\n%s", want, out)
		}
	}
	page := filepath.Join(t.TempDir(), "page.html")
	mustRun(t, nil, "-d", restored, "review", "郑母", "2011-2012/1", "--format", "html", "--names", "-o", page)
	if content, err := os.ReadFile(page); err != nil || !bytes.Contains(content, []byte("魏老师")) {
		t.Errorf("the names cannot be read: %v", err)
	}
}

// TestDamagedLedgerIsNotBackedUp lets nobody take a damaged ledger for a backup.
func TestDamagedLedgerIsNotBackedUp(t *testing.T) {
	t.Parallel()
	folder := sampleCounty(t)
	alter(t, folder, append(triggers(t, folder), `DELETE FROM records WHERE ordinal = 7`)...)
	target := filepath.Join(t.TempDir(), "ledger.zip")
	out, err := twinledgerProcess(t, "-d", folder, "backup", target).CombinedOutput()
	if err == nil || !strings.Contains(string(out), "event.damaged") {
		t.Errorf("%v\n%s", err, out)
	}
	if _, err := os.Stat(target); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("there is a backup: %v", err)
	}
}

// TestBackupBesideWriters backs up again and again while an import writes, and
// once beside serve: every backup is a prefix of what the ledger holds.
func TestBackupBesideWriters(t *testing.T) {
	t.Parallel()
	folder := filepath.Join(t.TempDir(), "county")
	mustRun(t, nil, "-d", folder, "init", "--district", "样例县", "--assume", "2009-2019")
	records, err := filepath.Glob("sample/records/*")
	if err != nil {
		t.Fatal(err)
	}
	writing := twinledgerProcess(t, append([]string{"-d", folder, "import", "-q"}, records...)...)
	if err := writing.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- writing.Wait() }()
	var backups []string
	for going := true; going; {
		select {
		case err := <-ended:
			if err != nil {
				t.Errorf("import beside a backup: %v", err)
			}
			going = false
		default:
		}
		target := filepath.Join(t.TempDir(), "ledger.zip")
		mustRun(t, nil, "-d", folder, "backup", target)
		backups = append(backups, target)
	}
	address, serve := startServe(t, folder)
	waitReady(t, address)
	target := filepath.Join(t.TempDir(), "ledger.zip")
	mustRun(t, nil, "-d", folder, "backup", target)
	backups = append(backups, target)
	if code, _, body := get(t, address+"/api/v1/status"); code != http.StatusOK {
		t.Errorf("serve beside a backup: %d %s", code, body)
	}
	_ = serve.Process.Kill() // its folder is only read from here on
	_ = serve.Wait()

	full := recordsOf(t, folder)
	ordinals := map[int]bool{}
	for i, backup := range backups {
		restored := filepath.Join(t.TempDir(), "county")
		mustRun(t, nil, "-d", restored, "restore", backup)
		got := recordsOf(t, restored)
		if len(got) > len(full) || cmp.Diff(full[:len(got)], got) != "" {
			t.Errorf("backup %d with %d records is no prefix of the ledger with %d", i, len(got), len(full))
		}
		ordinals[len(got)] = true
	}
	t.Logf("%d backups ended at %d ordinals of %d", len(backups), len(ordinals), len(full))
}

// recordsOf returns the bytes of a log's records.
func recordsOf(t *testing.T, folder string) []string {
	t.Helper()
	log, err := sqlitelog.OpenReadOnly(datafolder.LogPath(folder))
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	err = event.Walk(t.Context(), log, func(r event.Record) error {
		out = append(out, string(r.Bytes))
		return nil
	})
	if err := errors.Join(err, log.Close()); err != nil {
		t.Fatal(err)
	}
	return out
}

// TestBackupKilledAtAnyMoment kills backups and restores with SIGKILL: their
// target is whole or not there, and the same command run again makes it whole.
func TestBackupKilledAtAnyMoment(t *testing.T) {
	t.Parallel()
	folder := sampleCounty(t)
	log, keys := backUp(t, folder)
	want := canonicalDump(t, folder)
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	random := rand.New(rand.NewPCG(seed, 1)) //nolint:gosec // moments need no secrecy
	for i := range 40 {
		restoring, moment := i%2 == 1, random.Float64()
		t.Run(fmt.Sprint(i), func(t *testing.T) {
			t.Parallel()
			place := t.TempDir()
			target, args := filepath.Join(place, "ledger.zip"), []string{"-d", folder, "backup"}
			if restoring {
				target = filepath.Join(place, "county")
				args = []string{"-d", target, "restore", log, "--keys", keys}
			} else {
				args = append(args, target)
			}
			killedOnce(t, target, moment, args)
			_, err := os.Stat(target)
			again := errors.Is(err, os.ErrNotExist)
			if again {
				mustRun(t, nil, args...)
			}
			restored := target
			if !restoring {
				restored = filepath.Join(place, "county")
				mustRun(t, nil, "-d", restored, "restore", target, "--keys", keys)
			}
			if diff := cmp.Diff(want, canonicalDump(t, restored)); diff != "" {
				t.Errorf("after being killed (-original +restored):\n%s", diff)
			}
			// Run again, the command cleared away what the killed one had left.
			if entries, err := os.ReadDir(place); err != nil || again && len(entries) > 2 {
				t.Errorf("left behind: %v, %v", entries, err)
			}
		})
	}
}

// killedOnce kills a run that makes target at a moment between 0 and 1 of its
// length; a run that ended before is undone and another one killed earlier.
func killedOnce(t *testing.T, target string, moment float64, args []string) {
	t.Helper()
	length := time.Second
	for range 30 {
		start := time.Now()
		after := time.Duration(moment * float64(length))
		if kill(t, after, args...) {
			t.Logf("killed after %s", after.Round(time.Millisecond))
			return
		}
		length = min(length*9/10, time.Since(start))
		if err := os.RemoveAll(target); err != nil {
			t.Fatal(err)
		}
	}
	t.Fatal("every run ended before it could be killed")
}
