package reading

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// A table may have two columns under one heading: 备注 twice, 学校 for the school that sends and for
// the one that receives. The second is called 备注(2), by which the clerk can name it.

// repetition matches what is added to a heading that stands in the table before.
var repetition = regexp.MustCompile(`\(([2-9]|[1-9]\d)\)$`)

// withoutRepetition returns a heading as it is written: 备注 of 备注(2).
func withoutRepetition(heading string) string { return repetition.ReplaceAllString(heading, "") }

// distinguishHeadings gives each heading that stands in the table before a number. Two tables side
// by side are refused, and so is a register in which a heading stands twice.
func (t *openTable) distinguishHeadings() error {
	count, repeated := map[string]int{}, []string{}
	for i, name := range t.names {
		if name == "" {
			continue
		}
		if count[name]++; count[name] > 1 {
			if t.Form == WholeRegister {
				return ErrDuplicateColumn.At(t.at(t.Heading, name))
			}
			repeated = append(repeated, name)
			t.names[i] = fmt.Sprintf("%s(%d)", name, count[name])
		}
	}
	if len(repeated) >= leastColumns && slices.ContainsFunc(repeated, func(name string) bool {
		return countedAs(name) == ColumnDate || name == ColumnNumber || name == ColumnCategory
	}) {
		return ErrSideBySide.At(t.at(t.Heading, repeated[0])).With("headings", strings.Join(repeated, "、"))
	}
	return nil
}

// joinedColumns are the columns of which several under one heading say more of the same.
var joinedColumns = []string{ColumnContent, ColumnRemark, ColumnEvidence}

// askRepeated asks which of several columns under one heading is meant, where a record has one only.
// Nothing is imported before that is answered; a dry run shows the likeliest.
func (r *reader) askRepeated(t *Table) {
	groups := map[string][]int{}
	var order []string
	for i, c := range t.Columns {
		if base := withoutRepetition(c.Heading); c.Heading != "" {
			if groups[base] == nil {
				order = append(order, base)
			}
			groups[base] = append(groups[base], i)
		}
	}
	for _, base := range order {
		columns := groups[base]
		column := r.repeatedColumn(t, base)
		if len(columns) == 1 || column == "" || slices.ContainsFunc(columns, func(i int) bool { _, mapped := r.answers.Columns[t.Columns[i].Heading]; return mapped }) {
			continue
		}
		choices := repeatedChoices(t, columns, column, func(name string) bool {
			return slices.ContainsFunc(t.Columns, func(c Column) bool {
				found := r.meaningsIn(t, c.Heading)
				return withoutRepetition(c.Heading) != base && len(found) > 0 && found[0].certain && found[0].column == name
			})
		})
		q := Question{Key: "repeated/" + base, Code: "repeated-heading", Column: column, Written: base, Stops: true,
			ZH: fmt.Sprintf("有 %d 栏的表头都是“%s”，各是什么？", len(columns), base), EN: fmt.Sprintf("%d columns are headed “%s”; what is each?", len(columns), base)}
		for _, choice := range choices {
			q.Choices = append(q.Choices, choice.Choice)
		}
		answer := r.questions.ask(q, RowAt{Sheet: t.Sheet, SheetName: t.SheetName, At: t.Heading})
		chosen := max(0, slices.IndexFunc(choices, func(c repeatedChoice) bool { return c.Value == answer }))
		for i, name := range choices[chosen].names {
			t.Columns[columns[i]].Name = name
		}
		for _, i := range columns {
			t.Columns[i].settled = true
		}
	}
}

// repeatedColumn returns the column that a heading means that stands in the table several times, ""
// where further columns of it are read in another way, or mean nothing here.
func (r *reader) repeatedColumn(t *Table, base string) string {
	if t.Form == Activity && schoolWord.MatchString(base) {
		return ColumnFrom
	}
	found := r.meaningsIn(t, base)
	if len(found) == 0 || !isColumn(t.Form, found[0].column) || slices.Contains(furtherKinds, found[0].column) ||
		slices.Contains(joinedColumns, found[0].column) || slices.Contains([]string{ColumnNumber, ColumnMeasure}, found[0].column) {
		return ""
	}
	return found[0].column
}

// A repeatedChoice is an answer that gives each of several columns its name, "" for none.
type repeatedChoice struct {
	Choice
	names []string
}

// repeatedChoices returns what several columns under one heading may be, the likeliest first.
// elsewhere tells which columns the table has under headings of their own.
func repeatedChoices(t *Table, columns []int, column string, elsewhere func(string) bool) []repeatedChoice {
	var out []repeatedChoice
	add := func(names ...string) {
		var zh, en, value []string
		for i, name := range names {
			if name == "" {
				zh, en = append(zh, columnLetters(columns[i])+"列只随原始行保存"), append(en, "column "+columnLetters(columns[i])+" is kept with the row only")
				continue
			}
			if elsewhere(name) {
				return
			}
			zh, en, value = append(zh, columnLetters(columns[i])+"列是"+name), append(en, "column "+columnLetters(columns[i])+" is "+name), append(value, fmt.Sprint(i+1, name))
		}
		out = append(out, repeatedChoice{Choice{Value: cmp.Or(strings.Join(value, "/"), None), ZH: strings.Join(zh, "，"), EN: strings.Join(en, ", ")}, names})
	}
	names := []string{column}
	switch {
	case t.Form != Activity:
	case t.Columns[columns[0]].Heading == ColumnMeasure && slices.ContainsFunc(t.Columns, func(c Column) bool { return c.Heading == ColumnQuantity }):
		names = []string{ColumnFrom, ColumnTo, ColumnMeasure}
		for _, school := range names[:2] {
			add(school, ColumnMeasure)
			add(ColumnMeasure, school)
		}
	case column == ColumnFrom || column == ColumnTo:
		names = []string{ColumnFrom, ColumnTo}
		if len(columns) == 2 && t.pair.named && t.pair.mentee < t.pair.mentor {
			slices.Reverse(names) // 徒弟, 学校, 师傅, 学校
		}
		if len(columns) == 2 {
			add(names[0], names[1])
			add(names[1], names[0])
		}
	case column == ColumnDate && len(columns) == 2:
		add(ColumnStart, ColumnEnd)
	}
	for _, name := range names {
		for i := range columns {
			only := make([]string, len(columns))
			only[i] = name
			add(only...)
		}
	}
	add(make([]string, len(columns))...)
	return out
}

// nameJoined says which columns say more of what another column says under the same heading.
func (t *Table) nameJoined() {
	named := map[string]string{}
	for _, c := range t.Columns {
		if slices.Contains(joinedColumns, c.Name) {
			named[c.Heading] = c.Name
		}
	}
	for i := range t.Columns {
		if c := &t.Columns[i]; c.Name == "" && !c.Mapped && withoutRepetition(c.Heading) != c.Heading {
			c.joined = named[withoutRepetition(c.Heading)]
		}
	}
}

// joinRepeated adds to a cell of prose what the row says in further columns under the same heading.
func (x *rowReader) joinRepeated(column, text string) string {
	for _, cell := range x.row.Cells {
		if x.table.Columns[cell.Column].joined != column || isPlaceholder(column, cell.Text) || cellFault(cell.Cell) != nil {
			continue
		}
		if text != "" {
			text += "；"
		}
		text += cell.Written()
	}
	return text
}
