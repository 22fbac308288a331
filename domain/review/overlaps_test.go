package review_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"twinledger/domain/calendar"
	"twinledger/domain/programme"
	"twinledger/domain/record"
	"twinledger/domain/review"
)

// TestOverlappingPostings: two full-time postings of one person both count, and the
// number names them.
func TestOverlappingPostings(t *testing.T) {
	posted := func(ordinal uint64, who string, start, end calendar.Occurred, alter ...func(*review.Fact)) review.Fact {
		return fact(ordinal, "exchange", append([]func(*review.Fact){kinds("support_teaching"), times("1", "人"), on(start), lasting(start, end),
			func(f *review.Fact) { f.Facts.People = []string{who} }}, alter...)...)
	}
	const other = "person-0198c000-0000-8000-8000-000000000032"
	march := posted(3, person, "day:2018-03-05", "day:2018-05-30")
	type found struct {
		Records     [2]string
		Certain     bool
		From, Until calendar.Day
	}
	both := func(b review.Fact, certain bool, from, until calendar.Day) []found {
		return []found{{[2]string{march.Key, b.Key}, certain, from, until}}
	}
	day := posted(4, person, "day:2018-05-30", "day:2018-07-06")
	month := posted(4, person, "month:2018-05", "day:2018-07-06")
	away := posted(4, person, "day:2018-05-01", "day:2018-07-06", func(f *review.Fact) { f.Facts.Community = elsewhere })
	tests := []struct {
		name   string
		second review.Fact
		want   []found
	}{
		{"one day", day, both(day, true, "2018-05-30", "2018-05-30")},
		{"perhaps", month, both(month, false, "2018-05-01", "2018-05-30")},
		{"in another community", away, both(away, true, "2018-05-01", "2018-05-30")},
		{"one after the other", posted(4, person, "day:2018-05-31", "day:2018-07-06"), nil},
		{"of two people", posted(4, other, "day:2018-03-05", "day:2018-05-31"), nil},
		{"part of the time", posted(4, person, "day:2018-03-05", "day:2018-05-31", kinds("itinerant_teaching")), nil},
		{"void", posted(4, person, "day:2018-03-05", "day:2018-05-31", changed(20, "voided")), nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			in := input(march)
			if tt.second.Facts.Community == community {
				in = input(march, tt.second)
			}
			for _, f := range []review.Fact{tt.second, march} {
				in.Postings = append(in.Postings, review.Posting{Fact: f, State: stateOf(f)})
			}
			in.Programme = plan(owed(1, func(c *programme.Count) { c.Kinds = []record.Kind{"support_teaching"} }))
			r := review.Compute(in)
			for what, overlaps := range map[string][]review.PostingOverlap{"verdict": r.Obligations[0].Results[0].Overlaps, "count": r.Counts[0].Overlaps} {
				var got []found
				for _, o := range overlaps {
					got = append(got, found{[2]string{o.Postings[0].Record, o.Postings[1].Record}, o.Certain, o.From, o.Until})
				}
				if diff := cmp.Diff(tt.want, got); diff != "" {
					t.Errorf("%s (-want +got):\n%s", what, diff)
				}
			}
		})
	}
}

// TestAnOverlapOfAnotherTerm says nothing about the numbers of this one.
func TestAnOverlapOfAnotherTerm(t *testing.T) {
	long := fact(3, "exchange", kinds("support_teaching"), lasting("day:2017-09-01", "day:2018-07-06"), func(f *review.Fact) { f.Facts.People = []string{person} })
	before := fact(4, "exchange", kinds("support_teaching"), lasting("day:2017-09-01", "day:2017-12-31"), func(f *review.Fact) { f.Facts.People = []string{person} })
	of := fact(5, "exchange", kinds("support_teaching"), lasting("day:2018-07-06", "day:2018-07-10"), func(f *review.Fact) { f.Facts.People = []string{person} })
	in := input(long, before, of)
	for _, f := range in.Facts[1:] {
		in.Postings = append(in.Postings, review.Posting{Fact: f, State: stateOf(f)})
	}
	overlaps := review.Compute(in).Counts[0].Overlaps
	if len(overlaps) != 1 || overlaps[0].Postings[0].Record != long.Key || overlaps[0].Postings[1].Record != of.Key {
		t.Errorf("overlaps %+v", overlaps)
	}
}
