// Package readmodel keeps read models in SQLite.
//
// All read models of a ledger stand in one file, a generation: the journal of all
// events, and one table for each model. Rows and checkpoint are committed together,
// so that every model always speaks of the same moment of the same history. The
// generation carries the ledger's id and, at its checkpoint, ordinal and running hash,
// by which it is held against the log.
//
// A generation may be deleted at any time and comes back the same. A new one is built
// beside the one that is served and takes its place when it has caught up; the former
// one stays until it is released, so that going back takes no time.
package readmodel

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"

	"zombiezen.com/go/sqlite"

	"twinledger/domain/event"
	"twinledger/domain/fault"
)

// What this package refuses with.
var (
	// ErrMissing: there is no generation that can be served.
	ErrMissing = fault.New(fault.NotFound, "readmodel.missing",
		"读模型尚未建立；请先运行 twinledger rebuild。", "The read models are not built yet; run twinledger rebuild.")
	// ErrDamaged: a generation's file cannot be read.
	ErrDamaged = fault.New(fault.Unavailable, "readmodel.damaged",
		"读模型文件已损坏；台账不受影响，请运行 twinledger rebuild 重建。", "A file of the read models is damaged; the ledger is not. Run twinledger rebuild.")
	// ErrReadOnly: Apply on a generation that was opened for reading.
	ErrReadOnly = fault.New(fault.Refused, "readmodel.read-only",
		"读模型以只读方式打开，不能写入。", "The read models are open for reading only.")
	// ErrBuildBroken: a page of a generation that is being built could not be stored.
	ErrBuildBroken = fault.New(fault.Unavailable, "readmodel.build-broken",
		"重建未能完成，正在使用的读模型不受影响；请排除 cause 所示的原因后再运行 twinledger rebuild。",
		"The read models could not be built; those that are served are unharmed. Remove the cause and run twinledger rebuild again.")
	// ErrNoFormer: there is no former generation to go back to.
	ErrNoFormer = fault.New(fault.NotFound, "readmodel.no-former",
		"没有上一代读模型可退回。", "There is no former generation of the read models to go back to.")
)

// A Config says where the read models of which ledger lie, and what they are.
type Config struct {
	Folder   string
	Ledger   string // the ledger's id
	Models   []Model
	Registry *event.Registry
}

func (c Config) path(number int) string { return filepath.Join(c.Folder, fileName(number)) }

// fileName returns the name of a generation's file.
func fileName(number int) string { return fmt.Sprintf("generation-%06d.sqlite", number) }

// servedFile names the generation that is served and the former one. A finished
// generation that it does not name was never chosen.
func (c Config) servedFile() string { return filepath.Join(c.Folder, "served") }

// A Mode says what read models are opened for.
type Mode int

// The modes.
const (
	ReadOnly Mode = iota // beside the process that holds the folder
	Writing              // by the process that holds it
	Mending              // the same, to build new ones: files that are damaged are passed over
)

// ReadModels are the generations of one folder: the one that is served and, until
// it is released, the one before it. It is safe for concurrent use.
type ReadModels struct {
	config Config
	write  bool

	order sync.Mutex // held while other generations are chosen

	mu     sync.RWMutex // held for moments only: every question waits for it
	served *Generation  // nil when there is none
	former *Generation  // nil when there is none
}

// Open opens the generations that can be served. Where there is none, or only of
// other models than the configuration's, nothing is served until one is built. To
// write, what processes that were killed left behind is removed, and generations beside
// those that are opened.
func Open(config Config, mode Mode) (*ReadModels, error) {
	write := mode != ReadOnly
	m := &ReadModels{config: config, write: write}
	if write {
		if err := os.MkdirAll(config.Folder, 0o750); err != nil {
			return nil, fmt.Errorf("make folder of read models: %w", err)
		}
	}
	numbers, err := config.numbers()
	if err != nil {
		return nil, err
	}
	if write {
		if err := config.removeOrphans(numbers); err != nil {
			return nil, err
		}
	}
	named := config.chosen()
	var servable, foreign []int // newest first
	for _, n := range numbers {
		d, err := describe(config.path(n))
		switch {
		case errors.Is(err, ErrDamaged) && !named.names(n):
			// A process was killed while it began the file, before anything was chosen in it.
			if !write {
				continue
			}
			if err := config.remove(n); err != nil {
				return nil, err
			}
		case errors.Is(err, ErrDamaged) && mode == Mending:
		case err != nil:
			return nil, err
		case d.state == ready && d.models == versionsOf(config.Models):
			servable = append(servable, n)
		case d.state == ready:
			foreign = append(foreign, n)
		case write && d.state != paused:
			if err := config.remove(n); err != nil {
				return nil, err
			}
		}
	}
	superfluous, err := m.openServable(servable, mode == Mending)
	if err != nil || !write {
		return m, err
	}
	if m.served != nil {
		superfluous = append(superfluous, foreign...)
	}
	for _, n := range superfluous {
		if err := config.remove(n); err != nil {
			return nil, errors.Join(err, m.Close())
		}
	}
	return m, nil
}

