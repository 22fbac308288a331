package reading

import (
	"regexp"

	"twinledger/domain/calendar"
	"twinledger/domain/chinese"
	"twinledger/domain/fault"
	"twinledger/domain/mentorship"
	"twinledger/domain/record"
	"twinledger/domain/tabular"
)

// ErrSeveralInPair marks a pair of mentor and mentee of which a side names several people.
var ErrSeveralInPair = fault.New(fault.Invalid, "intake.several-in-pair",
	"师徒结对一行只记一对；此格写了几个人，这一方按未知处理，原文保留；请每对各写一行。",
	"A row of mentor and mentee is one pair; the cell names several people, so that side stays unknown and the cell is kept as it is written. Give each pair its own row.")

var (
	mentorHeading = regexp.MustCompile(`^(?:师傅|师父|导师|(?:指导|带教|帮带)(?:教师|老师|人))(?:/?姓名)?$`)
	menteeHeading = regexp.MustCompile(`^(?:徒弟|学员|(?:被指导|被带教|被帮带|青年|年轻|新|新入职)(?:教师|老师|人))(?:/?姓名)?$`)
)

// A mentorPair says which columns of a table name the mentor and the mentee. A table has both or
// none: 导师 alone may be somebody who holds a training.
type mentorPair struct {
	mentor, mentee int // indexes of columns
	named          bool
}

// has tells whether a column is one of the two.
func (m mentorPair) has(column int) bool {
	return m.named && (column == m.mentor || column == m.mentee)
}

// mentorColumns finds the columns of mentor and mentee.
func (r *reader) mentorColumns(t *Table) mentorPair {
	pair := mentorPair{mentor: -1, mentee: -1}
	for i, c := range t.Columns {
		if _, mapped := r.answers.Columns[c.Heading]; mapped {
			continue
		}
		switch word := chinese.Word(c.Heading); {
		case mentorHeading.MatchString(word) && pair.mentor < 0:
			pair.mentor = i
		case menteeHeading.MatchString(word) && pair.mentee < 0:
			pair.mentee = i
		}
	}
	pair.named = pair.mentor >= 0 && pair.mentee >= 0
	return pair
}

// furtherPeople returns the people of the row's further columns whom the clerk said to be people
// of the record, as they stand for their keys. Nobody says of which school they are. In a record
// of mentor and mentee these two columns are read by [rowReader.mentorship].
func (x *rowReader) furtherPeople(kinds []record.Kind) []string {
	var out []string
	for _, cell := range x.row.Cells {
		c := x.table.Columns[cell.Column]
		paired := x.table.pair.has(cell.Column)
		if c.Beside != ColumnPeople || isPlaceholder(ColumnPeople, cell.Text) || paired && (len(kinds) == 0 || streamOf(kinds[0]) == "mentorship") {
			continue
		}
		if x.askFurther(c, cell) == useFurther {
			for _, name := range x.peopleIn(c, cell) {
				out = append(out, tabular.Person("", name))
			}
		}
	}
	return out
}

// peopleIn returns the people that a cell of a further column names. What cannot be told apart is
// kept as it is written.
func (x *rowReader) peopleIn(c Column, cell TableCell) []string {
	found := readPeople(cell.Text, x.known.Person)
	problem := found.problem
	switch f := cellFault(cell.Cell); {
	case f != nil:
		problem, found = f, list{}
	case sameAsAbove.MatchString(compact(cell.Text)):
		problem, found = ErrSameAsAbove, list{}
	}
	if problem != nil {
		x.problem(problem, c.Heading)
	}
	if !found.whole {
		x.keepFurther(c, cell)
	}
	for i := range found.names {
		found.names[i] = x.explained(ColumnPeople, found.names[i])
	}
	return found.names
}

// mentorship returns the facts of a pair of mentor and mentee: the mentor belongs to the one
// school that sends, the mentee to the one that receives.
func (x *rowReader) mentorship(common record.Facts) mentorship.Facts {
	f := mentorship.Facts{Facts: common, Start: calendar.Unknown, End: calendar.Unknown}
	if x.table.pair.named {
		f.Mentor = x.oneOfPair(x.table.pair.mentor, common.From)
		f.Mentee = x.oneOfPair(x.table.pair.mentee, common.To)
		f.AsWritten = x.open
		if f.Mentor != "" && f.Mentor == f.Mentee {
			x.hold(mentorship.ErrBadPerson, x.table.Columns[x.table.pair.mentee].Heading)
		}
	}
	return f
}

// oneOfPair returns the one person whom a column of the row names, as it stands for the person's
// key; "" where it names none, or several.
func (x *rowReader) oneOfPair(column int, units []record.Unit) string {
	for _, cell := range x.row.Cells {
		if cell.Column != column || isPlaceholder(ColumnPeople, cell.Text) {
			continue
		}
		names := x.peopleIn(x.table.Columns[column], cell)
		if len(names) > 1 {
			x.problem(ErrSeveralInPair, x.table.Columns[column].Heading)
			x.keepFurther(x.table.Columns[column], cell)
		}
		if len(names) != 1 {
			return ""
		}
		school := ""
		if schools := record.Schools(units); len(schools) == 1 && len(units) == 1 {
			school = schools[0]
		}
		return tabular.Person(school, names[0])
	}
	return ""
}
