// Package readmodel keeps read models in SQLite: one file per model, in which
// rows and checkpoint are committed together.
//
// A file may be deleted at any time and comes back the same. A rebuild fills a
// new file of a higher generation beside the one that is served and takes over
// when it has caught up.
package readmodel

import (
	"context"
	"database/sql"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/bits"
	"net/url"
	"os"
	"path/filepath"
	"sort"
	"strconv"
	"strings"

	_ "modernc.org/sqlite" // the driver "sqlite"

	"twinledger/domain/event"
	"twinledger/domain/fault"
	"twinledger/projections"
)

//go:embed schema.sql
var schema string

// A Store is one read model in one file: a [projections.Projector] and the
// answers to queries. It is safe for concurrent use.
type Store[S any] struct {
	model    projections.Model[S]
	registry *event.Registry
	path     string
	writer   *sql.DB // nil when opened for reading only
	readers  *sql.DB
}

// ErrMissing says that a read model has no file yet.
var ErrMissing = fault.New(fault.NotFound, "readmodel.missing",
	"读模型尚未建立；请先运行 twinledger rebuild。", "The read model is not built yet; run twinledger rebuild.")

// ErrDamaged says that a read model's file cannot be read.
var ErrDamaged = fault.New(fault.Unavailable, "readmodel.damaged",
	"读模型文件已损坏；台账不受影响，请运行 twinledger rebuild 重建。", "A read model's file is damaged; the ledger is not. Run twinledger rebuild.")

// Open opens the newest ready generation of the model in folder, or makes the
// first one. Files of another model version are passed over.
func Open[S any](ctx context.Context, folder string, model projections.Model[S], registry *event.Registry) (*Store[S], error) {
	if err := os.MkdirAll(folder, 0o750); err != nil {
		return nil, fmt.Errorf("make folder of read models: %w", err)
	}
	s, numbers, err := newestReady(ctx, folder, model, registry, true)
	if s != nil || err != nil {
		return s, err
	}
	return create(ctx, folder, numbers, model, registry, true)
}

// OpenReadOnly opens the newest ready generation for reading beside another
// process. Without one it fails with ErrMissing.
func OpenReadOnly[S any](ctx context.Context, folder string, model projections.Model[S], registry *event.Registry) (*Store[S], error) {
	s, _, err := newestReady(ctx, folder, model, registry, false)
	if s == nil && err == nil {
		err = ErrMissing.With("model", model.Name)
	}
	return s, err
}

// newestReady opens the newest generation that can be served, nil when there is
// none, and returns the numbers of all that there are, newest first.
func newestReady[S any](ctx context.Context, folder string, model projections.Model[S], registry *event.Registry, write bool) (*Store[S], []int, error) {
	numbers, err := generations(folder, model.Name)
	if err != nil {
		return nil, nil, err
	}
	for _, n := range numbers {
		path := generationPath(folder, model.Name, n)
		ready := false
		s, err := open(ctx, path, model, registry, write)
		if err == nil {
			ready, err = s.usable(ctx)
		}
		if err != nil && ctx.Err() == nil {
			err = ErrDamaged.With("file", filepath.Base(path)).Because(err)
		}
		if ready {
			return s, numbers, nil
		}
		if s != nil {
			err = errors.Join(err, s.Close())
		}
		if err != nil {
			return nil, numbers, err
		}
	}
	return nil, numbers, nil
}

// Next makes an empty generation beside those there are. It is not served until
// Ready is called on it.
func Next[S any](ctx context.Context, folder string, model projections.Model[S], registry *event.Registry) (*Store[S], error) {
	if err := os.MkdirAll(folder, 0o750); err != nil {
		return nil, fmt.Errorf("make folder of read models: %w", err)
	}
	numbers, err := generations(folder, model.Name)
	if err != nil {
		return nil, err
	}
	return create(ctx, folder, numbers, model, registry, false)
}

