package datafolder

import (
	"context"
	"encoding/json"

	"twinledger/domain/intake"
	"twinledger/domain/seal"
)

// Label returns the file and sheet names of an import, which are sealed in the
// log; ok is false when they cannot be read.
func (f *Folder) Label(ctx context.Context, key string) (label intake.Label, ok bool) {
	if f.Vault == nil {
		return label, false
	}
	history, err := f.Handler.Load(ctx, key)
	if err != nil || len(history) == 0 {
		return label, false
	}
	started, isImport := history[0].Fact.(intake.Started)
	if !isImport || started.Label.Sealed == nil {
		return label, false
	}
	text, err := f.Vault.Open(ctx, *started.Label.Sealed, seal.Place(key, intake.LabelField))
	if err != nil || json.Unmarshal([]byte(text), &label) != nil {
		return label, false
	}
	return label, true
}

// NoLabels is [Folder.Labels] for whoever may not see the names of files and sheets.
func NoLabels(string) (label intake.Label, ok bool) { return intake.Label{}, false }

// Labels returns [Folder.Label] for many rows of few imports: each is read once,
// for its stream lists every row of its file.
func (f *Folder) Labels(ctx context.Context) func(key string) (intake.Label, bool) {
	type read struct {
		label intake.Label
		ok    bool
	}
	known := map[string]read{}
	return func(key string) (intake.Label, bool) {
		one, has := known[key]
		if !has {
			one.label, one.ok = f.Label(ctx, key)
			known[key] = one
		}
		return one.label, one.ok
	}
}

// WrittenCells returns what tells, of a row of a file, what its cells say by heading; nothing
// where they cannot be read.
func (f *Folder) WrittenCells(ctx context.Context) func(row string, taken intake.RowTaken) map[string]string {
	return func(row string, taken intake.RowTaken) map[string]string {
		if f.Vault == nil || taken.Cells.Sealed == nil {
			return nil
		}
		text, err := f.Vault.Open(ctx, *taken.Cells.Sealed, seal.Place(row, intake.CellsField))
		var cells map[string]string
		if err != nil || json.Unmarshal([]byte(text), &cells) != nil {
			return nil
		}
		return cells
	}
}
