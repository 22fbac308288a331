package pairing_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"twinledger/domain/calendar"
	"twinledger/domain/command/commandtest"
	"twinledger/domain/event"
	"twinledger/domain/pairing"
	"twinledger/domain/record"
	"twinledger/domain/record/recordtest"
	"twinledger/domain/seal"
)

const (
	helper = "school-0198c000-0000-7000-8000-000000000014"
	second = "person-0198c000-0000-7000-8000-000000000032"
)

func newDesk() *recordtest.CommandRunner {
	return recordtest.NewCommandRunner(pairing.Register, pairing.Commands(),
		append([]string{district, community, core, member, third, helper, person, second}, recordtest.ExampleKeys...)...)
}

// A said command is one of a story: its name without the kind, when it happened
// and its body. Of "void" and of a step that corrects, nth is the command, from
// 1, whose event is meant.
type said struct {
	name string
	when calendar.Occurred
	body any
	nth  int
}

func on(day string) calendar.Occurred { return calendar.Occurred("day:" + day) }

// tell carries out a story in one stream and returns the answer to its last
// command; every other must be accepted.
func tell(t *testing.T, d *recordtest.CommandRunner, story ...said) (string, error) {
	t.Helper()
	stream, events := "", []string{}
	for i, c := range story {
		body := c.body
		if c.name == "void" {
			body = withdraw{Target: events[c.nth-1], Reason: reason}
		} else if b, is := body.(record.Step); is {
			if c.nth > 0 {
				b.Corrects, b.Reason = events[c.nth-1], reason
			}
			body = d.Body("pairing."+c.name, b)
		}
		done, err := d.Do("pairing."+c.name, stream, c.when, body)
		if i == len(story)-1 {
			if stream == "" {
				stream = done.Stream
			}
			return stream, err
		}
		if err != nil {
			t.Fatalf("%s is refused: %v", c.name, err)
		}
		stream = done.Stream
		events = append(events, done.Events[0].ID)
	}
	return stream, nil
}

func by(schools ...string) record.Step {
	var s record.Step
	for _, school := range schools {
		s.By = append(s.By, record.Unit{School: school})
	}
	return s
}

func with(s record.Step, alter ...func(*record.Step)) record.Step {
	for _, a := range alter {
		a(&s)
	}
	return s
}

func lasting(from, until calendar.Occurred) func(*record.Step) {
	return func(s *record.Step) { s.From, s.Until = from, until }
}
func what(text, code string) func(*record.Step) {
	return func(s *record.Step) { s.What = []record.Word{{Text: text, Code: code}} }
}
func noted(s *record.Step)                              { s.Note = seal.Text{Clear: "期满"} }
func graded(s *record.Step)                             { s.Grade = "同意" }
func people(keys ...string) func(*record.Step)          { return func(s *record.Step) { s.People = keys } }
func as(role string) func(*record.Step)                 { return func(s *record.Step) { s.Role = role } }
func kind(k record.Kind, f pairing.Facts) pairing.Facts { f.Kinds = []record.Kind{k}; return f }

// What the stories are made of.
var (
	isFounded  = said{"found", "day:2015-09-01", found(facts()), 0}
	isImported = said{"report", "year:2015", report{Facts: facts()}, 0}
	isRoster   = said{"report", "term:2017-2018/2", report{Facts: roster(facts())}, 0}
	applies    = said{"apply", "day:2018-03-20", report{Facts: facts(side(member, "helped_school"))}, 0}
	matches    = said{"match", "day:2018-04-01", by(helper), 0}
	signs      = said{"sign", "day:2015-08-20", with(by(core, member), lasting("day:2015-09-01", "day:2018-08-31"), what("师资交流", "")), 0}
	renews     = said{"renew", "day:2018-08-30", with(record.Step{}, lasting("", "day:2021-08-31")), 0}
	ends       = said{"end", "day:2019-07-01", with(record.Step{}, noted), 0}
	club       = said{"found", "day:2015-09-01", found(clubFacts()), 0}
)

func clubFacts() pairing.Facts {
	f := kind("class_teacher_community", facts([]pairing.Side{}...))
	f.People = []string{person}
	return f
}

func typed(day, text, code string) said {
	return said{"set_type", on(day), with(record.Step{}, what(text, code)), 0}
}

func chairs(day, school string) said { return said{"rotate_chair", on(day), by(school), 0} }

