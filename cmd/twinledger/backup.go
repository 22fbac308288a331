package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"

	"twinledger/adapters/keyvault"
	"twinledger/adapters/sqlitelog"
	"twinledger/cmd/twinledger/internal/datafolder"
	"twinledger/domain/event"
	"twinledger/domain/fault"
	"twinledger/domain/ledger"
)

type backupCommand struct {
	Target string `arg:"" help:"备份文件，不得已存在，如 2018-07-03.zip / the backup's file, which must not exist yet." type:"path"`
	Keys   bool   `help:"改为备份密钥，与台账分开保管 / back up the keys instead, to be kept apart from the ledger."`
}

// Help teaches the command.
func (backupCommand) Help() string {
	return `一份完整的备份是两个文件，要分开保管：台账（全部记录，其中没有姓名），和密钥（姓名等密封内容靠它打开）。
只有台账没有密钥：能查看、能出审查，但姓名永远认不出，也不能再登记。先备份台账，再备份密钥，密钥就不会比台账旧。

    twinledger backup -d FOLDER ledger-2018-07-03.zip          台账 / the ledger
    twinledger backup -d FOLDER --keys keys-2018-07-03.zip     密钥，另处保管 / the keys, to be kept elsewhere

serve 运行时也可以备份。请记下打印的序号和运行校验值，日后可据此核对备份是不是这一份。恢复用 twinledger restore。

A whole backup is two files that are kept apart: the ledger, in which no name stands, and the keys, which open names and
other sealed texts. The ledger alone can be read and reviewed, but no name can ever be told and nothing be recorded again.
Take the ledger first, so that the keys are not older. serve may run meanwhile. Note down ordinal and running hash: they
tell whether a backup is the one that was made. twinledger restore puts a backup back.`
}

// A backupResult is what "backup" prints.
type backupResult struct {
	Target string `json:"target"`
	Kind   string `json:"kind"` // log or keys
	Ledger string `json:"ledger"`
	Secret string `json:"secret"` // names the secret that belongs to the ledger
	SHA256 string `json:"sha256"` // of the file at target
	// Of a log: where it ends.
	Ordinal     uint64 `json:"ordinal,omitempty"`
	RunningHash string `json:"running_hash,omitempty"`
	Recorded    string `json:"recorded,omitempty"`
	// Of keys: how many.
	Keys int `json:"keys,omitempty"`
}

// Run writes the backup. It needs no lock and holds nobody up: SQLite makes the
// copy beside whoever writes, and only that copy is read as a file.
func (c *backupCommand) Run(ctx context.Context, p *program) (err error) {
	folder, err := p.folder()
	if err != nil {
		return err
	}
	if _, err := os.Stat(datafolder.LogPath(folder)); err != nil {
		return datafolder.ErrNoLedger.With("folder", folder)
	}
	if _, err := os.Lstat(c.Target); !errors.Is(err, os.ErrNotExist) {
		return errBackupExists.At(fault.Place{File: c.Target})
	}
	work, err := openWorkshop(c.Target)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, work.close()) }()
	gather := p.gatherLog
	if c.Keys {
		gather = p.gatherKeys
	}
	m, result, err := gather(ctx, folder, work.path("content"))
	if err != nil {
		return err
	}
	result.SHA256, err = writeArchive(ctx, work.path("archive"), work.path("content"), &m, p.progress("写入 write"))
	if err == nil {
		err = os.Remove(work.path("content")) // keys lie about no longer than they must
	}
	if err == nil {
		err = place(work.path("archive"), c.Target)
	}
	if err != nil {
		return err
	}
	result.Target, result.Kind, result.Ledger, result.Secret = c.Target, m.Kind, m.Ledger, m.Secret
	return p.print(result, result.text)
}

func (r backupResult) text(w io.Writer) {
	if r.Kind == kindKeys {
		fmt.Fprintf(w, "密钥已备份 / keys backed up: %s\n台账 ledger %s，密钥 keys %d\nsha256 %s\n", r.Target, r.Ledger, r.Keys, r.SHA256)
		fmt.Fprintln(w, "请与台账备份分开保管 / keep it apart from the ledger's backup")
		return
	}
	fmt.Fprintf(w, "台账已备份 / ledger backed up: %s\n台账 ledger %s，序号 ordinal %d，最后入账 last recorded %s\n运行校验值 running hash %s\nsha256 %s\n",
		r.Target, r.Ledger, r.Ordinal, r.Recorded, r.RunningHash, r.SHA256)
	fmt.Fprintln(w, "密钥不在其中，请另用 backup --keys 备份 / the keys are not in it: back them up with backup --keys")
}

// gatherLog writes a copy of the folder's log to a new file, reads all of it
// again and describes it.
func (p *program) gatherLog(ctx context.Context, folder, to string) (manifest, backupResult, error) {
	// What is known before the copy is made, the copy holds.
	known, err := datafolder.HistoryKnownIn(ctx, folder)
	if err != nil {
		return manifest{}, backupResult{}, err
	}
	copying := p.progress("复制 copy")
	err = sqlitelog.Copy(ctx, datafolder.LogPath(folder), to, copying.step)
	copying.end()
	if err != nil {
		return manifest{}, backupResult{}, err
	}
	checking := p.progress("核对 check")
	marks := []mark{}
	end, err := sqlitelog.Verify(ctx, to, func(at event.Position, head uint64) error {
		if at.Ordinal%sqlitelog.MarkEvery == 0 {
			marks = append(marks, markOf(at))
		}
		checking.step(int(at.Ordinal), int(head))
		return nil
	})
	checking.end()
	if err != nil {
		return manifest{}, backupResult{}, err
	}
	opened, last, err := describeLog(ctx, to)
	if err == nil {
		err = checkHistory(ctx, known, opened.Ledger, to)
	}
	if err != nil {
		return manifest{}, backupResult{}, err
	}
	m := manifestOf(kindLog, "ledger.sqlite", opened)
	at := markOf(end)
	m.Log = &archivedLog{Format: sqlitelog.FormatVersion, Ordinal: at.Ordinal, RunningHash: at.RunningHash, Recorded: last.String(), Marks: marks}
	return m, backupResult{Ordinal: at.Ordinal, RunningHash: at.RunningHash, Recorded: last.String()}, nil
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
func (p *program) gatherKeys(ctx context.Context, folder, to string) (manifest, backupResult, error) {
	opened, _, err := describeLog(ctx, datafolder.LogPath(folder))
	if err == nil {
		err = keyvault.Copy(ctx, datafolder.VaultPath(folder), to)
	}
	var contents keyvault.Contents
	if err == nil {
		contents, err = keyvault.Verify(ctx, to)
	}
	if err == nil && contents.SecretID != opened.Secret {
		err = ledger.ErrForeignSecret.With("ledger", opened.Secret).With("vault", contents.SecretID)
	}
	return manifestOf(kindKeys, "keys.sqlite", opened), backupResult{Keys: len(contents.Keys)}, err
}

func manifestOf(kind, content string, opened ledger.Opened) manifest {
	return manifest{Form: backupForm, Version: backupVersion, Kind: kind, Ledger: opened.Ledger, Secret: opened.Secret,
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
