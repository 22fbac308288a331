package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// headingOfUndone is the heading of the files of these tests.
const headingOfUndone = "序号,日期,共同体,类别,形式,内容,学科,派出单位,接收单位,人员,数量,单位,佐证材料,备注"

// undoCases are files that are imported, followed by the one whose import is undone: then
// everything that stands says what it said before that last one.
var undoCases = []struct {
	name   string
	former []string   // rows of a file of the same source before it; none when there was none
	file   []string   // rows of the file that is undone
	args   []string   // further arguments of its import
	also   [][]string // files of other sources, imported before both
}{
	{name: "a first file", file: []string{"1,2018-03-05,青山教共体,示范课,送课,荷花,语文,明德小学,张湾小学,王小明,1,节,照片,", "2,2018-03-06,,无此类别,,,,明德小学,张湾小学,,1,节,,"}},
	{name: "rows changed, gone and new",
		former: []string{"1,2018-03-05,青山教共体,示范课,送课,荷花,语文,明德小学,张湾小学,王小明,1,节,照片,", "2,2018-03-06,青山教共体,示范课,送课,秋天,语文,明德小学,张湾小学,王小明,1,节,,", "3,2018-03-07,青山教共体,走访,,家访,,明德小学,张湾小学,,2,次,,"},
		file:   []string{"1,2018-03-05,青山教共体,示范课,送课,荷花,语文,明德小学,张湾小学,王小明,2,节,照片,", "3,2018-03-07,青山教共体,走访,,家访,,明德小学,张湾小学,,2,次,,", "4,2018-03-09,青山教共体,示范课,送课,春,数学,明德小学,石桥小学,李小红,1,节,,"}, args: []string{"--removed", "3"}},
	{name: "another kind of record",
		former: []string{"1,2018-03-05,青山教共体,示范课,送课,荷花,语文,明德小学,张湾小学,王小明,1,节,照片,"},
		file:   []string{"1,2018-03-05,青山教共体,走访,,荷花,语文,明德小学,张湾小学,王小明,1,次,照片,"}, args: []string{"--pair", "2=2"}},
	{name: "a held row is put right",
		former: []string{"1,2018-13-05,青山教共体,示范课,送课,荷花,语文,明德小学,张湾小学,王小明,1,节,,"},
		file:   []string{"1,2018-03-05,青山教共体,示范课,送课,荷花,语文,明德小学,张湾小学,王小明,1,节,,"}, args: []string{"--pair", "2=2"}},
	{name: "a held row is gone",
		former: []string{"1,2018-13-05,青山教共体,示范课,送课,荷花,语文,明德小学,张湾小学,王小明,1,节,,", "2,2018-03-06,青山教共体,示范课,送课,秋天,语文,明德小学,张湾小学,王小明,1,节,,"},
		file:   []string{"2,2018-03-06,青山教共体,示范课,送课,秋天,语文,明德小学,张湾小学,王小明,1,节,,"}},
	{name: "another source has one of the rows",
		also: [][]string{{"1,2018-03-05,青山教共体,示范课,送课,荷花,语文,明德小学,张湾小学,王小明,1,节,,"}},
		file: []string{"7,2018-03-05,青山教共体,示范课,送课,荷花,语文,明德小学,张湾小学,王小明,1,节,,", "8,2018-03-06,青山教共体,示范课,送课,秋天,语文,明德小学,张湾小学,王小明,1,节,,"}},
}

