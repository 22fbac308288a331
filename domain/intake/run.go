package intake

import (
	"cmp"
	"context"
	"encoding/hex"
	"fmt"
	"maps"
	"slices"

	"twinledger/domain/command"
	"twinledger/domain/event"
	"twinledger/domain/fault"
	"twinledger/domain/intake/reading"
	"twinledger/domain/org"
)

// A run is one import of one file.
type run struct {
	*Importer
	options   Options
	answers   reading.Answers // all that the clerk said, now and before
	described *described
	known     map[string]bool    // streams seen to exist during this import
	again     map[int]bool       // rows that are to be recorded although an equal one is recorded
	there     map[string]bool    // whether the ledger has a stream, as far as that was asked
	started   map[string]Started // what imports began with, by key, as far as that was asked
	sameAs    string             // key of the last import of the source, when it was of this very file; "" else
	writer    *command.Handler   // the handler, sealing for the names of this file too
}

func (im *Importer) newRun(o Options) *run {
	return &run{Importer: im, options: o, described: newDescribed(), known: map[string]bool{}, there: map[string]bool{}, started: map[string]Started{}, writer: im.Handler}
}

// carryOut runs the import.
func (run *run) carryOut(ctx context.Context, w reading.Workbook) (Report, error) {
	named := withoutRows(w)
	report, err := run.plan(ctx, w) // the last use of w: its rows are not kept while they are taken
	open := cmp.Or(report.Comparison.Unanswered(), reading.Stopping(report.Questions))
	if err == nil && !run.options.DryRun {
		err = open
	}
	if err != nil {
		report.Lines, report.Added, report.Corrected, report.Removed = nil, 0, 0, 0
	}
	if err != nil || open != nil {
		return report, err
	}
	state, err := run.importState(ctx, report.Import)
	if err != nil {
		return report, err
	}
	adds := report.Added+report.Corrected+report.Removed > 0
	report.pend()
	if !adds && (!state.open || state.done) {
		return report, nil
	}
	if err := run.begin(ctx, named, report, state); err != nil {
		return report, err
	}
	return report, run.takeAll(ctx, &report)
}

// withoutRows returns a workbook of the same names without what is in it.
func withoutRows(w reading.Workbook) reading.Workbook {
	w.Sheets = slices.Clone(w.Sheets)
	for i := range w.Sheets {
		w.Sheets[i].Rows = nil
	}
	return w
}

// plan reads the file, judges its rows, looks up which of them are known, and compares them
// with the last file of the source.
func (run *run) plan(ctx context.Context, w reading.Workbook) (Report, error) {
	report := Report{Source: sourceKey(run.Handler.Vault, run.District, run.options.Source)}
	source, err := run.sourceState(ctx, report.Source)
	if err != nil {
		return report, err
	}
	if source.last != "" {
		started, err := run.startedOf(ctx, source.last)
		if err != nil {
			return report, err
		}
		if started.Fingerprint == hex.EncodeToString(w.Fingerprint[:]) {
			run.sameAs = source.last
		}
	}
	if undone, err := run.isUndone(ctx, source.last); err != nil || undone {
		return report, cmp.Or(err, error(ErrUndoUnfinished.With("import", source.last)))
	}
	file, err := run.read(&report, w, source)
	if err != nil {
		return report, err
	}
	run.rehearse(file.Tables)
	for i := range file.Tables {
		file.Tables[i].Rows = nil // they are in file.Rows
	}
	state, err := run.importAnew(ctx, &report)
	if err != nil {
		return report, err
	}
	plans, groups, err := run.judged(ctx, &report, file)
	if err != nil {
		return report, err
	}
	base, former, err := run.base(ctx, source, state, report.Import)
	if err != nil {
		return report, err
	}
	if err := run.lookUpAll(ctx, &report, plans, groups, former, state); err != nil {
		return report, err
	}
	if err := run.compare(ctx, &report, base, former, state); err != nil {
		return report, err
	}
	if source.last == "" && !state.open {
		if err := run.checkOtherSources(ctx, &report); err != nil {
			return report, err
		}
	}
	if state.open && !state.done && source.imports[report.Import] && source.last != report.Import && report.untaken() {
		return report, ErrOlderFile.With("later", source.last)
	}
	report.count()
	if err := run.noteFounded(ctx, &report); err != nil {
		return report, err
	}
	return report, run.findToldTwice(ctx, &report)
}

