package reviews

import (
	"context"
	"slices"

	"twinledger/domain/exchange"
	"twinledger/domain/org"
	"twinledger/domain/review"
	"twinledger/projections"
	"twinledger/projections/records"
)

// people puts, in place of people who are said to be others, those others, and reads
// the postings of everybody whom an exchange of the community names.
func (r Reader) people(ctx context.Context, in *review.Input) error {
	rows, err := r.Records.Select(ctx, projections.Query{AsOf: in.Ordinal, Kind: "person", Where: []projections.Condition{projections.Has(records.ByMarks, records.MarkIdentified)}})
	if err != nil {
		return err
	}
	same := identities{}
	for _, row := range rows {
		same[row.Key] = row.IdentifiedAs()
	}
	same.settle(in.Facts)
	same.settle(in.WithoutCommunity)
	return r.postings(ctx, in, same)
}

// identities says of a person who is said to be another one, who that is.
type identities map[string]string

// of returns the key that stands for a person.
func (s identities) of(key string) string {
	return org.Follow(key, func(k string) string { return s[k] })
}

// settle puts in place of people those who stand for them, each once.
func (s identities) settle(facts []review.Fact) {
	if len(s) == 0 {
		return
	}
	for i := range facts {
		facts[i].Facts.People = s.each(facts[i].Facts.People)
	}
}

func (s identities) each(people []string) []string {
	var out []string
	for _, key := range people {
		if one := s.of(key); !slices.Contains(out, one) {
			out = append(out, one)
		}
	}
	return out
}

// all returns the people with everybody who is said to be one of them.
func (s identities) all(people []string) []string {
	out := slices.Clone(people)
	for key := range s {
		if slices.Contains(people, s.of(key)) && !slices.Contains(out, key) {
			out = append(out, key)
		}
	}
	slices.Sort(out)
	return out
}

// postings reads the exchanges of everybody whom an exchange of the community names,
// wherever they are recorded: two of them may take the same days.
func (r Reader) postings(ctx context.Context, in *review.Input, same identities) error {
	var people []string
	for _, f := range in.Facts {
		if f.Kind != "exchange" || f.Void {
			continue
		}
		for _, key := range f.Facts.People {
			if !slices.Contains(people, key) {
				people = append(people, key)
			}
		}
	}
	if len(people) == 0 {
		return nil
	}
	rows, err := r.Records.Select(ctx, projections.Query{AsOf: in.Ordinal, Kind: "exchange", Naming: same.all(people),
		Where: []projections.Condition{projections.Has(records.ByMarks, records.MarkStanding)}})
	for _, row := range rows {
		f := row.Fact()
		f.Facts.People = same.each(f.Facts.People)
		in.Postings = append(in.Postings, review.Posting{Fact: f, State: exchange.StateOf(row.Progress)})
	}
	return err
}
