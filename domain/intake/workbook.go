// Package intake takes in the record files of schools: it finds the tables in
// a file, says what each row would become, and records the rows one by one so
// that an import can be stopped anywhere and continued.
package intake

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
	Index int    // from 0
	Name  string // "" for CSV
	Rows  []Row
}

// A Row is one physical row.
type Row struct {
	Number int    // as a spreadsheet program shows it, from 1; for CSV the record's number, a line of nothing being one too
	Line   int    // the line in the text file where the row begins, from 1; 0 for XLSX
	Cells  []Cell // trailing empty cells may be missing
}

// A Cell is one cell. A cell covered by a merged range is empty except at the
// range's top left.
type Cell struct {
	Text   string            // as shown but never rounded, NFKC, white space trimmed; "" when empty
	Date   calendar.Occurred // of a real date cell, no more precise than its format shows; else ""
	Number string            // of a number cell, as a decimal: "10", "0.5"; else ""
	Raw    string            // as written, where that differs from Text by more than white space around it; else ""
	Merged bool              // empty because a merged range that begins in a row above covers it
}

// Written returns the cell's text as it was written, for keeping and showing;
// what is compared is Text.
func (c Cell) Written() string {
	if c.Raw != "" {
		return c.Raw
	}
	return c.Text
}
