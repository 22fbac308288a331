package intake_test

import (
	"errors"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"twinledger/domain/fault"
	"twinledger/domain/intake"
	"twinledger/domain/intake/reading"
	"twinledger/domain/intake/reading/readingtest"
	"twinledger/domain/recognition"
	"twinledger/domain/record"
	"twinledger/domain/rectification"
)

// county imports a workbook of registers.
func (o *testLedger) county(t *testing.T, w reading.Workbook, options intake.Options) (intake.Report, error) {
	t.Helper()
	options.Source = "另一台账"
	return o.countyImporter(t).Import(t.Context(), w, options)
}

// related returns what each recognition of the ledger refers to now.
func (o *testLedger) related(t *testing.T) map[string][]string {
	t.Helper()
	out := map[string][]string{}
	for _, r := range o.records(t) {
		e, err := registry.Decode(r.Envelope)
		if err != nil {
			t.Fatal(err)
		}
		switch fact := e.Fact.(type) {
		case record.Reported[recognition.Facts]:
			out[e.Key()] = fact.Facts.Related
		case record.Corrected[recognition.Facts]:
			out[e.Key()] = fact.Facts.Related
		}
	}
	return out
}

var circle = read("county", readingtest.Sheet(0, "证书与认定登记", rowsOf(recognitionHeading,
	"1|甲1|2018-05-02|一小共同体|证书|一|李老师（一小）|甲2|",
	"2|甲2|2018-05-03|一小共同体|证书|二|李老师（一小）|甲3、甲4|",
	"3|甲3|2018-05-04|一小共同体|证书|三|李老师（一小）|甲1、甲3|",
	"4|甲4|2018-05-05|一小共同体|证书|四|李老师（一小）||")...))

// TestACircleIsRecorded: records that refer to each other, as corrections make them,
// come back from an export with all that they refer to.
func TestACircleIsRecorded(t *testing.T) {
	o := newTestLedger(t)
	report, err := o.county(t, circle, intake.Options{})
	if err != nil || report.Count(intake.Held) > 0 || len(report.Warnings) > 0 {
		t.Fatalf("%v, %v, %v", outcomes(report), report.Warnings, err)
	}
	at := func(i int) string { return report.Lines[i].Record }
	want := map[string][]string{at(0): {at(1)}, at(1): {at(2), at(3)}, at(2): {at(0), at(2)}, at(3): nil}
	if diff := cmp.Diff(want, o.related(t)); diff != "" {
		t.Errorf("references (-want +got):\n%s", diff)
	}
	before := o.content(t)
	if again, err := o.county(t, circle, intake.Options{}); err != nil || again.Added+again.Corrected > 0 || !slices.Equal(before, o.content(t)) {
		t.Errorf("again: %v, %v", outcomes(again), err)
	}
}

// TestACircleIsContinued breaks the import of a circle off at every append, before
// and after it is stored.
func TestACircleIsContinued(t *testing.T) {
	whole := newTestLedger(t)
	if _, err := whole.county(t, circle, intake.Options{}); err != nil {
		t.Fatal(err)
	}
	want := whole.content(t)
	for n := 1; n < len(want); n++ {
		for _, store := range []bool{false, true} {
			o := newTestLedger(t)
			im := o.countyImporter(t)
			im.Handler.Log = &failingLog{o.log, n, store}
			if _, err := im.Import(t.Context(), circle, intake.Options{Source: "另一台账"}); !errors.Is(err, errFull) {
				t.Fatalf("broken off at append %d with %v", n, err)
			}
			o.clock.Move(1)
			if _, err := o.county(t, circle, intake.Options{}); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(want, o.content(t)); diff != "" {
				t.Fatalf("broken off at append %d, stored %v (-whole +continued):\n%s", n, store, diff)
			}
		}
	}
}

