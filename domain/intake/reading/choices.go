package reading

import (
	"slices"

	"twinledger/domain/pairing"
	"twinledger/domain/record"
)

// ColumnChoices returns, for the columns of a form that are filled in with words of the
// glossary, the words that are understood there, the glossary's own in its order
// and no synonyms. 学段 and 城乡 are kept as written; the usual words are offered.
func ColumnChoices(form Form) map[string][]string {
	if form == Roster {
		return map[string][]string{
			ColumnStage: {"幼儿园", "小学", "教学点", "初中", "九年一贯制学校", "高中", "职业学校"}, ColumnSetting: {"城区", "镇区", "乡村"},
			ColumnRole: rolesInOrder(),
		}
	}
	var kinds, ways []string
	for _, entry := range record.Glossary() {
		kinds = append(kinds, entry.ZH)
		if narrow := entry.Parent != ""; narrow && slices.Contains([]record.Kind{"exchange", "open_lesson"}, widest(entry.Kind)) {
			ways = append(ways, entry.ZH)
		}
	}
	return map[string][]string{ColumnCategory: kinds, ColumnForm: append([]string{"线上", "线下", "线上线下"}, ways...)}
}

// rolesInOrder returns the word of each role.
func rolesInOrder() []string {
	var out []string
	for _, role := range pairing.Roles() {
		zh, _ := role.Names()
		out = append(out, zh)
	}
	return out
}
