package reviews_test

import (
	"testing"

	"twinledger/domain/calendar"
	"twinledger/domain/duplicate"
	"twinledger/domain/lesson"
	"twinledger/domain/record"
	"twinledger/domain/review"
	"twinledger/projections/projectiontest"
	"twinledger/projections/reviews"
)

// TestToldTwice reviews two reports of a lesson: one of the community, the other of it
// or of no or another community, before and after somebody decided.
func TestToldTwice(t *testing.T) {
	told := func(n int, of string, when calendar.Occurred) said {
		f := lesson.Facts{Facts: common("demo_lesson")}
		f.Community, f.From, f.To = of, []record.Unit{{School: core}}, []record.Unit{{School: member}}
		f.Quantity = record.Quantity{Text: "1", Number: "1", Bound: record.Exact, Measure: record.MeasureOf("节")}
		return say(key("lesson", n), when, record.Reported[lesson.Facts]{Facts: f})
	}
	pair := duplicate.PairOf(key("lesson", 1), key("lesson", 2))
	decided := say(duplicate.Key(projectiontest.Ledger, pair), "", duplicate.Decided{District: district, Records: pair[:], Answer: duplicate.Same, Stands: key("lesson", 1),
		Agreed: duplicate.Agreement{When: "day:2018-04-18", Kinds: []record.Kind{"open_lesson"}, Schools: []string{core, member}}})
	for _, tt := range []struct {
		name           string
		second         said
		more           []said
		total, without string
		told           int
	}{
		{"both of the community", told(2, community, "day:2018-04-18"), nil, "2", "1", 0},
		{"decided", told(2, community, "day:2018-04-18"), []said{decided}, "1", "", 1},
		{"one of another community", told(2, key("community", 2), "day:2018-04-18"), nil, "1", "0", 0},
		{"one of no community", told(2, "", "day:2018-04-18"), nil, "1", "", 0},
		{"on another day", told(2, community, "day:2018-04-19"), nil, "2", "", 0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			given := after(surroundings, append([]said{noted(2, "另一个共同体"), told(1, community, "day:2018-04-18"), tt.second}, tt.more...)...)
			in, err := reader(given...).Input(t.Context(), reviews.Question{Community: community, Term: calendar.Term{Year: "2017-2018", Number: 2}})
			if err != nil {
				t.Fatal(err)
			}
			r := review.Compute(in)
			if c := r.Counts[0]; c.Total != tt.total || c.WithoutThem != tt.without || len(r.ToldTwice) != tt.told {
				t.Errorf("%s, %q without, %d told twice; want %s, %q, %d", c.Total, c.WithoutThem, len(r.ToldTwice), tt.total, tt.without, tt.told)
			}
		})
	}
}
