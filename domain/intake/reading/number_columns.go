package reading

import (
	"regexp"
	"slices"
	"strings"

	"twinledger/domain/chinese"
	"twinledger/domain/fault"
	"twinledger/domain/heading"
	"twinledger/domain/record"
)

// What a number is met with that is not the 数量 of its record.
var (
	ErrFurtherNumber = fault.New(fault.Invalid, "intake.further-number",
		"表中另有一栏写数（见所示的栏），没有回答它是什么：不相加、不计数，原文保留；请回答问题。",
		"The table has a further column of numbers, the one shown, and nobody answered what it means: it is not added, counts nowhere, and is kept as it is written. Answer the question.")
	ErrClassHours = fault.New(fault.Invalid, "intake.class-hours",
		"数量按课时记，没有说定一课时就是一节，所以不计入节数；请回答问题，或把单位写成节。",
		"The number is in 课时 and it was not said that one is a lesson, so it counts as no number of lessons; answer the question, or write the unit 节.")
	ErrLengthOfTime = fault.New(fault.Invalid, "intake.length-of-time",
		"数量按课时记，是时长，不是开展了几次，所以不计入次数；次数请写在数量（次）一栏。",
		"The number is in 课时, a length of time and not how often it took place, so it counts as no number of times; write that in a column 数量（次）.")
)

// occurrenceCodes are the measures that count how often something took place, the most usual
// first.
var occurrenceCodes = []string{"lesson", "session", "time"}

// countsPeople tells whether a unit counts people.
func countsPeople(measure string) bool {
	code := record.MeasureOf(measure).Code
	return code == "person" || code == "person_visit"
}

// numberColumns returns the indexes of the columns that may hold the 数量 of the records.
func (r *reader) numberColumns(t *Table) (indexes []int, found []meaning) {
	for i, c := range t.Columns {
		if m := r.meaningsIn(t, c.Heading); c.Name == "" && len(m) > 0 && m[0].column == ColumnQuantity {
			indexes, found = append(indexes, i), append(found, m[0])
		}
	}
	return indexes, found
}

// quantityColumn returns the index of the one column of several that holds the 数量 of the
// records, -1 where the headings alone decide. A number of lessons, sessions or times is the
// 数量, or one that names no unit; where a table has two of these it is asked, since they must not
// be added. After these come numbers of things, and then those of people.
func (r *reader) quantityColumn(t *Table) int {
	indexes, found := r.numberColumns(t)
	var rivals, things, people []int
	for n, i := range indexes {
		code := record.MeasureOf(found[n].measure).Code
		_, mapped := r.answers.Columns[t.Columns[i].Heading]
		switch {
		case mapped:
			return i
		case !found[n].certain:
		case found[n].measure == "", slices.Contains(occurrenceCodes, code):
			rivals = append(rivals, i)
		case countsPeople(found[n].measure):
			people = append(people, i)
		default:
			things = append(things, i)
		}
	}
	if len(rivals) > 1 {
		return r.askQuantityColumn(t, rivals)
	}
	if all := slices.Concat(rivals, things, people); len(all) > 0 {
		return all[0]
	}
	return -1
}

// askQuantityColumn asks which of several columns holds the 数量 of the records, and returns the
// likeliest until that is answered.
func (r *reader) askQuantityColumn(t *Table, rivals []int) int {
	var headings []string
	q := Question{Code: "number", Column: ColumnQuantity, Stops: true}
	for _, i := range rivals {
		headings = append(headings, t.Columns[i].Heading)
		q.Choices = append(q.Choices, Choice{Value: t.Columns[i].Heading, ZH: t.Columns[i].Heading, EN: t.Columns[i].Heading})
	}
	likeliest := 0
	for n := range rivals {
		if rankOf(headings[n]) < rankOf(headings[likeliest]) {
			likeliest = n
		}
	}
	q.Written = strings.Join(headings, "、")
	q.Key, q.Suggested = "number/"+q.Written, letter(likeliest)
	q.ZH = "这几栏都像是数量：" + q.Written + "；记录的数量是哪一栏？（各栏不相加，其余的另问）"
	q.EN = "Several columns look like the number of the records: " + q.Written + ". Which is it? (They are not added; the others are asked about.)"
	answer := r.questions.ask(q, RowAt{Sheet: t.Sheet, SheetName: t.SheetName, At: t.Heading})
	if n := slices.Index(headings, answer); n >= 0 {
		return rivals[n]
	}
	return rivals[likeliest]
}

// rankOf orders headings by what they count: lessons, sessions, times, and what names no unit.
func rankOf(text string) int {
	if n := slices.Index(occurrenceCodes, record.MeasureOf(measureIn(text)).Code); n >= 0 {
		return n
	}
	return len(occurrenceCodes)
}

