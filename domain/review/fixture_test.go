package review_test

import (
	"fmt"
	"time"

	"twinledger/domain/calendar"
	"twinledger/domain/event"
	"twinledger/domain/exchange"
	"twinledger/domain/inspection"
	"twinledger/domain/intake"
	"twinledger/domain/intake/reading"
	"twinledger/domain/org"
	"twinledger/domain/pairing"
	"twinledger/domain/programme"
	"twinledger/domain/record"
	"twinledger/domain/review"
	"twinledger/domain/seal"
)

const (
	district  = "district-0198c000-0000-7000-8000-000000000001"
	community = "community-0198c000-0000-7000-8000-000000000021"
	core      = "school-0198c000-0000-7000-8000-000000000011"
	member    = "school-0198c000-0000-7000-8000-000000000012"
	second    = "school-0198c000-0000-7000-8000-000000000013"
	stranger  = "school-0198c000-0000-7000-8000-000000000014"
	person    = "person-0198c000-0000-8000-8000-000000000031"
)

var term = calendar.Term{Year: "2017-2018", Number: 2}

// input returns what a review of the term is computed from: the community's
// core and two members, the usual calendar, known half a year after the term.
func input(facts ...review.Fact) review.Input {
	return review.Input{
		Ledger: "k3m7q2xw5a", Ordinal: 99, Hash: [32]byte{0xab}, Recorded: recordedOn("2019-01-15"),
		District: review.NamedKey{Key: district, Name: "清涧县"}, Community: review.NamedKey{Key: community, Name: "清涧县第二小学共同体"},
		Term: term, Calendar: calendar.Calendar{"2017-2018": calendar.AssumedYear("2017-2018")},
		Facts:   append([]review.Fact{paired()}, facts...),
		Schools: map[string]review.School{core: called("清涧县第二小学"), member: called("郝家也中心小学"), second: called("双庙中心小学"), stranger: called("外校")},
	}
}

// called returns a school of a name to which things happened.
func called(name string, changes ...org.Change) review.School {
	var s review.School
	s.Phase, s.Facts.Name, s.Changes = record.Standing, name, changes
	for i, t := range changes {
		of := trace(uint64(200+i), "school."+string(t.Kind))
		of.ID = t.ID
		s.Trace = append(s.Trace, of)
	}
	return s
}

func recordedOn(day calendar.Day) event.Instant {
	return event.InstantOf(day.End().Add(-12 * time.Hour))
}

func id(n uint64) string { return fmt.Sprintf("0198e000-0000-7000-8000-%012d", n) }

func trace(ordinal uint64, kind string) review.Trace {
	return review.Trace{Ordinal: ordinal, ID: id(ordinal), Type: kind, Recorded: recordedOn("2018-07-03")}
}

// paired is the pairing of the core and the two members since 2015.
func paired() review.Fact {
	f := fact(1, "pairing", func(f *review.Fact) {
		f.Occurred = "year:2015"
		f.Facts.Kinds = []record.Kind{"pairing"}
		f.Facts.From, f.Facts.To = nil, nil
	})
	for _, side := range []pairing.Side{{School: core, Role: pairing.Core}, {School: second, Role: pairing.Member}, {School: member, Role: pairing.Member}} {
		f.Memberships = append(f.Memberships, pairing.Membership{Side: side, Basis: pairing.Founding, Since: "year:2015", Entry: id(1)})
	}
	return f
}

// fact returns a record of the term that entered the ledger as the ordinal: one
// lesson by the core at a member, on a day, altered.
func fact(ordinal uint64, kind string, alter ...func(*review.Fact)) review.Fact {
	f := review.Fact{
		Key: kind + "-" + id(ordinal), Kind: kind, Occurred: "day:2018-04-18",
		Facts: record.Facts{District: district, Community: community, Kinds: []record.Kind{"outreach_lesson"}, Mode: record.Offline,
			Title: seal.Text{Clear: "送课活动"}, Subjects: []record.Word{{Text: "语文"}},
			From: []record.Unit{{School: core}}, To: []record.Unit{{School: member}}, Quantity: number("1", "节")},
		Trace: []review.Trace{trace(ordinal, kind+".reported")},
	}
	for _, a := range alter {
		a(&f)
	}
	return f
}

