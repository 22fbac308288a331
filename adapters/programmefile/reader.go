package programmefile

import (
	"regexp"
	"strconv"
	"strings"

	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/token"

	"twinledger/domain/fault"
)

// A shape names the fields that a mapping may hold.
type shape []field

type field struct {
	word
	required bool
}

func required(code, zh string) field { return field{word{code, zh}, true} }
func optional(code, zh string) field { return field{word{code, zh}, false} }

func (s shape) field(name string) (field, bool) {
	for _, f := range s {
		if f.code == name {
			return f, true
		}
	}
	return field{}, false
}

func (s shape) vocabulary() vocabulary {
	var v vocabulary
	for _, f := range s {
		v.words = append(v.words, f.word)
	}
	return v
}

// An object is a mapping whose fields are known and hold something.
type object struct {
	*reader
	values map[string]entry
}

type entry struct {
	key   *token.Token
	value ast.Node
}

// object reads a mapping of the given shape. Of what is missing it has nothing.
func (r *reader) object(n ast.Node, s shape) object {
	o := object{r, map[string]entry{}}
	entries, ok := entriesOf(n)
	if !ok {
		r.wrongNode(ErrNotMapping, n, s.vocabulary().list())
		return o
	}
	settled := map[string]bool{} // told of already, whether it was right or wrong
	for _, e := range entries {
		name := e.key.Value
		f, known := s.field(name)
		before, twice := o.values[name]
		switch {
		case !known:
			settled[r.unknownField(e, s)] = true
		case twice:
			r.refuse(ErrDuplicate.With("field", name).With("first_line", before.key.Position.Line), e.key, hint{})
		case empty(e.value):
			settled[name] = true
			r.refuse(ErrMissingField.With("field", name), e.key, f.wanted())
		default:
			settled[name] = true
			o.values[name] = e
		}
	}
	for _, f := range s {
		if f.required && !settled[f.code] {
			at := start(n).Position
			r.add(ErrMissingField.With("field", f.code), at.Line, at.Column, "", f.wanted())
		}
	}
	return o
}

func (f field) wanted() hint {
	if f.required {
		return hint{"请补上 " + f.String() + "。", "Give " + f.code + "."}
	}
	return hint{"请补上 " + f.String() + "，不需要就删去这一行。", "Give " + f.code + " or remove the line."}
}

// unknownField refuses a field and returns the one that was probably meant,
// which is then not reported as missing.
func (r *reader) unknownField(e entry, s shape) string {
	name := e.key.Value
	near := s.vocabulary().nearest(name)
	h := s.vocabulary().suggest(name)
	if next := e.key.Next; len(near) == 0 && next != nil && (next.Type == token.CollectEntryType || next.Type == token.MappingEndType) {
		h = h.and(hint{"如果这是前面文字的一部分，请把整段文字加上引号。", "If this belongs to the text before the comma, put the whole text in quotes."})
	}
	r.refuse(ErrUnknownField.With("field", shown(name)), e.key, h.and(typing(name)))
	if len(near) == 0 {
		return ""
	}
	return near[0].code
}

// object reads the mapping in a field.
func (o object) object(name string, s shape) object {
	e, ok := o.values[name]
	if !ok {
		return object{o.reader, map[string]entry{}}
	}
	return o.reader.object(e.value, s)
}

// items returns the nodes of the list in a field.
func (o object) items(name string) []ast.Node {
	e, ok := o.values[name]
	if !ok {
		return nil
	}
	list, ok := e.value.(*ast.SequenceNode)
	if !ok {
		o.wrongNode(ErrNotList, e.value, separators(e.value.GetToken().Value))
		return nil
	}
	return list.Values
}

var emptyItem = hint{"这一项是空的；请填写或删去。", "The item is empty; fill it in or remove it."}

// text returns the text in a field, or "".
func (o object) text(name string) string {
	e, ok := o.values[name]
	if !ok {
		return ""
	}
	s, _ := o.reader.text(e.value)
	return s
}

// text returns a node's text, trimmed and never empty.
func (r *reader) text(n ast.Node) (string, bool) {
	s, ok := written(n)
	switch {
	case empty(n):
		at := n.GetToken().Position
		r.add(ErrBadValue, at.Line, at.Column, "", emptyItem)
		return "", false
	case !ok:
		r.wrongNode(ErrNotText, n, hint{})
		return "", false
	}
	s = strings.TrimSpace(s)
	// An escape in double quotes can still bring in what the file may not hold.
	if strings.ContainsFunc(s, func(c rune) bool { return c == '\uFFFD' || c != '\n' && invisible(c) }) {
		r.refuse(ErrBadCharacter, n.GetToken(), hint{})
		return "", false
	}
	return s, true
}

