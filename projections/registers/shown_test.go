package registers

import "testing"

// TestShown: what an exported cell says for a program is said in words in a list.
func TestShown(t *testing.T) {
	for cell, want := range map[string]string{
		"": "", "2": "2", "荷花": "荷花", "半天{exact 0.5}": "半天（即 0.5）", "2-3{at_least 2}": "2-3（至少 2）", "约30{about 30}": "约30（约 30）",
		"1.9999999{ }": "1.9999999", "2{exact 2}": "2", "{a}": "{a}", "x{exact }": "x", "数学{math}": "数学{math}",
	} {
		if got := shown(cell); got != want {
			t.Errorf("%q is shown as %q, want %q", cell, got, want)
		}
	}
}
