package reading

import (
	"slices"

	"twinledger/domain/fault"
	"twinledger/domain/record"
)

// A table may have several columns of people, or of numbers, and a record has one list of people
// and one number. What the further columns mean is asked once for the file; until that is
// answered their cells are kept with the record as they are written.

// What a question about a further column is answered with.
const (
	useFurther  = "use"  // they are people of the record, or say how many attended
	keepFurther = "keep" // the record keeps the cells as they are written
)

// ErrFurtherPeople marks a row with people in a further column.
var ErrFurtherPeople = fault.New(fault.Invalid, "intake.further-people",
	"表中另有一栏写人（见所示的栏），没有回答他们是不是这条记录的人员：未并入人员，原文保留；请回答问题。",
	"The table has a further column of people, the one shown, and nobody answered whether they are people of the record: they are not among its people, and the cell is kept as it is written. Answer the question.")

// furtherColumns marks the columns that tell more of what another column of the table tells.
func (r *reader) furtherColumns(t *Table) {
	for i := range t.Columns {
		c := &t.Columns[i]
		if t.pair.has(i) {
			c.Beside = ColumnPeople
			continue
		}
		if found := r.meaningsIn(t, c.Heading); c.Name == "" && len(found) > 0 && slices.Contains(furtherKinds, found[0].column) && t.has(found[0].column) {
			c.Beside, c.Measure = found[0].column, found[0].measure
		}
	}
}

// furtherKinds are the columns of which a table may have several.
var furtherKinds = []string{ColumnPeople, ColumnQuantity}

// askFurther asks what the cells of a further column are, once for the file, and returns the
// answer. Unless the clerk said that they are no part of the record, or are used, the record keeps
// the cell.
func (x *rowReader) askFurther(c Column, cell TableCell) string {
	main, of, problem := x.headingOf(c.Beside), "是这些记录的人员，并入人员", ErrFurtherPeople
	ofEN := "they are people of the records too"
	if c.Beside == ColumnQuantity {
		of, ofEN, problem = "是参加的人数", "it says how many attended", ErrFurtherNumber
	}
	q := Question{
		Key: "further/" + c.Beside + "/" + c.Heading, Code: "further-column", Column: c.Heading, Written: cell.Text,
		ZH: "“" + main + "”之外还有“" + c.Heading + "”一栏（如“" + cell.Text + "”），它是什么？", EN: "Beside “" + main + "” there is a column “" + c.Heading + "”, with “" + cell.Text + "”; what is it?",
	}
	if c.Beside == ColumnPeople || countsPeople(c.Measure) {
		q.Choices = []Choice{{Value: useFurther, ZH: of, EN: ofEN}}
	}
	q.Choices = append(q.Choices, Choice{Value: keepFurther, ZH: "另有含义，原文保留在记录里", EN: "something else: the record keeps it as it is written"},
		Choice{Value: None, ZH: "与记录无关，只随原始行保存", EN: "no part of the record: keep it with the row only"})
	answer := x.questions.ask(q, x.at())
	if answer == "" {
		x.problem(problem, c.Heading)
	}
	if answer == "" || answer == keepFurther {
		x.keepFurther(c, cell)
	}
	return answer
}

// headingOf returns the heading of a column.
func (x *rowReader) headingOf(column string) string {
	for _, c := range x.table.Columns {
		if c.Name == column {
			return c.Heading
		}
	}
	return column
}

// keepFurther notes that the record keeps a cell of a further column as it is written, behind its
// heading.
func (x *rowReader) keepFurther(c Column, cell TableCell) {
	text := c.Heading + "：" + cell.Written()
	if unit := x.row.Values[ColumnMeasure]; c.Beside == ColumnQuantity && c.Measure == "" && unit.Text != "" {
		text += " " + unit.Written()
	}
	x.open = append(x.open, record.WrittenCell{Column: c.Beside, Text: clearText(text)})
}
