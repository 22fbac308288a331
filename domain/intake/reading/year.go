package reading

import (
	"strconv"

	"twinledger/domain/calendar"
)

// yearOfAbove is the value of the choice that an empty cell under 年 means the year of the row above.
const yearOfAbove = "above"

// year asks of which year a date is that has none, where neither the row nor title and sheet say
// it: once for the file, and once for dates that name a term alone. It returns what the answer
// says of the time, nothing while there is none.
func (x *rowReader) year(text string, around calendar.Surroundings) calendar.Surroundings {
	q := x.askedYear(text)
	if len(q.Choices) > 0 {
		q.Suggested = "a"
	}
	if namesTermAlone(text) {
		q = x.askedSchoolYear(text, around)
	}
	q.Column = x.whenColumn()
	q.Choices = append(q.Choices, Choice{Value: None, ZH: "不知道，这些行暂挂", EN: "not known; hold the rows"})
	answer := x.questions.ask(q, x.at())
	if answer == yearOfAbove {
		answer = x.reader.yearAbove
	}
	if answer == "" || answer == None {
		x.asked = q.Key
		return calendar.Surroundings{}
	}
	said, err := calendar.ParseWritten(answer)
	if err != nil {
		said, err = calendar.ParseWritten(withUnit(answer, "学年")) // 2017-2018
	}
	if err != nil {
		return calendar.Surroundings{}
	}
	x.row.Set = append(x.row.Set, Said{"year", answer}) // the same day of another year is another row
	return around.Or(calendar.SurroundingsOf(said))
}

// askedYear is the question in which year the days and months of a file lie that have none. The
// years of the file's other dates are offered, and the year of the row above where the table has
// a column for years.
func (x *rowReader) askedYear(text string) Question {
	q := Question{Key: "date/year", Code: "year", Written: text, Free: true,
		ZH: "有的日期没有写年份（如“" + text + "”），是哪一年？（也可写学期，如 2017-2018学年第二学期）",
		EN: "Some dates have no year, such as “" + text + "”; which year is meant? (Or give a term, such as 2017-2018学年第二学期.)"}
	if x.reader.yearAbove != "" {
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
	q := Question{Key: "date/schoolyear", Code: "year", Written: text, Free: true,
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

// namesTermAlone tells whether a text names a term and no school year: 上学期.
func namesTermAlone(text string) bool {
	found, err := calendar.ReadWritten(text, calendar.Surroundings{SchoolYear: calendar.SchoolYearFrom(2017)})
	return err == nil && found.Occurred.Precision() == calendar.PrecisionTerm && !found.Alone
}
