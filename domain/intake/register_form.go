package intake

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"strconv"
	"strings"

	"twinledger/domain/calendar"
	"twinledger/domain/command"
	"twinledger/domain/event"
	"twinledger/domain/fault"
	"twinledger/domain/org"
	"twinledger/domain/record"
	"twinledger/domain/seal"
	"twinledger/domain/tabular"
)

// WholeRegister is the form of a table that holds a whole register, as the program
// exports it or as its template is filled in: it says all that a record can say.
const WholeRegister Form = "register"

// The columns that only the table of a register has. What stands in those behind
// what a record says tells a reader how the record stands; an import passes over
// them.
const (
	ColumnRecord  = tabular.HeaderRecord
	ColumnTurns   = tabular.HeaderTurns
	ColumnVoid    = "作废"
	ColumnReached = "阶段"
	ColumnFounded = "登记方式"
	ColumnFixed   = "更正"
	ColumnOrdinal = "入账序号"
)

// ForReaders are the columns of a register's table that an import passes over.
var ForReaders = []string{ColumnReached, ColumnFounded, ColumnFixed, ColumnOrdinal}

// columnRegister is no column of the file: under it a row's cells hold which
// register it belongs to, so that equal rows of two registers are two.
const columnRegister = "登记册"

// TitleMark begins the title of every table that the program writes.
const TitleMark = "Twinledger "

// HelpTitle begins the sheet of a template that tells how to fill it in.
const HelpTitle = TitleMark + "填写说明"

// A RegisterForm is the table of one register.
type RegisterForm struct {
	tabular.Form
	Name string // of the register: its sheet is called so, and its title names it
}

// What a row of a register's table can be held for, and what is said of one that
// is passed over.
var (
	ErrWhichRegister = fault.New(fault.Invalid, "intake.which-register",
		"看不出此表是哪个登记册；请保留导出表或模板的工作表名称和首行标题。",
		"It cannot be told which register the table is; keep the sheet's name and the title of the exported table or template.")
	ErrOwnRecord = fault.New(fault.Refused, "intake.own-record",
		"此记录编号的记录就在本台账中，不再登记；要更正它请用 twinledger correct，要另记一条请清空记录编号。",
		"The record with this id is in this very ledger and is not recorded again; correct it with twinledger correct, or empty the cell to record another.")
	ErrMissingRecord = fault.New(fault.Refused, "intake.missing-record",
		"此行引用的记录不在文件中，也不在本台账中，此行暂挂；请把它所在的登记册一并导出、放在同一文件中导入。",
		"The row refers to a record that is neither in the file nor in this ledger and is held; export the register that has it too, and import both in one file.")
	ErrCircular = fault.New(fault.Refused, "intake.circular",
		"这些行互相引用，排不出先后，此行暂挂；请删去其中一处引用，导入后再补上。",
		"These rows refer to each other in a circle and are held; leave out one of the references and add it after the import.")
	ErrSameRecord = fault.New(fault.Invalid, "intake.same-record",
		"文件中有几行的记录编号相同，此行暂挂；请核对是否重复粘贴。",
		"Several rows of the file have this record id and this one is held; check whether it was pasted twice.")
	ErrVoidRows = fault.New(fault.Invalid, "intake.void-rows",
		"表中标为作废的行不导入。", "Rows that the table marks as void are not imported.")
	ErrMissingParty = fault.New(fault.Refused, "intake.missing-party",
		"此格是另一台账中学校、共同体或人员的编号，文件中没有它的行，此行暂挂；请连同学校、共同体、人员各表一起导入，或改写名称。",
		"The cell is the id of a school, community or person of another ledger of whom the file has no row, so the row is held; import those sheets too, or write the name.")
)

// registerKind is how the rows of one register are read and recorded.
type registerKind struct {
	form    tabular.Form
	name    string
	report  command.Definition // or what notes a school, community or person
	correct command.Definition
}

// isParty tells whether a kind is none of records but of who takes part.
func isParty(kind string) bool {
	return kind == "school" || kind == "community" || kind == "person"
}

