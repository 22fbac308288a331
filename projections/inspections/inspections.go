// Package inspections is the register of inspections with their findings.
package inspections

import (
	"slices"

	"twinledger/domain/calendar"
	"twinledger/domain/inspection"
	"twinledger/domain/record"
	"twinledger/projections"
)

// A Row is one inspection.
type Row struct {
	Record    string            `json:"record"` // key of the inspection
	Occurred  calendar.Occurred `json:"occurred"`
	Facts     inspection.Facts  `json:"facts"`
	Unknowns  []record.Unknown  `json:"unknowns,omitempty"`
	Corrected bool              `json:"corrected"`
	Void      bool              `json:"void"`
	Ordinals  []uint64          `json:"ordinals"` // of the events behind the line
}

// The columns by which lines are found.
const (
	ByCommunity = "community"
	BySchool    = "school"
	ByKind      = "kind"
)

// Model is the read model of inspections.
var Model = projections.Model[Row]{
	Name: "inspections", Version: 1,
	Key:  projections.OfKind("inspection"),
	Fold: fold,
	Columns: []projections.Column[Row]{
		{Name: ByCommunity, Value: func(r Row) string { return r.Facts.Community }},
		{Name: BySchool, Value: func(r Row) string { return projections.Schools(r.Facts.Facts) }},
		{Name: ByKind, Value: func(r Row) string { return projections.Kinds(r.Facts.Facts) }},
	},
}

func fold(r Row, a projections.Applied) Row {
	r.Record = a.Key()
	r.Ordinals = append(slices.Clone(r.Ordinals), a.Ordinal)
	switch d := a.Fact.(type) {
	case record.Reported[inspection.Facts]:
		r.Occurred, r.Facts = a.Occurred, d.Facts
	case record.Corrected[inspection.Facts]:
		r.Occurred, r.Facts, r.Corrected = a.Occurred, d.Facts, true
	case record.Voided[inspection.Facts]:
		r.Void = true
	}
	r.Unknowns = r.Facts.Unknowns(r.Occurred)
	return r
}
