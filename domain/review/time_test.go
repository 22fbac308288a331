package review_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"twinledger/domain/calendar"
	"twinledger/domain/pairing"
	"twinledger/domain/programme"
	"twinledger/domain/record"
	"twinledger/domain/review"
)

// belongs returns a school's time in a part; "" is until now.
func belongs(school string, role pairing.Role, since, until calendar.Occurred) pairing.Membership {
	return pairing.Membership{Side: pairing.Side{School: school, Role: role}, Basis: pairing.Founding, Since: since, Until: until}
}

// with returns an input whose pairing has these memberships.
func with(times []pairing.Membership, facts ...review.Fact) review.Input {
	in := input(facts...)
	in.Facts[0].Memberships = times
	return in
}

// swapped: on 1 April core and member change their parts.
var swapped = []pairing.Membership{
	belongs(core, pairing.Core, "day:2015-09-01", "day:2018-04-01"), belongs(member, pairing.Member, "day:2015-09-01", "day:2018-04-01"),
	belongs(member, pairing.Core, "day:2018-04-01", ""), belongs(core, pairing.Member, "day:2018-04-01", ""),
}

func TestPartsAreLookedUpAtTheDate(t *testing.T) {
	met := verdict{Status: review.Met, Achieved: 1}
	short := verdict{Status: review.Short, ShortBy: 1, Not: reasons{2: {review.OtherDirection}}}
	maybe := verdict{Status: review.CannotJudge, ShortBy: 1, Because: because(review.DirectionUnknown), Open: reasons{2: {review.DirectionUnknown}}}
	until := func(day calendar.Occurred) []pairing.Membership {
		return []pairing.Membership{belongs(core, pairing.Core, "year:2015", ""), belongs(member, pairing.Member, "year:2015", day)}
	}
	since := func(o calendar.Occurred) []pairing.Membership {
		return []pairing.Membership{belongs(core, pairing.Core, "year:2015", ""), belongs(member, pairing.Member, o, "")}
	}
	back := append(until("day:2018-04-01"), belongs(member, pairing.Member, "day:2018-04-02", ""))
	roster := since("term:2018-2019/1")
	roster[1].Basis = pairing.Roster
	tests := []struct {
		name  string
		times []pairing.Membership
		when  calendar.Occurred
		want  verdict
	}{
		{"before the parts were swapped", swapped, "day:2018-03-31", met},
		{"after the parts were swapped", swapped, "day:2018-06-01", short},
		{"on the day of the swap", swapped, "day:2018-04-01", maybe},
		{"over the swap", swapped, "span:2018-03-20/2018-04-20", maybe},
		{"known to the month before", swapped, "month:2018-03", met},
		{"known to the month of the swap", swapped, "month:2018-04", maybe},
		{"known to the term of the swap", swapped, "term:2017-2018/2", maybe},
		{"the member had left", until("day:2018-03-10"), "day:2018-06-01", short},
		{"on the member's last day", until("day:2018-03-10"), "day:2018-03-10", met},
		{"the day after it", until("day:2018-03-10"), "day:2018-03-11", short},
		{"in the term in which the member left", until("day:2018-03-10"), "term:2017-2018/2", maybe},
		{"in the term before the member left", until("day:2018-09-01"), "term:2017-2018/2", met},
		{"left in a month, told before its end", until("month:2018-04"), "day:2018-04-20", met},
		{"left in a month, told after it", until("month:2018-04"), "day:2018-05-02", short},
		{"before the member joined", since("day:2018-05-01"), "day:2018-04-30", short},
		{"on the day it joined", since("day:2018-05-01"), "day:2018-05-01", met},
		{"in the term in which it joined", since("day:2018-05-01"), "term:2017-2018/2", maybe},
		{"joined in the month, no day known", since("month:2018-05"), "day:2018-05-02", met},
		{"joined in a later month", since("month:2018-06"), "day:2018-05-02", short},
		{"nobody knows since when", since("unknown"), "day:2018-05-02", met},
		{"on a roster of a later term", roster, "day:2018-05-02", met},
		{"left and back the next day", back, "term:2017-2018/2", met},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := judged(with(tt.times, lesson(2, on(tt.when))), owed(1, towards(programme.CoreToMember)))[""]
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("verdict (-want +got):\n%s", diff)
			}
		})
	}
}