func TestCourses(t *testing.T) {
	tests := []struct {
		name  string
		story []said
		code  string
	}{
		{"an application is matched", []said{applies, matches}, ""},
		{"an application is refused", []said{applies, {"refuse", "day:2018-04-01", with(record.Step{}, noted), 0}}, ""},
		{"an application is refused without a reason", []said{applies, {"refuse", "day:2018-04-01", record.Step{}, 0}}, "record.step-incomplete"},
		{"what was refused is matched", []said{applies, {"refuse", "day:2018-04-01", with(record.Step{}, noted), 0}, matches}, "pairing.out-of-order"},
		{"a refusal voided and then matched", []said{applies, {"refuse", "day:2018-04-01", with(record.Step{}, noted), 0}, {"void", "", nil, 2}, matches}, ""},
		{"matched before it was applied for", []said{applies, {"match", "day:2018-03-19", by(helper), 0}}, "pairing.too-early"},
		{"matched with nobody", []said{applies, {"match", "day:2018-04-01", record.Step{Office: "教育局"}, 0}}, "pairing.no-helper"},
		{"matched with itself", []said{applies, {"match", "day:2018-04-01", by(member), 0}}, "pairing.no-helper"},
		{"matched in a role outside the glossary", []said{applies, {"match", "day:2018-04-01", with(by(helper), as("boss")), 0}}, "pairing.bad-role"},
		{"an application of nobody", []said{{"apply", "", report{Facts: clubFacts()}, 0}}, "pairing.no-sides"},
		{"an application as a roster", []said{{"apply", "", report{Facts: roster(facts())}, 0}}, "pairing.bad-basis"},
		{"an application that tells of a course", []said{{"apply", "", report{Facts: toldEnded()}, 0}}, "pairing.no-course"},
		{"a school joins a mere application", []said{applies, {"join", "day:2018-09-01", join(third), 0}}, "pairing.out-of-order"},
		{"a school joins what was matched", []said{applies, matches, {"join", "day:2018-09-01", join(third), 0}}, ""},
		{"a match voided under a school that joined", []said{applies, matches, {"join", "day:2018-09-01", join(third), 0}, {"void", "", nil, 2}}, "pairing.out-of-order"},

		{"signed before the pairing begins", []said{isFounded, signs}, ""},
		{"signed without a term", []said{isFounded, {"sign", "day:2015-08-20", by(core), 0}}, "record.step-incomplete"},
		{"signed by a roster's schools", []said{isRoster, signs}, ""},
		{"reviewed", []said{isFounded, signs, {"review", "day:2015-09-10", with(by(core), graded), 0}}, ""},
		{"reviewed before it was signed", []said{isFounded, {"review", "day:2015-09-10", with(by(core), graded), 0}}, "pairing.no-agreement"},
		{"renewed", []said{isFounded, signs, renews}, ""},
		{"renewed before it was signed", []said{isFounded, renews}, "pairing.no-agreement"},
		{"renewed though nobody reported the agreement", []said{isImported, renews}, ""},
		{"a roster renewed", []said{isRoster, renews}, "pairing.start-unknown"},
		{"renewed for no longer", []said{isFounded, signs, {"renew", "day:2018-08-30", with(record.Step{}, lasting("", "day:2018-08-31")), 0}}, "pairing.renewal-shortens"},
		{"the agreement voided under its renewal", []said{isFounded, signs, renews, {"void", "", nil, 2}}, "pairing.no-agreement"},
		{"the agreement corrected to outlast its renewal", []said{isFounded, signs, renews,
			{"sign", "day:2015-08-20", with(by(core), lasting("day:2015-09-01", "day:2022-08-31")), 2}}, "pairing.renewal-shortens"},
		{"the agreement corrected", []said{isFounded, signs, renews, {"sign", "day:2015-08-21", with(by(core), lasting("day:2015-09-01", "day:2017-08-31")), 2}}, ""},

		{"of a type of the plans", []said{isFounded, typed("2015-09-01", "协作型", "collaborative")}, ""},
		{"of a type that no plan names", []said{isFounded, typed("2015-09-01", "候鸟型", "")}, ""},
		{"of a type under another's code", []said{isFounded, typed("2015-09-01", "协作型", "integrated")}, "pairing.bad-type"},
		{"of a type without a word", []said{isFounded, typed("2015-09-01", "", "integrated")}, "pairing.bad-type"},
		{"of a type since nobody knows when", []said{isFounded, {"set_type", "year:2015", with(record.Step{}, what("协作型", "")), 0}}, "pairing.day-unknown"},
		{"of a type set in a year from a day on", []said{isFounded, {"set_type", "year:2015", with(record.Step{}, what("协作型", ""), lasting("day:2015-10-01", "")), 0}}, ""},

		{"a member has the chair", []said{isFounded, chairs("2016-09-01", member)}, ""},
		{"a stranger has the chair", []said{isFounded, chairs("2016-09-01", third)}, "pairing.not-member"},
		{"a school has the chair before it joined", []said{isFounded, {"join", "day:2016-09-01", join(third), 0}, chairs("2016-08-31", third)}, "pairing.not-member"},
		{"a school has the chair on the day it joined", []said{isFounded, {"join", "day:2016-09-01", join(third), 0}, chairs("2016-09-01", third)}, ""},
		{"two schools have the chair", []said{isFounded, {"rotate_chair", "day:2016-09-01", by(core, member), 0}}, "pairing.one-chair"},
		{"the joining of the chair voided", []said{isFounded, {"join", "day:2016-09-01", join(third), 0}, chairs("2016-09-01", third), {"void", "", nil, 2}}, "pairing.not-member"},
		{"a liaison at no school", []said{isFounded, {"name_liaison", "day:2016-09-01", with(record.Step{}, people(person), as("联系人")), 0}}, "record.step-incomplete"},
		{"leaders without a role", []said{isFounded, {"name_leaders", "day:2016-09-01", with(record.Step{}, people(person)), 0}}, "record.step-incomplete"},

		{"ended", []said{isFounded, ends}, ""},
		{"a roster ended", []said{isRoster, ends}, "pairing.start-unknown"},
		{"a roster ended after its correction", []said{isRoster, {"correct", "year:2016", correct{Reason: reason, Facts: facts()}, 0}, ends}, ""},
		{"ended before it began", []said{isFounded, {"end", "day:2015-08-31", with(record.Step{}, noted), 0}}, "pairing.too-early"},
		{"ended before a school joined", []said{isFounded, {"join", "day:2020-09-01", join(third), 0}, ends}, "pairing.after-end"},
		{"ended before its type changed", []said{isFounded, typed("2019-07-02", "协作型", ""), ends}, "pairing.after-end"},
		{"ended twice", []said{isFounded, ends, ends}, "pairing.out-of-order"},
		{"joined after the end", []said{isFounded, ends, {"join", "day:2019-09-01", join(third), 0}}, "pairing.out-of-order"},
		{"left after the end", []said{isFounded, ends, {"leave", "day:2019-09-01", leave(member), 0}}, "pairing.out-of-order"},
		{"typed after the end", []said{isFounded, ends, typed("2019-09-01", "协作型", "")}, "pairing.out-of-order"},
		{"joined after the end was voided", []said{isFounded, ends, {"void", "", nil, 2}, {"join", "day:2019-09-01", join(third), 0}}, ""},
		{"the end corrected to lie before a joining", []said{isFounded, {"join", "day:2018-09-01", join(third), 0}, ends,
			{"end", "day:2018-08-31", with(record.Step{}, noted), 3}}, "pairing.after-end"},
		{"ended where the record tells of the end", []said{{"report", "year:2015", report{Facts: toldEnded()}, 0}, ends}, "pairing.after-end"},
		{"a record that tells of a stranger's leaving", []said{{"report", "year:2015", report{Facts: course(facts(), "left", "day:2016-09-01", by(third))}, 0}}, "pairing.not-member"},
		{"a record that tells of a step of another kind", []said{{"report", "year:2015", report{Facts: course(facts(), "observed", "", record.Step{})}, 0}}, "record.unknown-step"},

		{"class teachers paired by nobody", []said{{"found", "day:2015-09-01", found(kind("class_teacher_community", facts([]pairing.Side{}...))), 0}}, "pairing.no-sides"},
		{"two schools as equals", []said{{"found", "day:2015-09-01", found(kind("hand_in_hand", facts(side(core, "paired_school"), side(member, "paired_school")))), 0}}, ""},
		{"a teacher admitted", []said{club, {"admit_person", "day:2016-09-01", with(record.Step{}, people(second)), 0}}, ""},
		{"a teacher admitted twice", []said{club, {"admit_person", "day:2016-09-01", with(record.Step{}, people(person)), 0}}, "pairing.stranger"},
		{"a teacher eliminated", []said{club, {"eliminate_person", "day:2016-07-01", with(record.Step{}, people(person), noted), 0}}, ""},
		{"a teacher eliminated for no reason", []said{club, {"eliminate_person", "day:2016-07-01", with(record.Step{}, people(person)), 0}}, "record.step-incomplete"},
		{"a stranger eliminated", []said{club, {"eliminate_person", "day:2016-07-01", with(record.Step{}, people(second), noted), 0}}, "pairing.stranger"},
		{"a stranger judged", []said{club, {"assess_person", "day:2016-07-01", with(record.Step{}, people(second), graded), 0}}, "pairing.stranger"},
		{"a member judged after the elimination", []said{club, {"eliminate_person", "day:2016-07-01", with(record.Step{}, people(person), noted), 0},
			{"assess_person", "day:2016-07-10", with(record.Step{}, people(person), graded), 0}}, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := tell(t, newDesk(), tt.story...)
			commandtest.Refused(t, err, code(tt.code))
		})
	}
}

