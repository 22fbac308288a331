package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"

	"twinledger/adapters/programmefile"
	"twinledger/cmd/twinledger/internal/county"
	"twinledger/cmd/twinledger/internal/datafolder"
	"twinledger/domain"
	"twinledger/domain/calendar"
	"twinledger/domain/command"
	"twinledger/domain/event"
	"twinledger/domain/fault"
	"twinledger/domain/ledger"
	"twinledger/domain/org"
	"twinledger/domain/record"
)

type generateCommand struct {
	Schools  int    `help:"学校数，4 至 20000 / how many schools, 4 to 20000." default:"300"`
	Terms    int    `help:"连续几个学期，1 至 60 / how many terms, one after the other, 1 to 60." default:"4"`
	Seed     uint64 `help:"任意一个数；同一个数总是生成同样的县，换一个数就是另一个县 / any number: each makes a county of its own, always the same." default:"1"`
	From     string `help:"第一个学期，/1 为第一学期，/2 为第二学期 / the first term: /1 is autumn, /2 is spring." default:"2016-2017/1"`
	District string `help:"虚构区县的名称 / name of the made-up district." default:"样例县"`
}

// Help teaches the command.
func (generateCommand) Help() string {
	return `供试用、培训和测速：在 --data 指定的新文件夹（空的或尚不存在的）中建立一个虚构区县的台账，有学校、共同体、人员和各学期的记录，
也有少量更正和作废。学校、人员和事情都是编造的；不能写入已有的台账，也不要当作正式台账使用。

    twinledger generate -d trial --schools 12 --terms 1     小县，几秒钟 / a small county, some seconds
    twinledger serve -d trial                               用浏览器查看 / look at it in a browser

300 所学校、4 个学期要几分钟。中断后再次运行同一命令即可继续。

To try things out, to teach, to measure: opens a ledger in the new folder named by --data, empty or not there yet,
and writes a made-up district into it, with schools, communities, people and the records of some terms, some of them
corrected or voided. Everything in it is invented; an existing ledger is never written to. 300 schools and 4 terms
take some minutes. Broken off, it is continued by running the same command again.`
}

// errOrderFailed tells of an order that the deciders refuse: the generator
// knows their rules, so it is a bug.
var errOrderFailed = fault.New(fault.Internal, "generate.order-refused",
	"生成的命令被拒绝；这是程序错误，请报告。", "A made-up command was refused; this is a bug, please report it.")

// generatePlan is the built-in programme that a made-up county has in force.
const generatePlan = "zhaike"

// Run writes the county, or what is missing of it.
func (c *generateCommand) Run(ctx context.Context, p *program) error {
	settings, err := c.settings()
	if err != nil {
		return err
	}
	o, err := c.open(ctx, p, settings)
	if err != nil {
		return err
	}
	result, err := c.write(ctx, p, o, settings)
	if err == nil {
		err = o.CatchUp(ctx, p.progress("读模型 read models").step)
	}
	if err == nil {
		err = p.print(result, result.text)
	}
	return errors.Join(err, o.Close())
}

func (c *generateCommand) settings() (county.Settings, error) {
	from, err := calendar.ParseTerm(c.From)
	if err != nil {
		return county.Settings{}, err
	}
	s := county.Settings{District: c.District, Schools: c.Schools, Terms: c.Terms, From: from, Seed: c.Seed}
	return s, s.Check()
}

// open makes the ledger, or opens the one that the same command began.
func (c *generateCommand) open(ctx context.Context, p *program, s county.Settings) (*datafolder.Folder, error) {
	folder, err := p.folder()
	if err != nil {
		return nil, err
	}
	_, noLog := os.Stat(datafolder.LogPath(folder))
	_, finished := os.Stat(datafolder.UnfinishedPath(folder))
	if noLog != nil || finished == nil {
		return datafolder.Establish(ctx, p.optionsOf(folder), p.actor, c.District, nil)
	}
	o, err := p.openHolding(ctx)
	if err != nil {
		return nil, err
	}
	if err := errors.Join(o.CheckSecret(ctx), checkBegunBy(ctx, o, s)); err != nil {
		return nil, errors.Join(err, o.Close())
	}
	return o, nil
}

