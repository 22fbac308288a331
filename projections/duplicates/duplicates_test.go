package duplicates_test

import (
	"fmt"
	"slices"
	"testing"

	"twinledger/domain/calendar"
	"twinledger/domain/command/commandtest"
	"twinledger/domain/duplicate"
	"twinledger/domain/lesson"
	"twinledger/domain/org"
	"twinledger/domain/record"
	"twinledger/domain/seal"
	"twinledger/projections/duplicates"
	"twinledger/projections/projectiontest"
	"twinledger/projections/records"
)

type said = projectiontest.Said

var (
	say                    = projectiontest.Say
	key                    = projectiontest.Key
	district               = key("district", 1)
	core, member, misspelt = key("school", 1), key("school", 2), key("school", 3)
	reason                 = seal.Text{Clear: "写错"}
)

func facts(receiver string) lesson.Facts {
	return lesson.Facts{Facts: record.Facts{District: district, Kinds: []record.Kind{"demo_lesson"}, From: []record.Unit{{School: core}}, To: []record.Unit{{School: receiver}}}}
}

func reported(n int, when calendar.Occurred, receiver string) said {
	return say(key("lesson", n), when, record.Reported[lesson.Facts]{Facts: facts(receiver)})
}

func corrected(n int, target int, when calendar.Occurred) said {
	return say(key("lesson", n), when, record.Corrected[lesson.Facts]{Target: commandtest.ID(target), Reason: reason, Facts: facts(member)})
}

func voided(n int, target int) said {
	return say(key("lesson", n), "", record.Voided[lesson.Facts]{Target: commandtest.ID(target), Reason: reason})
}

// same says that lesson stands stands for the other one of lessons 1 and 2, on a day.
func same(stands int, when calendar.Occurred) said {
	pair := duplicate.PairOf(key("lesson", 1), key("lesson", 2))
	return say(duplicate.Key(projectiontest.Ledger, pair), "", duplicate.Decided{District: district, Records: pair[:], Answer: duplicate.Same, Stands: key("lesson", stands),
		Agreed: duplicate.Agreement{When: when, Kinds: []record.Kind{"open_lesson"}, Schools: []string{core, member}}})
}

func undone(target int) said {
	pair := duplicate.PairOf(key("lesson", 1), key("lesson", 2))
	return say(duplicate.Key(projectiontest.Ledger, pair), "", duplicate.Voided{Target: commandtest.ID(target), Reason: reason})
}

func reader(given ...said) duplicates.Reader {
	events := projectiontest.Applied(given...)
	return duplicates.Reader{Records: projectiontest.Rows[records.Row]{Model: records.Model, Events: events},
		Decisions: projectiontest.Rows[duplicates.Row]{Model: duplicates.Model, Events: events}}
}

// TestPairs follows two reports of a lesson through decisions, corrections and voidings.
func TestPairs(t *testing.T) {
	const day, other calendar.Occurred = "day:2018-05-09", "day:2018-05-16"
	two := []said{reported(1, day, member), reported(2, day, member)} // events 1 and 2
	after := func(more ...said) []said { return append(slices.Clone(two), more...) }
	for _, tt := range []struct {
		name  string
		given []said
		asOf  uint64
		want  string // standings of the pairs
		told  int    // the lesson that counts nowhere; 0 when both count
	}{
		{"one report", two[:1], 0, "[]", 0},
		{"two", two, 0, "[undecided]", 0},
		{"two, as known before the second", two, 1, "[]", 0},
		{"on two days", []said{two[0], reported(2, other, member)}, 0, "[]", 0},
		{"the same", after(same(1, day)), 0, "[same]", 2},
		{"the same, as known before", after(same(1, day)), 2, "[undecided]", 0},
		{"decided anew", after(same(1, day), same(2, day)), 0, "[same]", 1},
		{"the decision is void", after(same(1, day), undone(3)), 0, "[undecided]", 0},
		{"a former decision cannot be voided", after(same(1, day), same(2, day), undone(3)), 0, "[same]", 1},
		{"the one that stands is void", after(same(1, day), voided(1, 1)), 0, "[lapsed]", 0},
		{"the one that does not count is void", after(same(1, day), voided(2, 2)), 0, "[lapsed]", 0},
		{"one is corrected to another day", after(same(1, day), corrected(2, 2, other)), 0, "[lapsed]", 0},
		{"and the other one too", after(same(1, day), corrected(2, 2, other), corrected(1, 1, other)), 0, "[undecided lapsed]", 0},
		{"and back", after(same(1, day), corrected(2, 2, other), corrected(2, 4, day)), 0, "[same]", 2},
		{"a correction that changes nothing of what they agree in", after(same(1, day), corrected(2, 2, day)), 0, "[same]", 2},
		{"a school that is the other one", []said{two[0], reported(2, day, misspelt),
			say(misspelt, "", record.Reported[org.School]{Facts: org.School{District: district, Name: "张弯小学"}}),
			say(misspelt, "", org.Identified[org.School]{As: member})}, 0, "[undecided]", 0},
		{"the same, before that was said", []said{two[0], reported(2, day, misspelt),
			say(misspelt, "", record.Reported[org.School]{Facts: org.School{District: district, Name: "张弯小学"}}),
			say(misspelt, "", org.Identified[org.School]{As: member})}, 3, "[]", 0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r := reader(tt.given...)
			pairs, err := r.Pairs(t.Context(), duplicates.Question{AsOf: tt.asOf})
			if err != nil {
				t.Fatal(err)
			}
			standings := []duplicates.Standing{}
			for _, p := range pairs {
				standings = append(standings, p.Standing)
				if p.Rows[0].Key != key("lesson", 1) || p.Rows[1].Key != key("lesson", 2) {
					t.Errorf("a pair of %q and %q", p.Rows[0].Key, p.Rows[1].Key)
				}
			}
			if fmt.Sprint(standings) != tt.want {
				t.Errorf("standings %v, want %v", standings, tt.want)
			}
			told, err := r.ToldTwice(t.Context(), tt.asOf)
			if err != nil || (len(told) == 1) != (tt.told > 0) || tt.told > 0 && told[key("lesson", tt.told)] != key("lesson", 3-tt.told) {
				t.Errorf("told twice %v (%v), want lesson %d", told, err, tt.told)
			}
		})
	}
}

