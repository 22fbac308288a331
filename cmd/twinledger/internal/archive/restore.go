package archive

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"twinledger/adapters/keyvault"
	"twinledger/adapters/sqlitelog"
	"twinledger/cmd/twinledger/internal/datafolder"
	"twinledger/domain/event"
	"twinledger/domain/fault"
	"twinledger/domain/ledger"
)

var errRestoreOver = fault.New(fault.Refused, "restore.not-empty",
	"此文件夹中已有台账或其他文件，不会覆盖；请恢复到新的文件夹。", "There is a ledger or something else in this folder, and nothing is overwritten; restore into a new one.")

// A Restored tells of a folder that was restored.
type Restored struct {
	Ledger      string // the ledger's id
	Ordinal     uint64 // of the last record
	RunningHash string // at the last record, in hex
	Recorded    string // when the last record was recorded
	KeysMissing int    // how many keys the log speaks of and the keys' backup lacks: it is older
}

// Restore restores the backup of a log, and the backup of its keys unless keys is
// empty, as the data folder o.Path, which must be empty or not there yet. It is made
// beside its place and put there as a whole when it is finished. projecting is why
// the read models of the restored folder cannot follow all of its log.
func Restore(ctx context.Context, o datafolder.Options, log, keys string) (restored Restored, projecting, err error) {
	folder, err := filepath.Abs(o.Path)
	if err != nil {
		return restored, nil, fmt.Errorf("restore: %w", err)
	}
	if err := checkVacant(folder); err != nil {
		return restored, nil, err
	}
	if err := os.MkdirAll(filepath.Dir(folder), 0o750); err != nil {
		return restored, nil, errBackupFolder.At(fault.Place{File: folder}).Because(err)
	}
	work, err := openStaging(folder)
	if err != nil {
		return restored, nil, err
	}
	defer func() { err = errors.Join(err, work.close()) }()
	o.Path = work.path("folder")
	if err := os.Mkdir(o.Path, 0o750); err != nil {
		return restored, nil, fmt.Errorf("restore: %w", err)
	}
	m, err := restoreLog(ctx, o, log, datafolder.LogPath(o.Path))
	if err != nil {
		return restored, nil, err
	}
	restored = Restored{Ledger: m.Ledger, Ordinal: m.Log.Ordinal, RunningHash: m.Log.RunningHash, Recorded: m.Log.Recorded}
	if keys != "" {
		if restored.KeysMissing, err = restoreKeys(ctx, o, keys, m); err != nil {
			return restored, nil, err
		}
	}
	if projecting, err = projectRestored(ctx, o, work); err != nil {
		return restored, nil, err
	}
	return restored, projecting, putInPlace(o.Path, folder)
}

// checkVacant refuses a folder that is there and holds anything.
func checkVacant(folder string) error {
	entries, err := os.ReadDir(folder)
	if errors.Is(err, os.ErrNotExist) || err == nil && len(entries) == 0 {
		return nil
	}
	return errRestoreOver.With("folder", folder).Because(err)
}

// putInPlace gives the finished folder its name.
func putInPlace(made, folder string) error {
	if err := syncFolder(made); err != nil {
		return err
	}
	// Only an empty folder can be removed, and only what is gone be replaced
	// everywhere.
	if err := os.Remove(folder); err != nil && !errors.Is(err, os.ErrNotExist) {
		return errRestoreOver.With("folder", folder).Because(err)
	}
	if err := os.Rename(made, folder); err != nil {
		return errBackupFolder.At(fault.Place{File: folder}).Because(err)
	}
	return syncFolder(filepath.Dir(folder))
}

// restoreLog unpacks a log from its backup and holds every record against the
// manifest.
func restoreLog(ctx context.Context, o datafolder.Options, from, to string) (m Manifest, err error) {
	a, err := openArchive(from, Log)
	if err != nil {
		return m, err
	}
	defer func() { err = errors.Join(err, a.close()) }()
	step, end := o.Begin("解包 unpack")
	mismatch, err := a.extract(ctx, to, step)
	end()
	if err != nil {
		return m, err
	}
	// Reading it all first names the place of what was altered; if it is nowhere,
	// the file as a whole is refused.
	if err := verifyLog(ctx, o, a, to); err != nil {
		return m, err
	}
	if mismatch != nil {
		return m, mismatch
	}
	opened, _, err := describeLog(ctx, to)
	if err != nil {
		return m, err
	}
	if opened.Ledger != a.manifest.Ledger || opened.Secret != a.manifest.Secret {
		return m, a.damaged(ManifestName).With("ledger", opened.Ledger).With("secret", opened.Secret)
	}
	return a.manifest, nil
}