func lesson(ordinal uint64, alter ...func(*review.Fact)) review.Fact {
	return fact(ordinal, "lesson", alter...)
}

// number returns a quantity as a row writes it.
func number(text, measure string) record.Quantity {
	q, err := record.ParseQuantity(text, measure)
	if err != nil {
		panic(err)
	}
	return q
}

// The ways in which tests alter a record.

func on(o calendar.Occurred) func(*review.Fact) { return func(f *review.Fact) { f.Occurred = o } }
func times(text, measure string) func(*review.Fact) {
	return func(f *review.Fact) { f.Facts.Quantity = number(text, measure) }
}
func kinds(k ...record.Kind) func(*review.Fact) { return func(f *review.Fact) { f.Facts.Kinds = k } }
func mode(m record.Mode) func(*review.Fact)     { return func(f *review.Fact) { f.Facts.Mode = m } }
func subjects(texts ...string) func(*review.Fact) {
	return func(f *review.Fact) {
		f.Facts.Subjects = nil
		for _, text := range texts {
			f.Facts.Subjects = append(f.Facts.Subjects, record.Word{Text: text})
		}
	}
}
func from(schools ...string) func(*review.Fact) {
	return func(f *review.Fact) { f.Facts.From = units(schools) }
}
func to(schools ...string) func(*review.Fact) {
	return func(f *review.Fact) { f.Facts.To = units(schools) }
}
func lacking(u ...record.Unknown) func(*review.Fact) { return func(f *review.Fact) { f.Unknowns = u } }

// units returns schools as units; "members" is the members as a group.
func units(schools []string) []record.Unit {
	var out []record.Unit
	for _, s := range schools {
		if s == string(record.Members) {
			out = append(out, record.Unit{Group: record.Members})
		} else {
			out = append(out, record.Unit{School: s})
		}
	}
	return out
}

func changed(ordinal uint64, verb string) func(*review.Fact) {
	return func(f *review.Fact) {
		change := trace(ordinal, f.Kind+"."+verb)
		f.Trace = append(f.Trace, change)
		f.Amendments = append(f.Amendments, review.Amendment{Trace: change, Target: f.Trace[0].ID, Reason: seal.Text{Clear: "登记有误"}})
		f.Void = f.Void || verb == "voided"
	}
}

func recorded(day calendar.Day) func(*review.Fact) {
	return func(f *review.Fact) { f.Trace[0].Recorded = recordedOn(day) }
}

// plan returns a programme in force with one obligation for each count.
func plan(counts ...programme.Count) *review.GoverningProgramme {
	p := programme.Programme{Format: programme.Format, Code: "zhaike", Title: programme.Words{ZH: "方案", EN: "plan"}, Source: "第二条"}
	for i, c := range counts {
		c.Window = programme.Term
		p.Obligations = append(p.Obligations, programme.Obligation{ID: fmt.Sprintf("zhaike-%d", i+1), Text: programme.Words{ZH: "义务", EN: "duty"},
			Section: "二", Strength: programme.Hard, Count: c})
	}
	return &review.GoverningProgramme{Programme: p, Version: 1, Event: id(90), From: "2017-09-01", To: "2020-08-31"}
}

// owed returns a count of so many outreach lessons for the community, altered.
func owed(n int, alter ...func(*programme.Count)) programme.Count {
	c := programme.Count{AtLeast: n, Kinds: []record.Kind{"outreach_lesson"}, Per: programme.PerCommunity}
	for _, a := range alter {
		a(&c)
	}
	return c
}

func towards(d programme.Direction) func(*programme.Count) {
	return func(c *programme.Count) { c.Direction = d }
}
func perMember(c *programme.Count) { c.Per = programme.PerMemberSchool }

