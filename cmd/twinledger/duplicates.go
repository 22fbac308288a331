package main

import (
	"context"
	"errors"
	"fmt"
	"io"

	"twinledger/cmd/twinledger/internal/datafolder"
	"twinledger/domain/command"
	"twinledger/domain/duplicate"
	"twinledger/domain/record"
	"twinledger/domain/seal"
	"twinledger/projections/duplicates"
	"twinledger/projections/registers"
)

type duplicatesCommand struct {
	List      listDuplicates      `cmd:"" default:"withargs" help:"列出待判定的 / list those that nobody decided about."`
	Same      sameDuplicates      `cmd:"" help:"是同一件事：以前一条为准 / they are the same: the first one stands for both."`
	Different differentDuplicates `cmd:"" help:"不是同一件事：两条都计数 / they are different: both count."`
	Undo      undoDuplicates      `cmd:"" help:"作废判定 / void what was decided."`
}

// Help teaches the commands.
func (duplicatesCommand) Help() string {
	return `两校各报一次的同一节课会被数两次。同类、同日、同校、同学科的记录列在这里，由您判定；每一对下面有可以直接粘贴的命令。
没有数量的记录可能已包含在另一条有数量的记录之中：同一共同体、同类、同时间（也可以只写到月份或学期）、同双方、同内容，也列在这里。
判为同一件事时，写在前面的一条计数，另一条保留、列出，但不再计数。数量不一致时，选以哪一条为准。

One lesson that two schools report is counted twice. Records of the same kind, day, schools and subject are listed here
for you to decide; below each pair stand the commands to paste. Of two that are the same the one that is named first
counts. The other is kept and shown, and counts nowhere. Where the numbers differ, choose the one that stands.
A record without a number may be contained in one with a number: of the same community, kinds, time (a month or term is
enough), sides and title. It is listed here too.`
}

type listDuplicates struct {
	All      bool   `help:"已判定的也列 / list those that are decided too."`
	District string `help:"只列此区县的，写名称或编号 / only of this district." placeholder:"NAME"`
	AsOf     string `help:"截至当时所知：序号、时刻或日期 / as known then: an ordinal, instant or day." placeholder:"POINT"`
}

// A duplicateEntry is one pair of "duplicates".
type duplicateEntry struct {
	State    duplicates.Standing `json:"state"`            // undecided, same, different, contrary, lapsed
	Part     string              `json:"part,omitempty"`   // key of the record without a number, where the other one has one and may contain it
	Stands   string              `json:"stands,omitempty"` // same: key of the record that counts
	Stream   string              `json:"stream"`           // of the pair
	Event    string              `json:"event,omitempty"`  // that decided
	Records  []toldRecord        `json:"records"`
	Commands []duplicateAnswer   `json:"commands"` // with which it is decided, or with which the decision is voided
	number   int                 // in the printed list
	zh, en   string              // how the pair stands
}

// A toldRecord is one of the two records.
type toldRecord struct {
	listEntry
	Source *record.Source `json:"source"` // where it was read; null when no file brought it
}

// A duplicateAnswer is a command to paste.
type duplicateAnswer struct {
	ZH      string `json:"zh"` // what it says
	EN      string `json:"en"`
	Command string `json:"command"`
}

// Run lists the pairs.
func (c *listDuplicates) Run(ctx context.Context, p *program) error {
	o, err := p.openToRead(ctx)
	if err != nil {
		return err
	}
	err = c.list(ctx, p, o)
	return errors.Join(err, o.Close())
}

func (c *listDuplicates) list(ctx context.Context, p *program, o *datafolder.Folder) error {
	var q duplicates.Question
	var err error
	if q.AsOf, err = o.Ordinal(ctx, c.AsOf); err != nil {
		return err
	}
	if c.District != "" {
		if q.District, err = o.District(ctx, c.District); err != nil {
			return err
		}
	}
	pairs, err := o.Duplicates().Pairs(ctx, q)
	if err != nil {
		return err
	}
	d, err := p.directoryOf(ctx, o)
	if err != nil {
		return err
	}
	names, err := shownNamesOf(ctx, o, d)
	if err != nil {
		return err
	}
	listed := 0
	for _, pair := range pairs {
		if !pair.Waits() && !c.All {
			continue
		}
		listed++
		entry, err := entryOfPair(o.Ledger, pair, names)
		if err != nil {
			return err
		}
		entry.number = listed
		if err := p.print(entry, entry.write); err != nil {
			return err
		}
	}
	if listed == 0 && !p.json {
		fmt.Fprintln(p.out, "没有待判定的重复 / nothing is undecided")
	}
	return nil
}

