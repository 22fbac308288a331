package reading

import (
	"errors"
	"maps"
	"regexp"
	"slices"
	"strings"

	"twinledger/domain/calendar"
	"twinledger/domain/fault"
	"twinledger/domain/org"
)

// Answers are what the clerk said, now or with a former file of the source.
type Answers struct {
	Columns map[string]string // heading, without white space, to the column that it means; [None] for none
	Values  map[string]string // column to what every row of the file says that says nothing itself
	Words   map[string]string // a word as written, without white space, to a word that is understood
	Choices map[string]string // key of a question to the value that was chosen
}

// Settings are what reading depends on beside the workbook.
type Settings struct {
	Answers   Answers
	Known     Known
	Registers map[string]RegisterForm // by kind of stream; none means that only activities and rosters are read
	Today     calendar.Day            // the day of the import; what lies after it is ahead
}

// A File is what a workbook says.
type File struct {
	Name      string
	Tables    []Table
	Rows      []Row      // of all tables, in the order of the file
	Questions []Question // each once, answered ones too
	Warnings  []error    // faults with their place that hold up no row
}

// A reader reads one workbook.
type reader struct {
	answers     Answers
	known       Known
	registers   map[string]RegisterForm
	today       calendar.Day
	questions   *questions
	last        map[string]string // by column, what the row before in the same table said
	years       []string          // the years of the file's dates, the most frequent first
	held        map[string]int    // by key of an open question, how many rows it holds
	yearAbove   string            // what the nearest row above in the same table says under 年
	numberedRow int               // the nearest row above with a number that no merged cell from above covers
	values      map[string]Cell   // of the row that is being read
	only        string            // the one community that all activities of the workbook name
}

// Read returns what a workbook says, given what the clerk said about it. It fails with the
// faults for which nothing of the file can be read; what is wrong with single rows stands in
// them.
func Read(w Workbook, s Settings) (File, error) {
	r := &reader{
		answers: s.Answers, known: s.Known, registers: s.Registers, today: s.Today,
		questions: newQuestions(s.Answers.Choices), values: map[string]Cell{},
	}
	if r.known == nil {
		r.known = nobody{}
	}
	f := File{Name: w.File}
	var problems []error
	f.Tables, problems = r.findTables(w)
	if len(problems) == 0 {
		problems = r.unusedAnswers(f.Tables)
	}
	if len(problems) > 0 {
		return File{Name: w.File, Questions: r.questions.list()}, errors.Join(problems...)
	}
	r.known = inFile(r.known, f.Tables)
	r.only, r.years, r.held = onlyCommunity(f.Tables), yearsIn(f.Tables), map[string]int{}
	for i := range f.Tables {
		t := &f.Tables[i]
		r.last, r.yearAbove = map[string]string{}, ""
		for _, row := range t.Rows {
			f.Rows = append(f.Rows, r.row(i, t, row))
		}
		f.Warnings = append(f.Warnings, t.warnings()...)
	}
	f.Warnings = append(append(f.Warnings, warnOfYears(&f)...), warnOfAhead(&f)...)
	r.stopAtMost(len(f.Rows))
	f.Questions = r.questions.list()
	return f, nil
}

// row reads one row of a table.
func (r *reader) row(table int, t *Table, row TableRow) Row {
	x := rowReader{reader: r, table: t, row: &openRow{Row: Row{Table: table, TableRow: row, Occurred: calendar.Unknown, columns: t.Columns}, Values: r.values}}
	clear(r.values)
	for _, cell := range row.Cells {
		if name := t.Columns[cell.Column].Name; name != "" {
			x.row.Values[name] = cell.Cell
		}
		if t.Columns[cell.Column].Name == ColumnQuantity && !cell.Above {
			r.numberedRow = row.Number
		}
	}
	if t.Form == Activity || t.Form == Roster {
		for _, column := range allColumns[t.Form] {
			if value := r.setFor(t, column, row.Section); value != "" && x.row.Values[column].Text == "" {
				x.row.Values[column] = Cell{Text: value}
				x.row.Set = append(x.row.Set, Said{column, value})
			}
		}
	}
	switch t.Form {
	case Activity:
		x.sayOutside()
		x.readActivity()
	case Roster:
		x.readRoster()
	case WholeRegister:
		x.readRegister()
	}
	if x.row.Held && x.asked != "" {
		r.held[x.asked]++
	}
	return x.row.close()
}

// stopAtMost makes a question stop the import that holds most rows of the file: nobody wants
// such a file taken in without its answer.
func (r *reader) stopAtMost(rows int) {
	for key, held := range r.held {
		if q := r.questions.byKey[key]; q.Open() && 2*held > rows {
			q.Stops = true
		}
	}
}

