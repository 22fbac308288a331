package readmodel

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"zombiezen.com/go/sqlite"
	"zombiezen.com/go/sqlite/sqlitex"

	"twinledger/domain/event"
	"twinledger/projections"
)

// A state says what a generation is good for.
type state string

const (
	building state = "building" // a process fills it, or was killed while it did
	paused   state = "paused"   // a build was stopped and can go on
	ready    state = "ready"    // it can be served
)

// A Generation is one file with all read models of a ledger: a
// [projections.Projector], and what queries are answered from.
type Generation struct {
	config Config
	number int
	path   string
	ledger string        // as the file says
	left   os.FileInfo   // the file as it was opened, or left by the writer; guarded by mu
	pool   *sqlitex.Pool // connections that only read; all of them are open from the beginning

	mu     sync.Mutex // held by whoever writes
	writer *writer    // nil when opened for reading only

	users  sync.WaitGroup // queries that run
	broken atomic.Bool    // a query, or Apply, came upon damage
}

var _ projections.Projector = (*Generation)(nil)

// readConnections is how many queries of a generation run at once.
const readConnections = 4

// openGeneration opens a generation's file, which must be there.
func openGeneration(config Config, number int, write bool) (*Generation, error) {
	g := &Generation{config: config, number: number, path: config.path(number)}
	if _, err := os.Stat(g.path); err != nil {
		return nil, fmt.Errorf("open read models: %w", err)
	}
	described, err := describe(g.path)
	if err != nil {
		return nil, err
	}
	g.ledger = described.ledger
	if write {
		conn, err := openFile(g.path, "PRAGMA synchronous = NORMAL", "PRAGMA cache_size = -32000")
		if err != nil {
			return nil, err
		}
		if g.writer, err = newWriter(conn, config, false); err != nil {
			return nil, damaged(g.path, errors.Join(err, conn.Close()))
		}
	}
	g.pool, err = sqlitex.NewPool(g.path, sqlitex.PoolOptions{Flags: sqlite.OpenReadWrite, PoolSize: readConnections, PrepareConn: func(conn *sqlite.Conn) error {
		conn.SetBusyTimeout(patience)
		return errors.Join(run(conn, "PRAGMA query_only = 1"), run(conn, "PRAGMA cache_size = -16000"))
	}})
	if err == nil {
		err = g.openAll()
	}
	if err == nil {
		g.left, err = os.Stat(g.path)
	}
	if err != nil {
		return nil, errors.Join(damaged(g.path, fmt.Errorf("open read models: %w", err)), g.closeWriter())
	}
	return g, nil
}

// openAll lets every connection open the file, which SQLite would else do when it is
// first used: a file that is removed later stays readable then.
func (g *Generation) openAll() error {
	var taken []*sqlite.Conn
	var err error
	for range readConnections {
		conn, takeErr := g.pool.Take(context.Background())
		if err = errors.Join(err, takeErr); takeErr != nil {
			break
		}
		taken = append(taken, conn)
		_, readErr := readCheckpoint(conn)
		err = errors.Join(err, readErr)
	}
	for _, conn := range taken {
		g.pool.Put(conn)
	}
	if err != nil {
		err = errors.Join(err, g.pool.Close())
	}
	return err
}

// patience is how long SQLite waits for another connection's lock.
const patience = 10 * time.Second

// openFile opens a generation's file for writing.
func openFile(path string, pragmas ...string) (*sqlite.Conn, error) {
	conn, err := sqlite.OpenConn(path, sqlite.OpenReadWrite)
	if err != nil {
		return nil, fmt.Errorf("open read models: %w", err)
	}
	conn.SetBusyTimeout(patience)
	for _, pragma := range pragmas {
		if err := sqlitex.ExecuteTransient(conn, pragma, nil); err != nil {
			return nil, errors.Join(fmt.Errorf("open read models: %w", err), conn.Close())
		}
	}
	return conn, nil
}

func (g *Generation) closeWriter() error {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.writer == nil {
		return nil
	}
	err := g.writer.conn.Close()
	g.writer = nil
	return err
}

// close closes the file when the queries that run have ended.
func (g *Generation) close() error {
	g.users.Wait()
	err := g.pool.Close()
	return errors.Join(err, g.closeWriter())
}

// Ledger returns the id of the ledger whose events the generation holds.
func (g *Generation) Ledger() string { return g.ledger }

// Name names the generation by its file.
func (g *Generation) Name() string { return fileName(g.number) }

