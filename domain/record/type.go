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

// A Body is what one kind of stream says of its thing. It is a plain struct
// with a JSON form that is stored.
type Body[F any] interface {
	// Normal returns the body in its stored form.
	Normal() F
	// Check returns the first thing that is malformed.
	Check() error
	// SealBody returns the body with its texts sealed.
	SealBody(context.Context, seal.Sealer) (F, error)
	// References returns the keys of the streams it names; empty ones are
	// passed over.
	References() []string
}

// Reported opens a stream: somebody reported a record of the past, or noted a
// school, or published a calendar. It leaves unknown what is unknown and asserts
// no approval.
type Reported[F any] struct {
	Facts F `json:"facts"`
}

// Corrected replaces what an event of the same stream said, wholly.
type Corrected[F any] struct {
	Target string    `json:"target"` // id of the event corrected
	Reason seal.Text `json:"reason"`
	Facts  F         `json:"facts"`
}

// Voided says that an event of the same stream never held.
type Voided[F any] struct {
	Target string    `json:"target"` // id of the event voided
	Reason seal.Text `json:"reason"`
}

// EventWords returns what an event that every kind may have did, by its verb, in Chinese
// and English; nothing for a verb of other events.
func EventWords(verb string) (zh, en string) {
	switch verb {
	case "reported":
		return "补报", "reported"
	case "noted":
		return "登记", "noted"
	case "published":
		return "发布", "published"
	case "corrected":
		return "更正", "corrected"
	case "voided":
		return "作废", "voided"
	}
	return "", ""
}

// What readers of any kind's events ask for, without knowing the kind.
type (
	// A Founder is the event that opens a stream.
	Founder interface{ Founds() any }
	// A Replacement is the event that corrects another.
	Replacement interface {
		Replaces() (target string, reason seal.Text, facts any)
	}
	// A Voiding is the event that voids another.
	Voiding interface {
		Voids() (target string, reason seal.Text)
	}
)

// Founds returns the facts.
func (r Reported[F]) Founds() any { return r.Facts }

// Replaces returns what is corrected, why, and the facts that now hold.
func (c Corrected[F]) Replaces() (string, seal.Text, any) { return c.Target, c.Reason, c.Facts }

// Voids returns what is voided and why.
func (v Voided[F]) Voids() (string, seal.Text) { return v.Target, v.Reason }

// A Phase is where a record stands in its life.
type Phase string

// The phases of a reported record.
const (
	Absent   Phase = ""
	Standing Phase = "standing"
	Void     Phase = "void"
)

// A State is what the events so far say about one record.
type State[F any] struct {
	Progress
	Facts F `json:"facts"`
}

// Fold returns the state after e, for a kind whose records take no steps. An
// event that is none of the kind's leaves the state as it is.
func Fold[F any](s State[F], e event.Event) State[F] { return foldProgress(Workflow{}, s, e) }

func foldProgress[F any](w Workflow, s State[F], e event.Event) State[F] {
	s.Progress = w.Fold(s.Progress, e)
	switch e.Fact.(type) {
	case Founder, Replacement:
		if facts, said := s.Progress.facts.(F); said {
			s.Facts = facts
		}
	}
	return s
}

// The bodies of the three commands of a reported record.
type (
	// Report asks to record what somebody reports of the past.
	Report[F Body[F]] struct{ Facts F }

	// Correct asks to replace what the record says.
	Correct[F Body[F]] struct {
		Target string    `json:"target"` // id of the event; empty means the event that reported it
		Reason seal.Text `json:"reason" lines:"several"`
		Facts  F         `json:"facts"`
	}

	// Withdraw asks to void the record.
	Withdraw[F any] struct {
		Target string    `json:"target"` // id of the event; empty means the event that reported it
		Reason seal.Text `json:"reason" lines:"several"`
	}
)

// A Type defines one kind of record: its names, its workflow, and the rules for
// reporting, correcting and voiding. From it follow the kind's events and commands.
// One record is one stream, opened by one founding event.
type Type[F Body[F]] struct {
	Kind     string   // kind of stream and prefix of events, commands and codes
	ZH       string   // the kind in Chinese, for messages
	Workflow Workflow // the steps that its records may take; none at first
	Decider  command.Decider[State[F]]

	command, verb string // the founding command and its event: "report", "reported"
	openings      []Opening[F]
	steps         []StepDefinition
	legal         func(F, Progress) error
	upcasts       []event.Upcast
	keepsFixed    func(before, after F) bool
	fixed         [2]string // what keepsFixed compares, in Chinese and English
	example       F
	founding      []command.Option
}

