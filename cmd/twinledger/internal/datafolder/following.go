package datafolder

import (
	"context"
	"errors"
	"maps"
	"math"
	"slices"
	"sync"
	"time"

	"twinledger/adapters/bus"
	"twinledger/adapters/httpapi"
	"twinledger/adapters/readmodel"
	"twinledger/domain/event"
	"twinledger/domain/fault"
	"twinledger/projections"
)

// Following lets every generation of the read models follow the log while serve runs,
// each with a Watermill router of its own, and builds new ones beside them. It is safe
// for concurrent use.
type Following struct {
	f   *Folder
	ctx context.Context //nolint:containedctx // lives as long as serve does
	end context.CancelFunc

	mu        sync.Mutex
	moved     chan struct{} // closed when a generation moved or stopped, then replaced
	following map[*readmodel.Generation]*follower
	begun     map[string]uint64 // where log and generations stood at first, by name
	rebuild   *httpapi.Rebuild  // that runs, or ran last; nil when none did
	cancel    context.CancelFunc
	ended     chan struct{} // closed when the rebuild that runs has ended
	running   sync.WaitGroup

	serving sync.Mutex // held by whoever changes which generations are open
}

// A follower is one generation on its way along the log.
type follower struct {
	router *bus.Router
	cancel context.CancelFunc
	done   chan struct{}
	err    error // why it ended; read behind done
}

// wholeLog is the log's place in what was noted at first; no generation is called so.
const wholeLog = ""

// Follow lets the generations of the folder follow the log until Stop is called.
func (f *Folder) Follow(ctx context.Context) (*Following, error) {
	w := &Following{f: f, moved: make(chan struct{}), following: map[*readmodel.Generation]*follower{}, begun: map[string]uint64{}}
	w.ctx, w.end = context.WithCancel(context.WithoutCancel(ctx))
	state, err := w.Status(ctx)
	if err != nil {
		return nil, err
	}
	w.begun[wholeLog] = state.Head
	all, release := f.Models.Hold()
	defer release()
	for _, g := range all {
		if err := w.follow(g); err != nil {
			return nil, errors.Join(err, w.Stop())
		}
	}
	w.running.Go(w.watch)
	return w, nil
}

// follow starts a generation's router.
func (w *Following) follow(g *readmodel.Generation) error {
	router, err := bus.NewRouter(bus.RouterConfig{
		Ledger: w.f.Ledger, Log: w.f.Log, Registry: w.f.Registry, Projectors: []projections.Projector{g}, Logger: w.f.Logger,
		// What may go away is tried again for as long as it lasts.
		Tries: math.MaxInt32, Backoff: bus.Backoff{Max: 5 * time.Second},
		Progress: func(string, uint64) { w.move() },
		Stopped: func(s bus.State) {
			w.f.Logger.Error("read models stopped", "generation", s.Name, "at", s.At.Ordinal, "err", s.Err)
			w.move()
		},
	})
	if err != nil {
		return err
	}
	ctx, cancel := context.WithCancel(w.ctx)
	one := &follower{router: router, cancel: cancel, done: make(chan struct{})}
	w.mu.Lock()
	w.following[g] = one
	w.mu.Unlock()
	go func() {
		defer close(one.done)
		one.err = router.Run(ctx)
	}()
	return nil
}

// leave stops a generation's router and returns when it has ended.
func (w *Following) leave(g *readmodel.Generation) {
	w.mu.Lock()
	one := w.following[g]
	delete(w.following, g)
	w.mu.Unlock()
	if one != nil {
		one.cancel()
		<-one.done
	}
}

// Stop ends all following and a rebuild that runs, which can be gone on with later.
func (w *Following) Stop() error {
	w.end()
	w.running.Wait()
	w.mu.Lock()
	followers := slices.Collect(maps.Values(w.following))
	w.mu.Unlock() // they still tell how far they are
	var err error
	for _, one := range followers {
		<-one.done
		if !errors.Is(one.err, context.Canceled) {
			err = errors.Join(err, one.err)
		}
	}
	return err
}

// move tells those who wait to look again.
func (w *Following) move() {
	w.mu.Lock()
	defer w.mu.Unlock()
	close(w.moved)
	w.moved = make(chan struct{})
}

func (w *Following) next() <-chan struct{} {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.moved
}

