package intake

import (
	"context"
	"slices"

	"twinledger/domain/event"
	"twinledger/domain/intake/reading"
)

// A reach is what an import changed, and who built upon it since.
type reach struct {
	touched []string            // keys of the streams that it changed, in the order in which it first did
	watched map[string]bool     // those of them that it brought: opened, took as a row, or made stand again
	named   map[string][]string // keys of streams that named one of those since, by its key
	listed  map[string][]string // other imports that list a row which this one was the first to take, by the row's key
}

// reachOf reads the whole log for what an import changed: no stream knows who names it.
func (im *Importer) reachOf(ctx context.Context, of string) (reach, error) {
	r := reach{watched: map[string]bool{}, named: map[string][]string{}, listed: map[string][]string{}}
	seen := map[string]bool{}
	err := event.Walk(ctx, im.Feed, func(record event.Record) error {
		e := record.Envelope
		key := e.Key()
		switch {
		case e.Correlation == of && !seen[key]:
			seen[key] = true
			r.touched = append(r.touched, key)
			r.watched[key] = e.Revision == 0 || e.Kind() == "row" || reading.IsParty(e.Kind())
		case e.Correlation != of && len(r.touched) > 0:
			r.note(e, key)
		}
		return nil
	})
	return r, err
}

// note takes in an event of somebody else's that may name what the import opened. What the
// import brought itself goes with it, whoever corrected it since.
func (r *reach) note(e event.Envelope, key string) {
	named := r.named
	switch e.Kind() {
	case "source", "placement", "duplicate":
		return // what they say follows from the records, or is about a pair while both stand
	case "import":
		named = r.listed
	}
	add := func(name string) {
		if r.watched[name] && !r.watched[key] && !slices.Contains(named[name], key) {
			named[name] = append(named[name], key)
		}
	}
	event.KeysIn(e.Data, add)
	add(e.Unit)
}
