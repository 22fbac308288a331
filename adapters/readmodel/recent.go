package readmodel

// recent keeps the rows that were folded lately, by the number of their key, within
// a budget of memory. When the newer half of it is full, the older half is dropped.
type recent[S any] struct {
	newer, older map[int64]*folded[S]
	size         int // bytes of data that the newer ones were folded from
}

// recentSize is how many bytes of data the newer half may stand for. In memory a row
// takes about four times as much as the data that it was folded from.
const recentSize = 8 << 20

func (r *recent[S]) get(key int64) *folded[S] {
	if f := r.newer[key]; f != nil {
		return f
	}
	return r.older[key]
}

// put keeps a row among the newer ones.
func (r *recent[S]) put(key int64, f *folded[S]) {
	if r.newer == nil {
		r.newer = map[int64]*folded[S]{}
	}
	if r.newer[key] == nil {
		r.size += f.size + rowCost
	}
	r.newer[key] = f
}

// rowCost is what a row takes beside its data, in the same measure.
const rowCost = 256

// shrink drops the rows that were not asked for lately, when too many are kept.
func (r *recent[S]) shrink() {
	if r.size > recentSize {
		r.older, r.newer, r.size = r.newer, nil, 0
	}
}
