package county

import (
	"slices"

	"twinledger/domain/calendar"
	"twinledger/domain/org"
	"twinledger/domain/pairing"
	"twinledger/domain/record"
)

// A community is one that a leading school has with some others.
type community struct {
	key, name, pairing string
	index              int // from 0
	core               *school
	members            []*school
	chair              *school
	zeal               int // in percent: how much of what is owed it does
	until              calendar.Day
	merged             bool // one of its schools merged
	postings           []*posting
	mentorships        []*pair
}

// newCommunity makes up a community of so many schools.
func (w *world) newCommunity(size int) *community {
	c := &community{index: len(w.communities), zeal: w.between(35, 100)}
	leading := central
	if c.index%4 == 0 {
		leading = direct
	}
	town := w.place() + "镇"
	c.core = w.newSchool(leading, town)
	for i := range size - 1 {
		of := village
		switch {
		case i > 0 && w.oneIn(4):
			of = point
		case w.oneIn(8):
			of = central
		}
		c.members = append(c.members, w.newSchool(of, c.core.town))
	}
	c.name = c.core.name + "教育共同体"
	c.key = org.CommunityKey(w.Ledger, w.Site.District, c.name)
	return c
}

// all returns every school of the community, the leading one first.
func (c *community) all() []*school { return append([]*school{c.core}, c.members...) }

// drop takes a member out.
func (c *community) drop(i int) {
	c.members = slices.Delete(slices.Clone(c.members), i, i+1)
}

// The roles of the programme that is put in force.
const (
	leadingRole pairing.Role = "base_school"
	memberRole  pairing.Role = "linked_school"
)

// settle notes the schools of a community and founds it, with agreement, type,
// leaders, liaisons and a first chair.
func (w *world) settle(c *community) {
	for _, s := range c.all() {
		w.enter(s)
	}
	w.note("community.note", org.Community{District: w.Site.District, Name: c.name})
	first := calendar.OnDay(w.term.First)
	for _, s := range c.members {
		if s.sort == point {
			w.step("school.place_under", s.key, first, org.PlacedUnder{Parent: c.core.key})
		}
	}
	facts := pairing.Facts{Facts: w.facts(c, "结对共建协议", "education_community"), Basis: pairing.Founding, Sides: []pairing.Side{{School: c.core.key, Role: leadingRole}}}
	for _, s := range c.members {
		facts.Sides = append(facts.Sides, pairing.Side{School: s.key, Role: memberRole})
	}
	c.pairing = w.open("pairing.found", first, facts)
	w.agree(c)
	step := office("县教育局", "")
	step.What = []record.Word{pairing.TypeOf(pick(w, []string{"协作型", "共建型", "融合型", "帮扶式", "联盟式"}))}
	w.step("pairing.set_type", c.pairing, calendar.OnDay(w.dayBetween(2, 6)), step)
	w.step("pairing.name_leaders", c.pairing, calendar.OnDay(w.dayBetween(3, 8)),
		record.Step{People: []string{c.core.people[0].key, c.members[0].people[0].key}, Role: "组长"})
	for _, s := range c.all() {
		named := by(s)
		named.People, named.Role = []string{s.people[len(s.people)-1].key}, "联系人"
		w.step("pairing.name_liaison", c.pairing, calendar.OnDay(w.dayBetween(3, 10)), named)
	}
	w.passChair(c, w.dayBetween(4, 10))
}

