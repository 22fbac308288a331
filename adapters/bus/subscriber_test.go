package bus_test

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/ThreeDotsLabs/watermill"
	"github.com/ThreeDotsLabs/watermill/message"
	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"twinledger/adapters/bus"
	"twinledger/domain/event"
	"twinledger/domain/event/memlog"
	"twinledger/projections"
)

// Most tests run in synctest bubbles: their clock moves only when everything
// waits, and a goroutine that outlives its test fails it.

// over returns the configuration of a subscriber over log from its beginning.
func over(log event.Feed) bus.SubscriberConfig {
	return bus.SubscriberConfig{
		Log:        func(string) (event.Feed, error) { return log, nil },
		Checkpoint: func(context.Context, string) (event.Position, error) { return event.Position{}, nil },
	}
}

// subscribe returns a subscriber and its subscription to the test's ledger,
// which ends with the test.
func subscribe(t testing.TB, config bus.SubscriberConfig) (*bus.Subscriber, <-chan *message.Message) {
	t.Helper()
	s, err := bus.NewSubscriber(config)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	messages, err := s.Subscribe(t.Context(), ledger)
	if err != nil {
		t.Fatal(err)
	}
	return s, messages
}

// take returns the next message and its batch.
func take(t testing.TB, messages <-chan *message.Message) (*message.Message, projections.Batch) {
	t.Helper()
	m, open := <-messages
	if !open {
		t.Fatal("the subscription ended")
	}
	batch, ok := bus.BatchOf(m.Context())
	if !ok {
		t.Fatal("the message carries no batch")
	}
	return m, batch
}

// ended fails the test unless the subscription ends without another message.
func ended(t testing.TB, messages <-chan *message.Message) {
	t.Helper()
	if m, open := <-messages; open {
		t.Fatalf("message %s after the end", m.UUID)
	}
}

// silent fails the test if there is a message now.
func silent(t testing.TB, messages <-chan *message.Message) {
	t.Helper()
	synctest.Wait()
	select {
	case m, open := <-messages:
		t.Fatalf("message %v, open %t, want none and open", m, open)
	default:
	}
}

func TestMessage(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		log := logOf(t, 5)
		config := over(log)
		config.PageSize = 2
		config.Checkpoint = func(context.Context, string) (event.Position, error) { return positionAt(t, log, 1), nil }
		_, messages := subscribe(t, config)
		m, page := take(t, messages)

		if want := idsFrom(3, 3)[0]; m.UUID != want {
			t.Errorf("UUID %s, want the last record's id %s", m.UUID, want)
		}
		if got, want := string(m.Payload), `{"ledger":"k3m5aaaaaa","first":2,"last":3}`; got != want {
			t.Errorf("payload %s, want %s", got, want)
		}
		wantMetadata := message.Metadata{bus.FirstOrdinal: "2", bus.LastOrdinal: "3"}
		if diff := cmp.Diff(wantMetadata, m.Metadata); diff != "" {
			t.Errorf("metadata differs (-want +got):\n%s", diff)
		}
		if diff := cmp.Diff(idsFrom(2, 3), idsOf(page.Records)); diff != "" {
			t.Errorf("records differ (-want +got):\n%s", diff)
		}
		if page.Before != positionAt(t, log, 1) || page.After != positionAt(t, log, 3) {
			t.Errorf("page lies between %s and %s", page.Before, page.After)
		}
		if _, ok := bus.BatchOf(t.Context()); ok {
			t.Error("a context that is no message's has a batch")
		}
	})
}

// Of a page with a record that cannot be decoded the events before it are there, and
// why that one is not; without a registry a batch carries records only.
func TestEventsOfABatch(t *testing.T) {
	for _, tt := range []struct {
		name     string
		registry *event.Registry
		events   int
		refused  error
	}{
		{"up to one that cannot be decoded", registry, 2, event.ErrBadData},
		{"without a registry", nil, 0, nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				log := logOf(t, 2)
				bad, err := encode(3, `{"n":"three"}`)
				if err != nil {
					t.Fatal(err)
				}
				if _, err := log.Append(t.Context(), bad.Envelope.Stream, event.NoStream, bad); err != nil {
					t.Fatal(err)
				}
				grow(t, log, 4, 4)
				config := over(log)
				config.Registry = tt.registry
				_, messages := subscribe(t, config)
				_, batch := take(t, messages)
				if len(batch.Records) != 4 || len(batch.Events) != tt.events || !errors.Is(batch.Undecodable, tt.refused) {
					t.Errorf("%d records, %d events, %v", len(batch.Records), len(batch.Events), batch.Undecodable)
				}
			})
		})
	}
}

