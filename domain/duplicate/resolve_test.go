package duplicate_test

import (
	"fmt"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"twinledger/domain/duplicate"
)

func itself(key string) string { return key }

// told returns n equal reports of one lesson.
func told(n int) []duplicate.Statement {
	var out []duplicate.Statement
	for i := range n {
		s := duplicate.NewStatement("lesson", "day:2018-05-09", lessonFacts())
		s.Key, s.Order = key("lesson", i+1), uint64(i+1)
		out = append(out, s)
	}
	return out
}

// decided returns a decision about two statements; stands is the number of the lesson
// that stands, or 0 when they are different.
func decided(all []duplicate.Statement, order uint64, one, other, stands int) duplicate.State {
	pair := duplicate.PairOf(key("lesson", one), key("lesson", other))
	d := duplicate.Decided{Records: pair[:], Answer: duplicate.Different, Agreed: duplicate.AgreementOf(all[one-1], all[other-1])}
	if stands > 0 {
		d.Answer, d.Stands = duplicate.Same, key("lesson", stands)
	}
	return duplicate.State{Pair: pair, Decision: d, Event: "e", Order: order}
}

// TestContraryDecisions: two reports that are called different while a third is said to be the same
// as each of them are named; whoever voids a decision that was wrong ends it.
func TestContraryDecisions(t *testing.T) {
	three, pair := told(3), duplicate.PairOf(key("lesson", 2), key("lesson", 3))
	all := []duplicate.State{decided(three, 7, 1, 2, 1), decided(three, 8, 1, 3, 1), decided(three, 9, 2, 3, 0)}
	if r := duplicate.Resolve(three, all, itself); !r.Contrary[pair] || len(r.Contrary) != 1 || len(r.StandsFor) != 2 {
		t.Errorf("contrary %v, stands for %v", r.Contrary, r.StandsFor)
	}
	for left := range all {
		if r := duplicate.Resolve(three, slices.Delete(slices.Clone(all), left, left+1), itself); len(r.Contrary) != 0 {
			t.Errorf("without decision %d: contrary %v", left, r.Contrary)
		}
	}
}

