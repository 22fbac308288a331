package tabular_test

import (
	"encoding/json"
	"errors"
	"testing"

	"twinledger/domain"
	"twinledger/domain/event"
	"twinledger/domain/fault"
	"twinledger/domain/tabular"
)

// TestAYesIsSaidInWords reads whether something is so, and never takes another
// word for a no.
func TestAYesIsSaidInWords(t *testing.T) {
	for name, test := range map[string]struct {
		kind, header, field, text string
		want                      any
	}{
		"full time":                     {"exchange", "是否脱产", "full_time", "是", "yes"},
		"ticked":                        {"exchange", "是否脱产", "full_time", "√", "yes"},
		"not full time":                 {"exchange", "是否脱产", "full_time", "否", "no"},
		"not known":                     {"exchange", "是否脱产", "full_time", "不详", "unknown"},
		"the code of a table of before": {"exchange", "是否脱产", "full_time", "no", "no"},
		"provisional":                   {"school", "暂定", "provisional", "是", true},
		"not provisional":               {"school", "暂定", "provisional", "否", nil},
	} {
		t.Run(name, func(t *testing.T) {
			read, err := domain.Forms()[test.kind].Read(map[string]string{test.header: test.text}, keys{})
			if err != nil {
				t.Fatal(err)
			}
			stored, err := event.Marshal(read.Facts)
			if err != nil {
				t.Fatal(err)
			}
			var facts map[string]any
			if err := json.Unmarshal(stored, &facts); err != nil || facts[test.field] != test.want {
				t.Errorf("read %v, want %v (%v)", facts[test.field], test.want, err)
			}
		})
	}
	_, err := domain.Forms()["school"].Read(map[string]string{"暂定": "待定"}, keys{})
	if refused, ok := fault.As(err); !ok || !errors.Is(err, tabular.ErrUnknownWord) || refused.Place.Column != "暂定" || refused.Place.Value != "待定" {
		t.Errorf("another word: %v", err)
	}
}
