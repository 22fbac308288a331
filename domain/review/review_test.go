package review_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"twinledger/domain/calendar"
	"twinledger/domain/pairing"
	"twinledger/domain/programme"
	"twinledger/domain/record"
	"twinledger/domain/review"
)

var update = flag.Bool("update", false, "write the golden review anew, which needs a new evaluator or template version once one is released")

// TestGolden holds the bytes of a review: they are kept for years and must come
// out the same.
func TestGolden(t *testing.T) {
	got, digest, err := review.Compute(everything()).Bytes()
	if err != nil {
		t.Fatal(err)
	}
	again, digestAgain, err := review.Compute(everything()).Bytes()
	if err != nil || digest != digestAgain || !bytes.Equal(got, again) {
		t.Error("the same input gives another review")
	}
	var indented bytes.Buffer
	if err := json.Indent(&indented, got, "", "  "); err != nil {
		t.Fatal(err)
	}
	indented.WriteByte('\n')
	path := filepath.Join("testdata", "everything.golden.json")
	if *update {
		if err := os.WriteFile(path, indented.Bytes(), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), indented.String()); diff != "" {
		t.Errorf("the review differs (-want +got):\n%s", diff)
	}
}

// TestOrderDoesNotMatter shuffles what a store may return in any order.
func TestOrderDoesNotMatter(t *testing.T) {
	want, _, err := review.Compute(everything()).Bytes()
	if err != nil {
		t.Fatal(err)
	}
	rapid.Check(t, func(t *rapid.T) {
		in := everything()
		in.Facts = rapid.Permutation(in.Facts).Draw(t, "facts")
		in.Held = rapid.Permutation(in.Held).Draw(t, "held")
		in.Left = rapid.Permutation(in.Left).Draw(t, "left")
		in.WithoutCommunity = rapid.Permutation(in.WithoutCommunity).Draw(t, "without community")
		in.Postings = rapid.Permutation(in.Postings).Draw(t, "postings")
		in.Statements = rapid.Permutation(in.Statements).Draw(t, "statements")
		before := slices.Clone(in.Facts)
		got, _, err := review.Compute(in).Bytes()
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(string(want), string(got)); diff != "" {
			t.Fatalf("the review differs (-want +got):\n%s", diff)
		}
		if diff := cmp.Diff(before, in.Facts); diff != "" {
			t.Fatalf("computing changed the input:\n%s", diff)
		}
	})
}

// A verdict is a result as tables state it.
type verdict struct {
	Status   review.Status
	Achieved int
	AtLeast  bool
	ShortBy  int
	Excess   int
	Because  []review.Reason            // of what cannot be judged
	Open     map[uint64][]review.Reason // by the ordinal of the record
	Not      map[uint64][]review.Reason
}

func verdictOf(r review.Result) verdict {
	looked := func(list []review.ConsideredRecord) map[uint64][]review.Reason {
		var out map[uint64][]review.Reason
		for _, l := range list {
			if out == nil {
				out = map[uint64][]review.Reason{}
			}
			out[l.Events[0].Ordinal] = l.Reasons
		}
		return out
	}
	v := verdict{r.Status, r.Achieved, r.AtLeast, r.ShortBy, r.Excess, r.Because, looked(r.Open), looked(r.NotCounted)}
	if len(v.Because) == 0 {
		v.Because = nil
	}
	return v
}

// judged returns the verdicts on one obligation, by school; "" is the community.
func judged(in review.Input, count programme.Count) map[string]verdict {
	in.Programme = plan(count)
	out := map[string]verdict{}
	for _, r := range review.Compute(in).Obligations[0].Results {
		school := ""
		if r.School != nil {
			school = r.School.Key
		}
		out[school] = verdictOf(r)
	}
	return out
}

type reasons = map[uint64][]review.Reason

func because(r ...review.Reason) []review.Reason { return r }

