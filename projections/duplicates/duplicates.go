// Package duplicates tells which records are likely duplicates of one another, what
// was decided about them, and which records do not count because another stands for
// them.
//
// Its read model holds the decisions, one row for each pair of records. The likely
// duplicates are found when somebody asks: among the records that share district, kind
// and date with another one, which a column of the read model of records tells.
package duplicates

import (
	"context"
	"slices"

	"twinledger/domain/duplicate"
	"twinledger/domain/event"
	"twinledger/domain/org"
	"twinledger/domain/review"
	"twinledger/projections"
	"twinledger/projections/records"
)

// A Row is one pair of records about which something was decided.
type Row struct {
	Key    string          // of the pair's stream
	State  duplicate.State // its decision, if one stands
	Last   duplicate.Decided
	Events []review.Trace // all of the pair's events, in order
}

// The columns that queries may name.
const (
	ByDistrict = "district"
	ByAnswer   = "answer" // same or different; not known when the decision is void
)

// Model has one row for each pair about which something was decided.
var Model = projections.Model[Row]{
	Name: "duplicates", Version: 1, Key: key, Fold: fold,
	Columns: []projections.Column[Row]{
		projections.TextColumn(ByDistrict, func(r Row) string { return r.Last.District }),
		projections.TextColumn(ByAnswer, func(r Row) string { return string(r.State.Decision.Answer) }),
	},
}

// key returns the key of the pair that an event is about, "" for every other event.
func key(e event.Event) string {
	if e.Kind() != duplicate.Decider.Kind {
		return ""
	}
	return e.Key()
}

func fold(r Row, a projections.Applied) Row {
	r.Key, r.State = a.Key(), duplicate.Fold(r.State, a.Event)
	if decided, is := a.Fact.(duplicate.Decided); is {
		r.Last, r.State.Order = decided, a.Ordinal
	}
	r.Events = append(r.Events, review.Trace{Ordinal: a.Ordinal, ID: a.ID, Type: a.Type, Recorded: a.Recorded})
	return r
}

// A Reader answers questions about likely duplicates.
type Reader struct {
	Records   projections.Rows[records.Row]
	Decisions projections.Rows[Row]
}

// A Question asks for likely duplicates; what is empty is not asked.
type Question struct {
	AsOf     uint64   // ordinal; 0 for now
	District string   // key
	Matters  []string // only among records of these matters; see [duplicate.Statement.Matter]; nil means all
}

// Found is the answer.
type Found struct {
	duplicate.Resolution
	// Statements are what the records of shared matters say, and States what was decided
	// about pairs, both with those schools and people in place of whom others are said
	// to be.
	Statements []duplicate.Statement
	States     []duplicate.State
	Decisions  []Row                  // of States, in the order in which they were made; Holds tells which apply
	Rows       map[string]records.Row // by key: of every record that shares its matter with another
}

// Find returns the likely duplicates and the decisions.
func (r Reader) Find(ctx context.Context, q Question) (Found, error) {
	found := Found{Rows: map[string]records.Row{}}
	matters, err := r.sharedMatters(ctx, q)
	if err != nil {
		return found, err
	}
	same, err := r.identities(ctx, q.AsOf)
	if err != nil {
		return found, err
	}
	if found.Statements, err = r.statements(ctx, q.AsOf, matters, same, found.Rows); err != nil {
		return found, err
	}
	if err := r.decisions(ctx, q, same, &found); err != nil {
		return found, err
	}
	found.Resolution = duplicate.Resolve(found.Statements, found.States, same)
	return found, nil
}

// sharedMatters returns the matters asked for that several records share. No record is
// read for it: the index of the column tells.
func (r Reader) sharedMatters(ctx context.Context, q Question) ([]string, error) {
	where := []projections.Condition{projections.Known(records.ByMatter)}
	if q.District != "" {
		where = append(where, projections.Is(records.ByDistrict, q.District))
	}
	if q.Matters != nil {
		where = append(where, projections.Is(records.ByMatter, q.Matters...))
	}
	groups, err := r.Records.Count(ctx, projections.Query{AsOf: q.AsOf, Where: where}, []string{records.ByMatter}, "")
	var out []string
	for _, g := range groups {
		if g.Rows > 1 {
			out = append(out, g.Values[0])
		}
	}
	return out, err
}

