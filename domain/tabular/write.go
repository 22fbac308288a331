package tabular

import (
	"encoding/json"
	"fmt"
	"reflect"
	"strings"

	"twinledger/domain/calendar"
	"twinledger/domain/record"
	"twinledger/domain/seal"
)

// A Record is what a row is written from.
type Record struct {
	Key      string          // of its stream
	Progress record.Progress // its whole course is written as told
	Facts    json.RawMessage // complete facts of the form's kind, as stored
}

// Row returns the cells of a record, one for each column.
func (f Form) Row(r Record, names Names) ([]string, error) {
	facts := reflect.New(f.shape)
	if err := json.Unmarshal(r.Facts, facts.Interface()); err != nil {
		return nil, fmt.Errorf("read facts of %s: %w", r.Key, err)
	}
	w := writer{names, r.Key, f.workflow}
	fields := map[string]reflect.Value{}
	for _, fl := range fieldsOf(f.shape) {
		fields[fl.name] = facts.Elem().FieldByIndex(fl.index)
	}
	cells := make([]string, len(f.Columns))
	for i, c := range f.Columns {
		v := fields[c.field]
		switch {
		case c.Header == HeaderRecord:
			cells[i] = r.Key
		case c.field == "":
			cells[i] = writeOccurred(r.Progress.Occurred)
		case c.part == number:
			cells[i] = writeNumber(v.Interface().(record.Quantity)) //nolint:forcetypeassert // by the column
		case c.part == measure:
			cells[i] = v.Interface().(record.Quantity).Measure.Text //nolint:forcetypeassert // by the column
		case c.field == "course":
			r.Progress.ReportedSteps, _ = v.Interface().([]record.ReportedStep)
			cells[i] = w.value(reflect.ValueOf(f.workflow.AsReportedSteps(r.Progress)), c.field, "")
		default:
			cells[i] = w.value(v, c.field, "")
		}
		cells[i] = guard(cells[i])
	}
	return cells, nil
}

type writer struct {
	names    Names
	stream   string
	workflow record.Workflow
}

// value writes one value of the field name, which stands within parent.
func (w writer) value(v reflect.Value, name, parent string) string {
	switch v.Type() {
	case typeText:
		return w.text(v.Interface().(seal.Text), name, parent) //nolint:forcetypeassert // by its type
	case typeOccurred:
		return writeOccurred(v.Interface().(calendar.Occurred)) //nolint:forcetypeassert // by its type
	case typeQuantity:
		return writeQuantity(v.Interface().(record.Quantity)) //nolint:forcetypeassert // by its type
	case typeWord:
		return writeWord(v.Interface().(record.Word)) //nolint:forcetypeassert // by its type
	case typeUnit:
		return w.unit(v.Interface().(record.Unit)) //nolint:forcetypeassert // by its type
	case typeKind:
		entry, _ := record.Lookup(record.Kind(v.String()))
		return entry.ZH
	case typeMode:
		zh, _ := record.Mode(v.String()).Words()
		return zh
	}
	switch v.Kind() {
	case reflect.Pointer:
		if v.IsNil() {
			return ""
		}
		return w.value(v.Elem(), name, parent)
	case reflect.Slice:
		sep := "、"
		if t := v.Type().Elem(); t.Kind() == reflect.Struct && !atomic(t) {
			sep = "\n"
		}
		var parts []string
		for i := range v.Len() {
			parts = append(parts, w.value(v.Index(i), name, parent))
		}
		return join(parts, sep)
	case reflect.Struct:
		return w.parts(v, name)
	case reflect.String:
		if code, is := v.Interface().(coded); is && code.Words()[v.String()] != "" {
			return code.Words()[v.String()]
		}
		return w.word(v.String(), name, parent)
	case reflect.Bool:
		if v.Bool() {
			return "是"
		}
		return ""
	}
	if v.IsZero() {
		return ""
	}
	return fmt.Sprint(v.Interface())
}

// atomic tells whether a struct is written as one word.
func atomic(t reflect.Type) bool {
	switch t {
	case typeText, typeQuantity, typeWord, typeUnit:
		return true
	}
	return false
}

// parts writes a struct as 名称=值, leaving out what is not said.
func (w writer) parts(v reflect.Value, name string) string {
	var parts []string
	for _, f := range fieldsOf(v.Type()) {
		inner := v.FieldByIndex(f.index)
		if inner.IsZero() {
			continue
		}
		parts = append(parts, f.label()+"="+w.value(inner, f.name, name))
	}
	return join(parts, "；")
}

