package duplicate_test

import (
	"encoding/json"
	"fmt"
	"testing"

	"twinledger/domain"
	"twinledger/domain/command"
	"twinledger/domain/command/commandtest"
	"twinledger/domain/duplicate"
	"twinledger/domain/event/memlog"
	"twinledger/domain/fault"
	"twinledger/domain/seal/sealtest"
)

// A ledger with two schools, in which commands are carried out.
type testLedger struct {
	*command.Handler
	t    *testing.T
	sent int
}

func newLedger(t *testing.T) *testLedger {
	return &testLedger{t: t, Handler: &command.Handler{Ledger: "k3m7q2xw5a", Log: memlog.New(), Registry: domain.Events(nil), Definitions: domain.Commands(),
		Clock: commandtest.ClockAt("2018-07-03T08:00:00.000Z"), Vault: &sealtest.Vault{}, Names: sealtest.Names{}}}
}

// send carries out a command and returns the stream and, if it was refused, the code.
func (l *testLedger) send(name, stream, occurred string, data any) (key string, events int, code string) {
	l.t.Helper()
	l.sent++
	raw, err := json.Marshal(map[string]any{"id": commandtest.ID(l.sent), "command": name, "stream": stream, "occurred": occurred, "data": data})
	if err != nil {
		l.t.Fatal(err)
	}
	req, err := command.ParseRequest(raw, l.Definitions)
	if err != nil {
		l.t.Fatal(err)
	}
	done, err := l.Handle(l.t.Context(), req)
	if f, refused := fault.As(err); refused {
		return "", 0, f.Code
	}
	if err != nil {
		l.t.Fatal(err)
	}
	return done.Stream, len(done.Events), ""
}

// must carries out a command that is not refused and returns the stream.
func (l *testLedger) must(name, stream, occurred string, data any) string {
	l.t.Helper()
	key, _, code := l.send(name, stream, occurred, data)
	if code != "" {
		l.t.Fatalf("%s was refused: %s", name, code)
	}
	return key
}

type object = map[string]any

