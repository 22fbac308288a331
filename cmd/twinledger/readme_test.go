package main

import (
	"os"
	"os/exec"
	"path/filepath"
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
