package main

import (
	"context"
	"sync"

	"twinledger/domain/event"
)

// A follower knows, while serve runs, when its read models move on. It is safe
// for concurrent use.
type follower struct {
	o *office

	mu    sync.Mutex
	moved chan struct{} // closed when a read model moved or stopped, then replaced
	begun map[string]uint64
}

// newFollower notes where log and read models stand now.
func newFollower(ctx context.Context, o *office) (*follower, error) {
	head, states, err := o.modelStates(ctx)
	if err != nil {
		return nil, err
	}
	f := &follower{o: o, moved: make(chan struct{}), begun: map[string]uint64{wholeLog: head}}
	for _, s := range states {
		f.begun[s.Name] = s.Ordinal
	}
	return f, nil
}

// wholeLog is the log's place in a follower's notes; no read model is called so.
const wholeLog = ""

// since returns how many records a read model, or the log, gained while serve
// runs.
func (f *follower) since(name string, ordinal uint64) uint64 {
	return ordinal - min(f.begun[name], ordinal)
}

// step tells those who wait to look again.
func (f *follower) step(string, uint64) {
	f.mu.Lock()
	defer f.mu.Unlock()
	close(f.moved)
	f.moved = make(chan struct{})
}

func (f *follower) next() <-chan struct{} {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.moved
}

// Await returns when the read model, or each of them, holds the record of token,
// which is one that this ledger's desk gave.
func (f *follower) Await(ctx context.Context, model string, token event.Token) error {
	token, err := f.o.logToken(ctx, token)
	if err != nil {
		return err
	}
	for _, m := range f.o.models.all {
		if model != "" && m.Name() != model {
			continue
		}
		for {
			moved := f.next() // before looking: what happens after is not missed
			holds, err := f.holds(ctx, m, token)
			if err != nil {
				return err
			}
			if holds {
				break
			}
			select {
			case <-moved:
			case <-ctx.Done():
				return ctx.Err()
			}
		}
	}
	return nil
}

func (f *follower) holds(ctx context.Context, m projector, token event.Token) (bool, error) {
	at, err := m.Checkpoint(ctx)
	if err != nil {
		return false, err
	}
	holds, err := f.o.log.Covers(ctx, at.Token, token)
	if holds || err != nil {
		return holds, err
	}
	why, err := m.Stopped(ctx)
	if err == nil && why != "" {
		err = errNotFollowing.With("model", m.Name())
	}
	return false, err
}
