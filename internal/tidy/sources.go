package tidy

import (
	"go/ast"
	"go/token"
	"regexp"
	"strings"
)

// A test, a replay and the simulation move time, which they can only do when
// everything takes it from the clock that it is given. These read the real one.
var realClock = []struct{ where, why string }{
	{"cmd", "wiring makes the clock that is passed in"},
	{"proof", "measures, and runs real processes"},
	{"internal", "waits for real processes"},
	{"store/sqlitestore/clock.go", "the embedded engine's default clock"},
	{"store/pgstore/write.go", "how long to wait for a lost server is real time"},
}

// exact are the rooms in which a rounded number would be somebody's money or
// somebody's room.
var exact = []string{"money", "stay", "rate", "pricing", "booking", "inventory"}

func goClocks(t Tree) []Problem {
	var problems []Problem
	t.code(func(f File) {
		if matches(f.room(), "*test") != "" || readsRealClock(f.Path) {
			return
		}
		alias := importName(f.Go, "time")
		ast.Inspect(f.Go, func(n ast.Node) bool {
			if name := selected(n, alias); name == "Now" || name == "Since" || name == "Until" {
				problems = append(problems, t.at(f, n.Pos(), "time.%s: take the time from the clock that is passed in (store.Now, or a now func() time.Time)", name))
			}
			return true
		})
	})
	return problems
}

func readsRealClock(name string) bool {
	for _, c := range realClock {
		if under(name, c.where) {
			return true
		}
	}
	return false
}

func floats(t Tree) []Problem {
	var problems []Problem
	t.code(func(f File) {
		for _, room := range exact {
			if under(f.room(), room) {
				problems = append(problems, floatsIn(t, f)...)
			}
		}
	})
	return problems
}

func floatsIn(t Tree, f File) []Problem {
	var problems []Problem
	ast.Inspect(f.Go, func(n ast.Node) bool {
		found := ""
		switch n := n.(type) {
		case *ast.Ident:
			switch n.Name {
			case "float32", "float64", "ParseFloat", "Float32", "Float64":
				found = n.Name
			}
		case *ast.BasicLit:
			if n.Kind == token.FLOAT {
				found = n.Value
			}
		}
		if found != "" {
			problems = append(problems, t.at(f, n.Pos(), "%s: amounts and counts are exact here; use int64 minor units or big.Rat", found))
		}
		return true
	})
	return problems
}

// The database's idea of now cannot be moved by a test. clock_timestamp() is
// PostgreSQL's, and only what stands behind store.Now may ask for it.
var (
	sqlClock = regexp.MustCompile(`(?i)\b(now|transaction_timestamp|statement_timestamp)\s*\(\s*\)` +
		`|\b(current_timestamp|current_date|current_time|localtimestamp|localtime)\b|'now'`)
	sqlWords   = regexp.MustCompile(`(?i)\b(select|insert\s+into|update|delete\s+from|create\s+table|alter\s+table|where|values)\b`)
	sqlComment = regexp.MustCompile(`--.*`)
)

const sqlAdvice = "%s in SQL: pass the time as a parameter, from the store's Now"

func sqlClocks(t Tree) []Problem {
	var problems []Problem
	for _, f := range t.Files {
		if strings.HasSuffix(f.Path, ".sql") {
			problems = append(problems, sqlFileClocks(f)...)
		}
	}
	t.code(func(f File) {
		if under(f.Path, "internal/tidy") {
			return // It has to name them.
		}
		ast.Inspect(f.Go, func(n ast.Node) bool {
			lit, ok := n.(*ast.BasicLit)
			if !ok || lit.Kind != token.STRING {
				return true
			}
			text := unquote(lit.Value)
			found := sqlClock.FindString(sqlComment.ReplaceAllString(text, ""))
			if found != "" && (under(f.Path, "store") || sqlWords.MatchString(text)) {
				problems = append(problems, t.at(f, lit.Pos(), sqlAdvice, found))
			}
			return true
		})
	})
	return problems
}

func sqlFileClocks(f File) []Problem {
	var problems []Problem
	for i, line := range strings.Split(f.Text, "\n") {
		if found := sqlClock.FindString(sqlComment.ReplaceAllString(line, "")); found != "" {
			problems = append(problems, Problem{f.Path, i + 1, strings.Replace(sqlAdvice, "%s", found, 1)})
		}
	}
	return problems
}

// importName is the name under which a file knows a package, or "".
func importName(f *ast.File, imported string) string {
	for _, spec := range f.Imports {
		if unquote(spec.Path.Value) != imported {
			continue
		}
		if spec.Name != nil {
			return spec.Name.Name
		}
		return imported[strings.LastIndex(imported, "/")+1:]
	}
	return ""
}

// selected is X in alias.X, or "".
func selected(n ast.Node, alias string) string {
	s, ok := n.(*ast.SelectorExpr)
	if !ok || alias == "" {
		return ""
	}
	if x, ok := s.X.(*ast.Ident); !ok || x.Name != alias {
		return ""
	}
	return s.Sel.Name
}
