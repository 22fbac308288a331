// Package pairing holds the agreed relation between schools (结对): which school
// leads a community, which are its members, since when, under which agreement
// and of which type; and the groups of people that the plans call communities
// too: studios, research communities, communities of class teachers.
//
// A pairing that the office founds is joined and left by schools over time. One
// that a file tells of is reported: at its founding, or as a roster shows it. A
// school that asks for support applies, and is matched with a school that helps
// it or refused (帮扶申请表).
//
// Everything asked of a pairing at a day (its members, type, chair, agreement)
// follows from its facts and the steps that stand; nothing of it is stored.
package pairing

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

// Facts are what is said about a pairing; when it occurred is since when it
// holds or, of a roster, when it was so. Of a group of people, the people are
// its members.
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

// Words returns the Chinese word of every basis, by code: what a table says.
func (Basis) Words() map[string]string {
	return map[string]string{string(Founding): "建立", string(Roster): "名单"}
}

// A Side is one school's part in a pairing.
type Side struct {
	School string `json:"school"` // key of the school
	Role   Role   `json:"role"`
}

// groups are the kinds of pairing whose members may be people.
var groups = []record.Kind{"studio", "research_community", "learning_community", "class_teacher_community"}

// roles returns the roles of all sides.
func (f Facts) roles() []Role {
	var out []Role
	for _, side := range f.Sides {
		out = append(out, side.Role)
	}
	return out
}

// ofPeople tells whether the pairing is a group of people.
func (f Facts) ofPeople() bool { return slices.ContainsFunc(groups, f.Is) }

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

// Check returns the first thing that is malformed, or that what is told of its
// course contradicts.
func (f Facts) Check() error {
	if f.Basis != Founding && f.Basis != Roster {
		return ErrBadBasis.With("basis", f.Basis)
	}
	seen := map[string]bool{}
	for _, side := range f.Sides {
		if !side.Role.known() {
			return badRole(side.Role)
		}
		if event.StreamKind(side.School) != "school" || seen[side.School] {
			return ErrNoSides.With("school", side.School)
		}
		seen[side.School] = true
	}
	if len(f.Sides) == 0 && !(f.ofPeople() && len(f.People) > 0) {
		return ErrNoSides
	}
	if err := f.Facts.Check("pairing"); err != nil {
		return err
	}
	return legal(f, record.Progress{Phase: record.Standing, Founded: string(reported), Founding: "told"})
}

// foundable tells whether f says all that a pairing needs which the office
// founds: its community, and a school that leads others or schools that are
// paired as equals; of a group of people, who is in it. A plan may have leaders of
// several sorts, one of each (引领校 and 基地校, kaiyang).
func (f Facts) foundable() bool {
	leading, led, equals := map[Role]int{}, 0, 0
	all := f.roles()
	for _, side := range f.Sides {
		if side.Role.LeadsAmong(all) {
			leading[side.Role]++
			led = max(led, leading[side.Role])
		}
		if side.Role == neutral {
			equals++
		}
	}
	paired := led == 1 && len(f.Sides) > 1 || equals == len(f.Sides) && equals > 1
	switch {
	case f.Basis != Founding:
		return false
	case f.ofPeople():
		return len(f.People) > 0 || paired
	}
	return paired && f.Community != ""
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

// Unknowns lists what is left unknown: a founding needs its day and both sides,
// or its people. A roster row tells of one school only and leaves open since
// when.
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
	if f.ofPeople() && len(f.Sides) == 0 {
		return out
	}
	leading, others := false, false
	all := f.roles()
	for _, side := range f.Sides {
		leads := side.Role.LeadsAmong(all)
		leading = leading || leads || side.Role == neutral
		others = others || !leads
	}
	if !leading {
		out = append(out, record.UnknownFrom)
	}
	if !others {
		out = append(out, record.UnknownTo)
	}
	return out
}

// Register declares the events of pairings.
func Register(r *event.Registry) {
	RecordType.Register(r)
	event.Define[Founded](r, "pairing.founded", event.UpcastUnchanged)
	event.Define[Joined](r, "pairing.joined")
	event.Define[Left](r, "pairing.left")
}

// Commands returns the commands of pairings.
func Commands() []command.Definition {
	return append(RecordType.Commands(),
		command.Define("pairing.found", Decider, Establish, command.Creating(), command.Example(Foundation{record.Report[Facts]{Facts: example}}), command.Describe("建立结对", "found a pairing")),
		command.Define("pairing.join", Decider, Join, command.Example(Joining{Side{record.ExampleThird, Member}}), command.Describe(joinZH, joinEN)),
		command.Define("pairing.leave", Decider, Leave, command.Example(Leaving{record.ExampleMember, seal.Text{Clear: "学校撤并"}}), command.Describe(leaveZH, leaveEN)),
	)
}

