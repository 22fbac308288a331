package programmefile

import (
	"embed"
	"fmt"
	"path"

	"twinledger/domain/programme"
)

// A File is a plan that comes with the program.
type File struct {
	Name      string // e.g. "zhaike.yaml"
	Content   []byte
	Programme programme.Programme // what Parse makes of Content
}

//go:embed plans/*.yaml
var plans embed.FS

// Builtin returns the plans that come with the program, sorted by name. Each
// call returns values of its own.
func Builtin() []File {
	entries, err := plans.ReadDir("plans")
	if err != nil {
		panic(fmt.Sprintf("programmefile: built-in plans: %v", err))
	}
	var files []File
	for _, entry := range entries {
		content, err := plans.ReadFile(path.Join("plans", entry.Name()))
		if err != nil {
			panic(fmt.Sprintf("programmefile: built-in plan %s: %v", entry.Name(), err))
		}
		parsed, err := Parse(entry.Name(), content)
		if err != nil {
			panic(fmt.Sprintf("programmefile: built-in plan %s: %v", entry.Name(), err))
		}
		files = append(files, File{Name: entry.Name(), Content: content, Programme: parsed})
	}
	return files
}

// Find returns the built-in plan with the given code.
func Find(code string) (File, bool) {
	for _, f := range Builtin() {
		if f.Programme.Code == code {
			return f, true
		}
	}
	return File{}, false
}
