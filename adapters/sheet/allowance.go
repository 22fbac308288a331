package sheet

import "twinledger/domain/fault"

// An allowance is how much of one file may still be read, all of its sheets together. What is
// beyond it is refused as soon as it is met.
type allowance struct{ rows, cells int }

func newAllowance() *allowance { return &allowance{MaxRows, MaxCells} }

// take counts a row that holds something, and refuses it when the file has too many.
func (a *allowance) take(cells int, at fault.Place) error {
	a.rows--
	a.cells -= cells
	switch {
	case a.rows < 0:
		return tooManyRows(at)
	case a.cells < 0 || cells > maxColumns:
		return ErrTooLarge.With("most_cells", MaxCells).With("most_columns", maxColumns).At(at)
	}
	return nil
}

func tooManyRows(at fault.Place) error { return ErrTooManyToImport.With("most_rows", MaxRows).At(at) }
