// Package mentorship holds mentor and mentee, who are paired so that one learns
// from the other (师徒结对, 导师带教): since when, in which subjects, when they
// met and what for, and how it was judged (mechanisms, point 14).
//
// A mentor with three mentees has three mentorships: each pair is counted, and
// judged, for itself.
package mentorship

import (
	"context"
	"slices"

	"twinledger/domain/calendar"
	"twinledger/domain/command"
	"twinledger/domain/event"
	"twinledger/domain/fault"
	"twinledger/domain/record"
	"twinledger/domain/seal"
)

// Facts are what is said about a mentorship. From is the mentor's school, To the
// mentee's; both people stand among People too. Start is the day of the opening
// ceremony, End the last day, as far as known.
type Facts struct {
	record.Facts
	Mentor string            `json:"mentor"` // key of a person, or ""
	Mentee string            `json:"mentee"` // key of a person, or ""
	Start  calendar.Occurred `json:"start"`
	End    calendar.Occurred `json:"end"`
}

// The events of a mentorship's own course.
type (
	// Begun says that a mentorship began; its facts name both people and the day.
	Begun struct{ record.Reported[Facts] }
	// Met says that they met, and in What for which purpose: 听课, 评课, 备课.
	Met struct{ record.Step }
	// Assessed says how the mentorship was judged.
	Assessed struct{ record.Step }
	// Ended says that it ended, on the day on which it occurred.
	Ended struct{ record.Step }
)

// The stages of a mentorship.
const (
	reported record.Stage = "reported"
	begun    record.Stage = "begun"
	ended    record.Stage = "ended"
)

var anyStage = []record.Stage{reported, begun, ended}

// RecordType is the record type of mentorships. A meeting or judgement may be told of after
// the end; a meeting must lie before it.
var RecordType = record.NewReportType[Facts]("mentorship", "师徒结对").
	WithExample(Facts{record.ExampleFacts("青蓝工程师徒结对", "1", "对", "mentoring"), record.ExamplePerson, record.ExampleMentee, "day:2018-03-05", calendar.Unknown}).
	WithOpenings(record.DefineOpening[Begun]("begin", "begun", "师徒结对开始", "begin a mentorship", beginnable)).
	WithSteps(
		record.DefineStep[Met](record.Rule{Command: "meet", Verb: "met", ZH: "登记师徒活动", EN: "record that mentor and mentee met",
			From: anyStage, Needs: []record.Need{record.NeedsWhat}}),
		record.DefineStep[Assessed](record.Rule{Command: "assess", Verb: "assessed", ZH: "考核师徒结对", EN: "judge a mentorship",
			From: anyStage, Needs: []record.Need{record.NeedsActor, record.NeedsGrade}}),
		record.DefineStep[Ended](record.Rule{Command: "end", Verb: "ended", ZH: "师徒结对结束", EN: "end a mentorship",
			From: []record.Stage{reported, begun}, To: ended, Once: true, Needs: []record.Need{record.NeedsDay}}),
	).Legal(legal)

// The refusals of a mentorship, beside those of every record.
var (
	ErrBadPerson = fault.New(fault.Invalid, "mentorship.bad-person",
		"导师、徒弟应写人员编号（person-…），且不得为同一人。", "Mentor and mentee are two people, given by their ids (person-…).")
	ErrBeginIncomplete = fault.New(fault.Invalid, "mentorship.begin-incomplete",
		"开始办理的师徒结对须写明导师、徒弟和开始日期（start 为 day:…）。", "A mentorship that begins names its mentor, its mentee and the first day (start as day:…); give them.")
	ErrEndsBeforeStart = fault.New(fault.Refused, "mentorship.ends-before-start",
		"结束日期早于开始日期；请核对。", "The mentorship would end before it starts; check the days.")
	ErrTwoEnds = fault.New(fault.Refused, "mentorship.two-ends",
		"记录已写明另一结束日期；请更正 end，或作废结束步骤。", "The record names another last day; correct end, or void the ending.")
	ErrOutside = fault.New(fault.Refused, "mentorship.outside",
		"师徒活动的日期不在结对期间内；请核对日期，或更正结对的开始、结束日期。", "They would have met outside the mentorship's time; check the day, or correct the mentorship's first and last day.")
)

