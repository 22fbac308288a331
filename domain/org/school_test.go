package org_test

import (
	"fmt"
	"reflect"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"twinledger/domain"
	"twinledger/domain/calendar"
	"twinledger/domain/command"
	"twinledger/domain/command/commandtest"
	"twinledger/domain/event"
	"twinledger/domain/fault"
	"twinledger/domain/org"
	"twinledger/domain/record"
	"twinledger/domain/seal"
)

func schoolKey(n int) string { return fmt.Sprintf("school-0198c000-0000-7000-8000-%012d", n) }

var (
	firstSchool, secondSchool, thirdSchool = schoolKey(1), schoolKey(2), schoolKey(3)

	notedSchool = record.Reported[org.School]{Facts: org.School{District: district, Name: "甲小学"}}
	because     = seal.Text{Clear: "写错"}
)

// decide lets the named command act on a school with a history and returns what
// happens.
func decide(t *testing.T, name string, when calendar.Occurred, body any, given ...any) ([]any, error) {
	t.Helper()
	o := newTestLedger(t)
	o.must(t, "school.note", "", school{Facts: org.School{District: district, Name: "甲小学"}})
	key := org.SchoolKey(ledger, district, "甲小学")
	for _, other := range []string{"乙小学", "丙小学"} {
		o.must(t, "school.note", "", school{Facts: org.School{District: district, Name: other}})
	}
	for _, g := range given {
		step := g.(commandtest.Dated)
		if _, err := o.on(t, verbs[fmt.Sprintf("%T", step.Fact)], key, step.When, step.Fact); err != nil {
			t.Fatalf("given %+v: %v", g, err)
		}
	}
	done, err := o.on(t, name, key, when, body)
	var facts []any
	for _, e := range done.Events {
		facts = append(facts, e.Fact)
	}
	return facts, err
}

var verbs = map[string]string{"org.Renamed": "school.rename", "org.Merged": "school.merge", "org.Split": "school.split", "org.PlacedUnder": "school.place_under"}

func (o *testLedger) on(t *testing.T, name, stream string, when calendar.Occurred, body any) (command.Outcome, error) {
	t.Helper()
	o.n++
	return o.Handle(t.Context(), command.Request{ID: commandtest.ID(o.n), Name: name, Stream: stream, Occurred: when, Body: body})
}

