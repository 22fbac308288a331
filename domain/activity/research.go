package activity

import (
	"context"

	"twinledger/domain/calendar"
	"twinledger/domain/event"
	"twinledger/domain/record"
	"twinledger/domain/seal"
)

// Research is what is said about a joint teaching-research session, an open
// classroom among them. From holds it, To takes part; Related has the lesson that
// it follows. The steps of a cycle of collective preparation or polishing
// (mechanism 27) are its parts of preparation.
type Research struct {
	record.Facts
	Planned calendar.Occurred `json:"planned,omitempty"` // when it is to take place
}

// ResearchSessions is the record type of joint research.
var ResearchSessions = record.NewReportType[Research]("research", "教研活动").WithUpcasts(event.UpcastUnchanged).
	WithExample(Research{record.ExampleFacts("单元整体教学集体备课", "1", "次", "collective_prep"), "day:2018-05-16"}).
	WithOpenings(openings[Research]("research", "教研活动")...).
	WithSteps(stepDefinitions[Research]("research", "教研活动")...).
	NotTakenPlace(notTakenPlace...)

// PlannedFor returns when it is to take place.
func (f Research) PlannedFor() calendar.Occurred { return f.Planned }

// Normal returns f in its stored form.
func (f Research) Normal() Research {
	f.Facts = f.Facts.Normal()
	return f
}

// Check returns the first thing that is malformed.
func (f Research) Check() error { return checked(f.Facts, f.Planned, "research_session") }

// SealBody returns f with its texts sealed.
func (f Research) SealBody(ctx context.Context, s seal.Sealer) (Research, error) {
	var err error
	f.Facts, err = sealed(ctx, s, f.Facts)
	return f, err
}

// Unknowns lists what the report leaves unknown.
func (f Research) Unknowns(occurred calendar.Occurred) []record.Unknown {
	return append(gathering(occurred, f.Facts), record.MissingUnits(f.Facts)...)
}
