// Package exchange holds people who are posted from one school to another:
// support teaching, shadow postings, rotations, swaps and their kin, which are
// all different things (glossary, exchange and posting words).
//
// A posting that is followed as it happens is started and then completed. One
// that somebody tells of afterwards is reported, asserts no step of the
// workflow, and leaves unknown what is unknown.
package exchange

import (
	"context"

	"twinledger/domain/calendar"
	"twinledger/domain/command"
	"twinledger/domain/event"
	"twinledger/domain/fault"
	"twinledger/domain/record"
	"twinledger/domain/seal"
)

// Facts are what is said about a posting. From is the school that the person
// comes from, To the one that the person goes to; a swap goes both ways at once.
// Start and end are known separately, or not.
type Facts struct {
	record.Facts
	Start calendar.Occurred `json:"start"`
	End   calendar.Occurred `json:"end"`
}

// Started says that a posting began; its facts name person, schools and start.
type Started struct {
	Facts Facts `json:"facts"`
}

// Completed says that a started posting came to its end, on the day on which it
// occurred.
type Completed struct{}

// A Phase is where an exchange stands.
type Phase string

// The phases of an exchange.
const (
	Absent   Phase = ""
	Told     Phase = "reported" // told of afterwards; no workflow
	Under    Phase = "started"
	Finished Phase = "completed"
	Void     Phase = "void"
)

// A State is what the events so far say about one exchange.
type State struct {
	Phase      Phase
	Founding   string // id of the event that reported or started it
	Completion string // id of the event that completed it
	Occurred   calendar.Occurred
	Facts      Facts
}

// Decider folds exchanges.
var Decider = command.Decider[State]{Kind: "exchange", Apply: Fold}

// Fold returns the state after e.
func Fold(s State, e event.Event) State {
	switch d := e.Fact.(type) {
	case record.Reported[Facts]:
		s = State{Phase: Told, Founding: e.ID, Occurred: e.Occurred, Facts: d.Facts}
	case Started:
		s = State{Phase: Under, Founding: e.ID, Occurred: e.Occurred, Facts: d.Facts}
	case Completed:
		s.Phase, s.Completion, s.Facts.End = Finished, e.ID, e.Occurred
	case record.Corrected[Facts]:
		s.Occurred, s.Facts = e.Occurred, d.Facts
	case record.Voided[Facts]:
		if d.Target == s.Completion && s.Completion != "" {
			s.Phase, s.Completion, s.Facts.End = Under, "", calendar.Unknown
		} else {
			s.Phase = Void
		}
	}
	return s
}

// Register declares the events of exchanges.
func Register(r *event.Registry) {
	event.Define[record.Reported[Facts]](r, "exchange.reported")
	event.Define[Started](r, "exchange.started")
	event.Define[Completed](r, "exchange.completed")
	event.Define[record.Corrected[Facts]](r, "exchange.corrected")
	event.Define[record.Voided[Facts]](r, "exchange.voided")
}

// Commands returns the commands of exchanges.
func Commands() []command.Definition {
	example := Facts{record.ExampleFacts("语文骨干教师支教一学期", "1", "人", "support_teaching"), "day:2018-03-01", "day:2018-07-06"}
	return []command.Definition{
		command.Define("exchange.report", Decider, Report, command.Creating(), command.Example(record.Report[Facts]{Facts: example}), command.Describe("补报交流轮岗", "report a past exchange")),
		command.Define("exchange.start", Decider, Begin, command.Creating(), command.Example(Start{record.Report[Facts]{Facts: example}}), command.Describe("交流轮岗开始", "start an exchange")),
		command.Define("exchange.complete", Decider, Finish, command.Example(Completion{}), command.Describe("交流轮岗结束", "complete a started exchange")),
		command.Define("exchange.correct", Decider, Correct, command.Example(record.Correct[Facts]{Reason: record.ExampleReason, Facts: example}), command.Describe("更正交流轮岗", "correct an exchange")),
		command.Define("exchange.void", Decider, Withdraw, command.Example(record.Withdraw[Facts]{Reason: record.ExampleReason}), command.Describe("作废交流轮岗", "void an exchange or its completion")),
	}
}

const zh = "交流轮岗"

// The refusals of an exchange's workflow, beside those of every record.
var (
	ErrNotStarted = fault.New(fault.Refused, "exchange.not-started",
		"该交流轮岗尚未开始，不能结束；请先登记开始。", "This exchange has not been started and cannot be completed; start it first.")
	ErrReportedOnly = fault.New(fault.Refused, "exchange.reported-only",
		"该交流轮岗为事后补报，不走办理流程；如需改动请更正。", "This exchange was reported afterwards and has no workflow; correct it instead.")
	ErrAlreadyCompleted = fault.New(fault.Refused, "exchange.already-completed",
		"该交流轮岗已经结束；如登记有误请作废结束事件。", "This exchange is already completed; void the completion if it was wrong.")
	ErrStartIncomplete = fault.New(fault.Invalid, "exchange.start-incomplete",
		"开始办理的交流轮岗须写明一所派出学校、一所接收学校、至少一名人员和开始日期。", "An exchange that is started names one school it goes from, one it goes to, at least one person and the first day; give them.")
	ErrEndUnknown = fault.New(fault.Invalid, "exchange.end-unknown",
		"交流轮岗结束须写明结束日期：结束命令写 occurred，更正写 end（均为 day:…）。", "An exchange that is completed has a last day: give it as occurred when completing, as end when correcting (day:…).")
	ErrEndsBeforeStart = fault.New(fault.Refused, "exchange.ends-before-start",
		"结束日期早于开始日期；请核对。", "The exchange would end before it starts; check the days.")
)

