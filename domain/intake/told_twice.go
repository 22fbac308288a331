package intake

import (
	"context"
	"slices"

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

// The warnings of rows that may tell of what is told already.
var (
	ErrLikelyTwice = fault.New(fault.Invalid, "intake.likely-duplicate",
		"此行与所示的记录或行很像同一件事，可能重复；照常入账，请用 twinledger duplicates 查看并判定是否同一件事。",
		"The row looks like the same thing as the record or row that is shown, a likely duplicate; it is recorded all the same. Look with twinledger duplicates and decide whether they are the same.")
	ErrLikelyPart = fault.New(fault.Invalid, "intake.likely-part",
		"此行没有数量，可能已包含在所示的记录或行之中，即可能重复；照常入账，请用 twinledger duplicates 查看并判定。",
		"The row has no number and may be part of the record or row that is shown, a likely duplicate; it is recorded all the same. Look with twinledger duplicates and decide.")
)

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
// ledger, and other rows of the file. Of two rows the later one is named or, where only one of
// them has a number, the one without.
func (run *run) findToldTwice(ctx context.Context, report *Report) error {
	var rows []int
	said := map[int]duplicate.Statement{}
	var all []duplicate.Statement
	for i, line := range report.Lines {
		if s, ok := run.tellsOf(report, line); ok {
			rows, said[i], all = append(rows, i), s, append(all, s)
		}
	}
	if len(all) == 0 {
		return nil
	}
	index, same, err := run.recordedAlready(ctx, all)
	if err != nil {
		return err
	}
	slices.SortStableFunc(rows, func(a, b int) int { return duplicate.NumberedFirst(said[a], said[b]) })
	for n, i := range rows {
		line, s := &report.Lines[i], said[i].Resolved(same)
		for _, like := range index.Like(s, mostLike) {
			line.Part = line.Part || len(line.LikelyTwice) == 0 && duplicate.PartOf(s, like)
			line.LikelyTwice = append(line.LikelyTwice, like.Key)
		}
		if s.Key = "row " + line.Plan.at().String(); n < mostOwn {
			index.Add(s)
		}
	}
	warnOfToldTwice(report)
	return nil
}

// recordedAlready returns an index of the records of the ledger that may tell of what rows
// tell of; an empty one when nobody can read them.
func (run *run) recordedAlready(ctx context.Context, rows []duplicate.Statement) (*duplicate.Index, duplicate.Identity, error) {
	if run.Duplicates == nil {
		return &duplicate.Index{}, func(key string) string { return key }, nil
	}
	return run.Duplicates.Index(ctx, rows...)
}

// warnOfToldTwice warns of the first rows that have likely duplicates.
func warnOfToldTwice(report *Report) {
	warned := 0
	for _, line := range report.Lines {
		if len(line.LikelyTwice) == 0 || warned == mostTwice {
			continue
		}
		warning := ErrLikelyTwice
		if line.Part {
			warning = ErrLikelyPart
		}
		report.Warnings = append(report.Warnings, warning.At(line.Plan.place(reading.ColumnDate)).With("like", line.LikelyTwice))
		warned++
	}
}

// tellsOf returns what a row that is to be recorded anew tells of.
func (run *run) tellsOf(report *Report, line Line) (duplicate.Statement, bool) {
	s, ok := line.Plan.statement()
	common, is := s.Facts.(interface {
		Common() record.Facts
		References() []string
	})
	if !ok || !is || line.Outcome == Already || line.Corrects != "" || line.Plan.Command() == "" {
		return duplicate.Statement{}, false
	}
	facts, is := from(common, run.source(report, line.Plan)).(interface {
		Common() record.Facts
		References() []string
	})
	if !is {
		return duplicate.Statement{}, false
	}
	told := duplicate.NewStatement(s.Kind, line.Plan.Row.Occurred, facts)
	return told, told.CanRepeat()
}
