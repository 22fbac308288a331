package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"sort"
	"strings"

	"twinledger/adapters/httpapi"
	"twinledger/domain"
	"twinledger/domain/calendar"
	"twinledger/domain/command"
	"twinledger/domain/event"
	"twinledger/domain/fault"
	"twinledger/domain/record"
)

type recordCommand struct {
	File    string `arg:"" optional:"" help:"JSON 文件，- 为标准输入 / JSON file; - for standard input."`
	List    bool   `help:"列出全部命令 / list every command."`
	Example string `help:"打印某命令的样例 / print a file to fill in for a command." placeholder:"COMMAND"`
}

// Help teaches the command.
func (recordCommand) Help() string {
	return `文件是一个 JSON 对象：
The file is one JSON object:
  {"command": "lesson.report",              命令名，见 --list / a name from --list
   "stream": "",                            改动已有记录时写记录编号 / the record that an existing one is
   "occurred": "day:2018-04-20",            发生时间，只写确知的 / when, no more precise than known
   "data": { … }}                           内容，见 --example / see --example lesson.report
"id" 可写一个 UUID，重复提交同一编号不会重复登记 / with an "id" (a UUID) sending it twice has no further effect.

登记内容还可写 related（所属记录的编号）、course（补报的办理经过，每步写 verb、occurred 和步骤内容）。
Facts may also give related (keys of records that it belongs to) and course (past steps: verb, occurred and what the step says).

步骤类命令（如 exchange.approve）的内容都可写 / every step (such as exchange.approve) may say:
  by 学校、office 办理单位、people 人员、role 身份、what 事项、document 文号、from 起始、until 截止、due 期限、
  grade 等级、score 分数、quantity 数量、note 说明、evidence 佐证；更正某一步写 corrects（原事件编号）和 reason
  / to correct a step take it again with corrects (id of its event) and reason.`
}

var errNoFile = fault.New(fault.Invalid, "record.no-file",
	"请写 JSON 文件名，或用 --list、--example 查看。", "Give a JSON file, or see --list and --example.")

// Run carries out the command of the file, or tells what commands there are.
func (c *recordCommand) Run(ctx context.Context, p *program) error {
	switch {
	case c.List:
		return listCommands(p)
	case c.Example != "":
		return printExample(p, c.Example)
	case c.File == "":
		return errNoFile
	}
	raw, err := p.read(c.File)
	if err != nil {
		return err
	}
	req, err := command.ParseRequest(raw, domain.Commands())
	if err != nil {
		return inFile(err, c.File)
	}
	if _, order, _ := strings.Cut(req.Name, "."); order == "correct" && req.Occurred == "" {
		return errNoOccurred.At(fault.Place{File: c.File})
	}
	return p.carryOutAndPrint(ctx, req)
}

// read returns the content of a file, or of standard input for "-".
func (p *program) read(path string) ([]byte, error) {
	if path == "-" {
		return io.ReadAll(p.in)
	}
	b, err := os.ReadFile(path)
	if err != nil {
		return nil, errUnreadable.At(fault.Place{File: path}).Because(err)
	}
	return b, nil
}

// carryOutAndPrint carries out one command in the named folder and prints what
// happened.
func (p *program) carryOutAndPrint(ctx context.Context, req command.Request) error {
	o, err := p.openToWrite(ctx)
	if err != nil {
		return err
	}
	done, err := o.CarryOut(ctx, p.actor, req)
	if err == nil {
		err = errors.Join(p.printOutcome(done), o.CatchUp(ctx, nil))
	}
	return errors.Join(err, o.Close())
}

// An outcomeResult is what every command that writes one record prints: what the
// endpoint answers too.
type outcomeResult struct {
	Stream   string          `json:"stream"`   // key of the record
	Repeated bool            `json:"repeated"` // it was carried out before; nothing was written now
	Events   []happenedEvent `json:"events"`   // what happened; empty when nothing had to
	Token    string          `json:"token"`    // for min_position of a query that must see it
}

type happenedEvent struct {
	ID       string `json:"id"`
	Type     string `json:"type"`
	Revision int64  `json:"revision"` // its place among the record's events, from 0
}