// word writes a plain text, a key or the verb of a step.
func (w writer) word(s, name, parent string) string {
	if s == "" {
		return ""
	}
	switch keyed[name] {
	case "school":
		return orKey(w.names.School(s), s)
	case "community":
		return orKey(w.names.Community(s), s)
	case "district":
		return orKey(w.names.District(s), s)
	case "person":
		return w.person(s)
	}
	if word := fullTimeWords[s]; name == fullTime && word != "" {
		return word
	}
	if word := partWords[s]; name == "part" && parent == "organisers" && word != "" {
		return word
	}
	if name == "verb" && parent == "course" {
		for _, rule := range append(w.workflow.Rules[:len(w.workflow.Rules):len(w.workflow.Rules)], w.workflow.Openings...) {
			if rule.Verb == s && rule.ZH != "" {
				return rule.ZH
			}
		}
	}
	return s
}

func orKey(name, key string) string {
	if name == "" {
		return key
	}
	return name
}

// person writes 姓名（学校）, or only the name of somebody whose school is not
// known. A name that would not be read back as itself stands as its key.
func (w writer) person(key string) string {
	name, school, ok := w.names.Person(key)
	if !ok {
		return Sealed
	}
	text := name + "（" + school + "）"
	if school == "" && !strings.HasSuffix(name, "）") && !strings.HasSuffix(name, ")") {
		text = name
	}
	if n, s := splitPerson(text); n != name || s != school {
		return key
	}
	return text
}

func (w writer) unit(u record.Unit) string {
	if u.Group != "" {
		return groupWord
	}
	return orKey(w.names.School(u.School), u.School)
}

func (w writer) text(t seal.Text, name, parent string) string {
	if t.Sealed == nil {
		return t.Clear
	}
	// A step may tell under 说明 what its own event calls the reason.
	for _, field := range []string{name, strings.TrimSuffix(parent, "s"), parent, "reason"} {
		if clear, ok := w.names.Open(*t.Sealed, w.stream, field); ok {
			return clear
		}
	}
	return Sealed
}

func writeWord(word record.Word) string {
	if word.Code == "" && !strings.HasSuffix(word.Text, "}") {
		return word.Text
	}
	return word.Text + "{" + word.Code + "}"
}

// writeNumber writes what a quantity counts without its measure. A number that
// its text does not say is written behind it.
func writeNumber(q record.Quantity) string {
	read, _ := record.ParseQuantity(q.Text, q.Measure.Text)
	if !strings.HasSuffix(q.Text, "}") && read.Number == q.Number && read.Bound == q.Bound && read.Measure == q.Measure && read.Text == q.Text {
		return q.Text
	}
	return q.Text + "{" + string(q.Bound) + " " + q.Number + "}"
}

func writeQuantity(q record.Quantity) string {
	if q == (record.Quantity{}) {
		return ""
	}
	return writeNumber(q) + "·" + q.Measure.Text
}

// writeOccurred writes a date as schools do; what they have no way to write
// stands in its stored form.
func writeOccurred(o calendar.Occurred) string {
	if o == "" || o == calendar.Unknown {
		return ""
	}
	written := string(o)
	switch v := o.Value(); o.Precision() {
	case calendar.PrecisionDay:
		written = v
	case calendar.PrecisionSpan:
		written = strings.Replace(v, "/", "至", 1)
	case calendar.PrecisionDays:
		written = strings.ReplaceAll(v, ",", "、")
	case calendar.PrecisionMonth, calendar.PrecisionMonths:
		first, last, _ := o.Months()
		if written = writeMonth(first); first != last {
			written += "至" + writeMonth(last)
		}
	case calendar.PrecisionTerm:
		written = v[:9] + "学年第" + map[string]string{"1": "一", "2": "二"}[v[10:]] + "学期"
	case calendar.PrecisionSchoolYear:
		written = v + "学年"
	case calendar.PrecisionYear:
		written = v + "年"
	}
	if read, err := calendar.ParseWritten(written); err != nil || read != o {
		return string(o)
	}
	return written
}

// writeMonth writes 2018-04 as 2018年4月.
func writeMonth(month string) string {
	return month[:4] + "年" + strings.TrimPrefix(month[5:], "0") + "月"
}
