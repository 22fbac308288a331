package datafolder

import (
	"context"
	"errors"
	"fmt"
	"os"

	"twinledger/adapters/readmodel"
	"twinledger/domain/event"
)

// A Verification is what holding one generation of the read models against the log
// found.
type Verification struct {
	Name       string         // served or former
	Checkpoint event.Position // which the log has with the same running hash
	readmodel.Comparison
}

// Verify holds the generations of the read models against the log. It recomputes the
// running hash at each generation's checkpoint, builds the read models a second time
// and compares every generation with them, row by row: the journal with its running
// hashes, what events say, the names in them, and every model. Nothing of the folder
// is changed.
func (f *Folder) Verify(ctx context.Context, step func(done, total int)) (all []Verification, err error) {
	if f.Models.Served() == nil {
		return nil, readmodel.ErrMissing
	}
	if err := f.CheckHistory(ctx); err != nil {
		return nil, err
	}
	folder, err := os.MkdirTemp("", "twinledger-verify-")
	if err != nil {
		return nil, fmt.Errorf("make folder to verify in: %w", err)
	}
	defer func() { err = errors.Join(err, os.RemoveAll(folder)) }()
	// How far the generations are is read first: the second copy comes at least as far,
	// also when others write meanwhile.
	held, release := f.Models.Hold()
	defer release()
	for i, generation := range held {
		v := Verification{Name: names[i]}
		if v.Checkpoint, err = generation.Checkpoint(ctx); err != nil {
			return nil, err
		}
		all = append(all, v)
	}
	second, g, err := f.secondCopy(ctx, folder, step)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, second.Dispose(g)) }()
	for i, generation := range held {
		v := &all[i]
		// What comparing cannot see: indexes, and what stands beyond the checkpoint.
		if err := generation.Check(ctx); err != nil {
			return nil, err
		}
		if v.Comparison, err = readmodel.Compare(ctx, generation, g, v.Checkpoint.Ordinal, nil); err != nil {
			return nil, err
		}
	}
	return all, nil
}

// secondCopy builds the read models in another folder.
func (f *Folder) secondCopy(ctx context.Context, folder string, step func(done, total int)) (*readmodel.ReadModels, *readmodel.Generation, error) {
	if err := f.checkSpace(folder); err != nil {
		return nil, nil, err
	}
	config := f.modelConfig()
	config.Folder = folder
	second, err := readmodel.Open(config, readmodel.Writing)
	if err != nil {
		return nil, nil, err
	}
	build, err := second.Build(true)
	if err != nil {
		return nil, nil, err
	}
	if err := f.project(ctx, step, build); err != nil {
		return nil, nil, errors.Join(err, build.Discard())
	}
	g, err := build.Finish(ctx)
	return second, g, err
}