// However long the pages are, whatever is refused and wherever the subscriber is
// stopped between pages: the next one resumes there, and every record is applied
// once and in order.
func TestResume(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		n := rapid.IntRange(0, 30).Draw(rt, "records")
		log, m := logOf(t, n), &model{name: "register"}
		for processes := 0; len(m.holds().IDs) < n; processes++ {
			if processes > 100*n {
				rt.Fatalf("%d of %d records after %d processes", len(m.holds().IDs), n, processes)
			}
			process(rt, log, m)
		}
		got := m.holds()
		if diff := cmp.Diff(idsFrom(1, n), got.IDs); diff != "" {
			rt.Errorf("records differ (-want +got):\n%s", diff)
		}
		if want := positionAt(t, log, n); got.At != want {
			rt.Errorf("model at %s, want %s", got.At, want)
		}
	})
}

// process is one process's life: a subscriber from m's checkpoint, some pages
// applied and some refused, and its end.
func process(rt *rapid.T, log event.Log, m *model) {
	config := over(log)
	config.PageSize = rapid.IntRange(1, 7).Draw(rt, "page size")
	config.Checkpoint = func(ctx context.Context, _ string) (event.Position, error) { return m.Checkpoint(ctx) }
	config.ToHead = true
	config.Backoff.Base = time.Microsecond
	s, err := bus.NewSubscriber(config)
	if err != nil {
		rt.Fatal(err)
	}
	messages, err := s.Subscribe(context.Background(), ledger)
	if err != nil {
		rt.Fatal(err)
	}
	for range rapid.IntRange(1, 6).Draw(rt, "messages") {
		msg, open := <-messages
		if !open {
			break
		}
		batch, _ := bus.BatchOf(msg.Context())
		if rapid.Bool().Draw(rt, "refused") {
			msg.Nack()
			continue
		}
		if err := m.Apply(msg.Context(), batch); err != nil {
			rt.Fatal(err)
		}
		msg.Ack()
	}
	if err := s.Close(); err != nil {
		rt.Fatal(err)
	}
}

func TestRefusedPageComesAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		config := over(logOf(t, 6))
		config.PageSize = 3
		config.Backoff = bus.Backoff{Base: time.Second, Max: 3 * time.Second}
		_, messages := subscribe(t, config)

		first, page := take(t, messages)
		former, delays := first, []time.Duration(nil)
		for range 4 {
			refused := time.Now()
			former.Nack()
			again, same := take(t, messages)
			delays = append(delays, time.Since(refused))
			if again == former || former.Context().Err() == nil {
				t.Error("the former message is delivered again, or its context goes on")
			}
			if !again.Equals(first) || !cmp.Equal(page, same) {
				t.Errorf("message %+v, want the same as %+v", again, first)
			}
			former = again
		}
		want := []time.Duration{time.Second, 2 * time.Second, 3 * time.Second, 3 * time.Second}
		if diff := cmp.Diff(want, delays); diff != "" {
			t.Errorf("delays differ (-want +got):\n%s", diff)
		}

		former.Ack()
		next, following := take(t, messages)
		if diff := cmp.Diff(idsFrom(4, 6), idsOf(following.Records)); diff != "" {
			t.Errorf("next page differs (-want +got):\n%s", diff)
		}
		refused := time.Now()
		next.Nack()
		take(t, messages)
		if delay := time.Since(refused); delay != time.Second {
			t.Errorf("after an ack the back-off is %s, want its base again", delay)
		}
	})
}

func TestOneAtATime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		config := over(logOf(t, 2))
		config.PageSize = 1
		_, messages := subscribe(t, config)
		m, _ := take(t, messages)
		silent(t, messages)
		m.Ack()
		take(t, messages)
	})
}

