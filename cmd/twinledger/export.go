package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"twinledger/adapters/sheet"
	"twinledger/cmd/twinledger/internal/datafolder"
	"twinledger/domain"
	"twinledger/domain/event"
	"twinledger/domain/fault"
	"twinledger/domain/intake/reading"
	"twinledger/domain/org"
	"twinledger/domain/seal"
	"twinledger/domain/tabular"
	"twinledger/projections/registers"
)

type exportCommand struct {
	Target   string   `arg:"" help:"要写出的 .xlsx；单个登记册可写 .csv；写文件夹则每册一个 CSV / the .xlsx to write, a .csv of one register, or a folder of CSV files." type:"path"`
	Register []string `help:"只写这一册，可写几次；不写则全部 / only this register; may be repeated; all by default: ${exported}." placeholder:"NAME"`
	District string   `help:"台账有几个区县时写明是哪个 / which district, when the ledger has several." placeholder:"NAME"`
	AsOf     string   `help:"截至当时所知：序号、时刻或日期 / as known then: an ordinal, instant or day." placeholder:"POINT"`
	WithVoid bool     `help:"已作废的也写出，另列“作废”栏 / void records too, marked in a column of their own."`
}

// Help teaches the command.
func (exportCommand) Help() string {
	return `把登记册写成表格，每册一张，内容完整：可以存档、交给他人，也可以用 twinledger import 导入另一台账而不丢失。已有的文件不会被覆盖。

    twinledger export -d FOLDER all.xlsx                           全部登记册，一个工作簿 / every register, one workbook
    twinledger export -d FOLDER tables                             全部登记册，每册一个 CSV，放在新文件夹中 / a folder of CSV files
    twinledger export -d FOLDER --register lessons lessons.csv     只写课例登记 / one register
    twinledger export -d FOLDER --as-of 2018-07-13 then.xlsx       当天所知的样子 / as known on that day

表中有姓名，只有本用户可读（0600），请妥善保管。办过的步骤写在“经过”栏，导入后是补报的经过，不等于审批。没有密钥（keys.sqlite）时，姓名等密封内容写作
〔密封〕，有这种格子的行不能再导入。只想查看或打印一部分，用 twinledger list --csv。

Writes registers as tables with everything that they say: to keep, to hand on, or to import into another ledger without
loss. Nothing is overwritten. The tables hold names and only their owner may read them (0600). Steps that were taken stand under 经过; where they are imported they
are told of, not decided. Without the keys (keys.sqlite) names and other sealed texts are written as 〔密封〕, and rows
with such cells cannot be imported. To look at a part of a register use twinledger list --csv.`
}

// What an export is refused with.
var (
	errTargetExists = fault.New(fault.Conflict, "export.exists",
		"目标已存在，未覆盖；请换一个名称，或先移走它。", "The target exists and was not overwritten; give another name or move it away first.")
	errTargetForm = fault.New(fault.Invalid, "export.target",
		"目标应为 .xlsx 文件、文件夹，或（只写一个登记册时）.csv 文件。", "The target is an .xlsx file, a folder or, for one register, a .csv file.")
	errTargetFolder = fault.New(fault.Invalid, "export.no-folder",
		"目标所在的文件夹不存在或不能写入；请核对路径。", "The target's folder is not there or cannot be written to; check the path.")
)

func exportedNames() string {
	return strings.Join(each(registers.Exported(), func(r registers.Register) string { return r.Name }), " ")
}

// wantedRegisters returns the registers with these names, all when there are none.
func wantedRegisters(names []string) ([]registers.Register, error) {
	all := registers.Exported()
	for _, name := range names {
		if !slices.ContainsFunc(all, func(r registers.Register) bool { return r.Name == name }) {
			return nil, registers.ErrUnknownRegister.With("register", name).With("registers", exportedNames())
		}
	}
	if len(names) == 0 {
		return all, nil
	}
	return slices.DeleteFunc(all, func(r registers.Register) bool { return !slices.Contains(names, r.Name) }), nil
}

// Run writes the tables.
func (c *exportCommand) Run(ctx context.Context, p *program) error {
	wanted, err := wantedRegisters(c.Register)
	if err == nil {
		err = c.checkTarget(len(wanted))
	}
	if err != nil {
		return err
	}
	o, err := p.openToRead(ctx)
	if err != nil {
		return err
	}
	return errors.Join(c.export(ctx, p, o, wanted), o.Close())
}

