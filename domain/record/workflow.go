package record

import (
	"context"
	"slices"
	"strings"

	"twinledger/domain/calendar"
	"twinledger/domain/command"
	"twinledger/domain/event"
	"twinledger/domain/fault"
	"twinledger/domain/seal"
)

// A Stage is how far the thing that a stream follows has come. It is the verb of
// the event that brought it there, unless a [Rule] says otherwise, and is stored
// nowhere: it follows from the events.
type Stage string

// A Rule says when a step may be taken and where it leads.
type Rule struct {
	Command, Verb string  // the command and its event: "approve", "approved"
	ZH, EN        string  // what the command does
	From          []Stage // the stages in which it may be taken
	To            Stage   // the stage it leads to; "" when it changes none
	Once          bool    // at most one of it stands at a time
	Needs         []Need  // what it must say
	Upcasts       []event.Upcast
}

// A TakenStep is a step of a record that an event took and that is not void.
type TakenStep struct {
	ID       string            `json:"id"`               // of the event that took it
	Latest   string            `json:"latest,omitempty"` // of the event that corrected it last; "" when none did
	Verb     string            `json:"verb"`
	Occurred calendar.Occurred `json:"occurred"`
	Step     Step              `json:"step"`
}

// Progress is what the events so far say about one record, but for what its kind
// alone says.
type Progress struct {
	Phase         Phase             `json:"phase"`
	Stage         Stage             `json:"stage,omitempty"`
	Founding      string            `json:"founding"`          // id of the event that founded it
	Founded       string            `json:"founded,omitempty"` // that event's verb: reported, applied
	Occurred      calendar.Occurred `json:"occurred"`
	Steps         []TakenStep       `json:"steps,omitempty"`   // not void, in the order in which they were taken
	ReportedSteps []ReportedStep    `json:"told,omitempty"`    // listed in the facts; they do not change the stage
	Voiding       string            `json:"voiding,omitempty"` // id of the event that voided the whole; "" while it stands

	facts any // what the founding, as corrected, says
}

// Facts returns what the record says: a value of its kind's facts, nil before
// there is any.
func (p Progress) Facts() any { return p.facts }

// LastStep returns the last step with a verb, and whether there is one.
func (p Progress) LastStep(verb string) (TakenStep, bool) {
	for _, t := range slices.Backward(p.Steps) {
		if t.Verb == verb {
			return t, true
		}
	}
	return TakenStep{}, false
}

// A Workflow is the set of steps that the records of one kind may take, and their order.
type Workflow struct {
	Kind          string
	Rules         []Rule
	Openings      []Rule  // the ways to open a record beside reporting it: order, verb and words
	NotTakenPlace []Stage // stages in which the activity itself has not taken place, or never will

	adjustSteps func(p Progress) []TakenStep // the steps beside facts that were just corrected; nil leaves them
}

// TookPlace tells whether the activity of a record has taken place, and when. A
// filing that is only due, or an exchange that was refused, has not. The stage
// follows from the reported steps first and then from the steps taken. When the
// reported steps do not begin with an opening, only those are followed that may
// follow a report, and those after which the activity never takes place.
func (w Workflow) TookPlace(p Progress) (calendar.Occurred, bool) {
	stage, when := Stage(p.Founded), p.Occurred
	pass := func(verb string, occurred calendar.Occurred) {
		rule, _ := w.Rule(verb)
		if rule.To == "" {
			return
		}
		if slices.Contains(w.NotTakenPlace, stage) && !slices.Contains(w.NotTakenPlace, rule.To) {
			when = occurred
		}
		stage = rule.To
	}
	opened := len(p.ReportedSteps) > 0 && w.opens(p.ReportedSteps[0].Verb)
	if opened {
		stage = Stage(p.ReportedSteps[0].Verb)
	}
	for _, t := range p.ReportedSteps {
		if rule, known := w.Rule(t.Verb); known && (opened || slices.Contains(rule.From, stage) || w.neverTakesPlace(rule.To)) {
			pass(t.Verb, t.Occurred)
		}
	}
	for _, t := range p.Steps {
		pass(t.Verb, t.Occurred)
	}
	return when, !slices.Contains(w.NotTakenPlace, stage)
}

