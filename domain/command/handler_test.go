package command_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"twinledger/domain/command"
	"twinledger/domain/command/commandtest"
	"twinledger/domain/event"
	"twinledger/domain/lesson"
	"twinledger/domain/org"
	"twinledger/domain/record"
	"twinledger/domain/seal"
)

func TestWhatIsStored(t *testing.T) {
	d := newDesk(t)
	req := reporting(2)
	req.Unit, req.Cause, req.Correlation = "school-1", "cause-1", "work-1"
	done := d.must(t, req)
	if want := event.StreamKey(event.StreamOf(ledger, req.ID, "lesson")); done.Stream != want || done.Repeated || done.Token == "" {
		t.Errorf("outcome %+v, want the new stream %s and a token", done, want)
	}
	e := done.Events[0].Envelope
	if len(e.Digest) != 64 {
		t.Errorf("the digest is %q, want 64 hex digits", e.Digest)
	}
	e.Digest, e.Data = "", nil
	want := event.Envelope{ID: event.IDOf(ledger, req.ID, event.StreamName(ledger, done.Stream), 0), Stream: event.StreamName(ledger, done.Stream),
		Type: "lesson.reported", Version: 2, Occurred: "day:2018-04-18", Recorded: event.InstantOf(d.clock.Now()), Actor: "clerk",
		Unit: "school-1", Command: req.ID, Cause: "cause-1", Correlation: "work-1"}
	if diff := cmp.Diff(want, e); diff != "" {
		t.Errorf("envelope (-want +got):\n%s", diff)
	}
}

func TestRefusals(t *testing.T) {
	d := newDesk(t)
	stream := d.must(t, reporting(2)).Stream
	stranger := "school-0198c000-0000-7000-8000-000000000099"
	with := func(alter func(*command.Request)) command.Request {
		req := reporting(9)
		alter(&req)
		return req
	}
	tests := []struct {
		name string
		req  command.Request
		want error
	}{
		{"a command that is not there", with(func(r *command.Request) { r.Name = "lesson.praise" }), command.ErrUnknownCommand},
		{"an id that is no UUID", with(func(r *command.Request) { r.ID = "7" }), command.ErrBadID},
		{"no id", with(func(r *command.Request) { r.ID = "" }), command.ErrBadID},
		{"a date that is none", with(func(r *command.Request) { r.Occurred = "2018-04-18" }), &errCode{"calendar.bad-occurred"}},
		{"a correction of no record", correcting(9, ""), command.ErrNoStream},
		{"a correction of a record that is not there", correcting(9, "lesson-0198c000-0000-7000-8000-000000000099"), command.ErrNoStream},
		{"a correction of another kind of record", correcting(9, "visit-"+commandtest.ID(2)), command.ErrWrongStream},
		{"a correction of what is no key", correcting(9, "lesson-2"), command.ErrWrongStream},
		{"a report into a stream of another kind", with(func(r *command.Request) { r.Stream = "visit-" + commandtest.ID(2) }), command.ErrWrongStream},
		{"a school that is not in the ledger", reporting(9, func(f *lesson.Facts) { f.From = []record.Unit{{School: stranger}} }), command.ErrUnknownReference},
		{"a person who is not in the ledger", reporting(9, func(f *lesson.Facts) { f.People = []string{person} }), command.ErrUnknownReference},
		{"what the decider refuses", with(func(r *command.Request) { r.Stream = stream }), &errCode{"lesson.already-reported"}},
	}
	before := len(d.records(t))
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := d.Handle(t.Context(), tt.req)
			if code, ok := tt.want.(*errCode); ok {
				code.check(t, err)
				return
			}
			commandtest.Refused(t, err, tt.want)
		})
	}
	if after := len(d.records(t)); after != before {
		t.Errorf("%d records were stored by refused commands", after-before)
	}
}

func TestTheSameCommandAgain(t *testing.T) {
	d := newDesk(t)
	first := d.must(t, reporting(2))
	d.must(t, correcting(3, first.Stream))
	d.clock.Move(time.Hour)
	again := d.must(t, reporting(2))
	if !again.Repeated || again.Stream != first.Stream {
		t.Errorf("repeated: %+v", again)
	}
	if diff := cmp.Diff(first.Events, again.Events); diff != "" {
		t.Errorf("answered (-first +again):\n%s", diff)
	}
	for name, req := range map[string]command.Request{
		"another body":      reporting(2, title("别的活动")),
		"another date":      func() command.Request { r := reporting(2); r.Occurred = "day:2018-04-19"; return r }(),
		"on other's behalf": func() command.Request { r := reporting(2); r.Unit = "school-1"; return r }(),
	} {
		t.Run(name, func(t *testing.T) {
			_, err := d.Handle(t.Context(), req)
			commandtest.Refused(t, err, command.ErrReused)
		})
	}
}

// by returns the request as another actor sends it.
func by(actor string, req command.Request) command.Request {
	req.Actor = actor
	return req
}