func (c *exportCommand) checkTarget(count int) error {
	if _, err := os.Lstat(c.Target); err == nil {
		return errTargetExists.With("target", c.Target)
	}
	switch filepath.Ext(c.Target) {
	case ".xlsx", "":
		return nil
	case ".csv":
		if count == 1 {
			return nil
		}
	}
	return errTargetForm.With("target", c.Target)
}

// An exportResult is what "export" prints.
type exportResult struct {
	Target  string          `json:"target"`
	Ordinal uint64          `json:"ordinal"` // what was known up to it
	Tables  []exportedTable `json:"tables"`
	Sealed  int             `json:"sealed"` // cells that could not be opened
}

// An exportedTable is one register of an export.
type exportedTable struct {
	Register string `json:"register"`
	Rows     int    `json:"rows"`
}

func (r exportResult) text(w io.Writer) {
	fmt.Fprintf(w, "已写出 / written: %s，截至序号 as of ordinal %d\n", r.Target, r.Ordinal)
	for _, t := range r.Tables {
		register, _ := registers.Named(t.Register)
		fmt.Fprintf(w, "  %s %s: %d\n", register.ZH, register.EN, t.Rows)
	}
	if r.Sealed > 0 {
		fmt.Fprintf(w, "  注意 note: 有 %d 格未能打开，写作〔密封〕；这些行不能导入。请用有密钥的台账重新导出 / %d cells are sealed; such rows cannot be imported, so export with the keys\n", r.Sealed, r.Sealed)
	}
}

func (c *exportCommand) export(ctx context.Context, p *program, o *datafolder.Folder, wanted []registers.Register) error {
	e := exporter{ctx: ctx, p: p, o: o, withVoid: c.WithVoid}
	var err error
	if e.question.AsOf, err = o.Ordinal(ctx, c.AsOf); err != nil {
		return err
	}
	if e.question.District, err = o.District(ctx, c.District); err != nil {
		return err
	}
	d, err := p.directoryOf(ctx, o)
	if err != nil {
		return err
	}
	e.names = newExportNames(ctx, o, d, e.question.District)
	result := exportResult{Target: c.Target, Ordinal: e.question.AsOf, Tables: []exportedTable{}}
	tables := make([]sheet.Table, len(wanted))
	for i, register := range wanted {
		lines, err := e.lines(register)
		if err != nil {
			return err
		}
		tables[i] = e.table(register, lines)
		result.Tables = append(result.Tables, exportedTable{register.Name, len(lines)})
	}
	if err := writeTables(c.Target, wanted, tables); err != nil {
		return err
	}
	result.Sealed = e.sealed
	return p.print(result, result.text)
}

// An exporter writes the registers of one district.
type exporter struct {
	ctx      context.Context //nolint:containedctx // lives for one export
	p        *program
	o        *datafolder.Folder
	question registers.Question
	withVoid bool
	names    *exportNames
	sealed   int // cells in which something could not be shown
}

// lines returns the register's lines in the order in which they were founded.
func (e *exporter) lines(register registers.Register) ([]registers.Line, error) {
	lines, err := e.o.Registers().Lines(e.ctx, register, e.question)
	if !e.withVoid {
		lines = slices.DeleteFunc(lines, func(l registers.Line) bool { return l.Void() })
	}
	slices.SortFunc(lines, func(a, b registers.Line) int {
		return cmp.Or(cmp.Compare(a.Events[0].Ordinal, b.Events[0].Ordinal), strings.Compare(a.Key, b.Key))
	})
	return lines, err
}

// table returns the register's table.
func (e *exporter) table(register registers.Register, lines []registers.Line) sheet.Table {
	form := domain.Forms()[register.Kind]
	return sheet.Table{Name: register.ZH, Header: registerHeader(form, e.withVoid), Rows: e.rows(register, form, lines),
		Title: fmt.Sprintf("%s%s %s · 台账 ledger %s · 截至序号 as of ordinal %d", reading.TitleMark, register.ZH, register.EN, e.o.Ledger, e.question.AsOf)}
}

