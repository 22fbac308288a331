package event

import (
	"encoding/json"
	"fmt"
	"reflect"
	"sort"

	"twinledger/domain/fault"
)

// An Event is a record with its data decoded into the current shape of its type.
type Event struct {
	Envelope
	Fact any // a value of the type given to Define; never a pointer
}

// An Upcast turns the data of one version into that of the next. It is pure.
type Upcast func(json.RawMessage) (json.RawMessage, error)

// UpcastUnchanged is the upcast to a version that only has new fields, all of which may
// be missing.
func UpcastUnchanged(data json.RawMessage) (json.RawMessage, error) { return data, nil }

// A Registry knows every type of event. Fill it with Define, then only read it.
type Registry struct {
	decode func([]byte, any) error
	byName map[string]definition
	byType map[reflect.Type]string
}

type definition struct {
	shape   reflect.Type
	upcasts []Upcast
}

// NewRegistry returns an empty registry. decode reads JSON into a pointer; nil
// means encoding/json.
func NewRegistry(decode func([]byte, any) error) *Registry {
	if decode == nil {
		decode = json.Unmarshal
	}
	return &Registry{decode, map[string]definition{}, map[reflect.Type]string{}}
}

// Define registers T, a struct, as the current shape of the events called name.
// Names are storage: they never change, whatever happens to the Go types. The
// current version is one more than the number of upcasts, so a version cannot be
// added without saying how to read the one before it.
//
// Define panics if name or T is registered twice: that is a bug in the caller.
func Define[T any](r *Registry, name string, upcasts ...Upcast) {
	shape := reflect.TypeFor[T]()
	if _, taken := r.byName[name]; taken || !isTypeName(name) || shape.Kind() != reflect.Struct {
		panic("event: bad or repeated name " + name)
	}
	if former, taken := r.byType[shape]; taken {
		panic(fmt.Sprintf("event: %s is registered as %s and as %s", shape, former, name))
	}
	r.byName[name] = definition{shape, upcasts}
	r.byType[shape] = name
}

// Names returns the registered names with their current versions, sorted by
// name.
func (r *Registry) Names() []TypeVersion {
	out := make([]TypeVersion, 0, len(r.byName))
	for name, d := range r.byName {
		out = append(out, TypeVersion{name, len(d.upcasts) + 1})
	}
	sort.Slice(out, func(i, j int) bool { return out[i].Type < out[j].Type })
	return out
}

// A TypeVersion is a type's name and one of its versions.
type TypeVersion struct {
	Type    string
	Version int
}

// Encode returns the type's name, its current version and fact as stored JSON.
// Fact is a value of a registered type; anything else is a bug and an error.
func (r *Registry) Encode(fact any) (TypeVersion, json.RawMessage, error) {
	name, known := r.byType[reflect.TypeOf(fact)]
	if !known {
		return TypeVersion{}, nil, fmt.Errorf("event: %T is not registered", fact)
	}
	b, err := Marshal(fact)
	return TypeVersion{name, len(r.byName[name].upcasts) + 1}, b, err
}

// What Decode refuses with.
var (
	ErrUnknownType = fault.New(fault.Internal, "event.unknown-type",
		"台账中有本程序不认识的事件类型；请用更新的版本打开。", "The ledger holds a type of event that this program does not know; open it with a newer version.")
	ErrUnknownVersion = fault.New(fault.Internal, "event.unknown-version",
		"台账中的事件版本比本程序新；请用更新的版本打开。", "The ledger holds an event of a later version than this program knows; open it with a newer version.")
	ErrBadData = fault.New(fault.Internal, "event.bad-data",
		"事件内容无法读取；请用备份核对。", "An event's data cannot be read; compare with a backup.")
)

// Decode returns e with its data lifted to the current version of its type.
func (r *Registry) Decode(e Envelope) (Event, error) {
	d, known := r.byName[e.Type]
	if !known {
		return Event{}, ErrUnknownType.With("type", e.Type).With("id", e.ID)
	}
	if e.Version > len(d.upcasts)+1 {
		return Event{}, ErrUnknownVersion.With("type", e.Type).With("version", e.Version).With("id", e.ID)
	}
	if e.Version < 1 {
		return Event{}, ErrBadData.With("type", e.Type).With("version", e.Version).With("id", e.ID)
	}
	data := e.Data
	for _, up := range d.upcasts[e.Version-1:] {
		var err error
		if data, err = up(data); err != nil {
			return Event{}, ErrBadData.With("type", e.Type).With("id", e.ID).Because(err)
		}
	}
	fact := reflect.New(d.shape)
	if err := r.decode(data, fact.Interface()); err != nil {
		return Event{}, ErrBadData.With("type", e.Type).With("id", e.ID).Because(err)
	}
	return Event{Envelope: e, Fact: fact.Elem().Interface()}, nil
}
