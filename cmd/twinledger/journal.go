package main

import (
	"context"
	"errors"
	"fmt"

	"twinledger/domain/event"
	"twinledger/projections"
	"twinledger/projections/journal"
)

type journalCommand struct {
	Stream string `help:"只列此记录的事件 / only events of this record." placeholder:"ID"`
	Type   string `help:"只列此类事件 / only events of this type." placeholder:"NAME"`
	After  uint64 `help:"从此序号之后列起 / only behind this ordinal."`
	Limit  int    `help:"最多列多少条，0 为全部 / at most so many, 0 for all." default:"0"`
	JSON   bool   `help:"每行一个 JSON 对象 / one JSON object a line." name:"json"`
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
	q := projections.Query{Limit: c.Limit, After: journal.Key(c.After)}
	if c.Stream != "" {
		q.Where = append(q.Where, projections.Is(journal.ByStream, c.Stream))
	}
	if c.Type != "" {
		q.Where = append(q.Where, projections.Is(journal.ByType, c.Type))
	}
	rows, err := o.models.journal.Select(ctx, q)
	for _, row := range rows {
		if c.JSON {
			line, marshalErr := event.Marshal(row)
			err = errors.Join(err, marshalErr)
			fmt.Fprintf(p.out, "%s\n", line)
			continue
		}
		fmt.Fprintf(p.out, "%6d  %s  %-22s  %-24s  %s  %s\n", row.Ordinal, row.Recorded, row.Type, row.Occurred, row.Stream, row.ID)
	}
	return errors.Join(err, o.close())
}
