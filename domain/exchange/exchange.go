// Package exchange holds people who are posted from one school to another:
// support teaching, shadow postings, rotations, swaps and their kin, which are
// all different things (glossary, exchange and posting words).
//
// A posting that is followed as it happens is applied for and decided on
// (mechanisms, point 17), or simply started; it may be interrupted, and is
// completed. One that somebody tells of afterwards is reported, asserts no step
// of the workflow, and leaves unknown what is unknown.
//
// Nobody is certainly in two full-time postings on one day: whatever makes a
// posting take days claims them in the person's placement first.
package exchange

import (
	"context"

	"twinledger/domain/calendar"
	"twinledger/domain/fault"
	"twinledger/domain/record"
	"twinledger/domain/seal"
)

// Facts are what is said about a posting. From is the school that the person
// comes from, To the one that the person goes to; a swap goes both ways at once.
// Start and end are known separately, or not; of a posting that is applied for
// they are what is planned. Related names the other half of an exchange of equal
// numbers (mechanisms, point 16).
type Facts struct {
	record.Facts
	Start    calendar.Occurred `json:"start"`
	End      calendar.Occurred `json:"end"`
	Batch    string            `json:"batch,omitempty"`     // 批次, as written
	Load     record.Quantity   `json:"load,omitzero"`       // what is taught: 12 节/周
	Post     string            `json:"post,omitempty"`      // the post held at the host (任职), as written
	FullTime Share             `json:"full_time,omitempty"` // "" means as its kinds say
}

// A Share says whether a posting takes the whole of a person's working time.
type Share string

// The shares.
const (
	Full        Share = "yes"
	Part        Share = "no"
	ShareUnsaid Share = "unknown"
)

// The events of a posting's course.
type (
	// Applied says that a posting is applied for (申请).
	Applied struct{ record.Reported[Facts] }
	// Recommended says that a school recommends the applicant (推荐).
	Recommended struct{ record.Step }
	// Approved says that the posting is approved and assigned (审核调配).
	Approved struct{ record.Step }
	// Refused says that it is not approved.
	Refused struct{ record.Step }
	// Withdrawn says that the applicant took the application back.
	Withdrawn struct{ record.Step }
	// Cancelled says that an approved posting will not begin.
	Cancelled struct{ record.Step }
	// Started says that a posting began. One that was not applied for begins with
	// its facts; one that was approved begins on the day on which this occurred.
	Started struct {
		Facts Facts `json:"facts,omitzero"`
		record.Step
	}
	// Interrupted says that the person left the posting, to come back: the day is
	// the first one away.
	Interrupted struct{ record.Step }
	// Resumed says that the person came back; the day is the first one there.
	Resumed struct{ record.Step }
	// Completed says that a started posting came to its end, on the day on which
	// it occurred.
	Completed struct{ record.Step }
	// Assessed says how the person's work in the posting was judged.
	Assessed struct{ record.Step }
)

// Founds returns the facts with which the posting began; nil when it had been
// applied for.
func (s Started) Founds() any {
	if s.Facts.District == "" {
		return nil
	}
	return s.Facts
}

const zh = "交流轮岗"

// What is refused beside what every record's course refuses.
var (
	ErrApplicationIncomplete = fault.New(fault.Invalid, "exchange.application-incomplete",
		"申请交流轮岗须写明申请人；请填写 people。", "An application for an exchange names who applies; give people.")
	ErrStartIncomplete = fault.New(fault.Invalid, "exchange.start-incomplete",
		"开始办理的交流轮岗须写明一所派出学校、一所接收学校、至少一名人员和开始日期；经审批的，开始日期写在 occurred（day:…）。",
		"An exchange that is started names one school it goes from, one it goes to, at least one person and the first day; give them. After an approval the first day is occurred (day:…).")
	ErrEndUnknown = fault.New(fault.Invalid, "exchange.end-unknown",
		"交流轮岗结束须写明结束日期：结束命令写 occurred（day:…）。", "An exchange that is completed has a last day: give it as occurred (day:…).")
	ErrEndsBeforeStart = fault.New(fault.Refused, "exchange.ends-before-start",
		"结束日期早于开始日期；请核对。", "The exchange would end before it starts; check the days.")
	ErrAbandoned = fault.New(fault.Refused, "exchange.abandoned",
		"该次办理曾中断，其占用的日期已让给他人；如仍需办理，请换用新的命令编号重新提交。",
		"This start was cut off and its days were needed by another; if it is still wanted, send it again under a new id.")
	ErrBadShare = fault.New(fault.Invalid, "exchange.bad-full-time",
		"full_time 应为 yes、no 或 unknown；留空则按类别。", "full_time must be yes, no or unknown; left out, the kinds decide.")
)

const started, completed = "started", "completed"

