// Package journal is the index over the log: one line per event, with the
// running hash up to it, for audits and for finding what was known on a day.
package journal

import (
	"encoding/hex"
	"fmt"

	"twinledger/domain/calendar"
	"twinledger/domain/event"
	"twinledger/projections"
)

// A Row is one event.
type Row struct {
	Ordinal     uint64            `json:"ordinal"`
	ID          string            `json:"id"`
	Stream      string            `json:"stream"` // key
	Revision    int64             `json:"revision"`
	Type        string            `json:"type"`
	Version     int               `json:"version"`
	Occurred    calendar.Occurred `json:"occurred"`
	Recorded    event.Instant     `json:"recorded"`
	Actor       string            `json:"actor"`
	Unit        string            `json:"unit"`
	Command     string            `json:"command"`
	Cause       string            `json:"cause"`
	Correlation string            `json:"correlation"`
	Hash        Hash              `json:"running_hash"`
}

// A Hash is a running hash in hex.
type Hash string

// Bytes returns the hash's 32 bytes.
func (h Hash) Bytes() [32]byte {
	var out [32]byte
	b, err := hex.DecodeString(string(h))
	if err == nil {
		copy(out[:], b)
	}
	return out
}

// The columns by which events are found.
const (
	ByOrdinal     = "ordinal"
	ByStream      = "stream"
	ByType        = "type"
	ByUnit        = "unit"
	ByActor       = "actor"
	ByRecorded    = "recorded"
	ByCorrelation = "correlation"
)

// Model is the read model of the journal, one row per event.
var Model = projections.Model[Row]{
	Name: "journal", Version: 1,
	Key: func(a projections.Applied) string { return Key(a.Ordinal) },
	Fold: func(_ Row, a projections.Applied) Row {
		return Row{a.Ordinal, a.ID, a.Key(), a.Revision, a.Type, a.Version, a.Occurred, a.Recorded,
			a.Actor, a.Unit, a.Command, a.Cause, a.Correlation, Hash(hex.EncodeToString(a.Hash[:]))}
	},
	Columns: []projections.Column[Row]{
		{Name: ByOrdinal, Value: func(r Row) string { return Key(r.Ordinal) }},
		{Name: ByStream, Value: func(r Row) string { return r.Stream }},
		{Name: ByType, Value: func(r Row) string { return r.Type }},
		{Name: ByUnit, Value: func(r Row) string { return r.Unit }},
		{Name: ByActor, Value: func(r Row) string { return r.Actor }},
		{Name: ByRecorded, Value: func(r Row) string { return r.Recorded.String() }},
		{Name: ByCorrelation, Value: func(r Row) string { return r.Correlation }},
	},
}

// Key returns an ordinal as text that sorts as the ordinals do.
func Key(ordinal uint64) string { return fmt.Sprintf("%020d", ordinal) }
