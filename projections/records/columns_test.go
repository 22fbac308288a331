package records_test

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"twinledger/domain/activity"
	"twinledger/domain/calendar"
	"twinledger/domain/exchange"
	"twinledger/domain/filing"
	"twinledger/domain/inspection"
	"twinledger/domain/lesson"
	"twinledger/domain/mentorship"
	"twinledger/domain/org"
	"twinledger/domain/pairing"
	"twinledger/domain/record"
	"twinledger/domain/seal"
	"twinledger/projections"
	"twinledger/projections/projectiontest"
	"twinledger/projections/records"
)

// rowOf returns the row of the first stream in which something was said.
func rowOf(given ...said) records.Row {
	return projectiontest.Replay(records.Model, projectiontest.Applied(given...)...)[given[0].Stream]
}

func TestMarks(t *testing.T) {
	provisional := say(core, "", record.Reported[org.School]{Facts: org.School{District: district, Name: "第二小学", Provisional: true}})
	applied := say(key("exchange", 1), "day:2018-02-20", exchange.Applied{Reported: record.Reported[exchange.Facts]{Facts: exchange.Facts{Facts: common("support_teaching")}}})
	merged := say(core, "day:2018-02-10", org.Merged{Into: member})
	for _, tt := range []struct {
		name  string
		given []said
		want  []string
	}{
		{"reported", []said{reportedLesson(1, "课")}, []string{records.MarkStanding, records.MarkIncomplete, records.MarkReported}},
		{"voided", []said{reportedLesson(1, "课"), say(key("lesson", 1), "", record.Voided[lesson.Facts]{Target: id(1), Reason: reason})},
			[]string{records.MarkVoid, records.MarkIncomplete, records.MarkReported}},
		{"corrected", []said{reportedLesson(1, "课"), say(key("lesson", 1), "day:2018-04-18", record.Corrected[lesson.Facts]{Target: id(1), Reason: reason})},
			[]string{records.MarkStanding, records.MarkCorrected, records.MarkIncomplete, records.MarkReported}},
		{"followed", []said{applied}, []string{records.MarkStanding, records.MarkIncomplete, records.MarkFollowed}},
		{"a step corrected", []said{applied, say(key("exchange", 1), "day:2018-02-25", exchange.Approved{}),
			say(key("exchange", 1), "day:2018-02-26", exchange.Approved{Step: record.Step{Corrects: id(2), Reason: reason}})},
			[]string{records.MarkStanding, records.MarkCorrected, records.MarkIncomplete, records.MarkFollowed}},
		{"a step voided", []said{applied, say(key("exchange", 1), "day:2018-02-25", exchange.Approved{}),
			say(key("exchange", 1), "", record.Voided[exchange.Facts]{Target: id(2), Reason: reason})},
			[]string{records.MarkStanding, records.MarkIncomplete, records.MarkFollowed}},
		{"held", []said{held(1, community)}, []string{records.MarkStanding, records.MarkHeld}},
		{"a provisional school", []said{provisional}, []string{records.MarkStanding, records.MarkProvisional}},
		{"a confirmed one", []said{provisional, say(core, "", org.Confirmed[org.School]{})}, []string{records.MarkStanding}},
		{"one that is another", []said{provisional, say(core, "", org.Identified[org.School]{As: member})},
			[]string{records.MarkStanding, records.MarkIdentified}},
		{"one of which that is void", []said{provisional, say(core, "", org.Identified[org.School]{As: member}),
			say(core, "", record.Voided[org.School]{Target: id(2), Reason: reason})}, []string{records.MarkStanding, records.MarkProvisional}},
		{"one whose merger was corrected", []said{provisional, merged,
			say(core, "day:2018-02-11", org.ChangeCorrected{Target: id(2), Reason: reason, ChangeDetails: org.ChangeDetails{Into: []string{member}}})},
			[]string{records.MarkStanding, records.MarkCorrected, records.MarkProvisional}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			row := rowOf(tt.given...)
			if diff := cmp.Diff(tt.want, row.Marks()); diff != "" {
				t.Errorf("marks (-want +got):\n%s", diff)
			}
			for _, mark := range records.AllMarks {
				if row.Is(mark) != slices.Contains(tt.want, mark) {
					t.Errorf("%s: %t", mark, row.Is(mark))
				}
			}
		})
	}
}

