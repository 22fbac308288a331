// Package pairing holds the agreed relation between schools (结对): which school
// leads a community, which are its members, and since when.
//
// A pairing that the office founds is joined and left by schools over time. One
// that a file tells of is reported: at its founding, or as a roster shows it.
package pairing

import (
	"context"

	"twinledger/domain/calendar"
	"twinledger/domain/command"
	"twinledger/domain/event"
	"twinledger/domain/fault"
	"twinledger/domain/record"
	"twinledger/domain/seal"
)

// Facts are what is said about a pairing; when it occurred is since when it
// holds or, of a roster, when it was so.
type Facts struct {
	record.Facts
	Basis Basis  `json:"basis"`
	Sides []Side `json:"sides"`
}

// A Basis says what a pairing is known from.
type Basis string

// The bases of a pairing.
const (
	Founding Basis = "founding" // it began when it occurred
	Roster   Basis = "roster"   // it was so when it occurred; since when is unknown
)

// A Side is one school's part in a pairing.
type Side struct {
	School string `json:"school"` // key of the school
	Role   Role   `json:"role"`
}

// A Role is the glossary's code of a school's part. The parties' own words for
// it stand in the district's programme.
type Role string

// The roles that the record files name. Others of the glossary may be given in
// commands.
const (
	Core   Role = "core_school"
	Member Role = "member_school"
)

var roles = map[Role]bool{
	Core: true, Member: true, "lead_unit": true, "main_school": true, "supporting_school": true, "guiding_school": true,
	"base_school": true, "centre_school": true, "helping_school": true, "head_school": true, "cooperating_school": true,
	"supported_school": true, "joint_unit": true, "partner_school": true, "alliance_school": true, "helped_school": true,
	"guided_school": true, "linked_school": true, "branch": true, "campus": true, "paired_school": true,
}

// Leads tells whether the role is that of the strong side, which leads.
func (r Role) Leads() bool {
	switch r {
	case Core, "lead_unit", "main_school", "guiding_school", "base_school", "centre_school", "helping_school", "head_school":
		return true
	}
	return false
}

// The events of a pairing's own workflow.
type (
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
)

// A Membership is one school's time in a pairing.
type Membership struct {
	Side
	Basis Basis             // Roster: Since is when it was so
	Since calendar.Occurred // from when, as far as known
	Until calendar.Occurred // "" while it lasts
	Entry string            // id of the event that brought the school in
	Exit  string            // id of the event that took it out; ""
}

// A State is what the events so far say about one pairing.
type State struct {
	Phase    record.Phase
	Founding string // id of the event that founded or reported it
	Reported bool   // told of afterwards; no workflow
	Occurred calendar.Occurred
	Facts    Facts
	Members  []Membership // every school's times, in the order in which they entered
}

// Decider folds pairings.
var Decider = command.Decider[State]{Kind: "pairing", Apply: Fold}

// Fold returns the state after e.
func Fold(s State, e event.Event) State {
	switch d := e.Fact.(type) {
	case record.Reported[Facts]:
		return found(State{Reported: true}, e, d.Facts)
	case Founded:
		return found(State{}, e, d.Facts)
	case record.Corrected[Facts]:
		former := s
		e.ID = s.Founding
		s = found(State{Reported: s.Reported}, e, d.Facts)
		s.keepLater(former)
	case Joined:
		s.Members = append(s.Members[:len(s.Members):len(s.Members)], Membership{Side: d.Side, Basis: Founding, Since: e.Occurred, Entry: e.ID})
	case Left:
		s.Members = append([]Membership(nil), s.Members...)
		if i := s.current(d.School); i >= 0 {
			s.Members[i].Until, s.Members[i].Exit = e.Occurred, e.ID
		}
	case record.Voided[Facts]:
		s = void(s, d.Target)
	}
	return s
}

func found(s State, e event.Event, f Facts) State {
	s.Phase, s.Founding, s.Occurred, s.Facts = record.Standing, e.ID, e.Occurred, f
	for _, side := range f.Sides {
		s.Members = append(s.Members, Membership{Side: side, Basis: f.Basis, Since: e.Occurred, Entry: e.ID})
	}
	return s
}

