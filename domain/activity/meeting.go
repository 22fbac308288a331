package activity

import (
	"context"

	"twinledger/domain/calendar"
	"twinledger/domain/event"
	"twinledger/domain/record"
	"twinledger/domain/seal"
)

// Meeting is what a report says about a meeting. From calls it, To attends.
type Meeting struct{ record.Facts }

// Meetings is the book of meetings.
var Meetings = record.NewReportBook[Meeting]("meeting", "会议").Grown(event.Widened).
	Showing(Meeting{record.ExampleFacts("学期工作联席会议", "1", "次", "joint_conference")})

// Normal returns f in its stored form.
func (f Meeting) Normal() Meeting { return Meeting{f.Facts.Normal()} }

// Check returns the first thing that is malformed.
func (f Meeting) Check() error { return f.Facts.Check("meeting") }

// SealBody returns f with its texts sealed.
func (f Meeting) SealBody(ctx context.Context, s seal.Sealer) (Meeting, error) {
	sealed, err := f.Facts.SealTexts(ctx, s)
	return Meeting{sealed}, err
}

// Unknowns lists what the report leaves unknown.
func (f Meeting) Unknowns(occurred calendar.Occurred) []record.Unknown {
	return append(gathering(occurred, f.Facts), record.MissingUnits(f.Facts)...)
}
