// Package sqlitelog keeps a ledger's log in one SQLite file.
//
// One goroutine writes. Appends that wait while it commits are taken together
// into its next transaction, so that they share one flush to disk: alone, an
// append costs a flush; with many callers, the flush costs next to nothing.
// Each append in such a group sees those before it, fails alone, and is
// answered after the commit. Readers use connections of their own, which the
// write-ahead log keeps apart from the writer: they see whole groups only.
//
// A file has one writing process at a time; the caller sees to that. Any number
// of processes may read it with [OpenReadOnly].
//
// What is read is compared with what its place promises: ordinals without a
// gap, and id, stream and revision as the stored bytes say. Everything else is
// [event.ErrDamaged]. That the bytes themselves are those of old is shown by
// the running hash.
package sqlitelog

import (
	"context"
	"database/sql"
	_ "embed" // the statements
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"sync"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
	zombiezen "zombiezen.com/go/sqlite"

	"twinledger/domain/event"
	"twinledger/domain/fault"
)

// What this package refuses with.
var (
	// ErrNoLog: there is no file to open.
	ErrNoLog = fault.New(fault.NotFound, "log.none",
		"没有台账文件；请核对路径，或先运行 twinledger init 新建。", "There is no ledger file; check the path, or create one with twinledger init.")
	// ErrExists: Create found a file.
	ErrExists = fault.New(fault.Refused, "log.exists",
		"该文件已存在，不会被覆盖；请换一个路径。", "The file exists and will not be overwritten; choose another path.")
	// ErrNotLog: the file is something else.
	ErrNotLog = fault.New(fault.Invalid, "log.not-a-log",
		"该文件不是 Twinledger 台账；请核对路径。", "The file is not a Twinledger log; check the path.")
	// ErrCorrupt: SQLite cannot read the file, which was cut short or overwritten.
	ErrCorrupt = fault.New(fault.Refused, "log.corrupt",
		"ledger.sqlite 不完整或已损坏（可能被截断，或旁边留有另一份文件的 ledger.sqlite-wal）；请放回完整的文件，或用 twinledger restore 从备份恢复。",
		"ledger.sqlite is cut short or damaged, or another file's ledger.sqlite-wal stands beside it; put the whole file back, or restore a backup with twinledger restore.")
	// ErrNewerFormat: a later version of the program made the file.
	ErrNewerFormat = fault.New(fault.Refused, "log.newer-format",
		"该台账由更新版本的程序建立；请升级 twinledger 后再打开。", "A newer version of the program made this ledger; upgrade twinledger to open it.")
	// ErrReadOnly: Append on a log opened for reading.
	ErrReadOnly = fault.New(fault.Refused, "log.read-only",
		"台账以只读方式打开，不能写入。", "The ledger is open for reading only and cannot be written to.")
	// ErrClosed: the log has been closed. An append refused with it is not stored.
	ErrClosed = fault.New(fault.Unavailable, "log.closed",
		"台账已关闭；请重新打开后再试。", "The ledger has been closed; open it and try again.")
)

const (
	applicationID = 0x54774c67 // "TwLg", as schema.sql says
	formatVersion = 1
)

//go:embed sql/schema.sql
var schemaSQL string

// A Log is an event.Log in a SQLite file. Use Create, Open or OpenReadOnly.
type Log struct {
	reader  *reader
	writer  *writer // nil when open for reading only
	closing chan struct{}
	close   func() error
}

var _ event.Log = (*Log)(nil)

// Create makes a new, empty log at path and opens it. A file that exists is
// ErrExists and stays as it is.
func Create(path string) (*Log, error) {
	// The file is reserved first: SQLite itself cannot create without opening
	// what may be somebody else's.
	if err := reserve(path); err != nil {
		return nil, err
	}
	if err := errors.Join(build(path), syncFolder(path)); err != nil {
		return nil, errors.Join(fmt.Errorf("create log %s: %w", path, err), os.Remove(path))
	}
	return Open(path)
}

// reserve makes an empty file, which nobody else may read; one that exists is
// ErrExists.
func reserve(path string) error {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if errors.Is(err, fs.ErrExist) {
		return ErrExists.With("path", path)
	}
	if err == nil {
		err = f.Close()
	}
	if err != nil {
		return fmt.Errorf("create log: %w", err)
	}
	return nil
}

func build(path string) (err error) {
	db, err := sql.Open("sqlite", source(path, writing))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	tx, err := db.Begin()
	if err != nil {
		return err
	}
	if _, err := tx.Exec(schemaSQL); err != nil {
		return errors.Join(err, tx.Rollback())
	}
	return tx.Commit()
}

