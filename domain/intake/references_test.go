package intake_test

import (
	"context"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"twinledger/domain/command"
	"twinledger/domain/command/commandtest"
	"twinledger/domain/event"
	"twinledger/domain/intake"
	"twinledger/domain/intake/reading"
	"twinledger/domain/lesson"
	"twinledger/domain/org"
	"twinledger/domain/record"
	"twinledger/domain/seal"
)

// void voids a school or community of the ledger.
func (o *testLedger) void(t *testing.T, key string) {
	t.Helper()
	req := command.Request{ID: commandtest.ID(500), Stream: key}
	reason := seal.Text{Clear: "重复"}
	switch event.StreamKind(key) {
	case "school":
		req.Name, req.Body = "school.void", record.Withdraw[org.School]{Reason: reason}
	case "community":
		req.Name, req.Body = "community.void", record.Withdraw[org.Community]{Reason: reason}
	case "person":
		req.Name, req.Body = "person.void", record.Withdraw[org.Person]{Reason: reason}
	}
	if _, err := o.importer(t, o.log).Handler.Handle(t.Context(), req); err != nil {
		t.Fatal(err)
	}
}

// TestAVoidReferenceHolds: the dry run says it too, with the column, and what
// was taken before stays.
func TestAVoidReferenceHolds(t *testing.T) {
	const row = "1|2018-04-18|甲共同体|会议||会||丙|丁|张三丰|1|次"
	first := "1|2018-01-18|甲共同体|会议||会||丙|丁|张三丰|1|次"
	person := org.PersonKey(newTestLedger(t).vault, district, "", "张三丰")
	tests := []struct{ name, key, column string }{
		{"a sender", org.SchoolKey(ledger, district, "丙"), reading.ColumnFrom},
		{"a receiver", org.SchoolKey(ledger, district, "丁"), reading.ColumnTo},
		{"a community", org.CommunityKey(ledger, district, "甲共同体"), reading.ColumnCommunity},
		{"a person", person, reading.ColumnPeople},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			o := newTestLedger(t)
			o.imports(t, "乙校", table("零", first))
			o.void(t, tt.key)
			said, err := o.importer(t, o.log).Import(t.Context(), table("一", row), intake.Options{Source: "甲校", DryRun: true})
			if err != nil {
				t.Fatal(err)
			}
			done := o.imports(t, "甲校", table("一", row))
			want := []string{"held meeting.report day:2018-04-18 !command.void-reference@" + tt.column}
			for _, report := range []intake.Report{said, done} {
				if diff := cmp.Diff(want, outcomes(report)); diff != "" {
					t.Errorf("rows became (-want +got):\n%s", diff)
				}
			}
			if again := o.imports(t, "乙校", table("零", first)); again.Count(intake.Already) != 1 {
				t.Errorf("what was taken before became %v", outcomes(again))
			}
		})
	}
}

// A meanwhileLog lets something happen once before the first append.
type meanwhileLog struct {
	command.Log
	happen func()
}

func (l *meanwhileLog) Append(ctx context.Context, stream string, expected int64, records ...event.Record) (event.Appended, error) {
	if happen := l.happen; happen != nil {
		l.happen = nil
		happen()
	}
	return l.Log.Append(ctx, stream, expected, records...)
}

// TestHeldWhileItIsRecorded: the people of a row that is held only then stand
// nowhere in clear, and the row says for which column it is held.
func TestHeldWhileItIsRecorded(t *testing.T) {
	o := newTestLedger(t)
	o.imports(t, "乙校", table("零", "1|2018-01-18|甲共同体|会议||会||丙|丁||1|次"))
	log := &meanwhileLog{o.log, func() { o.void(t, org.SchoolKey(ledger, district, "丙")) }}
	report, err := o.importer(t, log).Import(t.Context(), table("一",
		"1|2018-04-18|甲共同体|示范课||欧阳海燕的课|语文|甲|乙||1|节|欧阳海燕照片|欧阳海燕主讲",
		"2|2018-04-18|甲共同体|示范课||课|语文|丙|乙|欧阳海燕|1|节"), intake.Options{Source: "甲校"})
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"recorded lesson.report day:2018-04-18", "held lesson.report day:2018-04-18 !command.void-reference@派出单位"}
	if diff := cmp.Diff(want, outcomes(report)); diff != "" {
		t.Errorf("rows became (-want +got):\n%s", diff)
	}
	if found := o.inClear(t, "欧阳海燕"); found != nil {
		t.Errorf("%v stand in clear", found)
	}
}

// TestNamesAreFoundAsTheLedgerComparesThem: white space hides no name of the
// file, neither in a title nor in a subject.
func TestNamesAreFoundAsTheLedgerComparesThem(t *testing.T) {
	o := newTestLedger(t)
	names := org.NewNames(func(s string) string { return strings.ReplaceAll(s, " ", "") })
	im := o.importer(t, o.log)
	im.Names, im.Handler.Names = names, names
	report, err := im.Import(t.Context(), table("一",
		"1|2018-04-18|甲共同体|示范课||欧阳 海燕的课|语文|甲|乙||1|节",
		"2|2018-04-18|甲共同体|示范课||课|李 老师|甲|乙|李老师|1|节",
		"3|2018年2月30日|甲共同体|示范课||课|语文|甲|乙|欧阳海燕|1|节"), intake.Options{Source: "甲校"})
	if err != nil {
		t.Fatal(err)
	}
	if found := o.inClear(t, "欧阳 海燕", "李 老师"); found != nil {
		t.Errorf("%v stand in clear: %v", found, outcomes(report))
	}
	if got := outcomes(report)[1]; !strings.HasSuffix(got, "!record.name-in-clear@学科") {
		t.Errorf("the name in a subject became %s", got)
	}
}

// TestPartsOfAWrittenPersonAreSealed: people who are joined by what may stand inside a name
// stay one written person or are asked about, and titles with their parts are sealed.
func TestPartsOfAWrittenPersonAreSealed(t *testing.T) {
	for people, noted := range map[string]int{"东方不败 西门吹雪": 0, "东方不败和西门吹雪": 1, "西门吹雪与东方不败": 1, "东方不败(语文)": 1, "东方不败（数学）": 1} {
		t.Run(people, func(t *testing.T) {
			o := newTestLedger(t)
			o.imports(t, "甲校", table("一",
				"1|2018-04-18|甲共同体|示范课||东方不败的课|语文|甲|乙||1|节",
				"2|2018-04-18|甲共同体|示范课||语文课|语文|甲|乙|"+people+"|1|节"))
			if found := o.inClear(t, "东方不败"); found != nil {
				t.Errorf("%v stand in clear", found)
			}
			if got := facts[record.Reported[org.Person]](t, o); len(got) != noted {
				t.Errorf("%d people, want %d", len(got), noted)
			}
			if got := facts[record.Reported[lesson.Facts]](t, o); len(got) != 2 || got[1].Facts.Title.Sealed != nil {
				t.Errorf("a title that names only a subject is sealed: %+v", got)
			}
		})
	}
}
