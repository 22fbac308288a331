// Package reading is the first room of an import: it turns a workbook into tables,
// headings into columns, and cells into what they mean. It is pure: a workbook and the
// clerk's answers go in, rows and questions come out. Nothing here knows the ledger but
// through [Known], and nothing is looked up or written.
//
// A row that comes out holds names, not keys, and beside them every cell as the sender
// wrote it. What cannot be told for certain is never guessed: it becomes a question that is
// asked once for the file, and until it is answered the cell is kept as it was written.
package reading

import "twinledger/domain/calendar"

// A Workbook is what a file holds, read but not yet understood. A CSV file is
// a workbook of one sheet.
type Workbook struct {
	File        string   // the file's base name, for messages
	Fingerprint [32]byte // SHA-256 of the file's bytes
	Form        string   // "csv" or "xlsx"
	Encoding    string   // "utf-8", "utf-8-bom", "utf-16le", "utf-16be" or "gb18030" for CSV; "" for XLSX
	Sheets      []Sheet
}

// A Sheet is one sheet. Rows that are wholly empty are left out.
type Sheet struct {
	Index  int    // from 0
	Name   string // "" for CSV
	Hidden bool   // a spreadsheet program does not show it
	Rows   []PhysicalRow
}

// A PhysicalRow is one row of a sheet as it stands there.
type PhysicalRow struct {
	Number int    // as a spreadsheet program shows it, from 1; for CSV the record's number, a line of nothing being one too
	Line   int    // the line in the text file where the row begins, from 1; 0 for XLSX
	Hidden bool   // hidden by hand or by a filter
	Cells  []Cell // trailing empty cells may be missing
}

// A Cell is one cell. A cell covered by a merged range is empty except at the
// range's top left.
type Cell struct {
	Text   string            // as shown but never rounded, NFKC, white space trimmed; "" when empty
	Date   calendar.Occurred // of a real date cell, no more precise than its format shows; else ""
	Number string            // of a number cell, as a decimal: "10", "0.5"; else ""
	Raw    string            // as written, where that differs from Text by more than white space around it; else ""
	Merged bool              // empty because a merged range that begins in the same column of a row above covers it
}

// filled returns how many cells of the row say something, or are covered by one that may.
func (r PhysicalRow) filled() int {
	n := 0
	for _, cell := range r.Cells {
		if cell.Text != "" || cell.Merged {
			n++
		}
	}
	return n
}

// Written returns the cell's text as it was written, for keeping and showing;
// what is compared is Text.
func (c Cell) Written() string {
	if c.Raw != "" {
		return c.Raw
	}
	return c.Text
}