// NewType returns the type of a kind of record that is opened by the command
// <kind>.<order> with the event <kind>.<verb>.
func NewType[F Body[F]](kind, zh, order, verb string, founding ...command.Option) Type[F] {
	decider := command.Decider[State[F]]{Kind: kind, Apply: Fold[F]}
	return Type[F]{Kind: kind, ZH: zh, Workflow: Workflow{Kind: kind}, Decider: decider, command: order, verb: verb, founding: founding}
}

// WithFixed returns the type with something that a correction must not change, such
// as the district: keeps tells whether it is unchanged; zh and en name it in the
// refusal.
func (rt Type[F]) WithFixed(zh, en string, keeps func(before, after F) bool) Type[F] {
	rt.keepsFixed, rt.fixed = keeps, [2]string{zh, en}
	return rt
}

// WithExample returns the type with the facts that help shows as an example.
func (rt Type[F]) WithExample(example F) Type[F] {
	rt.example = example
	return rt
}

// WithUpcasts returns the type with upcasts that read former versions of its founding
// and correcting events. It is needed once the facts have got new fields.
func (rt Type[F]) WithUpcasts(upcasts ...event.Upcast) Type[F] {
	rt.upcasts = upcasts
	return rt
}

// WithSteps returns the type with more steps that its records may take.
func (rt Type[F]) WithSteps(steps ...StepDefinition) Type[F] {
	rt.steps = append(slices.Clip(rt.steps), steps...)
	rt.Workflow.Rules = slices.Clip(rt.Workflow.Rules)
	for _, m := range steps {
		rt.Workflow.Rules = append(rt.Workflow.Rules, m.Rule)
	}
	workflow := rt.Workflow
	rt.Decider.Apply = func(s State[F], e event.Event) State[F] { return foldProgress(workflow, s, e) }
	return rt
}

// AdjustingSteps returns the type with a function that adapts the steps taken when the
// facts are corrected: adjust returns the steps that fit the corrected facts. It must
// not modify the steps it is given.
func (rt Type[F]) AdjustingSteps(adjust func(facts F, steps []TakenStep) []TakenStep) Type[F] {
	rt.Workflow.adjustSteps = func(p Progress) []TakenStep {
		facts, _ := p.facts.(F)
		return adjust(facts, p.Steps)
	}
	return rt.WithSteps()
}

// NotTakenPlace returns the type with the stages in which the activity itself has not
// taken place, or never will: planned, refused. Such a record counts in no total.
func (rt Type[F]) NotTakenPlace(stages ...Stage) Type[F] {
	rt.Workflow.NotTakenPlace = stages
	return rt.WithSteps()
}

// WithOpenings returns the type with more commands that open a record.
func (rt Type[F]) WithOpenings(openings ...Opening[F]) Type[F] {
	rt.openings = append(slices.Clip(rt.openings), openings...)
	rt.Workflow.Openings = slices.Clip(rt.Workflow.Openings)
	for _, o := range openings {
		rt.Workflow.Openings = append(rt.Workflow.Openings, Rule{Command: o.command, Verb: o.verb, ZH: o.zh, EN: o.en})
	}
	return rt.WithSteps()
}

// Legal returns the type with a condition beyond the order of steps. It is checked
// after every step, correction and voiding.
func (rt Type[F]) Legal(legal func(facts F, p Progress) error) Type[F] {
	rt.legal = legal
	return rt
}

// NewReportType returns the type of a kind of activity that is reported after it took
// place, each in a stream of its own.
func NewReportType[F Body[F]](kind, zh string) Type[F] {
	return NewType[F](kind, zh, "report", "reported", command.Creating())
}

// An Opening is a command that opens a record while things happen, such as an
// application; the report command records them afterwards.
type Opening[F Body[F]] struct {
	command, verb, zh, en string
	register              func(r *event.Registry, name string)
	found                 func(F) any
	check                 func(F, calendar.Occurred) error
	example               *F // nil: the example of the type
}

