package event

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"strconv"
	"unicode/utf8"

	"twinledger/domain/calendar"
)

// Decode reads stored bytes, which the record keeps without copying. An unknown
// field means a newer format than this binary knows, and is refused.
//
// Bytes in the form that Encode writes are read by [decodeWritten], which is ten
// times as fast as encoding/json and takes nothing that encoding/json refuses;
// every other form is left to encoding/json.
func Decode(b []byte) (Record, error) {
	e, written := decodeWritten(b)
	if !written {
		var err error
		if e, err = decodeAny(b); err != nil {
			return Record{}, err
		}
	}
	if err := e.check(); err != nil {
		return Record{}, err
	}
	return Record{Envelope: e, Bytes: b}, nil
}

// decodeAny reads an envelope in any form of JSON.
func decodeAny(b []byte) (Envelope, error) {
	var e Envelope
	d := json.NewDecoder(bytes.NewReader(b))
	d.DisallowUnknownFields()
	if err := d.Decode(&e); err != nil {
		return e, errBadEnvelope.Because(err)
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return e, errBadEnvelope.With("rest", "something follows the object")
	}
	return e, nil
}

// decodeWritten reads an envelope whose fields stand in the order of [Envelope],
// without white space between them and without escapes in its texts. written is
// false for every other form, whether it is an envelope or not.
func decodeWritten(b []byte) (e Envelope, written bool) {
	const dataField = `,"data":`
	from := bytes.Index(b, []byte(dataField+"{"))
	if from < 0 || b[len(b)-1] != '}' {
		return e, false
	}
	data := b[from+len(dataField) : len(b)-1]
	// One text holds the fields of the envelope: they share its memory.
	head := fields{rest: string(b[:from]), ok: data[len(data)-1] == '}' && utf8.Valid(b[:from]) && isJSON(data)}
	e.ID = head.text(`{"id":"`)
	e.Stream = head.text(`,"stream":"`)
	e.Revision = head.number(`,"revision":`)
	e.Type = head.text(`,"type":"`)
	e.Version = int(head.number(`,"version":`))
	e.Occurred = calendar.Occurred(head.text(`,"occurred":"`))
	recorded := head.text(`,"recorded":"`)
	e.Actor = head.text(`,"actor":"`)
	e.Unit = head.text(`,"unit":"`)
	e.Command = head.text(`,"command":"`)
	e.Digest = head.text(`,"digest":"`)
	e.Cause = head.text(`,"cause":"`)
	e.Correlation = head.text(`,"correlation":"`)
	if !head.ok || head.rest != "" {
		return Envelope{}, false
	}
	var err error
	if e.Recorded, err = ParseInstant(recorded); err != nil {
		return Envelope{}, false
	}
	e.Data = json.RawMessage(data)
	return e, true
}

// fields reads the fields of an envelope one after the other. Once one of them is
// not as expected, ok is false and stays so.
type fields struct {
	rest string
	ok   bool
}

// after moves behind a prefix.
func (f *fields) after(prefix string) {
	if f.ok = f.ok && len(f.rest) >= len(prefix) && f.rest[:len(prefix)] == prefix; f.ok {
		f.rest = f.rest[len(prefix):]
	}
}

// text returns the text that stands between a prefix and the next quotation mark.
// One with an escape or a control character in it is not read here.
func (f *fields) text(prefix string) string {
	f.after(prefix)
	if !f.ok {
		return ""
	}
	for i := range len(f.rest) {
		switch c := f.rest[i]; {
		case c == '"':
			text := f.rest[:i]
			f.rest = f.rest[i+1:]
			return text
		case c == '\\' || c < ' ':
			f.ok = false
			return ""
		}
	}
	f.ok = false
	return ""
}

// number returns the whole number that stands between a prefix and the next comma.
func (f *fields) number(prefix string) int64 {
	f.after(prefix)
	digits := 0
	for digits < len(f.rest) && (f.rest[digits] >= '0' && f.rest[digits] <= '9') {
		digits++
	}
	text := f.rest[:digits]
	n, err := strconv.ParseInt(text, 10, 64)
	// encoding/json takes no number that begins with 0 but 0 itself.
	f.ok = f.ok && err == nil && (text == "0" || text[0] != '0')
	f.rest = f.rest[digits:]
	return n
}
