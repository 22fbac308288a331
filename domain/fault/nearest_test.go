package fault_test

import (
	"testing"

	"twinledger/domain/fault"
)

func TestNearest(t *testing.T) {
	known := []string{"lesson.confirmed", "lesson.corrected", "lesson.reported", "pairing.reported", "清涧县第二小学共同体", "清涧县第三小学共同体"}
	for _, test := range []struct{ situation, written, want string }{
		{"a word that differs in its end", "lesson.report", "lesson.reported、lesson.corrected、lesson.confirmed"},
		{"a character that is wrong", "清涧县第四小学共同体", "清涧县第二小学共同体、清涧县第三小学共同体"},
		{"a part with a character that is wrong", "第四小学", "清涧县第二小学共同体、清涧县第三小学共同体"},
		{"nothing like it", "unknown", ""},
		{"one character", "清", ""},
		{"nothing", "", ""},
	} {
		if got := fault.Nearest(test.written, known); got != test.want {
			t.Errorf("%s: %q, want %q", test.situation, got, test.want)
		}
	}
}
