package pairing

import (
	"context"
	"slices"

	"twinledger/domain/calendar"
	"twinledger/domain/command"
	"twinledger/domain/event"
	"twinledger/domain/record"
	"twinledger/domain/seal"
)

// The events of a pairing's own workflow.
type (
	// Applied says that a school applied for support (帮扶申请表): its sides are
	// the schools that want it.
	Applied struct{ record.Reported[Facts] }
	// Matched says with which schools, its By, an application was matched; the
	// pairing holds from its From, or else from the day on which it occurred.
	Matched struct{ record.Step }
	// Refused says that an application was refused, and why.
	Refused struct{ record.Step }
	// Founded says that the office founded the pairing.
	Founded struct {
		Facts Facts `json:"facts"`
	}
	// Joined says that a school joined, on the day on which it occurred.
	Joined struct {
		Side Side `json:"side"`
	}
	// Left says that a school left, on the day on which it occurred.
	Left struct {
		School string    `json:"school"`
		Reason seal.Text `json:"reason"`
	}
	// Signed says that an agreement was signed: by whom, from when until when,
	// its clauses in What.
	Signed struct{ record.Step }
	// Reviewed says what the authority said of the agreement signed last.
	Reviewed struct{ record.Step }
	// Renewed says that the agreement goes on until another day.
	Renewed struct{ record.Step }
	// TypeSet says of which type the pairing is from a day on: its From, or else
	// the day on which it occurred.
	TypeSet struct{ record.Step }
	// LeadersNamed says who leads the pairing, by role: 组长, 副组长, 成员.
	LeadersNamed struct{ record.Step }
	// LiaisonNamed says who answers for the pairing at a school or office.
	LiaisonNamed struct{ record.Step }
	// ChairRotated says which school has the chair from a day on (轮值).
	ChairRotated struct{ record.Step }
	// PersonAdmitted says that people became members (准入).
	PersonAdmitted struct{ record.Step }
	// PersonEliminated says that people ceased to be members, and why (淘汰).
	PersonEliminated struct{ record.Step }
	// PersonAssessed says how members were judged for a time.
	PersonAssessed struct{ record.Step }
	// Assessed says how the pairing itself, such as a studio, was judged for a
	// time.
	Assessed struct{ record.Step }
	// Ended says that the pairing ended, on the day on which it occurred.
	Ended struct{ record.Step }
)

// Founds returns the facts.
func (f Founded) Founds() any { return f.Facts }

// StepBody returns the joining as a step.
func (j Joined) StepBody() record.Step {
	return record.Step{By: []record.Unit{{School: j.Side.School}}, Role: string(j.Side.Role)}
}

// StepBody returns the leaving as a step.
func (l Left) StepBody() record.Step {
	return record.Step{By: []record.Unit{{School: l.School}}, Note: l.Reason}
}

// The stages of a pairing.
const (
	reported record.Stage = "reported"
	founded  record.Stage = "founded"
	applied  record.Stage = "applied"
	matched  record.Stage = "matched"
	refused  record.Stage = "refused"
	ended    record.Stage = "ended"
)

// standing are the stages in which a pairing lives.
var standing = []record.Stage{reported, founded, matched}

var example = Facts{record.ExampleFacts("结对协议书", "1", "份", "pairing"), Founding,
	[]Side{{record.ExampleCore, Core}, {record.ExampleMember, Member}}}

// What joining and leaving are called, as commands and as steps.
const (
	joinZH, joinEN   = "学校加入结对", "let a school join a pairing"
	leaveZH, leaveEN = "学校退出结对", "let a school leave a pairing"
)

// RecordType is the record type of pairings. Joining and leaving are steps too, but their
// events are older than the engine and keep their own form.
var RecordType = func() record.Type[Facts] {
	b := record.NewReportType[Facts]("pairing", zh).WithUpcasts(event.UpcastUnchanged).WithExample(example).
		WithOpenings(record.DefineOpening[Applied]("apply", "applied", "申请结对帮扶", "apply for support", applicable)).
		WithSteps(stepDefinitions()...).Legal(legal).NotTakenPlace(applied, refused)
	b.Workflow.Rules = append(slices.Clip(b.Workflow.Rules),
		record.Rule{Verb: "joined", ZH: joinZH, EN: joinEN, From: standing}, record.Rule{Verb: "left", ZH: leaveZH, EN: leaveEN, From: standing})
	workflow := b.Workflow
	b.Decider.Apply = func(s record.State[Facts], e event.Event) record.State[Facts] {
		s.Progress, s.Facts = foldProgress(workflow, s.Progress, s.Facts, e)
		return s
	}
	return b
}()

