// Package donation holds goods that one school gives to another.
package donation

import (
	"context"

	"twinledger/domain/calendar"
	"twinledger/domain/command"
	"twinledger/domain/event"
	"twinledger/domain/record"
	"twinledger/domain/seal"
)

// Facts are what a report says about a donation. From gives, To receives; the
// quantity counts items, never occurrences.
type Facts struct {
	record.Facts
	Item seal.Text `json:"item"` // in clear unless it names somebody
}

// Book is the book of donations.
var Book = record.NewReportBook[Facts]("donation", "物资捐赠").Grown(event.Widened).
	Showing(Facts{record.ExampleFacts("图书捐赠", "300", "册", "donation"), seal.Text{Clear: "儿童读物"}})

// Normal returns f in its stored form.
func (f Facts) Normal() Facts { return Facts{f.Facts.Normal(), f.Item} }

// Check returns the first thing that is malformed.
func (f Facts) Check() error { return f.Facts.Check("donation") }

// SealBody returns f with its texts sealed.
func (f Facts) SealBody(ctx context.Context, s seal.Sealer) (Facts, error) {
	sealed, err := f.Facts.SealTexts(ctx, s)
	if err != nil {
		return f, err
	}
	item, err := s.Topic(ctx, "item", f.Item)
	return Facts{sealed, item}, err
}

// Unknowns lists what the report leaves unknown.
func (f Facts) Unknowns(occurred calendar.Occurred) []record.Unknown {
	out := record.Common(occurred, f.Facts)
	if record.DayUnknown(occurred) {
		out = append(out, record.UnknownDay)
	}
	if f.Quantity.Number == "" {
		out = append(out, record.UnknownNumber)
	}
	if f.Item.IsZero() {
		out = append(out, record.UnknownItem)
	}
	return append(out, record.MissingUnits(f.Facts)...)
}

// Register declares the events of this package.
func Register(r *event.Registry) {
	Book.Register(r)
}

// Commands returns the commands of this package.
func Commands() []command.Definition { return Book.Commands() }
