package reading_test

import (
	"testing"

	"twinledger/domain/intake/reading"
	"twinledger/domain/intake/reading/readingtest"
)

// TestDaysAloneAreOfTheMonthAround: a number under 日期 is a day of the month that sheet or title
// name with its year, several are several days; without a month it is no date.
func TestDaysAloneAreOfTheMonthAround(t *testing.T) {
	for _, tt := range []struct{ sheet, title, cell, want string }{
		{"2018.3", "", "5", "day:2018-03-05"},
		{"2018.3", "", "12日", "day:2018-03-12"},
		{"2018.3", "", "19、26", "days:2018-03-19,2018-03-26"},
		{"2018年3月", "", "5，12,19", "days:2018-03-05,2018-03-12,2018-03-19"},
		{"Sheet1", "2018年3月送课情况", "５", "day:2018-03-05"},
		{"3月", "2017—2018学年第二学期", "19 26", "days:2018-03-19,2018-03-26"},
		{"2018.2", "", "30", ""},
		{"2018.3", "", "32", ""},
		{"2018年", "", "5", ""},
		{"Sheet1", "", "5", ""},
	} {
		rows := []string{"日期|类别|内容", tt.cell + "|送课|春"}
		if tt.title != "" {
			rows = append([]string{tt.title}, rows...)
		}
		file, err := reading.Read(workbook(readingtest.Sheet(0, tt.sheet, rows...)), reading.Settings{})
		if err != nil || len(file.Rows) != 1 {
			t.Fatalf("%+v: %+v, %v", tt, file.Rows, err)
		}
		if row := file.Rows[0]; row.Held != (tt.want == "") || tt.want != "" && string(row.Occurred) != tt.want {
			t.Errorf("%s under %s became %s, held %v: %v; want %q", tt.cell, tt.sheet+tt.title, row.Occurred, row.Held, codes(row.Problems), tt.want)
		}
	}
}

// TestTheSameDayOfTwoMonthsIsTwoRows: what the month is taken from is said of the row, so that its
// identity differs from that of the same cells on the sheet of another month.
func TestTheSameDayOfTwoMonthsIsTwoRows(t *testing.T) {
	file, err := reading.Read(workbook(readingtest.Sheet(0, "2018.3", "日期|类别|内容", "5|送课|春"), readingtest.Sheet(1, "2018.4", "日期|类别|内容", "5|送课|春")), reading.Settings{})
	if err != nil || len(file.Rows) != 2 || len(file.Rows[0].Set) != 1 || len(file.Rows[1].Set) != 1 || file.Rows[0].Set[0] == file.Rows[1].Set[0] {
		t.Errorf("read %+v, %v", file.Rows, err)
	}
}
