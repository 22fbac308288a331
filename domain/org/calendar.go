package org

import (
	"context"

	"twinledger/domain/calendar"
	"twinledger/domain/command"
	"twinledger/domain/event"
	"twinledger/domain/fault"
	"twinledger/domain/record"
	"twinledger/domain/seal"
)

// A CalendarYear is one school year of a district's published calendar, between
// whose dates its terms lie.
type CalendarYear struct {
	District string `json:"district"`
	calendar.Year
}

// Calendars is the record type of calendars: one stream per district and school year.
var Calendars = record.NewType[CalendarYear]("calendar", "校历", "publish", "published",
	command.KeyedBy(func(ledger string, _ seal.Vault, c record.Report[CalendarYear]) string {
		return CalendarKey(ledger, c.Facts.District, c.Facts.SchoolYear)
	})).WithFixed("区县或学年", "district or school year", func(before, after CalendarYear) bool {
	return before.District == after.District && before.SchoolYear == after.SchoolYear
}).WithExample(exampleYear())

// exampleYear is a published school year with a winter holiday.
func exampleYear() CalendarYear {
	return CalendarYear{record.ExampleDistrict, calendar.Year{
		SchoolYear: "2017-2018", Period: calendar.Period{First: "2017-09-01", Last: "2018-08-31"},
		Terms: [2]calendar.Period{{First: "2017-09-01", Last: "2018-02-02"}, {First: "2018-03-01", Last: "2018-07-13"}},
	}}
}

// CalendarKey returns the key of a district's calendar of a school year.
func CalendarKey(ledger, district string, year calendar.SchoolYear) string {
	return "calendar-" + event.UUIDv5(ledger, "calendar", district, string(year)).String()
}

// ErrBadCalendar refuses dates that do not follow one another.
var ErrBadCalendar = fault.New(fault.Invalid, "calendar.bad-year",
	"校历日期不合理：第一学期、第二学期须依次在学年之内。", "The calendar's dates are off: both terms lie in the school year, one after the other.")

// Normal returns c itself.
func (c CalendarYear) Normal() CalendarYear { return c }

// Check refuses terms that overlap or leave the school year.
func (c CalendarYear) Check() error {
	if _, err := calendar.ParseSchoolYear(string(c.SchoolYear)); err != nil {
		return err
	}
	for _, d := range []calendar.Day{c.First, c.Last, c.Terms[0].First, c.Terms[0].Last, c.Terms[1].First, c.Terms[1].Last} {
		if _, err := calendar.ParseDay(string(d)); err != nil {
			return err
		}
	}
	inOrder := c.First <= c.Terms[0].First && c.Terms[0].First < c.Terms[0].Last && c.Terms[0].Last < c.Terms[1].First &&
		c.Terms[1].First < c.Terms[1].Last && c.Terms[1].Last <= c.Last
	if !inOrder {
		return ErrBadCalendar.With("school_year", c.SchoolYear)
	}
	return namedIn("-", c.District)
}

// SealBody returns c: it names nobody.
func (c CalendarYear) SealBody(context.Context, seal.Sealer) (CalendarYear, error) { return c, nil }

// References returns the district.
func (c CalendarYear) References() []string { return []string{c.District} }
