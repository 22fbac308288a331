package intake_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"twinledger/domain/intake"
)

// TestAnotherClerkContinuesAnImport breaks an import off at every append and lets
// another actor import the file again: ids follow from the rows, so that nothing is
// taken for another's command and nothing stands twice.
func TestAnotherClerkContinuesAnImport(t *testing.T) {
	book := table("一",
		"1|2018-04-18|甲共同体|示范课||李老师的课|语文|甲|乙|李老师|1|节",
		"2|2018年2月30日|乙共同体|会议||会||甲|乙",
		"3|2018-04-19|甲共同体|交流轮岗||支教|语文|甲|乙|李老师|1|人")
	anybody := func(content []string) (out []string) {
		for _, record := range content {
			out = append(out, strings.Replace(record, `"actor":"colleague"`, `"actor":"clerk"`, 1))
		}
		return out
	}
	whole := newTestLedger(t)
	whole.imports(t, "甲校", book)
	want := whole.content(t)
	for n := 1; n < len(want); n++ {
		for _, store := range []bool{false, true} {
			o := newTestLedger(t)
			if _, err := o.importer(t, &failingLog{o.log, n, store}).Import(t.Context(), book, intake.Options{Source: "甲校"}); !errors.Is(err, errFull) {
				t.Fatalf("broken off at append %d with %v", n, err)
			}
			for range 2 {
				colleague := o.importer(t, o.log)
				colleague.Actor = "colleague"
				if _, err := colleague.Import(t.Context(), book, intake.Options{Source: "甲校"}); err != nil {
					t.Fatalf("continued after append %d, stored %v: %v", n, store, err)
				}
				if diff := cmp.Diff(want, anybody(o.content(t))); diff != "" {
					t.Fatalf("broken off at append %d, stored %v (-whole +continued):\n%s", n, store, diff)
				}
			}
		}
	}
}
