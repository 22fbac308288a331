package bus_test

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"twinledger/adapters/bus"
	"twinledger/domain/event"
	"twinledger/domain/event/memlog"
	"twinledger/projections"
)

// toHead returns the configuration that takes models over log to its head, in
// pages of four.
func toHead(log event.Feed, models ...*model) bus.RouterConfig {
	config := bus.RouterConfig{Ledger: ledger, Log: log, Registry: registry, ToHead: true, PageSize: 4}
	for _, m := range models {
		config.Projectors = append(config.Projectors, m)
	}
	return config
}

func newRouter(t testing.TB, config bus.RouterConfig) *bus.Router {
	t.Helper()
	r, err := bus.NewRouter(config)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// holdsAll fails the test unless m holds the log's first n records and r says so.
func holdsAll(t testing.TB, log event.Feed, r *bus.Router, m *model, n int, phase bus.Phase) {
	t.Helper()
	got := m.holds()
	if diff := cmp.Diff(idsFrom(1, n), got.IDs); diff != "" {
		t.Errorf("%s: records differ (-want +got):\n%s", m.name, diff)
	}
	want := bus.State{Name: m.name, Phase: phase, At: positionAt(t, log, n)}
	if diff := cmp.Diff(want, stateOf(t, r, m)); diff != "" {
		t.Errorf("state differs (-want +got):\n%s", diff)
	}
}

func stateOf(t testing.TB, r *bus.Router, m *model) bus.State {
	t.Helper()
	for _, s := range r.State() {
		if s.Name == m.name {
			return s
		}
	}
	t.Fatalf("no state of %s", m.name)
	return bus.State{}
}

// stoppedAt fails the test unless m, and only m, stopped behind its first n
// records with an error like want, and Run said so.
func stoppedAt(t testing.TB, log event.Feed, r *bus.Router, m *model, n int, result, want error) {
	t.Helper()
	s := stateOf(t, r, m)
	if s.Phase != bus.Stopped || s.At != positionAt(t, log, n) || !errors.Is(s.Err, want) {
		t.Errorf("%s is %s at %s because of %v, want stopped at %d because of %v", m.name, s.Phase, s.At, s.Err, n, want)
	}
	if !errors.Is(result, want) || !strings.Contains(result.Error(), m.name) {
		t.Errorf("Run: %v, want that %s stopped because of %v", result, m.name, want)
	}
}

func TestCatchUp(t *testing.T) {
	tests := []struct {
		name   string
		until  uint64
		toHead bool
		want   int
		sizes  []int
	}{
		{"to the head", 0, true, 10, []int{4, 4, 2}},
		{"to an ordinal", 6, false, 6, []int{4, 2}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				log, first, second := logOf(t, 10), &model{name: "first"}, &model{name: "second"}
				config := toHead(log, first, second)
				config.Until, config.ToHead = tt.until, tt.toHead
				for range 2 { // the second time nothing is left to do
					began, r := time.Now(), newRouter(t, config)
					if err := r.Run(t.Context()); err != nil {
						t.Error(err)
					}
					if took := time.Since(began); took != 0 {
						t.Errorf("Run waited %s for nothing", took)
					}
					for _, m := range []*model{first, second} {
						holdsAll(t, log, r, m, tt.want, bus.Done)
						if diff := cmp.Diff(tt.sizes, m.holds().Sizes); diff != "" {
							t.Errorf("pages differ (-want +got):\n%s", diff)
						}
					}
				}
			})
		})
	}
}

// Events come decoded, one for each record, in pages that were read ahead as well.
func TestEventsComeDecoded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var got []int
		m := &model{name: "register", before: func(_ context.Context, batch projections.Batch) error {
			if batch.Undecodable != nil || len(batch.Events) != len(batch.Records) {
				t.Errorf("%d events of %d records, %v", len(batch.Events), len(batch.Records), batch.Undecodable)
			}
			for i, e := range batch.Events {
				if e.ID != batch.Records[i].Envelope.ID {
					t.Errorf("event %s in place of %s", e.ID, batch.Records[i].Envelope.ID)
				}
				got = append(got, e.Fact.(lesson).N)
			}
			return nil
		}}
		if err := newRouter(t, toHead(logOf(t, 10), m)).Run(t.Context()); err != nil {
			t.Error(err)
		}
		if diff := cmp.Diff([]int{1, 2, 3, 4, 5, 6, 7, 8, 9, 10}, got); diff != "" {
			t.Errorf("events differ (-want +got):\n%s", diff)
		}
	})
}