// importAnew returns what the import's stream says. A file is imported anew, under a key that
// follows from the former one, when its import was undone, and when the clerk answers as at
// first after the last import of the same file was answered otherwise.
func (run *run) importAnew(ctx context.Context, report *Report) (importState, error) {
	for {
		state, err := run.importState(ctx, report.Import)
		if answeredAgain := run.sameAs != report.Import && run.sameAs != "" && state.done; err != nil || !state.undone && !answeredAgain {
			return state, err
		}
		report.Import = "import-" + event.UUIDv8(run.Handler.Vault.MAC("import anew v1", report.Import)).String()
	}
}

// read reads the workbook with all that the clerk said, now and before, and names the import.
func (run *run) read(report *Report, w reading.Workbook, source sourceState) (*reading.File, error) {
	said, err := run.said()
	if err != nil {
		return nil, err
	}
	settings := reading.Settings{Answers: together(source.memory.answers(), said), Known: knownNames{run}, Registers: run.registers(), Today: run.Today}
	file, err := run.readAnswered(w, &settings)
	report.Questions = file.Questions
	if err != nil {
		return nil, err
	}
	run.answers = settings.Answers
	run.memorise(report, &file, settings.Answers, said, source)
	report.Questions, report.Tables, report.Warnings = file.Questions, file.Tables, file.Warnings
	report.Import = importKey(run.Handler.Vault, run.District, report.Source, hex.EncodeToString(w.Fingerprint[:]), settings.Answers)
	if len(file.Rows) == 0 {
		return nil, ErrNoRows.At(fault.Place{File: w.File})
	}
	return &file, nil
}

// readAnswered reads the workbook with the answers that the clerk gives by number or key. An
// answer may raise further questions, so that the workbook is read until all answers are used.
// A question has its number from when it first came up: those that an answer raises come behind
// all that were there before, and no number ever means another question.
func (run *run) readAnswered(w reading.Workbook, settings *reading.Settings) (reading.File, error) {
	numbers, left := map[string]int{}, maps.Clone(run.options.Answers)
	for {
		file, err := reading.Read(w, *settings)
		for i, q := range file.Questions {
			if numbers[q.Key] == 0 {
				numbers[q.Key] = len(numbers) + 1
			}
			file.Questions[i].Number = numbers[q.Key]
		}
		slices.SortFunc(file.Questions, func(a, b reading.Question) int { return a.Number - b.Number })
		if err != nil || len(left) == 0 {
			return file, err
		}
		given, unused, err := reading.Answered(file.Questions, left)
		if err != nil {
			return file, err
		}
		if len(unused) == len(left) {
			return file, reading.ErrNoSuchQuestion.With("question", slices.Sorted(maps.Keys(unused))[0])
		}
		maps.Copy(settings.Answers.Choices, given)
		left = unused
	}
}

// registers returns the registers whose tables are read, by kind.
func (im *Importer) registers() map[string]reading.RegisterForm {
	all := map[string]reading.RegisterForm{}
	for _, form := range im.Forms {
		all[form.Kind] = form
	}
	return all
}

// knownNames tells which names the ledger has.
type knownNames struct{ run *run }

// School tells whether a school of the district has the name.
func (k knownNames) School(name string) bool { return k.run.knows("school", name) }

// Community tells whether a community of the district has the name.
func (k knownNames) Community(name string) bool { return k.run.knows("community", name) }

// Person tells whether somebody has the name.
func (k knownNames) Person(name string) bool { return k.run.Names.Knows(name) }

// knows tells whether the ledger has a school or community with a name.
func (run *run) knows(kind, name string) bool {
	d := run.Directory
	if d == nil {
		return false
	}
	switch name = org.NormalName(name); kind {
	case "school":
		_, known := d.Schools[d.School(run.District, name)]
		return known
	default:
		_, known := d.Communities[d.Community(run.District, name)]
		return known
	}
}

