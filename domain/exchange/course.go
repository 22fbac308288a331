package exchange

import (
	"context"
	"encoding/json"

	"twinledger/domain/calendar"
	"twinledger/domain/command"
	"twinledger/domain/event"
	"twinledger/domain/record"
	"twinledger/domain/seal"
)

// The stages of a posting.
const (
	StageReported    record.Stage = "reported" // reported afterwards; no workflow
	StageApplied     record.Stage = "applied"
	StageRecommended record.Stage = "recommended"
	StageApproved    record.Stage = "approved"
	StageStarted     record.Stage = "started"
	StageInterrupted record.Stage = "interrupted"
	StageCompleted   record.Stage = "completed"
	StageRefused     record.Stage = "refused"
	StageWithdrawn   record.Stage = "withdrawn"
	StageCancelled   record.Stage = "cancelled"
	StageVoid        record.Stage = "void" // the whole record is void
)

// RecordType is the record type of exchanges.
var RecordType = record.NewReportType[Facts]("exchange", zh).WithUpcasts(event.UpcastUnchanged).
	WithExample(example).
	WithOpenings(record.DefineOpening[Applied]("apply", "applied", "申请交流轮岗", "apply for an exchange", applicable)).
	NotTakenPlace(StageApplied, StageRecommended, StageApproved, StageRefused, StageWithdrawn, StageCancelled).
	AdjustingSteps(adjustSteps).
	Legal(legal).
	WithSteps(
		record.DefineStep[Recommended](record.Rule{Command: "recommend", Verb: "recommended", ZH: "推荐交流轮岗人选", EN: "recommend an applicant for an exchange",
			From: []record.Stage{StageApplied}, To: StageRecommended, Needs: []record.Need{record.NeedsActor}}),
		record.DefineStep[Approved](record.Rule{Command: "approve", Verb: "approved", ZH: "审核同意并调配交流轮岗", EN: "approve an exchange",
			From: []record.Stage{StageApplied, StageRecommended}, To: StageApproved, Needs: []record.Need{record.NeedsActor}}),
		record.DefineStep[Refused](record.Rule{Command: "refuse", Verb: "refused", ZH: "不同意交流轮岗", EN: "refuse an exchange",
			From: []record.Stage{StageApplied, StageRecommended}, To: StageRefused, Needs: []record.Need{record.NeedsActor}}),
		record.DefineStep[Withdrawn](record.Rule{Command: "withdraw", Verb: "withdrawn", ZH: "申请人撤回交流轮岗申请", EN: "take an application for an exchange back",
			From: []record.Stage{StageApplied, StageRecommended}, To: StageWithdrawn}),
		record.DefineStep[Cancelled](record.Rule{Command: "cancel", Verb: "cancelled", ZH: "取消已批准的交流轮岗", EN: "cancel an approved exchange before it starts",
			From: []record.Stage{StageApproved}, To: StageCancelled}),
		record.DefineStep[Started](record.Rule{Command: "start", Verb: started, ZH: "交流轮岗开始", EN: "start an exchange, approved or not applied for",
			From: []record.Stage{StageApproved}, To: StageStarted, Upcasts: []event.Upcast{event.UpcastUnchanged}}),
		record.DefineStep[Interrupted](record.Rule{Command: "interrupt", Verb: "interrupted", ZH: "交流轮岗中断", EN: "interrupt an exchange",
			From: []record.Stage{StageStarted}, To: StageInterrupted, Needs: []record.Need{record.NeedsDay}}),
		record.DefineStep[Resumed](record.Rule{Command: "resume", Verb: "resumed", ZH: "交流轮岗恢复", EN: "resume an interrupted exchange",
			From: []record.Stage{StageInterrupted}, To: StageStarted, Needs: []record.Need{record.NeedsDay}}),
		record.DefineStep[Completed](record.Rule{Command: "complete", Verb: completed, ZH: "交流轮岗结束", EN: "complete a started exchange",
			From: []record.Stage{StageStarted, StageInterrupted}, To: StageCompleted, Upcasts: []event.Upcast{event.UpcastUnchanged}}),
		record.DefineStep[Assessed](record.Rule{Command: "assess", Verb: "assessed", ZH: "交流轮岗考核", EN: "assess the work done in an exchange",
			From: []record.Stage{StageReported, StageCompleted}, Needs: []record.Need{record.NeedsGrade}}),
	)

var example = Facts{
	Facts: record.ExampleFacts("语文骨干教师支教一学期", "1", "人", "support_teaching"), Start: "day:2018-03-01", End: "day:2018-07-06",
	Batch: "2018年第一批", Load: record.Quantity{Text: "12", Number: "12", Bound: record.Exact, Measure: record.MeasureOf("节/周")},
	Post: "教研组长", FullTime: Full,
}