// registerKinds returns the registers that the importer reads, by kind.
func (im *Importer) registerKinds() map[string]registerKind {
	all := map[string]registerKind{}
	for _, f := range im.Forms {
		order := ".report"
		if isParty(f.Kind) {
			order = ".note"
		}
		all[f.Kind] = registerKind{f.Form, f.Name, im.Handler.Definitions[f.Kind+order], im.Handler.Definitions[f.Kind+".correct"]}
	}
	return all
}

// registerRow is what a row of a register's table says, as far as the row alone
// tells.
type registerRow struct {
	kind    registerKind
	cells   map[string]string
	former  string   // key in the ledger that wrote the table
	related []string // keys there that it refers to
	parties []partyAt
	school  org.School // of a school's row
	turns   []org.Turn // their keys are still names
}

// A partyAt is a school, community or person that a row gives by its key in
// another ledger.
type partyAt struct{ column, key string }

func (r *registerRow) isParty() bool { return isParty(r.kind.form.Kind) }

// planRegister says what one row of a register's table would become.
func planRegister(table Table, row TableRow, kind registerKind) RowPlan {
	r := &registerRow{kind: kind, cells: cellsOf(row)}
	p := RowPlan{Table: table, Row: row, PartOf: -1, Occurred: calendar.Unknown, register: r}
	if cells, err := event.Marshal(r.cells); err != nil || len(cells) > mostRegisterBytes {
		p.hold(ErrRowTooLarge, "")
		return p
	}
	r.former = strings.TrimSpace(r.cells[ColumnRecord])
	for _, column := range row.Merged {
		p.problem(ErrMergedCell, column)
	}
	names := namesRead{plan: &p}
	reading, err := kind.form.Read(r.cells, &names)
	if err == nil {
		r.turns, err = tabular.ReadTurns(r.cells[ColumnTurns], kind.form.Kind, &names)
	}
	if err != nil {
		p.holdAt(err)
		return p
	}
	p.Occurred, r.related = reading.Occurred, names.related
	p.Command = kind.report.Name
	p.body = r.body()
	body, err := r.report(nameless{}, "district-", nil)
	if err != nil {
		p.holdAt(err)
		return p
	}
	if stated, ok := body.(interface{ Stated() (any, error) }); ok {
		facts, _ := stated.Stated() // what is malformed is found with the true keys
		if unknown, ok := facts.(unknowner); ok {
			p.Unknowns = unknown.Unknowns(p.Occurred)
		}
		r.school, _ = facts.(org.School)
	}
	p.settle()
	return p
}

// mostRegisterBytes is how much the cells of a register's row may hold: what a
// record can say at all, within what one append may hold.
const mostRegisterBytes = 500_000

// cellsOf returns the cells as the register's form reads them: as written, but
// for what a spreadsheet program keeps as a date or number.
func cellsOf(row TableRow) map[string]string {
	cells := make(map[string]string, len(row.Cells))
	for column, cell := range row.Cells {
		switch {
		case cell.Date != "":
			cells[column] = string(cell.Date)
		case cell.Number != "" && strings.Trim(cell.Text, "0123456789.,-") == "":
			cells[column] = cell.Number
		default:
			cells[column] = cell.Written()
		}
	}
	return cells
}

// holdAt holds the row for a fault that names its column.
func (p *RowPlan) holdAt(err error) {
	column := ""
	if f, ok := fault.As(err); ok {
		column = f.Place.Column
	}
	p.hold(err, column)
}

// body returns the bodies of the commands that record the row. That they can be
// made was seen when the row was planned.
func (r *registerRow) body() rowBody {
	return rowBody{
		report: func(b builder) any {
			body, _ := r.report(fileKeys{b}, b.district, b.source)
			return body
		},
		amend: func(b builder, reason seal.Text) any {
			facts, err := r.facts(fileKeys{b}, b.district, b.source)
			if err != nil {
				return nil
			}
			raw, err := event.Marshal(map[string]any{"target": "", "reason": reason, "facts": facts})
			if err != nil {
				return nil
			}
			body, _ := r.kind.correct.Body(raw)
			return body
		},
		check: func(b builder) error {
			body, err := r.report(fileKeys{b}, b.district, b.source)
			if err != nil {
				return err
			}
			if stated, ok := body.(interface{ Stated() (any, error) }); ok {
				_, err = stated.Stated()
			}
			return err
		},
	}
}

