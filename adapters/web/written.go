package web

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"twinledger/domain/calendar"
	"twinledger/domain/event"
	"twinledger/domain/record"
)

// writtenOccurred says a date as it is spoken of, no more precisely than it is
// known. The zero phrase stands for no date at all.
func writtenOccurred(o calendar.Occurred) phrase {
	v := o.Value()
	switch o.Precision() {
	case "":
		return phrase{}
	case calendar.PrecisionUnknown:
		return phrase{zh: "日期不详", en: "date unknown"}
	case calendar.PrecisionYear:
		return phrase{zh: v + "年", en: "year " + v}
	case calendar.PrecisionSchoolYear:
		return phrase{zh: strings.Replace(v, "-", "—", 1) + "学年", en: "school year " + v}
	case calendar.PrecisionTerm:
		if term, err := calendar.ParseTerm(v); err == nil {
			return phrase{zh: term.Chinese(), en: fmt.Sprintf("term %d of %s", term.Number, term.Year)}
		}
	case calendar.PrecisionMonth:
		if month, err := time.Parse("2006-01", v); err == nil {
			return phrase{zh: month.Format("2006年1月"), en: month.Format("January 2006")}
		}
	case calendar.PrecisionMonths:
		from, to, _ := o.Months()
		first, last := writtenOccurred(calendar.InMonths(from, from)), writtenOccurred(calendar.InMonths(to, to))
		return phrase{zh: first.zh + "至" + last.zh, en: first.en + " to " + last.en}
	case calendar.PrecisionDays:
		return phrase{zh: strings.ReplaceAll(v, ",", "、"), days: true}
	case calendar.PrecisionSpan:
		return phrase{zh: strings.Replace(v, "/", " 至 ", 1), days: true}
	case calendar.PrecisionDay:
		return phrase{zh: v, days: true}
	}
	return phrase{code: string(o)}
}

// moment writes an instant at +08:00, to the second. The page says the zone beside it.
func moment(i event.Instant) string { return i.In(calendar.Zone).Format(time.DateTime) }

// writtenQuantity says how much a record says there was and, where the number
// was written in another way, how.
func writtenQuantity(q record.Quantity) phrase {
	switch {
	case q.Number == "" && q.Text == "":
		return phrase{zh: "未注明", en: "not given"}
	case q.Number == "":
		return phrase{zh: "“" + q.Text + "”（读不出数量）", en: "cannot be read as a number"}
	}
	p := bounded(q.Bound, q.Number, q.Measure.Text)
	if q.Text != q.Number && q.Text != "" {
		p.zh += "（原文“" + q.Text + "”）"
	}
	return p
}

// bounded says a number with its bound and measure.
func bounded(bound record.Bound, number, measure string) phrase {
	limit := worded(boundWords, bound)
	p := phrase{zh: limit.zh + number}
	if measure != "" {
		p.zh += " " + measure
	}
	if limit.en != "" {
		p.en = limit.en + " " + number
	}
	return p
}

// atLeast says a number of occurrences that may be more.
func atLeast(n int, more bool) phrase {
	if more {
		return bounded(record.AtLeast, strconv.Itoa(n), "")
	}
	return phrase{zh: strconv.Itoa(n)}
}

// shortKey returns the first characters of a key's id: enough to tell two apart
// on a page.
func shortKey(key string) string {
	_, id, found := strings.Cut(key, "-")
	if !found {
		id = key
	}
	return id[:min(8, len(id))]
}
