// Package projectiontest makes ledgers for tests of read models.
package projectiontest

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"twinledger/domain"
	"twinledger/domain/calendar"
	"twinledger/domain/command/commandtest"
	"twinledger/domain/event"
	"twinledger/projections"
)

// Ledger is the id of every ledger made here.
const Ledger = "k3m7q2xw5a"

// Key returns the n-th key of a kind of stream.
func Key(kind string, n int) string { return fmt.Sprintf("%s-0198c000-0000-7000-8000-%012d", kind, n) }

// Said is one fact in one stream.
type Said struct {
	Stream string            // key
	When   calendar.Occurred // "" means unknown
	Fact   any
}

// Say returns what was said in the stream with this key.
func Say(stream string, when calendar.Occurred, fact any) Said { return Said{stream, when, fact} }

// Records returns the facts as records of one ledger in this order, each
// recorded a minute after the one before it, the first on 3 July 2018. It panics
// when a fact is of no registered type.
func Records(said ...Said) []event.Record {
	registry := domain.Events(nil)
	revisions := map[string]int64{}
	var out []event.Record
	for i, s := range said {
		kind, data, err := registry.Encode(s.Fact)
		if err != nil {
			panic(err)
		}
		if s.When == "" {
			s.When = calendar.Unknown
		}
		r, err := event.Encode(event.Envelope{
			ID: commandtest.ID(i + 1), Stream: event.StreamName(Ledger, s.Stream), Revision: revisions[s.Stream], Type: kind.Type, Version: kind.Version,
			Occurred: s.When, Recorded: event.InstantOf(time.Date(2018, 7, 3, 0, i+1, 0, 0, time.UTC)), Actor: "clerk",
			Command: commandtest.ID(1000 + i), Data: data,
		})
		if err != nil {
			panic(err)
		}
		revisions[s.Stream]++
		out = append(out, r)
	}
	return out
}

// Applied returns the facts as a rebuild would see them.
func Applied(said ...Said) []projections.Applied {
	registry := domain.Events(nil)
	var out []projections.Applied
	for i, r := range Records(said...) {
		e, err := registry.Decode(r.Envelope)
		if err != nil {
			panic(err)
		}
		out = append(out, projections.Applied{Event: e, Ordinal: uint64(i + 1)})
	}
	return out
}

// Replay folds events as a rebuild would and returns the newest rows by key.
func Replay[S any](model projections.Model[S], events ...projections.Applied) map[string]S {
	rows := map[string]S{}
	for _, a := range events {
		if key := model.Key(a.Event); key != "" {
			rows[key] = model.Fold(rows[key], a)
		}
	}
	return rows
}

// Rows answers queries by replaying the events that were known, which settles
// what an answer means.
type Rows[S any] struct {
	Model  projections.Model[S]
	Events []projections.Applied
}

// Select answers a query as [projections.Rows] says.
func (r Rows[S]) Select(_ context.Context, q projections.Query) ([]S, error) {
	rows, keys := r.known(q)
	keys = slices.DeleteFunc(keys, func(key string) bool { return key <= q.After })
	if q.Limit > 0 {
		keys = keys[:min(q.Limit, len(keys))]
	}
	var out []S
	for _, key := range keys {
		out = append(out, rows[key])
	}
	return out, nil
}

// known returns the rows that a query asks for, whatever its page, with their keys in
// order.
func (r Rows[S]) known(q projections.Query) (map[string]S, []string) {
	events := r.Events
	if q.AsOf > 0 {
		events = events[:min(q.AsOf, uint64(len(events)))]
	}
	named := map[string]bool{} // keys of rows of which an event names what is asked for
	for _, a := range events {
		for _, key := range q.Naming {
			named[r.Model.Key(a.Event)] = named[r.Model.Key(a.Event)] || Names(a, key)
		}
	}
	rows := Replay(r.Model, events...)
	var keys []string
	for key, row := range rows {
		ofKind := q.Kind == "" || strings.HasPrefix(key, q.Kind+"-")
		wanted := (q.Keys == nil || slices.Contains(q.Keys, key)) && (q.Naming == nil || named[key])
		if ofKind && wanted && !slices.ContainsFunc(q.Where, func(c projections.Condition) bool { return !r.meets(row, c) }) {
			keys = append(keys, key)
		}
	}
	slices.Sort(keys)
	return rows, keys
}

// Names tells whether an event names a key or is of its stream.
func Names(a projections.Applied, key string) bool {
	return a.Key() == key || strings.Contains(string(a.Data), `"`+key+`"`)
}

func (r Rows[S]) value(row S, column string) projections.Value {
	i := slices.IndexFunc(r.Model.Columns, func(c projections.Column[S]) bool { return c.Name == column })
	return r.Model.Columns[i].Value(row)
}

// meets tells whether a row meets a condition.
func (r Rows[S]) meets(row S, c projections.Condition) bool {
	v := r.value(row, c.Column)
	switch c.Test {
	case projections.Equals:
		return v.Text != "" && slices.Contains(c.Texts, v.Text)
	case projections.Contains:
		return slices.ContainsFunc(c.Texts, func(word string) bool { return word != "" && slices.Contains(projections.Split(v.Text), word) })
	case projections.AtLeast:
		return v.Known && v.Number >= c.Number
	case projections.AtMost:
		return v.Known && v.Number <= c.Number
	}
	return (v.Known || v.Text != "") == (c.Test == projections.NotEmpty)
}

// Count counts rows as [projections.Rows] says.
func (r Rows[S]) Count(_ context.Context, q projections.Query, by []string, sum string) ([]projections.Group, error) {
	rows, keys := r.known(q)
	var out []projections.Group
	for _, key := range keys {
		var values []string
		for _, column := range by {
			v := r.value(rows[key], column)
			if v.Known {
				v.Text = strconv.FormatInt(v.Number, 10)
			}
			values = append(values, v.Text)
		}
		i := slices.IndexFunc(out, func(g projections.Group) bool { return slices.Equal(g.Values, values) })
		if i < 0 {
			i = len(out)
			out = append(out, projections.Group{Values: values})
		}
		out[i].Rows++
		if sum != "" {
			out[i].Sum += r.value(rows[key], sum).Number
		}
	}
	slices.SortFunc(out, func(a, b projections.Group) int { return slices.Compare(a.Values, b.Values) })
	return out, nil
}
