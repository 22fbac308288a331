package tabular_test

import (
	"fmt"
	"reflect"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"twinledger/domain/calendar"
	"twinledger/domain/event"
	"twinledger/domain/record"
	"twinledger/domain/tabular"
)

// anyDate draws a date of a form that schools have a way to write.
func anyDate(t *rapid.T) calendar.Occurred {
	day := calendar.Day("1990-01-01").Add(rapid.IntRange(0, 20000).Draw(t, "day"))
	later := day.Add(rapid.IntRange(1, 500).Draw(t, "later"))
	several, _ := calendar.OnDays(day, later, later.Add(7))
	year := calendar.SchoolYearFrom(rapid.IntRange(1990, 2040).Draw(t, "year"))
	return rapid.SampledFrom([]calendar.Occurred{
		calendar.OnDay(day), calendar.OverSpan(day, later), several,
		calendar.InMonths(string(day[:7]), string(day[:7])), calendar.InMonths(string(day[:7]), string(later[:7])),
		calendar.InTerm(calendar.Term{Year: year, Number: rapid.IntRange(1, 2).Draw(t, "term")}),
		calendar.Occurred("schoolyear:" + string(year)), calendar.Occurred(fmt.Sprintf("year:%d", year.First())),
	}).Draw(t, "date")
}

// TestADateCellReadsAsItWasWritten: each form of a date is written in a way of
// schools, and is certain from its cell alone.
func TestADateCellReadsAsItWasWritten(t *testing.T) {
	form := forms(t)["lesson"]
	column := slices.IndexFunc(form.Columns, func(c tabular.Column) bool { return c.Header == "日期" })
	stored, err := event.Marshal(reflect.New(factsOf("lesson")).Elem().Interface())
	if err != nil || column < 0 {
		t.Fatal(err, column)
	}
	rapid.Check(t, func(t *rapid.T) {
		date := anyDate(t)
		row, err := form.Row(tabular.Record{Key: "lesson-1", Progress: record.Progress{Occurred: date}, Facts: stored}, names{})
		if err != nil {
			t.Fatal(err)
		}
		read, err := calendar.ReadAlone(row[column])
		if err != nil || read.Occurred != date || !read.Alone {
			t.Fatalf("%s is written %q and read %+v, %v", date, row[column], read, err)
		}
	})
}