// openServable opens the generation to serve and the former one, and returns the
// numbers of those that are neither. With lenient, damaged ones are passed over.
func (m *ReadModels) openServable(numbers []int, lenient bool) (superfluous []int, err error) {
	named := m.config.chosen()
	numbers, superfluous = named.of(numbers)
	if len(numbers) == 0 && !m.write {
		return nil, ErrMissing
	}
	for _, n := range numbers {
		if m.former != nil {
			superfluous = append(superfluous, n)
			continue
		}
		g, err := openGeneration(m.config, n, m.write)
		switch {
		case lenient && errors.Is(err, ErrDamaged):
		case err != nil:
			return nil, errors.Join(err, m.Close())
		case m.served == nil:
			m.served = g
		default:
			m.former = g
		}
	}
	if m.write && !lenient && m.served != nil && !named.complete {
		// From here on it is known that what is finished later was not chosen.
		if err := m.config.choose(m.served, m.former); err != nil {
			return nil, errors.Join(err, m.Close())
		}
	}
	return superfluous, nil
}

// numbers returns the numbers of the generations' files, newest first.
func (c Config) numbers() ([]int, error) {
	entries, err := os.ReadDir(c.Folder)
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return nil, fmt.Errorf("list read models: %w", err)
	}
	var out []int
	for _, e := range entries {
		text, isGeneration := strings.CutPrefix(e.Name(), "generation-")
		text, isFile := strings.CutSuffix(text, ".sqlite")
		if n, err := strconv.Atoi(text); isGeneration && isFile && err == nil {
			out = append(out, n)
		}
	}
	slices.Sort(out)
	slices.Reverse(out)
	return out, nil
}

// A choice is what the file says that names the generations which are served.
type choice struct {
	served, former int  // numbers; 0 for none
	complete       bool // there is such a file, and it can be read
}

// names tells whether a generation is one of those that were chosen.
func (c choice) names(n int) bool { return n == c.served || n == c.former }

// chosen returns which generations were chosen, the zero choice when none were.
func (c Config) chosen() choice {
	b, err := os.ReadFile(c.servedFile())
	if err != nil {
		return choice{}
	}
	var named choice
	if _, err := fmt.Sscanf(string(b), "%d %d\n", &named.served, &named.former); err != nil {
		return choice{}
	}
	named.complete = true
	return named
}

// of returns which of some generations, the newest of which comes first, may be opened,
// in the order in which they are to be served, and those that are not needed. When the
// choice is not complete, nobody knows of any that it was not chosen.
func (c choice) of(numbers []int) (wanted, others []int) {
	for _, n := range numbers {
		switch {
		case n == c.served:
			wanted = slices.Insert(wanted, 0, n)
		case n == c.former || !c.complete:
			wanted = append(wanted, n)
		default:
			others = append(others, n)
		}
	}
	return wanted, others
}

// choose makes a generation the one that is served from the next start on, and another
// one, unless it is nil, the former one. Both happen at once and survive a power cut.
func (c Config) choose(served, former *Generation) error {
	second := 0
	if former != nil {
		second = former.number
	}
	temporary := c.servedFile() + ".new"
	err := os.WriteFile(temporary, fmt.Appendf(nil, "%d %d\n", served.number, second), 0o600)
	if err == nil {
		err = reachDisk(temporary)
	}
	if err == nil {
		err = os.Rename(temporary, c.servedFile())
	}
	if err == nil {
		err = reachDisk(c.servedFile())
	}
	if err != nil {
		return fmt.Errorf("choose read models: %w", err)
	}
	return nil
}