func TestWhatCounts(t *testing.T) {
	merged := func(k string) string {
		if k == key("school", 3) {
			return key("school", 2)
		}
		return k
	}
	three := told(3)
	moved := told(2)
	for i := range moved {
		moved[i].When = "day:2018-05-16"
	}
	oneMoved := told(2)
	oneMoved[1].When = "day:2018-05-16"
	filledIn := told(2)
	filledIn[0].Subjects = nil
	misspelt := told(2)
	misspelt[1].Schools = []string{key("school", 1), key("school", 3)}
	resolved := []duplicate.Statement{misspelt[0].Resolved(merged), misspelt[1].Resolved(merged)}
	parts := told(3) // 1 and 2 may be part of 3
	for i, subjects := range [][]string{{"chinese"}, {"mathematics"}, {"chinese", "primary_school/mathematics"}} {
		parts[i].When, parts[i].Subjects, parts[i].Numbered = "term:2017-2018/2", subjects, i == 2
	}
	four := told(4) // 1 has no number; 3 and 4 are of another day
	for i := range four {
		four[i].Numbered = i > 0
		if i > 1 {
			four[i].When = "day:2018-05-16"
		}
	}
	music := told(2)
	for i := range music {
		music[i].Subjects = []string{"music"}
	}
	inOtherWords := decided(three, 9, 1, 2, 1)
	inOtherWords.Decision.Agreed.Subjects = []string{"小学英语", "英文"} // as a list that did not know them kept them
	misspeltPart := slices.Clone(parts[1:])
	misspeltPart[0].From, misspeltPart[1].From = []string{key("school", 3)}, []string{key("school", 2)}
	for i := range misspeltPart {
		misspeltPart[i] = misspeltPart[i].Resolved(merged)
	}
	phased := told(2)
	phased[1].Subjects = []string{"primary_school/english"}
	for _, tt := range []struct {
		name       string
		statements []duplicate.Statement
		decisions  []duplicate.State
		same       duplicate.Identity
		undecided  string // numbers of lessons, first-second
		toldTwice  string // numbers of lessons, told<stands
	}{
		{"one record", told(1), nil, itself, "", ""},
		{"two", told(2), nil, itself, "1-2", ""},
		{"of three, each is asked about once", three, nil, itself, "1-2 1-3", ""},
		{"the first stands", told(2), []duplicate.State{decided(three, 9, 1, 2, 1)}, itself, "", "2<1"},
		{"the second stands", told(2), []duplicate.State{decided(three, 9, 1, 2, 2)}, itself, "", "1<2"},
		{"different", told(2), []duplicate.State{decided(three, 9, 1, 2, 0)}, itself, "", ""},
		{"a void decision", told(2), []duplicate.State{{Pair: duplicate.PairOf(key("lesson", 1), key("lesson", 2))}}, itself, "1-2", ""},
		{"the one that stands is void", told(2)[1:], []duplicate.State{decided(three, 9, 1, 2, 1)}, itself, "", ""},
		{"of three, two are the same", three, []duplicate.State{decided(three, 9, 1, 2, 1)}, itself, "1-3", "2<1"},
		{"of three, two are different", three, []duplicate.State{decided(three, 9, 1, 2, 0)}, itself, "1-3", ""},
		{"the third differs from the first", three, []duplicate.State{decided(three, 8, 1, 2, 0), decided(three, 9, 1, 3, 0)}, itself, "2-3", ""},
		{"one stands for one that stands", three, []duplicate.State{decided(three, 8, 1, 2, 2), decided(three, 9, 2, 3, 3)}, itself, "", "1<3 2<3"},
		{"in a circle the newest decisions hold", three,
			[]duplicate.State{decided(three, 7, 1, 2, 1), decided(three, 8, 2, 3, 2), decided(three, 9, 1, 3, 3)}, itself, "", "1<2 3<2"},
		{"one was corrected to another day", oneMoved, []duplicate.State{decided(three, 9, 1, 2, 1)}, itself, "", ""},
		{"both were corrected to another day", moved, []duplicate.State{decided(three, 9, 1, 2, 1)}, itself, "1-2", ""},
		{"corrected and decided anew", moved, []duplicate.State{decided(moved, 9, 1, 2, 2)}, itself, "", "1<2"},
		{"a subject that was missing was filled in", told(2), []duplicate.State{decided(filledIn, 9, 1, 2, 1)}, itself, "", "2<1"},
		{"a phase was written to the subject", phased, []duplicate.State{decided(three, 9, 1, 2, 1)}, itself, "", "2<1"},
		{"both were corrected to another subject", music, []duplicate.State{decided(three, 9, 1, 2, 1)}, itself, "1-2", ""},
		{"what they agreed in was kept in other words", told(2), []duplicate.State{inOtherWords}, itself, "", "2<1"},
		{"pairs in the order in which they came up", four, nil, itself, "2-1 3-4", ""},
		{"a part of a school that is the other one", misspeltPart, nil, merged, "3-2", ""},
		{"each part is asked about with the whole", parts, nil, itself, "3-1 3-2", ""},
		{"one of two parts is decided", parts, []duplicate.State{decided(parts, 9, 1, 3, 3)}, itself, "3-2", "1<3"},
		{"what was said to be a part is none", parts, []duplicate.State{decided(parts, 9, 1, 3, 0)}, itself, "3-2", ""},
		{"a school that is another one", resolved, nil, merged, "1-2", ""},
		{"decided before the schools were one", resolved, []duplicate.State{decided(misspelt, 9, 1, 2, 1)}, merged, "", "2<1"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r := duplicate.Resolve(tt.statements, tt.decisions, tt.same)
			if got := undecidedOf(r); got != tt.undecided {
				t.Errorf("undecided %q, want %q", got, tt.undecided)
			}
			if got := toldTwiceOf(r); got != tt.toldTwice {
				t.Errorf("told twice %q, want %q", got, tt.toldTwice)
			}
		})
	}
}

