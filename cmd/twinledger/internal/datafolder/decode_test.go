package datafolder_test

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"twinledger/cmd/twinledger/internal/datafolder"
	"twinledger/domain"
	"twinledger/domain/event"
	"twinledger/domain/event/eventtest"
)

// ours decodes as the program does, standard with encoding/json.
var ours, standard = datafolder.Registry(), domain.Events(nil)

// A sample is what is stored of one version of a type of event.
type sample struct {
	event.TypeVersion
	data []byte
}

// samples returns every sample that is stored.
func samples(t testing.TB) []sample {
	t.Helper()
	var out []sample
	for _, name := range standard.Names() {
		for version := 1; version <= name.Version; version++ {
			v := event.TypeVersion{Type: name.Type, Version: version}
			found, err := filepath.Glob(filepath.Join("..", "..", "..", "..", "domain", "*", eventtest.Path(v)))
			if err != nil || len(found) != 1 {
				t.Fatalf("sample of %s.v%d: %v, %v", v.Type, v.Version, found, err)
			}
			data, err := os.ReadFile(found[0])
			if err != nil {
				t.Fatal(err)
			}
			out = append(out, sample{v, bytes.TrimSuffix(data, []byte("\n"))})
		}
	}
	return out
}

// A failer is a test, of whichever kind.
type failer interface {
	Helper()
	Errorf(format string, args ...any)
}

// agree fails the test unless both decode data alike, and tells whether they took it.
func agree(t failer, v event.TypeVersion, data []byte) bool {
	t.Helper()
	stored := event.Envelope{Type: v.Type, Version: v.Version, Data: data}
	want, refused := standard.Decode(stored)
	got, err := ours.Decode(stored)
	switch {
	case (err == nil) != (refused == nil):
		t.Errorf("%s.v%d %q: refused with %v, encoding/json with %v", v.Type, v.Version, data, err, refused)
	case !reflect.DeepEqual(got.Fact, want.Fact):
		t.Errorf("%s.v%d %q:\nreads as %#v\nencoding/json reads %#v", v.Type, v.Version, data, got.Fact, want.Fact)
	}
	return refused == nil
}

func TestSamplesDecodeAlike(t *testing.T) {
	for _, s := range samples(t) {
		if !agree(t, s.TypeVersion, s.data) {
			t.Errorf("the sample of %s.v%d is refused", s.Type, s.Version)
		}
	}
}

