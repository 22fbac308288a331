package intake

import (
	"context"
	"slices"
	"strings"

	"twinledger/domain/command"
	"twinledger/domain/event"
	"twinledger/domain/fault"
	"twinledger/domain/intake/reading"
	"twinledger/domain/record"
)

// What the undoing of an import is refused with.
var (
	ErrNoSuchImport = fault.New(fault.NotFound, "intake.no-such-import",
		"台账中没有这次导入，或它已撤销完毕；请用 twinledger imports list 核对编号。",
		"There is no such import, or it is undone already; check its id with twinledger imports list.")
	ErrUndoUnfinished = fault.New(fault.Refused, "intake.undo-unfinished",
		"这一来源上次的导入正在撤销、尚未撤完，未写入任何内容；请先用 twinledger imports undo 撤完，再导入。",
		"The source's last import is being undone and that is not finished, so nothing was written; finish it with twinledger imports undo, then import.")
	ErrLaterImport = fault.New(fault.Refused, "intake.later-import",
		"同一来源之后又导入了文件，是与这次导入的文件比对的，未撤销任何内容；请先撤销后来的导入。",
		"The source sent a file after this one, which was compared with it, so nothing was undone; undo the later import first.")
	ErrBuiltUpon = fault.New(fault.Refused, "intake.built-upon",
		"这次导入的内容之后已被别的记录引用或改动，未撤销任何内容；请先处理 later 所列各项，再撤销：箭头后是导入的（另一文件也有此行），先撤销那次导入；是记录的，先更正或作废它。",
		"What the import recorded was referred to or changed since, so nothing was undone. Deal first with what is listed as later: where an import stands behind the arrow, whose file lists the row too, undo that import; where a record does, correct or void it.")
)

// An UndoOrder asks to undo a whole import.
type UndoOrder struct {
	Import string `json:"import"`            // its key
	Reason string `json:"reason"`            // why; sealed
	DryRun bool   `json:"dry_run,omitempty"` // only say what would become of what it recorded
}

// An Undoing is what the undoing of an import does, or would do. It is plain data; the tags
// doc and example describe it to whoever serves it.
type Undoing struct {
	Import   string         `json:"import" doc:"Key of the import." example:"import-01980a6e-7c10-8000-8000-000000000006"`
	Source   string         `json:"source" doc:"Key of its source." example:"source-01980a6e-7c10-8000-8000-000000000009"`
	DryRun   bool           `json:"dry_run" doc:"Nothing was written." example:"false"`
	Rows     int            `json:"rows" doc:"Rows of the file that are as they were before it." example:"26"`
	Voided   []string       `json:"voided" doc:"Keys of the records, schools, communities and people that it brought and that are void now." example:"[\"lesson-01980a6e-7c10-7000-8000-000000000001\"]"`
	Restored []string       `json:"restored" doc:"Keys of the records and schools that it corrected or voided and that say again what they said before it." example:"[\"lesson-01980a6e-7c10-7000-8000-000000000002\"]"`
	Kept     []Kept         `json:"kept" doc:"Schools, communities and people that it noted and that stay, because something else names them."`
	Unlisted UnlistedUndone `json:"unlisted" doc:"How many more of each list are counted here and not listed."`
	Token    event.Token    `json:"-"`
}

// A Kept is something that an import brought and that something else builds upon.
type Kept struct {
	Key string `json:"key" doc:"Its key." example:"school-01980a6e-7c10-7000-8000-000000000001"`
	By  string `json:"by" doc:"Key of what names or changed it since." example:"lesson-01980a6e-7c10-7000-8000-000000000002"`
}

// Undo undoes a whole import: what it founded is voided, what it corrected or voided says
// again what it said before, its rows are as if it had never taken them, and its source is
// compared with the file before it again. The same file can then be imported anew.
//
// It is refused as a whole, and everything named, when something built upon it since: a later
// file of the source, another file that lists the same rows, a record that somebody changed
// or referred to. Schools, communities and people that something else names stay.
//
// An undoing that was broken off is continued by the same order.
func (im *Importer) Undo(ctx context.Context, o UndoOrder) (Undoing, error) {
	if strings.TrimSpace(o.Reason) == "" {
		return Undoing{}, record.ErrNoReason
	}
	u, err := im.planUndo(ctx, o)
	if err != nil {
		return *u.out, err
	}
	// What the ledger would refuse is refused before anything is written. Of a row nothing is.
	rehearsal := im.rehearsal()
	rehearsal.Progress = nil
	if _, err := rehearsal.newRun(Options{}).undoAll(ctx, *u.out, o, u.refusable()); err != nil || o.DryRun {
		return *u.out, err
	}
	u.out.Token, err = im.newRun(Options{}).undoAll(ctx, *u.out, o, slices.Concat(u.refusable(), u.rows))
	return *u.out, err
}

