package main

import (
	"bytes"
	"context"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"

	"twinledger/domain"
	"twinledger/domain/event"
	"twinledger/domain/seal"
	"twinledger/projections/registers"
)

// TestExportImportsWithoutLoss writes every register of a made-up county and
// takes the file in at an empty ledger, which then says the same. The county is
// small; TWINLEDGER_TEST_COUNTY=300x4 makes it one of 300 schools and 4 terms.
func TestExportImportsWithoutLoss(t *testing.T) {
	t.Parallel()
	schools, terms := 40, 2
	if size := os.Getenv("TWINLEDGER_TEST_COUNTY"); size != "" {
		if _, err := fmt.Sscanf(size, "%dx%d", &schools, &terms); err != nil {
			t.Fatal(err)
		}
	}
	at := t.TempDir()
	county, copied, file := filepath.Join(at, "county"), filepath.Join(at, "copy"), filepath.Join(at, "county.xlsx")
	mustRun(t, nil, "-d", county, "generate", "--schools", fmt.Sprint(schools), "--terms", fmt.Sprint(terms), "--seed", "9")
	mustRun(t, nil, "-d", county, "export", file)
	mustRun(t, nil, "-d", copied, "init", "--district", "另一县")
	copyCalendars(t, county, copied)
	out := mustRun(t, nil, "-d", copied, "import", "-q", file)
	if !strings.Contains(out, "暂挂 held 0") {
		t.Fatalf("rows were held:\n%s", out)
	}
	want, got := said(t, county), said(t, copied)
	for register := range want {
		if diff := cmp.Diff(want[register], got[register]); diff != "" {
			t.Errorf("%s (-exported +imported):\n%.3000s", register, diff)
		}
	}
	sameReviews(t, county, copied)
	if again := mustRun(t, nil, "-d", copied, "import", "-q", file); !strings.Contains(again, "新增 added 0") {
		t.Errorf("imported again:\n%s", again)
	}
}

// exportedTables returns the tables that a ledger is exported as, by their file names: of each a
// title, a heading and the rows.
func exportedTables(t *testing.T, folder string) map[string][][]string {
	t.Helper()
	to := filepath.Join(t.TempDir(), "tables")
	if _, told, code := runHere(t, "", "-d", folder, "export", to); code != exitDone {
		t.Fatalf("export: %s", told)
	}
	files, err := filepath.Glob(filepath.Join(to, "*.csv"))
	if err != nil || len(files) == 0 {
		t.Fatalf("%d tables, %v", len(files), err)
	}
	tables := map[string][][]string{}
	for _, file := range files {
		tables[filepath.Base(file)] = tableIn(t, file)
	}
	return tables
}

// tableIn returns all rows of an exported CSV file.
func tableIn(t *testing.T, file string) [][]string {
	t.Helper()
	content, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	reader := csv.NewReader(bytes.NewReader(content))
	reader.FieldsPerRecord = -1
	rows, err := reader.ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	return rows
}

// copyCalendars publishes one county's school years in another, which has none: a
// calendar is no register, and without it no day lies in a term.
func copyCalendars(t *testing.T, from, to string) {
	t.Helper()
	streams := func(folder, kind string) []string {
		var keys []string
		for line := range strings.Lines(mustRun(t, nil, "-d", folder, "journal", "--json", "--type", kind)) {
			var e struct{ Stream string }
			if err := json.Unmarshal([]byte(line), &e); err != nil {
				t.Fatal(err)
			}
			keys = append(keys, e.Stream)
		}
		return keys
	}
	former, now := streams(from, "district.registered")[0], streams(to, "district.registered")[0]
	for _, key := range streams(from, "calendar.published") {
		var shown struct{ Facts json.RawMessage }
		if err := json.Unmarshal([]byte(mustRun(t, nil, "-d", from, "correct", key, "--show")), &shown); err != nil {
			t.Fatal(err)
		}
		facts := strings.ReplaceAll(string(shown.Facts), former, now)
		mustRun(t, strings.NewReader(`{"command": "calendar.publish", "data": `+facts+`}`), "-d", to, "record", "-")
	}
}

// sameReviews holds the figures of both terms' reviews of every community to be
// the same in two ledgers: what was only applied for, due or refused in one counts
// in neither.
func sameReviews(t *testing.T, folders ...string) {
	t.Helper()
	var names []string
	for line := range strings.Lines(mustRun(t, nil, "-d", folders[0], "communities", "list", "--json")) {
		var community struct {
			Name string `json:"name"`
		}
		if err := json.Unmarshal([]byte(line), &community); err != nil {
			t.Fatal(err)
		}
		names = append(names, community.Name)
	}
	for _, name := range names[:min(len(names), 4)] {
		for _, term := range []string{"2016-2017/1", "2016-2017/2"} {
			var figures [2]any
			for i, folder := range folders {
				figures[i] = figuresOf(t, mustRun(t, nil, "-d", folder, "review", name, term, "--programme", "county-1plusn", "--format", "json"))
			}
			if diff := cmp.Diff(figures[0], figures[1]); diff != "" {
				t.Errorf("%s %s (-exported +imported):\n%.3000s", name, term, diff)
			}
		}
	}
}

