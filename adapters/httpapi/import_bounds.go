package httpapi

import (
	"twinledger/domain/intake"
	"twinledger/domain/intake/reading"
)

// MostListed is how many rows of each outcome a report lists unless all are asked for. All are
// counted.
const MostListed = 200

// Bounded returns the report with the first rows of each outcome, the first warnings of each
// kind, and the first rows of each list of the comparison. What is left out is counted.
func (r ImportReport) Bounded() ImportReport {
	type group struct {
		outcome string
		waits   bool
	}
	listed := firstOfEach(r.Rows, func(row ImportedRow) group { return group{row.Outcome, row.Waits} })
	r.Unlisted += len(r.Rows) - len(listed)
	warnings := firstOfEach(r.Warnings, func(f FaultJSON) string { return f.Code })
	r.UnlistedWarnings += len(r.Warnings) - len(warnings)
	founded := firstOfEach(r.Founded, func(f intake.Founded) string { return f.Kind })
	r.UnlistedFounded += len(r.Founded) - len(founded)
	r.Founded = founded
	r.Rows, r.Warnings, r.Comparison = listed, warnings, r.Comparison.First(MostListed)
	r.Tables = each(r.Tables, func(t ImportedTable) ImportedTable {
		frames := firstOfEach(t.Frames, func(f reading.Frame) string { return f.What })
		t.UnlistedFrames += len(t.Frames) - len(frames)
		t.Frames = frames
		return t
	})
	return r
}

// firstOfEach returns the first rows of each group, in their order.
func firstOfEach[R any, K comparable](rows []R, groupOf func(R) K) []R {
	out := make([]R, 0, min(len(rows), MostListed)) // [] rather than null when empty
	count := map[K]int{}
	for _, row := range rows {
		if group := groupOf(row); count[group] < MostListed {
			count[group]++
			out = append(out, row)
		}
	}
	return out
}