// checkBegunBy refuses a ledger that holds anything but what the same run wrote
// first.
func checkBegunBy(ctx context.Context, o *datafolder.Folder, s county.Settings) error {
	page, err := o.Log.Page(ctx, event.Position{}, 3)
	if err != nil {
		return err
	}
	other := ledger.ErrAlreadyOpen.With("folder", o.Path)
	if len(page.Records) < 2 || len(page.Records) > 2 && page.Records[2].Envelope.Command != s.First() {
		return other
	}
	second, err := o.Registry.Decode(page.Records[1].Envelope)
	if err != nil {
		return err
	}
	if d, is := second.Fact.(record.Reported[org.District]); !is || d.Facts.Name != s.District {
		return other
	}
	return nil
}

// A generateResult is what "generate" prints.
type generateResult struct {
	Ledger   string `json:"ledger"`
	Folder   string `json:"folder"`
	District string `json:"district"` // its name
	Schools  int    `json:"schools"`
	Terms    int    `json:"terms"`
	From     string `json:"from"` // the first term
	Seed     uint64 `json:"seed"`
	Commands int    `json:"commands"` // that the county is made of
	Repeated int    `json:"repeated"` // of these, carried out by an earlier run
	Records  uint64 `json:"records"`  // in the ledger now
}

func (r generateResult) text(w io.Writer) {
	fmt.Fprintf(w, "已生成 / generated: %s，%d 所学校 schools，%d 个学期 terms（自 from %s），种子 seed %d\n", r.District, r.Schools, r.Terms, r.From, r.Seed)
	fmt.Fprintf(w, "台账 ledger %s，文件夹 folder %s\n命令 commands %d（此前已办 carried out before %d），事件 records %d\n", r.Ledger, r.Folder, r.Commands, r.Repeated, r.Records)
}

// write sends the orders one after the other, so that their ordinals are the same
// in every run. Between two orders it may be broken off.
func (c *generateCommand) write(ctx context.Context, p *program, o *datafolder.Folder, s county.Settings) (generateResult, error) {
	file, ok := programmefile.Find(generatePlan)
	if !ok {
		return generateResult{}, errNoProgramme.With("programme", generatePlan)
	}
	at := county.Site{Ledger: o.Ledger, District: org.DistrictKey(o.Ledger, s.District), Vault: o.Vault}
	orders := county.Orders(s, at, county.Plan{Programme: file.Programme, File: string(file.Content)})
	result := generateResult{Ledger: o.Ledger, Folder: o.Path, District: s.District, Schools: s.Schools, Terms: s.Terms, From: s.From.String(), Seed: s.Seed}
	for range orders {
		result.Commands++
	}
	definitions := domain.Commands()
	bar := p.progress("生成 generate")
	defer bar.end()
	for order := range orders {
		if err := ctx.Err(); err != nil {
			return result, err
		}
		repeated, err := placeOrder(context.WithoutCancel(ctx), o, p.actor, order, definitions)
		if err != nil {
			return result, err
		}
		if repeated {
			result.Repeated++ // passed over faster than what is still to do: it tells nothing of the pace
			continue
		}
		bar.step(order.Number, result.Commands)
	}
	var err error
	result.Records, err = o.Log.Head(ctx)
	return result, err
}

// placeOrder carries out one order. One that is refused fails with its number and
// content.
func placeOrder(ctx context.Context, o *datafolder.Folder, actor string, order county.Order, definitions map[string]command.Definition) (repeated bool, err error) {
	file := struct {
		ID       string            `json:"id"`
		Command  string            `json:"command"`
		Stream   string            `json:"stream"`
		Occurred calendar.Occurred `json:"occurred"`
		Unit     string            `json:"unit"`
		Data     any               `json:"data"`
	}{order.ID, order.Command, order.Stream, order.Occurred, order.Unit, order.Data}
	raw, err := event.Marshal(file)
	if err != nil {
		return false, err
	}
	req, err := command.ParseRequest(raw, definitions)
	var done command.Outcome
	if err == nil {
		req.Actor, req.Derived = actor, true
		done, err = o.Handler.Handle(ctx, req)
	}
	switch fault.KindOf(err) {
	case fault.Invalid, fault.NotFound, fault.Refused, fault.Conflict:
		return false, errOrderFailed.With("number", order.Number).With("order", string(raw)).Because(err)
	}
	for _, e := range done.Events {
		if err == nil {
			err = o.Names.Learn(ctx, e, o.Vault)
		}
	}
	return done.Repeated, err
}