// figuresOf returns a review's figures, without what names a ledger's own events.
func figuresOf(t *testing.T, review string) any {
	t.Helper()
	var r struct {
		Parties []struct {
			Role, Since, Until string
		}
		Obligations []struct {
			ID      string
			Results []struct {
				Status          string
				Achieved, Short int
			}
		}
		Counts []struct {
			Kind                  any
			Measure, Total, Bound string
			Records               int
			Numbered, Unnumbered  int
		}
		Registers []struct {
			Kind    string
			Entries []struct {
				Occurred, Start, End string
			}
		}
		NotTakenPlace []struct{ Kind string } `json:"not_taken_place"`
	}
	if err := json.NewDecoder(strings.NewReader(review)).Decode(&r); err != nil {
		t.Fatal(err)
	}
	for _, register := range r.Registers {
		slices.SortFunc(register.Entries, func(a, b struct{ Occurred, Start, End string }) int {
			return strings.Compare(a.Occurred+a.Start+a.End, b.Occurred+b.Start+b.End)
		})
	}
	slices.SortFunc(r.NotTakenPlace, func(a, b struct{ Kind string }) int { return strings.Compare(a.Kind, b.Kind) })
	slices.SortFunc(r.Parties, func(a, b struct{ Role, Since, Until string }) int {
		return strings.Compare(a.Role+a.Since+a.Until, b.Role+b.Since+b.Until)
	})
	return r
}

// said returns what every register of a ledger says, with names for keys, sorted:
// so that two ledgers can be compared.
func said(t *testing.T, folder string) map[string][]string {
	t.Helper()
	ctx := context.Background()
	p := &program{strings.NewReader(""), io.Discard, io.Discard, time.Now, folder, "clerk", false}
	o, err := p.openToRead(ctx)
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := o.Close(); err != nil {
			t.Error(err)
		}
	}()
	d, err := p.directoryOf(ctx, o)
	if err != nil {
		t.Fatal(err)
	}
	e := exporter{ctx: ctx, p: p, o: o}
	if e.question.District, err = o.District(ctx, ""); err != nil {
		t.Fatal(err)
	}
	n := keyless{t, newExportNames(ctx, o, d, e.question.District)}
	out := map[string][]string{}
	for _, register := range registers.Exported() {
		lines, err := e.lines(register)
		if err != nil {
			t.Fatal(err)
		}
		for _, line := range lines {
			facts, err := event.Marshal(line.Stated)
			if err != nil {
				t.Fatal(err)
			}
			var document map[string]any
			if err := json.Unmarshal(facts, &document); err != nil {
				t.Fatal(err)
			}
			delete(document, "source")
			delete(document, "course")
			if told := domain.Workflows()[line.Kind].AsReportedSteps(line.Progress); len(told) > 0 {
				document["course"] = plain(t, told)
			}
			document["occurred"] = line.Progress.Occurred
			var changes []any
			for _, change := range line.Changes {
				change.ID = ""
				changes = append(changes, plain(t, change))
			}
			document["changes"] = changes
			text, err := json.MarshalIndent(n.without(document, line.Key, ""), "", " ")
			if err != nil {
				t.Fatal(err)
			}
			out[register.Name] = append(out[register.Name], string(text))
		}
		slices.Sort(out[register.Name])
	}
	return out
}

// plain returns a value as its JSON decodes.
func plain(t *testing.T, value any) any {
	t.Helper()
	b, err := event.Marshal(value)
	if err != nil {
		t.Fatal(err)
	}
	var out any
	if err := json.Unmarshal(b, &out); err != nil {
		t.Fatal(err)
	}
	return out
}

// keyless lays names over keys and opens what is sealed.
type keyless struct {
	t     *testing.T
	names *exportNames
}

func (k keyless) without(value any, stream, field string) any {
	switch v := value.(type) {
	case map[string]any:
		if sealed, is := v["sealed"]; is {
			return map[string]any{"clear": k.open(sealed, stream, field)}
		}
		for name, inner := range v {
			v[name] = k.without(inner, stream, name)
		}
	case []any:
		for i, inner := range v {
			v[i] = k.without(inner, stream, field)
		}
	case string:
		return k.name(v)
	}
	return value
}

