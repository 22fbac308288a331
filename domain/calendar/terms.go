package calendar

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
)

var (
	schoolYearForm = regexp.MustCompile(`^(\d{4})-(\d{4})$`)
	termForm       = regexp.MustCompile(`^(\d{4}-\d{4})/([12])$`)
)

// A SchoolYear is two calendar years that follow one another: "2017-2018".
type SchoolYear string

// ParseSchoolYear reads "2017-2018".
func ParseSchoolYear(s string) (SchoolYear, error) {
	m := schoolYearForm.FindStringSubmatch(s)
	if m != nil {
		first, _ := strconv.Atoi(m[1])
		second, _ := strconv.Atoi(m[2])
		if second == first+1 {
			return SchoolYear(s), nil
		}
	}
	return "", ErrBadOccurred.With("schoolyear", s)
}

// SchoolYearFrom returns the school year that begins in the calendar year first.
func SchoolYearFrom(first int) SchoolYear {
	return SchoolYear(fmt.Sprintf("%04d-%04d", first, first+1))
}

// First returns the calendar year in which y begins.
func (y SchoolYear) First() int {
	first, _ := strconv.Atoi(string(y)[:4])
	return first
}

// A Term is the first (autumn) or second (spring) half of a school year.
type Term struct {
	Year   SchoolYear
	Number int // 1 or 2
}

// ParseTerm reads "2017-2018/2".
func ParseTerm(s string) (Term, error) {
	m := termForm.FindStringSubmatch(s)
	if m == nil {
		return Term{}, ErrBadTerm.With("term", s)
	}
	year, err := ParseSchoolYear(m[1])
	if err != nil {
		return Term{}, ErrBadTerm.With("term", s)
	}
	return Term{year, int(m[2][0] - '0')}, nil
}

// String returns "2017-2018/2".
func (t Term) String() string { return string(t.Year) + "/" + strconv.Itoa(t.Number) }

// Chinese returns "2017—2018学年第二学期".
func (t Term) Chinese() string {
	return strings.Replace(string(t.Year), "-", "—", 1) + "学年第" + [3]string{"", "一", "二"}[t.Number] + "学期"
}
