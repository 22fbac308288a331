package main

import (
	"context"

	"twinledger/domain/org"
	"twinledger/domain/record"
	"twinledger/domain/seal"
)

type communitiesCommand struct {
	List     listCommunities    `cmd:"" help:"列出共同体 / list communities."`
	Confirm  confirmCommunities `cmd:"" help:"确认共同体 / confirm provisional communities."`
	Identify identifyCommunity  `cmd:"" help:"认定两处写的是同一共同体 / say that a community is the same as another."`
	Alias    aliasCommunity     `cmd:"" help:"登记别名 / add another way of writing the name."`
	Rename   renameCommunity    `cmd:"" help:"更正写错的名称 / correct a name."`
}

// Help teaches the commands.
func (communitiesCommand) Help() string {
	return `可写编号或准确的名称。文件里第一次出现的是“待确认”的：用 confirm 确认，或用 identify 认定它就是另一个。
认定有误，用 void 编号 --event 事件编号 作废（事件编号见 list）。

A community is given by its id or its exact name. What a file brought is provisional: confirm it, or identify it with the one
that it is. A wrong identification is voided with void ID --event EVENT; list shows the events.`
}

type listCommunities struct {
	Provisional bool `help:"只列待确认的，附可能相同的 / only provisional ones, with likely matches."`
}

// Run lists the communities.
func (c *listCommunities) Run(ctx context.Context, p *program) error {
	return p.list(ctx, "community", c.Provisional)
}

type confirmCommunities struct {
	Wanted []string `arg:"" help:"共同体 / communities." name:"communities"`
}

// Run confirms the communities.
func (c *confirmCommunities) Run(ctx context.Context, p *program) error {
	return p.settle(ctx, func(d *directory) error {
		return d.carryOutEach(ctx, "community.confirm", c.Wanted, org.Confirmed[org.Community]{})
	})
}

type identifyCommunity struct {
	Wanted string `arg:"" help:"待确认的共同体 / the provisional one." name:"community"`
	As     string `help:"其实是这一个 / the one that it is." required:"" placeholder:"ID"`
}

// Run says that the community is another.
func (c *identifyCommunity) Run(ctx context.Context, p *program) error {
	return p.settle(ctx, func(d *directory) error {
		as, err := d.key("community", c.As)
		if err != nil {
			return err
		}
		return d.carryOut(ctx, "community.identify", c.Wanted, p.today(), org.Identified[org.Community]{As: as})
	})
}

type aliasCommunity struct {
	Wanted string `arg:"" help:"共同体 / the community." name:"community"`
	Name   string `arg:"" help:"别名 / the other name."`
}

// Run adds the alias.
func (c *aliasCommunity) Run(ctx context.Context, p *program) error {
	return p.settle(ctx, func(d *directory) error {
		return d.carryOut(ctx, "community.alias", c.Wanted, p.today(), org.Aliased[org.Community]{Alias: seal.Text{Clear: c.Name}})
	})
}

type renameCommunity struct {
	Wanted string `arg:"" help:"共同体 / the community." name:"community"`
	Name   string `arg:"" help:"正确的名称 / the right name."`
}

// Run corrects the name.
func (c *renameCommunity) Run(ctx context.Context, p *program) error {
	return p.settle(ctx, func(d *directory) error {
		key, err := d.key("community", c.Wanted)
		if err != nil {
			return err
		}
		s := d.Communities[key]
		s.Facts.Name = c.Name
		return d.carryOut(ctx, "community.correct", key, s.Occurred, record.Correct[org.Community]{Reason: misspelt, Facts: s.Facts})
	})
}
