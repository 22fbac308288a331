package intake_test

import (
	"errors"
	"testing"

	"twinledger/domain/fault"
	"twinledger/domain/intake"
	"twinledger/domain/intake/reading"
	"twinledger/domain/intake/reading/readingtest"
	"twinledger/domain/record"
)

// TestNamesInWhatTheClerkSays: a word for the whole file, a word explained and an answer of
// one's own that would stand in clear must not name somebody.
func TestNamesInWhatTheClerkSays(t *testing.T) {
	lesson := read("一", readingtest.Sheet(0, "", "日期|共同体|类别|内容|学科|派出单位|接收单位", "2018-04-18|甲共同体|示范课|荷花|主科|甲小学|四校"))
	untold := read("一", readingtest.Sheet(0, "", "日期|共同体|类别|内容|派出单位|接收单位", "2018-04-18|甲共同体|示范课|荷花|甲小学|乙小学"))
	tests := []struct {
		name    string
		file    reading.Workbook
		options intake.Options
		column  string // of the refusal, or of the row's
		names   []string
		held    bool // the row is, and the import is not refused
	}{
		{"set for the file", untold, intake.Options{Values: map[string]string{"学科": "郁达夫"}}, "学科", []string{"郁达夫"}, false},
		{"set for the file, with a post", untold, intake.Options{Values: map[string]string{"数量": "王老师"}}, "数量", []string{"王老师"}, false},
		{"a telephone number", untold, intake.Options{Values: map[string]string{"学科": "13912345678"}}, "学科", []string{"13912345678"}, false},
		{"a word", lesson, intake.Options{Words: map[string]string{"主科": "郁达夫"}}, "学科", []string{"郁达夫"}, true},
		{"an answer", lesson, intake.Options{Answers: map[string]string{"1": "贺敏"}}, "接收单位", []string{"贺敏"}, false},
		{"an answer that names a school too", lesson, intake.Options{Answers: map[string]string{"1": "丙小学；贺敏"}}, "接收单位", []string{"贺敏"}, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			o := newTestLedger(t)
			report, err := o.given(t, tt.file, tt.options)
			if tt.held {
				if err != nil || len(report.Lines) != 1 || report.Lines[0].Outcome != intake.Held {
					t.Fatalf("imported with %+v, %v", report.Lines, err)
				}
				for _, problem := range report.Lines[0].Plan.Row.Problems {
					if errors.Is(problem, record.ErrNameInClear) {
						err = problem
					}
				}
			}
			if f, ok := fault.As(err); !ok || !errors.Is(err, record.ErrNameInClear) || f.Place.Column != tt.column {
				t.Errorf("refused with %v, want %s at %s", err, record.ErrNameInClear.Code, tt.column)
			}
			if found := o.inClear(t, tt.names...); found != nil {
				t.Errorf("the log holds %q in clear", found)
			}
		})
	}
	t.Run("what names nobody is taken", func(t *testing.T) {
		o := newTestLedger(t)
		report, err := o.given(t, untold, intake.Options{Values: map[string]string{"学科": "语文"}})
		if err != nil || report.Added != 1 || o.inClear(t, "语文") == nil {
			t.Errorf("added %d, %v", report.Added, err)
		}
	})
}
