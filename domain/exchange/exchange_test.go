package exchange_test

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"twinledger/domain/calendar"
	"twinledger/domain/command"
	"twinledger/domain/command/commandtest"
	"twinledger/domain/event"
	"twinledger/domain/exchange"
	"twinledger/domain/fault"
	"twinledger/domain/record"
	"twinledger/domain/seal"
)

const (
	district = "district-0198c000-0000-7000-8000-000000000001"
	core     = "school-0198c000-0000-7000-8000-000000000011"
	member   = "school-0198c000-0000-7000-8000-000000000012"
	third    = "school-0198c000-0000-7000-8000-000000000013"
	person   = "person-0198c000-0000-7000-8000-000000000031"
)

var reason = seal.Text{Clear: "登记有误"}

// facts returns one teacher's posting from the core school, altered.
func facts(alter ...func(*exchange.Facts)) exchange.Facts {
	f := exchange.Facts{
		Facts: record.Facts{District: district, Kinds: []record.Kind{"support_teaching"}, Mode: record.ModeUnknown,
			From: []record.Unit{{School: core}}, To: []record.Unit{{School: member}}, People: []string{person}},
		Start: "day:2018-03-01", End: calendar.Unknown,
	}
	for _, a := range alter {
		a(&f)
	}
	return f
}

func lasting(start, end calendar.Occurred) func(*exchange.Facts) {
	return func(f *exchange.Facts) { f.Start, f.End = start, end }
}
func kind(k record.Kind) func(*exchange.Facts) {
	return func(f *exchange.Facts) { f.Kinds = []record.Kind{k} }
}
func from(u ...record.Unit) func(*exchange.Facts) { return func(f *exchange.Facts) { f.From = u } }
func nobody(f *exchange.Facts)                    { f.People = nil }

// What stands in a stream.
var (
	reported  = record.Reported[exchange.Facts]{Facts: facts()}
	started   = exchange.Started{Facts: facts()}
	completed = commandtest.On("2018-07-06", exchange.Completed{})
)

func corrected(f exchange.Facts) record.Corrected[exchange.Facts] {
	return record.Corrected[exchange.Facts]{Target: commandtest.ID(1), Reason: reason, Facts: f}
}

func voided(target string) record.Voided[exchange.Facts] {
	return record.Voided[exchange.Facts]{Target: target, Reason: reason}
}

type (
	report   = record.Report[exchange.Facts]
	correct  = record.Correct[exchange.Facts]
	withdraw = record.Withdraw[exchange.Facts]
)

func start(f exchange.Facts) exchange.Start { return exchange.Start{Facts: f} }

// A move asks to take a step on a day; "" is no known day.
type move struct {
	day  string
	fact record.StepEvent
}

var registry = func() *event.Registry {
	r := event.NewRegistry(nil)
	exchange.Register(r)
	return r
}()

// history returns facts as the events of one exchange.
func history(facts ...any) []event.Event {
	events := commandtest.History(facts...)
	for i := range events {
		if name, _, err := registry.Encode(events[i].Fact); err == nil {
			events[i].Type = name.Type
		}
	}
	return events
}

// decide answers a command by what stands in the stream.
func decide(given []event.Event, body any) ([]any, error) {
	s := exchange.RecordType.Decider.Fold(given)
	switch c := body.(type) {
	case report:
		return exchange.RecordType.Report(s, command.Meta{}, c)
	case exchange.Start:
		return exchange.DecideStart(s, command.Meta{}, c)
	case move:
		if c.day == "" {
			c.day = string(calendar.Unknown)
		}
		name, _, err := registry.Encode(c.fact)
		if err != nil {
			return nil, err
		}
		verb := name.Type[len("exchange."):]
		return []any{c.fact}, exchange.RecordType.Take(s, command.Meta{Occurred: calendar.Occurred(c.day), Command: "0198e000-0000-7000-8000-0000000000ff"}, verb, c.fact, c.fact.StepBody())
	case correct:
		return exchange.RecordType.Correct(s, command.Meta{}, c)
	}
	return exchange.RecordType.Void(s, command.Meta{}, body.(withdraw))
}

func code(c string) error {
	if c == "" {
		return nil
	}
	return &fault.Error{Code: c}
}