// course returns f as it tells of one step.
func course(f pairing.Facts, verb string, when calendar.Occurred, s record.Step) pairing.Facts {
	f.Course = append(slices.Clip(f.Course), record.ReportedStep{Verb: verb, Occurred: when, Step: s})
	return f
}

func toldEnded() pairing.Facts {
	return course(facts(), "ended", "day:2018-07-01", with(record.Step{}, noted))
}

// stateAfter returns the state that a story leads to.
func stateAfter(t *testing.T, story ...said) pairing.State {
	t.Helper()
	d := newDesk()
	stream, err := tell(t, d, story...)
	if err != nil {
		t.Fatal(err)
	}
	return pairing.Decider.Fold(d.History(stream))
}

func TestWhatARecordTellsOfItsCourse(t *testing.T) {
	f := course(facts(), "type_set", "day:2015-10-01", with(record.Step{}, what("紧密型", "tight")))
	f = course(f, "joined", "day:2016-09-01", with(by(third), as("member_school")))
	f = course(f, "ended", "day:2018-07-01", with(record.Step{}, noted))
	s := stateAfter(t, said{"report", "year:2015", report{Facts: f}, 0})
	var schools []string
	for _, m := range s.Members {
		schools = append(schools, m.School)
	}
	if diff := cmp.Diff([]string{core, member, third}, schools); diff != "" {
		t.Errorf("members (-want +got):\n%s", diff)
	}
}

