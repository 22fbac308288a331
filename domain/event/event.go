// Package event holds what is stored: the envelope around every fact, the port
// of the log that keeps them, and the registry that knows every type of event
// and how to read its former versions.
//
// An event is encoded once, by the command handler, before it is appended.
// Those bytes are what every log stores, what is hashed, and what an auditor
// may read with any JSON tool. What a log assigns of its own (an ordinal, a
// resume token) is never part of them.
package event

import (
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"twinledger/domain/calendar"
	"twinledger/domain/fault"
)

// An Envelope is the stored form of one event, format 1. Its JSON has these
// fourteen fields in this order, all always present.
type Envelope struct {
	ID          string            `json:"id"`          // UUIDv5 of (command, stream, index) under the ledger
	Stream      string            `json:"stream"`      // tl.<ledger>.<kind>-<uuid>
	Revision    int64             `json:"revision"`    // place in the stream, from 0
	Type        string            `json:"type"`        // literal name, e.g. "lesson.reported"
	Version     int               `json:"version"`     // version of data under that type, from 1
	Occurred    calendar.Occurred `json:"occurred"`    // when it happened, as precisely as it is known
	Recorded    Instant           `json:"recorded"`    // when it entered the ledger
	Actor       string            `json:"actor"`       // opaque account id
	Unit        string            `json:"unit"`        // id of the unit on whose behalf; "" for the county office
	Command     string            `json:"command"`     // id of the command that made it
	Digest      string            `json:"digest"`      // HMAC of the request, hex
	Cause       string            `json:"cause"`       // id of the command or event that led to the command; may be ""
	Correlation string            `json:"correlation"` // id that one piece of work shares; may be ""
	Data        json.RawMessage   `json:"data"`        // the fact itself
}

// An Instant is a moment in UTC to the millisecond, written
// 2006-01-02T15:04:05.000Z.
type Instant struct{ time.Time }

const instantForm = "2006-01-02T15:04:05.000Z"

// InstantOf returns t in UTC, cut to the millisecond.
func InstantOf(t time.Time) Instant { return Instant{t.UTC().Truncate(time.Millisecond)} }

// ParseInstant reads the written form and no other.
func ParseInstant(s string) (Instant, error) {
	// RFC 3339 also allows other forms, and time.Parse a few more.
	t, err := time.Parse(time.RFC3339, s)
	if err != nil || !inInstantForm(s) {
		return Instant{}, fault.New(fault.Invalid, "event.bad-instant",
			"时刻应写作 2018-07-03T08:00:00.000Z。", "Write an instant as 2018-07-03T08:00:00.000Z.").With("value", s)
	}
	return Instant{t.UTC()}, nil
}

// inInstantForm tells whether a text has digits and signs where the written form of an
// instant has them.
func inInstantForm(s string) bool {
	if len(s) != len(instantForm) {
		return false
	}
	for i := range len(s) {
		digit := instantForm[i] >= '0' && instantForm[i] <= '9'
		if digit && (s[i] < '0' || s[i] > '9') || !digit && s[i] != instantForm[i] {
			return false
		}
	}
	return true
}

// String returns the written form.
func (i Instant) String() string { return i.UTC().Format(instantForm) }

// Shown returns the instant for people to read: at +08:00, to the second, and says so.
// No text shows a time in another zone.
func (i Instant) Shown() string { return i.In(calendar.Zone).Format(time.DateTime) + " +08:00" }

// MarshalText returns the written form.
func (i Instant) MarshalText() ([]byte, error) { return []byte(i.String()), nil }

// MarshalJSON returns the written form in quotes. It stands in front of
// time.Time's own, which would keep another precision.
func (i Instant) MarshalJSON() ([]byte, error) { return []byte(`"` + i.String() + `"`), nil }

// UnmarshalJSON reads the written form in quotes.
func (i *Instant) UnmarshalJSON(b []byte) error {
	parsed, err := ParseInstant(strings.Trim(string(b), `"`))
	*i = parsed
	return err
}

// A Record is an envelope with the bytes that are stored for it.
type Record struct {
	Envelope Envelope
	Bytes    []byte // exactly what Encode returned when it was written; never altered
}

// errBadEnvelope is what every malformed envelope is refused with.
var errBadEnvelope = fault.New(fault.Invalid, "event.bad-envelope",
	"事件封套不符合格式第 1 版；请核对写入它的程序。", "The event's envelope does not follow format 1; check the program that wrote it.")

