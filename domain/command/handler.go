package command

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"time"

	"twinledger/domain/calendar"
	"twinledger/domain/event"
	"twinledger/domain/fault"
	"twinledger/domain/seal"
)

// A Log is what the handler needs of [event.Log].
type Log interface {
	event.Appender
	event.Reader
}

// A Clock tells the time.
type Clock interface{ Now() time.Time }

// MaxClockLag is how far the handler's clock may lie behind the last recorded
// time before it refuses to write.
const MaxClockLag = 5 * time.Minute

// What the handler refuses with.
var (
	ErrUnknownCommand = fault.New(fault.Invalid, "command.unknown",
		"没有这个命令；用 twinledger record --list 查看可用命令。", "There is no such command; see twinledger record --list.")
	ErrBadID = fault.New(fault.Invalid, "command.bad-id",
		"命令编号应为 UUID。", "A command's id must be a UUID.")
	ErrReused = fault.New(fault.Conflict, "command.reused",
		"同一命令编号已用于另一内容，或由另一账号用过；请换用新的编号。", "This command id was used with another content, or by another account; use a new id.")
	ErrNoStream = fault.New(fault.NotFound, "command.no-such-record",
		"台账中没有这条记录；请核对编号。", "The ledger has no such record; check its id.")
	ErrWrongStream = fault.New(fault.Invalid, "command.wrong-record",
		"该命令不适用于这类记录；请核对记录编号。", "The command does not apply to this kind of record; check the record's id.")
	ErrUnknownReference = fault.New(fault.NotFound, "command.unknown-reference",
		"所引用的区县、学校、共同体、人员或记录不在台账中；请核对编号，或先登记。",
		"A district, school, community, person or record that is referred to is not in the ledger; check its id, or record it first.")
	ErrVoidReference = fault.New(fault.Refused, "command.void-reference",
		"所引用的区县、学校、共同体、人员或记录已作废；请改用仍有效的一个。",
		"A district, school, community, person or record that is referred to is void; refer to one that stands.")
	ErrClockBehind = fault.New(fault.Unavailable, "command.clock-behind",
		"本机时钟比台账最后的入账时间落后 5 分钟以上；请先校准时钟再写入。", "This machine's clock is more than 5 minutes behind the ledger's last record; set the clock before writing.")
	ErrBusy = fault.New(fault.Conflict, "command.busy",
		"该记录一直在被他人改动；请稍后再试。", "The record keeps being changed by others; try again later.")
)

// A Handler carries out commands on one ledger. Its fields are set before the
// first use and not changed after; it is safe for concurrent use.
type Handler struct {
	Ledger      string // ten characters
	Log         Log
	Registry    *event.Registry
	Definitions map[string]Definition
	Clock       Clock
	Vault       seal.Vault
	Names       seal.Names
	Issued      *IssuedIDs    // which ids are used already; nil: ids are told apart within one stream only
	Patience    time.Duration // how long an append of unknown outcome is sent again; 0 means 10 s
}

// An Outcome says what became of a command.
type Outcome struct {
	Stream   string        // key of the stream
	Events   []event.Event // what happened; empty when nothing had to
	Token    event.Token   // from which the events can be read back
	Repeated bool          // the command had been carried out before
}

// A Sealable body has texts that are sealed before anything is decided.
type Sealable interface {
	// SealTexts returns the body with its texts sealed, as a value of the same type.
	SealTexts(ctx context.Context, s seal.Sealer) (any, error)
}

// A Referring body names other streams, which must exist and stand.
type Referring interface {
	// References returns the keys of streams, e.g. "school-0198…"; empty ones
	// are passed over.
	References() []string
}

// A voiding says that an event of its own stream never held.
type voiding interface {
	Voids() (target string, reason seal.Text)
}

// Handle carries out a command: all of its events are stored or none. Handling
// the same request of the same actor again has no effect and answers with what is
// stored; of a request whose id the program derived, whoever sends it. A refusal
// is a fault; after any other error the same request may be sent again.
func (h *Handler) Handle(ctx context.Context, req Request) (Outcome, error) {
	def, known := h.Definitions[req.Name]
	if !known {
		return Outcome{}, ErrUnknownCommand.With("command", req.Name)
	}
	if !event.IsID(req.ID) {
		return Outcome{}, ErrBadID.With("id", req.ID)
	}
	if req.Occurred == "" {
		req.Occurred = calendar.Unknown
	}
	if _, err := calendar.Parse(string(req.Occurred)); err != nil {
		return Outcome{}, err
	}
	stream, err := h.streamFor(def, req)
	if err != nil {
		return Outcome{}, err
	}
	if h.Issued != nil && h.Issued.elsewhere(req.ID, stream) {
		return Outcome{}, ErrReused.With("id", req.ID)
	}
	digest, err := h.digest(req, stream)
	if err != nil {
		return Outcome{}, err
	}
	const tries = 20
	for range tries {
		outcome, err := h.once(ctx, def, req, stream, digest)
		if !errors.Is(err, event.ErrConflict) {
			return outcome, err
		}
	}
	return Outcome{}, ErrBusy.With("stream", event.StreamKey(stream))
}

