// Package communities is the community board: which communities there are, who
// belongs to them, and how much of each kind is recorded.
//
// It is no read model of its own: a record may move to another community by a
// correction, so nothing is summed up before somebody asks, and the board adds
// the registers' rows that stand at the ordinal asked for.
package communities

import (
	"context"
	"maps"
	"slices"
	"sort"
	"strings"

	"twinledger/domain/calendar"
	"twinledger/domain/org"
	"twinledger/projections"
	"twinledger/projections/records"
	"twinledger/projections/registers"
	"twinledger/projections/reviews"
)

// A Board is one community with its totals.
type Board struct {
	Key           string       `json:"key"`
	Name          string       `json:"name"`
	District      string       `json:"district"`
	Provisional   bool         `json:"provisional"`
	Members       []Member     `json:"members"`
	Totals        []Total      `json:"totals"`
	Incomplete    int          `json:"incomplete"`      // records that leave something unknown
	NotTakenPlace int          `json:"not_taken_place"` // records of what has not taken place, or never will, or is dated after the day judged on; they count nowhere else
	ToldTwice     int          `json:"told_twice"`      // records that another one stands for; they count nowhere else
	Held          int          `json:"held"`            // rows that could not be counted
	Changes       []org.Change `json:"changes,omitempty"`
	Ordinals      []uint64     `json:"ordinals"` // of the events of the community itself
}

// A Total is how much of one kind of stream is recorded that took place.
type Total struct {
	Kind        string `json:"kind"`
	Records     int    `json:"records"`
	Occurrences int    `json:"occurrences"` // of the numbered records
	Unnumbered  int    `json:"unnumbered"`  // records that do not say how much
}

// A Question asks for boards; what is empty is not asked.
type Question struct {
	AsOf     uint64       // ordinal; 0 for now
	JudgedOn calendar.Day // what is dated after it has not taken place; "" counts whatever its date
	ValidAt  calendar.Day // only the members of that day
	District string
	Keys     []string // only these communities
}

// Boards returns the boards that are asked for, ordered by name. A community that
// is said to be another one has no board; what is recorded of it stands on the
// other's, which answers for its key.
func Boards(ctx context.Context, reader registers.Reader, q Question) ([]Board, error) {
	of, err := reader.Rows.Select(ctx, projections.Query{AsOf: q.AsOf, Kind: "community"})
	if err != nil {
		return nil, err
	}
	stands := reviews.SameCommunity(of)
	byKey := map[string]*Board{}
	for _, r := range of {
		wanted := len(q.Keys) == 0 || slices.ContainsFunc(q.Keys, func(key string) bool { return stands(key) == r.Key })
		if wanted && !r.Void() && stands(r.Key) == r.Key && (q.District == "" || q.District == r.Facts.District) {
			byKey[r.Key] = boardOf(r)
		}
	}
	recorded := projections.Query{AsOf: q.AsOf, Where: []projections.Condition{within(q, of, byKey, stands), projections.Has(records.ByMarks, records.MarkStanding)}}
	if err := addTotals(ctx, reader, recorded, q.JudgedOn, byKey, stands); err != nil {
		return nil, err
	}
	if err := takeToldTwice(ctx, reader, recorded, q.JudgedOn, byKey, stands); err != nil {
		return nil, err
	}
	if err := addMembers(ctx, reader, q, recorded, byKey, stands); err != nil {
		return nil, err
	}
	boards := []Board{}
	for _, b := range byKey {
		boards = append(boards, *b)
	}
	sort.Slice(boards, func(i, j int) bool { return boards[i].Name+boards[i].Key < boards[j].Name+boards[j].Key })
	return boards, nil
}

// within returns the condition that a row is of one of the boards' communities; of
// any community, unless some are asked for.
func within(q Question, all []records.Row, boards map[string]*Board, stands func(string) string) projections.Condition {
	if len(q.Keys) == 0 {
		return projections.Known(records.ByCommunity)
	}
	keys := []string{}
	for _, r := range all {
		if boards[stands(r.Key)] != nil {
			keys = append(keys, r.Key)
		}
	}
	return projections.Is(records.ByCommunity, keys...)
}

