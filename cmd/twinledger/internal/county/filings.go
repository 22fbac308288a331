package county

import (
	"fmt"

	"twinledger/domain/calendar"
	"twinledger/domain/filing"
	"twinledger/domain/record"
)

// filings tells which documents were owed, and how they were filed: in time, late,
// not at all, or waived; and which ones came unasked.
func (w *world) filings(c *community) {
	w.owed(c, c.core, "plan", "共同体学期工作计划", w.dayBetween(0, 3), w.term.First.Add(21))
	for _, s := range c.all() {
		if w.often(70) {
			w.owed(c, s, "summary", "结对工作学期总结", w.dayBetween(60, 70), w.term.Last.Add(-10))
		}
		if w.oneIn(4) {
			w.unasked(c, s)
		}
	}
}

func (w *world) filingFacts(c *community, s *school, kind record.Kind, title string) filing.Facts {
	f := filing.Facts{Facts: w.facts(c, title, kind), About: w.term.occurred(), Offices: []string{"县教育局教育股"}}
	f.From, f.Quantity, f.Mode = unit(s), number(1, "份"), record.ModeUnknown
	return f
}

// owed expects a document and tells what came of it.
func (w *world) owed(c *community, s *school, kind record.Kind, title string, since, due calendar.Day) {
	f := w.filingFacts(c, s, kind, title)
	f.Due = calendar.OnDay(due)
	key := w.open("filing.expect", calendar.OnDay(since), f)
	take := func(order string, day calendar.Day, step record.Step) calendar.Day {
		w.step("filing."+order, key, calendar.OnDay(day), step)
		return day
	}
	filed := since
	switch n := w.below(100); {
	case n < 8: // overdue
		return
	case n < 12:
		take("waive", due, office("县教育局教育股", "新建校，本学期免报"))
		return
	case n < 24:
		filed = take("file", w.later(due, 1, 8), record.Step{By: unit(s)})
	default:
		filed = take("file", max(since, due.Add(-w.between(0, 9))), record.Step{By: unit(s)})
	}
	if w.oneIn(12) {
		again := office("县教育局教育股", "缺少佐证材料目录")
		back := w.later(filed, 0, 2)
		again.Due = calendar.OnDay(back.Add(7))
		take("return", back, again)
		filed = take("file", w.later(back, 1, 6), record.Step{By: unit(s)})
	}
	if w.often(55) {
		take("accept", w.later(filed, 0, 5), office("县教育局教育股", ""))
	}
}

// unasked reports a document that nobody was waiting for.
func (w *world) unasked(c *community, s *school) {
	kind := pick(w, []record.Kind{"bulletin", "monthly_report", "next_month_plan", "archive"})
	entry, _ := record.Lookup(kind)
	f := w.filingFacts(c, s, kind, fmt.Sprintf("结对工作%s", entry.ZH))
	f.About = ""
	w.report("filing", w.told(w.anyDay()), f, func(remark string) any {
		f.Remark = text(remark)
		return f
	})
}
