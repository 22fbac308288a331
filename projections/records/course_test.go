package records_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"twinledger/domain/calendar"
	"twinledger/domain/command/commandtest"
	"twinledger/domain/exchange"
	"twinledger/domain/filing"
	"twinledger/domain/indicator"
	"twinledger/domain/inspection"
	"twinledger/domain/mentorship"
	"twinledger/domain/record"
	"twinledger/domain/review"
	"twinledger/domain/seal"
	"twinledger/projections/projectiontest"
	"twinledger/projections/records"
)

// A progress is how far a record has come, as tables state it.
type progress struct {
	Occurred   calendar.Occurred
	Stage      record.Stage
	Pending    bool
	Start, End calendar.Occurred
	Findings   []review.Finding
}

// TestCourses holds what steps, and steps told of, say of whether and when a
// record's thing took place.
func TestCourses(t *testing.T) {
	posting := exchange.Facts{Facts: common("support_teaching"), Start: "day:2018-03-01", End: "day:2018-07-06"}
	told := posting
	told.Course = []record.ReportedStep{{Verb: "applied", Occurred: "day:2018-02-20"}, {Verb: "refused", Occurred: "day:2018-02-25"}}
	completed := posting
	completed.Course = []record.ReportedStep{{Verb: "applied", Occurred: "day:2018-02-20"}, {Verb: "approved", Occurred: "day:2018-02-25"},
		{Verb: "started", Occurred: "day:2018-03-05"}, {Verb: "completed", Occurred: "day:2018-06-30"}}
	applied := say(key("exchange", 1), "day:2018-02-20", exchange.Applied{Reported: record.Reported[exchange.Facts]{Facts: posting}})
	approved := say(key("exchange", 1), "day:2018-02-25", exchange.Approved{})
	owed := filing.Facts{Facts: common("summary"), Due: "day:2018-06-30"}
	due := say(key("filing", 1), "day:2018-03-01", filing.Due{Reported: record.Reported[filing.Facts]{Facts: owed}})
	filed := say(key("filing", 1), "day:2018-07-02", filing.Filed{})
	announced := say(key("inspection", 1), "day:2018-05-02", inspection.Announced{Reported: record.Reported[inspection.Facts]{Facts: inspection.Facts{Facts: common("supervision")}}})
	visited := say(key("inspection", 1), "day:2018-05-16", inspection.Visited{})
	finding := record.Step{What: []record.Word{{Text: "队伍建设"}}, Note: seal.Text{Clear: "骨干交流到位"}, Grade: "良好"}
	found := say(key("inspection", 1), "day:2018-05-16", inspection.Found{Step: finding})
	again := finding
	again.Grade, again.Corrects, again.Reason = "优秀", commandtest.ID(4), reason
	noted := func(grade string) []review.Finding {
		return []review.Finding{{Finding: inspection.Finding{Dimension: record.Word{Text: "队伍建设"}, Text: seal.Text{Clear: "骨干交流到位"}, Grade: grade}, Noted: true}}
	}
	pair := mentorship.Facts{Facts: common("mentoring"), Start: "day:2018-03-01", End: calendar.Unknown}
	begun := say(key("mentorship", 1), "day:2018-03-01", mentorship.Begun{Reported: record.Reported[mentorship.Facts]{Facts: pair}})
	ended := say(key("mentorship", 1), "day:2018-06-26", mentorship.Ended{})
	parted := pair
	parted.Course = []record.ReportedStep{{Verb: "ended", Occurred: "day:2018-06-20"}}
	team := say(key("inspection", 1), "day:2018-05-10", inspection.Teamed{})
	tests := []struct {
		name  string
		given []said
		want  progress
	}{
		{"applied for", []said{applied}, progress{"day:2018-02-20", "applied", true, "day:2018-03-01", "day:2018-07-06", nil}},
		{"approved", []said{applied, approved}, progress{"day:2018-02-20", "approved", true, "day:2018-03-01", "day:2018-07-06", nil}},
		{"begun", []said{applied, approved, say(key("exchange", 1), "day:2018-03-05", exchange.Started{})},
			progress{"day:2018-03-05", "started", false, "day:2018-03-05", "day:2018-07-06", nil}},
		{"told of as refused", []said{say(key("exchange", 1), "day:2018-02-20", record.Reported[exchange.Facts]{Facts: told})},
			progress{"day:2018-02-20", "reported", true, "day:2018-03-01", "day:2018-07-06", nil}},
		{"told of as completed", []said{say(key("exchange", 1), "day:2018-02-20", record.Reported[exchange.Facts]{Facts: completed})},
			progress{"day:2018-03-05", "reported", false, "day:2018-03-05", "day:2018-06-30", nil}},
		{"due", []said{due}, progress{"day:2018-03-01", "due", true, "", "", nil}},
		{"filed", []said{due, filed}, progress{"day:2018-07-02", "filed", false, "", "", nil}},
		{"the filing voided", []said{due, filed, say(key("filing", 1), "", record.Voided[filing.Facts]{Target: commandtest.ID(2), Reason: reason})},
			progress{"day:2018-03-01", "due", true, "", "", nil}},
		{"mentoring", []said{begun}, progress{"day:2018-03-01", "begun", false, "day:2018-03-01", calendar.Unknown, nil}},
		{"mentored until", []said{begun, ended}, progress{"day:2018-03-01", "ended", false, "day:2018-03-01", "day:2018-06-26", nil}},
		{"the end voided", []said{begun, ended, say(key("mentorship", 1), "", record.Voided[mentorship.Facts]{Target: commandtest.ID(2), Reason: reason})},
			progress{"day:2018-03-01", "begun", false, "day:2018-03-01", calendar.Unknown, nil}},
		{"told of as ended", []said{say(key("mentorship", 1), "day:2018-03-01", record.Reported[mentorship.Facts]{Facts: parted})},
			progress{"day:2018-03-01", "reported", false, "day:2018-03-01", "day:2018-06-20", nil}},
		{"announced", []said{announced}, progress{"day:2018-05-02", "announced", true, "", "", nil}},
		{"found", []said{announced, team, visited, found}, progress{"day:2018-05-16", "visited", false, "", "", noted("良好")}},
		{"found otherwise", []said{announced, team, visited, found, say(key("inspection", 1), "day:2018-05-16", inspection.Found{Step: again})},
			progress{"day:2018-05-16", "visited", false, "", "", noted("优秀")}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			for _, row := range projectiontest.Replay(records.Model, projectiontest.Applied(tt.given...)...) {
				f := row.Fact()
				got := progress{f.Occurred, f.Stage, f.NotTakenPlace, f.Start, f.End, f.Findings}
				if diff := cmp.Diff(tt.want, got); diff != "" {
					t.Errorf("record (-want +got):\n%s", diff)
				}
			}
		})
	}
}

