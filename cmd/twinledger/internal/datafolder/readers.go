package datafolder

import (
	"twinledger/adapters/readmodel"
	"twinledger/projections"
	"twinledger/projections/duplicates"
	"twinledger/projections/imports"
	"twinledger/projections/journal"
	"twinledger/projections/records"
	"twinledger/projections/registers"
	"twinledger/projections/reviews"
)

// Records reads the rows of records, schools, communities and the like.
func (f *Folder) Records() projections.Rows[records.Row] {
	return readmodel.Rows(f.Models, records.Model)
}

// Duplicates reads which records are likely duplicates, and what was decided.
func (f *Folder) Duplicates() duplicates.Reader {
	return duplicates.Reader{Records: f.Records(), Decisions: readmodel.Rows(f.Models, duplicates.Model)}
}

// Imports reads which files were taken in.
func (f *Folder) Imports() projections.Rows[imports.Row] {
	return readmodel.Rows(f.Models, imports.Model)
}

// Journal reads the index over the log.
func (f *Folder) Journal() journal.Index { return f.Models.Journal() }

// Registers reads registers, sheets and what is due.
func (f *Folder) Registers() registers.Reader {
	return registers.Reader{Rows: f.Records(), Decided: readmodel.Rows(f.Models, duplicates.Model)}
}

// Reviews reads what reviews are computed from.
func (f *Folder) Reviews() reviews.Reader {
	return reviews.Reader{Ledger: f.Ledger, Records: f.Records(), Decided: readmodel.Rows(f.Models, duplicates.Model), Journal: f.Journal(), Normal: SameName}
}
