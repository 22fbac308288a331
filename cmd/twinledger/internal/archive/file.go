package archive

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

	"twinledger/domain/event"
	"twinledger/domain/fault"
)

// writeArchive writes a backup of the file at content to a new file at path, for
// its owner's eyes only and flushed to disk, and tells step how many bytes it has
// read. It fills in what m says of the
// content and returns the SHA-256 of the backup in hex.
func writeArchive(ctx context.Context, path, content string, m *Manifest, step func(done, total int)) (sum string, err error) {
	out, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return "", fmt.Errorf("write backup: %w", err)
	}
	defer func() { err = errors.Join(err, out.Close()) }()
	whole := sha256.New()
	archive := zip.NewWriter(io.MultiWriter(out, whole))
	if err := addContent(ctx, archive, content, m, step); err != nil {
		return "", fmt.Errorf("write backup: %w", err)
	}
	described, err := event.Marshal(m)
	if err == nil {
		var w io.Writer
		if w, err = archive.Create(ManifestName); err == nil {
			_, err = w.Write(described)
		}
	}
	if err := errors.Join(err, archive.Close(), out.Sync()); err != nil {
		return "", fmt.Errorf("write backup: %w", err)
	}
	return hex.EncodeToString(whole.Sum(nil)), nil
}

func addContent(ctx context.Context, archive *zip.Writer, content string, m *Manifest, step func(done, total int)) error {
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
	passing := &meteredReader{ctx: ctx, in: in, step: step, total: info.Size(), sum: sha256.New()}
	if _, err := io.Copy(w, passing); err != nil {
		return err
	}
	m.Content.Bytes, m.Content.SHA256 = passing.done, passing.hex()
	return nil
}

// A meteredReader sums up what is read through it, tells how far it has come and ends
// with its context.
type meteredReader struct {
	ctx         context.Context //nolint:containedctx // lives for one copy
	in          io.Reader
	step        func(done, total int)
	done, total int64
	sum         hash.Hash
}

// Read reads on.
func (p *meteredReader) Read(b []byte) (int, error) {
	if err := p.ctx.Err(); err != nil {
		return 0, err
	}
	n, err := p.in.Read(b)
	p.sum.Write(b[:n])
	p.done += int64(n)
	p.step(int(p.done), int(p.total))
	return n, err
}

func (p *meteredReader) hex() string { return hex.EncodeToString(p.sum.Sum(nil)) }

// An archive is a backup that is being read.
type archive struct {
	path     string
	zip      *zip.ReadCloser
	manifest Manifest
}

// openArchive opens a backup of a kind and reads its manifest.
func openArchive(path string, kind Kind) (*archive, error) {
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
func (a *archive) describe(kind Kind) error {
	in, err := a.zip.Open(ManifestName)
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
		return a.damaged(ManifestName).Because(err)
	case m.Form != form:
		return errNotBackup.At(fault.Place{File: a.path})
	case m.Version > version:
		return errNewerBackup.At(fault.Place{File: a.path}).With("version", m.Version).With("known", version)
	case m.Kind != kind:
		return errOtherKind.At(fault.Place{File: a.path}).With("kind", m.Kind)
	case m.Kind == Log && m.Log == nil:
		return a.damaged(ManifestName)
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
func (a *archive) extract(ctx context.Context, to string, step func(done, total int)) (mismatch, err error) {
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
	passing := &meteredReader{ctx: ctx, in: io.LimitReader(in, want.Bytes+1), step: step, total: want.Bytes, sum: sha256.New()}
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