// everything is an input in which every part of a review has something to say.
func everything() review.Input {
	in := input(
		lesson(2, times("", "节"), to("members"), on("term:2017-2018/2"), lacking(record.UnknownNumber)),
		lesson(3, times("10", "节"), to("members"), on("term:2017-2018/2"), subjects("语文", "英语")),
		lesson(4, kinds("demo_lesson", "outreach_lesson"), recorded("2018-09-20")),
		lesson(5, changed(20, "corrected")),
		lesson(6, changed(21, "corrected"), changed(22, "voided")),
		lesson(7, on("schoolyear:2017-2018")),
		lesson(8, on("day:2017-11-02")),
		lesson(9, times("约5", "节"), on("month:2018-05"), to(member, second)),
		fact(10, "exchange", kinds("support_teaching"), times("1", "人"), func(f *review.Fact) {
			f.Workflow, f.Start, f.End, f.Facts.People = true, "day:2018-03-05", "day:2018-07-06", []string{person}
			f.Trace = append(f.Trace, trace(23, "exchange.completed"))
		}),
		fact(11, "visit", kinds("visit"), times("30", "人次"), on("term:2017-2018/2"), from(member, second), to(core), lacking(record.UnknownOccurrences)),
		fact(12, "donation", kinds("donation"), times("10", "台"), func(f *review.Fact) { f.Item = seal.Text{Clear: "手提电脑"} }),
		fact(13, "filing", kinds("summary"), times("1", "份"), to()),
		fact(14, "inspection", kinds("supervision"), times("", ""), func(f *review.Fact) {
			f.Findings = []review.Finding{{Finding: inspection.Finding{Dimension: record.Word{Text: "师资队伍", Code: "team"},
				Text: seal.Text{Sealed: &seal.Sealed{Form: 1, Keys: []string{"source-1"}, Box: "AA=="}}, Grade: "良好"}}}
		}),
		fact(15, "meeting", kinds("joint_conference"), times("", "次"), on("unknown")),
		fact(16, "research", kinds("research_session"), times("2", "次"), func(f *review.Fact) {
			f.Facts.Source = &record.Source{Import: "import-1", Sheet: 0, Row: 7}
			f.Facts.Evidence = []seal.Text{{Clear: "签到表"}}
		}),
	)
	in.Statements = statements(in.Facts[1], in.Facts[2])
	in.Held = []review.HeldRow{held(17, "day:2018-04-18"), held(18, "unknown"), held(19, "day:2016-04-18")}
	for n := uint64(30); n < 32; n++ {
		in.Left = append(in.Left, lesson(n, changed(n+2, "corrected"), now(elsewhere), stood(community, "day:2018-04-18")))
	}
	in.WithoutCommunity = []review.Fact{lesson(34, nowhere), lesson(35, nowhere, from(stranger), to())}
	away := fact(36, "exchange", kinds("support_teaching"), lasting("day:2018-07-02", "day:2018-07-06"), func(f *review.Fact) {
		f.Facts.Community, f.Facts.People = elsewhere, []string{person}
	})
	in.Postings = []review.Posting{{Fact: in.Facts[9], State: stateOf(in.Facts[9])}, {Fact: away, State: stateOf(away)}}
	in.Published = &review.PublishedCalendar{Key: "calendar-1", Trace: []review.Trace{trace(24, "calendar.published")}}
	in.Programme = plan(owed(10, towards(programme.CoreToMember)), owed(2, perMember),
		owed(1, func(c *programme.Count) { c.Kinds = []record.Kind{"demo_lesson"} }), owed(3, func(c *programme.Count) { c.Kinds = []record.Kind{"joint_conference"} }))
	in.Programme.Programme.Parties = []programme.Party{{Role: pairing.Core, Name: programme.Words{ZH: "中心校", EN: "centre school"}}}
	in.Programme.Programme.Silences = []programme.Words{{ZH: "方案未写明奖惩", EN: "silent on rewards"}}
	return in
}

func held(ordinal uint64, when calendar.Occurred) review.HeldRow {
	return review.HeldRow{Key: "row-" + id(ordinal), When: when, Trace: []review.Trace{trace(ordinal, "row.taken")},
		Taken: intake.RowTaken{District: district, Community: community, Source: record.Source{Import: "import-1", Sheet: 0, Row: int(ordinal)},
			Outcome: intake.Held, Problems: []intake.Problem{{Code: "intake.unknown-category", Column: reading.ColumnCategory}}}}
}

// stateOf returns an exchange that is reported as the fact says.
func stateOf(f review.Fact) exchange.State {
	s := exchange.State{Phase: exchange.StageReported, Occurred: f.Occurred}
	s.Facts.Facts, s.Facts.Start, s.Facts.End = f.Facts, f.Start, f.End
	return s
}
