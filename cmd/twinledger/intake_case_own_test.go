package main

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"
)

// TestIntakeCaseFiles refuses cases that would overlook something.
func TestIntakeCaseFiles(t *testing.T) {
	t.Parallel()
	const table = "-- csv a.csv --\n日期,类别,内容\n2018-04-18,送课,甲\n2018-04-19,送课,乙\n-- import a.csv --\n"
	for name, c := range map[string]struct{ text, want string }{
		"whole":         {table + "other 1\n2 | recorded\n3 | held\n", ""},
		"row left out":  {table + "other 1\n2 | recorded\n", "row 3"},
		"no such row":   {table + "other 1\n2 | recorded\n3 | held\n4 | held\n", "row 4"},
		"row twice":     {table + "other 1-2\n2 | recorded\n3 | held\n", "row 2 twice"},
		"outcome":       {table + "other 1\n2 | well\n3 | held\n", "the outcome is one of"},
		"section":       {table + "rows any\n-- look a.csv --\n", "unknown section"},
		"no such file":  {table + "rows any\n-- import b.csv --\nother 1\n", "imports no file"},
		"says itself":   {table + "rows any\nsays 重复 or a.csv\n", "says nothing"},
		"no steps":      {"-- csv a.csv --\n日期\n", "at least one file and one step"},
		"question":      {table + "rows any\nask 日期 | x\n", "ask COLUMN"},
		"way of saving": {strings.Replace(table, "a.csv --", "a.csv latin1 --", 1) + "rows any\n", "no way to save"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			path := filepath.Join(t.TempDir(), "case.txt")
			if err := os.WriteFile(path, []byte(c.text), 0o600); err != nil {
				t.Fatal(err)
			}
			_, err := readIntakeCase(path)
			if c.want == "" && err != nil || c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)) {
				t.Errorf("got %v, want %q", err, c.want)
			}
		})
	}
}

// TestIntakeCaseQuestions finds expected questions among what an import asks.
func TestIntakeCaseQuestions(t *testing.T) {
	t.Parallel()
	const asked = `{"number":3,"key":"year","code":"date","zh":"哪一年？","column":"日期","written":"4月18日","rows":[{"row":5},{"row":17}],` +
		`"choices":[{"letter":"a","zh":"2017年"},{"letter":"b","zh":"2018年"}],"suggested":"b"}`
	var q askedQuestion
	if err := json.Unmarshal([]byte(asked), &q); err != nil {
		t.Fatal(err)
	}
	for text, want := range map[string]bool{
		"日期 | 4月18日 | 5,17 | 2018年 | 2017年": true,
		"日期 | 5月1日 ; 4月18日 | * | *":         true,
		"* | * | * | 2016年 or 2018年":        true,
		"类别 | 4月18日 | * | *":                false,
		"日期 | 5月1日 | * | *":                 false,
		"日期 | * | 1 | *":                    false,
		"日期 | * | 5-6 | *":                  false,
		"日期 | * | * | 2016年":                false,
		"日期 | * | * | * | 2016年":            false,
	} {
		e, err := readQuestion(text)
		if err != nil {
			t.Fatal(err)
		}
		if got := e.matches(q); got != want {
			t.Errorf("%q: %v", text, got)
		}
	}
	flags := [][]string{
		answerFlags([]givenAnswer{{q, q.letter("2017年")}}, false), answerFlags([]givenAnswer{{q, q.Suggested}}, true),
	}
	if diff := cmp.Diff([][]string{{"--answer", "3=a"}, {"--answer", "year=b"}}, flags); diff != "" {
		t.Error(diff)
	}
	answered := askedQuestion{Number: 4, Answer: "送课"}
	if open := (importedFile{Questions: []askedQuestion{answered, q}}).open(); len(open) != 1 || open[0].Number != 3 {
		t.Errorf("open are %v", open)
	}
	for text, want := range map[string]bool{"[2,4]": false, "[3]": true, "2-4": true, "13": false, "": false} {
		if namesNumber(text, "3") != want {
			t.Errorf("%q names 3: %v", text, !want)
		}
	}
}

// TestIntakeCaseWorkbooks writes a workbook as a case describes it and reads it
// with the library that reads all others.
func TestIntakeCaseWorkbooks(t *testing.T) {
	t.Parallel()
	sheets, err := readSheets("@sheet 4月\n1: 标题 < & >\n3: {n 2} | {d 2018-04-18} | {m 2018-04} | {md 2018-04-18} | {e #N/A} | {f SUM(A3) = 2} | {f A3} | 甲⏎乙\n@hide 3\n@hidecolumn B\n@merge A1:B2\n@sheet 旧 hidden\n1: 甲\n")
	if err != nil {
		t.Fatal(err)
	}
	content, err := writeSheets(sheets)
	if err != nil {
		t.Fatal(err)
	}
	f, err := excelize.OpenReader(bytes.NewReader(content))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := f.GetRows("4月")
	if err != nil {
		t.Fatal(err)
	}
	want := [][]string{{"标题 < & >"}, nil, {"2", "2018/4/18", "2018年4月", "4月18日", "#N/A", "2", "", "甲\n乙"}}
	if diff := cmp.Diff(want, rows); diff != "" {
		t.Error(diff)
	}
	row, errRow := f.GetRowVisible("4月", 3)
	column, errColumn := f.GetColVisible("4月", "B")
	sheet, errSheet := f.GetSheetVisible("旧")
	if row || column || sheet || errRow != nil || errColumn != nil || errSheet != nil {
		t.Errorf("visible: row %v %v, column %v %v, sheet %v %v", row, errRow, column, errColumn, sheet, errSheet)
	}
	formula, err := f.GetCellFormula("4月", "G3")
	merged, errMerged := f.GetMergeCells("4月")
	if formula != "A3" || len(merged) != 1 || err != nil || errMerged != nil {
		t.Errorf("formula %q %v, merged %v %v", formula, err, merged, errMerged)
	}
	if got := rowsOfSheets(sheets); !got["4月!1"] || !got["4月!3"] || !got["旧!1"] || len(got) != 3 {
		t.Errorf("rows are %v", got)
	}
}
