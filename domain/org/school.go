package org

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

// The dated changes of schools. Each holds from the day on which it occurred.
type (
	// Renamed gives the school a new name from that day. A name that was written
	// wrongly is corrected instead.
	Renamed struct {
		Name string `json:"name" lines:"any"`
	}
	// Merged ends the school; the successor carries on from that day.
	Merged struct {
		Into string `json:"into"` // key of the successor
		// Memberships says that the school's places in its communities pass to
		// the successor; else they end, and whether the successor belongs there
		// is what its own pairings say.
		Memberships bool `json:"memberships,omitempty"`
	}
	// Split ends the school; several schools follow, and none of them is the
	// one successor.
	Split struct {
		Into []string `json:"into"` // keys
	}
	// PlacedUnder says that the school is a campus or teaching point (校区、
	// 教学点) of another one from that day. It stays a school with records of
	// its own.
	PlacedUnder struct {
		Parent string `json:"parent"` // key
	}
	// ChangeCorrected replaces one of these changes completely, including its day.
	ChangeCorrected struct {
		Target string    `json:"target"` // id of the event corrected
		Reason seal.Text `json:"reason" lines:"several"`
		ChangeDetails
	}
)

// ChangeDetails holds the fields of every dated change. Each kind of change uses its
// own fields and leaves the others empty.
type ChangeDetails struct {
	Name        string   `json:"name,omitempty" lines:"any"` // of a renaming
	Into        []string `json:"into,omitempty"`             // of a merger (one key) or a split (several)
	Memberships bool     `json:"memberships,omitempty"`      // of a merger
	Parent      string   `json:"parent,omitempty"`           // of a placement
}

func (r Renamed) asChange() Change { return Change{Kind: ChangeRenamed, Name: r.Name} }
func (m Merged) asChange() Change {
	return Change{Kind: ChangeMerged, Keys: []string{m.Into}, Memberships: m.Memberships}
}
func (s Split) asChange() Change { return Change{Kind: ChangeSplit, Keys: s.Into} }
func (p PlacedUnder) asChange() Change {
	return Change{Kind: ChangePlacedUnder, Keys: []string{p.Parent}}
}

// References returns the successor.
func (m Merged) References() []string { return []string{m.Into} }

// References returns those that follow.
func (s Split) References() []string { return s.Into }

// References returns the parent.
func (p PlacedUnder) References() []string { return []string{p.Parent} }

// References returns the schools that the correction names.
func (c ChangeCorrected) References() []string { return append(slices.Clone(c.Into), c.Parent) }

// SealTexts seals the reason: it is prose and may name anybody.
func (c ChangeCorrected) SealTexts(ctx context.Context, s seal.Sealer) (any, error) {
	var err error
	c.Reason, err = s.Prose(ctx, "reason", c.Reason)
	return c, err
}

// apply returns the change after this correction.
func (c ChangeCorrected) apply(t Change, on calendar.Day) Change {
	t = Change{ID: t.ID, Kind: t.Kind, On: on, Name: c.Name, Keys: slices.Clone(c.Into), Memberships: c.Memberships}
	if c.Parent != "" {
		t.Keys = []string{c.Parent}
	}
	return t
}

// Described adds what a roster says of a school.
type Described struct {
	Stage   string         `json:"stage,omitempty"`
	Setting string         `json:"setting,omitempty"`
	Source  *record.Source `json:"source,omitempty"`
}

// FoldSchool folds the events of a school.
func FoldSchool(s State[School], e event.Event) State[School] {
	if d, described := e.Fact.(Described); described {
		s.State = foldDescribed(s.State, d)
		return s
	}
	return Fold(s, e)
}

func foldDescribed(s record.State[School], d Described) record.State[School] {
	if d.Stage != "" {
		s.Facts.Stage = d.Stage
	}
	if d.Setting != "" {
		s.Facts.Setting = d.Setting
	}
	return s
}

var schools = kind[School]{recordType: schoolType(), decider: command.Decider[State[School]]{Kind: "school", Apply: FoldSchool},
	other: record.ExampleCore, alias: "一小", legal: func(s State[School]) error { return SchoolState{s}.check() }}

func schoolType() record.Type[School] {
	recordType := record.NewType[School]("school", "学校", "note", "noted",
		command.KeyedBy(func(ledger string, _ seal.Vault, c record.Report[School]) string {
			return SchoolKey(ledger, c.Facts.District, c.Facts.Name)
		})).WithFixed("区县", "district", func(before, after School) bool { return before.District == after.District }).
		WithExample(School{District: record.ExampleDistrict, Name: "第一小学", Stage: "小学", Setting: "乡村"})
	recordType.Decider.Apply = func(s record.State[School], e event.Event) record.State[School] {
		return FoldSchool(State[School]{State: s}, e).State
	}
	return recordType
}

func registerSchools(r *event.Registry) {
	schools.register(r)
	event.Define[Described](r, "school.described")
	event.Define[Renamed](r, "school.renamed")
	event.Define[Merged](r, "school.merged")
	event.Define[Split](r, "school.split")
	event.Define[PlacedUnder](r, "school.placed_under")
	event.Define[ChangeCorrected](r, "school.change_corrected")
}

