package datafolder

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"hash/fnv"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"github.com/google/uuid"

	"twinledger/adapters/httpapi"
	"twinledger/adapters/sheet"
	"twinledger/domain"
	"twinledger/domain/calendar"
	"twinledger/domain/command"
	"twinledger/domain/event"
	"twinledger/domain/intake"
	"twinledger/domain/intake/reading"
	"twinledger/projections/registers"
)

// A Gateway takes commands and files that are to be written. So whoever hands them in
// need not know whether the folder is held here or by another process, serve:
// [OpenToWrite] gives the folder the gateway that fits.
type Gateway interface {
	httpapi.CommandGateway

	// Settle returns when the read models hold what was handed in. step, if given, may
	// be told how far they are.
	Settle(ctx context.Context, step func(done, total int)) error
}

// CarryOut carries out a command of an actor, under a new id unless it has one.
func (f *Folder) CarryOut(ctx context.Context, actor string, req command.Request) (command.Outcome, error) {
	if req.ID == "" {
		id, err := uuid.NewV7()
		if err != nil {
			return command.Outcome{}, fmt.Errorf("make command id: %w", err)
		}
		req.ID = id.String()
	}
	req.Actor = actor
	return f.Gateway.CarryOut(ctx, req)
}

// A localGateway writes the folder's own log. It is safe for concurrent use.
type localGateway struct {
	f        *Folder
	commands [64]sync.Mutex // by id: an id is never put to two uses at once
	imports  sync.Mutex     // an importer is for one goroutine
}

// CarryOut carries out a command. Every answer that tells of events has a token:
// of a record at or behind them and behind what the command's process did.
func (g *localGateway) CarryOut(ctx context.Context, req command.Request) (command.Outcome, error) {
	if err := cmp.Or(g.f.checkActor(req.Actor), g.f.CheckSecret(ctx)); err != nil {
		return command.Outcome{}, err
	}
	h := fnv.New32a()
	h.Write([]byte(req.ID)) //nolint:errcheck // never fails
	one := &g.commands[h.Sum32()%uint32(len(g.commands))]
	one.Lock()
	defer one.Unlock()
	done, err := g.f.Handler.Handle(ctx, req)
	if err != nil {
		return done, err
	}
	for _, e := range done.Events {
		if err := g.f.Names.Learn(ctx, e, g.f.Vault); err != nil {
			return done, err
		}
	}
	if len(done.Events) > 0 {
		_, done.Token, _, err = g.f.Log.Last(ctx)
	}
	if err == nil {
		done.Token, err = g.f.ownToken(ctx, done.Token)
	}
	return done, err
}

// ownToken returns a token of the log as a gateway gives it: it names the ledger and
// the event at that place, so that another ledger, and the same one that was
// restored to what it was before and grew otherwise, does not take it for its own.
func (f *Folder) ownToken(ctx context.Context, t event.Token) (event.Token, error) {
	if t == "" {
		return "", nil
	}
	there, err := f.Log.At(ctx, t)
	return event.Token(strings.Join([]string{f.Ledger, there.Envelope.ID, string(t)}, "/")), err
}

// LogToken returns the token of the log behind one that ownToken returned.
func (f *Folder) LogToken(ctx context.Context, t event.Token) (event.Token, error) {
	parts := strings.SplitN(string(t), "/", 3)
	if len(parts) < 3 || parts[0] != f.Ledger {
		return "", event.ErrBadToken.With("token", t)
	}
	own := event.Token(parts[2])
	there, err := f.Log.At(ctx, own)
	if err == nil && there.Envelope.ID != parts[1] {
		err = event.ErrBadToken.With("token", t)
	}
	return own, err
}

// Import takes in a file, after those that are being taken in.
func (g *localGateway) Import(ctx context.Context, order httpapi.ImportOrder) (httpapi.ImportReport, error) {
	g.imports.Lock()
	defer g.imports.Unlock()
	if err := cmp.Or(g.f.checkActor(order.Actor), g.f.CheckSecret(ctx)); err != nil {
		return httpapi.ImportReport{}, err
	}
	district, err := g.f.District(ctx, order.District)
	if err != nil {
		return httpapi.ImportReport{}, err
	}
	workbook, err := sheet.Read(order.File, order.Content)
	if err != nil {
		return httpapi.ImportReport{}, err
	}
	if order.Source == "" {
		order.Source = strings.TrimSuffix(order.File, filepath.Ext(order.File))
	}
	importer, err := g.importer(ctx, district, order.Actor)
	if err != nil {
		return httpapi.ImportReport{}, err
	}
	importer.Progress = order.Progress
	report, err := importer.Import(ctx, workbook, order.Options)
	token, tokenErr := g.f.ownToken(context.WithoutCancel(ctx), report.Token)
	report.Token, err = token, errors.Join(err, tokenErr)
	// What was written is told also when the import was broken off.
	labels := NoLabels
	if order.Names {
		labels = g.f.Labels(context.WithoutCancel(ctx))
	}
	return httpapi.ReportOf(order, report, labels), err
}

