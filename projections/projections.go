// Package projections turns the ledger's records into what is read.
//
// A [Projector] follows the log from its own checkpoint and keeps one read
// model. A read model may be deleted at any time and comes back the same: in
// here there is no clock, no randomness, no network and no map order.
package projections

import (
	"context"

	"twinledger/domain/event"
	"twinledger/domain/fault"
)

// A Projector keeps one read model in step with the log. Apply is called from
// one goroutine at a time.
type Projector interface {
	// Name names the read model, e.g. "lessons".
	Name() string

	// Checkpoint returns the position up to which the model holds the log; the
	// zero Position for an empty model.
	Checkpoint(ctx context.Context) (event.Position, error)

	// Apply commits the page's rows and the new checkpoint in one transaction.
	// A page that is already applied has no effect; one that begins inside what
	// is applied is applied from there. A page that leaves a gap, or whose
	// running hash is not the checkpoint's, is ErrGap. An event that cannot be
	// applied is ErrCannotApply, and then nothing of the page is stored. Every
	// other error is I/O and may go away. The commit does not hang on ctx.
	Apply(ctx context.Context, page event.Page) error
}

// What Apply refuses with. Neither goes away by trying again.
var (
	ErrGap = fault.New(fault.Internal, "projection.gap",
		"读模型与台账不衔接；请运行 twinledger rebuild 重建。", "The read model does not join the log; run twinledger rebuild.")
	ErrCannotApply = fault.New(fault.Internal, "projection.cannot-apply",
		"有事件无法写入读模型，该读模型已停在此处；请升级程序后重建。", "An event cannot be applied and the read model stopped there; upgrade and rebuild.")
)
