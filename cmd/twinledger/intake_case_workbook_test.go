package main

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/xuri/excelize/v2"
)

// A sheetText is a sheet of a case's workbook as the case writes it:
//
//	@sheet 4月            begins a sheet; "@sheet 4月 hidden" a hidden one
//	3: 序号 | 日期 | {n 2} row 3, cell by cell; the number may leave rows out
//	@merge A1:N1          a merged range
//	@hide 5               a hidden row
//	@hidecolumn G         a hidden column
//	@filter A3:N9         a filter over the range
//
// A cell is a text, or one of {n 1.5} a number, {d 2018-04-18} a date, {m 2018-04}
// a date shown as a month, {md 2018-04-18} a date shown without its year, {e #N/A}
// an error, {f SUM(A1)} a formula without stored value, {f SUM(A1) = 3} one with
// it. ⏎ stands for a line break in a cell.
type sheetText struct {
	name    string
	hidden  bool
	rows    []rowText
	merges  []string
	columns []int // hidden ones, from 1
	filter  string
}

type rowText struct {
	number int
	hidden bool
	cells  []string
}

func readSheets(text string) ([]sheetText, error) {
	var sheets []sheetText
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		if line == "" {
			continue
		}
		if name, ok := strings.CutPrefix(line, "@sheet "); ok {
			name, hidden := strings.CutSuffix(name, " hidden")
			sheets = append(sheets, sheetText{name: name, hidden: hidden})
			continue
		}
		if len(sheets) == 0 {
			sheets = append(sheets, sheetText{name: "Sheet1"})
		}
		if err := sheets[len(sheets)-1].readLine(line); err != nil {
			return nil, fmt.Errorf("%q: %w", line, err)
		}
	}
	return sheets, nil
}

func (s *sheetText) readLine(line string) error {
	if directive, ok := strings.CutPrefix(line, "@"); ok {
		word, rest, _ := strings.Cut(directive, " ")
		switch word {
		case "merge":
			s.merges = append(s.merges, strings.Fields(rest)...)
		case "filter":
			s.filter = rest
		case "hidecolumn":
			column, err := excelize.ColumnNameToNumber(rest)
			s.columns = append(s.columns, column)
			return err
		case "hide":
			number, err := strconv.Atoi(rest)
			for i := range s.rows {
				if s.rows[i].number == number {
					s.rows[i].hidden = true
					return err
				}
			}
			return errors.New("there is no such row above")
		default:
			return errors.New("no directive")
		}
		return nil
	}
	number, cells, ok := strings.Cut(line, ":")
	if !ok {
		return errors.New("a row begins with its number and a colon")
	}
	n, err := strconv.Atoi(number)
	if err != nil {
		return err
	}
	if len(s.rows) > 0 && n <= s.rows[len(s.rows)-1].number {
		return errors.New("rows stand in their order")
	}
	row := rowText{number: n}
	for _, cell := range cut(cells, "|") {
		row.cells = append(row.cells, strings.ReplaceAll(cell, "⏎", "\n"))
	}
	s.rows = append(s.rows, row)
	return nil
}

// rowsOfSheets names the rows that are not empty.
func rowsOfSheets(sheets []sheetText) map[string]bool {
	rows := map[string]bool{}
	for _, sheet := range sheets {
		name := sheet.name
		if len(sheets) == 1 {
			name = ""
		}
		for _, row := range sheet.rows {
			if strings.Join(row.cells, "") != "" {
				rows[rowName(name, row.number)] = true
			}
		}
	}
	return rows
}

// writeSheets returns the workbook as an XLSX file. It writes the parts itself,
// because errors and formulas without a stored value cannot be made otherwise.
func writeSheets(sheets []sheetText) ([]byte, error) {
	var list, types, links strings.Builder
	parts := map[string]string{}
	for i, sheet := range sheets {
		body, err := sheet.xml()
		if err != nil {
			return nil, fmt.Errorf("sheet %s: %w", sheet.name, err)
		}
		state := ""
		if sheet.hidden {
			state = ` state="hidden"`
		}
		fmt.Fprintf(&list, `<sheet name="%s" sheetId="%d"%s r:id="rId%d"/>`, escaped(sheet.name), i+1, state, i+1)
		fmt.Fprintf(&types, `<Override PartName="/xl/worksheets/sheet%d.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/>`, i+1)
		fmt.Fprintf(&links, `<Relationship Id="rId%d" Type="%s/worksheet" Target="worksheets/sheet%d.xml"/>`, i+1, relationshipType, i+1)
		parts[fmt.Sprintf("xl/worksheets/sheet%d.xml", i+1)] = body
	}
	parts["[Content_Types].xml"] = `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/>` +
		`<Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/><Override PartName="/xl/styles.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"/>` + types.String() + `</Types>`
	parts["_rels/.rels"] = relationships(`<Relationship Id="rId1" Type="` + relationshipType + `/officeDocument" Target="xl/workbook.xml"/>`)
	parts["xl/_rels/workbook.xml.rels"] = relationships(links.String() + `<Relationship Id="rIdStyles" Type="` + relationshipType + `/styles" Target="styles.xml"/>`)
	parts["xl/workbook.xml"] = `<workbook xmlns="` + spreadsheetSpace + `" xmlns:r="` + relationshipType + `"><sheets>` + list.String() + `</sheets></workbook>`
	parts["xl/styles.xml"] = stylesPart
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for name, text := range parts {
		part, err := w.Create(name)
		if err != nil {
			return nil, err
		}
		if _, err := io.WriteString(part, xml.Header+text); err != nil {
			return nil, err
		}
	}
	err := w.Close()
	return b.Bytes(), err
}

