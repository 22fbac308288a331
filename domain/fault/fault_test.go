package fault_test

import (
	"errors"
	"fmt"
	"io/fs"
	"testing"

	"github.com/google/go-cmp/cmp"

	"twinledger/domain/fault"
)

var (
	voided = fault.New(fault.Refused, "lesson.voided", "该记录已作废；请另行登记。", "The record is voided; report it anew.")
	absent = fault.New(fault.NotFound, "lesson.none", "没有该记录；请核对编号。", "There is no such record; check its id.")
)

func TestFaultInTree(t *testing.T) {
	foreign := errors.New("disk full")
	for _, c := range []struct {
		situation string
		err       error
		kind      fault.Kind
		code      string // "" when there is no fault in it
		voided    bool
	}{
		{"bare", voided, fault.Refused, "lesson.voided", true},
		{"with details", voided.With("id", 7), fault.Refused, "lesson.voided", true},
		{"at a place", voided.At(fault.Place{Row: 7}), fault.Refused, "lesson.voided", true},
		{"wrapped once", fmt.Errorf("import: %w", voided), fault.Refused, "lesson.voided", true},
		{"wrapped twice", fmt.Errorf("import: %w", fmt.Errorf("row 7: %w", voided.With("id", 7))), fault.Refused, "lesson.voided", true},
		{"joined behind a foreign error", errors.Join(foreign, voided), fault.Refused, "lesson.voided", true},
		{"joined behind another fault", errors.Join(absent, voided), fault.NotFound, "lesson.none", true},
		{"joined and wrapped", fmt.Errorf("import: %w", errors.Join(foreign, fmt.Errorf("row: %w", voided))), fault.Refused, "lesson.voided", true},
		{"cause of another fault", absent.Because(voided), fault.NotFound, "lesson.none", true},
		{"another instance of the same code", fault.New(fault.Invalid, "lesson.voided", "", ""), fault.Invalid, "lesson.voided", true},
		{"another fault", absent, fault.NotFound, "lesson.none", false},
		{"foreign", foreign, fault.Internal, "", false},
		{"foreign and wrapped", fmt.Errorf("import: %w", foreign), fault.Internal, "", false},
		{"foreign with the same text", errors.New(voided.Error()), fault.Internal, "", false},
		{"none", nil, fault.Internal, "", false},
	} {
		if got := fault.KindOf(c.err); got != c.kind {
			t.Errorf("%s: kind is %s, want %s", c.situation, got, c.kind)
		}
		if got := errors.Is(c.err, voided); got != c.voided {
			t.Errorf("%s: is it lesson.voided? %t, want %t", c.situation, got, c.voided)
		}
		f, ok := fault.As(c.err)
		if ok != (c.code != "") || ok && f.Code != c.code {
			t.Errorf("%s: found %v, want code %q", c.situation, f, c.code)
		}
	}
}

func TestMessage(t *testing.T) {
	bare := "该记录已作废；请另行登记。 / The record is voided; report it anew."
	for _, c := range []struct {
		situation string
		err       *fault.Error
		message   string
		full      string
	}{
		{"bare", voided, bare, "lesson.voided: " + bare},
		{"one detail", voided.With("id", 7), bare + " (id=7)", "lesson.voided: " + bare + " (id=7)"},
		{"two details", voided.With("id", 7).With("school", "一中"), bare + " (id=7, school=一中)", "lesson.voided: " + bare + " (id=7, school=一中)"},
		{"a whole place", voided.At(fault.Place{File: "a.xlsx", Sheet: "送课", Row: 7, Line: 8, Column: "日期", Value: "去年"}),
			bare + " [文件 file a.xlsx，工作表 sheet 送课，行 row 7，行 line 8，列 column 日期，值 value “去年”]",
			"lesson.voided: " + bare + " [文件 file a.xlsx，工作表 sheet 送课，行 row 7，行 line 8，列 column 日期，值 value “去年”]"},
		{"a line only", voided.At(fault.Place{Line: 3}), bare + " [行 line 3]", "lesson.voided: " + bare + " [行 line 3]"},
		{"detail, place and cause", voided.With("id", 7).At(fault.Place{Row: 7}).Because(fs.ErrNotExist),
			bare + " (id=7) [行 row 7]", "lesson.voided: " + bare + " (id=7) [行 row 7]: file does not exist"},
	} {
		if got := c.err.Message(); got != c.message {
			t.Errorf("%s: message is %q, want %q", c.situation, got, c.message)
		}
		if got := c.err.Error(); got != c.full {
			t.Errorf("%s: error is %q, want %q", c.situation, got, c.full)
		}
	}
	if !errors.Is(voided.Because(fs.ErrNotExist), fs.ErrNotExist) {
		t.Error("the cause cannot be found")
	}
}

// TestCopies tells that a sentinel stays as it is and that what grows from one
// fault does not meet.
func TestCopies(t *testing.T) {
	base := voided.With("a", 1).With("b", 2)
	left, right := base.With("c", 3), base.With("d", 3)
	_ = base.At(fault.Place{Row: 9}).Because(fs.ErrExist)
	want := func(names ...string) (details []fault.Detail) {
		for i, name := range names {
			details = append(details, fault.Detail{Name: name, Value: fmt.Sprint(i + 1)})
		}
		return details
	}
	for _, c := range []struct {
		situation string
		got       *fault.Error
		want      []fault.Detail
	}{
		{"sentinel", voided, nil},
		{"base", base, want("a", "b")},
		{"left", left, want("a", "b", "c")},
		{"right", right, want("a", "b", "d")},
	} {
		if d := cmp.Diff(c.want, c.got.Details); d != "" {
			t.Errorf("%s: details differ (-want +got):\n%s", c.situation, d)
		}
		if c.got.Place != (fault.Place{}) || c.got.Cause != nil {
			t.Errorf("%s: has a place or a cause: %v", c.situation, c.got)
		}
	}
}

func TestKind(t *testing.T) {
	for want, k := range map[string]fault.Kind{
		"internal": fault.Internal, "invalid": fault.Invalid, "not-found": fault.NotFound,
		"conflict": fault.Conflict, "refused": fault.Refused, "unavailable": fault.Unavailable,
	} {
		if k.String() != want {
			t.Errorf("kind %d is called %s, want %s", k, k, want)
		}
	}
	if got := fault.Kind(200).String(); got != "internal" {
		t.Errorf("a kind that does not exist is called %s", got)
	}
	var zero fault.Kind
	if zero != fault.Internal {
		t.Errorf("the zero kind is %s", zero)
	}
}
