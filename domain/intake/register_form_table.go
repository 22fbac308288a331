package intake

import (
	"slices"
	"strings"

	"twinledger/domain/event"
	"twinledger/domain/fault"
	"twinledger/domain/tabular"
)

// isRegisterHeading tells whether a row is the heading of a register's table.
func isRegisterHeading(row Row) bool {
	names := headingNames(row)
	named := slices.DeleteFunc(slices.Clone(names), func(name string) bool { return name == "" })
	return slices.Contains(names, ColumnRecord) && len(named) >= leastColumns
}

// closeRegister finds out which register the table holds, and gives its rows the
// form in which they are read. A table of which that cannot be told is somebody's
// own, of activities when it has their columns; one of the program's is refused.
func (s *sheetReader) closeRegister(t *openTable) bool {
	t.Register = s.registerOf(t)
	if t.Register == "" {
		form, _ := headingForm(t.printed[len(t.printed)-1])
		switch {
		case form != "":
			t.Form = form
		case strings.HasPrefix(t.Title, TitleMark):
			s.errs = append(s.errs, ErrWhichRegister.At(fault.Place{File: s.file, Sheet: s.sheet.Name, Row: t.Heading}))
			return false
		default:
			t.Form, t.Rows, t.Totals = Unfamiliar, nil, nil
		}
		return true
	}
	unquote := s.quoted && strings.HasPrefix(t.Title, TitleMark)
	rows := t.Rows
	t.Rows = nil
	for _, row := range rows {
		if void := row.Cells[ColumnVoid].Text; void != "" && void != "否" {
			t.Void = append(t.Void, row.Number)
			continue
		}
		delete(row.Cells, ColumnVoid)
		for _, column := range ForReaders {
			delete(row.Cells, column)
		}
		for column, cell := range row.Cells {
			if unquote {
				cell.Text, cell.Raw = tabular.Unquoted(cell.Text), tabular.Unquoted(cell.Raw)
			}
			row.Cells[column] = cell
		}
		if len(row.Cells) == 0 || len(row.Cells) == 1 && row.Cells[ColumnNumber].Text != "" {
			continue // a number that waits for its row
		}
		row.Cells[columnRegister] = Cell{Text: t.Register}
		t.Rows = append(t.Rows, row)
	}
	return true
}

// registerOf returns the kind of the register that the table holds, "" when that
// cannot be told.
func (s *sheetReader) registerOf(t *openTable) string {
	for kind, r := range s.registers {
		if s.sheet.Name == r.name || strings.HasPrefix(t.Title, TitleMark+r.name+" ") {
			return kind
		}
	}
	for _, row := range t.Rows {
		former := row.Cells[ColumnRecord].Text
		if kind := event.StreamKind(former); s.registers[kind].name != "" && isKey(former, kind) {
			return kind
		}
	}
	return ""
}

// checkVoid warns of the rows that are passed over as void.
func (t Table) checkVoid() []error {
	if len(t.Void) == 0 {
		return nil
	}
	return []error{ErrVoidRows.At(fault.Place{File: t.File, Sheet: t.SheetName, Row: t.Void[0], Column: ColumnVoid}).With("rows", len(t.Void))}
}

// numbered returns the cell that tells the row from others of its table.
func (r TableRow) numbered() Cell {
	if cell, ok := r.Cells[ColumnRecord]; ok && r.Cells[columnRegister].Text != "" {
		return cell
	}
	return r.Cells[ColumnNumber]
}
