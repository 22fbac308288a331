// Package donation holds goods that one school gives to another, and the
// receiver's word that they came (mechanism 34).
package donation

import (
	"context"
	"slices"

	"twinledger/domain/calendar"
	"twinledger/domain/command"
	"twinledger/domain/event"
	"twinledger/domain/fault"
	"twinledger/domain/record"
	"twinledger/domain/seal"
)

// Facts are what a report says about a donation. From gives, To receives; the
// quantity counts items, never occurrences.
type Facts struct {
	record.Facts
	Item seal.Text `json:"item"` // in clear unless it names somebody
}

// The steps that may follow a donation, for each receiver.
type (
	// Received says when goods came to a receiver, and how many.
	Received struct{ record.Step }
	// Confirmed says that a receiver confirms the donation as it is recorded.
	Confirmed struct{ record.Step }
)

// What a receiver's word is refused with.
var (
	ErrNotReceiver = fault.New(fault.Refused, "donation.not-receiver",
		"只有受赠学校可以登记收到或确认捐赠；请核对 by。", "Only a school that the donation goes to may say that it came; check by.")
	ErrBeforeGiven = fault.New(fault.Refused, "donation.before-given",
		"收到或确认的日期早于捐赠日期；请核对日期。", "The goods would have come, or been confirmed, before they were given; check the days.")
)

// RecordType is the record type of donations. Receivers take their steps apart from each other
// and in any order.
var RecordType = record.NewReportType[Facts]("donation", "物资捐赠").WithUpcasts(event.UpcastUnchanged).
	WithExample(example()).
	WithSteps(
		record.DefineStep[Received](record.Rule{Command: "receive", Verb: "received", ZH: "登记收到捐赠", EN: "record that donated goods came",
			From: []record.Stage{"reported"}, Needs: []record.Need{record.NeedsActor, record.NeedsDay}}),
		record.DefineStep[Confirmed](record.Rule{Command: "confirm", Verb: "confirmed", ZH: "受赠方确认捐赠", EN: "confirm a donation as its receiver",
			From: []record.Stage{"reported"}, Needs: []record.Need{record.NeedsActor}}),
	).
	Legal(legal)

func example() Facts {
	f := record.ExampleFacts("图书捐赠", "300", "册", "donation")
	f.From, f.To = []record.Unit{{School: record.ExampleMember}}, []record.Unit{{School: record.ExampleCore}, {School: record.ExampleThird}}
	return Facts{f, seal.Text{Clear: "儿童读物"}}
}

// legal refuses the word of anybody who is not a receiver, and one that lies
// before the donation.
func legal(f Facts, p record.Progress) error {
	receivers := record.Schools(f.To)
	open := len(receivers) == 0 || record.HasGroup(f.To)
	foreign := func(u record.Unit) bool {
		return !open && !slices.Contains(receivers, u.School) || slices.Contains(f.From, u)
	}
	given, dated := (calendar.Calendar{}).Extent(p.Occurred)
	for _, t := range p.Steps {
		if len(t.Step.By) == 0 || slices.ContainsFunc(t.Step.By, foreign) {
			return ErrNotReceiver.With("step", t.Verb)
		}
		if came, known := (calendar.Calendar{}).Extent(t.Occurred); dated && known && came.Last < given.First {
			return ErrBeforeGiven.With("step", t.Verb).With("occurred", t.Occurred).With("given", p.Occurred)
		}
	}
	return nil
}

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
	RecordType.Register(r)
}

// Commands returns the commands of this package.
func Commands() []command.Definition { return RecordType.Commands() }
