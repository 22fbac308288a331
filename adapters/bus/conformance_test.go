package bus_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/ThreeDotsLabs/watermill/message"
	"github.com/ThreeDotsLabs/watermill/pubsub/tests"

	"twinledger/adapters/bus"
	"twinledger/domain/event"
	"twinledger/domain/event/memlog"
)

var features = tests.Features{
	ConsumerGroups:                      true,
	GuaranteedOrder:                     true,
	GuaranteedOrderWithSingleSubscriber: true,
	Persistent:                          true,
	NewSubscriberReceivesOldMessages:    true,
}

// TestConformance is Watermill's suite. Subscribers without a group each read
// the log from its beginning.
func TestConformance(t *testing.T) {
	d := newDepot()
	tests.TestPubSub(t, features,
		func(t *testing.T) (message.Publisher, message.Subscriber) { return d.pubSub(t, "") },
		d.pubSub)
}

// A depot is what outlives the publishers and subscribers of a test: a log per
// topic, and a checkpoint per topic and group.
type depot struct {
	appended atomic.Int64

	mu          sync.Mutex
	logs        map[string]event.Log
	checkpoints map[[2]string]event.Position
}

func newDepot() *depot {
	return &depot{logs: map[string]event.Log{}, checkpoints: map[[2]string]event.Position{}}
}

func (d *depot) log(topic string) event.Log {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.logs[topic] == nil {
		d.logs[topic] = memlog.New()
	}
	return d.logs[topic]
}

// pubSub returns a publisher and a subscriber, of no group when group is "".
func (d *depot) pubSub(t *testing.T, group string) (message.Publisher, message.Subscriber) {
	config := bus.SubscriberConfig{
		Log:        func(topic string) (event.Feed, error) { return d.log(topic), nil },
		Checkpoint: func(context.Context, string) (event.Position, error) { return event.Position{}, nil },
		Message:    func(_ string, page event.Page) *message.Message { return unpack(t, page.Records[0]) },
		PageSize:   1,
		Backoff:    bus.Backoff{Base: time.Millisecond, Max: 5 * time.Millisecond},
	}
	if group != "" {
		config.Checkpoint = func(_ context.Context, topic string) (event.Position, error) {
			d.mu.Lock()
			defer d.mu.Unlock()
			return d.checkpoints[[2]string{topic, group}], nil
		}
		config.Acked = func(_ context.Context, topic string, behind event.Position) error {
			d.mu.Lock()
			defer d.mu.Unlock()
			d.checkpoints[[2]string{topic, group}] = behind
			return nil
		}
	}
	subscriber, err := bus.NewSubscriber(config)
	if err != nil {
		t.Fatal(err)
	}
	return &publisher{depot: d}, subscriber
}

// A parcel is a Watermill message as an event's data.
type parcel struct {
	UUID     string           `json:"uuid"`
	Metadata message.Metadata `json:"metadata"`
	Payload  []byte           `json:"payload"`
}

func unpack(t testing.TB, r event.Record) *message.Message {
	var p parcel
	if err := json.Unmarshal(r.Envelope.Data, &p); err != nil {
		t.Errorf("record %s: %v", r.Envelope.ID, err)
	}
	m := message.NewMessage(p.UUID, p.Payload)
	m.Metadata = p.Metadata
	return m
}

// A publisher appends every message as an event to its topic's log.
type publisher struct {
	depot  *depot
	closed atomic.Bool
}

func (p *publisher) Publish(topic string, messages ...*message.Message) error {
	if p.closed.Load() {
		return errors.New("the publisher is closed")
	}
	for _, m := range messages {
		data, err := json.Marshal(parcel{m.UUID, m.Metadata, m.Payload})
		if err != nil {
			return fmt.Errorf("message %s: %w", m.UUID, err)
		}
		r, err := encode(int(p.depot.appended.Add(1)), string(data))
		if err != nil {
			return err
		}
		if _, err := p.depot.log(topic).Append(m.Context(), r.Envelope.Stream, event.NoStream, r); err != nil {
			return err
		}
	}
	return nil
}

func (p *publisher) Close() error {
	p.closed.Store(true)
	return nil
}
