// Package datafolder opens a ledger's data folder and looks after it: the log, the key
// vault and the read models, the lock that one writing process holds, and the way to
// the serve that holds it.
//
// Opening reads the log once from its beginning: for the names of people, for the ids
// of commands, and to hold the read models against it. What was built from another
// history than the log's is neither shown nor written to.
package datafolder

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"time"
	"unicode"

	"github.com/gofrs/flock"
	"golang.org/x/text/unicode/norm"

	"twinledger/adapters/keyvault"
	"twinledger/adapters/readmodel"
	"twinledger/adapters/sqlitelog"
	"twinledger/domain"
	"twinledger/domain/chinese"
	"twinledger/domain/command"
	"twinledger/domain/event"
	"twinledger/domain/fault"
	"twinledger/domain/ledger"
	"twinledger/domain/org"
	"twinledger/projections/duplicates"
	"twinledger/projections/imports"
	"twinledger/projections/records"
)

// models are the read models. A new one needs its line here, and a reader such as
// [Folder.Records].
var models = []readmodel.Model{
	readmodel.Of(records.Model),
	readmodel.Of(duplicates.Model),
	readmodel.Of(imports.Model),
}

// A Folder is an opened data folder with everything that works on it.
type Folder struct {
	Path     string
	Log      *sqlitelog.Log
	Vault    *keyvault.Vault // nil when it is missing: then nothing sealed is shown and nothing written
	Ledger   string          // the ledger's id
	Registry *event.Registry
	Names    *org.Names
	Handler  *command.Handler
	Models   *readmodel.ReadModels
	Gateway  Gateway // where commands and files are handed in
	Logger   *slog.Logger

	options Options
	lock    *flock.Flock // nil when another process holds the folder
}

// Options are what a folder needs to know of the world.
type Options struct {
	Path string
	Now  func() time.Time
	// Progress returns what is told how far a long work has come, and calls end when
	// it is over; nil tells nobody.
	Progress func(what string) (step func(done, total int), end func())
}

// Begin returns what is told how far the work that what names has come, and end,
// which is called when the work is over.
func (o Options) Begin(what string) (step func(done, total int), end func()) {
	if o.Progress == nil {
		return func(int, int) {}, func() {}
	}
	return o.Progress(what)
}

// Errors returned when a data folder cannot be opened.
var (
	ErrNotNamed = fault.New(fault.Invalid, "folder.not-named",
		"请用 --data 或环境变量 TWINLEDGER_DATA 指定数据文件夹。", "Name the data folder with --data or TWINLEDGER_DATA.")
	ErrNoLedger = fault.New(fault.NotFound, "folder.no-ledger",
		"此文件夹中没有台账；请核对路径，或用 twinledger init 新建。", "There is no ledger in this folder; check the path or make one with twinledger init.")
	ErrBusy = fault.New(fault.Conflict, "folder.busy",
		"另一个 twinledger 进程（如 serve）正占用此数据文件夹；请先停止它再写入。", "Another twinledger process, such as serve, holds this data folder; stop it before writing.")
	ErrUnfinished = fault.New(fault.Refused, "folder.unfinished",
		"台账尚未建好；请重新运行 twinledger init 完成。", "The ledger is not finished; run twinledger init again to finish it.")
)

// LogPath returns the path of a folder's log.
func LogPath(folder string) string { return filepath.Join(folder, "ledger.sqlite") }

// VaultPath returns the path of a folder's key vault.
func VaultPath(folder string) string { return filepath.Join(folder, "keys.sqlite") }

// ModelPath returns the folder of a folder's read models.
func ModelPath(folder string) string { return filepath.Join(folder, "read") }

// Hold takes a folder's lock, which only one process has at a time.
func Hold(folder string) (*flock.Flock, error) {
	lock := flock.New(filepath.Join(folder, "lock"))
	locked, err := lock.TryLock()
	if err != nil {
		return nil, fmt.Errorf("lock data folder: %w", err)
	}
	if !locked {
		return nil, ErrBusy.With("folder", folder)
	}
	return lock, nil
}

