package facts

import (
	"context"
	"sort"

	"twinledger/domain/calendar"
	"twinledger/domain/record"
	"twinledger/projections"
)

// Terms returns, by community, the terms that a record of it lies in or may lie
// in, newest first, as known at an ordinal.
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
	found := map[string]map[calendar.Term]bool{}
	for _, row := range rows {
		if row.Fact == nil || row.Fact.Void || row.Kind == "pairing" || row.Fact.Facts.Community == "" {
			continue
		}
		for _, term := range calendars[row.Fact.Facts.District].Touched(row.Fact.Occurred) {
			if found[row.Fact.Facts.Community] == nil {
				found[row.Fact.Facts.Community] = map[calendar.Term]bool{}
			}
			found[row.Fact.Facts.Community][term] = true
		}
	}
	terms := map[string][]calendar.Term{}
	for community, set := range found {
		for term := range set {
			terms[community] = append(terms[community], term)
		}
		sort.Slice(terms[community], func(i, j int) bool { return terms[community][i].String() > terms[community][j].String() })
	}
	return terms, nil
}
