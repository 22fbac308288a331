package pairing_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"twinledger/domain/calendar"
	"twinledger/domain/command"
	"twinledger/domain/command/commandtest"
	"twinledger/domain/event"
	"twinledger/domain/fault"
	"twinledger/domain/pairing"
	"twinledger/domain/record"
	"twinledger/domain/record/recordtest"
	"twinledger/domain/seal"
)

const (
	district  = "district-0198c000-0000-7000-8000-000000000001"
	core      = "school-0198c000-0000-7000-8000-000000000011"
	member    = "school-0198c000-0000-7000-8000-000000000012"
	third     = "school-0198c000-0000-7000-8000-000000000013"
	person    = "person-0198c000-0000-7000-8000-000000000031"
	community = "community-0198c000-0000-7000-8000-000000000021"
)

var reason = seal.Text{Clear: "登记有误"}

func side(school string, role pairing.Role) pairing.Side {
	return pairing.Side{School: school, Role: role}
}

// facts returns a pairing of these sides; without any, of a core and a member.
func facts(sides ...pairing.Side) pairing.Facts {
	if sides == nil {
		sides = []pairing.Side{side(core, pairing.Core), side(member, pairing.Member)}
	}
	return pairing.Facts{
		Facts: record.Facts{District: district, Community: community, Kinds: []record.Kind{"pairing"}, Mode: record.ModeUnknown},
		Basis: pairing.Founding, Sides: sides,
	}
}

func roster(f pairing.Facts) pairing.Facts {
	f.Basis = pairing.Roster
	return f
}

func homeless(f pairing.Facts) pairing.Facts {
	f.Community = ""
	return f
}

// What stands in a stream.
var (
	founded  = commandtest.On("2015-09-01", pairing.Founded{Facts: facts()})
	reported = record.Reported[pairing.Facts]{Facts: facts()}
	joins    = commandtest.On("2016-09-01", pairing.Joined{Side: side(third, pairing.Member)})
	leaves   = commandtest.On("2017-07-01", pairing.Left{School: third, Reason: reason})
	imported = commandtest.Dated{When: "year:2015", Fact: record.Reported[pairing.Facts]{Facts: facts()}}
	rostered = commandtest.Dated{When: "term:2017-2018/2", Fact: record.Reported[pairing.Facts]{Facts: roster(facts())}}
	rejoins  = commandtest.On("2018-03-01", pairing.Joined{Side: side(third, pairing.Member)})
)

func corrected(f pairing.Facts) record.Corrected[pairing.Facts] {
	return record.Corrected[pairing.Facts]{Target: commandtest.ID(1), Reason: reason, Facts: f}
}

func voided(n int) record.Voided[pairing.Facts] {
	return record.Voided[pairing.Facts]{Target: commandtest.ID(n), Reason: reason}
}

type (
	report   = record.Report[pairing.Facts]
	correct  = record.Correct[pairing.Facts]
	withdraw = record.Withdraw[pairing.Facts]
)

func found(f pairing.Facts) pairing.Foundation { return pairing.Foundation{Report: report{Facts: f}} }
func join(school string) pairing.Joining       { return pairing.Joining{Side: side(school, pairing.Member)} }
func leave(school string) pairing.Leaving      { return pairing.Leaving{School: school, Reason: reason} }

func history(given ...any) []event.Event { return recordtest.History(pairing.Register, given...) }

func state(given ...any) pairing.State { return pairing.Decider.Fold(history(given...)) }

// decide answers a command by what stands in the stream.
func decide(given []any, when calendar.Occurred, body any) ([]any, error) {
	meta := command.Meta{Occurred: when, Command: commandtest.ID(99)}
	s, b := state(given...), pairing.RecordType.Decider.Fold(history(given...))
	switch c := body.(type) {
	case report:
		return pairing.RecordType.Report(b, meta, c)
	case pairing.Foundation:
		return pairing.Establish(s, meta, c)
	case pairing.Joining:
		return pairing.Join(s, meta, c)
	case pairing.Leaving:
		return pairing.Leave(s, meta, c)
	case correct:
		return pairing.RecordType.Correct(b, meta, c)
	}
	return pairing.RecordType.Void(b, meta, body.(withdraw))
}

func code(c string) error {
	if c == "" {
		return nil
	}
	return &fault.Error{Code: c}
}

