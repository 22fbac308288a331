package bigledger_test

import (
	"bytes"
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"twinledger/adapters/sqlitelog"
	"twinledger/cmd/twinledger/internal/bigledger"
	"twinledger/cmd/twinledger/internal/county"
	"twinledger/domain"
	"twinledger/domain/calendar"
	"twinledger/domain/command"
	"twinledger/domain/command/commandtest"
	"twinledger/domain/event"
	"twinledger/domain/event/memlog"
	"twinledger/domain/org"
	"twinledger/domain/programme"
	"twinledger/domain/record"
	"twinledger/domain/seal/sealtest"
)

const (
	ledger  = "k3m7q2xw5a"
	counted = "2018-07-03T08:00:00.000Z" // when the county is recorded
	until   = "2018-07-03T09:00:00.000Z" // when the last copy is
)

// plan is a programme as small as can be.
var plan = county.Plan{File: "format: 1\n", Programme: programme.Programme{
	Format: programme.Format, Code: "sample", Title: programme.Words{ZH: "样例方案", EN: "A sample"}, Source: "样例",
	Obligations: []programme.Obligation{{ID: "sample-1", Text: programme.Words{ZH: "每学期送课", EN: "outreach"}, Section: "一", Strength: programme.Hard,
		Count: programme.Count{AtLeast: 1, Kinds: []record.Kind{"outreach_lesson"}, Per: programme.PerCommunity, Window: programme.Term}}},
}}

// desk returns a handler that writes to a log at a moment.
func desk(log event.Log, moment string) *command.Handler {
	return &command.Handler{Ledger: ledger, Log: log, Registry: domain.Events(nil), Definitions: domain.Commands(),
		Clock: commandtest.ClockAt(moment), Vault: &sealtest.Vault{}, Names: sealtest.Names{}}
}

// smallCounty returns a ledger of twelve schools and two terms.
func smallCounty(t *testing.T) *memlog.Log {
	t.Helper()
	log := memlog.New()
	d := desk(log, counted)
	s := county.Settings{District: "样例县", Schools: 12, Terms: 2, Seed: 1, From: calendar.Term{Year: "2016-2017", Number: 1}}
	opened, err := d.Handle(t.Context(), command.Request{ID: commandtest.ID(1), Name: "district.register",
		Body: record.Report[org.District]{Facts: org.District{Name: s.District}}})
	if err != nil {
		t.Fatal(err)
	}
	for order := range county.Orders(s, county.Site{Ledger: ledger, District: opened.Stream, Vault: d.Vault}, plan) {
		send(t, d, order)
	}
	return log
}

func send(t *testing.T, d *command.Handler, order county.Order) {
	t.Helper()
	raw, err := event.Marshal(map[string]any{"id": order.ID, "command": order.Command, "stream": order.Stream,
		"occurred": order.Occurred, "unit": order.Unit, "data": order.Data})
	if err != nil {
		t.Fatal(err)
	}
	req, err := command.ParseRequest(raw, d.Definitions)
	if err == nil {
		_, err = d.Handle(t.Context(), req)
	}
	if err != nil {
		t.Fatalf("order %d: %v", order.Number, err)
	}
}

func settings(events int, seed uint64) bigledger.Settings {
	end, err := event.ParseInstant(until)
	if err != nil {
		panic(err)
	}
	return bigledger.Settings{Events: events, Seed: seed, Until: end.Time}
}

// big makes a big ledger of a county and returns its path.
func big(t *testing.T, from event.Feed, s bigledger.Settings) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "ledger.sqlite")
	told := 0
	if err := bigledger.Write(t.Context(), from, path, s, func(done int) { told = done }); err != nil {
		t.Fatal(err)
	}
	if told != s.Events {
		t.Errorf("the last progress was %d", told)
	}
	return path
}

// open opens a big ledger as the program does.
func open(t *testing.T, path string) *sqlitelog.Log {
	t.Helper()
	log, err := sqlitelog.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := log.Close(); err != nil {
			t.Error(err)
		}
	})
	return log
}

