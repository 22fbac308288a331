package sqlitelog

import (
	"context"
	"database/sql"
	_ "embed" // the statements
	"errors"
	"fmt"
	"iter"
	"strconv"
	"strings"
	"sync"
	"time"

	sqlite3 "modernc.org/sqlite/lib"
	"zombiezen.com/go/sqlite"
	"zombiezen.com/go/sqlite/sqlitex"

	"twinledger/domain/event"
	"twinledger/domain/fault"
)

var (
	//go:embed sql/head.sql
	headSQL string
	//go:embed sql/page.sql
	pageSQL string
	//go:embed sql/stream.sql
	streamSQL string
	//go:embed sql/last.sql
	lastSQL string
)

const (
	// A read holds its connection, and its snapshot, for one batch only: an
	// idle iterator must not keep the write-ahead log from being emptied, nor
	// one reader all connections.
	batchRecords = 256
	batchBytes   = 16 << 20

	pollEvery = 200 * time.Millisecond
)

// A reader answers everything but Append.
type reader struct {
	db                       *sql.DB
	head, page, stream, last *sql.Stmt
	pages                    *sqlitex.Pool // for reading many records one after the other, which database/sql makes several times as slow
	closing                  <-chan struct{}
	polls                    bool // nobody here tells of new records

	mu      sync.Mutex
	ordinal uint64        // of the newest record known here
	grown   chan struct{} // closed when ordinal grows, then replaced
}

func startReader(path string, closing <-chan struct{}) (*reader, error) {
	db, err := sql.Open("sqlite", source(path, reading))
	if err != nil {
		return nil, fmt.Errorf("open log %s: %w", path, err)
	}
	db.SetMaxOpenConns(readConnections())
	db.SetMaxIdleConns(readConnections())
	r := &reader{db: db, closing: closing, polls: true, grown: make(chan struct{})}
	if err := checkFormat(db, path); err != nil {
		return nil, errors.Join(err, db.Close())
	}
	for statement, text := range map[**sql.Stmt]string{
		&r.head: headSQL, &r.page: pageSQL, &r.stream: streamSQL, &r.last: lastSQL,
	} {
		if *statement, err = db.Prepare(text); err != nil {
			return nil, errors.Join(fmt.Errorf("open log %s: %w", path, err), db.Close())
		}
	}
	if _, err := r.look(context.Background()); err != nil {
		return nil, errors.Join(err, db.Close())
	}
	r.pages, err = sqlitex.NewPool(path, sqlitex.PoolOptions{Flags: sqlite.OpenReadOnly, PoolSize: pageConnections, PrepareConn: func(conn *sqlite.Conn) error {
		conn.SetBusyTimeout(10 * time.Second)
		return sqlitex.ExecuteTransient(conn, "PRAGMA cache_size = -4096", nil)
	}})
	if err != nil {
		return nil, errors.Join(fmt.Errorf("open log %s: %w", path, err), db.Close())
	}
	return r, nil
}

// mostGrown is for how many records room is made at most before they are read.
const mostGrown = 2000

// pageConnections is how many readers of pages run at once: every projector is one.
const pageConnections = 3

// close releases the file.
func (r *reader) close() error { return errors.Join(r.pages.Close(), r.db.Close()) }

// Page returns the records behind after as event.Log says. A position whose
// ordinal is not its token's, or that lies behind the log's end, is
// event.ErrDamaged: the log has lost records or is another one.
func (l *Log) Page(ctx context.Context, after event.Position, limit int) (event.Page, error) {
	before, err := ordinalOf(after.Token)
	if err != nil {
		return event.Page{}, err
	}
	if before != after.Ordinal {
		return event.Page{}, event.ErrDamaged.With("ordinal", after.Ordinal).With("token", after.Token)
	}
	page := event.Page{Before: after, After: after}
	if newest, _ := l.reader.known(); newest > before {
		page.Grow(int(min(newest-before, uint64(max(limit, 1)), mostGrown)))
	}
	err = l.reader.readPage(ctx, before, max(limit, 1), func(r row) error {
		if r.ordinal != page.After.Ordinal+1 {
			return event.ErrDamaged.With("ordinal", page.After.Ordinal+1).With("found", r.ordinal)
		}
		page.Add(r.record, tokenOf(r.ordinal))
		return nil
	})
	if err != nil {
		return event.Page{}, err
	}
	if len(page.Records) > 0 {
		return page, nil
	}
	if head, err := l.Head(ctx); err != nil || head < before {
		return event.Page{}, errorOr(err, event.ErrDamaged.With("ordinal", before).With("last", head))
	}
	return page, nil
}

