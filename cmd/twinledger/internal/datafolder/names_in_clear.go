package datafolder

import (
	"context"
	"reflect"
	"slices"
	"strings"

	"twinledger/domain/seal"
	"twinledger/projections"
	"twinledger/projections/records"
	"twinledger/projections/registers"
)

// A NameInClear is a text that stands in clear and names somebody, mostly because the
// person was noted only after the text was stored.
type NameInClear struct {
	Record string   `json:"record"`
	Field  string   `json:"field"`  // where in what the record says, in JSON's names
	People []string `json:"people"` // keys of those who are named; none when it only looks like a name
	Text   string   `json:"text"`
}

// NamesInClear lists the texts of standing records that name somebody and are not sealed.
func (f *Folder) NamesInClear(ctx context.Context) ([]NameInClear, error) {
	rows, err := f.Records().Select(ctx, projections.Query{})
	if err != nil {
		return nil, err
	}
	var out []NameInClear
	for _, row := range rows {
		if !records.IsRecord(row.Kind) || row.Void() {
			continue
		}
		add := func(field, text string) {
			if people := f.Names.In(text); len(people) > 0 || seal.LooksLikeName(text) {
				out = append(out, NameInClear{row.Key, field, people, text})
			}
		}
		eachClearText(reflect.ValueOf(row.Stated), "", add)
		for _, step := range row.Progress.Steps {
			eachClearText(reflect.ValueOf(step.Step), step.Verb, add)
		}
	}
	return out, nil
}

// eachClearText calls add for every text in v that stands in clear.
func eachClearText(v reflect.Value, field string, add func(field, text string)) {
	if !v.IsValid() {
		return
	}
	if text, is := reflect.TypeAssert[seal.Text](v); is {
		if text.Clear != "" {
			add(field, text.Clear)
		}
		return
	}
	switch v.Kind() {
	case reflect.Pointer, reflect.Interface:
		eachClearText(v.Elem(), field, add)
	case reflect.Slice, reflect.Array:
		for i := range v.Len() {
			eachClearText(v.Index(i), field, add)
		}
	case reflect.Struct:
		for i := range v.NumField() {
			if of := v.Type().Field(i); of.IsExported() {
				name, _, _ := strings.Cut(of.Tag.Get("json"), ",")
				eachClearText(v.Field(i), strings.Trim(field+"."+name, "."), add)
			}
		}
	}
}

// MaskedRegisters reads registers for those who may not see names: a person's name that
// stands in clear is masked in every text. What is stored and hashed stays as it is.
func (f *Folder) MaskedRegisters() registers.Reader {
	return registers.Reader{Rows: maskedRows{f.Records(), f.Names.Mask}}
}

type maskedRows struct {
	projections.Rows[records.Row]

	mask func(string) string
}

// Select returns the rows with names masked.
func (m maskedRows) Select(ctx context.Context, q projections.Query) ([]records.Row, error) {
	rows, err := m.Rows.Select(ctx, q)
	rows = slices.Clone(rows)
	for i := range rows {
		if masked, changed := m.masked(reflect.ValueOf(rows[i])); changed {
			rows[i], _ = reflect.TypeAssert[records.Row](masked)
		}
	}
	return rows, err
}

// masked returns v with its texts masked, as a copy, and whether there was anything to
// mask.
func (m maskedRows) masked(v reflect.Value) (out reflect.Value, changed bool) {
	if text, is := reflect.TypeAssert[seal.Text](v); is {
		clear := m.mask(text.Clear)
		return reflect.ValueOf(seal.Text{Clear: clear, Sealed: text.Sealed}), clear != text.Clear
	}
	switch v.Kind() {
	case reflect.Interface:
		if !v.IsNil() {
			return m.masked(v.Elem())
		}
	case reflect.Slice:
		return m.maskedParts(v, v.Len(), reflect.Value.Index, func() reflect.Value {
			return reflect.AppendSlice(reflect.MakeSlice(v.Type(), 0, v.Len()), v)
		})
	case reflect.Struct:
		return m.maskedParts(v, v.NumField(), reflect.Value.Field, func() reflect.Value {
			fresh := reflect.New(v.Type()).Elem()
			fresh.Set(v)
			return fresh
		})
	}
	return v, false
}

// maskedParts masks the n parts of v, which part gives; fresh makes the copy of v in which
// parts are replaced.
func (m maskedRows) maskedParts(v reflect.Value, n int, part func(reflect.Value, int) reflect.Value, fresh func() reflect.Value) (reflect.Value, bool) {
	out, replaced := v, false
	for i := range n {
		if v.Kind() == reflect.Struct && !v.Type().Field(i).IsExported() {
			continue
		}
		masked, changed := m.masked(part(v, i))
		if !changed {
			continue
		}
		if !replaced {
			out, replaced = fresh(), true
		}
		part(out, i).Set(masked)
	}
	return out, replaced
}