// Await returns when the generation that is served holds the record of token, which is
// one that this ledger's gateway gave.
func (w *Following) Await(ctx context.Context, token event.Token) error {
	token, err := w.f.LogToken(ctx, token)
	if err != nil {
		return err
	}
	for {
		moved := w.next() // before looking: what happens after is not missed
		at, err := w.f.Models.Checkpoint(ctx)
		if err != nil {
			return err
		}
		holds, err := w.f.Log.Covers(ctx, at.Token, token)
		if holds || err != nil {
			return err
		}
		if g := w.f.Models.Served(); g != nil && w.stopped(g) != "" {
			return ErrNotFollowing.With("model", g.Name())
		}
		select {
		case <-moved:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// errTrying is what keeps a generation from following when nothing else is known.
var errTrying = fault.New(fault.Unavailable, "readmodel.trying-again",
	"读模型暂时未能更新，仍在重试；原因见程序日志。",
	"The read models could not be brought up to date; it is tried again. The log of the program says why.")

// stopped returns why a generation stopped, or what keeps it from following at the
// moment; "" while it follows.
func (w *Following) stopped(g *readmodel.Generation) string {
	w.mu.Lock()
	one := w.following[g]
	w.mu.Unlock()
	if one == nil {
		return ""
	}
	for _, s := range one.router.State() {
		if _, known := fault.As(s.Err); known {
			return explain(s.Err)
		} else if s.Err != nil {
			return explain(errTrying)
		}
	}
	return ""
}

// explain returns an error in words that may be shown.
func explain(err error) string {
	if f, ok := fault.As(err); ok {
		return f.Message() + " [" + f.Code + "]"
	}
	return errUnexpected.Message() + " [" + errUnexpected.Code + "]"
}

// errUnexpected stands for an error that was not foreseen. What it says may hold paths or
// contents, so that only the program's log has it.
var errUnexpected = fault.New(fault.Internal, "readmodel.unexpected",
	"程序出错；原因见程序日志。", "Something went wrong in the program; its log says what.")

// Status tells how far log and generations are, and why one stopped.
func (w *Following) Status(ctx context.Context) (httpapi.State, error) {
	states, err := w.f.States(ctx)
	if err != nil {
		return httpapi.State{}, err
	}
	state := httpapi.State{Ledger: w.f.Ledger, Head: states.Head, Appended: w.since(wholeLog, states.Head)}
	for i, s := range states.Generations {
		if i == 0 {
			state.Reached = s.Ordinal
		}
		state.Projectors = append(state.Projectors, httpapi.Projector{Name: s.Name, Ordinal: s.Ordinal, Applied: w.since(s.File, s.Ordinal), Stopped: w.stopped(s.generation)})
	}
	return state, nil
}

// since returns how many records the log, or the generation in a file, gained since it was
// first asked about.
func (w *Following) since(file string, ordinal uint64) uint64 {
	w.mu.Lock()
	defer w.mu.Unlock()
	begun, known := w.begun[file]
	if !known {
		begun, w.begun[file] = ordinal, ordinal
	}
	return ordinal - min(begun, ordinal)
}

// Ready tells whether the generation that is served follows and has reached the head.
// A few records that were just written do not matter: a query may wait for them.
func (w *Following) Ready(ctx context.Context) error {
	state, err := w.Status(ctx)
	if err != nil {
		return err
	}
	switch g := w.f.Models.Served(); {
	case g == nil || len(state.Projectors) == 0:
		return readmodel.ErrMissing
	case g.Damaged():
		return readmodel.ErrDamaged.With("file", g.Name())
	}
	served := state.Projectors[0]
	lag := state.Head - min(state.Reached, state.Head)
	if served.Stopped != "" {
		return ErrNotFollowing.With("model", served.Name).With("behind", lag).With("why", served.Stopped)
	}
	if lag > 0 && !w.caughtUp() {
		return ErrNotFollowing.With("model", served.Name).With("behind", lag)
	}
	return nil
}

// caughtUp tells whether the served generation has once reached the head, or comes to
// within a moment.
func (w *Following) caughtUp() bool {
	g := w.f.Models.Served()
	w.mu.Lock()
	one := w.following[g]
	w.mu.Unlock()
	if one == nil {
		return false
	}
	for range 10 {
		for _, s := range one.router.State() {
			if s.Phase == bus.Following {
				return true
			}
		}
		time.Sleep(10 * time.Millisecond)
	}
	return false
}

// How often the files of the read models are looked at, and how often at most they are
// built anew because they are damaged: what the log itself makes of them, no building
// mends. Where building fails, it is tried again after twice as long each time, until it
// is mendEvery.
const (
	watchEvery = time.Second
	mendEvery  = 10 * time.Minute
)

// watch builds the read models anew when their file was removed, replaced or damaged
// under the running serve. Until then questions are answered from the file that was
// opened, as far as it can be read. Of a former one that is gone nothing is kept.
func (w *Following) watch() {
	ticker := time.NewTicker(watchEvery)
	defer ticker.Stop()
	var mended time.Time
	var pause time.Duration // between the last attempt and the next, where files are gone
	for {
		select {
		case <-w.ctx.Done():
			return
		case <-ticker.C:
		}
		if g := w.f.Models.Former(); g != nil && (!g.InPlace() || g.Damaged()) {
			if err := w.Release(); err != nil {
				w.f.Logger.Error("the former read models cannot be removed", "err", err)
			}
		}
		g := w.f.Models.Served()
		if g == nil || g.InPlace() && !g.Damaged() {
			pause = 0
			continue
		}
		if g.InPlace() {
			pause = mendEvery
		}
		if !mended.IsZero() && time.Since(mended) < pause {
			continue
		}
		if err := w.Start(true); err == nil { // one that runs already will do
			mended, pause = time.Now(), min(max(2*pause, watchEvery), mendEvery)
			w.f.Logger.Warn("the file of the read models was removed or is damaged; they are built anew", "generation", g.Name())
		}
	}
}
