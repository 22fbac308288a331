package readmodel

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"zombiezen.com/go/sqlite"
)

// A Comparison says in what two generations differ.
type Comparison struct {
	Ordinal uint64            // up to which both were compared
	Tables  []TableComparison // every table, in a fixed order
}

// A TableComparison says in what one table differs.
type TableComparison struct {
	Table   string          `json:"table"`   // events, data, names, or the name of a model
	Rows    int             `json:"rows"`    // of the second generation
	Missing int             `json:"missing"` // rows that only the first has
	Added   int             `json:"added"`   // rows that only the second has
	Changed int             `json:"changed"`
	First   []RowDifference `json:"first"` // the first that differ
}

// A RowDifference is one row that differs.
type RowDifference struct {
	Ordinal uint64 `json:"ordinal"` // of the event at which it differs
	Key     string `json:"key"`     // of the row; "" in a table that has none
	Was     string `json:"was"`     // what the first generation says; "" when it lacks the row
	Is      string `json:"is"`      // what the second says
}

// mostListed is how many differing rows of a table are listed.
const mostListed = 3

// Equal tells whether nothing differs.
func (c Comparison) Equal() bool {
	return !slices.ContainsFunc(c.Tables, func(t TableComparison) bool { return t.Missing+t.Added+t.Changed > 0 })
}

// First returns the first event at which something differs, with its table.
func (c Comparison) First() (table string, first RowDifference, differs bool) {
	for _, t := range c.Tables {
		for _, d := range t.First {
			if !differs || d.Ordinal < first.Ordinal {
				table, first, differs = t.Table, d, true
			}
		}
	}
	return table, first, differs
}

// Compare compares what two generations of the same models hold up to an ordinal,
// which both must have reached. progress, if given, is told how many rows were
// compared.
func Compare(ctx context.Context, was, is *Generation, ordinal uint64, progress func(rows int)) (Comparison, error) {
	c := Comparison{Ordinal: ordinal}
	err := was.read(ctx, func(first *sqlite.Conn) error {
		return is.read(ctx, func(second *sqlite.Conn) error {
			for _, t := range comparedTables(is.config.Models) {
				done, err := compareTable(ctx, side{was, first}, side{is, second}, t, ordinal, progress)
				if err != nil {
					return fmt.Errorf("compare %s: %w", t.name, err)
				}
				c.Tables = append(c.Tables, done)
			}
			return nil
		})
	})
	return c, err
}

// A comparedTable is one table and how its rows are read: the first column is what
// they are ordered by, the second an ordinal, the third a key; what follows is
// compared.
type comparedTable struct {
	name    string
	text    string
	columns []string
	gather  bool // rows of one order are one row, whose ordinals are compared
}

// dataTable is the table with what events say.
const dataTable = "data"

func comparedTables(models []Model) []comparedTable {
	all := []comparedTable{
		{"events", statement("compare_events", nil), []string{"stream", "revision", "type", "version", "occurred", "recorded", "latest", "actor", "unit", "id", "command", "cause", "correlation", "hash"}, false},
		{dataTable, statement("compare_data", nil), []string{"data"}, false},
		{"names", statement("compare_names", nil), []string{"events"}, true},
	}
	for _, s := range shapes(models) {
		columns := []string{"ended", "previous"}
		for _, c := range s.Columns {
			columns = append(columns, c.Name)
		}
		all = append(all, comparedTable{s.Name, statement("compare_model", s), columns, false})
	}
	return all
}

// A comparedRow is one row as it is compared.
type comparedRow struct {
	order   string
	ordinal uint64
	key     value
	says    []value
}

// A value is what one column says. That nothing is known differs from the empty text,
// and bytes differ from a text that shows them.
type value struct {
	kind sqlite.ColumnType
	text string
}

func text(s string) value { return value{sqlite.TypeText, s} }

// A side is one of the generations that are compared, with a connection to it.
type side struct {
	of   *Generation
	conn *sqlite.Conn
}

// A cursor goes through a table row by row. Of which side damage is, it notes.
type cursor struct {
	of    *Generation
	stmt  *sqlite.Stmt
	table comparedTable
	until uint64
	more  bool         // the statement stands at a row
	row   *comparedRow // nil behind the last one
}

func openCursor(s side, t comparedTable, until uint64) (*cursor, error) {
	stmt, err := s.conn.Prepare(t.text)
	if err != nil {
		return nil, s.of.noting(err)
	}
	stmt.BindInt64(1, int64(until))
	c := &cursor{of: s.of, stmt: stmt, table: t, until: until}
	if c.more, err = stmt.Step(); err != nil {
		return nil, s.of.noting(err)
	}
	return c, c.next()
}

// next moves to the next row.
func (c *cursor) next() (err error) {
	if c.row = nil; !c.more {
		return nil
	}
	defer func() { err = c.of.noting(err) }()
	c.row = &comparedRow{order: c.order(), ordinal: uint64(c.stmt.ColumnInt64(1)), key: c.value(2)}
	if !c.table.gather {
		c.row.says = c.says()
		c.more, err = c.stmt.Step()
		return err
	}
	// How a key's ordinals are cut into chunks does not matter.
	var ordinals []uint64
	for c.more && c.order() == c.row.order {
		ordinals = chunk{first: uint64(c.stmt.ColumnInt64(1)), rest: bytesOf(c.stmt, 3)}.ordinals(ordinals)
		if c.more, err = c.stmt.Step(); err != nil {
			return err
		}
	}
	ordinals = slices.DeleteFunc(ordinals, func(o uint64) bool { return o > c.until })
	c.row.says = []value{text(list(ordinals))}
	return nil
}

