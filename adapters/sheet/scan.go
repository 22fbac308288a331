package sheet

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"slices"
	"sort"
	"strconv"
	"strings"

	"github.com/xuri/excelize/v2"

	"twinledger/domain/fault"
)

// A scannedRow is what a sheet's part says of a row's cells, short of the texts
// that are kept elsewhere.
type scannedRow struct {
	number int
	hidden bool
	cells  []scannedCell
}

// A scannedCell is a cell that holds something.
type scannedCell struct {
	column   int    // from 1
	kind     string // the t of the cell: "", n, s, str, inlineStr, b, e, d
	style    int
	value    string // as stored; for s the index of the string
	formula  string // of a formula whose result was not stored, behind "="
	embedded bool   // the text stands in the cell itself
	merged   bool   // holds nothing, being covered by a range that begins above
}

// A scanner reads the part of one sheet.
type scanner struct {
	*xml.Decoder
	rows   []scannedRow
	merged []merge
	cells  int // may still be read
	most   int // rows that may still be read
	last   int // number of the row read last
}

var errOrder = errors.New("rows or cells are not in order")

// scan reads the part to its end, or to the row that is one too many. Rows and cells must stand in order, for
// excelize puts others into wrong columns.
func (b *book) scan(part string) ([]scannedRow, error) {
	decoder, err := b.decoder(part)
	if err != nil {
		return nil, err
	}
	s := scanner{Decoder: decoder, cells: b.left.cells, most: b.left.rows}
	inside := false
	for {
		token, err := s.Token()
		if err == io.EOF {
			break
		}
		if err != nil {
			return nil, err
		}
		switch element := token.(type) {
		case xml.StartElement:
			switch {
			case element.Name.Local == "sheetData":
				inside = true
			case inside && element.Name.Local == "row":
				err = s.row(element)
			case element.Name.Local == "mergeCell":
				err = s.merge(element)
			}
		case xml.EndElement:
			inside = inside && element.Name.Local != "sheetData"
		}
		if err != nil {
			return nil, err
		}
	}
	return s.rows, s.uncover()
}

func attribute(element xml.StartElement, name string) string {
	for _, a := range element.Attr {
		if a.Name.Local == name {
			return a.Value
		}
	}
	return ""
}

// isTrue reads a truth value as XML Schema writes it.
func isTrue(text string) bool { return text == "1" || text == "true" }

func (s *scanner) row(element xml.StartElement) error {
	row := scannedRow{number: s.last + 1, hidden: isTrue(attribute(element, "hidden"))}
	if text := attribute(element, "r"); text != "" {
		number, err := strconv.Atoi(text)
		if err != nil {
			return err
		}
		row.number = number
	}
	if row.number <= s.last || row.number > maxRows {
		return errOrder
	}
	s.last = row.number
	column := 0
	for {
		token, err := s.Token()
		if err != nil {
			return err
		}
		switch inner := token.(type) {
		case xml.EndElement:
			if len(row.cells) == 0 {
				return nil // programs write rows for their format alone, down to the last
			}
			if s.rows = append(s.rows, row); len(s.rows) > s.most {
				return tooManyRows(fault.Place{Row: row.number})
			}
			return nil
		case xml.StartElement:
			if inner.Name.Local != "c" {
				if err := s.Skip(); err != nil {
					return err
				}
				continue
			}
			cell, holds, err := s.cell(inner, row.number, column)
			if err != nil {
				return err
			}
			if column = cell.column; holds {
				row.cells = append(row.cells, cell)
			}
		}
	}
}

// cell reads a cell that stands right of the given column, and tells whether it
// holds anything.
func (s *scanner) cell(element xml.StartElement, row, left int) (scannedCell, bool, error) {
	cell := scannedCell{column: left + 1, kind: attribute(element, "t")}
	if reference := attribute(element, "r"); reference != "" {
		column, in, err := excelize.CellNameToCoordinates(reference)
		if err != nil {
			return cell, false, err
		}
		if in != row {
			return cell, false, errOrder
		}
		cell.column = column
	}
	if cell.column <= left || cell.column > maxColumns {
		return cell, false, errOrder
	}
	if text := attribute(element, "s"); text != "" {
		style, err := strconv.Atoi(text)
		if err != nil {
			return cell, false, err
		}
		cell.style = style
	}
	formula, computed := "", false
	for {
		token, err := s.Token()
		if err != nil {
			return cell, false, err
		}
		switch inner := token.(type) {
		case xml.EndElement:
			if formula != "" && !computed {
				cell.formula = formula
			}
			return cell, cell.value != "" || cell.embedded || cell.formula != "", nil
		case xml.StartElement:
			switch inner.Name.Local {
			case "v":
				computed = true
				err = s.DecodeElement(&cell.value, &inner)
			case "f":
				err = s.DecodeElement(&formula, &inner)
				formula = "=" + formula
			default:
				cell.embedded = cell.embedded || inner.Name.Local == "is"
				err = s.Skip()
			}
			if err != nil {
				return cell, false, err
			}
		}
	}
}