// TestAnIDServesOneActor: whoever sends an id that somebody else used learns that,
// and not that it was carried out; only an id that the program derived is anybody's.
func TestAnIDServesOneActor(t *testing.T) {
	derived := reporting(2)
	derived.Derived = true
	told := reporting(2)
	told.Same = "the row that it was read from"
	tests := []struct {
		name string
		req  command.Request
		want error
	}{
		{"a client's id", reporting(2), command.ErrReused},
		{"an id that follows from what is done", derived, nil},
		{"an id of an import", told, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			d := newDesk(t)
			d.Issued = command.NewIssuedIDs()
			d.must(t, tt.req)
			before := len(d.records(t))
			again, err := d.Handle(t.Context(), by("another clerk", tt.req))
			if !commandtest.Refused(t, err, tt.want) && (!again.Repeated || again.Events[0].Actor != "clerk") {
				t.Errorf("repeated: %+v", again)
			}
			if again := d.must(t, tt.req); !again.Repeated || len(d.records(t)) != before {
				t.Errorf("sent again by the first: %+v, %d new records", again, len(d.records(t))-before)
			}
		})
	}
}

// TestAnIDServesOneActorAtOnce: the log takes what has the ids of stored events
// for a repetition, so that the slower of two must look at what it is answered.
func TestAnIDServesOneActorAtOnce(t *testing.T) {
	for name, slower := range map[string]command.Request{"another actor": by("another clerk", reporting(2)), "another content": reporting(2, title("别的活动"))} {
		t.Run(name, func(t *testing.T) {
			d := newDesk(t)
			faster := *d.Handler
			d.Log = &faultyLog{Log: d.log, append: func(_ int, store func() (event.Appended, error)) (event.Appended, error) {
				if _, err := faster.Handle(t.Context(), reporting(2)); err != nil {
					t.Error(err)
				}
				return store()
			}}
			done, err := d.Handle(t.Context(), slower)
			commandtest.Refused(t, err, command.ErrReused)
			if len(done.Events) != 0 {
				t.Errorf("answered with what another did: %+v", done)
			}
		})
	}
}

func TestNothingToDo(t *testing.T) {
	d := newDesk(t)
	school := d.must(t, command.Request{ID: commandtest.ID(2), Name: "school.note", Body: record.Report[org.School]{Facts: org.School{District: district, Name: "二小"}}}).Stream
	before := len(d.records(t))
	done := d.must(t, command.Request{ID: commandtest.ID(3), Name: "school.describe", Stream: school, Body: org.Described{}})
	if len(done.Events) != 0 || done.Stream != school || len(d.records(t)) != before {
		t.Errorf("outcome %+v and %d new records, want nothing", done, len(d.records(t))-before)
	}
}

func TestClock(t *testing.T) {
	tests := []struct {
		name string
		lag  time.Duration
		want error
	}{
		{"ahead", -time.Hour, nil},
		{"five minutes behind", command.MaxClockLag, nil},
		{"a little more behind", command.MaxClockLag + time.Millisecond, command.ErrClockBehind},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			d := newDesk(t)
			d.clock.Move(-tt.lag)
			_, err := d.Handle(t.Context(), reporting(2))
			commandtest.Refused(t, err, tt.want)
		})
	}
}

func TestNothingSecretIsStoredInClear(t *testing.T) {
	d := newDesk(t)
	done := d.must(t, reporting(2, title("李老师示范课"), remark("原文为三十多名"),
		func(f *lesson.Facts) { f.Evidence = []seal.Text{{Clear: "李老师照片"}, {Clear: "签到表"}} }))
	d.must(t, func() command.Request {
		r := correcting(3, done.Stream)
		c := r.Body.(record.Correct[lesson.Facts])
		c.Reason.Clear = "李老师来电"
		r.Body = c
		return r
	}())
	stored := ""
	for _, r := range d.records(t) {
		stored += string(r.Bytes)
	}
	for _, secret := range []string{"李老师", "三十多名", "来电"} {
		if strings.Contains(stored, secret) {
			t.Errorf("%q is stored in clear", secret)
		}
	}
	if !strings.Contains(stored, "签到表") {
		t.Error("a text that names nobody is sealed; registers could not show it")
	}
	facts := done.Events[0].Fact.(record.Reported[lesson.Facts]).Facts
	if diff := cmp.Diff([]string{person}, facts.Title.Sealed.Keys); diff != "" {
		t.Errorf("keys of the title (-want +got):\n%s", diff)
	}
	desk := "source-" + event.UUIDv5(ledger, "source", "desk").String()
	if diff := cmp.Diff([]string{desk}, facts.Remark.Sealed.Keys); diff != "" {
		t.Errorf("keys of the remark (-want +got):\n%s", diff)
	}
	text, err := d.vault.Open(t.Context(), *facts.Remark.Sealed, seal.Place(done.Stream, "remark"))
	if err != nil || text != "原文为三十多名" {
		t.Errorf("the remark opens to %q, %v", text, err)
	}
}

