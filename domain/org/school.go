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

// What happens to schools. Each holds from the day on which it occurred.
type (
	// Renamed says that the school is called otherwise from that day. A name
	// that was written wrongly is corrected instead.
	Renamed struct {
		Name string `json:"name" lines:"any"`
	}
	// Merged says that the school ceases and another one carries on from that
	// day.
	Merged struct {
		Into string `json:"into"` // key of the successor
		// Memberships says that the school's places in its communities pass to
		// the successor; else they end, and whether the successor belongs there
		// is what its own pairings say.
		Memberships bool `json:"memberships,omitempty"`
	}
	// Split says that the school ceases and several follow, none of which is
	// the successor.
	Split struct {
		Into []string `json:"into"` // keys
	}
	// PlacedUnder says that the school is a campus or teaching point (校区、
	// 教学点) of another one from that day. It stays a school with records of
	// its own.
	PlacedUnder struct {
		Parent string `json:"parent"` // key
	}
	// ChangeCorrected replaces what one of these said, wholly, the day included.
	ChangeCorrected struct {
		Target string    `json:"target"` // id of the event corrected
		Reason seal.Text `json:"reason" lines:"several"`
		Change
	}
)

// A Change is what any of a school's changes says; each sort uses its own
// fields and leaves the others empty.
type Change struct {
	Name        string   `json:"name,omitempty" lines:"any"` // of a renaming
	Into        []string `json:"into,omitempty"`             // of a merger (one key) or a split (several)
	Memberships bool     `json:"memberships,omitempty"`      // of a merger
	Parent      string   `json:"parent,omitempty"`           // of a placement
}

func (r Renamed) turn() Turn { return Turn{Sort: SortRenamed, Name: r.Name} }
func (m Merged) turn() Turn {
	return Turn{Sort: SortMerged, Keys: []string{m.Into}, Memberships: m.Memberships}
}
func (s Split) turn() Turn       { return Turn{Sort: SortSplit, Keys: s.Into} }
func (p PlacedUnder) turn() Turn { return Turn{Sort: SortPlacedUnder, Keys: []string{p.Parent}} }

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