// The bubble's clock stands still as long as something can run, so a record that
// is seen at the moment of its append was not polled for.
func TestFollows(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		log := memlog.New()
		var idle []uint64
		config := over(log)
		config.Idle = func(_ string, at event.Position) { idle = append(idle, at.Ordinal) }
		_, messages := subscribe(t, config)
		silent(t, messages)

		began := time.Now()
		for n := 1; n <= 3; n++ {
			grow(t, log, n, n)
			m, page := take(t, messages)
			if diff := cmp.Diff(idsFrom(n, n), idsOf(page.Records)); diff != "" {
				t.Errorf("live page differs (-want +got):\n%s", diff)
			}
			m.Ack()
			silent(t, messages)
		}
		if waited := time.Since(began); waited != 0 {
			t.Errorf("live records were seen %s late", waited)
		}
		if diff := cmp.Diff([]uint64{0, 1, 2, 3}, idle); diff != "" {
			t.Errorf("idle at (-want +got):\n%s", diff)
		}
	})
}

func TestEnds(t *testing.T) {
	tests := []struct {
		name       string
		checkpoint int
		until      uint64
		toHead     bool
		want       []string
	}{
		{"at the head", 0, 0, true, idsFrom(1, 10)},
		{"at the head, nothing to do", 10, 0, true, nil},
		{"within a page", 0, 5, false, idsFrom(1, 5)},
		{"between pages", 0, 8, false, idsFrom(1, 8)},
		{"at an ordinal that is passed", 7, 5, false, nil},
		{"at an ordinal that is reached", 5, 5, false, nil},
		{"at the head before the ordinal", 2, 20, true, idsFrom(3, 10)},
		{"at the ordinal before the head", 2, 9, true, idsFrom(3, 9)},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				log := logOf(t, 10)
				config := over(&faultyLog{Log: log})
				config.Checkpoint = func(context.Context, string) (event.Position, error) {
					return positionAt(t, log, tt.checkpoint), nil
				}
				config.PageSize, config.Until, config.ToHead = 4, tt.until, tt.toHead
				_, messages := subscribe(t, config)
				var got []string
				for m := range messages {
					page, _ := bus.BatchOf(m.Context())
					got = append(got, idsOf(page.Records)...)
					m.Ack()
				}
				if diff := cmp.Diff(tt.want, got); diff != "" {
					t.Errorf("records differ (-want +got):\n%s", diff)
				}
			})
		})
	}
}

func TestErrorsOfReading(t *testing.T) {
	tests := []struct {
		name   string
		config func(event.Log) bus.SubscriberConfig
	}{
		{"page", func(log event.Log) bus.SubscriberConfig {
			return over(&faultyLog{Log: log, page: failures(2, errDisk)})
		}},
		{"wait", func(log event.Log) bus.SubscriberConfig {
			return over(&faultyLog{Log: log, wait: failures(2, errDisk)})
		}},
		{"checkpoint", func(log event.Log) bus.SubscriberConfig {
			config, fail := over(log), failures(2, errDisk)
			config.Checkpoint = func(context.Context, string) (event.Position, error) { return event.Position{}, fail() }
			return config
		}},
	}
	for _, tt := range tests {
		t.Run(tt.name+" goes away", func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				log, logger := memlog.New(), watermill.NewCaptureLogger()
				config := tt.config(log)
				config.Logger = logger
				_, messages := subscribe(t, config)
				<-time.After(time.Hour)
				silent(t, messages)
				grow(t, log, 1, 1)
				_, page := take(t, messages)
				if diff := cmp.Diff(idsFrom(1, 1), idsOf(page.Records)); diff != "" {
					t.Errorf("records differ (-want +got):\n%s", diff)
				}
				if got := len(logger.Captured()[watermill.ErrorLogLevel]); got != 2 || !logger.HasError(errDisk) {
					t.Errorf("%d errors logged, want 2 of the disk", got)
				}
			})
		})
		t.Run(tt.name+" is given up", func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				config := tt.config(memlog.New())
				var asked []int
				config.Again = func(topic string, err error, failures int) bool {
					if topic != ledger || !errors.Is(err, errDisk) {
						t.Errorf("asked about %s, %v", topic, err)
					}
					asked = append(asked, failures)
					return failures < 2
				}
				_, messages := subscribe(t, config)
				ended(t, messages)
				if diff := cmp.Diff([]int{1, 2}, asked); diff != "" {
					t.Errorf("asked (-want +got):\n%s", diff)
				}
			})
		})
	}
}

