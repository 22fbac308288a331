// Package journal is the index over the log: one line per event, with the
// running hash up to it, for audits and for finding what was known on a day.
package journal

import (
	"encoding/hex"
	"fmt"
	"regexp"
	"slices"
	"time"

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
	Names       []string          `json:"names,omitempty"` // keys of the streams that its data names, as they come
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
	ByCause       = "cause"
	ByNamed       = "named" // a school, person, community or record that it names, or is of
)

// Model is the read model of the journal, one row per event.
var Model = projections.Model[Row]{
	Name: "journal", Version: 2,
	Key: func(a projections.Applied) string { return Key(a.Ordinal) },
	Fold: func(_ Row, a projections.Applied) Row {
		return Row{a.Ordinal, a.ID, a.Key(), a.Revision, a.Type, a.Version, a.Occurred, a.Recorded,
			a.Actor, a.Unit, a.Command, a.Cause, a.Correlation, Hash(hex.EncodeToString(a.Hash[:])), named(a.Data)}
	},
	Columns: []projections.Column[Row]{
		{Name: ByOrdinal, Value: func(r Row) string { return Key(r.Ordinal) }},
		{Name: ByStream, Value: func(r Row) string { return r.Stream }},
		{Name: ByType, Value: func(r Row) string { return r.Type }},
		{Name: ByUnit, Value: func(r Row) string { return r.Unit }},
		{Name: ByActor, Value: func(r Row) string { return r.Actor }},
		{Name: ByRecorded, Value: func(r Row) string { return r.Recorded.String() }},
		{Name: ByCorrelation, Value: func(r Row) string { return r.Correlation }},
		{Name: ByCause, Value: func(r Row) string { return r.Cause }},
		{Name: ByNamed, Value: func(r Row) string { return projections.Words(append([]string{r.Stream}, r.Names...)...) }},
	},
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

// Conditions returns what is asked as conditions on the rows.
func (a Asked) Conditions() []projections.Condition {
	all := []projections.Condition{
		projections.Is(ByStream, a.Stream), projections.Is(ByType, a.Type), projections.Is(ByUnit, a.Unit), projections.Is(ByActor, a.Actor),
		projections.Is(ByCause, a.Cause), projections.Is(ByCorrelation, a.Correlation),
	}
	for _, key := range a.Named {
		all = append(all, projections.Among(ByNamed, key))
	}
	// A day begins where the one before it ends.
	if a.From != "" {
		all = append(all, projections.AtLeast(ByRecorded, event.InstantOf(a.From.Add(-1).End()).String()))
	}
	if a.To != "" {
		all = append(all, projections.AtMost(ByRecorded, event.InstantOf(a.To.End().Add(-time.Millisecond)).String()))
	}
	return slices.DeleteFunc(all, func(c projections.Condition) bool { return c.Value == "" })
}

// Key returns an ordinal as text that sorts as the ordinals do.
func Key(ordinal uint64) string { return fmt.Sprintf("%020d", ordinal) }

// keyForm is a stream's key as it stands in an event's data.
var keyForm = regexp.MustCompile(`"([a-z_]+-[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})"`)

// named returns the keys that stand in data, each once.
func named(data []byte) []string {
	var keys []string
	for _, match := range keyForm.FindAllSubmatch(data, -1) {
		if key := string(match[1]); !slices.Contains(keys, key) {
			keys = append(keys, key)
		}
	}
	return keys
}