func TestDecisions(t *testing.T) {
	type world struct{ one, other, another, undated, visit string } // records
	type step struct {
		name string
		data func(w world) object
		code string // of the refusal
		none bool   // nothing happens
	}
	decide := func(answer, stands string, records ...string) object {
		data := object{"records": records, "answer": answer}
		if stands != "" {
			data["stands"] = stands
		}
		return data
	}
	same := func(w world) object { return decide("same", w.one, w.one, w.other) }
	swapped := func(w world) object { return decide("same", w.one, w.other, w.one) }
	second := func(w world) object { return decide("same", w.other, w.one, w.other) }
	different := func(w world) object { return decide("different", "", w.one, w.other) }
	void := func(world) object { return object{"reason": "看错了"} }
	for _, tt := range []struct {
		name  string
		steps []step
	}{
		{"the same", []step{{"decide", same, "", false}}},
		{"the same again, in another order", []step{{"decide", same, "", false}, {"decide", swapped, "", true}}},
		{"another one stands", []step{{"decide", same, "", false}, {"decide", second, "", false}, {"decide", different, "", false}}},
		{"voided and decided again", []step{{"decide", same, "", false}, {"void", void, "", false}, {"decide", different, "", false}}},
		{"voided twice", []step{{"decide", same, "", false}, {"void", void, "", false}, {"void", void, "duplicate.undecided", false}}},
		{"voided without a reason", []step{{"decide", same, "", false}, {"void", func(world) object { return object{"reason": " "} }, "record.no-reason", false}}},
		{"another event voided", []step{{"decide", same, "", false},
			{"void", func(world) object { return object{"reason": "x", "target": commandtest.ID(1)} }, "duplicate.wrong-target", false}}},
		{"the same, and nobody says which stands", []step{{"decide", func(w world) object { return decide("same", "", w.one, w.other) }, "duplicate.bad-answer", false}}},
		{"a third one stands", []step{{"decide", func(w world) object { return decide("same", w.another, w.one, w.other) }, "duplicate.bad-answer", false}}},
		{"different, and one stands", []step{{"decide", func(w world) object { return decide("different", w.one, w.one, w.other) }, "duplicate.bad-answer", false}}},
		{"neither", []step{{"decide", func(w world) object { return decide("perhaps", "", w.one, w.other) }, "duplicate.bad-answer", false}}},
		{"one record", []step{{"decide", func(w world) object { return decide("different", "", w.one) }, "duplicate.bad-pair", false}}},
		{"three records", []step{{"decide", func(w world) object { return decide("different", "", w.one, w.other, w.another) }, "duplicate.bad-pair", false}}},
		{"a record and itself", []step{{"decide", func(w world) object { return decide("different", "", w.one, w.one) }, "duplicate.bad-pair", false}}},
		{"two kinds", []step{{"decide", func(w world) object { return decide("different", "", w.one, w.visit) }, "duplicate.bad-pair", false}}},
		{"schools", []step{{"decide", func(world) object { return decide("different", "", schoolOf(1), schoolOf(2)) }, "command.unknown-reference", false}}},
		{"another day", []step{{"decide", func(w world) object { return decide("different", "", w.one, w.another) }, "duplicate.not-alike", false}}},
		{"no day", []step{{"decide", func(w world) object { return decide("different", "", w.one, w.undated) }, "duplicate.not-counted", false}}},
		{"no such record", []step{{"decide", func(w world) object { return decide("different", "", w.one, key("lesson", 1)) }, "command.unknown-reference", false}}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			l := newLedger(t)
			district := l.must("district.register", "", "", object{"name": "某县"})
			core := l.must("school.note", "", "", object{"district": district, "name": "明德小学"})
			member := l.must("school.note", "", "", object{"district": district, "name": "张湾小学"})
			typo := l.must("school.note", "", "", object{"district": district, "name": "张弯小学"})
			l.must("school.identify", typo, "", object{"as": member})
			report := func(kind, code, occurred, receiver string) string {
				return l.must(kind+".report", "", occurred, object{"district": district, "kinds": []string{code},
					"from": []object{{"school": core}}, "to": []object{{"school": receiver}}})
			}
			w := world{one: report("lesson", "demo_lesson", "day:2018-05-09", member), other: report("lesson", "outreach_lesson", "day:2018-05-09", typo),
				another: report("lesson", "demo_lesson", "day:2018-05-10", member), undated: report("lesson", "demo_lesson", "unknown", member),
				visit: report("visit", "visit", "day:2018-05-09", member)}
			stream := duplicate.Key(l.Ledger, duplicate.PairOf(w.one, w.other))
			for i, s := range tt.steps {
				to := ""
				if s.name == "void" {
					to = stream
				}
				got, events, code := l.send("duplicate."+s.name, to, "day:2018-07-03", s.data(w))
				if code != s.code || code == "" && (events == 0) != s.none || code == "" && got != stream {
					t.Errorf("step %d: %d events of %s, refused with %q; want %+v of %s", i, events, got, code, s, stream)
				}
			}
		})
	}
}

func schoolOf(n int) string { return fmt.Sprintf("school-00000000-0000-0000-0000-%012d", n) }

// TestAVoidRecordIsNotDecidedAbout: it counts nowhere anyway.
func TestAVoidRecordIsNotDecidedAbout(t *testing.T) {
	l := newLedger(t)
	district := l.must("district.register", "", "", object{"name": "某县"})
	core := l.must("school.note", "", "", object{"district": district, "name": "明德小学"})
	var lessons []string
	for range 2 {
		lessons = append(lessons, l.must("lesson.report", "", "day:2018-05-09", object{"district": district, "kinds": []string{"demo_lesson"},
			"from": []object{{"school": core}}}))
	}
	l.must("lesson.void", lessons[0], "", object{"reason": "多报"})
	if _, _, code := l.send("duplicate.decide", "", "", object{"records": lessons, "answer": "different"}); code != "command.void-reference" {
		t.Errorf("refused with %q", code)
	}
}
