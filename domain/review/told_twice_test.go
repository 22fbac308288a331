package review_test

import (
	"slices"
	"testing"

	"twinledger/domain/calendar"
	"twinledger/domain/duplicate"
	lessons "twinledger/domain/lesson"
	"twinledger/domain/review"
)

// reports returns what equal reports of one lesson say: those of the community with
// these ordinals.
func reports(ordinals ...uint64) []duplicate.Statement {
	var out []duplicate.Statement
	for _, n := range ordinals {
		f := lesson(n)
		out = append(out, duplicate.Statement{Key: f.Key, Kind: "lesson", Order: n, District: district, Community: community, Kinds: f.Facts.Kinds,
			When: f.Occurred, Schools: []string{core, member}, Subjects: []string{"chinese"}})
	}
	return out
}

// answered returns a decision about two reports: that the one with the ordinal stands
// is recorded, or that 0 means that they are different.
func answered(one, other, stands uint64) duplicate.State {
	two := reports(one, other)
	pair := duplicate.PairOf(two[0].Key, two[1].Key)
	d := duplicate.Decided{Records: pair[:], Answer: duplicate.Different, Agreed: duplicate.AgreementOf(two[0], two[1])}
	if stands > 0 {
		d.Answer, d.Stands = duplicate.Same, "lesson-"+id(stands)
	}
	return duplicate.State{Pair: pair, Decision: d, Event: id(80), Order: 80}
}

// statements returns what lessons say.
func statements(facts ...review.Fact) []duplicate.Statement {
	var out []duplicate.Statement
	for _, f := range facts {
		s := duplicate.NewStatement(f.Kind, f.Occurred, lessons.Facts{Facts: f.Facts})
		s.Key, s.Order = f.Key, f.Trace[0].Ordinal
		out = append(out, s)
	}
	return out
}

// TestPartOf judges a lesson without a number, which may be contained in one of ten, by
// a count of so many.
func TestPartOf(t *testing.T) {
	const term, day = calendar.Occurred("term:2017-2018/2"), calendar.Occurred("day:2018-04-18")
	both := []review.Reason{review.PerhapsSame, review.Unnumbered}
	for _, tt := range []struct {
		name     string
		when     calendar.Occurred
		owed     int
		decided  string // what is said of the two
		status   review.Status
		achieved int
		without  int
		because  []review.Reason
		total    string
		left     string // the total without it, "" when it is decided
		told     int
	}{
		{"in a term, too few", term, 11, "", review.CannotJudge, 10, 10, both, "10", "10", 0},
		{"in a term, enough", term, 10, "", review.Met, 10, 10, nil, "10", "10", 0},
		{"on a day, too few", day, 12, "", review.CannotJudge, 11, 10, both, "11", "10", 0},
		{"on a day, enough with it", day, 11, "", review.CannotJudge, 11, 10, []review.Reason{review.PerhapsSame}, "11", "10", 0},
		{"on a day, enough without it", day, 10, "", review.Met, 11, 10, nil, "11", "10", 0},
		{"in a term, and it is contained", term, 11, "same", review.Short, 10, -1, nil, "10", "", 1},
		{"on a day, and it is contained", day, 11, "same", review.Short, 10, -1, nil, "10", "", 1},
		{"in a term, and it is another", term, 11, "different", review.CannotJudge, 10, -1, []review.Reason{review.Unnumbered}, "10", "", 0},
		{"on a day, and it is another", day, 11, "different", review.Met, 11, -1, nil, "11", "", 0},
	} {
		for _, order := range []string{"the part first", "the whole first"} {
			t.Run(tt.name+", "+order, func(t *testing.T) {
				part, whole := lesson(2, times("", "节"), on(tt.when)), lesson(3, times("10", "节"), on(tt.when), subjects("英语", "小学语文"))
				if order == "the whole first" {
					part, whole = lesson(3, times("", "节"), on(tt.when)), lesson(2, times("10", "节"), on(tt.when), subjects("英语", "小学语文"))
				}
				in := input(part, whole)
				in.Programme, in.Statements = plan(owed(tt.owed)), statements(part, whole)
				if tt.decided != "" {
					pair := duplicate.PairOf(part.Key, whole.Key)
					d := duplicate.Decided{Records: pair[:], Answer: duplicate.Answer(tt.decided), Agreed: duplicate.AgreementOf(in.Statements[0], in.Statements[1])}
					if d.Answer == duplicate.Same {
						d.Stands = whole.Key
					}
					in.Decisions = []duplicate.State{{Pair: pair, Decision: d, Event: id(80), Order: 80}}
				}
				r := review.Compute(in)
				result, total, without := r.Obligations[0].Results[0], r.Counts[0], -1
				if result.WithoutThem != nil {
					without = *result.WithoutThem
				}
				if result.Status != tt.status || result.Achieved != tt.achieved || without != tt.without || !slices.Equal(result.Because, tt.because) {
					t.Errorf("%s %d, %d without, because %v; want %s %d, %d, %v", result.Status, result.Achieved, without, result.Because, tt.status, tt.achieved, tt.without, tt.because)
				}
				if total.Total != tt.total || total.WithoutThem != tt.left || len(r.ToldTwice) != tt.told {
					t.Errorf("total %s, %q without, %d told twice; want %s, %q, %d", total.Total, total.WithoutThem, len(r.ToldTwice), tt.total, tt.left, tt.told)
				}
				var want []review.UndecidedDuplicate
				if tt.decided == "" {
					want = []review.UndecidedDuplicate{{Record: part.Key, Other: whole.Key, Part: true}}
				}
				if !slices.Equal(r.Undecided, want) {
					t.Errorf("undecided %v, want %v", r.Undecided, want)
				}
			})
		}
	}
}

