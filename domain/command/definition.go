// Package command is the write side: it loads a stream, folds it, asks the
// decider, encodes the events and appends them, and does all of it again when
// somebody else was faster. It acts on the world only through ports.
package command

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"twinledger/domain/calendar"
	"twinledger/domain/event"
	"twinledger/domain/fault"
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
}

// A Definition ties a command's name to the decider that answers it.
type Definition struct {
	Name    string // e.g. "lesson.report"
	Kind    string // kind of stream it addresses
	Creates bool   // it opens a stream named after the command's id
	ZH, EN  string // what it does, for help
	Inner   bool   // carried out by the program itself, never sent by a person

	process Process
	example any
	key     func(ledger string, vault seal.Vault, body any) string
	decode  func(json.RawMessage) (any, error)
	decide  func(history []event.Event, meta Meta, body any) ([]any, error)
}

// An Option alters a Definition.
type Option func(*Definition)

// Creating marks a command that opens its own stream, named after the command.
func Creating() Option { return func(d *Definition) { d.Creates = true } }

// Inner marks a command that only the program itself carries out.
func Inner() Option { return func(d *Definition) { d.Inner = true } }

// KeyedBy marks a command whose stream follows from its body, so that the same
// name always leads to the same stream. key returns <kind>-<uuid>.
func KeyedBy[C any](key func(ledger string, vault seal.Vault, body C) string) Option {
	return func(d *Definition) {
		d.key = func(ledger string, vault seal.Vault, body any) string { return key(ledger, vault, body.(C)) }
	}
}

// Accompanied gives the command a process, which goes along whoever sends it.
func Accompanied(by Process) Option { return func(d *Definition) { d.process = by } }

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

// ErrBadBody is what an unreadable command is refused with; its place names
// line and column.
var ErrBadBody = fault.New(fault.Invalid, "command.bad-body",
	"命令内容无法读取：请核对字段名和取值。", "The command cannot be read: check the names and values of its fields.")

// strictly decodes raw into target and refuses unknown fields and trailing text.
func strictly(raw []byte, target any) error {
	d := json.NewDecoder(bytes.NewReader(raw))
	d.DisallowUnknownFields()
	err := d.Decode(target)
	if err == nil {
		if _, end := d.Token(); end != io.EOF {
			err = errTrailing
		}
	}
	if err == nil {
		return nil
	}
	if f, ok := fault.As(err); ok {
		return f
	}
	bad := ErrBadBody.With("problem", strings.TrimPrefix(err.Error(), "json: ")).Because(err)
	if index := indexOf(err, raw); index >= 0 {
		return bad.At(placeAt(raw, index))
	}
	return bad
}

// indexOf returns the index of the byte of raw that err speaks of, len(raw) for
// its end, or -1 when that cannot be told.
func indexOf(err error, raw []byte) int {
	if typed, ok := errors.AsType[*json.UnmarshalTypeError](err); ok {
		return max(int(typed.Offset)-1, 0)
	}
	if syntax, ok := errors.AsType[*json.SyntaxError](err); ok {
		return max(int(syntax.Offset)-1, 0)
	}
	if errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, io.EOF) {
		return len(raw)
	}
	if errors.Is(err, errTrailing) {
		return trailing(raw)
	}
	// encoding/json names an unknown field only in the text of its error. Where
	// that is worded otherwise, or the name occurs twice, the place stays unknown.
	quoted, _ := strings.CutPrefix(err.Error(), "json: unknown field ")
	name, unquoteErr := strconv.Unquote(quoted)
	if found := keys(raw, name); unquoteErr == nil && len(found) == 1 {
		return found[0]
	}
	return -1
}

var errTrailing = errors.New("something follows the object")

// trailing returns where the text behind the first value begins.
func trailing(raw []byte) int {
	d := json.NewDecoder(bytes.NewReader(raw))
	var first json.RawMessage
	if err := d.Decode(&first); err != nil {
		return -1
	}
	end := int(d.InputOffset())
	return len(raw) - len(bytes.TrimLeft(raw[end:], " \t\r\n"))
}

