package intake

import (
	"context"
	"errors"

	"twinledger/domain/command"
	"twinledger/domain/event"
	"twinledger/domain/fault"
	"twinledger/domain/intake/reading"
	"twinledger/domain/record"
	"twinledger/domain/seal"
	"twinledger/domain/tabular"
)

// What a row can be held for by what other rows, or the ledger, say.
var (
	ErrOwnRecord = fault.New(fault.Refused, "intake.own-record",
		"文件是从本台账导出的：所示记录就在本台账中，未写入任何内容。更正记录请用 twinledger correct；只导入新增的行时，请删去已有记录的行。",
		"The file was exported from this very ledger: the records shown are in it, and nothing was written. Correct records with twinledger correct; to import only new rows, delete those of records that are there.")
	ErrMissingRecord = fault.New(fault.Refused, "intake.missing-record",
		"此行引用的记录不在本台账中，文件中也没有它的行、或它的行暂挂，此行暂挂；请把它所在的登记册一并导出、放在同一文件中导入，或先改好它的行。",
		"The row refers to a record that is not in this ledger, and of which the file has no row or only one that is held; so this row is held. Export the register that has the record too and import both in one file, or put its row right.")
	ErrLeftOut = fault.New(fault.Refused, "intake.left-out",
		"几行互相引用，其中有的未能入账；此行的记录已入账，只是少了对它的引用。改好那一行再导入，然后用 twinledger correct 给此记录补上引用。",
		"Rows refer to each other and one of them could not be recorded; the record of this row was, without the reference to it. Put that row right and import again, then add the reference to this record with twinledger correct.")
	ErrSameRecord = fault.New(fault.Invalid, "intake.same-record",
		"文件中有几行的记录编号相同，此行暂挂；请核对是否重复粘贴。",
		"Several rows of the file have this record id and this one is held; check whether it was pasted twice.")
	ErrSameName = fault.New(fault.Refused, "intake.same-name",
		"文件中已有另一行同名（人员还同校）而记录编号不同；按名称分不开，此行和引用它的行暂挂，不合为一个。请在导出的台账中认定二者相同，或改名以示区别，再导出。",
		"Another row of the file has the same name (and school, of a person) and another id; they cannot be told apart by name, so this row and those that refer to it are held rather than made one. In the ledger that exported them say that the two are the same, or tell their names apart, and export again.")
	ErrMissingParty = fault.New(fault.Refused, "intake.missing-party",
		"此格是另一台账中学校、共同体或人员的编号，文件中没有它的行，此行暂挂；请连同学校、共同体、人员各表一起导入，或改写名称。",
		"The cell is the id of a school, community or person of another ledger of whom the file has no row, so the row is held; import those sheets too, or write the name.")
)

// judged returns what every row would become: names are resolved once, then each row is judged
// by what it says, by the other rows of its file, and by the ledger.
func (run *run) judged(ctx context.Context, report *Report, file *reading.File) ([]RowPlan, []string, error) {
	plans, groups, err := run.plansOf(file)
	if err != nil {
		return nil, nil, err
	}
	held, err := run.chosen(places(plans), run.options.Hold)
	if err != nil {
		return nil, nil, err
	}
	if run.again, err = run.chosen(places(plans), run.options.Again); err != nil {
		return nil, nil, err
	}
	for i := range plans {
		if held[i] {
			plans[i].hold(ErrHeldByClerk, "")
		}
	}
	holdRepeated(plans)
	run.describe(plans)
	run.resolve(plans)
	holdContradicting(plans)
	if err := run.refuseOwn(ctx, plans); err != nil {
		return nil, nil, err
	}
	if err := run.holdUnreferred(ctx, plans); err != nil {
		return nil, nil, err
	}
	run.seals(report, plans)
	if err := run.holdRefused(ctx, plans); err != nil {
		return nil, nil, err
	}
	if err := run.holdVoid(ctx, plans); err != nil {
		return nil, nil, err
	}
	return plans, groups, run.holdUnreferred(ctx, plans) // those that refer to a row that is held by now
}

// seals makes the handler seal for the names of this file too.
func (run *run) seals(report *Report, plans []RowPlan) {
	writer := *run.Handler
	writer.Vault, writer.Names = onceVault{run.Handler.Vault}, newFileNames(run.Handler.Names, run.Names, plans, report.Source)
	run.writer = &writer
}

// holdRepeated holds the rows whose record stands in a row before.
func holdRepeated(plans []RowPlan) {
	first := map[string]int{}
	for i := range plans {
		former := plans[i].Row.Former
		if former == "" || plans[i].Outcome == Held {
			continue
		}
		if j, again := first[former]; again {
			plans[i].hold(ErrSameRecord.With("other_row", plans[j].at()), reading.ColumnRecord)
			continue
		}
		first[former] = i
	}
}

// refuseOwn refuses a file with records that this very ledger has.
func (run *run) refuseOwn(ctx context.Context, plans []RowPlan) error {
	for _, p := range plans {
		if p.Row.Former == "" || p.isParty() || p.Outcome == Held {
			continue
		}
		own, err := run.holds(ctx, p.Row.Former)
		if err != nil {
			return err
		}
		if own {
			return ErrOwnRecord.At(p.place(reading.ColumnRecord))
		}
	}
	return nil
}

