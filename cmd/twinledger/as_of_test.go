package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"twinledger/adapters/readmodel"
	"twinledger/domain"
	"twinledger/domain/calendar"
	"twinledger/domain/command"
	"twinledger/domain/command/commandtest"
	"twinledger/domain/event"
	"twinledger/domain/event/memlog"
	"twinledger/domain/record"
	"twinledger/domain/seal/sealtest"
	"twinledger/projections"
	"twinledger/projections/communities"
	"twinledger/projections/journal"
	"twinledger/projections/projectiontest"
	"twinledger/projections/records"
	"twinledger/projections/registers"
)

const (
	askedQuestions = 10_200
	askedEvery     = 100 // questions at each state of the ledger
)

// TestAsOf: what is answered as of an ordinal is what was answered when that
// ordinal was the newest, over random questions about a ledger of random
// commands; and it is what follows from the events alone, folded without any file.
func TestAsOf(t *testing.T) {
	t.Parallel()
	c := newChronicle(t)
	type answer struct {
		ask     func(of source, asOf uint64) (any, error)
		ordinal uint64
		given   []byte
		what    string
	}
	var stored []answer
	asked := func(a answer, of source, asOf uint64) []byte {
		found, err := a.ask(of, asOf)
		if err != nil {
			found = err.Error() // a refusal is an answer too
		}
		b, err := event.Marshal(found)
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	lines := 0
	for len(stored) < askedQuestions {
		for range 2 {
			c.tell(t)
		}
		replayed := c.replayed()
		for range askedEvery {
			one := answer{ordinal: c.head}
			one.what, one.ask = c.question()
			one.given = asked(one, c.kept, 0)
			if len(one.given) > len("null") {
				lines++
			}
			if want := asked(one, replayed, 0); !bytes.Equal(one.given, want) {
				t.Fatalf("%s at %d (-replayed +kept):\n%s", one.what, one.ordinal, cmp.Diff(string(want), string(one.given)))
			}
			stored = append(stored, one)
		}
	}
	if lines < askedQuestions/5 {
		t.Errorf("only %d questions have an answer with something in it", lines)
	}
	for _, then := range stored {
		if now := asked(then, c.kept, then.ordinal); !bytes.Equal(now, then.given) {
			t.Fatalf("%s as of %d of %d (-then +now):\n%s", then.what, then.ordinal, c.head, cmp.Diff(string(then.given), string(now)))
		}
	}
	c.builtAtOnceIsTheSame(t)
	t.Logf("%d questions about %d events, %d with something in the answer", len(stored), c.head, lines)
}

// A source is what questions are answered from.
type source struct {
	rows    projections.Rows[records.Row]
	journal journal.Index
}

// A chronicle is a ledger that grows by random commands, with a generation of the read
// models that follows it.
type chronicle struct {
	rand     *rand.Rand
	handler  *command.Handler
	log      *memlog.Log
	clock    *commandtest.Clock
	models   *readmodel.ReadModels
	kept     source // the generation
	applied  []projections.Applied
	head     uint64
	sent     int
	commands []string            // their names
	streams  map[string][]string // keys by kind
	events   map[string][]string // ids by stream
}

func newChronicle(t *testing.T) *chronicle {
	t.Helper()
	log, registry := memlog.New(), domain.Events(nil)
	clock := commandtest.ClockAt("2018-07-03T08:00:00.000Z")
	c := &chronicle{rand: rand.New(rand.NewPCG(3, 14)), log: log, clock: clock, streams: map[string][]string{}, events: map[string][]string{},
		handler: &command.Handler{Ledger: projectiontest.Ledger, Log: log, Registry: registry, Definitions: domain.Commands(),
			Clock: clock, Vault: &sealtest.Vault{}, Names: sealtest.Names{}}}
	for name, d := range c.handler.Definitions {
		if !d.Internal {
			c.commands = append(c.commands, name)
		}
	}
	slices.Sort(c.commands)
	c.models = openModels(t, registry)
	serveBuild(t, c.models)
	c.kept = source{readmodel.Rows(c.models, records.Model), c.models.Journal()}
	for _, first := range []string{"district.register", "calendar.publish", "school.note", "school.note", "school.note", "community.note", "community.note", "person.note", "person.note"} {
		if !c.send(t, first) {
			t.Fatalf("%s is refused", first)
		}
	}
	return c
}

// openModels opens read models in a new folder.
func openModels(t *testing.T, registry *event.Registry) *readmodel.ReadModels {
	t.Helper()
	m, err := readmodel.Open(readmodel.Config{Folder: t.TempDir(), Ledger: projectiontest.Ledger, Models: []readmodel.Model{readmodel.Of(records.Model)}, Registry: registry}, readmodel.Writing)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := m.Close(); err != nil {
			t.Error(err)
		}
	})
	return m
}

