package readmodel_test

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"

	"pgregory.net/rapid"

	"twinledger/adapters/readmodel"
	"twinledger/domain"
	"twinledger/domain/event"
	"twinledger/domain/event/memlog"
	"twinledger/domain/lesson"
	"twinledger/domain/record"
	"twinledger/domain/seal"
	"twinledger/projections/projectiontest"
	"twinledger/projections/registers"
)

type (
	said  = projectiontest.Said
	store = readmodel.Store[registers.Row]
)

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

// elsewhere belongs to no row of the register.
func elsewhere(n int) said {
	return say(key("import", n), "", record.Reported[lesson.Facts]{Facts: facts("语文", n)})
}

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

// page returns at most limit records behind a position.
func page(t tester, log event.Feed, after event.Position, limit int) event.Page {
	t.Helper()
	p, err := log.Page(t.Context(), after, limit)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func open(t tester, folder string) *store {
	t.Helper()
	s, err := readmodel.Open(t.Context(), folder, registers.Model, domain.Events(nil))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func shut(t tester, s *store) {
	t.Helper()
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
}

// follow applies all that the log holds behind the checkpoint, in pages of the
// sizes that limit returns.
func follow(t tester, s *store, log event.Feed, limit func() int) {
	t.Helper()
	for {
		p := page(t, log, checkpoint(t, s), limit())
		if len(p.Records) == 0 {
			return
		}
		apply(t, s, p)
	}
}

func all() int { return 1000 }

func apply(t tester, s *store, p event.Page) {
	t.Helper()
	if err := s.Apply(t.Context(), p); err != nil {
		t.Fatal(err)
	}
}

func checkpoint(t tester, s *store) event.Position {
	t.Helper()
	at, err := s.Checkpoint(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return at
}

// dump returns every version of every row.
func dump(t tester, s *store) string {
	t.Helper()
	var b strings.Builder
	if err := s.Dump(t.Context(), &b); err != nil {
		t.Fatal(err)
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