// A page that fails while it is read ahead is read again when its turn comes.
func TestReadAheadFails(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		reads := 0
		config := over(&faultyLog{Log: logOf(t, 4), page: func() error {
			if reads++; reads == 2 {
				return errDisk
			}
			return nil
		}})
		config.PageSize, config.ToHead = 2, true
		_, messages := subscribe(t, config)
		m, _ := take(t, messages)
		synctest.Wait()
		m.Ack()
		_, page := take(t, messages)
		if diff := cmp.Diff(idsFrom(3, 4), idsOf(page.Records)); diff != "" {
			t.Errorf("records differ (-want +got):\n%s", diff)
		}
	})
}

func TestCheckpointIsStoredBeforeTheNextPage(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		log := logOf(t, 2)
		fail := failures(1, errDisk)
		var stored []event.Position
		config := over(log)
		config.PageSize = 1
		config.Acked = func(_ context.Context, _ string, behind event.Position) error {
			if err := fail(); err != nil {
				return err
			}
			stored = append(stored, behind)
			return nil
		}
		s, messages := subscribe(t, config)

		first, _ := take(t, messages)
		first.Ack()
		again, page := take(t, messages)
		if !again.Equals(first) || len(stored) != 0 {
			t.Errorf("page %d with %d checkpoints stored, want the first page again", page.Ordinal(0), len(stored))
		}
		again.Ack()
		second, _ := take(t, messages)
		if len(stored) != 1 {
			t.Errorf("%d checkpoints stored before the second page, want 1", len(stored))
		}

		// The page acknowledged before Close is reported, with time to store it.
		second.Ack()
		synctest.Wait()
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
		want := []event.Position{positionAt(t, log, 1), positionAt(t, log, 2)}
		if diff := cmp.Diff(want, stored); diff != "" {
			t.Errorf("stored (-want +got):\n%s", diff)
		}
	})
}

func TestClosedWhileCheckpointIsStored(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		closing, stored := make(chan struct{}), false
		config := over(logOf(t, 2))
		config.PageSize = 1
		config.Acked = func(ctx context.Context, _ string, _ event.Position) error {
			<-closing
			stored = ctx.Err() == nil
			return ctx.Err()
		}
		s, messages := subscribe(t, config)
		m, _ := take(t, messages)
		m.Ack()
		closed := make(chan error)
		go func() { closed <- s.Close() }()
		synctest.Wait()
		close(closing)
		if err := <-closed; err != nil {
			t.Error(err)
		}
		if !stored {
			t.Error("the checkpoint could not be stored any more")
		}
	})
}

// Whoever ends the subscription between two pages gets no more of them, though
// the next one is read already. What would go wrong is a matter of chance, so it
// gets several.
func TestEndedBetweenPages(t *testing.T) {
	for range 20 {
		synctest.Test(t, func(t *testing.T) {
			ctx, cancel := context.WithCancel(t.Context())
			config := over(logOf(t, 4))
			config.PageSize = 2
			config.Acked = func(context.Context, string, event.Position) error {
				cancel()
				return nil
			}
			s, err := bus.NewSubscriber(config)
			if err != nil {
				t.Fatal(err)
			}
			messages, err := s.Subscribe(ctx, ledger)
			if err != nil {
				t.Fatal(err)
			}
			m, _ := take(t, messages)
			synctest.Wait()
			m.Ack()
			ended(t, messages)
		})
	}
}