// registerHeader returns the headers of a register's table.
func registerHeader(form tabular.Form, withVoid bool) []string {
	header := []string{reading.ColumnNumber}
	for _, column := range form.Columns {
		header = append(header, column.Header)
	}
	if isParty(form.Kind) {
		header = append(header, reading.ColumnChanges)
	}
	if withVoid {
		header = append(header, reading.ColumnVoid)
	}
	return append(header, reading.ForReaders...)
}

func isParty(kind string) bool { return kind == "school" || kind == "community" || kind == "person" }

// rows writes the lines one by one, so that a large register is never held as
// text.
func (e *exporter) rows(register registers.Register, form tabular.Form, lines []registers.Line) iter.Seq2[[]string, error] {
	return func(yield func([]string, error) bool) {
		bar := e.p.progress(register.ZH)
		defer bar.end()
		for i, line := range lines {
			err := e.ctx.Err()
			var row []string
			if err == nil {
				row, err = e.row(form, i+1, line)
			}
			if !yield(row, err) || err != nil {
				return
			}
			bar.step(i+1, len(lines))
		}
	}
}

func (e *exporter) row(form tabular.Form, number int, line registers.Line) ([]string, error) {
	facts, err := event.Marshal(line.Stated)
	if err != nil {
		return nil, err
	}
	cells, err := form.Row(tabular.Record{Key: line.Key, Progress: line.Progress, Facts: facts}, e.names)
	if err != nil {
		return nil, err
	}
	for _, cell := range cells {
		if strings.Contains(cell, tabular.Sealed) {
			e.sealed++
		}
	}
	row := append([]string{strconv.Itoa(number)}, cells...)
	if isParty(line.Kind) {
		row = append(row, tabular.WriteChanges(e.names.opened(line.Key, line.Changes), e.names))
	}
	if e.withVoid {
		row = append(row, yes(line.Void(), "是"))
	}
	return append(row, string(line.Progress.Stage), line.Progress.Founded, yes(line.Corrected(), "有"), strconv.FormatUint(line.Events[0].Ordinal, 10)), nil
}

func yes(is bool, word string) string {
	if is {
		return word
	}
	return ""
}

// writeTables writes the tables to the target, whole or not at all.
func writeTables(target string, wanted []registers.Register, tables []sheet.Table) error {
	switch filepath.Ext(target) {
	case ".xlsx":
		return writeWhole(target, func(w io.Writer) error { return sheet.WriteWorkbook(w, tables) })
	case ".csv":
		return writeWhole(target, func(w io.Writer) error { return sheet.WriteCSV(w, tables[0]) })
	}
	return writeFolder(target, wanted, tables)
}

// writeWhole writes a new file under its name only once it is complete. Only its owner
// may read it, for it holds names.
func writeWhole(target string, write func(io.Writer) error) (err error) {
	file, err := os.CreateTemp(filepath.Dir(target), "."+filepath.Base(target)+".*")
	if err != nil {
		return errTargetFolder.With("target", target).Because(err)
	}
	defer func() {
		err = errors.Join(err, file.Close())
		if err == nil {
			err = settleAt(file.Name(), target)
		}
		if gone := os.Remove(file.Name()); !errors.Is(gone, os.ErrNotExist) {
			err = errors.Join(err, gone)
		}
	}()
	if err := write(file); err != nil {
		return err
	}
	if err := file.Chmod(0o600); err != nil {
		return fmt.Errorf("write %s: %w", target, err)
	}
	if err := file.Sync(); err != nil {
		return fmt.Errorf("write %s: %w", target, err)
	}
	return nil
}

// settleAt gives a complete file its name. Unlike a renaming, a link never replaces
// what came up meanwhile; where there are no links, as on many a memory stick, it
// is renamed.
func settleAt(written, target string) error {
	err := os.Link(written, target)
	if err != nil && !errors.Is(err, os.ErrExist) {
		if _, exists := os.Lstat(target); exists != nil {
			return os.Rename(written, target)
		}
		err = os.ErrExist
	}
	if err != nil {
		return errTargetExists.With("target", target)
	}
	return nil
}

