package tabular

import (
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strings"

	"twinledger/domain/calendar"
	"twinledger/domain/fault"
	"twinledger/domain/record"
	"twinledger/domain/seal"
)

// A Reading is what a row says.
type Reading struct {
	Former   string // key of the record in the ledger that wrote it; "" for a new one
	Occurred calendar.Occurred
	Facts    any // complete facts of the form's kind, but for its district: a value of its type
}

// Read returns what a row says; cells are found by the header above them and a
// column that is missing says nothing. It fails with a fault whose place names
// the column and the value.
func (f Form) Read(cells map[string]string, keys Keys) (Reading, error) {
	var out Reading
	r := reader{keys, f.workflow}
	facts := reflect.New(f.shape).Elem()
	shapes := map[string]field{}
	for _, fl := range fieldsOf(f.shape) {
		shapes[fl.name] = fl
	}
	for _, c := range f.Columns {
		text := bare(cells[c.Header])
		var err error
		switch {
		case c.Header == HeaderRecord:
			out.Former = text
		case c.field == "":
			out.Occurred, err = readOccurred(text)
			if out.Occurred == "" && err == nil {
				out.Occurred = calendar.Unknown
			}
		case c.part == number:
			var q record.Quantity
			q, err = readNumber(text, bare(cells["单位"]))
			facts.FieldByIndex(shapes[c.field].index).Set(reflect.ValueOf(q))
		case c.part == measure:
		default:
			err = r.value(facts.FieldByIndex(shapes[c.field].index), text, c.field, "")
		}
		if err != nil {
			return Reading{}, at(err, c.Header, text)
		}
	}
	out.Facts = facts.Interface()
	return out, nil
}

func at(err error, column, value string) error {
	if f, ok := fault.As(err); ok {
		return f.At(fault.Place{Column: column, Value: value})
	}
	return fmt.Errorf("column %s: %w", column, err)
}

type reader struct {
	keys     Keys
	workflow record.Workflow
}

// value reads text into one value of the field name, which stands within parent.
func (r reader) value(v reflect.Value, text, name, parent string) error {
	if text == Sealed {
		return ErrSealed
	}
	if text == "" && v.Type() != typeMode {
		return nil
	}
	set := func(value any, err error) error {
		if err == nil {
			v.Set(reflect.ValueOf(value).Convert(v.Type()))
		}
		return err
	}
	switch v.Type() {
	case typeText:
		return set(seal.Text{Clear: text}, nil)
	case typeOccurred:
		return set(readOccurred(text))
	case typeQuantity:
		return set(readQuantity(text))
	case typeWord:
		return set(readWord(text), nil)
	case typeUnit:
		return set(r.unit(text), nil)
	case typeKind:
		return set(readKind(text))
	case typeMode:
		return set(readMode(text))
	}
	switch v.Kind() {
	case reflect.Pointer:
		inner := reflect.New(v.Type().Elem())
		if err := r.value(inner.Elem(), text, name, parent); err != nil {
			return err
		}
		v.Set(inner)
		return nil
	case reflect.Slice:
		return r.list(v, text, name, parent)
	case reflect.Struct:
		return r.parts(v, text, name)
	case reflect.String:
		if code, is := v.Interface().(coded); is {
			return set(codeOf(text, code.Words()), nil)
		}
		return set(r.word(text, name, parent))
	case reflect.Bool:
		return set(readYes(text))
	}
	if err := json.Unmarshal([]byte(text), v.Addr().Interface()); err != nil {
		return ErrUnreadable
	}
	return nil
}

func (r reader) list(v reflect.Value, text, name, parent string) error {
	sep := "、"
	if t := v.Type().Elem(); t.Kind() == reflect.Struct && !atomic(t) {
		sep = "\n"
	}
	for _, part := range split(text, sep) {
		one := reflect.New(v.Type().Elem()).Elem()
		if err := r.value(one, part, name, parent); err != nil {
			return err
		}
		v.Set(reflect.Append(v, one))
	}
	return nil
}

