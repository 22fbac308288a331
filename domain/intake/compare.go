package intake

import (
	"cmp"
	"slices"
)

// A former row is a row of the file that this one is compared with.
type formerRow struct {
	ListedRow
	group     string // as that of equal rows of the file; "" when it has none
	state     rowState
	form      Form
	cells     map[string]string // as written, by column; nil when nobody can read them
	record    string            // key of the record that it stands for; "" when it made none
	void      bool              // the record is void
	askReason AskReason         // what speaks against changing the record
	kept      bool              // the clerk decided that the record stays as it is
}

// A newRow is a row of the file as the comparison sees it.
type newRow struct {
	key     string
	written string // its identity under the headings as they are written
	group   string // names the rows that are equal but for 序号
	form    Form
	number  string // mark of its 序号, "" when it has none
	cells   map[string]Cell
	former  bool // it was taken before, and a later file replaced it or left it out
}

// A matching is which rows of two files are the same. Indices are those of the
// lists that were given.
type matching struct {
	unchanged int
	changed   [][2]int // former row and new row, by new row
	removed   []int    // former rows
	undecided []int    // former rows
	open      []int    // new rows that may be one of them
	older     bool     // the file holds rows that later files replaced or left out
}

// A matcher finds out which rows are the same, never by guessing: what neither
// identity nor 序号 proves stays undecided.
type matcher struct {
	former []formerRow
	rows   []newRow
	mark   func(column, text string) string // equal for two writings of one cell

	gone  []bool // former rows that are dealt with
	found []bool // new rows that are dealt with
	out   matching
	proof map[Form]proof

	before, now [][]int // cells as numbers, by column
	columns     int
	related     bool // the files have a row in common, as identity or the clerk says
}

// proof is what the unchanged rows of a form say of its 序号.
type proof struct {
	kept       int  // unchanged rows that still have their number
	renumbered bool // an unchanged row has another number than before
}

// match compares, with the decisions given as indices: pairs, former rows that
// are removed, new rows that are added.
func (m *matcher) match(pairs [][2]int, removed, added []int) matching {
	m.gone, m.found, m.proof = make([]bool, len(m.former)), make([]bool, len(m.rows)), map[Form]proof{}
	m.matchUnchanged()
	m.readCells()
	for _, p := range pairs {
		m.pair(p[0], p[1])
	}
	m.related = m.out.unchanged+len(pairs) > 0
	for _, i := range removed {
		m.remove(i)
	}
	for _, j := range added {
		m.found[j] = true
	}
	m.matchMapped()
	for _, form := range []Form{Activity, Roster, WholeRegister} {
		m.matchForm(form)
	}
	slices.SortFunc(m.out.changed, func(a, b [2]int) int { return a[1] - b[1] })
	slices.Sort(m.out.removed)
	return m.out
}

func (m *matcher) pair(former, row int) {
	m.gone[former], m.found[row] = true, true
	m.out.changed = append(m.out.changed, [2]int{former, row})
}

func (m *matcher) remove(former int) {
	m.gone[former] = true
	m.out.removed = append(m.out.removed, former)
}

// matchUnchanged finds the rows whose identity is the same, and what they prove.
func (m *matcher) matchUnchanged() {
	at, groups := map[string]int{}, map[string]*equalRows{}
	of := func(group string) *equalRows {
		if groups[group] == nil {
			groups[group] = &equalRows{}
		}
		return groups[group]
	}
	for j, row := range m.rows {
		at[row.key] = j
		of(row.group).rows = append(of(row.group).rows, j)
	}
	for i, old := range m.former {
		if old.group != "" {
			of(old.group).former = append(of(old.group).former, i)
		}
		if j, ok := at[old.Row]; ok {
			m.gone[i], m.found[j] = true, true
			m.out.unchanged++
		}
	}
	for _, equal := range groups {
		form := m.rows[equal.rows[0]].form
		m.proof[form] = m.proof[form].with(m.renumber(equal))
	}
}

// equalRows are the rows of both files that are equal but for 序号: which of them
// is which does not matter.
type equalRows struct{ former, rows []int }

// renumber compares the numbers of equal rows, and leaves those that only one
// file has to the rows that only it has.
func (m *matcher) renumber(equal *equalRows) proof {
	var before, now []string
	for _, i := range equal.former {
		before = append(before, m.former[i].Number)
	}
	for _, j := range equal.rows {
		now = append(now, m.rows[j].number)
	}
	var p proof
	onlyNow := slices.DeleteFunc(slices.Clone(now), func(number string) bool {
		i := slices.Index(before, number)
		if i < 0 {
			return false
		}
		before = slices.Delete(before, i, i+1)
		if number != "" {
			p.kept++
		}
		return true
	})
	named := func(number string) bool { return number != "" }
	p.renumbered = slices.ContainsFunc(before, named) && slices.ContainsFunc(onlyNow, named)
	for _, i := range equal.former {
		if !m.gone[i] {
			m.former[i].Number, before = next(before)
		}
	}
	for _, j := range equal.rows {
		if !m.found[j] {
			m.rows[j].number, onlyNow = next(onlyNow)
		}
	}
	return p
}

// next takes the first of a list, "" when it is empty.
func next(list []string) (string, []string) {
	if len(list) == 0 {
		return "", nil
	}
	return list[0], list[1:]
}

func (p proof) with(q proof) proof {
	return proof{kept: p.kept + q.kept, renumbered: p.renumbered || q.renumbered}
}

// matchMapped pairs the rows that only differ in that a heading is now read as
// another column.
func (m *matcher) matchMapped() {
	at := map[string]int{}
	for j, row := range m.rows {
		if !m.found[j] && row.written != row.key {
			at[row.written] = j
		}
	}
	for i, old := range m.former {
		if j, ok := at[old.Row]; ok && !m.gone[i] {
			m.pair(i, j)
		}
	}
}

