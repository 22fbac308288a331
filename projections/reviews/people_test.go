package reviews_test

import (
	"slices"
	"testing"

	"twinledger/domain/exchange"
	"twinledger/domain/lesson"
	"twinledger/domain/org"
	"twinledger/domain/record"
	"twinledger/domain/review"
)

// TestPostingsOfOnePersonAnywhere: the postings of everybody whom an exchange of the
// community names are read, under whatever key and in whatever community.
func TestPostingsOfOnePersonAnywhere(t *testing.T) {
	who, alias, stranger := key("person", 1), key("person", 2), key("person", 3)
	posted := func(n int, of, person string) said {
		f := exchange.Facts{Facts: common("support_teaching"), Start: "day:2018-03-05", End: "day:2018-07-06"}
		f.Community, f.People = of, []string{person}
		return say(key("exchange", n), "day:2018-03-05", record.Reported[exchange.Facts]{Facts: f})
	}
	given := after(surroundings, noted(2, "乙"),
		say(who, "", record.Reported[org.Person]{}), say(alias, "", record.Reported[org.Person]{}), say(stranger, "", record.Reported[org.Person]{}),
		posted(1, community, who), posted(2, other, alias), posted(3, other, stranger), posted(4, "", who),
		say(alias, "", org.Identified[org.Person]{As: who}),
		say(key("exchange", 4), "", record.Voided[exchange.Facts]{Target: id(13), Reason: reason}))
	in, err := reader(given...).Input(t.Context(), question())
	if err != nil {
		t.Fatal(err)
	}
	var keys []string
	for _, p := range in.Postings {
		if keys = append(keys, p.Fact.Key); !slices.Equal(p.Fact.Facts.People, []string{who}) {
			t.Errorf("%s is of %v", p.Fact.Key, p.Fact.Facts.People)
		}
	}
	slices.Sort(keys)
	if want := []string{key("exchange", 1), key("exchange", 2)}; !slices.Equal(keys, want) {
		t.Fatalf("postings %v, want %v", keys, want)
	}
	overlaps := review.Compute(in).Counts[0].Overlaps
	if len(overlaps) != 1 || !overlaps[0].Certain || overlaps[0].Person != who {
		t.Errorf("overlaps %+v", overlaps)
	}
}

// TestRecordsWithoutACommunity: the district's records that name no community are
// read with what they say, and no other district's.
func TestRecordsWithoutACommunity(t *testing.T) {
	free := func(n int, in string) said {
		f := lesson.Facts{Facts: common("demo_lesson")}
		f.District, f.Community, f.From, f.To = in, "", []record.Unit{{School: core}}, []record.Unit{{School: member}}
		return say(key("lesson", n), "day:2018-04-18", record.Reported[lesson.Facts]{Facts: f})
	}
	in, err := reader(after(surroundings, founded, free(1, district), free(2, key("district", 2)), held(1, ""))...).Input(t.Context(), question())
	if err != nil || len(in.WithoutCommunity) != 1 || len(in.Unassigned) != 1 {
		t.Fatalf("without a community %+v, held %+v, %v", in.WithoutCommunity, in.Unassigned, err)
	}
	r := review.Compute(in)
	if len(r.WithoutCommunity) != 1 || r.WithoutCommunity[0].Record != key("lesson", 1) || len(r.Unassigned) != 2 {
		t.Errorf("between own schools %+v, of the district %+v", r.WithoutCommunity, r.Unassigned)
	}
}
