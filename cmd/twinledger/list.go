package main

import (
	"cmp"
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"twinledger/cmd/twinledger/internal/datafolder"
	"twinledger/domain/calendar"
	"twinledger/domain/fault"
	"twinledger/domain/intake"
	"twinledger/domain/record"
	"twinledger/domain/seal"
	"twinledger/domain/tabular"
	"twinledger/projections/records"
	"twinledger/projections/registers"
)

type listCommand struct {
	Register  string `arg:"" help:"登记册 / the register: ${registers}."`
	Community string `help:"只列此共同体的，名称可写一部分 / only of this community: its name, a part of it, or its id." placeholder:"NAME"`
	School    string `help:"只列涉及此校的，写全名或编号，含认定为同一所的 / only what names this school, or one that is the same: whole name or id." placeholder:"NAME"`
	Person    string `help:"只列涉及此人的，写姓名或编号 / only what names this person: whole name or id." placeholder:"NAME"`
	Subject   string `help:"只列此学科 / only of this subject, as written."`
	Kind      string `help:"只列此类别，写名称或代码 / only of this kind: its name or code."`
	Stage     string `help:"只列此阶段，写代码 / only in this stage." placeholder:"CODE"`
	Mark      string `help:"只列有此标记的 / only with this mark: ${marks}." placeholder:"MARK"`
	District  string `help:"只列此区县的，写名称或编号 / only of this district." placeholder:"NAME"`
	DueBy     string `help:"只列截至此日应办而仍未办的，如应报未报、应整改未答复 / only what was due by this day and is still owed." placeholder:"DAY"`
	Met       bool   `help:"与 --due-by 合用：已报、已答复、免办的也列 / with --due-by: what was met or released, too."`
	Period
	Outlook
	Names bool `help:"列出导入的文件名和工作表名，暂挂行还列出原文 / show the names of imported files and sheets, and what held rows say."`
	CSV   bool `help:"以 CSV 输出，可用电子表格打开 / print CSV for a spreadsheet." name:"csv"`
}

// A Period is the days between which what is listed may have been so.
type Period struct {
	From string `help:"只列此日及以后可能发生的 / only what may have been so on this day or later." placeholder:"DAY"`
	To   string `help:"只列此日及以前可能发生的 / only what may have been so on this day or before." placeholder:"DAY"`
}

var errBackwards = fault.New(fault.Invalid, "command-line.backwards",
	"起止日期颠倒；请核对。", "The period ends before it begins; check its days.")

// days reads the period.
func (p Period) days() (from, to calendar.Day, err error) {
	from, errFrom := optionalDay(p.From)
	to, errTo := optionalDay(p.To)
	if err = cmp.Or(errFrom, errTo); err == nil && from != "" && to != "" && to < from {
		err = errBackwards.With("from", from).With("to", to)
	}
	return from, to, err
}

// An Outlook is from when, and of when, a question is asked.
type Outlook struct {
	AsOf    string `help:"截至当时所知：序号、时刻或日期 / as known then: an ordinal, instant or day." placeholder:"POINT"`
	ValidAt string `help:"只列此日有效的 / only what was, or may have been, so on this day." placeholder:"DAY"`
}

// Help teaches the command.
func (listCommand) Help() string {
	return `每条记录一段，只印有内容的栏。--json 每条一个 JSON 对象，--csv 印成带全部栏目的表格；二者不能同用。
One entry for each record, with the columns that say something; --json prints one document each, --csv every column as
a table; not both at once.`
}

var errUnknownKind = fault.New(fault.Invalid, "list.unknown-kind",
	"此登记册没有这个类别；请写术语表中的名称或代码。", "The register has no such kind; give a name or code of the glossary.")

var errUnknownStage = fault.New(fault.Invalid, "list.unknown-stage",
	"此登记册没有这个阶段；请写 stages 中的一个。", "The register has no such stage; give one of those named.")

var errUnknownMark = fault.New(fault.Invalid, "list.unknown-mark",
	"没有这个标记；请写 marks 中的一个。", "There is no such mark; give one of those named.")

var errTwoFormats = fault.New(fault.Invalid, "command-line.two-formats",
	"--json 与 --csv 是两种输出格式，不能同用；请去掉一个。", "--json and --csv are two formats of the same output; leave one out.")

var errMetAlone = fault.New(fault.Invalid, "list.met-alone",
	"--met 要与 --due-by 合用；请写明到期日，或去掉 --met。", "--met goes with --due-by: give the day, or leave --met out.")

// check refuses flags that contradict each other.
func (c *listCommand) check(p *program) error {
	switch {
	case c.CSV && p.json:
		return errTwoFormats
	case c.Met && c.DueBy == "":
		return errMetAlone
	}
	return nil
}

// Run lists the lines.
func (c *listCommand) Run(ctx context.Context, p *program) error {
	if err := c.check(p); err != nil {
		return err
	}
	register, known := registers.Named(c.Register)
	if !known {
		return registers.ErrUnknownRegister.With("register", c.Register).With("registers", registerNames())
	}
	o, err := p.openToRead(ctx)
	if err != nil {
		return err
	}
	err = c.list(ctx, p, o, register)
	return errors.Join(err, o.Close())
}

