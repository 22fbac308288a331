package pairing

import (
	"slices"
	"strings"

	"twinledger/domain/calendar"
	"twinledger/domain/record"
)

// A Membership is one school's time in a pairing.
type Membership struct {
	Side
	Basis Basis             // Roster: Since is when it was so
	Since calendar.Occurred // from when, as far as known
	Until calendar.Occurred // its last day, "" while it lasts
	Entry string            // id of the event that brought the school in
	Exit  string            // id of the event that took it out; ""
}

// A Post is what some people are in a pairing for a time: its leaders, or its
// liaisons at a school or office.
type Post struct {
	School string // key of the school, or ""
	Office string // as written, or ""
	Role   string // as written: 组长, 联系人
	People []string
	Since  calendar.Occurred
	Until  calendar.Occurred // "" while nobody said otherwise
	Entry  string            // id of the event that named them
}

// An Agreement is one term of a pairing's agreement (合作协议): as it was signed,
// or as it was renewed.
type Agreement struct {
	Document string        // 文号; a renewal without one goes on under the former
	Clauses  []record.Word // the checklist of clauses
	Schools  []string      // keys of the schools that signed
	Office   string        // the office that signed, if one did
	People   []string      // keys of the people who signed
	From     calendar.Occurred
	Until    calendar.Occurred
	Entry    string             // id of the event
	Renewal  bool               // whether it renews another
	Reviews  []record.TakenStep // what the authority said of it, in order
}

// types are the codes of the types that the plans tell apart (mechanisms, point
// 2). A type selects the rules that hold, so its code never changes.
var types = map[string]string{
	"协作型": "collaborative", "共建型": "co_built", "融合型": "integrated",
	"联盟式": "alliance", "帮扶式": "support", "紧密型": "tight", "教育集团": "education_group",
}

// TypeOf returns a type as written with its code, where one is known.
func TypeOf(text string) record.Word {
	text = strings.TrimSpace(text)
	return record.Word{Text: text, Code: types[text]}
}

// Since returns since when the pairing holds: of one that was applied for since the
// match says, or else since it was matched. It may lie ahead of the match.
func (s State) Since() calendar.Occurred {
	asked := s.Founded == string(applied) || len(s.ReportedSteps) > 0 && s.ReportedSteps[0].Verb == string(applied)
	for _, t := range s.course() {
		if asked && t.Verb == string(matched) {
			return begins(t)
		}
	}
	return s.Occurred
}

// MembersOn returns the memberships that hold on a day, in the order in which
// the schools entered. What is known only to a term or school year bounds
// nothing here: who is not certainly outside is in.
func (s State) MembersOn(day calendar.Day) []Membership {
	roll := s.schools()
	roll.periods = slices.DeleteFunc(roll.periods, func(m membershipPeriod) bool { return !m.mayHoldOn(day) || !s.lives(day) })
	return roll.memberships()
}

// RoleOn returns a school's part on a day; ok is false when it has none.
func (s State) RoleOn(school string, day calendar.Day) (role Role, ok bool) {
	for _, m := range s.MembersOn(day) {
		if m.School == school {
			role, ok = m.Role, true
		}
	}
	return role, ok
}

// TypeOn returns the type that selects the rules of a day; ok is false when
// nobody set one that holds on it.
func (s State) TypeOn(day calendar.Day) (of record.Word, ok bool) {
	t, ok := s.holding("type_set", day)
	if !ok || len(t.Step.What) == 0 {
		return record.Word{}, false
	}
	of = t.Step.What[0]
	if of.Code == "" {
		of = TypeOf(of.Text)
	}
	return of, true
}

// ChairOn returns the key of the school that has the chair on a day; ok is false
// when none is known to.
func (s State) ChairOn(day calendar.Day) (school string, ok bool) {
	t, ok := s.holding("chair_rotated", day)
	if schools := record.Schools(t.Step.By); ok && len(schools) == 1 {
		return schools[0], true
	}
	return "", false
}

// LiaisonsOn returns who answers for the pairing on a day: at each school or
// office, in each role, those named last.
func (s State) LiaisonsOn(day calendar.Day) []Post { return s.postsOn("liaison_named", day) }

// LeadersOn returns the leading group on a day: in each role those named last.
func (s State) LeadersOn(day calendar.Day) []Post { return s.postsOn("leaders_named", day) }

// AgreementOn returns the agreement in force on a day, the latest when several
// are; ok is false when none is known to be.
func (s State) AgreementOn(day calendar.Day) (in Agreement, ok bool) {
	on := calendar.OnDay(day)
	for _, a := range s.Agreements() {
		if s.lives(day) && a.From.Dated() && !on.EndsBefore(a.From) && !a.Until.EndsBefore(on) {
			in, ok = a, true
		}
	}
	return in, ok
}

