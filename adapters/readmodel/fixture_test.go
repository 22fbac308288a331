package readmodel_test

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"twinledger/adapters/readmodel"
	"twinledger/domain"
	"twinledger/domain/event"
	"twinledger/domain/event/memlog"
	"twinledger/domain/lesson"
	"twinledger/domain/record"
	"twinledger/domain/seal"
	"twinledger/projections"
	"twinledger/projections/projectiontest"
	"twinledger/projections/records"
)

type said = projectiontest.Said

var say, key = projectiontest.Say, projectiontest.Key

// A tester is a test or one case of a property.
type tester interface {
	Helper()
	Fatal(args ...any)
	Context() context.Context
}

// facts returns lessons of a subject at a school.
func facts(subject string, school int) lesson.Facts {
	return lesson.Facts{Facts: record.Facts{District: key("district", 1), Community: key("community", 1), Kinds: []record.Kind{"demo_lesson"},
		Mode: record.ModeUnknown, Subjects: []record.Word{{Text: subject}}, To: []record.Unit{{School: key("school", school)}}}}
}

func reported(n int, subject string) said {
	return say(key("lesson", n), "day:2018-04-18", record.Reported[lesson.Facts]{Facts: facts(subject, n)})
}

func corrected(n int, subject string) said {
	return say(key("lesson", n), "day:2018-04-19", record.Corrected[lesson.Facts]{Reason: seal.Text{Clear: "写错"}, Facts: facts(subject, n)})
}

func voided(n int) said {
	return say(key("lesson", n), "", record.Voided[lesson.Facts]{Reason: seal.Text{Clear: "写错"}})
}

// elsewhere belongs to no row.
func elsewhere(n int) said {
	return say(key("import", n), "", record.Reported[lesson.Facts]{Facts: facts("语文", n)})
}

// given are six events of three lessons.
var given = []said{reported(1, "语文"), reported(2, "数学"), corrected(1, "国学"), elsewhere(1), voided(2), reported(3, "语文")}

// history draws what may have been said: of four lessons, in any order.
func history(t *rapid.T) []said {
	subjects := rapid.SampledFrom([]string{"语文", "数学", "国学"})
	var out []said
	for range rapid.IntRange(1, 12).Draw(t, "events") {
		n := rapid.IntRange(1, 4).Draw(t, "lesson")
		kinds := []said{reported(n, subjects.Draw(t, "subject")), corrected(n, subjects.Draw(t, "subject")), voided(n), elsewhere(n)}
		out = append(out, rapid.SampledFrom(kinds).Draw(t, "event"))
	}
	return out
}

// ledger returns a log that holds what was said.
func ledger(t tester, given ...said) *memlog.Log {
	t.Helper()
	log := memlog.New()
	for _, r := range projectiontest.Records(given...) {
		if _, err := log.Append(t.Context(), r.Envelope.Stream, r.Envelope.Revision-1, r); err != nil {
			t.Fatal(err)
		}
	}
	return log
}

var registry = domain.Events(nil)

// batch returns at most limit records behind a position, with their events.
func batch(t tester, log event.Feed, after event.Position, limit int) projections.Batch {
	t.Helper()
	p, err := log.Page(t.Context(), after, limit)
	if err != nil {
		t.Fatal(err)
	}
	return projections.Decode(p, registry)
}

func configOf(folder string, models ...readmodel.Model) readmodel.Config {
	if models == nil {
		models = []readmodel.Model{readmodel.Of(records.Model)}
	}
	return readmodel.Config{Folder: folder, Ledger: projectiontest.Ledger, Models: models, Registry: registry}
}

func open(t tester, config readmodel.Config, mode readmodel.Mode) *readmodel.ReadModels {
	t.Helper()
	m, err := readmodel.Open(config, mode)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// A projector is a generation or a build.
type projector = projections.Projector

func checkpoint(t tester, p projector) event.Position {
	t.Helper()
	at, err := p.Checkpoint(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return at
}

func apply(t tester, p projector, b projections.Batch) {
	t.Helper()
	if err := p.Apply(t.Context(), b); err != nil {
		t.Fatal(err)
	}
}

// follow applies all that the log holds behind the checkpoint, in pages of the sizes
// that limit returns.
func follow(t tester, p projector, log event.Feed, limit func() int) {
	t.Helper()
	for {
		b := batch(t, log, checkpoint(t, p), limit())
		if len(b.Records) == 0 {
			return
		}
		apply(t, p, b)
	}
}

func all() int { return 1000 }

func begin(t tester, m *readmodel.ReadModels) *readmodel.Build {
	t.Helper()
	b, err := m.Build(false)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func finish(t tester, b *readmodel.Build) *readmodel.Generation {
	t.Helper()
	g, err := b.Finish(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return g
}

// built returns read models in a folder, built from the first n records of a log in
// pages of a size, and served.
func built(t tester, config readmodel.Config, log event.Feed, n, size int) *readmodel.ReadModels {
	t.Helper()
	m := open(t, config, readmodel.Writing)
	b := begin(t, m)
	for left := n; left > 0; left -= min(size, left) {
		apply(t, b, batch(t, log, checkpoint(t, b), min(size, left)))
	}
	if err := m.Serve(finish(t, b)); err != nil {
		t.Fatal(err)
	}
	return m
}

func shut(t tester, m *readmodel.ReadModels) {
	t.Helper()
	if err := m.Close(); err != nil {
		t.Fatal(err)
	}
}

// answers returns the keys of the rows that a query asks for.
func answers(t tester, rows projections.Rows[records.Row], q projections.Query) []string {
	t.Helper()
	found, err := rows.Select(t.Context(), q)
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, row := range found {
		out = append(out, row.Key)
	}
	return out
}

func rowsOf(m *readmodel.ReadModels) projections.Rows[records.Row] {
	return readmodel.Rows(m, records.Model)
}

// differences returns what two generations differ in, one line for each row.
func differences(t tester, was, is *readmodel.Generation) string {
	t.Helper()
	c, err := readmodel.Compare(t.Context(), was, is, min(checkpoint(t, was).Ordinal, checkpoint(t, is).Ordinal), nil)
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	for _, table := range c.Tables {
		for _, d := range table.First {
			fmt.Fprintf(&b, "%s %d %s: %s → %s\n", table.Table, d.Ordinal, d.Key, d.Was, d.Is)
		}
	}
	return b.String()
}

// folders gives the cases of a property a folder each.
type folders struct {
	root string
	n    int
}

func (f *folders) next() string {
	f.n++
	return filepath.Join(f.root, fmt.Sprint(f.n))
}

func mustFail(t *testing.T, err error, what string) {
	t.Helper()
	if err == nil {
		t.Error(what)
	}
}
