package county_test

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"twinledger/cmd/twinledger/internal/county"
	"twinledger/domain"
	"twinledger/domain/calendar"
	"twinledger/domain/command"
	"twinledger/domain/command/commandtest"
	"twinledger/domain/event"
	"twinledger/domain/event/memlog"
	"twinledger/domain/exchange"
	"twinledger/domain/org"
	"twinledger/domain/programme"
	"twinledger/domain/record"
	"twinledger/domain/seal/sealtest"
)

const ledger = "k3m7q2xw5a"

// plan is a programme as small as can be; which one is in force changes nothing
// of what is made up.
var plan = county.Plan{File: "format: 1\n", Programme: programme.Programme{
	Format: programme.Format, Code: "sample", Title: programme.Words{ZH: "样例方案", EN: "A sample"}, Source: "样例",
	Obligations: []programme.Obligation{{ID: "sample-1", Text: programme.Words{ZH: "每学期送课", EN: "outreach"}, Section: "一", Strength: programme.Hard,
		Count: programme.Count{AtLeast: 1, Kinds: []record.Kind{"outreach_lesson"}, Per: programme.PerCommunity, Window: programme.Term}}},
}}

func settings(schools, terms int, seed uint64) county.Settings {
	return county.Settings{District: "样例县", Schools: schools, Terms: terms, Seed: seed, From: calendar.Term{Year: "2016-2017", Number: 1}}
}

// A desk carries out orders on a ledger in memory.
type desk struct {
	*command.Handler
	log    *memlog.Log
	orders []county.Order
}

// carryOut makes a county and fails at the first order that is refused.
func carryOut(t *testing.T, s county.Settings) *desk {
	t.Helper()
	d := &desk{log: memlog.New()}
	vault := &sealtest.Vault{}
	d.Handler = &command.Handler{Ledger: ledger, Log: d.log, Registry: domain.Events(nil), Definitions: domain.Commands(),
		Clock: commandtest.ClockAt("2018-07-03T08:00:00.000Z"), Vault: vault, Names: sealtest.Names{}}
	opened, err := d.Handle(t.Context(), command.Request{ID: commandtest.ID(1), Name: "district.register",
		Body: record.Report[org.District]{Facts: org.District{Name: s.District}}})
	if err != nil {
		t.Fatalf("open: %v", err)
	}
	for order := range county.Orders(s, county.Site{Ledger: ledger, District: opened.Stream, Vault: vault}, plan) {
		d.orders = append(d.orders, order)
		d.send(t, s, order)
	}
	return d
}

func (d *desk) send(t *testing.T, s county.Settings, order county.Order) {
	t.Helper()
	raw, err := event.Marshal(map[string]any{"id": order.ID, "command": order.Command, "stream": order.Stream,
		"occurred": order.Occurred, "unit": order.Unit, "data": order.Data})
	if err != nil {
		t.Fatalf("encode: %v", err)
	}
	req, err := command.ParseRequest(raw, d.Definitions)
	if err == nil {
		_, err = d.Handle(t.Context(), req)
	}
	if err != nil {
		t.Fatalf("order %d of %+v: %v\n%s", order.Number, s, err, raw)
	}
}

