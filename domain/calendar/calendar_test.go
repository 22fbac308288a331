package calendar_test

import (
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"twinledger/domain/calendar"
)

func TestDay(t *testing.T) {
	for _, bad := range []string{"", "2018-02-29", "2018-4-18", "2018-13-01", "18-04-2018", "2018-04-18x"} {
		if d, err := calendar.ParseDay(bad); !errors.Is(err, calendar.ErrNoSuchDay) || d != "" {
			t.Errorf("day %q: got %q, %v", bad, d, err)
		}
	}
	for _, c := range []struct {
		day  calendar.Day
		n    int
		want calendar.Day
	}{
		{"2018-04-18", 1, "2018-04-19"},
		{"2018-12-31", 1, "2019-01-01"},
		{"2020-02-28", 1, "2020-02-29"},
		{"2019-03-01", -1, "2019-02-28"},
		{"2020-03-01", -1, "2020-02-29"},
		{"2018-04-18", 0, "2018-04-18"},
		{"", 1, ""},
	} {
		if got := c.day.Add(c.n); got != c.want {
			t.Errorf("%s and %d days: got %s, want %s", c.day, c.n, got, c.want)
		}
	}
	// At 16:00 UTC a new day begins in China, wherever the process runs.
	before := time.Date(2018, 4, 18, 15, 59, 59, 0, time.UTC)
	if got := calendar.DayOf(before); got != "2018-04-18" {
		t.Errorf("15:59:59 UTC is on %s", got)
	}
	if got := calendar.DayOf(before.Add(time.Second).In(time.FixedZone("", -7*60*60))); got != "2018-04-19" {
		t.Errorf("16:00 UTC is on %s", got)
	}
	if got := calendar.Day("2018-04-18").End(); !got.Equal(before.Add(time.Second)) {
		t.Errorf("the day ends at %s", got)
	}
	if got := calendar.Day("").End(); !got.IsZero() {
		t.Errorf("an unknown day ends at %s", got)
	}
}

func TestTermAndSchoolYear(t *testing.T) {
	term, err := calendar.ParseTerm("2017-2018/2")
	if err != nil {
		t.Fatal(err)
	}
	if want := (calendar.Term{Year: "2017-2018", Number: 2}); term != want || term.String() != "2017-2018/2" {
		t.Errorf("got %v, written %s", term, term)
	}
	if got, want := term.Chinese(), "2017—2018学年第二学期"; got != want {
		t.Errorf("in Chinese %s, want %s", got, want)
	}
	if got := calendar.InTerm(term); got != "term:2017-2018/2" {
		t.Errorf("occurred %s", got)
	}
	for _, bad := range []string{"", "2017-2018", "2017-2018/0", "2017-2018/3", "2017-2019/1", "2017-2018/1 "} {
		if _, err := calendar.ParseTerm(bad); !errors.Is(err, calendar.ErrBadTerm) {
			t.Errorf("term %q: got %v, want %v", bad, err, calendar.ErrBadTerm)
		}
	}
	if y := calendar.SchoolYearFrom(2017); y != "2017-2018" || y.First() != 2017 {
		t.Errorf("the school year from 2017 is %s, from %d", y, y.First())
	}
	if got := calendar.OverSpan("2018-04-18", "2018-04-20"); got != "span:2018-04-18/2018-04-20" {
		t.Errorf("span %s", got)
	}
	if got := calendar.OverSpan("2018-04-18", "2018-04-18"); got != calendar.OnDay("2018-04-18") {
		t.Errorf("span of one day %s", got)
	}
}

// published is a calendar whose terms leave holidays between them and whose
// school year is not the usual one.
func published() calendar.Calendar {
	return calendar.Calendar{"2017-2018": {
		SchoolYear: "2017-2018",
		Period:     calendar.Period{First: "2017-08-28", Last: "2018-08-26"},
		Terms: [2]calendar.Period{
			{First: "2017-08-28", Last: "2018-02-02"},
			{First: "2018-02-26", Last: "2018-07-06"},
		},
	}}
}

