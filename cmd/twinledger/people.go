package main

import (
	"context"

	"twinledger/domain/org"
	"twinledger/domain/record"
	"twinledger/domain/seal"
)

type peopleCommand struct {
	List     listPeople     `cmd:"" help:"列出人员 / list people."`
	Confirm  confirmPeople  `cmd:"" help:"确认人员 / confirm provisional people."`
	Identify identifyPerson `cmd:"" help:"认定两处写的是同一人 / say that a person is the same as another."`
	Alias    aliasPerson    `cmd:"" help:"登记别名 / add another way of writing the name."`
	Rename   renamePerson   `cmd:"" help:"更正写错的姓名 / correct a name."`
}

// Help teaches the commands.
func (peopleCommand) Help() string {
	return `可写编号或准确的名称。文件里第一次出现的是“待确认”的：用 confirm 确认，或用 identify 认定它就是另一个。
认定有误，用 void 编号 --event 事件编号 作废（事件编号见 list）。
姓名只在有密钥（keys.sqlite）时显示。

A person is given by its id or its exact name. What a file brought is provisional: confirm it, or identify it with the one
that it is. A wrong identification is voided with void ID --event EVENT; list shows the events.
Names are shown only where the keys (keys.sqlite) are.`
}

type listPeople struct {
	Provisional bool `help:"只列待确认的，附可能相同的 / only provisional ones, with likely matches."`
}

// Run lists the people.
func (c *listPeople) Run(ctx context.Context, p *program) error {
	return p.list(ctx, "person", c.Provisional)
}

type confirmPeople struct {
	Wanted []string `arg:"" help:"人员 / people." name:"people"`
}

// Run confirms the people.
func (c *confirmPeople) Run(ctx context.Context, p *program) error {
	return p.settle(ctx, func(d *directory) error {
		return d.carryOutEach(ctx, "person.confirm", c.Wanted, org.Confirmed[org.Person]{})
	})
}

type identifyPerson struct {
	Wanted string `arg:"" help:"待确认的人员 / the provisional one." name:"person"`
	As     string `help:"其实是这一个 / the one that it is." required:"" placeholder:"ID"`
}

// Run says that the person is another.
func (c *identifyPerson) Run(ctx context.Context, p *program) error {
	return p.settle(ctx, func(d *directory) error {
		as, err := d.key("person", c.As)
		if err != nil {
			return err
		}
		return d.carryOut(ctx, "person.identify", c.Wanted, p.today(), org.Identified[org.Person]{As: as})
	})
}

type aliasPerson struct {
	Wanted string `arg:"" help:"人员 / the person." name:"person"`
	Name   string `arg:"" help:"别名 / the other name."`
}

// Run adds the alias.
func (c *aliasPerson) Run(ctx context.Context, p *program) error {
	return p.settle(ctx, func(d *directory) error {
		return d.carryOut(ctx, "person.alias", c.Wanted, p.today(), org.Aliased[org.Person]{Alias: seal.Text{Clear: c.Name}})
	})
}

type renamePerson struct {
	Wanted string `arg:"" help:"人员 / the person." name:"person"`
	Name   string `arg:"" help:"正确的姓名 / the right name."`
}

// Run corrects the name.
func (c *renamePerson) Run(ctx context.Context, p *program) error {
	return p.settle(ctx, func(d *directory) error {
		key, err := d.key("person", c.Wanted)
		if err != nil {
			return err
		}
		s := d.People[key]
		s.Facts.Name = seal.Text{Clear: c.Name}
		return d.carryOut(ctx, "person.correct", key, s.Occurred, record.Correct[org.Person]{Reason: misspelt, Facts: s.Facts})
	})
}
