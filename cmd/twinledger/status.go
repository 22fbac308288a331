package main

import (
	"context"
	"errors"
	"fmt"
	"io"

	"twinledger/cmd/twinledger/internal/datafolder"
	"twinledger/domain/calendar"
	"twinledger/projections/communities"
	"twinledger/projections/registers"
)

type statusCommand struct{}

// Run prints how ledger, read models and communities stand. What keeps read models from
// following is printed with them and does not fail the command.
func (c *statusCommand) Run(ctx context.Context, p *program) error {
	o, err := datafolder.OpenAsItIs(ctx, p.folderOptions())
	if err != nil {
		return err
	}
	err = c.print(ctx, p, o)
	return errors.Join(err, o.Close())
}

func (c *statusCommand) print(ctx context.Context, p *program, o *datafolder.Folder) error {
	bar := p.progress("读模型 read models")
	states, err := o.Standing(ctx, bar.step)
	bar.end()
	if err != nil {
		return err
	}
	last, _, any, err := o.Log.Last(ctx)
	if err != nil {
		return err
	}
	result := statusResult{Ledger: o.Ledger, Ordinal: states.Head, Models: nonNil(states.Generations), Communities: []communityState{}}
	if any {
		result.Recorded = last.Envelope.Recorded.String()
	}
	var boards []communities.Board
	if o.Models.Served() != nil {
		boards, err = communities.Boards(ctx, o.Registers(), communities.Question{JudgedOn: calendar.DayOf(p.now())})
	}
	for _, b := range boards {
		result.Communities = append(result.Communities, communityState{b.Key, b.Name, b.Provisional, nonNil(b.Totals), b.Incomplete, b.NotTakenPlace, b.ToldTwice, b.Held})
	}
	return errors.Join(p.print(result, result.text), err)
}

// A statusResult is what "status" prints.
type statusResult struct {
	Ledger      string                       `json:"ledger"`   // its id
	Ordinal     uint64                       `json:"ordinal"`  // of the newest record
	Recorded    string                       `json:"recorded"` // of the newest record; "" when there is none
	Models      []datafolder.GenerationState `json:"models"`
	Communities []communityState             `json:"communities"`
}

// A communityState is how much is recorded of a community.
type communityState struct {
	Key           string              `json:"key"`
	Name          string              `json:"name"`
	Provisional   bool                `json:"provisional"`
	Totals        []communities.Total `json:"totals"`
	Incomplete    int                 `json:"incomplete"`      // records that leave something unknown
	NotTakenPlace int                 `json:"not_taken_place"` // records of what has not taken place, or never will
	ToldTwice     int                 `json:"told_twice"`      // records that another one stands for
	Held          int                 `json:"held"`            // rows that could not be counted
}

func (r statusResult) text(w io.Writer) {
	fmt.Fprintf(w, "台账 ledger %s，序号 ordinal %d", r.Ledger, r.Ordinal)
	if r.Recorded != "" {
		fmt.Fprintf(w, "，最后入账 last recorded %s", shownInstant(r.Recorded))
	}
	fmt.Fprintln(w)
	for _, m := range r.Models {
		fmt.Fprintf(w, "  %-12s 序号 ordinal %d，落后 behind %d", m.Name, m.Ordinal, m.Behind)
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
		if c.NotTakenPlace > 0 {
			fmt.Fprintf(w, "，尚未发生 not taken place %d", c.NotTakenPlace)
		}
		if c.ToldTwice > 0 {
			fmt.Fprintf(w, "，重复上报 told twice %d", c.ToldTwice)
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
