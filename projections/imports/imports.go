// Package imports is the read model of the files that were taken in: one row for each
// import, with what became of its rows, and whether it was undone.
package imports

import (
	"context"
	"slices"

	"twinledger/domain/event"
	"twinledger/domain/intake"
	"twinledger/projections"
)

// A Row is one import as its events tell it.
type Row struct {
	Key      string // of its stream
	Ordinal  uint64 // of the event that began it
	Recorded event.Instant
	Actor    string // who began it
	Started  intake.Started
	Became   intake.Completed // what became of its rows; zero before all were taken
	Stage    Stage
}

// A Stage says how far an import has come.
type Stage string

// The stages.
const (
	Begun   Stage = "begun"   // not every row is taken: it was broken off, or goes on
	Done    Stage = "done"    // every row is taken
	Undoing Stage = "undoing" // it is being undone, and that is not finished
	Undone  Stage = "undone"
)

// Words returns the stage in Chinese and English.
func (s Stage) Words() (zh, en string) {
	words := map[Stage][2]string{Begun: {"未完成", "unfinished"}, Done: {"已完成", "done"}, Undoing: {"撤销未完", "being undone"}, Undone: {"已撤销", "undone"}}[s]
	return words[0], words[1]
}

// The columns that queries may name.
const (
	ByDistrict = "district"
	BySource   = "source"
	ByStage    = "stage"
)

// Model has one row for each import.
var Model = projections.Model[Row]{
	Name: "imports", Version: 1, Key: key, Fold: fold,
	Columns: []projections.Column[Row]{
		projections.TextColumn(ByDistrict, func(r Row) string { return r.Started.District }),
		projections.TextColumn(BySource, func(r Row) string { return r.Started.Source }),
		projections.TextColumn(ByStage, func(r Row) string { return string(r.Stage) }),
	},
}

// key returns the key of the import that an event is about, "" for every other event. That an
// import is undone to its end, its source says.
func key(e event.Event) string {
	if undone, is := e.Fact.(intake.SourceUndone); is {
		return undone.Import
	}
	if e.Kind() != "import" {
		return ""
	}
	return e.Key()
}

func fold(r Row, a projections.Applied) Row {
	switch d := a.Fact.(type) {
	case intake.Started:
		r = Row{Key: a.Key(), Ordinal: a.Ordinal, Recorded: a.Recorded, Actor: a.Actor, Started: d, Stage: Begun}
	case intake.Completed:
		r.Became, r.Stage = d, Done
	case intake.Undone:
		r.Stage = Undoing
	case intake.SourceUndone:
		r.Stage = Undone
	}
	return r
}

// A Question asks for imports; what is empty is not asked.
type Question struct {
	AsOf     uint64 // ordinal; 0 for now
	District string // key
	Source   string // key
	Stage    Stage
}

// List returns the imports that are asked for, the newest first.
func List(ctx context.Context, rows projections.Rows[Row], q Question) ([]Row, error) {
	query := projections.Query{AsOf: q.AsOf}
	for column, wanted := range map[string]string{ByDistrict: q.District, BySource: q.Source, ByStage: string(q.Stage)} {
		if wanted != "" {
			query.Where = append(query.Where, projections.Is(column, wanted))
		}
	}
	found, err := rows.Select(ctx, query)
	slices.SortFunc(found, func(a, b Row) int { return int(b.Ordinal) - int(a.Ordinal) })
	return found, err
}