// serveBuild serves a generation that is built of pages at once.
func serveBuild(t *testing.T, models *readmodel.ReadModels, pages ...projections.Batch) {
	t.Helper()
	build, err := models.Build(true)
	if err != nil {
		t.Fatal(err)
	}
	for _, page := range pages {
		if err := build.Apply(t.Context(), page); err != nil {
			t.Fatal(err)
		}
	}
	g, err := build.Finish(t.Context())
	if err == nil {
		err = models.Serve(g)
	}
	if err != nil {
		t.Fatal(err)
	}
}

// replayed returns what answers by folding the events as they are now.
func (c *chronicle) replayed() source {
	events := slices.Clone(c.applied)
	return source{projectiontest.Rows[records.Row]{Model: records.Model, Events: events}, projectiontest.Journal{Of: events}}
}

// builtAtOnceIsTheSame compares the generation that followed event by event with one
// that is built of the whole log at once.
func (c *chronicle) builtAtOnceIsTheSame(t *testing.T) {
	t.Helper()
	page, err := c.log.Page(t.Context(), event.Position{}, int(c.head))
	if err != nil {
		t.Fatal(err)
	}
	atOnce := openModels(t, c.handler.Registry)
	serveBuild(t, atOnce, projections.Decode(page, c.handler.Registry))
	compared, err := readmodel.Compare(t.Context(), c.models.Served(), atOnce.Served(), c.head, nil)
	if err != nil || !compared.Equal() {
		t.Errorf("built at once (-followed +built): %v\n%+v", err, compared)
	}
}

// tell lets one more random command be carried out, and the read models follow.
func (c *chronicle) tell(t *testing.T) {
	t.Helper()
	for range 10_000 {
		name := c.commands[c.rand.IntN(len(c.commands))]
		// What all records name is seldom taken away.
		lasts := slices.Contains([]string{"district.void", "school.void", "community.void", "person.void", "school.merge", "school.split"}, name)
		if (!lasts || name != "district.void" && c.rand.IntN(40) == 0) && c.send(t, name) {
			return
		}
	}
	t.Fatal("every command is refused")
}

// send sends a command made of its example, and tells whether anything happened.
func (c *chronicle) send(t *testing.T, name string) bool {
	t.Helper()
	raw, stream := c.request(t, name)
	req, err := command.ParseRequest(raw, c.handler.Definitions)
	if err != nil {
		t.Fatalf("%s: %v", raw, err)
	}
	c.sent++
	c.clock.Move(time.Duration(c.rand.IntN(20)) * time.Minute)
	req.ID, req.Actor, req.Stream = commandtest.ID(c.sent), fmt.Sprintf("clerk-%d", c.rand.IntN(2)), stream
	done, err := c.handler.Handle(t.Context(), req)
	if err != nil || len(done.Events) == 0 {
		return false
	}
	if kind := event.StreamKind(done.Stream); !slices.Contains(c.streams[kind], done.Stream) {
		c.streams[kind] = append(c.streams[kind], done.Stream)
	}
	for _, e := range done.Events {
		c.events[done.Stream] = append(c.events[done.Stream], e.ID)
	}
	c.follow(t)
	return true
}

