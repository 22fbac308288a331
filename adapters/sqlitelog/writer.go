package sqlitelog

import (
	"bytes"
	"context"
	"database/sql"
	"database/sql/driver"
	_ "embed" // the statements
	"errors"
	"fmt"

	"twinledger/domain/event"
)

var (
	//go:embed sql/stream_end.sql
	streamEndSQL string
	//go:embed sql/insert_stream.sql
	insertStreamSQL string
	//go:embed sql/insert_record.sql
	insertRecordSQL string
	//go:embed sql/stored.sql
	storedSQL string
)

const (
	// A group is bounded, so that a flood of appends cannot put off the answer
	// to the first of them, nor fill the memory.
	groupRequests = 1024
	groupBytes    = 8 << 20

	// rememberedStreams bounds the writer's memory of where streams end.
	rememberedStreams = 100_000
)

// A request is one append on its way through the writer.
type request struct {
	ctx      context.Context // of the caller; whoever has gone is not served
	stream   string
	expected int64
	records  []event.Record // the request's own copies: a caller who gives up may reuse his
	size     int

	done   chan struct{} // closed when answer and err are set
	answer event.Appended
	err    error
}

func newRequest(ctx context.Context, stream string, expected int64, records []event.Record) *request {
	q := &request{ctx: ctx, stream: stream, expected: expected,
		records: make([]event.Record, len(records)), done: make(chan struct{})}
	for i, r := range records {
		r.Bytes, r.Envelope.Data = bytes.Clone(r.Bytes), bytes.Clone(r.Envelope.Data)
		q.records[i] = r
		q.size += len(r.Bytes)
	}
	return q
}

// A writer owns the one connection that writes. Its fields below the channels
// belong to its goroutine.
type writer struct {
	db      *sql.DB
	reader  *reader // told of what was committed
	queue   chan *request
	closing <-chan struct{}
	done    chan struct{} // closed when the goroutine has ended

	conn      *sql.Conn // nil after a group that failed, until the next
	prepared  []*sql.Stmt
	begin     *sql.Stmt
	commit    *sql.Stmt
	changes   *sql.Stmt
	head      *sql.Stmt
	streamEnd *sql.Stmt
	stored    *sql.Stmt
	newStream *sql.Stmt
	newRecord *sql.Stmt

	// What the file holds, as of the version that SQLite counts for changes
	// made through other connections.
	version int64
	ordinal uint64
	ends    map[string]end
}

// An end says where a stream ends.
type end struct {
	number   int64 // 0 when the stream does not exist
	revision int64
}

// newWriter opens the file for writing; run then serves what is appended.
func newWriter(path string, r *reader, closing <-chan struct{}) (*writer, error) {
	db, err := sql.Open("sqlite", source(path, writing))
	if err != nil {
		return nil, fmt.Errorf("open log %s: %w", path, err)
	}
	db.SetMaxOpenConns(1)
	w := &writer{db: db, reader: r, queue: make(chan *request), closing: closing, done: make(chan struct{})}
	if err := w.connect(); err != nil {
		return nil, errors.Join(fmt.Errorf("open log %s: %w", path, err), db.Close())
	}
	r.polls = false
	return w, nil
}

// append hands q to the writer and waits for the answer. The queue holds
// nothing: what was handed over will be answered, and what was not is not
// stored.
func (w *writer) append(ctx context.Context, q *request) (event.Appended, error) {
	if err := w.reader.stopped(ctx); err != nil {
		return event.Appended{}, err
	}
	select {
	case w.queue <- q:
	case <-w.closing:
		return event.Appended{}, ErrClosed
	case <-ctx.Done():
		return event.Appended{}, ctx.Err()
	}
	select {
	case <-q.done:
		return q.answer, q.err
	case <-ctx.Done(): // it may still be stored, which the context's own error leaves open
		return event.Appended{}, ctx.Err()
	}
}

func (w *writer) run() {
	defer close(w.done)
	for {
		select {
		case first := <-w.queue:
			w.serve(w.gather(first))
		case <-w.closing:
			return
		}
	}
}

// release closes the file when the goroutine has ended.
func (w *writer) release() error {
	w.disconnect()
	return w.db.Close()
}

// gather returns first and those who are waiting behind it.
func (w *writer) gather(first *request) []*request {
	group, size := []*request{first}, first.size
	for len(group) < groupRequests && size < groupBytes {
		select {
		case q := <-w.queue:
			group, size = append(group, q), size+q.size
		default:
			return group
		}
	}
	return group
}

// serve stores a group and answers everybody in it. When the transaction
// fails, nobody knows what the disk has, and everybody is told so.
func (w *writer) serve(group []*request) {
	err := w.store(group)
	if err != nil {
		err = fmt.Errorf("append to log: %w", err)
		w.disconnect()
	} else {
		w.reader.learn(w.ordinal)
	}
	for _, q := range group {
		if err != nil {
			q.answer, q.err = event.Appended{}, err
		}
		close(q.done)
	}
}

