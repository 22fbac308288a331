package intake

import (
	"context"

	"twinledger/domain/duplicate"
	"twinledger/domain/fault"
	"twinledger/domain/intake/reading"
	"twinledger/domain/record"
)

// A DuplicateReader finds records of the ledger that may tell of the same thing as rows that
// are not recorded yet.
type DuplicateReader interface {
	// Index returns an index of the standing records of the same kinds and days as the
	// statements given, and what says which schools and people are the same: statements must
	// be resolved by it before they are looked for.
	Index(ctx context.Context, like ...duplicate.Statement) (*duplicate.Index, duplicate.Identity, error)
}

// ErrLikelyTwice names a row that may tell of what is told already.
var ErrLikelyTwice = fault.New(fault.Invalid, "intake.likely-duplicate",
	"此行与所示的记录或行很像同一件事，可能重复；照常入账，请用 twinledger duplicates 查看并判定是否同一件事。",
	"The row looks like the same thing as the record or row that is shown, a likely duplicate; it is recorded all the same. Look with twinledger duplicates and decide whether they are the same.")

// mostLike is how many likely duplicates of one row are named, and mostTwice in how many rows.
// mostOwn is how many rows of a file are compared with its later rows: rows of one day are
// compared one by one, and a file of a hundred thousand would never end. The list of likely
// duplicates shows all of them once they are recorded.
const (
	mostLike  = 3
	mostTwice = 20
	mostOwn   = 2_000
)

// findToldTwice names the likely duplicates of rows that are to be recorded: records of the
// ledger, and earlier rows of the file.
func (run *run) findToldTwice(ctx context.Context, report *Report) error {
	if run.Duplicates == nil {
		return nil
	}
	said := map[int]duplicate.Statement{}
	var all []duplicate.Statement
	for i, line := range report.Lines {
		if s, ok := run.tellsOf(report, line); ok {
			said[i], all = s, append(all, s)
		}
	}
	if len(all) == 0 {
		return nil
	}
	index, same, err := run.Duplicates.Index(ctx, all...)
	if err != nil {
		return err
	}
	found := 0
	for i := range report.Lines {
		s, ok := said[i]
		if !ok {
			continue
		}
		line := &report.Lines[i]
		s = s.Resolved(same)
		for _, like := range index.Like(s, mostLike) {
			line.LikelyTwice = append(line.LikelyTwice, like.Key)
		}
		if s.Key = "row " + line.Plan.at().String(); len(line.LikelyTwice) > 0 {
			if found++; found <= mostTwice {
				report.Warnings = append(report.Warnings, ErrLikelyTwice.At(line.Plan.place(reading.ColumnDate)).With("like", line.LikelyTwice))
			}
		}
		if i < mostOwn {
			index.Add(s)
		}
	}
	return nil
}

// tellsOf returns what a row that is to be recorded anew tells of.
func (run *run) tellsOf(report *Report, line Line) (duplicate.Statement, bool) {
	s, ok := line.Plan.statement()
	common, is := s.Facts.(interface {
		Common() record.Facts
		References() []string
	})
	if !ok || !is || line.Outcome == Already || line.Corrects != "" || line.Plan.Command() == "" || !line.Plan.Row.Occurred.Dated() {
		return duplicate.Statement{}, false
	}
	facts, is := from(common, run.source(report, line.Plan)).(interface {
		Common() record.Facts
		References() []string
	})
	if !is {
		return duplicate.Statement{}, false
	}
	return duplicate.NewStatement(s.Kind, line.Plan.Row.Occurred, facts), true
}