// holds tells whether the ledger has a stream with a key.
func (run *run) holds(ctx context.Context, key string) (bool, error) {
	kind := event.StreamKind(key)
	if kind == "" || !reading.IsKey(key, kind) {
		return false, nil
	}
	if has, asked := run.there[key]; asked {
		return has, nil
	}
	history, err := run.Handler.Load(ctx, key)
	run.there[key] = len(history) > 0
	return len(history) > 0, err
}

// holdUnreferred holds the rows that refer to what is not there, until all others refer to
// rows that are not held.
func (run *run) holdUnreferred(ctx context.Context, plans []RowPlan) error {
	for more := true; more; {
		more = false
		for i := range plans {
			held, err := run.holdMissing(ctx, plans, i)
			if err != nil {
				return err
			}
			more = more || held
		}
	}
	return nil
}

// columnRelated is the column that refers to other records.
const columnRelated = "相关记录"

// holdMissing holds the row when it refers to what is neither in the file nor in the ledger,
// and tells whether it did.
func (run *run) holdMissing(ctx context.Context, plans []RowPlan, i int) (bool, error) {
	row := plans[i].Row
	if plans[i].Outcome == Held {
		return false, nil
	}
	for _, party := range row.Parties {
		if run.described.keys[party.Key] != "" {
			continue
		}
		if own, err := run.holds(ctx, party.Key); own || err != nil {
			if err != nil {
				return false, err
			}
			continue
		}
		plans[i].hold(ErrMissingParty.With("id", party.Key), party.Column)
		return true, nil
	}
	for _, former := range row.Related {
		there, err := run.hasRecord(ctx, plans, former)
		if err != nil {
			return false, err
		}
		if !there {
			plans[i].hold(ErrMissingRecord.With("id", former), columnRelated)
			return true, nil
		}
	}
	return false, nil
}

// hasRecord tells whether the record with a former key is made by a row of the file or is in
// the ledger already.
func (run *run) hasRecord(ctx context.Context, plans []RowPlan, former string) (bool, error) {
	if j, there := run.described.rows[former]; there {
		line, err := run.lookUp(ctx, plans[j])
		if err != nil {
			return false, err
		}
		if plans[j].Outcome != Held && (!line.Waits || run.again[j]) {
			run.described.anew[former] = line.again && line.Outcome != Already
			return true, nil
		}
		if line.Record != "" { // recorded before, when nothing spoke against it
			run.described.keys[former] = line.Record
			return true, nil
		}
	}
	own, err := run.holds(ctx, former)
	if own {
		run.described.keys[former] = former
	}
	return own, err
}

// holdRefused holds the rows whose record the ledger would refuse, for what is malformed or for
// a name that would stand in clear, so that it is said before anything is written. A row that
// was taken before keeps its plan.
func (run *run) holdRefused(ctx context.Context, plans []RowPlan) error {
	vault := rehearseSeals(run.Handler.Vault) // what is only looked at leaves no key behind
	file := peopleOf(plans, run.Names.Normal, certainNames)
	for i := range plans {
		p := &plans[i]
		s, ok := p.statement()
		if p.Outcome == Held || !ok || p.Command() == "" {
			continue
		}
		refused, err := run.refusal(ctx, s, vault)
		if err != nil {
			return err
		}
		if column := p.nameInClear(run.Names, file); column != "" && p.register() == "" {
			p.hold(record.ErrNameInClear, column)
			continue
		}
		if refused == nil {
			continue
		}
		if p.register() != "" && errors.Is(refused, record.ErrNameInClear) {
			if line, err := run.lookUp(ctx, *p); err != nil || line.Outcome == Already {
				if err != nil {
					return err
				}
				continue
			}
		}
		p.hold(refused, refused.Place.Column)
	}
	return nil
}

// refusal returns why the ledger would refuse a statement, nil when it would not.
func (run *run) refusal(ctx context.Context, s reading.Statement, vault seal.Vault) (*fault.Error, error) {
	verb := "report"
	if reading.IsParty(s.Kind) {
		verb = "note"
	}
	definition := run.definition(s.Kind, verb)
	facts := tabular.Resolve(s.Facts, records{run: run})
	err := malformed(definition, facts)
	if err == nil {
		if body, ok := reportBody(definition, facts).(command.Sealable); ok {
			_, err = body.SealTexts(ctx, run.sealer(s.Kind, vault))
		}
	}
	if refused, is := fault.As(err); is && holdable(refused) {
		return refused, nil
	}
	return nil, err
}

// holdable tells whether a row is held that is refused so: all else ends the import.
func holdable(refused *fault.Error) bool {
	return refused.Kind == fault.Invalid || refused.Kind == fault.Refused || errors.Is(refused, command.ErrUnknownReference)
}

// holdVoid holds the rows that name what is void, as the ledger would refuse them. A row that
// was taken before keeps its plan.
func (run *run) holdVoid(ctx context.Context, plans []RowPlan) error {
	seen := map[string]standing{}
	for i := range plans {
		p := &plans[i]
		if p.Outcome == Held {
			continue
		}
		ref, void, err := run.firstReference(ctx, *p, seen, func(s standing) bool { return s.void })
		if err != nil {
			return err
		}
		if !void {
			continue
		}
		line, err := run.lookUp(ctx, *p)
		if err != nil {
			return err
		}
		if line.Outcome != Already {
			p.hold(command.ErrVoidReference.With("id", ref.key), ref.column)
		}
	}
	return nil
}
