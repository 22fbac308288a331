package review

import (
	"crypto/sha256"
	"encoding/hex"

	"twinledger/domain/calendar"
	"twinledger/domain/event"
	"twinledger/domain/pairing"
	"twinledger/domain/programme"
	"twinledger/domain/record"
	"twinledger/domain/seal"
)

// The versions of what a review is made by. A released version stays in the
// binary; a change of any figure or field makes a new one. What only events can
// bring about that no released binary knew may be added to a version: whatever
// that version ever computed, it still computes.
const (
	Evaluator = 1
	Template  = 1
)

// A Review is the answer. Its JSON form is what is hashed and kept.
type Review struct {
	Form        string             `json:"form"` // "twinledger-term-review"
	Evaluator   int                `json:"evaluator"`
	Template    int                `json:"template"`
	Ledger      string             `json:"ledger"`
	AsOf        AsOf               `json:"as_of"`
	JudgedOn    calendar.Day       `json:"judged_on"` // what is dated after it has not taken place
	District    NamedKey           `json:"district"`
	Community   NamedKey           `json:"community"`
	Term        Term               `json:"term"`
	Programme   *ProgrammeInForce  `json:"programme"` // null when none is in force
	Parties     []Party            `json:"parties"`
	Obligations []Obligation       `json:"obligations"`
	Counts      []Count            `json:"counts"`
	Registers   []Register         `json:"registers"`
	Incomplete  []IncompleteRecord `json:"incomplete"`
	Unevidenced []Ref              `json:"no_evidence"` // records of the term that name no evidence
	Unplaced    []UnplacedRecord   `json:"unplaced"`
	Held        []Held             `json:"held"`
	Unassigned  []Ref              `json:"unassigned"` // the district's records and held rows that name no community
	// WithoutCommunity are those records among them that lie between schools of this
	// community and may lie in the term. They count in no number; a shortfall that one
	// of them could close cannot be judged.
	WithoutCommunity []Entry        `json:"without_community"`
	Corrections      []Correction   `json:"corrections"`
	Shared           []SharedRecord `json:"counted_more_than_once"`
	// SchoolChanges are what happened to schools and bears on this review; left
	// out when nothing did.
	SchoolChanges []SchoolChange `json:"school_changes,omitempty"`
	// NotTakenPlace are records of the term whose thing has not taken place, or never will:
	// applied for, planned, due, refused, or dated after the day judged on. They count
	// nowhere; left out when there are none.
	NotTakenPlace []NotTakenPlaceEntry `json:"not_taken_place,omitempty"`
	// Undecided are the records of the term that may tell of the same thing as another one,
	// or be contained in it, about which nobody has decided.
	Undecided []UndecidedDuplicate `json:"undecided_duplicates"`
	// ToldTwice are records of the term that count nowhere, because another one tells
	// of the same thing and stands for both; left out when there are none.
	ToldTwice []ToldTwiceEntry `json:"told_twice,omitempty"`
}

// AsOf is the state of the ledger that the review speaks of.
type AsOf struct {
	Ordinal  uint64        `json:"ordinal"`
	Hash     string        `json:"running_hash"`
	Recorded event.Instant `json:"recorded"` // when the record of that ordinal was recorded
}

// Term is the window.
type Term struct {
	Code    string       `json:"code"` // 2017-2018/2
	ZH      string       `json:"zh"`
	From    calendar.Day `json:"from"` // "" without a published calendar
	To      calendar.Day `json:"to"`
	Assumed bool         `json:"assumed"` // the calendar was assumed, not published
	// Calendar is the record of the district's calendar; null when none stands.
	Calendar *Ref `json:"calendar"`
}

// ProgrammeInForce is the programme that the term is judged by.
type ProgrammeInForce struct {
	Code     string            `json:"code"`
	Title    programme.Words   `json:"title"`
	Source   string            `json:"source"`
	Version  int               `json:"version"` // of the publication; 0 when not published
	Event    string            `json:"event"`
	Digest   string            `json:"digest"` // SHA-256 of the programme
	From     calendar.Day      `json:"from"`
	To       calendar.Day      `json:"to"`
	WhatIf   bool              `json:"what_if"` // as if it were in force
	Silences []programme.Words `json:"silences"`
}

// A Party is a school of the community with its role.
type Party struct {
	School NamedKey          `json:"school"`
	Role   pairing.Role      `json:"role"`
	Word   programme.Words   `json:"word"` // the plan's own word for the role, else the glossary's
	Basis  pairing.Basis     `json:"basis"`
	Since  calendar.Occurred `json:"since"`
	Until  calendar.Occurred `json:"until"` // "" while it lasts
	Record Ref               `json:"record"`
}

// A Ref opens a figure: the record, its events, and where it was read.
type Ref struct {
	Record string         `json:"record"`
	Events []Trace        `json:"events"`
	Source *record.Source `json:"source"` // null when it was not imported
}