func (e Envelope) check() error {
	bad := func(field string, value any) error { return errBadEnvelope.With(field, value) }
	switch {
	case !IsID(e.ID):
		return bad("id", e.ID)
	case !isStreamName(e.Stream):
		return bad("stream", e.Stream)
	case e.Revision < 0:
		return bad("revision", e.Revision)
	case !isTypeName(e.Type):
		return bad("type", e.Type)
	case e.Version < 1:
		return bad("version", e.Version)
	case e.Recorded.IsZero() || e.Recorded.UTC().Year() < 1 || e.Recorded.UTC().Year() > 9999:
		return bad("recorded", e.Recorded)
	case len(e.Data) == 0 || e.Data[0] != '{':
		return bad("data", "not an object")
	case !utf8.Valid(e.Data):
		return bad("data", "not UTF-8")
	}
	for _, text := range [...]string{e.Actor, e.Unit, e.Command, e.Digest, e.Cause, e.Correlation} {
		if !utf8.ValidString(text) {
			return bad("text", "not UTF-8")
		}
	}
	if _, err := calendar.Parse(string(e.Occurred)); err != nil {
		return errBadEnvelope.With("occurred", e.Occurred).Because(err)
	}
	return nil
}

// Encode checks e and returns it with its stored bytes: compact JSON in UTF-8,
// fields in the order of [Envelope], characters such as < left as they are. The
// record's envelope is what Decode reads from these bytes: recorded cut to the
// millisecond, data compact.
func Encode(e Envelope) (Record, error) {
	if err := e.check(); err != nil {
		return Record{}, err
	}
	var data bytes.Buffer
	if err := json.Compact(&data, e.Data); err != nil {
		return Record{}, errBadEnvelope.With("data", "not JSON").Because(err)
	}
	e.Data, e.Recorded = data.Bytes(), InstantOf(e.Recorded.Time)
	b, err := Marshal(e)
	if err != nil {
		return Record{}, errBadEnvelope.Because(err)
	}
	return Record{Envelope: e, Bytes: b}, nil
}

// Marshal encodes v as every stored form is encoded: compact JSON, no escaping
// of <, > and &, no final newline.
func Marshal(v any) ([]byte, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return nil, err
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), nil
}

// StreamName returns tl.<ledger>.<key>, where key is <kind>-<uuid>.
func StreamName(ledger, key string) string { return "tl." + ledger + "." + key }

// StreamKey returns <kind>-<uuid> of a stream's name.
func StreamKey(stream string) string {
	_, behind, parted := strings.Cut(stream, ".")
	if _, key, named := strings.Cut(behind, "."); parted && named {
		return key
	}
	return stream
}

// StreamKind returns the kind in a stream's key or name: "lesson" of
// "tl.k3m7aaaaaa.lesson-0198…".
func StreamKind(stream string) string {
	kind, _, _ := strings.Cut(StreamKey(stream), "-")
	return kind
}

// Key returns <kind>-<uuid> of the event's stream.
func (e Envelope) Key() string { return StreamKey(e.Stream) }

// Kind returns the kind of the event's stream.
func (e Envelope) Kind() string { return StreamKind(e.Stream) }

// Leaf returns SHA-256 of 0x00 and the stored bytes: the record's leaf hash in
// the sense of RFC 6962, section 2.1.
func (r Record) Leaf() [32]byte {
	leaf := make([]byte, 0, 1024)
	leaf = append(append(leaf, 0), r.Bytes...)
	return sha256.Sum256(leaf)
}

// A Position is a place between two records of a ledger.
type Position struct {
	Ordinal uint64   // how many of the ledger's own records lie before it
	Hash    [32]byte // running hash of those records
	Token   Token    // where the log resumes; opaque
}

// A Token is a log's own resume point. It is never printed in a review,
// hashed, compared for order or subtracted.
type Token string

// Next returns the position behind r, whose token is t. The running hash of
// the empty ledger is 32 zero bytes; each record makes it
// SHA-256(former ‖ leaf).
func (p Position) Next(r Record, t Token) Position {
	leaf := r.Leaf()
	var joined [64]byte
	copy(joined[:32], p.Hash[:])
	copy(joined[32:], leaf[:])
	return Position{p.Ordinal + 1, sha256.Sum256(joined[:]), t}
}

// String returns ordinal and running hash.
func (p Position) String() string { return fmt.Sprintf("%d/%x", p.Ordinal, p.Hash[:6]) }
