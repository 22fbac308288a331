package journal_test

import (
	"encoding/hex"
	"testing"

	"github.com/google/go-cmp/cmp"

	"twinledger/domain/lesson"
	"twinledger/domain/record"
	"twinledger/projections/journal"
	"twinledger/projections/projectiontest"
)

var first, second = projectiontest.Key("lesson", 1), projectiontest.Key("lesson", 2)

// given are three events of two streams.
var given = projectiontest.Applied(
	projectiontest.Said{Stream: first, When: "day:2018-04-18", Fact: record.Reported[lesson.Facts]{}},
	projectiontest.Said{Stream: second, Fact: record.Reported[lesson.Facts]{}},
	projectiontest.Said{Stream: first, Fact: record.Voided[lesson.Facts]{}})

func TestRowOf(t *testing.T) {
	hash := [32]byte{1, 2, 3}
	want := journal.Row{Ordinal: 3, ID: given[2].ID, Stream: first, Revision: 1, Type: "lesson.voided", Version: 1, Occurred: "unknown",
		Recorded: given[2].Recorded, Actor: "clerk", Command: given[2].Command, Hash: journal.Hash(hex.EncodeToString(hash[:]))}
	got := journal.RowOf(given[2], hash)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("third line (-want +got):\n%s", diff)
	}
	if got.Hash.Bytes() != hash {
		t.Errorf("the hash reads back as %x", got.Hash.Bytes())
	}
}

func TestAHashThatIsNone(t *testing.T) {
	if got := journal.Hash("no hash").Bytes(); got != [32]byte{} {
		t.Errorf("read %x, want zero", got)
	}
}

func TestLast(t *testing.T) {
	for _, tt := range []struct {
		name string
		asOf uint64
		want uint64 // 0 for none
	}{
		{"the newest", 0, 3}, {"at an ordinal", 2, 2}, {"at the first", 1, 1}, {"at one to come", 4, 0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			row, known, err := journal.Last(t.Context(), projectiontest.Journal{Of: given}, tt.asOf)
			if err != nil || row.Ordinal != tt.want || known != (tt.want > 0) {
				t.Errorf("ordinal %d, known %t, %v; want %d", row.Ordinal, known, err, tt.want)
			}
		})
	}
	if _, known, err := journal.Last(t.Context(), projectiontest.Journal{}, 0); known || err != nil {
		t.Errorf("of an empty ledger: known %t, %v", known, err)
	}
}
