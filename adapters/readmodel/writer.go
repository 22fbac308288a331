package readmodel

import (
	"context"
	"errors"
	"fmt"

	"zombiezen.com/go/sqlite"
	"zombiezen.com/go/sqlite/sqlitex"

	"twinledger/domain/event"
	"twinledger/projections"
)

// A writer stores events and the rows that follow from them in one generation. It
// belongs to one goroutine at a time.
type writer struct {
	conn     *sqlite.Conn
	ledger   string
	registry *event.Registry
	bulk     bool // the generation is being built: its indexes come last
	models   []Model
	texts    *dictionary
	sets     *dictionary // of words
	names    *nameIndex
	tables   []table
	events   insertion // into the journal
	data     insertion // of what events say
	latest   int64     // the greatest recorded so far, in milliseconds since 1970
	stale    bool      // what is kept in memory does not fit the file
	broken   error     // why nothing can be written any more
}

// A table keeps the rows of one model.
type table interface {
	// fold takes an event into the row of its key and tells whether it has one.
	fold(a projections.Applied) (belongs bool, err error)
	// flush writes the versions that fold made.
	flush() error
}

func newWriter(conn *sqlite.Conn, config Config, bulk bool) (*writer, error) {
	w := &writer{conn: conn, ledger: config.Ledger, registry: config.Registry, bulk: bulk, models: config.Models}
	return w, w.begin()
}

// begin makes anew what is kept in memory beside the file.
func (w *writer) begin() error {
	var errs [3]error
	w.texts, errs[0] = newDictionary(w.conn, "texts", w.bulk)
	w.sets, errs[1] = newDictionary(w.conn, "sets", w.bulk)
	w.names = &nameIndex{conn: w.conn, bulk: w.bulk, open: map[int64]*chunk{}}
	w.tables = nil
	for _, m := range w.models {
		w.tables = append(w.tables, m.newTable(w))
	}
	w.latest, errs[2] = number(w.conn, `SELECT latest FROM events ORDER BY ordinal DESC LIMIT 1`)
	err := errors.Join(append(errs[:], w.prepare(&w.events, insertEvent), w.prepare(&w.data, `INSERT INTO data (ordinal, data) VALUES (?, ?)`))...)
	w.stale = err != nil
	return err
}

func (w *writer) prepare(in *insertion, text string) error {
	stmt, err := w.conn.Prepare(text)
	*in = insertion{stmt: stmt}
	return err
}

// apply stores a batch behind the checkpoint in one transaction. See
// [projections.Projector] for what it refuses.
func (w *writer) apply(ctx context.Context, batch projections.Batch) (err error) {
	if w.broken != nil {
		return w.broken
	}
	if w.stale {
		if err := w.begin(); err != nil {
			return err
		}
	}
	at, err := readCheckpoint(w.conn)
	if err != nil || batch.After.Ordinal <= at.Ordinal {
		return err
	}
	first, err := behind(batch, at)
	if err != nil {
		return err
	}
	done, err := sqlitex.ImmediateTransaction(w.conn)
	if err != nil {
		return fmt.Errorf("begin: %w", err)
	}
	defer func() {
		failed := recover()
		if failed != nil {
			err = fmt.Errorf("panic: %v", failed)
		}
		if done(&err); err != nil {
			w.spoil(err)
		}
		if failed != nil {
			panic(failed)
		}
	}()
	if err := w.store(ctx, batch, first); err != nil {
		return err
	}
	// Once the last event is stored, the batch is committed whatever becomes of ctx.
	return w.moveCheckpoint(batch.After)
}

// spoil notes that a page failed and was rolled back: what is kept in memory may
// speak of what is not stored. While a generation is built there is too much of it to
// be made anew.
func (w *writer) spoil(err error) {
	w.stale = true
	if w.bulk {
		w.broken = ErrBuildBroken.Because(err)
	}
}

// behind returns the place in the batch of the first record behind a checkpoint, or
// ErrGap when the two do not join.
func behind(batch projections.Batch, at event.Position) (int, error) {
	gap := projections.ErrGap.With("checkpoint", at).With("page", batch.Before)
	if batch.Before.Ordinal > at.Ordinal || batch.Before.Ordinal+uint64(len(batch.Records)) != batch.After.Ordinal || len(batch.Hashes) != len(batch.Records) {
		return 0, gap
	}
	first := int(at.Ordinal - batch.Before.Ordinal)
	hash := batch.Before.Hash
	if first > 0 {
		hash = batch.Hashes[first-1]
	}
	if hash != at.Hash || batch.Hashes[len(batch.Hashes)-1] != batch.After.Hash {
		return 0, gap
	}
	return first, nil
}

