package tidy

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// inputs shows each rule what it must object to, and what it must let pass.
var inputs = []struct {
	rule  string
	files map[string]string
	want  []string // "path:line" and a part of what is said; nothing: all is well
}{
	{"imports point one way", map[string]string{
		"money/a.go":               importing("stay"),
		"inventory/a.go":           importing("property", "money", "outbox"),
		"booking/a.go":             importing("pricing", "payment/ledger"),
		"store/pgstore/a.go":       importing("store/combine", "booking"),
		"catalogue/a.go":           importing("world", "catalogue/csv"),
		"store/combine/a.go":       importing("store"),
		"internal/gen/main.go":     "package main\nimport `" + module + "/store/pgstore`\nimport `net/http`",
		"channel/alpinebits/a.go":  importing("channel", "rate"),
		"booking/bookingtest/a.go": importing("booking", "world"),
		"cmd/vacancy/a.go":         importing("store/pgstore", "proof/bench", "api"),
		"money/a_test.go":          importing("store/sqlitestore", "internal/pgtest"),
	}, nil},
	{"imports point one way", map[string]string{
		"money/a.go":         importing("rate"),
		"rate/a.go":          importing("pricing"),
		"pricing/a.go":       importing("booking"),
		"booking/a.go":       importing("store"),
		"api/a.go":           importing("store", "web"),
		"web/a.go":           importing("store/sqlitestore"),
		"store/combine/a.go": importing("store/pgstore"),
		"store/pgstore/a.go": importing("store/sqlitestore"),
		"channel/a.go":       importing("internal/pgtest", "store/storetest"),
		"search/a.go":        importing("search/memindex"),
		"proof/a.go":         importing("cmd/vacancy"),
		"payroll/a.go":       "package payroll",
	}, []string{
		"api/a.go:2 api must not import its neighbour store",
		"api/a.go:3 api must not import its neighbour web",
		"booking/a.go:2 booking (the conductor) must not import store (edges",
		"channel/a.go:2 must not import internal/pgtest",
		"channel/a.go:3 must not import store/storetest",
		"money/a.go:2 money (values) must not import rate (nouns)",
		"payroll/a.go:0 no floor for payroll: add it to house",
		"pricing/a.go:2 must not import booking",
		"proof/a.go:2 must not import its neighbour cmd/vacancy",
		"rate/a.go:2 must not import pricing",
		"search/a.go:2 must not import search/memindex",
		"store/combine/a.go:2 must not import store/pgstore",
		"store/pgstore/a.go:2 must not import its neighbour store/sqlitestore",
		"web/a.go:2 must not import store/sqlitestore",
	}},
	{"technology stays at the rim", map[string]string{
		"api/a.go":                "package api\nimport `net/http`",
		"payment/stripepay/a.go":  "package stripepay\nimport `net/http`",
		"world/pack/main.go":      "package main\nimport `net/http`",
		"store/pgstore/a.go":      "package pgstore\nimport `github.com/jackc/pgx/v5`",
		"booking/a_test.go":       "package booking\nimport `net/http`",
		"payment/a.go":            "package payment\nimport `net/http`",
		"rate/a.go":               "package rate\nimport `net/http/httptest`",
		"booking/a.go":            "package booking\nimport `github.com/jackc/pgx/v5/pgxpool`",
		"search/memindex/a.go":    "package memindex\nimport `database/sql`",
		"web/a.go":                "package web\nimport _ `modernc.org/sqlite`",
		"inventory/a.go":          "package inventory\nimport `github.com/redis/go-redis/v9`",
		"store/sqlitestore/a.go":  "package sqlitestore\nimport `net/http`",
		"internal/pgtest/main.go": "package pgtest\nimport `github.com/jackc/pgx/v5`",
	}, []string{
		"booking/a.go:2 booking must not import github.com/jackc/pgx",
		"inventory/a.go:2 a lock decides nothing here",
		"payment/a.go:2 payment must not import net/http",
		"rate/a.go:2 rate must not import net/http",
		"search/memindex/a.go:2 SQL lives in the store",
		"store/sqlitestore/a.go:2 must not import net/http",
		"web/a.go:2 must not import modernc.org/sqlite",
	}},
	{"package names", map[string]string{
		"money/a.go": "package money", "money/util/a.go": "package text", "api/b.go": "package models", "rate/a_test.go": "package helpers_test",
	}, []string{
		"api/b.go:1 package models: name it after what it knows",
		"money/util/a.go:1 package text",
		"rate/a_test.go:1 package helpers",
	}},
	{"package comments", map[string]string{
		"money/a.go": "package money", "money/b.go": "// Package money knows amounts.\npackage money",
		"cmd/vacancy/main.go": "// Vacancy sells rooms.\npackage main", "rate/a_test.go": "package rate",
		"stay/a.go": "// Stays.\npackage stay", "guest/a.go": "package guest", "cmd/x/main.go": "package main",
	}, []string{
		"cmd/x/main.go:1 no package comment",
		"guest/a.go:1 no package comment: begin one file with `// Package guest ...`",
		"stay/a.go:1 no package comment",
	}},
	{"lengths", map[string]string{
		"a/ok.go":        "package a\n" + function("f", maxFunction),
		"a/ok_test.go":   "package a\n" + function("f", 2*maxFunction),
		"a/made.go":      "// Code generated by x. DO NOT EDIT.\n\npackage a\n" + function("f", 900),
		"a/long.go":      "package a\n\n" + function("(b *B[int]) f", maxFunction+1),
		"a/file.go":      "package a\n" + strings.Repeat("\n", maxFile),
		"a/long_test.go": "package a\n" + function("g", 2*maxFunction+1),
	}, []string{
		"a/long.go:3 a/long.go B.f has 71 lines, 70 are enough: split it",
		"a/long_test.go:2 g has 141 lines",
		"a/file.go:0 a/file.go has 451 lines, 450 are enough",
	}},
	{"no clock in SQL", map[string]string{
		"store/m/1.sql":      "-- now() is not for us\ncreate table hold (\n  at timestamptz default now());\n",
		"store/m/2.sql":      "create table hold (at text default CURRENT_TIMESTAMP);",
		"store/pgstore/a.go": "package a\nconst where = `expires_at < now()`\nconst good = `select clock_timestamp()`\nconst called = `snow()`",
		"store/lite/a.go":    "package a\nconst q = `select datetime('now')`",
		"api/a.go":           "package a\nconst q = \"select 1 where x < current_date\"\nconst field = `current_date`",
		"api/a_test.go":      "package a\nconst q = \"select now()\"",
	}, []string{
		"store/m/1.sql:3 now() in SQL: pass the time as a parameter",
		"store/m/2.sql:1 CURRENT_TIMESTAMP in SQL",
		"api/a.go:2 current_date in SQL",
		"store/lite/a.go:2 'now' in SQL",
		"store/pgstore/a.go:2 now() in SQL",
	}},
	{"no clock but the one passed in", map[string]string{
		"booking/a.go":             "package a\nimport `time`\nvar now = time.Now\nvar age = time.Since(x)",
		"api/a.go":                 "package a\nimport clock `time`\nvar left = clock.Until(x)\nvar d = clock.Second",
		"rate/a.go":                "package a\nvar time T\nvar x = time.Now()",
		"booking/a_test.go":        "package a\nimport `time`\nvar now = time.Now",
		"booking/bookingtest/a.go": "package a\nimport `time`\nvar now = time.Now",
		"cmd/vacancy/a.go":         "package a\nimport `time`\nvar now = time.Now",
	}, []string{
		"api/a.go:3 time.Until: take the time from the clock that is passed in",
		"booking/a.go:3 time.Now",
		"booking/a.go:4 time.Since",
	}},
	{"no floats", map[string]string{
		"money/a.go":     "package a\nvar x float64\nvar y = 0.5\nvar z = 5",
		"pricing/x/a.go": "package a\nvar x = r.Float64()",
		"search/a.go":    "package a\nvar x float64",
		"rate/a_test.go": "package a\nvar x float32",
	}, []string{
		"money/a.go:2 float64: amounts and counts are exact here",
		"money/a.go:3 0.5",
		"pricing/x/a.go:2 Float64",
	}},
	{"no machine paths", map[string]string{
		"a.md": "see\n/" + "work/main", "b.go": "package b\n// in \"/" + "root/x\"",
		"c.md": "the net" + "work/adapter, https://a.example/work, ./" + "root/x, /workshop/",
	}, []string{
		"a.md:2 a path of one machine",
		"b.go:2 a path of one machine",
	}},
	{"links", map[string]string{
		"README.md": "# Two commands!\n[a](docs/a.md) [b](docs/) [c](#two-commands) [d](docs/a.md#why-not)\n" +
			"[w](https://x.example/gone) [m](mailto:a@b.example) `[no](gone)`\n```\n[no](gone)\n```\n![p](/pic%20ture.png \"t\")\n[ref]: docs/a.md\n",
		"docs/a.md":    "## Why, not?\n[up](../README.md)",
		"pic ture.png": "",
		"docs/bad.md":  "\n[a](gone.md)\n![b](../docs/none.png)\n[c](#nowhere)\n[d](a.md#nowhere)\n[r]: ../x",
	}, []string{
		"docs/bad.md:2 link to gone.md: there is no such tracked file",
		"docs/bad.md:3 link to ../docs/none.png",
		"docs/bad.md:4 link to #nowhere: docs/bad.md has no such heading",
		"docs/bad.md:5 link to a.md#nowhere: docs/a.md has no such heading",
		"docs/bad.md:6 link to ../x",
	}},
	{"property numbers", map[string]string{
		"a_test.go": "package a\n\n// Property 1.\n// Property 0.\n// Properties 3, 4 and 80\n// Properties 78-79.\nvar x = `Property 99`",
	}, []string{
		"a_test.go:4 there is no Property 0: they go from 1 to 79",
		"a_test.go:5 there is no Property 80",
	}},
	{"property table", map[string]string{
		"a_test.go":          "package a\n\n// Property 1. Property 3, for holds.\nvar x int",
		"store/atest/a.go":   "// Package atest is a suite.\npackage atest\n\n// Properties 1 and 4-5.\nvar x int",
		"docs/properties.md": table(map[int]string{1: "., store/atest | ", 3: ". | ", 4: "store/atest | ", 5: "store/atest | mail"}),
	}, nil},
	{"property table", map[string]string{
		"a_test.go":          "package a\n\n// Property 2.\nvar x int",
		"b/b.go":             "package b\n\n// Property 7.\nvar x int",
		"docs/properties.md": table(map[int]string{2: " | nothing yet"}) + "| 3 | twice |  | nothing yet |\n| 80 | x |  | nothing yet |\n",
	}, []string{
		"docs/properties.md:0 Property 3 is listed 2 times",
		"docs/properties.md:0 stale",
	}},
	{"dependencies", map[string]string{
		"go.mod": "module x\n\ngo 1.26\n\nrequire a.example/one v1.0.0\n\nrequire (\n\ta.example/two/v2 v2.0.0\n\ta.example/three v3.0.0\n" +
			"\ta.example/four v0.4.0\n\ta.example/deep v1.0.0 // indirect\n)\n\ntool a.example/tool\n",
		"docs/dependencies.md": "| module | version | licence | what for | why this one |\n|---|---|---|---|---|\n" +
			"| `a.example/one` | v1.0.0 | MIT | x | y |\n| `a.example/two/v2` | v2.1.0 | MIT | x | y |\n" +
			"| `a.example/four` | v0.4.0 | MIT | x | |\n| `a.example/deep` | v1.0.0 | MIT | x | y |\n",
	}, []string{
		"docs/dependencies.md:0 the line of a.example/four needs",
		"docs/dependencies.md:0 add a line for a.example/three v3.0.0",
		"docs/dependencies.md:0 a.example/two/v2 is listed at v2.1.0, go.mod requires v2.0.0",
		"docs/dependencies.md:0 a.example/deep is listed, but go.mod does not require it directly",
	}},
}

