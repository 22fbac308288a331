package calendar

import "strings"

// A dateRange is a date, or a beginning and an end, as they are written.
type dateRange struct {
	from part
	to   *part
	// monthsSupposed tells that the end is a number without a unit that is only
	// likely a month: 2018.4-6.
	monthsSupposed bool
}

// longestRange is the length in bytes beyond which a text is no span: two days
// with their weekdays and times are shorter.
const longestRange = 200

// rangesIn splits a uniform text into the dates and spans that it lists.
func rangesIn(s string) ([]dateRange, bool) {
	if one, ok := rangeIn(s); ok {
		return []dateRange{one}, true
	}
	for _, separator := range []string{"、", " ", "/"} {
		if pieces := strings.Split(s, separator); len(pieces) > 1 {
			if list, ok := listOf(pieces, separator); ok {
				return list, true
			}
		}
	}
	return nil, false
}

// listOf reads the items of a list. Spaces and slashes separate only what cannot
// be read in another way: days with their months.
func listOf(pieces []string, separator string) ([]dateRange, bool) {
	list := make([]dateRange, 0, len(pieces))
	for i, piece := range pieces {
		one, ok := rangeIn(piece)
		if !ok || separator != "、" && (one.from.month == "" || !one.from.isDay()) || separator == "/" && i == 0 && one.from.sign == "/" {
			return nil, false
		}
		list = append(list, one)
	}
	return list, unitsGiven(list)
}

// unitsGiven gives each number without a unit the unit of its neighbours: 4、5月 are
// two months, 4月18、19日 and 4.18、25 two days. It reports whether every number got
// one.
func unitsGiven(list []dateRange) bool {
	unit := ""
	for i := len(list) - 1; i >= 0; i-- {
		from, to := &list[i].from, list[i].to
		switch {
		case from.cut && to == nil && unit == "月":
			from.cut = false
		case from.alone == "" && from.month == "" && from.isDay():
			unit = "日"
		case from.isMonth():
			unit = "月"
		case from.alone != "" && to == nil && unit != "":
			from.take(unit)
		default:
			unit = ""
		}
	}
	afterDay := false
	for i := range list {
		from := &list[i].from
		switch {
		case from.alone != "" && afterDay && list[i].to == nil:
			from.take("日")
		case from.alone != "" || from.cut:
			return false
		}
		afterDay = from.isDay()
	}
	return true
}

// take gives a number without a unit its unit.
func (p *part) take(unit string) {
	if unit == "月" {
		p.month = p.alone
	} else {
		p.day = p.alone
	}
	p.alone = ""
}

// rangeIn reads a text that is one date or one span. The sign - also stands inside
// dates; a text that can be cut at more than one place is refused.
func rangeIn(s string) (dateRange, bool) {
	if one, ok := partIn(s); ok {
		return dateRange{from: one}, true
	}
	if len(s) > longestRange {
		return dateRange{}, false
	}
	sign := "-"
	if strings.Contains(s, "~") {
		sign = "~"
	}
	var found []dateRange
	for i := range len(s) {
		if s[i] != sign[0] {
			continue
		}
		from, fromOK := partIn(s[:i])
		to, toOK := partIn(s[i+1:])
		if !fromOK || !toOK {
			continue
		}
		if span, ok := joined(from, to, sign); ok {
			found = append(found, span)
		}
	}
	if len(found) != 1 {
		return dateRange{}, false
	}
	return found[0], true
}

// joined makes a span of a beginning and an end; what one of them leaves out, the
// other says.
func joined(from, to part, sign string) (dateRange, bool) {
	span := dateRange{from: from, to: &to}
	switch {
	case from.monthFirst || to.monthFirst || to.cut || from.next:
		return dateRange{}, false
	case to.alone != "" && from.isDay():
		// 2018-4-18-20 may be many things; 2018.4.18-20 is one.
		to.take("日")
		return span, sign == "~" || from.sign != "-" && from.sign != ""
	case to.alone != "" && from.month != "":
		to.take("月")
		span.from.cut, span.monthsSupposed = false, true
		return span, number(to.month) >= 1 && number(to.month) <= 12
	case to.isDay() && to.month == "":
		if from.alone != "" {
			span.from.take("日")
		}
		return span, span.from.isDay()
	case to.isDay():
		return span, from.isDay() && from.month != ""
	case to.isMonth():
		if from.alone != "" && to.year == "" {
			span.from.take("月")
		}
		span.from.cut = false
		return span, span.from.isMonth()
	}
	return dateRange{}, false
}
