// Package programmefile reads a district's plan (方案) from the YAML file that a
// county office writes into the tree of [programme.Programme].
//
// The file is read strictly, and everything wrong with it is told at once: each
// refusal is a [fault.Error] that names line and column, counted in characters
// from 1, and says in Chinese and English what to write instead. A field that
// does not exist, a text where a list belongs, a field or an obligation's id
// given twice and a kind that is not in the glossary are all refused; nothing is
// guessed and nothing is ignored.
//
// The comments at the head of the built-in plans ([Builtin]) explain the form.
package programmefile

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/lexer"
	"github.com/goccy/go-yaml/parser"
	"github.com/goccy/go-yaml/token"

	"twinledger/domain/fault"
	"twinledger/domain/programme"
)

// MaxBytes is the largest file that is read. A publication holds the text and
// the tree in one event of at most 1,000,000 bytes, and escaped as JSON the two
// take up to four times the bytes of the file.
const MaxBytes = 128 << 10

// The YAML parser's time and memory grow with the square of the tokens in one
// mapping and of the depth; a real plan stays far below these.
const (
	maxTokens = 30_000
	maxFlow   = 16 // open brackets
	maxLine   = 8  // block indicators on one line: "- - - …"
)

// Parse reads a plan. content is UTF-8, with or without a byte-order mark and
// with any line ends; file is the name that refusals give. The tree returned
// passes [programme.Programme.Check].
//
// The error joins one [fault.Error] for each thing that is wrong, in the order
// of the file, each with its place: the code is that of one of this package's
// Err variables. A file that is too large has no line.
func Parse(file string, content []byte) (programme.Programme, error) {
	r := &reader{file: file}
	p := r.read(content)
	if len(r.faults) == 0 {
		return p, nil
	}
	slices.SortStableFunc(r.faults, func(a, b *fault.Error) int {
		return cmp.Or(cmp.Compare(a.Place.Line, b.Place.Line), cmp.Compare(column(a), column(b)))
	})
	all := make([]error, len(r.faults))
	for i, f := range r.faults {
		all[i] = f
	}
	return programme.Programme{}, errors.Join(all...)
}

func column(f *fault.Error) int {
	n, _ := strconv.Atoi(f.Place.Column) // this package wrote it
	return n
}

// A reader reads one file and gathers what is wrong with it.
type reader struct {
	file   string
	rows   [][]rune // the text, line by line
	faults []*fault.Error
}

// read returns the tree; it is meaningless once there are faults. What keeps
// the rest from being read at all (encoding, size, syntax) ends the reading.
func (r *reader) read(content []byte) programme.Programme {
	source, ok := r.decode(content)
	if !ok {
		return programme.Programme{}
	}
	for row := range strings.SplitSeq(source, "\n") {
		r.rows = append(r.rows, []rune(row))
	}
	tokens := lexer.Tokenize(source)
	if !r.bounded(tokens) || !r.single(tokens) {
		return programme.Programme{}
	}
	r.refuseFeatures(tokens)
	root := r.parse(tokens)
	if root == nil {
		return programme.Programme{}
	}
	p := r.programme(root)
	if len(r.faults) > 0 {
		return p
	}
	if err := p.Check(); err != nil {
		r.add(ErrBadValue.Because(err), 1, 1, "", hint{})
	}
	return p
}

// decode returns the text with plain line ends and without a byte-order mark.
func (r *reader) decode(content []byte) (string, bool) {
	if len(content) > MaxBytes {
		r.faults = append(r.faults, ErrTooLarge.With("bytes", len(content)).At(fault.Place{File: r.file}))
		return "", false
	}
	content = bytes.TrimPrefix(content, []byte("\uFEFF"))
	source := strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(string(content))
	line, column := 1, 1
	for i, c := range source {
		_, size := utf8.DecodeRuneInString(source[i:])
		switch {
		case c == utf8.RuneError && size == 1, c == 0: // zeros: UTF-16
			r.add(ErrNotUTF8, line, column, "", hint{})
			return "", false
		case c == '\n':
			line, column = line+1, 0
		case invisible(c) && c != '\t':
			r.add(ErrBadCharacter.With("character", fmt.Sprintf("U+%04X", c)), line, column, "", hint{})
		}
		column++
	}
	return source, len(r.faults) == 0
}