func (w *writer) store(ctx context.Context, batch projections.Batch, first int) error {
	for i := first; i < len(batch.Records); i++ {
		if err := ctx.Err(); err != nil {
			return fmt.Errorf("apply page: %w", err)
		}
		if i >= len(batch.Events) {
			return projections.ErrCannotApply.With("ordinal", batch.Ordinal(i)).Because(batch.Undecodable)
		}
		if err := w.event(projections.Applied{Event: batch.Events[i], Ordinal: batch.Ordinal(i)}, batch.Hashes[i]); err != nil {
			return err
		}
	}
	for _, t := range w.tables {
		if err := t.flush(); err != nil {
			return err
		}
	}
	if w.bulk && !w.names.full() {
		return nil
	}
	return w.names.flush()
}

// event stores one event, its rows and the keys that it names.
func (w *writer) event(a projections.Applied, hash [32]byte) error {
	if err := w.insert(a, hash); err != nil {
		return fmt.Errorf("store event %d: %w", a.Ordinal, err)
	}
	folded := false
	for _, t := range w.tables {
		belongs, err := t.fold(a)
		if err != nil {
			return err
		}
		folded = folded || belongs
	}
	if folded {
		w.data.number(int64(a.Ordinal))
		w.data.bytes(a.Data)
		if err := w.data.end(); err != nil {
			return fmt.Errorf("store data of event %d: %w", a.Ordinal, err)
		}
	}
	return w.name(a)
}

// insert stores the event in the journal.
func (w *writer) insert(a projections.Applied, hash [32]byte) error {
	var numbers [5]int64
	for i, text := range [...]string{a.Key(), a.Type, string(a.Occurred), a.Actor, a.Unit} {
		var err error
		if numbers[i], err = w.texts.of(text); err != nil {
			return err
		}
	}
	recorded := a.Recorded.UnixMilli()
	w.latest = max(w.latest, recorded)
	in := &w.events
	in.number(int64(a.Ordinal))
	in.number(numbers[0])
	in.number(a.Revision)
	in.number(numbers[1])
	in.number(int64(a.Version))
	in.number(numbers[2])
	in.number(recorded)
	in.number(w.latest)
	in.known(numbers[3])
	in.known(numbers[4])
	for _, id := range [...]string{a.ID, a.Command, a.Cause, a.Correlation} {
		in.id(id)
	}
	in.bytes(hash[:])
	return in.end()
}

var insertEvent = statement("insert_event", nil)

// name notes which keys the event names, beside that of its own stream.
func (w *writer) name(a projections.Applied) (err error) {
	own := a.Key()
	event.KeysIn(a.Data, func(key string) {
		if err != nil || key == own {
			return
		}
		var n int64
		if n, err = w.texts.of(key); err == nil {
			err = w.names.add(n, a.Ordinal)
		}
	})
	if err != nil {
		return fmt.Errorf("store what event %d names: %w", a.Ordinal, err)
	}
	return nil
}

func (w *writer) moveCheckpoint(at event.Position) error {
	err := run(w.conn, `UPDATE generation SET ordinal = ?, hash = ?, token = ?`, at.Ordinal, at.Hash[:], string(at.Token))
	if err != nil {
		return fmt.Errorf("move checkpoint: %w", err)
	}
	return nil
}

func readCheckpoint(conn *sqlite.Conn) (event.Position, error) {
	var p event.Position
	err := each(conn, `SELECT ordinal, hash, token FROM generation`, func(s *sqlite.Stmt) error {
		p.Ordinal, p.Token = uint64(s.ColumnInt64(0)), event.Token(s.ColumnText(2))
		copy(p.Hash[:], bytesOf(s, 1))
		return nil
	})
	if err != nil {
		return p, fmt.Errorf("read checkpoint: %w", err)
	}
	return p, nil
}

// compact returns a UUID as its 16 bytes, any other text as it is, nil for none.
func compact(text string) any {
	switch {
	case text == "":
		return nil
	case !event.IsID(text):
		return text
	}
	id := uuidOf(text)
	return id[:]
}

// uuidOf returns the UUID that is written.
func uuidOf(text string) (id event.UUID) {
	n := 0
	for i := 0; i < len(text); i++ {
		if text[i] == '-' {
			continue
		}
		id[n] = digit(text[i])<<4 | digit(text[i+1])
		n++
		i++
	}
	return id
}

// digit returns the value of a small hexadecimal digit.
func digit(c byte) byte {
	if c >= 'a' {
		return c - 'a' + 10
	}
	return c - '0'
}

// expanded returns the text that compact stored in a column.
func expanded(s *sqlite.Stmt, column int) string {
	if s.ColumnType(column) != sqlite.TypeBlob || s.ColumnLen(column) != len(event.UUID{}) {
		return s.ColumnText(column)
	}
	var id event.UUID
	s.ColumnBytes(column, id[:])
	return id.String()
}
