package duplicates

import (
	"context"

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
	Lapsed    Standing = "lapsed" // it was decided, and a correction or voiding ended what they agreed in
)

// Words returns the standing in Chinese and English.
func (s Standing) Words() (zh, en string) {
	switch s {
	case Same:
		return "已判为同一件事", "decided: the same"
	case Different:
		return "已判为不是同一件事", "decided: different"
	case Lapsed:
		return "原判定不再适用（记录已更正或作废）", "the decision no longer applies: a record was corrected or voided"
	}
	return "可能是同一件事，待判定", "perhaps the same, undecided"
}

// A Pair is two records that are likely duplicates, or about which somebody decided.
type Pair struct {
	Standing Standing
	Rows     [2]records.Row // the one that was recorded first comes first
	Stands   string         // of a pair that is the same: key of the record that was chosen to stand
	Event    string         // id of the event that decided; "" when nobody did
	Stream   string         // key of the pair's stream; "" when nobody decided
}

// Keys returns the keys of the pair.
func (p Pair) Keys() duplicate.Pair { return duplicate.PairOf(p.Rows[0].Key, p.Rows[1].Key) }

// Pairs returns the undecided pairs in the order in which their second records were
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
		out = append(out, Pair{Standing: Undecided, Rows: ordered(rows[likely.First.Key], rows[likely.Second.Key])})
	}
	for _, d := range found.Decisions {
		pair := Pair{Standing: Lapsed, Rows: ordered(rows[d.State.Pair[0]], rows[d.State.Pair[1]]), Event: d.State.Event, Stream: d.Key}
		if found.Holds[d.State.Pair] {
			pair.Standing, pair.Stands = Standing(d.State.Decision.Answer), d.State.Decision.Stands
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
