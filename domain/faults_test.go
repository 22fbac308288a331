package domain_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"unicode"

	"twinledger/domain"
	"twinledger/domain/fault"
)

// A made fault is one call of fault.New in the program.
type made struct {
	place  string
	code   string // what is written of it
	suffix bool   // the code is that behind the name of a kind
	zh, en string // what is written of the messages
}

// faults returns every call of fault.New outside tests.
func faults(t *testing.T) []made {
	t.Helper()
	var out []made
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && path != root && (strings.HasPrefix(d.Name(), ".") || d.Name() == "testdata"):
			return filepath.SkipDir
		case d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go"):
			return nil
		}
		files := token.NewFileSet()
		file, err := parser.ParseFile(files, path, nil, parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		ast.Inspect(file, func(n ast.Node) bool {
			if call, is := n.(*ast.CallExpr); is && isSelector(call.Fun, "fault", "New") {
				_, plain := call.Args[1].(*ast.BasicLit)
				out = append(out, made{files.Position(call.Pos()).String(), written(call.Args[1]), !plain, written(call.Args[2]), written(call.Args[3])})
			}
			return true
		})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func isSelector(e ast.Expr, pkg, name string) bool {
	selector, is := e.(*ast.SelectorExpr)
	if !is || selector.Sel.Name != name {
		return false
	}
	x, is := selector.X.(*ast.Ident)
	return is && x.Name == pkg
}

// written returns the literal texts within an expression.
func written(e ast.Expr) string {
	var all strings.Builder
	ast.Inspect(e, func(n ast.Node) bool {
		if literal, is := n.(*ast.BasicLit); is && literal.Kind == token.STRING {
			text, _ := strconv.Unquote(literal.Value)
			all.WriteString(text)
		}
		return true
	})
	return all.String()
}

var (
	codeForm   = regexp.MustCompile(`^[a-z]+(-[a-z0-9]+)*(\.[a-z0-9]+(-[a-z0-9]+)*)?$`)
	suffixForm = regexp.MustCompile(`^\.[a-z]+(-[a-z]+)*$`)
)

// TestEveryCodeHasOneMeaning holds the catalogue of faults: a code is made in one
// place, so that whoever matches or looks it up gets one meaning; it is written as
// a literal, behind a kind's name at most, so that it can be found; and its message
// is there in both languages.
func TestEveryCodeHasOneMeaning(t *testing.T) {
	places, suffixes := map[string]string{}, map[string]string{}
	all := faults(t)
	for _, f := range all {
		known, form := places, codeForm
		if f.suffix {
			known, form = suffixes, suffixForm
		}
		if !form.MatchString(f.code) {
			t.Errorf("%s: the code %q is not written out in the form of codes", f.place, f.code)
		}
		if before, again := known[f.code]; again {
			t.Errorf("%s: the code %q is made at %s too", f.place, f.code, before)
		}
		known[f.code] = f.place
		if !strings.ContainsFunc(f.zh, func(r rune) bool { return unicode.Is(unicode.Han, r) }) {
			t.Errorf("%s: %q says nothing in Chinese", f.place, f.code)
		}
		if !strings.ContainsFunc(f.en, func(r rune) bool { return r < unicode.MaxASCII && unicode.IsLetter(r) }) {
			t.Errorf("%s: %q says nothing in English", f.place, f.code)
		}
	}
	for _, kind := range recordTypeKinds() {
		for suffix, place := range suffixes {
			if other, again := places[kind+suffix]; again {
				t.Errorf("%s: the code %q is that of every kind, made at %s", other, kind+suffix, place)
			}
		}
	}
	if len(all) < 100 {
		t.Errorf("only %d faults found; the program has hundreds", len(all))
	}
}

// recordTypeKinds returns the kinds of streams that have a record type, and so its refusals.
func recordTypeKinds() []string {
	var out []string
	for name, d := range domain.Commands() {
		if name == d.Kind+".correct" {
			out = append(out, d.Kind)
		}
	}
	return out
}

// wordless are the codes of refusals by kind that have no words when the program
// starts, before anything was refused.
var wordless = func() []string {
	domain.Events(nil)
	suffixes := map[string][]string{
		"school": {".is-another", ".not-another", ".circle", ".moved"}, "community": {".is-another", ".not-another", ".circle", ".moved"},
		"person": {".is-another", ".not-another", ".circle", ".moved"},
	}
	for kind := range domain.Workflows() {
		suffixes[kind] = []string{".out-of-order", ".too-early"}
	}
	var out []string
	for kind, own := range suffixes {
		for _, suffix := range append(own, ".already-reported", ".not-reported", ".voided", ".wrong-target") {
			if _, known := fault.Lookup(kind + suffix); !known {
				out = append(out, kind+suffix)
			}
		}
	}
	return out
}()

// TestStoredCodesHaveWordsAtOnce: a row is held with the code of its refusal, and a
// page says what that means, be it days and many starts later.
func TestStoredCodesHaveWordsAtOnce(t *testing.T) {
	if len(wordless) > 0 {
		t.Errorf("codes without words when the program starts: %v", wordless)
	}
}
