// Package comparing is the second room of an import: it finds out which rows of a file are
// those of the file that its source sent before. It is pure: two lists of rows go in, and which
// of them are the same comes out.
//
// Rows are the same when nothing in them differs; when they are equal in all columns that both
// files have, as in a file with an added column; when they have the same 序号, where other rows
// show that numbers were kept; when they stand at the same place between rows that are the same
// and differ in one or two columns; and when each is by far the most alike of the other. What
// none of these shows is never guessed: it stays undecided.
package comparing

import (
	"slices"
)

// A Row is a row of either file as the comparison sees it.
type Row struct {
	Key    string            // identity
	Class  string            // rows of different classes are never the same: activities, rosters, each register
	Number string            // mark of its 序号, "" when it has none
	Group  string            // names the rows that are equal but for 序号; "" of a former row that is equal to none of the file
	Cells  map[string]string // by column, in the form in which cells are compared; nil when nobody can read them
	Stands bool              // of a former row: a record stands for it
	Behind bool              // of a row of the file: it was taken before, and a later file replaced it or left it out
}

// Decided is what the clerk decided, as indices of the lists that are compared.
type Decided struct {
	Pairs   [][2]int // former rows, and rows of the file that they became
	Removed []int    // former rows
	Added   []int    // rows of the file

	RestRemoved bool // all former rows are gone of which nothing else tells what became of them
	RestAdded   bool // all rows of the file are new of which nothing else tells what they were; the former file's stay as they are, unless they are removed
}

// Found is which rows are the same. Indices are those of the lists that were given.
type Found struct {
	Unchanged int
	Changed   [][2]int // former row and row of the file, by row of the file
	Removed   []int    // former rows
	Undecided []int    // former rows
	Open      []int    // rows of the file that may be one of them
	Older     bool     // the file holds rows that later files replaced or left out
	Unrelated bool     // something is undecided, and the files have no row in common
}

// A Matcher compares two files.
type Matcher struct {
	former, rows []Row

	gone   []bool // former rows that are dealt with
	taken  []bool // rows of the file that are dealt with
	match  []int  // by former row, the row of the file that it is, or -1
	found  Found
	proofs map[string]proof

	before, now [][]int // cells as numbers, by column
	columns     []string
	numbered    bool // the rows of the class that is being compared have kept their 序号
	related     bool // the files have a row in common, as identity or the clerk says
	decided     Decided
}

// New returns what compares a former file with one of now.
func New(former, rows []Row) *Matcher {
	m := &Matcher{former: slices.Clone(former), rows: slices.Clone(rows), gone: make([]bool, len(former)), taken: make([]bool, len(rows)),
		match: make([]int, len(former)), proofs: map[string]proof{}}
	for i := range m.match {
		m.match[i] = -1
	}
	return m
}

// Match compares the files, given what the clerk decided.
func (m *Matcher) Match(d Decided) Found {
	m.decided = d
	m.matchUnchanged()
	m.readCells()
	for _, p := range d.Pairs {
		m.pair(p[0], p[1])
	}
	m.related = m.found.Unchanged+len(d.Pairs) > 0
	for _, i := range d.Removed {
		m.remove(i)
	}
	for _, j := range d.Added {
		m.taken[j] = true
	}
	for _, class := range m.classes() {
		m.matchClass(class)
	}
	slices.SortFunc(m.found.Changed, func(a, b [2]int) int { return a[1] - b[1] })
	slices.Sort(m.found.Removed)
	m.found.Unrelated = len(m.found.Undecided) > 0 && !m.related
	return m.found
}

// classes returns the classes of rows in the order in which they first come up.
func (m *Matcher) classes() []string {
	var out []string
	for _, list := range [][]Row{m.former, m.rows} {
		for _, row := range list {
			if !slices.Contains(out, row.Class) {
				out = append(out, row.Class)
			}
		}
	}
	return out
}

func (m *Matcher) pair(former, row int) {
	m.gone[former], m.taken[row], m.match[former] = true, true, row
	m.found.Changed = append(m.found.Changed, [2]int{former, row})
}

func (m *Matcher) remove(former int) {
	m.gone[former] = true
	m.found.Removed = append(m.found.Removed, former)
}

// left returns the rows of a class that are not dealt with.
func (m *Matcher) left(class string) (former, rows []int) {
	for i, row := range m.former {
		if !m.gone[i] && row.Class == class {
			former = append(former, i)
		}
	}
	for j, row := range m.rows {
		if !m.taken[j] && row.Class == class {
			rows = append(rows, j)
		}
	}
	return former, rows
}

func (m *Matcher) matchClass(class string) {
	former, rows := m.left(class)
	older := slices.ContainsFunc(rows, func(j int) bool { return m.rows[j].Behind })
	m.found.Older = m.found.Older || older
	if !older {
		m.matchColumns(class, former, rows)
		former, rows = m.left(class)
	}
	p := m.proofs[class]
	trusted := p.kept > 0 && !p.renumbered && !older
	contested := false
	if trusted {
		contested = m.matchNumbers(former, rows)
		former, rows = m.left(class)
	}
	m.numbered = trusted && !contested
	if m.related && !older {
		m.matchPlaces(class)
		former, rows = m.left(class)
		m.matchAlike(former, rows)
		former, rows = m.left(class)
	}
	certain := len(rows) == 0 && m.related && !older || trusted && !contested && m.numbersApart(former, rows)
	switch {
	case m.decided.RestRemoved:
		certain = true
	case m.decided.RestAdded:
		return
	case m.mostOf(class, former):
		certain = false
	}
	open := false
	for _, i := range former {
		if certain || !m.former[i].Stands {
			m.remove(i)
		} else {
			m.found.Undecided = append(m.found.Undecided, i)
			open = true
		}
	}
	if open {
		m.found.Open = append(m.found.Open, rows...)
	}
}

// fewGone is how many records a file may leave out without a question, whatever part of the
// former file they are.
const fewGone = 2

// mostOf tells whether the records of some former rows are more than half of those of all
// former rows of a class: a file that leaves out so much is perhaps another one.
func (m *Matcher) mostOf(class string, former []int) bool {
	gone, all := 0, 0
	for _, i := range former {
		if m.former[i].Stands {
			gone++
		}
	}
	for _, row := range m.former {
		if row.Class == class && row.Stands {
			all++
		}
	}
	return gone > fewGone && 2*gone > all
}

// mostCandidates is how many rows are offered that a former one may have become.
const mostCandidates = 5

// Candidates returns the rows of the file that an undecided former row may be, the most alike
// first.
func (m *Matcher) Candidates(i int) []int {
	var out []int
	for _, j := range m.found.Open {
		if m.rows[j].Class == m.former[i].Class {
			out = append(out, j)
		}
	}
	slices.SortStableFunc(out, func(a, b int) int {
		x, ofX := m.agreement(i, a)
		y, ofY := m.agreement(i, b)
		return y*ofX - x*ofY
	})
	return out[:min(len(out), mostCandidates)]
}
