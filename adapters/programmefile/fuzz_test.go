package programmefile_test

import (
	"errors"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"twinledger/adapters/programmefile"
	"twinledger/domain/fault"
)

// FuzzParse holds that no file ends the program: either the tree passes Check,
// or every fault is complete and lies inside the file.
func FuzzParse(f *testing.F) {
	f.Add([]byte(small))
	for _, plan := range programmefile.Builtin() {
		f.Add(plan.Content)
	}
	for _, s := range []string{"", "a: &x [*x]\n", "- - - a\n", "? a\n: b\n", "a: |\n  b\n", "{a, b: [c: d]}", "\"\\u00e9\": '", "---\n...\n", "\xff\xfe", "a:\r\n\tb"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, content []byte) {
		tree, err := programmefile.Parse("plan.yaml", content)
		if err == nil {
			if checked := tree.Check(); checked != nil {
				t.Fatalf("accepted, but Check says: %v", checked)
			}
			again, err := programmefile.Parse("plan.yaml", content)
			if err != nil || !cmp.Equal(tree, again) {
				t.Fatalf("the same file reads differently: %v", err)
			}
			return
		}
		text := strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(strings.TrimPrefix(string(content), "\uFEFF"))
		rows := strings.Split(text, "\n")
		for _, e := range faults(t, err) {
			checkFault(t, e, rows)
		}
	})
}

func checkFault(t *testing.T, f *fault.Error, rows []string) {
	t.Helper()
	if f.Kind != fault.Invalid || f.ZH == "" || f.EN == "" || f.Place.File != "plan.yaml" {
		t.Fatalf("incomplete fault %+v", f)
	}
	if errors.Is(f, programmefile.ErrTooLarge) {
		return
	}
	column, err := strconv.Atoi(f.Place.Column)
	if err != nil || f.Place.Line < 1 || f.Place.Line > len(rows) || column < 1 {
		t.Fatalf("%s lies nowhere: %+v", f.Code, f.Place)
	}
	if column > len([]rune(rows[f.Place.Line-1]))+1 {
		t.Fatalf("%s lies behind the end of its line: %+v", f.Code, f.Place)
	}
}