// Load returns the events of a stream, given by key; none for an unknown one.
func (h *Handler) Load(ctx context.Context, key string) ([]event.Event, error) {
	var history []event.Event
	for r, err := range h.Log.Stream(ctx, event.StreamName(h.Ledger, key)) {
		if err != nil {
			return nil, err
		}
		e, err := h.Registry.Decode(r.Envelope)
		if err != nil {
			return nil, err
		}
		history = append(history, e)
	}
	return history, nil
}

func (h *Handler) streamFor(def Definition, req Request) (string, error) {
	switch {
	case def.key != nil:
		return event.StreamName(h.Ledger, def.key(h.Ledger, h.Vault, req.Body)), nil
	case def.Creates && req.Stream == "":
		return event.StreamOf(h.Ledger, req.ID, def.Kind), nil
	case req.Stream == "":
		return "", ErrNoStream.With("command", def.Name)
	case event.StreamKind(req.Stream) != def.Kind || !event.IsID(req.Stream[len(def.Kind)+1:]):
		return "", ErrWrongStream.With("command", def.Name).With("stream", req.Stream)
	}
	return event.StreamName(h.Ledger, req.Stream), nil
}

// digest tells two requests apart without telling what is in them.
func (h *Handler) digest(req Request, stream string) (string, error) {
	same := req.Same
	if same == "" {
		body, err := event.Marshal(req.Body)
		if err != nil {
			return "", fmt.Errorf("encode command %s: %w", req.Name, err)
		}
		same = string(body)
	}
	mac := h.Vault.MAC("request v1", req.Name, stream, string(req.Occurred), req.Unit, same)
	return hex.EncodeToString(mac[:]), nil
}

// once loads, decides and appends. ErrConflict means: load again.
func (h *Handler) once(ctx context.Context, def Definition, req Request, stream, digest string) (Outcome, error) {
	key := event.StreamKey(stream)
	history, err := h.Load(ctx, key)
	if err != nil {
		return Outcome{}, err
	}
	if done, found, err := repeated(history, req, digest); found {
		done.Stream = key
		if err == nil && def.process != nil {
			err = def.process.After(ctx, Work{Handler: h, Request: req, Stream: key, History: history})
		}
		return done, err
	}
	if len(history) == 0 && !def.Creates && def.key == nil {
		return Outcome{}, ErrNoStream.With("stream", key)
	}
	if !def.Internal && req.Source == "" { // what a file brings is the import's to judge
		if err := checkTexts(req); err != nil {
			return Outcome{}, err
		}
	}
	if err := h.checkReferences(ctx, req.Body); err != nil {
		return Outcome{}, err
	}
	now, err := h.now(ctx)
	if err != nil {
		return Outcome{}, err
	}
	body := req.Body
	if sealable, ok := body.(Sealable); ok {
		body, err = sealable.SealTexts(ctx, seal.Sealer{Vault: h.Vault, Names: h.Names, Stream: key, Fallback: h.fallback(req)})
		if err != nil {
			return Outcome{}, err
		}
	}
	meta := Meta{Ledger: h.Ledger, Stream: key, Command: req.ID, Occurred: req.Occurred, Now: now.Time, FromFile: req.Source != ""}
	if def.loadRelated != nil {
		if meta.Related, err = def.loadRelated(ctx, h.Load, key, req.Body); err != nil {
			return Outcome{}, err
		}
	}
	facts, err := def.decide(history, meta, body)
	if err != nil || len(facts) == 0 {
		return Outcome{Stream: key}, err
	}
	records, err := h.encode(req, stream, digest, now, int64(len(history)), facts)
	if err != nil {
		return Outcome{}, err
	}
	return h.store(ctx, def, Work{Handler: h, Request: req, Stream: key, History: history}, records)
}

// store appends what was decided, with the command's process before and after.
func (h *Handler) store(ctx context.Context, def Definition, work Work, records []event.Record) (Outcome, error) {
	if def.process != nil {
		var err error
		if work.Next, err = h.decode(records); err == nil {
			err = def.process.Before(ctx, work)
		}
		if err != nil {
			return Outcome{}, err
		}
	}
	stream := event.StreamName(h.Ledger, work.Stream)
	stored, err := h.append(ctx, stream, int64(len(work.History))-1, records)
	if _, decided := fault.As(err); h.Issued != nil && !decided {
		h.Issued.learn(work.Request.ID, stream) // also when nobody knows whether it was stored
	}
	if err != nil {
		return Outcome{}, err
	}
	events, err := h.decode(stored.Records)
	if err == nil { // the log knows events by their ids: another's command of this id may have been faster
		_, _, err = repeated(events, work.Request, records[0].Envelope.Digest)
	}
	if err != nil {
		return Outcome{}, err
	}
	if def.process != nil {
		err = def.process.After(ctx, work)
	}
	return Outcome{Stream: work.Stream, Events: events, Token: stored.Token}, err
}

