// Package duplicate holds records that tell of the same thing: two schools report one
// lesson, or a row of one file stands in another.
//
// [Compare] says when two records are likely duplicates. Nobody but a person can know
// whether they are, so that a decision is an event. It has a stream of its own for each
// pair of records. Whoever says that they are the same chooses the one that stands for
// both; the other is kept and shown, and counts nowhere.
package duplicate

import (
	"context"
	"slices"
	"strings"

	"twinledger/domain/command"
	"twinledger/domain/event"
	"twinledger/domain/fault"
	"twinledger/domain/org"
	"twinledger/domain/record"
	"twinledger/domain/seal"
)

// The events of a pair of records.
type (
	// Decided says whether two records tell of the same thing. It takes the place of
	// what was decided of them before.
	Decided struct {
		District string    `json:"district"`         // key, of both records
		Records  []string  `json:"records"`          // keys of the two, sorted
		Answer   Answer    `json:"answer"`           // same, different
		Stands   string    `json:"stands,omitempty"` // same: key of the one that stands for both
		Agreed   Agreement `json:"agreed"`           // in what they agreed then
		Reason   seal.Text `json:"reason"`           // sealed; may be empty
	}
	// Voided says that a decision never held: nobody has decided about the pair then.
	Voided struct {
		Target string    `json:"target"` // id of the event that is void
		Reason seal.Text `json:"reason"`
	}
)

// An Answer tells whether two records tell of the same thing.
type Answer string

// The answers.
const (
	Same      Answer = "same"
	Different Answer = "different"
)

// A State is what the events so far say about one pair of records.
type State struct {
	Pair     Pair
	Decision Decided // that holds; zero when none does
	Event    string  // id of the event that decided; "" when none holds
	Order    uint64  // ordinal of that event, where the reader knows it
}

// Decided tells whether a decision stands.
func (s State) Decided() bool { return s.Event != "" }

// Decider folds pairs.
var Decider = command.Decider[State]{Kind: "duplicate", Apply: Fold}

// Fold returns the state after e.
func Fold(s State, e event.Event) State {
	switch d := e.Fact.(type) {
	case Decided:
		if len(d.Records) == 2 {
			s.Pair = Pair(d.Records)
		}
		s.Decision, s.Event = d, e.ID
	case Voided:
		if d.Target == s.Event {
			s.Decision, s.Event = Decided{}, ""
		}
	}
	return s
}

// What is refused.
var (
	ErrBadPair = fault.New(fault.Invalid, "duplicate.bad-pair",
		"records 应写两条不同记录的编号（如 lesson-…），二者须为同一种会计数的记录。",
		"records holds the ids of two different records of one kind that is counted, such as lesson-….")
	ErrBadAnswer = fault.New(fault.Invalid, "duplicate.bad-answer",
		"answer 应为 same 或 different；same 须在 stands 写明以哪一条为准，different 不写 stands。",
		"answer is same or different; same names in stands which of the two stands for both, different names none.")
	ErrNotAlike = fault.New(fault.Refused, "duplicate.not-alike",
		"这两条记录不像是同一件事，不同之处见 difference；如确是同一件事，请先更正记录，或作废其中一条。",
		"The two records do not look like the same thing, see difference; if they are, correct them first or void one.")
	ErrNotCounted = fault.New(fault.Refused, "duplicate.not-counted",
		"此记录已作废、日期不详或尚未发生，不会与别的记录重复计数。", "The record is void, has no date or has not taken place, so that it cannot be counted twice.")
	ErrUndecided = fault.New(fault.Refused, "duplicate.undecided",
		"这两条记录没有生效的判定，无可作废；见 twinledger duplicates --all。", "Nothing is decided about these two records that could be voided; see twinledger duplicates --all.")
	ErrWrongTarget = fault.New(fault.Refused, "duplicate.wrong-target",
		"所指事件不是现行的判定；target 可留空。", "The target is not the decision that holds; target may be left out.")
)

// The bodies of the commands.
type (
	// Decide is the body of duplicate.decide.
	Decide struct {
		Records []string  `json:"records"`
		Answer  Answer    `json:"answer"`
		Stands  string    `json:"stands,omitempty"`
		Reason  seal.Text `json:"reason" lines:"several"`
	}
	// Void is the body of duplicate.void.
	Void struct {
		Target string    `json:"target"` // id of the event; empty means the decision that holds
		Reason seal.Text `json:"reason" lines:"several"`
	}
)

// References returns the two records: they must exist and stand.
func (c Decide) References() []string { return c.Records }

// References returns the two records.
func (d Decided) References() []string { return d.Records }

// SealTexts seals the reason, which may name anybody.
func (c Decide) SealTexts(ctx context.Context, s seal.Sealer) (any, error) {
	var err error
	c.Reason, err = s.Prose(ctx, "reason", c.Reason)
	return c, err
}

// SealTexts seals the reason. A reason of white space is none.
func (c Void) SealTexts(ctx context.Context, s seal.Sealer) (any, error) {
	c.Reason.Clear = strings.TrimSpace(c.Reason.Clear)
	var err error
	c.Reason, err = s.Prose(ctx, "reason", c.Reason)
	return c, err
}

// Key returns the key of the stream of a pair.
func Key(ledger string, pair Pair) string {
	return "duplicate-" + event.UUIDv5(ledger, "duplicate", pair[0], pair[1]).String()
}

