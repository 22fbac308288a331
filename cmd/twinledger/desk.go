package main

import (
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
	"twinledger/domain/command"
	"twinledger/domain/event"
	"twinledger/domain/intake"
)

// A desk is where every command that writes hands in what it wants written. So
// it need not know whether the folder is its own or another process, serve, holds
// it: [program.openToWrite] gives the office the desk that fits.
type desk interface {
	httpapi.CommandGateway

	// settle returns when the read models hold what was handed in. progress, if
	// given, may be told how far each of them is.
	settle(ctx context.Context, progress func(name string, ordinal uint64)) error
}

// carryOut carries out a command, under a new id unless it has one.
func (p *program) carryOut(ctx context.Context, o *office, req command.Request) (command.Outcome, error) {
	if req.ID == "" {
		id, err := uuid.NewV7()
		if err != nil {
			return command.Outcome{}, fmt.Errorf("make command id: %w", err)
		}
		req.ID = id.String()
	}
	req.Actor = p.actor
	return o.desk.CarryOut(ctx, req)
}

// A localDesk writes the office's own log. It is safe for concurrent use.
type localDesk struct {
	o        *office
	commands [64]sync.Mutex // by id: an id is never put to two uses at once
	imports  sync.Mutex     // an importer is for one goroutine
}

// CarryOut carries out a command. Every answer that tells of events has a token:
// of a record at or behind them and behind what the command's process did.
func (d *localDesk) CarryOut(ctx context.Context, req command.Request) (command.Outcome, error) {
	if err := d.o.checkSecret(ctx); err != nil {
		return command.Outcome{}, err
	}
	h := fnv.New32a()
	h.Write([]byte(req.ID)) //nolint:errcheck // never fails
	one := &d.commands[h.Sum32()%uint32(len(d.commands))]
	one.Lock()
	defer one.Unlock()
	done, err := d.o.handler.Handle(ctx, req)
	if err != nil {
		return done, err
	}
	for _, e := range done.Events {
		if err := d.o.names.Learn(ctx, e, d.o.vault); err != nil {
			return done, err
		}
	}
	if len(done.Events) > 0 {
		_, done.Token, _, err = d.o.log.Last(ctx)
	}
	if err == nil {
		done.Token, err = d.o.ownToken(ctx, done.Token)
	}
	return done, err
}

// ownToken returns a token of the log as a desk gives it: it names the ledger and
// the event at that place, so that another ledger, and the same one that was
// restored to what it was before and grew otherwise, does not take it for its own.
func (o *office) ownToken(ctx context.Context, t event.Token) (event.Token, error) {
	if t == "" {
		return "", nil
	}
	there, err := o.log.At(ctx, t)
	return event.Token(strings.Join([]string{o.ledger, there.Envelope.ID, string(t)}, "/")), err
}

// logToken returns the token of the log behind one that ownToken returned.
func (o *office) logToken(ctx context.Context, t event.Token) (event.Token, error) {
	parts := strings.SplitN(string(t), "/", 3)
	if len(parts) < 3 || parts[0] != o.ledger {
		return "", event.ErrBadToken.With("token", t)
	}
	own := event.Token(parts[2])
	there, err := o.log.At(ctx, own)
	if err == nil && there.Envelope.ID != parts[1] {
		err = event.ErrBadToken.With("token", t)
	}
	return own, err
}

// Import takes in a file, after those that are being taken in.
func (d *localDesk) Import(ctx context.Context, order httpapi.ImportOrder) (httpapi.ImportReport, error) {
	d.imports.Lock()
	defer d.imports.Unlock()
	if err := d.o.checkSecret(ctx); err != nil {
		return httpapi.ImportReport{}, err
	}
	district, err := d.o.district(ctx, order.District)
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
	known, err := d.o.directory(ctx)
	if err != nil {
		return httpapi.ImportReport{}, err
	}
	importer := intake.Importer{Handler: d.o.handler, Names: d.o.names, Directory: known, District: district, Actor: order.Actor, Progress: order.Progress, Forms: registerForms()}
	report, err := importer.Import(ctx, workbook, order.Options)
	token, tokenErr := d.o.ownToken(context.WithoutCancel(ctx), report.Token)
	report.Token, err = token, errors.Join(err, tokenErr)
	// What was written is told also when the import was broken off.
	labels := d.o.labels(context.WithoutCancel(ctx))
	return httpapi.ReportOf(order, report, labels), err
}

func (d *localDesk) settle(ctx context.Context, progress func(string, uint64)) error {
	if err := d.o.project(ctx, d.o.models, true, progress); err != nil {
		return err
	}
	return d.o.checkOneHistory(ctx)
}

// commandID returns the id of the command that an actor sends under an
// Idempotency-Key. It is keyed by the installation's secret: keys are texts that
// others could guess. Without the secret there is none, and nothing is written.
func (o *office) commandID(actor, key string) string {
	if o.vault == nil {
		return ""
	}
	return event.UUIDv8(o.vault.MAC("idempotency key v1", actor, key)).String()
}

// A remoteDesk hands everything to the serve that holds the folder.
type remoteDesk struct{ *httpapi.Client }

// patience bounds how long the desk waits for serve's read models.
const patience = time.Minute

func (d remoteDesk) settle(ctx context.Context, _ func(string, uint64)) error {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	for {
		err := d.Await(ctx)
		if err == nil || !errors.Is(err, httpapi.ErrNotReached) {
			return err
		}
	}
}

// openBesideServe opens the named folder to read, with the desk of the serve that
// holds it. busy is returned when it has no serve that answers for this ledger.
func (p *program) openBesideServe(ctx context.Context, busy error) (*office, error) {
	found, err := readServing(p.data)
	if err != nil {
		return nil, errors.Join(busy, err)
	}
	if found.Address == "" {
		return nil, busy
	}
	client := httpapi.NewClient(found.Address, found.Secret)
	asking, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	ledger, err := client.Ledger(asking)
	if err != nil {
		return nil, busy // nobody listens, or somebody else
	}
	o, err := p.open(ctx, p.data, nil, servedReadOnly)
	if err != nil {
		return nil, err
	}
	if o.ledger != ledger {
		return nil, errors.Join(busy, o.close())
	}
	o.desk = remoteDesk{client}
	return o, nil
}
