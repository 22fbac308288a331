package main

import (
	"context"
	"errors"
	"fmt"

	"twinledger/domain/fault"
	"twinledger/projections/communities"
)

type statusCommand struct{}

// A modelState is how one read model stands to the log.
type modelState struct {
	Name    string
	Ordinal uint64
	Lag     uint64
	Stopped string // why it stopped; ""
}

var errLogShrank = fault.New(fault.Internal, "folder.log-shrank",
	"读模型比台账还新：台账文件缺了后面的记录；请停止使用，用备份核对 ledger.sqlite。",
	"A read model is ahead of the log: the log lacks its last records; stop and compare ledger.sqlite with a backup.")

func (o *office) modelStates(ctx context.Context) (head uint64, states []modelState, err error) {
	for _, m := range o.models.all {
		at, err := m.Checkpoint(ctx)
		if err != nil {
			return 0, nil, err
		}
		why, err := m.Stopped(ctx)
		if err != nil {
			return 0, nil, err
		}
		states = append(states, modelState{m.Name(), at.Ordinal, 0, why})
	}
	// The head is read last, so that no model lies beyond it.
	if head, err = o.log.Head(ctx); err != nil {
		return 0, nil, err
	}
	for i := range states {
		if states[i].Ordinal > head {
			return head, states, errLogShrank.With("model", states[i].Name).With("ordinal", states[i].Ordinal).With("newest", head)
		}
		states[i].Lag = head - states[i].Ordinal
	}
	return head, states, nil
}

// Run prints how ledger, read models and communities stand. It changes nothing,
// so that a projector that stopped is seen as it is.
func (c *statusCommand) Run(ctx context.Context, p *program) error {
	o, err := p.openAsItIs(ctx)
	if err != nil {
		return err
	}
	err = c.print(ctx, p, o)
	return errors.Join(err, o.close())
}

func (c *statusCommand) print(ctx context.Context, p *program, o *office) error {
	head, states, err := o.modelStates(ctx)
	if err != nil {
		return err
	}
	last, _, any, err := o.log.Last(ctx)
	if err != nil {
		return err
	}
	fmt.Fprintf(p.out, "台账 ledger %s，序号 ordinal %d", o.ledger, head)
	if any {
		fmt.Fprintf(p.out, "，最后入账 last recorded %s", last.Envelope.Recorded)
	}
	fmt.Fprintln(p.out)
	for _, s := range states {
		fmt.Fprintf(p.out, "  %-12s 序号 ordinal %d，落后 behind %d", s.Name, s.Ordinal, s.Lag)
		if s.Stopped != "" {
			fmt.Fprintf(p.out, "，已停止 stopped: %s", s.Stopped)
		}
		fmt.Fprintln(p.out)
	}
	boards, err := communities.Boards(ctx, o.models.communities, 0)
	for _, b := range boards {
		provisional := ""
		if b.Provisional {
			provisional = "（待确认 provisional）"
		}
		fmt.Fprintf(p.out, "  共同体 community %s%s：", b.Name, provisional)
		for _, t := range b.Totals {
			fmt.Fprintf(p.out, " %s %d", t.Kind, t.Records)
		}
		fmt.Fprintf(p.out, "，不完整 incomplete %d，暂挂 held %d\n", b.Incomplete, b.Held)
	}
	return err
}

type versionCommand struct{}

// Run prints the version.
func (c *versionCommand) Run(p *program) error {
	fmt.Fprintf(p.out, "twinledger %s\n", version())
	return nil
}
