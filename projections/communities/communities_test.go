package communities_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"twinledger/domain/activity"
	"twinledger/domain/calendar"
	"twinledger/domain/command/commandtest"
	"twinledger/domain/duplicate"
	"twinledger/domain/intake"
	"twinledger/domain/lesson"
	"twinledger/domain/org"
	"twinledger/domain/pairing"
	"twinledger/domain/record"
	"twinledger/domain/seal"
	"twinledger/projections/communities"
	"twinledger/projections/duplicates"
	"twinledger/projections/projectiontest"
	"twinledger/projections/records"
	"twinledger/projections/registers"
)

type said = projectiontest.Said

var (
	say, key = projectiontest.Say, projectiontest.Key
	reason   = seal.Text{Clear: "写错"}
	district = key("district", 1)
)

func noted(n int, name string) said {
	return say(key("community", n), "", record.Reported[org.Community]{Facts: org.Community{District: district, Name: name, Provisional: true}})
}

// facts returns so many lessons of the n-th community; "" is no number.
func facts(n int, number string) lesson.Facts {
	f := lesson.Facts{Facts: record.Facts{District: district, Community: key("community", n), Kinds: []record.Kind{"demo_lesson"}, Mode: record.ModeUnknown,
		From: []record.Unit{{School: key("school", 1)}}}}
	if number != "" {
		f.Quantity = record.Quantity{Text: number, Number: number, Bound: record.Exact, Measure: record.Measure{Text: "节", Code: "lesson"}}
	}
	return f
}

func reported(n, of int, number string) said {
	return say(key("lesson", n), "day:2018-04-18", record.Reported[lesson.Facts]{Facts: facts(of, number)})
}

func held(n, of int) said {
	return say(key("row", n), "", intake.RowTaken{District: district, Community: key("community", of), Outcome: intake.Held})
}

var paired = say(key("pairing", 1), "year:2015", record.Reported[pairing.Facts]{Facts: pairing.Facts{Basis: pairing.Founding,
	Facts: record.Facts{District: district, Community: key("community", 1), Kinds: []record.Kind{"pairing"}, Mode: record.ModeUnknown},
	Sides: []pairing.Side{{School: key("school", 1), Role: pairing.Core}}}})

// same says that the second lesson is the first one, which stands.
var same = func() said {
	pair := duplicate.PairOf(key("lesson", 1), key("lesson", 2))
	return say(duplicate.Key(projectiontest.Ledger, pair), "", duplicate.Decided{District: district, Records: pair[:], Answer: duplicate.Same, Stands: key("lesson", 1),
		Agreed: duplicate.Agreement{When: "day:2018-04-18", Kinds: []record.Kind{"open_lesson"}, Schools: []string{key("school", 1)}}})
}()

func board(n int, name string, alter ...func(*communities.Board)) communities.Board {
	b := communities.Board{Key: key("community", n), Name: name, District: district, Provisional: true, Members: []communities.Member{}, Totals: []communities.Total{}}
	for _, a := range alter {
		a(&b)
	}
	return b
}

func lessons(records, occurrences, unnumbered int) func(*communities.Board) {
	return func(b *communities.Board) {
		b.Totals = append(b.Totals, communities.Total{Kind: "lesson", Records: records, Occurrences: occurrences, Unnumbered: unnumbered})
		b.Incomplete += records
	}
}

func reader(given []said) registers.Reader {
	events := projectiontest.Applied(given...)
	return registers.Reader{Rows: projectiontest.Rows[records.Row]{Model: records.Model, Events: events},
		Decided: projectiontest.Rows[duplicates.Row]{Model: duplicates.Model, Events: events}}
}

