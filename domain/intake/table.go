package intake

import (
	"slices"
	"strings"

	"twinledger/domain/fault"
)

// The columns of an activity table, as their headings are written.
const (
	ColumnNumber    = "序号"
	ColumnDate      = "日期"
	ColumnCommunity = "共同体"
	ColumnCategory  = "类别"
	ColumnForm      = "形式"
	ColumnContent   = "内容"
	ColumnSubject   = "学科"
	ColumnFrom      = "派出单位"
	ColumnTo        = "接收单位"
	ColumnPeople    = "人员"
	ColumnQuantity  = "数量"
	ColumnMeasure   = "单位"
	ColumnEvidence  = "佐证材料"
	ColumnRemark    = "备注"
)

// The further columns of a roster.
const (
	ColumnSchool  = "学校"
	ColumnStage   = "学段"
	ColumnSetting = "城乡"
	ColumnRole    = "身份"
)

// A Form is what a table holds.
type Form string

// The forms. What a table of the form Unfamiliar holds, nobody can tell.
const (
	Activity   Form = "activity"
	Roster     Form = "roster"
	Unfamiliar Form = "unknown"
)

// Columns returns the columns that a table of this form may have, in their
// usual order. Others are kept as extra columns.
func Columns(form Form) []string { return slices.Clone(formColumns[form]) }

var formColumns = map[Form][]string{
	Activity: {
		ColumnNumber, ColumnDate, ColumnCommunity, ColumnCategory, ColumnForm, ColumnContent, ColumnSubject,
		ColumnFrom, ColumnTo, ColumnPeople, ColumnQuantity, ColumnMeasure, ColumnEvidence, ColumnRemark,
	},
	Roster: {ColumnNumber, ColumnCommunity, ColumnSchool, ColumnStage, ColumnSetting, ColumnRole, ColumnRemark},
}

// A Table is one table of a sheet. A sheet with two headings of different
// layout holds two.
type Table struct {
	Form      Form
	File      string // the workbook's, for messages
	Sheet     int
	SheetName string
	Title     string     // what stands above the heading, joined; of an unfamiliar sheet its first row
	Heading   int        // number of the heading row; 0 when unfamiliar
	Rows      []TableRow // the records, totals left out; none when unfamiliar
	Totals    []TableRow // rows that begin with 合计, 总计, 小计 or 共计: a cross-check, never records
	Columns   []string   // names of the columns from left to right, "" where the heading is empty
	Extra     []string   // columns that the form does not know, from left to right; their cells are kept
	Repeated  []int      // numbers of rows that print the heading or title once more

	Register string // kind of stream of the register that the table holds; "" of another form
	Void     []int  // numbers of rows that a register's table marks as void; they are no records
}

// A TableRow is one row of a table.
type TableRow struct {
	Number int             // as in Row
	Line   int             // as in Row
	Cells  map[string]Cell // by heading; an empty cell is absent
	Merged []string        // columns whose cell is covered by a merged range that begins above
}

// What [Tables] finds wrong.
var (
	ErrNoTable = fault.New(fault.Invalid, "intake.no-table",
		"没有找到活动台账；请在一行里写出表头，至少要有“日期”“类别”和另外一栏，栏名见 columns。",
		"No activity table was found; write the headings in one row, at least 日期, 类别 and one more of the columns named.")
	ErrDuplicateColumn = fault.New(fault.Invalid, "intake.duplicate-column",
		"表头里有两个同名的栏，分不清哪个是哪个，此表未读；请改名或删去一个。",
		"Two columns have the same heading, so nobody can tell them apart and the table was not read; rename or delete one.")
)

// Tables returns the tables of a workbook in its order, hidden sheets included,
// and what is wrong with it.
//
// A heading row is recognised by its names wherever it stands: 日期, 类别 and at
// least one more for activities, 学校 and one of 学段, 城乡, 身份 for a roster, in
// any order, white space in them ignored. A row of group headings above or below
// it does not hide it. A sheet without a heading is an [Unfamiliar] table when
// the workbook has activities elsewhere, and [ErrNoTable] when it has not. A
// table that names a column twice is left out and is an [ErrDuplicateColumn].
//
// The table of a register is known by its column 记录编号 together with its title,
// its sheet's name or what stands in that column; only an [Importer] with forms
// reads them.
func Tables(w Workbook) ([]Table, []error) { return tablesOf(w, nil) }

