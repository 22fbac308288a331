package sheet_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"twinledger/adapters/sheet"
	"twinledger/domain/fault"
)

// linesOf returns a CSV file of as many lines, with blank ones between them.
func linesOf(rows int) []byte {
	return []byte(strings.Repeat("日期,类别\n\n", rows))
}

// bookOf returns a workbook with sheets of as many rows. Behind them stand further rows that
// only have a height.
func bookOf(t *testing.T, sheets ...int) []byte {
	t.Helper()
	book := excelize.NewFile()
	for i, rows := range sheets {
		name := fmt.Sprintf("Sheet%d", i+1)
		if _, err := book.NewSheet(name); err != nil {
			t.Fatal(err)
		}
		w, err := book.NewStreamWriter(name)
		if err != nil {
			t.Fatal(err)
		}
		for row := 1; row <= rows+sheet.MaxRows; row++ {
			cells := []any{"课", row}
			if row > rows {
				cells = []any{excelize.Cell{}}
			}
			if err := w.SetRow(fmt.Sprintf("A%d", row), cells, excelize.RowOpts{Height: 20}); err != nil {
				t.Fatal(err)
			}
		}
		if err := w.Flush(); err != nil {
			t.Fatal(err)
		}
	}
	var out bytes.Buffer
	if err := book.Write(&out); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// prefixedBook returns a workbook whose sheet has names with a prefix, as some programs write
// them.
func prefixedBook(t *testing.T, rows int) []byte {
	t.Helper()
	var part strings.Builder
	part.WriteString(`<x:worksheet xmlns:x="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><x:sheetData>`)
	for row := 1; row <= rows; row++ {
		fmt.Fprintf(&part, `<x:row r="%d"><x:c r="A%d"><x:v>%d</x:v></x:c></x:row>`, row, row, row)
	}
	part.WriteString(`</x:sheetData></x:worksheet>`)
	return repacked(t, bookOf(t, 1), map[string]string{"xl/worksheets/sheet1.xml": part.String()})
}

// bundleOf returns a folder of CSV files with as many lines each.
func bundleOf(t *testing.T, rows ...int) []byte {
	t.Helper()
	var files []sheet.File
	for i, n := range rows {
		files = append(files, sheet.File{Name: fmt.Sprintf("%d.csv", i), Content: linesOf(n)})
	}
	content, err := sheet.Bundle(files)
	if err != nil {
		t.Fatal(err)
	}
	return content
}

// TestRowsAreLimited: a file of as many rows as one import takes is read whole, and one with a
// row more is refused in words, whatever its form and however its rows lie in sheets. Rows that
// hold nothing do not count.
func TestRowsAreLimited(t *testing.T) {
	most := sheet.MaxRows
	tests := []struct {
		name          string
		within, above []byte
		place         fault.Place // of the row that is one too many
	}{
		{"a CSV file", linesOf(most), linesOf(most + 1), fault.Place{File: "甲", Line: 2*most + 1}},
		{"a CSV file in UTF-16", []byte(utf16Text(binary.LittleEndian, string(linesOf(most)))), []byte(utf16Text(binary.LittleEndian, string(linesOf(most+1)))), fault.Place{File: "甲", Line: 2*most + 1}},
		{"a folder", bundleOf(t, 5, most-5), bundleOf(t, 5, most-4), fault.Place{File: "甲", Sheet: "1", Line: 2*(most-4) - 1}},
		{"a workbook", bookOf(t, most), bookOf(t, most+1), fault.Place{File: "甲"}},
		{"a workbook of several sheets", bookOf(t, most-7, 7), bookOf(t, most-7, 8), fault.Place{File: "甲"}},
		{"a workbook whose tags have a prefix", prefixedBook(t, most), prefixedBook(t, most+1), fault.Place{File: "甲", Sheet: "Sheet1", Row: most + 1}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			w, err := sheet.Read("甲", tt.within)
			if err != nil {
				t.Fatal(err)
			}
			rows := 0
			for _, s := range w.Sheets {
				rows += len(s.Rows)
			}
			if rows != most {
				t.Errorf("read %d rows, want %d", rows, most)
			}
			_, err = sheet.Read("甲", tt.above)
			f, _ := fault.As(err)
			if !errors.Is(err, sheet.ErrTooManyToImport) || f.Place != tt.place {
				t.Errorf("got %v at %+v, want a refusal at %+v", err, f.Place, tt.place)
			}
			for _, word := range []string{"20000 行", "拆成几个文件", "backup", "20000 rows", "split it by term"} {
				if err != nil && !strings.Contains(f.ZH+f.EN, word) {
					t.Errorf("the refusal does not say %q: %s", word, f.Message())
				}
			}
		})
	}
}
