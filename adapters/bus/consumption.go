package bus

import (
	"context"

	"github.com/ThreeDotsLabs/watermill"
	"github.com/ThreeDotsLabs/watermill/message"

	"twinledger/domain/event"
	"twinledger/projections"
)

// A consumption is one subscription at work. All of it belongs to the goroutine
// of run, except what readAhead hands over.
type consumption struct {
	SubscriberConfig
	topic  string
	log    event.Feed
	out    chan *message.Message
	logger watermill.LoggerAdapter

	ahead chan reading // nil when nothing is being read ahead
}

type reading struct {
	batch projections.Batch
	err   error
}

func (c *consumption) run(ctx context.Context) {
	defer close(c.out)
	defer c.takeAhead()

	at, ok := c.begin(ctx)
	for ok {
		var batch projections.Batch
		if batch, ok = c.next(ctx, at); ok {
			c.readAhead(ctx, batch.Page)
			ok = c.deliver(ctx, batch)
			at = batch.After
		}
	}
}

// begin returns the checkpoint; false means that the subscription ends.
func (c *consumption) begin(ctx context.Context) (event.Position, bool) {
	for failures := 1; ; failures++ {
		at, err := c.Checkpoint(ctx, c.topic)
		if err == nil {
			return at, true
		}
		if !c.again(ctx, "reading the checkpoint", err, failures) {
			return event.Position{}, false
		}
	}
}

// next returns the page behind at, waiting for its first record if it must;
// false means that the subscription ends.
func (c *consumption) next(ctx context.Context, at event.Position) (projections.Batch, bool) {
	for failures := 0; ctx.Err() == nil; {
		if c.Until != 0 && at.Ordinal >= c.Until {
			c.idle(at)
			break
		}
		batch, err := c.read(ctx, at)
		if err == nil && len(batch.Records) > 0 {
			return batch, true
		}
		if err == nil {
			c.idle(at)
			if c.ToHead {
				break
			}
			if err = c.log.Wait(ctx, at.Token); err == nil {
				continue
			}
		}
		failures++
		if !c.again(ctx, "reading the log behind "+at.String(), err, failures) {
			break
		}
	}
	return projections.Batch{}, false
}

// again logs err and waits for the next try; false means that there is none.
func (c *consumption) again(ctx context.Context, doing string, err error, failures int) bool {
	if ctx.Err() != nil {
		return false
	}
	c.logger.Error(doing, err, watermill.LogFields{"failures": failures})
	if c.Again != nil && !c.Again(c.topic, err, failures) {
		return false
	}
	return c.Backoff.wait(ctx, failures)
}

func (c *consumption) idle(at event.Position) {
	if c.Idle != nil {
		c.Idle(c.topic, at)
	}
}

func (c *consumption) read(ctx context.Context, at event.Position) (projections.Batch, error) {
	// A page that could not be read ahead, or was empty then, is asked for again:
	// only what holds now is reported.
	if former := c.takeAhead(); former.err == nil && len(former.batch.Records) > 0 {
		return former.batch, nil
	}
	return c.page(ctx, at)
}

// page reads the page behind at and decodes its events.
func (c *consumption) page(ctx context.Context, at event.Position) (projections.Batch, error) {
	page, err := c.log.Page(ctx, at, c.limit(at))
	if err != nil || c.Registry == nil {
		return projections.Batch{Page: page}, err
	}
	return projections.Decode(page, c.Registry), nil
}

// limit returns how many records the page behind at may hold.
func (c *consumption) limit(at event.Position) int {
	if c.Until != 0 && c.Until-at.Ordinal < uint64(c.PageSize) {
		return int(c.Until - at.Ordinal)
	}
	return c.PageSize
}

// readAhead begins to read what follows page, so that reading and handling
// overlap while catching up. A page that is not full mostly ends at the head, and
// what comes behind it is waited for. For pages of one record it would cost more
// than it saves.
func (c *consumption) readAhead(ctx context.Context, page event.Page) {
	if len(page.Records) < c.PageSize || page.After.Ordinal == c.Until || c.PageSize == 1 {
		return
	}
	ahead := make(chan reading, 1)
	c.ahead = ahead
	go func() {
		next, err := c.page(ctx, page.After)
		ahead <- reading{next, err}
	}()
}

// takeAhead returns what readAhead began to read, nothing if there is none.
func (c *consumption) takeAhead() reading {
	if c.ahead == nil {
		return reading{}
	}
	r := <-c.ahead
	c.ahead = nil
	return r
}

// deliver offers a batch until it is acknowledged; false means that the
// subscription ends.
func (c *consumption) deliver(ctx context.Context, batch projections.Batch) bool {
	for failures := 1; ; failures++ {
		if c.offer(ctx, batch) && c.acked(ctx, batch.After) {
			return true
		}
		if !c.Backoff.wait(ctx, failures) {
			return false
		}
	}
}

// offer sends a message for a batch and tells whether it was acknowledged.
func (c *consumption) offer(ctx context.Context, batch projections.Batch) bool {
	m := c.Message(c.topic, batch.Page)
	handling, cancel := context.WithCancel(context.WithValue(ctx, batchKey{}, batch))
	defer cancel()
	m.SetContext(handling)
	select {
	case c.out <- m:
	case <-ctx.Done():
		return false
	}
	select {
	case <-m.Acked():
		return true
	case <-m.Nacked():
		return false
	case <-ctx.Done():
	}
	select {
	case <-m.Acked():
		return true
	default:
		return false
	}
}

// acked tells whether the page before behind needs no other delivery.
func (c *consumption) acked(ctx context.Context, behind event.Position) bool {
	if c.Acked == nil {
		return true
	}
	err := c.Acked(context.WithoutCancel(ctx), c.topic, behind)
	if err != nil {
		c.logger.Error("storing the checkpoint "+behind.String(), err, nil)
	}
	return err == nil
}
