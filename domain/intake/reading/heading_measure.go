package reading

import "twinledger/domain/record"

// measureWord returns what stands in brackets behind a heading as a unit, "" when it is none.
func measureWord(text string) string {
	for _, prefix := range []string{"单位:", "单位"} {
		if len(text) > len(prefix) && text[:len(prefix)] == prefix {
			text = text[len(prefix):]
		}
	}
	if record.MeasureOf(text).Code == "" {
		return ""
	}
	return text
}
