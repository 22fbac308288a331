package reading

import (
	"cmp"
	"maps"
	"regexp"
	"slices"
	"strings"

	"twinledger/domain/chinese"
	"twinledger/domain/fault"
	"twinledger/domain/heading"
	"twinledger/domain/seal"
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

// A meaning is a column that a heading may stand for.
type meaning struct {
	column  string
	measure string // the unit that the heading names
	certain bool   // it can stand for nothing else
	usual   bool   // the heading is a usual word for it
}

// inBrackets matches what stands in brackets at the end of a heading.
var inBrackets = regexp.MustCompile(`^(.+?)\(([^()]+)\)$`)

// meanings returns the columns that a heading may stand for, the likeliest first.
func (r *reader) meanings(written string) []meaning {
	if column, said := r.answers.Columns[headingText(written)]; said {
		if column == None {
			return nil
		}
		return []meaning{{column, measureIn(written), true, true}}
	}
	return meaningsOf(written, "")
}

// meaningsIn returns the columns that a heading may stand for in a table.
func (r *reader) meaningsIn(t *Table, written string) []meaning {
	if _, said := r.answers.Columns[headingText(written)]; said {
		return r.meanings(written)
	}
	if t.kind == "" {
		t.kind = kindOfTable(t) // once for all columns: a sheet may have thousands
		t.former = slices.ContainsFunc(t.Columns, func(c Column) bool { return formerSchool.MatchString(c.Heading) })
	}
	if t.former && presentSchool.MatchString(written) {
		return []meaning{{column: ColumnTo, usual: true}}
	}
	return meaningsOf(written, t.kind)
}

// certain tells whether a heading stands for a column and can stand for nothing else.
func (r *reader) certain(written string) bool {
	found := r.meanings(written)
	return len(found) > 0 && found[0].certain
}

// isHeading tells whether a text is a heading that schools write, be it one without a column
// here, such as 班级.
func (r *reader) isHeading(written string) bool {
	return len(r.meanings(written)) > 0 || len(heading.Of(written)) > 0
}

// longestHeading is how many characters a heading has at most.
const longestHeading = 24

// meaningsOf returns the columns that a heading may stand for in tables of a kind, "" any. The
// words are those of [heading.Of]. A heading certainly means a column when it has the column's
// own name in it, or names a unit; every other is asked, because a column that is read wrongly is
// wrong in every row. A word that is known in tables of other kinds only, as 派出教师 in those of
// posted teachers, probably means the same here.
func meaningsOf(text string, in heading.Table) []meaning {
	text = withoutRepetition(text)
	word := chinese.Word(text)
	if n := len([]rune(word)); n == 0 || n > longestHeading || numberOnly.MatchString(word) {
		return nil
	}
	if isColumn(Activity, word) || isColumn(Roster, word) {
		return []meaning{{word, "", true, true}}
	}
	if group, lower, grouped := strings.Cut(word, groupSign); grouped && !dateUnits.MatchString(word) {
		return meaningsInGroup(group, lower, in)
	}
	if m := endOfTime.FindStringSubmatch(word); m != nil {
		return meaningsInGroup(m[1], m[2], in)
	}
	if m := schoolOfGroup.FindStringSubmatch(word); m != nil && !heading.Listed(text) {
		if found := meaningsTogether(m[1], "学校", in); len(found) > 0 {
			found[0].certain = false
			return found
		}
	}
	var out []meaning
	found := heading.Of(text)
	elsewhere := in != "" && !slices.ContainsFunc(found, func(m heading.Meaning) bool { return m.In(in) })
	for _, m := range found {
		if m.Column == "" || in != "" && !m.In(in) && !elsewhere || slices.ContainsFunc(out, func(o meaning) bool { return o.column == m.Column }) {
			continue
		}
		certain := m.Certain && !elsewhere && (strings.Contains(word, m.Column) || m.Measure.Text != "" || m.Column == ColumnNumber || dateUnits.MatchString(word))
		out = append(out, meaning{m.Column, m.Measure.Text, certain, m.Certain && !elsewhere})
	}
	return out
}

// kindOfTable tells of which kind a table is, by its form and what its title and headings speak
// of: the same heading means one thing in a roster of posted teachers and another elsewhere.
func kindOfTable(t *Table) heading.Table {
	text := t.Title + " " + t.SheetName
	for _, c := range t.Columns {
		text += " " + c.Heading
	}
	switch {
	case t.Form == Roster:
		return heading.Schools
	case postingTable.MatchString(text):
		return heading.Exchange
	case lessonTable.MatchString(text):
		return heading.Lessons
	}
	return heading.Activity
}

var (
	postingTable = regexp.MustCompile(`交流(?:形式|方式|单位|学校|时间|起止|前|后|轮岗|教师|人员)|轮岗|支教(?:教师|学校|单位|时间|人员)|跟岗|挂职|走教`)
	lessonTable  = regexp.MustCompile(`听课|评课|授课|执教|课题|主讲`)
)

var numberOnly = regexp.MustCompile(`^[\d.,:/\-]+$`)

// measureIn returns the unit that a heading names in brackets or by its own word.
func measureIn(written string) string {
	if m := inBrackets.FindStringSubmatch(chinese.Word(written)); m != nil {
		if measure := measureWord(m[2]); measure != "" {
			return measure
		}
	}
	for _, found := range meaningsOf(written, "") {
		if found.measure != "" {
			return found.measure
		}
	}
	return ""
}

// headingForm tells of which form the row is a heading, "" if of none, and how many
// columns of that form it names. A row with a number or a date is none. begun tells that
// records were read above it: then it must say more to be a heading.
//
// 日期, 类别 and one more column make a table of activities, 学校 and one of 学段, 城乡 and 身份 a
// roster, 记录编号 the table of a register. Else most of the row's texts must be headings of
// columns, at least three.
func (r *reader) headingForm(row PhysicalRow, begun bool) (Form, int) {
	names := headingTexts(row)
	columns, texts, headings := map[string]bool{}, 0, 0
	if r.isForm(names) {
		return "", 0
	}
	for i, name := range names {
		if name == "" {
			continue
		}
		texts++
		if row.Cells[i].Number != "" || row.Cells[i].Date != "" || numberOnly.MatchString(name) && len(names) > 1 {
			return "", 0
		}
		if name == ColumnRecord && len(r.registers) > 0 {
			columns[ColumnRecord] = true
			continue
		}
		if found := r.meanings(name); len(found) > 0 {
			headings++
			columns[countedAs(found[0].column)] = true
		} else if len(heading.Of(name)) > 0 {
			headings++
		}
	}
	known := len(columns)
	switch {
	case columns[ColumnRecord] && texts >= leastColumns:
		return WholeRegister, known
	case slices.Contains(names, ColumnDate) && slices.Contains(names, ColumnCategory) && known >= leastColumns:
		return Activity, known
	case slices.Contains(names, ColumnSchool) && (slices.Contains(names, ColumnStage) || slices.Contains(names, ColumnSetting) || slices.Contains(names, ColumnRole)):
		return Roster, known
	case begun && (known < leastColumns+1 || 3*headings < 2*texts), known < leastColumns, 2*headings < texts:
		return "", known
	case columns[ColumnDate] || columns[ColumnPeople] || columns[ColumnFrom] || columns[ColumnCategory] && columns[ColumnContent]:
		return Activity, known
	case columns[ColumnSchool] && (columns[ColumnStage] || columns[ColumnSetting] || columns[ColumnRole]):
		return Roster, known
	}
	return "", known
}

// isForm tells whether a row is a line of a form that is filled in, 授课人, 王建国, 学科, 语文: every other
// text is a heading, and what stands behind it is none.
func (r *reader) isForm(names []string) bool {
	n, last := 0, false
	for _, name := range names {
		if name == "" {
			continue
		}
		is := r.isHeading(name)
		if is != (n%2 == 0) {
			return false
		}
		n, last = n+1, is
	}
	return n >= 4 && !last
}

// leastColumns is how many columns a heading names at least.
const leastColumns = 3

// countKnown counts the columns that headings name.
func (r *reader) countKnown(names []string) int {
	columns := map[string]bool{}
	for _, name := range names {
		if found := r.meanings(name); len(found) > 0 {
			columns[countedAs(found[0].column)] = true
		}
	}
	return len(columns)
}

// nameColumns says which column each heading of a table means. What a heading certainly
// means is taken. What the others probably mean is asked, all of a table in one question,
// where the table lacks the column otherwise.
func (r *reader) nameColumns(t *Table) error {
	t.pair = r.mentorColumns(t)
	r.askRepeated(t)
	taken, quantity := map[string]string{}, r.quantityColumn(t)
	for _, c := range t.Columns {
		if c.Name != "" {
			taken[c.Name] = c.Heading
		}
	}
	for _, exactly := range []bool{true, false} { // a heading that is the column's own name goes before others
		for i := range t.Columns {
			c := &t.Columns[i]
			found := r.meaningsIn(t, c.Heading)
			_, c.Mapped = r.answers.Columns[c.Heading]
			if c.Name != "" || c.settled || t.pair.has(i) || len(found) == 0 || !found[0].certain || !isColumn(t.Form, found[0].column) || exactly != (c.Heading == found[0].column) {
				continue
			}
			if found[0].column == ColumnQuantity && quantity >= 0 && i != quantity {
				continue // another column holds the number; this one is told beside it
			}
			if found[0].column == ColumnMeasure && !c.Mapped && !r.names(t, ColumnQuantity) {
				continue // without a number there is no unit: it is a school, or an office
			}
			if other, twice := taken[found[0].column]; twice {
				if (c.Mapped || r.answers.Columns[other] != "") && withoutRepetition(c.Heading) != other {
					return ErrMappedTwice.At(t.at(t.Heading, found[0].column)).With("headings", other+"、"+c.Heading)
				}
				continue // the other is meant; this one is kept with the row
			}
			c.Name, c.Measure, taken[found[0].column] = found[0].column, found[0].measure, c.Heading
		}
	}
	if err := r.askColumns(t, taken); err != nil {
		return err
	}
	r.askContents(t)
	t.nameJoined()
	r.nameAttendance(t)
	r.furtherColumns(t)
	return nil
}

// names tells whether a heading of the table may stand for a column.
func (r *reader) names(t *Table, column string) bool {
	return slices.ContainsFunc(t.Columns, func(c Column) bool {
		found := r.meanings(c.Heading)
		return len(found) > 0 && found[0].column == column && (column != ColumnQuantity || found[0].certain || !r.tellsAttendance(t, c.Heading))
	})
}

// askColumns asks about the headings of a table that probably mean a column it lacks. A word that
// is known for the column goes before one that only looks like it: 授课教师 before 负责人.
func (r *reader) askColumns(t *Table, taken map[string]string) error {
	likely := map[int]meaning{}
	for _, usual := range []bool{true, false} {
		for i, c := range t.Columns {
			if _, found := likely[i]; found || c.Name != "" || c.Mapped || c.settled || t.pair.has(i) {
				continue
			}
			for _, m := range r.probableMeanings(t, c.Heading) {
				if m.column == ColumnQuantity && r.tellsAttendance(t, c.Heading) {
					continue // how many attended is no number of activities
				}
				if m.usual == usual && taken[m.column] == "" && isColumn(t.Form, m.column) && !t.dates(m.column) {
					likely[i], taken[m.column] = m, c.Heading
					break
				}
			}
		}
	}
	var pairs []string
	for _, i := range slices.Sorted(maps.Keys(likely)) {
		pairs = append(pairs, t.Columns[i].Heading+"→"+likely[i].column)
	}
	if len(pairs) == 0 {
		return nil
	}
	written := strings.Join(pairs, "，")
	answer := r.questions.ask(Question{Key: "columns/" + written, Code: "columns", Written: written, Stops: true, Suggested: "a",
		ZH:      "这些表头没有读；是不是这些栏：" + written + "？（也可用 --map 逐个说明）",
		EN:      "These headings were not read; do they mean these columns: " + written + "? (Or say each with --map.)",
		Choices: []Choice{{Value: "yes", ZH: "是，照此读", EN: "yes, read them so"}, {Value: None, ZH: "不是，只随原始行保存", EN: "no, keep them with the rows only"}},
	}, RowAt{Sheet: t.Sheet, SheetName: t.SheetName, At: t.Heading})
	t.asked = map[string]bool{}
	for _, m := range likely {
		t.asked[m.column] = answer == ""
	}
	if answer == "yes" {
		for i, m := range likely {
			t.Columns[i].Name, t.Columns[i].Measure = m.column, cmp.Or(m.measure, measureIn(t.Columns[i].Heading))
		}
	}
	return nil
}

// probableMeanings returns what a heading may mean where nothing certain is known of it: 单位 that
// is no unit of measure is a school.
func (r *reader) probableMeanings(t *Table, written string) []meaning {
	if seal.IsLikeName(written) {
		return nil // a column headed with somebody's name is not to be remembered by it
	}
	if t.Form == Activity && (compact(written) == ColumnMeasure || schoolWord.MatchString(compact(written))) {
		return []meaning{{column: ColumnFrom}, {column: ColumnTo}}
	}
	return r.meaningsIn(t, written)
}

// noTable names the row that comes nearest to a heading.
func (s *sheetReader) noTable() error {
	place, nearest, most := fault.Place{File: s.file, Sheet: s.sheet.Name}, []string(nil), 0
	for _, row := range s.above {
		var found []string
		for _, name := range headingTexts(row) {
			if len(s.meanings(name)) > 0 {
				found = append(found, name)
			}
		}
		if len(found) > most {
			most, place.Row, nearest = len(found), row.Number, found
		}
	}
	f := noTable(place)
	if nearest != nil {
		f = f.With("found", strings.Join(nearest, "、"))
	}
	return f
}

func noTable(place fault.Place) *fault.Error {
	return ErrNoTable.At(place).With("columns", strings.Join(formColumns[Activity], "、"))
}