// Each projector begins at its own checkpoint.
func TestCatchUpFromDifferentPlaces(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		log, early, late, ahead := logOf(t, 10), &model{name: "early"}, &model{name: "late"}, &model{name: "ahead"}
		for m, until := range map[*model]uint64{late: 3, ahead: 9} {
			config := toHead(log, m)
			config.Until = until
			if err := newRouter(t, config).Run(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		config := toHead(log, early, late, ahead)
		config.Until = 7
		r := newRouter(t, config)
		if err := r.Run(t.Context()); err != nil {
			t.Error(err)
		}
		holdsAll(t, log, r, early, 7, bus.Done)
		holdsAll(t, log, r, late, 7, bus.Done)
		holdsAll(t, log, r, ahead, 9, bus.Done)
	})
}

func TestNoProjectors(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		config := toHead(logOf(t, 1))
		if err := newRouter(t, config).Run(t.Context()); err != nil {
			t.Errorf("catching up: %v", err)
		}
		config.ToHead = false
		ctx, cancel := context.WithTimeout(t.Context(), time.Hour)
		defer cancel()
		if err := newRouter(t, config).Run(ctx); err != nil || ctx.Err() == nil {
			t.Errorf("following: %v, context %v", err, ctx.Err())
		}
	})
}

// A router that follows takes what is appended at once, until its context ends.
func TestRouterFollows(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		log, m := logOf(t, 5), &model{name: "register"}
		config := toHead(log, m)
		config.ToHead = false
		r := newRouter(t, config)
		ctx, cancel := context.WithCancel(t.Context())
		result := make(chan error)
		go func() { result <- r.Run(ctx) }()
		synctest.Wait()
		holdsAll(t, log, r, m, 5, bus.Following)

		began := time.Now()
		grow(t, log, 6, 7)
		synctest.Wait()
		holdsAll(t, log, r, m, 7, bus.Following)
		cancel()
		if err := <-result; err != nil {
			t.Errorf("Run: %v", err)
		}
		if took := time.Since(began); took != 0 {
			t.Errorf("following and ending took %s", took)
		}
		if err := r.Run(t.Context()); err == nil {
			t.Error("Run ran twice")
		}
	})
}

// A projector that cannot go on stops by itself and visibly; the others go on.
func TestStopsAlone(t *testing.T) {
	refuse := func(err error) func(context.Context, projections.Batch) error {
		return func(_ context.Context, batch projections.Batch) error {
			if batch.Ordinal(0) > 4 {
				return err
			}
			return nil
		}
	}
	tests := []struct {
		name  string
		model *model
		want  error
		at    int
		tries int // of Apply, the good page included
	}{
		{"an event cannot be applied", &model{before: refuse(projections.ErrCannotApply.With("ordinal", 5))}, projections.ErrCannotApply, 4, 2},
		{"a gap", &model{before: refuse(projections.ErrGap)}, projections.ErrGap, 4, 2},
		{"the disk stays away", &model{before: refuse(errDisk)}, errDisk, 4, 4},
		{"a panic", &model{before: func(_ context.Context, batch projections.Batch) error {
			if batch.Ordinal(0) > 4 {
				panic(errDisk)
			}
			return nil
		}}, bus.ErrPanic, 4, 2},
		{"the checkpoint stays away", &model{checkpoint: failures(3, errDisk)}, errDisk, 0, 0},
	}
	for _, tt := range tests {
		for _, follow := range []bool{false, true} {
			name := tt.name + map[bool]string{false: ", catching up", true: ", following"}[follow]
			t.Run(name, func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					bad := &model{name: "bad", before: tt.model.before}
					if tt.model.checkpoint != nil {
						bad.checkpoint = failures(3, errDisk)
					}
					good, better := &model{name: "good"}, &model{name: "better"}
					log := logOf(t, 10)
					config := toHead(log, good, bad, better)
					config.Tries, config.ToHead = 3, !follow
					told := make(chan bus.State, 3)
					config.Stopped = func(s bus.State) { told <- s }
					r := newRouter(t, config)
					result := runFor(t, r, time.Hour)

					phase := map[bool]bus.Phase{false: bus.Done, true: bus.Following}[follow]
					holdsAll(t, log, r, good, 10, phase)
					holdsAll(t, log, r, better, 10, phase)
					stoppedAt(t, log, r, bad, tt.at, result, tt.want)
					if got := bad.holds().Tries; got != tt.tries {
						t.Errorf("%d pages tried, want %d", got, tt.tries)
					}
					close(told)
					if len(told) != 1 {
						t.Errorf("told of %d projectors that stopped, want one", len(told))
					}
					for s := range told {
						if s.Name != "bad" || s.Phase != bus.Stopped || !errors.Is(s.Err, tt.want) {
							t.Errorf("told of %+v", s)
						}
					}
				})
			})
		}
	}
}

