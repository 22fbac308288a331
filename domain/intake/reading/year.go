package reading

import (
	"errors"
	"strconv"

	"twinledger/domain/calendar"
)

// yearOfAbove is the value of the choice that an empty cell under 年 means the year of the row above.
const yearOfAbove = "above"

// The keys of the questions of which year dates are, and of which school year terms are.
const (
	keyYear       = "date/year"
	keySchoolYear = "date/schoolyear"
)

// year asks of which year a date is that has none, where neither the row nor title and sheet say
// it: once for the file, and once for dates that name a term alone. It returns what the answer
// says of the time, nothing while there is none.
func (x *rowReader) year(text string, around calendar.Surroundings) calendar.Surroundings {
	if x.table.asked[ColumnYear] || x.table.asked[ColumnSchoolYear] {
		return calendar.Surroundings{} // a heading is asked about that probably says it
	}
	key, answer := keyYear, ""
	if namesTermAlone(text) {
		key = keySchoolYear
		if said := timeSaid(x.answers.Choices[keyYear]); said.SchoolYear != "" {
			answer = x.answers.Choices[keyYear] // the days of the file are of this school year, and so are its terms
		}
	}
	if answer == "" {
		answer = x.askYear(key, text, around)
	}
	if answer == yearOfAbove {
		answer = x.yearAbove
	}
	if answer == "" || answer == None {
		x.asked = key
		return calendar.Surroundings{}
	}
	said := timeSaid(answer)
	if said == (calendar.Surroundings{}) {
		return said
	}
	x.row.Set = append(x.row.Set, Said{"year", answer}) // the same day of another year is another row
	return around.Or(said)
}

// timeSaid returns what an answer says of the time: 2018, 2017-2018, 2017-2018学年第二学期.
func timeSaid(answer string) calendar.Surroundings {
	said, err := calendar.ParseWritten(answer)
	if err != nil {
		said, err = calendar.ParseWritten(withUnit(answer, "学年"))
	}
	if err != nil {
		return calendar.Surroundings{}
	}
	return calendar.SurroundingsOf(said)
}

// askYear asks for a year or a school year, and returns the answer.
func (x *rowReader) askYear(key, text string, around calendar.Surroundings) string {
	q := x.askedYear(text)
	if len(q.Choices) > 0 {
		q.Suggested = "a"
	}
	if key == keySchoolYear {
		q = x.askedSchoolYear(text, around)
	}
	q.Key, q.Column = key, x.whenColumn()
	q.Choices = append(q.Choices, Choice{Value: None, ZH: "不知道，这些行暂挂", EN: "not known; hold the rows"})
	return x.questions.ask(q, x.at())
}

// askedYear is the question in which year the days and months of a file lie that have none. The
// years of the file's other dates are offered, and the year of the row above where the table has
// a column for years.
func (x *rowReader) askedYear(text string) Question {
	q := Question{Code: "year", Written: text, Free: true,
		ZH: "有的日期没有写年份（如“" + text + "”），是哪一年？（也可写学期，如 2017-2018学年第二学期）",
		EN: "Some dates have no year, such as “" + text + "”; which year is meant? (Or give a term, such as 2017-2018学年第二学期.)"}
	if x.yearAbove != "" {
		q.Choices = append(q.Choices, Choice{Value: yearOfAbove, ZH: "“年”空着的，同上面一行的年份", EN: "that of the row above, where 年 is empty"})
	}
	for _, year := range x.years {
		q.Choices = append(q.Choices, Choice{Value: year, ZH: year + "年", EN: year})
	}
	return q
}

// askedSchoolYear is the question of which school year the terms of a file are that name none. A
// calendar year lies in two school years, so both are offered.
func (x *rowReader) askedSchoolYear(text string, around calendar.Surroundings) Question {
	q := Question{Code: "year", Written: text, Free: true,
		ZH: "有的只写了学期（如“" + text + "”），没有写学年，是哪一学年？（如 2017-2018学年）",
		EN: "Some rows name a term, such as “" + text + "”, without its school year; which is meant? (Such as 2017-2018学年.)"}
	years := x.years
	if around.Year != 0 {
		years = []string{strconv.Itoa(around.Year)}
	}
	offered := map[calendar.SchoolYear]bool{}
	for _, written := range years {
		year, err := strconv.Atoi(written)
		for _, first := range []int{year - 1, year} {
			if one := calendar.SchoolYearFrom(first); err == nil && !offered[one] {
				offered[one] = true
				q.Choices = append(q.Choices, Choice{Value: string(one) + "学年", ZH: string(one) + "学年", EN: "school year " + string(one)})
			}
		}
	}
	return q
}

// namesTermAlone tells whether a text names a term of which only the school year tells when it was:
// 上学期. The calendar year is enough for 秋季学期.
func namesTermAlone(text string) bool {
	found, err := calendar.ReadWritten(text, calendar.Surroundings{SchoolYear: calendar.SchoolYearFrom(2017)})
	_, withYear := calendar.ReadWritten(text, calendar.Surroundings{Year: 2018})
	return err == nil && found.Occurred.Precision() == calendar.PrecisionTerm && errors.Is(withYear, calendar.ErrNoYear)
}
