package calendar

import (
	"regexp"
	"slices"
	"strings"
)

var (
	// Whole days say when something was filled in or published, and numbers of
	// documents say when those were written: neither says the time of the rows.
	daysInTitle = regexp.MustCompile(`\d{4}年\d{1,2}月\d{1,2}日?|\d{4}[-./]\d{1,2}[-./]\d{1,2}日?|\d{1,2}月\d{1,2}日?|[〔[(【]\d{4}[〕\])】]第?\d+日`)

	termInTitle    = regexp.MustCompile(`(?:^|[^\d])(\d{4}|\d{2})(?:[-~/](\d{4}|\d{2}))?学年度?[、(]*(` + halfText + `)?`)
	pairInTitle    = regexp.MustCompile(`(?:^|[^\d])(\d{4})[-~/](\d{4})(?:年度?)?、?(?:\(?(` + halfText + `|[12]\))|[-/]([12])(?:[^\d]|$))?`)
	seasonInTitle  = regexp.MustCompile(`(?:^|[^\d])(\d{4}|\d{2})年?(春|秋)(季学期|季|学期|期)?`)
	monthsInTitle  = regexp.MustCompile(`(\d{4})[年.](\d{1,2})月?份?[-~](?:(\d{4})[年.])?(\d{1,2})(?:月|$)`)
	monthOfYear    = regexp.MustCompile(`(?:^|[^\d])(\d{4}|\d{2})(?:年(\d{1,2})月|[-./](\d{1,2})(?:月|[^\d]|$))`)
	sixDigitMonth  = regexp.MustCompile(`^(\d{4})(\d{2})$`)
	yearInTitle    = regexp.MustCompile(`(?:^|[^\d])(\d{4})(年|$)|^(\d{4})`)
	monthAlone     = regexp.MustCompile(`(?:^|[^\d])(\d{1,2})月`)
	spanOfMonths   = regexp.MustCompile(`\d{1,2}月?份?[-~、]\d{1,2}月`)
	halfInTitle    = regexp.MustCompile(`第[一1]学期|上学期|秋季|第[二2]学期|下学期|春季`)
	seasonOfNature = []string{"节", "蕾", "晖", "雨", "风", "苗", "游", "光", "实", "华", "燕", "芽", "运", "训"}
	cohortBehind   = []string{"级", "届", "班"}
)

// titleReader collects what a title says; a thing said in two ways is unknown.
type titleReader struct {
	rest        string // what is not read yet
	schoolYears []SchoolYear
	halves      []int
	years       []int
	months      []int
}

// SurroundingsIn reads what a title, a sheet's name or a line of a file says of the
// time of its rows: 2017—2018学年第二学期活动台账, 2018年春季, 2018年4月送教情况, 4月. Where
// a title names two terms, years or months, it says none.
func SurroundingsIn(title string) Surroundings {
	if len(title) > longestText {
		return Surroundings{}
	}
	t := &titleReader{rest: daysInTitle.ReplaceAllString(uniform(title), "|")}
	t.terms()
	t.monthsAndYears()
	for _, half := range halfInTitle.FindAllString(t.rest, -1) {
		t.halves = append(t.halves, halfNumber(half))
	}
	out := Surroundings{Half: sole(t.halves), Year: sole(t.years), Month: sole(t.months), SchoolYear: sole(t.schoolYears)}
	if len(t.schoolYears) > 0 && out.SchoolYear == "" {
		out.Half = 0
	}
	if out.SchoolYear != "" && out.Year != 0 && !within(out.Year, out.SchoolYear) {
		out.Year, out.Month = 0, 0
	}
	return out
}

// take finds what a form matches, reads it and takes it out of the rest. read
// reports whether the match was what it looks like.
func (t *titleReader) take(form *regexp.Regexp, read func(m []string, behind string) bool) {
	for from := 0; from < len(t.rest); {
		at := form.FindStringSubmatchIndex(t.rest[from:])
		if at == nil {
			return
		}
		m := make([]string, len(at)/2)
		for i := range m {
			if at[2*i] >= 0 {
				m[i] = t.rest[from+at[2*i] : from+at[2*i+1]]
			}
		}
		end := from + at[1]
		if read(m, t.rest[end:]) {
			t.rest = t.rest[:from+at[0]] + "|" + t.rest[end:]
			from += at[0] + 1
		} else {
			from = max(end, from+1)
		}
	}
}

func (t *titleReader) terms() {
	schoolYear := func(first, second, half string) bool {
		year, err := (&reader{}).yearsOf(first, second)
		if err != nil {
			return false
		}
		t.schoolYears = append(t.schoolYears, year)
		if half != "" {
			t.halves = append(t.halves, halfNumber(half))
		}
		return true
	}
	t.take(termInTitle, func(m []string, _ string) bool { return schoolYear(m[1], m[2], m[3]) })
	t.take(pairInTitle, func(m []string, _ string) bool { return schoolYear(m[1], m[2], m[3]+m[4]) })
	t.take(seasonInTitle, func(m []string, behind string) bool {
		year, err := (&reader{}).fullYear(m[1], func(int) bool { return true })
		if err != nil || m[3] == "" && slices.ContainsFunc(seasonOfNature, func(word string) bool { return strings.HasPrefix(behind, word) }) {
			return false
		}
		term := termOfSeason(year, m[2])
		t.schoolYears, t.halves, t.years = append(t.schoolYears, term.Year), append(t.halves, term.Number), append(t.years, year)
		return true
	})
}

func (t *titleReader) monthsAndYears() {
	plausible := func(written string) (int, bool) {
		year, err := (&reader{}).fullYear(written, func(int) bool { return true })
		return year, err == nil
	}
	t.take(monthsInTitle, func(m []string, _ string) bool {
		from, ok := plausible(m[1])
		to := from
		if m[3] != "" && ok {
			to, ok = plausible(m[3])
		}
		if !ok {
			return false
		}
		if said := betweenMonths(from, number(m[2]), to, number(m[4])); said.SchoolYear != "" {
			t.schoolYears = append(t.schoolYears, said.SchoolYear)
		} else {
			t.years = append(t.years, from, to)
		}
		return true
	})
	month := func(year string, month string) bool {
		y, ok := plausible(year)
		n := number(month)
		if !ok || n < 1 || n > 12 {
			return false
		}
		t.years, t.months = append(t.years, y), append(t.months, n)
		return true
	}
	t.take(sixDigitMonth, func(m []string, _ string) bool { return month(m[1], m[2]) })
	t.take(monthOfYear, func(m []string, _ string) bool {
		return (m[2] != "" || len(m[1]) == 4) && month(m[1], m[2]+m[3])
	})
	t.take(yearInTitle, func(m []string, behind string) bool {
		year, ok := plausible(m[1] + m[3])
		if !ok || slices.ContainsFunc(cohortBehind, func(word string) bool { return strings.HasPrefix(behind, word) }) ||
			m[2] == "" && behind != "" && behind[0] >= '0' && behind[0] <= '9' {
			return false
		}
		t.years = append(t.years, year)
		return true
	})
	t.take(spanOfMonths, func([]string, string) bool { return true })
	t.take(monthAlone, func(m []string, _ string) bool {
		n := number(m[1])
		if n < 1 || n > 12 {
			return false
		}
		t.months = append(t.months, n)
		return true
	})
}

// sole returns the one value of a list that holds nothing else, else the zero
// value.
func sole[T comparable](list []T) (value T) {
	for i, v := range list {
		if i > 0 && v != list[0] {
			var none T
			return none
		}
		value = v
	}
	return value
}
