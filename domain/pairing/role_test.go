package pairing_test

import (
	"testing"

	"twinledger/domain/pairing"
)

// TestRolesAreNamedOnce in each language, and read as they are written.
func TestRolesAreNamedOnce(t *testing.T) {
	said := map[string]bool{}
	for _, role := range pairing.Roles() {
		zh, en := role.Names()
		for _, word := range []string{zh, en} {
			if word == "" || said[word] {
				t.Errorf("%s is called %q, as another is", role, word)
			}
			said[word] = true
		}
		if read, known := pairing.RoleWritten(zh); read != role || !known {
			t.Errorf("%s is read as %q, %t", zh, read, known)
		}
		if role.Words()[string(role)] != zh {
			t.Errorf("a table calls %s %q", role, role.Words()[string(role)])
		}
	}
	for text, want := range map[string]pairing.Role{"核心学校": pairing.Core, "成员学校": pairing.Member, "牵头学校": "lead_unit", "学校": "", "": ""} {
		if read, known := pairing.RoleWritten(text); read != want || known != (want != "") {
			t.Errorf("%q is read as %q, %t", text, read, known)
		}
	}
	if zh, en := pairing.Role("host").Names(); zh != "" || en != "" || pairing.Role("host").Leads() {
		t.Errorf("a role that the glossary does not have is called %q, %q", zh, en)
	}
}
