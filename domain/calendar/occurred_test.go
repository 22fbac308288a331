package calendar_test

import (
	"errors"
	"testing"

	"pgregory.net/rapid"

	"twinledger/domain/calendar"
)

func TestParse(t *testing.T) {
	for _, c := range []struct {
		situation, written string
		precision          calendar.Precision // "" when it is refused
		value              string
		dated              bool
	}{
		{"a day", "day:2018-04-18", calendar.PrecisionDay, "2018-04-18", true},
		{"a leap day", "day:2020-02-29", calendar.PrecisionDay, "2020-02-29", true},
		{"a span", "span:2018-04-18/2018-04-20", calendar.PrecisionSpan, "2018-04-18/2018-04-20", true},
		{"a span over new year", "span:2018-12-31/2019-01-01", calendar.PrecisionSpan, "2018-12-31/2019-01-01", true},
		{"a month", "month:2018-04", calendar.PrecisionMonth, "2018-04", false},
		{"a span of months", "months:2018-09/2019-07", calendar.PrecisionMonths, "2018-09/2019-07", false},
		{"several days", "days:2018-04-18,2018-04-25", calendar.PrecisionDays, "2018-04-18,2018-04-25", true},
		{"several days that follow one another", "days:2018-12-30,2018-12-31,2019-01-01", calendar.PrecisionDays, "2018-12-30,2018-12-31,2019-01-01", true},
		{"a term", "term:2017-2018/2", calendar.PrecisionTerm, "2017-2018/2", false},
		{"a school year", "schoolyear:2017-2018", calendar.PrecisionSchoolYear, "2017-2018", false},
		{"the turn of the century", "schoolyear:1999-2000", calendar.PrecisionSchoolYear, "1999-2000", false},
		{"a year", "year:2015", calendar.PrecisionYear, "2015", false},
		{"unknown", "unknown", calendar.PrecisionUnknown, "", false},

		{"nothing", "", "", "", false},
		{"a bare day", "2018-04-18", "", "", false},
		{"no such precision", "week:2018-16", "", "", false},
		{"a precision in capitals", "Day:2018-04-18", "", "", false},
		{"no value", "day:", "", "", false},
		{"unknown with a value", "unknown:2018", "", "", false},
		{"unknown with a colon", "unknown:", "", "", false},
		{"no such day", "day:2018-02-29", "", "", false},
		{"day zero", "day:2018-04-00", "", "", false},
		{"a day of one digit", "day:2018-4-8", "", "", false},
		{"a day with a time", "day:2018-04-18T08:00", "", "", false},
		{"a space behind", "day:2018-04-18 ", "", "", false},
		{"a newline behind", "day:2018-04-18\n", "", "", false},
		{"a span of one day", "span:2018-04-18/2018-04-18", "", "", false},
		{"a span backwards", "span:2018-04-20/2018-04-18", "", "", false},
		{"a span without end", "span:2018-04-18/", "", "", false},
		{"a span without beginning", "span:/2018-04-18", "", "", false},
		{"a span of three", "span:2018-04-18/2018-04-19/2018-04-20", "", "", false},
		{"a span of one month", "months:2018-04/2018-04", "", "", false},
		{"a span of months backwards", "months:2018-05/2018-04", "", "", false},
		{"a span of months without end", "months:2018-05/", "", "", false},
		{"a span of months alone", "months:2018-05", "", "", false},
		{"a span of three months", "months:2018-05/2018-06/2018-07", "", "", false},
		{"a span to month 13", "months:2018-05/2018-13", "", "", false},
		{"a span of months of one digit", "months:2018-4/2018-5", "", "", false},
		{"several days that are one", "days:2018-04-18", "", "", false},
		{"several days of which two are the same", "days:2018-04-18,2018-04-18", "", "", false},
		{"several days not in order", "days:2018-04-25,2018-04-18", "", "", false},
		{"several days of which one does not exist", "days:2018-02-28,2018-02-29", "", "", false},
		{"several days with a space", "days:2018-04-18, 2018-04-25", "", "", false},
		{"several days with nothing behind", "days:2018-04-18,2018-04-25,", "", "", false},
		{"several days by another sign", "days:2018-04-18/2018-04-25", "", "", false},
		{"month 13", "month:2018-13", "", "", false},
		{"a month of one digit", "month:2018-4", "", "", false},
		{"a day as month", "month:2018-04-18", "", "", false},
		{"a third term", "term:2017-2018/3", "", "", false},
		{"a term of no year", "term:2", "", "", false},
		{"a term of a broken year", "term:2017-2019/1", "", "", false},
		{"a school year of one year", "schoolyear:2017", "", "", false},
		{"a school year of two years", "schoolyear:2017-2019", "", "", false},
		{"a school year backwards", "schoolyear:2018-2017", "", "", false},
		{"a school year in digits of another script", "schoolyear:２０１７-２０１８", "", "", false},
		{"a year of two digits", "year:15", "", "", false},
		{"a year of five digits", "year:12015", "", "", false},
		{"a signed year", "year:+201", "", "", false},
	} {
		o, err := calendar.Parse(c.written)
		if c.precision == "" {
			if !errors.Is(err, calendar.ErrBadOccurred) || o != "" {
				t.Errorf("%s: got %q, %v, want %v", c.situation, o, err, calendar.ErrBadOccurred)
			}
			continue
		}
		if err != nil {
			t.Errorf("%s: %v", c.situation, err)
			continue
		}
		if string(o) != c.written || o.Precision() != c.precision || o.Value() != c.value || o.Dated() != c.dated {
			t.Errorf("%s: got %q, precision %s, value %q, dated %t", c.situation, o, o.Precision(), o.Value(), o.Dated())
		}
	}
}