// A Status is the verdict on one obligation.
type Status string

// The statuses.
const (
	Met         Status = "met"
	Short       Status = "short"
	Due         Status = "due"              // not met, and the term was not over
	CannotJudge Status = "cannot_be_judged" // records that could close the shortfall lack something
)

// An Obligation is one rule with its verdicts.
type Obligation struct {
	ID       string             `json:"id"`
	Text     programme.Words    `json:"text"`
	Section  string             `json:"section"`
	Strength programme.Strength `json:"strength"`
	Per      programme.Scope    `json:"per"`
	AtLeast  int                `json:"at_least"`
	Kinds    []KindWords        `json:"kinds"`
	Notes    []programme.Words  `json:"notes"`
	Results  []Result           `json:"results"`
}

// KindWords is a kind with its names.
type KindWords struct {
	Code record.Kind `json:"code"`
	ZH   string      `json:"zh"`
	EN   string      `json:"en"`
}

// A Result is the verdict for the community or for one school.
type Result struct {
	School     *NamedKey          `json:"school"` // null for the community
	Achieved   int                `json:"achieved"`
	AtLeast    bool               `json:"achieved_at_least"` // there were at least so many
	Status     Status             `json:"status"`
	ShortBy    int                `json:"short_by"`
	Excess     int                `json:"excess"`
	Because    []Reason           `json:"because"` // why it cannot be judged; empty otherwise
	Counted    []CountedRecord    `json:"counted"`
	Open       []ConsideredRecord `json:"open"`               // could close a shortfall, but lacks something
	NotCounted []ConsideredRecord `json:"not_counted"`        // looked at, and why it does not count
	Overlaps   []PostingOverlap   `json:"overlaps,omitempty"` // postings of one person that overlap, one of them counted
	// PerhapsTwice are those of the counted records, and of those that would count if they
	// had a number, that may tell of the same thing as another one, and WithoutThem is what
	// is achieved without them; both are left out when there are none.
	PerhapsTwice []PerhapsTwice `json:"perhaps_twice,omitempty"`
	WithoutThem  *int           `json:"without_them,omitempty"`
}

// A CountedRecord is a record and the number of occurrences that it adds to a count.
type CountedRecord struct {
	Ref
	Number        int  `json:"number"`
	AtLeast       bool `json:"at_least"`
	ReachesBeyond bool `json:"reaches_beyond,omitempty"` // its dates reach beyond the day judged on
}

// A ConsideredRecord is a record that was considered for a count and did not count, or
// not certainly, with the reasons.
type ConsideredRecord struct {
	Ref
	Reasons []Reason `json:"reasons"`
}

// A Reason is why a record does not count, or not surely.
type Reason string

// The reasons.
const (
	NoCommunity      Reason = "no_community"      // it names no community, and lies between schools of this one
	Unnumbered       Reason = "unnumbered"        // it does not say how many
	PeopleOnly       Reason = "people_only"       // it counts people, which gives no occurrences
	Undated          Reason = "undated"           // it may lie in the term; nobody said so
	BeyondTerm       Reason = "beyond-term"       // it went on in the term, and not certainly in it alone
	Unclassified     Reason = "unclassified"      // it is only said to be of a wider kind
	DirectionUnknown Reason = "direction_unknown" // a side is not named, or its role then is not known
	AsGroup          Reason = "as_group"          // the members as a group, no one school
	SchoolUnknown    Reason = "school_unknown"    // no school is named on the side that counts
	ModeUnknown      Reason = "mode_unknown"
	SubjectUnknown   Reason = "subject_unknown"
	Approximate      Reason = "approximate"      // about so many
	PerhapsMore      Reason = "perhaps_more"     // at least so many, perhaps more
	PerhapsSame      Reason = "perhaps_same"     // it may tell of the same thing as another record, and nobody decided
	ToldTwice        Reason = "told_twice"       // another record tells of the same thing and stands for both
	SeveralSubjects  Reason = "several_subjects" // how many fall to which subject is not said
	SeveralSchools   Reason = "several_schools"  // how many fall to which school is not said
	MembersUnknown   Reason = "members_unknown"  // the community's member schools are not known
	OtherDirection   Reason = "other_direction"
	OtherSchool      Reason = "other_school"
	NotMember        Reason = "not_member" // the school was not a member then
	OtherMode        Reason = "other_mode"
	OtherSubject     Reason = "other_subject"
	SchoolCeased     Reason = "school_ceased" // the school ceased within the term; the plan does not say what it still owed
	Voided           Reason = "voided"
	OtherTerm        Reason = "other_term"
	NotTakenPlace    Reason = "not_taken_place" // it was only planned, or never came to be
	Ahead            Reason = "ahead"           // it is dated after the day judged on
	PerhapsAhead     Reason = "perhaps_ahead"   // its date does not say whether it lies after the day judged on
	ReachesBeyond    Reason = "reaches_beyond"  // its dates reach beyond the day judged on
)

