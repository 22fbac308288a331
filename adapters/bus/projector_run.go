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

// A projectorRun is one projector on its way along the log.
type projectorRun struct {
	router    *Router
	projector projections.Projector
	applying  atomic.Bool // an Apply is running

	mu    sync.Mutex
	state State // guarded by mu, but for Name, which never changes
}

func (l *projectorRun) current() State {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.state
}

func (l *projectorRun) update(change func(*State)) State {
	l.mu.Lock()
	defer l.mu.Unlock()
	change(&l.state)
	return l.state
}

// reached records that the projector holds the log up to at.
func (l *projectorRun) reached(at event.Position) {
	l.update(func(s *State) { s.Phase, s.At, s.Err = CatchingUp, at, nil })
	l.router.config.Progress(l.state.Name, at.Ordinal)
}

// stop records that the projector could not go on because of err.
func (l *projectorRun) stop(err error) {
	s := l.update(func(s *State) { s.Phase, s.Err = Stopped, err })
	l.router.config.Logger.Error("projector stopped", "projector", s.Name, "at", s.At.String(), "error", err)
	l.router.config.Stopped(s)
	l.router.closeRun()
}

// errCheckpoint marks an error as one of the read model and not of the log.
var errCheckpoint = errors.New("reading the checkpoint")

// checkpoint, idle and again serve the lane's subscriber.

func (l *projectorRun) checkpoint(ctx context.Context, _ string) (event.Position, error) {
	at, err := l.projector.Checkpoint(ctx)
	if err != nil {
		return at, fmt.Errorf("%w: %w", errCheckpoint, err)
	}
	l.reached(at)
	return at, nil
}

func (l *projectorRun) idle(_ string, at event.Position) {
	ended := l.router.config.ToHead || l.router.config.Until != 0 && at.Ordinal >= l.router.config.Until
	if !ended {
		l.update(func(s *State) { s.Phase, s.Err = Following, nil })
		return
	}
	l.update(func(s *State) { s.Phase, s.Err = Done, nil })
	l.router.closeRun()
}

func (l *projectorRun) again(_ string, err error, failures int) bool {
	waitsForLog := l.router.follows() && !errors.Is(err, errCheckpoint)
	if !mayGoAway(err) || failures >= l.router.config.Tries && !waitsForLog {
		l.stop(err)
		return false
	}
	l.update(func(s *State) { s.Err = err })
	return true
}

// apply is the lane's handler.
func (l *projectorRun) apply(m *message.Message) error {
	page, ok := PageOf(m.Context())
	if !ok {
		return errors.New("bus: the message carries no page")
	}
	l.applying.Store(true)
	defer l.applying.Store(false)
	if err := l.projector.Apply(m.Context(), page); err != nil {
		l.update(func(s *State) { s.Err = err })
		return err
	}
	l.reached(page.After)
	return nil
}

// stopWith makes the middleware that stops the projector, and it only, when a
// page finally failed. An error on the way out is none of the projector's,
// unless it would be the same the next time.
func (l *projectorRun) stopWith(handler *message.Handler) message.HandlerMiddleware {
	return func(next message.HandlerFunc) message.HandlerFunc {
		return func(m *message.Message) ([]*message.Message, error) {
			subscribed := m.Context()
			produced, err := next(m)
			if reason := reasonOf(err); reason != nil && (subscribed.Err() == nil || !mayGoAway(reason)) {
				l.stop(reason)
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