func (k keyless) name(text string) string {
	kind := event.StreamKind(text)
	if id, prefixed := strings.CutPrefix(text, kind+"-"); !prefixed || !event.IsID(id) {
		if event.IsID(text) {
			return "an event"
		}
		return text
	}
	switch kind {
	case "school", "community":
		return k.names.School(text)
	case "person":
		name, school, _ := k.names.Person(text)
		return name + "（" + school + "）"
	}
	return "a " + kind
}

func (k keyless) open(value any, stream, field string) string {
	b, err := event.Marshal(value)
	if err != nil {
		k.t.Fatal(err)
	}
	var sealed seal.Sealed
	if err := json.Unmarshal(b, &sealed); err != nil {
		k.t.Fatal(err)
	}
	for _, place := range []string{field, strings.TrimSuffix(field, "s"), "reason", "note", "findings", "finding"} {
		if clear, ok := k.names.Open(sealed, stream, place); ok {
			return clear
		}
	}
	k.t.Fatalf("%s of %s cannot be opened", field, stream)
	return ""
}

// TestTemplateImportsAsFilledIn fills in the template as a person would, with real
// dates and numbers, and takes it in as it is.
func TestTemplateImportsAsFilledIn(t *testing.T) {
	t.Parallel()
	at := t.TempDir()
	folder, file := filepath.Join(at, "county"), filepath.Join(at, "filled.xlsx")
	mustRun(t, nil, "template", file)
	book, err := excelize.OpenFile(file)
	if err != nil {
		t.Fatal(err)
	}
	day := time.Date(2018, 4, 18, 0, 0, 0, 0, time.UTC)
	fill(t, book, "活动台账", map[string]any{"日期": day, "共同体": "一小教育共同体", "类别": "讲座", "形式": "线下", "内容": "课程标准解读",
		"派出单位": "第一小学", "接收单位": "第二小学", "数量": 1, "单位": "场"})
	fill(t, book, "学校名册", map[string]any{"学校": "第二小学", "学段": "小学", "城乡": "乡村"})
	fill(t, book, "课例登记", map[string]any{"记录编号": "甲1", "日期": day, "共同体": "一小教育共同体", "类别": "示范课、送课", "形式": "线下", "内容": "六年级数学示范课",
		"学科": "数学", "派出单位": "第一小学", "接收单位": "第二小学", "人员": "李老师（第一小学）", "数量": 2, "单位": "节"})
	fill(t, book, "证书与认定登记", map[string]any{"日期": day, "共同体": "一小教育共同体", "类别": "证书", "内容": "示范课证书", "人员": "李老师（第一小学）", "相关记录": "甲1",
		"派出单位": "第一小学", "数量": 1, "单位": "份"})
	fill(t, book, "学校", map[string]any{"名称": "第一小学", "学段": "小学", "城乡": "城区", "变更": "变动=更名；日期=2019-09-01；名称=实验小学"})
	if err := book.Save(); err != nil {
		t.Fatal(err)
	}
	mustRun(t, nil, "-d", folder, "init", "--district", "样例县")
	out := mustRun(t, nil, "-d", folder, "import", file)
	for _, wrong := range []string{"注意 note", "未读", "封存", "暂挂 →", "["} {
		if strings.Contains(out, wrong) {
			t.Errorf("%q in:\n%s", wrong, out)
		}
	}
	if !strings.Contains(out, "合计 total 5 行 rows") || !strings.Contains(out, "暂挂 held 0") {
		t.Errorf("not every row was taken:\n%s", out)
	}
	lessons := mustRun(t, nil, "-d", folder, "list", "lessons", "--csv")
	if !strings.Contains(lessons, "2018-04-18") || !strings.Contains(lessons, "李老师（第一小学）") && !strings.Contains(lessons, "李老师（实验小学）") {
		t.Errorf("the lesson reads:\n%s", lessons)
	}
	if schools := mustRun(t, nil, "-d", folder, "list", "schools"); !strings.Contains(schools, "2019-09-01更名为实验小学") {
		t.Errorf("the schools read:\n%s", schools)
	}
}

// fill writes a row under the headings of a sheet.
func fill(t *testing.T, book *excelize.File, sheet string, cells map[string]any) {
	t.Helper()
	rows, err := book.GetRows(sheet)
	if err != nil {
		t.Fatal(err)
	}
	for header, value := range cells {
		column := slices.Index(rows[1], header)
		if column < 0 {
			t.Fatalf("%s has no column %s in %q", sheet, header, rows[1])
		}
		cell, err := excelize.CoordinatesToCellName(column+1, len(rows)+1)
		if err != nil {
			t.Fatal(err)
		}
		if err := book.SetCellValue(sheet, cell, value); err != nil {
			t.Fatal(err)
		}
	}
}
