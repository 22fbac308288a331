package county

import (
	"slices"
	"strings"

	"twinledger/domain/calendar"
	"twinledger/domain/org"
	"twinledger/domain/programme"
)

// A sort says what a school is.
type sort int

const (
	direct  sort = iota // of the county itself (县直)
	central             // a town's centre school (中心校)
	village
	point // a teaching point (教学点)
)

// A school is one of the county as it stands.
type school struct {
	key, name   string
	index       int // from 0, in the order in which schools were made up
	sort        sort
	stage       string // 学段
	town        string
	provisional bool // nobody confirmed it yet
	renamed     bool
	students    int
	people      []*person
}

// A person is somebody who teaches.
type person struct {
	key    string
	school *school
	busy   calendar.Day // the last day of a posting; "" when there is none
}

// found notes everything that is there before the first term: calendar,
// programme, schools, people, and which of them belong together.
func (w *world) found(terms []term, plan Plan) {
	for i, t := range terms {
		if i == 0 || t.Year != terms[i-1].Year {
			w.note("calendar.publish", org.CalendarYear{District: w.Site.District, Year: year(t.Year)})
		}
	}
	first := w.term.schoolYear().First
	w.noteOn("programme.publish", calendar.OnDay(first),
		programme.Publishing{Published: programme.Published{District: w.Site.District, From: first, Programme: plan.Programme, File: plan.File}})
	for _, name := range w.people(min(len(families), 12+w.Schools/100)) {
		w.inspectors = append(w.inspectors, w.newPerson("", name))
	}
	w.gather()
}

// gather divides the schools into communities of one and two to five others. A
// few stay outside.
func (w *world) gather() {
	outside := w.Schools / 40
	for left := w.Schools - outside; left > 0; {
		size := min(1+w.between(2, 5), left)
		if rest := left - size; rest > 0 && rest < 3 {
			size = left - 3
			if left < 6 {
				size = left
			}
		}
		w.communities = append(w.communities, w.newCommunity(size))
		left -= size
	}
	for range outside {
		s := w.newSchool(village, w.place()+"镇")
		w.outsiders = append(w.outsiders, s)
		w.enter(s)
	}
}

// newSchool makes up a school; a town's is called after it.
func (w *world) newSchool(of sort, town string) *school {
	s := &school{index: len(w.schools), sort: of, town: town, stage: "小学"}
	switch of {
	case direct:
		kind := "小学"
		if w.direct++; w.direct%4 == 0 {
			kind, s.stage = "初级中学", "初中"
		}
		s.name = "县第" + chinese(w.direct) + kind
	case central:
		s.name = w.unused(func(place string) string {
			s.town = place + "镇"
			return s.town + "中心小学"
		})
	case village:
		kind := pick(w, []string{"小学", "小学", "小学", "希望小学", "完全小学", "九年制学校"})
		if kind == "九年制学校" {
			s.stage = "九年一贯制"
		}
		s.name = w.unused(func(place string) string { return place + kind })
	case point:
		s.name = w.unused(func(place string) string { return town + place + "教学点" })
	}
	s.students = map[sort]int{direct: 1400, central: 620, village: 190, point: 28}[of]
	s.students += w.below(s.students/2) - s.students/4
	s.key = org.SchoolKey(w.Ledger, w.Site.District, s.name)
	w.schools = append(w.schools, s)
	return s
}

// enter notes a school and its people.
func (w *world) enter(s *school) {
	s.provisional = s.sort >= village && s.index%25 == 4
	facts := org.School{District: w.Site.District, Name: s.name, Provisional: s.provisional}
	if !s.provisional {
		facts.Stage, facts.Setting = s.stage, map[sort]string{direct: "县城", central: "镇区"}[s.sort]
		if s.sort >= village {
			facts.Setting = "乡村"
		}
	}
	w.note("school.note", facts)
	for _, name := range w.people(map[sort]int{direct: 14, central: 10, village: 6, point: 3}[s.sort]) {
		s.people = append(s.people, &person{key: w.newPerson(s.key, name), school: s})
	}
}

// newPerson notes somebody and returns the person's key.
func (w *world) newPerson(school, name string) string {
	w.note("person.note", org.Person{District: w.Site.District, School: school, Name: text(name)})
	return org.PersonKey(w.Vault, w.Site.District, school, name)
}

// turns tells what happened to the schools of the county at the beginning of the
// term: some are confirmed, renamed or known under another name, some merge.
func (w *world) turns() {
	if w.term.index == 0 {
		return
	}
	for _, s := range w.schools {
		switch {
		case s.provisional && s.index%75 != 4 && (s.index+w.term.index)%2 == 0:
			w.step("school.confirm", s.key, calendar.OnDay(w.dayBetween(0, 10)), struct{}{})
			s.provisional = false
		case s.provisional:
		case (s.index+w.term.index*7)%60 == 10 && !s.renamed && s.sort >= central:
			w.rename(s)
		case w.oneIn(200):
			w.step("school.alias", s.key, calendar.OnDay(w.dayBetween(0, 10)), org.Aliased[org.School]{Alias: text(strings.TrimSuffix(s.name, "学"))})
		}
	}
	for range (w.Schools + 900) / 1000 { // none below 100 schools
		w.merge()
	}
	if w.Schools >= 24 && len(w.outsiders) > 0 {
		w.join()
	}
}

// rename gives a school another name from the first day of the term.
func (w *world) rename(s *school) {
	name := w.unused(func(place string) string { return place + "实验学校" })
	w.step("school.rename", s.key, calendar.OnDay(w.term.First), org.Renamed{Name: name})
	s.name, s.renamed = name, true
}

// merge merges a village school or teaching point into its community's leading
// school, which takes its place.
func (w *world) merge() {
	for range 20 {
		c := pick(w, w.communities)
		i := slices.IndexFunc(c.members, func(s *school) bool { return s.sort >= village && s != c.chair && !s.provisional })
		if len(c.members) < 3 || i < 0 || c.merged {
			continue
		}
		w.step("school.merge", c.members[i].key, calendar.OnDay(w.dayBetween(1, 8)), org.Merged{Into: c.core.key, Memberships: true})
		w.schools = slices.DeleteFunc(w.schools, func(s *school) bool { return s == c.members[i] })
		c.drop(i)
		c.merged = true
		return
	}
}
