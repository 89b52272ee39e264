package tidy

import (
	"fmt"
	"go/ast"
	"maps"
	"slices"
	"strings"
)

// A function fits on a screen, a file in one sitting. Tests may be twice as
// long: tables of cases are data.
const (
	maxFunction = 70
	maxFile     = 450
	testFactor  = 2
)

// Longer ones that there are, with the length that they must not exceed. These
// lists only shrink.
var (
	grownFunctions = map[string]int{}
	grownFiles     = map[string]int{}
)

func lengths(t Tree, functions, files map[string]int) []Problem {
	longFunctions, longFiles := ratchet{allowed: functions}, ratchet{allowed: files}
	for _, f := range t.Files {
		if f.Go == nil || ast.IsGenerated(f.Go) {
			continue
		}
		factor := 1
		if f.isTest() {
			factor = testFactor
		}
		longFiles.see(Problem{Path: f.Path}, f.Path, strings.Count(f.Text, "\n"), factor*maxFile)
		for _, decl := range f.Go.Decls {
			if function, ok := decl.(*ast.FuncDecl); ok {
				first, last := t.fset.Position(function.Pos()).Line, t.fset.Position(function.End()).Line
				longFunctions.see(Problem{Path: f.Path, Line: first}, f.Path+" "+functionName(function), last-first+1, factor*maxFunction)
			}
		}
	}
	return append(longFunctions.finish("grownFunctions"), longFiles.finish("grownFiles")...)
}

// ratchet lets known offenders be, but not grow, and wants them off its list
// once they are mended.
type ratchet struct {
	allowed  map[string]int
	needed   []string
	problems []Problem
}

func (r *ratchet) see(where Problem, name string, lines, limit int) {
	if lines <= limit {
		return
	}
	r.needed = append(r.needed, name)
	if known, ok := r.allowed[name]; ok {
		limit = known
	}
	if lines > limit {
		where.Say = fmt.Sprintf("%s has %d lines, %d are enough: split it", name, lines, limit)
		r.problems = append(r.problems, where)
	}
}

func (r *ratchet) finish(list string) []Problem {
	for _, name := range slices.Sorted(maps.Keys(r.allowed)) {
		if !slices.Contains(r.needed, name) {
			r.problems = append(r.problems, Problem{
				Path: "internal/tidy/shape.go",
				Say:  fmt.Sprintf("%q is short now, or gone: remove it from %s", name, list),
			})
		}
	}
	return r.problems
}

func functionName(f *ast.FuncDecl) string {
	if f.Recv == nil || len(f.Recv.List) == 0 {
		return f.Name.Name
	}
	receiver := f.Recv.List[0].Type
	for {
		switch r := receiver.(type) {
		case *ast.StarExpr:
			receiver = r.X
		case *ast.IndexExpr:
			receiver = r.X
		case *ast.IndexListExpr:
			receiver = r.X
		case *ast.Ident:
			return r.Name + "." + f.Name.Name
		default:
			return f.Name.Name
		}
	}
}

func packageComments(t Tree) []Problem {
	told, first := map[string]bool{}, map[string]File{}
	for _, f := range t.Files {
		if f.Go == nil || f.isTest() {
			continue
		}
		if _, seen := first[f.room()]; !seen {
			first[f.room()] = f
		}
		name, doc := f.Go.Name.Name, f.Go.Doc.Text()
		told[f.room()] = told[f.room()] || strings.HasPrefix(doc, "Package "+name+" ") || name == "main" && doc != ""
	}
	var problems []Problem
	for _, room := range slices.Sorted(maps.Keys(first)) {
		if !told[room] {
			name := first[room].Go.Name.Name
			problems = append(problems, Problem{Path: first[room].Path, Line: 1, Say: fmt.Sprintf(
				"no package comment: begin one file with `// Package %s ...`, saying what it knows and what callers may rely on", name)})
		}
	}
	return problems
}
