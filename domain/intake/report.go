package intake

import (
	"twinledger/domain/event"
	"twinledger/domain/intake/reading"
	"twinledger/domain/record"
)

// A Line is what became, or would become, of one row.
type Line struct {
	Plan     RowPlan
	Outcome  Outcome        // Already when the row was taken before, Pending when it was to be and was not
	Record   string         // key of the record; "" when held
	First    *record.Source // where a row that is already recorded was first read
	Taken    Outcome        // what became of it then
	Since    *RowSuperseded // a later file of the source replaced it or left it out; nil when none did
	Waits    bool           // it was held then and still is: nothing of it is recorded, nor settled
	Corrects string         // key of the former row that this one replaces; "" of a new or an unchanged row

	LikelyTwice []string // keys of records, or rows of the file, that may tell of the same thing
	Part        bool     // it has no number, and the first of them has one and may contain it

	settles bool     // it was held and is taken now
	again   bool     // what it recorded before is void: what it records now has ids of its own
	number  string   // mark of its 序号
	group   string   // names the rows that are equal but for 序号
	before  Outcome  // its outcome once it is no longer pending
	wanted  bool     // the clerk wants it taken
	later   []string // records, by their former keys, that it refers to and that are taken after it
}

// A Report is what became, or would become, of a file.
type Report struct {
	Import     string // key of the import
	Source     string // key of the source
	Tables     []reading.Table
	Columns    []ReadColumn // headings that were read as columns of another name
	Lines      []Line
	Questions  []reading.Question // what is asked about the file, answered questions too
	Comparison *Comparison        // with the last file of the source; nil when there was none to compare with
	Founded    []Founded          // schools and communities that the ledger does not have
	NewPeople  int                // people that it does not have
	Warnings   []error            // faults with their place that hold up no row
	Added      int                // rows that were taken now or, of a dry run, would be, but for corrections
	Corrected  int                // rows in the place of recorded ones, likewise
	Removed    int                // former rows that are gone, likewise
	Token      event.Token

	corrections corrections
	memory      memory // what the source is remembered to answer from now on
	remember    bool   // that is news
}

// A ReadColumn is a heading that was read as a column of another name.
type ReadColumn struct {
	MappedColumn
	Remembered bool `json:"remembered,omitempty" doc:"From a former import of the source." example:"true"`
}

// Count returns how many lines have the outcome now.
func (r Report) Count(o Outcome) int {
	n := 0
	for _, line := range r.Lines {
		if line.Outcome == o {
			n++
		}
	}
	return n
}

// totals counts what this import made of its rows, before and after it was broken off.
func (r Report) totals() Completed {
	var c Completed
	for _, line := range r.Lines {
		outcome := line.Outcome
		if outcome == Already && line.First.Import == r.Import {
			outcome = line.Taken
		}
		switch outcome {
		case Recorded:
			c.Recorded++
		case Incomplete:
			c.Incomplete++
		case Held:
			c.Held++
		case Already:
			c.Already++
		}
	}
	return c
}

// pend says of every row that is to be taken that it is not yet.
func (r *Report) pend() {
	r.Added, r.Corrected, r.Removed = 0, 0, 0
	for i := range r.Lines {
		if line := &r.Lines[i]; r.writes(*line) {
			line.before, line.Outcome = line.Outcome, Pending
		}
	}
}

// writes tells whether something is left to be done for the line.
func (r *Report) writes(line Line) bool {
	if c, ok := r.corrections.changed[line.Plan.Key]; ok {
		return !c.done
	}
	return line.Outcome != Already
}

// count says what the import would add, of the rows that are wanted.
func (r *Report) count() {
	whole := true
	for i := range r.Lines {
		line := &r.Lines[i]
		switch {
		case !r.writes(*line):
		case !line.wanted:
			whole, line.Outcome = false, Pending
		case line.Corrects != "" && r.corrections.changed[line.Plan.Key].effect != Records:
			r.Corrected++
		default:
			r.Added++
		}
	}
	if whole {
		for _, c := range r.corrections.removed {
			if !c.done {
				r.Removed++
			}
		}
	}
}

// untaken tells whether a row of the file was not taken before.
func (r *Report) untaken() bool {
	for _, line := range r.Lines {
		if line.Outcome != Already {
			return true
		}
	}
	return false
}

// knewBefore tells whether another import took the row.
func (r *Report) knewBefore(line Line) bool {
	return line.First != nil && line.First.Import != r.Import
}

// recordsAnew tells whether the row makes a record of its own, rather than stand for one that
// was there before the import.
func (r *Report) recordsAnew(line Line) bool {
	switch r.corrections.changed[line.Plan.Key].effect {
	case Corrects:
		return false
	case Renews, Records:
		return true
	}
	return !r.knewBefore(line)
}
