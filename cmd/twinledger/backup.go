package main

import (
	"context"
	"fmt"
	"io"

	"twinledger/cmd/twinledger/internal/archive"
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
	Target string       `json:"target"`
	Kind   archive.Kind `json:"kind"`
	Ledger string       `json:"ledger"`
	Secret string       `json:"secret"` // names the secret that belongs to the ledger
	SHA256 string       `json:"sha256"` // of the file at target
	// Of a log: where it ends.
	Ordinal     uint64 `json:"ordinal,omitempty"`
	RunningHash string `json:"running_hash,omitempty"`
	Recorded    string `json:"recorded,omitempty"`
	// Of keys: how many.
	Keys int `json:"keys,omitempty"`
}

// Run writes the backup.
func (c *backupCommand) Run(ctx context.Context, p *program) error {
	folder, err := p.folder()
	if err != nil {
		return err
	}
	kind := archive.Log
	if c.Keys {
		kind = archive.Keys
	}
	made, err := archive.BackUp(ctx, p.optionsOf(folder), kind, c.Target)
	if err != nil {
		return err
	}
	result := backupResult{Target: c.Target, Kind: made.Kind, Ledger: made.Ledger, Secret: made.Secret, SHA256: made.SHA256,
		Ordinal: made.Ordinal, RunningHash: made.RunningHash, Recorded: made.Recorded, Keys: made.Keys}
	return p.print(result, result.text)
}

func (r backupResult) text(w io.Writer) {
	if r.Kind == archive.Keys {
		fmt.Fprintf(w, "密钥已备份 / keys backed up: %s\n台账 ledger %s，密钥 keys %d\nsha256 %s\n", r.Target, r.Ledger, r.Keys, r.SHA256)
		fmt.Fprintln(w, "请与台账备份分开保管 / keep it apart from the ledger's backup")
		return
	}
	fmt.Fprintf(w, "台账已备份 / ledger backed up: %s\n台账 ledger %s，序号 ordinal %d，最后入账 last recorded %s\n运行校验值 running hash %s\nsha256 %s\n",
		r.Target, r.Ledger, r.Ordinal, shownInstant(r.Recorded), r.RunningHash, r.SHA256)
	fmt.Fprintln(w, "密钥不在其中，请另用 backup --keys 备份 / the keys are not in it: back them up with backup --keys")
}
