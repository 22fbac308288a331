package reviews

import (
	"context"
	"slices"

	"twinledger/domain/calendar"
	"twinledger/domain/review"
	"twinledger/projections"
	"twinledger/projections/duplicates"
	"twinledger/projections/records"
)

// toldTwice reads what the records that may lie in the term have in common with others,
// of any community of the district, and what was decided about them.
func (r Reader) toldTwice(ctx context.Context, in *review.Input) error {
	var keys []string
	for _, f := range slices.Concat(in.Facts, in.WithoutCommunity) {
		if !f.Void && !f.NotTakenPlace && f.Standing().PlaceIn(in.Calendar, in.Term) != calendar.Outside {
			keys = append(keys, f.Key)
		}
	}
	if len(keys) == 0 {
		return nil
	}
	groups, err := r.Records.Count(ctx, projections.Query{AsOf: in.Ordinal, Keys: keys, Where: []projections.Condition{projections.Known(records.ByMatter)}},
		[]string{records.ByMatter}, "")
	if err != nil || len(groups) == 0 {
		return err
	}
	var matters []string
	for _, g := range groups {
		matters = append(matters, g.Values[0])
	}
	slices.Sort(matters)
	found, err := duplicates.Reader{Records: r.Records, Decisions: r.Decided}.Find(ctx, duplicates.Question{AsOf: in.Ordinal, Matters: matters})
	in.Statements, in.Decisions = found.Statements, found.States
	return err
}
