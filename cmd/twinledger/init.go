package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"twinledger/cmd/twinledger/internal/datafolder"
	"twinledger/domain/calendar"
	"twinledger/domain/fault"
)

type initCommand struct {
	District string `help:"区县名称 / name of the district." required:"" placeholder:"NAME"`
	Assume   string `help:"为这些学年采用假定校历（9月1日、3月1日开学），如 2017-2020 / take the assumed calendar for the school years that begin in these calendar years." placeholder:"FROM-TO"`
}

// Help teaches the command.
func (initCommand) Help() string {
	return `在 --data 指定的空文件夹中新建台账、密钥库和区县。密钥库 keys.sqlite 要单独备份：没有它就认不出姓名。
校历：用 --assume 2017-2020 先采用假定校历，之后用 record 发布正式校历（calendar.publish / calendar.correct）。

Opens a ledger, a key vault and a district in the empty folder named by --data. Back up keys.sqlite apart
from the rest: without it no name can be read. Days belong to terms only by a calendar.`
}

var (
	errBadYears = fault.New(fault.Invalid, "init.bad-years",
		"--assume 应写作 2017-2020（起止学年的开始年份）。", "Write --assume as 2017-2020: the calendar years in which the first and last school year begin.")
)

// Run opens the ledger. Run again after it was broken off, it finishes.
func (c *initCommand) Run(ctx context.Context, p *program) error {
	folder, err := p.folder()
	if err != nil {
		return err
	}
	years, err := schoolYears(c.Assume)
	if err != nil {
		return err
	}
	o, err := datafolder.Establish(ctx, p.optionsOf(folder), p.actor, c.District, years)
	if err != nil {
		return err
	}
	result := initResult{o.Ledger, folder, c.District}
	return errors.Join(p.print(result, result.text), o.Close())
}

// An initResult is what "init" prints.
type initResult struct {
	Ledger   string `json:"ledger"` // its id
	Folder   string `json:"folder"`
	District string `json:"district"` // its name
}

func (r initResult) text(w io.Writer) {
	fmt.Fprintf(w, "台账已建立 / ledger opened: %s\n文件夹 folder: %s\n区县 district: %s\n", r.Ledger, r.Folder, r.District)
	fmt.Fprintln(w, "请把 keys.sqlite 单独备份 / back up keys.sqlite apart from the rest")
}

func schoolYears(span string) ([]calendar.SchoolYear, error) {
	if span == "" {
		return nil, nil
	}
	from, to, _ := strings.Cut(span, "-")
	first, err1 := strconv.Atoi(from)
	last, err2 := strconv.Atoi(to)
	if err := errors.Join(err1, err2); err != nil || first < 1949 || last < first || last > 2099 {
		return nil, errBadYears.With("assume", span)
	}
	var years []calendar.SchoolYear
	for year := first; year <= last; year++ {
		years = append(years, calendar.SchoolYearFrom(year))
	}
	return years, nil
}
