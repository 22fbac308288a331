package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"twinledger/domain"
	"twinledger/domain/event"
)

// smallCounty is the command line of a county that is made within a moment.
func smallCounty(folder string) []string {
	return []string{"-d", folder, "generate", "--schools", "12", "--terms", "2", "--seed", "5"}
}

var uuidForm = regexp.MustCompile(`[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}`)

// ledgerForm is what differs from one ledger to the next apart from ids: when a
// record was made, hashes under the secret, ciphertext and the ledger itself.
var ledgerForm = regexp.MustCompile(`"(recorded|digest|box|ledger|secret)":"[^"]*"`)

// generatedFacts returns the ledger's records, every id replaced by its number in the
// order of first appearance: what two ledgers of the same county have in common.
func generatedFacts(t *testing.T, folder string) []string {
	t.Helper()
	p := &program{now: time.Now, data: folder, out: io.Discard, err: io.Discard}
	o, err := p.openToRead(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer closeFolder(t, o)
	numbers := map[string]string{}
	var lines []string
	err = event.Walk(t.Context(), o.Log, func(r event.Record) error {
		line := strings.ReplaceAll(string(r.Bytes), o.Ledger, "LEDGER")
		line = ledgerForm.ReplaceAllString(line, `"$1":"…"`)
		lines = append(lines, uuidForm.ReplaceAllStringFunc(line, func(id string) string {
			if numbers[id] == "" {
				numbers[id] = fmt.Sprintf("#%d", len(numbers))
			}
			return numbers[id]
		}))
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return lines
}

func TestTheSameSeedMakesTheSameFacts(t *testing.T) {
	t.Parallel()
	first, second := filepath.Join(t.TempDir(), "first"), filepath.Join(t.TempDir(), "second")
	mustRun(t, nil, smallCounty(first)...)
	mustRun(t, nil, smallCounty(second)...)
	want := generatedFacts(t, first)
	if diff := cmp.Diff(want, generatedFacts(t, second)); diff != "" {
		t.Errorf("the same seed made other facts (-first +second):\n%s", diff)
	}
	seen := map[string]bool{}
	for _, line := range want {
		_, rest, _ := strings.Cut(line, `"stream":"tl.LEDGER.`)
		kind, _, _ := strings.Cut(rest, "-")
		seen[kind] = true
	}
	for kind := range domain.Workflows() {
		if !seen[kind] {
			t.Errorf("there is no %s", kind)
		}
	}
	mustRun(t, nil, smallCounty(first)...)
	if diff := cmp.Diff(want, generatedFacts(t, first)); diff != "" {
		t.Errorf("running it again changed something (-before +after):\n%s", diff)
	}
}

// TestGenerateBrokenOff stops the command by the signal of Ctrl-C, and while it
// opens the ledger or writes, and lets the same command finish.
func TestGenerateBrokenOff(t *testing.T) {
	t.Parallel()
	undisturbed := filepath.Join(t.TempDir(), "undisturbed")
	start := time.Now()
	mustRun(t, nil, smallCounty(undisturbed)...)
	length := time.Since(start)
	want := generatedFacts(t, undisturbed)
	finishes := func(t *testing.T, folder string) {
		mustRun(t, nil, smallCounty(folder)...)
		if diff := cmp.Diff(want, generatedFacts(t, folder)); diff != "" {
			t.Errorf("broken off and continued (-undisturbed +continued):\n%s", diff)
		}
	}
	t.Run("by a signal", func(t *testing.T) {
		t.Parallel()
		finishes(t, signalled(t, length))
	})
	for _, at := range []int{1, 300} {
		t.Run(fmt.Sprintf("at the %d. reading of the clock", at), func(t *testing.T) {
			t.Parallel()
			folder := filepath.Join(t.TempDir(), "county")
			interruptAt(t, folder, at)
			finishes(t, folder)
		})
	}
}

// interruptAt runs the command and interrupts it when it has read the clock so
// often, which it does for every command.
func interruptAt(t *testing.T, folder string, at int) {
	t.Helper()
	ctx, interrupt := context.WithCancel(t.Context())
	defer interrupt()
	readings := 0
	p := &program{data: folder, actor: "clerk", json: true, out: io.Discard, err: io.Discard, now: func() time.Time {
		if readings++; readings == at {
			interrupt()
		}
		return time.Now()
	}}
	c := generateCommand{Schools: 12, Terms: 2, Seed: 5, From: "2016-2017/1", District: sampleDistrict}
	if err := c.Run(ctx, p); !errors.Is(err, context.Canceled) {
		t.Fatalf("interrupted: %v", err)
	}
}

// signalled runs the command as a process of its own and sends it the signal of
// Ctrl-C when half of the time that a run takes is over.
func signalled(t *testing.T, length time.Duration) (folder string) {
	t.Helper()
	for range 20 {
		folder = filepath.Join(t.TempDir(), "county")
		cmd := twinledgerProcess(t, smallCounty(folder)...)
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		timer := time.AfterFunc(length/2, func() { _ = cmd.Process.Signal(os.Interrupt) })
		err := cmd.Wait()
		timer.Stop()
		if err == nil { // it was done before; the machine's speed drifts
			length /= 2
			continue
		}
		switch cmd.ProcessState.ExitCode() {
		case -1: // the signal came before anybody listened to it
			length *= 2
			continue
		case exitFailed:
			return folder
		}
		t.Fatalf("interrupted: %v", err)
	}
	t.Fatal("no run could be interrupted while it wrote")
	return ""
}

// TestARefusalEndsTheRun names the order that was refused, here because somebody
// voided the district while the run was broken off.
func TestARefusalEndsTheRun(t *testing.T) {
	t.Parallel()
	folder := filepath.Join(t.TempDir(), "county")
	interruptAt(t, folder, 300)
	journal := mustRun(t, nil, "-d", folder, "journal", "--json", "--type", "district.registered")
	mustRun(t, nil, "-d", folder, "void", "district-"+uuidForm.FindString(journal[strings.Index(journal, "district-"):]), "--reason", "试验")
	out, err := twinledgerProcess(t, smallCounty(folder)...).CombinedOutput()
	if err == nil || !strings.Contains(string(out), "generate.order-refused") || !strings.Contains(string(out), "number=") || !strings.Contains(string(out), "command.void-reference") {
		t.Errorf("after the district was voided: %v\n%s", err, out)
	}
}

// TestGenerateBesideServe is refused: it writes too much to hand it to serve.
func TestGenerateBesideServe(t *testing.T) {
	t.Parallel()
	folder := filepath.Join(t.TempDir(), "county")
	mustRun(t, nil, "-d", folder, "init", "--district", sampleDistrict)
	startServe(t, folder)
	out, err := twinledgerProcess(t, smallCounty(folder)...).CombinedOutput()
	if err == nil || !strings.Contains(string(out), "folder.busy") {
		t.Errorf("beside serve: %v\n%s", err, out)
	}
}
