// Package rectification holds orders to put something right by a day (限期整改,
// mechanism 42): what a school is ordered, what it answers, and whether that is
// accepted or sent back.
package rectification

import (
	"context"
	"errors"
	"slices"

	"twinledger/domain/calendar"
	"twinledger/domain/command"
	"twinledger/domain/duty"
	"twinledger/domain/event"
	"twinledger/domain/fault"
	"twinledger/domain/record"
	"twinledger/domain/seal"
)

// Facts are what an order says. From or an organiser orders, To is ordered.
// Related holds the inspection that it follows from, where there was one.
type Facts struct {
	record.Facts
	Finding  string            `json:"finding,omitempty"`             // id of the inspection's event that found it
	Task     seal.Text         `json:"task,omitzero" lines:"several"` // what is to be put right: prose, always sealed
	Due      calendar.Occurred `json:"due,omitempty"`                 // the last good day for the answer
	Document string            `json:"document,omitempty"`            // 文号 of the order
}

// Ordered says that a school is ordered to put something right.
type Ordered struct{ record.Reported[Facts] }

// The steps of an order.
type (
	// Answered says what the school reports to have done.
	Answered struct{ record.Step }
	// SentBack says that the answer does not do, why, and by when another is due.
	SentBack struct{ record.Step }
	// Accepted says that the answer does.
	Accepted struct{ record.Step }
	// Closed says that the order is done with.
	Closed struct{ record.Step }
)

// What an order and its answers are refused with.
var (
	ErrNoSchool = fault.New(fault.Invalid, "rectification.no-school",
		"整改通知没有写明整改学校；请在 to 填写学校。", "The order names no school to put things right; fill in to.")
	ErrNoTask = fault.New(fault.Invalid, "rectification.no-task",
		"整改通知没有写明整改内容；请填写 task。", "The order does not say what is to be put right; fill in task.")
	ErrNoDue = fault.New(fault.Invalid, "rectification.no-due",
		"整改通知没有写明整改期限；请在 due 填写具体的一天，如 day:2018-06-30。", "The order has no day by which it is due; give due as a day, such as day:2018-06-30.")
	ErrBadDue = fault.New(fault.Invalid, "rectification.bad-due",
		"整改期限应为具体的一天，且不早于提出要求之日；请核对 due。", "An order is due by a day that does not lie before it was given; check due.")
	ErrBadFinding = fault.New(fault.Invalid, "rectification.bad-finding",
		"finding 应为检查记录中的事件编号，并在 related 写明该检查（inspection-…）；请用 journal 核对。",
		"finding is the id of an event of an inspection that related names (inspection-…); check both in the journal.")
	ErrNotAddressed = fault.New(fault.Refused, "rectification.not-addressed",
		"只有被要求整改的学校可以报告整改情况；请核对 by。", "Only a school that the order is addressed to may answer it; check by.")
)

// RecordType is the record type of orders. What is sent back is answered again; only what was
// accepted is closed.
var RecordType = record.NewReportType[Facts]("rectification", "限期整改").
	WithExample(example()).
	WithOpenings(record.DefineOpening[Ordered]("order", "ordered", "下达限期整改通知", "order a school to put something right by a day", Facts.ordered)).
	WithSteps(
		record.DefineStep[Answered](record.Rule{Command: "answer", Verb: "answered", ZH: "报告整改情况", EN: "answer an order to put something right",
			From: []record.Stage{"ordered", "reported", "sent_back"}, To: "answered", Needs: []record.Need{record.NeedsDay, record.NeedsActor, record.NeedsNote}}),
		record.DefineStep[SentBack](record.Rule{Command: "send_back", Verb: "sent_back", ZH: "退回整改报告", EN: "send back what was answered",
			From: []record.Stage{"answered"}, To: "sent_back", Needs: []record.Need{record.NeedsActor, record.NeedsNote, record.NeedsDue}}),
		record.DefineStep[Accepted](record.Rule{Command: "accept", Verb: "accepted", ZH: "整改验收通过", EN: "accept what was answered",
			From: []record.Stage{"answered"}, To: "accepted", Needs: []record.Need{record.NeedsActor}}),
		record.DefineStep[Closed](record.Rule{Command: "close", Verb: "closed", ZH: "整改销号", EN: "close an order whose answer was accepted",
			From: []record.Stage{"accepted"}, To: "closed", Needs: []record.Need{record.NeedsActor}}),
	).
	Legal(legal)

