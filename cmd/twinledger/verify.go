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
	f, err := p.openToRead(ctx)
	if err != nil {
		return err
	}
	bar := p.progress("核对 verify")
	all, err := f.Verify(ctx, bar.step)
	bar.end()
	if err != nil {
		return errors.Join(err, f.Close())
	}
	result := verifyResult{[]verifiedGeneration{}}
	for _, v := range all {
		result.Generations = append(result.Generations, verifiedGeneration{v.Name, v.Ordinal, fmt.Sprintf("%x", v.Checkpoint.Hash), datafolder.Differences(v.Comparison)})
	}
	err = p.print(result, result.text)
	for _, v := range all {
		if table, first, differs := v.First(); differs {
			err = errors.Join(err, errModelsDiffer.With("read_models", v.Name).With("table", table).With("key", first.Key).With("ordinal", first.Ordinal))
		}
	}
	return errors.Join(err, f.Close())
}

// A verifyResult is what "verify" prints.
type verifyResult struct {
	Generations []verifiedGeneration `json:"generations"`
}

// A verifiedGeneration is one generation of the read models, and in what it differs
// from what the log says.
type verifiedGeneration struct {
	Name        string                    `json:"name"`         // served or former
	Ordinal     uint64                    `json:"ordinal"`      // up to which it holds the log
	RunningHash string                    `json:"running_hash"` // there, of the log and of the read models
	Tables      []httpapi.TableDifference `json:"tables"`
}

func (r verifyResult) text(w io.Writer) {
	for _, g := range r.Generations {
		fmt.Fprintf(w, "%s：记录 records %d，累计校验值与台账一致 running hash as in the log %s\n", g.Name, g.Ordinal, g.RunningHash)
		for _, t := range g.Tables {
			fmt.Fprintf(w, "  %-10s 应有行 rows %d，多 too many %d，缺 missing %d，不同 changed %d\n", t.Table, t.Rows, t.Missing, t.Added, t.Changed)
		}
		if !printDifferences(w, g.Tables) {
			fmt.Fprintln(w, "  每一行都与台账事件相符 every row is what the events say")
		}
	}
}