func numberOf(k string) byte { return k[len(k)-1] }

func undecidedOf(r duplicate.Resolution) string {
	out := ""
	for _, l := range r.Undecided {
		out += fmt.Sprintf(" %c-%c", numberOf(l.First.Key), numberOf(l.Second.Key))
	}
	return out[min(1, len(out)):]
}

func toldTwiceOf(r duplicate.Resolution) string {
	var all []string
	for told, stands := range r.StandsFor {
		all = append(all, fmt.Sprintf("%c<%c", numberOf(told), numberOf(stands)))
	}
	slices.Sort(all)
	out := ""
	for _, one := range all {
		out += " " + one
	}
	return out[min(1, len(out)):]
}

// TestOneAlwaysCounts: whatever is decided about some reports, every one that does not
// count has one that counts in its place; and who answers every question is done.
func TestOneAlwaysCounts(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		all := drawn(t)
		byKey := map[string]duplicate.Statement{}
		for _, s := range all {
			byKey[s.Key] = s
		}
		var decisions []duplicate.State
		for order := uint64(100); ; order++ {
			r := duplicate.Resolve(all, decisions, itself)
			for told, stands := range r.StandsFor {
				if _, also := r.StandsFor[stands]; also || stands == told {
					t.Fatalf("%s does not count, and neither does %s, which stands for it", told, stands)
				}
			}
			if len(r.Undecided) == 0 {
				return
			}
			if order > 100+uint64(len(all)*len(all)) {
				t.Fatalf("%d pairs are still undecided", len(r.Undecided))
			}
			l := r.Undecided[rapid.IntRange(0, len(r.Undecided)-1).Draw(t, "pair")]
			pair := duplicate.PairOf(l.First.Key, l.Second.Key)
			d := duplicate.Decided{Records: pair[:], Answer: duplicate.Different, Agreed: duplicate.AgreementOf(l.First, l.Second)}
			if n := rapid.IntRange(0, 2).Draw(t, "answer"); n < 2 {
				d.Answer, d.Stands = duplicate.Same, pair[n]
			}
			decisions = append(decisions, duplicate.State{Pair: pair, Decision: d, Event: "e", Order: order})
		}
	})
}

// TestManyAlikeAreFoundAtOnce: twenty thousand reports of one day and school take no
// longer than their number.
func TestManyAlikeAreFoundAtOnce(t *testing.T) {
	for name, alter := range map[string]func(s *duplicate.Statement, n int){
		"all alike":              func(*duplicate.Statement, int) {},
		"no day, and no number":  func(s *duplicate.Statement, _ int) { s.When = "term:2017-2018/2" },
		"each of another person": func(s *duplicate.Statement, n int) { s.People = []string{key("person", n)} },
	} {
		t.Run(name, func(t *testing.T) {
			all := told(20_000)
			for i := range all {
				alter(&all[i], i)
			}
			r := duplicate.Resolve(all, nil, itself)
			if want := map[string]int{"all alike": len(all) - 1}[name]; len(r.Undecided) != want {
				t.Errorf("%d pairs, want %d", len(r.Undecided), want)
			}
		})
	}
}

// TestOfOneTermOnlyPartsAreAsked: of four thousand records of one term that are told alike
// but for their subject, those without a number are parts of those of their own subject.
func TestOfOneTermOnlyPartsAreAsked(t *testing.T) {
	for name, parts := range map[string]int{"chinese": 2_000, "mathematics": 0} {
		all := told(4_000)
		for i := range all {
			all[i].When, all[i].People, all[i].Subjects = "term:2017-2018/2", nil, []string{"chinese"}
			if all[i].Numbered = i%2 == 0; !all[i].Numbered {
				all[i].Subjects = []string{name}
			}
		}
		if r := duplicate.Resolve(all, nil, itself); len(r.Undecided) != parts {
			t.Errorf("%s: %d pairs, want %d", name, len(r.Undecided), parts)
		}
	}
}