// TestTwoLessonsAfterTheSwap: what the new member gives the new core is no duty
// of the core.
func TestTwoLessonsAfterTheSwap(t *testing.T) {
	two := lesson(2, on("day:2018-06-01"), times("2", "节"))
	want := verdict{Status: review.Short, ShortBy: 2, Not: reasons{2: {review.OtherDirection}}}
	if diff := cmp.Diff(want, judged(with(swapped, two), owed(2, towards(programme.CoreToMember)))[""]); diff != "" {
		t.Errorf("from core to member (-want +got):\n%s", diff)
	}
	if got := judged(with(swapped, two), owed(2, towards(programme.MemberToCore)))[""]; got.Status != review.Met {
		t.Errorf("from member to core: %+v", got)
	}
}

// TestPartsWithoutACalendar: a term lies in the years of its school year, though
// nobody says on which days.
func TestPartsWithoutACalendar(t *testing.T) {
	for since, want := range map[calendar.Occurred]review.Status{"day:2015-09-01": review.Met, "day:2018-04-01": review.CannotJudge, "day:2019-01-01": review.Short} {
		in := with([]pairing.Membership{belongs(core, pairing.Core, "year:2015", ""), belongs(member, pairing.Member, since, "")}, lesson(2, on("term:2017-2018/2")))
		in.Calendar = nil
		if got := judged(in, owed(1, towards(programme.CoreToMember)))[""]; got.Status != want {
			t.Errorf("member since %s: %+v, want %s", since, got, want)
		}
	}
}

func TestEveryMemberOfTheTermIsJudgedByItsOwnTime(t *testing.T) {
	times := []pairing.Membership{belongs(core, pairing.Core, "year:2015", ""), belongs(member, pairing.Member, "year:2015", "day:2018-03-10"),
		belongs(second, pairing.Member, "day:2018-05-01", ""), belongs(stranger, pairing.Member, "year:2015", "day:2018-02-28")}
	in := with(times,
		lesson(2, on("day:2018-03-05"), to(member, second)), lesson(3, on("day:2018-06-01"), to(member, second)),
		lesson(4, on("day:2018-06-01"), to("members")), lesson(5, on("term:2017-2018/2"), to(member)))
	want := map[string]verdict{
		member: {Status: review.CannotJudge, Achieved: 1, ShortBy: 1, Because: because(review.DirectionUnknown),
			Open: reasons{5: {review.DirectionUnknown}}, Not: reasons{3: {review.NotMember}, 4: {review.NotMember}}},
		second: {Status: review.CannotJudge, Achieved: 1, ShortBy: 1, Because: because(review.AsGroup),
			Open: reasons{4: {review.AsGroup}}, Not: reasons{2: {review.NotMember}, 5: {review.OtherSchool}}},
	}
	if diff := cmp.Diff(want, judged(in, owed(2, perMember))); diff != "" {
		t.Errorf("verdicts (-want +got):\n%s", diff)
	}
	atNobody := lesson(2, on("day:2018-06-01"), to())
	if got := judged(with(times, atNobody), owed(1, perMember, towards(programme.ByCore)))[member].Not; !cmp.Equal(got, reasons{2: {review.NotMember}}) {
		t.Errorf("at nobody named, after the member left: %v", got)
	}
}

// posted is a posting of one person with the days that are said of it.
func posted(occurred, start, end calendar.Occurred) review.Fact {
	return fact(2, "exchange", kinds("support_teaching"), on(occurred), times("1", "次"), func(f *review.Fact) { f.Start, f.End = start, end })
}

