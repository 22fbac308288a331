// Package lessons is the lesson register: one line per reported lesson or lessons.
package lessons

import (
	"slices"

	"twinledger/domain/calendar"
	"twinledger/domain/lesson"
	"twinledger/domain/record"
	"twinledger/projections"
)

// A Row is one line of the register.
type Row struct {
	Record      string            `json:"record"` // key of the lesson
	Occurred    calendar.Occurred `json:"occurred"`
	Facts       lesson.Facts      `json:"facts"`
	Occurrences int               `json:"occurrences"`        // lessons, as far as numbered
	Numbered    bool              `json:"numbered"`           // the record says how many
	Unknowns    []record.Unknown  `json:"unknowns,omitempty"` // what it leaves unknown
	Corrected   bool              `json:"corrected"`
	Void        bool              `json:"void"`
	Ordinals    []uint64          `json:"ordinals"` // of the events behind the line
}

// The columns by which lines are found.
const (
	ByCommunity = "community"
	BySchool    = "school"
	BySubject   = "subject"
	ByKind      = "kind"
	ByOccurred  = "occurred"
)

// Model is the read model of the lesson register.
var Model = projections.Model[Row]{
	Name: "lessons", Version: 1,
	Key:  projections.OfKind("lesson"),
	Fold: fold,
	Columns: []projections.Column[Row]{
		{Name: ByCommunity, Value: func(r Row) string { return r.Facts.Community }},
		{Name: BySchool, Value: func(r Row) string { return projections.Schools(r.Facts.Facts) }},
		{Name: BySubject, Value: func(r Row) string { return projections.Subjects(r.Facts.Facts) }},
		{Name: ByKind, Value: func(r Row) string { return projections.Kinds(r.Facts.Facts) }},
		{Name: ByOccurred, Value: func(r Row) string { return string(r.Occurred) }},
	},
}

func fold(r Row, a projections.Applied) Row {
	r.Record = a.Key()
	r.Ordinals = append(slices.Clone(r.Ordinals), a.Ordinal)
	switch d := a.Fact.(type) {
	case record.Reported[lesson.Facts]:
		r.Occurred, r.Facts = a.Occurred, d.Facts
	case record.Corrected[lesson.Facts]:
		r.Occurred, r.Facts, r.Corrected = a.Occurred, d.Facts, true
	case record.Voided[lesson.Facts]:
		r.Void = true
	}
	r.Occurrences, r.Numbered = r.Facts.Quantity.Occurrences()
	r.Unknowns = r.Facts.Unknowns(r.Occurred)
	return r
}
