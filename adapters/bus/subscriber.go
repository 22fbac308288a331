package bus

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"github.com/ThreeDotsLabs/watermill"
	"github.com/ThreeDotsLabs/watermill/message"

	"twinledger/domain/event"
)

// ErrClosed is what Subscribe returns after Close.
var ErrClosed = errors.New("bus: the subscriber is closed")

const defaultPageSize = 2000

// SubscriberConfig says what a [Subscriber] reads and how. A topic is the id of
// a ledger. The functions are called from the goroutine of one subscription, and
// from several of them at a time when there are several subscriptions.
type SubscriberConfig struct {
	// Log returns the log of a topic. An error is what Subscribe returns.
	Log func(topic string) (event.Feed, error)

	// Checkpoint returns the position behind the last page that is done with; the
	// zero Position to begin at the first record. It is asked once per
	// subscription, when that begins to consume: in a group, once the one before
	// has ended.
	Checkpoint func(ctx context.Context, topic string) (event.Position, error)

	// Acked, if given, is called after a page was acknowledged and before the next
	// one is delivered, with the position behind that page: for handlers that do
	// not store the checkpoint themselves. When it fails, the page is delivered
	// again. A page acknowledged before the subscription ended is still reported,
	// so ctx does not end with the subscription; Close waits for it.
	Acked func(ctx context.Context, topic string, behind event.Position) error

	// Idle, if given, is called when nothing is left to deliver: each time the
	// subscription begins to wait for records, and when it ends at Until or ToHead.
	Idle func(topic string, at event.Position)

	// Again, if given, is asked after the checkpoint or the log could not be read,
	// failures times in a row. False ends the subscription. Without it reading is
	// tried until the subscription is ended.
	Again func(topic string, err error, failures int) bool

	// Message makes the message of a page, a new one at every call; [NewMessage]
	// by default. The subscriber sets its context.
	Message func(topic string, page event.Page) *message.Message

	// Registry decodes the events of the pages, one page ahead of the handler, so
	// that reading and handling overlap. Without it batches carry records only.
	Registry *event.Registry

	// PageSize is how many records a page holds at most; 2000 by default. A
	// subscription that has reached the head gets pages of what is new.
	PageSize int

	// Until, unless 0, is the last ordinal that is delivered; the subscription
	// ends behind it. ToHead ends it as soon as nothing follows. Without both it
	// follows the log.
	Until  uint64
	ToHead bool

	// Backoff is waited for after a nack, and after an error of reading.
	Backoff Backoff

	// Logger gets the errors that are tried again; nothing by default.
	Logger watermill.LoggerAdapter
}

func (c *SubscriberConfig) setDefaults() {
	if c.Message == nil {
		c.Message = NewMessage
	}
	if c.PageSize == 0 {
		c.PageSize = defaultPageSize
	}
	if c.Logger == nil {
		c.Logger = watermill.NopLogger{}
	}
	c.Backoff.setDefaults()
}

// Validate returns an error when something that is needed is missing or out of
// range.
func (c SubscriberConfig) Validate() error {
	switch {
	case c.Log == nil:
		return errors.New("a Log is missing")
	case c.Checkpoint == nil:
		return errors.New("a Checkpoint is missing")
	case c.PageSize < 0:
		return fmt.Errorf("page size %d", c.PageSize)
	}
	return c.Backoff.Validate()
}

// A Subscriber delivers the pages of logs as Watermill messages, in order, one at
// a time. It is safe for concurrent use; every Subscribe is a consumption of its
// own.
type Subscriber struct {
	config SubscriberConfig

	// closing ends when Close is called, and every subscription with it.
	closing context.Context
	stop    context.CancelFunc

	mu      sync.Mutex // orders running.Go before running.Wait
	running sync.WaitGroup
}

var _ message.Subscriber = (*Subscriber)(nil)

// NewSubscriber returns a subscriber, or what [SubscriberConfig.Validate] says.
func NewSubscriber(config SubscriberConfig) (*Subscriber, error) {
	config.setDefaults()
	if err := config.Validate(); err != nil {
		return nil, fmt.Errorf("bus: subscriber: %w", err)
	}
	s := &Subscriber{config: config}
	s.closing, s.stop = context.WithCancel(context.Background())
	return s, nil
}

// Subscribe begins to deliver the topic's pages behind its checkpoint. It does
// not wait for the checkpoint or a record. The channel is
// closed when ctx ends, the subscriber is closed, or the subscription has
// delivered what it was to deliver. A message's context descends from ctx,
// carries the page, and ends when the message is acknowledged or refused.
func (s *Subscriber) Subscribe(ctx context.Context, topic string) (<-chan *message.Message, error) {
	log, err := s.config.Log(topic)
	if err != nil {
		return nil, fmt.Errorf("bus: log of %s: %w", topic, err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closing.Err() != nil {
		return nil, ErrClosed
	}
	c := &consumption{
		SubscriberConfig: s.config,
		topic:            topic,
		log:              log,
		out:              make(chan *message.Message),
		logger:           s.config.Logger.With(watermill.LogFields{"topic": topic}),
	}
	s.running.Go(func() {
		ctx, cancel := context.WithCancel(ctx)
		defer cancel()
		defer context.AfterFunc(s.closing, cancel)()
		c.run(ctx)
	})
	return c.out, nil
}

// Close ends all subscriptions and returns when their channels are closed.
// It does not wait for messages that are still being handled; those see the end of their context. Close may be called again.
func (s *Subscriber) Close() error {
	s.mu.Lock()
	s.stop()
	s.mu.Unlock()
	s.running.Wait()
	return nil
}
