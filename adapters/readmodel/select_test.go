package readmodel_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"twinledger/domain/event"
	"twinledger/domain/record"
	"twinledger/projections"
	"twinledger/projections/journal"
	"twinledger/projections/projectiontest"
	"twinledger/projections/records"
)

func TestSelect(t *testing.T) {
	m := built(t, configOf(t.TempDir()), ledger(t, given...), 6, 2)
	defer shut(t, m)
	one, two, three := key("lesson", 1), key("lesson", 2), key("lesson", 3)
	where := func(c ...projections.Condition) projections.Query { return projections.Query{Where: c} }
	tests := []struct {
		name  string
		query projections.Query
		want  []string
	}{
		{"everything", projections.Query{}, []string{one, two, three}},
		{"the first two", projections.Query{Limit: 2}, []string{one, two}},
		{"the next two", projections.Query{Limit: 2, After: two}, []string{three}},
		{"behind the last", projections.Query{After: three}, nil},
		{"of a kind of stream", projections.Query{Kind: "lesson"}, []string{one, two, three}},
		{"of a kind that begins alike", projections.Query{Kind: "less"}, nil},
		{"of keys", projections.Query{Keys: []string{three, one, key("lesson", 9)}}, []string{one, three}},
		{"of no keys", projections.Query{Keys: []string{}}, nil},
		{"naming a school", projections.Query{Naming: []string{key("school", 2)}}, []string{two}},
		{"naming one of two schools", projections.Query{Naming: []string{key("school", 2), key("school", 3)}}, []string{two, three}},
		{"naming itself", projections.Query{Naming: []string{one}}, []string{one}},
		{"naming nothing known", projections.Query{Naming: []string{key("school", 9)}}, nil},
		{"naming a school as it was", projections.Query{AsOf: 1, Naming: []string{key("school", 2)}}, nil},
		{"of a subject", where(projections.Has(records.BySubject, "语文")), []string{three}},
		{"of a part of a subject's name", where(projections.Has(records.BySubject, "语")), nil},
		{"of no subject", where(projections.Has(records.BySubject)), nil},
		{"of a subject as it was", projections.Query{AsOf: 2, Where: []projections.Condition{projections.Has(records.BySubject, "语文")}}, []string{one}},
		{"of a wider kind", where(projections.Has(records.ByWhat, "open_lesson")), []string{one, two, three}},
		{"of one of two kinds", where(projections.Has(records.ByWhat, "demo_lesson", "swap")), []string{one, two, three}},
		{"after a day", where(projections.NotLess(records.ByFirst, 20180419)), []string{one}},
		{"on or before a day", where(projections.NotMore(records.ByFirst, 20180418)), []string{two, three}},
		{"of one of two communities", where(projections.Is(records.ByCommunity, key("community", 1), key("community", 2))), []string{one, two, three}},
		{"of no community", where(projections.Is(records.ByCommunity, "")), nil},
		{"of a community", where(projections.Known(records.ByCommunity)), []string{one, two, three}},
		{"of none of no communities", where(projections.Is(records.ByCommunity)), nil},
		{"two conditions", where(projections.Has(records.BySubject, "语文"), projections.NotLess(records.ByFirst, 20180419)), nil},
		{"what would end the statement", where(projections.Is(records.ByCommunity, "' OR 1=1 --")), nil},
		{"what is not known meets no comparison", where(projections.NotMore(records.ByDue, 99991231)), nil},
		{"as of the first", projections.Query{AsOf: 1}, []string{one}},
		{"as of long after", projections.Query{AsOf: 999}, []string{one, two, three}},
	}
	replay := projectiontest.Rows[records.Row]{Model: records.Model, Events: projectiontest.Applied(given...)}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if diff := cmp.Diff(tt.want, answers(t, rowsOf(m), tt.query)); diff != "" {
				t.Errorf("rows (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(tt.want, answers(t, replay, tt.query)); diff != "" {
				t.Errorf("rows of a replay (-want +got):\n%s", diff)
			}
		})
	}
	_, err := rowsOf(m).Select(t.Context(), where(projections.Is("state", "x")))
	mustFail(t, err, "a column that the model does not have is taken")
}

// condition draws one that may hold.
func condition(t *rapid.T) projections.Condition {
	subject := rapid.SampledFrom([]string{"语文", "数学", "国学"})
	mark := rapid.SampledFrom(records.AllMarks)
	return rapid.SampledFrom([]projections.Condition{
		projections.Has(records.BySubject, subject.Draw(t, "subject"), subject.Draw(t, "subject")), projections.Has(records.ByMarks, mark.Draw(t, "mark")),
		projections.NotLess(records.ByFirst, 20180419), projections.NotMore(records.ByLast, 20180418), projections.Is(records.ByCommunity, key("community", 1)),
		projections.Is(records.ByCommunity, ""), projections.Known(records.ByLeft), projections.Is(records.ByStage, "reported", "confirmed"),
	}).Draw(t, "condition")
}

