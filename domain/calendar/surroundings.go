package calendar

import "strings"

// Surroundings are what a title, a sheet's name or another line outside a table
// says of the time of its rows. Zero fields are unknown.
type Surroundings struct {
	SchoolYear SchoolYear
	Half       int // 1 or 2: the term of the school year
	Year       int // the calendar year
	Month      int
}

// Term returns the term, when the school year and its half are known.
func (s Surroundings) Term() (t Term, ok bool) {
	if s.SchoolYear == "" || s.Half == 0 {
		return Term{}, false
	}
	return Term{s.SchoolYear, s.Half}, true
}

// SurroundingsOf returns the surroundings that a date makes: that of a term, a
// school year, a year or a month, for example one that was given for all rows of a
// file. A span of months gives its calendar year, or its school year when it lies
// in two years.
func SurroundingsOf(o Occurred) Surroundings {
	v := o.Value()
	switch o.Precision() {
	case PrecisionTerm:
		if t, err := ParseTerm(v); err == nil {
			return Surroundings{SchoolYear: t.Year, Half: t.Number}
		}
	case PrecisionSchoolYear:
		return Surroundings{SchoolYear: SchoolYear(v)}
	case PrecisionYear:
		return Surroundings{Year: number(v)}
	case PrecisionMonth:
		return Surroundings{Year: number(v[:4]), Month: number(v[5:])}
	case PrecisionMonths:
		first, last, _ := strings.Cut(v, "/")
		return betweenMonths(number(first[:4]), number(first[5:]), number(last[:4]), number(last[5:]))
	}
	return Surroundings{}
}

// betweenMonths returns what a span from one month to another says of the time of
// rows.
func betweenMonths(fromYear, fromMonth, toYear, toMonth int) Surroundings {
	switch {
	case fromYear == toYear:
		return Surroundings{Year: fromYear}
	case toYear == fromYear+1 && fromMonth >= 8 && toMonth <= 8:
		return Surroundings{SchoolYear: SchoolYearFrom(fromYear)}
	}
	return Surroundings{}
}

// Or returns s with what it leaves open taken from other, where the two do not
// contradict one another: a title's surroundings, Or those of the sheet's name.
func (s Surroundings) Or(other Surroundings) Surroundings {
	out := s
	switch {
	case s.SchoolYear == "" && s.Year == 0:
		out.SchoolYear, out.Year = other.SchoolYear, other.Year
	case s.SchoolYear == "" && within(s.Year, other.SchoolYear):
		out.SchoolYear = other.SchoolYear
	case s.Year == 0 && within(other.Year, s.SchoolYear):
		out.Year = other.Year
	}
	sameYear := other.SchoolYear == "" || other.SchoolYear == out.SchoolYear
	if out.Half == 0 && sameYear {
		out.Half = other.Half
	}
	if out.Month == 0 && (other.Year == 0 || other.Year == out.Year) && sameYear {
		out.Month = other.Month
	}
	return out
}

// within tells whether a calendar year, which may be unknown, is one of the two of
// a school year, which may be unknown.
func within(year int, schoolYear SchoolYear) bool {
	return year != 0 && schoolYear != "" && (year == schoolYear.First() || year == schoolYear.First()+1)
}

// yearOf returns the year of a month that is written without one. decided tells
// whether the surroundings leave no other; else other is a second likely year, 0
// when there is none. known is false when they say nothing of the year.
//
// Autumn months up to December lie in the first year of a school year and those
// from January on in the second; a month outside the term is not decided, nor is
// August, in which one school year ends and the next is prepared.
func (s Surroundings) yearOf(month int) (year, other int, decided, known bool) {
	switch {
	case s.SchoolYear != "":
		year, other = s.SchoolYear.First(), s.SchoolYear.First()+1
		if month <= 7 || month == 8 && s.Half != 1 {
			year, other = other, year
		}
		switch s.Half {
		case 1:
			decided = month >= 9 || month <= 2
		case 2:
			decided = month >= 2 && month <= 8
		default:
			decided = month != 8
		}
		return year, other, decided && (s.Year == 0 || s.Year == year), true
	case s.Year != 0:
		year = s.Year
		switch {
		case s.Month == 0 || s.Month == month:
			return year, 0, true, true
		case month-s.Month > 6:
			return year - 1, year, false, true
		case s.Month-month > 6:
			return year + 1, year, false, true
		}
		return year, 0, false, true
	}
	return 0, 0, false, false
}

// holds tells whether the surroundings say that a month lies in a year.
func (s Surroundings) holds(year, month int) bool {
	if s.Month != 0 && s.Month != month && s.SchoolYear == "" {
		return false
	}
	of, _, decided, known := s.yearOf(month)
	return known && decided && of == year
}