func TestVerdicts(t *testing.T) {
	demo := func(c *programme.Count) { c.Kinds = []record.Kind{"demo_lesson"} }
	online := func(c *programme.Count) { c.Modes = []record.Mode{record.Online, record.Mixed} }
	maths := func(c *programme.Count) { c.Subjects = []string{"数学"} }
	coreToMember, memberToCore := towards(programme.CoreToMember), towards(programme.MemberToCore)
	tests := []struct {
		name  string
		owed  programme.Count
		facts []review.Fact
		want  verdict
	}{
		{"nothing done", owed(1), nil, verdict{Status: review.Short, ShortBy: 1}},
		{"just enough", owed(2), []review.Fact{lesson(2), lesson(3)}, verdict{Status: review.Met, Achieved: 2}},
		{"more than enough", owed(1), []review.Fact{lesson(2, times("3", "节"))}, verdict{Status: review.Met, Achieved: 3, Excess: 2}},
		{"too little", owed(3), []review.Fact{lesson(2, times("2", "节"))}, verdict{Status: review.Short, Achieved: 2, ShortBy: 1}},
		{"a narrower kind", owed(1, func(c *programme.Count) { c.Kinds = []record.Kind{"open_lesson"} }), []review.Fact{lesson(2)}, verdict{Status: review.Met, Achieved: 1}},
		{"another kind is not looked at", owed(1, demo), []review.Fact{lesson(2)}, verdict{Status: review.Short, ShortBy: 1}},

		{"unnumbered, known to the term", owed(3), []review.Fact{lesson(2, times("", "节"), on("term:2017-2018/2"))},
			verdict{Status: review.CannotJudge, ShortBy: 3, Because: because(review.Unnumbered), Open: reasons{2: {review.Unnumbered}}}},
		{"unnumbered on a day is at least one", owed(3), []review.Fact{lesson(2, times("", "节"))},
			verdict{Status: review.CannotJudge, Achieved: 1, AtLeast: true, ShortBy: 2, Because: because(review.Unnumbered), Open: reasons{2: {review.Unnumbered}}}},
		{"unnumbered on a day, one owed", owed(1), []review.Fact{lesson(2, times("", "节"))},
			verdict{Status: review.Met, Achieved: 1, AtLeast: true, Open: reasons{2: {review.Unnumbered}}}},
		{"people only, known to the term", owed(1), []review.Fact{lesson(2, times("30", "人次"), on("term:2017-2018/2"))},
			verdict{Status: review.CannotJudge, ShortBy: 1, Because: because(review.PeopleOnly), Open: reasons{2: {review.PeopleOnly}}}},
		{"people only, on a day", owed(1), []review.Fact{lesson(2, times("30", "人次"))},
			verdict{Status: review.Met, Achieved: 1, AtLeast: true, Open: reasons{2: {review.PeopleOnly}}}},
		{"nought lessons", owed(1), []review.Fact{lesson(2, times("0", "节"))}, verdict{Status: review.Short, ShortBy: 1}},

		{"about enough", owed(5), []review.Fact{lesson(2, times("约5", "节"))},
			verdict{Status: review.CannotJudge, Achieved: 5, Because: because(review.Approximate), Open: reasons{2: {review.Approximate}}}},
		{"about some beside enough", owed(1), []review.Fact{lesson(2, times("约5", "节")), lesson(3)},
			verdict{Status: review.Met, Achieved: 6, Excess: 5, Open: reasons{2: {review.Approximate}}}},
		{"at least enough", owed(10), []review.Fact{lesson(2, times("10余", "节"))},
			verdict{Status: review.Met, Achieved: 10, AtLeast: true, Open: reasons{2: {review.PerhapsMore}}}},
		{"at least nearly enough may be enough", owed(11), []review.Fact{lesson(2, times("10余", "节"))},
			verdict{Status: review.CannotJudge, Achieved: 10, AtLeast: true, ShortBy: 1, Because: because(review.PerhapsMore), Open: reasons{2: {review.PerhapsMore}}}},

		{"known to the school year", owed(1), []review.Fact{lesson(2, on("schoolyear:2017-2018"))},
			verdict{Status: review.CannotJudge, ShortBy: 1, Because: because(review.Undated), Open: reasons{2: {review.Undated}}}},
		{"undated, but too few to matter", owed(3), []review.Fact{lesson(2, on("unknown"))},
			verdict{Status: review.Short, ShortBy: 3, Open: reasons{2: {review.Undated}}}},
		{"undated and unnumbered may be any number", owed(3), []review.Fact{lesson(2, on("unknown"), times("", "节"))},
			verdict{Status: review.CannotJudge, ShortBy: 3, Because: because(review.Undated, review.Unnumbered), Open: reasons{2: {review.Undated, review.Unnumbered}}}},
		{"in the term before", owed(1), []review.Fact{lesson(2, on("term:2017-2018/1"))}, verdict{Status: review.Short, ShortBy: 1, Not: reasons{2: {review.OtherTerm}}}},
		{"across the term's first day", owed(1), []review.Fact{lesson(2, on("span:2018-02-28/2018-03-01"))},
			verdict{Status: review.CannotJudge, ShortBy: 1, Because: because(review.Undated), Open: reasons{2: {review.Undated}}}},
		{"only said to be an open lesson", owed(1), []review.Fact{lesson(2, kinds("open_lesson"))},
			verdict{Status: review.CannotJudge, ShortBy: 1, Because: because(review.Unclassified), Open: reasons{2: {review.Unclassified}}}},
		{"voided", owed(1), []review.Fact{lesson(2, changed(5, "voided"))}, verdict{Status: review.Short, ShortBy: 1, Not: reasons{2: {review.Voided}}}},
		{"corrected", owed(1), []review.Fact{lesson(2, changed(5, "corrected"))}, verdict{Status: review.Met, Achieved: 1}},

		{"from core to member", owed(1, coreToMember), []review.Fact{lesson(2)}, verdict{Status: review.Met, Achieved: 1}},
		{"from core to the members as a group", owed(1, coreToMember), []review.Fact{lesson(2, to("members"))}, verdict{Status: review.Met, Achieved: 1}},
		{"the other way round", owed(1, coreToMember), []review.Fact{lesson(2, from(member), to(core))}, verdict{Status: review.Short, ShortBy: 1, Not: reasons{2: {review.OtherDirection}}}},
		{"from member to core", owed(1, memberToCore), []review.Fact{lesson(2, from(member), to(core))}, verdict{Status: review.Met, Achieved: 1}},
		{"from core to member, other way owed", owed(1, memberToCore), []review.Fact{lesson(2)}, verdict{Status: review.Short, ShortBy: 1, Not: reasons{2: {review.OtherDirection}}}},
		{"to nobody named", owed(1, coreToMember), []review.Fact{lesson(2, to())},
			verdict{Status: review.CannotJudge, ShortBy: 1, Because: because(review.DirectionUnknown), Open: reasons{2: {review.DirectionUnknown}}}},
		{"from a school of no known role", owed(1, coreToMember), []review.Fact{lesson(2, from(stranger))},
			verdict{Status: review.CannotJudge, ShortBy: 1, Because: because(review.DirectionUnknown), Open: reasons{2: {review.DirectionUnknown}}}},
		{"from a member, to nobody named", owed(1, coreToMember), []review.Fact{lesson(2, from(member), to())}, verdict{Status: review.Short, ShortBy: 1, Not: reasons{2: {review.OtherDirection}}}},
		{"by the core, for whomever", owed(1, towards(programme.ByCore)), []review.Fact{lesson(2, to())}, verdict{Status: review.Met, Achieved: 1}},
		{"by a member", owed(1, towards(programme.ByMember)), []review.Fact{lesson(2)}, verdict{Status: review.Short, ShortBy: 1, Not: reasons{2: {review.OtherDirection}}}},

		{"online as owed", owed(1, online), []review.Fact{lesson(2, mode(record.Mixed))}, verdict{Status: review.Met, Achieved: 1}},
		{"offline where online is owed", owed(1, online), []review.Fact{lesson(2)}, verdict{Status: review.Short, ShortBy: 1, Not: reasons{2: {review.OtherMode}}}},
		{"mode not said", owed(1, online), []review.Fact{lesson(2, mode(record.ModeUnknown))},
			verdict{Status: review.CannotJudge, ShortBy: 1, Because: because(review.ModeUnknown), Open: reasons{2: {review.ModeUnknown}}}},
		{"one of several subjects", owed(1, maths), []review.Fact{lesson(2, subjects("语文", "数学"))}, verdict{Status: review.Met, Achieved: 1}},
		{"another subject", owed(1, maths), []review.Fact{lesson(2)}, verdict{Status: review.Short, ShortBy: 1, Not: reasons{2: {review.OtherSubject}}}},
		{"subject not said", owed(1, maths), []review.Fact{lesson(2, subjects())},
			verdict{Status: review.CannotJudge, ShortBy: 1, Because: because(review.SubjectUnknown), Open: reasons{2: {review.SubjectUnknown}}}},
		{"wrong in one way and unclear in another", owed(1, maths, online), []review.Fact{lesson(2, mode(record.ModeUnknown))},
			verdict{Status: review.Short, ShortBy: 1, Not: reasons{2: {review.OtherSubject}}}},
		{"open records together are enough", owed(2), []review.Fact{lesson(2, on("unknown")), lesson(3, kinds("open_lesson"))},
			verdict{Status: review.CannotJudge, ShortBy: 2, Because: because(review.Unclassified, review.Undated), Open: reasons{2: {review.Undated}, 3: {review.Unclassified}}}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if diff := cmp.Diff(tt.want, judged(input(tt.facts...), tt.owed)[""]); diff != "" {
				t.Errorf("verdict (-want +got):\n%s", diff)
			}
		})
	}
}

