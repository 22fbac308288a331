package intake_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"twinledger/domain"
	"twinledger/domain/command"
	"twinledger/domain/command/commandtest"
	"twinledger/domain/event"
	"twinledger/domain/event/memlog"
	"twinledger/domain/fault"
	"twinledger/domain/intake"
	"twinledger/domain/intake/reading"
	"twinledger/domain/lesson"
	"twinledger/domain/org"
	"twinledger/domain/record"
	"twinledger/domain/seal/sealtest"
)

const ledger = "k3m7q2xw5a"

var district = org.DistrictKey(ledger, "清涧县")

// An testLedger is a ledger in memory with a district; what one import leaves
// unfinished another can continue.
type testLedger struct {
	log   *memlog.Log
	vault *sealtest.Vault
	clock *commandtest.Clock

	commands int // sent by hand so far
}

func newTestLedger(t *testing.T) *testLedger {
	t.Helper()
	o := &testLedger{log: memlog.New(), vault: &sealtest.Vault{}, clock: commandtest.ClockAt("2018-09-03T08:00:00.000Z")}
	_, err := o.importer(t, o.log).Handler.Handle(t.Context(), command.Request{ID: commandtest.ID(1), Name: "district.register",
		Body: record.Report[org.District]{Facts: org.District{Name: "清涧县"}}})
	if err != nil {
		t.Fatal(err)
	}
	return o
}

// What does not change while the program runs.
var registry, definitions = domain.Events(nil), domain.Commands()

// importer starts the program anew over the log.
func (o *testLedger) importer(t *testing.T, log command.Log) *intake.Importer {
	t.Helper()
	names := org.NewNames(nil)
	err := event.Walk(t.Context(), o.log, func(r event.Record) error { return names.LearnRecord(t.Context(), r, registry, o.vault) })
	if err != nil {
		t.Fatal(err)
	}
	return &intake.Importer{Names: names, District: district, Actor: "clerk", Handler: &command.Handler{Ledger: ledger, Log: log,
		Registry: registry, Definitions: definitions, Clock: o.clock, Vault: o.vault, Names: names}}
}

func (o *testLedger) imports(t *testing.T, source string, w reading.Workbook) intake.Report {
	t.Helper()
	report, err := o.importer(t, o.log).Import(t.Context(), w, intake.Options{Source: source})
	if err != nil {
		t.Fatalf("import %s: %v", w.File, err)
	}
	return report
}

// records returns all that the log holds.
func (o *testLedger) records(t *testing.T) []event.Record {
	t.Helper()
	page, err := o.log.Page(t.Context(), event.Position{}, 10000)
	if err != nil {
		t.Fatal(err)
	}
	return page.Records
}

// facts returns the facts of one type that the ledger holds, in its order.
func facts[F any](t *testing.T, o *testLedger) []F {
	t.Helper()
	var out []F
	for _, r := range o.records(t) {
		e, err := registry.Decode(r.Envelope)
		if err != nil {
			t.Fatal(err)
		}
		if f, ok := e.Fact.(F); ok {
			out = append(out, f)
		}
	}
	return out
}

// outcomes states every line of a report in words.
func outcomes(r intake.Report) []string {
	var out []string
	for _, line := range r.Lines {
		text := string(line.Outcome)
		if line.Plan.Command() != "" {
			text += " " + line.Plan.Command()
		}
		text += " " + string(line.Plan.Occurred())
		for _, u := range line.Plan.Unknowns {
			text += " -" + string(u)
		}
		for _, problem := range line.Plan.Problems {
			if f, ok := fault.As(problem); ok {
				text += " !" + f.Code + "@" + f.Place.Column
			}
		}
		if line.Part {
			text += " part of " + line.LikelyTwice[0]
		}
		out = append(out, text)
	}
	return out
}