// writeFolder writes each table as a CSV file of a new folder.
func writeFolder(target string, wanted []registers.Register, tables []sheet.Table) error {
	folder, err := os.MkdirTemp(filepath.Dir(target), "."+filepath.Base(target)+".*")
	if err != nil {
		return errTargetFolder.With("target", target).Because(err)
	}
	for i, table := range tables {
		if err == nil {
			err = writeWhole(filepath.Join(folder, wanted[i].Name+".csv"), func(w io.Writer) error { return sheet.WriteCSV(w, table) })
		}
	}
	if err == nil {
		err = os.Chmod(folder, 0o700) //nolint:gosec // a folder needs its x to be entered
	}
	if err == nil {
		if _, exists := os.Lstat(target); exists == nil {
			err = errTargetExists.With("target", target)
		} else {
			err = os.Rename(folder, target)
		}
	}
	if err != nil {
		return errors.Join(err, os.RemoveAll(folder))
	}
	return nil
}

// exportNames lays names over keys so that each leads back to its key: a name
// that several have, or had, is left to none of them, and the key stands instead.
type exportNames struct {
	shown  shownNames
	keys   map[string]string // what a school or community is written as
	people map[string]personName
}

type personName struct{ name, school string }

func newExportNames(ctx context.Context, o *datafolder.Folder, d *directory, district string) *exportNames {
	n := &exportNames{shown: shownNames{ctx: ctx, o: o, d: d}, keys: map[string]string{}, people: map[string]personName{}}
	bearers := map[string]map[string]bool{} // kind and name to keys
	for key, e := range d.entities {
		if e.district != district || e.void {
			continue
		}
		for _, name := range e.names {
			place := e.kind + " " + name
			if bearers[place] == nil {
				bearers[place] = map[string]bool{}
			}
			bearers[place][key] = true
		}
	}
	for key, e := range d.entities {
		n.keys[key] = key
		founding := e.name
		if e.kind == "school" {
			founding = d.Schools[key].Facts.Name
		}
		for _, name := range []string{founding, e.name} {
			others := maps.Clone(bearers[e.kind+" "+datafolder.SameName(name)])
			delete(others, key)
			if name != "" && e.kind != "person" && e.district == district && len(others) == 0 {
				n.keys[key] = name
			}
		}
	}
	n.namePeople(d)
	return n
}

// namePeople gives people their names, and their keys where two at one school are
// called the same.
func (n *exportNames) namePeople(d *directory) {
	called := map[personName]int{}
	for key, person := range d.People {
		if name := n.shown.o.Names.Of(key); name != "" {
			one := personName{name, n.School(person.Facts.School)}
			n.people[key] = one
			called[personName{datafolder.SameName(one.name), one.school}]++
		}
	}
	for key, one := range n.people {
		if called[personName{datafolder.SameName(one.name), one.school}] > 1 {
			n.people[key] = personName{name: key}
		}
	}
}

// School returns what leads back to a school.
func (n *exportNames) School(key string) string { return n.keys[key] }

// Community returns what leads back to a community.
func (n *exportNames) Community(key string) string { return n.keys[key] }

// District returns nothing: another ledger takes the table in for its own.
func (n *exportNames) District(string) string { return "" }

// Person returns what leads back to a person.
func (n *exportNames) Person(key string) (name, school string, ok bool) {
	one, known := n.people[key]
	return one.name, one.school, known
}

// Open opens a sealed text.
func (n *exportNames) Open(text seal.Sealed, stream, field string) (string, bool) {
	return n.shown.Open(text, stream, field)
}

// opened returns the changes with the names that are sealed in them.
func (n *exportNames) opened(key string, changes []org.Change) []org.Change {
	if event.StreamKind(key) != "person" || !slices.ContainsFunc(changes, func(t org.Change) bool { return t.Kind == org.ChangeAliased }) {
		return changes
	}
	changes = slices.Clone(changes)
	history, err := n.shown.o.Handler.Load(n.shown.ctx, key)
	for i := range changes {
		if changes[i].Kind != org.ChangeAliased {
			continue
		}
		changes[i].Name = tabular.Sealed
		for _, e := range history {
			aliased, is := e.Fact.(org.Aliased[org.Person])
			if err != nil || !is || e.ID != changes[i].ID || aliased.Alias.Sealed == nil {
				continue
			}
			if clear, ok := n.Open(*aliased.Alias.Sealed, key, org.AliasField); ok {
				changes[i].Name = clear
			}
		}
	}
	return changes
}