// fallback is the key for prose of a request that no file brought.
func (h *Handler) fallback(req Request) string {
	if req.Source != "" {
		return req.Source
	}
	return "source-" + event.UUIDv5(h.Ledger, "source", "desk").String()
}

// repeated finds what the same command did before. The digest is stored and does
// not tell of the actor; the event does.
func repeated(history []event.Event, req Request, digest string) (Outcome, bool, error) {
	var done Outcome
	for _, e := range history {
		if e.Command != req.ID {
			continue
		}
		if e.Digest != digest || e.Actor != req.Actor && !req.derived() {
			return Outcome{}, true, ErrReused.With("id", req.ID)
		}
		done.Events = append(done.Events, e)
		done.Repeated = true
	}
	return done, done.Repeated, nil
}

func (h *Handler) checkReferences(ctx context.Context, body any) error {
	referring, ok := body.(Referring)
	if !ok {
		return nil
	}
	for _, key := range referring.References() {
		if key == "" {
			continue
		}
		history, err := h.Load(ctx, key)
		switch {
		case err != nil:
			return err
		case len(history) == 0:
			return ErrUnknownReference.With("id", key)
		case IsVoid(history):
			return ErrVoidReference.With("id", key)
		}
	}
	return nil
}

// IsVoid tells whether the event that opened a stream never held: it was voided, and that
// voiding was not voided in its turn.
func IsVoid(history []event.Event) bool {
	by := "" // id of the event that voids the opening
	for i, e := range history {
		v, ok := e.Fact.(voiding)
		if !ok {
			continue
		}
		switch target, _ := v.Voids(); {
		case i == 0, target == history[0].ID:
			by = e.ID
		case target == by:
			by = ""
		}
	}
	return by != ""
}

// now reads the clock and refuses one that lies far behind the log.
func (h *Handler) now(ctx context.Context) (event.Instant, error) {
	now := event.InstantOf(h.Clock.Now())
	last, _, any, err := h.Log.Last(ctx)
	if err != nil {
		return event.Instant{}, err
	}
	if any && now.Before(last.Envelope.Recorded.Add(-MaxClockLag)) {
		return event.Instant{}, ErrClockBehind.With("clock", now.Shown()).With("last", last.Envelope.Recorded.Shown())
	}
	return now, nil
}

func (h *Handler) encode(req Request, stream, digest string, now event.Instant, next int64, facts []any) ([]event.Record, error) {
	records := make([]event.Record, len(facts))
	for i, fact := range facts {
		kind, data, err := h.Registry.Encode(fact)
		if err != nil {
			return nil, err
		}
		records[i], err = event.Encode(event.Envelope{
			ID: event.IDOf(h.Ledger, req.ID, stream, i), Stream: stream, Revision: next + int64(i),
			Type: kind.Type, Version: kind.Version, Occurred: req.Occurred, Recorded: now,
			Actor: req.Actor, Unit: req.Unit, Command: req.ID, Digest: digest,
			Cause: req.Cause, Correlation: req.Correlation, Data: data,
		})
		if err != nil {
			return nil, err
		}
	}
	return records, nil
}

func (h *Handler) patience() time.Duration {
	if h.Patience == 0 {
		return 10 * time.Second
	}
	return h.Patience
}

// append sends the same records again while their outcome is unknown. It never
// loads in between: the log tells a repetition by its ids.
func (h *Handler) append(ctx context.Context, stream string, expected int64, records []event.Record) (event.Appended, error) {
	deadline, cancel := context.WithTimeout(ctx, h.patience())
	defer cancel()
	pause := 10 * time.Millisecond
	for {
		stored, err := h.Log.Append(deadline, stream, expected, records...)
		if _, decided := fault.As(err); err == nil || decided {
			return stored, err
		}
		select {
		case <-deadline.Done():
			return event.Appended{}, fmt.Errorf("append to %s, outcome unknown: %w", event.StreamKey(stream), err)
		case <-time.After(pause):
			pause = min(2*pause, time.Second)
		}
	}
}

func (h *Handler) decode(records []event.Record) ([]event.Event, error) {
	events := make([]event.Event, len(records))
	for i, r := range records {
		e, err := h.Registry.Decode(r.Envelope)
		if err != nil {
			return nil, err
		}
		events[i] = e
	}
	return events, nil
}
