package datafolder

import (
	"context"
	"errors"
	"os"

	"twinledger/adapters/readmodel"
)

// A Verification is what holding the served read models against the log found.
type Verification struct {
	Hash [32]byte // running hash up to the ordinal
	readmodel.Comparison
}

// Verify builds the read models a second time from the log and compares those that are
// served with them, row by row. That both hold the same records of the same history,
// opening the folder has told already. Nothing of the folder is changed.
func (f *Folder) Verify(ctx context.Context, step func(done, total int)) (v Verification, err error) {
	served := f.Models.Served()
	if served == nil {
		return v, readmodel.ErrMissing
	}
	at, err := served.Checkpoint(ctx)
	if err != nil {
		return v, err
	}
	if err := f.checkSpace(); err != nil {
		return v, err
	}
	folder, err := os.MkdirTemp("", "twinledger-verify-")
	if err != nil {
		return v, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(folder)) }()
	config := f.modelConfig()
	config.Folder = folder
	second, err := readmodel.Open(config, readmodel.Writing)
	if err != nil {
		return v, err
	}
	defer func() { err = errors.Join(err, second.Close()) }()
	build, err := second.Build(true)
	if err != nil {
		return v, err
	}
	if err := f.project(ctx, step, build); err != nil {
		return v, errors.Join(err, build.Discard())
	}
	g, err := build.Finish(ctx)
	if err != nil {
		return v, err
	}
	if err := second.Serve(g); err != nil {
		return v, err
	}
	v.Hash = at.Hash
	v.Comparison, err = readmodel.Compare(ctx, served, g, at.Ordinal, nil)
	return v, err
}