// TestPart: of two records of a term of which one has no number, the one with a number is
// offered to stand, whichever came first.
func TestPart(t *testing.T) {
	const term calendar.Occurred = "term:2017-2018/2"
	told := func(n int, number string) said {
		f := facts(member)
		f.Community, f.Quantity = key("community", 1), record.Quantity{Text: number, Number: number}
		return say(key("lesson", n), term, record.Reported[lesson.Facts]{Facts: f})
	}
	for _, tt := range []struct {
		name        string
		given       []said
		part, whole int // lessons
	}{
		{"the part first", []said{told(1, ""), told(2, "10")}, 1, 2},
		{"the whole first", []said{told(1, "10"), told(2, "")}, 2, 1},
	} {
		t.Run(tt.name, func(t *testing.T) {
			pairs, err := reader(tt.given...).Pairs(t.Context(), duplicates.Question{})
			if err != nil || len(pairs) != 1 {
				t.Fatalf("%d pairs, want 1 (%v)", len(pairs), err)
			}
			part, whole, answers := key("lesson", tt.part), key("lesson", tt.whole), pairs[0].Answers()
			if pairs[0].Part != part || len(answers) != 2 {
				t.Fatalf("part %q, want %q; %d answers, want 2", pairs[0].Part, part, len(answers))
			}
			if got, want := answers[0].Command(), "twinledger duplicates same "+whole+" "+part; got != want {
				t.Errorf("offers %q, want %q", got, want)
			}
			if answers[1].Answer != duplicate.Different {
				t.Errorf("the second answer is %q", answers[1].Answer)
			}
		})
	}
}

// TestIndex: what an import asks of a row that is not recorded yet, and of the next row
// of the same file.
func TestIndex(t *testing.T) {
	const day calendar.Occurred = "day:2018-05-09"
	r := reader(reported(1, day, member), reported(2, "day:2018-05-10", member), reported(3, day, misspelt))
	row := duplicate.NewStatement("lesson", day, facts(member))
	index, same, err := r.Index(t.Context(), row, duplicate.NewStatement("lesson", calendar.Unknown, facts(member)))
	if err != nil {
		t.Fatal(err)
	}
	found := index.Like(row.Resolved(same), 0)
	if len(found) != 1 || found[0].Key != key("lesson", 1) {
		t.Errorf("like %+v, want lesson 1", found)
	}
	row.Key = key("lesson", 9)
	index.Add(row.Resolved(same))
	next := duplicate.NewStatement("lesson", day, facts(member))
	if found := index.Like(next.Resolved(same), 0); len(found) != 2 || found[1].Key != row.Key {
		t.Errorf("the next row is like %+v", found)
	}
	if found := index.Like(next.Resolved(same), 1); len(found) != 1 {
		t.Errorf("%d of at most one", len(found))
	}
}

// TestContraryDecisions: lessons 2 and 3 are called different, and each is said to be the same as
// lesson 1: their pair waits, and may be called the same.
func TestContraryDecisions(t *testing.T) {
	const day calendar.Occurred = "day:2018-05-09"
	decided := func(one, other int, answer duplicate.Answer, stands string) said {
		pair := duplicate.PairOf(key("lesson", one), key("lesson", other))
		return say(duplicate.Key(projectiontest.Ledger, pair), "", duplicate.Decided{District: district, Records: pair[:], Answer: answer, Stands: stands,
			Agreed: duplicate.Agreement{When: day, Kinds: []record.Kind{"open_lesson"}, Schools: []string{core, member}}})
	}
	given := []said{reported(1, day, member), reported(2, day, member), reported(3, day, member),
		decided(1, 2, duplicate.Same, key("lesson", 1)), decided(1, 3, duplicate.Same, key("lesson", 1)), decided(2, 3, duplicate.Different, "")}
	for until, want := range map[int]string{5: "[same same]", 6: "[same same contrary]"} {
		pairs, err := reader(given[:until]...).Pairs(t.Context(), duplicates.Question{})
		standings := []duplicates.Standing{}
		for _, p := range pairs {
			standings = append(standings, p.Standing)
			if p.Waits() != (p.Standing == duplicates.Contrary) || p.Waits() && slices.ContainsFunc(p.Answers(), func(a duplicates.Answer) bool { return a.Answer == duplicate.Different }) {
				t.Errorf("%s waits: %v; answers %v", p.Standing, p.Waits(), p.Answers())
			}
		}
		if err != nil || fmt.Sprint(standings) != want {
			t.Errorf("standings %v (%v), want %s", standings, err, want)
		}
	}
}