// invisible tells whether c would stand in a text unseen: two names that look
// alike would differ.
func invisible(c rune) bool {
	return unicode.In(c, unicode.Cc, unicode.Cf, unicode.Zl, unicode.Zp)
}

// bounded refuses what the parser would need too long for.
func (r *reader) bounded(tokens token.Tokens) bool {
	if len(tokens) > maxTokens {
		r.faults = append(r.faults, ErrTooLarge.With("tokens", len(tokens)).At(fault.Place{File: r.file}))
		return false
	}
	open, inLine, line := 0, 0, 0
	for _, t := range tokens {
		if t.Position.Line != line {
			inLine, line = 0, t.Position.Line
		}
		switch t.Type {
		case token.SequenceStartType, token.MappingStartType:
			open++
		case token.SequenceEndType, token.MappingEndType:
			open--
		case token.SequenceEntryType, token.MappingKeyType:
			inLine++
		}
		if open > maxFlow || inLine > maxLine {
			r.refuse(ErrTooDeep, t, hint{})
			return false
		}
	}
	return true
}

// single refuses a second document; what it says would apply to nobody.
func (r *reader) single(tokens token.Tokens) bool {
	begun, directive := false, 0
	for _, t := range tokens {
		switch t.Type {
		case token.CommentType, token.DocumentEndType:
		case token.DirectiveType:
			directive = t.Position.Line
		case token.DocumentHeaderType:
			if begun {
				r.refuse(ErrSeveralDocuments, t, hint{})
				return false
			}
			begun = true
		default:
			begun = begun || t.Position.Line != directive
		}
	}
	return true
}

// features names what YAML offers and a plan does not use.
var features = map[token.Type]string{
	token.AnchorType: "anchor", token.AliasType: "alias", token.MergeKeyType: "merge",
	token.TagType: "tag", token.DirectiveType: "directive", token.MappingKeyType: "complex key",
}

func (r *reader) refuseFeatures(tokens token.Tokens) {
	for _, t := range tokens {
		if name, refused := features[t.Type]; refused {
			r.refuse(ErrUnsupportedYAML.With("feature", name), t, hint{})
		}
		if t.Type == token.DoubleQuoteType && r.numericEscape(t.Position) {
			r.refuse(ErrUnsupportedYAML.With("feature", "escape"), t, hint{
				"双引号里反斜杠 \\ 有特殊含义：请改用单引号，或把反斜杠写成两个。",
				"A backslash has a meaning inside double quotes: use single quotes or double the backslash.",
			})
		}
	}
}

// numericEscape tells whether the double-quoted text at p holds \x, \u or \U. A
// UTF-8 file needs none, and the parser takes any letters for their digits, so
// that "C:\users" would silently become another text.
func (r *reader) numericEscape(p *token.Position) bool {
	line, column := p.Line-1, p.Column // column: behind the opening quote
	for ; line < len(r.rows); line, column = line+1, 0 {
		row := r.rows[line]
		for i := column; i < len(row); i++ {
			switch {
			case row[i] == '"':
				return false
			case row[i] == '\\' && i+1 < len(row):
				i++
				if strings.ContainsRune("xuU", row[i]) {
					return true
				}
			}
		}
	}
	return false
}

// parse returns the root of the only document, or nil.
func (r *reader) parse(tokens token.Tokens) ast.Node {
	tree, err := parser.Parse(tokens, 0, parser.AllowDuplicateMapKey())
	if err != nil {
		r.syntax(err)
		return nil
	}
	var bodies []ast.Node
	for _, d := range tree.Docs {
		if _, directive := d.Body.(*ast.DirectiveNode); !directive && d.Body != nil {
			bodies = append(bodies, d.Body)
		}
	}
	switch len(bodies) {
	case 0:
		r.add(ErrEmpty, 1, 1, "", hint{})
		return nil
	case 1:
		return bodies[0]
	}
	r.refuse(ErrSeveralDocuments, start(bodies[1]), hint{})
	return nil
}

func (r *reader) syntax(err error) {
	broken, ok := errors.AsType[*yaml.SyntaxError](err)
	if !ok || broken.Token == nil {
		r.add(ErrSyntax.Because(err), 1, 1, "", hint{})
		return
	}
	r.refuse(ErrSyntax.With("problem", broken.Message), broken.Token, typing(broken.Token.Value))
}
