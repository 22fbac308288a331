package main

import (
	"context"

	"twinledger/domain/calendar"
	"twinledger/domain/org"
)

type schoolsCommand struct {
	partyCommands[org.School]
	Rename     renameSchool `cmd:"" help:"学校更名，或更正写错的校名 / rename a school, or correct its name."`
	Merge      mergeSchool  `cmd:"" help:"学校并入另一所 / merge a school into another."`
	Split      splitSchool  `cmd:"" help:"学校分设为几所 / split a school into several."`
	PlaceUnder placeSchool  `cmd:"" help:"改为另一所的校区或教学点 / make it a campus or teaching point of another."`
}

// Help teaches the commands.
func (schoolsCommand) Help() string {
	return `学校可写编号或准确的校名。文件里第一次出现的校名是“待确认”的：用 confirm 确认，或用 identify 认定它就是另一所（写错、简称）。
更名、合并、分设、改隶从 --on 那天起有效：以前的学期仍用旧名、旧校。写错了，用 void 学校编号 --event 事件编号 作废那一项（编号见 list）。

A school is given by its id or its exact name. A name that a file brought is provisional: confirm it, or identify it
with the school that it is (a typing error, an abbreviation). Renamings, mergers, splits and placements hold from the
day given with --on: earlier terms keep the old name and school. What was wrong is voided with void ID --event EVENT;
list shows the events.`
}

type renameSchool struct {
	renaming
	On calendar.Day `help:"从这一天起更名；不写则为更正写错的校名 / from this day; without it the name was always wrong and is corrected." placeholder:"DAY"`
}

// Run renames the school or corrects its name.
func (c *renameSchool) Run(ctx context.Context, p *program) error {
	return p.settle(ctx, func(d *directory) error {
		if c.On != "" {
			return d.carryOut(ctx, "school.rename", c.Wanted, calendar.OnDay(c.On), org.Renamed{Name: c.Right})
		}
		return correctName(ctx, d, c.renaming,
			func(key string) org.State[org.School] { return d.Schools[key].State },
			func(facts *org.School) { facts.Name = c.Right })
	})
}

type mergeSchool struct {
	School      string       `arg:"" help:"并入他校的学校 / the school that ceases."`
	Into        string       `help:"由这所接续 / the school that carries on." required:"" placeholder:"SCHOOL"`
	On          calendar.Day `help:"从这一天起 / from this day." required:"" placeholder:"DAY"`
	Memberships bool         `help:"原校在共同体中的成员身份由接续的学校承担 / its places in communities pass to the school that carries on."`
}

// Run merges the schools.
func (c *mergeSchool) Run(ctx context.Context, p *program) error {
	return p.settle(ctx, func(d *directory) error {
		into, err := d.key("school", c.Into)
		if err != nil {
			return err
		}
		return d.carryOut(ctx, "school.merge", c.School, calendar.OnDay(c.On), org.Merged{Into: into, Memberships: c.Memberships})
	})
}

type splitSchool struct {
	School string       `arg:"" help:"分设的学校 / the school that ceases."`
	Into   []string     `help:"分设为这几所，每所写一次 --into / the schools that follow, one --into each." required:"" placeholder:"SCHOOL"`
	On     calendar.Day `help:"从这一天起 / from this day." required:"" placeholder:"DAY"`
}

// Run splits the school.
func (c *splitSchool) Run(ctx context.Context, p *program) error {
	return p.settle(ctx, func(d *directory) error {
		into, err := d.keys("school", c.Into)
		if err != nil {
			return err
		}
		return d.carryOut(ctx, "school.split", c.School, calendar.OnDay(c.On), org.Split{Into: into})
	})
}

type placeSchool struct {
	School string       `arg:"" help:"校区或教学点 / the campus or teaching point."`
	Parent string       `help:"隶属的学校 / the school that it belongs to." required:"" placeholder:"SCHOOL"`
	On     calendar.Day `help:"从这一天起 / from this day." required:"" placeholder:"DAY"`
}

// Run places the school under another.
func (c *placeSchool) Run(ctx context.Context, p *program) error {
	return p.settle(ctx, func(d *directory) error {
		parent, err := d.key("school", c.Parent)
		if err != nil {
			return err
		}
		return d.carryOut(ctx, "school.place_under", c.School, calendar.OnDay(c.On), org.PlacedUnder{Parent: parent})
	})
}
