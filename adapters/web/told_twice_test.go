package web_test

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"twinledger/adapters/web"
	"twinledger/domain/review"
)

// TestToldTwice: a page shows each number with what it is without the records that may be
// told twice, and lists those that count nowhere with the one that stands for them.
func TestToldTwice(t *testing.T) {
	r := everySituation()
	elsewhere := key("lesson", 999) // of another community
	without := 3
	r.Obligations = slices.Clone(r.Obligations)
	results := slices.Clone(r.Obligations[0].Results)
	results[0].PerhapsTwice = []review.PerhapsTwice{{UndecidedDuplicate: review.UndecidedDuplicate{Record: tenLessons.Record, Other: oneLesson.Record}, Number: "10"},
		{UndecidedDuplicate: review.UndecidedDuplicate{Record: oneLesson.Record, Other: elsewhere, Part: true}, Number: "1"}}
	results[0].WithoutThem = &without
	r.Obligations[0].Results = results
	r.Counts = slices.Clone(r.Counts)
	r.Counts[0].PerhapsTwice, r.Counts[0].WithoutThem = results[0].PerhapsTwice[:1], "7"
	again := r.Registers[0].Entries[1]
	again.Ref = at("lesson", 71, 12)
	r.ToldTwice = []review.ToldTwiceEntry{{Entry: again, Kind: "lesson", Stands: tenLessons.Record, Event: eventID(72)}}
	var page bytes.Buffer
	if err := web.RenderReview(t.Context(), &page, r, "sum", nil); err != nil {
		t.Fatal(err)
	}
	elements(t, page.String())
	for _, want := range []string{
		"其中 2 条可能与另一条是同一件事，不计则为 3", "of which 2 may be the same as another: 3 without",
		"其中 1 条可能与另一条是同一件事，不计则为 7", `href="#told-twice"`, `id="r-` + again.Record + `"`, "以 № 21 为准", "a00003e7</li>",
	} {
		if !strings.Contains(page.String(), want) {
			t.Errorf("the page lacks %q", want)
		}
	}
	page.Reset()
	if err := web.RenderReview(t.Context(), &page, everySituation(), "sum", nil); err != nil {
		t.Fatal(err)
	}
	if strings.Contains(page.String(), "told-twice") || strings.Contains(page.String(), "may be the same") {
		t.Error("a page without such records speaks of them")
	}
}