// TestUndoImport imports files, undoes the last import, and finds every register as it was
// before it; then it imports that file again, and finds every register as after the first
// time. What is void, and the keys of what was recorded twice, are not compared.
func TestUndoImport(t *testing.T) {
	t.Parallel()
	for _, c := range undoCases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			folder, files := filepath.Join(t.TempDir(), "ledger"), t.TempDir()
			mustRun(t, nil, "-d", folder, "init", "--district", "样例县", "--assume", "2009-2019")
			number := 0
			take := func(rows []string, args ...string) {
				t.Helper()
				number++
				path := filepath.Join(files, fmt.Sprintf("%d.csv", number))
				writeLines(t, path, append([]string{headingOfUndone}, rows...))
				mustRun(t, nil, append(append([]string{"-d", folder, "import"}, args...), path)...)
			}
			for i, rows := range c.also {
				take(rows, "--source", fmt.Sprint("别校", i))
			}
			if c.former != nil {
				take(c.former, "--source", "甲校")
			}
			before := standingIn(t, folder)
			take(c.file, append(c.args, "--source", "甲校")...)
			after := standingIn(t, folder)
			if cmp.Equal(before, after) {
				t.Fatal("the import changes nothing, so that undoing it shows nothing")
			}
			undone := newestImport(t, folder)
			dump := canonicalDump(t, folder)
			mustRun(t, nil, "-d", folder, "imports", "undo", undone, "--reason", "选错了文件", "--dry-run")
			if diff := cmp.Diff(dump, canonicalDump(t, folder)); diff != "" {
				t.Errorf("a dry run wrote (-before +after):\n%s", diff)
			}
			mustRun(t, nil, "-d", folder, "imports", "undo", undone, "--reason", "选错了文件")
			if diff := cmp.Diff(before, standingIn(t, folder)); diff != "" {
				t.Errorf("after undoing it (-before +after):\n%s", diff)
			}
			mustRun(t, nil, "-d", folder, "verify")
			take(c.file, append(c.args, "--source", "甲校")...)
			if diff := cmp.Diff(after, standingIn(t, folder)); diff != "" {
				t.Errorf("after importing it again (-first time +again):\n%s", diff)
			}
			mustRun(t, nil, "-d", folder, "imports", "undo", newestImport(t, folder), "--reason", "又错了")
			if diff := cmp.Diff(before, standingIn(t, folder)); diff != "" {
				t.Errorf("after undoing it once more (-before +after):\n%s", diff)
			}
			mustRun(t, nil, "-d", folder, "verify")
		})
	}
}

// standingIn returns what every register says that stands, and how many rows wait, without
// keys, ordinals and marks of corrections.
func standingIn(t *testing.T, folder string) []string {
	t.Helper()
	var out []string
	for table, rows := range exportedTables(t, folder) {
		for _, row := range rows[2:] { // behind title and heading
			said := []string{table}
			for i, cell := range row {
				if !slices.Contains([]string{"序号", "记录编号", "更正", "入账序号"}, rows[1][i]) {
					said = append(said, cell)
				}
			}
			out = append(out, uuidForm.ReplaceAllString(strings.Join(said, ","), "…"))
		}
	}
	held := strings.Count(mustRun(t, nil, "-d", folder, "list", "held-rows", "--mark", "standing", "--json"), "\n")
	slices.Sort(out)
	return append(out, fmt.Sprint(held, " rows wait"))
}

// newestImport returns the key of the import that began last.
func newestImport(t *testing.T, folder string) string {
	t.Helper()
	var newest struct{ Key string }
	if err := json.NewDecoder(bytes.NewBufferString(mustRun(t, nil, "-d", folder, "imports", "list", "--json"))).Decode(&newest); err != nil {
		t.Fatal(err)
	}
	return newest.Key
}

// isUndone tells whether the import that began last is undone.
func isUndone(t *testing.T, folder string) bool {
	t.Helper()
	newest, _, _ := strings.Cut(mustRun(t, nil, "-d", folder, "imports", "list", "--json"), "\n")
	return strings.Contains(newest, `"stage":"undone"`)
}

// TestUndoRegisters imports the registers of another ledger, whose rows refer to one another,
// undoes that and imports them again: all rows are recorded as the first time.
func TestUndoRegisters(t *testing.T) {
	t.Parallel()
	from, to, table := filepath.Join(t.TempDir(), "from"), filepath.Join(t.TempDir(), "to"), filepath.Join(t.TempDir(), "all.xlsx")
	mustRun(t, nil, "-d", from, "generate", "--schools", "8", "--terms", "1", "--seed", "3")
	mustRun(t, nil, "-d", from, "export", table)
	mustRun(t, nil, "-d", to, "init", "--district", "样例县", "--assume", "2015-2027")
	before := standingIn(t, to)
	mustRun(t, nil, "-d", to, "import", table)
	first := standingIn(t, to)
	for range 2 {
		mustRun(t, nil, "-d", to, "imports", "undo", newestImport(t, to), "--reason", "选错了文件")
		if diff := cmp.Diff(before, standingIn(t, to)); diff != "" {
			t.Fatalf("after undoing it (-before +after):\n%s", diff)
		}
		mustRun(t, nil, "-d", to, "import", table)
		if diff := cmp.Diff(first, standingIn(t, to)); diff != "" {
			t.Fatalf("after importing it again (-first time +again):\n%s", diff)
		}
	}
	mustRun(t, nil, "-d", to, "verify")
}
