package keyvault_test

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"twinledger/adapters/keyvault"
	"twinledger/domain/seal"
)

func create(t *testing.T) (*keyvault.Vault, string) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "keys.sqlite")
	v, err := keyvault.Create(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := v.Close(); err != nil {
			t.Error(err)
		}
	})
	return v, path
}

func TestSealAndOpen(t *testing.T) {
	v, path := create(t)
	sealed, err := v.Seal(t.Context(), "王老师", "person-1/name", "person-1", "source-2")
	if err != nil {
		t.Fatal(err)
	}
	if text, err := v.Open(t.Context(), sealed, "person-1/name"); err != nil || text != "王老师" {
		t.Errorf("opened %q, %v", text, err)
	}
	if _, err := v.Open(t.Context(), sealed, "person-2/name"); !errors.Is(err, seal.ErrTampered) {
		t.Errorf("at another place: %v, want ErrTampered", err)
	}
	swapped := sealed
	swapped.Keys = []string{"source-2", "person-1"}
	if _, err := v.Open(t.Context(), swapped, "person-1/name"); !errors.Is(err, seal.ErrTampered) {
		t.Errorf("with the layers swapped: %v, want ErrTampered", err)
	}
	foreign := sealed
	foreign.Keys = []string{"person-9"}
	if _, err := v.Open(t.Context(), foreign, "person-1/name"); !errors.Is(err, seal.ErrNoKey) {
		t.Errorf("under a key that is not there: %v, want ErrNoKey", err)
	}
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if bytes.Contains(content, []byte("王老师")) {
		t.Error("the vault's file holds the name")
	}
}

func TestOpenedAgain(t *testing.T) {
	v, path := create(t)
	sealed, err := v.Seal(t.Context(), "备注", "lesson-1/remark", "source-1")
	if err != nil {
		t.Fatal(err)
	}
	again, err := keyvault.Open(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	defer again.Close() //nolint:errcheck // only read
	if text, err := again.Open(t.Context(), sealed, "lesson-1/remark"); err != nil || text != "备注" {
		t.Errorf("opened %q, %v", text, err)
	}
	if again.SecretID() != v.SecretID() || again.MAC("a", "b") != v.MAC("a", "b") {
		t.Error("the secret differs after opening again")
	}
}

func TestMACKeepsPartsApart(t *testing.T) {
	v, _ := create(t)
	if v.MAC("p", "ab", "c") == v.MAC("p", "a", "bc") || v.MAC("p") == v.MAC("p", "") {
		t.Error("different parts give the same MAC")
	}
}

func TestMissing(t *testing.T) {
	if _, err := keyvault.Open(t.Context(), filepath.Join(t.TempDir(), "none")); !errors.Is(err, keyvault.ErrMissing) {
		t.Errorf("got %v, want ErrMissing", err)
	}
}
