package communities_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"twinledger/domain/command/commandtest"
	"twinledger/domain/intake"
	"twinledger/domain/lesson"
	"twinledger/domain/org"
	"twinledger/domain/pairing"
	"twinledger/domain/record"
	"twinledger/domain/seal"
	"twinledger/projections/communities"
	"twinledger/projections/projectiontest"
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
	f := lesson.Facts{Facts: record.Facts{District: district, Community: key("community", n), Kinds: []record.Kind{"demo_lesson"}, Mode: record.ModeUnknown}}
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

func board(n int, name string, alter ...func(*communities.Board)) communities.Board {
	b := communities.Board{Key: key("community", n), Name: name, District: district, Provisional: true, Members: []pairing.Membership{}, Totals: []communities.Total{}}
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
			b.Members, b.Incomplete = []pairing.Membership{member}, 1
			b.Totals = []communities.Total{{Kind: "pairing", Records: 1}}
		})}},
		{"a school", []said{noted(1, "甲"), say(key("school", 1), "", record.Reported[org.School]{})}, 0, []communities.Board{board(1, "甲")}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			rows := projectiontest.Rows[communities.Row]{Model: communities.Model, Events: projectiontest.Applied(tt.given...)}
			got, err := communities.Boards(t.Context(), rows, tt.asOf)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("boards (-want +got):\n%s", diff)
			}
		})
	}
}
