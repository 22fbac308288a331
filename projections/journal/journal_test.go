package journal_test

import (
	"encoding/hex"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"twinledger/domain/lesson"
	"twinledger/domain/record"
	"twinledger/projections/journal"
	"twinledger/projections/projectiontest"
)

func TestModel(t *testing.T) {
	first, second := projectiontest.Key("lesson", 1), projectiontest.Key("lesson", 2)
	given := projectiontest.Applied(
		projectiontest.Said{Stream: first, When: "day:2018-04-18", Fact: record.Reported[lesson.Facts]{}},
		projectiontest.Said{Stream: second, Fact: record.Reported[lesson.Facts]{}},
		projectiontest.Said{Stream: first, Fact: record.Voided[lesson.Facts]{}})
	rows := journal.Model.Replay(given...)
	if len(rows) != 3 {
		t.Fatalf("%d lines, want one for each event", len(rows))
	}
	want := journal.Row{Ordinal: 3, ID: given[2].ID, Stream: first, Revision: 1, Type: "lesson.voided", Version: 1, Occurred: "unknown",
		Recorded: given[2].Recorded, Actor: "clerk", Command: given[2].Command, Hash: journal.Hash(hex.EncodeToString(given[2].Hash[:]))}
	if diff := cmp.Diff(want, rows[journal.Key(3)]); diff != "" {
		t.Errorf("third line (-want +got):\n%s", diff)
	}
	if got := rows[journal.Key(3)].Hash.Bytes(); got != given[2].Hash {
		t.Errorf("the hash reads back as %x", got)
	}
}

func TestAHashThatIsNone(t *testing.T) {
	if got := journal.Hash("no hash").Bytes(); got != [32]byte{} {
		t.Errorf("read %x, want zero", got)
	}
}

func TestKeysSortAsOrdinals(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b := rapid.Uint64().Draw(t, "a"), rapid.Uint64().Draw(t, "b")
		if (a < b) != (journal.Key(a) < journal.Key(b)) {
			t.Fatalf("%d and %d sort otherwise as %s and %s", a, b, journal.Key(a), journal.Key(b))
		}
	})
}
