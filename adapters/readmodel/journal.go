package readmodel

import (
	"context"
	"encoding/hex"
	"fmt"
	"slices"
	"time"

	"zombiezen.com/go/sqlite"

	"twinledger/domain/calendar"
	"twinledger/domain/event"
	"twinledger/projections/journal"
)

// Journal returns the index over the log of whichever generation is served.
func (m *ReadModels) Journal() journal.Index { return journalIndex{m} }

type journalIndex struct{ of *ReadModels }

var journalSQL = statement("journal", nil)

// Events returns the events asked for; see [journal.Index].
func (j journalIndex) Events(ctx context.Context, q journal.Question) ([]journal.Row, error) {
	var out []journal.Row
	err := j.of.read(ctx, func(conn *sqlite.Conn) error {
		c, err := journalConditions(conn, q)
		if err != nil {
			return err
		}
		text := journalSQL + c.where() + " ORDER BY e.ordinal"
		if q.Newest {
			text += " DESC"
		}
		if q.Limit > 0 {
			text, c.args = text+" LIMIT ?", append(c.args, q.Limit)
		}
		return each(conn, text, func(s *sqlite.Stmt) error {
			out = append(out, journalRow(s))
			return nil
		}, c.args...)
	})
	if err != nil {
		return nil, fmt.Errorf("ask the journal: %w", err)
	}
	return out, nil
}

func journalRow(s *sqlite.Stmt) journal.Row {
	return journal.Row{
		Ordinal: uint64(s.ColumnInt64(0)), Stream: s.ColumnText(1), Revision: s.ColumnInt64(2), Type: s.ColumnText(3), Version: s.ColumnInt(4),
		Occurred: calendar.Occurred(s.ColumnText(5)), Recorded: instantOf(s.ColumnInt64(6)), Actor: s.ColumnText(7), Unit: s.ColumnText(8),
		ID: expanded(s, 9), Command: expanded(s, 10), Cause: expanded(s, 11), Correlation: expanded(s, 12),
		Hash: journal.Hash(hex.EncodeToString(bytesOf(s, 13))),
	}
}

func journalConditions(conn *sqlite.Conn, q journal.Question) (*conditions, error) {
	c := &conditions{}
	c.add("TRUE")
	if q.AsOf > 0 {
		c.add("e.ordinal <= ?", q.AsOf)
	}
	if q.After > 0 && q.Newest {
		c.add("e.ordinal < ?", q.After)
	} else if q.After > 0 {
		c.add("e.ordinal > ?", q.After)
	}
	for _, asked := range [][2]string{{"stream", q.Stream}, {"type", q.Type}, {"unit", q.Unit}, {"actor", q.Actor}} {
		if asked[1] != "" {
			c.add("e."+asked[0]+" = (SELECT number FROM texts WHERE text = ?)", asked[1])
		}
	}
	for _, asked := range [][2]string{{"cause", q.Cause}, {"correlation", q.Correlation}} {
		if asked[1] != "" {
			c.add("e."+asked[0]+" = ?", compact(asked[1]))
		}
	}
	// A day begins where the one before it ends.
	if q.From != "" {
		c.add("e.recorded >= ?", event.InstantOf(q.From.Add(-1).End()).UnixMilli())
	}
	if q.To != "" {
		c.add("e.recorded < ?", event.InstantOf(q.To.End()).UnixMilli())
	}
	for _, key := range q.Named {
		if key == "" {
			continue
		}
		ordinals, err := namedBy(conn, []string{key}, q.AsOf)
		if err != nil {
			return nil, err
		}
		c.add("e.ordinal IN (SELECT value FROM json_each(?))", list(ordinals))
	}
	return c, nil
}

// namedBy returns the ordinals of the events that name one of the keys, or are of
// its stream, up to an ordinal; 0 means all.
func namedBy(conn *sqlite.Conn, keys []string, asOf uint64) ([]uint64, error) {
	out := []uint64{}
	for _, key := range keys {
		n, err := number(conn, `SELECT number FROM texts WHERE text = ?`, key)
		if err != nil {
			return nil, err
		}
		if n == 0 {
			continue
		}
		err = each(conn, `SELECT first, rest FROM names WHERE key = ? ORDER BY first`, func(s *sqlite.Stmt) error {
			out = chunk{first: uint64(s.ColumnInt64(0)), rest: bytesOf(s, 1)}.ordinals(out)
			return nil
		}, n)
		if err != nil {
			return nil, err
		}
		err = each(conn, `SELECT ordinal FROM events WHERE stream = ?`, func(s *sqlite.Stmt) error {
			out = append(out, uint64(s.ColumnInt64(0)))
			return nil
		}, n)
		if err != nil {
			return nil, err
		}
	}
	slices.Sort(out)
	out = slices.Compact(out)
	if asOf > 0 {
		last, found := slices.BinarySearch(out, asOf)
		if found {
			last++
		}
		out = out[:last]
	}
	return out, nil
}

// LastUntil returns the ordinal of the last event before the first that was recorded
// after an instant; see [journal.Index].
func (j journalIndex) LastUntil(ctx context.Context, instant event.Instant) (ordinal uint64, err error) {
	err = j.of.read(ctx, func(conn *sqlite.Conn) error {
		last, err := number(conn, `SELECT coalesce(max(ordinal), 0) FROM events`)
		if err != nil {
			return err
		}
		// The greatest recorded so far never falls: the first event behind the instant is
		// found by halving.
		low, high := int64(0), last
		for low < high {
			middle := low + (high-low)/2 + 1
			latest, err := number(conn, `SELECT latest FROM events WHERE ordinal = ?`, middle)
			if err != nil {
				return err
			}
			if latest > instant.UnixMilli() {
				high = middle - 1
			} else {
				low = middle
			}
		}
		ordinal = uint64(low)
		return nil
	})
	if err != nil {
		return 0, fmt.Errorf("ask the journal: %w", err)
	}
	return ordinal, nil
}

func instantOf(milliseconds int64) event.Instant {
	return event.InstantOf(time.UnixMilli(milliseconds))
}