// TestWhomARowNames: the schools and people of a record's facts, of the steps that it
// tells of and of those that it took.
func TestWhomARowNames(t *testing.T) {
	unit := func(n int) []record.Unit { return []record.Unit{{School: key("school", n)}} }
	named := common("visit")
	named.From, named.To, named.Organisers = unit(1), unit(2), []record.Organiser{{School: key("school", 3)}, {Office: "县教育局"}}
	named.People = []string{key("person", 1)}
	named.Course = []record.ReportedStep{{Verb: "held", Step: record.Step{By: unit(4), People: []string{key("person", 2)}}}}
	chaired := activity.Meeting{Facts: named, Chair: key("person", 3)}
	guided := mentorship.Facts{Facts: common("mentoring"), Mentor: key("person", 4), Mentee: key("person", 5)}
	announced := say(key("inspection", 1), "day:2018-05-02", inspection.Announced{Reported: record.Reported[inspection.Facts]{Facts: inspection.Facts{Facts: common("supervision")}}})
	team := say(key("inspection", 1), "day:2018-05-10", inspection.Teamed{Step: record.Step{By: unit(5), People: []string{key("person", 6)}}})
	joined := say(key("pairing", 1), "day:2016-09-01", pairing.Joined{Side: pairing.Side{School: key("school", 6), Role: pairing.Member}})
	for _, tt := range []struct {
		name            string
		given           []said
		schools, people []int
	}{
		{"a meeting", []said{say(key("meeting", 1), "", record.Reported[activity.Meeting]{Facts: chaired})}, []int{1, 2, 3, 4}, []int{1, 2, 3}},
		{"a mentorship", []said{say(key("mentorship", 1), "", record.Reported[mentorship.Facts]{Facts: guided})}, nil, []int{4, 5}},
		{"a step", []said{announced, team}, []int{5}, []int{6}},
		{"a step that is void", []said{announced, team, say(key("inspection", 1), "", record.Voided[inspection.Facts]{Target: id(2), Reason: reason})}, nil, nil},
		{"a pairing that a school joined", []said{founded, joined}, []int{1, 2, 6}, nil},
		{"a school", []said{say(key("school", 7), "", record.Reported[org.School]{Facts: org.School{District: district}})}, []int{7}, nil},
		{"a person", []said{say(key("person", 7), "", record.Reported[org.Person]{Facts: org.Person{District: district, School: key("school", 8)}})}, []int{8}, []int{7}},
		{"a held row", []said{held(1, community)}, nil, nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			row := rowOf(tt.given...)
			for kind, got := range map[string][]string{"school": row.Schools(), "person": row.People()} {
				var want []string
				for _, n := range map[string][]int{"school": tt.schools, "person": tt.people}[kind] {
					want = append(want, key(kind, n))
				}
				slices.Sort(got)
				if got = slices.Compact(got); !slices.Equal(got, want) {
					t.Errorf("%s: names %v, want %v", kind, got, want)
				}
			}
		})
	}
}

// TestColumns holds what rows are found and counted by.
func TestColumns(t *testing.T) {
	f := common("outreach_lesson")
	f.Subjects = []record.Word{{Text: "语文"}, {Text: "道德 与法治"}}
	f.Quantity = record.Quantity{Text: "3节", Number: "3", Bound: record.Exact, Measure: record.Measure{Text: "节", Code: "lesson"}}
	taught := func(when calendar.Occurred) records.Row {
		return rowOf(say(key("lesson", 1), when, record.Reported[lesson.Facts]{Facts: lesson.Facts{Facts: f}}))
	}
	due := rowOf(say(key("filing", 1), "day:2018-03-01", filing.Due{Reported: record.Reported[filing.Facts]{Facts: filing.Facts{Facts: common("summary"), Due: "day:2018-06-30"}}}))
	text := func(s string) projections.Value { return projections.Value{Text: s} }
	number := func(n int64) projections.Value { return projections.Value{Number: n, Known: true} }
	for _, tt := range []struct {
		name   string
		row    records.Row
		column string
		want   projections.Value
	}{
		{"kinds, and what is wider", taught(""), records.ByWhat, text(projections.Joined("outreach_lesson", "open_lesson"))},
		{"subjects as written", taught(""), records.BySubject, text(projections.Joined("语文", "道德 与法治"))},
		{"how often", taught(""), records.ByTimes, number(3)},
		{"a number", taught(""), records.ByNumber, text("")},
		{"no number", due, records.ByNumber, text("none")},
		{"how often, of what does not say", due, records.ByTimes, projections.Value{}},
		{"a pairing needs no number", rowOf(founded), records.ByNumber, text("")},
		{"taken place", taught(""), records.ByNotTakenPlace, projections.Value{Number: 1}},
		{"not taken place", due, records.ByNotTakenPlace, number(1)},
		{"first day", taught("month:2018-02"), records.ByFirst, number(20180201)},
		{"last day", taught("month:2018-02"), records.ByLast, number(20180228)},
		{"first of some months", taught("months:2018-02/2018-05"), records.ByFirst, number(20180201)},
		{"last of some months", taught("months:2018-02/2018-05"), records.ByLast, number(20180531)},
		{"first of several days", taught("days:2018-04-18,2018-04-25"), records.ByFirst, number(20180418)},
		{"last of several days", taught("days:2018-04-18,2018-04-25"), records.ByLast, number(20180425)},
		{"first day of a term, by any calendar", taught("term:2017-2018/2"), records.ByFirst, number(20180101)},
		{"last day of a term, by any calendar", taught("term:2017-2018/2"), records.ByLast, number(20180831)},
		{"first day when nobody knows", taught(""), records.ByFirst, number(0)},
		{"last day when nobody knows", taught(""), records.ByLast, number(99991231)},
		{"last day of a school", rowOf(say(core, "day:2017-09-01", record.Reported[org.School]{})), records.ByLast, number(99991231)},
		{"due", due, records.ByDue, number(20180630)},
		{"nothing due", taught(""), records.ByDue, projections.Value{}},
		{"stage", due, records.ByStage, text("due")},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := valueOf(t, tt.row, tt.column); got != tt.want {
				t.Errorf("%s is %+v, want %+v", tt.column, got, tt.want)
			}
		})
	}
}

