package command

import (
	"context"
	"time"

	"twinledger/domain/event"
)

// A Process keeps other streams in step with the one that a command changes. No
// two streams change at once, so a process that is cut off leaves its streams in
// a state from which the same command sent again, or any later one that meets
// it, goes on.
type Process interface {
	// Before is called when the command is decided and nothing of it is stored.
	// What it refuses is refused; then it has undone what it did. It is called
	// again when the command is decided anew because somebody else was faster.
	Before(context.Context, Work) error
	// After is called when the command's events are stored, and again whenever
	// the same command is sent again; its Work then has no Next.
	After(context.Context, Work) error
}

// Work is a command under way, as its process sees it.
type Work struct {
	Handler *Handler // carries out the process's own commands
	Request Request
	Stream  string        // key of the stream that the command changes
	History []event.Event // of that stream, as it was loaded
	Next    []event.Event // what the command adds to it
}

// Command returns a request of the process's own, under an id that follows from
// the command's and from parts: whoever goes on with the work sends the same.
func (w Work) Command(name string, body any, parts ...string) Request {
	id := event.UUIDv5(w.Handler.Ledger, append([]string{"process", w.Request.ID, name}, parts...)...)
	return Request{ID: id.String(), Name: name, Body: body, Occurred: w.Request.Occurred, Unit: w.Request.Unit,
		Cause: w.Request.ID, Correlation: w.Request.Correlation, Actor: w.Request.Actor, Source: w.Request.Source, Derived: true}
}

// Patience returns how long the handler waits for what another process may be
// about to do.
func (w Work) Patience() time.Duration { return w.Handler.patience() }
