package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"twinledger/adapters/sheet"
	"twinledger/domain/fault"
	"twinledger/domain/intake"
	"twinledger/domain/record"
)

type importCommand struct {
	Files    []string `arg:"" help:"CSV 或 XLSX 文件 / CSV or XLSX files." type:"path"`
	Source   string   `help:"来源名称，同一来源每次相同；不写则用去掉扩展名的文件名 / the sender's name, the same each time; the file's name by default." placeholder:"NAME"`
	District string   `help:"区县 / district, when the ledger has several." placeholder:"NAME"`
	DryRun   bool     `help:"只试读，不写入 / only say what each row would become."`
	Quiet    bool     `help:"只列出有问题的行和合计 / list only rows with something to say, and the totals." short:"q"`
}

// Help teaches the command.
func (importCommand) Help() string {
	return `每行一条记录：已入账、已入账（不完整）、暂挂、此前已入账，逐行说明位置和原因。
先用 --dry-run 看结果。中断后再次导入同一文件即可继续；重复导入不会重复入账。
暂挂的行改好后再导入整个文件即可；旧的暂挂行用命令 row.void 写明原因了结。

Every row ends as recorded, incomplete, held or already recorded, with its place and why. Look first with
--dry-run. An import that was broken off is continued by importing the same file again. Mend held rows in the
file and import it again; settle the former row with the command row.void and a reason.`
}

var errUnreadable = fault.New(fault.Invalid, "import.unreadable",
	"无法打开文件；请核对路径。", "The file cannot be opened; check its path.")

// Run imports the files one after the other; a file that is refused does not
// keep the next from being tried.
func (c *importCommand) Run(ctx context.Context, p *program) error {
	o, err := p.openToWrite(ctx)
	if err != nil {
		return err
	}
	if err = o.checkSecret(ctx); err == nil {
		err = o.catchUp(ctx, nil)
	}
	if err != nil {
		return errors.Join(err, o.close())
	}
	district, err := o.district(ctx, c.District)
	if err != nil {
		return errors.Join(err, o.close())
	}
	var failures []error
	for _, path := range c.Files {
		content, err := os.ReadFile(path)
		if err != nil {
			failures = append(failures, errUnreadable.At(fault.Place{File: path}).Because(err))
			continue
		}
		if err := c.importFile(ctx, p, o, district, filepath.Base(path), content); err != nil {
			failures = append(failures, fmt.Errorf("%s: %w", filepath.Base(path), err))
			if ctx.Err() != nil {
				break
			}
		}
	}
	if !c.DryRun {
		failures = append(failures, o.catchUp(context.WithoutCancel(ctx), nil))
	}
	return errors.Join(append(failures, o.close())...)
}

// importFile imports one file's content and prints what became of its rows.
func (c *importCommand) importFile(ctx context.Context, p *program, o *office, district, name string, content []byte) error {
	workbook, err := sheet.Read(name, content)
	if err != nil {
		return err
	}
	source := c.Source
	if source == "" {
		source = strings.TrimSuffix(name, filepath.Ext(name))
	}
	bar := newProgress(p.err, p.now, name)
	importer := intake.Importer{Handler: o.handler, Names: o.names, District: district, Actor: p.actor, Progress: bar.step}
	report, err := importer.Import(ctx, source, workbook, c.DryRun)
	bar.end()
	if len(report.Lines) > 0 {
		c.print(context.WithoutCancel(ctx), p, o, name, report)
	}
	return err
}

