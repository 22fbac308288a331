package calendar

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
)

// halfText matches the names of the two terms of a school year.
const halfText = `第?[一1]学期|上学期|上|秋季?学期|秋季?|第?[二2]学期|下学期|下|春季?学期|春季?`

var (
	termText = regexp.MustCompile(`^(\d{4}|\d{2})(?:[-~/](\d{4}|\d{2}))?学年度?、?\(?(` + halfText + `)\)?$`)
	// Without 学年 both years must be there.
	shortTermText  = regexp.MustCompile(`^(\d{4}|\d{2})[-~/](\d{4}|\d{2})、?(?:\(?(` + halfText + `)\)?|\(([12一二])\))$`)
	codedTermText  = regexp.MustCompile(`^(\d{4})[-~/](\d{4})[-/]([12])$`)
	schoolYearText = regexp.MustCompile(`^(\d{4}|\d{2})(?:[-~/](\d{4}|\d{2}))?学年度?$`)
	twoYearsText   = regexp.MustCompile(`^(\d{4})[-~](\d{4})$`)
	seasonText     = regexp.MustCompile(`^(\d{4}|\d{2})年?(秋|春)(?:季学期|季|学期|期)?$`)
	halfYearText   = regexp.MustCompile(`^(?:(\d{4}|\d{2})年?)?(上|下)半年$`)
	quarterText    = regexp.MustCompile(`^(?:(\d{4}|\d{2})年?)?第?([一二三四1-4])季度$`)
	yearText       = regexp.MustCompile(`^(?:(\d{4})(?:年度?)?|(\d{2})年度?)$`)
	ownTermText    = regexp.MustCompile(`^(?:本|该|这|整个?|全)学(期|年)$`)
	halfAloneText  = regexp.MustCompile(`^(?:本学年|本年度)?(第[一1]学期|上学期|秋季学期|秋季|秋学期|第[二2]学期|下学期|春季学期|春季|春学期)$`)
)

func halfNumber(written string) int {
	if strings.ContainsAny(written, "二2下春") {
		return 2
	}
	return 1
}

// term reads 2017-2018学年第二学期 and 2017学年下.
func (r *reader) term(s string) (Occurred, bool, error) {
	m := termText.FindStringSubmatch(s)
	if m == nil {
		return "", false, nil
	}
	return r.termOf(m[1], m[2], m[3])
}

// shortTerm reads 2017-2018下, 2017-2018(2), 2017-2018-2 and 2017-2018/2.
func (r *reader) shortTerm(s string) (Occurred, bool, error) {
	if m := codedTermText.FindStringSubmatch(s); m != nil {
		return r.termOf(m[1], m[2], m[3])
	}
	m := shortTermText.FindStringSubmatch(s)
	if m == nil {
		return "", false, nil
	}
	return r.termOf(m[1], m[2], m[3]+m[4])
}

func (r *reader) termOf(first, second, half string) (Occurred, bool, error) {
	year, err := r.yearsOf(first, second)
	if err != nil {
		return "", false, err
	}
	return InTerm(Term{year, halfNumber(half)}), true, nil
}

// schoolYear reads 2017-2018学年 and 2017学年.
func (r *reader) schoolYear(s string) (Occurred, bool, error) {
	m := schoolYearText.FindStringSubmatch(s)
	if m == nil {
		return "", false, nil
	}
	year, err := r.yearsOf(m[1], m[2])
	if err != nil {
		return "", false, err
	}
	return inSchoolYear(year), true, nil
}

// twoYears reads 2017-2018, which is likely a school year.
func (r *reader) twoYears(s string) (Occurred, bool, error) {
	m := twoYearsText.FindStringSubmatch(s)
	if m == nil {
		return "", false, nil
	}
	year, err := r.yearsOf(m[1], m[2])
	if err != nil {
		return "", false, err
	}
	if r.around.SchoolYear == year {
		r.leaned = true
	} else {
		r.assume(SchoolYearPair, "")
	}
	return inSchoolYear(year), true, nil
}

// yearsOf reads 2017 and 2018, 2017 and 18, 17 and 18, or 2017 alone.
func (r *reader) yearsOf(first, second string) (SchoolYear, error) {
	begins, err := r.fullYear(first, func(year int) bool { return r.around.SchoolYear == SchoolYearFrom(year) })
	if err != nil {
		return "", err
	}
	year := SchoolYearFrom(begins)
	if !strings.HasSuffix(string(year), second) {
		return "", ErrUnreadableDate.With("schoolyear", first+"-"+second)
	}
	return year, nil
}