// remove deletes a generation's file with SQLite's own beside it.
func (c Config) remove(number int) error {
	for _, suffix := range []string{"", "-wal", "-shm", "-journal"} {
		if err := os.Remove(c.path(number) + suffix); err != nil && !errors.Is(err, os.ErrNotExist) {
			return fmt.Errorf("remove read models: %w", err)
		}
	}
	return nil
}

// removeOrphans deletes what SQLite kept beside files that are gone, and a choice that
// was not finished.
func (c Config) removeOrphans(numbers []int) error {
	entries, err := os.ReadDir(c.Folder)
	if err != nil {
		return fmt.Errorf("list read models: %w", err)
	}
	for _, e := range entries {
		of, _, beside := strings.Cut(e.Name(), ".sqlite-")
		orphan := beside && strings.HasPrefix(of, "generation-") && !slices.ContainsFunc(numbers, func(n int) bool { return fileName(n) == of+".sqlite" })
		if !orphan && e.Name() != filepath.Base(c.servedFile())+".new" {
			continue
		}
		if err := os.Remove(filepath.Join(c.Folder, e.Name())); err != nil && !errors.Is(err, os.ErrNotExist) {
			return fmt.Errorf("remove read models: %w", err)
		}
	}
	return nil
}

// Close closes all generations, each when the questions to it are answered.
func (m *ReadModels) Close() error {
	var err error
	for _, g := range m.take() {
		err = errors.Join(err, g.close())
	}
	return err
}

// take returns the generations that are open, which are not served any more.
func (m *ReadModels) take() (all []*Generation) {
	m.order.Lock()
	defer m.order.Unlock()
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, g := range []*Generation{m.served, m.former} {
		if g != nil {
			all = append(all, g)
		}
	}
	m.served, m.former = nil, nil
	return all
}

// serve lets a generation answer all questions that come from now on.
func (m *ReadModels) serve(served, former *Generation) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.served, m.former = served, former
}

// Served returns the generation that is served, nil when there is none.
func (m *ReadModels) Served() *Generation {
	m.mu.RLock()
	defer m.mu.RUnlock()
	return m.served
}

// Former returns the generation that was served before, nil when there is none.
func (m *ReadModels) Former() *Generation {
	m.mu.RLock()
	defer m.mu.RUnlock()
	return m.former
}

// Checkpoint returns the position up to which the served generation holds the log.
func (m *ReadModels) Checkpoint(ctx context.Context) (at event.Position, err error) {
	err = m.read(ctx, func(conn *sqlite.Conn) error {
		at, err = readCheckpoint(conn)
		return err
	})
	return at, err
}

type pinnedKey struct{ of *ReadModels }

// Pin returns a context in which all questions are answered by the generation that
// is served now, also when another one takes its place meanwhile. release must be
// called when the last of them is answered.
func (m *ReadModels) Pin(ctx context.Context) (pinned context.Context, release func()) {
	m.mu.RLock()
	defer m.mu.RUnlock()
	g := m.served
	if g == nil {
		return ctx, func() {}
	}
	g.users.Add(1)
	return context.WithValue(ctx, pinnedKey{m}, g), g.users.Done
}

// Hold returns the generations that are open, the served one first. None of them is
// closed until release is called.
func (m *ReadModels) Hold() (all []*Generation, release func()) {
	m.mu.RLock()
	defer m.mu.RUnlock()
	for _, g := range []*Generation{m.served, m.former} {
		if g != nil {
			g.users.Add(1)
			all = append(all, g)
		}
	}
	return all, func() {
		for _, g := range all {
			g.users.Done()
		}
	}
}

// Answering returns the generation from which questions in ctx are answered: the pinned
// one, or else the one that is served; nil when there is none.
func (m *ReadModels) Answering(ctx context.Context) *Generation {
	if g, pinned := ctx.Value(pinnedKey{m}).(*Generation); pinned {
		return g
	}
	return m.Served()
}

// read calls answer with a connection to the generation that is pinned in ctx, or
// else to the one that is served.
func (m *ReadModels) read(ctx context.Context, answer func(*sqlite.Conn) error) error {
	if g, pinned := ctx.Value(pinnedKey{m}).(*Generation); pinned {
		return g.read(ctx, answer)
	}
	ctx, release := m.Pin(ctx)
	defer release()
	if g, pinned := ctx.Value(pinnedKey{m}).(*Generation); pinned {
		return g.read(ctx, answer)
	}
	return ErrMissing
}