func TestAPostingCountsWhereItLiesWholly(t *testing.T) {
	const spring, autumn, next = "2017-2018/2", "2017-2018/1", "2018-2019/1"
	const partly calendar.Place = "partly" // overlapping, and certainly going on in the term
	tests := []struct {
		name                 string
		occurred, start, end calendar.Occurred
		want                 map[string]calendar.Place
	}{
		{"within the term", "day:2018-03-05", "day:2018-03-05", "day:2018-07-06", map[string]calendar.Place{spring: calendar.Inside}},
		{"on past its end", "day:2018-03-05", "day:2018-03-05", "day:2018-09-01", map[string]calendar.Place{spring: partly, next: partly}},
		{"from before its start", "day:2018-02-28", "day:2018-02-28", "day:2018-07-06", map[string]calendar.Place{autumn: partly, spring: partly}},
		{"until a month of the term", "day:2018-03-05", "day:2018-03-05", "month:2018-06", map[string]calendar.Place{spring: calendar.Inside}},
		{"until a month of the next", "day:2018-03-05", "day:2018-03-05", "month:2018-09", map[string]calendar.Place{spring: partly, next: partly}},
		{"until some time in the next term", "day:2018-03-05", "day:2018-03-05", "term:" + next, map[string]calendar.Place{spring: partly, next: partly}},
		{"from a month of the term", "month:2018-03", "month:2018-03", "day:2018-07-06", map[string]calendar.Place{spring: calendar.Inside}},
		{"without a known end", "day:2018-03-05", "day:2018-03-05", "unknown", map[string]calendar.Place{spring: partly, next: calendar.Overlapping}},
		{"from one month to another of the term", "months:2018-03/2018-06", "month:2018-03", "month:2018-06", map[string]calendar.Place{spring: calendar.Inside}},
		{"over the months of a year", "months:2017-09/2018-07", "month:2017-09", "month:2018-07", map[string]calendar.Place{autumn: partly, spring: partly}},
		{"told of some months alone", "months:2018-01/2018-05", "unknown", "unknown", map[string]calendar.Place{autumn: calendar.Overlapping, spring: calendar.Overlapping}},
		{"on several days of the term", "days:2018-03-05,2018-05-05", "unknown", "unknown", map[string]calendar.Place{spring: calendar.Inside}},
		{"on days of two terms", "days:2018-02-05,2018-03-05", "unknown", "unknown", map[string]calendar.Place{autumn: partly, spring: partly}},
		{"on days around a term", "days:2018-02-05,2018-09-05", "unknown", "unknown", map[string]calendar.Place{autumn: partly, next: partly}},
		{"told of a term", "term:" + spring, "unknown", "unknown", map[string]calendar.Place{spring: calendar.Inside}},
		{"both ends in the same term", "term:" + spring, "term:" + spring, "term:" + spring, map[string]calendar.Place{spring: calendar.Inside}},
		{"told of a term, with its end", "term:" + spring, "unknown", "day:2018-06-30", map[string]calendar.Place{spring: calendar.Inside}},
		{"told of a term, with its start", "term:" + spring, "day:2018-03-05", "unknown", map[string]calendar.Place{spring: calendar.Inside}},
		{"told of a term, ending after it", "term:" + spring, "unknown", "day:2018-10-01", map[string]calendar.Place{spring: partly, next: partly}},
		{"only the end is known", "unknown", "unknown", "day:2018-06-30", map[string]calendar.Place{autumn: calendar.Overlapping, spring: partly}},
		{"over the whole year", "day:2017-09-01", "day:2017-09-01", "day:2018-07-10", map[string]calendar.Place{autumn: partly, spring: partly}},
		{"from days on the edge, without end", "span:2018-02-20/2018-03-10", "span:2018-02-20/2018-03-10", "unknown", map[string]calendar.Place{autumn: calendar.Overlapping, spring: calendar.Overlapping, next: calendar.Overlapping}},
		{"until a term without a calendar", "day:2018-03-05", "day:2018-03-05", "term:2020-2021/1",
			map[string]calendar.Place{autumn: calendar.TermUnknown, spring: partly, next: calendar.TermUnknown}},
		{"from a term without a calendar", "unknown", "term:2015-2016/1", "day:2018-06-30",
			map[string]calendar.Place{autumn: calendar.TermUnknown, spring: partly, next: calendar.TermUnknown}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := map[string]calendar.Place{}
			for _, code := range []string{autumn, spring, next} {
				in := input(posted(tt.occurred, tt.start, tt.end))
				in.Term, _ = calendar.ParseTerm(code)
				in.Calendar = calendar.Calendar{"2017-2018": calendar.AssumedYear("2017-2018"), "2018-2019": calendar.AssumedYear("2018-2019")}
				r := review.Compute(in)
				if len(entriesOf(r, "exchange")) == 1 {
					got[code] = calendar.Inside
				}
				for _, u := range r.Unplaced {
					got[code] = u.Place
					if u.Partly {
						got[code] = partly
					}
				}
				achieved := judged(in, owed(1, func(c *programme.Count) { c.Kinds = []record.Kind{"support_teaching"} }))[""].Achieved
				if (achieved == 1) != (got[code] == calendar.Inside) {
					t.Errorf("%s: achieved %d, and it lies %s", code, achieved, got[code])
				}
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("places (-want +got):\n%s", diff)
			}
		})
	}
}

