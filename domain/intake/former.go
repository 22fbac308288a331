package intake

import (
	"cmp"
	"context"
	"encoding/hex"
	"encoding/json"
	"errors"
	"slices"

	"twinledger/domain/command"
	"twinledger/domain/event"
	"twinledger/domain/record"
	"twinledger/domain/seal"
)

// sourceState is what a source's stream says.
type sourceState struct {
	last    string          // key of the import that was accepted last; "" when none was
	imports map[string]bool // all that were
	memory  memory          // what is remembered to be answered
}

func (run *run) sourceState(ctx context.Context, source string) (sourceState, error) {
	s := sourceState{imports: map[string]bool{}}
	history, err := run.Handler.Load(ctx, source)
	if err != nil {
		return s, err
	}
	history = withoutUndone(history)
	var mapped SourceMapped
	for _, e := range history {
		switch d := e.Fact.(type) {
		case SourceImported:
			s.last, s.imports[d.Import] = d.Import, true
		case SourceMapped:
			mapped = d
		}
	}
	s.memory, err = run.recalled(ctx, source, mapped)
	return s, err
}

// withoutUndone returns a source's events but for those of imports that were undone.
func withoutUndone(history []event.Event) []event.Event {
	undone := map[string]bool{}
	for _, e := range history {
		if d, is := e.Fact.(SourceUndone); is {
			undone[d.Import] = true
		}
	}
	return slices.DeleteFunc(history, func(e event.Event) bool {
		_, noted := e.Fact.(SourceNoted)
		return !noted && undone[e.Correlation]
	})
}

// importState is what an import's stream says.
type importState struct {
	stage
	started  Started
	compared *Compared // nil while no comparison is stored
	listed   []ListedRow
}

func (run *run) importState(ctx context.Context, key string) (importState, error) {
	var s importState
	history, err := run.Handler.Load(ctx, key)
	for _, e := range history {
		s.open = true
		switch d := e.Fact.(type) {
		case Started:
			s.started = d
		case Compared:
			if s.compared == nil {
				s.compared = &Compared{}
			}
			s.compared.Changed = append(s.compared.Changed, d.Changed...)
			s.compared.Removed = append(s.compared.Removed, d.Removed...)
		case RowsListed:
			s.listed = append(s.listed, d.Rows...)
		case Completed:
			s.done = true
		case Undone:
			s.undone = true
		}
	}
	return s, err
}

// startedOf returns what an import began with. It is read once for all rows that the import
// took: its stream lists all of them.
func (run *run) startedOf(ctx context.Context, key string) (Started, error) {
	if started, known := run.started[key]; known {
		return started, nil
	}
	state, err := run.importState(ctx, key)
	if err == nil {
		run.started[key] = state.started
	}
	return state.started, err
}

// rows returns the rows of an import, one for each place: a row that was added
// again stands where the one equal to it stood.
func (s importState) rows() []ListedRow {
	type place struct{ sheet, at int }
	index := map[place]int{}
	var out []ListedRow
	for _, row := range s.listed {
		p := place{row.Sheet, row.At}
		if i, ok := index[p]; ok {
			out[i] = row
			continue
		}
		index[p] = len(out)
		out = append(out, row)
	}
	return out
}

// numberMark returns the mark of a 序号, "" when there is none.
func (run *run) numberMark(text string) string {
	if text = run.Names.Normal(text); text == "" {
		return ""
	}
	if text = compact(text); plainNumber.MatchString(text) {
		text = decimal(text)
	}
	mac := run.Handler.Vault.MAC("number v1", run.District, text)
	return hex.EncodeToString(mac[:8])
}

// rowState returns what a row's stream says.
func (run *run) rowState(ctx context.Context, key string) (rowState, error) {
	history, err := run.Handler.Load(ctx, key)
	return rowDecider.Fold(history), err
}

