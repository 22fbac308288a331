package readmodel

import (
	"errors"
	"fmt"
	"math"
	"slices"

	"zombiezen.com/go/sqlite"

	"twinledger/domain/calendar"
	"twinledger/domain/event"
	"twinledger/projections"
)

// rows writes the versions of the rows of one model. It keeps the rows that were
// folded lately, so that few of them need to be folded again from their events.
type rows[S any] struct {
	w       *writer
	model   projections.Model[S]
	sql     modelSQL
	newest  []uint32 // by number of the key: the ordinal of its row's newest version; only while a generation is built
	recent  recent[S]
	pending []version
	last    map[int64]int // by number of the key: the place in pending of its newest version
}

// A version is one that is not written yet.
type version struct {
	ordinal, ended, previous uint64
	key                      int64
	values                   []int64 // of the columns; unknown stands for what is not known
}

// unknown stands for a value that is not known, which the file holds as NULL.
const unknown = math.MinInt64

// A folded is a row that was folded, with the version that it is.
type folded[S any] struct {
	row     S
	ordinal uint64 // of its newest version; 0 when there is none
	size    int    // bytes of data that it was folded from
}

func newRows[S any](w *writer, model projections.Model[S]) *rows[S] {
	return &rows[S]{w: w, model: model, sql: sqlOf(typed[S]{model}.shape()), last: map[int64]int{}}
}

func (t *rows[S]) fold(a projections.Applied) (bool, error) {
	key := t.model.Key(a.Event)
	if key == "" {
		return false, nil
	}
	n, err := t.w.texts.of(key)
	if err != nil {
		return false, err
	}
	current, err := t.current(n)
	if err != nil {
		return false, fmt.Errorf("read row %s of %s: %w", key, t.model.Name, err)
	}
	values, err := t.values(t.model.Fold(current.row, a), current)
	if err != nil {
		return false, err
	}
	if i, made := t.last[n]; made {
		t.pending[i].ended = a.Ordinal
	}
	t.last[n] = len(t.pending)
	t.pending = append(t.pending, version{ordinal: a.Ordinal, previous: current.ordinal, key: n, values: values})
	current.ordinal, current.size = a.Ordinal, current.size+len(a.Data)
	t.recent.put(n, current)
	t.remember(n, a.Ordinal)
	return true, nil
}

// values takes over a row and returns what its columns say, as it is stored.
func (t *rows[S]) values(row S, current *folded[S]) ([]int64, error) {
	current.row = row
	values := make([]int64, len(t.model.Columns))
	for i, c := range t.model.Columns {
		values[i] = unknown
		switch v := c.Value(row); {
		case v.Known:
			values[i] = v.Number
		case v.Text != "":
			texts := t.w.texts
			if c.Type == projections.Words {
				texts = t.w.sets
			}
			n, err := texts.of(v.Text)
			if err != nil {
				return nil, err
			}
			values[i] = n
		}
	}
	return values, nil
}

// current returns the row of a key as it is, the zero row when there is none.
func (t *rows[S]) current(key int64) (*folded[S], error) {
	if f := t.recent.get(key); f != nil {
		return f, nil
	}
	newest, err := t.newestVersion(key)
	if err != nil || newest == 0 {
		return &folded[S]{}, err
	}
	row, size, err := refold(t.w.conn, t.w.ledger, t.w.registry, t.model, t.sql, newest)
	return &folded[S]{row: row, ordinal: newest, size: size}, err
}

// newestVersion returns the ordinal of the newest version of a key's row, 0 when
// there is none.
func (t *rows[S]) newestVersion(key int64) (uint64, error) {
	if !t.w.bulk {
		n, err := number(t.w.conn, t.sql.newest, key)
		return uint64(n), err
	}
	if t.newest == nil {
		if err := t.loadNewest(); err != nil {
			return 0, err
		}
	}
	if key < int64(len(t.newest)) {
		return uint64(t.newest[key]), nil
	}
	return 0, nil
}