func TestVerdictsPerMemberSchool(t *testing.T) {
	short := verdict{Status: review.Short, ShortBy: 1}
	met := verdict{Status: review.Met, Achieved: 1}
	other := func(v verdict, ordinal uint64) verdict {
		v.Not = reasons{ordinal: {review.OtherSchool}}
		return v
	}
	unclear := func(why review.Reason) verdict {
		return verdict{Status: review.CannotJudge, ShortBy: 1, Because: because(why), Open: reasons{2: {why}}}
	}
	tests := []struct {
		name string
		owed programme.Count
		fact review.Fact
		want map[string]verdict
	}{
		{"at one member", owed(1, perMember), lesson(2), map[string]verdict{member: met, second: other(short, 2)}},
		{"at both", owed(1, perMember), lesson(2, to(member, second)), map[string]verdict{member: met, second: met}},
		{"at the members as a group", owed(1, perMember), lesson(2, to("members")), map[string]verdict{member: unclear(review.AsGroup), second: unclear(review.AsGroup)}},
		{"at one member and the rest as a group", owed(1, perMember), lesson(2, to(member, "members")), map[string]verdict{member: met, second: unclear(review.AsGroup)}},
		{"at nobody named", owed(1, perMember, towards(programme.ByCore)), lesson(2, to()), map[string]verdict{member: unclear(review.SchoolUnknown), second: unclear(review.SchoolUnknown)}},
		{"by a member, which counts on its side", owed(1, perMember, towards(programme.ByMember)), lesson(2, from(second), to(member)),
			map[string]verdict{member: other(short, 2), second: met}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if diff := cmp.Diff(tt.want, judged(input(tt.fact), tt.owed)); diff != "" {
				t.Errorf("verdicts (-want +got):\n%s", diff)
			}
		})
	}
}