func TestWhatTheRecordFilesBecome(t *testing.T) {
	tests := []struct {
		file     string
		want     []string
		warnings []string
	}{
		{"qingjian", []string{
			"incomplete pairing.report year:2015 -start",
			"incomplete exchange.report term:2017-2018/2 -start -end -people -to",
			"incomplete visit.report term:2017-2018/2 -day -occurrences",
			"incomplete lesson.report term:2017-2018/2 -day -number part of row 6",
			"recorded lesson.report term:2017-2018/2",
			"incomplete meeting.report term:2017-2018/2 -day -number -from -to",
			"recorded filing.report day:2018-07-03",
		}, []string{"intake.likely-part"}},
		{"zhengmu", []string{
			"incomplete exchange.report term:2011-2012/1 -start -end",
			"incomplete exchange.report term:2011-2012/1 -start -end",
			"incomplete exchange.report term:2011-2012/1 -start -end",
			"incomplete exchange.report term:2011-2012/1 -start -end",
			"incomplete lesson.report term:2011-2012/1 -subject",
			"incomplete lesson.report term:2011-2012/1 -subject",
			"incomplete donation.report term:2011-2012/1 -day",
			"recorded filing.report day:2011-12-12",
		}, nil},
		{"hanting", []string{
			"incomplete meeting.report schoolyear:2013-2014 -term",
			"incomplete meeting.report schoolyear:2013-2014 -term",
			"incomplete lesson.report schoolyear:2013-2014 -term -number",
			"incomplete filing.report month:2014-07 -day",
		}, nil},
		{"xuecheng", []string{
			"recorded visit.report span:2010-11-03/2010-11-04",
			"recorded filing.report day:2011-01-18",
		}, nil},
		{"jiahe", []string{
			"recorded visit.report day:2018-04-18",
			"incomplete lesson.report day:2018-04-20 -number -subject",
			"recorded filing.report day:2018-06-30",
			"incomplete pairing.report unknown -start",
			"incomplete pairing.report unknown -start",
		}, nil},
	}
	for _, tt := range tests {
		t.Run(tt.file, func(t *testing.T) {
			o := newTestLedger(t)
			report := o.imports(t, tt.file, file(tt.file))
			if diff := cmp.Diff(tt.want, outcomes(report)); diff != "" {
				t.Errorf("rows became (-want +got):\n%s", diff)
			}
			var warnings []string
			for _, warning := range report.Warnings {
				if f, ok := fault.As(warning); ok {
					warnings = append(warnings, f.Code)
				}
			}
			if report.Added != len(tt.want) || !slices.Equal(warnings, tt.warnings) {
				t.Errorf("%d rows added, want %d; warnings %v", report.Added, len(tt.want), report.Warnings)
			}
			taken, done := facts[intake.RowTaken](t, o), facts[intake.Completed](t, o)
			want := intake.Completed{Recorded: report.Count(intake.Recorded), Incomplete: report.Count(intake.Incomplete)}
			if len(taken) != len(tt.want) || len(done) != 1 || done[0] != want {
				t.Errorf("%d rows are taken, completed with %+v, want %d and %+v", len(taken), done, len(tt.want), want)
			}
		})
	}
}