// malformed are data of a lesson.reported, and whether encoding/json takes them.
var malformed = []struct {
	name, data string
	taken      bool
}{
	{"nothing", ``, false},
	{"white space", " \t\r\n{} \n", true},
	{"white space of another kind", "\u00a0{}", false},
	{"a byte order mark", "\ufeff{}", false},
	{"a comment", `{/**/}`, false},
	{"null", `null`, true},
	{"a list", `[]`, false},
	{"a text", `"facts"`, false},
	{"cut off", `{"facts":{"district":"d`, false},
	{"cut off behind a field", `{"facts":{}`, false},
	{"trailing comma", `{"facts":{},}`, false},
	{"trailing comma of a list", `{"facts":{"people":["a",]}}`, false},
	{"no comma", `{"facts":{"district":"a" "community":"b"}}`, false},
	{"no colon", `{"facts" {}}`, false},
	{"trailing data", `{}{}`, false},
	{"trailing brace", `{}}`, false},
	{"trailing NUL", "{}\x00", false},
	{"apostrophes", `{'facts':{}}`, false},
	{"a name without quotes", `{facts:{}}`, false},
	{"bad UTF-8", "{\"facts\":{\"district\":\"a\xffb\"}}", true},
	{"UTF-8 cut off", "{\"facts\":{\"district\":\"\xe8\xaf\"}}", true},
	{"UTF-8 of a surrogate", "{\"facts\":{\"district\":\"\xed\xa0\x80\"}}", true},
	{"bad UTF-8 in a sealed text", "{\"facts\":{\"title\":{\"clear\":\"\xff\"}}}", true},
	{"bad UTF-8 in a name", "{\"facts\":{\"distri\xffct\":\"a\"}}", true},
	{"bad UTF-8 outside of texts", "{\xff}", false},
	{"a NUL in a text", "{\"facts\":{\"district\":\"a\x00b\"}}", false},
	{"a line break in a text", "{\"facts\":{\"district\":\"a\nb\"}}", false},
	{"a tab in a name", "{\"fa\tcts\":{}}", false},
	{"a control character in a field that is not known", "{\"other\":\"a\nb\"}", false},
	{"an escaped control character", `{"facts":{"district":"a\u0000\n\u001f\u007f"}}`, true},
	{"an escape that is none", `{"facts":{"district":"\x"}}`, false},
	{"an escape that is none in a field that is not known", `{"other":"\x"}`, false},
	{"a short escape", `{"facts":{"district":"\u12"}}`, false},
	{"an escape of no digits", `{"facts":{"district":"\u12zz"}}`, false},
	{"every escape", `{"facts":{"district":"\"\\\/\b\f\n\r\t\u8bfe\ud83d\ude00"}}`, true},
	{"half of a pair", `{"facts":{"district":"\ud800"}}`, true},
	{"the other half", `{"facts":{"district":"\udc00x"}}`, true},
	{"a pair the wrong way round", `{"facts":{"district":"\udc00\ud800"}}`, true},
	{"half of a pair before another escape", `{"facts":{"district":"\ud800\u0041"}}`, true},
	{"an escaped name", `{"facts":{"\u0064istrict":"a"}}`, true},
	{"a name in another case", `{"FACTS":{"District":"a"}}`, true},
	{"a name with the Kelvin sign", `{"facts":{"\u212ainds":["demo_lesson"]}}`, true},
	{"a name with a long s", `{"fact\u017f":{"district":"a"}}`, true},
	{"a field twice", `{"facts":{"district":"a","district":"b"}}`, true},
	{"a field twice in two cases", `{"facts":{"district":"a","DISTRICT":"b"}}`, true},
	{"an object twice", `{"facts":{"district":"a","community":"b"},"facts":{"district":"c"}}`, true},
	{"a list twice", `{"facts":{"people":["a","b"],"people":["c"]}}`, true},
	{"a list of objects twice", `{"facts":{"from":[{"school":"a"},{"school":"b"}],"from":[{"group":"members"}]}}`, true},
	{"an object and then null", `{"facts":{"source":{"import":"a"},"source":null}}`, true},
	{"a list and then null", `{"facts":{"people":["a"],"people":null}}`, true},
	{"a text and then null", `{"facts":{"district":"a","district":null}}`, true},
	{"null in a list", `{"facts":{"people":[null,"a"],"from":[null]}}`, true},
	{"a field that is not known", `{"other":{"deep":[1,{"a":null}],"b":true}}`, true},
	{"a field that is not known, malformed", `{"other":{"deep":[1,{"a":nul}]}}`, false},
	{"a number in a field that is not known, malformed", `{"other":01}`, false},
	{"a number that ends with its point", `{"other":1.}`, false},
	{"a number of a sign", `{"other":-}`, false},
	{"a number with a plus", `{"other":+1}`, false},
	{"a number without a digit behind e", `{"other":1e}`, false},
	{"no number", `{"other":NaN}`, false},
	{"a number for a text", `{"facts":{"district":1}}`, false},
	{"a text for a number", `{"facts":{"source":{"sheet":"1"}}}`, false},
	{"an object for a text", `{"facts":{"district":{}}}`, false},
	{"a text for a list", `{"facts":{"people":"a"}}`, false},
	{"a list for an object", `{"facts":[]}`, false},
	{"an object for a list", `{"facts":{"people":{}}}`, false},
	{"a truth for a text", `{"facts":{"district":true}}`, false},
	{"a number that would wrap around", `{"facts":{"source":{"row":20500000000000000000}}}`, false},
	{"a list thrice", `{"facts":{"from":[{"school":"a"}],"from":[],"from":[{"group":"members"}]}}`, true},
	{"a list thrice, the second spread", `{"facts":{"from":[{"school":"a"}],"from":[ ],"from":[{"group":"members"}]}}`, true},
	{"the largest number", `{"facts":{"source":{"row":9223372036854775807}}}`, true},
	{"a number too large", `{"facts":{"source":{"row":9223372036854775808}}}`, false},
	{"a number too small", `{"facts":{"source":{"row":-9223372036854775809}}}`, false},
	{"a fraction for a whole number", `{"facts":{"source":{"row":1.5}}}`, false},
	{"a whole number with a point", `{"facts":{"source":{"row":1.0}}}`, false},
	{"a whole number with an exponent", `{"facts":{"source":{"row":1e2}}}`, false},
	{"minus zero", `{"facts":{"source":{"row":-0}}}`, true},
	{"a whole number with a zero before it", `{"facts":{"source":{"row":01}}}`, false},
	{"a large number in a field that is not known", `{"other":1e999999}`, true},
	{"many digits in a field that is not known", `{"other":` + strings.Repeat("9", 10000) + `}`, true},
	{"deep", `{"other":` + strings.Repeat("[", 9000) + strings.Repeat("]", 9000) + `}`, true},
	{"too deep", `{"other":` + strings.Repeat("[", 10001) + strings.Repeat("]", 10001) + `}`, false},
	{"objects that are too deep", `{"other":` + strings.Repeat(`{"a":`, 10001) + `1` + strings.Repeat("}", 10001) + `}`, false},
	{"deep and open", strings.Repeat("[", 1<<20), false},
	{"brackets in a text", `{"other":"` + strings.Repeat("[", 20000) + `"}`, true},
	{"closed by the other bracket", `{"other":[1}}`, false},
}

