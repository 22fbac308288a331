package intake_test

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"twinledger/domain"
	"twinledger/domain/event"
	"twinledger/domain/fault"
	"twinledger/domain/intake"
	"twinledger/domain/intake/reading"
	"twinledger/domain/intake/reading/readingtest"
	"twinledger/domain/org"
)

// countyNames are what the registers are called whose tables a random workbook has.
var countyNames = map[string]string{
	"lesson": "课例登记", "recognition": "证书与认定登记", "exchange": "交流轮岗", "inspection": "检查登记", "rectification": "整改登记",
	"school": "学校", "community": "共同体", "person": "人员",
}

var countyForms = domain.Forms()

// countyImporter starts the program anew, with all registers and a directory.
func (o *testLedger) countyImporter(t *testing.T) *intake.Importer {
	t.Helper()
	im := o.importer(t, o.log)
	for kind, name := range countyNames {
		im.Forms = append(im.Forms, reading.RegisterForm{Form: countyForms[kind], Name: name})
	}
	im.Directory = org.NewDirectory(ledger, nil)
	learn := func(r event.Record) error { return im.Directory.LearnRecord(r, im.Handler.Registry) }
	if err := event.Walk(t.Context(), o.log, learn); err != nil {
		t.Fatal(err)
	}
	return im
}

// told states all of a report but its token, in words.
func told(r intake.Report, err error) []string {
	out := []string{fmt.Sprint("import ", r.Import, " of ", r.Source), fmt.Sprint("added ", r.Added, ", corrected ", r.Corrected, ", removed ", r.Removed)}
	if err != nil {
		out = append(out, "refused: "+err.Error())
	}
	for _, warning := range r.Warnings {
		out = append(out, "warning: "+warning.Error())
	}
	for _, line := range r.Lines {
		text := fmt.Sprintf("%s!%d %s %s record %q corrects %q", line.Plan.Table.SheetName, line.Plan.Row.Number, line.Plan.Key, line.Outcome, line.Record, line.Corrects)
		text += fmt.Sprint(" ", line.Plan.Outcome, line.Plan.Command(), line.Plan.Occurred(), line.Plan.Unknowns, line.LikelyTwice, line.Part, line.Taken, line.Since, line.First)
		for _, problem := range line.Plan.Problems {
			text += "\n\t" + problem.Error()
		}
		out = append(out, text)
	}
	return out
}

// A side is one row of a random file: its table and what its cells say.
type side struct {
	kind  string
	cells map[string]string
}

// county draws the rows of a file of registers.
func county(t *rapid.T) []side {
	from := func(name string, values ...string) string { return rapid.SampledFrom(values).Draw(t, name) }
	school := func() string { return from("school", "甲校", "乙校", "丙校") }
	person := func() string { return from("person", "李老师", "王小明") + "（" + school() + "）" }
	var rows []side
	for i := range rapid.IntRange(1, 9).Draw(t, "rows") {
		kind := from("kind", "lesson", "recognition", "recognition", "exchange", "exchange", "inspection", "rectification", "school", "person", "community")
		cells := map[string]string{"记录编号": fmt.Sprintf("%s-0198c1f3-7c10-7000-8000-%012d", kind, i)}
		switch kind {
		case "school":
			cells["名称"], cells["学段"], cells["变更"] = school(), from("stage", "", "小学", "初中"), from("turn", "", "变动=又名；名称=丁校", "变动=更名；日期=2018-01-01；名称=戊校", "变动=并入；日期=2018-01-01；对象=乙校")
			cells["记录编号"] = from("id", "", cells["记录编号"])
		case "community":
			cells["名称"] = from("community", "一小共同体", "二小共同体")
		case "person":
			cells["名称"], cells["学校"] = from("person", "李老师", "王小明"), school()
		default:
			cells["日期"], cells["共同体"] = from("date", "2018-04-18", "2018-04-19", "2018年5月", ""), "一小共同体"
			cells["内容"], cells["派出单位"], cells["接收单位"] = from("content", "课", "王小明的课"), school(), school()
			cells["人员"], cells["数量"], cells["单位"] = person(), from("number", "", "1", "2"), from("measure", "", "节")
			cells["类别"] = map[string]string{"lesson": "示范课", "recognition": "证书", "exchange": "支教", "inspection": "督导", "rectification": "限期整改"}[kind]
			if kind == "exchange" {
				cells["经过"] = from("course", "", "", "步骤=推荐交流轮岗人选\n步骤=申请交流轮岗") // which only the record itself refuses
			}
		}
		rows = append(rows, side{kind, cells})
	}
	for n := range rows {
		for rapid.IntRange(0, 2).Draw(t, "refers") == 0 {
			to := rows[rapid.IntRange(0, len(rows)-1).Draw(t, "to")]
			if cells := rows[n].cells; cells["类别"] != "" && to.cells["类别"] != "" && !strings.Contains(cells["相关记录"], to.cells["记录编号"]) {
				cells["相关记录"] = strings.TrimPrefix(cells["相关记录"]+"、"+to.cells["记录编号"], "、")
			}
		}
		damage(t, rows[n])
	}
	return rows
}

