package bus

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math"
	"sync"
	"sync/atomic"
	"time"

	"github.com/ThreeDotsLabs/watermill"
	"github.com/ThreeDotsLabs/watermill/message"
	"github.com/ThreeDotsLabs/watermill/message/router/middleware"

	"twinledger/domain/event"
	"twinledger/projections"
)

// RouterConfig says which projectors a [Router] runs over which log, and how far.
type RouterConfig struct {
	Ledger     string // its id, the topic of the subscriptions
	Log        event.Feed
	Registry   *event.Registry         // decodes the events
	Projectors []projections.Projector // each with another name

	// Until, unless 0, is the ordinal at which each projector is done; it is not
	// taken beyond it. ToHead makes it done as soon as nothing follows. Without
	// both the projectors follow the log until they are told to stop.
	Until  uint64
	ToHead bool

	PageSize int // how many records one Apply gets at most; 2000 by default

	// A page is given to Apply up to Tries times (5 by default), each time with
	// Timeout (1 minute by default) and Backoff in between, then the projector is
	// stopped. What can never succeed is tried once. Its checkpoint and, unless it
	// follows, the log are read up to Tries times as well; a projector that follows
	// waits for the log to come back.
	Tries   int
	Timeout time.Duration
	Backoff Backoff

	// CloseTimeout is how long Run waits at its end for pages that are being
	// applied; 30 seconds by default.
	CloseTimeout time.Duration

	// Progress, if given, is called with the ordinal that a projector holds: once
	// at the beginning and after every page. Stopped, if given, is called when a
	// projector could not go on. Both are called from several goroutines.
	Progress func(projector string, ordinal uint64)
	Stopped  func(State)

	Logger *slog.Logger // nothing is logged by default
}

func (c *RouterConfig) setDefaults() {
	if c.Tries == 0 {
		c.Tries = 5
	}
	if c.Timeout == 0 {
		c.Timeout = time.Minute
	}
	if c.CloseTimeout == 0 {
		c.CloseTimeout = 30 * time.Second
	}
	if c.Progress == nil {
		c.Progress = func(string, uint64) {}
	}
	if c.Stopped == nil {
		c.Stopped = func(State) {}
	}
	if c.Logger == nil {
		c.Logger = slog.New(slog.DiscardHandler)
	}
	c.Backoff.setDefaults()
}

// Validate returns an error when something that is needed is missing or out of
// range, or two projectors have one name.
func (c RouterConfig) Validate() error {
	names := map[string]bool{}
	for _, p := range c.Projectors {
		if p.Name() == "" || names[p.Name()] {
			return fmt.Errorf("projector name %q is empty or repeated", p.Name())
		}
		names[p.Name()] = true
	}
	switch {
	case c.Ledger == "":
		return errors.New("no Ledger")
	case c.Log == nil:
		return errors.New("no Log")
	case c.Registry == nil:
		return errors.New("no Registry")
	case c.PageSize < 0 || c.Tries < 0 || c.Timeout < 0 || c.CloseTimeout < 0:
		return errors.New("a size, count or duration is negative")
	}
	return c.Backoff.Validate()
}

// A Router runs projectors over a log, each by itself: from its own checkpoint,
// at its own pace, and one that fails leaves the others alone.
type Router struct {
	config  RouterConfig
	logger  watermill.LoggerAdapter
	runs    []*projectorRun // in the order of config.Projectors
	started atomic.Bool

	// finish ends Run; set by it before any run begins.
	finish context.CancelFunc

	mu   sync.Mutex
	open int // runs neither done nor stopped; guarded by mu
}

// NewRouter returns a router, or what [RouterConfig.Validate] says.
func NewRouter(config RouterConfig) (*Router, error) {
	config.setDefaults()
	if err := config.Validate(); err != nil {
		return nil, fmt.Errorf("bus: router: %w", err)
	}
	r := &Router{
		config: config,
		// Watermill's Info tells of its own comings and goings.
		logger: watermill.NewSlogLoggerWithLevelMapping(config.Logger, map[slog.Level]slog.Level{slog.LevelInfo: slog.LevelDebug}),
		open:   len(config.Projectors),
	}
	for _, p := range config.Projectors {
		r.runs = append(r.runs, &projectorRun{router: r, projector: p, state: State{Name: p.Name()}})
	}
	return r, nil
}