// WithExample returns the opening with an example of its own, where what is said as
// things happen differs from what is reported afterwards.
func (o Opening[F]) WithExample(example F) Opening[F] {
	o.example = &example
	return o
}

// DefineOpening returns the opening with the command order and the event verb, whose
// event D is a struct that embeds [Reported] and nothing else. check refuses
// facts that do not say enough; nil lets all pass.
func DefineOpening[D ~struct{ Reported[F] }, F Body[F]](order, verb, zh, en string, check func(F, calendar.Occurred) error) Opening[F] {
	return Opening[F]{order, verb, zh, en,
		func(r *event.Registry, name string) { event.Define[D](r, name) },
		func(facts F) any { return D(struct{ Reported[F] }{Reported[F]{facts}}) }, check, nil}
}

// Register declares the kind's events and refusals.
func (rt Type[F]) Register(r *event.Registry) {
	rt.declareRefusals()
	event.Define[Reported[F]](r, rt.Kind+"."+rt.verb, rt.upcasts...)
	event.Define[Corrected[F]](r, rt.Kind+".corrected", rt.upcasts...)
	event.Define[Voided[F]](r, rt.Kind+".voided")
	for _, o := range rt.openings {
		o.register(r, rt.Kind+"."+o.verb)
	}
	for _, m := range rt.steps {
		m.register(r, rt.Kind)
	}
}

// Commands returns the founding commands, correct, void, and one for each step.
func (rt Type[F]) Commands() []command.Definition {
	founding := append([]command.Option{command.Describe("登记"+rt.ZH, rt.command+" "+WithArticle(rt.Kind)), command.Example(Report[F]{rt.example})}, rt.founding...)
	all := []command.Definition{
		command.Define(rt.Kind+"."+rt.command, rt.Decider, rt.Report, founding...),
		command.Define(rt.Kind+".correct", rt.Decider, rt.Correct, command.Describe("更正"+rt.ZH, "correct "+WithArticle(rt.Kind)),
			command.Example(Correct[F]{Reason: ExampleReason, Facts: rt.example})),
		command.Define(rt.Kind+".void", rt.Decider, rt.Void, command.Describe("作废"+rt.ZH, "void "+WithArticle(rt.Kind)),
			command.Example(Withdraw[F]{Reason: ExampleReason})),
	}
	for _, o := range rt.openings {
		example := rt.example
		if o.example != nil {
			example = *o.example
		}
		all = append(all, command.Define(rt.Kind+"."+o.command, rt.Decider, rt.open(o), command.Creating(),
			command.Describe(o.zh, o.en), command.Example(Report[F]{example})))
	}
	for _, m := range rt.steps {
		all = append(all, m.define(rt.stepPolicy(), m.alterExample))
	}
	return all
}

// WithArticle returns what one record of a kind is called in English, with its
// article: "an exchange". Research has no plural and is told by the session.
func WithArticle(kind string) string {
	switch {
	case kind == "research":
		return "a research session"
	case kind != "" && strings.Contains("aeiou", kind[:1]):
		return "an " + kind
	}
	return "a " + kind
}

func (rt Type[F]) stepPolicy() stepPolicy {
	c := stepPolicy{workflow: rt.Workflow, zh: rt.ZH}
	if rt.legal != nil {
		c.legal = func(p Progress) error {
			facts, _ := p.facts.(F)
			return rt.legal(facts, p)
		}
	}
	return c
}

// open decides whether a stream may be opened.
func (rt Type[F]) open(o Opening[F]) func(State[F], command.Meta, Report[F]) ([]any, error) {
	return func(s State[F], meta command.Meta, c Report[F]) ([]any, error) {
		facts, err := rt.founded(s, c)
		if err == nil && o.check != nil {
			err = o.check(facts, meta.Occurred)
		}
		if err != nil {
			return nil, err
		}
		return []any{o.found(facts)}, nil
	}
}

// founded returns the facts with which a stream may be founded.
func (rt Type[F]) founded(s State[F], c Report[F]) (F, error) {
	if s.Phase != Absent {
		return c.Facts, AlreadyReported(rt.Kind, rt.ZH)
	}
	facts := c.Facts.Normal()
	return facts, rt.checkFacts(facts)
}

