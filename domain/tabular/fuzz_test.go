package tabular_test

import (
	"slices"
	"strings"
	"testing"

	"twinledger/domain"
	"twinledger/domain/fault"
	"twinledger/domain/tabular"
)

// FuzzRead reads whatever somebody may write into the cells of any form: never a
// panic, and of what cannot be read the column is named.
func FuzzRead(f *testing.F) {
	forms := domain.Forms()
	var kinds []string
	for kind := range forms {
		kinds = append(kinds, kind)
	}
	slices.Sort(kinds)
	for i, text := range []string{
		"", "示范课、送课\x1f2018-04-18", "步骤=登记听课；日期=2018-04-18；人员=李老师（一小）\n步骤=对方确认课例", "学校=甲；身份=core", `\|  a\u{d}b|\`, `\`, `甲\、乙`,
		"〔密封〕", "约30{about 30}", "3·节", "李（一）（）", "）（", "{", "}", "day:2018-02-30", "变动=更名；日期=2018；名称=新校", "=；=；", "1e9999", "是",
	} {
		f.Add(i, text)
	}
	f.Fuzz(func(t *testing.T, kind int, text string) {
		form := forms[kinds[((kind%len(kinds))+len(kinds))%len(kinds)]]
		texts := strings.Split(text, "\x1f")
		cells := map[string]string{}
		for i, c := range form.Columns {
			cells[c.Header] = texts[i%len(texts)]
		}
		_, err := form.Read(cells, keys{})
		placed(t, form, err)
		_, err = tabular.ReadChanges(text, form.Kind, keys{})
		placed(t, form, err)
	})
}

// placed checks that an error is a fault that names a column of the form.
func placed(t *testing.T, form tabular.Form, err error) {
	t.Helper()
	if err == nil {
		return
	}
	refused, ok := fault.As(err)
	if !ok || refused.Kind != fault.Invalid {
		t.Fatalf("%v is no refusal", err)
	}
	named := refused.Place.Column == tabular.HeaderChanges
	for _, c := range form.Columns {
		named = named || c.Header == refused.Place.Column
	}
	if !named {
		t.Fatalf("%v names no column", err)
	}
}
