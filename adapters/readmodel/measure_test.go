package readmodel_test

import (
	"database/sql"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"twinledger/projections"
	"twinledger/projections/registers"
)

// plan returns how SQLite would answer a query over the rows of the one model in
// a folder.
func plan(t *testing.T, folder, query string, args ...any) string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(folder, "*.sqlite"))
	if err != nil || len(files) != 1 {
		t.Fatalf("files of the model: %v %v", files, err)
	}
	db, err := sql.Open("sqlite", "file:"+files[0]+"?mode=ro")
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close() //nolint:errcheck // only read
	rows, err := db.QueryContext(t.Context(), "EXPLAIN QUERY PLAN "+query, args...)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close() //nolint:errcheck // only read
	var steps []string
	for rows.Next() {
		var id, parent, unused int
		var step string
		if err := rows.Scan(&id, &parent, &unused, &step); err != nil {
			t.Fatal(err)
		}
		steps = append(steps, step)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return strings.Join(steps, "; ")
}

// In a county all rows are of one district: an index of it finds nothing.
func TestAQuestionDoesNotReadEverythingOfADistrict(t *testing.T) {
	folder := t.TempDir()
	s := open(t, folder)
	defer shut(t, s)
	var given []said
	for n := range 1100 {
		given = append(given, reported(n+1, "语文"))
	}
	log := ledger(t, given...)
	follow(t, s, log, func() int { return 300 })
	const where = `SELECT state FROM rows WHERE to_ordinal IS NULL AND c_kind = ? AND c_district = ?`
	if got := plan(t, folder, where, "calendar", key("district", 1)); !strings.Contains(got, "by_kind") {
		t.Errorf("calendars of a district: %s", got)
	}
	// The measure must not put a page out of order.
	query := projections.Query{Limit: 3, After: key("lesson", 500), Where: []projections.Condition{
		projections.Is(registers.ByKind, "lesson"), projections.Is(registers.ByDistrict, key("district", 1))}}
	ordered := answers(t, s, projections.Query{})
	slices.Sort(ordered)
	from := slices.Index(ordered, key("lesson", 500)) + 1
	if got := answers(t, s, query); !slices.Equal(got, ordered[from:from+3]) {
		t.Errorf("a page: %v, want %v", got, ordered[from:from+3])
	}
}

// A page of a kind is found in its order: nothing is sorted, and what lies behind
// the page is not read.
func TestAPageOfAKindIsNotSorted(t *testing.T) {
	folder := t.TempDir()
	s := open(t, folder)
	defer shut(t, s)
	follow(t, s, ledger(t, reported(1, "语文")), all)
	got := plan(t, folder, `SELECT state FROM rows WHERE from_ordinal <= ? AND (to_ordinal IS NULL OR to_ordinal > ?) AND c_kind = ? AND key > ? ORDER BY key LIMIT ?`,
		9, 9, "lesson", "lesson-", 3)
	if !strings.Contains(got, "by_kind (c_kind=? AND key>?)") || strings.Contains(got, "TEMP B-TREE") {
		t.Errorf("a page of lessons: %s", got)
	}
}
