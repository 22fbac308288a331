package readmodel_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"twinledger/domain/command/commandtest"
	"twinledger/domain/event"
	"twinledger/projections"
)

// given are six events of three lessons.
var given = []said{reported(1, "语文"), reported(2, "数学"), corrected(1, "国学"), elsewhere(1), voided(2), reported(3, "语文")}

func TestApply(t *testing.T) {
	log := ledger(t, given...)
	start := page(t, log, event.Position{}, 3)
	rest := page(t, log, start.After, 3)
	whole := page(t, log, event.Position{}, 6)
	forged := func(p event.Page, alter func(*event.Page)) event.Page {
		alter(&p)
		return p
	}
	other := page(t, ledger(t, reported(1, "数学"), reported(2, "数学"), corrected(1, "国学")), event.Position{}, 3)
	tests := []struct {
		name    string
		applied []event.Page
		page    event.Page
		err     error
		want    uint64 // the checkpoint's ordinal then
	}{
		{"the first page", nil, start, nil, 3},
		{"the page that follows", []event.Page{start}, rest, nil, 6},
		{"a page already applied", []event.Page{start}, start, nil, 3},
		{"a page applied long ago", []event.Page{start, rest}, start, nil, 6},
		{"a page that begins inside what is applied", []event.Page{start}, whole, nil, 6},
		{"an empty page", []event.Page{start, rest}, page(t, log, whole.After, 3), nil, 6},
		{"a page that leaves a gap", nil, rest, projections.ErrGap, 0},
		{"a page of another ledger behind", []event.Page{other}, rest, projections.ErrGap, 3},
		{"a page of another ledger that begins inside", []event.Page{other}, whole, projections.ErrGap, 3},
		{"a page whose beginning is forged", nil, forged(start, func(p *event.Page) { p.Before.Hash[0] ^= 1 }), projections.ErrGap, 0},
		{"a page whose end is forged", nil, forged(start, func(p *event.Page) { p.After.Hash[0] ^= 1 }), projections.ErrGap, 0},
		{"a page with a record too few", nil, forged(start, func(p *event.Page) { p.Records = p.Records[:2] }), projections.ErrGap, 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := open(t, t.TempDir())
			defer shut(t, s)
			for _, p := range tt.applied {
				apply(t, s, p)
			}
			before := dump(t, s)
			if err := s.Apply(t.Context(), tt.page); !errors.Is(err, tt.err) {
				t.Fatalf("applied with %v, want %v", err, tt.err)
			}
			if got := checkpoint(t, s).Ordinal; got != tt.want {
				t.Errorf("the checkpoint is %d, want %d", got, tt.want)
			}
			if tt.err != nil && dump(t, s) != before {
				t.Error("a refused page left rows")
			}
		})
	}
}

// TestAnEventThatCannotBeApplied is of a type that a later program wrote.
func TestAnEventThatCannotBeApplied(t *testing.T) {
	log := ledger(t, given[:2]...)
	later, _, _, err := log.Last(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	e := later.Envelope
	e.ID, e.Revision, e.Type = commandtest.ID(3), 1, "lesson.praised"
	strange, err := event.Encode(e)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := log.Append(t.Context(), e.Stream, 0, strange); err != nil {
		t.Fatal(err)
	}
	s := open(t, t.TempDir())
	defer shut(t, s)
	err = s.Apply(t.Context(), page(t, log, event.Position{}, 3))
	if !errors.Is(err, projections.ErrCannotApply) || !errors.Is(err, event.ErrUnknownType) {
		t.Errorf("refused with %v, want why it cannot be applied", err)
	}
	if dump(t, s) != "" || checkpoint(t, s) != (event.Position{}) {
		t.Error("the events before it were stored")
	}
	apply(t, s, page(t, log, event.Position{}, 2))
	if got := checkpoint(t, s).Ordinal; got != 2 {
		t.Errorf("the checkpoint is %d, want that before the event", got)
	}
}

func TestWhyItStopped(t *testing.T) {
	log := ledger(t, given...)
	s := open(t, t.TempDir())
	defer shut(t, s)
	stopped := func() string {
		why, err := s.Stopped(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		return why
	}
	if err := s.Stop(t.Context(), "事件 7"); err != nil {
		t.Fatal(err)
	}
	if got := stopped(); got != "事件 7" {
		t.Errorf("stopped because of %q", got)
	}
	follow(t, s, log, all)
	if got := stopped(); got != "" {
		t.Errorf("after a page it still says that it stopped because of %q", got)
	}
}

// TestVersions looks at the versions themselves.
func TestVersions(t *testing.T) {
	s := open(t, t.TempDir())
	defer shut(t, s)
	follow(t, s, ledger(t, given...), all)
	var got []string
	for line := range strings.Lines(dump(t, s)) {
		fields := strings.SplitN(line, "\t", 5)
		got = append(got, strings.TrimPrefix(fields[1], "lesson-0198c000-0000-7000-8000-00000000000")+" "+fields[2]+"–"+fields[3])
	}
	want := []string{"1 1–3", "1 3–0", "2 2–5", "2 5–0", "3 6–0"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("versions (-want +got):\n%s", diff)
	}
}

// TestPagesDoNotMatter fills two models from one log, in one page and in pages
// drawn at random, closing and opening the second on the way.
func TestPagesDoNotMatter(t *testing.T) {
	dirs := folders{root: t.TempDir()}
	rapid.Check(t, func(t *rapid.T) {
		log := ledger(t, history(t)...)
		one := open(t, dirs.next())
		defer shut(t, one)
		follow(t, one, log, all)

		folder := dirs.next()
		many := open(t, folder)
		follow(t, many, log, func() int {
			if rapid.IntRange(0, 3).Draw(t, "reopen") == 0 {
				shut(t, many)
				*many = *open(t, folder)
			}
			return rapid.IntRange(1, 4).Draw(t, "page")
		})
		defer shut(t, many)
		if diff := cmp.Diff(dump(t, one), dump(t, many)); diff != "" {
			t.Fatalf("rows differ (-one page +many):\n%s", diff)
		}
		if checkpoint(t, one) != checkpoint(t, many) {
			t.Fatalf("checkpoints %v and %v", checkpoint(t, one), checkpoint(t, many))
		}
	})
}
