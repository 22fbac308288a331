package county

import (
	"fmt"

	"twinledger/domain/calendar"
	"twinledger/domain/donation"
	"twinledger/domain/indicator"
	"twinledger/domain/recognition"
	"twinledger/domain/record"
)

// donations tells what the leading school gave to a member.
func (w *world) donations(c *community) {
	if c.index > 0 && !w.oneIn(3) {
		return
	}
	of := pick(w, []struct {
		item, measure string
		least         int
	}{{"笔记本电脑", "台", 3}, {"少儿图书", "册", 120}, {"课桌凳", "套", 30}, {"体育器材", "件", 10}})
	s := pick(w, c.members)
	f := donation.Facts{Facts: w.facts(c, "爱心捐赠", "donation"), Item: text(of.item)}
	f.From, f.To, f.Quantity, f.Mode = unit(c.core), unit(s), number(of.least*w.between(1, 4), of.measure), record.ModeUnknown
	day := w.anyDay()
	key := w.report("donation", calendar.OnDay(day), f, func(remark string) any {
		f.Remark = text(remark)
		return f
	})
	if key == "" {
		return
	}
	received := by(s)
	received.Quantity = f.Quantity
	w.step("donation.receive", key, calendar.OnDay(w.later(day, 0, 6)), received)
	if w.often(60) {
		w.step("donation.confirm", key, calendar.OnDay(w.later(day, 6, 9)), by(s))
	}
}

// recognitions tells of awards and certificates to people and schools.
func (w *world) recognitions(c *community) {
	for range 1 + w.below(2) {
		s := pick(w, c.all())
		kind := pick(w, []record.Kind{"certificate", "award", "title"})
		title := map[record.Kind]string{"certificate": "送教下乡授课证书", "award": "青年教师教学比武", "title": "县级骨干教师"}[kind]
		f := recognition.Facts{Facts: w.facts(c, title, kind), Issuer: "县教育局", Document: w.documentNumber("教证", w.term.First)}
		f.People, f.Level, f.Mode = []string{pick(w, s.people).key}, "县级", record.ModeUnknown
		if kind == "award" {
			f.Grade = pick(w, []string{"一等奖", "二等奖", "三等奖"})
		}
		day := w.dayBetween(60, 96)
		key := w.report("recognition", w.told(day), f, func(remark string) any {
			f.Remark = text(remark)
			return f
		})
		if key != "" && w.oneIn(25) {
			w.step("recognition.revoke", key, calendar.OnDay(w.term.Last), office("县教育局", "经核实材料不实"))
		}
	}
	if w.term.Number == 2 && w.oneIn(3) {
		f := recognition.Facts{Facts: w.facts(c, "结对工作先进学校", "title"), Issuer: "县教育局", Document: w.documentNumber("教", w.term.First)}
		f.To, f.Level = unit(pick(w, c.all())), "县级"
		w.open("recognition.report", calendar.OnDay(w.dayBetween(85, 97)), f)
	}
}

// certify recognises a posting that was assessed as support experience.
func (w *world) certify(c *community, p *posting, day calendar.Day) {
	f := recognition.Facts{Facts: w.facts(c, "支教经历认定", "support_experience"), Issuer: "县教育局", Grade: "合格",
		Basis: []record.Word{{Text: "累计支教时间", Code: "posting_time"}}, ValidUntil: calendar.OnDay(p.last)}
	f.People, f.Related, f.Quantity = []string{p.person.key}, []string{p.key}, record.Quantity{Text: "0.5", Number: "0.5", Bound: record.Exact, Measure: record.MeasureOf("年")}
	w.open("recognition.report", calendar.OnDay(w.later(day, 0, 4)), f)
}

// indicators tells the figures that schools report every term, and once a year
// where they rank.
func (w *world) indicators(c *community) {
	for _, s := range c.all() {
		s.students = max(6, s.students+w.between(-4, 3))
		w.figure(c, s, "student_number", "在校学生数", fmt.Sprint(s.students), "人", 0)
		switch {
		case w.oneIn(3):
			w.figure(c, s, "staff_number", "专任教师数", fmt.Sprint(max(2, s.students/16)), "人", 0)
		case w.oneIn(2):
			w.figure(c, s, "excellent_rate", pick(w, subjects[:3])+"优课率", fmt.Sprintf("%d.%d", w.between(20, 70), w.between(1, 9)), "%", 0)
		}
		if w.term.Number == 2 {
			w.figure(c, s, "ranking", "学校年度考核名次", fmt.Sprint(w.between(1, w.Schools)), "名", w.Schools)
		}
	}
	if w.oneIn(2) {
		w.figure(c, nil, "coverage_rate", "结对覆盖率", fmt.Sprint(w.between(80, 100)), "%", 0)
	}
}

// figure reports one figure of a school or, without one, of the community.
func (w *world) figure(c *community, s *school, kind record.Kind, what, value, unitOf string, population int) {
	day := w.dayBetween(20, 96)
	f := indicator.Facts{Facts: w.facts(c, what, kind), What: record.Word{Text: what}, Value: value, Unit: unitOf, Population: population,
		About: w.term.occurred(), AsOf: calendar.OnDay(day), Authority: "学校统计报表"}
	f.Title, f.Mode = text(""), record.ModeUnknown
	if s != nil {
		f.To = unit(s)
	}
	w.report("indicator", calendar.OnDay(day), f, func(remark string) any {
		f.Remark = text(remark)
		return f
	})
}
