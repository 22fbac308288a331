package records

import (
	"slices"

	"twinledger/domain/calendar"
	"twinledger/domain/review"
)

// A Validity says whether what a row says was true on a day.
type Validity string

// The validities.
const (
	Certainly Validity = "certainly"
	Possibly  Validity = "possibly" // its dates leave it open
	No        Validity = "no"
)

// ValidOn tells whether what the row says was true on a day, by the district's
// calendar: certainly when it began by then and had not ended, whichever of the
// days that its dates allow are taken. What is void or came to nothing never was,
// and what was only asked for may not have come about.
func (r Row) ValidOn(day calendar.Day, c calendar.Calendar) Validity {
	began, ended := c.Bounds(r.From), c.Bounds(r.Until)
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

// Ahead tells whether all of what the row stands for lies after a day, by the
// district's calendar: it has not taken place then. Reviews judge by the same rule.
func (r Row) Ahead(day calendar.Day, c calendar.Calendar) bool {
	return IsRecord(r.Kind) && !r.NotTakenPlace && c.Bounds(r.began()).First > day
}

func (r Row) began() calendar.Occurred { return review.Began(r.Start, r.Occurred) }

// MayTouch tells whether what the row says may have been true on one of the days
// between, by the district's calendar; "" bounds nothing.
func (r Row) MayTouch(from, to calendar.Day, c calendar.Calendar) bool {
	if r.onSeveralDays() {
		return slices.ContainsFunc(r.From.Days(), func(day calendar.Day) bool {
			return (to == "" || day <= to) && (from == "" || day >= from)
		})
	}
	return (to == "" || c.Bounds(r.From).First <= to) && (from == "" || c.Bounds(r.Until).Last >= from)
}