// A Count is a total over the records of one kind in the term.
type Count struct {
	Kind       KindWords        `json:"kind"`
	Measure    string           `json:"measure"` // what the total counts: occurrences, or the written measure
	Total      string           `json:"total"`   // decimal
	Bound      record.Bound     `json:"bound"`
	Records    int              `json:"records"`
	Numbered   int              `json:"numbered"`
	Unnumbered int              `json:"unnumbered"`
	Subjects   []string         `json:"subjects"` // of the numbered records
	From       []NamedKey       `json:"from"`     // sending schools of the numbered records
	Counted    []Ref            `json:"counted"`
	Listed     []Ref            `json:"listed"`             // unnumbered: they add nothing
	Overlaps   []PostingOverlap `json:"overlaps,omitempty"` // postings of one person that overlap, one of them among these records
	// PerhapsTwice are those of the records that may tell of the same thing as another
	// one, and WithoutThem is the total without them; both are left out when there are
	// none.
	PerhapsTwice []PerhapsTwice `json:"perhaps_twice,omitempty"`
	WithoutThem  string         `json:"without_them,omitempty"` // decimal
}

// A Register lists the records of one kind of stream in the term.
type Register struct {
	Kind    string  `json:"kind"`
	ZH      string  `json:"zh"`
	EN      string  `json:"en"`
	Entries []Entry `json:"entries"`
}

// An Entry is one line of a register.
type Entry struct {
	Ref
	Occurred calendar.Occurred `json:"occurred"`
	Workflow bool              `json:"workflow"` // made by the workflow, not reported afterwards
	Kinds    []KindWords       `json:"kinds"`
	Mode     record.Mode       `json:"mode"`
	Title    seal.Text         `json:"title"`
	Item     seal.Text         `json:"item,omitzero"` // of a donation
	Subjects []string          `json:"subjects"`
	From     []Unit            `json:"from"`
	To       []Unit            `json:"to"`
	People   []string          `json:"people"` // keys
	Quantity record.Quantity   `json:"quantity"`
	Start    calendar.Occurred `json:"start,omitempty"`
	End      calendar.Occurred `json:"end,omitempty"`
	Findings []Finding         `json:"findings,omitempty"`
	// Particulars are what its kind alone says: the value of an indicator.
	Particulars   record.Particulars `json:"particulars,omitempty"`
	Evidence      []seal.Text        `json:"evidence"` // as named; empty means none is named
	Unknowns      []record.Unknown   `json:"unknowns"`
	Corrected     bool               `json:"corrected"`
	Late          bool               `json:"late"`                     // recorded after the term's last day
	ReachesBeyond bool               `json:"reaches_beyond,omitempty"` // its dates reach beyond the day judged on
}

// A Unit is a school or a group, with its name. The school is the one that the
// record counts for.
type Unit struct {
	School     *NamedKey    `json:"school,omitempty"`
	Group      record.Group `json:"group,omitempty"`
	RecordedAs *NamedKey    `json:"recorded_as,omitempty"` // what the record itself names, when another school carried it
}

// An IncompleteRecord is a record that leaves something unknown.
type IncompleteRecord struct {
	Ref
	Unknowns []record.Unknown `json:"unknowns"`
}

// An UnplacedRecord is a record that may lie in the term. It counts in no term and is
// only listed.
type UnplacedRecord struct {
	Entry
	Place calendar.Place `json:"place"`
	// Partly says that it certainly went on in the term, and not certainly in it
	// alone: a posting of a whole year. No plan says in which term that counts.
	Partly bool `json:"partly,omitempty"`
}

// A NotTakenPlaceEntry is a record of something that has not taken place, or never will.
type NotTakenPlaceEntry struct {
	Entry
	Kind  string            `json:"kind"`  // kind of stream
	Stage record.Stage      `json:"stage"` // how far it has come: applied, due, refused
	Due   calendar.Occurred `json:"due,omitempty"`
	Ahead bool              `json:"ahead,omitempty"` // it is dated after the day judged on, whatever its stage
}

// A Held row could not be counted as it stands.
type Held struct {
	Ref
	When     calendar.Occurred `json:"when"`
	Problems []HeldProblem     `json:"problems"`
}

// A HeldProblem is the code of what is wrong, and its column.
type HeldProblem struct {
	Code   string `json:"code"`
	Column string `json:"column"`
}

// A Correction is a change of one of the review's records.
type Correction struct {
	Amendment
	Ref
}

// A SharedRecord is a record that counts towards several obligations.
type SharedRecord struct {
	Record      string   `json:"record"`
	Obligations []string `json:"obligations"`
}

// Bytes returns the review's JSON, which is what is kept, and its SHA-256 in hex.
func (r Review) Bytes() ([]byte, string, error) {
	b, err := event.Marshal(r)
	if err != nil {
		return nil, "", err
	}
	sum := sha256.Sum256(b)
	return b, hex.EncodeToString(sum[:]), nil
}
