package records_test

import (
	"reflect"
	"testing"

	"pgregory.net/rapid"

	"twinledger/domain/calendar"
	"twinledger/domain/exchange"
	"twinledger/domain/inspection"
	"twinledger/domain/intake"
	"twinledger/domain/lesson"
	"twinledger/domain/org"
	"twinledger/domain/pairing"
	"twinledger/domain/programme"
	"twinledger/domain/record"
	"twinledger/domain/seal"
	"twinledger/projections"
	"twinledger/projections/projectiontest"
	"twinledger/projections/records"
)

// sayable are, by kind of stream, facts that may follow one another in any order as
// far as folding is concerned; the first one opens the stream.
var sayable = map[string][]func(target string) any{
	"lesson": {
		func(string) any {
			return record.Reported[lesson.Facts]{Facts: lesson.Facts{Facts: common("demo_lesson")}}
		},
		func(target string) any {
			f := common("demo_lesson")
			f.Community = other
			return record.Corrected[lesson.Facts]{Target: target, Reason: reason, Facts: lesson.Facts{Facts: f}}
		},
		func(target string) any {
			return record.Corrected[lesson.Facts]{Target: target, Reason: reason, Facts: lesson.Facts{Facts: common("outreach_lesson")}}
		},
		func(target string) any { return record.Voided[lesson.Facts]{Target: target, Reason: reason} },
	},
	"exchange": {
		func(string) any {
			return exchange.Started{Facts: exchange.Facts{Facts: common("support_teaching"), Start: "day:2018-03-01", End: calendar.Unknown}}
		},
		func(string) any { return exchange.Interrupted{} },
		func(string) any { return exchange.Resumed{} },
		func(string) any { return exchange.Completed{} },
		func(target string) any {
			return exchange.Completed{Step: record.Step{Corrects: target, Reason: reason}}
		},
		func(target string) any {
			return record.Corrected[exchange.Facts]{Target: target, Reason: reason,
				Facts: exchange.Facts{Facts: common("support_teaching"), Start: "day:2018-03-05", End: "day:2018-07-06"}}
		},
		func(target string) any { return record.Voided[exchange.Facts]{Target: target, Reason: reason} },
	},
	"inspection": {
		func(string) any {
			return record.Reported[inspection.Facts]{Facts: inspection.Facts{Facts: common("supervision"), Findings: []inspection.Finding{{Grade: "良好"}}}}
		},
		func(string) any { return inspection.Found{Step: record.Step{Note: seal.Text{Clear: "到位"}}} },
		func(target string) any { return record.Voided[inspection.Facts]{Target: target, Reason: reason} },
	},
	"pairing": {
		func(string) any { return founded.Fact },
		func(string) any {
			return pairing.Joined{Side: pairing.Side{School: key("school", 3), Role: pairing.Member}}
		},
		func(string) any {
			return pairing.Joined{Side: pairing.Side{School: key("school", 4), Role: pairing.Member}}
		},
		func(target string) any { return record.Voided[pairing.Facts]{Target: target, Reason: reason} },
	},
	"school": {
		func(string) any {
			return record.Reported[org.School]{Facts: org.School{District: district, Name: "第二小学"}}
		},
		func(string) any { return org.Described{Stage: "小学"} },
		func(string) any { return org.Renamed{Name: "丁小学"} },
		func(string) any { return org.Merged{Into: member} },
		func(string) any { return org.Confirmed[org.School]{} },
		func(target string) any {
			return org.ChangeCorrected{Target: target, Reason: reason, ChangeDetails: org.ChangeDetails{Name: "戊小学"}}
		},
		func(target string) any { return record.Voided[org.School]{Target: target, Reason: reason} },
	},
	"programme": {
		func(string) any { return published("zhaike", "2017-09-01", "").Fact },
		func(string) any { return published("zhaike", "2018-09-01", "").Fact },
		func(target string) any { return programme.Withdrawn{Target: target, Reason: reason} },
	},
	"row": {
		func(string) any {
			return intake.RowTaken{District: district, Community: community, Outcome: intake.Held}
		},
		func(target string) any { return intake.RowVoided{Target: target, Reason: reason} },
	},
}

// TestFoldLeavesTheRowBefore: whatever is folded behind a row, and however often, the
// row reads as it did.
func TestFoldLeavesTheRowBefore(t *testing.T) {
	for kind, facts := range sayable {
		t.Run(kind, rapid.MakeCheck(func(t *rapid.T) {
			given := []said{say(key(kind, 1), "day:2018-03-01", facts[0](""))}
			for range rapid.IntRange(1, 12).Draw(t, "events") {
				target := id(rapid.IntRange(1, len(given)).Draw(t, "target"))
				day := rapid.SampledFrom([]calendar.Occurred{"day:2018-03-05", "day:2018-07-06", "month:2018-04", calendar.Unknown}).Draw(t, "when")
				given = append(given, say(key(kind, 1), day, rapid.SampledFrom(facts).Draw(t, "fact")(target)))
			}
			events := projectiontest.Applied(given...)
			var before records.Row
			for i, next := range events {
				last := events[len(events)-1]
				last.Ordinal = next.Ordinal
				records.Model.Fold(before, next)
				records.Model.Fold(before, last)
				if want := folded(events[:i]); !reflect.DeepEqual(before, want) {
					t.Fatalf("after %d events the row reads %+v, want %+v", i, before, want)
				}
				before = records.Model.Fold(before, next)
			}
		}))
	}
}

// folded returns the row of events of one stream.
func folded(events []projections.Applied) records.Row {
	var row records.Row
	for _, e := range events {
		row = records.Model.Fold(row, e)
	}
	return row
}
