package county

import (
	"fmt"

	"twinledger/domain/activity"
	"twinledger/domain/calendar"
	"twinledger/domain/record"
)

// gatherings tells of visits, meetings, research sessions and activities.
func (w *world) gatherings(c *community) {
	for _, s := range c.members {
		if w.often(60) {
			w.visit(c, s)
		}
	}
	w.meetings(c)
	w.research(c)
	for range 1 + w.below(3) {
		w.activity(c)
	}
	if (c.index+w.term.index)%3 == 0 {
		w.bookedActivity(c)
	}
}

// A gathering is what one of the four kinds says, apart from the fields of its
// own.
type gathering struct {
	kind    string // of stream
	facts   record.Facts
	planned func(record.Facts, calendar.Occurred) any
}

// visit tells of people of one school who go to another.
func (w *world) visit(c *community, s *school) {
	f := w.facts(c, pick(w, []string{"中层干部互访", "教师到校观摩", "校长互访"}), "visit")
	f.From, f.To = unit(s), unit(c.core)
	if w.oneIn(3) {
		f.From, f.To = f.To, f.From
	}
	f.Quantity = number(w.between(2, 12), "人次")
	w.hold(gathering{"visit", f, func(f record.Facts, planned calendar.Occurred) any {
		return activity.Visit{Facts: f, Planned: planned}
	}}, c.core)
}

// meetings tells of the community's meetings. Of some only the term is known,
// and not how many there were.
func (w *world) meetings(c *community) {
	chair := c.core.people[0].key
	kinds := []record.Kind{"joint_conference", "management_meeting", "management_seminar", "council", "meeting"}
	for i := range 1 + 3*c.zeal/100 {
		kind := pick(w, kinds)
		if i == 0 && w.often(c.zeal) && c.index > 0 {
			kind = "management_seminar"
		}
		if c.index == 0 {
			kind = "joint_conference" // nobody says of the first community's meetings that they were seminars
		}
		f := w.facts(c, map[record.Kind]string{"joint_conference": "校长联席会议", "management_meeting": "共同体管理会议",
			"management_seminar": "教学管理研讨会", "council": "理事会会议", "meeting": "工作例会"}[kind], kind)
		f.From, f.To, f.Mode = unit(c.core), []record.Unit{{Group: record.Members}}, w.anyMode()
		f.Quantity = number(1, "次")
		w.hold(gathering{"meeting", f, func(f record.Facts, planned calendar.Occurred) any {
			return activity.Meeting{Facts: f, Planned: planned, Chair: chair}
		}}, c.members[0])
	}
	if c.index == 0 || w.oneIn(4) {
		f := w.facts(c, "工作会议", "meeting")
		f.From, f.To = unit(c.core), []record.Unit{{Group: record.Members}}
		w.open("meeting.report", w.term.occurred(), activity.Meeting{Facts: f})
	}
}

// research tells of joint research: open classrooms of the members, and other
// sessions of the whole community.
func (w *world) research(c *community) {
	session := func(f record.Facts, other *school) {
		f.Quantity = number(1, "次")
		f.Subjects = words(pick(w, subjects))
		w.hold(gathering{"research", f, func(f record.Facts, planned calendar.Occurred) any {
			return activity.Research{Facts: f, Planned: planned}
		}}, other)
	}
	for i, s := range c.members {
		if c.index == 0 && i > 0 || c.index > 0 && !w.often(c.zeal) {
			continue
		}
		f := w.facts(c, "课堂教学开放交流", "open_classroom")
		f.From, f.To = unit(s), unit(c.core)
		if c.index > 0 {
			session(f, c.core)
			continue
		}
		f.Quantity = number(1, "次") // the first community's first member certainly did
		w.open("research.report", calendar.OnDay(w.anyDay()), activity.Research{Facts: f})
	}
	for range 1 + w.below(4)*c.zeal/100 {
		kind := pick(w, []record.Kind{"collective_prep", "online_research", "homework_seminar", "lesson_polishing"})
		f := w.facts(c, map[record.Kind]string{"collective_prep": "集体备课", "online_research": "网络研修", "homework_seminar": "作业设计专题研讨", "lesson_polishing": "磨课"}[kind], kind)
		f.From, f.To = unit(c.core), unit(pick(w, c.members))
		if kind == "online_research" {
			f.Mode = record.Online
		}
		session(f, c.core)
	}
}

