package main

import (
	"context"

	"twinledger/cmd/twinledger/internal/datafolder"
)

// folderOptions are what opening the named data folder needs.
func (p *program) folderOptions() datafolder.Options { return p.optionsOf(p.data) }

// optionsOf are what opening a data folder needs.
func (p *program) optionsOf(folder string) datafolder.Options {
	return datafolder.Options{Path: folder, Now: p.now, Progress: func(what string) (func(done, total int), func()) {
		bar := p.progress(what)
		return bar.step, bar.end
	}}
}

// folder returns the named data folder.
func (p *program) folder() (string, error) {
	if p.data == "" {
		return "", datafolder.ErrNotNamed
	}
	return p.data, nil
}

func (p *program) openToRead(ctx context.Context) (*datafolder.Folder, error) {
	return datafolder.OpenToRead(ctx, p.folderOptions())
}

func (p *program) openToWrite(ctx context.Context) (*datafolder.Folder, error) {
	return datafolder.OpenToWrite(ctx, p.folderOptions())
}

func (p *program) openHolding(ctx context.Context) (*datafolder.Folder, error) {
	return datafolder.OpenHolding(ctx, p.folderOptions())
}