// syncFolder makes the file's name survive a power cut, as its content does.
func syncFolder(path string) error {
	d, err := os.Open(filepath.Dir(path))
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}

// Open opens the log at path for reading and writing. It never creates one: a
// missing file is ErrNoLog, another program's file ErrNotLog, and a later
// format ErrNewerFormat.
func Open(path string) (*Log, error) {
	l, err := OpenReadOnly(path)
	if err != nil {
		return nil, err
	}
	if l.writer, err = newWriter(path, l.reader, l.closing); err != nil {
		return nil, errors.Join(err, l.Close())
	}
	go l.writer.run()
	return l, nil
}

// OpenReadOnly opens the log at path for reading, with the refusals of Open.
// Append is ErrReadOnly. Another process may write meanwhile: Wait looks for
// its records a few times a second.
func OpenReadOnly(path string) (*Log, error) {
	if err := checkFile(path); err != nil {
		return nil, err
	}
	l := &Log{closing: make(chan struct{})}
	l.close = sync.OnceValue(l.shut)
	var err error
	if l.reader, err = startReader(path, l.closing); err != nil {
		return nil, err
	}
	return l, nil
}

// checkFile tells whether there is a file that may be a log.
func checkFile(path string) error {
	info, err := os.Stat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return ErrNoLog.With("path", path)
	case err != nil:
		return fmt.Errorf("open log: %w", err)
	case !info.Mode().IsRegular():
		return ErrNotLog.With("path", path)
	}
	return nil
}

// Close stores and answers what the writer has begun, refuses the rest with
// ErrClosed and releases the file. Closing again does nothing more.
func (l *Log) Close() error { return l.close() }

func (l *Log) shut() error {
	close(l.closing)
	if l.writer == nil {
		return l.reader.close()
	}
	<-l.writer.done
	// The writer goes last: the last connection empties the write-ahead log,
	// which a reading one may not.
	return errors.Join(l.reader.close(), l.writer.release())
}

// Append stores records as event.Log says.
func (l *Log) Append(ctx context.Context, stream string, expected int64, records ...event.Record) (event.Appended, error) {
	if l.writer == nil {
		return event.Appended{}, ErrReadOnly
	}
	if err := event.CheckAppend(stream, expected, records); err != nil {
		return event.Appended{}, err
	}
	return l.writer.append(ctx, newRequest(ctx, stream, expected, records))
}

// checkFormat tells whether the file is a log that this version can read.
func checkFormat(db *sql.DB, path string) error {
	var id, version int64
	err := errors.Join(
		db.QueryRow("PRAGMA application_id").Scan(&id),
		db.QueryRow("PRAGMA user_version").Scan(&version))
	switch {
	case resultCode(err) == sqlite3.SQLITE_NOTADB:
		return ErrNotLog.With("path", path).Because(err)
	case resultCode(err) == sqlite3.SQLITE_CORRUPT:
		return ErrCorrupt.With("path", path).Because(err)
	case err != nil:
		return fmt.Errorf("open log %s: %w", path, err)
	case id != applicationID || version < 1:
		return ErrNotLog.With("path", path)
	case version > formatVersion:
		return ErrNewerFormat.With("path", path).With("format", version).With("known", formatVersion)
	}
	return nil
}

// resultCode returns SQLite's primary result code, or 0.
func resultCode(err error) int {
	if e, ok := errors.AsType[*sqlite.Error](err); ok {
		return e.Code() & 0xff
	}
	if code := zombiezen.ErrCode(err); code != zombiezen.ResultOK && code != zombiezen.ResultError {
		return int(code.ToPrimary())
	}
	return 0
}

// Pragmas stand in the source name, so that every connection has them.
var (
	writing = url.Values{"mode": {"rw"}, "_pragma": {
		"busy_timeout(10000)",
		"journal_mode(WAL)",
		"synchronous(FULL)",
		// The allocator takes 8 kB for a page of 4 kB with its header, so that 32 MB are 64.
		// 64 MB, which are 128, appended 300,000 records no faster.
		"cache_size(-32768)",
		// A checkpoint stops the writer; with 80 MB between two, few appends meet one.
		"wal_autocheckpoint(20000)",
	}}
	reading = url.Values{"mode": {"ro"}, "_pragma": {
		"busy_timeout(10000)",
		"query_only(1)",
		"cache_size(-16384)",
	}}
)

func source(path string, options url.Values) string {
	if absolute, err := filepath.Abs(path); err == nil {
		path = absolute
	}
	return (&url.URL{Scheme: "file", Path: path, RawQuery: options.Encode()}).String()
}

func readConnections() int { return max(4, runtime.GOMAXPROCS(0)) }
