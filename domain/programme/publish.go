package programme

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"regexp"

	"twinledger/domain/calendar"
	"twinledger/domain/command"
	"twinledger/domain/event"
	"twinledger/domain/fault"
	"twinledger/domain/pairing"
	"twinledger/domain/record"
	"twinledger/domain/seal"
)

// Published says that a district put a programme in force. It holds the tree
// that is evaluated and the file that it was read from.
type Published struct {
	District  string       `json:"district"`
	From      calendar.Day `json:"from"`         // first day in force
	To        calendar.Day `json:"to,omitempty"` // last day in force; empty until another is published
	Programme Programme    `json:"programme" lines:"several"`
	File      string       `json:"file" lines:"several"` // the text as published
}

// Withdrawn says that a publication never held.
type Withdrawn struct {
	Target string    `json:"target"` // id of the publication
	Reason seal.Text `json:"reason" lines:"several"`
}

// A Publication is one published version, as a state holds it.
type Publication struct {
	Event     string // id of the event
	Version   int    // 1, 2, 3 … in the order of publishing
	Published Published
	Withdrawn bool
}

// A State is every version of one programme of one district.
type State struct{ Publications []Publication }

// Decider folds programmes: one stream per district and code.
var Decider = command.Decider[State]{Kind: "programme", Apply: Fold}

// Fold returns the state after e.
func Fold(s State, e event.Event) State {
	switch d := e.Fact.(type) {
	case Published:
		n := len(s.Publications)
		s.Publications = append(s.Publications[:n:n], Publication{Event: e.ID, Version: n + 1, Published: d})
	case Withdrawn:
		all := append([]Publication(nil), s.Publications...)
		for i := range all {
			all[i].Withdrawn = all[i].Withdrawn || all[i].Event == d.Target
		}
		s.Publications = all
	}
	return s
}

// Key returns the key of a programme's stream.
func Key(ledger, district, code string) string {
	return "programme-" + event.UUIDv5(ledger, "programme", district, code).String()
}

// Register declares the events of programmes.
func Register(r *event.Registry) {
	event.Define[Published](r, "programme.published")
	event.Define[Withdrawn](r, "programme.withdrawn")
}

// Commands returns the commands of programmes.
func Commands() []command.Definition {
	return []command.Definition{
		command.Define("programme.publish", Decider, Publish, command.Describe("发布方案", "publish a programme"), command.Example(examplePublishing()),
			command.KeyedBy(func(ledger string, _ seal.Vault, c Publishing) string {
				return Key(ledger, c.District, c.Programme.Code)
			})),
		command.Define("programme.withdraw", Decider, Withdraw, command.Describe("撤回方案", "withdraw a published programme"),
			command.Example(Withdrawal{record.ExampleEvent, record.ExampleReason})),
	}
}

// examplePublishing is a plan of one obligation.
func examplePublishing() Publishing {
	return Publishing{Published{District: record.ExampleDistrict, From: "2017-09-01", To: "2018-08-31", File: "format: 1\ncode: sample\n", Programme: Programme{
		Format: Format, Code: "sample", Title: Words{"样例方案", "A sample plan"}, Source: "样例县结对方案",
		Parties: []Party{{pairing.Core, Words{"核心校", "core school"}}}, Silences: []Words{{"未写明学期起止", "terms are not dated"}},
		Obligations: []Obligation{{
			ID: "sample-1", Text: Words{"核心校每学期到成员校送语文课不少于两节", "the core school gives a member at least 2 Chinese lessons per term"},
			Section: "第二条", Strength: Hard, Notes: []Words{{"未写明按校计", "not said per school"}},
			Count: Count{AtLeast: 2, Kinds: []record.Kind{"outreach_lesson"}, Per: PerMemberSchool, Window: Term,
				Direction: CoreToMember, Modes: []record.Mode{record.Offline}, Subjects: []string{"语文"}},
		}},
	}}}
}

// What publishing refuses with.
var (
	ErrBadPeriod = fault.New(fault.Invalid, "programme.bad-period",
		"方案须写明生效日期（如 2017-09-01），终止日期不得早于生效日期。", "Give the first day in force (as 2017-09-01); the last must not lie before it.")
	ErrSamePublication = fault.New(fault.Refused, "programme.already-published",
		"同一方案同一有效期已发布，不必再发布。", "The same programme is already published for this period; nothing needs to be done.")
	ErrNotPublished = fault.New(fault.Refused, "programme.not-published",
		"没有这次发布，或已撤回；请核对事件编号。", "There is no such publication, or it is withdrawn; check the event's id.")
	ErrBadProgramme = fault.New(fault.Invalid, "programme.bad",
		"方案内容不合格式；请核对。", "The programme is malformed; check it.")
)