func TestRulesObjectToWhatTheyShould(t *testing.T) {
	for i, c := range inputs {
		t.Run(fmt.Sprintf("%d %s", i, c.rule), func(t *testing.T) {
			problems := ruleNamed(t, c.rule).Check(parse(t, c.files))
			got := make([]string, len(problems))
			for i, p := range problems {
				got[i] = fmt.Sprintf("%s:%d %s", p.Path, p.Line, p.Say)
				if i < len(c.want) && contains(got[i], c.want[i]) {
					got[i] = c.want[i]
				}
			}
			if diff := cmp.Diff(c.want, got, cmp.Comparer(func(a, b []string) bool {
				return strings.Join(a, "\n") == strings.Join(b, "\n")
			})); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// contains compares the place exactly and the words loosely.
func contains(got, want string) bool {
	place, words, _ := strings.Cut(want, " ")
	return strings.HasPrefix(got, place+" ") && strings.Contains(got, words)
}

func TestEveryRuleCanFail(t *testing.T) {
	for _, rule := range Rules() {
		fails := false
		for _, c := range inputs {
			fails = fails || c.rule == rule.Name && len(c.want) > 0
		}
		if !fails {
			t.Errorf("no input makes %q fail", rule.Name)
		}
	}
}

func TestRatchetOnlyTightens(t *testing.T) {
	tree := parse(t, map[string]string{
		"a/a.go": "package a\n" + function("known", 80) + function("grown", 90) + function("mended", 10),
	})
	problems := lengths(tree, map[string]int{"a/a.go known": 80, "a/a.go grown": 85, "a/a.go mended": 100}, map[string]int{"gone.go": 500})
	want := []string{
		"a/a.go:82: a/a.go grown has 90 lines, 85 are enough: split it",
		`internal/tidy/shape.go: "a/a.go mended" is short now, or gone: remove it from grownFunctions`,
		`internal/tidy/shape.go: "gone.go" is short now, or gone: remove it from grownFiles`,
	}
	got := []string{}
	for _, p := range problems {
		got = append(got, p.String())
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestBrokenSourceIsAnError(t *testing.T) {
	if _, err := NewTree(map[string]string{"a.go": "package"}); err == nil {
		t.Error("no error")
	}
	if _, err := NewTree(map[string]string{"a/testdata/a.go": "package"}); err != nil {
		t.Errorf("testdata is not ours to judge: %v", err)
	}
}

func ruleNamed(t *testing.T, name string) Rule {
	t.Helper()
	for _, rule := range Rules() {
		if rule.Name == name {
			return rule
		}
	}
	t.Fatalf("no rule %q", name)
	return Rule{}
}

func parse(t *testing.T, files map[string]string) Tree {
	t.Helper()
	tree, err := NewTree(files)
	if err != nil {
		t.Fatal(err)
	}
	return tree
}

func importing(rooms ...string) string {
	text := "package p\n"
	for _, room := range rooms {
		text += fmt.Sprintf("import _ %q\n", module+"/"+room)
	}
	return text
}

func function(name string, lines int) string {
	return "func " + name + "() {" + strings.Repeat("\n", lines-1) + "}\n"
}

// table lists all properties, with these last two columns, or as proved nowhere.
func table(columns map[int]string) string {
	var text strings.Builder
	for n := 1; n <= lastProperty; n++ {
		last, ok := columns[n]
		if !ok {
			last = " | nothing yet"
		}
		fmt.Fprintf(&text, "| %d | x -> y | %s |\n", n, last)
	}
	return text.String()
}