// report returns the body of the command that records the row.
func (r *registerRow) report(keys tabular.Keys, district string, source *record.Source) (any, error) {
	facts, err := r.facts(keys, district, source)
	if err != nil {
		return nil, err
	}
	return r.kind.report.Body(facts)
}

// facts returns the row's facts in JSON.
func (r *registerRow) facts(keys tabular.Keys, district string, source *record.Source) (json.RawMessage, error) {
	reading, err := r.kind.form.Read(r.cells, keys)
	if err != nil {
		return nil, err
	}
	var fields map[string]json.RawMessage
	if err := json.Unmarshal(reading.Facts, &fields); err != nil {
		return nil, err
	}
	if fields["district"], err = event.Marshal(district); err != nil {
		return nil, err
	}
	if source != nil && !r.isParty() {
		if fields["source"], err = event.Marshal(source); err != nil {
			return nil, err
		}
	}
	return event.Marshal(fields)
}

// namesRead collects what a row names, while it is read.
type namesRead struct {
	nameless
	plan    *RowPlan
	related []string
}

// School notes the name of a school.
func (n *namesRead) School(name string) string {
	if !n.foreign(name, "school") && !slices.Contains(n.plan.Schools, name) {
		n.plan.Schools = append(n.plan.Schools, name)
	}
	return n.nameless.School(name)
}

// Community notes the name of the row's community.
func (n *namesRead) Community(name string) string {
	if !n.foreign(name, "community") && n.plan.Community == "" && !n.plan.register.isParty() {
		n.plan.Community = name
	}
	return n.nameless.Community(name)
}

// Person notes the name of a person and of the person's school.
func (n *namesRead) Person(name, school string) string {
	if school != "" {
		n.School(school)
	}
	if one := (PersonName{school, name}); !n.foreign(name, "person") && !slices.Contains(n.plan.People, one) {
		n.plan.People = append(n.plan.People, one)
	}
	return n.nameless.Person(name, school)
}

// Record notes the key of a record that the row refers to.
func (n *namesRead) Record(former string) string {
	if !slices.Contains(n.related, former) {
		n.related = append(n.related, former)
	}
	return former
}

// foreign tells whether a name is a key, and notes it then.
func (n *namesRead) foreign(name, kind string) bool {
	if !isKey(name, kind) {
		return false
	}
	r := n.plan.register
	r.parties = append(r.parties, partyAt{columnOf(kind), name})
	return true
}

// columnOf returns the column that mostly names what is of a kind.
func columnOf(kind string) string {
	switch kind {
	case "community":
		return ColumnCommunity
	case "person":
		return ColumnPeople
	}
	return ColumnSchool
}

// isKey tells whether a text is a key of a kind.
func isKey(text, kind string) bool {
	return event.StreamKind(text) == kind && event.IsID(text[len(kind)+1:])
}

// nameless gives keys that only have the right form.
type nameless struct{}

// School returns a form of key.
func (nameless) School(string) string { return "school-" }

// Community returns a form of key.
func (nameless) Community(string) string { return "community-" }

// District returns a form of key.
func (nameless) District(string) string { return "district-" }

// Person returns a form of key.
func (nameless) Person(string, string) string { return "person-" }

// Record returns the key as it is.
func (nameless) Record(former string) string { return former }

// fileKeys are the keys that the builder gives.
type fileKeys struct{ b builder }

// School returns the school's key.
func (k fileKeys) School(name string) string { return k.b.school(name) }

// Community returns the community's key.
func (k fileKeys) Community(name string) string { return k.b.community(name) }

// District returns the district that the file is taken in for.
func (k fileKeys) District(string) string { return k.b.district }

// Person returns the person's key.
func (k fileKeys) Person(name, school string) string { return k.b.person(PersonName{school, name}) }