func void(s State, target string) State {
	if target == s.Founding {
		s.Phase = record.Void
		return s
	}
	var kept []Membership
	for _, m := range s.Members {
		if m.Entry == target {
			continue
		}
		if m.Exit == target {
			m.Until, m.Exit = "", ""
		}
		kept = append(kept, m)
	}
	s.Members = kept
	return s
}

// keepLater takes over what happened after the founding that is corrected: who
// joined, and which of the founding's schools left.
func (s *State) keepLater(former State) {
	founders := len(s.Members)
	for _, m := range former.Members {
		if m.Entry != s.Founding {
			s.Members = append(s.Members, m)
			continue
		}
		for i := range s.Members[:founders] {
			if s.Members[i].School == m.School {
				s.Members[i].Until, s.Members[i].Exit = m.Until, m.Exit
			}
		}
	}
}

// checkAfter refuses a fact after which a school would be in the pairing twice
// at once, or would have left before it came.
func (s State) checkAfter(meta command.Meta, fact any) error {
	next := Fold(s, event.Event{Envelope: event.Envelope{Occurred: meta.Occurred}, Fact: fact})
	for i, m := range next.Members {
		if m.Since.Dated() && m.Until != "" && m.Until.Value() < m.Since.Value() {
			return ErrLeavesBeforeJoining.With("joined", m.Since).With("leaves", m.Until)
		}
		for _, former := range next.Members[:i] {
			overlap := former.Exit == "" || m.Since.Dated() && m.Since.Value() < former.Until.Value()
			if former.School == m.School && overlap {
				return ErrTwice.With("school", m.School)
			}
		}
	}
	return nil
}

// current returns the place of the membership that school has now, or -1.
func (s State) current(school string) int {
	for i, m := range s.Members {
		if m.School == school && m.Exit == "" {
			return i
		}
	}
	return -1
}

// Register declares the events of pairings.
func Register(r *event.Registry) {
	event.Define[record.Reported[Facts]](r, "pairing.reported")
	event.Define[Founded](r, "pairing.founded")
	event.Define[Joined](r, "pairing.joined")
	event.Define[Left](r, "pairing.left")
	event.Define[record.Corrected[Facts]](r, "pairing.corrected")
	event.Define[record.Voided[Facts]](r, "pairing.voided")
}

// Commands returns the commands of pairings.
func Commands() []command.Definition {
	example := Facts{record.ExampleFacts("结对协议书", "1", "份", "pairing"), Founding,
		[]Side{{record.ExampleCore, Core}, {record.ExampleMember, Member}}}
	return []command.Definition{
		command.Define("pairing.report", Decider, Report, command.Creating(), command.Example(record.Report[Facts]{Facts: example}), command.Describe("补报结对", "report a past pairing")),
		command.Define("pairing.found", Decider, Establish, command.Creating(), command.Example(Foundation{record.Report[Facts]{Facts: example}}), command.Describe("建立结对", "found a pairing")),
		command.Define("pairing.join", Decider, Join, command.Example(Joining{Side{record.ExampleThird, Member}}), command.Describe("学校加入结对", "let a school join a pairing")),
		command.Define("pairing.leave", Decider, Leave, command.Example(Leaving{record.ExampleMember, seal.Text{Clear: "学校撤并"}}), command.Describe("学校退出结对", "let a school leave a pairing")),
		command.Define("pairing.correct", Decider, Correct, command.Example(record.Correct[Facts]{Reason: record.ExampleReason, Facts: example}), command.Describe("更正结对", "correct a pairing")),
		command.Define("pairing.void", Decider, Withdraw, command.Example(record.Withdraw[Facts]{Reason: record.ExampleReason}), command.Describe("作废结对", "void a pairing, a joining or a leaving")),
	}
}

const zh = "结对"