// TestHeldRowsThatReferToEachOther are recorded once the clerk wants them to be.
func TestHeldRowsThatReferToEachOther(t *testing.T) {
	o := newTestLedger(t)
	rows := []string{"2", "3", "4", "5"}
	if report, err := o.county(t, circle, intake.Options{Hold: rows}); err != nil || report.Count(intake.Held) != len(rows) {
		t.Fatal(outcomes(report), err)
	}
	report, err := o.county(t, circle, intake.Options{Again: rows})
	if err != nil || report.Count(intake.Incomplete) != len(rows) || len(report.Warnings) > 0 {
		t.Fatal(outcomes(report), report.Warnings, err)
	}
	if got := o.related(t); !slices.Equal(got[report.Lines[0].Record], []string{report.Lines[1].Record}) || len(got) != len(rows) {
		t.Errorf("references %v", got)
	}
}

// TestACircleWhoseHeldRowIsPutRight: the rows that waited for it are taken with it,
// unchanged as they are, and the file again is no change.
func TestACircleWhoseHeldRowIsPutRight(t *testing.T) {
	o := newTestLedger(t)
	book := func(day string) reading.Workbook {
		return read(day, readingtest.Sheet(0, "证书与认定登记", rowsOf("记录编号|日期|共同体|类别|内容|人员|相关记录",
			"甲1|2018-05-01|一共同体|证书|证书|李老师（甲校）|甲2", "甲2|"+day+"|一共同体|证书|证书|李老师（甲校）|甲3", "甲3|2018-05-03|一共同体|证书|证书|李老师（甲校）|甲1")...))
	}
	if report, err := o.county(t, book("2018-02-30"), intake.Options{}); err != nil || report.Count(intake.Held) != 3 {
		t.Fatal(outcomes(report), err)
	}
	right := book("2018-05-02")
	report, err := o.county(t, right, intake.Options{})
	if err != nil || report.Count(intake.Incomplete) != 3 || len(o.related(t)) != 3 {
		t.Fatal(outcomes(report), o.related(t), err)
	}
	before := o.content(t)
	if again, err := o.county(t, right, intake.Options{}); err != nil || again.Added+again.Corrected+again.Removed > 0 || !slices.Equal(before, o.content(t)) {
		t.Errorf("again: %v, %v", outcomes(again), err)
	} else if again.Lines[0].Since != nil || again.Lines[0].Record != report.Lines[0].Record {
		t.Errorf("again it is said: %+v", again.Lines[0])
	}
	for n := 1; n < 60; n++ { // broken off at any append, it is continued to the same end
		for _, store := range []bool{false, true} {
			p := newTestLedger(t)
			p.county(t, book("2018-02-30"), intake.Options{}) //nolint:errcheck // as above
			im := p.countyImporter(t)
			im.Handler.Log = &failingLog{p.log, n, store}
			if _, err := im.Import(t.Context(), right, intake.Options{Source: "另一台账"}); err == nil {
				return
			}
			p.clock.Move(1)
			if _, err := p.county(t, right, intake.Options{}); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(before, p.content(t)); diff != "" {
				t.Fatalf("broken off at append %d, stored %v (-whole +continued):\n%s", n, store, diff)
			}
		}
	}
	t.Error("never taken whole")
}

// TestWhatRefersToARowThatStaysHeld waits with it, and the comparison says so.
func TestWhatRefersToARowThatStaysHeld(t *testing.T) {
	o := newTestLedger(t)
	book := func(second string) reading.Workbook {
		return read(second, readingtest.Sheet(0, "证书与认定登记", rowsOf("记录编号|日期|共同体|类别|内容|人员|相关记录",
			"甲1|2018-05-01|一共同体|证书|证书|李老师（甲校）|", "甲2|2018-05-02|一共同体|证书|"+second+"|李老师（甲校）|甲1")...))
	}
	if _, err := o.county(t, book("一"), intake.Options{Hold: []string{"2"}}); err != nil {
		t.Fatal(err)
	}
	report, err := o.county(t, book("二"), intake.Options{})
	if err != nil || !report.Lines[0].Waits || report.Lines[1].Outcome != intake.Held || report.Comparison.Changed[0].Effect != intake.Holds {
		t.Errorf("%v, %v, %v", outcomes(report), report.Comparison, err)
	}
}

