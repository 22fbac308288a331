package httpapi

import (
	"twinledger/domain/fault"
	"twinledger/domain/intake"
	"twinledger/domain/intake/reading"
	"twinledger/domain/record"
)

// An ImportOrder is a file to take in, and how.
type ImportOrder struct {
	File    string // its name, without folders
	Content []byte
	Actor   string // opaque account id
	ImportOptions

	// Progress, if given, is called after each row; no request carries it.
	Progress func(done, total int)
}

// ImportOptions is how a file is taken in. Every choice that somebody has stands
// here, so that the command line, its way through a running program, and HTTP
// offer the same. A choice that is not given has its zero value.
type ImportOptions struct {
	District string `json:"district,omitempty" doc:"Key or name of the district; needed when the ledger has several." example:"某县"`
	Names    bool   `json:"names,omitempty" doc:"The report names the files and sheets of former imports." example:"false"`
	Whole    bool   `json:"whole,omitempty" doc:"The report lists every row, not only the first of each outcome." example:"false"`
	intake.Options
}

// An ImportReport is what became, or of a dry run would become, of a file.
type ImportReport struct {
	Import string          `json:"import" doc:"Key of the import." example:"import-01980a6e-7c10-7000-8000-000000000006"`
	Source string          `json:"source" doc:"Key of the source." example:"source-01980a6e-7c10-8000-8000-000000000009"`
	File   string          `json:"file" doc:"Name of the file." example:"records.xlsx"`
	DryRun bool            `json:"dry_run" doc:"Nothing was written." example:"false"`
	Tables []ImportedTable `json:"tables" doc:"The file's tables."`

	Questions  []reading.Question  `json:"questions" doc:"What is asked about the file, each once; answered questions too."`
	Columns    []intake.ReadColumn `json:"columns" doc:"Headings that were read as columns of another name."`
	Comparison *intake.Comparison  `json:"comparison,omitempty" doc:"What the file changes of the last one of its source; left out when there was none to compare with."`

	Founded         []intake.Founded `json:"founded" doc:"Schools and communities that the ledger does not have and that the file brings; the first of them."`
	UnlistedFounded int              `json:"unlisted_founded" doc:"How many more of them are counted here and not listed." example:"0"`
	NewPeople       int              `json:"new_people" doc:"How many people it brings that the ledger does not have." example:"2"`

	Rows     []ImportedRow `json:"rows" doc:"The rows in the order of the file: the first 200 of each outcome, or all where the option whole asks for them."`
	Unlisted int           `json:"unlisted" doc:"How many further rows there are, which are counted and not listed." example:"0"`
	Warnings []FaultJSON   `json:"warnings" doc:"What is odd about the file and holds up no row: likewise the first 200 of each code."`

	UnlistedWarnings int `json:"unlisted_warnings,omitempty" doc:"How many further warnings there are; left out when there are none." example:"3"`

	Counts ImportCounts `json:"counts" doc:"How many rows became what."`
	Token  string       `json:"token" doc:"Of the last record written, to be given as min_position; empty when nothing was." example:"czoxMjUw"`
}

// An ImportedTable is one table of a file.
type ImportedTable struct {
	SheetName string   `json:"sheet_name" doc:"Name of its sheet; empty in a CSV file." example:"送课"`
	Form      string   `json:"form" enum:"activity,roster,register,unknown" doc:"What it holds: activities, a roster, or all that a register says; unknown ones are not read." example:"activity"`
	Extra     []string `json:"extra" doc:"Columns that are kept with the sealed row only." example:"备用"`

	Frames []reading.Frame `json:"frames" doc:"Rows that are no records: signatures, notes, page lines, repeated headings; likewise the first 200 of each kind."`

	UnlistedFrames int `json:"unlisted_frames,omitempty" doc:"How many further rows are no records; left out when there are none." example:"3"`
}

// An ImportedRow is what became of one row.
type ImportedRow struct {
	Sheet     int            `json:"sheet" doc:"Index of the sheet, from 0." example:"0"`
	SheetName string         `json:"sheet_name" doc:"Name of the sheet; empty in a CSV file." example:"送课"`
	Row       int            `json:"row" doc:"Physical row, from 1." example:"7"`
	Outcome   string         `json:"outcome" enum:"recorded,incomplete,held,already,pending" doc:"What became of it; pending when the import was broken off before." example:"recorded"`
	Record    string         `json:"record" doc:"Key of its record; empty when there is none." example:"lesson-01980a6e-7c10-7000-8000-000000000001"`
	Command   string         `json:"command" doc:"Name of the command that records it; empty when none does." example:"lesson.report"`
	Occurred  string         `json:"occurred" doc:"When, no more precisely than it is known." example:"day:2018-04-18"`
	Ahead     bool           `json:"ahead,omitempty" doc:"Its day has not come: it counts nowhere until then; left out of any other." example:"true"`
	Unknowns  []string       `json:"unknowns" doc:"Codes of what the row should say and does not." example:"day"`
	Twice     []string       `json:"likely_twice,omitempty" doc:"Keys of records, or rows of this file, that may tell of the same thing; left out when there are none." example:"lesson-01980a6e-7c10-7000-8000-000000000002"`
	Part      bool           `json:"part,omitempty" doc:"The row has no number, and the first of likely_twice has one and may contain it; left out of any other." example:"true"`
	First     *ImportedPlace `json:"first,omitempty" doc:"Where an equal row was first read; left out of a new one."`
	Waits     bool           `json:"waits,omitempty" doc:"An equal row was held before and still is: nothing of it is recorded; left out of any other." example:"true"`
	Since     string         `json:"since,omitempty" enum:"changed,removed" doc:"What a later file of the source did to a row recorded before; left out when none did anything." example:"changed"`
	Problems  []FaultJSON    `json:"problems" doc:"What is wrong with the row, in the order of its columns."`
}

