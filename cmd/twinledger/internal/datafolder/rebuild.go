package datafolder

import (
	"context"
	"errors"
	"time"

	"twinledger/adapters/httpapi"
	"twinledger/adapters/readmodel"
	"twinledger/domain/fault"
)

// What a rebuild inside serve is refused with.
var (
	ErrRebuilding = fault.New(fault.Conflict, "rebuild.running",
		"正在重建读模型；可用 rebuild --status 查看，--cancel 停止。", "The read models are being built already; see rebuild --status, or stop it with --cancel.")
	ErrNotRebuilding = fault.New(fault.NotFound, "rebuild.not-running",
		"现在没有正在进行的重建。", "No read models are being built at the moment.")
)

// RebuildNow builds new read models in a folder that is held, compares them with those
// that are served, tells report and serves them. With accepting, those that are served
// know another history than the log's: they are not compared, and removed once the new
// ones are served.
func (f *Folder) RebuildNow(ctx context.Context, anew, accepting bool, report func(httpapi.Rebuild)) (httpapi.Rebuild, error) {
	steps := rebuildSteps{report, func(*readmodel.Generation) error { return nil }, func(*readmodel.Generation) {}, f.Models.Serve, !accepting}
	if accepting {
		steps.serve = func(g *readmodel.Generation) error {
			if err := f.Models.Serve(g); err != nil {
				return err
			}
			return f.Models.KeepServed()
		}
	}
	return f.rebuild(ctx, anew, steps)
}

// rebuildSteps are called while read models are built.
type rebuildSteps struct {
	report   func(httpapi.Rebuild)             // how far it is
	finished func(*readmodel.Generation) error // with the new generation, before it is compared
	leaves   func(*readmodel.Generation)       // with a generation that is about to be removed
	serve    func(*readmodel.Generation) error // makes the new generation the one that is served
	compares bool                              // with the one that is served
}

func (f *Folder) rebuild(ctx context.Context, anew bool, steps rebuildSteps) (httpapi.Rebuild, error) {
	r := httpapi.Rebuild{Phase: httpapi.RebuildBuilding}
	estimate := newEstimate(f.options.Now)
	g, err := f.Build(ctx, anew, func(done, total int) {
		r.Done, r.Total, r.LeftSeconds = done, total, int(estimate.left(done, total)/time.Second)
		steps.report(r)
	})
	if err != nil {
		return f.ended(ctx, r, err), err
	}
	if err := steps.finished(g); err != nil {
		return f.ended(ctx, r, err), errors.Join(err, f.Models.Dispose(g))
	}
	r.Phase, r.LeftSeconds = httpapi.RebuildComparing, 0
	steps.report(r)
	if !steps.compares {
		err = nil
	} else if err = f.compare(ctx, &r, g); ctx.Err() != nil {
		steps.leaves(g)
		stopped := f.ended(ctx, r, err)
		stopped.Why = explain(errStoppedLate)
		return stopped, errors.Join(ctx.Err(), f.Models.Dispose(g))
	}
	if err != nil {
		// What is served cannot be read: all the more it is replaced.
		f.Logger.Error("new read models could not be compared with those that are served", "err", err)
		r.Why = explain(err)
	}
	err = steps.serve(g)
	if err != nil && f.Models.Served() != g {
		steps.leaves(g)
		return f.ended(ctx, r, err), errors.Join(err, f.Models.Dispose(g))
	}
	r.Phase = httpapi.RebuildServed
	return f.named(r), err
}

// errStoppedLate says what became of new read models that were complete when their
// rebuild was stopped.
var errStoppedLate = fault.New(fault.Unavailable, "rebuild.stopped-late",
	"新读模型已建好、正在比对时被停止，已删除；再次运行将从头重建。",
	"It was stopped when the new read models were complete and being compared; they were removed, and the next rebuild begins anew.")

// ended returns how a rebuild ended that did not come to its end.
func (f *Folder) ended(ctx context.Context, r httpapi.Rebuild, err error) httpapi.Rebuild {
	r.Phase, r.LeftSeconds = httpapi.RebuildStopped, 0
	if ctx.Err() == nil {
		r.Phase, r.Why = httpapi.RebuildFailed, explain(err)
	}
	return f.named(r)
}

// named fills in which generations there are.
func (f *Folder) named(r httpapi.Rebuild) httpapi.Rebuild {
	r.Served, r.Former = "", ""
	if g := f.Models.Served(); g != nil {
		r.Served = g.Name()
	}
	if g := f.Models.Former(); g != nil && g.InPlace() {
		r.Former = g.Name()
	}
	return r
}

// RebuildState returns which generations there are, where nothing is built.
func (f *Folder) RebuildState(context.Context) (httpapi.Rebuild, error) {
	return f.named(httpapi.Rebuild{Phase: httpapi.RebuildNone, Differences: []httpapi.TableDifference{}}), nil
}

