package httpapi

import (
	"reflect"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"twinledger/domain/calendar"
	"twinledger/domain/event"
	"twinledger/domain/record"
	"twinledger/domain/seal"
	"twinledger/projections/records"
)

// An ownJSON is what one kind alone says. Its description is that of the kind,
// and is put in its place in each line's.
type ownJSON map[string]any

// Schema returns the description of a kind that says nothing of its own.
func (ownJSON) Schema(huma.Registry) *huma.Schema {
	return &huma.Schema{Type: huma.TypeObject, AdditionalProperties: false}
}

// wireOwn returns what a row's kind alone says: every field, empty ones too, so
// that a client need not know which were left out.
func wireOwn(r records.Row, shape reflect.Type) ownJSON {
	if shape == nil {
		return ownJSON{}
	}
	said := reflect.New(shape).Elem()
	if r.Stated != nil {
		for i := range shape.NumField() {
			said.Field(i).Set(reflect.ValueOf(r.Stated).FieldByName(shape.Field(i).Name))
		}
	}
	return wireFields(said)
}

func wireFields(v reflect.Value) ownJSON {
	out := ownJSON{}
	for _, f := range fieldsOf(v.Type()) {
		out[f.name] = wireValue(v.FieldByIndex(f.index))
	}
	return out
}

// wireValue returns a value as it travels: a sealed text without its box.
func wireValue(v reflect.Value) any {
	switch said := v.Interface().(type) {
	case seal.Text:
		return wireText(said)
	case record.Word:
		return wireWord(said)
	case record.Unit:
		return wireUnit(said)
	case record.Quantity:
		return wireQuantity(said)
	case event.Instant:
		return said.String()
	}
	switch v.Kind() {
	case reflect.Pointer:
		if v.IsNil() {
			return wireValue(reflect.New(v.Type().Elem()).Elem())
		}
		return wireValue(v.Elem())
	case reflect.Struct:
		return wireFields(v)
	case reflect.Slice, reflect.Array:
		out := []any{}
		for i := range v.Len() {
			out = append(out, wireValue(v.Index(i)))
		}
		return out
	case reflect.String:
		return v.String()
	}
	return v.Interface()
}

// A field is one JSON field of a struct, those of embedded structs included.
type field struct {
	name  string
	index []int
	shape reflect.Type
}

func fieldsOf(shape reflect.Type) []field {
	var out []field
	for i := range shape.NumField() {
		f := shape.Field(i)
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		switch {
		case name == "-":
		case name == "" && f.Anonymous && f.Type.Kind() == reflect.Struct:
			for _, inner := range fieldsOf(f.Type) {
				inner.index = append([]int{i}, inner.index...)
				out = append(out, inner)
			}
		default:
			if name == "" {
				name = f.Name
			}
			out = append(out, field{name, []int{i}, f.Type})
		}
	}
	return out
}

// ownSchema describes what wireOwn returns for a shape.
func ownSchema(shape reflect.Type, components huma.Registry) *huma.Schema {
	schema := &huma.Schema{Type: huma.TypeObject, AdditionalProperties: false, Properties: map[string]*huma.Schema{}}
	if shape == nil {
		return schema
	}
	for _, f := range fieldsOf(shape) {
		property := valueSchema(f.shape, components)
		words := wordsOf(f.name)
		property.Description = words.doc
		example(property, f, words)
		schema.Properties[f.name] = property
		schema.Required = append(schema.Required, f.name)
	}
	return schema
}

// valueSchema describes what wireValue returns for a type.
func valueSchema(t reflect.Type, components huma.Registry) *huma.Schema {
	switch t {
	case reflect.TypeFor[seal.Text]():
		return components.Schema(reflect.TypeFor[textJSON](), true, "")
	case reflect.TypeFor[record.Word]():
		return components.Schema(reflect.TypeFor[wordJSON](), true, "")
	case reflect.TypeFor[record.Unit]():
		return components.Schema(reflect.TypeFor[unitJSON](), true, "")
	case reflect.TypeFor[record.Quantity]():
		return components.Schema(reflect.TypeFor[quantityJSON](), true, "")
	case reflect.TypeFor[event.Instant]():
		return &huma.Schema{Type: huma.TypeString, Format: "date-time"}
	}
	switch t.Kind() {
	case reflect.Pointer:
		return valueSchema(t.Elem(), components)
	case reflect.Struct:
		return ownSchema(t, components)
	case reflect.Slice, reflect.Array:
		return &huma.Schema{Type: huma.TypeArray, Items: valueSchema(t.Elem(), components)}
	case reflect.Bool:
		return &huma.Schema{Type: huma.TypeBoolean}
	case reflect.Int, reflect.Int64, reflect.Uint64:
		return &huma.Schema{Type: huma.TypeInteger}
	}
	return &huma.Schema{Type: huma.TypeString}
}

