package event_test

import (
	"encoding/hex"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"twinledger/domain/event"
	"twinledger/domain/fault"
)

const (
	ledger = "k3m7aaaaaa"
	stream = "tl.k3m7aaaaaa.lesson-0198a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b"
)

// sample is an envelope with every field filled.
func sample() event.Envelope {
	return event.Envelope{
		ID: "4b6f2a0e-9d1c-5e3f-8a7b-6c5d4e3f2a1b", Stream: stream, Revision: 7,
		Type: "lesson.reported", Version: 2,
		Occurred: "span:2018-04-18/2018-04-20",
		Recorded: event.InstantOf(time.Date(2018, 7, 3, 16, 0, 5, 90_999_999, time.FixedZone("", 8*60*60))),
		Actor:    "a-17", Unit: "school-0198a1b2-0000-7000-8000-000000000001",
		Command: "0198a1b2-1111-7222-8333-444455556666", Digest: strings.Repeat("0af5", 16),
		Cause: "0198a1b2-1111-7222-8333-444455556667", Correlation: "0198a1b2-1111-7222-8333-444455556668",
		Data: json.RawMessage(`{"title":"送课下乡：<示范课> & “研讨”","kinds":["demo_lesson","outreach_lesson"],"periods":2.50}`),
	}
}