// noise is what spoils a cell, by column.
var noise = [][2]string{
	{"日期", "2018-02-30"}, {"日期", ""}, {"类别", "聚餐"}, {"类别", ""}, {"人员", "王小明"}, {"数量", "约30"}, {"数量", "许多"}, {"单位", "李老师"},
	{"相关记录", "lesson-0198c1f3-7c10-7000-8000-000000000099"}, {"记录编号", ""}, {"记录编号", "lesson-0198c1f3-7c10-7000-8000-000000000000"},
	{"经过", "步骤=报告整改情况；日期=2018-05-01"},
	{"作废", "是"}, {"接收单位", "成员学校"}, {"接收单位", "甲校\u200b"}, {"接收单位", "甲\n校\u3000"}, {"派出单位", "school-0198c1f3-7c10-7000-8000-00000000000a"},
	{"检查事件", "0198c1f3-7c10-7000-8000-000000000099"}, {"内容", "〔密封〕"}, {"名称", ""}, {"名称", "乙校\u3000"},
	{"变更", "变动=认定为；对象=乙校"}, {"变更", "变动=分设；日期=2018-01-01；对象=甲校、乙校"}, {"变更", "变动=并入；日期=2018-01-01；对象=甲校"}, {"变更", "步骤=是"},
}

// damage spoils a row now and then.
func damage(t *rapid.T, row side) {
	for rapid.IntRange(0, 3).Draw(t, "damage") == 0 {
		spoilt := rapid.SampledFrom(noise).Draw(t, "noise")
		row.cells[spoilt[0]] = spoilt[1]
	}
}

// edited draws what becomes of a file.
func edited(t *rapid.T, rows []side) []side {
	var out []side
	for _, row := range rows {
		cells := map[string]string{}
		for column, text := range row.cells {
			cells[column] = text
		}
		copied := side{row.kind, cells}
		switch rapid.SampledFrom([]string{"keep", "keep", "keep", "change", "change", "damage", "renumber", "drop", "twice"}).Draw(t, "edit") {
		case "change":
			cells["内容"], cells["学段"] = "另一课", "高中"
		case "damage":
			damage(t, copied)
		case "renumber":
			cells["记录编号"] = strings.Replace(cells["记录编号"], "0198c1f3", "0198c1f4", 1)
		case "drop":
			continue
		case "twice":
			out = append(out, copied)
		}
		out = append(out, copied)
	}
	return out
}

// countyBook lays rows out in their tables.
func countyBook(name string, rows []side) reading.Workbook {
	var sheets []reading.Sheet
	text := fmt.Sprint(rows)
	for _, kind := range []string{"recognition", "lesson", "rectification", "exchange", "inspection", "school", "community", "person"} {
		headings := []string{"序号"}
		for _, c := range countyForms[kind].Columns {
			headings = append(headings, c.Header)
		}
		headings = append(headings, "变更", "作废")
		s := readingtest.Sheet(len(sheets), countyNames[kind], strings.Join(headings, "|"))
		for _, row := range rows {
			if row.kind != kind {
				continue
			}
			line := reading.PhysicalRow{Number: len(s.Rows) + 1, Cells: []reading.Cell{{Text: fmt.Sprint(len(s.Rows))}}}
			for _, column := range headings[1:] {
				line.Cells = append(line.Cells, reading.Cell{Text: row.cells[column]})
			}
			s.Rows = append(s.Rows, line)
		}
		if len(s.Rows) > 1 {
			sheets = append(sheets, s)
		}
	}
	return reading.Workbook{File: name, Form: "xlsx", Fingerprint: sha256.Sum256([]byte(text)), Sheets: sheets}
}

// answers draws what a clerk says of the questions that a comparison leaves open.
func answers(t *rapid.T, c *intake.Comparison) intake.Decisions {
	var d intake.Decisions
	used := map[string]bool{}
	for _, q := range c.Undecided {
		pick := rapid.IntRange(0, len(q.Candidates)).Draw(t, "became")
		if pick == len(q.Candidates) || used[q.Candidates[pick].Row.Key] {
			d.Removed = append(d.Removed, q.Row.Key)
			continue
		}
		used[q.Candidates[pick].Row.Key] = true
		d.Pairs = append(d.Pairs, intake.Pair{Old: q.Row.Key, New: q.Candidates[pick].Row.Key})
	}
	return d
}