func registerNames() string {
	return strings.Join(each(registers.All, func(r registers.Register) string { return r.Name }), " ")
}

func (c *listCommand) list(ctx context.Context, p *program, o *datafolder.Folder, register registers.Register) error {
	d, err := p.directoryOf(ctx, o)
	if err != nil {
		return err
	}
	q, err := c.question(ctx, o, d, register)
	if err != nil {
		return err
	}
	lines, err := o.Registers().Lines(ctx, register, q)
	if err != nil {
		return err
	}
	names, err := shownNamesOf(ctx, o, d)
	if err != nil {
		return err
	}
	var shown tabular.Names = names
	if c.Names {
		shown = fileNames{names, o.Labels(ctx), o.WrittenCells(ctx)}
	}
	table := registers.TableOf(register)
	if c.CSV {
		return p.printCSV(table, lines, shown)
	}
	for _, line := range lines {
		entry, err := entryOf(table, register, line, shown)
		if err == nil {
			err = p.print(entry, entry.write)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// question reads what is asked for; names become keys.
func (c *listCommand) question(ctx context.Context, o *datafolder.Folder, d *directory, register registers.Register) (registers.Question, error) {
	q, err := asked(ctx, o, c.Period, c.Outlook)
	q.Subject, q.Stage, q.Mark, q.Met = c.Subject, c.Stage, c.Mark, c.Met
	errs := [8]error{3: err, 4: c.checkWords(register)}
	if c.District != "" {
		q.District, errs[5] = o.District(ctx, c.District)
	}
	for i, one := range []struct {
		kind, wanted string
		key          *string
	}{{"community", c.Community, &q.Community}, {"school", c.School, &q.School}, {"person", c.Person, &q.Person}} {
		if one.wanted != "" {
			*one.key, errs[i] = d.key(one.kind, one.wanted)
		}
	}
	if c.Kind != "" {
		q.Kind, errs[6] = kindCalled(register, c.Kind)
	}
	q.DueBy, errs[7] = optionalDay(c.DueBy)
	return q, cmp.Or(errs[:]...)
}

// asked reads about which time, and as of when, a question is asked.
func asked(ctx context.Context, o *datafolder.Folder, about Period, from Outlook) (registers.Question, error) {
	var q registers.Question
	var errs [4]error
	q.From, q.To, errs[0] = about.days()
	q.ValidAt, errs[1] = optionalDay(from.ValidAt)
	q.AsOf, errs[2] = o.Ordinal(ctx, from.AsOf)
	q.JudgedOn, errs[3] = o.JudgedOn(ctx, "", from.AsOf)
	return q, cmp.Or(errs[:]...)
}

// checkWords refuses a stage or mark that there is none of: nothing would be found,
// as if there were nothing.
func (c *listCommand) checkWords(register registers.Register) error {
	stages := each(register.Stages(), func(s record.Stage) string { return string(s) })
	if c.Stage != "" && !slices.Contains(stages, c.Stage) {
		return errUnknownStage.With("stage", c.Stage).With("stages", strings.Join(stages, " "))
	}
	if c.Mark != "" && !slices.Contains(records.AllMarks, c.Mark) {
		return errUnknownMark.With("mark", c.Mark).With("marks", strings.Join(records.AllMarks, " "))
	}
	return nil
}

// kindCalled returns the code of a kind of the register by its code or any of its
// words.
func kindCalled(register registers.Register, wanted string) (string, error) {
	if found, known := record.KindsWritten(wanted); known && len(found) == 1 && slices.Contains(register.Kinds(), found[0]) {
		return string(found[0]), nil
	}
	return "", record.WithNearestKinds(errUnknownKind.With("kind", wanted), wanted, register.Kinds()...)
}

func optionalDay(text string) (calendar.Day, error) {
	if text == "" {
		return "", nil
	}
	return calendar.ParseDay(text)
}

// A listEntry is one line of a register.
type listEntry struct {
	Register   string             `json:"register"`
	Record     string             `json:"record"`
	Occurred   calendar.Occurred  `json:"occurred"`
	Stage      record.Stage       `json:"stage"`
	Marks      []string           `json:"marks"`
	Kinds      []record.Kind      `json:"kinds"`
	Community  string             `json:"community"`
	People     []string           `json:"people"`
	ValidFrom  calendar.Occurred  `json:"valid_from"`
	ValidUntil calendar.Occurred  `json:"valid_until"`
	Valid      records.Validity   `json:"valid,omitempty"`
	Ahead      bool               `json:"ahead,omitempty"` // it is dated after today, or after the day of --as-of, and has not taken place
	Due        calendar.Occurred  `json:"due"`
	Unknowns   []record.Unknown   `json:"unknowns"`
	Ordinals   []uint64           `json:"ordinals"`
	CountsAs   string             `json:"counts_as,omitempty"` // key of the record that counts in its place
	Cells      []listCell         `json:"cells"`               // that say something
	register   registers.Register // of Register
}

// A listCell is one column of a line.
type listCell struct {
	Heading string `json:"heading"`
	Text    string `json:"text"`
}

func entryOf(table registers.Table, register registers.Register, l registers.Line, names tabular.Names) (listEntry, error) {
	entry := listEntry{
		Register: register.Name, Record: l.Key, Occurred: l.Progress.Occurred, Stage: l.Progress.Stage, Marks: nonNil(l.Marks()),
		Kinds: nonNil(l.Facts.Kinds), Community: l.Facts.Community, People: nonNil(l.Facts.People), ValidFrom: l.From, ValidUntil: l.Until,
		Valid: l.Valid, Ahead: l.Ahead, Due: l.Due, Unknowns: nonNil(l.Unknowns), Ordinals: l.Ordinals(), CountsAs: l.CountsAs, Cells: []listCell{}, register: register,
	}
	cells, err := table.Row(l, names)
	for i, cell := range cells {
		if cell != "" {
			entry.Cells = append(entry.Cells, listCell{table.Header[i], cell})
		}
	}
	if l.Kind == "pairing" && l.Valid != "" {
		var schools []string
		for _, m := range l.Members {
			schools = append(schools, cmp.Or(names.School(m.School), m.School))
		}
		entry.Cells = append(entry.Cells, listCell{"当日学校", strings.Join(schools, "、")})
	}
	return entry, err
}

// write prints the entry for a person: its key, then what it says.
func (e listEntry) write(w io.Writer) {
	fmt.Fprintf(w, "%s  %s\n", e.register.ZH, e.Record)
	var said []string
	for _, cell := range e.Cells {
		if cell.Text != e.Record {
			said = append(said, cell.Heading+"："+strings.ReplaceAll(cell.Text, "\n", " / "))
		}
	}
	fmt.Fprintf(w, "    %s\n", strings.Join(said, "；"))
}

// printCSV prints lines as a table that Excel opens.
func (p *program) printCSV(table registers.Table, lines []registers.Line, names tabular.Names) error {
	if _, err := io.WriteString(p.out, "\ufeff"); err != nil {
		return fmt.Errorf("print table: %w", err)
	}
	out := csv.NewWriter(p.out)
	out.UseCRLF = true
	rows := [][]string{table.Header}
	for _, line := range lines {
		cells, err := table.Row(line, names)
		if err != nil {
			return err
		}
		rows = append(rows, each(cells, registers.Harmless))
	}
	if err := out.WriteAll(rows); err != nil {
		return fmt.Errorf("print table: %w", err)
	}
	return nil
}

// shownNames lays names over keys and opens sealed texts, where the keys are
// there.
type shownNames struct {
	ctx   context.Context //nolint:containedctx // lives for one printing
	o     *datafolder.Folder
	d     *directory
	areas map[string]string // names of districts by key
}

func shownNamesOf(ctx context.Context, o *datafolder.Folder, d *directory) (shownNames, error) {
	areas, err := o.Districts(ctx, 0)
	return shownNames{ctx, o, d, areas}, err
}

// fileNames are shownNames with the names of imported files.
type fileNames struct {
	shownNames

	labels  func(importKey string) (intake.Label, bool)
	written func(row string, taken intake.RowTaken) map[string]string
}

// Written returns what a row's cells say, each behind its heading.
func (n fileNames) Written(row string, taken intake.RowTaken) string {
	cells := n.written(row, taken)
	var out []string
	for _, heading := range slices.Sorted(maps.Keys(cells)) {
		out = append(out, heading+"："+cells[heading])
	}
	return strings.Join(out, "；")
}

// File returns the name of an import's file and of one of its sheets.
func (n fileNames) File(importKey string, sheet int) (file, sheetName string) {
	label, _ := n.labels(importKey)
	if sheet < len(label.Sheets) {
		sheetName = label.Sheets[sheet]
	}
	return label.File, sheetName
}

// School returns a name, "" when it is not known.
func (n shownNames) School(key string) string { return n.d.entities[key].name }

// Community returns a name, "" when it is not known.
func (n shownNames) Community(key string) string { return n.d.entities[key].name }

// District returns a name, "" when it is not known.
func (n shownNames) District(key string) string { return n.areas[key] }

// Person returns the name and the school of a person; the key for somebody whose
// name cannot be opened.
func (n shownNames) Person(key string) (name, school string, ok bool) {
	if n.o.Vault == nil || n.d.entities[key].name == "" {
		return key, "", true
	}
	return n.d.entities[key].name, n.d.entities[n.d.entities[key].school].name, true
}

// Open opens a sealed text, where its keys are there.
func (n shownNames) Open(text seal.Sealed, stream, field string) (string, bool) {
	if n.o.Vault == nil {
		return "", false
	}
	clear, err := n.o.Vault.Open(n.ctx, text, seal.Place(stream, field))
	return clear, err == nil
}
