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
// [ErrNoTable] when it has not. Two tables side by side are left out and are an [ErrSideBySide].
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
	before   *PhysicalRow  // the row that was read last
	open     *openTable
	headings int
	first    []string // the titles of the first table of the sheet, which head the others too
	tables   []Table
	errs     []error
}

// An openTable is a table whose rows are being read.
type openTable struct {
	Table
	names        []string      // headings by column; "" where the heading is empty
	printed      []PhysicalRow // the rows of title and heading, which each page may repeat
	begun        bool          // a row that is no heading has been read
	last         map[int]Cell  // by column, the last cell that is not covered by a merged one
	frames       frameReader
	section      *Section    // what rows with a single text say of the rows below
	single       []singleRow // rows with a single text right above the row that is being read
	singleBefore []singleRow // the same, of the row before it
	lower        []string    // of a heading in two lines, the lower line, where that is a heading alone
}

func (s *sheetReader) read(row PhysicalRow) {
	defer func() { s.before = &row }()
	if s.open == nil {
		s.readAbove(row)
		return
	}
	form, known := s.headingForm(row, s.open.begun)
	switch {
	case s.open.begun:
		form = s.laterHeading(row)
	case known <= s.countKnown(s.open.names):
		form, _ = s.headingForm(row, true) // the first record may have words of headings in it: 听课, 人次, 照片
	}
	switch {
	case slices.ContainsFunc(s.open.printed, func(printed PhysicalRow) bool { return sameTexts(printed, row) }):
		if titled, _ := s.open.titled(row); titled && sameTexts(row, s.open.printed[len(s.open.printed)-1]) {
			s.beginNext(s.open.Form, row)
			return
		}
		s.open.frame(row, "repeated heading")
	case form == s.open.Form && !s.open.begun && known > s.countKnown(s.open.names):
		s.begin(form, row)
	case !s.open.begun && s.continuedBy(row):
		s.open.continueWith(row)
	case form != "":
		s.beginNext(form, row)
	case s.open.begun && s.beginsInTwoLines(row):
	default:
		s.take(row)
	}
}

// readAbove reads a row above the first heading of the sheet. Under the title of a section a
// heading may have fewer columns.
func (s *sheetReader) readAbove(row PhysicalRow) {
	form, _ := s.headingForm(row, false)
	if n := len(s.above); n > 0 {
		if both, are := s.twoLines(s.above[n-1], row); are && (form == "" || !s.isWhole(row)) {
			if whole, _ := s.headingForm(both, false); whole != "" {
				upper := s.above[n-1]
				s.above = s.above[:n-1]
				s.begin(whole, both)
				s.open.printed = append(s.open.printed[:len(s.open.printed)-1], upper, row)
				if form != "" {
					s.open.lower = headingTexts(row)
				}
				return
			}
		}
	}
	if form == "" {
		s.above = append(s.above, row)
		return
	}
	s.begin(form, row)
}

// isWhole tells whether a row of headings needs none of the row above it: it leaves no place
// empty, and no heading stands in it twice.
func (s *sheetReader) isWhole(row PhysicalRow) bool {
	names := headingTexts(row)
	upper := headingTexts(s.above[len(s.above)-1])
	for i := range max(len(names), len(upper)) {
		if i >= len(names) || names[i] == "" {
			if i < len(upper) && upper[i] != "" {
				return false
			}
		} else if slices.Contains(names[:i], names[i]) {
			return false
		}
	}
	return true
}

// beginsInTwoLines tells whether a row below records is the lower line of a heading, whose upper
// line was taken for a record, and begins its table.
func (s *sheetReader) beginsInTwoLines(row PhysicalRow) bool {
	last := len(s.open.Rows) - 1
	if s.before == nil || last < 0 || s.open.Rows[last].Number != s.before.Number {
		return false
	}
	both, are := s.twoLines(*s.before, row)
	if !are {
		return false
	}
	form, _ := s.headingForm(both, len(s.open.singleBefore) == 0)
	if form == "" {
		return false
	}
	upper := *s.before
	s.open.Rows = s.open.Rows[:last]
	s.open.single = s.open.singleBefore
	s.beginNext(form, both)
	s.open.printed = []PhysicalRow{upper, row}
	return true
}

// beginNext closes the open table and opens the next one of the sheet, whose title is what stands
// right above its heading.
func (s *sheetReader) beginNext(form Form, row PhysicalRow) {
	titles := s.open.takeTitle()
	s.close()
	s.begin(form, row)
	s.open.titles, s.open.Title = titles, strings.Join(titles, " ")
	s.open.section = s.sectionsOf(titles)
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
	for _, above := range printed {
		if title := titleOf([]PhysicalRow{above}); title != "" {
			s.open.titles = append(s.open.titles, title)
		}
	}
	if len(s.tables) == 0 {
		s.first = s.open.titles
	}
	s.open.above = s.first
	s.open.section = s.sectionsOf(s.open.titles)
}

// close ends the open table, if any.
func (s *sheetReader) close() {
	t := s.open
	s.open = nil
	if t == nil {
		return
	}
	if err := t.distinguishHeadings(); err != nil {
		s.errs = append(s.errs, err)
		return
	}
	t.Columns = make([]Column, len(t.names))
	for i, name := range t.names {
		t.Columns[i] = Column{Heading: name, former: t.formerHeading(i)}
	}
	if t.Form == WholeRegister && !s.closeRegister(t) {
		return
	}
	if t.Form == Activity || t.Form == Roster {
		if err := s.nameColumns(&t.Table); err != nil {
			s.errs = append(s.errs, err)
			return
		}
		t.around = calendar.SurroundingsIn(t.Title).Or(calendar.SurroundingsIn(strings.Join(t.above, " "))).Or(calendar.SurroundingsIn(t.SheetName)).Or(calendar.SurroundingsIn(withoutEnding(t.File)))
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
	if what == "signature" || what == "labels" {
		text = withoutPeople(text)
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

// take adds a row of the table's body. A column with cells but without a heading is named
// by its letter, so that nothing in it is dropped. A cell that a merged one covers says
// what that one says.
func (s *sheetReader) take(row PhysicalRow) {
	t := s.open
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
	what := t.frames.frame(texts, filled)
	if s.takeLabels(taken) {
		t.frame(row, "labels")
		return
	}
	t.singleBefore = t.single
	if len(taken.Cells) == 1 {
		t.noteSingle(taken, what)
	} else if what == "" {
		t.single = nil
	}
	switch {
	case len(texts) == 0:
	case t.onlyNumbered(taken):
		t.frame(row, "empty")
	case t.toBeSeparated(texts, what):
		t.Rows = append(t.Rows, taken) // see separateTotals
	case t.Form == WholeRegister && filled <= 1 && slices.ContainsFunc(texts[:min(2, len(texts))], saysTotal):
		t.Totals = append(t.Totals, taken)
	case what != "":
		t.frame(row, what)
	case s.beginsSection(taken):
		t.frame(row, "section")
	default:
		taken.Section = t.section
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
