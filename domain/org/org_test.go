package org_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"twinledger/domain"
	"twinledger/domain/calendar"
	"twinledger/domain/command"
	"twinledger/domain/command/commandtest"
	"twinledger/domain/event"
	"twinledger/domain/event/memlog"
	"twinledger/domain/fault"
	"twinledger/domain/org"
	"twinledger/domain/record"
	"twinledger/domain/seal"
	"twinledger/domain/seal/sealtest"
)

const ledger = "k3m7q2xw5a"

var district = org.DistrictKey(ledger, "清涧县")

// testLedger is a write side with the district registered.
type testLedger struct {
	*command.Handler
	log   *memlog.Log
	vault *sealtest.Vault
	n     int
}

func newTestLedger(t *testing.T) *testLedger {
	t.Helper()
	o := &testLedger{log: memlog.New(), vault: &sealtest.Vault{}}
	o.Handler = &command.Handler{Ledger: ledger, Log: o.log, Registry: domain.Events(nil), Definitions: domain.Commands(),
		Clock: commandtest.ClockAt("2018-07-03T08:00:00.000Z"), Vault: o.vault, Names: org.NewNames(nil)}
	o.must(t, "district.register", "", record.Report[org.District]{Facts: org.District{Name: "清涧县"}})
	return o
}

func (o *testLedger) send(t *testing.T, name, stream string, body any) (command.Outcome, error) {
	t.Helper()
	o.n++
	return o.Handle(t.Context(), command.Request{ID: commandtest.ID(o.n), Name: name, Stream: stream, Body: body})
}

func (o *testLedger) must(t *testing.T, name, stream string, body any) command.Outcome {
	t.Helper()
	done, err := o.send(t, name, stream, body)
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return done
}

func (o *testLedger) refuses(t *testing.T, code, name, stream string, body any) {
	t.Helper()
	_, err := o.send(t, name, stream, body)
	commandtest.Refused(t, err, &fault.Error{Code: code})
}

type (
	school    = record.Report[org.School]
	community = record.Report[org.Community]
	person    = record.Report[org.Person]
	published = record.Report[org.CalendarYear]
)

func TestTheSameNameIsTheSameStream(t *testing.T) {
	o := newTestLedger(t)
	body := school{Facts: org.School{District: district, Name: "郝家也中心小学", Provisional: true}}
	if got := o.must(t, "school.note", "", body).Stream; got != org.SchoolKey(ledger, district, "郝家也中心小学") {
		t.Errorf("the school lies in %s", got)
	}
	o.refuses(t, "school.already-reported", "school.note", "", body)
	named := community{Facts: org.Community{District: district, Name: "清涧县第二小学共同体"}}
	if got := o.must(t, "community.note", "", named).Stream; got != org.CommunityKey(ledger, district, "清涧县第二小学共同体") {
		t.Errorf("the community lies in %s", got)
	}
	o.refuses(t, "district.already-reported", "district.register", "", record.Report[org.District]{Facts: org.District{Name: "清涧县"}})
}

func TestKeysTellNamesApart(t *testing.T) {
	vault := &sealtest.Vault{}
	other := org.DistrictKey(ledger, "绥德县")
	keys := map[string]string{}
	for situation, key := range map[string]string{
		"district": district, "another district": other,
		"school": org.SchoolKey(ledger, district, "第二小学"), "school of another district": org.SchoolKey(ledger, other, "第二小学"),
		"school of another ledger": org.SchoolKey("aaaaaaaaaa", district, "第二小学"),
		"community":                org.CommunityKey(ledger, district, "第二小学"),
		"person":                   org.PersonKey(vault, district, "", "李老师"), "person of a school": org.PersonKey(vault, district, org.SchoolKey(ledger, district, "第二小学"), "李老师"),
		"calendar": org.CalendarKey(ledger, district, "2017-2018"), "next year's calendar": org.CalendarKey(ledger, district, "2018-2019"),
	} {
		if former, taken := keys[key]; taken {
			t.Errorf("%s and %s have the key %s", situation, former, key)
		}
		keys[key] = situation
		if _, id, _ := strings.Cut(key, "-"); !event.IsID(id) {
			t.Errorf("the key of a %s is %s", situation, key)
		}
	}
}