// Ready marks the generation as the one to serve and removes older ones, which
// nobody may have open for writing any more.
func (s *Store[S]) Ready(ctx context.Context) error {
	if _, err := s.writer.ExecContext(ctx, `UPDATE checkpoint SET ready = 1`); err != nil {
		return fmt.Errorf("mark %s ready: %w", s.path, err)
	}
	numbers, err := generations(filepath.Dir(s.path), s.model.Name)
	if err != nil {
		return err
	}
	for _, n := range numbers {
		if old := generationPath(filepath.Dir(s.path), s.model.Name, n); old < s.path {
			if err := remove(old); err != nil {
				return err
			}
		}
	}
	return nil
}

// Discard closes the store and removes its file: a rebuild that was broken off.
func (s *Store[S]) Discard() error { return errors.Join(s.Close(), remove(s.path)) }

// Close closes the file.
func (s *Store[S]) Close() error {
	var err error
	if s.writer != nil {
		err = s.writer.Close()
	}
	return errors.Join(err, s.readers.Close())
}

// remove deletes a model's file with SQLite's own beside it.
func remove(path string) error {
	for _, suffix := range []string{"", "-wal", "-shm"} {
		if err := os.Remove(path + suffix); err != nil && !errors.Is(err, os.ErrNotExist) {
			return fmt.Errorf("remove former read model: %w", err)
		}
	}
	return nil
}

func generationPath(folder, name string, n int) string {
	return filepath.Join(folder, fmt.Sprintf("%s-%06d.sqlite", name, n))
}

// generations returns the numbers of the model's files, newest first.
func generations(folder, name string) ([]int, error) {
	paths, err := filepath.Glob(filepath.Join(folder, name+"-*.sqlite"))
	if err != nil {
		return nil, fmt.Errorf("list read models: %w", err)
	}
	var numbers []int
	for _, path := range paths {
		text := strings.TrimSuffix(strings.TrimPrefix(filepath.Base(path), name+"-"), ".sqlite")
		if n, err := strconv.Atoi(text); err == nil {
			numbers = append(numbers, n)
		}
	}
	sort.Sort(sort.Reverse(sort.IntSlice(numbers)))
	return numbers, nil
}

func create[S any](ctx context.Context, folder string, numbers []int, model projections.Model[S], registry *event.Registry, ready bool) (*Store[S], error) {
	n := 1
	if len(numbers) > 0 {
		n = numbers[0] + 1
	}
	s, err := open(ctx, generationPath(folder, model.Name, n), model, registry, true)
	if err != nil {
		return nil, err
	}
	err = os.Chmod(s.path, 0o600) // SQLite gives its own files beside it the same mode
	if err == nil {
		err = s.createTables(ctx, ready)
	}
	if err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return s, nil
}

// open opens one file; pragmas stand in the address so that every connection
// has them.
func open[S any](ctx context.Context, path string, model projections.Model[S], registry *event.Registry, write bool) (*Store[S], error) {
	s := &Store[S]{model: model, registry: registry, path: path}
	address := func(extra ...string) string {
		q := url.Values{"_pragma": append([]string{"busy_timeout(5000)", "synchronous(NORMAL)", "cache_size(-32000)"}, extra...)}
		return (&url.URL{Scheme: "file", Opaque: (&url.URL{Path: path}).EscapedPath(), RawQuery: q.Encode()}).String()
	}
	var err error
	if write {
		if s.writer, err = sql.Open("sqlite", address("journal_mode(WAL)")); err != nil {
			return nil, fmt.Errorf("open read model: %w", err)
		}
		s.writer.SetMaxOpenConns(1)
		if err := s.writer.PingContext(ctx); err != nil {
			return nil, errors.Join(fmt.Errorf("open read model %s: %w", path, err), s.writer.Close())
		}
	}
	if s.readers, err = sql.Open("sqlite", address("query_only(1)")); err != nil {
		return nil, fmt.Errorf("open read model: %w", err)
	}
	s.readers.SetMaxOpenConns(4)
	return s, nil
}