// apply returns the turn as corrected.
func (c ChangeCorrected) apply(t Turn, on calendar.Day) Turn {
	t = Turn{ID: t.ID, Sort: t.Sort, On: on, Name: c.Name, Keys: slices.Clone(c.Into), Memberships: c.Memberships}
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

var schools = kind[School]{book: schoolBook(), decider: command.Decider[State[School]]{Kind: "school", Apply: FoldSchool},
	other: record.ExampleCore, alias: "一小", legal: func(s State[School]) error { return SchoolState{s}.check() }}

func schoolBook() record.Book[School] {
	book := record.NewBook[School]("school", "学校", "note", "noted",
		command.KeyedBy(func(ledger string, _ seal.Vault, c record.Report[School]) string {
			return SchoolKey(ledger, c.Facts.District, c.Facts.Name)
		})).Keeping("区县", "district", func(before, after School) bool { return before.District == after.District }).
		Showing(School{District: record.ExampleDistrict, Name: "第一小学", Stage: "小学", Setting: "乡村"})
	book.Decider.Apply = func(s record.State[School], e event.Event) record.State[School] {
		return FoldSchool(State[School]{State: s}, e).State
	}
	return book
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
	decider, others := schools.decider, command.Beside(schools.look)
	return append(schools.commands(),
		command.Define("school.describe", decider, describe, command.Describe("补充学校情况", "describe a school"),
			command.Example(Described{Stage: "小学", Setting: "乡村"})),
		command.Define("school.rename", decider, rename, command.Describe("学校更名", "rename a school from a day"),
			command.Example(Renamed{Name: "县实验小学"})),
		command.Define("school.merge", decider, change[Merged], others, command.Describe("学校并入另一所", "merge a school into another from a day"),
			command.Example(Merged{Into: record.ExampleCore, Memberships: true})),
		command.Define("school.split", decider, change[Split], others, command.Describe("学校分设为几所", "split a school into several from a day"),
			command.Example(Split{Into: []string{record.ExampleMember, record.ExampleThird}})),
		command.Define("school.place_under", decider, change[PlacedUnder], others, command.Describe("学校改为另一所的校区或教学点", "make a school a campus or teaching point of another from a day"),
			command.Example(PlacedUnder{Parent: record.ExampleCore})),
		command.Define("school.correct_change", decider, correctChange, others, command.Describe("更正学校的更名、合并、分设或隶属", "correct a school's renaming, merger, split or placement"),
			command.Example(ChangeCorrected{Target: record.ExampleEvent, Reason: record.ExampleReason,
				Change: Change{Name: "县实验小学", Into: []string{record.ExampleCore}, Memberships: true, Parent: record.ExampleThird}})),
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
	return change(s, meta, c)
}

// change decides whether a school changes on a day. To be called what it is
// called, or to lie where it lies, changes nothing.
func change[C turning](s State[School], meta command.Meta, c C) ([]any, error) {
	if err := schools.open(s); err != nil {
		return nil, err
	}
	if as := s.As(); as != "" {
		return nil, schools.isAnother().With("as", as)
	}
	turn := c.turn()
	turn.On = dayOf(meta.Occurred)
	if err := turn.check(meta.Stream); err != nil {
		return nil, err
	}
	now := SchoolState{s}
	if turn.Sort == SortRenamed && turn.Name == now.NameOn(turn.On) ||
		turn.Sort == SortPlacedUnder && turn.Keys[0] == now.ParentOn(turn.On) {
		return nil, nil
	}
	return turned(s, meta, turn, c)
}

// turned returns the fact by which a turn is made, or made otherwise, unless it
// would make what may not be: of this school, or beside others.
func turned(s State[School], meta command.Meta, turn Turn, fact any) ([]any, error) {
	facts, err := schools.take(s, meta, fact)
	if err != nil {
		return nil, err
	}
	known := beside[School](meta)
	if turn.Sort.ceases() {
		err = schools.circle(meta.Stream, turn, known)
	}
	if err == nil && !meta.FromFile { // which may tell of the later of two changes first
		err = standing(turn, known)
		if err == nil && turn.Sort == SortPlacedUnder {
			err = parentCircle(meta.Stream, turn, SchoolState{schools.after(s, meta, fact)}, known)
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
	if i < 0 || !s.Turns[i].Sort.dated() {
		return nil, record.WrongTarget("school", "学校").With("target", c.Target)
	}
	if c.Reason.IsZero() {
		return nil, record.ErrNoReason
	}
	if !c.fits(s.Turns[i].Sort) {
		return nil, ErrWrongChange.With("change", s.Turns[i].Sort)
	}
	turn := c.apply(s.Turns[i], dayOf(meta.Occurred))
	if err := turn.check(meta.Stream); err != nil {
		return nil, err
	}
	return turned(s, meta, turn, c)
}

// fits tells whether the change says what its sort says and nothing else.
func (c Change) fits(sort Sort) bool {
	want := map[Sort][4]bool{ // name, into, memberships allowed, parent
		SortRenamed: {true, false, false, false}, SortMerged: {false, true, true, false},
		SortSplit: {false, true, false, false}, SortPlacedUnder: {false, false, false, true},
	}[sort]
	return want == [4]bool{c.Name != "", len(c.Into) > 0, c.Memberships || sort == SortMerged, c.Parent != ""}
}

// check refuses a change that is malformed.
func (t Turn) check(school string) error {
	if t.On == "" {
		return ErrDayUnknown
	}
	if t.Sort == SortRenamed {
		return named(t.Name)
	}
	for i, key := range t.Keys {
		if event.StreamKind(key) != "school" || key == school || slices.Contains(t.Keys[:i], key) {
			return ErrSameSchool.With("school", key)
		}
	}
	if t.Sort == SortSplit && len(t.Keys) < 2 || t.Sort != SortSplit && len(t.Keys) != 1 {
		return ErrSameSchool
	}
	return nil
}

// A SchoolState answers what is true of a school on a day. Changes may be
// recorded in any order; what counts is from which day they hold.
type SchoolState struct{ State[School] }

// check refuses changes that cannot all be true: after the school ceased, or two
// of a sort on one day.
func (s SchoolState) check() error {
	ceased, has := s.ceasing()
	for i, t := range s.Turns {
		if !t.Sort.dated() {
			continue
		}
		if has && t.ID != ceased.ID && t.On >= ceased.On {
			return ErrCeased.With("ceased", ceased.On).With("change", t.Sort).With("on", t.On)
		}
		if has && t.ID != ceased.ID && t.Sort.ceases() {
			return ErrCeased.With("ceased", ceased.On)
		}
		for _, former := range s.Turns[:i] {
			if former.Sort == t.Sort && former.On == t.On {
				return ErrSameDay.With("change", t.Sort).With("on", t.On)
			}
		}
	}
	return nil
}

// latest returns the turn of a sort that holds on a day.
func (s SchoolState) latest(sort Sort, day calendar.Day) (Turn, bool) {
	var found Turn
	for _, t := range s.Turns {
		if t.Sort == sort && t.On <= day && t.On > found.On {
			found = t
		}
	}
	return found, found.On != ""
}

// NameOn returns the name in force on a day.
func (s SchoolState) NameOn(day calendar.Day) string {
	if t, renamed := s.latest(SortRenamed, day); renamed {
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
	ceased, has := s.ceasing()
	return s.Phase == record.Standing && !(has && ceased.On <= day)
}

// SuccessorOn returns the school that carries on for this one on a day, "" when
// it has not merged by then. A school that was split has none.
func (s SchoolState) SuccessorOn(day calendar.Day) string {
	if t, ceased := s.ceasing(); ceased && t.Sort == SortMerged && t.On <= day {
		return t.Keys[0]
	}
	return ""
}

// ParentOn returns the school of which this one is a campus or teaching point on
// a day, "" when it is none.
func (s SchoolState) ParentOn(day calendar.Day) string {
	if t, placed := s.latest(SortPlacedUnder, day); placed {
		return t.Keys[0]
	}
	return ""
}

// Names returns every name that the school has or had, and its aliases.
func (s SchoolState) Names() []string {
	names := []string{s.Facts.Name}
	for _, t := range s.Turns {
		if (t.Sort == SortRenamed || t.Sort == SortAliased) && !slices.Contains(names, t.Name) {
			names = append(names, t.Name)
		}
	}
	return names
}