// Stream yields the records of one stream as event.Log says.
func (l *Log) Stream(ctx context.Context, stream string) iter.Seq2[event.Record, error] {
	return func(yield func(event.Record, error) bool) {
		for next := int64(0); ; {
			rows, cut, err := l.reader.rows(ctx, l.reader.stream, stream, next-1, batchRecords)
			if err != nil {
				yield(event.Record{}, err)
				return
			}
			for _, r := range rows {
				if r.record.Envelope.Revision != next {
					yield(event.Record{}, event.ErrDamaged.With("stream", stream).With("revision", next))
					return
				}
				if !yield(r.record, nil) {
					return
				}
				next++
			}
			if !cut && len(rows) < batchRecords {
				return
			}
		}
	}
}

// Last returns the newest record as event.Log says.
func (l *Log) Last(ctx context.Context) (event.Record, event.Token, bool, error) {
	rows, _, err := l.reader.rows(ctx, l.reader.last)
	if err != nil || len(rows) == 0 {
		return event.Record{}, "", false, err
	}
	return rows[0].record, tokenOf(rows[0].ordinal), true, nil
}

// Head returns the ordinal of the newest record, 0 when there is none.
func (l *Log) Head(ctx context.Context) (uint64, error) { return l.reader.look(ctx) }

// Wait returns when a record follows after, as event.Log says.
func (l *Log) Wait(ctx context.Context, after event.Token) error {
	before, err := ordinalOf(after)
	if err != nil {
		return err
	}
	var poll <-chan time.Time
	if l.reader.polls {
		ticker := time.NewTicker(pollEvery)
		defer ticker.Stop()
		poll = ticker.C
	}
	for {
		if err := l.reader.stopped(ctx); err != nil {
			return err
		}
		head, grown := l.reader.known()
		if head > before {
			return nil
		}
		select {
		case <-grown:
		case <-poll:
			if _, err := l.reader.look(ctx); err != nil {
				return err
			}
		case <-l.closing:
		case <-ctx.Done():
		}
	}
}

// known returns the newest ordinal known here and what is closed when it grows.
func (r *reader) known() (uint64, <-chan struct{}) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.ordinal, r.grown
}

// learn tells those who wait that records up to ordinal can be read.
func (r *reader) learn(ordinal uint64) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if ordinal > r.ordinal {
		r.ordinal = ordinal
		close(r.grown)
		r.grown = make(chan struct{})
	}
}

// look asks the file for its newest ordinal.
func (r *reader) look(ctx context.Context) (uint64, error) {
	if err := r.stopped(ctx); err != nil {
		return 0, err
	}
	var ordinal int64
	if err := r.head.QueryRowContext(ctx).Scan(&ordinal); err != nil {
		return 0, r.explain(ctx, err)
	}
	r.learn(uint64(ordinal))
	return uint64(ordinal), nil
}

// A row is a record with its place in the log.
type row struct {
	ordinal uint64
	record  event.Record
}

// rows runs a statement that selects ordinal, stream, revision, id and bytes.
// After batchBytes it stops and says that it was cut short.
func (r *reader) rows(ctx context.Context, statement *sql.Stmt, args ...any) (out []row, cut bool, err error) {
	if err := r.stopped(ctx); err != nil {
		return nil, false, err
	}
	rows, err := statement.QueryContext(ctx, args...)
	if err != nil {
		return nil, false, r.explain(ctx, err)
	}
	size := 0
	for !cut && rows.Next() {
		next, err := scan(rows)
		if err != nil {
			return nil, false, r.explain(ctx, errors.Join(err, rows.Close()))
		}
		out = append(out, next)
		size += len(next.record.Bytes)
		cut = size >= batchBytes
	}
	if err := errors.Join(rows.Err(), rows.Close()); err != nil {
		return nil, false, r.explain(ctx, err)
	}
	return out, cut, nil
}

// readPage calls visit with the records behind an ordinal, at most limit of them or
// batchBytes. Rows are read from the file by a goroutine of its own, while those that were
// read before are decoded here.
func (r *reader) readPage(ctx context.Context, before uint64, limit int, visit func(row) error) (err error) {
	if err := r.stopped(ctx); err != nil {
		return err
	}
	conn, err := r.pages.Take(ctx)
	if err != nil {
		return r.explain(ctx, err)
	}
	defer r.pages.Put(conn)
	reading, cancel := context.WithCancel(ctx)
	chunks, reader := make(chan []storedRow, 2), rowReader{conn: conn, limit: limit}
	var failed error // read behind the end of chunks
	go func() {
		defer close(chunks)
		failed = reader.read(reading, before, chunks)
	}()
	defer func() {
		cancel()
		for range chunks { //nolint:revive // the connection is in use until the end
		}
		if err == nil && failed != nil {
			err = r.explain(ctx, failed)
		}
	}()
	for chunk := range chunks {
		for _, stored := range chunk {
			record, err := stored.record()
			if err == nil {
				err = visit(row{stored.ordinal, record})
			}
			if err != nil {
				return r.explain(ctx, err)
			}
		}
	}
	return nil
}

