package reading

import (
	"slices"
	"strings"

	"twinledger/domain/event"
	"twinledger/domain/fault"
	"twinledger/domain/org"
	"twinledger/domain/tabular"
)

// The columns that only the table of a register has. What stands in those behind what a
// record says tells a reader how the record stands; an import passes over them.
const (
	ColumnRecord  = tabular.HeaderRecord
	ColumnChanges = tabular.HeaderChanges
	ColumnVoid    = "作废"
	ColumnReached = "阶段"
	ColumnFounded = "登记方式"
	ColumnFixed   = "更正"
	ColumnOrdinal = "入账序号"
)

// ForReaders are the columns of a register's table that an import passes over.
var ForReaders = []string{ColumnReached, ColumnFounded, ColumnFixed, ColumnOrdinal}

// A RegisterForm is the table of one register.
type RegisterForm struct {
	tabular.Form
	Name string // of the register: its sheet is called so, and its title names it
}

// What the table of a register can be met with.
var (
	ErrWhichRegister = fault.New(fault.Invalid, "intake.which-register",
		"看不出此表是哪个登记册；请保留导出表或模板的工作表名称和首行标题。",
		"It cannot be told which register the table is; keep the sheet's name and the title of the exported table or template.")
	ErrVoidRows = fault.New(fault.Invalid, "intake.void-rows",
		"表中标为作废的行不导入。", "Rows that the table marks as void are not imported.")
)

// Changes are what a register's table lists under 变动 of a school, community or person; the
// keys in them are still names.
type Changes []org.Change

// closeRegister finds out which register the table holds, and gives its rows the form in
// which they are read. A table of which that cannot be told is somebody's own, of activities
// when it has their columns; one of the program's is refused.
func (s *sheetReader) closeRegister(t *openTable) bool {
	t.Register = s.registerOf(t)
	if t.Register == "" {
		registers := s.registers
		s.registers = nil
		form, _ := s.headingForm(t.printed[len(t.printed)-1], false)
		s.registers = registers
		switch {
		case form != "":
			t.Form = form
		case strings.HasPrefix(t.Title, TitleMark):
			s.errs = append(s.errs, ErrWhichRegister.At(t.at(t.Heading, "")))
			return false
		default:
			t.Form, t.Rows, t.Totals = Unfamiliar, nil, nil
		}
		return true
	}
	for i := range t.Columns {
		t.Columns[i].Name = t.Columns[i].Heading
	}
	unquote := s.quoted && strings.HasPrefix(t.Title, TitleMark)
	rows := t.Rows
	t.Rows = nil
	for _, row := range rows {
		if void, _ := t.named(row, ColumnVoid); void.Text != "" && void.Text != "否" {
			t.Void = append(t.Void, row.Number)
			continue
		}
		row.Cells = slices.DeleteFunc(row.Cells, func(c TableCell) bool {
			name := t.Columns[c.Column].Name
			return name == ColumnVoid || slices.Contains(ForReaders, name)
		})
		for i := range row.Cells {
			if cell := &row.Cells[i]; unquote {
				cell.Text, cell.Raw = tabular.Unquoted(cell.Text), tabular.Unquoted(cell.Raw)
			}
		}
		if len(row.Cells) == 0 || len(row.Cells) == 1 && t.Columns[row.Cells[0].Column].Name == ColumnNumber {
			continue // a number that waits for its row
		}
		t.Rows = append(t.Rows, row)
	}
	return true
}

// registerOf returns the kind of the register that the table holds, "" when that cannot be
// told.
func (s *sheetReader) registerOf(t *openTable) string {
	for kind, r := range s.registers {
		if s.sheet.Name == r.Name || strings.HasPrefix(t.Title, TitleMark+r.Name+" ") {
			return kind
		}
	}
	for _, row := range t.Rows {
		cell, _ := t.named(row, ColumnRecord)
		if kind := event.StreamKind(cell.Text); s.registers[kind].Name != "" && IsKey(cell.Text, kind) {
			return kind
		}
	}
	return ""
}

