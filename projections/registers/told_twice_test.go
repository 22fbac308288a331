package registers_test

import (
	"slices"
	"strings"
	"testing"

	"twinledger/domain/duplicate"
	"twinledger/domain/lesson"
	"twinledger/domain/record"
	"twinledger/projections/projectiontest"
	"twinledger/projections/registers"
)

// TestToldTwice: a lesson that another one stands for is listed, and adds nothing.
func TestToldTwice(t *testing.T) {
	told := func(n int) said {
		f := common(1, "demo_lesson")
		f.Quantity = record.Quantity{Text: "3", Number: "3", Bound: record.Exact, Measure: record.Measure{Text: "节", Code: "lesson"}}
		return say(key("lesson", n), "day:2018-04-18", record.Reported[lesson.Facts]{Facts: lesson.Facts{Facts: f}})
	}
	pair := duplicate.PairOf(key("lesson", 1), key("lesson", 2))
	r := reader(school(1), told(1), told(2), say(duplicate.Key(projectiontest.Ledger, pair), "", duplicate.Decided{District: district, Records: pair[:],
		Answer: duplicate.Same, Stands: key("lesson", 2),
		Agreed: duplicate.Agreement{When: "day:2018-04-18", Kinds: []record.Kind{"open_lesson"}, Schools: []string{key("school", 1), key("school", 9)}}}))
	for asOf, want := range map[uint64]struct {
		occurrences int
		countsAs    string
	}{3: {6, ""}, 4: {3, key("lesson", 2)}} {
		sheet, err := r.Sheet(t.Context(), key("school", 1), registers.Question{AsOf: asOf})
		if err != nil {
			t.Fatal(err)
		}
		part := sheet.Parts[0]
		line, _, err := r.Line(t.Context(), key("lesson", 1), asOf, "")
		if err != nil || len(part.Lines) != 2 || part.Occurrences != want.occurrences || part.Lines[0].CountsAs != want.countsAs || line.CountsAs != want.countsAs {
			t.Errorf("as of %d: %d lines of %d occurrences, the first counts as %q and %q (%v); want %+v", asOf, len(part.Lines), part.Occurrences, part.Lines[0].CountsAs, line.CountsAs, err, want)
		}
		cells, err := registers.TableOf(part.Register).Row(line, registers.Keys{})
		if says := slices.ContainsFunc(cells, func(c string) bool { return strings.Contains(c, "重复上报，以 "+key("lesson", 2)+" 为准") }); err != nil || says != (want.countsAs != "") {
			t.Errorf("as of %d the table says %q (%v)", asOf, cells, err)
		}
	}
}