// checkFacts refuses malformed facts, and reported steps that this kind of record
// does not have.
func (rt Type[F]) checkFacts(facts F) error {
	if err := facts.Check(); err != nil {
		return err
	}
	for i, t := range reportedStepsIn(facts) {
		if _, known := rt.Workflow.Rule(t.Verb); !known && (i > 0 || !rt.Workflow.opens(t.Verb)) {
			return ErrUnknownStep.With("verb", t.Verb)
		}
	}
	return nil
}

// Report decides whether a record may be reported: once per stream.
func (rt Type[F]) Report(s State[F], _ command.Meta, c Report[F]) ([]any, error) {
	facts, err := rt.founded(s, c)
	if err != nil {
		return nil, err
	}
	return []any{Reported[F]{facts}}, nil
}

// Correct decides whether the record's facts may be replaced: while it stands,
// and while the steps it took may stand beside them. What an opening asked for
// must still be said.
func (rt Type[F]) Correct(s State[F], meta command.Meta, c Correct[F]) ([]any, error) {
	if err := rt.mayChange(s, c.Reason); err != nil {
		return nil, err
	}
	if c.Target != "" && c.Target != s.Founding {
		return nil, WrongTarget(rt.Kind, rt.ZH).With("target", c.Target)
	}
	facts := c.Facts.Normal()
	if err := rt.checkFacts(facts); err != nil {
		return nil, err
	}
	for _, o := range rt.openings {
		if o.verb == s.Founded && o.check != nil {
			if err := o.check(facts, meta.Occurred); err != nil {
				return nil, err
			}
		}
	}
	if rt.keepsFixed != nil && !rt.keepsFixed(s.Facts, facts) {
		return nil, FixedChanged(rt.Kind, rt.ZH, rt.fixed)
	}
	corrected := Corrected[F]{s.Founding, c.Reason, facts}
	return []any{corrected}, rt.stepPolicy().mayStand(rt.after(s, meta, corrected))
}

// Take refuses a step that may not be taken, for a command that is no [TakeStep]:
// fact is the event of one of the type's steps, step is its content.
func (rt Type[F]) Take(s State[F], meta command.Meta, verb string, fact any, step Step) error {
	rule, known := rt.Workflow.Rule(verb)
	if !known {
		return ErrUnknownStep.With("verb", verb)
	}
	return rt.stepPolicy().take(s.Progress, meta, rule, fact, step)
}

// Void decides whether the record, or one of its steps, may be voided: while it
// stands, and a step only when those behind it may stand without it. Of a void record
// only the voiding itself can be voided: then the record stands again as it stood.
func (rt Type[F]) Void(s State[F], meta command.Meta, c Withdraw[F]) ([]any, error) {
	if s.Phase == Void && s.Voiding != "" && c.Target == s.Voiding && s.Founding != "" && !c.Reason.IsZero() {
		voided := Voided[F]{s.Voiding, c.Reason}
		return []any{voided}, rt.stepPolicy().mayStand(rt.after(s, meta, voided))
	}
	if err := rt.mayChange(s, c.Reason); err != nil {
		return nil, err
	}
	target := s.Founding
	if c.Target != "" && c.Target != s.Founding {
		i := s.find(c.Target)
		if i < 0 {
			return nil, WrongTarget(rt.Kind, rt.ZH).With("target", c.Target)
		}
		target = s.Steps[i].ID
	}
	voided := Voided[F]{target, c.Reason}
	return []any{voided}, rt.stepPolicy().mayStand(rt.after(s, meta, voided))
}

// after returns the progress after a fact that is not stored yet.
func (rt Type[F]) after(s State[F], meta command.Meta, fact any) Progress {
	return rt.Workflow.Fold(s.Progress, event.Event{Envelope: event.Envelope{Type: rt.Kind + ".", Occurred: meta.Occurred}, Fact: fact})
}

func (rt Type[F]) mayChange(s State[F], reason seal.Text) error {
	switch {
	case s.Phase == Absent:
		return NotReported(rt.Kind, rt.ZH)
	case s.Phase == Void:
		return AlreadyVoid(rt.Kind, rt.ZH)
	case reason.IsZero():
		return ErrNoReason
	}
	return nil
}

