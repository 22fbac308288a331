package intake_test

import (
	"testing"

	"twinledger/domain"
	"twinledger/domain/command"
	"twinledger/domain/event"
	"twinledger/domain/intake"
	"twinledger/domain/intake/reading"
	"twinledger/domain/intake/reading/readingtest"
	"twinledger/domain/lesson"
	"twinledger/domain/org"
	"twinledger/domain/record"
	"twinledger/domain/seal"
)

// TestNamesLeadToWhomTheyMean: an alias leads to the school that it was given to,
// and makes no new one; the identity of a row stays that of what is written.
func TestNamesLeadToWhomTheyMean(t *testing.T) {
	o := newTestLedger(t)
	first := o.imports(t, "甲校", table("一", "1|2018-04-18|甲共同体|示范课||课|语文|清涧二小|乙||1|节"))
	school := org.SchoolKey(ledger, district, "清涧二小")
	o.handle(t, command.Request{Name: "school.alias", Stream: school, Body: org.Aliased[org.School]{Alias: seal.Text{Clear: "清涧县第二小学"}}})

	im := o.importer(t, o.log)
	im.Directory = org.NewDirectory(ledger, nil)
	err := event.Walk(t.Context(), o.log, func(r event.Record) error { return im.Directory.LearnRecord(r, domain.Events(nil)) })
	if err != nil {
		t.Fatal(err)
	}
	book := table("二", "1|2018-04-19|甲共同体|示范课||课|语文|清涧县第二小学|乙||1|节", "2|2018-04-18|甲共同体|示范课||课|语文|清涧二小|乙||1|节")
	report, err := im.Import(t.Context(), book, intake.Options{Source: "乙校"})
	if err != nil || report.Added != 1 || report.Lines[1].Plan.Key != first.Lines[0].Plan.Key {
		t.Fatalf("%v, %v", outcomes(report), err)
	}
	lessons := facts[record.Reported[lesson.Facts]](t, o)
	if got := lessons[1].Facts.From[0].School; got != school {
		t.Errorf("the alias led to %s, want %s", got, school)
	}
	if got := len(facts[record.Reported[org.School]](t, o)); got != 2 {
		t.Errorf("%d schools, want 2", got)
	}
}

// TestACorrectedRoster: what a roster says of a school is said anew, and its role
// corrected.
func TestACorrectedRoster(t *testing.T) {
	roster := func(name string, rows ...string) reading.Workbook {
		return read(name, readingtest.Sheet(0, "台账", readingtest.Heading, "1|2018-04-18|甲共同体|会议|线下|会||甲|乙||1|次"),
			readingtest.Sheet(1, "名册", append([]string{"序号|学校|学段|城乡|身份"}, rows...)...))
	}
	o := newTestLedger(t)
	o.imports(t, "甲校", roster("一", "1|甲|小学|县城|核心校", "2|乙|小学|乡村|成员校", "3|丙|小学|乡村|", "4|丁|小学|乡村|成员校"))
	before := len(o.records(t))
	report := o.imports(t, "甲校", roster("二", "1|甲|小学|县城|核心校", "2|乙|初中|乡村|核心校", "3|丙|初中|乡村|"))
	got := types(t, o, before)
	for name, want := range map[string]int{"pairing.corrected": 1, "pairing.voided": 1, "school.described": 2, "school.voided": 0} {
		if got[name] != want {
			t.Errorf("%d of %s, want %d: %+v", got[name], name, want, report.Comparison)
		}
	}
}
