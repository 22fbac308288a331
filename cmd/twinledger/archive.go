package main

import (
	"archive/zip"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"hash"
	"io"
	"os"
	"path/filepath"

	"github.com/gofrs/flock"

	"twinledger/cmd/twinledger/internal/datafolder"
	"twinledger/domain/event"
	"twinledger/domain/fault"
	"twinledger/domain/ledger"
)

// A manifest says what a backup holds. It is stored: a later version is added,
// never put in a former one's place. A backup is a ZIP archive of the content
// and manifest.json; it has no time of its own, only that of its last record.
type manifest struct {
	Form    string         `json:"form"`    // backupForm
	Version int            `json:"version"` // backupVersion
	Kind    string         `json:"kind"`    // kindLog or kindKeys
	Ledger  string         `json:"ledger"`  // the ledger's id
	Secret  string         `json:"secret"`  // names the installation's secret without telling it
	Content archived       `json:"content"`
	Log     *archivedLog   `json:"log,omitempty"` // of kindLog
	Formats ledger.Formats `json:"formats"`       // as the ledger's first record gives them
}

// archived is the file in a backup.
type archived struct {
	Name   string `json:"name"`
	Bytes  int64  `json:"bytes"`
	SHA256 string `json:"sha256"`
}

// archivedLog is where a log in a backup ends, and what it was on the way, so
// that a record that was altered is found near its place.
type archivedLog struct {
	Format      int    `json:"format"` // of the file
	Ordinal     uint64 `json:"ordinal"`
	RunningHash string `json:"running_hash"`
	Recorded    string `json:"recorded"` // of the last record
	Marks       []mark `json:"marks"`
}

// A mark is the running hash at an ordinal.
type mark struct {
	Ordinal     uint64 `json:"ordinal"`
	RunningHash string `json:"running_hash"`
}

func markOf(at event.Position) mark { return mark{at.Ordinal, hex.EncodeToString(at.Hash[:])} }

const (
	backupForm    = "twinledger backup"
	backupVersion = 1
	kindLog       = "log"
	kindKeys      = "keys"
	manifestName  = "manifest.json"
	manifestLimit = 64 << 20 // a mark takes about 100 bytes for 1000 records
)

// What a backup is refused with.
var (
	errBackupExists = fault.New(fault.Refused, "backup.exists",
		"备份文件已存在，不会覆盖；请换一个文件名。", "There is such a file already, and it is not overwritten; choose another name.")
	errBackupFolder = fault.New(fault.Refused, "backup.cannot-write",
		"无法写入此处；请核对路径、权限和剩余空间。", "Nothing can be written there; check path, permission and free space.")
	errNoBackup = fault.New(fault.NotFound, "backup.none",
		"没有这个备份文件；请核对路径。", "There is no such backup; check its path.")
	errNotBackup = fault.New(fault.Invalid, "backup.not-whole",
		"此文件不是完整的 twinledger 备份，可能被截断；请重新复制或换用另一份备份。", "This is no whole twinledger backup, it may be cut short; copy it again or use another one.")
	errBackupDamaged = fault.New(fault.Refused, "backup.damaged",
		"备份内容与备份时不符，未恢复任何内容；请换用另一份备份。", "The backup does not hold what was backed up, and nothing was restored; use another one.")
	errOtherKind = fault.New(fault.Invalid, "backup.other-kind",
		"这不是所要的那种备份：台账备份写在前面，密钥备份写在 --keys 之后。", "This is the other kind of backup: the ledger's stands by itself, that of the keys behind --keys.")
	errNewerBackup = fault.New(fault.Refused, "backup.newer-format",
		"该备份由更新版本的程序制作；请升级 twinledger。", "A newer version of the program made this backup; upgrade twinledger.")
)

// A workshop is a folder in which something is made before it is put in its
// place, beside that place, so that it is there whole or not at all. One process
// works in it at a time; what a killed one left behind is cleared away by the
// next.
type workshop struct {
	folder string
	lock   *flock.Flock
}