// hold holds the named folder, in which there is a ledger.
func (o Options) hold() (*flock.Flock, error) {
	if o.Path == "" {
		return nil, ErrNotNamed
	}
	if _, err := os.Stat(LogPath(o.Path)); err != nil {
		return nil, ErrNoLedger.With("folder", o.Path)
	}
	return Hold(o.Path)
}

// OpenToWrite opens the folder so that its gateway takes what is to be written: held
// until Close, or beside the serve that holds it. Then the folder itself can only be
// read.
func OpenToWrite(ctx context.Context, options Options) (*Folder, error) {
	f, err := OpenHolding(ctx, options)
	if errors.Is(err, ErrBusy) {
		return openBesideServe(ctx, options, err)
	}
	return f, err
}

// OpenHolding opens the folder and holds it until Close.
func OpenHolding(ctx context.Context, options Options) (*Folder, error) {
	lock, err := options.hold()
	if err != nil {
		return nil, err
	}
	f, err := OpenHeld(ctx, options, lock)
	if err != nil {
		return nil, errors.Join(err, lock.Unlock())
	}
	return f, nil
}

// OpenHeld opens a folder that the caller holds with lock, which Close gives back.
func OpenHeld(ctx context.Context, options Options, lock *flock.Flock) (*Folder, error) {
	return open(ctx, options, lock, true)
}

// OpenToRebuild opens the folder without its read models, which may be damaged or of
// another history, and holds it until Close. See [Folder.OpenModels]. Names and command
// ids are not read: nothing can be written to its log.
func OpenToRebuild(ctx context.Context, options Options) (*Folder, error) {
	lock, err := options.hold()
	if err != nil {
		return nil, err
	}
	f, err := open(ctx, options, lock, false)
	if err != nil {
		return nil, errors.Join(err, lock.Unlock())
	}
	return f, nil
}

// OpenToRead opens the folder, its read models brought up to date when nobody else
// holds it, else beside the process that does. Reading holds nobody up: the folder is
// free again when it is open.
func OpenToRead(ctx context.Context, options Options) (*Folder, error) {
	f, err := OpenHolding(ctx, options)
	if errors.Is(err, ErrBusy) {
		return open(ctx, options, nil, true)
	}
	if err != nil {
		return nil, err
	}
	if err := f.CatchUp(ctx, nil); err != nil {
		return nil, errors.Join(err, f.Close())
	}
	if err := f.lock.Unlock(); err != nil {
		return nil, errors.Join(err, f.Close())
	}
	f.lock = nil
	return f, nil
}

// OpenAsItIs opens the folder without bringing anything up to date, so that what
// stopped is seen as it is.
func OpenAsItIs(ctx context.Context, options Options) (*Folder, error) {
	f, err := OpenHolding(ctx, options)
	if errors.Is(err, ErrBusy) {
		return open(ctx, options, nil, true)
	}
	return f, err
}

// open opens log, vault and, if wanted, read models; the log for writing when lock is
// held.
func open(ctx context.Context, options Options, lock *flock.Flock, withModels bool) (*Folder, error) {
	f := &Folder{Path: options.Path, options: options, lock: lock, Registry: Registry(), Logger: slog.New(slog.DiscardHandler)}
	openLog := sqlitelog.Open
	if lock == nil {
		openLog = sqlitelog.OpenReadOnly
	}
	var err error
	if f.Log, err = openLog(LogPath(options.Path)); err != nil {
		return nil, err
	}
	err = f.identify(ctx)
	if err == nil {
		err = f.openVault(ctx)
	}
	if err == nil && withModels {
		if err = f.OpenModels(false); err == nil {
			err = f.readThrough(ctx)
		}
	}
	if err != nil {
		return nil, errors.Join(err, f.CloseParts())
	}
	f.Gateway = &localGateway{f: f}
	return f, nil
}

func (f *Folder) modelConfig() readmodel.Config {
	return readmodel.Config{Folder: ModelPath(f.Path), Ledger: f.Ledger, Models: models, Registry: f.Registry}
}

// OpenModels opens the read models. With lenient, files that are damaged are passed
// over, for whoever builds new ones.
func (f *Folder) OpenModels(lenient bool) (err error) {
	if f.lock == nil {
		return f.openModelsBeside()
	}
	mode := readmodel.Writing
	if lenient {
		mode = readmodel.Mending
	}
	f.Models, err = readmodel.Open(f.modelConfig(), mode)
	return err
}

