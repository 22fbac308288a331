package intake_test

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"twinledger/domain/intake"
	"twinledger/domain/intake/reading"
	"twinledger/domain/intake/reading/readingtest"
	"twinledger/domain/lesson"
	"twinledger/domain/record"
)

// unknownWord is a file with a row whose category is in no glossary.
var unknownWord = table("一", "1|2018-04-18|甲共同体|走教走学|线下|课|语文|甲|乙|李老师|1|节", "2|"+rowB)

// TestAHeldRowThatCanBeReadNow is taken by importing the file again with what was missing,
// whether as an answer or as a word: the held row is settled, and no other row is touched.
func TestAHeldRowThatCanBeReadNow(t *testing.T) {
	tests := map[string]intake.Options{
		"answered by number": {Answers: map[string]string{"1": "送课"}},
		"answered by key":    {Answers: map[string]string{"word/类别/走教走学": "送课"}},
		"explained":          {Words: map[string]string{"走教走学": "送课"}},
	}
	for name, options := range tests {
		t.Run(name, func(t *testing.T) {
			o := newTestLedger(t)
			first := o.imports(t, "甲校", unknownWord)
			if first.Lines[0].Outcome != intake.Held || len(first.Questions) != 1 || first.Questions[0].Stops {
				t.Fatalf("at first: %v, asked %+v", outcomes(first), first.Questions)
			}
			before := len(o.records(t))
			report, err := o.given(t, unknownWord, options)
			if err != nil || report.Added != 1 || report.Corrected+report.Removed != 0 || report.Lines[0].Plan.Key != first.Lines[0].Plan.Key {
				t.Fatalf("then: %v, %v", outcomes(report), err)
			}
			got := types(t, o, before)
			if got["row.voided"] != 1 || got["row.taken"] != 1 || got["lesson.reported"] != 1 || got["lesson.corrected"] != 0 {
				t.Errorf("events %v", got)
			}
			after := len(o.records(t))
			if again := o.imports(t, "甲校", unknownWord); again.Added+again.Corrected+again.Removed != 0 || len(o.records(t)) != after {
				t.Errorf("again without the answer, which is remembered: %v", outcomes(again))
			}
		})
	}
}

// TestAnAnswerThatChanges corrects the records that were read with the former one.
func TestAnAnswerThatChanges(t *testing.T) {
	o := newTestLedger(t)
	book := table("一", "1|2018-04-18|甲共同体|示范课|线下|课|语文|甲、丁|乙|李老师|1|节", "2|"+rowB)
	from := func() int {
		standing := o.standing(t)
		n := 0
		for _, f := range facts[record.Corrected[lesson.Facts]](t, o) {
			n = len(f.Facts.From)
		}
		if len(standing) != 2 {
			t.Fatalf("%d records stand", len(standing))
		}
		return n
	}
	first := o.imports(t, "甲校", book)
	if first.Lines[0].Outcome != intake.Incomplete {
		t.Fatalf("at first: %v", outcomes(first))
	}
	for _, step := range []struct {
		answer string
		want   int
	}{{"a", 2}, {"b", 1}} {
		report, err := o.given(t, book, intake.Options{Answers: map[string]string{"1": step.answer}})
		if err != nil || report.Corrected != 1 || report.Added != 0 || report.Lines[0].Record != first.Lines[0].Record {
			t.Fatalf("answered %s: corrected %d, %v, %v", step.answer, report.Corrected, outcomes(report), err)
		}
		if got := from(); got != step.want {
			t.Errorf("answered %s: %d senders, want %d", step.answer, got, step.want)
		}
	}
}

// TestWhatTheFileDoesNotSay: a file without 类别 is not imported before somebody says what it
// is of, for all of its rows, and the source's next file needs no answer.
func TestWhatTheFileDoesNotSay(t *testing.T) {
	book := func(name, content string) reading.Workbook {
		return read(name, readingtest.Sheet(0, "听课记录", "日期|共同体|内容|派出单位|接收单位", "2018-04-18|甲共同体|课|甲|乙", "2018-04-19|甲共同体|"+content+"|甲|乙"))
	}
	tests := map[string]intake.Options{
		"answered": {Answers: map[string]string{"1": "听课"}}, "set": {Values: map[string]string{"类别": "听课"}},
	}
	for name, options := range tests {
		t.Run(name, func(t *testing.T) {
			o := newTestLedger(t)
			said, err := o.given(t, book("一", "一"), intake.Options{DryRun: true})
			if err != nil || len(said.Questions) != 1 || !said.Questions[0].Stops || said.Questions[0].Count != 2 || said.Count(intake.Held) != 2 {
				t.Fatalf("the dry run asks %+v, %v", said.Questions, err)
			}
			before := len(o.records(t))
			if _, err := o.given(t, book("一", "一"), intake.Options{}); !errors.Is(err, reading.ErrOpenQuestions) || len(o.records(t)) != before {
				t.Fatalf("not stopped: %v", err)
			}
			for i, content := range []string{"一", "二"} {
				report, err := o.given(t, book(content, content), options)
				if err != nil || report.Added != 2-2*i || report.Corrected != i || report.Count(intake.Held) != 0 {
					t.Fatalf("file %d: %v, %v", i+1, outcomes(report), err)
				}
				options = intake.Options{}
			}
		})
	}
}