func (r reader) parts(v reflect.Value, text, name string) error {
	fields := fieldsOf(v.Type())
	for _, part := range split(text, "；") {
		word, value, ok := strings.Cut(part, "=")
		i := slices.IndexFunc(fields, func(f field) bool { return f.label() == word })
		if !ok || i < 0 {
			return ErrUnreadable.With("part", part)
		}
		if err := r.value(v.FieldByIndex(fields[i].index), value, fields[i].name, name); err != nil {
			return err
		}
	}
	return nil
}

func (r reader) word(text, name, parent string) (string, error) {
	switch keyed[name] {
	case "school":
		return r.keys.School(text), nil
	case "community":
		return r.keys.Community(text), nil
	case "district":
		return r.keys.District(text), nil
	case "person":
		return r.keys.Person(splitPerson(text)), nil
	case "record":
		return r.keys.Record(text), nil
	}
	if name == fullTime {
		return readFullTime(text), nil
	}
	if name == "part" && parent == "organisers" {
		return codeOf(text, partWords), nil
	}
	if name == "verb" && parent == "course" {
		for _, rule := range append(r.workflow.Rules[:len(r.workflow.Rules):len(r.workflow.Rules)], r.workflow.Openings...) {
			if text == rule.ZH || text == rule.Verb {
				return rule.Verb, nil
			}
		}
		return "", ErrUnknownWord
	}
	return text, nil
}

// codeOf returns the code of a word; another text is left to whoever checks the
// facts.
func codeOf(text string, words map[string]string) string {
	for code, word := range words {
		if word == text {
			return code
		}
	}
	return text
}

// readFullTime returns the code of a word, and takes √ for yes.
func readFullTime(text string) string {
	if text == "√" {
		return "yes"
	}
	return codeOf(text, fullTimeWords)
}

func (r reader) unit(text string) record.Unit {
	if bare(text) == groupWord {
		return record.Unit{Group: record.Members}
	}
	return record.Unit{School: r.keys.School(text)}
}

// readYes reads whether something is so: another word is no answer.
func readYes(text string) (bool, error) {
	switch text {
	case "是", "√":
		return true, nil
	case "否":
		return false, nil
	}
	return false, ErrUnknownWord
}

// readKind reads one kind by its word or code.
func readKind(text string) (record.Kind, error) {
	found, known := record.KindsWritten(text)
	if known && len(found) == 1 {
		return found[0], nil
	}
	return "", record.WithNearestKinds(ErrUnknownWord, text)
}

func readMode(text string) (record.Mode, error) {
	if text == "" {
		return record.ModeUnknown, nil
	}
	if mode, known := record.ModeWritten(text); known {
		return mode, nil
	}
	return "", ErrUnknownWord
}

// annotated cuts {…} from behind a text.
func annotated(text string) (before, inside string, ok bool) {
	inner, closed := strings.CutSuffix(text, "}")
	i := strings.LastIndex(inner, "{")
	if !closed || i < 0 {
		return text, "", false
	}
	return inner[:i], inner[i+1:], true
}

func readWord(text string) record.Word {
	before, code, ok := annotated(text)
	if !ok {
		return record.Word{Text: text}
	}
	return record.Word{Text: before, Code: code}
}

func readNumber(text, measure string) (record.Quantity, error) {
	before, inside, marked := annotated(text)
	if !marked {
		q, err := record.ParseQuantity(text, measure)
		if err != nil {
			// A number that nobody can read is kept as it is written, as in any table.
			return record.Quantity{Text: text, Measure: record.MeasureOf(measure)}, nil
		}
		return q, nil
	}
	bound, number, ok := strings.Cut(inside, " ")
	if !ok {
		return record.Quantity{}, ErrUnreadable
	}
	return record.Quantity{Text: before, Number: number, Bound: record.Bound(bound), Measure: record.MeasureOf(measure)}, nil
}

func readQuantity(text string) (record.Quantity, error) {
	i := strings.LastIndex(text, "·")
	if i < 0 {
		return readNumber(text, "")
	}
	return readNumber(text[:i], text[i+len("·"):])
}

// readOccurred reads a date as schools write it, or in its stored form.
func readOccurred(text string) (calendar.Occurred, error) {
	if text == "" {
		return "", nil
	}
	if o, err := calendar.Parse(text); err == nil {
		return o, nil
	}
	return calendar.ParseWritten(text)
}