// Record returns the key of the record in this ledger.
func (k fileKeys) Record(former string) string {
	if key := k.b.file.key(former); key != "" {
		return key
	}
	return former
}

// described is what a file says of whom and what it names: its own tables of
// schools, communities, people and records.
type described struct {
	schools map[string]string // names that only one school of the file has or had, to its key here
	keys    map[string]string // keys in the ledger that wrote the file, to keys here
}

func (d *described) key(former string) string {
	if d == nil {
		return ""
	}
	return d.keys[former]
}

func (d *described) school(name string) string {
	if d == nil {
		return ""
	}
	return d.schools[name]
}

// describe learns from the rows of a file whom and what they describe.
func (im *Importer) describeFile(plans []RowPlan) {
	d := &described{schools: map[string]string{}, keys: map[string]string{}}
	im.file = d
	b := im.builder(nil)
	several := map[string]bool{}
	for _, kind := range []string{"school", "community", "person"} {
		for i := range plans {
			r := plans[i].register
			if r == nil || r.kind.form.Kind != kind || plans[i].Outcome == Held {
				continue
			}
			key := plans[i].party(b)
			if r.former != "" {
				d.keys[r.former] = key
			}
			if kind != "school" {
				continue
			}
			for _, name := range r.names() {
				several[name] = several[name] || d.schools[name] != "" && d.schools[name] != key
				d.schools[name] = key
			}
		}
		for name := range several {
			delete(d.schools, name)
		}
	}
	for _, p := range plans {
		if r := p.register; r != nil && !r.isParty() && r.former != "" {
			d.keys[r.former] = im.recordKey(p)
		}
	}
}

// names returns every name that a school's row gives it.
func (r *registerRow) names() []string {
	names := []string{r.school.Name}
	for _, t := range r.turns {
		if t.Sort == org.SortRenamed {
			names = append(names, t.Name)
		}
	}
	return names
}

// party returns the key of the school, community or person that the row
// describes.
func (p RowPlan) party(b builder) string {
	body := p.body.report(b)
	stated, ok := body.(interface{ Stated() (any, error) })
	if !ok {
		return ""
	}
	facts, _ := stated.Stated()
	switch f := facts.(type) {
	case org.School:
		return b.noted("school", f.Name)
	case org.Community:
		return b.community(f.Name)
	case org.Person:
		if b.directory != nil {
			return b.directory.Person(b.vault, b.names, b.district, f.School, f.Name.Clear)
		}
		return org.PersonKey(b.vault, b.district, f.School, f.Name.Clear)
	}
	return ""
}

// noted returns the key of what was or would be noted under a name.
func (b builder) noted(kind, name string) string {
	switch {
	case kind == "school" && b.directory != nil:
		return b.directory.School(b.district, name)
	case kind == "school":
		return org.SchoolKey(b.ledger, b.district, name)
	case b.directory != nil:
		return b.directory.Community(b.district, name)
	}
	return org.CommunityKey(b.ledger, b.district, name)
}

// recordKey returns the key of the record that the row would make: it follows
// from the row.
func (im *Importer) recordKey(p RowPlan) string {
	return event.StreamKey(event.StreamOf(im.Handler.Ledger, p.Key[len("row-"):], p.register.kind.form.Kind))
}

// holdUnreferred holds the rows that refer to what is not there, and those of
// records that this very ledger has.
func (im *Importer) holdUnreferred(ctx context.Context, plans []RowPlan) error {
	at := map[string]int{}
	for i := range plans {
		r := plans[i].register
		if r == nil || r.former == "" || plans[i].Outcome == Held {
			continue
		}
		if _, twice := at[r.former]; twice {
			plans[i].hold(ErrSameRecord, ColumnRecord)
			continue
		}
		own, err := im.holds(ctx, r.former)
		if err != nil {
			return err
		}
		if own && !r.isParty() {
			plans[i].hold(ErrOwnRecord, ColumnRecord)
			continue
		}
		at[r.former] = i
	}
	for again := true; again; {
		again = false
		for i := range plans {
			held, err := im.holdMissing(ctx, plans, i, at)
			if err != nil {
				return err
			}
			again = again || held
		}
	}
	for _, i := range circular(plans, at) {
		plans[i].hold(ErrCircular, columnRelated)
	}
	return nil
}

