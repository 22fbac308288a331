package httpapi

import (
	"twinledger/domain/intake"
	"twinledger/domain/intake/reading"
)

// MostListed is how many rows of each outcome a report lists unless all are asked for, and how
// much of each kind the answer to an undoing lists. All are counted.
const MostListed = 200

// Bounded returns the report with the first rows of each outcome, the first warnings of each
// kind, and the first rows of each list of the comparison. What is left out is counted.
func (r ImportReport) Bounded() ImportReport {
	type group struct {
		outcome string
		waits   bool
	}
	listed := intake.FirstOfEach(r.Rows, MostListed, func(row ImportedRow) group { return group{row.Outcome, row.Waits} })
	r.Unlisted += len(r.Rows) - len(listed)
	warnings := intake.FirstOfEach(r.Warnings, MostListed, func(f FaultJSON) string { return f.Code })
	r.UnlistedWarnings += len(r.Warnings) - len(warnings)
	founded := intake.FirstOfEach(r.Founded, MostListed, func(f intake.Founded) string { return f.Kind })
	r.UnlistedFounded += len(r.Founded) - len(founded)
	r.Founded = founded
	r.Rows, r.Warnings, r.Comparison = listed, warnings, r.Comparison.First(MostListed)
	r.Tables = each(r.Tables, func(t ImportedTable) ImportedTable {
		frames := intake.FirstOfEach(t.Frames, MostListed, func(f reading.Frame) string { return f.What })
		t.UnlistedFrames += len(t.Frames) - len(frames)
		t.Frames = frames
		return t
	})
	return r
}