// IsKey tells whether a text is a key of a kind.
func IsKey(text, kind string) bool {
	id, prefixed := strings.CutPrefix(text, kind+"-")
	return prefixed && event.IsID(id)
}

// IsParty tells whether a kind is none of records but of who takes part.
func IsParty(kind string) bool { return kind == "school" || kind == "community" || kind == "person" }

// readRegister reads one row of a register's table.
func (x *rowReader) readRegister() {
	form := x.registers[x.table.Register]
	cells := x.registerCells(form.Form)
	if x.tooLarge(cells) {
		return
	}
	x.row.Former = strings.TrimSpace(cells[ColumnRecord])
	names := namesIn{row: &x.row.Row}
	reading, err := form.Form.Read(cells, &names)
	if err == nil {
		x.row.Changes, err = readChanges(cells, form.Kind, &names)
	}
	if err != nil {
		x.holdAt(err)
		return
	}
	x.row.Occurred = reading.Occurred
	x.row.Ahead = x.today != "" && !IsParty(form.Kind) && x.row.Occurred.After(x.today)
	x.row.Statements = []Statement{{form.Kind, reading.Facts}}
}

// holdAt holds the row for a fault that names its column.
func (x *rowReader) holdAt(err error) {
	f := asFault(err)
	x.hold(f, f.Place.Column)
}

// readChanges returns what was said of the school, community or person of a row.
func readChanges(cells map[string]string, kind string, keys tabular.Keys) (Changes, error) {
	changes, err := tabular.ReadChanges(cells[ColumnChanges], kind, keys)
	for i := range changes {
		changes[i].Name = org.NormalName(changes[i].Name)
	}
	return changes, err
}

// registerCells returns the cells as the register's form reads them: as written, but for what
// a spreadsheet program keeps as a date or number. A date where none is meant, of a class 3-1
// say, is read as it is shown.
func (x *rowReader) registerCells(form tabular.Form) map[string]string {
	cells := make(map[string]string, len(x.row.Values))
	for column, cell := range x.row.Values {
		switch {
		case cell.Date != "" && form.Dated(column):
			cells[column] = string(cell.Date)
		case cell.Number != "" && strings.Trim(cell.Text, "0123456789.,-") == "":
			cells[column] = cell.Number
		default:
			cells[column] = cell.Written()
		}
	}
	return cells
}

// A Party is a school, community or person that a row gives by its key in another ledger,
// and the column that says so.
type Party struct{ Column, Key string }

// namesIn collects what a row of a register refers to by key, and leaves names as they are.
type namesIn struct{ row *Row }

// School returns the name as it stands for the school's key.
func (n *namesIn) School(name string) string { return n.named(name, "school", ColumnSchool) }

// Community returns the name as it stands for the community's key.
func (n *namesIn) Community(name string) string {
	name = n.named(name, "community", ColumnCommunity)
	if n.row.Community == "" && !IsKey(name, "community") {
		n.row.Community = name
	}
	return name
}

// District returns the district's name, which gives way to that of the import.
func (n *namesIn) District(name string) string { return name }

// Person returns the names of school and person as they stand for the person's key.
func (n *namesIn) Person(name, school string) string {
	if IsKey(name, "person") {
		return n.named(name, "person", ColumnPeople)
	}
	if school != "" {
		school = n.School(school)
	}
	return tabular.Person(school, org.NormalName(name))
}

// Record notes the key of a record that the row refers to.
func (n *namesIn) Record(former string) string {
	if !slices.Contains(n.row.Related, former) {
		n.row.Related = append(n.row.Related, former)
	}
	return former
}

func (n *namesIn) named(name, kind, column string) string {
	name = org.NormalName(name)
	if party := (Party{column, name}); IsKey(name, kind) && !slices.Contains(n.row.Parties, party) {
		n.row.Parties = append(n.row.Parties, party)
	}
	return name
}
