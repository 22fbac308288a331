package archive

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/gofrs/flock"

	"twinledger/cmd/twinledger/internal/datafolder"
	"twinledger/domain/fault"
)

// A staging is a folder in which something is made before it is put in its
// place, beside that place, so that it is there whole or not at all. One process
// works in it at a time; what a killed one left behind is cleared away by the
// next.
type staging struct {
	folder string
	lock   *flock.Flock
}

// openStaging opens the staging folder of what is to stand at target.
func openStaging(target string) (*staging, error) {
	folder := filepath.Join(filepath.Dir(target), "."+filepath.Base(target)+".twinledger-unfinished")
	if err := os.Mkdir(folder, 0o700); err != nil && !errors.Is(err, os.ErrExist) {
		return nil, errBackupFolder.At(fault.Place{File: target}).Because(err)
	}
	lock, err := datafolder.Hold(folder)
	if err != nil {
		return nil, err
	}
	w := &staging{folder, lock}
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

// path returns the path of something in the staging folder.
func (w *staging) path(name string) string { return filepath.Join(w.folder, name) }

// close removes the staging folder with what is left in it.
func (w *staging) close() error {
	removing := os.RemoveAll(w.folder)
	err := w.lock.Unlock()
	if removing != nil { // not every system removes a file that is open
		err = errors.Join(err, os.RemoveAll(w.folder))
	}
	return err
}

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
