package intake

import (
	"slices"
	"strings"

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
		c, read := categories[entry.ZH]
		if !read {
			continue
		}
		kinds = append(kinds, entry.ZH)
		if narrow := entry.Parent != ""; narrow && slices.Contains([]record.Kind{"exchange", "open_lesson"}, c.widest()) {
			ways = append(ways, entry.ZH)
		}
	}
	return map[string][]string{ColumnCategory: kinds, ColumnForm: append([]string{"线上", "线下", "线上线下"}, ways...)}
}

// rolesInOrder returns one word for each role, the two of most plans first.
func rolesInOrder() []string {
	words := map[pairing.Role]string{}
	for word, role := range writtenRoles {
		if had := words[role]; had == "" || len(word) < len(had) || len(word) == len(had) && word < had {
			words[role] = word
		}
	}
	var rest []string
	for role, word := range words {
		if role != pairing.Core && role != pairing.Member {
			rest = append(rest, word)
		}
	}
	slices.SortFunc(rest, strings.Compare)
	return append([]string{words[pairing.Core], words[pairing.Member]}, rest...)
}
