// Package sealtest holds a vault for tests: in memory, with a fixed secret, and
// without any secrecy beyond that a sealed text is not legible at a glance.
package sealtest

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"slices"
	"strings"
	"sync"

	"twinledger/domain/seal"
)

// A Vault is a [seal.Vault] whose secret is always the same, so that keys and
// row identities are too. Like a real one it never seals a text twice alike. The
// zero value is ready; it is safe for concurrent use.
type Vault struct {
	mu     sync.Mutex
	nonce  int
	lost   map[string]bool
	sealed map[string]int
}

var _ seal.Vault = (*Vault)(nil)

// SecretID returns the same text always.
func (v *Vault) SecretID() string { return "fixed-secret" }

// MAC returns an HMAC under the fixed secret, each part with its length in front.
func (v *Vault) MAC(purpose string, parts ...string) [32]byte {
	h := hmac.New(sha256.New, []byte("a fixed secret for tests"))
	var length [8]byte
	for _, part := range append([]string{purpose}, parts...) {
		binary.BigEndian.PutUint64(length[:], uint64(len(part)))
		h.Write(length[:])
		h.Write([]byte(part))
	}
	return [32]byte(h.Sum(nil))
}

// Seal wraps text so that neither it nor another sealing of it is to be seen in
// the box.
func (v *Vault) Seal(_ context.Context, text, place string, keys ...string) (seal.Sealed, error) {
	if len(keys) == 0 {
		return seal.Sealed{}, fmt.Errorf("seal without a key")
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	v.nonce++
	if v.sealed == nil {
		v.sealed = map[string]int{}
	}
	for _, key := range keys {
		v.sealed[key]++
	}
	box := base64.StdEncoding.EncodeToString(fmt.Appendf(nil, "%d\n%s\n%s", v.nonce, place, text))
	return seal.Sealed{Form: 1, Keys: slices.Clone(keys), Box: box}, nil
}

// Open returns the text, as [seal.Vault] says.
func (v *Vault) Open(_ context.Context, s seal.Sealed, place string) (string, error) {
	v.mu.Lock()
	defer v.mu.Unlock()
	for _, key := range s.Keys {
		if v.lost[key] {
			return "", seal.ErrNoKey.With("key", key)
		}
	}
	raw, err := base64.StdEncoding.DecodeString(s.Box)
	parts := strings.SplitN(string(raw), "\n", 3)
	if err != nil || len(parts) != 3 || parts[1] != place {
		return "", seal.ErrTampered.With("place", place)
	}
	return parts[2], nil
}

// Lose forgets a key for good.
func (v *Vault) Lose(key string) {
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.lost == nil {
		v.lost = map[string]bool{}
	}
	v.lost[key] = true
}

// Sealed returns how many texts were sealed under key.
func (v *Vault) Sealed(key string) int {
	v.mu.Lock()
	defer v.mu.Unlock()
	return v.sealed[key]
}

// Names is a [seal.Names] that knows these names: key by name.
type Names map[string]string

// In returns the keys of the names that occur in text, sorted.
func (n Names) In(text string) []string {
	var keys []string
	for name, key := range n {
		if strings.Contains(text, name) && !slices.Contains(keys, key) {
			keys = append(keys, key)
		}
	}
	slices.Sort(keys)
	return keys
}
