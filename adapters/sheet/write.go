package sheet

import (
	"archive/zip"
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"iter"
	"slices"
	"strings"
	"unicode/utf16"

	"github.com/xuri/excelize/v2"

	"twinledger/domain/fault"
	"twinledger/domain/tabular"
)

// A Table is one table to be written: a title in its first row, the headers in
// its second, then the rows, each as long as the headers.
type Table struct {
	Name   string // of the sheet, at most 31 characters
	Title  string
	Header []string
	Rows   iter.Seq2[[]string, error] // an error ends the writing; nil means none
}

// MostCellUnits is how much one cell of a workbook holds, in UTF-16 units as Excel
// counts.
const MostCellUnits = 32_767

// What a workbook cannot hold. Nothing is cut: the whole is refused, with the
// sheet, the row and the column.
var (
	ErrCellTooLong = fault.New(fault.Invalid, "sheet.cell-too-long",
		"此格超过 Excel 一格至多 32,767 个字符的限制，未写出工作簿，也不截断；请改用 CSV（无此限制），或先把长文移入附件。",
		"The cell holds more than the 32,767 characters that a cell in Excel can hold; no workbook was written and nothing cut. Write CSV, which has no such limit, or move the long text to a file of its own first.")
	ErrTooManyRows = fault.New(fault.Invalid, "sheet.too-many-rows",
		"此表超过 Excel 一个工作表至多 1,048,576 行的限制，未写出工作簿；请改用 CSV。",
		"The table has more rows than the 1,048,576 that a sheet in Excel can have; no workbook was written. Write CSV.")
)

// WriteWorkbook writes tables as an XLSX workbook, one sheet each. Every cell is
// text, so that nothing is rounded, turned into a date or taken for a formula.
// Title and headers stay in sight. The same tables give the same bytes. What a
// workbook cannot hold is an [ErrCellTooLong] or [ErrTooManyRows].
func WriteWorkbook(w io.Writer, tables []Table) (err error) {
	file := excelize.NewFile()
	defer func() { err = errors.Join(err, file.Close()) }()
	if err := addTables(file, tables, nil); err != nil {
		return err
	}
	return writePackage(w, file)
}

// writePackage writes the workbook's parts in the order of their names: excelize
// gives those of a stream in any order.
func writePackage(w io.Writer, file *excelize.File) error {
	var content bytes.Buffer
	if err := file.Write(&content); err != nil {
		return fmt.Errorf("write workbook: %w", err)
	}
	parts, err := zip.NewReader(bytes.NewReader(content.Bytes()), int64(content.Len()))
	if err != nil {
		return fmt.Errorf("write workbook: %w", err)
	}
	slices.SortFunc(parts.File, func(a, b *zip.File) int { return strings.Compare(a.Name, b.Name) })
	out := zip.NewWriter(w)
	for _, part := range parts.File {
		if err := out.Copy(part); err != nil {
			return fmt.Errorf("write workbook: %w", err)
		}
	}
	if err := out.Close(); err != nil {
		return fmt.Errorf("write workbook: %w", err)
	}
	return nil
}

// addTables adds a sheet for each table; more, if given, adds to it before it is
// closed.
func addTables(file *excelize.File, tables []Table, more func(Table) error) error {
	head, err := file.NewStyle(&excelize.Style{Font: &excelize.Font{Bold: true}, Alignment: &excelize.Alignment{WrapText: true, Vertical: "top"}})
	if err != nil {
		return fmt.Errorf("write workbook: %w", err)
	}
	for i, table := range tables {
		if i == 0 {
			err = file.SetSheetName("Sheet1", table.Name)
		} else {
			_, err = file.NewSheet(table.Name)
		}
		if err == nil {
			err = writeSheet(file, table, head, more)
		}
		if f, ok := fault.As(err); ok {
			place := f.Place
			place.Sheet = table.Name
			return f.At(place)
		}
		if err != nil {
			return fmt.Errorf("write sheet %s: %w", table.Name, err)
		}
	}
	return nil
}

func writeSheet(file *excelize.File, table Table, head int, more func(Table) error) error {
	stream, err := file.NewStreamWriter(table.Name)
	if err != nil {
		return err
	}
	if err := stream.SetColWidth(1, len(table.Header), 18); err != nil {
		return err
	}
	if err := stream.SetPanes(&excelize.Panes{Freeze: true, YSplit: 2, TopLeftCell: "A3", ActivePane: "bottomLeft"}); err != nil {
		return err
	}
	if err := stream.SetRow("A1", []any{excelize.Cell{StyleID: head, Value: table.Title}}); err != nil {
		return err
	}
	headers := make([]any, len(table.Header))
	for i, h := range table.Header {
		headers[i] = excelize.Cell{StyleID: head, Value: h}
	}
	if err := stream.SetRow("A2", headers); err != nil {
		return err
	}
	if err := writeRows(stream, table); err != nil {
		return err
	}
	if more != nil {
		if err := more(table); err != nil {
			return err
		}
	}
	return stream.Flush()
}

func writeRows(stream *excelize.StreamWriter, table Table) error {
	if table.Rows == nil {
		return nil
	}
	number := 2
	for row, err := range table.Rows {
		if err != nil {
			return err
		}
		if number++; number > maxRows {
			return ErrTooManyRows
		}
		cells := make([]any, len(row))
		for j, text := range row {
			if len(text) > MostCellUnits && len(utf16.Encode([]rune(text))) > MostCellUnits {
				return ErrCellTooLong.At(fault.Place{Row: number, Column: table.Header[j]})
			}
			if text != "" {
				cells[j] = text
			}
		}
		if err := stream.SetRow(fmt.Sprintf("A%d", number), cells); err != nil {
			return err
		}
	}
	return nil
}

// WriteCSV writes one table as CSV: UTF-8 with a byte-order mark, as Excel needs
// to read it, lines ended by CR LF. A text that a spreadsheet program would take
// for a formula has ' in front, as has one that begins with '; [tabular.Unquoted]
// takes it off again.
func WriteCSV(w io.Writer, table Table) error {
	if _, err := io.WriteString(w, "\uFEFF"); err != nil {
		return fmt.Errorf("write CSV: %w", err)
	}
	out := csv.NewWriter(w)
	out.UseCRLF = true
	write := func(row []string) error {
		quoted := make([]string, len(row))
		for i, text := range row {
			quoted[i] = tabular.Quoted(text)
		}
		if err := out.Write(quoted); err != nil {
			return fmt.Errorf("write CSV: %w", err)
		}
		return nil
	}
	err := errors.Join(write([]string{table.Title}), write(table.Header))
	if err == nil && table.Rows != nil {
		for row, failed := range table.Rows {
			if err = failed; err == nil {
				err = write(row)
			}
			if err != nil {
				break
			}
		}
	}
	if err != nil {
		return err
	}
	out.Flush()
	if err := out.Error(); err != nil {
		return fmt.Errorf("write CSV: %w", err)
	}
	return nil
}