// SameName gives two ways of writing a name one form: compatibility characters
// as in Unicode's NFKC, no white space and nothing that cannot be seen.
func SameName(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) {
			return -1
		}
		return r
	}, chinese.Simplified(norm.NFKC.String(org.NormalName(s))))
}

// openVault opens the vault. Whoever has the log without the keys may read all
// but names.
func (f *Folder) openVault(ctx context.Context) error {
	vault, err := keyvault.Open(ctx, VaultPath(f.Path))
	if errors.Is(err, keyvault.ErrMissing) {
		return nil
	}
	if err == nil {
		f.Vault = vault
	}
	return err
}

// readThrough reads the log once from its beginning to its end: it learns people's
// names, where the keys are there, and command ids, where something may be written,
// and holds the read models against the log.
func (f *Folder) readThrough(ctx context.Context) error {
	f.Names = org.NewNames(SameName)
	f.Handler = f.newHandler()
	if f.lock != nil {
		f.Handler.Issued = command.NewIssuedIDs()
	}
	check, err := f.beginHistoryCheck(ctx)
	if err != nil {
		return err
	}
	err = event.Pages(ctx, f.Log, func(page event.Page) error {
		if err := check.page(page); err != nil {
			return err
		}
		for _, r := range page.Records {
			if f.Handler.Issued != nil {
				f.Handler.Issued.Learn(r.Envelope)
			}
			if f.Vault == nil {
				continue
			}
			if err := f.Names.LearnRecord(ctx, r, f.Registry, f.Vault); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	return check.end()
}

func (f *Folder) newHandler() *command.Handler {
	h := &command.Handler{Ledger: f.Ledger, Log: f.Log, Registry: f.Registry, Definitions: domain.Commands(), Clock: clock(f.options.Now), Names: f.Names}
	if f.Vault != nil {
		h.Vault = f.Vault
	}
	return h
}

type clock func() time.Time

// Now returns the time.
func (c clock) Now() time.Time { return c() }

// identify reads which ledger this is from its first record.
func (f *Folder) identify(ctx context.Context) error {
	opened, err := Opened(ctx, f.Log, f.Registry)
	f.Ledger = opened.Ledger
	return err
}

// Opened returns what the first record of a log says.
func Opened(ctx context.Context, log event.Feed, registry *event.Registry) (ledger.Opened, error) {
	page, err := log.Page(ctx, event.Position{}, 1)
	if err != nil {
		return ledger.Opened{}, err
	}
	if len(page.Records) == 0 {
		return ledger.Opened{}, ErrUnfinished
	}
	first, err := registry.Decode(page.Records[0].Envelope)
	if err != nil {
		return ledger.Opened{}, err
	}
	opened, ok := first.Fact.(ledger.Opened)
	if !ok {
		return ledger.Opened{}, event.ErrDamaged.With("first", first.Type)
	}
	return opened, nil
}

// CheckSecret refuses a vault that is missing or not this ledger's.
func (f *Folder) CheckSecret(ctx context.Context) error {
	if f.Vault == nil {
		return keyvault.ErrMissing.With("file", VaultPath(f.Path))
	}
	opened, err := Opened(ctx, f.Log, f.Registry)
	if err == nil && opened.Secret != f.Vault.SecretID() {
		err = ledger.ErrForeignSecret.With("ledger", opened.Secret).With("vault", f.Vault.SecretID())
	}
	return err
}

// Held tells whether this process holds the folder's lock.
func (f *Folder) Held() bool { return f.lock != nil }

// CloseParts closes everything but leaves the folder held.
func (f *Folder) CloseParts() error {
	var err error
	if f.Models != nil {
		err = f.Models.Close()
	}
	if f.Vault != nil {
		err = errors.Join(err, f.Vault.Close())
	}
	if f.Log != nil {
		err = errors.Join(err, f.Log.Close())
	}
	return err
}

// Close closes everything and gives the lock back.
func (f *Folder) Close() error {
	err := f.CloseParts()
	if f.lock != nil {
		err = errors.Join(err, f.lock.Unlock())
	}
	return err
}