// The refusals of a kind's illegal transitions; each kind has its own codes.

// declareRefusals makes each refusal once, so that [fault.Lookup] has words for
// the codes with which a row was held before the program last started.
func (rt Type[F]) declareRefusals() {
	for _, refusal := range []func(kind, zh string) *fault.Error{AlreadyReported, NotReported, AlreadyVoid, WrongTarget} {
		refusal(rt.Kind, rt.ZH)
	}
	OutOfOrder(rt.Kind)
	TooEarly(rt.Kind)
	if rt.keepsFixed != nil {
		FixedChanged(rt.Kind, rt.ZH, rt.fixed)
	}
}

// AlreadyReported refuses a second report in one stream.
func AlreadyReported(kind, zh string) *fault.Error {
	return fault.New(fault.Refused, kind+".already-reported",
		"该"+zh+"记录已经存在；如需改动请更正或作废。", "This "+kind+" is already recorded; correct or void it instead.")
}

// NotReported refuses a change of what is not there.
func NotReported(kind, zh string) *fault.Error {
	return fault.New(fault.Refused, kind+".not-reported",
		"没有这条"+zh+"记录；请先登记。", "There is no such "+kind+"; record it first.")
}

// AlreadyVoid refuses a change of a voided record.
func AlreadyVoid(kind, zh string) *fault.Error {
	return fault.New(fault.Refused, kind+".voided",
		"该"+zh+"记录已作废，不能再改；作废有误时请用 void --event 作废那次作废，否则请重新登记。",
		"This "+kind+" is void and cannot be changed; if it was voided by mistake, void that voiding with void --event, else record it anew.")
}

// FixedChanged refuses a correction that would make the stream stand for something
// else; kept names in both languages what cannot change.
func FixedChanged(kind, zh string, kept [2]string) *fault.Error {
	return fault.New(fault.Refused, kind+".moved",
		"更正不能把该"+zh+"改到别的"+kept[0]+"；请作废后在正确的"+kept[0]+"重新登记。",
		"A correction cannot move this "+kind+" to another "+kept[1]+"; void it and record it anew where it belongs.")
}

// WrongTarget refuses a correction or voiding that names another event.
func WrongTarget(kind, zh string) *fault.Error {
	return fault.New(fault.Refused, kind+".wrong-target",
		"所指事件不是该"+zh+"记录中可更正或作废的事件；请用 journal 核对事件编号。",
		"The target is not an event of this "+kind+" that can be corrected or voided; check its id in the journal.")
}

// UnmarshalJSON reads the facts themselves: a report's body is its facts.
func (c *Report[F]) UnmarshalJSON(b []byte) error { return command.DecodeStrictly(b, &c.Facts) }

// Stated returns the facts in the form in which they would be stored, and what is
// malformed in them.
func (c Report[F]) Stated() (facts any, malformed error) {
	normal := c.Facts.Normal()
	return normal, normal.Check()
}

// MarshalJSON writes the facts themselves.
func (c Report[F]) MarshalJSON() ([]byte, error) { return event.Marshal(c.Facts) }

// SealTexts seals the facts.
func (c Report[F]) SealTexts(ctx context.Context, s seal.Sealer) (any, error) {
	facts, err := c.Facts.SealBody(ctx, s)
	return Report[F]{facts}, err
}

// References returns what the facts name.
func (c Report[F]) References() []string { return c.Facts.References() }

// SealTexts seals the facts and the reason.
func (c Correct[F]) SealTexts(ctx context.Context, s seal.Sealer) (any, error) {
	facts, err := c.Facts.SealBody(ctx, s)
	if err != nil {
		return nil, err
	}
	c.Facts = facts
	c.Reason, err = s.Prose(ctx, "reason", c.Reason)
	return c, err
}

// References returns what the facts name.
func (c Correct[F]) References() []string { return c.Facts.References() }

// SealTexts seals the reason: it is prose and may name anybody.
func (c Withdraw[F]) SealTexts(ctx context.Context, s seal.Sealer) (any, error) {
	var err error
	c.Reason, err = s.Prose(ctx, "reason", c.Reason)
	return c, err
}