// attended matches the heading of a column that says how many attended.
var attended = regexp.MustCompile(`^(?:实际)?(?:参加|参与|参会|到会|实到|出席|听课|听讲|参训|培训)?(?:教师|人员|总)?人(?:数|次|次数)(?:$|[(/])`)

// nameAttendance says which column tells how many attended, where the table has one. In a register
// of posted teachers and in one of things there is none.
func (r *reader) nameAttendance(t *Table) {
	indexes, found := r.numberColumns(t)
	at := -1
	for n, i := range indexes {
		if countsPeople(found[n].measure) && r.tellsAttendance(t, t.Columns[i].Heading) {
			if at >= 0 {
				return // two of them, such as 实到人数 and 人次
			}
			at = i
			t.Columns[i].Measure = found[n].measure
		}
	}
	unit := record.MeasureOf(t.measureOf(ColumnQuantity))
	if at >= 0 && (unit.Text == "" || slices.Contains(occurrenceCodes, unit.Code) || unit.Code == classHour) {
		t.attendance, t.Columns[at].Beside = at, ColumnQuantity
	}
}

// tellsAttendance tells whether a heading says how many attended.
func (r *reader) tellsAttendance(t *Table, written string) bool {
	word := chinese.Word(written)
	if _, lower, grouped := strings.Cut(word, groupSign); grouped && measureWord(lower) == "" {
		word = lower
	}
	return kindOfTable(t) != heading.Exchange && (attended.MatchString(word) || strings.HasPrefix(word, ColumnQuantity))
}

// measureOf returns the unit that the heading of a column names, "" when it names none.
func (t *Table) measureOf(column string) string {
	for _, c := range t.Columns {
		if c.Name == column {
			return c.Measure
		}
	}
	return ""
}

// hasPlainNumber tells whether a further column holds numbers of which the column 单位 says the unit.
func (t *Table) hasPlainNumber() bool {
	return slices.ContainsFunc(t.Columns, func(c Column) bool { return c.Beside == ColumnQuantity && c.Measure == "" })
}

// attendance returns how many attended, where a column of the table says so beside the number of
// occurrences, and asks about all other columns of numbers.
func (x *rowReader) attendance() record.Quantity {
	var out record.Quantity
	for _, cell := range x.row.Cells {
		c := x.table.Columns[cell.Column]
		if c.Beside != ColumnQuantity || isPlaceholder(ColumnQuantity, cell.Text) {
			continue
		}
		if cell.Column != x.table.attendance && x.askFurther(c, cell) != useFurther {
			continue
		}
		q, err := readQuantity(cell.Text, c.Measure)
		if cell.Above {
			switch x.askMerged(c.Heading, cell.Text) {
			case ofAllRows:
				continue // the record of the first row has it
			case ofEachRow:
			default:
				err = ErrMergedNumber
			}
		}
		if err == nil && !keeps(q) || cellFault(cell.Cell) != nil || out.Number != "" {
			err = record.ErrUnreadableQuantity
		}
		if err != nil {
			x.problem(asFault(err), c.Heading)
			x.keepFurther(c, cell)
			continue
		}
		out, out.Text = q, cell.Written()
	}
	return out
}

const classHour = "class_hour"

// lessonsOf returns a number of 课时 as one of lessons, once the clerk has said for the file that a
// 课时 is one. In a session, a visit or another activity a 课时 is a length of time.
func (x *rowReader) lessonsOf(q record.Quantity, kinds []record.Kind) record.Quantity {
	if q.Measure.Code != classHour || q.Number == "" || len(kinds) == 0 {
		return q
	}
	switch streamOf(kinds[0]) {
	case "lesson":
	case "research", "visit", "meeting", "activity":
		x.problem(ErrLengthOfTime, ColumnQuantity)
		return q
	default:
		return q
	}
	answer := x.questions.ask(Question{
		Key: "measure/课时", Code: "class-hours", Column: ColumnQuantity, Written: q.Text,
		ZH: "有的数量按课时记（如“" + q.Text + "”），一课时是不是一节课？", EN: "Some numbers are in 课时, such as “" + q.Text + "”; is one of them one lesson (节)?",
		Choices: []Choice{{Value: "lesson", ZH: "是，照节数计", EN: "yes, count them as lessons"}, {Value: None, ZH: "不是，只记课时，不计节数", EN: "no: keep them as 课时, which count as no lessons"}},
	}, x.at())
	if answer == "lesson" {
		q.Measure = record.MeasureOf("节")
		return q
	}
	x.problem(ErrClassHours, ColumnQuantity)
	return q
}
