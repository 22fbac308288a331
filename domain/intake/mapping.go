package intake

import (
	"maps"
	"slices"
	"strings"

	"twinledger/domain/fault"
)

// What a mapping of headings to columns is refused with.
var (
	ErrUnknownColumn = fault.New(fault.Invalid, "intake.unknown-column",
		"没有这一栏，不能对应；栏名见 columns。", "There is no such column to map a heading to; the columns are named.")
	ErrMappedTwice = fault.New(fault.Invalid, "intake.mapped-twice",
		"两个表头对应到同一栏，分不清哪个是哪个，未读；请改正 --map，每栏只对应一个表头。",
		"Two headings are mapped to one column, so nobody can tell them apart and nothing was read; put --map right, one heading for each column.")
	ErrNoSuchHeading = fault.New(fault.Invalid, "intake.no-such-heading",
		"文件的表头里没有 --map 所写的名称；请照表头原样写。", "No heading of the file is written as --map says; write it as it stands in the file.")
	ErrNameInHeading = fault.New(fault.Invalid, "intake.name-in-heading",
		"--map 的表头名称中含有人员姓名，不能记住；请先改文件的表头。", "A heading in --map contains a person's name and cannot be remembered; change the file's heading first.")
)

// ErrLikelyColumn warns of a heading that was not read although it looks like a
// column that the table lacks.
var ErrLikelyColumn = fault.New(fault.Invalid, "intake.likely-column",
	"此栏未读，可能是另一名称的栏；如果是，请用所示的 --map 再导入。",
	"This column was not read and may be another name for one; if so, import again with the --map shown.")

// A mapping leads from a heading, without white space, to the column that it
// means.
type mapping map[string]string

// mappingOf checks what the clerk wrote.
func mappingOf(columns map[string]string) (mapping, error) {
	m, by := mapping{}, map[string]string{}
	for _, written := range slices.Sorted(maps.Keys(columns)) {
		heading, column := heading(written), heading(columns[written])
		at := fault.Place{Column: heading, Value: column}
		switch {
		case heading == "" || !knownColumn(column):
			return nil, ErrUnknownColumn.At(at).With("columns", strings.Join(formColumns[Activity], "、"))
		case m[heading] != "" && m[heading] != column, by[column] != "" && by[column] != heading:
			return nil, ErrMappedTwice.At(at).With("headings", by[column]+"、"+heading)
		}
		m[heading], by[column] = column, heading
	}
	return m, nil
}

func knownColumn(name string) bool {
	return slices.Contains(formColumns[Activity], name) || slices.Contains(formColumns[Roster], name)
}

// heading returns a text as the name of a column: 日 期 and a name broken over
// two lines are the names without white space.
func heading(text string) string { return strings.Join(strings.Fields(text), "") }

// with returns m with what the clerk says now in front of what was remembered: a
// column that is mapped anew loses its former heading.
func (m mapping) with(now mapping) mapping {
	merged := maps.Clone(now)
	if merged == nil {
		merged = mapping{}
	}
	taken := map[string]bool{}
	for _, column := range now {
		taken[column] = true
	}
	for heading, column := range m {
		if merged[heading] == "" && !taken[column] {
			merged[heading] = column
		}
	}
	return merged
}

// list returns the mapping as it is stored, by heading.
func (m mapping) list() []MappedColumn {
	var out []MappedColumn
	for _, heading := range slices.Sorted(maps.Keys(m)) {
		out = append(out, MappedColumn{heading, m[heading]})
	}
	return out
}

// apply returns the workbook with the headings renamed, in the rows that are or
// belong to a heading, and which of them were: those of each sheet, by column. A
// row that then names a column twice is an [ErrMappedTwice].
func (m mapping) apply(w Workbook) (Workbook, map[int]mapping, []error) {
	if len(m) == 0 {
		return w, nil, nil
	}
	used, errs := map[int]mapping{}, []error(nil)
	w.Sheets = slices.Clone(w.Sheets)
	for i := range w.Sheets {
		s := &w.Sheets[i]
		s.Rows = slices.Clone(s.Rows)
		for j, row := range s.Rows {
			renamed, names, err := m.rename(row)
			if err != nil {
				errs = append(errs, err.At(fault.Place{File: w.File, Sheet: s.Name, Row: row.Number, Column: err.Place.Column}))
			}
			if len(names) == 0 {
				continue
			}
			s.Rows[j] = renamed
			if used[s.Index] == nil {
				used[s.Index] = mapping{}
			}
			for _, name := range names {
				used[s.Index][m[name]] = name
			}
		}
	}
	return w, used, errs
}

