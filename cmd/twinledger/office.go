package main

import (
	"context"
	"crypto/rand"
	"encoding/base32"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
	"unicode"

	"github.com/gofrs/flock"
	"golang.org/x/text/unicode/norm"

	"twinledger/adapters/bus"
	"twinledger/adapters/keyvault"
	"twinledger/adapters/readmodel"
	"twinledger/adapters/sqlitelog"
	"twinledger/domain"
	"twinledger/domain/calendar"
	"twinledger/domain/command"
	"twinledger/domain/event"
	"twinledger/domain/fault"
	"twinledger/domain/ledger"
	"twinledger/domain/org"
	"twinledger/domain/record"
	"twinledger/projections"
	"twinledger/projections/facts"
	"twinledger/projections/journal"
	"twinledger/projections/registers"
)

// An office is one opened data folder with everything that works on it.
type office struct {
	folder   string
	lock     *flock.Flock // nil when another process holds the folder
	log      *sqlitelog.Log
	vault    *keyvault.Vault // nil when it is missing: then nothing sealed is shown and nothing written
	ledger   string
	registry *event.Registry
	names    *org.Names
	handler  *command.Handler
	models   models
	desk     desk // where what is to be written is handed in
	logger   *slog.Logger
}

// models are the read models, one file each.
type models struct {
	facts     *readmodel.Store[facts.Row]
	registers *readmodel.Store[registers.Row]
	journal   *readmodel.Store[journal.Row]

	all []projector // every one that is open, in the order of opening
}

// A projector is a read model as the office looks after it.
type projector interface {
	projections.Projector
	Stopped(context.Context) (string, error)
	Stop(context.Context, string) error
	Ready(context.Context) error
	Dump(context.Context, io.Writer) error
	Discard() error
	Close() error
}

// opener is how a model's file is come by.
type opener int

const (
	served         opener = iota // the one that is served
	servedReadOnly               // the same, beside another process
	beside                       // a new one beside it
	without                      // no read model at all
)

// openModels opens every read model. A new one needs its line in [models] and in
// its open, nothing else in this file.
func openModels(ctx context.Context, folder string, registry *event.Registry, how opener) (models, error) {
	var m models
	if how == without {
		return m, nil
	}
	err := m.open(&modelOpener{ctx: ctx, folder: folder, registry: registry, how: how})
	return m, err
}

// open opens every model as o says, or none.
func (m *models) open(o *modelOpener) error {
	m.facts = openModel(o, facts.Model)
	m.registers = openModel(o, registers.Model)
	m.journal = openModel(o, journal.Model)
	m.all = o.opened
	if o.err != nil {
		return errors.Join(o.err, m.close())
	}
	return nil
}

// A modelOpener opens one model after the other until one fails.
type modelOpener struct {
	ctx      context.Context //nolint:containedctx // lives for one call of openModels
	folder   string
	registry *event.Registry
	how      opener
	lenient  bool // a model that is missing or damaged is passed over
	opened   []projector
	err      error // what failed; then nothing more is opened
}

func openModel[S any](o *modelOpener, model projections.Model[S]) *readmodel.Store[S] {
	if o.err != nil {
		return nil
	}
	open := readmodel.Open[S]
	switch o.how {
	case servedReadOnly:
		open = readmodel.OpenReadOnly[S]
	case beside:
		open = readmodel.Next[S]
	}
	store, err := open(o.ctx, o.folder, model, o.registry)
	if err != nil {
		if !o.lenient || !errors.Is(err, readmodel.ErrMissing) && !errors.Is(err, readmodel.ErrDamaged) {
			o.err = err
		}
		return nil
	}
	o.opened = append(o.opened, store)
	return store
}

func (m models) close() error {
	var err error
	for _, one := range m.all {
		err = errors.Join(err, one.Close())
	}
	return err
}