// A formerRow is a row of the file that this one is compared with.
type formerRow struct {
	ListedRow
	group     string // as that of equal rows of the file; "" when it has none
	state     rowState
	cells     map[string]string // as written, by column; nil when nobody can read them
	record    string            // key of the record that it stands for; "" when it made none
	void      bool              // the record is void
	askReason AskReason         // what speaks against changing the record
	kept      bool              // the clerk decided that the record stays as it is
}

// formerRows returns the rows of an import that were taken.
func (run *run) formerRows(ctx context.Context, base importState) ([]formerRow, error) {
	var rows []formerRow
	for _, listed := range base.rows() {
		state, err := run.rowState(ctx, listed.Row)
		if err != nil {
			return nil, err
		}
		if state.taken == "" {
			continue // never reached, so it left nothing
		}
		state.facts.Cells = seal.Text{} // there may be many; [run.openCells] reads them again
		rows = append(rows, formerRow{ListedRow: listed, state: state})
	}
	return rows, nil
}

// readFormer opens the cells of the former rows that need it, and looks up what became of
// their records.
func (run *run) readFormer(ctx context.Context, rows []formerRow, source string, needed func(formerRow) bool) error {
	columns := map[string]map[string]string{} // of the imports that first took the rows, by heading
	for i := range rows {
		r := &rows[i]
		if !needed(*r) {
			continue
		}
		from := r.state.facts.Source.Import
		if columns[from] == nil {
			started, err := run.startedOf(ctx, from)
			if err != nil {
				return err
			}
			columns[from] = map[string]string{}
			for _, c := range started.Columns {
				columns[from][c.Heading] = c.Column
			}
		}
		cells, err := run.openCells(ctx, r.Row)
		if err != nil {
			return err
		}
		if cells != nil {
			r.cells = map[string]string{}
		}
		for heading, text := range cells {
			r.cells[cmp.Or(columns[from][heading], heading)] = text
		}
		if err := run.readRecord(ctx, r, source); err != nil {
			return err
		}
	}
	return nil
}

// openCells returns a row's cells as they were written, nil when they cannot be
// read.
func (run *run) openCells(ctx context.Context, key string) (map[string]string, error) {
	state, err := run.rowState(ctx, key)
	if err != nil || state.facts.Cells.Sealed == nil {
		return nil, err
	}
	text, err := run.Handler.Vault.Open(ctx, *state.facts.Cells.Sealed, seal.Place(key, CellsField))
	if errors.Is(err, seal.ErrNoKey) {
		return nil, nil
	}
	var cells map[string]string
	if err != nil || json.Unmarshal([]byte(text), &cells) != nil {
		return nil, err
	}
	return cells, nil
}

// readRecord looks up the record that a row stands for: its own or, of a held row
// in the place of a recorded one, that one's.
func (run *run) readRecord(ctx context.Context, r *formerRow, source string) error {
	state := r.state
	for state.facts.Record == "" && state.facts.Corrects != "" {
		var err error
		if state, err = run.rowState(ctx, state.facts.Corrects); err != nil {
			return err
		}
	}
	r.record = state.facts.Record
	if r.record == "" || event.StreamKind(r.record) == "school" {
		return nil
	}
	history, err := run.Handler.Load(ctx, r.record)
	if err != nil {
		return err
	}
	r.void = command.IsVoid(history)
	started, err := run.startedOf(ctx, state.facts.Source.Import)
	switch {
	case err != nil:
		return err
	case started.Source != source:
		r.askReason = OtherSource
	case byHand(history):
		r.askReason = ByHand
	}
	return nil
}

// byHand tells whether the record says what no file said last.
func byHand(history []event.Event) bool {
	return len(history) > 0 && event.StreamKind(lastSaidBy(history)) != "import"
}

// lastSaidBy returns the correlation of what founded a record or last corrected it:
// the key of the import that did, if one did.
func lastSaidBy(history []event.Event) string {
	said := ""
	for i, e := range history {
		if _, replaced := e.Fact.(record.Replacement); replaced || i == 0 {
			said = e.Correlation
		}
	}
	return said
}