// statements reads the records of the matters into rows, and returns what they say.
func (r Reader) statements(ctx context.Context, asOf uint64, matters []string, same duplicate.Identity, rows map[string]records.Row) ([]duplicate.Statement, error) {
	if len(matters) == 0 {
		return nil, nil
	}
	selected, err := r.Records.Select(ctx, projections.Query{AsOf: asOf, Where: []projections.Condition{projections.Is(records.ByMatter, matters...)}})
	var out []duplicate.Statement
	for _, row := range selected {
		if s, counts := row.Statement(); counts {
			rows[row.Key] = row
			out = append(out, s.Resolved(same))
		}
	}
	return out, err
}

// decisions reads the decisions that stand into found.
func (r Reader) decisions(ctx context.Context, q Question, same duplicate.Identity, found *Found) error {
	query := projections.Query{AsOf: q.AsOf, Where: []projections.Condition{projections.Known(ByAnswer)}}
	if q.District != "" {
		query.Where = append(query.Where, projections.Is(ByDistrict, q.District))
	}
	rows, err := r.Decisions.Select(ctx, query)
	slices.SortFunc(rows, func(a, b Row) int { return int(a.State.Order) - int(b.State.Order) })
	for _, row := range rows {
		if q.Matters == nil || slices.Contains(q.Matters, matterOf(row.Last)) {
			state := row.State
			state.Decision.Agreed = state.Decision.Agreed.Resolved(same)
			found.Decisions, found.States = append(found.Decisions, row), append(found.States, state)
		}
	}
	return err
}

// matterOf returns the matter that the two records shared when it was decided. While
// the decision holds, they still share it.
func matterOf(d duplicate.Decided) string {
	return duplicate.Statement{District: d.District, Kind: event.StreamKind(d.Records[0]), When: d.Agreed.When}.Matter()
}

// identities returns who stands for a school, person or community.
func (r Reader) identities(ctx context.Context, asOf uint64) (duplicate.Identity, error) {
	as := map[string]string{}
	for _, kind := range []string{"school", "person", "community"} {
		rows, err := r.Records.Select(ctx, projections.Query{AsOf: asOf, Kind: kind, Where: []projections.Condition{
			projections.Has(records.ByMarks, records.MarkIdentified), projections.Has(records.ByMarks, records.MarkStanding)}})
		if err != nil {
			return nil, err
		}
		for _, row := range rows {
			as[row.Key] = row.IdentifiedAs()
		}
	}
	return func(key string) string { return org.Follow(key, func(k string) string { return as[k] }) }, nil
}

// ToldTwice returns the records that do not count because another one stands for them,
// with that other one. Only records about which somebody decided are read.
func (r Reader) ToldTwice(ctx context.Context, asOf uint64) (map[string]string, error) {
	rows, err := r.Decisions.Select(ctx, projections.Query{AsOf: asOf, Where: []projections.Condition{projections.Is(ByAnswer, string(duplicate.Same))}})
	if err != nil || len(rows) == 0 {
		return nil, err
	}
	var matters []string
	for _, row := range rows {
		matters = append(matters, matterOf(row.Last))
	}
	found, err := r.Find(ctx, Question{AsOf: asOf, Matters: matters})
	return found.StandsFor, err
}

// Index returns an index of the standing records that share their matter with one of
// the statements given, to find the likely duplicates of rows that are not recorded
// yet. Statements must be resolved by the identity that is returned too.
func (r Reader) Index(ctx context.Context, like ...duplicate.Statement) (*duplicate.Index, duplicate.Identity, error) {
	var matters []string
	for _, s := range like {
		if s.CanRepeat() {
			matters = append(matters, s.Matter())
		}
	}
	slices.Sort(matters)
	same, err := r.identities(ctx, 0)
	if err != nil {
		return nil, nil, err
	}
	statements, err := r.statements(ctx, 0, slices.Compact(matters), same, map[string]records.Row{})
	slices.SortFunc(statements, func(a, b duplicate.Statement) int { return int(a.Order) - int(b.Order) })
	index := &duplicate.Index{}
	for _, s := range statements {
		index.Add(s)
	}
	return index, same, err
}
