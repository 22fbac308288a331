package readmodel

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime/debug"
	"slices"

	"zombiezen.com/go/sqlite/sqlitex"

	"twinledger/domain/event"
	"twinledger/projections"
)

// A Build is a generation that is being filled beside the one that is served: a
// [projections.Projector] that must be applied to the end of the log, then finished.
// Its tables have no indexes until then, which makes it many times as fast as a
// generation that follows.
type Build struct {
	of     *ReadModels
	number int
	writer *writer
}

var _ projections.Projector = (*Build)(nil)

// Build goes on with a build that was paused or, where there is none or anew is true,
// begins one.
func (m *ReadModels) Build(anew bool) (*Build, error) {
	if err := os.MkdirAll(m.config.Folder, 0o750); err != nil {
		return nil, fmt.Errorf("make folder of read models: %w", err)
	}
	numbers, err := m.config.numbers()
	if err != nil {
		return nil, err
	}
	// Nor gets it a number that the file of the choice names: as long as it is not
	// chosen, nothing may take it for one that was.
	named := m.config.chosen()
	next := max(m.newestOpen(), named.served, named.former) + 1
	for i, n := range numbers {
		if i == 0 {
			next = max(next, n+1)
		}
		goesOn, err := m.resumable(n, anew)
		if err != nil {
			return nil, err
		}
		if goesOn {
			return m.startBuild(n)
		}
	}
	if err := m.createFile(next); err != nil {
		return nil, errors.Join(err, m.config.remove(next))
	}
	return m.startBuild(next)
}

// newestOpen returns the greatest number of a generation that is open, whose file may
// be gone; 0 when there is none. No other generation gets a number that one has.
func (m *ReadModels) newestOpen() (number int) {
	for _, g := range []*Generation{m.Served(), m.Former()} {
		if g != nil {
			number = max(number, g.number)
		}
	}
	return number
}

// resumable tells whether a file is a paused build that can go on. Those that
// cannot, and those that are not wanted, are removed.
func (m *ReadModels) resumable(number int, anew bool) (bool, error) {
	d, err := describe(m.config.path(number))
	if err != nil || d.state != paused {
		return false, nil // whatever it is, a build does not go on with it
	}
	if !anew && d.models == versionsOf(m.config.Models) && d.ledger == m.config.Ledger {
		return true, nil
	}
	return false, m.config.remove(number)
}

func (m *ReadModels) createFile(number int) error {
	path := m.config.path(number)
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600) // SQLite gives its own files beside it the same mode
	if err == nil {
		err = f.Close()
	}
	if err != nil {
		return fmt.Errorf("create read models: %w", err)
	}
	conn, err := openFile(path)
	if err != nil {
		return err
	}
	err = sqlitex.ExecuteScript(conn, statement("schema", shapes(m.config.Models)), nil)
	var none event.Position
	if err == nil {
		err = run(conn, `INSERT INTO generation VALUES (1, ?, ?, ?, 0, ?, '')`, m.config.Ledger, versionsOf(m.config.Models), string(building), none.Hash[:])
	}
	if err = errors.Join(err, conn.Close()); err != nil {
		return fmt.Errorf("create read models: %w", err)
	}
	return nil
}

func (m *ReadModels) startBuild(number int) (*Build, error) {
	// What a killed build leaves behind is removed at the next start, so nothing of
	// it needs to reach the disk before it is finished.
	conn, err := openFile(m.config.path(number), "PRAGMA journal_mode = MEMORY", "PRAGMA synchronous = OFF", "PRAGMA cache_size = -24576")
	if err != nil {
		return nil, err
	}
	b := &Build{of: m, number: number}
	if err = run(conn, `UPDATE generation SET state = ?`, string(building)); err == nil {
		b.writer, err = newWriter(conn, m.config, true)
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("begin to build read models: %w", err), conn.Close())
	}
	return b, nil
}

// Name names the build by its file.
func (b *Build) Name() string { return fileName(b.number) }

// Checkpoint returns the position up to which the build holds the log.
func (b *Build) Checkpoint(context.Context) (event.Position, error) {
	return readCheckpoint(b.writer.conn)
}

// Apply commits a batch; see [projections.Projector]. After an error the build can
// only be discarded. A page that was begun is finished whatever becomes of ctx: in its
// middle the build could not be paused.
func (b *Build) Apply(ctx context.Context, batch projections.Batch) error {
	if err := ctx.Err(); err != nil {
		return fmt.Errorf("apply page: %w", err)
	}
	return b.writer.apply(context.WithoutCancel(ctx), batch)
}

// Pause keeps what is built so far, for a later build to go on from there. Of a build
// that failed nothing can be kept: it is discarded.
func (b *Build) Pause() error {
	if b.writer.broken != nil {
		return b.Discard()
	}
	err := b.writer.names.flush()
	if err == nil {
		err = run(b.writer.conn, `UPDATE generation SET state = ?`, string(paused))
	}
	if err != nil {
		return errors.Join(fmt.Errorf("pause build: %w", err), b.Discard())
	}
	return b.writer.conn.Close()
}