func (t *rows[S]) loadNewest() error {
	t.newest = []uint32{}
	return each(t.w.conn, `SELECT key, ordinal FROM model_`+t.model.Name+` WHERE ended IS NULL`, func(s *sqlite.Stmt) error {
		t.remember(s.ColumnInt64(0), uint64(s.ColumnInt64(1)))
		return nil
	})
}

// remember notes a key's newest version while a generation is built.
func (t *rows[S]) remember(key int64, ordinal uint64) {
	if !t.w.bulk || t.newest == nil {
		return
	}
	if missing := int(key) + 1 - len(t.newest); missing > 0 {
		t.newest = append(t.newest, make([]uint32, missing)...)
	}
	t.newest[key] = uint32(ordinal)
}

func (t *rows[S]) flush() error {
	var in, end insertion
	if err := errors.Join(t.w.prepare(&in, t.sql.insert), t.w.prepare(&end, t.sql.end)); err != nil {
		return fmt.Errorf("store versions of %s: %w", t.model.Name, err)
	}
	for _, v := range t.pending {
		if v.previous != 0 && v.previous < t.pending[0].ordinal {
			end.number(int64(v.ordinal))
			end.number(int64(v.previous))
			if err := end.end(); err != nil {
				return fmt.Errorf("end version of %s: %w", t.model.Name, err)
			}
		}
		in.number(int64(v.ordinal))
		in.known(int64(v.ended))
		in.number(v.key)
		in.known(int64(v.previous))
		for _, value := range v.values {
			in.column(value)
		}
		if err := in.end(); err != nil {
			return fmt.Errorf("store version of %s: %w", t.model.Name, err)
		}
	}
	t.pending = t.pending[:0]
	clear(t.last)
	t.recent.shrink()
	return nil
}

// refold folds a row from the events of its key, up to the version that the event
// with an ordinal made. size is that of their data in bytes.
func refold[S any](conn *sqlite.Conn, ledger string, registry *event.Registry, model projections.Model[S], sql modelSQL, ordinal uint64) (row S, size int, err error) {
	ordinals, err := versions(conn, sql, ordinal)
	if err != nil {
		return row, 0, err
	}
	for _, o := range slices.Backward(ordinals) {
		envelope, err := storedEvent(conn, ledger, o)
		if err != nil {
			return row, size, err
		}
		e, err := registry.Decode(envelope)
		if err != nil {
			return row, size, fmt.Errorf("event %d: %w", o, err)
		}
		row = model.Fold(row, projections.Applied{Event: e, Ordinal: o})
		size += len(envelope.Data)
	}
	return row, size, nil
}

// versions returns the ordinals of a row's version and of those before it, newest
// first.
func versions(conn *sqlite.Conn, sql modelSQL, ordinal uint64) ([]uint64, error) {
	var out []uint64
	err := each(conn, sql.versions, func(s *sqlite.Stmt) error {
		out = append(out, uint64(s.ColumnInt64(0)))
		return nil
	}, ordinal)
	return out, err
}

var eventSQL = statement("event", nil)

// storedEvent returns the event of an ordinal, whose digest is not stored.
func storedEvent(conn *sqlite.Conn, ledger string, ordinal uint64) (e event.Envelope, err error) {
	found := false
	err = each(conn, eventSQL, func(s *sqlite.Stmt) error {
		found = true
		e = event.Envelope{
			Stream: event.StreamName(ledger, s.ColumnText(0)), Revision: s.ColumnInt64(1), Type: s.ColumnText(2), Version: s.ColumnInt(3),
			Occurred: calendar.Occurred(s.ColumnText(4)), Recorded: instantOf(s.ColumnInt64(5)), Actor: s.ColumnText(6), Unit: s.ColumnText(7),
			ID: expanded(s, 8), Command: expanded(s, 9), Cause: expanded(s, 10), Correlation: expanded(s, 11), Data: bytesOf(s, 12),
		}
		return nil
	}, ordinal)
	if err == nil && !found {
		err = ErrDamaged.With("event", ordinal)
	}
	return e, err
}