func TestMalformedDataIsReadAlike(t *testing.T) {
	v := event.TypeVersion{Type: "lesson.reported", Version: 1}
	for i, m := range malformed {
		t.Run(strconv.Itoa(i)+" "+m.name, func(t *testing.T) {
			if taken := agree(t, v, []byte(m.data)); taken != m.taken {
				t.Errorf("encoding/json takes it: %t", taken)
			}
		})
	}
}

// TestTermsAreReadAlike: the terms of a school year are an array of two.
func TestTermsAreReadAlike(t *testing.T) {
	const first, second = `{"from":"2017-09-01","to":"2018-02-02"}`, `{"from":"2018-03-01","to":"2018-07-13"}`
	for _, terms := range []string{`[]`, `[` + first + `]`, `[` + first + `,` + second + `]`, `[` + first + `,` + second + `,` + first + `]`, `[null,` + second + `]`,
		`null`, `{}`, `[1,2]`, `[` + first + `,` + second + `],"terms":[` + second + `]`, `[` + first + `,` + second + `],"terms":[]`, `[` + first + `,` + second + `],"terms":null`} {
		data := `{"facts":{"school_year":"2017-2018","terms":` + terms + `}}`
		agree(t, event.TypeVersion{Type: "calendar.published", Version: 1}, []byte(data))
	}
}

// A node is a JSON value that can be changed: what is written before and behind its
// parts, and the parts.
type node struct {
	text  string   // of a scalar
	open  string   // { or [; "" of a scalar
	names []string // of an object's values, as written
	parts []*node
}

// nodeOf reads the value that comes next.
func nodeOf(d *json.Decoder) *node {
	token, err := d.Token()
	if err != nil {
		panic(err) // samples are JSON
	}
	delim, is := token.(json.Delim)
	if !is {
		text, _ := json.Marshal(token)
		return &node{text: string(text)}
	}
	n := &node{open: delim.String()}
	for d.More() {
		if n.open == "{" {
			n.names = append(n.names, nodeOf(d).text)
		}
		n.parts = append(n.parts, nodeOf(d))
	}
	d.Token() //nolint:errcheck // the end that More saw
	return n
}

// write appends the value, with some white space.
func (n *node) write(t *rapid.T, b *strings.Builder) {
	space := func() { b.WriteString(rapid.SampledFrom([]string{"", "", "", "", " ", "\n", "\t\r"}).Draw(t, "space")) }
	if n.open == "" {
		b.WriteString(n.text)
		return
	}
	b.WriteString(n.open)
	for i, part := range n.parts {
		if space(); i > 0 {
			b.WriteByte(',')
			space()
		}
		if n.open == "{" {
			b.WriteString(n.names[i])
			space()
			b.WriteByte(':')
			space()
		}
		part.write(t, b)
	}
	space()
	b.WriteString(map[string]string{"{": "}", "[": "]"}[n.open])
}