// neverTakesPlace tells whether the activity has not taken place in a stage and never
// will, because no step leads out of the stage.
func (w Workflow) neverTakesPlace(s Stage) bool {
	return slices.Contains(w.NotTakenPlace, s) && !slices.ContainsFunc(w.Rules, func(r Rule) bool { return slices.Contains(r.From, s) })
}

// AsReportedSteps returns the whole history of a record in the form that the facts of
// another record can list: its opening, its reported steps, and the steps it took,
// as corrected. Exports use it, and whoever wants to read all steps in one loop.
func (w Workflow) AsReportedSteps(p Progress) []ReportedStep {
	var out []ReportedStep
	if w.opens(p.Founded) {
		out = append(out, ReportedStep{Verb: p.Founded, Occurred: p.Occurred})
	}
	out = append(out, p.ReportedSteps...)
	for _, t := range p.Steps {
		t.Step.Corrects, t.Step.Reason = "", seal.Text{}
		out = append(out, ReportedStep{Verb: t.Verb, Occurred: t.Occurred, Step: t.Step})
	}
	return out
}

// opens tells whether a verb is that of an opening.
func (w Workflow) opens(verb string) bool {
	return slices.ContainsFunc(w.Openings, func(r Rule) bool { return r.Verb == verb })
}

// Rule returns the rule of a verb.
func (w Workflow) Rule(verb string) (Rule, bool) {
	for _, r := range w.Rules {
		if r.Verb == verb {
			return r, true
		}
	}
	return Rule{}, false
}

// Fold returns the progress after e. An event that is none of the kind's leaves
// it as it is.
func (w Workflow) Fold(p Progress, e event.Event) Progress {
	verb := e.Type[strings.LastIndexByte(e.Type, '.')+1:]
	switch d := e.Fact.(type) {
	case Voiding:
		target, _ := d.Voids()
		p = p.without(target, e.ID)
	case Replacement:
		_, _, p.facts = d.Replaces()
		p.Occurred, p.ReportedSteps = e.Occurred, reportedStepsIn(p.facts)
		if w.adjustSteps != nil {
			p.Steps = w.adjustSteps(p)
		}
	case Founder:
		if p.Phase == Absent {
			facts := d.Founds()
			return Progress{Phase: Standing, Stage: Stage(verb), Founding: e.ID, Founded: verb, Occurred: e.Occurred, ReportedSteps: reportedStepsIn(facts), facts: facts}
		}
		if stepping, also := e.Fact.(StepEvent); also {
			p = p.with(TakenStep{ID: e.ID, Verb: verb, Occurred: e.Occurred, Step: stepping.StepBody()})
		}
	case StepEvent:
		if _, known := w.Rule(verb); known {
			p = p.with(TakenStep{ID: e.ID, Verb: verb, Occurred: e.Occurred, Step: d.StepBody()})
		}
	}
	p.Stage, _ = w.walk(p)
	return p
}

// reportedStepsIn returns the steps that facts list, nil for facts without any.
func reportedStepsIn(facts any) []ReportedStep {
	if telling, ok := facts.(interface{ Common() Facts }); ok {
		return telling.Common().Course
	}
	return nil
}

// with returns p with one more step, or with the step that it corrects replaced.
func (p Progress) with(t TakenStep) Progress {
	if t.Step.Corrects == "" {
		steps := make([]TakenStep, len(p.Steps)+1)
		steps[copy(steps, p.Steps)] = t
		p.Steps = steps
		return p
	}
	if i := p.find(t.Step.Corrects); i >= 0 {
		p.Steps = slices.Clone(p.Steps)
		t.Latest, t.ID = t.ID, p.Steps[i].ID
		p.Steps[i] = t
	}
	return p
}

