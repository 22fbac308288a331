package main

import (
	"context"
	"errors"
	"fmt"
	"io"

	"twinledger/adapters/httpapi"
	"twinledger/cmd/twinledger/internal/datafolder"
	"twinledger/domain/fault"
)

type verifyCommand struct{}

// Help teaches the command.
func (verifyCommand) Help() string {
	return `核对读模型：记录数和累计校验值与台账一致；再另建一份，与正在使用的逐行比对，指出第一处不同和它始于哪个事件。不改动任何内容。

Holds the read models against the log: how many records they hold and the running hash; then builds a second copy, compares
it row by row with what is served, and names the first row that differs and the event where it diverged. Nothing is changed.`
}

var errModelsDiffer = fault.New(fault.Refused, "verify.differs",
	"正在使用的读模型与台账事件不符，自 ordinal 所示的事件起不同；请运行 twinledger rebuild 重建，并报告此事。",
	"The read models that are served are not what the events say, from the event shown under ordinal on; run twinledger rebuild, and report this.")

// Run verifies the read models.
func (c *verifyCommand) Run(ctx context.Context, p *program) error {
	f, err := p.openToRead(ctx) // which compares counts and running hashes
	if err != nil {
		return err
	}
	bar := p.progress("核对 verify")
	r, err := f.Verify(ctx, bar.step)
	bar.end()
	if err == nil {
		result := verifyResult{r.Ordinal, fmt.Sprintf("%x", r.Hash), datafolder.Differences(r.Comparison)}
		err = p.print(result, result.text)
		if table, first, differs := r.First(); differs {
			err = errors.Join(err, errModelsDiffer.With("table", table).With("key", first.Key).With("ordinal", first.Ordinal))
		}
	}
	return errors.Join(err, f.Close())
}

// A verifyResult is what "verify" prints.
type verifyResult struct {
	Ordinal     uint64                    `json:"ordinal"` // up to which everything was compared
	RunningHash string                    `json:"running_hash"`
	Tables      []httpapi.TableDifference `json:"tables"`
}

func (r verifyResult) text(w io.Writer) {
	fmt.Fprintf(w, "台账记录 records %d，累计校验值 running hash %s\n", r.Ordinal, r.RunningHash)
	for _, t := range r.Tables {
		fmt.Fprintf(w, "  %-10s 行 rows %d，缺 missing %d，多 added %d，不同 changed %d\n", t.Table, t.Rows, t.Added, t.Missing, t.Changed)
	}
	printDifferences(w, r.Tables)
}