func TestDecisions(t *testing.T) {
	left := pairing.Left{School: third, Reason: reason}
	joined := pairing.Joined{Side: side(third, pairing.Member)}
	twoSorts := facts(side(core, "guiding_school"), side(third, "base_school"), side(member, pairing.Member))
	supported := facts(side(core, "supporting_school"), side(member, "supported_school"))
	besides := facts(side(core, "lead_unit"), side(third, "supporting_school"), side(member, pairing.Member))
	tests := []struct {
		name  string
		given []any
		when  calendar.Occurred
		body  any
		want  []any
		code  string
	}{
		{"a past pairing", nil, "year:2015", report{Facts: facts()}, []any{reported}, ""},
		{"one line of a roster", nil, "unknown", report{Facts: roster(facts(side(member, pairing.Member)))},
			[]any{record.Reported[pairing.Facts]{Facts: roster(facts(side(member, pairing.Member)))}}, ""},
		{"a role of the glossary that no file names", nil, "", report{Facts: facts(side(core, "guiding_school"))},
			[]any{record.Reported[pairing.Facts]{Facts: facts(side(core, "guiding_school"))}}, ""},
		{"a role outside the glossary", nil, "", report{Facts: facts(side(core, "boss"))}, nil, "pairing.bad-role"},
		{"a basis outside the list", nil, "", report{Facts: pairing.Facts{Basis: "hearsay"}}, nil, "pairing.bad-basis"},
		{"nobody in it", nil, "", report{Facts: facts([]pairing.Side{}...)}, nil, "pairing.no-sides"},
		{"the same school on both sides", nil, "", report{Facts: facts(side(core, pairing.Core), side(core, pairing.Member))}, nil, "pairing.no-sides"},
		{"a community for a school", nil, "", report{Facts: facts(side(community, pairing.Core))}, nil, "pairing.no-sides"},
		{"reported twice", []any{reported}, "", report{Facts: facts()}, nil, "pairing.already-reported"},

		{"founded", nil, "day:2015-09-01", found(facts()), []any{founded.Fact}, ""},
		{"founded without a core", nil, "day:2015-09-01", found(facts(side(core, pairing.Member))), nil, "pairing.no-core"},
		{"founded by two cores", nil, "day:2015-09-01", found(facts(side(core, pairing.Core), side(third, pairing.Core), side(member, pairing.Member))), nil, "pairing.no-core"},
		{"founded by leaders of two sorts", nil, "day:2015-09-01", found(twoSorts), []any{pairing.Founded{Facts: twoSorts}}, ""},
		{"founded by a supporting school", nil, "day:2015-09-01", found(supported), []any{pairing.Founded{Facts: supported}}, ""},
		{"founded by a leader with a supporting school", nil, "day:2015-09-01", found(besides), []any{pairing.Founded{Facts: besides}}, ""},
		{"founded by two supporting schools", nil, "day:2015-09-01",
			found(facts(side(core, "supporting_school"), side(third, "supporting_school"), side(member, "supported_school"))), nil, "pairing.no-core"},
		{"founded by a supporting school alone", nil, "day:2015-09-01", found(facts(side(core, "supporting_school"))), nil, "pairing.no-core"},
		{"founded without a member", nil, "day:2015-09-01", found(facts(side(core, pairing.Core))), nil, "pairing.no-core"},
		{"founded without a community", nil, "day:2015-09-01", found(homeless(facts())), nil, "pairing.no-core"},
		{"founded as a roster", nil, "day:2015-09-01", found(roster(facts())), nil, "pairing.no-core"},
		{"founded where one was reported", []any{reported}, "day:2015-09-01", found(facts()), nil, "pairing.already-reported"},

		{"a school joins", []any{founded}, "day:2016-09-01", join(third), []any{joined}, ""},
		{"a member joins", []any{founded}, "day:2016-09-01", join(member), nil, "pairing.already-member"},
		{"one that joined joins", []any{founded, joins}, "day:2017-09-01", join(third), nil, "pairing.already-member"},
		{"one that left joins again", []any{founded, joins, leaves}, "day:2018-03-01", join(third), []any{joined}, ""},
		{"one that left joins before it left", []any{founded, joins, leaves}, "day:2017-06-30", join(third), nil, "pairing.twice"},
		{"a school joins in a month", []any{founded}, "month:2016-09", join(third), nil, "pairing.day-unknown"},
		{"a school joins in a role outside the glossary", []any{founded}, "day:2016-09-01", pairing.Joining{Side: side(third, "boss")}, nil, "pairing.bad-role"},
		{"a school joins what was reported since nobody knows when", []any{reported}, "day:2016-09-01", join(third), nil, "pairing.start-unknown"},
		{"a school joins what a roster shows", []any{rostered}, "day:2018-09-01", join(third), nil, "pairing.start-unknown"},
		{"a school joins what was reported since a year", []any{imported}, "day:2016-09-01", join(third), []any{joined}, ""},
		{"a school joins a roster that was corrected to its founding", []any{rostered, commandtest.On("2015-09-01", corrected(facts()))}, "day:2016-09-01", join(third), []any{joined}, ""},
		{"a school joins before the founding", []any{founded}, "day:2015-08-31", join(third), nil, "pairing.joins-before-founding"},
		{"a person joins as a school", []any{founded}, "day:2016-09-01", join(person), nil, "record.bad-unit"},
		{"a school joins what is not there", nil, "day:2016-09-01", join(third), nil, "pairing.not-reported"},
		{"a school joins what is void", []any{founded, voided(1)}, "day:2016-09-01", join(third), nil, "pairing.voided"},

		{"a school leaves", []any{founded, joins}, "day:2017-07-01", leave(third), []any{left}, ""},
		{"a founder leaves", []any{founded}, "day:2017-07-01", leave(member), []any{pairing.Left{School: member, Reason: reason}}, ""},
		{"a stranger leaves", []any{founded}, "day:2017-07-01", leave(third), nil, "pairing.not-member"},
		{"a school leaves twice", []any{founded, joins, leaves}, "day:2017-07-02", leave(third), nil, "pairing.not-member"},
		{"a school leaves before it joined", []any{founded, joins}, "day:2016-08-31", leave(third), nil, "pairing.leaves-before-joining"},
		{"a school leaves on no known day", []any{founded, joins}, "unknown", leave(third), nil, "pairing.day-unknown"},
		{"a school leaves what was reported since nobody knows when", []any{reported}, "day:2017-07-01", leave(member), nil, "pairing.start-unknown"},
		{"a school leaves what was reported since a year", []any{imported}, "day:2017-07-01", leave(member), []any{pairing.Left{School: member, Reason: reason}}, ""},

		{"corrected", []any{founded}, "day:2015-10-01", correct{Reason: reason, Facts: facts()}, []any{corrected(facts())}, ""},
		{"a report corrected to one school", []any{reported}, "", correct{Reason: reason, Facts: facts(side(core, pairing.Core))}, []any{corrected(facts(side(core, pairing.Core)))}, ""},
		{"a founding corrected to one school", []any{founded}, "", correct{Reason: reason, Facts: facts(side(core, pairing.Core))}, nil, "pairing.no-core"},
		{"corrected to hold one that joined later", []any{founded, joins}, "day:2015-09-01",
			correct{Reason: reason, Facts: facts(side(core, pairing.Core), side(third, pairing.Member))}, nil, "pairing.twice"},
		{"corrected to begin after a founder left", []any{founded, commandtest.On("2017-07-01", pairing.Left{School: member, Reason: reason})}, "day:2017-09-01",
			correct{Reason: reason, Facts: facts()}, nil, "pairing.leaves-before-joining"},
		{"a joining corrected", []any{founded, joins}, "", correct{Target: commandtest.ID(2), Reason: reason, Facts: facts()}, nil, "pairing.wrong-target"},
		{"corrected without a reason", []any{founded}, "", correct{Facts: facts()}, nil, "record.no-reason"},
		{"corrected when void", []any{founded, voided(1)}, "", correct{Reason: reason, Facts: facts()}, nil, "pairing.voided"},
		{"corrected before any report", nil, "", correct{Reason: reason, Facts: facts()}, nil, "pairing.not-reported"},

		{"voided wholly", []any{founded, joins}, "", withdraw{Reason: reason}, []any{voided(1)}, ""},
		{"a joining voided", []any{founded, joins}, "", withdraw{Target: commandtest.ID(2), Reason: reason}, []any{voided(2)}, ""},
		{"a leaving voided", []any{founded, joins, leaves}, "", withdraw{Target: commandtest.ID(3), Reason: reason}, []any{voided(3)}, ""},
		{"a leaving voided after the school came back", []any{founded, joins, leaves, rejoins}, "", withdraw{Target: commandtest.ID(3), Reason: reason}, nil, "pairing.twice"},
		{"a joining voided twice", []any{founded, joins, voided(2)}, "", withdraw{Target: commandtest.ID(2), Reason: reason}, nil, "pairing.wrong-target"},
		{"the leaving of a voided joining voided", []any{founded, joins, leaves, voided(2)}, "", withdraw{Target: commandtest.ID(3), Reason: reason}, []any{voided(3)}, ""},
		{"voided twice", []any{founded, voided(1)}, "", withdraw{Reason: reason}, nil, "pairing.voided"},
		{"voided without a reason", []any{founded}, "", withdraw{}, nil, "record.no-reason"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := decide(tt.given, tt.when, tt.body)
			if commandtest.Refused(t, err, code(tt.code)) {
				return
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("decided (-want +got):\n%s", diff)
			}
		})
	}
}

