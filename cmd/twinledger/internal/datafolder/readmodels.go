package datafolder

import (
	"context"
	"errors"
	"fmt"
	"os"
	"runtime/debug"
	"strconv"
	"time"

	"twinledger/adapters/bus"
	"twinledger/adapters/readmodel"
	"twinledger/domain/event"
	"twinledger/domain/fault"
	"twinledger/projections"
)

// ErrNoSpace refuses to build read models for which the disk has no room.
var ErrNoSpace = fault.New(fault.Unavailable, "readmodel.no-space",
	"磁盘剩余空间不足，无法重建读模型；正在使用的读模型不受影响。请腾出 needed 所示的字节数后再试。",
	"The disk has no room to build the read models; those that are served are unharmed. Free as many bytes as shown under needed and try again.")

// openModelsBeside opens the read models beside the process that holds the folder. For
// those that it is just building, because their files were removed or damaged, it is
// waited a little.
func (f *Folder) openModelsBeside() (err error) {
	const patience, pause = 5 * time.Second, 50 * time.Millisecond
	for begun := time.Now(); ; time.Sleep(pause) {
		f.Models, err = readmodel.Open(f.modelConfig(), readmodel.ReadOnly)
		soon := errors.Is(err, readmodel.ErrMissing) || errors.Is(err, readmodel.ErrDamaged) || errors.Is(err, os.ErrNotExist)
		if !soon || time.Since(begun) > patience {
			return err
		}
	}
}

// CatchUp brings the read models to the end of the log: it builds them where there are
// none, and lets those that are merely behind follow, through the same Watermill
// handlers that serve runs. Beside serve, whose own follow, it waits for them.
func (f *Folder) CatchUp(ctx context.Context, step func(done, total int)) error {
	return f.Gateway.Settle(ctx, step)
}

// catchUp does what CatchUp promises in a folder that is held.
func (f *Folder) catchUp(ctx context.Context, step func(done, total int)) error {
	if f.Models.Served() == nil {
		g, err := f.Build(ctx, false, step)
		if before := lastBefore(err); before > 0 {
			// What lies before the event that cannot be applied is served all the same.
			var buildErr error
			g, buildErr = f.build(ctx, false, before, step)
			err = errors.Join(err, buildErr)
		}
		if g == nil {
			return err
		}
		return errors.Join(err, f.Models.Serve(g))
	}
	if err := f.project(ctx, step, f.Models.Served()); err != nil {
		return err
	}
	former := f.Models.Former()
	if former == nil {
		return nil
	}
	// The former generation is only kept to go back to. One that cannot follow is of no use
	// for that, and must keep nobody from working.
	err := f.project(ctx, nil, former)
	if err == nil || ctx.Err() != nil {
		return ctx.Err()
	}
	f.Logger.Warn("the former read models cannot follow", "generation", former.Name(), "err", err)
	// A full disk or the like passes: then it is only behind. What the read models
	// themselves are refused for does not.
	if _, refused := fault.As(err); refused {
		return f.Models.Release()
	}
	return nil
}

// lastBefore returns the ordinal before that of the event that cannot be applied, 0 when
// err is another error.
func lastBefore(err error) uint64 {
	refused, _ := fault.As(err)
	if !errors.Is(err, projections.ErrCannotApply) || refused == nil {
		return 0
	}
	for _, d := range refused.Details {
		if n, err := strconv.ParseUint(d.Value, 10, 64); d.Name == "ordinal" && err == nil && n > 0 {
			return n - 1
		}
	}
	return 0
}

// project runs projectors to the head of the log. step, if given, is told how far the
// first of them has come.
func (f *Folder) project(ctx context.Context, step func(done, total int), projectors ...projections.Projector) error {
	return f.projectUntil(ctx, 0, step, projectors...)
}

