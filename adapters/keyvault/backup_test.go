package keyvault_test

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"twinledger/adapters/keyvault"
)

func TestCopy(t *testing.T) {
	v, path := create(t) // and open meanwhile
	sealed, err := v.Seal(t.Context(), "王老师", "person-1/name", "person-1", "source-2")
	if err != nil {
		t.Fatal(err)
	}
	to := filepath.Join(t.TempDir(), "副本 100%?a=b#c&d")
	if err := keyvault.Copy(t.Context(), path, to); err != nil {
		t.Fatal(err)
	}
	if info, err := os.Stat(to); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the copy is %v, %v", info, err)
	}
	got, err := keyvault.Verify(t.Context(), to)
	want := keyvault.Contents{SecretID: v.SecretID(), Keys: map[string]bool{"person-1": true, "source-2": true}}
	if d := cmp.Diff(want, got); d != "" || err != nil {
		t.Errorf("what the copy holds (-want +got): %v\n%s", err, d)
	}
	opened, err := keyvault.Open(t.Context(), to)
	if err != nil {
		t.Fatal(err)
	}
	if text, err := opened.Open(t.Context(), sealed, "person-1/name"); err != nil || text != "王老师" {
		t.Errorf("the copy opens %q, %v", text, err)
	}
	if err := opened.Close(); err != nil {
		t.Error(err)
	}

	if err := keyvault.Copy(t.Context(), path, to); err == nil {
		t.Error("a copy is written over another one")
	}
	if err := keyvault.Copy(t.Context(), path+"x", to+"x"); !errors.Is(err, keyvault.ErrMissing) {
		t.Errorf("a missing vault: %v", err)
	}
}

func TestVerifyRefuses(t *testing.T) {
	v, path := create(t)
	if _, err := v.Seal(t.Context(), "王老师", "person-1/name", "person-1"); err != nil {
		t.Fatal(err)
	}
	whole, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		situation string
		content   []byte
	}{
		{"nothing in it", nil},
		{"another program's file", []byte("keys, keys, keys")},
		{"cut short", whole[:len(whole)-4096]},
	} {
		path := filepath.Join(t.TempDir(), "keys")
		if err := os.WriteFile(path, c.content, 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := keyvault.Verify(t.Context(), path); !errors.Is(err, keyvault.ErrDamaged) {
			t.Errorf("%s: %v", c.situation, err)
		}
	}
	if _, err := keyvault.Verify(t.Context(), path+"x"); !errors.Is(err, keyvault.ErrMissing) {
		t.Errorf("a missing vault: %v", err)
	}
}
