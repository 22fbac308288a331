// Package projections turns the ledger's events into what is read.
//
// A [Model] says how events become rows; it is pure. A [Projector] follows the log
// from its own checkpoint and keeps the rows of one or several models. Read models
// may be deleted at any time and come back the same: in here there is no clock, no
// randomness, no network and no map order.
package projections

import (
	"context"

	"twinledger/domain/event"
	"twinledger/domain/fault"
)

// A Projector keeps read models in step with the log. Apply is called from one
// goroutine at a time.
type Projector interface {
	// Name names the projector, in logs and metrics.
	Name() string

	// Checkpoint returns the position up to which the projector holds the log; the
	// zero Position when it holds nothing.
	Checkpoint(ctx context.Context) (event.Position, error)

	// Apply commits the batch's rows and the new checkpoint in one transaction.
	// A batch that is already applied has no effect; one that begins inside what
	// is applied is applied from there. A batch that leaves a gap, or whose
	// running hash is not the checkpoint's, is ErrGap. An event that cannot be
	// applied is ErrCannotApply, and then nothing of the batch is stored. Every
	// other error is I/O and may go away. The commit does not hang on ctx.
	Apply(ctx context.Context, batch Batch) error
}

// A Batch is a page of the log whose events were decoded, once for all models.
type Batch struct {
	event.Page
	Events      []event.Event // of the page's records, in their order, up to one that cannot be decoded
	Undecodable error         // why the record behind Events cannot be decoded; nil when all were
}

// Decode returns a page with its events.
func Decode(page event.Page, registry *event.Registry) Batch {
	b := Batch{Page: page, Events: make([]event.Event, 0, len(page.Records))}
	for _, r := range page.Records {
		e, err := registry.Decode(r.Envelope)
		if err != nil {
			b.Undecodable = err
			break
		}
		b.Events = append(b.Events, e)
	}
	return b
}

// What Apply refuses with. Neither goes away by trying again.
var (
	ErrGap = fault.New(fault.Internal, "projection.gap",
		"读模型与台账不衔接；请运行 twinledger rebuild 重建。", "The read model does not join the log; run twinledger rebuild.")
	ErrCannotApply = fault.New(fault.Internal, "projection.cannot-apply",
		"有事件无法写入读模型，该读模型已停在此处；请升级程序后重建。", "An event cannot be applied and the read model stopped there; upgrade and rebuild.")
)
