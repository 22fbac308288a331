package main

import (
	"context"
	"errors"
	"fmt"
	"io"

	"twinledger/domain/fault"
	"twinledger/projections/communities"
	"twinledger/projections/registers"
)

type statusCommand struct{}

// A modelState is how one read model stands to the log.
type modelState struct {
	Name    string `json:"name"`
	Ordinal uint64 `json:"ordinal"`
	Lag     uint64 `json:"behind"`  // records that it does not hold yet
	Stopped string `json:"stopped"` // why it stopped; ""
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
	result := statusResult{Ledger: o.ledger, Ordinal: head, Models: nonNil(states), Communities: []communityState{}}
	if any {
		result.Recorded = last.Envelope.Recorded.String()
	}
	boards, err := communities.Boards(ctx, o.lines(), communities.Question{})
	for _, b := range boards {
		result.Communities = append(result.Communities, communityState{b.Key, b.Name, b.Provisional, nonNil(b.Totals), b.Incomplete, b.Ahead, b.Held})
	}
	return errors.Join(p.print(result, result.text), err)
}

// A statusResult is what "status" prints.
type statusResult struct {
	Ledger      string           `json:"ledger"`   // its id
	Ordinal     uint64           `json:"ordinal"`  // of the newest record
	Recorded    string           `json:"recorded"` // of the newest record; "" when there is none
	Models      []modelState     `json:"models"`
	Communities []communityState `json:"communities"`
}

// A communityState is how much is recorded of a community.
type communityState struct {
	Key         string              `json:"key"`
	Name        string              `json:"name"`
	Provisional bool                `json:"provisional"`
	Totals      []communities.Total `json:"totals"`
	Incomplete  int                 `json:"incomplete"` // records that leave something unknown
	Ahead       int                 `json:"ahead"`      // records of what has not taken place, or never will
	Held        int                 `json:"held"`       // rows that could not be counted
}

func (r statusResult) text(w io.Writer) {
	fmt.Fprintf(w, "台账 ledger %s，序号 ordinal %d", r.Ledger, r.Ordinal)
	if r.Recorded != "" {
		fmt.Fprintf(w, "，最后入账 last recorded %s", r.Recorded)
	}
	fmt.Fprintln(w)
	for _, m := range r.Models {
		fmt.Fprintf(w, "  %-12s 序号 ordinal %d，落后 behind %d", m.Name, m.Ordinal, m.Lag)
		if m.Stopped != "" {
			fmt.Fprintf(w, "，已停止 stopped: %s", m.Stopped)
		}
		fmt.Fprintln(w)
	}
	for _, c := range r.Communities {
		provisional := ""
		if c.Provisional {
			provisional = "（待确认 provisional）"
		}
		fmt.Fprintf(w, "  共同体 community %s%s：", c.Name, provisional)
		for _, t := range c.Totals {
			name := t.Kind
			if register, is := registers.Of(t.Kind); is {
				name = register.ZH
			}
			fmt.Fprintf(w, " %s %d", name, t.Records)
		}
		if c.Ahead > 0 {
			fmt.Fprintf(w, "，尚未发生 not taken place %d", c.Ahead)
		}
		fmt.Fprintf(w, "，不完整 incomplete %d，暂挂 held %d\n", c.Incomplete, c.Held)
	}
}

type versionCommand struct{}

// A versionResult is what "version" prints.
type versionResult struct {
	Version string `json:"version"`
}

// Run prints the version.
func (c *versionCommand) Run(p *program) error {
	return p.print(versionResult{version()}, func(w io.Writer) { fmt.Fprintf(w, "twinledger %s\n", version()) })
}
