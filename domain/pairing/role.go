package pairing

import "slices"

// A Role is the glossary's code of a school's part. The parties' own words for
// it stand in the district's programme.
type Role string

// The roles that the record files name. Others of the glossary may be given in
// commands.
const (
	Core    Role = "core_school"
	Member  Role = "member_school"
	helping Role = "helping_school" // of a school that an application is matched with, unless another is given
	neutral Role = "paired_school"  // either side, neither leading
)

// A glossaryRole is what the glossary says of a role.
type glossaryRole struct {
	role   Role
	zh, en string
	leads  bool     // it is that of the strong side
	also   []string // other forms in which it is written
}

// roles are all roles of the glossary, in its order.
var roles = []glossaryRole{
	{Core, "核心校", "core school", true, []string{"核心学校"}},
	{Member, "成员校", "member school", false, []string{"成员学校"}},
	{"lead_unit", "牵头单位", "lead unit", true, []string{"牵头学校"}},
	{"main_school", "主体学校", "main school", true, nil},
	{"supporting_school", "支援学校", "supporting school", false, nil},
	{"guiding_school", "引领校", "guiding school", true, nil},
	{"base_school", "基地校", "base school", true, nil},
	{"centre_school", "中心校", "centre school", true, nil},
	{helping, "帮扶学校", "helping school", true, nil},
	{"head_school", "总校", "head school", true, nil},
	{"cooperating_school", "协作学校", "cooperating school", false, nil},
	{"supported_school", "受援校", "supported school", false, nil},
	{"joint_unit", "联合单位", "joint unit", false, nil},
	{"partner_school", "共同体学校", "partner school", false, nil},
	{"alliance_school", "联盟校", "alliance school", false, nil},
	{"helped_school", "被帮扶学校", "helped school", false, nil},
	{"guided_school", "受导学校", "guided school", false, nil},
	{"linked_school", "联动校", "linked school", false, nil},
	{"branch", "分校", "branch", false, nil},
	{"campus", "校区", "campus", false, nil},
	{neutral, "结对学校", "paired school", false, nil},
}

// Roles returns all roles in the glossary's order.
func Roles() []Role {
	var out []Role
	for _, r := range roles {
		out = append(out, r.role)
	}
	return out
}

// RoleWritten returns the role that a text names in Chinese, and whether there is
// one.
func RoleWritten(text string) (Role, bool) {
	for _, r := range roles {
		if text == r.zh || slices.Contains(r.also, text) {
			return r.role, true
		}
	}
	return "", false
}

// Names returns the glossary's words for the role in Chinese and English, none for
// a role that it does not have.
func (r Role) Names() (zh, en string) {
	entry := r.entry()
	return entry.zh, entry.en
}

// Words returns the Chinese word of every role, by code: what a table says.
func (Role) Words() map[string]string {
	words := map[string]string{}
	for _, r := range roles {
		words[string(r.role)] = r.zh
	}
	return words
}

// Leads tells whether the role is that of the strong side, which leads.
func (r Role) Leads() bool { return r.entry().leads }

// known tells whether the glossary has the role.
func (r Role) known() bool { return r.entry().role != "" }

// entry returns what the glossary says of the role, nothing for one that it does
// not have.
func (r Role) entry() glossaryRole {
	for _, entry := range roles {
		if entry.role == r {
			return entry
		}
	}
	return glossaryRole{}
}