// tablesOf is [Tables] with the registers whose tables are read.
func tablesOf(w Workbook, registers map[string]registerKind) ([]Table, []error) {
	var tables, unfamiliar []Table
	var errs, missing []error
	activities := false
	for _, sheet := range w.Sheets {
		if len(sheet.Rows) > 0 && strings.HasPrefix(title(sheet.Rows[:1]), HelpTitle) {
			continue
		}
		s := sheetReader{file: w.File, sheet: sheet, registers: registers, quoted: w.Form == "csv"}
		for _, row := range sheet.Rows {
			s.read(row)
		}
		s.close()
		activities = activities || s.activities
		errs = append(errs, s.errs...)
		tables = append(tables, s.tables...)
		if s.headings == 0 && len(s.above) > 0 {
			unfamiliar = append(unfamiliar, Table{Form: Unfamiliar, File: w.File, Sheet: sheet.Index, SheetName: sheet.Name, Title: title(s.above[:1])})
			missing = append(missing, s.noTable())
		}
	}
	switch {
	case activities:
		tables = append(tables, unfamiliar...)
		slices.SortStableFunc(tables, func(a, b Table) int { return a.Sheet - b.Sheet })
	case len(missing) > 0:
		errs = append(errs, missing...)
	case len(tables) == 0 && len(errs) == 0:
		errs = append(errs, noTable(fault.Place{File: w.File}))
	}
	return tables, errs
}

// Split returns the parts of a cell that holds a list: they are separated by ；
// (; once normalised) or stand on lines of their own. 、 and ， separate nothing,
// for they occur inside names; what they seem to join is a problem of the row
// ([ErrSeveralPeople], [ErrSeveralUnits]). Parts are trimmed and empty ones dropped.
func Split(cell string) []string {
	var parts []string
	for _, part := range strings.FieldsFunc(cell, func(r rune) bool { return r == ';' || r == '；' || r == '\n' || r == '\r' }) {
		if part = strings.TrimSpace(part); part != "" {
			parts = append(parts, part)
		}
	}
	return parts
}

// A sheetReader finds the tables of one sheet, row by row.
type sheetReader struct {
	file       string
	sheet      Sheet
	registers  map[string]registerKind
	quoted     bool  // a CSV file, in which tables of the program quote formulas
	above      []Row // rows before the first heading
	open       *openTable
	headings   int
	activities bool // a heading of activities was found, whether or not it could be read
	tables     []Table
	errs       []error
}

// An openTable is a table whose rows are being read.
type openTable struct {
	Table
	names   []string // by column; "" where the heading is empty
	printed []Row    // the rows of title and heading, which each page may repeat
	begun   bool     // a row that is no heading has been read
}

func (s *sheetReader) read(row Row) {
	form, known := headingForm(row)
	if s.registers != nil && isRegisterHeading(row) {
		form = WholeRegister
	}
	switch {
	case s.open == nil && form == "":
		s.above = append(s.above, row)
	case s.open == nil:
		s.begin(form, row)
	case slices.ContainsFunc(s.open.printed, func(printed Row) bool { return sameTexts(printed, row) }):
		s.open.Repeated = append(s.open.Repeated, row.Number)
	case form == s.open.Form && !s.open.begun && known > countKnown(form, s.open.names):
		s.begin(form, row)
	case form != "":
		s.close()
		s.begin(form, row)
	case !s.open.begun && s.open.continuedBy(row):
		s.open.continueWith(row)
	default:
		s.open.take(row)
	}
}

// begin opens a table whose heading is row. What was printed above it, a lesser
// heading included, becomes its title.
func (s *sheetReader) begin(form Form, row Row) {
	printed := s.above
	if s.open != nil {
		printed = s.open.printed
	} else if s.headings > 0 {
		printed = nil
	}
	s.headings++
	s.activities = s.activities || form == Activity || form == WholeRegister
	s.open = &openTable{
		Table: Table{Form: form, File: s.file, Sheet: s.sheet.Index, SheetName: s.sheet.Name, Title: title(printed), Heading: row.Number},
		names: headingNames(row), printed: append(slices.Clone(printed), row),
	}
}

// close ends the open table, if any.
func (s *sheetReader) close() {
	t := s.open
	s.open = nil
	if t == nil {
		return
	}
	for i, name := range t.names {
		if name != "" && slices.Contains(t.names[:i], name) {
			s.errs = append(s.errs, ErrDuplicateColumn.At(fault.Place{File: s.file, Sheet: s.sheet.Name, Row: t.Heading, Column: name}))
			return
		}
	}
	if t.Form == WholeRegister && !s.closeRegister(t) {
		return
	}
	for _, name := range t.names {
		if name != "" && t.Form != WholeRegister && t.Form != Unfamiliar && !slices.Contains(formColumns[t.Form], name) {
			t.Extra = append(t.Extra, name)
		}
	}
	t.Columns = t.names
	s.tables = append(s.tables, t.Table)
}

// noTable names the row that comes nearest to a heading.
func (s *sheetReader) noTable() error {
	place, nearest, try := fault.Place{File: s.file, Sheet: s.sheet.Name}, []string(nil), ""
	best := 0
	for _, row := range s.above {
		names := headingNames(row)
		var found []string
		for _, name := range names {
			if slices.Contains(formColumns[Activity], name) {
				found = append(found, name)
			}
		}
		likely := suggest(Activity, names)
		if len(found)+len(likely) < leastColumns { // a title, or a list of something else
			likely = nil
		}
		if n := len(found) + len(likely); n > best {
			best, place.Row, nearest, try = n, row.Number, found, likely.flags(names)
		}
	}
	f := noTable(place)
	if nearest != nil {
		f = f.With("found", strings.Join(nearest, "、"))
	}
	if try != "" {
		f = f.With("try", try)
	}
	return f
}

