package calendar

import "regexp"

// yearsWithoutWord is a school year written as its two years alone, with what follows.
var (
	yearsWithoutWord = regexp.MustCompile(`^(\d{4}[-~](?:\d{4}|\d{2}))[-~/]?([^\d].*|[12])$`)
	numberAtEnd      = regexp.MustCompile(`^[12]$`)
)

// ReadTerm reads a term as people write it: 2017-2018/2, 2017-2018-2,
// 2017—2018学年第二学期, 2017-2018学年下学期, 2018年春季学期, with signs and digits of any
// width. A text that does not name one term is refused with [ErrBadTerm];
// 2018年上学期 is such a text, since some counties mean spring by it and others autumn.
func ReadTerm(s string) (Term, error) {
	if t, err := ParseTerm(s); err == nil {
		return t, nil
	}
	texts := []string{s}
	if m := yearsWithoutWord.FindStringSubmatch(uniform(s)); m != nil {
		rest := m[2]
		if numberAtEnd.MatchString(rest) {
			rest = "第" + rest + "学期"
		}
		texts = append(texts, m[1]+"学年"+rest)
	}
	for _, text := range texts {
		if o, err := ParseWritten(text); err == nil && o.Precision() == PrecisionTerm {
			return ParseTerm(o.Value())
		}
	}
	return Term{}, ErrBadTerm.With("term", s)
}