// What opening a folder is refused with.
var (
	errNoFolder = fault.New(fault.Invalid, "folder.not-named",
		"请用 --data 或环境变量 TWINLEDGER_DATA 指定数据文件夹。", "Name the data folder with --data or TWINLEDGER_DATA.")
	errNoLedger = fault.New(fault.NotFound, "folder.no-ledger",
		"此文件夹中没有台账；请核对路径，或用 twinledger init 新建。", "There is no ledger in this folder; check the path or make one with twinledger init.")
	errBusy = fault.New(fault.Conflict, "folder.busy",
		"另一个 twinledger 进程（如 serve）正占用此数据文件夹；请先停止它再写入。", "Another twinledger process, such as serve, holds this data folder; stop it before writing.")
	errUnfinished = fault.New(fault.Refused, "folder.unfinished",
		"台账尚未建好；请重新运行 twinledger init 完成。", "The ledger is not finished; run twinledger init again to finish it.")
)

func (p *program) folder() (string, error) {
	if p.data == "" {
		return "", errNoFolder
	}
	return p.data, nil
}

func logPath(folder string) string   { return filepath.Join(folder, "ledger.sqlite") }
func vaultPath(folder string) string { return filepath.Join(folder, "keys.sqlite") }
func modelPath(folder string) string { return filepath.Join(folder, "read") }

// hold takes the folder's lock, which only one process has at a time.
func hold(folder string) (*flock.Flock, error) {
	lock := flock.New(filepath.Join(folder, "lock"))
	locked, err := lock.TryLock()
	if err != nil {
		return nil, fmt.Errorf("lock data folder: %w", err)
	}
	if !locked {
		return nil, errBusy.With("folder", folder)
	}
	return lock, nil
}

// openToWrite opens the named folder so that its desk takes what is to be
// written: held until close, or beside the serve that holds it. Then the office
// itself can only read.
func (p *program) openToWrite(ctx context.Context) (*office, error) {
	o, err := p.openHolding(ctx, served)
	if errors.Is(err, errBusy) {
		return p.openBesideServe(ctx, err)
	}
	return o, err
}

// openHolding opens the named folder with its read models as how says, and holds
// it until close.
func (p *program) openHolding(ctx context.Context, how opener) (*office, error) {
	lock, err := p.holdNamed()
	if err != nil {
		return nil, err
	}
	o, err := p.open(ctx, p.data, lock, how)
	if err != nil {
		return nil, errors.Join(err, lock.Unlock())
	}
	return o, nil
}

// holdNamed holds the named folder, in which there is a ledger.
func (p *program) holdNamed() (*flock.Flock, error) {
	folder, err := p.folder()
	if err != nil {
		return nil, err
	}
	if _, err := os.Stat(logPath(folder)); err != nil {
		return nil, errNoLedger.With("folder", folder)
	}
	return hold(folder)
}

// openToRead opens the named folder, brought up to date when nobody else holds
// it, else beside the process that does.
func (p *program) openToRead(ctx context.Context) (*office, error) {
	if err := p.bringUpToDate(ctx); err != nil && !errors.Is(err, errBusy) {
		return nil, err
	}
	// Reading holds nobody up: the folder is free again.
	return p.open(ctx, p.data, nil, servedReadOnly)
}

// bringUpToDate lets the read models of the named folder catch up. Nothing is
// written for which the log would have to be read through.
func (p *program) bringUpToDate(ctx context.Context) error {
	lock, err := p.holdNamed()
	if err != nil {
		return err
	}
	o, err := openParts(ctx, p.data, lock, served)
	if err != nil {
		return errors.Join(err, lock.Unlock())
	}
	return errors.Join(o.catchUp(ctx, nil), o.close())
}

// openAsItIs opens the named folder without bringing anything up to date.
func (p *program) openAsItIs(ctx context.Context) (*office, error) {
	o, err := p.openHolding(ctx, served)
	if errors.Is(err, errBusy) {
		return p.open(ctx, p.data, nil, servedReadOnly)
	}
	return o, err
}

// open opens log, vault and read models, the log for writing when lock is held,
// and reads the log through once.
func (p *program) open(ctx context.Context, folder string, lock *flock.Flock, how opener) (*office, error) {
	o, err := openParts(ctx, folder, lock, how)
	if err != nil {
		return nil, err
	}
	issued, err := o.index(ctx)
	if err != nil {
		return nil, errors.Join(err, o.closeParts())
	}
	o.handler = p.handlerOf(o)
	o.handler.Issued = issued
	return o, nil
}

