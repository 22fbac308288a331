package registers

import (
	"errors"
	"reflect"
	"slices"

	"twinledger/domain"
	"twinledger/domain/org"
	"twinledger/domain/record"
)

// workflows are the steps of every kind of record.
var workflows = domain.Workflows()

// definitions are the commands, whose examples show what each kind says.
var definitions = domain.Commands()

// parties are the facts of those that are no records.
var parties = map[string]reflect.Type{
	"school": reflect.TypeFor[org.School](), "community": reflect.TypeFor[org.Community](), "person": reflect.TypeFor[org.Person](),
}

// Facts returns the type of what the register's kind says, ok false when it says
// nothing of its own, as a held row.
func (g Register) Facts() (reflect.Type, bool) {
	if party, is := parties[g.Kind]; is {
		return party, true
	}
	example, is := g.example()
	if !is {
		return nil, false
	}
	return example.Type(), true
}

// example returns the facts that the kind's reporting command shows.
func (g Register) example() (reflect.Value, bool) {
	d, known := definitions[g.Kind+".report"]
	if !known {
		return reflect.Value{}, false
	}
	body := reflect.ValueOf(d.Example())
	if body.Kind() != reflect.Struct {
		return reflect.Value{}, false
	}
	facts := body.FieldByName("Facts")
	if !facts.IsValid() {
		return reflect.Value{}, false
	}
	// An addressable copy, so that it can be tried with other kinds.
	held := reflect.New(facts.Type()).Elem()
	held.Set(facts)
	return held, true
}

// Own returns the fields that the kind says beside what all records say: a struct
// without the embedded [record.Facts], nil when there are none.
func (g Register) Own() reflect.Type {
	facts, says := g.Facts()
	if !says {
		return nil
	}
	fields := ownFields(facts)
	if len(fields) == 0 {
		return nil
	}
	return reflect.StructOf(fields)
}

func ownFields(facts reflect.Type) []reflect.StructField {
	var fields []reflect.StructField
	for i := range facts.NumField() {
		switch f := facts.Field(i); {
		case f.Type == reflect.TypeFor[record.Facts]():
		case f.Anonymous && f.Type.Kind() == reflect.Struct:
			fields = append(fields, ownFields(f.Type)...)
		default:
			fields = append(fields, reflect.StructField{Name: f.Name, Type: f.Type, Tag: f.Tag})
		}
	}
	return fields
}

// Kinds returns the codes of the glossary that lines of the register may have, in
// the glossary's order; none when its lines have no kinds.
func (g Register) Kinds() []record.Kind {
	facts, says := g.example()
	if !says {
		return nil
	}
	common := facts.FieldByName("Facts")
	if !common.IsValid() || common.Type() != reflect.TypeFor[record.Facts]() {
		return nil
	}
	var out []record.Kind
	for _, entry := range record.Glossary() {
		common.FieldByName("Kinds").Set(reflect.ValueOf([]record.Kind{entry.Kind}))
		checked, is := facts.Interface().(interface{ Check() error })
		if is && !errors.Is(checked.Check(), record.ErrBadKind) {
			out = append(out, entry.Kind)
		}
	}
	return out
}

// Stages returns the stages in which lines of the register may be, in the order
// in which they come up; none when its lines have no course.
func (g Register) Stages() []record.Stage {
	way, is := workflows[g.Kind]
	if !is {
		return nil
	}
	var out []record.Stage
	add := func(stages ...record.Stage) {
		for _, s := range stages {
			if s != "" && !slices.Contains(out, s) {
				out = append(out, s)
			}
		}
	}
	if _, reports := definitions[g.Kind+".report"]; reports {
		add("reported")
	}
	for _, rule := range way.Rules {
		add(rule.From...)
		add(rule.To)
	}
	return out
}