func (s *Store[S]) createTables(ctx context.Context, ready bool) error {
	columns, indexes := "", ""
	for _, c := range s.model.Columns {
		columns += ",\n\tc_" + c.Name + " TEXT NOT NULL"
		// Behind the column an index holds the key, in whose order rows are given.
		indexes += fmt.Sprintf("CREATE INDEX by_%s ON rows (c_%s);\n", c.Name, c.Name)
	}
	tx, err := s.writer.BeginTx(ctx, nil)
	if err != nil {
		return fmt.Errorf("create read model: %w", err)
	}
	defer tx.Rollback() //nolint:errcheck // after Commit it has nothing to undo
	if _, err := tx.ExecContext(ctx, strings.ReplaceAll(schema, "{{columns}}", columns)+indexes); err != nil {
		return fmt.Errorf("create tables of read model: %w", err)
	}
	var none event.Position
	if _, err := tx.ExecContext(ctx, `INSERT INTO checkpoint VALUES (1, ?, ?, 0, ?, '', ?, '')`, s.model.Name, s.model.Version, none.Hash[:], ready); err != nil {
		return fmt.Errorf("create checkpoint: %w", err)
	}
	if err := tx.Commit(); err != nil {
		return fmt.Errorf("create read model: %w", err)
	}
	return nil
}

// usable tells whether the file is a ready one of this model and version.
func (s *Store[S]) usable(ctx context.Context) (bool, error) {
	var tables int
	if err := s.readers.QueryRowContext(ctx, `SELECT count(*) FROM sqlite_master WHERE name = 'checkpoint'`).Scan(&tables); err != nil {
		return false, fmt.Errorf("read %s: %w", s.path, err)
	}
	if tables == 0 {
		return false, nil
	}
	var name string
	var version, ready int
	err := s.readers.QueryRowContext(ctx, `SELECT model, version, ready FROM checkpoint`).Scan(&name, &version, &ready)
	if errors.Is(err, sql.ErrNoRows) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("read checkpoint of %s: %w", s.path, err)
	}
	return ready == 1 && name == s.model.Name && version == s.model.Version, nil
}

// Name returns the model's name.
func (s *Store[S]) Name() string { return s.model.Name }

// Checkpoint returns the position up to which the model holds the log.
func (s *Store[S]) Checkpoint(ctx context.Context) (event.Position, error) {
	return readCheckpoint(ctx, s.readers)
}

type querier interface {
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
}

func readCheckpoint(ctx context.Context, q querier) (event.Position, error) {
	var p event.Position
	var hash []byte
	if err := q.QueryRowContext(ctx, `SELECT ordinal, hash, token FROM checkpoint`).Scan(&p.Ordinal, &hash, &p.Token); err != nil {
		return p, fmt.Errorf("read checkpoint: %w", err)
	}
	copy(p.Hash[:], hash)
	return p, nil
}

// Stopped returns why the projector stopped, "" while it follows.
func (s *Store[S]) Stopped(ctx context.Context) (string, error) {
	var why string
	if err := s.readers.QueryRowContext(ctx, `SELECT stopped FROM checkpoint`).Scan(&why); err != nil {
		return "", fmt.Errorf("read state of %s: %w", s.model.Name, err)
	}
	return why, nil
}

// Stop keeps why the projector stopped, for whoever asks for the status.
func (s *Store[S]) Stop(ctx context.Context, why string) error {
	if _, err := s.writer.ExecContext(ctx, `UPDATE checkpoint SET stopped = ?`, why); err != nil {
		return fmt.Errorf("keep state of %s: %w", s.model.Name, err)
	}
	return nil
}

