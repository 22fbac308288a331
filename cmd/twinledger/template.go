package main

import (
	"context"
	"fmt"
	"io"
	"path/filepath"
	"strings"

	"twinledger/adapters/sheet"
	"twinledger/domain"
	"twinledger/domain/fault"
	"twinledger/domain/intake/reading"
	"twinledger/domain/record"
	"twinledger/projections/registers"
)

type templateCommand struct {
	Target   string   `arg:"" help:"要写出的 .xlsx，不得已存在 / the .xlsx to write, which must not exist yet." type:"path"`
	Register []string `help:"除活动台账和学校名册外，只带这一册的表，可写几次；不写则全部 / beside activities and roster only the table of this register; may be repeated; all by default: ${exported}." placeholder:"NAME"`
}

// Help teaches the command.
func (templateCommand) Help() string {
	return `写出一个空白工作簿，交给学校填写，收回后用 twinledger import 导入：

    活动台账    最常用：一次活动一行 / activities, one a row: what most schools need
    学校名册    共同体有哪些学校，是核心校还是成员校 / which schools belong to which community
    各登记册    每册一张完整的表，内容更多时用 / the complete table of each register, for more
    填写说明    各栏填什么、怎样写 / what goes into each column

类别、形式等栏可从列表中选。只填用得着的表；空着的表和说明不用删除。

Writes an empty workbook for schools to fill in, which twinledger import takes in as it is. Columns such as 类别 and 形式
offer their words, and the sheet 填写说明 explains. Fill in the tables you need; empty ones need not be deleted.`
}

var errTemplateForm = fault.New(fault.Invalid, "template.target",
	"目标应为 .xlsx 文件。", "The target is an .xlsx file.")

// Names of the sheets of a template beside those of registers.
const (
	activitySheet = "活动台账"
	rosterSheet   = "学校名册"
	helpSheet     = "填写说明"
)

// Run writes the workbook.
func (c *templateCommand) Run(_ context.Context, p *program) error {
	wanted, err := wantedRegisters(c.Register)
	if err != nil {
		return err
	}
	if filepath.Ext(c.Target) != ".xlsx" {
		return errTemplateForm.With("target", c.Target)
	}
	if err := (&exportCommand{Target: c.Target}).checkTarget(1); err != nil {
		return err
	}
	tables, choices := templateOf(wanted)
	err = writeWhole(c.Target, func(w io.Writer) error { return sheet.WriteTemplate(w, tables, templateHelp(), choices) })
	if err != nil {
		return err
	}
	result := templateResult{c.Target, each(tables, func(t sheet.Table) string { return t.Name })}
	return p.print(result, result.text)
}

// A templateResult is what "template" prints.
type templateResult struct {
	Target string   `json:"target"`
	Sheets []string `json:"sheets"`
}

func (r templateResult) text(w io.Writer) {
	fmt.Fprintf(w, "已写出 / written: %s\n  %s\n", r.Target, strings.Join(r.Sheets, "、"))
}

// templateOf returns the tables to fill in, and the words that they offer.
func templateOf(wanted []registers.Register) ([]sheet.Table, []sheet.Choice) {
	tables := []sheet.Table{
		{Name: activitySheet, Title: "活动台账 activities（一行一条记录；说明见“填写说明”）", Header: reading.Columns(reading.Activity)},
		{Name: rosterSheet, Title: "学校名册 roster（请在此行写明学年和学期）", Header: reading.Columns(reading.Roster)},
	}
	var choices []sheet.Choice
	offer := func(name string, words map[string][]string, header []string) {
		for _, column := range header {
			if len(words[column]) > 0 {
				choices = append(choices, sheet.Choice{Sheet: name, Header: column, Words: words[column]})
			}
		}
	}
	offer(activitySheet, reading.ColumnChoices(reading.Activity), tables[0].Header)
	roster := reading.ColumnChoices(reading.Roster)
	offer(rosterSheet, roster, tables[1].Header)
	forms := domain.Forms()
	for _, register := range wanted {
		form := forms[register.Kind]
		header := registerHeader(form, false)
		header = header[:len(header)-len(reading.ForReaders)]
		tables = append(tables, sheet.Table{Name: register.ZH, Header: header,
			Title: reading.TitleMark + register.ZH + " " + register.EN + "（说明见“填写说明” / see 填写说明）"})
		words := map[string][]string{reading.ColumnCategory: each(register.Kinds(), func(k record.Kind) string {
			entry, _ := record.Lookup(k)
			return entry.ZH
		}), reading.ColumnForm: {"线上", "线下", "线上线下"}}
		if register.Kind == "school" {
			words = map[string][]string{reading.ColumnStage: roster[reading.ColumnStage], reading.ColumnSetting: roster[reading.ColumnSetting]}
		}
		offer(register.ZH, words, header)
	}
	return tables, choices
}

func templateHelp() sheet.Help {
	return sheet.Help{Name: helpSheet, Title: reading.HelpTitle, Lines: [][]string{
		{"填好后用 twinledger import --dry-run 试读，再用 twinledger import 导入。空白的表、本说明都不必删除。", "Look at the filled-in file with twinledger import --dry-run, then import it. Empty tables and this help may stay."},
		{"每行一条记录。首行标题、第二行栏名请勿改动；栏的次序可变，不用的栏可删。", "One record a row. Keep the title and the headings; columns may be moved, and those that are not used deleted."},
		{"活动台账：一般的活动都填在这里。日期可写 2018-04-18、2018年4月、2017-2018学年第二学期；不详的留空，不要编造。", "活动台账 takes most activities. Write a date as 2018-04-18, 2018年4月 or 2017-2018学年第二学期; leave empty what is not known."},
		{"活动台账、学校名册中，一格写几项时用；或换行分隔（如两所学校、两位教师）。", "In 活动台账 and 学校名册, separate several entries of a cell by ； or on lines of their own."},
		{"各登记册的表更细：一格写几项时用、分隔；人员写 姓名（学校）；有分项的写 名称=内容，分项之间用；分隔，每组一行，如 经过：步骤=…；日期=2018-05-02。", "The tables of registers say more: separate entries by 、; write a person as 姓名（学校）; what has parts as 名称=值, parts separated by ；, each group on a line of its own."},
		{"内容中本身含有、；= 等符号时，在它前面加 \\。", "Where such a sign belongs to the text itself, put \\ in front of it."},
		{"新填的行，记录编号留空；别的行要在“相关记录”中提到它时，自编一个号填在记录编号，如 甲1。", "Leave 记录编号 empty in new rows, unless another row names the row under 相关记录: then give it a mark of your own, such as 甲1."},
		{"数量写数字或 约30、30余；单位写 节、次、场、人次 等。", "Write a number, or 约30, 30余, under 数量; its unit (节, 次, 场, 人次) under 单位."},
		{"同一活动只填一处：不要既写在活动台账又写在登记册的表中。", "Write an activity once: in 活动台账 or in the table of its register, not in both."},
		{"示例（活动台账）：日期 2018-04-18；共同体 某某教育共同体；类别 示范课；形式 送课；内容 六年级数学示范课；学科 数学；派出单位 县第一小学；接收单位 某某小学；人员 李老师；数量 2；单位 节。", "Example (活动台账): 日期 2018-04-18; 类别 示范课; 形式 送课; 派出单位 and 接收单位 one school each; 数量 2; 单位 节."},
		{"右边各列是可选的词；表中相应的栏可从下拉列表选，也可照写。", "The columns on the right are the words that are understood; the tables offer them in lists."},
	}}
}