func example() Facts {
	f := record.ExampleFacts("结对工作整改", "1", "项", "rectification_order")
	f.From, f.To = []record.Unit{{School: record.ExampleMember}}, []record.Unit{{School: record.ExampleCore}, {School: record.ExampleThird}}
	f.Organisers = []record.Organiser{{Office: "县教育督导室", Part: "host"}, {School: record.ExampleThird, Part: "co_organiser"}}
	return Facts{Facts: f, Task: seal.Text{Clear: "补齐本学期示范课的听课记录"}, Due: "day:2018-06-30", Document: "教督〔2018〕3号"}
}

// owed says which steps bear on whether an answer is still owed.
var owed = duty.Verbs{Done: []string{"answered"}, Again: []string{"sent_back"}, Released: []string{"accepted", "closed"}}

// Rounds returns each time that an answer was owed, with when it was given: one,
// and one more for each time it was sent back.
func Rounds(f Facts, p record.Progress) []duty.Round { return owed.Rounds(f, p) }

// RoundsOn returns those of the rounds that there were at the end of a day, as they
// stood then.
func RoundsOn(f Facts, p record.Progress, day calendar.Day) []duty.Round {
	return owed.RoundsOn(f, p, day)
}

// ordered refuses an order that does not say to whom, what or by when.
func (f Facts) ordered(occurred calendar.Occurred) error {
	switch {
	case len(record.Schools(f.To)) == 0:
		return ErrNoSchool
	case f.Task.IsZero():
		return ErrNoTask
	case f.Due == "":
		return ErrNoDue
	case before(f.Due, occurred):
		return ErrBadDue.With("due", f.Due).With("occurred", occurred)
	}
	return nil
}

// legal refuses an answer by a school that was not ordered anything, and an
// answer asked for again by a day that was over.
func legal(f Facts, p record.Progress) error {
	addressed := record.Schools(f.To)
	open := len(addressed) == 0 || record.HasGroup(f.To)
	for _, t := range p.Steps {
		switch t.Verb {
		case "answered":
			if slices.ContainsFunc(t.Step.By, func(u record.Unit) bool { return !open && !slices.Contains(addressed, u.School) }) || len(t.Step.By) == 0 {
				return ErrNotAddressed.With("step", t.ID)
			}
		case "sent_back":
			if before(t.Step.Due, t.Occurred) {
				return ErrBadDue.With("due", t.Step.Due).With("occurred", t.Occurred)
			}
		}
	}
	return nil
}

// before tells whether a due day certainly lies before something took place.
func before(due, occurred calendar.Occurred) bool {
	day, known := (calendar.Calendar{}).Extent(due)
	extent, dated := (calendar.Calendar{}).Extent(occurred)
	return known && dated && day.Last < extent.First
}

// DueBy returns the day by which the first answer is due.
func (f Facts) DueBy() calendar.Occurred { return f.Due }

// Normal returns f in its stored form.
func (f Facts) Normal() Facts {
	f.Facts = f.Facts.Normal()
	return f
}

// Check returns the first thing that is malformed.
func (f Facts) Check() error {
	if f.Due != "" {
		if _, err := calendar.Parse(string(f.Due)); err != nil || f.Due.Precision() != calendar.PrecisionDay {
			return ErrBadDue.With("due", f.Due)
		}
	}
	inspected := slices.ContainsFunc(f.Related, func(key string) bool { return event.StreamKind(key) == "inspection" })
	if f.Finding != "" && (!event.IsID(f.Finding) || !inspected) {
		return ErrBadFinding.With("finding", f.Finding)
	}
	return f.Facts.Check("rectification_order")
}

// SealBody returns f with its texts sealed. The order's number stands in clear
// and must name nobody.
func (f Facts) SealBody(ctx context.Context, s seal.Sealer) (Facts, error) {
	if s.InClear(f.Document) {
		return f, record.ErrNameInClear
	}
	var errs [2]error
	f.Facts, errs[0] = f.Facts.SealTexts(ctx, s)
	f.Task, errs[1] = s.Prose(ctx, "task", f.Task)
	return f, errors.Join(errs[:]...)
}

// Particulars returns the last good day for the answer and the number of the
// order.
func (f Facts) Particulars() record.Particulars {
	return record.Particulars{}.When("期限", "due", f.Due).Text("文号", "document", f.Document)
}

// Unknowns lists what the order leaves unknown.
func (f Facts) Unknowns(occurred calendar.Occurred) []record.Unknown {
	out := record.Common(occurred, f.Facts)
	if record.DayUnknown(occurred) {
		out = append(out, record.UnknownDay)
	}
	if len(f.To) == 0 {
		out = append(out, record.UnknownTo)
	}
	return out
}

// Register declares the events of this package.
func Register(r *event.Registry) {
	RecordType.Register(r)
}

// Commands returns the commands of this package.
func Commands() []command.Definition { return RecordType.Commands() }
