package calendar

import "regexp"

var (
	repeatedText = regexp.MustCompile(`每|^逢|^(?:隔|双|单)[周月日天]|^(?:经常|不定期|定期|长期|平时|日常|常年|多次)`)
	weekText     = regexp.MustCompile(`^第[一二三四五六七八九十\d]+(?:[-~、]第?[一二三四五六七八九十\d]+)*(?:教学)?周`)
	durationText = regexp.MustCompile(`^(?:共|约|为期|历时)?(?:` +
		`(?:[一二两三四五六七八九十半]+|\d{1,2})个半?(?:学期|学年|年|月|星期|礼拜)` +
		`|(?:[一二两三四五六七八九十半]+|\d{1,2})(?:周|星期|天)` +
		`|(?:[一二两三四五六七八九十半]+|\d)(?:学期|学年|年))(?:半|左右|以上|多)?$`)
	openAfter  = regexp.MustCompile(`^[自从由]?(.+?)(?:起|开始|始|以来|以后|之后|后|[-~](?:今|现在|目前|未定|待定|不详)?|今)$`)
	openFrom   = regexp.MustCompile(`^[自从由](.+)$`)
	openBefore = regexp.MustCompile(`^(?:截~|截止~?|[-~])?(.+?)(?:以前|之前|前|止)?$`)
)

// noDate refuses what says how often or how long something took place, or in
// which teaching week.
func noDate(s string) error {
	switch {
	case repeatedText.MatchString(s):
		return ErrRepeated
	case weekText.MatchString(s):
		return ErrTeachingWeek
	case durationText.MatchString(s):
		return ErrDuration
	}
	return nil
}

// openEnded returns the one date of a text that says only a beginning, or only an
// end.
func openEnded(s string) (date string, isStart, isOpen bool) {
	for _, form := range []*regexp.Regexp{openAfter, openFrom} {
		if m := form.FindStringSubmatch(s); m != nil {
			return m[1], true, true
		}
	}
	if m := openBefore.FindStringSubmatch(s); m != nil && m[1] != s {
		return m[1], false, true
	}
	return "", false, false
}
