package reading

import (
	"cmp"
	"errors"
	"regexp"

	"twinledger/domain/calendar"
	"twinledger/domain/chinese"
	"twinledger/domain/fault"
)

// ErrDateOffered holds a row whose date is only likely and was not confirmed.
var ErrDateOffered = fault.New(fault.Invalid, "intake.date-offered",
	"这个日期多半如所示，但本格和标题都没有说定，此行暂挂；请回答问题，或把日期写全。",
	"The date is probably the one shown, but neither the cell nor the title says so for certain, and the row is held; answer the question, or write the whole date.")

// when reads the date, and holds a row whose date does not lie in the time that the columns for its
// parts say.
func (x *rowReader) when() calendar.Occurred {
	parts := x.dateParts()
	o := x.date(parts)
	if !parts.agree(o) {
		x.hold(ErrDatesDiffer.With("date", o.Value()), x.whenColumn())
	}
	return o
}

// date reads the date. A row whose date cannot be read is held; one that only says a beginning,
// such as 2018年9月起, is without a date, and a posting has it as its start.
func (x *rowReader) date(parts dateInParts) calendar.Occurred {
	text := withoutSaying(x.value(ColumnDate))
	if text == "" {
		text = cmp.Or(x.startToEnd(), parts.text())
	}
	if text == "" {
		term, known := x.termOfTable()
		if known {
			x.ofTitle = true
			return term
		}
		text = x.halfOfTable()
	}
	if text == "" {
		return calendar.Unknown
	}
	if o, is := x.row.Values[ColumnDate].date(); is && text == x.row.Values[ColumnDate].Text {
		return o
	}
	around, column := parts.around(x.aroundSection(text)), x.whenColumn()
	text = x.daysOfMonth(text, around)
	found, err := calendar.ReadWritten(text, around)
	if errors.Is(err, calendar.ErrNoYear) {
		if around, err = x.year(text, around), nil; around == (calendar.Surroundings{}) {
			x.hold(calendar.ErrNoYear, column)
			return calendar.Unknown
		}
		found, err = calendar.ReadWritten(text, around)
	}
	if errors.Is(err, calendar.ErrOpenEnded) {
		if start, err := calendar.ReadStart(text, around); err == nil && x.confirmed(text, &start) {
			x.start = start.Occurred
			return calendar.Unknown
		}
	}
	if err != nil {
		x.hold(asFault(err), column)
		return calendar.Unknown
	}
	if !x.confirmed(text, &found) {
		x.hold(ErrDateOffered.With("likely", found.Occurred), column)
		return calendar.Unknown
	}
	return found.Occurred
}

// monthless matches a date that needs its month from outside: 5日, 5日、12日.
var monthless = regexp.MustCompile(`^\d{1,2}[日号]?(?:[-~—–至到和及与、，,;；\s]+\d{1,2}[日号]?)*$`)

// aroundSection returns what title, sheet and file say of the time of the row, with the month of its
// section where the date has none. The same day of another month is another row.
func (x *rowReader) aroundSection(date string) calendar.Surroundings {
	if x.row.Section == nil || x.row.Section.Month == "" || !monthless.MatchString(chinese.Narrow(date)) {
		return x.table.around
	}
	around := calendar.SurroundingsIn(x.row.Section.Month)
	x.row.Set = append(x.row.Set, Said{"month", x.row.Section.Month})
	return around.Or(x.table.around)
}

// startToEnd returns what the columns of the first and the last day say together, as a date is
// written: 2018-09-01至2019-07-10, or 2018-09-01起 where only the first is known.
func (x *rowReader) startToEnd() string {
	start, end := x.value(ColumnStart), x.value(ColumnEnd)
	switch {
	case start == "" && end == "":
		return ""
	case start == "":
		return "至" + end // no date: the row is held, and says so
	case end == "":
		return start + "起"
	case start == end:
		return start
	}
	return start + "至" + end
}

// termOfTable returns the term that title, sheet or file name of a table without any column for
// a date: all its rows are of that term. A cell that is left empty under 日期 says nothing.
func (x *rowReader) termOfTable() (calendar.Occurred, bool) {
	term, known := x.table.around.Term()
	return calendar.InTerm(term), known && !x.table.isDated()
}

// halfOfTable returns the term without a school year that a table without any column for a date has
// in its title or its sheet's name, "" when there is none.
func (x *rowReader) halfOfTable() string {
	if x.table.around.Half == 0 || x.table.isDated() {
		return ""
	}
	return [...]string{"上学期", "下学期"}[x.table.around.Half-1]
}

// confirmed tells whether a date is certain, or the clerk confirmed all that it rests on. Each
// assumption is asked once for all dates of the file. One that was denied gives the other
// meaning that the date has, where it has one; the clerk who does not know either has the rows
// held.
func (x *rowReader) confirmed(text string, found *calendar.Reading) bool {
	holds := true
	for _, assumption := range found.Assumes {
		zh, en := assumption.Words()
		answer := x.questions.ask(Question{
			Key: "date/" + string(assumption), Code: "date", Column: ColumnDate, Written: text, Suggested: "a",
			ZH: zh + "？（如“" + text + "”读作 " + found.Occurred.Value() + "）", EN: en + "? (“" + text + "” would be read as " + found.Occurred.Value() + ".)",
			Choices: []Choice{
				{Value: "yes", ZH: "是，照此读，如 " + found.Occurred.Value(), EN: "yes, read them so"},
				{Value: None, ZH: "不是" + instead("，读作 ", *found), EN: "no" + instead(", it is ", *found)},
				{Value: "hold", ZH: "说不准，这些行暂挂", EN: "not known; hold the rows"},
			},
		}, x.at())
		if answer == "" {
			x.asked = "date/" + string(assumption)
		}
		if answer == None && found.Instead != "" {
			found.Occurred = found.Instead
			return true
		}
		holds = holds && answer == "yes"
	}
	return holds
}

// instead returns the other meaning that a date has, behind some words; "" where it has none.
func instead(words string, found calendar.Reading) string {
	if found.Instead == "" {
		return ""
	}
	return words + found.Instead.Value()
}

// asFault returns an error of the domain as a fault.
func asFault(err error) *fault.Error {
	if f, ok := fault.As(err); ok {
		return f
	}
	return ErrUnreadable.Because(err)
}

// ErrUnreadable holds a row for something that has no better name.
var ErrUnreadable = fault.New(fault.Invalid, "intake.unreadable",
	"此行有看不懂的内容，暂挂；请核对。", "Something in the row cannot be read and it is held; check it.")
