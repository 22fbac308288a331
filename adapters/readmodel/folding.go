package readmodel

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"twinledger/domain/event"
	"twinledger/projections"
)

// A folding applies the events of one page within its transaction. It keeps the
// rows that it has read, so that a page reads each row once.
type folding[S any] struct {
	model  projections.Model[S]
	rows   map[string]*version[S]
	read   *sql.Stmt
	close_ *sql.Stmt
	insert *sql.Stmt
}

// A version is the newest version of one row.
type version[S any] struct {
	row   S
	state []byte // nil when there is none yet
	from  uint64
}

func newFolding[S any](ctx context.Context, tx *sql.Tx, model projections.Model[S]) (*folding[S], error) {
	names, marks := "", ""
	for _, c := range model.Columns {
		names += ", c_" + c.Name
		marks += ", ?"
	}
	f := &folding[S]{model: model, rows: map[string]*version[S]{}}
	var errs [3]error
	f.read, errs[0] = tx.PrepareContext(ctx, `SELECT from_ordinal, state FROM rows WHERE key = ? AND to_ordinal IS NULL`)
	f.close_, errs[1] = tx.PrepareContext(ctx, `UPDATE rows SET to_ordinal = ? WHERE key = ? AND from_ordinal = ?`)
	f.insert, errs[2] = tx.PrepareContext(ctx, `INSERT INTO rows (key, from_ordinal, to_ordinal, state`+names+`) VALUES (?, ?, NULL, ?`+marks+`)`)
	if err := errors.Join(errs[:]...); err != nil {
		return nil, fmt.Errorf("prepare page of %s: %w", model.Name, err)
	}
	return f, nil
}

func (f *folding[S]) close() {
	for _, s := range []*sql.Stmt{f.read, f.close_, f.insert} {
		s.Close() //nolint:errcheck // the statements end with their transaction
	}
}

// apply folds one event and, when the row changes, ends its former version and
// begins a new one.
func (f *folding[S]) apply(ctx context.Context, a projections.Applied) error {
	key := f.model.Key(a)
	if key == "" {
		return nil
	}
	current, err := f.current(ctx, key)
	if err != nil {
		return err
	}
	row := f.model.Fold(current.row, a)
	state, err := event.Marshal(row)
	if err != nil {
		return fmt.Errorf("encode row of %s: %w", f.model.Name, err)
	}
	if bytes.Equal(state, current.state) {
		return nil
	}
	if current.state != nil {
		if _, err := f.close_.ExecContext(ctx, a.Ordinal, key, current.from); err != nil {
			return fmt.Errorf("end version of %s: %w", f.model.Name, err)
		}
	}
	args := []any{key, a.Ordinal, state}
	for _, c := range f.model.Columns {
		args = append(args, c.Value(row))
	}
	if _, err := f.insert.ExecContext(ctx, args...); err != nil {
		return fmt.Errorf("begin version of %s: %w", f.model.Name, err)
	}
	// Decoding what was stored keeps a row the same whether or not a page ended here.
	var stored S
	if err := json.Unmarshal(state, &stored); err != nil {
		return fmt.Errorf("read back row of %s: %w", f.model.Name, err)
	}
	f.rows[strings.Clone(key)] = &version[S]{stored, state, a.Ordinal}
	return nil
}

func (f *folding[S]) current(ctx context.Context, key string) (*version[S], error) {
	if v, known := f.rows[key]; known {
		return v, nil
	}
	v := &version[S]{}
	err := f.read.QueryRowContext(ctx, key).Scan(&v.from, &v.state)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return v, nil
	case err != nil:
		return nil, fmt.Errorf("read row of %s: %w", f.model.Name, err)
	}
	if err := json.Unmarshal(v.state, &v.row); err != nil {
		return nil, fmt.Errorf("read row of %s: %w", f.model.Name, err)
	}
	return v, nil
}
