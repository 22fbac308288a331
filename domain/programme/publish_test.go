package programme_test

import (
	"encoding/json"
	"errors"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"twinledger/domain/calendar"
	"twinledger/domain/command"
	"twinledger/domain/event"
	"twinledger/domain/programme"
	"twinledger/domain/record"
	"twinledger/domain/seal"
)

const district = "district-0198c000-0000-7000-8000-000000000001"

// published returns a publication of the sample, altered.
func published(alter ...func(*programme.Published)) programme.Published {
	p := programme.Published{
		District: district, From: "2017-09-01", To: "2018-08-31", Programme: sample(), File: "format: 1\n",
	}
	for _, a := range alter {
		a(&p)
	}
	return p
}

func withdrawn(target string) programme.Withdrawn {
	return programme.Withdrawn{Target: target, Reason: seal.Text{Clear: "误发"}}
}

// history returns events with the ids e-1, e-2 … and these facts.
func history(facts ...any) []event.Event {
	var out []event.Event
	for i, fact := range facts {
		out = append(out, event.Event{Envelope: event.Envelope{ID: "e-" + string(rune('1'+i)), Revision: int64(i)}, Fact: fact})
	}
	return out
}

func from(day calendar.Day) func(*programme.Published) {
	return func(p *programme.Published) { p.From = day }
}
func to(day calendar.Day) func(*programme.Published) {
	return func(p *programme.Published) { p.To = day }
}
func stricter(p *programme.Published)  { p.Programme.Obligations[0].Count.AtLeast = 4 }
func otherFile(p *programme.Published) { p.File = "# 说明\nformat: 1\n" }

func TestPublish(t *testing.T) {
	tests := []struct {
		name  string
		given []any
		body  programme.Published
		err   error
	}{
		{"first version", nil, published(), nil},
		{"open end", nil, published(to("")), nil},
		{"in force for one day", nil, published(to("2017-09-01")), nil},
		{"a stricter version for the same period", []any{published()}, published(stricter), nil},
		{"the same rules for the next year", []any{published()}, published(from("2018-09-01"), to("2019-08-31")), nil},
		{"the same rules, now with an end", []any{published(to(""))}, published(), nil},
		{"again after it was withdrawn", []any{published(), withdrawn("e-1")}, published(), nil},
		{"an earlier version again", []any{published(), published(stricter), withdrawn("e-1")}, published(), nil},

		{"the same again", []any{published()}, published(), programme.ErrSamePublication},
		{"the same tree from another text", []any{published()}, published(otherFile), programme.ErrSamePublication},
		{"the same as one before the last", []any{published(), published(stricter)}, published(), programme.ErrSamePublication},
		{"the same as one of two, the other withdrawn", []any{published(), withdrawn("e-1"), published()}, published(), programme.ErrSamePublication},
		{"no first day", nil, published(from("")), programme.ErrBadPeriod},
		{"first day does not exist", nil, published(from("2017-02-29")), programme.ErrBadPeriod},
		{"first day written short", nil, published(from("2017-9-1")), programme.ErrBadPeriod},
		{"last day does not exist", nil, published(to("2018-06-31")), programme.ErrBadPeriod},
		{"last day is a month", nil, published(to("2018-06")), programme.ErrBadPeriod},
		{"ends before it begins", nil, published(to("2017-08-31")), programme.ErrBadPeriod},
		{"malformed", nil, published(func(p *programme.Published) { p.Programme.Code = "" }), programme.ErrBadProgramme},
		{"an obligation malformed", nil, published(func(p *programme.Published) { p.Programme.Obligations[0].Count.AtLeast = 0 }), programme.ErrBadProgramme},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := programme.Decider.Fold(history(tt.given...))
			got, err := programme.Publish(s, command.Meta{}, programme.Publishing{Published: tt.body})
			var want []any
			if tt.err == nil {
				want = []any{tt.body}
			}
			check(t, got, err, want, tt.err)
		})
	}
}

