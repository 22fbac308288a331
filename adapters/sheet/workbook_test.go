package sheet_test

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"io"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"
	"pgregory.net/rapid"

	"twinledger/adapters/sheet"
	"twinledger/domain/calendar"
	"twinledger/domain/fault"
	"twinledger/domain/intake/reading"
)

// built returns the bytes of a workbook that fill has filled.
func built(t testing.TB, fill func(f *excelize.File) error) []byte {
	t.Helper()
	f := excelize.NewFile()
	if err := fill(f); err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := errors.Join(f.Write(&b), f.Close()); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// repacked returns the package with parts replaced or, where a text is empty,
// left out.
func repacked(t testing.TB, content []byte, parts map[string]string) []byte {
	t.Helper()
	reader, err := zip.NewReader(bytes.NewReader(content), int64(len(content)))
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	write := func(name, text string) {
		part, err := w.Create(name)
		if err == nil {
			_, err = io.WriteString(part, text)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	for _, part := range reader.File {
		if _, replaced := parts[part.Name]; replaced {
			continue
		}
		body, err := part.Open()
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(body)
		if err != nil {
			t.Fatal(err)
		}
		write(part.Name, string(text))
	}
	for name, text := range parts {
		if text != "" {
			write(name, text)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// claiming returns a package whose parts say that they unpack to these sizes;
// each holds a few bytes.
func claiming(sizes ...uint64) func(testing.TB) []byte {
	return func(t testing.TB) []byte {
		t.Helper()
		var b bytes.Buffer
		w := zip.NewWriter(&b)
		_, err := w.Create("[Content_Types].xml")
		for i, size := range sizes {
			header := zip.FileHeader{Name: fmt.Sprintf("xl/part%d.xml", i), Method: zip.Store, CompressedSize64: 3, UncompressedSize64: size}
			part, err2 := w.CreateRaw(&header)
			if err2 == nil {
				_, err2 = io.WriteString(part, "abc")
			}
			err = errors.Join(err, err2)
		}
		if err := errors.Join(err, w.Close()); err != nil {
			t.Fatal(err)
		}
		return b.Bytes()
	}
}

// withSheet returns a workbook whose one sheet has this body and whose strings
// are 零 and 一.
func withSheet(t testing.TB, body string) []byte {
	t.Helper()
	base := built(t, func(f *excelize.File) error {
		return errors.Join(f.SetCellValue("Sheet1", "A1", "零"), f.SetCellValue("Sheet1", "A2", "一"))
	})
	return repacked(t, base, map[string]string{"xl/worksheets/sheet1.xml": `<?xml version="1.0" encoding="UTF-8"?>` +
		`<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">` + body + `</worksheet>`})
}

func readBook(t testing.TB, content []byte) reading.Workbook {
	t.Helper()
	w, err := sheet.Read("甲.xlsx", content)
	if err != nil {
		t.Fatal(err)
	}
	return w
}

// firstCell returns the cell A1 of a workbook in which one cell was set.
func firstCell(t testing.TB, content []byte) reading.Cell {
	t.Helper()
	w := readBook(t, content)
	if len(w.Sheets) == 0 || len(w.Sheets[0].Rows) == 0 {
		return reading.Cell{}
	}
	return w.Sheets[0].Rows[0].Cells[0]
}

func formatted(t testing.TB, value any, style excelize.Style) []byte {
	t.Helper()
	return built(t, func(f *excelize.File) error {
		id, err := f.NewStyle(&style)
		return errors.Join(err, f.SetCellValue("Sheet1", "A1", value), f.SetCellStyle("Sheet1", "A1", "A1", id))
	})
}

func TestReadDateCells(t *testing.T) {
	const serial = 43208.75 // 2018-04-18, six in the evening
	day := reading.Cell{Text: "2018-04-18", Date: "day:2018-04-18"}
	month := reading.Cell{Text: "2018-04", Date: "month:2018-04"}
	year := reading.Cell{Text: "2018", Date: "year:2018"}
	builtIn := map[int]reading.Cell{}
	for _, id := range []int{14, 15, 16, 22, 28, 29, 30, 31, 51, 53, 54, 58} {
		builtIn[id] = day
	}
	for _, id := range []int{17, 27, 36, 50, 52, 57} {
		builtIn[id] = month
	}
	for id, want := range builtIn {
		t.Run(fmt.Sprintf("built-in format %d", id), func(t *testing.T) {
			if diff := cmp.Diff(want, firstCell(t, formatted(t, serial, excelize.Style{NumFmt: id}))); diff != "" {
				t.Errorf("the cell differs (-want +got):\n%s", diff)
			}
		})
	}
	tests := []struct {
		code string
		want reading.Cell
	}{
		{`yyyy-mm-dd`, day}, {`yyyy/m/d`, day}, {`yyyy"年"m"月"d"日"`, day}, {`yyyy年m月d日`, day}, {`m/d`, day}, {`d\-mmm\-yy`, day},
		{`[$-804]yyyy"年"m"月"d"日";@`, day}, {`[$-F800]dddd\,\ mmmm\ dd\,\ yyyy`, day}, {`yyyy-mm-dd hh:mm:ss`, day}, {`[$-804]aaaa;@`, day},
		{`yyyy/m/d h:mm AM/PM`, day}, {`[$-404]e/m/d`, day}, {`[DBNum1][$-804]yyyy"年"m"月"d"日"`, day}, {`[Red]yyyy-mm-dd`, day},
		{`yyyy"年"m"月"`, month}, {`yyyy\-mm`, month}, {`mmm-yy`, month}, {`[$-804]yyyy"年"m"月";@`, month}, {`yyyy-mm "d"`, month}, {`mmmm`, month},
		{`yyyy`, year}, {`yyyy"年"`, year}, {`yyyy"年度 md"`, year}, {`yyyy;m/d`, year}, {`yyyy\m`, year}, {`yyyy_m`, year},
	}
	for _, tt := range tests {
		t.Run(tt.code, func(t *testing.T) {
			if diff := cmp.Diff(tt.want, firstCell(t, formatted(t, serial, excelize.Style{CustomNumFmt: &tt.code}))); diff != "" {
				t.Errorf("the cell differs (-want +got):\n%s", diff)
			}
		})
	}
}

func TestReadDateCellsOf1904(t *testing.T) {
	yes := true
	content := built(t, func(f *excelize.File) error {
		id, err := f.NewStyle(&excelize.Style{NumFmt: 14})
		return errors.Join(err, f.SetWorkbookProps(&excelize.WorkbookPropsOptions{Date1904: &yes}),
			f.SetCellValue("Sheet1", "A1", 43208-1462), f.SetCellStyle("Sheet1", "A1", "A1", id))
	})
	if got := firstCell(t, content); got.Date != "day:2018-04-18" {
		t.Errorf("got %+v", got)
	}
}

func TestReadDaysOfAllYears(t *testing.T) {
	const first, step, rows = calendar.Day("1949-01-01"), 29, 1850
	content := built(t, func(f *excelize.File) error {
		id, err := f.NewStyle(&excelize.Style{NumFmt: 14})
		for i := range rows {
			written, _ := time.Parse(time.DateOnly, string(first.Add(i*step)))
			err = errors.Join(err, f.SetCellValue("Sheet1", fmt.Sprintf("A%d", i+1), written))
		}
		return errors.Join(err, f.SetCellStyle("Sheet1", "A1", fmt.Sprintf("A%d", rows), id))
	})
	for i, row := range readBook(t, content).Sheets[0].Rows {
		if want := calendar.OnDay(first.Add(i * step)); row.Cells[0].Date != want {
			t.Fatalf("%s is read as %+v", want, row.Cells[0])
		}
	}
}

func TestReadNumberCells(t *testing.T) {
	custom := func(code string) excelize.Style { return excelize.Style{CustomNumFmt: &code} }
	bordered := excelize.Style{Border: []excelize.Border{{Type: "left", Style: 1, Color: "000000"}}}
	tests := []struct {
		name  string
		value any
		style excelize.Style
		want  reading.Cell
	}{
		{"a whole number", 10, bordered, reading.Cell{Text: "10", Number: "10"}},
		{"a fraction", 0.5, bordered, reading.Cell{Text: "0.5", Number: "0.5"}},
		{"nought", 0, bordered, reading.Cell{Text: "0", Number: "0"}},
		{"a negative number", -3, bordered, reading.Cell{Text: "-3", Number: "-3"}},
		{"the noise of a sum", math.Nextafter(0.3, 1), bordered, reading.Cell{Text: "0.3", Number: "0.3"}},
		{"the noise of a product", 1.1 * 1.1, bordered, reading.Cell{Text: "1.21", Number: "1.21"}},
		{"a large number", 123456789012, bordered, reading.Cell{Text: "123456789012", Number: "123456789012"}},
		{"a year", 2015, bordered, reading.Cell{Text: "2015", Number: "2015"}},
		{"a unit in the format", 30, custom(`0"人次"`), reading.Cell{Text: "30人次", Number: "30"}},
		{"leading zeros in the format", 7, custom(`000`), reading.Cell{Text: "007", Number: "7"}},
		{"grouped", 1200, excelize.Style{NumFmt: 3}, reading.Cell{Text: "1,200", Number: "1200"}},
		{"two decimals", 1.5, excelize.Style{NumFmt: 2}, reading.Cell{Text: "1.50", Number: "1.5"}},
		{"rounded by its format", 2.6, excelize.Style{NumFmt: 1}, reading.Cell{Text: "2.6", Number: "2.6"}},
		{"a percentage", 0.5, excelize.Style{NumFmt: 9}, reading.Cell{Text: "0.5", Number: "0.5"}},
		{"money", 1200, custom(`"¥"#,##0.00`), reading.Cell{Text: "1200", Number: "1200"}},
		{"hidden by its format", 12, custom(`;;;`), reading.Cell{Text: "12", Number: "12"}},
		{"an exponent", 1200, excelize.Style{NumFmt: 11}, reading.Cell{Text: "1200", Number: "1200"}},
		{"a colour with a d in it", 5, custom(`[Red]0`), reading.Cell{Text: "5", Number: "5"}},
		{"a time of day", 0.354166666666667, excelize.Style{NumFmt: 20}, reading.Cell{Text: "08:30"}},
		{"a time in Chinese", 0.354166666666667, excelize.Style{NumFmt: 32}, reading.Cell{Text: "8时30分"}},
		{"hours", 1.5, custom(`[h]:mm`), reading.Cell{Text: "36:00"}},
		{"minutes and seconds", 0.001, excelize.Style{NumFmt: 45}, reading.Cell{Text: "01:26"}},
		{"a small number with a date's format", 3, excelize.Style{NumFmt: 14}, reading.Cell{Text: "1900-01-03"}},
		{"a negative number with a date's format", -3, excelize.Style{NumFmt: 14}, reading.Cell{Text: "-3"}},
		{"an enormous number with a date's format", 1e9, excelize.Style{NumFmt: 14}, reading.Cell{Text: "1000000000"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if diff := cmp.Diff(tt.want, firstCell(t, formatted(t, tt.value, tt.style))); diff != "" {
				t.Errorf("the cell differs (-want +got):\n%s", diff)
			}
		})
	}
}

func TestReadOtherCells(t *testing.T) {
	tests := []struct {
		name, cell string
		want       reading.Cell
	}{
		{"a shared string", `<c r="A1" t="s"><v>1</v></c>`, reading.Cell{Text: "一"}},
		{"a string in place, in runs", `<c r="A1" t="inlineStr"><is><r><t>２０１５</t></r><r><t xml:space="preserve">年 </t></r></is></c>`, reading.Cell{Text: "2015年", Raw: "２０１５年"}},
		{"true", `<c r="A1" t="b"><v>1</v></c>`, reading.Cell{Text: "TRUE"}},
		{"false", `<c r="A1" t="b"><v>0</v></c>`, reading.Cell{Text: "FALSE"}},
		{"an error", `<c r="A1" t="e"><v>#N/A</v></c>`, reading.Cell{Text: "#N/A"}},
		{"the text of a formula", `<c r="A1" t="str"><f>B1&amp;"节"</f><v>10节</v></c>`, reading.Cell{Text: "10节"}},
		{"the number of a formula", `<c r="A1"><f>SUM(B1:B9)</f><v>10</v></c>`, reading.Cell{Text: "10", Number: "10"}},
		{"the empty text of a formula", `<c r="A1" t="str"><f>B1</f><v></v></c><c r="B1"><v>1</v></c>`, reading.Cell{}},
		{"a formula that nobody computed", `<c r="A1"><f>SUM(B1:B9)</f></c>`, reading.Cell{Text: "=SUM(B1:B9)"}},
		{"a day in ISO 8601", `<c r="A1" t="d"><v>2018-04-18T18:00:00</v></c>`, reading.Cell{Text: "2018-04-18", Date: "day:2018-04-18"}},
		{"a text that says it is a day", `<c r="A1" t="d"><v>soon</v></c>`, reading.Cell{Text: "soon"}},
		{"a text that says it is a number", `<c r="A1"><v>ten</v></c>`, reading.Cell{Text: "ten"}},
		{"a number beyond counting", `<c r="A1"><v>1.1010119900101E+17</v></c>`, reading.Cell{Text: "1.1010119900101E+17"}},
		{"a number with an exponent", `<c r="A1"><v>1.2E3</v></c>`, reading.Cell{Text: "1200", Number: "1200"}},
		{"cells without references", `<c><v>1</v></c><c t="s"><v>0</v></c>`, reading.Cell{Text: "1", Number: "1"}},
		{"an unknown style", `<c r="A1" s="99"><v>43208</v></c>`, reading.Cell{Text: "43208", Number: "43208"}},
		{"a carriage return escaped", `<c r="A1" t="inlineStr"><is><t>甲_x000D_
乙</t></is></c>`, reading.Cell{Text: "甲\n乙"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if diff := cmp.Diff(tt.want, firstCell(t, withSheet(t, `<sheetData><row r="1">`+tt.cell+`</row></sheetData>`))); diff != "" {
				t.Errorf("the cell differs (-want +got):\n%s", diff)
			}
		})
	}
}

func TestReadSheets(t *testing.T) {
	content := built(t, func(f *excelize.File) error {
		_, err1 := f.NewSheet("隐藏")
		_, err2 := f.NewSheet("藏得更深")
		_, err3 := f.NewSheet("空")
		return errors.Join(err1, err2, err3,
			f.SetSheetName("Sheet1", "活动"), f.SetSheetVisible("隐藏", false), f.SetSheetVisible("藏得更深", false, true),
			f.SetSheetRow("活动", "A1", &[]any{"标题"}), f.MergeCell("活动", "A1", "C1"),
			f.SetSheetRow("活动", "A4", &[]any{"", "乙", 3, "\u3000"}),
			f.SetCellValue("活动", "B9", "尾"), f.SetRowVisible("活动", 9, false),
			f.SetCellValue("隐藏", "C2", "x"), f.SetCellValue("藏得更深", "A1", true))
	})
	want := []reading.Sheet{
		{Index: 0, Name: "活动", Rows: []reading.PhysicalRow{
			{Number: 1, Cells: []reading.Cell{{Text: "标题"}}},
			{Number: 4, Cells: []reading.Cell{{}, {Text: "乙"}, {Text: "3", Number: "3"}}},
			{Number: 9, Hidden: true, Cells: []reading.Cell{{}, {Text: "尾"}}},
		}},
		{Index: 1, Name: "隐藏", Hidden: true, Rows: []reading.PhysicalRow{{Number: 2, Cells: []reading.Cell{{}, {}, {Text: "x"}}}}},
		{Index: 2, Name: "藏得更深", Hidden: true, Rows: []reading.PhysicalRow{{Number: 1, Cells: []reading.Cell{{Text: "TRUE"}}}}},
		{Index: 3, Name: "空"},
	}
	w := readBook(t, content)
	if diff := cmp.Diff(want, w.Sheets); diff != "" {
		t.Errorf("sheets differ (-want +got):\n%s", diff)
	}
	if w.Form != "xlsx" || w.Encoding != "" {
		t.Errorf("form %q, encoding %q", w.Form, w.Encoding)
	}
}

func TestReadPassesOverCharts(t *testing.T) {
	content := built(t, func(f *excelize.File) error {
		return errors.Join(
			f.AddChartSheet("图", &excelize.Chart{Type: excelize.Col, Series: []excelize.ChartSeries{{Values: "Sheet1!$A$1:$A$2"}}}),
			f.SetCellValue("Sheet1", "A1", "甲"))
	})
	want := []reading.Sheet{{Index: 0, Name: "Sheet1", Rows: []reading.PhysicalRow{{Number: 1, Cells: []reading.Cell{{Text: "甲"}}}}}}
	if diff := cmp.Diff(want, readBook(t, content).Sheets); diff != "" {
		t.Errorf("sheets differ (-want +got):\n%s", diff)
	}
}

func TestReadMergedCells(t *testing.T) {
	// Two ranges, and values that a program left under them.
	content := withSheet(t, `<sheetData>`+
		`<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1"><v>7</v></c><c r="C1"><v>8</v></c></row>`+
		`<row r="2"><c r="A2"><v>9</v></c><c r="B2" t="s"><v>1</v></c></row>`+
		`<row r="3"><c r="B3"><v>1</v></c></row>`+
		`<row r="4"><c r="A4"><v>2</v></c></row>`+
		`</sheetData><mergeCells count="2"><mergeCell ref="A1:B1"/><mergeCell ref="B3:B2"/></mergeCells>`)
	want := []reading.PhysicalRow{
		{Number: 1, Cells: []reading.Cell{{Text: "零"}, {}, {Text: "8", Number: "8"}}},
		{Number: 2, Cells: []reading.Cell{{Text: "9", Number: "9"}, {Text: "一"}}},
		{Number: 4, Cells: []reading.Cell{{Text: "2", Number: "2"}}},
	}
	if diff := cmp.Diff(want, readBook(t, content).Sheets[0].Rows); diff != "" {
		t.Errorf("rows differ (-want +got):\n%s", diff)
	}
}

// TestReadMarksWhatAMergedCellCovers: a value above is not taken for the rows
// below, but that it may be meant is told.
func TestReadMarksWhatAMergedCellCovers(t *testing.T) {
	content := withSheet(t, `<sheetData>`+
		`<row r="1"><c r="A1"><v>1</v></c><c r="B1"><v>2</v></c><c r="D1"><v>3</v></c></row>`+
		`<row r="2"><c r="A2"><v>9</v></c><c r="B2"><v>4</v></c></row>`+
		`<row r="3"><c r="A3"><v>9</v></c></row>`+
		`</sheetData><mergeCells count="2"><mergeCell ref="A1:A3"/><mergeCell ref="D1:XFD2"/></mergeCells>`)
	number := func(text string) reading.Cell { return reading.Cell{Text: text, Number: text} }
	want := []reading.PhysicalRow{
		{Number: 1, Cells: []reading.Cell{number("1"), number("2"), {}, number("3")}},
		{Number: 2, Cells: []reading.Cell{{Merged: true}, number("4"), {}, {Merged: true}}},
	}
	if diff := cmp.Diff(want, readBook(t, content).Sheets[0].Rows); diff != "" {
		t.Errorf("rows differ (-want +got):\n%s", diff)
	}
}

func TestReadRowsFarApart(t *testing.T) {
	content := withSheet(t, `<sheetData><row r="2"><c r="A2"><v>1</v></c></row><row><c><v>2</v></c></row><row r="1048576"><c r="B1048576"><v>3</v></c></row></sheetData>`)
	var got []int
	for _, row := range readBook(t, content).Sheets[0].Rows {
		got = append(got, row.Number)
	}
	if diff := cmp.Diff([]int{2, 3, 1048576}, got); diff != "" {
		t.Errorf("row numbers differ (-want +got):\n%s", diff)
	}
}

func TestReadRefusesWorkbooks(t *testing.T) {
	good := withSheet(t, `<sheetData><row r="1"><c r="A1"><v>1</v></c></row></sheetData>`)
	part := func(name, text string) func(testing.TB) []byte {
		return func(t testing.TB) []byte { return repacked(t, good, map[string]string{name: text}) }
	}
	body := func(text string) func(testing.TB) []byte {
		return func(t testing.TB) []byte { return withSheet(t, text) }
	}
	tests := []struct {
		name    string
		content func(testing.TB) []byte
		want    *fault.Error
		place   fault.Place
	}{
		{"cut short", func(testing.TB) []byte { return good[:len(good)-100] }, sheet.ErrDamaged, fault.Place{}},
		{"a byte changed inside a part", func(testing.TB) []byte {
			changed := bytes.Clone(good)
			at := bytes.Index(changed, []byte("sheet1.xml")) + len("sheet1.xml") + 10
			changed[at] ^= 0x55
			return changed
		}, sheet.ErrDamaged, fault.Place{}},
		{"no sheet's part", part("xl/worksheets/sheet1.xml", ""), sheet.ErrDamaged, fault.Place{Sheet: "Sheet1"}},
		{"no relationships", part("xl/_rels/workbook.xml.rels", ""), sheet.ErrDamaged, fault.Place{}},
		{"no workbook", part("xl/workbook.xml", ""), sheet.ErrDamaged, fault.Place{}},
		{"a part cut short", part("xl/worksheets/sheet1.xml", `<worksheet><sheetData><row r="1"><c r="A1"><v>1</v></c></row>`), sheet.ErrDamaged, fault.Place{Sheet: "Sheet1"}},
		{"a string that is missing", body(`<sheetData><row r="1"><c r="A1" t="s"><v>2</v></c></row></sheetData>`), sheet.ErrDamaged, fault.Place{Sheet: "Sheet1"}},
		{"rows out of order", body(`<sheetData><row r="2"><c r="A2"><v>1</v></c></row><row r="1"><c r="A1"><v>1</v></c></row></sheetData>`), sheet.ErrDamaged, fault.Place{Sheet: "Sheet1"}},
		{"a row twice", body(`<sheetData><row r="2"><c r="A2"><v>1</v></c></row><row r="2"><c r="B2"><v>1</v></c></row></sheetData>`), sheet.ErrDamaged, fault.Place{Sheet: "Sheet1"}},
		{"cells out of order", body(`<sheetData><row r="1"><c r="B1"><v>1</v></c><c r="A1"><v>1</v></c></row></sheetData>`), sheet.ErrDamaged, fault.Place{Sheet: "Sheet1"}},
		{"a cell of another row", body(`<sheetData><row r="1"><c r="A2"><v>1</v></c></row></sheetData>`), sheet.ErrDamaged, fault.Place{Sheet: "Sheet1"}},
		{"a row beyond the last", body(`<sheetData><row r="1048577"><c><v>1</v></c></row></sheetData>`), sheet.ErrDamaged, fault.Place{Sheet: "Sheet1"}},
		{"a row without end", body(`<sheetData><row r="9223372036854775807"><c><v>1</v></c></row></sheetData>`), sheet.ErrDamaged, fault.Place{Sheet: "Sheet1"}},
		{"a column beyond the last", body(`<sheetData><row r="1"><c r="XFE1"><v>1</v></c></row></sheetData>`), sheet.ErrDamaged, fault.Place{Sheet: "Sheet1"}},
		{"a document", part("word/document.xml", "<w/>"), sheet.ErrNotATable, fault.Place{}},
		{"a slide show", part("ppt/presentation.xml", "<p/>"), sheet.ErrNotATable, fault.Place{}},
		{"a binary workbook", part("xl/workbook.bin", "x"), sheet.ErrNotATable, fault.Place{}},
		{"a workbook of another office", part("content.xml", "<o/>"), sheet.ErrNotATable, fault.Place{}},
		{"an archive", part("[Content_Types].xml", ""), sheet.ErrNotATable, fault.Place{}},
		{"a password on the archive", func(testing.TB) []byte {
			locked := bytes.Clone(good)
			for at := 0; ; at++ {
				next := bytes.Index(locked[at:], []byte("PK\x01\x02"))
				if next < 0 {
					return locked
				}
				at += next
				locked[at+8] |= 1
			}
		}, sheet.ErrPassword, fault.Place{}},
		{"a part that unpacks to more than the limit", claiming(sheet.MaxUnpackedBytes + 1), sheet.ErrTooLarge, fault.Place{}},
		{"parts that do so together", claiming(sheet.MaxUnpackedBytes, 1), sheet.ErrTooLarge, fault.Place{}},
		{"sizes whose sum wraps around", claiming(1<<63, 1<<63), sheet.ErrTooLarge, fault.Place{}},
		{"a part that unpacks to more than it says", claiming(0), sheet.ErrDamaged, fault.Place{}},
		{"cells far to the right in every row", func(t testing.TB) []byte {
			var b strings.Builder
			for row := 1; row <= sheet.MaxCells/16384+1; row++ {
				fmt.Fprintf(&b, `<row r="%d"><c r="XFD%d"><v>1</v></c></row>`, row, row)
			}
			return withSheet(t, `<sheetData>`+b.String()+`</sheetData>`)
		}, sheet.ErrTooLarge, fault.Place{Sheet: "Sheet1", Row: sheet.MaxCells/16384 + 1}},
		{"merged ranges over merged ranges", func(t testing.TB) []byte {
			rows := strings.Repeat(`<row><c><v>1</v></c></row>`, 5_000)
			return withSheet(t, `<sheetData>`+rows+`</sheetData><mergeCells>`+strings.Repeat(`<mergeCell ref="B1:C1048576"/>`, 3_000)+`</mergeCells>`)
		}, sheet.ErrTooLarge, fault.Place{Sheet: "Sheet1"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			w, err := sheet.Read("甲.xlsx", tt.content(t))
			if !errors.Is(err, tt.want) {
				t.Fatalf("got %v (%d sheets), want %s", err, len(w.Sheets), tt.want.Code)
			}
			tt.place.File = "甲.xlsx"
			if f, _ := fault.As(err); f.Place != tt.place {
				t.Errorf("place %+v, want %+v", f.Place, tt.place)
			}
		})
	}
}

// The same rows give the same cells whether they come as text or as a workbook.
func TestReadTextAndWorkbookAlike(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		cell := rapid.StringMatching(`[一-龥a-z0-9（；，]{0,5}`)
		f := excelize.NewFile()
		text := ""
		for row := range rapid.IntRange(1, 6).Draw(t, "rows") {
			for column := range 4 {
				value := cell.Draw(t, "cell")
				name, err := excelize.CoordinatesToCellName(column+1, row+1)
				if err := errors.Join(err, f.SetCellStr("Sheet1", name, value)); err != nil {
					t.Fatal(err)
				}
				text += strings.Repeat(",", min(column, 1)) + value
			}
			text += "\n"
		}
		var b bytes.Buffer
		if err := f.Write(&b); err != nil {
			t.Fatal(err)
		}
		book, err := sheet.Read("甲.xlsx", b.Bytes())
		if err != nil {
			t.Fatal(err)
		}
		plain, err := sheet.Read("甲.csv", []byte("\ufeff日期,类别,内容,备注\n"+text))
		if err != nil {
			t.Fatal(err)
		}
		var want, got [][]reading.Cell
		for _, row := range plain.Sheets[0].Rows[1:] {
			want = append(want, row.Cells)
		}
		for _, row := range book.Sheets[0].Rows {
			got = append(got, row.Cells)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Fatalf("the workbook differs from the text (-want +got):\n%s", diff)
		}
	})
}

func FuzzReadXLSX(f *testing.F) {
	f.Add([]byte("PK\x03\x04"))
	f.Add(built(f, func(f *excelize.File) error {
		id, err := f.NewStyle(&excelize.Style{NumFmt: 14})
		return errors.Join(err, f.SetSheetRow("Sheet1", "A1", &[]any{"日期", "类别", "数量"}), f.SetSheetRow("Sheet1", "A2", &[]any{43208, "会议", 1}),
			f.SetCellStyle("Sheet1", "A2", "A2", id), f.MergeCell("Sheet1", "A3", "B4"))
	}))
	f.Add(withSheet(f, `<sheetData><row r="1"><c r="A1" t="s"><v>1</v></c></row></sheetData>`))
	f.Fuzz(func(t *testing.T, content []byte) {
		w, err := sheet.Read("甲.xlsx", content)
		checkRead(t, w, err)
	})
}

// FuzzReadPart varies one part inside a package that is sound, which a fuzzer
// that must also get the packing right hardly ever does.
func FuzzReadPart(f *testing.F) {
	names := []string{
		"xl/worksheets/sheet1.xml", "xl/sharedStrings.xml", "xl/styles.xml", "xl/workbook.xml", "xl/_rels/workbook.xml.rels", "_rels/.rels", "[Content_Types].xml",
	}
	base := withSheet(f, `<sheetData><row r="1"><c r="A1" t="s" s="1"><v>1</v></c><c r="C1"><f>A1</f></c></row><row><c s="1"><v>43208</v></c>`+
		`<c t="inlineStr"><is><t>甲</t></is></c><c t="d"><v>2018-04-18</v></c><c t="e"><v>#N/A</v></c></row></sheetData><mergeCells><mergeCell ref="A1:C3"/></mergeCells>`)
	reader, err := zip.NewReader(bytes.NewReader(base), int64(len(base)))
	if err != nil {
		f.Fatal(err)
	}
	for i, name := range names {
		part, err := reader.Open(name)
		if err != nil {
			f.Fatal(err)
		}
		text, err := io.ReadAll(part)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(uint8(i), string(text))
	}
	f.Fuzz(func(t *testing.T, which uint8, text string) {
		w, err := sheet.Read("甲.xlsx", repacked(t, base, map[string]string{names[int(which)%len(names)]: text}))
		checkRead(t, w, err)
	})
}

// FuzzReadFormats varies the code by which a number is shown.
func FuzzReadFormats(f *testing.F) {
	for _, code := range []string{"yyyy-mm-dd", `[h]:mm;"d"`, `\`, `"`, `[`, `_`, "General", "0.00E+00", "上午/下午h\"时\"", "[$-804]e"} {
		f.Add(code, 43208.5)
	}
	f.Fuzz(func(t *testing.T, code string, value float64) {
		book := excelize.NewFile()
		id, err := book.NewStyle(&excelize.Style{CustomNumFmt: &code})
		if err != nil {
			return
		}
		var b bytes.Buffer
		if errors.Join(book.SetCellValue("Sheet1", "A1", value), book.SetCellStyle("Sheet1", "A1", "A1", id), book.Write(&b)) != nil {
			return
		}
		w, err := sheet.Read("甲.xlsx", b.Bytes())
		checkRead(t, w, err)
	})
}
