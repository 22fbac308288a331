package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime/debug"
	"strings"

	"twinledger/adapters/httpapi"
	"twinledger/adapters/sheet"
	"twinledger/cmd/twinledger/internal/datafolder"
	"twinledger/domain/fault"
	"twinledger/domain/intake"
	"twinledger/domain/intake/reading"
	"twinledger/domain/record"
)

type importCommand struct {
	Files    []string `arg:"" help:"CSV 或 XLSX 文件，或导出的 CSV 文件夹 / CSV or XLSX files, or an exported folder of CSV files." type:"path"`
	Source   string   `help:"来源名称，同一来源每次相同；不写则用去掉扩展名的文件名 / the sender's name, the same each time; the file's name by default." placeholder:"NAME"`
	District string   `help:"区县 / district, when the ledger has several." placeholder:"NAME"`
	DryRun   bool     `help:"只试读，不写入 / only say what each row would become."`

	importChoices

	Names  bool   `help:"列出以往导入的文件名和工作表名 / name the files and sheets of former imports."`
	Report string `help:"把每一行的结果写成 CSV 文件（新文件，只有本人可读）/ write what became of every row to a new CSV file that only its owner can read." type:"path" placeholder:"FILE"`
	Quiet  bool   `help:"只列出有问题的行和合计 / list only rows with something to say, and the totals." short:"q"`
}

// Help teaches the command.
func (importCommand) Help() string {
	return `每行一条记录：已入账、已入账（不完整）、暂挂、此前已入账，逐行说明位置和原因。
每种结果只列前 200 行并给出合计，用 --report 文件.csv 写出全部。一次至多 20000 行；更多请按学期、学校或登记册拆开。
先用 --dry-run 看结果。中断后再次导入同一文件即可继续；重复导入不会重复入账。
更正后的文件用同一 --source 再导入：与上次的文件对比，只补入差异（更正、作废、新增）；无法确定的行先列出，
用 --pair、--removed、--added 说明后再导入。暂挂的行在文件中改好后同样再导入即可。

Every row ends as recorded, incomplete, held or already recorded, with its place and why. The first 200 rows of
each outcome are listed and all are counted; --report FILE.csv writes every row. One import takes 20000 rows at
most; split more by term, school or register. Look first with --dry-run. An import that was broken off is continued by importing the same file again. Import a corrected file
under the same --source: it is compared with the last one and adds only the difference, as corrections, voids and
new rows. Rows of which that cannot be told are listed first; say what became of them with --pair, --removed and
--added. Held rows are put right in the same way.`
}

var errUnreadable = fault.New(fault.Invalid, "import.unreadable",
	"无法打开文件；请核对路径。", "The file cannot be opened; check its path.")

// errLookedAtAlone is a warning: a dry run leaves nothing behind for the next file.
var errLookedAtAlone = fault.New(fault.Refused, "import.looked-at-alone",
	"几个文件分别按现在的台账试读，不计同一命令中的其他文件；它们若有相同的行，或属同一来源，正式导入的结果会不同，请逐个导入、逐个试读。",
	"Each file was looked at with the ledger as it is, without the other files of the command; where they share rows or a source, importing them ends otherwise. Look at and import one after the other.")

// importGarbage is by how many percent the memory in use may grow with what nobody needs any
// more. A large file then takes a quarter less memory, and a tenth more time.
const importGarbage = 50