// runFor runs r for d at most and returns what Run returned.
func runFor(t testing.TB, r *bus.Router, d time.Duration) error {
	ctx, cancel := context.WithTimeout(t.Context(), d)
	defer cancel()
	return r.Run(ctx)
}

func TestLastProjectorStopsWhileFollowing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		log := logOf(t, 4)
		m := &model{name: "only", before: func(context.Context, projections.Batch) error { return projections.ErrGap }}
		config := toHead(log, m)
		config.ToHead = false
		r := newRouter(t, config)
		stoppedAt(t, log, r, m, 0, r.Run(t.Context()), projections.ErrGap)
	})
}

// Each try has a context of its own, which ends with its own timeout.
func TestTriesAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var contexts []context.Context
		var began []time.Time
		m := &model{name: "register"}
		m.before = func(ctx context.Context, _ projections.Batch) error {
			contexts, began = append(contexts, ctx), append(began, time.Now())
			if err := ctx.Err(); err != nil {
				t.Errorf("try %d begins with %v", len(contexts), err)
			}
			switch len(contexts) {
			case 1:
				<-ctx.Done() // too slow
				return ctx.Err()
			case 2:
				return errDisk
			}
			return nil
		}
		var progress []uint64
		log := logOf(t, 6)
		config := toHead(log, m)
		config.Timeout = time.Minute
		config.Backoff = bus.Backoff{Base: time.Second, Max: 5 * time.Second}
		config.Progress = func(name string, ordinal uint64) { progress = append(progress, ordinal) }
		r := newRouter(t, config)
		if err := r.Run(t.Context()); err != nil {
			t.Error(err)
		}
		holdsAll(t, log, r, m, 6, bus.Done)
		if diff := cmp.Diff([]uint64{0, 4, 6}, progress); diff != "" {
			t.Errorf("progress differs (-want +got):\n%s", diff)
		}
		if len(contexts) != 4 || contexts[0] == contexts[1] {
			t.Fatalf("%d tries, want 4 with a context each", len(contexts))
		}
		delays := []time.Duration{began[1].Sub(began[0]).Round(time.Millisecond), began[2].Sub(began[1]).Round(time.Millisecond)}
		if diff := cmp.Diff([]time.Duration{time.Minute + time.Second, 2 * time.Second}, delays); diff != "" {
			t.Errorf("delays, the first behind the timeout, differ (-want +got):\n%s", diff)
		}
		for i, ctx := range contexts {
			if deadline, ok := ctx.Deadline(); !ok || deadline.Sub(began[i]) != time.Minute {
				t.Errorf("try %d has until %s, want a minute", i+1, deadline.Sub(began[i]))
			}
		}
	})
}

