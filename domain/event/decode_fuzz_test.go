package event_test

import (
	"bytes"
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"

	"twinledger/domain/event"
)

// FuzzDecode tells that no bytes make Decode panic, and that what it reads is
// written and read again as the same.
func FuzzDecode(f *testing.F) {
	r, err := event.Encode(sample())
	if err != nil {
		f.Fatal(err)
	}
	f.Add(r.Bytes)
	for _, change := range [][2]string{
		{`{"id"`, ` { "ID"`},
		{`"a-17"`, `"\ud800\u0000\u2028<"`},
		{`"periods":2.50`, "\"periods\" : 2.50e+0, \"\\u003c\":\"\u2028\xff\""},
		{`"data":{`, `"data":{},"data":{`},
		{`05.090Z`, `5,090Z`},
		{`span:2018-04-18/2018-04-20`, `year:0000`},
		{`"revision":7`, `"revision":9223372036854775807`},
	} {
		f.Add(bytes.Replace(r.Bytes, []byte(change[0]), []byte(change[1]), 1))
	}
	f.Add(append(bytes.Clone(r.Bytes), '}'))
	f.Add([]byte("null"))
	f.Fuzz(func(t *testing.T, stored []byte) {
		read, err := event.Decode(stored)
		if err != nil {
			return
		}
		if !bytes.Equal(read.Bytes, stored) {
			t.Fatalf("the record holds other bytes: %q", read.Bytes)
		}
		written, err := event.Encode(read.Envelope)
		if err != nil {
			t.Fatalf("encode what was decoded: %v", err)
		}
		again, err := event.Decode(written.Bytes)
		if err != nil {
			t.Fatalf("decode what was encoded: %v", err)
		}
		if d := cmp.Diff(written, again); d != "" {
			t.Fatalf("record differs (-encoded +decoded):\n%s", d)
		}
		var data bytes.Buffer
		if err := json.Compact(&data, read.Envelope.Data); err != nil {
			t.Fatalf("compact data: %v", err)
		}
		read.Envelope.Data = data.Bytes()
		if d := cmp.Diff(read.Envelope, again.Envelope); d != "" {
			t.Fatalf("envelope differs (-first +second):\n%s", d)
		}
	})
}
