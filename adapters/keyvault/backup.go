package keyvault

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"twinledger/domain/fault"
)

// ErrDamaged says that a file is no whole key vault.
var ErrDamaged = fault.New(fault.Refused, "keyvault.damaged",
	"密钥库文件不完整或已损坏；请换用另一份密钥备份。", "The key vault is incomplete or damaged; use another backup of the keys.")

// Copy writes a copy of the vault at from to a new file at to, which only its
// owner may read. Another process may make keys meanwhile: the copy holds the
// vault as it was at one moment. It is not yet flushed to disk. A missing vault
// is ErrMissing; what is left behind by an error is removed.
func Copy(ctx context.Context, from, to string) (err error) {
	if _, err := os.Stat(from); err != nil {
		return ErrMissing.Because(err)
	}
	if to, err = filepath.Abs(to); err != nil {
		return fmt.Errorf("copy key vault: %w", err)
	}
	f, err := os.OpenFile(to, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err == nil {
		err = f.Close()
	}
	if err != nil {
		return fmt.Errorf("copy key vault: %w", err)
	}
	db, err := connect(from)
	if err != nil {
		return errors.Join(err, os.Remove(to))
	}
	if _, err := db.ExecContext(ctx, `VACUUM INTO ?`, to); err != nil {
		return errors.Join(fmt.Errorf("copy key vault: %w", err), db.Close(), os.Remove(to))
	}
	if err := db.Close(); err != nil {
		return fmt.Errorf("copy key vault: %w", err)
	}
	return nil
}

// Contents are what a vault holds, none of it secret.
type Contents struct {
	SecretID string          // as [Vault.SecretID] names it
	Keys     map[string]bool // the names of its keys
}

// Verify reads the vault at path from beginning to end. A missing vault is
// ErrMissing, one that is not whole ErrDamaged.
func Verify(ctx context.Context, path string) (contents Contents, err error) {
	v, err := Open(ctx, path)
	if err != nil {
		if _, statErr := os.Stat(path); statErr == nil {
			err = ErrDamaged.Because(err)
		}
		return Contents{}, err
	}
	defer func() { err = errors.Join(err, v.Close()) }()
	var found string
	if err := v.db.QueryRowContext(ctx, `PRAGMA integrity_check(1)`).Scan(&found); err != nil || found != "ok" {
		return Contents{}, ErrDamaged.With("found", found).Because(err)
	}
	contents = Contents{SecretID: v.SecretID(), Keys: map[string]bool{}}
	rows, err := v.db.QueryContext(ctx, `SELECT name, length(bytes) FROM keys`)
	if err != nil {
		return Contents{}, ErrDamaged.Because(err)
	}
	whole := len(v.secret) == 32
	for rows.Next() {
		var name string
		var length int
		if err := rows.Scan(&name, &length); err != nil {
			return Contents{}, errors.Join(ErrDamaged.Because(err), rows.Close())
		}
		contents.Keys[name] = true
		whole = whole && length == 32
	}
	if err := errors.Join(rows.Err(), rows.Close()); err != nil || !whole {
		return Contents{}, ErrDamaged.Because(err)
	}
	return contents, nil
}