// streams returns every history, by key.
func (d *desk) streams(t *testing.T) map[string][]event.Event {
	t.Helper()
	out := map[string][]event.Event{}
	err := event.Walk(t.Context(), d.log, func(r event.Record) error {
		e, err := d.Registry.Decode(r.Envelope)
		out[e.Key()] = append(out[e.Key()], e)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// TestNoOrderIsRefused makes counties of many sizes: the generator knows the
// rules.
func TestNoOrderIsRefused(t *testing.T) {
	for seed := range 36 {
		t.Run(fmt.Sprintf("seed %d", seed), func(t *testing.T) {
			t.Parallel()
			s := settings(4+seed%11, 1+seed%3, uint64(seed))
			s.From.Number = 1 + seed%2
			carryOut(t, s)
		})
	}
}

func TestACountyLooksLikeOne(t *testing.T) {
	const schools, terms = 120, 3
	d := carryOut(t, settings(schools, terms, 7))
	streams := d.streams(t)
	t.Run("every kind of record, and every step of each", func(t *testing.T) { everyStep(t, streams) })
	t.Run("so many records per school and term", func(t *testing.T) {
		n, mended := 0, 0
		for key, history := range streams {
			if _, is := domain.Workflows()[event.StreamKind(key)]; !is {
				continue
			}
			n++
			for _, e := range history {
				if strings.HasSuffix(e.Type, ".corrected") || strings.HasSuffix(e.Type, ".voided") {
					mended++
				}
			}
		}
		if per := n / (schools * terms); per < 8 || per > 12 {
			t.Errorf("%d records per school and term", per)
		}
		if percent := mended * 100 / n; percent < 2 || percent > 3 {
			t.Errorf("%d of %d records corrected or voided", mended, n)
		}
	})
	t.Run("days lie within the terms", func(t *testing.T) { inTerms(t, d) })
	t.Run("nobody is in two full-time postings at once", func(t *testing.T) { noOverlap(t, streams) })
	t.Run("schools have names of their own, people share theirs", func(t *testing.T) { named(t, d) })
	t.Run("schools change", func(t *testing.T) {
		for _, of := range []string{"school.renamed", "school.merged", "school.confirmed", "school.placed_under", "school.aliased", "pairing.joined", "pairing.renewed"} {
			if !happened(streams, of) {
				t.Errorf("no %s", of)
			}
		}
	})
}

func happened(streams map[string][]event.Event, of string) bool {
	for _, history := range streams {
		if slices.ContainsFunc(history, func(e event.Event) bool { return e.Type == of }) {
			return true
		}
	}
	return false
}

// everyStep looks for every event of the ways but for those of people's
// communities and of schools that part.
func everyStep(t *testing.T, streams map[string][]event.Event) {
	passedOver := []string{"pairing.person_admitted", "pairing.person_eliminated", "pairing.person_assessed", "pairing.ended"}
	for kind, workflow := range domain.Workflows() {
		for _, rule := range workflow.Rules {
			of := kind + "." + rule.Verb
			booking := slices.Contains([]string{"diagnosed", "designed", "appraised", "revised", "documented", "trained", "shown", "delivered"}, rule.Verb)
			if booking && kind != "activity" || slices.Contains(passedOver, of) {
				continue
			}
			if !happened(streams, of) {
				t.Errorf("no %s", of)
			}
		}
	}
}

// inTerms looks at the days of all orders: they lie in the terms told of.
func inTerms(t *testing.T, d *desk) {
	var windows []calendar.Period
	for _, o := range d.orders {
		if year, is := o.Data.(org.CalendarYear); is {
			windows = append(windows, year.Terms[0], year.Terms[1])
		}
	}
	for _, o := range d.orders {
		if !o.Occurred.Dated() || o.Command == "programme.publish" {
			continue
		}
		extent, _ := calendar.Calendar{}.Extent(o.Occurred)
		if !slices.ContainsFunc(windows, func(p calendar.Period) bool { return p.Contains(extent) }) {
			t.Errorf("%s occurred %s, in no term", o.Command, o.Occurred)
		}
	}
}

func noOverlap(t *testing.T, streams map[string][]event.Event) {
	postings := map[string][]exchange.Posting{}
	for key, history := range streams {
		if event.StreamKind(key) != "exchange" {
			continue
		}
		s := exchange.Decider.Fold(history)
		for _, person := range s.Facts.People {
			postings[person] = append(postings[person], exchange.Posting{Exchange: key, State: s})
		}
	}
	several := 0
	for _, of := range postings {
		if len(of) > 1 {
			several++
		}
		for _, o := range exchange.Overlaps(nil, of) {
			if o.Certain {
				t.Errorf("%v overlap", o.Exchanges)
			}
		}
	}
	if several == 0 {
		t.Error("nobody was posted twice; this shows nothing")
	}
}

func named(t *testing.T, d *desk) {
	schools, people := map[string]bool{}, map[string]int{}
	for _, o := range d.orders {
		switch body := o.Data.(type) {
		case org.School:
			if schools[body.Name] {
				t.Errorf("two schools are called %s", body.Name)
			}
			schools[body.Name] = true
		case org.Person:
			people[body.Name.Clear]++
		}
	}
	if len(schools) != 120 {
		t.Errorf("%d schools", len(schools))
	}
	if common := slices.Max(slices.Collect(maps.Values(people))); common < 2 {
		t.Error("no two people have the same name")
	}
}

// TestTheSameCountyAgain gets the same orders twice, and others from another
// seed.
func TestTheSameCountyAgain(t *testing.T) {
	orders := func(s county.Settings) []string {
		var out []string
		at := county.Site{Ledger: ledger, District: record.ExampleDistrict, Vault: &sealtest.Vault{}}
		for o := range county.Orders(s, at, plan) {
			data, err := event.Marshal(o.Data)
			if err != nil {
				t.Fatal(err)
			}
			out = append(out, fmt.Sprintf("%s %s %s %s %s", o.ID, o.Command, o.Stream, o.Occurred, data))
		}
		return out
	}
	first := orders(settings(40, 2, 1))
	if diff := cmp.Diff(first, orders(settings(40, 2, 1))); diff != "" {
		t.Errorf("the same seed made another county (-first +second):\n%s", diff)
	}
	if slices.Equal(first, orders(settings(40, 2, 2))) {
		t.Error("another seed made the same county")
	}
	if !strings.HasPrefix(first[0], settings(40, 2, 1).First()+" ") {
		t.Error("First is not the id of the first order")
	}
}

func TestSettingsOfNoCounty(t *testing.T) {
	for situation, s := range map[string]county.Settings{"too few schools": settings(3, 1, 1), "too many": settings(20001, 1, 1), "no term": settings(4, 0, 1), "too many terms": settings(4, 61, 1)} {
		if err := s.Check(); !errors.Is(err, county.ErrBadSchools) && !errors.Is(err, county.ErrBadTerms) {
			t.Errorf("%s: %v", situation, err)
		}
	}
}
