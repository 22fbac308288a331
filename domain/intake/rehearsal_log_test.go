package intake

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"twinledger/domain/event"
	"twinledger/domain/event/memlog"
	"twinledger/domain/seal"
	"twinledger/domain/seal/sealtest"
)

const rehearsedID = "0198c1f3-7c10-7000-8000-00000000000"

// rehearsedRecord returns a record of the stream of a kind.
func rehearsedRecord(t *testing.T, kind string, revision int64) event.Record {
	t.Helper()
	r, err := event.Encode(event.Envelope{ID: rehearsedID + string('a'+rune(revision)), Stream: event.StreamName("k3m7x2qdtf", kind+"-"+rehearsedID+"1"), Revision: revision,
		Type: "thing.happened", Version: 1, Occurred: "unknown", Recorded: event.InstantOf(time.Unix(1, 0)), Data: json.RawMessage(`{}`)})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// TestARehearsalKeepsWhatIsReadAgain: what a later row may refer to can be read; of all else
// nothing is kept, and who needs it again is refused rather than told that there is nothing.
func TestARehearsalKeepsWhatIsReadAgain(t *testing.T) {
	for _, tt := range []struct {
		kind             string
		stored, referred bool // the ledger has the stream; rows may refer to records
		kept             bool
	}{
		{"row", false, false, false}, {"row", false, true, false}, {"row", true, false, true},
		{"lesson", false, false, false}, {"lesson", false, true, true}, {"lesson", true, false, true},
		{"school", false, false, true}, {"person", false, false, true}, {"community", false, false, true}, {"import", false, false, true}, {"source", false, false, true},
	} {
		ledger := memlog.New()
		l := &rehearsalLog{Log: ledger, streams: memlog.New(), begun: map[string]bool{}, referred: tt.referred}
		first, second := rehearsedRecord(t, tt.kind, 0), rehearsedRecord(t, tt.kind, 1)
		stream, next := first.Envelope.Stream, []event.Record{first, second}
		if tt.stored {
			if _, err := ledger.Append(t.Context(), stream, event.NoStream, first); err != nil {
				t.Fatal(err)
			}
			next = next[1:]
		}
		for i, r := range next {
			_, err := l.Append(t.Context(), stream, r.Envelope.Revision-1, r)
			if wanted := tt.kept || i == 0; wanted != (err == nil) || !wanted && !errors.Is(err, errDropped) {
				t.Errorf("%+v: appending record %d: %v", tt, i, err)
			}
		}
		read, failed := 0, error(nil)
		for _, err := range l.Stream(t.Context(), stream) {
			if failed = err; err == nil {
				read++
			}
		}
		if tt.kept && (read != 2 || failed != nil) || !tt.kept && (read != 0 || !errors.Is(failed, errDropped)) {
			t.Errorf("%+v: read %d records, %v", tt, read, failed)
		}
	}
	l := &rehearsalLog{Log: memlog.New(), streams: memlog.New(), begun: map[string]bool{}}
	late := rehearsedRecord(t, "row", 1)
	if _, err := l.Append(t.Context(), late.Envelope.Stream, 0, late); !errors.Is(err, event.ErrConflict) {
		t.Errorf("a second record without a first: %v", err)
	}
}

// TestARehearsedSeal opens at its place only, and is as long as the true one.
func TestARehearsedSeal(t *testing.T) {
	behind := new(sealtest.Vault)
	v := rehearseSeals(behind)
	for _, keys := range [][]string{{"person-a"}, {"person-a", "person-b", "source-c"}} {
		for _, text := range []string{"", "王小明老师的课", strings.Repeat("课", 1000) + "\x00"} {
			s, err := v.Seal(t.Context(), text, "row-1/cells", keys...)
			if err != nil {
				t.Fatal(err)
			}
			if box, _ := base64.StdEncoding.DecodeString(s.Box); len(box) != len(text)+28*len(keys) {
				t.Errorf("%d keys: a text of %d bytes takes %d", len(keys), len(text), len(box))
			}
			if got, err := v.Open(t.Context(), s, "row-1/cells"); got != text || err != nil {
				t.Errorf("%d keys: opened %q, %v", len(keys), got, err)
			}
			if _, err := v.Open(t.Context(), s, "row-2/cells"); !errors.Is(err, seal.ErrTampered) {
				t.Errorf("at another place: %v", err)
			}
		}
	}
	stored, err := behind.Seal(t.Context(), "此前", "row-1/cells", "person-a")
	if err != nil {
		t.Fatal(err)
	}
	if got, err := v.Open(t.Context(), stored, "row-1/cells"); got != "此前" || err != nil {
		t.Errorf("what was sealed before: %q, %v", got, err)
	}
	if _, err := v.Seal(t.Context(), "课", "row-1/cells"); err == nil {
		t.Error("sealed without a key")
	}
}