// openWorkshop opens the workshop of what is to stand at target.
func openWorkshop(target string) (*workshop, error) {
	folder := filepath.Join(filepath.Dir(target), "."+filepath.Base(target)+".twinledger-unfinished")
	if err := os.Mkdir(folder, 0o700); err != nil && !errors.Is(err, os.ErrExist) {
		return nil, errBackupFolder.At(fault.Place{File: target}).Because(err)
	}
	lock, err := datafolder.Hold(folder)
	if err != nil {
		return nil, err
	}
	w := &workshop{folder, lock}
	entries, err := os.ReadDir(folder)
	for _, entry := range entries {
		if path := w.path(entry.Name()); path != lock.Path() {
			err = errors.Join(err, os.RemoveAll(path))
		}
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("clear %s: %w", folder, err), lock.Unlock())
	}
	return w, nil
}

// path returns the path of something in the workshop.
func (w *workshop) path(name string) string { return filepath.Join(w.folder, name) }

// close removes the workshop with what is left in it.
func (w *workshop) close() error {
	removing := os.RemoveAll(w.folder)
	err := w.lock.Unlock()
	if removing != nil { // not every system removes a file that is open
		err = errors.Join(err, os.RemoveAll(w.folder))
	}
	return err
}

// writeArchive writes a backup of the file at content to a new file at path, for
// its owner's eyes only and flushed to disk. It fills in what m says of the
// content and returns the SHA-256 of the backup in hex.
func writeArchive(ctx context.Context, path, content string, m *manifest, bar *progress) (sum string, err error) {
	defer bar.end()
	out, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return "", fmt.Errorf("write backup: %w", err)
	}
	defer func() { err = errors.Join(err, out.Close()) }()
	whole := sha256.New()
	archive := zip.NewWriter(io.MultiWriter(out, whole))
	if err := addContent(ctx, archive, content, m, bar); err != nil {
		return "", fmt.Errorf("write backup: %w", err)
	}
	described, err := event.Marshal(m)
	if err == nil {
		var w io.Writer
		if w, err = archive.Create(manifestName); err == nil {
			_, err = w.Write(described)
		}
	}
	if err := errors.Join(err, archive.Close(), out.Sync()); err != nil {
		return "", fmt.Errorf("write backup: %w", err)
	}
	return hex.EncodeToString(whole.Sum(nil)), nil
}

func addContent(ctx context.Context, archive *zip.Writer, content string, m *manifest, bar *progress) error {
	in, err := os.Open(content)
	if err != nil {
		return err
	}
	defer in.Close() //nolint:errcheck // only read
	info, err := in.Stat()
	if err != nil {
		return err
	}
	w, err := archive.Create(m.Content.Name)
	if err != nil {
		return err
	}
	passing := &passage{ctx: ctx, in: in, bar: bar, total: info.Size(), sum: sha256.New()}
	if _, err := io.Copy(w, passing); err != nil {
		return err
	}
	m.Content.Bytes, m.Content.SHA256 = passing.done, passing.hex()
	return nil
}

// A passage sums up what is read through it, shows how far it has come and ends
// with its context.
type passage struct {
	ctx         context.Context //nolint:containedctx // lives for one copy
	in          io.Reader
	bar         *progress
	done, total int64
	sum         hash.Hash
}

// Read reads on.
func (p *passage) Read(b []byte) (int, error) {
	if err := p.ctx.Err(); err != nil {
		return 0, err
	}
	n, err := p.in.Read(b)
	p.sum.Write(b[:n])
	p.done += int64(n)
	p.bar.step(int(p.done), int(p.total))
	return n, err
}

func (p *passage) hex() string { return hex.EncodeToString(p.sum.Sum(nil)) }

// place gives a finished file its name, unless there is one of that name, and
// makes the name survive a power cut.
func place(finished, target string) error {
	err := os.Link(finished, target)
	if err != nil && !errors.Is(err, os.ErrExist) {
		// Not every disk has hard links; a rename would overwrite, hence the look.
		if _, statErr := os.Lstat(target); errors.Is(statErr, os.ErrNotExist) {
			err = os.Rename(finished, target)
		}
	}
	if errors.Is(err, os.ErrExist) {
		return errBackupExists.At(fault.Place{File: target})
	}
	if err != nil {
		return errBackupFolder.At(fault.Place{File: target}).Because(err)
	}
	return syncFolder(filepath.Dir(target))
}