// Report decides whether a past exchange may be reported.
func Report(s State, _ command.Meta, c record.Report[Facts]) ([]any, error) {
	if s.Phase != Absent {
		return nil, record.AlreadyReported("exchange", zh)
	}
	facts := c.Facts.Normal()
	if err := facts.Check(); err != nil {
		return nil, err
	}
	return []any{record.Reported[Facts]{Facts: facts}}, nil
}

// A Start is the body of exchange.start: the facts themselves, with a known
// first day.
type Start struct{ record.Report[Facts] }

// SealTexts seals the facts.
func (c Start) SealTexts(ctx context.Context, s seal.Sealer) (any, error) {
	facts, err := c.Facts.SealBody(ctx, s)
	c.Facts = facts
	return c, err
}

// Begin decides whether an exchange may start.
func Begin(s State, _ command.Meta, c Start) ([]any, error) {
	if s.Phase != Absent {
		return nil, record.AlreadyReported("exchange", zh)
	}
	facts := c.Facts.Normal()
	if err := facts.Check(); err != nil {
		return nil, err
	}
	if !facts.startable() {
		return nil, ErrStartIncomplete
	}
	return []any{Started{facts}}, nil
}

// startable tells whether f says all that a posting needs which is followed as
// it happens.
func (f Facts) startable() bool {
	oneSchool := len(record.Schools(f.From)) == 1 && len(record.Schools(f.To)) == 1
	return oneSchool && len(f.People) > 0 && f.Start.Precision() == calendar.PrecisionDay
}

// A Completion is the body of exchange.complete; the day is the command's own.
type Completion struct{}

// Finish decides whether a started exchange may be completed on a day.
func Finish(s State, meta command.Meta, _ Completion) ([]any, error) {
	switch s.Phase {
	case Absent:
		return nil, ErrNotStarted
	case Told:
		return nil, ErrReportedOnly
	case Finished:
		return nil, ErrAlreadyCompleted
	case Void:
		return nil, record.AlreadyVoid("exchange", zh)
	}
	if meta.Occurred.Precision() != calendar.PrecisionDay {
		return nil, ErrEndUnknown
	}
	if meta.Occurred.Value() < s.Facts.Start.Value() {
		return nil, ErrEndsBeforeStart.With("start", s.Facts.Start).With("end", meta.Occurred)
	}
	return []any{Completed{}}, nil
}

// Correct decides whether the exchange's facts may be replaced, start and end
// included. What the workflow needed to come so far must still be said.
func Correct(s State, _ command.Meta, c record.Correct[Facts]) ([]any, error) {
	if err := mayChange(s, c.Reason); err != nil {
		return nil, err
	}
	if c.Target != "" && c.Target != s.Founding {
		return nil, record.WrongTarget("exchange", zh).With("target", c.Target)
	}
	facts := c.Facts.Normal()
	if err := facts.Check(); err != nil {
		return nil, err
	}
	switch workflow := s.Phase == Under || s.Phase == Finished; {
	case workflow && !facts.startable():
		return nil, ErrStartIncomplete
	case s.Phase == Finished && facts.End.Precision() != calendar.PrecisionDay:
		return nil, ErrEndUnknown
	}
	return []any{record.Corrected[Facts]{Target: s.Founding, Reason: c.Reason, Facts: facts}}, nil
}

// Withdraw decides whether an exchange may be voided wholly, or only its
// completion when that is the target.
func Withdraw(s State, _ command.Meta, c record.Withdraw[Facts]) ([]any, error) {
	if err := mayChange(s, c.Reason); err != nil {
		return nil, err
	}
	switch c.Target {
	case "", s.Founding:
		return []any{record.Voided[Facts]{Target: s.Founding, Reason: c.Reason}}, nil
	case s.Completion:
		return []any{record.Voided[Facts]{Target: s.Completion, Reason: c.Reason}}, nil
	}
	return nil, record.WrongTarget("exchange", zh).With("target", c.Target)
}

func mayChange(s State, reason seal.Text) error {
	switch {
	case s.Phase == Absent:
		return record.NotReported("exchange", zh)
	case s.Phase == Void:
		return record.AlreadyVoid("exchange", zh)
	case reason.IsZero():
		return record.ErrNoReason
	}
	return nil
}

// Normal returns f in its stored form: an unsaid start or end is unknown.
func (f Facts) Normal() Facts {
	f.Facts = f.Facts.Normal()
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
	return f.Facts.Check("exchange")
}

// SealBody returns f with its texts sealed.
func (f Facts) SealBody(ctx context.Context, s seal.Sealer) (Facts, error) {
	sealed, err := f.SealTexts(ctx, s)
	f.Facts = sealed
	return f, err
}

// Unknowns lists what is left unknown: a posting needs its first and last day,
// whoever is posted, and both schools.
func (f Facts) Unknowns(occurred calendar.Occurred) []record.Unknown {
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
