package reading_test

import (
	"slices"
	"testing"

	"twinledger/domain/calendar"
	"twinledger/domain/intake/reading"
	"twinledger/domain/intake/reading/readingtest"
)

// TestALostZeroIsAskedOnce: 4.2 is 2 or 20 April, as a text and as a number. The clerk says which,
// or has the rows held that rest on it.
func TestALostZeroIsAskedOnce(t *testing.T) {
	book := workbook(readingtest.Sheet(0, "", "2017—2018学年第二学期送课台账", "日期|类别|内容", "4.2|送课|一", "4.18|送课|二", "5.3|送课|三"))
	book.Sheets[0].Rows[2].Cells[0].Number = "4.2"
	book.Sheets[0].Rows[4].Cells[0].Number = "5.3"
	for answer, want := range map[string][]calendar.Occurred{
		"yes":        {"day:2018-04-02", "day:2018-04-18", "day:2018-05-03"},
		reading.None: {"day:2018-04-20", "day:2018-04-18", "day:2018-05-30"},
		"hold":       {"held", "day:2018-04-18", "held"},
		"":           {"held", "day:2018-04-18", "held"},
	} {
		file, err := reading.Read(book, reading.Settings{Answers: reading.Answers{Choices: map[string]string{"date/day-point-one": answer}}})
		if err != nil || len(file.Questions) != 1 || file.Questions[0].Count != 2 {
			t.Fatalf("asked %+v, %v", file.Questions, err)
		}
		var got []calendar.Occurred
		for _, row := range file.Rows {
			if row.Held {
				row.Occurred = "held"
			}
			got = append(got, row.Occurred)
		}
		if !slices.Equal(got, want) {
			t.Errorf("answered %q, the rows are of %v, want %v", answer, got, want)
		}
		if _, err := file.Questions[0].Chosen("c"); err != nil {
			t.Errorf("the question has no third choice: %v", err)
		}
	}
}
