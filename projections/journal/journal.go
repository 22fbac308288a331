// Package journal is the index over the log: one line per event, with the
// running hash up to it, for audits and for finding what was known on a day.
package journal

import (
	"context"
	"encoding/hex"
	"slices"

	"twinledger/domain"
	"twinledger/domain/calendar"
	"twinledger/domain/event"
	"twinledger/domain/fault"
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

// RowOf returns the journal's line of an event; hash is the running hash up to it.
func RowOf(a projections.Applied, hash [32]byte) Row {
	return Row{a.Ordinal, a.ID, a.Key(), a.Revision, a.Type, a.Version, a.Occurred, a.Recorded,
		a.Actor, a.Unit, a.Command, a.Cause, a.Correlation, Hash(hex.EncodeToString(hash[:]))}
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

// A Question asks for events; what is empty is not asked.
type Question struct {
	Asked
	AsOf   uint64 // up to this ordinal; 0 means all
	After  uint64 // only behind this ordinal, or before it when the newest come first
	Newest bool   // the newest first
	Limit  int    // at most so many; 0 means all
}

// An Index answers questions about the journal.
type Index interface {
	// Events returns the events asked for in the order of their ordinals, or the
	// newest first.
	Events(ctx context.Context, q Question) ([]Row, error)

	// LastUntil returns the ordinal of the last event before the first one that was
	// recorded after an instant; 0 when the ledger's first was.
	LastUntil(ctx context.Context, instant event.Instant) (uint64, error)
}

// Last returns the journal's line of an ordinal, 0 for the newest; ok is false when
// there is none.
func Last(ctx context.Context, index Index, asOf uint64) (row Row, ok bool, err error) {
	rows, err := index.Events(ctx, Question{AsOf: asOf, Newest: true, Limit: 1})
	if err != nil || len(rows) == 0 || asOf > 0 && rows[0].Ordinal != asOf {
		return Row{}, false, err
	}
	return rows[0], true, nil
}

// Asked is what an event must be to be listed; what is empty is not asked.
type Asked struct {
	Stream, Type, Unit, Actor, Cause, Correlation string

	Named    []string     // keys, each of which it names or is of
	From, To calendar.Day // it entered the ledger between these days at +08:00, both included
}

// ErrUnknownType refuses a type of event that there is none of: nothing would be
// found, as if nothing had happened.
var ErrUnknownType = fault.New(fault.Invalid, "journal.unknown-type",
	"没有这种事件类型；请照 journal 输出所示写（如 lesson.reported），相近的（如有）列在 nearest。",
	"There is no such type of event; write it as the journal shows it, such as lesson.reported, similar ones, if any, are under nearest.")

// types are the names of all types of events.
var types = func() []string {
	var names []string
	for _, t := range domain.Events(nil).Names() {
		names = append(names, t.Type)
	}
	return names
}()

// Check refuses what nothing in any ledger can be.
func (a Asked) Check() error {
	if a.Type == "" || slices.Contains(types, a.Type) {
		return nil
	}
	refused := ErrUnknownType.With("type", a.Type)
	if near := fault.Nearest(a.Type, types); near != "" {
		return refused.With("nearest", near)
	}
	return refused
}
