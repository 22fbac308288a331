package records

import (
	"fmt"
	"slices"

	"twinledger/domain/calendar"
)

// A Validity says whether what a row says was true on a day.
type Validity string

// The validities.
const (
	Certainly Validity = "certainly"
	Possibly  Validity = "possibly" // its dates leave it open
	No        Validity = "no"
)

// lastDay stands for an end that is not known.
const lastDay calendar.Day = "9999-12-31"

// ValidOn tells whether what the row says was true on a day, by the district's
// calendar: certainly when it began by then and had not ended, whichever of the
// days that its dates allow are taken. What is void or came to nothing never was,
// and what was only asked for may not have come about.
func (r Row) ValidOn(day calendar.Day, c calendar.Calendar) Validity {
	began, ended := extentOf(r.From, c), extentOf(r.Until, c)
	switch {
	case r.Void(), r.NotTakenPlace && r.CameToNothing(), day < began.First, day > ended.Last:
		return No
	case r.onSeveralDays() && !slices.Contains(r.From.Days(), day):
		return No
	case r.NotTakenPlace:
		return Possibly
	case day >= began.Last && day <= ended.First, r.From == r.Until && r.From.Dated():
		return Certainly
	case r.Until == Open && day >= began.Last:
		return Certainly
	}
	return Possibly
}

// onSeveralDays tells whether what the row says was true on some days that are
// named one by one, and not between them.
func (r Row) onSeveralDays() bool {
	return r.From == r.Until && r.From.Precision() == calendar.PrecisionDays
}

// MayTouch tells whether what the row says may have been true on one of the days
// between, by the district's calendar; "" bounds nothing.
func (r Row) MayTouch(from, to calendar.Day, c calendar.Calendar) bool {
	if r.onSeveralDays() {
		return slices.ContainsFunc(r.From.Days(), func(day calendar.Day) bool {
			return (to == "" || day <= to) && (from == "" || day >= from)
		})
	}
	return (to == "" || extentOf(r.From, c).First <= to) && (from == "" || extentOf(r.Until, c).Last >= from)
}

// extentOf returns the days within which o lies; all days when nothing bounds
// it.
func extentOf(o calendar.Occurred, c calendar.Calendar) calendar.Period {
	if p, ok := c.Extent(o); ok {
		return p
	}
	return widest(o)
}

// widest returns the days within which o lies by any calendar: a school year
// begins after June and is over by the end of the next August.
func widest(o calendar.Occurred) calendar.Period {
	if p, ok := (calendar.Calendar{}).Extent(o); ok {
		return p
	}
	year := calendar.SchoolYear(o.Value())
	switch o.Precision() {
	case calendar.PrecisionTerm:
		t, err := calendar.ParseTerm(o.Value())
		if err != nil {
			break
		}
		year = t.Year
		fallthrough
	case calendar.PrecisionSchoolYear:
		return calendar.Period{First: calendar.Day(fmt.Sprintf("%04d-07-01", year.First())), Last: calendar.Day(fmt.Sprintf("%04d-08-31", year.First()+1))}
	}
	return calendar.Period{Last: lastDay}
}
