package activity

import (
	"context"

	"twinledger/domain/calendar"
	"twinledger/domain/event"
	"twinledger/domain/record"
	"twinledger/domain/seal"
)

// Research is what a report says about a joint teaching-research session, an
// open classroom among them. From holds it, To takes part.
type Research struct{ record.Facts }

// ResearchSessions is the book of joint research.
var ResearchSessions = record.NewReportBook[Research]("research", "教研活动").Grown(event.Widened).
	Showing(Research{record.ExampleFacts("单元整体教学集体备课", "1", "次", "collective_prep")})

// Normal returns f in its stored form.
func (f Research) Normal() Research { return Research{f.Facts.Normal()} }

// Check returns the first thing that is malformed.
func (f Research) Check() error { return f.Facts.Check("research_session") }

// SealBody returns f with its texts sealed.
func (f Research) SealBody(ctx context.Context, s seal.Sealer) (Research, error) {
	sealed, err := f.Facts.SealTexts(ctx, s)
	return Research{sealed}, err
}

// Unknowns lists what the report leaves unknown.
func (f Research) Unknowns(occurred calendar.Occurred) []record.Unknown {
	return append(gathering(occurred, f.Facts), record.MissingUnits(f.Facts)...)
}