// TestAPostingOfATermNeedsNoCalendar, whether both of its ends or only its date
// are known to the term.
func TestAPostingOfATermNeedsNoCalendar(t *testing.T) {
	for _, ends := range []calendar.Occurred{"unknown", "term:2017-2018/2"} {
		in := input(posted("term:2017-2018/2", ends, ends))
		in.Calendar = nil
		if r := review.Compute(in); len(entriesOf(r, "exchange")) != 1 {
			t.Errorf("with both ends %s it is not in the term: %+v", ends, r.Unplaced)
		}
	}
}

// TestAPostingWithAKnownDayTookPlace at least once, though nobody says how often.
func TestAPostingWithAKnownDayTookPlace(t *testing.T) {
	support := owed(1, func(c *programme.Count) { c.Kinds = []record.Kind{"support_teaching"} })
	for start, want := range map[calendar.Occurred]int{"day:2018-03-05": 1, "month:2018-03": 0} {
		f := posted("month:2018-03", start, "month:2018-06")
		f.Facts.Quantity = number("", "次")
		if got := judged(input(f), support)[""]; got.Achieved != want {
			t.Errorf("started %s: %+v, want %d", start, got, want)
		}
	}
}

// TestPartsOfBeforeTheTermAreNoDoubt: a record that may lie in the term is judged
// as if it did; what the schools were before the term does not matter.
func TestPartsOfBeforeTheTermAreNoDoubt(t *testing.T) {
	times := []pairing.Membership{belongs(core, pairing.Core, "year:2015", ""), belongs(member, pairing.Member, "day:2017-11-01", "day:2018-09-30")}
	for _, when := range []calendar.Occurred{"schoolyear:2017-2018", "span:2017-10-01/2018-10-20", "unknown"} {
		got := judged(with(times, lesson(2, on(when))), owed(1, towards(programme.CoreToMember)))[""]
		if diff := cmp.Diff(reasons{2: {review.Undated}}, got.Open); diff != "" {
			t.Errorf("%s: open (-want +got):\n%s", when, diff)
		}
	}
}

func TestTermsOfAPosting(t *testing.T) {
	years := calendar.Calendar{"2017-2018": calendar.AssumedYear("2017-2018"), "2018-2019": calendar.AssumedYear("2018-2019")}
	for f, want := range map[*review.Fact]int{
		ptr(posted("day:2018-03-05", "day:2018-03-05", "unknown")): 3, ptr(posted("day:2018-03-05", "day:2018-03-05", "day:2018-07-06")): 1,
		ptr(posted("term:2017-2018/2", "unknown", "unknown")): 1, ptr(lesson(2)): 1,
	} {
		if got := f.Standing().Terms(years); len(got) != want {
			t.Errorf("%s from %q to %q: terms %v, want %d", f.Occurred, f.Start, f.End, got, want)
		}
	}
}

func ptr[T any](v T) *T { return &v }

// entriesOf returns what a review's register of a kind lists.
func entriesOf(r review.Review, kind string) []review.Entry {
	for _, register := range r.Registers {
		if register.Kind == kind {
			return register.Entries
		}
	}
	return nil
}