// columnRelated is the column that refers to other records.
const columnRelated = "相关记录"

// holdMissing holds the row when it refers to what is neither in the file nor in
// the ledger, and tells whether it did.
func (im *Importer) holdMissing(ctx context.Context, plans []RowPlan, i int, at map[string]int) (bool, error) {
	r := plans[i].register
	if r == nil || plans[i].Outcome == Held {
		return false, nil
	}
	for _, party := range r.parties {
		if im.file.key(party.key) != "" {
			continue
		}
		if own, err := im.holds(ctx, party.key); own || err != nil {
			if err != nil {
				return false, err
			}
			continue
		}
		plans[i].hold(ErrMissingParty.With("id", party.key), party.column)
		return true, nil
	}
	for _, former := range r.related {
		if j, there := at[former]; there && plans[j].Outcome != Held {
			continue
		}
		own, err := im.holds(ctx, former)
		if err != nil {
			return false, err
		}
		if !own {
			plans[i].hold(ErrMissingRecord.With("id", former), columnRelated)
			return true, nil
		}
		im.file.keys[former] = former
	}
	return false, nil
}

// holds tells whether the ledger has a stream with a key.
func (im *Importer) holds(ctx context.Context, key string) (bool, error) {
	kind := event.StreamKind(key)
	if kind == "" || !isKey(key, kind) {
		return false, nil
	}
	if has, asked := im.there[key]; asked {
		return has, nil
	}
	history, err := im.Handler.Load(ctx, key)
	im.there[key] = len(history) > 0
	return len(history) > 0, err
}

// circular returns the rows that refer to each other in a circle.
func circular(plans []RowPlan, at map[string]int) []int {
	waits := make([]int, len(plans)) // for how many rows
	waited := map[int][]int{}
	var ready, out []int
	for i, p := range plans {
		if p.register == nil || p.Outcome == Held {
			continue
		}
		for _, former := range p.register.related {
			if j, there := at[former]; there {
				waits[i]++
				waited[j] = append(waited[j], i)
			}
		}
		if waits[i] == 0 {
			ready = append(ready, i)
		}
	}
	for len(ready) > 0 {
		last := ready[len(ready)-1]
		ready = ready[:len(ready)-1]
		for _, i := range waited[last] {
			if waits[i]--; waits[i] == 0 {
				ready = append(ready, i)
			}
		}
	}
	for i := range plans {
		if waits[i] > 0 {
			out = append(out, i)
		}
	}
	return out
}

// settleReferences replaces the keys that records would have by those of the
// records that are there.
func (im *Importer) settleReferences(report *Report) {
	for _, line := range report.Lines {
		r := line.Plan.register
		if r == nil || r.former == "" || r.isParty() {
			continue
		}
		switch from, changes := report.corrections.changed[line.Plan.Key]; {
		case changes && from.effect == Corrects:
			im.file.keys[r.former] = from.former.record
		case line.Record != "":
			im.file.keys[r.former] = line.Record
		case line.First != nil:
			im.file.keys[r.former] = event.StreamKey(event.StreamOf(im.Handler.Ledger, im.id("renew", report.Import, line.Plan.Key), r.kind.form.Kind))
		}
	}
}

// inOrder returns the rows as they are taken: as they stand, but each after those
// that it refers to, and what is said of schools, communities and people last,
// for it changes what their names mean.
func (r *Report) inOrder() []int {
	at := map[string]int{}
	for i, line := range r.Lines {
		if row := line.Plan.register; row != nil && row.former != "" {
			at[row.former] = i
		}
	}
	var order, last []int
	placed := make([]bool, len(r.Lines))
	var place func(i int)
	place = func(i int) {
		row := r.Lines[i].Plan.register
		if placed[i] {
			return
		}
		placed[i] = true
		if row != nil {
			for _, former := range row.related {
				if j, there := at[former]; there {
					place(j)
				}
			}
			if row.isParty() {
				last = append(last, i)
				return
			}
		}
		order = append(order, i)
	}
	for i := range r.Lines {
		place(i)
	}
	return append(order, last...)
}

