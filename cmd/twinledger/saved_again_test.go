package main

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"
)

// TestSavedAgainAddsNothing imports the sample, then the same files as a
// spreadsheet program would save them again: a workbook renumbered and with its
// dates written otherwise, a CSV file turned into a workbook with real numbers.
func TestSavedAgainAddsNothing(t *testing.T) {
	t.Parallel()
	folder := filepath.Join(t.TempDir(), "county")
	mustRun(t, nil, "-d", folder, "init", "--district", "样例县", "--assume", "2009-2019")
	mustRun(t, nil, "-d", folder, "import", "sample/records/jiahe-2018-spring.xlsx", "sample/records/qingjian-2018-spring.csv")
	before := mustRun(t, nil, "-d", folder, "journal")

	for _, again := range []string{renumbered(t), asWorkbook(t)} {
		out := mustRun(t, nil, "-d", folder, "import", again)
		if !strings.Contains(out, "新增 added 0") {
			t.Errorf("%s:\n%s", filepath.Base(again), out)
		}
	}
	if after := mustRun(t, nil, "-d", folder, "journal"); after != before {
		t.Errorf("the journal grew:\n%s", strings.TrimPrefix(after, before))
	}
}

func renumbered(t *testing.T) string {
	t.Helper()
	book, err := excelize.OpenFile("sample/records/jiahe-2018-spring.xlsx")
	if err != nil {
		t.Fatal(err)
	}
	sheet := book.GetSheetName(0)
	values := map[string]any{"A4": 103, "A5": 102, "A6": 101, "B5": "2018-4-20", "B6": "2018.6.30"}
	for cell, value := range values {
		if err := book.SetCellValue(sheet, cell, value); err != nil {
			t.Fatal(err)
		}
	}
	return save(t, book, "jiahe-2018-spring.xlsx")
}

func asWorkbook(t *testing.T) string {
	t.Helper()
	content, err := os.ReadFile("sample/records/qingjian-2018-spring.csv")
	if err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(content, []byte("\ufeff")))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	book := excelize.NewFile()
	for r, row := range rows {
		for c, text := range row {
			cell, err := excelize.CoordinatesToCellName(c+1, r+3) // the table need not begin at the top
			if err != nil {
				t.Fatal(err)
			}
			var value any = text
			if n, err := strconv.Atoi(text); err == nil && c > 0 {
				value = n
			} else if r > 0 && c == 0 {
				value = fmt.Sprint(100 - r)
			}
			if err := book.SetCellValue("Sheet1", cell, value); err != nil {
				t.Fatal(err)
			}
		}
	}
	return save(t, book, "qingjian-2018-spring.xlsx")
}

func save(t *testing.T, book *excelize.File, name string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := book.SaveAs(path); err != nil {
		t.Fatal(err)
	}
	if err := book.Close(); err != nil {
		t.Fatal(err)
	}
	return path
}