func TestNamelessAndHomeless(t *testing.T) {
	o := newTestLedger(t)
	name := seal.Text{Clear: "李老师"}
	o.refuses(t, "org.no-name", "district.register", "", record.Report[org.District]{})
	o.refuses(t, "org.no-name", "school.note", "", school{Facts: org.School{District: district}})
	o.refuses(t, "org.no-name", "person.note", "", person{Facts: org.Person{District: district}})
	o.refuses(t, "org.no-district", "school.note", "", school{Facts: org.School{Name: "第二小学"}})
	o.refuses(t, "org.no-district", "community.note", "", community{Facts: org.Community{Name: "共同体"}})
	o.refuses(t, "org.no-district", "person.note", "", person{Facts: org.Person{Name: name}})
	o.refuses(t, "command.unknown-reference", "school.note", "", school{Facts: org.School{District: org.DistrictKey(ledger, "绥德县"), Name: "第二小学"}})
	o.refuses(t, "command.unknown-reference", "person.note", "", person{Facts: org.Person{District: district, School: org.SchoolKey(ledger, district, "第二小学"), Name: name}})
}

func TestDescribe(t *testing.T) {
	o := newTestLedger(t)
	key := o.must(t, "school.note", "", school{Facts: org.School{District: district, Name: "第二小学", Stage: "小学"}}).Stream
	rural := org.Described{Setting: "乡村"}
	if got := o.must(t, "school.describe", key, rural).Events; len(got) != 1 || got[0].Fact != any(rural) {
		t.Errorf("described with %+v, want %+v", got, rural)
	}
	if got := o.must(t, "school.describe", key, org.Described{}).Events; got != nil {
		t.Errorf("described with nothing: %+v", got)
	}
	says := func(when string) {
		t.Helper()
		history, err := o.Load(t.Context(), key)
		if err != nil {
			t.Fatal(err)
		}
		if s := org.Schools.Decider.Fold(history); s.Facts.Stage != "小学" || s.Facts.Setting != "乡村" {
			t.Errorf("%s the school is %+v, want what both said", when, s.Facts)
		}
	}
	says("described")
	o.must(t, "school.void", key, record.Withdraw[org.School]{Reason: seal.Text{Clear: "重复"}})
	says("void")
	o.refuses(t, "school.voided", "school.describe", key, rural)
	o.refuses(t, "command.no-such-record", "school.describe", org.SchoolKey(ledger, district, "第三小学"), rural)
}

func TestCalendars(t *testing.T) {
	year := func(alter func(*calendar.Year)) org.CalendarYear {
		y := calendar.AssumedYear("2017-2018")
		alter(&y)
		return org.CalendarYear{District: district, Year: y}
	}
	tests := []struct {
		name string
		year org.CalendarYear
		code string
	}{
		{"the usual dates", year(func(*calendar.Year) {}), ""},
		{"holidays between the terms", year(func(y *calendar.Year) { y.Terms[0].Last = "2018-01-31" }), ""},
		{"not two years that follow one another", year(func(y *calendar.Year) { y.SchoolYear = "2017-2019" }), "calendar.bad-occurred"},
		{"a day that does not exist", year(func(y *calendar.Year) { y.Terms[0].Last = "2018-02-29" }), "calendar.no-such-day"},
		{"no day at all", year(func(y *calendar.Year) { y.First = "" }), "calendar.no-such-day"},
		{"terms that overlap", year(func(y *calendar.Year) { y.Terms[0].Last = "2018-03-01" }), "calendar.bad-year"},
		{"terms in the wrong order", year(func(y *calendar.Year) { y.Terms[0], y.Terms[1] = y.Terms[1], y.Terms[0] }), "calendar.bad-year"},
		{"a term before the school year", year(func(y *calendar.Year) { y.First = "2017-09-02" }), "calendar.bad-year"},
		{"a term beyond the school year", year(func(y *calendar.Year) { y.Last = "2018-07-31" }), "calendar.bad-year"},
		{"a term of one day", year(func(y *calendar.Year) { y.Terms[1].First = "2018-08-31" }), "calendar.bad-year"},
		{"no district", org.CalendarYear{Year: calendar.AssumedYear("2017-2018")}, "org.no-district"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			o := newTestLedger(t)
			if tt.code != "" {
				o.refuses(t, tt.code, "calendar.publish", "", published{Facts: tt.year})
				return
			}
			if got := o.must(t, "calendar.publish", "", published{Facts: tt.year}).Stream; got != org.CalendarKey(ledger, district, "2017-2018") {
				t.Errorf("the calendar lies in %s", got)
			}
			o.refuses(t, "calendar.already-reported", "calendar.publish", "", published{Facts: tt.year})
			elsewhere := org.CalendarYear{District: district, Year: calendar.AssumedYear("2018-2019")}
			o.refuses(t, "calendar.moved", "calendar.correct", org.CalendarKey(ledger, district, "2017-2018"),
				record.Correct[org.CalendarYear]{Reason: seal.Text{Clear: "写错"}, Facts: elsewhere})
		})
	}
}

