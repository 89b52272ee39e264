// Package tidy keeps the habits of this repository by test instead of by
// memory: which package may import which, how long a function grows, where a
// clock may be read. `go test ./internal/tidy` names each place and what to do
// about it; the tables that the rules go by are at the head of their files.
package tidy

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"path"
	"slices"
	"strings"
)

// module is the import path of the repository's root.
const module = "github.com/vacancyhq/vacancy"

// Problem is one place that a rule objects to, and what to do there.
type Problem struct {
	Path string
	Line int // 0 if the whole file is meant
	Say  string
}

func (p Problem) String() string {
	if p.Line == 0 {
		return p.Path + ": " + p.Say
	}
	return fmt.Sprintf("%s:%d: %s", p.Path, p.Line, p.Say)
}

// A Rule looks at the whole repository.
type Rule struct {
	Name  string
	Check func(Tree) []Problem
}

// Rules are all of them.
func Rules() []Rule {
	return []Rule{
		{"imports point one way", importDirection},
		{"technology stays at the rim", outsideImports},
		{"package names", packageNames},
		{"package comments", packageComments},
		{"lengths", func(t Tree) []Problem { return lengths(t, grownFunctions, grownFiles) }},
		{"no clock in SQL", sqlClocks},
		{"no clock but the one passed in", goClocks},
		{"no floats", floats},
		{"no machine paths", machinePaths},
		{"links", links},
		{"property numbers", propertyNumbers},
		{"property table", properties},
		{"dependencies", dependencies},
	}
}

// Tree is the tracked files, in order of their paths.
type Tree struct {
	Files []File
	fset  *token.FileSet
}

// File is one of them. Paths are relative to the root, with slashes.
type File struct {
	Path string
	Text string    // empty if the file is not text
	Go   *ast.File // nil if it is not Go
}

// NewTree parses files given by path.
func NewTree(files map[string]string) (Tree, error) {
	t := Tree{fset: token.NewFileSet()}
	for _, name := range slices.Sorted(maps.Keys(files)) {
		f := File{Path: name, Text: files[name]}
		if strings.HasSuffix(name, ".go") && !inTestdata(name) {
			var err error
			if f.Go, err = parser.ParseFile(t.fset, name, f.Text, parser.ParseComments|parser.SkipObjectResolution); err != nil {
				return Tree{}, err
			}
		}
		t.Files = append(t.Files, f)
	}
	return t, nil
}

// code goes through the Go files that ship: no tests, nothing generated.
func (t Tree) code(visit func(File)) {
	for _, f := range t.Files {
		if f.Go != nil && !f.isTest() && !ast.IsGenerated(f.Go) {
			visit(f)
		}
	}
}

func (t Tree) at(f File, pos token.Pos, format string, args ...any) Problem {
	return Problem{f.Path, t.fset.Position(pos).Line, fmt.Sprintf(format, args...)}
}

func (f File) isTest() bool { return strings.HasSuffix(f.Path, "_test.go") }

func (f File) isMain() bool { return f.Go.Name.Name == "main" }

// room is the package's path below the root.
func (f File) room() string { return path.Dir(f.Path) }

func inTestdata(name string) bool {
	return slices.Contains(strings.Split(path.Dir(name), "/"), "testdata")
}

// under reports whether a file or folder is the named one or lies below it.
func under(name, folder string) bool {
	return name == folder || strings.HasPrefix(name, folder+"/")
}
