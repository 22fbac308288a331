package domain_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

const module = "twinledger"

// root is the module's folder, seen from this test.
const root = ".."

// A source is one Go file of the module.
type source struct {
	folder  string // from the root, with slashes
	test    bool
	imports []string
	doc     bool // it has a package comment
}

// sources parses every Go file of the module as far as its imports.
func sources(t *testing.T) []source {
	t.Helper()
	var out []source
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && path != root && (strings.HasPrefix(d.Name(), ".") || d.Name() == "testdata"):
			return filepath.SkipDir
		case d.IsDir() || !strings.HasSuffix(path, ".go"):
			return nil
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ImportsOnly|parser.ParseComments)
		if err != nil {
			return err
		}
		folder, err := filepath.Rel(root, filepath.Dir(path))
		if err != nil {
			return err
		}
		out = append(out, source{filepath.ToSlash(folder), strings.HasSuffix(path, "_test.go"), imports(t, file), file.Doc != nil})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func imports(t *testing.T, file *ast.File) []string {
	t.Helper()
	var out []string
	for _, spec := range file.Imports {
		path, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, path)
	}
	return out
}

// layer returns the first folder of a path within the module.
func layer(folder string) string {
	first, _, _ := strings.Cut(folder, "/")
	return first
}

// adapter returns the name of the adapter that a folder belongs to.
func adapter(folder string) string {
	parts := strings.SplitN(folder, "/", 3)
	if len(parts) < 2 {
		return ""
	}
	return parts[1]
}

// forbidden tells why a file may not import a path, "" when it may.
func forbidden(s source, path string) string {
	inside, own := strings.CutPrefix(path, module+"/")
	first, _, _ := strings.Cut(path, "/")
	standard := !own && !strings.Contains(first, ".")
	switch layer(s.folder) {
	case "domain":
		switch {
		case standard, own && layer(inside) == "domain":
		case path == module+"/domain":
		case s.test && (strings.HasPrefix(path, "github.com/google/go-cmp/") || path == "pgregory.net/rapid"):
		default:
			return "domain knows nothing but the standard library and itself, so that it can be read and proved alone"
		}
	case "projections":
		switch {
		case standard, own && (layer(inside) == "domain" || layer(inside) == "projections"):
		case s.test && (strings.HasPrefix(path, "github.com/google/go-cmp/") || path == "pgregory.net/rapid"):
		default:
			return "projections know the domain and no technology, so that any store can hold them"
		}
	case "adapters":
		switch {
		case own && layer(inside) == "cmd":
			return "the arrow goes cmd → adapters"
		case own && layer(inside) == "adapters" && adapter(inside) != adapter(s.folder) && !s.test:
			return "adapters do not know each other; what two of them share belongs to the domain"
		}
	}
	return ""
}

func TestImportArrow(t *testing.T) {
	for _, s := range sources(t) {
		for _, path := range s.imports {
			if why := forbidden(s, path); why != "" {
				t.Errorf("%s imports %s: %s", s.folder, path, why)
			}
		}
	}
}

// TestImportArrowBites proves the check itself on what it must and must not
// refuse.
func TestImportArrowBites(t *testing.T) {
	tests := []struct {
		name    string
		file    source
		path    string
		refused bool
	}{
		{"domain, standard library", source{folder: "domain/event"}, "crypto/sha256", false},
		{"domain, domain", source{folder: "domain/event"}, module + "/domain/fault", false},
		{"domain, projections", source{folder: "domain/event"}, module + "/projections", true},
		{"domain, a module", source{folder: "domain/event"}, "github.com/google/uuid", true},
		{"domain, rapid outside a test", source{folder: "domain/event"}, "pgregory.net/rapid", true},
		{"domain test, rapid", source{folder: "domain/event", test: true}, "pgregory.net/rapid", false},
		{"domain test, an adapter", source{folder: "domain/event", test: true}, module + "/adapters/sheet", true},
		{"projections, domain", source{folder: "projections/lessons"}, module + "/domain/lesson", false},
		{"projections, an adapter", source{folder: "projections/lessons"}, module + "/adapters/readmodel", true},
		{"projections, a module", source{folder: "projections"}, "modernc.org/sqlite", true},
		{"adapter, a module", source{folder: "adapters/readmodel"}, "modernc.org/sqlite", false},
		{"adapter, its own folder", source{folder: "adapters/web"}, module + "/adapters/web/static", false},
		{"adapter, another adapter", source{folder: "adapters/bus"}, module + "/adapters/readmodel", true},
		{"adapter test, another adapter", source{folder: "adapters/bus", test: true}, module + "/adapters/readmodel", false},
		{"adapter test, cmd", source{folder: "adapters/bus", test: true}, module + "/cmd/twinledger", true},
		{"cmd, anything", source{folder: "cmd/twinledger"}, module + "/adapters/bus", false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if why := forbidden(tt.file, tt.path); (why != "") != tt.refused {
				t.Errorf("refused with %q, want refused: %v", why, tt.refused)
			}
		})
	}
}

func TestEveryPackageHasAComment(t *testing.T) {
	documented := map[string]bool{}
	for _, s := range sources(t) {
		if !s.test {
			documented[s.folder] = documented[s.folder] || s.doc
		}
	}
	for folder, has := range documented {
		if !has {
			t.Errorf("package %s has no package comment", folder)
		}
	}
}

func TestTopLevelIsFixed(t *testing.T) {
	allowed := []string{"adapters", "cmd", "domain", "go.mod", "go.sum", "projections", "README.md", "scripts"}
	// What is kept, not what a user left lying beside it.
	list := exec.Command("git", "ls-files")
	list.Dir = root
	kept, err := list.Output()
	if err != nil {
		t.Fatal(err)
	}
	for name := range strings.Lines(string(kept)) {
		top, _, _ := strings.Cut(strings.TrimSpace(name), "/")
		if !strings.HasPrefix(top, ".") && !slices.Contains(allowed, top) {
			t.Errorf("%s stands at the top level, where only %v and dotfiles belong", top, allowed)
		}
	}
}