// applicable refuses an application that names no school, is a roster, or tells
// of what only a pairing can have gone through.
func applicable(f Facts, _ calendar.Occurred) error {
	switch {
	case len(f.Sides) == 0:
		return ErrNoSides
	case f.Basis != Founding:
		return ErrBadBasis.With("basis", f.Basis)
	case len(f.Course) > 0:
		return ErrNoCourse
	}
	return nil
}

func stepDefinitions() []record.StepDefinition {
	live := func(order, verb, zh, en string, needs ...record.Need) record.Rule {
		return record.Rule{Command: order, Verb: verb, ZH: zh, EN: en, From: standing, Needs: needs}
	}
	match := record.Rule{Command: "match", Verb: "matched", ZH: "匹配帮扶学校", EN: "match an application with schools that help",
		From: []record.Stage{applied}, To: matched, Once: true, Needs: []record.Need{record.NeedsDay, record.NeedsActor}}
	refuse := record.Rule{Command: "refuse", Verb: "refused", ZH: "不予帮扶", EN: "refuse an application for support",
		From: []record.Stage{applied}, To: refused, Once: true, Needs: []record.Need{record.NeedsNote}}
	end := live("end", "ended", "终止结对", "end a pairing", record.NeedsDay, record.NeedsNote)
	end.To, end.Once = ended, true
	return []record.StepDefinition{
		record.DefineStep[Matched](match),
		record.DefineStep[Refused](refuse),
		record.DefineStep[Signed](live("sign", "signed", "登记结对协议", "record an agreement", record.NeedsActor, record.NeedsPeriod)),
		record.DefineStep[Reviewed](live("review", "reviewed", "审核结对协议", "review an agreement", record.NeedsActor, record.NeedsGrade)),
		record.DefineStep[Renewed](live("renew", "renewed", "续签结对协议", "renew an agreement", record.NeedsPeriod)).WithExample(renewal),
		record.DefineStep[TypeSet](live("set_type", "type_set", "确定或变更结对类型", "set or change the type of a pairing", record.NeedsWhat)),
		record.DefineStep[LeadersNamed](live("name_leaders", "leaders_named", "登记领导小组", "name the leading group", record.NeedsPeople, record.NeedsRole)),
		record.DefineStep[LiaisonNamed](live("name_liaison", "liaison_named", "登记联系人", "name a liaison", record.NeedsActor, record.NeedsPeople, record.NeedsRole)),
		record.DefineStep[ChairRotated](live("rotate_chair", "chair_rotated", "轮值交接", "pass on the chair", record.NeedsActor)),
		record.DefineStep[PersonAdmitted](live("admit_person", "person_admitted", "人员准入", "admit people", record.NeedsPeople)),
		record.DefineStep[PersonEliminated](live("eliminate_person", "person_eliminated", "人员淘汰", "eliminate people", record.NeedsPeople, record.NeedsNote)),
		record.DefineStep[PersonAssessed](live("assess_person", "person_assessed", "考核成员", "assess members", record.NeedsPeople, record.NeedsGrade)),
		record.DefineStep[Assessed](live("assess", "assessed", "考核结对", "assess a pairing", record.NeedsActor, record.NeedsGrade)),
		record.DefineStep[Ended](end),
	}
}

// renewal shows a renewal that reaches beyond the agreement that pairing.sign
// shows.
func renewal(s *record.Step) { s.From, s.Until = "day:2019-03-01", "day:2020-02-29" }

// A State is what the events so far say about one pairing.
type State struct {
	record.Progress
	Facts   Facts        `json:"facts"`
	Members []Membership `json:"members"` // every school's times, in the order in which they entered
}

// Decider folds pairings.
var Decider = command.Decider[State]{Kind: "pairing", Apply: Fold}

// Fold returns the state after e.
func Fold(s State, e event.Event) State {
	s.Progress, s.Facts = foldProgress(RecordType.Workflow, s.Progress, s.Facts, e)
	s.Members = s.schools().memberships()
	return s
}

