package intake

import (
	"context"
	"slices"
	"strings"

	"twinledger/domain/command"
	"twinledger/domain/event"
	"twinledger/domain/fault"
	"twinledger/domain/record"
	"twinledger/domain/seal"
)

// What the command row.void is refused with.
var (
	ErrRowNotTaken = fault.New(fault.Refused, "row.not-taken",
		"台账中没有导入过此行；请核对编号。", "No such row was imported; check its id.")
	ErrRowNotHeld = fault.New(fault.Refused, "row.not-held",
		"此行已入账，不是暂挂；请更正或作废它的记录。", "The row is recorded, not held; correct or void its record.")
	ErrRowVoided = fault.New(fault.Refused, "row.voided",
		"此暂挂行已了结，不能再改。", "The held row is settled already and cannot be changed.")
	ErrRowTarget = fault.New(fault.Refused, "row.wrong-target",
		"所指事件不是导入此行的事件；请用 journal 核对事件编号。", "The target is not the event that took the row; check its id in the journal.")
)

// rowState is what a row's stream says.
type rowState struct {
	taken   string // id of the event that took it; empty when none did
	outcome Outcome
	void    bool
	facts   RowTaken
	since   *RowSuperseded // nil while no later file replaced it or left it out
	again   bool           // what it recorded is void: what it records from now on has ids of its own
	former  []formerState  // what it was before each import that stands, the first one first
}

// A formerState is what a row was before an import did something to it.
type formerState struct {
	by    string // key of the import
	state rowState
}

var rowDecider = command.Decider[rowState]{Kind: "row", Apply: func(s rowState, e event.Event) rowState {
	if d, is := e.Fact.(RowUndone); is {
		return s.without(d.Import)
	}
	if event.StreamKind(e.Correlation) == "import" && s.lastBy() != e.Correlation {
		s.former = append(slices.Clip(s.former), formerState{e.Correlation, s})
	}
	switch d := e.Fact.(type) {
	case RowTaken:
		s.again = s.again || s.taken != "" && s.outcome != Held && d.Outcome == Held
		s.taken, s.outcome, s.facts, s.void, s.since = e.ID, d.Outcome, d, false, nil
	case RowSuperseded:
		s.since = &d
	case RowVoided:
		s.void = true
	}
	return s
}}

// lastBy returns the key of the last import that did something to the row, "" when none did
// that stands.
func (s rowState) lastBy() string {
	if len(s.former) == 0 {
		return ""
	}
	return s.former[len(s.former)-1].by
}

// without returns what the row was before an import did something to it.
func (s rowState) without(by string) rowState {
	i := slices.IndexFunc(s.former, func(f formerState) bool { return f.by == by })
	if i < 0 {
		return s
	}
	s = s.former[i].state
	s.again = true
	return s
}

// waits tells whether the row is held and nobody settled it.
func (s rowState) waits() bool { return s.taken != "" && s.outcome == Held && !s.void }

// voidRow is the body of row.void.
type voidRow struct {
	Target string    `json:"target"` // id of the event that took the row; empty means that one
	Reason seal.Text `json:"reason" lines:"several"`
}

// SealTexts seals the reason, which may name anybody. A reason of white space is
// none.
func (c voidRow) SealTexts(ctx context.Context, s seal.Sealer) (any, error) {
	c.Reason.Clear = strings.TrimSpace(c.Reason.Clear)
	var err error
	c.Reason, err = s.Prose(ctx, "reason", c.Reason)
	return c, err
}

// decideTake takes a row. One that was taken before is taken anew only when it was held and
// makes a record now, which settles it, when it was read to say something else, when the clerk
// answers now so that it is held, or when the clerk answers as before it was superseded.
func decideTake(s rowState, _ command.Meta, c takeRow) ([]any, error) {
	switch {
	case s.taken == "", s.since != nil, s.outcome != Held && c.Outcome != Held && s.facts.Meaning != c.Meaning,
		s.outcome != Held && c.Outcome == Held && s.facts.Answers != c.Answers:
		return []any{c.RowTaken}, nil
	case s.outcome == Held && !s.void && c.Outcome != Held:
		return []any{RowVoided{s.taken, c.Settles}, c.RowTaken}, nil
	}
	return nil, nil
}

// decideSupersede notes what a later file did to a row that was taken.
func decideSupersede(s rowState, _ command.Meta, c supersedeRow) ([]any, error) {
	if s.taken == "" {
		return nil, ErrRowNotTaken
	}
	return []any{c.RowSuperseded}, nil
}

// decideUndo undoes what an import did to a row, when no later one did anything to it.
func decideUndo(s rowState, _ command.Meta, c undoRow) ([]any, error) {
	if s.lastBy() != c.Import {
		return nil, nil
	}
	return []any{RowUndone{c.Import, s.without(c.Import).waits()}}, nil
}

// decideVoid settles a row while it is held.
func decideVoid(s rowState, _ command.Meta, c voidRow) ([]any, error) {
	switch {
	case s.taken == "":
		return nil, ErrRowNotTaken
	case s.void:
		return nil, ErrRowVoided
	case s.outcome != Held:
		return nil, ErrRowNotHeld
	case c.Target != "" && c.Target != s.taken:
		return nil, ErrRowTarget.With("target", c.Target)
	case c.Reason.IsZero():
		return nil, record.ErrNoReason
	}
	return []any{RowVoided{s.taken, c.Reason}}, nil
}

func rowCommands() []command.Definition {
	return []command.Definition{
		command.Define("row.take", rowDecider, decideTake, command.Internal(), command.Creating()),
		command.Define("row.supersede", rowDecider, decideSupersede, command.Internal()),
		command.Define("row.undo", rowDecider, decideUndo, command.Internal()),
		command.Define("row.void", rowDecider, decideVoid, command.Describe("了结暂挂行", "settle a held row"),
			command.Example(voidRow{Reason: record.ExampleReason})),
	}
}