func noTable(place fault.Place) *fault.Error {
	return ErrNoTable.At(place).With("columns", strings.Join(formColumns[Activity], "、"))
}

// leastColumns is how many columns of activities a heading names at least.
const leastColumns = 3

// headingForm tells of which form the row is a heading, "" if of none, and how
// many columns of that form it names.
func headingForm(row Row) (Form, int) {
	names := headingNames(row)
	has := func(name string) bool { return slices.Contains(names, name) }
	if n := countKnown(Activity, names); has(ColumnDate) && has(ColumnCategory) && n >= leastColumns {
		return Activity, n
	}
	if has(ColumnSchool) && (has(ColumnStage) || has(ColumnSetting) || has(ColumnRole)) {
		return Roster, countKnown(Roster, names)
	}
	return "", 0
}

func countKnown(form Form, names []string) int {
	n := 0
	for _, name := range formColumns[form] {
		if slices.Contains(names, name) {
			n++
		}
	}
	return n
}

// headingNames returns the row's texts as names of columns.
func headingNames(row Row) []string {
	names := make([]string, len(row.Cells))
	for i, cell := range row.Cells {
		names[i] = heading(cell.Text)
	}
	return names
}

func sameTexts(a, b Row) bool {
	as, bs := headingNames(a), headingNames(b)
	for i := range max(len(as), len(bs)) {
		var left, right string
		if i < len(as) {
			left = as[i]
		}
		if i < len(bs) {
			right = bs[i]
		}
		if left != right {
			return false
		}
	}
	return true
}

// title joins the texts of rows above a heading. A column's name among them is
// a group heading, not a title.
func title(rows []Row) string {
	var texts []string
	for _, row := range rows {
		for i, name := range headingNames(row) {
			if name != "" && !slices.Contains(formColumns[Activity], name) && !slices.Contains(formColumns[Roster], name) {
				texts = append(texts, row.Cells[i].Text)
			}
		}
	}
	return strings.Join(texts, " ")
}

// continuedBy tells whether row is the lower line of a heading in two lines: it
// holds nothing but names of columns, and they stand where the upper line is
// empty, has a group's name, or has a name that it also has elsewhere.
func (t *openTable) continuedBy(row Row) bool {
	names := false
	for i, name := range headingNames(row) {
		if name == "" {
			continue
		}
		names = true
		upper := t.name(i)
		known := slices.Contains(formColumns[t.Form], upper)
		twice := known && slices.Index(t.names, upper) != lastIndex(t.names, upper)
		if !slices.Contains(formColumns[t.Form], name) || slices.Contains(t.names, name) || known && !twice {
			return false
		}
	}
	return names
}

func (t *openTable) continueWith(row Row) {
	t.printed = append(t.printed, row)
	for i, name := range headingNames(row) {
		if name != "" {
			t.rename(i, name)
		}
	}
}

func lastIndex(names []string, name string) int {
	for i := len(names) - 1; i >= 0; i-- {
		if names[i] == name {
			return i
		}
	}
	return -1
}

func (t *openTable) name(column int) string {
	if column < len(t.names) {
		return t.names[column]
	}
	return ""
}

func (t *openTable) rename(column int, name string) {
	for len(t.names) <= column {
		t.names = append(t.names, "")
	}
	t.names[column] = name
}

// take adds a row of the table's body. A column with cells but without a
// heading is named by its letter, so that nothing in it is dropped.
func (t *openTable) take(row Row) {
	t.begun = true
	taken := TableRow{Number: row.Number, Line: row.Line, Cells: map[string]Cell{}}
	first := ""
	for i, cell := range row.Cells {
		if cell.Merged && t.name(i) != "" {
			taken.Merged = append(taken.Merged, t.name(i))
		}
		if cell.Text == "" {
			continue
		}
		if t.name(i) == "" {
			t.rename(i, columnLetters(i)+"列")
		}
		taken.Cells[t.name(i)] = cell
		if first == "" {
			first = cell.Text
		}
	}
	switch {
	case len(taken.Cells) == 0:
	case saysTotal(first) || saysTotal(taken.Cells[ColumnNumber].Text):
		t.Totals = append(t.Totals, taken)
	default:
		t.Rows = append(t.Rows, taken)
	}
}

// columnLetters returns A for 0, Z for 25, AA for 26.
func columnLetters(column int) string {
	letters := ""
	for column++; column > 0; column = (column - 1) / 26 {
		letters = string(rune('A'+(column-1)%26)) + letters
	}
	return letters
}

func saysTotal(text string) bool {
	switch strings.TrimRight(strings.Join(strings.Fields(text), ""), ":：") {
	case "合计", "总计", "小计", "共计":
		return true
	}
	return false
}