func TestNobodyKnowsTheMembers(t *testing.T) {
	silent := verdict{Status: review.CannotJudge, Because: because(review.MembersUnknown)}
	onlyCore, void, over := paired(), paired(), paired()
	onlyCore.Memberships = onlyCore.Memberships[:1]
	changed(5, "voided")(&void)
	for i := range over.Memberships {
		over.Memberships[i].Until = "day:2016-07-01"
	}
	for name, facts := range map[string][]review.Fact{
		"no pairing at all": nil, "only the core": {onlyCore}, "the pairing is void": {void}, "all had left before": {over},
	} {
		t.Run(name, func(t *testing.T) {
			in := input()
			in.Facts = append(facts, lesson(2))
			if diff := cmp.Diff(map[string]verdict{"": silent}, judged(in, owed(1, perMember))); diff != "" {
				t.Errorf("verdicts (-want +got):\n%s", diff)
			}
		})
	}
}

func TestMembershipsInTheTerm(t *testing.T) {
	tests := []struct {
		name         string
		basis        pairing.Basis
		since, until calendar.Occurred
		want         bool
	}{
		{"since long ago", pairing.Founding, "year:2015", "", true},
		{"nobody knows since when", pairing.Founding, "unknown", "", true},
		{"joined on the term's last day", pairing.Founding, "day:2018-08-31", "", true},
		{"joined after the term", pairing.Founding, "day:2018-09-01", "", false},
		{"left on the term's first day", pairing.Founding, "year:2015", "day:2018-03-01", true},
		{"left before the term", pairing.Founding, "year:2015", "day:2018-02-28", false},
		{"on a roster of a later term", pairing.Roster, "term:2018-2019/1", "", true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			in := input()
			in.Facts[0].Memberships = []pairing.Membership{{Side: pairing.Side{School: member, Role: pairing.Member}, Basis: tt.basis, Since: tt.since, Until: tt.until}}
			if got := len(review.Compute(in).Parties) == 1; got != tt.want {
				t.Errorf("a party: %v, want %v", got, tt.want)
			}
		})
	}
}