func TestExtent(t *testing.T) {
	for _, c := range []struct {
		situation string
		occurred  calendar.Occurred
		want      calendar.Period
		ok        bool
	}{
		{"a day", "day:2018-04-18", calendar.Period{First: "2018-04-18", Last: "2018-04-18"}, true},
		{"a span", "span:2018-04-18/2018-05-02", calendar.Period{First: "2018-04-18", Last: "2018-05-02"}, true},
		{"a month", "month:2018-04", calendar.Period{First: "2018-04-01", Last: "2018-04-30"}, true},
		{"December", "month:2018-12", calendar.Period{First: "2018-12-01", Last: "2018-12-31"}, true},
		{"February", "month:2018-02", calendar.Period{First: "2018-02-01", Last: "2018-02-28"}, true},
		{"February of a leap year", "month:2020-02", calendar.Period{First: "2020-02-01", Last: "2020-02-29"}, true},
		{"some months", "months:2017-12/2018-02", calendar.Period{First: "2017-12-01", Last: "2018-02-28"}, true},
		{"several days", "days:2018-04-18,2018-04-25,2018-05-09", calendar.Period{First: "2018-04-18", Last: "2018-05-09"}, true},
		{"a broken span of months", "months:2018-12/2018-13", calendar.Period{}, false},
		{"first term", "term:2017-2018/1", calendar.Period{First: "2017-08-28", Last: "2018-02-02"}, true},
		{"second term", "term:2017-2018/2", calendar.Period{First: "2018-02-26", Last: "2018-07-06"}, true},
		{"term not in the calendar", "term:2018-2019/1", calendar.Period{}, false},
		{"school year", "schoolyear:2017-2018", calendar.Period{First: "2017-08-28", Last: "2018-08-26"}, true},
		{"school year not in the calendar", "schoolyear:2018-2019", calendar.Period{}, false},
		{"year", "year:2015", calendar.Period{First: "2015-01-01", Last: "2015-12-31"}, true},
		{"unknown", calendar.Unknown, calendar.Period{}, false},
		{"nothing", "", calendar.Period{}, false},
		{"a broken month", "month:2018-13", calendar.Period{}, false},
		{"a broken term", "term:2017", calendar.Period{}, false},
	} {
		got, ok := published().Extent(c.occurred)
		if got != c.want || ok != c.ok {
			t.Errorf("%s: got %v, %t, want %v, %t", c.situation, got, ok, c.want, c.ok)
		}
	}
}

func TestPlaceIn(t *testing.T) {
	spring := calendar.Term{Year: "2017-2018", Number: 2} // 26 February to 6 July
	for _, c := range []struct {
		situation string
		occurred  calendar.Occurred
		want      calendar.Place
		without   calendar.Place // when the district has no calendar
	}{
		{"a day in the term", "day:2018-04-18", calendar.Inside, calendar.TermUnknown},
		{"its first day", "day:2018-02-26", calendar.Inside, calendar.TermUnknown},
		{"its last day", "day:2018-07-06", calendar.Inside, calendar.TermUnknown},
		{"the day before", "day:2018-02-25", calendar.Outside, calendar.TermUnknown},
		{"the day after", "day:2018-07-07", calendar.Outside, calendar.TermUnknown},
		{"a day in the other term", "day:2017-10-01", calendar.Outside, calendar.TermUnknown},
		{"a span in the term", "span:2018-04-18/2018-04-20", calendar.Inside, calendar.TermUnknown},
		{"a span of the whole term", "span:2018-02-26/2018-07-06", calendar.Inside, calendar.TermUnknown},
		{"a span from one term into the next", "span:2018-01-15/2018-03-15", calendar.Overlapping, calendar.TermUnknown},
		{"a span over the term's end", "span:2018-07-06/2018-07-07", calendar.Overlapping, calendar.TermUnknown},
		{"a span around the term", "span:2018-01-01/2018-12-31", calendar.Overlapping, calendar.TermUnknown},
		{"a span in the holidays", "span:2018-02-03/2018-02-25", calendar.Outside, calendar.TermUnknown},
		{"a month in the term", "month:2018-04", calendar.Inside, calendar.TermUnknown},
		{"the month in which it begins", "month:2018-02", calendar.Overlapping, calendar.TermUnknown},
		{"the month in which it ends", "month:2018-07", calendar.Overlapping, calendar.TermUnknown},
		{"a month of the other term", "month:2017-11", calendar.Outside, calendar.TermUnknown},
		{"some months of the term", "months:2018-03/2018-06", calendar.Inside, calendar.TermUnknown},
		{"some months over its beginning", "months:2018-01/2018-03", calendar.Overlapping, calendar.TermUnknown},
		{"some months before it", "months:2017-09/2018-01", calendar.Outside, calendar.TermUnknown},
		{"several days of the term", "days:2018-02-26,2018-04-18,2018-07-06", calendar.Inside, calendar.TermUnknown},
		{"several days, the first before the term", "days:2018-02-25,2018-04-18", calendar.Overlapping, calendar.TermUnknown},
		{"several days, the last behind the term", "days:2018-04-18,2018-07-07", calendar.Overlapping, calendar.TermUnknown},
		{"several days, the middle one in the term", "days:2018-02-25,2018-04-18,2018-07-07", calendar.Overlapping, calendar.TermUnknown},
		{"several days before the term", "days:2018-02-10,2018-02-25", calendar.Outside, calendar.TermUnknown},
		{"days before and behind the term, none in it", "days:2018-02-25,2018-07-07", calendar.Outside, calendar.TermUnknown},
		{"the year", "year:2018", calendar.Overlapping, calendar.TermUnknown},
		{"another year", "year:2016", calendar.Outside, calendar.TermUnknown},
		{"the very term", "term:2017-2018/2", calendar.Inside, calendar.Inside},
		{"the other term", "term:2017-2018/1", calendar.Outside, calendar.Outside},
		{"a term of another year", "term:2018-2019/2", calendar.Outside, calendar.Outside},
		{"the school year", "schoolyear:2017-2018", calendar.Overlapping, calendar.Overlapping},
		{"another school year", "schoolyear:2016-2017", calendar.Outside, calendar.Outside},
		{"unknown", calendar.Unknown, calendar.TermUnknown, calendar.TermUnknown},
	} {
		if got := published().PlaceIn(spring, c.occurred); got != c.want {
			t.Errorf("%s: %s, want %s", c.situation, got, c.want)
		}
		if got := (calendar.Calendar)(nil).PlaceIn(spring, c.occurred); got != c.without {
			t.Errorf("%s, without a calendar: %s, want %s", c.situation, got, c.without)
		}
	}
	next := calendar.Term{Year: "2018-2019", Number: 1}
	if got := published().PlaceIn(next, "day:2018-10-01"); got != calendar.TermUnknown {
		t.Errorf("a day in a school year that is not published: %s, want %s", got, calendar.TermUnknown)
	}
}