const (
	spreadsheetSpace = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
	relationshipType = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"

	// The styles are, from 0: none, a date, a month, a day without its year.
	stylesPart = `<styleSheet xmlns="` + spreadsheetSpace + `"><numFmts count="3"><numFmt numFmtId="176" formatCode="yyyy/m/d"/><numFmt numFmtId="177" formatCode="yyyy&quot;年&quot;m&quot;月&quot;"/><numFmt numFmtId="178" formatCode="m&quot;月&quot;d&quot;日&quot;"/></numFmts>` +
		`<fonts count="1"><font/></fonts><fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills><borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs>` +
		`<cellXfs count="4"><xf/><xf numFmtId="176" applyNumberFormat="1"/><xf numFmtId="177" applyNumberFormat="1"/><xf numFmtId="178" applyNumberFormat="1"/></cellXfs></styleSheet>`
)

func relationships(list string) string {
	return `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">` + list + `</Relationships>`
}

func escaped(text string) string {
	var b strings.Builder
	_ = xml.EscapeText(&b, []byte(text)) // a strings.Builder takes everything
	return b.String()
}

// xml returns the sheet's part.
func (s sheetText) xml() (string, error) {
	var b strings.Builder
	b.WriteString(`<worksheet xmlns="` + spreadsheetSpace + `">`)
	if s.filter != "" {
		b.WriteString(`<sheetPr filterMode="1"/>`)
	}
	if len(s.columns) > 0 {
		b.WriteString(`<cols>`)
		for _, column := range s.columns {
			fmt.Fprintf(&b, `<col min="%d" max="%d" width="9" hidden="1" customWidth="1"/>`, column, column)
		}
		b.WriteString(`</cols>`)
	}
	b.WriteString(`<sheetData>`)
	for _, row := range s.rows {
		hidden := ""
		if row.hidden {
			hidden = ` hidden="1"`
		}
		fmt.Fprintf(&b, `<row r="%d"%s>`, row.number, hidden)
		for i, cell := range row.cells {
			name, err := excelize.CoordinatesToCellName(i+1, row.number)
			if err == nil && cell != "" {
				err = writeCell(&b, name, cell)
			}
			if err != nil {
				return "", err
			}
		}
		b.WriteString(`</row>`)
	}
	b.WriteString(`</sheetData>`)
	if s.filter != "" {
		fmt.Fprintf(&b, `<autoFilter ref="%s"/>`, s.filter)
	}
	if len(s.merges) > 0 {
		fmt.Fprintf(&b, `<mergeCells count="%d">`, len(s.merges))
		for _, merge := range s.merges {
			fmt.Fprintf(&b, `<mergeCell ref="%s"/>`, merge)
		}
		b.WriteString(`</mergeCells>`)
	}
	b.WriteString(`</worksheet>`)
	return b.String(), nil
}

var typedCell = regexp.MustCompile(`^\{(n|d|m|md|e|f) (.+)\}$`)

func writeCell(b *strings.Builder, name, cell string) error {
	m := typedCell.FindStringSubmatch(cell)
	if m == nil {
		fmt.Fprintf(b, `<c r="%s" t="inlineStr"><is><t xml:space="preserve">%s</t></is></c>`, name, escaped(cell))
		return nil
	}
	switch m[1] {
	case "n":
		fmt.Fprintf(b, `<c r="%s"><v>%s</v></c>`, name, m[2])
	case "e":
		fmt.Fprintf(b, `<c r="%s" t="e"><v>%s</v></c>`, name, escaped(m[2]))
	case "f":
		formula, value, stored := strings.Cut(m[2], " = ")
		fmt.Fprintf(b, `<c r="%s"><f>%s</f>`, name, escaped(formula))
		if stored {
			fmt.Fprintf(b, `<v>%s</v>`, escaped(value))
		}
		b.WriteString(`</c>`)
	default:
		return writeDate(b, name, m[1], m[2])
	}
	return nil
}

// writeDate writes a date as spreadsheet programs keep it: the days since the end
// of 1899, and a style that says how it is shown.
func writeDate(b *strings.Builder, name, shown, text string) error {
	if shown == "m" {
		text += "-01"
	}
	day, err := time.Parse(time.DateOnly, text)
	serial := int(day.Sub(time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC)).Hours() / 24)
	fmt.Fprintf(b, `<c r="%s" s="%d"><v>%d</v></c>`, name, map[string]int{"d": 1, "m": 2, "md": 3}[shown], serial)
	return err
}