func TestChangesOfASchool(t *testing.T) {
	self, b, c := org.SchoolKey(ledger, district, "甲小学"), org.SchoolKey(ledger, district, "乙小学"), org.SchoolKey(ledger, district, "丙小学")
	nobody := org.SchoolKey(ledger, district, "无此小学")
	march, april := calendar.Occurred("day:2018-03-01"), calendar.Occurred("day:2018-04-01")
	tests := []struct {
		name  string
		given []any
		order string
		when  calendar.Occurred
		body  any
		code  string // of the refusal; "" when it happens
		idle  bool   // nothing happens
	}{
		{name: "renamed", order: "school.rename", when: march, body: org.Renamed{Name: "实验小学"}},
		{name: "renamed in a month", order: "school.rename", when: "month:2018-03", body: org.Renamed{Name: "实验小学"}, code: "school.day-unknown"},
		{name: "renamed to nothing", order: "school.rename", when: march, body: org.Renamed{Name: " "}, code: "org.no-name"},
		{name: "renamed to its own name", order: "school.rename", when: march, body: org.Renamed{Name: "甲小学"}, idle: true},
		{name: "an earlier renaming told later", given: []any{commandtest.On("2018-04-01", org.Renamed{Name: "实验小学"})}, order: "school.rename", when: march, body: org.Renamed{Name: "中心小学"}},
		{name: "renamed twice on a day", given: []any{commandtest.On("2018-03-01", org.Renamed{Name: "实验小学"})}, order: "school.rename", when: march, body: org.Renamed{Name: "中心小学"}, code: "school.same-day"},
		{name: "merged", order: "school.merge", when: march, body: org.Merged{Into: b}},
		{name: "merged on an unknown day", order: "school.merge", when: "unknown", body: org.Merged{Into: b}, code: "school.day-unknown"},
		{name: "merged into itself", order: "school.merge", when: march, body: org.Merged{Into: self}, code: "school.same-school"},
		{name: "merged into nobody", order: "school.merge", when: march, body: org.Merged{Into: nobody}, code: "command.unknown-reference"},
		{name: "merged into no school", order: "school.merge", when: march, body: org.Merged{Into: district}, code: "school.same-school"},
		{name: "merged twice", given: []any{commandtest.On("2018-04-01", org.Merged{Into: b})}, order: "school.merge", when: march, body: org.Merged{Into: c}, code: "school.ceased"},
		{name: "renamed after it merged", given: []any{commandtest.On("2018-03-01", org.Merged{Into: b})}, order: "school.rename", when: april, body: org.Renamed{Name: "实验小学"}, code: "school.ceased"},
		{name: "renamed before it merged, told later", given: []any{commandtest.On("2018-04-01", org.Merged{Into: b})}, order: "school.rename", when: march, body: org.Renamed{Name: "实验小学"}},
		{name: "merged before it was renamed", given: []any{commandtest.On("2018-04-01", org.Renamed{Name: "实验小学"})}, order: "school.merge", when: march, body: org.Merged{Into: b}, code: "school.ceased"},
		{name: "split", order: "school.split", when: march, body: org.Split{Into: []string{b, c}}},
		{name: "split into one", order: "school.split", when: march, body: org.Split{Into: []string{b}}, code: "school.same-school"},
		{name: "split into the same one twice", order: "school.split", when: march, body: org.Split{Into: []string{b, b}}, code: "school.same-school"},
		{name: "split into itself and another", order: "school.split", when: march, body: org.Split{Into: []string{self, b}}, code: "school.same-school"},
		{name: "split after it merged", given: []any{commandtest.On("2018-03-01", org.Merged{Into: b})}, order: "school.split", when: april, body: org.Split{Into: []string{b, c}}, code: "school.ceased"},
		{name: "placed under another", order: "school.place_under", when: march, body: org.PlacedUnder{Parent: b}},
		{name: "placed under another again", given: []any{commandtest.On("2018-03-01", org.PlacedUnder{Parent: b})}, order: "school.place_under", when: april, body: org.PlacedUnder{Parent: b}, idle: true},
		{name: "placed under itself", order: "school.place_under", when: march, body: org.PlacedUnder{Parent: self}, code: "school.same-school"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := decide(t, tt.order, tt.when, tt.body, tt.given...)
			if tt.code != "" {
				commandtest.Refused(t, err, &fault.Error{Code: tt.code})
				return
			}
			want := []any{tt.body}
			if tt.idle {
				want = nil
			}
			if diff := cmp.Diff(want, got); err != nil || diff != "" {
				t.Errorf("%v (-want +got):\n%s", err, diff)
			}
		})
	}
}