// yearsIn returns the years of the dates in tables, the most frequent first.
func yearsIn(tables []Table) []string {
	count := map[string]int{}
	for i := range tables {
		for _, row := range tables[i].Rows {
			for _, cell := range row.Cells {
				if year := fullYear.FindString(cell.Text); year != "" && slices.Contains(dateColumns, tables[i].Columns[cell.Column].Name) {
					count[year]++
				}
			}
		}
	}
	years := slices.Sorted(maps.Keys(count))
	slices.SortStableFunc(years, func(a, b string) int { return count[b] - count[a] })
	return years[:min(len(years), mostOffered)]
}

var fullYear = regexp.MustCompile(`(?:19|20)\d\d`)

// setFor returns what the clerk said for every row of a file that says nothing itself in a
// column: beforehand, or as the answer to the question what the missing column would say.
func (r *reader) setFor(t *Table, column string, section *Section) string {
	if value := r.answers.Values[column]; value != "" || column != ColumnCategory || t.has(column) {
		return value
	}
	if answer := r.answers.Choices[t.wording(section).key]; answer != None {
		return answer
	}
	return ""
}

// setKey is the key of the question what a column would say that a table does not have.
func setKey(column string) string { return "set/" + column }

// unusedAnswers returns faults for what the clerk said of headings that the file lacks.
func (r *reader) unusedAnswers(tables []Table) []error {
	var out []error
	for _, heading := range slices.Sorted(maps.Keys(r.answers.Columns)) {
		if !slices.ContainsFunc(tables, func(t Table) bool {
			return slices.ContainsFunc(t.Columns, func(c Column) bool { return c.Heading == heading })
		}) && r.answers.Columns[heading] != None {
			out = append(out, ErrNoSuchHeading.At(fault.Place{Column: heading}))
		}
	}
	return out
}

// onlyCommunity returns the one community that all activity rows name, or "".
func onlyCommunity(tables []Table) string {
	only := ""
	for i := range tables {
		for _, row := range tables[i].Rows {
			cell, _ := tables[i].named(row, ColumnCommunity)
			name := org.NormalName(cell.Text)
			switch {
			case tables[i].Form != Activity || isPlaceholder(ColumnCommunity, name) || name == only:
			case only == "":
				only = name
			default:
				return ""
			}
		}
	}
	return only
}

// nobody knows no name.
type nobody struct{}

// School knows no school.
func (nobody) School(string) bool { return false }

// Person knows no person.
func (nobody) Person(string) bool { return false }

// Community knows no community.
func (nobody) Community(string) bool { return false }

// A fileNames knows what the ledger knows and the schools, communities and people that the
// file itself names alone in a cell.
type fileNames struct {
	Known
	schools, people, communities map[string]bool
}

// School tells whether a name is that of a school.
func (f fileNames) School(name string) bool { return f.schools[name] || f.Known.School(name) }

// Person tells whether a name is that of a person.
func (f fileNames) Person(name string) bool { return f.people[name] || f.Known.Person(name) }

// Community tells whether a name is that of a community.
func (f fileNames) Community(name string) bool {
	return f.communities[name] || f.Known.Community(name)
}

// inFile adds to what is known the names that the rosters of a file list.
func inFile(known Known, tables []Table) Known {
	f := fileNames{known, map[string]bool{}, map[string]bool{}, map[string]bool{}}
	for i := range tables {
		t := &tables[i]
		for _, row := range t.Rows {
			for _, cell := range row.Cells {
				name := org.NormalName(cell.Text)
				if strings.ContainsAny(name, joiners+"；;\n") || isPlaceholder("", name) {
					continue
				}
				switch column := t.Columns[cell.Column].Name; {
				case t.Form == Roster && column == ColumnSchool, t.Register == "school" && column == nameHeader:
					f.schools[name] = !isGroupOfSchools(name) && withoutContact(name, looksLikeSchool) == name
				case t.Register == "person" && column == nameHeader:
					f.people[name] = true
				case t.Register == "community" && column == nameHeader:
					f.communities[name] = true
				}
			}
		}
	}
	return f
}

// nameHeader is the column of a register that names a school, community or person.
const nameHeader = "名称"

// Tables returns the tables of a workbook in its order and what is wrong with it, given
// nothing that the clerk said. Registers' tables are not looked for.
func Tables(w Workbook) ([]Table, []error) {
	r := &reader{known: nobody{}, questions: newQuestions(nil)}
	return r.findTables(w)
}
