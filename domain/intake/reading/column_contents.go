package reading

import (
	"errors"
	"slices"

	"twinledger/domain/calendar"
	"twinledger/domain/heading"
	"twinledger/domain/org"
	"twinledger/domain/record"
	"twinledger/domain/seal"
)

// A heading that nobody knows, or none at all, may stand above the very column that the table
// lacks. What most cells of the column look like tells which that may be, and the clerk is asked.

// contentColumns are the columns that cells can be told to belong to, each with the columns of which
// a table that lacks them all has no such thing.
var contentColumns = []struct {
	columns   []string // that are offered, those that the table lacks
	looksLike func(*reader, Cell) bool
}{
	{[]string{ColumnDate, ColumnStart, ColumnEnd}, func(_ *reader, cell Cell) bool {
		if cell.Date != "" {
			return true
		}
		_, err := calendar.ReadAlone(cell.Text)
		return (err == nil || errors.Is(err, calendar.ErrNoYear)) && cell.Number == "" && !numberOnlyRow.MatchString(compact(cell.Text))
	}},
	{[]string{ColumnCommunity}, func(r *reader, cell Cell) bool { return r.isCommunity(org.NormalName(cell.Text)) }},
	{schoolColumns, func(r *reader, cell Cell) bool { return r.isSchool(org.NormalName(cell.Text)) }},
	{[]string{ColumnCategory}, func(_ *reader, cell Cell) bool { _, known := record.KindsWritten(cell.Text); return known }},
	{[]string{ColumnSubject}, func(_ *reader, cell Cell) bool { return record.IsSubject(cell.Text) }},
	{[]string{ColumnPeople}, func(r *reader, cell Cell) bool { return r.known.Person(cell.Text) || looksLikePerson(cell.Text) }},
}

// mostLooked is how many rows of a table are looked at.
const mostLooked = 200

// askContents asks about the columns of a table of activities whose headings nobody knows and whose
// cells look like what the table lacks.
func (r *reader) askContents(t *Table) {
	if t.Form != Activity {
		return
	}
	dated, asked := t.isDated(), 0
	for i, content := range r.contentsOf(t) {
		c := &t.Columns[i]
		if asked == mostContents || c.Name != "" || c.Mapped || c.settled || t.pair.has(i) || len(r.meaningsIn(t, c.Heading)) > 0 || len(heading.Of(c.Heading)) > 0 || seal.IsLikeName(c.Heading) {
			continue
		}
		columns := content.columns(t, dated)
		if len(columns) == 0 {
			continue
		}
		asked++
		q := Question{Key: "contents/" + c.Heading, Code: "contents", Column: columns[0], Written: c.Heading, Stops: true,
			ZH: "“" + c.Heading + "”一栏没有读，其中多像是" + columns[0] + "；它是哪一栏？（也可用 --map 说明）",
			EN: "The column “" + c.Heading + "” was not read, and most of it looks like " + columns[0] + "; which column is it? (Or say it with --map.)"}
		for _, column := range columns {
			q.Choices = append(q.Choices, Choice{Value: column, ZH: column, EN: column})
		}
		q.Choices = append(q.Choices, Choice{Value: None, ZH: "都不是，只随原始行保存", EN: "none of them; keep it with the rows only"})
		if len(columns) == 1 {
			q.Suggested = "a"
		}
		if answer := r.questions.ask(q, RowAt{Sheet: t.Sheet, SheetName: t.SheetName, At: t.Heading}); slices.Contains(columns, answer) {
			c.Name = answer
		}
	}
}

// mostContents is how many columns are asked about at a time. A table with more of them is no usual
// one; what was answered makes room for others.
const mostContents = 8

// A contentCount says of a column how many cells say something, and how many of these look like
// what belongs to each of [contentColumns], among some rows.
type contentCount struct {
	filled, rows int
	like         []int
}

// contentsOf counts what the columns look like whose headings say nothing.
func (r *reader) contentsOf(t *Table) []contentCount {
	out := make([]contentCount, len(t.Columns))
	rows := t.Rows[:min(len(t.Rows), mostLooked)]
	for _, row := range rows {
		for _, cell := range row.Cells {
			count := &out[cell.Column]
			if t.Columns[cell.Column].Name != "" || isPlaceholder("", cell.Text) {
				continue
			}
			if count.like == nil {
				count.rows, count.like = len(rows), make([]int, len(contentColumns))
			}
			count.filled++
			for n, content := range contentColumns {
				if content.looksLike(r, cell.Cell) {
					count.like[n]++
				}
			}
		}
	}
	return out
}

// columns returns the columns that the table lacks and that a column of it looks like: two of three
// cells, and cells in half of the rows.
// dated tells that the table says when something was under other headings.
func (c contentCount) columns(t *Table, dated bool) []string {
	for n, like := range c.like {
		lacking := slices.DeleteFunc(slices.Clone(contentColumns[n].columns), func(column string) bool {
			return t.has(column) || t.asked[column] || n == 0 && (dated || t.has(ColumnDate)) || column == ColumnDate && t.isDated()
		})
		if len(lacking) > 0 && 3*like >= 2*c.filled && 2*c.filled >= c.rows {
			return lacking
		}
	}
	return nil
}
