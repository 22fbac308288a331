package main

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"

	"twinledger/adapters/programmefile"
	"twinledger/domain/calendar"
	"twinledger/domain/command"
	"twinledger/domain/fault"
	"twinledger/domain/programme"
	"twinledger/projections"
	"twinledger/projections/facts"
)

type programmeCommand struct {
	Publish programmePublish `cmd:"" help:"发布方案 / publish a programme with the period from which it is in force."`
	List    programmeList    `cmd:"" help:"列出方案 / list built-in and published programmes."`
	Show    programmeShow    `cmd:"" help:"打印内置方案文件 / print a built-in programme's file, to start one's own from."`
}

type programmePublish struct {
	File     string `arg:"" help:"YAML 文件，或内置方案代码 / YAML file, or the code of a built-in programme."`
	From     string `help:"生效日期 / first day in force." required:"" placeholder:"2017-09-01"`
	To       string `help:"终止日期 / last day in force." placeholder:"2018-08-31"`
	District string `help:"区县 / district, when the ledger has several." placeholder:"NAME"`
	DryRun   bool   `help:"只检查文件 / only check the file."`
}

// Run checks the file and publishes it.
func (c *programmePublish) Run(ctx context.Context, p *program) error {
	plan, text, err := p.programme(c.File)
	if err != nil {
		return err
	}
	if c.DryRun {
		fmt.Fprintf(p.out, "方案可用 / the programme is sound: %s，%d 条义务 obligations，sha256 %s\n", plan.Code, len(plan.Obligations), plan.Digest())
		return nil
	}
	o, err := p.openToWrite(ctx)
	if err != nil {
		return err
	}
	err = o.catchUp(ctx, nil)
	if err == nil {
		err = p.publish(ctx, o, c, plan, text)
	}
	return errors.Join(err, o.close())
}

func (p *program) publish(ctx context.Context, o *office, c *programmePublish, plan programme.Programme, text string) error {
	district, err := o.district(ctx, c.District)
	if err != nil {
		return err
	}
	from := calendar.Day(c.From)
	done, err := p.carryOut(ctx, o, command.Request{
		Name: "programme.publish", Occurred: calendar.OnDay(calendar.DayOf(p.now())),
		Body: programme.Publishing{Published: programme.Published{District: district, From: from, To: calendar.Day(c.To), Programme: plan, File: text}},
	})
	if err != nil {
		return err
	}
	printOutcome(p.out, done)
	return o.catchUp(ctx, nil)
}

// programme reads a programme from a built-in one's code or a file.
func (p *program) programme(nameOrPath string) (programme.Programme, string, error) {
	if file, ok := programmefile.Find(nameOrPath); ok {
		return file.Programme, string(file.Content), nil
	}
	content, err := p.read(nameOrPath)
	if err != nil {
		return programme.Programme{}, "", errNoProgramme.At(fault.Place{File: nameOrPath}).Because(err)
	}
	plan, err := programmefile.Parse(filepath.Base(nameOrPath), content)
	return plan, string(content), err
}

var errNoProgramme = fault.New(fault.NotFound, "programme.not-found",
	"没有这个方案文件或内置方案；用 twinledger programme list 查看。", "There is no such file or built-in programme; see twinledger programme list.")

type programmeList struct{}

// Run lists the built-in programmes and, in a data folder, the published ones.
func (c *programmeList) Run(ctx context.Context, p *program) error {
	fmt.Fprintln(p.out, "内置 built in:")
	for _, file := range programmefile.Builtin() {
		fmt.Fprintf(p.out, "  %s  %s / %s\n", file.Programme.Code, file.Programme.Title.ZH, file.Programme.Title.EN)
	}
	if p.data == "" {
		return nil
	}
	o, err := p.openToRead(ctx)
	if err != nil {
		return err
	}
	defer o.close() //nolint:errcheck // only read
	rows, err := o.models.facts.Select(ctx, projections.Query{Where: []projections.Condition{projections.Is(facts.ByKind, "programme")}})
	if err != nil {
		return err
	}
	fmt.Fprintln(p.out, "已发布 published:")
	for _, row := range rows {
		for _, v := range row.Programme.Publications {
			state := ""
			if v.Withdrawn {
				state = "  已撤回 withdrawn"
			}
			fmt.Fprintf(p.out, "  %s  第 %d 版 version %d  %s – %s  %s%s\n", v.Published.Programme.Code, v.Version, v.Version, v.Published.From, v.Published.To, v.Event, state)
		}
	}
	return nil
}

type programmeShow struct {
	Code string `arg:"" help:"内置方案代码 / code of a built-in programme."`
}

// Run prints the file.
func (c *programmeShow) Run(p *program) error {
	file, ok := programmefile.Find(c.Code)
	if !ok {
		return errNoProgramme.With("code", c.Code)
	}
	_, err := p.out.Write(file.Content)
	return err
}