// TestToldTwice counts three reports of a lesson, two of which, 2 and 3, are likely
// duplicates, where three lessons are owed unless it says otherwise.
func TestToldTwice(t *testing.T) {
	const open = -1 // without is left out
	elsewhere := func(s duplicate.Statement, of string) duplicate.Statement {
		s.Key, s.Community = "lesson-"+id(70), of
		s.Order = 70
		return s
	}
	two := reports(2, 3)
	for _, tt := range []struct {
		name       string
		owed       int
		statements []duplicate.Statement
		decisions  []duplicate.State
		alter      func(f *review.Fact) // record 3
		achieved   int
		without    int
		status     review.Status
		shortBy    int
		because    []review.Reason
		perhaps    []uint64
		told       []uint64
	}{
		{"nothing is alike", 3, nil, nil, nil, 3, open, review.Met, 0, nil, nil, nil},
		{"met only with both", 3, two, nil, nil, 3, 2, review.CannotJudge, 1, []review.Reason{review.PerhapsSame}, []uint64{3}, nil},
		{"met with one of them", 2, two, nil, nil, 3, 2, review.Met, 0, nil, []uint64{3}, nil},
		{"short even with both", 5, two, nil, nil, 3, 2, review.Short, 2, nil, []uint64{3}, nil},
		{"the same", 3, two, []duplicate.State{answered(2, 3, 2)}, nil, 2, open, review.Short, 1, nil, nil, []uint64{3}},
		{"the same, and the later one stands", 3, two, []duplicate.State{answered(2, 3, 3)}, nil, 2, open, review.Short, 1, nil, nil, []uint64{2}},
		{"different", 3, two, []duplicate.State{answered(2, 3, 0)}, nil, 3, open, review.Met, 0, nil, nil, nil},
		{"three alike", 3, reports(2, 3, 4), nil, nil, 3, 1, review.CannotJudge, 2, []review.Reason{review.PerhapsSame}, []uint64{3, 4}, nil},
		{"three alike, one of them decided", 3, reports(2, 3, 4), []duplicate.State{answered(2, 4, 2)}, nil, 2, 1, review.Short, 1, nil, []uint64{3}, []uint64{4}},
		{"the numbers differ", 4, two, nil, times("2", "节"), 4, 2, review.CannotJudge, 2, []review.Reason{review.PerhapsSame}, []uint64{3}, nil},
		{"the later one does not count here", 2, two, nil, kinds("demo_lesson"), 2, open, review.Met, 0, nil, nil, nil},
		{"alike to another community's", 3, []duplicate.Statement{two[0], elsewhere(two[0], "community-2")}, nil, nil, 3, 2, review.CannotJudge, 1,
			[]review.Reason{review.PerhapsSame}, []uint64{2}, nil},
		{"alike to one of no community, which counts nowhere", 3, []duplicate.Statement{two[0], elsewhere(two[0], "")}, nil, nil, 3, open, review.Met, 0, nil, nil, nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			third := lesson(3)
			if tt.alter != nil {
				tt.alter(&third)
			}
			in := input(lesson(2), third, lesson(4))
			in.Statements, in.Decisions = tt.statements, tt.decisions
			in.Programme = plan(owed(tt.owed))
			r := review.Compute(in)
			result := r.Obligations[0].Results[0]
			without := open
			if result.WithoutThem != nil {
				without = *result.WithoutThem
			}
			if result.Achieved != tt.achieved || without != tt.without || result.Status != tt.status || result.ShortBy != tt.shortBy || !slices.Equal(result.Because, tt.because) {
				t.Errorf("achieved %d, without %d, %s, short by %d because %v; want %d, %d, %s, %d because %v", result.Achieved, without, result.Status, result.ShortBy,
					result.Because, tt.achieved, tt.without, tt.status, tt.shortBy, tt.because)
			}
			var perhaps, told, want, wantTold []string
			for _, p := range result.PerhapsTwice {
				perhaps = append(perhaps, p.Record)
			}
			for _, e := range r.ToldTwice {
				told = append(told, e.Record)
				if e.Event != id(80) || !slices.ContainsFunc(result.NotCounted, func(n review.ConsideredRecord) bool { return n.Record == e.Record && n.Reasons[0] == review.ToldTwice }) {
					t.Errorf("told twice %+v, not counted %+v", e, result.NotCounted)
				}
			}
			for _, n := range tt.perhaps {
				want = append(want, "lesson-"+id(n))
			}
			for _, n := range tt.told {
				wantTold = append(wantTold, "lesson-"+id(n))
			}
			if !slices.Equal(perhaps, want) || !slices.Equal(told, wantTold) {
				t.Errorf("perhaps twice %v, told twice %v; want %v and %v", perhaps, told, want, wantTold)
			}
		})
	}
}

