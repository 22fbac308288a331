package main

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/xuri/excelize/v2"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"
)

const intakeFolder = "testdata/intake"

// readIntakeFile makes the input that a section describes: "xlsx NAME" holds a
// workbook in the form of readSheets, "csv NAME ENCODING" the text itself, and
// "copy PATH" names a file that lies in the folder as it is.
func readIntakeFile(kind string, words []string, text string) (intakeFile, error) {
	if len(words) == 0 {
		return intakeFile{}, fmt.Errorf("the section names no file")
	}
	file := intakeFile{name: filepath.Base(words[0])}
	var err error
	switch kind {
	case "xlsx":
		var sheets []sheetText
		if sheets, err = readSheets(text); err == nil {
			file.rows = rowsOfSheets(sheets)
			file.content, err = writeSheets(sheets)
		}
	case "csv":
		if file.rows, err = rowsOfCSV(text); err == nil {
			file.content, err = encodeText(text, words[1:])
		}
	case "copy":
		if file.content, err = os.ReadFile(filepath.Join(intakeFolder, words[0])); err == nil {
			file.rows, err = rowsOfCopy(words[0], file.content)
		}
	}
	return file, err
}

// encodeText returns the text of a CSV file as a program would have saved it.
// "bom", "crlf", "gb18030" and "utf-16le" say how; ␉ stands for a tab.
func encodeText(text string, how []string) ([]byte, error) {
	text = strings.ReplaceAll(text, "␉", "\t")
	for _, word := range how {
		if !slices.Contains([]string{"bom", "crlf", "gb18030", "utf-16le"}, word) {
			return nil, fmt.Errorf("%q is no way to save a text", word)
		}
	}
	if slices.Contains(how, "crlf") {
		text = strings.ReplaceAll(text, "\n", "\r\n")
	}
	if slices.Contains(how, "bom") {
		text = "\uFEFF" + text
	}
	switch {
	case slices.Contains(how, "gb18030"):
		return simplifiedchinese.GB18030.NewEncoder().Bytes([]byte(text))
	case slices.Contains(how, "utf-16le"):
		return unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewEncoder().Bytes([]byte(text))
	}
	return []byte(text), nil
}

// rowsOfCSV names the rows of a CSV text that are not empty.
func rowsOfCSV(text string) (map[string]bool, error) {
	text = strings.TrimPrefix(strings.ReplaceAll(text, "\r\n", "\n"), "\uFEFF")
	comma := ','
	for _, other := range []rune{';', '␉'} {
		if strings.Count(text, string(other)) > strings.Count(text, ",") {
			comma = other
		}
	}
	rows := map[string]bool{}
	number := 0
	for text != "" {
		number++
		line, rest, _ := strings.Cut(text, "\n")
		for strings.Count(line, `"`)%2 == 1 && rest != "" { // a quoted cell goes on in the next line
			var more string
			more, rest, _ = strings.Cut(rest, "\n")
			line += "\n" + more
		}
		text = rest
		if line == "" {
			continue
		}
		reader := csv.NewReader(strings.NewReader(line))
		reader.Comma = comma
		cells, err := reader.Read()
		if err != nil {
			return nil, err
		}
		if strings.TrimSpace(strings.Join(cells, "")) != "" {
			rows[rowName("", number)] = true
		}
	}
	return rows, nil
}

// rowsOfCopy names the rows of a file that lies in the folder.
func rowsOfCopy(name string, content []byte) (map[string]bool, error) {
	if filepath.Ext(name) == ".csv" {
		return rowsOfCSV(string(content))
	}
	f, err := excelize.OpenReader(bytes.NewReader(content))
	if err != nil {
		return nil, err
	}
	rows := map[string]bool{}
	sheets := f.GetSheetList()
	for _, sheet := range sheets {
		lines, err := f.GetRows(sheet)
		if err != nil {
			return nil, err
		}
		if len(sheets) == 1 {
			sheet = ""
		}
		for i, cells := range lines {
			if strings.TrimSpace(strings.Join(cells, "")) != "" {
				rows[rowName(sheet, i+1)] = true
			}
		}
	}
	return rows, f.Close()
}
