// Package filing holds documents that a school hands in: plans, summaries,
// monthly reports, bulletins.
package filing

import (
	"context"

	"twinledger/domain/calendar"
	"twinledger/domain/command"
	"twinledger/domain/event"
	"twinledger/domain/record"
	"twinledger/domain/seal"
)

// Facts are what a report says about a document. From files it; when it
// occurred is when it was filed or is dated, as far as the record says.
type Facts struct{ record.Facts }

// Book is the book of filings.
var Book = record.NewReportBook[Facts]("filing", "报送材料").Grown(event.Widened).
	Showing(Facts{record.ExampleFacts("学期工作总结", "1", "份", "summary")})

// Normal returns f in its stored form.
func (f Facts) Normal() Facts { return Facts{f.Facts.Normal()} }

// Check returns the first thing that is malformed.
func (f Facts) Check() error { return f.Facts.Check("filing") }

// SealBody returns f with its texts sealed.
func (f Facts) SealBody(ctx context.Context, s seal.Sealer) (Facts, error) {
	sealed, err := f.Facts.SealTexts(ctx, s)
	return Facts{sealed}, err
}

// Unknowns lists what the report leaves unknown.
func (f Facts) Unknowns(occurred calendar.Occurred) []record.Unknown {
	out := record.Common(occurred, f.Facts)
	if record.DayUnknown(occurred) {
		out = append(out, record.UnknownDay)
	}
	if len(f.From) == 0 {
		out = append(out, record.UnknownFrom)
	}
	return out
}

// Register declares the events of this package.
func Register(r *event.Registry) {
	Book.Register(r)
}

// Commands returns the commands of this package.
func Commands() []command.Definition { return Book.Commands() }