// without returns p after what target said is void, as the event by says: all of it when
// that is the founding. When target is what voided the whole, that never held, and the
// record stands again as it stood. What is voided before it ever was can be founded no more.
func (p Progress) without(target, by string) Progress {
	switch {
	case p.Phase == Void && target == p.Voiding && p.Founding != "":
		p.Phase, p.Voiding = Standing, ""
		return p
	case target == p.Founding || p.Phase == Absent:
		p.Phase, p.Voiding = Void, by
		return p
	}
	if i := p.find(target); i >= 0 {
		p.Steps = slices.Delete(slices.Clone(p.Steps), i, i+1)
	}
	return p
}

// find returns the place of the step that an event took or corrected, or -1.
func (p Progress) find(id string) int {
	return slices.IndexFunc(p.Steps, func(t TakenStep) bool { return id != "" && (t.ID == id || t.Latest == id) })
}

// walk goes through the steps of p from its founding and returns the stage that
// they lead to, and why not all of them may stand so.
func (w Workflow) walk(p Progress) (Stage, error) {
	stage, last := Stage(p.Founded), p.Occurred
	var refusal error
	for i, t := range p.Steps {
		rule, _ := w.Rule(t.Verb)
		switch {
		case refusal != nil:
		case !slices.Contains(rule.From, stage), rule.Once && slices.ContainsFunc(p.Steps[:i], func(former TakenStep) bool { return former.Verb == t.Verb }):
			refusal = OutOfOrder(w.Kind).With("step", t.Verb).With("stage", stage)
		case rule.To != "" && certainlyBefore(t.Occurred, last):
			refusal = TooEarly(w.Kind).With("step", t.Verb).With("occurred", t.Occurred).With("before", last)
		}
		if rule.To != "" {
			stage = rule.To
			if t.Occurred.Dated() {
				last = t.Occurred
			}
		}
	}
	return stage, refusal
}

// certainlyBefore tells whether all of a lies before all of b, both being known
// to the day.
func certainlyBefore(a, b calendar.Occurred) bool {
	if !a.Dated() || !b.Dated() {
		return false
	}
	first, _ := calendar.Calendar{}.Extent(b)
	last, _ := calendar.Calendar{}.Extent(a)
	return last.Last < first.First
}

// OutOfOrder refuses a step that the record's stage does not allow.
func OutOfOrder(kind string) *fault.Error {
	return fault.New(fault.Refused, kind+".out-of-order",
		"此记录目前的阶段不能办理这一步；请先办理前面的步骤，或先作废后面的步骤。",
		"The record's stage does not allow this step; take the steps before it first, or void those behind it.")
}

// TooEarly refuses a step that would have been taken before the one it follows.
func TooEarly(kind string) *fault.Error {
	return fault.New(fault.Refused, kind+".too-early",
		"此步骤的日期早于它前面的步骤；请核对日期。", "The step's day lies before that of the step before it; check the days.")
}

// A StepDefinition is one step that the records of a kind may take: its rule, its event
// and its command.
type StepDefinition struct {
	Rule
	register     func(r *event.Registry, kind string)
	define       func(c stepPolicy, shown func(*Step)) command.Definition
	alterExample func(*Step) // alters the example; nil leaves it
}

// WithExample returns the definition with a changed example: alter gets the step that
// has the needed fields filled in. So the examples of a kind can follow one another
// on one record.
func (m StepDefinition) WithExample(alter func(*Step)) StepDefinition {
	m.alterExample = alter
	return m
}

// stepPolicy decides whether a record of one kind may take a step.
type stepPolicy struct {
	workflow Workflow
	zh       string
	legal    func(Progress) error
}

// stepOf is a pointer to an event that embeds a [Step].
type stepOf[D any] interface {
	*D
	step() *Step
}

// TakeStep is the body of every command that takes a step: the step itself.
type TakeStep[D any, P stepOf[D]] struct{ Step D }

