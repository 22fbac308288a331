package reviews

import (
	"context"
	"sort"

	"twinledger/domain/calendar"
	"twinledger/domain/org"
	"twinledger/projections"
	"twinledger/projections/records"
)

// Terms returns, by community, the terms that a record of it lies in or may lie
// in, or did before it was corrected, newest first, as known at an ordinal.
func (r Reader) Terms(ctx context.Context, asOf uint64) (map[string][]calendar.Term, error) {
	calendars, err := r.calendars(ctx, asOf)
	if err != nil {
		return nil, err
	}
	communities, err := r.Records.Select(ctx, projections.Query{AsOf: asOf, Kind: "community"})
	if err != nil {
		return nil, err
	}
	// Records that stand at the same places are one group: none of them is read.
	groups, err := r.Records.Count(ctx, projections.Query{AsOf: asOf, Where: []projections.Condition{projections.Known(records.ByStandings)}},
		[]string{records.ByDistrict, records.ByStandings}, "")
	if err != nil {
		return nil, err
	}
	same := SameCommunity(communities)
	found := map[string]map[calendar.Term]bool{}
	for _, g := range groups {
		for _, s := range records.Standings(g.Values[1]) {
			community := same(s.Community)
			if found[community] == nil {
				found[community] = map[calendar.Term]bool{}
			}
			for _, term := range s.Terms(calendars[g.Values[0]]) {
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

// calendars returns the published calendar of every district.
func (r Reader) calendars(ctx context.Context, asOf uint64) (map[string]calendar.Calendar, error) {
	rows, err := r.Records.Select(ctx, projections.Query{AsOf: asOf, Kind: "calendar"})
	calendars := map[string]calendar.Calendar{}
	for _, row := range rows {
		year, is := row.Stated.(org.CalendarYear)
		if !is || row.Void() {
			continue
		}
		if calendars[year.District] == nil {
			calendars[year.District] = calendar.Calendar{}
		}
		calendars[year.District][year.SchoolYear] = year.Year
	}
	return calendars, err
}