// orders is a circle of an inspection and the order that it led to; refused is what
// only the record itself refuses.
func orders(refused string) reading.Workbook {
	return read("county",
		readingtest.Sheet(0, "检查登记", rowsOf("记录编号|日期|共同体|类别|内容|接收单位|相关记录", "乙2|2018-04-20|一小共同体|督导|查|一小|乙1")...),
		readingtest.Sheet(1, "整改登记", rowsOf("记录编号|日期|共同体|类别|内容|接收单位|整改要求|相关记录|检查事件|经过",
			"乙1|2018-05-01|一小共同体|限期整改|改|一小|补齐|乙2、乙3|0198c1f3-7c10-7000-8000-000000000099|",
			"乙3|2018-05-01|一小共同体|限期整改|改|二小|补齐|乙1||"+refused)...))
}

// TestACircleWithAFinding leads a finding to the inspection, which is recorded after
// the order that it led to.
func TestACircleWithAFinding(t *testing.T) {
	o := newTestLedger(t)
	report, err := o.county(t, orders(""), intake.Options{})
	if err != nil || report.Count(intake.Held) > 0 || len(report.Warnings) > 0 {
		t.Fatalf("%v, %v, %v", outcomes(report), report.Warnings, err)
	}
	var inspected string
	for _, r := range o.records(t) {
		if r.Envelope.Type == "inspection.reported" {
			inspected = r.Envelope.ID
		}
	}
	said := facts[record.Corrected[rectification.Facts]](t, o)
	want := []string{report.Lines[0].Record, report.Lines[2].Record}
	if len(said) != 2 || said[0].Facts.Finding != inspected || !slices.Equal(said[0].Facts.Related, want) {
		t.Errorf("corrected to %+v, want finding %s of %v", said, inspected, want)
	}
}

// TestACircleOfWhichOneIsRefused: what refers to it is held too; a record that was
// made before lacks its reference, and that is said.
func TestACircleOfWhichOneIsRefused(t *testing.T) {
	refused := orders("步骤=整改验收通过\n步骤=下达限期整改通知")
	before := read("county",
		readingtest.Sheet(0, "整改登记", rowsOf("记录编号|日期|共同体|类别|内容|接收单位|整改要求|相关记录|经过",
			"乙1|2018-05-01|一小共同体|限期整改|改|一小|补齐|乙2|步骤=整改验收通过\n步骤=下达限期整改通知",
			"乙2|2018-05-01|一小共同体|限期整改|改|二小|补齐|乙1|")...))
	tests := []struct {
		name     string
		book     reading.Workbook
		want     []string
		warnings []string
	}{
		{"after the first that is recorded", refused, []string{
			"held inspection.report day:2018-04-20 -findings !intake.missing-record@相关记录", "held rectification.report day:2018-05-01 !intake.missing-record@相关记录",
			"held rectification.report day:2018-05-01 !record.unknown-step@"}, nil},
		{"last", before, []string{"held rectification.report day:2018-05-01 !record.unknown-step@", "recorded rectification.report day:2018-05-01"}, []string{"intake.left-out"}},
	}
	for _, tt := range tests {
		for name, dry := range map[string]bool{"dry": true, "real": false} {
			t.Run(tt.name+", "+name, func(t *testing.T) {
				report, err := newTestLedger(t).county(t, tt.book, intake.Options{DryRun: dry})
				if err != nil {
					t.Fatal(err)
				}
				var warnings []string
				for _, w := range report.Warnings {
					if f, ok := fault.As(w); ok {
						warnings = append(warnings, f.Code)
					}
				}
				if diff := cmp.Diff([][]string{tt.want, tt.warnings}, [][]string{outcomes(report), warnings}); diff != "" {
					t.Errorf("became (-want +got):\n%s", diff)
				}
			})
		}
	}
}