func TestBoards(t *testing.T) {
	member := pairing.Membership{Side: pairing.Side{School: key("school", 1), Role: pairing.Core}, Basis: pairing.Founding, Since: "year:2015", Entry: commandtest.ID(2)}
	moved := say(key("lesson", 1), "day:2018-04-18", record.Corrected[lesson.Facts]{Target: commandtest.ID(2), Reason: reason, Facts: facts(2, "3")})
	tests := []struct {
		name  string
		given []said
		asOf  uint64
		want  []communities.Board
	}{
		{"nothing", nil, 0, []communities.Board{}},
		{"a community", []said{noted(1, "甲")}, 0, []communities.Board{board(1, "甲")}},
		{"two, ordered by name", []said{noted(1, "甲"), noted(2, "乙")}, 0, []communities.Board{board(2, "乙"), board(1, "甲")}},
		{"a void one", []said{noted(1, "甲"), say(key("community", 1), "", record.Voided[org.Community]{Target: commandtest.ID(1), Reason: reason})}, 0, []communities.Board{}},
		{"lessons with and without a number", []said{noted(1, "甲"), reported(1, 1, "3"), reported(2, 1, "")}, 0, []communities.Board{board(1, "甲", lessons(2, 3, 1))}},
		{"a lesson that came before its community", []said{reported(1, 1, "3"), noted(1, "甲")}, 0, []communities.Board{board(1, "甲", lessons(1, 3, 0))}},
		{"a lesson of no community", []said{noted(1, "甲"), reported(1, 9, "3")}, 0, []communities.Board{board(1, "甲")}},
		{"a lesson corrected into another community", []said{noted(1, "甲"), reported(1, 1, "3"), noted(2, "乙"), moved}, 0,
			[]communities.Board{board(2, "乙", lessons(1, 3, 0)), board(1, "甲")}},
		{"the same, before the correction", []said{noted(1, "甲"), reported(1, 1, "3"), noted(2, "乙"), moved}, 3,
			[]communities.Board{board(2, "乙"), board(1, "甲", lessons(1, 3, 0))}},
		{"a voided lesson", []said{noted(1, "甲"), reported(1, 1, "3"), say(key("lesson", 1), "", record.Voided[lesson.Facts]{Target: commandtest.ID(2), Reason: reason})}, 0,
			[]communities.Board{board(1, "甲")}},
		{"a held row", []said{noted(1, "甲"), held(1, 1)}, 0, []communities.Board{board(1, "甲", func(b *communities.Board) { b.Held = 1 })}},
		{"a held row that was voided", []said{noted(1, "甲"), held(1, 1), say(key("row", 1), "", intake.RowVoided{Target: commandtest.ID(2), Reason: reason})}, 0,
			[]communities.Board{board(1, "甲")}},
		{"members", []said{noted(1, "甲"), paired}, 0, []communities.Board{board(1, "甲", func(b *communities.Board) {
			b.Members, b.Incomplete = []communities.Member{{Membership: member}}, 1
			b.Totals = []communities.Total{{Kind: "pairing", Records: 1}}
		})}},
		{"a lesson told twice", []said{noted(1, "甲"), reported(1, 1, "3"), reported(2, 1, ""), same}, 0,
			[]communities.Board{board(1, "甲", lessons(1, 3, 0), func(b *communities.Board) { b.ToldTwice = 1 })}},
		{"the same, before somebody decided", []said{noted(1, "甲"), reported(1, 1, "3"), reported(2, 1, ""), same}, 3,
			[]communities.Board{board(1, "甲", lessons(2, 3, 1))}},
		{"all lessons told elsewhere", []said{noted(1, "甲"), noted(2, "乙"), reported(1, 2, "3"), reported(2, 1, ""), same}, 0,
			[]communities.Board{board(2, "乙", lessons(1, 3, 0)), board(1, "甲", func(b *communities.Board) { b.ToldTwice = 1 })}},
		{"a school", []said{noted(1, "甲"), say(key("school", 1), "", record.Reported[org.School]{})}, 0, []communities.Board{board(1, "甲")}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := communities.Boards(t.Context(), reader(tt.given), communities.Question{AsOf: tt.asOf})
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, got, cmpopts.IgnoreFields(communities.Board{}, "Ordinals")); diff != "" {
				t.Errorf("boards (-want +got):\n%s", diff)
			}
		})
	}
}

// identified says that the n-th community is the same as another.
func identified(n, as int) said {
	return say(key("community", n), "", org.Identified[org.Community]{As: key("community", as)})
}

