package reading_test

import (
	"fmt"
	"strings"
	"testing"

	"twinledger/domain/intake/reading"
	"twinledger/domain/intake/reading/readingtest"
)

// TestATableOfManyColumns is read at once: what a table holds is told once, and not for each of
// its columns.
func TestATableOfManyColumns(t *testing.T) {
	var headings []string
	for i := range 16_000 {
		headings = append(headings, fmt.Sprint("备用", i))
	}
	sheet := readingtest.Sheet(0, "", "日期|类别|内容|"+strings.Join(headings, "|"), "2018-04-01|会议|会")
	file, err := reading.Read(reading.Workbook{File: "宽.xlsx", Sheets: []reading.Sheet{sheet}}, reading.Settings{Known: known{}})
	if err != nil || len(file.Rows) != 1 {
		t.Errorf("%d rows, %v", len(file.Rows), err)
	}
}

// TestLongListsAreNoLongNames: a list of many short names is read or asked, whatever sign stands
// between them; one name of more than 200 characters holds its row.
func TestLongListsAreNoLongNames(t *testing.T) {
	var people []string
	for _, given := range strings.Split("一丁七万丈三上下不与专且世丘丙业丛东丝两严丧个中丰串临丹为主丽举久么义之乌乎乐乔", "") {
		people = append(people, "王小"+given, "李小"+given)
	}
	for _, sign := range []string{"、", "，", " ", "；", "/"} {
		cell := strings.Join(people, sign)
		sheet := readingtest.Sheet(0, "", "日期|类别|内容|人员", "2018-04-01|会议|会|"+cell)
		file, err := reading.Read(reading.Workbook{File: "长.csv", Sheets: []reading.Sheet{sheet}}, reading.Settings{Known: known{}})
		if err != nil || len(file.Rows) != 1 || file.Rows[0].Held {
			t.Errorf("a list with %q: %v, %+v", sign, err, file.Rows)
		}
	}
	sheet := readingtest.Sheet(0, "", "日期|类别|内容|人员", "2018-04-01|会议|会|"+strings.Repeat("王", 201))
	file, err := reading.Read(reading.Workbook{File: "长.csv", Sheets: []reading.Sheet{sheet}}, reading.Settings{Known: known{}})
	if err != nil || len(file.Rows) != 1 || !file.Rows[0].Held {
		t.Errorf("a long name: %v, %+v", err, file.Rows)
	}
}
