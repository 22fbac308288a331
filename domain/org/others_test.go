package org_test

import (
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"twinledger/domain/calendar"
	"twinledger/domain/command"
	"twinledger/domain/command/commandtest"
	"twinledger/domain/fault"
	"twinledger/domain/org"
	"twinledger/domain/record"
	"twinledger/domain/seal"
)

// said is one thing that somebody says of the school 甲, 乙, 丙 or 丁.
type said struct {
	of, order string
	day       calendar.Day
	others    string // of whom it speaks, each by a character
	code      string // of the refusal; "" when it happens
}

// sayAll notes the schools 甲 to 丁 and says the lines in order.
func sayAll(t *testing.T, lines ...said) *testLedger {
	t.Helper()
	o := newTestLedger(t)
	for _, name := range strings.Split("甲乙丙丁", "") {
		o.must(t, "school.note", "", school{Facts: org.School{District: district, Name: name}})
	}
	for i, line := range lines {
		done, err := o.say(t, line)
		if line.code != "" {
			commandtest.Refused(t, err, &fault.Error{Code: line.code})
			continue
		}
		if err != nil || len(done.Events) != 1 {
			t.Fatalf("line %d: %d events, %v", i+1, len(done.Events), err)
		}
	}
	return o
}

func (o *testLedger) say(t *testing.T, line said) (command.Outcome, error) {
	t.Helper()
	var keys []string
	for _, name := range strings.Split(line.others, "") {
		keys = append(keys, org.SchoolKey(ledger, district, name))
	}
	body := map[string]any{"identify": org.Identified[org.School]{As: keys[0]}, "merge": org.Merged{Into: keys[0]},
		"split": org.Split{Into: keys}, "place_under": org.PlacedUnder{Parent: keys[0]}}[line.order]
	when := calendar.Unknown
	if line.day != "" {
		when = calendar.OnDay(line.day)
	}
	return o.on(t, "school."+line.order, org.SchoolKey(ledger, district, line.of), when, body)
}

func TestNoSchoolLeadsBackToItself(t *testing.T) {
	const circle, gone, parents = "school.circle", "school.gone", "school.parent-circle"
	tests := []struct {
		name  string
		lines []said
	}{
		{"merged into each other", []said{{"甲", "merge", "2018-09-01", "乙", ""}, {"乙", "merge", "2019-09-01", "甲", circle}}},
		{"merged into each other, told for an earlier day", []said{{"甲", "merge", "2018-09-01", "乙", ""}, {"乙", "merge", "2017-09-01", "甲", circle}}},
		{"merged in a longer circle", []said{{"甲", "merge", "2018-09-01", "乙", ""}, {"乙", "merge", "2019-09-01", "丙", ""}, {"丙", "merge", "2020-09-01", "甲", circle}}},
		{"identified as each other", []said{{"甲", "identify", "", "乙", ""}, {"乙", "identify", "", "甲", circle}}},
		{"identified in a longer circle", []said{{"甲", "identify", "", "乙", ""}, {"乙", "identify", "", "丙", ""}, {"丙", "identify", "", "甲", circle}}},
		{"merged into one that is said to be the same", []said{{"甲", "identify", "", "乙", ""}, {"乙", "merge", "2018-09-01", "甲", circle}}},
		{"identified with one that merged into it", []said{{"甲", "merge", "2018-09-01", "乙", ""}, {"乙", "identify", "", "甲", circle}}},
		{"split into one that merged into it", []said{{"甲", "merge", "2018-09-01", "乙", ""}, {"乙", "split", "2019-09-01", "丙甲", circle}}},
		{"merged into one that came from its split", []said{{"甲", "split", "2018-09-01", "乙丙", ""}, {"丙", "merge", "2019-09-01", "甲", circle}}},
		{"into one that goes on", []said{{"甲", "merge", "2018-09-01", "乙", ""}, {"丙", "merge", "2018-09-01", "乙", ""}, {"乙", "merge", "2019-09-01", "丁", ""}}},
		{"into one that has merged", []said{{"甲", "merge", "2018-09-01", "乙", ""}, {"丙", "merge", "2018-09-01", "甲", gone}, {"丙", "merge", "2018-08-31", "甲", ""}}},
		{"into one that was split", []said{{"甲", "split", "2018-09-01", "乙丙", ""}, {"丁", "merge", "2019-09-01", "甲", gone}}},
		{"into one that is said to be another", []said{{"甲", "identify", "", "乙", ""}, {"丙", "merge", "2018-09-01", "甲", gone}, {"丙", "merge", "2018-09-01", "乙", ""}}},
		{"split into one that has merged", []said{{"甲", "merge", "2018-09-01", "乙", ""}, {"丙", "split", "2018-09-02", "丁甲", gone}}},
		{"placed under one that has merged", []said{{"甲", "merge", "2018-09-01", "乙", ""}, {"丙", "place_under", "2019-09-01", "甲", gone}, {"丙", "place_under", "2018-03-01", "甲", ""}}},
		{"placed under each other", []said{{"甲", "place_under", "2018-09-01", "乙", ""}, {"乙", "place_under", "2019-09-01", "甲", parents}, {"乙", "place_under", "2018-03-01", "甲", parents}}},
		{"placed in a longer circle", []said{{"甲", "place_under", "2018-09-01", "乙", ""}, {"乙", "place_under", "2018-09-01", "丙", ""}, {"丙", "place_under", "2018-09-01", "甲", parents}}},
		{"placed under one that has gone elsewhere since", []said{{"甲", "place_under", "2018-09-01", "乙", ""}, {"甲", "place_under", "2019-09-01", "丙", ""}, {"乙", "place_under", "2019-09-01", "甲", ""}}},
		{"identified with one who is said to be another", []said{{"甲", "identify", "", "乙", ""}, {"丙", "identify", "", "甲", ""}}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) { sayAll(t, tt.lines...) })
	}
}