// openParts opens log, vault and read models. What was said of whom, and which
// commands there were, it does not know.
func openParts(ctx context.Context, folder string, lock *flock.Flock, how opener) (*office, error) {
	o := &office{folder: folder, lock: lock, registry: domain.Events(nil), logger: slog.New(slog.DiscardHandler)}
	var err error
	if lock != nil {
		o.log, err = sqlitelog.Open(logPath(folder))
	} else {
		o.log, err = sqlitelog.OpenReadOnly(logPath(folder))
	}
	if err != nil {
		return nil, err
	}
	err = o.identify(ctx)
	if err == nil {
		o.models, err = openModels(ctx, modelPath(folder), o.registry, how)
	}
	if err == nil {
		err = o.openVault(ctx)
	}
	if err != nil {
		return nil, errors.Join(err, o.closeParts())
	}
	o.desk = &localDesk{o: o}
	return o, nil
}

// sameName gives two ways of writing a name one form: compatibility characters
// as in Unicode's NFKC, no white space and nothing that cannot be seen.
func sameName(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) {
			return -1
		}
		return r
	}, norm.NFKC.String(org.NormalName(s)))
}

// openVault opens the vault. Whoever has the log without the keys may read all
// but names.
func (o *office) openVault(ctx context.Context) error {
	vault, err := keyvault.Open(ctx, vaultPath(o.folder))
	if errors.Is(err, keyvault.ErrMissing) {
		return nil
	}
	if err == nil {
		o.vault = vault
	}
	return err
}

// index reads the log once for what is kept in memory: people's names, where the
// keys are there, and command ids, where something may be written.
func (o *office) index(ctx context.Context) (*command.IssuedIDs, error) {
	o.names = org.NewNames(sameName)
	var issued *command.IssuedIDs
	if o.lock != nil {
		issued = command.NewIssuedIDs()
	}
	if o.vault == nil && issued == nil {
		return nil, nil
	}
	return issued, event.Walk(ctx, o.log, func(r event.Record) error {
		if issued != nil {
			issued.Learn(r.Envelope)
		}
		if o.vault == nil {
			return nil
		}
		return o.names.LearnRecord(ctx, r, o.registry, o.vault)
	})
}

func (p *program) handlerOf(o *office) *command.Handler {
	h := &command.Handler{Ledger: o.ledger, Log: o.log, Registry: o.registry, Definitions: domain.Commands(),
		Clock: clock(p.now), Names: o.names}
	if o.vault != nil {
		h.Vault = o.vault
	}
	return h
}

type clock func() time.Time

// Now returns the time.
func (c clock) Now() time.Time { return c() }

// identify reads which ledger this is from its first record.
func (o *office) identify(ctx context.Context) error {
	opened, err := o.opened(ctx)
	o.ledger = opened.Ledger
	return err
}

func (o *office) opened(ctx context.Context) (ledger.Opened, error) {
	page, err := o.log.Page(ctx, event.Position{}, 1)
	if err != nil {
		return ledger.Opened{}, err
	}
	if len(page.Records) == 0 {
		return ledger.Opened{}, errUnfinished
	}
	first, err := o.registry.Decode(page.Records[0].Envelope)
	if err != nil {
		return ledger.Opened{}, err
	}
	opened, ok := first.Fact.(ledger.Opened)
	if !ok {
		return ledger.Opened{}, event.ErrDamaged.With("first", first.Type)
	}
	return opened, nil
}

// checkSecret refuses a vault that is missing or not this ledger's.
func (o *office) checkSecret(ctx context.Context) error {
	if o.vault == nil {
		return keyvault.ErrMissing.With("file", vaultPath(o.folder))
	}
	opened, err := o.opened(ctx)
	if err == nil && opened.Secret != o.vault.SecretID() {
		err = ledger.ErrForeignSecret.With("ledger", opened.Secret).With("vault", o.vault.SecretID())
	}
	return err
}

func (o *office) closeParts() error {
	err := o.models.close()
	if o.vault != nil {
		err = errors.Join(err, o.vault.Close())
	}
	if o.log != nil {
		err = errors.Join(err, o.log.Close())
	}
	return err
}

func (o *office) close() error {
	err := o.closeParts()
	if o.lock != nil {
		err = errors.Join(err, o.lock.Unlock())
	}
	return err
}

