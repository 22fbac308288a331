// Package review computes the term review: for one community and one term, what
// was owed, what was done, what cannot be judged and why, and which events every
// number came from.
//
// A review is a pure function of its [Input]. The same input gives the same
// bytes, this year and in ten years: there is no clock in it, no name of a
// person and no version of the binary, only those of evaluator and template.
package review

import (
	"twinledger/domain/calendar"
	"twinledger/domain/duplicate"
	"twinledger/domain/event"
	"twinledger/domain/inspection"
	"twinledger/domain/intake"
	"twinledger/domain/org"
	"twinledger/domain/pairing"
	"twinledger/domain/programme"
	"twinledger/domain/record"
	"twinledger/domain/seal"
)

// A Fact is one record as it stands at an ordinal.
type Fact struct {
	Key           string               `json:"key"`  // of the record's stream
	Kind          string               `json:"kind"` // kind of stream: lesson, visit …
	Occurred      calendar.Occurred    `json:"occurred"`
	Workflow      bool                 `json:"workflow,omitempty"`        // made by the workflow, not reported afterwards
	Stage         record.Stage         `json:"stage,omitempty"`           // how far it has come
	NotTakenPlace bool                 `json:"not_taken_place,omitempty"` // what it stands for has not taken place, or never will
	Planned       calendar.Occurred    `json:"planned,omitempty"`         // when it is to take place, where that is said
	Due           calendar.Occurred    `json:"due,omitempty"`             // by when something is owed because of it
	Void          bool                 `json:"void,omitempty"`
	Facts         record.Facts         `json:"facts"`
	Unknowns      []record.Unknown     `json:"unknowns,omitempty"`
	About         calendar.Occurred    `json:"about,omitempty"` // of a filing: the period that it is about
	Start         calendar.Occurred    `json:"start,omitempty"` // of an exchange
	End           calendar.Occurred    `json:"end,omitempty"`
	Item          seal.Text            `json:"item,omitzero"` // of a donation
	Findings      []Finding            `json:"findings,omitempty"`
	Particulars   record.Particulars   `json:"particulars,omitempty"` // what its kind alone says
	Memberships   []pairing.Membership `json:"memberships,omitempty"` // of a pairing
	Trace         []Trace              `json:"trace"`
	Amendments    []Amendment          `json:"changes,omitempty"` // corrections and voidings
	Former        []Standing           `json:"former,omitempty"`  // where it stood before changes moved it
}

// A Finding is one thing that inspectors found.
type Finding struct {
	inspection.Finding
	// Noted says that a step of the inspection's course tells it, whose note its
	// text is.
	Noted bool `json:"noted,omitempty"`
}

// A Trace is an event behind a number.
type Trace struct {
	Ordinal  uint64        `json:"ordinal"`
	ID       string        `json:"id"`
	Type     string        `json:"type"`
	Recorded event.Instant `json:"recorded"`
}

// An Amendment is a correction or voiding.
type Amendment struct {
	Trace
	Target string    `json:"target"` // id of the event corrected or voided
	Reason seal.Text `json:"reason"`
}

// A HeldRow is a row that an import could not count.
type HeldRow struct {
	Key        string            `json:"key"`
	Taken      intake.RowTaken   `json:"taken"`
	When       calendar.Occurred `json:"when"`
	Void       bool              `json:"void,omitempty"` // it is settled
	Trace      []Trace           `json:"trace"`
	Amendments []Amendment       `json:"changes,omitempty"` // its voiding
}

// A PublishedCalendar is the record of the district's calendar of one school year.
type PublishedCalendar struct {
	Key        string      `json:"key"`
	Void       bool        `json:"void,omitempty"`
	Trace      []Trace     `json:"trace"`
	Amendments []Amendment `json:"changes,omitempty"`
}

// A GoverningProgramme is the programme that a term is judged by.
type GoverningProgramme struct {
	Programme programme.Programme
	Version   int          // of the publication; 0 for one that is not published
	Event     string       // id of the publication; "" for one that is not published
	From, To  calendar.Day // in force; "" when open or not published
	WhatIf    bool         // asked for, not in force
}

// An Input is everything that a review is computed from.
type Input struct {
	Ledger    string
	Ordinal   uint64        // the last record that was known
	Hash      [32]byte      // running hash up to it
	Recorded  event.Instant // when it was recorded
	JudgedOn  calendar.Day  // what is dated after it has not taken place; "" means the day of Recorded
	District  NamedKey
	Community NamedKey
	Term      calendar.Term
	Calendar  calendar.Calendar
	Published *PublishedCalendar  // what is recorded of the term's school year; nil when nothing
	Programme *GoverningProgramme // nil when none is in force
	Facts     []Fact              // of the community, in any order
	Left      []Fact              // once of the community and no longer, in any order: they count in nothing
	Held      []HeldRow           // of the community, in any order
	// WithoutCommunity are the district's records that name no community, in any
	// order; Unassigned are its held rows that name none.
	WithoutCommunity []Fact
	Unassigned       []Ref
	Postings         []Posting         // of everybody whom an exchange of the community names, in any order
	Schools          map[string]School // of the district, by key
	// Statements are what records of the community say that share kind and day with
	// another record, and what those others say, of any community; Decisions are what
	// was decided about pairs of them. Schools, people and communities are those that
	// others are said to be.
	Statements []duplicate.Statement
	Decisions  []duplicate.State
}

// A School is a school of the district as it stands at an ordinal.
type School struct {
	org.SchoolState
	Trace      []Trace     // the events that made its changes
	Amendments []Amendment // corrections and voidings of these changes
}

// A NamedKey is a key with its name. A school has the name that was in force at the
// end of the term; one that was renamed within it has the name from before too.
type NamedKey struct {
	Key      string `json:"key"`
	Name     string `json:"name"`
	Formerly string `json:"formerly,omitempty"`
}
