package readmodel_test

import (
	"strings"
	"testing"

	"twinledger/adapters/readmodel"
	"twinledger/domain/event"
	"twinledger/projections"
	"twinledger/projections/records"
)

// counter is a model with a column that a fold which is applied twice would alter.
var counter = projections.Model[int64]{
	Name: "counter", Version: 1, Key: records.Model.Key,
	Fold:    func(n int64, _ projections.Applied) int64 { return n + 1 },
	Columns: []projections.Column[int64]{projections.NumberColumn("events", func(n int64) (int64, bool) { return n, n != 2 })},
}

// TestPlantedFaults plants faults such as projectors have, and such as disks and hands
// make in their files: each is found, and the event is named at which it began.
func TestPlantedFaults(t *testing.T) {
	at := func(n uint64, alter func(*records.Row)) func(*projections.Model[records.Row]) {
		return func(m *projections.Model[records.Row]) {
			m.Fold = func(r records.Row, a projections.Applied) records.Row {
				r = records.Model.Fold(r, a)
				if a.Ordinal == n {
					alter(&r)
				}
				return r
			}
		}
	}
	lost := func(column string) func(*projections.Model[records.Row]) {
		return func(m *projections.Model[records.Row]) {
			m.Columns = append([]projections.Column[records.Row](nil), m.Columns...)
			for i, c := range m.Columns {
				if c.Name == column {
					m.Columns[i].Value = func(records.Row) projections.Value { return projections.Value{} }
				}
			}
		}
	}
	byID := map[string]uint64{}
	log := ledger(t, given...)
	for i, r := range batch(t, log, event.Position{}, 10).Records {
		byID[r.Envelope.ID] = uint64(i + 1)
	}
	tests := []struct {
		name    string
		model   func(*projections.Model[records.Row]) // what is wrong with the model that fills the file
		count   func(*projections.Model[int64])
		file    string // or what is done to the file
		table   string
		ordinal uint64
	}{
		{name: "an event is skipped", model: func(m *projections.Model[records.Row]) {
			m.Key = func(e event.Event) string {
				if byID[e.ID] == 3 {
					return ""
				}
				return records.Model.Key(e)
			}
		}, table: "records", ordinal: 1}, // the version before it was never ended
		{name: "an event goes to the row of another key", model: func(m *projections.Model[records.Row]) {
			m.Key = func(e event.Event) string {
				if byID[e.ID] == 5 {
					return key("lesson", 1)
				}
				return records.Model.Key(e)
			}
		}, table: "records", ordinal: 2},
		{name: "an event is counted twice", count: func(m *projections.Model[int64]) {
			m.Fold = func(n int64, a projections.Applied) int64 {
				if a.Ordinal == 3 {
					n++
				}
				return n + 1
			}
		}, table: "counter", ordinal: 3},
		{name: "nothing is taken for zero", count: func(m *projections.Model[int64]) {
			m.Columns = []projections.Column[int64]{projections.NumberColumn("events", func(n int64) (int64, bool) { return n % 2, true })}
		}, table: "counter", ordinal: 3},
		{name: "a date is lost", model: at(6, func(r *records.Row) { r.From = "unknown" }), table: "records", ordinal: 6},
		{name: "a value is lost everywhere", model: lost(records.BySubject), table: "records", ordinal: 1},
		{name: "a record is taken for void", model: at(5, func(r *records.Row) { r.Progress.Phase = "void" }), table: "records", ordinal: 5},
		{name: "a correction keeps the former facts", model: at(3, func(r *records.Row) { r.Facts = facts("语文", 1).Facts }), table: "records", ordinal: 3},
		{name: "a version stays current", file: `UPDATE model_records SET ended = NULL WHERE ordinal = 2`, table: "records", ordinal: 2},
		{name: "a version is gone", file: `DELETE FROM model_records WHERE ordinal = 6`, table: "records", ordinal: 6},
		{name: "a version follows another one", file: `UPDATE model_records SET previous = 2 WHERE ordinal = 3`, table: "records", ordinal: 3},
		{name: "a row that nothing made", file: `INSERT INTO model_records (ordinal, key) SELECT 4, key FROM model_records WHERE ordinal = 1`, table: "records", ordinal: 4},
		{name: "what an event says is altered", file: `UPDATE data SET data = CAST(replace(CAST(data AS TEXT), '国学', '书法') AS BLOB) WHERE ordinal = 3`, table: "data", ordinal: 3},
		{name: "what an event says is gone", file: `DELETE FROM data WHERE ordinal = 2`, table: "data", ordinal: 2},
		{name: "a line of the journal is altered", file: `UPDATE events SET actor = NULL WHERE ordinal = 4`, table: "events", ordinal: 4},
		{name: "a line of the journal is gone", file: `DELETE FROM events WHERE ordinal = 4`, table: "events", ordinal: 4},
		{name: "a word is altered", file: `UPDATE sets SET text = replace(text, '数学', '算学')`, table: "records", ordinal: 2},
		{name: "a key is altered", file: `UPDATE texts SET text = '` + key("lesson", 9) + `' WHERE text = '` + key("lesson", 3) + `'`, table: "events", ordinal: 6},
		{name: "a name is not found any more", file: `DELETE FROM names WHERE key = (SELECT number FROM texts WHERE text = '` + key("school", 2) + `')`, table: "names", ordinal: 2},
		{name: "a name is found once too rarely", file: `UPDATE names SET rest = x'' WHERE key = (SELECT number FROM texts WHERE text = '` + key("school", 1) + `')`, table: "names", ordinal: 3},
	}
	right := built(t, configOf(t.TempDir(), readmodel.Of(records.Model), readmodel.Of(counter)), log, 6, 2)
	defer shut(t, right)
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			model, counted := records.Model, counter
			if tt.model != nil {
				tt.model(&model)
			}
			if tt.count != nil {
				tt.count(&counted)
			}
			config := configOf(t.TempDir(), readmodel.Of(model), readmodel.Of(counted))
			served := built(t, config, log, 2, 1)
			follow(t, served.Served(), log, func() int { return 1 })
			if tt.file != "" {
				shut(t, served)
				alter(t, config.Folder, "generation-000001.sqlite", tt.file)
				served = open(t, config, readmodel.Writing)
			}
			defer shut(t, served)
			c, err := readmodel.Compare(t.Context(), served.Served(), right.Served(), 6, nil)
			if err != nil {
				t.Fatal(err)
			}
			table, first, differs := c.First()
			if !differs || c.Equal() || table != tt.table || first.Ordinal != tt.ordinal || first.Was == first.Is {
				t.Errorf("found %v: %s at %d (%s → %s), want %s at %d", differs, table, first.Ordinal, first.Was, first.Is, tt.table, tt.ordinal)
			}
		})
	}
	if c, err := readmodel.Compare(t.Context(), right.Served(), right.Served(), 6, nil); err != nil || !c.Equal() {
		t.Errorf("a generation differs from itself: %v, error %v", c, err)
	}
}