// A State is what the events so far say about one exchange, as readers want it.
type State struct {
	Phase      record.Stage        `json:"phase"` // its stage, or Void; "" when there is none
	Founding   string              `json:"founding"`
	Completion string              `json:"completion,omitempty"` // id of the event that completed it
	Occurred   calendar.Occurred   `json:"occurred"`
	Facts      Facts               `json:"facts"`  // start and end as the steps say
	Record     record.State[Facts] `json:"record"` // the course, and the facts as they were given
}

// Decider folds exchanges.
var Decider = command.Decider[State]{Kind: "exchange", Apply: Fold}

// Fold returns the state after e.
func Fold(s State, e event.Event) State { return stateOf(RecordType.Decider.Apply(s.Record, e)) }

// StateOf returns the state that a posting's progress stands for.
func StateOf(p record.Progress) State {
	facts, _ := p.Facts().(Facts)
	return stateOf(record.State[Facts]{Progress: p, Facts: facts})
}

func stateOf(r record.State[Facts]) State {
	s := State{Phase: r.Stage, Founding: r.Founding, Occurred: r.Occurred, Facts: r.Facts, Record: r}
	if r.Phase == record.Void {
		s.Phase = StageVoid
	}
	if t, took := r.LastStep(completed); took {
		s.Completion = t.ID
	}
	s.Facts.Start, s.Facts.End = days(r.Facts, r.Progress)
	return s
}

// Register declares the events of exchanges.
func Register(r *event.Registry) { RecordType.Register(r) }

// Commands returns the commands of exchanges. Every one that may change the days
// that a posting takes goes with the process that claims them.
func Commands() []command.Definition {
	var all []command.Definition
	for _, d := range RecordType.Commands() {
		if d.Name == "exchange.start" {
			d = command.Define(d.Name, RecordType.Decider, DecideStart, command.Creating(), command.Describe(d.ZH, d.EN), command.Example(Start{Facts: example}))
		}
		command.WithProcess(occupancy{})(&d)
		all = append(all, d)
	}
	return append(all, abandoning)
}

// A Start is the body of exchange.start: the facts themselves of a posting that
// was not applied for, or the step that an approved one takes.
type Start struct {
	Facts Facts
	record.Step
}

// founds tells whether the body is a posting's facts.
func (c Start) founds() bool {
	return c.Facts.District != "" || len(c.Facts.Kinds) > 0 || c.Facts.Start != ""
}

// DecideStart decides whether an exchange may start: with its facts, known first day
// included, where there is none yet; by a step where one was approved.
func DecideStart(s record.State[Facts], meta command.Meta, c Start) ([]any, error) {
	if !c.founds() {
		step := Started{Step: c.Step.Normal()}
		if err := RecordType.Take(s, meta, started, step, step.Step); err != nil {
			return nil, err
		}
		return []any{step}, nil
	}
	if s.Phase == record.Void && s.Founding == "" {
		return nil, ErrAbandoned
	}
	if _, err := RecordType.Report(s, meta, record.Report[Facts]{Facts: c.Facts}); err != nil {
		return nil, err
	}
	facts := c.Facts.Normal()
	if !facts.startable(facts.Start) {
		return nil, ErrStartIncomplete
	}
	return []any{Started{Facts: facts}}, nil
}

// UnmarshalJSON reads facts, or a step, which has no district, kinds or start.
func (c *Start) UnmarshalJSON(b []byte) error {
	var told struct{ District, Kinds, Start json.RawMessage }
	if json.Unmarshal(b, &told) == nil && told.District == nil && told.Kinds == nil && told.Start == nil {
		return command.DecodeStrictly(b, &c.Step)
	}
	return command.DecodeStrictly(b, &c.Facts)
}

// MarshalJSON writes the facts, or the step.
func (c Start) MarshalJSON() ([]byte, error) {
	if c.founds() {
		return event.Marshal(c.Facts)
	}
	return event.Marshal(c.Step)
}

// SealTexts seals the facts, or the step.
func (c Start) SealTexts(ctx context.Context, s seal.Sealer) (any, error) {
	if c.founds() {
		facts, err := c.Facts.SealBody(ctx, s)
		return Start{Facts: facts}, err
	}
	sealed, err := record.TakeStep[Started, *Started]{Step: Started{Step: c.Step}}.SealTexts(ctx, s)
	if err != nil {
		return nil, err
	}
	return Start{Step: sealed.(record.TakeStep[Started, *Started]).Step.Step}, nil
}

// References returns what the facts, or the step, name.
func (c Start) References() []string { return append(c.Facts.References(), c.Step.References()...) }