func TestDecisions(t *testing.T) {
	two := []record.Unit{{School: core}, {School: third}}
	tests := []struct {
		name  string
		given []any
		body  any
		want  []any
		code  string
	}{
		{"a past posting", nil, report{Facts: facts()}, []any{reported}, ""},
		{"a past posting of nobody known, at no known time", nil, report{Facts: facts(nobody, lasting("", ""))},
			[]any{record.Reported[exchange.Facts]{Facts: facts(nobody, lasting(calendar.Unknown, calendar.Unknown))}}, ""},
		{"reported twice", []any{reported}, report{Facts: facts()}, nil, "exchange.already-reported"},
		{"reported where one was started", []any{started}, report{Facts: facts()}, nil, "exchange.already-reported"},
		{"reported as a lesson", nil, report{Facts: facts(kind("demo_lesson"))}, nil, "record.bad-kind"},
		{"reported to end before it starts", nil, report{Facts: facts(lasting("day:2018-03-02", "day:2018-03-01"))}, nil, "exchange.ends-before-start"},
		{"reported with a start that is no date", nil, report{Facts: facts(lasting("2018-03-01", ""))}, nil, "calendar.bad-occurred"},

		{"started", nil, start(facts()), []any{started}, ""},
		{"started by nobody", nil, start(facts(nobody)), nil, "exchange.start-incomplete"},
		{"started on no known day", nil, start(facts(lasting("", ""))), nil, "exchange.start-incomplete"},
		{"started in a month", nil, start(facts(lasting("month:2018-03", ""))), nil, "exchange.start-incomplete"},
		{"started from two schools", nil, start(facts(from(two...))), nil, "exchange.start-incomplete"},
		{"started from the members", nil, start(facts(from(record.Unit{Group: record.Members}))), nil, "exchange.start-incomplete"},
		{"started where one was reported", []any{reported}, start(facts()), nil, "exchange.already-reported"},
		{"started again after it was voided", []any{started, voided(commandtest.ID(1))}, start(facts()), nil, "exchange.already-reported"},

		{"approved, then started", []any{applied, approved}, exchange.Start{}, []any{exchange.Started{}}, "exchange.start-incomplete"},
		{"started by a step where there is nothing", nil, exchange.Start{}, nil, "exchange.not-reported"},
		{"started by a step before it is approved", []any{applied}, exchange.Start{}, nil, "exchange.out-of-order"},

		{"completed", []any{started}, move{"day:2018-07-06", exchange.Completed{}}, []any{exchange.Completed{}}, ""},
		{"completed on its first day", []any{started}, move{"day:2018-03-01", exchange.Completed{}}, []any{exchange.Completed{}}, ""},
		{"completed before it started", []any{started}, move{"day:2018-02-28", exchange.Completed{}}, nil, "exchange.ends-before-start"},
		{"completed before its corrected start", []any{started, corrected(facts(lasting("day:2018-08-01", "")))}, move{"day:2018-07-06", exchange.Completed{}}, nil, "exchange.ends-before-start"},
		{"completed in a month", []any{started}, move{"month:2018-07", exchange.Completed{}}, nil, "exchange.end-unknown"},
		{"completed at no known time", []any{started}, move{"", exchange.Completed{}}, nil, "exchange.end-unknown"},
		{"completed without a start", nil, move{"day:2018-07-06", exchange.Completed{}}, nil, "exchange.not-reported"},
		{"completed though only reported", []any{reported}, move{"day:2018-07-06", exchange.Completed{}}, nil, "exchange.out-of-order"},
		{"completed twice", []any{started, completed}, move{"day:2018-07-07", exchange.Completed{}}, nil, "exchange.out-of-order"},
		{"completed when void", []any{started, voided(commandtest.ID(1))}, move{"day:2018-07-06", exchange.Completed{}}, nil, "exchange.voided"},
		{"completed again after the completion was voided", []any{started, completed, voided(commandtest.ID(2))}, move{"day:2018-07-07", exchange.Completed{}}, []any{exchange.Completed{}}, ""},

		{"corrected", []any{reported}, correct{Reason: reason, Facts: facts(kind("rotation"))}, []any{corrected(facts(kind("rotation")))}, ""},
		{"corrected when under way", []any{started}, correct{Target: commandtest.ID(1), Reason: reason, Facts: facts(kind("rotation"))}, []any{corrected(facts(kind("rotation")))}, ""},
		{"the completion corrected", []any{started, completed}, correct{Target: commandtest.ID(2), Reason: reason, Facts: facts()}, nil, "exchange.wrong-target"},
		{"corrected to end before it starts", []any{started, completed}, correct{Reason: reason, Facts: facts(lasting("day:2018-07-07", "day:2018-07-06"))}, nil, "exchange.ends-before-start"},
		{"started, corrected to no known start", []any{started}, correct{Reason: reason, Facts: facts(lasting("", ""))}, nil, "exchange.start-incomplete"},
		{"completed, corrected in other things than its end", []any{started, completed}, correct{Reason: reason, Facts: facts(kind("rotation"))}, []any{corrected(facts(kind("rotation")))}, ""},
		{"completed, corrected with its end", []any{started, completed}, correct{Reason: reason, Facts: facts(lasting("day:2018-03-02", "day:2018-07-05"))},
			[]any{corrected(facts(lasting("day:2018-03-02", "day:2018-07-05")))}, ""},
		{"corrected without a reason", []any{reported}, correct{Facts: facts()}, nil, "record.no-reason"},
		{"corrected before any report", nil, correct{Reason: reason, Facts: facts()}, nil, "exchange.not-reported"},
		{"corrected when void", []any{reported, voided(commandtest.ID(1))}, correct{Reason: reason, Facts: facts()}, nil, "exchange.voided"},

		{"voided wholly", []any{started, completed}, withdraw{Reason: reason}, []any{voided(commandtest.ID(1))}, ""},
		{"voided wholly by the founding event", []any{reported}, withdraw{Target: commandtest.ID(1), Reason: reason}, []any{voided(commandtest.ID(1))}, ""},
		{"the completion voided", []any{started, completed}, withdraw{Target: commandtest.ID(2), Reason: reason}, []any{voided(commandtest.ID(2))}, ""},
		{"a voided completion voided again", []any{started, completed, voided(commandtest.ID(2))}, withdraw{Target: commandtest.ID(2), Reason: reason}, nil, "exchange.wrong-target"},
		{"an event that is not there voided", []any{started}, withdraw{Target: commandtest.ID(9), Reason: reason}, nil, "exchange.wrong-target"},
		{"voided twice", []any{reported, voided(commandtest.ID(1))}, withdraw{Reason: reason}, nil, "exchange.voided"},
		{"a completed one voided twice", []any{started, completed, voided(commandtest.ID(1))}, withdraw{Reason: reason}, nil, "exchange.voided"},
		{"voided before any report", nil, withdraw{Reason: reason}, nil, "exchange.not-reported"},
		{"voided without a reason", []any{started}, withdraw{}, nil, "record.no-reason"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := decide(history(tt.given...), tt.body)
			if commandtest.Refused(t, err, code(tt.code)) {
				return
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("decided (-want +got):\n%s", diff)
			}
		})
	}
}

