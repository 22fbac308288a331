package main

import (
	"bytes"
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

	"pgregory.net/rapid"
)

// messyCells are what schools write into the columns of a file, by column: some of it is read,
// some is kept as it is written, and some holds its row.
var messyCells = map[string][]string{
	"日期":   {"2018-03-05", "2018.4.12", "2018年5月", "4月18日", "2018-03-05、2018-03-12", "3月-5月", "2018年2月30日", "", "20180412", "18.4.9", "上周三"},
	"类别":   {"示范课", "送课", "送教下乡", "走访", "会议", "教研活动", "听课", "示范课、讲座", "无此类别", "赠书"},
	"形式":   {"", "线上", "线下", "送课", "现场观摩"},
	"内容":   {"荷花", "王小明老师示范课", "《秋天》第一课时", "无", "/", "研讨“双减”;总结", "a,b"},
	"学科":   {"", "语文", "数学、英语", "语文/音乐", "小学数学", "全学科", "语文 数学", "无"},
	"派出单位": {"明德小学", "明德小学、石桥小学", "明德", "", "本校", "教育局", "各校"},
	"接收单位": {"张湾小学", "张湾小学/石桥小学", "成员学校", "张湾小学等3所学校", "四校", "", "王家沟教学点"},
	"人员":   {"王小明", "王老师、李老师", "王小明 李小红", "", "李小红等5人", "校长", "赵小强13800138000", "周老师(数学)"},
	"数量":   {"1", "2节", "3人次", "约30", "十余", "2-3", "半天", "", "1.8e+01", "若干"},
	"单位":   {"", "节", "次", "人次"},
	"佐证材料": {"", "照片", "无", "照片、签到表", "王小明教案", "待上传"},
	"备注":   {"", "因雨改期", "见附件", "王小明代课", "-"},
}

var messyColumns = []string{"日期", "类别", "形式", "内容", "学科", "派出单位", "接收单位", "人员", "数量", "单位", "佐证材料", "备注"}

// TestNothingWrittenIsLost imports files of rows that are drawn at random. Whatever becomes of
// a row, all that was written in it is found again: of a recorded one in the exported tables,
// of a held one among the held rows. The report has every row, and the review of the term
// tells of every row that is recorded or held.
func TestNothingWrittenIsLost(t *testing.T) {
	t.Parallel()
	const files, rowsOfEach = 6, 60
	seed := int(time.Now().Unix() % 1_000_000)
	t.Logf("seed %d", seed)
	for n := range files {
		t.Run(fmt.Sprint(n), func(t *testing.T) {
			t.Parallel()
			row := rapid.Custom(func(t *rapid.T) []string {
				var cells []string
				for _, column := range messyColumns {
					cells = append(cells, rapid.SampledFrom(messyCells[column]).Draw(t, column))
				}
				return cells
			})
			rows := rapid.SliceOfN(row, rowsOfEach, rowsOfEach).Example(seed + n)
			l := importMessy(t, rows)
			l.everyRowIsToldOf(t, len(rows))
			for i, cells := range rows {
				l.isFoundAgain(t, i+3, cells)
			}
		})
	}
}

// A messyLedger is what a ledger says after a messy file was imported.
type messyLedger struct {
	report importedFile
	export map[string]string // by the key of a record, its line of the exported table
	held   string            // the held rows, as they are listed
	review string
}

// importMessy imports rows of a community in the second term of 2017-2018 and asks for
// everything.
func importMessy(t *testing.T, rows [][]string) messyLedger {
	t.Helper()
	folder := filepath.Join(t.TempDir(), "ledger")
	must := func(args ...string) string {
		t.Helper()
		var out, told bytes.Buffer
		if code := run(t.Context(), append([]string{"-d", folder}, args...), nil, &out, &told); code != exitDone {
			t.Fatalf("%v ends with %d: %s", args, code, told.String())
		}
		return out.String()
	}
	must("init", "--district", "样例县", "--assume", "2009-2019")
	var file bytes.Buffer
	w := csv.NewWriter(&file)
	lines := append([][]string{{"2017-2018学年第二学期活动台账"}, messyColumns}, rows...)
	if err := w.WriteAll(lines); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "messy.csv")
	if err := os.WriteFile(path, file.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	l := messyLedger{export: map[string]string{}}
	// The questions that stop an import are answered with what leaves most open.
	arguments := []string{"import", "--json", "--source", "甲校", "--set", "共同体=青山教共体", path}
	arguments = append(arguments, cautiousAnswers(t, folder, arguments)...)
	if err := json.Unmarshal([]byte(must(arguments...)), &l.report); err != nil {
		t.Fatal(err)
	}
	for _, rows := range exportedTables(t, folder) {
		for _, row := range rows[2:] { // behind title and heading
			l.export[row[1]] = strings.Join(row, "\x00")
		}
	}
	l.held = must("list", "held-rows", "--names", "--json")
	l.review = must("review", "青山教共体", "2017-2018/2", "--format", "json")
	return l
}