// printOutcome tells what became of a command.
func (p *program) printOutcome(done command.Outcome) error {
	result := outcomeResult{done.Stream, done.Repeated, []happenedEvent{}, httpapi.TokenText(done.Token)}
	for _, e := range done.Events {
		result.Events = append(result.Events, happenedEvent{e.ID, e.Type, e.Revision})
	}
	return p.print(result, result.text)
}

func (r outcomeResult) text(w io.Writer) {
	switch {
	case r.Repeated:
		fmt.Fprintf(w, "此前已登记，未重复 / was recorded before: %s\n", r.Stream)
	case len(r.Events) == 0:
		fmt.Fprintf(w, "无须改动 / nothing had to change: %s\n", r.Stream)
	default:
		fmt.Fprintf(w, "已登记 / recorded: %s\n", r.Stream)
	}
	for _, e := range r.Events {
		fmt.Fprintf(w, "  %s  %s\n", e.Type, e.ID)
	}
}

// A commandEntry is one line of "record --list".
type commandEntry struct {
	Name string `json:"name"`
	ZH   string `json:"zh"` // what it does
	EN   string `json:"en"`
}

func listCommands(p *program) error {
	var names []string
	all := domain.Commands()
	for name, d := range all {
		if !d.Internal {
			names = append(names, name)
		}
	}
	sort.Strings(names)
	for _, name := range names {
		entry := commandEntry{name, all[name].ZH, all[name].EN}
		err := p.print(entry, func(w io.Writer) { fmt.Fprintf(w, "%-22s %s / %s\n", entry.Name, entry.ZH, entry.EN) })
		if err != nil {
			return err
		}
	}
	return nil
}

func printExample(p *program, name string) error {
	d, known := domain.Commands()[name]
	if !known || d.Internal {
		return command.ErrUnknownCommand.With("command", name)
	}
	stream := ""
	if !d.Opens() {
		stream = d.Kind + "-00000000-0000-0000-0000-000000000000"
	}
	return p.printIndented(requestExample{name, stream, "day:2018-04-20", d.Example()})
}

// A requestExample is a file that "record" takes, to be filled in.
type requestExample struct {
	Command  string `json:"command"`
	Stream   string `json:"stream"`
	Occurred string `json:"occurred"`
	Data     any    `json:"data"`
}

// printIndented prints what is JSON in any case: as text so that a person can
// edit it.
func (p *program) printIndented(result any) error {
	b, err := event.Marshal(result)
	if err != nil {
		return err
	}
	var pretty bytes.Buffer
	if err := json.Indent(&pretty, b, "", "  "); err != nil {
		return err
	}
	return p.print(result, func(w io.Writer) { fmt.Fprintln(w, pretty.String()) })
}

type voidCommand struct {
	Record string `arg:"" help:"记录编号，如 lesson-… / the record's id."`
	Reason string `help:"原因 / why." required:""`
	Event  string `help:"只作废该记录中的某一事件（如结束、加入；写作废事件本身则记录恢复有效）/ only this event of the record; name a voiding itself and the record stands again." placeholder:"ID"`
}

// Help teaches the command.
func (voidCommand) Help() string {
	return `作废不删除任何内容：审查会列出作废的记录和原因。作废有误时，用 journal --stream 查到那次作废的事件编号，
再用 void --event 作废它，记录即恢复有效。

Voiding deletes nothing: reviews list what was voided and why. A record that was voided by mistake stands again once
that voiding is voided in its turn: find its event with journal --stream and name it with void --event.`
}

// Run voids the record.
func (c *voidCommand) Run(ctx context.Context, p *program) error {
	order := ".void"
	if event.StreamKind(c.Record) == "programme" {
		order = ".withdraw"
	}
	raw, err := event.Marshal(map[string]any{
		"command": event.StreamKind(c.Record) + order, "stream": c.Record,
		"occurred": calendar.OnDay(calendar.DayOf(p.now())),
		"data":     map[string]string{"target": c.Event, "reason": c.Reason},
	})
	if err != nil {
		return err
	}
	req, err := command.ParseRequest(raw, domain.Commands())
	if err != nil {
		return err
	}
	return p.carryOutAndPrint(ctx, req)
}