func TestWhoIsInAMatch(t *testing.T) {
	want := []pairing.Membership{{Side: side(member, "helped_school"), Basis: pairing.Founding, Since: "day:2018-04-01"},
		{Side: side(helper, "helping_school"), Basis: pairing.Founding, Since: "day:2018-04-01"}}
	s := stateAfter(t, applies, matches)
	for i := range s.Members {
		s.Members[i].Entry = ""
	}
	if diff := cmp.Diff(want, s.Members); diff != "" {
		t.Error(diff)
	}
	if s := stateAfter(t, applies); s.Members != nil {
		t.Errorf("a mere application has members: %+v", s.Members)
	}
}

func TestWhatAPairingLeavesUnknown(t *testing.T) {
	tests := []struct {
		name     string
		occurred calendar.Occurred
		facts    pairing.Facts
		want     []record.Unknown
	}{
		{"all is said", "day:2015-09-01", facts(), nil},
		{"since a year", "year:2015", facts(), []record.Unknown{record.UnknownStart}},
		{"a roster", "day:2018-04-18", roster(facts()), []record.Unknown{record.UnknownStart}},
		{"only a leader", "day:2015-09-01", facts(side(core, pairing.Core)), []record.Unknown{record.UnknownTo}},
		{"only a member", "day:2015-09-01", facts(side(core, pairing.Member)), []record.Unknown{record.UnknownFrom}},
		{"two equals", "day:2015-09-01", facts(side(core, "paired_school"), side(member, "paired_school")), nil},
		{"people only", "day:2015-09-01", clubFacts(), nil},
		{"no community", "day:2015-09-01", homeless(facts()), []record.Unknown{record.UnknownCommunity}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if diff := cmp.Diff(tt.want, tt.facts.Unknowns(tt.occurred)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// order is the plans' order of a pairing's steps.
var order = func() recordtest.Transitions {
	live := []string{"reported", "founded", "matched"}
	o := recordtest.Transitions{"matched": {From: []string{"applied"}, To: "matched", Once: true}, "refused": {From: []string{"applied"}, To: "refused", Once: true},
		"ended": {From: live, To: "ended", Once: true}}
	for _, verb := range []string{"joined", "left", "signed", "reviewed", "renewed", "type_set", "leaders_named", "liaison_named", "chair_rotated",
		"person_admitted", "person_eliminated", "person_assessed", "assessed"} {
		o[verb] = recordtest.Transition{From: live}
	}
	return o
}()

// TestNoWalkLeadsToAnIllegalState walks at random over every command, and holds
// what it comes to against what is said of it here.
func TestNoWalkLeadsToAnIllegalState(t *testing.T) {
	lines := walkLines(t)
	rapid.Check(t, func(t *rapid.T) {
		d := newDesk()
		draw := d.Drawing(func(n int) int { return rapid.IntRange(0, n-1).Draw(t, "choice") }, lines...)
		if wrong := recordtest.RunRandom(d, 40, order, draw, wrongState); wrong != "" {
			t.Fatal(wrong)
		}
	})
}

// walkLines returns what is said on a walk.
func walkLines(t *testing.T) []recordtest.ScriptedCommand {
	var lines []recordtest.ScriptedCommand
	add := func(order string, body any) {
		data, err := event.Marshal(body)
		if err != nil {
			t.Fatal(err)
		}
		lines = append(lines, recordtest.ScriptedCommand{Command: "pairing." + order, Data: string(data)})
	}
	for _, f := range []pairing.Facts{facts(), facts(side(core, pairing.Core), side(third, pairing.Member)), roster(facts()), clubFacts(),
		toldEnded(), facts(side(member, "helped_school"))} {
		for _, order := range []string{"report", "found", "apply"} {
			add(order, f)
		}
		add("correct", map[string]any{"target": nil, "reason": reason, "facts": f})
	}
	for i, school := range []string{core, member, third, helper} {
		add("join", side(school, pairing.Member))
		add("leave", pairing.Leaving{School: school, Reason: reason})
		add("void", withdraw{Target: "@", Reason: reason})
		until := []calendar.Occurred{"day:2018-06-30", "day:2019-06-30"}[i%2]
		s := with(by(school), people([]string{person, second}[i%2]), as("联系人"), what("协作型", ""), lasting("", until), graded, noted)
		for _, order := range []string{"match", "refuse", "sign", "review", "renew", "set_type", "name_leaders", "name_liaison", "rotate_chair",
			"admit_person", "eliminate_person", "assess_person", "assess", "end"} {
			s.Role = map[bool]string{true: "", false: "联系人"}[order == "match"]
			add(order, s)
			s.Corrects, s.Reason = "@", reason
			add(order, s)
			s.Corrects, s.Reason = "", seal.Text{}
		}
	}
	return lines
}

// wrongState returns what no pairing may be, or "".
func wrongState(past []event.Event) string {
	s := pairing.Decider.Fold(past)
	if diff := cmp.Diff(fmt.Sprintf("%+v", pairing.Decider.Fold(past)), fmt.Sprintf("%+v", s)); diff != "" {
		return "folded twice it differs: " + diff
	}
	steps, void := recordtest.Standing(past)
	if void {
		if s.Phase != record.Void {
			return "it is void and still there"
		}
		return ""
	}
	if wrong := recordtest.ProgressMismatch(s.Progress, past); wrong != "" {
		return wrong
	}
	return wrongMembers(s, past, steps)
}

// wrongMembers counts who is in the pairing by the events alone.
func wrongMembers(s pairing.State, past []event.Event, steps []recordtest.StandingStep) string {
	var f pairing.Facts
	for _, e := range past {
		switch d := e.Fact.(type) {
		case record.Replacement:
			_, _, now := d.Replaces()
			f = now.(pairing.Facts)
		case record.Founder:
			f = d.Founds().(pairing.Facts)
		}
	}
	in := map[string]int{}
	enter := func() {
		for _, x := range f.Sides {
			in[x.School]++
		}
	}
	if recordtest.Verb(past[0]) != "applied" {
		enter()
	}
	over, told := false, false
	for _, step := range f.Course {
		told = told || step.Verb == "ended"
	}
	for _, step := range steps {
		switch d := step.Fact.(type) {
		case pairing.Matched:
			enter()
			in[d.By[0].School]++
		case pairing.Joined:
			in[d.Side.School]++
		case pairing.Left:
			in[d.School]--
		case pairing.Ended:
			over = true
		}
	}
	now := map[string]int{}
	for _, m := range s.Members {
		if m.Exit == "" {
			now[m.School]++
		}
		if m.Exit == "" == (m.Until != "") || m.Entry == "" {
			return "a school left or came by no event"
		}
	}
	for school, n := range in {
		if n < 0 || n > 1 || !(over || told) && now[school] != n || (over || told) && now[school] != 0 {
			return fmt.Sprintf("%s is in it %d times, the events say %d (ended: %t)", school, now[school], n, over || told)
		}
	}
	if over != (s.Stage == "ended") {
		return "it ended, or did not"
	}
	return ""
}