// catchUp brings every read model to the end of the log through the same
// Watermill handlers that serve runs. Beside serve, whose own follow, it waits
// for them.
func (o *office) catchUp(ctx context.Context, progress func(name string, ordinal uint64)) error {
	return o.desk.settle(ctx, progress)
}

// checkOneHistory refuses read models that stand at the same record with another
// running hash: some were built from a log that was altered since.
func (o *office) checkOneHistory(ctx context.Context) error {
	seen := map[uint64]event.Position{}
	for _, m := range o.models.all {
		at, err := m.Checkpoint(ctx)
		if err != nil {
			return err
		}
		if other, known := seen[at.Ordinal]; known && other.Hash != at.Hash {
			return errHistoryChanged.With("model", m.Name()).With("up_to_ordinal", at.Ordinal)
		}
		seen[at.Ordinal] = at
	}
	return nil
}

// project runs the projectors of m: to the head of the log, or until ctx ends.
func (o *office) project(ctx context.Context, m models, toHead bool, progress func(string, uint64)) error {
	byName := map[string]projector{}
	var projectors []projections.Projector
	for _, one := range m.all {
		byName[one.Name()] = one
		projectors = append(projectors, one)
	}
	router, err := bus.NewRouter(bus.RouterConfig{
		Ledger: o.ledger, Log: o.log, Projectors: projectors, ToHead: toHead, Progress: progress,
		Stopped: func(s bus.State) {
			o.logger.Error("projector stopped", "model", s.Name, "at", s.At.Ordinal, "err", s.Err)
			why := "internal"
			if f, ok := fault.As(s.Err); ok {
				why = f.Message() + " [" + f.Code + "]"
			}
			// What stopped the projector may stop this as well; the router tells of it all the same.
			_ = byName[s.Name].Stop(context.WithoutCancel(ctx), why)
			if progress != nil {
				progress(s.Name, s.At.Ordinal)
			}
		},
	})
	if err != nil {
		return err
	}
	return router.Run(ctx)
}

// reader reads what reviews are computed from.
func (o *office) reader() facts.Reader {
	return facts.Reader{Ledger: o.ledger, Facts: o.models.facts, Journal: o.models.journal, Normal: sameName}
}

// lines reads the registers.
func (o *office) lines() registers.Reader { return registers.Reader{Rows: o.models.registers} }

// district returns the key of the district that is meant: by key or name, or
// the only one.
func (o *office) district(ctx context.Context, wanted string) (string, error) {
	rows, err := o.models.facts.Select(ctx, projections.Query{Where: []projections.Condition{projections.Is(facts.ByKind, "district")}})
	if err != nil {
		return "", err
	}
	var names []string
	for _, row := range rows {
		name := row.District.Facts.Name
		if wanted == row.Key || wanted == name || wanted == "" && len(rows) == 1 {
			return row.Key, nil
		}
		names = append(names, name)
	}
	slices.Sort(names) // keys are in no order that means anything
	return "", errWhichDistrict.With("districts", strings.Join(names, " "))
}

var errWhichDistrict = fault.New(fault.Invalid, "folder.which-district",
	"请用 --district 写明区县。", "Name the district with --district.")

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
func (o *office) fixedCommand(name string, body any, parts ...string) command.Request {
	id := event.UUIDv8(o.vault.MAC("fixed command v1", append([]string{name}, parts...)...))
	return command.Request{ID: id.String(), Name: name, Body: body, Derived: true}
}

// openDistrict registers a district and publishes assumed calendars for the
// school years that begin in the calendar years from … to.
func (p *program) openDistrict(ctx context.Context, o *office, name string, years []calendar.SchoolYear) (string, error) {
	req := o.fixedCommand("district.register", record.Report[org.District]{Facts: org.District{Name: name}}, name)
	done, err := p.carryOut(ctx, o, req)
	if err != nil {
		return "", err
	}
	for _, year := range years {
		body := record.Report[org.CalendarYear]{Facts: org.CalendarYear{District: done.Stream, Year: calendar.AssumedYear(year)}}
		if _, err := p.carryOut(ctx, o, o.fixedCommand("calendar.publish", body, done.Stream, string(year))); err != nil {
			return "", err
		}
	}
	return done.Stream, nil
}
