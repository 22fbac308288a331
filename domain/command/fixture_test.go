package command_test

import (
	"testing"

	"twinledger/domain"
	"twinledger/domain/command"
	"twinledger/domain/command/commandtest"
	"twinledger/domain/event"
	"twinledger/domain/event/memlog"
	"twinledger/domain/lesson"
	"twinledger/domain/org"
	"twinledger/domain/record"
	"twinledger/domain/seal"
	"twinledger/domain/seal/sealtest"
)

const (
	ledger = "k3m7q2xw5a"
	person = "person-0198c000-0000-8000-8000-000000000031"
)

var district = org.DistrictKey(ledger, "清涧县")

// A desk is a handler over a log in memory, with the district registered.
type desk struct {
	*command.Handler
	log   *memlog.Log
	clock *commandtest.Clock
	vault *sealtest.Vault
}

func newDesk(t *testing.T) *desk {
	t.Helper()
	d := &desk{log: memlog.New(), clock: commandtest.ClockAt("2018-07-03T08:00:00.000Z"), vault: &sealtest.Vault{}}
	d.Handler = &command.Handler{Ledger: ledger, Log: d.log, Registry: domain.Events(nil), Definitions: domain.Commands(),
		Clock: d.clock, Vault: d.vault, Names: sealtest.Names{"李老师": person}}
	d.must(t, command.Request{ID: commandtest.ID(1), Name: "district.register", Body: record.Report[org.District]{Facts: org.District{Name: "清涧县"}}})
	return d
}

func (d *desk) must(t *testing.T, req command.Request) command.Outcome {
	t.Helper()
	done, err := d.Handle(t.Context(), req)
	if err != nil {
		t.Fatalf("%s: %v", req.Name, err)
	}
	return done
}

// records returns all that the log holds.
func (d *desk) records(t *testing.T) []event.Record {
	t.Helper()
	page, err := d.log.Page(t.Context(), event.Position{}, 1000)
	if err != nil {
		t.Fatal(err)
	}
	return page.Records
}

// reporting asks to report a lesson, under the n-th id, altered.
func reporting(n int, alter ...func(*lesson.Facts)) command.Request {
	f := lesson.Facts{Facts: record.Facts{District: district, Kinds: []record.Kind{"demo_lesson"}, Title: seal.Text{Clear: "送课活动"}}}
	for _, a := range alter {
		a(&f)
	}
	return command.Request{ID: commandtest.ID(n), Name: "lesson.report", Occurred: "day:2018-04-18", Actor: "clerk", Body: record.Report[lesson.Facts]{Facts: f}}
}

func title(text string) func(*lesson.Facts)  { return func(f *lesson.Facts) { f.Title.Clear = text } }
func remark(text string) func(*lesson.Facts) { return func(f *lesson.Facts) { f.Remark.Clear = text } }

// correcting asks to correct the lesson in stream.
func correcting(n int, stream string) command.Request {
	f := reporting(n).Body.(record.Report[lesson.Facts]).Facts
	return command.Request{ID: commandtest.ID(n), Name: "lesson.correct", Stream: stream,
		Body: record.Correct[lesson.Facts]{Reason: seal.Text{Clear: "写错"}, Facts: f}}
}