// order returns what the rows of both tables are ordered by.
func (c *cursor) order() string {
	if c.stmt.ColumnType(0) == sqlite.TypeInteger {
		return fmt.Sprintf("%020d", c.stmt.ColumnInt64(0))
	}
	return c.stmt.ColumnText(0)
}

// says returns the columns that are compared, as they are shown.
func (c *cursor) says() []value {
	out := make([]value, len(c.table.columns))
	for i := range c.table.columns {
		out[i] = c.value(i + 3)
	}
	return out
}

// value returns what a column says.
func (c *cursor) value(column int) value {
	v := value{kind: c.stmt.ColumnType(column)}
	switch {
	case v.kind == sqlite.TypeNull:
	case v.kind == sqlite.TypeBlob && c.table.name == dataTable:
		v.text = string(bytesOf(c.stmt, column)) // JSON
	case v.kind == sqlite.TypeBlob:
		v.text = fmt.Sprintf("%x", bytesOf(c.stmt, column))
	default:
		v.text = c.stmt.ColumnText(column)
	}
	return v
}

// compareTable goes through one table of both generations at once.
func compareTable(ctx context.Context, first, second side, t comparedTable, until uint64, progress func(int)) (TableComparison, error) {
	out := TableComparison{Table: t.name, First: []RowDifference{}}
	was, err := openCursor(first, t, until)
	if err != nil {
		return out, err
	}
	defer was.stmt.Reset() //nolint:errcheck // only read
	is, err := openCursor(second, t, until)
	if err != nil {
		return out, err
	}
	defer is.stmt.Reset() //nolint:errcheck // only read
	for rows := 1; was.row != nil || is.row != nil; rows++ {
		if rows%10_000 == 0 && progress != nil {
			progress(10_000)
		}
		if err := ctx.Err(); err != nil {
			return out, err
		}
		if err := out.step(was, is); err != nil {
			return out, err
		}
	}
	return out, nil
}

// step compares the rows at which two cursors stand, and moves the one that lies
// behind, or both.
func (t *TableComparison) step(was, is *cursor) error {
	order := 0
	switch {
	case is.row == nil:
		order = -1
	case was.row == nil:
		order = 1
	default:
		order = strings.Compare(was.row.order, is.row.order)
	}
	switch {
	case order < 0:
		t.Missing++
		t.list(was.table, *was.row, append(was.row.says, was.row.key), nil)
		return was.next()
	case order > 0:
		t.Added++
		t.Rows++
		t.list(is.table, *is.row, nil, append(is.row.says, is.row.key))
		return is.next()
	}
	t.Rows++
	if !slices.Equal(was.row.says, is.row.says) || was.row.key != is.row.key {
		t.Changed++
		t.list(is.table, *is.row, append(was.row.says, was.row.key), append(is.row.says, is.row.key))
	}
	if err := was.next(); err != nil {
		return err
	}
	return is.next()
}

// list adds a row to those that are shown: of one that both have, what differs in it.
func (t *TableComparison) list(of comparedTable, row comparedRow, was, is []value) {
	d := RowDifference{Ordinal: row.ordinal, Key: row.key.text}
	var before, after []string
	for i, column := range append(slices.Clip(of.columns), "key") {
		if was != nil && is != nil && was[i] == is[i] {
			continue
		}
		from := 0
		if was != nil && is != nil {
			from = apart(was[i].text, is[i].text)
		}
		if was != nil {
			before = append(before, column+"="+shown(was[i], from))
		}
		if is != nil {
			after = append(after, column+"="+shown(is[i], from))
		}
	}
	d.Was, d.Is = strings.Join(before, " "), strings.Join(after, " ")
	if of.gather {
		d.Ordinal = firstApart(was, is, row.ordinal)
	}
	t.First = append(t.First, d)
	// Those with the least ordinals are kept: there the generations began to differ.
	slices.SortStableFunc(t.First, func(a, b RowDifference) int { return cmp.Compare(a.Ordinal, b.Ordinal) })
	t.First = t.First[:min(len(t.First), mostListed)]
}

// firstApart returns the first ordinal that only one of two lists of ordinals has.
func firstApart(was, is []value, otherwise uint64) uint64 {
	var a, b []uint64
	if len(was) == 0 || len(is) == 0 || json.Unmarshal([]byte(was[0].text), &a) != nil || json.Unmarshal([]byte(is[0].text), &b) != nil {
		return otherwise
	}
	for i := range max(len(a), len(b)) {
		switch {
		case i >= len(a):
			return b[i]
		case i >= len(b) || a[i] < b[i]:
			return a[i]
		case a[i] > b[i]:
			return b[i]
		}
	}
	return otherwise
}

// apart returns where two values begin to differ.
func apart(a, b string) int {
	for i := range min(len(a), len(b)) {
		if a[i] != b[i] {
			return i
		}
	}
	return min(len(a), len(b))
}

// shown returns a value short enough to be printed: of a long one the part around from.
func shown(v value, from int) string {
	if v.kind == sqlite.TypeNull {
		return "NULL"
	}
	value := v.text
	const most, before = 80, 30
	cut := func(s string) string { return strings.ToValidUTF8(s, "") }
	head := ""
	if start := from - before; len(value) > most && start > 0 {
		head, value = "…", cut(value[start:])
	}
	if len(value) > most {
		value = cut(value[:most]) + "…"
	}
	return strconv.Quote(head + value)
}
