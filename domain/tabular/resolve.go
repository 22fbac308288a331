package tabular

import (
	"reflect"
	"strings"
)

// personSeparator parts the name of a school and that of a person in facts.
const personSeparator = "\x1f"

// Person returns what stands for a person in facts in which names stand for keys: the
// person's name behind that of the school, which is "" when it is not known.
func Person(school, name string) string { return school + personSeparator + name }

// PersonNamed returns the names of the school and the person that [Person] joined.
func PersonNamed(person string) (school, name string) {
	school, name, joined := strings.Cut(person, personSeparator)
	if !joined {
		return "", person
	}
	return school, name
}

// Resolve returns facts with a key in the place of every name. facts is a value of a kind's
// type of facts in which names stand for keys; keys gives the keys. A name for which there is
// an empty key is left out of a list and empty elsewhere. The facts that are given stay as
// they are.
func Resolve(facts any, keys Keys) any {
	out := reflect.New(reflect.TypeOf(facts)).Elem()
	out.Set(reflect.ValueOf(facts))
	resolver{keys}.fields(out)
	return out.Interface()
}

type resolver struct{ keys Keys }

func (r resolver) fields(v reflect.Value) {
	for _, f := range fieldsOf(v.Type()) {
		r.value(v.FieldByIndex(f.index), f.name)
	}
}

// value resolves one value of the field name.
func (r resolver) value(v reflect.Value, name string) {
	switch v.Kind() {
	case reflect.String:
		if kind := keyed[name]; kind != "" && v.String() != "" {
			v.SetString(r.key(kind, v.String()))
		}
	case reflect.Struct:
		if v.Type() == typeUnit {
			if school := v.FieldByName("School"); school.String() != "" {
				school.SetString(r.keys.School(school.String()))
			}
		} else if !atomic(v.Type()) {
			r.fields(v)
		}
	case reflect.Slice:
		r.list(v, name)
	}
}

func (r resolver) list(v reflect.Value, name string) {
	if v.IsNil() {
		return
	}
	out := reflect.MakeSlice(v.Type(), 0, v.Len())
	for i := range v.Len() {
		one := reflect.New(v.Type().Elem()).Elem()
		one.Set(v.Index(i))
		r.value(one, name)
		if keyed[name] != "" && one.Kind() == reflect.String && one.String() == "" {
			continue
		}
		out = reflect.Append(out, one)
	}
	if out.Len() == 0 {
		out = reflect.Zero(v.Type())
	}
	v.Set(out)
}

func (r resolver) key(kind, name string) string {
	switch kind {
	case "school":
		return r.keys.School(name)
	case "community":
		return r.keys.Community(name)
	case "district":
		return r.keys.District(name)
	case "person":
		school, person := PersonNamed(name)
		return r.keys.Person(person, school)
	}
	return r.keys.Record(name)
}