// noteParties notes the schools, communities and people that the file describes
// with what it says of them, before anything names them.
func (im *Importer) noteParties(ctx context.Context, report *Report) error {
	for _, kind := range []string{"school", "community", "person"} {
		for i := range report.Lines {
			line := &report.Lines[i]
			r := line.Plan.register
			if r == nil || r.kind.form.Kind != kind || line.Outcome != Pending || !line.wanted || line.Plan.Outcome == Held {
				continue
			}
			err := im.noteParty(ctx, report, line)
			if refused, ok := fault.As(err); ok && holdable(refused) {
				line.Plan.hold(refused, "")
			} else if err != nil {
				return err
			}
		}
	}
	return nil
}

// holdable tells whether a row is held that is refused so: all else ends the
// import.
func holdable(refused *fault.Error) bool {
	return refused.Kind == fault.Invalid || refused.Kind == fault.Refused || errors.Is(refused, command.ErrUnknownReference)
}

func (im *Importer) noteParty(ctx context.Context, report *Report, line *Line) error {
	b := im.builder(nil)
	key := line.Plan.party(b)
	for _, person := range line.Plan.Schools {
		if school := b.school(person); line.Plan.register.kind.form.Kind == "person" && !im.known[school] {
			body := record.Report[org.School]{Facts: org.School{District: im.District, Name: person, Provisional: true}}
			if _, err := im.note(ctx, report, school, command.Request{Name: "school.note", Body: body}); err != nil {
				return err
			}
		}
	}
	events, err := im.note(ctx, report, key, command.Request{Name: line.Plan.Command, Body: line.Plan.body.report(b)})
	for _, e := range events {
		err = errors.Join(err, im.Names.Learn(ctx, e, im.Handler.Vault))
	}
	return err
}

// tell says of a school, community or person what the file says of it since it
// first came up. What it did not say yet of one that is known is added.
func (im *Importer) tell(ctx context.Context, report *Report, line *Line, b builder) error {
	p := line.Plan
	r, kind := p.register, p.register.kind.form.Kind
	key := p.party(b)
	turns, err := tabular.ReadTurns(r.cells[ColumnTurns], kind, fileKeys{b})
	if err != nil {
		return err
	}
	var steps []turnStep
	if kind == "school" && r.school.Stage+r.school.Setting != "" {
		steps = im.described(r.school, key)
	}
	for _, t := range turns {
		steps = append(steps, stepOf(kind, t))
	}
	for i, s := range steps {
		raw, err := event.Marshal(s.body)
		if err != nil {
			return err
		}
		body, err := im.Handler.Definitions[s.command].Body(raw)
		if err != nil {
			return err
		}
		req := command.Request{Name: s.command, Stream: key, Occurred: s.occurred, Body: body}
		done, err := im.do(ctx, report, im.id("turn", p.Key, report.Import, s.command, strconv.Itoa(i)), req)
		if err != nil {
			return err
		}
		for _, e := range done.Events {
			if err := im.Names.Learn(ctx, e, im.Handler.Vault); err != nil {
				return err
			}
		}
	}
	line.Record = key
	return nil
}

// A turnStep is a command that says something of a school, community or person.
type turnStep struct {
	command  string
	occurred calendar.Occurred
	body     map[string]any
}

// described returns what adds stage and setting to a school that the ledger knows
// without them.
func (im *Importer) described(said org.School, key string) []turnStep {
	if im.Directory == nil {
		return nil
	}
	known, there := im.Directory.Schools[key]
	if !there || known.Facts.Stage == said.Stage && known.Facts.Setting == said.Setting {
		return nil
	}
	return []turnStep{{"school.describe", calendar.Unknown, map[string]any{"stage": said.Stage, "setting": said.Setting}}}
}

