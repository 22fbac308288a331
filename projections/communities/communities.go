// Package communities is the community board: which communities there are, who
// belongs to them, and how much of each kind is recorded.
//
// A record may move to another community by a correction, so nothing is summed
// up in a row: each row is one stream's contribution, and the board adds the
// rows that stand at the ordinal asked for.
package communities

import (
	"context"
	"sort"

	"twinledger/domain/calendar"
	"twinledger/domain/org"
	"twinledger/domain/pairing"
	"twinledger/domain/record"
	"twinledger/projections"
	"twinledger/projections/facts"
)

// A Row is what one stream contributes to the board.
type Row struct {
	Key         string               `json:"key"`
	Kind        string               `json:"kind"` // kind of stream
	Community   string               `json:"community"`
	District    string               `json:"district"`
	Name        string               `json:"name,omitempty"`        // of a community
	Provisional bool                 `json:"provisional,omitempty"` // a file mentioned it; nobody confirmed it
	Occurred    calendar.Occurred    `json:"occurred,omitempty"`    // of a record
	Occurrences int                  `json:"occurrences,omitempty"`
	Numbered    bool                 `json:"numbered,omitempty"` // it says how much, in whatever measure
	Incomplete  bool                 `json:"incomplete,omitempty"`
	Held        bool                 `json:"held,omitempty"`
	Void        bool                 `json:"void,omitempty"`
	Members     []pairing.Membership `json:"members,omitempty"` // of a pairing
	Source      facts.Row            `json:"source"`            // the state that is folded
}

// The columns by which rows are found.
const (
	ByCommunity = "community"
	ByDistrict  = "district"
)

// Model is the read model behind the board, one row per stream.
var Model = projections.Model[Row]{
	Name: "communities", Version: 2,
	Key: func(a projections.Applied) string {
		switch a.Kind() {
		case "school", "calendar", "programme", "district":
			return ""
		}
		return facts.Model.Key(a)
	},
	Fold: fold,
	Columns: []projections.Column[Row]{
		{Name: ByCommunity, Value: func(r Row) string { return r.Community }},
		{Name: ByDistrict, Value: func(r Row) string { return r.District }},
	},
}

func fold(r Row, a projections.Applied) Row {
	source := facts.Model.Fold(r.Source, a)
	r = Row{Key: a.Key(), Kind: a.Kind(), Source: source}
	switch {
	case source.Community != nil:
		r.community(*source.Community)
	case source.Held != nil:
		h := source.Held
		r.Community, r.District, r.Held, r.Void, r.Occurred = h.Taken.Community, h.Taken.District, true, h.Void, h.When
	case source.Fact != nil:
		f := source.Fact
		r.Community, r.District, r.Void, r.Occurred = f.Facts.Community, f.Facts.District, f.Void, f.Occurred
		r.Occurrences, _ = f.Facts.Quantity.Occurrences()
		r.Numbered = f.Facts.Quantity.Number != "" || f.Kind == "pairing" // which needs none
		r.Incomplete, r.Members = len(f.Unknowns) > 0, f.Memberships
	}
	return r
}

func (r *Row) community(s record.State[org.Community]) {
	r.Community, r.District, r.Name, r.Provisional, r.Void = r.Key, s.Facts.District, s.Facts.Name, s.Facts.Provisional, s.Phase == record.Void
}

// A Board is one community with its totals.
type Board struct {
	Key         string               `json:"key"`
	Name        string               `json:"name"`
	District    string               `json:"district"`
	Provisional bool                 `json:"provisional"`
	Members     []pairing.Membership `json:"members"`
	Totals      []Total              `json:"totals"`
	Incomplete  int                  `json:"incomplete"` // records that leave something unknown
	Held        int                  `json:"held"`       // rows that could not be counted
}

// A Total is how much of one kind of stream is recorded.
type Total struct {
	Kind        string `json:"kind"`
	Records     int    `json:"records"`
	Occurrences int    `json:"occurrences"` // of the numbered records
	Unnumbered  int    `json:"unnumbered"`  // records that do not say how much
}

// Boards returns every community's board as known at an ordinal, 0 for now,
// ordered by name.
func Boards(ctx context.Context, rows projections.Rows[Row], asOf uint64) ([]Board, error) {
	all, err := rows.Select(ctx, projections.Query{AsOf: asOf})
	if err != nil {
		return nil, err
	}
	byKey := map[string]*Board{}
	for _, r := range all {
		if r.Kind == "community" && !r.Void {
			byKey[r.Key] = &Board{Key: r.Key, Name: r.Name, District: r.District, Provisional: r.Provisional,
				Members: []pairing.Membership{}, Totals: []Total{}}
		}
	}
	for _, r := range all {
		if board := byKey[r.Community]; board != nil && r.Kind != "community" && !r.Void {
			board.add(r)
		}
	}
	boards := []Board{}
	for _, b := range byKey {
		sort.Slice(b.Totals, func(i, j int) bool { return b.Totals[i].Kind < b.Totals[j].Kind })
		boards = append(boards, *b)
	}
	sort.Slice(boards, func(i, j int) bool { return boards[i].Name+boards[i].Key < boards[j].Name+boards[j].Key })
	return boards, nil
}

func (b *Board) add(r Row) {
	if r.Held {
		b.Held++
		return
	}
	b.Members = append(b.Members, r.Members...)
	if r.Incomplete {
		b.Incomplete++
	}
	for i := range b.Totals {
		if b.Totals[i].Kind == r.Kind {
			b.Totals[i].add(r)
			return
		}
	}
	total := Total{Kind: r.Kind}
	total.add(r)
	b.Totals = append(b.Totals, total)
}

func (t *Total) add(r Row) {
	t.Records++
	t.Occurrences += r.Occurrences
	if !r.Numbered {
		t.Unnumbered++
	}
}