// The refusals of a pairing, beside those of every record.
var (
	ErrBadRole = fault.New(fault.Invalid, "pairing.bad-role",
		"学校身份代码不在术语表中；请核对 role。", "The role is not in the glossary; check role.")
	ErrNoSides = fault.New(fault.Invalid, "pairing.no-sides",
		"结对至少要写明一所学校，且同一学校不得重复。", "A pairing names at least one school, each once.")
	ErrNoCore = fault.New(fault.Invalid, "pairing.no-core",
		"由本办建立的结对须写明共同体、一所核心校和至少一所成员校。", "A pairing that the office founds names its community, one leading school and at least one member; give them.")
	ErrBadBasis = fault.New(fault.Invalid, "pairing.bad-basis",
		"basis 应为 founding 或 roster。", "basis must be founding or roster.")
	ErrReportedOnly = fault.New(fault.Refused, "pairing.reported-only",
		"该结对为事后补报，不能办理加入或退出；请先建立结对。", "This pairing was reported afterwards; found it before schools join or leave.")
	ErrAlreadyMember = fault.New(fault.Refused, "pairing.already-member",
		"该校已在结对中，无须再次加入；如身份有误，请作废原来的加入后重新办理。", "The school is in this pairing already and need not join; if its role is wrong, void that joining and let it join again.")
	ErrTwice = fault.New(fault.Refused, "pairing.twice",
		"该校会在同一时间两次在结对中；请核对加入和退出的日期，或先作废其后的加入。", "The school would be in this pairing twice at once; check the days of joining and leaving, or void the later joining first.")
	ErrNotMember = fault.New(fault.Refused, "pairing.not-member",
		"该校不在结对中，不能退出；请核对学校。", "The school is not in this pairing and cannot leave it; check the school.")
	ErrLeavesBeforeJoining = fault.New(fault.Refused, "pairing.leaves-before-joining",
		"退出日期早于加入日期；请核对。", "The school would leave before it joined; check the days.")
	ErrDayUnknown = fault.New(fault.Invalid, "pairing.day-unknown",
		"加入或退出须写明日期（occurred 为 day:…）。", "Give the day of joining or leaving (occurred as day:…).")
)