// verifyLog reads the unpacked log and compares it with the manifest's running
// hashes on the way and at its end.
func verifyLog(ctx context.Context, o datafolder.Options, a *archive, path string) error {
	step, end := o.Begin("核对 check")
	defer end()
	content, marks := a.manifest.Content.Name, a.manifest.Log.Marks
	var sound uint64 // up to here all is as it was
	last, err := sqlitelog.Verify(ctx, path, func(at event.Position, head uint64) error {
		step(int(at.Ordinal), int(head))
		for len(marks) > 0 && marks[0].Ordinal < at.Ordinal {
			marks = marks[1:] // of a version that marked elsewhere
		}
		if len(marks) == 0 || marks[0].Ordinal != at.Ordinal {
			return nil
		}
		if marks[0] != markOf(at) {
			return a.damaged(content).With("ordinals", fmt.Sprintf("%d–%d", sound+1, at.Ordinal))
		}
		sound = at.Ordinal
		return nil
	})
	if err != nil {
		return a.broken(ctx, err)
	}
	if last := markOf(last); last != (mark{a.manifest.Log.Ordinal, a.manifest.Log.RunningHash}) {
		return a.damaged(content).With("ordinals", fmt.Sprintf("%d–%d", sound+1, a.manifest.Log.Ordinal)).With("last_ordinal", last.Ordinal).
			With("running_hash", last.RunningHash).With("expected", a.manifest.Log.RunningHash)
	}
	return nil
}

// broken turns what a log is found damaged with into the refusal of its backup,
// with the same details. Everything else stays as it is.
func (a *archive) broken(ctx context.Context, err error) error {
	f, known := fault.As(err)
	if ctx.Err() != nil || !known || !errors.Is(err, event.ErrDamaged) && !errors.Is(err, sqlitelog.ErrNotLog) {
		return err
	}
	refusal := a.damaged(a.manifest.Content.Name).Because(err)
	for _, d := range f.Details {
		if d.Name != "path" {
			refusal = refusal.With(d.Name, d.Value)
		}
	}
	return refusal
}

// restoreKeys unpacks the vault into the folder at o.Path, beside its log, and returns how
// many keys are missing in it. Keys of another ledger are refused.
func restoreKeys(ctx context.Context, o datafolder.Options, from string, log Manifest) (missing int, err error) {
	a, err := openArchive(from, Keys)
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, a.close()) }()
	foreign := func(secret string) error {
		return ledger.ErrForeignSecret.At(fault.Place{File: from}).With("ledger", log.Secret).With("vault", secret)
	}
	if a.manifest.Secret != log.Secret {
		return 0, foreign(a.manifest.Secret)
	}
	step, end := o.Begin("解包 unpack")
	mismatch, err := a.extract(ctx, datafolder.VaultPath(o.Path), step)
	end()
	if err = errors.Join(err, mismatch); err != nil {
		return 0, err
	}
	contents, err := keyvault.Verify(ctx, datafolder.VaultPath(o.Path))
	if err != nil {
		return 0, err
	}
	if contents.SecretID != log.Secret {
		return 0, foreign(contents.SecretID)
	}
	return missingKeys(ctx, datafolder.LogPath(o.Path), contents.Keys)
}

// missingKeys counts the keys that seal something in the log and are not known.
func missingKeys(ctx context.Context, path string, known map[string]bool) (missing int, err error) {
	log, err := sqlitelog.OpenReadOnly(path)
	if err != nil {
		return 0, err
	}
	lacking := map[string]bool{}
	err = event.Walk(ctx, log, func(r event.Record) error {
		if !bytes.Contains(r.Envelope.Data, []byte(`"box":`)) {
			return nil
		}
		var data any
		if err := json.Unmarshal(r.Envelope.Data, &data); err != nil {
			return fmt.Errorf("look for seals: %w", err)
		}
		eachSealKey(data, func(name string) {
			if !known[name] {
				lacking[name] = true
			}
		})
		return nil
	})
	return len(lacking), errors.Join(err, log.Close())
}

// eachSealKey visits the key names of every sealed box within decoded JSON: an
// object with a box and its keys, wherever an event has one.
func eachSealKey(data any, visit func(name string)) {
	switch d := data.(type) {
	case []any:
		for _, one := range d {
			eachSealKey(one, visit)
		}
	case map[string]any:
		keys, listed := d["keys"].([]any)
		if _, boxed := d["box"].(string); boxed && listed {
			for _, key := range keys {
				if name, ok := key.(string); ok {
					visit(name)
				}
			}
			return
		}
		for _, one := range d {
			eachSealKey(one, visit)
		}
	}
}

// projectRestored builds the read models of a folder that is not in its place
// yet. What keeps a model from following is told apart: the log is whole and is
// restored all the same, and status says why the model stopped.
func projectRestored(ctx context.Context, options datafolder.Options, work *staging) (projecting, err error) {
	o, err := datafolder.OpenHeld(ctx, options, work.lock)
	if err != nil {
		return nil, err
	}
	step, end := options.Begin("读模型 read models")
	projecting = o.CatchUp(ctx, step)
	end()
	return projecting, errors.Join(ctx.Err(), o.CloseParts())
}