type correctCommand struct {
	Record string `arg:"" help:"记录编号，如 lesson-… / the record's id."`
	File   string `arg:"" optional:"" help:"更正后的完整内容（JSON），- 为标准输入 / the complete corrected facts as JSON; - for standard input."`
	Reason string `help:"原因 / why."`
	Show   bool   `help:"打印现有内容，改好后再提交 / print what the record says now, to be edited and sent."`
}

// Help teaches the command.
func (correctCommand) Help() string {
	return `先 twinledger correct lesson-… --show > facts.json，改好后 twinledger correct lesson-… facts.json --reason 原因。
更正写入完整的新内容，原内容保留。

First print the facts with --show, edit them, then send them with --reason. What was said before is kept.`
}

// facts is the file of a correction: when it happened and the complete facts.
type correctionFile struct {
	Occurred calendar.Occurred `json:"occurred"`
	Facts    json.RawMessage   `json:"facts"`
}

// errNoOccurred refuses a correction that leaves out when it happened: it would
// make a known day unknown.
var errNoOccurred = fault.New(fault.Invalid, "record.no-occurred",
	"更正要写明 occurred：照 correct --show 所示写（如 day:2018-04-20），确实不知道才写 unknown。",
	"A correction gives occurred: write it as correct --show prints it (such as day:2018-04-20), and unknown only when it is not known.")

// Run corrects the record, or shows what it says.
func (c *correctCommand) Run(ctx context.Context, p *program) error {
	if c.Show {
		return c.show(ctx, p)
	}
	if c.File == "" {
		return errNoFile
	}
	if strings.TrimSpace(c.Reason) == "" {
		return record.ErrNoReason
	}
	raw, err := p.read(c.File)
	if err != nil {
		return err
	}
	req, err := c.request(raw)
	if err != nil {
		return inFile(err, c.File)
	}
	return p.carryOutAndPrint(ctx, req)
}

// request reads the correction from the file's content.
func (c *correctCommand) request(raw []byte) (command.Request, error) {
	var file correctionFile
	if err := command.DecodeStrictly(raw, &file); err != nil {
		return command.Request{}, err
	}
	if file.Occurred == "" {
		return command.Request{}, errNoOccurred
	}
	reason, err := event.Marshal(c.Reason)
	if err != nil {
		return command.Request{}, err
	}
	name := event.StreamKind(c.Record) + ".correct"
	def, known := domain.Commands()[name]
	if !known {
		return command.Request{}, command.ErrUnknownCommand.With("command", name)
	}
	if len(file.Facts) == 0 {
		return command.Request{}, command.ErrBadBody.With("problem", "facts is missing")
	}
	const before = "{\"facts\":\n" // a line of its own, so that the facts keep their columns
	body, err := def.Body(fmt.Appendf(nil, "%s%s\n,\"reason\":%s}", before, file.Facts, reason))
	if f, ok := fault.As(err); ok && f.Place.Line > 1 {
		place := f.Place
		place.Line--
		err = command.Within(f.At(place), raw, "facts", file.Facts)
	}
	return command.Request{Name: name, Stream: c.Record, Occurred: file.Occurred, Body: body}, err
}

// inFile says in which file an error stands.
func inFile(err error, file string) error {
	f, ok := fault.As(err)
	if !ok {
		return err
	}
	place := f.Place
	place.File = file
	return f.At(place)
}

// show prints the facts that the record's latest founding or correcting event
// gave.
func (c *correctCommand) show(ctx context.Context, p *program) error {
	o, err := p.openToRead(ctx)
	if err != nil {
		return err
	}
	defer o.Close() //nolint:errcheck // only read
	history, err := o.Handler.Load(ctx, c.Record)
	if err != nil {
		return err
	}
	var file correctionFile
	for _, e := range history {
		var facts any
		switch d := e.Fact.(type) {
		case record.Founder:
			facts = d.Founds()
		case record.Replacement:
			_, _, facts = d.Replaces()
		default:
			continue
		}
		if file.Facts, err = event.Marshal(facts); err != nil {
			return err
		}
		file.Occurred = e.Occurred
	}
	if file.Facts == nil {
		return command.ErrNoStream.With("stream", c.Record)
	}
	return p.printIndented(file)
}