// TestToldTwiceInTotals: the totals by kind say the same, and registers leave out what
// another record stands for.
func TestToldTwiceInTotals(t *testing.T) {
	in := input(lesson(2, times("2", "节")), lesson(3, times("3", "节")), lesson(4))
	in.Statements = reports(2, 3)
	total := func() review.Count { return review.Compute(in).Counts[0] }
	if c := total(); c.Total != "6" || c.WithoutThem != "3" || len(c.PerhapsTwice) != 1 || c.PerhapsTwice[0].Number != "3" || c.PerhapsTwice[0].Other != "lesson-"+id(2) {
		t.Errorf("undecided: %+v", c)
	}
	in.Decisions = []duplicate.State{answered(2, 3, 3)}
	if c := total(); c.Total != "4" || c.WithoutThem != "" || c.Records != 2 || c.PerhapsTwice != nil {
		t.Errorf("decided: %+v", c)
	}
	for _, register := range review.Compute(in).Registers {
		for _, e := range register.Entries {
			if e.Record == "lesson-"+id(2) {
				t.Error("a record that counts nowhere stands in its register")
			}
		}
	}
	// In another term it is no matter of this review.
	in.Facts[1].Occurred = "day:2017-10-18"
	in.Statements[0].When, in.Statements[1].When = calendar.Occurred("day:2017-10-18"), "day:2017-10-18"
	in.Decisions[0].Decision.Agreed.When = "day:2017-10-18"
	if told := review.Compute(in).ToldTwice; told != nil {
		t.Errorf("told twice in another term: %+v", told)
	}
}

// TestToldTwiceWithoutACommunity: a record without a community leaves a shortfall open,
// unless a record of the community stands for it.
func TestToldTwiceWithoutACommunity(t *testing.T) {
	for name, tt := range map[string]struct {
		decisions []duplicate.State
		want      review.Status
	}{
		"undecided": {nil, review.CannotJudge},
		"decided":   {[]duplicate.State{answered(2, 3, 2)}, review.Short},
	} {
		t.Run(name, func(t *testing.T) {
			in := input(lesson(2))
			in.WithoutCommunity = []review.Fact{lesson(3, func(f *review.Fact) { f.Facts.Community = "" })}
			in.Statements, in.Decisions = reports(2, 3), tt.decisions
			in.Statements[1].Community = ""
			in.Programme = plan(owed(2))
			if result := review.Compute(in).Obligations[0].Results[0]; result.Achieved != 1 || result.Status != tt.want || result.PerhapsTwice != nil {
				t.Errorf("%+v", result)
			}
		})
	}
}
