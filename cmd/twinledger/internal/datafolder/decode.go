package datafolder

import (
	"bytes"
	standard "encoding/json"
	"reflect"
	"sync"

	fast "github.com/segmentio/encoding/json"

	"twinledger/domain"
	"twinledger/domain/event"
)

// Registry returns the registry of every type of event. It decodes with
// segmentio/encoding, which takes half the time of encoding/json.
func Registry() *event.Registry { return domain.Events(decode) }

// decode reads data as encoding/json does, value for value and refusal for refusal;
// tests hold both equal. What the faster decoder does not take at once, such as a name
// that is none of the fields' as they are written, encoding/json reads anew and settles.
func decode(data []byte, into any) error {
	if readsAlike(data) && !holdsArray(reflect.TypeOf(into).Elem()) {
		rest, err := fast.Parse(data, into, fast.DisallowUnknownFields|fast.DontMatchCaseInsensitiveStructFields)
		if err == nil && len(rest) == 0 {
			return nil
		}
		reflect.ValueOf(into).Elem().SetZero()
	}
	return standard.Unmarshal(data, into)
}

// readsAlike tells whether data holds nothing that the faster decoder would take for
// something else than encoding/json: too large a number, which it lets wrap around; an
// empty list, behind which it keeps what the list held when its field is given again;
// or more levels than encoding/json descends. It also answers false where such
// characters stand in a text; that costs only time.
func readsAlike(data []byte) bool {
	return !hasLongNumber(data) && !hasEmptyList(data) && !isDeep(data)
}

// longNumber is how many digits the shortest whole number has that may wrap around.
const longNumber = 20

func hasLongNumber(data []byte) bool {
	isDigit := func(i int) bool { return i < len(data) && '0' <= data[i] && data[i] <= '9' }
	// So many digits in a row lie on one of the places that are so far apart.
	for i := longNumber - 1; i < len(data); i += longNumber {
		if !isDigit(i) {
			continue
		}
		first, behind := i, i+1
		for first > 0 && isDigit(first-1) {
			first--
		}
		for isDigit(behind) {
			behind++
		}
		if behind-first >= longNumber {
			return true
		}
	}
	return false
}

func hasEmptyList(data []byte) bool {
	for {
		_, behind, found := bytes.Cut(data, []byte("["))
		if !found {
			return false
		}
		if data = bytes.TrimLeft(behind, " \t\r\n"); len(data) > 0 && data[0] == ']' {
			return true
		}
	}
}

// mostLevels is how deep encoding/json descends.
const mostLevels = 10000

func isDeep(data []byte) bool {
	return len(data) > mostLevels && bytes.Count(data, []byte("["))+bytes.Count(data, []byte("{")) > mostLevels
}

// withArrays remembers, by type, what holdsArray found.
var withArrays sync.Map

// holdsArray tells whether values of a type hold an array. The faster decoder leaves in
// an array what it held before, where encoding/json empties the rest of it.
func holdsArray(t reflect.Type) bool {
	if known, is := withArrays.Load(t); is {
		return known.(bool)
	}
	holds := t.Kind() == reflect.Array
	switch t.Kind() {
	case reflect.Pointer, reflect.Slice, reflect.Map:
		holds = holdsArray(t.Elem())
	case reflect.Struct:
		for i := range t.NumField() {
			holds = holds || holdsArray(t.Field(i).Type)
		}
	}
	withArrays.Store(t, holds)
	return holds
}