// TestTheRefusalTellsWhereItWent: whoever is refused knows what to write instead,
// or what to void first.
func TestTheRefusalTellsWhereItWent(t *testing.T) {
	o := sayAll(t, said{"甲", "merge", "2018-09-01", "乙", ""})
	into := org.SchoolKey(ledger, district, "乙")
	history, err := o.Load(t.Context(), org.SchoolKey(ledger, district, "甲"))
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		line said
		want map[string]string
	}{
		{said{of: "丙", order: "merge", day: "2019-09-01", others: "甲"}, map[string]string{"name": "甲", "since": "2018-09-01", "went": into, "went_name": "乙"}},
		{said{of: "乙", order: "merge", day: "2019-09-01", others: "甲"}, map[string]string{"through": org.SchoolKey(ledger, district, "甲"), "event": history[1].ID, "change": "merged"}},
	} {
		_, err := o.say(t, tt.line)
		refused, _ := fault.As(err)
		for name, want := range tt.want {
			if got := shown(refused, name); got != want {
				t.Errorf("%s shows %s as %q, want %q", refused.Code, name, got, want)
			}
		}
	}
}

// TestACorrectedMergerLeadsNowhereBack holds a correction to what a merger is held
// to; one that is repeated as it was, or voided, stays possible.
func TestACorrectedMergerLeadsNowhereBack(t *testing.T) {
	o := sayAll(t, said{"甲", "merge", "2018-09-01", "乙", ""}, said{"乙", "merge", "2019-09-01", "丙", ""})
	key := org.SchoolKey(ledger, district, "乙")
	history, err := o.Load(t.Context(), key)
	if err != nil {
		t.Fatal(err)
	}
	merged := history[1].ID
	correct := func(into string) error {
		_, err := o.on(t, "school.correct_change", key, "day:2019-09-01",
			org.ChangeCorrected{Target: merged, Reason: because, ChangeDetails: org.ChangeDetails{Into: []string{org.SchoolKey(ledger, district, into)}}})
		return err
	}
	commandtest.Refused(t, correct("甲"), &fault.Error{Code: "school.circle"})
	commandtest.Refused(t, correct("丙"), nil)
	o.must(t, "school.void", key, record.Withdraw[org.School]{Target: merged, Reason: because})
	_, err = o.say(t, said{of: "乙", order: "merge", day: "2018-09-01", others: "丁"})
	commandtest.Refused(t, err, nil)
}

