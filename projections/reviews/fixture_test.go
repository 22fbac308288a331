package reviews_test

import (
	"twinledger/domain/calendar"
	"twinledger/domain/command/commandtest"
	"twinledger/domain/intake"
	"twinledger/domain/lesson"
	"twinledger/domain/org"
	"twinledger/domain/pairing"
	"twinledger/domain/programme"
	"twinledger/domain/record"
	"twinledger/domain/seal"
	"twinledger/projections/duplicates"
	"twinledger/projections/projectiontest"
	"twinledger/projections/records"
	"twinledger/projections/reviews"
)

type said = projectiontest.Said

var (
	say    = projectiontest.Say
	key    = projectiontest.Key
	reason = seal.Text{Clear: "写错"}

	district, community = key("district", 1), key("community", 1)
	core, member        = key("school", 1), key("school", 2)
)

func common(kinds ...record.Kind) record.Facts {
	return record.Facts{District: district, Community: community, Kinds: kinds, Mode: record.ModeUnknown}
}

func reportedLesson(n int, title string) said {
	f := lesson.Facts{Facts: common("demo_lesson")}
	f.Title.Clear = title
	return say(key("lesson", n), "day:2018-04-18", record.Reported[lesson.Facts]{Facts: f})
}

func noted(n int, name string) said {
	return say(key("community", n), "", record.Reported[org.Community]{Facts: org.Community{District: district, Name: name}})
}

// surroundings are the district, a community, two schools and a calendar.
var surroundings = []said{
	say(district, "", record.Reported[org.District]{Facts: org.District{Name: "清涧县"}}),
	noted(1, "清涧县第二小学共同体"),
	say(core, "", record.Reported[org.School]{Facts: org.School{District: district, Name: "第二小学"}}),
	say(member, "", record.Reported[org.School]{Facts: org.School{District: district, Name: "郝家也中心小学"}}),
	say(key("calendar", 1), "", record.Reported[org.CalendarYear]{Facts: org.CalendarYear{District: district, Year: calendar.AssumedYear("2017-2018")}}),
}

func after(base []said, more ...said) []said { return append(append([]said(nil), base...), more...) }

func published(code string, from, to calendar.Day) said {
	return say(key("programme", len(code)), "", programme.Published{District: district, From: from, To: to, Programme: programme.Programme{Format: 1, Code: code}})
}

func held(n int, of string) said {
	return say(key("row", n), "day:2018-04-18", intake.RowTaken{District: district, Community: of, Outcome: intake.Held})
}

var founded = say(key("pairing", 1), "day:2015-09-01", pairing.Founded{Facts: pairing.Facts{Facts: common("pairing"), Basis: pairing.Founding,
	Sides: []pairing.Side{{School: core, Role: pairing.Core}, {School: member, Role: pairing.Member}}}})

// reader answers from a replay of what was said.
func reader(given ...said) reviews.Reader {
	events := projectiontest.Applied(given...)
	return reviews.Reader{Ledger: projectiontest.Ledger,
		Records: projectiontest.Rows[records.Row]{Model: records.Model, Events: events},
		Decided: projectiontest.Rows[duplicates.Row]{Model: duplicates.Model, Events: events},
		Journal: projectiontest.Journal{Of: events}}
}

// id returns the id of the n-th thing said.
func id(n int) string { return commandtest.ID(n) }
