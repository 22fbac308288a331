// Package projectiontest makes ledgers for tests of read models.
package projectiontest

import (
	"cmp"
	"context"
	"crypto/sha256"
	"fmt"
	"slices"
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

// Applied returns the facts as a rebuild would see them. Their hashes differ and
// mean nothing.
func Applied(said ...Said) []projections.Applied {
	registry := domain.Events(nil)
	var out []projections.Applied
	for i, r := range Records(said...) {
		e, err := registry.Decode(r.Envelope)
		if err != nil {
			panic(err)
		}
		out = append(out, projections.Applied{Event: e, Ordinal: uint64(i + 1), Hash: sha256.Sum256(r.Bytes)})
	}
	return out
}

// Rows answers queries by replaying the events that were known, which settles
// what an answer means.
type Rows[S any] struct {
	Model  projections.Model[S]
	Events []projections.Applied
}

// Select answers a query as [projections.Rows] says.
func (r Rows[S]) Select(_ context.Context, q projections.Query) ([]S, error) {
	known := r.Events
	if q.AsOf > 0 {
		known = known[:min(q.AsOf, uint64(len(known)))]
	}
	rows := r.Model.Replay(known...)
	var keys []string
	for key, row := range rows {
		behind := q.After == "" || !q.Newest && key > q.After || q.Newest && key < q.After
		if behind && r.fits(row, q.Where) {
			keys = append(keys, key)
		}
	}
	slices.SortFunc(keys, func(a, b string) int {
		if q.Newest {
			a, b = b, a
		}
		return cmp.Compare(a, b)
	})
	if q.Limit > 0 {
		keys = keys[:min(q.Limit, len(keys))]
	}
	var out []S
	for _, key := range keys {
		out = append(out, rows[key])
	}
	return out, nil
}

func (r Rows[S]) fits(row S, where []projections.Condition) bool {
	for _, condition := range where {
		i := slices.IndexFunc(r.Model.Columns, func(c projections.Column[S]) bool { return c.Name == condition.Column })
		value, holds := r.Model.Columns[i].Value(row), false
		switch condition.Test {
		case projections.Equals:
			holds = value == condition.Value
		case projections.Contains:
			holds = strings.Contains(value, " "+condition.Value+" ")
		case projections.Above:
			holds = value > condition.Value
		case projections.NotBelow:
			holds = value >= condition.Value
		case projections.NotAbove:
			holds = value <= condition.Value
		case projections.EqualsOneOf:
			holds = slices.Contains(strings.Fields(condition.Value), value)
		case projections.ContainsOneOf:
			holds = slices.ContainsFunc(strings.Fields(condition.Value), func(word string) bool { return strings.Contains(value, " "+word+" ") })
		}
		if !holds {
			return false
		}
	}
	return true
}
