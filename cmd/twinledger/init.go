package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"

	"twinledger/adapters/keyvault"
	"twinledger/adapters/sqlitelog"
	"twinledger/domain"
	"twinledger/domain/calendar"
	"twinledger/domain/fault"
	"twinledger/domain/ledger"
	"twinledger/domain/org"
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
	errNotEmpty = fault.New(fault.Refused, "folder.not-empty",
		"文件夹不是空的，且其中没有未建完的台账；请换一个空文件夹。", "The folder is not empty and holds no unfinished ledger; choose an empty one.")
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
	o, err := p.establish(ctx, folder, c.District, years)
	if err != nil {
		return err
	}
	result := initResult{o.ledger, folder, c.District}
	return errors.Join(p.print(result, result.text), o.close())
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

var errNoRoom = fault.New(fault.Refused, "folder.cannot-make",
	"无法在此处新建或读取数据文件夹；请核对路径、权限和剩余空间。", "No data folder can be made or looked into there; check path, permission and free space.")

// establish makes a ledger in folder, or finishes one that was broken off, and
// returns it opened.
func (p *program) establish(ctx context.Context, folder, district string, years []calendar.SchoolYear) (*office, error) {
	if err := checkEmpty(folder); err != nil {
		return nil, err
	}
	if err := os.MkdirAll(folder, 0o750); err != nil {
		return nil, errNoRoom.With("folder", folder).Because(err)
	}
	lock, err := hold(folder)
	if err != nil {
		return nil, err
	}
	err = p.openLedger(ctx, folder)
	var o *office
	if err == nil {
		o, err = p.open(ctx, folder, lock, served)
	}
	if err != nil {
		return nil, errors.Join(err, lock.Unlock())
	}
	if _, err = p.openDistrict(ctx, o, district, years); err == nil {
		err = o.catchUp(ctx, nil)
	}
	if err == nil {
		err = os.Remove(unfinishedPath(folder))
	}
	if err != nil {
		return nil, errors.Join(err, o.close())
	}
	return o, nil
}

// unfinishedPath is a file that stands in the folder while the ledger is made.
func unfinishedPath(folder string) string { return folder + "/init.unfinished" }

// checkEmpty refuses a folder that holds anything but an unfinished ledger.
func checkEmpty(folder string) error {
	entries, err := os.ReadDir(folder)
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	if err != nil {
		return errNoRoom.With("folder", folder).Because(err)
	}
	if _, err := os.Stat(unfinishedPath(folder)); err == nil || len(entries) == 0 {
		return nil
	}
	if _, err := os.Stat(logPath(folder)); err == nil {
		return ledger.ErrAlreadyOpen.With("folder", folder)
	}
	return errNotEmpty.With("folder", folder)
}

// openLedger makes vault and log and the first record, as far as they are
// missing.
func (p *program) openLedger(ctx context.Context, folder string) (err error) {
	mark, err := os.OpenFile(unfinishedPath(folder), os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		return errNoRoom.With("folder", folder).Because(err)
	}
	if err := mark.Close(); err != nil {
		return fmt.Errorf("mark folder as unfinished: %w", err)
	}
	o := &office{folder: folder, registry: domain.Events(nil), names: org.NewNames(nil)}
	defer func() { err = errors.Join(err, o.closeParts()) }()
	if o.vault, err = keyvault.Open(ctx, vaultPath(folder)); errors.Is(err, keyvault.ErrMissing) {
		o.vault, err = keyvault.Create(ctx, vaultPath(folder))
	}
	if err != nil {
		return err
	}
	if _, statErr := os.Stat(logPath(folder)); statErr == nil {
		o.log, err = sqlitelog.Open(logPath(folder))
	} else {
		o.log, err = sqlitelog.Create(logPath(folder))
	}
	if err != nil {
		return err
	}
	if err := o.identify(ctx); !errors.Is(err, errUnfinished) {
		return err
	}
	if o.ledger, err = newLedgerID(); err != nil {
		return err
	}
	o.handler = p.handlerOf(o)
	req := o.fixedCommand("ledger.open", ledger.Open{Secret: o.vault.SecretID()})
	req.Actor = p.actor
	_, err = o.handler.Handle(ctx, req)
	return err
}