// planUndo says what is to be done. What the import's own undoing did already is passed over,
// so that the plan is the same when it is continued.
func (im *Importer) planUndo(ctx context.Context, o UndoOrder) (undoing, error) {
	run := im.newRun(Options{})
	out := &Undoing{Import: o.Import, DryRun: o.DryRun, Voided: []string{}, Restored: []string{}, Kept: []Kept{}}
	u := undoing{run: run, out: out, mark: run.undoMark(o.Import), undone: map[string]bool{}}
	if !reading.IsKey(o.Import, "import") {
		return u, ErrNoSuchImport.With("import", o.Import)
	}
	state, err := run.importState(ctx, o.Import)
	if err != nil {
		return u, err
	}
	out.Source = state.started.Source
	source, err := run.sourceState(ctx, out.Source)
	switch {
	case err != nil:
		return u, err
	case !state.open, state.started.District != im.District, state.undone && !source.imports[o.Import]:
		return u, ErrNoSuchImport.With("import", o.Import)
	case source.imports[o.Import] && source.last != o.Import: // one that was cut off before its first row is in nobody's way
		return u, ErrLaterImport.With("later", source.last)
	}
	if u.reach, err = im.reachOf(ctx, o.Import); err != nil {
		return u, err
	}
	if err = u.plan(ctx); err == nil && len(u.later) > 0 {
		err = builtUpon(u.later)
	}
	return u, err
}

func builtUpon(later []Kept) error {
	var named []string
	for _, k := range later[:min(len(later), mostNamed)] {
		named = append(named, k.Key+" ← "+k.By)
	}
	return ErrBuiltUpon.With("later", strings.Join(named, "; ")).With("count", len(later))
}

// isUndone tells whether an import was undone, or is being undone. Only the types of its events
// are looked at: they list every row of the file.
func (run *run) isUndone(ctx context.Context, key string) (bool, error) {
	if key == "" {
		return false, nil
	}
	for r, err := range run.Handler.Log.Stream(ctx, event.StreamName(run.Handler.Ledger, key)) {
		if err != nil || r.Envelope.Type == typeUndone {
			return err == nil, err
		}
	}
	return false, nil
}

// undoMark returns the id of the event that says that an import is being undone. All that its
// undoing records is caused by it.
func (run *run) undoMark(of string) string {
	return event.IDOf(run.Handler.Ledger, run.id("undo", of), event.StreamName(run.Handler.Ledger, of), 0)
}

// undoAll carries out the undoing: first it is said, last the source is set back.
func (run *run) undoAll(ctx context.Context, out Undoing, o UndoOrder, steps []step) (event.Token, error) {
	report := Report{Import: out.Import, Source: out.Source}
	all := []step{{run.id("undo", out.Import), command.Request{Name: "import.undo", Stream: out.Import, Body: undoImport{Undone{clearText(o.Reason)}}}}}
	all = append(all, steps...)
	all = append(all, step{run.id("unlink", out.Import), command.Request{Name: "source.unlink", Stream: out.Source, Body: unlinkImport{SourceUndone{out.Import}}}})
	for n, s := range all {
		if n > 0 {
			s.req.Cause = run.undoMark(out.Import)
		}
		if _, err := run.do(ctx, &report, s.id, s.req); err != nil {
			return report.Token, aboutStream(err, s.req.Stream)
		}
		if run.Progress != nil {
			run.Progress(n+1, len(all))
		}
	}
	return report.Token, nil
}

// aboutStream names in a refusal the stream that it is about.
func aboutStream(err error, stream string) error {
	if refused, ok := fault.As(err); ok {
		return refused.With("stream", stream)
	}
	return err
}

// voidEvent carries out the void command of a stream's kind for one of its events.
func (run *run) voidEvent(ctx context.Context, report *Report, stream, target, id, reason string) error {
	_, err := run.do(ctx, report, id, run.voiding(stream, target, reason))
	return err
}

// voiding returns the command that voids an event of a stream, "" the one that opened it.
func (run *run) voiding(stream, target, reason string) command.Request {
	definition := run.definition(event.StreamKind(stream), "void")
	return command.Request{Name: definition.Name, Stream: stream, Body: voidBody(definition, target, clearText(reason))}
}

// undoneBy returns the id of the event by which the undoing of an import voided a school,
// community or person that the import had noted, "" when it stands or is void otherwise. Whoever
// names it again means it to be there.
func undoneBy(history []event.Event) string {
	if !command.IsVoid(history) {
		return ""
	}
	last := history[len(history)-1] // nothing follows what voids a stream
	if !reading.IsParty(last.Kind()) || event.StreamKind(last.Correlation) != "import" {
		return ""
	}
	return last.ID
}

// Why a school, community or person that was noted by an import which was undone stands again.
const reasonNamedAgain = "再次导入的文件提到它 / a file that was imported again names it"

// reasonUndone says why a record is voided or corrected when an import is undone.
func reasonUndone(of string) string { return "撤销导入 " + of + " / import " + of + " was undone" }