func encode(t *testing.T, e event.Envelope) event.Record {
	t.Helper()
	r, err := event.Encode(e)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// TestStoredBytes holds the first format for ever: a change here makes every
// ledger unreadable, or at least its hashes.
func TestStoredBytes(t *testing.T) {
	golden, err := os.ReadFile(filepath.Join("testdata", "envelope.v1.json"))
	if err != nil {
		t.Fatal(err)
	}
	r := encode(t, sample())
	if d := cmp.Diff(string(golden), string(r.Bytes)); d != "" {
		t.Errorf("bytes differ (-golden +encoded):\n%s", d)
	}
	decoded, err := event.Decode(golden)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(r, decoded); d != "" {
		t.Errorf("record differs (-encoded +decoded):\n%s", d)
	}

	leaf := r.Leaf()
	if got, want := hex.EncodeToString(leaf[:]), "fead428b12bbfa83d22e7d7c812ea1201b147e2562478f94f6d036e32b0ac80b"; got != want {
		t.Errorf("leaf is %s, want %s", got, want)
	}
	at := event.Position{}.Next(r, "t:1").Next(r, "t:2")
	if got, want := hex.EncodeToString(at.Hash[:]), "9f96de231516e9d313beafdfdc1d073190e27ec4237962b5ddb9e10cbee313d3"; got != want {
		t.Errorf("running hash is %s, want %s", got, want)
	}
	if at.Ordinal != 2 || at.Token != "t:2" {
		t.Errorf("position is %d at %q, want 2 at t:2", at.Ordinal, at.Token)
	}
}

func TestEncodeReturnsWhatDecodeReads(t *testing.T) {
	e := sample()
	e.Recorded = event.Instant{Time: time.Date(2018, 7, 3, 16, 0, 5, 90_999_999, time.FixedZone("", 8*60*60))}
	e.Data = json.RawMessage("{\n\t\"title\" : \"a\u2028b\",\n\t\"n\": 1.0\n}")
	r := encode(t, e)
	decoded, err := event.Decode(r.Bytes)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(r, decoded); d != "" {
		t.Errorf("record differs (-encoded +decoded):\n%s", d)
	}
	if got, want := string(decoded.Envelope.Data), "{\"title\":\"a\u2028b\",\"n\":1.0}"; got != want {
		t.Errorf("data is %s, want %s", got, want)
	}
}

func TestEncodeRefuses(t *testing.T) {
	for _, c := range []struct {
		situation string
		change    func(*event.Envelope)
	}{
		{"no id", func(e *event.Envelope) { e.ID = "" }},
		{"id in capitals", func(e *event.Envelope) { e.ID = strings.ToUpper(e.ID) }},
		{"stream of no ledger", func(e *event.Envelope) { e.Stream = "lesson-" + e.ID }},
		{"ledger that is not base32", func(e *event.Envelope) { e.Stream = strings.Replace(e.Stream, "k3m7", "k3m9", 1) }},
		{"stream with a newline behind it", func(e *event.Envelope) { e.Stream += "\n" }},
		{"negative revision", func(e *event.Envelope) { e.Revision = -1 }},
		{"Go name as type", func(e *event.Envelope) { e.Type = "LessonReported" }},
		{"version zero", func(e *event.Envelope) { e.Version = 0 }},
		{"no occurred", func(e *event.Envelope) { e.Occurred = "" }},
		{"occurred on no day", func(e *event.Envelope) { e.Occurred = "day:2018-02-29" }},
		{"no recorded", func(e *event.Envelope) { e.Recorded = event.Instant{} }},
		{"recorded in year 10000", func(e *event.Envelope) { e.Recorded = event.InstantOf(time.Date(10000, 1, 1, 0, 0, 0, 0, time.UTC)) }},
		{"recorded before year 1", func(e *event.Envelope) { e.Recorded = event.InstantOf(time.Date(0, 1, 1, 0, 0, 0, 0, time.UTC)) }},
		{"actor that is not UTF-8", func(e *event.Envelope) { e.Actor = "\xff" }},
		{"cause that is not UTF-8", func(e *event.Envelope) { e.Cause = "\xe5\xb8" }},
		{"no data", func(e *event.Envelope) { e.Data = nil }},
		{"data null", func(e *event.Envelope) { e.Data = json.RawMessage("null") }},
		{"data a list", func(e *event.Envelope) { e.Data = json.RawMessage("[]") }},
		{"data cut off", func(e *event.Envelope) { e.Data = json.RawMessage(`{"title":`) }},
		{"data two objects", func(e *event.Envelope) { e.Data = json.RawMessage(`{}{}`) }},
		{"data that is not UTF-8", func(e *event.Envelope) { e.Data = json.RawMessage("{\"title\":\"\xff\"}") }},
	} {
		e := sample()
		c.change(&e)
		_, err := event.Encode(e)
		if f, ok := fault.As(err); !ok || f.Code != "event.bad-envelope" {
			t.Errorf("%s: got %v, want event.bad-envelope", c.situation, err)
		}
	}
}

func TestDecodeRefuses(t *testing.T) {
	sound := string(encode(t, sample()).Bytes)
	for _, c := range []struct{ situation, former, latter string }{
		{"a field of a later format", `{"id"`, `{"later":1,"id"`},
		{"no id", `"id":"4b6f2a0e-9d1c-5e3f-8a7b-6c5d4e3f2a1b",`, ``},
		{"revision a text", `"revision":7`, `"revision":"7"`},
		{"revision a fraction", `"revision":7`, `"revision":7.5`},
		{"recorded null", `"2018-07-03T08:00:05.090Z"`, `null`},
		{"recorded to the second", `05.090Z`, `05Z`},
		{"recorded with a comma", `05.090Z`, `05,090Z`},
		{"recorded at +08:00", `05.090Z`, `05.090+08:00`},
		{"data a text", `"data":{`, `"data":"{`},
		{"version zero", `"version":2`, `"version":0`},
	} {
		broken := strings.Replace(sound, c.former, c.latter, 1)
		if broken == sound {
			t.Fatalf("%s: %s is not in the sample", c.situation, c.former)
		}
		if _, err := event.Decode([]byte(broken)); fault.KindOf(err) != fault.Invalid {
			t.Errorf("%s: got %v, want a refusal", c.situation, err)
		}
	}
	for _, broken := range []string{"", "null", "[]", "{}", "x", sound + "}", sound + "]", sound + sound, sound + "x", sound[:len(sound)-1]} {
		if _, err := event.Decode([]byte(broken)); fault.KindOf(err) != fault.Invalid {
			t.Errorf("decode %.20q…: got %v, want a refusal", broken, err)
		}
	}
}

func TestInstant(t *testing.T) {
	for _, c := range []struct {
		situation, written string
		ok                 bool
	}{
		{"with milliseconds", "2018-07-03T08:00:00.123Z", true},
		{"on the second", "2018-07-03T08:00:00.000Z", true},
		{"without a fraction", "2018-07-03T08:00:00Z", false},
		{"to the microsecond", "2018-07-03T08:00:00.123456Z", false},
		{"comma for the point", "2018-07-03T08:00:00,123Z", false},
		{"hour of one digit", "2018-07-03T8:00:00.123Z", false},
		{"another zone", "2018-07-03T16:00:00.123+08:00", false},
		{"no zone", "2018-07-03T08:00:00.123", false},
		{"no such day", "2018-02-29T08:00:00.123Z", false},
		{"no such hour", "2018-07-03T24:00:00.000Z", false},
		{"day only", "2018-07-03", false},
		{"space behind", "2018-07-03T08:00:00.123Z ", false},
		{"nothing", "", false},
	} {
		i, err := event.ParseInstant(c.written)
		if (err == nil) != c.ok {
			t.Errorf("%s: got error %v", c.situation, err)
			continue
		}
		if c.ok && i.String() != c.written {
			t.Errorf("%s: %s is written as %s", c.situation, c.written, i)
		}
	}
	moment := time.Date(2018, 7, 3, 16, 0, 0, 123_999_999, time.FixedZone("", 8*60*60))
	i := event.InstantOf(moment)
	text, err := i.MarshalText()
	if err != nil || string(text) != "2018-07-03T08:00:00.123Z" || i.String() != string(text) {
		t.Errorf("%s is written as %s, error %v", moment, text, err)
	}
	if !i.Equal(moment.Truncate(time.Millisecond)) {
		t.Errorf("%s becomes another moment, %s", moment, i)
	}
	var back struct{ At event.Instant }
	b, err := json.Marshal(struct{ At event.Instant }{i})
	if err == nil {
		err = json.Unmarshal(b, &back)
	}
	if err != nil || !back.At.Equal(i.Time) {
		t.Errorf("%s comes back as %s, error %v", b, back.At, err)
	}
}

func TestStreamNames(t *testing.T) {
	const key = "lesson-0198a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b"
	if got := event.StreamName(ledger, key); got != stream {
		t.Errorf("name is %s, want %s", got, stream)
	}
	for _, c := range []struct{ situation, stream, key, kind string }{
		{"a full name", stream, key, "lesson"},
		{"a key", key, key, "lesson"},
		{"a kind of two words", event.StreamName(ledger, "lesson_plan-1"), "lesson_plan-1", "lesson_plan"},
		{"no dash", "ledger", "ledger", "ledger"},
		{"nothing", "", "", ""},
	} {
		if got := event.StreamKey(c.stream); got != c.key {
			t.Errorf("%s: key is %q, want %q", c.situation, got, c.key)
		}
		if got := event.StreamKind(c.stream); got != c.kind {
			t.Errorf("%s: kind is %q, want %q", c.situation, got, c.kind)
		}
		if e := (event.Envelope{Stream: c.stream}); e.Key() != c.key || e.Kind() != c.kind {
			t.Errorf("%s: the envelope says %q and %q", c.situation, e.Key(), e.Kind())
		}
	}
}

// TestIDs holds the derivation of ids, which is stored for ever: a repeated
// command finds its own events by them.
func TestIDs(t *testing.T) {
	const command = "0198a1b2-1111-7222-8333-444455556666"
	for _, c := range []struct{ situation, got, want string }{
		{"no parts", event.UUIDv5(ledger).String(), "32fb6825-8042-5145-b1ce-f0e5759a790c"},
		{"one part", event.UUIDv5(ledger, "导入").String(), "32f00ec7-12ae-5e81-a625-411fbce276d7"},
		{"two parts", event.UUIDv5(ledger, "a", "b").String(), "72676c6e-e5e9-5b2e-bfa0-ff57895b30ba"},
		{"another ledger", event.UUIDv5("aaaaaaaaaa", "a", "b").String(), "0035428b-901c-5fd0-9313-e3699bfce547"},
		{"keyed hash", event.UUIDv8([32]byte{0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1}).String(), "ffffffff-ffff-8fff-bfff-ffffffffffff"},
		{"keyed hash of zeros", event.UUIDv8([32]byte{}).String(), "00000000-0000-8000-8000-000000000000"},
		{"event", event.IDOf(ledger, command, stream, 0), "ec5b3cb7-a162-5753-ad5a-d19709627f06"},
		{"next event", event.IDOf(ledger, command, stream, 1), "9f11e0c0-9596-552e-abc2-10123c71ffc1"},
		{"created stream", event.StreamOf(ledger, command, "lesson"), "tl.k3m7aaaaaa.lesson-8ce33787-f711-5054-adec-001ef10705ec"},
	} {
		if c.got != c.want {
			t.Errorf("%s: got %s, want %s", c.situation, c.got, c.want)
		}
	}
	if !event.IsID(command) || event.IsID(strings.ToUpper(command)+"A") || event.IsID("") || event.IsID(command+"\n") {
		t.Error("IsID takes what is no id, or the other way round")
	}
}

func TestCheckAppend(t *testing.T) {
	at := func(revision int64, last string) event.Record {
		e := sample()
		e.Revision, e.ID = revision, e.ID[:35]+last
		return encode(t, e)
	}
	elsewhere := sample()
	elsewhere.Stream = event.StreamOf(ledger, "another", "lesson")
	sized := func(revision int64, last string, size int) event.Record {
		e := at(revision, last).Envelope
		e.Data = json.RawMessage(`{"":""}`)
		e.Data = json.RawMessage(`{"":"` + strings.Repeat("x", size-len(encode(t, e).Bytes)) + `"}`)
		return encode(t, e)
	}
	otherBytes := at(0, "1")
	otherBytes.Bytes = at(0, "2").Bytes
	badID := at(0, "1")
	badID.Envelope.ID = strings.ToUpper(badID.Envelope.ID)
	badID.Bytes = []byte(strings.Replace(string(badID.Bytes), strings.ToLower(badID.Envelope.ID), badID.Envelope.ID, 1))
	for _, c := range []struct {
		situation string
		stream    string
		expected  int64
		records   []event.Record
		want      error
	}{
		{"one for no stream", stream, event.NoStream, []event.Record{at(0, "1")}, nil},
		{"two behind five", stream, 5, []event.Record{at(6, "1"), at(7, "2")}, nil},
		{"as large as may be", stream, event.NoStream, []event.Record{sized(0, "1", event.MaxAppend/2), sized(1, "2", event.MaxAppend/2)}, nil},
		{"too large", stream, event.NoStream, []event.Record{sized(0, "1", event.MaxAppend+1)}, event.ErrTooLarge},
		{"too large together", stream, event.NoStream, []event.Record{sized(0, "1", event.MaxAppend/2), sized(1, "2", event.MaxAppend/2+1)}, event.ErrTooLarge},
		{"nothing", stream, 5, nil, event.ErrMalformed},
		{"expected below no stream", stream, -2, []event.Record{at(0, "1")}, event.ErrMalformed},
		{"not a stream's name", "lesson", event.NoStream, []event.Record{at(0, "1")}, event.ErrMalformed},
		{"another stream's record", stream, 6, []event.Record{encode(t, elsewhere)}, event.ErrMalformed},
		{"gap before", stream, 5, []event.Record{at(7, "1")}, event.ErrMalformed},
		{"gap between", stream, 5, []event.Record{at(6, "1"), at(8, "2")}, event.ErrMalformed},
		{"revision twice", stream, 5, []event.Record{at(6, "1"), at(6, "2")}, event.ErrMalformed},
		{"id twice", stream, 5, []event.Record{at(6, "1"), at(7, "1")}, event.ErrMalformed},
		{"bytes of another event", stream, event.NoStream, []event.Record{otherBytes}, event.ErrMalformed},
		{"no bytes", stream, event.NoStream, []event.Record{{Envelope: at(0, "1").Envelope}}, event.ErrMalformed},
		{"id that is none", stream, event.NoStream, []event.Record{badID}, event.ErrMalformed},
	} {
		if err := event.CheckAppend(c.stream, c.expected, c.records); !errors.Is(err, c.want) {
			t.Errorf("%s: got %v, want %v", c.situation, err, c.want)
		}
	}
}

func TestCheckStored(t *testing.T) {
	r := encode(t, sample())
	e := r.Envelope
	if err := event.CheckStored(r, e.ID, e.Stream, e.Revision); err != nil {
		t.Errorf("its own place: %v", err)
	}
	for situation, err := range map[string]error{
		"another id":       event.CheckStored(r, "x", e.Stream, e.Revision),
		"another stream":   event.CheckStored(r, e.ID, "x", e.Revision),
		"another revision": event.CheckStored(r, e.ID, e.Stream, e.Revision+1),
	} {
		if !errors.Is(err, event.ErrDamaged) {
			t.Errorf("%s: got %v, want %v", situation, err, event.ErrDamaged)
		}
	}
}
