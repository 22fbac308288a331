package main

import (
	"context"
	"errors"
	"fmt"
	"io"

	"twinledger/domain/event"
	"twinledger/domain/intake"
	"twinledger/projections/imports"
)

type importsCommand struct {
	List listImports `cmd:"" help:"列出导入过的文件 / list the files that were taken in."`
	Undo undoImport  `cmd:"" help:"撤销整次导入 / undo a whole import."`
}

// Help teaches the commands.
func (importsCommand) Help() string {
	return `导错了文件，或选错了来源、答错了问题：用 undo 撤销整次导入，再重新导入。先用 --dry-run 看结果。
它带来的记录作废，它更正或作废过的记录恢复原样；别的记录之后用到它们的，逐一列出，不撤销。

When the wrong file was imported, or under the wrong source, or a question was answered wrongly, undo the whole import and
import again. Look first with --dry-run. What it brought is voided, what it corrected or voided says again what it said
before. Whatever else was built upon it since is named, and then nothing is undone.`
}

type listImports struct {
	Source string `help:"只列此来源的，写编号 / only of this source: its key." placeholder:"ID"`
	AsOf   string `help:"截至当时所知：序号、时刻或日期 / as known then: an ordinal, instant or day." placeholder:"POINT"`
	Names  bool   `help:"列出文件名 / show the names of the files."`
}

// An importListed is one import as it is printed.
type importListed struct {
	Key      string           `json:"key"`
	Source   string           `json:"source"`
	File     string           `json:"file"` // "" unless names are asked for and can be read
	Recorded event.Instant    `json:"recorded"`
	Stage    imports.Stage    `json:"stage"`
	Rows     int              `json:"rows"`
	Became   intake.Completed `json:"became"`
}

// Run lists the imports, the newest first.
func (c *listImports) Run(ctx context.Context, p *program) error {
	o, err := p.openToRead(ctx)
	if err != nil {
		return err
	}
	asOf, err := o.Ordinal(ctx, c.AsOf)
	var rows []imports.Row
	if err == nil {
		rows, err = imports.List(ctx, o.Imports(), imports.Question{AsOf: asOf, Source: c.Source})
	}
	for _, row := range rows {
		listed := importListed{Key: row.Key, Source: row.Started.Source, Recorded: row.Recorded, Stage: row.Stage, Rows: row.Started.Rows, Became: row.Became}
		if c.Names {
			label, _ := o.Label(ctx, row.Key)
			listed.File = label.File
		}
		err = errors.Join(err, p.print(listed, listed.write))
	}
	return errors.Join(err, o.Close())
}

func (l importListed) write(w io.Writer) {
	zh, en := l.Stage.Words()
	fmt.Fprintf(w, "%s  %s  %s %s  %d 行 rows", l.Recorded.Shown(), l.Key, zh, en, l.Rows)
	if n := l.Became; l.Stage != imports.Begun {
		fmt.Fprintf(w, "：已入账 recorded %d，不完整 incomplete %d，暂挂 held %d，此前已入账 already recorded %d", n.Recorded, n.Incomplete, n.Held, n.Already)
	}
	if l.File != "" {
		fmt.Fprintf(w, "  %s", l.File)
	}
	fmt.Fprintln(w)
}