// TestChangesAreCorrectedAndVoided: what came later stays, and nothing remains
// that could not be.
func TestChangesAreCorrectedAndVoided(t *testing.T) {
	o := newTestLedger(t)
	key := o.must(t, "school.note", "", school{Facts: org.School{District: district, Name: "甲小学"}}).Stream
	b := o.must(t, "school.note", "", school{Facts: org.School{District: district, Name: "乙小学"}}).Stream
	do := func(name string, when calendar.Occurred, body any) string {
		t.Helper()
		done, err := o.on(t, name, key, when, body)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		return done.Events[0].ID
	}
	refused := func(code, name string, when calendar.Occurred, body any) {
		t.Helper()
		_, err := o.on(t, name, key, when, body)
		commandtest.Refused(t, err, &fault.Error{Code: code})
	}
	renamed := do("school.rename", "day:2017-09-01", org.Renamed{Name: "实验小学"})
	merged := do("school.merge", "day:2018-02-10", org.Merged{Into: b})
	change := func(target string, c org.ChangeDetails) org.ChangeCorrected {
		return org.ChangeCorrected{Target: target, Reason: because, ChangeDetails: c}
	}
	refused("school.ceased", "school.correct_change", "day:2018-03-01", change(renamed, org.ChangeDetails{Name: "实验小学"}))
	refused("school.wrong-change", "school.correct_change", "day:2017-10-01", change(renamed, org.ChangeDetails{Into: []string{b}}))
	refused("school.wrong-change", "school.correct_change", "day:2017-10-01", change(merged, org.ChangeDetails{Into: []string{b}, Name: "实验小学"}))
	refused("school.wrong-target", "school.correct_change", "day:2017-10-01", change(org.SchoolKey(ledger, district, "x"), org.ChangeDetails{Name: "实验小学"}))
	refused("school.day-unknown", "school.correct_change", "term:2017-2018/1", change(renamed, org.ChangeDetails{Name: "实验小学"}))
	refused("record.no-reason", "school.correct_change", "day:2017-10-01", org.ChangeCorrected{Target: renamed, ChangeDetails: org.ChangeDetails{Name: "实验小学"}})
	do("school.correct_change", "day:2017-10-01", change(renamed, org.ChangeDetails{Name: "第一实验小学"}))
	do("school.correct_change", "day:2018-04-10", change(merged, org.ChangeDetails{Into: []string{b}, Memberships: true}))
	state := o.school(t, key)
	want := []org.Change{{ID: renamed, Kind: org.ChangeRenamed, On: "2017-10-01", Name: "第一实验小学"},
		{ID: merged, Kind: org.ChangeMerged, On: "2018-04-10", Keys: []string{b}, Memberships: true}}
	if diff := cmp.Diff(want, state.Changes, cmpopts.EquateEmpty()); diff != "" {
		t.Errorf("after the corrections (-want +got):\n%s", diff)
	}
	refused("record.no-reason", "school.void", "", record.Withdraw[org.School]{Target: merged})
	do("school.void", "", record.Withdraw[org.School]{Target: merged, Reason: because})
	refused("school.wrong-target", "school.void", "", record.Withdraw[org.School]{Target: merged, Reason: because})
	if state = o.school(t, key); !state.StandingOn("2019-01-01") || state.SuccessorOn("2019-01-01") != "" || state.Name() != "第一实验小学" {
		t.Errorf("after the merger is void: %+v", state)
	}
	do("school.void", "", record.Withdraw[org.School]{Reason: because})
	refused("school.voided", "school.rename", "day:2018-09-01", org.Renamed{Name: "乙小学"})
}

func (o *testLedger) school(t *testing.T, key string) org.SchoolState {
	t.Helper()
	history, err := o.Load(t.Context(), key)
	if err != nil {
		t.Fatal(err)
	}
	var s org.State[org.School]
	for _, e := range history {
		s = org.FoldSchool(s, e)
	}
	return org.SchoolState{State: s}
}

// roll folds what was said of several schools.
func roll(said map[string][]any) org.SchoolsByKey {
	r := org.SchoolsByKey{}
	for key, facts := range said {
		var s org.State[org.School]
		for _, e := range commandtest.History(facts...) {
			s = org.FoldSchool(s, e)
		}
		r[key] = org.SchoolState{State: s}
	}
	return r
}

func TestWhatIsTrueOnADay(t *testing.T) {
	s := roll(map[string][]any{firstSchool: {notedSchool,
		commandtest.On("2018-09-01", org.Renamed{Name: "丙小学"}), commandtest.On("2017-09-01", org.Renamed{Name: "乙小学"}),
		commandtest.On("2018-03-01", org.PlacedUnder{Parent: thirdSchool}), commandtest.On("2019-02-01", org.Merged{Into: secondSchool})}})[firstSchool]
	tests := []struct {
		day               calendar.Day
		name              string
		standing          bool
		successor, parent string
	}{
		{"2017-08-31", "甲小学", true, "", ""}, {"2017-09-01", "乙小学", true, "", ""}, {"2018-03-01", "乙小学", true, "", thirdSchool},
		{"2018-09-01", "丙小学", true, "", thirdSchool}, {"2019-01-31", "丙小学", true, "", thirdSchool}, {"2019-02-01", "丙小学", false, secondSchool, thirdSchool},
	}
	for _, tt := range tests {
		if s.NameOn(tt.day) != tt.name || s.StandingOn(tt.day) != tt.standing || s.SuccessorOn(tt.day) != tt.successor || s.ParentOn(tt.day) != tt.parent {
			t.Errorf("on %s: %s, standing %v, successor %s, parent %s; want %+v", tt.day, s.NameOn(tt.day), s.StandingOn(tt.day), s.SuccessorOn(tt.day), s.ParentOn(tt.day), tt)
		}
	}
}

