package activity

import (
	"context"

	"twinledger/domain/calendar"
	"twinledger/domain/event"
	"twinledger/domain/record"
	"twinledger/domain/seal"
)

// Visit is what is said about people of some schools who go to another. One visit
// by three schools is one record with three senders.
type Visit struct {
	record.Facts
	Planned calendar.Occurred `json:"planned,omitempty"` // when it is to take place
	Role    string            `json:"role,omitempty"`    // what the visitors are, as written: 校长、中层干部
}

// Visits is the record type of visits.
var Visits = record.NewReportType[Visit]("visit", "互访").WithUpcasts(event.UpcastUnchanged).
	WithExample(Visit{record.ExampleFacts("中层干部互访", "1", "次", "visit"), "day:2018-05-16", "中层干部"}).
	WithOpenings(openings[Visit]("visit", "互访")...).
	WithSteps(stepDefinitions[Visit]("visit", "互访")...).
	NotTakenPlace(notTakenPlace...)

// PlannedFor returns when it is to take place.
func (f Visit) PlannedFor() calendar.Occurred { return f.Planned }

// Normal returns f in its stored form.
func (f Visit) Normal() Visit {
	f.Facts = f.Facts.Normal()
	return f
}

// Check returns the first thing that is malformed.
func (f Visit) Check() error { return checked(f.Facts, f.Planned, "visit") }

// SealBody returns f with its texts sealed. The visitors' role stands in clear and
// must name nobody.
func (f Visit) SealBody(ctx context.Context, s seal.Sealer) (Visit, error) {
	var err error
	f.Facts, err = sealed(ctx, s, f.Facts, f.Role)
	return f, err
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
