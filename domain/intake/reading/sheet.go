package reading

import (
	"slices"
	"strings"

	"twinledger/domain/calendar"
	"twinledger/domain/fault"
)

// HelpTitle begins the sheet of a template that tells how to fill it in.
const HelpTitle = TitleMark + "填写说明"

// TitleMark begins the title of every table that the program writes.
const TitleMark = "Twinledger "

// findTables returns the tables of a workbook in its order, hidden sheets included, and
// what is wrong with it.
//
// A heading row is recognised by its words wherever it stands, see [headingForm]. A sheet
// without a heading is an [Unfamiliar] table when the workbook has tables elsewhere, and
// [ErrNoTable] when it has not. A table that names a column twice is left out and is an
// [ErrDuplicateColumn].
func (r *reader) findTables(w Workbook) (tables []Table, errs []error) {
	var unfamiliar []Table
	var missing []error
	for _, sheet := range w.Sheets {
		if len(sheet.Rows) > 0 && strings.HasPrefix(titleOf(sheet.Rows[:1]), HelpTitle) {
			continue
		}
		s := sheetReader{reader: r, file: w.File, sheet: sheet, quoted: w.Form == "csv"}
		for _, row := range sheet.Rows {
			s.read(row)
		}
		s.close()
		errs = append(errs, s.errs...)
		tables = append(tables, s.tables...)
		if s.headings == 0 && len(s.above) > 0 {
			unfamiliar = append(unfamiliar, Table{Form: Unfamiliar, File: w.File, Sheet: sheet.Index, SheetName: sheet.Name, Hidden: sheet.Hidden, Title: titleOf(s.above[:1])})
			missing = append(missing, s.noTable())
		}
	}
	found := slices.ContainsFunc(tables, func(t Table) bool { return t.Form != Unfamiliar && t.Form != Roster })
	switch {
	case found || len(tables) > 0 && len(missing) == 0:
		tables = append(tables, unfamiliar...)
		slices.SortStableFunc(tables, func(a, b Table) int { return a.Sheet - b.Sheet })
	case len(missing) > 0:
		errs = append(errs, missing...)
	case len(errs) == 0:
		errs = append(errs, noTable(fault.Place{File: w.File}))
	}
	return tables, errs
}

// A sheetReader finds the tables of one sheet, row by row.
type sheetReader struct {
	*reader
	file     string
	sheet    Sheet
	quoted   bool          // a CSV file, in which tables of the program quote formulas
	above    []PhysicalRow // rows before the first heading
	open     *openTable
	headings int
	tables   []Table
	errs     []error
}

// An openTable is a table whose rows are being read.
type openTable struct {
	Table
	names   []string      // headings by column; "" where the heading is empty
	printed []PhysicalRow // the rows of title and heading, which each page may repeat
	begun   bool          // a row that is no heading has been read
	last    map[int]Cell  // by column, the last cell that is not covered by a merged one
	frames  frameReader
}

func (s *sheetReader) read(row PhysicalRow) {
	form, known := s.headingForm(row, s.open != nil && s.open.begun)
	switch {
	case s.open == nil && form == "":
		s.above = append(s.above, row)
	case s.open == nil:
		s.begin(form, row)
	case slices.ContainsFunc(s.open.printed, func(printed PhysicalRow) bool { return sameTexts(printed, row) }):
		s.open.frame(row, "repeated heading")
	case form == s.open.Form && !s.open.begun && known > s.countKnown(s.open.names):
		s.begin(form, row)
	case !s.open.begun && s.continuedBy(row):
		s.open.continueWith(row)
	case form != "":
		title := s.open.takeTitle(row.Number)
		s.close()
		s.begin(form, row)
		if title != "" {
			s.open.Title = title
		}
	default:
		s.open.take(row)
	}
}

// begin opens a table whose heading is row. What was printed above it, a lesser heading
// included, becomes its title.
func (s *sheetReader) begin(form Form, row PhysicalRow) {
	printed := s.above
	if s.open != nil {
		printed = s.open.printed
	} else if s.headings > 0 {
		printed = nil
	}
	s.headings++
	s.open = &openTable{
		Table: Table{Form: form, File: s.file, Sheet: s.sheet.Index, SheetName: s.sheet.Name, Hidden: s.sheet.Hidden, Title: titleOf(printed), Heading: row.Number, attendance: -1},
		names: headingTexts(row), printed: append(slices.Clone(printed), row), last: map[int]Cell{},
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
			s.errs = append(s.errs, ErrDuplicateColumn.At(t.at(t.Heading, name)))
			return
		}
	}
	t.Columns = make([]Column, len(t.names))
	for i, name := range t.names {
		t.Columns[i] = Column{Heading: name}
	}
	if t.Form == WholeRegister && !s.closeRegister(t) {
		return
	}
	if t.Form == Activity || t.Form == Roster {
		if err := s.nameColumns(&t.Table); err != nil {
			s.errs = append(s.errs, err)
			return
		}
		t.around = calendar.SurroundingsIn(t.Title).Or(calendar.SurroundingsIn(t.SheetName)).Or(calendar.SurroundingsIn(withoutEnding(t.File)))
		s.separateTotals(&t.Table)
	}
	s.tables = append(s.tables, t.Table)
}

// withoutEnding returns a file's name without .xlsx or the like.
func withoutEnding(file string) string {
	if i := strings.LastIndex(file, "."); i > 0 {
		return file[:i]
	}
	return file
}

// frame notes a row that is no record.
func (t *openTable) frame(row PhysicalRow, what string) {
	text := ""
	for _, cell := range row.Cells {
		if text == "" {
			text = cut(cell.Text, frameRunes)
		}
	}
	t.Frames = append(t.Frames, Frame{row.Number, what, text})
}

