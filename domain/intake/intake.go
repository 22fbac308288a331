// Package intake takes in the record files of schools, in three rooms. Reading turns a
// workbook into rows and questions, see [reading]; comparing says what a file changes of the
// one that its source sent before, see [comparing]; taking, in this package, resolves names to
// keys, judges which rows can be recorded, and writes them one by one, so that an import can
// be stopped anywhere and continued.
package intake

import (
	"context"

	"twinledger/domain/calendar"
	"twinledger/domain/command"
	"twinledger/domain/event"
	"twinledger/domain/fault"
	"twinledger/domain/intake/reading"
	"twinledger/domain/org"
)

// What an import as a whole is refused with.
var (
	ErrNoSource = fault.New(fault.Invalid, "intake.no-source",
		"请用 --source 写明来源（如 清涧二小），同一来源每次用同一名称。", "Name the source with --source, the same name each time for the same sender.")
	ErrNoRows = fault.New(fault.Invalid, "intake.no-rows",
		"文件中没有可导入的行；请核对是否选对了文件。", "The file has no rows to import; check that it is the right one.")
)

// An Importer takes in files for one district. It is used by one goroutine at a time.
type Importer struct {
	Handler  *command.Handler
	Names    *org.Names
	District string // key of the district
	Actor    string
	Today    calendar.Day          // the day of the import: what lies after it is ahead
	Progress func(done, total int) // called after each row; may be nil

	// Directory leads from written names to the schools, communities and people that they
	// mean; without one each name means the one noted under it.
	Directory *org.Directory

	// Feed reads the whole log, in which an undoing looks for what was built upon an import.
	Feed event.Feed

	// Duplicates finds records that may tell of the same thing as a row; nil finds none.
	Duplicates DuplicateReader

	// Forms are the tables of registers that are read, in the order in which they are
	// written; none means that only activities and rosters are.
	Forms []reading.RegisterForm
}

// Options are what the clerk says of one import beside the file itself. They are plain
// data, so that they travel to a running ledger as they are written on the command line.
//
// A row is named by its physical number as a spreadsheet program shows it, 14, or with its
// sheet in front where several sheets have such a row, 学校名册!14; a row of the former file may
// also be named by its key, row-….
type Options struct {
	Source  string            `json:"source,omitempty" doc:"The sender's name, the same each time; the file's name without its ending by default." example:"清涧二小"`
	DryRun  bool              `json:"dry_run,omitempty" doc:"Only say what each row would become." example:"true"`
	Columns map[string]string `json:"columns,omitempty" doc:"Heading as the file writes it, to the column that it means; remembered for the source." example:"{\"活动日期\":\"日期\"}"`
	Words   map[string]string `json:"words,omitempty" doc:"Word as the file writes it, to a word that is understood; remembered." example:"{\"送教下乡\":\"送课\"}"`
	Values  map[string]string `json:"values,omitempty" doc:"Column to what all rows say that say nothing themselves; remembered." example:"{\"类别\":\"听课\"}"`
	Answers map[string]string `json:"answers,omitempty" doc:"Number or key of a question to the letter or value of a choice; remembered." example:"{\"1\":\"a\"}"`
	Sheet   string            `json:"sheet,omitempty" doc:"The sheet that rows, hold and again speak of." example:"送课"`
	Rows    string            `json:"rows,omitempty" doc:"The rows to take; all when left out." example:"2-10,14"`
	Hold    []string          `json:"hold,omitempty" doc:"Rows to hold, whatever they say." example:"[\"7\"]"`
	Again   []string          `json:"again,omitempty" doc:"Rows to record although an equal one is recorded already." example:"[\"8\"]"`

	Decisions
}

// Decisions say what the comparison with the former file of the source leaves open.
type Decisions struct {
	Pairs     []Pair   `json:"pairs,omitempty" doc:"Rows of the former file and what became of each."`
	Removed   []string `json:"removed,omitempty" doc:"Rows of the former file that are gone; all: all others of which nothing tells what became of them." example:"[\"5\"]"`
	Added     []string `json:"added,omitempty" doc:"Rows of this file that are new; all: all others, and the former file's stay as they are." example:"[\"9\"]"`
	Overwrite []string `json:"overwrite,omitempty" doc:"Keys of records that the file corrects or voids although somebody else had a say." example:"[\"lesson-01980a6e-7c10-7000-8000-000000000001\"]"`
	Keep      []string `json:"keep,omitempty" doc:"Keys of such records that stay as they are." example:"[\"lesson-01980a6e-7c10-7000-8000-000000000002\"]"`
}

// AllRows stands for all rows that are left to decide about.
const AllRows = "all"

// A Pair is a row of the former file and the row that it became.
type Pair struct {
	Old string `json:"old" doc:"The row of the former file." example:"3"`
	New string `json:"new" doc:"The row that it became." example:"4"`
}

// Import takes in every row of the workbook that was not taken before, one by one, so that an
// import that was broken off is continued by importing the same file again. A file whose rows
// are all known writes nothing. For a dry run, nothing is written at all.
//
// Rows already taken are known by identity, not by place. A row that was held and can be read
// now is taken. A file of a source that sent one before is compared with the last one
// accepted: what it changes becomes corrections, what it leaves out is voided. What cannot be
// told is asked, as [ErrUndecided] or [reading.ErrOpenQuestions], and nothing is written.
//
// The report says what is true also with an error: rows that were not taken are Pending. The
// report of a file that is refused as a whole has no lines, but the comparison and the
// questions where there are some. A dry run of a file with open questions is no error; its
// lines say what each row by itself would become.
func (im *Importer) Import(ctx context.Context, w reading.Workbook, o Options) (Report, error) {
	if o.Source == "" {
		return Report{}, ErrNoSource
	}
	if o.DryRun {
		report, err := im.rehearsal().newRun(o).carryOut(ctx, w)
		report.Token = ""
		return report, err
	}
	return im.newRun(o).carryOut(ctx, w)
}
