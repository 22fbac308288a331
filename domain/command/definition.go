// Package command is the write side: it loads a stream, folds it, asks the
// decider, encodes the events and appends them, and does all of it again when
// somebody else was faster. It acts on the world only through ports.
package command

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"twinledger/domain/calendar"
	"twinledger/domain/event"
	"twinledger/domain/seal"
)

// A Decider folds the events of one kind of stream into a state.
type Decider[S any] struct {
	Kind  string                 // kind of stream, e.g. "lesson"
	Apply func(S, event.Event) S // the state after the event; it cannot fail
}

// Fold returns the state after history, from the zero state.
func (d Decider[S]) Fold(history []event.Event) S {
	var s S
	for _, e := range history {
		s = d.Apply(s, e)
	}
	return s
}

// Meta is what a decision may know besides the state and the command's body.
type Meta struct {
	Ledger   string
	Stream   string            // key of the stream addressed
	Command  string            // id of the command
	Occurred calendar.Occurred // when it happened, as the sender says
	Now      time.Time         // the handler's clock; a decider has none
	FromFile bool              // a file brought it: it was true somewhere, and is told in the file's order
	Related  any               // what the definition's [RelatedLoader] found in other streams; nil without one
}

// A Load returns the events of a stream, given by key; none for an unknown one.
type Load func(ctx context.Context, key string) ([]event.Event, error)

// A RelatedLoader reads other streams that a decision depends on, starting from those
// that the body names. key is the stream decided about. Another command may change
// these streams before the decision is stored: no two streams are appended to at once.
type RelatedLoader func(ctx context.Context, load Load, key string, body any) (any, error)

// A Definition ties a command's name to the decider that answers it.
type Definition struct {
	Name     string // e.g. "lesson.report"
	Kind     string // kind of stream it addresses
	Creates  bool   // it opens a stream named after the command's id
	ZH, EN   string // what it does, for help
	Internal bool   // carried out by the program itself, never sent by a person

	process     Process
	loadRelated RelatedLoader
	example     any
	key         func(ledger string, vault seal.Vault, body any) string
	decode      func(json.RawMessage) (any, error)
	decide      func(history []event.Event, meta Meta, body any) ([]any, error)
}

// An Option alters a Definition.
type Option func(*Definition)

// Creating marks a command that opens its own stream, named after the command.
func Creating() Option { return func(d *Definition) { d.Creates = true } }

// Internal marks a command that only the program itself carries out.
func Internal() Option { return func(d *Definition) { d.Internal = true } }

// KeyedBy marks a command whose stream follows from its body, so that the same
// name always leads to the same stream. key returns <kind>-<uuid>.
func KeyedBy[C any](key func(ledger string, vault seal.Vault, body C) string) Option {
	return func(d *Definition) {
		d.key = func(ledger string, vault seal.Vault, body any) string { return key(ledger, vault, body.(C)) }
	}
}

// WithProcess gives the command a process. It runs with every request of the command.
func WithProcess(by Process) Option { return func(d *Definition) { d.process = by } }

// WithRelated passes what load finds to the command's decision, as [Meta].Related.
func WithRelated(load RelatedLoader) Option { return func(d *Definition) { d.loadRelated = load } }

// Describe gives the command's help in Chinese and English.
func Describe(zh, en string) Option { return func(d *Definition) { d.ZH, d.EN = zh, en } }

// Example gives the body that help shows, with every field filled that a person
// may write.
func Example[C any](body C) Option { return func(d *Definition) { d.example = body } }

// Define returns the definition of the command name with body C, answered by
// decide. decide is pure: it returns the facts that happen, none when the
// command changes nothing, or a refusal.
func Define[S, C any](name string, d Decider[S], decide func(S, Meta, C) ([]any, error), options ...Option) Definition {
	def := Definition{
		Name: name, Kind: d.Kind,
		example: *new(C),
		decode: func(raw json.RawMessage) (any, error) {
			var body C
			if err := strictly(raw, &body); err != nil {
				return nil, err
			}
			return body, nil
		},
		decide: func(history []event.Event, meta Meta, body any) ([]any, error) {
			typed, ok := body.(C)
			if !ok {
				return nil, fmt.Errorf("command %s takes %T, got %T", name, typed, body)
			}
			return decide(d.Fold(history), meta, typed)
		},
	}
	for _, o := range options {
		o(&def)
	}
	return def
}

// A Request is one command as somebody sends it.
type Request struct {
	ID          string            `json:"id"`          // UUID; empty in a file means a new one
	Name        string            `json:"command"`     // a Definition's name
	Stream      string            `json:"stream"`      // key of the stream addressed; empty when creating
	Occurred    calendar.Occurred `json:"occurred"`    // empty means unknown
	Unit        string            `json:"unit"`        // on whose behalf
	Cause       string            `json:"cause"`       // id of what led to it
	Correlation string            `json:"correlation"` // id that one piece of work shares
	Body        any               `json:"-"`           // a value of the definition's body type
	Actor       string            `json:"-"`           // opaque account id
	Source      string            `json:"-"`           // key under which prose is sealed
	Same        string            `json:"-"`           // what makes two requests the same; "" means all of the body
	Derived     bool              `json:"-"`           // the id follows from what the request does: whoever goes on with it sends the same
}

// derived tells whether the id follows from what the request does. One whose
// content is told apart by less than its body always has such an id.
func (r Request) derived() bool { return r.Derived || r.Same != "" }

// ParseRequest reads a command from a JSON object with the fields of [Request]
// and its body under "data". Definitions are looked up by name.
func ParseRequest(raw []byte, definitions map[string]Definition) (Request, error) {
	var file struct {
		Request
		Data json.RawMessage `json:"data"`
	}
	raw, err := readable(raw)
	if err != nil {
		return Request{}, err
	}
	if err := strictly(raw, &file); err != nil {
		return Request{}, err
	}
	def, known := definitions[file.Name]
	if !known || def.Internal {
		return Request{}, ErrUnknownCommand.With("command", file.Name)
	}
	if len(file.Data) == 0 {
		return Request{}, ErrBadBody.With("problem", "data is missing")
	}
	body, err := def.decode(file.Data)
	if err != nil {
		return Request{}, Within(err, raw, "data", file.Data)
	}
	req := file.Request
	req.Body = body
	return req, nil
}

// Opens tells whether the command can open a stream: then it names none.
func (d Definition) Opens() bool { return d.Creates || d.key != nil }

// Body reads the command's body from JSON, as a file or a table gives it. What
// cannot be read is an [ErrBadBody].
func (d Definition) Body(raw json.RawMessage) (any, error) { return d.decode(raw) }

// Example returns a body to be filled in, whose JSON shows the fields.
func (d Definition) Example() any { return d.example }
