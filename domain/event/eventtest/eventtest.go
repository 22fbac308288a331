// Package eventtest holds a package's events to what is stored of them: every
// version of every type has a sample, which must be readable for ever.
//
// A sample is the stored data of one event, one line as [event.Marshal] writes
// it, in the package's own folder as testdata/<type>.v<version>.json. Samples are
// add-only: one that has been released is never edited. Whoever adds a type or a
// version writes one more file beside the former ones.
package eventtest

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"strconv"
	"strings"
	"testing"

	"twinledger/domain/event"
	"twinledger/domain/seal"
)

// Samples checks the samples of every type that register declares, those of
// former versions included: each is there and can be decoded, and the one of the
// current version fills every field and encodes to exactly its own bytes. It
// fails for a file in testdata that looks like a sample of no such type.
func Samples(t *testing.T, register func(*event.Registry)) {
	t.Helper()
	r := event.NewRegistry(nil)
	register(r)
	for _, name := range r.Names() {
		for version := 1; version <= name.Version; version++ {
			at := event.TypeVersion{Type: name.Type, Version: version}
			t.Run(filepath.Base(Path(at)), func(t *testing.T) { sample(t, r, at, version == name.Version) })
		}
	}
	for _, at := range strays(t, r.Names()) {
		t.Errorf("testdata/%s is a sample of no registered type and version; a released type is never taken away (or the test does not register all of its package)", at)
	}
}

// Path returns where the sample of a version lies, from its package's folder.
func Path(v event.TypeVersion) string {
	return filepath.Join("testdata", v.Type+".v"+strconv.Itoa(v.Version)+".json")
}

func sample(t *testing.T, r *event.Registry, v event.TypeVersion, current bool) {
	stored, err := os.ReadFile(Path(v))
	if errors.Is(err, fs.ErrNotExist) {
		t.Fatalf("%s is missing; write there, in one line, the data of one %s with every field filled", Path(v), v.Type)
	}
	if err != nil {
		t.Fatal(err)
	}
	stored = bytes.TrimSuffix(stored, []byte("\n"))
	e, err := r.Decode(event.Envelope{Type: v.Type, Version: v.Version, Data: stored})
	if err != nil {
		t.Fatalf("the sample cannot be read any more: %v", err)
	}
	if !current {
		return
	}
	as, encoded, err := r.Encode(e.Fact)
	if err != nil {
		t.Fatal(err)
	}
	if as != v || !bytes.Equal(encoded, stored) {
		t.Errorf("read and written again the sample differs; a changed shape needs a new version with an upcast\nstored  %s\nwritten %s", stored, encoded)
	}
	for _, field := range unfilled(e.Fact) {
		t.Errorf("the sample leaves %s empty, so nobody would notice that it is lost", field)
	}
}

// strays returns the files in testdata that are named like samples and are none.
func strays(t *testing.T, names []event.TypeVersion) []string {
	current := map[string]int{}
	for _, n := range names {
		current[n.Type] = n.Version
	}
	files, err := filepath.Glob(filepath.Join("testdata", "*.v*.json"))
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, file := range files {
		base := strings.TrimSuffix(filepath.Base(file), ".json")
		cut := strings.LastIndex(base, ".v")
		version, err := strconv.Atoi(base[cut+2:])
		if err != nil || version < 1 || version > current[base[:cut]] {
			out = append(out, filepath.Base(file))
		}
	}
	return out
}

// unfilled returns the fields that are empty wherever their struct occurs in
// fact. A seal.Text is either clear or sealed and counts as one value.
func unfilled(fact any) []string {
	filled := map[string]bool{}
	var order []string
	look(reflect.ValueOf(fact), func(field string, is bool) {
		if _, seen := filled[field]; !seen {
			order = append(order, field)
		}
		filled[field] = filled[field] || is
	})
	var out []string
	for _, field := range order {
		if !filled[field] {
			out = append(out, field)
		}
	}
	return out
}

// look reports every field of every struct in v, and whether it is filled there.
func look(v reflect.Value, report func(field string, filled bool)) {
	switch v.Kind() {
	case reflect.Pointer:
		if !v.IsNil() {
			look(v.Elem(), report)
		}
	case reflect.Slice, reflect.Array:
		for i := range v.Len() {
			look(v.Index(i), report)
		}
	case reflect.Struct:
		if v.Type() == reflect.TypeFor[seal.Text]() {
			return
		}
		for i := range v.NumField() {
			report(v.Type().String()+"."+v.Type().Field(i).Name, !v.Field(i).IsZero())
			look(v.Field(i), report)
		}
	}
}