// syncFolder makes the names in a folder survive a power cut.
func syncFolder(folder string) error {
	d, err := os.Open(folder)
	if err != nil {
		return fmt.Errorf("flush folder: %w", err)
	}
	if err := errors.Join(d.Sync(), d.Close()); err != nil {
		return fmt.Errorf("flush folder: %w", err)
	}
	return nil
}

// An archive is a backup that is being read.
type archive struct {
	path     string
	zip      *zip.ReadCloser
	manifest manifest
}

// openArchive opens a backup of a kind and reads its manifest.
func openArchive(path, kind string) (*archive, error) {
	if _, err := os.Stat(path); errors.Is(err, os.ErrNotExist) {
		return nil, errNoBackup.At(fault.Place{File: path})
	}
	opened, err := zip.OpenReader(path)
	if err != nil {
		return nil, errNotBackup.At(fault.Place{File: path}).Because(err)
	}
	a := &archive{path: path, zip: opened}
	if err := a.describe(kind); err != nil {
		return nil, errors.Join(err, opened.Close())
	}
	return a, nil
}

// describe reads the manifest and tells whether this program can read what it
// describes.
func (a *archive) describe(kind string) error {
	in, err := a.zip.Open(manifestName)
	if err != nil {
		return errNotBackup.At(fault.Place{File: a.path}).Because(err)
	}
	defer in.Close() //nolint:errcheck // only read
	b, err := io.ReadAll(io.LimitReader(in, manifestLimit))
	if err == nil {
		err = json.Unmarshal(b, &a.manifest)
	}
	m := a.manifest
	switch {
	case err != nil:
		return a.damaged(manifestName).Because(err)
	case m.Form != backupForm:
		return errNotBackup.At(fault.Place{File: a.path})
	case m.Version > backupVersion:
		return errNewerBackup.At(fault.Place{File: a.path}).With("version", m.Version).With("known", backupVersion)
	case m.Kind != kind:
		return errOtherKind.At(fault.Place{File: a.path}).With("kind", m.Kind)
	case m.Kind == kindLog && m.Log == nil:
		return a.damaged(manifestName)
	}
	return nil
}

// damaged returns the refusal of a backup for one of its files.
func (a *archive) damaged(name string) *fault.Error {
	return errBackupDamaged.At(fault.Place{File: a.path}).With("part", name)
}

// extract writes the content to a new file, for its owner's eyes only, flushed
// to disk. mismatch is the refusal of a content that is not what the manifest
// says, for whoever finds no closer place.
func (a *archive) extract(ctx context.Context, to string, bar *progress) (mismatch, err error) {
	defer bar.end()
	want := a.manifest.Content
	in, err := a.zip.Open(want.Name)
	if err != nil {
		return nil, a.damaged(want.Name).Because(err)
	}
	defer in.Close() //nolint:errcheck // only read
	out, err := os.OpenFile(to, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, fmt.Errorf("unpack backup: %w", err)
	}
	defer func() { err = errors.Join(err, out.Close()) }()
	// One byte more than there should be is enough to see that there is more.
	passing := &passage{ctx: ctx, in: io.LimitReader(in, want.Bytes+1), bar: bar, total: want.Bytes, sum: sha256.New()}
	reading := &readError{in: passing}
	if _, err := io.Copy(out, reading); err != nil {
		if reading.err != nil && ctx.Err() == nil {
			return nil, a.damaged(want.Name).With("byte", passing.done).Because(err)
		}
		return nil, fmt.Errorf("unpack backup: %w", err)
	}
	if passing.done != want.Bytes || passing.hex() != want.SHA256 {
		mismatch = a.damaged(want.Name).With("sha256", passing.hex()).With("expected", want.SHA256)
	}
	if err := out.Sync(); err != nil {
		return nil, fmt.Errorf("unpack backup: %w", err)
	}
	return mismatch, nil
}

// A readError keeps what reading failed with, to be told from a failed write.
type readError struct {
	in  io.Reader
	err error
}

// Read reads on.
func (r *readError) Read(b []byte) (int, error) {
	n, err := r.in.Read(b)
	if err != nil && !errors.Is(err, io.EOF) {
		r.err = err
	}
	return n, err
}

func (a *archive) close() error { return a.zip.Close() }
