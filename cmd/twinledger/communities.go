package main

import (
	"context"

	"twinledger/domain/org"
)

type communitiesCommand struct {
	partyCommands[org.Community]
	Rename renameCommunity `cmd:"" help:"更正写错的名称 / correct a name."`
}

// Help teaches the commands.
func (communitiesCommand) Help() string {
	return `可写编号、名称，或只与一个共同体相符的名称一部分。文件里第一次出现的是“待确认”的：用 confirm 确认，或用 identify 认定它就是另一个。
认定有误，用 void 编号 --event 事件编号 作废（事件编号见 list）。

A community is given by its id, its name, or a part of a name that fits one community only. What a file brought is
provisional: confirm it, or identify it with the one that it is. A wrong identification is voided with
void ID --event EVENT; list shows the events.`
}

type renameCommunity struct{ renaming }

// Run corrects the name.
func (c *renameCommunity) Run(ctx context.Context, p *program) error {
	return p.settle(ctx, func(d *directory) error {
		return correctName(ctx, d, c.renaming,
			func(key string) org.State[org.Community] { return d.Communities[key] },
			func(facts *org.Community) { facts.Name = c.Right })
	})
}