// stepOf returns the command that says a turn.
func stepOf(kind string, t org.Turn) turnStep {
	occurred := calendar.Unknown
	if t.On != "" {
		occurred = calendar.OnDay(t.On)
	}
	one := ""
	if len(t.Keys) > 0 {
		one = t.Keys[0]
	}
	switch t.Sort {
	case org.SortIdentified:
		return turnStep{kind + ".identify", occurred, map[string]any{"as": one}}
	case org.SortAliased:
		return turnStep{kind + ".alias", occurred, map[string]any{"alias": t.Name}}
	case org.SortRenamed:
		return turnStep{kind + ".rename", occurred, map[string]any{"name": t.Name}}
	case org.SortMerged:
		return turnStep{kind + ".merge", occurred, map[string]any{"into": one, "memberships": t.Memberships}}
	case org.SortSplit:
		return turnStep{kind + ".split", occurred, map[string]any{"into": t.Keys}}
	case org.SortPlacedUnder:
		return turnStep{kind + ".place_under", occurred, map[string]any{"parent": one}}
	}
	return turnStep{kind + ".confirm", occurred, map[string]any{}}
}

// isRegisterHeading tells whether a row is the heading of a register's table.
func isRegisterHeading(row Row) bool {
	names := headingNames(row)
	return slices.Contains(names, ColumnRecord) && slices.Contains(names, ColumnNumber)
}

// closeRegister finds out which register the table holds, and gives its rows the
// form in which they are read. A table of which that cannot be told is one of
// activities when it has their columns, else it is left out as a fault.
func (s *sheetReader) closeRegister(t *openTable) bool {
	t.Register = s.registerOf(t)
	if t.Register == "" {
		if form, _ := headingForm(t.printed[len(t.printed)-1]); form != "" {
			t.Form = form
			return true
		}
		s.errs = append(s.errs, ErrWhichRegister.At(fault.Place{File: s.file, Sheet: s.sheet.Name, Row: t.Heading}))
		return false
	}
	unquote := s.quoted && strings.HasPrefix(t.Title, TitleMark)
	rows := t.Rows
	t.Rows = nil
	for _, row := range rows {
		if row.Cells[ColumnVoid].Text != "" {
			t.Void = append(t.Void, row.Number)
			continue
		}
		delete(row.Cells, ColumnVoid)
		for _, column := range ForReaders {
			delete(row.Cells, column)
		}
		for column, cell := range row.Cells {
			if unquote {
				cell.Text, cell.Raw = tabular.Unquoted(cell.Text), tabular.Unquoted(cell.Raw)
			}
			row.Cells[column] = cell
		}
		if len(row.Cells) == 0 || len(row.Cells) == 1 && row.Cells[ColumnNumber].Text != "" {
			continue // a number that waits for its row
		}
		row.Cells[columnRegister] = Cell{Text: t.Register}
		t.Rows = append(t.Rows, row)
	}
	return true
}

// registerOf returns the kind of the register that the table holds, "" when that
// cannot be told.
func (s *sheetReader) registerOf(t *openTable) string {
	for kind, r := range s.registers {
		if s.sheet.Name == r.name || strings.HasPrefix(t.Title, TitleMark+r.name+" ") {
			return kind
		}
	}
	for _, row := range t.Rows {
		former := row.Cells[ColumnRecord].Text
		if kind := event.StreamKind(former); s.registers[kind].name != "" && isKey(former, kind) {
			return kind
		}
	}
	return ""
}

// checkVoid warns of the rows that are passed over as void.
func (t Table) checkVoid() []error {
	if len(t.Void) == 0 {
		return nil
	}
	return []error{ErrVoidRows.At(fault.Place{File: t.File, Sheet: t.SheetName, Row: t.Void[0], Column: ColumnVoid}).With("rows", len(t.Void))}
}

// numbered returns the cell that tells the row from others of its table.
func (r TableRow) numbered() Cell {
	if cell, ok := r.Cells[ColumnRecord]; ok && r.Cells[columnRegister].Text != "" {
		return cell
	}
	return r.Cells[ColumnNumber]
}
