// Package exchanges is the exchange roster: one line per posting.
package exchanges

import (
	"slices"

	"twinledger/domain/calendar"
	"twinledger/domain/exchange"
	"twinledger/domain/record"
	"twinledger/projections"
)

// A Row is one line of the roster.
type Row struct {
	Record    string            `json:"record"` // key of the exchange
	Occurred  calendar.Occurred `json:"occurred"`
	State     exchange.State    `json:"state"`
	Unknowns  []record.Unknown  `json:"unknowns,omitempty"`
	Corrected bool              `json:"corrected"`
	Ordinals  []uint64          `json:"ordinals"` // of the events behind the line
}

// The columns by which lines are found.
const (
	ByCommunity = "community"
	BySchool    = "school"
	ByPerson    = "person"
	ByKind      = "kind"
	ByPhase     = "phase"
)

// Model is the read model of the exchange roster.
var Model = projections.Model[Row]{
	Name: "exchanges", Version: 1,
	Key:  projections.OfKind("exchange"),
	Fold: fold,
	Columns: []projections.Column[Row]{
		{Name: ByCommunity, Value: func(r Row) string { return r.State.Facts.Community }},
		{Name: BySchool, Value: func(r Row) string { return projections.Schools(r.State.Facts.Facts) }},
		{Name: ByPerson, Value: func(r Row) string { return projections.Words(r.State.Facts.People...) }},
		{Name: ByKind, Value: func(r Row) string { return projections.Kinds(r.State.Facts.Facts) }},
		{Name: ByPhase, Value: func(r Row) string { return string(r.State.Phase) }},
	},
}

func fold(r Row, a projections.Applied) Row {
	r.Record = a.Key()
	r.Ordinals = append(slices.Clone(r.Ordinals), a.Ordinal)
	r.State = exchange.Fold(r.State, a.Event)
	r.Occurred = r.State.Occurred
	r.Unknowns = r.State.Facts.Unknowns(r.Occurred)
	if _, corrected := a.Fact.(record.Corrected[exchange.Facts]); corrected {
		r.Corrected = true
	}
	return r
}
