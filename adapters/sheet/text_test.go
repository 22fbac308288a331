package sheet_test

import (
	"encoding/binary"
	"errors"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/text/encoding/simplifiedchinese"
	"pgregory.net/rapid"

	"twinledger/adapters/sheet"
	"twinledger/domain/fault"
	"twinledger/domain/intake/reading"
)

func gb18030(t testing.TB, s string) string {
	t.Helper()
	encoded, err := simplifiedchinese.GB18030.NewEncoder().String(s)
	if err != nil {
		t.Fatal(err)
	}
	return encoded
}

func utf16Text(order binary.AppendByteOrder, s string) string {
	var b []byte
	for _, unit := range utf16.Encode([]rune("\ufeff" + s)) {
		b = order.AppendUint16(b, unit)
	}
	return string(b)
}

// textRow is a row as a test states it: cells between bars.
type textRow struct {
	Number, Line int
	Cells        string
}

func textRows(w reading.Workbook) []textRow {
	var rows []textRow
	for _, row := range w.Sheets[0].Rows {
		var cells []string
		for _, cell := range row.Cells {
			cells = append(cells, cell.Text)
		}
		rows = append(rows, textRow{row.Number, row.Line, strings.Join(cells, "|")})
	}
	return rows
}

func TestReadText(t *testing.T) {
	const plain = "序号,日期,类别\n1,2015,会议\n"
	plainRows := []textRow{{1, 1, "序号|日期|类别"}, {2, 2, "1|2015|会议"}}
	tests := []struct {
		name, content, encoding string
		want                    []textRow
	}{
		{"UTF-8", plain, "utf-8", plainRows},
		{"UTF-8 with its mark", "\ufeff" + plain, "utf-8-bom", plainRows},
		{"lines as Windows ends them", strings.ReplaceAll(plain, "\n", "\r\n"), "utf-8", plainRows},
		{"lines as the old Macintosh ended them", strings.ReplaceAll(plain, "\n", "\r"), "utf-8", plainRows},
		{"GB18030", gb18030(t, plain), "gb18030", plainRows},
		{"GB18030 with a rare character of four bytes", gb18030(t, "日期,类别,人员\n2015,会议,㐂老师𠮷"), "gb18030", []textRow{{1, 1, "日期|类别|人员"}, {2, 2, "2015|会议|㐂老师𠮷"}}},
		{"UTF-16 as Excel writes Unicode text", utf16Text(binary.LittleEndian, strings.ReplaceAll(plain, ",", "\t")), "utf-16le", plainRows},
		{"UTF-16, big end first", utf16Text(binary.BigEndian, plain), "utf-16be", plainRows},
		{"a pair of surrogates", utf16Text(binary.LittleEndian, "日期,类别\n𠮷,𠮷"), "utf-16le", []textRow{{1, 1, "日期|类别"}, {2, 2, "𠮷|𠮷"}}},
		{"tabs", "日期\t类别\t内容\n2015\t会议\t甲,乙;丙", "utf-8", []textRow{{1, 1, "日期|类别|内容"}, {2, 2, "2015|会议|甲,乙;丙"}}},
		{"semicolons", "日期;类别;内容\n2015;会议;甲,乙", "utf-8", []textRow{{1, 1, "日期|类别|内容"}, {2, 2, "2015|会议|甲,乙"}}},
		{"a title with another sign above the heading", "甲;乙;丙;丁;戊\n日期,类别,内容\n2015,会议,例会", "utf-8", []textRow{{1, 1, "甲;乙;丙;丁;戊"}, {2, 2, "日期|类别|内容"}, {3, 3, "2015|会议|例会"}}},
		{"quoted names of columns", "\"日期\";\"类别\";\"内 容\"\n2015;会议;例会", "utf-8", []textRow{{1, 1, "日期|类别|内 容"}, {2, 2, "2015|会议|例会"}}},
		{"no known column", "甲\t乙,丙\t丁\n1\t2\t3", "utf-8", []textRow{{1, 1, "甲|乙,丙|丁"}, {2, 2, "1|2|3"}}},
		{"one column", "甲\n乙", "utf-8", []textRow{{1, 1, "甲"}, {2, 2, "乙"}}},
		{"lines inside a cell", "日期,内容,备注\n2015,\"一\r\n二\n三\",x\n2016,y,z", "utf-8", []textRow{{1, 1, "日期|内容|备注"}, {2, 2, "2015|一\n二\n三|x"}, {3, 5, "2016|y|z"}}},
		{"quotes inside a cell", "日期,内容,备注\n2015,\"开展\"\"手拉手\"\"活动\",", "utf-8", []textRow{{1, 1, "日期|内容|备注"}, {2, 2, "2015|开展\"手拉手\"活动"}}},
		{"ragged rows", "日期,内容,备注\n2015\n2016,a,b,c,d", "utf-8", []textRow{{1, 1, "日期|内容|备注"}, {2, 2, "2015"}, {3, 3, "2016|a|b|c|d"}}},
		{"blank lines and rows count and are left out", "\n日期,内容,备注\n\n,,\n2015,a,\n", "utf-8", []textRow{{2, 2, "日期|内容|备注"}, {5, 5, "2015|a"}}},
		{"a blank line inside a cell is no row", "日期,内容\n\"a\n\nb\",c\n\n2015,d", "utf-8", []textRow{{1, 1, "日期|内容"}, {2, 2, "a\n\nb|c"}, {4, 6, "2015|d"}}},
		{"full-width and invisible characters", "日期,内容,备注\n２０１５，１\u3000,\u00a0甲\u200b,（乙；丙）\ufeff", "utf-8", []textRow{{1, 1, "日期|内容|备注"}, {2, 2, "2015,1|甲|(乙;丙)"}}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			w, err := sheet.Read("甲.csv", []byte(tt.content))
			if err != nil {
				t.Fatal(err)
			}
			if w.Encoding != tt.encoding || w.Form != "csv" || len(w.Sheets) != 1 {
				t.Errorf("%s in %s, %d sheets; want csv in %s", w.Form, w.Encoding, len(w.Sheets), tt.encoding)
			}
			if diff := cmp.Diff(tt.want, textRows(w)); diff != "" {
				t.Errorf("rows differ (-want +got):\n%s", diff)
			}
		})
	}
}