// sameTexts tells whether two rows say the same.
func sameTexts(a, b PhysicalRow) bool {
	as, bs := headingTexts(a), headingTexts(b)
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

// titleOf joins the texts of rows above a heading. A column's name among them is a group
// heading, not a title.
func titleOf(rows []PhysicalRow) string {
	var texts []string
	for _, row := range rows {
		for i, name := range headingTexts(row) {
			if name != "" && !isColumn(Activity, name) && !isColumn(Roster, name) {
				texts = append(texts, row.Cells[i].Text)
			}
		}
	}
	return strings.Join(texts, " ")
}

// continuedBy tells whether row is the lower line of a heading in two lines: each of its
// texts stands under an empty place or a group's name of the upper line, and either all of
// them are headings, or all other places continue merged cells of the upper line.
func (s *sheetReader) continuedBy(row PhysicalRow) bool {
	t := s.open
	for len(t.names) < len(row.Cells) {
		t.names = append(t.names, "") // the last group's heading has empty places right of it too
	}
	texts, headings, merged := 0, 0, 0
	for i, name := range headingTexts(row) {
		if row.Cells[i].Merged {
			merged++
		}
		if name == "" {
			continue
		}
		if texts++; saysTotal(name) || signature.MatchString(name) {
			return false // a table may begin with its totals, and an empty one with its frame
		}
		upper := t.name(i)
		if bracketed := strings.HasPrefix(name, "(") && strings.HasSuffix(name, ")"); bracketed && upper != "" {
			headings++
			continue
		}
		if s.isHeading(name) {
			headings++
		}
		own := upper != "" && s.certain(upper) && !t.spans(i)
		if own || slices.Contains(t.names, name) && upper != name || row.Cells[i].Number != "" || row.Cells[i].Date != "" {
			return false
		}
	}
	return texts > 0 && (headings == texts || merged >= 2)
}

// spans tells whether the heading of a column is a group's: it stands above several
// columns, as the places right of it are empty, or the same heading stands there again.
func (t *openTable) spans(i int) bool {
	name := t.names[i]
	return t.name(i+1) == "" && i+1 < len(t.names) || slices.Index(t.names, name) != lastIndex(t.names, name)
}

func (t *openTable) continueWith(row PhysicalRow) {
	t.printed = append(t.printed, row)
	groups := t.groups()
	for i, name := range headingTexts(row) {
		switch {
		case name == "":
		case strings.HasPrefix(name, "("):
			t.rename(i, t.name(i)+name)
		case i < len(groups) && groups[i] != "" && groups[i] != name:
			t.rename(i, groups[i]+groupSign+name)
		default:
			t.rename(i, name)
		}
	}
}

// groups returns, by column, the heading of the group that the column lies in, "" where there
// is none: a group's heading stands above its first column, and the places right of it are
// empty.
func (t *openTable) groups() []string {
	out := make([]string, len(t.names)+1)
	group := ""
	for i := range t.names {
		if t.names[i] != "" {
			group = ""
			if t.spans(i) {
				group = t.names[i]
			}
		}
		out[i] = group
	}
	out[len(t.names)] = group
	return out
}

// takeTitle takes the rows with a single text that stand right above a row out of the table,
// and returns their texts: they are the title of the next table.
func (t *openTable) takeTitle(above int) string {
	var texts []string
	for n := len(t.Rows); n > 0 && t.Rows[n-1].Number == above-1 && t.mayBeTitle(t.Rows[n-1]); n-- {
		above--
		texts = append([]string{t.Rows[n-1].Cells[0].Text}, texts...)
		t.Frames = append(t.Frames, Frame{above, "title", cut(texts[0], frameRunes)})
		t.Rows = t.Rows[:n-1]
	}
	return strings.Join(texts, " ")
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

// take adds a row of the table's body. A column with cells but without a heading is named
// by its letter, so that nothing in it is dropped. A cell that a merged one covers says
// what that one says.
func (t *openTable) take(row PhysicalRow) {
	t.begun = true
	taken := TableRow{Number: row.Number, Line: row.Line, Hidden: row.Hidden, Cells: make([]TableCell, 0, row.filled())}
	var texts []string
	filled := 0
	for i, cell := range row.Cells {
		above := false
		if cell.Merged {
			cell, above = t.last[i], true
		} else {
			t.last[i] = cell
		}
		if cell.Text == "" {
			continue
		}
		if t.name(i) == "" {
			t.rename(i, columnLetters(i)+"列")
		}
		taken.Cells = append(taken.Cells, TableCell{i, cell, above})
		if !above {
			texts = append(texts, cell.Text)
		}
		switch t.name(i) {
		case ColumnDate, ColumnCategory, ColumnSchool, ColumnPeople, ColumnContent:
			filled++
		}
	}
	switch what := t.frames.frame(texts, filled); {
	case len(texts) == 0:
	case t.onlyNumbered(taken):
		t.frame(row, "empty")
	case t.toBeSeparated(texts, what):
		t.Rows = append(t.Rows, taken) // see separateTotals
	case t.Form == WholeRegister && filled <= 1 && slices.ContainsFunc(texts[:min(2, len(texts))], saysTotal):
		t.Totals = append(t.Totals, taken)
	case what != "":
		t.frame(row, what)
	case t.isSection(taken):
		t.frame(row, "section")
	default:
		t.Rows = append(t.Rows, taken)
	}
}

// cut returns the first runes of a text, and … where more follow.
func cut(text string, runes int) string {
	n := 0
	for i := range text {
		if n++; n > runes {
			return text[:i] + "…"
		}
	}
	return text
}