func schoolCommands() []command.Definition {
	decider, others := schools.decider, command.WithRelated(schools.loadOthers)
	return append(schools.commands(),
		command.Define("school.describe", decider, describe, command.Describe("补充学校情况", "describe a school"),
			command.Example(Described{Stage: "小学", Setting: "乡村"})),
		command.Define("school.rename", decider, rename, command.Describe("学校更名", "rename a school from a day"),
			command.Example(Renamed{Name: "县实验小学"})),
		command.Define("school.merge", decider, changeSchool[Merged], others, command.Describe("学校并入另一所", "merge a school into another from a day"),
			command.Example(Merged{Into: record.ExampleCore, Memberships: true})),
		command.Define("school.split", decider, changeSchool[Split], others, command.Describe("学校分设为几所", "split a school into several from a day"),
			command.Example(Split{Into: []string{record.ExampleMember, record.ExampleThird}})),
		command.Define("school.place_under", decider, changeSchool[PlacedUnder], others, command.Describe("学校改为另一所的校区或教学点", "make a school a campus or teaching point of another from a day"),
			command.Example(PlacedUnder{Parent: record.ExampleCore})),
		command.Define("school.correct_change", decider, correctChange, others, command.Describe("更正学校的更名、合并、分设或隶属", "correct a school's renaming, merger, split or placement"),
			command.Example(ChangeCorrected{Target: record.ExampleEvent, Reason: record.ExampleReason,
				ChangeDetails: ChangeDetails{Name: "县实验小学", Into: []string{record.ExampleCore}, Memberships: true, Parent: record.ExampleThird}})),
	)
}

// describe decides whether a school may be described: while it stands, and when
// something is said.
func describe(s State[School], _ command.Meta, c Described) ([]any, error) {
	if err := schools.open(s); err != nil {
		return nil, err
	}
	if c.Stage == "" && c.Setting == "" {
		return nil, nil
	}
	return []any{c}, nil
}

// What a school's changes are refused with, beside what every record's are.
var (
	ErrDayUnknown = fault.New(fault.Invalid, "school.day-unknown",
		"学校更名、合并、分设或改变隶属须写明日期（occurred 为 day:…）。", "Give the day from which the school is renamed, merged, split or placed (occurred as day:…).")
	ErrSameSchool = fault.New(fault.Invalid, "school.same-school",
		"须写明别的学校的编号，各一次，不能是该校自己；分设至少两所。", "Give the ids of other schools, each once and never its own; a split has at least two.")
	ErrCeased = fault.New(fault.Refused, "school.ceased",
		"该校自所示日期起已并入他校或分设，此后不能再有变动；请核对日期，或先作废该合并或分设。",
		"The school ceased on the day shown by a merger or split and cannot change from then on; check the day, or void the merger or split first.")
	ErrSameDay = fault.New(fault.Refused, "school.same-day",
		"同一天已有一次同类变动；请更正或作废原来的一次。", "There is a change of this sort on that day already; correct or void it.")
	ErrWrongChange = fault.New(fault.Invalid, "school.wrong-change",
		"所写内容与被更正的变动不是一类：更名写 name，合并写一个 into，分设写几个 into，隶属写 parent。",
		"What is given is not of the sort corrected: a renaming gives name, a merger one into, a split several, a placement parent.")
)

// rename decides whether a school is called otherwise from a day.
func rename(s State[School], meta command.Meta, c Renamed) ([]any, error) {
	c.Name = NormalName(c.Name)
	return changeSchool(s, meta, c)
}

// changeSchool decides whether a school changes on a day. To be called what it is
// called, or to lie where it lies, changes nothing.
func changeSchool[C changeEvent](s State[School], meta command.Meta, c C) ([]any, error) {
	if err := schools.open(s); err != nil {
		return nil, err
	}
	if as := s.IdentifiedAs(); as != "" {
		return nil, schools.isAnother().With("as", as)
	}
	change := c.asChange()
	change.On = dayOf(meta.Occurred)
	if err := change.check(meta.Stream); err != nil {
		return nil, err
	}
	now := SchoolState{s}
	if change.Kind == ChangeRenamed && change.Name == now.NameOn(change.On) ||
		change.Kind == ChangePlacedUnder && change.Keys[0] == now.ParentOn(change.On) {
		return nil, nil
	}
	return acceptChange(s, meta, change, c)
}

// acceptChange returns the fact that adds or corrects a change. It refuses what
// would be illegal for this school alone or together with the schools it names.
func acceptChange(s State[School], meta command.Meta, change Change, fact any) ([]any, error) {
	facts, err := schools.accept(s, meta, fact)
	if err != nil {
		return nil, err
	}
	known := othersOf[School](meta)
	if change.Kind.endsSchool() {
		err = schools.circle(meta.Stream, change, known)
	}
	if err == nil && !meta.FromFile { // a file may list the later of two changes first
		err = refuseGone(change, known)
		if err == nil && change.Kind == ChangePlacedUnder {
			err = parentCircle(meta.Stream, change, SchoolState{schools.after(s, meta, fact)}, known)
		}
	}
	if err != nil {
		return nil, err
	}
	return facts, nil
}