// Run imports the files one after the other; a file that is refused does not
// keep the next from being tried.
func (c *importCommand) Run(ctx context.Context, p *program) error {
	defer debug.SetGCPercent(debug.SetGCPercent(importGarbage))
	if err := c.checkReport(); err != nil {
		return err
	}
	open := p.openToWrite
	if c.DryRun { // reading holds nobody up, and needs nobody to wait for it
		open = p.openToRead
	}
	o, err := open(ctx)
	if err != nil {
		return err
	}
	if err = o.CheckSecret(ctx); err == nil && !c.DryRun {
		err = o.CatchUp(ctx, nil)
	}
	if err != nil {
		return errors.Join(err, o.Close())
	}
	district, err := o.District(ctx, c.District)
	if err != nil {
		return errors.Join(err, o.Close())
	}
	var failures []error
	for _, path := range c.Files {
		content, err := readFileOrFolder(path)
		if _, refused := fault.As(err); err != nil && !refused {
			err = errUnreadable.At(fault.Place{File: path}).Because(err)
		}
		if err != nil {
			failures = append(failures, err)
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
		debug.FreeOSMemory() // before the read models need theirs
		failures = append(failures, o.CatchUp(context.WithoutCancel(ctx), nil))
	}
	return errors.Join(append(failures, o.Close())...)
}

// readFileOrFolder returns a file's content or, of a folder, its CSV files as one.
func readFileOrFolder(path string) ([]byte, error) {
	if info, err := os.Stat(path); err != nil || !info.IsDir() {
		return readWithin(path, sheet.MaxBytes)
	}
	entries, err := os.ReadDir(path)
	if err != nil {
		return nil, err
	}
	var files []sheet.File
	left := sheet.MaxUnpackedBytes
	for _, entry := range entries {
		if !strings.EqualFold(filepath.Ext(entry.Name()), ".csv") {
			continue
		}
		content, err := readWithin(filepath.Join(path, entry.Name()), left)
		if err != nil {
			return nil, err
		}
		left -= len(content)
		files = append(files, sheet.File{Name: entry.Name(), Content: content})
	}
	if len(files) == 0 {
		return nil, os.ErrNotExist
	}
	return sheet.Bundle(files)
}

// readWithin returns a file's content, and refuses a file of more bytes before it is read.
func readWithin(path string, most int) ([]byte, error) {
	info, err := os.Stat(path)
	if err == nil && info.Size() > int64(most) {
		err = sheet.ErrTooLarge.With("bytes", info.Size()).With("most", most).At(fault.Place{File: filepath.Base(path)})
	}
	if err != nil {
		return nil, err
	}
	return os.ReadFile(path)
}

// importFile imports one file's content and prints what became of its rows.
func (c *importCommand) importFile(ctx context.Context, p *program, o *datafolder.Folder, district, name string, content []byte) error {
	options, err := c.options()
	if err != nil {
		return err
	}
	options.Source, options.DryRun = c.Source, c.DryRun
	bar := p.progress(name)
	report, err := o.Gateway.Import(ctx, httpapi.ImportOrder{File: name, Content: content, Actor: p.actor, Progress: bar.step,
		ImportOptions: httpapi.ImportOptions{District: district, Names: c.Names, Whole: c.Report != "", Options: options}})
	bar.end()
	if err == nil && c.DryRun {
		err = errors.Join(report.Comparison.Unanswered(), reading.Stopping(report.Questions))
		if len(c.Files) > 1 {
			report.Warnings = append(report.Warnings, httpapi.WireFault(errLookedAtAlone))
		}
	}
	if len(report.Rows) > 0 {
		err = errors.Join(err, c.writeReport(report))
		report = report.Bounded()
	}
	if len(report.Rows) > 0 || report.Comparison != nil || len(report.Questions) > 0 {
		err = errors.Join(err, p.print(report, func(w io.Writer) { c.print(w, report) }))
	}
	return err
}

// print lists every row with place, outcome and reason, then the totals. Of a
// row that was not taken it says only that.
func (c *importCommand) print(w io.Writer, r httpapi.ImportReport) {
	heading := "导入 import"
	if r.DryRun {
		heading = "试读（未写入）dry run"
	}
	fmt.Fprintf(w, "%s  %s", heading, r.File)
	if n := r.Counts; !r.DryRun && n.Added+n.Corrected+n.Removed > 0 {
		fmt.Fprintf(w, "  %s（导错了可撤销 undo it with: twinledger imports undo %s --reason 原因）", r.Import, r.Import)
	}
	fmt.Fprintln(w)
	for _, table := range r.Tables {
		if table.Form == string(reading.Unfamiliar) {
			fmt.Fprintf(w, "  %s不是活动台账或学校名册，未读 / neither activities nor a roster, not read\n", onSheet(table.SheetName, "："))
		}
		for _, frame := range table.Frames {
			printFrame(w, table.SheetName, frame)
		}
		if n := table.UnlistedFrames; n > 0 {
			fmt.Fprintf(w, "  %s另有 %d 行不是记录，未列出 / %d further rows that are no records are not listed\n", onSheet(table.SheetName, " "), n, n)
		}
		if len(table.Extra) > 0 {
			fmt.Fprintf(w, "  %s未识别的列只随原始行封存 / columns kept with the sealed row only: %s\n", onSheet(table.SheetName, "："), strings.Join(table.Extra, "、"))
		}
	}
	printColumns(w, r.Columns)
	printFounded(w, r)
	printed := 0
	for _, row := range r.Rows {
		if outcome := intake.Outcome(row.Outcome); !c.Quiet || row.Waits || outcome == intake.Held || outcome == intake.Incomplete {
			printRow(w, row, r.DryRun)
			printed++
		}
	}
	n := r.Counts
	wanted := n.Rows
	if c.Quiet {
		wanted = n.Incomplete + n.Held + n.Waiting
	}
	printUnlisted(w, wanted-printed, c.Report)
	if n := r.UnlistedWarnings; n > 0 {
		fmt.Fprintf(w, "  另有 %d 条同类注意事项未列出 / %d further notes of these kinds are not listed\n", n, n)
	}
	for _, warning := range r.Warnings {
		fmt.Fprintf(w, "  注意 note: %s [%s]\n", warning.Fault().Message(), warning.Code)
	}
	if r.Comparison != nil {
		printComparison(w, r.Comparison)
	}
	printQuestions(w, r.Questions)
	if n.Rows == 0 {
		return
	}
	fmt.Fprintf(w, "  合计 total %d 行 rows：已入账 recorded %d，不完整 incomplete %d，暂挂 held %d，此前已入账 already recorded %d；新增 added %d",
		n.Rows, n.Recorded, n.Incomplete, n.Held, n.Already, n.Added)
	if r.Comparison != nil {
		fmt.Fprintf(w, "，更正 corrected %d，删除 removed %d", n.Corrected, n.Removed)
	}
	if n.Waiting > 0 {
		fmt.Fprintf(w, "；此前已入账的行中仍暂挂、并未入账 of those already recorded, still held and not recorded %d", n.Waiting)
	}
	fmt.Fprintln(w)
	if n.Pending > 0 {
		zh, en := intake.Pending.Words()
		fmt.Fprintf(w, "  未完成 unfinished：%s %s %d 行 rows；%d 行中已处理 %d 行，再次导入同一文件即可继续 / %d of %d rows taken; import again to continue\n",
			zh, en, n.Pending, n.Rows, n.Rows-n.Pending, n.Rows-n.Pending, n.Rows)
	}
}

// printRow prints one row. A new record of a dry run is shown by its kind and date:
// its id leads nowhere yet.
func printRow(w io.Writer, row httpapi.ImportedRow, dry bool) {
	outcome := intake.Outcome(row.Outcome)
	zh, en := outcome.Words()
	if row.Waits {
		zh, en = "此前已暂挂，仍未入账", "held before, still not recorded"
	}
	fmt.Fprintf(w, "  %s第 %d 行 row %d：%s %s", onSheet(row.SheetName, " "), row.Row, row.Row, zh, en)
	if outcome == intake.Pending {
		fmt.Fprintln(w)
		return
	}
	if row.Record != "" && (!dry || outcome == intake.Already) {
		fmt.Fprintf(w, " → %s", row.Record)
	} else if row.Command != "" && outcome != intake.Held && outcome != intake.Already {
		fmt.Fprintf(w, " → %s（%s）", strings.TrimSuffix(row.Command, ".report"), row.Occurred)
	}
	if row.Ahead {
		fmt.Fprint(w, " 日期未到，尚未发生，到期前不计 / its day has not come: it has not taken place and counts nowhere until then")
	}
	fmt.Fprintln(w)
	if outcome == intake.Already {
		fmt.Fprintf(w, "      首次见于 first seen: %s\n", placeInWords(*row.First))
		switch row.Since {
		case "changed":
			fmt.Fprintln(w, "      此后的文件已更正此行，不恢复；确要再记一条写 --again 行号 / a later file corrected the row; it is not restored; write --again ROW to record it once more")
		case "removed":
			fmt.Fprintln(w, "      此后的文件已删除此行，不恢复；确要再记一条写 --again 行号 / a later file left the row out; it is not restored; write --again ROW to record it once more")
		}
		if row.Waits {
			printWaiting(w, row)
		}
		return
	}
	if len(row.Unknowns) > 0 {
		fmt.Fprintf(w, "      未知 unknown: %s\n", unknownsInWords(row.Unknowns))
	}
	if len(row.Twice) > 0 {
		how := "可能重复 likely duplicate of"
		if row.Part {
			how = "可能重复，没有数量，可能已包含在 likely duplicate without a number, may be part of"
		}
		fmt.Fprintf(w, "      %s: %s\n", how, strings.Join(row.Twice, " "))
	}
	printProblems(w, row)
}

// printWaiting says of a row that still waits what keeps it and how it is recorded.
func printWaiting(w io.Writer, row httpapi.ImportedRow) {
	printProblems(w, row)
	at := reading.RowAt{SheetName: row.SheetName, At: row.Row}
	fmt.Fprintf(w, "      没有问题了就写 --again %s 入账；不要它则用 void 了结 / once nothing keeps it, record it with --again %s; settle it with void if it is not wanted\n", at, at)
}

func printProblems(w io.Writer, row httpapi.ImportedRow) {
	for _, problem := range row.Problems {
		fmt.Fprintf(w, "      %s [%s]\n", problem.Fault().Message(), problem.Code)
	}
}

// placeInWords names the place where a row was first read.
func placeInWords(at httpapi.ImportedPlace) string {
	if at.File == "" {
		return fmt.Sprintf("%s 第 %d 个工作表 sheet %d 第 %d 行 row %d", at.Import, at.Sheet+1, at.Sheet+1, at.Row, at.Row)
	}
	return fmt.Sprintf("%s %s第 %d 行 row %d", at.File, onSheet(at.SheetName, " "), at.Row, at.Row)
}

// onSheet names a sheet and what separates it from what follows; a CSV file's
// only one has no name.
func onSheet(name, separator string) string {
	if name == "" {
		return ""
	}
	return "工作表 sheet “" + name + "”" + separator
}

func unknownsInWords(unknowns []string) string {
	var out []string
	for _, u := range unknowns {
		zh, en := record.Unknown(u).Words()
		out = append(out, zh+" "+en)
	}
	return strings.Join(out, "，")
}
