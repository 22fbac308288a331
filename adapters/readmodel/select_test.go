package readmodel_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"twinledger/domain/event"
	"twinledger/projections"
	"twinledger/projections/projectiontest"
	"twinledger/projections/registers"
)

func answers(t tester, rows projections.Rows[registers.Row], q projections.Query) []string {
	t.Helper()
	found, err := rows.Select(t.Context(), q)
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, row := range found {
		out = append(out, row.Record)
	}
	return out
}

func TestSelect(t *testing.T) {
	s := open(t, t.TempDir())
	defer shut(t, s)
	follow(t, s, ledger(t, given...), all)
	one, two, three := key("lesson", 1), key("lesson", 2), key("lesson", 3)
	where := func(c ...projections.Condition) projections.Query { return projections.Query{Where: c} }
	tests := []struct {
		name  string
		query projections.Query
		want  []string
	}{
		{"everything", projections.Query{}, []string{one, two, three}},
		{"newest first", projections.Query{Newest: true}, []string{three, two, one}},
		{"the first two", projections.Query{Limit: 2}, []string{one, two}},
		{"the next two", projections.Query{Limit: 2, After: two}, []string{three}},
		{"the newest", projections.Query{Newest: true, Limit: 1}, []string{three}},
		{"the one before it", projections.Query{Newest: true, Limit: 1, After: three}, []string{two}},
		{"behind the last", projections.Query{After: three}, nil},
		{"of a subject", where(projections.Among(registers.BySubject, "语文")), []string{three}},
		{"of a part of a subject's name", where(projections.Among(registers.BySubject, "语")), nil},
		{"of a subject as it was", projections.Query{AsOf: 2, Where: []projections.Condition{projections.Among(registers.BySubject, "语文")}}, []string{one}},
		{"of a wider kind", where(projections.Among(registers.ByWhat, "open_lesson")), []string{one, two, three}},
		{"of a school", where(projections.Among(registers.BySchool, key("school", 2))), []string{two}},
		{"of a day", where(projections.Is(registers.ByFirst, "2018-04-19")), []string{one}},
		{"after a day", where(projections.Greater(registers.ByFirst, "2018-04-18")), []string{one}},
		{"on or after a day", where(projections.AtLeast(registers.ByFirst, "2018-04-19")), []string{one}},
		{"on or before a day", where(projections.AtMost(registers.ByFirst, "2018-04-18")), []string{two, three}},
		{"of one of two schools", where(projections.AmongAny(registers.BySchool, key("school", 1)+" "+key("school", 3))), []string{one, three}},
		{"of one of two communities", where(projections.OneOf(registers.ByCommunity, key("community", 1)+" "+key("community", 2))), []string{one, two, three}},
		{"of none of no communities", where(projections.OneOf(registers.ByCommunity, "")), nil},
		{"two conditions", where(projections.Among(registers.BySubject, "语文"), projections.Is(registers.ByFirst, "2018-04-19")), nil},
		{"of a community", where(projections.Is(registers.ByCommunity, key("community", 1))), []string{one, two, three}},
		{"what would end the statement", where(projections.Is(registers.ByCommunity, "' OR 1=1 --")), nil},
		{"as of the first", projections.Query{AsOf: 1}, []string{one}},
		{"as of long after", projections.Query{AsOf: 999}, []string{one, two, three}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if diff := cmp.Diff(tt.want, answers(t, s, tt.query)); diff != "" {
				t.Errorf("rows (-want +got):\n%s", diff)
			}
		})
	}
	if _, err := s.Select(t.Context(), where(projections.Is("state", "x"))); err == nil {
		t.Error("a column that the model does not have is taken")
	}
}

// TestAsOf: an answer as of an ordinal is the answer given when that ordinal was
// the newest, and both are those of a replay.
func TestAsOf(t *testing.T) {
	dirs := folders{root: t.TempDir()}
	rapid.Check(t, func(t *rapid.T) {
		given := history(t)
		log := ledger(t, given...)
		q := projections.Query{Newest: rapid.Bool().Draw(t, "newest"), Limit: rapid.IntRange(0, 3).Draw(t, "limit")}
		if rapid.Bool().Draw(t, "conditional") {
			q.Where = append(q.Where, projections.Among(registers.BySubject, rapid.SampledFrom([]string{"语文", "数学"}).Draw(t, "subject")))
		}
		if rapid.Bool().Draw(t, "paged") {
			q.After = key("lesson", rapid.IntRange(1, 4).Draw(t, "after"))
		}
		s := open(t, dirs.next())
		defer shut(t, s)
		then := make([][]string, len(given)+1)
		for n := 1; n <= len(given); n++ {
			apply(t, s, page(t, log, checkpoint(t, s), 1))
			then[n] = answers(t, s, q)
		}
		replay := projectiontest.Rows[registers.Row]{Model: registers.Model, Events: projectiontest.Applied(given...)}
		for n := 1; n <= len(given); n++ {
			q.AsOf = uint64(n)
			now := answers(t, s, q)
			if diff := cmp.Diff(then[n], now); diff != "" {
				t.Fatalf("as of %d (-then +now):\n%s", n, diff)
			}
			if diff := cmp.Diff(answers(t, replay, q), now); diff != "" {
				t.Fatalf("as of %d (-replay +now):\n%s", n, diff)
			}
		}
	})
}

// TestPaging walks all rows in pages of one size, forwards or backwards.
func TestPaging(t *testing.T) {
	s := open(t, t.TempDir())
	defer shut(t, s)
	follow(t, s, ledger(t, given...), all)
	for _, newest := range []bool{false, true} {
		for size := 1; size <= 4; size++ {
			q := projections.Query{Newest: newest, Limit: size}
			var walked []string
			for {
				found := answers(t, s, q)
				if len(found) == 0 {
					break
				}
				walked = append(walked, found...)
				q.After = found[len(found)-1]
			}
			if diff := cmp.Diff(answers(t, s, projections.Query{Newest: newest}), walked); diff != "" {
				t.Errorf("in pages of %d, newest first %v (-whole +walked):\n%s", size, newest, diff)
			}
		}
	}
}

// TestRowsAreWhole compares whole rows, not keys, with a replay.
func TestRowsAreWhole(t *testing.T) {
	s := open(t, t.TempDir())
	defer shut(t, s)
	follow(t, s, ledger(t, given...), all)
	got, err := s.Select(t.Context(), projections.Query{})
	if err != nil {
		t.Fatal(err)
	}
	rows := registers.Model.Replay(projectiontest.Applied(given...)...)
	for _, row := range got {
		want, errWant := event.Marshal(rows[row.Record])
		have, errHave := event.Marshal(row)
		if errWant != nil || errHave != nil || string(want) != string(have) {
			t.Errorf("row %s\n%s, want\n%s", row.Record, have, want)
		}
	}
	if len(got) != len(rows) {
		t.Errorf("%d rows, want %d", len(got), len(rows))
	}
}
