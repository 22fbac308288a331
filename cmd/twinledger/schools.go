package main

import (
	"context"

	"twinledger/domain/calendar"
	"twinledger/domain/org"
	"twinledger/domain/record"
	"twinledger/domain/seal"
)

type schoolsCommand struct {
	List       listSchools    `cmd:"" help:"列出学校 / list schools."`
	Confirm    confirmSchools `cmd:"" help:"确认学校 / confirm provisional schools."`
	Identify   identifySchool `cmd:"" help:"认定两处写的是同一所学校 / say that a school is the same as another."`
	Alias      aliasSchool    `cmd:"" help:"登记别名 / add another way of writing its name."`
	Rename     renameSchool   `cmd:"" help:"学校更名，或更正写错的校名 / rename a school, or correct its name."`
	Merge      mergeSchool    `cmd:"" help:"学校并入另一所 / merge a school into another."`
	Split      splitSchool    `cmd:"" help:"学校分设为几所 / split a school into several."`
	PlaceUnder placeSchool    `cmd:"" help:"改为另一所的校区或教学点 / make it a campus or teaching point of another."`
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

type listSchools struct {
	Provisional bool `help:"只列待确认的，附可能相同的 / only provisional ones, with likely matches."`
}

// Run lists the schools.
func (c *listSchools) Run(ctx context.Context, p *program) error {
	return p.list(ctx, "school", c.Provisional)
}

type confirmSchools struct {
	Schools []string `arg:"" help:"学校 / schools." placeholder:"SCHOOL"`
}

// Run confirms the schools.
func (c *confirmSchools) Run(ctx context.Context, p *program) error {
	return p.settle(ctx, func(d *directory) error {
		return d.carryOutEach(ctx, "school.confirm", c.Schools, org.Confirmed[org.School]{})
	})
}

type identifySchool struct {
	School string `arg:"" help:"待确认的学校 / the provisional school."`
	As     string `help:"它其实是这所 / the school that it is." required:"" placeholder:"SCHOOL"`
}

// Run says that the school is another.
func (c *identifySchool) Run(ctx context.Context, p *program) error {
	return p.settle(ctx, func(d *directory) error {
		as, err := d.key("school", c.As)
		if err != nil {
			return err
		}
		return d.carryOut(ctx, "school.identify", c.School, p.today(), org.Identified[org.School]{As: as})
	})
}

type aliasSchool struct {
	School string `arg:"" help:"学校 / the school."`
	Name   string `arg:"" help:"别名 / the other name."`
}

// Run adds the alias.
func (c *aliasSchool) Run(ctx context.Context, p *program) error {
	return p.settle(ctx, func(d *directory) error {
		return d.carryOut(ctx, "school.alias", c.School, p.today(), org.Aliased[org.School]{Alias: seal.Text{Clear: c.Name}})
	})
}

type renameSchool struct {
	School string       `arg:"" help:"学校 / the school."`
	Name   string       `arg:"" help:"新校名 / the new name."`
	On     calendar.Day `help:"从这一天起更名；不写则为更正写错的校名 / from this day; without it the name was always wrong and is corrected." placeholder:"DAY"`
}

// Run renames the school or corrects its name.
func (c *renameSchool) Run(ctx context.Context, p *program) error {
	return p.settle(ctx, func(d *directory) error {
		if c.On != "" {
			return d.carryOut(ctx, "school.rename", c.School, calendar.OnDay(c.On), org.Renamed{Name: c.Name})
		}
		key, err := d.key("school", c.School)
		if err != nil {
			return err
		}
		school := d.Schools[key]
		school.Facts.Name = c.Name
		return d.carryOut(ctx, "school.correct", key, school.Occurred, record.Correct[org.School]{Reason: misspelt, Facts: school.Facts})
	})
}

// misspelt is why a name is corrected.
var misspelt = seal.Text{Clear: "名称写错"}

type mergeSchool struct {
	School      string       `arg:"" help:"并入他校的学校 / the school that ceases."`
	Into        string       `help:"由这所接续 / the school that carries on." required:"" placeholder:"SCHOOL"`
	On          calendar.Day `help:"从这一天起 / from this day." required:"" placeholder:"DAY"`
	Memberships bool         `help:"原校在共同体中的成员身份由接续的学校承担 / its places in communities pass to the school that carries on."`
}

// Run merges the schools.
func (c *mergeSchool) Run(ctx context.Context, p *program) error {
	return p.settle(ctx, func(d *directory) error {
		into, err := d.standing(c.On, c.Into)
		if err != nil {
			return err
		}
		return d.carryOut(ctx, "school.merge", c.School, calendar.OnDay(c.On), org.Merged{Into: into[0], Memberships: c.Memberships})
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
		into, err := d.standing(c.On, c.Into...)
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
		parent, err := d.standing(c.On, c.Parent)
		if err != nil {
			return err
		}
		return d.carryOut(ctx, "school.place_under", c.School, calendar.OnDay(c.On), org.PlacedUnder{Parent: parent[0]})
	})
}

// standing returns the keys of schools that are meant and that were there on a
// day: the ledger itself looks at one school at a time.
func (d *directory) standing(on calendar.Day, wanted ...string) ([]string, error) {
	keys, err := d.keys("school", wanted)
	if err != nil {
		return nil, err
	}
	for _, key := range keys {
		if turn, ceased := d.Schools.Ceased(key); ceased && turn.On <= on {
			return nil, errIntoCeased.With("school", d.shown(key)).With("ceased", turn.On)
		}
	}
	return keys, nil
}

// carryOutEach sends the same to several; the first refusal ends it.
func (d *directory) carryOutEach(ctx context.Context, name string, wanted []string, body any) error {
	for _, one := range wanted {
		if err := d.carryOut(ctx, name, one, d.p.today(), body); err != nil {
			return err
		}
	}
	return nil
}