const zh = "结对"

// The refusals of a pairing, beside those of every record.
var (
	ErrBadRole = fault.New(fault.Invalid, "pairing.bad-role",
		"学校身份代码不在术语表中；请核对 role。", "The role is not in the glossary; check role.")
	ErrNoSides = fault.New(fault.Invalid, "pairing.no-sides",
		"结对至少要写明一所学校，且同一学校不得重复；人员组成的共同体或工作室可只写人员。",
		"A pairing names at least one school, each once; a studio or a community of people may name its people only.")
	ErrNoCore = fault.New(fault.Invalid, "pairing.no-core",
		"由本办建立的结对须写明共同体、一所核心校和至少一所成员校（或两所以上结对学校）；工作室等须写明人员。",
		"A pairing that the office founds names its community, one leading school and at least one member (or two paired schools); a studio or the like names its people; give them.")
	ErrBadBasis = fault.New(fault.Invalid, "pairing.bad-basis",
		"basis 应为 founding 或 roster。", "basis must be founding or roster.")
	ErrStartUnknown = fault.New(fault.Refused, "pairing.start-unknown",
		"该结对只见于名单或起始时间不明，不能办理加入、退出、续签或终止；请先更正：basis 写 founding，occurred 写起始时间。",
		"This pairing is known from a roster only, or not since when, so that nobody can join, leave, renew or end it; correct it first: basis founding, and as occurred since when it holds.")
	ErrAlreadyMember = fault.New(fault.Refused, "pairing.already-member",
		"该校已在结对中，无须再次加入；如身份有误，请作废原来的加入后重新办理。", "The school is in this pairing already and need not join; if its role is wrong, void that joining and let it join again.")
	ErrTwice = fault.New(fault.Refused, "pairing.twice",
		"该校会在同一时间两次在结对中；请核对加入和退出的日期，或先作废其后的加入。", "The school would be in this pairing twice at once; check the days of joining and leaving, or void the later joining first.")
	ErrNotMember = fault.New(fault.Refused, "pairing.not-member",
		"该校不在结对中，不能退出或轮值；请核对学校，或先作废其后的退出、轮值。", "The school is not in this pairing and can neither leave nor chair it; check the school, or void the later leaving or chair first.")
	ErrLeavesBeforeJoining = fault.New(fault.Refused, "pairing.leaves-before-joining",
		"退出日期早于加入日期；请核对。", "The school would leave before it joined; check the days.")
	ErrJoinsBeforeFounding = fault.New(fault.Refused, "pairing.joins-before-founding",
		"加入日期早于结对建立日期；请核对日期，或更正结对的建立日期。", "The school would join before the pairing began; check the day, or correct since when the pairing holds.")
	ErrDayUnknown = fault.New(fault.Invalid, "pairing.day-unknown",
		"此步骤须写明日期（occurred 或 from 为 day:…）。", "Give the day of this step (occurred or from as day:…).")
	ErrNoHelper = fault.New(fault.Invalid, "pairing.no-helper",
		"匹配帮扶须在 by 中写明申请学校以外的帮扶学校；role 可写身份代码，不写即 helping_school。",
		"A match names in by the schools that help, other than those that applied; role may give their role's code and is helping_school when left out.")
	ErrNoCourse = fault.New(fault.Invalid, "pairing.no-course",
		"申请帮扶时还没有经过；请去掉 course，匹配后逐步登记。", "An application has no course yet; leave course out and record its steps once it is matched.")
	ErrBadType = fault.New(fault.Invalid, "pairing.bad-type",
		"结对类型代码与类型名称不符或不在代码表中；请核对 what，不确定时 code 留空。",
		"The type's code is none, or not that of the word written; check what, and leave code empty when in doubt.")
	ErrNoAgreement = fault.New(fault.Refused, "pairing.no-agreement",
		"没有可审核或续签的协议；请先登记协议（pairing.sign）。", "There is no agreement to review or renew; record it first (pairing.sign).")
	ErrRenewalShortens = fault.New(fault.Refused, "pairing.renewal-shortens",
		"续签的截止日期不晚于原协议的截止日期；请核对 until。", "The renewal does not reach beyond the agreement's last day; check until.")
	ErrOneChair = fault.New(fault.Invalid, "pairing.one-chair",
		"轮值应在 by 中写明一所学校。", "A chair is one school, named in by.")
	ErrAfterEnd = fault.New(fault.Refused, "pairing.after-end",
		"结对终止之后不能再办理；请核对日期，或先作废（更正）终止。", "This lies after the pairing's end; check the day, or void or correct its ending first.")
	ErrStranger = fault.New(fault.Refused, "pairing.stranger",
		"该人员不在（或已在）此共同体中；请核对人员，或先作废其后的步骤。", "The person is not in this community, or is in it already; check the person, or void the later step first.")
)