// projectUntil runs projectors to an ordinal, or for 0 to the head of the log.
func (f *Folder) projectUntil(ctx context.Context, until uint64, step func(done, total int), projectors ...projections.Projector) error {
	head, err := f.Log.Head(ctx)
	if err != nil {
		return err
	}
	router, err := bus.NewRouter(bus.RouterConfig{
		Ledger: f.Ledger, Log: f.Log, Registry: f.Registry, Projectors: projectors, Until: until, ToHead: until == 0, Logger: f.Logger,
		Progress: func(name string, ordinal uint64) {
			if step != nil && name == projectors[0].Name() {
				step(int(ordinal), int(max(head, ordinal)))
			}
		},
	})
	if err != nil {
		return err
	}
	return router.Run(ctx)
}

// Build makes a new generation of the read models beside the one that is served, up to
// the end of the log. A build that was stopped is gone on with, unless anew is true.
// When ctx ends, what is built so far is kept for the next Build.
func (f *Folder) Build(ctx context.Context, anew bool, step func(done, total int)) (*readmodel.Generation, error) {
	return f.build(ctx, anew, 0, step)
}

// build does what Build says, up to an ordinal, or for 0 to the end of the log.
func (f *Folder) build(ctx context.Context, anew bool, until uint64, step func(done, total int)) (*readmodel.Generation, error) {
	if err := f.checkSpace(f.Path); err != nil {
		return nil, err
	}
	head, err := f.Log.Head(ctx)
	if err != nil {
		return nil, err
	}
	defer collectLess(head)()
	build, err := f.Models.Build(anew)
	if err != nil {
		return nil, err
	}
	if build, err = f.ofThisHistory(ctx, build); err != nil {
		return nil, err
	}
	err = f.projectUntil(ctx, until, step, build)
	switch {
	case ctx.Err() != nil:
		return nil, errors.Join(ctx.Err(), build.Pause())
	case err != nil:
		return nil, errors.Join(err, build.Discard())
	}
	g, err := build.Finish(ctx)
	if err != nil {
		return nil, err
	}
	// What was written meanwhile.
	if err := f.projectUntil(ctx, until, nil, g); err != nil {
		return nil, errors.Join(err, f.Models.Dispose(g))
	}
	return g, nil
}

// ofThisHistory returns a build that goes on from a stopped one, or one that begins anew
// where the log is no longer the one that the stopped one read.
func (f *Folder) ofThisHistory(ctx context.Context, build *readmodel.Build) (*readmodel.Build, error) {
	at, err := build.Checkpoint(ctx)
	if err != nil || at.Ordinal == 0 {
		return build, err
	}
	check := &historyCheck{open: []event.Position{at}}
	err = event.Pages(ctx, f.Log, check.page)
	if err == nil {
		err = check.end()
	}
	if !IsOtherHistory(err) {
		return build, err
	}
	if err := build.Discard(); err != nil {
		return nil, err
	}
	return f.Models.Build(true)
}

// While read models are built, the heap may grow by buildGC per cent between two
// collections, within buildMemory bytes and recordMemory more for every record of the
// log: that is what a build keeps of it, and room to work.
const (
	buildGC      = 400
	buildMemory  = 200 << 20
	recordMemory = 110
)

// collectLess lets garbage be collected as a build of so many records needs it, which
// makes much of it beside what it keeps: when the process comes to its limit, and not
// each time that the heap has doubled. restore ends that.
func collectLess(records uint64) (restore func()) {
	percent, limit := debug.SetGCPercent(buildGC), debug.SetMemoryLimit(buildMemory+int64(records)*recordMemory)
	return func() {
		debug.SetGCPercent(percent)
		debug.SetMemoryLimit(limit)
	}
}

// checkSpace refuses a build that would fill the disk of a folder: the read models take up to
// twice as much as the log.
func (f *Folder) checkSpace(folder string) error {
	info, err := os.Stat(LogPath(f.Path))
	if err != nil {
		return fmt.Errorf("look at log: %w", err)
	}
	free, known := freeSpace(folder)
	if needed := 2*uint64(info.Size()) + spareSpace; known && free < needed {
		return ErrNoSpace.With("needed", needed).With("free", free)
	}
	return nil
}

// spareSpace stays free for everything else.
const spareSpace = 16 << 20