// key returns the key for the records of a command; any for what is no pair.
func key(ledger string, _ seal.Vault, c Decide) string {
	if len(c.Records) != 2 {
		return Key(ledger, Pair{})
	}
	return Key(ledger, PairOf(c.Records[0], c.Records[1]))
}

// decide decides a pair. What the two records say comes as related statements.
func decide(s State, meta command.Meta, c Decide) ([]any, error) {
	if len(c.Records) != 2 || c.Records[0] == c.Records[1] || event.StreamKind(c.Records[0]) != event.StreamKind(c.Records[1]) {
		return nil, ErrBadPair
	}
	stands := c.Answer == Same && slices.Contains(c.Records, c.Stands)
	if !stands && !(c.Answer == Different && c.Stands == "") {
		return nil, ErrBadAnswer.With("answer", c.Answer).With("stands", c.Stands)
	}
	said, _ := meta.Related.([]Statement)
	if len(said) != 2 {
		return nil, ErrBadPair
	}
	for i, one := range said {
		if one.Key == "" {
			return nil, ErrNotCounted.With("record", c.Records[i])
		}
	}
	if difference := Compare(said[0], said[1]); difference != None {
		return nil, ErrNotAlike.With("difference", difference)
	}
	pair := PairOf(c.Records[0], c.Records[1])
	next := Decided{said[0].District, pair[:], c.Answer, c.Stands, AgreementOf(said[0], said[1]), c.Reason}
	if s.Decided() && s.Decision.Answer == next.Answer && s.Decision.Stands == next.Stands && s.Decision.Agreed.Equal(next.Agreed) {
		return nil, nil
	}
	return []any{next}, nil
}

// void voids the decision that holds.
func void(s State, _ command.Meta, c Void) ([]any, error) {
	switch {
	case !s.Decided():
		return nil, ErrUndecided
	case c.Target != "" && c.Target != s.Event:
		return nil, ErrWrongTarget.With("target", c.Target)
	case c.Reason.IsZero():
		return nil, record.ErrNoReason
	}
	return []any{Voided{s.Event, c.Reason}}, nil
}

// statements reads what the two records of a command say, with those in place of
// schools, people and communities who are said to be the same.
func statements(workflows map[string]record.Workflow) command.RelatedLoader {
	return func(ctx context.Context, load command.Load, _ string, body any) (any, error) {
		c, _ := body.(Decide)
		var out []Statement
		for _, key := range c.Records {
			workflow, is := workflows[event.StreamKind(key)]
			if !is || len(c.Records) != 2 {
				return nil, nil
			}
			history, err := load(ctx, key)
			if err != nil {
				return nil, err
			}
			var p record.Progress
			for _, e := range history {
				p = workflow.Fold(p, e)
			}
			s, counts := StatementOf(key, 0, p, workflow)
			if !counts {
				s = Statement{}
			}
			same, err := identities(ctx, load, append(append(slices.Clone(s.Schools), s.People...), s.Community))
			if err != nil {
				return nil, err
			}
			out = append(out, s.Resolved(same))
		}
		return out, nil
	}
}

// identities reads who the schools, people and communities with these keys are said
// to be.
func identities(ctx context.Context, load command.Load, keys []string) (Identity, error) {
	as := map[string]string{}
	for len(keys) > 0 {
		key := keys[0]
		keys = keys[1:]
		if _, known := as[key]; known || key == "" {
			continue
		}
		history, err := load(ctx, key)
		if err != nil {
			return nil, err
		}
		as[key] = identifiedAs(event.StreamKind(key), history)
		keys = append(keys, as[key])
	}
	return func(key string) string { return org.Follow(key, func(k string) string { return as[k] }) }, nil
}

func identifiedAs(kind string, history []event.Event) string {
	switch kind {
	case "school":
		return last(history, org.FoldSchool).IdentifiedAs()
	case "person":
		return last(history, org.Fold[org.Person]).IdentifiedAs()
	}
	return last(history, org.Fold[org.Community]).IdentifiedAs()
}

func last[S any](history []event.Event, fold func(S, event.Event) S) S {
	var s S
	for _, e := range history {
		s = fold(s, e)
	}
	return s
}

// Register declares the events of this package.
func Register(r *event.Registry) {
	event.Define[Decided](r, "duplicate.decided")
	event.Define[Voided](r, "duplicate.voided")
}

// Commands returns the commands of this package. workflows are those of all kinds of
// records, by kind of stream.
func Commands(workflows map[string]record.Workflow) []command.Definition {
	const one, other = "lesson-00000000-0000-0000-0000-000000000009", "lesson-00000000-0000-0000-0000-000000000010"
	return []command.Definition{
		command.Define("duplicate.decide", Decider, decide, command.KeyedBy(key), command.WithRelated(statements(workflows)),
			command.Describe("判定两条记录是否同一件事", "decide whether two records tell of the same thing"),
			command.Example(Decide{Records: []string{one, other}, Answer: Same, Stands: one, Reason: seal.Text{Clear: "两校各报了一次"}})),
		command.Define("duplicate.void", Decider, void, command.Describe("作废对两条记录的判定", "void what was decided about two records"),
			command.Example(Void{Reason: record.ExampleReason})),
	}
}

// Words returns the answer in Chinese and English.
func (a Answer) Words() (zh, en string) {
	if a == Same {
		return "同一件事", "the same"
	}
	return "不是同一件事", "different"
}