// compare compares a new generation with the one that is served, up to where both hold
// the log.
func (f *Folder) compare(ctx context.Context, r *httpapi.Rebuild, g *readmodel.Generation) error {
	is, err := g.Checkpoint(ctx)
	r.Ordinal, r.Differences = is.Ordinal, []httpapi.TableDifference{}
	all, release := f.Models.Hold()
	defer release()
	if err != nil || len(all) == 0 {
		return err
	}
	was, err := all[0].Checkpoint(ctx)
	if err != nil {
		return err
	}
	comparison, err := readmodel.Compare(ctx, all[0], g, min(is.Ordinal, was.Ordinal), nil)
	if err != nil {
		return err
	}
	r.Compared, r.Differences = true, Differences(comparison)
	return nil
}

// Differences returns a comparison as it is shown.
func Differences(c readmodel.Comparison) []httpapi.TableDifference {
	out := []httpapi.TableDifference{}
	for _, t := range c.Tables {
		one := httpapi.TableDifference{Table: t.Table, Rows: t.Rows, Missing: t.Missing, Added: t.Added, Changed: t.Changed, First: []httpapi.RowDifference{}}
		for _, d := range t.First {
			one.First = append(one.First, httpapi.RowDifference(d))
		}
		out = append(out, one)
	}
	return out
}

// An estimate tells from the pace so far how long the rest takes.
type estimate struct {
	now   func() time.Time
	start time.Time
	first int
}

func newEstimate(now func() time.Time) *estimate { return &estimate{now: now} }

// left returns about how long the rest takes; what was through before the first call
// says nothing of the pace.
func (e *estimate) left(done, total int) time.Duration {
	if e.start.IsZero() {
		e.start, e.first = e.now(), done
		return 0
	}
	if done <= e.first {
		return 0
	}
	return (e.now().Sub(e.start) / time.Duration(done-e.first) * time.Duration(total-done)).Round(time.Second)
}

// Start begins to build new read models beside those that are served.
func (w *Following) Start(anew bool) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.rebuild != nil && w.rebuild.Runs() {
		return ErrRebuilding
	}
	if w.ctx.Err() != nil {
		return w.ctx.Err()
	}
	ctx, cancel := context.WithCancel(w.ctx)
	ended := make(chan struct{})
	w.rebuild, w.cancel, w.ended = &httpapi.Rebuild{Phase: httpapi.RebuildBuilding, Differences: []httpapi.TableDifference{}}, cancel, ended
	w.running.Go(func() {
		defer close(ended)
		defer cancel()
		r, err := w.f.rebuild(ctx, anew, rebuildSteps{w.report, w.follow, w.leave, w.serve, true})
		if err != nil && ctx.Err() == nil {
			w.f.Logger.Error("rebuild failed", "err", err)
		}
		w.report(r)
		w.move()
	})
	return nil
}

// serve serves a generation that was built and follows.
func (w *Following) serve(g *readmodel.Generation) error {
	w.serving.Lock()
	defer w.serving.Unlock()
	if oldest := w.f.Models.Former(); oldest != nil {
		w.leave(oldest)
	}
	err := w.f.Models.Serve(g)
	if oldest := w.f.Models.Former(); err != nil && w.f.Models.Served() != g && oldest != nil {
		err = errors.Join(err, w.follow(oldest)) // everything is as before
	}
	return err
}

func (w *Following) report(r httpapi.Rebuild) {
	if r.Differences == nil {
		r.Differences = []httpapi.TableDifference{}
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.rebuild = &r
}

// Rebuild does what is ordered with the read models; see [httpapi.Rebuilder].
func (w *Following) Rebuild(ctx context.Context, order httpapi.RebuildOrder) (httpapi.Rebuild, error) {
	var err error
	switch order.Do {
	case "":
	case "start":
		err = w.Start(order.Anew)
	case "cancel":
		err = w.Cancel(ctx)
	case "go_back":
		err = w.GoBack()
	case "release":
		err = w.Release()
	default:
		err = httpapi.UnknownOrder(order)
	}
	if err != nil {
		return httpapi.Rebuild{}, err
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.rebuild == nil {
		return w.f.RebuildState(ctx)
	}
	return w.f.named(*w.rebuild), nil
}

// Cancel stops the rebuild that runs and returns when it has ended. The next one goes on
// from where it was.
func (w *Following) Cancel(ctx context.Context) error {
	w.mu.Lock()
	if w.rebuild == nil || !w.rebuild.Runs() {
		w.mu.Unlock()
		return ErrNotRebuilding
	}
	w.cancel()
	ended := w.ended
	w.mu.Unlock()
	select {
	case <-ended:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// GoBack serves the former generation again.
func (w *Following) GoBack() error {
	w.serving.Lock()
	defer w.serving.Unlock()
	err := w.f.Models.GoBack()
	w.forgetEnded()
	w.move()
	return err
}

// forgetEnded forgets a rebuild that is over: what it said of the read models is true no
// more.
func (w *Following) forgetEnded() {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.rebuild != nil && !w.rebuild.Runs() {
		w.rebuild = nil
	}
}

// Release removes the former generation.
func (w *Following) Release() error {
	w.serving.Lock()
	defer w.serving.Unlock()
	if former := w.f.Models.Former(); former != nil {
		w.leave(former)
	}
	w.forgetEnded()
	return w.f.Models.Release()
}
