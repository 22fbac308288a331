package intake_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"twinledger/domain/fault"
	"twinledger/domain/intake"
	"twinledger/domain/intake/reading"
)

// TestAComparisonIsBounded: of each list the first rows are kept and the others counted. A
// question is kept behind any number of rows that ask nothing, so that a file is never taken
// for decided.
func TestAComparisonIsBounded(t *testing.T) {
	var c intake.Comparison
	for i := range 9 {
		row := reading.RowAt{At: i + 2}
		c.Changed = append(c.Changed, intake.Change{From: row, To: row, Effect: intake.Corrects})
		c.Removed = append(c.Removed, intake.Removal{Row: row, Effect: intake.Voids})
		c.Added = append(c.Added, row)
		c.Undecided = append(c.Undecided, intake.UndecidedRow{Row: row})
	}
	c.Changed = append(c.Changed, intake.Change{Record: "lesson-asked", Effect: intake.Ask})
	first := c.First(2)
	if got := fmt.Sprint(len(first.Changed), len(first.Removed), len(first.Added), len(first.Undecided), first.Unlisted); got != "3 2 2 2 {7 7 7 7}" {
		t.Errorf("kept and counted %s", got)
	}
	if last := first.Changed[2]; last.Record != "lesson-asked" {
		t.Errorf("the question was left out for %+v", last)
	}
	if again := first.First(2); again.Unlisted != first.Unlisted {
		t.Errorf("bounded twice it counts %+v", again.Unlisted)
	}
	if len(c.Changed) != 10 || c.Unlisted != (intake.Unlisted{}) {
		t.Errorf("the comparison itself was changed: %+v", c)
	}
	if (*intake.Comparison)(nil).First(2) != nil {
		t.Error("no comparison became one")
	}
}

// TestAnUndoingIsBounded: of each kind the first are kept in each list and the others counted.
func TestAnUndoingIsBounded(t *testing.T) {
	u := intake.Undoing{Restored: []string{"lesson-a"}, Kept: []intake.Kept{}}
	for i := range 9 {
		u.Voided = append(u.Voided, fmt.Sprint("lesson-", i))
		u.Kept = append(u.Kept, intake.Kept{Key: fmt.Sprint("school-", i)})
	}
	u.Voided = append(u.Voided, "community-a")
	first := u.First(2)
	if got := fmt.Sprint(first.Voided, len(first.Restored), len(first.Kept), first.Unlisted); got != "[lesson-0 lesson-1 community-a] 1 2 {7 0 7}" {
		t.Errorf("kept and counted %s", got)
	}
	if again := first.First(2); again.Unlisted != first.Unlisted {
		t.Errorf("bounded twice it counts %+v", again.Unlisted)
	}
	if len(u.Voided) != 10 || u.Unlisted != (intake.UnlistedUndone{}) {
		t.Errorf("the undoing itself was changed: %+v", u)
	}
}

// TestARefusalNamesAFewRows: an error says how many rows are undecided, and does not list
// thousands.
func TestARefusalNamesAFewRows(t *testing.T) {
	var c intake.Comparison
	for i := range 20_000 {
		c.Undecided = append(c.Undecided, intake.UndecidedRow{Row: reading.RowAt{At: i + 2}})
	}
	err := c.Unanswered()
	f, _ := fault.As(err)
	if !errors.Is(err, intake.ErrUndecided) || len(f.Message()) > 4000 || !strings.Contains(f.Message(), "100 101 … +19900") {
		t.Errorf("%d bytes: %.200s", len(f.Message()), f.Message())
	}
}