func entryOfPair(ledger string, pair duplicates.Pair, names shownNames) (duplicateEntry, error) {
	keys := pair.Keys()
	entry := duplicateEntry{State: pair.Standing, Part: pair.Part, Stands: pair.Stands, Stream: duplicate.Key(ledger, keys), Event: pair.Event, Records: []toldRecord{}}
	entry.zh, entry.en = pair.Words()
	one, other := pair.Rows[0].Key, pair.Rows[1].Key
	for _, row := range pair.Rows {
		register, _ := registers.Of(row.Kind)
		line, err := entryOf(registers.TableOf(register), register, registers.Line{Row: row}, names)
		if err != nil {
			return entry, err
		}
		entry.Records = append(entry.Records, toldRecord{line, row.Facts.Source})
	}
	switch pair.Standing {
	case duplicates.Undecided:
		for _, a := range pair.Answers() {
			entry.Commands = append(entry.Commands, duplicateAnswer{a.ZH, a.EN, a.Command()})
		}
	default:
		entry.Commands = []duplicateAnswer{{"作废判定", "void the decision", "twinledger duplicates undo " + one + " " + other + " --reason 原因"}}
	}
	return entry, nil
}

func (e duplicateEntry) write(w io.Writer) {
	fmt.Fprintf(w, "%d. %s / %s\n", e.number, e.zh, e.en)
	for _, told := range e.Records {
		mark := ""
		if told.Record == e.Stands {
			mark = "以此为准 stands  "
		}
		fmt.Fprintf(w, "  %s", mark)
		told.write(w)
		if told.Source != nil {
			fmt.Fprintf(w, "    来源 source：%s 第 %d 行 row %d\n", told.Source.Import, told.Source.Row, told.Source.Row)
		}
	}
	for _, answer := range e.Commands {
		fmt.Fprintf(w, "  %s / %s：\n    %s\n", answer.ZH, answer.EN, answer.Command)
	}
}

// A pairOfRecords is the two records that a command decides about.
type pairOfRecords struct {
	One   string `arg:"" help:"记录编号 / a record's id."`
	Other string `arg:"" help:"另一条的编号 / the other one's id."`
}

// carryOut sends a decision about the pair and prints what happened.
func (r pairOfRecords) carryOut(ctx context.Context, p *program, answer duplicate.Answer, stands, reason string) error {
	body := duplicate.Decide{Records: []string{r.One, r.Other}, Answer: answer, Stands: stands, Reason: seal.Text{Clear: reason}}
	return p.carryOutAndPrint(ctx, command.Request{Name: "duplicate.decide", Occurred: p.today(), Body: body})
}

type sameDuplicates struct {
	Stands string `arg:"" help:"计数的一条 / the one that counts."`
	Told   string `arg:"" help:"重复的一条 / the one that tells it again."`
	Reason string `help:"说明 / why."`
}

// Run says that the two are the same.
func (c *sameDuplicates) Run(ctx context.Context, p *program) error {
	return pairOfRecords{c.Stands, c.Told}.carryOut(ctx, p, duplicate.Same, c.Stands, c.Reason)
}

type differentDuplicates struct {
	pairOfRecords
	Reason string `help:"说明 / why."`
}

// Run says that the two are different.
func (c *differentDuplicates) Run(ctx context.Context, p *program) error {
	return c.carryOut(ctx, p, duplicate.Different, "", c.Reason)
}

type undoDuplicates struct {
	pairOfRecords
	Reason string `help:"原因 / why." required:""`
}

// Run voids the decision.
func (c *undoDuplicates) Run(ctx context.Context, p *program) error {
	o, err := p.openToWrite(ctx)
	if err != nil {
		return err
	}
	done, err := o.CarryOut(ctx, p.actor, command.Request{Name: "duplicate.void", Stream: duplicate.Key(o.Ledger, duplicate.PairOf(c.One, c.Other)),
		Occurred: p.today(), Body: duplicate.Void{Reason: seal.Text{Clear: c.Reason}}})
	if errors.Is(err, command.ErrNoStream) {
		err = duplicate.ErrUndecided
	}
	if err == nil {
		err = errors.Join(p.printOutcome(done), o.CatchUp(ctx, nil))
	}
	return errors.Join(err, o.Close())
}