// follow lets the generation follow the log.
func (c *chronicle) follow(t *testing.T) {
	t.Helper()
	g := c.models.Served()
	at, err := g.Checkpoint(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	page, err := c.log.Page(t.Context(), at, 1000)
	if err != nil {
		t.Fatal(err)
	}
	batch := projections.Decode(page, c.handler.Registry)
	if err := g.Apply(t.Context(), batch); err != nil {
		t.Fatal(err)
	}
	for i, e := range batch.Events {
		c.applied = append(c.applied, projections.Applied{Event: e, Ordinal: batch.Ordinal(i)})
	}
	c.head = page.After.Ordinal
}

// request returns a request, and the record that it addresses: a new one as a
// rule, else one that is there.
func (c *chronicle) request(t *testing.T, name string) (raw []byte, stream string) {
	t.Helper()
	d := c.handler.Definitions[name]
	body, err := event.Marshal(d.Example())
	if err != nil {
		t.Fatal(err)
	}
	if !d.Opens() || c.rand.IntN(4) == 0 {
		stream = c.any(d.Kind)
	}
	school, other := c.any("school"), c.any("school")
	target := ""
	if ids := c.events[stream]; len(ids) > 0 {
		target = ids[c.rand.IntN(len(ids))]
	}
	said := strings.NewReplacer(
		record.ExampleDistrict, c.any("district"), record.ExampleCommunity, c.any("community"), record.ExampleCore, school,
		record.ExampleMember, other, record.ExampleThird, c.any("school"), record.ExamplePerson, c.any("person"), record.ExampleEvent, target,
		`"第一小学`, `"第`+fmt.Sprint(c.sent)+`小学`, "李老师", fmt.Sprint("李", c.sent, "老师"), "语文", []string{"语文", "数学"}[c.rand.IntN(2)],
		"2018-03-", []string{"2018-03-", "2018-04-"}[c.rand.IntN(2)], `"target":""`, `"target":"`+target+`"`,
	).Replace(string(body))
	request := map[string]any{"command": name, "occurred": c.occurred(), "data": json.RawMessage(said)}
	if raw, err = event.Marshal(request); err != nil {
		t.Fatal(err)
	}
	return raw, stream
}

// any returns a key of a kind, "" when there is none.
func (c *chronicle) any(kind string) string {
	keys := c.streams[kind]
	if len(keys) == 0 {
		return ""
	}
	return keys[c.rand.IntN(len(keys))]
}

func (c *chronicle) occurred() calendar.Occurred {
	forms := []calendar.Occurred{calendar.Unknown, "term:2017-2018/2", "month:2018-04", "schoolyear:2017-2018", "year:2018"}
	if n := c.rand.IntN(12); n < len(forms) {
		return forms[n]
	}
	return calendar.OnDay(c.day())
}

func (c *chronicle) day() calendar.Day { return calendar.Day("2018-01-01").Add(c.rand.IntN(360)) }

// question draws a question, which may be asked as of any ordinal.
func (c *chronicle) question() (what string, ask func(of source, asOf uint64) (any, error)) {
	ctx := context.Background()
	reader := func(of source) registers.Reader { return registers.Reader{Rows: of.rows} }
	wanted, limit, after := c.wanted(), c.rand.IntN(5), ""
	switch n := c.rand.IntN(20); {
	case n < 14:
		register := registers.All[c.rand.IntN(len(registers.All))]
		if c.rand.IntN(3) == 0 {
			after = c.any(register.Kind)
		}
		return fmt.Sprintf("%s %+v after %q limit %d", register.Name, wanted, after, limit), func(of source, asOf uint64) (any, error) {
			return reader(of).Lines(ctx, register, registers.Question{Wanted: wanted, AsOf: asOf, After: after, Limit: limit})
		}
	case n < 15:
		key := c.any([]string{"school", "person"}[c.rand.IntN(2)])
		wanted := registers.Wanted{ValidAt: wanted.ValidAt, From: wanted.From, To: wanted.To}
		return fmt.Sprintf("sheet of %s %+v", key, wanted), func(of source, asOf uint64) (any, error) {
			return reader(of).Sheet(ctx, key, registers.Question{Wanted: wanted, AsOf: asOf})
		}
	case n < 16:
		register, _ := registers.Of([]string{"filing", "rectification"}[c.rand.IntN(2)])
		on := c.day()
		return fmt.Sprintf("what is owed of %s on %s", register.Name, on), func(of source, asOf uint64) (any, error) {
			return reader(of).Duties(ctx, register, registers.DutyQuestion{Question: registers.Question{AsOf: asOf}, On: on})
		}
	case n < 17:
		q := communities.Question{ValidAt: wanted.ValidAt}
		if wanted.Community != "" {
			q.Keys = []string{wanted.Community}
		}
		return fmt.Sprintf("boards %+v", q), func(of source, asOf uint64) (any, error) {
			q.AsOf = asOf
			return communities.Boards(ctx, reader(of), q)
		}
	}
	q := journal.Question{Limit: limit, Newest: c.rand.IntN(2) == 0, Asked: journal.Asked{Named: []string{wanted.School, wanted.Person}, Actor: c.actor(), From: c.recorded()}}
	return fmt.Sprintf("journal %+v", q), func(of source, asOf uint64) (any, error) {
		q.AsOf = asOf
		return of.journal.Events(ctx, q)
	}
}

func (c *chronicle) actor() string { return []string{"", "", "clerk-0", "clerk-1"}[c.rand.IntN(4)] }

func (c *chronicle) recorded() calendar.Day {
	return []calendar.Day{"", "2018-07-03", "2018-07-04"}[c.rand.IntN(3)]
}

// wanted draws a few filters.
func (c *chronicle) wanted() registers.Wanted {
	var w registers.Wanted
	filters := []func(){
		func() { w.Community = c.any("community") }, func() { w.School = c.any("school") }, func() { w.Person = c.any("person") },
		func() { w.Subject = "语文" }, func() { w.Mark = records.AllMarks[c.rand.IntN(len(records.AllMarks))] },
		func() { w.Kind = "open_lesson" }, func() { w.Stage = "reported" }, func() { w.From = c.day() }, func() { w.To = c.day() },
		func() { w.DueBy = c.day() }, func() { w.ValidAt = c.day() }, func() { w.ValidAt = c.day() }, func() { w.District = c.any("district") },
	}
	for range c.rand.IntN(3) {
		filters[c.rand.IntN(len(filters))]()
	}
	return w
}
