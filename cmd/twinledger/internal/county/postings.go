package county

import (
	"fmt"
	"slices"

	"twinledger/domain/calendar"
	"twinledger/domain/exchange"
	"twinledger/domain/record"
)

// A posting is one that goes on.
type posting struct {
	key    string
	person *person
	last   calendar.Day // as planned
}

// postings tells of exchanges: those of the year before come to their end, others
// are applied for or told of.
func (w *world) postings(c *community) {
	c.postings = slices.DeleteFunc(c.postings, func(p *posting) bool {
		if p.last > w.term.Last {
			return false
		}
		w.complete(c, p, p.last)
		return true
	})
	if w.often(90) {
		w.post(c)
	}
	if w.often(45) {
		w.post(c)
	}
	if w.oneIn(3) {
		w.tellPosting(c)
	}
}

var postingKinds = []struct {
	kind  record.Kind
	title string
	away  bool // from the leading school to a member
}{
	{"support_teaching", "支教一学期", true}, {"rotation", "交流轮岗", true}, {"shadow_posting", "跟岗学习", false},
	{"temporary_post", "挂职副校长", true}, {"itinerant_teaching", "走教", true}, {"class_shadowing", "跟班学习", false}, {"substitute_posting", "顶岗", true},
}

// free returns somebody of a school who is in no posting on a day, nil when
// everybody is.
func (w *world) free(s *school, day calendar.Day) *person {
	for _, i := range w.rand.Perm(len(s.people)) {
		if s.people[i].busy < day {
			return s.people[i]
		}
	}
	return nil
}

// postingFacts returns what a posting in this term says, and who is posted; nil
// when nobody is free. A rotation lasts until the end of the school year.
func (w *world) postingFacts(c *community) (exchange.Facts, *posting) {
	of := pick(w, postingKinds)
	from, to := pick(w, c.members), c.core
	if of.away {
		from, to = to, from
	}
	first := w.dayBetween(6, 14)
	p := &posting{person: w.free(from, first), last: w.dayBetween(88, 97)}
	if p.person == nil {
		return exchange.Facts{}, nil
	}
	if of.kind == "rotation" && w.term.Number == 1 {
		p.last = year(w.term.Year).Terms[1].Last.Add(-5)
	}
	subject := pick(w, subjects)
	f := exchange.Facts{Facts: w.facts(c, subject+"教师"+of.title, of.kind), Start: calendar.OnDay(first), End: calendar.OnDay(p.last),
		Batch: fmt.Sprintf("%s年第%s批", w.term.First[:4], chinese(w.between(1, 2))), Load: number(w.between(6, 14), "节/周")}
	f.Subjects, f.From, f.To, f.People, f.Quantity = words(subject), unit(from), unit(to), []string{p.person.key}, number(1, "人")
	if of.kind == "temporary_post" {
		f.Post = "副校长"
	}
	return f, p
}

// post lets somebody apply for a posting and tells how far it comes in the term.
func (w *world) post(c *community) {
	f, p := w.postingFacts(c)
	if p == nil {
		return
	}
	first := calendar.Day(f.Start.Value())
	if w.oneIn(6) { // begun without an application
		p.key = w.open("exchange.start", f.Start, f)
		w.goOn(c, p, first)
		return
	}
	day := w.dayBetween(0, 2)
	p.key = w.open("exchange.apply", calendar.OnDay(day), f)
	take := func(order string, low, high int, step record.Step) {
		day = min(w.later(day, low, high), first)
		w.step("exchange."+order, p.key, calendar.OnDay(day), step)
	}
	if w.oneIn(15) {
		take("withdraw", 0, 3, office("", "家庭原因，申请人撤回"))
		return
	}
	take("recommend", 0, 1, record.Step{By: f.From, Note: text("业务能力强，同意推荐")})
	if w.oneIn(10) {
		take("refuse", 0, 2, office("县教育局人事股", "该学科已无空余名额"))
		return
	}
	approved := office("县教育局人事股", "同意")
	approved.Document = fmt.Sprintf("教人〔%s〕%d号", first[:4], w.between(1, 90))
	take("approve", 0, 2, approved)
	if w.oneIn(15) {
		take("cancel", 0, 2, office("县教育局人事股", "接收学校班级合并，不再需要"))
		return
	}
	w.step("exchange.start", p.key, calendar.OnDay(first), by(c.core))
	w.goOn(c, p, first)
}

// goOn tells of a posting that began: interrupted for a time, completed in the
// term or, when it is to last longer, later.
func (w *world) goOn(c *community, p *posting, first calendar.Day) {
	p.person.busy = max(p.last, w.term.Last)
	if w.oneIn(6) {
		away := max(w.dayBetween(30, 45), first.Add(3))
		w.step("exchange.interrupt", p.key, calendar.OnDay(away), office("", "病假"))
		w.step("exchange.resume", p.key, calendar.OnDay(w.later(away, 5, 25)), record.Step{})
	}
	if p.last > w.term.Last {
		c.postings = append(c.postings, p)
		return
	}
	w.complete(c, p, p.last)
}

// complete ends a posting and, for the most part, has it assessed.
func (w *world) complete(c *community, p *posting, day calendar.Day) {
	w.step("exchange.complete", p.key, calendar.OnDay(day), record.Step{})
	if w.often(70) {
		assessed := office("县教育局", "按支教管理办法考核")
		assessed.Grade = pick(w, grades)
		w.step("exchange.assess", p.key, calendar.OnDay(day), assessed)
		w.certify(c, p, day)
	}
}

// tellPosting reports a posting of which nobody followed the course; some days of
// it are not known.
func (w *world) tellPosting(c *community) {
	f, p := w.postingFacts(c)
	if p == nil || p.last > w.term.Last {
		return
	}
	p.person.busy = w.term.Last
	if w.oneIn(3) {
		f.End = calendar.Unknown
	}
	if w.oneIn(4) {
		f.Start, f.End = calendar.Unknown, calendar.Unknown
	}
	f.Batch = ""
	w.report("exchange", w.term.occurred(), f, func(remark string) any {
		f.Remark = text(remark)
		return f
	})
}
