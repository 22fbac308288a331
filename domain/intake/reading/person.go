package reading

import (
	"strings"

	"twinledger/domain/record"
	"twinledger/domain/seal"
)

// looksLikePerson tells whether a text is written as people's names are and nothing else: a
// surname with a post (王老师, 李副校长), or a name. What speaks of several people is none.
func looksLikePerson(text string) bool {
	text = strings.TrimSpace(text)
	return seal.IsLikeName(text) && !manyWords.MatchString(text) && !record.IsSubject(text)
}