func TestWhatAnExchangeLeavesUnknown(t *testing.T) {
	all := facts(lasting("day:2018-03-01", "day:2018-07-06"))
	all.Community = "community-0198c000-0000-7000-8000-000000000021"
	tests := []struct {
		name     string
		occurred calendar.Occurred
		facts    exchange.Facts
		want     []record.Unknown
	}{
		{"all is said", "term:2017-2018/2", all, nil},
		{"its days say when", calendar.Unknown, all, nil},
		{"nothing is said", calendar.Unknown, exchange.Facts{}.Normal(), []record.Unknown{record.UnknownCommunity, record.UnknownTerm,
			record.UnknownStart, record.UnknownEnd, record.UnknownPeople, record.UnknownFrom, record.UnknownTo}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if diff := cmp.Diff(tt.want, tt.facts.Unknowns(tt.occurred)); diff != "" {
				t.Errorf("unknown (-want +got):\n%s", diff)
			}
		})
	}
}

// TestFoldNeverFails folds events in any order.
func TestFoldNeverFails(t *testing.T) {
	events := []any{reported, started, completed, corrected(facts()), voided(commandtest.ID(1)), voided(commandtest.ID(2)), "an event of another package"}
	rapid.Check(t, func(t *rapid.T) {
		given := rapid.SliceOf(rapid.SampledFrom(events)).Draw(t, "events")
		folded := history(given...)
		before := slices.Clone(folded)
		exchange.Decider.Fold(folded)
		if diff := cmp.Diff(before, folded); diff != "" {
			t.Fatalf("folding changed the history:\n%s", diff)
		}
	})
}
