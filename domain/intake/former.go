package intake

import (
	"cmp"
	"context"
	"encoding/hex"
	"encoding/json"
	"errors"
	"slices"

	"twinledger/domain/event"
	"twinledger/domain/record"
	"twinledger/domain/seal"
)

// sourceState is what a source's stream says.
type sourceState struct {
	last    string          // key of the import that was accepted last; "" when none was
	imports map[string]bool // all that were
	columns mapping         // the headings that are remembered
}

func (im *Importer) sourceState(ctx context.Context, source string) (sourceState, error) {
	s := sourceState{imports: map[string]bool{}, columns: mapping{}}
	history, err := im.Handler.Load(ctx, source)
	for _, e := range history {
		switch d := e.Fact.(type) {
		case SourceImported:
			s.last, s.imports[d.Import] = d.Import, true
		case SourceMapped:
			s.columns = mapping{}
			for _, c := range d.Columns {
				s.columns[c.Heading] = c.Column
			}
		}
	}
	return s, err
}

// importState is what an import's stream says.
type importState struct {
	stage
	started  Started
	compared *Compared // nil while no comparison is stored
	listed   []ListedRow
}

func (im *Importer) importState(ctx context.Context, key string) (importState, error) {
	var s importState
	history, err := im.Handler.Load(ctx, key)
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
		}
	}
	return s, err
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
func (im *Importer) numberMark(text string) string {
	if text = im.Names.Normal(text); text == "" {
		return ""
	}
	if plainNumber.MatchString(text) {
		text = decimal(text)
	}
	mac := im.Handler.Vault.MAC("number v1", im.District, text)
	return hex.EncodeToString(mac[:8])
}

// rowState returns what a row's stream says.
func (im *Importer) rowState(ctx context.Context, key string) (rowState, error) {
	history, err := im.Handler.Load(ctx, key)
	return rowDecider.Fold(history), err
}

// formerRows returns the rows of an import that were taken.
func (im *Importer) formerRows(ctx context.Context, base importState) ([]formerRow, error) {
	var rows []formerRow
	for _, listed := range base.rows() {
		state, err := im.rowState(ctx, listed.Row)
		if err != nil {
			return nil, err
		}
		if state.taken == "" {
			continue // never reached, so it left nothing
		}
		rows = append(rows, formerRow{ListedRow: listed, state: state, form: Activity})
	}
	return rows, nil
}

// readFormer opens the cells of the former rows that need it, and looks up what
// became of their records. Rows of before numbers were listed have them from
// their cells, as far as those are of the same import.
func (im *Importer) readFormer(ctx context.Context, rows []formerRow, base, source string, needed func(formerRow) bool) error {
	numbered := slices.ContainsFunc(rows, func(r formerRow) bool { return r.Number != "" })
	for i := range rows {
		r := &rows[i]
		own := !numbered && r.state.facts.Source.Import == base
		if !own && !needed(*r) {
			continue
		}
		var err error
		if r.cells, err = im.openCells(ctx, r.Row, r.state.facts); err != nil {
			return err
		}
		if own {
			r.Number = im.numberMark(cmp.Or(r.cells[ColumnRecord], r.cells[ColumnNumber]))
		}
		if !needed(*r) {
			continue
		}
		if r.cells[columnRegister] != "" {
			r.form = WholeRegister
		} else if r.cells[ColumnSchool] != "" && r.cells[ColumnDate] == "" && r.cells[ColumnCategory] == "" {
			r.form = Roster
		}
		if err := im.readRecord(ctx, r, source); err != nil {
			return err
		}
	}
	return nil
}

// openCells returns a row's cells as they were written, nil when they cannot be
// read.
func (im *Importer) openCells(ctx context.Context, key string, taken RowTaken) (map[string]string, error) {
	if taken.Cells.Sealed == nil {
		return nil, nil
	}
	text, err := im.Handler.Vault.Open(ctx, *taken.Cells.Sealed, seal.Place(key, CellsField))
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
func (im *Importer) readRecord(ctx context.Context, r *formerRow, source string) error {
	state := r.state
	for state.facts.Record == "" && state.facts.Corrects != "" {
		var err error
		if state, err = im.rowState(ctx, state.facts.Corrects); err != nil {
			return err
		}
	}
	r.record = state.facts.Record
	if r.record == "" || event.StreamKind(r.record) == "school" {
		return nil
	}
	history, err := im.Handler.Load(ctx, r.record)
	if err != nil {
		return err
	}
	r.void = isVoid(history)
	from, err := im.importState(ctx, state.facts.Source.Import)
	switch {
	case err != nil:
		return err
	case from.started.Source != source:
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
