package comparing_test

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"twinledger/domain/intake/comparing"
)

// row makes a row with a number and cells; its identity is that of the cells.
func row(number string, cells ...string) comparing.Row {
	r := comparing.Row{Key: fmt.Sprint(cells), Group: fmt.Sprint(cells), Class: "activity", Number: number, Cells: map[string]string{}, Stands: true}
	for i, text := range cells {
		r.Cells[string(rune('A'+i))] = text
	}
	return r
}

// TestWhichRowsAreTheSame looks at what shows that a row is one of before.
func TestWhichRowsAreTheSame(t *testing.T) {
	a, b, c := row("1", "一", "课", "甲", "乙", "1"), row("2", "二", "课", "甲", "乙", "2"), row("3", "三", "课", "甲", "乙", "3")
	type found struct {
		Changed         [][2]int
		Removed         []int
		Undecided, Open []int
	}
	tests := []struct {
		name        string
		former, now []comparing.Row
		want        found
	}{
		{"nothing", []comparing.Row{a, b}, []comparing.Row{a, b}, found{}},
		{"at the same place, one cell differs", []comparing.Row{a, b, c}, []comparing.Row{row("7", "一", "课", "甲", "乙", "1"), row("8", "二", "课", "甲", "乙", "9"), row("9", "三", "课", "甲", "乙", "3")},
			found{Changed: [][2]int{{1, 1}}}},
		{"at the same place, three cells differ", []comparing.Row{a, b, c}, []comparing.Row{row("7", "一", "课", "甲", "乙", "1"), row("8", "五", "会", "甲", "乙", "9"), row("9", "三", "课", "甲", "乙", "3")},
			found{Undecided: []int{1}, Open: []int{1}}},
		{"the same number at another place", []comparing.Row{a, b, c}, []comparing.Row{a, c, row("2", "二", "会", "甲", "乙", "9")}, found{Changed: [][2]int{{1, 2}}}},
		{"the same number, but most cells differ", []comparing.Row{a, b, c}, []comparing.Row{a, row("2", "五", "会", "甲", "乙", "9"), c}, found{Undecided: []int{1}, Open: []int{1}}},
		{"numbers are kept, so that another number is another row", []comparing.Row{a, b, c}, []comparing.Row{a, b, row("4", "四", "课", "甲", "乙", "3")},
			found{Removed: []int{2}}},
		{"numbers are not kept", []comparing.Row{a, b, c}, []comparing.Row{row("7", "一", "课", "甲", "乙", "1"), row("8", "二", "课", "甲", "乙", "2"), row("9", "四", "课", "甲", "乙", "3")},
			found{Changed: [][2]int{{2, 2}}}},
		{"a row less and nothing else", []comparing.Row{a, b, c}, []comparing.Row{a, c}, found{Removed: []int{1}}},
		{"nothing in common", []comparing.Row{a}, []comparing.Row{row("1", "五", "会", "丙", "丁", "9")}, found{Undecided: []int{0}, Open: []int{0}}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := comparing.New(tt.former, tt.now).Match(comparing.Decided{})
			if diff := cmp.Diff(tt.want, found{got.Changed, got.Removed, got.Undecided, got.Open}); diff != "" {
				t.Errorf("found (-want +got):\n%s", diff)
			}
		})
	}
}

// TestAnAddedColumnAsksNothing: rows that are equal in all other columns are the same rows.
func TestAnAddedColumnAsksNothing(t *testing.T) {
	var former, now []comparing.Row
	for _, text := range []string{"一", "二", "三"} {
		former = append(former, row("", text, "课", "甲"))
		now = append(now, row("", text, "课", "甲", "备注"+text))
	}
	got := comparing.New(former, now).Match(comparing.Decided{})
	if diff := cmp.Diff([][2]int{{0, 0}, {1, 1}, {2, 2}}, got.Changed); diff != "" || len(got.Undecided)+len(got.Removed) > 0 {
		t.Errorf("%+v, changed (-want +got):\n%s", got, diff)
	}
}

// TestEveryFormerRowIsAccountedFor: each is unchanged, changed, removed or undecided, once, and
// no row of the file stands for two.
func TestEveryFormerRowIsAccountedFor(t *testing.T) { rapid.Check(t, everyFormerRowIsAccountedFor) }

// FuzzMatch looks for files that break the same.
func FuzzMatch(f *testing.F) { f.Fuzz(rapid.MakeFuzz(everyFormerRowIsAccountedFor)) }

func everyFormerRowIsAccountedFor(t *rapid.T) {
	draw := func(name string) []comparing.Row {
		var rows []comparing.Row
		equal := map[string]int{}
		for range rapid.IntRange(0, 8).Draw(t, name) {
			from := func(values ...string) string { return rapid.SampledFrom(values).Draw(t, "cell") }
			r := row(from("", "1", "2", "3"), from("一", "二", "三"), from("课", "会"), from("甲", ""), from("1", "2"))
			r.Class, r.Stands = from("activity", "activity", "roster"), from("yes", "yes", "no") == "yes"
			r.Group = r.Class + r.Group
			equal[r.Group]++
			r.Key = fmt.Sprint(r.Group, equal[r.Group])
			if from("read", "read", "read", "sealed") == "sealed" {
				r.Cells = nil
			}
			rows = append(rows, r)
		}
		return rows
	}
	former, now := draw("former"), draw("now")
	for i := range now {
		now[i].Behind = rapid.IntRange(0, 5).Draw(t, "behind") == 0
	}
	m := comparing.New(former, now)
	decided := comparing.Decided{RestRemoved: rapid.IntRange(0, 4).Draw(t, "rest removed") == 0, RestAdded: rapid.IntRange(0, 4).Draw(t, "rest added") == 0}
	got := m.Match(decided)
	count, used := make([]int, len(former)), make([]int, len(now))
	for _, p := range got.Changed {
		count[p[0]]++
		used[p[1]]++
		if former[p[0]].Class != now[p[1]].Class {
			t.Fatalf("row %d of %s became one of %s", p[0], former[p[0]].Class, now[p[1]].Class)
		}
	}
	for _, i := range append(append([]int(nil), got.Removed...), got.Undecided...) {
		count[i]++
	}
	keys := map[string]bool{}
	for _, r := range now {
		keys[r.Key] = true
	}
	unchanged := 0
	for i, r := range former {
		if keys[r.Key] {
			unchanged++
			count[i]++
		}
		left := decided.RestAdded && !decided.RestRemoved && count[i] == 0 // it stays as it is
		if count[i] != 1 && !left {
			t.Fatalf("former row %d is accounted for %d times: %+v", i, count[i], got)
		}
	}
	for j, n := range used {
		if n > 1 {
			t.Fatalf("row %d stands for %d former rows", j, n)
		}
	}
	if unchanged != got.Unchanged {
		t.Fatalf("%d rows are unchanged, said %d", unchanged, got.Unchanged)
	}
	for _, i := range got.Undecided {
		for _, j := range m.Candidates(i) {
			if used[j] > 0 || now[j].Class != former[i].Class {
				t.Fatalf("row %d is offered for %d", j, i)
			}
		}
	}
}