// Publishing is the body of programme.publish.
type Publishing struct{ Published }

// References returns the district.
func (c Publishing) References() []string { return []string{c.District} }

// Publish decides whether a programme may be put in force.
func Publish(s State, _ command.Meta, c Publishing) ([]any, error) {
	if _, err := calendar.ParseDay(string(c.From)); err != nil {
		return nil, ErrBadPeriod.With("from", c.From)
	}
	if _, err := calendar.ParseDay(string(c.To)); c.To != "" && (err != nil || c.To < c.From) {
		return nil, ErrBadPeriod.With("to", c.To)
	}
	if err := c.Programme.Check(); err != nil {
		return nil, err
	}
	for _, p := range s.Publications {
		same := p.Published.From == c.From && p.Published.To == c.To && p.Published.Programme.Digest() == c.Programme.Digest()
		if same && !p.Withdrawn {
			return nil, ErrSamePublication.With("version", p.Version)
		}
	}
	return []any{c.Published}, nil
}

// A Withdrawal is the body of programme.withdraw.
type Withdrawal struct {
	Target string    `json:"target"`
	Reason seal.Text `json:"reason" lines:"several"`
}

// SealTexts seals the reason: it is prose and may name anybody.
func (c Withdrawal) SealTexts(ctx context.Context, s seal.Sealer) (any, error) {
	var err error
	c.Reason, err = s.Prose(ctx, "reason", c.Reason)
	return c, err
}

// Withdraw decides whether a publication may be withdrawn.
func Withdraw(s State, _ command.Meta, c Withdrawal) ([]any, error) {
	if c.Reason.IsZero() {
		return nil, record.ErrNoReason
	}
	for _, p := range s.Publications {
		if p.Event == c.Target && !p.Withdrawn {
			return []any{Withdrawn(c)}, nil
		}
	}
	return nil, ErrNotPublished.With("target", c.Target)
}

var codeForm = regexp.MustCompile(`^[a-z][a-z0-9]*(-[a-z0-9]+)*$`)

// Check returns the first thing that is malformed, naming the obligation.
func (p Programme) Check() error {
	if p.Format != Format || !codeForm.MatchString(p.Code) {
		return ErrBadProgramme.With("format", p.Format).With("code", p.Code)
	}
	seen := map[string]bool{}
	for _, o := range p.Obligations {
		if seen[o.ID] || !codeForm.MatchString(o.ID) {
			return ErrBadProgramme.With("obligation", o.ID)
		}
		seen[o.ID] = true
		if problem := o.Problem(); problem != "" {
			refusal := ErrBadProgramme.With("obligation", o.ID).With("field", problem)
			if unknown, found := o.unknownKind(); found && problem == badKinds {
				return record.WithNearestKinds(refusal, string(unknown))
			}
			return refusal
		}
	}
	return nil
}

// badKinds is the field of the kinds, as [Obligation.Problem] names it.
const badKinds = "count.kinds"

// unknownKind returns the first kind that the glossary does not have, and whether
// there is one.
func (o Obligation) unknownKind() (record.Kind, bool) {
	for _, k := range o.Count.Kinds {
		if _, known := record.Lookup(k); !known {
			return k, true
		}
	}
	return "", false
}

// Problem returns the name of the first field whose value is not allowed, or "".
func (o Obligation) Problem() string {
	c := o.Count
	switch {
	case o.Text.ZH == "":
		return "text.zh"
	case o.Strength != Hard && o.Strength != Soft && o.Strength != Practice:
		return "strength"
	case c.AtLeast < 1:
		return "count.at_least"
	case len(c.Kinds) == 0:
		return badKinds
	case c.Per != PerCommunity && c.Per != PerMemberSchool:
		return "count.per"
	case c.Window != Term:
		return "count.window"
	}
	if _, found := o.unknownKind(); found {
		return badKinds
	}
	switch c.Direction {
	case AnyDirection, CoreToMember, MemberToCore, ByCore, ByMember:
	default:
		return "count.direction"
	}
	for _, m := range c.Modes {
		if m != record.Online && m != record.Offline && m != record.Mixed {
			return "count.modes"
		}
	}
	return ""
}

// Digest returns the SHA-256 of the tree's stored form, in hex. Two programmes
// with the same digest judge alike.
func (p Programme) Digest() string {
	b, err := event.Marshal(p)
	if err != nil {
		return "" // a tree of strings and numbers always encodes
	}
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}
