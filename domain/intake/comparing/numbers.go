package comparing

import "slices"

// proof is what the unchanged rows of a class say of its 序号.
type proof struct {
	kept       int  // unchanged rows that still have their number
	renumbered bool // an unchanged row has another number than before
}

func (p proof) with(q proof) proof {
	return proof{kept: p.kept + q.kept, renumbered: p.renumbered || q.renumbered}
}

// matchUnchanged finds the rows whose identity is the same, and what they prove of numbers.
func (m *Matcher) matchUnchanged() {
	at, groups := map[string]int{}, map[string]*equalRows{}
	var order []string
	of := func(group string) *equalRows {
		if groups[group] == nil {
			groups[group] = &equalRows{}
			order = append(order, group)
		}
		return groups[group]
	}
	for j, row := range m.rows {
		at[row.Key] = j
		of(row.Group).rows = append(of(row.Group).rows, j)
	}
	for i, old := range m.former {
		if old.Group != "" {
			of(old.Group).former = append(of(old.Group).former, i)
		}
		if j, ok := at[old.Key]; ok {
			m.gone[i], m.taken[j], m.match[i] = true, true, j
			m.found.Unchanged++
		}
	}
	for _, group := range order {
		equal := groups[group]
		if len(equal.rows) == 0 {
			continue
		}
		class := m.rows[equal.rows[0]].Class
		m.proofs[class] = m.proofs[class].with(m.renumber(equal))
	}
}

// equalRows are the rows of both files that are equal but for 序号: which of them is which
// does not matter.
type equalRows struct{ former, rows []int }

// renumber compares the numbers of equal rows, and leaves those that only one file has to the
// rows that only it has.
func (m *Matcher) renumber(equal *equalRows) proof {
	var before, now []string
	for _, i := range equal.former {
		before = append(before, m.former[i].Number)
	}
	for _, j := range equal.rows {
		now = append(now, m.rows[j].Number)
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
		if !m.taken[j] {
			m.rows[j].Number, onlyNow = next(onlyNow)
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

// matchNumbers pairs the rows with the same unique 序号, and tells whether one of these pairs is
// contested: too different, or one of its rows resembles another more.
func (m *Matcher) matchNumbers(former, rows []int) (contested bool) {
	before := byNumber(former, func(i int) string { return m.former[i].Number })
	now := byNumber(rows, func(j int) string { return m.rows[j].Number })
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

func byNumber(list []int, number func(int) string) map[string][]int {
	by := map[string][]int{}
	for _, i := range list {
		if n := number(i); n != "" {
			by[n] = append(by[n], i)
		}
	}
	return by
}

// contested tells whether the cells speak against the pair of one 序号.
func (m *Matcher) contested(i, j int, former, rows []int) bool {
	if m.former[i].Cells == nil {
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

// numbersApart tells whether all rows that are left have a 序号, each its own.
func (m *Matcher) numbersApart(former, rows []int) bool {
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
		if !fresh(m.rows[j].Number) {
			return false
		}
	}
	return true
}