// A merge is a merged range.
type merge struct{ left, top, right, bottom int }

func (s *scanner) merge(element xml.StartElement) error {
	from, to, ok := strings.Cut(attribute(element, "ref"), ":")
	if !ok {
		return nil // a single cell covers nothing
	}
	left, top, err := excelize.CellNameToCoordinates(from)
	if err != nil {
		return err
	}
	right, bottom, err := excelize.CellNameToCoordinates(to)
	if err != nil {
		return err
	}
	s.merged = append(s.merged, merge{min(left, right), min(top, bottom), max(left, right), max(top, bottom)})
	return nil
}

// maxCovered bounds the work that overlapping ranges, which no program writes,
// could ask for.
const maxCovered = 20_000_000

// uncover removes the cells that a merged range covers. Programs leave values
// there that nobody sees.
func (s *scanner) uncover() error {
	work := 0
	for _, m := range s.merged {
		first := sort.Search(len(s.rows), func(i int) bool { return s.rows[i].number >= m.top })
		for i := first; i < len(s.rows) && s.rows[i].number <= m.bottom; i++ {
			row := &s.rows[i]
			if work += 1 + len(row.cells); work > maxCovered {
				return ErrTooLarge.With("merged_ranges", len(s.merged))
			}
			row.cells = slices.DeleteFunc(row.cells, func(c scannedCell) bool {
				topLeft := c.column == m.left && row.number == m.top
				return c.column >= m.left && c.column <= m.right && !topLeft
			})
		}
	}
	s.markCovered()
	for _, row := range s.rows {
		if len(row.cells) == 0 {
			continue
		}
		if s.cells -= row.cells[len(row.cells)-1].column; s.cells < 0 {
			return ErrTooLarge.With("most_cells", MaxCells).At(fault.Place{Row: row.number})
		}
	}
	return nil
}

// maxMarked is more cells than a table of records has below the first row of a
// merged range; further ones are merely empty.
const maxMarked = 100_000

// markCovered marks, in rows that hold something, the cell below the first one of a merged
// range that begins above: what the range says holds for its row too.
func (s *scanner) markCovered() {
	width, left := 0, maxMarked
	for _, row := range s.rows {
		if len(row.cells) > 0 {
			width = max(width, row.cells[len(row.cells)-1].column)
		}
	}
	held := make([]bool, len(s.rows))
	for i, row := range s.rows {
		held[i] = len(row.cells) > 0 // else a merged range covers all that it held
	}
	for _, m := range s.merged {
		first := sort.Search(len(s.rows), func(i int) bool { return s.rows[i].number > m.top })
		for i := first; i < len(s.rows) && s.rows[i].number <= m.bottom && left > 0; i++ {
			if held[i] && m.left <= width {
				left--
				s.rows[i].mark(m.left)
			}
		}
	}
}

// mark adds a mark for an empty cell in its place.
func (r *scannedRow) mark(column int) {
	at, there := slices.BinarySearchFunc(r.cells, column, func(c scannedCell, column int) int { return c.column - column })
	if !there {
		r.cells = slices.Insert(r.cells, at, scannedCell{column: column, merged: true})
	}
}

// texts gives the texts of a sheet's rows, which must be asked for from the top.
type texts struct {
	rows    *excelize.Rows
	options excelize.Options
	at      int
	current []string
}

// row returns the texts of the row with this number, by column.
func (t *texts) row(number int) ([]string, error) {
	for t.at < number {
		if !t.rows.Next() {
			return nil, fmt.Errorf("row %d is not there", number)
		}
		t.at++
		var err error
		if t.current, err = t.rows.Columns(t.options); err != nil {
			return nil, err
		}
	}
	return t.current, nil
}