// left returns the rows of a form that are not dealt with.
func (m *matcher) left(form Form) (former, rows []int) {
	for i, old := range m.former {
		if !m.gone[i] && old.form == form {
			former = append(former, i)
		}
	}
	for j, row := range m.rows {
		if !m.found[j] && row.form == form {
			rows = append(rows, j)
		}
	}
	return former, rows
}

func (m *matcher) matchForm(form Form) {
	former, rows := m.left(form)
	older := slices.ContainsFunc(rows, func(j int) bool { return m.rows[j].former })
	m.out.older = m.out.older || older
	p := m.proof[form]
	trusted := p.kept > 0 && !p.renumbered && !older
	contested := false
	if trusted {
		contested = m.matchNumbers(former, rows)
		former, rows = m.left(form)
	}
	certain := len(rows) == 0 && m.related && !older || trusted && !contested && m.numbersApart(former, rows)
	open := false
	for _, i := range former {
		if certain || m.former[i].record == "" {
			m.remove(i)
		} else {
			m.out.undecided = append(m.out.undecided, i)
			open = true
		}
	}
	if open {
		m.out.open = append(m.out.open, rows...)
	}
}

// matchNumbers pairs the rows with the same unique 序号, and tells whether one of
// these pairs is contested: too different, or one of its rows resembles another
// more.
func (m *matcher) matchNumbers(former, rows []int) (contested bool) {
	before := m.byNumber(former, func(i int) string { return m.former[i].Number })
	now := m.byNumber(rows, func(j int) string { return m.rows[j].number })
	for _, i := range former {
		number := m.former[i].Number
		if number == "" || len(now[number]) == 0 {
			continue
		}
		if len(before[number]) > 1 || len(now[number]) > 1 || m.contested(i, now[number][0], former, rows) {
			contested = true
			continue
		}
		m.pair(i, now[number][0])
	}
	return contested
}

func (m *matcher) byNumber(list []int, number func(int) string) map[string][]int {
	by := map[string][]int{}
	for _, i := range list {
		if n := number(i); n != "" {
			by[n] = append(by[n], i)
		}
	}
	return by
}

// contested tells whether the cells speak against the pair of one 序号.
func (m *matcher) contested(i, j int, former, rows []int) bool {
	if m.former[i].cells == nil {
		return true
	}
	agree, cells := m.agreement(i, j)
	better := func(other, of int) bool { return other*cells > agree*of } // as shares, without division
	for _, k := range former {
		if n, of := m.agreement(k, j); k != i && better(n, of) {
			return true
		}
	}
	for _, k := range rows {
		if n, of := m.agreement(i, k); k != j && better(n, of) {
			return true
		}
	}
	return 2*agree < cells
}

// agreement returns in how many cells two rows agree, of how many that either
// has, 序号 left out.
func (m *matcher) agreement(i, j int) (agree, cells int) {
	old, row := m.before[i], m.now[j]
	for column := range m.columns {
		var a, b int
		if column < len(old) {
			a = old[column]
		}
		if column < len(row) {
			b = row[column]
		}
		if a != 0 || b != 0 {
			cells++
		}
		if a != 0 && a == b {
			agree++
		}
	}
	return agree, max(cells, 1)
}

// readCells gives equal cells equal numbers, so that many rows can be compared
// with many.
func (m *matcher) readCells() {
	columns, values := map[string]int{}, map[[2]string]int{}
	read := func(list []int, column, text string) []int {
		if column == ColumnNumber || text == "" {
			return list
		}
		at, known := columns[column]
		if !known {
			at = len(columns)
			columns[column] = at
		}
		for len(list) <= at {
			list = append(list, 0)
		}
		value := [2]string{column, m.mark(column, text)}
		if values[value] == 0 {
			values[value] = len(values) + 1
		}
		list[at] = values[value]
		return list
	}
	m.before, m.now = make([][]int, len(m.former)), make([][]int, len(m.rows))
	for i, old := range m.former {
		for column, text := range old.cells {
			m.before[i] = read(m.before[i], column, text)
		}
	}
	for j, row := range m.rows {
		if !m.found[j] {
			for column, cell := range row.cells {
				m.now[j] = read(m.now[j], column, cell.Text)
			}
		}
	}
	m.columns = len(columns)
}

// numbersApart tells whether all rows that are left have a 序号, each its own.
func (m *matcher) numbersApart(former, rows []int) bool {
	seen := map[string]bool{"": true}
	fresh := func(number string) bool {
		again := seen[number]
		seen[number] = true
		return !again
	}
	for _, i := range former {
		if !fresh(m.former[i].Number) {
			return false
		}
	}
	for _, j := range rows {
		if !fresh(m.rows[j].number) {
			return false
		}
	}
	return true
}

// mostCandidates is how many rows are offered that a former one may have become.
const mostCandidates = 5

// candidates returns the new rows that an undecided former row may be, the most
// alike first.
func (m *matcher) candidates(i int) []int {
	var out []int
	better := func(a, b int) int {
		x, ofX := m.agreement(i, a)
		y, ofY := m.agreement(i, b)
		return cmp.Compare(y*ofX, x*ofY)
	}
	for _, j := range m.out.open {
		if m.rows[j].form != m.former[i].form {
			continue
		}
		at, _ := slices.BinarySearchFunc(out, j, func(a, b int) int { return cmp.Or(better(a, b), a-b) })
		if at < mostCandidates {
			out = slices.Insert(out, at, j)
			out = out[:min(len(out), mostCandidates)]
		}
	}
	return out
}