func TestReadTextRefuses(t *testing.T) {
	chinese := "序号,日期,共同体,类别\n1,2015,清涧县第二小学共同体,会议\n"
	tests := []struct {
		name, content string
		want          *fault.Error
		line          int
	}{
		{"a bad byte in UTF-8 with its mark", "\ufeff日期\n\xff", sheet.ErrUndecodable, 2},
		{"a bad byte in what can only be UTF-8", chinese + chinese + "2,20\xff15\n", sheet.ErrUndecodable, 5},
		{"UTF-8 cut in the middle of a character", chinese[:len(chinese)-2], sheet.ErrUndecodable, 2},
		{"a bad byte in GB18030", gb18030(t, chinese) + "2,\xff\n", sheet.ErrUndecodable, 3},
		{"GB18030 cut in the middle of a character", gb18030(t, chinese)[:len(gb18030(t, chinese))-2], sheet.ErrUndecodable, 2},
		{"half a pair of surrogates", "\xff\xfea\x00\n\x00\x00\xd8", sheet.ErrUndecodable, 2},
		{"an odd byte in UTF-16", "\xff\xfea\x00\n\x00\n\x00a", sheet.ErrUndecodable, 3},
		{"a quote that is never closed", "日期,内容\n2015,\"甲\n2016,乙\n2017,丙\n", sheet.ErrBrokenQuote, 2},
		{"text behind a closed quote", "日期,内容\n2014,x\n2015,\"甲\"乙\n", sheet.ErrBrokenQuote, 3},
		{"a quote inside a bare cell", "日期,内容\n2015,开展\"手拉手\"活动\n", sheet.ErrBrokenQuote, 2},
		{"more columns than a sheet has", "日期,内容\n" + strings.Repeat(",", 16384) + "x", sheet.ErrTooLarge, 2},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := sheet.Read("甲.csv", []byte(tt.content))
			if !errors.Is(err, tt.want) {
				t.Fatalf("got %v, want %s", err, tt.want.Code)
			}
			if f, _ := fault.As(err); f.Place != (fault.Place{File: "甲.csv", Line: tt.line}) {
				t.Errorf("place %+v, want line %d", f.Place, tt.line)
			}
		})
	}
}

// The encoding makes no difference to what is read.
func TestReadTextInEveryEncoding(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		cell := rapid.StringMatching(`[一-龥a-z0-9 ，；"𠮷]{0,6}`)
		text := "日期,类别,内容\n"
		for range rapid.IntRange(0, 5).Draw(t, "rows") {
			for i := range 3 {
				text += strings.Repeat(",", min(i, 1)) + `"` + strings.ReplaceAll(cell.Draw(t, "cell"), `"`, `""`) + `"`
			}
			text += "\n"
		}
		encoded, err := simplifiedchinese.GB18030.NewEncoder().String(text)
		if err != nil {
			t.Fatal(err)
		}
		want, err := sheet.Read("甲.csv", []byte(text))
		if err != nil {
			t.Fatal(err)
		}
		for _, content := range []string{"\ufeff" + text, utf16Text(binary.LittleEndian, text), utf16Text(binary.BigEndian, text), encoded} {
			got, err := sheet.Read("甲.csv", []byte(content))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(want.Sheets, got.Sheets); diff != "" {
				t.Fatalf("%s differs from UTF-8 (-want +got):\n%s", got.Encoding, diff)
			}
		}
	})
}

func FuzzReadCSV(f *testing.F) {
	for _, seed := range []string{
		"序号,日期,类别\n1,2015,会议\n", "\ufeff日期\t类别\r\n", gb18030(f, "日期,类别\n2015,会议"), utf16Text(binary.LittleEndian, "日期\t类别\n"),
		"a;\"b\nc\";d\n\n\xff", "日期,\"类别", "<html>", "\r\r,\r",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, content []byte) {
		w, err := sheet.Read("甲.csv", content)
		checkRead(t, w, err)
	})
}