// do carries out one command of this import under an id that follows from what it does, so
// that doing it again has no effect.
func (run *run) do(ctx context.Context, report *Report, id string, req command.Request) (command.Outcome, error) {
	req.ID, req.Same, req.Actor, req.Source, req.Correlation = id, id, run.Actor, report.Source, event.StreamKey(report.Import)
	done, err := run.writer.Handle(ctx, req)
	if done.Token != "" {
		report.Token = done.Token
	}
	return done, err
}

// begin records what the file is and what the comparison found, before the first of its rows.
// What is recorded already is passed over.
func (run *run) begin(ctx context.Context, w reading.Workbook, report Report, state importState) error {
	label, err := event.Marshal(labelOf(w))
	if err != nil {
		return err
	}
	started := Started{District: run.District, Source: report.Source, Fingerprint: hex.EncodeToString(w.Fingerprint[:]),
		Rows: len(report.Lines), Label: clearText(string(label)), Columns: columnsOf(report.Tables)}
	if report.Comparison != nil {
		started.ComparedWith = report.Comparison.With
	}
	steps := []step{
		{run.id("note", report.Source), command.Request{Name: "source.note", Body: noteSource{SourceNoted{run.District, clearText(run.options.Source)}}}},
		{run.id("start", report.Import), command.Request{Name: "import.start", Body: startImport{started, report.Import}}},
	}
	if state.compared == nil {
		steps = append(steps, run.comparedSteps(report)...)
	}
	steps = append(steps, run.listSteps(report, state)...)
	steps = append(steps, step{run.id("link", report.Import), command.Request{Name: "source.link", Stream: report.Source, Body: linkImport{SourceImported{report.Import}}}})
	if report.remember {
		stored, err := report.memory.stored()
		if err != nil {
			return err
		}
		steps = append(steps, step{run.id("map", report.Import), command.Request{Name: "source.map", Stream: report.Source, Body: mapSource{stored}}})
	}
	for _, s := range steps {
		if _, err := run.do(ctx, &report, s.id, s.req); err != nil {
			return err
		}
	}
	return nil
}

// A step is one command of an import, under its id.
type step struct {
	id  string
	req command.Request
}

// columnsOf returns which columns the headings of tables mean that have another name.
func columnsOf(tables []reading.Table) []MappedColumn {
	found := map[string]string{}
	for _, t := range tables {
		for _, c := range t.Columns {
			if c.Name != "" && c.Name != c.Heading {
				found[c.Heading] = c.Name
			}
		}
	}
	var out []MappedColumn
	for _, heading := range slices.Sorted(maps.Keys(found)) {
		out = append(out, MappedColumn{heading, found[heading]})
	}
	return out
}

// listedAtOnce is how many rows one RowsListed holds, well below the size of an append.
const listedAtOnce = 5000

// listSteps lists the file's rows or, of an import whose rows are listed, those that are added
// again beside equal ones.
func (run *run) listSteps(report Report, state importState) []step {
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
			steps = append(steps, list(run.id("list", report.Import, fmt.Sprint(n)), chunk))
			n++
		}
	}
	for _, row := range again {
		steps = append(steps, list(run.id("list", report.Import, row.Row), []ListedRow{row}))
	}
	return steps
}

// A Label is the names that an import's places are shown with.
type Label struct {
	File   string   `json:"file"`
	Sheets []string `json:"sheets"`
}

func labelOf(w reading.Workbook) Label {
	label := Label{File: w.File}
	for _, sheet := range w.Sheets {
		for len(label.Sheets) <= sheet.Index {
			label.Sheets = append(label.Sheets, "")
		}
		label.Sheets[sheet.Index] = sheet.Name
	}
	return label
}

// finish says that every row of the file was taken.
func (run *run) finish(ctx context.Context, report *Report) error {
	body := finishImport{report.totals()}
	_, err := run.do(ctx, report, run.id("finish", report.Import), command.Request{Name: "import.finish", Stream: report.Import, Body: body})
	return err
}