// choices draws what a clerk says of the questions about a file.
func choices(t *rapid.T, asked []reading.Question) map[string]string {
	given := map[string]string{}
	for _, q := range asked {
		if q.Open() {
			given[q.Key] = rapid.SampledFrom(q.Choices).Draw(t, "choice").Letter
		}
	}
	return given
}

// foreseen imports a file first in a dry run and then truly, by the same program,
// and fails the test when the report of the one is not that of the other.
func (o *testLedger) foreseen(t *testing.T, rt *rapid.T, w reading.Workbook, options intake.Options) (intake.Report, error) {
	t.Helper()
	im := o.countyImporter(t)
	before := len(o.records(t))
	options.DryRun = true
	said, saidErr := im.Import(t.Context(), w, options)
	if len(o.records(t)) != before || said.Token != "" {
		rt.Fatalf("the dry run wrote %d records", len(o.records(t))-before)
	}
	options.DryRun = false
	done, doneErr := im.Import(t.Context(), w, options)
	if saidErr == nil && errors.Is(doneErr, reading.ErrOpenQuestions) {
		if diff := cmp.Diff(said.Questions, done.Questions); diff != "" || reading.Stopping(said.Questions) == nil {
			rt.Fatalf("asked otherwise (-dry +real):\n%s", diff)
		}
		return done, doneErr
	}
	if saidErr == nil && errors.Is(doneErr, intake.ErrUndecided) {
		if diff := cmp.Diff(said.Comparison, done.Comparison); diff != "" || said.Comparison.Unanswered() == nil {
			rt.Fatalf("compared otherwise (-dry +real):\n%s", diff)
		}
		return done, doneErr
	}
	if diff := cmp.Diff(told(said, saidErr), told(done, doneErr)); diff != "" {
		rt.Fatalf("said otherwise than done (-dry +real):\n%s", diff)
	}
	if diff := cmp.Diff(said.Comparison, done.Comparison); diff != "" {
		rt.Fatalf("compared otherwise (-dry +real):\n%s", diff)
	}
	return done, doneErr
}

// TestADryRunIsTheImportItself: whatever a file says and whatever is wrong with it,
// the dry run reports of every row what the import then does, record ids and totals
// included; of a corrected file too, after what the clerk says of it.
func TestADryRunIsTheImportItself(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		o := newTestLedger(t)
		var rows []side
		name := rapid.SampledFrom([]string{"register", "record"}).Draw(rt, "workbook")
		records := func() reading.Workbook {
			var lines [][]string
			for range rapid.IntRange(1, 6).Draw(rt, "lines") {
				row := drawRow(rt)
				if rapid.IntRange(0, 4).Draw(rt, "spoilt") == 0 {
					row[rapid.IntRange(0, len(row)-1).Draw(rt, "column")] = rapid.SampledFrom([]string{"", "2018年2月30日", "聚餐", "许多", "李老师、王老师", "李老师"}).Draw(rt, "noise")
				}
				lines = append(lines, row)
			}
			return bookOf(fmt.Sprint(lines), lines, func(i int) string { return fmt.Sprint(i + 1) })
		}
		next := func() reading.Workbook {
			if name == "record" {
				return records()
			}
			if rows == nil {
				rows = county(rt)
			} else {
				rows = edited(rt, rows)
			}
			return countyBook("county.xlsx", rows)
		}
		for range 3 {
			w, options := next(), intake.Options{Source: "另一台账"}
			if len(w.Sheets) > 0 {
				options.Sheet = w.Sheets[0].Name
				switch rapid.IntRange(0, 19).Draw(rt, "choice") {
				case 0:
					options.Rows = "2"
				case 1:
					options.Hold = []string{"2"}
				case 2, 3:
					options.Again = []string{"2"}
				}
			}
			report, err := o.foreseen(t, rt, w, options)
			if errors.Is(err, reading.ErrOpenQuestions) {
				options.Answers = choices(rt, report.Questions)
				report, err = o.foreseen(t, rt, w, options)
			}
			if errors.Is(err, intake.ErrUndecided) && report.Comparison != nil {
				options.Decisions = answers(rt, report.Comparison)
				_, err = o.foreseen(t, rt, w, options)
			}
			if _, refused := fault.As(err); err != nil && !refused {
				rt.Fatal(err)
			}
		}
	})
}
