package reading

import (
	"slices"
	"strings"

	"twinledger/domain/activity"
	"twinledger/domain/calendar"
	"twinledger/domain/donation"
	"twinledger/domain/exchange"
	"twinledger/domain/filing"
	"twinledger/domain/indicator"
	"twinledger/domain/inspection"
	"twinledger/domain/lesson"
	"twinledger/domain/pairing"
	"twinledger/domain/recognition"
	"twinledger/domain/record"
	"twinledger/domain/rectification"
)

// streamOf returns the kind of stream in which a kind is recorded.
func streamOf(kind record.Kind) string {
	switch w := widest(kind); {
	case slices.Contains(lesson.Widest, w):
		return "lesson"
	case w == "research_session":
		return "research"
	case w == "rectification_order":
		return "rectification"
	case slices.Contains(plainStreams, string(w)):
		return string(w)
	}
	return "activity"
}

// plainStreams are the kinds of streams that have the name of their widest kind.
var plainStreams = strings.Fields("pairing exchange visit meeting donation filing inspection recognition mentorship indicator")

// teaches tells whether the people of a kind's records belong to the sole school that sends
// them: those who are posted, and those who teach.
func teaches(kind record.Kind) bool {
	stream := streamOf(kind)
	return stream == "exchange" || stream == "lesson"
}

// statement returns what a row of activities says as facts of its kind.
func (x *rowReader) statement(common record.Facts) Statement {
	kind := streamOf(common.Kinds[0])
	content := x.row.Values[ColumnContent].Written()
	if common.Title.Clear == "" {
		content = ""
	}
	switch kind {
	case "pairing":
		return Statement{kind, x.pairing(common)}
	case "exchange":
		start, end := x.ends()
		return Statement{kind, exchange.Facts{Facts: common, Start: start, End: end}}
	case "lesson":
		return Statement{kind, lesson.Facts{Facts: common}}
	case "visit":
		return Statement{kind, activity.Visit{Facts: common}}
	case "meeting":
		return Statement{kind, activity.Meeting{Facts: common}}
	case "research":
		return Statement{kind, activity.Research{Facts: common}}
	case "donation":
		return Statement{kind, donation.Facts{Facts: common, Item: clearText(content)}}
	case "filing":
		return Statement{kind, filing.Facts{Facts: common}}
	case "inspection":
		return Statement{kind, inspection.Facts{Facts: common}}
	case "rectification":
		return Statement{kind, rectification.Facts{Facts: common, Task: clearText(content)}}
	case "recognition":
		return Statement{kind, recognition.Facts{Facts: common, ValidFrom: calendar.Unknown, ValidUntil: calendar.Unknown}}
	case "mentorship":
		return Statement{kind, x.mentorship(common)}
	case "indicator":
		return Statement{kind, figure(common, content)}
	}
	return Statement{"activity", activity.Activity{Facts: common}}
}

// ends returns when a posting began and ended, as its date says: the ends of a span of days or
// months, or the beginning alone.
func (x *rowReader) ends() (start, end calendar.Occurred) {
	o := x.row.Occurred
	if first, last, ok := o.Months(); ok && first != last {
		return calendar.InMonths(first, first), calendar.InMonths(last, last)
	}
	if extent, ok := (calendar.Calendar{}).Extent(o); ok && o.Precision() == calendar.PrecisionSpan {
		return calendar.OnDay(extent.First), calendar.OnDay(extent.Last)
	}
	if x.start != "" {
		return x.start, calendar.Unknown
	}
	return calendar.Unknown, calendar.Unknown
}

// figure returns an indicator: its value stands under 数量, its unit under 单位, and it counts
// no occurrences.
func figure(common record.Facts, what string) indicator.Facts {
	f := indicator.Facts{Facts: common, What: record.Word{Text: what}, Unit: common.Quantity.Measure.Text, About: calendar.Unknown, AsOf: calendar.Unknown}
	if common.Quantity.Bound == record.Exact {
		f.Value = common.Quantity.Number
	}
	f.Quantity = record.Quantity{}
	return f.Normal()
}

// pairing returns the founding of a pairing: the schools under 派出单位 lead, those under
// 接收单位 are members. Both must be named one by one.
func (x *rowReader) pairing(common record.Facts) pairing.Facts {
	f := pairing.Facts{Facts: common, Basis: pairing.Founding}
	f.From, f.To = nil, nil
	add := func(units []record.Unit, column string, role pairing.Role) {
		for _, unit := range units {
			if unit.Group != "" {
				x.problem(ErrGroupAsSide, column)
			} else if !slices.ContainsFunc(f.Sides, func(s pairing.Side) bool { return s.School == unit.School }) {
				f.Sides = append(f.Sides, pairing.Side{School: unit.School, Role: role})
			}
		}
	}
	add(common.From, ColumnFrom, pairing.Core)
	add(common.To, ColumnTo, pairing.Member)
	if len(f.Sides) == 0 {
		x.hold(pairing.ErrNoSides, ColumnFrom)
	}
	return f
}
