// Package bus carries the ledger's records through Watermill to the projectors.
//
// [Subscriber] is a Watermill subscriber over an event log. A message is a page
// of consecutive records: the records themselves, with their decoded events, travel
// in the message's context (see [BatchOf]), its payload only says which they are. So a handler can
// store a page's rows and its checkpoint in one transaction and one ack covers
// both, and the router's cost is paid per page and not per record. The next page
// comes only after the former one was acknowledged; a page refused comes again.
//
// [Router] runs the projectors as handlers of a Watermill router, each with a
// subscription of its own that begins at its own checkpoint. There is no poison
// queue: it would acknowledge a page's good records away with the bad one. A
// projector that cannot go on is stopped by itself, and says so.
package bus

import (
	"context"
	"encoding/json"
	"fmt"
	"strconv"
	"time"

	"github.com/ThreeDotsLabs/watermill/message"

	"twinledger/domain/event"
	"twinledger/projections"
)

// Metadata of the messages that [NewMessage] makes: the ordinals of the page's
// first and last record, in decimal.
const (
	FirstOrdinal = "first_ordinal"
	LastOrdinal  = "last_ordinal"
)

type batchKey struct{}

// BatchOf returns the page that a message's context carries, with its events; false
// for a context that is not one of a [Subscriber]'s messages. The batch is shared
// between deliveries and must not be altered.
func BatchOf(ctx context.Context) (projections.Batch, bool) {
	batch, ok := ctx.Value(batchKey{}).(projections.Batch)
	return batch, ok
}

// NewMessage returns the message that stands for a page of topic: its UUID is
// the id of the page's last record, its payload names the ledger and the first
// and last ordinal as JSON. It holds no records.
func NewMessage(topic string, page event.Page) *message.Message {
	last := len(page.Records) - 1
	payload, err := json.Marshal(struct {
		Ledger string `json:"ledger"`
		First  uint64 `json:"first"`
		Last   uint64 `json:"last"`
	}{topic, page.Ordinal(0), page.Ordinal(last)})
	if err != nil {
		panic(err) // a string and two numbers can always be encoded
	}
	m := message.NewMessage(page.Records[last].Envelope.ID, payload)
	m.Metadata.Set(FirstOrdinal, strconv.FormatUint(page.Ordinal(0), 10))
	m.Metadata.Set(LastOrdinal, strconv.FormatUint(page.Ordinal(last), 10))
	return m
}

// Backoff says how long to wait before something that failed is tried again:
// Base after the first failure, twice as long after each further one in a row,
// and never longer than Max.
type Backoff struct {
	Base time.Duration // 0 means 100 ms
	Max  time.Duration // 0 means 30 s, or Base when that is longer
}

func (b *Backoff) setDefaults() {
	if b.Base == 0 {
		b.Base = 100 * time.Millisecond
	}
	if b.Max == 0 {
		b.Max = max(30*time.Second, b.Base)
	}
}

// Validate returns an error when a duration is negative or Max is under Base.
func (b Backoff) Validate() error {
	if b.Base < 0 || b.Max < b.Base {
		return fmt.Errorf("back-off from %s to %s", b.Base, b.Max)
	}
	return nil
}

// after returns the delay behind the failures-th failure in a row, from 1.
func (b Backoff) after(failures int) time.Duration {
	delay := b.Base
	for i := 1; i < failures && delay < b.Max; i++ {
		delay *= 2
	}
	return min(delay, b.Max)
}

// wait blocks for the delay; false means that ctx ended first.
func (b Backoff) wait(ctx context.Context, failures int) bool {
	timer := time.NewTimer(b.after(failures))
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
	}
	return ctx.Err() == nil // both may have been ready
}
