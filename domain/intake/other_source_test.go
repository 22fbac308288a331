package intake_test

import (
	"errors"
	"strings"
	"testing"

	"twinledger/domain"
	"twinledger/domain/fault"
	"twinledger/domain/intake"
	"twinledger/domain/intake/reading"
	"twinledger/domain/intake/reading/readingtest"
)

// TestAFileLikeAnotherSources is warned of, with the source under which it would
// be compared: the changed row would else be a second record without a word.
func TestAFileLikeAnotherSources(t *testing.T) {
	rows, changed := lessons(3), lessons(3)
	changed[1] = strings.Replace(changed[1], "语文", "数学", 1)
	o := newTestLedger(t)
	o.imports(t, "甲校", table("一", numbered(1, rows...)...))
	report := o.imports(t, "乙校", table("二", numbered(1, changed...)...))
	if len(report.Warnings) != 1 || !errors.Is(report.Warnings[0], intake.ErrLikeAnotherSource) {
		t.Fatalf("warned of %v", report.Warnings)
	}
	for _, want := range []string{"source=甲校", "file=一", "rows=2", "new=1"} {
		if !strings.Contains(report.Warnings[0].Error(), want) {
			t.Errorf("%q does not say %s", report.Warnings[0], want)
		}
	}
	whole := newTestLedger(t)
	whole.imports(t, "甲校", table("一", numbered(1, lessons(3)...)...))
	if report := whole.imports(t, "乙校", table("二", numbered(1, lessons(3)...)...)); len(report.Warnings) != 0 {
		t.Errorf("a copy adds nothing and is warned of: %v", report.Warnings)
	}
}

// TestALaterExportUnderAnotherName is refused: the file's name is the source when
// none is given, and its corrected records would be recorded twice.
func TestALaterExportUnderAnotherName(t *testing.T) {
	o := newTestLedger(t)
	former := "lesson-0198c1f3-7c10-7000-8000-00000000000"
	book := func(number string) reading.Workbook {
		return read("county"+number, readingtest.Sheet(0, "课例登记", rowsOf(lessonHeading, "1|"+former+"1|2018-04-18|一小共同体|示范课|课|一小|二小|李老师（一小）|"+number+"|节|",
			"2|"+former+"2|2018-04-19|一小共同体|示范课|课|一小|二小|李老师（一小）|1|节|")...))
	}
	give := func(number, source string, dry bool) (intake.Report, error) {
		im := o.importer(t, o.log)
		im.Forms = []reading.RegisterForm{{Form: domain.Forms()["lesson"], Name: "课例登记"}}
		return im.Import(t.Context(), book(number), intake.Options{Source: source, DryRun: dry})
	}
	if _, err := give("2", "county2", false); err != nil {
		t.Fatal(err)
	}
	before := len(o.records(t))
	for _, dry := range []bool{true, false} {
		_, err := give("3", "county3", dry)
		refused, ok := fault.As(err)
		if !ok || !errors.Is(err, intake.ErrRecordElsewhere) || refused.Place.Row == 0 || refused.Place.Column != reading.ColumnRecord || !strings.Contains(err.Error(), "source=county2") {
			t.Errorf("dry run %t: %v", dry, err)
		}
	}
	if len(o.records(t)) != before {
		t.Error("something was written")
	}
	if report, err := give("3", "county2", false); err != nil || report.Corrected != 1 || report.Added != 0 {
		t.Errorf("under its source: %v, %v", outcomes(report), err)
	}
}