// cautiousAnswers answers each open question of a dry run with its last choice, which holds
// rows or keeps cells as they are written.
func cautiousAnswers(t *testing.T, folder string, arguments []string) []string {
	t.Helper()
	var out bytes.Buffer
	run(t.Context(), append([]string{"-d", folder, "--json"}, append(slices.Clone(arguments), "--dry-run")...), nil, &out, io.Discard)
	var report struct {
		Questions []struct {
			Number  int  `json:"number"`
			Stops   bool `json:"stops"`
			Choices []struct {
				Letter string `json:"letter"`
			} `json:"choices"`
		} `json:"questions"`
	}
	line, _, _ := bytes.Cut(out.Bytes(), []byte("\n"))
	if err := json.Unmarshal(line, &report); err != nil {
		t.Fatalf("%v in %s", err, line)
	}
	var answers []string
	for _, q := range report.Questions {
		if q.Stops && len(q.Choices) > 0 {
			answers = append(answers, "--answer", fmt.Sprintf("%d=%s", q.Number, q.Choices[len(q.Choices)-1].Letter))
		}
	}
	return answers
}

// everyRowIsToldOf checks that the report has every row once, and the review every record and
// held row that lies in its term.
func (l messyLedger) everyRowIsToldOf(t *testing.T, rows int) {
	t.Helper()
	if len(l.report.Rows) != rows {
		t.Errorf("the report has %d rows of %d", len(l.report.Rows), rows)
	}
	for _, row := range l.report.Rows {
		if row.Record == "" {
			continue
		}
		line, there := l.export[row.Record]
		if !there {
			t.Errorf("row %d: %s is not exported", row.Row, row.Record)
		}
		if elsewhere := !strings.Contains(line, "\x002018"); !strings.Contains(l.review, row.Record) && !elsewhere {
			t.Errorf("row %d: the review says nothing of %s", row.Row, row.Record)
		}
	}
}

// isFoundAgain checks that what a row's cells say is found in the exported line of its record,
// or among the held rows.
func (l messyLedger) isFoundAgain(t *testing.T, number int, cells []string) {
	t.Helper()
	i := slices.IndexFunc(l.report.Rows, func(row importedRow) bool { return row.Row == number })
	if i < 0 {
		t.Errorf("row %d is not in the report: %q", number, cells)
		return
	}
	said, where := l.held, "the held rows"
	if row := l.report.Rows[i]; row.Record != "" {
		said, where = l.export[row.Record], row.Record
	} else if row.Outcome != "held" {
		t.Errorf("row %d is %s and has no record", number, row.Outcome)
	}
	for c, column := range messyColumns {
		for _, part := range partsOf(column, cells[c]) {
			if !strings.Contains(plainText(said), plainText(part)) {
				t.Errorf("row %d: %s %q is not found in %s: %q", number, column, part, where, said)
			}
		}
	}
}

// partsOf returns what of a cell must be found again: each name of a list, prose as a whole.
// A date, a number, a unit and a kind have forms of their own in the ledger.
func partsOf(column, cell string) []string {
	switch column {
	case "日期", "类别", "形式", "数量", "单位":
		return nil
	}
	if slices.Contains([]string{"", "无", "/", "-", "待上传"}, cell) {
		return nil
	}
	if column == "内容" || column == "备注" || column == "佐证材料" {
		return []string{cell}
	}
	return strings.FieldsFunc(cell, func(r rune) bool { return strings.ContainsRune("、/ ", r) })
}

// plainText returns a text without what escapes signs and without white space.
func plainText(text string) string {
	return strings.Join(strings.Fields(strings.NewReplacer(`\`, "", `"`, "").Replace(text)), "")
}