// TestAsOf: an answer as of an ordinal is the answer given when that ordinal was the
// newest, and both are those of a replay: rows and counts.
func TestAsOf(t *testing.T) {
	dirs := folders{root: t.TempDir()}
	rapid.Check(t, func(t *rapid.T) {
		given := history(t)
		log := ledger(t, given...)
		q := projections.Query{Limit: rapid.IntRange(0, 3).Draw(t, "limit")}
		if rapid.Bool().Draw(t, "conditional") {
			q.Where = append(q.Where, condition(t))
		}
		if rapid.Bool().Draw(t, "paged") {
			q.After = key("lesson", rapid.IntRange(1, 4).Draw(t, "after"))
		}
		if rapid.Bool().Draw(t, "naming") {
			q.Naming = []string{key("school", rapid.IntRange(1, 4).Draw(t, "school"))}
		}
		counted := q
		counted.After, counted.Limit = "", 0
		m := built(t, configOf(dirs.next()), log, 0, 1)
		defer shut(t, m)
		then, thenCounted := make([][]records.Row, len(given)+1), make([][]projections.Group, len(given)+1)
		for n := 1; n <= len(given); n++ {
			apply(t, m.Served(), batch(t, log, checkpoint(t, m.Served()), 1))
			then[n], thenCounted[n] = selected(t, rowsOf(m), q), groups(t, rowsOf(m), counted)
		}
		replay := projectiontest.Rows[records.Row]{Model: records.Model, Events: projectiontest.Applied(given...)}
		for n := 1; n <= len(given); n++ {
			q.AsOf, counted.AsOf = uint64(n), uint64(n)
			same(t, "then and now", then[n], selected(t, rowsOf(m), q))
			same(t, "replayed and now", selected(t, replay, q), then[n])
			same(t, "counted then and now", thenCounted[n], groups(t, rowsOf(m), counted))
			same(t, "counted in a replay and now", groups(t, replay, counted), thenCounted[n])
		}
	})
}

func selected(t tester, rows projections.Rows[records.Row], q projections.Query) []records.Row {
	t.Helper()
	found, err := rows.Select(t.Context(), q)
	if err != nil {
		t.Fatal(err)
	}
	return found
}

func groups(t tester, rows projections.Rows[records.Row], q projections.Query) []projections.Group {
	t.Helper()
	found, err := rows.Count(t.Context(), q, []string{records.ByKind, records.ByMarks, records.BySubject, records.ByFirst}, records.ByTimes)
	if err != nil {
		t.Fatal(err)
	}
	return found
}

func same(t *rapid.T, what string, a, b any) {
	t.Helper()
	if diff := cmp.Diff(a, b, cmp.AllowUnexported(record.Progress{}), cmpopts.EquateEmpty()); diff != "" {
		t.Fatalf("%s (-first +second):\n%s", what, diff)
	}
}

// TestPaging walks all rows in pages of one size.
func TestPaging(t *testing.T) {
	m := built(t, configOf(t.TempDir()), ledger(t, given...), 6, 6)
	defer shut(t, m)
	for size := 1; size <= 4; size++ {
		q := projections.Query{Limit: size}
		var walked []string
		for {
			found := answers(t, rowsOf(m), q)
			if len(found) == 0 {
				break
			}
			walked = append(walked, found...)
			q.After = found[len(found)-1]
		}
		if diff := cmp.Diff(answers(t, rowsOf(m), projections.Query{}), walked); diff != "" {
			t.Errorf("in pages of %d (-whole +walked):\n%s", size, diff)
		}
	}
}

// TestJournal asks the journal of a generation and one in memory the same questions.
func TestJournal(t *testing.T) {
	dirs := folders{root: t.TempDir()}
	rapid.Check(t, func(t *rapid.T) {
		given := history(t)
		m := built(t, configOf(dirs.next()), ledger(t, given...), len(given), rapid.IntRange(1, 5).Draw(t, "page"))
		defer shut(t, m)
		applied := projectiontest.Applied(given...)
		memory := projectiontest.Journal{Of: applied}
		n := func(name string) int { return rapid.IntRange(1, 4).Draw(t, name) }
		asked := rapid.SampledFrom([]journal.Asked{
			{}, {Stream: key("lesson", n("lesson"))}, {Type: "lesson.corrected"}, {Actor: "clerk"}, {Actor: "nobody"}, {Unit: "x"},
			{Named: []string{key("school", n("school"))}}, {Named: []string{key("school", n("school")), key("district", 1)}}, {Named: []string{"", key("lesson", n("named"))}},
			{From: "2018-07-03"}, {To: "2018-07-02"}, {Cause: "none"},
		}).Draw(t, "asked")
		q := journal.Question{Asked: asked, AsOf: uint64(rapid.IntRange(0, len(given)+1).Draw(t, "as of")),
			After: uint64(rapid.IntRange(0, len(given)).Draw(t, "after")), Newest: rapid.Bool().Draw(t, "newest"), Limit: rapid.IntRange(0, 3).Draw(t, "limit")}
		stored, err := m.Journal().Events(t.Context(), q)
		if err != nil {
			t.Fatal(err)
		}
		want, err := memory.Events(t.Context(), q)
		if err != nil {
			t.Fatal(err)
		}
		same(t, "journal", want, stored)
		instant := event.InstantOf(applied[0].Recorded.Add(-1))
		if i := rapid.IntRange(0, len(applied)).Draw(t, "instant"); i > 0 {
			instant = applied[i-1].Recorded
		}
		last, err := m.Journal().LastUntil(t.Context(), instant)
		if err != nil {
			t.Fatal(err)
		}
		wantLast, _ := memory.LastUntil(t.Context(), instant)
		same(t, "last until "+instant.String(), wantLast, last)
	})
}
