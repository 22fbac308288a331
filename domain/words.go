package domain

import (
	"slices"
	"strings"
	"sync"

	"twinledger/domain/org"
	"twinledger/domain/record"
)

// ownEvents are the words for events that belong neither to the course of a record nor
// to what happens to schools, communities and people.
var ownEvents = map[string][2]string{
	"pairing.founded":         {"建立结对", "founded"},
	"school.described":        {"补充情况", "described"},
	"school.change_corrected": {"更正变动", "change corrected"},
	"row.taken":               {"导入行", "row taken"},
	"row.superseded":          {"由新文件取代", "superseded"},
	"row.undone":              {"导入已撤销", "import undone"},
	"duplicate.decided":       {"判定重复", "decided whether two records are the same"},
}

var workflows = sync.OnceValue(Workflows)

// EventWords returns what an event of a type did, in Chinese and English: a step in the
// words of its workflow. A type that has no words has none here.
func EventWords(eventType string) (zh, en string) {
	if words, own := ownEvents[eventType]; own {
		return words[0], words[1]
	}
	kind, verb, _ := strings.Cut(eventType, ".")
	workflow := workflows()[kind]
	for _, rule := range slices.Concat(workflow.Rules, workflow.Openings) {
		if rule.Verb == verb && rule.ZH != "" {
			return rule.ZH, strings.ReplaceAll(verb, "_", " ")
		}
	}
	if zh, en := org.ChangeKind(verb).Words(); zh != "" {
		return zh, en
	}
	return record.EventWords(verb)
}
