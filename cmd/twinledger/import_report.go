package main

import (
	"fmt"
	"io"
	"os"
	"path/filepath"

	"twinledger/adapters/httpapi"
	"twinledger/domain/fault"
)

var errReportOfSeveral = fault.New(fault.Invalid, "import.report-of-several",
	"--report 只能用于一个文件；请逐个导入。", "--report is for one file; import the files one after the other.")

// checkReport refuses a report that could not be written, before the import begins.
func (c *importCommand) checkReport() error {
	if c.Report == "" {
		return nil
	}
	if len(c.Files) > 1 {
		return errReportOfSeveral
	}
	if _, err := os.Lstat(c.Report); err == nil {
		return errTargetExists.With("target", c.Report)
	}
	if info, err := os.Stat(filepath.Dir(c.Report)); err != nil || !info.IsDir() {
		return errTargetFolder.With("target", c.Report).Because(err)
	}
	return nil
}

// writeReport writes every row of a report to the file named for it.
func (c *importCommand) writeReport(r httpapi.ImportReport) error {
	if c.Report == "" {
		return nil
	}
	return writeWhole(c.Report, r.WriteCSV)
}

// printUnlisted says how many rows are not listed, and where all of them are.
func printUnlisted(w io.Writer, rows int, written string) {
	switch {
	case rows > 0 && written != "":
		fmt.Fprintf(w, "  另有 %d 行未在此列出，全部各行已写入 %s / %d further rows are not listed here; every row is written to %s\n", rows, written, rows, written)
	case rows > 0:
		fmt.Fprintf(w, "  另有 %d 行未列出（每种结果只列前 %d 行）；用 --report 文件.csv 写出全部 / %d further rows are not listed, only the first %d of each outcome; --report FILE.csv writes every row\n",
			rows, httpapi.MostListed, rows, httpapi.MostListed)
	}
}
