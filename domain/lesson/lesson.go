// Package lesson holds lessons that one school gives for others to learn from:
// demo lessons, outreach lessons and their kin.
//
// One report may stand for several lessons: its quantity says how many. A lesson
// may be of several kinds at once, as a demo lesson given at the partner school
// is (mechanisms, points 16 and 24).
package lesson

import (
	"context"

	"twinledger/domain/calendar"
	"twinledger/domain/command"
	"twinledger/domain/event"
	"twinledger/domain/record"
	"twinledger/domain/seal"
)

// Facts are what a report says about lessons. From teaches, To is where.
type Facts struct{ record.Facts }

// Book is the book of lessons.
var Book = record.NewReportBook[Facts]("lesson", "课例").
	Showing(Facts{record.ExampleFacts("送课下乡", "2", "节", "demo_lesson", "outreach_lesson")})

// Widest are the kinds within which a lesson's kinds lie.
var Widest = []record.Kind{"open_lesson", "dedicated_delivery_class", "air_class", "online_class"}

// Normal returns f in its stored form.
func (f Facts) Normal() Facts { return Facts{f.Facts.Normal()} }

// Check returns the first thing that is malformed.
func (f Facts) Check() error { return f.Facts.Check(Widest...) }

// SealBody returns f with its texts sealed.
func (f Facts) SealBody(ctx context.Context, s seal.Sealer) (Facts, error) {
	sealed, err := f.Facts.SealTexts(ctx, s)
	return Facts{sealed}, err
}

// Unknowns lists what the report leaves unknown. Several lessons of one term
// have no one day, so the day is missed only of a single or unnumbered one.
func (f Facts) Unknowns(occurred calendar.Occurred) []record.Unknown {
	out := record.Common(occurred, f.Facts)
	if n, known := f.Quantity.Occurrences(); record.DayUnknown(occurred) && (!known || n == 1) {
		out = append(out, record.UnknownDay)
	}
	if _, known := f.Quantity.Occurrences(); !known {
		out = append(out, record.UnknownNumber)
	}
	if len(f.Subjects) == 0 {
		out = append(out, record.UnknownSubject)
	}
	return append(out, record.MissingUnits(f.Facts)...)
}

// Register declares the events of this package.
func Register(r *event.Registry) {
	Book.Register(r)
}

// Commands returns the commands of this package.
func Commands() []command.Definition { return Book.Commands() }