// TestAFileTellsInItsOwnOrder: what was true in another ledger can be told in any
// order, and a circle is refused there too.
func TestAFileTellsInItsOwnOrder(t *testing.T) {
	o := sayAll(t, said{"乙", "merge", "2018-09-01", "丙", ""}, said{"丙", "identify", "", "丁", ""})
	tell := func(of, into string) error {
		o.n++
		_, err := o.Handle(t.Context(), command.Request{ID: commandtest.ID(o.n), Name: "school.merge", Stream: org.SchoolKey(ledger, district, of),
			Occurred: "day:2018-09-01", Body: org.Merged{Into: org.SchoolKey(ledger, district, into)}, Source: "source-0198c000-0000-7000-8000-000000000001"})
		return err
	}
	commandtest.Refused(t, tell("甲", "乙"), nil)
	commandtest.Refused(t, tell("丁", "甲"), &fault.Error{Code: "school.circle"})
}

func TestCommunitiesAndPeopleAreNotEachOther(t *testing.T) {
	o := newTestLedger(t)
	var communities, people []string
	for _, name := range []string{"甲共同体", "乙共同体", "丙共同体"} {
		communities = append(communities, o.must(t, "community.note", "", community{Facts: org.Community{District: district, Name: name}}).Stream)
		people = append(people, o.must(t, "person.note", "", person{Facts: org.Person{District: district, Name: seal.Text{Clear: name + "李老师"}}}).Stream)
	}
	for i := range 2 {
		o.must(t, "community.identify", communities[i], org.Identified[org.Community]{As: communities[i+1]})
		o.must(t, "person.identify", people[i], org.Identified[org.Person]{As: people[i+1]})
	}
	o.refuses(t, "community.circle", "community.identify", communities[2], org.Identified[org.Community]{As: communities[0]})
	o.refuses(t, "person.circle", "person.identify", people[2], org.Identified[org.Person]{As: people[0]})
}

// TestSomeSchoolIsAlwaysThere says random things of four schools: whatever is
// accepted, one of them stands on every day.
func TestSomeSchoolIsAlwaysThere(t *testing.T) {
	names := strings.Split("甲乙丙丁", "")
	rapid.Check(t, func(rt *rapid.T) {
		o := sayAll(t)
		for range rapid.IntRange(1, 8).Draw(rt, "how many") {
			line := said{of: rapid.SampledFrom(names).Draw(rt, "of"), order: rapid.SampledFrom([]string{"merge", "merge", "identify"}).Draw(rt, "order"),
				others: rapid.SampledFrom(names).Draw(rt, "other")}
			if line.order == "merge" {
				line.day = rapid.SampledFrom([]calendar.Day{"2018-03-01", "2018-09-01", "2019-03-01"}).Draw(rt, "day")
			}
			if _, err := o.say(t, line); err != nil {
				if _, refused := fault.As(err); !refused {
					rt.Fatal(err)
				}
			}
		}
		roll := org.SchoolsByKey{}
		for _, name := range names {
			roll[org.SchoolKey(ledger, district, name)] = o.school(t, org.SchoolKey(ledger, district, name))
		}
		for _, day := range []calendar.Day{"2018-01-01", "2018-04-01", "2019-12-31"} {
			there := slices.ContainsFunc(names, func(name string) bool {
				key := org.SchoolKey(ledger, district, name)
				return roll[key].IdentifiedAs() == "" && roll[key].StandingOn(day)
			})
			if !there {
				rt.Errorf("no school is there on %s", day)
			}
		}
	})
}

// shown returns what a refusal says under a name.
func shown(refused *fault.Error, name string) string {
	for _, d := range refused.Details {
		if d.Name == name {
			return d.Value
		}
	}
	return ""
}