// season reads 2018年春季 and 2018秋.
func (r *reader) season(s string) (Occurred, bool, error) {
	m := seasonText.FindStringSubmatch(s)
	if m == nil {
		return "", false, nil
	}
	year, err := r.fullYear(m[1], func(year int) bool { return r.around.SchoolYear == termOfSeason(year, m[2]).Year })
	if err != nil {
		return "", false, err
	}
	return InTerm(termOfSeason(year, m[2])), true, nil
}

// termOfSeason returns the term of 秋 or 春 of a calendar year.
func termOfSeason(year int, season string) Term {
	if season == "秋" {
		return Term{SchoolYearFrom(year), 1}
	}
	return Term{SchoolYearFrom(year - 1), 2}
}

// halfYear reads 2018年上半年, which is likely the months January to June.
func (r *reader) halfYear(s string) (Occurred, bool, error) {
	m := halfYearText.FindStringSubmatch(s)
	if m == nil {
		return "", false, nil
	}
	first, season := 1, "春"
	if m[2] == "下" {
		first, season = 7, "秋"
	}
	year, err := r.yearOrAround(m[1])
	if err != nil {
		return "", false, err
	}
	r.assume(HalfYear, InTerm(termOfSeason(year, season)))
	return InMonths(monthOf(year, first), monthOf(year, first+5)), true, nil
}

// quarter reads 2018年第一季度.
func (r *reader) quarter(s string) (Occurred, bool, error) {
	m := quarterText.FindStringSubmatch(s)
	if m == nil {
		return "", false, nil
	}
	year, err := r.yearOrAround(m[1])
	if err != nil {
		return "", false, err
	}
	number, _ := strconv.Atoi(yearDigits.Replace(m[2]))
	return InMonths(monthOf(year, 3*number-2), monthOf(year, 3*number)), true, nil
}

// yearOrAround returns the written calendar year, or where none is written that of
// the surroundings.
func (r *reader) yearOrAround(written string) (int, error) {
	if written != "" {
		return r.fullYear(written, func(year int) bool { return r.around.Year == year })
	}
	if r.around.Year == 0 {
		return 0, ErrNoYear
	}
	r.leaned = true
	return r.around.Year, nil
}

// year reads 2018, 2018年 and 18年.
func (r *reader) year(s string) (Occurred, bool, error) {
	m := yearText.FindStringSubmatch(s)
	if m == nil {
		return "", false, nil
	}
	year, err := r.yearOrAround(m[1] + m[2])
	if err != nil {
		return "", false, err
	}
	return Occurred(fmt.Sprintf("%s:%04d", PrecisionYear, year)), true, nil
}

// termWithoutYear reads 本学期, 本学年, 第一学期 and 春季学期 by the surroundings.
func (r *reader) termWithoutYear(s string) (Occurred, bool, error) {
	year := r.around.SchoolYear
	if m := ownTermText.FindStringSubmatch(s); m != nil {
		r.leaned = true
		term, known := r.around.Term()
		switch {
		case m[1] == "年" && year != "":
			return inSchoolYear(year), true, nil
		case m[1] == "期" && known:
			return InTerm(term), true, nil
		}
		return "", false, ErrNoYear
	}
	m := halfAloneText.FindStringSubmatch(s)
	if m == nil {
		return "", false, nil
	}
	r.leaned = true
	switch {
	case year != "":
		return InTerm(Term{year, halfNumber(m[1])}), true, nil
	case r.around.Year != 0 && strings.Contains(m[1], "秋"):
		return InTerm(termOfSeason(r.around.Year, "秋")), true, nil
	case r.around.Year != 0 && strings.Contains(m[1], "春"):
		return InTerm(termOfSeason(r.around.Year, "春")), true, nil
	}
	return "", false, ErrNoYear
}

func inSchoolYear(y SchoolYear) Occurred {
	return Occurred(string(PrecisionSchoolYear) + ":" + string(y))
}

// monthOf writes a month as 2006-01.
func monthOf(year, month int) string { return fmt.Sprintf("%04d-%02d", year, month) }