// example gives a property without properties of its own an example.
func example(property *huma.Schema, f field, words ownWords) {
	inner, t := property, f.shape
	for inner.Type == huma.TypeArray {
		inner, t = inner.Items, t.Elem()
	}
	if inner.Ref != "" || inner.Type == huma.TypeObject {
		return
	}
	value := any(words.example)
	switch {
	case inner.Type == huma.TypeBoolean:
		value = true
	case inner.Type == huma.TypeInteger:
		value = 1
	case words.example != "":
	case inner.Format == "date-time":
		value = "2018-07-03T08:00:00.000Z"
	case t == reflect.TypeFor[calendar.Occurred]():
		value = "day:2018-04-18"
	case t == reflect.TypeFor[calendar.Day]():
		value = "2018-04-18"
	default:
		value = "语文"
	}
	if property.Type == huma.TypeArray {
		value = []any{value}
	}
	property.Examples = []any{value}
}

// ownWords are what the document says of a field of some kind.
type ownWords struct{ doc, example string }

// wordsOf returns the words for a field; one that has none of its own means what
// the glossary says of its name.
func wordsOf(name string) ownWords {
	if words, known := fieldWords[name]; known {
		return words
	}
	return ownWords{doc: strings.ReplaceAll(name, "_", " ") + ", as this kind's events say it; empty when they do not."}
}

// fieldWords are the words for the fields of all kinds: a field means the same
// wherever it stands.
var fieldWords = map[string]ownWords{
	"start":       {"First day, as precisely as it is known.", "day:2018-03-01"},
	"end":         {"Last day, as precisely as it is known.", "unknown"},
	"item":        {"What was given.", ""},
	"findings":    {"What was found.", ""},
	"dimension":   {"Under which dimension, as the plan words it.", ""},
	"text":        {"What is said of it; prose, always sealed.", ""},
	"grade":       {"Grade as given; empty when none is.", "良好"},
	"score":       {"Points, a plain decimal; empty when none are given.", "86.5"},
	"basis":       {"founding: it began then; roster: it was so then, and since when is not known.", "founding"},
	"sides":       {"The schools' parts at the founding.", ""},
	"school":      {"Key of the school; empty when it is not known.", "school-01980a6e-7c10-7000-8000-000000000005"},
	"role":        {"The glossary's code of its part.", "core_school"},
	"district":    {"Key of the district.", "district-01980a6e-7c10-7000-8000-000000000002"},
	"name":        {"The name; a person's is always sealed.", "城关第一小学"},
	"provisional": {"An imported file mentioned it; see the turns for whether it was confirmed since.", ""},
	"stage":       {"School stage as written.", "小学"},
	"setting":     {"Urban or rural, as written.", "乡村"},
	"about":       {"The period that it is about.", "term:2017-2018/2"},
	"due":         {"The last good day; empty when none is given.", "day:2018-07-10"},
	"offices":     {"Offices that receive it, as written.", "县教育局教育股"},
	"finding":     {"Id of the event that found it; empty when none is known.", "01980a6e-7c10-5000-8000-000000000007"},
	"task":        {"What is to be put right; prose, always sealed.", ""},
	"document":    {"Number of the document.", "教督〔2018〕3号"},
	"mentor":      {"Key of the person who guides.", "person-01980a6e-7c10-8000-8000-000000000004"},
	"mentors":     {"Keys of the people who guide.", "person-01980a6e-7c10-8000-8000-000000000004"},
	"mentees":     {"Keys of the people who are guided.", "person-01980a6e-7c10-8000-8000-000000000004"},
	"parent":      {"Key of the school that it stands under.", "school-01980a6e-7c10-7000-8000-000000000006"},
	"host":        {"Key of the school that is the host.", "school-01980a6e-7c10-7000-8000-000000000006"},
}
