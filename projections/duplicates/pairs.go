package duplicates

import (
	"context"
	"strings"

	"twinledger/domain/duplicate"
	"twinledger/projections"
	"twinledger/projections/records"
)

// A Standing says how a pair of records stands.
type Standing string

// The standings.
const (
	Undecided Standing = "undecided"
	Same      Standing = "same"
	Different Standing = "different"
	Contrary  Standing = "contrary" // they were called different, and other decisions call them the same; one of these is wrong
	Lapsed    Standing = "lapsed"   // it was decided, and a correction or voiding ended what they agreed in
)

// Words returns how the pair stands, in Chinese and English.
func (p Pair) Words() (zh, en string) {
	switch p.Standing {
	case Same:
		return "已判为同一件事", "decided: the same"
	case Different:
		return "已判为不是同一件事", "decided: different"
	case Contrary:
		return "判为不是同一件事，但按其他判定又是同一件事：只计一条；请改判或作废其中一个判定", "decided: different, but by other decisions they are the same; one counts, so decide anew or void the decision that is wrong"
	case Lapsed:
		return "原判定不再适用（记录已更正或作废）", "the decision no longer applies: a record was corrected or voided"
	}
	if p.Part != "" {
		return "没有数量的一条可能已包含在有数量的一条之中，待判定", "the one without a number may be contained in the one with a number, undecided"
	}
	return "可能是同一件事，待判定", "perhaps the same, undecided"
}

// Waits tells whether somebody has to decide about the pair.
func (p Pair) Waits() bool { return p.Standing == Undecided || p.Standing == Contrary }

// An Answer is what somebody may decide about a pair.
type Answer struct {
	ZH, EN string
	Answer duplicate.Answer
	One    string // key of a record: of two that are the same, the one that stands
	Other  string
}

// Command returns the command line that gives the answer.
func (a Answer) Command() string {
	return strings.Join([]string{"twinledger duplicates", string(a.Answer), a.One, a.Other}, " ")
}

// Answers returns the answers to choose from. A record that may be part of another one
// is not offered to stand for it: the number would be lost.
func (p Pair) Answers() []Answer {
	one, other := p.Rows[0].Key, p.Rows[1].Key
	answers := []Answer{{"是同一件事，以前一条为准", "the same, the first one stands", duplicate.Same, one, other},
		{"是同一件事，以后一条为准", "the same, the second one stands", duplicate.Same, other, one}}
	if part := p.Part; part != "" {
		whole := one
		if part == one {
			whole = other
		}
		answers = []Answer{{"已包含在有数量的一条之中，以有数量的一条为准", "contained in the one with a number, which stands", duplicate.Same, whole, part}}
	}
	if p.Standing == Contrary { // that they are different was said already
		return answers
	}
	return append(answers, Answer{"不是同一件事", "different", duplicate.Different, one, other})
}

// A Pair is two records that are likely duplicates, or about which somebody decided.
type Pair struct {
	Standing Standing
	Rows     [2]records.Row // the one that was recorded first comes first
	Part     string         // key of the one without a number, where the other has one and may contain it; "" otherwise
	Stands   string         // of a pair that is the same: key of the record that was chosen to stand
	Event    string         // id of the event that decided; "" when nobody did
	Stream   string         // key of the pair's stream; "" when nobody decided
}

// Keys returns the keys of the pair.
func (p Pair) Keys() duplicate.Pair { return duplicate.PairOf(p.Rows[0].Key, p.Rows[1].Key) }

// Pairs returns the undecided pairs in the order in which the later of their records was
// recorded, then the decided ones in the order of the decisions.
func (r Reader) Pairs(ctx context.Context, q Question) ([]Pair, error) {
	found, err := r.Find(ctx, q)
	if err != nil {
		return nil, err
	}
	rows, err := r.decidedRows(ctx, q.AsOf, found)
	if err != nil {
		return nil, err
	}
	var out []Pair
	for _, likely := range found.Undecided {
		pair := Pair{Standing: Undecided, Rows: ordered(rows[likely.First.Key], rows[likely.Second.Key])}
		if duplicate.PartOf(likely.Second, likely.First) {
			pair.Part = likely.Second.Key
		}
		out = append(out, pair)
	}
	for _, d := range found.Decisions {
		pair := Pair{Standing: Lapsed, Rows: ordered(rows[d.State.Pair[0]], rows[d.State.Pair[1]]), Event: d.State.Event, Stream: d.Key}
		if found.Holds[d.State.Pair] {
			pair.Standing, pair.Stands = Standing(d.State.Decision.Answer), d.State.Decision.Stands
		}
		if found.Contrary[d.State.Pair] {
			pair.Standing = Contrary
		}
		out = append(out, pair)
	}
	return out, nil
}

// decidedRows returns the rows that were found, with those of decided records that were
// not found because they are void or share their matter with no other any more.
func (r Reader) decidedRows(ctx context.Context, asOf uint64, found Found) (map[string]records.Row, error) {
	rows := found.Rows
	var missing []string
	for _, d := range found.Decisions {
		for _, key := range d.State.Pair {
			if _, there := rows[key]; !there {
				missing = append(missing, key)
			}
		}
	}
	if len(missing) == 0 {
		return rows, nil
	}
	more, err := r.Records.Select(ctx, projections.Query{AsOf: asOf, Keys: missing})
	for _, row := range more {
		rows[row.Key] = row
	}
	return rows, err
}

func ordered(a, b records.Row) [2]records.Row {
	if len(a.Events) > 0 && len(b.Events) > 0 && b.Events[0].Ordinal < a.Events[0].Ordinal {
		return [2]records.Row{b, a}
	}
	return [2]records.Row{a, b}
}
