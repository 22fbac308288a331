package main

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// TestReadmeCommands runs every ./twinledger line of the README as pasted, one
// after the other, in a folder like a fresh clone.
func TestReadmeCommands(t *testing.T) {
	t.Parallel()
	readme, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	clone := t.TempDir()
	copyFolder(t, "sample", filepath.Join(clone, "cmd/twinledger/sample"))
	self, err := os.Executable()
	if err == nil {
		err = os.Symlink(self, filepath.Join(clone, "twinledger"))
	}
	if err != nil {
		t.Fatal(err)
	}
	ran := 0
	for line := range strings.Lines(string(readme)) {
		if !strings.HasPrefix(line, "./twinledger ") {
			continue
		}
		ran++
		cmd := exec.Command("bash", "-c", line) //nolint:gosec // our own README
		cmd.Dir = clone
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Errorf("%s%v\n%s", line, err, out)
		}
	}
	if ran < 12 {
		t.Errorf("the README has only %d commands", ran)
	}
}

// TestReadmeQueries runs what the README says about other programs, as pasted, beside a
// serve of a ledger that is new and empty.
func TestReadmeQueries(t *testing.T) {
	t.Parallel()
	readme, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	block := regexp.MustCompile("(?ms)^```\\n(SECRET=.*?)^```$").FindStringSubmatch(string(readme))
	if block == nil {
		t.Fatal("the README has no queries")
	}
	clone := t.TempDir()
	folder := filepath.Join(clone, "county")
	mustRun(t, nil, "-d", folder, "init", "--district", "某县")
	address, serve := startServe(t, folder)
	waitReady(t, address)
	cmd := exec.Command("bash", "-e", "-c", strings.ReplaceAll(block[1], "http://127.0.0.1:8480", address)) //nolint:gosec // our own README
	cmd.Dir = clone
	out, err := cmd.Output()
	if err != nil || !strings.Contains(string(out), `"type":"school.noted"`) || strings.Contains(string(out), `"status":4`) {
		t.Errorf("%v\n%s", err, out)
	}
	stopServe(t, serve)
}

// TestReadmeRecipes follows what the README says about adding an event and a projector:
// it takes the Go code out of it, lays it over the source, compiles everything and
// runs the projector's own test.
func TestReadmeRecipes(t *testing.T) {
	t.Parallel()
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	readme, err := os.ReadFile(filepath.Join(root, "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	var blocks []string
	for _, block := range regexp.MustCompile("(?ms)^   ```go\n(.*?)^   ```$").FindAllStringSubmatch(string(readme), -1) {
		blocks = append(blocks, regexp.MustCompile("(?m)^   ").ReplaceAllString(block[1], ""))
	}
	if len(blocks) != 6 {
		t.Fatalf("the README has %d pieces of Go code, and this test knows what to do with six", len(blocks))
	}
	step, model, modelTest, configured, operation, wiring := blocks[0], blocks[1], blocks[2], blocks[3], blocks[4], blocks[5]
	declared, defined, _ := strings.Cut(step, "// in RecordType's WithSteps(…):\n")
	inModels, reader, _ := strings.Cut(configured, "\n\n")
	var wires []string
	for line := range strings.Lines(wiring) {
		code, _, _ := strings.Cut(line, "  // ")
		wires = append(wires, strings.TrimSpace(code))
	}
	source := laidOver{t: t, root: root, files: map[string]string{}}
	source.files["projections/observations/observations.go"] = model
	source.files["projections/observations/observations_test.go"] = modelTest
	source.files["adapters/httpapi/observations.go"] = operation
	imported := "\t\"twinledger/projections/observations\"\n"
	source.behind("domain/lesson/lesson.go", "\nconst reported record.Stage", declared, true)
	source.behind("domain/lesson/lesson.go", "record.NeedsGrade}}),\n", defined, false)
	folder := "cmd/twinledger/internal/datafolder/datafolder.go"
	source.behind(folder, "readmodel.Of(records.Model),\n", inModels+"\n", false)
	source.behind(folder, "\t\"twinledger/projections/duplicates\"\n", imported, false)
	readers := "cmd/twinledger/internal/datafolder/readers.go"
	source.behind(readers, "// Journal reads the index", reader+"\n", true)
	source.behind(readers, "\t\"twinledger/projections/journal\"\n", imported, false)
	source.behind("adapters/httpapi/httpapi.go", "\tJournal        journal.Index\n", wires[0]+"\n", false)
	source.behind("adapters/httpapi/httpapi.go", "{\"Journal\", c.Journal != nil},", wires[1], false)
	source.behind("adapters/httpapi/httpapi.go", "\t\"twinledger/projections/journal\"\n", imported, false)
	source.behind("adapters/httpapi/operations.go", "\ts.dutyOperations()\n", wires[2]+"\n", false)
	source.behind("cmd/twinledger/serve.go", "Registers: o.MaskedRegisters(),", wires[3], false)
	laid := source.write()
	testing := filepath.Join(t.TempDir(), "observations.test")
	for _, args := range [][]string{
		{"go", "build", "-overlay", laid, "-o", os.DevNull, "./cmd/twinledger"},
		{"go", "test", "-vet=off", "-overlay", laid, "-c", "-o", testing, "./projections/observations"},
		{testing},
	} {
		cmd := exec.Command(args[0], args[1:]...) //nolint:gosec // our own source
		cmd.Dir = root
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Errorf("%s: %v\n%s", strings.Join(args, " "), err, out)
		}
	}
}

// A laidOver is source code that stands before that of the folder root when Go
// compiles, so that nothing is written there.
type laidOver struct {
	t     *testing.T
	root  string
	files map[string]string // contents by path within root
}

// behind puts code behind, or before, a piece of text that the file has.
func (o laidOver) behind(path, text, code string, before bool) {
	o.t.Helper()
	content, laid := o.files[path]
	if !laid {
		read, err := os.ReadFile(filepath.Join(o.root, path))
		if err != nil {
			o.t.Fatal(err)
		}
		content = string(read)
	}
	with := text + code
	if before {
		with = code + text
	}
	if !strings.Contains(content, text) {
		o.t.Fatalf("%s has no %q any more", path, text)
	}
	o.files[path] = strings.Replace(content, text, with, 1)
}

// write writes the files to a folder of their own and returns the path of the list
// that Go takes.
func (o laidOver) write() string {
	o.t.Helper()
	folder := o.t.TempDir()
	var list struct{ Replace map[string]string }
	list.Replace = map[string]string{}
	for path, content := range o.files {
		laid := filepath.Join(folder, strings.ReplaceAll(path, "/", "_"))
		if err := os.WriteFile(laid, []byte(content), 0o600); err != nil {
			o.t.Fatal(err)
		}
		list.Replace[filepath.Join(o.root, path)] = laid
	}
	encoded, err := json.Marshal(list)
	path := filepath.Join(folder, "overlay.json")
	if err == nil {
		err = os.WriteFile(path, encoded, 0o600)
	}
	if err != nil {
		o.t.Fatal(err)
	}
	return path
}
