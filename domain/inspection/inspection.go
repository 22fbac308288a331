// Package inspection holds what inspectors (督导) found at a school.
package inspection

import (
	"context"
	"errors"

	"twinledger/domain/calendar"
	"twinledger/domain/command"
	"twinledger/domain/event"
	"twinledger/domain/fault"
	"twinledger/domain/record"
	"twinledger/domain/seal"
)

// Facts are what a report says about an inspection. From inspects, To is
// inspected.
type Facts struct {
	record.Facts
	Findings []Finding `json:"findings,omitempty"`
}

// A Finding is one thing that the inspectors found, under one dimension.
type Finding struct {
	Dimension record.Word `json:"dimension"` // team, conditions, results …, as the plan words it
	Text      seal.Text   `json:"text"`      // prose, always sealed
	Grade     string      `json:"grade,omitempty"`
}

// Book is the book of inspections.
var Book = record.NewReportBook[Facts]("inspection", "检查督导").Grown(event.Widened).
	Showing(Facts{record.ExampleFacts("结对工作专项督导", "1", "次", "supervision"), []Finding{{
		Dimension: record.Word{Text: "队伍建设", Code: "team"}, Text: seal.Text{Clear: "骨干教师交流按计划落实"}, Grade: "良好",
	}}})

// ErrEmptyFinding refuses a finding without dimension.
var ErrEmptyFinding = fault.New(fault.Invalid, "inspection.empty-finding",
	"每条检查结果都要写明检查方面。", "Every finding needs its dimension.")

// Normal returns f in its stored form.
func (f Facts) Normal() Facts { return Facts{f.Facts.Normal(), f.Findings} }

// Check returns the first thing that is malformed.
func (f Facts) Check() error {
	for _, finding := range f.Findings {
		if finding.Dimension.Text == "" {
			return ErrEmptyFinding
		}
	}
	return f.Facts.Check("inspection")
}

// SealBody returns f with its texts sealed.
func (f Facts) SealBody(ctx context.Context, s seal.Sealer) (Facts, error) {
	sealed, err := f.Facts.SealTexts(ctx, s)
	findings := make([]Finding, len(f.Findings))
	for i, finding := range f.Findings {
		if len(s.Names.In(finding.Dimension.Text+"\n"+finding.Grade)) > 0 {
			return f, record.ErrNameInClear
		}
		var findingErr error
		finding.Text, findingErr = s.Prose(ctx, "finding", finding.Text)
		err = errors.Join(err, findingErr)
		findings[i] = finding
	}
	if len(findings) == 0 {
		findings = nil
	}
	return Facts{sealed, findings}, err
}

// Unknowns lists what the report leaves unknown.
func (f Facts) Unknowns(occurred calendar.Occurred) []record.Unknown {
	out := record.Common(occurred, f.Facts)
	if record.DayUnknown(occurred) {
		out = append(out, record.UnknownDay)
	}
	if len(f.To) == 0 {
		out = append(out, record.UnknownTo)
	}
	if len(f.Findings) == 0 {
		out = append(out, record.UnknownFindings)
	}
	return out
}

// Register declares the events of this package.
func Register(r *event.Registry) {
	Book.Register(r)
}

// Commands returns the commands of this package.
func Commands() []command.Definition { return Book.Commands() }
