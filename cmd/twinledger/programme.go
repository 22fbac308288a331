package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"path/filepath"

	"twinledger/adapters/programmefile"
	"twinledger/cmd/twinledger/internal/datafolder"
	"twinledger/domain/calendar"
	"twinledger/domain/command"
	"twinledger/domain/fault"
	"twinledger/domain/programme"
	"twinledger/projections"
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
		sound := soundProgramme{plan.Code, len(plan.Obligations), plan.Digest()}
		return p.print(sound, func(w io.Writer) {
			fmt.Fprintf(w, "方案可用 / the programme is sound: %s，%d 条义务 obligations，sha256 %s\n", sound.Code, sound.Obligations, sound.SHA256)
		})
	}
	o, err := p.openToWrite(ctx)
	if err != nil {
		return err
	}
	err = o.CatchUp(ctx, nil)
	if err == nil {
		err = p.publish(ctx, o, c, plan, text)
	}
	return errors.Join(err, o.Close())
}

// A soundProgramme is what "programme publish --dry-run" prints.
type soundProgramme struct {
	Code        string `json:"code"`
	Obligations int    `json:"obligations"` // how many
	SHA256      string `json:"sha256"`      // of the programme as it would be recorded
}

func (p *program) publish(ctx context.Context, o *datafolder.Folder, c *programmePublish, plan programme.Programme, text string) error {
	district, err := o.District(ctx, c.District)
	if err != nil {
		return err
	}
	from := calendar.Day(c.From)
	done, err := o.CarryOut(ctx, p.actor, command.Request{
		Name: "programme.publish", Occurred: calendar.OnDay(calendar.DayOf(p.now())),
		Body: programme.Publishing{Published: programme.Published{District: district, From: from, To: calendar.Day(c.To), Programme: plan, File: text}},
	})
	if err != nil {
		return err
	}
	return errors.Join(p.printOutcome(done), o.CatchUp(ctx, nil))
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

// A programmesResult is what "programme list" prints.
type programmesResult struct {
	BuiltIn   []builtinProgramme   `json:"built_in"`
	Published []publishedProgramme `json:"published"` // of the data folder, when one is named
}

type builtinProgramme struct {
	Code string `json:"code"`
	ZH   string `json:"zh"` // its title
	EN   string `json:"en"`
}

type publishedProgramme struct {
	Code      string       `json:"code"`
	District  string       `json:"district"` // key
	Version   int          `json:"version"`
	From      calendar.Day `json:"from"` // first day in force
	To        calendar.Day `json:"to"`   // last day in force; "" when it is open
	Event     string       `json:"event"`
	Withdrawn bool         `json:"withdrawn"`
}

// Run lists the built-in programmes and, in a data folder, the published ones.
func (c *programmeList) Run(ctx context.Context, p *program) error {
	result := programmesResult{[]builtinProgramme{}, []publishedProgramme{}}
	for _, file := range programmefile.Builtin() {
		result.BuiltIn = append(result.BuiltIn, builtinProgramme{file.Programme.Code, file.Programme.Title.ZH, file.Programme.Title.EN})
	}
	if p.data != "" {
		if err := result.addPublished(ctx, p); err != nil {
			return err
		}
	}
	return p.print(result, func(w io.Writer) { result.text(w, p.data != "") })
}

func (r *programmesResult) addPublished(ctx context.Context, p *program) error {
	o, err := p.openToRead(ctx)
	if err != nil {
		return err
	}
	rows, err := o.Records().Select(ctx, projections.Query{Kind: "programme"})
	for _, row := range rows {
		for _, v := range row.Programme.Publications {
			of := v.Published
			r.Published = append(r.Published, publishedProgramme{of.Programme.Code, of.District, v.Version, of.From, of.To, v.Event, v.Withdrawn})
		}
	}
	return errors.Join(err, o.Close())
}

func (r programmesResult) text(w io.Writer, published bool) {
	fmt.Fprintln(w, "内置 built in:")
	for _, b := range r.BuiltIn {
		fmt.Fprintf(w, "  %s  %s / %s\n", b.Code, b.ZH, b.EN)
	}
	if !published {
		return
	}
	fmt.Fprintln(w, "已发布 published:")
	for _, v := range r.Published {
		state := ""
		if v.Withdrawn {
			state = "  已撤回 withdrawn"
		}
		fmt.Fprintf(w, "  %s  第 %d 版 version %d  %s – %s  %s%s\n", v.Code, v.Version, v.Version, v.From, v.To, v.Event, state)
	}
}

type programmeShow struct {
	Code string `arg:"" help:"内置方案代码 / code of a built-in programme."`
}

// A programmeFile is what "programme show" prints as JSON; as text it prints the
// file itself.
type programmeFile struct {
	Code string `json:"code"`
	File string `json:"file"` // its YAML
}

// Run prints the file.
func (c *programmeShow) Run(p *program) error {
	file, ok := programmefile.Find(c.Code)
	if !ok {
		return errNoProgramme.With("code", c.Code)
	}
	return p.print(programmeFile{file.Programme.Code, string(file.Content)}, func(w io.Writer) {
		w.Write(file.Content) //nolint:errcheck // print tells
	})
}
