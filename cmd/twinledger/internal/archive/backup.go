package archive

import (
	"context"
	"errors"
	"os"

	"twinledger/adapters/keyvault"
	"twinledger/adapters/sqlitelog"
	"twinledger/cmd/twinledger/internal/datafolder"
	"twinledger/domain/event"
	"twinledger/domain/fault"
	"twinledger/domain/ledger"
)

// A Backup tells of a backup that was made.
type Backup struct {
	Kind   Kind
	Ledger string // the ledger's id
	Secret string // names the secret that belongs to the ledger
	SHA256 string // of the backup's file, in hex
	// Of a log: where it ends.
	Ordinal     uint64
	RunningHash string
	Recorded    string // of the last record
	// Of keys: how many.
	Keys int
}

// BackUp writes a backup of the data folder at o.Path to target, a file that must
// not exist yet; when it fails there is none. It needs no lock and holds nobody up:
// SQLite makes the copy beside whoever writes, and only that copy is read as a file.
func BackUp(ctx context.Context, o datafolder.Options, kind Kind, target string) (made Backup, err error) {
	if _, err := os.Stat(datafolder.LogPath(o.Path)); err != nil {
		return made, datafolder.ErrNoLedger.With("folder", o.Path)
	}
	if _, err := os.Lstat(target); !errors.Is(err, os.ErrNotExist) {
		return made, errBackupExists.At(fault.Place{File: target})
	}
	work, err := openStaging(target)
	if err != nil {
		return made, err
	}
	defer func() { err = errors.Join(err, work.close()) }()
	gather := gatherLog
	if kind == Keys {
		gather = gatherKeys
	}
	m, made, err := gather(ctx, o, work.path("content"))
	if err != nil {
		return made, err
	}
	step, end := o.Begin("写入 write")
	made.SHA256, err = writeArchive(ctx, work.path("archive"), work.path("content"), &m, step)
	end()
	if err == nil {
		err = os.Remove(work.path("content")) // keys lie about no longer than they must
	}
	if err == nil {
		err = place(work.path("archive"), target)
	}
	made.Kind, made.Ledger, made.Secret = m.Kind, m.Ledger, m.Secret
	return made, err
}

// gatherLog writes a copy of the folder's log to a new file, reads all of it
// again and describes it.
func gatherLog(ctx context.Context, o datafolder.Options, to string) (Manifest, Backup, error) {
	// What is known before the copy is made, the copy holds.
	known, err := datafolder.HistoryKnownIn(ctx, o.Path)
	if err != nil {
		return Manifest{}, Backup{}, err
	}
	step, end := o.Begin("复制 copy")
	err = sqlitelog.Copy(ctx, datafolder.LogPath(o.Path), to, step)
	end()
	if err != nil {
		return Manifest{}, Backup{}, err
	}
	step, end = o.Begin("核对 check")
	marks := []mark{}
	last, err := sqlitelog.Verify(ctx, to, func(at event.Position, head uint64) error {
		if at.Ordinal%sqlitelog.MarkEvery == 0 {
			marks = append(marks, markOf(at))
		}
		step(int(at.Ordinal), int(head))
		return nil
	})
	end()
	if err != nil {
		return Manifest{}, Backup{}, err
	}
	opened, recorded, err := describeLog(ctx, to)
	if err == nil {
		err = checkHistory(ctx, known, opened.Ledger, to)
	}
	if err != nil {
		return Manifest{}, Backup{}, err
	}
	m := manifestOf(Log, "ledger.sqlite", opened)
	at := markOf(last)
	m.Log = &archivedLog{Format: sqlitelog.FormatVersion, Ordinal: at.Ordinal, RunningHash: at.RunningHash, Recorded: recorded.String(), Marks: marks}
	return m, Backup{Ordinal: at.Ordinal, RunningHash: at.RunningHash, Recorded: recorded.String()}, nil
}

// checkHistory refuses to back up another log than the one that the read models know.
func checkHistory(ctx context.Context, known datafolder.KnownHistory, ledger, path string) error {
	log, err := sqlitelog.OpenReadOnly(path)
	if err != nil {
		return err
	}
	return errors.Join(known.Check(ctx, ledger, log), log.Close())
}

// gatherKeys writes a copy of the folder's vault to a new file, reads all of it
// again and describes it. The vault of another ledger is refused.
func gatherKeys(ctx context.Context, o datafolder.Options, to string) (Manifest, Backup, error) {
	opened, _, err := describeLog(ctx, datafolder.LogPath(o.Path))
	if err == nil {
		err = keyvault.Copy(ctx, datafolder.VaultPath(o.Path), to)
	}
	var contents keyvault.Contents
	if err == nil {
		contents, err = keyvault.Verify(ctx, to)
	}
	if err == nil && contents.SecretID != opened.Secret {
		err = ledger.ErrForeignSecret.With("ledger", opened.Secret).With("vault", contents.SecretID)
	}
	return manifestOf(Keys, "keys.sqlite", opened), Backup{Keys: len(contents.Keys)}, err
}

func manifestOf(kind Kind, content string, opened ledger.Opened) Manifest {
	return Manifest{Form: form, Version: version, Kind: kind, Ledger: opened.Ledger, Secret: opened.Secret,
		Formats: opened.Formats, Content: archived{Name: content}}
}

// describeLog returns what the first record of a log says, and when the last was
// recorded.
func describeLog(ctx context.Context, path string) (ledger.Opened, event.Instant, error) {
	log, err := sqlitelog.OpenReadOnly(path)
	if err != nil {
		return ledger.Opened{}, event.Instant{}, err
	}
	opened, err := datafolder.Opened(ctx, log, datafolder.Registry())
	last, _, _, lastErr := log.Last(ctx)
	return opened, last.Envelope.Recorded, errors.Join(err, lastErr, log.Close())
}