// Report decides whether a past pairing may be reported.
func Report(s State, _ command.Meta, c record.Report[Facts]) ([]any, error) {
	if s.Phase != record.Absent {
		return nil, record.AlreadyReported("pairing", zh)
	}
	facts := c.Facts.Normal()
	if err := facts.Check(); err != nil {
		return nil, err
	}
	return []any{record.Reported[Facts]{Facts: facts}}, nil
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
func Establish(s State, _ command.Meta, c Foundation) ([]any, error) {
	if s.Phase != record.Absent {
		return nil, record.AlreadyReported("pairing", zh)
	}
	facts := c.Facts.Normal()
	if err := facts.Check(); err != nil {
		return nil, err
	}
	if !facts.foundable() {
		return nil, ErrNoCore
	}
	return []any{Founded{facts}}, nil
}

// foundable tells whether f says all that a pairing needs which the office
// founds.
func (f Facts) foundable() bool {
	leading, others := 0, 0
	for _, side := range f.Sides {
		if side.Role.Leads() {
			leading++
		} else {
			others++
		}
	}
	return leading == 1 && others > 0 && f.Community != "" && f.Basis == Founding
}

// A Joining is the body of pairing.join.
type Joining struct {
	Side
}

// References returns the school.
func (c Joining) References() []string { return []string{c.School} }

// Join decides whether a school may join on a day.
func Join(s State, meta command.Meta, c Joining) ([]any, error) {
	if err := s.open(meta); err != nil {
		return nil, err
	}
	if !roles[c.Role] {
		return nil, ErrBadRole.With("role", c.Role)
	}
	if s.current(c.School) >= 0 {
		return nil, ErrAlreadyMember.With("school", c.School)
	}
	joined := Joined{c.Side}
	if err := s.checkAfter(meta, joined); err != nil {
		return nil, err
	}
	return []any{joined}, nil
}

// A Leaving is the body of pairing.leave.
type Leaving struct {
	School string    `json:"school"`
	Reason seal.Text `json:"reason"`
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
	if err := s.open(meta); err != nil {
		return nil, err
	}
	if s.current(c.School) < 0 {
		return nil, ErrNotMember.With("school", c.School)
	}
	left := Left(c)
	if err := s.checkAfter(meta, left); err != nil {
		return nil, err
	}
	return []any{left}, nil
}

// open refuses a change of membership that the state does not allow.
func (s State) open(meta command.Meta) error {
	switch {
	case s.Phase == record.Absent:
		return record.NotReported("pairing", zh)
	case s.Phase == record.Void:
		return record.AlreadyVoid("pairing", zh)
	case s.Reported:
		return ErrReportedOnly
	case meta.Occurred.Precision() != calendar.PrecisionDay:
		return ErrDayUnknown
	}
	return nil
}

// Correct decides whether what was said at the founding may be replaced; who
// joined or left later stays so.
func Correct(s State, meta command.Meta, c record.Correct[Facts]) ([]any, error) {
	if err := s.mayChange(c.Reason); err != nil {
		return nil, err
	}
	if c.Target != "" && c.Target != s.Founding {
		return nil, record.WrongTarget("pairing", zh).With("target", c.Target)
	}
	facts := c.Facts.Normal()
	if err := facts.Check(); err != nil {
		return nil, err
	}
	if !s.Reported && !facts.foundable() {
		return nil, ErrNoCore
	}
	corrected := record.Corrected[Facts]{Target: s.Founding, Reason: c.Reason, Facts: facts}
	if err := s.checkAfter(meta, corrected); err != nil {
		return nil, err
	}
	return []any{corrected}, nil
}

// Withdraw decides whether the pairing, one joining or one leaving may be
// voided.
func Withdraw(s State, meta command.Meta, c record.Withdraw[Facts]) ([]any, error) {
	if err := s.mayChange(c.Reason); err != nil {
		return nil, err
	}
	target := c.Target
	if target == "" {
		target = s.Founding
	}
	known := target == s.Founding
	for _, m := range s.Members {
		known = known || target == m.Entry || target == m.Exit && m.Exit != ""
	}
	if !known {
		return nil, record.WrongTarget("pairing", zh).With("target", target)
	}
	voided := record.Voided[Facts]{Target: target, Reason: c.Reason}
	if err := s.checkAfter(meta, voided); err != nil {
		return nil, err
	}
	return []any{voided}, nil
}

func (s State) mayChange(reason seal.Text) error {
	switch {
	case s.Phase == record.Absent:
		return record.NotReported("pairing", zh)
	case s.Phase == record.Void:
		return record.AlreadyVoid("pairing", zh)
	case reason.IsZero():
		return record.ErrNoReason
	}
	return nil
}

// Normal returns f in its stored form.
func (f Facts) Normal() Facts {
	f.Facts = f.Facts.Normal()
	if f.Basis == "" {
		f.Basis = Founding
	}
	if f.Sides == nil {
		f.Sides = []Side{}
	}
	return f
}

// Check returns the first thing that is malformed.
func (f Facts) Check() error {
	if f.Basis != Founding && f.Basis != Roster {
		return ErrBadBasis.With("basis", f.Basis)
	}
	seen := map[string]bool{}
	for _, side := range f.Sides {
		if !roles[side.Role] {
			return ErrBadRole.With("role", side.Role)
		}
		if event.StreamKind(side.School) != "school" || seen[side.School] {
			return ErrNoSides.With("school", side.School)
		}
		seen[side.School] = true
	}
	if len(f.Sides) == 0 {
		return ErrNoSides
	}
	return f.Facts.Check("pairing")
}

// SealBody returns f with its texts sealed.
func (f Facts) SealBody(ctx context.Context, s seal.Sealer) (Facts, error) {
	sealed, err := f.SealTexts(ctx, s)
	f.Facts = sealed
	return f, err
}

// References returns the keys of everything that f names.
func (f Facts) References() []string {
	keys := f.Facts.References()
	for _, side := range f.Sides {
		keys = append(keys, side.School)
	}
	return keys
}

// Unknowns lists what is left unknown: a founding needs its day and both sides.
// A roster row tells of one school only and leaves open since when.
func (f Facts) Unknowns(occurred calendar.Occurred) []record.Unknown {
	var out []record.Unknown
	if f.Community == "" {
		out = append(out, record.UnknownCommunity)
	}
	if f.Basis == Roster || !occurred.Dated() {
		out = append(out, record.UnknownStart)
	}
	if f.Basis == Roster {
		return out
	}
	leading, others := false, false
	for _, side := range f.Sides {
		leading = leading || side.Role.Leads()
		others = others || !side.Role.Leads()
	}
	if !leading {
		out = append(out, record.UnknownFrom)
	}
	if !others {
		out = append(out, record.UnknownTo)
	}
	return out
}