// An ImportedPlace is where a row was first read.
type ImportedPlace struct {
	Import    string `json:"import" doc:"Key of the import." example:"import-01980a6e-7c10-7000-8000-000000000006"`
	File      string `json:"file" doc:"Name of its file; empty when it is sealed to the reader." example:"records.xlsx"`
	Sheet     int    `json:"sheet" doc:"Index of the sheet, from 0." example:"0"`
	SheetName string `json:"sheet_name" doc:"Name of the sheet; empty in a CSV file." example:"送课"`
	Row       int    `json:"row" doc:"Physical row, from 1." example:"7"`
}

// ImportCounts is how many rows became what.
type ImportCounts struct {
	Rows       int `json:"rows" doc:"All rows." example:"26"`
	Recorded   int `json:"recorded" doc:"Recorded with nothing unknown." example:"7"`
	Incomplete int `json:"incomplete" doc:"Recorded with something unknown." example:"18"`
	Held       int `json:"held" doc:"Not countable as they stand." example:"1"`
	Already    int `json:"already" doc:"Taken before." example:"0"`
	Waiting    int `json:"waiting" doc:"Those of them that were held then and still are: nothing of them is recorded." example:"0"`
	Pending    int `json:"pending" doc:"Not written, as the import was broken off." example:"0"`
	Added      int `json:"added" doc:"Rows taken now or, of a dry run, that would be, but for corrections." example:"26"`
	Corrected  int `json:"corrected" doc:"Rows in the place of recorded ones of the former file, likewise." example:"0"`
	Removed    int `json:"removed" doc:"Rows of the former file that are gone, likewise." example:"0"`
}

// ReportOf returns the report of an order in the form in which it travels. labels
// tells the names of a former import's file and sheets, false when they cannot be
// shown.
func ReportOf(order ImportOrder, r intake.Report, labels func(importKey string) (intake.Label, bool)) ImportReport {
	out := ImportReport{
		Import: r.Import, Source: r.Source, File: order.File, DryRun: order.DryRun, Token: TokenText(r.Token), Rows: []ImportedRow{},
		Tables: each(r.Tables, func(t reading.Table) ImportedTable {
			return ImportedTable{SheetName: t.SheetName, Form: string(t.Form), Extra: list(t.Extra()), Frames: list(t.PassedOver())}
		}),
		Warnings: faults(r.Warnings),
		Counts: ImportCounts{len(r.Lines), r.Count(intake.Recorded), r.Count(intake.Incomplete), r.Count(intake.Held),
			r.Count(intake.Already), waiting(r), r.Count(intake.Pending), r.Added, r.Corrected, r.Removed},
		Founded: list(r.Founded), NewPeople: r.NewPeople, Columns: list(r.Columns), Questions: list(r.Questions), Comparison: r.Comparison,
	}
	for _, line := range r.Lines {
		out.Rows = append(out.Rows, rowOf(line, labels))
	}
	if !order.Whole {
		return out.Bounded()
	}
	return out
}

// waiting counts the rows that were held before and still are.
func waiting(r intake.Report) int {
	n := 0
	for _, line := range r.Lines {
		if line.Outcome == intake.Already && line.Waits {
			n++
		}
	}
	return n
}

func rowOf(line intake.Line, labels func(string) (intake.Label, bool)) ImportedRow {
	row := ImportedRow{
		Sheet: line.Plan.Table.Sheet, SheetName: line.Plan.Table.SheetName, Row: line.Plan.Row.Number, Outcome: string(line.Outcome),
		Record: line.Record, Command: line.Plan.Command(), Occurred: string(line.Plan.Occurred()), Ahead: line.Plan.Row.Ahead, Twice: line.LikelyTwice, Part: line.Part,
		Unknowns: codes(line.Plan.Unknowns), Problems: faults(line.Plan.Problems), Waits: line.Outcome == intake.Already && line.Waits,
	}
	if line.First != nil {
		row.First = placeOf(*line.First, labels)
	}
	if line.Outcome == intake.Already && line.Since != nil {
		row.Since = "removed"
		if line.Since.By != "" {
			row.Since = "changed"
		}
	}
	return row
}

func placeOf(s record.Source, labels func(string) (intake.Label, bool)) *ImportedPlace {
	place := &ImportedPlace{Import: s.Import, Sheet: s.Sheet, Row: s.Row}
	if label, ok := labels(s.Import); ok {
		place.File = label.File
		if s.Sheet < len(label.Sheets) {
			place.SheetName = label.Sheets[s.Sheet]
		}
	}
	return place
}

// faults returns the faults among errs; what is no fault is not shown.
func faults(errs []error) []FaultJSON {
	out := []FaultJSON{}
	for _, err := range errs {
		if f, ok := fault.As(err); ok {
			out = append(out, WireFault(f))
		}
	}
	return out
}
