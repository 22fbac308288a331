// Package programme holds a district's plan (方案) as data: who takes part under
// which name, what is owed in which window, and where the plan is silent.
//
// A programme is a value. It is written as a YAML file, checked with line and
// column, and published as an event together with the period from which it is
// in force, so that an old term is judged by the rules then in force. Where a
// plan is silent, contradictory or gives no number, the programme says so and a
// review reports it; nothing is guessed.
package programme

import (
	"twinledger/domain/pairing"
	"twinledger/domain/record"
)

// Format is the version of the stored tree.
const Format = 1

// A Programme is one district's plan. Its JSON form is stored in the ledger.
type Programme struct {
	Format      int          `json:"format"`
	Code        string       `json:"code"` // e.g. "zhaike": lower case, digits and dashes
	Title       Words        `json:"title"`
	Source      string       `json:"source"`             // the document and section it was taken from
	Parties     []Party      `json:"parties,omitempty"`  // the plan's own words for the sides
	Silences    []Words      `json:"silences,omitempty"` // where the plan is silent or contradicts itself
	Obligations []Obligation `json:"obligations"`
}

// Words are the same text in Chinese and English.
type Words struct {
	ZH string `json:"zh"`
	EN string `json:"en"`
}

// A Party is the plan's word for a role.
type Party struct {
	Role pairing.Role `json:"role"`
	Name Words        `json:"name"`
}

// A Strength says how the plan means a rule.
type Strength string

// The strengths.
const (
	Hard     Strength = "hard"     // stated as duty
	Soft     Strength = "soft"     // encouraged: reported, never failed
	Practice Strength = "practice" // told as done elsewhere
)

// An Obligation is something owed in a window.
type Obligation struct {
	ID       string   `json:"id"` // e.g. "zhaike-2": unique in the programme, frozen once published
	Text     Words    `json:"text"`
	Section  string   `json:"section"` // where the plan says it
	Strength Strength `json:"strength"`
	Count    Count    `json:"count"`
	Notes    []Words  `json:"notes,omitempty"` // ambiguities that a review must show
}

// A Count owes at least so many occurrences of some kinds of record. A plan's
// "N times" without "exactly" is a minimum, and the excess is shown.
type Count struct {
	AtLeast   int           `json:"at_least"`            // 1 or more; what is counted are occurrences (节, 次, 场)
	Kinds     []record.Kind `json:"kinds"`               // any of these, or narrower
	Per       Scope         `json:"per"`                 // for whom it is owed
	Window    Window        `json:"window"`              // within which it is counted
	Direction Direction     `json:"direction,omitempty"` // who must have acted for whom
	Modes     []record.Mode `json:"modes,omitempty"`     // any of these; empty means every mode
	Subjects  []string      `json:"subjects,omitempty"`  // any of these, as written; empty means every subject
}

// A Scope says for whom an obligation is owed.
type Scope string

// The scopes.
const (
	PerCommunity    Scope = "community"
	PerMemberSchool Scope = "member_school"
)

// A Window says within which period an obligation is owed.
type Window string

// Term is the only window of this version.
const Term Window = "term"

// A Direction says which side acts.
type Direction string

// The directions. The side is that at the date, looked up in the pairing.
const (
	AnyDirection Direction = ""
	CoreToMember Direction = "core_to_member" // the leading school for, or at, a member
	MemberToCore Direction = "member_to_core"
	ByCore       Direction = "by_core"   // the leading school acts, for whomever
	ByMember     Direction = "by_member" // a member acts
)