func TestWithdraw(t *testing.T) {
	reason := seal.Text{Clear: "误发"}
	tests := []struct {
		name  string
		given []any
		body  programme.Withdrawal
		want  []any
		err   error
	}{
		{"the only version", []any{published()}, programme.Withdrawal{Target: "e-1", Reason: reason}, []any{withdrawn("e-1")}, nil},
		{"a former version", []any{published(), published(stricter)}, programme.Withdrawal{Target: "e-1", Reason: reason}, []any{withdrawn("e-1")}, nil},
		{"a sealed reason", []any{published()}, programme.Withdrawal{Target: "e-1", Reason: seal.Text{Sealed: &seal.Sealed{Form: 1}}},
			[]any{programme.Withdrawn{Target: "e-1", Reason: seal.Text{Sealed: &seal.Sealed{Form: 1}}}}, nil},
		{"published again after a withdrawal", []any{published(), withdrawn("e-1"), published()}, programme.Withdrawal{Target: "e-3", Reason: reason}, []any{withdrawn("e-3")}, nil},

		{"no reason", []any{published()}, programme.Withdrawal{Target: "e-1"}, nil, record.ErrNoReason},
		{"nothing published", nil, programme.Withdrawal{Target: "e-1", Reason: reason}, nil, programme.ErrNotPublished},
		{"another event", []any{published()}, programme.Withdrawal{Target: "e-2", Reason: reason}, nil, programme.ErrNotPublished},
		{"no target", []any{published()}, programme.Withdrawal{Reason: reason}, nil, programme.ErrNotPublished},
		{"withdrawn already", []any{published(), withdrawn("e-1")}, programme.Withdrawal{Target: "e-1", Reason: reason}, nil, programme.ErrNotPublished},
		{"a withdrawal itself", []any{published(), withdrawn("e-1")}, programme.Withdrawal{Target: "e-2", Reason: reason}, nil, programme.ErrNotPublished},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := programme.Decider.Fold(history(tt.given...))
			got, err := programme.Withdraw(s, command.Meta{}, tt.body)
			check(t, got, err, tt.want, tt.err)
		})
	}
}

func check(t *testing.T, got []any, err error, want []any, wantErr error) {
	t.Helper()
	if !errors.Is(err, wantErr) {
		t.Fatalf("refused with %v, want %v", err, wantErr)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("facts differ (-want +got):\n%s", diff)
	}
}

func TestFold(t *testing.T) {
	tests := []struct {
		name  string
		given []any
		want  []programme.Publication
	}{
		{"nothing", nil, nil},
		{"one version", []any{published()}, []programme.Publication{{Event: "e-1", Version: 1, Published: published()}}},
		{"two versions, the first withdrawn", []any{published(), published(stricter), withdrawn("e-1")}, []programme.Publication{
			{Event: "e-1", Version: 1, Published: published(), Withdrawn: true},
			{Event: "e-2", Version: 2, Published: published(stricter)},
		}},
		{"versions keep their number after a withdrawal", []any{published(), withdrawn("e-1"), published(stricter)}, []programme.Publication{
			{Event: "e-1", Version: 1, Published: published(), Withdrawn: true},
			{Event: "e-3", Version: 2, Published: published(stricter)},
		}},
		{"a withdrawal of what is unknown changes nothing", []any{published(), withdrawn("e-9")}, []programme.Publication{
			{Event: "e-1", Version: 1, Published: published()},
		}},
		{"a foreign event changes nothing", []any{published(), "else"}, []programme.Publication{
			{Event: "e-1", Version: 1, Published: published()},
		}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := programme.Decider.Fold(history(tt.given...))
			if diff := cmp.Diff(tt.want, got.Publications); diff != "" {
				t.Errorf("state differs (-want +got):\n%s", diff)
			}
		})
	}
}

// A state is a value: what comes later does not reach back into it.
func TestFoldLeavesFormerStatesAlone(t *testing.T) {
	events := history(published(), published(stricter), withdrawn("e-1"), published(to("")))
	var states []programme.State
	var s programme.State
	for _, e := range events {
		s = programme.Fold(s, e)
		states = append(states, s)
	}
	programme.Fold(states[0], event.Event{Envelope: event.Envelope{ID: "e-9"}, Fact: published(otherFile)})
	for i := range states {
		if diff := cmp.Diff(programme.Decider.Fold(events[:i+1]), states[i]); diff != "" {
			t.Errorf("state after %d events has changed (-want +got):\n%s", i+1, diff)
		}
	}
}

type storedForm struct {
	name    string
	version int
	data    string
	want    any
}