// TestComparingUpToAnOrdinal looks at what both hold, whatever one knows beyond.
func TestComparingUpToAnOrdinal(t *testing.T) {
	log := ledger(t, given...)
	whole := built(t, configOf(t.TempDir()), log, 6, 6)
	defer shut(t, whole)
	for n := range 6 {
		part := built(t, configOf(t.TempDir()), log, n, 2)
		if diff := differences(t, part.Served(), whole.Served()); diff != "" {
			t.Errorf("up to %d:\n%s", n, diff)
		}
		shut(t, part)
	}
}

// TestNamesOfManyEvents cuts a key's events into several rows, in other places when
// they come one by one.
func TestNamesOfManyEvents(t *testing.T) {
	var said []said
	for n := range 700 {
		said = append(said, reported(n+1, strings.Repeat("语", n%3+1)))
	}
	log := ledger(t, said...)
	one := built(t, configOf(t.TempDir()), log, 700, 700)
	defer shut(t, one)
	many := built(t, configOf(t.TempDir()), log, 1, 1)
	defer shut(t, many)
	follow(t, many.Served(), log, func() int { return 7 })
	if diff := differences(t, one.Served(), many.Served()); diff != "" {
		t.Errorf("differences:\n%s", diff)
	}
	want(t, "rows of the district", 700, len(answers(t, rowsOf(many), projections.Query{Naming: []string{key("district", 1)}})))
	want(t, "as of 650", 650, len(answers(t, rowsOf(many), projections.Query{AsOf: 650, Naming: []string{key("district", 1)}})))
}
