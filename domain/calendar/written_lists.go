package calendar

import (
	"slices"
	"time"
)

// list reads several days, or several months that follow one another.
func (r *reader) list(list []dateRange) (Occurred, error) {
	var days []Day
	var months []string
	var before *settledDate
	for _, one := range list {
		from, to, err := r.item(one, before)
		switch {
		case err != nil:
			return "", err
		case from.day == 0:
			months = append(months, monthsBetween(from.Month(), to.Month())...)
		default:
			for day := from.Day(); day <= to.Day() && len(days) <= MaxDays; day = day.Add(1) {
				days = append(days, day)
			}
		}
		before = &to
	}
	r.instead = ""
	if len(months) > 0 {
		if len(days) > 0 {
			return "", ErrUnreadableDate
		}
		return followingMonths(months)
	}
	o, ok := OnDays(days...)
	if !ok {
		return "", ErrTooManyDays
	}
	return o, nil
}

// item settles one item of a list; before is the last date of the item in front.
func (r *reader) item(one dateRange, before *settledDate) (from, to settledDate, err error) {
	if one.to != nil {
		from, to, err = r.span(one, before)
	} else {
		if from, err = r.settle(one.from, before); err == nil && one.from.mixed {
			r.assume(MixedSigns, "")
		}
		to = from
	}
	if err != nil || before == nil || !from.before(*before) || one.from.month == "" || one.from.year != "" {
		return from, to, err
	}
	switch {
	case from.yearWritten: // 2018年12月28日、1月5日 does not say of which year the second is
		return from, to, ErrSpanBackwards
	case one.to == nil && r.passesNewYear(*before, from):
		from.year++
		r.assume(YearOfTitle, "")
		if existing(from) == "" {
			return from, to, ErrNoSuchDay.With("day", from.Day())
		}
		return from, from, nil
	}
	return from, to, nil
}

// monthsBetween lists the months from … to, both included.
func monthsBetween(from, to string) (out []string) {
	for month := from; month <= to; month = nextMonth(month) {
		out = append(out, month)
	}
	return out
}

func nextMonth(month string) string {
	t, err := time.Parse("2006-01", month)
	if err != nil {
		return "~" // greater than every month
	}
	return t.AddDate(0, 1, 0).Format("2006-01")
}

// followingMonths returns the span of months that follow one another.
func followingMonths(months []string) (Occurred, error) {
	different := slices.Compact(slices.Sorted(slices.Values(months)))
	for i := 1; i < len(different); i++ {
		if nextMonth(different[i-1]) != different[i] {
			return "", ErrSeveralMonths
		}
	}
	return InMonths(different[0], different[len(different)-1]), nil
}