func TestRowsOnTheirOwn(t *testing.T) {
	tests := []struct {
		name string
		row  string
		want string
	}{
		{"a day that does not exist", "1|2018年2月30日|甲共同体|示范课||课||甲|乙||1|节", "held unknown !calendar.no-such-day@日期"},
		{"a category outside the glossary", "1|2018-04-18|甲共同体|联欢||课||甲|乙||1|节", "held day:2018-04-18 !intake.unknown-category@类别"},
		{"no category", "1|2018-04-18|甲共同体|||课||甲|乙||1|节", "held day:2018-04-18 !intake.no-category@类别"},
		{"neither day nor category", "1|2018年2月30日|甲共同体|||课||甲|乙||1|节", "held unknown !calendar.no-such-day@日期 !intake.no-category@类别"},
		{"no date", "1||甲共同体|示范课||课|语文|甲|乙||1|节", "incomplete lesson.report unknown -term"},
		{"a form outside the glossary", "1|2018-04-18|甲共同体|示范课|乘车|课|语文|甲|乙||1|节", "incomplete lesson.report day:2018-04-18 -form !intake.unknown-form@形式"},
		{"an unreadable number", "1|2018-04-18|甲共同体|示范课||课|语文|甲|乙||许多|节", "incomplete lesson.report day:2018-04-18 -number !quantity.unreadable@数量"},
		{"no community", "1|2018-04-18||示范课||课|语文|甲|乙||1|节", "incomplete lesson.report day:2018-04-18 -community"},
		{"a pairing of nobody", "1|2015|甲共同体|结对||结成", "held year:2015 !pairing.no-sides@派出单位"},
		{"a pairing with the members as a group", "1|2015-09-01|甲共同体|结对||结成||甲|成员学校", "incomplete pairing.report day:2015-09-01 -to !intake.group-as-side@接收单位"},
		{"a posting over a span", "1|2018-03-01至2018-07-06|甲共同体|交流轮岗|支教|支教||甲|乙|李老师|1|人", "recorded exchange.report span:2018-03-01/2018-07-06"},
		{"a narrower category", "1|2018-04-18|甲共同体|联席会议||会||甲|乙||1|次", "recorded meeting.report day:2018-04-18"},
		{"a number finer than the ledger keeps", "1|2018-04-18|甲共同体|示范课||课|语文|甲|乙||2.0000001|节", "incomplete lesson.report day:2018-04-18 -number !quantity.unreadable@数量"},
		{"two people in one", "1|2018-04-18|甲共同体|示范课||课|语文|甲|乙|李老师、王老师|1|节", "recorded lesson.report day:2018-04-18"},
		{"several people in one, or none", "1|2018-04-18|甲共同体|示范课||课|语文|甲|乙|李老师、一年级|1|节", "incomplete lesson.report day:2018-04-18 -people !intake.several-people@人员"},
		{"several senders in one", "1|2018-04-18|甲共同体|示范课||课|语文|甲/丁|乙|李老师|1|节", "incomplete lesson.report day:2018-04-18 -from !intake.several-units@派出单位"},
		{"several receivers in one, beside a plain one", "1|2018-04-18|甲共同体|示范课||课|语文|甲|乙;丙,丁||1|节", "incomplete lesson.report day:2018-04-18 -to !intake.several-units@接收单位"},
		{"an inspection", "1|2018-04-18|甲共同体|督导||查|||乙", "incomplete inspection.report day:2018-04-18 -findings"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			o := newTestLedger(t)
			report := o.imports(t, "甲校", table("一", tt.row, "8|"+rowC, "9|"+rowD)) // among others, so that the file is not held for the most part
			if diff := cmp.Diff(tt.want, outcomes(report)[0]); diff != "" {
				t.Errorf("the row became (-want +got):\n%s", diff)
			}
			taken := facts[intake.RowTaken](t, o)
			if held := strings.HasPrefix(tt.want, "held"); held != (taken[0].Record == "") || held != (report.Lines[0].Record == "") {
				t.Errorf("taken as %+v", taken[0])
			}
		})
	}
}

// TestKindsOfARow looks at what 类别 and 形式 together say.
func TestKindsOfARow(t *testing.T) {
	o := newTestLedger(t)
	o.imports(t, "甲校", table("一",
		"1|2018-04-18|甲共同体|示范课|送课|课|语文|甲|乙||1|节",
		"2|2018-04-18|甲共同体|示范课|线上|课|语文|甲|乙||1|节",
		"3|2018-04-18|甲共同体|公开课|送教；线下|课|语文|甲|乙||1|节"))
	var got []string
	for _, f := range facts[record.Reported[lesson.Facts]](t, o) {
		got = append(got, fmt.Sprintf("%v %s", f.Facts.Kinds, f.Facts.Mode))
	}
	want := []string{"[demo_lesson outreach_lesson] unknown", "[demo_lesson] online", "[outreach_lesson] offline"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("kinds (-want +got):\n%s", diff)
	}
}

