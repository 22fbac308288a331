package command

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"twinledger/domain/fault"
)

// DecodeStrictly decodes raw into target for bodies that read themselves.
func DecodeStrictly(raw []byte, target any) error { return strictly(raw, target) }

// ErrBadBody is what an unreadable command is refused with; its place names
// line and column.
var ErrBadBody = fault.New(fault.Invalid, "command.bad-body",
	"命令内容无法读取：请核对字段名和取值。", "The command cannot be read: check the names and values of its fields.")

// ErrFieldTwice is what a command is refused with that gives a field of one object
// twice: whoever wrote it meant one of the two, and nobody can tell which. Its
// place is that of the second.
var ErrFieldTwice = fault.New(fault.Invalid, "command.field-twice",
	"同一字段写了两次；请只保留一个。", "A field is given twice; leave one of the two.")

// ErrNotUTF8 is what a command is refused with that is written in another encoding:
// encoding/json would put a replacement character where it cannot read one. Its
// place is that of the first.
var ErrNotUTF8 = fault.New(fault.Invalid, "command.not-utf-8",
	"内容不是 UTF-8 编码（可能是 GBK 或 UTF-16）；请另存为 UTF-8 后重新提交。", "This is not UTF-8 (it may be GBK or UTF-16); save it as UTF-8 and send it again.")

// readable returns raw without the byte order mark that some editors put before
// UTF-8: with spaces in its place, so that every other place stays what it is. It
// refuses what is not UTF-8.
func readable(raw []byte) ([]byte, error) {
	if rest, marked := bytes.CutPrefix(raw, []byte("\ufeff")); marked {
		raw = append([]byte("   "), rest...)
	}
	for index := 0; index < len(raw); {
		r, size := utf8.DecodeRune(raw[index:])
		if r == utf8.RuneError && size == 1 {
			return nil, ErrNotUTF8.At(placeAt(raw, index))
		}
		index += size
	}
	return raw, nil
}

// strictly decodes raw into target and refuses fields given twice, unknown fields
// and trailing text.
func strictly(raw []byte, target any) error {
	raw, err := readable(raw)
	if err != nil {
		return err
	}
	if err := fieldTwice(raw); err != nil {
		return err
	}
	d := json.NewDecoder(bytes.NewReader(raw))
	d.DisallowUnknownFields()
	err = d.Decode(target)
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
	bad := ErrBadBody.With("problem", problem(err)).Because(err)
	if index := indexOf(err, raw); index >= 0 {
		return bad.At(placeAt(raw, index))
	}
	return bad
}

// problem says what is wrong in words of JSON, not of Go's types.
func problem(err error) string {
	typed, ok := errors.AsType[*json.UnmarshalTypeError](err)
	if !ok {
		return strings.TrimPrefix(err.Error(), "json: ")
	}
	text := typed.Value + " where " + wanted(typed.Type) + " belongs"
	path := slices.DeleteFunc(strings.Split(typed.Field, "."), func(step string) bool {
		return step == "" || unicode.IsUpper(rune(step[0])) // an embedded Go type, which JSON does not name
	})
	if len(path) > 0 {
		text = strings.Join(path, ".") + ": " + text
	}
	return text
}

func wanted(t reflect.Type) string {
	switch t.Kind() {
	case reflect.Struct, reflect.Map:
		return "an object"
	case reflect.Slice, reflect.Array:
		return "a list"
	case reflect.String:
		return "a text"
	case reflect.Bool:
		return "true or false"
	case reflect.Pointer:
		return wanted(t.Elem())
	}
	return "a number"
}

// fieldTwice refuses an object with two fields of one name: encoding/json would
// take the last. It takes Title for title too, so that these are one name, also
// where names are free, as of the headings of a mapping.
func fieldTwice(raw []byte) error {
	type field struct {
		object int
		name   string
	}
	var refused error
	seen := map[field]bool{}
	eachKey(raw, func(k fieldKey) {
		f := field{k.object, folded(k.name)}
		if seen[f] && refused == nil {
			refused = ErrFieldTwice.With("field", k.name).At(placeAt(raw, k.begin))
		}
		seen[f] = true
	})
	return refused
}

// folded returns the same for names that differ in case only, as encoding/json
// compares them.
func folded(name string) string {
	return strings.Map(func(r rune) rune {
		least := r
		for next := unicode.SimpleFold(r); next != r; next = unicode.SimpleFold(next) {
			least = min(least, next)
		}
		return least
	}, name)
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
	eachKey(raw, func(k fieldKey) {
		if k.name == name {
			found = append(found, k.begin)
		}
	})
	return found
}

// A fieldKey is a field's name within JSON text.
type fieldKey struct {
	name       string
	begin, end int // where it stands, with its quotes
	object     int // tells the object apart: where it begins
	depth      int // how many objects and lists are around it
}

// eachKey calls f for every key of every object in raw, as far as raw is JSON.
func eachKey(raw []byte, f func(fieldKey)) {
	d := json.NewDecoder(bytes.NewReader(raw))
	type level struct {
		object  int // 0 of a list
		keyNext bool
	}
	var open []level
	for {
		before := int(d.InputOffset())
		token, err := d.Token()
		if err != nil {
			return
		}
		last := len(open) - 1
		switch delim, is := token.(json.Delim); {
		case is && delim == '{':
			open = append(open, level{int(d.InputOffset()), true})
			continue
		case is && delim == '[':
			open = append(open, level{})
			continue
		case is:
			open = open[:last]
			last--
		case last >= 0 && open[last].keyNext:
			name, _ := token.(string)
			begin := before + bytes.IndexByte(raw[before:], '"')
			f(fieldKey{name, begin, int(d.InputOffset()), open[last].object, len(open)})
			open[last].keyNext = false
			continue
		}
		if last >= 0 {
			open[last].keyNext = open[last].object > 0
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

// Within moves the place of an error in value, the JSON text of a field of the
// object raw, to where value stands in raw.
func Within(err error, raw []byte, field string, value []byte) error {
	f, ok := fault.As(err)
	if !ok || f.Place.Line == 0 {
		return err
	}
	if marked, err := readable(raw); err == nil {
		raw = marked
	}
	start := -1
	eachKey(raw, func(k fieldKey) {
		if k.depth == 1 && strings.EqualFold(k.name, field) {
			start = k.end + bytes.Index(raw[k.end:], value)
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