// activity tells of another joint activity.
func (w *world) activity(c *community) {
	kind := pick(w, []record.Kind{"lecture", "student_activity", "contest", "quality_analysis", "training", "school_based_training", "report_exchange", "home_school_lecture", "festival"})
	entry, _ := record.Lookup(kind)
	f := w.facts(c, entry.ZH, kind)
	host := pick(w, c.all())
	f.From, f.To, f.Mode = unit(host), []record.Unit{{Group: record.Members}}, w.anyMode()
	f.Organisers = []record.Organiser{{Office: "县教育局教研室", Part: "host"}, {School: host.key, Part: "undertaker"}}
	f.Quantity, f.Attendance = number(1, "次"), number(w.between(10, 120), "人次")
	if kind == "lecture" {
		f.Level = pick(w, []string{"县级", "校级"})
	}
	division := ""
	if kind == "contest" {
		division = pick(w, []string{"青年组", "中年组"})
	}
	w.hold(gathering{"activity", f, func(f record.Facts, planned calendar.Occurred) any {
		return activity.Activity{Facts: f, Planned: planned, Division: division}
	}}, c.members[0])
}

// hold tells of a gathering afterwards or, of one in four, from its planning on.
func (w *world) hold(g gathering, other *school) {
	if w.oneIn(4) {
		w.follow(g, other)
		return
	}
	day := w.anyDay()
	occurred := calendar.OnDay(day)
	if w.oneIn(4) {
		occurred = w.told(day)
	}
	if w.oneIn(12) {
		g.facts.Quantity = record.Quantity{}
	}
	key := w.report(g.kind, occurred, g.planned(g.facts, ""), func(remark string) any {
		g.facts.Remark = text(remark)
		g.facts.Quantity = number(1, "次")
		return g.planned(g.facts, "")
	})
	if key == "" || !occurred.Dated() {
		return
	}
	if w.oneIn(5) {
		w.step(g.kind+".summarise", key, calendar.OnDay(w.later(day, 2, 6)), office("", "活动达到预期，材料已归档"))
	}
	if w.oneIn(3) {
		w.step(g.kind+".confirm", key, calendar.OnDay(w.later(day, 6, 12)), by(other))
	}
}

// follow tells of a gathering that was planned, and then held or cancelled.
func (w *world) follow(g gathering, other *school) {
	day := w.dayBetween(5, 60)
	held := w.later(day, 7, 25)
	key := w.open(g.kind+".plan", calendar.OnDay(day), g.planned(g.facts, calendar.OnDay(held)))
	if w.oneIn(8) {
		w.step(g.kind+".cancel", key, calendar.OnDay(w.later(day, 2, 6)), office("", pick(w, []string{"因雨雪天气取消", "与期中检测时间冲突"})))
		return
	}
	if w.oneIn(4) {
		prepared := by(other)
		prepared.What = words("方案准备")
		w.step(g.kind+".prepare", key, calendar.OnDay(w.later(day, 1, 6)), prepared)
	}
	id := w.step(g.kind+".hold", key, calendar.OnDay(held), record.Step{})
	if w.often(60) {
		w.step(g.kind+".summarise", key, calendar.OnDay(w.later(held, 1, 6)), office("", "按计划开展，纪要已存档"))
	} else if w.oneIn(12) {
		w.undo(key, id, calendar.OnDay(held))
		return
	}
	if w.oneIn(2) {
		w.step(g.kind+".confirm", key, calendar.OnDay(w.later(held, 6, 12)), by(other))
	}
}

// bookedActivity tells of an activity that a member asked for from the menu, with
// all of its steps (菜单式).
func (w *world) bookedActivity(c *community) {
	s := pick(w, c.members)
	f := w.facts(c, "菜单式送培：说课、上课、议课、辩课", "training")
	f.From, f.To, f.Quantity, f.Subjects = unit(s), unit(c.core), number(1, "次"), words(pick(w, subjects))
	day := w.dayBetween(0, 5)
	key := w.open("activity.request", calendar.OnDay(day), activity.Activity{Facts: f})
	steps := []struct {
		order string
		step  record.Step
		what  []string
	}{
		{"diagnose", by(c.core), nil}, {"design", by(c.core), nil},
		{"appraise", record.Step{Office: "县教育局教研室"}, []string{"审阅", "形成意见"}},
		{"revise", by(c.core), nil},
		{"document", record.Step{Office: "县教育局", Document: fmt.Sprintf("教研〔%s〕%d号", day[:4], w.between(1, 60))}, nil},
		{"train", by(c.core), nil}, {"prepare", by(s), []string{"团队研读", "个人备课", "集体打磨"}},
		{"show", by(s), []string{"说课", "上课", "议课", "辩课"}}, {"deliver", by(s), nil},
		{"summarise", office("", "形成课例一套，供全县学校选用"), nil}, {"confirm", by(c.core), nil},
	}
	for i, of := range steps {
		if i == 5 && w.oneIn(6) {
			w.step("activity.cancel", key, calendar.OnDay(day), office("", "申请学校调整计划"))
			return
		}
		day = w.later(day, 2, 9)
		for j := range max(1, len(of.what)) {
			if of.what != nil {
				of.step.What = words(of.what[j])
			}
			w.step("activity."+of.order, key, calendar.OnDay(day), of.step)
		}
	}
}
