// Package keyvault keeps the installation's secret and people's keys in a file
// of its own, which is backed up apart from the log: whoever holds only the log
// cannot read a name.
package keyvault

import (
	"context"
	"crypto/aes"
	"crypto/cipher"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"database/sql"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"net/url"
	"os"
	"slices"
	"sync"

	_ "modernc.org/sqlite" // the driver "sqlite"

	"twinledger/domain/fault"
	"twinledger/domain/seal"
)

// ErrMissing says that there is no vault where one is expected.
var ErrMissing = fault.New(fault.NotFound, "keyvault.missing",
	"找不到密钥库文件；请从密钥备份恢复后再使用。", "The key vault is missing; restore it from the backup of the keys.")

// A Vault is a [seal.Vault] in a SQLite file. It is safe for concurrent use.
type Vault struct {
	db     *sql.DB
	secret []byte

	mu   sync.Mutex
	keys map[string][]byte // keys read or made so far
}

var _ seal.Vault = (*Vault)(nil)

const tables = `
CREATE TABLE secret (one INTEGER PRIMARY KEY CHECK (one = 1), bytes BLOB NOT NULL) STRICT;
CREATE TABLE keys (name TEXT PRIMARY KEY, bytes BLOB NOT NULL) STRICT, WITHOUT ROWID;`

// Create makes a vault with a new secret at path, where nothing may be yet.
func Create(ctx context.Context, path string) (*Vault, error) {
	if _, err := os.Stat(path); !errors.Is(err, os.ErrNotExist) {
		return nil, fmt.Errorf("create key vault: %s exists", path)
	}
	secret := make([]byte, 32)
	if _, err := rand.Read(secret); err != nil {
		return nil, fmt.Errorf("make secret: %w", err)
	}
	db, err := connect(path)
	if err != nil {
		return nil, err
	}
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("create key vault: %w", err), db.Close())
	}
	_, err = tx.ExecContext(ctx, tables)
	if err == nil {
		_, err = tx.ExecContext(ctx, `INSERT INTO secret VALUES (1, ?)`, secret)
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("create key vault: %w", err), tx.Rollback(), db.Close())
	}
	if err := tx.Commit(); err != nil {
		return nil, errors.Join(fmt.Errorf("create key vault: %w", err), db.Close())
	}
	if err := os.Chmod(path, 0o600); err != nil {
		return nil, errors.Join(fmt.Errorf("protect key vault: %w", err), db.Close())
	}
	return &Vault{db: db, secret: secret, keys: map[string][]byte{}}, nil
}

// Open opens the vault at path. It never makes one: without it the log's names
// cannot be read and rows not be recognised.
func Open(ctx context.Context, path string) (*Vault, error) {
	if _, err := os.Stat(path); err != nil {
		return nil, ErrMissing.Because(err)
	}
	db, err := connect(path)
	if err != nil {
		return nil, err
	}
	v := &Vault{db: db, keys: map[string][]byte{}}
	if err := db.QueryRowContext(ctx, `SELECT bytes FROM secret`).Scan(&v.secret); err != nil {
		return nil, errors.Join(ErrMissing.Because(err), db.Close())
	}
	return v, nil
}

func connect(path string) (*sql.DB, error) {
	q := url.Values{"_pragma": {"busy_timeout(5000)", "journal_mode(DELETE)", "synchronous(FULL)", "secure_delete(ON)"}}
	address := (&url.URL{Scheme: "file", Opaque: (&url.URL{Path: path}).EscapedPath(), RawQuery: q.Encode()}).String()
	db, err := sql.Open("sqlite", address)
	if err != nil {
		return nil, fmt.Errorf("open key vault: %w", err)
	}
	db.SetMaxOpenConns(1)
	return db, nil
}

// Close closes the file.
func (v *Vault) Close() error { return v.db.Close() }

// SecretID returns the first 16 hex digits of the secret's SHA-256.
func (v *Vault) SecretID() string {
	sum := sha256.Sum256(v.secret)
	return hex.EncodeToString(sum[:8])
}