func boardOf(r records.Row) *Board {
	return &Board{Key: r.Key, Name: r.Name, District: r.Facts.District, Provisional: r.Is(records.MarkProvisional),
		Members: []Member{}, Totals: []Total{}, Changes: r.Changes, Ordinals: r.Ordinals()}
}

// addTotals counts what is recorded of the boards' communities, apart what is dated
// after a day. A date that is a term or a school year lies after the day when its
// earliest day by any calendar does: no calendar is read for the board.
func addTotals(ctx context.Context, reader registers.Reader, recorded projections.Query, day calendar.Day, boards map[string]*Board, stands func(string) string) error {
	count := func(isAhead bool, where ...projections.Condition) error {
		q := recorded
		q.Where = append(slices.Clone(recorded.Where), where...)
		groups, err := reader.Rows.Count(ctx, q,
			[]string{records.ByCommunity, records.ByKind, records.ByMarks, records.ByNotTakenPlace, records.ByNumber}, records.ByTimes)
		for _, g := range groups {
			if board := boards[stands(g.Values[0])]; board != nil {
				board.add(g, isAhead)
			}
		}
		return err
	}
	if day == "" {
		return count(false)
	}
	err := count(true, projections.NotLess(records.ByBegan, records.Number(day)+1))
	if err != nil {
		return err
	}
	return count(false, projections.NotMore(records.ByBegan, records.Number(day)))
}

// add counts rows of one kind that are alike.
func (b *Board) add(g projections.Group, isAhead bool) {
	kind, marks, pending, number := g.Values[1], projections.Split(g.Values[2]), g.Values[3], g.Values[4]
	switch {
	case slices.Contains(marks, records.MarkHeld):
		b.Held += g.Rows
		return
	case !records.IsRecord(kind):
		return
	}
	if slices.Contains(marks, records.MarkIncomplete) {
		b.Incomplete += g.Rows
	}
	if pending != "" || isAhead {
		b.NotTakenPlace += g.Rows
		return
	}
	total := b.total(kind)
	total.Records += g.Rows
	total.Occurrences += int(g.Sum)
	if number != "" {
		total.Unnumbered += g.Rows
	}
}

// takeToldTwice takes those records out of the boards' totals that another one stands
// for.
func takeToldTwice(ctx context.Context, reader registers.Reader, recorded projections.Query, day calendar.Day, boards map[string]*Board, stands func(string) string) error {
	told, err := reader.ToldTwice(ctx, recorded.AsOf)
	if err != nil || len(told) == 0 {
		return err
	}
	recorded.Keys = slices.Sorted(maps.Keys(told))
	if day != "" { // what lies ahead is in no total
		recorded.Where = append(slices.Clone(recorded.Where), projections.NotMore(records.ByBegan, records.Number(day)))
	}
	rows, err := reader.Rows.Select(ctx, recorded)
	for _, row := range rows {
		if board := boards[stands(row.Facts.Community)]; board != nil {
			board.take(row)
		}
	}
	return err
}

// take takes a record out of the totals.
func (b *Board) take(row records.Row) {
	b.ToldTwice++
	if len(row.Unknowns) > 0 {
		b.Incomplete--
	}
	total := b.total(row.Kind)
	total.Records--
	switch {
	case row.Numbered:
		total.Occurrences -= row.Occurrences
	case row.Facts.Quantity.Number == "":
		total.Unnumbered--
	}
	b.Totals = slices.DeleteFunc(b.Totals, func(t Total) bool { return t.Records == 0 })
}

// total returns the total of a kind, a new one where there was none. Totals are
// ordered by kind.
func (b *Board) total(kind string) *Total {
	i, there := slices.BinarySearchFunc(b.Totals, kind, func(t Total, kind string) int { return strings.Compare(t.Kind, kind) })
	if !there {
		b.Totals = slices.Insert(b.Totals, i, Total{Kind: kind})
	}
	return &b.Totals[i]
}