// TestToldAnew: what a step had told is no longer so once the step is void.
func TestToldAnew(t *testing.T) {
	owed := filing.Facts{Facts: common("summary"), Due: "day:2018-06-30"}
	due := say(key("filing", 1), "term:2017-2018/2", filing.Due{Reported: record.Reported[filing.Facts]{Facts: owed}})
	filed := say(key("filing", 1), "day:2018-07-02", filing.Filed{})
	returned := say(key("filing", 1), "day:2018-07-03", filing.Returned{Step: record.Step{Due: "day:2018-07-20"}})
	void := func(kind string, of int) said {
		facts := map[string]any{"filing": record.Voided[filing.Facts]{Target: id(of), Reason: reason}, "inspection": record.Voided[inspection.Facts]{Target: id(of), Reason: reason}}
		return say(key(kind, 1), "", facts[kind])
	}
	announced := say(key("inspection", 1), "day:2018-05-02", record.Reported[inspection.Facts]{Facts: inspection.Facts{Facts: common("supervision")}})
	found := say(key("inspection", 1), "day:2018-05-16", inspection.Found{Step: record.Step{Note: seal.Text{Clear: "到位"}}})
	for _, tt := range []struct {
		name     string
		given    []said
		due      calendar.Occurred
		findings int
		unknowns []record.Unknown
	}{
		{"due", []said{due}, "day:2018-06-30", 0, []record.Unknown{record.UnknownDay}},
		{"filed", []said{due, filed}, "day:2018-06-30", 0, nil},
		{"the filing voided", []said{due, filed, void("filing", 2)}, "day:2018-06-30", 0, []record.Unknown{record.UnknownDay}},
		{"returned", []said{due, filed, returned}, "day:2018-07-20", 0, []record.Unknown{record.UnknownDay}},
		{"its return voided", []said{due, filed, returned, void("filing", 3)}, "day:2018-06-30", 0, nil},
		{"inspected", []said{announced}, "", 0, []record.Unknown{record.UnknownFindings}},
		{"found", []said{announced, found}, "", 1, nil},
		{"the finding voided", []said{announced, found, void("inspection", 2)}, "", 0, []record.Unknown{record.UnknownFindings}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			row := rowOf(tt.given...)
			unknowns := slices.DeleteFunc(slices.Clone(row.Unknowns), func(u record.Unknown) bool {
				return u != record.UnknownFindings && u != record.UnknownDay && u != record.UnknownTerm
			})
			if row.Due != tt.due || len(row.Findings) != tt.findings || !slices.Equal(unknowns, tt.unknowns) {
				t.Errorf("due %s, %d findings, unknown %v; want %+v", row.Due, len(row.Findings), row.Unknowns, tt)
			}
		})
	}
}

// TestUnknownsOfAPosting are told at the date on which it took place, which a step may
// tell.
func TestUnknownsOfAPosting(t *testing.T) {
	f := exchange.Facts{Facts: common("support_teaching"), Start: calendar.Unknown, End: calendar.Unknown}
	applied := say(key("exchange", 1), "year:2018", exchange.Applied{Reported: record.Reported[exchange.Facts]{Facts: f}})
	approved := say(key("exchange", 1), "year:2018", exchange.Approved{})
	started := say(key("exchange", 1), "day:2018-03-05", exchange.Started{})
	completed := say(key("exchange", 1), "day:2018-07-06", exchange.Completed{})
	rest := []record.Unknown{record.UnknownPeople, record.UnknownFrom, record.UnknownTo}
	for _, tt := range []struct {
		name  string
		given []said
		want  []record.Unknown
	}{
		{"applied for", []said{applied}, []record.Unknown{record.UnknownTerm, record.UnknownStart, record.UnknownEnd}},
		{"started", []said{applied, approved, started}, []record.Unknown{record.UnknownEnd}},
		{"completed", []said{applied, approved, started, completed}, nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if diff := cmp.Diff(append(tt.want, rest...), rowOf(tt.given...).Unknowns); diff != "" {
				t.Errorf("unknowns (-want +got):\n%s", diff)
			}
		})
	}
}
