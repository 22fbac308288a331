package county

import (
	"fmt"

	"twinledger/domain/calendar"
	"twinledger/domain/lesson"
	"twinledger/domain/record"
)

// lessons tells which lessons were given: by the leading school at the others,
// and by each of the others before its peers.
func (w *world) lessons(c *community) {
	for i, s := range c.members {
		n := 1 + w.between(1, 3)*c.zeal/100
		for range n {
			w.lesson(c, c.core, s, w.oneIn(3) && !(i == 0 && c.index == 0))
		}
		if w.often(c.zeal) {
			w.lesson(c, s, c.core, w.oneIn(4))
		}
	}
	if c.index == 0 { // one that certainly counts, whatever else is told
		f := w.lessonFacts(c, c.core, c.members[0], "demo_lesson", "outreach_lesson")
		f.Quantity = number(2, "节")
		w.open("lesson.report", calendar.OnDay(w.anyDay()), f)
	}
}

// lessonKinds are what lessons are called, those of the leading school first.
var lessonKinds = [][]record.Kind{
	{"demo_lesson", "outreach_lesson"}, {"demo_lesson"}, {"outreach_lesson"}, {"showcase_lesson"}, {"sync_class"},
	{"open_lesson"}, {"seminar_lesson"}, {"contest_lesson"}, {"hetero_design_lesson"},
}

var lessonTitles = map[record.Kind]string{
	"demo_lesson": "示范课", "outreach_lesson": "送课下乡", "showcase_lesson": "展示课", "sync_class": "同步课堂",
	"open_lesson": "公开课", "seminar_lesson": "研讨课", "contest_lesson": "青年教师赛课", "hetero_design_lesson": "同课异构",
}

func (w *world) lessonFacts(c *community, from, to *school, kinds ...record.Kind) lesson.Facts {
	f := lesson.Facts{Facts: w.facts(c, lessonTitles[kinds[0]], kinds...), Class: string([]rune("一二三四五六")[w.below(6)]) + "年级", Weak: w.oneIn(6)}
	subject := pick(w, subjects)
	f.Subjects = words(subject)
	f.Title = text(subject + lessonTitles[kinds[0]])
	f.From, f.To, f.People = unit(from), unit(to), []string{pick(w, from.people).key}
	return f
}

// lesson reports a lesson, or several in one, and what followed it. One that is
// vague has no number, or no day.
func (w *world) lesson(c *community, from, to *school, vague bool) {
	kinds := lessonKinds[w.below(5)]
	if from != c.core {
		kinds = lessonKinds[4+w.below(5)]
	}
	f := w.lessonFacts(c, from, to, kinds...)
	if kinds[0] == "sync_class" {
		f.Mode, f.Platform = record.Online, "县教育云平台"
	}
	if w.oneIn(3) {
		f.Remark = text("根据学校上报的活动记录登记")
	}
	day := w.anyDay()
	occurred := calendar.OnDay(day)
	if vague {
		occurred = w.told(day)
	}
	if !vague || w.often(60) {
		f.Quantity = number(w.between(1, 2), "节")
	}
	key := w.report("lesson", occurred, f, func(r string) any {
		f.Remark = text(r)
		f.Quantity = number(w.between(1, 3), "节")
		return f
	})
	if key == "" || occurred.Precision() != calendar.PrecisionDay {
		return
	}
	w.afterLesson(key, day, to, from)
}

// afterLesson lets the other side confirm a lesson, and tells who heard and
// discussed it.
func (w *world) afterLesson(key string, day calendar.Day, to, from *school) {
	if w.often(40) {
		heard := by(to)
		heard.People, heard.Role = []string{pick(w, to.people).key}, "听课教师"
		heard.Quantity = number(w.between(3, 20), "人次")
		w.step("lesson.observe", key, calendar.OnDay(day), heard)
	}
	if w.often(35) {
		id := w.step("lesson.confirm", key, calendar.OnDay(w.later(day, 1, 6)), by(to))
		if w.oneIn(20) {
			again := by(to)
			again.Corrects, again.Reason = id, text("确认日期写错")
			w.step("lesson.confirm", key, calendar.OnDay(w.later(day, 1, 6)), again)
		}
	}
	if w.often(25) {
		said := by(from)
		said.Note = text(fmt.Sprintf("目标明确，建议增加%s时间", pick(w, []string{"练习", "讨论", "动手操作"})))
		w.step("lesson.critique", key, calendar.OnDay(day), said)
	}
	if w.oneIn(8) {
		judged := by(to)
		judged.Grade = pick(w, grades)
		w.step("lesson.evaluate", key, calendar.OnDay(w.later(day, 0, 3)), judged)
	}
}