func TestLogFails(t *testing.T) {
	tests := []struct {
		name   string
		err    error
		times  int
		follow bool
		stops  bool
	}{
		{"away for a while, catching up", errDisk, 2, false, false},
		{"away for long, catching up", errDisk, 3, false, true},
		{"away for long, following", errDisk, 20, true, false},
		{"damaged, catching up", event.ErrDamaged, 1, false, true},
		{"damaged, following", event.ErrDamaged, 1, true, true},
		{"foreign token, following", event.ErrBadToken, 1, true, true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				log, m := logOf(t, 4), &model{name: "register"}
				config := toHead(&faultyLog{Log: log, page: failures(tt.times, tt.err)}, m)
				config.Tries, config.ToHead = 3, !tt.follow
				r := newRouter(t, config)
				result := runFor(t, r, time.Hour)
				if tt.stops {
					stoppedAt(t, log, r, m, 0, result, tt.err)
					return
				}
				if result != nil {
					t.Errorf("Run: %v", result)
				}
				holdsAll(t, log, r, m, 4, map[bool]bus.Phase{false: bus.Done, true: bus.Following}[tt.follow])
			})
		})
	}
}

// What is being tried again can be seen while it is.
func TestTroubleIsVisible(t *testing.T) {
	tests := []struct {
		name string
		log  faultyLog
		want bus.Phase
	}{
		{"reading", faultyLog{page: failures(1, errDisk)}, bus.CatchingUp},
		{"waiting", faultyLog{wait: failures(1, errDisk)}, bus.Following},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				log, m := logOf(t, 4), &model{name: "register"}
				config := toHead(&faultyLog{log, tt.log.page, tt.log.wait}, m)
				config.ToHead = false
				config.Backoff.Base = time.Minute
				r := newRouter(t, config)
				ctx, cancel := context.WithCancel(t.Context())
				result := make(chan error)
				go func() { result <- r.Run(ctx) }()
				synctest.Wait()
				if s := stateOf(t, r, m); s.Phase != tt.want || !errors.Is(s.Err, errDisk) {
					t.Errorf("%s, %v while the disk is away", s.Phase, s.Err)
				}
				<-time.After(time.Minute)
				synctest.Wait()
				holdsAll(t, log, r, m, 4, bus.Following)
				cancel()
				if err := <-result; err != nil {
					t.Error(err)
				}
			})
		})
	}
}

func TestInterrupted(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		log, m := logOf(t, 10), &model{name: "register"}
		config := toHead(log, m)
		config.Until, config.ToHead = 11, false
		r := newRouter(t, config)
		if err := runFor(t, r, time.Hour); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("Run: %v, want that its time was up", err)
		}
		holdsAll(t, log, r, m, 10, bus.Following)
	})
}

// A page on its way is finished when the context ends, and Run waits for it. An
// error that the end may have brought about is none of the projector's; one that
// would come again is.
func TestEndsDuringApply(t *testing.T) {
	tests := []struct {
		name  string
		apply func(ctx context.Context) error
		want  int
		err   error
	}{
		{"commits all the same", func(context.Context) error { return nil }, 4, nil},
		{"gives up with the context", func(ctx context.Context) error { return ctx.Err() }, 0, nil},
		{"cannot apply it anyway", func(context.Context) error { return projections.ErrCannotApply }, 0, projections.ErrCannotApply},
		{"panics", func(context.Context) error { panic("no such column") }, 0, bus.ErrPanic},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				log, m := logOf(t, 10), &model{name: "register"}
				ctx, cancel := context.WithCancel(t.Context())
				m.before = func(ctx context.Context, _ projections.Batch) error {
					cancel()
					<-time.After(time.Second)
					return tt.apply(ctx)
				}
				config := toHead(log, m)
				config.ToHead = false
				r := newRouter(t, config)
				result := r.Run(ctx)
				if !errors.Is(result, tt.err) {
					t.Errorf("Run: %v, want %v", result, tt.err)
				}
				if got := m.holds(); len(got.IDs) != tt.want || got.Tries != 1 {
					t.Errorf("%d records after %d tries, want %d after one", len(got.IDs), got.Tries, tt.want)
				}
				if s := stateOf(t, r, m); (s.Phase == bus.Stopped) != (tt.err != nil) {
					t.Errorf("%s, %v", s.Phase, s.Err)
				}
			})
		})
	}
}

