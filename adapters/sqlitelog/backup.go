package sqlitelog

import (
	"context"
	"database/sql"
	_ "embed" // the statement
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"time"

	"twinledger/domain/event"
)

// FormatVersion is the version of the file that this package writes.
const FormatVersion = formatVersion

//go:embed sql/revisions.sql
var revisionsSQL string

// copying is reading without query_only, which would forbid VACUUM INTO its
// output as well; the source stays read-only by its mode.
var copying = url.Values{"mode": {"ro"}, "_pragma": {"busy_timeout(10000)"}}

// Copy writes a copy of the log at from to a new file at to, with the refusals
// of [OpenReadOnly], and ErrExists when to exists. Another process may append
// meanwhile: the copy is the log as it was at one moment, a prefix of the ledger
// that ends with a whole append. It is compact, has no side files and is not yet
// flushed to disk. progress, which may be nil, is told how many of about total
// bytes are written. What is left behind by an error is removed.
func Copy(ctx context.Context, from, to string, progress func(done, total int)) (err error) {
	if err := checkFile(from); err != nil {
		return err
	}
	if to, err = filepath.Abs(to); err != nil {
		return fmt.Errorf("copy log: %w", err)
	}
	db, err := sql.Open("sqlite", source(from, copying))
	if err != nil {
		return fmt.Errorf("copy log %s: %w", from, err)
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	if err := checkFormat(db, from); err != nil {
		return err
	}
	var total int
	if err := db.QueryRowContext(ctx, `SELECT page_count * page_size FROM pragma_page_count, pragma_page_size`).Scan(&total); err != nil {
		return fmt.Errorf("copy log %s: %w", from, err)
	}
	if err := reserve(to); err != nil {
		return err
	}
	stop := follow(to, total, progress)
	defer stop()
	if _, err := db.ExecContext(ctx, `VACUUM INTO ?`, to); err != nil {
		if ctx.Err() != nil {
			err = ctx.Err()
		}
		return errors.Join(fmt.Errorf("copy log %s: %w", from, err), os.Remove(to))
	}
	return nil
}

// follow tells progress how large the file at path is, until it is stopped.
func follow(path string, total int, progress func(done, total int)) (stop func()) {
	if progress == nil {
		return func() {}
	}
	done, ended := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(ended)
		ticker := time.NewTicker(pollEvery)
		defer ticker.Stop()
		for {
			select {
			case <-ticker.C:
				if info, err := os.Stat(path); err == nil {
					progress(min(int(info.Size()), total), total)
				}
			case <-done:
				return
			}
		}
	}()
	return func() { close(done); <-ended }
}

// Verify reads the log at path from its first record to its last, with the
// refusals of [OpenReadOnly], and returns where it ends. Whatever is not in its
// place is [event.ErrDamaged]: SQLite's own pages and indexes, ordinals with a
// gap, an index that says other than the stored bytes, a stream whose revisions
// are not 0, 1, 2 … in log order. passed, which may be nil, is told of the last
// ordinal and, in order, of positions: at least of every one whose ordinal is a
// multiple of [MarkEvery], and of the end. When it returns an error, Verify ends
// with that.
//
// That the records are those of old is shown by comparing the running hash of a
// position with one that was noted down before.
func Verify(ctx context.Context, path string, passed func(at event.Position, head uint64) error) (end event.Position, err error) {
	l, err := OpenReadOnly(path)
	if err != nil {
		return event.Position{}, err
	}
	defer func() { err = errors.Join(err, l.Close()) }()
	head, err := l.Head(ctx)
	if err != nil {
		return event.Position{}, err
	}
	for {
		page, err := l.Page(ctx, end, int(MarkEvery-end.Ordinal%MarkEvery))
		if err != nil {
			return end, err
		}
		if len(page.Records) == 0 {
			break
		}
		end = page.After
		if passed == nil {
			continue
		}
		if err := passed(end, max(head, end.Ordinal)); err != nil {
			return end, err
		}
	}
	return end, l.reader.checkStructure(ctx)
}

// MarkEvery is how many records lie between two positions of which Verify tells
// for certain.
const MarkEvery = 1000

// checkStructure asks SQLite whether pages, indexes and constraints agree, and
// whether every stream's revisions follow one another.
func (r *reader) checkStructure(ctx context.Context) error {
	var found string
	if err := r.db.QueryRowContext(ctx, `PRAGMA integrity_check(1)`).Scan(&found); err != nil {
		return r.explain(ctx, err)
	}
	if found != "ok" {
		return event.ErrDamaged.With("found", found)
	}
	var stream string
	var revision int64
	switch err := r.db.QueryRowContext(ctx, revisionsSQL).Scan(&stream, &revision); {
	case errors.Is(err, sql.ErrNoRows):
		return nil
	case err != nil:
		return r.explain(ctx, err)
	}
	return event.ErrDamaged.With("stream", stream).With("revision", revision)
}
