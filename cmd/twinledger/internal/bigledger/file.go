package bigledger

import (
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"

	_ "modernc.org/sqlite" // the driver "sqlite"

	"twinledger/adapters/sqlitelog"
)

// A file is a log that is written in one go. Until its end it is worth nothing:
// nothing is flushed to disk and nothing could be taken back.
type file struct {
	path                 string
	db                   *sql.DB
	tx                   *sql.Tx
	newStream, newRecord *sql.Stmt
	streams, records     int64 // written so far
}

// hasty is how the file is opened: no journal, no flushing, nobody else, and memory
// for the index of stream names, which grows all over.
var hasty = url.Values{"mode": {"rw"}, "_pragma": {
	"locking_mode(EXCLUSIVE)", "journal_mode(OFF)", "synchronous(OFF)", "cache_size(-262144)",
}}

// create makes a new log, as every other one is made, and opens it to be filled.
func create(path string) (*file, error) {
	log, err := sqlitelog.Create(path)
	if err == nil {
		err = log.Close()
	}
	if err != nil {
		return nil, err
	}
	f := &file{path: path}
	if err := f.open(); err != nil {
		return nil, f.end(fmt.Errorf("open %s: %w", path, err))
	}
	return f, nil
}

func (f *file) open() error {
	absolute, err := filepath.Abs(f.path)
	if err != nil {
		return err
	}
	source := url.URL{Scheme: "file", Path: absolute, RawQuery: hasty.Encode()}
	if f.db, err = sql.Open("sqlite", source.String()); err != nil {
		return err
	}
	f.db.SetMaxOpenConns(1)
	if f.tx, err = f.db.Begin(); err != nil {
		return err
	}
	if f.newStream, err = f.tx.Prepare("INSERT INTO streams (number, name) VALUES (?, ?)"); err != nil {
		return err
	}
	f.newRecord, err = f.tx.Prepare("INSERT INTO records (ordinal, stream, revision, id, bytes) VALUES (?, ?, ?, ?, ?)")
	return err
}

// stream begins a stream and returns its number.
func (f *file) stream(name string) (int64, error) {
	f.streams++
	_, err := f.newStream.Exec(f.streams, name)
	return f.streams, err
}

// record writes the next record.
func (f *file) record(stream, revision int64, id string, stored []byte) error {
	f.records++
	_, err := f.newRecord.Exec(f.records, stream, revision, id, stored)
	return err
}

// end finishes the file, or removes it when there was an error.
func (f *file) end(err error) error {
	if err == nil {
		err = f.finish()
	}
	if f.db != nil {
		err = errors.Join(err, f.db.Close())
	}
	if err == nil {
		err = flush(f.path)
	}
	if err != nil {
		return errors.Join(err, os.Remove(f.path))
	}
	return nil
}

// finish ends the transaction and gives the file the journal that a log has.
func (f *file) finish() error {
	if err := f.tx.Commit(); err != nil {
		return err
	}
	_, err := f.db.Exec("PRAGMA journal_mode = WAL")
	return err
}

// flush brings a file to disk.
func flush(path string) error {
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}