// TestMovedSaysWhatIsKept: what a correction cannot change differs by kind.
func TestMovedSaysWhatIsKept(t *testing.T) {
	o := newTestLedger(t)
	other := o.must(t, "district.register", "", record.Report[org.District]{Facts: org.District{Name: "绥德县"}}).Stream
	key := o.must(t, "school.note", "", school{Facts: org.School{District: district, Name: "第二小学"}}).Stream
	_, err := o.send(t, "school.correct", key, record.Correct[org.School]{Reason: seal.Text{Clear: "写错"}, Facts: org.School{District: other, Name: "第二小学"}})
	commandtest.Refused(t, err, &fault.Error{Code: "school.moved"})
	if f, _ := fault.As(err); !strings.Contains(f.ZH, "区县") || strings.Contains(f.ZH, "学年") || strings.Contains(f.EN, "school year") {
		t.Errorf("a school is told of school years: %s %s", f.ZH, f.EN)
	}
}

// TestAPersonsNameIsSealed looks at the stored bytes and at the index of names.
func TestAPersonsNameIsSealed(t *testing.T) {
	o := newTestLedger(t)
	done := o.must(t, "person.note", "", person{Facts: org.Person{District: district, Name: seal.Text{Clear: "欧阳海燕"}}})
	o.must(t, "person.correct", done.Stream, record.Correct[org.Person]{Reason: seal.Text{Clear: "写错"}, Facts: org.Person{District: district, Name: seal.Text{Clear: "欧阳海雁"}}})
	for r, err := range o.log.Stream(t.Context(), event.StreamName(ledger, done.Stream)) {
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(string(r.Bytes), "欧阳") {
			t.Errorf("stored in clear: %s", r.Bytes)
		}
	}
	load := func() *org.Names {
		names := org.NewNames(nil)
		err := event.Walk(t.Context(), o.log, func(r event.Record) error { return names.LearnRecord(t.Context(), r, o.Registry, o.vault) })
		if err != nil {
			t.Fatal(err)
		}
		return names
	}
	names := load()
	if got := names.Of(done.Stream); got != "欧阳海雁" {
		t.Errorf("the person is called %q, want the corrected name", got)
	}
	for _, text := range []string{"由欧阳海燕主讲", "欧阳海雁", "听欧阳海雁的课"} {
		if diff := cmp.Diff([]string{done.Stream}, names.In(text)); diff != "" {
			t.Errorf("in %q (-want +got):\n%s", text, diff)
		}
	}
	if got := names.In("欧阳老师、海燕"); len(got) != 0 {
		t.Errorf("part of a name is taken for the person: %v", got)
	}
	o.vault.Lose(done.Stream)
	if got := load(); got.Of(done.Stream) != "" || len(got.In("欧阳海雁")) != 0 {
		t.Error("a name whose key is destroyed is still known")
	}
}

// TestFoldNeverFails folds a school's events in any order.
func TestFoldNeverFails(t *testing.T) {
	events := []any{record.Reported[org.School]{Facts: org.School{Name: "第二小学"}}, record.Corrected[org.School]{Facts: org.School{Name: "二小"}},
		record.Voided[org.School]{}, org.Described{Stage: "小学"}, "an event of another package"}
	rapid.Check(t, func(t *rapid.T) {
		org.Schools.Decider.Fold(commandtest.History(rapid.SliceOf(rapid.SampledFrom(events)).Draw(t, "events")...))
	})
}