// A storedRow is a row as it stands in the file.
type storedRow struct {
	ordinal    uint64
	revision   int64
	stream, id []byte
	bytes      []byte
}

// record decodes the row and compares it with what the index says.
func (s storedRow) record() (event.Record, error) {
	record, err := event.Decode(s.bytes)
	// The index hardly ever says something else: its texts are only made for an error.
	if err == nil && record.Envelope.Revision == s.revision && string(s.id) == record.Envelope.ID && string(s.stream) == record.Envelope.Stream {
		return record, nil
	}
	return read(s.bytes, string(s.id), string(s.stream), s.revision)
}

// chunkRows is how many rows are handed over at once.
const chunkRows = 64

// A rowReader reads rows from a log's file.
type rowReader struct {
	conn  *sqlite.Conn
	limit int
	room  []byte // the rows of a page share their memory: they come and go together
}

// read sends the rows behind an ordinal, at most limit of them or batchBytes, in their
// order. It ends when ctx does.
func (r *rowReader) read(ctx context.Context, before uint64, to chan<- []storedRow) error {
	stmt, err := r.conn.Prepare(pageSQL)
	if err != nil {
		return err
	}
	defer stmt.Reset() //nolint:errcheck // it repeats the error of the last step
	stmt.BindInt64(1, int64(before))
	stmt.BindInt64(2, int64(r.limit))
	more := true
	for size := 0; more && size < batchBytes; {
		chunk := make([]storedRow, 0, min(r.limit, chunkRows))
		for len(chunk) < cap(chunk) && size < batchBytes {
			if more, err = stmt.Step(); err != nil {
				return err
			}
			if !more {
				break
			}
			s := storedRow{uint64(stmt.ColumnInt64(0)), stmt.ColumnInt64(2), r.bytes(stmt, 1), r.bytes(stmt, 3), r.bytes(stmt, 4)}
			chunk, size = append(chunk, s), size+len(s.bytes)
		}
		select {
		case to <- chunk:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	return nil
}

// bytes returns what a column says.
func (r *rowReader) bytes(stmt *sqlite.Stmt, column int) []byte {
	length := stmt.ColumnLen(column)
	if len(r.room) < length {
		r.room = make([]byte, max(length, min(r.limit, chunkRows)<<10))
	}
	out := r.room[:length:length]
	r.room = r.room[length:]
	stmt.ColumnBytes(column, out)
	return out
}

func scan(rows *sql.Rows) (row, error) {
	var ordinal, revision int64
	var stream, id string
	var stored []byte
	if err := rows.Scan(&ordinal, &stream, &revision, &id, &stored); err != nil {
		return row{}, err
	}
	r, err := read(stored, id, stream, revision)
	return row{uint64(ordinal), r}, err
}

// read decodes stored bytes and compares them with what the index says.
func read(stored []byte, id, stream string, revision int64) (event.Record, error) {
	r, err := event.Decode(stored)
	if err != nil {
		return event.Record{}, event.ErrDamaged.With("stream", stream).With("revision", revision).Because(err)
	}
	return r, event.CheckStored(r, id, stream, revision)
}

// stopped returns why a call must not go on, if so.
func (r *reader) stopped(ctx context.Context) error {
	select {
	case <-r.closing:
		return ErrClosed
	default:
		return ctx.Err()
	}
}

// explain turns SQLite's error into what a caller can act on.
func (r *reader) explain(ctx context.Context, err error) error {
	if stopped := r.stopped(ctx); stopped != nil {
		return stopped
	}
	if _, told := fault.As(err); told {
		return err
	}
	switch resultCode(err) {
	case sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB:
		return event.ErrDamaged.Because(err)
	}
	return fmt.Errorf("read log: %w", err)
}

// errorOr returns err, or otherwise when there is none.
func errorOr(err, otherwise error) error {
	if err != nil {
		return err
	}
	return otherwise
}

func tokenOf(ordinal uint64) event.Token {
	return event.Token("s:" + strconv.FormatUint(ordinal, 10))
}

// ordinalOf returns how many records lie before a token.
func ordinalOf(t event.Token) (uint64, error) {
	if t == "" {
		return 0, nil
	}
	digits, _ := strings.CutPrefix(string(t), "s:")
	ordinal, err := strconv.ParseInt(digits, 10, 64)
	if err != nil || ordinal < 0 || tokenOf(uint64(ordinal)) != t {
		return 0, event.ErrBadToken.With("token", t)
	}
	return uint64(ordinal), nil
}