// TestAnswersRefused: an answer to nothing, or with no choice, stops the import.
func TestAnswersRefused(t *testing.T) {
	tests := []struct {
		name    string
		options intake.Options
		err     error
	}{
		{"no such number", intake.Options{Answers: map[string]string{"9": "a"}}, reading.ErrNoSuchQuestion},
		{"no such key", intake.Options{Answers: map[string]string{"word/类别/会议": "a"}}, reading.ErrNoSuchQuestion},
		{"nothing", intake.Options{Answers: map[string]string{"1": " "}}, reading.ErrNoSuchChoice},
		{"a column that there is not", intake.Options{Values: map[string]string{"天气": "晴"}}, reading.ErrUnknownColumn},
		{"a value of nothing", intake.Options{Values: map[string]string{"类别": " "}}, reading.ErrUnknownColumn},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			o := newTestLedger(t)
			before := len(o.records(t))
			if _, err := o.given(t, unknownWord, tt.options); !errors.Is(err, tt.err) {
				t.Errorf("answered with %v", err)
			}
			if len(o.records(t)) != before {
				t.Error("something was written")
			}
		})
	}
}

// TestAnswersStandNowhereInClear: they may name somebody.
func TestAnswersStandNowhereInClear(t *testing.T) {
	o := newTestLedger(t)
	book := table("一", "1|2018-04-18|甲共同体|示范课|线下|课|语文|甲|乙|欧阳海燕、一年级|1|节", "2|"+rowB)
	report, err := o.given(t, book, intake.Options{Answers: map[string]string{"1": "欧阳海燕；司马老师"}})
	if err != nil || report.Count(intake.Recorded) != 2 {
		t.Fatalf("%v, %v", outcomes(report), err)
	}
	if found := o.inClear(t, "欧阳海燕", "司马老师", "一年级"); found != nil {
		t.Errorf("%v stand in clear", found)
	}
	if again := o.imports(t, "甲校", book); again.Added+again.Corrected != 0 {
		t.Errorf("the answer is not remembered: %v", outcomes(again))
	}
}

// TestRowsAreKnownByWhatWasWritten: neither another order of columns nor a new heading for the
// number nor another writing of a date or a number makes a row new.
func TestRowsAreKnownByWhatWasWritten(t *testing.T) {
	o := newTestLedger(t)
	first := o.imports(t, "甲校", read("一", readingtest.Sheet(0, "", "序号|日期|共同体|类别|内容|派出单位|接收单位|数量|单位", "1|2018-04-18|甲共同体|会议|会 一|甲|乙|1.50|次")))
	for name, rows := range map[string][]string{
		"another order":   {"类别|日期|共同体|单位|数量|内容|派出单位|接收单位|序号", "会议|2018-04-18|甲共同体|次|1.5|会一|甲|乙|7"},
		"another writing": {"编号|日期|共同体|类别|内容|派出单位|接收单位|数量|单位", "三|2018年4月18日|甲共同体|会议|会一|甲|乙|01.5|次"},
		"another title":   {"2019年登记表", "序号|日期|共同体|类别|内容|派出单位|接收单位|数量|单位", "1|2018.4.18|甲共同体|会议|会一|甲|乙|1.5|次"},
	} {
		report, err := o.given(t, read(name, readingtest.Sheet(0, "", rows...)), intake.Options{DryRun: true})
		if err != nil || len(report.Lines) != 1 || report.Lines[0].Outcome != intake.Already {
			t.Errorf("%s: %v, %v", name, outcomes(report), err)
			continue
		}
		if diff := cmp.Diff(first.Lines[0].Record, report.Lines[0].Record); diff != "" {
			t.Errorf("%s: another record:\n%s", name, diff)
		}
	}
}
