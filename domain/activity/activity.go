// Package activity holds what schools do together that is no lesson: visits,
// meetings, joint research, and activities of every other kind, from a lecture to
// a school festival (mechanisms 9, 10, 20 and 27 to 35).
//
// Each is reported afterwards, or followed as it happens: planned and held, or
// requested and brought about in the order of the menu-style booking (菜单式预约).
package activity

import (
	"context"
	"slices"

	"twinledger/domain/calendar"
	"twinledger/domain/command"
	"twinledger/domain/event"
	"twinledger/domain/record"
	"twinledger/domain/seal"
)

// Activity is what is said about an activity of any other kind. From holds or
// requests it, To takes part.
type Activity struct {
	record.Facts
	Planned  calendar.Occurred `json:"planned,omitempty"`  // when it is to take place
	Division string            `json:"division,omitempty"` // 组别 of a contest, as written: 青年组、中年组
}

// Kinds are the kinds within which an activity's kinds lie.
var Kinds = []record.Kind{
	"lecture", "student_activity", "contest", "quality_analysis", "quality_monitoring", "joint_exam", "training",
	"report_exchange", "exhibition", "party_day", "party_building", "joint_activity", "ceremony", "home_school", "care_visit",
	"home_teaching", "survey", "research_project", "forum", "reading_circle", "experience_day",
	"observe", "critique", "lesson_talk", "discuss", "debate",
}

// Activities is the record type of activities.
var Activities = record.NewReportType[Activity]("activity", "联合活动").
	WithExample(Activity{record.ExampleFacts("青年教师教学比武", "1", "次", "contest"), "day:2018-05-16", "青年组"}).
	WithOpenings(openings[Activity]("activity", "联合活动")...).
	WithSteps(stepDefinitions[Activity]("activity", "联合活动")...).
	NotTakenPlace(notTakenPlace...)

// PlannedFor returns when it is to take place.
func (f Activity) PlannedFor() calendar.Occurred { return f.Planned }

// Normal returns f in its stored form.
func (f Activity) Normal() Activity {
	f.Facts = f.Facts.Normal()
	return f
}

// Check returns the first thing that is malformed.
func (f Activity) Check() error { return checked(f.Facts, f.Planned, Kinds...) }

// SealBody returns f with its texts sealed. The division stands in clear and must
// name nobody.
func (f Activity) SealBody(ctx context.Context, s seal.Sealer) (Activity, error) {
	var err error
	f.Facts, err = sealed(ctx, s, f.Facts, f.Division)
	return f, err
}

// Unknowns lists what the report leaves unknown.
func (f Activity) Unknowns(occurred calendar.Occurred) []record.Unknown {
	return append(gathering(occurred, f.Facts), record.MissingUnits(f.Facts)...)
}

// checked returns the first thing that is malformed in what all of these say.
func checked(f record.Facts, planned calendar.Occurred, widest ...record.Kind) error {
	if planned != "" {
		if _, err := calendar.Parse(string(planned)); err != nil {
			return err
		}
	}
	return f.Check(widest...)
}

// sealed returns f with its texts sealed; what stands in clear beside it must
// name nobody.
func sealed(ctx context.Context, s seal.Sealer, f record.Facts, clear ...string) (record.Facts, error) {
	if s.InClear(clear...) {
		return f, record.ErrNameInClear
	}
	return f.SealTexts(ctx, s)
}

// Register declares the events of this package.
func Register(r *event.Registry) {
	Visits.Register(r)
	Meetings.Register(r)
	ResearchSessions.Register(r)
	Activities.Register(r)
}

// Commands returns the commands of this package.
func Commands() []command.Definition {
	return slices.Concat(Visits.Commands(), Meetings.Commands(), ResearchSessions.Commands(), Activities.Commands())
}
