package httpapi

import (
	"context"
	"fmt"
	"slices"

	"github.com/danielgtaylor/huma/v2"

	"twinledger/domain/record"
	"twinledger/projections"
)

// PointInTime is the parameter that every question about the ledger's state
// takes. It is exported because Huma reads exported embedded structs only, as are
// the other embedded ones.
type PointInTime struct {
	AsOf string `query:"as_of" maxLength:"64" doc:"What was known then: an ordinal, an RFC 3339 instant (write + as %2B), or a day, meaning its end at +08:00. Not given: the newest state." example:"2018-07-03"`
}

// Paging is the parameters of a list that is read page by page.
type Paging struct {
	PointInTime
	After string `query:"after" maxLength:"128" doc:"The cursor that the page before gave as next. It means nothing else." example:"lesson-01980a6e-7c10-7000-8000-000000000001"`
	Limit int    `query:"limit" minimum:"1" maximum:"500" default:"100" doc:"At most so many items." example:"100"`
}

// A pageJSON is a part of a list.
type pageJSON[T any] struct {
	AsOfOrdinal uint64 `json:"as_of_ordinal" doc:"The ordinal at which the question was answered." example:"1250"`
	Items       []T    `json:"items" doc:"The items, ordered by key."`
	Next        string `json:"next,omitempty" doc:"Cursor of the next page, to be given as after; left out on the last page." example:"lesson-01980a6e-7c10-7000-8000-000000000001"`
}

// A singleJSON is one thing.
type singleJSON[T any] struct {
	AsOfOrdinal uint64 `json:"as_of_ordinal" doc:"The ordinal at which the question was answered." example:"1250"`
	Item        T      `json:"item" doc:"What was asked for."`
}

// A register answers questions about one read model.
type register[R, W any] struct {
	model  string // name of the read model
	rows   projections.Rows[R]
	cursor func(R) string // what a client gives to go on behind the row
	wire   func(R) W
}

// page answers with the rows that meet the conditions with a value.
func (g register[R, W]) page(ctx context.Context, s *server, asOf, after string, limit int, where ...projections.Condition) (reply, error) {
	ordinal, err := s.ordinal(ctx, g.model, asOf)
	if err != nil {
		return reply{}, err
	}
	where = slices.DeleteFunc(where, func(c projections.Condition) bool { return c.Value == "" })
	// One more than asked for tells whether there is a next page.
	rows, err := g.find(ctx, projections.Query{AsOf: ordinal, Where: where, After: after, Limit: limit + 1})
	if err != nil {
		return reply{}, err
	}
	page := pageJSON[W]{AsOfOrdinal: ordinal, Items: []W{}}
	if len(rows) > limit {
		rows = rows[:limit]
		page.Next = g.cursor(rows[limit-1])
	}
	for _, row := range rows {
		page.Items = append(page.Items, g.wire(row))
	}
	return answered(ordinal, page)
}

// single answers with the row of a key.
func (g register[R, W]) single(ctx context.Context, s *server, asOf, key string) (reply, error) {
	ordinal, err := s.ordinal(ctx, g.model, asOf)
	if err != nil {
		return reply{}, err
	}
	rows, err := g.find(ctx, projections.Query{AsOf: ordinal, After: justBefore(key), Limit: 1})
	if err != nil {
		return reply{}, err
	}
	if len(rows) == 0 || g.cursor(rows[0]) != key {
		return reply{}, errNoRecord.With("key", key).With("as_of", ordinal)
	}
	return answered(ordinal, singleJSON[W]{ordinal, g.wire(rows[0])})
}

// find selects rows. At ordinal 0 there are none, and a query there would mean
// the newest.
func (g register[R, W]) find(ctx context.Context, q projections.Query) ([]R, error) {
	if q.AsOf == 0 {
		return nil, nil
	}
	rows, err := g.rows.Select(ctx, q)
	if err != nil {
		return nil, fmt.Errorf("select from %s: %w", g.model, err)
	}
	return rows, nil
}

// justBefore returns a text behind which key is the first that can stand: rows
// are found by their place in the order, and keys of a kind are of one length.
func justBefore(key string) string {
	last := len(key) - 1
	return key[:last] + string(rune(key[last]-1)) + "\x7f"
}

// ordinal returns the ordinal at which a question about a read model is
// answered: the one that asOf means or, for the newest, the one that the model
// has reached. Naming it keeps the parts of one answer, and the pages of one
// list, of one state.
func (s *server) ordinal(ctx context.Context, model, asOf string) (uint64, error) {
	wanted, err := s.AsOf.Ordinal(ctx, asOf)
	if err != nil {
		return 0, fmt.Errorf("read as_of: %w", err)
	}
	state, err := s.Status.Status(ctx)
	if err != nil {
		return 0, fmt.Errorf("read status: %w", err)
	}
	i := slices.IndexFunc(state.Projectors, func(p Projector) bool { return p.Name == model })
	if i < 0 {
		return 0, fmt.Errorf("status does not know the read model %s", model)
	}
	switch reached := state.Projectors[i].Ordinal; {
	case wanted == 0:
		return reached, nil
	case wanted <= reached:
		return wanted, nil
	case wanted > state.Head:
		return 0, errAhead.With("as_of", wanted).With("head", state.Head)
	default:
		return 0, errBehind.With("as_of", wanted).With("reached", reached)
	}
}

// kindSchema describes the kinds within the widest ones.
func kindSchema(widest ...record.Kind) *huma.Schema {
	schema := &huma.Schema{Type: huma.TypeString}
	for _, entry := range record.Glossary() {
		if slices.ContainsFunc(widest, entry.Kind.Within) {
			schema.Enum = append(schema.Enum, string(entry.Kind))
		}
	}
	return schema
}