// A page that is read when the context ends is not applied any more, wherever it
// is on its way.
func TestEndsBeforeApply(t *testing.T) {
	for range 20 {
		synctest.Test(t, func(t *testing.T) {
			m := &model{name: "register"}
			ctx, cancel := context.WithCancel(t.Context())
			config := toHead(&endingLog{logOf(t, 1), cancel}, m)
			config.ToHead = false
			if err := newRouter(t, config).Run(ctx); err != nil {
				t.Errorf("Run: %v", err)
			}
			if got := m.holds().Tries; got != 0 {
				t.Errorf("%d pages tried", got)
			}
		})
	}
}

// An endingLog ends a context when it has read a page.
type endingLog struct {
	event.Feed
	end context.CancelFunc
}

func (l *endingLog) Page(ctx context.Context, after event.Position, limit int) (event.Page, error) {
	defer l.end()
	return l.Feed.Page(ctx, after, limit)
}

func TestApplyOutlastsClosing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m, release := &model{name: "register"}, make(chan struct{})
		defer close(release)
		ctx, cancel := context.WithCancel(t.Context())
		m.before = func(context.Context, projections.Batch) error {
			cancel()
			<-release
			return errDisk
		}
		config := toHead(logOf(t, 1), m)
		config.CloseTimeout = time.Second
		began := time.Now()
		err := newRouter(t, config).Run(ctx)
		if took := time.Since(began); took != time.Second {
			t.Errorf("Run returned after %s", took)
		}
		if err == nil || !strings.Contains(err.Error(), "still applying") {
			t.Errorf("Run: %v, want that a page is still being applied", err)
		}
	})
}

// Nothing that goes well is worth an operator's attention.
func TestQuiet(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var written lockedBuffer
		config := toHead(logOf(t, 10), &model{name: "first"}, &model{name: "second"})
		config.Logger = slog.New(slog.NewTextHandler(&written, nil))
		if err := newRouter(t, config).Run(t.Context()); err != nil {
			t.Error(err)
		}
		if got := written.String(); got != "" {
			t.Errorf("logged while all went well:\n%s", got)
		}

		bad := &model{name: "bad", before: func(context.Context, projections.Batch) error { return projections.ErrGap }}
		config.Projectors = []projections.Projector{bad}
		_ = newRouter(t, config).Run(t.Context())
		if got := written.String(); !strings.Contains(got, `msg="projector stopped" projector=bad`) {
			t.Errorf("the stop is not logged:\n%s", got)
		}
	})
}

// A lockedBuffer takes the writes of several goroutines.
type lockedBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (b *lockedBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.Write(p)
}

func (b *lockedBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.String()
}

func TestRouterConfig(t *testing.T) {
	tests := []struct {
		name  string
		spoil func(*bus.RouterConfig)
		ok    bool
	}{
		{"least that is needed", func(*bus.RouterConfig) {}, true},
		{"no ledger", func(c *bus.RouterConfig) { c.Ledger = "" }, false},
		{"no log", func(c *bus.RouterConfig) { c.Log = nil }, false},
		{"no registry", func(c *bus.RouterConfig) { c.Registry = nil }, false},
		{"two projectors of one name", func(c *bus.RouterConfig) { c.Projectors = append(c.Projectors, c.Projectors[0]) }, false},
		{"projector without a name", func(c *bus.RouterConfig) { c.Projectors = append(c.Projectors, &model{}) }, false},
		{"negative tries", func(c *bus.RouterConfig) { c.Tries = -1 }, false},
		{"negative page size", func(c *bus.RouterConfig) { c.PageSize = -1 }, false},
		{"negative timeout", func(c *bus.RouterConfig) { c.Timeout = -1 }, false},
		{"negative delay", func(c *bus.RouterConfig) { c.Backoff.Base = -1 }, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			config := toHead(memlog.New(), &model{name: "register"})
			tt.spoil(&config)
			if _, err := bus.NewRouter(config); (err == nil) != tt.ok {
				t.Errorf("NewRouter: %v, want ok %t", err, tt.ok)
			}
		})
	}
}

func TestPhase(t *testing.T) {
	want := []string{"starting", "catching-up", "following", "done", "stopped", "phase-5"}
	var got []string
	for p := bus.Starting; p <= bus.Stopped+1; p++ {
		got = append(got, p.String())
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("names differ (-want +got):\n%s", diff)
	}
}