// TestParticulars holds that a record carries what its kind alone says, as it
// stands corrected.
func TestParticulars(t *testing.T) {
	rate := indicator.Facts{Facts: common("excellent_rate"), What: record.Word{Text: "语文优课率"}, Value: "85.5", Unit: "%", About: "term:2017-2018/2",
		AsOf: calendar.Unknown, Authority: "教研室"}
	right := rate
	right.Value = "86"
	given := []said{say(key("indicator", 1), "day:2018-07-06", record.Reported[indicator.Facts]{Facts: rate})}
	figure := func(value string) record.Particulars {
		return record.Particulars{{ZH: "指标", EN: "figure", Text: "语文优课率"}, {ZH: "数值", EN: "value", Text: value},
			{ZH: "所属时期", EN: "about", When: "term:2017-2018/2"}, {ZH: "数据来源", EN: "given by", Text: "教研室"}}
	}
	corrected := append(given, say(key("indicator", 1), "day:2018-07-06", record.Corrected[indicator.Facts]{Target: commandtest.ID(1), Reason: reason, Facts: right}))
	for value, told := range map[string][]said{"85.5 %": given, "86 %": corrected} {
		row := projectiontest.Replay(records.Model, projectiontest.Applied(told...)...)[key("indicator", 1)]
		if diff := cmp.Diff(figure(value), row.Fact().Particulars); diff != "" {
			t.Errorf("%s (-want +got):\n%s", value, diff)
		}
	}
	plain := projectiontest.Replay(records.Model, projectiontest.Applied(reportedLesson(1, "课"))...)[key("lesson", 1)]
	if len(plain.Fact().Particulars) > 0 {
		t.Errorf("a lesson of which nothing more is said has %v", plain.Fact().Particulars)
	}
}
