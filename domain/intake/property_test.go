package intake_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"twinledger/domain/intake"
	"twinledger/domain/intake/reading"
)

// drawRow draws a row that can be recorded. Few values make equal rows likely.
func drawRow(t *rapid.T) []string {
	from := func(name string, values ...string) string { return rapid.SampledFrom(values).Draw(t, name) }
	return []string{
		from("date", "2018-04-01", "2018-04-02", "2018年5月", "2017-2018学年第二学期"), "甲共同体",
		from("category", "示范课", "会议", "互访", "总结", "结对"), from("form", "", "线上", "线下"),
		from("content", "甲", "乙"), from("subject", "", "语文", "数学;英语"), from("sender", "甲校", "乙校"), from("receiver", "丙校", "成员学校;丙校"),
		from("people", "", "李老师", "王老师;李老师"), from("quantity", "", "1", "2", "约30"), from("measure", "", "节", "次", "人次"),
		from("evidence", "", "照片"), from("remark", "", "无", "有"),
	}
}

// held spoils a row's date, so that it is held.
func heldRow(row []string) []string {
	return append([]string{"2018年2月30日"}, row[1:]...)
}

// An edit is one file and the one that it becomes.
type edit struct {
	former, now [][]string
	became      []int // for each former row its place in the new file, -1 when it is gone
	numbers     []string
}

func drawEdit(t *rapid.T) edit {
	var e edit
	renumber := rapid.Bool().Draw(t, "renumber")
	add := func() {
		for rapid.IntRange(0, 4).Draw(t, "insert") == 0 {
			e.now, e.numbers = append(e.now, drawRow(t)), append(e.numbers, fmt.Sprint(100+len(e.now)))
		}
	}
	for i := range rapid.IntRange(1, 7).Draw(t, "rows") {
		row := drawRow(t)
		former, became := row, len(e.now)
		if rapid.IntRange(0, 9).Draw(t, "held") == 0 {
			former = heldRow(row)
		}
		add()
		switch rapid.SampledFrom([]string{"keep", "keep", "keep", "change", "remove"}).Draw(t, "edit") {
		case "keep":
			became = len(e.now)
			e.now = append(e.now, row)
		case "change":
			became = len(e.now)
			changed := append([]string(nil), row...)
			at := rapid.IntRange(0, len(row)-1).Draw(t, "column")
			changed[at] = drawRow(t)[at]
			e.now = append(e.now, changed)
		case "remove":
			became = -1
		}
		if became >= 0 {
			e.numbers = append(e.numbers, fmt.Sprint(i+1))
		}
		e.former, e.became = append(e.former, former), append(e.became, became)
	}
	add()
	if renumber {
		for i := range e.numbers {
			e.numbers[i] = fmt.Sprint(i + 1)
		}
	}
	return e
}

func bookOf(name string, rows [][]string, number func(int) string) reading.Workbook {
	var lines []string
	for i, row := range rows {
		lines = append(lines, number(i)+"|"+strings.Join(row, "|"))
	}
	return table(name, lines...)
}

// answers decides what a comparison leaves open by what truly happened.
func (e edit) answers(c *intake.Comparison) intake.Decisions {
	var d intake.Decisions
	used := map[string]bool{}
	for _, q := range c.Undecided {
		became, decided := e.became[q.Row.At-2], false
		for _, candidate := range q.Candidates {
			if candidate.Row.At-2 == became && !used[candidate.Row.Key] {
				d.Pairs = append(d.Pairs, intake.Pair{Old: q.Row.Key, New: candidate.Row.Key})
				used[candidate.Row.Key], decided = true, true
			}
		}
		if !decided {
			d.Removed = append(d.Removed, q.Row.Key)
		}
	}
	return d
}

// TestACorrectedFileAsIfItWereTheFirst: importing a file, then an edited one with
// the right decisions, leaves the records that the edited one alone would make,
// and importing it once more adds nothing.
func TestACorrectedFileAsIfItWereTheFirst(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		e := drawEdit(rt)
		if len(e.now) == 0 {
			return
		}
		o := newTestLedger(t)
		o.imports(t, "甲校", bookOf("一", e.former, func(i int) string { return fmt.Sprint(i + 1) }))
		book := bookOf("二", e.now, func(i int) string { return e.numbers[i] })
		said, err := o.given(t, book, intake.Options{DryRun: true})
		if err != nil {
			rt.Fatal(err)
		}
		options := intake.Options{}
		if said.Comparison != nil {
			options.Decisions = e.answers(said.Comparison)
		}
		if said, err = o.given(t, book, intake.Options{DryRun: true, Decisions: options.Decisions}); err != nil {
			rt.Fatal(err)
		}
		done, err := o.given(t, book, options)
		if err != nil {
			rt.Fatal(err)
		}
		if diff := cmp.Diff([]any{said.Comparison, said.Added, said.Corrected, said.Removed}, []any{done.Comparison, done.Added, done.Corrected, done.Removed}); diff != "" {
			rt.Fatalf("said otherwise than done (-said +done):\n%s", diff)
		}
		alone := newTestLedger(t)
		alone.imports(t, "甲校", book)
		if diff := cmp.Diff(alone.standing(t), o.standing(t)); diff != "" {
			rt.Fatalf("records (-alone +corrected):\n%s", diff)
		}
		if diff := cmp.Diff(alone.heldRows(t), o.heldRows(t)); diff != "" {
			rt.Fatalf("held rows (-alone +corrected):\n%s", diff)
		}
		before := len(o.records(t))
		again := o.imports(t, "甲校", book)
		if again.Added+again.Corrected+again.Removed != 0 || len(o.records(t)) != before {
			rt.Fatalf("again adds %d, corrects %d, removes %d", again.Added, again.Corrected, again.Removed)
		}
	})
}

// heldRows returns how many rows are held and not settled.
func (o *testLedger) heldRows(t *testing.T) int {
	t.Helper()
	held := 0
	for _, row := range facts[intake.RowTaken](t, o) {
		if row.Outcome == intake.Held {
			held++
		}
	}
	return held - len(facts[intake.RowVoided](t, o))
}