// store runs one transaction. Statements have no context: a caller who leaves
// must not break off the others' transaction.
func (w *writer) store(group []*request) error {
	if err := w.connect(); err != nil {
		return err
	}
	if _, err := w.begin.Exec(); err != nil {
		return err
	}
	if err := w.recall(); err != nil {
		return err
	}
	for _, q := range group {
		if q.err = q.ctx.Err(); q.err != nil {
			continue
		}
		if err := w.place(q); err != nil {
			return err
		}
	}
	_, err := w.commit.Exec()
	return err
}

// recall forgets what the writer remembers if another connection has written.
func (w *writer) recall() error {
	var version int64
	if err := w.changes.QueryRow().Scan(&version); err != nil {
		return err
	}
	if w.ends != nil && version == w.version && len(w.ends) < rememberedStreams {
		return nil
	}
	var ordinal int64
	if err := w.head.QueryRow().Scan(&ordinal); err != nil {
		return err
	}
	w.version, w.ordinal, w.ends = version, uint64(ordinal), map[string]end{}
	return nil
}

// place decides on one request against what is stored, which includes those
// before it in the group, and stores it or sets why not. An error it returns is
// the whole transaction's.
func (w *writer) place(q *request) error {
	at, err := w.endOf(q.stream)
	if err != nil {
		return err
	}
	switch {
	case q.expected == at.revision:
		return w.insert(q, at)
	case q.expected < at.revision:
		return w.repeat(q, at)
	}
	q.err = event.ErrConflict.With("stream", q.stream).With("revision", at.revision)
	return nil
}

func (w *writer) endOf(stream string) (end, error) {
	if at, known := w.ends[stream]; known {
		return at, nil
	}
	at := end{0, event.NoStream}
	err := w.streamEnd.QueryRow(stream).Scan(&at.number, &at.revision)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return end{}, err
	}
	w.ends[stream] = at
	return at, nil
}

func (w *writer) insert(q *request, at end) error {
	if at.number == 0 {
		result, err := w.newStream.Exec(q.stream)
		if err != nil {
			return err
		}
		if at.number, err = result.LastInsertId(); err != nil {
			return err
		}
	}
	for _, r := range q.records {
		if _, err := w.newRecord.Exec(int64(w.ordinal)+1, at.number, r.Envelope.Revision, r.Envelope.ID, r.Bytes); err != nil {
			return err
		}
		w.ordinal++
		at.revision++
	}
	w.ends[q.stream] = at
	q.answer = event.Appended{Records: q.records, Token: tokenOf(w.ordinal)}
	return nil
}

// repeat answers q with what is stored at its place, if that has its ids.
func (w *writer) repeat(q *request, at end) (err error) {
	rows, err := w.stored.Query(at.number, q.expected, q.expected+int64(len(q.records)))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	var found event.Appended
	for rows.Next() {
		var ordinal, revision int64
		var id string
		var stored []byte
		if err := rows.Scan(&ordinal, &revision, &id, &stored); err != nil {
			return err
		}
		if id != q.records[len(found.Records)].Envelope.ID {
			break
		}
		r, err := read(stored, id, q.stream, revision)
		if err != nil {
			q.err = err
			return nil
		}
		found.Records, found.Token = append(found.Records, r), tokenOf(uint64(ordinal))
	}
	if err := rows.Err(); err != nil {
		return err
	}
	if len(found.Records) < len(q.records) {
		q.err = event.ErrConflict.With("stream", q.stream).With("revision", at.revision)
		return nil
	}
	q.answer = found
	return nil
}

// connect prepares the connection, if there is none.
func (w *writer) connect() error {
	if w.conn != nil {
		return nil
	}
	ctx := context.Background()
	conn, err := w.db.Conn(ctx)
	if err != nil {
		return err
	}
	w.conn = conn
	for _, s := range []struct {
		statement **sql.Stmt
		text      string
	}{
		{&w.begin, "BEGIN IMMEDIATE"},
		{&w.commit, "COMMIT"},
		{&w.changes, "PRAGMA data_version"},
		{&w.head, headSQL},
		{&w.streamEnd, streamEndSQL},
		{&w.stored, storedSQL},
		{&w.newStream, insertStreamSQL},
		{&w.newRecord, insertRecordSQL},
	} {
		if *s.statement, err = conn.PrepareContext(ctx, s.text); err != nil {
			w.disconnect()
			return err
		}
		w.prepared = append(w.prepared, *s.statement)
	}
	return nil
}

// disconnect gives up the connection, an open transaction and everything
// remembered from it.
func (w *writer) disconnect() {
	if w.conn == nil {
		return
	}
	// The pool closes a connection called bad, but not the statements prepared
	// on it, and as long as one is open SQLite keeps the transaction open, too.
	// Should one of this fail, there is nothing left to do about it: the next
	// group shows whether the file can be written.
	for _, statement := range w.prepared {
		_ = statement.Close()
	}
	_ = w.conn.Raw(func(any) error { return driver.ErrBadConn })
	w.conn, w.prepared, w.ends = nil, nil, nil
}
