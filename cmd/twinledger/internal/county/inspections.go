package county

import (
	"fmt"
	"slices"

	"twinledger/domain/calendar"
	"twinledger/domain/inspection"
	"twinledger/domain/record"
	"twinledger/domain/rectification"
)

var dimensions = []record.Word{{Text: "组织领导", Code: ""}, {Text: "队伍建设", Code: "team"}, {Text: "办学条件", Code: "conditions"}, {Text: "活动成效", Code: "results"}}

const supervisors = "县教育督导室"

// inspections tells of one inspection of one of the community's schools in a
// term, of all kinds of course.
func (w *world) inspections(c *community) {
	if w.oneIn(4) && c.index > 0 {
		w.tellInspection(c)
		return
	}
	s := pick(w, c.all())
	first := w.dayBetween(10, 40)
	visit := w.later(first, 7, 20)
	f := inspection.Facts{Facts: w.facts(c, "结对工作专项督导", pick(w, []record.Kind{"supervision", "assessment", "evaluation"})),
		Planned: calendar.OnDay(visit), About: w.term.occurred(), Dimensions: dimensions, Document: w.documentNumber("教督", first)}
	f.To, f.Organisers, f.Quantity = unit(s), []record.Organiser{{Office: supervisors, Part: "host"}}, number(1, "次")
	key := w.open("inspection.announce", calendar.OnDay(first), f)
	team := w.team(key, first)
	if w.oneIn(15) && c.index > 0 {
		w.step("inspection.cancel", key, calendar.OnDay(w.later(first, 3, 5)), office(supervisors, "与上级检查合并进行"))
		return
	}
	w.step("inspection.visit", key, calendar.OnDay(visit), record.Step{People: team})
	finding := w.judge(c, key, visit, team)
	concluded := w.later(visit, 2, 6)
	grade := pick(w, append(slices.Clone(grades), "基本合格"))
	w.step("inspection.conclude", key, calendar.OnDay(concluded), record.Step{Office: supervisors, Grade: grade})
	published := w.later(concluded, 2, 8)
	if w.often(75) {
		w.step("inspection.publish", key, calendar.OnDay(published), record.Step{Office: supervisors, Document: w.documentNumber("教督", published)})
	}
	if grade == "基本合格" {
		interviewed := office(supervisors, "说明整改打算")
		interviewed.People, interviewed.Role = []string{s.people[0].key}, "校长"
		w.step("inspection.interview", key, calendar.OnDay(w.later(published, 1, 4)), interviewed)
	}
	if c.index == 0 || w.oneIn(2) {
		w.rectify(c, s, key, finding, w.later(concluded, 0, 3))
	}
}

// documentNumber returns a number that a document of a day may have.
func (w *world) documentNumber(series string, day calendar.Day) string {
	return fmt.Sprintf("%s〔%s〕%d号", series, day[:4], w.between(1, 60))
}

// team names an inspection's team, of which one is recused now and then, and
// returns it.
func (w *world) team(key string, day calendar.Day) []string {
	var team []string
	for _, i := range w.rand.Perm(len(w.inspectors))[:3] {
		team = append(team, w.inspectors[i])
	}
	w.step("inspection.team", key, calendar.OnDay(w.later(day, 1, 3)), record.Step{Office: supervisors, People: team, Role: "督学"})
	if w.oneIn(4) {
		recused := office("", "曾在受检学校任教，申请回避")
		recused.People = team[2:]
		w.step("inspection.recuse", key, calendar.OnDay(w.later(day, 3, 5)), recused)
		team = team[:2]
	}
	return team
}

// judge gives findings and scores by dimension and in the whole, and returns the
// id of the last finding.
func (w *world) judge(c *community, key string, day calendar.Day, team []string) string {
	on := calendar.OnDay(day)
	finding := ""
	total := 0
	for _, dimension := range dimensions {
		points := w.between(60, 90)*25/100 + c.zeal/40
		total += points
		if w.often(60) || finding == "" {
			found := office("", pick(w, []string{"听课记录不完整", "佐证材料齐全", "骨干教师交流按计划落实", "活动签到表缺失", "功能室利用率偏低"}))
			found.What, found.People, found.Grade = []record.Word{dimension}, team[:1], pick(w, grades)
			finding = w.step("inspection.find", key, on, found)
		}
		scored := record.Step{What: []record.Word{dimension}, Score: fmt.Sprint(points), People: team[:1]}
		w.step("inspection.score", key, on, scored)
	}
	w.step("inspection.score", key, on, record.Step{Score: fmt.Sprint(total), People: team})
	return finding
}

// tellInspection reports an inspection of which only the outcome is known.
func (w *world) tellInspection(c *community) {
	f := inspection.Facts{Facts: w.facts(c, "常规教学检查", "inspection")}
	f.To, f.Organisers, f.Quantity = unit(pick(w, c.all())), []record.Organiser{{Office: "县教育局", Part: "host"}}, number(1, "次")
	if w.often(75) {
		f.Findings = []inspection.Finding{{Dimension: pick(w, dimensions), Text: text("教学常规落实较好"), Grade: pick(w, grades)}}
	}
	w.report("inspection", w.told(w.anyDay()), f, func(remark string) any {
		f.Remark = text(remark)
		return f
	})
}

// rectify orders a school to put right what was found, and tells what it
// answered: accepted and closed, sent back first, or not yet answered.
func (w *world) rectify(c *community, s *school, inspected, finding string, day calendar.Day) {
	f := rectification.Facts{Facts: w.facts(c, "结对工作整改", "rectification_order"), Finding: finding, Task: text("补齐本学期听课记录和活动签到表"),
		Due: calendar.OnDay(day.Add(w.between(14, 30))), Document: w.documentNumber("教督改", day)}
	f.To, f.Organisers, f.Quantity, f.Related = unit(s), []record.Organiser{{Office: supervisors, Part: "host"}}, number(1, "项"), []string{inspected}
	key := w.open("rectification.order", calendar.OnDay(day), f)
	take := func(order string, step record.Step) {
		day = w.later(day, 3, 9)
		w.step("rectification."+order, key, calendar.OnDay(day), step)
	}
	answered := by(s)
	answered.Note = text("已按要求补齐并建立周检查制度")
	if w.oneIn(6) {
		return // not answered yet
	}
	take("answer", answered)
	if w.oneIn(4) {
		back := office(supervisors, "缺少佐证，补充后再报")
		back.Due = calendar.OnDay(day.Add(20))
		take("send_back", back)
		take("answer", answered)
	}
	if w.oneIn(5) {
		return
	}
	take("accept", office(supervisors, "整改到位"))
	if w.often(80) {
		take("close", office(supervisors, ""))
	}
}