// PeopleOn returns the keys of the people who are members on a day, in the order
// in which they entered.
func (s State) PeopleOn(day calendar.Day) []string {
	var out []string
	for _, member := range s.people().periods {
		if member.mayHoldOn(day) && s.lives(day) {
			out = append(out, member.who)
		}
	}
	return out
}

// HasEnded tells whether the pairing is over.
func (s State) HasEnded() bool {
	_, over := s.last("ended")
	return over
}

// lives tells whether the pairing stands and has not certainly ended before a
// day.
func (s State) lives(day calendar.Day) bool {
	end, over := s.last("ended")
	return s.Phase == record.Standing && !(over && end.Occurred.EndsBefore(calendar.OnDay(day)))
}

// course returns the reported steps, each as if the founding had
// taken it, and behind them those taken.
func (s State) course() []record.TakenStep {
	var out []record.TakenStep
	for _, told := range s.Facts.Course {
		out = append(out, record.TakenStep{ID: s.Founding, Verb: told.Verb, Occurred: told.Occurred, Step: told.Step})
	}
	return append(out, s.Steps...)
}

// last returns the last step with a verb, and whether there is one.
func (s State) last(verb string) (record.TakenStep, bool) {
	for _, t := range slices.Backward(s.course()) {
		if t.Verb == verb {
			return t, true
		}
	}
	return record.TakenStep{}, false
}

// holding returns the step with a verb that holds on a day: of those that began
// by then the one that began last, unless its time is over.
func (s State) holding(verb string, day calendar.Day) (held record.TakenStep, ok bool) {
	on := calendar.OnDay(day)
	for _, t := range s.course() {
		from := begins(t)
		if t.Verb != verb || !from.Dated() || on.EndsBefore(from) {
			continue
		}
		if !ok || !from.EndsBefore(begins(held)) {
			held, ok = t, true
		}
	}
	return held, ok && s.lives(day) && !held.Step.Until.EndsBefore(on)
}

func (s State) postsOn(verb string, day calendar.Day) []Post {
	var out []Post
	on := calendar.OnDay(day)
	for _, t := range s.course() {
		if t.Verb != verb || on.EndsBefore(begins(t)) {
			continue
		}
		for _, post := range postsOf(t) {
			same := func(p Post) bool {
				return p.School == post.School && p.Office == post.Office && p.Role == post.Role && !post.Since.EndsBefore(p.Since)
			}
			out = append(slices.DeleteFunc(out, same), post)
		}
	}
	return slices.DeleteFunc(out, func(p Post) bool { return !s.lives(day) || p.Until.EndsBefore(on) })
}

// postsOf returns the posts that a step fills: one at each school, or one at its
// office.
func postsOf(t record.TakenStep) []Post {
	post := Post{Office: t.Step.Office, Role: t.Step.Role, People: t.Step.People, Since: begins(t), Until: t.Step.Until, Entry: t.ID}
	schools := record.Schools(t.Step.By)
	if len(schools) == 0 {
		return []Post{post}
	}
	var out []Post
	for _, school := range schools {
		post.School = school
		out = append(out, post)
	}
	return out
}

// Agreements returns every term of the pairing's agreement, in the order in
// which they were signed and renewed.
func (s State) Agreements() []Agreement {
	var out []Agreement
	for _, t := range s.course() {
		out = agreed(out, t)
	}
	return out
}

// agreed returns the agreements after a step.
func agreed(known []Agreement, t record.TakenStep) []Agreement {
	a := Agreement{Document: t.Step.Document, Clauses: t.Step.What, Schools: record.Schools(t.Step.By), Office: t.Step.Office,
		People: t.Step.People, From: begins(t), Until: t.Step.Until, Entry: t.ID}
	switch t.Verb {
	case "signed":
		known = append(known, a)
	case "renewed":
		known = append(known, a.renewing(known, t.Step.From))
	case "reviewed":
		if n := len(known); n > 0 {
			known[n-1].Reviews = append(known[n-1].Reviews, t)
		}
	}
	return known
}

// renewing returns a as the renewal of the last of former: what it does not say
// anew goes on, and it begins on the day after unless it says when.
func (a Agreement) renewing(former []Agreement, from calendar.Occurred) Agreement {
	a.Renewal = true
	if len(former) == 0 {
		return a
	}
	last := former[len(former)-1]
	if a.Document == "" {
		a.Document = last.Document
	}
	if len(a.Clauses) == 0 {
		a.Clauses = last.Clauses
	}
	if len(a.Schools) == 0 && a.Office == "" {
		a.Schools, a.Office = last.Schools, last.Office
	}
	if len(a.People) == 0 {
		a.People = last.People
	}
	if from == "" && last.Until.Dated() {
		days, _ := calendar.Calendar{}.Extent(last.Until)
		a.From = calendar.OnDay(days.Last.Add(1))
	}
	return a
}