func TestDue(t *testing.T) {
	tests := []struct {
		name  string
		day   calendar.Day // of the last record that was known
		facts []review.Fact
		want  review.Status
	}{
		{"the term's last day", "2018-08-31", nil, review.Due},
		{"the day after", "2018-09-01", nil, review.Short},
		{"before the term began", "2018-01-01", nil, review.Due},
		{"met before the end", "2018-05-01", []review.Fact{lesson(2)}, review.Met},
		{"unclear before the end", "2018-05-01", []review.Fact{lesson(2, on("unknown"))}, review.CannotJudge},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			in := input(tt.facts...)
			in.Recorded = recordedOn(tt.day)
			if got := judged(in, owed(1))[""].Status; got != tt.want {
				t.Errorf("status %s, want %s", got, tt.want)
			}
		})
	}
}

func TestWithoutACalendar(t *testing.T) {
	in := input(lesson(2), lesson(3, on("term:2017-2018/2")))
	in.Calendar = nil
	want := verdict{Status: review.CannotJudge, Achieved: 1, ShortBy: 1, Because: because(review.Undated), Open: reasons{2: {review.Undated}}}
	if diff := cmp.Diff(want, judged(in, owed(2))[""]); diff != "" {
		t.Errorf("verdict (-want +got):\n%s", diff)
	}
	if r := review.Compute(in); len(r.Unplaced) != 1 || r.Unplaced[0].Place != calendar.TermUnknown || r.Term.From != "" {
		t.Errorf("term %+v, unplaced %+v", r.Term, r.Unplaced)
	}
}

func TestWithoutAProgramme(t *testing.T) {
	r := review.Compute(input(lesson(2)))
	if r.Programme != nil || r.Obligations == nil || len(r.Obligations) != 0 || len(r.Counts) == 0 {
		t.Errorf("programme %+v, obligations %+v, %d counts", r.Programme, r.Obligations, len(r.Counts))
	}
}

func TestTotals(t *testing.T) {
	tests := []struct {
		name       string
		quantities []string
		total      string
		bound      record.Bound
		numbered   int
	}{
		{"exact", []string{"3", "0.5"}, "3.5", record.Exact, 2},
		{"at least", []string{"3", "10余"}, "13", record.AtLeast, 2},
		{"about", []string{"约3", "10"}, "13", record.About, 2},
		{"at least, then about", []string{"10余", "约3"}, "13", record.About, 2},
		{"about, then at least one", []string{"约3", ""}, "4", record.About, 1},
		{"none with a number", []string{"", ""}, "2", record.AtLeast, 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var facts []review.Fact
			for i, q := range tt.quantities {
				facts = append(facts, lesson(uint64(i+2), times(q, "节"), func(f *review.Fact) { f.Facts.Title.Clear = tt.name + q }))
			}
			counts := review.Compute(input(facts...)).Counts
			if len(counts) != 1 {
				t.Fatalf("%d totals, want one", len(counts))
			}
			got := counts[0]
			if got.Total != tt.total || got.Bound != tt.bound || got.Records != len(facts) || got.Numbered != tt.numbered || len(got.Listed) != got.Unnumbered {
				t.Errorf("total %+v, want %s %s", got, tt.bound, tt.total)
			}
		})
	}
}