// beginnable refuses facts that say too little of a mentorship that is followed
// as it happens.
func beginnable(f Facts, _ calendar.Occurred) error {
	if f.Mentor == "" || f.Mentee == "" || f.Start.Precision() != calendar.PrecisionDay {
		return ErrBeginIncomplete
	}
	return nil
}

// legal refuses an end before the start or beside another end, and a meeting
// certainly outside the time between them.
func legal(f Facts, p record.Progress) error {
	end := EndOf(f, p)
	if end.EndsBefore(f.Start) {
		return ErrEndsBeforeStart.With("start", f.Start).With("end", end)
	}
	if f.End.EndsBefore(end) || end.EndsBefore(f.End) {
		return ErrTwoEnds.With("end", f.End).With("ended", end)
	}
	for _, t := range p.Steps {
		if t.Verb == "met" && (t.Occurred.EndsBefore(f.Start) || end.EndsBefore(t.Occurred)) {
			return ErrOutside.With("occurred", t.Occurred).With("start", f.Start).With("end", end)
		}
	}
	return nil
}

// EndOf returns the mentorship's last day: the day on which it was ended or, in a
// report, is told to have been, else what its facts say, which may be unknown.
func EndOf(f Facts, p record.Progress) calendar.Occurred {
	if t, is := p.LastStep("ended"); is {
		return t.Occurred
	}
	for _, t := range p.ReportedSteps {
		if t.Verb == "ended" && f.End == calendar.Unknown {
			return t.Occurred
		}
	}
	return f.End
}

// Normal returns f in its stored form: both people stand among the record's, so
// that whoever asks after a person finds it; an unsaid start or end is unknown.
func (f Facts) Normal() Facts {
	f.Facts = f.Facts.Normal()
	f.People = slices.Clone(f.People)
	for _, person := range []string{f.Mentor, f.Mentee} {
		if person != "" && !slices.Contains(f.People, person) {
			f.People = append(f.People, person)
		}
	}
	if f.Start == "" {
		f.Start = calendar.Unknown
	}
	if f.End == "" {
		f.End = calendar.Unknown
	}
	return f
}

// Check returns the first thing that is malformed.
func (f Facts) Check() error {
	for _, person := range []string{f.Mentor, f.Mentee} {
		if person != "" && event.StreamKind(person) != "person" {
			return ErrBadPerson.With("person", person)
		}
	}
	if f.Mentor != "" && f.Mentor == f.Mentee {
		return ErrBadPerson.With("person", f.Mentor)
	}
	for _, o := range []calendar.Occurred{f.Start, f.End} {
		if _, err := calendar.Parse(string(o)); err != nil {
			return err
		}
	}
	if f.End.EndsBefore(f.Start) {
		return ErrEndsBeforeStart.With("start", f.Start).With("end", f.End)
	}
	return f.Facts.Check("mentorship")
}

// SealBody returns f with its texts sealed.
func (f Facts) SealBody(ctx context.Context, s seal.Sealer) (Facts, error) {
	sealed, err := f.SealTexts(ctx, s)
	f.Facts = sealed
	return f, err
}

// References returns the keys of everything that f names.
func (f Facts) References() []string { return append(f.Facts.References(), f.Mentor, f.Mentee) }

// Lasts returns the mentorship's first and last day, as far as its facts say.
func (f Facts) Lasts() (from, until calendar.Occurred) {
	if f.End == calendar.Unknown {
		return f.Start, ""
	}
	return f.Start, f.End
}

// Unknowns lists what is left unknown. One that goes on has no last day, which
// is not missed. Its first day tells the term of one of which nothing else says
// when it was.
func (f Facts) Unknowns(occurred calendar.Occurred) []record.Unknown {
	if (occurred == "" || occurred == calendar.Unknown) && f.Start != "" {
		occurred = f.Start
	}
	out := record.Common(occurred, f.Facts)
	if f.Start == calendar.Unknown || f.Start == "" {
		out = append(out, record.UnknownStart)
	}
	if f.Mentor == "" || f.Mentee == "" {
		out = append(out, record.UnknownPeople)
	}
	if len(f.Subjects) == 0 {
		out = append(out, record.UnknownSubject)
	}
	return append(out, record.MissingUnits(f.Facts)...)
}

// Register declares the events of this package.
func Register(r *event.Registry) { RecordType.Register(r) }

// Commands returns the commands of this package.
func Commands() []command.Definition { return RecordType.Commands() }
