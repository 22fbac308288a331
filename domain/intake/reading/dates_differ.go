package reading

import (
	"fmt"

	"twinledger/domain/calendar"
	"twinledger/domain/fault"
)

// ErrDatesDiffer holds a row whose columns say two times.
var ErrDatesDiffer = fault.New(fault.Invalid, "intake.dates-differ",
	"此行的日期与学年、学期、年、月各栏写的不是同一时间，分不清哪个对，此行暂挂；请改成一致。",
	"The row's date and its columns 学年, 学期, 年 and 月 say different times, and nobody can tell which is right; the row is held. Make them agree.")

// aroundTerm is how many days a county's term may begin before the usual day, or end after it.
const aroundTerm = 31

// agree tells whether a date may lie in the time that the parts say. What is unknown agrees with
// everything.
func (p dateInParts) agree(o calendar.Occurred) bool {
	extent, known := usualYears.Extent(o)
	if !known || p == (dateInParts{}) {
		return true
	}
	said := p.around(calendar.Surroundings{})
	if said.Year != 0 && (said.Year < yearIn(string(extent.First)) || said.Year > yearIn(string(extent.Last))) {
		return false
	}
	if said.Month != 0 && extent.First == extent.Last && string(extent.First)[5:7] != fmt.Sprintf("%02d", said.Month) {
		return false
	}
	within := calendar.Occurred(string(calendar.PrecisionSchoolYear) + ":" + string(said.SchoolYear))
	if term, known := said.Term(); known {
		within = calendar.InTerm(term)
	}
	usual, known := usualYears.Extent(within)
	return !known || extent.First <= usual.Last.Add(aroundTerm) && extent.Last >= usual.First.Add(-aroundTerm)
}
