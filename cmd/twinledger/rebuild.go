package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"sync"

	"twinledger/domain/fault"
	"twinledger/projections"
	"twinledger/projections/journal"
)

type rebuildCommand struct{}

// Help teaches the command.
func (rebuildCommand) Help() string {
	return `读模型由台账事件从零重建：新文件建在旁边，追平后替换旧文件；中断不影响正在使用的读模型。
Read models are built anew from the log beside those that are served, and take their place when they have caught up.`
}

// Run builds a new generation of every read model and serves it.
func (c *rebuildCommand) Run(ctx context.Context, p *program) error {
	// A damaged read model must not keep its own rebuild from being opened.
	o, err := p.openHolding(ctx, without)
	if err != nil {
		return err
	}
	built, err := openModels(ctx, modelPath(o.folder), o.registry, beside)
	if err != nil {
		return errors.Join(err, o.close())
	}
	head, err := o.log.Head(ctx)
	if err == nil {
		err = o.project(ctx, built, true, rebuildProgress(p, len(built.all), head))
	}
	if err == nil {
		err = o.compareWithServed(ctx, built)
	}
	if err != nil {
		for _, m := range built.all {
			err = errors.Join(err, m.Discard())
		}
		return errors.Join(err, o.close())
	}
	o.models = built
	result := rebuildResult{Models: []rebuiltModel{}}
	for _, m := range built.all {
		at, checkErr := m.Checkpoint(ctx)
		if err = errors.Join(checkErr, m.Ready(ctx)); err != nil {
			break
		}
		result.Models = append(result.Models, rebuiltModel{m.Name(), at.Ordinal})
	}
	return errors.Join(p.print(result, result.text), err, o.close())
}

// A rebuildResult is what "rebuild" prints: the read models that are served anew.
type rebuildResult struct {
	Models []rebuiltModel `json:"models"`
}

type rebuiltModel struct {
	Name    string `json:"name"`
	Ordinal uint64 `json:"ordinal"` // up to which it holds the log
}

func (r rebuildResult) text(w io.Writer) {
	for _, m := range r.Models {
		fmt.Fprintf(w, "%-12s 已重建 rebuilt，序号 ordinal %d\n", m.Name, m.Ordinal)
	}
}

var errHistoryChanged = fault.New(fault.Internal, "rebuild.history-changed",
	"台账中已投影过的记录与当时不符，读模型未替换；请停止使用，用备份核对 ledger.sqlite。",
	"Records that were projected before are not what they were, and nothing was replaced; stop and compare ledger.sqlite with a backup.")

// compareWithServed holds the running hashes of the new models against those at
// which the served ones stood: a log whose past was altered shows here. Models
// that cannot be opened are passed over, since a rebuild is what mends them.
func (o *office) compareWithServed(ctx context.Context, built models) error {
	var former models
	err := former.open(&modelOpener{ctx: ctx, folder: modelPath(o.folder), registry: o.registry, how: servedReadOnly, lenient: true})
	if err != nil {
		return err
	}
	defer former.close() //nolint:errcheck // only read
	for _, m := range former.all {
		at, err := m.Checkpoint(ctx)
		if err != nil {
			return err
		}
		if at.Ordinal == 0 {
			continue
		}
		rows, err := built.journal.Select(ctx, projections.Query{Where: []projections.Condition{projections.Is(journal.ByOrdinal, journal.Key(at.Ordinal))}})
		if err != nil {
			return err
		}
		if len(rows) == 0 || rows[0].Hash.Bytes() != at.Hash {
			return errHistoryChanged.With("model", m.Name()).With("up_to_ordinal", at.Ordinal)
		}
	}
	return nil
}

// rebuildProgress adds up the projectors' ordinals.
func rebuildProgress(p *program, projectors int, head uint64) func(string, uint64) {
	bar := p.progress("重建 rebuild")
	var mu sync.Mutex
	at := map[string]uint64{}
	return func(name string, ordinal uint64) {
		mu.Lock()
		defer mu.Unlock()
		at[name] = ordinal
		sum := uint64(0)
		for _, n := range at {
			sum += n
		}
		bar.step(int(sum), projectors*int(head))
		if sum == uint64(projectors)*head {
			bar.end()
		}
	}
}
