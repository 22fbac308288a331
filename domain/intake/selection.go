package intake

import (
	"slices"
	"strconv"
	"strings"

	"twinledger/domain/fault"
	"twinledger/domain/intake/reading"
)

// What a choice of rows is met with.
var (
	ErrBadRows = fault.New(fault.Invalid, "intake.bad-rows",
		"--rows 应写物理行号，如 2-10,14。", "Write --rows as physical rows, such as 2-10,14.")
	ErrWhichSheet = fault.New(fault.Invalid, "intake.which-sheet",
		"文件有几个工作表；请用 --sheet 写明是哪一个。", "The file has several sheets; say with --sheet which one is meant.")
	ErrNoSuchSheet = fault.New(fault.Invalid, "intake.no-such-sheet",
		"文件里没有这个工作表，或其中没有可导入的行。", "The file has no such sheet, or there is no row to import on it.")
	ErrHeldByClerk = fault.New(fault.Refused, "intake.held-by-clerk",
		"按 --hold 暂挂；以后要入账时用 --again。", "Held as --hold said; record it later with --again.")
	ErrTakenBefore = fault.New(fault.Refused, "intake.taken-before",
		"此行此前已入账，不能暂挂；请作废或更正它的记录。", "The row is recorded already and cannot be held; void or correct its record.")
	ErrNotTakenBefore = fault.New(fault.Refused, "intake.not-taken-before",
		"此行还没有相同的记录，不必写 --again；去掉后再导入，就会入账。",
		"No equal row was taken before, so --again does not apply; leave it out, and importing records the row.")
)

// rowRange is rows from one number to another, both included.
type rowRange struct{ first, last int }

// parseRows reads "2-10,14"; "" is no range at all.
func parseRows(text string) ([]rowRange, error) {
	var ranges []rowRange
	if strings.TrimSpace(text) == "" {
		return nil, nil
	}
	for _, part := range strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune(",，、", r) }) {
		from, to, several := strings.Cut(strings.TrimSpace(part), "-")
		if !several {
			to = from
		}
		first, err1 := strconv.Atoi(strings.TrimSpace(from))
		last, err2 := strconv.Atoi(strings.TrimSpace(to))
		if err1 != nil || err2 != nil || first < 1 || last < first {
			return nil, ErrBadRows.With("rows", part)
		}
		ranges = append(ranges, rowRange{first, last})
	}
	if len(ranges) == 0 {
		return nil, ErrBadRows.With("rows", text)
	}
	return ranges, nil
}

// places returns where the rows of the plans stand.
func places(plans []RowPlan) []reading.RowAt {
	out := make([]reading.RowAt, len(plans))
	for i, p := range plans {
		out[i] = p.at()
	}
	return out
}

// selected returns which rows the clerk wants taken: all where he named none.
func (o Options) selected(rows []reading.RowAt) ([]bool, error) {
	if o.Sheet != "" && !slices.ContainsFunc(rows, func(r reading.RowAt) bool { return isOnSheet(r, o.Sheet) }) {
		return nil, ErrNoSuchSheet.With("sheet", o.Sheet)
	}
	ranges, err := parseRows(o.Rows)
	if err != nil {
		return nil, err
	}
	wanted := make([]bool, len(rows))
	sheets, any := map[int]bool{}, false
	for i, r := range rows {
		on := o.Sheet == "" || isOnSheet(r, o.Sheet)
		sheets[r.Sheet] = true
		wanted[i] = ranges == nil || on && slices.ContainsFunc(ranges, func(in rowRange) bool { return in.first <= r.At && r.At <= in.last })
		any = any || wanted[i]
	}
	switch {
	case ranges != nil && o.Sheet == "" && len(sheets) > 1:
		return nil, ErrWhichSheet
	case !any && len(rows) > 0:
		return nil, ErrNoSuchRow.With("row", o.Rows)
	}
	return wanted, nil
}

// chosen returns the indices of the rows that references name.
func (run *run) chosen(rows []reading.RowAt, refs []string) (map[int]bool, error) {
	all := make([]int, len(rows))
	for i := range all {
		all[i] = i
	}
	out := map[int]bool{}
	for _, ref := range refs {
		i, err := pick(rows, all, ref, run.options.Sheet)
		if err != nil {
			return nil, err
		}
		out[i] = true
	}
	return out, nil
}