func TestMembers(t *testing.T) {
	inCore := pairing.Membership{Side: side(core, pairing.Core), Basis: pairing.Founding, Since: "day:2015-09-01", Entry: commandtest.ID(1)}
	in := func(n int, since, until calendar.Occurred, exit int) pairing.Membership {
		m := pairing.Membership{Side: side(third, pairing.Member), Basis: pairing.Founding, Since: since, Until: until, Entry: commandtest.ID(n)}
		if exit > 0 {
			m.Exit = commandtest.ID(exit)
		}
		return m
	}
	foundedWithThird := commandtest.On("2015-09-01", pairing.Founded{Facts: facts(side(core, pairing.Core), side(third, pairing.Member))})
	foundedAlone := commandtest.On("2015-09-01", pairing.Founded{Facts: facts(side(core, pairing.Core))})
	tests := []struct {
		name  string
		given []any
		want  []pairing.Membership
	}{
		{"nothing", nil, nil},
		{"founded", []any{foundedWithThird}, []pairing.Membership{inCore, in(1, "day:2015-09-01", "", 0)}},
		{"a roster says when it was so", []any{commandtest.Dated{When: "term:2017-2018/2", Fact: record.Reported[pairing.Facts]{Facts: roster(facts(side(core, pairing.Core)))}}},
			[]pairing.Membership{{Side: side(core, pairing.Core), Basis: pairing.Roster, Since: "term:2017-2018/2", Entry: commandtest.ID(1)}}},
		{"left and come back", []any{foundedAlone, joins, leaves, rejoins},
			[]pairing.Membership{inCore, in(2, "day:2016-09-01", "day:2017-07-01", 3), in(4, "day:2018-03-01", "", 0)}},
		{"a leaving voided", []any{foundedAlone, joins, leaves, voided(3)}, []pairing.Membership{inCore, in(2, "day:2016-09-01", "", 0)}},
		{"a joining voided", []any{foundedAlone, joins, leaves, voided(2)}, []pairing.Membership{inCore}},
		{"corrected after a school joined", []any{foundedAlone, joins, commandtest.On("2015-09-01", corrected(facts(side(core, pairing.Core))))},
			[]pairing.Membership{inCore, in(2, "day:2016-09-01", "", 0)}},
		{"corrected after a founder left", []any{foundedWithThird, leaves, commandtest.On("2015-09-01", corrected(facts(side(core, pairing.Core), side(third, pairing.Member))))},
			[]pairing.Membership{inCore, in(1, "day:2015-09-01", "day:2017-07-01", 2)}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := state(tt.given...)
			if diff := cmp.Diff(tt.want, s.Members); diff != "" {
				t.Errorf("members (-want +got):\n%s", diff)
			}
		})
	}
}

// TestFoldNeverFails folds events in any order, in two orders of loading: a
// state that was kept is not changed by what is folded onto it later.
func TestFoldNeverFails(t *testing.T) {
	events := []any{founded, reported, joins, leaves, rejoins, corrected(facts()), voided(1), voided(2), voided(3), "an event of another package"}
	rapid.Check(t, func(t *rapid.T) {
		given := rapid.SliceOf(rapid.SampledFrom(events)).Draw(t, "events")
		var s pairing.State
		var kept []pairing.State
		for _, e := range history(given...) {
			s = pairing.Fold(s, e)
			kept = append(kept, s)
		}
		for i := range kept {
			if diff := cmp.Diff(state(given[:i+1]...), kept[i], cmpopts.IgnoreUnexported(record.Progress{})); diff != "" {
				t.Fatalf("a kept state changed:\n%s", diff)
			}
		}
	})
}
