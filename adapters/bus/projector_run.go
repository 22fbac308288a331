package bus

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"

	"github.com/ThreeDotsLabs/watermill/message"
	"github.com/ThreeDotsLabs/watermill/message/router/middleware"

	"twinledger/domain/event"
	"twinledger/domain/fault"
	"twinledger/projections"
)

// ErrPanic is why a projector stopped that panicked; its cause is what it
// panicked with. The stack is in the operator's log only.
var ErrPanic = fault.New(fault.Internal, "bus.projector-panic",
	"读模型程序内部出错，该读模型已停在此处；请升级程序后重建。", "A read model's program failed and the read model stopped there; upgrade and rebuild.")

// A Phase says what a projector is doing.
type Phase uint8

// The phases of a projector.
const (
	Starting   Phase = iota // its checkpoint is not read yet
	CatchingUp              // records are waiting for it
	Following               // it holds everything there is and waits for more
	Done                    // it has reached the end it was given
	Stopped                 // it could not go on
)

// String returns the phase in lower case.
func (p Phase) String() string {
	names := [...]string{"starting", "catching-up", "following", "done", "stopped"}
	if int(p) < len(names) {
		return names[p]
	}
	return fmt.Sprintf("phase-%d", uint8(p))
}

// A State tells how a projector stands.
type State struct {
	Name  string
	Phase Phase
	At    event.Position // what it holds; the zero Position until its checkpoint is read
	Err   error          // why it stopped; before that, what is being tried again; or nil
}

// A projectorRun feeds the log to one projector and keeps the projector's state.
type projectorRun struct {
	router    *Router
	projector projections.Projector
	applying  atomic.Bool // an Apply is running

	mu    sync.Mutex
	state State // guarded by mu, but for Name, which never changes
}

func (p *projectorRun) current() State {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.state
}

func (p *projectorRun) update(change func(*State)) State {
	p.mu.Lock()
	defer p.mu.Unlock()
	change(&p.state)
	return p.state
}

// reached records that the projector holds the log up to at.
func (p *projectorRun) reached(at event.Position) {
	p.update(func(s *State) { s.Phase, s.At, s.Err = CatchingUp, at, nil })
	p.router.config.Progress(p.state.Name, at.Ordinal)
}

// stop records that the projector could not go on because of err.
func (p *projectorRun) stop(err error) {
	s := p.update(func(s *State) { s.Phase, s.Err = Stopped, err })
	p.router.config.Logger.Error("projector stopped", "projector", s.Name, "at", s.At.String(), "error", err)
	p.router.config.Stopped(s)
	p.router.closeRun()
}

// errCheckpoint marks an error as one of the read model and not of the log.
var errCheckpoint = errors.New("reading the checkpoint")

// checkpoint, idle and again are called by the subscriber of this run.

func (p *projectorRun) checkpoint(ctx context.Context, _ string) (event.Position, error) {
	at, err := p.projector.Checkpoint(ctx)
	if err != nil {
		return at, fmt.Errorf("%w: %w", errCheckpoint, err)
	}
	p.reached(at)
	return at, nil
}

func (p *projectorRun) idle(_ string, at event.Position) {
	ended := p.router.config.ToHead || p.router.config.Until != 0 && at.Ordinal >= p.router.config.Until
	if !ended {
		p.update(func(s *State) { s.Phase, s.Err = Following, nil })
		return
	}
	p.update(func(s *State) { s.Phase, s.Err = Done, nil })
	p.router.closeRun()
}

func (p *projectorRun) again(_ string, err error, failures int) bool {
	waitsForLog := p.router.follows() && !errors.Is(err, errCheckpoint)
	if !mayGoAway(err) || failures >= p.router.config.Tries && !waitsForLog {
		p.stop(err)
		return false
	}
	p.update(func(s *State) { s.Err = err })
	return true
}

// apply is the message handler of this run.
func (p *projectorRun) apply(m *message.Message) error {
	batch, ok := BatchOf(m.Context())
	if !ok {
		return errors.New("bus: the message carries no page")
	}
	p.applying.Store(true)
	defer p.applying.Store(false)
	if err := p.projector.Apply(m.Context(), batch); err != nil {
		p.update(func(s *State) { s.Err = err })
		return err
	}
	p.reached(batch.After)
	return nil
}

// stopWith makes the middleware that stops the projector, and it only, when a
// page finally failed. An error on the way out is none of the projector's,
// unless it would be the same the next time.
func (p *projectorRun) stopWith(handler *message.Handler) message.HandlerMiddleware {
	return func(next message.HandlerFunc) message.HandlerFunc {
		return func(m *message.Message) ([]*message.Message, error) {
			subscribed := m.Context()
			produced, err := next(m)
			if reason := reasonOf(err); reason != nil && (subscribed.Err() == nil || !mayGoAway(reason)) {
				p.stop(reason)
				handler.Stop()
			}
			return produced, err
		}
	}
}

// reasonOf returns err without the stack of a panic, which Watermill logs.
func reasonOf(err error) error {
	if panicked, ok := errors.AsType[middleware.RecoveredPanicError](err); ok {
		return ErrPanic.Because(fmt.Errorf("%v", panicked.V))
	}
	return err
}