func TestClose(t *testing.T) {
	errClosing := errors.New("closing")
	tests := []struct {
		name string
		meet func(t *testing.T, messages <-chan *message.Message) // brings the subscription where it is to end
	}{
		{"waiting for a consumer", func(*testing.T, <-chan *message.Message) { synctest.Wait() }},
		{"waiting for an ack", func(t *testing.T, messages <-chan *message.Message) { take(t, messages) }},
		{"waiting behind a nack", func(t *testing.T, messages <-chan *message.Message) {
			m, _ := take(t, messages)
			m.Nack()
			synctest.Wait()
		}},
		{"waiting for records", func(t *testing.T, messages <-chan *message.Message) {
			for range 2 {
				m, _ := take(t, messages)
				m.Ack()
			}
			silent(t, messages)
		}},
	}
	for _, tt := range tests {
		config := func(t *testing.T) bus.SubscriberConfig {
			config := over(logOf(t, 2))
			config.PageSize = 1
			return config
		}
		t.Run(tt.name+", closed", func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s, messages := subscribe(t, config(t))
				tt.meet(t, messages)
				began := time.Now()
				if err := errors.Join(s.Close(), s.Close()); err != nil {
					t.Error(err)
				}
				ended(t, messages)
				if waited := time.Since(began); waited != 0 {
					t.Errorf("closing took %s", waited)
				}
				if _, err := s.Subscribe(t.Context(), ledger); !errors.Is(err, bus.ErrClosed) {
					t.Errorf("Subscribe after Close: %v", err)
				}
			})
		})
		t.Run(tt.name+", context ended", func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s, err := bus.NewSubscriber(config(t))
				if err != nil {
					t.Fatal(err)
				}
				ctx, cancel := context.WithCancelCause(t.Context())
				messages, err := s.Subscribe(ctx, ledger)
				if err != nil {
					t.Fatal(err)
				}
				tt.meet(t, messages)
				began := time.Now()
				cancel(errClosing)
				ended(t, messages)
				if waited := time.Since(began); waited != 0 {
					t.Errorf("ending took %s", waited)
				}
			})
		})
	}
}

// Close waits for the page that is being read ahead: the log may be closed next.
func TestCloseWhileReadingAhead(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		release, reads := make(chan struct{}), 0
		config := over(&faultyLog{Log: logOf(t, 4), page: func() error {
			if reads++; reads == 2 {
				<-release
			}
			return nil
		}})
		config.PageSize = 2
		s, messages := subscribe(t, config)
		take(t, messages)
		closed := make(chan error, 1)
		go func() { closed <- s.Close() }()
		synctest.Wait()
		if len(closed) != 0 {
			t.Error("closed while a page is being read")
		}
		close(release)
		if err := <-closed; err != nil {
			t.Error(err)
		}
	})
}

func TestContextOfMessage(t *testing.T) {
	type key struct{}
	synctest.Test(t, func(t *testing.T) {
		config := over(logOf(t, 2))
		config.PageSize = 1
		s, err := bus.NewSubscriber(config)
		if err != nil {
			t.Fatal(err)
		}
		messages, err := s.Subscribe(context.WithValue(t.Context(), key{}, "kept"), ledger)
		if err != nil {
			t.Fatal(err)
		}
		first, _ := take(t, messages)
		if first.Context().Value(key{}) != "kept" || first.Context().Err() != nil {
			t.Error("the message's context does not descend from the subscription's, or has ended")
		}
		first.Ack()
		<-first.Context().Done()

		second, _ := take(t, messages)
		if err := s.Close(); err != nil {
			t.Error(err)
		}
		<-second.Context().Done()
	})
}

func TestUnknownTopic(t *testing.T) {
	config := over(nil)
	config.Log = func(string) (event.Feed, error) { return nil, errDisk }
	s, err := bus.NewSubscriber(config)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.Subscribe(t.Context(), ledger); !errors.Is(err, errDisk) {
		t.Errorf("Subscribe: %v, want the error of Log", err)
	}
}

func TestSubscriberConfig(t *testing.T) {
	tests := []struct {
		name  string
		spoil func(*bus.SubscriberConfig)
		ok    bool
	}{
		{"least that is needed", func(*bus.SubscriberConfig) {}, true},
		{"only a long base", func(c *bus.SubscriberConfig) { c.Backoff.Base = time.Hour }, true},
		{"no log", func(c *bus.SubscriberConfig) { c.Log = nil }, false},
		{"no checkpoint", func(c *bus.SubscriberConfig) { c.Checkpoint = nil }, false},
		{"negative page size", func(c *bus.SubscriberConfig) { c.PageSize = -1 }, false},
		{"longest delay under the base", func(c *bus.SubscriberConfig) { c.Backoff = bus.Backoff{Base: 2, Max: 1} }, false},
		{"negative delay", func(c *bus.SubscriberConfig) { c.Backoff.Base = -1 }, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			config := over(memlog.New())
			tt.spoil(&config)
			if _, err := bus.NewSubscriber(config); (err == nil) != tt.ok {
				t.Errorf("NewSubscriber: %v, want ok %t", err, tt.ok)
			}
		})
	}
}
