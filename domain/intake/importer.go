package intake

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"

	"twinledger/domain/command"
	"twinledger/domain/event"
	"twinledger/domain/fault"
	"twinledger/domain/org"
	"twinledger/domain/record"
	"twinledger/domain/seal"
)

// What an import as a whole is refused with.
var (
	ErrNoSource = fault.New(fault.Invalid, "intake.no-source",
		"请用 --source 写明来源（如 清涧二小），同一来源每次用同一名称。", "Name the source with --source, the same name each time for the same sender.")
	ErrNoRows = fault.New(fault.Invalid, "intake.no-rows",
		"文件中没有可导入的行；请核对是否选对了文件。", "The file has no rows to import; check that it is the right one.")
)

// An Importer takes in files for one district. It is used by one goroutine at
// a time.
type Importer struct {
	Handler  *command.Handler
	Names    *org.Names
	District string // key of the district
	Actor    string
	Progress func(done, total int) // called after each row; may be nil

	// Directory leads from written names to the schools, communities and people
	// that they mean; without one each name means the one noted under it.
	Directory *org.Directory

	// Forms are the tables of registers that are read, in the order in which they
	// are written; none means that only activities and rosters are.
	Forms []RegisterForm

	known  map[string]bool  // streams seen to exist during this import
	waits  map[string]bool  // rows that stay held, as far as that was asked
	there  map[string]bool  // whether the ledger has a stream, as far as that was asked
	file   *described       // what the file itself says of whom and what it names
	writer *command.Handler // the handler, sealing for the names of this file too
}

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

	forOthers bool // it waits for what other rows of its file said

	number string  // mark of its 序号
	group  string  // names the rows that are equal but for 序号
	before Outcome // its outcome once it is no longer pending
	wanted bool    // the clerk wants it taken

	later []string // records, by their former keys, that it refers to and that are taken after it
}

