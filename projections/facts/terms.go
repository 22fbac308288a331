package facts

import (
	"context"
	"sort"

	"twinledger/domain/calendar"
	"twinledger/domain/record"
	"twinledger/domain/review"
	"twinledger/projections"
)

// Terms returns, by community, the terms that a record of it lies in or may lie
// in, or did before it was corrected, newest first, as known at an ordinal.
func (r Reader) Terms(ctx context.Context, asOf uint64) (map[string][]calendar.Term, error) {
	rows, err := r.Facts.Select(ctx, projections.Query{AsOf: asOf})
	if err != nil {
		return nil, err
	}
	calendars := map[string]calendar.Calendar{}
	for _, row := range rows {
		if row.Calendar != nil && row.Calendar.Phase == record.Standing {
			district := row.Calendar.Facts.District
			if calendars[district] == nil {
				calendars[district] = calendar.Calendar{}
			}
			calendars[district][row.Calendar.Facts.SchoolYear] = row.Calendar.Facts.Year
		}
	}
	same := sameCommunity(rows)
	found := map[string]map[calendar.Term]bool{}
	for _, row := range rows {
		if row.Fact == nil || row.Kind == "pairing" {
			continue
		}
		for _, stands := range append([]review.Standing{row.Fact.Standing()}, row.Fact.Former...) {
			community := same(stands.Community)
			if found[community] == nil {
				found[community] = map[calendar.Term]bool{}
			}
			for _, term := range stands.Terms(calendars[row.Fact.Facts.District]) {
				found[community][term] = true
			}
		}
	}
	delete(found, "") // of no community
	terms := map[string][]calendar.Term{}
	for community, set := range found {
		for term := range set {
			terms[community] = append(terms[community], term)
		}
		sort.Slice(terms[community], func(i, j int) bool { return terms[community][i].String() > terms[community][j].String() })
	}
	return terms, nil
}
