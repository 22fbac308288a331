package intake

import (
	"cmp"
	"context"

	"twinledger/domain/event"
)

// toldElsewhere returns which of some rows a file of another source lists too: what one source
// changes or leaves out, the other one still tells. The whole log is read for it, because no row
// knows who lists it, and only when a corrected file changes or leaves out rows.
func (run *run) toldElsewhere(ctx context.Context, former []formerRow, source string, needed func(formerRow) bool) (map[string]bool, error) {
	wanted, told := map[string]bool{}, map[string]bool{}
	for _, r := range former {
		if needed(r) && r.state.outcome != Held {
			wanted[r.Row] = true
		}
	}
	if len(wanted) == 0 || run.Feed == nil {
		return told, nil
	}
	listed := map[string][]string{} // rows, by the key of the import that lists them
	err := event.Walk(ctx, run.Feed, func(r event.Record) error {
		if r.Envelope.Kind() == "import" {
			event.KeysIn(r.Envelope.Data, func(key string) {
				if wanted[key] {
					listed[r.Envelope.Key()] = append(listed[r.Envelope.Key()], key)
				}
			})
		}
		return nil
	})
	for key, rows := range listed {
		if err != nil {
			return nil, err
		}
		started, problem := run.startedOf(ctx, key)
		undone, other := run.isUndone(ctx, key)
		if err = cmp.Or(problem, other); undone || started.Source == source {
			continue
		}
		for _, row := range rows {
			told[row] = true
		}
	}
	return told, err
}
