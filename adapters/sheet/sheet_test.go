package sheet_test

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"twinledger/adapters/sheet"
	"twinledger/domain/calendar"
	"twinledger/domain/fault"
	"twinledger/domain/intake/reading"
)

var update = flag.Bool("update", false, "write the golden files anew")

// golden is a workbook as the golden files hold it.
type golden struct {
	File, Fingerprint, Form, Encoding string
	Sheets                            []goldenSheet
}

type goldenSheet struct {
	Index int
	Name  string
	Rows  []goldenRow
}

type goldenRow struct {
	Number, Line int
	Cells        []string // text, and behind it the date or number of a real one
}

func goldenOf(w reading.Workbook) golden {
	g := golden{File: w.File, Fingerprint: hex.EncodeToString(w.Fingerprint[:]), Form: w.Form, Encoding: w.Encoding}
	for _, s := range w.Sheets {
		gs := goldenSheet{Index: s.Index, Name: s.Name}
		for _, row := range s.Rows {
			gr := goldenRow{Number: row.Number, Line: row.Line}
			for _, cell := range row.Cells {
				gr.Cells = append(gr.Cells, strings.TrimRight(strings.Join([]string{cell.Text, string(cell.Date), cell.Number}, " | "), " |"))
			}
			gs.Rows = append(gs.Rows, gr)
		}
		g.Sheets = append(g.Sheets, gs)
	}
	return g
}

func TestReadRecords(t *testing.T) {
	files, err := filepath.Glob("testdata/records/*.[cx][sl]*")
	if err != nil || len(files) != 5 {
		t.Fatalf("%d record files, %v", len(files), err)
	}
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			content, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			w, err := sheet.Read(file, content)
			if err != nil {
				t.Fatal(err)
			}
			got, err := json.MarshalIndent(goldenOf(w), "", "\t")
			if err != nil {
				t.Fatal(err)
			}
			name := filepath.Join("testdata", "golden", filepath.Base(file)+".json")
			if *update {
				if err := os.WriteFile(name, append(got, '\n'), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(strings.TrimSpace(string(want)), string(got)); diff != "" {
				t.Errorf("the workbook differs (-want +got):\n%s", diff)
			}
		})
	}
}

// What is read of the records is what a domain test would build by hand.
func TestReadRecordsIntoTables(t *testing.T) {
	tests := map[string]struct{ rows, totals, rosters int }{
		"hanting-2013.csv":                {4, 0, 0},
		"jiahe-2018-spring.xlsx":          {3, 1, 2},
		"qingjian-2018-spring.csv":        {7, 0, 0},
		"xuecheng-2010-autumn.csv":        {2, 0, 0},
		"zhengmu-2011-autumn.gb18030.csv": {8, 0, 0},
	}
	for file, want := range tests {
		t.Run(file, func(t *testing.T) {
			content, err := os.ReadFile(filepath.Join("testdata", "records", file))
			if err != nil {
				t.Fatal(err)
			}
			w, err := sheet.Read(file, content)
			if err != nil {
				t.Fatal(err)
			}
			read, err := reading.Read(w, reading.Settings{})
			if err != nil {
				t.Fatal(err)
			}
			got := struct{ rows, totals, rosters int }{}
			for _, table := range read.Tables {
				got.totals += len(table.Totals)
				if len(table.Extra()) > 0 {
					t.Errorf("extra columns %v", table.Extra())
				}
			}
			for _, row := range read.Rows {
				if read.Tables[row.Table].Form == reading.Roster {
					got.rosters++
					continue
				}
				got.rows++
				if row.Held {
					t.Errorf("row %d is held: %v", row.Number, row.Problems)
				}
			}
			for _, warning := range read.Warnings {
				if !errors.Is(warning, reading.ErrFarYear) {
					t.Errorf("warned of %v", warning)
				}
			}
			if got != want {
				t.Errorf("%+v, want %+v", got, want)
			}
		})
	}
}

func TestReadTellsWhatItRead(t *testing.T) {
	content := []byte("日期,类别,内容\n2015,会议,例会\n")
	for _, name := range []string{"台账.csv", "/home/x/台账.csv", `C:\桌面\台账.csv`} {
		w, err := sheet.Read(name, content)
		if err != nil {
			t.Fatal(err)
		}
		if w.File != "台账.csv" || w.Form != "csv" || w.Encoding != "utf-8" || w.Fingerprint != sha256.Sum256(content) {
			t.Errorf("Read(%q) says %s %s %s", name, w.File, w.Form, w.Encoding)
		}
	}
}

