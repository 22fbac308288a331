package main

import (
	"context"
	"errors"
	"fmt"
	"io"

	"twinledger/adapters/httpapi"
	"twinledger/domain/intake"
)

type undoImport struct {
	Import string `arg:"" help:"导入编号 import-…，见 imports list / the import's key, see imports list."`
	Reason string `help:"原因 / why." required:""`
	DryRun bool   `help:"只看结果，不写入 / only say what would become of what it recorded."`
}

// Run undoes the import, or says what that would do.
func (c *undoImport) Run(ctx context.Context, p *program) error {
	open := p.openToWrite
	if c.DryRun {
		open = p.openToRead
	}
	o, err := open(ctx)
	if err != nil {
		return err
	}
	bar := p.progress(c.Import)
	done, err := o.Gateway.UndoImport(ctx, httpapi.UndoOrder{UndoOrder: intake.UndoOrder{Import: c.Import, Reason: c.Reason, DryRun: c.DryRun},
		Actor: p.actor, Progress: bar.step})
	bar.end()
	if err == nil {
		err = p.print(done, func(w io.Writer) { printUndoing(w, done) })
	}
	if !c.DryRun {
		err = errors.Join(err, o.CatchUp(context.WithoutCancel(ctx), nil))
	}
	return errors.Join(err, o.Close())
}

// printUndoing says what became of what the import recorded.
func printUndoing(w io.Writer, u intake.Undoing) {
	if u.DryRun {
		fmt.Fprintf(w, "试看（未写入）dry run  %s\n", u.Import)
	} else {
		fmt.Fprintf(w, "已撤销导入 import undone  %s\n", u.Import)
	}
	for _, list := range []struct {
		zh, en string
		keys   []string
	}{{"作废", "voided", u.Voided}, {"恢复原样", "restored", u.Restored}} {
		for _, key := range list.keys {
			fmt.Fprintf(w, "  %s %s  %s\n", list.zh, list.en, key)
		}
	}
	for _, kept := range u.Kept {
		fmt.Fprintf(w, "  保留 kept  %s，另有引用或改动 named or changed by  %s\n", kept.Key, kept.By)
	}
	if n := u.Unlisted.Voided + u.Unlisted.Restored + u.Unlisted.Kept; n > 0 {
		fmt.Fprintf(w, "  另有 %d 项未列出（每类只列前 %d 项）；这次导入的全部事件见 journal --correlation %s / %d more are not listed, only the first %d of each kind; the command above lists every event of the import\n",
			n, httpapi.MostListed, u.Import, n, httpapi.MostListed)
	}
	fmt.Fprintf(w, "  合计 total：作废 voided %d，恢复原样 restored %d，保留 kept %d，涉及 %d 行 rows\n",
		len(u.Voided)+u.Unlisted.Voided, len(u.Restored)+u.Unlisted.Restored, len(u.Kept)+u.Unlisted.Kept, u.Rows)
	if !u.DryRun {
		fmt.Fprintln(w, "  同一文件可以重新导入 / the file can be imported anew")
	}
}
