package bus

import (
	"context"
	"sync"
)

// Leases lets one subscription at a time consume a topic for a consumer group;
// the others wait in the order in which they came. Whoever makes the subscribers
// of a group makes one Leases and gives it to all of them. It holds within one
// process: across processes the ledger folder's lock does the same.
type Leases struct {
	mu    sync.Mutex
	slots map[leaseKey]*leaseSlot
}

type leaseKey struct{ topic, group string }

// A leaseSlot is held by whoever filled taken. Blocked senders on a channel are
// served first come, first served.
type leaseSlot struct {
	taken chan struct{}
	users int // holder and waiters; guarded by Leases.mu
}

// NewLeases returns a registry in which nothing is taken.
func NewLeases() *Leases { return &Leases{slots: map[leaseKey]*leaseSlot{}} }

// acquire waits for the lease. The caller gives it back with release, which is
// nil when ctx ended first.
func (l *Leases) acquire(ctx context.Context, topic, group string) (release func()) {
	key := leaseKey{topic, group}
	slot := l.enter(key)
	select {
	case slot.taken <- struct{}{}:
		return func() {
			<-slot.taken
			l.leave(key, slot)
		}
	case <-ctx.Done():
		l.leave(key, slot)
		return nil
	}
}

func (l *Leases) enter(key leaseKey) *leaseSlot {
	l.mu.Lock()
	defer l.mu.Unlock()
	slot := l.slots[key]
	if slot == nil {
		slot = &leaseSlot{taken: make(chan struct{}, 1)}
		l.slots[key] = slot
	}
	slot.users++
	return slot
}

func (l *Leases) leave(key leaseKey, slot *leaseSlot) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if slot.users--; slot.users == 0 {
		delete(l.slots, key)
	}
}
