package main

import (
	"context"

	"twinledger/domain/org"
	"twinledger/domain/seal"
)

type peopleCommand struct {
	partyCommands[org.Person]
	Rename  renamePerson   `cmd:"" help:"更正写错的姓名 / correct a name."`
	InClear inClearCommand `cmd:"" help:"列出写着姓名而未封存的文字 / list texts that name somebody and are not sealed." name:"in-clear"`
}

// Help teaches the commands.
func (peopleCommand) Help() string {
	return `可写编号或准确的姓名。文件里第一次出现的是“待确认”的：用 confirm 确认，或用 identify 认定就是另一人。
认定有误，用 void 编号 --event 事件编号 作废（事件编号见 list）。
姓名只在有密钥（keys.sqlite）时显示。

A person is given by id or exact name. Whom a file brought is provisional: confirm them, or identify them with the one
that they are. A wrong identification is voided with void ID --event EVENT; list shows the events.
Names are shown only where the keys (keys.sqlite) are.`
}

type renamePerson struct{ renaming }

// Run corrects the name.
func (c *renamePerson) Run(ctx context.Context, p *program) error {
	return p.settle(ctx, func(d *directory) error {
		return correctName(ctx, d, c.renaming,
			func(key string) org.State[org.Person] { return d.People[key] },
			func(facts *org.Person) { facts.Name = seal.Text{Clear: c.Right} })
	})
}
