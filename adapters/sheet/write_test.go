package sheet_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"iter"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"twinledger/adapters/sheet"
	"twinledger/domain"
	"twinledger/domain/event"
	"twinledger/domain/exchange"
	"twinledger/domain/fault"
	"twinledger/domain/intake/reading"
	"twinledger/domain/record"
	"twinledger/domain/seal"
	"twinledger/domain/tabular"
)

// hostile are texts that spreadsheet programs and readers change.
var hostile = rapid.OneOf(
	rapid.SampledFrom([]string{
		" 前后空白\t", "一行\n二行", "一行\r\n二行\r", "=1+1", "+86", "-", "@SUM(A1)", "'=1", "''", "\t=1", "㎡", "１２３", "ﾃｽﾄ", "①", "ﬁ", "\u00a0", "\u3000全角空白\u3000",
		"\u200b零宽\ufeff", "\x00", "\x01\x1f", "\x7f\u0085", "_x000D_", "_x005F_x0041_", "&lt;b>&amp;\"", "10", "2018-04-18", "1E5", "TRUE", "#REF!",
		`\`, `\|`, `|\`, `\|a|\`, `\u{d}`, `\\u{41}`, "、；=", "（）", "\u2028\u2029", "😀", "e\u0301", "한", "\ufffe\uffff", `""`, "a,b;c\td",
	}),
	rapid.String(),
	rapid.StringN(0, 400, -1),
)

// TestWhatIsWrittenIsRead writes facts into files and reads them back: whatever a
// text holds, both forms of file keep it.
func TestWhatIsWrittenIsRead(t *testing.T) {
	form := domain.Forms()["exchange"]
	rapid.Check(t, func(t *rapid.T) {
		facts := exchange.Facts{Facts: record.Facts{
			District: "district-", Kinds: []record.Kind{"rotation"}, Mode: record.Offline, Title: text(t), Remark: text(t),
			Subjects: []record.Word{{Text: hostile.Draw(t, "subject")}, {Text: "b", Code: "c"}}, Level: hostile.Draw(t, "level"),
			Evidence: []seal.Text{text(t), text(t)}, Course: []record.ReportedStep{{Verb: "completed", Occurred: "day:2018-04-18", Step: record.Step{Note: text(t)}}},
		}, Start: "day:2018-04-18", End: "month:2018-06"}
		stored, err := event.Marshal(facts)
		if err != nil {
			t.Fatal(err)
		}
		row, err := form.Row(tabular.Record{Key: "exchange-1", Progress: record.Progress{Occurred: "day:2018-04-18"}, Facts: stored}, unnamed{})
		if err != nil {
			t.Fatal(err)
		}
		var header []string
		for _, c := range form.Columns {
			header = append(header, c.Header)
		}
		table := sheet.Table{Name: "交流轮岗名册", Title: "Twinledger", Header: header, Rows: rowsOf(row)}
		var book, text bytes.Buffer
		if err := errors.Join(sheet.WriteWorkbook(&book, []sheet.Table{table}), sheet.WriteCSV(&text, table)); err != nil {
			t.Fatal(err)
		}
		for name, content := range map[string][]byte{"a.xlsx": book.Bytes(), "a.csv": text.Bytes()} {
			read := readBack(t, form, name, content)
			var want, got any = decoded(t, stored), decoded(t, read)
			if diff := cmp.Diff(want, got); diff != "" {
				t.Fatalf("%s (-written +read):\n%s", name, diff)
			}
		}
	})
}

func text(t *rapid.T) seal.Text { return seal.Text{Clear: hostile.Draw(t, "text")} }

// readBack reads the only row of a file as an import does.
func readBack(t *rapid.T, form tabular.Form, name string, content []byte) []byte {
	w, err := sheet.Read(name, content)
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	rows := w.Sheets[0].Rows
	if len(rows) != 3 {
		t.Fatalf("%s has %d rows", name, len(rows))
	}
	cells := map[string]string{}
	for i, cell := range rows[2].Cells {
		cells[rows[1].Cells[i].Text] = cell.Written()
		if w.Form == "csv" {
			cells[rows[1].Cells[i].Text] = tabular.Unquoted(cell.Written())
		}
	}
	said, err := form.Read(cells, unkeyed{})
	if err != nil {
		t.Fatalf("%s: %v in %q", name, err, cells)
	}
	facts, err := event.Marshal(said.Facts)
	if err != nil {
		t.Fatal(err)
	}
	return bytes.Replace(facts, []byte(`"district":""`), []byte(`"district":"district-"`), 1)
}

func decoded(t *rapid.T, raw []byte) any {
	var facts exchange.Facts
	if err := json.Unmarshal(raw, &facts); err != nil {
		t.Fatal(err)
	}
	return facts
}

// nobody names nothing.
type nobody struct{}

func (nobody) School(string) string    { return "" }
func (nobody) Community(string) string { return "" }
func (nobody) District(string) string  { return "" }

type unnamed struct{ nobody }

func (unnamed) Person(string) (name, school string, ok bool)    { return "", "", false }
func (unnamed) Open(seal.Sealed, string, string) (string, bool) { return "", false }

type unkeyed struct{ nobody }

func (unkeyed) Person(string, string) string { return "" }
func (unkeyed) Record(former string) string  { return former }

// rowsOf returns rows that are there already.
func rowsOf(rows ...[]string) iter.Seq2[[]string, error] {
	return func(yield func([]string, error) bool) {
		for _, row := range rows {
			if !yield(row, nil) {
				return
			}
		}
	}
}

// TestALongTextIsNotCut refuses a workbook that could not hold a text, and writes
// it as CSV.
func TestALongTextIsNotCut(t *testing.T) {
	long := strings.Repeat("長", sheet.MostCellUnits)
	table := func(text string) sheet.Table {
		return sheet.Table{Name: "会议登记", Title: "会议", Header: []string{"序号", "内容"}, Rows: rowsOf([]string{"1", "短"}, []string{"2", text})}
	}
	var out bytes.Buffer
	if err := sheet.WriteWorkbook(&out, []sheet.Table{table(long)}); err != nil {
		t.Fatal(err)
	}
	w, err := sheet.Read("a.xlsx", out.Bytes())
	if err != nil || w.Sheets[0].Rows[3].Cells[1].Text != long {
		t.Fatalf("%v: the longest text that fits was not kept", err)
	}
	for _, tooLong := range []string{long + "一", strings.Repeat("😀", sheet.MostCellUnits/2+1)} {
		err := sheet.WriteWorkbook(&out, []sheet.Table{table(tooLong)})
		refused, ok := fault.As(err)
		if want := (fault.Place{Sheet: "会议登记", Row: 4, Column: "内容"}); !ok || !errors.Is(err, sheet.ErrCellTooLong) || refused.Place != want {
			t.Errorf("got %v", err)
		}
		out.Reset()
		if err := sheet.WriteCSV(&out, table(tooLong)); err != nil {
			t.Fatal(err)
		}
		if w, err := sheet.Read("a.csv", out.Bytes()); err != nil || w.Sheets[0].Rows[3].Cells[1].Text != tooLong {
			t.Errorf("%v: CSV did not keep the text", err)
		}
	}
}

// TestBundle reads a folder of CSV files as one workbook.
func TestBundle(t *testing.T) {
	content, err := sheet.Bundle([]sheet.File{{Name: "lessons.csv", Content: []byte("日期,类别\n2018,示范课")}, {Name: "empty.csv"}, {Name: "visits.csv", Content: []byte("日期\n2019")}})
	if err != nil {
		t.Fatal(err)
	}
	w, err := sheet.Read("folder", content)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, s := range w.Sheets {
		names = append(names, s.Name)
	}
	if diff := cmp.Diff([]string{"lessons", "visits"}, names); diff != "" || w.Form != "csv" || w.Sheets[0].Rows[1].Cells[1].Text != "示范课" {
		t.Errorf("%+v", w)
	}
	bad, err := sheet.Bundle([]sheet.File{{Name: "a.csv", Content: []byte("a,\"b\nc")}})
	if err != nil {
		t.Fatal(err)
	}
	_, err = sheet.Read("folder", bad)
	if refused, ok := fault.As(err); !ok || refused.Place.Sheet != "a" || refused.Place.File != "folder" {
		t.Errorf("got %v", err)
	}
}

// TestTemplateOffersItsWords writes a table to fill in whose help is no table.
func TestTemplateOffersItsWords(t *testing.T) {
	tables := []sheet.Table{{Name: "活动台账", Title: "活动台账", Header: reading.Columns(reading.Activity)}}
	choices := []sheet.Choice{{Sheet: "活动台账", Header: reading.ColumnCategory, Words: reading.ColumnChoices(reading.Activity)[reading.ColumnCategory]}}
	var first, second bytes.Buffer
	for _, out := range []*bytes.Buffer{&first, &second} {
		if err := sheet.WriteTemplate(out, tables, sheet.Help{Name: "填写说明", Title: reading.HelpTitle, Lines: [][]string{{"日期", "类别"}}}, choices); err != nil {
			t.Fatal(err)
		}
	}
	if !bytes.Equal(first.Bytes(), second.Bytes()) {
		t.Error("the same template has other bytes")
	}
	w, err := sheet.Read("t.xlsx", first.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	found, problems := reading.Tables(w)
	if len(found) != 1 || len(problems) > 0 {
		t.Errorf("%d tables, %v", len(found), problems)
	}
	if w.Sheets[1].Rows[2].Cells[3].Text != choices[0].Words[0] {
		t.Errorf("the words are not beside the help: %+v", w.Sheets[1].Rows[2])
	}
}