func TestWhoCarriesOn(t *testing.T) {
	merged := func(day string, into string) []any {
		return []any{notedSchool, commandtest.On(day, org.Merged{Into: into})}
	}
	is := func(as string) []any { return []any{notedSchool, org.Identified[org.School]{As: as}} }
	plain := []any{notedSchool}
	tests := []struct {
		name string
		said map[string][]any
		want []org.CarrierPeriod // of the first school in April 2018
	}{
		{"nothing changed", map[string][]any{firstSchool: plain}, []org.CarrierPeriod{stage("01", "30", firstSchool)}},
		{"not known at all", nil, []org.CarrierPeriod{stage("01", "30", firstSchool)}},
		{"merged before", map[string][]any{firstSchool: merged("2018-02-10", secondSchool), secondSchool: plain}, []org.CarrierPeriod{stage("01", "30", secondSchool)}},
		{"merged on the first day", map[string][]any{firstSchool: merged("2018-04-01", secondSchool)}, []org.CarrierPeriod{stage("01", "30", secondSchool)}},
		{"merged within", map[string][]any{firstSchool: merged("2018-04-10", secondSchool)}, []org.CarrierPeriod{stage("01", "09", firstSchool), stage("10", "30", secondSchool)}},
		{"merged afterwards", map[string][]any{firstSchool: merged("2018-05-01", secondSchool)}, []org.CarrierPeriod{stage("01", "30", firstSchool)}},
		{"and its successor too", map[string][]any{firstSchool: merged("2018-04-10", secondSchool), secondSchool: merged("2018-04-20", thirdSchool)},
			[]org.CarrierPeriod{stage("01", "09", firstSchool), stage("10", "19", secondSchool), stage("20", "30", thirdSchool)}},
		{"into one that had ceased", map[string][]any{firstSchool: merged("2018-04-10", secondSchool), secondSchool: merged("2015-09-01", thirdSchool)},
			[]org.CarrierPeriod{stage("01", "09", firstSchool), stage("10", "30", thirdSchool)}},
		{"mergers in a circle", map[string][]any{firstSchool: merged("2018-04-10", secondSchool), secondSchool: merged("2018-04-20", firstSchool)},
			[]org.CarrierPeriod{stage("01", "09", firstSchool), stage("10", "19", secondSchool), stage("20", "30", firstSchool)}},
		{"split", map[string][]any{firstSchool: {notedSchool, commandtest.On("2018-04-10", org.Split{Into: []string{thirdSchool, secondSchool}})}},
			[]org.CarrierPeriod{stage("01", "09", firstSchool), stage("10", "30", secondSchool, thirdSchool)}},
		{"the same as another", map[string][]any{firstSchool: is(secondSchool)}, []org.CarrierPeriod{stage("01", "30", secondSchool)}},
		{"the same as one that merged", map[string][]any{firstSchool: is(secondSchool), secondSchool: merged("2018-04-10", thirdSchool)},
			[]org.CarrierPeriod{stage("01", "09", secondSchool), stage("10", "30", thirdSchool)}},
		{"the same in a circle", map[string][]any{firstSchool: is(thirdSchool), thirdSchool: is(firstSchool)}, []org.CarrierPeriod{stage("01", "30", firstSchool)}},
		{"identified, and void", map[string][]any{firstSchool: append(is(secondSchool), record.Voided[org.School]{Target: commandtest.ID(1), Reason: because})},
			[]org.CarrierPeriod{stage("01", "30", firstSchool)}},
		{"the identification void", map[string][]any{firstSchool: append(is(secondSchool), record.Voided[org.School]{Target: commandtest.ID(2), Reason: because})},
			[]org.CarrierPeriod{stage("01", "30", firstSchool)}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := roll(tt.said).CarrierPeriods(firstSchool, calendar.Period{First: "2018-04-01", Last: "2018-04-30"})
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func stage(first, last string, carriers ...string) org.CarrierPeriod {
	return org.CarrierPeriod{Period: calendar.Period{First: calendar.Day("2018-04-" + first), Last: calendar.Day("2018-04-" + last)}, Carriers: carriers}
}

// TestStagesCoverAllDays draws any mergers, splits and identifications, circles
// among them: every day has its carriers, and all of a circle agree.
func TestStagesCoverAllDays(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		said := map[string][]any{}
		for n := 1; n <= 4; n++ {
			other := rapid.IntRange(1, 4).Draw(t, "other")
			day := rapid.SampledFrom([]string{"2018-03-31", "2018-04-01", "2018-04-10", "2018-04-20"}).Draw(t, "day")
			said[schoolKey(n)] = append([]any{notedSchool}, rapid.SampledFrom([][]any{nil, {commandtest.On(day, org.Merged{Into: schoolKey(other)})},
				{commandtest.On(day, org.Split{Into: []string{schoolKey(other), schoolKey(5 - other)}})}, {org.Identified[org.School]{As: schoolKey(other)}}}).Draw(t, "said")...)
		}
		r := roll(said)
		p := calendar.Period{First: "2018-04-01", Last: "2018-04-30"}
		for key := range said {
			next := p.First
			for _, s := range r.CarrierPeriods(key, p) {
				if s.First != next || s.Last < s.First || len(s.Carriers) == 0 || !slices.IsSorted(s.Carriers) {
					t.Fatalf("%s has stages %+v", key, r.CarrierPeriods(key, p))
				}
				next = s.Last.Add(1)
			}
			if next != "2018-05-01" {
				t.Fatalf("%s ends before %s", key, next)
			}
			if same := r.Same(key); r.Same(same) != same {
				t.Fatalf("%s stands for %s, which stands for %s", key, same, r.Same(same))
			}
		}
	})
}

func TestProvisional(t *testing.T) {
	o := newTestLedger(t)
	note := func(name string) string {
		return o.must(t, "school.note", "", school{Facts: org.School{District: district, Name: name, Provisional: true}}).Stream
	}
	first, second := note("郝家也小学"), note("郝家也中心小学")
	known := func(key string) bool { return !org.Provisional(o.school(t, key).State) }
	if known(first) {
		t.Error("what a file mentioned is taken for known")
	}
	confirmed := o.must(t, "school.confirm", first, org.Confirmed[org.School]{}).Events[0].ID
	if got := o.must(t, "school.confirm", first, org.Confirmed[org.School]{}).Events; got != nil || !known(first) {
		t.Errorf("confirmed again: %+v, known %v", got, known(first))
	}
	o.must(t, "school.void", first, record.Withdraw[org.School]{Target: confirmed, Reason: because})
	if known(first) {
		t.Error("the confirmation is void and the school known")
	}
	o.refuses(t, "school.not-another", "school.identify", first, org.Identified[org.School]{As: first})
	o.refuses(t, "command.unknown-reference", "school.identify", first, org.Identified[org.School]{As: org.SchoolKey(ledger, district, "无")})
	o.refuses(t, "school.not-another", "school.identify", first, org.Identified[org.School]{As: district})
	identified := o.must(t, "school.identify", first, org.Identified[org.School]{As: second}).Events[0].ID
	if got := o.must(t, "school.identify", first, org.Identified[org.School]{As: second}).Events; got != nil {
		t.Errorf("identified again: %+v", got)
	}
	o.refuses(t, "school.is-another", "school.confirm", first, org.Confirmed[org.School]{})
	if _, err := o.on(t, "school.rename", first, "day:2018-03-01", org.Renamed{Name: "新名"}); err == nil {
		t.Error("one that is another was renamed")
	}
	o.must(t, "school.void", first, record.Withdraw[org.School]{Target: identified, Reason: because})
	if s := o.school(t, first); s.IdentifiedAs() != "" || known(first) {
		t.Errorf("the identification is void: %+v", s)
	}
	o.refuses(t, "org.no-name", "school.alias", first, org.Aliased[org.School]{})
	o.must(t, "school.alias", first, org.Aliased[org.School]{Alias: seal.Text{Clear: "郝小"}})
	if got := o.must(t, "school.alias", first, org.Aliased[org.School]{Alias: seal.Text{Clear: "郝小"}}).Events; got != nil {
		t.Errorf("aliased again: %+v", got)
	}
}

// directoryOf folds the whole log.
func directoryOf(t *testing.T, o *testLedger) (*org.Directory, *org.Names) {
	t.Helper()
	d, names := org.NewDirectory(ledger, nil), org.NewNames(nil)
	registry := domain.Events(nil)
	err := event.Walk(t.Context(), o.log, func(r event.Record) error {
		if err := d.LearnRecord(r, registry); err != nil {
			return err
		}
		return names.LearnRecord(t.Context(), r, registry, o.vault)
	})
	if err != nil {
		t.Fatal(err)
	}
	return d, names
}

func TestAWrittenNameLeadsToWhoIsMeant(t *testing.T) {
	o := newTestLedger(t)
	note := func(name string) string {
		return o.must(t, "school.note", "", school{Facts: org.School{District: district, Name: name, Provisional: true}}).Stream
	}
	right, typo, twin, plain := note("郝家也中心小学"), note("郝家也中心小雪"), note("双庙小学"), note("店则沟小学")
	o.must(t, "school.identify", typo, org.Identified[org.School]{As: right})
	o.must(t, "school.alias", right, org.Aliased[org.School]{Alias: seal.Text{Clear: "郝小"}})
	o.must(t, "school.alias", twin, org.Aliased[org.School]{Alias: seal.Text{Clear: "中心小学"}})
	o.must(t, "school.alias", plain, org.Aliased[org.School]{Alias: seal.Text{Clear: "中心小学"}})
	if _, err := o.on(t, "school.rename", twin, "day:2018-03-01", org.Renamed{Name: "双庙实验小学"}); err != nil {
		t.Fatal(err)
	}
	wrong := note("第二小雪")
	o.must(t, "school.correct", wrong, record.Correct[org.School]{Reason: because, Facts: org.School{District: district, Name: "第二小学"}})
	d, _ := directoryOf(t, o)
	for situation, tt := range map[string]struct{ written, want string }{
		"its own name": {"郝家也中心小学", right}, "a typing error": {"郝家也中心小雪", right}, "an alias": {"郝小", right},
		"an alias of two": {"中心小学", org.SchoolKey(ledger, district, "中心小学")}, "the former name": {"双庙小学", twin}, "the new name": {"双庙实验小学", twin},
		"a corrected name": {"第二小学", wrong}, "the name before the correction": {"第二小雪", wrong}, "nobody's": {"新建小学", org.SchoolKey(ledger, district, "新建小学")},
	} {
		if got := d.School(district, tt.written); got != tt.want {
			t.Errorf("%s: %s is %s, want %s", situation, tt.written, got, tt.want)
		}
	}
	if got := d.School(org.DistrictKey(ledger, "绥德县"), "郝小"); got == right {
		t.Error("an alias leads to a school of another district")
	}
	known := o.must(t, "person.note", "", person{Facts: org.Person{District: district, School: right, Name: seal.Text{Clear: "欧阳海燕"}, Provisional: true}}).Stream
	o.must(t, "person.alias", known, org.Aliased[org.Person]{Alias: seal.Text{Clear: "欧阳老师"}})
	d, names := directoryOf(t, o)
	for situation, tt := range map[string]struct{ school, written, want string }{
		"at the school": {right, "欧阳海燕", known}, "at a spelling of it": {typo, "欧阳海燕", known}, "by an alias": {right, "欧阳老师", known},
		"at another school": {twin, "欧阳海燕", org.PersonKey(o.vault, district, twin, "欧阳海燕")},
	} {
		if got := d.Person(o.vault, names, district, tt.school, tt.written); got != tt.want {
			t.Errorf("%s: %s, want %s", situation, got, tt.want)
		}
	}
	if names.Of(known) != "欧阳海燕" || len(names.In("欧阳老师主讲")) != 1 {
		t.Error("an alias is not looked for, or has become the name")
	}
	first := o.must(t, "community.note", "", community{Facts: org.Community{District: district, Name: "一小共同体"}}).Stream
	second := o.must(t, "community.note", "", community{Facts: org.Community{District: district, Name: "第一小学共同体"}}).Stream
	o.must(t, "community.identify", first, org.Identified[org.Community]{As: second})
	d, _ = directoryOf(t, o)
	if got := d.Community(district, "一小共同体"); got != second {
		t.Errorf("the community is %s, want %s", got, second)
	}
}

// TestASchoolNeverContradictsItself sends random commands, corrections and
// voidings among them. Whatever is accepted leaves a school of which nothing is
// said after it ceased, and nothing twice on a day.
func TestASchoolNeverContradictsItself(t *testing.T) {
	days := rapid.SampledFrom([]calendar.Occurred{"day:2017-09-01", "day:2018-02-10", "day:2018-04-10", "day:2018-09-01", "month:2018-04", calendar.Unknown})
	names := rapid.SampledFrom([]string{"甲小学", "乙小学", "丙小学", ""})
	rapid.Check(t, func(r *rapid.T) {
		o := newTestLedger(t)
		var keys []string
		for _, name := range []string{"一校", "二校", "三校"} {
			keys = append(keys, o.must(t, "school.note", "", school{Facts: org.School{District: district, Name: name}}).Stream)
		}
		own, others := keys[0], rapid.SampledFrom(keys)
		for range rapid.IntRange(1, 12).Draw(r, "commands") {
			target := ""
			if changes := o.school(t, own).Changes; len(changes) > 0 {
				target = rapid.SampledFrom(changes).Draw(r, "target").ID
			}
			other, next := others.Draw(r, "other"), others.Draw(r, "next")
			change := org.ChangeDetails{Name: names.Draw(r, "name")}
			if rapid.Bool().Draw(r, "ceasing") {
				change = org.ChangeDetails{Into: []string{other}}
			}
			name := rapid.SampledFrom([]string{"school.rename", "school.merge", "school.split", "school.place_under", "school.correct_change", "school.void", "school.identify"}).Draw(r, "command")
			body := map[string]any{"school.rename": org.Renamed{Name: names.Draw(r, "name")}, "school.merge": org.Merged{Into: other},
				"school.split": org.Split{Into: []string{other, next}}, "school.place_under": org.PlacedUnder{Parent: other},
				"school.correct_change": org.ChangeCorrected{Target: target, Reason: because, ChangeDetails: change},
				"school.void":           record.Withdraw[org.School]{Target: target, Reason: because}, "school.identify": org.Identified[org.School]{As: other}}[name]
			before := o.school(t, own)
			_, err := o.on(t, name, own, days.Draw(r, "day"), body)
			after := o.school(t, own)
			if err != nil && !reflect.DeepEqual(before, after) {
				r.Fatalf("%s was refused and changed the school", name)
			}
			for i, change := range after.Changes {
				if after.Phase == record.Void || change.On == "" {
					continue
				}
				if slices.Contains(change.Keys, own) || !after.StandingOn(change.On.Add(-1)) {
					r.Fatalf("after %s: %+v", name, after.Changes)
				}
				if slices.ContainsFunc(after.Changes[:i], func(o org.Change) bool { return o.Kind == change.Kind && o.On == change.On }) {
					r.Fatalf("twice on a day after %s: %+v", name, after.Changes)
				}
			}
		}
	})
}