// rename returns the row with its headings renamed, and which were; a row that
// is no heading has none.
func (m mapping) rename(row Row) (Row, []string, *fault.Error) {
	renamed := row
	renamed.Cells = slices.Clone(row.Cells)
	var names []string
	only := true // nothing but names of columns
	for i, name := range headingNames(row) {
		column, mapped := m[name]
		switch {
		case mapped:
			renamed.Cells[i] = Cell{Text: column}
			names = append(names, name)
		case name != "" && !knownColumn(name):
			only = false
		}
	}
	if form, _ := headingForm(renamed); form == "" && !only {
		return row, nil, nil
	}
	seen := map[string]string{}
	for i, name := range headingNames(row) {
		column := heading(renamed.Cells[i].Text)
		former, twice := seen[column]
		if twice && name != "" && (m[name] != "" || m[former] != "") {
			return row, nil, ErrMappedTwice.At(fault.Place{Column: column}).With("headings", former+"、"+name)
		}
		seen[column] = name
	}
	return renamed, names, nil
}

// asWritten returns the row with the headings that it has in its file.
func asWritten(row TableRow, used mapping) TableRow {
	if len(used) == 0 {
		return row
	}
	cells := make(map[string]Cell, len(row.Cells))
	for column, cell := range row.Cells {
		if name := used[column]; name != "" {
			column = name
		}
		cells[column] = cell
	}
	row.Cells = cells
	return row
}

// likely are parts of headings that people write, with the column each probably
// means; an earlier one goes before a later.
var likely = [...][2]string{
	{"序号", ColumnNumber}, {"编号", ColumnNumber},
	{"备注", ColumnRemark}, {"说明", ColumnRemark},
	{"佐证", ColumnEvidence}, {"材料", ColumnEvidence}, {"附件", ColumnEvidence},
	{"日期", ColumnDate}, {"时间", ColumnDate},
	{"共同体", ColumnCommunity}, {"集团", ColumnCommunity}, {"片区", ColumnCommunity},
	{"类别", ColumnCategory}, {"类型", ColumnCategory}, {"种类", ColumnCategory},
	{"形式", ColumnForm}, {"方式", ColumnForm},
	{"学科", ColumnSubject}, {"科目", ColumnSubject},
	{"派出", ColumnFrom}, {"送出", ColumnFrom}, {"选派", ColumnFrom}, {"送教单位", ColumnFrom}, {"送教学校", ColumnFrom}, {"主办", ColumnFrom},
	{"接收", ColumnTo}, {"接受", ColumnTo}, {"受援", ColumnTo}, {"受教", ColumnTo}, {"派往", ColumnTo}, {"到访", ColumnTo},
	{"人员", ColumnPeople}, {"教师", ColumnPeople}, {"姓名", ColumnPeople}, {"参加人", ColumnPeople},
	{"数量", ColumnQuantity}, {"节数", ColumnQuantity}, {"人数", ColumnQuantity}, {"次数", ColumnQuantity}, {"件数", ColumnQuantity},
	{"计量", ColumnMeasure}, {"单位", ColumnMeasure},
	{"内容", ColumnContent}, {"主题", ColumnContent}, {"事项", ColumnContent}, {"名称", ColumnContent},
}

// suggest returns, for headings that are no column of the form, the columns that
// they may mean and that names lacks; each column at most once.
func suggest(form Form, names []string) mapping {
	found, taken := mapping{}, map[string]bool{}
	for _, name := range names {
		taken[name] = true
	}
	for _, name := range names {
		if name == "" || slices.Contains(formColumns[form], name) {
			continue
		}
		for _, l := range likely {
			if strings.Contains(name, l[0]) && slices.Contains(formColumns[form], l[1]) && !taken[l[1]] {
				found[name], taken[l[1]] = l[1], true
				break
			}
		}
	}
	return found
}

// flags returns the mapping as it is written on the command line, in the order of
// names.
func (m mapping) flags(names []string) string {
	var out []string
	for _, name := range names {
		if column := m[name]; column != "" {
			out = append(out, "--map "+name+"="+column)
		}
	}
	return strings.Join(out, " ")
}

// checkLikely warns of the columns that the table keeps unread although they look
// like one that it lacks.
func (t Table) checkLikely(names []string) []error {
	var warnings []error
	found := suggest(t.Form, names)
	for _, name := range t.Extra {
		if found[name] != "" {
			warnings = append(warnings, ErrLikelyColumn.At(fault.Place{File: t.File, Sheet: t.SheetName, Row: t.Heading, Column: name}).
				With("try", found.flags([]string{name})))
		}
	}
	return warnings
}