// Checkpoint returns the position up to which the generation holds the log.
func (g *Generation) Checkpoint(ctx context.Context) (at event.Position, err error) {
	err = g.read(ctx, func(conn *sqlite.Conn) error {
		at, err = readCheckpoint(conn)
		return err
	})
	return at, err
}

// Apply commits a batch; see [projections.Projector].
func (g *Generation) Apply(ctx context.Context, batch projections.Batch) error {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.writer == nil {
		return ErrReadOnly
	}
	// What somebody else has put there is not written to.
	if !g.untouched() {
		return ErrDamaged.With("file", filepath.Base(g.path))
	}
	err := g.writer.apply(ctx, batch)
	if now, statErr := os.Stat(g.path); statErr == nil && os.SameFile(g.left, now) {
		g.left = now
	}
	return g.noting(err)
}

// read calls answer with a connection that sees the file as it is at one moment.
func (g *Generation) read(ctx context.Context, answer func(*sqlite.Conn) error) (err error) {
	g.users.Add(1)
	defer g.users.Done()
	conn, err := g.pool.Take(ctx)
	if err != nil {
		return err
	}
	defer g.pool.Put(conn)
	if err := run(conn, "BEGIN"); err != nil {
		return g.noting(err)
	}
	defer func() {
		conn.SetInterrupt(nil) // the transaction ends whatever became of ctx
		err = errors.Join(err, run(conn, "ROLLBACK"))
	}()
	return g.noting(answer(conn))
}

// noting says of an error of SQLite what it means, and notes damage.
func (g *Generation) noting(err error) error {
	if errors.Is(err, ErrDamaged) {
		return err // noted where it was come upon
	}
	if err = damaged(g.path, err); errors.Is(err, ErrDamaged) {
		g.broken.Store(true)
	}
	return err
}

// damaged says of an error of SQLite what it means for a reader.
func damaged(path string, err error) error {
	switch sqlite.ErrCode(err).ToPrimary() {
	case sqlite.ResultCorrupt, sqlite.ResultNotADB:
		return ErrDamaged.With("file", filepath.Base(path)).Because(err)
	case sqlite.ResultError:
		// A file that was cut to nothing under an open connection has no tables.
		if strings.Contains(err.Error(), "no such table") {
			return ErrDamaged.With("file", filepath.Base(path)).Because(err)
		}
	}
	return err
}

// Damaged tells whether a query, or Apply, came upon damage.
func (g *Generation) Damaged() bool { return g.broken.Load() }

// InPlace tells whether the file that was opened still stands where it stood, as it was
// left. One that was removed or replaced is still answered from, but is lost at the
// next start.
func (g *Generation) InPlace() bool {
	if !g.mu.TryLock() {
		return true // it is just being written to, which is refused unless it is in place
	}
	defer g.mu.Unlock()
	return g.untouched()
}

// untouched tells whether nobody but the writer has put anything in the file's place, or
// into it: only the writer moves pages from the log of SQLite into the file.
func (g *Generation) untouched() bool {
	now, err := os.Stat(g.path)
	return err == nil && os.SameFile(g.left, now) && now.Size() == g.left.Size() && now.ModTime().Equal(g.left.ModTime())
}

// A description is what a generation's file says of itself.
type description struct {
	ledger, models string
	state          state
	at             event.Position
}

// describe reads what a file says of itself. One that is no generation, or no longer
// there, has the zero description.
func describe(path string) (d description, err error) {
	conn, err := sqlite.OpenConn(path, sqlite.OpenReadWrite)
	if err != nil {
		if _, gone := os.Stat(path); errors.Is(gone, os.ErrNotExist) {
			return d, nil // the process that holds the folder has removed it
		}
		return d, damaged(path, fmt.Errorf("open read models: %w", err))
	}
	defer func() { err = damaged(path, errors.Join(err, conn.Close())) }()
	conn.SetBusyTimeout(patience)
	tables, err := number(conn, `SELECT count(*) FROM sqlite_master WHERE name = 'generation'`)
	if err != nil || tables == 0 {
		return d, err
	}
	err = each(conn, `SELECT ledger, models, state FROM generation`, func(s *sqlite.Stmt) error {
		d.ledger, d.models, d.state = s.ColumnText(0), s.ColumnText(1), state(s.ColumnText(2))
		return nil
	})
	if err == nil {
		d.at, err = readCheckpoint(conn)
	}
	return d, err
}
