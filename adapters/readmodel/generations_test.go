package readmodel_test

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"twinledger/adapters/readmodel"
	"twinledger/domain"
	"twinledger/domain/event"
	"twinledger/projections"
	"twinledger/projections/registers"
)

// files returns the names of the model's files in folder.
func files(t *testing.T, folder string) []string {
	t.Helper()
	paths, err := filepath.Glob(filepath.Join(folder, "*.sqlite"))
	if err != nil {
		t.Fatal(err)
	}
	for i := range paths {
		paths[i] = filepath.Base(paths[i])
	}
	return paths
}

func next(t *testing.T, folder string) *store {
	t.Helper()
	s, err := readmodel.Next(t.Context(), folder, registers.Model, domain.Events(nil))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestReopening(t *testing.T) {
	folder, log := t.TempDir(), ledger(t, given...)
	s := open(t, folder)
	follow(t, s, log, all)
	rows, at := dump(t, s), checkpoint(t, s)
	shut(t, s)
	again := open(t, folder)
	defer shut(t, again)
	if dump(t, again) != rows || checkpoint(t, again) != at {
		t.Error("a reopened model is another")
	}
	if at != page(t, log, event.Position{}, 6).After {
		t.Errorf("the checkpoint is %v", at)
	}
	if diff := cmp.Diff([]string{"registers-000001.sqlite"}, files(t, folder)); diff != "" {
		t.Errorf("files (-want +got):\n%s", diff)
	}
}

func TestARebuildBesideTheServedModel(t *testing.T) {
	folder, log := t.TempDir(), ledger(t, given...)
	served := open(t, folder)
	apply(t, served, page(t, log, event.Position{}, 2))
	rebuilt := next(t, folder)
	follow(t, rebuilt, log, all)

	beside := open(t, folder)
	if got := checkpoint(t, beside).Ordinal; got != 2 {
		t.Errorf("before it is ready, what stands at %d is served, want 2", got)
	}
	shut(t, beside)
	shut(t, served)
	if err := rebuilt.Ready(t.Context()); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"registers-000002.sqlite"}, files(t, folder)); diff != "" {
		t.Errorf("files (-want +got):\n%s", diff)
	}
	shut(t, rebuilt)
	after := open(t, folder)
	defer shut(t, after)
	if got := checkpoint(t, after).Ordinal; got != 6 {
		t.Errorf("what stands at %d is served, want the rebuilt model", got)
	}
}

func TestARebuildThatIsBrokenOff(t *testing.T) {
	folder, log := t.TempDir(), ledger(t, given...)
	served := open(t, folder)
	defer shut(t, served)
	follow(t, served, log, all)
	rebuilt := next(t, folder)
	apply(t, rebuilt, page(t, log, event.Position{}, 2))
	if err := rebuilt.Discard(); err != nil {
		t.Fatal(err)
	}
	entries, err := os.ReadDir(folder)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if name := e.Name(); len(name) > len("registers-000002") && name[:len("registers-000002")] == "registers-000002" {
			t.Errorf("%s is left", name)
		}
	}
	if got := checkpoint(t, served).Ordinal; got != 6 {
		t.Errorf("the served model stands at %d, want 6", got)
	}
}

// TestARebuildThatCrashed leaves an unready file, which is never served.
func TestARebuildThatCrashed(t *testing.T) {
	folder, log := t.TempDir(), ledger(t, given...)
	shut(t, open(t, folder))
	crashed := next(t, folder)
	follow(t, crashed, log, all)
	shut(t, crashed)
	served := open(t, folder)
	defer shut(t, served)
	if got := checkpoint(t, served).Ordinal; got != 0 {
		t.Errorf("what stands at %d is served, want the ready model", got)
	}
	fresh := next(t, folder)
	defer shut(t, fresh)
	if got := checkpoint(t, fresh).Ordinal; got != 0 {
		t.Errorf("a new generation begins at %d", got)
	}
}

func TestAnotherVersionOfTheModel(t *testing.T) {
	folder, log := t.TempDir(), ledger(t, given...)
	old := open(t, folder)
	follow(t, old, log, all)
	shut(t, old)
	raised := registers.Model
	raised.Version++
	raised.Columns = append(raised.Columns[:len(raised.Columns):len(raised.Columns)], projections.Column[registers.Row]{Name: "record", Value: func(r registers.Row) string { return r.Record }})
	s, err := readmodel.Open(t.Context(), folder, raised, domain.Events(nil))
	if err != nil {
		t.Fatal(err)
	}
	defer shut(t, s)
	if checkpoint(t, s) != (event.Position{}) || dump(t, s) != "" {
		t.Error("rows of the former version are served")
	}
	follow(t, s, log, all)
	got := answers(t, s, projections.Query{Where: []projections.Condition{projections.Is("record", key("lesson", 2))}})
	if diff := cmp.Diff([]string{key("lesson", 2)}, got); diff != "" {
		t.Errorf("by the new column (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"registers-000001.sqlite", "registers-000002.sqlite"}, files(t, folder)); diff != "" {
		t.Errorf("files (-want +got):\n%s", diff)
	}
}

func TestReadingBesideAnotherProcess(t *testing.T) {
	folder, log := t.TempDir(), ledger(t, given...)
	registry := domain.Events(nil)
	if _, err := readmodel.OpenReadOnly(t.Context(), folder, registers.Model, registry); !errors.Is(err, readmodel.ErrMissing) {
		t.Errorf("opened nothing with %v, want ErrMissing", err)
	}
	writer := open(t, folder)
	defer shut(t, writer)
	reader, err := readmodel.OpenReadOnly(t.Context(), folder, registers.Model, registry)
	if err != nil {
		t.Fatal(err)
	}
	defer shut(t, reader)
	follow(t, writer, log, all)
	if got := checkpoint(t, reader).Ordinal; got != 6 || dump(t, reader) != dump(t, writer) {
		t.Errorf("the reader stands at %d and sees other rows", got)
	}
}