func TestAssumedYear(t *testing.T) {
	for _, c := range []struct {
		year calendar.SchoolYear
		want calendar.Year
	}{
		{"2017-2018", calendar.Year{SchoolYear: "2017-2018", Period: calendar.Period{First: "2017-09-01", Last: "2018-08-31"},
			Terms: [2]calendar.Period{{First: "2017-09-01", Last: "2018-02-28"}, {First: "2018-03-01", Last: "2018-08-31"}}, Assumed: true}},
		{"2019-2020", calendar.Year{SchoolYear: "2019-2020", Period: calendar.Period{First: "2019-09-01", Last: "2020-08-31"},
			Terms: [2]calendar.Period{{First: "2019-09-01", Last: "2020-02-29"}, {First: "2020-03-01", Last: "2020-08-31"}}, Assumed: true}},
	} {
		got := calendar.AssumedYear(c.year)
		if d := cmp.Diff(c.want, got); d != "" {
			t.Errorf("%s differs (-want +got):\n%s", c.year, d)
		}
		days := calendar.Calendar{c.year: got}
		p, assumed, ok := days.Window(calendar.Term{Year: c.year, Number: 1})
		if p != c.want.Terms[0] || !assumed || !ok {
			t.Errorf("%s: the first term is %v, assumed %t, known %t", c.year, p, assumed, ok)
		}
	}
	if _, _, ok := published().Window(calendar.Term{Year: "2018-2019", Number: 1}); ok {
		t.Error("a term is known that is not in the calendar")
	}
	if _, assumed, ok := published().Window(calendar.Term{Year: "2017-2018", Number: 1}); assumed || !ok {
		t.Errorf("a published term is assumed %t, known %t", assumed, ok)
	}
}

// TestPlaceFollowsExtent tells that Inside, Overlapping and Outside are what
// the days say, whenever days say anything.
func TestPlaceFollowsExtent(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		o := anyOccurred().Draw(t, "o")
		term := calendar.Term{
			Year:   calendar.SchoolYearFrom(rapid.IntRange(1990, 2040).Draw(t, "year")),
			Number: rapid.IntRange(1, 2).Draw(t, "term"),
		}
		days := calendar.Calendar{term.Year: calendar.AssumedYear(term.Year)}
		for _, y := range []calendar.SchoolYear{calendar.SchoolYearFrom(term.Year.First() - 1), calendar.SchoolYearFrom(term.Year.First() + 1)} {
			days[y] = calendar.AssumedYear(y)
		}
		window, _, _ := days.Window(term)
		extent, bounded := days.Extent(o)
		if !bounded {
			return
		}
		want := calendar.Outside
		switch {
		case window.Contains(extent):
			want = calendar.Inside
		case window.Overlaps(extent):
			want = calendar.Overlapping
		}
		inWindow := func(day calendar.Day) bool { return window.First <= day && day <= window.Last }
		if o.Precision() == calendar.PrecisionDays && !slices.ContainsFunc(o.Days(), inWindow) {
			want = calendar.Outside
		}
		if got := days.PlaceIn(term, o); got != want {
			t.Fatalf("%s lies %s to %s, its days %v lie %s", o, got, term, extent, want)
		}
	})
}

func TestPlaceOf(t *testing.T) {
	years := calendar.Calendar{"2017-2018": calendar.AssumedYear("2017-2018")}
	spring := calendar.Term{Year: "2017-2018", Number: 2}
	for days, want := range map[calendar.Period]calendar.Place{
		{First: "2018-03-01", Last: "2018-08-31"}: calendar.Inside, {First: "2018-02-28", Last: "2018-03-01"}: calendar.Overlapping,
		{First: "2018-08-31", Last: "9999-12-31"}: calendar.Overlapping, {First: "2018-09-01", Last: "9999-12-31"}: calendar.Outside,
	} {
		if got := years.PlaceOf(spring, days); got != want {
			t.Errorf("%v lies %s, want %s", days, got, want)
		}
	}
	if got := years.PlaceOf(calendar.Term{Year: "2018-2019", Number: 1}, calendar.Period{First: "2018-09-02", Last: "2018-09-03"}); got != calendar.TermUnknown {
		t.Errorf("without the year's calendar: %s", got)
	}
}