// records reads a log from beginning to end.
func records(t *testing.T, log event.Feed) []event.Record {
	t.Helper()
	var out []event.Record
	err := event.Walk(t.Context(), log, func(r event.Record) error {
		out = append(out, r)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func TestABigLedgerIsOne(t *testing.T) {
	const events = 8000
	small := smallCounty(t)
	log := open(t, big(t, small, settings(events, 1)))
	first, all := records(t, small), records(t, log)
	if len(all) != events {
		t.Fatalf("%d records", len(all))
	}
	t.Run("the county's own records come first", func(t *testing.T) {
		for i, r := range first {
			if !bytes.Equal(r.Bytes, all[i].Bytes) {
				t.Fatalf("record %d is\n%s\nwant\n%s", i+1, all[i].Bytes, r.Bytes)
			}
		}
	})
	t.Run("every record is as it is encoded, and is read", func(t *testing.T) { everyRecordReads(t, all) })
	t.Run("ids, revisions and instants", func(t *testing.T) { inOrder(t, all) })
	t.Run("what a record names came before it", func(t *testing.T) { namesWhatIsThere(t, all) })
	t.Run("no two schools or communities have the same name", func(t *testing.T) { nobodySharesAName(t, all) })
	t.Run("of every type as many as in the county", func(t *testing.T) { sameMix(t, first, all) })
	t.Run("what is the district's is there once", func(t *testing.T) { districtOnce(t, all) })
	t.Run("more can be written", func(t *testing.T) {
		_, err := desk(log, until).Handle(t.Context(), command.Request{ID: commandtest.ID(2), Name: "school.note",
			Body: record.Report[org.School]{Facts: org.School{District: all[0].Envelope.Key(), Name: "另一所小学"}}})
		if err != nil {
			t.Error(err)
		}
	})
}

func everyRecordReads(t *testing.T, all []event.Record) {
	registry := domain.Events(nil)
	for _, r := range all {
		if _, err := registry.Decode(r.Envelope); err != nil {
			t.Fatalf("%v\n%s", err, r.Bytes)
		}
		again, err := event.Encode(r.Envelope)
		if err != nil || !bytes.Equal(again.Bytes, r.Bytes) {
			t.Fatalf("encoded again (%v):\n%s\nwant\n%s", err, again.Bytes, r.Bytes)
		}
	}
}

func inOrder(t *testing.T, all []event.Record) {
	ids, commands, next := map[string]bool{}, map[string]bool{}, map[string]int64{}
	var last event.Instant
	for _, r := range all {
		e := r.Envelope
		if ids[e.ID] || commands[e.Command] || e.Revision != next[e.Stream] || e.Recorded.Before(last.Time) {
			t.Fatalf("%s: id or command again, revision not %d, or recorded before %s", r.Bytes, next[e.Stream], last)
		}
		ids[e.ID], commands[e.Command], last = true, true, e.Recorded
		next[e.Stream]++
	}
	if last.String() != until {
		t.Errorf("the last record is recorded at %s, want %s", last, until)
	}
}

// key finds what must be there before somebody names it. An exchange takes its
// place before it begins.
var key = regexp.MustCompile(`"(?:school|community|person|pairing|inspection|lesson|filing|district)-[0-9a-f-]{36}"`)

func namesWhatIsThere(t *testing.T, all []event.Record) {
	there := map[string]bool{}
	for _, r := range all {
		there[`"`+r.Envelope.Key()+`"`] = true
		for _, named := range key.FindAll(r.Bytes, -1) {
			if !there[string(named)] {
				t.Fatalf("%s is not there yet:\n%s", named, r.Bytes)
			}
		}
	}
}

var name = regexp.MustCompile(`"name":"([^"]+)"`)

func nobodySharesAName(t *testing.T, all []event.Record) {
	taken := map[string]bool{}
	for _, r := range all {
		switch r.Envelope.Type {
		case "school.noted", "school.renamed", "community.noted":
			found := name.FindSubmatch(r.Bytes)
			if found == nil || taken[string(found[1])] {
				t.Fatalf("no name, or one that is taken: %s", r.Bytes)
			}
			taken[string(found[1])] = true
		}
	}
}

func sameMix(t *testing.T, county, all []event.Record) {
	share := func(of []event.Record) map[string]float64 {
		out := map[string]float64{}
		for _, r := range of {
			out[r.Envelope.Type] += 100 / float64(len(of))
		}
		return out
	}
	want, got := share(county), share(all)
	for kind := range want {
		if d := got[kind] - want[kind]; d < -1 || d > 1 {
			t.Errorf("%s: %.1f per cent, want %.1f", kind, got[kind], want[kind])
		}
	}
}

func districtOnce(t *testing.T, all []event.Record) {
	streams := map[string]map[string]bool{}
	for _, r := range all {
		kind := r.Envelope.Kind()
		if streams[kind] == nil {
			streams[kind] = map[string]bool{}
		}
		streams[kind][r.Envelope.Stream] = true
	}
	got := map[string]int{}
	for _, kind := range []string{"district", "calendar", "programme"} {
		got[kind] = len(streams[kind])
	}
	if d := cmp.Diff(map[string]int{"district": 1, "calendar": 1, "programme": 1}, got); d != "" {
		t.Errorf("streams (-want +got):\n%s", d)
	}
}

func TestTheSameSettingsGiveTheSameLedger(t *testing.T) {
	small := smallCounty(t)
	end := func(s bigledger.Settings) string {
		page, err := open(t, big(t, small, s)).Page(t.Context(), event.Position{}, s.Events)
		if err != nil || len(page.Records) != s.Events {
			t.Fatalf("%d records, %v", len(page.Records), err)
		}
		return page.After.String()
	}
	one, same, other := end(settings(3000, 1)), end(settings(3000, 1)), end(settings(3000, 2))
	if one != same {
		t.Errorf("the same settings give %s and %s", one, same)
	}
	if one == other {
		t.Error("another seed gives the same ledger")
	}
}

func TestAnEarlyEndStopsTheClock(t *testing.T) {
	s := settings(3000, 1)
	s.Until = time.Time{}
	all := records(t, open(t, big(t, smallCounty(t), s)))
	if got := all[len(all)-1].Envelope.Recorded.String(); got != counted {
		t.Errorf("the last record is recorded at %s, want %s", got, counted)
	}
}

func TestWriteRefuses(t *testing.T) {
	small := smallCounty(t)
	unheard := func(int) {}
	t.Run("fewer events than the county has", func(t *testing.T) {
		path := filepath.Join(t.TempDir(), "ledger.sqlite")
		if err := bigledger.Write(t.Context(), small, path, settings(100, 1), unheard); !errors.Is(err, bigledger.ErrTooFew) {
			t.Errorf("error %v", err)
		}
	})
	t.Run("a ledger of nothing", func(t *testing.T) {
		path := filepath.Join(t.TempDir(), "ledger.sqlite")
		if err := bigledger.Write(t.Context(), memlog.New(), path, settings(100, 1), unheard); !errors.Is(err, bigledger.ErrNothingToCopy) {
			t.Errorf("error %v", err)
		}
	})
	t.Run("a file that exists", func(t *testing.T) {
		path := filepath.Join(t.TempDir(), "ledger.sqlite")
		if err := os.WriteFile(path, []byte("mine"), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := bigledger.Write(t.Context(), small, path, settings(3000, 1), unheard); !errors.Is(err, sqlitelog.ErrExists) {
			t.Errorf("error %v", err)
		}
		if content, err := os.ReadFile(path); err != nil || string(content) != "mine" {
			t.Errorf("the file holds %q, %v", content, err)
		}
	})
	t.Run("to go on when it is broken off", func(t *testing.T) {
		path := filepath.Join(t.TempDir(), "ledger.sqlite")
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		err := bigledger.Write(ctx, small, path, settings(100_000, 1), func(int) { cancel() })
		if !errors.Is(err, context.Canceled) {
			t.Errorf("error %v", err)
		}
		if _, err := os.Stat(path); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("the unfinished file: %v", err)
		}
	})
}
