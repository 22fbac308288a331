package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"twinledger/adapters/keyvault"
	"twinledger/adapters/sqlitelog"
	"twinledger/cmd/twinledger/internal/datafolder"
	"twinledger/domain/event"
	"twinledger/domain/fault"
	"twinledger/domain/ledger"
)

type restoreCommand struct {
	Target string `arg:"" help:"台账的备份文件，即 backup 不带 --keys 所写的 / the backup of the ledger: what backup wrote without --keys." type:"path"`
	Keys   string `help:"密钥的备份文件，即 backup --keys 所写的 / the backup of the keys: what backup --keys wrote." placeholder:"FILE" type:"path"`
}

// Help teaches the command.
func (restoreCommand) Help() string {
	return `把备份恢复到 --data 指定的新文件夹（空的或尚不存在的），不覆盖任何已有的台账。全部内容先核对、再放到位；中断后重新运行即可。

    twinledger restore -d NEW ledger-2018-07-03.zip --keys keys-2018-07-03.zip

恢复后打印的序号和运行校验值，应与备份时记下的相同。不带 --keys 也能恢复：审查相同，但不显示姓名，也不能登记；
以后找到密钥备份，再恢复到另一个文件夹。

Restores a backup into the new folder named by --data, empty or not there yet; no ledger is overwritten. Everything is
checked before anything is put in place; a restore that was broken off is run again. Ordinal and running hash must be
those noted down at the backup. Without --keys reviews are the same, but no name is shown and nothing can be recorded;
when the keys' backup turns up, restore again into another folder.`
}

var errRestoreOver = fault.New(fault.Refused, "restore.not-empty",
	"此文件夹中已有台账或其他文件，不会覆盖；请恢复到新的文件夹。", "There is a ledger or something else in this folder, and nothing is overwritten; restore into a new one.")

// A restoreResult is what "restore" prints.
type restoreResult struct {
	Folder      string `json:"folder"`
	Ledger      string `json:"ledger"`
	Ordinal     uint64 `json:"ordinal"`
	RunningHash string `json:"running_hash"`
	Recorded    string `json:"recorded"` // of the last record
	Keys        bool   `json:"keys"`     // the keys were restored as well
	// How many keys the log speaks of and the keys' backup lacks: it is older.
	KeysMissing int `json:"keys_missing"`
}

// Run restores the backup in a workshop beside the folder and puts the whole
// folder in place when it is finished.
func (c *restoreCommand) Run(ctx context.Context, p *program) (err error) {
	folder, err := p.folder()
	if err != nil {
		return err
	}
	if folder, err = filepath.Abs(folder); err != nil {
		return fmt.Errorf("restore: %w", err)
	}
	if err := checkVacant(folder); err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(folder), 0o750); err != nil {
		return errBackupFolder.At(fault.Place{File: folder}).Because(err)
	}
	work, err := openWorkshop(folder)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, work.close()) }()
	made := work.path("folder")
	if err := os.Mkdir(made, 0o750); err != nil {
		return fmt.Errorf("restore: %w", err)
	}
	m, err := p.restoreLog(ctx, c.Target, datafolder.LogPath(made))
	if err != nil {
		return err
	}
	result := restoreResult{Folder: folder, Ledger: m.Ledger, Ordinal: m.Log.Ordinal, RunningHash: m.Log.RunningHash, Recorded: m.Log.Recorded}
	if c.Keys != "" {
		result.Keys = true
		if result.KeysMissing, err = p.restoreKeys(ctx, c.Keys, m, made); err != nil {
			return err
		}
	}
	projecting, err := p.projectRestored(ctx, made, work)
	if err != nil {
		return err
	}
	if err := putInPlace(made, folder); err != nil {
		return err
	}
	return errors.Join(p.print(result, result.text), projecting)
}

func (r restoreResult) text(w io.Writer) {
	fmt.Fprintf(w, "已恢复 / restored: %s\n台账 ledger %s，序号 ordinal %d，最后入账 last recorded %s\n运行校验值 running hash %s\n",
		r.Folder, r.Ledger, r.Ordinal, r.Recorded, r.RunningHash)
	if !r.Keys {
		fmt.Fprintln(w, "没有密钥：可以查看，不显示姓名，不能写入；有密钥备份时用 --keys 恢复到另一文件夹 / without keys it can be read, shows no names and takes no records; with the keys' backup restore into another folder with --keys")
	}
	if r.KeysMissing > 0 {
		fmt.Fprintf(w, "注意 note: 密钥备份缺少 %d 个密钥，可能比台账旧；用它们封存的内容认不出，请换较新的密钥备份 / the keys' backup lacks %d keys and may be older than the ledger: what they seal cannot be read; look for a later backup of the keys before writing\n",
			r.KeysMissing, r.KeysMissing)
	}
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
func (p *program) restoreLog(ctx context.Context, from, to string) (m manifest, err error) {
	a, err := openArchive(from, kindLog)
	if err != nil {
		return m, err
	}
	defer func() { err = errors.Join(err, a.close()) }()
	mismatch, err := a.extract(ctx, to, p.progress("解包 unpack"))
	if err != nil {
		return m, err
	}
	// Reading it all first names the place of what was altered; if it is nowhere,
	// the file as a whole is refused.
	if err := p.verifyLog(ctx, a, to); err != nil {
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
		return m, a.damaged(manifestName).With("ledger", opened.Ledger).With("secret", opened.Secret)
	}
	return a.manifest, nil
}

// verifyLog reads the unpacked log and compares it with the manifest's running
// hashes on the way and at its end.
func (p *program) verifyLog(ctx context.Context, a *archive, path string) error {
	bar := p.progress("核对 check")
	defer bar.end()
	content, marks := a.manifest.Content.Name, a.manifest.Log.Marks
	var sound uint64 // up to here all is as it was
	end, err := sqlitelog.Verify(ctx, path, func(at event.Position, head uint64) error {
		bar.step(int(at.Ordinal), int(head))
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
	if last := markOf(end); last != (mark{a.manifest.Log.Ordinal, a.manifest.Log.RunningHash}) {
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

// restoreKeys unpacks the vault into the folder, beside its log, and returns how
// many keys are missing in it. Keys of another ledger are refused.
func (p *program) restoreKeys(ctx context.Context, from string, log manifest, folder string) (missing int, err error) {
	a, err := openArchive(from, kindKeys)
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
	mismatch, err := a.extract(ctx, datafolder.VaultPath(folder), p.progress("解包 unpack"))
	if err = errors.Join(err, mismatch); err != nil {
		return 0, err
	}
	contents, err := keyvault.Verify(ctx, datafolder.VaultPath(folder))
	if err != nil {
		return 0, err
	}
	if contents.SecretID != log.Secret {
		return 0, foreign(contents.SecretID)
	}
	return missingKeys(ctx, datafolder.LogPath(folder), contents.Keys)
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
func (p *program) projectRestored(ctx context.Context, folder string, work *workshop) (projecting, err error) {
	o, err := datafolder.OpenHeld(ctx, p.optionsOf(folder), work.lock)
	if err != nil {
		return nil, err
	}
	bar := p.progress("读模型 read models")
	projecting = o.CatchUp(ctx, bar.step)
	bar.end()
	return projecting, errors.Join(ctx.Err(), o.CloseParts())
}
