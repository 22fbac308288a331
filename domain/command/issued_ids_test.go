package command_test

import (
	"sync"
	"testing"
	"time"

	"twinledger/domain/command"
	"twinledger/domain/command/commandtest"
	"twinledger/domain/event"
	"twinledger/domain/lesson"
	"twinledger/domain/org"
	"twinledger/domain/record"
	"twinledger/domain/seal"
)

// noting asks to note a school, under the n-th id: its stream follows from its
// name.
func noting(n int, name string) command.Request {
	return command.Request{ID: commandtest.ID(n), Name: "school.note", Body: record.Report[org.School]{Facts: org.School{District: district, Name: name}}}
}

func TestAnIDServesOneStream(t *testing.T) {
	tests := map[string]func(*testing.T, *desk){
		"used since the start":  func(t *testing.T, d *desk) { d.Issued = command.NewIssuedIDs(); d.must(t, noting(2, "丁小学")) },
		"used before the start": func(t *testing.T, d *desk) { d.must(t, noting(2, "丁小学")); d.Issued = issuedIn(t, d) },
	}
	for name, prepare := range tests {
		t.Run(name, func(t *testing.T) {
			d := newDesk(t)
			prepare(t, d)
			before := len(d.records(t))
			_, err := d.Handle(t.Context(), noting(2, "戊小学"))
			commandtest.Refused(t, err, command.ErrReused)
			_, err = d.Handle(t.Context(), reporting(2))
			commandtest.Refused(t, err, command.ErrReused)
			if after := len(d.records(t)); after != before {
				t.Errorf("%d records were stored", after-before)
			}
			if again := d.must(t, noting(2, "丁小学")); !again.Repeated {
				t.Error("the same command again is not known as repeated")
			}
			d.must(t, noting(3, "戊小学"))
		})
	}
}

func issuedIn(t *testing.T, d *desk) *command.IssuedIDs {
	t.Helper()
	issued := command.NewIssuedIDs()
	err := event.Walk(t.Context(), d.log, func(r event.Record) error {
		issued.Learn(r.Envelope)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return issued
}

// TestARefusedIDIsFree: whoever put a refused command right may send it under
// the same id.
func TestARefusedIDIsFree(t *testing.T) {
	d := newDesk(t)
	d.Issued = command.NewIssuedIDs()
	_, err := d.Handle(t.Context(), noting(2, ""))
	commandtest.Refused(t, err, org.ErrNoName)
	d.must(t, noting(2, "丁小学"))
}

// TestAnUndecidedIDIsNotFree: nobody knows whether it was stored.
func TestAnUndecidedIDIsNotFree(t *testing.T) {
	d := newDesk(t)
	d.Issued, d.Patience = command.NewIssuedIDs(), time.Millisecond
	d.Log = &faultyLog{Log: d.log, append: func(_ int, store func() (event.Appended, error)) (event.Appended, error) {
		_, err := store()
		if err == nil {
			err = errWire
		}
		return event.Appended{}, err
	}}
	if _, err := d.Handle(t.Context(), noting(2, "丁小学")); err == nil {
		t.Fatal("the answer was lost, yet the command was answered")
	}
	d.Log = d.log
	_, err := d.Handle(t.Context(), noting(2, "戊小学"))
	commandtest.Refused(t, err, command.ErrReused)
	d.must(t, noting(2, "丁小学"))
}

func TestIssuedIsSafeForConcurrentUse(t *testing.T) {
	d := newDesk(t)
	d.Issued = command.NewIssuedIDs()
	var all sync.WaitGroup
	for n := range 8 {
		all.Go(func() {
			if _, err := d.Handle(t.Context(), reporting(n+2)); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	d.Issued.Learn(event.Envelope{Command: "no id", Stream: "s"}) // without effect
}

// TestWhatIsVoidIsNotReferredTo voids a school; what named it before stays.
func TestWhatIsVoidIsNotReferredTo(t *testing.T) {
	d := newDesk(t)
	school := d.must(t, noting(2, "丁小学")).Stream
	described := command.Request{ID: commandtest.ID(3), Name: "school.describe", Stream: school, Body: org.Described{Stage: "小学"}}
	d.must(t, described)
	from := func(n int) command.Request {
		req := reporting(n)
		body := req.Body.(record.Report[lesson.Facts])
		body.Facts.From = []record.Unit{{School: school}}
		req.Body = body
		return req
	}
	reported := d.must(t, from(4)).Stream
	d.must(t, command.Request{ID: commandtest.ID(5), Name: "school.void", Stream: school, Body: record.Withdraw[org.School]{Reason: seal.Text{Clear: "重复"}}})
	_, err := d.Handle(t.Context(), from(6))
	commandtest.Refused(t, err, command.ErrVoidReference)
	d.must(t, command.Request{ID: commandtest.ID(7), Name: "lesson.void", Stream: reported, Body: record.Withdraw[lesson.Facts]{Reason: seal.Text{Clear: "学校有误"}}})
}
