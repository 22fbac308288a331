package projectiontest

import (
	"context"
	"slices"

	"twinledger/domain/event"
	"twinledger/projections"
	"twinledger/projections/journal"
)

// Journal answers questions about the journal of some events.
type Journal struct{ Of []projections.Applied }

// Events answers a question as [journal.Index] says. The running hashes are those of
// the events' records, one after the other.
func (j Journal) Events(_ context.Context, q journal.Question) ([]journal.Row, error) {
	var out []journal.Row
	var at event.Position
	for _, a := range j.Of {
		r, err := event.Encode(a.Envelope)
		if err != nil {
			return nil, err
		}
		at = at.Next(r, "")
		if asked(a, q) {
			out = append(out, journal.RowOf(a, at.Hash))
		}
	}
	if q.Newest {
		slices.Reverse(out)
	}
	if q.Limit > 0 {
		out = out[:min(q.Limit, len(out))]
	}
	return out, nil
}

func asked(a projections.Applied, q journal.Question) bool {
	is := func(wanted, text string) bool { return wanted == "" || wanted == text }
	day := a.Recorded
	return (q.AsOf == 0 || a.Ordinal <= q.AsOf) &&
		(q.After == 0 || q.Newest && a.Ordinal < q.After || !q.Newest && a.Ordinal > q.After) &&
		is(q.Stream, a.Key()) && is(q.Type, a.Type) && is(q.Unit, a.Unit) && is(q.Actor, a.Actor) &&
		is(q.Cause, a.Cause) && is(q.Correlation, a.Correlation) &&
		(q.From == "" || !day.Before(q.From.Add(-1).End())) && (q.To == "" || day.Before(q.To.End())) &&
		!slices.ContainsFunc(q.Named, func(key string) bool { return key != "" && !Names(a, key) })
}

// LastUntil answers as [journal.Index] says.
func (j Journal) LastUntil(_ context.Context, instant event.Instant) (uint64, error) {
	for i, a := range j.Of {
		if a.Recorded.After(instant.Time) {
			return uint64(i), nil
		}
	}
	return uint64(len(j.Of)), nil
}
