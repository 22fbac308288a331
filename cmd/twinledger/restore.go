package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"path/filepath"

	"twinledger/cmd/twinledger/internal/archive"
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

// Run restores the backup.
func (c *restoreCommand) Run(ctx context.Context, p *program) error {
	folder, err := p.folder()
	if err != nil {
		return err
	}
	restored, projecting, err := archive.Restore(ctx, p.optionsOf(folder), c.Target, c.Keys)
	if err != nil {
		return err
	}
	absolute, err := filepath.Abs(folder)
	if err != nil {
		return fmt.Errorf("restore: %w", err)
	}
	result := restoreResult{Folder: absolute, Ledger: restored.Ledger, Ordinal: restored.Ordinal, RunningHash: restored.RunningHash,
		Recorded: restored.Recorded, Keys: c.Keys != "", KeysMissing: restored.KeysMissing}
	return errors.Join(p.print(result, result.text), projecting)
}

func (r restoreResult) text(w io.Writer) {
	fmt.Fprintf(w, "已恢复 / restored: %s\n台账 ledger %s，序号 ordinal %d，最后入账 last recorded %s\n运行校验值 running hash %s\n",
		r.Folder, r.Ledger, r.Ordinal, shownInstant(r.Recorded), r.RunningHash)
	if !r.Keys {
		fmt.Fprintln(w, "没有密钥：可以查看，不显示姓名，不能写入；有密钥备份时用 --keys 恢复到另一文件夹 / without keys it can be read, shows no names and takes no records; with the keys' backup restore into another folder with --keys")
	}
	if r.KeysMissing > 0 {
		fmt.Fprintf(w, "注意 note: 密钥备份缺少 %d 个密钥，可能比台账旧；用它们封存的内容认不出，请换较新的密钥备份 / the keys' backup lacks %d keys and may be older than the ledger: what they seal cannot be read; look for a later backup of the keys before writing\n",
			r.KeysMissing, r.KeysMissing)
	}
}
