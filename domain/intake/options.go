package intake

// Options are what the clerk says of one import beside the file itself. They are
// plain data, so that they travel to a running ledger as they are written on the
// command line.
//
// A row is named by its physical number as a spreadsheet program shows it, 14, or
// with its sheet in front where several sheets have such a row, 学校名册!14; a row
// of the former file may also be named by its key, row-….
type Options struct {
	Source  string            `json:"source"`            // the sender's name, the same each time
	DryRun  bool              `json:"dry_run,omitempty"` // only say what would become of the file
	Columns map[string]string `json:"columns,omitempty"` // heading as written to the column meant; remembered for the source
	Sheet   string            `json:"sheet,omitempty"`   // the sheet that Rows, Hold and Again speak of; "" where only one has rows
	Rows    string            `json:"rows,omitempty"`    // the rows to take, "2-10,14"; "" means all
	Hold    []string          `json:"hold,omitempty"`    // rows to hold, whatever they say
	Again   []string          `json:"again,omitempty"`   // rows to record although an equal one is recorded already

	Decisions
}

// Decisions say what the comparison with the former file of the source leaves
// open.
type Decisions struct {
	Pairs     []Pair   `json:"pairs,omitempty"`     // rows of the former file and what became of each
	Removed   []string `json:"removed,omitempty"`   // rows of the former file that are gone
	Added     []string `json:"added,omitempty"`     // rows of this file that are new
	Overwrite []string `json:"overwrite,omitempty"` // keys of records that the file corrects or voids although somebody else had a say
	Keep      []string `json:"keep,omitempty"`      // keys of such records that stay as they are
}

// A Pair is a row of the former file and the row that it became.
type Pair struct {
	Old string `json:"old"`
	New string `json:"new"`
}