// all appends the value and everything in it.
func (n *node) all(to []*node) []*node {
	to = append(to, n)
	for _, part := range n.parts {
		to = part.all(to)
	}
	return to
}

// odd are values that may stand where another is expected.
var odd = []string{`null`, `true`, `0`, `-1`, `1.5`, `1e3`, `20500000000000000000`, `-20500000000000000000`, `123456789012345678901234567890`, `""`, `"x"`, `"\ud800"`,
	"\"\xff\"", `"\u0000"`, `"a\nb"`, `[]`, `[ ]`, `{}`, `[null]`, `["a"]`, `[[]]`, `[{}]`, `{"clear":"x"}`, `{"a":[]}`, `"day:2018-04-18"`, `"2018-04-18T00:00:00.000Z"`, `nul`, `01`, ``}

// change alters one value in n.
func (n *node) change(t *rapid.T) {
	values := n.all(nil)
	v := rapid.SampledFrom(values).Draw(t, "value")
	switch how := rapid.SampledFrom([]string{"scalar", "move", "again", "name", "drop", "empty", "deep"}).Draw(t, "how"); {
	case how == "scalar":
		*v = node{text: rapid.SampledFrom(odd).Draw(t, "odd")}
	case how == "move":
		*v = *rapid.SampledFrom(values).Draw(t, "other").copied()
	case how == "deep":
		*v = node{text: strings.Repeat("[", 20000) + strings.Repeat("]", 20000)}
	case how == "empty":
		v.names, v.parts = nil, nil
	case len(v.parts) == 0:
	case how == "again":
		// A part once more, as it is or as another one is.
		i, j := rapid.IntRange(0, len(v.parts)-1).Draw(t, "part"), rapid.IntRange(0, len(v.parts)-1).Draw(t, "as")
		v.parts = append(v.parts, v.parts[j].copied())
		if v.open == "{" {
			v.names = append(v.names, v.names[i])
		}
	case how == "name" && v.open == "{":
		i := rapid.IntRange(0, len(v.parts)-1).Draw(t, "part")
		name := v.names[i]
		v.names[i] = rapid.SampledFrom([]string{strings.ToUpper(name), strings.Replace(name, "k", "\u212a", 1), strings.Replace(name, "s", "\u017f", 1),
			strings.Replace(name, "e", `\u0065`, 1), strings.Replace(name, `"`, `"x`, 1), `""`, `null`, "\"\xff\"", `"Facts"`, `"step"`}).Draw(t, "name")
	case how == "drop":
		i := rapid.IntRange(0, len(v.parts)-1).Draw(t, "part")
		v.parts = slices.Delete(slices.Clone(v.parts), i, i+1)
		if v.open == "{" {
			v.names = slices.Delete(slices.Clone(v.names), i, i+1)
		}
	}
}

func (n *node) copied() *node {
	out := *n
	out.names, out.parts = slices.Clone(n.names), nil
	for _, part := range n.parts {
		out.parts = append(out.parts, part.copied())
	}
	return &out
}

// TestChangedSamplesDecodeAlike changes what is stored here and there: fields are given
// again, left out, moved and emptied, names written otherwise, values of another kind
// put in their place.
func TestChangedSamplesDecodeAlike(t *testing.T) {
	all := samples(t)
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.SampledFrom(all).Draw(t, "sample")
		d := json.NewDecoder(bytes.NewReader(s.data))
		d.UseNumber()
		n := nodeOf(d)
		for range rapid.IntRange(1, 4).Draw(t, "changes") {
			n.change(t)
		}
		var b strings.Builder
		n.write(t, &b)
		agree(t, s.TypeVersion, []byte(b.String()))
	})
}

// FuzzDecodersAgree holds that whatever is stored reads as encoding/json reads it, or
// is refused as it refuses it.
func FuzzDecodersAgree(f *testing.F) {
	all := samples(f)
	for i, s := range all {
		f.Add(uint16(i), s.data)
	}
	for i, s := range all {
		if s.Type == "lesson.reported" {
			for _, m := range malformed {
				if len(m.data) < 1000 { // longer ones only slow it down
					f.Add(uint16(i), []byte(m.data))
				}
			}
		}
	}
	f.Fuzz(func(t *testing.T, which uint16, data []byte) {
		agree(t, all[int(which)%len(all)].TypeVersion, data)
	})
}
