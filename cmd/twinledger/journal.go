package main

import (
	"context"
	"errors"
	"fmt"
	"io"

	"twinledger/cmd/twinledger/internal/datafolder"
	"twinledger/domain/calendar"
	"twinledger/projections/journal"
)

type journalCommand struct {
	Stream       string       `help:"只列此记录的事件 / only events of this record." placeholder:"ID"`
	Type         string       `help:"只列此类事件，如 lesson.reported / only events of this type." placeholder:"NAME"`
	Unit         string       `help:"只列代表此单位的 / only on behalf of this unit." placeholder:"ID"`
	ByActor      string       `help:"只列此账号登记的 / only what this account entered." placeholder:"ID"`
	Named        string       `help:"只列提到此编号（学校、人员、记录）的 / only what names this key, or is of it." placeholder:"ID"`
	Cause        string       `help:"只列由此引起的 / only what this command or event led to." placeholder:"ID"`
	Correlation  string       `help:"只列同一项工作的 / only what shares this id." placeholder:"ID"`
	RecordedFrom calendar.Day `help:"只列此日及以后入账的 / only what was recorded on this day or later." placeholder:"DAY"`
	RecordedTo   calendar.Day `help:"只列此日及以前入账的 / only what was recorded on this day or before." placeholder:"DAY"`
	AsOf         string       `help:"截至当时所知：序号、时刻或日期 / as known then: an ordinal, instant or day." placeholder:"POINT"`
	After        uint64       `help:"从此序号之后列起 / only behind this ordinal."`
	Limit        int          `help:"最多列多少条，0 为全部 / at most so many, 0 for all." default:"0"`
}

// Help teaches the command.
func (journalCommand) Help() string {
	return `每个数字都能查到事件：审查里的序号和编号即此处的序号和编号。
Every number opens to its events: ordinals and ids of a review are those listed here.`
}

// Run lists the events.
func (c *journalCommand) Run(ctx context.Context, p *program) error {
	o, err := p.openToRead(ctx)
	if err != nil {
		return err
	}
	rows, err := c.rows(ctx, o)
	for _, row := range rows {
		err = errors.Join(err, p.print(row, func(w io.Writer) {
			fmt.Fprintf(w, "%6d  %s  %-22s  %-24s  %s  %s\n", row.Ordinal, row.Recorded.Shown(), row.Type, row.Occurred, row.Stream, row.ID)
		}))
	}
	return errors.Join(err, o.Close())
}

func (c *journalCommand) rows(ctx context.Context, o *datafolder.Folder) ([]journal.Row, error) {
	if _, _, err := (Period{string(c.RecordedFrom), string(c.RecordedTo)}).days(); err != nil {
		return nil, err
	}
	asked := journal.Asked{Stream: c.Stream, Type: c.Type, Unit: c.Unit, Actor: c.ByActor, Cause: c.Cause, Correlation: c.Correlation,
		Named: []string{c.Named}, From: c.RecordedFrom, To: c.RecordedTo}
	if err := asked.Check(); err != nil {
		return nil, err
	}
	asOf, err := o.Ordinal(ctx, c.AsOf)
	if err != nil {
		return nil, err
	}
	return o.Journal().Events(ctx, journal.Question{Asked: asked, AsOf: asOf, After: c.After, Limit: c.Limit})
}