// Discard removes what is built so far.
func (b *Build) Discard() error {
	return errors.Join(b.writer.conn.Close(), b.of.config.remove(b.number))
}

// Finish makes a generation of the build, that follows the log like the one that is
// served: it gets its indexes and reaches the disk. After an error the build is gone.
func (b *Build) Finish(ctx context.Context) (*Generation, error) {
	conn := b.writer.conn
	conn.SetInterrupt(ctx.Done())
	err := b.writer.names.flush()
	// Sorting the indexes takes memory of its own: what the rows were folded from goes.
	b.writer = nil
	debug.FreeOSMemory()
	if err == nil {
		err = sqlitex.ExecuteScript(conn, statement("indexes", shapes(b.of.config.Models)), nil)
	}
	conn.SetInterrupt(nil)
	for _, last := range []string{"PRAGMA journal_mode = WAL", "PRAGMA synchronous = FULL", "UPDATE generation SET state = '" + string(ready) + "'", "PRAGMA wal_checkpoint(TRUNCATE)"} {
		if err == nil {
			err = sqlitex.ExecuteTransient(conn, last, nil)
		}
	}
	if err = errors.Join(err, conn.Close()); err == nil {
		err = reachDisk(b.of.config.path(b.number))
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("finish read models: %w", err), b.of.config.remove(b.number))
	}
	return openGeneration(b.of.config, b.number, true)
}

// reachDisk makes a file, and its name, survive a power cut.
func reachDisk(path string) error {
	for _, name := range []string{path, filepath.Dir(path)} {
		f, err := os.Open(name)
		if err != nil {
			return err
		}
		if err := errors.Join(f.Sync(), f.Close()); err != nil {
			return err
		}
	}
	return nil
}

// Serve makes a finished generation the one that is served; the one that was served
// becomes the former one, and a former one before it is removed, with whatever else
// stands in the folder. Whoever lets a generation follow the log must have stopped that
// of the removed one. It is served once the file of the choice names it: when the process
// is killed before that, the next start removes it and everything is as before.
func (m *ReadModels) Serve(g *Generation) error {
	oldest, kept, err := m.change(g)
	if err != nil {
		return err
	}
	return errors.Join(m.dispose(oldest), m.config.removeBut(kept...))
}

// change chooses a generation. It returns the one that is not needed any more, nil when
// there is none, and those whose files are kept.
func (m *ReadModels) change(g *Generation) (oldest *Generation, kept []*Generation, err error) {
	m.order.Lock()
	defer m.order.Unlock()
	former, oldest := m.Served(), m.Former()
	kept = []*Generation{g}
	var named *Generation
	if former != nil && former.InPlace() {
		kept, named = append(kept, former), former
	}
	if err := m.config.choose(g, named); err != nil {
		return nil, nil, err
	}
	m.serve(g, former)
	return oldest, kept, nil
}

// removeBut deletes all generations but those given.
func (c Config) removeBut(kept ...*Generation) error {
	numbers, err := c.numbers()
	for _, n := range numbers {
		if !slices.ContainsFunc(kept, func(g *Generation) bool { return g.number == n }) {
			err = errors.Join(err, c.remove(n))
		}
	}
	return err
}

// GoBack serves the former generation again; the one that was served becomes the
// former one.
func (m *ReadModels) GoBack() error {
	m.order.Lock()
	defer m.order.Unlock()
	served, former := m.Served(), m.Former()
	if former == nil || !former.InPlace() || former.Damaged() {
		return ErrNoFormer
	}
	if err := m.config.choose(former, served); err != nil {
		return err
	}
	m.serve(former, served)
	return nil
}

// Release removes the former generation.
func (m *ReadModels) Release() error {
	m.order.Lock()
	former := m.Former()
	m.serve(m.Served(), nil)
	m.order.Unlock()
	if former == nil {
		return ErrNoFormer
	}
	return m.dispose(former)
}

// KeepServed removes every generation but the one that is served, also those of other
// models: they speak of another history.
func (m *ReadModels) KeepServed() error {
	served := m.Served()
	if served == nil {
		return ErrMissing
	}
	var err error
	if m.Former() != nil {
		err = m.Release()
	}
	return errors.Join(err, m.config.removeBut(served))
}

// dispose closes and removes a generation once nobody asks it any more. No lock may be
// held meanwhile: a question can take long.
func (m *ReadModels) dispose(g *Generation) error {
	if g == nil {
		return nil
	}
	return errors.Join(g.close(), m.config.remove(g.number))
}

// Dispose closes and removes a finished generation that is not to be served.
func (m *ReadModels) Dispose(g *Generation) error { return m.dispose(g) }