// DefineStep defines the step of a rule. Its event is D, a struct that embeds [Step]
// and nothing else.
func DefineStep[D any, P stepOf[D]](rule Rule) StepDefinition {
	return StepDefinition{
		Rule:     rule,
		register: func(r *event.Registry, kind string) { event.Define[D](r, kind+"."+rule.Verb, rule.Upcasts...) },
		define: func(c stepPolicy, shown func(*Step)) command.Definition {
			example := exampleOf[D, P](rule)
			if shown != nil {
				shown(P(&example.Step).step())
			}
			decider := command.Decider[Progress]{Kind: c.workflow.Kind, Apply: c.workflow.Fold}
			return command.Define(c.workflow.Kind+"."+rule.Command, decider, func(p Progress, meta command.Meta, body TakeStep[D, P]) ([]any, error) {
				*P(&body.Step).step() = P(&body.Step).step().Normal()
				if err := c.take(p, meta, rule, body.Step, *P(&body.Step).step()); err != nil {
					return nil, err
				}
				return []any{body.Step}, nil
			}, command.Describe(rule.ZH, rule.EN), command.Example(example))
		},
	}
}

// take refuses a step that the record may not take now.
func (c stepPolicy) take(p Progress, meta command.Meta, rule Rule, fact any, step Step) error {
	switch p.Phase {
	case Absent:
		return NotReported(c.workflow.Kind, c.zh)
	case Void:
		return AlreadyVoid(c.workflow.Kind, c.zh)
	}
	if err := step.check(meta.Occurred, rule.Needs); err != nil {
		return err
	}
	if step.Corrects != "" {
		i := p.find(step.Corrects)
		if i < 0 || p.Steps[i].Verb != rule.Verb {
			return WrongTarget(c.workflow.Kind, c.zh).With("target", step.Corrects)
		}
		if step.Reason.IsZero() {
			return ErrNoReason
		}
	}
	return c.mayStand(c.workflow.Fold(p, event.Event{Envelope: event.Envelope{ID: meta.Command, Type: c.workflow.Kind + "." + rule.Verb, Occurred: meta.Occurred}, Fact: fact}))
}

// mayStand refuses a progress that breaks the order of steps or the kind's condition.
func (c stepPolicy) mayStand(p Progress) error {
	if p.Phase == Void {
		return nil
	}
	if _, err := c.workflow.walk(p); err != nil {
		return err
	}
	if c.legal != nil {
		return c.legal(p)
	}
	return nil
}

// exampleOf returns a step with what its rule needs filled in.
func exampleOf[D any, P stepOf[D]](rule Rule) TakeStep[D, P] {
	var body TakeStep[D, P]
	s := P(&body.Step).step()
	s.Office, s.Note = "县教育局", seal.Text{Clear: "情况属实"}
	for _, need := range rule.Needs {
		switch need {
		case NeedsPeople:
			s.People = []string{ExamplePerson}
		case NeedsActor:
			s.By, s.Office = []Unit{{School: ExampleThird}}, ""
		case NeedsRole:
			s.Role = "联系人"
		case NeedsWhat:
			s.What = []Word{{Text: "教学管理"}}
		case NeedsDocument:
			s.Document = "教〔2018〕3号"
		case NeedsPeriod:
			s.From, s.Until = "day:2018-03-01", "day:2019-02-28"
		case NeedsDue:
			s.Due = "day:2018-06-30"
		case NeedsGrade:
			s.Grade = "良好"
		case NeedsScore:
			s.Score = "86.5"
		case NeedsEvidence:
			s.Evidence = []seal.Text{{Clear: "现场照片"}}
		}
	}
	return body
}

// UnmarshalJSON reads the step itself.
func (t *TakeStep[D, P]) UnmarshalJSON(b []byte) error { return command.DecodeStrictly(b, &t.Step) }

// MarshalJSON writes the step itself.
func (t TakeStep[D, P]) MarshalJSON() ([]byte, error) { return event.Marshal(t.Step) }

// SealTexts seals the step's prose.
func (t TakeStep[D, P]) SealTexts(ctx context.Context, s seal.Sealer) (any, error) {
	step := P(&t.Step).step()
	sealed, err := step.sealed(ctx, s)
	*step = sealed
	return t, err
}

// References returns what the step names.
func (t TakeStep[D, P]) References() []string { return P(&t.Step).step().References() }
