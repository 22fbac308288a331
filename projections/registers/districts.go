package registers

import (
	"cmp"
	"context"
	"slices"

	"twinledger/domain/calendar"
	"twinledger/domain/org"
	"twinledger/domain/pairing"
	"twinledger/domain/review"
	"twinledger/projections"
	"twinledger/projections/records"
)

// LastDay stands for no day at all: all that is said has happened by then.
const LastDay calendar.Day = "9999-12-31"

// A District is what tells when a line of the district is valid, and who carries on for
// a school.
type District struct {
	Calendar calendar.Calendar
	Ceased   org.SchoolsByKey // those that merged or were split, and those said to be another one
}

// Districts reads districts as known at an ordinal, each once.
type Districts struct {
	reader Reader
	asOf   uint64
	known  map[string]District
}

// Districts returns the districts as known at an ordinal, 0 for now.
func (r Reader) Districts(asOf uint64) Districts { return Districts{r, asOf, map[string]District{}} }

// Of returns a district.
func (d Districts) Of(ctx context.Context, key string) (District, error) {
	if known, read := d.known[key]; read {
		return known, nil
	}
	published, err := d.reader.Calendar(ctx, key, d.asOf)
	district := District{published, org.SchoolsByKey{}}
	for _, which := range []projections.Condition{
		projections.NotMore(records.ByLast, records.Number(LastDay)-1), projections.Has(records.ByMarks, records.MarkIdentified),
	} {
		rows, selectErr := d.reader.Rows.Select(ctx, projections.Query{AsOf: d.asOf, Kind: "school", Where: []projections.Condition{
			projections.Is(records.ByDistrict, key), projections.Has(records.ByMarks, records.MarkStanding), which}})
		err = cmp.Or(err, selectErr)
		for _, row := range rows {
			district.Ceased[row.Key] = org.SchoolState{State: records.StateOf[org.School](row)}
		}
	}
	if err == nil {
		d.known[key] = district
	}
	return district, err
}

// membersOn returns the schools of a pairing on a day: one that merged has left, and its
// successor is there when the membership passed to it.
func membersOn(row records.Row, in District, day calendar.Day) []pairing.Membership {
	var out []pairing.Membership
	for _, m := range review.MembersOverTime([]review.Fact{row.Fact()}, in.Ceased, in.Calendar, day) {
		if m.Question == "" && MemberOn(m.Membership, day, in.Calendar) != records.No {
			out = append(out, m.Membership)
		}
	}
	return slices.Clip(out)
}

// MemberOn tells whether a school was a member on a day. A roster says so of its
// own time, and leaves every other open until the school left.
func MemberOn(m pairing.Membership, day calendar.Day, known calendar.Calendar) records.Validity {
	if m.Basis != pairing.Roster {
		return records.Row{From: m.Since, Until: m.Until}.ValidOn(day, known)
	}
	if seen, ok := known.Extent(m.Since); ok && seen.First <= day && day <= seen.Last {
		return records.Certainly
	}
	if (records.Row{From: calendar.Unknown, Until: m.Until}).ValidOn(day, known) == records.No {
		return records.No
	}
	return records.Possibly
}