// MAC returns the HMAC-SHA-256 of purpose and parts, each with its length in
// front.
func (v *Vault) MAC(purpose string, parts ...string) [32]byte {
	h := hmac.New(sha256.New, v.secret)
	var length [8]byte
	for _, part := range append([]string{purpose}, parts...) {
		binary.BigEndian.PutUint64(length[:], uint64(len(part)))
		h.Write(length[:])
		h.Write([]byte(part))
	}
	return [32]byte(h.Sum(nil))
}

// Seal seals text under keys, the last innermost; see [seal.Vault].
func (v *Vault) Seal(ctx context.Context, text, place string, keys ...string) (seal.Sealed, error) {
	if len(keys) == 0 {
		return seal.Sealed{}, errors.New("seal without a key")
	}
	box := []byte(text)
	for _, name := range slices.Backward(keys) {
		key, err := v.key(ctx, name, true)
		if err != nil {
			return seal.Sealed{}, err
		}
		gcm, err := layer(key)
		if err != nil {
			return seal.Sealed{}, err
		}
		nonce := make([]byte, gcm.NonceSize())
		if _, err := rand.Read(nonce); err != nil {
			return seal.Sealed{}, fmt.Errorf("make nonce: %w", err)
		}
		box = gcm.Seal(nonce, nonce, box, authenticated(name, place))
	}
	return seal.Sealed{Form: 1, Keys: keys, Box: base64.StdEncoding.EncodeToString(box)}, nil
}

// Open opens a box; see [seal.Vault].
func (v *Vault) Open(ctx context.Context, s seal.Sealed, place string) (string, error) {
	box, err := base64.StdEncoding.DecodeString(s.Box)
	if err != nil || s.Form != 1 {
		return "", seal.ErrTampered.With("place", place)
	}
	for _, name := range s.Keys {
		key, err := v.key(ctx, name, false)
		if err != nil {
			return "", err
		}
		gcm, err := layer(key)
		if err != nil {
			return "", err
		}
		if len(box) < gcm.NonceSize() {
			return "", seal.ErrTampered.With("place", place)
		}
		if box, err = gcm.Open(nil, box[:gcm.NonceSize()], box[gcm.NonceSize():], authenticated(name, place)); err != nil {
			return "", seal.ErrTampered.With("place", place)
		}
	}
	return string(box), nil
}

// authenticated is what a layer is bound to: its key and its place.
func authenticated(key, place string) []byte {
	return []byte("twinledger seal 1\n" + key + "\n" + place)
}

func layer(key []byte) (cipher.AEAD, error) {
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, fmt.Errorf("open key: %w", err)
	}
	gcm, err := cipher.NewGCM(block)
	if err != nil {
		return nil, fmt.Errorf("open key: %w", err)
	}
	return gcm, nil
}

// key returns a key; a missing one is made, durably, when that is asked for.
func (v *Vault) key(ctx context.Context, name string, create bool) ([]byte, error) {
	v.mu.Lock()
	defer v.mu.Unlock()
	if key, ok := v.keys[name]; ok {
		return key, nil
	}
	var key []byte
	err := v.db.QueryRowContext(ctx, `SELECT bytes FROM keys WHERE name = ?`, name).Scan(&key)
	switch {
	case err == nil:
	case !errors.Is(err, sql.ErrNoRows):
		return nil, fmt.Errorf("read key: %w", err)
	case !create:
		return nil, seal.ErrNoKey.With("key", name)
	default:
		key = make([]byte, 32)
		if _, err := rand.Read(key); err != nil {
			return nil, fmt.Errorf("make key: %w", err)
		}
		if _, err := v.db.ExecContext(ctx, `INSERT INTO keys VALUES (?, ?)`, name, key); err != nil {
			return nil, fmt.Errorf("keep key: %w", err)
		}
	}
	v.keys[name] = key
	return key, nil
}
