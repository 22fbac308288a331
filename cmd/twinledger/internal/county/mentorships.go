package county

import (
	"slices"

	"twinledger/domain/calendar"
	"twinledger/domain/mentorship"
	"twinledger/domain/record"
)

// A pair is mentor and mentee.
type pair struct {
	key    string
	mentee *person
	began  calendar.Day // as far as they know themselves
}

// mentorships tells of mentors and mentees: they are paired in autumn, meet in
// every term and part in summer.
func (w *world) mentorships(c *community) {
	if w.term.Number == 1 || w.term.index == 0 {
		for range 1 + w.below(3) {
			w.beginMentorship(c)
		}
	}
	for _, p := range c.mentorships {
		for range w.between(1, 3) {
			met := record.Step{What: words(pick(w, []string{"听课", "评课", "备课", "班级管理指导"}))}
			w.step("mentorship.meet", p.key, calendar.OnDay(max(p.began, w.dayBetween(15, 85))), met)
		}
	}
	if w.term.Number != 2 {
		return
	}
	c.mentorships = slices.DeleteFunc(c.mentorships, func(p *pair) bool {
		if w.oneIn(5) {
			return false // goes on
		}
		day := w.dayBetween(88, 96)
		judged := by(c.core)
		judged.Grade = pick(w, grades)
		w.step("mentorship.assess", p.key, calendar.OnDay(day), judged)
		w.step("mentorship.end", p.key, calendar.OnDay(day), record.Step{})
		return true
	})
}

func (w *world) beginMentorship(c *community) {
	s := pick(w, c.members)
	mentor, mentee := pick(w, c.core.people), pick(w, s.people)
	if slices.ContainsFunc(c.mentorships, func(p *pair) bool { return p.mentee == mentee }) {
		return
	}
	subject := pick(w, subjects)
	day := w.dayBetween(3, 12)
	f := mentorship.Facts{Facts: w.facts(c, subject+"青蓝工程师徒结对", "mentoring"), Mentor: mentor.key, Mentee: mentee.key, Start: calendar.OnDay(day)}
	f.Subjects, f.From, f.To, f.Quantity = words(subject), unit(c.core), unit(s), number(1, "对")
	p := &pair{mentee: mentee, began: day}
	if w.oneIn(6) { // only told of
		f.Start = calendar.Unknown
		p.key = w.report("mentorship", w.term.occurred(), f, func(remark string) any {
			f.Remark = text(remark)
			return f
		})
	} else {
		p.key = w.open("mentorship.begin", calendar.OnDay(day), f)
	}
	if p.key != "" {
		c.mentorships = append(c.mentorships, p)
	}
}
