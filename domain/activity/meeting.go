package activity

import (
	"context"

	"twinledger/domain/calendar"
	"twinledger/domain/event"
	"twinledger/domain/fault"
	"twinledger/domain/record"
	"twinledger/domain/seal"
)

// Meeting is what is said about a meeting. From calls it, To attends.
type Meeting struct {
	record.Facts
	Planned calendar.Occurred `json:"planned,omitempty"` // when it is to take place
	Chair   string            `json:"chair,omitempty"`   // key of the person who chairs it
}

// ErrBadChair refuses a chair that is no person.
var ErrBadChair = fault.New(fault.Invalid, "meeting.bad-chair",
	"chair 应为主持人的人员编号（person-…）；请核对。", "chair is the id of the person in the chair (person-…); check it.")

// Meetings is the record type of meetings.
var Meetings = record.NewReportType[Meeting]("meeting", "会议").WithUpcasts(event.UpcastUnchanged).
	WithExample(Meeting{record.ExampleFacts("学期工作联席会议", "1", "次", "joint_conference"), "day:2018-05-16", record.ExamplePerson}).
	WithOpenings(openings[Meeting]("meeting", "会议")...).
	WithSteps(stepDefinitions[Meeting]("meeting", "会议")...).
	NotTakenPlace(notTakenPlace...)

// PlannedFor returns when it is to take place.
func (f Meeting) PlannedFor() calendar.Occurred { return f.Planned }

// Normal returns f in its stored form.
func (f Meeting) Normal() Meeting {
	f.Facts = f.Facts.Normal()
	return f
}

// Check returns the first thing that is malformed.
func (f Meeting) Check() error {
	if f.Chair != "" && event.StreamKind(f.Chair) != "person" {
		return ErrBadChair.With("chair", f.Chair)
	}
	return checked(f.Facts, f.Planned, "meeting")
}

// SealBody returns f with its texts sealed.
func (f Meeting) SealBody(ctx context.Context, s seal.Sealer) (Meeting, error) {
	var err error
	f.Facts, err = sealed(ctx, s, f.Facts)
	return f, err
}

// References returns the keys of everything that f names.
func (f Meeting) References() []string { return append(f.Facts.References(), f.Chair) }

// Unknowns lists what the report leaves unknown.
func (f Meeting) Unknowns(occurred calendar.Occurred) []record.Unknown {
	return append(gathering(occurred, f.Facts), record.MissingUnits(f.Facts)...)
}
