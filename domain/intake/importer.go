package intake

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"

	"twinledger/domain/calendar"
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
	ErrChangedRows = fault.New(fault.Refused, "intake.changed-rows",
		"同一来源此前导入的行在此文件中已被改动或删除，本次未写入任何内容。请核对：若是更正，用 correct 或 void 逐条更正；若是另一份文件，换用新的 --source。",
		"Rows that this source sent before are changed or missing in this file, and nothing was written. Correct or void those records one by one or, if this is another file, give it another --source.")
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

	known  map[string]bool  // streams seen to exist during this import
	writer *command.Handler // the handler, sealing for the names of this file too
}

// A Line is what became, or would become, of one row.
type Line struct {
	Plan    RowPlan
	Outcome Outcome        // Already when the row was taken before, Pending when it was to be and was not
	Record  string         // key of the record; "" when held
	First   *record.Source // where a row that is already recorded was first read
	Taken   Outcome        // what became of it then
}

// A Report is what became, or would become, of a file.
type Report struct {
	Import   string // key of the import
	Source   string // key of the source
	Tables   []Table
	Lines    []Line
	Warnings []error // faults with their place that hold up no row
	Added    int     // rows that were taken now or, of a dry run, would be
	Token    event.Token
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
// file again. A file whose rows are all known writes nothing. With dry set,
// nothing is written at all.
//
// The report says what is true also with an error: rows that were not taken are
// Pending. The report of a file that is refused as a whole has no lines, except
// of a dry run of a file with [ErrChangedRows].
//
// Rows already taken are compared by identity, not by place. A file that lacks
// rows which the same source sent in its last import, and which were recorded, is
// refused as a whole.
func (im *Importer) Import(ctx context.Context, source string, w Workbook, dry bool) (Report, error) {
	if source == "" {
		return Report{}, ErrNoSource
	}
	im.known = map[string]bool{}
	report, err := im.plan(ctx, source, w)
	if err != nil && !(dry && errors.Is(err, ErrChangedRows)) {
		report.Lines, report.Added = nil, 0
	}
	if err != nil || dry {
		return report, err
	}
	adds := report.Added > 0
	report.pend()
	state, err := im.stageOf(ctx, report.Import)
	if err != nil {
		return report, err
	}
	if !adds && (!state.open || state.done) {
		return report, nil
	}
	if err := im.begin(ctx, source, w, report); err != nil {
		return report, err
	}
	if err := im.noteAllNames(ctx, &report); err != nil {
		return report, err
	}
	for i := range report.Lines {
		if report.Lines[i].Outcome == Pending {
			if err := im.take(ctx, &report, i); err != nil {
				return report, fmt.Errorf("row %d: %w", report.Lines[i].Plan.Row.Number, err)
			}
		}
		if im.Progress != nil {
			im.Progress(i+1, len(report.Lines))
		}
	}
	return report, im.finish(ctx, &report)
}

// pend says of every row that is to be taken that it is not yet.
func (r *Report) pend() {
	r.Added = 0
	for i := range r.Lines {
		if r.Lines[i].Outcome != Already {
			r.Lines[i].Outcome = Pending
		}
	}
}

// noteAllNames notes the names of all rows before the first is recorded, so that
// a title is sealed whose person only a later row lists.
func (im *Importer) noteAllNames(ctx context.Context, report *Report) error {
	b := im.builder(nil)
	for i := range report.Lines {
		line := &report.Lines[i]
		if line.Outcome != Pending || line.Plan.Outcome == Held {
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

// plan reads the file and looks up which of its rows are known.
func (im *Importer) plan(ctx context.Context, source string, w Workbook) (Report, error) {
	vault := im.Handler.Vault
	report := Report{Source: sourceKey(vault, im.District, source)}
	report.Import = importKey(vault, im.District, report.Source, hex.EncodeToString(w.Fingerprint[:]))
	tables, problems := Tables(w)
	if len(problems) > 0 {
		return report, errors.Join(problems...)
	}
	report.Tables = tables
	var rows []TableRow
	for _, table := range tables {
		if table.Form == Activity || table.Form == Roster {
			rows = append(rows, table.Rows...)
			report.Warnings = append(report.Warnings, table.CheckTotals()...)
		}
	}
	if len(rows) == 0 {
		return report, ErrNoRows.At(fault.Place{File: w.File})
	}
	keys, err := identities(vault, im.District, rows)
	if err != nil {
		return report, err
	}
	plans := plan(tables)
	for i := range plans {
		plans[i].Key = keys[i]
	}
	holdRefused(plans, im.Names, im.builder(nil))
	if err := im.holdVoid(ctx, plans); err != nil {
		return report, err
	}
	markParts(plans, im.builder(nil))
	writer := *im.Handler
	writer.Vault, writer.Names = onceVault{vault}, newFileNames(im.Handler.Names, im.Names, plans, report.Source)
	im.writer = &writer
	for i := range plans {
		line, err := im.lookUp(ctx, plans[i])
		if err != nil {
			return report, err
		}
		if line.Outcome != Already {
			report.Added++
		}
		report.Lines = append(report.Lines, line)
	}
	return report, im.refuseChangedRows(ctx, report, keys)
}

func (im *Importer) builder(source *record.Source) builder {
	return builder{ledger: im.Handler.Ledger, district: im.District, vault: im.Handler.Vault, source: source}
}

// lookUp tells whether the row was taken before.
func (im *Importer) lookUp(ctx context.Context, p RowPlan) (Line, error) {
	line := Line{Plan: p, Outcome: p.Outcome}
	history, err := im.Handler.Load(ctx, p.Key)
	if err != nil {
		return line, err
	}
	for _, e := range history {
		if taken, ok := e.Fact.(RowTaken); ok {
			line.Outcome, line.Taken, line.Record, line.First = Already, taken.Outcome, taken.Record, &taken.Source
		}
	}
	return line, nil
}

// refuseChangedRows compares the file with the last import of its source.
func (im *Importer) refuseChangedRows(ctx context.Context, report Report, keys []string) error {
	history, err := im.Handler.Load(ctx, report.Source)
	if err != nil {
		return err
	}
	last := ""
	for _, e := range history {
		if linked, ok := e.Fact.(SourceImported); ok {
			last = linked.Import
		}
	}
	begun, err := im.stageOf(ctx, report.Import)
	if err != nil || begun.open || last == "" {
		return err // this very file was let in before
	}
	present := map[string]bool{}
	for _, key := range keys {
		present[key] = true
	}
	listed, err := im.Handler.Load(ctx, last)
	if err != nil {
		return err
	}
	missing := ""
	for _, e := range listed {
		rows, ok := e.Fact.(RowsListed)
		if !ok {
			continue
		}
		for _, row := range rows.Rows {
			if present[row.Row] {
				continue
			}
			recorded, err := im.recorded(ctx, row.Row)
			if err != nil {
				return err
			}
			if recorded {
				missing += fmt.Sprintf(" %d", row.At)
			}
		}
	}
	if missing != "" {
		return ErrChangedRows.With("rows", missing[1:]).With("import", last)
	}
	return nil
}

// recorded tells whether a row made a record. One that is held or was never
// reached made none, so a file may put it right.
func (im *Importer) recorded(ctx context.Context, row string) (bool, error) {
	history, err := im.Handler.Load(ctx, row)
	state := rowDecider.Fold(history)
	return state.taken != "" && state.outcome != Held, err
}

func (im *Importer) stageOf(ctx context.Context, key string) (stage, error) {
	history, err := im.Handler.Load(ctx, key)
	return decider(event.StreamKind(key)).Fold(history), err
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

func (im *Importer) begin(ctx context.Context, source string, w Workbook, report Report) error {
	label, err := event.Marshal(labelOf(w))
	if err != nil {
		return err
	}
	var rows []ListedRow
	for _, line := range report.Lines {
		rows = append(rows, ListedRow{line.Plan.Key, line.Plan.Table.Sheet, line.Plan.Row.Number})
	}
	type step struct {
		id  string
		req command.Request
	}
	steps := []step{
		{im.id("note", report.Source), command.Request{Name: "source.note", Body: noteSource{SourceNoted{im.District, seal.Text{Clear: source}}}}},
		{im.id("start", report.Import), command.Request{Name: "import.start", Body: startImport{Started{
			im.District, report.Source, hex.EncodeToString(w.Fingerprint[:]), len(rows), seal.Text{Clear: string(label)}}}}},
	}
	for n := 0; n*listedAtOnce < len(rows); n++ {
		chunk := rows[n*listedAtOnce : min((n+1)*listedAtOnce, len(rows))]
		steps = append(steps, step{im.id("list", report.Import, fmt.Sprint(n)),
			command.Request{Name: "import.list", Stream: report.Import, Body: listRows{RowsListed{chunk}}}})
	}
	steps = append(steps, step{im.id("link", report.Import), command.Request{Name: "source.link", Stream: report.Source, Body: linkImport{SourceImported{report.Import}}}})
	for _, s := range steps {
		if _, err := im.do(ctx, &report, s.id, s.req); err != nil {
			return err
		}
	}
	return nil
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

// take records one row, whose names are noted: its record, then the row itself.
func (im *Importer) take(ctx context.Context, report *Report, i int) error {
	line := &report.Lines[i]
	p := &line.Plan
	source := &record.Source{Import: report.Import, Sheet: p.Table.Sheet, Row: p.Row.Number}
	b := im.builder(source)
	if p.Outcome != Held {
		err := im.record(ctx, report, line, b)
		if errors.Is(err, event.ErrTooLarge) {
			err = ErrRowTooLarge
		}
		if refused, ok := fault.As(err); ok && (refused.Kind == fault.Invalid || refused.Kind == fault.Refused) {
			if err := im.holdWritten(ctx, p, refused); err != nil {
				return err
			}
			line.Record = ""
		} else if err != nil {
			return err
		}
	}
	cells, err := sealedCopy(*p, im.writer.Names)
	if err != nil {
		return err
	}
	taken := RowTaken{District: im.District, Source: *source, Outcome: p.Outcome, Record: line.Record,
		Community: b.community(p.Community), Unknowns: p.Unknowns, Problems: p.problemCodes(), Cells: seal.Text{Clear: cells}}
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
		report.Added++
	}
	return err
}

// record reports what the row tells of, under ids that follow from the row.
func (im *Importer) record(ctx context.Context, report *Report, line *Line, b builder) error {
	p := line.Plan
	if p.Describes != nil {
		described := *p.Describes
		described.Source = b.source
		school := b.school(p.Schools[0])
		if _, err := im.do(ctx, report, im.id("describe", p.Key), command.Request{Name: "school.describe", Stream: school, Occurred: p.Occurred, Body: described}); err != nil {
			return err
		}
		line.Record = school
	}
	if p.Command == "" {
		return nil
	}
	done, err := im.do(ctx, report, p.Key[len("row-"):], command.Request{Name: p.Command, Occurred: p.Occurred, Body: p.build(b)})
	if err == nil {
		line.Record = done.Stream
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
		req.Occurred = calendar.Unknown
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