// TestNames: new names become provisional schools, communities and people; a
// person belongs to the sole sending school of a posting or a lesson.
func TestNames(t *testing.T) {
	o := newTestLedger(t)
	o.imports(t, "甲校", table("一",
		"1|2018-04-18|甲共同体|示范课|送课|课|语文|甲校|成员学校；乙校|李老师|1|节",
		"2|2018-04-19|甲共同体|示范课|送课|课|语文|甲校；乙校|丙校|李老师；王老师|1|节",
		"3|2018-04-20|甲共同体|互访|线下|访||甲校|乙校|李老师|1|次",
		"4|2018-04-21|甲共同体|交流轮岗|支教|教||乙校|甲校|李老师|1|人"))
	var schools []string
	for _, f := range facts[record.Reported[org.School]](t, o) {
		schools = append(schools, fmt.Sprint(f.Facts.Name, f.Facts.Provisional))
	}
	if diff := cmp.Diff([]string{"甲校true", "乙校true", "丙校true"}, schools); diff != "" {
		t.Errorf("schools (-want +got):\n%s", diff)
	}
	if got := facts[record.Reported[org.Community]](t, o); len(got) != 1 || !got[0].Facts.Provisional {
		t.Errorf("communities %+v", got)
	}
	schoolOf := map[string]string{org.SchoolKey(ledger, district, "甲校"): "甲校", org.SchoolKey(ledger, district, "乙校"): "乙校", "": "unknown"}
	names := o.importer(t, o.log).Names
	var people []string
	for school, name := range schoolOf {
		for _, person := range []string{"李老师", "王老师"} {
			if names.Of(org.PersonKey(o.vault, district, school, person)) == person {
				people = append(people, person+" of "+name)
			}
		}
	}
	want := map[string]bool{"李老师 of 甲校": true, "李老师 of 乙校": true, "李老师 of unknown": true, "王老师 of unknown": true}
	for _, p := range people {
		if !want[p] {
			t.Errorf("%s was made", p)
		}
		delete(want, p)
	}
	for p := range want {
		t.Errorf("%s was not made", p)
	}
	lessons := facts[record.Reported[lesson.Facts]](t, o)
	if got := lessons[0].Facts.To; len(got) != 2 || got[1].Group != record.Members || got[0].School != org.SchoolKey(ledger, district, "乙校") {
		t.Errorf("the group and the school became %+v", got)
	}
	if got := lessons[1].Facts.From; len(got) != 2 {
		t.Errorf("two senders became %+v", got)
	}
}

func TestNothingOfPeopleIsStoredInClear(t *testing.T) {
	o := newTestLedger(t)
	o.imports(t, "欧阳寄来的", table("欧阳的台账",
		"1|2018-04-18|甲共同体|示范课|送课|欧阳海燕示范课|语文|甲|乙|欧阳海燕|1|节|欧阳海燕照片|欧阳海燕主讲,效果很好",
		"2|2018年2月30日|甲共同体|示范课|送课|课|语文|甲|乙|欧阳海雁|1|节||备注二",
		"3|2018-04-19|甲共同体|会议||课||甲|乙||1|次||另有司马老师到会"))
	stored := ""
	for _, r := range o.records(t) {
		stored += string(r.Bytes)
	}
	for _, secret := range []string{"欧阳", "效果很好", "备注二", "司马"} {
		if strings.Contains(stored, secret) {
			t.Errorf("%q is stored in clear", secret)
		}
	}
}

func TestARefusedRecordIsHeld(t *testing.T) {
	o := newTestLedger(t)
	report := o.imports(t, "甲校", table("一",
		"1|2018-04-18|甲共同体|示范课||课|语文(李老师)|甲|乙|李老师|1|节",
		"2|2018-04-19|甲共同体|示范课||课|语文|甲|乙|李老师|1|节"))
	want := []string{"held lesson.report day:2018-04-18 !record.name-in-clear@学科", "recorded lesson.report day:2018-04-19"}
	if diff := cmp.Diff(want, outcomes(report)); diff != "" {
		t.Errorf("rows became (-want +got):\n%s", diff)
	}
	if taken := facts[intake.RowTaken](t, o); taken[0].Outcome != intake.Held || taken[0].Record != "" || taken[0].Problems[0].Code != "record.name-in-clear" {
		t.Errorf("taken as %+v", taken[0])
	}
}

const (
	rowA = "2018-04-18|甲共同体|示范课|送课|课|语文|甲|乙||1|节"
	rowB = "2018-04-19|甲共同体|示范课|送课|课|语文|甲|乙||2|节"
	rowC = "2018-04-20|甲共同体|示范课|送课|课|语文|甲|乙||3|节"
	rowD = "2018-05-21|甲共同体|会议|线下|会||丙|丁||1|次"
)
