package main

import (
	"context"

	"twinledger/domain/org"
	"twinledger/domain/record"
	"twinledger/domain/seal"
)

// A party is what a file may bring under a name, and the clerk settles: a school,
// a community or a person.
type party interface {
	org.School | org.Community | org.Person
}

// kindOf returns the kind of stream of a party.
func kindOf[F party]() string {
	switch any(*new(F)).(type) {
	case org.School:
		return "school"
	case org.Community:
		return "community"
	}
	return "person"
}

// partyCommands are what can be said of every kind of party, whose words zh and en
// are set in [commandLine]. A command that a kind has beside them, or in its
// own way, stands in the kind's file.
type partyCommands[F party] struct {
	List     listParties[F]    `cmd:"" help:"列出${zh} / list ${en}."`
	Confirm  confirmParties[F] `cmd:"" help:"确认${zh} / confirm provisional ${en}."`
	Identify identifyParty[F]  `cmd:"" help:"认定两处写的是同一${zh} / say that one is the same as another."`
	Alias    aliasParty[F]     `cmd:"" help:"登记别名 / add another way of writing the name."`
}

type listParties[F party] struct {
	Provisional bool `help:"只列待确认的，附可能相同的 / only provisional ones, with likely matches."`
}

// Run lists the parties.
func (c *listParties[F]) Run(ctx context.Context, p *program) error {
	return p.list(ctx, kindOf[F](), c.Provisional)
}

type confirmParties[F party] struct {
	Wanted []string `arg:"" help:"${zh}的名称或编号，可写几个 / names or ids of ${en}." name:"name"`
}

// Run confirms the parties, one after the other; the first refusal ends it.
func (c *confirmParties[F]) Run(ctx context.Context, p *program) error {
	return p.settle(ctx, func(d *directory) error {
		for _, wanted := range c.Wanted {
			if err := d.carryOut(ctx, kindOf[F]()+".confirm", wanted, p.today(), org.Confirmed[F]{}); err != nil {
				return err
			}
		}
		return nil
	})
}

type identifyParty[F party] struct {
	Wanted string `arg:"" help:"待确认的${zh}，写名称或编号 / name or id of the provisional one." name:"name"`
	As     string `help:"其实是这一个 / the one that it is." required:"" placeholder:"NAME"`
}

// Run says that the party is another.
func (c *identifyParty[F]) Run(ctx context.Context, p *program) error {
	return p.settle(ctx, func(d *directory) error {
		as, err := d.key(kindOf[F](), c.As)
		if err != nil {
			return err
		}
		return d.carryOut(ctx, kindOf[F]()+".identify", c.Wanted, p.today(), org.Identified[F]{As: as})
	})
}

type aliasParty[F party] struct {
	Wanted string `arg:"" help:"${zh}的名称或编号 / name or id." name:"name"`
	Alias  string `arg:"" help:"别名 / the other name."`
}

// Run adds the alias.
func (c *aliasParty[F]) Run(ctx context.Context, p *program) error {
	return p.settle(ctx, func(d *directory) error {
		return d.carryOut(ctx, kindOf[F]()+".alias", c.Wanted, p.today(), org.Aliased[F]{Alias: seal.Text{Clear: c.Alias}})
	})
}

// A renaming says which name was always wrong, and the right one.
type renaming struct {
	Wanted string `arg:"" help:"${zh}的名称或编号 / name or id." name:"name"`
	Right  string `arg:"" help:"正确的名称 / the right name." name:"new-name"`
}

// correctName corrects the name of the party that is wanted: found returns what
// stands of a key, put lays the right name over its facts.
func correctName[F interface {
	party
	record.Body[F]
}](ctx context.Context, d *directory, r renaming, found func(key string) org.State[F], put func(*F)) error {
	key, err := d.key(kindOf[F](), r.Wanted)
	if err != nil {
		return err
	}
	s := found(key)
	put(&s.Facts)
	return d.carryOut(ctx, kindOf[F]()+".correct", key, s.Occurred, record.Correct[F]{Reason: misspelt, Facts: s.Facts})
}

// misspelt is why a name is corrected.
var misspelt = seal.Text{Clear: "名称写错"}