// A Report is what became, or would become, of a file.
type Report struct {
	Import     string // key of the import
	Source     string // key of the source
	Tables     []Table
	Columns    []ReadColumn // headings that were read as columns of another name
	Lines      []Line
	Comparison *Comparison // with the last file of the source; nil when there was none to compare with
	Warnings   []error     // faults with their place that hold up no row
	Added      int         // rows that were taken now or, of a dry run, would be, but for corrections
	Corrected  int         // rows in the place of recorded ones, likewise
	Removed    int         // former rows that are gone, likewise
	Token      event.Token

	corrections corrections
	columns     []MappedColumn // what the source is remembered to map from now on
	remember    bool           // that is news
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

// totals counts what this import made of its rows, before and after it was
// broken off.
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

// Import takes in every row of the workbook that was not taken before, one by
// one, so that an import that was broken off is continued by importing the same
// file again. A file whose rows are all known writes nothing. For a dry run,
// nothing is written at all.
//
// Rows already taken are known by identity, not by place. A file of a source that
// sent one before is compared with the last one accepted: what it changes becomes
// corrections, what it leaves out is voided. What cannot be told is asked, as
// [ErrUndecided], and nothing is written.
//
// The report says what is true also with an error: rows that were not taken are
// Pending. The report of a file that is refused as a whole has no lines, but the
// comparison where there is one. A dry run of a file with open questions is no
// error; its lines say what each row by itself would become.
func (im *Importer) Import(ctx context.Context, w Workbook, o Options) (Report, error) {
	if o.Source == "" {
		return Report{}, ErrNoSource
	}
	if o.DryRun {
		report, err := im.rehearsal().run(ctx, w, o)
		report.Token = ""
		return report, err
	}
	return im.run(ctx, w, o)
}

// run runs the import; Import adds the progress report.
func (im *Importer) run(ctx context.Context, w Workbook, o Options) (Report, error) {
	im.known, im.there, im.waits, im.file = map[string]bool{}, map[string]bool{}, map[string]bool{}, nil
	report, err := im.plan(ctx, w, o)
	open := report.Comparison.Unanswered()
	if err == nil && !o.DryRun {
		err = open
	}
	if err != nil {
		report.Lines, report.Added, report.Corrected, report.Removed = nil, 0, 0, 0
	}
	if err != nil || open != nil {
		return report, err
	}
	state, err := im.importState(ctx, report.Import)
	if err != nil {
		return report, err
	}
	adds := report.Added+report.Corrected+report.Removed > 0
	report.pend()
	if !adds && (!state.open || state.done) {
		return report, nil
	}
	if err := im.begin(ctx, w, o, report, state); err != nil {
		return report, err
	}
	return report, im.takeAll(ctx, &report)
}

// takeAll takes the rows that are wanted and, once all of the file are taken,
// voids what it leaves out.
func (im *Importer) takeAll(ctx context.Context, report *Report) error {
	if err := im.settleReferences(ctx, report); err != nil {
		return err
	}
	if err := im.noteParties(ctx, report); err != nil {
		return err
	}
	if err := im.noteAllNames(ctx, report); err != nil {
		return err
	}
	whole, order := true, im.inOrder(report)
	im.leaveForLater(report, order)
	for n, i := range order {
		line := &report.Lines[i]
		if line.Outcome == Pending && line.wanted {
			if err := im.take(ctx, report, i); err != nil {
				return fmt.Errorf("row %d: %w", line.Plan.Row.Number, err)
			}
		}
		whole = whole && line.Outcome != Pending
		if im.Progress != nil {
			im.Progress(n+1, len(report.Lines))
		}
	}
	if err := im.referBack(ctx, report, whole); err != nil || !whole {
		return err
	}
	if err := im.removeGone(ctx, report); err != nil {
		return err
	}
	return im.finish(ctx, report)
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

// noteAllNames notes the names of all rows before the first is recorded, so that
// a title is sealed whose person only a later row lists.
func (im *Importer) noteAllNames(ctx context.Context, report *Report) error {
	b := im.builder(nil)
	for i := range report.Lines {
		line := &report.Lines[i]
		if line.Outcome != Pending || !line.wanted || line.Plan.Outcome == Held {
			continue
		}
		err := im.noteNames(ctx, report, line.Plan, b)
		if refused, ok := fault.As(err); ok && (refused.Kind == fault.Invalid || refused.Kind == fault.Refused) {
			if err := im.holdWritten(ctx, &line.Plan, refused); err != nil { // a school that was voided meanwhile, say
				return err
			}
		} else if err != nil {
			return fmt.Errorf("row %d: %w", line.Plan.Row.Number, err)
		}
	}
	return nil
}

// plan reads the file, looks up which of its rows are known, and compares it with
// the last file of its source.
func (im *Importer) plan(ctx context.Context, w Workbook, o Options) (Report, error) {
	report := Report{Source: sourceKey(im.Handler.Vault, im.District, o.Source)}
	source, err := im.sourceState(ctx, report.Source)
	if err != nil {
		return report, err
	}
	used, err := im.readTables(&report, w, o, source)
	if err != nil {
		return report, err
	}
	state, err := im.importState(ctx, report.Import)
	if err != nil {
		return report, err
	}
	plans, groups, err := im.planRows(ctx, &report, o)
	if err != nil {
		return report, err
	}
	base, former, err := im.base(ctx, source, state, report.Import)
	if err != nil {
		return report, err
	}
	if err := im.lookUpAll(ctx, &report, plans, groups, o, former, state); err != nil {
		return report, err
	}
	if err := im.compare(ctx, &report, o, base, former, used, state); err != nil {
		return report, err
	}
	if source.last == "" && !state.open {
		if err := im.checkOtherSources(ctx, &report); err != nil {
			return report, err
		}
	}
	if state.open && !state.done && source.imports[report.Import] && source.last != report.Import && report.untaken() {
		return report, ErrOlderFile.With("later", source.last)
	}
	report.count()
	return report, nil
}

// untaken tells whether a row of the file was not taken before.
func (r *Report) untaken() bool {
	return slices.ContainsFunc(r.Lines, func(l Line) bool { return l.Outcome != Already })
}

// readTables finds the file's tables under the headings that the source is known
// to use, and names the import. It returns the headings that were renamed, by
// sheet and column.
func (im *Importer) readTables(report *Report, w Workbook, o Options, source sourceState) (map[int]mapping, error) {
	now, err := mappingOf(o.Columns)
	if err != nil {
		return nil, err
	}
	for name := range now {
		if len(im.Names.In(name)) > 0 {
			return nil, ErrNameInHeading
		}
	}
	all := source.columns.with(now)
	renamed, used, problems := all.apply(w)
	if len(problems) > 0 {
		return nil, errors.Join(problems...)
	}
	applied := mapping{}
	for _, columns := range used {
		for column, name := range columns {
			applied[name] = column
		}
	}
	for _, c := range now.list() {
		if applied[c.Heading] == "" {
			return nil, ErrNoSuchHeading.At(fault.Place{File: w.File, Column: c.Heading})
		}
	}
	for _, c := range applied.list() {
		report.Columns = append(report.Columns, ReadColumn{c, now[c.Heading] == ""})
	}
	report.columns, report.remember = all.list(), len(now) > 0 && !slices.Equal(all.list(), source.columns.list())
	report.Import = importKey(im.Handler.Vault, im.District, report.Source, hex.EncodeToString(w.Fingerprint[:]), applied.list())
	report.Tables, problems = tablesOf(renamed, im.registerKinds())
	if len(problems) > 0 {
		return nil, errors.Join(problems...)
	}
	for _, table := range report.Tables {
		if table.Form == Activity || table.Form == Roster {
			report.Warnings = append(append(report.Warnings, table.CheckTotals()...), table.checkLikely(table.Columns)...)
		}
		report.Warnings = append(report.Warnings, table.checkVoid()...)
	}
	return used, nil
}

// planRows says what every row would become, and names the equal ones.
func (im *Importer) planRows(ctx context.Context, report *Report, o Options) ([]RowPlan, []string, error) {
	var rows []TableRow
	for _, table := range report.Tables {
		rows = append(rows, table.Rows...)
	}
	if len(rows) == 0 {
		return nil, nil, ErrNoRows.At(fault.Place{File: fileOf(report.Tables)})
	}
	keys, groups, err := identities(im.Handler.Vault, im.District, rows)
	if err != nil {
		return nil, nil, err
	}
	plans := plan(report.Tables, im.registerKinds())
	for i := range plans {
		plans[i].Key = keys[i]
	}
	held, err := o.chosen(places(plans), o.Hold)
	if err != nil {
		return nil, nil, err
	}
	for i := range plans {
		if held[i] {
			plans[i].hold(ErrHeldByClerk, "")
		}
	}
	holdRepeated(plans)
	im.describeFile(plans)
	holdContradicting(plans, im.builder(nil))
	if err := im.refuseOwn(ctx, plans); err != nil {
		return nil, nil, err
	}
	again, err := o.chosen(places(plans), o.Again)
	if err != nil {
		return nil, nil, err
	}
	if err := im.holdUnreferred(ctx, plans, again); err != nil {
		return nil, nil, err
	}
	holdRefused(plans, im.Names, im.builder(nil))
	if err := im.holdVoid(ctx, plans); err != nil {
		return nil, nil, err
	}
	markParts(plans, im.builder(nil))
	writer := *im.Handler
	writer.Vault, writer.Names = onceVault{im.Handler.Vault}, newFileNames(im.Handler.Names, im.Names, plans, report.Source)
	im.writer = &writer
	if err := im.holdNaming(ctx, plans); err != nil {
		return nil, nil, err
	}
	if err := im.holdUnreferred(ctx, plans, again); err != nil { // those that refer to a row that is held by now
		return nil, nil, err
	}
	return plans, groups, nil
}

func fileOf(tables []Table) string {
	if len(tables) == 0 {
		return ""
	}
	return tables[0].File
}

// lookUpAll looks up which rows were taken before. A row that was added again
// beside an equal one is known by the key that it was given then. One that was held
// for what other rows said, which they say no more, is taken as if by --again.
func (im *Importer) lookUpAll(ctx context.Context, report *Report, plans []RowPlan, groups []string, o Options, former []formerRow, state importState) error {
	rows := places(plans)
	wanted, err := o.selected(rows)
	if err != nil {
		return err
	}
	again, err := o.chosen(rows, o.Again)
	if err != nil {
		return err
	}
	held, err := o.chosen(rows, o.Hold)
	if err != nil {
		return err
	}
	as, listed := map[string]string{}, map[string]bool{}
	for _, row := range former {
		if equal := row.state.facts.Again; equal != "" {
			as[equal] = row.Row
		}
	}
	for _, row := range state.listed { // an import that is continued, or done, goes on as it began
		listed[row.Row] = true
	}
	for i, p := range plans {
		if key := im.keyAgain(report.Import, p); listed[key] {
			as[p.Key] = key
		}
		line, err := im.lookUp(ctx, p)
		if err == nil && line.Outcome == Already && (as[p.Key] != "" || again[i] || line.forOthers && p.Outcome != Held) {
			line, err = im.lookUpAgain(ctx, p, as[p.Key], report.Import)
		}
		if err != nil {
			return err
		}
		at := fault.Place{File: p.Table.File, Sheet: p.Table.SheetName, Row: p.Row.Number}
		switch {
		case held[i] && line.Outcome == Already && line.Taken != Held:
			return ErrTakenBefore.At(at)
		case again[i] && line.Outcome != Already && line.Plan.Again == "":
			return ErrNotTakenBefore.At(at) // else the same order given twice would record the row twice
		}
		line.number, line.group, line.wanted = im.numberMark(p.Row.numbered().Text), groups[i], wanted[i]
		report.Lines = append(report.Lines, line)
	}
	return nil
}

// lookUpAgain looks up a row that is to be recorded beside an equal one, under
// the key that it has, or is given once for its file.
func (im *Importer) lookUpAgain(ctx context.Context, p RowPlan, key, of string) (Line, error) {
	if key == "" {
		key = im.keyAgain(of, p)
	}
	p.Again, p.Key = p.Key, key
	return im.lookUp(ctx, p)
}

// keyAgain returns the key of a row that an import records beside an equal one.
func (im *Importer) keyAgain(of string, p RowPlan) string {
	return "row-" + event.UUIDv8(im.Handler.Vault.MAC("row again v1", of, p.Key)).String()
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

func (im *Importer) builder(source *record.Source) builder {
	return builder{ledger: im.Handler.Ledger, district: im.District, vault: im.Handler.Vault, source: source, names: im.Names, directory: im.Directory, file: im.file}
}

// lookUp tells whether the row was taken before.
func (im *Importer) lookUp(ctx context.Context, p RowPlan) (Line, error) {
	line := Line{Plan: p, Outcome: p.Outcome}
	history, err := im.Handler.Load(ctx, p.Key)
	if err != nil {
		return line, err
	}
	if state := rowDecider.Fold(history); state.taken != "" {
		taken := state.facts
		line.Outcome, line.Taken, line.Record, line.First, line.Since = Already, taken.Outcome, taken.Record, &taken.Source, state.since
		line.Waits = taken.Outcome == Held && !state.void && state.since == nil
		line.forOthers = line.Waits && taken.heldForOthers()
	}
	return line, nil
}

// do carries out one command of this import under an id that follows from what
// it does, so that doing it again has no effect.
func (im *Importer) do(ctx context.Context, report *Report, id string, req command.Request) (command.Outcome, error) {
	req.ID, req.Same, req.Actor, req.Source, req.Correlation = id, id, im.Actor, report.Source, event.StreamKey(report.Import)
	done, err := im.writer.Handle(ctx, req)
	if done.Token != "" {
		report.Token = done.Token
	}
	return done, err
}

// id derives the id of a command that follows from parts.
func (im *Importer) id(parts ...string) string {
	return event.UUIDv8(im.Handler.Vault.MAC("import command v1", parts...)).String()
}

// listedAtOnce is how many rows one RowsListed holds, well below the size of an
// append.
const listedAtOnce = 5000

// A step is one command of an import, under its id.
type step struct {
	id  string
	req command.Request
}

// begin records what the file is and what the comparison found, before the first
// of its rows. What is recorded already is passed over.
func (im *Importer) begin(ctx context.Context, w Workbook, o Options, report Report, state importState) error {
	label, err := event.Marshal(labelOf(w))
	if err != nil {
		return err
	}
	started := Started{District: im.District, Source: report.Source, Fingerprint: hex.EncodeToString(w.Fingerprint[:]),
		Rows: len(report.Lines), Label: seal.Text{Clear: string(label)}}
	for _, c := range report.Columns {
		started.Columns = append(started.Columns, c.MappedColumn)
	}
	if report.Comparison != nil {
		started.ComparedWith = report.Comparison.With
	}
	steps := []step{
		{im.id("note", report.Source), command.Request{Name: "source.note", Body: noteSource{SourceNoted{im.District, seal.Text{Clear: o.Source}}}}},
		{im.id("start", report.Import), command.Request{Name: "import.start", Body: startImport{started}}},
	}
	if state.compared == nil {
		steps = append(steps, im.comparedSteps(report)...)
	}
	steps = append(steps, im.listSteps(report, state)...)
	steps = append(steps, step{im.id("link", report.Import), command.Request{Name: "source.link", Stream: report.Source, Body: linkImport{SourceImported{report.Import}}}})
	if report.remember {
		steps = append(steps, step{im.id("map", report.Import), command.Request{Name: "source.map", Stream: report.Source, Body: mapSource{SourceMapped{report.columns}}}})
	}
	for _, s := range steps {
		if _, err := im.do(ctx, &report, s.id, s.req); err != nil {
			return err
		}
	}
	return nil
}

// listSteps lists the file's rows or, of an import whose rows are listed, those
// that are added again beside equal ones.
func (im *Importer) listSteps(report Report, state importState) []step {
	known := map[string]bool{}
	for _, row := range state.listed {
		known[row.Row] = true
	}
	whole := len(state.listed) < len(report.Lines)
	var rows, again []ListedRow
	for _, line := range report.Lines {
		row := ListedRow{line.Plan.Key, line.Plan.Table.Sheet, line.Plan.Row.Number, line.number}
		rows = append(rows, row)
		if !whole && !known[row.Row] && line.Plan.Again != "" {
			again = append(again, row)
		}
	}
	list := func(id string, rows []ListedRow) step {
		return step{id, command.Request{Name: "import.list", Stream: report.Import, Body: listRows{RowsListed{rows}}}}
	}
	var steps []step
	if whole {
		n := 0
		for chunk := range slices.Chunk(rows, listedAtOnce) {
			steps = append(steps, list(im.id("list", report.Import, fmt.Sprint(n)), chunk))
			n++
		}
	}
	for _, row := range again {
		steps = append(steps, list(im.id("list", report.Import, row.Row), []ListedRow{row}))
	}
	return steps
}

// A Label is the names that an import's places are shown with.
type Label struct {
	File   string   `json:"file"`
	Sheets []string `json:"sheets"`
}

func labelOf(w Workbook) Label {
	label := Label{File: w.File}
	for _, sheet := range w.Sheets {
		for len(label.Sheets) <= sheet.Index {
			label.Sheets = append(label.Sheets, "")
		}
		label.Sheets[sheet.Index] = sheet.Name
	}
	return label
}

// take records one row, whose names are noted: its record, then the row itself,
// then what it did to the former row in whose place it stands.
func (im *Importer) take(ctx context.Context, report *Report, i int) error {
	line := &report.Lines[i]
	p := &line.Plan
	source := &record.Source{Import: report.Import, Sheet: p.Table.Sheet, Row: p.Row.Number}
	b := im.builder(source)
	b.without = line.later
	from, changes := report.corrections.changed[p.Key]
	done := line.First != nil && line.First.Import == report.Import // the import was broken off right behind the row
	if !done && (p.Outcome != Held || changes && from.effect != Holds) {
		err := im.put(ctx, report, line, from, b)
		if errors.Is(err, event.ErrTooLarge) {
			err = ErrRowTooLarge
		}
		if refused, ok := fault.As(err); ok && holdable(refused) {
			if err := im.holdWritten(ctx, p, refused); err != nil {
				return err
			}
			line.Record, from.effect = "", Holds
		} else if err != nil {
			return err
		}
	}
	if line.First != nil {
		line.Outcome = line.before
	} else if err := errors.Join(im.settleHeld(ctx, report, *p), im.takeRow(ctx, report, line, from, b)); err != nil {
		return err
	}
	if !changes || from.effect == Records {
		report.Added++
	} else {
		report.Corrected++
	}
	if !changes {
		return nil
	}
	return im.supersede(ctx, report, from.former, p.Key, im.changedReason(*p))
}

// settleHeld settles the held row that is now recorded after all.
func (im *Importer) settleHeld(ctx context.Context, report *Report, p RowPlan) error {
	if p.Again == "" {
		return nil
	}
	state, err := im.rowState(ctx, p.Again)
	if err != nil || state.outcome != Held || state.void {
		return err
	}
	return im.withdraw(ctx, report, p.Again, im.id("settle", report.Import, p.Again), im.changedReason(p))
}

// takeRow says in the row's own stream what became of it.
func (im *Importer) takeRow(ctx context.Context, report *Report, line *Line, from correction, b builder) error {
	p := &line.Plan
	cells, err := sealedCopy(*p, im.writer.Names)
	if err != nil {
		return err
	}
	taken := RowTaken{District: im.District, Source: *b.source, Outcome: p.Outcome, Record: line.Record,
		Community: b.community(p.Community), Unknowns: p.Unknowns, Problems: p.problemCodes(), Cells: seal.Text{Clear: cells},
		Corrects: from.former.Row, Kept: from.effect == Keeps || from.effect == StaysVoid, Again: p.Again}
	if p.PartOf >= 0 {
		taken.PartOf = report.Lines[p.PartOf].Plan.Key
	}
	if p.Community != "" {
		if err := im.noteCommunity(ctx, report, p.Community, b); err != nil {
			return err
		}
	}
	_, err = im.do(ctx, report, im.id("take", p.Key), command.Request{Name: "row.take", Stream: p.Key, Occurred: p.Occurred, Body: takeRow{taken}})
	if err == nil {
		line.Outcome = p.Outcome
	}
	return err
}

// record reports what the row tells of, under ids that follow from the row. A row
// that was taken before is recorded once more for this file.
func (im *Importer) record(ctx context.Context, report *Report, line *Line, b builder) error {
	p := line.Plan
	if p.register != nil && p.register.isParty() {
		return im.recordChanges(ctx, report, line, b)
	}
	if err := im.describe(ctx, report, line, b); err != nil || p.Command == "" {
		return err
	}
	done, err := im.do(ctx, report, im.recordingID(report, *line), command.Request{Name: p.Command, Occurred: p.Occurred, Body: p.body.report(b)})
	if err == nil {
		line.Record = done.Stream
	}
	return err
}

// recordingID returns the id of the command that records a row.
func (im *Importer) recordingID(report *Report, line Line) string {
	if report.knewBefore(line) {
		return im.id("renew", report.Import, line.Plan.Key)
	}
	return line.Plan.Key[len("row-"):]
}

// knewBefore tells whether another import took the row.
func (r *Report) knewBefore(line Line) bool {
	return line.First != nil && line.First.Import != r.Import
}

// describe adds to a school what a roster row says of it.
func (im *Importer) describe(ctx context.Context, report *Report, line *Line, b builder) error {
	p := line.Plan
	if p.Describes == nil {
		return nil
	}
	described := *p.Describes
	described.Source = b.source
	school := b.school(p.Schools[0])
	_, err := im.do(ctx, report, im.id("describe", p.Key), command.Request{Name: "school.describe", Stream: school, Occurred: p.Occurred, Body: described})
	if err == nil {
		line.Record = school
	}
	return err
}

// noteNames notes the schools and people that the ledger does not know yet.
func (im *Importer) noteNames(ctx context.Context, report *Report, p RowPlan, b builder) error {
	if p.Community != "" {
		if err := im.noteCommunity(ctx, report, p.Community, b); err != nil {
			return err
		}
	}
	for _, name := range p.Schools {
		key := b.school(name)
		body := record.Report[org.School]{Facts: org.School{District: im.District, Name: name, Provisional: true}}
		if _, err := im.note(ctx, report, key, command.Request{Name: "school.note", Body: body}); err != nil {
			return err
		}
	}
	for _, person := range p.People {
		key := b.person(person)
		school := ""
		if person.School != "" {
			school = b.school(person.School)
		}
		body := record.Report[org.Person]{Facts: org.Person{District: im.District, School: school, Name: seal.Text{Clear: person.Name}, Provisional: true}}
		events, err := im.note(ctx, report, key, command.Request{Name: "person.note", Body: body})
		if err != nil {
			return err
		}
		for _, e := range events {
			if err := im.Names.Learn(ctx, e, im.Handler.Vault); err != nil {
				return err
			}
		}
	}
	return nil
}

func (im *Importer) noteCommunity(ctx context.Context, report *Report, name string, b builder) error {
	body := record.Report[org.Community]{Facts: org.Community{District: im.District, Name: name, Provisional: true}}
	_, err := im.note(ctx, report, b.community(name), command.Request{Name: "community.note", Body: body})
	return err
}

// note opens the stream key with req unless it is there; it returns what the
// stream's opening recorded.
func (im *Importer) note(ctx context.Context, report *Report, key string, req command.Request) ([]event.Event, error) {
	if im.known[key] {
		return nil, nil
	}
	history, err := im.Handler.Load(ctx, key)
	if err == nil && len(history) == 0 {
		var done command.Outcome
		done, err = im.do(ctx, report, im.id("note", key), req)
		history = done.Events
	}
	if err != nil {
		return nil, err
	}
	im.known[key] = true
	return history, nil
}

func (im *Importer) finish(ctx context.Context, report *Report) error {
	body := finishImport{report.totals()}
	_, err := im.do(ctx, report, im.id("finish", report.Import), command.Request{Name: "import.finish", Stream: report.Import, Body: body})
	return err
}
