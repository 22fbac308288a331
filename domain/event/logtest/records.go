package logtest

import (
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
	"time"

	"twinledger/domain/event"
)

// Stream returns a stream's name in a ledger, made of any text.
func Stream(ledger, text string) string {
	return event.StreamOf(ledger, text, "lesson")
}

// Batch returns n records as one command would append them behind expected.
// Every field is filled, text reaches beyond ASCII and recorded has
// milliseconds. The same arguments give the same records.
func Batch(stream string, expected int64, command string, n int) []event.Record {
	records := make([]event.Record, n)
	for i := range records {
		records[i] = encode(draft(stream, expected+1+int64(i), command, i))
	}
	return records
}

func draft(stream string, revision int64, command string, index int) event.Envelope {
	ledger := strings.Split(stream, ".")[1]
	id := func(text string) string { return event.UUIDv5(ledger, text, command).String() }
	data, err := event.Marshal(map[string]any{
		"title": "送课下乡：<示范课> & \"研讨\"\u2028第二行\n𠮷", "command": command, "periods": index + 1,
	})
	if err != nil {
		panic(err)
	}
	recorded := time.Date(2018, 7, 3, 8, 15, 30, 127_000_000, time.UTC).Add(time.Duration(revision) * 1001 * time.Millisecond)
	return event.Envelope{
		ID: event.IDOf(ledger, command, stream, index), Stream: stream, Revision: revision,
		Type: "lesson.reported", Version: 3,
		Occurred: "span:2018-04-18/2018-04-20", Recorded: event.InstantOf(recorded),
		Actor: "账号-" + command, Unit: id("unit"), Command: id("command"),
		Digest: strings.Repeat("5e", 32), Cause: id("cause"), Correlation: id("correlation"),
		Data: data,
	}
}

func encode(e event.Envelope) event.Record {
	r, err := event.Encode(e)
	if err != nil {
		panic(fmt.Sprintf("logtest: %v", err))
	}
	return r
}

// altered returns records as they are after change: the same events with other
// bytes, as a handler makes them when it tries a second time.
func altered(records []event.Record, change func(*event.Envelope)) []event.Record {
	out := make([]event.Record, len(records))
	for i, r := range records {
		change(&r.Envelope)
		out[i] = encode(r.Envelope)
	}
	return out
}

// later returns the same events, recorded some milliseconds later.
func later(records []event.Record) []event.Record {
	return altered(records, func(e *event.Envelope) {
		e.Recorded = event.InstantOf(e.Recorded.Add(4321 * time.Millisecond))
	})
}

// sized returns one record of exactly so many bytes.
func sized(stream string, expected int64, command string, size int) event.Record {
	e := draft(stream, expected+1, command, 0)
	e.Data = json.RawMessage(`{"text":""}`)
	missing := size - len(encode(e).Bytes)
	e.Data = json.RawMessage(`{"text":"` + strings.Repeat("课", missing/3) + strings.Repeat("x", missing%3) + `"}`)
	return encode(e)
}

// difference says in what got is not want, or "" when they are the same.
func difference(want, got event.Record) string {
	var out []string
	w, g := reflect.ValueOf(want.Envelope), reflect.ValueOf(got.Envelope)
	for i := range w.NumField() {
		if a, b := w.Field(i).Interface(), g.Field(i).Interface(); !reflect.DeepEqual(a, b) {
			out = append(out, fmt.Sprintf("%s: want %.200s, got %.200s", w.Type().Field(i).Name, text(a), text(b)))
		}
	}
	if string(want.Bytes) != string(got.Bytes) {
		out = append(out, fmt.Sprintf("Bytes: want %.500s, got %.500s", want.Bytes, got.Bytes))
	}
	return strings.Join(out, "; ")
}

func text(value any) string {
	if data, ok := value.(json.RawMessage); ok {
		return string(data)
	}
	return fmt.Sprint(value)
}