// StateOf returns the state that a pairing's progress stands for.
func StateOf(p record.Progress) State {
	s := State{Progress: p}
	s.Facts, _ = p.Facts().(Facts)
	s.Members = s.schools().memberships()
	return s
}

// foldProgress returns progress and facts after e.
func foldProgress(w record.Workflow, p record.Progress, f Facts, e event.Event) (record.Progress, Facts) {
	p = w.Fold(p, e)
	if said, ok := p.Facts().(Facts); ok {
		f = said
	}
	return p, f
}

// A Foundation is the body of pairing.found: the facts themselves.
type Foundation struct{ record.Report[Facts] }

// SealTexts seals the facts.
func (c Foundation) SealTexts(ctx context.Context, s seal.Sealer) (any, error) {
	facts, err := c.Facts.SealBody(ctx, s)
	c.Facts = facts
	return c, err
}

// Establish decides whether a pairing may be founded.
func Establish(s State, meta command.Meta, c Foundation) ([]any, error) {
	reported, err := RecordType.Report(record.State[Facts]{Progress: s.Progress, Facts: s.Facts}, meta, c.Report)
	if err != nil {
		return nil, err
	}
	facts := reported[0].(record.Reported[Facts]).Facts
	if !facts.foundable() {
		return nil, ErrNoCore
	}
	return []any{Founded{facts}}, nil
}

// A Joining is the body of pairing.join.
type Joining struct {
	Side
}

// References returns the school.
func (c Joining) References() []string { return []string{c.School} }

// Join decides whether a school may join on a day.
func Join(s State, meta command.Meta, c Joining) ([]any, error) {
	if err := s.open(meta, "joined"); err != nil {
		return nil, err
	}
	if event.StreamKind(c.School) != "school" {
		return nil, record.ErrBadUnit.With("school", c.School)
	}
	if !c.Role.known() {
		return nil, ErrBadRole.With("role", c.Role)
	}
	if s.current(c.School) >= 0 {
		return nil, ErrAlreadyMember.With("school", c.School)
	}
	return s.after(meta, "joined", Joined{c.Side})
}

// A Leaving is the body of pairing.leave.
type Leaving struct {
	School string    `json:"school"`
	Reason seal.Text `json:"reason" lines:"several"`
}

// References returns the school.
func (c Leaving) References() []string { return []string{c.School} }

// SealTexts seals the reason: it is prose and may name anybody.
func (c Leaving) SealTexts(ctx context.Context, s seal.Sealer) (any, error) {
	var err error
	c.Reason, err = s.Prose(ctx, "reason", c.Reason)
	return c, err
}

// Leave decides whether a school may leave on a day.
func Leave(s State, meta command.Meta, c Leaving) ([]any, error) {
	if err := s.open(meta, "left"); err != nil {
		return nil, err
	}
	if s.current(c.School) < 0 {
		return nil, ErrNotMember.With("school", c.School)
	}
	return s.after(meta, "left", Left(c))
}

// open refuses a change of membership that the state does not allow.
func (s State) open(meta command.Meta, verb string) error {
	switch {
	case s.Phase == record.Absent:
		return record.NotReported("pairing", zh)
	case s.Phase == record.Void:
		return record.AlreadyVoid("pairing", zh)
	case !slices.Contains(standing, s.Stage):
		return record.OutOfOrder("pairing").With("step", verb).With("stage", s.Stage)
	case !s.startKnown():
		return ErrStartUnknown
	case meta.Occurred.Precision() != calendar.PrecisionDay:
		return ErrDayUnknown
	}
	return nil
}

// after returns fact unless the pairing would not be legal with it.
func (s State) after(meta command.Meta, verb string, fact any) ([]any, error) {
	next := Fold(s, event.Event{Envelope: event.Envelope{ID: meta.Command, Type: "pairing." + verb, Occurred: meta.Occurred}, Fact: fact})
	if err := next.legal(); err != nil {
		return nil, err
	}
	return []any{fact}, nil
}

// current returns the place of the membership that school has now, or -1.
func (s State) current(school string) int {
	return slices.IndexFunc(s.Members, func(m Membership) bool { return m.School == school && m.Exit == "" })
}
