package comparing

import (
	"strings"
)

// readCells gives equal cells equal numbers, so that many rows can be compared with many.
func (m *Matcher) readCells() {
	columns, values := map[string]int{}, map[[2]string]int{}
	read := func(cells map[string]string) []int {
		var list []int
		for column, text := range cells {
			if text == "" {
				continue
			}
			at, known := columns[column]
			if !known {
				at = len(columns)
				columns[column] = at
				m.columns = append(m.columns, column)
			}
			for len(list) <= at {
				list = append(list, 0)
			}
			value := [2]string{column, text}
			if values[value] == 0 {
				values[value] = len(values) + 1
			}
			list[at] = values[value]
		}
		return list
	}
	m.before, m.now = make([][]int, len(m.former)), make([][]int, len(m.rows))
	for i, row := range m.former {
		m.before[i] = read(row.Cells)
	}
	for j, row := range m.rows {
		m.now[j] = read(row.Cells)
	}
}

// agreement returns in how many cells two rows agree, of how many that either has.
func (m *Matcher) agreement(i, j int) (agree, cells int) {
	old, row := m.before[i], m.now[j]
	for column := range m.columns {
		a, b := at(old, column), at(row, column)
		if a != 0 || b != 0 {
			cells++
		}
		if a != 0 && a == b {
			agree++
		}
	}
	return agree, max(cells, 1)
}

func at(list []int, i int) int {
	if i < len(list) {
		return list[i]
	}
	return 0
}

// matchColumns pairs the rows that are equal in all columns that both files have, in their
// order: a column was added or left out, or the file's title changed.
func (m *Matcher) matchColumns(class string, former, rows []int) {
	common := m.commonColumns(class)
	if len(common) < 2 {
		return
	}
	byText := map[string][]int{}
	for _, j := range rows {
		if key, filled := textOf(m.now[j], common); filled >= 2 {
			byText[key] = append(byText[key], j)
		}
	}
	for _, i := range former {
		key, _ := textOf(m.before[i], common)
		if same := byText[key]; len(same) > 0 && m.former[i].Cells != nil {
			m.pair(i, same[0])
			byText[key] = same[1:]
			m.related = true
		}
	}
}

// commonColumns returns the columns in which rows of a class have something in both files.
func (m *Matcher) commonColumns(class string) []int {
	var out []int
	for column := range m.columns {
		has := func(list []Row, cells [][]int) bool {
			for i, row := range list {
				if row.Class == class && at(cells[i], column) != 0 {
					return true
				}
			}
			return false
		}
		if has(m.former, m.before) && has(m.rows, m.now) {
			out = append(out, column)
		}
	}
	return out
}

// textOf joins a row's cells in some columns, and counts those that hold something.
func textOf(cells []int, columns []int) (string, int) {
	var b strings.Builder
	filled := 0
	for _, column := range columns {
		value := at(cells, column)
		if value != 0 {
			filled++
		}
		for ; value > 0; value >>= 7 {
			b.WriteByte(byte(value&0x7f) + 1)
		}
		b.WriteByte(0)
	}
	return b.String(), filled
}

// mostDiffering is in how many columns a row may differ from the one at the same place and
// still be the same row.
const mostDiffering = 2

// naming are the columns whose text is what a row is about: a roster's row about another school
// is another row.
var naming = []string{"学校", "名称", "记录编号"}

// close tells whether two rows differ so little that one is the other corrected: in one or two
// columns, and in less than in which they agree. Where 序号 is kept, rows with different ones are
// different rows.
func (m *Matcher) close(i, j int) bool {
	if m.former[i].Cells == nil {
		return false
	}
	if a, b := m.former[i].Number, m.rows[j].Number; m.numbered && a != "" && b != "" && a != b {
		return false
	}
	for _, column := range naming {
		if m.former[i].Cells[column] != m.rows[j].Cells[column] {
			return false
		}
	}
	agree, cells := m.agreement(i, j)
	return cells-agree <= mostDiffering && agree > cells-agree
}

// matchPlaces pairs the rows that stand at the same place: between the same rows before and
// behind, as many in one file as in the other, each close to its counterpart.
func (m *Matcher) matchPlaces(class string) {
	var formerGap, rowGap []int
	next := 0 // the first row of the file behind the last anchor
	flush := func(to int) {
		rowGap = rowGap[:0]
		for j := next; j < to; j++ {
			if m.rows[j].Class == class && !m.taken[j] {
				rowGap = append(rowGap, j)
			}
		}
		if len(formerGap) == len(rowGap) {
			for k, i := range formerGap {
				if m.close(i, rowGap[k]) {
					m.pair(i, rowGap[k])
				}
			}
		}
		formerGap = formerGap[:0]
	}
	for i, row := range m.former {
		switch {
		case row.Class != class:
		case m.match[i] >= next:
			flush(m.match[i])
			next = m.match[i] + 1
		case !m.gone[i]:
			formerGap = append(formerGap, i)
		}
	}
	flush(len(m.rows))
}

// mostCompared bounds the pairs of rows that are compared with each other.
const mostCompared = 4_000_000

// matchAlike pairs the rows each of which is by far the most alike of the other: they are close,
// and no other row is as much like either.
func (m *Matcher) matchAlike(former, rows []int) {
	if len(former)*len(rows) > mostCompared {
		return
	}
	best := func(of int, among []int, agree func(a, b int) (int, int)) (int, bool) {
		found, most, ofMost, alone := -1, 0, 1, true
		for _, k := range among {
			n, cells := agree(of, k)
			switch share := n*ofMost - most*cells; {
			case share > 0:
				found, most, ofMost, alone = k, n, cells, true
			case share == 0:
				alone = false
			}
		}
		return found, alone && found >= 0
	}
	var pairs [][2]int
	for _, i := range former {
		j, alone := best(i, rows, m.agreement)
		if !alone || !m.close(i, j) {
			continue
		}
		back, alone := best(j, former, func(b, a int) (int, int) { return m.agreement(a, b) })
		if alone && back == i {
			pairs = append(pairs, [2]int{i, j})
		}
	}
	for _, p := range pairs {
		if !m.taken[p[1]] {
			m.pair(p[0], p[1])
		}
	}
}