// anyOccurred draws a date of any precision.
func anyOccurred() *rapid.Generator[calendar.Occurred] {
	return rapid.Custom(func(t *rapid.T) calendar.Occurred {
		day := calendar.Day("1990-01-01").Add(rapid.IntRange(0, 20000).Draw(t, "day"))
		year := calendar.SchoolYearFrom(rapid.IntRange(1990, 2040).Draw(t, "year"))
		return rapid.SampledFrom([]calendar.Occurred{
			calendar.Unknown,
			calendar.OnDay(day),
			calendar.OverSpan(day, day.Add(rapid.IntRange(0, 400).Draw(t, "days"))),
			calendar.Occurred("month:" + string(day[:7])),
			calendar.InMonths(string(day[:7]), string(day.Add(rapid.IntRange(0, 600).Draw(t, "months"))[:7])),
			severalDays(t, day),
			calendar.InTerm(calendar.Term{Year: year, Number: rapid.IntRange(1, 2).Draw(t, "term")}),
			calendar.Occurred("schoolyear:" + string(year)),
			calendar.Occurred("year:" + string(day[:4])),
		}).Draw(t, "occurred")
	})
}

// severalDays draws some days from a first one on.
func severalDays(t *rapid.T, first calendar.Day) calendar.Occurred {
	days := []calendar.Day{first}
	for _, gap := range rapid.SliceOfN(rapid.IntRange(0, 90), 0, 5).Draw(t, "gaps") {
		days = append(days, days[len(days)-1].Add(gap))
	}
	o, ok := calendar.OnDays(days...)
	if !ok {
		t.Fatalf("%v are no days", days)
	}
	return o
}

func TestParseReadsWhatIsWritten(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		o := anyOccurred().Draw(t, "o")
		if got, err := calendar.Parse(string(o)); err != nil || got != o {
			t.Fatalf("parse %s: got %s, %v", o, got, err)
		}
	})
}

func TestParseReadsNothingElse(t *testing.T) {
	form := rapid.StringMatching(`(days|day|span|months|month|term|schoolyear|year|unknown)?:?[0-9]{0,5}[-/]?[0-9]{0,4}[-/]?[0-9]{0,2}[-/,]?[0-9]{0,4}[-/]?[0-9]{0,2}[-/]?[0-9]{0,2}`)
	rapid.Check(t, func(t *rapid.T) {
		s := form.Draw(t, "s")
		o, err := calendar.Parse(s)
		if err == nil && string(o) != s {
			t.Fatalf("parse %s: got %s", s, o)
		}
		if err != nil && (o != "" || !errors.Is(err, calendar.ErrBadOccurred)) {
			t.Fatalf("parse %s: got %q, %v", s, o, err)
		}
	})
}

func TestOnDays(t *testing.T) {
	if o, ok := calendar.OnDays("2018-04-25", "2018-04-18", "2018-04-25"); !ok || o != "days:2018-04-18,2018-04-25" {
		t.Errorf("two days in no order: %s, %t", o, ok)
	}
	if o, ok := calendar.OnDays("2018-04-18", "2018-04-18"); !ok || o != "day:2018-04-18" {
		t.Errorf("one day twice: %s, %t", o, ok)
	}
	if o, ok := calendar.OnDays(); ok {
		t.Errorf("no day: %s", o)
	}
	var many []calendar.Day
	for n := range calendar.MaxDays + 1 {
		many = append(many, calendar.Day("2018-01-01").Add(n))
	}
	if o, ok := calendar.OnDays(many...); ok {
		t.Errorf("too many days: %s", o)
	}
	o, ok := calendar.OnDays(many[1:]...)
	if _, err := calendar.Parse(string(o)); !ok || err != nil || len(o.Days()) != calendar.MaxDays {
		t.Errorf("as many days as there may be: %t, %v", ok, err)
	}
	if _, err := calendar.Parse(string(o) + ",2019-01-01"); !errors.Is(err, calendar.ErrBadOccurred) {
		t.Errorf("one day more than there may be: %v", err)
	}
}

func TestEndsBefore(t *testing.T) {
	tests := []struct {
		name string
		a, b calendar.Occurred
		want bool
	}{
		{"the day before", "day:2018-04-17", "day:2018-04-18", true},
		{"the same day", "day:2018-04-18", "day:2018-04-18", false},
		{"a day of the month", "day:2018-04-17", "month:2018-04", false},
		{"the month before", "month:2018-03", "day:2018-04-01", true},
		{"a span that overlaps", "span:2018-04-01/2018-04-18", "day:2018-04-18", false},
		{"the year before", "year:2017", "month:2018-01", true},
		{"a term of no known days", "term:2016-2017/1", "day:2018-04-18", false},
		{"some months before", "months:2018-01/2018-03", "day:2018-04-01", true},
		{"some months of which the last holds the day", "months:2018-01/2018-04", "day:2018-04-01", false},
		{"several days before", "days:2018-04-10,2018-04-17", "days:2018-04-18,2018-04-25", true},
		{"several days around the day", "days:2018-04-10,2018-04-25", "day:2018-04-18", false},
		{"nothing is known", calendar.Unknown, "day:2018-04-18", false},
		{"nothing is said", "", "day:2018-04-18", false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := tt.a.EndsBefore(tt.b); got != tt.want {
				t.Errorf("EndsBefore(%s, %s) = %t", tt.a, tt.b, got)
			}
		})
	}
}
