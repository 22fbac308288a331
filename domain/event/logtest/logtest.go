// Package logtest is the conformance suite of [event.Log]: what every log must
// do, whatever it stands on. An adapter's test calls [Test], and [TestDurable]
// if its records outlive the process.
//
// Clauses compare whole records, bytes and every field of the envelope. A
// defect found in any log becomes a clause here; a clause is never relaxed for
// one log's sake.
package logtest

import (
	"context"
	"io"
	"testing"
	"time"

	"twinledger/domain/event"
)

// Ledger is the id under which the suite names its streams, unless the log
// under test has a method Ledger() string that names another.
const Ledger = "k3m7aaaaaa"

// patience is how long a clause may take before it counts as hanging.
const patience = 2 * time.Minute

// A clause is one promise of the contract. It gets an empty log.
type clause struct {
	name string
	run  func(*trial)
}

// clauses is the whole contract.
func clauses() []clause {
	return []clause{
		{"returns every field as written", returnsEveryField},
		{"returns big data as written", returnsBigData},
		{"takes exactly the expected revision", takesTheExpectedRevision},
		{"refuses every other expected revision", refusesOtherRevisions},
		{"answers a repetition with what is stored first", answersRepetition},
		{"refuses a partial overlap", refusesPartialOverlap},
		{"refuses malformed appends", refusesMalformed},
		{"refuses an append that is too large", refusesTooLarge},
		{"pages through all records in log order", pagesInOrder},
		{"resumes from any position", resumesAnywhere},
		{"resumes behind an append", resumesBehindAppend},
		{"refuses a token that is not its own", refusesForeignToken},
		{"yields a stream by revision", yieldsStream},
		{"lets a reader append while it iterates", appendsWhileIterating},
		{"knows its last record", knowsLast},
		{"waits no longer than needed", waitsForAppends},
		{"wakes a follower for every record", wakesFollower},
		{"stops waiting when told", stopsWaiting},
		{"shares no memory with its callers", sharesNoMemory},
		{"gives up when the context has ended", givesUp},
		{"takes an interrupted append again", takesInterruptedAgain},
		{"lets exactly one of many racing writers win", oneWriterWins},
		{"fails alone in a group", failsAlone},
		{"shows nothing by halves and takes nothing back", showsWholeAppends},
	}
}

// Test runs the whole contract. open returns an empty log and registers its
// clean-up with t.Cleanup; it is called once for each clause.
func Test(t *testing.T, open func(t *testing.T) event.Log) {
	for _, c := range clauses() {
		t.Run(c.name, func(t *testing.T) {
			ctx, cancel := context.WithTimeout(t.Context(), patience)
			defer cancel()
			c.run(newTrial(ctx, t, open(t)))
		})
	}
}

// TestDurable tells whether a log in dir keeps everything when it is closed and
// opened again. open opens the log in dir, which is empty the first time; a log
// that is an [io.Closer] is closed before the next is opened.
func TestDurable(t *testing.T, open func(t *testing.T, dir string) event.Log) {
	dir := t.TempDir()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	keepsEverything(newTrial(ctx, t, open(t, dir)), func(tr *trial) *trial {
		if c, ok := tr.log.(io.Closer); ok {
			if err := c.Close(); err != nil {
				t.Fatalf("close the log: %v", err)
			}
		}
		return newTrial(ctx, t, open(t, dir))
	})
}
