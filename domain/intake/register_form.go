package intake

import (
	"encoding/json"
	"errors"
	"slices"
	"strings"

	"twinledger/domain/calendar"
	"twinledger/domain/command"
	"twinledger/domain/event"
	"twinledger/domain/fault"
	"twinledger/domain/org"
	"twinledger/domain/record"
	"twinledger/domain/seal"
	"twinledger/domain/tabular"
)

// WholeRegister is the form of a table that holds a whole register, as the program
// exports it or as its template is filled in: it says all that a record can say.
const WholeRegister Form = "register"

// The columns that only the table of a register has. What stands in those behind
// what a record says tells a reader how the record stands; an import passes over
// them.
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

// columnRegister is no column of the file: under it a row's cells hold which
// register it belongs to, so that equal rows of two registers are two.
const columnRegister = "登记册"

// TitleMark begins the title of every table that the program writes.
const TitleMark = "Twinledger "

// HelpTitle begins the sheet of a template that tells how to fill it in.
const HelpTitle = TitleMark + "填写说明"

// A RegisterForm is the table of one register.
type RegisterForm struct {
	tabular.Form
	Name string // of the register: its sheet is called so, and its title names it
}

// What a row of a register's table can be held for, and what is said of one that
// is passed over.
var (
	ErrWhichRegister = fault.New(fault.Invalid, "intake.which-register",
		"看不出此表是哪个登记册；请保留导出表或模板的工作表名称和首行标题。",
		"It cannot be told which register the table is; keep the sheet's name and the title of the exported table or template.")
	ErrOwnRecord = fault.New(fault.Refused, "intake.own-record",
		"文件是从本台账导出的：所示记录就在本台账中，未写入任何内容。更正记录请用 twinledger correct；只导入新增的行时，请删去已有记录的行。",
		"The file was exported from this very ledger: the records shown are in it, and nothing was written. Correct records with twinledger correct; to import only new rows, delete those of records that are there.")
	ErrMissingRecord = fault.New(fault.Refused, "intake.missing-record",
		"此行引用的记录不在本台账中，文件中也没有它的行、或它的行暂挂，此行暂挂；请把它所在的登记册一并导出、放在同一文件中导入，或先改好它的行。",
		"The row refers to a record that is not in this ledger, and of which the file has no row or only one that is held; so this row is held. Export the register that has the record too and import both in one file, or put its row right.")
	// ErrCircular is in ledgers of before; such rows are recorded now.
	ErrCircular = fault.New(fault.Refused, "intake.circular",
		"这些行互相引用，导入时暂挂；现在可以入账：再导入此文件，用 --again 写明这些行。",
		"These rows refer to each other in a circle and were held; now they can be recorded: import the file once more and name them with --again.")
	ErrLeftOut = fault.New(fault.Refused, "intake.left-out",
		"几行互相引用，其中有的未能入账；此行的记录已入账，只是少了对它的引用。改好那一行再导入，然后用 twinledger correct 给此记录补上引用。",
		"Rows refer to each other and one of them could not be recorded; the record of this row was, without the reference to it. Put that row right and import again, then add the reference to this record with twinledger correct.")
	ErrSameRecord = fault.New(fault.Invalid, "intake.same-record",
		"文件中有几行的记录编号相同，此行暂挂；请核对是否重复粘贴。",
		"Several rows of the file have this record id and this one is held; check whether it was pasted twice.")
	ErrVoidRows = fault.New(fault.Invalid, "intake.void-rows",
		"表中标为作废的行不导入。", "Rows that the table marks as void are not imported.")
	ErrSameName = fault.New(fault.Refused, "intake.same-name",
		"文件中已有另一行同名（人员还同校）而记录编号不同；按名称分不开，此行和引用它的行暂挂，不合为一个。请在导出的台账中认定二者相同，或改名以示区别，再导出。",
		"Another row of the file has the same name (and school, of a person) and another id; they cannot be told apart by name, so this row and those that refer to it are held rather than made one. In the ledger that exported them say that the two are the same, or tell their names apart, and export again.")
	ErrMissingParty = fault.New(fault.Refused, "intake.missing-party",
		"此格是另一台账中学校、共同体或人员的编号，文件中没有它的行，此行暂挂；请连同学校、共同体、人员各表一起导入，或改写名称。",
		"The cell is the id of a school, community or person of another ledger of whom the file has no row, so the row is held; import those sheets too, or write the name.")
)

// registerKind is how the rows of one register are read and recorded.
type registerKind struct {
	form    tabular.Form
	name    string
	report  command.Definition // or what notes a school, community or person
	correct command.Definition
}

// registerKinds returns the registers that the importer reads, by kind.
func (im *Importer) registerKinds() map[string]registerKind {
	all := map[string]registerKind{}
	for _, f := range im.Forms {
		order := ".report"
		if isParty(f.Kind) {
			order = ".note"
		}
		all[f.Kind] = registerKind{f.Form, f.Name, im.Handler.Definitions[f.Kind+order], im.Handler.Definitions[f.Kind+".correct"]}
	}
	return all
}

// registerRow is what a row of a register's table says, as far as the row alone
// tells.
type registerRow struct {
	kind    registerKind
	cells   map[string]string
	former  string   // key in the ledger that wrote the table
	related []string // keys there that it refers to
	parties []partyAt
	school  org.School   // of a school's row
	changes []org.Change // their keys are still names
}

func (r *registerRow) isParty() bool { return isParty(r.kind.form.Kind) }