// Apply commits a page; see [projections.Projector].
func (s *Store[S]) Apply(ctx context.Context, page event.Page) error {
	// A page that is given up is given up between two records; once its last one
	// is folded, it is committed whatever becomes of ctx.
	whole := context.WithoutCancel(ctx)
	tx, err := s.writer.BeginTx(whole, nil)
	if err != nil {
		return fmt.Errorf("begin page of %s: %w", s.model.Name, err)
	}
	defer tx.Rollback() //nolint:errcheck // after Commit it has nothing to undo
	at, err := readCheckpoint(whole, tx)
	if err != nil {
		return err
	}
	if page.After.Ordinal <= at.Ordinal {
		return nil
	}
	if page.Before.Ordinal > at.Ordinal {
		return projections.ErrGap.With("model", s.model.Name).With("checkpoint", at).With("page", page.Before)
	}
	if err := s.applyAfter(ctx, tx, at, page); err != nil {
		return err
	}
	_, err = tx.ExecContext(whole, `UPDATE checkpoint SET ordinal = ?, hash = ?, token = ?, stopped = ''`, page.After.Ordinal, page.After.Hash[:], string(page.After.Token))
	if err != nil {
		return fmt.Errorf("move checkpoint of %s: %w", s.model.Name, err)
	}
	if err := tx.Commit(); err != nil {
		return fmt.Errorf("commit page of %s: %w", s.model.Name, err)
	}
	return s.measure(whole, at.Ordinal, page.After.Ordinal)
}

// measuredFrom is how many records make it worth while to measure a model.
const measuredFrom = 1 << 10

// measure counts, each time the log has doubled, how much every index tells apart.
// Without it SQLite takes the index of a column in which all rows are alike, such
// as the district, for as good as any other, and reads the whole table.
func (s *Store[S]) measure(ctx context.Context, before, after uint64) error {
	if after < measuredFrom || bits.Len64(before) == bits.Len64(after) {
		return nil
	}
	if _, err := s.writer.ExecContext(ctx, `ANALYZE rows`); err != nil {
		return fmt.Errorf("measure %s: %w", s.model.Name, err)
	}
	return nil
}

// applyAfter folds the page's records that lie behind at, and checks that the
// running hashes join.
func (s *Store[S]) applyAfter(ctx context.Context, tx *sql.Tx, at event.Position, page event.Page) error {
	whole := context.WithoutCancel(ctx)
	fold, err := newFolding(whole, tx, s.model)
	if err != nil {
		return err
	}
	defer fold.close()
	here := page.Before
	joined := here.Ordinal == at.Ordinal && here.Hash == at.Hash
	for i, r := range page.Records {
		here = here.Next(r, page.After.Token)
		if page.Ordinal(i) <= at.Ordinal {
			joined = here.Ordinal == at.Ordinal && here.Hash == at.Hash
			continue
		}
		if !joined {
			return projections.ErrGap.With("model", s.model.Name).With("checkpoint", at).With("page", page.Before)
		}
		if err := ctx.Err(); err != nil {
			return fmt.Errorf("apply page of %s: %w", s.model.Name, err)
		}
		e, err := s.registry.Decode(r.Envelope)
		if err != nil {
			return projections.ErrCannotApply.With("model", s.model.Name).With("ordinal", page.Ordinal(i)).Because(err)
		}
		if err := fold.apply(whole, projections.Applied{Event: e, Ordinal: page.Ordinal(i), Hash: here.Hash}); err != nil {
			return err
		}
	}
	if here.Hash != page.After.Hash {
		return projections.ErrGap.With("model", s.model.Name).With("page", page.After)
	}
	return nil
}

// comparisons are the tests that compare a column with one value.
var comparisons = map[projections.Test]string{
	projections.Equals: ` = ?`, projections.Above: ` > ?`, projections.NotBelow: ` >= ?`, projections.NotAbove: ` <= ?`,
}