// wide writes s in UTF-16, little end first, as OLE names its streams.
func wide(s string) string {
	var b strings.Builder
	for _, c := range []byte(s) {
		b.WriteByte(c)
		b.WriteByte(0)
	}
	return b.String()
}

func TestReadRefusesForeignFiles(t *testing.T) {
	ole := "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + strings.Repeat("\x00", 504)
	tests := []struct {
		name, content string
		want          *fault.Error
		says          string
	}{
		{"nothing", "", sheet.ErrEmptyFile, ""},
		{"blanks", " \r\n\t\n", sheet.ErrEmptyFile, ""},
		{"a byte order mark alone", "\xef\xbb\xbf\r\n", sheet.ErrEmptyFile, ""},
		{"too large", strings.Repeat("一,", sheet.MaxBytes/3), sheet.ErrTooLarge, "52428800"},
		{"an old workbook", ole + wide("Workbook"), sheet.ErrOldWorkbook, ".xls"},
		{"a workbook with a password", ole + wide("EncryptionInfo") + wide("EncryptedPackage"), sheet.ErrPassword, "密码"},
		{"an old document", ole + wide("WordDocument"), sheet.ErrNotATable, "Word"},
		{"an old slide show", ole + wide("PowerPoint Document"), sheet.ErrNotATable, "PowerPoint"},
		{"a PDF", "%PDF-1.7\n", sheet.ErrNotATable, "PDF"},
		{"a photo", "\xff\xd8\xff\xe0\x00\x10JFIF", sheet.ErrNotATable, "JPEG"},
		{"a screenshot", "\x89PNG\r\n\x1a\n", sheet.ErrNotATable, "PNG"},
		{"an archive", "Rar!\x1a\x07\x01\x00", sheet.ErrNotATable, "RAR"},
		{"a web page named xls", "\xef\xbb\xbf\r\n<HTML><table><tr><td>日期</td></tr></table>", sheet.ErrNotATable, "HTML"},
		{"XML of 2003", `<?xml version="1.0"?><Workbook/>`, sheet.ErrNotATable, "HTML/XML"},
		{"other bytes", "abc\x00\x01\x02", sheet.ErrNotATable, "binary"},
		{"a damaged package", "PK\x03\x04 and no more", sheet.ErrDamaged, ".xlsx"},
		{"an empty package", "PK\x05\x06" + strings.Repeat("\x00", 18), sheet.ErrNotATable, "zip"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			w, err := sheet.Read("dir/甲.xls", []byte(tt.content))
			if !errors.Is(err, tt.want) {
				t.Fatalf("got %v, want %s", err, tt.want.Code)
			}
			f, _ := fault.As(err)
			if f.Place.File != "甲.xls" || !strings.Contains(f.Message(), tt.says) {
				t.Errorf("the message does not name the file and %q: %s", tt.says, f.Message())
			}
			if diff := cmp.Diff(reading.Workbook{}, w); diff != "" {
				t.Errorf("a refused file gives a workbook:\n%s", diff)
			}
		})
	}
}

// checkRead holds for whatever is read without an error, and for every error.
func checkRead(t *testing.T, w reading.Workbook, err error) {
	if err != nil {
		if f, ok := fault.As(err); !ok || f.Code == "" || f.Kind == fault.Internal || f.Place.File == "" {
			t.Fatalf("not a fault that names the file: %v", err)
		}
		return
	}
	for _, s := range w.Sheets {
		last := 0
		for _, row := range s.Rows {
			if row.Number <= last {
				t.Fatalf("row %d follows row %d", row.Number, last)
			}
			last = row.Number
			if len(row.Cells) == 0 || row.Cells[len(row.Cells)-1] == (reading.Cell{}) {
				t.Fatalf("row %d ends with an empty cell: %+v", row.Number, row.Cells)
			}
			for _, cell := range row.Cells {
				if strings.TrimSpace(cell.Text) != cell.Text || cell.Text == "" && cell != (reading.Cell{Merged: cell.Merged}) {
					t.Fatalf("row %d has the cell %+v", row.Number, cell)
				}
				if cell.Date != "" {
					if written, err := calendar.ParseWritten(cell.Text); err != nil || written != cell.Date {
						t.Fatalf("the text of %+v is read as %s, %v", cell, written, err)
					}
				}
			}
		}
	}
	reading.Read(w, reading.Settings{}) //nolint:errcheck // whatever it says, it does not crash
}