// importer returns what takes in files for a district.
func (g *localGateway) importer(ctx context.Context, district, actor string) (*intake.Importer, error) {
	known, err := g.f.Directory(ctx)
	return &intake.Importer{Handler: g.f.Handler, Names: g.f.Names, Directory: known, Feed: g.f.Log, District: district, Actor: actor,
		Forms: registerForms(), Duplicates: g.f.Duplicates(), Today: calendar.DayOf(g.f.options.Now())}, err
}

// UndoImport undoes a whole import, after the files that are being taken in.
func (g *localGateway) UndoImport(ctx context.Context, order httpapi.UndoOrder) (intake.Undoing, error) {
	g.imports.Lock()
	defer g.imports.Unlock()
	if err := cmp.Or(g.f.checkActor(order.Actor), g.f.CheckSecret(ctx)); err != nil {
		return intake.Undoing{}, err
	}
	history, err := g.f.Handler.Load(ctx, order.Import)
	if err != nil {
		return intake.Undoing{}, err
	}
	district := ""
	if len(history) > 0 {
		if started, is := history[0].Fact.(intake.Started); is {
			district = started.District
		}
	}
	importer, err := g.importer(ctx, district, order.Actor)
	if err != nil {
		return intake.Undoing{}, err
	}
	importer.Progress = order.Progress
	done, err := importer.Undo(ctx, order.UndoOrder)
	token, tokenErr := g.f.ownToken(context.WithoutCancel(ctx), done.Token)
	done.Token = token
	return done.First(httpapi.MostListed), errors.Join(err, tokenErr)
}

// registerForms are the tables that an import reads beside those of schools.
func registerForms() []reading.RegisterForm {
	forms := domain.Forms()
	var out []reading.RegisterForm
	for _, r := range registers.Exported() {
		out = append(out, reading.RegisterForm{Form: forms[r.Kind], Name: r.ZH})
	}
	return out
}

// Settle lets the read models follow to the end of the log.
func (g *localGateway) Settle(ctx context.Context, step func(done, total int)) error {
	return g.f.catchUp(ctx, step)
}

// CommandID returns the id of the command that an actor sends under an
// Idempotency-Key. It is keyed by the installation's secret: keys are texts that
// others could guess. Without the secret there is none, and nothing is written.
func (f *Folder) CommandID(actor, key string) string {
	if f.Vault == nil {
		return ""
	}
	return event.UUIDv8(f.Vault.MAC("idempotency key v1", actor, key)).String()
}

// A remoteGateway hands everything to the serve that holds the folder.
type remoteGateway struct{ *httpapi.Client }

// patience bounds how long the gateway waits for serve's read models.
const patience = time.Minute

// Settle waits until serve's read models hold what was handed in.
func (g remoteGateway) Settle(ctx context.Context, _ func(done, total int)) error {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	for {
		err := g.Await(ctx)
		if err == nil || !errors.Is(err, httpapi.ErrNotReached) {
			return err
		}
	}
}

// openBesideServe opens the folder to read, with the gateway of the serve that holds
// it. busy is returned when it has no serve that answers for this ledger.
func openBesideServe(ctx context.Context, options Options, busy error) (*Folder, error) {
	client, ledger, err := ServeOf(ctx, options.Path)
	if err != nil {
		return nil, errors.Join(busy, err)
	}
	if client == nil {
		return nil, busy
	}
	f, err := open(ctx, options, nil, true)
	if err != nil {
		return nil, err
	}
	if f.Ledger != ledger {
		return nil, errors.Join(busy, f.Close())
	}
	f.Gateway = remoteGateway{client}
	return f, nil
}

// ServeOf returns the client of the serve that holds a folder, and the ledger for
// which it answers; nil when none answers.
func ServeOf(ctx context.Context, folder string) (client *httpapi.Client, ledger string, err error) {
	found, err := ReadServing(folder)
	if err != nil || found.Address == "" {
		return nil, "", err
	}
	client = httpapi.NewClient(found.Address, found.Secret)
	asking, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	ledger, err = client.Ledger(asking)
	if err != nil {
		return nil, "", nil //nolint:nilerr // nobody listens, or somebody else
	}
	return client, ledger, nil
}
