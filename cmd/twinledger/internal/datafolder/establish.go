package datafolder

import (
	"context"
	"crypto/rand"
	"encoding/base32"
	"errors"
	"fmt"
	"os"
	"strings"

	"twinledger/adapters/keyvault"
	"twinledger/adapters/sqlitelog"
	"twinledger/domain/calendar"
	"twinledger/domain/command"
	"twinledger/domain/event"
	"twinledger/domain/fault"
	"twinledger/domain/ledger"
	"twinledger/domain/org"
	"twinledger/domain/record"
)

var errNotEmpty = fault.New(fault.Refused, "folder.not-empty",
	"文件夹不是空的，且其中没有未建完的台账；请换一个空文件夹。", "The folder is not empty and holds no unfinished ledger; choose an empty one.")

var errNoRoom = fault.New(fault.Refused, "folder.cannot-make",
	"无法在此处新建或读取数据文件夹；请核对路径、权限和剩余空间。", "No data folder can be made or looked into there; check path, permission and free space.")

// Establish makes a ledger in folder, or finishes one that was broken off, and
// returns it opened.
func Establish(ctx context.Context, options Options, actor, district string, years []calendar.SchoolYear) (*Folder, error) {
	folder := options.Path
	if err := checkEmpty(folder); err != nil {
		return nil, err
	}
	if err := os.MkdirAll(folder, 0o750); err != nil {
		return nil, errNoRoom.With("folder", folder).Because(err)
	}
	lock, err := Hold(folder)
	if err != nil {
		return nil, err
	}
	err = openLedger(ctx, options, actor)
	var f *Folder
	if err == nil {
		f, err = OpenHeld(ctx, options, lock)
	}
	if err != nil {
		return nil, errors.Join(err, lock.Unlock())
	}
	if _, err = f.openDistrict(ctx, actor, district, years); err == nil {
		err = f.CatchUp(ctx, nil)
	}
	if err == nil {
		err = os.Remove(UnfinishedPath(folder))
	}
	if err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return f, nil
}

// UnfinishedPath is a file that stands in the folder while the ledger is made.
func UnfinishedPath(folder string) string { return folder + "/init.unfinished" }

// checkEmpty refuses a folder that holds anything but an unfinished ledger.
func checkEmpty(folder string) error {
	entries, err := os.ReadDir(folder)
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	if err != nil {
		return errNoRoom.With("folder", folder).Because(err)
	}
	if _, err := os.Stat(UnfinishedPath(folder)); err == nil || len(entries) == 0 {
		return nil
	}
	if _, err := os.Stat(LogPath(folder)); err == nil {
		return ledger.ErrAlreadyOpen.With("folder", folder)
	}
	return errNotEmpty.With("folder", folder)
}

// openLedger makes vault and log and the first record, as far as they are
// missing.
func openLedger(ctx context.Context, options Options, actor string) (err error) {
	folder := options.Path
	mark, err := os.OpenFile(UnfinishedPath(folder), os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		return errNoRoom.With("folder", folder).Because(err)
	}
	if err := mark.Close(); err != nil {
		return fmt.Errorf("mark folder as unfinished: %w", err)
	}
	f := &Folder{Path: folder, options: options, Registry: Registry(), Names: org.NewNames(nil)}
	defer func() { err = errors.Join(err, f.CloseParts()) }()
	if f.Vault, err = keyvault.Open(ctx, VaultPath(folder)); errors.Is(err, keyvault.ErrMissing) {
		f.Vault, err = keyvault.Create(ctx, VaultPath(folder))
	}
	if err != nil {
		return err
	}
	if _, statErr := os.Stat(LogPath(folder)); statErr == nil {
		f.Log, err = sqlitelog.Open(LogPath(folder))
	} else {
		f.Log, err = sqlitelog.Create(LogPath(folder))
	}
	if err != nil {
		return err
	}
	if err := f.identify(ctx); !errors.Is(err, ErrUnfinished) {
		return err
	}
	if f.Ledger, err = newLedgerID(); err != nil {
		return err
	}
	f.Handler = f.newHandler()
	req := f.fixedCommand("ledger.open", ledger.Open{Secret: f.Vault.SecretID()})
	req.Actor = actor
	_, err = f.Handler.Handle(ctx, req)
	return err
}

// newLedgerID returns ten random lower-case base32 characters.
func newLedgerID() (string, error) {
	var b [7]byte
	if _, err := rand.Read(b[:]); err != nil {
		return "", fmt.Errorf("make ledger id: %w", err)
	}
	return strings.ToLower(base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(b[:]))[:10], nil
}

// fixedCommand returns a request whose id follows from what it does, so that
// doing it again has no effect.
func (f *Folder) fixedCommand(name string, body any, parts ...string) command.Request {
	id := event.UUIDv8(f.Vault.MAC("fixed command v1", append([]string{name}, parts...)...))
	return command.Request{ID: id.String(), Name: name, Body: body, Derived: true}
}

// openDistrict registers a district and publishes assumed calendars for the
// school years that begin in the calendar years from … to.
func (f *Folder) openDistrict(ctx context.Context, actor, name string, years []calendar.SchoolYear) (string, error) {
	req := f.fixedCommand("district.register", record.Report[org.District]{Facts: org.District{Name: name}}, name)
	done, err := f.CarryOut(ctx, actor, req)
	if err != nil {
		return "", err
	}
	for _, year := range years {
		body := record.Report[org.CalendarYear]{Facts: org.CalendarYear{District: done.Stream, Year: calendar.AssumedYear(year)}}
		if _, err := f.CarryOut(ctx, actor, f.fixedCommand("calendar.publish", body, done.Stream, string(year))); err != nil {
			return "", err
		}
	}
	return done.Stream, nil
}
