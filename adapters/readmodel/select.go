package readmodel

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"zombiezen.com/go/sqlite"

	"twinledger/projections"
)

// queries answers questions about the rows of one model, whichever generation is
// served.
type queries[S any] struct {
	of    *ReadModels
	model projections.Model[S]
	sql   modelSQL
}

// Rows returns what answers questions about the rows of a model. It panics when the
// model is not one of the models of the configuration: that is a mistake of whoever
// wrote the program, and must not look like a damaged file.
func Rows[S any](of *ReadModels, model projections.Model[S]) projections.Rows[S] {
	if !slices.ContainsFunc(of.config.Models, func(m Model) bool { return m.shape().Name == model.Name }) {
		panic("read model " + model.Name + " is not among the models of the configuration")
	}
	return &queries[S]{of, model, sqlOf(typed[S]{model}.shape())}
}

// Select returns the rows asked for; see [projections.Rows].
func (r *queries[S]) Select(ctx context.Context, q projections.Query) ([]S, error) {
	var out []S
	err := r.of.read(ctx, func(conn *sqlite.Conn) error {
		found, err := r.find(conn, q)
		if err != nil {
			return err
		}
		out = make([]S, len(found))
		for i, ordinal := range found {
			if err := ctx.Err(); err != nil {
				return err
			}
			if out[i], _, err = refold(conn, r.of.config.Ledger, r.of.config.Registry, r.model, r.sql, ordinal); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("ask %s: %w", r.model.Name, err)
	}
	if len(out) == 0 {
		return nil, nil
	}
	return out, nil
}

// find returns the ordinals of the versions asked for, in the order of their keys.
func (r *queries[S]) find(conn *sqlite.Conn, q projections.Query) ([]uint64, error) {
	c, err := r.conditions(conn, q)
	if err != nil {
		return nil, err
	}
	text := "SELECT v.ordinal FROM " + r.from(q) + c.where() + " ORDER BY k.text"
	if q.Limit > 0 {
		text, c.args = text+" LIMIT ?", append(c.args, q.Limit)
	}
	var out []uint64
	err = each(conn, text, func(s *sqlite.Stmt) error {
		out = append(out, uint64(s.ColumnInt64(0)))
		return nil
	}, c.args...)
	return out, err
}

// from returns the tables of a query in the order in which they are to be gone
// through: the rows that an index finds first, else the keys in their order.
func (r *queries[S]) from(q projections.Query) string {
	indexed := func(c projections.Condition) bool { return slices.Contains(r.model.Indexed, c.Column) }
	if q.Keys != nil || q.Naming != nil || slices.ContainsFunc(q.Where, indexed) {
		return "model_" + r.model.Name + " v CROSS JOIN texts k ON k.number = v.key"
	}
	return "texts k CROSS JOIN model_" + r.model.Name + " v ON v.key = k.number"
}

// conditions collects the conditions of a statement with their arguments.
type conditions struct {
	all  []string
	args []any
}

func (c *conditions) add(text string, args ...any) {
	c.all, c.args = append(c.all, text), append(c.args, args...)
}

func (c *conditions) where() string { return " WHERE " + strings.Join(c.all, " AND ") }

// conditions returns what the versions asked for must be.
func (r *queries[S]) conditions(conn *sqlite.Conn, q projections.Query) (*conditions, error) {
	c := &conditions{}
	if q.AsOf == 0 {
		c.add("v.ended IS NULL")
	} else {
		c.add("v.ordinal <= ? AND (v.ended IS NULL OR v.ended > ?)", q.AsOf, q.AsOf)
	}
	if q.Kind != "" {
		c.add("k.text > ? AND k.text < ?", q.Kind+"-", q.Kind+".")
	}
	if q.After != "" {
		c.add("k.text > ?", q.After)
	}
	if q.Keys != nil {
		c.add("v.key IN (SELECT t.number FROM json_each(?) j JOIN texts t ON t.text = j.value)", list(q.Keys))
	}
	if q.Naming != nil {
		naming, err := namedBy(conn, q.Naming, q.AsOf)
		if err != nil {
			return nil, err
		}
		c.add("v.key IN (SELECT key FROM model_"+r.model.Name+" WHERE ordinal IN (SELECT value FROM json_each(?)))", list(naming))
	}
	for _, condition := range q.Where {
		if err := r.condition(c, condition); err != nil {
			return nil, err
		}
	}
	return c, nil
}

func (r *queries[S]) condition(c *conditions, condition projections.Condition) error {
	column, err := r.column(condition.Column)
	if err != nil {
		return err
	}
	name := "v.c_" + column.Name
	switch condition.Test {
	case projections.Equals:
		c.add(name+" IN (SELECT t.number FROM json_each(?) j JOIN "+tableOf(column.Type)+" t ON t.text = j.value)", list(condition.Texts))
	case projections.Contains:
		var either []string
		var args []any
		for _, word := range condition.Texts {
			either, args = append(either, "instr(text, ?) > 0"), append(args, projections.Joined(word))
		}
		c.add(name+" IN (SELECT number FROM sets WHERE "+cmp.Or(strings.Join(either, " OR "), "FALSE")+")", args...)
	case projections.AtLeast:
		c.add(name+" >= ?", condition.Number)
	case projections.AtMost:
		c.add(name+" <= ?", condition.Number)
	case projections.Empty:
		c.add(name + " IS NULL")
	case projections.NotEmpty:
		c.add(name + " IS NOT NULL")
	}
	return nil
}

func (r *queries[S]) column(name string) (projections.Column[S], error) {
	for _, c := range r.model.Columns {
		if c.Name == name {
			return c, nil
		}
	}
	return projections.Column[S]{}, fmt.Errorf("read model %s has no column %q", r.model.Name, name)
}

// tableOf returns the table in which a column's texts stand.
func tableOf(t projections.ColumnType) string {
	if t == projections.Words {
		return "sets"
	}
	return "texts"
}

// list returns texts or numbers as a JSON array, which SQLite's json_each reads.
func list[T string | uint64](values []T) string {
	b, err := json.Marshal(values)
	if err != nil {
		panic(err) // texts and numbers always encode
	}
	return string(b)
}

var errPagedCount = errors.New("a count has no pages")

// Count counts rows in groups; see [projections.Rows].
func (r *queries[S]) Count(ctx context.Context, q projections.Query, by []string, sum string) ([]projections.Group, error) {
	if q.After != "" || q.Limit > 0 {
		return nil, errPagedCount
	}
	added := "0"
	if sum != "" {
		column, err := r.column(sum)
		if err != nil {
			return nil, err
		}
		added = "sum(v.c_" + column.Name + ")"
	}
	joins, shown := "", []string{}
	for i, name := range by {
		column, err := r.column(name)
		if err != nil {
			return nil, err
		}
		value := "v.c_" + column.Name
		if column.Type != projections.Number {
			alias := "t" + strconv.Itoa(i)
			joins += " LEFT JOIN " + tableOf(column.Type) + " " + alias + " ON " + alias + ".number = " + value
			value = alias + ".text"
		}
		shown = append(shown, "coalesce("+value+", '')")
	}
	var out []projections.Group
	err := r.of.read(ctx, func(conn *sqlite.Conn) error {
		c, err := r.conditions(conn, q)
		if err != nil {
			return err
		}
		tables := "model_" + r.model.Name + " v"
		if q.Kind != "" {
			tables += " JOIN texts k ON k.number = v.key"
		}
		columns := strings.Join(append(shown, "count(*)", "coalesce("+added+", 0)"), ", ")
		text := "SELECT " + columns + " FROM " + tables + joins + c.where()
		if len(by) > 0 {
			text += " GROUP BY " + strings.Join(shown, ", ") + " ORDER BY " + strings.Join(shown, ", ")
		}
		return each(conn, text, func(s *sqlite.Stmt) error {
			g := projections.Group{Rows: s.ColumnInt(len(by)), Sum: s.ColumnInt64(len(by) + 1)}
			for i := range by {
				g.Values = append(g.Values, s.ColumnText(i))
			}
			out = append(out, g)
			return nil
		}, c.args...)
	})
	if err != nil {
		return nil, fmt.Errorf("count %s: %w", r.model.Name, err)
	}
	return out, nil
}