// Normal returns f in its stored form: an unsaid start or end is unknown.
func (f Facts) Normal() Facts {
	f.Facts = f.Facts.Normal()
	if f.Load != (record.Quantity{}) {
		f.Load = f.Load.Normal()
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
	for _, o := range []calendar.Occurred{f.Start, f.End} {
		if _, err := calendar.Parse(string(o)); err != nil {
			return err
		}
	}
	if f.Start.Dated() && f.End.Dated() && f.End.Value() < f.Start.Value() {
		return ErrEndsBeforeStart.With("start", f.Start).With("end", f.End)
	}
	switch f.FullTime {
	case "", Full, Part, ShareUnsaid:
	default:
		return ErrBadShare.With("full_time", f.FullTime)
	}
	if err := f.Load.Check(); err != nil {
		return err
	}
	return f.Facts.Check("exchange")
}

// SealBody returns f with its texts sealed. Batch, post and load stand in clear
// and name nobody.
func (f Facts) SealBody(ctx context.Context, s seal.Sealer) (Facts, error) {
	if s.InClear(f.Batch, f.Post, f.Load.Text, f.Load.Measure.Text) {
		return f, record.ErrNameInClear
	}
	sealed, err := f.SealTexts(ctx, s)
	f.Facts = sealed
	return f, err
}

// Particulars returns the batch, the post held at the host and the load.
func (f Facts) Particulars() record.Particulars {
	return record.Particulars{}.Text("批次", "batch", f.Batch).Text("任职", "post held", f.Post).Quantity("工作量", "load", f.Load)
}

// Unknowns lists what is left unknown: a posting needs its first and last day,
// whoever is posted, and both schools. Its first day tells the term of one of which
// nothing else says when it was.
func (f Facts) Unknowns(occurred calendar.Occurred) []record.Unknown {
	if (occurred == "" || occurred == calendar.Unknown) && f.Start != "" {
		occurred = f.Start
	}
	if occurred.Precision() == calendar.PrecisionMonths && f.Start != "" && f.Start != calendar.Unknown {
		occurred = f.Start // months longer than a term leave no term unknown where the start is known
	}
	out := record.Common(occurred, f.Facts)
	if f.Start == calendar.Unknown {
		out = append(out, record.UnknownStart)
	}
	if f.End == calendar.Unknown {
		out = append(out, record.UnknownEnd)
	}
	if len(f.People) == 0 {
		out = append(out, record.UnknownPeople)
	}
	return append(out, record.MissingUnits(f.Facts)...)
}

// fullTime are the kinds that by their nature take the whole of a person's time,
// partTime those that never do. Of the others the glossary does not say: a swap
// may last one lesson or a month, a post held beside the one at home may take
// little of the week, and an exchanged teacher is any of them.
var (
	fullTime = map[record.Kind]bool{
		"support_teaching": true, "accompany_teaching": true, "shadow_posting": true,
		"substitute_posting": true, "rotation": true, "bureau_service": true,
	}
	partTime = map[record.Kind]bool{"class_shadowing": true, "itinerant_teaching": true, "cross_school_appointment": true}
)

// Share returns whether the posting takes the whole of a person's time: as it
// says itself, else as its kinds do, unknown when these do not agree.
func (f Facts) Share() Share {
	if f.FullTime != "" {
		return f.FullTime
	}
	share := ShareUnsaid
	for _, k := range f.Kinds {
		said := ShareUnsaid
		switch {
		case fullTime[k]:
			said = Full
		case partTime[k]:
			said = Part
		}
		if share != ShareUnsaid && said != ShareUnsaid && said != share {
			return ShareUnsaid
		}
		if said != ShareUnsaid {
			share = said
		}
	}
	return share
}

func applicable(f Facts, _ calendar.Occurred) error {
	if len(f.People) == 0 {
		return ErrApplicationIncomplete
	}
	return nil
}

// startable tells whether f says all that a posting needs which is followed as
// it happens, its first day being start.
func (f Facts) startable(start calendar.Occurred) bool {
	oneSchool := len(record.Schools(f.From)) == 1 && len(record.Schools(f.To)) == 1
	return oneSchool && len(f.People) > 0 && start.Precision() == calendar.PrecisionDay
}

// days returns the first and last day of a posting, as far as they are known:
// those of the steps, else those of the facts.
func days(f Facts, p record.Progress) (start, end calendar.Occurred) {
	start, end = f.Start, f.End
	if p.Founded == string(StageReported) {
		for _, t := range f.Course { // nobody's step, and still what is said of it
			switch t.Verb {
			case started:
				start = t.Occurred
			case completed:
				end = t.Occurred
			}
		}
	}
	if t, took := p.LastStep(started); took {
		start = t.Occurred
	}
	if t, took := p.LastStep(completed); took {
		end = t.Occurred
	}
	return start, end
}

// legal holds what the order of steps does not: a posting under way says whose
// and where it is and since when, a completed one has a last day, and nothing in
// it lies before its start.
func legal(f Facts, p record.Progress) error {
	if p.Founded == "applied" && len(f.People) == 0 {
		return ErrApplicationIncomplete
	}
	start, end := days(f, p)
	if _, took := p.LastStep(started); !took && p.Founded != started {
		return nil
	}
	if !f.startable(start) {
		return ErrStartIncomplete
	}
	for _, t := range p.Steps {
		switch t.Verb {
		case completed:
			if t.Occurred.Precision() != calendar.PrecisionDay {
				return ErrEndUnknown
			}
		case "interrupted", "resumed":
			if before(t.Occurred, start) {
				return record.TooEarly("exchange").With("step", t.Verb).With("occurred", t.Occurred).With("before", start)
			}
		}
	}
	if before(end, start) {
		return ErrEndsBeforeStart.With("start", start).With("end", end)
	}
	return nil
}

// before tells whether a certainly ends before b begins.
func before(a, b calendar.Occurred) bool {
	first, aKnown := calendar.Calendar{}.Extent(a)
	second, bKnown := calendar.Calendar{}.Extent(b)
	return aKnown && bKnown && first.Last < second.First
}

// adjustSteps returns the steps beside corrected facts: days that these give are
// those on which the posting started and was completed.
func adjustSteps(f Facts, steps []record.TakenStep) []record.TakenStep {
	out := append([]record.TakenStep(nil), steps...)
	for i, t := range out {
		switch {
		case t.Verb == started && f.Start.Precision() == calendar.PrecisionDay:
			out[i].Occurred = f.Start
		case t.Verb == completed && f.End.Precision() == calendar.PrecisionDay:
			out[i].Occurred = f.End
		}
	}
	return out
}

// Lasts returns the first and the last day as the facts give them.
func (f Facts) Lasts() (from, until calendar.Occurred) { return f.Start, f.End }