var plainNumber = regexp.MustCompile(`^[1-9][0-9]{0,3}$`)

// number returns the number from 1 to 9999 in a field, or 0.
func (o object) number(name string) int {
	e, ok := o.values[name]
	if !ok {
		return 0
	}
	if _, number := e.value.(*ast.IntegerNode); !number {
		o.wrongNode(ErrNotNumber, e.value, hint{})
		return 0
	}
	at := e.value.GetToken()
	n, err := strconv.Atoi(at.Value)
	if err != nil || !plainNumber.MatchString(at.Value) {
		o.refuse(ErrBadValue, at, hint{"请写 1 到 9999 的整数。", "Write a whole number from 1 to 9999."})
		return 0
	}
	return n
}

// word returns the word of a vocabulary in a field, or "".
func (o object) word(name string, v vocabulary) string {
	e, ok := o.values[name]
	if !ok {
		return ""
	}
	return o.reader.word(e.value, v, hint{})
}

// list returns the words of a vocabulary in the list in a field.
func (o object) list(name string, v vocabulary) []string {
	return o.distinct(name, func(n ast.Node) string {
		s, _ := written(n)
		return o.reader.word(n, v, separators(s))
	})
}

func (r *reader) word(n ast.Node, v vocabulary, more hint) string {
	s, ok := r.text(n)
	if !ok {
		return ""
	}
	if !v.has(s) {
		r.refuse(ErrBadValue, n.GetToken(), v.suggest(s).and(more))
		return ""
	}
	return s
}

// distinct reads every item of the list in a field with read and refuses
// repetitions.
func (o object) distinct(name string, read func(ast.Node) string) []string {
	var out []string
	lines := map[string]int{}
	for _, n := range o.items(name) {
		s := read(n)
		if s == "" {
			continue
		}
		if o.first(lines, s, n.GetToken()) {
			out = append(out, s)
		}
	}
	return out
}

// first tells whether s is new among those seen, and refuses it otherwise.
func (r *reader) first(seen map[string]int, s string, at *token.Token) bool {
	if line, twice := seen[s]; twice {
		r.refuse(ErrDuplicate.With("first_line", line), at, hint{})
		return false
	}
	seen[s] = at.Position.Line
	return true
}

// wrongNode refuses a node that is not of the sort wanted. What uses a feature
// of YAML that plans do not use has been refused for that.
func (r *reader) wrongNode(f *fault.Error, n ast.Node, h hint) {
	switch n.(type) {
	case *ast.AnchorNode, *ast.AliasNode, *ast.TagNode, *ast.MappingKeyNode, *ast.MergeKeyNode:
		return
	}
	at := start(n)
	value := ""
	if isNull(n) {
		h = emptyItem.and(h)
	} else if _, scalar := n.(ast.ScalarNode); scalar {
		value = at.Value
		if s, ok := written(n); ok {
			value = s
		}
	}
	r.add(f, at.Position.Line, at.Position.Column, value, h.and(typing(value)))
}

// entriesOf returns the fields of a mapping in the order of the file. A key that
// is no plain word is left out: it has been refused already.
func entriesOf(n ast.Node) ([]entry, bool) {
	mapping, ok := n.(*ast.MappingNode)
	if !ok {
		return nil, false
	}
	var out []entry
	for _, pair := range mapping.Values {
		switch pair.Key.(type) {
		case *ast.AnchorNode, *ast.AliasNode, *ast.TagNode, *ast.MappingKeyNode, *ast.MergeKeyNode:
		default:
			out = append(out, entry{pair.Key.GetToken(), pair.Value})
		}
	}
	return out, true
}

// start returns the token at which a node begins; that of a mapping in block
// form would be its first colon.
func start(n ast.Node) *token.Token {
	if m, ok := n.(*ast.MappingNode); ok && !m.IsFlowStyle && len(m.Values) > 0 {
		return m.Values[0].Key.GetToken()
	}
	return n.GetToken()
}

// written returns a text node's text.
func written(n ast.Node) (string, bool) {
	switch n := n.(type) {
	case *ast.StringNode:
		return n.Value, true
	case *ast.LiteralNode:
		return n.Value.Value, true
	}
	return "", false
}

func isNull(n ast.Node) bool {
	_, null := n.(*ast.NullNode)
	return null || n == nil
}

func empty(n ast.Node) bool {
	s, ok := written(n)
	return isNull(n) || ok && strings.TrimSpace(s) == ""
}