// correctChange decides whether one of a school's changes may be replaced.
func correctChange(s State[School], meta command.Meta, c ChangeCorrected) ([]any, error) {
	c.Name = NormalName(c.Name)
	if err := schools.open(s); err != nil {
		return nil, err
	}
	i := s.find(c.Target)
	if i < 0 || !s.Changes[i].Kind.dated() {
		return nil, record.WrongTarget("school", "学校").With("target", c.Target)
	}
	if c.Reason.IsZero() {
		return nil, record.ErrNoReason
	}
	if !c.fits(s.Changes[i].Kind) {
		return nil, ErrWrongChange.With("change", s.Changes[i].Kind)
	}
	change := c.apply(s.Changes[i], dayOf(meta.Occurred))
	if err := change.check(meta.Stream); err != nil {
		return nil, err
	}
	return acceptChange(s, meta, change, c)
}

// fits tells whether exactly the fields of this kind of change are filled.
func (c ChangeDetails) fits(kind ChangeKind) bool {
	want := map[ChangeKind][4]bool{ // name, into, memberships allowed, parent
		ChangeRenamed: {true, false, false, false}, ChangeMerged: {false, true, true, false},
		ChangeSplit: {false, true, false, false}, ChangePlacedUnder: {false, false, false, true},
	}[kind]
	return want == [4]bool{c.Name != "", len(c.Into) > 0, c.Memberships || kind == ChangeMerged, c.Parent != ""}
}

// check refuses a change that is malformed.
func (t Change) check(school string) error {
	if t.On == "" {
		return ErrDayUnknown
	}
	if t.Kind == ChangeRenamed {
		return named(t.Name)
	}
	for i, key := range t.Keys {
		if event.StreamKind(key) != "school" || key == school || slices.Contains(t.Keys[:i], key) {
			return ErrSameSchool.With("school", key)
		}
	}
	if t.Kind == ChangeSplit && len(t.Keys) < 2 || t.Kind != ChangeSplit && len(t.Keys) != 1 {
		return ErrSameSchool
	}
	return nil
}

// A SchoolState answers what is true of a school on a day. Changes may be
// recorded in any order; what counts is from which day they hold.
type SchoolState struct{ State[School] }

// check refuses changes that cannot all be true: a change after the school ended,
// or two changes of one kind on one day.
func (s SchoolState) check() error {
	ceased, has := s.mergerOrSplit()
	for i, t := range s.Changes {
		if !t.Kind.dated() {
			continue
		}
		if has && t.ID != ceased.ID && t.On >= ceased.On {
			return ErrCeased.With("ceased", ceased.On).With("change", t.Kind).With("on", t.On)
		}
		if has && t.ID != ceased.ID && t.Kind.endsSchool() {
			return ErrCeased.With("ceased", ceased.On)
		}
		for _, former := range s.Changes[:i] {
			if former.Kind == t.Kind && former.On == t.On {
				return ErrSameDay.With("change", t.Kind).With("on", t.On)
			}
		}
	}
	return nil
}

// latest returns the change of a kind that is in force on a day.
func (s SchoolState) latest(kind ChangeKind, day calendar.Day) (Change, bool) {
	var found Change
	for _, t := range s.Changes {
		if t.Kind == kind && t.On <= day && t.On > found.On {
			found = t
		}
	}
	return found, found.On != ""
}

// NameOn returns the name in force on a day.
func (s SchoolState) NameOn(day calendar.Day) string {
	if t, renamed := s.latest(ChangeRenamed, day); renamed {
		return t.Name
	}
	return s.Facts.Name
}

// Name returns the name that was, or will be, in force last.
func (s SchoolState) Name() string { return s.NameOn(lastDay) }

// lastDay lies behind every day that is written.
const lastDay calendar.Day = "9999-12-31"

// StandingOn tells whether the school is there on a day: it is not void and has
// not merged or split by then. Since when it is there nobody says.
func (s SchoolState) StandingOn(day calendar.Day) bool {
	ceased, has := s.mergerOrSplit()
	return s.Phase == record.Standing && !(has && ceased.On <= day)
}

// SuccessorOn returns the school that carries on for this one on a day, "" when
// it has not merged by then. A school that was split has none.
func (s SchoolState) SuccessorOn(day calendar.Day) string {
	if t, ceased := s.mergerOrSplit(); ceased && t.Kind == ChangeMerged && t.On <= day {
		return t.Keys[0]
	}
	return ""
}

// ParentOn returns the school of which this one is a campus or teaching point on
// a day, "" when it is none.
func (s SchoolState) ParentOn(day calendar.Day) string {
	if t, placed := s.latest(ChangePlacedUnder, day); placed {
		return t.Keys[0]
	}
	return ""
}

// Names returns every name that the school has or had, and its aliases.
func (s SchoolState) Names() []string {
	names := []string{s.Facts.Name}
	for _, t := range s.Changes {
		if (t.Kind == ChangeRenamed || t.Kind == ChangeAliased) && !slices.Contains(names, t.Name) {
			names = append(names, t.Name)
		}
	}
	return names
}