// State tells how each projector stands, in the order of the configuration. It
// may be called at any time.
func (r *Router) State() []State {
	states := make([]State, len(r.runs))
	for i, l := range r.runs {
		states[i] = l.current()
	}
	return states
}

// Run runs the projectors until ctx ends or each of them is done or stopped. It
// returns the failures of those that stopped, joined; and, when the projectors
// were to reach an end and ctx ended before, that as well. It is called once.
func (r *Router) Run(ctx context.Context) error {
	if r.started.Swap(true) {
		return errors.New("bus: the router was already run")
	}
	running, finish := context.WithCancel(ctx)
	defer finish()
	r.finish = finish
	if err := r.route(running); err != nil {
		return fmt.Errorf("bus: router: %w", err)
	}
	return r.outcome(ctx)
}

// route runs a Watermill router until running ends, which is also how a run
// that finishes last ends it.
func (r *Router) route(running context.Context) error {
	if len(r.runs) == 0 {
		if r.follows() {
			<-running.Done()
		}
		return nil
	}
	router, err := message.NewRouter(message.RouterConfig{CloseTimeout: r.config.CloseTimeout}, r.logger)
	if err != nil {
		return err
	}
	for _, l := range r.runs {
		if err := r.add(router, l); err != nil {
			return err
		}
	}
	return router.Run(running)
}

// add gives l a handler with a subscription of its own.
func (r *Router) add(router *message.Router, l *projectorRun) error {
	subscriber, err := NewSubscriber(SubscriberConfig{
		Log:        func(string) (event.Feed, error) { return r.config.Log, nil },
		Checkpoint: l.checkpoint,
		Idle:       l.idle,
		Again:      l.again,
		Registry:   r.config.Registry,
		PageSize:   r.config.PageSize,
		Until:      r.config.Until,
		ToHead:     r.config.ToHead,
		Backoff:    r.config.Backoff,
		Logger:     r.logger.With(watermill.LogFields{"projector": l.state.Name}),
	})
	if err != nil {
		return err
	}
	handler := router.AddConsumerHandler(l.state.Name, r.config.Ledger, subscriber, l.apply)
	// Watermill draws two intervals per failure, one of them for ShouldRetry; the
	// second is what it waits. Growing by √2 makes those follow Backoff.
	retry := middleware.Retry{
		MaxRetries:          r.config.Tries - 1,
		InitialInterval:     time.Duration(float64(r.config.Backoff.Base) / math.Sqrt2),
		MaxInterval:         r.config.Backoff.Max,
		Multiplier:          math.Sqrt2,
		ResetContextOnRetry: true,
		ShouldRetry:         func(p middleware.RetryParams) bool { return mayGoAway(p.Err) },
		Logger:              r.logger,
	}
	// From the outside in. Recoverer stands outside of Retry because a panic is a
	// bug and no reason to try again; Timeout inside, so that each try has its own.
	// Retry also turns away a message whose subscription ended on its way here.
	handler.AddMiddleware(l.stopWith(handler), middleware.Recoverer, retry.Middleware, middleware.Timeout(r.config.Timeout))
	return nil
}

func (r *Router) follows() bool { return r.config.Until == 0 && !r.config.ToHead }

// closeRun counts a run that is done or stopped; the last one ends Run. It
// does so before the subscription closes, which Watermill would else take for an
// accident.
func (r *Router) closeRun() {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.open--; r.open == 0 {
		r.finish()
	}
}

// outcome returns what Run says at its end.
func (r *Router) outcome(ctx context.Context) error {
	var failures []error
	for _, l := range r.runs {
		s := l.current()
		switch {
		case s.Phase == Stopped:
			failures = append(failures, fmt.Errorf("projector %s stopped at %s: %w", s.Name, s.At, s.Err))
		case s.Phase != Done && !r.follows():
			failures = append(failures, errors.Join(fmt.Errorf("projector %s was interrupted at %s", s.Name, s.At), context.Cause(ctx)))
		}
		if l.applying.Load() {
			failures = append(failures, fmt.Errorf("projector %s is still applying a page behind %s", s.Name, s.At))
		}
	}
	return errors.Join(failures...)
}

// mayGoAway tells whether trying again may help against err, of a projector or
// of the log.
func mayGoAway(err error) bool {
	for _, lasting := range []error{projections.ErrGap, projections.ErrCannotApply, ErrPanic, event.ErrDamaged, event.ErrBadToken} {
		if errors.Is(err, lasting) {
			return false
		}
	}
	return true
}
