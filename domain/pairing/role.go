package pairing

import (
	_ "embed" // the list of roles
	"slices"
	"strings"

	"twinledger/domain/fault"
	"twinledger/domain/vocabulary"
)

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

// The list of roles. Its column leads says whether a school of the role leads the
// community: yes, no, or alone for one that leads where no other role does.
var (
	//go:embed roles.csv
	roleList string

	roles = vocabulary.NewList(vocabulary.ReadTerms(roleList))
)

// Roles returns all roles in the glossary's order.
func Roles() []Role {
	var out []Role
	for _, term := range roles.Terms() {
		out = append(out, Role(term.Code))
	}
	return out
}

// RoleWritten returns the role that a text names, by its word or code, and whether
// there is one.
func RoleWritten(text string) (Role, bool) {
	codes, known := roles.Written(text)
	if !known {
		return "", false
	}
	return Role(codes[0]), true
}

// NearestRoles returns up to n roles that somebody may have meant who wrote text,
// the likeliest first; none when nothing is near.
func NearestRoles(text string, n int) []Role {
	var out []Role
	for _, code := range roles.Nearest(text, n) {
		out = append(out, Role(code))
	}
	return out
}

// RoleWords returns what roles are called in Chinese, each with its code behind it,
// parted by 、: what a message offers.
func RoleWords(list []Role) string {
	var words []string
	for _, r := range list {
		zh, _ := r.Names()
		words = append(words, zh+"("+string(r)+")")
	}
	return strings.Join(words, "、")
}

// Names returns the glossary's words for the role in Chinese and English, none for
// a role that it does not have.
func (r Role) Names() (zh, en string) {
	term, _ := roles.Term(string(r))
	return term.ZH, term.EN
}

// Words returns the Chinese word of every role, by code: what a table says.
func (Role) Words() map[string]string {
	words := map[string]string{}
	for _, term := range roles.Terms() {
		words[term.Code] = term.ZH
	}
	return words
}

// Leads tells whether the role is that of the strong side, which leads whatever
// other roles there are.
func (r Role) Leads() bool { return r.leads() == "yes" }

// LeadsAmong tells whether a school of the role leads in a community whose schools
// have these roles. The supporting school of a pair leads; beside a leading school
// it is a third party that does not.
func (r Role) LeadsAmong(all []Role) bool {
	return r.Leads() || r.leads() == "alone" && !slices.ContainsFunc(all, Role.Leads)
}

// leads returns what the list says of the role's leading.
func (r Role) leads() string {
	term, _ := roles.Term(string(r))
	return term.Fields["leads"]
}

// known tells whether the glossary has the role.
func (r Role) known() bool {
	_, known := roles.Term(string(r))
	return known
}

// badRole refuses a role that the glossary does not have and offers the nearest.
func badRole(r Role) *fault.Error {
	err := ErrBadRole.With("role", r)
	if near := NearestRoles(string(r), 3); len(near) > 0 {
		err = err.With("nearest", RoleWords(near))
	}
	return err
}