// keys returns where the keys called name begin, in all objects of raw.
func keys(raw []byte, name string) []int {
	var found []int
	eachKey(raw, func(key string, _, end int) {
		if key == name {
			found = append(found, bytes.LastIndexByte(raw[:end-1], '"'))
		}
	})
	return found
}

// eachKey calls f for every key of every object in raw, with the number of
// objects and lists around it and where it ends, as far as raw is JSON.
func eachKey(raw []byte, f func(key string, depth, end int)) {
	d := json.NewDecoder(bytes.NewReader(raw))
	var key []bool // of each open object and list: whether a key comes next; a list's stays false
	var object []bool
	for {
		token, err := d.Token()
		if err != nil {
			return
		}
		last := len(key) - 1
		switch delim, is := token.(json.Delim); {
		case is && (delim == '{' || delim == '['):
			key, object = append(key, delim == '{'), append(object, delim == '{')
			continue
		case is:
			key, object = key[:last], object[:last]
			last--
		case last >= 0 && key[last]:
			name, _ := token.(string)
			f(name, len(key), int(d.InputOffset()))
			key[last] = false
			continue
		}
		if last >= 0 {
			key[last] = object[last]
		}
	}
}

// placeAt returns the line and, as its column, the byte within the line of the
// byte at index, both from 1.
func placeAt(raw []byte, index int) fault.Place {
	before := raw[:min(index, len(raw))]
	line := bytes.Count(before, []byte("\n")) + 1
	return fault.Place{Line: line, Column: strconv.Itoa(len(before) - bytes.LastIndexByte(before, '\n'))}
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
}

// ParseRequest reads a command from a JSON object with the fields of [Request]
// and its body under "data". Definitions are looked up by name.
func ParseRequest(raw []byte, definitions map[string]Definition) (Request, error) {
	var file struct {
		Request
		Data json.RawMessage `json:"data"`
	}
	if err := strictly(raw, &file); err != nil {
		return Request{}, err
	}
	def, known := definitions[file.Name]
	if !known || def.Inner {
		return Request{}, ErrUnknownCommand.With("command", file.Name)
	}
	if len(file.Data) == 0 {
		return Request{}, ErrBadBody.With("problem", "data is missing")
	}
	body, err := def.decode(file.Data)
	if err != nil {
		return Request{}, withinFile(err, raw, file.Data)
	}
	req := file.Request
	req.Body = body
	return req, nil
}

// withinFile moves the place of an error in data to where data stands in raw.
func withinFile(err error, raw, data []byte) error {
	f, ok := fault.As(err)
	if !ok || f.Place.Line == 0 {
		return err
	}
	start := -1
	eachKey(raw, func(key string, depth, end int) {
		if depth == 1 && strings.EqualFold(key, "data") {
			start = end + bytes.Index(raw[end:], data)
		}
	})
	if start < 0 {
		return err
	}
	place := f.Place
	if column, err := strconv.Atoi(place.Column); err == nil && place.Line == 1 {
		place.Column = strconv.Itoa(column + start - bytes.LastIndexByte(raw[:start], '\n') - 1)
	}
	place.Line += bytes.Count(raw[:start], []byte("\n"))
	return f.At(place)
}

// DecodeStrictly decodes raw into target for bodies that read themselves.
func DecodeStrictly(raw []byte, target any) error { return strictly(raw, target) }

// Opens tells whether the command can open a stream: then it names none.
func (d Definition) Opens() bool { return d.Creates || d.key != nil }

// Body reads the command's body from JSON, as a file or a table gives it. What
// cannot be read is an [ErrBadBody].
func (d Definition) Body(raw json.RawMessage) (any, error) { return d.decode(raw) }

// Example returns a body to be filled in, whose JSON shows the fields.
func (d Definition) Example() any { return d.example }