func TestANameWhereOnlyClearTextMayStand(t *testing.T) {
	d := newDesk(t)
	_, err := d.Handle(t.Context(), reporting(2, func(f *lesson.Facts) { f.Subjects = []record.Word{{Text: "语文（李老师）"}} }))
	commandtest.Refused(t, err, record.ErrNameInClear)
}

// A faultyLog lets a test stand between the handler and its log.
type faultyLog struct {
	command.Log
	loads   int
	appends [][]event.Record
	append  func(try int, store func() (event.Appended, error)) (event.Appended, error)
}

func (l *faultyLog) Append(ctx context.Context, stream string, expected int64, records ...event.Record) (event.Appended, error) {
	l.appends = append(l.appends, records)
	return l.append(len(l.appends), func() (event.Appended, error) { return l.Log.Append(ctx, stream, expected, records...) })
}

func (l *faultyLog) Last(ctx context.Context) (event.Record, event.Token, bool, error) {
	l.loads++ // once for every load of the stream
	return l.Log.Last(ctx)
}

var errWire = errors.New("connection lost")

func TestAmbiguousAppendIsSentAgainUnchanged(t *testing.T) {
	tests := []struct {
		name   string
		append func(try int, store func() (event.Appended, error)) (event.Appended, error)
	}{
		{"stored, but the answer was lost", func(try int, store func() (event.Appended, error)) (event.Appended, error) {
			stored, err := store()
			if try == 1 && err == nil {
				return event.Appended{}, errWire
			}
			return stored, err
		}},
		{"lost twice before it was stored", func(try int, store func() (event.Appended, error)) (event.Appended, error) {
			if try <= 2 {
				return event.Appended{}, errWire
			}
			return store()
		}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			d := newDesk(t)
			log := &faultyLog{Log: d.log, append: tt.append}
			d.Log = log
			before := len(d.records(t))
			done := d.must(t, reporting(2, remark("备注")))
			if len(done.Events) != 1 || len(d.records(t)) != before+1 {
				t.Errorf("%d events answered, %d stored, want 1 and 1", len(done.Events), len(d.records(t))-before)
			}
			if log.loads != 1 {
				t.Errorf("the stream was loaded %d times, want once", log.loads)
			}
			for _, sent := range log.appends[1:] {
				if diff := cmp.Diff(log.appends[0], sent); diff != "" {
					t.Errorf("sent again changed:\n%s", diff)
				}
			}
		})
	}
}

func TestPatienceEnds(t *testing.T) {
	d := newDesk(t)
	d.Patience = 30 * time.Millisecond
	d.Log = &faultyLog{Log: d.log, append: func(int, func() (event.Appended, error)) (event.Appended, error) { return event.Appended{}, errWire }}
	_, err := d.Handle(t.Context(), reporting(2))
	if !errors.Is(err, errWire) {
		t.Errorf("gave up with %v, want the log's own error", err)
	}
	d.Log = d.log
	if done := d.must(t, reporting(2)); done.Repeated {
		t.Error("what was never stored counts as repeated")
	}
}

func TestConflictIsDecidedAnew(t *testing.T) {
	d := newDesk(t)
	stream := d.must(t, reporting(2)).Stream
	log := &faultyLog{Log: d.log, append: func(try int, store func() (event.Appended, error)) (event.Appended, error) {
		if try == 1 { // somebody else is faster
			faster := *d.Handler
			faster.Log = d.log
			if _, err := faster.Handle(t.Context(), correcting(3, stream)); err != nil {
				t.Error(err)
			}
		}
		return store()
	}}
	slower := *d.Handler
	slower.Log = log
	done, err := slower.Handle(t.Context(), correcting(4, stream))
	if err != nil {
		t.Fatal(err)
	}
	if log.loads != 2 || done.Events[0].Revision != 2 {
		t.Errorf("loaded %d times and stored as revision %d, want 2 and 2", log.loads, done.Events[0].Revision)
	}
}

func TestConflictWithoutEnd(t *testing.T) {
	d := newDesk(t)
	d.Log = &faultyLog{Log: d.log, append: func(int, func() (event.Appended, error)) (event.Appended, error) {
		return event.Appended{}, event.ErrConflict
	}}
	_, err := d.Handle(t.Context(), reporting(2))
	commandtest.Refused(t, err, command.ErrBusy)
}

// TestOneCommandSentByMany stores it once, whoever comes first.
func TestOneCommandSentByMany(t *testing.T) {
	d := newDesk(t)
	const senders = 8
	errs := make(chan error, senders)
	for range senders {
		go func() {
			_, err := d.Handle(context.Background(), reporting(2, remark("备注")))
			errs <- err
		}()
	}
	for range senders {
		if err := <-errs; err != nil {
			t.Error(err)
		}
	}
	if got := len(d.records(t)); got != 2 {
		t.Errorf("%d records are stored, want the district and one lesson", got)
	}
}