// stored holds the data of every released version. Add a line when a version is
// released; never change or remove one.
var stored = []storedForm{
	{"programme.published", 1,
		`{"district":"` + district + `","from":"2017-09-01","to":"2018-08-31","programme":{"format":1,"code":"zhaike","title":{"zh":"寨科学科教研基地校方案","en":"Zhaike plan"},"source":"寨科方案 篇6","parties":[{"role":"core_school","name":{"zh":"核心校","en":"core school"}}],"silences":[{"zh":"未写明学期起止","en":"terms are not dated"}],"obligations":[{"id":"zhaike-1","text":{"zh":"每学期送课不少于两节","en":"at least 2 outreach lessons per term"},"section":"篇6","strength":"hard","count":{"at_least":2,"kinds":["outreach_lesson"],"per":"community","window":"term","direction":"core_to_member"},"notes":[{"zh":"未写明按校计","en":"not said per school"}]},{"id":"zhaike-2","text":{"zh":"每学期网络研修","en":"online research"},"section":"篇6","strength":"soft","count":{"at_least":1,"kinds":["online_research","research_session"],"per":"member_school","window":"term","direction":"by_member","modes":["online","mixed"],"subjects":["语文"]}}]},"file":"format: 1\n"}`,
		published()},
	{"programme.published", 1,
		`{"district":"` + district + `","from":"2017-09-01","programme":{"format":1,"code":"bare","title":{"zh":"","en":""},"source":"","obligations":[]},"file":""}`,
		programme.Published{District: district, From: "2017-09-01", Programme: programme.Programme{Format: 1, Code: "bare", Obligations: []programme.Obligation{}}}},
	{"programme.withdrawn", 1, `{"target":"e-1","reason":{"clear":"误发"}}`, withdrawn("e-1")},
}

func TestStoredForms(t *testing.T) {
	registry := event.NewRegistry(nil)
	programme.Register(registry)
	for _, s := range stored {
		e, err := registry.Decode(event.Envelope{Type: s.name, Version: s.version, Data: json.RawMessage(s.data)})
		if err != nil {
			t.Errorf("%s v%d: %v", s.name, s.version, err)
			continue
		}
		if diff := cmp.Diff(s.want, e.Fact); diff != "" {
			t.Errorf("%s v%d reads differently (-want +got):\n%s", s.name, s.version, diff)
		}
		name, data, err := registry.Encode(s.want)
		if err != nil || name.Version == s.version && string(data) != s.data {
			t.Errorf("%s is written as %s, %v; want %s", s.name, data, err, s.data)
		}
	}
	for _, name := range registry.Names() {
		if !slices.ContainsFunc(stored, func(s storedForm) bool { return s.name == name.Type && s.version == name.Version }) {
			t.Errorf("no sample of %s v%d", name.Type, name.Version)
		}
	}
}

func TestKey(t *testing.T) {
	const ledger = "k3m9abcdef"
	key := programme.Key(ledger, district, "zhaike")
	if want := "programme-bc0744b9-b402-5963-a8e0-d6f616c6e6b1"; key != want {
		t.Errorf("key = %s, want %s as released", key, want)
	}
	others := []string{
		programme.Key("k3m9abcdeg", district, "zhaike"),
		programme.Key(ledger, "district-0198c000-0000-7000-8000-000000000002", "zhaike"),
		programme.Key(ledger, district, "county-1plusn"),
		programme.Key(ledger, district+"zhaike", ""),
	}
	if slices.Contains(others, key) {
		t.Errorf("another ledger, district or code leads to the same stream %s", key)
	}
	if event.StreamKind(key) != programme.Decider.Kind {
		t.Errorf("%s is not a stream of kind %s", key, programme.Decider.Kind)
	}
}

func TestPublishingRefersToItsDistrict(t *testing.T) {
	body := programme.Publishing{Published: published()}
	if diff := cmp.Diff([]string{district}, body.References()); diff != "" {
		t.Errorf("references differ (-want +got):\n%s", diff)
	}
}

func TestCommandsReadTheirBodies(t *testing.T) {
	definitions := map[string]command.Definition{}
	for _, d := range programme.Commands() {
		definitions[d.Name] = d
	}
	tests := []struct {
		request string
		want    any
	}{
		{`{"command":"programme.publish","data":` + stored[0].data + `}`, programme.Publishing{Published: published()}},
		{`{"command":"programme.withdraw","stream":"programme-1","data":{"target":"e-1","reason":"误发"}}`,
			programme.Withdrawal{Target: "e-1", Reason: seal.Text{Clear: "误发"}}},
	}
	for _, tt := range tests {
		got, err := command.ParseRequest([]byte(tt.request), definitions)
		if err != nil {
			t.Errorf("%s: %v", tt.request, err)
			continue
		}
		if diff := cmp.Diff(tt.want, got.Body); diff != "" {
			t.Errorf("body of %s differs (-want +got):\n%s", got.Name, diff)
		}
	}
}