func visited(n, of int) said {
	return say(key("visit", n), "day:2018-04-18", record.Reported[activity.Visit]{Facts: activity.Visit{
		Facts: record.Facts{District: district, Community: key("community", of), Kinds: []record.Kind{"visit"}, Mode: record.Offline}}})
}

// TestKindsOfTheSameCommunity: each kind has one total, though it is recorded of both
// communities that are one.
func TestKindsOfTheSameCommunity(t *testing.T) {
	given := []said{noted(1, "甲"), noted(2, "甲共同体"), reported(1, 1, "3"), visited(1, 1), reported(2, 2, "1"), visited(2, 2), identified(2, 1)}
	got, err := communities.Boards(t.Context(), reader(given), communities.Question{})
	if err != nil || len(got) != 1 {
		t.Fatalf("%d boards, %v", len(got), err)
	}
	want := []communities.Total{{Kind: "lesson", Records: 2, Occurrences: 4}, {Kind: "visit", Records: 2, Unnumbered: 2}}
	if diff := cmp.Diff(want, got[0].Totals); diff != "" {
		t.Errorf("totals (-want +got):\n%s", diff)
	}
}

// TestTheSameCommunity: what is recorded of one that is said to be another stands
// on the other's board, which answers for both keys.
func TestTheSameCommunity(t *testing.T) {
	given := []said{noted(1, "甲"), noted(2, "甲共同体"), reported(1, 1, "3"), reported(2, 2, "1"), identified(2, 1)}
	whole := board(1, "甲", lessons(2, 4, 0))
	for _, keys := range [][]string{nil, {key("community", 1)}, {key("community", 2)}} {
		got, err := communities.Boards(t.Context(), reader(given), communities.Question{Keys: keys})
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff([]communities.Board{whole}, got, cmpopts.IgnoreFields(communities.Board{}, "Ordinals")); diff != "" {
			t.Errorf("asked for %v (-want +got):\n%s", keys, diff)
		}
	}
	before, err := communities.Boards(t.Context(), reader(given), communities.Question{AsOf: 4})
	if err != nil || len(before) != 2 {
		t.Errorf("before they were said to be the same: %d boards, %v", len(before), err)
	}
}

// TestMembersOfADay asks who belonged to a community on a day.
func TestMembersOfADay(t *testing.T) {
	tells := func(when calendar.Occurred, basis pairing.Basis) said {
		return say(key("pairing", 1), when, record.Reported[pairing.Facts]{Facts: pairing.Facts{Basis: basis, Facts: paired.Fact.(record.Reported[pairing.Facts]).Facts.Facts,
			Sides: []pairing.Side{{School: key("school", 1), Role: pairing.Core}}}})
	}
	year := say(key("calendar", 1), "", record.Reported[org.CalendarYear]{Facts: org.CalendarYear{District: district, Year: calendar.AssumedYear("2017-2018")}})
	for _, tt := range []struct {
		name  string
		given []said
		day   calendar.Day
		want  records.Validity // "" for no member
	}{
		{"after the founding", []said{tells("day:2016-09-01", "founding")}, "2017-01-01", records.Certainly},
		{"before the founding", []said{tells("day:2016-09-01", "founding")}, "2016-08-31", ""},
		{"within the year of the founding", []said{tells("year:2016", "founding")}, "2016-05-01", records.Possibly},
		{"on a day of the roster's term", []said{year, tells("term:2017-2018/2", "roster")}, "2018-04-18", records.Certainly},
		{"before the roster's term", []said{year, tells("term:2017-2018/2", "roster")}, "2017-04-18", records.Possibly},
		{"in a term without calendar", []said{tells("term:2017-2018/2", "roster")}, "2018-04-18", records.Possibly},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got, err := communities.Boards(t.Context(), reader(append([]said{noted(1, "甲")}, tt.given...)), communities.Question{ValidAt: tt.day})
			if err != nil || len(got) != 1 {
				t.Fatalf("%d boards, %v", len(got), err)
			}
			valid := records.Validity("")
			for _, m := range got[0].Members {
				valid = m.Valid
			}
			if valid != tt.want {
				t.Errorf("member %q, want %q", valid, tt.want)
			}
		})
	}
}
