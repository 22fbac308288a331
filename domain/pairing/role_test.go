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
	for text, want := range map[string]pairing.Role{"核心学校": pairing.Core, "成员学校": pairing.Member, "牵头学校": "lead_unit", "学校": "", "": "",
		"支援学校": "supporting_school", "受援学校": "supported_school", "受援方": "supported_school", "受援校": "supported_school", "被帮扶学校": "helped_school",
		"帮扶学校": "helping_school", "核心學校": pairing.Core, " 核 心 校 ": pairing.Core, "牵头校。": "lead_unit", "supporting_school": "supporting_school",
		"成员单位": pairing.Member, "乡镇中心校": "centre_school", "薄弱学校": "", "非成员校": ""} {
		if read, known := pairing.RoleWritten(text); read != want || known != (want != "") {
			t.Errorf("%q is read as %q, %t", text, read, known)
		}
	}
	if zh, en := pairing.Role("host").Names(); zh != "" || en != "" || pairing.Role("host").Leads() {
		t.Errorf("a role that the glossary does not have is called %q, %q", zh, en)
	}
}

// TestWhoLeads among the roles of one community.
func TestWhoLeads(t *testing.T) {
	for _, tt := range []struct {
		role pairing.Role
		all  []pairing.Role
		want bool
	}{
		{pairing.Core, nil, true},
		{pairing.Core, []pairing.Role{"lead_unit", pairing.Core}, true},
		{pairing.Member, []pairing.Role{pairing.Member}, false},
		{"supporting_school", []pairing.Role{"supporting_school", "supported_school"}, true},
		{"supporting_school", []pairing.Role{"supporting_school", "supporting_school"}, true},
		{"supporting_school", []pairing.Role{"lead_unit", pairing.Member, "supporting_school"}, false},
		{"supported_school", []pairing.Role{"supporting_school", "supported_school"}, false},
		{"paired_school", nil, false},
		{"boss", nil, false},
	} {
		if got := tt.role.LeadsAmong(tt.all); got != tt.want {
			t.Errorf("%s leads among %v: %t", tt.role, tt.all, got)
		}
	}
}

// TestNearestRoles offers what was probably meant, and nothing for what is no role.
func TestNearestRoles(t *testing.T) {
	for text, want := range map[string]pairing.Role{"受援学较": "supported_school", "对口支援校": "supporting_school", "核心学校(园所)": pairing.Core, "core-schol": pairing.Core, "王老师": "", "": ""} {
		near := pairing.NearestRoles(text, 3)
		if want == "" && len(near) > 0 || want != "" && (len(near) == 0 || near[0] != want) {
			t.Errorf("near %q are %v, want %q first", text, near, want)
		}
	}
}