// agree signs the agreement, for this school year or for three, and has it
// reviewed.
func (w *world) agree(c *community) {
	day := w.dayBetween(0, 4)
	c.until = w.term.schoolYear().Last
	if w.oneIn(2) {
		c.until = calendar.AssumedYear(calendar.SchoolYearFrom(w.term.Year.First() + 2)).Last
	}
	signed := record.Step{Document: "协〔" + string(day[:4]) + "〕" + chinese(c.index+1) + "号", From: calendar.OnDay(w.term.First), Until: calendar.OnDay(c.until),
		What: words("教师交流", "联合教研", "资源共享", "捆绑考核")}
	for _, s := range c.all() {
		signed.By = append(signed.By, record.Unit{School: s.key})
	}
	w.step("pairing.sign", c.pairing, calendar.OnDay(day), signed)
	reviewed := office("县教育局教育股", "协议条款齐全")
	reviewed.Grade = "同意"
	w.step("pairing.review", c.pairing, calendar.OnDay(w.later(day, 3, 10)), reviewed)
}

// relate tells what became of the pairing in the term: the agreement is renewed
// when it has run out, and the chair is passed on with the school year.
func (w *world) relate(c *community) {
	if w.term.index == 0 {
		return
	}
	if c.until < w.term.Last {
		from := c.until.Add(1)
		c.until = w.term.schoolYear().Last
		w.step("pairing.renew", c.pairing, calendar.OnDay(w.dayBetween(0, 5)),
			record.Step{Office: "县教育局", From: calendar.OnDay(from), Until: calendar.OnDay(c.until)})
	}
	if w.term.Number == 1 {
		w.passChair(c, w.dayBetween(2, 6))
	} else if w.oneIn(2) {
		assessed := office("县教育局", "按学年考核方案评定")
		assessed.Grade, assessed.From, assessed.Until = pick(w, grades), calendar.OnDay(w.term.schoolYear().First), calendar.OnDay(w.term.Last)
		w.step("pairing.assess", c.pairing, calendar.OnDay(w.dayBetween(90, 98)), assessed)
	}
}

// passChair gives the chair to the next school.
func (w *world) passChair(c *community, day calendar.Day) {
	all := c.all()
	c.chair = all[(slices.Index(all, c.chair)+1)%len(all)]
	w.step("pairing.rotate_chair", c.pairing, calendar.OnDay(day), by(c.chair))
}

// join lets a school that stood outside, and asked for support, into a community,
// and another one go.
func (w *world) join() {
	s := w.outsiders[0]
	w.outsiders = w.outsiders[1:]
	w.applyForSupport(s)
	c := pick(w, w.communities)
	day := w.dayBetween(6, 12)
	w.step("pairing.join", c.pairing, calendar.OnDay(day), pairing.Joining{Side: pairing.Side{School: s.key, Role: memberRole}})
	c.members = append(c.members, s)
	for range 20 {
		if from := pick(w, w.communities); from != c && len(from.members) > 2 {
			w.leave(from, w.later(day, 1, 9))
			return
		}
	}
}

// leave lets the member that came last go, unless it has the chair.
func (w *world) leave(c *community, day calendar.Day) {
	i := len(c.members) - 1
	leaver := c.members[i]
	if leaver == c.chair {
		return
	}
	w.step("pairing.leave", c.pairing, calendar.OnDay(day), pairing.Leaving{School: leaver.key, Reason: text("路途较远，改与邻近学校结对")})
	c.drop(i)
	w.outsiders = append(w.outsiders, leaver)
}

// applyForSupport lets a school apply for support; it is matched with a school
// of the county, or refused because a community takes it in.
func (w *world) applyForSupport(s *school) {
	facts := pairing.Facts{Facts: w.facts(&community{}, "帮扶申请表", "support_pairing"), Basis: pairing.Founding,
		Sides: []pairing.Side{{School: s.key, Role: "helped_school"}}}
	day := w.dayBetween(0, 3)
	application := w.open("pairing.apply", calendar.OnDay(day), facts)
	if w.term.index%2 == 0 {
		w.step("pairing.refuse", application, calendar.OnDay(w.later(day, 2, 4)), office("县教育局", "已安排加入邻近共同体"))
		return
	}
	helper := by(pick(w, w.communities).core)
	w.step("pairing.match", application, calendar.OnDay(w.later(day, 2, 4)), helper)
}