// planRegister says what one row of a register's table would become.
func planRegister(table Table, row TableRow, kind registerKind) RowPlan {
	r := &registerRow{kind: kind, cells: cellsOf(row, kind.form)}
	p := RowPlan{Table: table, Row: row, PartOf: -1, Occurred: calendar.Unknown, register: r}
	if cells, err := event.Marshal(r.cells); err != nil || len(cells) > mostRegisterBytes {
		p.hold(ErrRowTooLarge, "")
		return p
	}
	r.former = strings.TrimSpace(r.cells[ColumnRecord])
	for _, column := range row.Merged {
		p.problem(ErrMergedCell, column)
	}
	names := namesRead{plan: &p}
	reading, err := kind.form.Read(r.cells, &names)
	if err == nil {
		r.changes, err = r.readChanges(&names)
	}
	if err != nil {
		p.holdAt(err)
		return p
	}
	p.Occurred, r.related = reading.Occurred, names.related
	p.Command = kind.report.Name
	p.body = r.body()
	body, err := r.report(nameless{}, "district-", nil)
	if err != nil {
		p.holdAt(err)
		return p
	}
	if stated, ok := body.(interface{ Stated() (any, error) }); ok {
		facts, _ := stated.Stated() // what is malformed is found with the true keys
		if unknown, ok := facts.(unknowner); ok {
			p.Unknowns = unknown.Unknowns(p.Occurred)
		}
		r.school, _ = facts.(org.School)
	}
	p.settle()
	return p
}

// mostRegisterBytes is how much the cells of a register's row may hold: what a
// record can say at all, within what one append may hold.
const mostRegisterBytes = 500_000

// cellsOf returns the cells as the register's form reads them: as written, but
// for what a spreadsheet program keeps as a date or number. A date where none is
// meant, of a class 3-1 say, is read as it is shown.
func cellsOf(row TableRow, form tabular.Form) map[string]string {
	cells := make(map[string]string, len(row.Cells))
	for column, cell := range row.Cells {
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

// holdAt holds the row for a fault that names its column.
func (p *RowPlan) holdAt(err error) {
	column := ""
	if f, ok := fault.As(err); ok {
		column = f.Place.Column
	}
	p.hold(err, column)
}

// readChanges returns what was said of the school, community or person of the row.
func (r *registerRow) readChanges(keys tabular.Keys) ([]org.Change, error) {
	changes, err := tabular.ReadChanges(r.cells[ColumnChanges], r.kind.form.Kind, keys)
	for i := range changes {
		changes[i].Name = org.NormalName(changes[i].Name)
	}
	return changes, err
}

// body returns the bodies of the commands that record the row. That they can be
// made was seen when the row was planned.
func (r *registerRow) body() rowBody {
	return rowBody{
		report: func(b builder) any {
			body, _ := r.report(fileKeys{b}, b.district, b.source)
			return body
		},
		amend: func(b builder, reason seal.Text) any {
			facts, err := r.facts(fileKeys{b}, b.district, b.source)
			if err != nil {
				return nil
			}
			raw, err := event.Marshal(map[string]any{"target": "", "reason": reason, "facts": facts})
			if err != nil {
				return nil
			}
			body, _ := r.kind.correct.Body(raw)
			return body
		},
		check: func(b builder) error {
			body, err := r.report(fileKeys{b}, b.district, b.source)
			if err != nil {
				return err
			}
			if stated, ok := body.(interface{ Stated() (any, error) }); ok {
				_, err = stated.Stated()
			}
			return err
		},
	}
}

// report returns the body of the command that records the row.
func (r *registerRow) report(keys tabular.Keys, district string, source *record.Source) (any, error) {
	facts, err := r.facts(keys, district, source)
	if err != nil {
		return nil, err
	}
	return r.kind.report.Body(facts)
}

// facts returns the row's facts in JSON.
func (r *registerRow) facts(keys tabular.Keys, district string, source *record.Source) (json.RawMessage, error) {
	reading, err := r.kind.form.Read(r.cells, keys)
	if err != nil {
		return nil, err
	}
	var fields map[string]json.RawMessage
	if err := json.Unmarshal(reading.Facts, &fields); err != nil {
		return nil, err
	}
	if fields["district"], err = event.Marshal(district); err != nil {
		return nil, err
	}
	if err := errors.Join(r.found(fields, keys), leaveOut(fields, keys)); err != nil {
		return nil, err
	}
	if source != nil && !r.isParty() {
		if fields["source"], err = event.Marshal(source); err != nil {
			return nil, err
		}
	}
	return event.Marshal(fields)
}

// found leads the event that found something, which another ledger's table gives
// by its id, to the one that stands for it here: the report of the inspection.
func (r *registerRow) found(fields map[string]json.RawMessage, keys tabular.Keys) error {
	file, here := keys.(fileKeys)
	if _, says := fields["finding"]; !says || !here || file.b.file == nil {
		return nil
	}
	for _, former := range r.related {
		id := file.b.file.founding[former]
		switch {
		case id == "":
			continue
		case slices.Contains(file.b.without, former):
			delete(fields, "finding")
			return nil
		}
		var err error
		fields["finding"], err = event.Marshal(id)
		return err
	}
	return nil
}

// leaveOut takes away the references to records that are not there yet.
func leaveOut(fields map[string]json.RawMessage, keys tabular.Keys) error {
	file, here := keys.(fileKeys)
	if !here || len(file.b.without) == 0 {
		return nil
	}
	var related []string
	if err := json.Unmarshal(fields["related"], &related); err != nil {
		return err
	}
	if related = slices.DeleteFunc(related, func(key string) bool { return key == "" }); len(related) == 0 {
		delete(fields, "related")
		return nil
	}
	var err error
	fields["related"], err = event.Marshal(related)
	return err
}