// comparison returns a condition in SQL with the values of its placeholders.
func comparison(c projections.Condition) (string, []any) {
	column, words := `c_`+c.Column, strings.Fields(c.Value)
	switch c.Test {
	case projections.Contains:
		return `instr(` + column + `, ?) > 0`, []any{" " + c.Value + " "}
	case projections.EqualsOneOf, projections.ContainsOneOf:
		each := column + ` = ?`
		if c.Test == projections.ContainsOneOf {
			each = `instr(` + column + `, ?) > 0`
		}
		either, values := `FALSE`, []any{}
		for _, word := range words {
			either += ` OR ` + each
			if c.Test == projections.ContainsOneOf {
				word = " " + word + " "
			}
			values = append(values, word)
		}
		return `(` + either + `)`, values
	}
	return column + comparisons[c.Test], []any{c.Value}
}

// Select answers a query; rows come ordered by key.
func (s *Store[S]) Select(ctx context.Context, q projections.Query) ([]S, error) {
	text := `SELECT state FROM rows WHERE to_ordinal IS NULL`
	var args []any
	if q.AsOf > 0 {
		text = `SELECT state FROM rows WHERE from_ordinal <= ? AND (to_ordinal IS NULL OR to_ordinal > ?)`
		args = append(args, q.AsOf, q.AsOf)
	}
	for _, c := range q.Where {
		if !s.hasColumn(c.Column) {
			return nil, fmt.Errorf("read model %s has no column %q", s.model.Name, c.Column)
		}
		condition, values := comparison(c)
		text += ` AND ` + condition
		args = append(args, values...)
	}
	order, beyond := ` ORDER BY key`, ` AND key > ?`
	if q.Newest {
		order, beyond = ` ORDER BY key DESC`, ` AND key < ?`
	}
	if q.After != "" {
		text += beyond
		args = append(args, q.After)
	}
	text += order
	if q.Limit > 0 {
		text += ` LIMIT ?`
		args = append(args, q.Limit)
	}
	return s.scan(ctx, text, args)
}

func (s *Store[S]) scan(ctx context.Context, text string, args []any) ([]S, error) {
	rows, err := s.readers.QueryContext(ctx, text, args...)
	if err != nil {
		return nil, fmt.Errorf("ask %s: %w", s.model.Name, err)
	}
	defer rows.Close() //nolint:errcheck // its error is that of rows.Err
	var out []S
	for rows.Next() {
		var state []byte
		var row S
		if err := rows.Scan(&state); err != nil {
			return nil, fmt.Errorf("read %s: %w", s.model.Name, err)
		}
		if err := json.Unmarshal(state, &row); err != nil {
			return nil, fmt.Errorf("read row of %s: %w", s.model.Name, err)
		}
		out = append(out, row)
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("read %s: %w", s.model.Name, err)
	}
	return out, nil
}

func (s *Store[S]) hasColumn(name string) bool {
	for _, c := range s.model.Columns {
		if c.Name == name {
			return true
		}
	}
	return false
}

// Dump writes every version of every row, by key and ordinal, one line each:
// two models of the same log dump the same.
func (s *Store[S]) Dump(ctx context.Context, w io.Writer) error {
	rows, err := s.readers.QueryContext(ctx, `SELECT key, from_ordinal, coalesce(to_ordinal, 0), state FROM rows ORDER BY key, from_ordinal`)
	if err != nil {
		return fmt.Errorf("dump %s: %w", s.model.Name, err)
	}
	defer rows.Close() //nolint:errcheck // its error is that of rows.Err
	for rows.Next() {
		var key string
		var from, to uint64
		var state []byte
		if err := rows.Scan(&key, &from, &to, &state); err != nil {
			return fmt.Errorf("dump %s: %w", s.model.Name, err)
		}
		if _, err := fmt.Fprintf(w, "%s\t%s\t%d\t%d\t%s\n", s.model.Name, key, from, to, state); err != nil {
			return fmt.Errorf("dump %s: %w", s.model.Name, err)
		}
	}
	if err := rows.Err(); err != nil {
		return fmt.Errorf("dump %s: %w", s.model.Name, err)
	}
	return nil
}
