package activity

import (
	"context"

	"twinledger/domain/calendar"
	"twinledger/domain/event"
	"twinledger/domain/record"
	"twinledger/domain/seal"
)

// Visit is what a report says about people of some schools who went to another.
// One visit by three schools is one record with three senders.
type Visit struct{ record.Facts }

// Visits is the book of visits.
var Visits = record.NewReportBook[Visit]("visit", "互访").Grown(event.Widened).
	Showing(Visit{record.ExampleFacts("中层干部互访", "1", "次", "visit")})

// Normal returns f in its stored form.
func (f Visit) Normal() Visit { return Visit{f.Facts.Normal()} }

// Check returns the first thing that is malformed.
func (f Visit) Check() error { return f.Facts.Check("visit") }

// SealBody returns f with its texts sealed.
func (f Visit) SealBody(ctx context.Context, s seal.Sealer) (Visit, error) {
	sealed, err := f.Facts.SealTexts(ctx, s)
	return Visit{sealed}, err
}

// Unknowns lists what the report leaves unknown.
func (f Visit) Unknowns(occurred calendar.Occurred) []record.Unknown {
	return append(gathering(occurred, f.Facts), record.MissingUnits(f.Facts)...)
}

// gathering lists what is unknown of something that people came together for:
// a dated one took place at least once, an undated one needs a number of
// occurrences, which a number of people is not.
func gathering(occurred calendar.Occurred, f record.Facts) []record.Unknown {
	out := record.Common(occurred, f)
	n, counted := f.Quantity.Occurrences()
	if record.DayUnknown(occurred) && (!counted || n == 1) {
		out = append(out, record.UnknownDay)
	}
	switch {
	case counted || occurred.Dated():
	case f.Quantity.Number != "":
		out = append(out, record.UnknownOccurrences)
	default:
		out = append(out, record.UnknownNumber)
	}
	return out
}
