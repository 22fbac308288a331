package calendar

import (
	"slices"
	"strconv"
	"unicode/utf8"

	"twinledger/domain/fault"
)

// A Reading is what a written date means.
type Reading struct {
	Occurred Occurred

	// Certain tells that the text, with its surroundings, leaves exactly one
	// meaning. Otherwise Occurred is the likely meaning, and Assumes says what
	// somebody has to confirm before it may be recorded.
	Certain bool

	// Alone tells that the text leaves exactly one meaning without its
	// surroundings. Alone implies Certain.
	Alone bool

	// Assumes lists what an uncertain reading rests on, each once. It is empty
	// when the reading is certain.
	Assumes []Assumption

	// Instead is what the text means when the one assumption does not hold. It is
	// empty when nothing else is likely, and when there are several assumptions.
	Instead Occurred
}

// longestText is the length in bytes beyond which no text is read as a date. A
// list of [MaxDays] days is shorter.
const longestText = 4000

// A reader reads one text and keeps what its reading rests on.
type reader struct {
	around  Surroundings
	leaned  bool // the surroundings decided something
	assumes []Assumption
	instead Occurred
}

func (r *reader) assume(a Assumption, instead Occurred) {
	if !slices.Contains(r.assumes, a) {
		r.assumes = append(r.assumes, a)
		r.instead = instead
	}
}

func (r *reader) reading(o Occurred) Reading {
	out := Reading{Occurred: o, Certain: len(r.assumes) == 0, Assumes: r.assumes}
	out.Alone = out.Certain && !r.leaned
	if len(r.assumes) == 1 {
		out.Instead = r.instead
	}
	return out
}

// ReadWritten reads a date as schools write it and returns it no more precisely
// than it was written: a day, a span of days, several days, a month, a span of
// months, a term, a school year or a year. What the text leaves out is taken from
// its surroundings. White space, a weekday that agrees and a time of day behind a
// day are passed over. An empty text is [Unknown].
//
// A reading that is not certain is only likely: it says which assumptions it rests
// on, so that they can be asked about once for all texts of a file. A text without
// a likely reading is refused: a day that does not exist with [ErrNoSuchDay], a
// span that ends before it begins with [ErrSpanBackwards], a date without its year
// with [ErrNoYear], and so on; all others with [ErrUnreadableDate]. 2018年上学期 is
// such a case, since some counties mean spring by it and others autumn.
//
// Whatever is returned without an error passes [Parse].
func ReadWritten(text string, around Surroundings) (Reading, error) {
	r := &reader{around: around}
	o, err := Occurred(""), error(ErrUnreadableDate)
	if len(text) <= longestText {
		o, err = r.read(uniform(text))
	}
	if err != nil {
		if f, isFault := fault.As(err); isFault {
			err = f.At(fault.Place{Value: text})
		}
		return Reading{}, err
	}
	return r.reading(o), nil
}

// ReadAlone reads a date without any surroundings.
func ReadAlone(text string) (Reading, error) { return ReadWritten(text, Surroundings{}) }

// ParseWritten returns what a written date certainly means without any
// surroundings. A date that only has a likely reading is [ErrUncertainDate], or
// [ErrAmbiguousMonth] for 2018.1.
func ParseWritten(text string) (Occurred, error) {
	reading, err := ReadAlone(text)
	switch {
	case err != nil:
		return "", err
	case reading.Certain:
		return reading.Occurred, nil
	case slices.Contains(reading.Assumes, MonthPointOne):
		return "", ErrAmbiguousMonth.At(fault.Place{Value: text})
	}
	return "", ErrUncertainDate.With("likely", reading.Occurred).At(fault.Place{Value: text})
}

// ReadStart reads a text that [ReadWritten] refuses with [ErrOpenEnded] because it
// says a beginning without an end, such as 2018年9月起, and returns that beginning.
// A posting keeps it as its start.
func ReadStart(text string, around Surroundings) (Reading, error) {
	if len(text) > longestText {
		return Reading{}, ErrUnreadableDate.At(fault.Place{Value: text})
	}
	inner, isStart, isOpen := openEnded(trimmed(uniform(text)))
	if !isOpen || !isStart {
		return Reading{}, ErrUnreadableDate.At(fault.Place{Value: text})
	}
	return ReadWritten(inner, around)
}

// read reads a uniform text.
func (r *reader) read(s string) (Occurred, error) {
	if s == "" {
		return Unknown, nil
	}
	s = trimmed(s)
	if !inDigitsAndSigns(s) {
		if err := noDate(s); err != nil {
			return "", err
		}
		if o, ok, err := r.first(s, r.term, r.schoolYear, r.season, r.halfYear, r.quarter, r.termWithoutYear); ok || err != nil {
			return o, err
		}
	}
	if o, ok, err := r.first(s, r.shortTerm, r.twoYears, r.year, r.digits, r.days); ok || err != nil {
		return o, err
	}
	if inner, _, isOpen := openEnded(s); isOpen {
		if _, ok := rangesIn(inner); ok {
			return "", ErrOpenEnded
		}
	}
	return "", ErrUnreadableDate
}

// first returns what the first form that fits reads.
func (*reader) first(s string, forms ...func(string) (Occurred, bool, error)) (Occurred, bool, error) {
	for _, form := range forms {
		if o, ok, err := form(s); ok || err != nil {
			return o, ok, err
		}
	}
	return "", false, nil
}

// inDigitsAndSigns tells whether s has no Chinese word in it, so that the forms
// that have one need not be tried.
func inDigitsAndSigns(s string) bool {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// fullYear returns the year that is written with four digits or with two. Two
// digits are certain where the surroundings agree: agrees tells whether they hold
// the year.
func (r *reader) fullYear(written string, agrees func(year int) bool) (int, error) {
	year, err := strconv.Atoi(written)
	if err != nil {
		return 0, ErrUnreadableDate.With("year", written)
	}
	if len(written) == 2 {
		year += 2000
		if year > lastPlausibleYear-50 {
			year -= 100
		}
		if agrees(year) {
			r.leaned = true
		} else {
			r.assume(TwoDigitYear, "")
		}
	}
	if year < firstPlausibleYear || year > lastPlausibleYear {
		return 0, ErrUnreadableDate.With("year", written)
	}
	return year, nil
}
