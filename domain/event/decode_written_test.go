package event

import (
	"bytes"
	"testing"

	"github.com/google/go-cmp/cmp"

	"twinledger/domain/calendar"
)

func written(tb testing.TB, alter func(*Envelope)) []byte {
	tb.Helper()
	e := Envelope{
		ID: "0198c000-0000-5000-8000-000000000001", Stream: "tl.k3m7q2xw5a.lesson-0198c000-0000-7000-8000-000000000002", Revision: 17,
		Type: "lesson.reported", Version: 1, Occurred: calendar.Unknown, Actor: "a-17", Unit: "县教育局", Command: "0198c000-0000-7000-8000-000000000003",
		Digest: "ab12", Data: []byte(`{"facts":{"title":{"clear":"\u003c国学 \"课\""},"periods":2.50}}`),
	}
	var err error
	if e.Recorded, err = ParseInstant("2018-07-03T08:00:05.090Z"); err != nil {
		tb.Fatal(err)
	}
	if alter != nil {
		alter(&e)
	}
	r, err := Encode(e)
	if err != nil {
		tb.Fatal(err)
	}
	return r.Bytes
}

// What Encode writes is read without encoding/json, so that reading a ledger is
// fast; texts that need an escape are the exception.
func TestWrittenFormIsRead(t *testing.T) {
	for name, tt := range map[string]struct {
		alter func(*Envelope)
		fast  bool
	}{
		"as usual":           {nil, true},
		"revision 0":         {func(e *Envelope) { e.Revision = 0 }, true},
		"data as in a text":  {func(e *Envelope) { e.Data = []byte(`{"text":",\"data\":{"}`) }, true},
		"an escape in actor": {func(e *Envelope) { e.Actor = `x","data":{"` }, false},
	} {
		if _, fast := decodeWritten(written(t, tt.alter)); fast != tt.fast {
			t.Errorf("%s: read without encoding/json %v, want %v", name, fast, tt.fast)
		}
	}
}

// FuzzDecodeWritten tells that whatever is read without encoding/json is read in
// the same way with it.
func FuzzDecodeWritten(f *testing.F) {
	whole := written(f, nil)
	f.Add(whole)
	for _, change := range [][2]string{
		{`"revision":17`, `"revision":017`}, {`"revision":17`, `"revision":-1`}, {`"version":1`, `"version":1.0`}, {`:{"facts"`, `: {"facts"`},
		{`2.50}}}`, `2.50}} }`}, {`2.50}}}`, `2.50}},"data":{}}`}, {`2.50}}}`, `2.50}},"more":{}}`}, {`"a-17"`, "\"a\xff\""}, {`"a-17"`, "\"a\x01\""},
		{`"actor"`, `"Actor"`}, {`05.090Z`, `5,090Z`}, {`"digest":"ab12",`, ``},
	} {
		f.Add(bytes.Replace(whole, []byte(change[0]), []byte(change[1]), 1))
	}
	f.Fuzz(func(t *testing.T, stored []byte) {
		fast, is := decodeWritten(stored)
		if !is {
			return
		}
		slow, err := decodeAny(stored)
		if err != nil {
			t.Fatalf("encoding/json refuses what is read without it: %v", err)
		}
		if diff := cmp.Diff(slow, fast); diff != "" {
			t.Fatalf("the envelope differs (-encoding/json +without):\n%s", diff)
		}
	})
}