// print lists every row with place, outcome and reason, then the totals. Of a
// row that was not taken it says only that.
func (c *importCommand) print(ctx context.Context, p *program, o *office, name string, r intake.Report) {
	heading := "导入 import"
	if c.DryRun {
		heading = "试读（未写入）dry run"
	}
	fmt.Fprintf(p.out, "%s  %s\n", heading, name)
	for _, table := range r.Tables {
		if table.Form == intake.Unfamiliar {
			fmt.Fprintf(p.out, "  %s不是活动台账或学校名册，未读 / neither activities nor a roster, not read\n", onSheet(table.SheetName, "："))
		}
		if len(table.Extra) > 0 {
			fmt.Fprintf(p.out, "  %s未识别的列只随原始行封存 / columns kept with the sealed row only: %s\n", onSheet(table.SheetName, "："), strings.Join(table.Extra, "、"))
		}
	}
	for _, line := range r.Lines {
		if !c.Quiet || line.Outcome == intake.Held || line.Outcome == intake.Incomplete {
			c.printLine(ctx, p, o, r, line)
		}
	}
	for _, warning := range r.Warnings {
		if f, ok := fault.As(warning); ok {
			fmt.Fprintf(p.out, "  注意 note: %s [%s]\n", f.Message(), f.Code)
		}
	}
	fmt.Fprintf(p.out, "  合计 total %d 行 rows：已入账 recorded %d，不完整 incomplete %d，暂挂 held %d，此前已入账 already recorded %d；新增 added %d\n",
		len(r.Lines), r.Count(intake.Recorded), r.Count(intake.Incomplete), r.Count(intake.Held), r.Count(intake.Already), r.Added)
	if pending := r.Count(intake.Pending); pending > 0 {
		zh, en := intake.Pending.Words()
		fmt.Fprintf(p.out, "  未完成 unfinished：%s %s %d 行 rows；%d 行中已处理 %d 行，再次导入同一文件即可继续 / %d of %d rows taken; import again to continue\n",
			zh, en, pending, len(r.Lines), len(r.Lines)-pending, len(r.Lines)-pending, len(r.Lines))
	}
}

func (c *importCommand) printLine(ctx context.Context, p *program, o *office, r intake.Report, line intake.Line) {
	zh, en := line.Outcome.Words()
	place := onSheet(line.Plan.Table.SheetName, " ") + fmt.Sprintf("第 %d 行 row %d", line.Plan.Row.Number, line.Plan.Row.Number)
	fmt.Fprintf(p.out, "  %s：%s %s", place, zh, en)
	if line.Outcome == intake.Pending {
		fmt.Fprintln(p.out)
		return
	}
	if line.Record != "" {
		fmt.Fprintf(p.out, " → %s", line.Record)
	} else if line.Plan.Command != "" && line.Outcome != intake.Held {
		fmt.Fprintf(p.out, " → %s（%s）", strings.TrimSuffix(line.Plan.Command, ".report"), line.Plan.Occurred)
	}
	fmt.Fprintln(p.out)
	if line.Outcome == intake.Already {
		fmt.Fprintf(p.out, "      首次见于 first seen: %s\n", o.placeOf(ctx, *line.First))
		return
	}
	if len(line.Plan.Unknowns) > 0 {
		fmt.Fprintf(p.out, "      未知 unknown: %s\n", unknownsInWords(line.Plan.Unknowns))
	}
	if line.Plan.PartOf >= 0 {
		fmt.Fprintf(p.out, "      可能与第 %d 行重复 / may be part of row %d\n", r.Lines[line.Plan.PartOf].Plan.Row.Number, r.Lines[line.Plan.PartOf].Plan.Row.Number)
	}
	for _, problem := range line.Plan.Problems {
		if f, ok := fault.As(problem); ok {
			fmt.Fprintf(p.out, "      %s [%s]\n", f.Message(), f.Code)
		}
	}
}

// onSheet names a sheet and what separates it from what follows; a CSV file's
// only one has no name.
func onSheet(name, separator string) string {
	if name == "" {
		return ""
	}
	return "工作表 sheet “" + name + "”" + separator
}

func unknownsInWords(unknowns []record.Unknown) string {
	var out []string
	for _, u := range unknowns {
		zh, en := u.Words()
		out = append(out, zh+" "+en)
	}
	return strings.Join(out, "，")
}
